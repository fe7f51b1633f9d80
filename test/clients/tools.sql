-- The tables of doc/clients.md, for the programs that it shows.
CREATE SCHEMA ext;
CREATE EXTENSION appointment SCHEMA ext;
SELECT format('ALTER DATABASE %I SET search_path = public, ext', current_database()) \gexec
SET search_path = public, ext;

CREATE TABLE diary (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	appt	appointment NOT NULL,
	CONSTRAINT diary_no_overlap EXCLUDE USING gist (appointment_occupancy(appt) WITH &&)
);

CREATE TABLE bookings (
	id			bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	tenant		text NOT NULL,
	room_id		text NOT NULL,
	starts_at	timestamptz NOT NULL,
	ends_at		timestamptz NOT NULL,
	booked_by	text DEFAULT nullif(current_setting('appointment.actor', true), ''),
	CONSTRAINT bookings_no_overlap EXCLUDE USING gist (occupancy(starts_at, ends_at, ARRAY[room_id], tenant) WITH &&)
);
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE ON bookings
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('bookings_no_overlap');
