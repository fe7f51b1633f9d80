--
-- The recipes for a series: book all of it or nothing, book what fits and
-- report the rest, change one, change all that follow, cancel the rest; each
-- over the constraint alone and over the guard alone.
--
CREATE SCHEMA regress_series_booking;
SET search_path = regress_series_booking, public;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';

CREATE TABLE by_constraint (
	id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	appt appointment NOT NULL,
	CONSTRAINT by_constraint_held EXCLUDE USING gist (appointment_occupancy(appt) WITH &&)
);
CREATE TABLE by_guard (LIKE by_constraint INCLUDING IDENTITY);
CREATE INDEX by_guard_held ON by_guard USING gist (appointment_occupancy(appt));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON by_guard FOR EACH ROW EXECUTE FUNCTION occupancy_guard('by_guard_held');

-- A statement over each of the tables, :t in it: how many rows, or why not;
-- then what the tables hold.
CREATE FUNCTION each(statement text, OUT t text, OUT outcome text) RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
	rows bigint;
BEGIN
	FOREACH t IN ARRAY '{by_constraint,by_guard}'::text[] LOOP
		BEGIN
			EXECUTE replace(statement, ':t', t);
			GET DIAGNOSTICS rows = ROW_COUNT;
			outcome := rows || ' rows';
		EXCEPTION WHEN OTHERS THEN
			outcome := SQLSTATE;
		END;
		RETURN NEXT;
	END LOOP;
END $$;
CREATE VIEW held AS
	SELECT t, appt ->> 'room_id' AS room, (appt -> 'recurrence') ->> 'series' AS series, appointment_status(appt) AS status,
		count(*), string_agg(to_char(appointment_starts_at_local(appt), 'MM-DD HH24:MI'), ' ' ORDER BY appointment_starts_at(appt)) AS starts
	FROM (SELECT 'by_constraint', appt FROM by_constraint UNION ALL SELECT 'by_guard', appt FROM by_guard) AS b (t, appt)
	GROUP BY 1, 2, 3, 4 ORDER BY room, series, status, t;
CREATE FUNCTION series(id text, local timestamp, rule rrule, exdates timestamp[] DEFAULT '{}') RETURNS SETOF appointment LANGUAGE sql AS
	$$SELECT appointment_series(jsonb_build_object('id', id, 'room_id', 'r1', 'status', 'scheduled', 'time_zone', 'Europe/Berlin',
		'starts_at', to_jsonb(zone_instant(local, 'Europe/Berlin')), 'ends_at', to_jsonb(zone_instant(local, 'Europe/Berlin') + interval '1 hour'))::appointment, rule, exdates => exdates)$$;

-- all or nothing: it fits; it does not, for one of them, and nothing is there
SELECT * FROM each($$INSERT INTO :t (appt) SELECT series('a', '2026-03-17 18:00', 'FREQ=WEEKLY;BYDAY=TU,TH;COUNT=6', '{2026-04-02 18:00}')$$);
SELECT * FROM each($$INSERT INTO :t (appt) SELECT series('b', '2026-03-26 18:30', 'FREQ=WEEKLY;COUNT=2;INTERVAL=4')$$);
-- its own occurrences are in each other's way
SELECT * FROM each($$INSERT INTO :t (appt) SELECT series('c', '2026-05-01 18:00', 'FREQ=MINUTELY;INTERVAL=30;COUNT=3')$$);
-- what meets is no conflict, and the one that is taken out is free
SELECT * FROM each($$INSERT INTO :t (appt) SELECT series('d', '2026-03-17 19:00', 'FREQ=WEEKLY;COUNT=2')$$);
SELECT * FROM each($$INSERT INTO :t (appt) SELECT series('e', '2026-04-02 18:00', 'FREQ=DAILY;COUNT=1')$$);
SELECT * FROM held;

-- What fits, and the rest: over the guard by its setting, over the constraint
-- by ON CONFLICT
BEGIN;
SET LOCAL appointment.on_conflict = 'skip';
WITH wanted AS MATERIALIZED (SELECT row_number() OVER () AS n, appt FROM series('f', '2026-03-19 18:30', 'FREQ=WEEKLY;COUNT=4') AS appt),
	booked AS (INSERT INTO by_guard (appt) SELECT appt FROM wanted RETURNING appt)
SELECT format('%s of %s', (SELECT count(*) FROM booked), count(*)) AS booked,
	array_agg(appointment_starts_at_local(appt) ORDER BY n) FILTER (WHERE appointment_starts_at(appt) NOT IN (SELECT appointment_starts_at(b.appt) FROM booked AS b)) AS taken FROM wanted;
COMMIT;
WITH wanted AS MATERIALIZED (SELECT row_number() OVER () AS n, appt FROM series('f', '2026-03-19 18:30', 'FREQ=WEEKLY;COUNT=4') AS appt),
	booked AS (INSERT INTO by_constraint (appt) SELECT appt FROM wanted ON CONFLICT DO NOTHING RETURNING appt)
SELECT format('%s of %s', (SELECT count(*) FROM booked), count(*)) AS booked,
	array_agg(appointment_starts_at_local(appt) ORDER BY n) FILTER (WHERE appointment_starts_at(appt) NOT IN (SELECT appointment_starts_at(b.appt) FROM booked AS b)) AS taken FROM wanted;
SELECT * FROM held WHERE series = 'f';

-- change one: to where another is; to where it is free; it stays in the series
SELECT * FROM each($$UPDATE :t SET appt = appointment_reschedule(appt, zone_instant('2026-03-26 18:30', 'Europe/Berlin'))
	WHERE (appt -> 'recurrence') ->> 'series' = 'a' AND appointment_starts_at(appt) = zone_instant('2026-03-24 18:00', 'Europe/Berlin')$$);
SELECT * FROM each($$UPDATE :t SET appt = appointment_reschedule(appt, zone_instant('2026-03-25 18:00', 'Europe/Berlin'))
	WHERE (appt -> 'recurrence') ->> 'series' = 'a' AND appointment_starts_at(appt) = zone_instant('2026-03-24 18:00', 'Europe/Berlin')$$);
SELECT * FROM held WHERE series = 'a';

-- change all that follow, on the wall clock: also across the change of the
-- clocks on 29 March; or none of them, if one cannot move
SELECT * FROM each($$UPDATE :t SET appt = appointment_reschedule(appt, zone_instant(appointment_starts_at_local(appt) - interval '2 hours', appointment_time_zone(appt)))
	WHERE (appt -> 'recurrence') ->> 'series' = 'a' AND appointment_starts_at(appt) >= '2026-03-26'$$);
SELECT * FROM each($$UPDATE :t SET appt = appointment_reschedule(appt, zone_instant(appointment_starts_at_local(appt) + interval '2 hours', appointment_time_zone(appt)))
	WHERE (appt -> 'recurrence') ->> 'series' IN ('a', 'e') AND appointment_starts_at(appt) >= '2026-03-27' AND appt ->> 'room_id' = 'r1'$$);
SELECT * FROM held WHERE series IN ('a', 'e');
-- half an hour later: each takes a place that another one of them leaves, so
-- the last one moves first
SELECT * FROM each($$INSERT INTO :t (appt) SELECT series('g', '2026-06-01 10:00', 'FREQ=HOURLY;COUNT=4')$$);
SELECT * FROM each($$UPDATE :t SET appt = appointment_reschedule(appt, appointment_starts_at(appt) + interval '30 minutes') WHERE (appt -> 'recurrence') ->> 'series' = 'g'$$);
DO $$
DECLARE
	t text;
	n int;
BEGIN
	FOREACH t IN ARRAY '{by_constraint,by_guard}'::text[] LOOP
		FOR n IN EXECUTE format($s$SELECT id FROM %I WHERE (appt -> 'recurrence') ->> 'series' = 'g' ORDER BY appointment_starts_at(appt) DESC$s$, t) LOOP
			EXECUTE format($s$UPDATE %I SET appt = appointment_reschedule(appt, appointment_starts_at(appt) + interval '30 minutes') WHERE id = $1$s$, t) USING n;
		END LOOP;
	END LOOP;
END $$;
SELECT * FROM held WHERE series = 'g';

-- cancel the rest: it is free again, and the others are not
SELECT * FROM each($$UPDATE :t SET appt = appointment_transition(appt, 'cancelled') WHERE (appt -> 'recurrence') ->> 'series' = 'a' AND appointment_starts_at(appt) >= '2026-03-31'$$);
SELECT * FROM each($$INSERT INTO :t (appt) SELECT series('h', '2026-03-31 18:00', 'FREQ=DAILY;COUNT=1')$$);
SELECT * FROM each($$INSERT INTO :t (appt) SELECT series('i', '2026-03-17 18:00', 'FREQ=DAILY;COUNT=1')$$);
SELECT * FROM held WHERE series IN ('a', 'h', 'i');
-- the two have the same
SELECT appt::jsonb - '{created_at,updated_at,cancelled_at,status_history}'::text[] FROM by_constraint
	EXCEPT SELECT appt::jsonb - '{created_at,updated_at,cancelled_at,status_history}'::text[] FROM by_guard;
SELECT * FROM occupancy_conflicts('by_guard_held');
