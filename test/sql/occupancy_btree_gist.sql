-- With btree_gist: other columns in the constraint, and the same rows accepted
-- as by a constraint on one row a resource.
CREATE EXTENSION btree_gist;
SET TimeZone = 'UTC';

--
-- A class of many clients shares its room with itself
--
CREATE TABLE classes (id int PRIMARY KEY, class_id int, o occupancy,
	EXCLUDE USING gist (o WITH &&, coalesce(class_id, -id) WITH <>));
INSERT INTO classes VALUES (1, 7, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){rom_1,client_1}');
INSERT INTO classes VALUES (2, 7, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){rom_1,client_2}');
INSERT INTO classes VALUES (3, 8, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){rom_1,client_3}');
INSERT INTO classes VALUES (4, NULL, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){rom_1}');
INSERT INTO classes VALUES (5, NULL, '[2024-01-01T11:00:00Z,2024-01-01T12:00:00Z){rom_1}');
INSERT INTO classes VALUES (6, NULL, '[2024-01-01T11:00:00Z,2024-01-01T12:00:00Z){rom_1}');
INSERT INTO classes VALUES (7, 7, '[2024-01-01T11:00:00Z,2024-01-01T12:00:00Z){rom_2}');
SELECT id FROM classes ORDER BY id;
DROP TABLE classes;

-- an equality first
CREATE TABLE sites (site int, o occupancy, EXCLUDE USING gist (site WITH =, o WITH &&));
INSERT INTO sites SELECT s, occupancy('2024-01-01', '2024-01-02', ARRAY[r::text]) FROM generate_series(1, 40) s, generate_series(1, 40) r;
INSERT INTO sites VALUES (1, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){7,8}');
INSERT INTO sites VALUES (41, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){7,8}');
-- seats are of a site
INSERT INTO sites VALUES (41, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){pool(15/20)}');
INSERT INTO sites VALUES (41, '[2024-01-01T10:30:00Z,2024-01-01T11:30:00Z){pool(6/20)}');
INSERT INTO sites VALUES (41, '[2024-01-01T10:30:00Z,2024-01-01T11:30:00Z){pool(5/20)}'), (42, '[2024-01-01T10:30:00Z,2024-01-01T11:30:00Z){pool(6/20)}');
INSERT INTO sites VALUES (42, '[2024-01-01T11:00:00Z,2024-01-01T11:30:00Z){pool}');
DROP TABLE sites;

--
-- Accepted rows: random bookings, one by one, into a table of occupancies and
-- into a table with one row a resource
--
CREATE TABLE whole (id int, o occupancy, EXCLUDE USING gist (o WITH &&));
CREATE TABLE parts (id int, scope text, resource text, during tstzrange,
	EXCLUDE USING gist (scope WITH =, resource WITH =, during WITH &&));
CREATE FUNCTION compare(shape text, resources int, tenants int, days int, longest interval, n int)
RETURNS TABLE (attempts int, enough_accepted boolean, enough_refused boolean, differences bigint) LANGUAGE plpgsql AS $$
DECLARE
	i int;
	names text[];
	tenant text;
	s timestamptz;
	e timestamptz;
BEGIN
	TRUNCATE whole, parts;
	PERFORM setseed(0.75);
	FOR i IN 1 .. n LOOP
		names := ARRAY(SELECT DISTINCT 'r' || (random() * resources)::int FROM generate_series(1, 1 + (random() * 4)::int));
		tenant := 't' || (random() * tenants)::int;
		s := date_trunc('minute', timestamptz '2024-01-01' + random() * days * interval '1 day');
		e := date_trunc('minute', s + interval '1 minute' + random() * random() * longest);
		INSERT INTO whole VALUES (i, occupancy(s, e, names, tenant)) ON CONFLICT DO NOTHING;
		BEGIN
			INSERT INTO parts SELECT i, tenant, r, tstzrange(s, e) FROM unnest(names) r;
		EXCEPTION WHEN exclusion_violation THEN
		END;
	END LOOP;
	SELECT n, count(*) > n / 20, count(*) < n * 19 / 20 INTO attempts, enough_accepted, enough_refused FROM whole;
	SELECT count(*) INTO differences
	FROM (SELECT w.id, unnest(occupancy_resources(o)) AS resource FROM whole w) w
	FULL JOIN parts p USING (id, resource) WHERE w.id IS NULL OR p.id IS NULL;
	RETURN NEXT;
END $$;
SELECT * FROM compare('one place', 50, 0, 30, '3 hours', 4000);
SELECT * FROM compare('many tenants', 5, 40, 30, '6 hours', 4000);
SELECT * FROM compare('long and short', 30, 3, 300, '100 days', 3000);
SELECT * FROM compare('crowded', 5000, 0, 1, '1 day', 3000);

DROP TABLE whole, parts;
DROP FUNCTION compare;
DROP EXTENSION btree_gist;
