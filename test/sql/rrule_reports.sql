--
-- What users of other engines have reported: each rule with the times that are
-- right.  The reports are on GitHub; where a report expects something else, the
-- comment says why that is wrong.
--
CREATE SCHEMA regress_rrule_reports;
SET search_path = regress_rrule_reports, public;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';

-- the first times on the wall clock of a zone; '{}' of a rule that never happens
CREATE TABLE report (source text, rule rrule, starts_at timestamp, zone text, expected timestamp[]);
CREATE FUNCTION first_times(rule rrule, starts_at timestamp, zone text, n int) RETURNS timestamp[] STABLE LANGUAGE sql AS
	$$SELECT coalesce(array_agg(t AT TIME ZONE zone ORDER BY t), '{}') FROM rrule_occurrences(rule, starts_at, zone, max => n) t$$;

INSERT INTO report VALUES
-- BYSETPOS: of the whole period, each position once, and none that the period does not have
('JonasWanke/rrule#68', 'FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=2,3', '2024-02-01', 'UTC', '{2024-02-07,2024-02-14,2024-02-21,2024-02-28,2024-03-06}'),
('libical/libical#67', 'FREQ=MONTHLY;COUNT=12;BYDAY=TH;BYSETPOS=2', '2015-01-08', 'UTC', '{2015-01-08,2015-02-12,2015-03-12,2015-04-09,2015-05-14,2015-06-11,2015-07-09,2015-08-13,2015-09-10,2015-10-08,2015-11-12,2015-12-10}'),
('libical/libical#67', 'FREQ=MONTHLY;COUNT=12;BYDAY=MO;BYSETPOS=-1', '2015-01-26', 'UTC', '{2015-01-26,2015-02-23,2015-03-30,2015-04-27,2015-05-25,2015-06-29,2015-07-27,2015-08-31,2015-09-28,2015-10-26,2015-11-30,2015-12-28}'),
('jkbrzt/rrule#668', 'FREQ=MONTHLY;BYMONTHDAY=20,31;BYSETPOS=-2', '2010-01-01', 'UTC', '{2010-01-20,2010-03-20,2010-05-20,2010-07-20,2010-08-20,2010-10-20}'),
('jkbrzt/rrule#669', 'FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15;BYSETPOS=1,-1;COUNT=3', '2023-01-01', 'UTC', '{2023-01-15,2024-01-15,2025-01-15}'),
('mangstadt/biweekly#122', 'FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04 09:00', 'America/New_York', '{1997-09-04 09:00,1997-10-07 09:00,1997-11-06 09:00}'),
('kewisch/ical.js#1039', 'FREQ=DAILY;BYHOUR=9,12,17;BYSETPOS=-1', '2016-01-01 09:00', 'UTC', '{2016-01-01 17:00,2016-01-02 17:00,2016-01-03 17:00,2016-01-04 17:00}'),
('kewisch/ical.js#1039', 'FREQ=HOURLY;BYMINUTE=0,15,30,45;BYSETPOS=2', '2016-01-01 09:00', 'UTC', '{2016-01-01 09:15,2016-01-01 10:15,2016-01-01 11:15}'),
('kewisch/ical.js#1039', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1', '2016-01-04 09:00', 'UTC', '{2016-01-04 09:00,2016-01-08 09:00,2016-01-11 09:00,2016-01-15 09:00}'),
-- the first Advent, which is in November or in December
('sabre-io/vobject#730', 'FREQ=YEARLY;BYDAY=SU;BYMONTHDAY=1,2,3,4,5,6,7,27,28,29,30;BYMONTH=11,12;BYSETPOS=2', '2025-01-01', 'UTC', '{2025-11-30,2026-11-29,2027-11-28,2028-12-03}'),
-- a week that two months share, of which one is meant
('libical/libical#1374', 'FREQ=WEEKLY;BYMONTH=9;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1', '2026-09-01', 'UTC', '{2026-09-01,2026-09-07,2026-09-14,2026-09-21,2026-09-28,2027-09-01,2027-09-06}'),
-- rare: three of the year's 20ths are Mondays
('dmfs/lib-recur#108', 'FREQ=YEARLY;BYMONTHDAY=20;BYDAY=MO;BYSETPOS=3', '2023-01-01', 'UTC', '{2023-11-20,2034-11-20,2045-11-20,2048-07-20}'),

-- rules that never happen: they end, and soon
('petropavel13/pg_rrule#8', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31;COUNT=10', '2019-12-07 10:51:02', 'UTC', '{}'),
('libical/libical#188', 'FREQ=YEARLY;COUNT=2;BYMONTH=2', '1941-01-31', 'UTC', '{}'),
('kewisch/ical.js#509', 'FREQ=MONTHLY;BYDAY=1TH;BYSETPOS=2', '2015-01-11 08:00', 'UTC', '{}'),
('kewisch/ical.js#1038', 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', '2026-01-01', 'UTC', '{}'),
('kewisch/ical.js#1038', 'FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30', '2026-01-01', 'UTC', '{}'),
('sabre-io/vobject#564', 'FREQ=YEARLY;BYMONTH=5;BYSETPOS=3;BYMONTHDAY=3', '2022-02-14', 'UTC', '{}'),
('sabre-io/vobject#430', 'FREQ=YEARLY;BYMONTH=10;BYDAY=6SA', '2018-10-01', 'UTC', '{}'),
('dateutil/dateutil#4', 'FREQ=HOURLY;INTERVAL=2;BYHOUR=0,6,12,18', '2014-12-09 23:00', 'UTC', '{}'),
-- Thanksgiving, if it is the 24th
('libical/libical#140', 'FREQ=YEARLY;BYDAY=4TH;BYMONTHDAY=24;BYMONTH=11', '2011-11-24', 'UTC', '{2011-11-24,2016-11-24,2022-11-24,2033-11-24}'),

-- INTERVAL: of weeks that begin with WKST, from the start's week on
('libical/libical#190', 'FREQ=WEEKLY;INTERVAL=4;BYDAY=SU;COUNT=4', '2015-03-22', 'UTC', '{2015-03-22,2015-04-19,2015-05-17,2015-06-14}'),
('libical/libical#376', 'FREQ=WEEKLY;BYDAY=WE,FR;INTERVAL=2', '2019-01-01 10:00', 'UTC', '{2019-01-02 10:00,2019-01-04 10:00,2019-01-16 10:00}'),
('ical4j/ical4j#295', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SA', '2018-11-28', 'UTC', '{2018-12-01,2018-12-15,2018-12-29}'),
('rlanvin/php-rrule#39', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;WKST=SU', '2017-10-07', 'UTC', '{2017-10-20,2017-11-03}'),
('rlanvin/php-rrule#39', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;WKST=SA', '2017-10-07', 'UTC', '{2017-10-13,2017-10-27}'),
('tplaner/When#23', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU', '2014-02-10', 'UTC', '{2014-02-10,2014-02-11,2014-02-24,2014-02-25,2014-03-10}'),
('volkanunsal/postgres-rrule#21', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;UNTIL=20230801', '2023-06-19', 'UTC', '{2023-06-19,2023-07-03,2023-07-17,2023-07-31}'),
('volkanunsal/postgres-rrule#22', 'FREQ=WEEKLY;BYDAY=TH;COUNT=2', '2029-12-31 10:00', 'UTC', '{2030-01-03 10:00,2030-01-10 10:00}'),
('petropavel13/pg_rrule#16', 'FREQ=WEEKLY;BYDAY=SU,MO,TU,WE,TH,FR,SA;UNTIL=20210803T110000Z', '2021-08-01 02:00', 'UTC', '{2021-08-01 02:00,2021-08-02 02:00,2021-08-03 02:00}'),
('jkbrzt/rrule#6', 'FREQ=DAILY;BYDAY=TU;INTERVAL=3', '2013-02-01', 'UTC', '{2013-02-19,2013-03-12,2013-04-02}'),
('ical4j/ical4j#265', 'FREQ=DAILY;INTERVAL=14;WKST=MO;BYMONTH=10,12', '2018-10-10', 'UTC', '{2018-10-10,2018-10-24,2018-12-05,2018-12-19,2019-10-09}'),

-- what limits; the start is one only if it matches
('libical/libical#171', 'FREQ=DAILY;UNTIL=20140113T180000Z;BYDAY=SA,SU', '2014-01-01', 'UTC', '{2014-01-04,2014-01-05,2014-01-11,2014-01-12}'),
('libical/libical#180', 'FREQ=DAILY;BYMONTH=11,12,1,2,3,4,10', '2014-10-30', 'UTC', '{2014-10-30,2014-10-31,2014-11-01}'),
('libical/libical#181', 'FREQ=DAILY;UNTIL=20150111T000000Z;BYDAY=SA,SU;BYMONTH=1,2,3,4,10,11,12', '2014-12-09', 'UTC', '{2014-12-13,2014-12-14,2014-12-20,2014-12-21,2014-12-27,2014-12-28,2015-01-03,2015-01-04,2015-01-10,2015-01-11}'),
('libical/libical#97', 'FREQ=YEARLY;BYDAY=FR;BYYEARDAY=-92,-93,-94,-95,-96,-97,-98', '2014-01-01', 'UTC', '{2014-09-26,2015-09-25,2016-09-30}'),
('kewisch/ical.js#100', 'FREQ=MONTHLY;BYDAY=1TU', '2012-10-02 10:00', 'UTC', '{2012-10-02 10:00,2012-11-06 10:00}'),
('dateutil/dateutil#823', 'FREQ=YEARLY', '1992-02-29', 'UTC', '{1992-02-29,1996-02-29}'),
('simshaun/recurr#6', 'FREQ=MONTHLY', '2013-01-31', 'UTC', '{2013-01-31,2013-03-31,2013-05-31,2013-07-31,2013-08-31}'),
('ical4j/ical4j#243', 'FREQ=YEARLY;BYYEARDAY=2,365,366', '2016-01-01', 'UTC', '{2016-01-02,2016-12-30,2016-12-31,2017-01-02,2017-12-31,2018-01-02}'),
('sabre-io/vobject#436', 'FREQ=YEARLY;COUNT=3;BYYEARDAY=1', '2011-01-01 03:07', 'UTC', '{2011-01-01 03:07,2012-01-01 03:07,2013-01-01 03:07}'),
('ical-org/ical.net#621', 'FREQ=YEARLY;BYYEARDAY=-366', '2023-01-01', 'UTC', '{2024-01-01,2028-01-01}'),
('kewisch/ical.js#158', 'FREQ=YEARLY;BYYEARDAY=1,4,-306,-14', '2015-01-01', 'UTC', '{2015-01-01,2015-01-04,2015-03-01,2015-12-18,2016-01-01,2016-01-04,2016-03-01,2016-12-18}'),
('kewisch/ical.js#117', 'FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=2', '2014-12-30', 'UTC', '{2015-02-28,2016-02-29}'),
('ical4j/ical4j#241', 'FREQ=MONTHLY;BYMONTHDAY=-31', '2018-01-01', 'UTC', '{2018-01-01,2018-03-01,2018-05-01}'),
('ical4j/ical4j#853', 'FREQ=DAILY;BYMONTH=1;BYMONTHDAY=-2', '2026-01-01', 'UTC', '{2026-01-30,2027-01-30}'),
('llazzaro/django-scheduler#368', 'FREQ=MONTHLY;BYMONTHDAY=31,-1;BYSETPOS=1', '2017-12-31', 'UTC', '{2017-12-31,2018-01-31,2018-02-28,2018-03-31,2018-04-30}'),

-- weeks of a year
('dateutil/dateutil#1537', 'FREQ=YEARLY;BYWEEKNO=52;BYDAY=SA,SU', '2011-01-01', 'UTC', '{2011-01-01,2011-01-02,2011-12-31,2012-01-01}'),
('libical/libical#941', 'FREQ=YEARLY;BYWEEKNO=-1,-2;COUNT=6', '2027-01-02', 'UTC', '{2027-01-02,2027-12-25,2028-01-01,2028-12-23,2028-12-30,2029-12-22}'),
('ical-org/ical.net#729', 'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30;BYWEEKNO=1;UNTIL=20320101', '2024-12-30', 'UTC', '{2024-12-30,2025-12-30,2030-12-30,2031-12-30}'),
('ical-org/ical.net#729', 'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30;BYWEEKNO=53;UNTIL=20380101', '2026-12-30', 'UTC', '{2026-12-30,2032-12-30,2037-12-30}'),
-- the report has the week's Monday; the start is a Sunday
('libical/libical#1143', 'FREQ=YEARLY;BYWEEKNO=53', '2023-01-01', 'UTC', '{2027-01-03,2033-01-02}'),
-- the report has December 2020, which is the 52nd
('libical/libical#1145', 'FREQ=YEARLY;BYDAY=53MO', '2020-01-01', 'UTC', '{2024-12-30,2029-12-31}'),
-- the report misses 2021-01-01, which is in week 53 of 2020
('jkbrzt/rrule#185', 'FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYWEEKNO=1;BYDAY=MO,TU,WE,TH,FR;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10', '2017-12-15', 'UTC', '{2019-01-01,2019-01-02,2019-01-03,2019-01-04,2021-01-04,2021-01-05,2021-01-06,2021-01-07,2021-01-08,2023-01-02}'),

-- the clocks change
('jkbrzt/rrule#157', 'FREQ=WEEKLY;BYDAY=SU;BYHOUR=16;BYMINUTE=0', '2016-09-20', 'Australia/Sydney', '{2016-09-25 16:00,2016-10-02 16:00,2016-10-09 16:00}'),
('jkbrzt/rrule#550', 'FREQ=DAILY', '2022-11-04 06:00', 'America/Denver', '{2022-11-04 06:00,2022-11-05 06:00,2022-11-06 06:00,2022-11-07 06:00}'),
('jkbrzt/rrule#295', 'FREQ=DAILY;COUNT=5', '2018-10-27', 'Australia/Eucla', '{2018-10-27,2018-10-28,2018-10-29,2018-10-30,2018-10-31}'),
('jkbrzt/rrule#390', 'FREQ=DAILY;COUNT=6', '2020-03-26', 'Europe/London', '{2020-03-26,2020-03-27,2020-03-28,2020-03-29,2020-03-30,2020-03-31}'),
('volkanunsal/postgres-rrule#3', 'FREQ=DAILY;UNTIL=20221031T080000', '2022-10-29 08:00', 'Europe/Berlin', '{2022-10-29 08:00,2022-10-30 08:00,2022-10-31 08:00}'),
-- on the wall clock: an hour that comes twice has the times of one hour
('dateutil/dateutil#1351', 'FREQ=SECONDLY;INTERVAL=240', '2024-11-03 01:52:03', 'America/New_York', '{2024-11-03 01:52:03,2024-11-03 01:56:03,2024-11-03 02:00:03,2024-11-03 02:04:03}'),
-- UNTIL of UTC
('jkbrzt/rrule#596', 'FREQ=WEEKLY;UNTIL=20230819T093000Z', '2023-08-05 12:30', 'Asia/Jerusalem', '{2023-08-05 12:30,2023-08-12 12:30,2023-08-19 12:30}'),
('jkbrzt/rrule#331', 'FREQ=WEEKLY;UNTIL=20190424T125959Z', '2019-04-03 09:00', 'America/Toronto', '{2019-04-03 09:00,2019-04-10 09:00,2019-04-17 09:00}');

-- one more time is asked for than is expected of a rule that ends
SELECT source, rule, expected, got
FROM report, first_times(rule, starts_at, zone, CASE WHEN rule::text ~ 'COUNT|UNTIL' THEN cardinality(expected) + 1 ELSE greatest(cardinality(expected), 1) END) got
WHERE got IS DISTINCT FROM expected;
SELECT count(*), count(DISTINCT source) AS reports FROM report;
-- and the window that begins with the last of them
SELECT source, rule, expected, next
FROM report, rrule_next(rule, starts_at, zone, zone_instant(expected[cardinality(expected)], zone) - interval '1 us') next
WHERE next IS DISTINCT FROM zone_instant(expected[cardinality(expected)], zone);

-- ical.js#30: each day of January in four years
SELECT count(*), min(t), max(t) FROM rrule_occurrences('FREQ=YEARLY;UNTIL=20150131T090000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA', '2012-01-01 09:00', 'UTC') t;
-- ical4j#905: a day that is named twice counts once
SELECT 'FREQ=WEEKLY;COUNT=12;BYDAY=TU,TH,TU'::rrule;
-- ical4j#759, JonasWanke/rrule#71, #25, recurr#63: a window neither begins the intervals anew nor the count
SELECT rrule_next('FREQ=WEEKLY;UNTIL=20260714T063000;BYDAY=FR,SA', '2025-03-23 11:15', 'UTC', '2025-03-25 11:15Z');
SELECT rrule_next('FREQ=WEEKLY;INTERVAL=2;BYDAY=SU', '2024-02-07', 'UTC', '2024-02-12Z');
SELECT t FROM rrule_occurrences('FREQ=DAILY;COUNT=5', '2021-06-17 19:00', 'UTC', '[2021-06-24 04:00Z,2021-06-25 03:59:59Z]') t;
SELECT t FROM rrule_occurrences('FREQ=WEEKLY;COUNT=3;BYDAY=SA', '2015-05-30', 'UTC', '[2015-06-01,2015-07-06)') t;
-- rrule.js#292, node-ical#464: dates are taken out on both sides of a change
SELECT array_agg(t AT TIME ZONE 'America/Los_Angeles') FROM rrule_occurrences('FREQ=WEEKLY;UNTIL=20181109T075959;WKST=SU;BYDAY=MO,TU,WE,TH,FR', '2018-10-31 07:00', 'America/Los_Angeles',
	exdates => '{2018-11-01 07:00,2018-11-07 07:00}') t;
SELECT array_agg(t) FROM rrule_occurrences('FREQ=WEEKLY;COUNT=3', '2023-11-02 16:00', 'America/Los_Angeles', exdates => '{2023-11-09 16:00}') t;

-- what RFC 5545 forbids: libical#428, ical.js#360, ical.net#776, ical4j#846, rrule#440 (COUNT and UNTIL), dateutil#1222, ruby-rrule#4
SELECT 'FREQ=MONTHLY;BYYEARDAY=-1;BYMONTHDAY=-1'::rrule;
SELECT 'FREQ=WEEKLY;BYDAY=1FR;UNTIL=20190104T210000'::rrule;
SELECT 'FREQ=YEARLY;BYWEEKNO=52,53;BYDAY=1TU,1SA,-1TU,-1SA;INTERVAL=6'::rrule;
SELECT 'FREQ=DAILY;BYWEEKNO=2'::rrule;
SELECT 'FREQ=DAILY;UNTIL=20201220T140000;COUNT=30;INTERVAL=1;WKST=MO'::rrule;
SELECT 'FREQ=YEARLY;BYDAY=+1MO;BYNWEEKDAY=0,1'::rrule;
SELECT 'FREQ=DAILY;INTERVAL=0'::rrule;
