--
-- The format "savvycal": SavvyCal Appointments' public appointment.
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/lib/examples.sql'
\set ECHO none
\i :file
\set ECHO all

-- The page's example contradicts itself: its three spellings of the start are
-- three instants.  This is the example as the service would have to write it,
-- if "local" is right.
SELECT pg_temp.edit(:'savvycal', 'start_at.unix_ts', '1740841200', 'start_at.utc', '"2025-03-01T15:00:00Z"',
	'end_at.unix_ts', '1740844800', 'end_at.utc', '"2025-03-01T16:00:00Z"')::text AS consistent \gset

-- ---------------------------------------------------------------------
-- the documented example
-- ---------------------------------------------------------------------

-- "local" is taken first, and the rest derived from it again.
SELECT regexp_split_to_table(pg_temp.again(:'savvycal', 'savvycal'), ' -> |, (?=start_at)') AS again;
SELECT pg_temp.again(:'consistent', 'savvycal');
SELECT (appointment_to_json(a, 'savvycal')::jsonb - '{start_at,end_at}'::text[])
	= (:'savvycal'::jsonb - '{start_at,end_at}'::text[]) AS equal_but_for_times,
	appointment_to_json(a, 'savvycal')::jsonb = :'consistent'::jsonb AS equal_if_consistent
FROM appointment_from_json(:'savvycal', 'savvycal') AS a;
-- The contradictions are warnings, which name all values.
SELECT * FROM appointment_validate(:'savvycal', 'savvycal');
SELECT * FROM appointment_validate(:'consistent', 'savvycal');
SELECT jsonb_pretty(appointment_from_json(:'savvycal', 'savvycal')::jsonb) AS canonical;

-- Bare as in the page, unless told otherwise; the service's envelope is read.
SELECT appointment_from_json('{"data":' || :'savvycal' || '}', 'savvycal') = a AS equal,
	left(appointment_to_json(a, 'savvycal')::text, 23) AS by_default,
	left(appointment_to_json(a, 'savvycal', '{"envelope":true}')::text, 23) AS asked_for
FROM appointment_from_json(:'savvycal', 'savvycal') AS a;

-- ---------------------------------------------------------------------
-- absent, null, empty
-- ---------------------------------------------------------------------

-- Every member is required; confirmed_at and disabled_message may be null.
SELECT key AS member, pg_temp.fails(pg_temp.edit(:'savvycal', key, NULL)::text, 'savvycal') AS absent
FROM json_object_keys(:'savvycal') AS key;
SELECT key AS member, pg_temp.fails(pg_temp.edit(:'savvycal', key, 'null')::text, 'savvycal') AS "null"
FROM json_object_keys(:'savvycal') AS key;
SELECT pg_temp.again_with(:'consistent', 'savvycal', 'confirmed_at', 'null', 'rescheduling.disabled_message', 'null',
	'cancellation.disabled_message', '""', 'cancel_url', '""');
-- Inside of objects nothing is required.
SELECT path, pg_temp.again_with(:'consistent', 'savvycal', path, NULL) AS absent,
	pg_temp.again_with(:'consistent', 'savvycal', path, 'null') AS "null"
FROM unnest(ARRAY['cancellation.allowed', 'cancellation.disabled_message', 'rescheduling.allowed',
	'rescheduling.disabled_message', 'urls.add_to_calendar', 'urls.add_to_google_calendar', 'urls.cancel',
	'urls.ics', 'urls.reschedule']) AS path;
SELECT pg_temp.again_with(:'consistent', 'savvycal', 'cancellation', '{}', 'urls', '{}') AS empty,
	pg_temp.again_with(:'consistent', 'savvycal', 'urls', '{"cancel":[],"ics":["b","a",""]}') AS lists;

-- ---------------------------------------------------------------------
-- zoned instants
-- ---------------------------------------------------------------------

-- Of local with an offset, utc, unix_ts and local in the zone the first that
-- is there tells the instant; written are all.
SELECT start_at, to_char(appointment_starts_at(a) AT TIME ZONE 'UTC', 'HH24:MI:SS.US') AS utc,
	appointment_time_zone(a) AS zone, appointment_to_json(a, 'savvycal') -> 'start_at' AS written
FROM unnest(ARRAY[
	'{"local":"2025-03-01T10:00:00-05:00","time_zone":"America/New_York","unix_ts":1,"utc":"2025-03-01T03:00:00Z"}',
	'{"local":"2025-03-01T10:00:00","time_zone":"America/New_York","unix_ts":1,"utc":"2025-03-01T03:00:00Z"}',
	'{"local":"2025-03-01T10:00:00","time_zone":"America/New_York","unix_ts":1740790800}',
	'{"local":"2025-03-01T10:00:00","time_zone":"America/New_York"}',
	'{"local":"2025-03-01T10:00:00.5","time_zone":"America/New_York"}',
	'{"utc":"2025-03-01T03:00:00Z","time_zone":"Asia/Kolkata","local":null,"unix_ts":null}',
	'{"unix_ts":1740790800.25,"time_zone":"Europe/London","object":"zoned_date_time"}',
	'{"utc":"2025-03-01T05:00:00.000001+02:00","time_zone":"UTC"}',
	'{"local":"2025-03-01T10:00:00Z","time_zone":"UTC"}',
	'{"local":"2025-03-01T10:00:00-05:00"}',
	'{"unix_ts":1740790800,"time_zone":null,"object":null}']) AS start_at,
	LATERAL appointment_from_json(pg_temp.edit(:'consistent', 'start_at', start_at, 'end_at', '{"utc":"2025-03-02T00:00:00Z"}'),
		'savvycal') AS a;
SELECT start_at, pg_temp.fails(pg_temp.edit(:'consistent', 'start_at', start_at)::text, 'savvycal')
FROM unnest(ARRAY['{}', '[]', '"2025-03-01T10:00:00-05:00"', '1740790800', '{"time_zone":"UTC"}',
	'{"local":"2025-03-01T10:00:00"}', '{"local":"2025-03-01T10:00:00","time_zone":null}',
	'{"local":"2025-03-01","time_zone":"UTC"}', '{"local":1,"time_zone":"UTC"}', '{"utc":"2025-03-01T10:00:00"}',
	'{"unix_ts":"1740790800"}', '{"unix_ts":1e20}', '{"unix_ts":1,"time_zone":"Mars/Olympus"}',
	'{"unix_ts":1,"time_zone":"EST5EDT4"}', '{"unix_ts":1,"time_zone":""}', '{"unix_ts":1,"time_zone":5}',
	'{"unix_ts":1,"object":"date_time"}', '{"local":"9999-12-31T23:59:59-05:00","time_zone":"America/New_York"}',
	'{"local":"9999-12-31T23:59:59","time_zone":"America/New_York"}']) AS start_at;

-- Disagreement is a warning that names the values, also of an offset that is
-- not the zone's then; fractions that unix_ts cannot have are none.
SELECT start_at, (SELECT string_agg(problem, '; ') FROM pg_temp.problems(pg_temp.edit(:'consistent', 'start_at',
	start_at)::text, 'savvycal') WHERE problem ~ 'start_at') AS problems
FROM unnest(ARRAY[
	'{"local":"2025-03-01T10:00:00-05:00","time_zone":"America/New_York","unix_ts":1740841200,"utc":"2025-03-01T15:00:00Z"}',
	'{"local":"2025-03-01T10:00:00.5-05:00","time_zone":"America/New_York","unix_ts":1740841200,"utc":"2025-03-01T15:00:00.5Z"}',
	'{"local":"2025-03-01T10:00:00-05:00","time_zone":"America/New_York","unix_ts":1740841201}',
	'{"local":"2025-03-01T10:00:00-05:00","time_zone":"America/New_York","utc":"2025-03-01T15:00:00.000001Z"}',
	'{"local":"2025-03-01T10:00:00","time_zone":"America/New_York","utc":"2025-03-01T10:00:00Z"}',
	'{"local":"2025-03-01T16:00:00+01:00","time_zone":"America/New_York"}',
	'{"local":"2025-03-01T16:00:00+01:00"}',
	'{"unix_ts":1740841200,"utc":"2025-03-01T15:00:01Z"}']) AS start_at;

-- The end has a zone of its own only where it differs, and then keeps it.
SELECT start_zone, end_zone, a -> 'time_zone' AS time_zone, a -> 'ends_at_time_zone' AS ends_at_time_zone,
	appointment_to_json(a, 'savvycal') #>> '{end_at,local}' AS end_local
FROM (VALUES ('"America/New_York"', '"America/New_York"'), ('"America/New_York"', '"Europe/Berlin"'),
	('"America/New_York"', 'null'), ('null', '"Europe/Berlin"'), ('"UTC"', '"Etc/UTC"')) AS v (start_zone, end_zone),
	LATERAL appointment_from_json(pg_temp.edit(:'consistent', 'start_at.time_zone', start_zone, 'end_at.time_zone', end_zone),
		'savvycal') AS a;
SELECT pg_temp.again_with(:'consistent', 'savvycal', 'end_at', '{"local":"2025-03-01T17:00:00+01:00","object":"zoned_date_time","time_zone":"Europe/Berlin","unix_ts":1740844800,"utc":"2025-03-01T16:00:00Z"}')
	AS two_zones;
-- The end has to be after the start.
SELECT pg_temp.fails(pg_temp.edit(:'consistent', 'end_at', :'consistent'::json ->> 'start_at')::text, 'savvycal') AS same,
	pg_temp.fails(pg_temp.edit(:'consistent', 'end_at', '{"unix_ts":1}')::text, 'savvycal') AS before;

-- ---------------------------------------------------------------------
-- status and other closed words
-- ---------------------------------------------------------------------

SELECT word, pg_temp.fails(doc, 'savvycal') AS strict, appointment_status(a) AS status, a ->> 'source_status' AS source_status,
	pg_temp.again(doc, 'savvycal', '{"unknown_words":"keep"}') AS kept
FROM unnest(ARRAY['scheduled', 'canceled', 'cancelled', 'Scheduled', 'pending', 'completed', '']) AS word,
	LATERAL CAST(pg_temp.edit(:'consistent', 'status', to_json(word)::text) AS text) AS doc,
	LATERAL appointment_from_json(doc, 'savvycal', '{"unknown_words":"keep"}') AS a;
SELECT pg_temp.fails(pg_temp.edit(:'consistent', 'status', '1')::text, 'savvycal', '{"unknown_words":"keep"}');
-- A status that the service lacks is written as scheduled, unless the service
-- itself has sent the word.
SELECT status, appointment_to_json(appointment_set(a, 'status', to_jsonb(status)), 'savvycal') ->> 'status' AS from_here,
	appointment_to_json(jsonb_build_object('status', status)::appointment, 'savvycal') ->> 'status' AS from_elsewhere
FROM appointment_from_json(:'consistent', 'savvycal') AS a,
	unnest(ARRAY['pending', 'scheduled', 'arrived', 'in_progress', 'completed', 'no_show', 'cancelled', 'on hold']) AS status;
SELECT path, value, pg_temp.fails(pg_temp.edit(:'consistent', path, value)::text, 'savvycal')
FROM (VALUES ('object', '"appointment"'), ('object', '7'), ('confirmed_at', '"2025-03-10T15:30:00"'),
	('cancellation', 'true'), ('cancellation.allowed', '"yes"'), ('cancellation.disabled_message', 'false'),
	('urls', '[]'), ('urls.cancel', '"u"'), ('urls.ics', '[null]'), ('cancel_url', '{}')) AS v (path, value);

-- ---------------------------------------------------------------------
-- identifiers
-- ---------------------------------------------------------------------

SELECT value, pg_temp.fails(pg_temp.edit(:'consistent', 'id', value)::text, 'savvycal')
FROM unnest(ARRAY['"appt_a1b2c3d4e5f6"', '"appt_____________"', '"appt_ABCDEFGHIJKL"', '"appt_a1b2c3d4e5f"', '"appt_a1b2c3d4e5f67"',
	'"appt_a1b2c3d4e5-6"', '"appt_a1b2c3d4e5é"', '"APPT_a1b2c3d4e5f6"', '"appt_a1b2c3d4e5f6\n"', '""', '1']) AS value;

-- ---------------------------------------------------------------------
-- unknown members
-- ---------------------------------------------------------------------

SELECT path, pg_temp.again_with(:'consistent', 'savvycal', path,
	'{"b":1.50, "a":[1e2,-0,123456789012345678901234567890,"\u00e9\/"]}')
FROM unnest(ARRAY['x', 'cancellation.x', 'rescheduling.x', 'start_at.x', 'end_at.x', 'urls.x', 'starts_at', 'start_at.status']) AS path;
SELECT a -> 'starts_at_unknown' AS start, a -> 'ends_at_unknown' AS "end"
FROM appointment_from_json(pg_temp.edit(:'consistent', 'start_at.x', '1.0', 'end_at.x', '2'), 'savvycal') AS a;
SELECT * FROM pg_temp.problems(pg_temp.edit(:'consistent', 'x', '1', 'start_at.x', '1', 'urls.x', '1')::text, 'savvycal')
WHERE problem ~ 'unknown';

-- ---------------------------------------------------------------------
-- a value from elsewhere
-- ---------------------------------------------------------------------

SELECT * FROM json_each(appointment_to_json('{}', 'savvycal'));
SELECT * FROM json_each(appointment_to_json('{"source":"savvycal"}', 'savvycal'));
