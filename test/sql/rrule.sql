--
-- The type rrule: text and binary form, order, hashes, what is refused
--
CREATE SCHEMA regress_rrule;
SET search_path = regress_rrule, public;

-- ---------------------------------------------------------------------
-- the text form
-- ---------------------------------------------------------------------

SELECT rule, rule::rrule AS canonical FROM unnest(ARRAY[
	'FREQ=DAILY', 'RRULE:FREQ=DAILY', 'rrule:freq=daily;byday=mo,we;until=20261231t120000z', E' \tFREQ=DAILY\n',
	'INTERVAL=2;FREQ=WEEKLY', 'FREQ=WEEKLY;INTERVAL=1;WKST=MO', 'WKST=SU;FREQ=WEEKLY', 'FREQ=WEEKLY;INTERVAL=0002;COUNT=010',
	'FREQ=WEEKLY;BYDAY=FR,WE,MO,WE', 'FREQ=MONTHLY;BYDAY=-1FR,+1MO,TU,05WE,-5SU,1MO', 'FREQ=YEARLY;BYDAY=53MO,-53SU,10TH,MO',
	'FREQ=MONTHLY;BYMONTHDAY=-1,15,+1,-31,31,01', 'FREQ=YEARLY;BYYEARDAY=366,-1,1,-366,100', 'FREQ=YEARLY;BYWEEKNO=53,-53,-1,20,1',
	'FREQ=YEARLY;BYMONTH=12,1,02', 'FREQ=DAILY;BYHOUR=23,0,9;BYMINUTE=59,0;BYSECOND=60,0,59', 'FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1,366,1,-366',
	'FREQ=DAILY;UNTIL=20261231', 'FREQ=DAILY;UNTIL=20261231T235959', 'FREQ=DAILY;UNTIL=20261231T235960Z', 'FREQ=DAILY;UNTIL=00010101', 'FREQ=DAILY;UNTIL=99991231T235959Z',
	'FREQ=DAILY;UNTIL=20240229', 'FREQ=YEARLY;COUNT=2147483647;INTERVAL=2147483647',
	'WKST=SU;BYSETPOS=1;BYMONTH=1;BYYEARDAY=1;BYMONTHDAY=1;BYDAY=SU;BYHOUR=1;BYMINUTE=1;BYSECOND=1;INTERVAL=2;UNTIL=20300101;FREQ=HOURLY',
	'FREQ=SECONDLY', 'FREQ=MINUTELY', 'FREQ=HOURLY', 'FREQ=WEEKLY', 'FREQ=MONTHLY', 'FREQ=YEARLY']) AS rule;

-- What is written is read as the same, and written the same; the longest, too
CREATE TABLE longest AS SELECT format('FREQ=YEARLY;UNTIL=99991231T235959Z;INTERVAL=2147483647;BYSECOND=%s;BYMINUTE=%s;BYHOUR=%s;BYDAY=%s;BYMONTHDAY=%s;BYYEARDAY=%s;BYMONTH=%s;BYSETPOS=%s;WKST=SU',
	(SELECT string_agg(n::text, ',' ORDER BY n) FROM generate_series(0, 60) n),
	(SELECT string_agg(n::text, ',' ORDER BY n) FROM generate_series(0, 59) n),
	(SELECT string_agg(n::text, ',' ORDER BY n) FROM generate_series(0, 23) n),
	(SELECT string_agg(coalesce(nullif(n, 0)::text, '') || d, ',' ORDER BY n >= 0 DESC, n, i) FROM generate_series(-53, 53) n, unnest('{MO,TU,WE,TH,FR,SA,SU}'::text[]) WITH ORDINALITY AS w (d, i)),
	(SELECT string_agg(n::text, ',' ORDER BY n > 0 DESC, n) FROM generate_series(-31, 31) n WHERE n <> 0),
	(SELECT string_agg(n::text, ',' ORDER BY n > 0 DESC, n) FROM generate_series(-366, 366) n WHERE n <> 0),
	(SELECT string_agg(n::text, ',' ORDER BY n) FROM generate_series(1, 12) n),
	(SELECT string_agg(n::text, ',' ORDER BY n > 0 DESC, n) FROM generate_series(-366, 366) n WHERE n <> 0)) AS t;
SELECT length(t), t::rrule::text = t AS canonical FROM longest;

-- ---------------------------------------------------------------------
-- what is refused
-- ---------------------------------------------------------------------

CREATE FUNCTION try(rule text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	RETURN rule::rrule;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', SQLSTATE || ': ' || SQLERRM, nullif(detail, ''), nullif(hint, ''));
END $$;

-- no parts
SELECT rule, try(rule) FROM unnest(ARRAY['', ' ', 'x', ';', '=', '=x', 'RRULE:', 'every Monday', 'exdate=20260101', 'FREQ', 'FREQ=DAILY;', ';FREQ=DAILY', 'FREQ=DAILY;;COUNT=1',
	'FREQ=DAILY COUNT=1', 'FREQ=DAILY, COUNT=1', '{"freq":"daily"}', 'DTSTART:20260101T090000' || chr(10) || 'RRULE:FREQ=DAILY']) AS rule;
-- unknown ones; nobody's text is shown
SELECT rule, try(rule) FROM unnest(ARRAY['FREQ=DAILY;X-NAME=1', 'FREQ=DAILY;BYEASTER=0', 'FREQ=DAILY;BYDAYS=MO', 'FREQ=DAILY;BY_MONTH=1', 'FREQ=DAILY;BYWEEKDAY=MO', 'FREQENCY=DAILY', 'DTSTART=20260101;FREQ=DAILY',
	'FREQ=DAILY;Ada Lovelace=1', 'FREQ=DAILY;' || repeat('X', 70) || '=1']) AS rule;
-- RFC 7529
SELECT rule, try(rule) FROM unnest(ARRAY['RSCALE=GREGORIAN;FREQ=YEARLY', 'FREQ=YEARLY;rscale=chinese', 'FREQ=MONTHLY;SKIP=BACKWARD', 'FREQ=YEARLY;BYMONTH=5L']) AS rule;
-- repeated, or missing
SELECT rule, try(rule) FROM unnest(ARRAY['FREQ=DAILY;FREQ=DAILY', 'FREQ=DAILY;BYDAY=MO;BYDAY=TU', 'FREQ=DAILY;WKST=MO;wkst=MO', 'COUNT=1', 'BYDAY=MO']) AS rule;
-- values
SELECT rule, try(rule) FROM unnest(ARRAY['FREQ=', 'FREQ=DAYLY', 'FREQ=DAILY,WEEKLY', 'FREQ= DAILY', 'FREQ=DAILY;COUNT=0', 'FREQ=DAILY;COUNT=-1', 'FREQ=DAILY;COUNT=+1', 'FREQ=DAILY;COUNT=', 'FREQ=DAILY;COUNT=1.5',
	'FREQ=DAILY;COUNT=2147483648', 'FREQ=DAILY;COUNT=99999999999999999999999', 'FREQ=DAILY;COUNT=ten', 'FREQ=DAILY;INTERVAL=0', 'FREQ=DAILY;INTERVAL=2147483648', 'FREQ=DAILY;INTERVAL=1,2',
	'FREQ=DAILY;WKST=', 'FREQ=DAILY;WKST=XX', 'FREQ=DAILY;WKST=MO,TU', 'FREQ=DAILY;WKST=1MO', 'FREQ=DAILY;WKST=MON']) AS rule;
SELECT rule, try(rule) FROM unnest(ARRAY['FREQ=DAILY;BYDAY=', 'FREQ=DAILY;BYDAY=XX', 'FREQ=DAILY;BYDAY=MO,', 'FREQ=DAILY;BYDAY=,MO', 'FREQ=DAILY;BYDAY=MO,XX,TU', 'FREQ=DAILY;BYDAY=MO TU', 'FREQ=DAILY;BYDAY=M',
	'FREQ=MONTHLY;BYDAY=0MO', 'FREQ=MONTHLY;BYDAY=54MO', 'FREQ=MONTHLY;BYDAY=-54MO', 'FREQ=MONTHLY;BYDAY=+MO', 'FREQ=MONTHLY;BYDAY=-MO', 'FREQ=MONTHLY;BYDAY=1', 'FREQ=MONTHLY;BYDAY=MO1', 'FREQ=MONTHLY;BYDAY=--1MO', 'FREQ=MONTHLY;BYDAY=Montag',
	'FREQ=MONTHLY;BYDAY=Ada Lovelace', 'FREQ=MONTHLY;BYDAY=' || repeat('x', 40)]) AS rule;
SELECT rule, try(rule) FROM unnest(ARRAY['FREQ=DAILY;BYSECOND=61', 'FREQ=DAILY;BYSECOND=-1', 'FREQ=DAILY;BYMINUTE=60', 'FREQ=DAILY;BYHOUR=24', 'FREQ=DAILY;BYHOUR=+1', 'FREQ=DAILY;BYHOUR=9:00', 'FREQ=DAILY;BYMONTH=0', 'FREQ=DAILY;BYMONTH=13', 'FREQ=DAILY;BYMONTH=-1', 'FREQ=DAILY;BYMONTH=JAN',
	'FREQ=MONTHLY;BYMONTHDAY=0', 'FREQ=MONTHLY;BYMONTHDAY=32', 'FREQ=MONTHLY;BYMONTHDAY=-32', 'FREQ=MONTHLY;BYMONTHDAY=1-5', 'FREQ=YEARLY;BYYEARDAY=0', 'FREQ=YEARLY;BYYEARDAY=367', 'FREQ=YEARLY;BYYEARDAY=-367',
	'FREQ=YEARLY;BYWEEKNO=0', 'FREQ=YEARLY;BYWEEKNO=54', 'FREQ=YEARLY;BYWEEKNO=-54', 'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0', 'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367', 'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=']) AS rule;
SELECT rule, try(rule) FROM unnest(ARRAY['FREQ=DAILY;UNTIL=', 'FREQ=DAILY;UNTIL=2026', 'FREQ=DAILY;UNTIL=2026-12-31', 'FREQ=DAILY;UNTIL=20261231Z', 'FREQ=DAILY;UNTIL=20261231T', 'FREQ=DAILY;UNTIL=20261231T1200', 'FREQ=DAILY;UNTIL=20261231T120000+0100', 'FREQ=DAILY;UNTIL=20261231T120000ZZ',
	'FREQ=DAILY;UNTIL=20230229', 'FREQ=DAILY;UNTIL=20261301', 'FREQ=DAILY;UNTIL=20260001', 'FREQ=DAILY;UNTIL=20260100', 'FREQ=DAILY;UNTIL=00000101', 'FREQ=DAILY;UNTIL=20261231T240000', 'FREQ=DAILY;UNTIL=20261231T126000', 'FREQ=DAILY;UNTIL=20261231T120061', 'FREQ=DAILY;UNTIL=infinity']) AS rule;
-- parts that do not go together
SELECT rule, try(rule) FROM unnest(ARRAY['FREQ=DAILY;COUNT=1;UNTIL=20261231', 'FREQ=DAILY;BYDAY=1MO', 'FREQ=WEEKLY;BYDAY=2MO', 'FREQ=WEEKLY;BYDAY=-1MO', 'FREQ=HOURLY;BYDAY=1MO', 'FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO', 'FREQ=WEEKLY;BYMONTHDAY=1',
	'FREQ=DAILY;BYYEARDAY=1', 'FREQ=WEEKLY;BYYEARDAY=1', 'FREQ=MONTHLY;BYYEARDAY=1', 'FREQ=MONTHLY;BYWEEKNO=1', 'FREQ=WEEKLY;BYWEEKNO=1', 'FREQ=SECONDLY;BYWEEKNO=1', 'FREQ=MONTHLY;BYSETPOS=1', 'FREQ=MONTHLY;BYSETPOS=1;WKST=MO']) AS rule;
-- but these do
SELECT rule, try(rule) FROM unnest(ARRAY['FREQ=SECONDLY;BYYEARDAY=1', 'FREQ=HOURLY;BYMONTHDAY=-1;BYDAY=MO', 'FREQ=DAILY;BYMONTHDAY=1', 'FREQ=DAILY;BYHOUR=9,10;BYSETPOS=-1', 'FREQ=SECONDLY;BYSECOND=0;BYSETPOS=1', 'FREQ=MONTHLY;BYDAY=53MO', 'FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30']) AS rule;
-- the limit
SELECT try('FREQ=DAILY;BYDAY=MO' || repeat(',MO', 5455)), length(try('FREQ=DAILY;BYDAY=MO' || repeat(',MO', 5454)));
SELECT try(repeat(' ', 20000) || 'FREQ=DAILY');

-- ---------------------------------------------------------------------
-- the binary form
-- ---------------------------------------------------------------------

SELECT rrule_send('FREQ=WEEKLY;BYDAY=MO');
CREATE TABLE binary_in (rule rrule);
CREATE TABLE rules AS SELECT n, rule::rrule FROM unnest(ARRAY['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO', 'FREQ=WEEKLY;BYDAY=MO,TU', 'FREQ=WEEKLY;COUNT=10', 'FREQ=WEEKLY;COUNT=2', 'FREQ=YEARLY', 'FREQ=DAILY;UNTIL=20261231', (SELECT t FROM longest)]) WITH ORDINALITY AS r (rule, n);
SELECT current_setting('data_directory') || '/rrule.bin' AS file \gset
COPY rules (rule) TO :'file' (FORMAT binary);
COPY binary_in FROM :'file' (FORMAT binary);
SELECT count(*), count(DISTINCT rule) FROM (SELECT rule FROM rules UNION ALL SELECT rule FROM binary_in) AS r;

-- A COPY file of one rule whose binary form is what we say.
CREATE FUNCTION receive(value bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	file text := current_setting('data_directory') || '/rrule.bin';
	lob oid;
	result text;
BEGIN
	lob := lo_from_bytea(0, '\x5047434f50590aff0d0a00' || '\x0000000000000000'::bytea || '\x0001'::bytea || int4send(length(value)) || value || '\xffff'::bytea);
	PERFORM lo_export(lob, file);
	PERFORM lo_unlink(lob);
	TRUNCATE binary_in;
	EXECUTE format('COPY binary_in FROM %L (FORMAT binary)', file);
	RETURN (SELECT rule FROM binary_in);
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || SQLERRM;
END $$;
SELECT value, receive(value) FROM unnest(ARRAY['\x01' || 'FREQ=DAILY'::bytea, '\x01' || 'rrule:byday=mo;freq=weekly'::bytea, '\x00' || 'FREQ=DAILY'::bytea, '\x02' || 'FREQ=DAILY'::bytea, '\x01', '',
	'\x01' || 'FREQ=DAILY;BYDAY=XX'::bytea, '\x01' || 'FREQ=DAILY'::bytea || '\x00', '\x01ff']) AS value;

-- ---------------------------------------------------------------------
-- order and hashes
-- ---------------------------------------------------------------------

SELECT left(rule::text, 40) AS rule FROM rules ORDER BY rule;
SELECT bool_and((a.rule < b.rule) = (a.rule::text COLLATE "C" < b.rule::text) AND (a.rule <= b.rule) = (a.rule::text COLLATE "C" <= b.rule::text) AND (a.rule = b.rule) = (a.rule::text = b.rule::text)
	AND (a.rule <> b.rule) = (a.rule::text <> b.rule::text) AND (a.rule > b.rule) = (a.rule::text COLLATE "C" > b.rule::text) AND (a.rule >= b.rule) = (a.rule::text COLLATE "C" >= b.rule::text)) AS as_text,
	bool_and(rrule_cmp(a.rule, b.rule) = - rrule_cmp(b.rule, a.rule)) AS antisymmetric FROM rules a, rules b;
-- equal however they were written: equal bytes, equal hashes
SELECT bool_and(rrule_send(a::rrule) = rrule_send(b::rrule) AND a::rrule = b::rrule AND rrule_hash(a::rrule) = rrule_hash(b::rrule) AND rrule_hash_extended(a::rrule, 7) = rrule_hash_extended(b::rrule, 7)) AS equal
FROM (VALUES ('FREQ=WEEKLY;BYDAY=MO,TU', 'rrule:BYDAY=TU,MO,TU;FREQ=weekly;INTERVAL=1'), ('FREQ=MONTHLY;BYMONTHDAY=1,-1', 'FREQ=MONTHLY;BYMONTHDAY=-01,+01;WKST=MO')) AS v (a, b);
SELECT bool_and(rrule_hash(rule) = (rrule_hash_extended(rule, 0)::bit(64) << 32)::bit(32)::int) AS low_half,
	bool_and(rrule_hash_extended(rule, 0) <> rrule_hash_extended(rule, 1)) AS seeded, count(DISTINCT rrule_hash(rule)) FROM rules;
CREATE TABLE series (rule rrule PRIMARY KEY, title text);
INSERT INTO series VALUES ('FREQ=WEEKLY;BYDAY=MO,WE', 'a');
INSERT INTO series VALUES ('RRULE:BYDAY=WE,MO;FREQ=WEEKLY', 'b');
INSERT INTO series VALUES ('RRULE:BYDAY=WE,MO;FREQ=WEEKLY', 'b') ON CONFLICT (rule) DO UPDATE SET title = excluded.title RETURNING *;
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT title FROM series WHERE rule = 'FREQ=WEEKLY;BYDAY=MO,WE';
SELECT title FROM series WHERE rule = 'FREQ=WEEKLY;BYDAY=MO,WE';
CREATE INDEX series_hash ON series USING hash (rule);
ALTER TABLE series DROP CONSTRAINT series_pkey;
EXPLAIN (COSTS OFF) SELECT title FROM series WHERE rule = 'FREQ=WEEKLY;BYDAY=MO,WE';
SELECT title FROM series WHERE rule = 'FREQ=WEEKLY;BYDAY=MO,WE';

-- ---------------------------------------------------------------------
-- damaged values: a clean error, as a cast makes them that only a superuser can make
-- ---------------------------------------------------------------------

CREATE CAST (bytea AS rrule) WITHOUT FUNCTION;
CREATE TABLE damaged AS SELECT n, v::rrule AS v FROM unnest(ARRAY['\x', '\x00', '\x02' || 'FREQ=DAILY'::bytea, '\x01', '\x01ff', '\x01' || 'FREQ=DAILY;'::bytea, '\x01' || 'FREQ=DAILY;BYDAY=1MO'::bytea, '\x01' || 'FREQ=YEARLY'::bytea]) WITH ORDINALITY AS d (v, n);
CREATE FUNCTION outcome(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE 'SELECT (' || call || ')::text FROM damaged WHERE n = ' || split_part(call, '#', 2) INTO result;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || SQLERRM;
END $$;
SELECT n, outcome('v /*#' || n || '#*/') AS text, outcome('rrule_send(v) /*#' || n || '#*/') AS bytes, outcome('v = v /*#' || n || '#*/') AS equal, outcome('rrule_hash(v) = 0 /*#' || n || '#*/') AS hash,
	outcome('rrule_next(v, ''2026-01-01'', ''UTC'', ''2026-01-01Z'') /*#' || n || '#*/') AS next FROM damaged ORDER BY n;
