--
-- availability.sql
--		Free slots of one, of some and of all providers: against what any answer
--		costs at least, against the best SQL by hand, and against the anti-join
--		that people write.
--
-- 500 providers have 629,000 appointments in 90 days (BENCH_ROWS=200000; other
-- numbers change the number of providers, not what each has).  Today is day 60.
-- Wanted are slots of 30 minutes, every 15, with five minutes before and after
-- every appointment, in the next 30 days, in which the clocks change.  The
-- rules are rows of a table; the index has all that is needed.
--
-- The floor reads the same busy rows by index-only scan, and writes out as many
-- rows as there are slots.
--
SET TimeZone = 'UTC';
-- the same rows are not asked for twice
SET enable_memoize = off;
SELECT greatest(:rows / 400, 1) AS providers, least(50, greatest(:rows / 400, 1)) AS some \gset
SELECT setseed(0.629) \g /dev/null

CREATE TABLE provider (id int PRIMARY KEY, slots int);
INSERT INTO provider SELECT n FROM generate_series(1, :providers) AS n;
CREATE TABLE rule (provider int, days int[], opens time, closes time, zone text, valid daterange, kind text, priority int, capacity int);
INSERT INTO rule
	SELECT id, days, opens, closes, 'Europe/Berlin', NULL, 'open', 0, 1
	FROM provider, (VALUES ('{1,2,3,4,5}'::int[], time '08:00', time '12:00'), ('{1,2,3,4,5}', '13:00', '18:00'), ('{6}', '08:00', '14:00')) AS v (days, opens, closes);
CREATE INDEX ON rule (provider);
-- From the morning on, so that most of what is free is late: ten to
-- thirty minutes each, in any order; one of ten is cancelled.
CREATE TABLE booking (provider int NOT NULL, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, status text NOT NULL, note text);
INSERT INTO booking
	SELECT provider, starts_at, starts_at + length * interval '5 min', CASE WHEN random() < 0.1 THEN 'cancelled' ELSE 'scheduled' END, md5(random()::text)
	FROM (SELECT p.id AS provider, ((date '2026-01-26' + d) + time '08:00' + n * interval '25 min' + floor(random() * 4) * interval '5 min') AT TIME ZONE 'Europe/Berlin' AS starts_at,
			2 + floor(random() * 5)::int AS length
		FROM provider p, generate_series(0, 89) d, generate_series(0, CASE WHEN extract(isodow FROM date '2026-01-26' + d) < 6 THEN 16 ELSE 12 END) n
		WHERE extract(isodow FROM date '2026-01-26' + d) < 7) s
	ORDER BY random();
CREATE INDEX booking_busy ON booking (provider, starts_at) INCLUDE (ends_at, status);
VACUUM (FREEZE, ANALYZE) provider;
VACUUM (FREEZE, ANALYZE) rule;
CHECKPOINT;
VACUUM (FREEZE, ANALYZE) booking;
-- the pages that another process was just looking at
VACUUM (FREEZE) booking;

-- Statements of one column: from when on the slots of some providers are free in
-- the next days.  No appointment is longer than a day.
CREATE FUNCTION bench.way(way text, providers text, days int DEFAULT 30, during text DEFAULT NULL) RETURNS text LANGUAGE sql AS $way$
	SELECT format(CASE way
	WHEN 'ours' THEN $$
		SELECT f.starts_at FROM %1$s p, %2$s,
			LATERAL (SELECT %4$s) h,
			LATERAL (SELECT busy_agg(a.starts_at, a.ends_at, 0, 0) AS busy FROM %3$s) b,
			LATERAL free_slots(h.hours, b.busy, tstzrange(f, t), duration => '30 min', step => '15 min', buffer_before => '5 min', buffer_after => '5 min', at => during.f) f $$
	WHEN 'floor' THEN $$
		SELECT n FROM %1$s p, %2$s, LATERAL (SELECT count(a.ends_at) AS busy FROM %3$s) b, LATERAL generate_series(1, p.slots + b.busy * 0) n $$
	WHEN 'multiranges' THEN $$
		SELECT s FROM %1$s p, %2$s,
			LATERAL (SELECT range_agg(tstzrange((d.d + r.opens) AT TIME ZONE r.zone, (d.d + r.closes) AT TIME ZONE r.zone)) AS open
				FROM rule r, generate_series(f::date::timestamp, t::date::timestamp, interval '1 day') d (d)
				WHERE r.provider = p.id AND extract(isodow FROM d.d) = ANY (r.days)) h,
			LATERAL (SELECT range_agg(tstzrange(a.starts_at - interval '5 min', a.ends_at + interval '5 min')) AS busy FROM %3$s) b,
			LATERAL unnest(h.open * tstzmultirange(tstzrange(f, t)) - coalesce(b.busy, '{}')) g (free),
			LATERAL generate_series(date_bin('15 min', lower(g.free) + interval '15 min' - interval '1 us', '2000-01-01'), upper(g.free) - interval '30 min', interval '15 min') s $$
	WHEN 'anti-join' THEN $$
		SELECT s FROM %1$s p, %2$s,
			LATERAL (SELECT (d.d + r.opens) AT TIME ZONE r.zone AS opens_at, (d.d + r.closes) AT TIME ZONE r.zone AS closes_at
				FROM rule r, generate_series(f::date::timestamp, t::date::timestamp, interval '1 day') d (d)
				WHERE r.provider = p.id AND extract(isodow FROM d.d) = ANY (r.days)) o,
			LATERAL generate_series(o.opens_at, o.closes_at - interval '30 min', interval '15 min') s
		WHERE s >= f AND s + interval '30 min' <= t
			AND NOT EXISTS (SELECT FROM booking a WHERE a.provider = p.id AND a.status <> 'cancelled'
				AND a.starts_at - interval '5 min' < s + interval '30 min' AND a.ends_at + interval '5 min' > s) $$
	-- (Gaps between bookings by window functions, day by day, take twice as long.)
	-- rules only
	WHEN 'our periods' THEN $$
		SELECT f.starts_at FROM %1$s p, %2$s, LATERAL (SELECT %4$s) h, LATERAL open_periods(h.hours, tstzrange(f, t)) f $$
	WHEN 'their periods' THEN $$
		SELECT lower(o) FROM %1$s p, %2$s,
			LATERAL (SELECT range_agg(tstzrange((d.d + r.opens) AT TIME ZONE r.zone, (d.d + r.closes) AT TIME ZONE r.zone)) AS open
				FROM rule r, generate_series(f::date::timestamp, t::date::timestamp, interval '1 day') d (d)
				WHERE r.provider = p.id AND extract(isodow FROM d.d) = ANY (r.days)) h,
			LATERAL unnest(h.open * tstzmultirange(tstzrange(f, t))) o $$
	-- the next one of each
	WHEN 'our next' THEN $$
		SELECT f.starts_at FROM %1$s p, %2$s,
			LATERAL (SELECT %4$s) h,
			LATERAL (SELECT busy_agg(a.starts_at, a.ends_at, 0, 0) AS busy FROM %3$s) b,
			LATERAL free_slots(h.hours, b.busy, tstzrange(f, t), duration => '30 min', step => '15 min', buffer_before => '5 min', buffer_after => '5 min', at => during.f, max_slots => 1) f $$
	WHEN 'their next' THEN $$
		SELECT n.s FROM %1$s p, LATERAL (%5$s ORDER BY 1 LIMIT 1) n (s) $$
	-- ... not looking further than to the first day that has one
	WHEN 'our next by day' THEN $$
		SELECT n.s FROM %1$s p, %2$s, LATERAL (SELECT d.s FROM generate_series(f, t, interval '1 day') day, LATERAL (%5$s) d (s) LIMIT 1) n (s) $$
	WHEN 'their next by day' THEN $$
		SELECT n.s FROM %1$s p, %2$s, LATERAL (SELECT d.s FROM generate_series(f, t, interval '1 day') day, LATERAL (%5$s ORDER BY 1 LIMIT 1) d (s) LIMIT 1) n (s) $$
	END,
	providers,
	coalesce(during, format($$(SELECT timestamptz '2026-03-27', timestamptz '2026-03-27' + %s * interval '1 day') AS during (f, t)$$, days)),
	$$booking a WHERE a.provider = p.id AND a.starts_at < t + interval '5 min' AND a.starts_at > f - interval '1 day' AND a.ends_at > f - interval '5 min' AND a.status <> 'cancelled'$$,
	$$open_hours_agg(open_hours(r.days, r.opens, r.closes, r.zone, valid => r.valid, kind => r.kind, priority => r.priority, capacity => r.capacity)) AS hours FROM rule r WHERE r.provider = p.id$$,
	CASE way
		WHEN 'their next' THEN bench.way('multiranges', '(SELECT p.*)', days)
		WHEN 'our next by day' THEN bench.way('our next', '(SELECT p.*)', days, $$(SELECT day, day + interval '1 day') AS during (f, t)$$)
		WHEN 'their next by day' THEN bench.way('multiranges', '(SELECT p.*)', days, $$(SELECT day, day + interval '1 day') AS during (f, t)$$)
	END)
$way$;

-- For one provider a statement is planned once, as by an application that
-- prepares it: of each way a function that counts the slots.
CREATE FUNCTION bench.prepare(name text, way text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE FUNCTION bench.%I(one int) RETURNS bigint LANGUAGE plpgsql AS %L', name,
		format('BEGIN RETURN (SELECT count(x) FROM (%s) AS s (x)); END', bench.way(way, '(SELECT * FROM provider WHERE id = one)')));
END $$;
SELECT bench.prepare('ours', 'ours'), bench.prepare('floor', 'floor'), bench.prepare('by_hand', 'multiranges') \g /dev/null

-- All ways have the same slots, and the same next ones.
DO $$
DECLARE
	way text;
	wrong bigint;
BEGIN
	EXECUTE format('CREATE TABLE slot AS SELECT p.id, s.starts_at FROM provider p, LATERAL (%s) s (starts_at)', bench.way('ours', '(SELECT p.*)'));
	UPDATE provider SET slots = (SELECT count(*) FROM slot WHERE slot.id = provider.id);
	FOREACH way IN ARRAY ARRAY['multiranges', 'anti-join'] LOOP
		EXECUTE format('SELECT count(*) FROM (SELECT p.id, s FROM provider p, LATERAL (%s) s WHERE p.id <= 20) a (id, starts_at)
			FULL JOIN (SELECT * FROM slot WHERE id <= 20) b USING (id, starts_at) WHERE a.id IS NULL OR b.id IS NULL', bench.way(way, '(SELECT p.*)')) INTO wrong;
		IF wrong > 0 THEN
			RAISE '% slots of % differ', wrong, way;
		END IF;
	END LOOP;
	FOREACH way IN ARRAY ARRAY['our next', 'our next by day', 'their next', 'their next by day'] LOOP
		EXECUTE format('SELECT count(*) FROM (SELECT p.id, (%s) AS s FROM provider p WHERE p.id <= 20) n
			WHERE s IS DISTINCT FROM (SELECT min(starts_at) FROM slot WHERE slot.id = n.id)', bench.way(way, '(SELECT p.*)')) INTO wrong;
		IF wrong > 0 THEN
			RAISE '% next slots of % differ', wrong, way;
		END IF;
	END LOOP;
END $$;
VACUUM (FULL, FREEZE, ANALYZE) provider;
SELECT format('%s providers, %s appointments, %s slots', :providers, count(*), (SELECT count(*) FROM slot)) AS data FROM booking \gset
\set all '(SELECT * FROM provider)'
\set some '(SELECT * FROM provider WHERE id <= ' :some ')'

SELECT bench.compare('availability: free slots of one provider, prepared, 100 times: the floor',
	'SELECT bench.ours(n) FROM generate_series(1, 100) n', 'SELECT bench.floor(n) FROM generate_series(1, 100) n', 'slower', 2);
SELECT bench.compare('availability: free slots of 50 providers: the floor', bench.way('ours', :'some'), bench.way('floor', :'some'), 'slower', 1.8);
SELECT bench.compare(format('availability: free slots of all (%s): the floor', :'data'), bench.way('ours', :'all'), bench.way('floor', :'all'), 'slower', 1.8);
SELECT bench.compare('availability: free slots of one provider, prepared, 100 times: the best SQL by hand',
	'SELECT bench.ours(n) FROM generate_series(1, 100) n', 'SELECT bench.by_hand(n) FROM generate_series(1, 100) n', 'faster', 3);
SELECT bench.compare('availability: free slots of 50 providers: the best SQL by hand', bench.way('ours', :'some'), bench.way('multiranges', :'some'), 'faster', 3);
SELECT bench.compare('availability: free slots of all: the best SQL by hand', bench.way('ours', :'all'), bench.way('multiranges', :'all'), 'faster', 3);
SELECT bench.compare('availability: free slots of 5 providers: the anti-join', bench.way('ours', '(SELECT * FROM provider WHERE id <= 5)'),
	bench.way('anti-join', '(SELECT * FROM provider WHERE id <= 5)'), 'faster', 100, 3);
SELECT bench.compare('availability: rules of all to open periods: SQL', bench.way('our periods', :'all'), bench.way('their periods', :'all'), 'faster', 10);
-- The next one of each: of the whole window both read what is busy, which is most
-- of what it costs; day by day neither looks further than it has to.
SELECT bench.compare('availability: next free slot of each of 50 providers: LATERAL ... LIMIT 1', bench.way('our next', :'some'), bench.way('their next', :'some'), 'faster', 10);
SELECT bench.compare('availability: next free slot of each of 50 providers, day by day: LATERAL ... LIMIT 1', bench.way('our next by day', :'some'), bench.way('their next', :'some'), 'faster', 10);
SELECT bench.compare('availability: next free slot of each of 50 providers, day by day: the best SQL by hand, day by day', bench.way('our next by day', :'some'), bench.way('their next by day', :'some'), 'faster', 1);
SELECT bench.compare('availability: next free slot of each of 50 providers: 365 days against 30', bench.way('our next', :'some', 365), bench.way('our next', :'some'), 'slower', 1.2);
SELECT bench.compare('availability: next free slot of each of 50 providers, day by day: 365 days against 30', bench.way('our next by day', :'some', 365), bench.way('our next by day', :'some'), 'slower', 1.2);
