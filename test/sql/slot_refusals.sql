--
-- Why a slot cannot be booked: every reason, with its detail
--
CREATE SCHEMA regress_slot_refusals;
SET search_path = regress_slot_refusals, public;
SET timezone = 'UTC';
SET datestyle = 'ISO';

CREATE FUNCTION why(rules open_hours, taken busy, starts_at timestamptz, duration interval DEFAULT '30 min', at timestamptz DEFAULT '2026-03-01 00:00Z', notice interval DEFAULT NULL, horizon interval DEFAULT NULL, seats int DEFAULT NULL,
	max_per_day int DEFAULT NULL, step interval DEFAULT NULL, align interval DEFAULT NULL, before interval DEFAULT NULL, after interval DEFAULT NULL, during tstzrange DEFAULT NULL)
RETURNS TABLE (code text, detail jsonb) LANGUAGE SQL AS $$
	SELECT * FROM slot_refusals(rules, taken, starts_at, duration, step, align, before, after, notice, horizon, seats, max_per_day, at => at, during => during);
$$;
\set rules '\'UTC Mo-Fr 09:00-12:00,13:00-17:00\''

-- No row: it can be booked
SELECT * FROM why(:rules, '{}', '2026-03-02 09:00Z');
-- closed: all of it, at its end, in its middle
SELECT s, w.* FROM unnest('{2026-03-02 08:00Z,2026-03-02 08:45Z,2026-03-02 11:45Z,2026-03-01 10:00Z}'::timestamptz[]) AS s, why(:rules, NULL, s) AS w;
SELECT * FROM why(:rules, NULL, '2026-03-02 11:00Z', '3 hours');
SELECT * FROM why(NULL, NULL, '2026-03-02 11:00Z');
-- busy: its own time, with buffers of both
SELECT s, w.* FROM unnest('{2026-03-02 09:30Z,2026-03-02 10:00Z,2026-03-02 10:30Z,2026-03-02 11:00Z}'::timestamptz[]) AS s, why(:rules, '{[2026-03-02T10:10:00Z,2026-03-02T10:20:00Z)-5+5,[2026-03-02T10:25:00Z,2026-03-02T10:26:00Z)}', s) AS w;
SELECT s, w.* FROM unnest('{2026-03-02 09:30Z,2026-03-02 10:00Z,2026-03-02 10:30Z,2026-03-02 11:00Z}'::timestamptz[]) AS s, why(:rules, '{[2026-03-02T10:10:00Z,2026-03-02T10:20:00Z)-5+5}', s, before => '10 min', after => '20 min') AS w;
-- full: seats are counted; both, where somebody takes all besides
SELECT seats, w.* FROM generate_series(1, 4) AS seats, why('UTC 09:00-17:00 capacity 3', '{[2026-03-02T10:00:00Z,2026-03-02T10:15:00Z)(1),[2026-03-02T10:10:00Z,2026-03-02T10:40:00Z)(1)}', '2026-03-02 10:00Z', seats => seats) AS w;
SELECT * FROM why('UTC 09:00-17:00 capacity 3', '{[2026-03-02T10:00:00Z,2026-03-02T10:15:00Z)(3),[2026-03-02T10:10:00Z,2026-03-02T10:40:00Z)}', '2026-03-02 10:00Z');
-- too_soon, too_late
SELECT s, w.* FROM unnest('{2026-03-02 09:00Z,2026-03-02 09:30Z,2026-03-02 11:00Z,2026-03-02 11:30Z}'::timestamptz[]) AS s, why(:rules, NULL, s, at => '2026-03-02 09:00Z', notice => '30 min', horizon => '150 min') AS w;
SELECT s, w.* FROM unnest('{-infinity,infinity}'::timestamptz[]) AS s, why(:rules, NULL, '2026-03-02 09:00Z', at => s, horizon => '1 hour') AS w;
-- day_full: bookings with seats that start on the slot's local day
SELECT m, w.* FROM generate_series(0, 3) AS m, why('America/New_York 00:00-24:00 capacity 5', '{[2026-03-02T04:59:00Z,2026-03-02T06:00:00Z)(1),[2026-03-02T05:00:00Z,2026-03-02T06:00:00Z)(1),[2026-03-03T04:59:00Z,2026-03-03T06:00:00Z)(1),[2026-03-02T20:00:00Z,2026-03-02T21:00:00Z)}', '2026-03-02 15:00Z', max_per_day => m) AS w;
-- off_grid: the starts around it
SELECT s, w.* FROM unnest('{2026-03-02 09:10Z,2026-03-02 09:00:00.000001Z,2026-03-02 11:29Z}'::timestamptz[]) AS s, why(:rules, NULL, s) AS w;
SELECT s, w.* FROM unnest('{2026-03-02 10:10Z,2026-03-02 10:15Z,2026-03-02 10:45Z}'::timestamptz[]) AS s, why(:rules, '{[2026-03-02T09:00:00Z,2026-03-02T10:05:00Z)}', s, '45 min') AS w;
-- The grid begins with the earliest start, and with the window
SELECT * FROM why('UTC 24/7', NULL, '2026-03-02 09:10Z', '45 min', at => '2026-03-01 10:07Z', align => '0');
SELECT * FROM why('UTC 24/7', NULL, '2026-03-02 09:10Z', '45 min', at => '-infinity', align => '0', during => '[2026-03-02 08:25Z,2026-03-03)');
SELECT * FROM why('UTC 24/7', NULL, '2026-03-02 09:10Z', '45 min', at => '-infinity', align => '0', during => '[2026-03-02 08:26Z,2026-03-03)');
-- A stretch that began long ago
SELECT * FROM why('UTC 24/7', '{(,1999-03-07T10:11:00Z)}', '2026-03-02 09:10Z', '45 min', at => '-infinity', align => '0');
-- outside_window
SELECT d, w.* FROM unnest('{"[2026-03-02 09:00Z,2026-03-02 09:30Z)","(2026-03-02 09:00Z,)","(,2026-03-02 09:20Z)",empty,"(,)",NULL}'::tstzrange[]) AS d, why(:rules, NULL, '2026-03-02 09:00Z', during => d) AS w;
-- All of them, in their order
SELECT code FROM why('UTC Mo 09:00-10:00', '{[2026-03-02T09:00:00Z,2026-03-02T09:30:00Z),[2026-03-02T09:00:00Z,2026-03-02T09:30:00Z)(1)}', '2026-03-02 09:10Z', '1 hour', at => '2026-03-02 10:00Z', horizon => '1 hour', max_per_day => 1, during => '[2026-03-03,)');
SELECT code FROM why('UTC Mo 09:00-10:00', '{[2026-03-02T09:00:00Z,2026-03-02T09:05:00Z),[2026-03-02T09:30:00Z,2026-03-02T10:00:00Z)(1)}', '2026-03-02 09:10Z', '1 hour', at => '2026-03-01 10:00Z', horizon => '1 hour', max_per_day => 1);

-- In a select list, too
SELECT (slot_refusals(:rules, NULL, '2026-03-02 12:10Z', '30 min', at => '2026-03-01')).*;

-- Bad input
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
SELECT arguments, try(format('SELECT string_agg(code, '','') FROM slot_refusals(''UTC 24/7'', NULL, %s)', arguments)) FROM unnest(ARRAY[
	$$NULL, '1 hour'$$, $$'infinity', '1 hour'$$, $$'-infinity', '1 hour'$$, $$'0044-03-15 BC', '1 hour'$$, $$'9999-12-31 23:30Z', '1 hour'$$, $$'9999-12-31 23:00Z', '30 min', at => '9999-12-31'$$, $$'0001-01-01 00:00Z', '30 min', at => '-infinity'$$, $$'2026-03-02', NULL$$, $$'2026-03-02', '0'$$, $$'2026-03-02', '1 day'$$,
	$$'2026-03-02', '1 hour', step => '0'$$, $$'2026-03-02', '1 hour', align => '1 s'$$, $$'2026-03-02', '1 hour', seats => 0$$, $$'2026-03-02', '1 hour', max_per_day => -1$$, $$'2026-03-02', '1 hour', max_slots => -1$$, $$'2026-03-02', '1 hour', at => '2026-03-01', max_slots => 0$$,
	$$'2026-03-02', '1 hour', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL$$]) AS arguments;

RESET ALL;
SET client_min_messages = warning;
DROP SCHEMA regress_slot_refusals CASCADE;
