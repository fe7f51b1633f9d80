-- What rules of open_hours mean: open_periods, is_open, next_opening
CREATE SCHEMA regress_open_periods;
SET search_path = regress_open_periods, public;
SET timezone = 'UTC';

-- The open periods from one local day up to another, on the wall clock of a zone, with how long they are
CREATE FUNCTION periods(hours open_hours, first date, last date, zone text DEFAULT 'UTC') RETURNS SETOF text LANGUAGE sql AS $$
	SELECT to_char(starts_at AT TIME ZONE zone, 'Dy DD HH24:MI') || to_char(ends_at AT TIME ZONE zone, ' - Dy DD HH24:MI') || ' = ' || (ends_at - starts_at) || CASE WHEN capacity > 1 THEN ' for ' || capacity ELSE '' END
	FROM open_periods(hours, tstzrange(first::timestamp AT TIME ZONE zone, last::timestamp AT TIME ZONE zone)) $$;

-- 1. The dates of a rule: its weekdays (or all), its dates (or all), every so many ISO weeks
SELECT periods(open_hours('{1,7}', '09:00', '10:00', 'UTC'), '2026-03-01', '2026-03-10');
SELECT count(*) FROM open_periods(open_hours(NULL, '09:00', '10:00', 'UTC'), '[2026-03-01,2026-04-01)');
SELECT periods(open_hours(NULL, '09:00', '10:00', 'UTC', '[2026-03-03,2026-03-04]'), '2026-03-01', '2026-04-01');
SELECT periods(open_hours(NULL, '09:00', '10:00', 'UTC', '(,2026-03-01]'), '2026-03-01', '2026-04-01');
SELECT periods(open_hours(NULL, '09:00', '10:00', 'UTC', '(2026-03-30,infinity)'), '2026-03-01', '2026-04-01');
SELECT count(*) FROM open_periods(open_hours(NULL, '09:00', '10:00', 'UTC', 'empty'), '[2026-01-01,2027-01-01)');
-- every second week from that of the anchor, before it as well; by default from that of the first date, which is a Thursday
SELECT periods(open_hours('{1,7}', '09:00', '10:00', 'UTC', every => 2, anchor => '2026-03-05'), '2026-02-15', '2026-03-23');
SELECT periods(open_hours('{1,7}', '09:00', '10:00', 'UTC', '[2026-03-05,)', every => 2), '2026-02-15', '2026-03-23');
-- 2020 has 53 weeks: every second week goes on
SELECT periods(open_hours('{1}', '09:00', '10:00', 'UTC', every => 2, anchor => '2020-12-14'), '2020-12-14', '2021-01-26');
-- the ordinals of a weekday in its month: also a fifth one, and from the end
SELECT periods(open_hours('{6}', '09:00', '10:00', 'UTC', nth => '{1,5,-1}'), '2026-01-01', '2026-04-01');
SELECT periods('UTC 24/7', '2026-03-02', '2026-03-04');

-- 2. From opens to closes: what closes not after it opens does on the next day, 24:00 is the end of the day,
-- without both it is the whole local day
SELECT periods('UTC Mo 22:00-02:00', '2026-03-02', '2026-03-04');
SELECT periods('UTC Mo 22:00-24:00', '2026-03-02', '2026-03-04');
SELECT periods('UTC Mo 09:00-09:00', '2026-03-02', '2026-03-04');
SELECT periods('UTC Mo 00:00-24:00', '2026-03-02', '2026-03-05'), open_hours('{1}', NULL, NULL, 'UTC') = 'UTC Mo 00:00-00:00' AS same;
SELECT periods('UTC Mo 24:00-02:00', '2026-03-02', '2026-03-04');
SELECT count(*) FROM open_periods('UTC Mo 24:00-00:00', '[2026-03-01,2026-04-01)');
-- a period belongs to the date on which it starts: the window sees the end of yesterday's shift, and an override of
-- tomorrow leaves tonight's alone
SELECT periods('UTC Mo 22:00-02:00', '2026-03-03', '2026-03-04');
SELECT periods('UTC 22:00-02:00; 2026-03-03 override none', '2026-03-02', '2026-03-05');
SELECT periods(open_hours('{1}', NULL, NULL, 'America/New_York'), '2026-03-02', '2026-03-04');

-- 3. A local time is the first instant at which the clock shows it or a later one: in New York 02:00 to 03:00 does not
-- exist on 2026-03-08, and 01:00 to 02:00 comes twice on 2026-11-01
SELECT periods('America/New_York 01:00-02:30,02:30-04:00', '2026-03-08', '2026-03-09', 'America/New_York');
SELECT count(*) FROM open_periods('America/New_York 02:00-03:00', '[2026-03-08,2026-03-09)');
SELECT periods('America/New_York 02:15-02:45', '2026-03-07', '2026-03-10', 'America/New_York');
SELECT * FROM open_periods('America/New_York 01:00-02:00', '[2026-11-01,2026-11-02)');
SELECT * FROM open_periods('America/New_York 01:30-01:45', '[2026-11-01,2026-11-02)');
SELECT * FROM open_periods('America/New_York 01:45-01:30', '[2026-11-01 04:00Z,2026-11-02)');
SELECT starts_at, ends_at, ends_at - starts_at FROM unnest('{2026-03-08,2026-11-01}'::date[]) d, open_periods('America/New_York 00:00-24:00', tstzrange(d::timestamp AT TIME ZONE 'America/New_York', (d + 1)::timestamp AT TIME ZONE 'America/New_York'));
-- rules that meet keep meeting: one period, of a whole year
SELECT count(*), sum(ends_at - starts_at) = '365 days'::interval AS all FROM unnest(ARRAY['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Europe/Dublin', 'Africa/Casablanca', 'America/St_Johns', 'Pacific/Apia', 'Asia/Kolkata', 'Africa/Cairo']) zone,
	open_periods(open_hours(NULL, '00:00', '02:10', zone) + open_hours(NULL, '02:10', '02:20', zone) + open_hours(NULL, '02:20', '24:00', zone), '[2026-01-01,2027-01-01)') GROUP BY zone;
SELECT periods('Europe/Berlin 01:30-03:30', '2026-03-28', '2026-03-30', 'Europe/Berlin');
SELECT periods('Europe/Berlin 01:30-03:30', '2026-10-24', '2026-10-26', 'Europe/Berlin');
-- half an hour
SELECT periods('Australia/Lord_Howe 01:00-02:15,02:15-03:00', '2026-10-04', '2026-10-05', 'Australia/Lord_Howe');
SELECT periods('Australia/Lord_Howe 01:00-02:00', '2026-04-05', '2026-04-06', 'Australia/Lord_Howe');
-- winter is the daylight saving time
SELECT periods('Europe/Dublin 00:30-02:30', '2026-10-25', '2026-10-26', 'Europe/Dublin');
-- back for Ramadan
SELECT periods('Africa/Casablanca 01:30-03:30', '2026-02-15', '2026-02-16', 'Africa/Casablanca');
SELECT periods('Africa/Casablanca 01:30-03:30', '2026-03-22', '2026-03-23', 'Africa/Casablanca');
-- one minute after midnight, until 2011: that day begins twice
SELECT * FROM open_periods('America/St_Johns 2006-10-28/2006-10-29 23:00-00:30', '[2006-10-28,2006-10-31)');
SELECT periods('America/St_Johns 2006-04-02 00:00-02:00', '2006-04-02', '2006-04-03', 'America/St_Johns');
-- there is no 2011-12-30: who opens on that day never does, who opens on the day before closes on the day after
SELECT count(*) FROM open_periods('Pacific/Apia 2011-12-30 00:00-24:00', '[2011-12-28,2012-01-02)');
SELECT * FROM open_periods('Pacific/Apia 2011-12-29 22:00-02:00; 2011-12-30 22:00-02:00', '[2011-12-28,2012-01-02)');
-- midnight does not exist
SELECT periods('Africa/Cairo 2026-04-24 00:00-02:00; 2026-04-23 23:00-00:30', '2026-04-23', '2026-04-25', 'Africa/Cairo');

-- 4. Levels: an override drops what lower levels and the open rules of its own level start on its dates
SELECT periods('UTC 09:00-12:00; 2026-03-03 override 10:00-11:00,14:00-15:00', '2026-03-02', '2026-03-05');
SELECT periods('UTC 09:00-12:00; 2026-03-03 override none', '2026-03-02', '2026-03-05');
SELECT periods('UTC 09:00-12:00 priority 5; 2026-03-03 override 13:00-14:00', '2026-03-02', '2026-03-05');
SELECT periods('UTC 09:00-12:00; 2026-03-03 override 13:00-14:00; 2026-03-03 override 15:00-16:00; 2026-03-03 override none', '2026-03-03', '2026-03-04');
SELECT periods('UTC 09:00-12:00; 2026-03-03 override 13:00-14:00 priority 1; 2026-03-03 16:00-17:00 priority 2; 2026-03-03 18:00-19:00 priority 1', '2026-03-03', '2026-03-04');
-- what is left of a shift still belongs to its date
SELECT periods('UTC Mo 22:00-06:00; Tu 00:00-04:00 off; 2026-03-02 override none priority 1', '2026-03-02', '2026-03-04');
SELECT periods('UTC Mo 22:00-06:00; Tu 00:00-04:00 off; 2026-03-03 override none priority 1', '2026-03-02', '2026-03-04');
-- closed takes its time away from all that is there, whatever its date; later levels open again
SELECT periods('UTC 09:00-17:00; 12:00-13:00 off', '2026-03-02', '2026-03-03');
SELECT periods('UTC Mo 22:00-06:00; Tu off', '2026-03-02', '2026-03-04');
SELECT periods('UTC 09:00-17:00; off; 10:00-11:00 priority 1; 10:15-10:30,10:20-10:45 off priority 1', '2026-03-02', '2026-03-03');
SELECT periods('UTC 09:00-17:00 priority 1; off', '2026-03-02', '2026-03-03');
SELECT periods('UTC 09:00-17:00; 2026-03-02 override 10:00-12:00; 11:00-11:30 off', '2026-03-02', '2026-03-03');
-- of what overlaps the larger capacity counts
SELECT periods('UTC 09:00-17:00; 10:00-12:00 capacity 3; 11:00-13:00 capacity 2', '2026-03-02', '2026-03-03');
SELECT periods('UTC 09:00-17:00 capacity 3; 10:00-12:00; 17:00-18:00 capacity 3; 18:00-19:00', '2026-03-02', '2026-03-03');
-- a layer that closes with another zone's day; one person in two towns; a date is the same date for both
SELECT periods('UTC 00:00-24:00; Pacific/Auckland 2026-03-03 off', '2026-03-02', '2026-03-04');
SELECT periods('Europe/Berlin Mo 09:00-12:00; America/New_York Tu 09:00-12:00', '2026-03-02', '2026-03-05');
SELECT periods('America/New_York 22:00-23:00; UTC 2026-03-03 override none', '2026-03-03', '2026-03-06');
-- holidays of a table
CREATE TABLE holiday (day date);
INSERT INTO holiday VALUES ('2026-04-03'), ('2026-04-06');
SELECT periods((SELECT open_hours_agg(open_hours(NULL, NULL, NULL, 'Europe/Berlin', daterange(day, day + 1), 'closed')) FROM holiday) + open_hours('{1,2,3,4,5}', '09:00', '17:00', 'Europe/Berlin'), '2026-04-02', '2026-04-08', 'Europe/Berlin');

-- A restriction: open where all are, with the smallest capacity
SELECT periods(open_hours 'UTC Mo-Fr 09:00-17:00 capacity 5; 12:00-13:00 off' * 'UTC 08:00-10:00 capacity 2; 11:00-18:00 capacity 9' * 'UTC Mo 24/7 capacity 7', '2026-03-02', '2026-03-05');
SELECT count(*) FROM open_periods(open_hours 'UTC Mo 24/7' * 'UTC Tu 24/7', '[2026-01-01,2027-01-01)');
SELECT count(*) FROM open_periods(open_hours 'UTC 24/7' * NULL, '[2026-01-01,2027-01-01)');
SELECT next_opening(open_hours 'UTC 2090-01-01 12:00-13:00' * 'UTC 09:00-17:00', '2026-01-01');

-- The window cuts; it has both bounds, and 100 years at most; inclusive and exclusive bounds are as written
SELECT * FROM open_periods('UTC 09:00-17:00', '[2026-03-02 10:00,2026-03-02 11:00)');
SELECT * FROM open_periods('UTC 09:00-17:00', '(2026-03-02 10:00,2026-03-02 11:00]');
SELECT count(*) FROM open_periods('UTC 09:00-17:00', 'empty');
SELECT count(*) FROM open_periods('UTC 09:00-17:00', '(,2026-03-02)');
SELECT count(*) FROM open_periods('UTC 09:00-17:00', '[2026-03-02,infinity)');
SELECT count(*) FROM open_periods('UTC 09:00-17:00', '[2000-01-01,2100-01-02)');
SELECT count(*) FROM open_periods('UTC 09:00-17:00', '[2000-01-01,2100-01-01)');
-- the years 0001 to 9999
SELECT min(starts_at), max(ends_at), count(*) FROM open_periods('UTC 09:00-17:00', '[0003-01-01 BC,0001-01-03)');
SELECT min(starts_at), max(ends_at), count(*) FROM open_periods('Europe/Berlin 00:00-24:00', '[9999-12-30,10002-01-01)');
SELECT count(*) FROM open_periods('UTC 09:00-17:00', '[20000-01-01,20001-01-01)');
SELECT sum(ends_at - starts_at) FROM open_periods('Europe/Berlin 24/7', '[1850-01-01,1900-01-01)');
-- nulls
SELECT count(*) FROM open_periods(NULL, '[2026-03-02,2026-03-03)');
SELECT count(*) FROM open_periods('UTC 24/7', NULL);
SELECT is_open(NULL, '2026-03-02'), is_open('UTC 24/7', NULL), next_opening(NULL, '2026-03-02'), next_opening('UTC 24/7', NULL);

-- is_open: from the first instant on, not at the last; never at the infinities
SELECT at, is_open('Europe/Berlin Mo-Fr 09:00-17:00', at) FROM unnest('{2026-03-02 07:59:59.999999Z,2026-03-02 08:00Z,2026-03-02 15:59:59.999999Z,2026-03-02 16:00Z,2026-03-01 12:00Z,infinity,-infinity,11000-01-01}'::timestamptz[]) at;
-- next_opening: after the instant; who is open has to close first; hours that touch are no opening
SELECT at, next_opening('Europe/Berlin Mo-Fr 09:00-12:00,12:00-17:00; 10:00-11:00 capacity 2', at) FROM unnest('{2026-03-02 07:59:59.999999Z,2026-03-02 08:00Z,2026-03-02 09:30Z,2026-03-06 16:00Z,infinity,-infinity,11000-01-01,9999-12-31 12:00}'::timestamptz[]) at;
SELECT next_opening('UTC 24/7', '2026-03-02'), next_opening('UTC 24/7', '-infinity'), next_opening('UTC 2026-03-05/ 24/7', '2026-03-02');
-- never: a rule that is closed again, that does not exist, that is over, far away
SELECT next_opening('UTC 09:00-17:00; off', '2026-03-02'), next_opening('UTC every 2 weeks from 2026-01-01 09:00-17:00; off', '2026-03-02'), next_opening('UTC off', '2026-03-02'), next_opening('UTC 2026-01-01 24/7', '2026-03-02');
SELECT next_opening('UTC 9000-01-01/ Mo 09:00-17:00', '2026-03-02'), next_opening('UTC every 100000 weeks from 2026-03-02 Mo 09:00-17:00', '2026-03-02 09:00'), next_opening('UTC every 2147483647 weeks from 2026-03-02 Mo 09:00-17:00', '2026-03-02 09:00');
SELECT next_opening('America/New_York Su[2] 02:00-03:00; /2007-12-31 off', '2026-03-02');
-- and what takes long can be cancelled
SET statement_timeout = '200ms';
SELECT next_opening(h, '2026-03-02') FROM (SELECT open_hours_agg(open_hours(NULL, make_time(n % 24, n / 24 % 60, 0), '24:00', 'UTC', every => 2, anchor => '2026-01-01')) + 'UTC off' FROM generate_series(1, 1440) n) v (h);
RESET statement_timeout;

SET statement_timeout = '300ms';
SELECT count(*) FROM open_periods((SELECT open_hours_agg(open_hours(NULL, time '00:00' + n * interval '1 second', '24:00', 'UTC', priority => n)) + open_hours_agg(open_hours(NULL, time '00:00' + n * interval '1 second', time '00:00' + (n + 1) * interval '1 second', 'UTC', kind => 'closed', priority => n)) FROM generate_series(1, 6000) n), '[2026-01-01,2026-03-01)');
RESET statement_timeout;
-- as are too many parts that closings leave: each rule is cut by each of them
SELECT count(*) FROM open_periods((SELECT open_hours_agg(open_hours(NULL, time '00:00' + n * interval '1 microsecond', '24:00', 'UTC')) + open_hours_agg(open_hours(NULL, time '00:00' + n * interval '10 seconds', time '00:00:01' + n * interval '10 seconds', 'UTC', kind => 'closed')) FROM generate_series(1, 3000) n), '[2026-01-01,2026-03-01)');

-- Ten thousand rules
SELECT count(*), sum(ends_at - starts_at) FROM open_periods((SELECT open_hours_agg(open_hours(NULL, '09:00', '17:00', 'UTC', daterange(date '2026-01-01' + n, date '2026-01-02' + n), CASE WHEN n % 3 = 0 THEN 'closed' ELSE 'open' END)) FROM generate_series(1, 10000) n), '[2026-01-01,2060-01-01)');

-- In a select list it streams; the rows are the same
SELECT (open_periods('UTC 09:00-17:00', '[2026-03-02,2100-03-02)')).starts_at LIMIT 2;
SELECT count(*) FROM (SELECT (open_periods(h, '[2026-03-02,2027-03-02)')).* FROM (VALUES (open_hours 'UTC Mo 09:00-17:00'), (NULL), ('UTC Tu 09:00-17:00')) v (h)
	EXCEPT ALL SELECT p.* FROM (VALUES (open_hours 'UTC Mo 09:00-17:00'), (NULL), ('UTC Tu 09:00-17:00')) v (h), open_periods(h, '[2026-03-02,2027-03-02)') p) x;

-- The planner knows the rules, or takes what most have
CREATE FUNCTION estimated(query text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
	RETURN plan #>> '{0,Plan,Plan Rows}';
END $$;
SELECT estimated('SELECT * FROM open_periods(''UTC Mo 09:00-17:00'', ''[2026-03-02,2026-03-30)'')'), estimated('SELECT * FROM open_periods(''UTC 09:00-17:00'', ''[2000-03-02,2080-03-02)'')'),
	estimated('SELECT p.* FROM (SELECT open_hours_agg(''UTC 24/7'') h) v, open_periods(h, ''[2026-03-02,2026-03-09)'') p'), estimated('SELECT * FROM open_periods(''UTC off'', ''[2026-03-02,2026-03-30)'')'),
	estimated('SELECT * FROM open_periods(''UTC off'', NULL)'), estimated('SELECT * FROM open_periods(''UTC 24/7'', ''(,)'')');

-- Two closings of a day, which have to be put in order: in a select list the memory of a row does not outlive it
SELECT count(*), count(DISTINCT p) FROM (SELECT open_periods(h, '[2026-01-01,2036-01-01)') FROM (VALUES (open_hours 'UTC Mo-Fr 08:00-18:00; Mo-Fr 10:00-10:15,12:00-13:00 off')) v (h)) q (p);
SELECT count(*) FROM open_periods('UTC Mo-Fr 08:00-18:00; Mo-Fr 10:00-10:15,12:00-13:00 off', '[2026-01-01,2036-01-01)');
-- rows with numbers, of several functions, backwards
SELECT * FROM open_periods('UTC 09:00-10:00', '[2026-03-02,2026-03-04)') WITH ORDINALITY;
SELECT * FROM ROWS FROM (open_periods('UTC 09:00-10:00', '[2026-03-02,2026-03-04)'), generate_series(1, 3)) f;
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT starts_at FROM open_periods('UTC 09:00-10:00', '[2026-03-02,2026-03-05)');
FETCH ALL FROM c;
FETCH BACKWARD ALL FROM c;
COMMIT;

SET client_min_messages = warning;
DROP SCHEMA regress_open_periods CASCADE;
