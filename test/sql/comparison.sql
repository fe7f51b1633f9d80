--
-- Comparison: operators, operator classes, and what the planner makes of them
--

-- ---------------------------------------------------------------------
-- by start, end, id, then content; what is not known comes last
-- ---------------------------------------------------------------------

CREATE TABLE ordered (n int, a appointment);
INSERT INTO ordered VALUES
	(1, '{"starts_at":"0001-01-01T00:00:00Z"}'),
	(2, '{"id":"z","starts_at":"1999-12-31T23:59:59.999999Z","ends_at":"2000-01-01T00:00:00Z"}'),
	(3, '{"id":"b","starts_at":"2000-01-01T00:00:00Z","ends_at":"2000-01-01T00:30:00Z"}'),
	(4, '{"id":"B","starts_at":"2000-01-01T00:00:00Z","ends_at":"2000-01-01T01:00:00Z"}'),
	(5, '{"id":"a","starts_at":"2000-01-01T00:00:00Z","ends_at":"2000-01-01T01:00:00Z"}'),
	(6, '{"id":"aa","starts_at":"2000-01-01T00:00:00Z","ends_at":"2000-01-01T01:00:00Z"}'),
	(7, '{"id":"aa","starts_at":"2000-01-01T00:00:00Z","ends_at":"2000-01-01T01:00:00Z","note":"n"}'),
	(8, '{"id":"é","starts_at":"2000-01-01T00:00:00Z","ends_at":"2000-01-01T01:00:00Z"}'),
	(9, '{"starts_at":"2000-01-01T00:00:00Z","ends_at":"2000-01-01T01:00:00Z"}'),
	(10, '{"id":"a","starts_at":"2000-01-01T00:00:00Z"}'),
	(11, '{"id":"a","starts_at":"9999-12-31T23:59:59.999999Z"}'),
	(12, '{"id":"a","ends_at":"1950-01-01T00:00:00Z"}'),
	(13, '{"id":"a"}'),
	(14, '{}'),
	(15, NULL);
SELECT n FROM ordered ORDER BY a;
SELECT n FROM ordered ORDER BY a DESC NULLS LAST;
-- all six operators agree with that order, and so does the support function
SELECT count(*) AS pairs,
	count(*) FILTER (WHERE (x.a < y.a) IS DISTINCT FROM (x.n < y.n)
		OR (x.a <= y.a) IS DISTINCT FROM (x.n <= y.n)
		OR (x.a = y.a) IS DISTINCT FROM (x.n = y.n)
		OR (x.a <> y.a) IS DISTINCT FROM (x.n <> y.n)
		OR (x.a >= y.a) IS DISTINCT FROM (x.n >= y.n)
		OR (x.a > y.a) IS DISTINCT FROM (x.n > y.n)
		OR appointment_cmp(x.a, y.a) IS DISTINCT FROM sign(x.n - y.n)::int) AS wrong
FROM ordered x, ordered y WHERE x.n < 15 AND y.n < 15;
SELECT appointment_cmp(NULL, '{}'), '{}'::appointment = NULL, NULL < '{}'::appointment;

-- ---------------------------------------------------------------------
-- what is equal: content, however it was written and is stored
-- ---------------------------------------------------------------------

SELECT x::appointment = y::appointment AS equal,
	appointment_hash(x::appointment) = appointment_hash(y::appointment) AS same_hash,
	appointment_hash_extended(x::appointment, 42) = appointment_hash_extended(y::appointment, 42) AS same_extended
FROM (VALUES
	('{"id":"a","note":"n"}', ' { "note" : "\u006e", "id" : "\u0061" } '),
	('{"starts_at":"2024-01-01T10:00:00Z"}', '{"starts_at":"2024-01-01T12:00:00.000+02:00"}'),
	('{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z"}', '{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","duration":60}'),
	('{"unknown":{"avon":{"a":1},"sqod":{"b":2}}}', '{"unknown":{"sqod":{"b":2},"avon":{"a":1}}}'),
	('{"reference":10}', '{"reference":1e1}')) v(x, y);
SELECT x, y, x::appointment = y::appointment AS equal, (x::appointment < y::appointment) <> (y::appointment < x::appointment) AS ordered
FROM (VALUES
	('{}', '{"id":null}'), ('{"id":""}', '{"id":null}'), ('{"id":"a"}', '{"name":"a"}'),
	('{"confirmed":true}', '{"confirmed":false}'), ('{"confirmed":null}', '{"confirmed":false}'),
	('{"status":"scheduled"}', '{"status":"Scheduled"}'),
	('{"resource_ids":[]}', '{}'), ('{"resource_ids":["ab"]}', '{"resource_ids":["a","b"]}'),
	('{"resource_ids":["a","b"]}', '{"resource_ids":["b","a"]}'), ('{"resource_ids":[""]}', '{"resource_ids":[]}'),
	('{"claimant":{}}', '{"claimant":{"name":null}}'), ('{"attendees":[{}]}', '{"attendees":[{},{}]}'),
	('{"source":"avon"}', '{"source":"sqod"}'), ('{"source":"avon"}', '{}'),
	('{"starts_at":null}', '{}'), ('{"starts_at":"2000-01-01T00:00:00Z"}', '{}'),
	('{"reference":1}', '{"reference":-1}'), ('{"unknown":{"avon":{"a":1}}}', '{"unknown":{"sqod":{"a":1}}}')) v(x, y);

-- storage is no content
CREATE TABLE stored (how text, a appointment);
ALTER TABLE stored ALTER a SET STORAGE external;
INSERT INTO stored SELECT 'external', appointment_set('{"id":"a"}', 'note', to_jsonb(repeat('nothing', 1000)));
ALTER TABLE stored ALTER a SET STORAGE extended;
INSERT INTO stored SELECT 'extended', appointment_set('{"id":"a"}', 'note', to_jsonb(repeat('nothing', 1000)));
SELECT count(DISTINCT a), count(DISTINCT appointment_hash(a)), count(DISTINCT pg_column_size(a)) AS sizes FROM stored;

-- ---------------------------------------------------------------------
-- generated data: a total order, and hashes that fit and spread
-- ---------------------------------------------------------------------

-- few values of each field, so that there are many ties
CREATE TABLE generated AS
SELECT n, jsonb_strip_nulls(jsonb_build_object(
	'id', (ARRAY['a', 'b', 'aa', NULL])[1 + n % 4],
	'starts_at', (ARRAY['2024-01-01T10:00:00Z', '2024-01-01T10:00:00.000001Z', NULL])[1 + n / 4 % 3],
	'ends_at', (ARRAY['2024-01-02T00:00:00Z', NULL])[1 + n / 12 % 2],
	'note', (ARRAY['x', 'y', NULL])[1 + n / 24 % 3],
	'resource_ids', (ARRAY['["r"]', '[]', NULL]::jsonb[])[1 + n / 72 % 3]))::appointment AS a
FROM generate_series(0, 431) n;
SELECT count(*), count(DISTINCT a), count(DISTINCT a::text), count(DISTINCT appointment_hash(a)) FROM generated;
SELECT count(*) FILTER (WHERE (x.a = y.a) <> (x.a::text = y.a::text)) AS equality,
	count(*) FILTER (WHERE x.a = y.a AND appointment_hash(x.a) <> appointment_hash(y.a)) AS hash,
	count(*) FILTER (WHERE x.a = y.a AND appointment_hash_extended(x.a, 5) <> appointment_hash_extended(y.a, 5)) AS hash_extended,
	count(*) FILTER (WHERE appointment_cmp(x.a, y.a) <> -appointment_cmp(y.a, x.a)) AS symmetry
FROM generated x, generated y;
-- transitive: the place that a sort gives agrees with every comparison
SELECT count(*) AS wrong FROM
	(SELECT a, dense_rank() OVER (ORDER BY a) AS r FROM generated) x,
	(SELECT a, dense_rank() OVER (ORDER BY a) AS r FROM generated) y
WHERE appointment_cmp(x.a, y.a) <> sign(x.r - y.r);
-- the support function of hash with a seed of 0 has the other's low half
SELECT count(*) AS wrong FROM generated
WHERE (appointment_hash_extended(a, 0) & 4294967295) <> (appointment_hash(a)::bigint & 4294967295);
SELECT count(*) AS wrong FROM generated
WHERE appointment_hash_extended(a, 0) = appointment_hash_extended(a, 1);
-- neighbours fall all over 64 buckets: none has more than twice its share of
-- ids that count up, of starts that are minutes apart, or of single letters
SELECT what, count(DISTINCT bucket) AS buckets, bool_and(c < 2 * n / 64) AS even
FROM (SELECT what, bucket, count(*) AS c, sum(count(*)) OVER (PARTITION BY what) AS n FROM
		(SELECT 'id' AS what, appointment_hash(format('{"id":"app_%s"}', i)::appointment) & 63 AS bucket FROM generate_series(1, 20000) i
		UNION ALL
		SELECT 'start', appointment_hash(appointment_set('{}', 'starts_at', to_jsonb('2024-01-01T00:00:00Z'::timestamptz + i * interval '1 minute'))) & 63 FROM generate_series(1, 20000) i
		UNION ALL
		SELECT 'reference', (appointment_hash_extended(format('{"reference":%s}', i)::appointment, 1) >> 32) & 63 FROM generate_series(1, 20000) i) h
	GROUP BY what, bucket) c
GROUP BY what ORDER BY what;
SELECT count(DISTINCT appointment_hash_extended(format('{"reference":%s}', i)::appointment, 0)) AS distinct_hashes FROM generate_series(1, 50000) i;

-- ---------------------------------------------------------------------
-- plans
-- ---------------------------------------------------------------------

ANALYZE generated;
CREATE FUNCTION same(query text, expected text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	wrong bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM ((%s) EXCEPT ALL (%s)) s', query, expected) INTO wrong;
	IF wrong = 0 THEN
		EXECUTE format('SELECT count(*) FROM ((%s) EXCEPT ALL (%s)) s', expected, query) INTO wrong;
	END IF;
	RETURN wrong = 0;
END $$;
CREATE FUNCTION expected_join() RETURNS text IMMUTABLE LANGUAGE sql AS
	$$SELECT 'SELECT x.n, y.n FROM generated x, generated y WHERE x.a::text = y.a::text'$$;

SET enable_mergejoin = off; SET enable_nestloop = off;
EXPLAIN (COSTS OFF) SELECT x.n, y.n FROM generated x JOIN generated y USING (a);
SELECT same('SELECT x.n, y.n FROM generated x JOIN generated y USING (a)', expected_join());
SET enable_mergejoin = on; SET enable_hashjoin = off;
EXPLAIN (COSTS OFF) SELECT x.n, y.n FROM generated x JOIN generated y USING (a);
SELECT same('SELECT x.n, y.n FROM generated x JOIN generated y USING (a)', expected_join());
RESET enable_mergejoin; RESET enable_hashjoin; RESET enable_nestloop;

SET enable_sort = off;
EXPLAIN (COSTS OFF) SELECT a, count(*) FROM generated GROUP BY a;
SELECT count(*), min(c), max(c) FROM (SELECT a, count(*) c FROM generated GROUP BY a) s;
SELECT count(*) FROM (SELECT a FROM generated UNION SELECT a FROM generated) s;
SELECT count(*) FROM (SELECT a FROM generated EXCEPT SELECT a FROM generated WHERE n % 2 = 0) s;
SELECT count(*) FROM (SELECT a FROM generated INTERSECT ALL SELECT a FROM generated WHERE n % 2 = 0) s;
RESET enable_sort;
SET enable_hashagg = off;
SELECT count(*), min(c), max(c) FROM (SELECT a, count(*) c FROM generated GROUP BY a) s;
SELECT count(*) FROM (SELECT DISTINCT a FROM generated) s;
SELECT count(*) FROM (SELECT a FROM generated UNION SELECT a FROM generated) s;
RESET enable_hashagg;

-- indexes
CREATE INDEX generated_btree ON generated (a);
CREATE INDEX generated_hash ON generated USING hash (a);
SET enable_seqscan = off; SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT n FROM generated ORDER BY a LIMIT 3;
EXPLAIN (COSTS OFF) SELECT n FROM generated WHERE a >= '{"starts_at":"2024-01-01T10:00:00.000001Z"}';
SELECT same($$SELECT n FROM generated WHERE a >= '{"id":"a","starts_at":"2024-01-01T10:00:00.000001Z"}'$$,
	$$SELECT n FROM generated WHERE (a >= '{"id":"a","starts_at":"2024-01-01T10:00:00.000001Z"}') IS TRUE$$);
DROP INDEX generated_btree;
EXPLAIN (COSTS OFF) SELECT n FROM generated WHERE a = '{"id":"b","note":"x"}';
SELECT n FROM generated WHERE a = '{"id":"b","note":"x"}' ORDER BY n;
SELECT count(*) FROM generated x, LATERAL (SELECT n FROM generated y WHERE y.a = x.a) s;
RESET enable_seqscan; RESET enable_bitmapscan;
CREATE UNIQUE INDEX ON ordered (a);
INSERT INTO ordered VALUES (99, '{ "id" : "a" }');
CREATE TABLE keyed (a appointment PRIMARY KEY);
INSERT INTO keyed VALUES ('{"id":"a"}') ON CONFLICT DO NOTHING;
INSERT INTO keyed VALUES ('{"id":"a"}') ON CONFLICT DO NOTHING;
INSERT INTO keyed VALUES ('{"id":"a"}') ON CONFLICT (a) DO UPDATE SET a = '{"id":"b"}' RETURNING a;

-- hash partitions keep what they get, and find it again
CREATE TABLE partitioned (a appointment) PARTITION BY HASH (a);
CREATE TABLE partitioned_0 PARTITION OF partitioned FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE partitioned_1 PARTITION OF partitioned FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO partitioned SELECT a FROM generated;
SELECT count(*) FROM partitioned WHERE a = '{"id":"b","note":"x"}';
SELECT count(DISTINCT tableoid) AS used FROM partitioned;
CREATE TABLE by_range (a appointment) PARTITION BY RANGE (a);
CREATE TABLE by_range_old PARTITION OF by_range FOR VALUES FROM (MINVALUE) TO ('{"starts_at":"2024-01-01T10:00:00.000001Z"}');
CREATE TABLE by_range_new PARTITION OF by_range FOR VALUES FROM ('{"starts_at":"2024-01-01T10:00:00.000001Z"}') TO (MAXVALUE);
INSERT INTO by_range SELECT a FROM generated;
-- an end that is not known is after all that are, also in a bound
SELECT tableoid::regclass, count(*), min(a ->> 'starts_at'), max(a ->> 'starts_at') FROM by_range GROUP BY 1 ORDER BY 1;

-- ---------------------------------------------------------------------
-- the other type
-- ---------------------------------------------------------------------

SELECT e FROM unnest('{"{\"id\":\"b\"}","{\"id\":\"a\"}","{\"name\":\"z\"}","{\"id\":\"a\",\"name\":\"n\"}","{}"}'::appointment_event[]) e ORDER BY e;
SELECT count(DISTINCT e) FROM unnest('{"{\"id\":\"b\"}","{ \"id\" : \"b\"}","{}"}'::appointment_event[]) e;
SELECT '{"id":"a"}'::appointment_event = '{"id":"a"}'::appointment_event, '{"id":"a"}'::appointment_event <> '{"id":"a"}'::appointment_event;
\set VERBOSITY terse
SELECT '{"id":"a"}'::appointment_event = '{"id":"a"}'::appointment;	-- never across types
\set VERBOSITY default

-- ---------------------------------------------------------------------
-- the catalogues, as core's opr_sanity and type_sanity ask them
-- ---------------------------------------------------------------------

CREATE TEMP TABLE mine AS
SELECT classid, objid FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
	AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'appointment');
CREATE TEMP VIEW my_proc AS SELECT p.* FROM pg_proc p JOIN mine ON classid = 'pg_proc'::regclass AND objid = p.oid;
CREATE TEMP VIEW my_operator AS SELECT o.* FROM pg_operator o JOIN mine ON classid = 'pg_operator'::regclass AND objid = o.oid;

SELECT opcname, amname, amvalidate(c.oid) FROM pg_opclass c JOIN pg_am am ON am.oid = opcmethod
	JOIN mine ON classid = 'pg_opclass'::regclass AND objid = c.oid ORDER BY 1, 2;
-- each class is the default one of its type, in a family of its own
SELECT opcname, amname, opcintype::regtype, opcdefault, opfname FROM pg_opclass c JOIN pg_am am ON am.oid = opcmethod
	JOIN pg_opfamily f ON f.oid = opcfamily
	JOIN mine ON classid = 'pg_opclass'::regclass AND objid = c.oid ORDER BY 1, 2;

-- operators: of the same strictness and volatility as their twins
SELECT o.oid::regoperator, oprcom::regoperator, oprnegate::regoperator, oprcanmerge, oprcanhash, oprrest, oprjoin
FROM my_operator o ORDER BY o.oid::regoperator::text COLLATE "C";
SELECT o.oid::regoperator AS one_way FROM my_operator o LEFT JOIN pg_operator c ON c.oid = o.oprcom LEFT JOIN pg_operator n ON n.oid = o.oprnegate
WHERE o.oprresult = 'boolean'::regtype AND
	(c.oprcom IS DISTINCT FROM o.oid OR n.oprnegate IS DISTINCT FROM o.oid OR o.oprrest = 0 OR o.oprjoin = 0);
SELECT o.oid::regoperator AS volatile_or_not_strict FROM my_operator o JOIN pg_proc p ON p.oid = o.oprcode
WHERE p.provolatile <> 'i' OR NOT p.proisstrict OR p.proretset OR p.prorettype <> o.oprresult
	OR p.proargtypes[0] <> o.oprleft OR p.proargtypes[1] <> o.oprright OR p.proparallel <> 's';
-- those that can hash or merge are in families that do
SELECT o.oid::regoperator AS no_family FROM my_operator o
WHERE o.oprcanhash AND NOT EXISTS (SELECT FROM pg_amop WHERE amopmethod = 405 AND amopopr = o.oid AND amopstrategy = 1)
	OR o.oprcanmerge AND NOT EXISTS (SELECT FROM pg_amop WHERE amopmethod = 403 AND amopopr = o.oid AND amopstrategy = 3);

-- functions: none is SECURITY DEFINER, leakproof or sets anything, all are
-- parallel safe, what reads settings or the clock is not immutable
SELECT p.oid::regprocedure AS odd FROM my_proc p
WHERE prosecdef OR proleakproof OR proconfig IS NOT NULL OR probin IS NULL AND prokind <> 'a';
SELECT provolatile, proparallel, proisstrict, count(*) > 0 AS "any", array_agg(DISTINCT proname ORDER BY proname) FILTER (WHERE provolatile <> 'i') AS names
FROM my_proc WHERE prokind = 'f' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
-- what internal arguments or results are for
SELECT p.oid::regprocedure, prorettype::regtype FROM my_proc p
WHERE 'internal'::regtype = ANY (proargtypes) OR prorettype = 'internal'::regtype ORDER BY p.oid::regprocedure::text COLLATE "C";
-- PUBLIC may use everything, as in core
SELECT p.oid::regprocedure FROM my_proc p WHERE proacl IS NOT NULL;
-- each C symbol serves functions of the same shape only
SELECT prosrc, count(DISTINCT (proisstrict, provolatile, proretset, pronargs)) FROM my_proc p WHERE prokind = 'f' GROUP BY 1 HAVING count(DISTINCT (proisstrict, provolatile, proretset, pronargs)) > 1;

DROP TABLE ordered, stored, generated, keyed, partitioned, by_range;
DROP FUNCTION same(text, text), expected_join();
