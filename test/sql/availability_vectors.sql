-- What public systems test of their search for free times, in our words: the
-- rules, bookings and wishes of a test with what it expects.  What we find
-- otherwise is shown, with the reason; the addresses are those of the tests.
CREATE SCHEMA regress_availability_vectors;
SET search_path = regress_availability_vectors, public;
SET TimeZone = 'UTC';

-- 'same', or what is found here
CREATE FUNCTION vector(expected text, found text) RETURNS text LANGUAGE sql IMMUTABLE AS
	$$ SELECT CASE WHEN found = expected THEN 'same' ELSE format('here: %s; there: %s', coalesce(found, 'NULL'), expected) END $$;
-- local days from one on
CREATE FUNCTION days(first date, zone text DEFAULT 'UTC', days int DEFAULT 1) RETURNS tstzrange STABLE LANGUAGE sql AS
	$$ SELECT tstzrange(first::timestamp AT TIME ZONE zone, (first + days)::timestamp AT TIME ZONE zone) $$;
-- bookings of a day: '10:00-11:00,14:00-15:00'
CREATE FUNCTION booked(day date, periods text, zone text DEFAULT 'UTC', before int DEFAULT 0, after int DEFAULT 0, seats int DEFAULT NULL) RETURNS busy STABLE LANGUAGE sql AS
	$$ SELECT busy_agg((day + split_part(p, '-', 1)::time) AT TIME ZONE zone, (day + split_part(p, '-', 2)::time) AT TIME ZONE zone, before, after, seats)
		FROM string_to_table(periods, ',') p $$;
-- where slots start, on the zone's clock
CREATE FUNCTION starts(hours open_hours, booked busy, during tstzrange, zone text, duration interval, step interval DEFAULT NULL, align interval DEFAULT NULL,
	notice interval DEFAULT '0', at timestamptz DEFAULT '2000-01-01', buffer_before interval DEFAULT '0', buffer_after interval DEFAULT '0',
	seats int DEFAULT 1, max_per_day int DEFAULT NULL, format text DEFAULT 'HH24:MI') RETURNS text STABLE LANGUAGE sql AS
	$$ SELECT coalesce(string_agg(to_char(f.starts_at AT TIME ZONE zone, format), ' ' ORDER BY f.starts_at), 'none')
		FROM free_slots(hours, booked, during, duration => $5, step => $6, align => $7, notice => $8, at => $9, buffer_before => $10, buffer_after => $11,
			seats => $12, max_per_day => $13) f $$;
CREATE FUNCTION how_many(starts text) RETURNS text IMMUTABLE LANGUAGE sql AS
	$$ SELECT CASE WHEN starts = 'none' THEN '0' ELSE cardinality(string_to_array(starts, ' '))::text END $$;
-- periods on the zone's clock: '06-13 10:00-15:00', with the date where it ends, too, if that is another one
CREATE FUNCTION written(periods tstzrange[], zone text) RETURNS text STABLE LANGUAGE sql AS
	$$ SELECT coalesce(string_agg(to_char(l, 'MM-DD HH24:MI') || '-' || to_char(u, CASE WHEN l::date = u::date THEN 'HH24:MI' ELSE 'MM-DD HH24:MI' END), ' ' ORDER BY l), 'none')
		FROM unnest(periods) p, LATERAL (SELECT lower(p) AT TIME ZONE zone AS l, upper(p) AT TIME ZONE zone AS u) x $$;
CREATE FUNCTION opened(hours open_hours, during tstzrange, zone text) RETURNS text STABLE LANGUAGE sql AS
	$$ SELECT written(ARRAY(SELECT tstzrange(starts_at, ends_at) FROM open_periods(hours, during)), zone) $$;
CREATE FUNCTION freed(hours open_hours, booked busy, during tstzrange, zone text, seats int DEFAULT 1) RETURNS text STABLE LANGUAGE sql AS
	$$ SELECT written(ARRAY(SELECT tstzrange(starts_at, ends_at) FROM free_periods(hours, booked, during, seats => $5)), zone) $$;

--
-- cal.com, slots
-- https://github.com/calcom/cal.com/blob/main/packages/features/schedules/lib/slots.test.ts
--
-- an empty day has 24 slots of an hour, of half an hour each hour, and 72 of 20 minutes
SELECT vector('24', how_many(starts(open_hours(NULL, '00:00', '24:00', 'UTC'), NULL, days('2021-06-21'), 'UTC', '60 min'))) AS c01;
SELECT vector('24', how_many(starts(open_hours(NULL, '00:00', '24:00', 'UTC'), NULL, days('2021-06-21'), 'UTC', '30 min', '60 min'))) AS c02;
SELECT vector('72', how_many(starts(open_hours(NULL, '00:00', '24:00', 'UTC'), NULL, days('2021-06-21'), 'UTC', '20 min'))) AS c03;
-- a second before noon twelve are left
SELECT vector('12', how_many(starts(open_hours(NULL, '00:00', '24:00', 'UTC'), NULL, days('2021-06-20'), 'UTC', '60 min', at => '2021-06-20 11:59:59Z'))) AS c04;
-- a notice of 25 hours
SELECT vector('11', how_many(starts(open_hours(NULL, '00:00', '24:00', 'UTC'), NULL, days('2021-06-21'), 'UTC', '60 min', at => '2021-06-20 11:59:59Z', notice => '1500 min'))) AS c05;
-- two periods, and two that overlap
SELECT vector('11:00 11:20 11:40 14:00 14:20 14:40', starts(open_hours(NULL, '11:00', '12:00', 'UTC') + open_hours(NULL, '14:00', '15:00', 'UTC'), NULL, days('2021-06-21'), 'UTC', '20 min')) AS c06;
SELECT vector('11:00 11:20 11:40 12:00 12:20', starts(open_hours(NULL, '11:00', '12:00', 'UTC') + open_hours(NULL, '11:20', '12:40', 'UTC'), NULL, days('2021-06-21'), 'UTC', '20 min')) AS c07;
-- two that end at one time, in either order
SELECT vector('11:00 11:45', starts(a + b, NULL, days('2021-06-21'), 'UTC', '45 min')), vector('11:00 11:45', starts(b + a, NULL, days('2021-06-21'), 'UTC', '45 min'))
	FROM (SELECT open_hours(NULL, '11:00', '13:00', 'UTC') AS a, open_hours(NULL, '11:15', '13:00', 'UTC') AS b) AS c08;
-- several days, begun at the full hour
SELECT vector('10:00 12:00 13:00 10:00 12:00 13:00', starts(open_hours(NULL, '11:30', '14:00', 'UTC') + open_hours(NULL, '09:15', '11:00', 'UTC'), NULL, days('2021-06-21', days => 2), 'UTC', '60 min')) AS c09;
-- a day that ends at 23:45
SELECT vector('71', how_many(starts(open_hours(NULL, '00:00', '23:45', 'UTC'), NULL, days('2021-06-21'), 'UTC', '20 min'))) AS c10;
-- the last slot of a day in Brussels
SELECT vector('22:45', right(starts(open_hours(NULL, '09:00', '17:00', 'Europe/Brussels') + open_hours(NULL, '20:30', '23:00', 'Europe/Brussels'), NULL, days('2023-07-13', 'Europe/Brussels'),
	'Europe/Brussels', '15 min', notice => '120 min', at => '2021-06-20 11:59:59Z'), 5)) AS c11;
-- full hours of a zone that is half an hour off
SELECT vector('08:00', starts(open_hours(NULL, '07:30', '09:30', 'Asia/Kolkata'), NULL, days('2023-07-13', 'Asia/Kolkata'), 'Asia/Kolkata', '60 min')) AS c12;
-- five minutes
SELECT vector('07:00 07:10 07:15 07:20 07:25', starts(open_hours(NULL, '07:00', '07:05', 'Europe/London') + open_hours(NULL, '07:10', '07:30', 'Europe/London'), NULL, days('2023-07-13'), 'Europe/London', '5 min')) AS c13;
-- eight minutes begin where it opens; ten minutes
SELECT vector('07:22 07:30 07:38 07:46', starts(open_hours(NULL, '07:22', '08:00', 'UTC'), NULL, days('2023-07-13'), 'UTC', '8 min')) AS c14;
SELECT vector('11', how_many(starts(open_hours(NULL, '00:10', '02:00', 'UTC'), NULL, days('2023-07-13'), 'UTC', '10 min'))) AS c15;
-- An hour from 09:30 on: at full hours; "optimized", as many as possible: at half
-- hours.  Their aligning is our align.
SELECT vector('10:00 11:00 12:00 13:00 14:00 15:00 16:00', starts(open_hours(NULL, '09:30', '17:00', 'America/Los_Angeles'), NULL, days('2024-09-12', 'America/Los_Angeles'), 'America/Los_Angeles', '60 min')) AS c16;
SELECT vector('10:00 11:00 12:00 13:00 14:00 15:00 16:00', starts(open_hours(NULL, '09:30', '17:30', 'America/Los_Angeles'), NULL, days('2024-09-12', 'America/Los_Angeles'), 'America/Los_Angeles', '60 min')) AS c17;
SELECT vector('09:30 10:30 11:30 12:30 13:30 14:30 15:30 16:30', starts(open_hours(NULL, '09:30', '17:30', 'America/Los_Angeles'), NULL, days('2024-09-12', 'America/Los_Angeles'), 'America/Los_Angeles', '60 min', align => '30 min')) AS c18;
SELECT vector('08:00 09:00 10:00 11:00 12:00 13:00 14:00', starts(open_hours(NULL, '07:45', '15:30', 'America/Los_Angeles'), NULL, days('2024-09-12', 'America/Los_Angeles'), 'America/Los_Angeles', '60 min')) AS c19;
SELECT vector('09:15 10:15 11:15', starts(open_hours(NULL, '09:05', '12:55', 'America/Los_Angeles'), NULL, days('2024-09-12', 'America/Los_Angeles'), 'America/Los_Angeles', '60 min', align => '15 min')) AS c20;
-- ten minutes in the morning are taken
SELECT vector('08:00 09:00 11:00', starts(open_hours(NULL, '08:00', '12:30', 'America/Los_Angeles'), booked('2024-09-12', '10:00-10:10', 'America/Los_Angeles'), days('2024-09-12', 'America/Los_Angeles'), 'America/Los_Angeles', '60 min')) AS c21;
SELECT vector('08:00 09:00 10:15 11:15', starts(open_hours(NULL, '08:00', '12:30', 'America/Los_Angeles'), booked('2024-09-12', '10:00-10:10', 'America/Los_Angeles'), days('2024-09-12', 'America/Los_Angeles'), 'America/Los_Angeles', '60 min', align => '15 min')) AS c22;
SELECT vector('08:00 08:30 09:00 09:30 10:30 11:00 11:30 12:00', starts(open_hours(NULL, '08:00', '12:45', 'America/Los_Angeles'), booked('2024-09-12', '10:00-10:10', 'America/Los_Angeles'), days('2024-09-12', 'America/Los_Angeles'), 'America/Los_Angeles', '30 min')) AS c23;
SELECT vector('08:00 08:30 09:00 09:30 10:15 10:45 11:15 11:45 12:15', starts(open_hours(NULL, '08:00', '12:45', 'America/Los_Angeles'), booked('2024-09-12', '10:00-10:10', 'America/Los_Angeles'), days('2024-09-12', 'America/Los_Angeles'), 'America/Los_Angeles', '30 min', align => '15 min')) AS c24;
SELECT vector('08:00 08:20 08:40 09:00 09:20 09:40 10:20 10:40 11:00 11:20 11:40 12:00', starts(open_hours(NULL, '08:00', '12:30', 'America/Los_Angeles'), booked('2024-09-12', '10:00-10:10', 'America/Los_Angeles'), days('2024-09-12', 'America/Los_Angeles'), 'America/Los_Angeles', '20 min')) AS c25;
SELECT vector('08:00 08:20 08:40 09:00 09:20 09:40 10:10 10:30 10:50 11:10 11:30 11:50 12:10', starts(open_hours(NULL, '08:00', '12:30', 'America/Los_Angeles'), booked('2024-09-12', '10:00-10:10', 'America/Los_Angeles'), days('2024-09-12', 'America/Los_Angeles'), 'America/Los_Angeles', '20 min', align => '5 min')) AS c26;
-- opened at an odd minute, and an odd second
SELECT vector('11:25 11:40 11:55 12:10 12:25 12:40', starts(open_hours(NULL, '11:22', '12:55', 'America/Los_Angeles'), NULL, days('2021-06-20', 'America/Los_Angeles'), 'America/Los_Angeles', '15 min', align => '5 min', at => '2021-06-20 11:20Z')) AS c27;
SELECT vector('12:00 13:00', starts(open_hours(NULL, '11:22:36.234', '14:00', 'America/Los_Angeles'), NULL, days('2021-06-20', 'America/Los_Angeles'), 'America/Los_Angeles', '60 min', at => '2021-06-20 11:20Z')) AS c28;

--
-- cal.com, date ranges
-- https://github.com/calcom/cal.com/blob/main/packages/features/schedules/lib/date-ranges.test.ts
--
-- the days after a change of the clocks
SELECT vector('11-06 14:00-22:00 11-07 14:00-22:00', opened(open_hours('{1,2,3,4,5}', '09:00', '17:00', 'America/New_York'), '[2023-11-05 13:26:14Z,2023-11-08Z)', 'UTC')) AS c29;
SELECT vector('10-28 08:00-17:00 10-29 08:00-17:00 10-30 08:00-17:00 10-31 08:00-17:00', opened(open_hours(NULL, '08:00', '17:00', 'Europe/London'), '[2023-10-28Z,2023-11-01Z)', 'Europe/London')) AS c30;
-- Hours that end before they begin are nothing there.  Here they are a shift
-- past midnight, as at Medplum and OpenStreetMap.
SELECT vector('none', opened(open_hours('{1,2,3}', '08:00', '07:00', 'America/New_York'), '[2023-11-07Z,2023-11-08Z)', 'America/New_York')) AS c31;
-- somebody travels: Berlin, two days in New York, Kolkata in the end
SELECT vector('01-01 07:00-16:00 01-02 07:00-16:00 01-03 13:00-22:00 01-04 13:00-22:00 01-05 07:00-16:00 01-06 02:30-11:30 01-07 02:30-11:30', opened(
	open_hours(NULL, '08:00', '17:00', 'Europe/Berlin', valid => '[,2023-01-03)') + open_hours(NULL, '08:00', '17:00', 'America/New_York', valid => '[2023-01-03,2023-01-05)')
	+ open_hours(NULL, '08:00', '17:00', 'Europe/Berlin', valid => '[2023-01-05,2023-01-06)') + open_hours(NULL, '08:00', '17:00', 'Asia/Kolkata', valid => '[2023-01-06,)'), '[2023-01-01Z,2023-01-08Z)', 'UTC')) AS c32;
-- other hours on a date; none; some that are the next day in UTC
SELECT vector('06-13 14:00-19:00 06-14 12:00-21:00', opened(open_hours('{1,2,3,4,5}', '08:00', '17:00', 'America/New_York')
	+ open_hours(NULL, '10:00', '15:00', 'America/New_York', valid => '[2023-06-13,2023-06-13]', kind => 'override'), '[2023-06-13Z,2023-06-15Z)', 'UTC')) AS c33;
SELECT vector('06-14 07:00-16:00', opened(open_hours('{1,2,3,4,5}', '08:00', '17:00', 'Europe/London')
	+ open_hours(NULL, NULL, NULL, 'Europe/London', valid => '[2023-06-13,2023-06-13]', kind => 'override'), '[2023-06-13Z,2023-06-15Z)', 'UTC')) AS c34;
SELECT vector('06-14 02:00-03:00 06-14 12:00-21:00', opened(open_hours('{1,2,3,4,5}', '08:00', '17:00', 'America/New_York')
	+ open_hours(NULL, '22:00', '23:00', 'America/New_York', valid => '[2023-06-13,2023-06-13]', kind => 'override'), '[2023-06-13 04:00Z,2023-06-15Z)', 'UTC')) AS c35;
-- evenings and the nights after them are one; so are days
SELECT vector('06-13 22:00-23:30 06-14 22:00-23:30', opened(open_hours('{1,2,3,4,5}', '23:00', '24:00', 'Europe/London') + open_hours('{2,3,4,5,6}', '00:00', '00:30', 'Europe/London'), '[2023-06-13Z,2023-06-15Z)', 'UTC')) AS c36;
SELECT vector('06-11 23:00-06-13 23:00', opened(open_hours('{1,2}', '00:00', '24:00', 'Europe/London'), '[2023-06-11Z,2023-06-14Z)', 'UTC')) AS c37;
SELECT vector('06-12 06:00-10:00', opened(open_hours('{1}', '06:00', '10:00', 'UTC') + open_hours('{1}', '08:00', '10:00', 'UTC'), '[2023-06-12Z,2023-06-13Z)', 'UTC')) AS c38;
-- two quarters of an hour are taken, told in either order
SELECT vector('07-05 04:15-04:45 07-05 05:00-12:00 07-06 04:00-12:00', freed(open_hours(NULL, '04:00', '12:00', 'UTC'), booked('2023-07-05', '04:00-04:15,04:45-05:00'), days('2023-07-05', days => 2), 'UTC')) AS c39;
SELECT vector('07-05 04:15-04:45 07-05 05:00-12:00 07-06 04:00-12:00', freed(open_hours(NULL, '04:00', '12:00', 'UTC'), booked('2023-07-05', '04:45-05:00,04:00-04:15'), days('2023-07-05', days => 2), 'UTC')) AS c40;

--
-- cal.com, buffers and limits
-- https://github.com/calcom/cal.com/blob/main/apps/web/test/lib/getSchedule/buffers.integration-test.ts
-- https://github.com/calcom/cal.com/blob/main/apps/web/test/lib/checkBookingLimits.test.ts
--
-- 90 minutes between two bookings are too few for 15 + 30 + 30: the others have their buffers, too
SELECT vector('none', starts(open_hours(NULL, '13:00', '14:30', 'UTC'), booked('2026-04-10', '12:30-13:00,14:30-15:00', before => 15, after => 30), days('2026-04-10'), 'UTC', '30 min', '15 min',
	buffer_before => '15 min', buffer_after => '30 min')) AS c41;
SELECT vector('13:45', starts(open_hours(NULL, '13:00', '15:00', 'UTC'), booked('2026-04-10', '12:30-13:00,15:00-15:30', before => 15, after => 30), days('2026-04-10'), 'UTC', '30 min', '15 min',
	buffer_before => '15 min', buffer_after => '30 min')) AS one_would_fit;
-- one a day: none is booked; two are
SELECT vector('17', how_many(starts(open_hours(NULL, '09:00', '17:30', 'Europe/London'), NULL, days('2022-09-30', 'Europe/London'), 'Europe/London', '30 min', max_per_day => 1))) AS c42;
SELECT vector('none', starts(open_hours(NULL, '09:00', '17:30', 'Europe/London'), booked('2022-09-30', '09:00-09:30,10:00-10:30', 'Europe/London', seats => 1), days('2022-09-30', 'Europe/London'), 'Europe/London', '30 min', max_per_day => 1)) AS c43;

--
-- Medplum, availability and capacity
-- https://github.com/medplum/medplum/blob/main/packages/server/src/fhir/operations/utils/scheduling.test.ts
--
SELECT vector('12-01 14:30-17:30 12-01 18:15-21:15 12-03 14:30-17:30 12-03 18:15-21:15', opened(open_hours('{1,3,4}', '09:30', '12:30', 'America/New_York') + open_hours('{1,3,4}', '13:15', '16:15', 'America/New_York'),
	'[2025-11-30 05:00Z,2025-12-04 05:00Z)', 'UTC')) AS m01;
-- past midnight; the whole day, of which they have two where we have one
SELECT vector('12-01 20:20-12-02 06:20', opened(open_hours('{1}', '15:20', '01:20', 'America/New_York'), '[2025-11-30 05:00Z,2025-12-04 05:00Z)', 'UTC')) AS m02;
SELECT vector('12-01 05:00-12-02 05:00 12-02 05:00-12-03 05:00', opened(open_hours('{1,2}', '00:00', '00:00', 'America/New_York'), '[2025-11-30 05:00Z,2025-12-04 05:00Z)', 'UTC')) AS m03;
-- the window cuts
SELECT vector('12-02 17:00-21:00', opened(open_hours('{2}', '10:00', '16:00', 'America/New_York'), '[2025-12-02 17:00Z,2025-12-03 03:00Z)', 'UTC')) AS m04;
SELECT vector('12-02 15:00-19:30', opened(open_hours('{2}', '10:00', '16:00', 'America/New_York'), '[2025-12-02 09:00Z,2025-12-02 19:30Z)', 'UTC')) AS m05;
-- it begins early in a day of UTC
SELECT vector('01-15 01:00-07:00', opened(open_hours('{2,3,4}', '20:00', '02:00', 'America/New_York'), '[2026-01-15 00:00Z,2026-01-15 10:00Z)', 'UTC')) AS m06;
-- changes of the clocks: after them, across them (five and seven hours)
SELECT vector('03-08 14:00-20:00', opened(open_hours('{7}', '10:00', '16:00', 'America/New_York'), '[2026-03-08 13:00Z,2026-03-09 02:00Z)', 'UTC')) AS m07;
SELECT vector('11-02 15:00-21:00', opened(open_hours('{7}', '10:00', '16:00', 'America/New_York'), '[2025-11-02 14:00Z,2025-11-03 03:00Z)', 'UTC')) AS m08;
SELECT vector('03-08 05:30-10:30', opened(open_hours('{7}', '00:30', '06:30', 'America/New_York'), '[2026-03-08 05:00Z,2026-03-08 12:00Z)', 'UTC')) AS m09;
SELECT vector('11-02 04:30-11:30', opened(open_hours('{7}', '00:30', '06:30', 'America/New_York'), '[2025-11-02 04:00Z,2025-11-02 13:00Z)', 'UTC')) AS m10;
-- 01:30 comes twice: the first one
SELECT vector('11-02 05:30-11:30', opened(open_hours('{7}', '01:30', '06:30', 'America/New_York'), '[2025-11-02 04:00Z,2025-11-02 15:00Z)', 'UTC')) AS m11;
-- 02:30 is left out: there it is 03:30, here it opens with the first time that
-- is not before it, 03:00, so that what ends at 02:30 meets it
SELECT vector('03-08 07:30-13:30', opened(open_hours('{7}', '02:30', '09:30', 'America/New_York'), '[2026-03-08 05:00Z,2026-03-08 14:00Z)', 'UTC')) AS m12;
-- blocks cut out of a day
SELECT vector('12-01 00:00-02:00 12-01 03:00-06:00 12-01 09:00-12:00 12-01 15:00-12-02 00:00', freed(open_hours(NULL, NULL, NULL, 'UTC'), booked('2025-12-01', '02:00-03:00,06:00-09:00,12:00-15:00'), days('2025-12-01'), 'UTC')) AS m13;
SELECT vector('none', freed(open_hours(NULL, '10:00', '10:15', 'UTC') + open_hours(NULL, '10:30', '10:45', 'UTC') + open_hours(NULL, '11:00', '11:15', 'UTC'), booked('2025-12-01', '09:00-12:00'), days('2025-12-01'), 'UTC')) AS m14;
-- Capacity.  Without it one booking is enough.
SELECT vector('12-01 10:00-12:00', freed(open_hours(NULL, '09:00', '12:00', 'UTC'), booked('2025-12-01', '09:00-10:00', seats => 1), days('2025-12-01'), 'UTC')) AS m15;
SELECT vector('12-01 09:00-12:00', freed(open_hours(NULL, '09:00', '12:00', 'UTC', capacity => 2), booked('2025-12-01', '09:00-10:00', seats => 1), days('2025-12-01'), 'UTC')) AS m16;
-- one that shares with nobody
SELECT vector('12-01 10:00-12:00', freed(open_hours(NULL, '09:00', '12:00', 'UTC', capacity => 2), booked('2025-12-01', '09:00-10:00'), days('2025-12-01'), 'UTC')) AS m17;
-- of two that overlap only what both have; three at one time; back to back
SELECT vector('12-01 09:00-10:00 12-01 11:00-12:00', freed(open_hours(NULL, '09:00', '12:00', 'UTC', capacity => 2), booked('2025-12-01', '09:00-11:00,10:00-11:00', seats => 1), days('2025-12-01'), 'UTC')) AS m18;
SELECT vector('12-01 10:00-12:00', freed(open_hours(NULL, '09:00', '12:00', 'UTC', capacity => 3), booked('2025-12-01', '09:00-10:00,09:00-10:00,09:00-10:00', seats => 1), days('2025-12-01'), 'UTC')) AS m19;
SELECT vector('12-01 00:00-12-02 00:00', freed(open_hours(NULL, NULL, NULL, 'UTC', capacity => 2), booked('2025-12-01', '00:00-10:00,10:00-20:00', seats => 1), days('2025-12-01'), 'UTC')) AS m20;
-- stairs
SELECT vector('12-01 00:00-02:00 12-01 08:00-12-02 00:00', freed(open_hours(NULL, NULL, NULL, 'UTC', capacity => 2), booked('2025-12-01', '00:00-06:00,02:00-08:00,04:00-10:00', seats => 1), days('2025-12-01'), 'UTC')) AS m21;
SELECT vector('12-01 00:00-04:00 12-01 06:00-12-02 00:00', freed(open_hours(NULL, NULL, NULL, 'UTC', capacity => 3), booked('2025-12-01', '00:00-06:00,02:00-08:00,04:00-10:00', seats => 1), days('2025-12-01'), 'UTC')) AS m22;
SELECT vector('12-01 00:00-02:00 12-01 04:00-06:00 12-01 08:00-12-02 00:00', freed(open_hours(NULL, NULL, NULL, 'UTC', capacity => 2), booked('2025-12-01', '00:00-04:00,02:00-04:00,06:00-10:00,06:00-08:00', seats => 1), days('2025-12-01'), 'UTC')) AS m23;
-- every 50 minutes from midnight in Chicago; there it begins again at each
-- midnight, here only where something has ended: the step is elapsed time
SELECT vector('03:20 04:10', starts(open_hours(NULL, NULL, NULL, 'America/Chicago'), NULL, '[2025-12-01 09:05Z,2025-12-01 11:00Z)', 'America/Chicago', '50 min', align => '50 min')) AS m24;
SELECT vector('23:20 00:00 00:50', starts(open_hours(NULL, NULL, NULL, 'America/Chicago'), NULL, '[2025-12-02 05:15Z,2025-12-02 07:55Z)', 'America/Chicago', '50 min', align => '50 min')) AS m25;

--
-- recal
-- https://github.com/recal-dev/scheduling-sdk/blob/main/tests/integration/availability-integration.test.ts
-- https://github.com/recal-dev/scheduling-sdk/blob/main/tests/availability/scheduler.test.ts
-- https://github.com/recal-dev/scheduling-sdk/blob/main/tests/helpers/slot/generator.test.ts
--
SELECT vector('09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00', starts(open_hours('{1}', '09:00', '17:00', 'UTC'), NULL, '[2024-01-01 08:00Z,2024-01-01 18:00Z)', 'UTC', '60 min')) AS r01;
-- a break; quarters of an hour with one
SELECT vector('09:00 10:00 11:00 13:00 14:00 15:00 16:00', starts(open_hours('{1}', '09:00', '12:00', 'UTC') + open_hours('{1}', '13:00', '17:00', 'UTC'), NULL, days('2024-01-01'), 'UTC', '60 min')) AS r02;
SELECT vector('09:00 09:15 09:45 10:00', starts(open_hours('{1}', '09:00', '09:30', 'UTC') + open_hours('{1}', '09:45', '10:15', 'UTC'), NULL, days('2024-01-01'), 'UTC', '15 min')) AS r03;
-- without a break
SELECT vector('8', how_many(starts(open_hours('{1}', '09:00', '13:00', 'UTC') + open_hours('{1}', '13:00', '17:00', 'UTC'), NULL, days('2024-01-01'), 'UTC', '60 min'))) AS r04;
SELECT vector('09:00 11:00 12:00 13:00 14:00 15:00 16:00', starts(open_hours('{1}', '09:00', '17:00', 'UTC'), booked('2024-01-01', '10:00-11:00'), days('2024-01-01'), 'UTC', '60 min')) AS r05;
SELECT vector('8', how_many(starts(open_hours('{1}', '08:00', '18:00', 'UTC'), booked('2024-01-01', '09:00-10:00,14:00-15:00'), days('2024-01-01'), 'UTC', '60 min'))) AS r06;
-- every two hours, every 45 minutes, every quarter of an hour
SELECT vector('09:00 11:00 13:00 15:00', starts(open_hours('{1}', '09:00', '17:00', 'UTC'), NULL, days('2024-01-01'), 'UTC', '60 min', '120 min')) AS r07;
SELECT vector('09:00 09:45 10:30', starts(open_hours('{1}', '09:00', '11:00', 'UTC'), NULL, days('2024-01-01'), 'UTC', '30 min', '45 min')) AS r08;
SELECT vector('09:00 09:15 09:30', starts(open_hours('{1}', '09:00', '10:00', 'UTC'), NULL, days('2024-01-01'), 'UTC', '30 min', '15 min')) AS r09;
-- Monday and Tuesday, each with its hours; Saturday and Sunday
SELECT vector('14', how_many(starts(open_hours('{1,3,5}', '09:00', '17:00', 'UTC') + open_hours('{2,4}', '10:00', '16:00', 'UTC') + open_hours('{6}', '09:00', '12:00', 'UTC'), NULL, '[2024-01-01 09:00Z,2024-01-02 16:00Z)', 'UTC', '60 min'))) AS r10;
SELECT vector('8', how_many(starts(open_hours('{6,7}', '10:00', '14:00', 'UTC'), NULL, '[2024-01-06 10:00Z,2024-01-07 14:00Z)', 'UTC', '60 min'))) AS r11;
SELECT vector('none', starts(open_hours('{1,2,3,4,5}', '09:00', '17:00', 'UTC'), NULL, '[2024-01-06 09:00Z,2024-01-07 17:00Z)', 'UTC', '60 min')) AS r12;
SELECT vector('84', how_many(starts(open_hours('{1,2,3,4,5,6,7}', '08:00', '20:00', 'UTC'), NULL, '[2024-01-01 08:00Z,2024-01-07 20:00Z)', 'UTC', '60 min'))) AS r13;
-- nothing fits
SELECT vector('none', starts(open_hours('{1}', '09:00', '09:30', 'UTC'), NULL, days('2024-01-01'), 'UTC', '60 min')) AS r14;
SELECT vector('none', starts(open_hours('{1}', '09:00', '17:00', 'UTC'), booked('2024-01-01', '09:00-13:00,13:00-17:00'), days('2024-01-01'), 'UTC', '60 min')) AS r15;
-- half an hour on both sides of what is booked
SELECT vector('09:00 10:00 14:00 15:00 16:00', starts(open_hours('{1}', '09:00', '17:00', 'UTC'), booked('2024-01-01', '12:00-13:00', before => 30, after => 30), days('2024-01-01'), 'UTC', '60 min')) AS r16;
-- Monday in Tokyo is Sunday in UTC; the evening in Los Angeles is Tuesday
SELECT vector('01-14 16:00 01-14 17:00', starts(open_hours('{1}', '01:00', '03:00', 'Asia/Tokyo'), NULL, '[2024-01-14Z,2024-01-16Z)', 'UTC', '60 min', format => 'MM-DD HH24:MI')) AS r17;
SELECT vector('01-16 06:00 01-16 06:30 01-16 07:00', starts(open_hours('{1}', '22:00', '23:59', 'America/Los_Angeles'), NULL, '[2024-01-15Z,2024-01-17Z)', 'UTC', '30 min', format => 'MM-DD HH24:MI')) AS r18;
-- over midnight
SELECT vector('23:30 00:30', starts(open_hours(NULL, NULL, NULL, 'UTC'), NULL, '[2024-01-15 23:30Z,2024-01-16 01:30Z)', 'UTC', '60 min', align => '0')) AS r19;

--
-- rdv-service-public
-- https://github.com/betagouv/rdv-service-public/blob/production/spec/services/creneaux_search/calculator_spec.rb
--
SELECT vector('09:00 10:00', starts(open_hours('{1}', '09:00', '11:20', 'Europe/Paris'), NULL, days('2021-05-03', 'Europe/Paris', 5), 'Europe/Paris', '60 min')) AS d01;
-- it has opened already
SELECT vector('08:00 09:00 10:00', starts(open_hours(NULL, '07:00', '11:00', 'Europe/Paris'), NULL, days('2021-04-30', 'Europe/Paris'), 'Europe/Paris', '60 min', at => '2021-04-30 08:00+02')) AS d02;
-- it is 15:03
SELECT vector('15:05 18:00 19:00', starts(open_hours(NULL, '09:00', '12:00', 'Europe/Paris') + open_hours(NULL, '18:00', '20:00', 'Europe/Paris') + open_hours(NULL, '14:00', '17:00', 'Europe/Paris'), NULL,
	days('2021-05-03', 'Europe/Paris'), 'Europe/Paris', '60 min', align => '5 min', at => '2021-05-03 15:03+02')) AS d03;
-- what is past
SELECT vector('09:00 10:00', starts(open_hours(NULL, '09:00', '11:00', 'Europe/Paris'), NULL, days('2022-07-11', 'Europe/Paris', 3), 'Europe/Paris', '60 min', at => '2022-07-13 00:00+02')) AS d04;
-- an absence within a booking
SELECT vector('10:00', starts(open_hours(NULL, '09:00', '11:00', 'Europe/Paris'), booked('2021-05-03', '09:00-10:00,09:15-09:45', 'Europe/Paris'), days('2021-05-03', 'Europe/Paris'), 'Europe/Paris', '60 min')) AS d05;
-- bookings that begin before it opens, twice at one time, of several lengths
SELECT vector('10-27 09:30-09:45 10-27 10:45-11:00', freed(open_hours(NULL, '09:00', '11:00', 'Europe/Paris'), booked('2021-10-27', '08:30-09:30,09:45-10:45', 'Europe/Paris'), days('2021-10-27', 'Europe/Paris'), 'Europe/Paris')) AS d06;
SELECT vector('10-27 09:30-09:45 10-27 10:45-11:00', freed(open_hours(NULL, '09:00', '11:00', 'Europe/Paris'), booked('2021-10-27', '09:45-10:15,08:30-09:30,09:45-10:45', 'Europe/Paris'), days('2021-10-27', 'Europe/Paris'), 'Europe/Paris')) AS d07;
SELECT vector('none', freed(open_hours(NULL, '09:00', '11:00', 'Europe/Paris'), booked('2021-11-26', '08:00-12:00', 'Europe/Paris'), days('2021-11-26', 'Europe/Paris'), 'Europe/Paris')) AS d08;
-- from a Tuesday on; every week
SELECT vector('10-26 09:00-11:00 10-28 09:00-11:00 10-29 09:00-11:00', opened(open_hours('{1,2,4,5}', '09:00', '11:00', 'Europe/Paris', valid => '[2021-10-26,)'), days('2021-10-25', 'Europe/Paris', 6), 'Europe/Paris')) AS d09;
SELECT vector('05-07 09:00-11:00', opened(open_hours('{5}', '09:00', '11:00', 'Europe/Paris', valid => '[2021-04-16,)', every => 1), days('2021-05-03', 'Europe/Paris', 8), 'Europe/Paris')) AS d10;
-- three quarters of an hour are free, half an hour is wanted
SELECT vector('09:00', starts(open_hours(NULL, '09:00', '11:00', 'Europe/Paris'), booked('2021-10-27', '09:45-11:00', 'Europe/Paris'), days('2021-10-27', 'Europe/Paris'), 'Europe/Paris', '30 min')) AS d11;

--
-- OpenStreetMap's opening_hours, as its library reads it
-- https://github.com/opening-hours/opening_hours.js/blob/main/test/test.js
-- https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
--
CREATE FUNCTION osm(hours text, first date DEFAULT '2012-10-01', days int DEFAULT 7) RETURNS text STABLE LANGUAGE sql AS
	$$ SELECT opened(('Europe/Berlin ' || hours)::open_hours, regress_availability_vectors.days(first, 'Europe/Berlin', days), 'Europe/Berlin') $$;
SELECT vector('10-01 10:00-12:00 10-02 10:00-12:00', osm('10:00-12:00', days => 2)) AS o01;
SELECT vector('10-01 10:00-12:00 10-02 10:00-12:00', osm('10:00-11:00,11:00-12:00', days => 2)) AS o02;
SELECT vector('10-01 10:00-12:00 10-02 10:00-12:00', osm('10:00-12:00,10:30-11:30', days => 2)) AS o03;
SELECT vector('10-01 10:00-12:00 10-01 13:00-20:00', osm('10:00-12:00,13:00-20:00', days => 1)) AS o04;
-- past midnight: the night before, too; a whole day from ten to ten
SELECT vector('10-01 00:00-02:00 10-01 22:00-10-02 02:00 10-02 22:00-10-03 00:00', osm('22:00-02:00', days => 2)) AS o05;
SELECT vector('10-03 22:00-10-04 02:00', osm('We 22:00-02:00')) AS o06;
SELECT vector('10-03 22:00-10-04 22:00', osm('We 22:00-22:00')) AS o07;
-- weekdays, also around the end of the week; without hours
SELECT vector('10-01 10:00-12:00 10-04 10:00-12:00 10-06 10:00-12:00 10-07 10:00-12:00', osm('Mo,Th,Sa,Su 10:00-12:00')) AS o08;
SELECT vector('10-01 10:00-12:00 10-04 10:00-12:00 10-06 10:00-12:00 10-07 10:00-12:00', osm('Mo,Th,Sa-Su 10:00-12:00')) AS o09;
SELECT vector('10-01 10:00-12:00 10-04 10:00-12:00 10-06 10:00-12:00 10-07 10:00-12:00', osm('Th,Sa-Mo 10:00-12:00')) AS o10;
SELECT vector('10-01 10:00-12:00 10-04 10:00-12:00 10-06 10:00-12:00 10-07 10:00-12:00', osm('10:00-12:00; Tu-We off; Fr off')) AS o11;
SELECT vector('10-01 00:00-10-02 00:00 10-03 00:00-10-04 00:00', osm('Mo,We 00:00-24:00')) AS o12;
SELECT vector('10-01 00:00-10-08 00:00', osm('00:00-24:00')) AS o13;
SELECT vector('10-01 00:00-10-08 00:00', osm('12:00-12:00; 00:00-12:00')) AS o14;
-- each day its hours, most of them past midnight
SELECT vector('10-01 00:00-01:00 10-01 11:00-10-02 01:00 10-02 11:00-10-03 01:00 10-03 11:00-10-04 03:00 10-04 11:00-10-05 03:00 10-05 11:00-10-06 06:00 10-06 11:00-10-07 07:00 10-07 11:00-10-08 00:00',
	osm('Su-Tu 11:00-01:00; We-Th 11:00-03:00; Fr 11:00-06:00; Sa 11:00-07:00')) AS o15;
-- weekdays of the month
SELECT vector('10-24 10:00-12:00 10-31 10:00-12:00', osm('We[4,5] 10:00-12:00', days => 31)) AS o16;
SELECT vector('10-24 10:00-12:00 10-31 10:00-12:00', osm('We[-1,-2] 10:00-12:00', days => 31)) AS o17;
SELECT vector('10-24 10:00-12:00 10-31 10:00-12:00', osm('We[4] 10:00-12:00; We[-1] 10:00-12:00', days => 31)) AS o18;
SELECT vector('none', osm('Su[5] 12:00-22:00', '2020-02-01', 29)) AS o19;
SELECT vector('02-29 12:00-22:00', osm('Su[5] 12:00-22:00', '2032-02-01', 29)) AS o20;
-- dates
SELECT vector('01-23 00:00-02-13 00:00', osm('2012-01-23/2012-02-12 00:00-24:00', '2012-01-01', 1096)) AS o21;
-- More hours on a day.  There a semicolon replaces the day's hours and a comma
-- adds to them; here a rule always adds, and an override replaces.
SELECT vector('10-01 10:00-16:00 10-02 10:00-16:00 10-03 10:00-18:00 10-04 10:00-16:00 10-05 10:00-16:00', osm('Mo-Fr 10:00-16:00; We 12:00-18:00')) AS o22;
SELECT vector('10-01 10:00-16:00 10-02 10:00-16:00 10-03 12:00-18:00 10-04 10:00-16:00 10-05 10:00-16:00', opened(open_hours('{1,2,3,4,5}', '10:00', '16:00', 'Europe/Berlin')
	+ open_hours('{3}', '12:00', '18:00', 'Europe/Berlin', kind => 'override'), days('2012-10-01', 'Europe/Berlin', 7), 'Europe/Berlin')) AS o23;
SELECT vector('10-01 00:00-15:00 10-01 16:00-10-08 00:00', opened(open_hours(NULL, '00:00', '24:00', 'Europe/Berlin') + open_hours('{1}', '15:00', '16:00', 'Europe/Berlin', kind => 'closed'),
	days('2012-10-01', 'Europe/Berlin', 7), 'Europe/Berlin')) AS o24;
-- Other hours on Tuesday.  There Monday's night ends at midnight; here it is
-- Monday's, to its end.
SELECT vector('10-01 00:00-02:00 10-01 22:00-10-02 00:00 10-02 12:00-14:00 10-03 00:00-02:00 10-03 22:00-10-04 00:00', opened(open_hours(NULL, '22:00', '02:00', 'Europe/Berlin')
	+ open_hours('{2}', '12:00', '14:00', 'Europe/Berlin', kind => 'override'), days('2012-10-01', 'Europe/Berlin', 3), 'Europe/Berlin')) AS o25;
-- even weeks on Wednesday, odd ones on Saturday
SELECT vector('01-07 00:00-01-08 00:00 01-11 00:00-01-12 00:00 01-21 00:00-01-22 00:00 01-25 00:00-01-26 00:00 02-04 00:00-02-05 00:00 02-08 00:00-02-09 00:00', opened(
	open_hours('{3}', NULL, NULL, 'Europe/Berlin', every => 2, anchor => '2012-01-11') + open_hours('{6}', NULL, NULL, 'Europe/Berlin', every => 2, anchor => '2012-01-07'), days('2012-01-01', 'Europe/Berlin', 45), 'Europe/Berlin')) AS o26;

SET client_min_messages = warning;
DROP SCHEMA regress_availability_vectors CASCADE;
