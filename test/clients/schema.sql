-- The tables that the clients work on.  "diary" has the constraint alone,
-- "booking" the constraint and the guard over columns of its own, "hold" the
-- same over a column of type occupancy.
CREATE SCHEMA ext;
GRANT USAGE ON SCHEMA ext TO PUBLIC;
CREATE EXTENSION appointment SCHEMA ext;
SELECT format('ALTER DATABASE %I SET search_path = public, ext', current_database()) \gexec
SET search_path = public, ext;

CREATE TABLE diary (
	id	bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	a	appointment NOT NULL,
	CONSTRAINT diary_no_overlap EXCLUDE USING gist (appointment_occupancy(a) WITH &&)
);

CREATE TABLE booking (
	id			bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	tenant		text NOT NULL DEFAULT 'acme',
	resources	text[] NOT NULL,
	starts_at	timestamptz NOT NULL,
	ends_at		timestamptz NOT NULL,
	status		text NOT NULL DEFAULT 'scheduled',
	booked_by	text DEFAULT nullif(current_setting('appointment.actor', true), ''),
	CONSTRAINT booking_no_overlap EXCLUDE USING gist (
		occupancy(starts_at, ends_at, resources, tenant) WITH &&)
		WHERE (status IS DISTINCT FROM 'cancelled')
);
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON booking
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('booking_no_overlap');

CREATE TABLE hold (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	held	occupancy NOT NULL,
	CONSTRAINT hold_no_overlap EXCLUDE USING gist (held WITH &&)
);
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON hold
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('hold_no_overlap');
