--
-- Histories of any length: an entry is added to what is there as it lies, and
-- the log has the entry alone.
--
CREATE SCHEMA regress_history;
SET search_path = regress_history, public;
SET TimeZone = 'UTC';
\pset format unaligned
\echo seed 0.42
SELECT setseed(0.42) \gset

-- ---------------------------------------------------------------------
-- a value
-- ---------------------------------------------------------------------

-- A value lies as it would if it were read from its text, which takes each entry
-- apart.  A cast without function shows the bytes; the other tests do not need it.
BEGIN;
CREATE CAST (appointment AS bytea) WITHOUT FUNCTION;
CREATE FUNCTION odd_bytes(a appointment) RETURNS boolean LANGUAGE sql IMMUTABLE AS
	$$SELECT a::bytea <> a::text::appointment::bytea$$;

-- random changes: how many there were, and how many gave a value that lies
-- otherwise, lost something, or did not tell of the change
CREATE FUNCTION live(a appointment, changes int, longest int, OUT entries int, OUT odd_bytes int, OUT odd_history int, OUT odd_entry int)
LANGUAGE plpgsql AS $$
DECLARE
	before jsonb := coalesce(a -> 'status_history', '[]');
	after jsonb;
	word text;
	actor text;
	at timestamptz := '2029-01-01Z';
BEGIN
	odd_bytes := 0;
	odd_history := 0;
	odd_entry := 0;
	FOR i IN 1 .. changes LOOP
		word := (ARRAY['pending', 'scheduled', 'arrived', 'in_progress', 'completed', 'cancelled', 'Canceled', 'odd', E'\u00fc"\n'])[1 + (random() * 8)::int];
		actor := (ARRAY[NULL, 'usr_' || i, E'"\u00fc"\n\\' || i, repeat('x', 1 + (random() * longest)::int)])[1 + (random() * 3)::int];
		at := at + (random() * 10)::int * interval '1 ms';
		CASE (random() * 3)::int
			WHEN 0 THEN a := appointment_change_confirmed(a, random() < 0.5, at, actor);
			WHEN 1 THEN a := appointment_reschedule(a, '2030-01-01Z'::timestamptz + random() * interval '1 day', NULL, at, actor);
			ELSE a := appointment_change_status(a, word, at, actor);
		END CASE;
		after := a -> 'status_history';
		odd_bytes := odd_bytes + odd_bytes(a)::int;
		odd_history := odd_history + (after - -1 IS DISTINCT FROM before)::int;
		odd_entry := odd_entry + (after -> -1 ->> 'status' IS DISTINCT FROM a ->> 'status'
			OR after -> -1 ->> 'changed_by' IS DISTINCT FROM actor
			OR (after -> -1 ->> 'changed_at')::timestamptz IS DISTINCT FROM at)::int;
		before := after;
	END LOOP;
	entries := jsonb_array_length(before);
END $$;
SELECT name, l.* FROM (VALUES
	('new', '{}', 1), ('with a status', '{"status":"scheduled"}', 30),
	('with an empty history', '{"status":"scheduled","status_history":[]}', 30),
	('of null', '{"status":"scheduled","status_history":null}', 30),
	('with unknown members', '{"status":"scheduled","source":"avon","status_history":[{"status":"scheduled","changed_by":null,"unknown":{"avon":{"x":[1]}}},{}]}', 30),
	('with much else', format('{"status":"scheduled","note":"%s","status_history":[{}]}', repeat('n', 70000)), 5)) v (name, value, changes),
	LATERAL live(appointment_change_status(value::appointment, 'pending', '2028-01-01Z', NULL), changes, 20) l;

-- what takes too much for short offsets: by its bytes, by the number of entries
SELECT l.*, l.entries * 3000 > 65535 AS wide FROM live('{"status":"scheduled"}', 60, 6000) l;
SELECT n, l.* FROM generate_series(16380, 16382) n,
	LATERAL live(format('{"status":"scheduled","status_history":[%s]}', rtrim(repeat('{},', n), ','))::appointment, 3, 5) l;
SELECT size, odd_bytes(b), jsonb_array_length(b -> 'status_history') AS entries
FROM generate_series(65440, 65500) size,
	LATERAL (SELECT format('{"status_history":[{"changed_by":"%s"}]}', repeat('x', size))::appointment AS a) s,
	LATERAL (SELECT appointment_change_status(a, 'scheduled', '2029-01-01Z', 'x') AS b) c
WHERE odd_bytes(b) OR jsonb_array_length(b -> 'status_history') <> 2;
ROLLBACK;

-- A value has to be within the limits of its text, which is not written to know
-- that of one that is small.  This is as large as that goes, of what has most
-- values for its bytes.
SELECT pg_column_size(a), a::text::appointment = a AS can_be_read
FROM (SELECT appointment_set(format('{"recurrence":{"x":[%s]}}', rtrim(repeat('[],', 43672), ','))::appointment, 'id', '"1234567"') AS a) s;

-- ---------------------------------------------------------------------
-- the log
-- ---------------------------------------------------------------------

SELECT appointment_create_change_log('regress_history.log') \g /dev/null
CREATE TABLE booking (id int PRIMARY KEY, status text, history jsonb, plain json);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'history=history');
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON booking FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('log', 'id', 'status=status', 'values=history,plain');
BEGIN;
INSERT INTO booking (id, status, history) VALUES (1, 'pending', '[{"status": "pending", "changed_by": "ann", "changed_at": "2029-01-01T00:00:00Z"}]');
UPDATE booking SET status = 'scheduled', history = history || '{"status": "scheduled", "changed_by": "bob", "changed_at": "2029-01-02T00:00:00Z"}';
UPDATE booking SET status = 'cancelled', history = history || '[{"status": "arrived", "changed_at": "2029-01-03T00:00:00Z"}, {"status": "cancelled", "changed_at": "2029-01-04T00:00:00Z"}]';
-- the trigger's own entry
UPDATE booking SET status = 'scheduled';
SELECT changes #- '{history,added,0,changed_at}' AS changes FROM log ORDER BY seq DESC LIMIT 1;
-- json is a text, of which nobody knows what was added
UPDATE booking SET plain = '[1]';
UPDATE booking SET plain = '[1, 2]';
-- beside what jsonb cannot hold, where each value is tried by itself
UPDATE booking SET plain = '["\u0000"]', status = 'arrived', history = history || '{"status": "arrived"}';
DELETE FROM booking;
SELECT event, changes FROM log WHERE event NOT IN ('reinstated', 'deleted') ORDER BY seq;
SELECT changes -> 'history' ? 'old', jsonb_array_length(changes #> '{history,old}') FROM log WHERE event = 'deleted';
ROLLBACK;

-- what is no addition has the old and the new value; what is no array, too
CREATE TABLE anything (id int PRIMARY KEY, j jsonb);
CREATE TRIGGER log AFTER INSERT OR UPDATE ON anything FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('log', 'id', 'values=j');
INSERT INTO anything VALUES (1, NULL);
CREATE FUNCTION change(old jsonb, new jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	result jsonb;
BEGIN
	ALTER TABLE anything DISABLE TRIGGER log;
	UPDATE anything SET j = old;
	ALTER TABLE anything ENABLE TRIGGER log;
	UPDATE anything SET j = new;
	DELETE FROM log RETURNING changes -> 'j' INTO result;
	RETURN result;
END $$;
DELETE FROM log;
SELECT old, new, change FROM (VALUES
	(NULL, '[1]'), ('[1]', NULL), ('[]', '[1]'), ('[]', '[[]]'), ('[[]]', '[[], []]'), ('[1]', '[1, "x", null, true, {"a": [1]}, 1.50]'),
	('[1]', '[2, 1]'), ('[1, 2]', '[1, 3]'), ('[1, 2]', '[1]'), ('[1, 2]', '[2, 1, 3]'), ('[1.0]', '[1.00, 2]'), ('["a"]', '["b", "c"]'),
	('1', '[1, 2]'), ('{}', '[1]'), ('[1]', '{"a": 1}'), ('"x"', '["x", "y"]'), ('[{"a": 1}]', '[{"a": 2}, 1]'), ('[{"a": "x"}]', '[{"a": "x"}, {"b": "y"}]')) v (old, new), LATERAL change(old::jsonb, new::jsonb);

-- Whoever reads the log has the value again: random changes, most of them
-- additions, of arrays that have all kinds of elements and are up to some
-- hundreds of them long.
CREATE FUNCTION element() RETURNS jsonb LANGUAGE sql VOLATILE AS $$
	SELECT (ARRAY['null', 'true', (random() * 1000)::int::text, '-1.5', '""', '"ab"', '[]', '{}', '[1, "x"]', '{"status": "odd", "changed_by": null}',
		to_jsonb(repeat('x', (random() * 50)::int))::text])[1 + (random() * 10)::int]::jsonb $$;
CREATE FUNCTION replay() RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	r record;
	value jsonb;
BEGIN
	FOR r IN SELECT changes -> 'j' AS c FROM log ORDER BY seq LOOP
		value := CASE WHEN r.c ? 'added' THEN value || (r.c -> 'added') ELSE r.c -> 'new' END;
		IF r.c ? 'added' AND r.c <> jsonb_build_object('added', r.c -> 'added') THEN
			RAISE 'odd: %', r.c;
		END IF;
	END LOOP;
	RETURN value;
END $$;
CREATE FUNCTION random_changes(n int, OUT additions bigint, OUT others bigint, OUT elements int, OUT different int) LANGUAGE plpgsql AS $$
BEGIN
	different := 0;
	DELETE FROM log;
	UPDATE anything SET j = NULL;
	DELETE FROM log;
	UPDATE anything SET j = '[]';
	FOR i IN 1 .. n LOOP
		CASE (random() * 40)::int
			WHEN 0 THEN UPDATE anything SET j = j - 0;
			WHEN 1 THEN UPDATE anything SET j = j - -1;
			WHEN 2 THEN UPDATE anything SET j = jsonb_build_array(element()) || j;
			WHEN 3 THEN UPDATE anything SET j = j || jsonb_build_array(element(), element(), element());
			ELSE UPDATE anything SET j = j || jsonb_build_array(element());
		END CASE;
		different := different + (replay() IS DISTINCT FROM (SELECT j FROM anything))::int;
	END LOOP;
	SELECT count(*) FILTER (WHERE changes -> 'j' ? 'added'), count(*) FILTER (WHERE NOT changes -> 'j' ? 'added') INTO additions, others FROM log;
	SELECT jsonb_array_length(j) INTO elements FROM anything;
END $$;
SELECT * FROM random_changes(300);

-- the same of a column of type appointment, without what is personal
CREATE TABLE care (id int PRIMARY KEY, a appointment);
CREATE TRIGGER log AFTER INSERT OR UPDATE ON care FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('log', 'id', 'status=a');
DELETE FROM log;
INSERT INTO care VALUES (1, '{"status_history":[{"status":"pending","unknown":{"avon":{"x":"Ann"}}}]}');
UPDATE care SET a = appointment_set(a, 'status_history', (a -> 'status_history') || '[{"status":"scheduled","unknown":{"avon":{"x":"Ann"}}},{"status":"arrived"}]');
-- taken out of an entry, while another is added
UPDATE care SET a = appointment_set(appointment_erase(a), 'status_history', (appointment_erase(a) -> 'status_history') || '[{"status":"completed"}]');
UPDATE care SET a = appointment_set(a, 'status_history', '[{"status":"pending"},{"status":"completed"}]');
SELECT changes -> 'status_history' FROM log ORDER BY seq;
-- and with it
CREATE OR REPLACE TRIGGER log AFTER INSERT OR UPDATE ON care FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('log', 'id', 'status=a', 'values=*');
DELETE FROM log;
UPDATE care SET a = appointment_set(a, 'status_history', (a -> 'status_history') || '[{"status":"scheduled","unknown":{"avon":{"x":"Ann"}}}]');
SELECT changes -> 'status_history' FROM log ORDER BY seq;

-- The history that was is the beginning of the new one: by its bytes, or else by
-- its entries, which appointment_erase() may have changed.
UPDATE care SET a = '{"status":"completed","status_history":[{"status":"pending","unknown":{"avon":{"x":"Ann"}}},{"status":"completed"}]}';
CREATE TRIGGER life BEFORE UPDATE ON care FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default', 'mode=record');
UPDATE care SET a = '{"status":"odd","status_history":[{"status":"pending","unknown":{"avon":{"x":"Ann"}}},{"status":"scheduled"},{"status":"odd"}]}';
UPDATE care SET a = '{"status":"odd","status_history":[{"status":"odd"},{"status":"completed"},{"status":"odd"}]}';
UPDATE care SET a = '{"status":"odd","status_history":[{"status":"pending"}]}';
UPDATE care SET a = '{"status":"odd","status_history":[{"status":"pending","unknown":{"avon":{"x":"Ann"}}},{"status":"completed"},{"status":"odd"}]}' RETURNING a ->> 'status_history';
UPDATE care SET a = '{"status":"arrived","status_history":[{"status":"pending"},{"status":"completed"},{"status":"odd"},{"status":"arrived"}]}' RETURNING a ->> 'status_history';
-- a new value without one keeps it
UPDATE care SET a = '{"status":"arrived","note":"x"}' RETURNING a;
-- one of jsonb may say the same in other bytes
INSERT INTO booking VALUES (2, 'pending', '[{"status": "pending", "n": 1.0}]');
UPDATE booking SET status = 'scheduled', history = '[{"status": "pending", "n": 1.00}, {"status": "scheduled"}]' RETURNING history;
UPDATE booking SET status = 'cancelled', history = '[{"status": "pending", "n": 2}, {"status": "scheduled"}, {"status": "cancelled"}]';

SET client_min_messages = warning;
DROP SCHEMA regress_history CASCADE;
