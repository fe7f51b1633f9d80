-- The guard counts the seats of shared resources: what it refuses and what it
-- lets pass, in one session.  What several sessions do is in the isolation tests.
SET TimeZone = 'UTC';

-- what is held on one day, as short as can be
CREATE FUNCTION held(starts text, ends text, resources text, scope text DEFAULT '') RETURNS occupancy LANGUAGE sql IMMUTABLE AS $$
	SELECT format('%s[2024-01-01T%s:00Z,2024-01-01T%s:00Z){%s}', scope, starts, ends, resources)::occupancy $$;
-- what an application reads
CREATE FUNCTION what_it_gets(statement text) RETURNS TABLE (item text, value text) LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	table_name text;
	constraint_name text;
	column_name text;
BEGIN
	EXECUTE statement;
EXCEPTION WHEN exclusion_violation THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, table_name = TABLE_NAME,
		constraint_name = CONSTRAINT_NAME, column_name = COLUMN_NAME;
	RETURN QUERY VALUES ('sqlstate', sqlstate), ('message', message),
		('table', table_name), ('constraint', constraint_name), ('column', column_name);
	RETURN QUERY SELECT key, j.value::text FROM json_each(detail::json) j;
END $$;

CREATE TABLE bookings (id int PRIMARY KEY, o occupancy, note text, status text);
CREATE INDEX bookings_held ON bookings USING gist (o) WHERE (status IS DISTINCT FROM 'cancelled');
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON bookings FOR EACH ROW EXECUTE FUNCTION occupancy_guard('bookings_held');

-- A class of five, seat by seat
INSERT INTO bookings VALUES (1, held('10:00', '11:00', 'class(2/5)'));
INSERT INTO bookings VALUES (2, held('10:00', '11:00', 'class(2/5)'));
INSERT INTO bookings VALUES (3, held('10:00', '11:00', 'class(2/5)'));
INSERT INTO bookings VALUES (3, held('10:00', '11:00', 'class(1/5)'));
INSERT INTO bookings VALUES (4, held('10:00', '11:00', 'class(1/5)'));
SELECT * FROM what_it_gets($$INSERT INTO bookings VALUES (4, held('10:00', '11:00', 'class(1/5)'))$$);
-- before it, after it, another class, another scope, a cancelled row
INSERT INTO bookings VALUES (4, held('09:00', '10:00', 'class(5/5)')), (5, held('11:00', '12:00', 'class(5/5)')),
	(6, held('10:00', '11:00', 'course(5/5)')), (7, held('10:00', '11:00', 'class(5/5)', 'acme:'));
INSERT INTO bookings VALUES (8, held('10:00', '11:00', 'class(5/5)'), NULL, 'cancelled');
-- one statement's own rows count, too
INSERT INTO bookings SELECT n, held('13:00', '14:00', 'class(1/5)') FROM generate_series(11, 16) n;
INSERT INTO bookings SELECT n, held('13:00', '14:00', 'class(1/5)') FROM generate_series(11, 15) n;
SELECT id, o, status FROM bookings ORDER BY id;
TRUNCATE bookings;

--
-- Periods that overlap in part: at no instant too many
--
INSERT INTO bookings VALUES (1, held('10:00', '11:00', 'bikes(3/5)')), (2, held('11:00', '12:00', 'bikes(4/5)')), (3, held('11:30', '13:00', 'bikes(1/5)'));
-- what it adds up to at one time counts, not what all of them have
INSERT INTO bookings VALUES (4, held('10:00', '11:30', 'bikes(1/5)'));
-- too full only in the middle
INSERT INTO bookings VALUES (5, held('09:00', '14:00', 'bikes(2/5)'));
-- the first stretch that is too full, to its end; what fits fits in all of the period
INSERT INTO bookings VALUES (5, held('09:00', '11:00', 'bikes(2/5)'));
INSERT INTO bookings VALUES (5, held('10:30', '11:15', 'bikes(3/5)'));
INSERT INTO bookings VALUES (5, held('12:30', '14:00', 'bikes(5/5)'));
-- what is left is the least of all of the period, also after that stretch
INSERT INTO bookings VALUES (5, held('10:00', '11:00', 'boats(3/5)')), (6, held('11:00', '12:00', 'boats(1/5)')), (7, held('12:00', '13:00', 'boats(4/5)'));
INSERT INTO bookings VALUES (8, held('10:00', '13:00', 'boats(3/5)'));
DELETE FROM bookings WHERE id > 4;
-- it fits at the edges
INSERT INTO bookings VALUES (5, held('12:00', '13:00', 'bikes(4/5)')), (6, held('09:00', '10:00', 'bikes(5/5)')), (7, held('13:00', '14:00', 'bikes(5/5)'));
SELECT starts_at, ends_at, occupancy_seats_taken(o, 'bikes') AS taken
FROM (VALUES ('09:30'), ('10:30'), ('11:15'), ('11:45'), ('12:30'), ('13:30')) v (at),
	LATERAL (SELECT ('2024-01-01 ' || at)::timestamptz AS starts_at, ('2024-01-01 ' || at)::timestamptz + interval '1 minute' AS ends_at) w,
	LATERAL (SELECT o FROM bookings b WHERE b.o && occupancy_all(w.starts_at, w.ends_at)) x
GROUP BY 1, 2 ORDER BY 1;
TRUNCATE bookings;

--
-- The strictest capacity counts
--
-- somebody has asked for a class of no more than three
INSERT INTO bookings VALUES (1, held('10:00', '11:00', 'class(1/3)')), (2, held('10:00', '11:00', 'class(1/12)'));
INSERT INTO bookings VALUES (3, held('10:00', '11:00', 'class(2/12)'));
INSERT INTO bookings VALUES (3, held('10:00', '11:00', 'class(1/2)'));
INSERT INTO bookings VALUES (3, held('10:00', '11:00', 'class(1/12)'));
-- ... only while he is there
INSERT INTO bookings VALUES (4, held('10:30', '12:00', 'class(1/12)'));
INSERT INTO bookings VALUES (4, held('11:00', '12:00', 'class(9/12)'));
-- a capacity that is smaller than what is taken
INSERT INTO bookings VALUES (5, held('11:30', '13:00', 'class(1/8)'));

-- To raise the capacity, its rows are updated: one by one until the last
UPDATE bookings SET o = held('10:00', '11:00', 'class(1/12)') WHERE id = 2;
INSERT INTO bookings VALUES (6, held('10:00', '11:00', 'class(1/12)'));
UPDATE bookings SET o = held('10:00', '11:00', 'class(1/12)') WHERE id = 1;
INSERT INTO bookings VALUES (6, held('10:00', '11:00', 'class(9/12)'));
INSERT INTO bookings VALUES (7, held('10:00', '11:00', 'class(1/15)'));
-- in one statement
UPDATE bookings SET o = occupancy_seats('2024-01-01 10:00', '2024-01-01 11:00', 'class', substring(o::text FROM '\((\d+)')::int, 15) WHERE id <> 4;
INSERT INTO bookings VALUES (7, held('10:00', '11:00', 'class(4/15)'));
INSERT INTO bookings VALUES (7, held('10:00', '11:00', 'class(3/15)'));
-- To lower it: no further than what is taken
DELETE FROM bookings WHERE id = 7;
UPDATE bookings SET o = occupancy_seats('2024-01-01 10:00', '2024-01-01 11:00', 'class', substring(o::text FROM '\((\d+)')::int, 11) WHERE id <> 4;
UPDATE bookings SET o = held('10:00', '11:00', 'class(1/11)') WHERE id = 1;
UPDATE bookings SET o = held('10:00', '11:00', 'class(1/12)') WHERE id = 1;
UPDATE bookings SET o = occupancy_seats('2024-01-01 10:00', '2024-01-01 11:00', 'class', substring(o::text FROM '\((\d+)')::int, 12) WHERE id <> 4;
SELECT id, o FROM bookings ORDER BY id;
TRUNCATE bookings;

--
-- Updates: the row itself is not counted twice
--
INSERT INTO bookings VALUES (1, held('10:00', '11:00', 'class(3/5)')), (2, held('10:00', '11:00', 'class(1/5)'));
UPDATE bookings SET o = held('10:00', '11:00', 'class(2/5)') WHERE id = 2;
UPDATE bookings SET o = held('10:00', '11:00', 'class(3/5)') WHERE id = 2;
UPDATE bookings SET o = held('10:00', '11:30', 'class(2/5)'), note = 'longer' WHERE id = 2;
UPDATE bookings SET o = held('10:59', '12:00', 'class(3/5)') WHERE id = 2;
UPDATE bookings SET o = held('11:00', '12:00', 'class(5/5)') WHERE id = 2;
-- all at once, each by what is there when its turn comes
UPDATE bookings SET o = held('10:00', '11:00', 'class(2/5)');
UPDATE bookings SET o = held('10:00', '11:00', 'class(3/5)');
-- cancelled, and back
UPDATE bookings SET status = 'cancelled' WHERE id = 1;
INSERT INTO bookings VALUES (3, held('10:00', '11:00', 'class(3/5)'));
UPDATE bookings SET status = 'scheduled' WHERE id = 1;
DELETE FROM bookings WHERE id = 2;
UPDATE bookings SET status = 'scheduled' WHERE id = 1;
-- a row that gives its place up and another that takes it, in one statement
WITH gone AS (DELETE FROM bookings WHERE id = 3 RETURNING o) INSERT INTO bookings SELECT 4, o FROM gone;
SELECT id, o, note, status FROM bookings ORDER BY id;

--
-- A class that is too full already
--
ALTER TABLE bookings DISABLE TRIGGER guard;
INSERT INTO bookings VALUES (5, held('10:00', '11:00', 'class(3/5)'));
ALTER TABLE bookings ENABLE TRIGGER guard;
UPDATE bookings SET note = 'all of them';
-- it grows in no way: more seats, longer, a smaller capacity; none is left, not fewer than none
UPDATE bookings SET o = held('10:00', '11:00', 'class(4/5)') WHERE id = 5;
UPDATE bookings SET o = held('10:00', '11:01', 'class(3/5)') WHERE id = 5;
UPDATE bookings SET o = held('10:00', '11:00', 'class(3/4)') WHERE id = 5;
INSERT INTO bookings VALUES (6, held('10:00', '11:00', 'class(1/5)'));
-- it shrinks: fewer seats, shorter, a larger capacity, another period, though it is still too full
UPDATE bookings SET o = held('10:00', '11:00', 'class(2/5)') WHERE id = 5;
UPDATE bookings SET o = held('10:00', '10:50', 'class(2/5)') WHERE id = 5;
UPDATE bookings SET o = held('10:00', '10:50', 'class(2/6)') WHERE id = 5;
UPDATE bookings SET o = held('10:00', '10:50', 'class(2/5)') WHERE id = 5;
UPDATE bookings SET o = held('10:00', '10:50', 'class(3/6)') WHERE id = 5;
UPDATE bookings SET o = held('11:00', '12:00', 'class(5/5)') WHERE id = 5;
-- what was held alone may be held by seats, and not the other way round
INSERT INTO bookings VALUES (7, held('11:00', '12:00', 'room,trainer'));
UPDATE bookings SET o = held('11:00', '12:00', 'room(1/2),trainer') WHERE id = 7;
INSERT INTO bookings VALUES (8, held('11:00', '12:00', 'room(1/2)'));
UPDATE bookings SET o = held('11:00', '12:00', 'room,trainer') WHERE id = 7;
SELECT id, o, note FROM bookings ORDER BY id;
TRUNCATE bookings;

--
-- Resources of both kinds, all resources, scopes
--
INSERT INTO bookings VALUES (1, held('10:00', '11:00', 'trainer,class(3/5)'));
-- the trainer is taken; no seat of his is wanted, so none is left
INSERT INTO bookings VALUES (2, held('10:00', '11:00', 'trainer,class(1/5)'));
INSERT INTO bookings VALUES (2, held('10:00', '11:00', 'trainer(1/2),class(1/5)'));
INSERT INTO bookings VALUES (2, held('10:00', '11:00', 'trainer'));
-- shared against alone, both ways
INSERT INTO bookings VALUES (2, held('10:30', '11:30', 'class'));
INSERT INTO bookings VALUES (2, held('12:00', '13:00', 'class'));
INSERT INTO bookings VALUES (3, held('12:30', '13:30', 'class(1/5)'));
SELECT * FROM what_it_gets($$INSERT INTO bookings VALUES (3, held('12:30', '13:30', 'bikes(2/9),class(1/5)'))$$);
-- all resources against seats, both ways
SELECT * FROM what_it_gets($$INSERT INTO bookings VALUES (3, held('10:30', '11:30', '*'))$$);
INSERT INTO bookings VALUES (3, held('14:00', '15:00', '*'));
SELECT * FROM what_it_gets($$INSERT INTO bookings VALUES (4, held('14:30', '15:30', 'class(1/5)'))$$);
-- several shared ones: each has its own capacity; the first by name that is too full is told
INSERT INTO bookings VALUES (4, held('10:00', '11:00', 'bikes(8/9),class(1/5),helmets(2/2)'));
INSERT INTO bookings VALUES (5, held('10:00', '11:00', 'bikes(2/9),class(2/5),helmets(1/2)'));
INSERT INTO bookings VALUES (5, held('10:00', '11:00', 'class(1/5),helmets(1/2)'));
INSERT INTO bookings VALUES (5, held('10:00', '11:00', 'bikes(1/9),class(1/5),other_trainer'));
-- a scope is a world of its own
INSERT INTO bookings VALUES (6, held('10:00', '11:00', 'class(5/5)', 'acme:'));
INSERT INTO bookings VALUES (7, held('10:00', '11:00', 'class(1/5)', 'acme:'));
INSERT INTO bookings VALUES (7, held('10:00', '11:00', 'class(1/5)', '"":'));
INSERT INTO bookings VALUES (8, held('09:00', '12:00', '*', 'umbrella:'));
INSERT INTO bookings VALUES (9, held('10:00', '11:00', 'class(1/5)', 'umbrella:'));
UPDATE bookings SET o = held('10:00', '11:00', 'class(1/5)', 'acme:') WHERE id = 7;
UPDATE bookings SET o = held('10:00', '11:00', 'class(1/5)', 'umbrella:') WHERE id = 7;
SELECT id, o FROM bookings ORDER BY id;
TRUNCATE bookings;

-- more seats than an int can add up
INSERT INTO bookings VALUES (1, held('10:00', '11:00', 'grains(2147483647/2147483647)'));
INSERT INTO bookings VALUES (2, held('10:00', '10:30', 'grains(2147483647/2147483647)'));
ALTER TABLE bookings DISABLE TRIGGER guard;
INSERT INTO bookings SELECT n, held('10:00', '11:00', 'grains(2147483647/2147483647)') FROM generate_series(2, 5) n;
ALTER TABLE bookings ENABLE TRIGGER guard;
INSERT INTO bookings VALUES (6, held('10:00', '11:00', 'grains(2147483647/2147483647)'));
SELECT * FROM occupancy_overbooked('bookings_held');
TRUNCATE bookings;

--
-- The locks on seats last as long as the statement, others as the transaction
--
CREATE VIEW locks AS SELECT mode, count(*) FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid() GROUP BY mode ORDER BY mode;
BEGIN;
INSERT INTO bookings VALUES (1, held('10:00', '11:00', 'class(1/5)'));
TABLE locks;
INSERT INTO bookings VALUES (2, held('10:00', '11:00', 'trainer,class(1/5)')), (3, held('10:00', '11:00', 'bikes(1/5),class(1/5)'));
TABLE locks;
UPDATE bookings SET o = held('10:00', '11:00', 'bikes(2/5),class(2/5)') WHERE id = 3;
TABLE locks;
-- also of a statement that fails, of one in a function, and of one in a savepoint
SAVEPOINT here;
INSERT INTO bookings VALUES (4, held('10:00', '11:00', 'bikes(1/5),class(2/5)'));
ROLLBACK TO here;
TABLE locks;
DO $$
BEGIN
	FOR n IN 4 .. 7 LOOP
		BEGIN
			INSERT INTO bookings VALUES (n, held('10:00', '11:00', 'bikes(1/5),helmets(2/5)'));
		EXCEPTION WHEN exclusion_violation THEN
			RAISE NOTICE '%', sqlerrm;
		END;
	END LOOP;
END $$;
TABLE locks;
SAVEPOINT here;
INSERT INTO bookings VALUES (8, held('11:00', '12:00', 'bikes(1/5),other_trainer'));
RELEASE here;
TABLE locks;
-- ... unless they were taken before
SELECT occupancy_lock('bookings_held', held('12:00', '13:00', 'class(1/5)'));
TABLE locks;
INSERT INTO bookings VALUES (9, held('12:00', '13:00', 'class(1/5)'));
TABLE locks;
ROLLBACK;
TABLE locks;
DROP VIEW locks;

--
-- The guard counts at every instant, as a count by hand does
--
SELECT setseed(0.12);
CREATE TABLE tried (id int, starts int, ends int, resource int, seats int, capacity int, accepted boolean);
DO $$
DECLARE
	i int;
	s int;
	e int;
	r int;
	n int;
	c int;
BEGIN
	FOR i IN 1 .. 1500 LOOP
		s := (random() * 200)::int;
		e := s + 1 + (random() * 20)::int;
		r := (random() * 2)::int;
		n := 1 + (random() * 3)::int;
		c := CASE WHEN random() < 0.1 THEN 8 ELSE 10 END;
		BEGIN
			INSERT INTO bookings SELECT i, occupancy_seats(epoch + s * interval '1 minute', epoch + e * interval '1 minute', 'r' || r, n, c)
			FROM (VALUES (timestamptz '2024-01-01')) v (epoch);
			INSERT INTO tried VALUES (i, s, e, r, n, c, true);
		EXCEPTION WHEN exclusion_violation THEN
			INSERT INTO tried VALUES (i, s, e, r, n, c, false);
		END;
	END LOOP;
END $$;
SELECT count(*) FILTER (WHERE accepted) > 100 AS enough_accepted, count(*) FILTER (WHERE NOT accepted) > 100 AS enough_refused FROM tried;
-- with what was accepted before it, at any minute of its own
SELECT count(*) AS differences
FROM tried t CROSS JOIN LATERAL (
	SELECT bool_or(t.seats + coalesce(u.seats, 0) > least(t.capacity, u.capacity)) AS too_full
	FROM generate_series(t.starts, t.ends - 1) minute CROSS JOIN LATERAL (
		SELECT sum(u.seats) AS seats, min(u.capacity) AS capacity FROM tried u
		WHERE u.accepted AND u.id < t.id AND u.resource = t.resource AND u.starts <= minute AND minute < u.ends) u) x
WHERE t.accepted = x.too_full;
SELECT * FROM occupancy_overbooked('bookings_held');
SELECT resource, max(taken) FROM tried t, LATERAL (SELECT sum(u.seats) AS taken FROM tried u
	WHERE u.accepted AND u.resource = t.resource AND u.starts <= t.starts AND t.starts < u.ends) x GROUP BY resource ORDER BY resource;
DROP TABLE tried;
TRUNCATE bookings;

--
-- Upserts, MERGE, COPY
--
INSERT INTO bookings VALUES (1, held('10:00', '11:00', 'class(3/5)')), (2, held('10:00', '11:00', 'class(2/5)'));
-- a row with the same key is the business of ON CONFLICT
INSERT INTO bookings VALUES (2, held('10:00', '11:00', 'class(2/5)'), 'upserted') ON CONFLICT (id) DO UPDATE SET o = excluded.o, note = excluded.note;
INSERT INTO bookings VALUES (2, held('10:00', '11:00', 'class(3/5)'), 'more') ON CONFLICT (id) DO UPDATE SET o = excluded.o, note = excluded.note;
INSERT INTO bookings VALUES (2, held('10:00', '11:00', 'class(1/5)'), 'fewer') ON CONFLICT (id) DO UPDATE SET o = excluded.o, note = excluded.note;
INSERT INTO bookings VALUES (2, held('10:00', '11:00', 'class(5/5)'), 'only the note') ON CONFLICT (id) DO UPDATE SET note = excluded.note;
INSERT INTO bookings VALUES (2, held('10:00', '11:00', 'class(5/5)'), 'nothing') ON CONFLICT DO NOTHING;
INSERT INTO bookings VALUES (3, held('10:00', '11:00', 'class(1/5)')) ON CONFLICT (id) DO UPDATE SET o = excluded.o;
-- a new key is not passed over
INSERT INTO bookings VALUES (4, held('10:00', '11:00', 'class(1/5)')) ON CONFLICT DO NOTHING;
INSERT INTO bookings VALUES (4, held('10:00', '11:00', 'class(1/5)')) ON CONFLICT (id) DO UPDATE SET o = excluded.o;
-- several, one of them new
INSERT INTO bookings VALUES (2, held('10:00', '11:00', 'class(1/5)'), 'again'), (4, held('10:30', '11:30', 'class(1/5)'), NULL) ON CONFLICT (id) DO UPDATE SET o = excluded.o;
MERGE INTO bookings USING (VALUES (3, held('10:00', '11:00', 'class(2/5)'))) v (id, o) ON bookings.id = v.id
	WHEN MATCHED THEN UPDATE SET o = v.o WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.o);
MERGE INTO bookings USING (VALUES (1, held('10:00', '11:00', 'class(2/5)'), 1), (3, held('10:00', '11:00', 'class(1/5)'), 2), (4, held('10:00', '11:00', 'class(1/5)'), 3)) v (id, o, turn)
	ON bookings.id = v.id WHEN MATCHED THEN UPDATE SET o = v.o WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.o);
MERGE INTO bookings USING (VALUES (5, held('10:30', '10:40', 'class(1/5)'))) v (id, o) ON bookings.id = v.id
	WHEN MATCHED THEN UPDATE SET o = v.o WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.o);
SELECT id, o, note FROM bookings ORDER BY id;
\copy bookings (id, o) FROM STDIN
6	[2024-01-01T11:00:00Z,2024-01-01T12:00:00Z){class(3/5)}
7	[2024-01-01T11:30:00Z,2024-01-01T12:30:00Z){class(3/5)}
\.
\copy bookings (id, o) FROM STDIN
6	[2024-01-01T11:00:00Z,2024-01-01T12:00:00Z){class(3/5)}
7	[2024-01-01T11:30:00Z,2024-01-01T12:30:00Z){class(2/5)}
\.
SELECT * FROM occupancy_overbooked('bookings_held');
SELECT count(*) FROM bookings;

--
-- on_conflict=skip, and the setting
--
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION occupancy_guard('bookings_held', 'on_conflict=skip');
INSERT INTO bookings SELECT n, held('13:00', '14:00', 'class(2/5)') FROM generate_series(11, 14) n RETURNING id;
INSERT INTO bookings VALUES (15, held('13:00', '14:00', 'class')), (16, held('13:00', '14:00', '*')), (17, held('13:00', '14:00', 'class(1/5)')) RETURNING id;
-- an update is refused all the same
UPDATE bookings SET o = held('13:00', '14:00', 'class(2/5)') WHERE id = 17;
SET appointment.on_conflict = 'error';
INSERT INTO bookings VALUES (18, held('13:00', '14:00', 'class(1/5)'));
SET appointment.on_conflict = 'skip';
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION occupancy_guard('bookings_held');
INSERT INTO bookings VALUES (18, held('13:00', '14:00', 'class(1/5)')) RETURNING id;
RESET appointment.on_conflict;
INSERT INTO bookings VALUES (18, held('13:00', '14:00', 'class(1/5)'));
TRUNCATE bookings;

--
-- An exclusion constraint sees pairs; the guard beside it counts
--
CREATE TABLE classes (id int PRIMARY KEY, o occupancy, EXCLUDE USING gist (o WITH &&));
INSERT INTO classes SELECT n, held('10:00', '11:00', 'class(2/5)') FROM generate_series(1, 3) n;
INSERT INTO classes VALUES (4, held('10:00', '11:00', 'class(4/5)'));
SELECT * FROM occupancy_overbooked('classes_o_excl');
DELETE FROM classes WHERE id = 3;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON classes FOR EACH ROW EXECUTE FUNCTION occupancy_guard('classes_o_excl');
SELECT * FROM what_it_gets($$INSERT INTO classes VALUES (3, held('10:00', '11:00', 'class(2/5)'))$$);
INSERT INTO classes VALUES (3, held('10:00', '11:00', 'class(4/5)'));
INSERT INTO classes VALUES (3, held('10:00', '11:00', 'class(1/5)'));
INSERT INTO classes VALUES (4, held('10:00', '11:00', 'class(1/5)')) ON CONFLICT DO NOTHING;
SELECT id, o FROM classes ORDER BY id;
DROP TABLE classes;

-- ... with other columns in it: what does not conflict by these is not counted
CREATE EXTENSION btree_gist;
CREATE TABLE classes (id int PRIMARY KEY, site int, o occupancy, EXCLUDE USING gist (site WITH =, o WITH &&));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON classes FOR EACH ROW EXECUTE FUNCTION occupancy_guard('classes_site_o_excl');
INSERT INTO classes SELECT n, n % 2, held('10:00', '11:00', 'class(2/5)') FROM generate_series(1, 4) n;
INSERT INTO classes VALUES (5, 1, held('10:00', '11:00', 'class(2/5)'));
SELECT * FROM what_it_gets($$INSERT INTO classes VALUES (5, 1, held('10:00', '11:00', 'class(2/5)'))$$);
INSERT INTO classes VALUES (5, 1, held('10:00', '11:00', 'class(1/5)')), (6, 2, held('10:00', '11:00', 'class(5/5)')), (7, NULL, held('10:00', '11:00', 'class(5/5)'));
-- a row moves to another site, or to none
UPDATE classes SET site = 1 WHERE id = 2;
UPDATE classes SET site = 0 WHERE id = 5;
UPDATE classes SET site = NULL WHERE id = 2;
UPDATE classes SET site = 1 WHERE id = 7;
SELECT id, site, o FROM classes ORDER BY id;
SELECT * FROM occupancy_overbooked('classes_site_o_excl');
TRUNCATE classes;
SELECT * FROM occupancy_overbooked('classes_site_o_excl');
DROP TABLE classes;
-- what is not equal conflicts: a course of several hours shares the hall with itself
CREATE TABLE classes (id int PRIMARY KEY, course int, o occupancy, EXCLUDE USING gist (o WITH &&, course WITH <>));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON classes FOR EACH ROW EXECUTE FUNCTION occupancy_guard('classes_o_course_excl');
INSERT INTO classes SELECT n, 1, held('10:00', '11:00', 'hall(40/100)') FROM generate_series(1, 3) n;
INSERT INTO classes VALUES (4, 2, held('10:00', '11:00', 'hall(1/100)'));
DELETE FROM classes WHERE id = 3;
INSERT INTO classes VALUES (4, 2, held('10:00', '11:00', 'hall(20/100)')), (5, 2, held('10:00', '11:00', 'hall(20/100)'));
INSERT INTO classes VALUES (6, 3, held('10:00', '11:00', 'hall(1/100)'));
DROP TABLE classes;
SET client_min_messages = warning;
DROP EXTENSION btree_gist;
RESET client_min_messages;

--
-- Partitions, at two levels: seats are counted over all of them
--
CREATE SCHEMA regress_seat;
CREATE TABLE visits (id int, day date, room text, o occupancy, note text) PARTITION BY RANGE (day);
CREATE TABLE regress_seat.visits PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (room);
CREATE TABLE regress_seat.visits_a PARTITION OF regress_seat.visits FOR VALUES IN ('a');
CREATE TABLE regress_seat.visits_b PARTITION OF regress_seat.visits DEFAULT;
-- another order of columns
CREATE TABLE visits_2025 (o occupancy, gone int, note text, room text, day date, id int);
ALTER TABLE visits_2025 DROP gone;
ALTER TABLE visits ATTACH PARTITION visits_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX visits_held ON visits USING gist (o);
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held');
INSERT INTO visits VALUES (1, '2024-12-31', 'a', held('10:00', '11:00', 'class(2/5)')), (2, '2024-12-31', 'b', held('10:00', '11:00', 'class(1/5)')),
	(3, '2025-01-01', 'a', held('10:00', '11:00', 'class(1/5)'));
SELECT * FROM what_it_gets($$INSERT INTO visits VALUES (4, '2025-01-01', 'c', held('10:00', '11:00', 'class(2/5)'))$$);
SELECT * FROM what_it_gets($$INSERT INTO regress_seat.visits_b VALUES (4, '2024-01-01', 'c', held('10:30', '11:30', 'class(2/5)'))$$);
INSERT INTO visits_2025 (id, day, o) VALUES (4, '2025-01-01', held('10:30', '11:30', 'class(2/5)'));
INSERT INTO regress_seat.visits VALUES (4, '2024-01-01', 'c', held('10:30', '11:30', 'class(1/5)'));
-- moves between partitions of either level: with its seats, with more, with fewer
UPDATE visits SET room = 'b' WHERE id = 1;
UPDATE visits SET day = '2025-01-01' WHERE id = 1;
UPDATE visits SET day = '2024-12-31', room = 'a', o = held('10:00', '11:00', 'class(3/5)') WHERE id = 1;
UPDATE visits SET day = '2024-12-31', room = 'a', o = held('10:00', '11:00', 'class(1/5)') WHERE id = 1;
UPDATE visits SET day = '2025-01-01', o = held('10:00', '11:00', 'class(2/5)') WHERE id = 1;
UPDATE visits SET day = '2024-12-31' WHERE id = 3;
SELECT tableoid::regclass, id, day, room, o FROM visits ORDER BY id;
-- all of them at once, in a class that is full
UPDATE visits SET day = CASE WHEN day < '2025-01-01' THEN date '2025-01-01' ELSE '2024-12-31' END;
SELECT tableoid::regclass, id, day, o FROM visits ORDER BY id;
-- a class that is too full may be moved, and shrinks
ALTER TABLE visits DISABLE TRIGGER guard;
INSERT INTO visits VALUES (5, '2025-01-01', 'a', held('10:00', '11:00', 'class(1/5)'));
ALTER TABLE visits ENABLE TRIGGER guard;
UPDATE visits SET day = '2024-12-31' WHERE id = 5;
UPDATE visits SET day = '2025-01-01', o = held('10:00', '10:45', 'class(1/5)') WHERE id = 5;
UPDATE visits SET day = '2024-12-31', o = held('10:00', '11:00', 'class(1/5)') WHERE id = 5;
UPDATE visits SET day = '2024-12-31', o = held('10:00', '10:30', 'class(1/5)') WHERE id = 5;
SELECT * FROM occupancy_overbooked('visits_held');
ALTER TABLE visits DISABLE TRIGGER guard;
UPDATE visits SET o = held('10:00', '11:00', 'class(2/5)') WHERE id IN (4, 5);
ALTER TABLE visits ENABLE TRIGGER guard;
SELECT * FROM occupancy_overbooked('visits_held');
-- of one partition alone
SELECT * FROM occupancy_overbooked('visits_2025_o_idx');
DROP TABLE visits;
DROP SCHEMA regress_seat CASCADE;

--
-- What the user may not see, the message does not tell
--
CREATE ROLE regress_booker;
GRANT EXECUTE ON FUNCTION what_it_gets TO regress_booker;
GRANT INSERT ON bookings TO regress_booker;
INSERT INTO bookings VALUES (1, held('10:00', '11:00', 'trainer,class(4/5)'));
SET ROLE regress_booker;
SELECT * FROM what_it_gets($$INSERT INTO bookings VALUES (2, held('10:30', '11:30', 'class(2/5)'))$$);
SELECT * FROM what_it_gets($$INSERT INTO bookings VALUES (2, held('10:30', '11:30', 'class'))$$);
SELECT * FROM what_it_gets($$INSERT INTO bookings VALUES (2, held('10:30', '11:30', 'trainer(1/2)'))$$);
INSERT INTO bookings VALUES (2, held('10:30', '11:30', 'class(1/5)'));
RESET ROLE;
-- of too few seats no row is shown: the column of the index is enough
GRANT SELECT (o) ON bookings TO regress_booker;
SET ROLE regress_booker;
SELECT * FROM what_it_gets($$INSERT INTO bookings VALUES (3, held('10:30', '11:30', 'class(2/5)'))$$);
SELECT * FROM what_it_gets($$INSERT INTO bookings VALUES (3, held('10:30', '11:30', 'trainer(1/2)'))$$);
RESET ROLE;
GRANT SELECT (id) ON bookings TO regress_booker;
SET ROLE regress_booker;
SELECT * FROM what_it_gets($$INSERT INTO bookings VALUES (3, held('10:30', '11:30', 'trainer(1/2)'))$$);
SELECT * FROM occupancy_overbooked('bookings_held');
RESET ROLE;
ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;
CREATE POLICY not_hidden ON bookings FOR INSERT WITH CHECK (note IS DISTINCT FROM 'hidden');
GRANT SELECT ON bookings TO regress_booker;
SET ROLE regress_booker;
SELECT * FROM what_it_gets($$INSERT INTO bookings VALUES (3, held('10:30', '11:30', 'class(2/5)'))$$);
-- a row that is not for him: the same for a class that is full and one that is not
INSERT INTO bookings VALUES (3, held('10:30', '11:30', 'class(2/5)'), 'hidden');
INSERT INTO bookings VALUES (3, held('12:30', '13:30', 'class(2/5)'), 'hidden');
BEGIN;
SET LOCAL appointment.on_conflict = 'skip';
INSERT INTO bookings VALUES (3, held('10:30', '11:30', 'class(2/5)'), 'hidden');
ROLLBACK;
BEGIN;
SET LOCAL appointment.on_conflict = 'skip';
INSERT INTO bookings VALUES (3, held('10:30', '11:30', 'class(2/5)'));
COMMIT;
SELECT * FROM occupancy_overbooked('bookings_held');
RESET ROLE;
ALTER TABLE bookings DISABLE ROW LEVEL SECURITY;
SELECT count(*) FROM bookings;
-- in partitions, all of them are counted: all of them have to be his to see
CREATE TABLE visits (id int, day int, o occupancy) PARTITION BY LIST (day);
CREATE TABLE visits_1 PARTITION OF visits FOR VALUES IN (1);
CREATE TABLE visits_2 PARTITION OF visits FOR VALUES IN (2);
CREATE INDEX visits_held ON visits USING gist (o);
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held');
INSERT INTO visits VALUES (1, 1, held('10:00', '11:00', 'class(5/5)'));
GRANT SELECT, INSERT ON visits TO regress_booker;
GRANT SELECT ON visits_1 TO regress_booker;
SET ROLE regress_booker;
INSERT INTO visits VALUES (2, 1, held('10:30', '11:30', 'class(1/5)'));
INSERT INTO visits VALUES (2, 2, held('10:30', '11:30', 'class(1/5)'));
RESET ROLE;
GRANT SELECT ON visits_2 TO regress_booker;
SET ROLE regress_booker;
INSERT INTO visits VALUES (2, 1, held('10:30', '11:30', 'class(1/5)'));
INSERT INTO visits VALUES (2, 2, held('10:30', '11:30', 'class(1/5)'));
RESET ROLE;
DROP TABLE visits;

--
-- What is too full already: occupancy_overbooked
--
TRUNCATE bookings;
SELECT * FROM occupancy_overbooked('bookings_held');
ALTER TABLE bookings DISABLE TRIGGER guard;
-- the most of each stretch without a break, and its smallest capacity
INSERT INTO bookings VALUES (1, held('10:00', '12:00', 'class(4/5)')), (2, held('10:30', '11:00', 'class(2/5)')), (3, held('11:00', '11:30', 'class(3/6)')),
	(4, held('11:45', '12:15', 'class(2/3)')),
	-- in scopes, of which one is empty
	(5, held('10:00', '11:00', 'class(3/5)', 'acme:')), (6, held('10:00', '11:00', 'class(3/5)', 'umbrella:')), (7, held('10:00', '11:00', 'class(3/5)', 'acme:')),
	(8, held('10:00', '11:00', 'class(3/5)', '"":')), (9, held('10:30', '11:30', 'class(3/5)', '"":')),
	-- several resources of a row, one of them held alone twice: that is a pair
	(10, held('14:00', '15:00', 'bikes(3/5),class(1/5),trainer')), (11, held('14:00', '15:00', 'bikes(3/5),class(1/5),trainer')),
	-- full, but not too full; cancelled; without an occupancy; by seats and alone
	(12, held('16:00', '17:00', 'class(5/5)')), (13, NULL), (14, held('16:00', '17:00', 'class'));
INSERT INTO bookings VALUES (15, held('16:00', '17:00', 'class(5/5)'), NULL, 'cancelled');
ALTER TABLE bookings ENABLE TRIGGER guard;
\pset null -
SELECT * FROM occupancy_overbooked('bookings_held') ORDER BY scope NULLS FIRST, resource, starts_at;
\pset null ''
SELECT a.id, b.id, shared FROM occupancy_conflicts('bookings_held') c JOIN bookings a ON a.ctid = row_a JOIN bookings b ON b.ctid = row_b
WHERE shared && occupancy_all('2024-01-01 13:00', '2024-01-01 18:00') ORDER BY 1, 2;
-- who may ask, and what cannot be asked
SET ROLE regress_booker;
SELECT count(*) FROM occupancy_overbooked('bookings_held');
RESET ROLE;
REVOKE ALL ON bookings FROM regress_booker;
SET ROLE regress_booker;
SELECT count(*) FROM occupancy_overbooked('bookings_held');
RESET ROLE;
GRANT SELECT ON bookings TO regress_booker;
ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;
SET ROLE regress_booker;
SELECT count(*) FROM occupancy_overbooked('bookings_held');
RESET ROLE;
SELECT count(*) FROM occupancy_overbooked('bookings_held');
-- what an index calls runs with the rights of the table's owner, whoever asks
CREATE SCHEMA regress_private AUTHORIZATION regress_booker;
SET ROLE regress_booker;
CREATE FUNCTION regress_private.spy(o public.occupancy) RETURNS public.occupancy LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RAISE NOTICE '% with %', current_user, current_setting('search_path');
	RETURN o;
END $$;
CREATE TABLE regress_private.trap (o occupancy);
CREATE INDEX trap_held ON regress_private.trap USING gist (regress_private.spy(o));
SET client_min_messages = warning;
INSERT INTO regress_private.trap VALUES ('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){class(3/5)}'), ('[2024-01-01T10:30:00Z,2024-01-01T11:00:00Z){class(3/5)}');
RESET client_min_messages;
RESET ROLE;
SELECT * FROM occupancy_overbooked('regress_private.trap_held');
SELECT current_user = session_user AS myself_again, current_setting('search_path') AS search_path;
SET client_min_messages = warning;
DROP SCHEMA regress_private CASCADE;
RESET client_min_messages;
SELECT * FROM occupancy_overbooked(NULL);
SELECT * FROM occupancy_overbooked('bookings');
SELECT * FROM occupancy_overbooked('bookings_pkey');
SELECT * FROM occupancy_overbooked('nothing');
SELECT * FROM occupancy_overbooked(1);

REVOKE EXECUTE ON FUNCTION what_it_gets FROM regress_booker;
DROP TABLE bookings;
DROP ROLE regress_booker;
DROP FUNCTION held, what_it_gets;
