-- The type open_hours: its text and binary form, rules from rows, sums and restrictions, order
CREATE SCHEMA regress_open_hours;
SET search_path = regress_open_hours, public;
SET timezone = 'UTC';

-- A text is written in one way: the order of rules, of items and of hours, names and words, spaces, what
-- says nothing.
SELECT input::open_hours FROM (VALUES
	(1, 'Europe/Berlin Mo-Fr 09:00-12:00,13:00-17:00; Sa[1,3] 10:00-14:00; 2026-12-24/2026-12-31 off'),
	(2, '  europe/BERLIN 2026-12-24/2026-12-31   OFF ;SA[3,1,3] 10:00-14:00;	mo-fr 13:00-17:00, 9:00-12:00'),
	(3, 'UTC 24/7'), (4, 'UTC Mo-Su 00:00-00:00'), (5, 'UTC Mo[1-5],Tu[-1,-2,-3,-4,-5] 08:00:00-22:00:00.0'),
	(6, 'UTC Fr-Mo 22:00-02:00,20:00-24:00,20:00-00:00'), (7, 'UTC Mo,Tu,Th,Sa[1],Su[1] 08:00-09:00:30.25'),
	(8, 'UTC Mo[1],Tu[1],We[1],Th[-1,2] 09:00-09:00'), (9, 'UTC closed; 12:00-13:00,00:00-24:00 closed; Mo 09:00-10:00 off'),
	(10, 'UTC override none; 2026-01-01 override 10:00-12:00; 2026-01-01/ 10:00-12:00; /2026-01-01 10:00-12:00; never 10:00-12:00'),
	(11, 'UTC every 2 weeks from 2026-03-05 Mo 09:00-10:00; 2026-03-05/ every 2 weeks Tu 09:00-10:00; every 1 week from 2026-03-05 We 09:00-10:00'),
	(12, 'UTC priority -1 capacity 3 09:00-10:00 Mo; priority 0 capacity 1 Mo 09:00-10:00; priority 2147483647 off; priority -2147483648 off'),
	(13, 'Europe/Berlin Mo 09:00-10:00; America/New_York Tu 09:00-10:00; We 09:00-10:00'),
	(14, '(UTC Mo-Fr 09:00-17:00; off) * (Europe/Berlin 08:00-20:00)*( UTC Mo-Fr 09:00-17:00; off)'), (15, '(UTC 08:00-20:00)'),
	(16, 'UTC 24:00-02:00,24:00-24:00,24:00-00:00'), (17, 'Etc/GMT+5 0001-01-01/9999-12-31 00:00-24:00')
	) v (n, input) ORDER BY n;

-- What was written reads back equal, in both forms, from a dump as well.
CREATE TABLE hours AS SELECT input::open_hours AS h FROM (VALUES ('Europe/Berlin Mo-Fr 09:00-12:00,13:00-17:00; Sa[1,3] 10:00-14:00; 2026-12-24/2026-12-31 off'),
	('(UTC Fr-Mo 22:00-02:00; every 3 weeks from 2026-03-05 override none) * (Asia/Kolkata 2026-01-01/ Su[-1] 09:00-10:00:00.000001 capacity 4 priority -7)')) v (input);
SELECT count(*) FROM hours WHERE h::text::open_hours <> h OR h::text::open_hours::text <> h::text;
SELECT encode(open_hours_send(h), 'escape') FROM hours;

-- What is no such text: the part, and where it stands.
CREATE PROCEDURE refused(input text) LANGUAGE plpgsql AS $$
DECLARE
	what text;
BEGIN
	RAISE NOTICE '% is %', input, input::open_hours;
EXCEPTION WHEN invalid_text_representation OR program_limit_exceeded THEN
	GET STACKED DIAGNOSTICS what = PG_EXCEPTION_DETAIL;
	RAISE NOTICE '%: % %', SQLSTATE, SQLERRM, what;
END $$;
CALL refused('');
CALL refused('   ');
CALL refused('Mo-Fr 09:00-17:00');
CALL refused('Europe/Berlin');
CALL refused('Europe/Berlin Mo-Fr');
CALL refused('Europe/Atlantis Mo-Fr 09:00-17:00');
CALL refused('Europe/Berlin Mon-Fri 09:00-17:00');
CALL refused('Europe/Berlin Mo-Xx 09:00-17:00');
CALL refused('Europe/Berlin Mo-Fr 24:01-25:00');
CALL refused('Europe/Berlin Mo-Fr 09:00-25:00');
CALL refused('Europe/Berlin Mo-Fr 09:60-10:00');
CALL refused('Europe/Berlin Mo-Fr 09:00');
CALL refused('Europe/Berlin Mo-Fr 9-17');
CALL refused('Europe/Berlin Mo-Fr 09:00-12:00 13:00-17:00');
CALL refused('Europe/Berlin Mo-Fr 09:00-12:00;');
CALL refused('Europe/Berlin Sa[0] 09:00-12:00');
CALL refused('Europe/Berlin Sa[6] 09:00-12:00');
CALL refused('Europe/Berlin Sa[3-1] 09:00-12:00');
CALL refused('Europe/Berlin Sa[1 09:00-12:00');
CALL refused('Europe/Berlin 2026-02-29 off');
CALL refused('Europe/Berlin 2026-12-31/2026-12-24 off');
CALL refused('Europe/Berlin 2026-12-24T10:00 off');
CALL refused('Europe/Berlin / off');
CALL refused('Europe/Berlin off override');
CALL refused('Europe/Berlin none');
CALL refused('Europe/Berlin override');
CALL refused('Europe/Berlin override none 09:00-12:00');
CALL refused('Europe/Berlin off capacity 2');
CALL refused('Europe/Berlin 09:00-12:00 capacity 0');
CALL refused('Europe/Berlin 09:00-12:00 capacity 2147483648');
CALL refused('Europe/Berlin 09:00-12:00 priority 2147483648');
CALL refused('Europe/Berlin every 2 weeks Mo 09:00-12:00');
CALL refused('Europe/Berlin every 0 weeks from 2026-01-01 Mo 09:00-12:00');
CALL refused('Europe/Berlin every 2 days from 2026-01-01 Mo 09:00-12:00');
CALL refused('Europe/Berlin Mo 09:00-12:00 Tu');
CALL refused('Europe/Berlin PH off');
CALL refused('Europe/Berlin 09:00-12:00 * Europe/Berlin 10:00-14:00');
CALL refused('(Europe/Berlin 09:00-12:00) * Europe/Berlin 10:00-14:00');
CALL refused('(Europe/Berlin 09:00-12:00');
CALL refused('(Europe/Berlin 09:00-12:00) * (10:00-14:00)');
CALL refused('(UTC off)' || repeat(' * (UTC off)', 64));
CALL refused('UTC ' || repeat('09:00-10:00,', 60000) || '09:00-10:00');
-- the position counts characters
CALL refused('UTC 09:00-10:00; éé off');

-- Rules from rows
SELECT open_hours('{1,2,3,4,5}', '09:00', '17:00', 'Europe/Berlin'), open_hours(NULL, NULL, NULL, 'europe/berlin'),
	open_hours('{7,6,7}', '22:00', '02:00', 'UTC', nth => '{1,-1}', capacity => 3, priority => 2);
SELECT open_hours('{1}', '09:00', '17:00', 'UTC', valid => v) FROM unnest(ARRAY['[2026-01-01,2026-01-31]', '[2026-01-01,2026-01-02)', '(,2026-01-02)', '[2026-01-01,)',
	'(,)', 'empty', '[-infinity,infinity]', '[infinity,infinity]', '[-infinity,-infinity]', '[0044-03-15 BC,5874897-12-31)', '[10000-01-01,)', '[,0001-01-01)']::daterange[]) v;
SELECT open_hours('{1}', '09:00', '17:00', 'UTC', '[2026-03-05,)', every => 2), open_hours('{1}', '09:00', '17:00', 'UTC', every => 2, anchor => '2026-03-05'),
	open_hours('{1}', '09:00', '17:00', 'UTC', every => 1, anchor => '2026-03-05');
SELECT open_hours(NULL, NULL, NULL, 'UTC', kind => k), open_hours(NULL, '09:00', '24:00', 'UTC', kind => k, capacity => 2) FROM unnest(ARRAY['open', 'override', 'closed', NULL]) k;
-- a null in an argument with a default is the default; without a zone there is no rule
SELECT open_hours(NULL, NULL, NULL, 'UTC', NULL, NULL, NULL, NULL, NULL, NULL, NULL), open_hours('{1}', '09:00', '17:00', NULL);
SELECT open_hours('{}', '09:00', '17:00', 'UTC');
SELECT open_hours('{0}', '09:00', '17:00', 'UTC');
SELECT open_hours('{1,NULL}', '09:00', '17:00', 'UTC');
SELECT open_hours('{8}', '09:00', '17:00', 'UTC');
SELECT open_hours('{1}', NULL, '17:00', 'UTC');
SELECT open_hours('{1}', '09:00', NULL, 'UTC');
SELECT open_hours('{1}', '09:00', '24:01', 'UTC');
SELECT open_hours('{1}', '09:00', '17:00', 'Europe/Atlantis');
SELECT open_hours('{1}', '09:00', '17:00', 'UTC', kind => 'overide');
SELECT open_hours('{1}', '09:00', '17:00', 'UTC', capacity => 0);
SELECT open_hours('{1}', '09:00', '17:00', 'UTC', every => 0);
SELECT open_hours('{1}', '09:00', '17:00', 'UTC', every => 2);
SELECT open_hours('{1}', '09:00', '17:00', 'UTC', '[-infinity,2026-01-01)', every => 2);
SELECT open_hours('{1}', '09:00', '17:00', 'UTC', every => 2, anchor => 'infinity');
SELECT open_hours('{1}', '09:00', '17:00', 'UTC', nth => '{6}');
SELECT open_hours('{1}', '09:00', '17:00', 'UTC', nth => '{}');

-- Several: in any order, each once
CREATE TABLE rule (provider int, days int[], opens time, closes time, kind text DEFAULT 'open', valid daterange);
INSERT INTO rule VALUES (1, '{1,2,3,4,5}', '13:00', '17:00'), (1, '{1,2,3,4,5}', '09:00', '12:00'), (1, '{1,2,3,4,5}', '09:00', '12:00'), (2, '{6}', '10:00', '14:00');
INSERT INTO rule VALUES (1, NULL, NULL, NULL, 'closed', '[2026-12-24,2026-12-31]');
SELECT provider, open_hours_agg(open_hours(days, opens, closes, 'Europe/Berlin', valid, kind)), open_hours_agg(open_hours(days, opens, closes, 'Europe/Berlin', valid, kind) ORDER BY opens DESC)::text =
	open_hours_agg(open_hours(days, opens, closes, 'Europe/Berlin', valid, kind))::text AS same FROM rule GROUP BY provider ORDER BY provider;
SELECT open_hours_agg(NULL::open_hours), open_hours_agg(h) FILTER (WHERE false) FROM hours;
SELECT open_hours_agg(h) OVER (ORDER BY n) FROM (VALUES (1, 'UTC Mo 09:00-10:00'::open_hours), (2, NULL), (3, 'Europe/Berlin Mo 09:00-10:00')) v (n, h);
SELECT a + b, b + a = a + b AS same, a * b, b * a, a * a = a AS once, a + NULL, NULL + a, a * NULL FROM (VALUES ('UTC Mo-Fr 09:00-17:00'::open_hours, 'Europe/Berlin Mo 08:00-12:00'::open_hours)) v (a, b);
SELECT NULL::open_hours + NULL, open_hours '(UTC 24/7) * (UTC off)' * '(UTC Mo off) * (UTC off)';
SELECT open_hours '(UTC 24/7) * (UTC off)' + 'UTC off';
SELECT open_hours_agg(h) FROM (VALUES (open_hours '(UTC 24/7) * (UTC off)')) v (h);
-- in parallel as well
CREATE TABLE many AS SELECT n % 7 AS g, n % 24 AS hour, n % 5 + 1 AS day FROM generate_series(1, 20000) n;
ANALYZE many;
BEGIN;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT open_hours_agg(open_hours(ARRAY[day], make_time(hour, 0, 0), make_time(hour, 30, 0), 'UTC')) FROM many;
SELECT md5(open_hours_agg(open_hours(ARRAY[day], make_time(hour, 0, 0), make_time(hour, 30, 0), CASE WHEN hour < 12 THEN 'UTC' ELSE 'Europe/Berlin' END))::text) FROM many;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT md5(open_hours_agg(open_hours(ARRAY[day], make_time(hour, 0, 0), make_time(hour, 30, 0), CASE WHEN hour < 12 THEN 'UTC' ELSE 'Europe/Berlin' END))::text) FROM many;
COMMIT;

-- The limits: 50000 different rules, 64 restrictions
SELECT open_hours_agg(open_hours('{1}', '09:00', '17:00', 'UTC', daterange(date '2000-01-01' + n, date '2000-01-02' + n))) IS NOT NULL FROM generate_series(1, 50000) n;
SELECT open_hours_agg(open_hours('{1}', '09:00', '17:00', 'UTC', daterange(date '2000-01-01' + n, date '2000-01-02' + n))) FROM generate_series(1, 50001) n;
SELECT open_hours_agg(open_hours('{1}', '09:00', '17:00', 'UTC')) FROM generate_series(1, 150000) n;
SELECT length(h::text), h::text::open_hours = h AS same FROM (SELECT open_hours_agg(open_hours('{1}', '09:00', '17:00', 'UTC', daterange(date '2000-01-01' + n, date '2000-01-02' + n))) FROM generate_series(1, 10000) n) v (h);

-- Order and equality
CREATE TABLE ordered AS SELECT input::open_hours AS h FROM (VALUES ('UTC Tu 09:00-10:00'), ('UTC Mo 09:00-10:00'), ('UTC Mo 09:00-11:00'), ('Europe/Berlin Mo 09:00-10:00'), ('UTC Mo 09:00-10:00; off'),
	('UTC off'), ('UTC Mo 09:00-10:00 priority -1'), ('UTC Mo-Fr 09:00-10:00'), ('UTC 2026-01-01 09:00-10:00'), ('(UTC Mo 09:00-10:00) * (UTC 24/7)'), ('UTC mo 9:00-10:00'), ('Europe/Berlin Mo 09:00-10:00; UTC Tu 09:00-10:00')) v (input);
SELECT h FROM ordered ORDER BY h;
SELECT count(*) FILTER (WHERE open_hours_cmp(a.h, b.h) <> - open_hours_cmp(b.h, a.h)) AS asymmetric, count(*) FILTER (WHERE (a.h = b.h) <> (a.h::text = b.h::text)) AS unequal,
	count(*) FILTER (WHERE (a.h < b.h) <> (b.h > a.h) OR (a.h <= b.h) <> (b.h >= a.h) OR (a.h <> b.h) = (a.h = b.h)) AS inconsistent,
	count(*) FILTER (WHERE a.h = b.h AND (open_hours_hash(a.h) <> open_hours_hash(b.h) OR open_hours_hash_extended(a.h, 7) <> open_hours_hash_extended(b.h, 7))) AS hashes FROM ordered a, ordered b;
SELECT count(DISTINCT h), count(DISTINCT open_hours_hash(h)), bool_and(open_hours_hash(h) = (open_hours_hash_extended(h, 0) & 4294967295)::bit(32)::int) AS low_half FROM ordered;
CREATE UNIQUE INDEX ON hours (h);
INSERT INTO hours SELECT h FROM hours;

SET client_min_messages = warning;
DROP SCHEMA regress_open_hours CASCADE;
