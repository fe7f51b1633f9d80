-- The tables of desk.c, a front desk: what is booked, and what can be.
-- For a database that does not have the extension yet.
CREATE SCHEMA ext;
CREATE EXTENSION appointment SCHEMA ext;

CREATE SCHEMA desk;
SET search_path = desk, ext;

CREATE TABLE booked (
	id	text GENERATED ALWAYS AS (appointment_id(a)) STORED PRIMARY KEY,
	a	appointment NOT NULL,
	CONSTRAINT booked_no_overlap EXCLUDE USING gist (appointment_occupancy(a) WITH &&)
);
CREATE INDEX booked_by_start ON booked (appointment_starts_at(a));

-- The guard is the last trigger, by its name.
CREATE TRIGGER life_cycle BEFORE INSERT OR UPDATE ON booked
	FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default');
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON booked
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('booked_no_overlap');

CREATE TABLE offered (e appointment_event NOT NULL);
CREATE UNIQUE INDEX offered_id ON offered ((e ->> 'id'));
INSERT INTO offered VALUES
	('{"id": "30min", "name": "Consultation", "status": "active", "duration": 30}'),
	('{"id": "60min", "name": "Long consultation", "status": "active", "duration": 60}'),
	('{"id": "old", "name": "No longer offered", "status": "disabled", "duration": 20}');
