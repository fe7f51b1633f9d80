--
-- Requests: create, update, cancel, reschedule; and appointments from events
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/data/caspen.json'
\set caspen `cat :'file'`
\set file :abs_srcdir '/data/sqod.json'
\set sqod `cat :'file'`
\set file :abs_srcdir '/data/avon.json'
\set avon `cat :'file'`
\set file :abs_srcdir '/data/savvycal.json'
\set savvycal `cat :'file'`
\set file :abs_srcdir '/data/appointment_one.json'
\set event `cat :'file'`
SET TimeZone = 'UTC';

CREATE TEMP TABLE given AS
	SELECT 'caspen' AS format, appointment_from_json(:'caspen', 'caspen') AS a
	UNION ALL SELECT 'sqod', appointment_from_json(:'sqod', 'sqod')
	UNION ALL SELECT 'avon', appointment_from_json(:'avon', 'avon')
	UNION ALL SELECT 'savvycal', appointment_from_json(:'savvycal', 'savvycal');

-- ask(format, request, kind): what changes in the value of that format
CREATE FUNCTION ask(f text, request jsonb, kind text DEFAULT 'update', source text DEFAULT NULL)
RETURNS TABLE (field text, old jsonb, new jsonb) LANGUAGE sql AS $$
	SELECT coalesce(o.key, n.key), o.value, n.value
	FROM given,
		LATERAL (SELECT a::jsonb AS before, appointment_apply_request(a, request, f, kind, '2030-01-01 12:00Z')::jsonb AS after) AS x,
		LATERAL jsonb_each(before) AS o FULL JOIN LATERAL jsonb_each(after) AS n USING (key)
	WHERE format = coalesce(source, f) AND o.value IS DISTINCT FROM n.value
	ORDER BY 1
$$;

-- refuse(format, request, kind): all that is wrong with a request, and that
-- carrying it out names the first of it in its detail
CREATE FUNCTION refuse(f text, request text, kind text DEFAULT 'update')
RETURNS TABLE (path text, code text, severity text, message text) LANGUAGE plpgsql AS $$
DECLARE
	first record;
	told text;
	detail jsonb;
	hint text;
BEGIN
	RETURN QUERY SELECT * FROM appointment_validate(request, f, kind);
	SELECT p.path, p.code INTO first FROM appointment_validate(request, f, kind) WITH ORDINALITY AS p (path, code, severity, message, n)
	WHERE p.severity = 'error' ORDER BY n LIMIT 1;
	ASSERT appointment_is_valid(request, f, kind) = (first.code IS NULL);
	BEGIN
		IF kind = 'create' THEN
			PERFORM appointment_from_request(request, f);
		ELSE
			PERFORM appointment_apply_request(a, request, f, kind) FROM given WHERE format = f;
		END IF;
		ASSERT first.code IS NULL, 'carried out';
	EXCEPTION WHEN invalid_text_representation OR program_limit_exceeded THEN
		GET STACKED DIAGNOSTICS told = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		ASSERT first.code IS NOT NULL, told;
		ASSERT detail = jsonb_build_object('format', f, 'path', first.path, 'code', first.code), detail;
		ASSERT told || detail::text || hint NOT LIKE '%SECRET%', told;
	END;
END $$;

-- ---------------------------------------------------------------------
-- caspen: update
-- ---------------------------------------------------------------------

SELECT * FROM ask('caspen', '{}');
SELECT * FROM ask('caspen', '{"note": null, "confirmed": false, "room_id": "rom_2", "vehicle_id": null, "resource_ids": [], "client_package_id": null, "case_id": "cas_2"}');
SELECT * FROM ask('caspen', '{"location_id": "l", "practitioner_id": "p", "service_id": "s", "client_id": "c"}');
SELECT * FROM ask('caspen', '{"starts_at": "2024-01-01T10:30:00+00:00", "ends_at": "2024-01-01T12:45:00+01:00"}');
SELECT appointment_to_json(appointment_apply_request(a, '{"starts_at": "2024-01-01T10:30:00Z"}', 'caspen'), 'caspen') -> 'duration' AS duration FROM given WHERE format = 'caspen';
-- An end before the start that there was.
SELECT appointment_apply_request(a, '{"starts_at": "2024-01-01T11:00:00Z"}', 'caspen') FROM given WHERE format = 'caspen';
SELECT * FROM refuse('caspen', '{"note": "SECRET", "status": "SECRET", "cancelled_at": null, "id": "x", "duration": 30, "room": "SECRET"}');
SELECT * FROM refuse('caspen', '{"location_id": null, "starts_at": null, "ends_at": null, "resource_ids": null, "client_id": 7, "confirmed": "SECRET", "note": 1}');
SELECT * FROM refuse('caspen', '{"starts_at": "2024-01-01T11:00:00Z", "ends_at": "2024-01-01T11:00:00Z", "client_id": null}');
SELECT * FROM refuse('caspen', '{"data": {"note": "x"}}');
-- A note has 255 characters at most, in a request only.
SELECT n, char, p.path, p.code FROM (VALUES (255, 'x'), (256, 'x'), (255, 'é'), (256, 'é'), (255, '😀'), (256, '😀')) AS v (n, char)
LEFT JOIN LATERAL refuse('caspen', json_build_object('note', repeat(char, n))::text) AS p ON true;
SELECT appointment_is_valid(:'caspen'::jsonb || jsonb_build_object('note', repeat('x', 256)), 'caspen') AS in_a_document;
-- Also a value of another service can be changed.
SELECT * FROM ask('caspen', '{"note": "x", "ends_at": "2023-08-18T16:00:00Z"}', 'update', 'avon');

-- ---------------------------------------------------------------------
-- sqod: create
-- ---------------------------------------------------------------------

\set create '{"reference": "987", "appointment_at": "2026-03-02T09:00:00.000Z", "duration_in_minutes": 45, "department_id": 3, "is_interpreter_needed": false, "interpreter_language": null, "claimant": {"name": "Ann", "email": "a@example.com", "date_of_birth": "1990-05-06", "data": [{"id": "7", "required": false}]}, "features_bandwidth": "low", "features_call_recording_enable": true, "custom_user_post_call_redirect_url": null}'
SELECT jsonb_pretty(appointment_from_request(:'create', 'sqod', '9a0f170e-0aa0-47db-ab14-4ddcdcbad061', '2026-01-01Z')::jsonb);
SELECT appointment_to_json(appointment_from_request(:'create', 'sqod', at => '2026-01-01Z'), 'sqod') -> 'data' ->> 'created_at' AS created_at;
SELECT * FROM refuse('sqod', :'create', 'create');
-- What it makes is a document of the service's without an error.
SELECT path, code, severity FROM appointment_validate(appointment_to_json(appointment_from_request(:'create', 'sqod', at => '2026-01-01Z'), 'sqod'), 'sqod') ORDER BY severity, path COLLATE "C";
SELECT appointment_id(appointment_from_request(:'create'::json, 'sqod')) ~ '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' AS new_id,
	(appointment_from_request(:'create'::jsonb, 'sqod') ->> 'created_at')::timestamptz = date_trunc('milliseconds', now()) AS now;
SELECT * FROM refuse('sqod', '{}', 'create');
SELECT * FROM refuse('sqod', '{"reference": 987, "appointment_at": null, "duration_in_minutes": 0, "department_id": "SECRET", "claimant": {"data": {}, "title": "SECRET"}, "status": "scheduled", "department": {"id": 1}}', 'create');
SELECT * FROM refuse('sqod', '{"reference": "007", "appointment_at": "2026-03-02T09:00:00Z", "duration_in_minutes": 0, "department_id": 1, "claimant": {}}', 'create');
SELECT * FROM refuse('sqod', '{"reference": "7", "appointment_at": "9999-12-31T23:59:00Z", "duration_in_minutes": 1, "department_id": 1, "claimant": {}}', 'create');
SELECT appointment_from_request(:'create', 'sqod', 'SECRET');

-- ---------------------------------------------------------------------
-- sqod: update
-- ---------------------------------------------------------------------

-- Moving the start keeps the length; a length alone moves the end.
SELECT * FROM ask('sqod', '{"appointment_at": "2021-02-01T00:00:00.000Z"}');
SELECT * FROM ask('sqod', '{"duration_in_minutes": 15}');
SELECT * FROM ask('sqod', '{"duration_in_minutes": 15, "appointment_at": "2021-02-01T00:00:00.000Z"}');
-- The claimant's other members stay, as do members that we do not know.
SELECT * FROM ask('sqod', '{"claimant": {"email": "b@example.com", "phone_number": null}}');
SELECT appointment_apply_request(appointment_from_json(jsonb_set(:'sqod', '{data,claimant,vip}', 'true'), 'sqod'), '{"claimant": {"data": []}}', 'sqod') -> 'claimant' AS claimant;
SELECT appointment_apply_request('{}', '{"claimant": {"name": "Ann"}}', 'sqod', at => '2026-01-01Z');
-- The same department keeps its name, another one has none yet.
SELECT * FROM ask('sqod', '{"department_id": 1}');
SELECT * FROM ask('sqod', '{"department_id": 2}');
SELECT * FROM ask('sqod', '{"is_interpreter_needed": null, "interpreter_language": null, "reference": "5", "features_bandwidth": "low", "features_webcam_access_agent_enable": false, "custom_user_post_call_redirect_url": null}');
SELECT * FROM ask('sqod', '{"reference": 6}');
-- A new status is in the history; cancelling has a date, which goes when the
-- appointment comes back.  The service's own word is kept.
SELECT * FROM ask('sqod', '{"status": "waiting"}');
SELECT * FROM ask('sqod', '{"status": "scheduled"}');
SELECT * FROM ask('sqod', '{"status": "cancelled"}');
SELECT * FROM ask('sqod', '{"status": "no_show"}');
SELECT * FROM ask('sqod', '{"status": "on_hold"}');
SELECT * FROM ask('sqod', '{"status": "no_show"}', 'update', 'caspen');
SELECT appointment_is_sound(cancelled), appointment_is_sound(again), again ->> 'cancelled_at' AS cancelled_at, again -> 'status_history' AS history,
	appointment_to_json(again, 'sqod') -> 'data' -> 'status' AS word, appointment_to_json(again, 'sqod') -> 'data' -> 'cancellation_reason' AS reason
FROM given, appointment_apply_request(a, '{"status": "cancelled"}', 'sqod', at => '2030-01-01Z') AS cancelled,
	appointment_apply_request(cancelled, '{"status": "pending"}', 'sqod', at => '2030-01-02Z') AS again
WHERE format = 'sqod';
SELECT appointment_apply_request(cancelled, '{"status": "cancelled"}', 'sqod', at => '2030-01-02Z') ->> 'cancelled_at' AS still
FROM given, appointment_apply_request(a, '{"status": "cancelled"}', 'sqod', at => '2030-01-01Z') AS cancelled WHERE format = 'sqod';
SELECT * FROM refuse('sqod', '{"appointment_at": null, "duration_in_minutes": null, "department_id": null, "status": null, "claimant": null, "reference": null, "features_bandwidth": null, "use_custom_post_call_redirect": null}');
SELECT * FROM refuse('sqod', '{"url": "SECRET", "cancelled_at": null, "department": {}, "claimant": {"date_of_birth": "SECRET", "status": 1, "data": [{"required": 1}]}, "features_bandwidth": "SECRET", "SECRE": 1}');
SELECT * FROM refuse('sqod', '{"duration_in_minutes": 0}');
SELECT * FROM refuse('sqod', '{"claimant": []}');
-- A length that a value keeps beside its times does not move its end.
SELECT appointment_apply_request('{"starts_at": "2024-01-01T10:00:00Z", "ends_at": "2024-01-01T11:00:00Z", "duration": 45}', r, 'sqod', at => '2026-01-01Z')
FROM unnest('{"{\"interpreter_language\": \"de\"}", "{\"appointment_at\": \"2024-01-02T10:00:00Z\"}", "{\"duration_in_minutes\": 10}"}'::text[]) AS r;
-- A value without a time may get one.
SELECT appointment_apply_request('{}', r, 'sqod', at => '2026-01-01Z')
FROM unnest('{"{\"duration_in_minutes\": 10}", "{\"appointment_at\": \"2024-01-02T10:00:00Z\"}", "{\"appointment_at\": \"2024-01-02T10:00:00Z\", \"duration_in_minutes\": 10}"}'::text[]) AS r;
SELECT appointment_apply_request(a, '{"appointment_at": "9999-12-31T23:30:00Z"}', 'sqod') FROM given WHERE format = 'sqod';

-- ---------------------------------------------------------------------
-- avon: create
-- ---------------------------------------------------------------------

\set create '{"name": "Visit", "description": "d", "group": false, "internal": false, "appointment_type": "apty_1", "start_time": 1692370044000, "end_time": 1692373642000, "host": "user_1", "attendees": ["pat_1", "pat_2"], "created_by": "user_2"}'
SELECT jsonb_pretty(appointment_from_request(:'create', 'avon', 'appt_2UxtAULYUrX7GVsTKePy', '2023-08-01Z')::jsonb);
SELECT appointment_to_json(appointment_from_request(:'create', 'avon', 'appt_2UxtAULYUrX7GVsTKePy', '2023-08-01Z'), 'avon');
SELECT count(*) FROM appointment_validate(appointment_to_json(appointment_from_request(:'create', 'avon', at => '2023-08-01Z'), 'avon'), 'avon');
SELECT * FROM refuse('avon', :'create', 'create');
SELECT * FROM refuse('avon', '{}', 'create');
SELECT * FROM refuse('avon', '{"name": null, "description": null, "group": null, "internal": null, "start_time": null, "end_time": null, "host": null, "attendees": null, "created_by": null}', 'create');
SELECT * FROM refuse('avon', '{"name": 1, "internal": false, "generated_from": "SECRET", "attendees": ["SECRET", {"id": "SECRET"}], "end_time": 1, "start_time": 2, "status_history": [], "id": "SECRET", "more": 1}', 'create');
SELECT * FROM refuse('avon', (:'create'::jsonb - 'appointment_type' || '{"generated_from_type": "rule"}')::text, 'create');
SELECT * FROM refuse('avon', (:'create'::jsonb || '{"generated_from_type": "SECRET", "generated_from": "g", "reference_patients": ["SECRET"]}')::text, 'create');
SELECT * FROM refuse('avon', (:'create'::jsonb || '{"generated_from_type": "rule", "generated_from": "g"}')::text, 'create');
SELECT * FROM refuse('avon', (:'create'::jsonb - 'appointment_type' || '{"internal": true, "reference_patients": ["p"]}')::text, 'create');
SELECT * FROM refuse('avon', (:'create'::jsonb || '{"internal": true}')::text, 'create');
SELECT appointment_from_request(:'create'::jsonb || '{"attendees": []}', 'avon') -> 'attendees' AS nobody;

-- ---------------------------------------------------------------------
-- avon: update
-- ---------------------------------------------------------------------

SELECT * FROM ask('avon', '{"updated_by": "user_9"}');
SELECT * FROM ask('avon', '{"updated_by": "user_9", "name": "n", "description": null, "actual_start_time": 1692370044000, "actual_end_time": 1692370044001.5, "reference_patients": ["p"]}');
-- Who stays keeps their state, in the request's order.
SELECT jsonb_pretty(a -> 'attendees') AS before FROM given WHERE format = 'avon';
SELECT attendee FROM given, jsonb_array_elements(appointment_apply_request(a, jsonb_build_object('updated_by', 'u', 'attendees', ARRAY['new_1', a -> 'attendees' -> 0 ->> 'id', 'new_2']), 'avon', at => '2030-01-01Z') -> 'attendees') AS attendee
WHERE format = 'avon';
SELECT * FROM ask('avon', '{"updated_by": "u", "attendees": []}');
SELECT attendee FROM jsonb_array_elements(appointment_apply_request(
	'{"attendees": [{"id": "a", "no_show": true}, {"no_show": true}, {"id": null}, {"id": "b", "attendance_status": "gone"}, {"id": "c", "payment_status": "paid"}]}',
	'{"updated_by": "u", "attendees": ["c", "a", "b", "a", ""]}', 'avon', at => '2030-01-01Z') -> 'attendees') AS attendee;
SELECT * FROM refuse('avon', '{}');
-- in any order, and whoever is named twice attends once
WITH known AS (SELECT appointment_from_json(jsonb_build_object('id', 'appt_2UxtAULYUrX7GVsTKePy', 'start_time', 1692370044000, 'end_time', 1692373642000, 'attendees',
	(SELECT jsonb_agg(jsonb_build_object('id', 'user_' || i, 'attendance_status', 'state ' || i) ORDER BY i) FROM generate_series(1, 300) AS i)), 'avon') AS a),
named AS (SELECT array_agg('user_' || i ORDER BY md5(i::text)) || '{user_7,user_7,user_301,user_6}'::text[] AS ids FROM generate_series(1, 300) AS i)
SELECT count(*), count(*) FILTER (WHERE attendee ->> 'attendance_status' = replace(attendee ->> 'id', 'user_', 'state ')) AS kept, bool_and(attendee ->> 'id' = (ids[:300] || '{user_301}'::text[])[n]) AS in_order
FROM known, named, jsonb_array_elements(appointment_apply_request(a, jsonb_build_object('updated_by', 'u', 'attendees', ids), 'avon') -> 'attendees') WITH ORDINALITY AS e (attendee, n);
SELECT * FROM refuse('avon', '{"updated_by": null, "attendees": null}');
SELECT * FROM refuse('avon', '{"updated_by": 7, "start_time": 1, "end_time": 2, "status_history": [], "status": "SECRET", "host": "SECRET", "attendees": [1, {}], "actual_start_time": "SECRET"}');
-- Thousands of attendees, in order or not.
SELECT jsonb_array_length(appointment_apply_request(jsonb_build_object('attendees', jsonb_agg(jsonb_build_object('id', n::text, 'no_show', true) ORDER BY n))::appointment,
	jsonb_build_object('updated_by', 'u', 'attendees', jsonb_agg(n::text ORDER BY n + n % 7)), 'avon') -> 'attendees')
FROM generate_series(1, 5000) AS n;

-- ---------------------------------------------------------------------
-- savvycal: cancel
-- ---------------------------------------------------------------------

SELECT * FROM ask('savvycal', '{}', 'cancel');
SELECT * FROM ask('savvycal', '{"cancellation_reason_id": "cr_abcDEF_12345", "custom_reason_text": "ill"}', 'cancel');
SELECT appointment_is_sound(c), appointment_to_json(c, 'savvycal') ->> 'status' AS status, appointment_is_valid(appointment_to_json(c, 'savvycal'), 'savvycal')
FROM given, appointment_apply_request(a, '{}', 'savvycal', 'cancel') AS c WHERE format = 'savvycal';
-- Cancelled twice is cancelled once.
SELECT c ->> 'cancelled_at' AS cancelled_at, c -> 'status_history' AS history, c ->> 'cancellation_note' AS note, c ->> 'updated_at' AS updated_at
FROM given, appointment_apply_request(appointment_apply_request(a, '{}', 'savvycal', 'cancel', '2030-01-01Z'), '{"custom_reason_text": "ill"}', 'savvycal', 'cancel', '2030-01-02Z') AS c
WHERE format = 'savvycal';
SELECT id, p.path, p.code, p.message FROM unnest(ARRAY['cr_abcDEF_12345', 'cr_abcDEF_1234', 'cr_abcDEF_123456', 'cr_abcDEF-12345', 'CR_abcDEF_12345', '', 'cr_äbcDEF_1234', E'cr_abcDEF_1234\n']) AS id
LEFT JOIN LATERAL refuse('savvycal', json_build_object('cancellation_reason_id', id)::text, 'cancel') AS p ON true;
SELECT * FROM refuse('savvycal', '{"cancellation_reason_id": null, "custom_reason_text": null}', 'cancel');
SELECT * FROM refuse('savvycal', '{"cancellation_reason_id": 5, "custom_reason_text": [], "status": "canceled", "reason": "SECRET"}', 'cancel');

-- ---------------------------------------------------------------------
-- savvycal: reschedule
-- ---------------------------------------------------------------------

-- A wall clock is in the request's zone; an offset or Z says more.
SELECT * FROM ask('savvycal', '{"start_at": "2025-07-01T10:00:00", "end_at": "2025-07-01T11:00", "time_zone": "Europe/Berlin"}', 'reschedule');
SELECT * FROM ask('savvycal', '{"start_at": "2025-07-01T10:00:00-04:00", "end_at": "2025-07-01T15:00:00Z", "time_zone": "America/New_York"}', 'reschedule');
SELECT appointment_to_json(r, 'savvycal') -> 'start_at' ->> 'local' AS start_at, appointment_to_json(r, 'savvycal') -> 'end_at' ->> 'local' AS end_at, appointment_status(r), appointment_id(r) = appointment_id(a) AS same_id
FROM given, appointment_apply_request(a, '{"start_at": "2025-07-01T10:00:00", "end_at": "2025-07-01T11:00:00", "time_zone": "Europe/Berlin"}', 'savvycal', 'reschedule') AS r WHERE format = 'savvycal';
-- The hour that a zone skips is the server's; of the hour that it repeats,
-- the first is taken.
SELECT local, r ->> 'starts_at' AS starts_at, (local::timestamp AT TIME ZONE 'America/New_York') = (r ->> 'starts_at')::timestamptz AS as_the_server
FROM given, unnest(ARRAY['2025-03-09T01:30:00', '2025-03-09T02:30:00', '2025-03-09T03:30:00', '2025-11-02T00:30:00', '2025-11-02T01:30:00', '2025-11-02T02:30:00']) AS local,
	appointment_apply_request(a, json_build_object('start_at', local, 'end_at', '2025-12-01T00:00:00Z', 'time_zone', 'America/New_York'), 'savvycal', 'reschedule') AS r WHERE format = 'savvycal';
-- from 02:30, which the clocks skip and which so is 03:30, to 03:15: the message
-- tells that; it does not where nothing was skipped
SELECT * FROM ask('savvycal', '{"start_at": "2025-03-30T02:30", "end_at": "2025-03-30T03:15", "time_zone": "Europe/Berlin"}', 'reschedule');
SELECT * FROM ask('savvycal', '{"start_at": "2025-03-30T03:30", "end_at": "2025-03-30T03:15", "time_zone": "Europe/Berlin"}', 'reschedule');
SELECT * FROM ask('savvycal', '{"startAt": "2025-03-30T03:30", "end_at": "2025-03-30T04:15", "time_zone": "Europe/Berlin"}', 'reschedule');
-- The end had a zone of its own.
SELECT r -> 'time_zone' AS time_zone, r -> 'ends_at_time_zone' AS ends_at_time_zone
FROM appointment_apply_request('{"time_zone": "Europe/Paris", "ends_at_time_zone": "Asia/Tokyo"}', '{"start_at": "2025-07-01T10:00", "end_at": "2025-07-01T11:00", "time_zone": "UTC"}', 'savvycal', 'reschedule') AS r;
SELECT * FROM refuse('savvycal', '{}', 'reschedule');
SELECT * FROM refuse('savvycal', '{"start_at": null, "end_at": null, "time_zone": null}', 'reschedule');
SELECT * FROM refuse('savvycal', '{"start_at": "SECRET", "end_at": 1740841200, "time_zone": "SECRET", "status": "scheduled", "id": "SECRET"}', 'reschedule');
SELECT * FROM refuse('savvycal', '{"start_at": "2025-07-01T10:00:00", "end_at": "2025-07-01T11:00:00", "time_zone": "Mars/Phobos"}', 'reschedule');
SELECT * FROM refuse('savvycal', '{"start_at": "2025-07-01T10:00:00", "end_at": "2025-07-01T10:00:00+02:00", "time_zone": "Europe/Berlin"}', 'reschedule');
SELECT * FROM refuse('savvycal', '{"start_at": {"local": "2025-07-01T10:00:00"}, "end_at": "2025-07-01T25:00:00Z", "time_zone": "Europe/Berlin"}', 'reschedule');

-- ---------------------------------------------------------------------
-- only what is named changes
-- ---------------------------------------------------------------------

-- Every member of every update alone: nothing else, but the end that follows
-- from sqod's start and length.
SELECT f, array_agg(member ORDER BY member) FILTER (WHERE changed <> '{}') AS also, array_agg(DISTINCT changed) AS changed
FROM (VALUES
	('caspen', 'location_id', '"x"', '{location_id}'), ('caspen', 'practitioner_id', '"x"', '{practitioner_id}'), ('caspen', 'service_id', '"x"', '{service_id}'),
	('caspen', 'client_id', '"x"', '{client_id}'), ('caspen', 'client_package_id', '"x"', '{client_package_id}'), ('caspen', 'case_id', '"x"', '{case_id}'),
	('caspen', 'starts_at', '"2024-01-01T09:00:00Z"', '{starts_at}'), ('caspen', 'ends_at', '"2024-01-01T12:00:00Z"', '{ends_at}'), ('caspen', 'note', '"x"', '{note}'),
	('caspen', 'confirmed', 'false', '{confirmed}'), ('caspen', 'room_id', '"x"', '{room_id}'), ('caspen', 'vehicle_id', '"x"', '{vehicle_id}'), ('caspen', 'resource_ids', '["x"]', '{resource_ids}'),
	('sqod', 'appointment_at', '"2021-01-02T00:00:00Z"', '{starts_at,ends_at}'), ('sqod', 'duration_in_minutes', '5', '{ends_at}'), ('sqod', 'department_id', '5', '{department}'),
	('sqod', 'is_interpreter_needed', 'false', '{is_interpreter_needed}'), ('sqod', 'interpreter_language', '"x"', '{interpreter_language}'), ('sqod', 'claimant', '{"name": "x"}', '{claimant}'),
	('sqod', 'features_breakout_room_enable', 'false', '{features_breakout_room_enable}'), ('sqod', 'features_bandwidth', '"low"', '{features_bandwidth}'),
	('sqod', 'use_custom_post_call_redirect', 'false', '{use_custom_post_call_redirect}'), ('sqod', 'custom_agent_post_call_redirect_url', '"x"', '{custom_agent_post_call_redirect_url}'),
	('avon', 'name', '"x"', '{name}'), ('avon', 'description', '"x"', '{description}'), ('avon', 'actual_start_time', '5', '{actual_starts_at}'), ('avon', 'actual_end_time', '5', '{actual_ends_at}'),
	('avon', 'attendees', '["x"]', '{attendees}'), ('avon', 'reference_patients', '["x"]', '{reference_patients}')
) AS v (f, member, value, fields) JOIN given ON format = f,
	LATERAL (SELECT a::jsonb - fields::text[] - '{updated_at}'::text[] AS before, appointment_apply_request(a, (CASE f WHEN 'avon' THEN '{"updated_by": "u"}' ELSE '{}' END)::jsonb || jsonb_build_object(member, value::jsonb), f) AS after) AS x,
	LATERAL (SELECT array(SELECT key FROM (SELECT * FROM jsonb_each(before) EXCEPT SELECT * FROM jsonb_each(after::jsonb - fields::text[] - '{updated_at}'::text[])
		UNION ALL (SELECT * FROM jsonb_each(after::jsonb - fields::text[] - '{updated_at}'::text[]) EXCEPT SELECT * FROM jsonb_each(before))) AS d)::text AS changed) AS c
GROUP BY f ORDER BY f;
-- The last change moves.
SELECT format, (appointment_apply_request(a, CASE format WHEN 'avon' THEN '{"updated_by": "u"}' ELSE '{}' END, format, CASE format WHEN 'savvycal' THEN 'cancel' ELSE 'update' END) ->> 'updated_at')::timestamptz = date_trunc('milliseconds', now()) AS now
FROM given ORDER BY format;
-- The source stays, and members that are not ours.
SELECT appointment_apply_request(appointment_from_json(:'caspen'::jsonb || '{"colour": "red"}', 'caspen'), '{"note": "x"}', 'caspen')::jsonb - '{updated_at}'::text[]
	= appointment_set(appointment_from_json(:'caspen'::jsonb || '{"colour": "red"}', 'caspen'), 'note', '"x"')::jsonb AS same;
-- Hostile requests.
SELECT doc, p.path, p.code, p.message FROM unnest(ARRAY['', 'null', '[]', '"x"', '{', '{"note":"\u0000"}', '{"note":"\ud800"}', repeat('[', 65) || repeat(']', 65)]) AS doc, refuse('caspen', doc) AS p;
SELECT count(*), count(DISTINCT code) FROM refuse('caspen', (SELECT json_object_agg('m' || n, n)::text FROM generate_series(1, 10000) AS n));

-- ---------------------------------------------------------------------
-- arguments
-- ---------------------------------------------------------------------

SELECT appointment_apply_request(NULL, '{}', 'caspen') IS NULL AND appointment_apply_request('{}', NULL::text, 'caspen') IS NULL AND appointment_apply_request('{}', '{}', NULL) IS NULL
	AND appointment_apply_request('{}', '{}', 'caspen', NULL) IS NULL AND appointment_apply_request('{}', '{}', 'caspen', at => NULL) IS NULL
	AND appointment_from_request(NULL::json, 'sqod') IS NULL AND appointment_from_request('{}', NULL) IS NULL AND appointment_from_request('{}', 'sqod', at => NULL) IS NULL AS null_for_null;
SELECT appointment_apply_request('{}', '{}', 'caspen', 'cancel');
SELECT appointment_apply_request('{}', '{}', 'avon', 'create');
SELECT appointment_apply_request('{}', '{}', 'appointment_one');
SELECT appointment_apply_request('{}', '{}', 'nobody');
SELECT appointment_from_request('{}', 'caspen');
SELECT appointment_from_request('{}', 'savvycal');
SELECT appointment_apply_request('{}', '{}', 'caspen', at => 'infinity');
SELECT appointment_apply_request(a::jsonb::appointment, '{"note": "x"}'::json, 'caspen', at => '2030-01-01Z') = appointment_apply_request(a, '{"note": "x"}'::jsonb, 'caspen', at => '2030-01-01Z') AS overloads FROM given WHERE format = 'caspen';

-- ---------------------------------------------------------------------
-- appointments from an event
-- ---------------------------------------------------------------------

CREATE TEMP TABLE template AS SELECT appointment_event_from_json(:'event', 'appointment_one') AS e;
SELECT jsonb_pretty(appointment_from_event(e, '2026-03-02 09:00Z', '{x@example.com,NULL,y@example.com}', 'app_1', '2026-01-01Z')::jsonb) FROM template;
SELECT appointment_from_event(e, '2026-03-02 09:00Z') ->> 'created_at' = to_json(date_trunc('milliseconds', now()) AT TIME ZONE 'UTC') #>> '{}' || 'Z' AS now, appointment_id(appointment_from_event(e, '2026-03-02 09:00Z')) AS id FROM template;
-- The title, else (also if it is empty) the name; its attendees come first; what it lacks, the appointment lacks.
SELECT title, appointment_from_event(appointment_event_set(appointment_event_set(e, 'invitation_title', title), 'attendees', '"[\"a@example.com\", \"b@example.com\"]"'), '2026-03-02 09:00Z', '{c@example.com}', at => '2026-01-01Z') -> 'attendees' AS attendees,
	appointment_from_event(appointment_event_set(e, 'invitation_title', title), '2026-03-02 09:00Z') ->> 'name' AS name
FROM template, (VALUES ('"Title"'::jsonb), ('null'), (NULL), ('""')) AS v (title);
SELECT appointment_from_event('{"status":"active","duration":30}', '2026-03-02 09:00Z', NULL, at => '2026-01-01Z');
-- Only an active event can be booked.
SELECT appointment_from_event('{"status":"disabled","duration":30}', '2026-03-02 09:00Z');
SELECT appointment_from_event('{"status":"deleted","duration":30}', '2026-03-02 09:00Z');
SELECT appointment_from_event('{"status":null,"duration":30}', '2026-03-02 09:00Z');
SELECT appointment_from_event('{"duration":30}', '2026-03-02 09:00Z');
SELECT appointment_from_event('{"status":"active"}', '2026-03-02 09:00Z');
SELECT appointment_from_event('{"status":"active","duration":0}', '2026-03-02 09:00Z');
SELECT appointment_from_event('{"status":"active","duration":10}', '9999-12-31 23:55Z');
SELECT appointment_from_event('{"status":"active","duration":10}', 'infinity');
DO $$
DECLARE
	bad text;
BEGIN
	FOREACH bad IN ARRAY ARRAY['SECRET', '{}', '[1]', '[null]', '[["SECRET"]]', '["SECRET"', 'null', '"SECRET"', '["\ud800"]'] LOOP
		BEGIN
			PERFORM appointment_from_event(jsonb_build_object('status', 'active', 'duration', 30, 'attendees', bad)::appointment_event, now());
			RAISE 'booked %', bad;
		EXCEPTION WHEN invalid_parameter_value THEN
			ASSERT SQLERRM = 'attendees of the event are not a JSON list of strings', SQLERRM;
		END;
	END LOOP;
END $$;
SELECT attendees, appointment_from_event(jsonb_build_object('status', 'active', 'duration', 30, 'attendees', attendees)::appointment_event, '2026-03-02 09:00Z') -> 'attendees' AS of_appointment FROM unnest(ARRAY['', '[]', ' [ ] ', '["a"]', '["é"]', '["a", "a"]']) AS attendees;
SELECT appointment_from_event(NULL, now()) IS NULL AND appointment_from_event(e, NULL) IS NULL AND appointment_from_event(e, now(), at => NULL) IS NULL AS null_for_null FROM template;
SELECT appointment_to_json(appointment_from_event(e, '2026-03-02 09:00Z', '{x@example.com}', 'appt_2UxtAULYUrX7GVsTKePy', '2026-01-01Z'), 'avon') FROM template;

DROP FUNCTION ask, refuse;
