--
-- The types themselves: text and binary I/O, casts, fields, storage
--
-- ---------------------------------------------------------------------
-- text: canonical JSON
-- ---------------------------------------------------------------------

-- members come out in canonical order, without blanks, whatever came in
SELECT '{}'::appointment;
SELECT ' { "status" : "scheduled" ,
	"starts_at":"2024-01-01T12:00:00+02:00", "id" : "a\u0062c" } '::appointment;

-- every field, null, absent, empty: to the letter
CREATE TABLE everything (a appointment);
INSERT INTO everything VALUES ('{"id":"app_1","reference":-9223372036854775808,
"starts_at":"2024-01-01T10:00:00.000001Z","ends_at":"9999-12-31T23:59:59.999999Z",
"duration":60,"time_zone":"Europe/Berlin","ends_at_time_zone":"Asia/Kathmandu","local_starts_at":"2024-01-01T11:00:00.5",
"status":"odd \"word\"","source_status":"x","confirmed":false,"confirmed_at":null,"hold_expires_at":"2024-01-01T09:45:00.5Z",
"cancelled_at":"0001-01-01T00:00:00Z","cancellation_reason_id":"","cancellation_note":"é\n\t\\/\u0001",
"cancellation_notice":0,"rescheduling_notice":2147483647,
"created_at":"2024-01-01T10:00:00Z","updated_at":"2024-01-01T10:00:00Z",
"actual_starts_at":"2024-01-01T10:00:00Z","actual_ends_at":null,"location_id":"l",
"client_id":"c","client_package_id":"p","case_id":"c","room_id":"r","vehicle_id":"v",
"practitioner_id":"p","service_id":"s","resource_ids":["","a","a"],"note":"n","name":"n",
"description":"d","is_group":true,"is_internal":null,"recurrence":{"b" : 1.50, "a":[1e2, -0]},
"attendees":[{"id":"u","attendance_status":"going","no_show":false,"payment_status":null,
"updated_at":"2024-01-01T10:00:00Z","unknown":{"avon":{"x":"y"}}},{}],"reference_patients":[],
"interaction_type":"in_person","video_call":{"join_url":"u","meeting_id":"m"},
"address":{"line1":"1","line2":"2","city":"c","state":"s","postal_code":"p"},
"status_history":[{"status":"scheduled","source_status":"rescheduled","changed_by":"x","changed_at":null}],
"visit_note":"v","change_log":"c","created_by":"c","generated_from":"g","generated_from_type":"rule",
"is_interpreter_needed":true,"interpreter_language":"l","url":"u","department":{"id":1,"name":"n"},
"claimant":{"name":"n","phone_number":"p","email":"e","date_of_birth":"2000-02-29",
"data":[{"id":"i","value":"v","name":"n","type":"t","required":true}]},
"meeting":{"id":1,"room_name":"r","room_url":"u","start_date":null,"end_date":"2024-01-01T10:00:00Z"},
"features_call_recording_enable":true,"features_breakout_room_enable":true,
"features_webcam_access_agent_enable":true,"features_webcam_access_claimant_enable":true,
"features_webcam_background_blurring_enable":true,"features_microphone_access_enable":true,
"features_screen_sharing_enable":true,"features_messages_chat_enable":true,
"features_participant_list_enable":true,"features_bandwidth":"low",
"use_custom_post_call_redirect":false,"custom_user_post_call_redirect_url":"u",
"custom_agent_post_call_redirect_url":"a","cancellation":{"allowed":true,"disabled_message":null},
"rescheduling":{"allowed":false,"disabled_message":"m"},"add_to_calendar_url":"a","cancel_url":"c",
"ics_url":"i","reschedule_url":"r","urls":{"add_to_calendar":["a"],"add_to_google_calendar":[],
"cancel":["c"],"ics":["i"],"reschedule":["r","s"]},"location_text":"l","has_object":false,
"source":"avon","starts_at_unknown":{"savvycal":{"x":1}},"ends_at_unknown":{"savvycal":{"y":null}},
"unknown":{"caspen":{"Z":[ 1,2 ],"a":{}},"avon":{"é":"\u00e9"}}}');
\a
SELECT a FROM everything;
\a

-- nothing is lost on the way through text, binary, json or jsonb; only jsonb
-- normalises what stands inside free-form objects
SELECT a::text::appointment = a AS by_text, a::json::text::appointment = a AS by_json,
	(a::jsonb - 'recurrence' - 'unknown')::appointment =
	appointment_set(appointment_set(a, 'recurrence', NULL), 'unknown', NULL) AS by_jsonb
FROM everything;

-- the test has every field
SELECT field AS forgotten FROM appointment_fields()
WHERE NOT (SELECT a::jsonb ? field FROM everything);

-- what the text form does not take
SELECT '{"id":"x","foo":1}'::appointment;
SELECT '{"id":"x","claimant":{"foo":1}}'::appointment;
SELECT '{"id":"x","attendees":[{},{"a b":1}]}'::appointment;
SELECT '{"ID":"x"}'::appointment;
SELECT ''::appointment;
SELECT '[]'::appointment;
SELECT '"x"'::appointment;
SELECT '{"id":"x"'::appointment;
SELECT '{"id":"x"} x'::appointment;
SELECT '{''id'':"x"}'::appointment;
SELECT '{"id":NaN}'::appointment;
SELECT '{"id":1}'::appointment;
SELECT '{"data":{"id":"x"}}'::appointment;		-- no envelope here
SELECT '{"source":"appointment_one"}'::appointment;	-- a format of events
SELECT '{"source":"canonical"}'::appointment;
SELECT '{"unknown":{"elsewhere":{}}}'::appointment;
SELECT '{"unknown":{"avon":[]}}'::appointment;
SELECT '{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T10:00:00Z"}'::appointment;
SELECT '{"starts_at":"2024-01-01T10:00:00"}'::appointment;
SELECT '{"starts_at":"infinity"}'::appointment;
SELECT '{"claimant":{"date_of_birth":"2023-02-29"}}'::appointment;
-- a zone that this machine lacks is kept, as it may stand in another's dump; what can be no name is not
SELECT '{"time_zone":"Mars/Olympus"}'::appointment;
SELECT '{"time_zone":"no zone"}'::appointment;
-- nor can appointment_set() or a document bring one in
SELECT appointment_set('{}', 'time_zone', '"Mars/Olympus"');

-- the last of several members of a name wins, as in jsonb
SELECT '{"id":"a","note":"n","id":"b"}'::appointment;

-- a length that is the distance of the two instants goes without saying
SELECT '{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","duration":60}'::appointment;
SELECT '{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","duration":61}'::appointment;

-- ---------------------------------------------------------------------
-- binary
-- ---------------------------------------------------------------------

SELECT encode(appointment_send('{"id":"x"}'), 'escape');
SELECT encode(appointment_event_send('{"id":"x"}'), 'escape');

CREATE TEMP TABLE copied (a appointment, e appointment_event);
CREATE TEMP TABLE copied_back (LIKE copied);
INSERT INTO copied SELECT a, '{"id":"30min","name":"é"}' FROM everything;
INSERT INTO copied VALUES (NULL, NULL), ('{}', '{}');
SELECT current_setting('data_directory') || '/appointment_types.bin' AS file \gset
COPY copied TO :'file' (FORMAT binary);
COPY copied_back FROM :'file' (FORMAT binary);
SELECT count(*) AS lost FROM (TABLE copied EXCEPT ALL TABLE copied_back) s;
COPY copied TO :'file';
TRUNCATE copied_back;
COPY copied_back FROM :'file';
SELECT count(*) AS lost FROM (TABLE copied EXCEPT ALL TABLE copied_back) s;

-- A COPY file of one appointment whose binary form is what we say.
CREATE FUNCTION receive(value bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	file text := current_setting('data_directory') || '/appointment_types.bin';
	content bytea := '\x5047434f50590aff0d0a00' || '\x0000000000000000'::bytea ||
		'\x0001'::bytea || int4send(length(value)) || value || '\xffff'::bytea;
	lob oid;
	message text;
	detail text;
BEGIN
	lob := lo_from_bytea(0, content);
	PERFORM lo_export(lob, file);
	PERFORM lo_unlink(lob);
	CREATE TEMP TABLE received (a appointment);
	EXECUTE format('COPY received FROM %L (FORMAT binary)', file);
	message := (SELECT a::text FROM received);
	DROP TABLE received;
	RETURN message;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' ', SQLSTATE, message, detail);
END $$;

SELECT receive('\x01' || convert_to('{"id":"x"}', 'UTF8'));
SELECT receive('\x00' || convert_to('{"id":"x"}', 'UTF8'));
SELECT receive('\x02' || convert_to('{"id":"x"}', 'UTF8'));
SELECT receive('\xff' || convert_to('{"id":"x"}', 'UTF8'));
SELECT receive('');
SELECT receive('\x01');
SELECT receive('\x01' || convert_to('{"id":"x"', 'UTF8'));
SELECT receive('\x01' || convert_to('{"id":1}', 'UTF8'));
SELECT receive('\x01' || convert_to('{"id":"x"}', 'UTF8') || '\x00'::bytea);
SELECT receive('\x01' || convert_to('{"id":"', 'UTF8') || '\xff'::bytea || convert_to('"}', 'UTF8'));
-- cut at every byte, the whole is the only one that is taken
SELECT count(*) FILTER (WHERE receive(substr(b, 1, n)) ~ '^(22P02|08P01) ') AS refused,
	count(*) FILTER (WHERE receive(substr(b, 1, n)) LIKE '{%') AS taken
FROM (SELECT appointment_send('{"id":"x","resource_ids":["a"]}') AS b) s,
	generate_series(0, length(b)) n;
COPY (SELECT) TO PROGRAM 'cat >/dev/null; rm -f appointment_types.bin';

-- ---------------------------------------------------------------------
-- casts
-- ---------------------------------------------------------------------

SELECT '{"id":"x","reference":1e1}'::jsonb::appointment;
SELECT pg_typeof('{"id":"x"}'::appointment::json), pg_typeof('{"id":"x"}'::appointment::jsonb);
SELECT '{"id":"x", "note": "n\u00e4"}'::json::appointment, '{"id":"x"}'::json::appointment_event;
SELECT '{"id":1}'::json::appointment;
SELECT '{"id":1}'::jsonb::appointment;
SELECT '[]'::json::appointment_event;
SELECT '[]'::jsonb::appointment_event;
SELECT NULL::json::appointment IS NULL AS null_is_null;
-- by assignment: a column takes JSON of either type, as drivers send it
CREATE TEMP TABLE assigned (a appointment, e appointment_event);
INSERT INTO assigned SELECT '{"id":"x"}'::jsonb, '{"id":"30min"}'::jsonb;
INSERT INTO assigned VALUES ('{"id":"y"}'::json, '{"id":"60min"}'::json);
PREPARE as_json (json, json) AS INSERT INTO assigned SELECT $1, $2;
EXECUTE as_json ('{"id":"z"}', NULL);
PREPARE as_jsonb (jsonb, jsonb) AS UPDATE assigned SET a = $1, e = $2 WHERE appointment_id(a) = 'z' RETURNING *;
EXECUTE as_jsonb ('{"id":"zz"}', '{"id":"90min"}');
EXECUTE as_json ('{"id":1}', NULL);
EXECUTE as_json ('{"id":"z"}', '{"id":1}');
DEALLOCATE as_json;
DEALLOCATE as_jsonb;
INSERT INTO assigned (a) SELECT '{"id":"x"}'::text;
SELECT * FROM assigned ORDER BY a;
DO $$
DECLARE
	j json := '{"id":"x"}';
	a appointment := j;
	jb jsonb := a;
BEGIN
	a := jb;
	RAISE NOTICE '%', a;
END $$;
-- but not implicit: a document is not by itself an appointment, and what a
-- literal, a comparison or a function means stays what it was
CREATE TEMP VIEW mixed AS SELECT a, e, a::json AS j, a::jsonb AS jb FROM assigned;
SELECT appointment_id(j) FROM mixed;
SELECT appointment_status(jb) FROM mixed;
SELECT a = jb FROM mixed;
SELECT coalesce(a, jb) FROM mixed;
SELECT CASE WHEN true THEN j ELSE a END FROM mixed;
SELECT a FROM mixed UNION SELECT jb FROM mixed;
SELECT count(*) FILTER (WHERE a = '{"id":"x"}') AS of_appointment, count(*) FILTER (WHERE jb = '{"id":"x"}') AS of_jsonb,
	pg_typeof(coalesce((array_agg(a))[1], '{}')) AS a, pg_typeof((array_agg(jb))[1] || '{}') AS jb, pg_typeof(NULLIF((array_agg(e))[1], '{}')) AS e
FROM mixed;
SELECT appointment_id('{"id":"x"}'), appointment_format('{}'), appointment_is_valid('{}', 'caspen');
-- neither runs as anybody but its caller, and none needs a right to be used
SELECT count(*) AS casts, count(*) FILTER (WHERE prosecdef) AS as_owner FROM pg_cast JOIN pg_proc ON castfunc = pg_proc.oid
WHERE castsource IN ('json'::regtype, 'jsonb'::regtype) AND casttarget IN ('appointment'::regtype, 'appointment_event'::regtype);
SELECT castsource::regtype, casttarget::regtype, castcontext, castmethod
FROM pg_cast WHERE 'appointment'::regtype IN (castsource, casttarget)
	OR 'appointment_event'::regtype IN (castsource, casttarget)
ORDER BY castsource::regtype::text COLLATE "C", casttarget::regtype::text COLLATE "C";

-- ---------------------------------------------------------------------
-- fields
-- ---------------------------------------------------------------------

CREATE TEMP TABLE sample (n int, a appointment);
INSERT INTO sample VALUES
	(1, '{"id":"a","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:30:00Z","time_zone":"Europe/Berlin","status":"scheduled"}'),
	(2, '{"id":null,"starts_at":null,"ends_at":"2024-01-01T11:30:00Z","time_zone":null,"status":null}'),
	(3, '{"starts_at":"0001-01-01T00:00:00Z","ends_at":"9999-12-31T23:59:59.999999Z","status":"my own word"}'),
	(4, '{}'),
	(5, NULL);
SET timezone = 'UTC';
SELECT n, appointment_id(a), appointment_status(a), appointment_time_zone(a) FROM sample ORDER BY n;
SELECT n, appointment_starts_at(a), appointment_ends_at(a), appointment_during(a) FROM sample ORDER BY n;
-- the value does not depend on the session
SET timezone = 'America/St_Johns';
SET datestyle = 'SQL, DMY';
SELECT n, a, a ->> 'starts_at', appointment_starts_at(a) FROM sample WHERE n = 1;
RESET timezone;
RESET datestyle;

-- one of each kind; absent is NULL, null is null for -> and NULL for ->>
SELECT field, a -> field AS "->", a ->> field AS "->>"
FROM everything, unnest('{id,reference,starts_at,duration,time_zone,status,confirmed,confirmed_at,hold_expires_at,resource_ids,reference_patients,recurrence,video_call,claimant,status_history,has_object,source,unknown}'::text[]) WITH ORDINALITY f(field, n)
ORDER BY n;
SELECT n, a -> 'id' AS id, a ->> 'id', a -> 'starts_at' AS starts_at, a ->> 'starts_at', a -> 'note' AS note, a ->> 'note', a -> 'source' AS source
FROM sample ORDER BY n;
-- where the length was not given it follows from the two instants, if whole
SELECT n, a -> 'duration', a ->> 'duration' FROM sample ORDER BY n;
SELECT '{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T10:00:30Z"}'::appointment ->> 'duration';
-- what the operators say is what the whole as jsonb says, for every field;
-- lists and objects come as the text that they are kept as
SELECT f.field FROM everything, appointment_fields() f
WHERE (a -> f.field) IS DISTINCT FROM (a::jsonb -> f.field)
	OR CASE WHEN jsonb_typeof(a -> f.field) IN ('object', 'array')
		THEN (a ->> f.field)::jsonb IS DISTINCT FROM (a -> f.field)
		ELSE (a ->> f.field) IS DISTINCT FROM (a::jsonb ->> f.field) END;
-- a name that is not a field is an error, as a column's is
SELECT '{"id":"x"}'::appointment -> 'Id';
SELECT '{"id":"x"}'::appointment ->> '';
SELECT '{"id":"x"}'::appointment ->> 'object';
SELECT '{"id":"x"}'::appointment -> NULL, NULL::appointment ->> 'id';
-- the field may vary from row to row
SELECT f, '{"id":"x","note":"y"}'::appointment ->> f FROM unnest('{id,note,id,name,note}'::text[]) f;
SELECT f, '{"id":"x","note":"y"}'::appointment ->> f FROM unnest('{id,nothing}'::text[]) f;

SELECT * FROM appointment_fields();
SELECT * FROM appointment_event_fields();

-- ---------------------------------------------------------------------
-- appointment_set
-- ---------------------------------------------------------------------

SELECT appointment_set('{"id":"x"}', 'note', '"n"');
SELECT appointment_set('{"id":"x","note":"n"}', 'note', 'null');	-- JSON null: null
SELECT appointment_set('{"id":"x","note":"n"}', 'note', NULL);		-- SQL NULL: absent
SELECT appointment_set('{"id":"x"}', 'note', NULL);
SELECT appointment_set(NULL, 'note', '"n"'), appointment_set('{}', NULL, '"n"');
-- every field can be taken from one value and put into another
SELECT f.field FROM everything, appointment_fields() f
WHERE appointment_set(a, f.field, a -> f.field) IS DISTINCT FROM a
	-- what follows from another field, and what jsonb normalises
	AND f.field NOT IN ('starts_at', 'ends_at', 'status', 'recurrence', 'unknown');
SELECT f.field, appointment_set('{}', f.field, a -> f.field) -> f.field AS value
FROM everything, appointment_fields() f
WHERE appointment_set('{}', f.field, a -> f.field) -> f.field IS DISTINCT FROM a -> f.field;
SELECT f.field FROM everything, appointment_fields() f
WHERE appointment_set(a, f.field, NULL)::jsonb ? f.field
	OR appointment_set(a, f.field, NULL)::jsonb -> 'id' IS NULL AND f.field <> 'id';
-- and so can null, which is the same value after a dump (of no unknown members there are none)
SELECT f.field FROM appointment_fields() f, LATERAL appointment_set('{"id":"x"}', f.field, 'null') AS s (a)
WHERE a::text::appointment IS DISTINCT FROM a OR appointment_hash(a::text::appointment) <> appointment_hash(a);
SELECT f.field FROM appointment_event_fields() f, LATERAL appointment_event_set('{"id":"x"}', f.field, 'null') AS s (e)
WHERE e::text::appointment_event IS DISTINCT FROM e OR appointment_event_hash(e::text::appointment_event) <> appointment_event_hash(e);
SELECT appointment_set('{"id":"x","unknown":{"avon":{"y":1}},"starts_at_unknown":{"savvycal":{"z":1}}}', f, 'null') FROM unnest('{unknown,starts_at_unknown}'::text[]) f;
-- effects: the source's word goes with the status, the kept length with the instants
SELECT appointment_set('{"status":"arrived","source_status":"waiting"}', 'status', '"cancelled"');
SELECT appointment_set('{"status":"arrived","source_status":"waiting"}', 'note', '"n"');
SELECT appointment_set('{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","duration":45}', 'ends_at', '"2024-01-01T13:00:00+01:00"');
-- but not if the value is the one that it was
SELECT appointment_set('{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","duration":45}', 'ends_at', '"2024-01-01T12:00:00+01:00"');
SELECT appointment_set('{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z"}', 'duration', '45');
SELECT appointment_set('{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","duration":45}', 'duration', '60');
SELECT appointment_set('{"id":"x"}', 'source', '"avon"'), appointment_set('{"source":"avon"}', 'source', 'null'), appointment_set('{"source":"avon"}', 'source', NULL);
SELECT appointment_set('{"status":"odd"}', 'status', '"arrived"') ->> 'status';
-- errors
SELECT appointment_set('{}', 'nothing', '1');
SELECT appointment_set('{}', 'id', '1');
SELECT appointment_set('{}', 'confirmed', '"true"');
SELECT appointment_set('{}', 'reference', '1.5');
SELECT appointment_set('{}', 'reference', '9223372036854775808');
SELECT appointment_set('{}', 'reference', '-9223372036854775808'), appointment_set('{}', 'reference', '1e3');
SELECT appointment_set('{}', 'starts_at', '"2024-01-01"');
SELECT appointment_set('{}', 'starts_at', '1704103200');
SELECT appointment_set('{}', 'resource_ids', '["a",1]');
SELECT appointment_set('{}', 'resource_ids', '"a"');
SELECT appointment_set('{}', 'claimant', '{"data":[{},{"required":1}]}');
SELECT appointment_set('{}', 'recurrence', '[]');
SELECT appointment_set('{}', 'source', '"appointment_one"');
SELECT appointment_set('{"starts_at":"2024-01-01T10:00:00Z"}', 'ends_at', '"2024-01-01T10:00:00Z"');
SELECT appointment_set('{"ends_at":"2024-01-01T10:00:00Z"}', 'starts_at', '"2024-01-01T10:00:00.000001Z"');

-- ---------------------------------------------------------------------
-- a field that no service's format has
-- ---------------------------------------------------------------------

-- in its place, though its number is larger than those of its neighbours
CREATE TEMP TABLE hold AS SELECT 'hold_expires_at' AS field,
	appointment_set('{"cancelled_at":null,"id":"x","confirmed":false,"note":"n"}', 'hold_expires_at', '"2026-03-01T10:15:00.25+01:00"') AS a;
SELECT a FROM hold;
SELECT a -> field AS "->", a ->> field AS "->>", a::jsonb -> field AS "jsonb" FROM hold;
-- there and back: text, JSON, binary, a row
SELECT n, b = a AS equal, appointment_cmp(b, a) AS compared, appointment_hash(b) = appointment_hash(a) AS hash
FROM hold, unnest(ARRAY[a::text::appointment, a::json::appointment, a::jsonb::appointment, receive(appointment_send(a))::appointment,
	appointment_set(appointment_set(a, field, NULL), field, a -> field)]) WITH ORDINALITY AS back (b, n) ORDER BY n;
SELECT appointment_from_row(r), appointment_from_row(r) = appointment_set(a, 'cancelled_at', NULL) AS equal
FROM hold, LATERAL (SELECT (a ->> field)::timestamptz AS hold_expires_at, a ->> 'note' AS note, false AS confirmed, a ->> 'id' AS id) r;
-- null is not absent, and the value tells
SELECT appointment_set(a, field, 'null') AS "null", appointment_set(a, field, NULL) AS absent, appointment_set(a, field, 'null') = appointment_set(a, field, NULL) AS equal FROM hold;
SELECT d.* FROM hold, appointment_diff(a, appointment_set(appointment_set(a, field, 'null'), 'confirmed', 'true')) d;
SELECT appointment_erase(a) FROM hold;
-- before or after anything
SELECT at, appointment_is_sound(appointment_set('{"id":"x","starts_at":"2026-03-01T10:00:00Z","ends_at":"2026-03-01T11:00:00Z","created_at":"2026-02-01T00:00:00Z"}', field, to_jsonb(at))) AS sound
FROM hold, unnest('{0001-01-01T00:00:00Z,2026-03-01T10:30:00Z,9999-12-31T23:59:59.999999Z}'::text[]) at;
-- no format writes it; a service's member of that name is its own matter
SELECT format, appointment_to_json(a, format)::jsonb ? field AS written FROM hold, unnest('{avon,caspen,savvycal,sqod}'::text[]) format;
SELECT b -> field AS field, b -> 'unknown' AS unknown, appointment_to_json(appointment_set(b, field, a -> field), 'avon', '{"envelope":false}') ->> field AS written
FROM hold, appointment_from_json('{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":1,"end_time":2,"hold_expires_at":"soon"}', 'avon') b;
-- what is no instant is refused
SELECT appointment_set('{}', 'hold_expires_at', '"soon"');
SELECT appointment_set('{}', 'hold_expires_at', '"2026-03-01T10:15:00"');
SELECT appointment_set('{}', 'hold_expires_at', '1772356500');
SELECT '{"hold_expires_at":"infinity"}'::appointment;
SELECT '{"hold_expires_at":true}'::appointment;
SELECT receive('\x01' || convert_to('{"hold_expires_at":"2026-02-29T10:15:00Z"}', 'UTF8'));
SELECT appointment_from_row(r) FROM (SELECT '2026-03-01 10:15'::timestamp AS hold_expires_at) r;
SELECT appointment_from_row(r) FROM (SELECT 'soon'::text AS hold_expires_at) r;
SELECT appointment_from_row(r) FROM (SELECT 'infinity'::timestamptz AS hold_expires_at) r;
SELECT '{}'::appointment_event -> 'hold_expires_at';
COPY (SELECT) TO PROGRAM 'cat >/dev/null; rm -f appointment_types.bin';

-- ---------------------------------------------------------------------
-- appointment_erase
-- ---------------------------------------------------------------------

\a
SELECT appointment_erase(a) FROM everything;
\a
-- nothing that is personal, and nothing unknown, is left at any depth
SELECT f.field FROM everything, appointment_fields() f
WHERE appointment_erase(a)::jsonb ? f.field IS DISTINCT FROM (NOT f.personal);
SELECT jsonb_path_query(appointment_erase(a)::jsonb, '$.**.unknown') FROM everything;
SELECT appointment_erase(appointment_erase(a)) = appointment_erase(a) AS stable FROM everything;

-- ---------------------------------------------------------------------
-- appointment_event
-- ---------------------------------------------------------------------

CREATE TEMP TABLE event (e appointment_event);
INSERT INTO event VALUES ('{"id":"30min","name":"n","status":"active","date_added":"2017-01-13T03:14:55Z",
"visibility":"public","location":null,"bio":"<p>","url":"30min","attendees":"[\"a@b\"]","invitation_title":"t",
"invitation_body":null,"description":"","duration":30,"free_busy_calendars":["c"],"links":[{"rel" : "self"}],
"source":"appointment_one","unknown":{"appointment_one":{"x":1}}}');
\a
SELECT e FROM event;
\a
SELECT e::text::appointment_event = e, e::json::text::appointment_event = e, e::jsonb::appointment_event = e AS links_are_normalised FROM event;
SELECT field AS forgotten FROM appointment_event_fields() WHERE NOT (SELECT e::jsonb ? field FROM event);
SELECT field, e -> field AS "->", e ->> field AS "->>" FROM event, unnest('{id,location,attendees,duration,free_busy_calendars,links,date_added,source,unknown}'::text[]) WITH ORDINALITY f(field, n) ORDER BY n;
SELECT appointment_event_set(e, 'status', '"deleted"') ->> 'status', appointment_event_set(e, 'bio', NULL) -> 'bio', appointment_event_set(e, 'bio', 'null') -> 'bio' FROM event;
\a
SELECT appointment_event_erase(e) FROM event;
\a
SELECT '{"starts_at":"2024-01-01T10:00:00Z"}'::appointment_event;
SELECT '{"source":"avon"}'::appointment_event;
SELECT '{"id":"x"}'::appointment_event -> 'starts_at';
SELECT appointment_event_set('{}', 'duration', '"30"');
\set VERBOSITY terse
SELECT appointment_id('{"id":"30min"}'::appointment_event);	-- another type
\set VERBOSITY default

-- ---------------------------------------------------------------------
-- domains, arrays, composites, generated columns
-- ---------------------------------------------------------------------

CREATE DOMAIN booked AS appointment NOT NULL
	CHECK (appointment_starts_at(VALUE) IS NOT NULL)
	CHECK (VALUE ->> 'status' <> 'cancelled');
SELECT '{"starts_at":"2024-01-01T10:00:00Z","status":"scheduled"}'::booked;
SELECT '{"status":"scheduled"}'::booked;
SELECT '{"starts_at":"2024-01-01T10:00:00Z","status":"cancelled"}'::booked;
SELECT appointment_to_json('{"starts_at":"2024-01-01T10:00:00Z","status":"scheduled"}'::booked, 'caspen') ->> 'status';
SELECT '{"starts_at":"2024-01-01T10:00:00Z","status":"scheduled"}'::booked ->> 'starts_at';

SELECT ARRAY['{"id":"b"}', NULL, '{"id":"a"}']::appointment[];
SELECT '{"{\"id\":\"b\"}"}'::appointment[] = ARRAY['{"id":"b"}'::appointment];
SELECT appointment_id(x) FROM unnest(ARRAY['{"id":"b"}', NULL, '{"id":"a"}']::appointment[]) x;
SELECT '{"id":"a"}' = ANY (ARRAY['{"id":"b"}', '{"id":"a"}']::appointment[]);

CREATE TEMP TABLE generated (
	a appointment,
	starts_at timestamptz GENERATED ALWAYS AS (appointment_starts_at(a)) STORED,
	status text GENERATED ALWAYS AS (a ->> 'status') STORED,
	CHECK (a ->> 'id' <> '')
);
INSERT INTO generated (a) SELECT a FROM sample WHERE n IN (1, 4);
INSERT INTO generated (a) VALUES ('{"id":""}');
SET timezone = 'UTC';
SELECT starts_at, status FROM generated;
RESET timezone;
CREATE INDEX ON generated ((a ->> 'status'), appointment_during(a));

-- ---------------------------------------------------------------------
-- storage
-- ---------------------------------------------------------------------

SELECT typname, typlen, typalign, typstorage, typcategory, typdelim, typnotnull
FROM pg_type WHERE oid IN ('appointment'::regtype, 'appointment_event'::regtype) ORDER BY 1;

-- short headers, compressed, external, and both: what the fixed part knows is
-- answered from a slice, the rest from the whole
CREATE TEMP TABLE stored (n int, how text, a appointment);
ALTER TABLE stored ALTER a SET STORAGE external;
INSERT INTO stored SELECT 1, 'external', appointment_set(a, 'note', to_jsonb(repeat('nothing', 10000))) FROM sample WHERE n = 1;
ALTER TABLE stored ALTER a SET STORAGE main;
INSERT INTO stored SELECT 2, 'compressed', appointment_set(a, 'note', to_jsonb(repeat('nothing', 10000))) FROM sample WHERE n = 1;
ALTER TABLE stored ALTER a SET STORAGE extended;
INSERT INTO stored SELECT 3, 'compressed and external', appointment_set(a, 'note', (SELECT to_jsonb(string_agg(md5(i::text), repeat(' ', 9))) FROM generate_series(1, 2000) i)) FROM sample WHERE n = 1;
INSERT INTO stored SELECT 4, 'short', a FROM sample WHERE n = 1;
ALTER TABLE stored ALTER a SET STORAGE plain;
INSERT INTO stored SELECT 5, 'plain', a FROM sample WHERE n = 1;
SELECT n, how, pg_column_size(a) < 1000 AS small, pg_column_size(a) < octet_length(a::text) / 2 AS compressed FROM stored ORDER BY n;
SET timezone = 'UTC';
SELECT n, appointment_starts_at(a), appointment_ends_at(a), appointment_status(a), a ->> 'status' AS status, a ->> 'source' AS source
FROM stored ORDER BY n;
RESET timezone;
SELECT n, appointment_during(a) = (SELECT appointment_during(a) FROM sample WHERE n = 1) AS during,
	appointment_id(a), a ->> 'time_zone' AS zone, octet_length(a ->> 'note') AS note, a = a::text::appointment AS whole,
	appointment_set(a, 'note', NULL) = (SELECT a FROM sample WHERE n = 1) AS rest
FROM stored ORDER BY n;

-- limits: what cannot be read again cannot be made
SELECT appointment_set('{}', 'note', to_jsonb(repeat('x', 17 * 1024 * 1024)));
SELECT octet_length(appointment_set('{}', 'note', to_jsonb(repeat('x', 16 * 1024 * 1024 - 20)))::text);
SELECT appointment_set('{}', 'resource_ids', (SELECT jsonb_agg(''::text) FROM generate_series(1, 100001)));
SELECT appointment_set('{}', 'recurrence', (repeat('{"a":', 80) || '1' || repeat('}', 80))::jsonb);

-- the deepest that can be set can be read again, in its place one level deeper
SELECT appointment_set('{}', 'recurrence', (repeat('{"a":', 71) || '1' || repeat('}', 71))::jsonb)::text::appointment IS NOT NULL AS restored;
-- what a format knows is not unknown to it, or it would be written twice; but an older version's dump may have it
SELECT '{"unknown":{"caspen":{"status":"cancelled"}}}'::appointment;
SELECT appointment_set('{}', 'unknown', '{"caspen":{"status":"cancelled"}}');
SELECT appointment_set('{}', 'claimant', '{"data":[{"unknown":{"sqod":{"required":1}}}]}');
SELECT appointment_set('{}', 'starts_at_unknown', '{"savvycal":{"utc":1}}');
SELECT appointment_to_json('{"starts_at":"2030-01-01T00:00:00Z","cancellation":{"allowed":true,"unknown":null}}', 'savvycal', '{"cancellation_notice":5}') -> 'cancellation' AS cancellation;
-- the end's zone is kept where it differs
SELECT '{"time_zone":"UTC","ends_at_time_zone":"UTC"}'::appointment = '{"time_zone":"UTC"}'::appointment AS equal;
SELECT appointment_set('{}', 'duration', '-7');
DROP TABLE everything;
DROP DOMAIN booked;
DROP FUNCTION receive(bytea);
