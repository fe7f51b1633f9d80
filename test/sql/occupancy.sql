-- The type occupancy: input, output, constructors, accessors, operators.
-- Nothing may depend on the session's zone or DateStyle.
SET TimeZone = 'America/New_York';
SET DateStyle = 'SQL, DMY';
\set VERBOSITY terse

-- What ought to be true is listed here when it is not.
CREATE FUNCTION shall(claim text, truth boolean) RETURNS text LANGUAGE sql
	AS $$ SELECT CASE WHEN truth THEN NULL ELSE 'FALSE: ' || claim END $$;

-- The SQLSTATE that a statement raises.
CREATE FUNCTION sqlstate_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	RETURN sqlstate;
END $$;

--
-- Text
--
SELECT o::occupancy::text
FROM (VALUES
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){pra_1,rom_2}'),
	('acme:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){pra_1}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){*}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){"*"}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){}'),
	-- white space, order and duplicates do not matter, offsets become UTC
	('  acme : [ 2024-01-01T12:00:00+02:00 , 2024-01-01T12:30:00.25+01:00 ) { z , a,b  c,a } '),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){room:7,"a,b","{","}","\"","\\"," x ","",NULL,ä,"tab	"}'),
	('"a:b":[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'),
	('"":[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'),
	('"*":[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'),
	('"[":[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'),
	('[0001-01-01T00:00:00Z,9999-12-31T23:59:59.999999Z){a}')) t (o);

-- What is refused, and how
SELECT input, sqlstate_of(format('SELECT %L::occupancy', input))
FROM (VALUES
	(''), ('x'), ('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z)'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z]{a}'),
	('(2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'),
	('[2024-01-01T10:00:00Z,2024-01-01T10:00:00Z){a}'),
	('[2024-01-01T11:00:00Z,2024-01-01T10:00:00Z){a}'),
	('[2024-01-01T10:00:00,2024-01-01T11:00:00Z){a}'),
	('[2024-02-30T10:00:00Z,2024-03-01T11:00:00Z){a}'),
	('[2024-01-01T10:00:00.1234567Z,2024-03-01T11:00:00Z){a}'),
	('[-infinity,2024-01-01T11:00:00Z){a}'),
	('[2024-01-01T10:00:00Z,infinity){a}'),
	('[,2024-01-01T11:00:00Z){a}'),
	('[2024-01-01T10:00:00Z,){a}'),
	('[2024-01-01 10:00,2024-01-01T11:00:00Z){a}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a,}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){,}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){"a'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){"a\'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a"b"}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){"a"b}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a\b}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){*,a}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a,*}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){*,*}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}x'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}{b}'),
	(':[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'),
	('acme[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}')) t (input);

-- Messages in full, once each
\set VERBOSITY default
SELECT '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z]{a}'::occupancy;
SELECT '[2024-01-01T10:00:00,2024-01-01T11:00:00Z){a}'::occupancy;
SELECT '[2024-01-01T10:00:00Z,2024-01-01T10:00:00Z){a}'::occupancy;
SELECT '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){*,a}'::occupancy;
SELECT occupancy('2024-01-01 10:00Z', NULL, '{a}');
SELECT occupancy('2024-01-01 10:00Z', '2024-01-01 09:00Z', '{a}');
SELECT occupancy('2024-01-01 10:00Z', 'infinity', '{a}');
SELECT occupancy_from_range('[2024-01-01 10:00Z,2024-01-01 11:00Z]', '{a}');
SELECT occupancy('2024-01-01 10:00Z', '2024-01-01 11:00Z', ARRAY[repeat('x', 1025)]);
-- the limits, in text and in an array, and a literal that is quoted in part
SELECT ('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){' || repeat('a,', 32767) || 'a}')::occupancy;
SELECT occupancy('2024-01-01 10:00Z', '2024-01-01 11:00Z', array_fill('a'::text, ARRAY[32768]));
SELECT ('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){' || repeat('x', 1025) || '}')::occupancy;
SELECT ('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){"' || repeat('\"', 1025) || '"}')::occupancy;
SELECT (repeat('ü', 100) || ' ' || repeat('x', 100) || '[')::occupancy;
\set VERBOSITY terse
-- what is just within them
SELECT pg_column_size(('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){' || (SELECT string_agg(i::text, ' , ') FROM generate_series(1, 32767) i) || '}')::occupancy) =
		pg_column_size(occupancy('2024-01-01 10:00Z', '2024-01-01 11:00Z', (SELECT array_agg(i::text) || array_fill(NULL::text, ARRAY[10]) FROM generate_series(1, 32767) i))) AS names,
	occupancy_resources(('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){ ' || repeat('x', 1024) || '  ,"' || repeat('\"\y', 512) || '"}')::occupancy) = ARRAY[repeat('"y', 512), repeat('x', 1024)] AS lengths;

--
-- Constructors
--
\set s '''2024-01-01 10:00Z'''
\set e '''2024-01-01 11:00Z'''
SELECT occupancy(:s, :e, '{b,a,b}');
SELECT occupancy(:s, :e, ARRAY['b', NULL, 'a'], 'acme');
SELECT occupancy(:s, :e, NULL), occupancy(:s, :e, '{}'), occupancy(:s, :e, ARRAY[NULL]::text[]);
SELECT occupancy(:s, :e, '{{a,b},{c,d}}');
SELECT occupancy_all(:s, :e), occupancy_all(:s, :e, 'acme');
SELECT occupancy_from_range('[2024-01-01 10:00Z,2024-01-01 11:00Z)', '{a}', 'acme');
SELECT statement, sqlstate_of('SELECT ' || statement)
FROM (VALUES
	('occupancy(NULL, ''2024-01-01'', ''{a}'')'),
	('occupancy(''2024-01-01'', NULL, ''{a}'')'),
	('occupancy(''2024-01-01'', ''2024-01-01'', ''{a}'')'),
	('occupancy(''-infinity'', ''2024-01-01'', ''{a}'')'),
	('occupancy(''0044-03-15 BC'', ''2024-01-01'', ''{a}'')'),
	('occupancy(''2024-01-01'', ''12024-01-01'', ''{a}'')'),
	('occupancy_all(NULL, ''2024-01-01'')'),
	('occupancy_all(''2024-01-02'', ''2024-01-01'')'),
	('occupancy_from_range(NULL, ''{a}'')'),
	('occupancy_from_range(''empty'', ''{a}'')'),
	('occupancy_from_range(''[2024-01-01,)'', ''{a}'')'),
	('occupancy_from_range(''(,2024-01-01)'', ''{a}'')'),
	('occupancy_from_range(''[2024-01-01,infinity)'', ''{a}'')'),
	('occupancy_from_range(''(2024-01-01,2024-01-02)'', ''{a}'')'),
	('occupancy(''2024-01-01'', ''2024-01-02'', ''{}'', repeat(''x'', 1025))'),
	('occupancy(''2024-01-01'', ''2024-01-02'', array_fill(''x''::text, ARRAY[32768]))'),
	('occupancy_buffer(''[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'', -1, 0)'),
	('occupancy_buffer(''[0001-01-01T00:00:00Z,2024-01-01T11:00:00Z){a}'', 1, 0)'),
	('occupancy_buffer(''[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'', 2147483647, 2147483647)'),
	('resource_key(NULL, ''7'')'),
	('resource_key(repeat(''x'', 1022), 7)'),
	('resource_key(repeat(''x'', 1022), ''77'')')) t (statement);

-- Buffers stack; a null buffer is none
SELECT occupancy_buffer(occupancy_buffer(occupancy(:s, :e, '{a}', 'acme'), 10, 0), 5, 15),
	occupancy_buffer(occupancy(:s, :e, '{a}'), NULL, NULL),
	occupancy_buffer(occupancy_all(:s, :e), 1440, 0),
	occupancy_buffer(NULL, 1, 1);
SELECT occupancy_buffer(o, 15) = occupancy_buffer(o, 15, 15) AS both_sides, occupancy_buffer(o, '15') = occupancy_buffer(o, 15) AS untyped,
	occupancy_buffer(o, NULL) = o AS none, occupancy_buffer(NULL, 15) IS NULL AS of_null
FROM (SELECT occupancy(:s, :e, '{a}', 'acme') AS o) x;
SELECT occupancy_buffer(occupancy(:s, :e, '{a}'), -1);

-- Names of resources of several kinds
SELECT resource_key('room', '7'), resource_key('room', 7), resource_key('room', 7::bigint),
	resource_key('room', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid),
	resource_key('room', NULL::text) IS NULL AND resource_key('room', NULL::bigint) IS NULL
		AND resource_key('room', NULL::uuid) IS NULL AS null_for_null,
	resource_key('room', (-9223372036854775808)::bigint);

-- What is not as it should be, as README's troubleshooting has it: lists of
-- other types, a local time in an index, an index of another kind
CREATE TABLE own (s timestamptz, e timestamptz, us uuid[], ns bigint[], local_s timestamp, local_e timestamp);
CREATE INDEX ON own USING gist (occupancy(s, e, us));
CREATE INDEX ON own USING gist (occupancy(s, e, us::text[]), occupancy(s, e, ns::text[]));
CREATE INDEX ON own USING gist (occupancy(local_s, local_e, '{}'));
CREATE INDEX ON own USING gist (occupancy(local_s AT TIME ZONE 'Europe/Berlin', local_e AT TIME ZONE 'UTC', '{}'));
SELECT sqlstate_of('ALTER TABLE own ADD EXCLUDE (occupancy(s, e, us::text[]) WITH &&)');
SELECT occupancy(:s, :e, ARRAY['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid]::text[]) = occupancy(:s, :e, '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}') AS same_as_uuid,
	occupancy(:s, :e, ARRAY[7, NULL]::text[]) = occupancy(:s, :e, '{7}') AS same_as_int;
DROP TABLE own;

--
-- Accessors
--
SET DateStyle = 'ISO';
SET TimeZone = 'UTC';
SELECT occupancy_during(o), occupancy_resources(o), occupancy_scope(o), occupancy_is_all(o)
FROM (VALUES ('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){b,a}'::occupancy),
	('"":[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){}'),
	('acme:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){*}')) t (o);

--
-- Conflict
--
SELECT a, b, a::occupancy && b::occupancy AS conflict, a::occupancy * b::occupancy AS shared
FROM (VALUES
	-- overlapping, nested, back to back, apart
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a,b}', '[2024-01-01T10:30:00Z,2024-01-01T11:30:00Z){b,c}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a,b,c}', '[2024-01-01T10:30:00Z,2024-01-01T10:31:00Z){c,a}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}', '[2024-01-01T11:00:00Z,2024-01-01T12:00:00Z){a}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}', '[2024-01-01T12:00:00Z,2024-01-01T13:00:00Z){a}'),
	-- other resources; a name is a name, with case and length
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}', '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){b}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}', '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){A,aa,""}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){""}', '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){""}'),
	-- scopes: none equals none, and differs from an empty one
	('x:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}', 'x:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'),
	('x:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}', 'y:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'),
	('x:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}', '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'),
	('"":[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}', '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'),
	-- every resource: of this scope, also of nobody; the name * is another thing
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){*}', '[2024-01-01T10:30:00Z,2024-01-01T11:30:00Z){b,c}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){*}', '[2024-01-01T10:30:00Z,2024-01-01T11:30:00Z){*}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){*}', '[2024-01-01T10:30:00Z,2024-01-01T11:30:00Z){}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){}', '[2024-01-01T10:30:00Z,2024-01-01T11:30:00Z){}'),
	('x:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){*}', '[2024-01-01T10:30:00Z,2024-01-01T11:30:00Z){a}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){"*"}', '[2024-01-01T10:30:00Z,2024-01-01T11:30:00Z){a}')) t (a, b);

--
-- Order and hash
--
CREATE TABLE occupancies (id int, o occupancy);
INSERT INTO occupancies
SELECT row_number() OVER (), o::occupancy
FROM (VALUES
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){*}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){""}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a,b}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){ab}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){b}'),
	('"":[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'),
	('x:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:01Z){a}'),
	('[2024-01-01T10:00:00.000001Z,2024-01-01T10:30:00Z){a}')) t (o);

-- the list above is in order
SELECT shall('sorted: ' || string_agg(id::text, ',' ORDER BY o), array_agg(id ORDER BY o) = array_agg(id ORDER BY id)) FROM occupancies;
SELECT a.id, b.id
FROM occupancies a, occupancies b
WHERE NOT ((a.o < b.o) = (a.id < b.id) AND (a.o <= b.o) = (a.id <= b.id) AND
	(a.o = b.o) = (a.id = b.id) AND (a.o <> b.o) = (a.id <> b.id) AND
	(a.o >= b.o) = (a.id >= b.id) AND (a.o > b.o) = (a.id > b.id) AND
	sign(occupancy_cmp(a.o, b.o)) = sign(a.id - b.id) AND
	(occupancy_hash(a.o) = occupancy_hash(b.o)) = (a.id = b.id));

-- the plain hash is the low half of the extended one with seed 0, and the seed matters
SELECT shall('hashes', bool_and(occupancy_hash(o)::bigint & 4294967295 = occupancy_hash_extended(o, 0) & 4294967295)
	AND bool_and(occupancy_hash_extended(o, 1) <> occupancy_hash_extended(o, 0)))
FROM occupancies;

-- equal values are equal whatever their text was, and hash joins find them
SELECT shall('equal', 'x:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){b,a,a}'::occupancy
	= 'x:[2024-01-01T11:00:00+01:00,2024-01-01T12:00:00+01:00){a,b}'::occupancy);
SELECT count(*) FROM (SELECT o FROM occupancies UNION SELECT o FROM occupancies) u;

-- the dispersion of the hash
SELECT shall('dispersion', count(DISTINCT occupancy_hash(o)) > 9990)
FROM (SELECT occupancy(timestamptz '2024-01-01Z' + n * interval '1 minute',
		timestamptz '2024-01-01Z' + (n + 1) * interval '1 minute', '{a}') AS o
	FROM generate_series(1, 5000) n
	UNION ALL
	SELECT occupancy('2024-01-01Z', '2024-01-02Z', ARRAY['room' || n])
	FROM generate_series(1, 5000) n) t;

--
-- Stored bytes never change: version, flags, count, period, hashes, names
--
CREATE TABLE stored (o occupancy);
SELECT encode(occupancy_send(o), 'hex')
FROM (VALUES ('x:[2000-01-01T00:00:00Z,2000-01-01T00:00:00.000001Z){a,bb}'::occupancy),
	('[2000-01-01T00:00:00Z,2000-01-01T00:00:00.000001Z){*}')) t (o);
-- (the hashes are hash_bytes_extended with our seed, as hashtextextended has)
SELECT hashtextextended('a', x'6f63637570616e63'::bigint), pg_column_size('[2000-01-01T00:00:00Z,2000-01-01T00:00:00.000001Z){a,bb}'::occupancy);

-- binary round trip
CREATE TABLE copied (LIKE occupancies);
\copy occupancies TO 'results/occupancy.bin' (FORMAT binary)
\copy copied FROM 'results/occupancy.bin' (FORMAT binary)
SELECT shall('binary round trip', count(*) = 11) FROM occupancies o JOIN copied c USING (id, o);
SELECT shall('text round trip of ' || o, o::text::occupancy = o) FROM occupancies WHERE o::text::occupancy <> o;

--
-- Big ones: a thousand resources, names of a kilobyte
--
INSERT INTO stored
SELECT occupancy('2024-01-01Z', '2024-01-02Z', array_agg('resource ' || n)) FROM generate_series(1, 1000) n
UNION ALL
SELECT occupancy('2024-01-01Z', '2024-01-02Z', array_agg(n || repeat('x', 1020))) FROM generate_series(1, 100) n
UNION ALL
SELECT occupancy('2024-01-01Z', '2024-01-02Z', array_agg(n::text), 'many') FROM generate_series(1, 32767) n;
SELECT cardinality(occupancy_resources(o)), o = o::text::occupancy AS text_round_trip,
	o && occupancy('2024-01-01Z', '2024-01-01 01:00Z', '{resource 777,none}') AS has_777,
	cardinality(occupancy_resources(o * o))
FROM stored;

-- names of any character but zero, alone and as scopes
SELECT shall('round trip of ' || i, occupancy('2024-01-01Z', '2024-01-02Z', ARRAY[chr(i), 'x' || chr(i) || 'y'], chr(i))::text::occupancy
	= occupancy('2024-01-01Z', '2024-01-02Z', ARRAY[chr(i), 'x' || chr(i) || 'y'], chr(i)))
FROM generate_series(1, 127) i
WHERE occupancy('2024-01-01Z', '2024-01-02Z', ARRAY[chr(i), 'x' || chr(i) || 'y'], chr(i))::text::occupancy
	<> occupancy('2024-01-01Z', '2024-01-02Z', ARRAY[chr(i), 'x' || chr(i) || 'y'], chr(i));

--
-- Properties, on random data: conflict is symmetric and what its definition
-- says; the intersection is there exactly if there is a conflict
--
SELECT setseed(0.4);
CREATE TABLE random_occupancies AS
SELECT n, CASE WHEN n % 20 = 0 THEN occupancy_all(s, s + d, scope) ELSE occupancy(s, s + d, names, scope) END AS o,
	tstzrange(s, s + d) AS during, CASE WHEN n % 20 <> 0 THEN names END AS names, scope
FROM (SELECT n, timestamptz '2024-01-01Z' + (random() * 100)::int * interval '1 hour' AS s,
		(1 + random() * 10)::int * interval '1 hour' AS d,
		ARRAY(SELECT 'r' || (random() * 12)::int FROM generate_series(1, (random() * 4 + n * 0)::int)) AS names,
		CASE (random() * 3)::int WHEN 0 THEN 'x' WHEN 1 THEN 'y' END AS scope
	FROM generate_series(1, 600) n) t;
SELECT shall('conflicts', bool_and((a.o && b.o) = expected AND (b.o && a.o) = expected
	AND (a.o * b.o IS NOT NULL) = expected AND (a.o * b.o IS NOT DISTINCT FROM b.o * a.o)
	AND (NOT expected OR a.o * b.o * a.o = a.o * b.o))), count(*) FILTER (WHERE expected) > 1000 AS enough, count(*)
FROM random_occupancies a, random_occupancies b,
	LATERAL (SELECT a.during && b.during AND a.scope IS NOT DISTINCT FROM b.scope
		AND (a.names IS NULL OR b.names IS NULL OR a.names && b.names) AS expected) x;

-- Nothing of a core type means something else now
SELECT pg_typeof('[2024-01-01,2024-01-02)' && tstzrange('2024-01-01', '2024-01-02')),
	'[1,3)' && int4range(2, 4) AS ranges, ARRAY[1] && '{1,2}' AS arrays, '2' * 3 AS numbers;

-- Every object has a comment
SELECT pg_describe_object(classid, objid, 0)
FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
	AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'appointment')
	AND pg_describe_object(classid, objid, 0) LIKE '%occupancy%'
	AND pg_describe_object(classid, objid, 0) NOT LIKE '%[]'
	AND obj_description(objid, classid::regclass::name) IS NULL;

DROP TABLE occupancies, stored, copied, random_occupancies;
DROP FUNCTION shall, sqlstate_of;
