--
-- Free periods: open hours against what is busy, with buffers and seats
--
CREATE SCHEMA regress_free_periods;
SET search_path = regress_free_periods, public;
SET timezone = 'UTC';
SET datestyle = 'ISO';

-- What is free on Monday, March 2, as times of the day
CREATE FUNCTION free(rules open_hours, taken busy, before interval DEFAULT '0', after interval DEFAULT '0', seats int DEFAULT 1,
	during tstzrange DEFAULT '[2026-03-02 00:00Z,2026-03-03 00:00Z)')
RETURNS text LANGUAGE SQL AS $$
	SELECT string_agg(to_char(starts_at, 'HH24:MI') || '-' || to_char(ends_at, 'HH24:MI'), ' ' ORDER BY starts_at) FROM free_periods(rules, taken, during, before, after, seats);
$$;
-- A busy value of one day: '09:00-10:00 11:00-12:00(2)' with minutes before and after
CREATE FUNCTION day(periods text) RETURNS busy LANGUAGE SQL AS $$
	SELECT ('{' || coalesce(string_agg(regexp_replace(p, '^(.*)-(..:..)(.*)$', '[2026-03-02T\1:00Z,2026-03-02T\2:00Z)\3'), ','), '') || '}')::busy FROM unnest(string_to_array(periods, ' ')) AS p WHERE p <> '';
$$;

-- Nobody busy; busy in the middle, at the edges, beyond them, all day; touching and overlapping periods are one
SELECT taken, free('UTC Mo 09:00-17:00', day(taken)) FROM unnest(ARRAY[NULL, '', '12:00-13:00', '09:00-10:00', '16:00-17:00', '08:00-10:00', '16:00-18:00', '08:00-18:00', '09:00-17:00',
	'07:00-09:00', '17:00-18:00', '10:00-11:00 11:00-12:00', '10:00-12:00 11:00-13:00 11:30-12:30', '10:00-14:00 11:00-12:00', '10:00-10:01', '16:59-17:00']) AS taken;
-- Null rules are closed, null busy is nobody busy, an empty window has nothing
SELECT free(NULL, NULL), free('UTC Mo 09:00-17:00', NULL), free('UTC Tu 09:00-17:00', NULL), free('UTC Mo 09:00-17:00', NULL, during => 'empty');
-- A period without a start or an end
SELECT free('UTC Mo 09:00-17:00', '{(,2026-03-02T10:00:00Z),[2026-03-02T16:00:00Z,)}'), free('UTC Mo 09:00-17:00', '{(,)}'), free('UTC Mo 09:00-17:00', '{(,2026-03-02T09:00:00Z)}');
-- Only within the window
SELECT free('UTC Mo 09:00-17:00', day('12:00-13:00'), during => '[2026-03-02 09:30Z,2026-03-02 12:30Z)'), free('UTC Mo 09:00-17:00', day('12:00-13:00'), during => '[2026-03-02 12:00Z,2026-03-02 13:00Z)');

-- Buffers stack: those of what is busy, and those of the new booking, which change sides
SELECT before, after, free('UTC Mo 09:00-17:00', day('12:00-13:00-10+20'), before, after) FROM (VALUES ('0'::interval, '0'::interval), ('5 min', '0'), ('0', '7 min'), ('5 min', '7 min')) AS b (before, after);
-- They may lie outside of open hours and of the window, but what is busy there counts
SELECT free('UTC Mo 09:00-17:00', day('08:00-09:00 17:00-18:00'), '15 min', '30 min'), free('UTC Mo 09:00-17:00', NULL, '15 min', '30 min'),
	free('UTC Mo 09:00-17:00', day('09:00-10:00'), '15 min', '0', during => '[2026-03-02 10:00Z,2026-03-02 12:00Z)'), free('UTC Mo 09:00-17:00', day('08:00-08:30+45'));
-- The longest buffer reaches back most, whatever starts first
SELECT free('UTC Mo 09:00-17:00', day('15:00-15:30-240 12:00-12:30 16:00-16:30-5')), free('UTC Mo 09:00-17:00', day('08:00-08:30+600 12:00-12:30'));

-- Seats: the sum of all at one instant, with those that are wanted, must not exceed the capacity
SELECT seats, free('UTC Mo 09:00-17:00 capacity 3', day('09:00-12:00(1) 10:00-11:00(1) 10:30-13:00(1) 14:00-15:00(3) 15:30-16:00'), seats => seats) FROM generate_series(1, 4) AS seats;
-- Two that end and begin at one instant are never there at once
SELECT free('UTC Mo 09:00-17:00 capacity 2', day('10:00-11:00(2) 11:00-12:00(1)')), free('UTC Mo 09:00-17:00 capacity 2', day('10:00-11:00(1) 11:00-12:00(1)'), seats => 2);
-- Nor by the new one's buffers: it holds 09:00-12:00 with one of them at a time
SELECT free('UTC Mo 09:00-17:00 capacity 2', day('09:00-10:00(1) 11:00-12:00(1)'), '1 hour', '1 hour'), free('UTC Mo 09:00-17:00 capacity 2', day('09:00-10:00-0+60(1) 11:00-12:00(1)'), '1 hour', '1 hour'),
	free('UTC Mo 09:00-17:00 capacity 2', day('09:00-10:00+60(1) 11:00-12:00-60(1)'));
-- Capacity that changes: touching periods are one, wherever it suffices
SELECT seats, free('UTC Mo 09:00-12:00 capacity 2; UTC Mo 12:00-14:00 capacity 4; UTC Mo 14:00-17:00', day('11:00-13:00(2)'), seats => seats) FROM generate_series(1, 4) AS seats;

-- Longer than a piece of the walk: a year, also with a week between bookings
SELECT count(*), min(starts_at), max(ends_at), sum(ends_at - starts_at) FROM free_periods('UTC 24/7', NULL, '[2026-01-01 00:00Z,2027-01-01 00:00Z)');
SELECT count(*), min(starts_at), max(ends_at), sum(ends_at - starts_at) FROM free_periods('UTC 24/7', (SELECT busy_agg(t, t + '1 hour') FROM generate_series(timestamptz '2026-01-01 00:00Z', '2027-01-01 00:00Z', '7 days') AS t), '[2026-01-01 00:00Z,2027-01-01 00:00Z)');

-- Against instants: every ten minutes of some weeks, random bookings, buffers, seats
CREATE TABLE random AS SELECT setseed(0.14) IS NULL AS none;
CREATE TABLE trial AS SELECT n, (random() * 6)::int * 10 AS before, (random() * 6)::int * 10 AS after, 1 + (random() * 2)::int AS seats,
	format('UTC Mo-Fr 08:00-12:00,13:00-18:00 capacity %s; Mo-Sa 10:00-14:00 capacity %s; We 13:00-15:00 off', 1 + (random() * 3)::int, 1 + (random() * 3)::int)::open_hours AS rules FROM generate_series(1, 60) AS n;
CREATE TABLE taken AS SELECT n, timestamptz '2026-03-02 00:00Z' + (random() * 1000)::int * interval '10 min' AS starts_at, (1 + (random() * 12)::int) * interval '10 min' AS length,
	(random() * 4)::int * 10 AS before, (random() * 4)::int * 10 AS after, nullif((random() * 3)::int, 0) AS seats FROM trial, generate_series(1, 30);
CREATE TABLE busy_of AS SELECT n, busy_agg(starts_at, starts_at + length, before, after, seats) AS b FROM taken GROUP BY n;
CREATE TABLE instants AS SELECT t.n, i, o.capacity - t.seats AS may_be_taken FROM trial t, open_periods(rules, '[2026-03-02,2026-03-09)') AS o, generate_series(o.starts_at, o.ends_at - interval '10 min', '10 min') AS i;
CREATE TABLE held AS SELECT n, i, sum(coalesce(seats, 1000)) AS seats FROM taken, generate_series(starts_at - before * interval '1 min', starts_at + length + (after - 10) * interval '1 min', '10 min') AS i GROUP BY 1, 2;
WITH expected AS (
	SELECT i.n, i.i FROM instants i JOIN trial t USING (n) WHERE i.may_be_taken >= coalesce((SELECT max(h.seats) FROM held h WHERE h.n = i.n AND h.i >= i.i - t.before * interval '1 min' AND h.i <= i.i + t.after * interval '1 min'), 0)),
found AS (
	SELECT t.n, i FROM trial t JOIN busy_of USING (n), free_periods(rules, b, '[2026-03-02,2026-03-09)', before * interval '1 min', after * interval '1 min', seats) AS f, generate_series(f.starts_at, f.ends_at - interval '10 min', '10 min') AS i)
SELECT count(*) > 1000 AS many, count(*) FILTER (WHERE e.n IS NULL OR f.n IS NULL) AS differ FROM expected e FULL JOIN found f USING (n, i);

-- The same in a select list, where a limit stops it
SELECT (free_periods('UTC Mo-Fr 09:00-12:00,13:00-17:00', NULL, '[2026-03-02,2026-03-09)')).* LIMIT 3;

-- Bad input in each argument
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
SELECT arguments, try(format('SELECT count(*) FROM free_periods(hours => ''UTC 24/7'', busy => NULL, %s)', arguments)) FROM unnest(ARRAY[
	$$during => NULL$$, $$during => '(,)'$$, $$during => '[2026-03-02,)'$$, $$during => '(,2026-03-02)'$$, $$during => '[2026-03-02,infinity)'$$, $$during => '[-infinity,2026-03-02)'$$, $$during => '[2026-03-02,2126-03-03)'$$,
	$$during => '[2026-03-02,2126-03-04)'$$, $$during => '[4713-01-01 BC,0001-01-02 BC)'$$, $$during => '[9999-12-31,20000-01-01)'$$,
	$$during => '[2026-03-02,2026-03-03)', buffer_before => '-1 s'$$, $$during => '[2026-03-02,2026-03-03)', buffer_before => '1 day'$$, $$during => '[2026-03-02,2026-03-03)', buffer_after => '1 month'$$,
	$$during => '[2026-03-02,2026-03-03)', buffer_after => '1000000 hours'$$, $$during => '[2026-03-02,2026-03-03)', buffer_before => NULL, buffer_after => NULL, seats => NULL$$,
	$$during => '[2026-03-02,2026-03-03)', seats => 0$$, $$during => '[2026-03-02,2026-03-03)', seats => -1$$, $$during => '[2026-03-02,2026-03-03)', seats => 2147483647$$]) AS arguments;

-- A million bookings, and only those of the window are looked at
CREATE TEMP TABLE large AS SELECT busy_agg(timestamptz '2000-01-01 00:00Z' + g * interval '10 min', timestamptz '2000-01-01 00:05Z' + g * interval '10 min') AS b FROM generate_series(1, 1000000) g;
SET statement_timeout = '30s';
SELECT count(*), sum(ends_at - starts_at) FROM large, free_periods('UTC 09:00-10:00', b, '[2018-03-02,2018-03-03)');
SELECT count(*), sum(ends_at - starts_at) FROM large, free_periods('UTC 24/7', b, '[2000-01-01,2020-01-01)');
-- Long work can be cancelled
SET statement_timeout = '50ms';
SELECT count(*) FROM large, generate_series(1, 1000), free_periods('UTC 24/7', b, '[2000-01-01,2020-01-01)');

RESET ALL;
SET client_min_messages = warning;
DROP SCHEMA regress_free_periods CASCADE;
