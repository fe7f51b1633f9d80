-- The pairs that conflict already: the same that a join finds.
SET TimeZone = 'UTC';
SELECT setseed(0.6);

CREATE TABLE messy (id int PRIMARY KEY, starts_at timestamptz, ends_at timestamptz, resources text[], tenant text, closed boolean, status text);
INSERT INTO messy
SELECT i, t, t + interval '1 minute' * (10 + random() * 100)::int,
	ARRAY(SELECT 'r' || (random() * 60 + i * 0)::int FROM generate_series(1, (random() * 5)::int)),
	CASE (random() * 3)::int WHEN 0 THEN 'x' WHEN 1 THEN 'y' END, i % 100 = 0,
	CASE WHEN i % 10 = 0 THEN 'cancelled' END
FROM (SELECT i, timestamptz '2024-01-01' + (random() * 50000)::int * interval '1 minute' AS t FROM generate_series(1, 5000) i) x;
CREATE FUNCTION held(messy, scoped boolean DEFAULT true) RETURNS occupancy LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN $1.closed THEN occupancy_all($1.starts_at, $1.ends_at, CASE WHEN scoped THEN $1.tenant END)
		ELSE occupancy($1.starts_at, $1.ends_at, $1.resources, CASE WHEN scoped THEN $1.tenant END) END $$;
CREATE INDEX messy_held ON messy USING gist
	((CASE WHEN closed THEN occupancy_all(starts_at, ends_at, tenant) ELSE occupancy(starts_at, ends_at, resources, tenant) END))
	WHERE status IS DISTINCT FROM 'cancelled';

CREATE TABLE joined AS
SELECT scoped, least(a.ctid, b.ctid) AS row_a, greatest(a.ctid, b.ctid) AS row_b, held(a, scoped) * held(b, scoped) AS shared
FROM messy a JOIN messy b ON a.id < b.id AND a.status IS NULL AND b.status IS NULL
		AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at),
	(VALUES (true), (false)) s (scoped)
WHERE held(a, scoped) && held(b, scoped);
SELECT scoped, count(*) > 100 AS enough FROM joined GROUP BY scoped ORDER BY scoped;
SELECT count(*) AS differences
FROM (SELECT true AS scoped, * FROM occupancy_conflicts('messy_held') UNION ALL SELECT false, * FROM occupancy_conflicts('messy_held', ignore_scope => true)) c
FULL JOIN joined j USING (scoped, row_a, row_b, shared) WHERE c.scoped IS NULL OR j.scoped IS NULL;
-- no pair twice
SELECT count(*) AS twice FROM (SELECT FROM occupancy_conflicts('messy_held') GROUP BY row_a, row_b HAVING count(*) > 1) t;
-- the rows are found by it, and can be cleaned
DELETE FROM messy WHERE ctid IN (SELECT row_b FROM occupancy_conflicts('messy_held'));
SELECT * FROM occupancy_conflicts('messy_held');
ALTER TABLE messy ADD EXCLUDE USING gist
	((CASE WHEN closed THEN occupancy_all(starts_at, ends_at, tenant) ELSE occupancy(starts_at, ends_at, resources, tenant) END) WITH &&)
	WHERE (status IS DISTINCT FROM 'cancelled');

-- an array
SELECT * FROM occupancy_conflicts_in(ARRAY['x:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a,b}', NULL,
	'x:[2024-01-01T10:30:00Z,2024-01-01T11:30:00Z){a,b,c}', 'y:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}',
	'x:[2024-01-01T10:50:00Z,2024-01-01T11:10:00Z){*}', 'x:[2024-01-01T11:30:00Z,2024-01-01T11:40:00Z){a}']::occupancy[]);
SELECT * FROM occupancy_conflicts_in(ARRAY['x:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a,b}',
	'y:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}']::occupancy[], true);
SELECT * FROM occupancy_conflicts_in('{}');
-- the time goes by what is sorted and found, also with 200,000 rows that overlap beside closing days
SET statement_timeout = '30s';
SELECT count(*) FROM occupancy_conflicts_in((SELECT array_agg(CASE WHEN i % 100 = 0 THEN occupancy_all('2024-01-01Z'::timestamptz + i * interval '1 second', '2024-01-01Z'::timestamptz + i * interval '1 second' + interval '10 ms')
	ELSE occupancy('2024-02-01Z'::timestamptz + i * interval '1 second', '2025-01-01Z', ARRAY[i::text]) END) FROM generate_series(1, 200000) i));
RESET statement_timeout;

-- the other columns of a constraint count
CREATE EXTENSION btree_gist;
CREATE TABLE classes (id int, class_id int, o occupancy, CONSTRAINT classes_held EXCLUDE USING gist (o WITH &&, coalesce(class_id, -id) WITH <>));
INSERT INTO classes SELECT n, 7, occupancy('2024-01-01', '2024-01-02', '{room}') FROM generate_series(1, 3) n;
SELECT * FROM occupancy_conflicts('classes_held');
SELECT a, b FROM (SELECT array_agg(o) AS os FROM classes) x, occupancy_conflicts_in(os);
DROP TABLE classes;
DROP EXTENSION btree_gist;

-- who may ask, and what cannot be asked
CREATE ROLE regress_curious;
SET ROLE regress_curious;
SELECT * FROM occupancy_conflicts('messy_held');
RESET ROLE;
GRANT SELECT ON messy TO regress_curious;
SET ROLE regress_curious;
SELECT * FROM occupancy_conflicts('messy_held');
RESET ROLE;
ALTER TABLE messy ENABLE ROW LEVEL SECURITY;
SET ROLE regress_curious;
SELECT * FROM occupancy_conflicts('messy_held');
RESET ROLE;
DROP FUNCTION held;
DROP TABLE joined;
-- what an index calls runs with the rights of the table's owner, whoever asks
CREATE SCHEMA regress_private AUTHORIZATION regress_curious;
SET ROLE regress_curious;
CREATE FUNCTION regress_private.spy(o public.occupancy) RETURNS public.occupancy LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RAISE NOTICE '% with %', current_user, current_setting('search_path');
	RETURN o;
END $$;
CREATE TABLE regress_private.trap (o occupancy);
CREATE INDEX trap_held ON regress_private.trap USING gist (regress_private.spy(o));
SET client_min_messages = warning;
INSERT INTO regress_private.trap VALUES ('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'), ('[2024-01-01T10:30:00Z,2024-01-01T11:00:00Z){a}');
RESET client_min_messages;
RESET ROLE;
SELECT shared FROM occupancy_conflicts('regress_private.trap_held');
SELECT current_user = session_user AS myself_again, current_setting('search_path') AS search_path;
DROP SCHEMA regress_private CASCADE;
SELECT * FROM occupancy_conflicts('messy');
SELECT * FROM occupancy_conflicts('messy_pkey');
DROP TABLE messy;
DROP ROLE regress_curious;
CREATE TABLE parted (o occupancy) PARTITION BY HASH (o);
CREATE INDEX parted_held ON parted USING gist (o);
SELECT * FROM occupancy_conflicts('parted_held');
DROP TABLE parted;
