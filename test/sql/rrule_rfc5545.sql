--
-- The examples of RFC 5545 section 3.8.5.3, with their dates in America/New_York
--
CREATE SCHEMA regress_rrule_rfc5545;
SET search_path = regress_rrule_rfc5545, public;

CREATE TABLE example (n serial PRIMARY KEY, title text, starts_at timestamp, rule rrule, instants text, exdates timestamp[] DEFAULT '{}');

-- As the RFC writes them: years and months with the days, EDT or EST; or times
-- of one day.  What ends with "..." goes on.
INSERT INTO example (title, starts_at, rule, instants) VALUES
('Daily for 10 occurrences', '1997-09-02 09:00', 'FREQ=DAILY;COUNT=10',
	'1997-09 EDT 2-11'),
('Daily until December 24, 1997', '1997-09-02 09:00', 'FREQ=DAILY;UNTIL=19971224T000000Z',
	'1997-09 EDT 2-30; 1997-10 EDT 1-25; 1997-10 EST 26-31; 1997-11 EST 1-30; 1997-12 EST 1-23'),
('Every other day - forever', '1997-09-02 09:00', 'FREQ=DAILY;INTERVAL=2',
	'1997-09 EDT 2,4,6,8,10,12,14,16,18,20,22,24,26,28,30; 1997-10 EDT 2,4,6,8,10,12,14,16,18,20,22,24; 1997-10 EST 26,28,30; 1997-11 EST 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29; 1997-12 EST 1,3; ...'),
('Every 10 days, 5 occurrences', '1997-09-02 09:00', 'FREQ=DAILY;INTERVAL=10;COUNT=5',
	'1997-09 EDT 2,12,22; 1997-10 EDT 2,12'),
('Every day in January, for 3 years', '1998-01-01 09:00', 'FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA',
	'1998-01 EST 1-31; 1999-01 EST 1-31; 2000-01 EST 1-31'),
('or', '1998-01-01 09:00', 'FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1',
	'1998-01 EST 1-31; 1999-01 EST 1-31; 2000-01 EST 1-31'),
('Weekly for 10 occurrences', '1997-09-02 09:00', 'FREQ=WEEKLY;COUNT=10',
	'1997-09 EDT 2,9,16,23,30; 1997-10 EDT 7,14,21; 1997-10 EST 28; 1997-11 EST 4'),
('Weekly until December 24, 1997', '1997-09-02 09:00', 'FREQ=WEEKLY;UNTIL=19971224T000000Z',
	'1997-09 EDT 2,9,16,23,30; 1997-10 EDT 7,14,21; 1997-10 EST 28; 1997-11 EST 4,11,18,25; 1997-12 EST 2,9,16,23'),
('Every other week - forever', '1997-09-02 09:00', 'FREQ=WEEKLY;INTERVAL=2;WKST=SU',
	'1997-09 EDT 2,16,30; 1997-10 EDT 14; 1997-10 EST 28; 1997-11 EST 11,25; 1997-12 EST 9,23; 1998-01 EST 6,20; 1998-02 EST 3,17; ...'),
('Weekly on Tuesday and Thursday for five weeks', '1997-09-02 09:00', 'FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH',
	'1997-09 EDT 2,4,9,11,16,18,23,25,30; 1997-10 EDT 2'),
('or', '1997-09-02 09:00', 'FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH',
	'1997-09 EDT 2,4,9,11,16,18,23,25,30; 1997-10 EDT 2'),
('Every other week on Monday, Wednesday, and Friday until December 24, 1997', '1997-09-01 09:00', 'FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR',
	'1997-09 EDT 1,3,5,15,17,19,29; 1997-10 EDT 1,3,13,15,17; 1997-10 EST 27,29,31; 1997-11 EST 10,12,14,24,26,28; 1997-12 EST 8,10,12,22'),
('Every other week on Tuesday and Thursday, for 8 occurrences', '1997-09-02 09:00', 'FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH',
	'1997-09 EDT 2,4,16,18,30; 1997-10 EDT 2,14,16'),
('Monthly on the first Friday for 10 occurrences', '1997-09-05 09:00', 'FREQ=MONTHLY;COUNT=10;BYDAY=1FR',
	'1997-09 EDT 5; 1997-10 EDT 3; 1997-11 EST 7; 1997-12 EST 5; 1998-01 EST 2; 1998-02 EST 6; 1998-03 EST 6; 1998-04 EST 3; 1998-05 EDT 1; 1998-06 EDT 5'),
('Monthly on the first Friday until December 24, 1997', '1997-09-05 09:00', 'FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR',
	'1997-09 EDT 5; 1997-10 EDT 3; 1997-11 EST 7; 1997-12 EST 5'),
('Every other month on the first and last Sunday of the month for 10 occurrences', '1997-09-07 09:00', 'FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU',
	'1997-09 EDT 7,28; 1997-11 EST 2,30; 1998-01 EST 4,25; 1998-03 EST 1,29; 1998-05 EDT 3,31'),
('Monthly on the second-to-last Monday of the month for 6 months', '1997-09-22 09:00', 'FREQ=MONTHLY;COUNT=6;BYDAY=-2MO',
	'1997-09 EDT 22; 1997-10 EDT 20; 1997-11 EST 17; 1997-12 EST 22; 1998-01 EST 19; 1998-02 EST 16'),
('Monthly on the third-to-the-last day of the month, forever', '1997-09-28 09:00', 'FREQ=MONTHLY;BYMONTHDAY=-3',
	'1997-09 EDT 28; 1997-10 EST 29; 1997-11 EST 28; 1997-12 EST 29; 1998-01 EST 29; 1998-02 EST 26; ...'),
('Monthly on the 2nd and 15th of the month for 10 occurrences', '1997-09-02 09:00', 'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15',
	'1997-09 EDT 2,15; 1997-10 EDT 2,15; 1997-11 EST 2,15; 1997-12 EST 2,15; 1998-01 EST 2,15'),
('Monthly on the first and last day of the month for 10 occurrences', '1997-09-30 09:00', 'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1',
	'1997-09 EDT 30; 1997-10 EDT 1; 1997-10 EST 31; 1997-11 EST 1,30; 1997-12 EST 1,31; 1998-01 EST 1,31; 1998-02 EST 1'),
('Every 18 months on the 10th thru 15th of the month for 10 occurrences', '1997-09-10 09:00', 'FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15',
	'1997-09 EDT 10-15; 1999-03 EST 10-13'),
('Every Tuesday, every other month', '1997-09-02 09:00', 'FREQ=MONTHLY;INTERVAL=2;BYDAY=TU',
	'1997-09 EDT 2,9,16,23,30; 1997-11 EST 4,11,18,25; 1998-01 EST 6,13,20,27; 1998-03 EST 3,10,17,24,31; ...'),
('Yearly in June and July for 10 occurrences', '1997-06-10 09:00', 'FREQ=YEARLY;COUNT=10;BYMONTH=6,7',
	'1997-06 EDT 10; 1997-07 EDT 10; 1998-06 EDT 10; 1998-07 EDT 10; 1999-06 EDT 10; 1999-07 EDT 10; 2000-06 EDT 10; 2000-07 EDT 10; 2001-06 EDT 10; 2001-07 EDT 10'),
('Every other year on January, February, and March for 10 occurrences', '1997-03-10 09:00', 'FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3',
	'1997-03 EST 10; 1999-01 EST 10; 1999-02 EST 10; 1999-03 EST 10; 2001-01 EST 10; 2001-02 EST 10; 2001-03 EST 10; 2003-01 EST 10; 2003-02 EST 10; 2003-03 EST 10'),
('Every third year on the 1st, 100th, and 200th day for 10 occurrences', '1997-01-01 09:00', 'FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200',
	'1997-01 EST 1; 1997-04 EDT 10; 1997-07 EDT 19; 2000-01 EST 1; 2000-04 EDT 9; 2000-07 EDT 18; 2003-01 EST 1; 2003-04 EDT 10; 2003-07 EDT 19; 2006-01 EST 1'),
('Every 20th Monday of the year, forever', '1997-05-19 09:00', 'FREQ=YEARLY;BYDAY=20MO',
	'1997-05 EDT 19; 1998-05 EDT 18; 1999-05 EDT 17; ...'),
('Monday of week number 20 (where the default start of the week is Monday), forever', '1997-05-12 09:00', 'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO',
	'1997-05 EDT 12; 1998-05 EDT 11; 1999-05 EDT 17; ...'),
('Every Thursday in March, forever', '1997-03-13 09:00', 'FREQ=YEARLY;BYMONTH=3;BYDAY=TH',
	'1997-03 EST 13,20,27; 1998-03 EST 5,12,19,26; 1999-03 EST 4,11,18,25; ...'),
('Every Thursday, but only during June, July, and August, forever', '1997-06-05 09:00', 'FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8',
	'1997-06 EDT 5,12,19,26; 1997-07 EDT 3,10,17,24,31; 1997-08 EDT 7,14,21,28; 1998-06 EDT 4,11,18,25; 1998-07 EDT 2,9,16,23,30; 1998-08 EDT 6,13,20,27; 1999-06 EDT 3,10,17,24; 1999-07 EDT 1,8,15,22,29; 1999-08 EDT 5,12,19,26; ...'),
('Every Friday the 13th, forever', '1997-09-02 09:00', 'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13',
	'1998-02 EST 13; 1998-03 EST 13; 1998-11 EST 13; 1999-08 EDT 13; 2000-10 EDT 13; ...'),
('The first Saturday that follows the first Sunday of the month, forever', '1997-09-13 09:00', 'FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13',
	'1997-09 EDT 13; 1997-10 EDT 11; 1997-11 EST 8; 1997-12 EST 13; 1998-01 EST 10; 1998-02 EST 7; 1998-03 EST 7; 1998-04 EDT 11; 1998-05 EDT 9; 1998-06 EDT 13; ...'),
('Every 4 years, the first Tuesday after a Monday in November, forever (U.S. Presidential Election day)', '1996-11-05 09:00', 'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
	'1996-11 EST 5; 2000-11 EST 7; 2004-11 EST 2; ...'),
('The third instance into the month of one of Tuesday, Wednesday, or Thursday, for the next 3 months', '1997-09-04 09:00', 'FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3',
	'1997-09 EDT 4; 1997-10 EDT 7; 1997-11 EST 6'),
('The second-to-last weekday of the month', '1997-09-29 09:00', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2',
	'1997-09 EDT 29; 1997-10 EST 30; 1997-11 EST 27; 1997-12 EST 30; 1998-01 EST 29; 1998-02 EST 26; 1998-03 EST 30; ...'),
-- The RFC has UNTIL=19970902T170000Z here, which is 13:00 in New York, and not
-- the 17:00 that its title and its instants mean.
('Every 3 hours from 9:00 AM to 5:00 PM on a specific day', '1997-09-02 09:00', 'FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z',
	'1997-09-02 EDT 09:00,12:00,15:00'),
('as the RFC has it', '1997-09-02 09:00', 'FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z',
	'1997-09-02 EDT 09:00,12:00'),
('Every 15 minutes for 6 occurrences', '1997-09-02 09:00', 'FREQ=MINUTELY;INTERVAL=15;COUNT=6',
	'1997-09-02 EDT 09:00,09:15,09:30,09:45,10:00,10:15'),
('Every hour and a half for 4 occurrences', '1997-09-02 09:00', 'FREQ=MINUTELY;INTERVAL=90;COUNT=4',
	'1997-09-02 EDT 09:00,10:30,12:00,13:30'),
('Every 20 minutes from 9:00 AM to 4:40 PM every day', '1997-09-02 09:00', 'FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40',
	'1997-09-02 EDT 09:00,09:20,09:40,10:00,10:20,10:40,11:00,11:20,11:40,12:00,12:20,12:40,13:00,13:20,13:40,14:00,14:20,14:40,15:00,15:20,15:40,16:00,16:20,16:40; 1997-09-03 EDT 09:00,09:20,09:40,10:00,10:20; ...'),
('or', '1997-09-02 09:00', 'FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16',
	'1997-09-02 EDT 09:00,09:20,09:40,10:00,10:20,10:40,11:00,11:20,11:40,12:00,12:20,12:40,13:00,13:20,13:40,14:00,14:20,14:40,15:00,15:20,15:40,16:00,16:20,16:40; 1997-09-03 EDT 09:00,09:20,09:40,10:00,10:20; ...'),
('An example where the days generated makes a difference because of WKST', '1997-08-05 09:00', 'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO',
	'1997-08 EDT 5,10,19,24'),
('changing only WKST from MO to SU, yields different results', '1997-08-05 09:00', 'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU',
	'1997-08 EDT 5,17,19,31'),
('An example where an invalid date (i.e., February 30) is ignored', '2007-01-15 09:00', 'FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5',
	'2007-01 EST 15,30; 2007-02 EST 15; 2007-03 EDT 15,30');

-- "Every Friday the 13th" takes its start out
UPDATE example SET exdates = '{1997-09-02 09:00}' WHERE title LIKE '%13th%';

-- The instants of a text as above
CREATE FUNCTION instants_of(instants text, time_of_day text) RETURNS timestamptz[] LANGUAGE plpgsql AS $$
DECLARE
	result timestamptz[];
	part text[];
	item text;
BEGIN
	FOR part IN SELECT string_to_array(p, ' ') FROM regexp_split_to_table(instants, '; *') AS p WHERE p <> '...' LOOP
		part[2] := CASE part[2] WHEN 'EDT' THEN '-04' WHEN 'EST' THEN '-05' END;
		FOREACH item IN ARRAY string_to_array(part[3], ',') LOOP
			IF item LIKE '%:%' THEN
				result := result || (part[1] || ' ' || item || part[2])::timestamptz;
			ELSE
				FOR day IN split_part(item, '-', 1) .. split_part(item, '-', -1) LOOP
					result := result || (part[1] || '-' || day || ' ' || time_of_day || part[2])::timestamptz;
				END LOOP;
			END IF;
		END LOOP;
	END LOOP;
	RETURN result;
END $$;

-- Whether it is so: all instants, or the first of them where it goes on.
ALTER TABLE example ADD expected timestamptz[], ADD goes_on boolean;
UPDATE example SET expected = instants_of(instants, to_char(starts_at, 'HH24:MI')), goes_on = instants LIKE '%...';
SELECT n, title, cardinality(expected) AS instants,
	expected = ARRAY(SELECT rrule_occurrences(rule, starts_at, 'America/New_York', exdates => exdates, max => CASE WHEN goes_on THEN cardinality(expected) END)) AS as_the_rfc
FROM example ORDER BY n;

-- The rules come back as they are there, but for the order of their parts
SELECT n, rule FROM example ORDER BY n;

-- The last of those that have an end
SELECT n, rrule_last(rule, starts_at, 'America/New_York') = expected[cardinality(expected)] AS as_the_rfc FROM example WHERE NOT goes_on ORDER BY n;
SELECT count(*), count(rrule_last(rule, starts_at, 'America/New_York')) AS with_an_end FROM example WHERE goes_on;

-- Each instant follows from the one before it
SELECT count(*), bool_and(expected[i] = rrule_next(rule, starts_at, 'America/New_York', CASE WHEN i = 1 THEN '-infinity' ELSE expected[i - 1] END)) AS follows
FROM example, generate_subscripts(expected, 1) AS i;

-- And each window has what lies in it
SELECT count(*) AS windows, bool_and(ARRAY(SELECT rrule_occurrences(rule, starts_at, 'America/New_York', during)) = ARRAY(SELECT e FROM unnest(expected) AS e WHERE e <@ during)) AS same
FROM example, generate_subscripts(expected, 1) AS i,
	LATERAL (VALUES (tstzrange(expected[i], expected[i + 3], '[]')), (tstzrange(expected[i], expected[i + 3], '()')), (tstzrange(expected[i] - interval '1 s', expected[i + 2]))) AS w (during)
WHERE upper(during) IS NOT NULL;
