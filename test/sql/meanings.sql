--
-- What could be meant in two ways: how it is read, written and carried out
--
SET timezone = 'UTC';
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/lib/examples.sql'
\set ECHO none
\i :file
\set ECHO all

-- ---------------------------------------------------------------------
-- times
-- ---------------------------------------------------------------------

-- seconds that were sent as milliseconds, and the other way round: a warning
SELECT doc, path, code, severity FROM unnest(ARRAY['{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":1692370044,"end_time":1692373642}', '{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":315532799999,"end_time":315532800000}',
	'{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":315532800000,"end_time":7258118400000}', '{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":7258118400000,"end_time":7258118400001}',
	'{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":1692370044000000,"end_time":1692373642000000}']) AS doc LEFT JOIN LATERAL appointment_validate(doc, 'avon') ON true;
SELECT a, path, code, severity, message, appointment_is_sound(a) AS sound
FROM unnest(ARRAY['{"starts_at":"1970-01-20T14:06:10Z","ends_at":"1970-01-20T14:06:13Z"}', '{"starts_at":"1979-12-31T23:59:59Z","ends_at":"1980-01-01T00:00:00Z"}', '{"starts_at":"1980-01-01T00:00:00Z","ends_at":"2200-01-01T00:00:00Z"}',
	'{"starts_at":"2199-12-31T23:59:59Z","ends_at":"2200-01-01T01:00:00Z"}', '{"starts_at":"2200-01-01T00:00:00Z","ends_at":"2200-01-01T01:00:00Z"}', '{"status":"pending"}']::appointment[]) AS a LEFT JOIN LATERAL appointment_problems(a) ON true;

-- a length without an end gives the end, and the slot is held
SELECT a, appointment_occupancy(a), a -> 'duration' AS duration FROM unnest(ARRAY['{"starts_at":"2024-01-01T10:00:00Z","duration":30,"room_id":"r"}', '{"duration":30,"room_id":"r","starts_at":"2024-01-01T10:00:00Z"}',
	'{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","duration":30,"room_id":"r"}', '{"starts_at":"2024-01-01T10:00:00Z","duration":null,"room_id":"r"}', '{"duration":30,"room_id":"r"}', '{"ends_at":"2024-01-01T10:00:00Z","duration":30,"room_id":"r"}']::appointment[]) AS a;
-- an end that is null is one that nobody knows
SELECT a, appointment_occupancy(a) FROM CAST('{"starts_at":"2024-01-01T10:00:00Z","ends_at":null,"duration":30,"room_id":"r"}' AS appointment) AS a;
SELECT appointment_from_row(r) FROM (SELECT timestamptz '2024-01-01 10:00Z' AS starts_at, NULL::timestamptz AS ends_at, interval '1 hour' AS duration) AS r;
SELECT appointment_set('{"starts_at":"2024-01-01T10:00:00Z"}', 'duration', '45') AS length, appointment_set('{"duration":45}', 'starts_at', '"2024-01-01T10:00:00Z"') AS start,
	appointment_set('{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","duration":45}', 'starts_at', '"2024-01-01T09:00:00Z"') AS moved;
SELECT appointment_apply_request('{"duration":45}', '{"starts_at":"2024-01-01T10:00:00Z"}', 'caspen', at => '2023-01-01Z') AS start,
	appointment_apply_request('{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","duration":45}', '{"note":"n"}', 'caspen', at => '2023-01-01Z') AS kept;
\set VERBOSITY terse
SELECT '{"starts_at":"2024-01-01T10:00:00Z","duration":0}'::appointment;
SELECT '{"starts_at":"2024-01-01T10:00:00Z","duration":-5}'::appointment;
SELECT '{"starts_at":"9999-12-31T10:00:00Z","duration":1440}'::appointment;
SELECT '{"starts_at":"2024-01-01T10:00:00Z","duration":9223372036854775807}'::appointment;
SELECT appointment_from_row(r) FROM (SELECT timestamptz '2024-01-01 10:00Z' AS starts_at, 0 AS duration) AS r;
-- an end that is the start holds nothing, so no value has it
SELECT '{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T10:00:00Z"}'::appointment;
\set VERBOSITY default

-- second 60 is the first of the next minute, whichever that is
SELECT appointment_set('{}', 'created_at', to_jsonb(at)) FROM unnest(ARRAY['2016-12-31T23:59:60Z', '2024-05-05T10:30:60Z', '2024-05-05T10:30:60.5Z', '2024-05-05T16:00:60+05:30']) AS at;
-- where the clocks go back, a local time that comes twice is the first; an
-- offset says which is meant
SELECT appointment_during(a) AS during, appointment_ends_at(a) - appointment_starts_at(a) AS length
FROM (VALUES ('2025-11-02T01:45', '2025-11-02T02:15'), ('2025-11-02T01:45-05:00', '2025-11-02T02:15'), ('2025-11-02T01:15', '2025-11-02T01:45')) AS v (s, e),
	appointment_apply_request('{}', jsonb_build_object('start_at', s, 'end_at', e, 'time_zone', 'America/New_York'), 'savvycal', 'reschedule', '2025-01-01Z') AS a;

-- ---------------------------------------------------------------------
-- statuses, and what the client may do
-- ---------------------------------------------------------------------

-- what is over cannot be cancelled or moved by the client
SELECT status, doc -> 'cancellation' AS cancellation, doc -> 'rescheduling' ->> 'allowed' AS rescheduling
FROM unnest(ARRAY['pending', 'scheduled', 'in_progress', 'completed', 'no_show', 'cancelled', 'canceled', 'odd', NULL]) AS status,
	LATERAL (SELECT appointment_from_row(r) AS a FROM (SELECT status, timestamptz '2999-01-01 10:00Z' AS starts_at, timestamptz '2999-01-01 11:00Z' AS ends_at) AS r) AS v,
	appointment_to_json(a, 'savvycal') AS doc;
SELECT appointment_to_json('{"starts_at":"2999-01-01T10:00:00Z","status":"cancelled"}', 'savvycal', '{"cancellation_notice":60}') -> 'cancellation' AS cancellation;
-- what the service had said of another status is not kept with the new one,
-- what it says of this one is given back
SELECT how, doc ->> 'status' AS status, doc #> '{cancellation,allowed}' AS cancellation, doc #>> '{rescheduling,disabled_message}' AS rescheduling
FROM (SELECT appointment_from_json(:'savvycal', 'savvycal') AS a) AS read, LATERAL (VALUES (1, 'as it came', a), (2, 'request', appointment_apply_request(a, '{}', 'savvycal', 'cancel')),
	(3, 'transition', appointment_transition(a, 'cancelled')), (4, 'set', appointment_set(a, 'status', '"cancelled"')), (5, 'the same status', appointment_set(a, 'status', '"scheduled"')),
	(6, 'confirmed', appointment_confirm(a)), (7, 'came cancelled', appointment_from_json(pg_temp.edit(:'savvycal', 'status', '"canceled"'), 'savvycal'))) AS h (n, how, b),
	appointment_to_json(b, 'savvycal') AS doc ORDER BY n;
-- an appointment that is cancelled can be moved and confirmed, and stays cancelled
SELECT appointment_status(a) AS status, appointment_starts_at(a) AS starts_at, a -> 'confirmed' AS confirmed, appointment_occupancy(a)
FROM appointment_confirm(appointment_reschedule('{"status":"cancelled","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","room_id":"r"}', '2024-01-02 10:00Z')) AS a;

-- ---------------------------------------------------------------------
-- attendees, envelopes and words
-- ---------------------------------------------------------------------

-- in a request nobody attends twice; a document is read as it stands
SELECT jsonb_path_query_array(appointment_apply_request('{"attendees":[{"id":"a","no_show":true}]}', '{"updated_by":"u","attendees":["b","a","b","a"]}', 'avon', at => '2024-01-01Z') -> 'attendees', '$[*].id') AS request,
	jsonb_path_query_array(appointment_from_event('{"status":"active","duration":30,"attendees":"[\"a\",\"b\",\"a\"]"}', '2024-01-01Z', '{c,b,c}', 'x', '2024-01-01Z') -> 'attendees', '$[*].id') AS event,
	jsonb_path_query_array(appointment_from_json('{"id":"a","start_time":1692370044000,"end_time":1692373642000,"attendees":[{"id":"a"},{"id":"a"}]}', 'avon') -> 'attendees', '$[*].id') AS document;
-- what stands beside the document in an envelope is not kept, and a warning
SELECT a, path, severity, message FROM (VALUES ('{"data":{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":1692370044000,"end_time":1692373642000},"meta":{"page":1}}')) AS v (doc),
	appointment_from_json(doc, 'avon') AS a, appointment_validate(doc, 'avon');
-- a word outside a closed vocabulary: of another format it is left behind, of a
-- document of the service's own it is given back
SELECT a, appointment_to_json(a, 'avon') AS avon, appointment_is_valid(appointment_to_json(a, 'avon'), 'avon') AS valid
FROM unnest(ARRAY['{"id":"a","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","interaction_type":"telepathy","generated_from_type":"rule"}',
	'{"id":"a","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","interaction_type":"in_person","generated_from_type":"chance"}']::appointment[]) AS a;
SELECT doc -> 'features_bandwidth' AS bandwidth, appointment_is_valid(doc, 'sqod') AS valid
FROM unnest(ARRAY['{"id":"9a0f170e-0aa0-47db-ab14-4ddcdcbad061","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","features_bandwidth":"huge"}', '{"id":"9a0f170e-0aa0-47db-ab14-4ddcdcbad061","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","features_bandwidth":"high"}']::appointment[]) AS a,
	appointment_to_json(a, 'sqod', '{"envelope": false}') AS doc;
SELECT appointment_to_json(appointment_from_json('{"id":"a","start_time":1692370044000,"end_time":1692373642000,"interaction_type":"telepathy"}', 'avon', '{"unknown_words": "keep"}'), 'avon') AS own;
