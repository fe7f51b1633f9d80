--
-- Instants, as documents have them.  What is read and written case by case is
-- tested in test/t; this is that the formats use it, and all alike.
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/lib/examples.sql'
\set ECHO none
\i :file
\set ECHO all

-- ---------------------------------------------------------------------
-- ISO 8601
-- ---------------------------------------------------------------------

-- The same texts in each format that has them; the canonical instant, or the
-- code of the error.
CREATE FUNCTION pg_temp.read_as(at text, format text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	RETURN CASE format
		WHEN 'caspen' THEN appointment_from_json(replace(current_setting('test.caspen'), '2024-01-01T12:00:00Z', at), format) ->> 'created_at'
		WHEN 'sqod' THEN appointment_from_json(json_build_object('id', '9a0f170e-0aa0-47db-ab14-4ddcdcbad061', 'appointment_at', '2024-01-01T00:00:00Z',
			'meeting', json_build_object('start_date', at)), format)::jsonb #>> '{meeting,start_date}'
		WHEN 'savvycal' THEN appointment_from_json(replace(current_setting('test.savvycal'), '2025-03-10T15:30:00Z', at), format) ->> 'confirmed_at'
		ELSE jsonb_build_object('created_at', at)::appointment ->> 'created_at'
	END;
EXCEPTION WHEN invalid_text_representation THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail::json ->> 'code';
END $$;
SELECT set_config('test.caspen', :'caspen', false) IS NULL AS caspen, set_config('test.savvycal', :'savvycal', false) IS NULL AS savvycal;
SELECT at, pg_temp.read_as(at, 'caspen') AS read, pg_temp.read_as(at, 'caspen') = ALL (ARRAY[pg_temp.read_as(at, 'sqod'),
	pg_temp.read_as(at, 'savvycal'), pg_temp.read_as(at, 'canonical')]) AS all_alike
FROM unnest(ARRAY['2024-01-01T10:00:00Z', '2024-01-01t10:00:00z', '2024-01-01 10:00:00Z', '2024-01-01T10:00Z', '2024-01-01T10:00:00.123456Z',
	'2024-01-01T10:00:00.1234560Z', '2024-01-01T10:00:00,5Z', '2024-01-01T10:00:00+00:00', '2024-01-01T10:00:00-00:00', '2024-01-01T10:00:00+05:30',
	'2024-01-01T10:00:00+0530', '2024-01-01T10:00:00+05', '2024-01-01T10:00:00-12:45', '2024-01-01T10:00:00+00:19:32', '2024-12-31T23:30:00-01:00',
	'2016-12-31T23:59:60Z', '2017-01-01T05:29:60+05:30', '2024-01-01T10:00:60Z', '2024-01-01T24:00:00Z', '2024-02-29T00:00:00Z', '0001-01-01T00:00:00Z',
	'0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:60Z', '9999-12-31T23:59:59-00:01', '0000-01-01T00:00:00Z',
	'10000-01-01T00:00:00Z', '2024-01-01T10:00:00', '2024-01-01T10:00', '2024-01-01', '2023-02-29T00:00:00Z', '2024-13-01T00:00:00Z',
	'2024-01-01T25:00:00Z', '2024-01-01T10:60:00Z', '2024-01-01T10:00:61Z', '2024-01-01T10:00:00.1234567Z', '2024-01-01T10:00:00+24:00',
	'20240101T100000Z', '2024-W01-1T10:00:00Z', '1704103200', 'now', 'infinity', '2024-01-01T10:00:00 Europe/Berlin', '']) AS at;

-- ---------------------------------------------------------------------
-- numbers
-- ---------------------------------------------------------------------

SELECT at, pg_temp.fails(doc, 'avon') AS error, (SELECT jsonb_path_query_first(l.appointment::jsonb, '$.created_at') #>> '{}'
	FROM appointment_list_from_json('{"data":[' || doc || ']}', 'avon') AS l) AS created_at
FROM unnest(ARRAY['0', '-0', '1', '-1', '1692370044000', '1692370044000.0', '1692370044000.123', '1692370044000.1230', '1692370044000.1234', '1.692370044E12',
	'1692370044e3', '16923700440000e-1', '1e-3', '1e-4', '253402300799999.999', '253402300800000', '-62135596800000', '-62135596800000.001',
	'9223372036854775807', '18446744073709551616', '1e308', '1e400', '123456789012345678901234567890']) AS at,
	LATERAL CAST('{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":1,"end_time":2,"created_at":' || at || '}' AS text) AS doc;

-- ---------------------------------------------------------------------
-- zones
-- ---------------------------------------------------------------------

CREATE FUNCTION pg_temp.zoned(at text, zone text) RETURNS text LANGUAGE sql AS $$
	SELECT appointment_to_json(jsonb_build_object('starts_at', at, 'time_zone', zone)::appointment, 'savvycal') #>> '{start_at,local}'
$$;
-- Half-hours, 45 minutes, the ends of the world, and offsets as old as clocks.
-- Where the wall clock would leave the years 0001 to 9999, it is UTC.
SELECT zone, at, pg_temp.zoned(at, zone) AS local
FROM (VALUES ('UTC', '2024-07-01T12:00:00Z'), ('Etc/GMT+5', '2024-07-01T12:00:00Z'), ('Asia/Kolkata', '2024-07-01T12:00:00Z'),
	('Asia/Kathmandu', '2024-07-01T12:00:00Z'), ('Asia/Kathmandu', '1985-12-31T18:29:59Z'), ('Asia/Kathmandu', '1985-12-31T18:30:00Z'),
	('Australia/Eucla', '2024-07-01T12:00:00Z'), ('Pacific/Chatham', '2024-07-01T12:00:00Z'), ('Pacific/Chatham', '2024-01-01T12:00:00Z'),
	('Australia/Lord_Howe', '2024-07-01T12:00:00Z'), ('Australia/Lord_Howe', '2024-01-01T12:00:00Z'), ('Pacific/Kiritimati', '2024-07-01T12:00:00Z'),
	('Pacific/Apia', '2011-12-30T09:59:59Z'), ('Pacific/Apia', '2011-12-30T10:00:00Z'), ('America/St_Johns', '2024-07-01T12:00:00Z'),
	('Africa/Monrovia', '1972-01-07T00:44:29Z'), ('Africa/Monrovia', '1972-01-07T00:44:30Z'), ('Europe/Paris', '1900-01-01T00:00:00Z'),
	('Europe/Paris', '0001-01-01T00:00:00Z'), ('America/New_York', '1883-11-18T16:59:59Z'), ('America/New_York', '1883-11-18T17:00:00Z'),
	('America/New_York', '0001-01-01T00:00:00Z'), ('Asia/Tokyo', '9999-12-31T23:59:59Z'), ('America/New_York', '9999-07-01T00:00:00Z')) AS v (zone, at);
-- Both sides of every change of the clocks.
SELECT zone, at, pg_temp.zoned(at, zone) AS local
FROM (VALUES ('America/New_York', '2025-03-09T06:59:59.999999Z'), ('America/New_York', '2025-03-09T07:00:00Z'),
	('America/New_York', '2025-11-02T05:59:59.999999Z'), ('America/New_York', '2025-11-02T06:00:00Z'),
	('Europe/London', '2025-03-30T00:59:59Z'), ('Europe/London', '2025-03-30T01:00:00Z'), ('Europe/London', '2025-10-26T00:59:59Z'),
	('Europe/London', '2025-10-26T01:00:00Z'), ('Australia/Lord_Howe', '2025-04-05T14:59:59Z'), ('Australia/Lord_Howe', '2025-04-05T15:00:00Z')) AS v (zone, at);
-- What is written is read as the same instant in the same zone, whatever of
-- it is left.
SELECT count(*), bool_and(appointment_starts_at(by_local) = at) AS local, bool_and(appointment_starts_at(by_utc) = at) AS utc,
	bool_and(appointment_starts_at(by_unix_ts) = date_trunc('second', at)) AS unix_ts, bool_and(appointment_time_zone(by_local) = zone) AS zone
FROM unnest(ARRAY['UTC', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Monrovia', 'Europe/Dublin', 'Africa/Casablanca']) AS zone,
	generate_series(1, 500) AS n,
	LATERAL (SELECT timestamptz '1850-01-01Z' + n * interval '128 days 5 hours 17 minutes 3.141593 seconds') AS t (at),
	LATERAL (SELECT appointment_to_json(jsonb_build_object('starts_at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'time_zone', zone)::appointment, 'savvycal') -> 'start_at') AS z (zoned),
	LATERAL (SELECT replace(current_setting('test.savvycal'), '"unix_ts": 1736461200', '"x":1')::jsonb
		|| '{"end_at":{"utc":"9999-01-01T00:00:00Z"}}') AS d (doc),
	appointment_from_json(doc || jsonb_build_object('start_at', zoned::jsonb - '{utc,unix_ts}'::text[]), 'savvycal') AS by_local,
	appointment_from_json(doc || jsonb_build_object('start_at', zoned::jsonb - '{local,unix_ts}'::text[]), 'savvycal') AS by_utc,
	appointment_from_json(doc || jsonb_build_object('start_at', zoned::jsonb - '{local,utc}'::text[]), 'savvycal') AS by_unix_ts;

-- A wall clock without an offset: one that is skipped is taken with the offset
-- before the gap, as the server takes it; of one that comes twice the first is
-- meant (RFC 5545), where the server would take the second.
SELECT zone, local, to_char(appointment_starts_at(a) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS utc,
	appointment_starts_at(a) = local::timestamp AT TIME ZONE zone AS as_the_server,
	appointment_to_json(a, 'savvycal') #>> '{start_at,local}' AS written
FROM (VALUES ('America/New_York', '2025-03-09T01:59:59'), ('America/New_York', '2025-03-09T02:00:00'), ('America/New_York', '2025-03-09T02:30:00'),
	('America/New_York', '2025-03-09T03:00:00'), ('America/New_York', '2025-11-02T00:59:59'), ('America/New_York', '2025-11-02T01:00:00'),
	('America/New_York', '2025-11-02T01:59:59'), ('America/New_York', '2025-11-02T02:00:00'), ('Europe/London', '2025-03-30T01:30:00'),
	('Europe/London', '2025-10-26T01:30:00'), ('Australia/Lord_Howe', '2025-10-05T02:15:00'), ('Australia/Lord_Howe', '2025-04-06T01:45:00'),
	('Pacific/Apia', '2011-12-30T12:00:00'), ('Asia/Kathmandu', '2025-01-01T00:00:00'), ('Europe/Paris', '1900-01-01T00:00:00')) AS v (zone, local),
	appointment_from_json(pg_temp.edit(:'savvycal', 'start_at', json_build_object('local', local, 'time_zone', zone)::text,
		'end_at', '{"utc":"9999-01-01T00:00:00Z"}'), 'savvycal') AS a;

-- ---------------------------------------------------------------------
-- fractions
-- ---------------------------------------------------------------------

-- what is finer than a microsecond is cut off, towards the past
SELECT at, appointment_from_row(r) ->> 'created_at' AS created_at FROM (VALUES ('2024-01-01T10:00:00.123456789Z'), ('2024-01-01T10:00:00.9999999Z'),
	('1969-12-31T23:59:59.9999999+00:00'), ('0001-01-01T00:00:00.0000001Z'), ('9999-12-31T23:59:59.999999999Z'), ('2024-01-01T10:00:00,1234567Z')) AS v (at),
	LATERAL (SELECT (format('{"created_at":"%s"}', at)::appointment ->> 'created_at')::timestamptz AS created_at) AS r;
SELECT at, a ->> 'created_at' AS created_at FROM unnest(ARRAY['1692370044000.9999', '-0.0001', '-1.0001', '-62135596800000.0', '253402300799999.9999']) AS at,
	appointment_from_json(format('{"id":"a","start_time":1692370044000,"end_time":1692373642000,"created_at":%s}', at), 'avon') AS a;
SELECT appointment_set('{}', 'created_at', '"2024-01-01T10:00:00.123456789Z"');
SELECT appointment_starts_at(appointment_apply_request('{}', '{"start_at":"2026-03-03T10:00:00.123456789","end_at":"2026-03-03T10:30:00.123456789+01:00","time_zone":"Europe/Berlin"}', 'savvycal', 'reschedule', '2026-01-01 00:00Z'));

-- avon and sqod have milliseconds: what comes from elsewhere is cut off there,
-- what is their own is given back
SELECT key, value FROM appointment_to_json('{"id":"a","starts_at":"2024-01-01T10:00:00.123999Z","ends_at":"2024-01-01T11:00:00.0009Z","created_at":"1969-12-31T23:59:59.9995Z","updated_at":"2024-01-01T10:00:00.000001Z","actual_starts_at":"2024-01-01T10:00:00.5Z","status_history":[{"status":"scheduled","changed_at":"2024-01-01T10:00:00.123456Z"}],"attendees":[{"id":"u","updated_at":"2024-01-01T10:00:00.123456Z"}]}', 'avon') AS doc, json_each(doc);
SELECT key, value FROM appointment_to_json('{"id":"a","starts_at":"2024-01-01T10:00:00.123999Z","ends_at":"2024-01-01T11:00:00.0009Z","created_at":"1969-12-31T23:59:59.9995Z","cancelled_at":"2024-01-01T10:00:00Z","meeting":{"start_date":"2024-01-01T10:00:00.123456Z"}}', 'sqod', '{"envelope": false}') AS doc, json_each(doc) WHERE value::text <> 'null';
SELECT appointment_to_json(appointment_from_json('{"id":"a","start_time":1692370044000.123,"end_time":1692373642000.5}', 'avon'), 'avon') AS own;
SELECT appointment_to_json(appointment_from_json('{"id":"9a0f170e-0aa0-47db-ab14-4ddcdcbad061","appointment_at":"2024-01-01T10:00:00.123456Z","duration_in_minutes":60}', 'sqod'), 'sqod') AS own;
SELECT a, doc, appointment_is_valid(doc, 'avon') AS valid FROM unnest(ARRAY['{"id":"a","starts_at":"2024-01-01T10:00:00.0001Z","ends_at":"2024-01-01T10:00:00.0009Z"}', '{"id":"a","starts_at":"2024-01-01T10:00:00.0001Z","ends_at":"2024-01-01T10:00:00.001Z"}',
	'{"id":"a","starts_at":"2024-01-01T10:00:00.0009Z","ends_at":"2024-01-01T10:00:00.0011Z"}']::appointment[]) AS a, appointment_to_json(a, 'avon') AS doc;
-- whole milliseconds, whoever made the value and whatever says when
SELECT count(*), count(*) FILTER (WHERE at ~ '^[-0-9T:]{19}(\.\d{1,3})?Z$') AS whole
FROM (SELECT appointment_transition('{"status":"scheduled","source":"avon"}', 'cancelled') UNION ALL SELECT appointment_confirm('{"status":"scheduled","source":"avon"}') UNION ALL
	SELECT appointment_reschedule('{"status":"scheduled","source":"avon"}', '2026-01-01 00:00Z') UNION ALL
	SELECT appointment_apply_request('{"source":"avon","attendees":[]}', '{"updated_by":"u","attendees":["a"]}', 'avon') UNION ALL
	SELECT appointment_apply_request('{"source":"avon"}', '{"updated_by":"u"}', 'avon', at => '2024-01-01 00:00:00.1239999Z') UNION ALL
	SELECT appointment_from_request('{"appointment_at":"2024-01-01T10:00:00.123Z","duration_in_minutes":60}', 'sqod') UNION ALL
	SELECT appointment_apply_request('{"status":"scheduled","source":"sqod"}', '{}', 'savvycal', 'cancel') UNION ALL
	SELECT appointment_from_event('{"status":"active","duration":30}', '2024-01-01 00:00Z')) AS v (a),
	regexp_matches(a::text, '"(?:created_at|updated_at|cancelled_at|confirmed_at|changed_at|last_updated_at)":"([^"]*)"', 'g') AS m, LATERAL (SELECT m[1]) AS t (at);
CREATE TABLE stamped (a appointment);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON stamped FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default');
INSERT INTO stamped VALUES ('{"status":"scheduled"}');
UPDATE stamped SET a = appointment_set(a, 'status', '"cancelled"');
SELECT count(*), count(*) FILTER (WHERE m[1] ~ '^[-0-9T:]{19}(\.\d{1,3})?Z$') AS whole FROM stamped, regexp_matches(a::text, '_at":"([^"]*)"', 'g') AS m;
DROP TABLE stamped;

-- a length is rounded to the nearest minute, and is one at least
SELECT seconds, s -> 'duration_in_minutes' AS sqod, appointment_to_json(a, 'caspen') -> 'duration' AS caspen, appointment_is_valid(s, 'sqod') AS valid, a
FROM unnest(ARRAY[0.001, 20, 29.999, 30, 89.999999, 90, 3600]) AS seconds,
	LATERAL (SELECT '9a0f170e-0aa0-47db-ab14-4ddcdcbad061' AS id, timestamptz '2024-01-01 10:00Z' AS starts_at, timestamptz '2024-01-01 10:00Z' + seconds * interval '1 second' AS ends_at) AS r,
	appointment_from_row(r) AS a, appointment_to_json(a, 'sqod', '{"envelope": false}') AS s;
SELECT appointment_to_json('{"duration":0}', 'sqod') -> 'data' -> 'duration_in_minutes' AS none, appointment_to_json('{"duration":0}', 'caspen') -> 'duration' AS as_given;

-- ---------------------------------------------------------------------
-- zones that are none
-- ---------------------------------------------------------------------

-- a restore takes them; appointment_problems tells, and a report does not fail
CREATE TEMP TABLE zoned AS SELECT ord, format('{"starts_at":"2024-07-01T12:00:00Z","ends_at":"2024-07-01T13:00:00Z","time_zone":"%s"}', zone)::appointment AS a
FROM unnest(ARRAY['Europe/Berlin', 'europe/berlin', 'UTC', 'EST5EDT', 'Etc/GMT+5', 'Mars/Olympus', 'UTC+3', 'Factory', 'factory', 'localtime']) WITH ORDINALITY AS z (zone, ord);
SELECT appointment_time_zone(a) AS zone, appointment_starts_at_local(a) AS local, appointment_to_json(a, 'savvycal') #>> '{start_at,time_zone}' AS written,
	appointment_to_json(a, 'savvycal') #>> '{start_at,local}' AS written_local, code, severity, path, message, appointment_is_sound(a) AS sound
FROM zoned LEFT JOIN LATERAL appointment_problems(a) ON true ORDER BY ord;
SELECT appointment_starts_at_local('{"starts_at":"2024-07-01T12:00:00Z"}'), appointment_starts_at_local('{}'), appointment_starts_at_local('{"starts_at":"9999-12-31T23:00:00Z","time_zone":"Asia/Tokyo"}'),
	appointment_starts_at_local('{"starts_at":"0001-01-01T00:00:00Z","time_zone":"America/New_York"}');
SELECT path, code, message FROM appointment_problems('{"ends_at":"2024-07-01T12:00:00Z","starts_at":"2024-07-01T11:00:00Z","ends_at_time_zone":"Mars/Olympus"}');
SELECT path, code, severity, message FROM appointment_validate(pg_temp.edit(:'savvycal', 'start_at', '{"utc":"2025-03-01T15:00:00Z","time_zone":"Factory"}', 'end_at', '{"utc":"2025-03-01T16:00:00Z","time_zone":"america/new_york"}'), 'savvycal') WHERE code = 'bad_zone';
SELECT provolatile FROM pg_proc WHERE proname IN ('appointment_problems', 'appointment_starts_at_local');

-- ---------------------------------------------------------------------
-- whatever the session's settings are
-- ---------------------------------------------------------------------

CREATE TEMP TABLE example (n int, format text, a appointment);
INSERT INTO example VALUES (1, 'caspen', appointment_from_json(:'caspen', 'caspen')), (2, 'sqod', appointment_from_json(:'sqod', 'sqod')),
	(3, 'avon', appointment_from_json(:'avon', 'avon')), (4, 'savvycal', appointment_from_json(:'savvycal', 'savvycal'));
CREATE FUNCTION pg_temp.everything() RETURNS text LANGUAGE sql AS $$
	SELECT md5(string_agg(appointment_to_json(e.a, f.format)::text || e.a::text
		|| appointment_from_json(appointment_to_json(e.a, e.format), e.format)::text || (e.a ->> 'starts_at'), ';' ORDER BY e.n, f.n))
	FROM example AS e, example AS f
$$;
SELECT pg_temp.everything() AS expected \gset
SELECT zone, style, (SELECT set_config('TimeZone', zone, false) || set_config('DateStyle', style, false)
		|| set_config('IntervalStyle', 'iso_8601', false)) IS NOT NULL AS set,
	pg_temp.everything() = :'expected' AS same
FROM unnest(ARRAY['UTC', 'Pacific/Apia', 'America/St_Johns', 'Asia/Kathmandu']) AS zone,
	unnest(ARRAY['ISO, MDY', 'SQL, DMY', 'German', 'Postgres, YMD']) AS style;
SET TimeZone = 'Pacific/Apia';
SELECT pg_temp.again(:'caspen', 'caspen') AS caspen, pg_temp.again(:'sqod', 'sqod') AS sqod, pg_temp.again(:'avon', 'avon') AS avon;
SELECT appointment_to_json(a, 'savvycal') #>> '{start_at,local}' AS local FROM example WHERE format = 'savvycal';
SET lc_time = 'C';
SET TimeZone = 'INTERVAL ''01:00''';
SELECT pg_temp.everything() = :'expected' AS same;
RESET ALL;
