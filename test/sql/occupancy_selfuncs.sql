-- Row estimates: near what is there, whatever is asked.
SET TimeZone = 'UTC';
SELECT setseed(0.3);

CREATE TABLE held AS
SELECT i AS id, occupancy(t, t + interval '30 minutes', ARRAY(SELECT format('r%s of %s', (random() * 9 + i * 0)::int, tenant) FROM generate_series(1, 3)), 'tenant ' || tenant) AS o
FROM (SELECT i, i % 50 AS tenant, timestamptz '2024-01-01' + random() * interval '100 days' AS t FROM generate_series(1, 20000) i) x;
ANALYZE held;

-- Estimated and actual rows of a condition; "near" is within a factor of five
-- and ten rows.
CREATE FUNCTION estimate(relation text, condition text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	plan json;
	estimated float8;
	actual float8;
BEGIN
	EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM %s WHERE %s', relation, condition) INTO plan;
	EXECUTE format('SELECT count(*) FROM %s WHERE %s', relation, condition) INTO actual;
	estimated := plan -> 0 -> 'Plan' ->> 'Plan Rows';
	RETURN CASE WHEN estimated BETWEEN actual / 5 - 10 AND actual * 5 + 10 THEN 'near'
		ELSE format('%s instead of %s', estimated, actual) END;
END $$;

SELECT condition, estimate('held', condition)
FROM (VALUES
	-- a day of a tenant, all of a tenant, a resource for long and for short
	('o && occupancy_all(''2024-01-10'', ''2024-01-11'', ''tenant 7'')'),
	('o && occupancy_all(''2024-01-01'', ''2025-01-01'', ''tenant 7'')'),
	('o && occupancy(''2024-01-01'', ''2025-01-01'', ''{r5 of 7}'', ''tenant 7'')'),
	('o && occupancy(''2024-02-01'', ''2024-02-11'', ''{r5 of 7,r6 of 7}'', ''tenant 7'')'),
	('o && occupancy(''2024-02-01 10:00'', ''2024-02-01 11:00'', ''{r5 of 7}'', ''tenant 7'')'),
	-- nothing there
	('o && occupancy_all(''2023-01-01'', ''2023-02-01'', ''tenant 7'')'),
	('o && occupancy_all(''2025-01-01'', ''2025-02-01'', ''tenant 7'')'),
	('o && occupancy(''2024-01-01'', ''2025-01-01'', ''{}'', ''tenant 7'')'),
	('o && NULL::occupancy'),
	-- not known when it is planned
	('o && (SELECT o FROM held WHERE id = 700)')) c (condition);

-- a column with few distinct values, and one of nulls
CREATE TABLE few AS SELECT CASE WHEN i % 2 = 0 THEN occupancy('2024-01-01', '2024-01-02', ARRAY['r' || i % 3]) END AS o FROM generate_series(1, 3000) i;
ANALYZE few;
SELECT condition, estimate('few', condition)
FROM (VALUES ('o && occupancy(''2024-01-01'', ''2024-01-02'', ''{r1}'')'), ('o && occupancy_all(''2024-01-01'', ''2024-01-02'')'),
	('o && occupancy_all(''2024-01-01'', ''2024-01-02'', ''x'')')) c (condition);

-- Shared resources: the bookings of a class do not conflict as long as there is
-- room, and are not all of its rows; who holds it alone, all of it, or has it in
-- a smaller room, conflicts with each
CREATE TABLE classes AS
SELECT i AS id, occupancy_seats(t, t + interval '1 hour', 'class ' || i % 20, 1, 20) AS o
FROM (SELECT i, timestamptz '2024-01-01' + random() * interval '100 days' AS t FROM generate_series(1, 20000) i) x;
ALTER TABLE classes ALTER o SET STATISTICS 1000;
ANALYZE classes;
SELECT condition, estimate('classes', condition)
FROM (VALUES ('o && occupancy_seats(''2024-01-01'', ''2025-01-01'', ''class 7'', 1, 20)'), ('o && occupancy_seats(''2024-01-01'', ''2025-01-01'', ''class 7'', 19, 20)'),
	('o && occupancy_seats(''2024-01-01'', ''2025-01-01'', ''class 7'', 20, 20)'), ('o && occupancy_seats(''2024-01-01'', ''2025-01-01'', ''class 7'', 1, 1)'),
	('o && occupancy(''2024-01-01'', ''2025-01-01'', ''{class 7}'')'), ('o && occupancy_all(''2024-01-01'', ''2025-01-01'')'),
	('o && occupancy_seats(''2024-02-01'', ''2024-02-02'', ''class 7'', 20, 20)'),
	('o && (SELECT o FROM classes WHERE id = 700)')) c (condition);
-- with what is held alone beside them, and with values that come again and again
CREATE TABLE lessons AS
SELECT occupancy_seats(t, t + interval '1 hour', 'class ' || class, 1, 20) + occupancy(t, t + interval '1 hour', CASE WHEN client % 20 = 0 THEN ARRAY['trainer ' || class] END) AS o
FROM generate_series(0, 19) class, generate_series(1, 50) client, (SELECT timestamptz '2024-01-01' + i * interval '1 day' AS t FROM generate_series(1, 20) i) x;
ALTER TABLE lessons ALTER o SET STATISTICS 1000;
ANALYZE lessons;
SELECT condition, estimate('lessons', condition)
FROM (VALUES ('o && occupancy_seats(''2024-01-01'', ''2025-01-01'', ''class 7'', 1, 20)'), ('o && occupancy_seats(''2024-01-01'', ''2025-01-01'', ''class 7'', 20, 20)'),
	('o && occupancy(''2024-01-01'', ''2025-01-01'', ''{class 7}'')'), ('o && occupancy_seats(''2024-01-05'', ''2024-01-06'', ''class 7'', 20, 20)')) c (condition);
DROP TABLE classes, lessons;

-- without statistics
CREATE TABLE unanalyzed AS SELECT * FROM held WHERE id <= 100;
EXPLAIN (COSTS OFF) SELECT FROM unanalyzed WHERE o && occupancy('2024-01-01', '2024-01-02', '{r1}');

-- of a domain, the same
CREATE DOMAIN held_domain AS occupancy;
CREATE TABLE of_domain AS SELECT o::held_domain AS o FROM held;
ANALYZE of_domain;
SELECT estimate('of_domain', 'o && occupancy_all(''2024-01-10'', ''2024-01-11'', ''tenant 7'')');

-- an operator of somebody's own that names the estimators: whatever its
-- operands are, it gets the estimate without statistics
CREATE FUNCTION same_int(int, int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 = $2; END';
CREATE FUNCTION same_text(text, text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 = $2; END';
CREATE FUNCTION same_occupancy(occupancy, occupancy) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 = $2; END';
CREATE OPERATOR &&& (LEFTARG = int, RIGHTARG = int, FUNCTION = same_int, RESTRICT = occupancy_sel, JOIN = occupancy_joinsel);
CREATE OPERATOR &&& (LEFTARG = text, RIGHTARG = text, FUNCTION = same_text, RESTRICT = occupancy_sel, JOIN = occupancy_joinsel);
CREATE OPERATOR &&& (LEFTARG = occupancy, RIGHTARG = occupancy, FUNCTION = same_occupancy, RESTRICT = occupancy_sel, JOIN = occupancy_joinsel);
CREATE TABLE others AS SELECT id AS i, 'text ' || id AS t, o FROM held;
ANALYZE others;
CREATE FUNCTION estimated(condition text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM others a, others b WHERE %s', condition) INTO plan;
	RETURN plan -> 0 -> 'Plan' ->> 'Plan Rows';
END $$;
SELECT condition, estimated(condition)
FROM (VALUES ('a.i &&& 5 AND b.i = 1'), ('a.t &&& ''text 5'' AND b.i = 1'), ('a.o &&& b.o AND b.i = 1'),
	('a.i &&& b.i'), ('a.t &&& b.t'), ('a.o &&& b.o')) c (condition);
DROP TABLE of_domain, others;
DROP DOMAIN held_domain;
DROP OPERATOR &&& (int, int), &&& (text, text), &&& (occupancy, occupancy);
DROP FUNCTION estimated, same_int, same_text, same_occupancy;

-- the index is chosen, for an expression too
CREATE INDEX held_o ON held USING gist (o);
CREATE INDEX held_buffered ON held USING gist (occupancy_buffer(o, 5, 5));
ANALYZE held;
EXPLAIN (COSTS OFF) SELECT FROM held WHERE o && occupancy('2024-02-01 10:00', '2024-02-01 11:00', '{r5 of 7}', 'tenant 7');
EXPLAIN (COSTS OFF) SELECT FROM held a JOIN held b ON a.o && b.o WHERE a.id = 5;
SELECT estimate('held', 'occupancy_buffer(o, 5, 5) && occupancy_all(''2024-01-10'', ''2024-01-11'', ''tenant 7'')');

DROP TABLE held, few, unanalyzed;
DROP FUNCTION estimate;
