--
-- documents.sql
--		Reading, writing and asking the caspen example, with varied values,
--		against what a user would do without the extension.
--
-- Four tables hold the same appointments: as ordinary columns, as values, as
-- jsonb and as the finished text of a json column.  Every value is of the
-- shape and length of the example's.
--
SET TimeZone = 'UTC';

CREATE TABLE rows AS
SELECT 'app_' || ulid AS id, 'loc_' || ulid AS location_id,
	   'pra_' || ulid AS practitioner_id, 'ser_' || ulid AS service_id,
	   'cli_' || ulid AS client_id, 'cpk_' || ulid AS client_package_id,
	   'cas_' || ulid AS case_id, starts_at, starts_at + '1 hour' AS ends_at,
	   60 AS duration,
	   (ARRAY['pending', 'arrived', 'missed', 'cancelled'])[1 + n % 4] AS status,
	   n % 2 = 0 AS confirmed, starts_at - '30 minutes'::interval AS confirmed_at,
	   'rom_' || ulid AS room_id, 'veh_' || ulid AS vehicle_id,
	   ARRAY['res_' || ulid, 'res_' || reverse(ulid)] AS resource_ids,
	   'Client requested morning appointment.' AS note,
	   'cnr_' || ulid AS cancellation_reason_id,
	   'Client had to travel unexpectedly.' AS cancellation_note,
	   starts_at - '2 hours'::interval AS cancelled_at,
	   starts_at - '2 days'::interval AS created_at
FROM (SELECT n, substr(upper(md5(n::text)), 1, 26) AS ulid,
			 timestamptz '2024-01-01 10:00:00Z' + n * interval '7 minutes' AS starts_at
	  FROM generate_series(1, :rows) AS n) AS s;

-- canonical words in the table of rows: what appointment_from_row() takes
UPDATE rows SET status = 'no_show' WHERE status = 'missed';

CREATE TABLE documents AS
	SELECT appointment_to_json(appointment_from_row(r), 'caspen') AS j FROM rows r;
CREATE TABLE binaries AS SELECT j::jsonb AS j FROM documents;
CREATE TABLE appointments AS
	SELECT appointment_from_json(j, 'caspen') AS a FROM documents;
VACUUM (FULL, FREEZE, ANALYZE) rows;
VACUUM (FREEZE, ANALYZE) documents;
VACUUM (FREEZE, ANALYZE) binaries;
VACUUM (FREEZE, ANALYZE) appointments;

-- What a user writes without the extension.
CREATE FUNCTION pg_temp.build() RETURNS text LANGUAGE sql AS $$
	SELECT $q$SELECT json_build_object('id', id, 'location_id', location_id,
		'practitioner_id', practitioner_id, 'service_id', service_id,
		'client_id', client_id, 'client_package_id', client_package_id,
		'case_id', case_id,
		'starts_at', to_char(starts_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
		'ends_at', to_char(ends_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
		'duration', duration, 'status', status, 'confirmed', confirmed,
		'confirmed_at', to_char(confirmed_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
		'room_id', room_id, 'vehicle_id', vehicle_id,
		'resource_ids', resource_ids, 'note', note,
		'cancellation_reason_id', cancellation_reason_id,
		'cancellation_note', cancellation_note,
		'cancelled_at', to_char(cancelled_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
		'created_at', to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
	FROM rows$q$
$$;

SELECT bench.compare('write: `appointment_to_json(a, ''caspen'')` against `json_build_object` with `to_char`',
	$$SELECT appointment_to_json(a, 'caspen') FROM appointments$$,
	pg_temp.build(), 'faster', 8);

SELECT bench.compare('write: the same against `row_to_json`',
	$$SELECT appointment_to_json(a, 'caspen') FROM appointments$$,
	$$SELECT row_to_json(r) FROM rows r$$, 'faster', 5);

SELECT bench.compare('write: the same against the finished text of a `json` column (the floor)',
	$$SELECT sum(octet_length(appointment_to_json(a, 'caspen')::text)) FROM appointments$$,
	$$SELECT sum(octet_length(j::text)) FROM documents$$, 'slower', 1.4);

SELECT bench.compare('a row: `appointment_from_row(r)`, then `appointment_to_json`, against `json_build_object`',
	$$SELECT appointment_to_json(appointment_from_row(r), 'caspen') FROM rows r$$,
	pg_temp.build(), 'faster', 3);

SELECT bench.compare('read: `appointment_from_json(j, ''caspen'')` against `j::text::jsonb` (parsing alone)',
	$$SELECT appointment_from_json(j, 'caspen') FROM documents$$,
	$$SELECT j::text::jsonb FROM documents$$, 'faster', 1.5);

SELECT bench.compare('ask: `a ->> ''status''` against `j ->> ''status''` on jsonb',
	$$SELECT a ->> 'status' FROM appointments$$,
	$$SELECT j ->> 'status' FROM binaries$$, 'slower', 1.2);

SELECT bench.compare('ask: `appointment_during(a)` against `tstzrange(starts_at, ends_at)`',
	$$SELECT appointment_during(a) FROM appointments$$,
	$$SELECT tstzrange(starts_at, ends_at) FROM rows$$, 'slower', 1.2);

SELECT bench.compare_size('store: a caspen value against the same document as jsonb',
	$$SELECT avg(pg_column_size(a)) FROM appointments$$,
	$$SELECT avg(pg_column_size(j)) FROM binaries$$, 0.6);

-- Memory of lists: the growth of the process that has done nothing before, so
-- each side has a session of its own.  Rows are one appointment again and again,
-- with the members that a document must have: a table would be read through the
-- shared buffers, which count for whoever touches them.
CREATE TABLE one AS
SELECT appointment_from_json(j, 'caspen') AS a, j
FROM (SELECT json_object_agg(key, value) AS j
	  FROM (SELECT j FROM documents LIMIT 1) AS d, json_each(j)
	  WHERE key IN ('id', 'location_id', 'practitioner_id', 'service_id', 'client_id',
	  				'starts_at', 'ends_at', 'duration', 'status', 'resource_ids', 'created_at')) AS s;
CREATE TABLE lists AS
SELECT array_agg(a) AS appointments, array_agg(j) AS documents,
	   appointment_json_agg(a, 'caspen') AS list, json_agg(j) AS items
FROM one, generate_series(1, 100000);

\c -
SELECT bench.growth($$SELECT appointment_json_agg(a, 'caspen') FROM one, generate_series(1, 1000000)$$) AS ours \gset
\c -
SELECT bench.growth($$SELECT json_agg(j) FROM one, generate_series(1, 1000000)$$) AS theirs \gset
SELECT bench.compare_size('memory: `appointment_json_agg(a, ''caspen'')` of 1,000,000 rows against `json_agg(j)`',
	'SELECT ' || :ours, 'SELECT ' || :theirs, 1);

\c -
SELECT bench.growth($$SELECT appointment_list_to_json(appointments, 'caspen') FROM lists$$) AS ours \gset
\c -
SELECT bench.growth($$SELECT array_to_json(documents) FROM lists$$) AS theirs \gset
SELECT bench.compare_size('memory: `appointment_list_to_json(a, ''caspen'')` of 100,000 items against `array_to_json(j)`',
	'SELECT ' || :ours, 'SELECT ' || :theirs, 1);

\c -
SELECT bench.growth($$SELECT count(i) FROM lists, appointment_list_from_json(list, 'caspen') AS i$$) AS ours \gset
\c -
SELECT bench.growth($$SELECT count(i) FROM lists, json_array_elements(items) AS i$$) AS theirs \gset
SELECT bench.compare_size('memory: `appointment_list_from_json(j, ''caspen'')` of 100,000 items against `json_array_elements(j)`',
	'SELECT ' || :ours, 'SELECT ' || :theirs, 1);
