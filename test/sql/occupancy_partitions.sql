-- PostgreSQL 17 and later: exclusion constraints on partitioned tables.
CREATE EXTENSION btree_gist;
CREATE TABLE parted (id int, site int, o occupancy,
	CONSTRAINT parted_held EXCLUDE USING gist (site WITH =, o WITH &&)) PARTITION BY LIST (site);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE TABLE parted_2 (o occupancy, extra int, site int, id int);
ALTER TABLE parted_2 DROP COLUMN extra;
ALTER TABLE parted ATTACH PARTITION parted_2 FOR VALUES IN (2);
INSERT INTO parted VALUES (1, 1, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'), (2, 2, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}');
\set VERBOSITY sqlstate
INSERT INTO parted VALUES (3, 2, '[2024-01-01T10:30:00Z,2024-01-01T11:00:00Z){a,b}');
-- the guard finds each partition's part of the constraint, and keeps to it
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON parted FOR EACH ROW EXECUTE FUNCTION occupancy_guard('parted_held');
INSERT INTO parted VALUES (3, 2, '[2024-01-01T10:30:00Z,2024-01-01T11:00:00Z){a,b}');
INSERT INTO parted_1 VALUES (3, 1, '[2024-01-01T10:30:00Z,2024-01-01T11:00:00Z){a,b}');
INSERT INTO parted VALUES (3, 1, '[2024-01-01T11:00:00Z,2024-01-01T12:00:00Z){a,b}');
UPDATE parted SET site = 2 WHERE id = 1;
UPDATE parted SET site = 2 WHERE id = 3;
SELECT tableoid::regclass, id FROM parted ORDER BY id;
DROP TABLE parted;
DROP EXTENSION btree_gist;
