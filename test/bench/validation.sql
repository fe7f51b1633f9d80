--
-- validation.sql
--		Validating documents, and setting a member of a stored value, against
--		what a user would do without the extension.
--
-- The documents are the caspen example with varied values, as in
-- documents.sql, and all valid, but for those that have 20 problems each.
--
SET TimeZone = 'UTC';

CREATE TABLE documents AS
SELECT json_build_object('id', 'app_' || ulid, 'location_id', 'loc_' || ulid,
	   'practitioner_id', 'pra_' || ulid, 'service_id', 'ser_' || ulid,
	   'client_id', 'cli_' || ulid, 'client_package_id', 'cpk_' || ulid,
	   'case_id', 'cas_' || ulid,
	   'starts_at', to_char(starts_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	   'ends_at', to_char(starts_at + '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	   'duration', 60,
	   'status', (ARRAY['pending', 'arrived', 'missed', 'cancelled'])[1 + n % 4],
	   'confirmed', n % 2 = 0,
	   'confirmed_at', to_char(starts_at - '30 minutes'::interval, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	   'room_id', 'rom_' || ulid, 'vehicle_id', 'veh_' || ulid,
	   'resource_ids', ARRAY['res_' || ulid, 'res_' || reverse(ulid)],
	   'note', 'Client requested morning appointment.',
	   'cancellation_reason_id', 'cnr_' || ulid,
	   'cancellation_note', 'Client had to travel unexpectedly.',
	   'cancelled_at', to_char(starts_at - '2 hours'::interval, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	   'created_at', to_char(starts_at - '2 days'::interval, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))::text::json AS doc
FROM (SELECT n, substr(upper(md5(n::text)), 1, 26) AS ulid,
			 timestamptz '2024-01-01 10:00:00Z' + n * interval '7 minutes' AS starts_at
	  FROM generate_series(1, :rows) AS n) AS s;

CREATE TABLE binaries AS SELECT doc::jsonb AS j FROM documents;
CREATE TABLE appointments AS SELECT appointment_from_json(doc, 'caspen') AS a FROM documents;

-- 20 problems each.  In caspen: nine values of a wrong type, four instants that
-- are none, three nulls, two members missing, two unknown.  In sqod, also inside
-- the claimant and the department: 15 of a wrong type, three instants that are
-- none, a word that is not in the vocabulary, a contradiction.
CREATE TABLE faulty AS
SELECT (j - 'created_at' - 'client_id' ||
	'{"location_id": 1, "service_id": 2, "client_package_id": 3, "case_id": [], "room_id": {}, "vehicle_id": 4,
	"note": false, "cancellation_note": 5, "confirmed": "yes",
	"starts_at": "2024-01-01", "ends_at": "soon", "confirmed_at": "2024-13-01T00:00:00Z", "cancelled_at": "2024-01-01T10:00:00",
	"practitioner_id": null, "duration": null, "resource_ids": null,
	"cancellation_reason_id": null, "colour": "red", "rank": 1}')::text::json AS doc
FROM binaries;
\set sqod `cat test/data/sqod.json`
CREATE TABLE faulty_sqod AS
SELECT jsonb_set(:'sqod', '{data}', :'sqod'::jsonb -> 'data' || jsonb_build_object('reference', n) ||
	'{"is_interpreter_needed": "yes", "interpreter_language": 1, "url": 2,
	"created_at": "soon", "cancelled_at": "soon", "cancellation_reason": null,
	"department": {"id": "one", "name": 3},
	"claimant": {"name": 4, "phone_number": 5, "email": 6, "date_of_birth": "soon",
		"data": [{"id": 7, "value": 8, "name": 9, "type": 10, "required": 11}]},
	"features_bandwidth": "vast", "custom_user_post_call_redirect_url": 12, "session_ended_at": 13}')::text::json AS doc
FROM generate_series(1, :rows) AS n;

-- Valid ones whose members are in the same order, jsonb's.
CREATE TABLE valid AS SELECT j::text::json AS doc FROM binaries;
CREATE TABLE valid_sqod AS
SELECT jsonb_set(:'sqod', '{data,reference}', to_jsonb(n))::text::json AS doc
FROM generate_series(1, :rows) AS n;
VACUUM (FREEZE, ANALYZE) documents;
VACUUM (FREEZE, ANALYZE) binaries;
VACUUM (FREEZE, ANALYZE) appointments;
VACUUM (FREEZE, ANALYZE) faulty;
VACUUM (FREEZE, ANALYZE) faulty_sqod;
VACUUM (FREEZE, ANALYZE) valid;
VACUUM (FREEZE, ANALYZE) valid_sqod;

-- The same checks in SQL: presence, types, ids and instants by regular
-- expression, the end after the start.  The function is inlined.  (The status
-- is an open vocabulary; the ids' shape is a warning of ours, which
-- appointment_is_valid has no use for.)
CREATE FUNCTION is_id(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
	$$SELECT $1 ~ '^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$'$$;
CREATE FUNCTION is_instant(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
	$$SELECT $1 ~ '^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$'$$;
CREATE FUNCTION is_caspen(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_typeof(j) = 'object'
		AND jsonb_typeof(j -> 'id') = 'string' AND is_id(j ->> 'id')
		AND jsonb_typeof(j -> 'location_id') = 'string' AND is_id(j ->> 'location_id')
		AND jsonb_typeof(j -> 'practitioner_id') = 'string' AND is_id(j ->> 'practitioner_id')
		AND jsonb_typeof(j -> 'service_id') = 'string' AND is_id(j ->> 'service_id')
		AND jsonb_typeof(j -> 'client_id') = 'string' AND is_id(j ->> 'client_id')
		AND (j ->> 'client_package_id' IS NULL OR jsonb_typeof(j -> 'client_package_id') = 'string' AND is_id(j ->> 'client_package_id'))
		AND (j ->> 'case_id' IS NULL OR jsonb_typeof(j -> 'case_id') = 'string' AND is_id(j ->> 'case_id'))
		AND jsonb_typeof(j -> 'starts_at') = 'string' AND is_instant(j ->> 'starts_at')
		AND jsonb_typeof(j -> 'ends_at') = 'string' AND is_instant(j ->> 'ends_at')
		AND jsonb_typeof(j -> 'duration') = 'number' AND (j -> 'duration')::numeric % 1 = 0
		AND jsonb_typeof(j -> 'status') = 'string'
		AND (j ->> 'confirmed' IS NULL OR jsonb_typeof(j -> 'confirmed') = 'boolean')
		AND (j ->> 'confirmed_at' IS NULL OR jsonb_typeof(j -> 'confirmed_at') = 'string' AND is_instant(j ->> 'confirmed_at'))
		AND (j ->> 'room_id' IS NULL OR jsonb_typeof(j -> 'room_id') = 'string' AND is_id(j ->> 'room_id'))
		AND (j ->> 'vehicle_id' IS NULL OR jsonb_typeof(j -> 'vehicle_id') = 'string' AND is_id(j ->> 'vehicle_id'))
		AND jsonb_typeof(j -> 'resource_ids') = 'array'
		AND NOT jsonb_path_exists(j, '$.resource_ids[*] ? (@.type() != "string")')
		AND (j ->> 'note' IS NULL OR jsonb_typeof(j -> 'note') = 'string')
		AND (j ->> 'cancellation_reason_id' IS NULL OR jsonb_typeof(j -> 'cancellation_reason_id') = 'string' AND is_id(j ->> 'cancellation_reason_id'))
		AND (j ->> 'cancellation_note' IS NULL OR jsonb_typeof(j -> 'cancellation_note') = 'string')
		AND (j ->> 'cancelled_at' IS NULL OR jsonb_typeof(j -> 'cancelled_at') = 'string' AND is_instant(j ->> 'cancelled_at'))
		AND jsonb_typeof(j -> 'created_at') = 'string' AND is_instant(j ->> 'created_at')
		AND (j ->> 'starts_at')::timestamptz < (j ->> 'ends_at')::timestamptz
$$;

-- A statement that checks valid documents, and has for each the rows that a
-- faulty one has.
CREATE TYPE problem AS (path text, code text, severity text, message text);
CREATE FUNCTION constant_report(valid regclass, format text, faulty regclass)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	problems problem[];
BEGIN
	EXECUTE format('SELECT array_agg(p::problem)
		FROM (SELECT doc FROM %s LIMIT 1) AS f, appointment_validate(doc, $1) AS p', faulty)
		INTO STRICT problems USING format;
	RETURN format('SELECT p.code FROM %s,
		unnest(CASE WHEN appointment_is_valid(doc, %L) THEN %L::problem[] END) AS p',
		valid, format, problems);
END $$;

DO $$
BEGIN
	ASSERT (SELECT bool_and(appointment_is_valid(doc, 'caspen') AND is_caspen(doc::jsonb)) FROM documents),
		'both find all documents valid';
	ASSERT (SELECT bool_and(appointment_is_valid(doc, 'sqod')) FROM valid_sqod)
		AND (SELECT bool_and(appointment_is_valid(doc, 'caspen')) FROM valid),
		'these are valid, too';
	ASSERT (SELECT bool_and((SELECT count(*) = 20 FROM appointment_validate(doc, 'caspen'))) FROM (SELECT doc FROM faulty LIMIT 100) AS f)
		AND (SELECT bool_and((SELECT count(*) = 20 FROM appointment_validate(doc, 'sqod'))) FROM (SELECT doc FROM faulty_sqod LIMIT 100) AS f),
		'each faulty document has 20 problems';
END $$;

SELECT bench.compare('validate: `appointment_is_valid(doc, ''caspen'')` against the same checks in SQL over `doc::jsonb`',
	$$SELECT appointment_is_valid(doc, 'caspen') FROM documents$$,
	$$SELECT is_caspen(doc::text::jsonb) FROM documents$$, 'faster', 5);

SELECT bench.compare('validate: the same against the same checks over a `jsonb` column, parsed before',
	$$SELECT appointment_is_valid(doc, 'caspen') FROM documents$$,
	$$SELECT is_caspen(j) FROM binaries$$, 'faster', 5);

SELECT bench.compare('validate: the same against `doc::jsonb` (parsing alone)',
	$$SELECT appointment_is_valid(doc, 'caspen') FROM documents$$,
	$$SELECT doc::text::jsonb FROM documents$$, 'slower', 2);

-- What 20 problems cost besides the check.  appointment_is_valid stops at the
-- first error, so on faulty documents it says nothing: it checks valid ones of
-- the same kind.  The rows are the faulty documents' own, as a constant array
-- that unnest() takes apart: what core does at least for any rows that a
-- function in FROM returns, without anything to find out.  CASE has both done
-- for each document.
SELECT bench.compare('report: `appointment_validate` of sqod documents with 20 problems against `appointment_is_valid` of valid ones and 20 constant rows',
	$$SELECT p.code FROM faulty_sqod, appointment_validate(doc, 'sqod') AS p$$,
	constant_report('valid_sqod', 'sqod', 'faulty_sqod'), 'slower', 1);

SELECT bench.compare('report: the same on caspen documents',
	$$SELECT p.code FROM faulty, appointment_validate(doc, 'caspen') AS p$$,
	constant_report('valid', 'caspen', 'faulty'), 'slower', 1);

SELECT bench.compare('report: the same on caspen documents without an error',
	$$SELECT (SELECT count(*) FROM appointment_validate(doc, 'caspen')) FROM documents$$,
	$$SELECT appointment_is_valid(doc, 'caspen') FROM documents$$, 'slower', 1.5);

SELECT bench.compare('change: `appointment_set` of one member of a stored value against `jsonb_set`',
	$$SELECT appointment_set(a, 'status', '"arrived"') FROM appointments$$,
	$$SELECT jsonb_set(j, '{status}', '"arrived"') FROM binaries$$, 'slower', 1);

SELECT bench.compare('change: the same, of a text',
	$$SELECT appointment_set(a, 'note', '"Client is late."') FROM appointments$$,
	$$SELECT jsonb_set(j, '{note}', '"Client is late."') FROM binaries$$, 'slower', 1);
