-- Changes of status and confirmation by the arguments alone: immutable, so that
-- they can stand over a column where a function that reads a table or a setting
-- cannot.  The trigger is what checks them.
CREATE SCHEMA regress_lifecycle_change;
SET search_path = regress_lifecycle_change, public;
SET TimeZone = 'UTC';

SELECT proname, provolatile, proparallel FROM pg_proc WHERE proname LIKE 'appointment\_change\_%' ORDER BY proname;

-- the same as what asks the life cycle, for each transition that there is
CREATE TABLE before AS SELECT v::appointment AS a FROM (VALUES
	('{"id":"app_1","note":"N","starts_at":"2026-03-02T10:00:00Z","ends_at":"2026-03-02T11:00:00Z","attendees":[{"id":"att_1"}]}'),
	('{"id":"app_2","confirmed":true,"hold_expires_at":"2026-03-02T10:00:00Z","cancelled_at":"2026-03-01T10:00:00Z","cancellation_note":"ill","actual_starts_at":"2026-03-01T10:00:00Z","actual_ends_at":"2026-03-01T11:00:00Z","attendees":[{"id":"att_1","no_show":true}],"status_history":[{"status":"pending","changed_at":"2026-02-01T10:00:00Z"}]}')) x (v);
SELECT count(*) AS transitions, count(*) FILTER (WHERE asked <> told) AS different, count(*) FILTER (WHERE asked IS NULL OR told IS NULL) AS nulls
FROM appointment_lifecycle, before,
	LATERAL (SELECT appointment_set(a, 'status', to_jsonb(from_status)) AS b) s,
	LATERAL (SELECT appointment_transition(b, to_status, '2026-03-01 10:00Z', 'usr_7', lifecycle) AS asked,
		appointment_change_status(b, to_status, '2026-03-01 10:00Z', 'usr_7') AS told) c
WHERE shipped AND from_status IS NOT NULL;
SELECT appointment_transition(b, to_status, '2026-03-01 10:00Z', 'usr_7', reason_id => 'cnr_3', note => 'flu')
	= appointment_change_status(b, to_status, '2026-03-01 10:00Z', 'usr_7', 'cnr_3', 'flu') AS same, count(*)
FROM before, LATERAL (SELECT appointment_set(a, 'status', '"scheduled"') AS b) s, unnest('{cancelled,no_show}'::text[]) to_status GROUP BY 1;
SELECT appointment_confirm(a, c, '2026-03-01 10:00Z', 'usr_7') = appointment_change_confirmed(a, c, '2026-03-01 10:00Z', 'usr_7') AS same, count(*)
FROM before, unnest('{t,f}'::boolean[]) c GROUP BY 1;
SELECT jsonb_pretty(appointment_change_status('{"id":"app_1","status":"scheduled"}', 'cancelled', '2026-03-01 10:00Z', 'usr_7', 'cnr_3', 'flu')::jsonb) AS cancelled;
SELECT appointment_change_confirmed('{"id":"app_1","status":"scheduled","hold_expires_at":"2026-03-01T10:05:00Z"}', true, '2026-03-01 10:00Z', 'usr_7') AS confirmed;

-- what no life cycle has, it does as well; from nothing, too
SELECT appointment_change_status('{"status":"completed"}', 'scheduled', '2026-03-01 10:00Z', NULL) AS back;
SELECT appointment_change_status('{}', 'seated', '2026-03-01 10:00Z', NULL) AS own_word;
SELECT appointment_change_status('{"status":"cancelled"}', 'cancelled', '2026-03-01 10:00Z', NULL) AS again;
-- nor does it ask the notices
SELECT appointment_change_status('{"status":"scheduled","starts_at":"2026-03-01T10:00:00Z","ends_at":"2026-03-01T11:00:00Z","cancellation_notice":60}',
	'cancelled', '2026-03-01 09:30Z', NULL) ->> 'status' AS late;

-- time and actor are those that are given: the setting is not looked at
SET appointment.actor = 'usr_8';
SELECT (a ->> 'updated_at')::timestamptz - now() BETWEEN '-1 ms' AND '1 ms' AS now, a -> 'status_history' -> 0 ->> 'changed_by' AS actor
FROM (SELECT appointment_change_status('{"status":"pending"}', 'scheduled', now(), current_setting('appointment.actor'))::jsonb AS a) x;
SELECT actor, appointment_change_status('{"status":"pending"}', 'scheduled', '2026-03-01 10:00Z', actor) -> 'status_history' -> 0 -> 'changed_by' AS changed_by,
	appointment_change_confirmed('{"status":"pending"}', true, '2026-03-01 10:00Z', actor) -> 'status_history' -> 0 -> 'changed_by' AS confirmed_by
FROM unnest(ARRAY['usr_9', '', NULL]) actor;
RESET appointment.actor;
-- a time before the last change is the time of that
SELECT a -> 'status_history' -> 1 ->> 'changed_at' AS moved, a ->> 'cancelled_at' AS cancelled_at, a -> 'status_history' -> 2 ->> 'changed_at' AS confirmed
FROM (SELECT appointment_change_confirmed(appointment_change_status(appointment_change_status('{"status":"pending"}', 'scheduled', '2026-03-01 10:00Z', NULL),
	'cancelled', '2026-02-01 10:00Z', NULL), false, '2026-02-15 10:00Z', NULL) AS a) x;

-- nulls and errors
SELECT appointment_change_status(NULL, 'cancelled', now(), NULL) IS NULL AND appointment_change_confirmed(NULL, NULL, NULL, NULL) IS NULL AS nothing;
SELECT appointment_change_status('{}', NULL, '2026-03-01', NULL);
SELECT appointment_change_status('{}', '', '2026-03-01', NULL);
SELECT appointment_change_status('{}', 'cancelled', NULL, NULL);
SELECT appointment_change_status('{}', 'cancelled', 'infinity', NULL);
SELECT appointment_change_status('{}', 'cancelled', '10000-01-01', NULL);
SELECT appointment_change_status('{}', 'arrived', '2026-03-01', NULL, note => 'why');
SELECT appointment_change_status('{}', 'a status that is a whole sentence, and not shown', '2026-03-01', NULL, note => 'why') ->> 'status' AS any;
SELECT appointment_change_confirmed('{}', NULL, '2026-03-01', NULL);
SELECT appointment_change_confirmed('{}', true, NULL, NULL);
SELECT appointment_change_confirmed('{}', true, '-infinity', NULL);

-- with the trigger: it adds nothing that is there, and refuses what the life cycle does
CREATE TABLE care (id int PRIMARY KEY, a appointment NOT NULL);
CREATE TRIGGER care_life_cycle BEFORE INSERT OR UPDATE ON care
	FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default', 'notices=enforce');
INSERT INTO care VALUES (1, '{"status":"pending","created_at":"2026-01-01T00:00:00Z","starts_at":"2026-03-02T10:00:00Z","ends_at":"2026-03-02T11:00:00Z","rescheduling_notice":60,"status_history":[{"status":"pending","changed_at":"2026-01-01T00:00:00Z"}]}');
UPDATE care SET a = appointment_change_status(a, 'scheduled', '2026-03-01 10:00Z', 'usr_7');
UPDATE care SET a = appointment_change_confirmed(a, true, '2026-03-01 11:00Z', 'usr_8');
UPDATE care SET a = appointment_change_status(a, 'completed', '2026-03-01 12:00Z', 'usr_7');
UPDATE care SET a = appointment_change_status(a, 'cancelled', '2026-03-01 12:00Z', NULL, note => 'flu');
SELECT jsonb_pretty(a::jsonb) FROM care;
-- two changes in one, of which the second is not allowed
UPDATE care SET a = appointment_change_status(appointment_change_status(a, 'scheduled', '2026-03-03 10:00Z', 'usr_7'), 'pending', '2026-03-03 10:00Z', 'usr_7');

-- it can be in an index, as what is immutable
CREATE INDEX ON care ((appointment_change_status(a, 'cancelled', '2026-03-01 10:00Z', 'usr_7') ->> 'status'));

SET client_min_messages = warning;
DROP SCHEMA regress_lifecycle_change CASCADE;
