--
-- Free slots and the whole grid: where slots start, what limits them
--
CREATE SCHEMA regress_free_slots;
SET search_path = regress_free_slots, public;
SET timezone = 'UTC';
SET datestyle = 'ISO';

-- Starts as times of the day, of Monday, March 2, seen from the day before
CREATE FUNCTION starts(rules open_hours, taken busy, duration interval, step interval DEFAULT NULL, align interval DEFAULT NULL, during tstzrange DEFAULT '[2026-03-02 00:00Z,2026-03-03 00:00Z)',
	at timestamptz DEFAULT '2026-03-01 00:00Z', notice interval DEFAULT NULL, horizon interval DEFAULT NULL, seats int DEFAULT 1)
RETURNS text LANGUAGE SQL AS $$
	SELECT string_agg(to_char(starts_at, 'HH24:MI'), ' ' ORDER BY n) FROM free_slots(rules, taken, during, duration, step, align, notice => notice, horizon => horizon, seats => seats, at => at) WITH ORDINALITY AS s (starts_at, ends_at, seats_left, n);
$$;
CREATE FUNCTION day(periods text) RETURNS busy LANGUAGE SQL AS $$
	SELECT ('{' || coalesce(string_agg(regexp_replace(p, '^(.*)-(..:..)(.*)$', '[2026-03-02T\1:00Z,2026-03-02T\2:00Z)\3'), ','), '') || '}')::busy FROM unnest(string_to_array(periods, ' ')) AS p WHERE p <> '';
$$;

-- ---------------------------------------------------------------------
-- where slots start
-- ---------------------------------------------------------------------

-- The step is the duration; the slot ends in the stretch, also just so
SELECT duration, starts('UTC Mo 09:00-11:00', NULL, duration) FROM unnest('{30 min,1 hour,2 hours,2:00:01,45 min,25 min}'::interval[]) AS duration;
SELECT step, starts('UTC Mo 09:00-11:00', NULL, '1 hour', step) FROM unnest('{15 min,30 min,20 min,1 hour,7 min}'::interval[]) AS step;
-- By default the largest of 60, 30, 20, 15, 10, 5 minutes that divides the step; else none, and slots are packed
SELECT step, starts('UTC Mo 09:02-11:30', NULL, '30 min', step) FROM unnest('{2 hours,1 hour,90 min,30 min,40 min,20 min,45 min,15 min,50 min,25 min,7 min}'::interval[]) AS step;
SELECT align, starts('UTC Mo 09:02-11:30', NULL, '30 min', '30 min', align) FROM unnest('{0,1 min,5 min,15 min,1 hour,7 min,2 hours,24 hours}'::interval[]) AS align;
-- After each booking the grid begins anew
SELECT taken, starts('UTC Mo 09:00-12:00', day(taken), '45 min'), starts('UTC Mo 09:00-12:00', day(taken), '45 min', align => '0') FROM unnest(ARRAY['09:00-09:10', '10:00-10:20', '09:45-10:30 11:00-11:01']) AS taken;
-- Rounded up to the minute, also without align
SELECT starts_at FROM free_slots('UTC Mo 09:00-10:00', '{[2026-03-02T09:00:00Z,2026-03-02T09:10:00.000001Z)}', '[2026-03-02,2026-03-03)', '20 min', align => '0', at => '2026-03-01');
SELECT starts_at FROM free_slots('UTC Mo 09:00-10:00', NULL, '[2026-03-02 09:10:30Z,2026-03-03)', '20 min', align => '0', at => '2026-03-01');
-- A multiple of align from midnight; the next midnight is one, too
SELECT starts('UTC 20:30-02:00', NULL, '30 min', '30 min', '7 hours', during => '[2026-03-02 12:00Z,2026-03-03 12:00Z)'), starts('UTC 21:30-02:00', NULL, '30 min', '30 min', '7 hours', during => '[2026-03-02 12:00Z,2026-03-03 12:00Z)');
-- Touching periods are one stretch
SELECT starts('UTC Mo 09:00-10:15,10:15-11:00', NULL, '30 min'), starts('UTC Mo 09:00-10:15,10:16-11:00', NULL, '30 min');
-- The window cuts, and its buffers may lie outside
SELECT starts('UTC Mo 09:00-17:00', NULL, '30 min', during => '[2026-03-02 10:10Z,2026-03-02 11:45Z)'), starts('UTC Mo 09:00-17:00', NULL, '45 min', during => '[2026-03-02 10:10Z,2026-03-02 12:30Z)');
SELECT string_agg(to_char(starts_at, 'HH24:MI'), ' ' ORDER BY starts_at) FROM free_slots('UTC Mo 09:00-11:00', day('11:00-12:00-10 08:00-09:00'), '[2026-03-02,2026-03-03)', '30 min', '10 min', buffer_before => '10 min', buffer_after => '10 min', at => '2026-03-01');

-- On the wall clock of the rule's zone
SELECT zone, string_agg(to_char(starts_at, 'HH24:MI'), ' ' ORDER BY starts_at) FROM unnest('{Asia/Kolkata,Asia/Kathmandu,America/St_Johns,UTC}'::text[]) AS zone, free_slots((zone || ' 09:20-12:00')::open_hours, NULL, '[2026-03-02,2026-03-03)', '1 hour', at => '2026-03-01') GROUP BY zone ORDER BY zone;
-- The hour that the clocks leave out, and the hour that comes twice: steps are elapsed time
SELECT to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'HH24:MI') AS wall, starts_at FROM free_slots('Europe/Berlin 01:20-04:30', NULL, '[2026-03-28 22:00Z,2026-03-29 12:00Z)', '1 hour', '30 min', at => '2026-03-01');
SELECT to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'HH24:MI') AS wall, starts_at FROM free_slots('Europe/Berlin 01:20-04:00', NULL, '[2026-10-24 22:00Z,2026-10-25 12:00Z)', '1 hour', '1 hour', at => '2026-03-01');
-- Rounding into the gap goes to the next multiple that the clock shows: Lord Howe's half hour leaves out two o'clock
SELECT to_char(starts_at AT TIME ZONE 'Australia/Lord_Howe', 'HH24:MI') AS wall, starts_at FROM free_slots('Australia/Lord_Howe 01:50-05:00', NULL, '[2026-10-03 12:00Z,2026-10-04 12:00Z)', '1 hour', at => '2026-03-01');
-- And into the hour that comes twice: the second two o'clock is one
SELECT to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'HH24:MI') AS wall, starts_at FROM free_slots('Europe/Berlin 01:00-04:00', '{[2026-10-24T23:00:00Z,2026-10-25T00:10:00Z)}', '[2026-10-24 22:00Z,2026-10-25 12:00Z)', '1 hour', at => '2026-03-01');
-- Rules of two zones: that of the rule that is open where the stretch begins
SELECT to_char(starts_at, 'HH24:MI') AS utc FROM free_slots('Asia/Kolkata 2026-03-02 10:00-12:00; UTC 2026-03-02 06:30-09:00', '{[2026-03-02T07:05:00Z,2026-03-02T07:10:00Z)}', '[2026-03-02,2026-03-03)', '1 hour', at => '2026-03-01');

-- ---------------------------------------------------------------------
-- notice, horizon, a day's limit
-- ---------------------------------------------------------------------

SELECT at, notice, starts('UTC Mo 09:00-11:00', NULL, '30 min', at => at, notice => notice) FROM (VALUES (timestamptz '2026-03-02 09:30Z', interval '0'), ('2026-03-02 09:30:00.000001Z', '0'), ('2026-03-02 09:10Z', '20 min'), ('2026-03-02 09:10Z', '21 min'),
	('2026-03-02 10:30Z', '0'), ('2026-03-02 10:31Z', '0'), ('-infinity', '1 hour'), ('infinity', '1 hour'), ('2026-03-01 09:00Z', '24:30')) AS t (at, notice);
SELECT horizon, starts('UTC Mo 09:00-11:00', NULL, '30 min', at => '2026-03-02 09:00Z', horizon => horizon) FROM unnest('{0,1 s,30 min,30:01,5 hours,NULL}'::interval[]) AS horizon;
SELECT starts('UTC Mo 09:00-11:00', NULL, '45 min', align => '0', at => '2026-03-02 09:07:30Z');

-- A local day on which so many bookings with seats start has no slots that start on it
SELECT max_per_day, string_agg(to_char(starts_at AT TIME ZONE 'America/New_York', 'DD HH24:MI'), ' ' ORDER BY starts_at) FROM (VALUES (0), (1), (2), (3), (NULL)) AS t (max_per_day), free_slots('America/New_York Mo-We 22:00-01:00 capacity 9',
	'{[2026-03-03T04:30:00Z,2026-03-03T05:00:00Z)(1),[2026-03-02T12:00:00Z,2026-03-02T13:00:00Z)(1),[2026-03-03T05:00:00Z,2026-03-03T05:30:00Z)(1),[2026-03-04T16:00:00Z,2026-03-04T17:00:00Z)}', '[2026-03-03 00:00Z,2026-03-05)', '1 hour', max_per_day => max_per_day, at => '2026-03-01') GROUP BY max_per_day ORDER BY max_per_day;

-- ---------------------------------------------------------------------
-- seats, max_slots, the whole grid
-- ---------------------------------------------------------------------

SELECT to_char(starts_at, 'HH24:MI') AS starts_at, seats_left FROM free_slots('UTC Mo 09:00-12:00 capacity 4', day('09:30-10:30(1) 10:00-10:10(2) 11:00-11:30(4)'), '[2026-03-02,2026-03-03)', '30 min', '15 min', at => '2026-03-01');
SELECT to_char(starts_at, 'HH24:MI') AS starts_at, seats_left FROM free_slots('UTC Mo 09:00-10:00 capacity 4; UTC Mo 10:00-11:00 capacity 2', NULL, '[2026-03-02,2026-03-03)', '30 min', '15 min', at => '2026-03-01');
SELECT seats, starts('UTC Mo 09:00-12:00 capacity 4', day('09:30-10:30(1) 10:00-10:10(2)'), '1 hour', '30 min', seats => seats) FROM generate_series(1, 5) AS seats;
SELECT max_slots, count(*), max(starts_at) FROM (VALUES (0), (1), (3), (NULL)) AS t (max_slots), free_slots('UTC 09:00-12:00', NULL, '[2026-03-02,2026-03-04)', '1 hour', max_slots => max_slots, at => '2026-03-01') GROUP BY max_slots ORDER BY 1;

SELECT to_char(starts_at, 'HH24:MI') AS starts_at, to_char(ends_at, 'HH24:MI') AS ends_at, seats_left, refusal FROM slots('UTC Mo 09:00-12:00', day('10:10-10:40'), '[2026-03-02,2026-03-03)', '30 min', at => '2026-03-02 09:20Z', horizon => '2 hours');
SELECT to_char(starts_at, 'HH24:MI') AS starts_at, seats_left, refusal FROM slots('UTC Mo 09:00-13:00 capacity 2', day('09:30-10:10(1) 09:45-10:10(1) 11:50-12:00'), '[2026-03-02,2026-03-03)', '45 min', at => '2026-03-01');
-- Off the grid: a stretch begins, but its first start comes later
SELECT to_char(starts_at, 'HH24:MI') AS starts_at, refusal FROM slots('UTC Mo 09:00-12:00', day('09:40-10:10'), '[2026-03-02,2026-03-03)', '10 min', '20 min', '30 min', at => '2026-03-01');
SELECT to_char(starts_at, 'DD HH24:MI') AS starts_at, refusal FROM slots('UTC Mo-Tu 09:00-10:00', day('09:00-09:30(1)'), '[2026-03-02,2026-03-04)', '30 min', max_per_day => 1, at => '2026-03-01');

-- What can be booked of the whole grid is what is free, and each of the others has its reasons, over random days; the seed is 0.14
CREATE TABLE random AS SELECT setseed(0.14) IS NULL AS none;
CREATE TABLE trial AS SELECT n, ('{America/New_York,Europe/Berlin,Asia/Kolkata,Australia/Lord_Howe,Europe/Dublin,Africa/Casablanca,America/St_Johns,Pacific/Apia,UTC}'::text[])[1 + n % 9] AS zone,
	(5 + (random() * 20)::int * 5) * interval '1 min' AS duration, ('{5 min,7 min,15 min,20 min,45 min,1 hour,NULL}'::interval[])[1 + (random() * 6)::int] AS step,
	('{0,5 min,15 min,30 min,1 hour,3 hours,NULL}'::interval[])[1 + (random() * 6)::int] AS align,
	(random() * 4)::int * 5 * interval '1 min' AS before, (random() * 4)::int * 5 * interval '1 min' AS after, 1 + (random() * 1.5)::int AS seats,
	timestamptz '2026-03-27 00:00Z' + (random() * 10000)::int * interval '1 min' AS at, (random() * 300)::int * interval '1 min' AS notice, nullif((random() * 10)::int, 0) * interval '24 hours' AS horizon, nullif((random() * 4)::int, 0) AS max_per_day FROM generate_series(1, 90) AS n;
CREATE TABLE input AS SELECT t.*, format('%s %s:%s-%s:00 capacity %s; Su 00:00-04:00', zone, (random() * 9)::int + 1, lpad((random() * 59)::int::text, 2, '0'), 13 + (random() * 11)::int, 1 + (random() * 2)::int)::open_hours AS rules, b FROM trial t,
	LATERAL (SELECT busy_agg(s, s + (1 + (random() * 12)::int) * interval '5 min', (random() * 2)::int * 5, (random() * 2)::int * 5, nullif((random() * 3 + t.n * 0)::int, 0)) AS b
		FROM (SELECT timestamptz '2026-03-27 00:00Z' + (random() * 12000 + t.n * 0)::int * interval '1 min' AS s FROM generate_series(1, 60)) AS x) AS y;
CREATE TABLE grid AS SELECT n, s.* FROM input, slots(rules, b, '[2026-03-27 00:00Z,2026-04-03 12:34:56Z)', duration, step, align, before, after, notice, horizon, seats, max_per_day, at => at) AS s;
CREATE TABLE free AS SELECT n, s.* FROM input, free_slots(rules, b, '[2026-03-27 00:00Z,2026-04-03 12:34:56Z)', duration, step, align, before, after, notice, horizon, seats, max_per_day, at => at) AS s;
SELECT count(*) > 1000 AS many, count(*) FILTER (WHERE f IS NULL OR g IS NULL OR g.refusal IS NOT NULL) AS differ FROM (SELECT * FROM grid WHERE refusal IS NULL) AS g FULL JOIN free AS f USING (n, starts_at, ends_at, seats_left);
SELECT refusal FROM grid GROUP BY refusal ORDER BY refusal;
-- the first reason is that of slot_refusals
SELECT count(*) AS differ FROM grid JOIN input USING (n) WHERE n % 3 = 0 AND refusal IS DISTINCT FROM (SELECT code FROM slot_refusals(rules, b, starts_at, duration, step, align, before, after, notice, horizon, seats, max_per_day, at => at, during => '[2026-03-27 00:00Z,2026-04-03 12:34:56Z)') LIMIT 1);
-- and a start between those that are free has a reason, too
SELECT count(*) AS differ FROM free JOIN input USING (n), generate_series(1, 4) AS m WHERE n % 5 = 0 AND NOT EXISTS (SELECT FROM free f WHERE f.n = free.n AND f.starts_at = free.starts_at + m * interval '1 min')
	AND NOT EXISTS (SELECT FROM slot_refusals(rules, b, starts_at + m * interval '1 min', duration, step, align, before, after, notice, horizon, seats, max_per_day, at => at, during => '[2026-03-27 00:00Z,2026-04-03 12:34:56Z)'));

-- ---------------------------------------------------------------------
-- the planner, select lists, bad input
-- ---------------------------------------------------------------------

SELECT (free_slots('UTC 24/7', NULL, '[2026-03-02,2126-03-01)', '5 min', at => '2026-03-01')).* LIMIT 2;
SELECT count(*) FROM free_slots('UTC 24/7', NULL, '[2026-03-02,2126-03-01)', '5 min', at => '2026-03-01', max_slots => 2);
-- now() is the default, and null is the default
SELECT count(*) FROM free_slots('UTC 24/7', NULL, tstzrange(now() - interval '1 hour', now() + interval '1 hour'), '1 min') WHERE starts_at < now();
SELECT count(*) FROM free_slots('UTC 24/7', NULL, tstzrange(now() - interval '1 hour', now() + interval '1 hour'), '1 min', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) WHERE starts_at < now();
-- A window without a start begins with the earliest start, one without an end goes on to the horizon
SELECT during, min(starts_at), max(starts_at), count(*) FROM unnest('{"(,2026-03-02 12:00Z)","[2026-03-02 10:00Z,)","(,)",NULL}'::tstzrange[]) AS during, free_slots('UTC 24/7', NULL, during, '1 hour', notice => '90 min', horizon => '12 hours', at => '2026-03-02 00:00Z') GROUP BY during ORDER BY during;

CREATE FUNCTION try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
	result text;
BEGIN
	EXECUTE query INTO result;
	RETURN 'ok: ' || coalesce(result, 'null');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(detail, ''), nullif(hint, ''));
END $$;
SELECT arguments, try(format('SELECT count(*) FROM free_slots(''UTC 24/7'', NULL, ''[2026-03-02,2026-03-03)'', at => ''2026-03-01'', %s)', arguments)) FROM unnest(ARRAY[
	$$duration => NULL$$, $$duration => '0'$$, $$duration => '-1 hour'$$, $$duration => '1 day'$$, $$duration => '1 month'$$, $$duration => '1 day -24 hours'$$, $$duration => '1000000 hours'$$, $$duration => '0.000001 s', max_slots => 3$$, $$duration => '24 hours'$$, $$duration => '24:00:01'$$,
	$$duration => '1 hour', step => '0'$$, $$duration => '1 hour', step => '-1 s'$$, $$duration => '1 hour', step => '1 day'$$, $$duration => '1 hour', align => '-1 min'$$, $$duration => '1 hour', align => '90 s'$$, $$duration => '1 hour', align => '25 hours'$$, $$duration => '1 hour', align => '1 day'$$,
	$$duration => '1 hour', buffer_before => '-1 min'$$, $$duration => '1 hour', buffer_after => '1 day'$$, $$duration => '1 hour', notice => '-1 min'$$, $$duration => '1 hour', notice => '1 day'$$, $$duration => '1 hour', horizon => '30 days'$$, $$duration => '1 hour', horizon => '-1 s'$$,
	$$duration => '1 hour', seats => 0$$, $$duration => '1 hour', seats => 2$$, $$duration => '1 hour', max_per_day => -1$$, $$duration => '1 hour', max_slots => -1$$]) AS arguments;
SELECT during, try(format('SELECT count(*) FROM free_slots(''UTC 24/7'', NULL, %L, ''1 hour'', at => ''2026-03-01'', max_slots => 5)', during)) FROM unnest(ARRAY[NULL, 'empty', '(,)', '[2026-03-02,)', '(,2026-03-02)', '[2026-03-02,infinity)', '[2026-03-02,2126-03-03)', '[2026-03-02,2126-03-04)', '[-infinity,infinity)', '[9999-12-31,20000-01-01)']) AS during;
SELECT try('SELECT count(*) FROM free_slots(NULL, NULL, NULL, ''1 hour'', horizon => ''24 hours'')'), try('SELECT count(*) FROM free_slots(NULL, ''{(,)}'', ''[2026-03-02,2026-03-03)'', ''1 hour'')');

-- How many rows the planner expects
CREATE FUNCTION rows_of(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
	RETURN plan->0->'Plan'->>'Plan Rows';
END $$;
SELECT rows_of($$SELECT * FROM free_slots(NULL, NULL, '[2026-03-02,2026-03-09)', '30 min')$$) AS week, rows_of($$SELECT * FROM free_slots(NULL, NULL, tstzrange(now(), now() + '7 days'), '30 min', '15 min')$$) AS step,
	rows_of($$SELECT * FROM free_slots(NULL, NULL, '[2026-03-02,2026-03-09)', '30 min', max_slots => 5)$$) AS max_slots, rows_of($$SELECT * FROM slots(NULL, NULL, '[2026-03-02,2026-03-09)', '30 min')$$) AS grid,
	rows_of($$SELECT * FROM free_periods(NULL, NULL, '[2026-03-02,2026-03-09)')$$) AS periods, rows_of($$SELECT * FROM free_slots(NULL, NULL, '[2026-03-02,2126-03-09)', '30 min', horizon => '168 hours')$$) AS horizon,
	rows_of($$SELECT * FROM free_slots(NULL, NULL, 'empty', '30 min')$$) AS nothing;

-- Long work can be cancelled
SET statement_timeout = '50ms';
SELECT count(*) FROM free_slots('UTC 24/7', NULL, '[2026-03-02,2126-03-01)', '0.000001 s', at => '2026-03-01') WHERE seats_left > 1;
SELECT count(*) FROM free_slots('UTC 24/7', '{[2026-03-02T00:00:00Z,2026-03-02T00:00:01Z)}', '[2026-03-02,2126-03-01)', '0.000001 s', max_per_day => 0, at => '2026-03-01');

-- An opening of a hundred years whose zones take turns
SET statement_timeout = '60s';
SELECT count(*), count(*) FILTER (WHERE refusal = 'busy') FROM slots('UTC 00:00-12:00; Africa/Abidjan 12:00-24:00', '{[2000-01-01T00:00:00Z,2098-01-01T00:00:00Z)}', '[2000-01-01,2099-01-01)', '1 hour', at => '2000-01-01');
RESET statement_timeout;

RESET ALL;
SET client_min_messages = warning;
DROP SCHEMA regress_free_slots CASCADE;
