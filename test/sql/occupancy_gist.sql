-- The GiST operator class: whatever built the index and whatever is in it, it
-- answers as a sequential scan does.
SELECT amname, opcname, amvalidate(c.oid) FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod WHERE opcname ~ '^occupancy' ORDER BY amname;

-- Random occupancies of several shapes.
SET client_min_messages = warning;

CREATE FUNCTION random_occupancies(shape text, n int) RETURNS SETOF occupancy
LANGUAGE sql AS $$
	SELECT CASE
		WHEN i % 500 = 0 THEN occupancy_all(t, t + interval '1 day', scope)
		WHEN i % 501 = 0 THEN occupancy(t, t + d, '{}', scope)
		-- seats, with and without something that is held alone; two that share a class
		WHEN shape = 'shared' THEN occupancy(t, t + d, ARRAY(SELECT 'r' || (random() * resources + i * 0)::int FROM generate_series(1, i % 3))) +
			occupancy_seats(t, t + d, 's' || (random() * 5)::int, 1 + (random() * 3)::int, 4 + i % 3) +
			occupancy_seats(t, t + d, CASE WHEN i % 2 = 0 THEN 't' || (random() * 5)::int END, 1 + (random() * 3)::int, 6)
		-- more names than a leaf lists
		WHEN i % 997 = 0 THEN occupancy(t, t + d, ARRAY(SELECT 'r' || k FROM generate_series(1, i % 300) k), scope)
		ELSE occupancy(t, t + d, ARRAY(SELECT 'r' || (random() * resources + i * 0)::int FROM generate_series(1, 1 + (random() * 4)::int)), scope) END
	FROM (SELECT i,
			timestamptz '2024-01-01Z' + random() * CASE shape WHEN 'nested' THEN 3 WHEN 'shared' THEN 60 WHEN 'identical' THEN 0 ELSE 365 END * interval '1 day'
				+ CASE shape WHEN 'identical' THEN (i % 7) * interval '1 hour' ELSE interval '0' END AS t,
			CASE shape WHEN 'long and short' THEN CASE WHEN random() < 0.01 THEN random() * interval '300 days' ELSE interval '1 minute' END
				WHEN 'nested' THEN power(10, random() * 6) * interval '1 second' + interval '1 second'
				ELSE interval '30 minutes' END AS d,
			CASE shape WHEN 'one place' THEN 1000 WHEN 'shared' THEN 300 WHEN 'identical' THEN 3 WHEN 'crowd' THEN 20000 ELSE 20 END AS resources,
			CASE WHEN shape LIKE '%tenants' THEN 'tenant ' || (power(random(), 2) * CASE shape WHEN 'two tenants' THEN 1 ELSE 230 END)::int END AS scope
		FROM generate_series(1, n) i) x
$$;

-- Questions: each so manieth of the values itself; fewer of them moved, for all,
-- and for nothing.
CREATE FUNCTION questions_about(source text, nth int) RETURNS SETOF occupancy
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT o FROM %I WHERE id %% %s = 0', source, nth);
	RETURN QUERY EXECUTE format('SELECT occupancy_all(lower(d), upper(d), occupancy_scope(o)) FROM (SELECT o, occupancy_during(o) d FROM %I WHERE id %% %s = 1) x', source, nth * 5);
	RETURN QUERY EXECUTE format('SELECT occupancy(lower(d) - interval ''7 days'', lower(d), occupancy_resources(o), occupancy_scope(o)) FROM (SELECT o, occupancy_during(o) d FROM %I WHERE id %% %s = 2) x', source, nth * 5);
	RETURN QUERY EXECUTE format('SELECT occupancy(lower(d), upper(d), ''{}'', occupancy_scope(o)) FROM (SELECT o, occupancy_during(o) d FROM %I WHERE id %% %s = 3) x', source, nth * 5);
	RETURN QUERY EXECUTE format('SELECT occupancy(lower(d), upper(d), occupancy_resources(o)) FROM (SELECT o, occupancy_during(o) d FROM %I WHERE id %% %s = 4) x', source, nth * 5);
	RETURN QUERY EXECUTE format('SELECT occupancy(lower(d), upper(d), ARRAY(SELECT ''r'' || k FROM generate_series(1, 500) k), occupancy_scope(o)) FROM (SELECT o, occupancy_during(o) d FROM %I WHERE id %% %s = 5) x', source, nth * 10);
	RETURN NEXT occupancy_all('0001-01-01Z', '9999-12-31Z');
	RETURN NEXT occupancy_all('2030-01-01Z', '2031-01-01Z');
END $$;

-- The answers of a table to questions, as question, number and digest.
CREATE FUNCTION answers(source text, how text) RETURNS TABLE (question occupancy, hits bigint, digest bigint)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('enable_seqscan', (how = 'seqscan')::text, true),
		set_config('enable_indexscan', (how = 'indexscan')::text, true),
		set_config('enable_bitmapscan', (how = 'bitmapscan')::text, true);
	FOR question IN SELECT q FROM questions q LOOP
		EXECUTE format('SELECT count(*), sum(id * 7919 %% 1000003) FROM %I WHERE o && $1', source)
			INTO hits, digest USING question;
		RETURN NEXT;
	END LOOP;
END $$;

CREATE TABLE questions (q occupancy);
CREATE TABLE expected (question occupancy, hits bigint, digest bigint);
CREATE TABLE inserted (id int, o occupancy);
CREATE INDEX ON inserted USING gist (o);
CREATE TABLE built (id int, o occupancy);

-- For a shape: build it in several ways, and ask it all.  What differs from
-- the sequential scan is returned.
CREATE FUNCTION prove(shape text, n int, nth int) RETURNS TABLE (index_built text, asked bigint, enough boolean, differences bigint)
LANGUAGE plpgsql AS $$
DECLARE
	way text;
BEGIN
	PERFORM setseed(0.25);
	TRUNCATE questions, expected, inserted, built;
	DROP INDEX IF EXISTS built_index;
	INSERT INTO built SELECT row_number() OVER (), o FROM random_occupancies(shape, n) o;
	INSERT INTO questions SELECT DISTINCT questions_about('built', nth);
	INSERT INTO expected SELECT * FROM answers('built', 'seqscan');
	FOREACH way IN ARRAY ARRAY['one by one', 'one by one, then deleted and inserted', 'sorted', 'sorted, half filled', 'buffered'] LOOP
		index_built := way;
		IF way = 'one by one' THEN
			INSERT INTO inserted SELECT * FROM built ORDER BY md5(id::text);
		ELSIF way LIKE 'one by one,%' THEN
			DELETE FROM inserted WHERE id % 3 = 0;
			INSERT INTO inserted SELECT * FROM built WHERE id % 3 = 0;
		ELSE
			DROP INDEX IF EXISTS built_index;
			EXECUTE CASE way
				WHEN 'sorted' THEN 'CREATE INDEX built_index ON built USING gist (o)'
				WHEN 'buffered' THEN 'CREATE INDEX built_index ON built USING gist (o) WITH (buffering = on)'
				ELSE 'CREATE INDEX built_index ON built USING gist (o) WITH (fillfactor = 50)' END;
		END IF;
		SELECT count(*), sum(s.hits) > 50, count(*) FILTER (WHERE s IS DISTINCT FROM i OR s IS DISTINCT FROM b)
		INTO asked, enough, differences
		FROM expected s
		JOIN answers(CASE WHEN way LIKE 'one by one%' THEN 'inserted' ELSE 'built' END, 'indexscan') i ON i.question = s.question
		JOIN answers(CASE WHEN way LIKE 'one by one%' THEN 'inserted' ELSE 'built' END, 'bitmapscan') b ON b.question = s.question;
		RETURN NEXT;
	END LOOP;
END $$;

-- So many make three levels, with every kind of key above the leaves.  Where
-- these are signatures, a bit that is lost takes many questions to be missed.
SELECT shape, p.*
FROM (VALUES ('one place', 25), ('many tenants', 250), ('two tenants', 250), ('long and short', 250), ('nested', 250), ('identical', 250), ('crowd', 50), ('shared', 250)) v (shape, nth),
	prove(shape, 10000, nth) p;

-- Keys have 32 bits of a hash: names that share them, in one value and in two.
-- The seed is that of the type.
CREATE TABLE twins AS
SELECT array_agg(name ORDER BY name) AS names
FROM (SELECT 'n' || i AS name, hashtextextended('n' || i, x'6f63637570616e63'::bigint) >> 32 AS bits FROM generate_series(1, 250000) i) x
GROUP BY bits HAVING count(*) > 1;
SELECT count(*) > 3 AS enough FROM twins;
TRUNCATE inserted, built;
INSERT INTO built
SELECT i, occupancy(t, t + interval '1 hour', CASE i % 3 WHEN 0 THEN names WHEN 1 THEN names[1:1] ELSE names[2:2] END || ('r' || i % 50))
FROM (SELECT row_number() OVER () AS i, timestamptz '2024-01-01Z' + n % 300 * interval '10 minutes' AS t, names FROM twins, generate_series(1, 600) n) x;
INSERT INTO inserted SELECT * FROM built;
SET enable_seqscan = off;
SELECT count(*) AS asked, count(*) FILTER (WHERE by_index IS DISTINCT FROM by_names) AS differences
FROM (SELECT (SELECT sum(id) FROM inserted WHERE o && occupancy('2024-01-01 10:00Z', '2024-01-01 20:00Z', ARRAY[name])) AS by_index,
		(SELECT sum(id) FROM built WHERE name = ANY (occupancy_resources(o)) AND occupancy_during(o) && tstzrange('2024-01-01 10:00Z', '2024-01-01 20:00Z')) AS by_names
	FROM (SELECT 'r' || i FROM generate_series(0, 49, 2) i) x (name)) y;
SELECT count(*) FILTER (WHERE by_index IS DISTINCT FROM by_names) AS differences
FROM (SELECT (SELECT sum(id) FROM inserted WHERE o && occupancy('2024-01-01 10:00Z', '2024-01-01 20:00Z', ARRAY[name])) AS by_index,
		(SELECT sum(id) FROM built WHERE name = ANY (occupancy_resources(o)) AND occupancy_during(o) && tstzrange('2024-01-01 10:00Z', '2024-01-01 20:00Z')) AS by_names
	FROM (SELECT unnest(names) FROM twins) x (name)) y;
RESET enable_seqscan;

DROP TABLE twins;
DROP TABLE questions, expected, inserted, built;
DROP FUNCTION prove, answers, questions_about, random_occupancies;

-- Queries that are compressed or stored elsewhere, one after the other in one
-- scan: each row gets the answer to its own query, twice in a row and again
-- later, by an index and without one, and none is fetched for each key.
CREATE TABLE searched AS
SELECT i AS id, occupancy(timestamptz '2024-01-01Z' + i * interval '1 minute', timestamptz '2024-01-02Z' + i * interval '1 minute', ARRAY['r' || i % 500, 's' || i % 7]) AS o
FROM generate_series(1, 3000) i;
CREATE INDEX searched_o ON searched USING gist (o);
CREATE TABLE query (id int, q occupancy);
ALTER TABLE query ALTER q SET STORAGE EXTERNAL;
INSERT INTO query
SELECT n, occupancy('2024-01-01Z', '2024-02-01Z', (SELECT array_agg('a name that fills a page ' || i % (n * 1000)) FROM generate_series(1, 4000) i) || ARRAY['r' || n, 's0'])
FROM generate_series(1, 4) n;
ALTER TABLE query ALTER q SET STORAGE EXTENDED;
INSERT INTO query
SELECT n + 10, occupancy('2024-01-01Z', '2024-02-01Z', (SELECT array_agg('a name that is short ' || i) FROM generate_series(1, 80) i) || ARRAY['r' || n])
FROM generate_series(1, 4) n;
-- of the same length as others
INSERT INTO query SELECT id + 20, occupancy('2024-01-01Z', '2024-02-01Z', array_replace(occupancy_resources(q), 'r' || id % 10, 'r9')) FROM query;
ANALYZE searched, query;
SELECT id < 10 AS large, bool_and(pg_column_size(q) < 2100) AS small, bool_and(pg_column_size(q) < length(q::text)) AS compressed FROM query WHERE id < 20 GROUP BY 1;
SET enable_seqscan = off;
SET enable_memoize = off;
SET enable_material = off;
SET enable_bitmapscan = off;
CREATE FUNCTION answers() RETURNS TABLE (id int, place int, rows bigint, sum bigint) LANGUAGE sql AS $$
	SELECT q.id, place, count(s.id), sum(s.id)
	FROM (SELECT query.*, place FROM unnest('{1,1,2,21,2,3,11,11,12,11,31,13,4,1,24,24}'::int[]) WITH ORDINALITY w (id, place) JOIN query USING (id) ORDER BY place OFFSET 0) q
	LEFT JOIN searched s ON s.o && q.q
	GROUP BY 1, 2 $$;
CREATE FUNCTION pg_temp.plan_of(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || statement;
END $$;
SELECT trim(line) AS line FROM pg_temp.plan_of('SELECT * FROM query q JOIN searched s ON s.o && q.q') AS line WHERE line LIKE '%searched%';
CREATE TEMP TABLE by_index AS SELECT * FROM answers();
SET enable_indexscan = off;
SET enable_bitmapscan = on;
CREATE TEMP TABLE by_bitmap AS SELECT * FROM answers();
SET enable_bitmapscan = off;
SET enable_seqscan = on;
CREATE TEMP TABLE by_scan AS SELECT * FROM answers();
SELECT count(*), count(DISTINCT sum) > 5 AS different FROM by_index;
CREATE TEMP TABLE by_names AS
SELECT id, count(DISTINCT found) AS rows
FROM (SELECT id, unnest(occupancy_resources(q)) AS name FROM query) q
LEFT JOIN (SELECT id AS found, unnest(occupancy_resources(o)) AS name FROM searched) s USING (name)
GROUP BY id;
SELECT 'index' AS how, * FROM (TABLE by_index EXCEPT ALL TABLE by_scan) x
UNION ALL SELECT 'bitmap', * FROM (TABLE by_bitmap EXCEPT ALL TABLE by_scan) x
UNION ALL SELECT 'by names', id, place, s.rows, sum FROM by_scan s JOIN by_names n USING (id) WHERE s.rows <> n.rows;
-- The buffers that are read show how often a query was fetched: one of them
-- has 30 pages, and is compared with a thousand keys and hundreds of rows.
CREATE FUNCTION buffers(statement text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ' || statement INTO plan;
	RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::int + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::int;
END $$;
SELECT buffers('SELECT count(*) FROM searched WHERE o && (SELECT q FROM query WHERE id = 4)') < 2000 AS by_scan;
SET enable_seqscan = off;
SET enable_indexscan = on;
SELECT buffers('SELECT count(*) FROM searched WHERE o && (SELECT q FROM query WHERE id = 4)') < 2000 AS by_index;
RESET enable_seqscan;
RESET enable_indexscan;
RESET enable_bitmapscan;
RESET enable_memoize;
RESET enable_material;
DROP TABLE searched, query, by_index, by_bitmap, by_scan, by_names;
DROP FUNCTION answers(), buffers;
