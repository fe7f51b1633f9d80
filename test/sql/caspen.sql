--
-- The format "caspen": Caspen's appointment.
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/lib/examples.sql'
\set ECHO none
\i :file
\set ECHO all

-- ---------------------------------------------------------------------
-- the documented example
-- ---------------------------------------------------------------------

-- It comes back to the letter, in the order of the service's page; jsonb, which
-- has no order, agrees.
SELECT pg_temp.again(:'caspen', 'caspen');
SELECT appointment_to_json(appointment_from_json(:'caspen', 'caspen'), 'caspen')::jsonb
	= :'caspen'::jsonb AS equal;

-- The value, in canonical JSON: the length is not kept, it follows.
SELECT jsonb_pretty(appointment_from_json(:'caspen', 'caspen')::jsonb - 'resource_ids');
SELECT appointment_from_json(:'caspen', 'caspen') -> 'resource_ids' AS resource_ids;

-- It contradicts itself, which its service does not mind: these are warnings.
SELECT * FROM appointment_validate(:'caspen', 'caspen');
-- When and why it was cancelled fits two statuses only; the value stands for
-- all three members.
SELECT status, cancelled_at, (SELECT string_agg(path, ' ') FROM appointment_validate(pg_temp.edit(:'caspen', 'status', to_json(status)::text,
	'cancelled_at', cancelled_at, 'cancellation_reason_id', reason, 'cancellation_note', note), 'caspen') WHERE code = 'status_mismatch') AS mismatch
FROM unnest(ARRAY['cancelled', 'missed', 'pending', 'arrived', 'on hold']) AS status,
	(VALUES ('null', 'null', 'null'), ('"2024-01-01T08:00:00Z"', 'null', 'null'), ('null', '"r"', 'null'), ('null', 'null', '"n"')) AS v (cancelled_at, reason, note);
-- A length that is not the distance of the times is one, too.
SELECT duration, (SELECT string_agg(path || ' ' || code || ' ' || severity, ', ') FROM appointment_validate(pg_temp.edit(:'caspen',
	'duration', duration), 'caspen') WHERE code = 'duration_mismatch') AS mismatch
FROM unnest(ARRAY['60', '59', '0']) AS duration;
-- Paths leave an envelope out; what stands beside the document is not kept.
SELECT path, code, message FROM appointment_validate('{"meta":1,"data":' || pg_temp.edit(:'caspen', 'confirmed', '1', 'x', '2') || ',"links":[]}', 'caspen')
WHERE code IN ('wrong_type', 'unknown_member');

-- The document may come as text, json, or jsonb, and in an envelope.
SELECT appointment_from_json(:'caspen'::text, 'caspen')
		= appointment_from_json(:'caspen'::json, 'caspen') AS json,
	appointment_from_json(:'caspen'::text, 'caspen')
		= appointment_from_json(:'caspen'::jsonb, 'caspen') AS jsonb,
	appointment_from_json(:'caspen'::text, 'caspen')
		= appointment_from_json('{"data":' || :'caspen' || '}', 'caspen') AS envelope,
	appointment_from_json(:'caspen'::text, 'caspen')
		= appointment_from_json('{"meta":{"data":{}},"data":' || :'caspen' || ',"links":[]}',
			'caspen') AS more_beside;
-- Bare by default.
SELECT left(appointment_to_json(a, 'caspen')::text, 12) AS by_default,
	left(appointment_to_json(a, 'caspen', '{"envelope":true}')::text, 20) AS asked_for,
	left(appointment_to_json(a, 'caspen', '{"envelope":false}')::text, 12) AS refused
FROM appointment_from_json('{"data":' || :'caspen' || '}', 'caspen') AS a;
-- A document that has a member "data" of its own is not taken for an envelope.
SELECT pg_temp.again_with(:'caspen', 'caspen', 'data', '{"id":"other"}');
-- The last of several members of a name wins, also of envelopes.
SELECT appointment_from_json('{"data":{"id":"first"},"data":' || :'caspen' || '}',
	'caspen') ->> 'id' AS id;

-- SQL NULL in, SQL NULL out.
SELECT appointment_from_json(NULL::text, 'caspen') IS NULL AS doc,
	appointment_from_json(:'caspen', NULL) IS NULL AS format,
	appointment_to_json(NULL, 'caspen') IS NULL AS value;

-- ---------------------------------------------------------------------
-- absent, null, empty
-- ---------------------------------------------------------------------

-- What may be null comes back null, what may be absent stays absent.
SELECT member, pg_temp.again_with(:'caspen', 'caspen', member, 'null') AS "null",
	pg_temp.again_with(:'caspen', 'caspen', member, NULL) AS absent
FROM unnest(ARRAY['client_package_id', 'case_id', 'confirmed', 'confirmed_at', 'room_id',
	'vehicle_id', 'note', 'cancellation_reason_id', 'cancellation_note', 'cancelled_at']) AS member;

-- All of them at once.
SELECT pg_temp.again(pg_temp.edit(:'caspen', VARIADIC
	(SELECT array_agg(x) FROM unnest(ARRAY['client_package_id', 'case_id', 'confirmed',
		'confirmed_at', 'room_id', 'vehicle_id', 'note', 'cancellation_reason_id',
		'cancellation_note', 'cancelled_at']) AS member, unnest(ARRAY[member, NULL]) AS x))::text,
	'caspen') AS absent;

-- The others have to be there, and to have a value.
SELECT member,
	pg_temp.fails(pg_temp.edit(:'caspen', member, NULL)::text, 'caspen') AS absent,
	pg_temp.fails(pg_temp.edit(:'caspen', member, 'null')::text, 'caspen') AS "null"
FROM unnest(ARRAY['id', 'location_id', 'practitioner_id', 'service_id', 'client_id',
	'starts_at', 'ends_at', 'duration', 'status', 'resource_ids', 'created_at']) AS member;

-- Empty is neither.
SELECT pg_temp.again_with(:'caspen', 'caspen', 'note', '""', 'resource_ids', '[]',
	'id', '""', 'status', '""');
SELECT a ->> 'note' = '' AS note, a -> 'resource_ids' AS resource_ids, a ->> 'status' = '' AS status
FROM appointment_from_json(pg_temp.edit(:'caspen', 'note', '""', 'resource_ids', '[]',
	'status', '""'), 'caspen') AS a;

-- Nothing is corrected.
SELECT pg_temp.again_with(:'caspen', 'caspen', 'confirmed', 'false') AS not_confirmed_but_when,
	pg_temp.again_with(:'caspen', 'caspen', 'resource_ids', '["b","a","b",""]') AS resources;

-- ---------------------------------------------------------------------
-- instants and length
-- ---------------------------------------------------------------------

SELECT value, pg_temp.again_with(:'caspen', 'caspen', 'created_at', value)
FROM unnest(ARRAY['"2024-01-01T12:00:00.5Z"', '"2024-01-01T12:00:00.000001Z"',
	'"2024-01-01T12:00:00.120Z"', '"2024-01-01T12:00:00.000Z"', '"2024-01-01T14:00:00+02:00"',
	'"2024-01-01T07:00:00.25-05:00"', '"2024-01-01T12:00Z"', '"2016-12-31T23:59:60Z"',
	'"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999999Z"']) AS value;
SELECT value, pg_temp.fails(pg_temp.edit(:'caspen', 'created_at', value)::text, 'caspen')
FROM unnest(ARRAY['"2024-01-01T12:00:00"', '"2024-01-01"', '""', '"now"', '1704110400', 'true',
	'{}', '[]', '"2024-02-30T12:00:00Z"', '"2024-01-01T12:00:00.0000001Z"',
	'"0000-12-31T23:59:59Z"', '"9999-12-31T23:59:59-01:00"']) AS value;

-- A length that is not the distance of the two times is kept as given.
SELECT value, pg_temp.again_with(:'caspen', 'caspen', 'duration', value),
	appointment_from_json(pg_temp.edit(:'caspen', 'duration', value), 'caspen')::jsonb -> 'duration' AS kept
FROM unnest(ARRAY['60', '45', '0', '6e1', '60.0', '45.00', '525600']) AS value;
SELECT value, pg_temp.fails(pg_temp.edit(:'caspen', 'duration', value)::text, 'caspen')
FROM unnest(ARRAY['-1', '59.5', '"60"', 'true', '99999999999999999999999999999',
	'9223372036854775807', '1e400']) AS value;
-- It goes with the times, as long as they stay.
SELECT at, appointment_to_json(appointment_set(a, 'ends_at', to_jsonb(at)), 'caspen') -> 'duration' AS duration
FROM appointment_from_json(pg_temp.edit(:'caspen', 'duration', '45'), 'caspen') AS a,
	unnest(ARRAY['2024-01-01T11:00:00Z', '2024-01-01T12:00:00+01:00', '2024-01-01T12:00:00Z']) AS at;
-- Times that are no whole minutes apart have a length in whole minutes, which
-- is kept and not taken for a fault of the times.
SELECT pg_temp.again_with(:'caspen', 'caspen', 'ends_at', '"2024-01-01T10:59:58.5Z"');
-- The end has to be after the start.
SELECT value, pg_temp.fails(pg_temp.edit(:'caspen', 'ends_at', value)::text, 'caspen')
FROM unnest(ARRAY['"2024-01-01T10:00:00Z"', '"2024-01-01T09:59:59.999999Z"',
	'"2024-01-01T11:00:00+01:00"', '"2024-01-01T10:00:00.000001Z"']) AS value;

-- ---------------------------------------------------------------------
-- status
-- ---------------------------------------------------------------------

-- The vocabulary is open: what it does not list is kept as it is.
SELECT word, appointment_status(a) AS status, a ->> 'source_status' AS source_status,
	appointment_to_json(a, 'caspen') ->> 'status' = word AS again
FROM unnest(ARRAY['pending', 'arrived', 'missed', 'cancelled', 'scheduled', 'in_progress',
	'completed', 'no_show', 'canceled', 'Pending', 'on hold', 'терпит', '', 'null']) AS word,
	LATERAL appointment_from_json(pg_temp.edit(:'caspen', 'status', to_json(word)::text),
		'caspen') AS a;
SELECT pg_temp.fails(pg_temp.edit(:'caspen', 'status', '1')::text, 'caspen');

-- Each canonical status in the service's words.
SELECT status, appointment_to_json(appointment_set(a, 'status', to_jsonb(status)),
	'caspen') ->> 'status' AS word
FROM appointment_from_json(:'caspen', 'caspen') AS a,
	unnest(ARRAY['pending', 'scheduled', 'arrived', 'in_progress', 'completed', 'no_show',
		'cancelled', 'on hold']) AS status;
-- The service's own word comes back only as long as the status has not changed.
SELECT appointment_to_json(a, 'caspen') ->> 'status' AS unchanged,
	appointment_to_json(appointment_set(a, 'status', '"scheduled"'), 'caspen') ->> 'status' AS set_to_the_same,
	appointment_to_json(appointment_set(a, 'note', '"x"'), 'caspen') ->> 'status' AS other_field,
	appointment_to_json(appointment_set(a, 'status', '"arrived"'), 'caspen') ->> 'status' AS changed,
	appointment_to_json(appointment_set(appointment_set(a, 'status', '"arrived"'),
		'status', '"scheduled"'), 'caspen') ->> 'status' AS changed_back
FROM appointment_from_json(pg_temp.edit(:'caspen', 'status', '"scheduled"'), 'caspen') AS a;

-- ---------------------------------------------------------------------
-- identifiers
-- ---------------------------------------------------------------------

-- An odd shape is a warning, and the identifier is kept.
SELECT value, pg_temp.again_with(:'caspen', 'caspen', 'id', value),
	(SELECT string_agg(problem, '; ') FROM pg_temp.problems(pg_temp.edit(:'caspen', 'id', value)::text, 'caspen'))
FROM unnest(ARRAY['"app_01HQFQ9QWTNNPY58FZ8CB3FWWK"', '"xyz_01HQFQ9QWTNNPY58FZ8CB3FWWK"',
	'"app_01HQFQ9QWTNNPY58FZ8CB3FWW"', '"app-01HQFQ9QWTNNPY58FZ8CB3FWWK"', '"ap_01HQFQ9QWTNNPY58FZ8CB3FWWKK"',
	'"app_01HQFQ9QWTNNPY58FZ8CB3FWWI"', '" "', '"é"']) AS value;
SELECT problem FROM pg_temp.problems(pg_temp.edit(:'caspen', 'location_id', '"x"', 'practitioner_id', '"x"',
	'service_id', '"x"', 'client_id', '"x"', 'client_package_id', '"x"', 'case_id', '"x"', 'room_id', '"x"',
	'vehicle_id', '"x"', 'cancellation_reason_id', '"x"', 'resource_ids', '["x"]')::text, 'caspen');

-- ---------------------------------------------------------------------
-- types
-- ---------------------------------------------------------------------

SELECT member, value, pg_temp.fails(pg_temp.edit(:'caspen', member, value)::text, 'caspen')
FROM (VALUES ('id', '1'), ('note', 'false'), ('note', '{}'), ('room_id', '[]'), ('confirmed', '"true"'),
	('confirmed', '1'), ('confirmed_at', '0'), ('resource_ids', '"res_1"'), ('resource_ids', '{}'),
	('resource_ids', '["a",null]'), ('resource_ids', '["a","b",["c"]]')) AS v (member, value);

-- ---------------------------------------------------------------------
-- unknown members
-- ---------------------------------------------------------------------

-- They are kept to the letter and come back last, in their order.
SELECT right(appointment_to_json(appointment_from_json(replace(:'caspen', '"location_id"',
	E'"x" : {"b" : 1.50, "a":[ 1e2,-0,\n\t123456789012345678901234567890 ]}, "\\u0079":"\\u00e9\\/\\"\\ud83d\\ude00", "location_id"'),
	'caspen'), 'caspen')::text, 147);
-- The name may be anything that a member's name may be.
SELECT key, pg_temp.again_with(:'caspen', 'caspen', key, '[]')
FROM unnest(ARRAY['', ' ', 'a b', 'é', 'ID', 'unknown', 'source', 'object', 'time_zone', 'data[0]']) AS key;
-- A known name may be spelled with escapes; its value is the known member's.
SELECT appointment_from_json(replace(:'caspen', '"note"', '"n\u006fte"'), 'caspen')
	= appointment_from_json(:'caspen', 'caspen') AS equal;
-- Of several members of one name the last counts, as in jsonb.
SELECT appointment_from_json(replace(:'caspen', '"id":', '"id":1,"note":null,"id":'), 'caspen')
	= appointment_from_json(:'caspen', 'caspen') AS known;
SELECT appointment_from_json(pg_temp.edit(:'caspen', 'x', '1')::text, 'caspen')::jsonb -> 'unknown' AS one,
	appointment_from_json(replace(:'caspen', '"id":', '"x":1,"y":2,"x":3.0,"id":'), 'caspen')::jsonb
		-> 'unknown' AS two;
-- Every one of them is a warning.
SELECT * FROM pg_temp.problems(pg_temp.edit(:'caspen', 'x', '1', 'a b', 'null')::text, 'caspen');
-- Only this format writes them.
SELECT format, appointment_to_json(a, format)::text LIKE '%secret%' AS written
FROM appointment_from_json(pg_temp.edit(:'caspen', 'x', '"secret"'), 'caspen') AS a,
	unnest(ARRAY['caspen', 'sqod', 'avon', 'savvycal']) AS format;

-- ---------------------------------------------------------------------
-- a value from elsewhere
-- ---------------------------------------------------------------------

-- What it does not have is null, and its resources are none.
SELECT * FROM json_each(appointment_to_json('{}', 'caspen'));
SELECT appointment_to_json('{"resource_ids":null}', 'caspen') -> 'resource_ids' AS never_null;
-- One that came from here has what the service never leaves out.
SELECT * FROM json_each(appointment_to_json('{"source":"caspen"}', 'caspen'));
