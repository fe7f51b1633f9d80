-- Two more tables to book in, and functions that catch a double booking.
CREATE TABLE booking_skip (LIKE booking INCLUDING DEFAULTS INCLUDING IDENTITY);
CREATE INDEX booking_skip_held ON booking_skip USING gist (occupancy(starts_at, ends_at, resources, tenant));
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON booking_skip
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('booking_skip_held', 'on_conflict=skip');

CREATE TABLE booking_nothing (LIKE booking INCLUDING DEFAULTS INCLUDING IDENTITY,
	CONSTRAINT booking_nothing_no_overlap EXCLUDE USING gist (occupancy(starts_at, ends_at, resources, tenant) WITH &&));

CREATE FUNCTION book_or_not(resources text[], starts_at timestamptz, ends_at timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO booking (resources, starts_at, ends_at) VALUES ($1, $2, $3);
	RETURN true;
EXCEPTION WHEN exclusion_violation THEN
	RETURN false;
END $$;
CREATE FUNCTION move_or_not(n bigint, by interval) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	UPDATE booking SET starts_at = starts_at + by, ends_at = ends_at + by WHERE id = n;
	RETURN FOUND;
EXCEPTION WHEN exclusion_violation THEN
	RETURN false;
END $$;
