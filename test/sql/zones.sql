--
-- Local times and changes of the clocks.  That every zone's are read as another
-- program reads them is tested in test/clients.
--
CREATE SCHEMA regress_zones;
SET search_path = regress_zones, public;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';

-- what becomes of a local time in each of the ways
CREATE FUNCTION ways(local timestamp, zone text, OUT compatible timestamptz, OUT earlier timestamptz, OUT later timestamptz, OUT error text)
LANGUAGE plpgsql AS $$
BEGIN
	compatible := zone_instant(local, zone);
	earlier := zone_instant(local, zone, 'earlier');
	later := zone_instant(local, zone, 'later');
	PERFORM zone_instant(local, zone, 'error');
EXCEPTION WHEN datetime_field_overflow THEN
	error := regexp_replace(SQLERRM, ' in time zone.*', '');
END $$;

-- ---------------------------------------------------------------------
-- times that do not exist, or come twice
-- ---------------------------------------------------------------------

SELECT zone, local, w.* FROM (VALUES
	('Europe/Berlin', timestamp '2025-03-30 01:59:59.999999'), ('Europe/Berlin', '2025-03-30 02:00'), ('Europe/Berlin', '2025-03-30 02:30'),
	('Europe/Berlin', '2025-03-30 02:59:59.999999'), ('Europe/Berlin', '2025-03-30 03:00'),
	('Europe/Berlin', '2025-10-26 01:59:59.999999'), ('Europe/Berlin', '2025-10-26 02:00'), ('Europe/Berlin', '2025-10-26 02:59:59.999999'),
	('Europe/Berlin', '2025-10-26 03:00'), ('America/New_York', '2025-03-09 02:30'), ('America/New_York', '2025-11-02 01:30'),
	-- half an hour
	('Australia/Lord_Howe', '2025-10-05 02:15'), ('Australia/Lord_Howe', '2025-10-05 02:45'), ('Australia/Lord_Howe', '2025-04-06 01:15'), ('Australia/Lord_Howe', '2025-04-06 01:45'),
	-- two hours
	('Antarctica/Troll', '2025-03-30 02:30'), ('Antarctica/Troll', '2025-10-26 02:30'),
	-- a day that was left out, and one that came twice
	('Pacific/Apia', '2011-12-29 23:59:59'), ('Pacific/Apia', '2011-12-30 00:00'), ('Pacific/Apia', '2011-12-30 12:00'), ('Pacific/Apia', '2011-12-31 00:00'),
	('Pacific/Kwajalein', '1969-09-30 12:00'), ('Asia/Manila', '1844-12-31 12:00'), ('America/Juneau', '1867-10-19 12:00'),
	-- daylight saving that is negative: the summer is the standard time
	('Europe/Dublin', '2025-03-30 01:30'), ('Europe/Dublin', '2025-10-26 01:30'), ('Europe/Prague', '1946-12-01 02:30'),
	-- midnight
	('America/Havana', '2025-03-09 00:30'), ('America/Sao_Paulo', '2018-02-17 23:30'), ('America/Sao_Paulo', '2018-11-04 00:30'),
	-- no changes, or not any more
	('UTC', '2025-03-30 02:30'), ('Etc/GMT+12', '2025-03-30 02:30'), ('Asia/Kolkata', '2025-03-30 02:30'), ('Asia/Tokyo', '2025-03-30 02:30'),
	-- before zones were standard: seconds
	('Europe/Paris', '1800-01-01 00:00'), ('Africa/Monrovia', '1972-01-07 00:20'), ('America/New_York', '1883-11-18 12:01'), ('America/New_York', '0001-01-01 00:00'),
	('America/New_York', '4000-01-01 00:00 BC'),
	-- by rule, beyond the table of the zone's file
	('Europe/Berlin', '2038-03-28 02:30'), ('Europe/Berlin', '2437-10-25 02:30'), ('Europe/Berlin', '2438-03-28 02:30'), ('America/New_York', '9999-11-07 01:30'),
	('Europe/Berlin', '294276-10-29 02:30')) AS v (zone, local), ways(local, zone) w;

-- The server's own way takes the second.
SELECT zone_instant('2025-10-26 02:30', 'Europe/Berlin'), timestamp '2025-10-26 02:30' AT TIME ZONE 'Europe/Berlin' AS at_time_zone;

-- ---------------------------------------------------------------------
-- bounds, and bad input
-- ---------------------------------------------------------------------

SELECT zone_instant('infinity', 'Europe/Berlin'), zone_instant('-infinity', 'Europe/Berlin', 'later'), zone_instant('infinity', 'UTC', 'error');
SELECT zone_instant('4714-11-24 00:00:00 BC', 'UTC'), zone_instant('4714-11-24 00:00:00 BC', 'America/New_York');
SELECT zone_instant('294276-12-31 23:59:59.999999', 'UTC'), zone_instant('294276-12-31 23:59:59.999999', 'Asia/Tokyo');
SELECT zone_instant('4714-11-24 00:00:00 BC', 'Asia/Tokyo');
SELECT zone_instant('294276-12-31 23:59:59.999999', 'America/New_York');
SELECT zone_instant('2025-03-30 02:30', 'Europe/Berlin', 'error');
SELECT zone_instant('2025-10-26 02:30', 'europe/berlin', resolve => 'error');
SELECT zone_instant('2025-10-26 02:30', 'Europe/Berlin', 'first');
SELECT zone_instant('2025-10-26 02:30', 'Europe/Berlin', '{"a": "patient"}');
SELECT zone, zone_instant('2025-10-26 02:30', zone) FROM unnest('{CEST}'::text[]) zone;
SELECT zone, zone_instant('2025-10-26 02:30', zone) FROM unnest('{+02}'::text[]) zone;
SELECT zone_instant('2025-10-26 02:30', '');
SELECT zone_instant('2025-10-26 02:30', 'XYZ5');
SELECT zone_instant('2025-10-26 02:30', repeat('x', 1000));
SELECT zone_instant(NULL, 'UTC') IS NULL AND zone_instant('2025-10-26 02:30', NULL) IS NULL AND zone_instant('2025-10-26 02:30', 'UTC', NULL) IS NULL AS strict;

-- ---------------------------------------------------------------------
-- changes of the clocks
-- ---------------------------------------------------------------------

SELECT zone, t.* FROM (VALUES ('Europe/Berlin'), ('Europe/Dublin'), ('Australia/Lord_Howe'), ('Asia/Kolkata'), ('UTC')) AS z (zone),
	zone_transitions(zone, '[2024-01-01, 2025-06-01)') t;
SELECT t.* FROM zone_transitions('Pacific/Apia', '[2011-01-01, 2013-01-01)') t;
-- another name, and the same offset; and so with another offset of the same name
SELECT t.* FROM zone_transitions('Europe/Lisbon', '[1992-01-01, 1993-06-01)') t;
-- from the first on
SELECT t.* FROM zone_transitions('America/New_York', '(, 1920-01-01)') t;
SELECT t.* FROM zone_transitions('America/New_York', '[-infinity, 1900-01-01)') t;
-- for ever is until the year 9999, and later if asked
SELECT during, count(*) > 15000 AS many, max(at) FROM unnest('{"[2025-01-01,)","[2025-01-01,infinity]","[2025-01-01,10001-01-01)"}'::tstzrange[]) during,
	zone_transitions('America/New_York', during) GROUP BY during ORDER BY max(at), during;
-- none is passed over: the table of the zone's file ends within these years
SELECT extract(year FROM at) AS year, count(*) FROM zone_transitions('Europe/Berlin', '[2000-01-01,9999-01-01)') GROUP BY 1 HAVING count(*) <> 2;
SELECT extract(year FROM at) AS year, count(*) FROM zone_transitions('Australia/Lord_Howe', '[2009-01-01,9999-01-01)') GROUP BY 1 HAVING count(*) <> 2;
-- bounds
SELECT during, at FROM unnest('{"[2025-03-30 01:00Z,2025-10-26 01:00Z]","(2025-03-30 01:00Z,2025-10-26 01:00Z]","[2025-03-30 01:00Z,2025-10-26 01:00Z)",
	"(2025-03-30 01:00Z,2025-10-26 01:00Z)","[2025-03-30 01:00Z,2025-03-30 01:00Z]","[2025-03-30 01:00:00.000001Z,2025-10-26 00:59:59.999999Z]",
	"[2025-03-30 00:59:59.999999Z,2025-03-30 01:00:00.000001Z]","empty"}'::tstzrange[]) WITH ORDINALITY AS d (during, n)
	LEFT JOIN zone_transitions('Europe/Berlin', during) ON true ORDER BY n, at;
SELECT count(*) FROM unnest(ARRAY[tstzrange('infinity', NULL), tstzrange(NULL, '-infinity', '[]'), tstzrange('294276-12-31 23:59:59Z', 'infinity'), tstzrange(NULL, '4713-01-02 BC')]) during,
	zone_transitions('Europe/Berlin', during);
SELECT count(*) FROM zone_transitions('Europe/Berlin', NULL);
SELECT count(*) FROM zone_transitions(NULL, '(,)');
SELECT * FROM zone_transitions('Berlin', '(,)');
-- it streams in a select list
SELECT (zone_transitions('Europe/Berlin', '[2025-01-01,294276-01-01)')).at LIMIT 1;
SELECT proname, provolatile, proparallel, proisstrict FROM pg_proc WHERE proname IN ('zone_instant', 'zone_transitions') ORDER BY 1;

-- ---------------------------------------------------------------------
-- every zone, against what the server says of instants
-- ---------------------------------------------------------------------

-- all but names that AT TIME ZONE takes for abbreviations
CREATE TABLE zone AS SELECT z.*, now() AS at FROM pg_timezone_names z
	WHERE name !~ '^(posix|right)/' AND name NOT IN ('localtime', 'posixrules') AND name NOT IN (SELECT abbrev FROM pg_timezone_abbrevs);
CREATE TABLE change AS SELECT name AS zone, t.*, lead(t.at) OVER (PARTITION BY name ORDER BY t.at) AS next
	FROM zone, zone_transitions(name, '(,2045-01-01)') t;
SELECT (SELECT count(*) > 400 FROM zone) AS zones, count(*) > 30000 AS changes FROM change;
-- the offset holds from the change on up to the next
SELECT zone, at, utc_offset FROM change WHERE at AT TIME ZONE zone - at AT TIME ZONE 'UTC' <> utc_offset
	OR (next - interval '1 us') AT TIME ZONE zone - (next - interval '1 us') AT TIME ZONE 'UTC' <> utc_offset;
-- none says what held before already
SELECT zone, at FROM (SELECT *, lag(row(utc_offset, abbreviation, is_dst)) OVER (PARTITION BY zone ORDER BY at) AS before FROM change) c
	WHERE row(utc_offset, abbreviation, is_dst) = before;
-- the last one says what the server says of today
SELECT name, z.utc_offset, z.abbrev, z.is_dst, c.* FROM zone z, LATERAL (SELECT * FROM change WHERE zone = name AND change.at <= z.at ORDER BY change.at DESC LIMIT 1) c
	WHERE (z.utc_offset, z.abbrev, z.is_dst) <> (c.utc_offset, c.abbreviation, c.is_dst);
-- Around each change: what the clocks show is read as this instant or, where it
-- comes twice, the other one, which they show then, too.
CREATE TABLE probe AS SELECT zone, t, t AT TIME ZONE zone AS local
	FROM change, unnest('{-25 hours,-90 min,-1 hour,-1 us,0,30 min,1 hour,2 hours}'::interval[]) AS shift, LATERAL (SELECT at + shift) x (t)
	WHERE at > '1960-01-01';
SELECT zone, t, local, i.* FROM probe, LATERAL (SELECT zone_instant(local, zone) AS compatible, zone_instant(local, zone, 'earlier') AS earlier, zone_instant(local, zone, 'later') AS later) i
	WHERE compatible <> earlier OR t NOT IN (earlier, later) OR earlier > later OR earlier AT TIME ZONE zone <> local OR later AT TIME ZONE zone <> local LIMIT 10;
-- In the middle of what a change leaves out: shown never, and read by both offsets.
SELECT zone, at, local, i.* FROM change, LATERAL (SELECT utc_offset - ((at - interval '1 us') AT TIME ZONE zone - (at - interval '1 us') AT TIME ZONE 'UTC') AS gap) g,
	LATERAL (SELECT at AT TIME ZONE zone - gap / 2 AS local) l,
	LATERAL (SELECT zone_instant(local, zone) AS compatible, zone_instant(local, zone, 'earlier') AS earlier, zone_instant(local, zone, 'later') AS later) i
	WHERE gap > '0' AND (compatible <> later OR later - earlier <> gap OR earlier AT TIME ZONE zone <> local - gap OR later AT TIME ZONE zone <> local + gap) LIMIT 10;

-- ---------------------------------------------------------------------
-- drift: what the clock showed, and what it shows today
-- ---------------------------------------------------------------------

\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/lib/examples.sql'
\set ECHO none
\i :file
\set ECHO all

-- The field, as text and from a column.
SELECT v, try FROM unnest('{"2026-03-29T10:00:00","2026-03-29 10:00","2026-03-29T10:00:00.123456789","0001-01-01T00:00","9999-12-31T23:59:59.999999","2026-03-29T24:00"}'::text[]) v,
	LATERAL (SELECT jsonb_build_object('local_starts_at', v)::appointment::text) x (try);
SELECT '{"local_starts_at": "2026-03-29T10:00:00Z"}'::appointment;
SELECT '{"local_starts_at": "2026-02-29T10:00:00"}'::appointment;
SELECT '{"local_starts_at": "2026-03-29"}'::appointment;
SELECT '{"local_starts_at": 1}'::appointment;
SELECT a, a ->> 'local_starts_at' AS text, a -> 'local_starts_at' AS json FROM unnest('{"{\"local_starts_at\": null}","{\"local_starts_at\": \"2026-03-29T10:00\"}"}'::appointment[]) a;
SELECT appointment_from_row(r) FROM (SELECT timestamptz '2026-03-29 08:00Z' AS starts_at, 'Europe/Berlin' AS time_zone, timestamp '2026-03-29 10:00' AS local_starts_at) r;
SELECT appointment_from_row(r) FROM (SELECT timestamptz '2026-03-29 08:00Z' AS local_starts_at) r;
SELECT appointment_from_row(r) FROM (SELECT timestamp '10000-01-01' AS local_starts_at) r;
SELECT appointment_from_row(r) FROM (SELECT timestamp 'infinity' AS local_starts_at) r;
SELECT field, type, personal FROM appointment_fields() WHERE field = 'local_starts_at';

-- How far, and where it is not known.  A time that comes twice may be either.
SELECT local, starts_at, zone, appointment_zone_drift(jsonb_strip_nulls(jsonb_build_object('starts_at', starts_at, 'time_zone', zone, 'local_starts_at', local))::appointment)
FROM (VALUES ('2026-07-01T10:00', '2026-07-01T08:00:00Z', 'Europe/Berlin'), ('2026-07-01T10:00', '2026-07-01T09:00:00Z', 'Europe/Berlin'), ('2026-07-01T10:00', '2026-07-01T07:59:59.5Z', 'Europe/Berlin'),
	('2026-10-25T02:30', '2026-10-25T00:30:00Z', 'Europe/Berlin'), ('2026-10-25T02:30', '2026-10-25T01:30:00Z', 'Europe/Berlin'), ('2026-10-25T02:30', '2026-10-25T02:30:00Z', 'Europe/Berlin'),
	('2026-03-29T02:30', '2026-03-29T01:30:00Z', 'Europe/Berlin'), ('2026-03-29T02:30', '2026-03-29T00:30:00Z', 'Europe/Berlin'), ('2026-07-01T10:00', '2026-06-01T08:00:00Z', 'Europe/Berlin'),
	('2026-07-01T10:00', '2026-07-01T08:00:00Z', NULL), (NULL, '2026-07-01T08:00:00Z', 'Europe/Berlin'), ('2026-07-01T10:00', NULL, 'Europe/Berlin'), ('2026-07-01T10:00', '2026-07-01T08:00:00Z', 'Mars/Olympus')) v (local, starts_at, zone);
SELECT appointment_zone_drift(NULL), appointment_zone_drift('{"local_starts_at": null, "time_zone": null, "starts_at": null}');

-- Who notes it: a document with the local time and the zone, if they agree ...
SELECT start_at, a ->> 'local_starts_at' AS local_starts_at, a ->> 'starts_at' AS starts_at, appointment_zone_drift(a) FROM (VALUES
	('{"local": "2025-07-01T10:00:00+02:00", "time_zone": "Europe/Berlin", "utc": "2025-07-01T08:00:00Z", "unix_ts": 1751356800}'), ('{"local": "2025-07-01T10:00:00", "time_zone": "Europe/Berlin"}'),
	('{"local": "2025-07-01T10:00:00.25", "time_zone": "Europe/Berlin"}'), ('{"local": "2025-03-30T02:30:00", "time_zone": "Europe/Berlin"}'), ('{"local": "2025-07-01T10:00:00+01:00", "time_zone": "Europe/Berlin"}'),
	('{"local": "2025-07-01T10:00:00", "utc": "2025-07-01T09:00:00Z", "time_zone": "Europe/Berlin"}'), ('{"utc": "2025-07-01T08:00:00Z", "time_zone": "Europe/Berlin"}')) v (start_at),
	appointment_from_json(pg_temp.edit(:'savvycal', 'start_at', start_at, 'end_at', '{"utc":"9999-01-01T00:00:00Z"}'), 'savvycal') AS a;
-- ... a request that sets the start: a wall clock is noted as it was asked for
SELECT start_at, a ->> 'local_starts_at' AS local_starts_at, a ->> 'starts_at' AS starts_at
FROM unnest('{2025-07-01T10:00,2025-03-30T02:30,2025-07-01T10:00:00Z}'::text[]) start_at,
	appointment_apply_request('{"local_starts_at": "2000-01-01T00:00"}', jsonb_build_object('start_at', start_at, 'end_at', '2025-07-01T20:00', 'time_zone', 'Europe/Berlin'), 'savvycal', 'reschedule') a;
SELECT a, appointment_apply_request(a, '{"appointment_at": "2025-07-01T08:00:00Z", "duration_in_minutes": 30}', 'sqod', at => '2025-01-01 00:00Z') AS moved,
	appointment_apply_request(a, '{"reference": 7}', 'sqod', at => '2025-01-01 00:00Z') AS not_moved
FROM unnest('{"{\"time_zone\": \"Europe/Berlin\", \"local_starts_at\": \"2000-01-01T00:00\"}","{\"local_starts_at\": \"2000-01-01T00:00\"}"}'::appointment[]) a;
-- ... but not one that repeats start and zone: what was noted may be of older zone data
SELECT what, a ->> 'local_starts_at' AS local_starts_at, appointment_zone_drift(a)
FROM (SELECT '{"starts_at":"2023-07-03T15:00:00Z","ends_at":"2023-07-03T15:30:00Z","time_zone":"America/Mexico_City","local_starts_at":"2023-07-03T10:00:00"}'::appointment) v (old),
	LATERAL (VALUES ('the same', appointment_apply_request(old, '{"starts_at":"2023-07-03T15:00:00.000Z","note":"n"}', 'caspen')), ('the same in another way', appointment_apply_request(old, '{"starts_at":"2023-07-03T17:00:00+02:00"}', 'caspen')),
		('another', appointment_apply_request(old, '{"starts_at":"2023-07-03T14:30:00Z"}', 'caspen')), ('the same, none noted', appointment_apply_request(appointment_set(old, 'local_starts_at', NULL), '{"starts_at":"2023-07-03T15:00:00Z"}', 'caspen')),
		('zone', appointment_apply_request(old, '{"start_at":"2023-07-03T15:00:00Z","end_at":"2023-07-03T15:30:00Z","time_zone":"America/New_York"}', 'savvycal', 'reschedule')),
		('the same zone', appointment_apply_request(old, '{"start_at":"2023-07-03T15:00:00Z","end_at":"2023-07-03T15:30:00Z","time_zone":"America/Mexico_City"}', 'savvycal', 'reschedule'))) x (what, a);
-- ... and a new start by appointment_reschedule
SELECT zone, a ->> 'local_starts_at' AS local_starts_at, appointment_zone_drift(a)
FROM unnest('{Europe/Berlin,Asia/Kathmandu,NULL,Mars/Olympus}'::text[]) zone,
	appointment_reschedule(jsonb_build_object('starts_at', '2026-01-01T08:00:00Z', 'time_zone', zone, 'local_starts_at', '2026-01-01T08:00')::appointment, '2026-07-01 08:00Z') a;
SELECT appointment_reschedule('{"starts_at":"2026-01-01T08:00:00Z","time_zone":"Asia/Tokyo"}', '9999-12-31 23:00Z') ->> 'local_starts_at' AS beyond;
-- Nothing stays that is not so any more.
SELECT field, appointment_set('{"starts_at":"2026-01-01T08:00:00Z","ends_at":"2026-01-01T09:00:00Z","time_zone":"Europe/Berlin","local_starts_at":"2026-01-01T09:00:00"}', field, value) ->> 'local_starts_at' AS local_starts_at
FROM (VALUES ('starts_at', '"2026-01-01T08:30:00Z"'::jsonb), ('starts_at', NULL), ('starts_at', '"2026-01-01T09:00:00+01:00"'), ('time_zone', '"Europe/Paris"'), ('time_zone', NULL), ('time_zone', '"Europe/Berlin"'), ('ends_at', NULL), ('note', '"n"')) v (field, value);

-- To move an appointment back on its clock takes no confirmation: it is the
-- time that was agreed on.  Any other move does.
SELECT what, a, appointment_zone_drift(a) FROM (SELECT '{"starts_at":"2026-07-01T09:00:00Z","ends_at":"2026-07-01T09:30:00Z","time_zone":"Europe/Berlin","local_starts_at":"2026-07-01T10:00:00","confirmed":true,"confirmed_at":"2026-01-01T00:00:00Z"}'::appointment) v (old),
	LATERAL (VALUES ('back', appointment_reschedule(old, appointment_starts_at(old) + appointment_zone_drift(old), at => '2026-02-01 00:00Z')),
		('as long', appointment_reschedule(old, '2026-07-01 08:00Z', '2026-07-01 08:30Z', at => '2026-02-01 00:00Z')),
		('longer', appointment_reschedule(old, '2026-07-01 08:00Z', '2026-07-01 09:00Z', at => '2026-02-01 00:00Z')),
		('elsewhere', appointment_reschedule(old, '2026-07-01 10:00Z', at => '2026-02-01 00:00Z')),
		('not at all', appointment_reschedule(old, '2026-07-01 09:00Z', at => '2026-02-01 00:00Z'))) x (what, a);
-- and so does one from the second of a time that comes twice to the first, where the clock shows the same
SELECT appointment_reschedule('{"starts_at":"2026-10-25T01:30:00Z","time_zone":"Europe/Berlin","local_starts_at":"2026-10-25T02:30:00","confirmed":true}', '2026-10-25 00:30Z', at => '2026-02-01 00:00Z');
