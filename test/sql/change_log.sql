--
-- The change log
--
SET TimeZone = 'UTC';
CREATE SCHEMA app;
\pset format unaligned
\pset tuples_only on

SELECT appointment_create_change_log('app.booking_log');
SELECT attname, format_type(atttypid, atttypmod), col_description(attrelid, attnum) FROM pg_attribute WHERE attrelid = 'app.booking_log'::regclass AND attnum > 0 ORDER BY attnum;

-- ordinary columns: what is not known to be impersonal is left out, unless asked for
CREATE TABLE app.booking (id int PRIMARY KEY, status text, starts_at timestamptz, ends_at timestamptz, confirmed boolean, room_id text, note text, client_name text, price numeric, n int, d date, j jsonb, by_whom text);
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON app.booking FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('booking_log', 'id', 'status=status', 'starts_at=starts_at', 'ends_at=ends_at', 'confirmed=confirmed', 'actor=by_whom', 'values=price,n,d,j');
BEGIN;
INSERT INTO app.booking VALUES (1, 'pending', '2030-01-01 10:00Z', '2030-01-01 11:00Z', false, 'r1', 'personal', 'Ann', 'NaN', 1, '2030-01-01', '{"a": [1]}', 'ann');
SET LOCAL appointment.actor = 'desk';
UPDATE app.booking SET status = 'scheduled';
UPDATE app.booking SET confirmed = true, note = 'x';
UPDATE app.booking SET starts_at = '2030-01-02 10:00Z', ends_at = '2030-01-02 11:00Z', confirmed = false;
UPDATE app.booking SET confirmed = true;
UPDATE app.booking SET confirmed = false;
UPDATE app.booking SET status = 'cancelled';
UPDATE app.booking SET status = 'scheduled';
UPDATE app.booking SET status = 'arrived';
UPDATE app.booking SET status = 'in_progress';
UPDATE app.booking SET status = 'completed';
UPDATE app.booking SET status = 'no_show';
UPDATE app.booking SET status = 'odd';
UPDATE app.booking SET price = 12.50, n = NULL, client_name = NULL;
-- nothing changed, nothing logged
UPDATE app.booking SET price = 12.50, status = status || '';
DELETE FROM app.booking;
SELECT seq, xid = pg_current_xact_id() AS xid, system_identifier = (SELECT system_identifier FROM pg_control_system()) AS here, at = now() AS at, actor, session_role = session_user AS session_role, operation, event, key, changes FROM app.booking_log ORDER BY seq;
COMMIT;
-- what a poller takes: complete transactions only
SELECT count(*) FROM app.booking_log WHERE xid < pg_snapshot_xmin(pg_current_snapshot());

-- a column of type appointment: its fields
CREATE TABLE app.doc (id text PRIMARY KEY, a appointment, extra text);
SELECT appointment_create_change_log('app."the log"');
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON app.doc FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default');
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON app.doc FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('"the log"', 'id', 'status=a');
INSERT INTO app.doc VALUES ('x', '{"status":"pending","starts_at":"2030-01-01T10:00:00Z","note":"personal","created_at":"2029-01-01T00:00:00Z","status_history":[{"status":"pending","changed_by":"ann","changed_at":"2029-01-01T00:00:00Z"}]}');
UPDATE app.doc SET a = appointment_transition(a, 'scheduled', '2029-01-02T00:00:00Z', 'bob');
UPDATE app.doc SET a = appointment_confirm(a, at => '2029-01-03T00:00:00Z', actor => 'cli');
UPDATE app.doc SET a = appointment_reschedule(a, '2030-02-01T10:00:00Z', at => '2029-01-04T00:00:00Z');
UPDATE app.doc SET a = appointment_transition(a, 'cancelled', '2029-01-05T00:00:00Z', note => 'secret'), extra = 'x';
UPDATE app.doc SET a = appointment_erase(a);
DELETE FROM app.doc;
SELECT actor, operation, event, key, changes FROM app."the log" ORDER BY seq;
-- everything, if asked
CREATE TABLE app.all_log (LIKE app.booking_log INCLUDING ALL);
CREATE OR REPLACE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON app.doc FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('app.all_log', 'id', 'status=a', 'values=*');
INSERT INTO app.doc VALUES ('x', '{"status":"pending","note":"personal"}', 'extra');
SELECT changes - 'status_history' - 'created_at' FROM app.all_log;

-- a service's words
CREATE TABLE app.visit (id int, status text);
CREATE TRIGGER log AFTER INSERT OR UPDATE ON app.visit FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('booking_log', 'id', 'status=status', 'format=savvycal');
INSERT INTO app.visit VALUES (1, 'scheduled');
UPDATE app.visit SET status = 'canceled';
UPDATE app.visit SET status = 'scheduled';
SELECT event, changes FROM app.booking_log ORDER BY seq DESC LIMIT 3;

-- who may write bookings need not be able to read or write the log, and
-- cannot lead it elsewhere
CREATE ROLE regress_log_writer;
GRANT USAGE ON SCHEMA app TO regress_log_writer;
GRANT INSERT, UPDATE, SELECT ON app.visit TO regress_log_writer;
SET ROLE regress_log_writer;
CREATE TEMP TABLE booking_log (LIKE pg_class);
SET search_path = pg_temp;
INSERT INTO app.visit VALUES (2, 'scheduled');
SELECT count(*) FROM app.booking_log;
DROP TABLE booking_log;
RESET search_path;
RESET ROLE;
SELECT event, key, session_role = session_user FROM app.booking_log ORDER BY seq DESC LIMIT 1;
-- an owner who may not write the log
CREATE TABLE app.theirs (id int);
ALTER TABLE app.theirs OWNER TO regress_log_writer;
CREATE TRIGGER log AFTER INSERT ON app.theirs FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('booking_log', 'id');
INSERT INTO app.theirs VALUES (1);
SELECT current_user = session_user AS restored;
-- but with the privilege he may
GRANT INSERT (actor, session_role, operation, event, key, changes) ON app.booking_log TO regress_log_writer;
INSERT INTO app.theirs VALUES (2);
SELECT event, key FROM app.booking_log ORDER BY seq DESC LIMIT 1;
DROP TABLE app.theirs;

-- who may make a trigger on a table cannot have his own log do things with the
-- rights of the table's owner
CREATE SCHEMA hers AUTHORIZATION regress_log_writer;
CREATE TABLE app.mine (id int);
GRANT INSERT, TRIGGER ON app.mine TO regress_log_writer;
SET ROLE regress_log_writer;
CREATE TABLE hers.log (actor text, session_role text, operation text, event text, key text, changes jsonb);
CREATE FUNCTION hers.spy() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.actor := current_user; RETURN NEW; END$$;
CREATE TRIGGER spy BEFORE INSERT ON hers.log FOR EACH ROW EXECUTE FUNCTION hers.spy();
CREATE TRIGGER log AFTER INSERT ON app.mine FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('hers.log', 'id');
INSERT INTO app.mine VALUES (1);
SELECT actor, key FROM hers.log;
RESET ROLE;
DROP TRIGGER log ON app.mine;

-- nor lead the log's triggers elsewhere
SELECT appointment_create_change_log('app.mine_log');
CREATE FUNCTION app.notice() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.event := upper(NEW.event); RETURN NEW; END$$;
CREATE TRIGGER notice BEFORE INSERT ON app.mine_log FOR EACH ROW EXECUTE FUNCTION app.notice();
CREATE TRIGGER log AFTER INSERT ON app.mine FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('mine_log', 'id');
SET ROLE regress_log_writer;
CREATE FUNCTION hers.upper(text) RETURNS text LANGUAGE plpgsql AS $$BEGIN RETURN 'caught ' || current_user = session_user; END$$;
SET search_path = hers, pg_catalog;
INSERT INTO app.mine VALUES (2);
SHOW search_path;
RESET search_path;
RESET ROLE;
SELECT event, key FROM app.mine_log;
DROP TABLE app.mine;
DROP OWNED BY regress_log_writer;
DROP ROLE regress_log_writer;
-- the log under another name, in another session's plan
ALTER TABLE app.booking_log RENAME TO renamed;
INSERT INTO app.visit VALUES (3, 'scheduled');
ALTER TABLE app.renamed RENAME TO booking_log;
INSERT INTO app.visit VALUES (3, 'scheduled');
SELECT event, key FROM app.booking_log ORDER BY seq DESC LIMIT 1;

-- partitions: the log is looked for beside the root
CREATE TABLE app.part (id int, status text) PARTITION BY LIST (id);
CREATE TABLE public.part_1 PARTITION OF app.part FOR VALUES IN (1);
CREATE TRIGGER log AFTER INSERT OR UPDATE ON app.part FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('booking_log', 'id', 'status=status');
INSERT INTO app.part VALUES (1, 'pending');
SELECT event, changes FROM app.booking_log ORDER BY seq DESC LIMIT 1;

-- columns that were dropped, or added since
CREATE TABLE app.altered (gone int, id int, status text, also_gone text);
ALTER TABLE app.altered DROP gone;
CREATE TRIGGER log AFTER INSERT OR UPDATE ON app.altered FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('booking_log', 'id', 'status=status', 'values=*');
INSERT INTO app.altered VALUES (1, 'pending');
ALTER TABLE app.altered DROP also_gone, ADD later int DEFAULT 7;
UPDATE app.altered SET status = 'scheduled';
UPDATE app.altered SET later = 8;
SELECT event, changes FROM app.booking_log ORDER BY seq DESC LIMIT 3;

-- who it was: what somebody else has left in the actor's column tells nothing
CREATE TABLE app.actor (id int, day int, by_whom text, what text) PARTITION BY RANGE (day);
CREATE TABLE app.actor_1 PARTITION OF app.actor FOR VALUES FROM (1) TO (2);
CREATE TABLE app.actor_2 (by_whom text, what text, id int, day int);
ALTER TABLE app.actor ATTACH PARTITION app.actor_2 FOR VALUES FROM (2) TO (3);
SELECT appointment_create_change_log('app.actor_log');
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON app.actor FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('actor_log', 'id', 'actor=by_whom', 'values=what');
INSERT INTO app.actor VALUES (1, 1, 'ann', 'new');
UPDATE app.actor SET what = 'nobody';
UPDATE app.actor SET what = 'bob', by_whom = 'bob';
UPDATE app.actor SET what = 'bob again', by_whom = 'bob';
-- as a row that moves is not new where it comes to
UPDATE app.actor SET what = 'nobody moves', day = 2;
UPDATE app.actor SET what = 'cil moves', day = 1, by_whom = 'cil';
BEGIN;
SET LOCAL appointment.actor = 'desk';
UPDATE app.actor SET what = 'dot', by_whom = 'dot';
UPDATE app.actor SET what = 'desk';
UPDATE app.actor SET what = 'desk moves', day = 2;
INSERT INTO app.actor VALUES (2, 2, NULL, 'desk');
DELETE FROM app.actor WHERE id = 2;
COMMIT;
DELETE FROM app.actor;
SELECT actor, operation, changes -> 'what' AS what FROM app.actor_log ORDER BY seq;
-- the history tells who added its last entry, if one was added
CREATE TABLE app.doc_part (id int, a appointment) PARTITION BY LIST (id);
CREATE TABLE app.doc_part_1 PARTITION OF app.doc_part FOR VALUES IN (1);
CREATE TABLE app.doc_part_2 PARTITION OF app.doc_part FOR VALUES IN (2);
TRUNCATE app.actor_log;
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON app.doc_part FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('actor_log', 'a', 'status=a');
INSERT INTO app.doc_part VALUES (1, '{"status":"pending","status_history":[{"status":"pending","changed_by":"ann","unknown":{"avon":{"x":1}}}]}');
UPDATE app.doc_part SET a = appointment_erase(a);
UPDATE app.doc_part SET id = 2;
UPDATE app.doc_part SET id = 1, a = appointment_transition(a, 'scheduled', actor => 'bob');
SELECT actor, operation, event FROM app.actor_log ORDER BY seq;

-- what is personal is what appointment_erase() takes, wherever it stands
CREATE TABLE app.personal (id int, a appointment, department jsonb, recurrence json, visit_note text);
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON app.personal FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('actor_log', 'id', 'status=a');
TRUNCATE app.actor_log;
INSERT INTO app.personal VALUES (1, '{"status":"pending","client_package_id":"p","case_id":"c","visit_note":"v","recurrence":{"for":"Ann"},"department":{"id":1,"unknown":{"sqod":{"x":"Ann"}}},"status_history":[{"status":"pending","unknown":{"avon":{"why":"Ann"}}}],"cancellation":{"allowed":true,"unknown":{"savvycal":{"x":"Ann"}}}}', '{"x":"Ann"}', '{"x":"Ann"}', 'Ann');
UPDATE app.personal SET a = appointment_set(a, 'status_history', '[{"status":"pending","unknown":{"avon":{"why":"Ann"}}},{"status":"scheduled","unknown":{"avon":{"why":"Ann"}}}]');
UPDATE app.personal SET a = appointment_set(a, 'department', '{"id":1,"unknown":{"sqod":{"x":"Bob"}}}');
UPDATE app.personal SET a = appointment_set(a, 'department', '{"id":2,"unknown":{"sqod":{"x":"Bob"}}}');
SELECT operation, changes FROM app.actor_log ORDER BY seq;
SELECT count(*) FROM app.actor_log WHERE changes::text ~ 'Ann|Bob';
TRUNCATE app.actor_log;
UPDATE app.personal SET a = appointment_erase(a);
SELECT string_agg(c.key, ' ') FROM app.actor_log, jsonb_each(changes) c;
DELETE FROM app.personal;
SELECT changes FROM app.actor_log ORDER BY seq DESC LIMIT 1;

-- the log never refuses a row that the table takes: JSON that jsonb cannot hold
CREATE TABLE app.odd (id int, j json, b jsonb, n numeric[], f float8, t text, k text);
TRUNCATE app.actor_log;
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON app.odd FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('actor_log', 'id', 'values=*');
INSERT INTO app.odd (id, j) VALUES (1, '{"x":"\u0000"}'), (2, '[1e500000]'), (3, '"\ud800"'), (4, ' {"a": [1, 1.50], "a": 2} ');
-- as deep as json can be, and from far down
CREATE FUNCTION app.insert_odd(level int, id int, j json) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF level = 0 THEN
		INSERT INTO app.odd (id, j) VALUES (id, j);
	ELSE
		PERFORM app.insert_odd(level - 1, id, j);
	END IF;
END
$$;
DO $$
DECLARE
	j json;
BEGIN
	FOR n IN 1000 .. 1000000 BY 500 LOOP
		BEGIN
			j := repeat('[', n) || repeat(']', n);
		EXCEPTION WHEN statement_too_complex THEN
			EXIT;
		END;
		PERFORM app.insert_odd(50, 1000 + n, j);
	END LOOP;
END
$$;
UPDATE app.odd SET j = '{"x":"\u0000"}', b = '{"y": 1}', f = 'Infinity' WHERE id = 4;
INSERT INTO app.odd (id, b, n) SELECT 7, jsonb_agg(x), array_agg(x) FROM (SELECT '1e131071'::numeric AS x FROM generate_series(1, 130)) v;
INSERT INTO app.odd (id, t, k) VALUES (8, repeat('x', 20000000), repeat(E'\x01', 3000000));
SELECT key, CASE WHEN length(changes::text) < 200 THEN changes END AS changes FROM app.actor_log WHERE key::int < 9 ORDER BY seq;
SELECT count(*) = (SELECT count(*) FROM app.odd WHERE id > 1000) AS all, count(*) > 1 AS some, bool_or(jsonb_typeof(changes -> 'j' -> 'new') = 'string') AS string FROM app.actor_log WHERE key::int > 9;
DELETE FROM app.odd WHERE id < 7;
TRUNCATE app.odd;
-- a type whose output fails
CREATE TYPE app.failing;
SET client_min_messages = warning;
CREATE FUNCTION app.failing_in(cstring) RETURNS app.failing IMMUTABLE STRICT LANGUAGE internal AS 'int8in';
CREATE FUNCTION app.failing_out(app.failing) RETURNS cstring IMMUTABLE STRICT LANGUAGE internal AS 'timestamp_out';
RESET client_min_messages;
CREATE TYPE app.failing (INPUT = app.failing_in, OUTPUT = app.failing_out, LIKE = int8);
TRUNCATE app.actor_log;
ALTER TABLE app.odd ADD x app.failing;
INSERT INTO app.odd (id, x) VALUES (9, '-9223372036854775000'), (10, '0');
SELECT x FROM app.odd WHERE id = 9;
SELECT changes FROM app.actor_log ORDER BY seq;
ALTER TABLE app.odd DROP x;
-- a key that is too long for an index
TRUNCATE app.actor_log;
CREATE OR REPLACE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON app.odd FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('actor_log', 'k');
INSERT INTO app.odd (k) SELECT string_agg(md5(n::text), U&'\20AC') FROM generate_series(1, 1000) n;
SELECT length(key), octet_length(key) FROM app.actor_log;
-- a rule of the log's own
CREATE RULE nothing AS ON INSERT TO app.actor_log DO INSTEAD NOTHING;
INSERT INTO app.odd (k) VALUES ('x');
SELECT count(*) FROM app.actor_log;
DROP RULE nothing ON app.actor_log;
-- a log without the cluster, and then with it
CREATE TABLE app.bare_log (actor text, session_role text, operation text, event text, key text, changes jsonb);
CREATE OR REPLACE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON app.odd FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('bare_log', 'k');
INSERT INTO app.odd (k) VALUES ('x');
ALTER TABLE app.bare_log ADD system_identifier text;
INSERT INTO app.odd (k) VALUES ('y');
SELECT key, system_identifier = (SELECT system_identifier::text FROM pg_control_system()) AS here FROM app.bare_log;

-- a key and a person of a padded type, as a cast to text has them: in the log,
-- in the history, and in what the guard tells
CREATE DOMAIN app.code AS char(6);
CREATE TABLE app.padded (id app.code PRIMARY KEY, status text, who char(8), history jsonb, held occupancy);
CREATE INDEX padded_held ON app.padded USING gist (held);
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON app.padded FOR EACH ROW EXECUTE FUNCTION occupancy_guard('padded_held');
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON app.padded FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'actor=who', 'history=history');
CREATE TRIGGER log AFTER INSERT OR UPDATE ON app.padded FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('bare_log', 'id', 'actor=who');
INSERT INTO app.padded VALUES ('r1', 'pending', 'ann', NULL, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}');
SELECT format('[%s] [%s] [%s]', p.id, l.actor, history -> 0 ->> 'changed_by') FROM app.padded p JOIN app.bare_log l ON l.key = p.id::text;
INSERT INTO app.padded VALUES ('r2', 'pending', 'ann', NULL, '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}');

-- wrong triggers
\pset tuples_only off
CREATE TABLE app.wrong (id int);
CREATE TRIGGER log BEFORE INSERT ON app.wrong FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('booking_log', 'id');
INSERT INTO app.wrong VALUES (1);
CREATE OR REPLACE TRIGGER log AFTER INSERT ON app.wrong EXECUTE FUNCTION appointment_log_changes('booking_log', 'id');
INSERT INTO app.wrong VALUES (1);
CREATE OR REPLACE TRIGGER log AFTER INSERT ON app.wrong FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('booking_log');
INSERT INTO app.wrong VALUES (1);
CREATE OR REPLACE TRIGGER log AFTER INSERT ON app.wrong FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('nothing', 'id');
INSERT INTO app.wrong VALUES (1);
CREATE OR REPLACE TRIGGER log AFTER INSERT ON app.wrong FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('booking_log', 'nothing');
INSERT INTO app.wrong VALUES (1);
CREATE OR REPLACE TRIGGER log AFTER INSERT ON app.wrong FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('booking_log', 'id', 'nothing=id');
INSERT INTO app.wrong VALUES (1);
CREATE OR REPLACE TRIGGER log AFTER INSERT ON app.wrong FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('booking_log', 'id', 'status=id');
INSERT INTO app.wrong VALUES (1);
CREATE OR REPLACE TRIGGER log AFTER INSERT ON app.wrong FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('booking_log', 'id', 'values=id,nothing');
INSERT INTO app.wrong VALUES (1);
CREATE OR REPLACE TRIGGER log AFTER INSERT ON app.wrong FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('wrong', 'id');
INSERT INTO app.wrong VALUES (1);
SELECT appointment_log_changes();
SELECT appointment_create_change_log('app.booking_log');
SELECT appointment_create_change_log('nowhere.x');
SELECT appointment_create_change_log('');
SELECT appointment_create_change_log(NULL) IS NULL AS null;
SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
