--
-- Histories of any length: an entry is added to what is there as it lies.
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

SET client_min_messages = warning;
DROP SCHEMA regress_history CASCADE;
