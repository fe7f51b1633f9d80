--
-- The life cycle of values: transitions, effects, the table of life cycles
--
SET TimeZone = 'UTC';

-- one appointment, pending
CREATE TABLE one AS SELECT '{"id":"x","starts_at":"2030-01-01T10:00:00Z","ends_at":"2030-01-01T11:00:00Z","status":"pending","attendees":[{"id":"p","no_show":false},{"id":"q"}]}'::appointment AS a;

-- ---------------------------------------------------------------------
-- steps
-- ---------------------------------------------------------------------

-- each life cycle, whole
SELECT lifecycle, coalesce(from_status, '(first)') AS from_status, string_agg(to_status, ' ' ORDER BY to_status COLLATE "C") AS to_statuses, string_agg(DISTINCT not_after, '') AS not_after
FROM appointment_lifecycle GROUP BY lifecycle, from_status ORDER BY lifecycle COLLATE "C", from_status COLLATE "C" NULLS FIRST;
SELECT bool_and(shipped) AS shipped FROM appointment_lifecycle;
-- the functions say the same
SELECT l.lifecycle, f.s AS from_status, t.s AS to_status
FROM (SELECT DISTINCT lifecycle FROM appointment_lifecycle) l,
	LATERAL (SELECT from_status FROM appointment_lifecycle x WHERE x.lifecycle = l.lifecycle UNION SELECT to_status FROM appointment_lifecycle x WHERE x.lifecycle = l.lifecycle) f(s),
	LATERAL (SELECT to_status FROM appointment_lifecycle x WHERE x.lifecycle = l.lifecycle) t(s)
WHERE appointment_can_transition(f.s, t.s, l.lifecycle) <>
	EXISTS (SELECT FROM appointment_lifecycle x WHERE x.lifecycle = l.lifecycle AND x.from_status IS NOT DISTINCT FROM f.s AND x.to_status = t.s)
	OR appointment_can_transition(f.s, t.s, l.lifecycle) <> (t.s IN (SELECT appointment_next_statuses(f.s, l.lifecycle)));
SELECT appointment_next_statuses('scheduled');
SELECT appointment_next_statuses(NULL);
SELECT count(*) AS final FROM appointment_next_statuses('completed');
SELECT appointment_can_transition(NULL, 'pending'), appointment_can_transition(NULL, 'arrived'), appointment_can_transition('pending', NULL) IS NULL AS null_to;

-- ---------------------------------------------------------------------
-- transitions
-- ---------------------------------------------------------------------

SELECT appointment_transition(a, 'scheduled', '2029-12-01T00:00:00Z', 'desk') FROM one;
-- cancelled and back: the mistake leaves no trace but the history
SELECT jsonb_pretty(appointment_transition(a, 'cancelled', '2029-12-01T00:00:00Z', 'desk', reason_id => 'cnr_1', note => 'ill')::jsonb) FROM one;
SELECT jsonb_pretty(appointment_transition(appointment_transition(a, 'cancelled', '2029-12-01T00:00:00Z', 'desk', reason_id => 'cnr_1', note => 'ill'), 'pending', '2029-12-01T00:00:00Z')::jsonb) FROM one;
-- started, finished
SELECT jsonb_pretty(appointment_transition(appointment_transition(appointment_transition(a, 'scheduled', '2029-12-01T00:00:00Z'), 'in_progress', '2030-01-01T10:01:00Z', 'pra'), 'completed', '2030-01-01T10:59:00Z', 'pra')::jsonb - 'attendees') FROM one;
-- not there, but late
SELECT x -> 'attendees' AS no_show, appointment_transition(x, 'arrived', '2030-01-01T10:20:00Z') -> 'attendees' AS arrived
FROM one, LATERAL appointment_transition(appointment_transition(a, 'scheduled', '2029-12-01T00:00:00Z'), 'no_show', '2030-01-01T10:10:00Z') x;
-- a status that there was not is a first one
SELECT appointment_transition('{}', 'scheduled', '2029-12-01T00:00:00Z');

-- the word of the source goes with the status, and stays with confirmations
SELECT x -> 'source_status' AS word, appointment_confirm(x) -> 'source_status' AS confirmed, appointment_transition(x, 'completed', lifecycle => 'default') -> 'source_status' AS completed
FROM (SELECT appointment_set(appointment_set('{"status":"in_progress"}', 'source', '"avon"'), 'source_status', '"started"')) s(x);

-- confirmed, and not any more
SELECT jsonb_pretty(x - 'attendees') AS confirmed, appointment_confirm(x::appointment, false, '2029-12-02T00:00:00Z')::jsonb - 'attendees' - 'id' AS undone
FROM one, LATERAL CAST(appointment_confirm(a, at => '2029-12-01T00:00:00Z', actor => 'client') AS jsonb) x;

-- another time: as long as before, or not
SELECT appointment_reschedule(appointment_confirm(a, at => '2029-12-01T00:00:00Z'), '2030-02-01T10:00:00Z', at => '2029-12-02T00:00:00Z', actor => 'desk')::jsonb - 'attendees' AS moved FROM one;
SELECT appointment_during(appointment_reschedule(a, '2030-02-01T10:00:00Z', '2030-02-01T10:30:00Z')) FROM one;
SELECT appointment_reschedule(a, '2030-02-01T10:00:00Z', '2030-02-01T09:30:00Z') FROM one;
SELECT appointment_reschedule('{"ends_at":"2030-01-01T11:00:00Z"}', '2030-02-01T10:00:00Z');
SELECT appointment_during(appointment_reschedule('{"starts_at":"2030-01-01T11:00:00Z"}', '2030-02-01T10:00:00Z'));
SELECT appointment_reschedule(a, 'infinity') FROM one;

-- ---------------------------------------------------------------------
-- when, and who
-- ---------------------------------------------------------------------

-- now, or the last change if that is later
BEGIN;
SELECT (appointment_transition(a, 'scheduled') ->> 'updated_at')::timestamptz = date_trunc('milliseconds', now()) AS now FROM one;
COMMIT;
SELECT appointment_transition(appointment_transition(a, 'scheduled', '2099-01-01T00:00:00Z'), 'arrived') ->> 'updated_at' AS later FROM one;
SELECT appointment_transition(appointment_transition(a, 'scheduled', '2029-01-01T00:00:00Z'), 'arrived', '2028-12-31T23:59:59.999999Z') FROM one;
SELECT appointment_confirm(appointment_transition(a, 'scheduled', '2029-01-01T00:00:00Z'), at => '2028-01-01') FROM one;
SELECT appointment_reschedule(appointment_transition(a, 'scheduled', '2029-01-01T00:00:00Z'), '2030-01-01', at => '2028-01-01') FROM one;
SELECT appointment_transition(a, 'scheduled', 'infinity') FROM one;
-- the setting, the argument
SET appointment.actor = 'usr_1';
SELECT appointment_transition(a, 'scheduled')::jsonb #> '{status_history,0,changed_by}' AS setting, appointment_transition(a, 'scheduled', actor => 'usr_2')::jsonb #> '{status_history,0,changed_by}' AS argument FROM one;
RESET appointment.actor;
SELECT appointment_transition(a, 'scheduled')::jsonb #> '{status_history,0,changed_by}' AS nobody FROM one;
SELECT short_desc, extra_desc FROM pg_settings WHERE name = 'appointment.actor';

-- a status at a time
SELECT t, appointment_status_at(x, t) FROM one, LATERAL appointment_transition(appointment_transition(a, 'scheduled', '2029-01-01T00:00:00Z'), 'arrived', '2030-01-01T00:00:00Z') x,
	unnest('{2028-12-31T23:59:59Z,2029-01-01T00:00:00Z,2029-12-31T00:00:00Z,2030-01-01T00:00:00Z,infinity,-infinity}'::timestamptz[]) t;
SELECT appointment_status_at('{"status":"pending"}', 'infinity') IS NULL AS no_history;

-- ---------------------------------------------------------------------
-- what is refused
-- ---------------------------------------------------------------------

SELECT appointment_transition(a, 'completed') FROM one;
SELECT appointment_transition('{"status":"completed"}', 'scheduled');
SELECT appointment_transition(a, 'cancled') FROM one;
SELECT appointment_transition('{"status":"odd"}', 'scheduled');
SELECT appointment_transition('{}', 'completed');
SELECT appointment_transition(a, 'pending') FROM one;
SELECT appointment_transition(a, 'scheduled', lifecycle => 'nothing') FROM one;
SELECT appointment_transition(a, 'scheduled', reason_id => 'cnr_1') FROM one;
SELECT appointment_can_transition('pending', 'cancled');
SELECT appointment_can_transition('odd', 'pending');
SELECT appointment_can_transition('completed', 'odd');
SELECT appointment_can_transition('pending', 'scheduled', 'nothing');
SELECT appointment_next_statuses('odd', 'avon');
-- a past appointment of caspen
SELECT appointment_transition(a, 'cancelled', '2030-01-01T11:00:00Z', lifecycle => 'caspen') ->> 'status' AS status FROM one;
SELECT appointment_transition(a, 'cancelled', '2030-01-01T11:00:00.000001Z', lifecycle => 'caspen') FROM one;
-- NULLs
SELECT appointment_transition(NULL, 'scheduled') IS NULL, appointment_confirm(NULL) IS NULL, appointment_reschedule(NULL, now()) IS NULL, appointment_status_at(NULL, now()) IS NULL;
SELECT appointment_transition(a, NULL) FROM one;
SELECT appointment_transition(a, 'scheduled', lifecycle => NULL) FROM one;
SELECT appointment_confirm(a, NULL) FROM one;
SELECT appointment_reschedule(a, NULL) FROM one;
SELECT appointment_can_transition('pending', 'scheduled', NULL);
SELECT appointment_next_statuses('pending', NULL);

-- ---------------------------------------------------------------------
-- differences
-- ---------------------------------------------------------------------

SELECT d.* FROM one, appointment_diff(a, appointment_transition(a, 'cancelled', '2029-12-01T00:00:00Z', reason_id => 'cnr_1')) d;
SELECT d.* FROM one, appointment_diff(a, a) d;
SELECT d.* FROM appointment_diff(NULL, '{"id":"x","note":null}') d;
SELECT d.* FROM appointment_diff('{"id":"x","is_group":true,"confirmed":true}', '{"is_group":false,"confirmed":true}') d;
SELECT d.* FROM appointment_diff(NULL, NULL) d;
SELECT d.field, d.old_value, d.new_value FROM appointment_diff('{"id":"x","source":"avon"}', '{"id":"x"}') d;

-- ---------------------------------------------------------------------
-- one's own life cycle
-- ---------------------------------------------------------------------

INSERT INTO appointment_lifecycle SELECT 'ours', from_status, to_status, requires, not_after FROM appointment_lifecycle WHERE lifecycle = 'default';
UPDATE appointment_lifecycle SET requires = '{cancellation_reason_id,changed_by}' WHERE lifecycle = 'ours' AND to_status = 'cancelled';
SELECT appointment_transition(a, 'cancelled', lifecycle => 'ours') FROM one;
SELECT appointment_transition(a, 'cancelled', reason_id => 'cnr_1', lifecycle => 'ours') FROM one;
SELECT appointment_transition(a, 'cancelled', reason_id => 'cnr_1', actor => 'desk', lifecycle => 'ours') ->> 'status' AS status FROM one;
-- noticed at once, also what is taken back
BEGIN;
DELETE FROM appointment_lifecycle WHERE lifecycle = 'ours' AND to_status = 'cancelled';
SELECT appointment_can_transition('pending', 'scheduled', 'ours'), array(SELECT appointment_next_statuses('pending', 'ours')) AS next;
SAVEPOINT s;
DELETE FROM appointment_lifecycle WHERE lifecycle = 'ours';
SELECT appointment_can_transition('pending', 'scheduled', 'ours');
ROLLBACK TO s;
SELECT array(SELECT appointment_next_statuses('pending', 'ours')) AS next;
ROLLBACK;
SELECT array(SELECT appointment_next_statuses('pending', 'ours')) AS next;
INSERT INTO appointment_lifecycle VALUES ('ours', 'completed', 'paid');
SELECT array(SELECT appointment_next_statuses('completed', 'ours')) AS next;
SELECT appointment_transition('{"status":"completed"}', 'paid', '2030-01-01T00:00:00Z', lifecycle => 'ours');
-- a field that does not exist is found when it is needed
INSERT INTO appointment_lifecycle VALUES ('ours', 'paid', 'repaid', '{invoice}');
SELECT appointment_transition('{"status":"paid"}', 'repaid', lifecycle => 'ours');
DELETE FROM appointment_lifecycle WHERE NOT shipped;
SELECT appointment_can_transition('completed', 'paid', 'ours');

-- what comes with the extension stays as it is
INSERT INTO appointment_lifecycle VALUES ('default', 'completed', 'scheduled');
INSERT INTO appointment_lifecycle (lifecycle, to_status, shipped) VALUES ('ours', 'pending', true);
UPDATE appointment_lifecycle SET to_status = 'x' WHERE lifecycle = 'event';
DELETE FROM appointment_lifecycle;
TRUNCATE appointment_lifecycle;
-- and what makes no sense is refused
INSERT INTO appointment_lifecycle VALUES ('ours', 'a', 'a');
INSERT INTO appointment_lifecycle VALUES ('ours', NULL, 'a'), ('ours', NULL, 'a');
INSERT INTO appointment_lifecycle VALUES ('', 'a', 'b');
INSERT INTO appointment_lifecycle (lifecycle, to_status, not_after) VALUES ('ours', 'b', 'id');
INSERT INTO appointment_lifecycle VALUES ('ours', 'a', NULL);
INSERT INTO appointment_lifecycle VALUES (NULL, 'a', 'b');
SELECT appointment_lifecycle_changed();
CREATE TRIGGER t BEFORE INSERT ON one FOR EACH ROW EXECUTE FUNCTION appointment_lifecycle_changed();
INSERT INTO one DEFAULT VALUES;
DROP TRIGGER t ON one;

-- the table's trigger functions are for the table alone, whose columns they know
CREATE TABLE other (lifecycle int, b int, c int, d int, e int, f int);
CREATE TRIGGER protect BEFORE INSERT ON other FOR EACH ROW EXECUTE FUNCTION appointment_lifecycle_protect();
INSERT INTO other VALUES (1, 1, 1, 1, 1, 1);
DROP TRIGGER protect ON other;
CREATE TRIGGER changed AFTER INSERT ON other FOR EACH ROW EXECUTE FUNCTION appointment_lifecycle_changed();
INSERT INTO other VALUES (1, 1, 1, 1, 1, 1);
DROP TABLE other;
-- and the table has to have them
BEGIN;
ALTER TABLE appointment_lifecycle ALTER not_after TYPE varchar;
SELECT appointment_can_transition('pending', 'scheduled');
ROLLBACK;
BEGIN;
ALTER TABLE appointment_lifecycle DROP shipped;
SELECT appointment_can_transition('pending', 'scheduled');
ROLLBACK;
BEGIN;
ALTER TABLE appointment_lifecycle ALTER lifecycle DROP NOT NULL, ALTER to_status DROP NOT NULL;
INSERT INTO appointment_lifecycle VALUES (NULL, NULL, 'x'), ('x', NULL, NULL);
SELECT appointment_can_transition('pending', 'scheduled');
INSERT INTO appointment_lifecycle VALUES ('x', NULL, 'x');
SELECT appointment_next_statuses(NULL, 'x');
ROLLBACK;

-- a superuser gets by the triggers, but not by the cache
BEGIN;
SET LOCAL session_replication_role = replica;
TRUNCATE appointment_lifecycle;
SELECT appointment_can_transition('pending', 'scheduled');
ROLLBACK;
SELECT appointment_can_transition('pending', 'scheduled');
BEGIN;
SET LOCAL session_replication_role = replica;
DELETE FROM appointment_lifecycle WHERE lifecycle = 'default' AND from_status = 'pending';
SELECT appointment_can_transition('pending', 'scheduled');
ROLLBACK;

-- ---------------------------------------------------------------------
-- as a diagram
-- ---------------------------------------------------------------------

\pset format unaligned
\pset tuples_only on
SELECT appointment_lifecycle_diagram();
SELECT appointment_lifecycle_diagram('caspen');
-- one's own, from the beginning to the end, whatever was written first
INSERT INTO appointment_lifecycle VALUES
	('ours', 'scheduled', 'cancelled', '{cancellation_reason_id,changed_by}', 'starts_at'),
	('ours', 'scheduled', 'arrived', '{changed_by}', NULL),
	('ours', NULL, 'scheduled', '{service_id}', NULL),
	('ours', 'scheduled', 'no-show', '{}', NULL), ('ours', 'no_show', 'scheduled', '{}', NULL);
SELECT appointment_lifecycle_diagram('ours');
-- any word and any field is shown, and is nothing else
INSERT INTO appointment_lifecycle VALUES
	('odd', NULL, 'end'), ('odd', 'end', '[*]'), ('odd', '[*]', 'say "no" #1;'),
	('odd', 'say "no" #1;', E'two\nlines\r\t'), ('odd', E'two\nlines\r\t', ':::class --> <br/> & \n'),
	('odd', ':::class --> <br/> & \n', '%%{init: {}}%%'), ('odd', '%%{init: {}}%%', '1. *_list_*'),
	('odd', '- `code`', ' '), ('odd', ' ', 'on-hold_2');
INSERT INTO appointment_lifecycle VALUES ('odd', '1. *_list_*', '- `code`', '{"a: b; c",note,"style:x#1"}');
SELECT appointment_lifecycle_diagram('odd');
-- one without a beginning, one without an end
INSERT INTO appointment_lifecycle VALUES ('headless', 'c', 'b'), ('headless', 'b', 'a'), ('headless', 'c', 'd'), ('endless', NULL, 'a'), ('endless', 'a', 'b'), ('endless', 'b', 'a');
SELECT appointment_lifecycle_diagram('headless'), appointment_lifecycle_diagram('endless');
\pset tuples_only off
\pset format aligned
SELECT count(*) AS others FROM (SELECT DISTINCT lifecycle FROM appointment_lifecycle) l
WHERE appointment_lifecycle_diagram(lifecycle) !~ '^stateDiagram-v2\n(    state "[^"\n]*" as s[0-9]+\n)+(    (\[\*\]|s[0-9]+) --> (\[\*\]|s[0-9]+)( : [^:;\n]*(#[0-9]+;[^:;\n]*)*)?\n)+$';
SELECT appointment_lifecycle_diagram('nothing');
SELECT appointment_lifecycle_diagram(E'{"name":"Ann"}');
SELECT appointment_lifecycle_diagram(NULL);
DELETE FROM appointment_lifecycle WHERE NOT shipped;

-- ---------------------------------------------------------------------
-- others than the owner; without a search_path; in a parallel plan
-- ---------------------------------------------------------------------

CREATE ROLE regress_lifecycle_user;
SET ROLE regress_lifecycle_user;
SELECT appointment_can_transition('pending', 'scheduled');
SELECT count(*) > 0 AS readable FROM appointment_lifecycle;
INSERT INTO appointment_lifecycle VALUES ('ours', NULL, 'a');
-- a table of the same name in front of it does not count
CREATE TEMP TABLE appointment_lifecycle (LIKE public.appointment_lifecycle);
INSERT INTO appointment_lifecycle VALUES ('default', 'completed', 'pending', '{}', NULL, true);
SET search_path = pg_temp, public;
SELECT appointment_can_transition('completed', 'pending');
DROP TABLE pg_temp.appointment_lifecycle;
RESET search_path;
RESET ROLE;
REVOKE SELECT ON appointment_lifecycle FROM PUBLIC;
SET ROLE regress_lifecycle_user;
SELECT count(*) FROM appointment_lifecycle;
DISCARD ALL;
SET ROLE regress_lifecycle_user;
SET search_path = '';
SELECT public.appointment_can_transition('pending', 'scheduled') AS owner_s_rights;
RESET search_path;
RESET ROLE;
GRANT SELECT ON appointment_lifecycle TO PUBLIC;
DROP ROLE regress_lifecycle_user;

SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE TABLE many AS SELECT CASE WHEN n % 2 = 0 THEN 'pending' ELSE 'completed' END AS status FROM generate_series(1, 10000) n;
ANALYZE many;
EXPLAIN (COSTS OFF) SELECT count(*) FROM many WHERE appointment_can_transition(status, 'scheduled');
SELECT count(*) FROM many WHERE appointment_can_transition(status, 'scheduled');
-- also when the leader has to read the table in the middle of it
INSERT INTO appointment_lifecycle VALUES ('ours', NULL, 'a');
SELECT count(*) FROM many WHERE appointment_can_transition(status, 'scheduled');
DELETE FROM appointment_lifecycle WHERE NOT shipped;

DROP TABLE one, many;

-- what is confirmed is no hold any more; to take that back does not hold it again
SELECT v::jsonb ? 'hold_expires_at' AS there, v ->> 'hold_expires_at' AS hold_expires_at
FROM (VALUES (appointment_confirm('{"hold_expires_at":"2024-01-01T10:05:00Z"}', true, '2024-01-01 10:00Z')),
	(appointment_confirm(appointment_confirm('{"hold_expires_at":"2024-01-01T10:05:00Z"}', true, '2024-01-01 10:00Z'), false, '2024-01-01 10:01Z')),
	(appointment_confirm('{"id":"1"}', true, '2024-01-01 10:00Z'))) AS c (v);
