--
-- series.sql
--		Time zones and series: a local time's instant against AT TIME ZONE, the
--		changes of a zone's clocks, and the copies of an appointment against what
--		one writes without appointment_series.
--
SET TimeZone = 'UTC';
CREATE TABLE locals AS SELECT timestamp '2020-01-01 00:10' + n * interval '17 minutes' AS at, (ARRAY['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'])[1 + n % 4] AS zone
	FROM generate_series(1, :rows) AS n;
CREATE TABLE plans AS SELECT appointment_from_row(r) AS a, to_jsonb(r) AS j, r.starts_at AT TIME ZONE r.time_zone AS local
	FROM (SELECT 'app_' || n AS id, 'scheduled' AS status, t AS starts_at, t + interval '45 minutes' AS ends_at, 'Europe/Berlin' AS time_zone, 'pra_' || n % 50 AS practitioner_id, 'rom_' || n % 20 AS room_id, 'cli_' || n AS client_id
		FROM (SELECT n, timestamptz '2026-01-05 08:00Z' + n * interval '1 hour' AS t FROM generate_series(1, :rows / 200) AS n) AS x) AS r;
VACUUM (FREEZE, ANALYZE) locals;
VACUUM (FREEZE, ANALYZE) plans;

SELECT bench.compare('zones: `zone_instant`, one zone, against `AT TIME ZONE`',
	$$SELECT zone_instant(at, 'Europe/Berlin') FROM locals$$, $$SELECT at AT TIME ZONE 'Europe/Berlin' FROM locals$$, 'slower', 1.2);
SELECT bench.compare('zones: the same, a column of zones',
	$$SELECT zone_instant(at, zone) FROM locals$$, $$SELECT at AT TIME ZONE zone FROM locals$$, 'slower', 1.2);
SELECT bench.compare('zones: `zone_transitions`, ten years, against looking at each hour',
	$$SELECT count(*) FROM generate_series(1, 3) AS i, zone_transitions('Europe/Berlin', tstzrange(timestamptz '2020-01-01' + i * interval '1 hour', '2030-01-01'))$$,
	$$SELECT count(*) FROM generate_series(1, 3) AS i, LATERAL (SELECT h, h AT TIME ZONE 'Europe/Berlin' - h AT TIME ZONE 'UTC' <> lag(h AT TIME ZONE 'Europe/Berlin' - h AT TIME ZONE 'UTC') OVER (ORDER BY h) AS changes
		FROM generate_series(timestamptz '2020-01-01' + i * interval '1 hour', '2030-01-01', interval '1 hour') AS h) AS hours WHERE changes$$, 'faster', 100);

SELECT bench.compare('series: 50 copies by `appointment_series` against `appointment_set` of id, start and end',
	$$SELECT s FROM plans, appointment_series(a, 'FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=50') AS s$$,
	$$SELECT appointment_set(appointment_set(appointment_set(a, 'id', to_jsonb(gen_random_uuid()::text)), 'ends_at', to_jsonb(t + interval '45 minutes')), 'starts_at', to_jsonb(t))
		FROM plans, rrule_occurrences('FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=50', local, 'Europe/Berlin') AS t$$, 'faster', 2);
SELECT bench.compare('series: the same against a `jsonb` document with another id, start and end',
	$$SELECT s FROM plans, appointment_series(a, 'FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=50') AS s$$,
	$$SELECT j || jsonb_build_object('id', gen_random_uuid(), 'starts_at', t, 'ends_at', t + interval '45 minutes', 'local_starts_at', t AT TIME ZONE 'Europe/Berlin', 'recurrence', '{"rule":"FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=50"}'::jsonb)
		FROM plans, rrule_occurrences('FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=50', local, 'Europe/Berlin') AS t$$, 'slower', 1);
