-- Shared resources: so many of so many seats.  Constructor, text, binary form,
-- sum, conflict, order, and the aggregate of the seats that are taken.
-- Nothing may depend on the session's zone or DateStyle.
SET TimeZone = 'America/New_York';
SET DateStyle = 'SQL, DMY';
\set VERBOSITY terse

-- What ought to be true is listed here when it is not.
CREATE FUNCTION shall(claim text, truth boolean) RETURNS text LANGUAGE sql
	AS $$ SELECT CASE WHEN truth THEN NULL ELSE 'FALSE: ' || claim END $$;

-- What an expression gives, or how it fails.
CREATE FUNCTION try(expression text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	detail text;
BEGIN
	EXECUTE 'SELECT ' || expression INTO result;
	RETURN coalesce(result, 'null');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS result = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(': ', sqlstate, result, nullif(detail, ''));
END $$;

-- The resources of an occupancy of one hour, as text.
CREATE FUNCTION held(resources text, scope text DEFAULT NULL) RETURNS occupancy LANGUAGE sql IMMUTABLE AS $$
	SELECT (coalesce(scope || ':', '') || '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){' || resources || '}')::occupancy $$;

--
-- Constructor
--
\set s '''2024-01-01 10:00Z'''
\set e '''2024-01-01 11:00Z'''
SELECT occupancy_seats(:s, :e, 'class_77', 3, 12), occupancy_seats(:s, :e, 'class_77', 3, 12, 'acme');
SELECT occupancy_seats(starts_at => :s, ends_at => :e, resource => '', seats => 1, capacity => 1, scope => '');
SELECT occupancy_seats(:s, :e, 'x', 1, 2147483647), occupancy_seats(:s, :e, 'x', 2147483647, 2147483647);
-- nothing is held without a resource, whatever the seats are
SELECT occupancy_seats(:s, :e, NULL, 3, 12), occupancy_seats(:s, :e, NULL, NULL, NULL, 'acme'), occupancy_seats(:s, :e, NULL, 0, -1);
SELECT call, try(call)
FROM (VALUES
	('occupancy_seats(''2024-01-01'', ''2024-01-02'', ''x'', 0, 12)'),
	('occupancy_seats(''2024-01-01'', ''2024-01-02'', ''x'', -1, 12)'),
	('occupancy_seats(''2024-01-01'', ''2024-01-02'', ''x'', 13, 12)'),
	('occupancy_seats(''2024-01-01'', ''2024-01-02'', ''x'', 1, 0)'),
	('occupancy_seats(''2024-01-01'', ''2024-01-02'', ''x'', 0, 0)'),
	('occupancy_seats(''2024-01-01'', ''2024-01-02'', ''x'', -3, -1)'),
	('occupancy_seats(''2024-01-01'', ''2024-01-02'', ''x'', -2147483648, -2147483648)'),
	('occupancy_seats(''2024-01-01'', ''2024-01-02'', ''x'', 2147483647, 2147483646)'),
	('occupancy_seats(''2024-01-01'', ''2024-01-02'', ''x'', 2147483648, 2147483648)'),
	('occupancy_seats(''2024-01-01'', ''2024-01-02'', ''x'', NULL, 12)'),
	('occupancy_seats(''2024-01-01'', ''2024-01-02'', ''x'', 1, NULL)'),
	('occupancy_seats(NULL, ''2024-01-02'', ''x'', 1, 12)'),
	('occupancy_seats(''2024-01-01'', NULL, ''x'', 1, 12)'),
	('occupancy_seats(''2024-01-01'', ''2024-01-01'', ''x'', 1, 12)'),
	('occupancy_seats(''2024-01-02'', ''2024-01-01'', ''x'', 1, 12)'),
	('occupancy_seats(''2024-01-01'', ''infinity'', ''x'', 1, 12)'),
	('occupancy_seats(''2024-01-01'', ''12024-01-01'', ''x'', 1, 12)'),
	('occupancy_seats(''2024-01-01'', ''2024-01-02'', repeat(''x'', 1025), 1, 12)'),
	('occupancy_seats(''2024-01-01'', ''2024-01-02'', ''x'', 1, 12, repeat(''x'', 1025))')) t (call);

--
-- Text
--
SELECT input, try(format('held(%L)', input))
FROM (VALUES
	('trainer_1,class_77(3/12)'), ('class_77(3/12),trainer_1'), ('a(1/1)'), ('a(1/2147483647)'), ('a(2147483647/2147483647)'),
	-- white space, order and leading zeros do not matter
	(' b ( 3 / 12 ) , a	(1/2)	'), ('"b" (003/0012)'), ('a(0000000000000000000001/2)'),
	-- what could be read as seats is quoted if it is a name
	('"class(3/12)"'), ('"class(3/12)"(3/12)'), ('"("(1/2),")"(1/2),"/"(1/2),"3/12"'), ('a/b(1/2)'), ('3/12'), ('"*"(1/2)'), ('""(1/2)'), ('"a\"b"(1/2)'),
	-- the same twice: seats add up, the strictest capacity is kept
	('a(1/3),a(2/3)'), ('a(1/5),b,a(1/3)'), ('a(1/3),b(1/2),a(1/5),b(1/9),a(1/4)'), ('a,a'), ('a(2147483646/2147483647),a(1/2147483647)'),
	('a(2/3),a(2/3)'), ('a(3/3),a(1/5)'), ('a(4/5),a(1/3)'), ('a(2147483647/2147483647),a(2147483647/2147483647)'),
	-- alone and shared
	('a,a(1/2)'), ('a(1/2),a'), ('a,b(1/2)'),
	-- no seats, no capacity, too many seats, too large
	('a(0/12)'), ('a(0/0)'), ('a(1/0)'), ('a(13/12)'), ('a(2147483648/2147483648)'), ('a(1/2147483648)'), ('a(99999999999999999999/1)'), ('a(1/18446744073709551617)'),
	-- junk
	('a()'), ('a(/)'), ('a(1)'), ('a(1/)'), ('a(/2)'), ('a(1/2'), ('a(1/2}'), ('a(1,2)'), ('a(-1/2)'), ('a(1/-2)'), ('a(+1/2)'), ('a(1.5/2)'), ('a(1e0/2)'), ('a(0x1/2)'),
	('a(1/2/3)'), ('a(1/2)(1/2)'), ('a(1/2)b'), ('a(1/2)"b"'), ('(1/2)'), ('a(1/2),'), ('a,(1/2)'), ('*(1/2)'), ('*,a(1/2)'), ('a(1/2),*'), ('a[1/2]'), ('a)1/2('), ('a(١/2)'), ('a(1 1/2)')) t (input);
-- a scope has none
SELECT try($$'acme(1/2):[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'::occupancy$$),
	try($$'"acme(1/2)":[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a(1/2)}'::occupancy$$);
\set VERBOSITY default
SELECT held('a(13/12)');
SELECT held('a,a(1/12)');
SELECT occupancy_seats(:s, :e, 'x', 13, 12);
SELECT occupancy_seats(:s, :e, 'x', 1, 12) + occupancy(:s, :e, '{x}');
\set VERBOSITY terse

--
-- Sum
--
SELECT a, b, try(format('held(%L) + held(%L)', a, b)) AS sum
FROM (VALUES
	('a', 'b'), ('a,b', 'b,c'), ('b', 'a(1/2)'), ('a(1/2)', 'a(1/2)'), ('a(1/2)', 'b(1/2)'), ('a(1/5)', 'a(1/3)'), ('a(1/2),b,c(3/4)', 'c(1/9),d(1/1),b'),
	('', ''), ('', 'a(1/2)'), ('*', ''), ('*', '*'), ('*', 'a,b(1/2)'),
	('a', 'a(1/2)'), ('a(1/2)', 'a'), ('a(2/3)', 'a(2/3)'), ('a(3/3)', 'a(1/9)'), ('a(2147483647/2147483647)', 'a(2147483647/2147483647)')) t (a, b);
SELECT held('a(1/9)') + held('a(2/9)') + held('b') + held('a(3/7)') AS four;
SELECT held('a(1/2)', 'x') + held('b', 'x') AS scoped, held('a') + NULL AS unknown, NULL + held('a') AS unknown_too, held('a') + '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){b(1/2)}' AS literal;
SELECT try($$held('a', 'x') + held('b', 'y')$$), try($$held('a') + held('b', '""')$$),
	try($$held('a') + occupancy('2024-01-01 10:00Z', '2024-01-01 11:00:00.000001Z', '{b}')$$), try($$held('*', 'x') + occupancy_all('2024-01-01 10:01Z', '2024-01-01 11:00Z', 'x')$$);
-- the limit is of the names that are left, not of those that were added
SELECT cardinality(occupancy_resources(a + a)) AS same, cardinality(occupancy_resources(a + b)) AS half, a + b = b + a AS commutes
FROM (SELECT occupancy(:s, :e, array_agg(i::text)) AS a, occupancy(:s, :e, array_agg((i + 7767)::text)) AS b FROM generate_series(1, 25000) i) x;
SELECT occupancy(:s, :e, array_agg(i::text)) + occupancy(:s, :e, array_agg((i + 20000)::text)) FROM generate_series(1, 20000) i;
-- all that a value can have, shared
SELECT cardinality(occupancy_resources(o)), o::text::occupancy = o AS text_round_trip, o && o AS conflict, (o + o) && o AS with_more, (o + o) * o = o AS over_all
FROM (SELECT ('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){' || string_agg(format('%s(2/4)', i), ',') || '}')::occupancy AS o FROM generate_series(1, 32767) i) x;
-- buffers and the accessors know
SELECT occupancy_buffer(held('a(1/2),b', 'x'), 60, 30), occupancy_resources(held('b(1/2),a')), occupancy_during(held('b(1/2),a')) = tstzrange(:s, :e) AS during, occupancy_is_all(held('a(1/1)'));

--
-- Conflict
--
SELECT a, b, held(a) && held(b) AS conflict, held(a) * held(b) AS over
FROM (VALUES
	-- one resource: the seats together against the smaller capacity
	('a(6/12)', 'a(6/12)'), ('a(6/12)', 'a(7/12)'), ('a(1/12)', 'a(12/12)'), ('a(1/1)', 'a(1/1)'), ('a(1/2)', 'a(1/2)'),
	('a(2/12)', 'a(2/3)'), ('a(1/12)', 'a(2/3)'), ('a(9/12)', 'a(1/9)'), ('a(2147483647/2147483647)', 'a(2147483647/2147483647)'), ('a(1/2147483647)', 'a(2147483646/2147483647)'),
	-- alone, all, nothing
	('a', 'a(1/12)'), ('a', 'a'), ('*', 'a(1/12)'), ('*', 'a(1/12),b'), ('*', '*'), ('*', ''), ('', 'a(1/12)'),
	-- others, and a name is a name
	('a(12/12)', 'b(12/12)'), ('a(12/12)', 'A(12/12),""(12/12),aa(12/12)'),
	-- several: those that are too full, or held alone by one of them
	('a(7/12),b(7/12),c', 'a(6/12),b(5/12),d'), ('a(7/12),b(7/12),c', 'a(5/12),b(5/12),d'), ('a(7/12),b(7/12),c', 'a(5/12),b,c(1/3)'), ('a(1/2),b(1/2),c(1/2)', 'a(1/2),b(2/2),c(1/2)'),
	('a(1/2),c(2/2),e', 'b(1/2),c(1/2),d'), ('a', 'a(1/2),b(1/2)'), ('b(1/2)', 'a,b(1/2),c')) t (a, b);
-- of one scope and of a common instant only
SELECT held('a(2/2)', 'x') && held('a(2/2)', 'x') AS same_scope, held('a(2/2)', 'x') && held('a(2/2)', 'y') AS other_scope, held('a(2/2)', 'x') && held('a(2/2)') AS without,
	held('a(2/2)') && occupancy_seats('2024-01-01 11:00Z', '2024-01-01 12:00Z', 'a', 2, 2) AS touching,
	held('a(2/2)') * occupancy_seats('2024-01-01 10:59Z', '2024-01-01 12:00Z', 'a', 1, 3) AS overlapping;

--
-- Order, equality, hash
--
CREATE TABLE seats (id int, o occupancy);
-- the list is in order
INSERT INTO seats
SELECT ord, held(resources)
FROM unnest('{*,"","a","a,b","a,b(1/1)","a,b(1/2)","a(1/2)","a(1/2),b","a(1/2),b(1/2)","a(1/3)","a(2/2)","a(2/3)","a(2/2147483647)","a(2147483647/2147483647)","b","b(1/2)"}'::text[]) WITH ORDINALITY t (resources, ord);
SELECT shall('sorted: ' || string_agg(id::text, ',' ORDER BY o), array_agg(id ORDER BY o) = array_agg(id ORDER BY id)) FROM seats;
SELECT a.id, b.id
FROM seats a, seats b
WHERE NOT ((a.o < b.o) = (a.id < b.id) AND (a.o <= b.o) = (a.id <= b.id) AND
	(a.o = b.o) = (a.id = b.id) AND (a.o <> b.o) = (a.id <> b.id) AND
	(a.o >= b.o) = (a.id >= b.id) AND (a.o > b.o) = (a.id > b.id) AND
	sign(occupancy_cmp(a.o, b.o)) = sign(a.id - b.id) AND
	(occupancy_hash(a.o) = occupancy_hash(b.o)) = (a.id = b.id) AND
	(occupancy_hash_extended(a.o, 7) = occupancy_hash_extended(b.o, 7)) = (a.id = b.id) AND
	(occupancy_send(a.o) = occupancy_send(b.o)) = (a.id = b.id));
-- equal whatever they were made of, and then the bytes are equal
CREATE CAST (occupancy AS bytea) WITHOUT FUNCTION;
SELECT count(*), count(DISTINCT o) AS different, count(DISTINCT occupancy_hash(o)) AS hashes, count(DISTINCT occupancy_send(o)) AS bytes, count(DISTINCT o::bytea) AS stored
FROM (VALUES (held('a(2/3),b')), (held('b,a(1/3),a(1/9)')), (held('a(1/3)') + held('b') + held('a(1/3)')), (occupancy_seats(:s, :e, 'a', 2, 3) + occupancy(:s, :e, '{b}'))) t (o);
SET enable_hashagg = off;
SELECT count(*) FROM (SELECT o FROM seats UNION SELECT o FROM seats) u;
RESET enable_hashagg;
SET enable_sort = off;
SELECT count(*) FROM (SELECT o FROM seats UNION SELECT o FROM seats) u;
SELECT count(*), max(n) FROM (SELECT count(*) AS n FROM (SELECT o FROM seats UNION ALL SELECT o::text::occupancy FROM seats) u GROUP BY o) g;
RESET enable_sort;

--
-- Binary form
--
SELECT resources, encode(occupancy_send(('[2000-01-01T00:00:00Z,2000-01-01T00:00:00.000001Z){' || resources || '}')::occupancy), 'hex')
FROM unnest('{"a(3/12)","a,bb(1/2147483647)",*}'::text[]) resources;
\copy seats TO 'results/occupancy_seats.bin' (FORMAT binary)
CREATE TABLE copied (LIKE seats);
\copy copied FROM 'results/occupancy_seats.bin' (FORMAT binary)
SELECT shall('binary round trip', count(*) = 16 AND bool_and(o.o::text = c.o::text)) FROM seats o JOIN copied c USING (id, o);
SELECT shall('text round trip of ' || o, o::text::occupancy = o) FROM seats WHERE o::text::occupancy <> o;

-- A COPY file of one occupancy whose binary form is what we say.
CREATE FUNCTION receive(value bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	file text := current_setting('data_directory') || '/occupancy_seats.bin';
	lob oid;
	message text;
	detail text;
BEGIN
	lob := lo_from_bytea(0, '\x5047434f50590aff0d0a00' || '\x0000000000000000'::bytea ||
		'\x0001'::bytea || int4send(length(value)) || value || '\xffff'::bytea);
	PERFORM lo_export(lob, file);
	PERFORM lo_unlink(lob);
	CREATE TEMP TABLE received (o occupancy);
	EXECUTE format('COPY received FROM %L (FORMAT binary)', file);
	message := (SELECT o || ' ' || pg_column_size(o) FROM received);
	DROP TABLE received;
	RETURN message;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(': ', SQLSTATE, message, nullif(detail, ''));
END $$;
-- one with these flags, this number of names, and names with their seats
CREATE FUNCTION wire(flags int, count int, VARIADIC names bytea[]) RETURNS bytea LANGUAGE sql AS $$
	SELECT '\x01'::bytea || set_byte('\x00', 0, flags) || int8send(0) || int8send(1) || int4send(count) || string_agg(name, '' ORDER BY ord)
	FROM unnest(names) WITH ORDINALITY t (name, ord) $$;
CREATE FUNCTION one(name text, seats bigint, capacity bigint) RETURNS bytea LANGUAGE sql AS $$
	SELECT int4send(octet_length(name)) || convert_to(name, 'UTF8') || substr(int8send(seats), 5) || substr(int8send(capacity), 5) $$;
SET TimeZone = 'UTC';
SELECT what, receive(bytes)
FROM (VALUES
	('one', wire(4, 1, one('a', 3, 12))),
	('two, not in order', wire(4, 2, one('b', 0, 0), one('a', 3, 12))),
	('the same twice', wire(4, 2, one('a', 1, 12), one('a', 3, 9))),
	('the same twice, too many', wire(4, 2, one('a', 9, 9), one('a', 3, 12))),
	('alone and shared', wire(4, 2, one('a', 0, 0), one('a', 3, 12))),
	('the flag, and nothing shared', wire(4, 1, one('a', 0, 0))),
	('the flag, and no names', wire(4, 0, '')),
	('the flag of all, too', wire(5, 0, '')),
	('for all, with a name', wire(5, 1, one('a', 3, 12))),
	('seats without the flag', wire(0, 1, one('a', 3, 12))),
	('no seats', wire(4, 1, one('a', 0, 12))),
	('no capacity', wire(4, 1, one('a', 3, 0))),
	('too many seats', wire(4, 1, one('a', 13, 12))),
	('negative', wire(4, 1, one('a', -1, 12))),
	('both negative', wire(4, 1, one('a', -2, -1))),
	('both the least', wire(4, 1, one('a', 2147483648, 2147483648))),
	('the largest', wire(4, 1, one('a', 2147483647, 2147483647))),
	('cut off in the seats', substr(wire(4, 1, one('a', 3, 12)), 1, 29)),
	('cut off behind the name', substr(wire(4, 1, one('a', 3, 12)), 1, 27)),
	('more names than there are', wire(4, 2, one('a', 3, 12))),
	('another flag', wire(8, 1, one('a', 3, 12)))) t (what, bytes);
SELECT count(*) FILTER (WHERE result ~ '^(22P02|22P03|08P01): ') AS refused, count(*) FILTER (WHERE result LIKE 'x:[%') AS taken
FROM (SELECT receive(substr(occupancy_send(held('a(1/2),b', 'x')), 1, n)) AS result FROM generate_series(0, length(occupancy_send(held('a(1/2),b', 'x')))) n) r;
COPY (SELECT) TO PROGRAM 'cat >/dev/null; rm -f occupancy_seats.bin';

-- Stored bytes: without a shared resource they are those of before there were
-- any: version, flags, count, period, hashes, lengths, names.  With one, eight
-- bytes a name behind the lengths.  (Integers are in the machine's byte order,
-- and so the hashes differ between machines, too.)
CREATE FUNCTION native(big_endian bytea) RETURNS bytea LANGUAGE sql AS $$
	SELECT CASE get_byte(held('a')::bytea, 2) WHEN 0 THEN $1
		ELSE (SELECT string_agg(substr($1, i, 1), '' ORDER BY i DESC) FROM generate_series(1, length($1)) i) END $$;
CREATE FUNCTION stored(flags bytea, shares bytea) RETURNS bytea LANGUAGE sql AS $$
	SELECT '\x01'::bytea || flags || native(int2send(2::smallint)) || native(int8send(0)) || native(int8send(1)) ||
		native(int8send(hashtextextended('x', x'6f63637570616e63'::bigint))) ||
		(SELECT string_agg(native(hash), '' ORDER BY hash) FROM unnest('{a,bb}'::text[]) name, int8send(hashtextextended(name, x'6f63637570616e63'::bigint)) hash) ||
		native(int2send(1::smallint)) || native(int2send(1::smallint)) || native(int2send(2::smallint)) || shares || 'xabb'::bytea $$;
SELECT 'x:[2000-01-01T00:00:00Z,2000-01-01T00:00:00.000001Z){bb,a}'::occupancy::bytea = stored('\x02', '') AS as_before,
	'x:[2000-01-01T00:00:00Z,2000-01-01T00:00:00.000001Z){bb(3/12),a}'::occupancy::bytea
		= stored('\x06', native(int4send(0)) || native(int4send(0)) || native(int4send(3)) || native(int4send(12))) AS shared;
SELECT pg_column_size(held('a,b')) AS alone, pg_column_size(held('a,b(1/2)')) AS one_shared, pg_column_size(held('a(1/2),b(1/2)')) AS both_shared, pg_column_size(held('a,b') + held('b')) AS sum;
DROP CAST (occupancy AS bytea);
DROP TABLE copied;

--
-- Random data: conflict and sum are what their definitions say
--
SELECT setseed(0.31);
CREATE TABLE booking AS
SELECT n, s, s + d AS e, scope, n % 25 = 0 AS is_all
FROM (SELECT n, timestamptz '2024-01-01Z' + (random() * 60)::int * interval '1 hour' AS s, (1 + random() * 8)::int * interval '1 hour' AS d,
		CASE (random() * 3)::int WHEN 0 THEN 'x' WHEN 1 THEN 'y' END AS scope
	FROM generate_series(1, 500) n) t;
CREATE TABLE holding AS
SELECT n, name, CASE WHEN capacity > 0 THEN least(1 + (random() * random() * capacity)::int, capacity) ELSE 0 END AS seats, capacity
FROM (SELECT n, name, CASE WHEN random() < 0.25 THEN 0 ELSE 2 + (random() * 8)::int END AS capacity
	FROM (SELECT DISTINCT n, 'r' || (random() * 9)::int AS name FROM booking, generate_series(1, 3) WHERE NOT is_all AND n % 33 <> 0) d
	ORDER BY n, name) c;
CREATE AGGREGATE sum(occupancy) (SFUNC = occupancy_add, STYPE = occupancy);
ALTER TABLE booking ADD o occupancy;
UPDATE booking b SET o = CASE WHEN is_all THEN occupancy_all(s, e, scope) ELSE
	coalesce((SELECT sum(CASE WHEN seats = 0 THEN occupancy(s, e, ARRAY[name], scope) ELSE occupancy_seats(s, e, name, seats, capacity, scope) END) FROM holding h WHERE h.n = b.n), occupancy(s, e, NULL, scope)) END;
CREATE TABLE conflict AS
SELECT DISTINCT a.n AS a, b.n AS b
FROM booking a JOIN booking b ON tstzrange(a.s, a.e) && tstzrange(b.s, b.e) AND a.scope IS NOT DISTINCT FROM b.scope
LEFT JOIN holding x ON x.n = a.n
LEFT JOIN holding y ON y.n = b.n AND y.name = x.name
WHERE a.is_all OR b.is_all OR y.seats = 0 OR (x.seats = 0 AND y.n IS NOT NULL) OR x.seats + y.seats > least(x.capacity, y.capacity);
SELECT count(*) > 2000 AS enough, count(*) FILTER (WHERE a = b) > 100 AS with_themselves FROM conflict;
SELECT count(*) AS pairs, count(*) FILTER (WHERE (a.o && b.o) <> (c.a IS NOT NULL)) AS differences, count(*) FILTER (WHERE (a.o && b.o) <> (b.o && a.o)) AS one_way,
	count(*) FILTER (WHERE (a.o * b.o IS NOT NULL) <> (c.a IS NOT NULL)) AS without_reason, count(*) FILTER (WHERE a.o * b.o IS DISTINCT FROM b.o * a.o) AS other_reason
FROM booking a CROSS JOIN booking b LEFT JOIN conflict c ON c.a = a.n AND c.b = b.n;
-- what they conflict over are the names of which that is true
SELECT count(*) > 3000 AS enough, count(*) FILTER (WHERE over IS DISTINCT FROM names) AS differences
FROM (SELECT occupancy_resources(a.o * b.o) AS over,
		(SELECT array_agg(x.name ORDER BY x.name) FROM holding x JOIN holding y USING (name)
			WHERE x.n = a.n AND y.n = b.n AND (x.seats = 0 OR y.seats = 0 OR x.seats + y.seats > least(x.capacity, y.capacity))) AS names
	FROM conflict c JOIN booking a ON a.n = c.a JOIN booking b ON b.n = c.b WHERE NOT a.is_all AND NOT b.is_all) x;
-- the round trips of all of them
SELECT count(*) FILTER (WHERE o::text::occupancy <> o) AS another_text, count(*) FILTER (WHERE (o * o)::text::occupancy <> o * o) AS another_conflict FROM booking;
-- conflicts_in: the same pairs
SELECT count(*) AS differences
FROM (SELECT a, b FROM conflict WHERE a < b) c
FULL JOIN (SELECT least(a, b) AS a, greatest(a, b) AS b FROM (SELECT array_agg(o ORDER BY n) AS os FROM booking) x, occupancy_conflicts_in(os)) f USING (a, b)
WHERE c.* IS NULL OR f.* IS NULL;
-- a constraint sees pairs: who comes is let in if no one who is there is in the way
CREATE TABLE accepted (n int, o occupancy, EXCLUDE USING gist (o WITH &&));
INSERT INTO accepted SELECT n, o FROM booking ORDER BY n ON CONFLICT DO NOTHING;
CREATE FUNCTION let_in() RETURNS SETOF int LANGUAGE plpgsql AS $$
DECLARE
	i int;
	there int[] := '{}';
BEGIN
	FOR i IN SELECT booking.n FROM booking ORDER BY booking.n LOOP
		IF NOT EXISTS (SELECT FROM conflict WHERE a = i AND b = ANY (there)) THEN
			there := there || i;
			RETURN NEXT i;
		END IF;
	END LOOP;
END $$;
SELECT count(*) BETWEEN 50 AND 450 AS enough, count(*) FILTER (WHERE a.n IS NULL OR l.n IS NULL) AS differences
FROM accepted a FULL JOIN let_in() l (n) USING (n);
DROP TABLE accepted;
DROP FUNCTION let_in;
CREATE TABLE class (id int PRIMARY KEY, o occupancy, CONSTRAINT class_held EXCLUDE USING gist (o WITH &&));
\set VERBOSITY default
INSERT INTO class VALUES (1, held('class(3/12),trainer_1')), (2, held('class(9/12)'));
INSERT INTO class VALUES (3, held('class(10/12)'));
\set VERBOSITY terse
-- three in one place are more than twelve, but no two of them
INSERT INTO class VALUES (3, held('class(3/12)'));
INSERT INTO class VALUES (4, held('class(1/12),trainer_1'));
INSERT INTO class VALUES (4, held('class'));
INSERT INTO class VALUES (4, held('class(1/9)'));
INSERT INTO class VALUES (4, held('class(1/10)'));
INSERT INTO class VALUES (5, held('class(12/12)', 'x'));
INSERT INTO class VALUES (6, held('class(12/12)')) ON CONFLICT DO NOTHING;
SELECT * FROM class ORDER BY id;
SELECT a, b, shared FROM occupancy_conflicts_in(ARRAY[held('a(2/3),b(1/9)'), held('a(1/3),b(9/9)'), held('a(2/3)'), held('a(1/3)'), held('b')]) ORDER BY 1, 2;
DROP TABLE class;

--
-- Seats that are taken
--
SELECT occupancy_seats_taken(o, 'a') AS most, occupancy_seats_taken(o, 'b') AS of_another, occupancy_seats_taken(o, 'nobody') AS of_none, occupancy_seats_taken(o, NULL) AS unknown, pg_typeof(occupancy_seats_taken(o, 'a')) AS type
FROM (VALUES
	('[2024-01-01T10:00:00Z,2024-01-01T12:00:00Z){a(2/9),b}'::occupancy), ('[2024-01-01T11:00:00Z,2024-01-01T13:00:00Z){a(3/9)}'), (NULL),
	('[2024-01-01T12:00:00Z,2024-01-01T13:00:00Z){a(3/9),b}'), ('[2024-01-01T13:00:00Z,2024-01-01T14:00:00Z){a(5/9)}')) t (o);
-- no rows, and none that holds it
SELECT occupancy_seats_taken(o, 'a'), occupancy_seats_taken(o, 'a') FILTER (WHERE false) FROM seats WHERE false;
SELECT occupancy_seats_taken(o, 'nobody') FROM (VALUES (held('a(2/9)')), (NULL), (held(''))) t (o);
SELECT occupancy_seats_taken(o, 'a') FILTER (WHERE o <> held('a(1/2)')) FROM seats WHERE o < held('a(1/3)') AND o > held('a');
-- alone: all its seats, as far as they are known; twice is twice
SELECT occupancy_seats_taken(o, 'a') FROM (VALUES (held('a'))) t (o);
SELECT occupancy_seats_taken(o, 'a') FROM (VALUES (held('a')), (held('a,b(2/7)'))) t (o);
SELECT occupancy_seats_taken(o, 'a') FROM (VALUES (held('*')), ('[2025-01-01T10:00:00Z,2025-01-01T12:00:00Z){a(2/9)}')) t (o);
SELECT occupancy_seats_taken(o, 'a') FROM (VALUES (held('a(3/9)')), (held('*')), (held('a(1/12)'))) t (o);
-- of several scopes the most of one, with the capacity that is known in it
SELECT occupancy_seats_taken(o, 'a') FROM (VALUES (held('a(2/9)', 'x')), (held('a(2/9)', 'y')), (held('a(1/9)', 'x')), (held('a(2/9)')), (held('a', '""')), (held('a(2/9)', 'y'))) t (o);
-- beyond int
SELECT occupancy_seats_taken(o, 'a') FROM (SELECT held('a(2147483647/2147483647)') AS o FROM generate_series(1, 5)) t;
-- a name that differs from row to row, and one that is empty
SELECT occupancy_seats_taken(o, name) FROM (VALUES (held('a(2/9)'), 'a'), (held('b(3/9)'), 'b'), (held('a(5/9)'), 'b'), (held('""(1/9)'), '')) t (o, name);

-- Random data, by brute force: at the start of each of those who hold it
CREATE VIEW taken AS
SELECT name, scope, max(seats) AS most
FROM (SELECT a.name, a.scope, a.n, sum(CASE WHEN b.seats > 0 THEN b.seats ELSE b.all_seats END) AS seats
	FROM (SELECT n, s, e, scope, x.name, seats, greatest(1, max(capacity) OVER (PARTITION BY scope, x.name)) AS all_seats
		FROM booking b JOIN (SELECT n, name, seats, capacity FROM holding
			UNION ALL SELECT n, name, 0, 0 FROM booking, (SELECT DISTINCT name FROM holding) d WHERE is_all) x USING (n)) a
	JOIN (SELECT n, s, e, scope, x.name, seats, greatest(1, max(capacity) OVER (PARTITION BY scope, x.name)) AS all_seats
		FROM booking b JOIN (SELECT n, name, seats, capacity FROM holding
			UNION ALL SELECT n, name, 0, 0 FROM booking, (SELECT DISTINCT name FROM holding) d WHERE is_all) x USING (n)) b
		ON a.name = b.name AND a.scope IS NOT DISTINCT FROM b.scope AND b.s <= a.s AND b.e > a.s
	GROUP BY 1, 2, 3) x
GROUP BY 1, 2;
SELECT count(*) AS asked, max(most) > 20 AS enough, count(*) FILTER (WHERE most IS DISTINCT FROM by_aggregate) AS differences
FROM taken t JOIN (SELECT scope, name, occupancy_seats_taken(o, name) AS by_aggregate FROM booking, (SELECT DISTINCT name FROM holding) d GROUP BY 1, 2) a
	ON a.name = t.name AND a.scope IS NOT DISTINCT FROM t.scope;
SELECT count(*) AS asked, count(*) FILTER (WHERE (SELECT max(most) FROM taken t WHERE t.name = a.name) IS DISTINCT FROM by_aggregate) AS differences
FROM (SELECT name, occupancy_seats_taken(o, name ORDER BY md5(n::text)) AS by_aggregate FROM booking, (SELECT DISTINCT name FROM holding) d GROUP BY 1) a;
-- as a window: what was taken when each of them came
SELECT count(*) AS asked, count(*) FILTER (WHERE running IS DISTINCT FROM again) AS differences, max(running) > 10 AS enough
FROM (SELECT n, occupancy_seats_taken(o, 'r3') OVER (ORDER BY n) AS running FROM booking WHERE n <= 150) w,
	LATERAL (SELECT occupancy_seats_taken(o, 'r3') AS again FROM booking b WHERE b.n <= w.n) a;
SELECT count(*) AS asked, count(*) FILTER (WHERE moving IS DISTINCT FROM again) AS differences
FROM (SELECT n, occupancy_seats_taken(o, 'r4') OVER (ORDER BY n ROWS 20 PRECEDING) AS moving FROM booking WHERE n <= 100) w,
	LATERAL (SELECT occupancy_seats_taken(o, 'r4') AS again FROM booking b WHERE b.n BETWEEN w.n - 20 AND w.n) a;
-- many rows of many scopes
SELECT count(*), occupancy_seats_taken(occupancy_seats(t, t + interval '10 hours', 'a', 1, 9, CASE WHEN i % 3 > 0 THEN 'tenant ' || i % 3 END), 'a')
FROM (SELECT i, timestamptz '2024-01-01Z' + i / 3 * interval '1 hour' AS t FROM generate_series(0, 59999) i) x;

DROP VIEW taken;
DROP TABLE booking, holding, conflict, seats;
DROP AGGREGATE sum(occupancy);
DROP FUNCTION shall, try, receive, wire, one, native, stored, held;
