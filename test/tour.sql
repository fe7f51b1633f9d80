\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
\pset linestyle ascii
\set caspen `cat test/data/caspen.json`
\set sqod `cat test/data/sqod.json`
-- =====================================================================
-- appointment: the tour of five minutes
-- =====================================================================
--
-- "make demo FULL=yes" shows all five services and much more.
--
-- The extension goes into a schema of its own, because an application may
-- well have a table that is called "appointment".

CREATE SCHEMA ext;
CREATE EXTENSION appointment SCHEMA ext;
SET search_path = public, ext;

-- ---------------------------------------------------------------------
-- 1. A document comes in, and goes out
-- ---------------------------------------------------------------------
--
-- Two services have sent an appointment.  Nobody has to say which service
-- a document is of.

CREATE TABLE inbox (n int, doc json);
INSERT INTO inbox VALUES (1, :'caspen'), (2, :'sqod');
SELECT n, octet_length(doc::text) AS bytes, appointment_format(doc) FROM inbox;

CREATE TABLE booking (id int PRIMARY KEY, a appointment NOT NULL);
INSERT INTO booking SELECT n, appointment_from_json(doc, appointment_format(doc)) FROM inbox;

-- Written as the service that it came from writes it, a document is the same.
-- The first one as a third service, Avon Health, would write it:

SELECT bool_and(doc::jsonb = appointment_to_json(a, a ->> 'source')::jsonb) AS all_the_same
FROM booking JOIN inbox ON n = id;
SELECT key, value FROM booking, json_each(appointment_to_json(a, 'avon'))
WHERE id = 1 AND key IN ('object', 'id', 'start_time', 'end_time', 'host', 'attendees');

-- ---------------------------------------------------------------------
-- 2. One query over both services
-- ---------------------------------------------------------------------

SELECT a ->> 'source' AS source, appointment_starts_at(a) AS starts_at,
       appointment_ends_at(a) AS ends_at, appointment_status(a) AS status
FROM booking ORDER BY a;

-- ---------------------------------------------------------------------
-- 3. No double booking
-- ---------------------------------------------------------------------
--
-- A table of your own is protected by one constraint, over as many resources
-- as an appointment needs, and one trigger.

CREATE TABLE visits (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    patient    text,
    doctor_id  text,
    room_id    text,
    starts_at  timestamptz,
    ends_at    timestamptz,
    status     text NOT NULL DEFAULT 'pending',
    CONSTRAINT visits_no_overlap EXCLUDE USING gist (
        occupancy(starts_at, ends_at, ARRAY[doctor_id, room_id]) WITH &&)
    WHERE (status <> 'cancelled')
);
CREATE TRIGGER visits_guard BEFORE INSERT OR UPDATE ON visits
    FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_no_overlap');

INSERT INTO visits (patient, doctor_id, room_id, starts_at, ends_at)
VALUES ('Ada', 'dr_grey', 'room_1', '2030-05-06 10:00Z', '2030-05-06 11:00Z');

-- Another doctor, but the same room: refused.

\set ON_ERROR_STOP off
INSERT INTO visits (patient, doctor_id, room_id, starts_at, ends_at)
VALUES ('Ben', 'dr_house', 'room_1', '2030-05-06 10:30Z', '2030-05-06 11:30Z');
\set ON_ERROR_STOP on

-- Back to back is no conflict.

INSERT INTO visits (patient, doctor_id, room_id, starts_at, ends_at)
VALUES ('Ben', 'dr_house', 'room_1', '2030-05-06 11:00Z', '2030-05-06 12:00Z');

-- ---------------------------------------------------------------------
-- 4. A full class, and a hold that expires
-- ---------------------------------------------------------------------
--
-- Others share what they book.  The guard counts the seats.

CREATE TABLE places (
    client           text,
    seats            int,
    starts_at        timestamptz DEFAULT '2030-05-06 18:00Z',
    ends_at          timestamptz DEFAULT '2030-05-06 19:00Z',
    hold_expires_at  timestamptz
);
CREATE INDEX places_held ON places USING gist (occupancy_seats(starts_at, ends_at, 'yoga', seats, 12));
CREATE TRIGGER places_guard BEFORE INSERT OR UPDATE ON places
    FOR EACH ROW EXECUTE FUNCTION occupancy_guard('places_held', 'expires=hold_expires_at');

-- Ben has not paid yet.  While his hold lasts, two seats are left.

INSERT INTO places (client, seats, hold_expires_at)
VALUES ('Ada', 7, NULL), ('Ben', 3, clock_timestamp() + interval '10 minutes');
\set ON_ERROR_STOP off
INSERT INTO places (client, seats) VALUES ('Cleo', 4);
\set ON_ERROR_STOP on

-- The ten minutes pass (here the time is set back): Cleo is in, and Ben pays
-- too late.

UPDATE places SET hold_expires_at = clock_timestamp() - interval '1 second' WHERE client = 'Ben';
INSERT INTO places (client, seats) VALUES ('Cleo', 4);
\set ON_ERROR_STOP off
UPDATE places SET hold_expires_at = NULL WHERE client = 'Ben';
\set ON_ERROR_STOP on

-- ---------------------------------------------------------------------
-- 5. A class every Monday and Wednesday
-- ---------------------------------------------------------------------
--
-- The rule is one of iCalendar.  The clocks in Berlin change on 31 March 2030;
-- the class stays at 18:00 on the wall.

SELECT to_char(t AT TIME ZONE 'Europe/Berlin', 'Dy DD Mon HH24:MI') AS local, t AT TIME ZONE 'UTC' AS utc
FROM rrule_occurrences('FREQ=WEEKLY;BYDAY=MO,WE', '2030-03-25 18:00', 'Europe/Berlin', max => 4) AS t;

-- Ten of them are booked, as far as the hall is free: on one day it is not.

INSERT INTO visits (patient, room_id, starts_at, ends_at)
VALUES ('Eve', 'hall', '2030-04-10 15:00Z', '2030-04-10 16:30Z');
SET appointment.on_conflict = 'skip';
WITH wanted AS (
    SELECT t FROM rrule_occurrences('FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10', '2030-03-25 18:00', 'Europe/Berlin') AS t
), booked AS (
    INSERT INTO visits (patient, room_id, starts_at, ends_at)
    SELECT 'class', 'hall', t, t + interval '1 hour' FROM wanted
    RETURNING starts_at
)
SELECT format('%s of %s', (SELECT count(*) FROM booked), count(*)) AS booked,
       array_agg((t AT TIME ZONE 'Europe/Berlin')::date) FILTER (WHERE t NOT IN (SELECT starts_at FROM booked)) AS taken
FROM wanted;
RESET appointment.on_conflict;

-- ---------------------------------------------------------------------
-- 6. A week's free slots, and why not half past two
-- ---------------------------------------------------------------------
--
-- The house has its hours in one line of text.  Dr. Grey works from nine, with a
-- break for lunch, and not on Thursday.

CREATE TABLE house (hours open_hours);
INSERT INTO house VALUES ('Europe/Berlin Mo-Fr 08:00-17:00');
CREATE TABLE shifts (days int[], opens time, closes time);
INSERT INTO shifts VALUES ('{1,2,3,5}', '09:00', '12:00'), ('{1,2,3,5}', '13:00', '18:00');
INSERT INTO visits (patient, doctor_id, starts_at, ends_at)
SELECT 'Fay', 'dr_grey', t, t + interval '2 hours 30 minutes'
FROM unnest('{2030-04-01 09:00 Europe/Berlin,2030-04-01 13:30 Europe/Berlin,2030-04-02 13:00 Europe/Berlin}'::timestamptz[]) AS t;

-- Both must be open (*), what is booked is busy, and a slot is an hour.

CREATE VIEW grey AS
SELECT house.hours * (SELECT open_hours_agg(open_hours(days, opens, closes, 'Europe/Berlin')) FROM shifts) AS hours,
       (SELECT busy_agg(starts_at, ends_at) FROM visits WHERE doctor_id = 'dr_grey' AND appointment_status_holds(status)) AS busy
FROM house;

SELECT to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'Dy DD Mon') AS day,
       string_agg(to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'HH24:MI'), ' ' ORDER BY starts_at) AS free
FROM grey, free_slots(hours, busy, '[2030-03-31 22:00Z,2030-04-07 22:00Z)', duration => '1 hour', at => '2030-03-30')
GROUP BY day ORDER BY min(starts_at);

-- Why not on Monday at half past two, which is 12:30 UTC?  And on Thursday at
-- nine?

SELECT to_char(start AT TIME ZONE 'Europe/Berlin', 'Dy HH24:MI') AS start, code, detail
FROM grey, (VALUES (timestamptz '2030-04-01 14:30 Europe/Berlin'), ('2030-04-04 09:00 Europe/Berlin')) AS s (start),
     slot_refusals(hours, busy, start, duration => '1 hour', at => '2030-03-30');

-- ---------------------------------------------------------------------
-- 7. The life cycle and its history
-- ---------------------------------------------------------------------
--
-- A second trigger says which status can follow which, a third one writes down
-- who changed what.

CREATE TRIGGER visits_life_cycle BEFORE INSERT OR UPDATE ON visits
    FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default');
SELECT appointment_create_change_log('public.visits_log') AS log;
CREATE TRIGGER visits_log AFTER INSERT OR UPDATE OR DELETE ON visits
    FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('visits_log', 'id', 'status=status');

SET appointment.actor = 'desk';
UPDATE visits SET status = 'scheduled' WHERE patient = 'Ada';
UPDATE visits SET status = 'arrived' WHERE patient = 'Ada';
UPDATE visits SET status = 'completed' WHERE patient = 'Ada';

-- What is completed stays completed, whoever asks.

\set ON_ERROR_STOP off
UPDATE visits SET status = 'pending' WHERE patient = 'Ada';
\set ON_ERROR_STOP on

-- The log has who did what:

SELECT seq, actor, operation, event, changes FROM visits_log ORDER BY seq;

-- And a row of your own table is a document for an API:

SELECT jsonb_pretty(appointment_to_json(appointment_from_row(v), 'caspen', '{"envelope": false}')::jsonb - 'id') AS doc
FROM (SELECT starts_at, ends_at, status, doctor_id AS practitioner_id, room_id FROM visits WHERE patient = 'Ada') AS v;

-- ---------------------------------------------------------------------
-- 8. Into a phone's calendar, and somebody else's calendar in
-- ---------------------------------------------------------------------
--
-- All visits of Dr. Grey as a feed, to which a phone can subscribe.  It is text;
-- here are some of its lines.  There is nobody's name in it.

SET appointment.calendar_domain = 'clinic.example';
SELECT line
FROM (SELECT appointment_ics_agg(appointment_from_row(v), '{"name": "Dr. Grey"}' ORDER BY starts_at) AS ics
      FROM (SELECT id, starts_at, ends_at, status FROM visits WHERE doctor_id = 'dr_grey') AS v) AS feed,
     string_to_table(ics, E'\r\n') AS line
WHERE line ~ '^(BEGIN|NAME|DTSTART|STATUS|SUMMARY|END)';

-- Dr. Grey's own calendar, as another program wrote it: piano every Monday at
-- nine, but not on the eighth.  Around it nothing is offered.

SELECT to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'Dy DD Mon') AS day,
       string_agg(to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'HH24:MI'), ' ' ORDER BY starts_at) AS free
FROM (VALUES (tstzrange '[2030-03-31 22:00Z,2030-04-15 22:00Z)')) AS w (during),
     free_slots('Europe/Berlin Mo 08:00-12:00', busy_from_ics('BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:piano@calendar.example
DTSTART;TZID=Europe/Berlin:20300107T090000
DURATION:PT90M
RRULE:FREQ=WEEKLY
EXDATE;TZID=Europe/Berlin:20300408T090000
SUMMARY:Piano
END:VEVENT
END:VCALENDAR', during, 'Europe/Berlin'), during, duration => '1 hour', at => '2030-03-30')
GROUP BY day ORDER BY min(starts_at);

-- That was the tour; the README leads to everything else.
