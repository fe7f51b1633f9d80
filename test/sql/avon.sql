--
-- The format "avon": Avon Health's appointment.
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/lib/examples.sql'
\set ECHO none
\i :file
\set ECHO all

-- ---------------------------------------------------------------------
-- the documented example
-- ---------------------------------------------------------------------

-- It comes back to the letter, in the order of the service's page.
SELECT pg_temp.again(:'avon', 'avon');
SELECT appointment_to_json(appointment_from_json(:'avon', 'avon'), 'avon')::jsonb
	= :'avon'::jsonb AS equal;
-- Nothing is wrong with it.
SELECT * FROM appointment_validate(:'avon', 'avon');
SELECT jsonb_pretty(appointment_from_json(:'avon', 'avon')::jsonb) AS canonical;

-- Its 59 minutes and 58 seconds would be lost in whole minutes.
SELECT appointment_ends_at(a) - appointment_starts_at(a) AS length, a -> 'duration' AS duration
FROM appointment_from_json(:'avon', 'avon') AS a;

-- Bare, unless told otherwise.
SELECT appointment_from_json('{"data":' || :'avon' || '}', 'avon') = appointment_from_json(:'avon', 'avon') AS equal,
	left(appointment_to_json(a, 'avon')::text, 5) AS by_default,
	left(appointment_to_json(a, 'avon', '{"envelope":true}')::text, 12) AS asked_for
FROM appointment_from_json(:'avon', 'avon') AS a;

-- ---------------------------------------------------------------------
-- all members that the page lists, in its order
-- ---------------------------------------------------------------------

SELECT pg_temp.again($${"id":"appt_2UxtAULYUrX7GVsTKePy","object":"appointment","generated_from_type":"rule",
"generated_from":"rule_1","appointment_type":"aptp_1","name":"n","description":"d","group":true,"internal":true,
"recurring":{"is_recurring":true,"x":[1.50]},"start_time":1692370044000,"end_time":1692373642000,
"actual_start_time":1692370044001,"actual_end_time":1692373642000.5,"host":"user_1",
"attendees":[{"id":"a","attendance_status":"going","no_show":true,"payment_status":"paid","last_updated_at":0},{"id":"b"}],
"reference_patients":["p1","p2"],"interaction_type":"in_person","video_call":{"join_url":"u","meeting_id":"1"},
"location":{"line1":"1","line2":null,"city":"c","state":"s","postal_code":"p"},
"status_history":[{"status":"scheduled","changed_by":"u","changed_at":-1},{"status":"cancelled","changed_by":null,"changed_at":5}],
"visit_note":"n","change_log":"c","created_by":"u","created_at":1,"last_updated_at":2}$$, 'avon');

-- What does not apply is a warning; it is kept.
SELECT what, (SELECT string_agg(path || ' ' || code || ' ' || severity, ', ') FROM appointment_validate(doc, 'avon')) AS problems, pg_temp.again(doc, 'avon') AS again
FROM (VALUES ('a video call in person', pg_temp.edit(:'avon', 'interaction_type', '"in_person"')::text),
	('a place for a video call', replace(:'avon', '"status_history"', '"location":{"city":"x"},"status_history"')),
	('patients, not internal', replace(:'avon', '"interaction_type"', '"reference_patients":["p"],"interaction_type"')),
	('neither', pg_temp.edit(:'avon', 'video_call', 'null')::text)) AS v (what, doc);

-- ---------------------------------------------------------------------
-- absent, null, empty
-- ---------------------------------------------------------------------

SELECT member, pg_temp.fails(pg_temp.edit(:'avon', member, NULL)::text, 'avon') AS absent,
	pg_temp.fails(pg_temp.edit(:'avon', member, 'null')::text, 'avon') AS "null"
FROM unnest(ARRAY['id', 'start_time', 'end_time']) AS member;
-- All else may be left out, as in the page's example, or null, as in newer
-- responses, and comes back as it was; even the constant.
SELECT key AS member, pg_temp.again_with(:'avon', 'avon', key, NULL) AS absent,
	pg_temp.again_with(:'avon', 'avon', key, 'null') AS "null"
FROM json_object_keys(:'avon') AS key WHERE key NOT IN ('id', 'start_time', 'end_time');
SELECT pg_temp.again($${"id":"a","object":"appointment","generated_from_type":null,"generated_from":null,
"appointment_type":null,"start_time":1,"end_time":2,"actual_start_time":null,"actual_end_time":null,
"reference_patients":null,"interaction_type":null,"video_call":null,"location":null}$$, 'avon') AS nulls,
	pg_temp.again('{"id":"a","start_time":1,"end_time":2}', 'avon') AS least;
SELECT * FROM pg_temp.problems('{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":1,"end_time":2}', 'avon');
SELECT path, pg_temp.again_with(:'avon', 'avon', path, NULL) AS absent,
	pg_temp.again_with(:'avon', 'avon', path, 'null') AS "null"
FROM unnest(ARRAY['attendees.0.id', 'attendees.0.attendance_status', 'attendees.0.no_show',
	'attendees.0.payment_status', 'attendees.0.last_updated_at', 'video_call.join_url', 'video_call.meeting_id',
	'status_history.0.status', 'status_history.0.changed_by', 'status_history.0.changed_at']) AS path;
SELECT pg_temp.again_with(:'avon', 'avon', 'attendees', '[]', 'status_history', '[]', 'video_call', '{}',
	'recurring', '{}', 'name', '""') AS empty,
	pg_temp.again_with(:'avon', 'avon', 'attendees', '[{}]', 'status_history', '[{}]') AS empty_items;
-- The value tells that the constant was not there.
SELECT a -> 'has_object' AS has_object, pg_temp.compact(appointment_to_json(a, 'avon')) AS avon
FROM (VALUES (1, '{"id":"a","start_time":1,"end_time":2}'), (2, '{"id":"a","object":null,"start_time":1,"end_time":2}'),
	(3, '{"id":"a","object":"appointment","start_time":1,"end_time":2}')) AS v (n, doc),
	appointment_from_json(doc, 'avon') AS a ORDER BY n;

-- ---------------------------------------------------------------------
-- instants: milliseconds since 1970
-- ---------------------------------------------------------------------

SELECT value, pg_temp.again_with(:'avon', 'avon', 'created_at', value) AS again,
	a ->> 'created_at' AS canonical
FROM unnest(ARRAY['1653798303000', '0', '-1', '1653798303000.5', '1653798303000.123', '-0.001', '1653798303000.10',
	'1.653798303e12', '-62135596800000', '253402300799999.999']) AS value,
	LATERAL appointment_from_json(pg_temp.edit(:'avon', 'created_at', value), 'avon') AS a;
SELECT value, pg_temp.fails(pg_temp.edit(:'avon', 'created_at', value)::text, 'avon')
FROM unnest(ARRAY['"1653798303000"', '"2022-05-29T04:25:03Z"', 'true', '1653798303000.0001', '253402300800000',
	'-62135596800001', '1e400', '99999999999999999999999999']) AS value;
SELECT start_time, end_time, pg_temp.fails(pg_temp.edit(:'avon', 'start_time', start_time,
	'end_time', end_time)::text, 'avon')
FROM (VALUES ('1000', '1000'), ('1000', '999.999'), ('1000', '1000.001'), ('-2', '-1')) AS v (start_time, end_time);

-- ---------------------------------------------------------------------
-- status: the last entry of the history
-- ---------------------------------------------------------------------

SELECT word, appointment_status(a) AS status, a::jsonb #> '{status_history,0}' AS entry,
	pg_temp.again_with(:'avon', 'avon', 'status_history.0.status', to_json(word)::text) AS again
FROM unnest(ARRAY['scheduled', 'rescheduled', 'started', 'in_progress', 'completed', 'cancelled', 'pending',
	'arrived', 'no_show', 'missed', 'Scheduled', 'on hold', '']) AS word,
	LATERAL appointment_from_json(pg_temp.edit(:'avon', 'status_history',
		format('[{"status":%s}]', to_json(word))), 'avon') AS a;
SELECT history, appointment_status(a) AS status,
	pg_temp.again_with(:'avon', 'avon', 'status_history', history) AS again
FROM unnest(ARRAY['[]', 'null', NULL, '[{"status":"scheduled"},{"status":"cancelled"}]',
	'[{"status":"cancelled"},{"status":"scheduled"}]', '[{"status":"cancelled"},{"status":null}]',
	'[{"status":"cancelled"},{}]',
	'[{"status":"scheduled","changed_at":5},{"status":"started","changed_at":4},{"status":"foo"}]']) AS history,
	LATERAL appointment_from_json(pg_temp.edit(:'avon', 'status_history', history), 'avon') AS a;
-- A status that the history does not tell is added to it, at the latest known
-- time; who changed it is not known.
SELECT status, appointment_to_json(appointment_set(a, 'status', to_jsonb(status)), 'avon') -> 'status_history' -> 1 AS added
FROM appointment_from_json(:'avon', 'avon') AS a,
	unnest(ARRAY['pending', 'scheduled', 'arrived', 'in_progress', 'completed', 'no_show', 'cancelled', 'on hold']) AS status;
-- A word of the service's own comes back as long as the status stays.
SELECT appointment_to_json(a, 'avon') -> 'status_history' AS unchanged,
	appointment_to_json(appointment_set(a, 'status', '"scheduled"'), 'avon') -> 'status_history' AS changed
FROM appointment_from_json(pg_temp.edit(:'avon', 'status_history', '[{"status":"started"}]', 'created_at', '7',
	'last_updated_at', '9'), 'avon') AS a;
-- Nobody came: every attendee is a no-show.
SELECT status, (SELECT string_agg(x ->> 'no_show', ' ') FROM json_array_elements(
	appointment_to_json(appointment_set(a, 'status', to_jsonb(status)), 'avon') -> 'attendees') AS x) AS no_show
FROM appointment_from_json(pg_temp.edit(:'avon', 'attendees', '[{"no_show":false},{"no_show":true},{"no_show":null},{}]'),
	'avon') AS a, unnest(ARRAY['scheduled', 'no_show', 'cancelled']) AS status;

-- ---------------------------------------------------------------------
-- closed vocabularies, identifiers, types
-- ---------------------------------------------------------------------

SELECT member, value, pg_temp.fails(doc, 'avon') AS strict,
	pg_temp.again(doc, 'avon', '{"unknown_words":"keep"}') AS kept
FROM (VALUES ('interaction_type', '"video_call"'), ('interaction_type', '"in_person"'),
	('interaction_type', '"phone"'), ('interaction_type', '""'), ('generated_from_type', '"rule"'),
	('generated_from_type', '"override"'), ('generated_from_type', '"Rule"')) AS v (member, value),
	LATERAL (SELECT pg_temp.edit(:'avon', 'generated_from_type', NULL, member, value)::text) AS d (x),
	LATERAL (SELECT CASE WHEN member = 'generated_from_type'
		THEN replace(:'avon', '"appointment_type"', '"generated_from_type":' || value || ',"appointment_type"')
		ELSE x END) AS e (doc);
SELECT pg_temp.fails(pg_temp.edit(:'avon', 'object', '"list"')::text, 'avon') AS other,
	pg_temp.fails(pg_temp.edit(:'avon', 'object', '1')::text, 'avon') AS number,
	pg_temp.fails(pg_temp.edit(:'avon', 'object', '"Appointment"')::text, 'avon') AS upper_case;
SELECT value, pg_temp.again_with(:'avon', 'avon', 'id', value),
	(SELECT string_agg(problem, '; ') FROM pg_temp.problems(pg_temp.edit(:'avon', 'id', value)::text, 'avon'))
FROM unnest(ARRAY['"appt_2UxtAULYUrX7GVsTKePy"', '"appt_2UxtAULYUrX7GVsTKeP"', '"appt_2UxtAULYUrX7GVsTKe_y"',
	'"user_2UxtAULYUrX7GVsTKePy"', '""']) AS value;
SELECT path, value, pg_temp.fails(pg_temp.edit(:'avon', path, value)::text, 'avon')
FROM (VALUES ('group', '0'), ('recurring', 'true'), ('recurring', '[]'), ('attendees', '["user_1"]'),
	('attendees', '{}'), ('attendees.0.no_show', '"false"'), ('attendees.0.last_updated_at', '"1"'),
	('video_call', '"url"'), ('video_call.meeting_id', '85129814133'), ('status_history', '"scheduled"'),
	('status_history', '["scheduled"]'), ('status_history.0.status', '1'), ('status_history', '[{},{"changed_at":""}]'),
	('reference_patients', '[1]'), ('location', '"here"'), ('location', '{"city":1}'), ('host', 'false')) AS v (path, value);

-- ---------------------------------------------------------------------
-- unknown members
-- ---------------------------------------------------------------------

SELECT path, pg_temp.again_with(:'avon', 'avon', path,
	'{"b":1.50, "a":[1e2,-0,123456789012345678901234567890,"\u00e9\/"]}')
FROM unnest(ARRAY['x', 'recurring.x', 'attendees.0.x', 'video_call.x', 'status_history.0.x', 'status', 'updated_at']) AS path;
SELECT pg_temp.again_with(:'avon', 'avon', 'attendees', '[{"a":1},{"id":"b","a":1.0,"b":[ ]},{}]') AS attendees,
	pg_temp.again_with(:'avon', 'avon', 'status_history', '[{"status":"x","y":1},{"z":-0}]') AS status_history;
-- "recurring" is kept to the letter as a whole, names that repeat as well.
SELECT appointment_to_json(appointment_from_json('{"id":"a","start_time":1,"end_time":2,"recurring":{ "b":1.50,"a":1,"b" : 2e0 }}',
	'avon'), 'avon') -> 'recurring' AS recurring;

-- ---------------------------------------------------------------------
-- a value from elsewhere
-- ---------------------------------------------------------------------

-- What it does not have is left out.
SELECT appointment_to_json('{}', 'avon') AS nothing, appointment_to_json('{"source":"avon"}', 'avon') AS from_here;
-- The status of a value without a history makes one, by whom created it, at
-- the latest time that is known.
SELECT a, appointment_to_json(a::appointment, 'avon') -> 'status_history' AS status_history
FROM unnest(ARRAY['{"status":"pending"}', '{"status":"cancelled","created_by":"u"}', '{"status":null}',
	'{"status":"no_show","created_at":"1970-01-01T00:00:01Z"}', '{"status":"scheduled","created_by":null,"created_at":null}',
	'{"status":"cancelled","created_at":"1970-01-01T00:00:01Z","updated_at":"1970-01-01T00:00:02Z"}',
	'{"status":"cancelled","cancelled_at":"1970-01-01T00:00:03Z","updated_at":"1970-01-01T00:00:02Z"}',
	'{"status":"cancelled","cancelled_at":"1970-01-01T00:00:01Z","created_at":"1970-01-01T00:00:02.5Z"}',
	'{"status":"scheduled","status_history":[]}', '{"status":"scheduled","status_history":null}',
	'{"status":"foo","status_history":[{"status":"scheduled","changed_by":"u"}],"created_by":"v"}',
	'{"status_history":[{"status":"arrived"}]}']) AS a;
