--
-- The words of a status, and how else they are spelled
--
SET timezone = 'UTC';

-- ---------------------------------------------------------------------
-- what is known, what is given back, what it holds
-- ---------------------------------------------------------------------

-- canonical JSON: the canonical word is known, and what came is given back
CREATE TEMP TABLE word (ord int GENERATED ALWAYS AS IDENTITY, word text);
INSERT INTO word (word) VALUES
	('pending'), ('scheduled'), ('arrived'), ('in_progress'), ('completed'), ('no_show'), ('cancelled'),
	('canceled'), ('noshow'), ('no-show'),
	('entered-in-error'), ('waitlist'), ('proposed'), ('booked'), ('fulfilled'), ('checked-in'),
	('Cancelled'), ('CANCELED'), ('No-Show'), ('Noshow'), ('no show'), ('cancel'), ('cancelled '), ('');
SELECT word, appointment_status(a), a ->> 'status' AS field, a -> 'status' AS json_field, a ->> 'source_status' AS source_status,
	a::text = text AS as_it_came, appointment_occupancy(a) IS NULL AS free, appointment_status_holds(word) AS holds
FROM word, format('{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","status":"%s","room_id":"r1"}', word) AS text, CAST(text AS appointment) AS a
ORDER BY ord;
SELECT appointment_status_holds(NULL);
SELECT provolatile, proparallel, proisstrict FROM pg_proc WHERE proname = 'appointment_status_holds';

-- every value comes back equal: text, jsonb, binary, and again as a row
SELECT count(*) FILTER (WHERE a::text::appointment = a) AS text, count(*) FILTER (WHERE a::jsonb::appointment = a) AS jsonb,
	count(*) FILTER (WHERE appointment_hash(a::text::appointment) = appointment_hash(a)) AS hash, count(DISTINCT a), count(*)
FROM word, CAST(format('{"status":"%s"}', word) AS appointment) AS a;

-- entries of a history, too
SELECT '{"status":"canceled","status_history":[{"status":"noshow"},{"status":"canceled"},{"status":"no_show"},{"status":"Canceled"}]}'::appointment;
SELECT a, e ->> 'status' AS status, e ->> 'source_status' AS source_status
FROM CAST('{"status_history":[{"status":"no-show","changed_at":"2024-01-01T10:00:00Z"}]}' AS appointment) AS a, jsonb_array_elements(a -> 'status_history') AS e;
SELECT appointment_status_at('{"status_history":[{"status":"no-show","changed_at":"2024-01-01T10:00:00Z"}]}', '2024-01-02');

-- how the source had worded it may be said apart, before or after
SELECT a, a ->> 'source_status' AS source_status FROM unnest(ARRAY[
	'{"status":"cancelled","source_status":"canceled"}', '{"source_status":"gone","status":"canceled"}', '{"status":"canceled","source_status":"gone"}',
	'{"status":"canceled","source":"caspen"}', '{"status":"no_show","source_status":"missed"}', '{"status":"no_show","source_status":"canceled"}',
	'{"status":null,"source_status":"canceled"}']::appointment[]) AS a;

-- ---------------------------------------------------------------------
-- documents
-- ---------------------------------------------------------------------

-- an open vocabulary: known, and given back in that format, as others word it in others
CREATE FUNCTION pg_temp.caspen(word text) RETURNS text LANGUAGE sql AS $$
	SELECT format('{"id":"a","location_id":"l","practitioner_id":"p","service_id":"s","client_id":"c","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","duration":60,"status":"%s","resource_ids":[],"created_at":"2023-01-01T10:00:00Z"}', word) $$;
CREATE FUNCTION pg_temp.sqod(word text) RETURNS text LANGUAGE sql AS $$
	SELECT format('{"data":{"id":"9a0f170e-0aa0-47db-ab14-4ddcdcbad061","appointment_at":"2024-01-01T10:00:00.000Z","duration_in_minutes":60,"status":"%s"}}', word) $$;
CREATE FUNCTION pg_temp.avon(word text) RETURNS text LANGUAGE sql AS $$
	SELECT format('{"id":"a","start_time":1704103200000,"end_time":1704106800000,"status_history":[{"status":"%s"}]}', word) $$;
SELECT word, appointment_status(a) AS status, a::jsonb -> 'status' AS canonical, a ->> 'source_status' AS source,
	appointment_occupancy(a) IS NULL AS free,
	appointment_to_json(a, 'caspen') ->> 'status' AS caspen, appointment_to_json(a, 'sqod') -> 'data' ->> 'status' AS sqod,
	appointment_to_json(a, 'avon') -> 'status_history' -> -1 ->> 'status' AS avon, appointment_to_json(a, 'savvycal') ->> 'status' AS savvycal
FROM word, appointment_from_json(pg_temp.caspen(word), 'caspen') AS a WHERE word ~* '^(cancel|no)' ORDER BY ord;
SELECT word, appointment_status(a) AS status, appointment_occupancy(a) IS NULL AS free, appointment_to_json(a, 'sqod') -> 'data' ->> 'status' AS sqod,
	appointment_to_json(a, 'caspen') ->> 'status' AS caspen, a::text::appointment = a AS restored
FROM word, appointment_from_json(pg_temp.sqod(word), 'sqod') AS a WHERE word ~* '^(cancel|no)' ORDER BY ord;
SELECT word, appointment_status(a) AS status, appointment_occupancy(a) IS NULL AS free, appointment_to_json(a, 'avon') -> 'status_history' AS avon,
	appointment_to_json(a, 'caspen') ->> 'status' AS caspen, a::text::appointment = a AS restored
FROM word, appointment_from_json(pg_temp.avon(word), 'avon') AS a WHERE word ~* '^(cancel|no)' ORDER BY ord;
-- the closed one of savvycal's stays closed
SELECT word, code, message FROM word, appointment_validate(format('{"status":"%s"}', word), 'savvycal') WHERE path = 'status' AND ord > 5 ORDER BY ord;

-- a word that would be known but for its case
SELECT word, format, path, code, severity, message
FROM word, (VALUES ('caspen', 1), ('sqod', 2), ('avon', 3)) AS f (format, n),
	LATERAL (SELECT CASE n WHEN 1 THEN pg_temp.caspen(word) WHEN 2 THEN pg_temp.sqod(word) ELSE pg_temp.avon(word) END AS doc) AS d,
	appointment_validate(doc, format)
WHERE path ~ 'status' AND code = 'bad_value' ORDER BY ord, n;
SELECT path, severity, message FROM appointment_validate(pg_temp.sqod('WAITING'), 'sqod') WHERE path = 'status';
SELECT a, path, code, severity, message
FROM unnest(ARRAY['{"status":"Cancelled","cancelled_at":"2024-01-01T10:00:00Z"}', '{"status":"canceled","cancelled_at":"2024-01-01T10:00:00Z","cancellation_note":"n"}',
	'{"status":"PENDING","status_history":[{"status":"pending"},{"status":"NoShow"},{"status":"odd"}]}', '{"status":"No-Show"}', '{"status":"odd"}']::appointment[]) AS a,
	appointment_problems(a) ORDER BY 1, 2;

-- ---------------------------------------------------------------------
-- rows, fields and requests
-- ---------------------------------------------------------------------

SELECT r.status, a, appointment_to_json(a, 'savvycal') ->> 'status' AS savvycal, appointment_to_json(a, 'caspen') ->> 'status' AS caspen, appointment_occupancy(a) IS NULL AS free
FROM (SELECT word AS status, timestamptz '2024-01-01 10:00Z' AS starts_at, timestamptz '2024-01-01 11:00Z' AS ends_at, 'r1' AS room_id
	FROM word WHERE word IN ('canceled', 'no-show', 'Cancelled') ORDER BY ord) AS r, appointment_from_row(r) AS a;
SELECT appointment_from_row(r) FROM (VALUES ('gone', 'canceled', 'caspen')) AS r (source_status, status, source);
SELECT appointment_from_row(r) FROM (VALUES ('canceled', 'gone')) AS r (status, source_status);

-- a field that is set is worded so; a service gets its own words
SELECT appointment_set('{"status":"scheduled"}', 'status', '"canceled"');
SELECT appointment_set('{"status":"canceled"}', 'status', '"cancelled"');
SELECT appointment_set('{"status":"canceled"}', 'status', '"no-show"');
SELECT appointment_set('{"status":"canceled"}', 'status', '"scheduled"'), appointment_set('{"status":"canceled"}', 'status', 'null'), appointment_set('{"status":"canceled"}', 'status', NULL);
SELECT appointment_set('{"status":"canceled"}', 'note', '"n"');
SELECT appointment_set('{"status":"no_show","source_status":"missed","source":"caspen"}', 'status', '"noshow"');
SELECT appointment_set('{"status":"scheduled","source":"savvycal"}', 'status', '"noshow"');
SELECT appointment_apply_request('{"status":"scheduled","source":"sqod"}', '{"status":"canceled"}', 'sqod', at => '2024-01-01 10:00Z');
SELECT appointment_apply_request('{"status":"scheduled"}', '{"status":"canceled"}', 'sqod', at => '2024-01-01 10:00Z');
-- cancelling what was cancelled keeps the time of the first cancellation
SELECT appointment_apply_request('{"status":"canceled","cancelled_at":"2023-12-01T10:00:00Z"}', '{}', 'savvycal', 'cancel', '2024-01-01 10:00Z');

-- statuses that hold nothing, as somebody else says it
SELECT word, free, appointment_occupancy(a, '{room_id}', ARRAY[free], NULL) IS NULL AS is_free
FROM word, unnest(ARRAY['cancelled', 'canceled', 'no-show', 'no_show', 'Cancelled', 'entered-in-error']) AS free,
	CAST(format('{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","status":"%s","room_id":"r1"}', word) AS appointment) AS a
WHERE ord BETWEEN 6 AND 17 AND appointment_occupancy(a, '{room_id}', ARRAY[free], NULL) IS NULL ORDER BY ord, free;

-- the predicate of a constraint over ordinary columns
CREATE TABLE held (room text, s timestamptz, e timestamptz, status text,
	CONSTRAINT held_no_overlap EXCLUDE USING gist (occupancy(s, e, ARRAY[room]) WITH &&) WHERE (appointment_status_holds(status)));
INSERT INTO held SELECT 'r1', '2024-01-01 10:00Z', '2024-01-01 11:00Z', word FROM word WHERE NOT appointment_status_holds(word);
INSERT INTO held VALUES ('r1', '2024-01-01 10:00Z', '2024-01-01 11:00Z', NULL);
\set VERBOSITY terse
INSERT INTO held VALUES ('r1', '2024-01-01 10:00Z', '2024-01-01 11:00Z', 'Cancelled');
UPDATE held SET status = 'scheduled' WHERE status = 'canceled';
SELECT count(*) FROM held;
DROP TABLE held;

-- ---------------------------------------------------------------------
-- life cycles
-- ---------------------------------------------------------------------

SELECT appointment_can_transition('scheduled', 'canceled'), appointment_can_transition('canceled', 'scheduled'), appointment_can_transition('scheduled', 'no-show'),
	appointment_can_transition('booked', 'no_show', 'fhir'), appointment_can_transition('booked', 'canceled', 'fhir');
SELECT array_agg(n) FROM appointment_next_statuses('canceled') AS n;
SELECT array_agg(n) FROM appointment_next_statuses('no_show', 'fhir') AS n;
SELECT appointment_transition('{"status":"scheduled"}', 'canceled', '2024-01-01 10:00Z') AS canceled;
SELECT appointment_transition(appointment_transition('{"status":"scheduled"}', 'canceled', '2024-01-01 10:00Z'), 'scheduled', '2024-01-02 10:00Z') AS back;
SELECT appointment_transition('{"status":"booked"}', 'no-show', '2024-01-01 10:00Z', lifecycle => 'fhir') AS noshow;
SELECT appointment_transition('{"status":"noshow"}', 'entered-in-error', '2024-01-01 10:00Z', lifecycle => 'fhir') AS error;

-- a column keeps what came; another spelling is no change of the status
CREATE TABLE visit (id int PRIMARY KEY, status text, cancelled_at timestamptz, history jsonb);
CREATE TRIGGER visit_life_cycle BEFORE INSERT OR UPDATE ON visit FOR EACH ROW
	EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default', 'cancelled_at=cancelled_at', 'history=history');
SELECT appointment_create_change_log('visit_log');
CREATE TRIGGER visit_log AFTER UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION appointment_log_changes('visit_log', 'id', 'status=status');
INSERT INTO visit VALUES (1, 'scheduled'), (2, 'scheduled'), (3, 'scheduled');
UPDATE visit SET status = 'canceled' WHERE id = 1 RETURNING status, cancelled_at = now() AS stamped, history -> 1 -> 'status' AS entry;
UPDATE visit SET status = 'cancelled' WHERE id = 1 RETURNING status, jsonb_array_length(history);
UPDATE visit SET status = 'no-show' WHERE id = 2 RETURNING status;
UPDATE visit SET status = 'canceled', history = history || '[{"status": "cancelled"}]' WHERE id = 3 RETURNING status, history -> 1 -> 'status' AS entry;
SELECT event, changes -> 'status' AS status FROM visit_log ORDER BY seq;
UPDATE visit SET status = 'completed' WHERE id = 3;
UPDATE visit SET status = 'Cancelled' WHERE id = 3;
-- only character(n) is padded
UPDATE visit SET status = 'scheduled' WHERE id = 2;
UPDATE visit SET status = 'cancelled ' WHERE id = 2;
CREATE TABLE padded (id int, status char(12));
CREATE TRIGGER padded BEFORE INSERT OR UPDATE ON padded FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'default');
INSERT INTO padded VALUES (1, 'scheduled');
UPDATE padded SET status = 'canceled' RETURNING *;
-- in an appointment the history and the value are of one mind
CREATE TABLE care (id int, a appointment);
CREATE TRIGGER care BEFORE INSERT OR UPDATE ON care FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'default');
INSERT INTO care VALUES (1, '{"status":"scheduled"}');
UPDATE care SET a = appointment_set(a, 'status', '"canceled"') RETURNING appointment_status(a), a::json ->> 'status' AS as_it_came, jsonb_array_length(a -> 'status_history');
UPDATE care SET a = appointment_set(a, 'status', '"cancelled"') RETURNING appointment_status(a), a::json ->> 'status' AS as_it_came, jsonb_array_length(a -> 'status_history');
-- as FHIR spells it
CREATE TABLE fhir (id int, a appointment);
CREATE TRIGGER fhir BEFORE INSERT OR UPDATE ON fhir FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('a', 'fhir');
INSERT INTO fhir VALUES (1, '{"status":"booked"}');
UPDATE fhir SET a = appointment_set(a, 'status', '"noshow"') RETURNING a::json ->> 'status' AS status, a -> 'status_history' -> 1 ->> 'status' AS entry;
DROP TABLE visit, visit_log, padded, care, fhir;
