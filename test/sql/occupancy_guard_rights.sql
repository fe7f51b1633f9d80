-- The guard under row-level security: a tenant learns from it what a constraint
-- would tell him, and no more.
SET TimeZone = 'UTC';
CREATE ROLE regress_acme;
CREATE ROLE regress_writer;
CREATE ROLE regress_owner;
CREATE SCHEMA regress_calendar AUTHORIZATION regress_owner;
GRANT USAGE ON SCHEMA regress_calendar TO regress_acme, regress_writer;
SET search_path = regress_calendar, public;
SET ROLE regress_owner;

-- whose tenants are whose is in a table that has policies itself
CREATE TABLE members (tenant text, member name);
INSERT INTO members VALUES ('acme', 'regress_acme'), ('umbrella', 'somebody');
ALTER TABLE members ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON members USING (member = current_user);
CREATE TABLE bookings (
	gone int,
	id int PRIMARY KEY,
	tenant text,
	room text,
	starts_at timestamptz,
	ends_at timestamptz,
	note text,
	key text GENERATED ALWAYS AS (tenant || ':' || room) STORED
);
ALTER TABLE bookings DROP COLUMN gone;
CREATE INDEX bookings_held ON bookings USING gist (occupancy(starts_at, ends_at, ARRAY[room], tenant));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION occupancy_guard('bookings_held');
INSERT INTO bookings VALUES (1, 'umbrella', 'a', '2024-01-01 10:00', '2024-01-01 11:00'), (2, 'acme', 'a', '2024-01-01 10:00', '2024-01-01 11:00'),
	(3, 'acme', 'secret', '2024-01-01 11:30', '2024-01-01 12:30');
ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON bookings USING (EXISTS (SELECT FROM members m WHERE m.tenant = bookings.tenant));
CREATE POLICY rooms ON bookings AS RESTRICTIVE FOR INSERT WITH CHECK (key <> 'acme:secret' AND (bookings.*) IS NOT NULL);
GRANT SELECT ON members TO regress_acme;
GRANT SELECT, INSERT, UPDATE ON bookings TO regress_acme;
GRANT SELECT, INSERT ON bookings TO regress_writer;
RESET ROLE;

-- another tenant's calendar: the same for what is taken and what is free
SET ROLE regress_acme;
INSERT INTO bookings VALUES (10, 'umbrella', 'a', '2024-01-01 10:30', '2024-01-01 11:30');
INSERT INTO bookings VALUES (10, 'umbrella', 'a', '2024-01-01 11:00', '2024-01-01 11:30');
UPDATE bookings SET tenant = 'umbrella' WHERE id = 2;
UPDATE bookings SET tenant = 'umbrella', room = 'b' WHERE id = 2;
INSERT INTO bookings VALUES (2, 'acme', 'a', '2024-01-01 10:00', '2024-01-01 11:00') ON CONFLICT (id) DO UPDATE SET tenant = 'umbrella';
BEGIN;
SET LOCAL appointment.on_conflict = 'skip';
INSERT INTO bookings VALUES (10, 'umbrella', 'a', '2024-01-01 10:30', '2024-01-01 11:30');
ROLLBACK;
-- a policy over a generated column
INSERT INTO bookings VALUES (10, 'acme', 'secret', '2024-01-01 10:30', '2024-01-01 11:30', '');
INSERT INTO bookings VALUES (10, 'acme', 'secret', '2024-01-01 10:30', '2024-01-01 12:30', '');
-- one's own calendar
INSERT INTO bookings VALUES (10, 'acme', 'a', '2024-01-01 10:30', '2024-01-01 11:30', '');
INSERT INTO bookings VALUES (10, 'acme', 'a', '2024-01-01 11:00', '2024-01-01 11:30', '');
BEGIN;
SET LOCAL appointment.on_conflict = 'skip';
INSERT INTO bookings VALUES (11, 'acme', 'a', '2024-01-01 10:30', '2024-01-01 11:30', '') RETURNING id;
ROLLBACK;
-- keys: one's own row, somebody else's
INSERT INTO bookings VALUES (2, 'acme', 'a', '2024-01-01 10:00', '2024-01-01 11:00', '') ON CONFLICT (id) DO UPDATE SET note = 'upserted';
INSERT INTO bookings VALUES (2, 'acme', 'a', '2024-01-01 10:00', '2024-01-01 11:00', '') ON CONFLICT DO NOTHING;
INSERT INTO bookings VALUES (1, 'acme', 'c', '2024-01-01 10:00', '2024-01-01 11:00', '') ON CONFLICT DO NOTHING;
INSERT INTO bookings VALUES (1, 'acme', 'c', '2024-01-01 10:00', '2024-01-01 11:00', '');
-- ... and then a conflict is one, as the constraint alone would have it for a new row
INSERT INTO bookings VALUES (1, 'acme', 'a', '2024-01-01 10:00', '2024-01-01 11:00', '') ON CONFLICT DO NOTHING;
-- locks are no tenant's to take
SELECT occupancy_lock('bookings_held', occupancy('2024-01-01 10:00', '2024-01-01 11:00', ARRAY['a'], 'umbrella'));
RESET ROLE;

-- who may insert and not update locks no row with his key
ALTER TABLE bookings DISABLE ROW LEVEL SECURITY;
SET ROLE regress_writer;
BEGIN;
INSERT INTO bookings VALUES (2, 'acme', 'a', '2024-01-01 10:00', '2024-01-01 11:00') ON CONFLICT DO NOTHING;
RESET ROLE;
SELECT id FROM bookings WHERE id = 2 AND xmax <> 0 AND xmax = pg_current_xact_id_if_assigned()::xid;
ROLLBACK;
SET ROLE regress_writer;
INSERT INTO bookings VALUES (2, 'acme', 'a', '2024-01-01 10:00', '2024-01-01 11:00');
INSERT INTO bookings VALUES (2, 'acme', 'a', '2024-01-01 11:00', '2024-01-01 11:30') ON CONFLICT DO NOTHING;
RESET ROLE;
SELECT id, tenant, room, note FROM bookings ORDER BY id;

-- Through a view the owner's rights count: no policy is asked
ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;
SET ROLE regress_owner;
CREATE VIEW calendar AS SELECT * FROM bookings;
GRANT SELECT, INSERT, UPDATE ON calendar TO regress_writer;
REVOKE INSERT ON bookings FROM regress_writer;
SET ROLE regress_writer;
INSERT INTO calendar VALUES (20, 'umbrella', 'a', '2024-01-01 10:30', '2024-01-01 11:30');
INSERT INTO calendar VALUES (1, 'umbrella', 'a', '2024-01-01 10:30', '2024-01-01 11:30') ON CONFLICT (id) DO UPDATE SET note = 'by a view';
INSERT INTO calendar VALUES (20, 'umbrella', 'a', '2024-01-01 12:30', '2024-01-01 13:30');
RESET ROLE;
SELECT id, tenant, note FROM bookings ORDER BY id;
-- also of somebody who may write the table himself, under its policies, which a
-- view with the user's rights does not change
SET ROLE regress_owner;
CREATE VIEW calendar_of_user WITH (security_invoker) AS SELECT * FROM bookings;
CREATE VIEW calendar_of_view AS SELECT * FROM calendar;
GRANT SELECT, INSERT ON calendar_of_user TO regress_acme;
RESET ROLE;
SET ROLE regress_acme;
INSERT INTO calendar_of_user VALUES (21, 'umbrella', 'a', '2024-01-01 10:30', '2024-01-01 11:30');
INSERT INTO bookings VALUES (21, 'umbrella', 'a', '2024-01-01 10:30', '2024-01-01 11:30');
RESET ROLE;
GRANT INSERT ON calendar_of_view TO regress_acme;
SET ROLE regress_acme;
INSERT INTO calendar_of_view VALUES (21, 'umbrella', 'a', '2024-01-01 10:30', '2024-01-01 11:30');
INSERT INTO calendar_of_view VALUES (21, 'umbrella', 'a', '2024-01-01 13:30', '2024-01-01 14:30');
INSERT INTO bookings VALUES (22, 'umbrella', 'a', '2024-01-01 14:30', '2024-01-01 15:30');
RESET ROLE;

-- What a policy calls and reads is looked for by no name: the user needs no right
-- on its schema, as in his own statement.  A policy over a system column is not
-- asked, and the others are.
CREATE SCHEMA regress_private;
CREATE TABLE regress_private.tenants AS VALUES ('acme');
GRANT SELECT ON regress_private.tenants TO regress_acme;
CREATE FUNCTION regress_private.open(room text) RETURNS boolean STABLE LANGUAGE sql RETURN room <> 'closed';
CREATE TABLE slots (tenant text, room text, starts_at timestamptz, ends_at timestamptz);
CREATE INDEX slots_held ON slots USING gist (occupancy(starts_at, ends_at, ARRAY[room], tenant));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON slots FOR EACH ROW EXECUTE FUNCTION occupancy_guard('slots_held');
INSERT INTO slots SELECT tenant, room, '2024-01-01 10:00', '2024-01-01 11:00' FROM unnest(ARRAY['acme', 'umbrella']) tenant, unnest(ARRAY['a', 'closed']) room;
ALTER TABLE slots ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON slots USING (tenant IN (SELECT column1 FROM regress_private.tenants));
CREATE POLICY closed ON slots AS RESTRICTIVE WITH CHECK (regress_private.open(room));
CREATE POLICY real ON slots AS RESTRICTIVE WITH CHECK (EXISTS (SELECT FROM pg_class c WHERE c.oid = slots.tableoid));
GRANT INSERT, SELECT ON slots TO regress_acme;
SET ROLE regress_acme;
INSERT INTO slots VALUES ('acme', 'a', '2024-01-01 10:00', '2024-01-01 11:00');
INSERT INTO slots VALUES ('acme', 'a', '2024-01-01 11:00', '2024-01-01 12:00');
INSERT INTO slots VALUES ('acme', 'closed', '2024-01-01 10:00', '2024-01-01 11:00');
INSERT INTO slots VALUES ('acme', 'closed', '2024-01-01 11:00', '2024-01-01 12:00');
INSERT INTO slots VALUES ('umbrella', 'a', '2024-01-01 10:00', '2024-01-01 11:00');
INSERT INTO slots VALUES ('umbrella', 'a', '2024-01-01 11:00', '2024-01-01 12:00');
RESET ROLE;

-- A partitioned table: the policies of the table that the statement names
CREATE TABLE visits (id int, day date, tenant text, room text, starts_at timestamptz, ends_at timestamptz) PARTITION BY RANGE (day);
CREATE TABLE visits_2024 (room text, ends_at timestamptz, starts_at timestamptz, tenant text, day date, id int);
ALTER TABLE visits ATTACH PARTITION visits_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE visits_2025 PARTITION OF visits FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX visits_held ON visits USING gist (occupancy(starts_at, ends_at, ARRAY[room], tenant));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held');
INSERT INTO visits VALUES (1, '2024-01-01', 'umbrella', 'a', '2024-01-01 10:00', '2024-01-01 11:00'), (2, '2024-01-01', 'acme', 'a', '2024-01-01 10:00', '2024-01-01 11:00');
ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON visits USING (tenant = 'acme');
CREATE POLICY moves ON visits AS RESTRICTIVE FOR UPDATE USING (true) WITH CHECK (room <> 'b');
GRANT SELECT, INSERT, UPDATE ON visits TO regress_acme;
SET ROLE regress_acme;
INSERT INTO visits VALUES (3, '2024-01-01', 'umbrella', 'a', '2024-01-01 10:00', '2024-01-01 11:00');
INSERT INTO visits VALUES (3, '2024-01-01', 'umbrella', 'a', '2024-01-01 11:00', '2024-01-01 12:00');
INSERT INTO visits VALUES (3, '2024-01-01', 'acme', 'a', '2024-01-01 10:00', '2024-01-01 11:00');
INSERT INTO visits VALUES (3, '2024-01-01', 'acme', 'b', '2024-01-01 10:00', '2024-01-01 11:00');
UPDATE visits SET day = '2025-01-01', room = 'b' WHERE id = 2;
UPDATE visits SET day = '2025-01-01', room = 'a' WHERE id = 3;
RESET ROLE;
-- a partition that he may write himself has no policies
GRANT SELECT, INSERT ON visits_2024 TO regress_acme;
SET ROLE regress_acme;
INSERT INTO visits_2024 (id, day, tenant, room, starts_at, ends_at) VALUES (3, '2024-01-01', 'umbrella', 'a', '2024-01-01 10:00', '2024-01-01 11:00');
RESET ROLE;

RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA regress_calendar, regress_private CASCADE;
DROP TABLE IF EXISTS visits;
DROP ROLE regress_acme, regress_writer, regress_owner;
