-- Holds that expire: the option expires= of the guard, in one session.  What
-- several sessions do is in the isolation tests.  Nothing here waits: a hold has
-- expired long ago, or will in a time to come.
SET TimeZone = 'UTC';
\set past '\'2024-01-01 00:00\''
\set future '\'2999-01-01 00:00\''

CREATE TABLE bookings (
	id int PRIMARY KEY,
	room text,
	starts_at timestamptz,
	ends_at timestamptz,
	hold_expires_at timestamptz,
	note text
);
CREATE INDEX bookings_held ON bookings USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON bookings FOR EACH ROW EXECUTE FUNCTION occupancy_guard('bookings_held', 'expires=hold_expires_at');
SELECT * FROM appointment_trigger_problems('bookings');

--
-- What is in the way, and what is not
--
INSERT INTO bookings VALUES (1, 'a', '2024-05-01 10:00', '2024-05-01 11:00', :past),
	(2, 'b', '2024-05-01 10:00', '2024-05-01 11:00', :future), (3, 'c', '2024-05-01 10:00', '2024-05-01 11:00', NULL),
	(4, 'd', '2024-05-01 10:00', '2024-05-01 11:00', 'infinity'), (5, 'e', '2024-05-01 10:00', '2024-05-01 11:00', '-infinity');
INSERT INTO bookings VALUES (11, 'a', '2024-05-01 10:00', '2024-05-01 11:00');
INSERT INTO bookings VALUES (12, 'b', '2024-05-01 10:00', '2024-05-01 11:00');
INSERT INTO bookings VALUES (13, 'c', '2024-05-01 10:00', '2024-05-01 11:00');
INSERT INTO bookings VALUES (14, 'd', '2024-05-01 10:00', '2024-05-01 11:00');
INSERT INTO bookings VALUES (15, 'e', '2024-05-01 10:00', '2024-05-01 11:00');
-- a new hold over a booking, over a hold, over an expired one
INSERT INTO bookings VALUES (16, 'c', '2024-05-01 10:30', '2024-05-01 11:30', :future);
INSERT INTO bookings VALUES (16, 'b', '2024-05-01 10:30', '2024-05-01 11:30', :future);
INSERT INTO bookings VALUES (16, 'a', '2024-05-01 11:00', '2024-05-01 12:00', :past), (17, 'a', '2024-05-01 11:00', '2024-05-01 12:00', :future);
-- a new row that has expired holds nothing, and is let in wherever it is
INSERT INTO bookings VALUES (18, 'a', '2024-05-01 10:00', '2024-05-01 12:00', :past), (19, 'a', '2024-05-01 10:00', '2024-05-01 12:00', '-infinity');
INSERT INTO bookings VALUES (20, 'a', '2024-05-01 10:00', NULL, :past);
SELECT id, room, starts_at, hold_expires_at FROM bookings ORDER BY id;

-- The clock counts, not the start of the transaction or of the statement
BEGIN;
INSERT INTO bookings VALUES (30, 'clock', '2024-05-01 10:00', '2024-05-01 11:00', clock_timestamp());
INSERT INTO bookings VALUES (31, 'clock', '2024-05-01 10:00', '2024-05-01 11:00');
SELECT hold_expires_at > now() AS later_than_now FROM bookings WHERE id = 30;
ROLLBACK;
TRUNCATE bookings;

--
-- Confirmed, prolonged, shortened
--
INSERT INTO bookings SELECT n, 'room ' || n, '2024-05-01 10:00', '2024-05-01 11:00', :future FROM generate_series(1, 4) n;
INSERT INTO bookings SELECT n, 'room ' || n, '2024-05-01 10:00', '2024-05-01 11:00', :past FROM generate_series(5, 14) n;
-- in time
UPDATE bookings SET hold_expires_at = NULL WHERE id = 1;
UPDATE bookings SET hold_expires_at = 'infinity' WHERE id = 2;
UPDATE bookings SET hold_expires_at = hold_expires_at + interval '1 year' WHERE id = 3;
-- to another place at the same time
UPDATE bookings SET hold_expires_at = NULL, room = 'room 3' WHERE id = 4;
UPDATE bookings SET hold_expires_at = NULL, room = 'room 4b' WHERE id = 4;
-- too late, and the place is free still: as good as new
UPDATE bookings SET hold_expires_at = NULL WHERE id = 5;
UPDATE bookings SET hold_expires_at = :future WHERE id = 6;
-- too late, and somebody else has it: by a booking, by a hold
INSERT INTO bookings VALUES (21, 'room 7', '2024-05-01 10:30', '2024-05-01 11:30', NULL), (22, 'room 8', '2024-05-01 10:30', '2024-05-01 11:30', :future);
UPDATE bookings SET hold_expires_at = NULL WHERE id = 7;
UPDATE bookings SET hold_expires_at = 'infinity' WHERE id = 7;
UPDATE bookings SET hold_expires_at = :future WHERE id = 8;
-- a part of its place is free, and it needs no more
UPDATE bookings SET hold_expires_at = NULL, ends_at = '2024-05-01 10:30' WHERE id = 7;
-- the other one has expired, too, or has been removed
UPDATE bookings SET hold_expires_at = :past WHERE id = 22;
UPDATE bookings SET hold_expires_at = NULL WHERE id = 8;
UPDATE bookings SET hold_expires_at = NULL WHERE id = 22;
INSERT INTO bookings VALUES (23, 'room 9', '2024-05-01 10:30', '2024-05-01 11:30');
UPDATE bookings SET hold_expires_at = NULL WHERE id = 9;
DELETE FROM bookings WHERE id = 23;
UPDATE bookings SET hold_expires_at = NULL WHERE id = 9;
-- an expired row is changed otherwise: it holds nothing, wherever it comes to
UPDATE bookings SET note = 'expired', room = 'room 1' WHERE id = 10;
UPDATE bookings SET hold_expires_at = '2024-02-01' WHERE id = 10;
UPDATE bookings SET hold_expires_at = NULL WHERE id = 10;
-- shortened: to a time that is to come, and given up
UPDATE bookings SET hold_expires_at = '2998-01-01' WHERE id = 6;
INSERT INTO bookings VALUES (24, 'room 6', '2024-05-01 10:30', '2024-05-01 11:30');
UPDATE bookings SET hold_expires_at = :past WHERE id = 6;
INSERT INTO bookings VALUES (24, 'room 6', '2024-05-01 10:30', '2024-05-01 11:30');
-- a booking becomes a hold
UPDATE bookings SET hold_expires_at = :future WHERE id = 24;
UPDATE bookings SET hold_expires_at = NULL WHERE id = 6;
-- several at once: the first one gets it
UPDATE bookings SET room = 'room 11' WHERE id IN (11, 12, 13);
UPDATE bookings SET hold_expires_at = NULL WHERE id IN (11, 12, 13);
WITH first AS (SELECT min(id) AS id FROM bookings WHERE room = 'room 11') UPDATE bookings b SET hold_expires_at = NULL FROM first WHERE b.id = first.id;
UPDATE bookings SET hold_expires_at = NULL WHERE id = 12;
SELECT id, room, starts_at, ends_at, hold_expires_at FROM bookings ORDER BY id;
-- what has expired is swept, and nobody needs that
WITH swept AS (DELETE FROM bookings WHERE hold_expires_at < clock_timestamp() RETURNING id) SELECT id FROM swept ORDER BY id;

-- A hold that conflicts already may be prolonged while it lasts, as a row may be changed
TRUNCATE bookings;
INSERT INTO bookings VALUES (1, 'a', '2024-05-01 10:00', '2024-05-01 11:00', :future);
ALTER TABLE bookings DISABLE TRIGGER guard;
INSERT INTO bookings VALUES (2, 'a', '2024-05-01 10:00', '2024-05-01 11:00', :future), (3, 'a', '2024-05-01 10:00', '2024-05-01 11:00', :past);
ALTER TABLE bookings ENABLE TRIGGER guard;
UPDATE bookings SET hold_expires_at = NULL WHERE id = 2;
UPDATE bookings SET hold_expires_at = NULL, ends_at = '2024-05-01 11:01' WHERE id = 2;
UPDATE bookings SET hold_expires_at = NULL WHERE id = 3;

-- Upserts: onto a hold, onto an expired one, onto one whose place has gone
TRUNCATE bookings;
INSERT INTO bookings VALUES (1, 'a', '2024-05-01 10:00', '2024-05-01 11:00', :future), (2, 'b', '2024-05-01 10:00', '2024-05-01 11:00', :past),
	(3, 'c', '2024-05-01 10:00', '2024-05-01 11:00', :past), (4, 'c', '2024-05-01 10:30', '2024-05-01 11:30', NULL);
INSERT INTO bookings VALUES (1, 'a', '2024-05-01 10:00', '2024-05-01 11:00') ON CONFLICT (id) DO UPDATE SET hold_expires_at = excluded.hold_expires_at;
INSERT INTO bookings VALUES (2, 'b', '2024-05-01 10:00', '2024-05-01 11:00') ON CONFLICT (id) DO UPDATE SET hold_expires_at = excluded.hold_expires_at;
INSERT INTO bookings VALUES (3, 'c', '2024-05-01 10:00', '2024-05-01 11:00') ON CONFLICT (id) DO UPDATE SET hold_expires_at = excluded.hold_expires_at;
INSERT INTO bookings VALUES (3, 'c', '2024-05-01 10:00', '2024-05-01 11:00') ON CONFLICT (id) DO UPDATE SET note = 'still expired';
INSERT INTO bookings VALUES (3, 'c', '2024-05-01 10:00', '2024-05-01 11:00') ON CONFLICT DO NOTHING;
INSERT INTO bookings VALUES (5, 'b', '2024-05-01 10:00', '2024-05-01 11:00') ON CONFLICT DO NOTHING;
INSERT INTO bookings VALUES (5, 'b', '2024-05-01 10:00', '2024-05-01 11:00', :past) ON CONFLICT DO NOTHING;
MERGE INTO bookings USING (VALUES (5)) v (id) ON bookings.id = v.id WHEN MATCHED THEN UPDATE SET hold_expires_at = NULL;
MERGE INTO bookings USING (VALUES (5)) v (id) ON bookings.id = v.id WHEN MATCHED THEN UPDATE SET hold_expires_at = NULL, room = 'd';
SELECT id, room, hold_expires_at, note FROM bookings ORDER BY id;

-- on_conflict=skip beside it, in any order
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION occupancy_guard('bookings_held', 'expires=hold_expires_at', 'on_conflict=skip');
INSERT INTO bookings VALUES (6, 'a', '2024-05-01 10:00', '2024-05-01 11:00', NULL), (7, 'a', '2024-05-01 10:00', '2024-05-01 11:00', :past), (8, 'e', '2024-05-01 10:00', '2024-05-01 11:00', :future) RETURNING id;
UPDATE bookings SET hold_expires_at = NULL WHERE id = 7;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION occupancy_guard('bookings_held', 'on_conflict=skip', 'expires=hold_expires_at');
INSERT INTO bookings VALUES (6, 'a', '2024-05-01 10:00', '2024-05-01 11:00', NULL), (9, 'f', '2024-05-01 10:00', '2024-05-01 11:00', :future) RETURNING id;
DROP TABLE bookings;

--
-- Seats: what has expired takes none, and is not strict
--
CREATE TABLE seats (id int PRIMARY KEY, o occupancy, until timestamptz);
CREATE INDEX seats_held ON seats USING gist (o);
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON seats FOR EACH ROW EXECUTE FUNCTION occupancy_guard('seats_held', 'expires=until');
INSERT INTO seats VALUES (1, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){class(3/5)}', :past), (2, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){class(1/1)}', :past),
	(3, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){class(2/5)}', :future), (4, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){class(1/5)}', NULL);
INSERT INTO seats VALUES (5, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){class(3/5)}');
UPDATE seats SET until = NULL WHERE id = 1;
UPDATE seats SET until = NULL, o = '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){class(2/5)}' WHERE id = 1;
UPDATE seats SET until = NULL WHERE id = 2;
UPDATE seats SET until = :past WHERE id = 3;
INSERT INTO seats VALUES (5, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){class(2/5)}');
UPDATE seats SET until = :future WHERE id = 3;
SELECT id, o, until FROM seats ORDER BY id;
SELECT * FROM occupancy_overbooked('seats_held');
DROP TABLE seats;

--
-- All who look agree on what has expired: the guard, occupancy_conflicts,
-- occupancy_overbooked, occupancy_pick
--
SELECT setseed(0.34);
CREATE TABLE agreed (id int PRIMARY KEY, o occupancy, until timestamptz);
CREATE INDEX agreed_held ON agreed USING gist (o);
INSERT INTO agreed SELECT n, CASE WHEN n % 2 = 0
	THEN occupancy_seats(s, s + interval '1 hour', 'class ' || (random() * 20)::int, 1 + (random() * 2)::int, 4)
	ELSE occupancy(s, s + interval '1 hour', ARRAY['room ' || (random() * 20)::int]) END,
	CASE (random() * 2)::int WHEN 0 THEN timestamptz :past WHEN 1 THEN :future END
FROM (SELECT n, timestamptz '2024-05-01' + (random() * 20)::int * interval '30 minutes' AS s FROM generate_series(1, 600) n) x;
CREATE VIEW pairs AS SELECT a.id AS a, b.id AS b FROM agreed a JOIN agreed b ON a.id < b.id AND a.o && b.o
	AND coalesce(a.until > clock_timestamp(), true) AND coalesce(b.until > clock_timestamp(), true);
CREATE VIEW found AS SELECT a.id AS a, b.id AS b FROM occupancy_conflicts('agreed_held') c
	JOIN agreed a ON a.ctid = c.row_a JOIN agreed b ON b.ctid = c.row_b;
-- without a guard nobody knows that holds expire
SELECT count(*) > 100 AS enough, count(*) = (SELECT count(*) FROM agreed a JOIN agreed b ON a.id < b.id AND a.o && b.o) AS all_rows FROM found;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON agreed FOR EACH ROW EXECUTE FUNCTION occupancy_guard('agreed_held', 'expires=until');
SELECT count(*) > 100 AS enough, count(*) = (SELECT count(*) FROM pairs) AS those_that_hold FROM found;
SELECT count(*) AS differences FROM (TABLE found EXCEPT TABLE pairs UNION ALL (TABLE pairs EXCEPT TABLE found)) d;
-- too full at an instant: with the seats of those that hold
SELECT count(*) > 20 AS enough FROM occupancy_overbooked('agreed_held');
SELECT count(*) AS differences
FROM (SELECT DISTINCT 'class ' || n AS resource, at FROM generate_series(0, 20) n, generate_series(timestamptz '2024-05-01', '2024-05-02', interval '30 minutes') at) i
CROSS JOIN LATERAL (SELECT coalesce(occupancy_seats_taken(o, resource), 0) > 4 AS too_full FROM agreed
	WHERE o && occupancy_all(at, at + interval '1 minute') AND resource = ANY (occupancy_resources(o)) AND coalesce(until > clock_timestamp(), true)) x
CROSS JOIN LATERAL (SELECT count(*) > 0 AS told FROM occupancy_overbooked('agreed_held') f WHERE f.resource = i.resource AND f.starts_at <= at AND at < f.ends_at) y
WHERE too_full <> told;
-- what can be picked is what nobody holds
SELECT count(*) FILTER (WHERE free) > 20 AS enough_free, count(*) FILTER (WHERE NOT free) > 20 AS enough_taken, count(*) FILTER (WHERE free <> picked) AS differences
FROM (SELECT occupancy_pick('agreed_held', ARRAY['room ' || n], at, at + interval '30 minutes') IS NOT NULL AS picked,
		NOT EXISTS (SELECT FROM agreed a WHERE a.o && occupancy(at, at + interval '30 minutes', ARRAY['room ' || n])
			AND coalesce(until > clock_timestamp(), true)) AS free
	FROM generate_series(0, 20) n, generate_series(timestamptz '2024-05-01', '2024-05-01 12:00', interval '2 hours') at) x;
DROP VIEW pairs, found;
DROP TABLE agreed;

--
-- Columns: a domain, a field of an appointment, a domain over appointment
--
CREATE DOMAIN deadline AS timestamptz CHECK (VALUE > '2000-01-01');
CREATE DOMAIN visit AS appointment CHECK (VALUE IS NOT NULL);
CREATE TABLE held (id int, o occupancy, "held until" deadline);
CREATE INDEX held_o ON held USING gist (o);
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON held FOR EACH ROW EXECUTE FUNCTION occupancy_guard('held_o', 'expires=held until');
INSERT INTO held VALUES (1, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}', :past), (2, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}', :future);
INSERT INTO held VALUES (3, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}', NULL);
SELECT * FROM appointment_trigger_problems('held');
DROP TABLE held;

CREATE FUNCTION visit(id int, more text DEFAULT '') RETURNS appointment LANGUAGE sql AS $$
	SELECT format('{"id":"%s","room_id":"r","starts_at":"2024-05-01T10:00:00Z","ends_at":"2024-05-01T11:00:00Z"%s}', id, more)::appointment $$;
CREATE TABLE visits (n int, a appointment);
CREATE INDEX visits_held ON visits USING gist (appointment_occupancy(a));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held', 'expires=a.hold_expires_at');
SELECT * FROM appointment_trigger_problems('visits');
INSERT INTO visits VALUES (1, visit(1, ',"hold_expires_at":"2024-01-01T00:00:00Z"'));
INSERT INTO visits VALUES (2, visit(2, ',"status":"scheduled","hold_expires_at":"2999-01-01T00:00:00Z"'));
INSERT INTO visits VALUES (3, visit(3));
INSERT INTO visits VALUES (3, visit(3, ',"hold_expires_at":null'));
INSERT INTO visits VALUES (3, visit(3, ',"status":"cancelled"')), (4, NULL);
UPDATE visits SET a = appointment_set(a, 'hold_expires_at', '"2024-01-01T00:00:00Z"') WHERE n = 2;
INSERT INTO visits VALUES (5, visit(5));
UPDATE visits SET a = appointment_set(a, 'hold_expires_at', NULL) WHERE n = 1;
UPDATE visits SET a = appointment_set(a, 'status', '"cancelled"') WHERE n = 5;
-- to confirm ends the hold
UPDATE visits SET a = appointment_confirm(a, true) WHERE n = 2;
SELECT n, a ->> 'status' AS status, a ->> 'hold_expires_at' AS hold_expires_at FROM visits ORDER BY n;
UPDATE visits SET a = appointment_set(a, 'hold_expires_at', NULL) WHERE n = 1;
-- the field, wherever the value is: in a domain, in a partition with other columns, large
DROP TABLE visits;
CREATE TABLE visits (n int, a visit) PARTITION BY LIST (n);
CREATE TABLE visits_1 PARTITION OF visits FOR VALUES IN (1);
CREATE TABLE visits_2 (a visit, gone text, n int);
ALTER TABLE visits_2 DROP gone;
ALTER TABLE visits ATTACH PARTITION visits_2 FOR VALUES IN (2);
CREATE INDEX visits_held ON visits USING gist (appointment_occupancy(a));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held', 'expires=a.hold_expires_at');
INSERT INTO visits VALUES (2, visit(1, ',"hold_expires_at":"2024-01-01T00:00:00Z","note":"' || (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 1000) n) || '"'));
INSERT INTO visits VALUES (1, visit(2, ',"hold_expires_at":"2999-01-01T00:00:00Z"'));
UPDATE visits SET a = appointment_set(a, 'hold_expires_at', NULL) WHERE n = 2;
UPDATE visits SET a = appointment_set(a, 'hold_expires_at', '"2024-01-01T00:00:00Z"') WHERE n = 1;
UPDATE visits SET a = appointment_set(a, 'hold_expires_at', NULL) WHERE n = 2;
SELECT n, a ->> 'hold_expires_at' AS hold_expires_at FROM visits ORDER BY n;
DROP TABLE visits;

-- A column whose name looks like a field is the column
CREATE TABLE visits (a text, "a.hold_expires_at" timestamptz, o occupancy);
CREATE INDEX visits_held ON visits USING gist (o);
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held', 'expires=a.hold_expires_at');
INSERT INTO visits VALUES (1, :past, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}'), (2, :future, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}');
INSERT INTO visits VALUES (3, NULL, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}');
DROP TABLE visits;

--
-- Partitions: the column is at another number in one of them
--
CREATE TABLE visits (id int, day date, o occupancy, until timestamptz) PARTITION BY RANGE (day);
CREATE TABLE visits_2024 PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE visits_2025 (until timestamptz, since timestamptz, o occupancy, id int, day date);
ALTER TABLE visits_2025 DROP since;
ALTER TABLE visits ATTACH PARTITION visits_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX visits_held ON visits USING gist (o);
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held', 'expires=until');
SELECT * FROM appointment_trigger_problems('visits');
INSERT INTO visits VALUES (1, '2024-12-31', '[2024-12-31T23:00:00Z,2025-01-01T01:00:00Z){a}', :past), (2, '2025-01-01', '[2024-12-31T23:00:00Z,2025-01-01T01:00:00Z){a}', :past);
INSERT INTO visits VALUES (3, '2025-01-01', '[2024-12-31T23:00:00Z,2025-01-01T01:00:00Z){a}', :future);
INSERT INTO visits VALUES (4, '2024-12-31', '[2024-12-31T23:00:00Z,2025-01-01T01:00:00Z){a}', NULL);
-- moves: an expired hold holds nothing there either; one that counts is checked only if it has expired
UPDATE visits SET day = '2025-01-01' WHERE id = 1;
UPDATE visits SET day = '2024-12-31', until = NULL WHERE id = 1;
UPDATE visits SET day = '2024-12-31', until = NULL WHERE id = 2;
UPDATE visits SET day = '2024-12-31' WHERE id = 3;
UPDATE visits SET day = '2025-01-01', until = NULL WHERE id = 3;
-- ... and given up on the way
UPDATE visits SET day = '2024-12-31', until = :past WHERE id = 3;
UPDATE visits SET day = '2024-12-31', until = :future WHERE id = 2;
UPDATE visits SET day = '2025-01-01', until = NULL WHERE id = 3;
SELECT tableoid::regclass, id, day, until FROM visits ORDER BY id;
SELECT * FROM occupancy_conflicts('visits_held');
SELECT occupancy_pick('visits_held', '{a,b}', '2024-12-31 23:30', '2024-12-31 23:45');
UPDATE visits SET until = :past WHERE id = 2;
SELECT occupancy_pick('visits_held', '{a,b}', '2024-12-31 23:30', '2024-12-31 23:45');
-- by a partition's own index the same guard is known
SELECT occupancy_pick('visits_2024_o_idx', '{a,b}', '2024-12-31 23:30', '2024-12-31 23:45');
DROP TABLE visits;

--
-- Misuse: what the trigger raises, and appointment_trigger_problems() says before
--
CREATE TABLE misused (id int, o occupancy, until timestamptz, local timestamp, day date, word text, a appointment, e appointment_event, ranges tstzrange,
	made timestamptz DEFAULT '2024-01-01', later timestamptz GENERATED ALWAYS AS (made) STORED);
CREATE INDEX misused_held ON misused USING gist (o);
ALTER TABLE misused ADD CONSTRAINT misused_excl EXCLUDE USING gist (o WITH &&);
\pset format unaligned
\pset null -
CREATE FUNCTION misuse(event text, VARIADIC arguments text[]) RETURNS TABLE (sqlstate text, message text, detail text, hint text, raised text) LANGUAGE plpgsql AS $$
DECLARE
	m text;
	d text;
	h text;
BEGIN
	EXECUTE format('CREATE OR REPLACE TRIGGER guard BEFORE %s ON misused FOR EACH ROW EXECUTE FUNCTION occupancy_guard(%s)', event,
		(SELECT string_agg(quote_literal(a), ', ') FROM unnest(arguments) a));
	SELECT p.sqlstate, p.message, p.detail, p.hint INTO sqlstate, message, detail, hint FROM appointment_trigger_problems('misused') p;
	BEGIN
		INSERT INTO misused VALUES (1, '[2024-05-01T10:00:00Z,2024-05-01T11:00:00Z){a}');
		raised := 'nothing';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS m = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
		raised := CASE WHEN (SQLSTATE, m, nullif(d, ''), nullif(h, '')) IS NOT DISTINCT FROM (misuse.sqlstate, message, detail, hint) THEN 'the same' ELSE SQLSTATE || ' ' || m END;
	END;
	DELETE FROM misused;
	RETURN NEXT;
END $$;
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=until');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_excl', 'expires=until');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=nothing');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=ctid');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=UNTIL');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=local');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=day');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=word');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=ranges');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=o');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=later');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=a');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=a.hold_expires_at');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=a.starts_at');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=a.');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=.hold_expires_at');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=until.hold_expires_at');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires=e.hold_expires_at');
SELECT * FROM misuse('INSERT OR UPDATE', 'misused_held', 'expires_at=until');
SELECT * FROM misuse('INSERT OR UPDATE OF o', 'misused_held', 'expires=until');
SELECT * FROM misuse('INSERT OR UPDATE OF o, until', 'misused_held', 'expires=until');
SELECT * FROM misuse('INSERT OR UPDATE OF o', 'misused_held', 'expires=a.hold_expires_at');
-- a later change of the table
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON misused FOR EACH ROW EXECUTE FUNCTION occupancy_guard('misused_held', 'expires=until');
ALTER TABLE misused RENAME until TO held_until;
SELECT sqlstate, message, detail, hint FROM appointment_trigger_problems('misused');
-- ... those who look cannot know then what has expired
SELECT * FROM occupancy_conflicts('misused_held');
SELECT * FROM occupancy_overbooked('misused_held');
SELECT occupancy_pick('misused_held', '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
-- by another index nothing expires
SELECT occupancy_pick('misused_excl', '{a}', '2024-05-01 10:00', '2024-05-01 11:00');
DROP TABLE misused;

-- of a partitioned table: what is wrong with all of it, and with a partition
CREATE TABLE misused (id int, o occupancy, until timestamptz, word text) PARTITION BY LIST (id);
CREATE TABLE misused_1 PARTITION OF misused FOR VALUES IN (1);
CREATE INDEX misused_held ON misused USING gist (o);
CREATE FUNCTION problems(arguments text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON misused FOR EACH ROW EXECUTE FUNCTION occupancy_guard(%s)', arguments);
	RETURN QUERY SELECT p.relation || ': ' || p.sqlstate || ' ' || p.message FROM appointment_trigger_problems('misused') p;
END $$;
SELECT problems($$'misused_held', 'expires=until'$$);
SELECT problems($$'misused_held', 'expires=word'$$);
SELECT problems($$'misused_held', 'expires=nothing'$$);
DROP TABLE misused;
DROP FUNCTION misuse, problems;
DROP FUNCTION visit;
DROP DOMAIN deadline, visit;
