\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
\pset linestyle ascii
\set caspen `cat test/data/caspen.json`
\set sqod `cat test/data/sqod.json`
\set avon `cat test/data/avon.json`
\set avon_list `cat test/data/avon_list.json`
\set savvycal `cat test/data/savvycal.json`
\set appointment_one `cat test/data/appointment_one.json`
-- =====================================================================
-- appointment: a guided tour
-- =====================================================================
--
-- Five services document their appointments as JSON, each in its own way.
-- This tour reads the five documented examples, shows what becomes of them,
-- and writes them again.  Every statement stands above its result.
--
-- Any user who may create in a database may create the extension.  It goes
-- into a schema of its own, because an application may well have a table
-- that is called "appointment".

CREATE SCHEMA ext;
CREATE EXTENSION appointment SCHEMA ext;
SET search_path = public, ext;

SELECT format, service, document, instants FROM appointment_formats();

-- ---------------------------------------------------------------------
-- 1. The documents come in
-- ---------------------------------------------------------------------
--
-- psql has read the files test/data/*.json into variables of the same names.

CREATE TABLE inbox (file text PRIMARY KEY, doc json);

INSERT INTO inbox VALUES
    ('caspen.json', :'caspen'),
    ('sqod.json', :'sqod'),
    ('avon.json', :'avon'),
    ('savvycal.json', :'savvycal'),
    ('appointment_one.json', :'appointment_one');

-- Nobody has to say which service a document is of.

SELECT file, octet_length(doc::text) AS bytes, appointment_format(doc) FROM inbox;

-- ---------------------------------------------------------------------
-- 2. Each document is a value
-- ---------------------------------------------------------------------
--
-- Four of the documents are appointments.  The fifth is an event: a template
-- that appointments are booked from, which has a type of its own.

CREATE TABLE booking (
    id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    a   appointment NOT NULL
);

INSERT INTO booking (a)
    SELECT appointment_from_json(doc, appointment_format(doc))
    FROM inbox WHERE appointment_format(doc) <> 'appointment_one';

-- Whatever they were called in the document, fields have one name each.

SELECT a ->> 'source' AS source, appointment_starts_at(a) AS starts_at,
       appointment_ends_at(a) AS ends_at, a -> 'duration' AS min,
       appointment_status(a) AS status, appointment_time_zone(a) AS zone
FROM booking ORDER BY a;

-- (Avon's example is 3,598 seconds long: no whole number of minutes, and none
-- is made up.)
--
-- A value's text is canonical JSON: the same names and the same spelling of
-- instants whatever the source.  To show JSON on a narrow page, this tour
-- makes itself a helper: the members of an object that are not null, cut to
-- the width of the page.

CREATE FUNCTION members(object json) RETURNS TABLE (member text, value text)
LANGUAGE sql IMMUTABLE AS $$
    SELECT key, CASE WHEN length(v) > 58 THEN left(v, 55) || '...' ELSE v END
    FROM json_each(object), regexp_replace(value::text, '\s+', ' ', 'g') AS v
    WHERE v <> 'null'
$$;

-- Caspen's example, as a value:

SELECT m.* FROM booking, members(a::json) AS m WHERE a ->> 'source' = 'caspen';

-- SQOD's (its nine feature switches are left out here):

SELECT m.* FROM booking, members(a::json) AS m
WHERE a ->> 'source' = 'sqod' AND member NOT LIKE 'features%';

-- Avon Health's:

SELECT m.* FROM booking, members(a::json) AS m WHERE a ->> 'source' = 'avon';

-- SavvyCal's:

SELECT m.* FROM booking, members(a::json) AS m WHERE a ->> 'source' = 'savvycal';

-- And Appointment.one's event:

CREATE TABLE template AS
    SELECT appointment_event_from_json(doc, 'appointment_one') AS e
    FROM inbox WHERE file = 'appointment_one.json';

SELECT m.* FROM template, members(e::json) AS m;

-- ---------------------------------------------------------------------
-- 3. Each value, written in every format that fits
-- ---------------------------------------------------------------------
--
-- Written in the format that it came from, a document is the same again:

SELECT a ->> 'source' AS format,
       doc::jsonb = appointment_to_json(a, a ->> 'source')::jsonb AS same
FROM booking JOIN inbox ON file = (a ->> 'source') || '.json'
UNION ALL
SELECT e ->> 'source', doc::jsonb = appointment_event_to_json(e, 'appointment_one')::jsonb
FROM template JOIN inbox ON file = 'appointment_one.json';

-- All but one.  SavvyCal's own example contradicts itself: it gives one
-- instant in three ways that do not agree.  Written again, they do.

SELECT 'read' AS start_at, doc -> 'start_at' ->> 'local' AS local,
       doc -> 'start_at' ->> 'unix_ts' AS unix_ts, doc -> 'start_at' ->> 'utc' AS utc
FROM inbox WHERE file = 'savvycal.json'
UNION ALL
SELECT 'written', s ->> 'local', s ->> 'unix_ts', s ->> 'utc'
FROM booking, LATERAL (SELECT appointment_to_json(a, 'savvycal') -> 'start_at' AS s) AS w
WHERE a ->> 'source' = 'savvycal';

-- Any appointment can be written in any of the four formats.  What a service
-- has no member for is left behind, and nothing is made up.  Caspen's example
-- in the other three (with "envelope" false, SQOD's document stands bare):

SELECT format, m.*
FROM booking, appointment_formats() AS f,
     members(appointment_to_json(a, format, '{"envelope": false}')) AS m
WHERE a ->> 'source' = 'caspen' AND document = 'appointment' AND format <> 'caspen';

-- SQOD's example in the other three:

SELECT format, m.*
FROM booking, appointment_formats() AS f, members(appointment_to_json(a, format)) AS m
WHERE a ->> 'source' = 'sqod' AND document = 'appointment' AND format <> 'sqod';

-- Avon Health's:

SELECT format, m.*
FROM booking, appointment_formats() AS f,
     members(appointment_to_json(a, format, '{"envelope": false}')) AS m
WHERE a ->> 'source' = 'avon' AND document = 'appointment' AND format <> 'avon';

-- SavvyCal's:

SELECT format, m.*
FROM booking, appointment_formats() AS f,
     members(appointment_to_json(a, format, '{"envelope": false}')) AS m
WHERE a ->> 'source' = 'savvycal' AND document = 'appointment' AND format <> 'savvycal';

-- How each of the sixteen spells its start, its end or length, and its status:

SELECT a ->> 'source' AS read_as, format AS written_as,
       doc #>> start_path AS start, doc #>> end_path AS end_or_length,
       doc #>> status_path AS status
FROM booking, (VALUES
        ('caspen', '{starts_at}'::text[], '{ends_at}'::text[], '{status}'::text[]),
        ('sqod', '{data,appointment_at}', '{data,duration_in_minutes}', '{data,status}'),
        ('avon', '{start_time}', '{end_time}', '{status_history,-1,status}'),
        ('savvycal', '{start_at,local}', '{end_at,local}', '{status}')
    ) AS f (format, start_path, end_path, status_path),
    LATERAL appointment_to_json(a, format) AS doc
ORDER BY a, format;

-- SavvyCal wants a time zone and pages, which the other services do not have.
-- Options of the call tell them:

SELECT member, value
FROM booking,
     appointment_to_json(a, 'savvycal',
         '{"time_zone": "Europe/Berlin", "base_url": "https://book.example.com"}') AS doc,
     LATERAL (SELECT * FROM json_each_text(doc -> 'start_at')
              UNION ALL SELECT 'ics_url', doc ->> 'ics_url') AS m (member, value)
WHERE a ->> 'source' = 'caspen';

-- The event fits one format: its own.

SELECT m.* FROM template, members(appointment_event_to_json(e, 'appointment_one')) AS m;

-- ---------------------------------------------------------------------
-- 4. Lists
-- ---------------------------------------------------------------------
--
-- Avon Health's documented list, read item by item:

SELECT ord, appointment ->> 'id' AS id, appointment_during(appointment) AS during, problems
FROM appointment_list_from_json(:'avon_list', 'avon');

-- A page of four, made from Caspen's example for this tour.  Two are bad.

CREATE TABLE page AS
    SELECT json_build_object('data', json_agg(doc::jsonb || change), 'links',
               json_build_object('prev', NULL, 'next', NULL)) AS doc
    FROM inbox, unnest(ARRAY[
        '{"id": "app_02", "starts_at": "2024-01-01T11:30:00Z", "ends_at": "2024-01-01T12:00:00Z", "duration": 30, "status": "arrived"}',
        '{"id": "app_03", "starts_at": "2024-01-01T14:00:00", "resource_ids": null}',
        '{"id": "app_04", "ends_at": "2024-01-01T09:00:00Z"}',
        '{"id": "app_05", "starts_at": "2024-01-02T09:00:00+01:00", "ends_at": "2024-01-02T09:45:00+01:00", "duration": 45, "status": "missed"}'
    ]::jsonb[]) AS change
    WHERE file = 'caspen.json';

-- The bad ones do not stop the others.  They come back with all that is wrong
-- with them, and with their text, so that nothing is lost.

SELECT ord, appointment IS NOT NULL AS read, appointment ->> 'id' AS id,
       p ->> 'path' AS path, p ->> 'code' AS code, p ->> 'message' AS message
FROM page, appointment_list_from_json(page.doc, 'caspen') AS item
LEFT JOIN LATERAL jsonb_array_elements(problems) AS p ON p ->> 'severity' = 'error'
ORDER BY ord;

INSERT INTO booking (a)
    SELECT appointment FROM page, appointment_list_from_json(page.doc, 'caspen')
    WHERE appointment IS NOT NULL;

-- The other way round: bookings of any source as one list document.

SELECT json_array_length(list -> 'data') AS items, list -> 'meta' AS meta
FROM (SELECT appointment_json_agg(a, 'savvycal' ORDER BY a) AS list FROM booking) AS l;

-- ---------------------------------------------------------------------
-- 5. Who is booked when, by status
-- ---------------------------------------------------------------------
--
-- The table now mixes all four sources.  A query does not need to know that.

SELECT appointment_status(a) AS status,
       coalesce(a ->> 'practitioner_id', a -> 'department' ->> 'name', '(not told)') AS who,
       to_char(appointment_starts_at(a), 'YYYY-MM-DD HH24:MI') AS starts,
       to_char(appointment_ends_at(a), 'HH24:MI') AS ends,
       a ->> 'source' AS source
FROM booking
ORDER BY status, a;

SELECT appointment_status(a) AS status, count(*),
       array_agg(DISTINCT a ->> 'source') AS sources,
       min(appointment_starts_at(a)) AS first, sum((a ->> 'duration')::int) AS minutes
FROM booking
GROUP BY status ORDER BY status;

-- An index on the period serves every source at once.

CREATE INDEX ON booking USING gist (appointment_during(a));

SELECT id, a ->> 'source' AS source, appointment_during(a) AS during
FROM booking
WHERE appointment_during(a) && tstzrange('2024-01-01 10:30+00', '2024-01-01 12:00+00');

-- ---------------------------------------------------------------------
-- 6. A table of your own
-- ---------------------------------------------------------------------
--
-- No column of type appointment is needed.  A row of any table will do: columns
-- that are named like fields become the fields.

CREATE TABLE visit (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    starts_at        timestamptz NOT NULL,
    ends_at          timestamptz NOT NULL,
    status           text NOT NULL DEFAULT 'scheduled',
    practitioner_id  bigint,
    room_id          text,
    note             text,
    price            numeric     -- not a field: passed over
);

INSERT INTO visit (starts_at, ends_at, practitioner_id, room_id, note, price) VALUES
    ('2026-03-02 09:00+01', '2026-03-02 09:30+01', 7, 'blue', 'first visit', 80),
    ('2026-03-02 09:45+01', '2026-03-02 10:45+01', 7, 'blue', NULL, 120);

SELECT m.* FROM visit AS v, members(appointment_to_json(appointment_from_row(v), 'caspen')) AS m
WHERE id = 1;

-- The whole table as one list document (jsonb_pretty sorts the members):

SELECT jsonb_pretty(appointment_json_agg(appointment_from_row(v), 'avon' ORDER BY starts_at)::jsonb)
           AS list
FROM visit AS v;

-- ---------------------------------------------------------------------
-- 7. What goes wrong is named
-- ---------------------------------------------------------------------
--
-- A member is named by its path.  The detail is one line of JSON for programs.
-- No message quotes the value: it may be somebody's name.

\set ON_ERROR_STOP off
SELECT appointment_from_json(
    jsonb_set(doc::jsonb, '{data,claimant,data,0,required}', '"perhaps"'), 'sqod')
FROM inbox WHERE file = 'sqod.json';

-- A document of another format is recognised.

SELECT appointment_from_json(doc, 'caspen') FROM inbox WHERE file = 'avon.json';

-- A local time without a zone is not an instant, and is not guessed.

SELECT appointment_from_row(r) FROM (SELECT timestamp '2026-03-02 09:00' AS starts_at) AS r;

\set ON_ERROR_STOP on
-- All problems of a document at once, as rows.  Caspen's example with five
-- faults; the warnings are what its contradictions give.

SELECT p.*
FROM inbox, appointment_validate(doc::jsonb - 'client_id' || '{
        "practitioner_id": 7, "starts_at": "2024-01-01T10:00:00",
        "resource_ids": [1], "created_at": null}', 'caspen') AS p
WHERE file = 'caspen.json' ORDER BY severity, path;

-- ---------------------------------------------------------------------
-- 8. Requests
-- ---------------------------------------------------------------------
--
-- What clients send differs from the documents.  A request to create becomes
-- an appointment, with a new identifier of the service's shape:

CREATE TABLE agenda (a appointment CHECK (appointment_is_sound(a)));

INSERT INTO agenda VALUES (appointment_from_request('{
    "name": "Annual Check-in", "description": "", "group": false, "internal": true,
    "host": "user_Z1zXZKvqrpwxbznuW6lJ", "start_time": 1772438400000, "end_time": 1772440200000,
    "attendees": ["user_IsW3SoxZQxW0agHKyP2V"], "created_by": "user_xeDpGyt67wTor93qKtS7"
}', 'avon', at => '2026-03-01 12:00+00'));

SELECT m.* FROM agenda, members(a::json) AS m;

-- A request to update touches only what it names:

UPDATE agenda SET a = appointment_apply_request(a,
    '{"updated_by": "user_1", "name": "Check-in, moved to room 2"}', 'avon');

SELECT a ->> 'name' AS name, appointment_starts_at(a) AS starts_at FROM agenda;

-- The event of part 2, booked for a guest:

SELECT m.*
FROM template, members(appointment_from_event(e, '2026-03-02 09:00+01',
         ARRAY['guest@example.com'], at => '2026-03-01 12:00+00')::json) AS m;

-- ---------------------------------------------------------------------
-- 9. No double booking
-- ---------------------------------------------------------------------
--
-- One constraint protects every resource, whichever column it comes from.
-- The guard refuses before anything is written, and says what is in the way.

CREATE TABLE visits (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patient     text,
    doctor_id   text,
    room_id     text,
    also_needed text[],
    starts_at   timestamptz,
    ends_at     timestamptz,
    status      text,
    closed      boolean DEFAULT false,
    CONSTRAINT visits_no_overlap EXCLUDE USING gist (
        (CASE WHEN closed THEN occupancy_all(starts_at, ends_at)
              ELSE occupancy(starts_at, ends_at, also_needed || doctor_id || room_id) END) WITH &&)
    WHERE (status IS DISTINCT FROM 'cancelled')
);
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE ON visits
    FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_no_overlap');

INSERT INTO visits (patient, doctor_id, room_id, also_needed, starts_at, ends_at)
VALUES ('Ada', 'dr_grey', 'rom_1', '{van_7}', '2024-05-06 10:00Z', '2024-05-06 11:00Z');

-- Another doctor, another room, but the same vehicle: refused.

\set ON_ERROR_STOP off
INSERT INTO visits (patient, doctor_id, room_id, also_needed, starts_at, ends_at)
VALUES ('Ben', 'dr_house', 'rom_2', '{van_7}', '2024-05-06 10:30Z', '2024-05-06 11:30Z');
\set ON_ERROR_STOP on

-- Back to back is no conflict.

INSERT INTO visits (patient, doctor_id, room_id, also_needed, starts_at, ends_at)
VALUES ('Ben', 'dr_house', 'rom_2', '{van_7}', '2024-05-06 11:00Z', '2024-05-06 12:00Z');

-- A cancelled slot can be taken again.

UPDATE visits SET status = 'cancelled' WHERE patient = 'Ada';
INSERT INTO visits (patient, doctor_id, room_id, also_needed, starts_at, ends_at)
VALUES ('Cleo', 'dr_grey', 'rom_1', '{van_7}', '2024-05-06 10:00Z', '2024-05-06 11:00Z');

-- And the cancelled one cannot come back.

\set ON_ERROR_STOP off
UPDATE visits SET status = 'scheduled' WHERE patient = 'Ada';
\set ON_ERROR_STOP on

-- A closing day holds everything that there is.

INSERT INTO visits (starts_at, ends_at, closed) VALUES ('2024-05-09 00:00Z', '2024-05-10 00:00Z', true);
\set ON_ERROR_STOP off
INSERT INTO visits (patient, doctor_id, starts_at, ends_at) VALUES ('Dan', 'dr_who', '2024-05-09 09:00Z', '2024-05-09 09:30Z');
\set ON_ERROR_STOP on

-- What happens on Monday, by the constraint's index.

SELECT id, patient, doctor_id, room_id, also_needed, starts_at, ends_at FROM visits
WHERE CASE WHEN closed THEN occupancy_all(starts_at, ends_at)
           ELSE occupancy(starts_at, ends_at, also_needed || doctor_id || room_id) END
      && occupancy_all('2024-05-06 00:00Z', '2024-05-07 00:00Z')
  AND status IS DISTINCT FROM 'cancelled'
ORDER BY starts_at;

DROP TABLE visits;

-- ---------------------------------------------------------------------
-- 10. Seats, holds, and any free room
-- ---------------------------------------------------------------------
--
-- A class is shared: each booking takes some of its twelve seats.  The trainer
-- of a private lesson is held alone, in the same row.

CREATE TABLE lessons (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client          text,
    class_id        text,
    seats           int DEFAULT 1,
    trainer_id      text,
    starts_at       timestamptz DEFAULT '2030-05-06 18:00Z',
    ends_at         timestamptz DEFAULT '2030-05-06 19:00Z',
    hold_expires_at timestamptz
);
CREATE INDEX lessons_held ON lessons USING gist ((
    occupancy(starts_at, ends_at, ARRAY[trainer_id]) + occupancy_seats(starts_at, ends_at, class_id, seats, 12)));
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE ON lessons
    FOR EACH ROW EXECUTE FUNCTION occupancy_guard('lessons_held', 'expires=hold_expires_at');

INSERT INTO lessons (client, class_id, seats) VALUES ('Ada', 'yoga', 5), ('Ben', 'yoga', 4);
SELECT occupancy(starts_at, ends_at, ARRAY[trainer_id]) + occupancy_seats(starts_at, ends_at, class_id, seats, 12) AS held
FROM lessons ORDER BY id;

-- Cleo pays within ten minutes, or her three seats are free again.

INSERT INTO lessons (client, class_id, seats, hold_expires_at)
VALUES ('Cleo', 'yoga', 3, clock_timestamp() + interval '10 minutes');

-- Until then the class is full.  The detail says how many seats are left.

\set ON_ERROR_STOP off
INSERT INTO lessons (client, class_id) VALUES ('Dan', 'yoga');
\set ON_ERROR_STOP on

-- The ten minutes pass (here the time is set back), and nobody has to sweep:
-- Dan and Eve are in.  Cleo pays too late for her three seats, but one is left.

UPDATE lessons SET hold_expires_at = clock_timestamp() - interval '1 second' WHERE client = 'Cleo';
INSERT INTO lessons (client, class_id) VALUES ('Dan', 'yoga'), ('Eve', 'yoga');
\set ON_ERROR_STOP off
UPDATE lessons SET hold_expires_at = NULL WHERE client = 'Cleo';
\set ON_ERROR_STOP on
UPDATE lessons SET hold_expires_at = NULL, seats = 1 WHERE client = 'Cleo';
SELECT occupancy_seats_taken(occupancy_seats(starts_at, ends_at, class_id, seats, 12), 'yoga') AS taken FROM lessons;

-- Any trainer, for two private lessons at the same time as the class: the first
-- two of the list who are free.  Grace is busy.

INSERT INTO lessons (client, trainer_id) VALUES ('Fay', 'grace');
INSERT INTO lessons (client, trainer_id)
SELECT 'Gus', trainer
FROM unnest(occupancy_pick('lessons_held', '{grace,house,who}', '2030-05-06 18:00Z', '2030-05-06 19:00Z', picks => 2)) AS trainer
RETURNING client, trainer_id;

-- Nobody is left now, and NULL says so.

SELECT occupancy_pick('lessons_held', '{grace,house,who}', '2030-05-06 18:30Z', '2030-05-06 19:30Z') AS trainer;

DROP TABLE lessons;

-- ---------------------------------------------------------------------
-- 11. What repeats
-- ---------------------------------------------------------------------
--
-- A class is every Monday and Wednesday at 18:00.  The clocks in Berlin change
-- on 31 March 2030.  Seven days more, counted in the session's zone, is an hour off
-- from then on; a rule of iCalendar (RRULE) is not.

SELECT to_char(t AT TIME ZONE 'Europe/Berlin', 'Dy DD Mon HH24:MI') AS seven_days_more
FROM generate_series('2030-03-25 17:00Z', '2030-04-05 17:00Z'::timestamptz, '7 days') AS t;
SELECT to_char(t AT TIME ZONE 'Europe/Berlin', 'Dy DD Mon HH24:MI') AS by_rule, t AT TIME ZONE 'UTC' AS utc
FROM rrule_occurrences('FREQ=WEEKLY;BYDAY=MO,WE', '2030-03-25 18:00', 'Europe/Berlin', max => 4) AS t;

-- The last Friday of each month but the one in March, and one date more; what
-- is next; and what is wrong with a rule.

SELECT array_agg(t::date ORDER BY t) AS dates
FROM rrule_occurrences('FREQ=MONTHLY;BYDAY=-1FR', '2030-01-01 16:00', 'Europe/Lisbon',
    exdates => '{2030-03-29 16:00}', rdates => '{2030-04-02 16:00}', max => 5) AS t;
SELECT rrule_next('FREQ=MONTHLY;BYDAY=-1FR', '2030-01-01 16:00', 'Europe/Lisbon', '2035-05-05 12:00Z') AS next;
\set ON_ERROR_STOP off
SELECT 'FREQ=WEEKLY;BYDAY=MO,XX'::rrule;
\set ON_ERROR_STOP on

-- An appointment, repeated: copies at the times of the rule, each with its own
-- row, so that the guard protects them.

CREATE TABLE hall (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a appointment NOT NULL,
    CONSTRAINT hall_no_overlap EXCLUDE USING gist (appointment_occupancy(a) WITH &&));
CREATE TRIGGER hall_guard BEFORE INSERT OR UPDATE ON hall
    FOR EACH ROW EXECUTE FUNCTION occupancy_guard('hall_no_overlap');
\set concert '{"id": "concert", "room_id": "hall", "status": "scheduled", "starts_at": "2030-04-10T15:00:00Z", "ends_at": "2030-04-10T16:30:00Z"}'
\set yoga '{"id": "yoga", "room_id": "hall", "status": "scheduled", "time_zone": "Europe/Berlin", "starts_at": "2030-03-25T17:00:00Z", "ends_at": "2030-03-25T18:00:00Z"}'
INSERT INTO hall (a) VALUES (:'concert');

-- All or nothing: on one of the days there is a concert, so nothing is booked.

\set ON_ERROR_STOP off
INSERT INTO hall (a) SELECT appointment_series(:'yoga', 'FREQ=WEEKLY;BYDAY=MO,WE;COUNT=24');
\set ON_ERROR_STOP on

-- What fits:

SET appointment.on_conflict = 'skip';
WITH booked AS (
    INSERT INTO hall (a) SELECT appointment_series(:'yoga', 'FREQ=WEEKLY;BYDAY=MO,WE;COUNT=24')
    RETURNING a
)
SELECT format('%s of 24', count(*)) AS booked FROM booked;
RESET appointment.on_conflict;

-- From May on half an hour later, and after the tenth of June no more.

UPDATE hall SET a = appointment_reschedule(a, zone_instant(appointment_starts_at_local(a) + interval '30 minutes', appointment_time_zone(a)))
WHERE (a -> 'recurrence') ->> 'series' = 'yoga' AND appointment_starts_at(a) >= '2030-05-01';
UPDATE hall SET a = appointment_transition(a, 'cancelled')
WHERE (a -> 'recurrence') ->> 'series' = 'yoga' AND appointment_starts_at(a) >= '2030-06-11';
SELECT appointment_status(a) AS status, appointment_starts_at_local(a)::time AS at, count(*), min(appointment_starts_at(a)) AS first
FROM hall WHERE (a -> 'recurrence') ->> 'series' = 'yoga' GROUP BY 1, 2 ORDER BY min(appointment_starts_at(a));

DROP TABLE hall;

-- ---------------------------------------------------------------------
-- 12. A week's free slots, and why not half past two
-- ---------------------------------------------------------------------
--
-- Rules are rows, with a break for lunch; a holiday is one more.  All of them
-- are one value, and a line of text.

CREATE TABLE shifts (doctor text, days int[], opens time, closes time);
INSERT INTO shifts VALUES
    ('grey', '{1,2,3,5}', '09:00', '12:00'), ('grey', '{1,2,3,5}', '13:00', '18:00'),
    ('house', '{1,2,3,4,5}', '10:00', '14:00'), ('who', '{2,4}', '08:00', '20:00');
CREATE VIEW doctors AS
SELECT doctor, open_hours_agg(open_hours(days, opens, closes, 'Europe/Berlin'))
               + 'Europe/Berlin 2030-04-05 off' AS hours
FROM shifts GROUP BY doctor;
SELECT doctor, hours FROM doctors ORDER BY doctor;

CREATE TABLE lessons (doctor text, starts_at timestamptz, ends_at timestamptz);
INSERT INTO lessons VALUES
    ('grey', '2030-04-01 09:00 Europe/Berlin', '2030-04-01 11:30 Europe/Berlin'),
    ('grey', '2030-04-01 13:30 Europe/Berlin', '2030-04-01 16:00 Europe/Berlin'),
    ('house', '2030-04-02 11:00 Europe/Berlin', '2030-04-02 12:00 Europe/Berlin');
CREATE VIEW doctors_busy AS
SELECT doctor, busy_agg(starts_at, ends_at) AS busy FROM lessons GROUP BY doctor;

-- A slot is an hour, and a quarter of an hour before it is for preparation.

SELECT to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'Dy DD Mon') AS day,
       string_agg(to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'HH24:MI'), ' ' ORDER BY starts_at) AS free
FROM doctors JOIN doctors_busy USING (doctor),
     free_slots(hours, busy, '[2030-03-31 22:00Z,2030-04-07 22:00Z)', duration => '1 hour',
                buffer_before => '15 minutes', at => '2030-03-30')
WHERE doctor = 'grey' GROUP BY day ORDER BY min(starts_at);

-- The whole grid of Monday, and every reason against half past two (12:30 UTC)
-- and a quarter past five.

SELECT to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'HH24:MI') AS start, refusal
FROM doctors JOIN doctors_busy USING (doctor),
     slots(hours, busy, '[2030-03-31 22:00Z,2030-04-01 22:00Z)', duration => '1 hour',
           buffer_before => '15 minutes', at => '2030-03-30')
WHERE doctor = 'grey';
SELECT to_char(start AT TIME ZONE 'Europe/Berlin', 'HH24:MI') AS start, code, detail
FROM doctors JOIN doctors_busy USING (doctor),
     (VALUES (timestamptz '2030-04-01 14:30 Europe/Berlin'), ('2030-04-01 17:15 Europe/Berlin')) AS s (start),
     slot_refusals(hours, busy, start, duration => '1 hour', buffer_before => '15 minutes', at => '2030-03-30')
WHERE doctor = 'grey';

-- Two of the three, at the same time; and when each of them is free next.

SELECT to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'Dy HH24:MI') AS start, array_agg(doctor ORDER BY doctor) AS team
FROM doctors LEFT JOIN doctors_busy USING (doctor),
     free_slots(hours, busy, '[2030-03-31 22:00Z,2030-04-02 22:00Z)', duration => '1 hour', at => '2030-03-30')
GROUP BY starts_at HAVING count(*) >= 2 ORDER BY starts_at;
SELECT doctor, to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'Dy DD Mon HH24:MI') AS next
FROM doctors LEFT JOIN doctors_busy USING (doctor),
     free_slots(hours, busy, '[2030-03-31 22:00Z,2031-03-31 22:00Z)', duration => '1 hour', max_slots => 1, at => '2030-03-30')
ORDER BY starts_at, doctor;

DROP VIEW doctors, doctors_busy;
DROP TABLE shifts, lessons;

-- ---------------------------------------------------------------------
-- 13. The life cycle
-- ---------------------------------------------------------------------
--
-- A life cycle says which statuses can follow which.  One trigger makes it a
-- rule of a table, another one writes down who changed what.

CREATE TABLE care (id text PRIMARY KEY, a appointment NOT NULL);
CREATE TRIGGER care_life_cycle BEFORE INSERT OR UPDATE ON care
    FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default');
SELECT appointment_create_change_log('public.care_log') AS log;
CREATE TRIGGER care_log AFTER INSERT OR UPDATE OR DELETE ON care
    FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('care_log', 'id', 'status=a');

INSERT INTO care VALUES
    ('first', '{"status": "pending", "starts_at": "2030-03-02T09:00:00Z", "ends_at": "2030-03-02T09:30:00Z"}'),
    ('second', '{"status": "pending", "starts_at": "2030-03-02T10:00:00Z", "ends_at": "2030-03-02T10:30:00Z"}');

-- One appointment goes all the way; each step adds to its history and has its
-- effects.  Whoever does it says so: behind a pooler, for a transaction.

SET appointment.actor = 'desk';
UPDATE care SET a = appointment_transition(a, 'scheduled') WHERE id = 'first';
UPDATE care SET a = appointment_confirm(a) WHERE id = 'first';
UPDATE care SET a = appointment_transition(a, 'arrived', '2030-03-02 08:55Z') WHERE id = 'first';
UPDATE care SET a = appointment_transition(a, 'in_progress', '2030-03-02 09:03Z') WHERE id = 'first';
UPDATE care SET a = appointment_transition(a, 'completed', '2030-03-02 09:31Z') WHERE id = 'first';

SELECT a ->> 'actual_starts_at' AS started, a ->> 'actual_ends_at' AS ended,
       appointment_status_at(a, '2030-03-02 09:10Z') AS at_ten_past
FROM care WHERE id = 'first';

-- The other one is cancelled, which was a mistake: what that had set is gone,
-- but for the history.  A plain change of the status does as well.

UPDATE care SET a = appointment_transition(a, 'cancelled', reason_id => 'cnr_1') WHERE id = 'second';
SELECT a ->> 'status' AS status, a -> 'cancelled_at' IS NOT NULL AS cancelled_at, a ->> 'cancellation_reason_id' AS reason
FROM care WHERE id = 'second';
UPDATE care SET a = appointment_set(a, 'status', '"scheduled"') WHERE id = 'second';
SELECT a ->> 'status' AS status, a ->> 'cancelled_at' AS cancelled_at, a ->> 'cancellation_reason_id' AS reason,
       jsonb_path_query_array(a -> 'status_history', '$[*].status') AS history
FROM care WHERE id = 'second';

-- What is completed stays completed, whoever asks; and history is not rewritten.

\set ON_ERROR_STOP off
UPDATE care SET a = appointment_set(a, 'status', '"pending"') WHERE id = 'first';
UPDATE care SET a = appointment_set(a, 'status_history', '[]') WHERE id = 'first';

\set ON_ERROR_STOP on
-- The log: the outbox for webhooks.

SELECT seq, actor, event, key FROM care_log ORDER BY seq;

-- ---------------------------------------------------------------------
-- 14. Into calendars, and out of them
-- ---------------------------------------------------------------------
--
-- Calendars speak iCalendar.  An appointment is an event there; the lines end
-- with CR LF, and here each is a row.  Its history says how often it has changed.

SET appointment.calendar_domain = 'clinic.example';
SELECT line
FROM care, string_to_table(appointment_to_ics(appointment_set(a, 'id', to_jsonb(id)), options => '{"summary": "Clinic Lakeside"}'), E'\r\n') AS line
WHERE id = 'second';

-- An invitation by mail, and later its cancellation: the same UID, a higher
-- SEQUENCE.

UPDATE care SET a = appointment_transition(a, 'cancelled') WHERE id = 'second';
SELECT line
FROM care, string_to_table(appointment_to_ics(appointment_set(a, 'id', to_jsonb(id)), 'CANCEL',
         '{"organizer": "desk@clinic.example", "attendees": [{"email": "ann@example.org", "name": "Ann Lee"}]}'), E'\r\n') AS line
WHERE id = 'second' AND line ~ '^(METHOD|UID|SEQUENCE|STATUS|ORGANIZER|ATTENDEE)';

-- A series is one event that repeats.  What is cancelled or moved is taken out of
-- its rule.

SELECT line
FROM (SELECT appointment_ics_agg(appointment_set(s.a, 'id', to_jsonb('yoga-' || n)), '{"series": true}' ORDER BY n) AS ics
      FROM appointment_series(:'yoga', 'FREQ=WEEKLY;BYDAY=MO,WE;COUNT=6') WITH ORDINALITY AS s (a, n)
      WHERE n <> 3) AS feed,
     string_to_table(ics, E'\r\n') AS line
WHERE line ~ '^(BEGIN|UID|DTSTART|RRULE|EXDATE)';

-- Free/busy: when, and nothing else.

SELECT line
FROM string_to_table(busy_to_ics('{[2030-04-01T07:00:00Z,2030-04-01T09:30:00Z),[2030-04-01T11:30:00Z,2030-04-01T14:00:00Z)}',
         '[2030-04-01,2030-04-02)'), E'\r\n') AS line
WHERE line ~ '^(BEGIN|DT|FREEBUSY)';

-- The other way: a private calendar, as another program wrote it, is busy time for a
-- search.  Piano is every Monday at nine, but not on the eighth.

\set private_calendar 'BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:piano@calendar.example\nDTSTART;TZID=Europe/Berlin:20300107T090000\nDURATION:PT90M\nRRULE:FREQ=WEEKLY\nEXDATE;TZID=Europe/Berlin:20300408T090000\nSUMMARY:Piano\nEND:VEVENT\nBEGIN:VEVENT\nUID:broken@calendar.example\nDTSTART:the first of April\nEND:VEVENT\nEND:VCALENDAR\n'
SELECT to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'Dy DD Mon') AS day,
       string_agg(to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'HH24:MI'), ' ' ORDER BY starts_at) AS free
FROM (VALUES (tstzrange '[2030-03-31 22:00Z,2030-04-15 22:00Z)')) AS w (during),
     free_slots('Europe/Berlin Mo 08:00-12:00', busy_from_ics(:'private_calendar', during, 'Europe/Berlin'),
         during, duration => '1 hour', at => '2030-03-30')
GROUP BY day ORDER BY min(starts_at);

-- One of its events is broken, and was passed over.

SELECT line, component, property, code, severity FROM ics_problems(:'private_calendar', 'Europe/Berlin');

-- ---------------------------------------------------------------------
-- 15. The way out
-- ---------------------------------------------------------------------
--
-- Nothing holds you: canonical JSON is ordinary JSON.

DROP INDEX booking_appointment_during_idx;
ALTER TABLE booking ALTER COLUMN a TYPE jsonb USING a::jsonb;
DROP TABLE template, agenda, care;
DROP EXTENSION appointment;

SELECT id, a ->> 'source' AS source, a ->> 'starts_at' AS starts_at, a ->> 'status' AS status
FROM booking ORDER BY id;

-- That was the tour.  The README has the reference.
