-- One exclusion constraint over all resources, in the ways that it is used.
SET TimeZone = 'UTC';

--
-- A table of ordinary columns
--
CREATE TABLE bookings (
	id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	organisation_id text,
	practitioner_id text,
	room_id text,
	resource_ids text[],
	starts_at timestamptz,
	ends_at timestamptz,
	status text,
	CONSTRAINT bookings_no_overlap EXCLUDE USING gist
		(occupancy(starts_at, ends_at, resource_ids || practitioner_id || room_id, organisation_id) WITH &&)
		WHERE (status IS DISTINCT FROM 'cancelled')
);
CREATE FUNCTION book(starts_at timestamptz, minutes int, resources text, organisation text DEFAULT 'acme', status text DEFAULT NULL)
	RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	names text[] := string_to_array(resources, ' ', '-');
BEGIN
	INSERT INTO bookings (organisation_id, practitioner_id, room_id, resource_ids, starts_at, ends_at, status)
	VALUES (organisation, names[1], names[2], names[3:], starts_at, starts_at + minutes * interval '1 minute', status);
	RETURN 'booked';
EXCEPTION WHEN exclusion_violation OR invalid_parameter_value THEN
	RETURN sqlstate || ' ' || sqlerrm;
END $$;

SELECT book('2024-01-01 10:00', 60, 'pra_1 rom_1 van_1');
-- each of the resources is protected, whichever column it comes from
SELECT book('2024-01-01 10:30', 60, 'pra_1 rom_2');
SELECT book('2024-01-01 10:59', 60, 'pra_2 rom_1');
SELECT book('2024-01-01 09:30', 31, 'pra_2 rom_2 van_2 van_1');
-- back to back, other resources, another organisation, nothing at all
SELECT book('2024-01-01 11:00', 60, 'pra_1 rom_1 van_1');
SELECT book('2024-01-01 09:00', 60, 'pra_1 rom_1 van_1');
SELECT book('2024-01-01 10:00', 60, 'pra_2 rom_2 van_2');
SELECT book('2024-01-01 10:00', 60, 'pra_1 rom_1 van_1', 'other');
SELECT book('2024-01-01 10:00', 60, 'pra_1 rom_1 van_1', NULL);
SELECT book('2024-01-01 10:00', 60, 'pra_1 rom_1 van_1', NULL);
SELECT book('2024-01-01 10:00', 60, '- -'), book('2024-01-01 10:00', 60, '- -');
-- nothing slips past: not a period that is missing, empty, reversed or endless
SELECT book(NULL, 60, 'pra_1'), book('2024-01-02', 0, 'pra_1'), book('2024-01-02', -1, 'pra_1'), book('infinity', 1, 'pra_1');
-- unless the row is not in the index
SELECT book(NULL, 60, 'pra_1', 'acme', 'cancelled');

-- a cancelled slot is free; a cancelled row that comes back meets the constraint
UPDATE bookings SET status = 'cancelled' WHERE id = 1;
SELECT book('2024-01-01 10:00', 60, 'pra_1 rom_9');
UPDATE bookings SET status = 'scheduled' WHERE id = 1;
UPDATE bookings SET status = 'scheduled', practitioner_id = 'pra_9' WHERE id = 1;
-- moving a row within its own period is no conflict with itself
UPDATE bookings SET starts_at = starts_at + interval '10 minutes', ends_at = ends_at - interval '20 minutes' WHERE id = 1;
-- an update of something else keeps the row where it is, or moves only the row
DELETE FROM bookings WHERE starts_at IS NULL;
UPDATE bookings SET status = 'arrived';
SELECT count(*) FROM bookings;

-- Searches: who is in the room, is it free, what happens this morning
ANALYZE bookings;
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT id FROM bookings
WHERE occupancy(starts_at, ends_at, resource_ids || practitioner_id || room_id, organisation_id)
	&& occupancy('2024-01-01', '2024-01-02', '{rom_1}', 'acme') AND status IS DISTINCT FROM 'cancelled';
SELECT id, practitioner_id, room_id FROM bookings
WHERE occupancy(starts_at, ends_at, resource_ids || practitioner_id || room_id, organisation_id)
	&& occupancy('2024-01-01', '2024-01-02', '{rom_1}', 'acme') AND status IS DISTINCT FROM 'cancelled' ORDER BY id;
SELECT id, practitioner_id, room_id FROM bookings
WHERE occupancy(starts_at, ends_at, resource_ids || practitioner_id || room_id, organisation_id)
	&& occupancy_all('2024-01-01 11:00', '2024-01-01 12:00', 'acme') AND status IS DISTINCT FROM 'cancelled' ORDER BY id;
RESET enable_seqscan;
DROP TABLE bookings;
DROP FUNCTION book;

--
-- A column of occupancies: a closing day, ON CONFLICT, deferred swaps, DDL
--
CREATE TABLE held (id int PRIMARY KEY, o occupancy NOT NULL,
	CONSTRAINT held_no_overlap EXCLUDE USING gist (o WITH &&) DEFERRABLE);
INSERT INTO held VALUES (1, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'),
	(2, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){b}');
INSERT INTO held VALUES (3, occupancy_all('2024-01-01', '2024-01-02'));
INSERT INTO held VALUES (3, occupancy_all('2024-01-02', '2024-01-03'));
INSERT INTO held VALUES (4, '[2024-01-02T10:00:00Z,2024-01-02T11:00:00Z){c}');
BEGIN;
SET CONSTRAINTS held_no_overlap DEFERRED;
UPDATE held SET o = '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){b}' WHERE id = 1;
UPDATE held SET o = '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}' WHERE id = 2;
COMMIT;
SELECT * FROM held ORDER BY id;
ALTER TABLE held DROP CONSTRAINT held_no_overlap;
ALTER TABLE held ADD CONSTRAINT held_no_overlap EXCLUDE USING gist (o WITH &&);
INSERT INTO held VALUES (5, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}') ON CONFLICT DO NOTHING RETURNING id;
INSERT INTO held VALUES (5, '[2024-01-01T11:00:00Z,2024-01-01T12:00:00Z){a}') ON CONFLICT DO NOTHING RETURNING id;
INSERT INTO held VALUES (6, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}') ON CONFLICT ON CONSTRAINT held_no_overlap DO NOTHING RETURNING id;
CREATE INDEX CONCURRENTLY held_o ON held USING gist (o);
REINDEX INDEX CONCURRENTLY held_o;
REINDEX TABLE held;
SELECT conname FROM pg_constraint WHERE conrelid = 'held'::regclass AND contype = 'x';
-- existing conflicts are found when a constraint is added
ALTER TABLE held DROP CONSTRAINT held_no_overlap;
INSERT INTO held VALUES (7, '[2024-01-01T10:30:00Z,2024-01-01T11:00:00Z){a,z}');
\set VERBOSITY sqlstate
ALTER TABLE held ADD CONSTRAINT held_no_overlap EXCLUDE USING gist (o WITH &&);
\set VERBOSITY default
DELETE FROM held WHERE id = 7;
ALTER TABLE held ADD CONSTRAINT held_no_overlap EXCLUDE USING gist (o WITH &&);
-- null occupancies are not checked: the column is NOT NULL, or this is wanted
ALTER TABLE held ALTER o DROP NOT NULL;
INSERT INTO held VALUES (8, NULL), (9, NULL);
DROP TABLE held;

-- an occupancy too wide for a leaf's list, and one that is stored compressed
CREATE TABLE wide (id int, o occupancy, EXCLUDE USING gist (o WITH &&));
INSERT INTO wide SELECT n, occupancy('2024-01-01', '2024-01-02', ARRAY(SELECT 'r' || k FROM generate_series(n * 1000, n * 1000 + 999) k)) FROM generate_series(1, 50) n;
\set VERBOSITY terse
INSERT INTO wide VALUES (0, occupancy('2024-01-01 10:00', '2024-01-02', '{r1500}'));
\set VERBOSITY default
INSERT INTO wide VALUES (0, occupancy('2024-01-02', '2024-01-03', '{r1500}'));
SET enable_seqscan = off;
SELECT array_agg(w.id ORDER BY w.id) FROM wide v JOIN wide w ON w.o && v.o WHERE v.id IN (7, 8);
RESET enable_seqscan;
UPDATE wide SET id = id + 1 WHERE id > 0;
DROP TABLE wide;
