--
-- Properties of reading and writing, on random documents.
--
-- They are the same in each run, as long as the seed is; to try others, run
-- this file with psql -v seed=0.5 or another number from -1 to 1.
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/lib/examples.sql'
\set ECHO none
\i :file
\set ECHO all

\if :{?seed}
\else
\set seed 0.20240101
\endif
\echo seed :seed
SELECT setseed(:seed);

-- ---------------------------------------------------------------------
-- random documents, in the spelling that writing has
-- ---------------------------------------------------------------------

CREATE FUNCTION pg_temp.pick(VARIADIC choices text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN choices[1 + floor(random() * cardinality(choices))::int];
END $$;
CREATE FUNCTION pg_temp.random_at() RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
	at timestamptz := timestamptz '1700-01-01Z' + random() * 3650 * interval '31 days';
BEGIN
	RETURN date_trunc(pg_temp.pick('day', 'hour', 'minute', 'second', 'second', 'milliseconds', 'microseconds'), at, 'UTC');
END $$;
CREATE FUNCTION pg_temp.iso(at timestamptz, digits int DEFAULT 0) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	fraction text := rtrim(to_char(at, 'US'), '0');
BEGIN
	fraction := rpad(fraction, greatest(digits, length(fraction)), '0');
	RETURN to_char(at AT TIME ZONE 'UTC', '"\""YYYY-MM-DD"T"HH24:MI:SS') || CASE fraction WHEN '' THEN '' ELSE '.' || fraction END || 'Z"';
END $$;
CREATE FUNCTION pg_temp.millis(at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN trim_scale(extract(epoch FROM at) * 1000)::text;
END $$;
CREATE FUNCTION pg_temp.random_text() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN pg_temp.pick('""', '"a"', '"null"', '"{}"', '"5"', '" "', '"pra_01HQFQ9QWTNNPY58FZ8CB3FWWK"', '"\"quoted\" \\ and / \n\t"', '"日本語 😀"',
		'"é' || repeat('x', (random() * 300)::int) || '"');
END $$;
CREATE FUNCTION pg_temp.random_texts() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN '[' || coalesce((SELECT string_agg(pg_temp.random_text(), ',') FROM generate_series(1, (random() * 4)::int)), '') || ']';
END $$;
-- Unknown members, which come last.
CREATE FUNCTION pg_temp.random_unknown() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	IF random() < 0.7 THEN
		RETURN '';
	END IF;
	RETURN pg_temp.pick(',"x":1.50', ',"X":null', ',"x":{"b" : [1e2,-0, 123456789012345678901234567890]}', ',"x\/y":"\u00e9\/"', ',"":[ ]')
		|| pg_temp.pick('', '', ',"z":"{\"a\":1}"', ',"z":{"z":{"z":{}}}', E',"z":[ \n true ]');
END $$;
-- An object with members in order: each optional one may be absent.
CREATE FUNCTION pg_temp.object(VARIADIC members text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text := '';
	name text;
BEGIN
	FOR i IN 1 .. cardinality(members) BY 2 LOOP
		name := members[i];
		IF left(name, 1) = '!' THEN
			name := substr(name, 2);
		ELSIF random() < 0.15 THEN
			CONTINUE;
		ELSIF random() < 0.1 THEN
			members[i + 1] := 'null';
		END IF;
		result := result || CASE result WHEN '' THEN '' ELSE ',' END || '"' || name || '":' || members[i + 1];
	END LOOP;
	RETURN '{' || ltrim(result || pg_temp.random_unknown(), ',') || '}';
END $$;
-- The time in a zone, as savvycal writes it; the zone's offset by the server.
CREATE FUNCTION pg_temp.zoned(at timestamptz, zone text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	there timestamp := at AT TIME ZONE zone;
	seconds int := extract(epoch FROM there - at AT TIME ZONE 'UTC');
BEGIN
	RETURN rtrim('{"local":' || rtrim(pg_temp.iso(there AT TIME ZONE 'UTC'), 'Z"') || CASE WHEN seconds < 0 THEN '-' ELSE '+' END
		|| to_char(make_interval(secs => abs(seconds)), CASE WHEN seconds % 60 = 0 THEN 'HH24:MI' ELSE 'HH24:MI:SS' END)
		|| '","object":"zoned_date_time","time_zone":"' || zone || '","unix_ts":' || floor(extract(epoch FROM at))
		|| ',"utc":' || pg_temp.iso(at), '}') || pg_temp.random_unknown() || '}';
END $$;
CREATE FUNCTION pg_temp.random_document(format text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	starts_at timestamptz := pg_temp.random_at();
	length interval := pg_temp.pick('1 minute', '30 minutes', '1 hour', '61 minutes', '25 hours')::interval;
	ends_at timestamptz;
	word text := pg_temp.pick('"scheduled"', '"pending"', '"arrived"', '"waiting"', '"missed"', '"in_progress"', '"started"', '"rescheduled"',
		'"completed"', '"no_show"', '"cancelled"', '"canceled"', '"on hold"', '""');
BEGIN
	IF format IN ('avon', 'savvycal') AND random() < 0.5 THEN
		length := length + random() * interval '1 minute';
	END IF;
	ends_at := starts_at + length;
	CASE format
		WHEN 'caspen' THEN
			RETURN pg_temp.object('!id', pg_temp.random_text(), '!location_id', pg_temp.random_text(), '!practitioner_id', pg_temp.random_text(),
				'!service_id', pg_temp.random_text(), '!client_id', pg_temp.random_text(), 'client_package_id', pg_temp.random_text(),
				'case_id', pg_temp.random_text(), '!starts_at', pg_temp.iso(starts_at), '!ends_at', pg_temp.iso(ends_at),
				'!duration', CASE WHEN random() < 0.2 THEN pg_temp.pick('0', '1', '59', '5256000') ELSE (extract(epoch FROM length)::int / 60)::text END,
				'!status', word, 'confirmed', pg_temp.pick('true', 'false'), 'confirmed_at', pg_temp.iso(pg_temp.random_at()),
				'room_id', pg_temp.random_text(), 'vehicle_id', pg_temp.random_text(), '!resource_ids', pg_temp.random_texts(),
				'note', pg_temp.random_text(), 'cancellation_reason_id', pg_temp.random_text(), 'cancellation_note', pg_temp.random_text(),
				'cancelled_at', pg_temp.iso(pg_temp.random_at()), '!created_at', pg_temp.iso(pg_temp.random_at()));
		WHEN 'sqod' THEN
			RETURN '{"data":' || pg_temp.object('!id', '"' || gen_random_uuid() || '"', 'reference', pg_temp.pick('0', '-1', '123456789', '9223372036854775807'),
				'!appointment_at', pg_temp.iso(starts_at, 3), 'duration_in_minutes', (extract(epoch FROM length)::int / 60)::text,
				'is_interpreter_needed', pg_temp.pick('true', 'false'), 'interpreter_language', pg_temp.random_text(), 'status', word,
				'url', pg_temp.random_text(), 'created_at', pg_temp.iso(pg_temp.random_at(), 3), 'cancelled_at', pg_temp.iso(pg_temp.random_at(), 3),
				'cancellation_reason', pg_temp.random_text(), 'department', pg_temp.object('id', '7', 'name', pg_temp.random_text()),
				'claimant', pg_temp.object('name', pg_temp.random_text(), 'phone_number', pg_temp.random_text(), 'email', pg_temp.random_text(),
					'date_of_birth', pg_temp.pick('"2000-02-29"', '"0001-01-01"', '"9999-12-31"'), 'data', '['
					|| coalesce((SELECT string_agg(pg_temp.object('id', pg_temp.random_text(), 'value', pg_temp.random_text(), 'name', pg_temp.random_text(),
						'type', pg_temp.random_text(), 'required', pg_temp.pick('true', 'false')), ',') FROM generate_series(1, (random() * 3)::int)), '') || ']'),
				'meeting', pg_temp.object('id', '1234567890', 'room_name', pg_temp.random_text(), 'room_url', pg_temp.random_text(),
					'start_date', pg_temp.iso(pg_temp.random_at()), 'end_date', pg_temp.iso(pg_temp.random_at())),
				'session_started_at', pg_temp.iso(pg_temp.random_at(), 3), 'session_ended_at', pg_temp.iso(pg_temp.random_at(), 3),
				'features_call_recording_enable', pg_temp.pick('true', 'false'), 'features_breakout_room_enable', pg_temp.pick('true', 'false'),
				'features_webcam_access_agent_enable', 'true', 'features_webcam_access_claimant_enable', 'false',
				'features_webcam_background_blurring_enable', 'true', 'features_microphone_access_enable', 'true', 'features_screen_sharing_enable', 'true',
				'features_messages_chat_enable', 'true', 'features_participant_list_enable', 'true', 'features_bandwidth', pg_temp.pick('"low"', '"medium"', '"high"'),
				'use_custom_post_call_redirect', 'false', 'custom_user_post_call_redirect_url', pg_temp.random_text(),
				'custom_agent_post_call_redirect_url', pg_temp.random_text()) || '}';
		WHEN 'avon' THEN
			RETURN pg_temp.object('!id', pg_temp.random_text(), 'object', '"appointment"', 'generated_from_type', pg_temp.pick('"rule"', '"override"'),
				'generated_from', pg_temp.random_text(), 'appointment_type', pg_temp.random_text(), 'name', pg_temp.random_text(), 'description', pg_temp.random_text(),
				'group', pg_temp.pick('true', 'false'), 'internal', pg_temp.pick('true', 'false'),
				'recurring', pg_temp.pick('{}', '{"is_recurring":false}', '{ "b":1.50, "a":[1e2] }'), '!start_time', pg_temp.millis(starts_at),
				'!end_time', pg_temp.millis(ends_at), 'actual_start_time', pg_temp.millis(pg_temp.random_at()), 'actual_end_time', pg_temp.millis(pg_temp.random_at()),
				'host', pg_temp.random_text(), 'attendees', '[' || coalesce((SELECT string_agg(pg_temp.object('id', pg_temp.random_text(),
					'attendance_status', pg_temp.random_text(), 'no_show', pg_temp.pick('true', 'false'), 'payment_status', pg_temp.random_text(),
					'last_updated_at', pg_temp.millis(pg_temp.random_at())), ',') FROM generate_series(1, (random() * 3)::int)), '') || ']',
				'reference_patients', pg_temp.random_texts(), 'interaction_type', pg_temp.pick('"video_call"', '"in_person"'),
				'video_call', pg_temp.object('join_url', pg_temp.random_text(), 'meeting_id', pg_temp.random_text()),
				'location', pg_temp.object('line1', pg_temp.random_text(), 'line2', pg_temp.random_text(), 'city', pg_temp.random_text(),
					'state', pg_temp.random_text(), 'postal_code', pg_temp.random_text()),
				'status_history', '[' || coalesce((SELECT string_agg(pg_temp.object('status', pg_temp.pick(word, '"scheduled"'), 'changed_by', pg_temp.random_text(),
					'changed_at', pg_temp.millis(pg_temp.random_at())), ',') FROM generate_series(1, (random() * 3)::int)), '') || ']',
				'visit_note', pg_temp.random_text(), 'change_log', pg_temp.random_text(), 'created_by', pg_temp.random_text(),
				'created_at', pg_temp.millis(pg_temp.random_at()), 'last_updated_at', pg_temp.millis(pg_temp.random_at()));
		WHEN 'savvycal' THEN
			RETURN pg_temp.object('!add_to_calendar_url', pg_temp.random_text(), '!cancel_url', pg_temp.random_text(),
				'!cancellation', pg_temp.object('allowed', pg_temp.pick('true', 'false'), 'disabled_message', pg_temp.random_text()),
				'!confirmed_at', pg_temp.pick('null', pg_temp.iso(pg_temp.random_at())),
				'!end_at', pg_temp.zoned(ends_at, pg_temp.pick('UTC', 'America/New_York', 'Asia/Kathmandu', 'Africa/Monrovia')), '!ics_url', pg_temp.random_text(),
				'!id', '"appt_' || left(md5(random()::text), 11) || '_"', '!object', '"public_appointment"', '!reschedule_url', pg_temp.random_text(),
				'!rescheduling', pg_temp.object('allowed', pg_temp.pick('true', 'false'), 'disabled_message', pg_temp.random_text()),
				'!start_at', pg_temp.zoned(starts_at, pg_temp.pick('UTC', 'America/New_York', 'Australia/Lord_Howe', 'Europe/Paris')),
				'!status', pg_temp.pick('"scheduled"', '"canceled"'),
				'!urls', pg_temp.object('add_to_calendar', pg_temp.random_texts(), 'add_to_google_calendar', pg_temp.random_texts(),
					'cancel', pg_temp.random_texts(), 'ics', pg_temp.random_texts(), 'reschedule', pg_temp.random_texts()));
		WHEN 'appointment_one' THEN
			RETURN pg_temp.object('!id', pg_temp.random_text(), '!name', pg_temp.random_text(), '!status', pg_temp.pick('"active"', '"disabled"', '"deleted"'),
				'!date_added', '"' || floor(extract(epoch FROM starts_at)) || '"', '!visibility', pg_temp.pick('"public"', '"unlisted"'),
				'!location', pg_temp.pick('null', pg_temp.random_text()), '!bio', pg_temp.pick('null', pg_temp.random_text()), '!url', pg_temp.random_text(),
				'!attendees', pg_temp.pick('"[]"', '"[\"a@example.com\"]"'), '!invitation_title', pg_temp.pick('null', pg_temp.random_text()),
				'!invitation_body', pg_temp.random_text(), '!description', pg_temp.random_text(), '!duration', pg_temp.pick('"0"', '"30"', '"525600"'),
				'!free_busy_calendars', pg_temp.random_texts(), 'links', pg_temp.pick('[]', '[ {"rel":"self","x":1.50} ]'));
	END CASE;
END $$;

CREATE TEMP TABLE document AS
	SELECT format, n, pg_temp.random_document(format) AS doc
	FROM unnest(ARRAY['caspen', 'sqod', 'avon', 'savvycal', 'appointment_one']) AS format, generate_series(1, 400) AS n;
CREATE TEMP TABLE value AS
	SELECT format, n, doc, appointment_from_json(doc, format) AS a FROM document WHERE format <> 'appointment_one';
CREATE TEMP TABLE event AS
	SELECT format, n, doc, appointment_event_from_json(doc, format) AS e FROM document WHERE format = 'appointment_one';

-- ---------------------------------------------------------------------
-- reading, then writing
-- ---------------------------------------------------------------------

-- Reading and writing gives back the same text, byte by byte.
SELECT format, count(*), count(*) FILTER (WHERE appointment_to_json(a, format)::text = doc) AS same
FROM value GROUP BY format ORDER BY format;
SELECT count(*), count(*) FILTER (WHERE appointment_event_to_json(e, format)::text = doc) AS same FROM event;
-- The canonical text loses nothing.
SELECT format, count(*) FILTER (WHERE a::text::appointment = a) AS equal, count(*) FILTER (WHERE appointment_to_json(a::text::appointment, format)::text = doc) AS same,
	count(*) FILTER (WHERE a::text::appointment::text = a::text) AS stable, count(*) FILTER (WHERE appointment_hash(a::text::appointment) = appointment_hash(a)) AS hash
FROM value GROUP BY format ORDER BY format;
SELECT count(*) FILTER (WHERE e::text::appointment_event = e) AS equal,
	count(*) FILTER (WHERE appointment_event_to_json(e::text::appointment_event, format)::text = doc) AS same FROM event;
-- By way of jsonb the letters of unknown numbers and the order get lost, but no value.
SELECT format, count(*) FILTER (WHERE appointment_to_json(appointment_from_json(doc::jsonb, format), format)::jsonb = doc::jsonb) AS document,
	count(*) FILTER (WHERE appointment_to_json(a::jsonb::appointment, format)::jsonb = doc::jsonb) AS canonical
FROM value GROUP BY format ORDER BY format;
-- Every other format can be written, by anyone, with any options.
SELECT f.format, count(*), count(DISTINCT v.format) AS formats, count(*) FILTER (WHERE appointment_format(w.doc) = f.format) AS recognised
FROM value AS v, unnest(ARRAY['caspen', 'sqod', 'avon', 'savvycal']) AS f (format),
	appointment_to_json(v.a, f.format, '{"base_url":"https://x.example","time_zone":"Asia/Kolkata","cancellation_notice":5,"envelope":false}') AS w (doc)
WHERE w.doc::jsonb ? 'id' GROUP BY f.format ORDER BY f.format;
-- And what avon writes can be read, if the value has start and end.  What is
-- not its own comes back in milliseconds.
SELECT v.format, count(*) > 200 AS enough,
	bool_and(appointment_during(appointment_from_json(appointment_to_json(v.a, 'avon'), 'avon')) = CASE v.format WHEN 'avon' THEN appointment_during(v.a)
		ELSE tstzrange(date_trunc('milliseconds', appointment_starts_at(v.a)), date_trunc('milliseconds', appointment_ends_at(v.a))) END) AS during
FROM value AS v WHERE appointment_during(v.a) IS NOT NULL GROUP BY v.format ORDER BY v.format;
-- As a list, each comes back in its place.
SELECT v.format, count(*) AS items, count(*) FILTER (WHERE l.appointment = v.a) AS equal
FROM (SELECT format, appointment_json_agg(a, format ORDER BY n) AS list FROM value GROUP BY format) AS lists,
	LATERAL appointment_list_from_json(list, format) AS l JOIN value AS v ON v.n = l.ord
WHERE v.format = lists.format GROUP BY v.format ORDER BY v.format;
-- Fields are what the canonical JSON has.
SELECT format, count(*) FILTER (WHERE (a -> field) IS DISTINCT FROM (canonical -> field)) AS different
FROM (SELECT format, a, a::jsonb AS canonical FROM value WHERE n <= 50 OFFSET 0) AS v, appointment_fields() AS f
WHERE field <> 'duration' GROUP BY format ORDER BY format;

-- To set a field to the value that it has changes nothing.
SELECT format, count(*) FILTER (WHERE appointment_to_json(appointment_set(a, field, a -> field), format)::jsonb IS DISTINCT FROM doc::jsonb) AS different
FROM value, appointment_fields() AS f WHERE n <= 40 AND field <> 'duration' GROUP BY format ORDER BY format;

-- ---------------------------------------------------------------------
-- bad documents
-- ---------------------------------------------------------------------

-- Some member has a value of another type, or is missing; at any depth.
CREATE FUNCTION pg_temp.spoil(doc jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	path text[];
	new_value jsonb := pg_temp.pick('null', '1', '-1.5', '"x"', '""', '[]', '{}', 'true', '[null]', '[{}]', '"2024-01-01T10:00:00"', '1e300')::jsonb;
BEGIN
	SELECT p INTO path FROM (
		WITH RECURSIVE walk (p, v) AS (
			SELECT ARRAY[]::text[], doc
			UNION ALL
			SELECT p || c.key, c.value FROM walk, LATERAL (
				SELECT key, value FROM jsonb_each(CASE jsonb_typeof(v) WHEN 'object' THEN v ELSE '{}' END)
				UNION ALL
				SELECT (k - 1)::text, value FROM jsonb_array_elements(CASE jsonb_typeof(v) WHEN 'array' THEN v ELSE '[]' END)
					WITH ORDINALITY AS x (value, k)) AS c
		)
		SELECT p FROM walk WHERE p <> '{}') AS paths ORDER BY random() LIMIT 1;
	IF random() < 0.2 THEN
		RETURN doc #- path;
	END IF;
	RETURN jsonb_set(doc, path, new_value);
END $$;
-- The first error that reading raises, as the list tells it: path and code.
CREATE FUNCTION pg_temp.first_error(doc jsonb, format text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text;
	detail text;
BEGIN
	PERFORM appointment_from_json(doc, format);
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' ', nullif(state, '22P02'), detail::json ->> 'path', detail::json ->> 'code');
END $$;
CREATE TEMP TABLE bad AS
	SELECT format, n, CASE WHEN n % 3 = 0 THEN pg_temp.spoil(d) ELSE d END AS doc
	FROM (SELECT format, n, pg_temp.spoil(coalesce(CASE format WHEN 'sqod' THEN doc::jsonb -> 'data' END, doc::jsonb)) FROM value) AS v (format, n, d);
-- The exception and the list's problems are of one mind.
SELECT count(*), count(error) > count(*) / 3 AS errors_enough, count(*) > count(error) AS some_are_none,
	count(*) FILTER (WHERE error IS DISTINCT FROM problem) AS different, count(*) FILTER (WHERE error IS NULL AND appointment IS NULL) AS lost
FROM (SELECT pg_temp.first_error(bad.doc, format) AS error, l.appointment, (
		SELECT regexp_replace(p ->> 'path', '^data\[0\]\.?', '') || ' ' || (p ->> 'code')
		FROM jsonb_array_elements(l.problems) WITH ORDINALITY AS e (p, k) WHERE p ->> 'severity' = 'error' ORDER BY k LIMIT 1) AS problem
	FROM bad, LATERAL appointment_list_from_json(jsonb_build_object('data', jsonb_build_array(bad.doc)), format) AS l) AS e;
-- So are the checks: they count the same errors, and warnings do not matter.
SELECT count(*) FILTER (WHERE appointment_is_valid(bad.doc, format) IS DISTINCT FROM (pg_temp.first_error(bad.doc, format) IS NULL)) AS is_valid,
	count(*) FILTER (WHERE (SELECT count(*) FROM appointment_validate(bad.doc, format)) <> coalesce(jsonb_array_length(l.problems), 0)) AS problems
FROM bad, LATERAL appointment_list_from_json(jsonb_build_object('data', jsonb_build_array(bad.doc)), format) AS l;
SELECT format, count(*) FILTER (WHERE appointment_is_valid(doc, format)) AS valid FROM document GROUP BY format ORDER BY format;
-- What is read in spite of it comes back as well.
SELECT count(*) > 100 AS enough, count(*) FILTER (WHERE NOT appointment_to_json(l.appointment, format, '{"envelope":false}')::jsonb @> (bad.doc - '{start_at,end_at}'::text[])) AS different
FROM bad, LATERAL appointment_list_from_json(jsonb_build_object('data', jsonb_build_array(bad.doc)), format) AS l
WHERE l.appointment IS NOT NULL;

-- Any byte may be any other: what is not JSON is refused, all else ends well.
CREATE FUNCTION pg_temp.garble(doc text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	at int := 1 + floor(random() * length(doc))::int;
BEGIN
	RETURN overlay(doc PLACING pg_temp.pick('', '"', '\', '{', '}', '[', ']', ',', ':', '0', '-', 'e', 'null', E'\n', '\u0000', '\ud800', E'\x01', 'é') FROM at
		FOR (random() * 2)::int);
END $$;
CREATE FUNCTION pg_temp.outcome(doc text, format text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	is_json boolean := true;
	a appointment;
BEGIN
	BEGIN
		PERFORM doc::json;
	EXCEPTION WHEN OTHERS THEN
		is_json := false;
	END;
	BEGIN
		a := appointment_from_json(doc, format);
	EXCEPTION WHEN OTHERS THEN
		RETURN CASE WHEN SQLSTATE <> '22P02' THEN SQLSTATE || SQLERRM WHEN is_json THEN 'refused' ELSE 'not JSON' END;
	END;
	RETURN CASE WHEN NOT is_json THEN 'read what is not JSON' WHEN a::text::appointment = a THEN 'read' ELSE 'lost' END;
END $$;
SELECT outcome, count(*) > 20 AS often FROM value, pg_temp.garble(doc) AS garbled, pg_temp.outcome(garbled, format) AS outcome GROUP BY outcome ORDER BY outcome;
