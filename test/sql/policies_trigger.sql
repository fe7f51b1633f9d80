--
-- Notices, enforced by the trigger of a life cycle: on ordinary columns, on a
-- value, and by the rows of the life cycle
--
CREATE SCHEMA regress_policies_trigger;
SET search_path = regress_policies_trigger, public;
SET timezone = 'UTC';
SET datestyle = 'ISO';

-- Nobody knows the future, so starts are relative to now(), which is one in each
-- part, and a message has "T" in the place of an instant, with how far that is
-- from now().
CREATE FUNCTION attempt(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	detail text;
	hint text;
	t text;
	c text;
	n text;
	instant text;
BEGIN
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS result = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, t = TABLE_NAME, c = COLUMN_NAME, n = CONSTRAINT_NAME;
	result := concat_ws(E'\n', SQLSTATE || ': ' || result, nullif(concat_ws('.', nullif(t, ''), nullif(c, ''), nullif(n, '')), ''), nullif(detail, ''), nullif(hint, ''));
	FOR instant IN SELECT DISTINCT x[1] FROM regexp_matches(result, '\d{4}-\d\d-\d\dT[0-9:.]+Z', 'g') AS x LOOP
		result := replace(result, instant, format('T(%s)', (instant::timestamptz - now())::text));
	END LOOP;
	RETURN result;
END $$;

CREATE ROLE regress_policies_desk;
CREATE ROLE regress_policies_nurse IN ROLE regress_policies_desk;
CREATE ROLE regress_policies_client;
GRANT USAGE ON SCHEMA regress_policies_trigger TO PUBLIC;

-- ---------------------------------------------------------------------
-- ordinary columns
-- ---------------------------------------------------------------------

BEGIN;
CREATE TABLE visit (id int PRIMARY KEY, status text DEFAULT 'scheduled', starts_at timestamptz, ends_at timestamptz, notice int, move_notice interval,
	zone text, history jsonb, changed_by text, note text);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'starts_at=starts_at', 'ends_at=ends_at',
	'cancellation_notice=notice', 'rescheduling_notice=move_notice', 'time_zone=zone', 'exempt=regress_policies_desk', 'history=history', 'actor=changed_by');
GRANT ALL ON visit TO PUBLIC;
INSERT INTO visit (id, starts_at, ends_at, notice, move_notice)
SELECT id, now() + away, now() + away + interval '1 hour', notice, move_notice FROM (VALUES (1, interval '1 day', 1440, interval '24 hours'), (2, '1 day', 1441, '24 hours 1 microsecond'), (3, '1 day', NULL, NULL), (4, NULL, 1440, '1 day'),
	(5, '-1 hour', 0, '0'), (6, '1 hour', 0, '0'), (7, '1 hour', -5, '-5 minutes'), (8, '1 day', 2147483647, '100000000 years')) AS v (id, away, notice, move_notice);
INSERT INTO visit (id, starts_at, notice, move_notice) VALUES (9, 'infinity', 60, '1 hour'), (10, '-infinity', 60, '1 hour');
-- each in a subtransaction that is undone
CREATE FUNCTION undone(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	BEGIN
		result := attempt(statement);
		RAISE EXCEPTION USING ERRCODE = 'ZZZZZ';
	EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN
		RETURN result;
	END;
END $$;
SET ROLE regress_policies_client;
SELECT id, notice, undone(format('UPDATE visit SET status = ''cancelled'' WHERE id = %s', id)) FROM visit ORDER BY id;
SELECT id, move_notice, undone(format('UPDATE visit SET starts_at = ''2999-01-01'', ends_at = ''2999-01-02'' WHERE id = %s', id)) FROM visit ORDER BY id;
SELECT id, undone(format('UPDATE visit SET ends_at = NULL WHERE id = %s', id)) FROM visit WHERE id IN (1, 2) ORDER BY id;
-- what is no cancelling and no moving
SELECT undone('UPDATE visit SET note = ''x'', zone = ''UTC''') AS other_columns, undone('UPDATE visit SET status = ''arrived''') AS other_status, undone('UPDATE visit SET starts_at = starts_at, ends_at = ends_at') AS not_moved;
-- The row as it was counts: neither a lower notice nor a later start helps.
SELECT undone('UPDATE visit SET status = ''cancelled'', notice = 0 WHERE id = 2') AS lower, undone('UPDATE visit SET status = ''cancelled'', notice = NULL, move_notice = NULL, starts_at = ''2999-01-01'', ends_at = NULL WHERE id = 2') AS later;
-- nor does an earlier time, which the history tells, or another's name
SELECT undone($$UPDATE visit SET status = 'cancelled', history = '[]' || jsonb_build_object('status', 'cancelled', 'changed_at', '2020-01-01T00:00:00Z') WHERE id = 2$$) AS history_gone,
	undone($$UPDATE visit SET status = 'cancelled', history = history || jsonb_build_object('status', 'cancelled', 'changed_at', history -> -1 -> 'changed_at') WHERE id = 2$$) AS told,
	undone($$UPDATE visit SET status = 'cancelled', history = history || jsonb_build_object('status', 'cancelled', 'changed_at', history -> -1 -> 'changed_at') WHERE id = 1$$) AS in_time;
SELECT undone($$UPDATE visit SET status = 'cancelled', changed_by = 'regress_policies_desk' WHERE id = 2$$) AS actor;
SET appointment.actor = 'regress_policies_desk';
SELECT undone($$UPDATE visit SET status = 'cancelled' WHERE id = 2$$) AS actor;
RESET appointment.actor;
RESET ROLE;
-- who may set it lower in a statement of its own: who has the privilege
REVOKE UPDATE ON visit FROM PUBLIC;
GRANT UPDATE (status, note, starts_at, ends_at) ON visit TO regress_policies_client;
SET ROLE regress_policies_client;
SELECT undone('UPDATE visit SET notice = 0 WHERE id = 2') AS lower, undone('UPDATE visit SET status = ''cancelled'' WHERE id = 1') AS in_time, undone('UPDATE visit SET status = ''cancelled'' WHERE id = 2') AS late;
RESET ROLE;
GRANT UPDATE ON visit TO PUBLIC;
-- members, and a function that is theirs
SET ROLE regress_policies_nurse;
SELECT undone('UPDATE visit SET status = ''cancelled''') AS cancelled, undone('UPDATE visit SET starts_at = ''2999-01-01'', ends_at = ''2999-01-02''') AS moved;
RESET ROLE;
CREATE FUNCTION cancel_for_client(int) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = regress_policies_trigger, pg_temp AS $$ UPDATE visit SET status = 'cancelled' WHERE id = $1 $$;
ALTER FUNCTION cancel_for_client(int) OWNER TO regress_policies_nurse;
SET ROLE regress_policies_client;
SELECT undone('SELECT cancel_for_client(2)') AS through_a_function;
-- what is upserted, or new
SELECT undone($$INSERT INTO visit (id, starts_at) VALUES (2, '2999-01-01') ON CONFLICT (id) DO UPDATE SET status = 'cancelled'$$) AS upsert;
SELECT undone($$INSERT INTO visit (id, starts_at, notice) VALUES (20, '2000-01-01', 60)$$) AS new_row;
RESET ROLE;
COMMIT;

-- ---------------------------------------------------------------------
-- a change of the clocks between notice and start
-- ---------------------------------------------------------------------

-- The trigger's own deadline, by the error of somebody who is late by far.
CREATE TABLE past (id int, status text DEFAULT 'scheduled', starts_at timestamptz, notice interval, zone varchar(40));
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON past FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'starts_at=starts_at', 'cancellation_notice=notice', 'time_zone=zone');
CREATE FUNCTION deadline(id int) RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE format('UPDATE past SET status = ''cancelled'' WHERE id = %s', id);
	RETURN NULL;
EXCEPTION WHEN check_violation THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail::jsonb ->> 'deadline';
END $$;
INSERT INTO past (id, starts_at, notice, zone) VALUES (1, '2026-03-29 10:00+02', '1 day', 'Europe/Berlin'), (2, '2026-03-29 10:00+02', '24 hours', 'Europe/Berlin'), (3, '2026-03-29 10:00+02', '1 day', NULL),
	(4, '2026-03-29 10:00+02', '1 day', 'Europe/Nowhere'), (5, '2025-10-26 10:00+01', '1 day', 'Europe/Berlin');
SELECT id, notice, zone, deadline(id), deadline(id) = change_deadline(starts_at, notice, nullif(zone, 'Europe/Nowhere')) AS as_the_function FROM past ORDER BY id;
-- generated rows, in three zones
SELECT setseed(0.153), 'seed 0.153' AS seed;
INSERT INTO past SELECT n, 'scheduled', '2020-01-01Z'::timestamptz + random() * interval '5 years', make_interval(months => (random() * 2)::int, days => (random() * 9)::int, secs => (random() * 90000)::int),
	(ARRAY['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', NULL])[1 + floor(random() * 4)::int] FROM generate_series(101, 1100) n;
SELECT count(*) AS rows, count(*) FILTER (WHERE deadline(id) IS DISTINCT FROM change_deadline(starts_at, notice, zone)) AS disagree FROM past WHERE id > 100;

-- ---------------------------------------------------------------------
-- life cycles with a notice
-- ---------------------------------------------------------------------

BEGIN;
INSERT INTO appointment_lifecycle (lifecycle, from_status, to_status, not_after, notice, exempt) VALUES
	('policies', NULL, 'scheduled', NULL, NULL, NULL), ('policies', 'scheduled', 'cancelled', 'starts_at', '24 hours', 'regress_policies_desk'), ('policies', 'cancelled', 'scheduled', 'starts_at', '1 hour', NULL);
CREATE TABLE by_row (id int PRIMARY KEY, status text DEFAULT 'scheduled', starts_at timestamptz, notice smallint, history jsonb);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON by_row FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'policies', 'starts_at=starts_at', 'cancellation_notice=notice', 'history=history');
CREATE TABLE by_value (id int PRIMARY KEY, a appointment);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON by_value FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'policies');
GRANT ALL ON by_row, by_value TO PUBLIC;
INSERT INTO by_row (id, starts_at, notice) VALUES (1, now() + interval '24 hours', NULL), (2, now() + interval '24 hours -1 microsecond', NULL), (3, NULL, NULL), (4, now() + interval '24 hours', 1441);
INSERT INTO by_value SELECT id, appointment_from_row(r) FROM (SELECT id, starts_at, notice AS cancellation_notice, 'scheduled' AS status, 'UTC' AS time_zone FROM by_row) r;
SET ROLE regress_policies_client;
SELECT id, undone(format('UPDATE by_row SET status = ''cancelled'' WHERE id = %s', id)) AS by_row, undone(format('UPDATE by_value SET a = appointment_set(a, ''status'', ''"cancelled"'') WHERE id = %s', id)) AS by_value FROM by_row ORDER BY id;
SELECT undone('UPDATE by_row SET status = ''cancelled'', starts_at = ''2999-01-01'' WHERE id = 2') AS by_row,
	undone('UPDATE by_value SET a = appointment_set(appointment_set(a, ''status'', ''"cancelled"''), ''starts_at'', ''"2999-01-01T00:00:00Z"'') WHERE id = 2') AS by_value;
-- exempt is from a value's own notice, not from the row's; nor is a time that is told
SELECT undone('UPDATE by_value SET a = appointment_transition(a, ''cancelled'', lifecycle => ''policies'', exempt => true) WHERE id = 2') AS exempt,
	undone('UPDATE by_value SET a = appointment_transition(a, ''cancelled'', exempt => true) WHERE id = 2') AS other_life_cycle,
	undone('UPDATE by_value SET a = appointment_set(appointment_set(a, ''status_history'', (a -> ''status_history'') || jsonb_build_object(''status'', ''cancelled'', ''changed_at'', (a -> ''status_history'') -> -1 -> ''changed_at'')), ''status'', ''"cancelled"'') WHERE id = 2') AS told;
RESET ROLE;
SET ROLE regress_policies_nurse;
SELECT id, undone(format('UPDATE by_row SET status = ''cancelled'' WHERE id = %s', id)) AS by_row, undone(format('UPDATE by_value SET a = appointment_transition(a, ''cancelled'', lifecycle => ''policies'') WHERE id = %s', id)) AS by_value FROM by_row ORDER BY id;
RESET ROLE;
-- what is booked again at another time has that time's deadline
SELECT attempt('UPDATE by_row SET status = ''cancelled'' WHERE id = 1') AS cancelled, undone('UPDATE by_row SET status = ''scheduled'', starts_at = now() + interval ''1 minute'' WHERE id = 1') AS too_soon,
	undone('UPDATE by_row SET status = ''scheduled'', starts_at = now() + interval ''2 hours'' WHERE id = 1') AS again;
-- Changes of the life cycle count at once.
UPDATE appointment_lifecycle SET notice = '23 hours' WHERE lifecycle = 'policies' AND to_status = 'cancelled';
SELECT undone('UPDATE by_row SET status = ''cancelled'' WHERE id = 2') AS shorter;
UPDATE appointment_lifecycle SET notice = '48 hours', exempt = 'regress_policies_nobody' WHERE lifecycle = 'policies' AND to_status = 'cancelled';
SELECT undone('UPDATE by_row SET status = ''cancelled'' WHERE id = 2') AS no_such_role;
SELECT relation, trigger, sqlstate, message, detail, hint FROM appointment_trigger_problems('by_row');
UPDATE appointment_lifecycle SET exempt = NULL WHERE lifecycle = 'policies';

-- ---------------------------------------------------------------------
-- a value's own notices, if the trigger says so
-- ---------------------------------------------------------------------

CREATE TABLE held_to (id int PRIMARY KEY, a appointment);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON held_to FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default', 'notices=enforce', 'exempt=regress_policies_desk');
GRANT ALL ON held_to TO PUBLIC;
INSERT INTO held_to SELECT id, appointment_from_row(r) FROM (SELECT id, starts_at, starts_at + interval '1 hour' AS ends_at, 1441 AS cancellation_notice, 1441 AS rescheduling_notice, 'scheduled' AS status FROM by_row WHERE id IN (2, 3)) r;
INSERT INTO held_to VALUES (5, NULL), (6, '{"status":"scheduled"}');
SET ROLE regress_policies_client;
SELECT x, undone(format('UPDATE held_to SET a = %s WHERE id = 2', x)) FROM unnest(ARRAY[
	'appointment_set(a, ''status'', ''"cancelled"'')', 'appointment_set(a, ''starts_at'', ''"2020-01-01T00:00:00Z"'')', 'appointment_set(a, ''note'', ''"x"'')',
	'appointment_transition(a, ''cancelled'', exempt => true)', 'appointment_reschedule(a, ''2999-01-01'', exempt => true)', 'appointment_confirm(a)',
	'appointment_set(appointment_set(a, ''cancellation_notice'', ''0''), ''status'', ''"cancelled"'')', 'appointment_transition(a, ''arrived'')',
	'appointment_set(appointment_set(a, ''rescheduling_notice'', NULL), ''starts_at'', ''"2020-01-01T00:00:00Z"'')']) WITH ORDINALITY AS u (x, n) ORDER BY n;
SELECT undone('UPDATE held_to SET a = ''{"status":"scheduled"}'' WHERE id = 5') AS first_value, undone('UPDATE held_to SET a = appointment_transition(a, ''cancelled'') WHERE id IN (3, 6)') AS no_start;
RESET ROLE;
SET ROLE regress_policies_nurse;
SELECT undone('UPDATE held_to SET a = appointment_transition(a, ''cancelled'', exempt => true) WHERE a IS NOT NULL') AS cancelled, undone('UPDATE held_to SET a = appointment_reschedule(a, ''2999-01-01'', exempt => true) WHERE id = 2') AS moved;
RESET ROLE;
-- a life cycle's exempt role may cancel, not move
CREATE OR REPLACE TRIGGER life BEFORE INSERT OR UPDATE ON held_to FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'policies', 'notices=enforce');
UPDATE appointment_lifecycle SET exempt = 'regress_policies_desk' WHERE lifecycle = 'policies' AND to_status = 'cancelled';
SET ROLE regress_policies_nurse;
SELECT undone('UPDATE held_to SET a = appointment_transition(a, ''cancelled'', exempt => true) WHERE id = 2') AS cancelled, undone('UPDATE held_to SET a = appointment_reschedule(a, ''2999-01-01'', exempt => true) WHERE id = 2') AS moved;
RESET ROLE;
CREATE OR REPLACE TRIGGER life BEFORE INSERT OR UPDATE ON held_to FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default', 'notices=ignore');
SELECT undone('UPDATE held_to SET a = appointment_set(a, ''status'', ''"cancelled"'') WHERE id = 2') AS ignored;
CREATE OR REPLACE TRIGGER life BEFORE INSERT OR UPDATE ON held_to FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default', 'notices=enforce', 'mode=record');
SELECT undone('UPDATE held_to SET a = appointment_set(a, ''status'', ''"cancelled"'') WHERE id = 2') AS recorded;
COMMIT;

-- ---------------------------------------------------------------------
-- arguments, partitions, a service's words
-- ---------------------------------------------------------------------

BEGIN;
CREATE TABLE wrong (status text, starts_at timestamptz, start_date date, notice int, big bigint, number numeric, zone text, a appointment, during tstzrange, lower timestamptz GENERATED ALWAYS AS (lower(during)) STORED);
CREATE FUNCTION wrong(arguments text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE 'CREATE OR REPLACE TRIGGER life BEFORE INSERT OR UPDATE ON wrong FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle(' || arguments || ')';
	RETURN attempt('INSERT INTO wrong (status, a) VALUES (''scheduled'', ''{"status":"scheduled"}'')');
END $$;
SELECT arguments, wrong(arguments) FROM unnest(ARRAY[
	$$'status', 'default', 'cancellation_notice=notice'$$, $$'status', 'default', 'rescheduling_notice=big', 'ends_at=starts_at'$$,
	$$'status', 'default', 'cancellation_notice=number', 'starts_at=starts_at'$$, $$'status', 'default', 'cancellation_notice=zone', 'starts_at=starts_at'$$,
	$$'status', 'default', 'cancellation_notice=notice', 'starts_at=start_date'$$, $$'status', 'default', 'cancellation_notice=notice', 'starts_at=lower'$$,
	$$'status', 'default', 'cancellation_notice=none', 'starts_at=starts_at'$$, $$'status', 'default', 'time_zone=notice'$$, $$'status', 'default', 'notices=enforce'$$,
	$$'a', 'default', 'cancellation_notice=notice'$$, $$'a', 'default', 'time_zone=zone'$$, $$'a', 'default', 'notices=yes'$$,
	$$'status', 'default', 'cancellation_notice=big', 'starts_at=starts_at', 'exempt=regress_policies_nobody'$$]) WITH ORDINALITY AS a (arguments, n) ORDER BY n;
SELECT sqlstate, message, detail, hint FROM appointment_trigger_problems('wrong');
UPDATE wrong SET starts_at = '2020-01-01', big = 9223372036854775807;
SELECT undone('UPDATE wrong SET status = ''cancelled''');
UPDATE wrong SET big = -9223372036854775808, starts_at = now();
SELECT undone('UPDATE wrong SET status = ''cancelled''') AS counts_as_none;
-- a trigger that only records
CREATE OR REPLACE TRIGGER life BEFORE INSERT OR UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'starts_at=starts_at', 'cancellation_notice=notice', 'rescheduling_notice=move_notice', 'mode=record');
SELECT undone('UPDATE visit SET status = ''cancelled'', starts_at = ''2999-01-01'', ends_at = NULL') AS recorded;
-- a service's words
CREATE TABLE worded (status text, starts_at timestamptz, notice int);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON worded FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'savvycal', 'format=savvycal', 'starts_at=starts_at', 'cancellation_notice=notice');
INSERT INTO worded VALUES ('scheduled', now() + interval '1 hour', 61);
SELECT attempt('UPDATE worded SET status = ''canceled''');
-- A row that moves to another partition is moved all the same.
CREATE TABLE parted (id int, status text, starts_at timestamptz, notice int) PARTITION BY RANGE (starts_at);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (MINVALUE) TO ('2500-01-01');
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM ('2500-01-01') TO (MAXVALUE);
CREATE TRIGGER life BEFORE INSERT OR UPDATE ON parted FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'starts_at=starts_at', 'cancellation_notice=notice', 'rescheduling_notice=notice');
INSERT INTO parted VALUES (1, 'scheduled', now() + interval '1 hour', 60), (2, 'scheduled', now() + interval '1 hour', 61);
SELECT id, undone(format('UPDATE parted SET starts_at = ''2999-01-01'' WHERE id = %s', id)) AS moved, undone(format('UPDATE parted SET starts_at = ''2999-01-01'', status = ''cancelled'' WHERE id = %s', id)) AS cancelled FROM parted ORDER BY id;
COMMIT;

DROP OWNED BY regress_policies_desk, regress_policies_nurse, regress_policies_client CASCADE;
DROP ROLE regress_policies_desk, regress_policies_nurse, regress_policies_client;
DELETE FROM appointment_lifecycle WHERE lifecycle = 'policies';
