--
-- icalendar.sql
--		Appointments as iCalendar against the same text put together in SQL.
--
-- The other side has its data in ordinary columns, and functions for what has
-- to be escaped and folded.  Both write the same bytes; that is checked.
-- (icalendar_others.sh compares with libical, also in reading.)
--
SET TimeZone = 'UTC';

CREATE TABLE events AS
SELECT 'app_' || substr(upper(md5(n::text)), 1, 26) AS id,
	   timestamptz '2024-01-01 10:00:00Z' + n * interval '7 minutes' AS starts_at,
	   timestamptz '2024-01-01 11:00:00Z' + n * interval '7 minutes' AS ends_at,
	   (ARRAY['scheduled', 'pending', 'cancelled'])[1 + n % 3] AS status,
	   timestamptz '2023-12-01 10:00:00Z' + n * interval '5 minutes' AS created_at,
	   timestamptz '2023-12-02 10:00:00Z' + n * interval '5 minutes' AS updated_at,
	   'Physiotherapy, first visit' AS name,
	   format(E'Please bring your referral; wear comfortable clothes. The entrance is at the back of the building, %s. floor.\nCall us if you are late.', n % 9) AS description,
	   format('%s High Street, Springfield', n % 100) AS location_text,
	   'https://clinic.example/appointments/app_' || substr(upper(md5(n::text)), 1, 26) AS url
FROM generate_series(1, :rows / 4) AS n;
CREATE TABLE appointments AS SELECT appointment_from_row(e) AS a FROM events e ORDER BY starts_at;
VACUUM (FREEZE, ANALYZE) events;
VACUUM (FREEZE, ANALYZE) appointments;

-- ---------------------------------------------------------------------
-- what a user writes without the extension
-- ---------------------------------------------------------------------

-- the escapes of RFC 5545 section 3.3.11, without control characters
CREATE FUNCTION bench.escaped(t text) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql AS
	$$SELECT replace(replace(replace(replace(translate(t, E'\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0d\x7f', ''), '\', '\\'), ';', '\;'), ',', '\,'), E'\n', '\n')$$;

-- a line of at most 75 octets, cut between characters
CREATE FUNCTION bench.folded(line text) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
DECLARE
	width int := 75;
	part text;
	result text := '';
BEGIN
	WHILE octet_length(line) > width LOOP
		part := left(line, width);
		WHILE octet_length(part) > width LOOP
			part := left(part, -1);
		END LOOP;
		result := result || part || E'\r\n ';
		line := substr(line, length(part) + 1);
		width := 74;
	END LOOP;
	RETURN result || line || E'\r\n';
END $$;

CREATE FUNCTION bench.stamp(t timestamptz) RETURNS text STABLE PARALLEL SAFE LANGUAGE sql AS
	$$SELECT to_char(t AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"')$$;

CREATE FUNCTION bench.event(e events) RETURNS text STABLE PARALLEL SAFE LANGUAGE sql AS $$
	SELECT format(E'BEGIN:VEVENT\r\nUID:%s@clinic.example\r\nDTSTAMP:20260101T000000Z\r\nSEQUENCE:%s\r\nCREATED:%s\r\nLAST-MODIFIED:%s\r\nDTSTART:%s\r\nDTEND:%s\r\n%s%s%s%sSTATUS:%s\r\nTRANSP:%s\r\n%sEND:VEVENT\r\n',
		e.id, CASE WHEN e.status = 'cancelled' THEN 1 ELSE 0 END, bench.stamp(e.created_at), bench.stamp(e.updated_at), bench.stamp(e.starts_at), bench.stamp(e.ends_at),
		bench.folded('SUMMARY:' || bench.escaped(e.name)), bench.folded('DESCRIPTION:' || bench.escaped(e.description)),
		bench.folded('LOCATION:' || bench.escaped(e.location_text)), bench.folded('URL:' || e.url),
		CASE e.status WHEN 'cancelled' THEN 'CANCELLED' WHEN 'pending' THEN 'TENTATIVE' ELSE 'CONFIRMED' END,
		CASE e.status WHEN 'cancelled' THEN 'TRANSPARENT' ELSE 'OPAQUE' END,
		bench.folded('ORGANIZER;CN="Front desk":mailto:desk@clinic.example'))
$$;

CREATE FUNCTION bench.calendar(events text) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql AS
	$$SELECT E'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//appointment//appointment for PostgreSQL//EN\r\nMETHOD:PUBLISH\r\n' || events || E'END:VCALENDAR\r\n'$$;

CREATE FUNCTION bench.options() RETURNS text IMMUTABLE LANGUAGE sql AS
	$$SELECT '{"domain":"clinic.example","organizer":"desk@clinic.example","organizer_name":"Front desk","personal":true,"stamp":"2026-01-01T00:00:00Z"}'$$;

DO $$
DECLARE
	differs text;
BEGIN
	SELECT format(E'%s\n%s', ours, theirs) INTO differs FROM (SELECT appointment_to_ics(appointment_from_row(e), 'PUBLISH', bench.options()::jsonb) AS ours, bench.calendar(bench.event(e)) AS theirs FROM events e LIMIT 1000) s WHERE ours <> theirs LIMIT 1;
	IF differs IS NOT NULL THEN
		RAISE 'both should write the same: %', differs;
	END IF;
END $$;

SELECT bench.compare('iCalendar: `appointment_to_ics` against `format`, `replace` and folding by a function',
	format($$SELECT appointment_to_ics(a, 'PUBLISH', '%s') FROM appointments$$, bench.options()),
	'SELECT bench.calendar(bench.event(e)) FROM events e', 'faster', 10);
SELECT bench.compare('iCalendar: `appointment_ics_agg`, all in one feed, against `string_agg` of the same',
	format($$SELECT appointment_ics_agg(a, '%s') FROM appointments$$, bench.options()),
	$$SELECT bench.calendar(string_agg(bench.event(e), '')) FROM events e$$, 'faster', 10);
