-- The guard on partitioned tables: at any depth, in any schema, and what it
-- refuses to guard in part.
SET TimeZone = 'UTC';

-- Two levels, partitions in schemas of their own with indexes of the parent's
-- name: one that is attached, one that is no part of it
CREATE SCHEMA regress_2024;
CREATE SCHEMA regress_2025;
CREATE TABLE visits (id int, day date, room text, starts_at timestamptz, ends_at timestamptz, status text, note text)
	PARTITION BY RANGE (day);
CREATE TABLE regress_2024.visits PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (room);
CREATE TABLE regress_2024.visits_a PARTITION OF regress_2024.visits FOR VALUES IN ('a');
CREATE TABLE regress_2024.visits_b PARTITION OF regress_2024.visits DEFAULT;
CREATE TABLE regress_2025.visits PARTITION OF visits FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX visits_held ON regress_2025.visits USING gist (occupancy(starts_at, ends_at, ARRAY[room]))
	WHERE (status IS DISTINCT FROM 'cancelled');
CREATE INDEX visits_held ON regress_2024.visits_a (id);
CREATE INDEX visits_held ON visits USING gist (occupancy(starts_at, ends_at, ARRAY[room]))
	WHERE (status IS DISTINCT FROM 'cancelled');
SELECT inhrelid::regclass AS part_of_visits_held FROM pg_inherits WHERE inhparent = 'visits_held'::regclass ORDER BY 1;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held');

INSERT INTO visits VALUES (1, '2024-12-31', 'a', '2024-12-31 23:00', '2025-01-01 01:00'),
	(2, '2024-12-31', 'b', '2024-12-31 23:00', '2025-01-01 01:00');
-- across partitions, whichever table the statement names
INSERT INTO visits VALUES (3, '2025-01-01', 'a', '2025-01-01 00:00', '2025-01-01 01:00');
INSERT INTO regress_2025.visits VALUES (3, '2025-01-01', 'b', '2025-01-01 00:00', '2025-01-01 01:00');
INSERT INTO regress_2024.visits VALUES (3, '2024-12-31', 'b', '2024-12-31 22:00', '2024-12-31 23:30');
INSERT INTO regress_2024.visits_a VALUES (3, '2024-12-31', 'a', '2024-12-31 22:00', '2024-12-31 23:30');
INSERT INTO visits VALUES (3, '2025-01-01', 'a', '2025-01-01 01:00', '2025-01-01 02:00');
-- moves between partitions of either level
UPDATE visits SET room = 'b' WHERE id = 1;
UPDATE visits SET day = '2024-12-31' WHERE id = 3;
UPDATE visits SET day = '2025-01-01', starts_at = '2024-12-31 23:30' WHERE id = 3;
UPDATE visits SET room = 'c' WHERE id = 1;
UPDATE visits SET room = 'c' WHERE id = 2;
SELECT tableoid::regclass, id, day, room FROM visits ORDER BY id;

-- A move is an update: never skipped, whatever is set
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held', 'on_conflict=skip');
INSERT INTO visits VALUES (4, '2025-01-01', 'c', '2025-01-01 00:00', '2025-01-01 01:00'),
	(5, '2025-01-01', 'e', '2025-01-01 00:00', '2025-01-01 01:00') RETURNING id;
UPDATE visits SET day = '2025-01-01', room = 'e' WHERE id = 1;
-- ... also when a trigger of the partition that takes it changes the row, and runs statements of its own
CREATE TABLE touched (id int, room text);
CREATE FUNCTION changes_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO touched VALUES (NEW.id, NEW.room);
	UPDATE visits SET note = 'touched' WHERE id = 2;
	NEW.room := 'e';
	RETURN NEW;
END $$;
CREATE TRIGGER changes BEFORE INSERT ON regress_2025.visits FOR EACH ROW EXECUTE FUNCTION changes_room();
UPDATE visits SET day = '2025-01-01' WHERE id = 1;
DROP TRIGGER changes ON regress_2025.visits;
SELECT tableoid::regclass, id, day, room FROM visits ORDER BY id;

-- A row that conflicts already may be changed in other ways, also by moving
ALTER TABLE visits DISABLE TRIGGER guard;
INSERT INTO visits VALUES (6, '2024-12-31', 'c', '2024-12-31 23:00', '2025-01-01 01:00');
ALTER TABLE visits ENABLE TRIGGER guard;
UPDATE visits SET day = '2025-01-01' WHERE id = 6;
UPDATE visits SET day = '2024-12-31', ends_at = '2025-01-01 00:30' WHERE id = 6;
UPDATE visits SET day = '2025-01-01', ends_at = '2025-01-01 01:00' WHERE id = 6;
UPDATE visits SET room = 'd' WHERE id = 6;
-- the pairs of rows of all partitions
ALTER TABLE visits DISABLE TRIGGER guard;
UPDATE visits SET room = 'c' WHERE id = 6;
ALTER TABLE visits ENABLE TRIGGER guard;
SELECT table_a, a.id, table_b, b.id, shared FROM occupancy_conflicts('visits_held') c
	JOIN visits a ON a.tableoid = table_a AND a.ctid = row_a JOIN visits b ON b.tableoid = table_b AND b.ctid = row_b;
DELETE FROM visits WHERE id = 6;

-- Partitions with indexes of their own: what a row held in one of them, it does
-- not hold in the other that it moves to
CREATE TABLE apart (id int, area int, room text, note text) PARTITION BY LIST (area);
CREATE TABLE apart_1 PARTITION OF apart FOR VALUES IN (1);
CREATE TABLE apart_2 PARTITION OF apart FOR VALUES IN (2);
CREATE INDEX ON apart_1 USING gist (occupancy('2024-01-01', '2024-01-02', ARRAY[room]));
CREATE INDEX ON apart_2 USING gist (occupancy('2024-01-01', '2024-01-02', ARRAY[room]));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON apart_1 FOR EACH ROW EXECUTE FUNCTION occupancy_guard('apart_1_occupancy_idx');
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON apart_2 FOR EACH ROW EXECUTE FUNCTION occupancy_guard('apart_2_occupancy_idx');
INSERT INTO apart VALUES (1, 1, 'a'), (2, 2, 'a'), (3, 1, 'b');
UPDATE apart SET area = 2 WHERE id = 1;
UPDATE apart SET area = 2 WHERE id = 3;
SELECT tableoid::regclass, id, room FROM apart ORDER BY id;
DROP TABLE apart;

-- A partition that is attached keeps the name of its index, and is guarded
CREATE TABLE other (LIKE visits);
CREATE INDEX odd_name ON other USING gist (occupancy(starts_at, ends_at, ARRAY[room])) WHERE (status IS DISTINCT FROM 'cancelled');
INSERT INTO other VALUES (7, '2026-01-01', 'g', '2025-01-01 00:00', '2025-01-01 01:00'),
	(8, '2026-01-01', 'c', '2024-12-31 23:00', '2025-01-01 00:00');
ALTER TABLE visits ATTACH PARTITION other FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
SET appointment.on_conflict = 'error';
INSERT INTO visits VALUES (9, '2025-01-01', 'g', '2025-01-01 00:00', '2025-01-01 01:00');
INSERT INTO other VALUES (9, '2026-01-01', 'c', '2024-12-31 23:30', '2025-01-01 01:00');
-- what conflicts already, attaching does not ask
SELECT a.id, b.id FROM occupancy_conflicts('visits_held') c
	JOIN visits a ON a.tableoid = table_a AND a.ctid = row_a JOIN visits b ON b.tableoid = table_b AND b.ctid = row_b ORDER BY 1, 2;
ALTER TABLE visits DETACH PARTITION other;
-- a table of its own again, without a trigger
INSERT INTO other VALUES (9, '2026-01-01', 'c', '2024-12-31 23:30', '2025-01-01 01:00');
RESET appointment.on_conflict;

-- A trigger of one level, and one of a partition's own
DROP TRIGGER guard ON visits;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON regress_2024.visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_room_starts_at_idx');
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON regress_2025.visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held');
INSERT INTO regress_2024.visits VALUES (9, '2024-12-31', 'c', '2024-12-31 23:30', '2025-01-01 01:00');
SELECT indexrelid::regclass AS index_of_level FROM pg_index WHERE indrelid = 'regress_2024.visits'::regclass;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON regress_2024.visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_occupancy_idx');
INSERT INTO visits VALUES (9, '2024-12-31', 'c', '2024-12-31 23:30', '2025-01-01 01:00');
INSERT INTO visits VALUES (9, '2025-01-01', 'e', '2025-01-01 00:30', '2025-01-01 01:30');
DROP TABLE visits, other;

-- An index that a partition lacks guards nothing
CREATE TABLE visits (id int, day date, o occupancy) PARTITION BY RANGE (day);
CREATE TABLE visits_2024 PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE visits_2025 PARTITION OF visits FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX visits_held ON ONLY visits USING gist (o);
CREATE INDEX visits_2024_held ON visits_2024 USING gist (o);
ALTER INDEX visits_held ATTACH PARTITION visits_2024_held;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held');
INSERT INTO visits VALUES (1, '2024-12-31', '[2024-12-31T23:00:00Z,2025-01-01T01:00:00Z){a}');
INSERT INTO visits VALUES (1, '2025-01-01', '[2024-12-31T23:00:00Z,2025-01-01T01:00:00Z){a}');
SELECT * FROM occupancy_conflicts('visits_held');
SELECT relation, trigger, sqlstate, message, detail FROM appointment_trigger_problems('visits');
CREATE INDEX visits_2025_held ON visits_2025 USING gist (o);
ALTER INDEX visits_held ATTACH PARTITION visits_2025_held;
SELECT * FROM appointment_trigger_problems('visits');
INSERT INTO visits VALUES (1, '2024-12-31', '[2024-12-31T23:00:00Z,2025-01-01T01:00:00Z){a}');
INSERT INTO visits VALUES (2, '2025-01-01', '[2024-12-31T23:00:00Z,2025-01-01T01:00:00Z){a}');
-- one that is not valid is named
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'visits_2025_held'::regclass;
INSERT INTO visits VALUES (3, '2024-12-31', '[2024-12-31T22:00:00Z,2024-12-31T23:00:00Z){a}');
UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'visits_2025_held'::regclass;
-- neither does one beside a foreign table
CREATE FOREIGN DATA WRAPPER regress_nowhere;
CREATE SERVER regress_nowhere FOREIGN DATA WRAPPER regress_nowhere;
CREATE FOREIGN TABLE visits_2026 PARTITION OF visits FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') SERVER regress_nowhere;
INSERT INTO visits VALUES (3, '2024-12-31', '[2024-12-31T22:00:00Z,2024-12-31T23:00:00Z){a}');
SELECT * FROM occupancy_conflicts('visits_held');
DROP TABLE visits;
DROP FOREIGN DATA WRAPPER regress_nowhere CASCADE;

-- The trigger's argument, and its list of columns
CREATE TABLE held (id int PRIMARY KEY, starts_at timestamptz, ends_at timestamptz, room text, status text, note text);
CREATE INDEX held_o ON held USING gist (occupancy(starts_at, ends_at, ARRAY[room])) WHERE (status IS DISTINCT FROM 'cancelled');
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OF starts_at, ends_at, room ON held FOR EACH ROW EXECUTE FUNCTION occupancy_guard('held_o');
INSERT INTO held VALUES (1, '2024-01-01 10:00', '2024-01-01 11:00', 'a');
SELECT sqlstate, message, detail FROM appointment_trigger_problems('held');
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE OF starts_at, ends_at, room, status ON held FOR EACH ROW EXECUTE FUNCTION occupancy_guard('held_o');
INSERT INTO held VALUES (1, '2024-01-01 10:00', '2024-01-01 11:00', 'a', 'cancelled'), (2, '2024-01-01 10:00', '2024-01-01 11:00', 'a', NULL);
UPDATE held SET status = NULL WHERE id = 1;
ALTER INDEX held_o RENAME TO held_in_all;
UPDATE held SET status = NULL WHERE id = 1;
SELECT sqlstate, message, detail FROM appointment_trigger_problems('held');
ALTER INDEX held_in_all RENAME TO held_o;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON held FOR EACH ROW EXECUTE FUNCTION occupancy_guard('held_o');
SELECT sqlstate, message, detail FROM appointment_trigger_problems('held');
CREATE FUNCTION changes() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER later BEFORE INSERT ON held FOR EACH ROW EXECUTE FUNCTION changes();
SELECT sqlstate, message, detail, hint FROM appointment_trigger_problems('held');
DROP TRIGGER later ON held;
DROP FUNCTION changes;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT ON held FOR EACH ROW EXECUTE FUNCTION occupancy_guard('held_o');
SELECT sqlstate, message, detail, hint FROM appointment_trigger_problems('held');
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON held FOR EACH ROW EXECUTE FUNCTION occupancy_guard('held_o');

-- Skipping conflicts for one transaction, or not
BEGIN;
SET LOCAL appointment.on_conflict = 'skip';
INSERT INTO held VALUES (3, '2024-01-01 10:30', '2024-01-01 11:30', 'a'), (4, '2024-01-01 11:00', '2024-01-01 12:00', 'a') RETURNING id;
SAVEPOINT here;
UPDATE held SET status = NULL WHERE id = 1;
ROLLBACK TO here;
COMMIT;
INSERT INTO held VALUES (3, '2024-01-01 10:30', '2024-01-01 11:30', 'a') ON CONFLICT DO NOTHING;
SET appointment.on_conflict = 'never';
DROP TABLE held;
