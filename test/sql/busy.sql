--
-- The type busy: text and binary form, aggregates, sum, order, hashes, what is
-- refused
--
CREATE SCHEMA regress_busy;
SET search_path = regress_busy, public;
SET timezone = 'UTC';

-- ---------------------------------------------------------------------
-- the text form
-- ---------------------------------------------------------------------

SELECT input, input::busy AS canonical FROM unnest(ARRAY[
	'{}', ' { } ', '{[2026-03-02T09:00:00Z,2026-03-02T09:30:00Z)}',
	E'{\t[ 2026-03-02T09:00:00Z , 2026-03-02T09:30:00.5Z ) - 5 + 10 ( 2 ) } ',
	'{[2026-03-02T09:00:00+01:00,2026-03-02 09:00:00Z)}',
	'{[,2026-03-02T09:00:00Z),(,2026-03-01T00:00:00Z),[2026-03-03T08:00:00Z,),[,),(,)}',
	'{[2026-03-02T09:00:00Z,2026-03-02T09:30:00Z)-5,[2026-03-02T09:00:00Z,2026-03-02T09:30:00Z)+5}',
	'{[2026-03-02T09:00:00Z,2026-03-02T09:30:00Z)-0+0,[2026-03-02T09:00:00Z,2026-03-02T09:30:00Z)-007(002)}',
	'{[0001-01-01T00:00:00Z,9999-12-31T23:59:59.999999Z)-2147483647+2147483647(2147483647)}']) AS input;

-- In order, whatever order they came in: by start, end, seats (all last), before, after
SELECT '{[2026-03-02T10:00:00Z,2026-03-02T11:00:00Z),[2026-03-02T09:00:00Z,2026-03-02T11:00:00Z),[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z),[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z)(2),[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z)(1),[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z)-1,[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z)+1}'::busy;

-- ---------------------------------------------------------------------
-- what is refused
-- ---------------------------------------------------------------------

CREATE FUNCTION try(input text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	RETURN input::busy;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, detail);
END $$;

SELECT left(input, 46) AS input, try(input) FROM unnest(ARRAY[
	'', 'busy', '{', '{[', '}', '{}x', '{},', '{,}', '{[2026-03-02T09:00:00Z,2026-03-02T09:30:00Z),}',
	'{[2026-03-02T09:00:00Z,2026-03-02T09:30:00Z)', '{[2026-03-02T09:00:00Z,2026-03-02T09:30:00Z)[',
	'{[2026-03-02T09:00:00Z,2026-03-02T09:30:00Z]}', '{(2026-03-02T09:00:00Z,2026-03-02T09:30:00Z)}',
	'{[2026-03-02T09:00:00Z 2026-03-02T09:30:00Z)}', '{[2026-03-02T09:00:00Z,2026-03-02T09:00:00Z)}',
	'{[2026-03-02T09:00:00Z,2026-03-02T08:00:00Z)}', '{[2026-03-02T09:00:00,2026-03-02T10:00:00Z)}',
	'{[2026-02-30T09:00:00Z,2026-03-02T10:00:00Z)}', '{[yesterday,today)}', '{[infinity,)}', '{["2026-03-02T09:00:00Z","2026-03-02T10:00:00Z")}',
	'{[0000-12-31T23:00:00Z,2026-03-02T10:00:00Z)}', '{[2026-03-02T09:00:00Z,10000-01-01T00:00:00Z)}',
	'{[2026-03-02T09:00:00.1234567Z,2026-03-02T10:00:00Z)}',
	'{[,)(0)}', '{[,)(-1)}', '{[,)()}', '{[,)(1}', '{[,)(2147483648)}', '{[,)+5-5}', '{[,)--5}', '{[,)-}', '{[,)-99999999999999999999}', '{[,)5}',
	U&'{\00e4}', U&'{[,)\20ac}', repeat('{', 1000), '{[' || repeat('9', 1000) || ',)}']) AS input;

-- Bytes: a version, flags, the number of periods
SELECT b, busy_send(b::busy) FROM unnest(ARRAY['{}', '{[2000-01-01T00:00:00.000001Z,2000-01-01T00:00:00.000002Z)}', '{[2000-01-01T00:00:00.000001Z,2000-01-01T00:00:00.000002Z)-5+10(2),[2000-01-01T00:00:00.000003Z,)}']) AS b;
CREATE TABLE binary_in (b busy);
-- A COPY file of one value whose binary form is what we say.
CREATE FUNCTION receive(value bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	file text := current_setting('data_directory') || '/busy.bin';
	lob oid;
BEGIN
	lob := lo_from_bytea(0, '\x5047434f50590aff0d0a00' || '\x0000000000000000'::bytea || '\x0001'::bytea || int4send(length(value)) || value || '\xffff'::bytea);
	PERFORM lo_export(lob, file);
	PERFORM lo_unlink(lob);
	TRUNCATE binary_in;
	EXECUTE format('COPY binary_in FROM %L (FORMAT binary)', file);
	RETURN (SELECT b FROM binary_in);
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || SQLERRM;
END $$;
SELECT value, receive(value) FROM unnest(ARRAY[
	'\x010000000000', '\x01000000000100000000000000010000000000000002', '\x01000000000200000000000000030000000000000004' || '\x00000000000000010000000000000002'::bytea,
	'\x010300000001000000000000000100000000000000020000000200000005' || '\x0000000a'::bytea, '\x0103000000010000000000000001000000000000000200000000000000000000' || '\x0000'::bytea,
	'\x0100000000018000000000000000' || '\x7fffffffffffffff'::bytea,
	'', '\x01', '\x000000000000', '\x020000000000', '\x010400000000', '\x0100ffffffff', '\x010000000001', '\x01007fffffff', '\x01000000000000',
	'\x01000000000100000000000000020000000000000002', '\x01000000000100000000000000030000000000000002', '\x010000000001f0000000000000010000000000000002',
	'\x01010000000100000000000000010000000000000002ffffffff', '\x01020000000100000000000000010000000000000002ffffffff00000000']::bytea[]) AS value;

-- ---------------------------------------------------------------------
-- aggregates
-- ---------------------------------------------------------------------

CREATE TABLE booking (id int, starts_at timestamptz, ends_at timestamptz, before int, after int, seats int);
INSERT INTO booking VALUES
	(1, '2026-03-02 09:00Z', '2026-03-02 09:30Z', 5, 10, 1),
	(2, '2026-03-02 08:00Z', '2026-03-02 10:00Z', 0, 0, NULL),
	(3, '2026-03-02 11:00Z', '2026-03-02 11:00Z', 5, 5, 1),
	(4, NULL, NULL, 5, 5, 1),
	(5, '2026-03-05 11:00Z', NULL, NULL, NULL, 2),
	(6, NULL, '2026-02-01 11:00Z', NULL, 15, 2),
	(7, '2026-03-04 09:00Z', 'infinity', 0, 1, NULL),
	(8, '-infinity', '2026-01-04 09:00Z', 0, 1, NULL),
	(9, 'infinity', 'infinity', 0, 1, NULL);
-- A start or an end that is missing is no bound; a row without both, or empty, is none
SELECT busy_agg(starts_at, ends_at) FROM booking;
SELECT busy_agg(starts_at, ends_at, before, after) FROM booking;
SELECT busy_agg(starts_at, ends_at, before, after, seats) FROM booking;
SELECT busy_agg(tstzrange(starts_at, ends_at)) FROM booking WHERE id IN (1, 2, 3, 5, 6);
SELECT busy_agg(r) FROM unnest(ARRAY[NULL, 'empty', '[2026-03-02 09:00Z,2026-03-02 10:00Z]', '(2026-03-02 09:00Z,2026-03-02 10:00Z)', '(2026-03-02 11:00:00Z,2026-03-02 11:00:00.000001Z)', '[2026-03-02 12:00:00Z,2026-03-02 12:00:00Z]']::tstzrange[]) AS r;
-- Nobody is busy where there is no row
SELECT busy_agg(starts_at, ends_at), busy_agg(starts_at, ends_at, before, after), busy_agg(starts_at, ends_at, before, after, seats), busy_agg(tstzrange(starts_at, ends_at)) FROM booking WHERE false;
-- The same time twice is two bookings
SELECT busy_agg(starts_at, ends_at, 0, 0, 1) FROM booking, generate_series(1, 2) WHERE id = 1;
-- Buffers of nothing, and seats of all, are none
SELECT busy_agg(starts_at, ends_at, 0, NULL, NULL) = busy_agg(starts_at, ends_at) AS same FROM booking;
-- In a window, and sorted in between
SELECT id, busy_agg(starts_at, ends_at) OVER (ORDER BY id) FROM booking WHERE id <= 3;

CREATE TABLE held (o occupancy);
INSERT INTO held VALUES ('[2026-03-02T10:00:00Z,2026-03-02T11:00:00Z){room,class(3/12)}'), ('acme:[2026-03-02T12:00:00Z,2026-03-02T13:00:00Z){*}'),
	('[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z){class(12/12)}'), (NULL);
SELECT busy_agg(o) FROM held;
SELECT name, (SELECT busy_agg(o, name) FROM held) FROM unnest('{room,class,Room,NULL}'::text[]) AS name;

-- Refused: reversed, out of range, no seats, a negative buffer
CREATE FUNCTION try_agg(starts_at timestamptz, ends_at timestamptz, before int, after int, seats int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	RETURN busy_agg(starts_at, ends_at, before, after, seats);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, detail);
END $$;
SELECT try_agg(starts_at, ends_at, before, after, seats) FROM (VALUES
	(timestamptz '2026-03-02 10:00Z', timestamptz '2026-03-02 09:00Z', 0, 0, 1),
	('infinity', '2026-03-02 09:00Z', 0, 0, 1), ('2026-03-02 10:00Z', '-infinity', 0, 0, 1), (NULL, '-infinity', 0, 0, 1), ('infinity', NULL, 0, 0, 1),
	('0044-03-15 10:00Z BC', '2026-03-02 09:00Z', 0, 0, 1), ('2026-03-02 10:00Z', '10000-01-01 00:00Z', 0, 0, 1),
	('2026-03-02 09:00Z', '2026-03-02 10:00Z', 0, 0, 0), ('2026-03-02 09:00Z', '2026-03-02 10:00Z', 0, 0, -1),
	('2026-03-02 09:00Z', '2026-03-02 10:00Z', -1, 0, 1), ('2026-03-02 09:00Z', '2026-03-02 10:00Z', 0, -2147483648, 1),
	('2026-03-02 09:00Z', '2026-03-02 10:00Z', 2147483647, 2147483647, 2147483647)) AS t (starts_at, ends_at, before, after, seats);

-- Parallel workers make parts of it
CREATE TABLE many AS SELECT timestamptz '2026-01-01 00:00Z' + g * 7919 % 100000 * interval '1 min' AS starts_at, g % 5 + 1 AS seats FROM generate_series(1, 20000) g;
ANALYZE many;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT busy_agg(starts_at, starts_at + '10 min') FROM many;
CREATE TABLE made AS SELECT busy_agg(starts_at, starts_at + '10 min') AS plain, busy_agg(starts_at, starts_at + '10 min', 5, 5, seats) AS seats FROM many;
SET max_parallel_workers_per_gather = 0;
SELECT plain = (SELECT busy_agg(starts_at, starts_at + '10 min' ORDER BY starts_at) FROM many) AS plain, seats = (SELECT busy_agg(starts_at, starts_at + '10 min', 5, 5, seats ORDER BY seats) FROM many) AS seats FROM made;
RESET ALL;
SET search_path = regress_busy, public;
SET timezone = 'UTC';

-- ---------------------------------------------------------------------
-- sum and periods
-- ---------------------------------------------------------------------

SELECT '{[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z)}'::busy + '{[2026-03-02T08:00:00Z,2026-03-02T10:00:00Z)-5(1),[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z)}' AS sum,
	'{}'::busy + '{}' AS empty, NULL::busy + '{[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z)}' AS one, '{}'::busy + NULL AS other, NULL::busy + NULL AS none;
-- The sum is what the aggregate of both would be
WITH half AS (SELECT g % 2 AS half, busy_agg(timestamptz '2026-03-02Z' + g * 37 % 101 * interval '1 min', timestamptz '2026-03-03Z', g % 3, 0, nullif(g % 4, 0)) AS b FROM generate_series(1, 100) g GROUP BY 1)
SELECT a.b + z.b = (SELECT busy_agg(timestamptz '2026-03-02Z' + g * 37 % 101 * interval '1 min', timestamptz '2026-03-03Z', g % 3, 0, nullif(g % 4, 0)) FROM generate_series(1, 100) g) AS same, a.b + z.b = z.b + a.b AS commutes FROM half a, half z WHERE a.half = 0 AND z.half = 1;
SELECT * FROM busy_periods('{[2026-03-02T09:00:00Z,2026-03-02T09:30:00Z)-5+10(2),[2026-03-03T08:00:00Z,),(,2026-03-01T00:00:00Z)}');
SELECT * FROM busy_periods('{}');
SELECT * FROM busy_periods(NULL);
SELECT busy_agg(p.starts_at, p.ends_at, p.before_minutes, p.after_minutes, p.seats) = b AS same FROM (SELECT busy_agg(starts_at, ends_at, before, after, seats) AS b FROM booking) AS t, busy_periods(b) AS p GROUP BY b;

-- ---------------------------------------------------------------------
-- order and hashes
-- ---------------------------------------------------------------------

CREATE TABLE valued (b busy);
INSERT INTO valued SELECT unnest('{"{}","{(,)}","{[2026-03-02T09:00:00Z,)}","{[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z)}","{[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z)(1)}","{[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z)(2)}","{[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z)-1}","{[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z)+1}","{[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z),[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z)}"}'::busy[]);
SELECT b FROM valued ORDER BY b;
SELECT a.b < z.b AS lt, a.b <= z.b AS le, a.b = z.b AS eq, a.b >= z.b AS ge, a.b > z.b AS gt, a.b <> z.b AS ne, busy_cmp(a.b, z.b) AS cmp, count(*) FROM valued a, valued z GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 7;
SELECT count(DISTINCT b) AS distinct, count(DISTINCT busy_hash(b)) AS hashes, 
	count(*) FILTER (WHERE (busy_hash_extended(b, 0) & 4294967295) <> (busy_hash(b)::bigint & 4294967295)) AS halves, count(DISTINCT busy_hash_extended(b, 1)) AS seeded FROM valued;
CREATE UNIQUE INDEX ON valued (b);
CREATE INDEX ON valued USING hash (b);
INSERT INTO valued VALUES ('{[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z),[2026-03-02T10:00:00+01:00,2026-03-02T10:00:00Z)}');

-- Text and bytes read back equal, also from a column with short headers
SELECT count(*) AS differ FROM valued WHERE b::text::busy <> b;

-- ---------------------------------------------------------------------
-- a million periods
-- ---------------------------------------------------------------------

SET statement_timeout = '60s';
CREATE TEMP TABLE large AS SELECT busy_agg(timestamptz '2026-01-01 00:00Z' + (g::bigint * 7919 % 1000000) * interval '1 min', timestamptz '2026-01-01 00:30Z' + (g::bigint * 7919 % 1000000) * interval '1 min') AS b FROM generate_series(1, 1000000) g;
SELECT (SELECT count(*) FROM busy_periods(b)) AS periods, pg_column_size(b + NULL) AS bytes, md5(busy_send(b)) = md5(busy_send(b::text::busy)) AS same FROM large;

-- Long work can be cancelled
SET statement_timeout = '20ms';
SELECT busy_agg(timestamptz '2026-01-01 00:00Z' + (g::bigint * 7919 % 20000000) * interval '1 s', NULL) FROM generate_series(1, 20000000) g;
RESET statement_timeout;

RESET ALL;
SET client_min_messages = warning;
DROP SCHEMA regress_busy CASCADE;
