--
-- The options of a call, and the settings.
--
CREATE TEMP TABLE value AS SELECT '{"id":"appt_a1b2c3d4e5f6","starts_at":"2024-07-01T10:00:00Z","ends_at":"2024-07-01T11:00:00Z"}'::appointment AS a;

-- ---------------------------------------------------------------------
-- what options are
-- ---------------------------------------------------------------------

-- None, in all spellings.
SELECT appointment_to_json(a, 'sqod')::text = appointment_to_json(a, 'sqod', NULL)::text AS "null",
	appointment_to_json(a, 'sqod')::text = appointment_to_json(a, 'sqod', '{}')::text AS empty,
	appointment_to_json(a, 'sqod')::text = appointment_to_json(a, 'sqod', '{"envelope":null,"base_url":null,"meta":null,"total_count":null,
		"account":null,"time_zone":null,"cancellation_notice":null,"rescheduling_notice":null,"unknown_words":null,"links":null}')::text AS nulls
FROM value;
-- An unknown name is an error that tells the known ones; also one in other case.
SELECT appointment_to_json(a, 'caspen', '{"Envelope":true}') FROM value;
SELECT appointment_to_json(a, 'caspen', '{"":1}') FROM value;
SELECT appointment_from_json('{}', 'caspen', '{"unknown_word":"keep"}');
\set VERBOSITY sqlstate
SELECT appointment_to_json(a, 'caspen', '{"x":null}') FROM value;
\set VERBOSITY default
SELECT appointment_to_json(a, 'caspen', '[]') FROM value;
SELECT appointment_to_json(a, 'caspen', '"envelope"') FROM value;
SELECT appointment_to_json(a, 'caspen', 'null') FROM value;
SELECT appointment_to_json(a, 'caspen', '[{"envelope":true}]') FROM value;

-- Every option has its type.
CREATE FUNCTION pg_temp.option_error(name text, val text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text;
BEGIN
	PERFORM appointment_to_json('{}', 'savvycal', format('{"%s":%s}', name, val)::jsonb);
	RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
	RETURN state || ' ' || SQLERRM;
END $$;
SELECT name, val, pg_temp.option_error(name, val)
FROM (VALUES ('base_url', '1'), ('base_url', '""'), ('base_url', '{}'), ('account', 'true'), ('account', '""'),
	('time_zone', '5'), ('time_zone', '"Europe/Berlin"'), ('time_zone', '"europe/berlin"'), ('time_zone', '"Mars/Olympus"'),
	('time_zone', '""'), ('time_zone', '"EST5EDT4,M3"'), ('time_zone', '"+05:00"'), ('envelope', '"true"'), ('envelope', '1'),
	('envelope', 'false'), ('cancellation_notice', '-1'), ('cancellation_notice', '0'), ('cancellation_notice', '1.5'),
	('cancellation_notice', '1.0'), ('cancellation_notice', '6e1'), ('cancellation_notice', '"60"'), ('cancellation_notice', '2147483647'),
	('cancellation_notice', '2147483648'), ('rescheduling_notice', '[]'), ('rescheduling_notice', 'false'),
	('rescheduling_notice', '1e30'), ('unknown_words', '"keep"'), ('unknown_words', '"error"'), ('unknown_words', '"Keep"'),
	('unknown_words', 'true'), ('links', '"x"'), ('links', '{}'), ('links', '[]'), ('links', '1'), ('meta', '[]'), ('meta', '{}'),
	('meta', 'true'), ('total_count', '-1'), ('total_count', '0'), ('total_count', '9223372036854775807'),
	('total_count', '9223372036854775808'), ('total_count', '0.5'), ('total_count', '"1"')) AS v (name, val);

-- The last one of a name counts, as jsonb has it.
SELECT left(appointment_to_json(a, 'caspen', '{"envelope":true,"envelope":false}')::text, 5) FROM value;
-- They may differ from row to row.
SELECT n, left(appointment_to_json(a, 'caspen', jsonb_build_object('envelope', n % 2 = 0))::text, 9)
FROM value, generate_series(1, 4) AS n;
SELECT format, left(appointment_to_json(a, format, '{"envelope":true}')::text, 9) AS yes,
	left(appointment_to_json(a, format, '{"envelope":false}')::text, 5) AS no
FROM value, unnest(ARRAY['caspen', 'sqod', 'avon', 'savvycal']) AS format;

-- ---------------------------------------------------------------------
-- time_zone
-- ---------------------------------------------------------------------

-- For what has no zone of its own.  The name is written as the zone is called.
SELECT zone, appointment_to_json(a, 'savvycal', jsonb_build_object('time_zone', zone)) -> 'start_at' AS start_at
FROM value, unnest(ARRAY[NULL, 'UTC', 'America/New_York', 'Asia/Kathmandu', 'europe/LONDON']) AS zone;
SELECT appointment_to_json(appointment_set(a, 'time_zone', '"Asia/Tokyo"'), 'savvycal', '{"time_zone":"America/New_York"}')
	#>> '{end_at,local}' AS own_zone
FROM value;

-- ---------------------------------------------------------------------
-- base_url
-- ---------------------------------------------------------------------

SELECT appointment_to_json(a, 'savvycal', '{"base_url":"https://book.acme.com"}') -> 'cancel_url' AS cancel_url,
	appointment_to_json(a, 'savvycal', '{"base_url":"https://book.acme.com/x//"}') -> 'ics_url' AS slashes,
	appointment_to_json(a, 'savvycal', '{"base_url":""}') -> 'ics_url' AS empty
FROM value;
SELECT key, value FROM value, json_each(appointment_to_json(a, 'savvycal', '{"base_url":"https://book.acme.com"}'))
WHERE key ~ 'url';
SELECT * FROM json_each((SELECT appointment_to_json(a, 'savvycal', '{"base_url":"https://book.acme.com"}') -> 'urls' FROM value));
-- Escaped as JSON and as a URL need it; without an identifier there is no URL.
SELECT appointment_to_json(appointment_set(a, 'id', '"a/b \" ?é"'), 'savvycal', '{"base_url":"https://x.example/\"é"}') -> 'cancel_url' AS quoted,
	appointment_to_json(appointment_set(a, 'id', NULL), 'savvycal', '{"base_url":"https://x.example"}') -> 'cancel_url' AS absent,
	appointment_to_json(appointment_set(a, 'id', 'null'), 'savvycal', '{"base_url":"https://x.example"}') -> 'urls' AS "null"
FROM value;

-- The option, then the setting, then null; settings are read at every call.
SHOW appointment.base_url;
PREPARE cancel_url AS SELECT appointment_to_json(a, 'savvycal') ->> 'cancel_url' AS setting,
	appointment_to_json(a, 'savvycal', '{"base_url":"https://option.example"}') ->> 'cancel_url' AS option FROM value;
EXECUTE cancel_url;
BEGIN;
SET LOCAL appointment.base_url = 'https://setting.example/';
EXECUTE cancel_url;
SAVEPOINT s;
SET LOCAL appointment.base_url = 'https://other.example';
EXECUTE cancel_url;
ROLLBACK TO s;
EXECUTE cancel_url;
COMMIT;
EXECUTE cancel_url;
SET appointment.base_url = '';
EXECUTE cancel_url;
RESET appointment.base_url;
-- A function may bring its own.
CREATE FUNCTION pg_temp.mine(a appointment) RETURNS text LANGUAGE sql SET appointment.base_url = 'https://function.example'
	AS $$ SELECT appointment_to_json(a, 'savvycal') ->> 'cancel_url' $$;
SELECT pg_temp.mine(a) FROM value;
EXECUTE cancel_url;

-- ---------------------------------------------------------------------
-- notices
-- ---------------------------------------------------------------------

SELECT name, setting, unit, vartype, context, min_val, max_val FROM pg_settings WHERE name ~ '^appointment\.' ORDER BY name;
-- Nobody knows the future, so the starts are relative to now().
CREATE FUNCTION pg_temp.permission(starts_in interval, member text, options jsonb DEFAULT NULL) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce(p ->> 'disabled_message', p ->> 'allowed') FROM (SELECT appointment_to_json(jsonb_build_object('starts_at',
		to_char((now() + starts_in) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::appointment, 'savvycal', options) -> member) AS v (p)
$$;
SELECT starts_in, pg_temp.permission(starts_in, 'cancellation', options) AS cancellation,
	pg_temp.permission(starts_in, 'rescheduling', options) AS rescheduling, options
FROM (VALUES (1, '1 microsecond'::interval, NULL::jsonb), (2, '0', NULL), (3, '-1 day', NULL), (4, '1 microsecond', '{"cancellation_notice":0}'),
	(5, '0', '{"cancellation_notice":0}'), (6, '24 hours', '{"cancellation_notice":1440}'), (7, '24 hours -1 microsecond', '{"cancellation_notice":1440}'),
	(8, '24 hours -1 microsecond', '{"rescheduling_notice":1440}'), (9, '59 minutes', '{"cancellation_notice":60,"rescheduling_notice":61}'),
	(10, '10 seconds', '{"cancellation_notice":1,"rescheduling_notice":90}'), (11, '-1 day', '{"cancellation_notice":60}'),
	(12, '1 year', '{"cancellation_notice":2147483647}'), (13, '100 years', '{"cancellation_notice":1440}')) AS v (n, starts_in, options) ORDER BY n;
-- The option, then the setting.
BEGIN;
SET LOCAL appointment.cancellation_notice = '2h';
SET LOCAL appointment.rescheduling_notice = 90;
SHOW appointment.cancellation_notice;
SELECT options, pg_temp.permission('1 hour', 'cancellation', options) AS cancellation, pg_temp.permission('1 hour', 'rescheduling', options) AS rescheduling
FROM unnest(ARRAY[NULL, '{}', '{"cancellation_notice":30}', '{"cancellation_notice":0,"rescheduling_notice":120}']::jsonb[]) AS options;
SET LOCAL appointment.cancellation_notice = -1;
SET LOCAL appointment.rescheduling_notice = 0;
SELECT pg_temp.permission('1 hour', 'cancellation') AS cancellation, pg_temp.permission('1 hour', 'rescheduling') AS rescheduling;
COMMIT;
-- Outside of it nothing has changed.
SELECT pg_temp.permission('1 hour', 'cancellation') AS cancellation, pg_temp.permission('1 hour', 'rescheduling') AS rescheduling;
-- A start that is not known forbids nothing.
SELECT appointment_to_json('{}', 'savvycal', '{"cancellation_notice":60}') -> 'cancellation' AS no_start,
	appointment_to_json('{"starts_at":null}', 'savvycal', '{"cancellation_notice":60}') -> 'cancellation' AS null_start;
-- What the value carries is written as it is, as long as nobody tells the
-- notice; then it is derived anew, and keeps only its unknown members.
SELECT options, appointment_to_json(a, 'savvycal', options) -> 'cancellation' AS cancellation, appointment_to_json(a, 'savvycal', options) -> 'rescheduling' AS rescheduling
FROM CAST('{"source":"savvycal","starts_at":"2000-01-01T00:00:00Z","cancellation":{"allowed":true,"disabled_message":"x","unknown":{"savvycal":{"a":1.50}}},"rescheduling":{"allowed":null}}'
	AS appointment) AS a, unnest(ARRAY[NULL, '{"cancellation_notice":30}', '{"rescheduling_notice":0}']::jsonb[]) AS options;
\set VERBOSITY sqlstate
SET appointment.cancellation_notice = -2;
SET appointment.rescheduling_notice = 'x';
SET appointment.no_such_setting = 1;
\set VERBOSITY default

-- ---------------------------------------------------------------------
-- unknown_words
-- ---------------------------------------------------------------------

SELECT appointment_from_json('{"id":"a","start_time":1,"end_time":2,"interaction_type":"phone"}', 'avon', '{"unknown_words":"keep"}') ->> 'interaction_type' AS kept;
SELECT appointment_from_json('{"id":"a","start_time":1,"end_time":2,"interaction_type":"phone"}', 'avon', '{"unknown_words":"error"}');
SELECT appointment_from_json('{"id":"a","start_time":1,"end_time":2,"interaction_type":"phone"}', 'avon');
