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

CREATE TABLE bench.run (what text, us numeric, cpu numeric, bytes bigint);
CREATE VIEW bench.times AS
SELECT what, bench.median(array_agg(us)) AS us, bench.median(array_agg(cpu)) AS cpu, max(bytes) AS bytes
FROM bench.run GROUP BY what;

-- Microseconds a row that a statement takes after a preparation, by the clock
-- and of the processor.
CREATE PROCEDURE bench.time_rows(name text, prepare text, statement text)
LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz;
	cpu numeric;
	n bigint;
BEGIN
	DROP TABLE IF EXISTS booking, part;
	CREATE TABLE booking (LIKE source);
	CREATE TABLE part (id bigint, resource text, during tstzrange);
	EXECUTE prepare;
	COMMIT;
	CHECKPOINT;
	SELECT count(*) INTO n FROM source;
	cpu := bench.cpu();
	started := clock_timestamp();
	EXECUTE statement;
	COMMIT;
	INSERT INTO bench.run VALUES (name, extract(epoch FROM clock_timestamp() - started) * 1e6 / n,
		(bench.cpu() - cpu) / n, pg_indexes_size('booking') + pg_indexes_size('part'));
END $$;

CREATE FUNCTION bench.times_row(measure text, ours text, theirs text, direction text DEFAULT NULL, target numeric DEFAULT NULL,
	by_cpu boolean DEFAULT false) RETURNS text
LANGUAGE sql AS $$
	SELECT bench.markdown_row(measure, round(o.us, 1) || ' us', round(t.us, 1) || ' us',
		CASE WHEN o.us <= t.us THEN round(t.us / o.us, 2) || ' times faster' ELSE round(o.us / t.us, 2) || ' times slower' END,
		coalesce(CASE direction WHEN 'faster' THEN 'at least ' ELSE 'at most ' END || target || ' times ' || direction, ''),
		CASE WHEN target IS NULL THEN ''
			WHEN CASE direction WHEN 'faster' THEN t.us / o.us >= target ELSE o.us / t.us <= target END THEN 'yes' ELSE '**no**' END)
	FROM (SELECT CASE WHEN by_cpu THEN cpu ELSE us END FROM bench.times WHERE what = ours) AS o (us),
		(SELECT CASE WHEN by_cpu THEN cpu ELSE us END FROM bench.times WHERE what = theirs) AS t (us)
$$;

CREATE FUNCTION bench.cpu_row(measure text, ours text, target numeric DEFAULT NULL) RETURNS text
LANGUAGE sql AS $$
	SELECT bench.markdown_row(measure, round(cpu, 1) || ' us', '', '', coalesce('at most ' || target || ' us', ''),
		CASE WHEN target IS NULL THEN '' WHEN cpu <= target THEN 'yes' ELSE '**no**' END)
	FROM bench.times WHERE what = ours
$$;

CREATE FUNCTION bench.size_row(measure text, ours text, theirs text, target numeric DEFAULT NULL) RETURNS text
LANGUAGE sql AS $$
	SELECT bench.markdown_row(measure, o.bytes || ' bytes', t.bytes || ' bytes', round(o.bytes::numeric / t.bytes, 2)::text,
		coalesce('at most ' || target, ''),
		CASE WHEN target IS NULL THEN '' WHEN o.bytes::numeric / t.bytes <= target THEN 'yes' ELSE '**no**' END)
	FROM bench.times o, bench.times t WHERE o.what = ours AND t.what = theirs
$$;

-- How much more something takes at the larger of two sizes.
CREATE FUNCTION bench.growth_row(measure text, ours numeric, theirs numeric, target numeric) RETURNS text
LANGUAGE sql AS $$
	SELECT bench.markdown_row(measure, round(ours, 2) || ' times', coalesce(round(theirs, 2) || ' times', ''),
		coalesce(round(ours / theirs, 2)::text, ''), 'at most ' || target || CASE WHEN theirs IS NULL THEN ' times' ELSE '' END,
		CASE WHEN ours / coalesce(theirs, 1) <= target THEN 'yes' ELSE '**no**' END)
$$;

\set held 'occupancy(starts_at, ends_at, resource_ids || practitioner_id || room_id || vehicle_id, tenant_id)'
\set held_unscoped 'occupancy(starts_at, ends_at, resource_ids || practitioner_id || room_id || vehicle_id)'
\set scoped 'ALTER TABLE booking ADD EXCLUDE USING gist (' :held ' WITH &&)'
\set unscoped 'ALTER TABLE booking ADD EXCLUDE USING gist (' :held_unscoped ' WITH &&)'
\set one 'ALTER TABLE booking ADD EXCLUDE USING gist (practitioner_id WITH =, tstzrange(starts_at, ends_at) WITH &&)'
\set three :one ', ADD EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, ends_at) WITH &&), ADD EXCLUDE USING gist (vehicle_id WITH =, tstzrange(starts_at, ends_at) WITH &&)'
\set parts 'ALTER TABLE part ADD EXCLUDE USING gist (resource WITH =, during WITH &&)'
\set unique 'ALTER TABLE booking ADD UNIQUE (practitioner_id, starts_at)'
\set insert_all 'INSERT INTO booking SELECT * FROM source ORDER BY id'
\set insert_by_time 'INSERT INTO booking SELECT * FROM source ORDER BY starts_at, id'
\set insert_parts 'INSERT INTO part SELECT id, unnest(resource_ids || practitioner_id || room_id || vehicle_id), tstzrange(starts_at, ends_at) FROM (SELECT * FROM source ORDER BY id) s'

--
-- Without scope.  A search looks at all pages of its time: the more are busy at
-- once, the longer it takes.
--
SELECT :rows * 24 / 25000 AS slots_1000, greatest(:rows * 12 / 50000, 1) AS slots_10000,
	greatest(:rows / 25000, 1) AS slots_20000, greatest(:rows / 100000, 1) AS slots_80000 \gset
CALL bench.make_source(1, 1000, :slots_1000);
CALL bench.time_rows('1,000 at once', :'unscoped', :'insert_all');
CALL bench.time_rows('1,000 at once, by time', :'unscoped', :'insert_by_time');
CALL bench.time_rows('1,000 at once, child', :'parts', :'insert_parts');
SELECT bench.times_row('insert, no scope, 1,000 practitioners: child table with one row a resource', '1,000 at once', '1,000 at once, child', 'faster', 20);
SELECT bench.times_row('insert, no scope, 1,000 practitioners, in the order of time: in random order', '1,000 at once, by time', '1,000 at once');
SELECT bench.size_row('size of the index, no scope, 1,000 practitioners, in the order of time: in random order', '1,000 at once, by time', '1,000 at once');

CALL bench.make_source(1, 10000, :slots_10000);
CALL bench.time_rows('10,000 at once', :'unscoped', :'insert_all');
CALL bench.time_rows('10,000 at once, one', :'one', :'insert_all');
SELECT bench.times_row('insert, no scope, 10,000 practitioners at once: btree_gist on the practitioner', '10,000 at once', '10,000 at once, one', 'slower', 1.5);

CALL bench.make_source(1, 20000, :slots_20000);
CALL bench.time_rows('20,000 at once', :'unscoped', :'insert_all');
CALL bench.make_source(1, 80000, :slots_80000);
CALL bench.time_rows('80,000 at once', :'unscoped', :'insert_all');
SELECT bench.cpu_row('insert, no scope, 1,000 practitioners at once, CPU time', '1,000 at once');
SELECT bench.cpu_row('insert, no scope, 10,000 practitioners at once, CPU time', '10,000 at once', 21);
SELECT bench.cpu_row('insert, no scope, 20,000 practitioners at once, CPU time', '20,000 at once');
SELECT bench.cpu_row('insert, no scope, 80,000 practitioners at once, CPU time', '80,000 at once');

--
-- Growth with scope, beside that of UNIQUE
--
SELECT :rows / 400 AS tenants \gset
SELECT 10 * :tenants AS many_tenants \gset
CALL bench.make_source(:many_tenants, 10, 80);
CALL bench.time_rows('ours, many', :'scoped', :'insert_all');
CALL bench.time_rows('unique, many', :'unique', :'insert_all');
CALL bench.make_source(:tenants, 10, 80);
SELECT format('CALL bench.time_rows(%L, %L, %L)', name, prepare, :'insert_all')
FROM generate_series(1, least(:runs, 3)) AS run, (VALUES (1, 'ours', :'scoped'), (2, 'unique', :'unique')) AS way (place, name, prepare)
ORDER BY run, place * (run % 2 - 0.5) \gexec
SELECT bench.growth_row(format('growth of an insertion with scope from %s to %s rows, CPU time: UNIQUE, which checks no overlap',
		to_char(800 * :tenants, 'FM99,999,999'), to_char(800 * :many_tenants, 'FM99,999,999')),
	ours_many.cpu / ours.cpu, unique_many.cpu / unique_.cpu, 1)
FROM bench.times AS ours, bench.times AS ours_many, bench.times AS unique_, bench.times AS unique_many
WHERE ours.what = 'ours' AND ours_many.what = 'ours, many' AND unique_.what = 'unique' AND unique_many.what = 'unique, many';

--
-- With scope
--
SELECT bench.times_row('insert with scope: UNIQUE, which checks no overlap', 'ours', 'unique', 'slower', 2.5);
SELECT bench.times_row('insert with scope, CPU time: UNIQUE, which checks no overlap', 'ours', 'unique', 'slower', 2.5, true);
CALL bench.time_rows('one', :'one', :'insert_all');
SELECT bench.times_row('insert with scope: btree_gist on the practitioner alone', 'ours', 'one', 'faster', 6);
CALL bench.time_rows('three', :'three', :'insert_all');
SELECT bench.times_row('insert with scope: three btree_gist constraints, which leave out the list', 'ours', 'three', 'faster', 14);
CALL bench.time_rows('ours, by time', :'scoped', :'insert_by_time');
CALL bench.time_rows('unique, by time', :'unique', :'insert_by_time');
SELECT bench.times_row('insert with scope, in the order of time: in random order', 'ours, by time', 'ours');
SELECT bench.times_row('insert with scope, in the order of time: UNIQUE, which checks no overlap', 'ours, by time', 'unique, by time');
SELECT bench.size_row('size of the index, in the order of time: in random order', 'ours, by time', 'ours');
SELECT bench.size_row('size of the index, in the order of time: UNIQUE', 'ours, by time', 'unique, by time');
CALL bench.time_rows('child', :'parts', :'insert_parts');
SELECT bench.times_row('insert with scope: child table with one row a resource', 'ours', 'child', 'faster', 30);
SELECT bench.size_row('size of the index: the child table''s index', 'ours', 'child', 0.5);

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
	cpu numeric;
BEGIN
	DROP TABLE IF EXISTS booking;
	CREATE TABLE booking (LIKE source);
	EXECUTE prepare;
	COMMIT;
	cpu := bench.cpu();
	CALL bench.single_rows(n);
	INSERT INTO bench.run VALUES (name, NULL, (bench.cpu() - cpu) / n, 0);
END $$;
SET synchronous_commit = off;
\set named 'ALTER TABLE booking ADD CONSTRAINT held EXCLUDE USING gist (' :held ' WITH &&)'
\set plain 'CREATE INDEX held ON booking USING gist (' :held ')'
\set guard '; CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION occupancy_guard(''held'')'
\set key '; ALTER TABLE booking ADD PRIMARY KEY (id)'
SELECT format('CALL bench.time_single_rows(%L, %L, %s)', name, prepare, :rows / 4)
FROM generate_series(1, least(:runs, 3)) AS run, (VALUES
	(1, 'constraint', :'named'),
	(2, 'constraint and guard', :'named' || :'guard'),
	(3, 'index and guard', :'plain' || :'guard'),
	(4, 'constraint, key', :'named' || :'key'),
	(5, 'constraint and guard, key', :'named' || :'guard' || :'key'),
	(6, 'index and guard, key', :'plain' || :'guard' || :'key')) AS way (place, name, prepare)
ORDER BY run, place * (run % 2 - 0.5) \gexec
SELECT bench.times_row('guard and constraint: the constraint alone, single rows, CPU time', 'constraint and guard', 'constraint', 'slower', 1.5, true);
SELECT bench.times_row('guard and plain index: the constraint alone, single rows, CPU time', 'index and guard', 'constraint', 'slower', 1.5, true);
SELECT bench.times_row('guard and constraint, with a primary key: the constraint alone, single rows, CPU time', 'constraint and guard, key', 'constraint, key', 'slower', 1.35, true);
SELECT bench.times_row('guard and plain index, with a primary key: the constraint alone, single rows, CPU time', 'index and guard, key', 'constraint, key', 'slower', 1.1, true);
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
CALL bench.time_rows('conflicts', :'insert_all' || '; CREATE INDEX held ON booking USING gist (' || :'held' || ')', 'SELECT count(*) FROM occupancy_conflicts(''held'')');
SELECT bench.markdown_row('occupancy_conflicts, a row', round(us, 1) || ' us', '', '', '', '') FROM bench.times WHERE what = 'conflicts';

--
-- Conflicts among rows of which 1 % hold everything.  There are 100 slots, so the
-- more rows, the more are busy at once; in the break after each slot, rows that
-- hold everything follow one another.  So no two conflict.  Each size is called
-- so often that as many rows are compared.  A new server process does it: one
-- that has needed much memory before keeps it at hand, which helps small tables.
--
DROP TABLE booking, source;
\connect
CREATE PROCEDURE bench.time_conflicts(name text, n int, calls int) LANGUAGE plpgsql AS $$
DECLARE
	part interval := interval '30 minutes' / greatest(n / 10000, 1);
	cpu numeric;
BEGIN
	CREATE TABLE mixed AS
	SELECT CASE WHEN i % 100 = 0
		THEN occupancy_all(at + part * (i / 10000), at + part * (i / 10000 + 1))
		ELSE occupancy(at - interval '10 minutes' * (2 + random()), at - interval '10 minutes' * random(),
			ARRAY['practitioner ' || i, 'room ' || i, 'vehicle ' || i])
		END AS o
	FROM generate_series(0, n - 1) AS i,
		LATERAL (SELECT timestamptz '2024-01-01Z' + interval '1 hour' * (i / 100 % 100)) AS break (at)
	ORDER BY hashint4(i);
	CREATE INDEX mixed_held ON mixed USING gist (o);
	COMMIT;
	IF EXISTS (SELECT FROM occupancy_conflicts('mixed_held')) THEN
		RAISE 'there are conflicts';
	END IF;
	FOR run IN 1 .. least(current_setting('bench.runs')::int, 3) LOOP
		cpu := bench.cpu();
		FOR number IN 1 .. calls LOOP
			PERFORM count(*) FROM occupancy_conflicts('mixed_held');
		END LOOP;
		INSERT INTO bench.run VALUES (name, NULL, (bench.cpu() - cpu) / calls / n, 0);
	END LOOP;
	DROP TABLE mixed;
END $$;
SELECT format('CALL bench.time_conflicts(%L, %s, %s)', to_char(n, 'FM99,999,999'), n, :rows * 5 / n)
FROM unnest(ARRAY[:rows / 20, :rows / 2, :rows * 5]) AS n \gexec
SELECT bench.cpu_row(format('occupancy_conflicts, 1 %% of %s rows hold everything, CPU time of a row', to_char(n, 'FM99,999,999')), to_char(n, 'FM99,999,999'))
FROM unnest(ARRAY[:rows / 20, :rows / 2, :rows * 5]) AS n;
SELECT bench.growth_row(format('growth of this from %s to %s rows', small.what, large.what), large.cpu / small.cpu, NULL, 1.5)
FROM bench.times AS small, bench.times AS large
WHERE small.what = to_char(:rows / 20, 'FM99,999,999') AND large.what = to_char(:rows * 5, 'FM99,999,999');
