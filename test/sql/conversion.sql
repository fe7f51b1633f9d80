--
-- From one format into another.
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/lib/examples.sql'
\set ECHO none
\i :file
\set ECHO all

CREATE TEMP TABLE example (n int, format text, a appointment);
INSERT INTO example VALUES (1, 'caspen', appointment_from_json(:'caspen', 'caspen')), (2, 'sqod', appointment_from_json(:'sqod', 'sqod')),
	(3, 'avon', appointment_from_json(:'avon', 'avon')), (4, 'savvycal', appointment_from_json(:'savvycal', 'savvycal'));

-- ---------------------------------------------------------------------
-- what carries over
-- ---------------------------------------------------------------------

-- Every example in every format: members with a common meaning are there, all
-- else is written as the format writes what is absent.
\t on
\pset format unaligned
SELECT e.format || ' as ' || f.format || E'\n  ' || string_agg(key || ': ' || value, E'\n  ' ORDER BY k)
FROM example AS e, example AS f, appointment_to_json(e.a, f.format, '{"envelope":false}') AS doc,
	json_each(doc) WITH ORDINALITY AS j (key, value, k)
WHERE e.format <> f.format AND value::text NOT IN ('null', '[]')
GROUP BY e.n, f.n, e.format, f.format ORDER BY e.n, f.n;
\pset format aligned
\t off
-- caspen, sqod and savvycal write all their members, avon those that are known.
SELECT f.format, count(DISTINCT members) AS shapes, min(n_members), max(n_members)
FROM example AS e, example AS f, appointment_to_json(e.a, f.format, '{"envelope":false}') AS doc,
	LATERAL (SELECT string_agg(key, ' '), count(*) FROM json_object_keys(doc) AS key) AS k (members, n_members)
WHERE e.format <> f.format GROUP BY f.n, f.format ORDER BY f.n;

-- The value itself is the same, whatever is written of it.
SELECT e.format, bool_and(appointment_to_json(e.a, e.format)::text = appointment_to_json(c.copy, e.format)::text) AS same
FROM example AS e, LATERAL (SELECT e.a::text::appointment) AS c (copy), example AS f, appointment_to_json(e.a, f.format)
GROUP BY e.n, e.format ORDER BY e.n;

-- A value of nowhere, with everything that has a common meaning, in each.
SELECT '{"id":"appt_a1b2c3d4e5f6","starts_at":"2024-07-01T10:00:00.5Z","ends_at":"2024-07-01T10:44:30.5Z","time_zone":"Europe/Paris",
"status":"arrived","confirmed":true,"confirmed_at":"2024-06-01T00:00:00Z","cancelled_at":null,"cancellation_note":"","created_at":"2024-05-01T00:00:00Z",
"updated_at":"2024-05-02T00:00:00Z","actual_starts_at":"2024-07-01T10:01:00Z","practitioner_id":"p","service_id":"s","resource_ids":["r"],"note":"n",
"name":"nm","attendees":[{"id":"x","no_show":false}],"video_call":{"join_url":"u"},"department":{"id":1},"location_text":"here",
"cancellation":{"allowed":false,"disabled_message":"m"},"cancel_url":"c","unknown":{"caspen":{"x":1},"avon":{"y":2.50}}}'::appointment AS a \gset
\t on
\pset format unaligned
SELECT appointment_to_json(:'a', 'caspen');
SELECT appointment_to_json(:'a', 'sqod');
SELECT appointment_to_json(:'a', 'avon');
SELECT appointment_to_json(:'a', 'savvycal');
\pset format aligned
\t off

-- Read from one format it is not of another: unknown members stay behind, and
-- sub-objects have only what the target knows.
SELECT format, appointment_to_json(a, format)::text ~ 'unknown|"x"|"y"' AS has_unknown
FROM appointment_from_json(pg_temp.edit(:'avon', 'x', '1', 'attendees.0.y', '1', 'status_history.0.x', '2', 'video_call.x', '3'), 'avon') AS a,
	unnest(ARRAY['caspen', 'sqod', 'savvycal', 'avon']) AS format;

-- ---------------------------------------------------------------------
-- there and back again
-- ---------------------------------------------------------------------

-- What both formats know comes back.
SELECT e.format AS from_format, f.format AS by_way_of,
	appointment_starts_at(back) = appointment_starts_at(e.a) AS starts_at, appointment_ends_at(back) - appointment_ends_at(e.a) AS ends_at,
	appointment_status(back) AS status
FROM example AS e, example AS f, LATERAL (SELECT appointment_set(e.a, 'id', CASE f.format
		WHEN 'sqod' THEN '"9a0f170e-0aa0-47db-ab14-4ddcdcbad061"' ELSE '"appt_a1b2c3d4e5f6"' END::jsonb)) AS i (a),
	appointment_from_json(appointment_to_json(i.a, f.format), f.format) AS back
WHERE e.format <> f.format AND f.format IN ('sqod', 'avon') ORDER BY e.n, f.n;

-- ---------------------------------------------------------------------
-- status
-- ---------------------------------------------------------------------

CREATE FUNCTION pg_temp.status_in(a appointment, format text) RETURNS text LANGUAGE sql AS $$
	SELECT CASE format WHEN 'avon' THEN doc #>> '{status_history,-1,status}' ELSE doc ->> 'status' END
	FROM appointment_to_json(a, format, '{"envelope":false}') AS doc
$$;
SELECT status, pg_temp.status_in(a, 'caspen') AS caspen, pg_temp.status_in(a, 'sqod') AS sqod, pg_temp.status_in(a, 'avon') AS avon,
	pg_temp.status_in(a, 'savvycal') AS savvycal
FROM unnest(ARRAY['pending', 'scheduled', 'arrived', 'in_progress', 'completed', 'no_show', 'cancelled', 'on hold', '', NULL]) AS status,
	LATERAL CAST(jsonb_build_object('status', status) AS appointment) AS a;
-- The services' own words, in the others'.
SELECT e.format, word, appointment_status(a) AS status, pg_temp.status_in(a, 'caspen') AS caspen, pg_temp.status_in(a, 'sqod') AS sqod,
	pg_temp.status_in(a, 'avon') AS avon, pg_temp.status_in(a, 'savvycal') AS savvycal
FROM (VALUES ('caspen', 'missed'), ('caspen', 'scheduled'), ('caspen', 'completed'), ('caspen', 'on hold'), ('sqod', 'scheduled'), ('sqod', 'waiting'),
	('sqod', 'missed'), ('sqod', 'pending'), ('sqod', 'arrived'), ('avon', 'rescheduled'), ('avon', 'started'), ('avon', 'pending'), ('avon', 'waiting'),
	('savvycal', 'scheduled'), ('savvycal', 'canceled'), ('savvycal', 'late')) AS v (format, word)
	JOIN (VALUES (1, 'caspen', :'caspen'), (2, 'sqod', :'sqod'), (3, 'avon', :'avon'), (4, 'savvycal', :'savvycal')) AS e (n, format, doc) USING (format),
	LATERAL appointment_from_json(pg_temp.edit(e.doc::json, CASE format WHEN 'avon' THEN 'status_history.0.status'
		WHEN 'sqod' THEN 'data.status' ELSE 'status' END, to_json(word)::text), format, '{"unknown_words":"keep"}') AS a
ORDER BY n, word;

-- A no-show, in avon's terms: scheduled, and every attendee absent.
SELECT appointment_to_json(a, 'avon') -> 'status_history' AS status_history, appointment_to_json(a, 'avon') -> 'attendees' AS attendees
FROM CAST('{"status":"no_show","attendees":[{"id":"a","no_show":false},{"id":"b"}]}' AS appointment) AS a;
SELECT appointment_to_json('{"status":"no_show","attendees":[]}', 'avon') AS no_attendee,
	appointment_to_json('{"status":"no_show","attendees":null}', 'avon') AS null_attendees,
	appointment_to_json('{"status":"no_show"}', 'avon') AS no_attendees;
-- One that is cancelled keeps when and why, where there is a place for it.
SELECT format, key, value FROM unnest(ARRAY['caspen', 'sqod', 'avon', 'savvycal']) AS format,
	appointment_to_json('{"status":"cancelled","cancelled_at":"2024-01-01T00:00:00Z","cancellation_reason_id":"r","cancellation_note":"n"}', format,
		'{"envelope":false}') AS doc, json_each(doc) WITH ORDINALITY AS e (key, value, n)
WHERE key ~ 'cancelled|reason|note|status' ORDER BY format, n;

-- A history from elsewhere keeps its entries; its last one is the status.
SELECT appointment_to_json('{"status":"completed","status_history":[{"status":"pending","changed_by":"a"},{"status":"arrived"}],"created_by":"b"}',
	'avon') -> 'status_history' AS added,
	appointment_to_json('{"status":"arrived","status_history":[{"status":"pending"},{"status":"arrived"}]}', 'avon') -> 'status_history' AS told;
-- Words that are the same in avon are still two statuses.
SELECT appointment_to_json('{"status":"arrived","status_history":[{"status":"scheduled","changed_by":"a"}]}', 'avon') -> 'status_history' AS two;

-- ---------------------------------------------------------------------
-- length
-- ---------------------------------------------------------------------

-- Minutes are rounded to the nearest; a length that was given is kept only by
-- the format that has both.
SELECT ends_at, appointment_to_json(a, 'caspen') -> 'duration' AS caspen, appointment_to_json(a, 'sqod') #> '{data,duration_in_minutes}' AS sqod
FROM unnest(ARRAY['10:00:00.000001', '10:00:29.999999', '10:00:30', '10:01:29.999999', '10:01:30', '10:59:29.999999', '10:59:30', '11:00:00']) AS ends_at,
	LATERAL CAST(format('{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T%sZ"}', ends_at) AS appointment) AS a;
SELECT appointment_to_json(a, 'caspen') ->> 'duration' AS caspen, appointment_to_json(a, 'sqod') #>> '{data,duration_in_minutes}' AS sqod,
	appointment_to_json(a, 'avon') ->> 'end_time' AS avon
FROM appointment_from_json(pg_temp.edit(:'caspen', 'duration', '45'), 'caspen') AS a;
-- A length without an end is a length; but nothing is made up from it.
SELECT appointment_to_json(a, 'caspen') ->> 'duration' AS caspen, appointment_to_json(a, 'caspen') -> 'ends_at' AS ends_at,
	appointment_to_json(a, 'sqod') #>> '{data,duration_in_minutes}' AS sqod, appointment_to_json(a, 'avon') AS avon
FROM CAST('{"duration":45}' AS appointment) AS a;

-- ---------------------------------------------------------------------
-- instants
-- ---------------------------------------------------------------------

-- With as many digits as needed, in each format's own way.
SELECT at, appointment_to_json(a, 'caspen') ->> 'created_at' AS caspen, appointment_to_json(a, 'sqod') #>> '{data,created_at}' AS sqod,
	appointment_to_json(a, 'avon') ->> 'created_at' AS avon
FROM unnest(ARRAY['2024-01-01T00:00:00Z', '2024-01-01T00:00:00.5Z', '2024-01-01T00:00:00.001Z', '2024-01-01T00:00:00.000001Z', '2024-01-01T00:00:00.12345Z']) AS at,
	LATERAL CAST(jsonb_build_object('created_at', at) AS appointment) AS a;
SELECT appointment_to_json(a, 'savvycal') -> 'start_at' AS start_at, appointment_to_json(a, 'savvycal', '{"time_zone":"Asia/Kolkata"}') #> '{start_at,local}' AS kolkata
FROM CAST('{"starts_at":"1969-12-31T23:59:59.5Z"}' AS appointment) AS a;
-- The zones of a savvycal document stay with the value; no other format writes them.
SELECT format, position('New_York' IN appointment_to_json(a, format)::text) > 0 AS writes_zone
FROM appointment_from_json(:'savvycal', 'savvycal') AS a, unnest(ARRAY['caspen', 'sqod', 'avon', 'savvycal']) AS format;

-- ---------------------------------------------------------------------
-- what savvycal's service computes
-- ---------------------------------------------------------------------

-- Carried if it came from there, also after a change; else derived.
SELECT appointment_to_json(a, 'savvycal', '{"base_url":"https://other.example"}') ->> 'cancel_url' AS carried,
	appointment_to_json(appointment_set(a, 'cancel_url', NULL), 'savvycal', '{"base_url":"https://other.example"}') ->> 'cancel_url' AS derived
FROM appointment_from_json(:'savvycal', 'savvycal') AS a;
SELECT appointment_to_json(a, 'savvycal', '{"base_url":"https://book.acme.com"}')::jsonb - '{start_at,end_at,confirmed_at,rescheduling,cancellation}'::text[]
	= :'savvycal'::jsonb - '{start_at,end_at,confirmed_at,rescheduling,cancellation}'::text[] AS as_the_service_does
FROM CAST('{"id":"appt_a1b2c3d4e5f6","status":"scheduled"}' AS appointment) AS a;
