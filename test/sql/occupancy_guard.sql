-- The guard: what it refuses and what it lets pass, in one session.  What
-- several sessions do is in the isolation tests.
SET TimeZone = 'UTC';

CREATE TABLE bookings (
	id int PRIMARY KEY,
	note text,
	resources text[],
	starts_at timestamptz,
	ends_at timestamptz,
	status text
);
CREATE INDEX bookings_held ON bookings USING gist (occupancy(starts_at, ends_at, resources, 'acme'))
	WHERE (status IS DISTINCT FROM 'cancelled');
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON bookings
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('bookings_held');

INSERT INTO bookings VALUES (1, NULL, '{pra_1,rom_1}', '2024-01-01 10:00', '2024-01-01 11:00');
INSERT INTO bookings VALUES (2, NULL, '{pra_2,rom_1}', '2024-01-01 10:30', '2024-01-01 11:30');
-- what an application reads
CREATE FUNCTION what_it_gets(statement text) RETURNS TABLE (item text, value text) LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	table_name text;
	constraint_name text;
	column_name text;
BEGIN
	EXECUTE statement;
EXCEPTION WHEN exclusion_violation THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, table_name = TABLE_NAME,
		constraint_name = CONSTRAINT_NAME, column_name = COLUMN_NAME;
	RETURN QUERY VALUES ('sqlstate', sqlstate), ('table', table_name), ('constraint', constraint_name), ('column', column_name);
	RETURN QUERY SELECT key, j.value::text FROM json_each(detail::json) j;
END $$;
SELECT * FROM what_it_gets($$INSERT INTO bookings VALUES (2, NULL, '{"a \"quoted\" one",rom_1}', '2024-01-01 10:30', '2024-01-01 11:30')$$);

-- back to back, another resource, a cancelled row, several at once
INSERT INTO bookings VALUES (2, NULL, '{pra_1,rom_1}', '2024-01-01 11:00', '2024-01-01 12:00', NULL),
	(3, NULL, '{pra_2,rom_2}', '2024-01-01 10:00', '2024-01-01 11:00', NULL),
	(4, NULL, '{pra_1,rom_1}', '2024-01-01 10:00', '2024-01-01 11:00', 'cancelled');
-- one statement's own rows conflict, too
INSERT INTO bookings VALUES (5, NULL, '{pra_5}', '2024-01-01 10:00', '2024-01-01 11:00'), (6, NULL, '{pra_5}', '2024-01-01 10:00', '2024-01-01 11:00');
-- a period that cannot be
INSERT INTO bookings VALUES (5, NULL, '{pra_5}', '2024-01-01 10:00', NULL);

-- Updates: within its own period, into another's, something else, back from cancelled
UPDATE bookings SET starts_at = '2024-01-01 10:15' WHERE id = 1;
UPDATE bookings SET ends_at = '2024-01-01 11:15' WHERE id = 1;
UPDATE bookings SET note = 'something else';
UPDATE bookings SET status = 'scheduled' WHERE id = 4;
UPDATE bookings SET status = 'cancelled' WHERE id = 1;
UPDATE bookings SET status = 'scheduled' WHERE id = 4;
DELETE FROM bookings WHERE id = 2;
UPDATE bookings SET ends_at = '2024-01-01 11:15' WHERE id = 4;
SELECT id, resources, starts_at, ends_at, status FROM bookings ORDER BY id;

-- A row that conflicts already may be changed in other ways, and moved away
ALTER TABLE bookings DISABLE TRIGGER guard;
INSERT INTO bookings VALUES (7, NULL, '{pra_2}', '2024-01-01 10:00', '2024-01-01 11:00');
ALTER TABLE bookings ENABLE TRIGGER guard;
UPDATE bookings SET note = 'found' WHERE id = 7;
-- it may also hold less than before, but nothing more
UPDATE bookings SET ends_at = '2024-01-01 10:59' WHERE id = 7;
UPDATE bookings SET ends_at = '2024-01-01 11:00' WHERE id = 7;
UPDATE bookings SET resources = '{pra_9}' WHERE id = 7;

-- Upserts: a row with the same key is the business of ON CONFLICT
INSERT INTO bookings VALUES (7, 'upserted', '{pra_9}', '2024-01-01 10:00', '2024-01-01 10:30')
	ON CONFLICT (id) DO UPDATE SET note = excluded.note, ends_at = excluded.ends_at;
INSERT INTO bookings VALUES (7, 'nothing', '{pra_2}', '2024-01-01 10:00', '2024-01-01 10:30') ON CONFLICT DO NOTHING;
INSERT INTO bookings VALUES (7, 'only the note', '{pra_2}', '2024-01-01 10:00', '2024-01-01 10:30')
	ON CONFLICT (id) DO UPDATE SET note = excluded.note;
-- but the update is guarded as any update, and a new key is not passed over
INSERT INTO bookings VALUES (7, NULL, '{pra_2}', '2024-01-01 10:00', '2024-01-01 10:30')
	ON CONFLICT (id) DO UPDATE SET resources = excluded.resources;
INSERT INTO bookings VALUES (8, NULL, '{pra_2}', '2024-01-01 10:00', '2024-01-01 10:30') ON CONFLICT (id) DO NOTHING;
INSERT INTO bookings VALUES (7, NULL, '{pra_2}', '2024-01-01 10:00', '2024-01-01 10:30');
SELECT id, note, resources, ends_at FROM bookings WHERE id = 7;
-- ... also when the key is generated from the row, and not known yet
CREATE TABLE keyed (
	note text,
	id text NOT NULL GENERATED ALWAYS AS (appointment_id(a)) STORED PRIMARY KEY,
	gone text,
	source text GENERATED ALWAYS AS (a ->> 'source') STORED,
	a appointment NOT NULL,
	UNIQUE (source, id),
	EXCLUDE USING gist (appointment_occupancy(a) WITH &&)
);
ALTER TABLE keyed DROP COLUMN gone;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON keyed FOR EACH ROW EXECUTE FUNCTION occupancy_guard('keyed_appointment_occupancy_excl');
INSERT INTO keyed (a) VALUES ('{"id":"x","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","room_id":"r","source":"avon"}');
INSERT INTO keyed (a) VALUES ('{"id":"x","starts_at":"2024-01-01T10:30:00Z","ends_at":"2024-01-01T11:30:00Z","room_id":"r","source":"avon"}')
	ON CONFLICT (source, id) DO UPDATE SET a = excluded.a, note = 'sent again' RETURNING id, source, note, appointment_ends_at(a);
INSERT INTO keyed (a) VALUES ('{"id":"y","starts_at":"2024-01-01T11:00:00Z","ends_at":"2024-01-01T11:30:00Z","room_id":"r","source":"avon"}')
	ON CONFLICT (source, id) DO UPDATE SET a = excluded.a;

-- A closing day: nothing may be there, and then nothing may come
INSERT INTO bookings SELECT 10, NULL, '{}', '2024-02-01', '2024-02-02';
CREATE TABLE held (id int PRIMARY KEY, o occupancy NOT NULL, EXCLUDE USING gist (o WITH &&));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON held FOR EACH ROW EXECUTE FUNCTION occupancy_guard('held_o_excl');
INSERT INTO held VALUES (1, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}');
SELECT * FROM what_it_gets($$INSERT INTO held VALUES (2, occupancy_all('2024-01-01', '2024-01-02'))$$);
INSERT INTO held VALUES (2, occupancy_all('2024-01-02', '2024-01-03'));
SELECT * FROM what_it_gets($$INSERT INTO held VALUES (3, '[2024-01-02T10:00:00Z,2024-01-02T11:00:00Z){b}')$$);
SELECT * FROM what_it_gets($$INSERT INTO held VALUES (3, occupancy_all('2024-01-02 12:00', '2024-01-04'))$$);

-- on_conflict=skip: the row is not inserted; an update is refused all the same
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON held FOR EACH ROW
	EXECUTE FUNCTION occupancy_guard('held_o_excl', 'on_conflict=skip');
INSERT INTO held VALUES (3, '[2024-01-01T10:30:00Z,2024-01-01T11:30:00Z){a}'),
	(4, '[2024-01-01T11:00:00Z,2024-01-01T12:00:00Z){a}') RETURNING id;
UPDATE held SET o = '[2024-01-01T10:00:00Z,2024-01-01T12:00:00Z){a}' WHERE id = 4;

-- The locks that were taken, and those for several rows at once
BEGIN;
INSERT INTO held VALUES (5, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a,b}');
SELECT mode, count(*) FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid() GROUP BY mode ORDER BY mode;
SELECT occupancy_lock('held_o_excl', '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a,b,c}', NULL,
	occupancy_all('2024-05-01', '2024-05-02', 'x'));
SELECT mode, count(*) FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid() GROUP BY mode ORDER BY mode;
COMMIT;
SELECT count(*) FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid();
SELECT occupancy_lock('held', '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}');
-- a bulk load holds a bounded number of them
BEGIN;
INSERT INTO held SELECT n + 100, occupancy('2025-01-01', '2025-01-02', ARRAY[n::text], (n % 1000)::text) FROM generate_series(1, 20000) n;
SELECT count(*) <= 128 + 1024 AS bounded FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid();
ROLLBACK;

-- Row-level security and privileges: the guard sees all rows, the message does not tell
CREATE ROLE regress_booker;
GRANT INSERT ON bookings, held TO regress_booker;
GRANT EXECUTE ON FUNCTION what_it_gets TO regress_booker;
SET ROLE regress_booker;
SELECT * FROM what_it_gets($$INSERT INTO bookings VALUES (20, NULL, '{pra_2}', '2024-01-01 10:00', '2024-01-01 10:30')$$);
INSERT INTO bookings VALUES (20, NULL, '{pra_20}', '2024-01-01 10:00', '2024-01-01 10:30');
SELECT occupancy_lock('held_o_excl', '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}');
RESET ROLE;
GRANT SELECT (id, resources, starts_at, ends_at) ON bookings TO regress_booker;
SET ROLE regress_booker;
SELECT item, value FROM what_it_gets($$INSERT INTO bookings VALUES (21, NULL, '{pra_2}', '2024-01-01 10:00', '2024-01-01 10:30')$$) WHERE item = 'key';
RESET ROLE;
ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything_new ON bookings FOR INSERT WITH CHECK (true);
SET ROLE regress_booker;
SELECT * FROM what_it_gets($$INSERT INTO bookings VALUES (21, NULL, '{pra_2}', '2024-01-01 10:00', '2024-01-01 10:30')$$);
RESET ROLE;
REVOKE INSERT, SELECT ON bookings, held FROM regress_booker;
SET ROLE regress_booker;
SELECT occupancy_lock('held_o_excl', '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}');
RESET ROLE;
REVOKE EXECUTE ON FUNCTION what_it_gets FROM regress_booker;
DROP ROLE regress_booker;

-- COPY and MERGE
\copy held FROM STDIN
50	[2024-06-01T10:00:00Z,2024-06-01T11:00:00Z){a}
51	[2024-06-01T10:30:00Z,2024-06-01T11:00:00Z){a}
\.
MERGE INTO held USING (VALUES (1, '[2024-01-01T09:00:00Z,2024-01-01T11:00:00Z){a}'::occupancy), (52, '[2024-01-01T09:00:00Z,2024-01-01T09:30:00Z){a}')) v (id, o)
	ON held.id = v.id WHEN MATCHED THEN UPDATE SET o = v.o WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.o);
SELECT id, o FROM held ORDER BY id;

--
-- However many names there are, there are no more locks than stripes
--
CREATE TABLE locked (o occupancy);
CREATE INDEX locked_held ON locked USING gist (o);
BEGIN;
SELECT occupancy_lock('locked_held', occupancy('2024-05-01', '2024-05-02', array_agg('r' || n)), occupancy_all('2024-05-01', '2024-05-02'))
FROM generate_series(1, 30000) AS n;
SELECT mode, count(*) FROM pg_locks WHERE locktype = 'userlock' GROUP BY mode;
ROLLBACK;
DROP TABLE locked;

--
-- Misuse
--
CREATE TABLE misused (id int PRIMARY KEY, o occupancy, during tstzrange,
	g occupancy GENERATED ALWAYS AS (occupancy_buffer(o, 5, 5)) STORED);
CREATE INDEX misused_range ON misused USING gist (during);
CREATE INDEX misused_generated ON misused USING gist (g);
CREATE INDEX misused_btree ON misused (o);
CREATE INDEX misused_generated_predicate ON misused USING gist (o) WHERE g IS NOT NULL;
CREATE FUNCTION misused_row(r misused) RETURNS occupancy LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN r.g; END';
CREATE INDEX misused_whole_row ON misused USING gist (misused_row(misused));
ALTER TABLE misused ADD CONSTRAINT misused_deferrable EXCLUDE USING gist (o WITH &&) DEFERRABLE;
CREATE FUNCTION misuse(event text, level text, VARIADIC arguments text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TRIGGER guard %s ON misused %s EXECUTE FUNCTION occupancy_guard(%s)', event, level,
		(SELECT string_agg(quote_literal(a), ', ') FROM unnest(arguments) a));
	INSERT INTO misused VALUES (1, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}');
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	RETURN sqlstate || ' ' || sqlerrm;
END $$;
SELECT misuse('BEFORE INSERT', 'FOR EACH ROW', VARIADIC '{}');
SELECT misuse('BEFORE INSERT', 'FOR EACH ROW', 'nothing');
SELECT misuse('BEFORE INSERT', 'FOR EACH ROW', 'held_o_excl');
SELECT misuse('BEFORE INSERT', 'FOR EACH ROW', 'misused_range');
SELECT misuse('BEFORE INSERT', 'FOR EACH ROW', 'misused_btree');
SELECT misuse('BEFORE INSERT', 'FOR EACH ROW', 'misused_pkey');
SELECT misuse('BEFORE INSERT', 'FOR EACH ROW', 'misused_generated');
SELECT misuse('BEFORE INSERT', 'FOR EACH ROW', 'misused_generated_predicate');
SELECT misuse('BEFORE INSERT', 'FOR EACH ROW', 'misused_whole_row');
SELECT misuse('BEFORE INSERT', 'FOR EACH ROW', 'misused_deferrable');
SELECT misuse('BEFORE INSERT', 'FOR EACH ROW', 'misused_generated', 'on_conflict=perhaps');
SELECT misuse('AFTER INSERT', 'FOR EACH ROW', 'misused_generated');
SELECT misuse('BEFORE INSERT', 'FOR EACH STATEMENT', 'misused_generated');
-- locks of an index that guards nothing would keep nobody away
SELECT occupancy_lock('misused_range', '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}');
SELECT occupancy_lock('misused_btree', '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}');
SELECT occupancy_lock('misused_pkey', '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}');
DROP TABLE misused CASCADE;
DROP FUNCTION misuse;

--
-- Partitions: a plain index guards the whole table
--
CREATE TABLE parted (id int, day date, o occupancy) PARTITION BY RANGE (day);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
-- another order of columns, and attached later
CREATE TABLE parted_2 (o occupancy, extra int, day date, id int);
ALTER TABLE parted_2 DROP COLUMN extra;
ALTER TABLE parted ATTACH PARTITION parted_2 FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
CREATE INDEX parted_held ON parted USING gist (o);
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON parted FOR EACH ROW EXECUTE FUNCTION occupancy_guard('parted_held');
-- its locks are the same by whichever of the indexes
BEGIN;
SELECT occupancy_lock('parted_held', '[2024-01-31T10:00:00Z,2024-02-01T11:00:00Z){a}');
SELECT occupancy_lock('parted_1_o_idx', '[2024-01-31T10:00:00Z,2024-02-01T11:00:00Z){a}');
SELECT count(*) FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid();
ROLLBACK;
INSERT INTO parted VALUES (1, '2024-01-31', '[2024-01-31T10:00:00Z,2024-02-01T11:00:00Z){a}');
INSERT INTO parted VALUES (2, '2024-02-01', '[2024-02-01T11:00:00Z,2024-02-01T12:00:00Z){a}');
INSERT INTO parted VALUES (3, '2024-02-01', '[2024-02-01T10:00:00Z,2024-02-01T11:00:00Z){a}');
INSERT INTO parted_1 VALUES (3, '2024-01-31', '[2024-02-01T11:30:00Z,2024-02-01T13:00:00Z){a}');
INSERT INTO parted VALUES (3, '2024-01-31', '[2024-01-31T11:30:00Z,2024-02-01T13:00:00Z){a}');
-- moving a row to another partition
UPDATE parted SET day = '2024-02-02' WHERE id = 1;
UPDATE parted SET o = '[2024-02-01T10:00:00Z,2024-02-01T11:30:00Z){a}' WHERE id = 1;
SELECT tableoid::regclass, * FROM parted ORDER BY id;
-- who may not see the row is not told in which partition it is
CREATE ROLE regress_booker;
GRANT INSERT ON parted TO regress_booker;
SET ROLE regress_booker;
INSERT INTO parted VALUES (4, '2024-01-31', '[2024-02-01T11:30:00Z,2024-02-01T13:00:00Z){a}');
RESET ROLE;
DROP TABLE parted;
DROP ROLE regress_booker;

DROP TABLE bookings, held;
DROP FUNCTION what_it_gets;
