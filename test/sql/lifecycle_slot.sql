--
-- Every way back into a slot meets the constraint against double booking
--
SET TimeZone = 'UTC';

-- ordinary columns; a pending request takes no slot
CREATE TABLE visit (id int PRIMARY KEY, status text, starts_at timestamptz, ends_at timestamptz, room text, cancelled_at timestamptz,
	CONSTRAINT visit_no_overlap EXCLUDE USING gist (occupancy(starts_at, ends_at, ARRAY[room]) WITH &&) WHERE (status NOT IN ('pending', 'cancelled', 'no_show')));
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'cancelled_at=cancelled_at');

-- reinstated
INSERT INTO visit VALUES (1, 'scheduled', '2030-01-01 10:00Z', '2030-01-01 11:00Z', 'r1');
UPDATE visit SET status = 'cancelled' WHERE id = 1;
INSERT INTO visit VALUES (2, 'scheduled', '2030-01-01 10:30Z', '2030-01-01 11:30Z', 'r1');
UPDATE visit SET status = 'scheduled' WHERE id = 1;
SELECT id, status, cancelled_at IS NOT NULL AS cancelled FROM visit ORDER BY id;
UPDATE visit SET status = 'cancelled' WHERE id = 2;
UPDATE visit SET status = 'scheduled' WHERE id = 1;
SELECT id, status, cancelled_at IS NOT NULL AS cancelled FROM visit ORDER BY id;
-- a no-show who came after all
UPDATE visit SET status = 'no_show' WHERE id = 1;
INSERT INTO visit VALUES (3, 'scheduled', '2030-01-01 10:30Z', '2030-01-01 11:30Z', 'r1');
UPDATE visit SET status = 'arrived' WHERE id = 1;

-- rescheduled
INSERT INTO visit VALUES (4, 'scheduled', '2030-01-01 12:00Z', '2030-01-01 13:00Z', 'r1');
UPDATE visit SET starts_at = '2030-01-01 11:00Z', ends_at = '2030-01-01 12:00Z' WHERE id = 4;
UPDATE visit SET starts_at = '2030-01-01 11:30Z', ends_at = '2030-01-01 12:30Z' WHERE id = 4;

-- two requests for one slot: only one of them gets it
INSERT INTO visit VALUES (5, 'pending', '2030-01-02 10:00Z', '2030-01-02 11:00Z', 'r1'), (6, 'pending', '2030-01-02 10:00Z', '2030-01-02 11:00Z', 'r1');
UPDATE visit SET status = 'scheduled' WHERE id = 5;
UPDATE visit SET status = 'scheduled' WHERE id = 6;
SELECT id, status FROM visit WHERE id IN (5, 6) ORDER BY id;
DROP TABLE visit;

-- the same with values
CREATE TABLE booked (id int PRIMARY KEY, a appointment,
	CONSTRAINT booked_no_overlap EXCLUDE USING gist (appointment_occupancy(a, '{room_id}', '{pending,cancelled,no_show}', NULL) WITH &&));
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON booked FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default');
INSERT INTO booked VALUES (1, '{"status":"scheduled","starts_at":"2030-01-01T10:00:00Z","ends_at":"2030-01-01T11:00:00Z","room_id":"r1"}');
UPDATE booked SET a = appointment_transition(a, 'cancelled') WHERE id = 1;
INSERT INTO booked VALUES (2, '{"status":"scheduled","starts_at":"2030-01-01T10:30:00Z","ends_at":"2030-01-01T11:30:00Z","room_id":"r1"}');
\set VERBOSITY terse
UPDATE booked SET a = appointment_transition(a, 'scheduled') WHERE id = 1;
UPDATE booked SET a = appointment_reschedule(appointment_transition(a, 'scheduled'), '2030-01-01T11:00:00Z') WHERE id = 1;
UPDATE booked SET a = appointment_reschedule(appointment_transition(a, 'scheduled'), '2030-01-01T11:30:00Z') WHERE id = 1;
UPDATE booked SET a = appointment_reschedule(a, '2030-01-01T11:00:00Z') WHERE id = 1;
INSERT INTO booked SELECT n, '{"status":"pending","starts_at":"2030-01-02T10:00:00Z","ends_at":"2030-01-02T11:00:00Z","room_id":"r1"}' FROM generate_series(3, 4) n;
UPDATE booked SET a = appointment_transition(a, 'scheduled') WHERE id = 3;
UPDATE booked SET a = appointment_transition(a, 'scheduled') WHERE id = 4;
SELECT id, appointment_status(a), lower(appointment_during(a)) FROM booked ORDER BY id;
\set VERBOSITY default
DROP TABLE booked;
