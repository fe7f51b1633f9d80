--
-- The format "sqod": SQOD's appointment.
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/lib/examples.sql'
\set ECHO none
\i :file
\set ECHO all

SELECT (:'sqod'::json -> 'data')::text AS bare \gset

-- ---------------------------------------------------------------------
-- the documented example
-- ---------------------------------------------------------------------

-- It comes back to the letter, in its envelope and in the order of the page.
SELECT pg_temp.again(:'sqod', 'sqod');
SELECT appointment_to_json(appointment_from_json(:'sqod', 'sqod'), 'sqod')::jsonb
	= :'sqod'::jsonb AS equal;
-- Instants inside "meeting" have no fraction, those outside have one.
SELECT jsonb_pretty((appointment_from_json(:'sqod', 'sqod')::jsonb) - 'claimant') AS canonical;
SELECT appointment_from_json(:'sqod', 'sqod') -> 'claimant' AS claimant;
SELECT appointment_during(appointment_from_json(:'sqod', 'sqod'))
	= tstzrange('2021-01-01T00:00:00Z', '2021-01-01T01:00:00Z') AS during;

-- It contradicts itself, which its service does not mind: these are warnings.
SELECT * FROM appointment_validate(:'sqod', 'sqod');

-- The envelope is written unless it is refused, however it was read.
SELECT appointment_from_json(:'bare', 'sqod') = appointment_from_json(:'sqod', 'sqod') AS equal,
	left(appointment_to_json(a, 'sqod')::text, 15) AS by_default,
	left(appointment_to_json(a, 'sqod', '{"envelope":true}')::text, 15) AS asked_for,
	left(appointment_to_json(a, 'sqod', '{"envelope":false}')::text, 8) AS refused
FROM appointment_from_json(:'bare', 'sqod') AS a;

-- ---------------------------------------------------------------------
-- absent, null, empty
-- ---------------------------------------------------------------------

-- Only the identifier and the start have to be there.  The service does not
-- publish which other members are required, so lacking one is but a warning.
SELECT key AS member,
	pg_temp.fails(pg_temp.edit(:'sqod', 'data.' || key, NULL)::text, 'sqod') AS absent,
	pg_temp.fails(pg_temp.edit(:'sqod', 'data.' || key, 'null')::text, 'sqod') AS "null"
FROM json_object_keys(:'bare') AS key WHERE key IN ('id', 'appointment_at');
SELECT key AS member,
	pg_temp.again_with(:'sqod', 'sqod', 'data.' || key, NULL) AS absent,
	pg_temp.again_with(:'sqod', 'sqod', 'data.' || key, 'null') AS "null",
	(SELECT string_agg(split_part(problem, ' ', 1) || ' ' || split_part(problem, ' ', 2), '; ')
	 FROM pg_temp.problems(pg_temp.edit(:'bare', key, NULL)::text, 'sqod')
	 WHERE problem ~ 'missing|null_') AS absent_is,
	(SELECT string_agg(split_part(problem, ' ', 1) || ' ' || split_part(problem, ' ', 2), '; ')
	 FROM pg_temp.problems(pg_temp.edit(:'bare', key, 'null')::text, 'sqod')
	 WHERE problem ~ 'missing|null_') AS null_is
FROM json_object_keys(:'bare') AS key WHERE key NOT IN ('id', 'appointment_at');
SELECT * FROM pg_temp.problems('{"id":"9a0f170e-0aa0-47db-ab14-4ddcdcbad061","appointment_at":"2021-01-01T00:00:00Z","url":null}',
	'sqod');

-- The same inside of objects, where nothing is required.
SELECT path,
	pg_temp.again_with(:'sqod', 'sqod', 'data.' || path, NULL) AS absent,
	pg_temp.again_with(:'sqod', 'sqod', 'data.' || path, 'null') AS "null"
FROM unnest(ARRAY['department.id', 'department.name', 'claimant.name', 'claimant.phone_number',
	'claimant.email', 'claimant.date_of_birth', 'claimant.data', 'claimant.data.0.id',
	'claimant.data.0.value', 'claimant.data.0.name', 'claimant.data.0.type',
	'claimant.data.0.required', 'meeting.id', 'meeting.room_name', 'meeting.room_url',
	'meeting.start_date', 'meeting.end_date']) AS path;
SELECT pg_temp.again_with(:'sqod', 'sqod', 'data.department', '{}', 'data.claimant', '{"data":[]}',
	'data.meeting', '{}', 'data.url', '""', 'data.cancellation_reason', '""') AS empty,
	pg_temp.again_with(:'sqod', 'sqod', 'data.claimant.data', '[{},{"id":"2"},{}]') AS empty_items;

-- ---------------------------------------------------------------------
-- instants, dates and length
-- ---------------------------------------------------------------------

-- At least milliseconds outside of "meeting", and as many digits as needed.
SELECT value, pg_temp.again_with(:'bare', 'sqod', 'created_at', value) AS created_at,
	pg_temp.again_with(:'bare', 'sqod', 'meeting', '{"start_date":' || value || '}') AS start_date
FROM unnest(ARRAY['"2021-01-01T00:00:00.000Z"', '"2021-01-01T00:00:00Z"', '"2021-01-01T00:00:00.1Z"',
	'"2021-01-01T00:00:00.123456Z"', '"2021-01-01T00:00:00.123400Z"', '"2021-01-01T02:00:00.000+02:00"']) AS value;
SELECT path, value, pg_temp.fails(pg_temp.edit(:'bare', path, value)::text, 'sqod')
FROM (VALUES ('appointment_at', '"2021-01-01T00:00:00.000"'), ('appointment_at', '1609459200000'),
	('meeting.end_date', '"2021-01-30T09:30:00"'), ('session_ended_at', '""')) AS v (path, value);

SELECT value, pg_temp.again_with(:'sqod', 'sqod', 'data.claimant.date_of_birth', value) AS again
FROM unnest(ARRAY['"2024-02-29"', '"0001-01-01"', '"9999-12-31"']) AS value;
SELECT value, pg_temp.fails(pg_temp.edit(:'bare', 'claimant.date_of_birth', value)::text, 'sqod')
FROM unnest(ARRAY['"2023-02-29"', '"2023-12-25T00:00:00Z"', '"25.12.2023"', '"2023-1-1"', '"0000-01-01"',
	'""', '20231225']) AS value;

-- The length gives the end.
SELECT value, pg_temp.again_with(:'sqod', 'sqod', 'data.duration_in_minutes', value) AS again,
	appointment_ends_at(a) - appointment_starts_at(a) AS length, a::jsonb -> 'duration' AS kept
FROM unnest(ARRAY['60', '1', '100000', '3e1', 'null']) AS value,
	LATERAL appointment_from_json(pg_temp.edit(:'bare', 'duration_in_minutes', value), 'sqod') AS a;
SELECT appointment_ends_at(appointment_from_json(pg_temp.edit(:'bare', 'duration_in_minutes', NULL), 'sqod')) IS NULL
	AS no_end;
SELECT value, pg_temp.fails(pg_temp.edit(:'bare', 'duration_in_minutes', value)::text, 'sqod')
FROM unnest(ARRAY['0', '-60', '1.5', '"60"', '5270400001', '4196000000', '99999999999999999999']) AS value;
SELECT pg_temp.fails(pg_temp.edit(:'bare', 'appointment_at', '"9999-12-31T23:30:00Z"')::text, 'sqod') AS ends_too_late,
	pg_temp.fails(pg_temp.edit(:'bare', 'appointment_at', '"9999-12-31T22:59:59.999999Z"')::text, 'sqod') AS just_in_time;

-- ---------------------------------------------------------------------
-- numbers
-- ---------------------------------------------------------------------

SELECT value, pg_temp.again_with(:'bare', 'sqod', 'reference', value, 'department', '{"id":' || value || '}') AS again
FROM unnest(ARRAY['0', '-1', '9223372036854775807', '-9223372036854775808', '1e3', '10.0', '-0']) AS value;
SELECT value, pg_temp.fails(pg_temp.edit(:'bare', 'reference', value)::text, 'sqod') AS reference,
	pg_temp.fails(pg_temp.edit(:'bare', 'meeting.id', value)::text, 'sqod') AS meeting_id
FROM unnest(ARRAY['9223372036854775808', '-9223372036854775809', '1.5', '1e-1', '"1"', 'true', '[]']) AS value;

-- ---------------------------------------------------------------------
-- status
-- ---------------------------------------------------------------------

SELECT word, appointment_status(a) AS status, a ->> 'source_status' AS source_status,
	appointment_to_json(a, 'sqod') #>> '{data,status}' = word AS again
FROM unnest(ARRAY['scheduled', 'waiting', 'cancelled', 'in_progress', 'completed', 'missed', 'pending',
	'arrived', 'no_show', 'on hold', '']) AS word,
	LATERAL appointment_from_json(pg_temp.edit(:'bare', 'status', to_json(word)::text), 'sqod') AS a;
SELECT status, appointment_to_json(appointment_set(a, 'status', to_jsonb(status)),
	'sqod') #>> '{data,status}' AS word
FROM appointment_from_json(:'sqod', 'sqod') AS a,
	unnest(ARRAY['pending', 'scheduled', 'arrived', 'in_progress', 'completed', 'no_show',
		'cancelled', 'on hold']) AS status;

-- ---------------------------------------------------------------------
-- closed vocabularies, identifiers, types
-- ---------------------------------------------------------------------

SELECT value, pg_temp.again_with(:'bare', 'sqod', 'features_bandwidth', value) AS again
FROM unnest(ARRAY['"low"', '"medium"', '"high"']) AS value;
SELECT value, pg_temp.fails(pg_temp.edit(:'bare', 'features_bandwidth', value)::text, 'sqod'),
	pg_temp.fails(pg_temp.edit(:'bare', 'features_bandwidth', value)::text, 'sqod',
		'{"unknown_words":"keep"}') AS keep
FROM unnest(ARRAY['"High"', '""', '"ultra"', '1']) AS value;
SELECT pg_temp.again(pg_temp.edit(:'sqod', 'data.features_bandwidth', '"ultra"')::text, 'sqod',
	'{"unknown_words":"keep"}') AS kept;

-- A UUID of any version, in any case, which is kept.
SELECT value, pg_temp.again_with(:'sqod', 'sqod', 'data.id', value) AS again
FROM unnest(ARRAY['"9A0F170E-0aa0-47db-ab14-4DDCDCBAD061"', '"00000000-0000-0000-0000-000000000000"',
	'"ffffffff-ffff-ffff-ffff-ffffffffffff"', '"017f22e2-79b0-7cc3-98c4-dc0c0c07398f"']) AS value;
SELECT value, pg_temp.fails(pg_temp.edit(:'bare', 'id', value)::text, 'sqod')
FROM unnest(ARRAY['""', '"9a0f170e0aa047dbab144ddcdcbad061"', '"{9a0f170e-0aa0-47db-ab14-4ddcdcbad061}"',
	'"9a0f170e-0aa0-47db-ab14-4ddcdcbad06g"', '"9a0f170e-0aa0-47db-ab14-4ddcdcbad0611"',
	'"9a0f170-e0aa0-47db-ab14-4ddcdcbad061"', '123456789']) AS value;

SELECT path, value, pg_temp.fails(pg_temp.edit(:'bare', path, value)::text, 'sqod')
FROM (VALUES ('department', '1'), ('department', '[]'), ('department.name', '1'), ('claimant', '"me"'),
	('claimant.data', '{}'), ('claimant.data', '[{},null]'), ('claimant.data', '[{},{},{"required":"yes"}]'),
	('meeting', '[]'), ('meeting.room_url', '{}'), ('features_call_recording_enable', '1'),
	('is_interpreter_needed', '"true"'), ('status', 'false')) AS v (path, value);

-- ---------------------------------------------------------------------
-- unknown members
-- ---------------------------------------------------------------------

-- To the letter at every level, last in their object.
SELECT path, pg_temp.again_with(:'sqod', 'sqod', 'data.' || path,
	'{"b":1.50, "a":[1e2,-0,123456789012345678901234567890,"\u00e9\/"]}')
FROM unnest(ARRAY['x', 'department.x', 'claimant.x', 'claimant.data.0.x', 'meeting.x']) AS path;
-- A member of one object is none of another.
SELECT path, pg_temp.again_with(:'sqod', 'sqod', 'data.' || path, '1.0')
FROM unnest(ARRAY['room_name', 'claimant.room_name', 'claimant.data.0.email', 'department.data',
	'meeting.required']) AS path;
SELECT a -> 'unknown' AS document, a #> '{department,unknown}' AS department,
	a #> '{claimant,data,0,unknown}' AS item
FROM CAST(appointment_from_json(pg_temp.edit(:'bare', 'x', '1', 'department.x', '2',
	'claimant.data.0.x', '3.0'), 'sqod') AS jsonb) AS a;
SELECT * FROM pg_temp.problems(pg_temp.edit(:'bare', 'x', '1', 'department.x', '2', 'claimant.x', '3',
	'claimant.data.0.x', '4', 'meeting.x', '5')::text, 'sqod') WHERE problem ~ 'unknown_member';
-- White space, too.
SELECT appointment_to_json(appointment_from_json(replace(:'sqod', '"room_name"',
	E'"x" :\t{ "y"\n:[ ] } , "room_name"'), 'sqod'), 'sqod') #> '{data,meeting}' AS meeting;
-- Of several objects of one name the last counts as a whole, as in jsonb.
SELECT appointment_to_json(appointment_from_json(replace(:'sqod', '"meeting":',
	'"meeting":{"id":1,"x":2},"meeting":'), 'sqod'), 'sqod')::jsonb = :'sqod'::jsonb AS equal;

-- ---------------------------------------------------------------------
-- a value from elsewhere
-- ---------------------------------------------------------------------

SELECT appointment_to_json('{"source":"sqod"}', 'sqod') AS from_here;
SELECT string_agg(key, ' ') = (SELECT string_agg(key, ' ') FROM json_object_keys(:'bare') AS key) AS all_members,
	bool_and(value::text = 'null') AS all_null
FROM json_each(appointment_to_json('{}', 'sqod') -> 'data');
SELECT appointment_to_json('{"claimant":{"name":"x"},"meeting":{},"department":{"id":7}}', 'sqod') #> '{data,claimant}' AS claimant,
	appointment_to_json('{"claimant":{"name":"x"},"meeting":{},"department":{"id":7}}', 'sqod') #> '{data,meeting}' AS meeting,
	appointment_to_json('{"claimant":{"name":"x"},"meeting":{},"department":{"id":7}}', 'sqod') #> '{data,department}' AS department;
