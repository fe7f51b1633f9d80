--
-- occupancy.sql
--		One constraint over all resources against what PostgreSQL offers
--		without it.  Appointments of 4 to 5 resources with names of 30
--		characters are inserted one by one in random order.
--
-- Sizes are in proportion to BENCH_ROWS; by default 400,000 appointments in
-- 500 tenants of 10 practitioners.
--
SET client_min_messages = warning;
CREATE EXTENSION btree_gist;

-- Appointments that do not conflict: in each slot of a tenant every
-- practitioner has another room, vehicle and item.  Their order is random and
-- always the same.
CREATE PROCEDURE bench.make_source(tenants int, practitioners int, slots int)
LANGUAGE plpgsql AS $$
BEGIN
	DROP TABLE IF EXISTS source;
	CREATE UNLOGGED TABLE source AS
	SELECT row_number() OVER (ORDER BY hashint8(k::bigint * tenants * practitioners + t * practitioners + p)) AS id,
		'ten_' || lpad(upper(to_hex(hashint8extended(t, 1))), 26, '0') AS tenant_id,
		'pra_' || lpad(upper(to_hex(hashint8extended(t * practitioners + p, 2))), 26, '0') AS practitioner_id,
		'rom_' || lpad(upper(to_hex(hashint8extended(t * practitioners + (p + k) % practitioners, 3))), 26, '0') AS room_id,
		'veh_' || lpad(upper(to_hex(hashint8extended(t * practitioners + (p + 3 * k) % practitioners, 4))), 26, '0') AS vehicle_id,
		CASE WHEN (p + k) % 2 = 0 THEN ARRAY[i, j] ELSE ARRAY[i] END AS resource_ids,
		s AS starts_at,
		s + interval '5 minutes' * (4 + (p + k) % 2) AS ends_at
	FROM generate_series(1, tenants) t, generate_series(0, practitioners - 1) p, generate_series(0, slots - 1) k,
		LATERAL (SELECT
			timestamptz '2024-01-01 08:00+00' + interval '1 day' * (k / 16)
				+ interval '30 minutes' * (k % 16) + interval '5 minutes' * ((p + k) / 2 % 2) AS s,
			'itm_' || lpad(upper(to_hex(hashint8extended(t * practitioners + (p + 5 * k) % practitioners, 5))), 26, '0') AS i,
			'oth_' || lpad(upper(to_hex(hashint8extended(t * practitioners + (p + 7 * k) % practitioners, 6))), 26, '0') AS j) x
	ORDER BY 1;
	ANALYZE source;
END $$;

CREATE TABLE bench.times (what text PRIMARY KEY, us numeric, bytes bigint);

-- Microseconds a row that a statement takes after a preparation.
CREATE PROCEDURE bench.time_rows(name text, prepare text, statement text, sized regclass DEFAULT NULL)
LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz;
	n bigint;
BEGIN
	DROP TABLE IF EXISTS booking, part;
	CREATE TABLE booking (LIKE source);
	CREATE TABLE part (id bigint, resource text, during tstzrange);
	EXECUTE prepare;
	COMMIT;
	CHECKPOINT;
	SELECT count(*) INTO n FROM source;
	started := clock_timestamp();
	EXECUTE statement;
	COMMIT;
	INSERT INTO bench.times VALUES (name, extract(epoch FROM clock_timestamp() - started) * 1e6 / n,
		pg_indexes_size('booking') + pg_indexes_size('part'))
	ON CONFLICT (what) DO UPDATE SET us = excluded.us, bytes = excluded.bytes;
END $$;

CREATE FUNCTION bench.times_row(measure text, ours text, theirs text, direction text, target numeric) RETURNS text
LANGUAGE sql AS $$
	SELECT bench.markdown_row(measure, round(o.us, 1) || ' us', round(t.us, 1) || ' us',
		CASE WHEN o.us <= t.us THEN round(t.us / o.us, 2) || ' times faster' ELSE round(o.us / t.us, 2) || ' times slower' END,
		CASE direction WHEN 'faster' THEN 'at least ' ELSE 'at most ' END || target || ' times ' || direction,
		CASE WHEN CASE direction WHEN 'faster' THEN t.us / o.us >= target ELSE o.us / t.us <= target END THEN 'yes' ELSE '**no**' END)
	FROM bench.times o, bench.times t WHERE o.what = ours AND t.what = theirs
$$;

\set held 'occupancy(starts_at, ends_at, resource_ids || practitioner_id || room_id || vehicle_id, tenant_id)'
\set held_unscoped 'occupancy(starts_at, ends_at, resource_ids || practitioner_id || room_id || vehicle_id)'
\set scoped 'ALTER TABLE booking ADD EXCLUDE USING gist (' :held ' WITH &&)'
\set unscoped 'ALTER TABLE booking ADD EXCLUDE USING gist (' :held_unscoped ' WITH &&)'
\set one 'ALTER TABLE booking ADD EXCLUDE USING gist (practitioner_id WITH =, tstzrange(starts_at, ends_at) WITH &&)'
\set three :one ', ADD EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, ends_at) WITH &&), ADD EXCLUDE USING gist (vehicle_id WITH =, tstzrange(starts_at, ends_at) WITH &&)'
\set parts 'ALTER TABLE part ADD EXCLUDE USING gist (resource WITH =, during WITH &&)'
\set insert_all 'INSERT INTO booking SELECT * FROM source ORDER BY id'
\set insert_parts 'INSERT INTO part SELECT id, unnest(resource_ids || practitioner_id || room_id || vehicle_id), tstzrange(starts_at, ends_at) FROM (SELECT * FROM source ORDER BY id) s'

--
-- Without scope
--
SELECT :rows * 24 / 25000 AS slots_1000 \gset
CALL bench.make_source(1, 1000, :slots_1000);
CALL bench.time_rows('ours', :'unscoped', :'insert_all');
CALL bench.time_rows('child', :'parts', :'insert_parts');
SELECT bench.times_row('insert, no scope, 1,000 practitioners: child table with one row a resource', 'ours', 'child', 'faster', 20);

SELECT greatest(:rows * 12 / 50000, 1) AS slots_10000 \gset
CALL bench.make_source(1, 10000, :slots_10000);
CALL bench.time_rows('ours', :'unscoped', :'insert_all');
CALL bench.time_rows('one', :'one', :'insert_all');
SELECT bench.times_row('insert, no scope, 10,000 practitioners at once: btree_gist on the practitioner', 'ours', 'one', 'slower', 1.5);

--
-- Growth with scope
--
SELECT :rows / 400 AS tenants \gset
SELECT 10 * :tenants AS many_tenants \gset
CALL bench.make_source(:many_tenants, 10, 80);
CALL bench.time_rows('many', :'scoped', :'insert_all');
CALL bench.make_source(:tenants, 10, 80);
CALL bench.time_rows('ours', :'scoped', :'insert_all');
SELECT bench.times_row('insert with scope: ten times the rows and tenants', 'many', 'ours', 'slower', 1.3);

--
-- With scope
--
CALL bench.time_rows('unique', 'ALTER TABLE booking ADD UNIQUE (practitioner_id, starts_at)', :'insert_all');
SELECT bench.times_row('insert with scope: UNIQUE, which checks no overlap', 'ours', 'unique', 'slower', 3);
CALL bench.time_rows('one', :'one', :'insert_all');
SELECT bench.times_row('insert with scope: btree_gist on the practitioner alone', 'ours', 'one', 'faster', 6);
CALL bench.time_rows('three', :'three', :'insert_all');
SELECT bench.times_row('insert with scope: three btree_gist constraints, which leave out the list', 'ours', 'three', 'faster', 14);
CALL bench.time_rows('child', :'parts', :'insert_parts');
SELECT bench.times_row('insert with scope: child table with one row a resource', 'ours', 'child', 'faster', 30);
SELECT bench.markdown_row('size of the index: the child table''s index', o.bytes || ' bytes', t.bytes || ' bytes',
	round(o.bytes::numeric / t.bytes, 2)::text, 'at most 0.5', CASE WHEN o.bytes::numeric / t.bytes <= 0.5 THEN 'yes' ELSE '**no**' END)
FROM bench.times o, bench.times t WHERE o.what = 'ours' AND t.what = 'child';

--
-- Is this slot free?  The child table is still there.
--
INSERT INTO booking SELECT * FROM source ORDER BY id;
ALTER TABLE booking ADD CONSTRAINT held EXCLUDE USING gist (:held WITH &&);
ANALYZE booking;
ANALYZE part;
CREATE TABLE question AS
SELECT *, :held AS o, resource_ids || practitioner_id || room_id || vehicle_id AS names, tstzrange(starts_at, ends_at) AS during
FROM (SELECT id, tenant_id, practitioner_id, room_id, vehicle_id, resource_ids,
		starts_at + (id % 3) * interval '10 days' AS starts_at, ends_at + (id % 3) * interval '10 days' AS ends_at
	FROM source ORDER BY id LIMIT 10000) s;
ANALYZE question;
SET enable_seqscan = off;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_bitmapscan = off;
SELECT bench.compare('is this slot free: the child table',
	'SELECT EXISTS (SELECT FROM booking b WHERE occupancy(b.starts_at, b.ends_at, b.resource_ids || b.practitioner_id || b.room_id || b.vehicle_id, b.tenant_id) && q.o) FROM question q',
	'SELECT EXISTS (SELECT FROM unnest(q.names) n JOIN part p ON p.resource = n AND p.during && q.during) FROM question q',
	'faster', 2, 3);
RESET enable_seqscan;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_bitmapscan;

--
-- The guard, each row in a transaction of its own
--
CREATE PROCEDURE bench.single_rows(n int) LANGUAGE plpgsql AS $$
DECLARE
	s source;
BEGIN
	FOR s IN SELECT * FROM source ORDER BY id LIMIT n LOOP
		INSERT INTO booking VALUES (s.*);
		COMMIT;
	END LOOP;
END $$;
CREATE PROCEDURE bench.time_single_rows(name text, prepare text, n int) LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz;
BEGIN
	DROP TABLE IF EXISTS booking;
	CREATE TABLE booking (LIKE source);
	EXECUTE prepare;
	COMMIT;
	started := clock_timestamp();
	CALL bench.single_rows(n);
	INSERT INTO bench.times VALUES (name, extract(epoch FROM clock_timestamp() - started) * 1e6 / n, 0)
	ON CONFLICT (what) DO UPDATE SET us = excluded.us;
END $$;
SET synchronous_commit = off;
\set named 'ALTER TABLE booking ADD CONSTRAINT held EXCLUDE USING gist (' :held ' WITH &&)'
\set plain 'CREATE INDEX held ON booking USING gist (' :held ')'
\set guard '; CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION occupancy_guard(''held'')'
\set named_guard :named :guard
\set plain_guard :plain :guard
CALL bench.time_single_rows('constraint', :'named', :rows / 4);
CALL bench.time_single_rows('constraint and guard', :'named_guard', :rows / 4);
CALL bench.time_single_rows('index and guard', :'plain_guard', :rows / 4);
SELECT bench.times_row('guard and constraint: the constraint alone, single rows', 'constraint and guard', 'constraint', 'slower', 1.5);
SELECT bench.times_row('guard and plain index: the constraint alone, single rows', 'index and guard', 'constraint', 'slower', 1.5);
RESET synchronous_commit;

--
-- Building
--
DROP TABLE question, booking, part;
SELECT :rows / 160 AS build_tenants \gset
CALL bench.make_source(:build_tenants, 10, 80);
\set build_ours 'CREATE INDEX ON booking USING gist (' :held ')'
CALL bench.time_rows('build', :'insert_all', :'build_ours');
CALL bench.time_rows('build btree', :'insert_all', 'CREATE INDEX ON booking (practitioner_id, starts_at)');
SELECT bench.times_row('CREATE INDEX: btree (practitioner, start)', 'build', 'build btree', 'slower', 4);
CALL bench.time_rows('build btree_gist', :'insert_all', 'CREATE INDEX ON booking USING gist (practitioner_id, tstzrange(starts_at, ends_at))');
SELECT bench.times_row('CREATE INDEX: btree_gist (practitioner, period)', 'build', 'build btree_gist', 'faster',
	CASE WHEN current_setting('server_version_num')::int < 180000 THEN 10 ELSE 1 END);
CALL bench.time_rows('add', :'insert_all', :'scoped');
CALL bench.time_rows('add one', :'insert_all', :'one');
SELECT bench.times_row('ADD CONSTRAINT: btree_gist on the practitioner', 'add', 'add one', 'faster', 4);
CREATE INDEX held ON booking USING gist (:held);
CALL bench.time_rows('conflicts', :'insert_all' || '; CREATE INDEX held ON booking USING gist (' || :'held' || ')', 'SELECT count(*) FROM occupancy_conflicts(''held'')');
SELECT bench.markdown_row('occupancy_conflicts, a row', round(us, 1) || ' us', '', '', '', '') FROM bench.times WHERE what = 'conflicts';
