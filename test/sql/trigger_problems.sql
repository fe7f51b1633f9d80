--
-- Whether triggers will work, before they fire
--
SET TimeZone = 'UTC';
CREATE SCHEMA app;
SET search_path = app, public;
\pset null -
\pset format unaligned

SELECT appointment_create_change_log('app.log');
INSERT INTO appointment_lifecycle VALUES ('ours', NULL, 'open', '{}'), ('ours', 'open', 'closed', '{closed_on}');
CREATE TABLE booking (id int PRIMARY KEY DEFAULT 1, status text DEFAULT 'open', ends_at timestamptz, closed_on date DEFAULT '2030-01-01', who text, history jsonb);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'ours', 'actor=who', 'history=history');
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON booking FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('log', 'id', 'status=status', 'actor=who');
CREATE VIEW problems AS SELECT p.* FROM appointment_trigger_problems('booking') p;
-- all is well
SELECT * FROM problems;
SELECT * FROM appointment_trigger_problems('log');

-- what was renamed, dropped or changed since: as the trigger itself says it
CREATE PROCEDURE try(change text) LANGUAGE plpgsql AS $$
DECLARE
	rows problems[];
	p problems;
	s text; m text; d text; h text; c text;
BEGIN
	EXECUTE change;
	rows := ARRAY(SELECT x FROM problems x);
	FOREACH p IN ARRAY rows LOOP
		RAISE NOTICE '% | % | % | % | % | %', p.relation, p.trigger, p.sqlstate, p.message, p.detail, p.hint;
	END LOOP;
	BEGIN
		INSERT INTO booking DEFAULT VALUES;
		UPDATE booking SET status = 'closed';
		RAISE NOTICE 'it fires';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS s = RETURNED_SQLSTATE, m = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT, c = PG_EXCEPTION_CONTEXT;
		IF EXISTS (SELECT FROM unnest(rows) x WHERE (s, m, d, h) = (x.sqlstate, x.message, coalesce(x.detail, ''), coalesce(x.hint, ''))) THEN
			RAISE NOTICE 'it raises the same, %', split_part(c, E'\n', 1);
		ELSE
			RAISE NOTICE 'it raises: % | %', s, m;
		END IF;
	END;
	ROLLBACK;
END
$$;
\set VERBOSITY terse
CALL try('ALTER TABLE booking RENAME status TO state');
CALL try('ALTER TABLE booking RENAME who TO whom');
CALL try('ALTER TABLE booking RENAME id TO number');
CALL try('ALTER TABLE booking DROP history');
CALL try('ALTER TABLE booking ALTER history TYPE json USING history::json');
CALL try('ALTER TABLE booking DROP status, ADD status int DEFAULT 1');
CALL try('ALTER TABLE booking DROP closed_on');
CALL try('ALTER TABLE booking DROP status, ADD status text GENERATED ALWAYS AS (who) STORED');
CALL try($$UPDATE appointment_lifecycle SET lifecycle = 'theirs' WHERE NOT shipped$$);
CALL try('ALTER TABLE log RENAME TO renamed');
CALL try('ALTER TABLE log SET SCHEMA public');
CALL try('ALTER TABLE log RENAME actor TO who');
CALL try('ALTER TABLE log ALTER changes TYPE bytea USING NULL');
CALL try('ALTER TABLE log DROP actor, ADD actor text GENERATED ALWAYS AS (key) STORED');
CALL try('ALTER TABLE log ADD more text NOT NULL');
CALL try('DROP TABLE log; CREATE SEQUENCE log');
CALL try('ALTER TABLE booking RENAME TO booking_old; CREATE TABLE booking (id int, status text, closed_on date)');
-- what no firing would notice
CALL try('ALTER TABLE booking DISABLE TRIGGER life');
CALL try('ALTER TABLE booking ENABLE REPLICA TRIGGER log');
CALL try($$CREATE OR REPLACE TRIGGER life BEFORE UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'ours')$$);
CALL try($$CREATE OR REPLACE TRIGGER life BEFORE INSERT OR UPDATE OF status, "closed_on" ON booking FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'ours')$$);
CALL try($$UPDATE appointment_lifecycle SET not_after = 'ends_at' WHERE lifecycle = 'ours' AND from_status IS NOT NULL$$);
-- wrong triggers
CALL try($$CREATE OR REPLACE TRIGGER life AFTER INSERT OR UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'ours')$$);
CALL try($$CREATE OR REPLACE TRIGGER life BEFORE INSERT OR UPDATE ON booking EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'ours')$$);
CALL try($$CREATE OR REPLACE TRIGGER log BEFORE INSERT OR UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('log', 'id')$$);
CALL try($$CREATE OR REPLACE TRIGGER log AFTER INSERT ON booking FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('log')$$);
\set VERBOSITY default
-- several at once; other triggers are not ours to judge, whatever their name
ALTER TABLE booking RENAME status TO state;
CREATE FUNCTION appointment_enforce_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE TRIGGER other BEFORE INSERT ON booking FOR EACH ROW EXECUTE FUNCTION app.appointment_enforce_lifecycle('nothing');
SELECT trigger, sqlstate, message FROM problems;
DROP TRIGGER other ON booking;
DROP FUNCTION app.appointment_enforce_lifecycle;
ALTER TABLE booking RENAME state TO status;

-- a value: its own fields
CREATE TABLE doc (a appointment);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON doc FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'ours');
SELECT * FROM appointment_trigger_problems('doc');

-- partitions: what is wrong with all of them is said once
CREATE TABLE part (id int, status text, closed_on date) PARTITION BY LIST (id);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON part FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'ours');
SELECT * FROM appointment_trigger_problems('part');
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1) PARTITION BY LIST (status);
CREATE TABLE part_1_all PARTITION OF part_1 DEFAULT;
CREATE TABLE part_2 PARTITION OF part FOR VALUES IN (2);
SELECT * FROM appointment_trigger_problems('part');
ALTER TABLE part_2 DISABLE TRIGGER life;
CREATE TRIGGER log AFTER INSERT ON part_1_all FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('nothing', 'id');
SELECT relation, trigger, sqlstate, message FROM appointment_trigger_problems('part');
ALTER TABLE part RENAME status TO state;
SELECT relation, trigger, sqlstate, message FROM appointment_trigger_problems('part');
SELECT relation, trigger, sqlstate, message FROM appointment_trigger_problems('part_1_all');

-- who may ask, and whose rights count
SELECT * FROM appointment_trigger_problems(NULL);
SELECT * FROM appointment_trigger_problems('pg_class_oid_index');
SELECT * FROM appointment_trigger_problems(1);
CREATE ROLE regress_problems_owner;
CREATE ROLE regress_problems_writer;
GRANT USAGE ON SCHEMA app TO regress_problems_owner, regress_problems_writer;
CREATE SCHEMA audit;
SELECT appointment_create_change_log('audit.log');
CREATE TABLE owned (id int);
ALTER TABLE owned OWNER TO regress_problems_owner;
CREATE TRIGGER log AFTER INSERT ON owned FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('audit.log', 'id');
SET ROLE regress_problems_writer;
SELECT * FROM appointment_trigger_problems('owned');
RESET ROLE;
GRANT INSERT ON owned TO regress_problems_writer;
SET ROLE regress_problems_writer;
SELECT * FROM appointment_trigger_problems('owned');
RESET ROLE;
GRANT USAGE ON SCHEMA audit TO regress_problems_owner;
SET ROLE regress_problems_writer;
SELECT * FROM appointment_trigger_problems('owned');
RESET ROLE;
GRANT INSERT ON audit.log TO regress_problems_owner;
SET ROLE regress_problems_writer;
SELECT * FROM appointment_trigger_problems('owned');
-- who writes the table need not see the log's schema
INSERT INTO owned VALUES (1);
SELECT current_user, current_setting('search_path');
RESET ROLE;
SELECT event, key FROM audit.log;
-- a log whose owner may not write it
ALTER TABLE audit.log OWNER TO regress_problems_owner;
REVOKE INSERT ON audit.log FROM regress_problems_owner;
SELECT * FROM appointment_trigger_problems('owned');
DROP OWNED BY regress_problems_owner, regress_problems_writer;
DROP ROLE regress_problems_owner, regress_problems_writer;
DELETE FROM appointment_lifecycle WHERE NOT shipped;
SET client_min_messages = warning;
DROP SCHEMA app, audit CASCADE;
