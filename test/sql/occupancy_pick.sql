-- occupancy_pick: any of several resources, or some of them, in one session.
-- What several sessions do is in the isolation tests.
SET TimeZone = 'UTC';

CREATE TABLE bookings (id int PRIMARY KEY, room text, starts_at timestamptz, ends_at timestamptz, tenant text, hold_expires_at timestamptz);
CREATE INDEX bookings_held ON bookings USING gist (occupancy(starts_at, ends_at, ARRAY[room], tenant));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION occupancy_guard('bookings_held', 'expires=hold_expires_at');
INSERT INTO bookings VALUES (1, 'b', '2024-05-01 10:00', '2024-05-01 11:00'), (2, 'd', '2024-05-01 10:30', '2024-05-01 12:00');
-- what is free from ten to eleven, and the locks that are held then
CREATE FUNCTION pick(candidates text[], picks int DEFAULT 1, tenant text DEFAULT NULL) RETURNS text[] LANGUAGE sql AS $$
	SELECT occupancy_pick('bookings_held', candidates, '2024-05-01 10:00', '2024-05-01 11:00', picks, tenant) $$;
CREATE VIEW locks AS SELECT mode, count(*) FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid() GROUP BY mode ORDER BY mode;

--
-- In the order that is given
--
SELECT pick('{a,b,c}'), pick('{c,b,a}'), pick('{b,c,a}'), pick('{b}'), pick('{b,d}');
SELECT pick('{a,b,c,d,e}', 2), pick('{e,d,c,b,a}', 3), pick('{a,b,c,d,e}', 4), pick('{a,b,c}', 3);
-- the whole period has to be free, and its edges touch nobody
SELECT occupancy_pick('bookings_held', '{b,d}', '2024-05-01 11:00', '2024-05-01 12:00'), occupancy_pick('bookings_held', '{b,d}', '2024-05-01 09:00', '2024-05-01 10:30'),
	occupancy_pick('bookings_held', '{d,b}', '2024-05-01 12:00', '2024-05-01 13:00', 2), occupancy_pick('bookings_held', '{b,d}', '2024-05-01 09:00', '2024-05-01 13:00');
-- none, nulls, repeated ones, an empty name
SELECT pick('{}'), pick(NULL), pick('{NULL}'), pick('{NULL,b,NULL,c}'), pick('{NULL,a}', 2);
SELECT pick('{a,a,c,a}', 2), pick('{a,a}', 2), pick('{b,b,a}'), pick('{""}');
-- of an array of several dimensions, or with other bounds, each element is one
SELECT pick('{{b,a},{c,d}}', 2), pick('[5:6]={b,a}');
-- names of any kind
SELECT pick(ARRAY['b', 'a "quoted", {one}', '*']), pick('{*}'), pick(ARRAY[repeat('x', 1000)]) = ARRAY[repeat('x', 1000)] AS long;
-- a scope is a world of its own
SELECT pick('{b}', 1, 'acme'), pick('{b}', 1, ''), pick('{b}', 1, NULL);
INSERT INTO bookings VALUES (3, 'b', '2024-05-01 10:00', '2024-05-01 11:00', 'acme'), (4, 'b', '2024-05-01 10:00', '2024-05-01 11:00', '');
SELECT pick('{b}', 1, 'acme'), pick('{b}', 1, ''), pick('{b}', 1, 'umbrella');

--
-- How many
--
SELECT pick('{a}', NULL);
SELECT pick('{a}', 0);
SELECT pick('{a}', -1);
SELECT pick('{a,c}', 2147483647);
-- other bad arguments
SELECT occupancy_pick('bookings_held', '{a}', NULL, '2024-05-01 11:00');
SELECT occupancy_pick('bookings_held', '{a}', '2024-05-01 10:00', NULL);
SELECT occupancy_pick('bookings_held', '{a}', '2024-05-01 11:00', '2024-05-01 10:00');
SELECT occupancy_pick('bookings_held', '{a}', '2024-05-01 11:00', '2024-05-01 11:00');
SELECT occupancy_pick('bookings_held', '{a}', '2024-05-01 11:00', 'infinity');
SELECT occupancy_pick('bookings_held', ARRAY['b', repeat('x', 70000)], '2024-05-01 10:00', '2024-05-01 11:00');
SELECT occupancy_pick(NULL, '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
-- also where nothing is there to pick
SELECT occupancy_pick('bookings_held', NULL, '2024-05-01 11:00', '2024-05-01 10:00');
SELECT occupancy_pick('bookings_held', '{}', '2024-05-01 10:00', '2024-05-01 11:00', 0);

--
-- The locks: of what was picked until the end of the transaction, else none
--
BEGIN;
SELECT pick('{a,b,c,d,e}', 2);
TABLE locks;
COMMIT;
TABLE locks;
BEGIN;
SELECT pick('{a,b,c,d,e}', 4), pick('{b,d}'), pick('{}'), pick(NULL), pick('{a}', 2);
TABLE locks;
-- ... but what it had before, the transaction keeps
SELECT occupancy_lock('bookings_held', occupancy('2024-05-01 10:00', '2024-05-01 11:00', '{a,b}'));
TABLE locks;
SELECT pick('{a,b,c,d,e}', 4);
TABLE locks;
SELECT pick('{b,a,c}', 2);
TABLE locks;
ROLLBACK;
TABLE locks;
-- the same twice over is the same again: to pick is not to book
BEGIN;
SELECT pick('{a,b,c}');
SELECT pick('{a,b,c}');
TABLE locks;
INSERT INTO bookings VALUES (5, 'a', '2024-05-01 10:00', '2024-05-01 11:00');
-- one's own rows count
SELECT pick('{a,b,c}');
DELETE FROM bookings WHERE id = 1;
SELECT pick('{a,b,c}');
ROLLBACK;
-- to pick and to book in one statement, time and again
BEGIN;
INSERT INTO bookings SELECT n, room[1], '2024-05-01 10:00', '2024-05-01 11:00' FROM (SELECT n, pick('{a,b,c,d,e}') AS room FROM generate_series(11, 15) n OFFSET 0) p WHERE room IS NOT NULL;
SELECT id, room FROM bookings WHERE id > 10 ORDER BY id;
WITH p AS (SELECT occupancy_pick('bookings_held', array_agg(chr(97 + n) ORDER BY n DESC), '2024-05-01 10:15', '2024-05-01 10:45', 3) AS rooms FROM generate_series(0, 9) n)
INSERT INTO bookings SELECT 20 + n, room, '2024-05-01 10:15', '2024-05-01 10:45' FROM p, unnest(rooms) WITH ORDINALITY r (room, n) RETURNING id, room;
ROLLBACK;
-- a savepoint gives its locks back
BEGIN;
SAVEPOINT here;
SELECT pick('{a,b,c}');
TABLE locks;
ROLLBACK TO here;
TABLE locks;
SELECT pick('{c,a}', 2);
COMMIT;
-- nothing is written: it works where nothing can be
BEGIN READ ONLY;
SELECT pick('{b,c}');
TABLE locks;
COMMIT;

--
-- Ten thousand candidates: bounded locks, and none of those that were taken
--
CREATE TABLE many (id int PRIMARY KEY, room text, starts_at timestamptz, ends_at timestamptz);
CREATE INDEX many_held ON many USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON many FOR EACH ROW EXECUTE FUNCTION occupancy_guard('many_held');
INSERT INTO many SELECT n, 'room ' || n, '2024-05-01 10:00', '2024-05-01 11:00' FROM generate_series(1, 9998) n;
BEGIN;
SET LOCAL statement_timeout = '60s';
SELECT occupancy_pick('many_held', array_agg('room ' || n ORDER BY n), '2024-05-01 10:00', '2024-05-01 11:00', 2) FROM generate_series(1, 10000) n;
SELECT sum(count) <= 3 AS only_what_was_picked FROM locks;
COMMIT;
BEGIN;
SET LOCAL statement_timeout = '60s';
SELECT occupancy_pick('many_held', array_agg('room ' || n ORDER BY n), '2024-05-01 10:00', '2024-05-01 11:00', 3) FROM generate_series(1, 10000) n;
SELECT occupancy_pick('many_held', array_agg('room ' || n ORDER BY n), '2024-05-01 10:00', '2024-05-01 11:00', 10000) FROM generate_series(1, 10000) n;
TABLE locks;
SELECT count(DISTINCT room), count(*) FROM (SELECT unnest(occupancy_pick('many_held', array_agg('room ' || n ORDER BY n), '2024-05-01 11:00', '2024-05-01 12:00', 10000)) AS room FROM generate_series(1, 10000) n) p;
SELECT sum(count) <= 1024 + 128 AS bounded FROM locks;
COMMIT;
TABLE locks;
DROP TABLE many;

--
-- Holds, seats and all resources
--
UPDATE bookings SET hold_expires_at = '2024-01-01' WHERE id = 1;
INSERT INTO bookings VALUES (6, 'f', '2024-05-01 10:00', '2024-05-01 11:00', NULL, '2999-01-01'), (7, 'g', '2024-05-01 10:00', '2024-05-01 11:00', NULL, '-infinity'),
	(8, 'h', '2024-05-01 10:00', '2024-05-01 11:00', NULL, 'infinity');
SELECT pick('{b,d,f,g,h}'), pick('{b,d,f,g,h}', 2), pick('{b,d,f,g,h}', 3);
-- without the guard nobody says that holds expire; by a disabled one it is said
ALTER TABLE bookings DISABLE TRIGGER guard;
SELECT pick('{b,d,f,g,h}', 2);
DROP TRIGGER guard ON bookings;
SELECT pick('{b,d,f,g,h}');
CREATE FUNCTION occupancy_guard_of_others() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER guard BEFORE INSERT ON bookings FOR EACH ROW EXECUTE FUNCTION occupancy_guard_of_others('bookings_held', 'expires=hold_expires_at');
SELECT pick('{b,d,f,g,h}');
DROP TRIGGER guard ON bookings;
DROP FUNCTION occupancy_guard_of_others;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION occupancy_guard('bookings_held', 'expires=hold_expires_at');
CREATE TABLE held (id int, o occupancy);
CREATE INDEX held_o ON held USING gist (o);
INSERT INTO held VALUES (1, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){class(1/12)}'), (2, '[2024-05-02T10:00:00Z,2024-05-02T11:00:00Z){*}'), (3, NULL);
SELECT occupancy_pick('held_o', '{class,other}', '2024-05-01 10:00', '2024-05-01 11:00'), occupancy_pick('held_o', '{class,other}', '2024-05-01 11:00', '2024-05-01 12:00'),
	occupancy_pick('held_o', '{class,other}', '2024-05-02 10:00', '2024-05-02 11:00'), occupancy_pick('held_o', '{class,other}', '2024-05-02 10:00', '2024-05-02 11:00', 1, 'acme');

--
-- Indexes: of a constraint, in part, of partitions, and wrong ones
--
ALTER TABLE held ADD CONSTRAINT held_excl EXCLUDE USING gist (o WITH &&) WHERE (id < 3);
SELECT occupancy_pick('held_excl', '{class,other}', '2024-05-01 10:00', '2024-05-01 11:00');
INSERT INTO held VALUES (4, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){other}');
SELECT occupancy_pick('held_excl', '{class,other}', '2024-05-01 10:00', '2024-05-01 11:00'), occupancy_pick('held_o', '{class,other}', '2024-05-01 10:00', '2024-05-01 11:00');
CREATE INDEX held_btree ON held (o);
CREATE INDEX held_id ON held (id);
SELECT occupancy_pick('held', '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
SELECT occupancy_pick('held_btree', '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
SELECT occupancy_pick('held_id', '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
SELECT occupancy_pick('nothing', '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
SELECT occupancy_pick(1, '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'held_o'::regclass;
SELECT occupancy_pick('held_o', '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'held_o'::regclass;
CREATE EXTENSION btree_gist;
ALTER TABLE held ADD CONSTRAINT held_site EXCLUDE USING gist (id WITH =, o WITH &&);
CREATE INDEX held_two ON held USING gist (o, id);
CREATE INDEX held_range ON held USING gist (id);
SELECT occupancy_pick('held_site', '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
SELECT occupancy_pick('held_two', '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
SELECT occupancy_pick('held_range', '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
TABLE locks;
DROP TABLE held;
SET client_min_messages = warning;
DROP EXTENSION btree_gist;
RESET client_min_messages;

CREATE TABLE visits (id int, day date, room text, starts_at timestamptz, ends_at timestamptz) PARTITION BY RANGE (day);
CREATE TABLE visits_2024 PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (room);
CREATE TABLE visits_2024_a PARTITION OF visits_2024 FOR VALUES IN ('a');
CREATE TABLE visits_2024_b PARTITION OF visits_2024 DEFAULT;
CREATE TABLE visits_2025 (room text, ends_at timestamptz, starts_at timestamptz, day date, id int);
ALTER TABLE visits ATTACH PARTITION visits_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX visits_held ON visits USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held');
INSERT INTO visits VALUES (1, '2024-12-31', 'a', '2024-12-31 23:00', '2025-01-01 01:00'), (2, '2025-01-01', 'c', '2024-12-31 23:00', '2025-01-01 01:00');
BEGIN;
SELECT occupancy_pick('visits_held', '{a,b,c,d}', '2024-12-31 23:30', '2025-01-01 00:30', 2), occupancy_pick('visits_held', '{a,b,c,d}', '2024-12-31 23:30', '2025-01-01 00:30', 3);
TABLE locks;
-- its locks are those of the guard, whichever partition the row comes to
INSERT INTO visits VALUES (3, '2024-12-31', 'b', '2024-12-31 23:30', '2025-01-01 00:30'), (4, '2025-01-01', 'd', '2024-12-31 23:30', '2025-01-01 00:30');
TABLE locks;
COMMIT;
SELECT occupancy_pick('visits_held', '{a,b,c,d}', '2024-12-31 23:30', '2025-01-01 00:30');
-- by the index of a level, or of one partition, what is in it
SELECT occupancy_pick('visits_2024_occupancy_idx', '{a,b,c,d}', '2024-12-31 23:30', '2025-01-01 00:30', 2), occupancy_pick('visits_2025_occupancy_idx', '{a,b,c,d}', '2024-12-31 23:30', '2025-01-01 00:30', 2);
-- a partition without the index
CREATE INDEX visits_more ON ONLY visits USING gist (occupancy(starts_at, ends_at, ARRAY[room, 'more']));
SELECT occupancy_pick('visits_more', '{a}', '2024-12-31 23:30', '2025-01-01 00:30');
DROP TABLE visits;
CREATE TABLE visits (o occupancy) PARTITION BY HASH (o);
CREATE INDEX visits_held ON visits USING gist (o);
SELECT occupancy_pick('visits_held', '{a}', '2024-12-31 23:30', '2025-01-01 00:30');
DROP TABLE visits;

--
-- Who may pick: who may take the guard's locks
--
CREATE ROLE regress_picker;
SET ROLE regress_picker;
SELECT occupancy_pick('bookings_held', '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
RESET ROLE;
GRANT SELECT ON bookings TO regress_picker;
SET ROLE regress_picker;
SELECT occupancy_pick('bookings_held', '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
RESET ROLE;
REVOKE SELECT ON bookings FROM regress_picker;
-- it tells what an INSERT would: to insert is enough, of columns it is not
GRANT INSERT (id, room) ON bookings TO regress_picker;
SET ROLE regress_picker;
SELECT occupancy_pick('bookings_held', '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
RESET ROLE;
GRANT INSERT ON bookings TO regress_picker;
SET ROLE regress_picker;
SELECT occupancy_pick('bookings_held', '{d,a}', '2024-05-01 10:00', '2024-05-01 11:00');
SELECT current_user;
RESET ROLE;
REVOKE INSERT ON bookings FROM regress_picker;
GRANT UPDATE ON bookings TO regress_picker;
SET ROLE regress_picker;
SELECT occupancy_pick('bookings_held', '{d,a}', '2024-05-01 10:00', '2024-05-01 11:00');
RESET ROLE;
REVOKE UPDATE ON bookings FROM regress_picker;
GRANT DELETE ON bookings TO regress_picker;
ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;
SET ROLE regress_picker;
SELECT occupancy_pick('bookings_held', '{d,a}', '2024-05-01 10:00', '2024-05-01 11:00');
SELECT occupancy_lock('bookings_held', occupancy('2024-05-01 10:00', '2024-05-01 11:00', '{a}'));
RESET ROLE;
-- policies are not for the owner
SELECT pick('{d,a}');
ALTER TABLE bookings DISABLE ROW LEVEL SECURITY;
SET ROLE regress_picker;
SELECT occupancy_pick('bookings_held', '{d,a}', '2024-05-01 10:00', '2024-05-01 11:00');
RESET ROLE;

-- what an index calls runs with the rights of the table's owner, whoever asks
CREATE SCHEMA regress_private AUTHORIZATION regress_picker;
SET ROLE regress_picker;
CREATE FUNCTION regress_private.spy(o public.occupancy) RETURNS public.occupancy LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RAISE NOTICE '% with %', current_user, current_setting('search_path');
	IF current_setting('test.fail', true) = 'on' THEN
		RAISE EXCEPTION 'no';
	END IF;
	RETURN o;
END $$;
CREATE TABLE regress_private.trap (o occupancy, until timestamptz);
CREATE INDEX trap_held ON regress_private.trap USING gist (regress_private.spy(o)) WHERE (regress_private.spy(o) IS NOT NULL);
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON regress_private.trap FOR EACH ROW EXECUTE FUNCTION occupancy_guard('trap_held', 'expires=until');
SET client_min_messages = warning;
INSERT INTO regress_private.trap VALUES ('[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}', NULL), ('[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){b}', '2024-01-01');
RESET client_min_messages;
RESET ROLE;
SELECT occupancy_pick('regress_private.trap_held', '{a,b}', '2024-05-01 10:00', '2024-05-01 11:00');
SELECT current_user = session_user AS myself_again, current_setting('search_path') AS search_path;
-- an error of theirs leaves no lock, and nobody else's rights
SET test.fail = 'on';
BEGIN;
SAVEPOINT here;
SELECT occupancy_pick('regress_private.trap_held', '{c,a,b}', '2024-05-01 10:00', '2024-05-01 11:00', 2);
ROLLBACK TO here;
TABLE locks;
SELECT current_user = session_user AS myself_again, current_setting('search_path') AS search_path;
ROLLBACK;
SET client_min_messages = warning;
DROP SCHEMA regress_private CASCADE;
RESET client_min_messages;

REVOKE ALL ON bookings FROM regress_picker;
DROP ROLE regress_picker;
DROP VIEW locks;
DROP FUNCTION pick;
DROP TABLE bookings;
