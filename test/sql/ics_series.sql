--
-- iCalendar: series of appointments, and the clocks of their zones
--
CREATE SCHEMA regress_ics_series;
SET search_path = regress_ics_series, public;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
\pset format unaligned
\pset tuples_only on

-- A calendar to read: every line ends with CRLF, and has at most 75 octets.
CREATE FUNCTION shown(ics text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg('WRONG: ' || line, E'\n'), replace(ics, E'\r', ''))
	FROM string_to_table(ics, E'\r\n') AS line, (SELECT right(ics, 2) <> E'\r\n' AS open OFFSET 0) AS last
	WHERE line ~ E'[\\x01-\\x08\\x0a-\\x1f\\x7f]' OR octet_length(line) > 75 OR open
$$;
-- One component, unfolded: what the clocks do, or when the event is
CREATE FUNCTION component(ics text, name text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT replace(replace(part[1], E'\r\n ', ''), E'\r', '') FROM regexp_matches(ics, 'BEGIN:' || name || E'\r\n(.*?)END:' || name || E'\r\n', 'g') part
$$;
CREATE FUNCTION times(ics text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT line FROM component(ics, 'VEVENT') WITH ORDINALITY c(event, n), regexp_split_to_table(event, E'\n') WITH ORDINALITY l(line, m)
	WHERE line ~ '^(UID|SEQUENCE|LAST-MODIFIED|DTSTART|DTEND|DURATION|RRULE|EXDATE|SUMMARY|STATUS)[:;]' ORDER BY n, m
$$;
-- An appointment of a series
CREATE FUNCTION made(starts_at text, zone text, rule text, more jsonb DEFAULT '{}') RETURNS appointment LANGUAGE sql AS $$
	SELECT (jsonb_build_object('id', 'app_1', 'starts_at', starts_at, 'time_zone', zone, 'recurrence', jsonb_build_object('is_recurring', true, 'series', 'app_0', 'rule', rule)) || more)::text::appointment
$$;

-- ---------------------------------------------------------------------
-- a whole series by its first
-- ---------------------------------------------------------------------

SELECT shown(appointment_to_ics(made('2026-03-16T08:00:00Z', 'Europe/Berlin', 'FREQ=WEEKLY;BYDAY=MO,WE;COUNT=20', '{"ends_at":"2026-03-16T08:45:00Z"}'), 'REQUEST',
	'{"series":true,"stamp":"2026-02-01T00:00:00Z","exdates":["2026-04-06T09:00:00","2026-03-25T09:00:00","2026-04-06T07:00:00Z"],"organizer":"o@example.com","attendees":["a@example.com"],"domain":"example.com","alarm":10}'));
-- the identifier of the series, else that of the appointment
SELECT times(appointment_to_ics(appointment_set(made('2026-03-16T08:00:00Z', 'Europe/Berlin', ''), 'recurrence', r::jsonb), 'PUBLISH', '{"series":true,"domain":"example.com"}'))
FROM unnest(ARRAY['{"series":"s@x","rule":"FREQ=DAILY"}', '{"series":null,"rule":"FREQ=DAILY"}', '{"rule":"FREQ=DAILY"}', '{"series":"","rule":"freq=daily;interval=1"}', '{"series":"\u00e4\u0001\"","rule":"FREQ=\u0044AILY"}']) r;
-- lengths
SELECT e, (SELECT string_agg(line, ' ') FROM times(appointment_to_ics(made('2026-03-16T08:00:00Z', 'UTC', 'FREQ=DAILY', jsonb_build_object('ends_at', e)), 'PUBLISH', '{"series":true}')) line WHERE line LIKE 'D%')
FROM unnest('{2026-03-16T08:00:01Z,2026-03-16T08:01:00Z,2026-03-16T08:01:30Z,2026-03-16T09:00:00Z,2026-03-16T09:00:30Z,2026-03-16T10:30:00Z,2026-03-18T08:05:07Z,2026-03-16T08:00:00.5Z,NULL}'::text[]) e;
SELECT times(appointment_to_ics(made('2026-03-16T08:00:00.5Z', 'UTC', 'FREQ=DAILY', jsonb_build_object('ends_at', e)), 'PUBLISH', '{"series":true}')) FROM unnest('{2026-03-16T08:00:01Z,2026-03-16T09:00:00Z}'::text[]) e;
SELECT times(appointment_to_ics(made('9999-12-31T23:59:59.5Z', 'UTC', 'FREQ=DAILY', '{"ends_at":"9999-12-31T23:59:59.9Z"}'), 'PUBLISH', '{"series":true}'));
-- UNTIL becomes an instant: a day is over when it is over there, also where the clocks change
SELECT z, u, (SELECT line FROM times(appointment_to_ics(made('2026-03-16T18:00:00Z', z, 'FREQ=DAILY;UNTIL=' || u), 'PUBLISH', '{"series":true}')) line WHERE line LIKE 'RRULE%')
FROM unnest('{Europe/Berlin,America/New_York,Pacific/Auckland,UTC}'::text[]) z, unnest('{20261231,20261231T120000,20261231T120000Z,20260329,20260329T023000,20261025T023000,99991231}'::text[]) u;
-- what is no series, or does not begin one, is an event of its own
SELECT times(appointment_to_ics(a, 'PUBLISH', '{"series":true}')) FROM unnest(ARRAY[
	made('2026-03-16T08:00:00Z', 'Europe/Berlin', 'FREQ=WEEKLY;BYDAY=TU'), made('2026-03-16T08:00:00Z', 'Europe/Berlin', 'FREQ=WEEKLY;UNTIL=20260101'), made('2026-03-16T08:00:00Z', 'Europe/Berlin', 'every week'),
	'{"id":"2","starts_at":"2026-03-16T08:00:00Z","time_zone":"Europe/Berlin"}', '{"id":"3","starts_at":"2026-03-16T08:00:00Z","recurrence":{"is_recurring":false}}',
	'{"id":"4","starts_at":"2026-03-16T08:00:00Z","recurrence":{"rule":7}}', '{"id":"5","starts_at":"2026-03-16T08:00:00Z","recurrence":{"rule":null}}',
	-- at the second of two times that the clock shows
	made('2026-10-25T01:30:00Z', 'Europe/Berlin', 'FREQ=WEEKLY'), made('2026-10-25T00:30:00Z', 'Europe/Berlin', 'FREQ=WEEKLY')]) a;
-- without the option it is one appointment
SELECT times(appointment_to_ics(made('2026-03-16T08:00:00Z', 'Europe/Berlin', 'FREQ=WEEKLY')));
-- a zone is needed
SELECT times(appointment_to_ics('{"id":"1","starts_at":"2026-03-16T08:00:00Z","recurrence":{"rule":"FREQ=DAILY"}}', 'PUBLISH', '{"series":true}'));
SELECT times(appointment_to_ics(made('2026-03-16T08:00:00Z', 'Mars/Base', 'FREQ=DAILY'), 'PUBLISH', '{"series":true}'));
SELECT times(appointment_to_ics('{"id":"1","starts_at":"2026-03-16T08:00:00Z","recurrence":{"rule":"FREQ=DAILY"}}', 'PUBLISH', '{"series":true,"time_zone":"europe/berlin"}'));
-- the longest rule is folded
SELECT shown(appointment_to_ics(made('2026-03-16T08:00:00Z', 'UTC', 'FREQ=YEARLY;BYYEARDAY=' || (SELECT string_agg(n::text, ',') FROM generate_series(1, 100) n)), 'PUBLISH', '{"series":true,"stamp":"2026-02-01T00:00:00Z"}'));

-- ---------------------------------------------------------------------
-- the clocks
-- ---------------------------------------------------------------------

SELECT z, component(appointment_to_ics(made(s, z, r), 'PUBLISH', '{"series":true}'), 'VTIMEZONE') FROM (VALUES
	('Europe/Berlin', '2026-03-16T08:00:00Z', 'FREQ=DAILY'),
	('Europe/Berlin', '2026-03-16T08:00:00Z', 'FREQ=DAILY;COUNT=2'),
	('Europe/Dublin', '2026-03-16T08:00:00Z', 'FREQ=DAILY'),			-- winter time is the exception
	('Asia/Kolkata', '2026-03-16T08:00:00Z', 'FREQ=DAILY'),				-- no change for long
	('Etc/UTC', '2026-03-16T08:00:00Z', 'FREQ=DAILY'),
	('America/New_York', '2006-03-16T08:00:00Z', 'FREQ=DAILY'),			-- rules that changed
	('America/New_York', '2026-03-16T08:00:00Z', 'FREQ=DAILY'),
	('Pacific/Auckland', '2026-03-16T08:00:00Z', 'FREQ=DAILY'),
	('Australia/Lord_Howe', '2026-03-16T08:00:00Z', 'FREQ=DAILY'),		-- half an hour
	('America/Santiago', '2026-03-16T08:00:00Z', 'FREQ=DAILY'),			-- a Sunday from the 2nd to the 8th
	('Asia/Tehran', '2015-03-16T08:00:00Z', 'FREQ=DAILY;UNTIL=20170101'),	-- by the date, mostly
	('Pacific/Apia', '2011-06-01T08:00:00Z', 'FREQ=DAILY;UNTIL=20120601'),	-- a day is left out
	('Europe/Berlin', '1850-03-16T08:00:00Z', 'FREQ=DAILY;COUNT=3'),	-- before there were zones
	('Europe/Berlin', '0001-03-16T08:00:00Z', 'FREQ=DAILY;COUNT=3'),
	('Europe/Berlin', '9999-12-01T08:00:00Z', 'FREQ=DAILY')) v(z, s, r);

-- The observances, read by our own rules, say what the server's zone data say:
-- each change of decades is an onset, with the same offsets.
CREATE FUNCTION onsets(ics text, until timestamptz) RETURNS TABLE (at timestamptz, before text, after text) LANGUAGE plpgsql AS $$
DECLARE
	observance text;
	starts_at timestamp;
	rule text;
BEGIN
	FOR observance IN SELECT part[1] FROM regexp_matches(replace(ics, E'\r\n ', ''), E'BEGIN:[SD][TA][A-Z]{6}\r\n(.*?)END:', 'g') part LOOP
		starts_at := to_timestamp(substring(observance, 'DTSTART:(\w+)'), 'YYYYMMDD"T"HH24MISS') AT TIME ZONE 'UTC';
		before := substring(observance, 'TZOFFSETFROM:(\S+)');
		after := substring(observance, 'TZOFFSETTO:(\S+)');
		rule := substring(observance, 'RRULE:(\S+)');
		IF rule IS NULL THEN
			at := starts_at AT TIME ZONE 'UTC' - (left(before, 1) || substr(before, 2, 2) || ':' || substr(before, 4, 2) || coalesce(':' || nullif(substr(before, 6), ''), ''))::interval;
			RETURN NEXT;
			CONTINUE;
		END IF;
		FOR at IN SELECT o - (left(before, 1) || substr(before, 2, 2) || ':' || substr(before, 4, 2))::interval
			FROM rrule_occurrences(regexp_replace(rule, 'UNTIL=\w+;', '')::rrule, starts_at, 'UTC', tstzrange(NULL, until)) o
			WHERE o - (left(before, 1) || substr(before, 2, 2) || ':' || substr(before, 4, 2))::interval <= coalesce(to_timestamp(substring(rule, 'UNTIL=(\w+)Z') || '+00', 'YYYYMMDD"T"HH24MISSTZH'), 'infinity') LOOP
			RETURN NEXT;
		END LOOP;
	END LOOP;
END $$;
SELECT z, s, count(*) FROM unnest('{Europe/Berlin,Europe/Dublin,America/New_York,America/Santiago,Australia/Lord_Howe,Pacific/Auckland,Asia/Jerusalem,America/Havana,Asia/Beirut,Europe/Chisinau,Antarctica/Troll,America/Nuuk,Africa/Cairo,Asia/Tehran,America/Sao_Paulo,Africa/Casablanca}'::text[]) z, unnest('{1975-06-01T00:00:00Z,1990-06-01T00:00:00Z,2006-01-10T00:00:00Z,2026-03-16T08:00:00Z}'::text[]) s,
	LATERAL (SELECT appointment_to_ics(made(s, z, 'FREQ=DAILY'), 'PUBLISH', '{"series":true}') AS ics) i,
	LATERAL (SELECT at, extract(epoch FROM utc_offset)::int AS seconds FROM zone_transitions(z, tstzrange(s::timestamptz, s::timestamptz + interval '29 years'))) t
	FULL JOIN LATERAL (SELECT DISTINCT at, (left(after, 1) || '1')::int * (substr(after, 2, 2)::int * 3600 + substr(after, 4, 2)::int * 60) AS seconds FROM onsets(ics, s::timestamptz + interval '29 years') WHERE at >= s::timestamptz AND at < s::timestamptz + interval '29 years') o USING (at, seconds)
WHERE t.at IS NULL OR o.at IS NULL GROUP BY z, s;
-- one that began long ago goes by the clocks of today, too: a reader without the server's data has the same times
SELECT z, busy_from_ics(ics, during, 'UTC') AS server, busy_from_ics(replace(ics, z, 'own'), during, 'UTC') AS own
FROM unnest('{Asia/Tehran,Europe/Istanbul,Europe/Moscow}'::text[]) z, tstzrange('2026-07-10', '2026-07-20') during,
	LATERAL (SELECT appointment_to_ics(made('1950-03-16T08:00:00Z', z, 'FREQ=MONTHLY', '{"ends_at":"1950-03-16T09:00:00Z"}'), 'PUBLISH', '{"series":true}')) i(ics);

-- ---------------------------------------------------------------------
-- a feed
-- ---------------------------------------------------------------------

CREATE TABLE visit AS SELECT row_number() OVER (ORDER BY appointment_starts_at(a))::int AS n, a
FROM appointment_series('{"id":"s1","starts_at":"2026-03-16T08:00:00Z","ends_at":"2026-03-16T08:30:00Z","status":"scheduled","time_zone":"Europe/Berlin","name":"Course"}', 'FREQ=WEEKLY;BYDAY=MO,WE;COUNT=12') a;
UPDATE visit SET a = appointment_set(appointment_set(appointment_set(a, 'id', to_jsonb('v' || n)), 'updated_at', '"2026-01-02T00:00:00Z"'), 'created_at', '"2026-01-01T00:00:00Z"');
-- all of them
SELECT shown(appointment_ics_agg(a, '{"series":true,"stamp":"2026-02-01T00:00:00Z"}' ORDER BY n)) FROM visit;
-- the order of rows does not matter
SELECT count(DISTINCT ics) FROM (SELECT appointment_ics_agg(a, '{"series":true,"stamp":"2026-02-01T00:00:00Z"}' ORDER BY n) FROM visit UNION ALL SELECT appointment_ics_agg(a, '{"series":true,"stamp":"2026-02-01T00:00:00Z"}' ORDER BY n DESC) FROM visit) x(ics);
-- some are missing, the first and the last too
SELECT times(appointment_ics_agg(a, '{"series":true}' ORDER BY n)) FROM visit WHERE n NOT IN (1, 4, 5, 12);
-- one was cancelled, one has another name, one was moved, one is longer, one comes twice, each with an event of its own but the cancelled one
BEGIN;
UPDATE visit SET a = appointment_transition(a, 'cancelled', '2026-01-05') WHERE n = 3;
UPDATE visit SET a = appointment_set(a, 'name', '"Exam"') WHERE n = 1;
UPDATE visit SET a = appointment_reschedule(a, '2026-04-02T12:00:00Z', at => '2026-01-06') WHERE n = 6;
UPDATE visit SET a = appointment_set(a, 'ends_at', '"2026-04-06T09:00:00Z"') WHERE n = 7;
INSERT INTO visit SELECT 8, appointment_set(a, 'id', '"v8b"') FROM visit WHERE n = 8;
SELECT times(appointment_ics_agg(a, '{"series":true,"personal":true}' ORDER BY n, a)) FROM visit;
ROLLBACK;
-- most are missing; only one is there; only two that follow each other
SELECT times(appointment_ics_agg(a, '{"series":true}' ORDER BY n)) FROM visit WHERE n IN (1, 12);
SELECT times(appointment_ics_agg(a, '{"series":true}' ORDER BY n)) FROM visit WHERE n = 5;
SELECT times(appointment_ics_agg(a, '{"series":true}' ORDER BY n)) FROM visit WHERE n IN (5, 6);
-- too many are missing to be named
SELECT times(appointment_ics_agg(made(d, 'UTC', 'FREQ=SECONDLY', jsonb_build_object('id', d)), '{"series":true}' ORDER BY d)) FROM unnest('{2026-03-16T08:00:00Z,2026-09-16T08:00:00Z,2026-09-16T08:00:01Z}'::text[]) d;
-- a series whose rule was changed on the way: no two events have its identifier
SELECT times(appointment_ics_agg(made('2026-03-' || d || 'T08:00:00Z', 'UTC', CASE WHEN d < 20 THEN 'FREQ=DAILY' ELSE 'FREQ=DAILY;INTERVAL=2' END, jsonb_build_object('id', 'd' || d)), '{"series":true}' ORDER BY d)) FROM unnest('{16,17,18,20,22}'::int[]) d;
-- without the option each is one
SELECT count(*), count(DISTINCT e) FROM (SELECT component(appointment_ics_agg(a), 'VEVENT') AS e FROM visit) x;
-- several series, others between them, two zones, a row that is left out
SELECT times(ics) FROM (SELECT appointment_ics_agg(a, '{"series":true,"organizer":"o@example.com"}') AS ics FROM (
	SELECT a FROM visit UNION ALL
	SELECT appointment_set(appointment_set(b, 'id', to_jsonb('w' || row_number() OVER ())), 'updated_at', 'null') FROM appointment_series('{"id":"s2","starts_at":"2026-01-05T15:00:00Z","time_zone":"America/New_York"}', 'FREQ=MONTHLY;BYDAY=1MO', '(,2026-06-01)') b UNION ALL
	VALUES ('{"id":"single","starts_at":"2026-03-16T08:00:00Z"}'), (NULL), ('{"id":"no start"}'), (made('2026-03-16T08:00:00Z', 'Mars/Base', 'FREQ=DAILY'))) x(a)) y;
SELECT left(z, 30) FROM (SELECT component(appointment_ics_agg(a, '{"series":true}'), 'VTIMEZONE') AS z FROM (
	SELECT a FROM visit UNION ALL
	SELECT appointment_set(b, 'id', to_jsonb('w' || row_number() OVER ())) FROM appointment_series('{"id":"s2","starts_at":"2026-01-05T15:00:00Z","time_zone":"America/New_York"}', 'FREQ=MONTHLY;BYDAY=1MO', '(,2026-06-01)') b) x(a)) y ORDER BY 1;
-- times that the clocks leave out are what the rule says
SELECT times(appointment_ics_agg(appointment_set(appointment_set(a, 'id', to_jsonb(n::text)), 'updated_at', 'null'), '{"series":true}' ORDER BY n))
FROM appointment_series('{"id":"s3","starts_at":"2026-03-27T01:30:00Z","time_zone":"Europe/Berlin"}', 'FREQ=DAILY;COUNT=4') WITH ORDINALITY s(a, n);
SELECT times(appointment_ics_agg(appointment_set(appointment_set(a, 'id', to_jsonb(n::text)), 'updated_at', 'null'), '{"series":true}' ORDER BY n))
FROM appointment_series('{"id":"s3","starts_at":"2026-03-27T01:30:00Z","time_zone":"Europe/Berlin"}', 'FREQ=DAILY;COUNT=4') WITH ORDINALITY s(a, n) WHERE n <> 3;
