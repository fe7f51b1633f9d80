-- Search and guard agree: what the search offers can be booked through
-- constraint and guard, and what it refuses as busy or full is refused there.
-- Rules, bookings, buffers, seats and holds are made at random.
CREATE SCHEMA regress_availability_guard;
SET search_path = regress_availability_guard, public;
SET TimeZone = 'UTC';
SELECT 0.1492 AS seed \gset
\echo seed :seed
SELECT setseed(:seed);

CREATE FUNCTION dice(low int, high int) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT low + floor(random() * (high - low + 1))::int';
-- one of them
CREATE FUNCTION one_of(VARIADIC choices anyarray) RETURNS anyelement LANGUAGE sql VOLATILE AS 'SELECT choices[dice(1, cardinality(choices))]';

-- A round: rules, and what is wanted of whom.
CREATE TABLE round (
	id int PRIMARY KEY,
	zone text NOT NULL,
	starts date NOT NULL,			-- three days near a change of the clocks
	capacity int NOT NULL,
	hours open_hours,
	duration interval NOT NULL,
	step interval NOT NULL,
	before int NOT NULL,			-- of the new one
	after int NOT NULL,
	seats int NOT NULL
);
CREATE FUNCTION during(r round) RETURNS tstzrange STABLE LANGUAGE sql AS
	$$ SELECT tstzrange(r.starts::timestamp AT TIME ZONE r.zone, (r.starts + 3)::timestamp AT TIME ZONE r.zone) $$;
INSERT INTO round
	SELECT id, zone, starts, capacity, NULL, dice(1, 12) * interval '10 min', one_of(VARIADIC '{5,15,20,30}'::int[]) * interval '1 min',
		one_of(VARIADIC '{0,0,5,10,20}'::int[]), one_of(VARIADIC '{0,0,5,15,30}'::int[]), dice(1, capacity)
	FROM (SELECT id, dice(1, 4) * (id % 2) + 1 - id % 2 AS capacity, z.* FROM generate_series(1, 40) AS id,
		LATERAL (SELECT * FROM (VALUES ('America/New_York', date '2026-03-07'), ('America/New_York', '2026-10-31'), ('Europe/Berlin', '2026-03-28'), ('Europe/Berlin', '2026-10-24'),
			('Australia/Lord_Howe', '2026-04-04'), ('Australia/Lord_Howe', '2026-10-03'), ('Asia/Kolkata', '2026-01-01')) AS v (zone, starts) ORDER BY random() + id LIMIT 1) AS z) AS s;
-- some hours, at night, too; other ones on one day, or none; a break
UPDATE round SET hours = open_hours(NULL, make_time(dice(0, 11), 15 * dice(0, 3), 0), make_time(dice(12, 23), 5 * dice(0, 11), 0), zone, capacity => capacity)
	+ open_hours(ARRAY[dice(1, 7), dice(5, 7)], '22:00', make_time(dice(0, 6), 0, 0), zone, capacity => capacity)
	+ open_hours(ARRAY[dice(5, 7)], '01:00', '04:00', zone, capacity => capacity)
	+ open_hours(ARRAY[dice(1, 7)], '13:00', '18:30', zone, kind => 'override', capacity => capacity)
	+ open_hours(ARRAY[dice(1, 7)], '12:00', '13:00', zone, kind => 'closed', priority => 1);
SELECT count(*) AS rounds, count(*) FILTER (WHERE capacity = 1) AS alone FROM round;

-- What was tried, and what should have come of it.
CREATE TABLE tried (way text, id int, starts_at timestamptz, ends_at timestamptz, found text, booked text);
CREATE VIEW wrong AS SELECT * FROM tried WHERE (found = 'free') <> (booked = 'booked');

--
-- Alone, by constraint and guard
--
CREATE TABLE booking (
	round int NOT NULL,
	starts_at timestamptz NOT NULL,
	ends_at timestamptz NOT NULL,
	before int NOT NULL,
	after int NOT NULL,
	status text,
	CONSTRAINT booking_held EXCLUDE USING gist (occupancy_buffer(occupancy(starts_at, ends_at, ARRAY[resource_key('round', round)]), before, after) WITH &&)
		WHERE (status IS DISTINCT FROM 'cancelled')
);
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION occupancy_guard('booking_held');

-- Book, and take it back.
CREATE FUNCTION try_alone(r round, starts_at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO booking VALUES (r.id, starts_at, starts_at + r.duration, r.before, r.after, NULL);
	RAISE SQLSTATE 'ZZ000';
EXCEPTION
	WHEN exclusion_violation THEN RETURN 'refused';
	WHEN SQLSTATE 'ZZ000' THEN RETURN 'booked';
END $$;

-- bookings as they come, at any time; the guard refuses some; cancelled ones
DO $$
DECLARE
	r round;
BEGIN
	FOR r IN SELECT * FROM round WHERE capacity = 1 ORDER BY id LOOP
		FOR n IN 1 .. dice(0, 14) LOOP
			BEGIN
				INSERT INTO booking SELECT r.id, s, s + dice(1, 20) * interval '5 min', one_of(0, 0, 5, 15), one_of(0, 0, 10, 25), one_of(NULL, NULL, 'cancelled'::text)
					FROM (SELECT lower(during(r)) + dice(-12, 864) * interval '5 min' AS s) AS x;
			EXCEPTION WHEN exclusion_violation THEN
			END;
		END LOOP;
	END LOOP;
END $$;
CREATE FUNCTION taken_alone(r round) RETURNS busy STABLE LANGUAGE sql AS
	$$ SELECT busy_agg(starts_at, ends_at, before, after) FROM booking WHERE round = r.id AND status IS DISTINCT FROM 'cancelled' $$;

-- the grid of slots
INSERT INTO tried
	SELECT 'alone, slots', r.id, s.starts_at, s.ends_at, coalesce(s.refusal, 'free'), try_alone(r, s.starts_at)
	FROM round r, slots(r.hours, taken_alone(r), during(r), duration => r.duration, step => r.step,
		buffer_before => r.before * interval '1 min', buffer_after => r.after * interval '1 min', at => '2020-01-01') s
	WHERE r.capacity = 1 AND coalesce(s.refusal, 'busy') IN ('busy', 'full');
INSERT INTO tried
	SELECT 'alone, free_slots', r.id, s.starts_at, s.ends_at, 'free', try_alone(r, s.starts_at)
	FROM round r, free_slots(r.hours, taken_alone(r), during(r), duration => r.duration, step => r.step,
		buffer_before => r.before * interval '1 min', buffer_after => r.after * interval '1 min', at => '2020-01-01') s
	WHERE r.capacity = 1;
-- at every fifth minute of the open hours, but not at all of them
CREATE FUNCTION open_times(r round) RETURNS TABLE (starts_at timestamptz, ends_at timestamptz) STABLE LANGUAGE sql AS
	$$ SELECT s, s + r.duration FROM open_periods(r.hours, during(r)) p, generate_series(p.starts_at, p.ends_at - r.duration, '5 min') s
		WHERE hashint4((extract(epoch FROM s) / 300)::int) % 3 = 0 $$;
INSERT INTO tried
	SELECT 'alone, free_periods', r.id, s.starts_at, s.ends_at,
		CASE WHEN EXISTS (SELECT FROM unnest(f.free) p WHERE tstzrange(s.starts_at, s.ends_at) <@ p) THEN 'free' ELSE 'busy' END, try_alone(r, s.starts_at)
	FROM round r,
		LATERAL (SELECT array_agg(tstzrange(starts_at, ends_at)) AS free FROM free_periods(r.hours, taken_alone(r), during(r), r.before * interval '1 min', r.after * interval '1 min')) f,
		open_times(r) s
	WHERE r.capacity = 1;
INSERT INTO tried
	SELECT 'alone, slot_refusals', r.id, s.starts_at, s.ends_at,
		CASE WHEN EXISTS (SELECT FROM slot_refusals(r.hours, taken_alone(r), s.starts_at, duration => r.duration, step => r.step,
			buffer_before => r.before * interval '1 min', buffer_after => r.after * interval '1 min', at => '2020-01-01') WHERE code IN ('busy', 'full')) THEN 'busy' ELSE 'free' END,
		try_alone(r, s.starts_at)
	FROM round r, open_times(r) s
	WHERE r.capacity = 1 AND hashint4((extract(epoch FROM s.starts_at) / 300)::int) % 2 = 0;

--
-- Seats, alone and holds, by the guard over a plain index
--
CREATE TABLE place (
	round int NOT NULL,
	starts_at timestamptz NOT NULL,
	ends_at timestamptz NOT NULL,
	before int NOT NULL,
	after int NOT NULL,
	seats int,						-- NULL: alone
	capacity int NOT NULL,
	hold_expires_at timestamptz
);
CREATE FUNCTION held(p place) RETURNS occupancy IMMUTABLE LANGUAGE sql SET search_path FROM CURRENT AS
	$$ SELECT occupancy_buffer(CASE WHEN p.seats IS NULL THEN occupancy(p.starts_at, p.ends_at, ARRAY[resource_key('round', p.round)])
		ELSE occupancy_seats(p.starts_at, p.ends_at, resource_key('round', p.round), p.seats, p.capacity) END, p.before, p.after) $$;
CREATE INDEX place_held ON place USING gist (held(place));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON place FOR EACH ROW EXECUTE FUNCTION occupancy_guard('place_held', 'expires=hold_expires_at');

-- seats; all seats may be held alone, too, which is the same
CREATE FUNCTION try_seats(r round, starts_at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO place VALUES (r.id, starts_at, starts_at + r.duration, r.before, r.after, CASE WHEN r.seats < r.capacity OR random() < 0.5 THEN r.seats END, r.capacity,
		CASE WHEN random() < 0.3 THEN now() + interval '1 day' END);
	RAISE SQLSTATE 'ZZ000';
EXCEPTION
	WHEN exclusion_violation THEN RETURN 'refused';
	WHEN SQLSTATE 'ZZ000' THEN RETURN 'booked';
END $$;
DO $$
DECLARE
	r round;
BEGIN
	FOR r IN SELECT * FROM round ORDER BY id LOOP
		FOR n IN 1 .. dice(0, 30) LOOP
			BEGIN
				INSERT INTO place SELECT r.id, s, s + dice(1, 40) * interval '5 min', one_of(0, 0, 5, 15), one_of(0, 0, 10, 25),
						CASE WHEN random() < 0.85 THEN dice(1, r.capacity) END, r.capacity, one_of(NULL, NULL, now() - interval '1 hour', now() + interval '1 day')
					FROM (SELECT lower(during(r)) + dice(-12, 864) * interval '5 min' AS s) AS x;
			EXCEPTION WHEN exclusion_violation THEN
			END;
		END LOOP;
	END LOOP;
END $$;
CREATE FUNCTION taken_seats(r round) RETURNS busy STABLE LANGUAGE sql AS
	$$ SELECT busy_agg(starts_at, ends_at, before, after, seats) FROM place WHERE round = r.id AND (hold_expires_at IS NULL OR hold_expires_at > clock_timestamp()) $$;
INSERT INTO tried
	SELECT 'seats, slots', r.id, s.starts_at, s.ends_at, coalesce(s.refusal, 'free'), try_seats(r, s.starts_at)
	FROM round r, slots(r.hours, taken_seats(r), during(r), duration => r.duration, step => r.step,
		buffer_before => r.before * interval '1 min', buffer_after => r.after * interval '1 min', seats => r.seats, at => '2020-01-01') s
	WHERE coalesce(s.refusal, 'busy') IN ('busy', 'full');
INSERT INTO tried
	SELECT 'seats, free_slots', r.id, s.starts_at, s.ends_at, 'free', try_seats(r, s.starts_at)
	FROM round r, free_slots(r.hours, taken_seats(r), during(r), duration => r.duration, step => r.step,
		buffer_before => r.before * interval '1 min', buffer_after => r.after * interval '1 min', seats => r.seats, at => '2020-01-01') s;
INSERT INTO tried
	SELECT 'seats, free_periods', r.id, s.starts_at, s.ends_at,
		CASE WHEN EXISTS (SELECT FROM unnest(f.free) p WHERE tstzrange(s.starts_at, s.ends_at) <@ p) THEN 'free' ELSE 'full' END, try_seats(r, s.starts_at)
	FROM round r,
		LATERAL (SELECT array_agg(tstzrange(starts_at, ends_at)) AS free FROM free_periods(r.hours, taken_seats(r), during(r), r.before * interval '1 min', r.after * interval '1 min', r.seats)) f,
		open_times(r) s;
INSERT INTO tried
	SELECT 'seats, slot_refusals', r.id, s.starts_at, s.ends_at,
		CASE WHEN EXISTS (SELECT FROM slot_refusals(r.hours, taken_seats(r), s.starts_at, duration => r.duration, step => r.step,
			buffer_before => r.before * interval '1 min', buffer_after => r.after * interval '1 min', seats => r.seats, at => '2020-01-01') WHERE code IN ('busy', 'full')) THEN 'full' ELSE 'free' END,
		try_seats(r, s.starts_at)
	FROM round r, open_times(r) s
	WHERE hashint4((extract(epoch FROM s.starts_at) / 300)::int) % 4 = 0;
-- seats_left is what the guard has, to the seat
CREATE FUNCTION seats_of_guard(r round, starts_at timestamptz) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
	FOR n IN 1 .. r.capacity LOOP
		IF try_seats((r.id, r.zone, r.starts, r.capacity, r.hours, r.duration, r.step, r.before, r.after, n), starts_at) = 'refused' THEN
			RETURN n - 1;
		END IF;
	END LOOP;
	RETURN r.capacity;
END $$;
SELECT count(*) > 500 AS enough, count(*) FILTER (WHERE seats_left <> seats_of_guard) AS wrong
	FROM (SELECT s.seats_left, seats_of_guard(r, s.starts_at) FROM round r, free_slots(r.hours, taken_seats(r), during(r), duration => r.duration, step => r.step,
		buffer_before => r.before * interval '1 min', buffer_after => r.after * interval '1 min', seats => r.seats, at => '2020-01-01') s WHERE r.capacity > 1) AS x;

--
-- A trainer alone and seats of the equipment in one row: what each is free
--
CREATE TABLE lesson (round int NOT NULL, o occupancy NOT NULL, hold_expires_at timestamptz);
CREATE INDEX lesson_held ON lesson USING gist (o);
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON lesson FOR EACH ROW EXECUTE FUNCTION occupancy_guard('lesson_held', 'expires=hold_expires_at');
CREATE FUNCTION wanted(r round, starts_at timestamptz, ends_at timestamptz, before int, after int, seats int) RETURNS occupancy LANGUAGE sql IMMUTABLE AS
	$$ SELECT occupancy_buffer(occupancy(starts_at, ends_at, '{trainer}', r.id::text) + occupancy_seats(starts_at, ends_at, 'bikes', seats, r.capacity, r.id::text), before, after) $$;
CREATE FUNCTION try_both(r round, starts_at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO lesson VALUES (r.id, wanted(r, starts_at, starts_at + r.duration, r.before, r.after, r.seats));
	RAISE SQLSTATE 'ZZ000';
EXCEPTION
	WHEN exclusion_violation THEN RETURN 'refused';
	WHEN SQLSTATE 'ZZ000' THEN RETURN 'booked';
END $$;
DO $$
DECLARE
	r round;
BEGIN
	FOR r IN SELECT * FROM round ORDER BY id LOOP
		FOR n IN 1 .. dice(0, 25) LOOP
			BEGIN
				INSERT INTO lesson SELECT r.id, CASE dice(1, 8)
						WHEN 1 THEN occupancy_all(s, e, r.id::text)
						WHEN 2 THEN occupancy(s, e, '{trainer}', r.id::text)
						WHEN 3 THEN occupancy(s, e, '{bikes,helmets}', r.id::text)
						WHEN 4 THEN wanted(r, s, e, 5, 10, 1)
						ELSE occupancy_buffer(occupancy_seats(s, e, 'bikes', dice(1, r.capacity), r.capacity, r.id::text), 0, one_of(0, 15)) END,
						one_of(NULL, NULL, now() - interval '1 hour', now() + interval '1 day')
					FROM (SELECT s, s + dice(1, 30) * interval '5 min' AS e FROM (SELECT lower(during(r)) + dice(-12, 864) * interval '5 min' AS s) AS x) AS y;
			EXCEPTION WHEN exclusion_violation THEN
			END;
		END LOOP;
	END LOOP;
END $$;
CREATE FUNCTION free_of(r round, resource text, seats int) RETURNS tstzrange[] STABLE LANGUAGE sql AS
	$$ SELECT array_agg(tstzrange(f.starts_at, f.ends_at)) FROM free_periods(r.hours,
		(SELECT busy_agg(o, resource) FROM lesson WHERE round = r.id AND (hold_expires_at IS NULL OR hold_expires_at > clock_timestamp())),
		during(r), r.before * interval '1 min', r.after * interval '1 min', seats) f $$;
INSERT INTO tried
	SELECT 'both, free_periods', r.id, s.starts_at, s.ends_at,
		CASE WHEN EXISTS (SELECT FROM unnest(f.trainer) p WHERE tstzrange(s.starts_at, s.ends_at) <@ p) AND EXISTS (SELECT FROM unnest(f.bikes) p WHERE tstzrange(s.starts_at, s.ends_at) <@ p)
			THEN 'free' ELSE 'full' END, try_both(r, s.starts_at)
	FROM round r, LATERAL (SELECT free_of(r, 'trainer', 1) AS trainer, free_of(r, 'bikes', r.seats) AS bikes OFFSET 0) f, open_times(r) s;

--
-- They agree
--
SELECT way, count(*) > 300 AS enough, count(*) FILTER (WHERE booked = 'booked') > 100 AS free, count(*) FILTER (WHERE booked = 'refused') > 100 OR way LIKE '%free_slots' AS taken
	FROM tried GROUP BY way ORDER BY way;
SELECT w.*, r.hours, r.seats, r.capacity, r.before, r.after FROM wrong w JOIN round r USING (id) ORDER BY way, id, starts_at LIMIT 10;
SELECT way, count(*) AS wrong FROM wrong GROUP BY way ORDER BY way;

SET client_min_messages = warning;
DROP SCHEMA regress_availability_guard CASCADE;
