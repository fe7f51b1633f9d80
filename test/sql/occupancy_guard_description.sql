-- What the session keeps of a guard's description follows each change in the
-- catalogs.  There is a row before each of them, so that there is a description.
CREATE TABLE visits (id int, room text, person text, starts_at timestamptz, ends_at timestamptz);
CREATE INDEX visits_held ON visits USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
CREATE INDEX visits_person ON visits USING gist (occupancy(starts_at, ends_at, ARRAY[person]));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held');

-- What came of an insertion into a day of its own, where room a and person x are
-- taken by a row before it: is the guard by the room or by the person?
CREATE FUNCTION try(day int, room text, person text, to_table regclass DEFAULT 'visits') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	inserted int;
	name text;
BEGIN
	EXECUTE format('INSERT INTO %s (id, room, person, starts_at, ends_at) VALUES ($1, $2, $3, ''2024-01-01 10:00Z''::timestamptz + $1 * interval ''1 day'', ''2024-01-01 11:00Z''::timestamptz + $1 * interval ''1 day'')', to_table)
		USING day, room, person;
	GET DIAGNOSTICS inserted = ROW_COUNT;
	RETURN CASE inserted WHEN 0 THEN 'skipped' ELSE 'in' END;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS name = CONSTRAINT_NAME;
	RETURN CASE WHEN SQLSTATE = '23P01' THEN 'refused by ' || name ELSE SQLERRM END;
END $$;
CREATE FUNCTION guarded(day int, to_table regclass DEFAULT 'visits') RETURNS TABLE (first text, same_room text, same_person text) LANGUAGE plpgsql AS $$
BEGIN
	first := try(day, 'a', 'x', to_table);
	same_room := try(day, 'a', 'y', to_table);
	same_person := try(day, 'b', 'x', to_table);
	RETURN NEXT;
END $$;
SELECT * FROM guarded(1);

-- other arguments: another index, an option
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_person');
SELECT * FROM guarded(2);
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_person', 'on_conflict=skip');
SELECT * FROM guarded(3);
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held');
SELECT * FROM guarded(4);

-- the index of the name is another one
ALTER INDEX visits_held RENAME TO visits_room;
SELECT * FROM guarded(5);
ALTER INDEX visits_person RENAME TO visits_held;
SELECT * FROM guarded(6);
DROP INDEX visits_held;
SELECT * FROM guarded(7);
CREATE INDEX visits_held ON visits USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
SELECT * FROM guarded(8);
DROP INDEX visits_room;
REINDEX INDEX CONCURRENTLY visits_held;
SELECT * FROM guarded(9);
DROP INDEX CONCURRENTLY visits_held;
SELECT * FROM guarded(10);
CREATE INDEX CONCURRENTLY visits_held ON visits USING gist (occupancy(starts_at, ends_at, ARRAY[person])) WHERE room <> 'z';
SELECT * FROM guarded(11);

-- in a transaction that is rolled back, and in a part of one
BEGIN;
DROP INDEX visits_held;
CREATE INDEX visits_held ON visits USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
SELECT * FROM guarded(12);
ROLLBACK;
SELECT * FROM guarded(13);
BEGIN;
SAVEPOINT before;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held', 'on_conflict=skip');
SELECT * FROM guarded(14);
ROLLBACK TO before;
SELECT * FROM guarded(15);
COMMIT;

-- without a name: a second index, and an only one that is another
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard();
SELECT * FROM guarded(16);
CREATE INDEX visits_room ON visits USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
SELECT * FROM guarded(17);
DROP INDEX visits_held;
SELECT * FROM guarded(18);

-- columns: their numbers, their names, and their types
ALTER TABLE visits DROP COLUMN person;
ALTER TABLE visits ADD COLUMN person text;
CREATE INDEX visits_held ON visits USING gist (occupancy(starts_at, ends_at, ARRAY[person]));
DROP INDEX visits_room;
SELECT * FROM guarded(19);
ALTER TABLE visits RENAME COLUMN room TO "the room";
ALTER TABLE visits RENAME COLUMN person TO room;
ALTER TABLE visits RENAME COLUMN "the room" TO person;
SELECT * FROM guarded(20);
ALTER TABLE visits ALTER COLUMN starts_at TYPE timestamptz(0) USING starts_at - interval '1 day';
SELECT try(19, 'a', 'x');

-- holds expire by a column
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held', 'expires=until');
SELECT * FROM guarded(30);
ALTER TABLE visits ADD COLUMN "until" timestamptz DEFAULT '-infinity';
SELECT * FROM guarded(31);
ALTER TABLE visits ALTER COLUMN "until" SET DEFAULT 'infinity';
SELECT * FROM guarded(32);
ALTER TABLE visits DROP COLUMN "until";
SELECT * FROM guarded(33);
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held');

-- a table of another name in another schema
CREATE SCHEMA elsewhere;
ALTER TABLE visits SET SCHEMA elsewhere;
SELECT * FROM guarded(40, 'elsewhere.visits');
ALTER SCHEMA elsewhere RENAME TO here;
ALTER TABLE here.visits RENAME TO calls;
SELECT * FROM guarded(41, 'here.calls');
ALTER TABLE here.calls RENAME TO visits;
ALTER TABLE here.visits SET SCHEMA public;

-- unique keys: an upsert of a row that is there is none of the guard's business
TRUNCATE visits;
SELECT try(50, 'a', 'x');
INSERT INTO visits (id, room, starts_at, ends_at) SELECT id, room, starts_at, ends_at FROM visits WHERE id = 50;
CREATE UNIQUE INDEX visits_id ON visits (id) WHERE id <> 51;
INSERT INTO visits (id, room, starts_at, ends_at) SELECT id, room, starts_at, ends_at FROM visits WHERE id = 50 ON CONFLICT DO NOTHING;
DROP INDEX visits_id;
INSERT INTO visits (id, room, starts_at, ends_at) SELECT id, room, starts_at, ends_at FROM visits WHERE id = 50;
BEGIN;
SELECT try(50, 'a', 'x');
ALTER TABLE visits ADD PRIMARY KEY (id);
INSERT INTO visits (id, room, starts_at, ends_at) SELECT id, room, starts_at, ends_at FROM visits WHERE id = 50 ON CONFLICT DO NOTHING;
ROLLBACK;
INSERT INTO visits (id, room, starts_at, ends_at) SELECT id, room, starts_at, ends_at FROM visits WHERE id = 50 ON CONFLICT DO NOTHING;

-- a statement's own function changes what a description is of, and writes
CREATE FUNCTION replaces() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
	CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held', 'on_conflict=skip');
	RETURN 60;
END $$;
BEGIN;
INSERT INTO visits (id, person, room, starts_at, ends_at) SELECT replaces(), 'a', 'a', '2025-03-01 10:00Z', '2025-03-01 11:00Z';
INSERT INTO visits (id, person, room, starts_at, ends_at) VALUES (60, 'b', 'a', '2025-03-01 10:00Z', '2025-03-01 11:00Z');
COMMIT;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held');
CREATE FUNCTION writes(day int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
	PERFORM try(day, 'a', 'x');
	CREATE TEMPORARY TABLE makes_stale ();
	DROP TABLE makes_stale;
	RETURN day;
END $$;
INSERT INTO visits (id, person, room, starts_at, ends_at) SELECT writes(day), 'b', 'b', '2025-01-01 10:00Z'::timestamptz + day * interval '1 day', '2025-01-01 11:00Z'::timestamptz + day * interval '1 day' FROM generate_series(61, 64) day;
INSERT INTO visits (id, person, room, starts_at, ends_at) VALUES (65, 'a', 'b', '2025-03-03 10:00Z', '2025-03-03 11:00Z');
SELECT id, count(*) FROM visits WHERE id > 60 GROUP BY id ORDER BY id;

-- partitions: of the index of the whole, then of none, and again
CREATE TABLE parts (id int, room text, person text, starts_at timestamptz, ends_at timestamptz) PARTITION BY LIST (room);
CREATE TABLE parts_a PARTITION OF parts FOR VALUES IN ('a');
CREATE TABLE parts_b PARTITION OF parts FOR VALUES IN ('b');
CREATE INDEX parts_held ON parts USING gist (occupancy(starts_at, ends_at, ARRAY[person]));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON parts FOR EACH ROW EXECUTE FUNCTION occupancy_guard('parts_held');
SELECT * FROM guarded(70, 'parts');
ALTER TABLE parts DETACH PARTITION parts_b;
SELECT try(70, 'b', 'x', 'parts'), try(70, 'b', 'x', 'parts_b');
CREATE TRIGGER mine BEFORE INSERT OR UPDATE ON parts_b FOR EACH ROW EXECUTE FUNCTION occupancy_guard('parts_held');
SELECT try(71, 'b', 'x', 'parts_b');
TRUNCATE parts_b;
ALTER TABLE parts ATTACH PARTITION parts_b FOR VALUES IN ('b');
SELECT * FROM guarded(72, 'parts');
CREATE TABLE parts_c PARTITION OF parts FOR VALUES IN ('c');
SELECT try(72, 'c', 'x', 'parts'), try(72, 'c', 'y', 'parts'), try(72, 'b', 'y', 'parts');

DROP FUNCTION try, guarded, replaces, writes;
DROP TABLE visits, parts;
DROP SCHEMA here;
