--
-- recurrence.sql
--		Occurrences of recurrence rules: what a zone with changes adds, a window
--		far from the start, the rows, and reading a rule.
--
-- rrule_last of a rule with COUNT walks over all of its occurrences in one
-- call, so that the server's own cost of a row is not measured.  A row of the
-- outer query is a thousand occurrences.  (recurrence_others.sh compares with
-- other engines.)
--
SET TimeZone = 'UTC';
CREATE TABLE starts AS SELECT timestamp '1990-01-01 09:00' + n * interval '1 minute' AS at FROM generate_series(1, :rows / 40) AS n;
CREATE TABLE texts AS SELECT format('FREQ=WEEKLY;INTERVAL=%s;BYDAY=MO,WE,FR', 1 + n % 9) AS t FROM generate_series(1, :rows) AS n;
VACUUM (FREEZE, ANALYZE) starts;
VACUUM (FREEZE, ANALYZE) texts;

SELECT bench.compare(format('recurrence: `%s`, 1,000 occurrences in a zone with changes against UTC', rule),
	format($$SELECT rrule_last('%s;COUNT=1000', at, 'America/New_York') FROM starts$$, rule),
	format($$SELECT rrule_last('%s;COUNT=1000', at, 'UTC') FROM starts$$, rule), 'slower', 2)
FROM unnest(ARRAY['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,WE,FR', 'FREQ=MONTHLY;BYDAY=-1FR', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2']) AS rule;

SELECT bench.compare(format('recurrence: `%s`, the window of a month 35 years after the start against the first month', rule),
	format($$SELECT (SELECT count(*) FROM rrule_occurrences('%s', at, 'America/New_York', '[2025-02-01,2025-03-01)')) FROM starts, generate_series(1, 4)$$, rule),
	format($$SELECT (SELECT count(*) FROM rrule_occurrences('%s', at, 'America/New_York', '[1990-02-01,1990-03-01)')) FROM starts, generate_series(1, 4)$$, rule), 'slower', 2)
FROM unnest(ARRAY['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,WE,FR', 'FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR', 'FREQ=HOURLY;INTERVAL=5', 'FREQ=YEARLY;BYMONTH=2;BYDAY=2MO']) AS rule;

SELECT bench.compare('recurrence: rows of `rrule_occurrences`, daily, against `generate_series` of local days',
	format($$SELECT rrule_occurrences('FREQ=DAILY', '1990-01-01 09:00', 'America/New_York', max => %s)$$, :rows),
	format($$SELECT generate_series(timestamp '1990-01-01 09:00', timestamp '1990-01-01 09:00' + %s * interval '1 day', interval '1 day') AT TIME ZONE 'America/New_York'$$, :rows - 1), 'slower', 1);

SELECT bench.compare('recurrence: reading a rule against reading as many bytes as `jsonb`',
	'SELECT t::rrule FROM texts', $$SELECT ('{"f":"' || substr(t, 9) || '"}')::jsonb FROM texts$$, 'faster', 0.8);

-- without anything beside it, for who wants to know the time itself
SELECT bench.each(format('recurrence: an occurrence of `%s`, local', rule),
	format($$SELECT rrule_last('%s;COUNT=1000', at, 'UTC') FROM starts$$, rule), 1000, target)
FROM (VALUES ('FREQ=DAILY', 200), ('FREQ=WEEKLY;BYDAY=MO,WE,FR', 200), ('FREQ=MONTHLY;BYDAY=-1FR', 1000), ('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2', 1000)) AS v (rule, target);

-- (from a column: a constant would be read once)
CREATE TABLE same_texts AS SELECT 'FREQ=DAILY' AS r1, 'FREQ=WEEKLY;BYDAY=MO,WE,FR' AS r2, 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;UNTIL=20261231T230000Z' AS r3 FROM generate_series(1, :rows);
VACUUM (FREEZE, ANALYZE) same_texts;
SELECT bench.each(format('recurrence: reading `%s`', rule), format('SELECT r%s::rrule FROM same_texts', n), 1, 1000)
FROM (SELECT * FROM same_texts LIMIT 1) AS s, unnest(ARRAY[r1, r2, r3]) WITH ORDINALITY AS r (rule, n);
