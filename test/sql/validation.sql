--
-- Validation: all problems of a document, one row each, and never an exception
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/data/caspen.json'
\set caspen `cat :'file'`
\set file :abs_srcdir '/data/sqod.json'
\set sqod `cat :'file'`
\set file :abs_srcdir '/data/avon.json'
\set avon `cat :'file'`
\set file :abs_srcdir '/data/avon_list.json'
\set avon_list `cat :'file'`
\set file :abs_srcdir '/data/savvycal.json'
\set savvycal `cat :'file'`
\set file :abs_srcdir '/data/appointment_one.json'
\set appointment_one `cat :'file'`

CREATE TEMP TABLE example (format text PRIMARY KEY, doc jsonb);
INSERT INTO example VALUES ('caspen', :'caspen'), ('sqod', :'sqod'),
	('avon', :'avon'), ('savvycal', :'savvycal'),
	('appointment_one', :'appointment_one');

-- ---------------------------------------------------------------------
-- the services' own examples
-- ---------------------------------------------------------------------

-- They contradict themselves in places, which are warnings.
SELECT format, p.* FROM example, appointment_validate(doc, format) AS p;
SELECT format, appointment_is_valid(doc, format) FROM example;
SELECT * FROM appointment_validate(:'avon_list', 'avon');

-- Documents without any problem, to spoil one thing at a time.
CREATE TEMP TABLE good AS SELECT format, doc FROM example;
UPDATE good SET doc = doc || '{"cancelled_at":null,"cancellation_note":null,"cancellation_reason_id":null,"created_at":"2023-12-01T12:00:00Z"}'
WHERE format = 'caspen';
UPDATE good SET doc = jsonb_set(doc, '{data}', doc -> 'data' ||
	'{"cancelled_at":null,"cancellation_reason":null,"session_ended_at":"2021-01-01T00:30:00Z",
	"meeting":{"id":1,"start_date":"2021-01-01T00:00:00Z","end_date":"2021-01-01T01:00:00Z"}}')
WHERE format = 'sqod';
UPDATE good SET doc = doc || '{"start_at":{"local":"2025-03-01T10:00:00-05:00","object":"zoned_date_time","time_zone":"America/New_York","unix_ts":1740841200,"utc":"2025-03-01T15:00:00Z"},
	"end_at":{"local":"2025-03-01T11:00:00-05:00","object":"zoned_date_time","time_zone":"America/New_York","unix_ts":1740844800,"utc":"2025-03-01T16:00:00Z"},
	"confirmed_at":"2025-02-01T10:00:00Z"}'
WHERE format = 'savvycal';
SELECT count(*) AS problems FROM good, appointment_validate(doc, format);

-- ---------------------------------------------------------------------
-- every code
-- ---------------------------------------------------------------------

-- spoil(format, path, value): the problems of the good document with a member
-- changed, or without it if the value is NULL
CREATE FUNCTION spoil(f text, member text, value jsonb)
RETURNS TABLE (path text, code text, severity text, message text)
LANGUAGE sql AS $$
	SELECT p.* FROM good, CAST('{' || CASE WHEN f = 'sqod' THEN 'data,' ELSE '' END || member || '}' AS text[]) AS at,
		appointment_validate(CASE WHEN value IS NULL THEN doc #- at ELSE jsonb_set(doc, at, value) END, format) AS p
	WHERE format = f
$$;

SELECT p.* FROM unnest(ARRAY['', ' ', '{', '{"id":}', '[1,2', 'nul', '{"id":"x"}}', '{"id":"\u0000"}',
	'{"id":"\ud800"}', '{"id":NaN}', '{''id'':1}', '{"id":"a' || chr(10) || '"}']) AS doc, appointment_validate(doc, 'caspen') AS p;
SELECT p.* FROM unnest(ARRAY[repeat(' ', 4 * 1024 * 1024 + 1), repeat('[', 65) || repeat(']', 65),
	'[' || repeat('0,', 50000) || '0]']) AS doc, appointment_validate(doc, 'caspen') AS p;
SELECT p.* FROM unnest(ARRAY['null', 'true', '1', '"x"', '[]', '[{}]']) AS doc, appointment_validate(doc, 'avon') AS p;
SELECT g.format AS document, w.format AS read_as, p.* FROM good g, good w, appointment_validate(g.doc, w.format) AS p
WHERE g.format <> w.format ORDER BY 1, 2;
SELECT * FROM appointment_validate(:'avon_list', 'caspen');
SELECT count(*) AS missing FROM appointment_validate('{}', 'savvycal') WHERE code = 'missing' AND severity = 'error';
SELECT count(*) FILTER (WHERE severity = 'error') AS errors, count(*) FILTER (WHERE severity = 'warning') AS warnings
FROM appointment_validate('{"data":{}}', 'sqod');

SELECT f AS format, member, value, p.code, p.severity, p.path, p.message
FROM (VALUES
	('caspen', 'id', NULL::jsonb),
	('sqod', 'url', NULL),
	('savvycal', 'confirmed_at', NULL),
	('appointment_one', 'visibility', NULL),
	('caspen', 'client_id', 'null'),
	('sqod', 'claimant', 'null'),
	('savvycal', 'disabled_message', 'null'),
	('caspen', 'resource_ids', '[1, "a", null]'),
	('caspen', 'duration', '1.5'),
	('sqod', 'claimant,data,0,required', '"SECRET"'),
	('sqod', 'claimant,data', '[[], {"id": 7}, 8]'),
	('avon', 'recurring', '"x"'),
	('avon', 'attendees,0', '"x"'),
	('caspen', 'duration', '1e30'),
	('caspen', 'duration', '-1'),
	('sqod', 'reference', '9223372036854775808'),
	('sqod', 'duration_in_minutes', '5000000000'),
	('avon', 'start_time', '1e18'),
	('caspen', 'starts_at', '"2024-01-01T10:00:00"'),
	('caspen', 'starts_at', '"2024-02-30T10:00:00Z"'),
	('caspen', 'starts_at', '"SECRET"'),
	('sqod', 'claimant,date_of_birth', '"SECRET"'),
	('savvycal', 'start_at,local', '"SECRET"'),
	('savvycal', 'start_at', '{"object": "zoned_date_time", "time_zone": "UTC"}'),
	('appointment_one', 'date_added', '"1.5"'),
	('savvycal', 'start_at,time_zone', '"Mars/Phobos"'),
	('sqod', 'id', '"SECRET"'),
	('savvycal', 'id', '"SECRET"'),
	('caspen', 'room_id', '"SECRET"'),
	('avon', 'id', '"SECRET"'),
	('savvycal', 'status', '"SECRET"'),
	('savvycal', 'object', '"SECRET"'),
	('avon', 'interaction_type', '"SECRET"'),
	('sqod', 'features_bandwidth', '"SECRET"'),
	('appointment_one', 'status', '"SECRET"'),
	('appointment_one', 'duration', '"SECRET"'),
	('caspen', 'more', '"SECRET"'),
	('sqod', 'claimant,data,0,more', '"SECRET"'),
	('caspen', '"a \"b\" c"', '1'),
	('caspen', 'größe', '1'),
	('caspen', 'ends_at', '"2024-01-01T10:00:00Z"'),
	('sqod', 'duration_in_minutes', '0'),
	('avon', 'end_time', '1692370044000'),
	('caspen', 'duration', '59'),
	('savvycal', 'start_at,unix_ts', '1740841201'),
	('savvycal', 'start_at,time_zone', '"Europe/Berlin"'),
	('caspen', 'cancelled_at', '"2024-01-01T09:40:00Z"'),
	('caspen', 'cancellation_note', '"SECRET"'),
	('sqod', 'cancellation_reason', '"SECRET"'),
	('caspen', 'confirmed_at', '"2024-01-01T11:00:01Z"'),
	('avon', 'created_at', '1692373642001'),
	('avon', 'last_updated_at', '0'),
	('sqod', 'meeting,start_date', '"2022-01-01T00:00:00Z"'),
	('sqod', 'meeting,end_date', '"2020-01-01T00:00:00Z"'),
	('avon', 'status_history', '[{"status": "scheduled", "changed_at": 1692000000000}, {"status": "completed", "changed_at": 1691999999999}]'),
	('avon', 'reference_patients', '["SECRET"]'),
	('avon', 'internal', 'true'),
	('avon', 'interaction_type', '"in_person"'),
	('avon', 'location', '{"city": "SECRET"}')
) AS v (f, member, value) LEFT JOIN LATERAL spoil(f, member, value) AS p ON true;

-- Actual times do not go with recurring appointments.
SELECT p.* FROM good, appointment_validate(doc || '{"recurring": {"is_recurring": true}, "actual_start_time": 1692370044000, "actual_end_time": 1692370044000}', format) AS p
WHERE format = 'avon';

-- The length of a text is counted in characters, not in bytes.
SELECT n, p.* FROM (VALUES (255), (256)) AS v (n)
LEFT JOIN LATERAL appointment_validate(jsonb_build_object('note', repeat('é', n)), 'caspen', 'update') AS p ON true;

-- No code is forgotten here.
SELECT array_agg(DISTINCT code ORDER BY code) AS codes FROM (
	SELECT code FROM good, jsonb_object_keys(coalesce(doc -> 'data', doc)) AS member,
		unnest('{"null", "{}", "\"x\"", "0", "1e30", "\"2999-01-01T00:00:00Z\"", "[{}]"}'::jsonb[]) AS value,
		spoil(format, quote_ident(member), value)
	UNION ALL SELECT code FROM appointment_validate('{', 'avon')
	UNION ALL SELECT code FROM appointment_validate('{}', 'avon')
	UNION ALL SELECT code FROM appointment_validate(repeat('[', 99) || repeat(']', 99), 'avon')
	UNION ALL SELECT code FROM appointment_validate(:'sqod', 'avon')
	UNION ALL SELECT code FROM appointment_validate(json_build_object('note', repeat('x', 256)), 'caspen', 'update')
	UNION ALL SELECT code FROM spoil('savvycal', 'start_at,time_zone', '"x"')
	UNION ALL SELECT code FROM spoil('caspen', 'more', '1')
	UNION ALL SELECT code FROM spoil('avon', 'location', '{"city": "x"}')
	UNION ALL SELECT code FROM spoil('savvycal', 'start_at,unix_ts', '1740841201')
) AS c;

-- ---------------------------------------------------------------------
-- all problems of a document
-- ---------------------------------------------------------------------

-- Five faults.
SELECT p.* FROM good, appointment_validate(jsonb_set(doc, '{data}', doc -> 'data' || '{"id": 7, "appointment_at": "tomorrow", "features_bandwidth": "vast",
		"claimant": {"name": [], "data": [{}, {}, {"required": 1}]}}'), 'sqod') AS p
WHERE format = 'sqod';

-- They are the same whether the document is text, json or jsonb, bare or in an
-- envelope.
SELECT count(*) AS differences FROM (
	SELECT format, p.* FROM example, appointment_validate(doc::text, format) AS p
	EXCEPT ALL SELECT format, p.* FROM example, appointment_validate(doc::json, format) AS p
	UNION ALL (SELECT format, p.* FROM example, appointment_validate(doc, format) AS p
	EXCEPT ALL SELECT format, p.* FROM example, appointment_validate(CASE WHEN doc ? 'data' THEN doc -> 'data' ELSE jsonb_build_object('data', doc) END, format) AS p)
) AS d;

-- Beside the document in its envelope.
SELECT * FROM appointment_validate(:'sqod'::jsonb || '{"meta": {"secret": 1}}', 'sqod') WHERE code = 'unknown_member';

-- Thousands: each has its row, and nothing of them remains.
CREATE TEMP TABLE many AS
	SELECT doc || jsonb_build_object('attendees', (SELECT jsonb_agg(jsonb_build_object('id', n, 'no_show', 'SECRET')) FROM generate_series(1, 12000) AS n)) AS doc
	FROM good WHERE format = 'avon';
SELECT count(*), count(DISTINCT path), min(message), max(message), max(path) FROM many, appointment_validate(doc, 'avon');
DO $$
DECLARE
	before bigint;
	after bigint;
BEGIN
	FOR i IN 1 .. 4 LOOP
		PERFORM count(*) FROM many, appointment_validate(doc, 'avon');
		SELECT sum(total_bytes) INTO after FROM pg_backend_memory_contexts;
		before := coalesce(before, after);
	END LOOP;
	ASSERT after - before < 1000000, 'memory grows';
END $$;
SELECT appointment_is_valid(doc, 'avon') FROM many;
-- Members that are all unknown, or all deep down.
SELECT count(*) FROM appointment_validate((SELECT json_object_agg('m' || n, n) FROM generate_series(1, 20000) AS n), 'caspen') WHERE code = 'unknown_member';
-- Members of a megabyte.
SELECT count(*), max(octet_length(path)), max(octet_length(message))
FROM appointment_validate(:'caspen'::jsonb || jsonb_build_object('note', repeat('x', 1000000), 'starts_at', repeat('x', 1000000), repeat('m', 1000000), 1), 'caspen');
SELECT left(path, 20), right(path, 5), octet_length(path), code
FROM appointment_validate(json_build_object(repeat('é', 500000), 1), 'caspen', 'update');

-- ---------------------------------------------------------------------
-- arguments
-- ---------------------------------------------------------------------

SELECT count(*) FROM appointment_validate(NULL::text, 'caspen');
SELECT count(*) FROM appointment_validate('{}', NULL);
SELECT appointment_is_valid(NULL::json, 'caspen') IS NULL AS n, appointment_is_valid('{}', NULL) IS NULL AS n,
	appointment_is_valid('{}', 'caspen', NULL) AS no_request;
SELECT appointment_is_valid('{}', 'Caspen');
SELECT * FROM appointment_validate('{}', 'caspen', 'create');
SELECT * FROM appointment_validate('{}', 'appointment_one', 'update');
SELECT DISTINCT provolatile, proparallel FROM pg_proc WHERE proname IN ('appointment_validate', 'appointment_is_valid', 'appointment_is_sound');

-- ---------------------------------------------------------------------
-- it reads, or it has an error
-- ---------------------------------------------------------------------

-- all_paths(doc): the paths of all values in a document
CREATE FUNCTION all_paths(doc jsonb) RETURNS SETOF text[] LANGUAGE sql IMMUTABLE AS $$
	WITH RECURSIVE v (path, value) AS (
		VALUES ('{}'::text[], doc)
		UNION ALL
		SELECT v.path || c.key, c.value FROM v, LATERAL (
			SELECT key, value FROM jsonb_each(CASE jsonb_typeof(v.value) WHEN 'object' THEN v.value ELSE '{}' END)
			UNION ALL
			SELECT (n - 1)::text, value FROM jsonb_array_elements(CASE jsonb_typeof(v.value) WHEN 'array' THEN v.value ELSE '[]' END) WITH ORDINALITY AS a (value, n)
		) AS c (key, value))
	SELECT path FROM v WHERE path <> '{}'
$$;

-- dice(seed, n, sides): the same numbers everywhere
CREATE FUNCTION dice(seed text, n int, sides int) RETURNS int LANGUAGE sql IMMUTABLE AS
	$$SELECT (('x' || substr(md5(seed || '/' || n), 1, 7))::bit(28)::int % sides)$$;

-- agrees(doc, format): what is wrong with the agreement of reading and
-- validating, or NULL; "marker" must not be told to anybody
CREATE FUNCTION agrees(doc text, f text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	first record;
	told text;
	text_of_error text;
	detail text;
	hint text;
	valid boolean;
BEGIN
	SELECT path, code INTO first FROM appointment_validate(doc, f) WITH ORDINALITY AS p (path, code, severity, message, n)
	WHERE severity = 'error' ORDER BY n LIMIT 1;
	valid := first.code IS NULL;
	SELECT string_agg(path || code || severity || message, ' ') INTO told FROM appointment_validate(doc, f);
	IF told LIKE '%SECRET%' THEN
		RETURN 'told: ' || told;
	END IF;
	IF appointment_is_valid(doc, f) IS DISTINCT FROM valid THEN
		RETURN 'is_valid';
	END IF;
	BEGIN
		IF f = 'appointment_one' THEN
			PERFORM appointment_event_from_json(doc, f)::text;
		ELSE
			PERFORM appointment_from_json(doc, f)::text::appointment;
		END IF;
		RETURN CASE WHEN valid THEN NULL ELSE 'read' END;
	EXCEPTION WHEN invalid_text_representation OR program_limit_exceeded THEN
		GET STACKED DIAGNOSTICS text_of_error = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		RETURN CASE WHEN valid THEN 'not read: ' || text_of_error
			WHEN concat(text_of_error, detail, hint) LIKE '%SECRET%' THEN 'told: ' || text_of_error
			WHEN detail::jsonb IS DISTINCT FROM jsonb_build_object('format', f, 'path', first.path, 'code', first.code) THEN 'detail ' || detail
			END;
	END;
END $$;

-- Members removed, added and set to whatever, up to three in one document.
\set seed 20240101
\echo seed :seed
CREATE TEMP TABLE paths AS SELECT format, jsonb_agg(path ORDER BY path) AS paths FROM good, all_paths(doc) AS path GROUP BY format;
CREATE FUNCTION mutate(doc jsonb, paths jsonb, seed text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	odd constant jsonb[] := ARRAY['null', 'true', 'false', '0', '-1', '60', '1.5', '1e30', '99999999999999999999', '""', '"SECRET"',
		'"2024-01-01T10:00:00Z"', '"2024-01-01T10:00:00"', '"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999999Z"', '"2024-12-31"', '"60"', '[]', '{}', '[{}]', '["SECRET"]',
		'{"SECRE": "SECRET"}', '[1, null]', '"scheduled"', '"cancelled"', '"canceled"', '"UTC"', '1692370044000', '253402300799999', '-1e15', '"active"', '[[[]]]', '{"id": "SECRET"}', '"\u0001\u007f\u00e9\u4e2d"'];
	path text[];
	whole_path jsonb;
BEGIN
	FOR i IN 1 .. 1 + dice(seed, 0, 3) LOOP
		whole_path := paths -> dice(seed, 10 * i, jsonb_array_length(paths));
		SELECT array_agg(value) INTO path FROM jsonb_array_elements_text(whole_path);
		-- what an earlier turn took away stays away
		CONTINUE WHEN doc #> path IS NULL;
		doc := CASE
			WHEN dice(seed, 10 * i + 1, 8) = 0 THEN doc #- path
			WHEN dice(seed, 10 * i + 1, 8) = 1 AND jsonb_typeof(doc #> path) = 'object' THEN
				jsonb_set(doc, path || 'added'::text, odd[1 + dice(seed, 10 * i + 2, cardinality(odd))])
			ELSE jsonb_set(doc, path, odd[1 + dice(seed, 10 * i + 2, cardinality(odd))]) END;
	END LOOP;
	RETURN doc;
END $$;
CREATE TEMP TABLE mutants AS
SELECT format, n, mutate(doc, paths, :'seed' || format || n) AS doc
FROM good JOIN paths USING (format), generate_series(1, 1000) AS n;
SELECT format, count(*), count(DISTINCT doc) > 850 AS differ,
	count(*) FILTER (WHERE appointment_is_valid(doc, format)) BETWEEN 50 AND 900 AS some_are_valid
FROM mutants GROUP BY format ORDER BY format;
SELECT format, n, agrees FROM mutants, agrees(doc::text, format) WHERE agrees IS NOT NULL ORDER BY format, n LIMIT 10;
-- Whatever the type of the argument, and in any other format, there is no exception.
SELECT count(*) AS differ FROM mutants WHERE appointment_is_valid(doc, format) <> appointment_is_valid(doc::text, format)
	OR appointment_is_valid(doc, format) <> appointment_is_valid(doc::json, format);
SELECT m.format, g.format, m.n, agrees FROM mutants AS m, good AS g, agrees(m.doc::text, g.format)
WHERE m.n <= 50 AND m.format <> g.format AND agrees IS NOT NULL LIMIT 10;

-- Characters removed, doubled and replaced.
CREATE FUNCTION scratch(doc text, seed text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	odd constant text[] := ARRAY['"', '\', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', 'n', 't', '\u0000', '\ud800', '\ud83d\ude00', E'\x01', E'\x7f', 'é', '😀', ' ', E'\n', '/', '', '""', '\"', '99999999999999999999', 'null'];
	at int;
BEGIN
	FOR i IN 1 .. 1 + dice(seed, 0, 3) LOOP
		at := 1 + dice(seed, 10 * i, length(doc));
		doc := left(doc, at - dice(seed, 10 * i + 1, 3)) || odd[1 + dice(seed, 10 * i + 2, cardinality(odd))] || substr(doc, at + dice(seed, 10 * i + 3, 3));
	END LOOP;
	RETURN doc;
END $$;
SELECT format, n, agrees FROM good, generate_series(1, 600) AS n, agrees(scratch(doc::text, :'seed' || format || n), format)
WHERE agrees IS NOT NULL ORDER BY format, n LIMIT 10;
-- Texts of nothing but such characters.
SELECT count(*) AS texts, count(*) FILTER (WHERE problems > 0) AS with_rows
FROM generate_series(1, 2000) AS n,
	LATERAL (SELECT string_agg(substr('{}[]",:0-.eaunlt\rf ' || E'\n\x01é😀', 1 + dice(:'seed' || n, i, 24), 1), '') AS doc FROM generate_series(1, 1 + n % 30) AS i) AS t,
	LATERAL (SELECT count(*) AS problems FROM good, appointment_validate(t.doc, format)) AS p;

-- A document at the limit of depth is read, kept and restored, or has an error.
SELECT depth, count(*) FILTER (WHERE valid) AS valid, count(*) FILTER (WHERE wrong IS NOT NULL) AS wrong
FROM (VALUES (60), (61), (62), (63), (64), (65)) AS d (depth), good,
	LATERAL (SELECT jsonb_set(doc, CASE format WHEN 'sqod' THEN '{data,claimant,more}' WHEN 'savvycal' THEN '{start_at,more}' WHEN 'avon' THEN '{attendees,0,more}' ELSE '{more}' END::text[], '"here"')::text AS t) AS t,
	LATERAL (SELECT replace(t, '"here"', repeat('[', depth - CASE format WHEN 'sqod' THEN 3 WHEN 'savvycal' THEN 2 WHEN 'avon' THEN 3 ELSE 1 END) || repeat(']', depth - CASE format WHEN 'sqod' THEN 3 WHEN 'savvycal' THEN 2 WHEN 'avon' THEN 3 ELSE 1 END)) AS doc) AS s,
	LATERAL (SELECT appointment_is_valid(s.doc, format) AS valid, agrees(s.doc, format) AS wrong) AS r
GROUP BY depth ORDER BY depth;
-- One at the limit of values.
SELECT n, valid, agrees(doc, 'avon') AS wrong
FROM (VALUES (24990), (25000)) AS v (n),
	LATERAL (SELECT '{"id":"x","start_time":0,"end_time":1,"attendees":[' || repeat('{"x":1},', n - 1) || '{"x":1}]}' AS doc) AS d,
	LATERAL appointment_is_valid(doc, 'avon') AS valid;

-- ---------------------------------------------------------------------
-- tables that hold to it
-- ---------------------------------------------------------------------

CREATE TEMP TABLE inbox (doc json NOT NULL CHECK (appointment_is_valid(doc, 'caspen')));
INSERT INTO inbox VALUES (:'caspen');
INSERT INTO inbox VALUES ('{"id":"x"}');
SELECT count(*) FROM inbox;

-- ---------------------------------------------------------------------
-- rules over a value
-- ---------------------------------------------------------------------

SELECT value, p.code, p.severity, p.path, p.message, appointment_is_sound(value) AS sound
FROM unnest('{
	"{}",
	"{\"status\":\"pending\"}",
	"{\"status\":\"cancelled\"}",
	"{\"status\":\"proposed\"}",
	"{\"status\":\"waitlist\"}",
	"{\"status\":\"scheduled\"}",
	"{\"status\":\"booked\"}",
	"{\"status\":null}",
	"{\"starts_at\":\"2024-01-01T10:00:00Z\"}",
	"{\"status\":\"cancelled\",\"ends_at\":\"2024-01-01T10:00:00Z\"}",
	"{\"status\":\"scheduled\",\"starts_at\":\"2024-01-01T10:00:00Z\",\"ends_at\":null}",
	"{\"status\":\"scheduled\",\"starts_at\":\"2024-01-01T10:00:00Z\",\"ends_at\":\"2024-01-01T11:00:00Z\"}",
	"{\"cancelled_at\":\"2024-01-01T10:00:00Z\"}",
	"{\"status\":\"pending\",\"cancelled_at\":\"2024-01-01T10:00:00Z\",\"cancellation_reason_id\":\"r\",\"cancellation_note\":\"SECRET\"}",
	"{\"status\":\"cancelled\",\"cancelled_at\":\"2024-01-01T10:00:00Z\",\"cancellation_reason_id\":\"r\",\"cancellation_note\":\"SECRET\"}",
	"{\"status\":\"no_show\",\"starts_at\":\"2024-01-01T10:00:00Z\",\"ends_at\":\"2024-01-01T11:00:00Z\",\"cancelled_at\":\"2024-01-01T10:00:00Z\"}",
	"{\"status\":\"noshow\",\"starts_at\":\"2024-01-01T10:00:00Z\",\"ends_at\":\"2024-01-01T11:00:00Z\",\"cancellation_reason_id\":\"r\"}",
	"{\"status\":\"pending\",\"cancelled_at\":null,\"cancellation_reason_id\":null}",
	"{\"starts_at\":\"2024-01-01T10:00:00Z\",\"ends_at\":\"2024-01-01T11:00:00Z\",\"duration\":30,\"created_at\":\"2025-01-01T00:00:00Z\"}",
	"{\"starts_at\":\"2024-01-01T10:00:00Z\",\"ends_at\":\"2024-01-01T11:00:00Z\",\"is_internal\":false,\"reference_patients\":[\"SECRET\"],\"source\":\"avon\"}",
	"{\"starts_at\":\"2024-01-01T10:00:00Z\",\"ends_at\":\"2024-01-01T11:00:00Z\",\"is_internal\":true,\"service_id\":\"s\",\"address\":{\"city\":\"SECRET\"},\"source\":\"avon\"}"
}'::appointment[]) AS value LEFT JOIN LATERAL appointment_problems(value) AS p ON true;
-- app-5: a value whose end is not after its start is none.
SELECT '{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T10:00:00Z"}'::appointment;
SELECT appointment_is_sound(NULL) IS NULL AS n, count(*) FROM appointment_problems(NULL);
CREATE TEMP TABLE sound (a appointment CHECK (appointment_is_sound(a)));
INSERT INTO sound VALUES ('{"status":"cancelled"}'), (NULL);
INSERT INTO sound VALUES ('{"status":"scheduled","cancelled_at":"2024-01-01T10:00:00Z"}');
INSERT INTO sound VALUES (appointment_from_json(:'caspen', 'caspen'));
UPDATE sound SET a = appointment_set(a, 'status', '"scheduled"');
-- What reads from the documents is sound, but for the contradictions.
SELECT format, appointment_is_sound(appointment_from_json(doc, format)) FROM example WHERE format <> 'appointment_one';
SELECT format, appointment_is_sound(appointment_from_json(doc, format)) FROM good WHERE format <> 'appointment_one';

DROP FUNCTION spoil, all_paths, dice, agrees, mutate, scratch;
