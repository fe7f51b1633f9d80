--
-- Rows of ordinary tables as appointments
--
SET timezone = 'America/New_York';
SET datestyle = 'SQL, DMY';

-- ---------------------------------------------------------------------
-- column types
-- ---------------------------------------------------------------------

CREATE TYPE state AS ENUM ('scheduled', 'arrived', 'odd one');
CREATE DOMAIN short AS varchar(5) CHECK (VALUE <> '');
CREATE DOMAIN shorter AS short;
CREATE DOMAIN moment AS timestamptz;
CREATE DOMAIN names AS text[];
CREATE DOMAIN padded_domain AS char(10);

CREATE TABLE bookings (
	not_a_field point,
	id uuid,
	reference smallint,
	starts_at timestamptz(3),
	ends_at moment,
	duration numeric(10, 2),
	status state,
	confirmed boolean,
	location_id int,
	room_id bigint,
	client_id shorter,
	case_id char(4),
	practitioner_id name,
	service_id "char"[],
	resource_ids uuid[],
	reference_patients names,
	note text,
	claimant jsonb,
	attendees json,
	recurrence json,
	department jsonb,
	"ID" int
);
-- "char"[] is no text: the field cannot be that
SELECT appointment_from_row(b) FROM bookings b;
INSERT INTO bookings (id) VALUES ('9a0f170e-0aa0-47db-ab14-4ddcdcbad061');
SELECT appointment_from_row(b) FROM bookings b;
ALTER TABLE bookings DROP service_id;
INSERT INTO bookings VALUES ('(1,2)', '9A0F170E-0AA0-47DB-AB14-4DDCDCBAD062', -7, '2024-01-01 10:00:00.1239+02', '2024-07-01 00:00+02', 60.00,
	'odd one', false, 42, 9007199254740993, 'abc', 'x', 'Nobody', '{9a0f170e-0aa0-47db-ab14-4ddcdcbad063,NULL}', '{a,NULL,""}', E'tab\t"é"',
	'{"name": "n", "data": [{"required": true}], "date_of_birth": "2000-01-01"}', '[{"id":"u"}, {}]', '{"b" : 1.0,"a":[]}', '{"id": 1e2}', 5);
\a
SELECT appointment_from_row(b) FROM bookings b ORDER BY id;
\a

-- one type of each kind against fields of each kind: taken, or refused
CREATE FUNCTION try_column(field text, value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	detail text;
	hint text;
BEGIN
	EXECUTE format('SELECT appointment_from_row(r)::text FROM (SELECT %s AS %I) r', value, field) INTO result;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS result = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', SQLSTATE || ': ' || result, nullif(detail, ''), nullif(hint, ''));
END $$;
SELECT field, value, try_column(field, value) FROM unnest(
	'{id,reference,starts_at,duration,time_zone,confirmed,resource_ids,department,attendees}'::text[]) WITH ORDINALITY f(field, n),
	unnest(ARRAY[$$'x'::text$$, '1', 'true', '1.5', $$'2024-01-01 10:00Z'::timestamptz$$, $$'2024-01-01 10:00'::timestamp$$,
		$$'2024-01-01'::date$$, $$'1 hour'::interval$$, $$'{a}'::text[]$$, $$'{"id":1}'::jsonb$$]) WITH ORDINALITY v(value, m)
ORDER BY n, m;

-- text
SELECT value, try_column('id', value) FROM unnest(ARRAY['NULL::text', $$''$$, $$'x'::varchar$$, $$'x'::char(3)$$, $$'x'::name$$, $$'x'::"char"$$,
	'1::smallint', '9223372036854775807', $$'9A0F170E-0AA0-47DB-AB14-4DDCDCBAD061'::uuid$$, $$'arrived'::state$$, $$'abc'::shorter$$, '1.0', '1::real', 'true',
	$$'\x00'::bytea$$, $$'1.2.3.4'::inet$$, $$'"x"'::jsonb$$, $$'{}'::json$$, $$'x'::tsvector$$, $$'pg_class'::regclass$$, 'ROW(1)', $$'{"id":"x"}'::appointment$$]) value;
-- integers and lengths
SELECT value, try_column('reference', value) FROM unnest(ARRAY['1::smallint', '(-9223372036854775808)::bigint', '9223372036854775807::numeric', '9223372036854775808::numeric',
	'-9223372036854775808.000', '1e30', '0.5', $$'NaN'::numeric$$, $$'-Infinity'::numeric$$, '1::float8', $$'1'::text$$, $$'1 hour'::interval$$, 'NULL::int']) value;
SELECT value, try_column('duration', value) FROM unnest(ARRAY['90', $$'90 minutes'::interval$$, $$'1 day 1 hour'::interval$$, $$'-1 hour'::interval$$,
	$$'1 month'::interval$$, $$'1 year'::interval$$, $$'90 seconds'::interval$$, $$'0.000001 seconds'::interval$$, $$'2562047788:00:54'::interval$$, $$'2147483647 days'::interval$$]) value;
-- instants and dates
SELECT value, try_column('starts_at', value) FROM unnest(ARRAY[$$'2024-01-01 10:00:00.000001Z'::timestamptz$$, $$'2024-03-10 02:30'::timestamptz$$,
	$$'infinity'::timestamptz$$, $$'-infinity'::timestamptz$$, $$'0001-01-01 00:00Z'::timestamptz$$, $$'0001-01-01 00:00Z'::timestamptz - '1 us'::interval$$,
	$$'9999-12-31 23:59:59.999999Z'::timestamptz$$, $$'10000-01-01 00:00Z'::timestamptz$$, $$'0044-03-15 12:00Z BC'::timestamptz$$, $$now()::timestamp$$, $$'10:00'::time$$, $$'2024-01-01T10:00:00Z'$$, '1704103200']) value;
-- character(n) is padded, which is no part of what it says
SELECT field, value, try_column(field, value) FROM (VALUES ('id', $$'r1'::char(6)$$), ('id', $$'r1 '::varchar$$), ('note', $$' x '::char(5)$$), ('note', $$'   '::char(3)$$),
	('status', $$'cancelled'::char(12)$$), ('status', $$'canceled'::padded_domain$$), ('source', $$'avon'::char(10)$$), ('time_zone', $$'Europe/Berlin'::char(40)$$),
	('resource_ids', $$'{r1,"r2 "}'::char(6)[]$$), ('resource_ids', $$'{r1}'::padded_domain[]$$), ('resource_ids', $$'{"r1 "}'::text[]$$)) v (field, value);
SELECT appointment_occupancy(appointment_from_row(r)), appointment_occupancy(appointment_from_row(c))
FROM (SELECT '2024-01-01 10:00Z'::timestamptz AS starts_at, '2024-01-01 11:00Z'::timestamptz AS ends_at, 'r1'::char(6) AS room_id, 'scheduled'::char(12) AS status) r,
	(SELECT '2024-01-01 10:00Z'::timestamptz AS starts_at, '2024-01-01 11:00Z'::timestamptz AS ends_at, 'r1'::char(6) AS room_id, 'cancelled'::char(12) AS status) c;
-- zones, statuses, the source
SELECT value, try_column('time_zone', value) FROM unnest(ARRAY[$$'Europe/Berlin'$$, $$'Nowhere/Land'$$, $$''$$, $$'+02:00'$$]) value;
SELECT value, try_column('status', value) FROM unnest(ARRAY[$$'no_show'$$, $$'No Show'$$, $$'arrived'::state$$, $$''$$, '1', 'NULL::state']) value;
SELECT value, try_column('source', value) FROM unnest(ARRAY[$$'avon'$$, $$'appointment_one'$$, $$'website'$$, $$''$$, 'NULL::text']) value;
SELECT appointment_event_from_row(r) FROM (SELECT 'x' AS id, 'avon' AS source) r;
-- lists
SELECT value, try_column('resource_ids', value) FROM unnest(ARRAY[$$'{}'::text[]$$, $$'{NULL}'::text[]$$, $$'{a,NULL,b}'::varchar[]$$, $$'{{a,b},{c,d}}'::text[]$$, $$'[5:6]={a,b}'::text[]$$,
	$$'{1,2}'::int[]$$, $$'{1.5}'::numeric[]$$, $$'{scheduled,"odd one"}'::state[]$$, $$'{abc}'::shorter[]$$, $$'{a,b}'::name[]$$, $$'["a","b"]'::jsonb$$, $$'["a",1]'::json$$, $$'{}'::json$$, $$'null'::json$$, $$'1 2'::int2vector$$, $$'a'$$]) value;
-- objects and lists of them
SELECT value, try_column('claimant', value) FROM unnest(ARRAY[$$'{}'::json$$, $$'{"name":"n","data":[{"id":"i"}]}'::jsonb$$, $$'null'::jsonb$$, $$'{"nothing":1}'::json$$, $$'{"data":[{},{"required":"very private"}]}'::json$$, $$'{"name":"\u0000"}'::json$$, $$'[]'::jsonb$$, $$'{}'$$, 'ROW(1)']) value;
SELECT value, try_column('unknown', value) FROM unnest(ARRAY[$$'{"avon":{"x" : 1}}'::json$$, $$'{"x":1}'::jsonb$$, 'true', $$'text'$$]) value;
SELECT value, try_column('recurrence', value) FROM unnest(ARRAY[$$'{"a":[1, 2.50]}'::json$$, $$'{"a": 2.50}'::jsonb$$, $$'[]'::json$$]) value;

-- the end has to be after the start
SELECT appointment_from_row(r) FROM (SELECT 'x' AS id, '2024-01-01 10:00Z'::timestamptz AS starts_at, '2024-01-01 10:00Z'::timestamptz AS ends_at) r;
-- a length that follows from them is not kept; without an end it gives the end
SELECT appointment_from_row(r) FROM (SELECT '2024-01-01 10:00Z'::timestamptz AS starts_at, '2024-01-01 11:00Z'::timestamptz AS ends_at, 60 AS duration) r;
SELECT appointment_from_row(r) FROM (SELECT '2024-01-01 10:00Z'::timestamptz AS starts_at, 60 AS duration) r;

-- too large: known before memory is spent on it
\set VERBOSITY terse
SELECT appointment_from_row(r) FROM (SELECT array_fill('x'::text, ARRAY[100001]) AS resource_ids) r;
SELECT appointment_from_row(r) FROM (SELECT array_fill(NULL::text, ARRAY[2000000]) AS resource_ids) r;
SELECT appointment_from_row(r) FROM (SELECT array_fill(repeat('x', 200), ARRAY[90000]) AS resource_ids) r;
SELECT appointment_from_row(r) FROM (SELECT array_fill(1, ARRAY[2000000]) AS resource_ids) r;
SELECT appointment_from_row(r) FROM (SELECT repeat('x', 9000000) AS note, repeat('x', 9000000) AS description) r;
SELECT appointment_from_event('{"status":"active","duration":30}', '2024-01-01', array_fill('x'::text, ARRAY[2000000]), 'x', '2024-01-01');
SELECT appointment_occupancy('{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","room_id":"r"}', array_fill('room_id'::text, ARRAY[1000000]), NULL, NULL);
\set VERBOSITY default

-- ---------------------------------------------------------------------
-- rows of every kind
-- ---------------------------------------------------------------------

CREATE TABLE visits (junk text, id text, note text, starts_at timestamptz NOT NULL, minutes int,
	ends_at timestamptz GENERATED ALWAYS AS (starts_at + minutes * interval '1 minute') STORED);
-- with a zone, that generation expression is not immutable; in seconds it is
CREATE TABLE visits (junk text, id text, note text, starts_at timestamptz NOT NULL, minutes int,
	name text GENERATED ALWAYS AS (upper(id)) STORED);
INSERT INTO visits VALUES ('j', 'v1', 'n', '2024-01-01 10:00Z', 60), ('j', 'v2', NULL, '2024-01-02 10:00Z', NULL);
SELECT appointment_from_row(v) FROM visits v ORDER BY id;
SELECT appointment_from_row(v.*) FROM visits v ORDER BY id LIMIT 1;
SELECT appointment_from_row(s) FROM (SELECT id, starts_at, starts_at + minutes * interval '1 minute' AS ends_at FROM visits) s ORDER BY id;
SELECT appointment_from_row(NULL), appointment_from_row(NULL::visits);
-- nothing that was meant for a field is lost without a word: a row that has none, ...
SELECT appointment_from_row(ROW('a', 'b'));
SELECT appointment_from_row(ROW());
SELECT appointment_from_row(ROW(NULL)::record);
SELECT appointment_event_from_row(r) FROM (SELECT 1 AS starts_at, 2 AS junk) r;
-- ... a name in camel case, unless the field is there by its own, ...
SELECT appointment_from_row(r) FROM (SELECT 'a' AS id, now() AS "startsAt", now() AS "endsAt") r;
SELECT appointment_from_row(r) FROM (SELECT now() AS "EndsAt") r;
SELECT appointment_from_row(r) FROM (SELECT 'a' AS id, 5 AS "ID", 5 AS clientid, 6 AS "Price") r;
SELECT appointment_event_from_row(r) FROM (SELECT 'a' AS id, now() AS "dateAdded") r;
-- ... and one of two columns of a name, even if both are null
SELECT appointment_from_row(r) FROM (SELECT v.*, p.* FROM visits v, (VALUES (5, NULL)) AS p (id, price)) r;
SELECT appointment_from_row(r) FROM (SELECT NULL AS note, 'a' AS id, NULL AS note) r;
SELECT appointment_from_row(r) FROM (SELECT 'a' AS id, 1 AS price, 2 AS price) r;
SELECT appointment_from_row((NULL, NULL, NULL, NULL, NULL, NULL)::visits);
SELECT appointment_from_row(v) FROM (VALUES (1)) x LEFT JOIN visits v ON false;
\set VERBOSITY terse
SELECT appointment_from_row(1);
\set VERBOSITY default
WITH w AS (SELECT id, note FROM visits) SELECT appointment_from_row(w) FROM w ORDER BY id;
CREATE VIEW visit_view AS SELECT id, starts_at, 'arrived'::text AS status FROM visits;
SELECT appointment_from_row(v) FROM visit_view v ORDER BY id;
CREATE TYPE pair AS (id text, duration int);
SELECT appointment_from_row(('x', 5)::pair), appointment_from_row(p) FROM unnest(ARRAY[('y', 6), NULL]::pair[]) p;
CREATE DOMAIN checked_pair AS pair CHECK ((VALUE).duration > 0);
SELECT appointment_from_row(('x', 5)::checked_pair);
SELECT appointment_from_row(jsonb_populate_record(NULL::pair, '{"id":"z","duration":7}'));
SELECT appointment_from_row(r) FROM jsonb_to_recordset('[{"id":"q","status":"arrived"}]') AS r(id text, status text);
-- the same expression over rows of different types
SELECT appointment_from_row(r) FROM (SELECT ROW(id, note)::record AS r FROM visits UNION ALL SELECT ('p', 1)::pair::record UNION ALL SELECT v::record FROM visits v) s;
CREATE FUNCTION any_row(r record) RETURNS appointment LANGUAGE plpgsql AS $$BEGIN RETURN appointment_from_row(r); END$$;
SELECT any_row(('p', 1)::pair), any_row(v) FROM visits v WHERE id = 'v1';

-- dropped and added columns; TOASTed ones
ALTER TABLE visits DROP junk, DROP name;
ALTER TABLE visits ADD status text DEFAULT 'scheduled', ADD service_id int;
SELECT appointment_from_row(v) FROM visits v ORDER BY id;
UPDATE visits SET note = repeat('long', 10000) WHERE id = 'v2';
SELECT octet_length(appointment_from_row(v) ->> 'note') FROM visits v WHERE id = 'v2';
UPDATE visits SET note = NULL WHERE id = 'v2';

-- inheritance and partitions: what is asked for is what is named
CREATE TABLE special_visits (practitioner_id int) INHERITS (visits);
INSERT INTO special_visits (id, starts_at, practitioner_id) VALUES ('v3', '2024-01-03 10:00Z', 5);
SELECT appointment_from_row(v) FROM visits v ORDER BY id;
SELECT appointment_from_row(v) FROM special_visits v;
CREATE TABLE parted (note text, id int, starts_at timestamptz) PARTITION BY RANGE (starts_at);
CREATE TABLE parted_2 (starts_at timestamptz, gone int, id int, note text);
ALTER TABLE parted_2 DROP gone;
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
ALTER TABLE parted ATTACH PARTITION parted_2 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO parted VALUES ('one', 1, '2024-06-01 00:00Z'), ('two', 2, '2025-06-01 00:00Z');
SELECT appointment_from_row(p) FROM parted p ORDER BY id;
SELECT appointment_from_row(p) FROM parted_2 p;

-- a type that changes under a prepared statement, and under a function
PREPARE visit AS SELECT appointment_from_row(v) FROM visits v WHERE id = 'v1';
EXECUTE visit;
ALTER TABLE visits ADD room_id text DEFAULT 'r';
EXECUTE visit;
ALTER TABLE visits RENAME note TO remark;
EXECUTE visit;
ALTER TABLE visits ALTER service_id TYPE text USING 's';
EXECUTE visit;
ALTER TABLE visits ADD created_at timestamp DEFAULT '2024-01-01';
EXECUTE visit;
ALTER TABLE visits DROP created_at;
EXECUTE visit;
CREATE TABLE changing (id text, note text);
INSERT INTO changing VALUES ('c', '17');
DO $$
DECLARE
	r changing;
	a appointment;
BEGIN
	FOR i IN 1 .. 5 LOOP
		SELECT * INTO r FROM changing;
		a := appointment_from_row(r);
		RAISE NOTICE '%', a;
		EXECUTE (ARRAY['ALTER TABLE changing ALTER note TYPE int USING 4',
			'ALTER TABLE changing ALTER note TYPE text, ADD name text DEFAULT ''n''',
			'ALTER TABLE changing DROP note',
			'ALTER TABLE changing RENAME name TO description',
			'SELECT'])[i];
	END LOOP;
END $$;

-- ---------------------------------------------------------------------
-- what comes of it
-- ---------------------------------------------------------------------

-- a row can be stored, and a constraint can ask about it
ALTER TABLE parted ADD CHECK (appointment_from_row(ROW(id, NULL)::pair) IS NOT NULL);
\set VERBOSITY sqlstate
CREATE INDEX ON parted (appointment_from_row(parted));		-- not immutable
\set VERBOSITY default
CREATE TRIGGER t BEFORE INSERT ON changing FOR EACH ROW
	WHEN (appointment_from_row(NEW) ->> 'id' = 'stop') EXECUTE FUNCTION suppress_redundant_updates_trigger();
INSERT INTO changing (id) VALUES ('go');
INSERT INTO changing (id) VALUES ('stop');

-- what was written is what canonical JSON reads
SELECT count(*) AS lost FROM bookings b WHERE appointment_from_row(b)::text::appointment <> appointment_from_row(b);
-- and every format can write it, in any zone
SELECT appointment_to_json(appointment_from_row(p), 'caspen') ->> 'starts_at', appointment_to_json(appointment_from_row(p), 'avon') ->> 'start_time' FROM parted p ORDER BY id;

SELECT appointment_event_from_row(r) FROM (SELECT '30min' AS id, 'n'::name AS name, '1 hour'::interval AS duration, '2017-01-13 03:14:55Z'::timestamptz AS date_added, '{c}'::text[] AS free_busy_calendars, '[{"rel" : "self"}]'::json AS links, 'active' AS status, 5 AS starts_at) r;
SELECT appointment_event_from_row(r) FROM (SELECT '2017-01-13'::timestamp AS date_added) r;

DROP TABLE bookings, visits, special_visits, parted, changing CASCADE;
DROP TYPE pair, state, short, shorter, moment, names, padded_domain CASCADE;
DROP FUNCTION try_column(text, text), any_row(record);
