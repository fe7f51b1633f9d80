--
-- Bad input: each case has its SQLSTATE, names the member by its path, quotes
-- no personal value, and leaves the session usable
--

-- What becomes of a statement: its result, or all that its error says.
CREATE FUNCTION try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	detail text;
	hint text;
BEGIN
	EXECUTE 'SELECT (' || statement || ')::text' INTO result;
	RETURN coalesce(result, 'NULL');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS result = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', SQLSTATE || ': ' || result, nullif(detail, ''), nullif(hint, ''));
END $$;
CREATE FUNCTION try(doc text, format text) RETURNS text LANGUAGE sql AS
	$$SELECT try(format('appointment_from_json(%L::text, %L)', doc, format))$$;

-- good documents, to spoil one thing at a time
CREATE TABLE good (format text PRIMARY KEY, doc jsonb);
INSERT INTO good VALUES
('caspen', '{"id":"app_01HQFQ9QWTNNPY58FZ8CB3FWWK","location_id":"loc_1","practitioner_id":"pra_1","service_id":"ser_1","client_id":"cli_1","client_package_id":null,"case_id":null,"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","duration":60,"status":"pending","confirmed":true,"confirmed_at":null,"room_id":null,"vehicle_id":null,"resource_ids":["res_1"],"note":"n","cancellation_reason_id":null,"cancellation_note":null,"cancelled_at":null,"created_at":"2024-01-01T12:00:00Z"}'),
('sqod', '{"id":"9a0f170e-0aa0-47db-ab14-4ddcdcbad061","reference":1,"appointment_at":"2021-01-01T00:00:00.000Z","duration_in_minutes":60,"status":"scheduled","department":{"id":1,"name":"d"},"claimant":{"name":"n","phone_number":"p","email":"e","date_of_birth":"2023-12-25","data":[{"id":"a","required":true},{"id":"b","required":true},{"id":"c","required":true}]},"features_bandwidth":"high"}'),
('avon', '{"id":"appt_2UxtAULYUrX7GVsTKePy","object":"appointment","start_time":1692370044000,"end_time":1692373642000,"attendees":[{"id":"u","no_show":false}],"interaction_type":"in_person","status_history":[{"status":"scheduled","changed_at":1653798303000}],"generated_from_type":"rule"}'),
('savvycal', '{"id":"appt_a1b2c3d4e5f6","object":"public_appointment","add_to_calendar_url":"u","cancel_url":"u","ics_url":"u","reschedule_url":"u","cancellation":{"allowed":true,"disabled_message":null},"rescheduling":{"allowed":true,"disabled_message":null},"confirmed_at":null,"start_at":{"local":"2025-03-01T10:00:00-05:00","object":"zoned_date_time","time_zone":"America/New_York","unix_ts":1740841200,"utc":"2025-03-01T15:00:00Z"},"end_at":{"local":"2025-03-01T11:00:00-05:00","object":"zoned_date_time","time_zone":"America/New_York","unix_ts":1740844800,"utc":"2025-03-01T16:00:00Z"},"status":"scheduled","urls":{"add_to_calendar":["u"],"add_to_google_calendar":["u"],"cancel":["u"],"ics":["u"],"reschedule":["u"]}}');
SELECT format, try(doc::text, format) LIKE '{%' AS good FROM good ORDER BY format;
-- spoil(format, path, value): what becomes of the good one with a member
-- changed, or without it if the value is NULL
CREATE FUNCTION spoil(f text, path text[], value jsonb) RETURNS text LANGUAGE sql AS
	$$SELECT regexp_replace(try(CASE WHEN value IS NULL THEN doc #- path ELSE jsonb_set(doc, path, value) END::text, format), '^{"id":.*', '{read}')
	FROM good WHERE format = f$$;

-- ---------------------------------------------------------------------
-- no JSON
-- ---------------------------------------------------------------------

SELECT doc, try(doc, 'caspen') FROM unnest(ARRAY['', ' ', 'x', '{', '{"id":}', '{"id":"x"}}', '{"id":"x",}', '{''id'':"x"}', '{id:"x"}',
	'{"id":NaN}', '{"id":01}', '{"id":"x" /* */}', '{"id":"a' || chr(9) || 'b"}', '{"id":"\x"}', '{"id":"\u12"}', '"', '{"a":1e}', 'nul', 'true false', '[1,2']) doc;
SELECT try(chr(65279) || '{}', 'caspen') AS byte_order_mark;
-- JSON, but no object
SELECT doc, try(doc, 'caspen') FROM unnest(ARRAY['null', 'true', '1', '"x"', '[]', '[{}]', '{}', '{"data":{}}', '{"data":null}', '{"data":[]}']) doc;
-- characters that no text holds
SELECT doc, try(doc, 'caspen') FROM unnest(ARRAY['{"id":"\u0000"}', '{"a\u0000b":1}', '{"id":"\ud800"}', '{"id":"\udc00"}', '{"id":"\ud800\ud800"}', '{"id":"\udc00\ud800"}', '{"id":"\ud83d\u0041"}', '{"id":"\ud83d\\ude00"}', '{"x":["\uD800"]}']) doc;
SELECT try('{"id":"x","note":"\ud83d\ude00 \\u0000 \\ud800"}', 'caspen') NOT LIKE '%malformed%' AS pair_and_escaped_backslash;
SELECT try($$'{"note":"\ud83d\ude00 \\u0000"}'::appointment$$);
-- bytes that are not of the encoding are refused before they come here
SELECT try($$convert_from('\x7b226964223a22ff227d', 'UTF8')::appointment$$);
SELECT try($$appointment_from_json(convert_from('\x7b226964223a22eda080227d', 'UTF8'), 'caspen')$$);

-- ---------------------------------------------------------------------
-- another format, an unknown one, none
-- ---------------------------------------------------------------------

SELECT g.format AS document, w.format AS read_as, try(g.doc::text, w.format) FROM good g, good w WHERE g.format <> w.format ORDER BY 1, 2;
SELECT format, try(jsonb_build_object('data', jsonb_build_array(doc))::text, format) FROM good ORDER BY 1;
SELECT try('{"events":[],"count":0,"total_count":0,"links":[]}', 'caspen');
SELECT f, try('{}', f) FROM unnest(ARRAY['', 'Caspen', 'canonical', 'fhir', 'appointment_one', repeat('x', 100)]) f;
SELECT try($$appointment_event_from_json('{}', 'avon')$$), try($$appointment_event_from_json('{}', 'nobody')$$);
SELECT try($$appointment_to_json('{}', 'nobody')$$), try($$appointment_to_json('{}', 'appointment_one')$$), try($$appointment_event_to_json('{}', 'caspen')$$);
SELECT try($$appointment_list_to_json('{}', 'nobody')$$), try($$(SELECT appointment_json_agg('{}', 'nobody'))$$);
SELECT try($$(SELECT count(*) FROM appointment_list_from_json('{}', 'nobody'))$$);
SELECT doc, try(format('(SELECT count(*) FROM appointment_list_from_json(%L, %L))', doc, 'avon')) FROM unnest(ARRAY['', '[]', '{}', '{"data":{}}', '{"data":null}', '{"object":"lost","data":[]}', '{"data":[]', '{"data":[1,]}', '{"items":[]}']) doc;
SELECT try(format('(SELECT count(*) FROM appointment_list_from_json(%L, %L))', doc, 'avon')) FROM good WHERE format IN ('avon', 'sqod') ORDER BY format;

-- ---------------------------------------------------------------------
-- wrong types, missing members, nulls
-- ---------------------------------------------------------------------

SELECT spoil('caspen', '{id}', '1'), spoil('caspen', '{id}', 'null'), spoil('caspen', '{id}', NULL);
SELECT spoil('caspen', '{duration}', '"60"'), spoil('caspen', '{duration}', '60.5'), spoil('caspen', '{duration}', '1e30');
SELECT spoil('caspen', '{confirmed}', '"yes"'), spoil('caspen', '{confirmed}', '0'), spoil('caspen', '{note}', '{}');
SELECT spoil('caspen', '{resource_ids}', '"res_1"'), spoil('caspen', '{resource_ids}', '["a",null]'), spoil('caspen', '{resource_ids}', 'null');
SELECT spoil('caspen', '{status}', '7'), spoil('caspen', '{status}', 'null'), spoil('caspen', '{created_at}', NULL);
SELECT spoil('sqod', '{claimant,data,2,required}', '"very private"');
SELECT spoil('sqod', '{claimant,data}', '{}'), spoil('sqod', '{claimant,data,1}', '"very private"'), spoil('sqod', '{claimant}', '[]');
SELECT spoil('sqod', '{reference}', '"1"'), spoil('sqod', '{reference}', '9223372036854775808'), spoil('sqod', '{reference}', '-9223372036854775809'), spoil('sqod', '{reference}', '1.5');
SELECT spoil('sqod', '{department,id}', '"1"'), spoil('sqod', '{features_bandwidth}', '"very private"');
SELECT spoil('sqod', '{duration_in_minutes}', '0'), spoil('sqod', '{duration_in_minutes}', '-1'), spoil('sqod', '{duration_in_minutes}', '9223372036854775807'), spoil('sqod', '{duration_in_minutes}', '5270400000');
SELECT spoil('sqod', '{id}', '"very private"'), spoil('sqod', '{id}', '"9a0f170e0aa047dbab144ddcdcbad061"'), spoil('sqod', '{appointment_at}', NULL);
SELECT spoil('avon', '{attendees,0,no_show}', '1'), spoil('avon', '{attendees,0}', '"very private"'), spoil('avon', '{object}', '"appointments"');
SELECT spoil('avon', '{interaction_type}', '"carrier pigeon"'), spoil('avon', '{generated_from_type}', '""'), spoil('avon', '{status_history}', '{}');
SELECT spoil('avon', '{start_time}', NULL), spoil('avon', '{end_time}', 'null');
SELECT spoil('savvycal', '{id}', '"appt_a1b2c3d4e5f"'), spoil('savvycal', '{id}', '"appt_a1b2c3d4e5f6\n"'), spoil('savvycal', '{id}', '"appt_a1b2c3d4e5é"'), spoil('savvycal', '{status}', '"confirmed"');
SELECT spoil('savvycal', '{urls}', NULL), spoil('savvycal', '{urls}', 'null'), spoil('savvycal', '{urls,cancel}', '"u"'), spoil('savvycal', '{cancellation,allowed}', '"no"');
SELECT spoil('savvycal', '{confirmed_at}', NULL), spoil('savvycal', '{object}', NULL);

-- every member that the format cannot do without: missing, and null
SELECT format, key, split_part(spoil(format, ARRAY[key], NULL), E'\n', 1) AS missing, split_part(spoil(format, ARRAY[key], 'null'), E'\n', 1) AS "null"
FROM good, jsonb_object_keys(doc) key
WHERE spoil(format, ARRAY[key], NULL) LIKE '22P02%' OR spoil(format, ARRAY[key], 'null') LIKE '22P02%' ORDER BY format, key COLLATE "C";

-- ---------------------------------------------------------------------
-- instants and zones
-- ---------------------------------------------------------------------

SELECT value, spoil('caspen', '{starts_at}', to_jsonb(value)) FROM unnest(ARRAY['', '2024-01-01', '2024-01-01T09:00:00', '2024-01-01 09:00:00Z', '2024-02-30T09:00:00Z', '2024-01-01T24:00:01Z', '2024-01-01T09:00:00+25:00',
	'0000-01-01T00:00:00Z', '10000-01-01T00:00:00Z', '2024-01-01T09:00:00.1234567Z', 'infinity', 'now', '2024-W01-1T09:00:00Z', '2024-01-01T10:00:00Z ', '2024-01-01T11:00:00Z', '2024-01-01T12:00:00Z']) value;
SELECT value, spoil('avon', '{start_time}', value::jsonb) FROM unnest(ARRAY['"1692370044000"', '1e300', '-62135596800001', '253402300800000', '1692370044000.0001', 'true', '1692373642000']) value;
SELECT value, spoil('savvycal', '{start_at}', value::jsonb) FROM unnest(ARRAY['"2025-03-01T10:00:00Z"', 'null', '{}', '{"local":"2025-03-01T10:00:00"}', '{"local":"2025-03-01T10:00:00","time_zone":"Mars/Olympus"}', '{"time_zone":"America/New_York"}',
	'{"utc":"2025-03-01T10:00:00"}', '{"unix_ts":"1740841200"}', '{"local":"very private","utc":"2025-03-01T15:00:00Z"}', '{"utc":"2025-03-01T15:00:00Z","object":"date_time"}', '{"utc":"2025-03-01T16:00:00Z"}']) value;
SELECT spoil('sqod', '{claimant,date_of_birth}', '"1990-02-30"'), spoil('sqod', '{claimant,date_of_birth}', '"1990-01-01T00:00:00Z"'), spoil('sqod', '{claimant,date_of_birth}', '19900101');

-- ---------------------------------------------------------------------
-- limits, refused before anything is spent on them
-- ---------------------------------------------------------------------

SELECT what, split_part(try(format('appointment_from_json(%L, %L)', doc, 'caspen')), E'\n', 1) AS "from text",
	split_part(try(format('%L::appointment', doc)), E'\n', 1) AS "as a value"
FROM (VALUES
	('10,000 levels of arrays', repeat('[', 10000) || repeat(']', 10000)),
	('10,000 levels of objects', repeat('{"a":', 10000) || '1' || repeat('}', 10000)),
	('10,000 levels, unclosed', repeat('[', 10000)),
	('10,000 levels inside', '{"id":"x","z":' || repeat('[', 10000) || repeat(']', 10000) || '}'),
	('3 MB of objects', '[' || repeat('{},', 1000000) || '{}]'),
	('3 MB of objects inside', '{"id":"x","z":[' || repeat('{},', 1000000) || '{}]}'),
	('3 MB of zeros', '{"z":[' || repeat('0,', 1500000) || '0]}'),
	('17 MB of blanks', repeat(' ', 17000000) || '{}')) v(what, doc);
-- a string may be long, and what is in it does not count
SELECT try('{"z":"' || repeat('[{},', 1000000) || '"}', 'sqod');
-- many members, many of one name
SELECT try('{' || (SELECT string_agg(format('"m%s":1', i), ',') FROM generate_series(1, 100000) i) || '}', 'caspen');
SELECT try('{' || repeat('"id":1,', 40000) || '"id":2}', 'caspen');
-- long names and words are not repeated in full
SELECT try(format('%L::appointment', '{"' || repeat('long', 1000) || '":1}'));

-- ---------------------------------------------------------------------
-- options and settings
-- ---------------------------------------------------------------------

SELECT o, try(format('appointment_to_json(%L, %L, %L)', '{}', 'avon', o)) FROM unnest(ARRAY['{"enveloped":true}', '{"envelope":1}', '{"time_zone":"Nowhere"}', '{"time_zone":1}', '{"cancellation_notice":-1}', '{"cancellation_notice":1.5}', '{"rescheduling_notice":1e10}', '{"unknown_words":"maybe"}', '{"links":1}', '{"meta":[]}', '{"total_count":"many"}', '{"base_url":{}}', '[]', '"x"', 'null', '1', '{"":1}']) o;

-- ---------------------------------------------------------------------
-- personal values are never quoted
-- ---------------------------------------------------------------------

-- Replace every member at every depth of every good document with a value of
-- each kind that contains a word that nobody else says, and look for it in
-- whatever the error says.
CREATE FUNCTION paths(doc jsonb, prefix text[] DEFAULT '{}') RETURNS SETOF text[] LANGUAGE sql AS $$
	SELECT prefix || key FROM jsonb_object_keys(CASE jsonb_typeof(doc) WHEN 'object' THEN doc ELSE '{}' END) key
	UNION ALL SELECT prefix || (n - 1)::text FROM generate_series(1, CASE jsonb_typeof(doc) WHEN 'array' THEN jsonb_array_length(doc) ELSE 0 END) n
	UNION ALL SELECT p FROM jsonb_each(CASE jsonb_typeof(doc) WHEN 'object' THEN doc ELSE '{}' END) e, paths(e.value, prefix || e.key) p
	UNION ALL SELECT p FROM generate_series(1, CASE jsonb_typeof(doc) WHEN 'array' THEN jsonb_array_length(doc) ELSE 0 END) n, paths(doc -> n - 1, prefix || (n - 1)::text) p
$$;
CREATE TABLE secret AS SELECT value::jsonb FROM unnest(ARRAY['"Rumpelstiltskin"', '["Rumpelstiltskin"]', '[["Rumpelstiltskin"]]', '[{"id":"Rumpelstiltskin","required":"Rumpelstiltskin"}]', '"Rumpelstiltskin\n"', '" Rumpelstiltskin"',
	'{"name":["Rumpelstiltskin"]}', '{"local":"Rumpelstiltskin","time_zone":"Rumpelstiltskin","utc":"Rumpelstiltskin"}', '8675309.8675309', '86753098675309867530986753098675309']) value;
CREATE TABLE said AS
SELECT g.format, p AS path, jsonb_typeof(value) AS kind, spoil(g.format, p, value) AS said FROM good g, paths(doc) p, secret
UNION ALL
SELECT 'canonical', ARRAY[field], jsonb_typeof(value), try(format('appointment_set(%L, %L, %L)', '{"starts_at":"2024-01-01T10:00:00Z"}', field, value)) FROM appointment_fields(), secret
UNION ALL
SELECT 'event', ARRAY[field], jsonb_typeof(value), try(format('appointment_event_set(%L, %L, %L)', '{}', field, value)) FROM appointment_event_fields(), secret
UNION ALL
SELECT 'row', ARRAY[field], kind, try(format('(SELECT appointment_from_row(r) FROM (SELECT %s AS %I) r)', value, field)) FROM appointment_fields(),
	(VALUES ('text', $$'Rumpelstiltskin'$$), ('list', $$'{Rumpelstiltskin}'::text[]$$), ('object', $$'{"Rumpel":"Rumpelstiltskin"}'::jsonb$$), ('number', '8675309.8675309')) v(kind, value);
SELECT count(*) > 1000 AS many, count(*) FILTER (WHERE said NOT LIKE '{%') > 500 AS many_errors FROM said;
SELECT * FROM said WHERE said NOT LIKE '{%' AND (said ILIKE '%Rumpelstiltskin%' OR said LIKE '%8675309%');
-- and each is one of the errors that there may be
SELECT DISTINCT format, left(said, 5) AS sqlstate FROM said WHERE said NOT LIKE '{%' ORDER BY 1, 2;
-- the detail is one line of JSON that names format, path and code
SELECT count(*) FILTER (WHERE split_part(said, E'\n', 2)::jsonb ->> 'format' <> format) AS wrong_format,
	count(*) FILTER (WHERE position(split_part(said, E'\n', 2)::jsonb ->> 'path' IN said) = 0) AS wrong_path,
	count(*) FILTER (WHERE NOT split_part(said, E'\n', 2)::jsonb ?& '{path,code}') AS incomplete
FROM said WHERE said LIKE '22P02%';
SELECT split_part(said, E'\n', 2)::jsonb ->> 'code' AS code, count(*) > 0 AS seen FROM said WHERE said LIKE '22P02%' GROUP BY 1 ORDER BY 1;

-- a list does not quote them either, and goes on
SELECT ord, appointment IS NOT NULL AS read, jsonb_path_query_array(problems, '$[*] ? (@.severity == "error").path') AS paths, problems::text LIKE '%Rumpel%' AS quoted
FROM (SELECT jsonb_build_object('object', 'list', 'data', jsonb_agg(jsonb_set(doc, '{attendees,0}', coalesce(value, '{"id":"u"}')))) AS list
	FROM good, (SELECT value FROM secret UNION ALL SELECT NULL) s WHERE format = 'avon') l,
	appointment_list_from_json(list, 'avon') ORDER BY ord;

-- A number that jsonb cannot have is refused wherever it would be kept to the
-- letter; else the cast, the operator -> and others would fail later.
SELECT format, spoil(format, path::text[], number::jsonb) FROM (VALUES ('caspen', '{x}'), ('sqod', '{claimant,x}'), ('avon', '{attendees,0,x}'), ('savvycal', '{start_at,x}')) f (format, path),
	unnest('{"[1e131071]", "{\"y\": [0, 1e-16383]}"}'::text[]) number WHERE spoil(format, path::text[], number::jsonb) NOT LIKE '{%';
SELECT format, try(replace(doc::text, '"unlikely"', '[1, {"y": [true, 1e200000]}]'), format)
FROM (SELECT format, jsonb_set(doc, path::text[], '"unlikely"') AS doc FROM good JOIN
	(VALUES ('caspen', '{x}'), ('sqod', '{claimant,x}'), ('avon', '{attendees,0,x}'), ('savvycal', '{start_at,x}')) f (format, path) USING (format)) d ORDER BY format;
SELECT try($$'{"recurrence":{"x":[-1E+131072]}}'::appointment$$), try($$'{"unknown":{"avon":{"x":1e-16384}}}'::appointment$$),
	try($$'{"unknown":{"appointment_one":{"x":0.0e2000000000}}}'::appointment_event$$),
	try($$(SELECT appointment_from_row(r) FROM (SELECT '{"x":1e200000}'::json AS recurrence) r)$$);
SELECT ord, appointment IS NULL AS refused, problems -> 1 AS problem
FROM appointment_list_from_json('{"object":"list","data":[{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":1,"end_time":2,"x":1e200000},{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":1,"end_time":2}]}', 'avon');
-- Messages that say what is meant: a name that is near another one, a service's
-- document where canonical JSON is wanted, an offset too large, a byte order
-- mark.  What was written is not repeated but for the path.
SELECT name, split_part(said, E'\n', 1) AS said FROM (SELECT name, try(format('%L::appointment', jsonb_build_object(name, 'x'))) AS said
	FROM unnest('{start_at,startsAt,Starts-At,end_time,practioner_id,practitionerId,notes,n,resource_id,i,idd,"",Ümlaut}'::text[]) name) s;
SELECT try(format('%L::appointment', jsonb_build_object(repeat('starts_at', 20), 'x'))) LIKE '%perhaps%' AS long,
	try($$'{"attendees":[{"attendence_status":"going"}]}'::appointment$$), try($$'{"named":"x"}'::appointment_event$$);
SELECT field, try(format('%L::appointment -> %L', '{}', field)) FROM unnest('{start_at,STATUS,start,"",videoCall}'::text[]) field;
SELECT try($$appointment_set('{}', 'location', '"x"')$$), try($$'{}'::appointment_event ->> 'nme'$$);
SELECT format, try(format('%L::appointment', doc)) FROM good ORDER BY format;
SELECT format, try(format('%L::json::appointment_event', jsonb_build_object('object', 'list', 'data', jsonb_build_array(doc)))) FROM good WHERE format = 'avon';
SELECT format, try(format('%L::appointment', jsonb_build_object('data', doc))) FROM good WHERE format = 'sqod';
-- not of what is canonical but for one thing
SELECT try($$'{"id":"x","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","status":7}'::appointment$$);
SELECT value, try(format('%L::appointment', jsonb_build_object('starts_at', value))) FROM unnest('{2024-01-01T10:00:00+16:00,2024-01-01T10:00:00-23:00,2024-01-01T10:00:00+05:60,2024-01-01T10:00:00+15:59,2024-13-01T10:00:00+16:00,2024-13-01T10:00:00Z}'::text[]) value;
SELECT try($$'[2024-01-01T10:00:00Z,2024-01-01T11:00:00-17:00){}'::occupancy$$);
SELECT try($$(U&'\FEFF' || '{}')::appointment$$), try($$appointment_from_json(U&'\FEFF' || '{}', 'caspen')$$), try($$(U&'\FEFF')::appointment$$), try($$('{}' || U&'\FEFF')::appointment$$);
-- exactly where jsonb's limits are
SELECT number, taken
FROM (SELECT number, try(format('%L::jsonb', number)) NOT LIKE '22%' AS by_jsonb, try(format('%L::appointment', '{"unknown":{"avon":{"x":' || number || '}}}')) LIKE '{%' AS taken
	FROM (SELECT sign || mantissa || 'e' || exponent AS number
		FROM unnest('{"",-}'::text[]) sign, unnest('{0,0.0,1,9.99,0.001,120,0.000120,12345.6789}'::text[]) mantissa,
			unnest('{131066,131067,131068,131069,131070,131071,131072,131073,131074,131075,-16384,-16383,-16382,-16381,-16380,-16379,-16378,1073741821,1073741822,1073741824,-1073741824,99999999999,-99999999999}'::text[]) exponent
		UNION ALL SELECT repeat('9', n) FROM unnest('{131071,131072,131073}'::int[]) n
		UNION ALL SELECT '0.' || repeat('0', n - 1) || '1' FROM unnest('{16382,16383,16384}'::int[]) n) n) t
WHERE taken IS DISTINCT FROM by_jsonb;

-- ---------------------------------------------------------------------
-- recurrence rules, time zones, series
-- ---------------------------------------------------------------------

SELECT rule, try(format('%L::rrule', rule)) FROM unnest('{"",FREQ,FREQ=,FREQ=HOURLY;FREQ=DAILY,INTERVAL=2,FREQ=DAILY;,;FREQ=DAILY,FREQ=DAILY;;COUNT=1,FREQ=DAILY;COUNT=1;UNTIL=20260101,FREQ=DAILY;COUNT=0,FREQ=DAILY;COUNT=-1,FREQ=DAILY;COUNT=99999999999999999999,FREQ=DAILY;INTERVAL=0,FREQ=DAILY;UNTIL=20260230,FREQ=DAILY;UNTIL=2026-01-01,FREQ=DAILY;BYHOUR=24,FREQ=WEEKLY;BYDAY=2MO,FREQ=MONTHLY;BYDAY=0MO,FREQ=MONTHLY;BYMONTHDAY=0,FREQ=MONTHLY;BYMONTHDAY=32,FREQ=YEARLY;BYWEEKNO=54,FREQ=MONTHLY;BYWEEKNO=1,FREQ=DAILY;BYSETPOS=1,FREQ=DAILY;RSCALE=CHINESE,FREQ=DAILY;SKIP=OMIT,FREQ=DAILY;BYEASTER=0,FREQ=DAILY;X-A=1,EXRULE:FREQ=DAILY,\\x01}'::text[]) rule;
SELECT try(format('%L::rrule', 'FREQ=DAILY;BYHOUR=' || repeat('1,', 10000) || '1'));
-- nothing is asked, or for nothing
SELECT call, try(call) FROM unnest(ARRAY[
	$$rrule_next(NULL, '2026-01-01', 'UTC', now())$$, $$rrule_next('FREQ=DAILY', NULL, 'UTC', now())$$, $$rrule_next('FREQ=DAILY', '2026-01-01', NULL, now())$$, $$rrule_next('FREQ=DAILY', '2026-01-01', 'UTC', NULL)$$,
	$$rrule_last(NULL, '2026-01-01', 'UTC')$$, $$rrule_last('FREQ=DAILY', NULL, 'UTC')$$, $$rrule_last('FREQ=DAILY', '2026-01-01', NULL)$$, $$zone_instant(NULL, 'UTC')$$, $$zone_instant('2026-01-01', NULL)$$, $$zone_instant('2026-01-01', 'UTC', NULL)$$,
	$$(SELECT count(*) FROM rrule_occurrences(NULL, '2026-01-01', 'UTC'))$$, $$(SELECT count(*) FROM rrule_occurrences('FREQ=DAILY', NULL, 'UTC'))$$, $$(SELECT count(*) FROM rrule_occurrences('FREQ=DAILY', '2026-01-01', NULL))$$,
	$$(SELECT count(*) FROM rrule_occurrences('FREQ=DAILY;COUNT=3', '2026-01-01', 'UTC', NULL, NULL, NULL, NULL))$$, $$(SELECT count(*) FROM rrule_occurrences('FREQ=DAILY;COUNT=3', '2026-01-01', 'UTC', 'empty', '{NULL}', '{NULL}'))$$,
	$$(SELECT count(*) FROM zone_transitions(NULL, '(,)'))$$, $$(SELECT count(*) FROM zone_transitions('Europe/Berlin', NULL))$$, $$(SELECT count(*) FROM zone_transitions('Europe/Berlin', 'empty'))$$, $$appointment_zone_drift(NULL)$$, $$appointment_zone_drift('{}')$$,
	$$(SELECT count(*) FROM appointment_series(NULL, 'FREQ=DAILY'))$$, $$(SELECT count(*) FROM appointment_series('{}', NULL))$$]) call;
-- no time of this calendar, no zone, no way, no number
SELECT call, try(call) FROM unnest('{infinity,-infinity,"0044-03-15 09:00 BC","10000-01-01"}'::text[]) WITH ORDINALITY t (at, ord), unnest(ARRAY[
	$$rrule_next('FREQ=DAILY', %L, 'UTC', '2026-01-01Z')$$, $$rrule_last('FREQ=DAILY;COUNT=2', %L, 'UTC')$$, $$(SELECT count(*) FROM rrule_occurrences('FREQ=DAILY;COUNT=2', %L, 'UTC'))$$,
	$$(SELECT count(*) FROM rrule_occurrences('FREQ=DAILY;COUNT=2', '2026-01-01', 'UTC', exdates => ARRAY[%L]::timestamp[]))$$, $$(SELECT count(*) FROM rrule_occurrences('FREQ=DAILY;COUNT=2', '2026-01-01', 'UTC', rdates => ARRAY[%L]::timestamp[]))$$,
	$$zone_instant(%L, 'Europe/Berlin')$$]) WITH ORDINALITY c (template, place), format(template, at) AS call ORDER BY ord, place;
SELECT call, try(call) FROM unnest(ARRAY['', 'Europe', 'Europe/Atlantis', '+02:00', 'CEST', '../../etc/passwd', repeat('x', 70)]) WITH ORDINALITY z (zone, ord), unnest(ARRAY[
	$$rrule_next('FREQ=DAILY', '2026-01-01', %L, '2026-01-01Z')$$, $$zone_instant('2026-01-01', %L)$$, $$(SELECT count(*) FROM zone_transitions(%L, '(,)'))$$]) WITH ORDINALITY c (template, place), format(template, zone) AS call ORDER BY ord, place;
SELECT call, try(call) FROM unnest(ARRAY[$$zone_instant('2026-01-01', 'UTC', '')$$, $$zone_instant('2026-01-01', 'UTC', 'first')$$, $$zone_instant('2026-01-01', 'UTC', 'EARLIER')$$,
	$$(SELECT count(*) FROM rrule_occurrences('FREQ=DAILY', '2026-01-01', 'UTC', max => -1))$$, $$(SELECT count(*) FROM rrule_occurrences('FREQ=DAILY', '2026-01-01', 'UTC', max => 0))$$,
	$$(SELECT count(*) FROM zone_transitions('Europe/Berlin', '[infinity,)'))$$, $$(SELECT count(*) FROM zone_transitions('Europe/Berlin', '(,-infinity]'))$$, $$rrule_next('FREQ=DAILY', '2026-01-01', 'UTC', 'infinity')$$, $$rrule_next('FREQ=DAILY', '2026-01-01', 'UTC', '-infinity')$$,
	$$(SELECT max(t) FROM rrule_occurrences('FREQ=DAILY;COUNT=3', '2026-01-01', 'UTC', '[-infinity,infinity]') t)$$, $$(SELECT max(t) FROM rrule_occurrences('FREQ=YEARLY', '2026-01-01', 'UTC', '[9998-06-01,infinity)') t)$$,
	$$rrule_next('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '2026-01-01', 'UTC', '2026-01-01Z')$$, $$(SELECT count(*) FROM rrule_occurrences('FREQ=SECONDLY;BYMONTH=4;BYMONTHDAY=31', '2026-01-01', 'UTC'))$$]) call;
-- ten thousand dates, and too many
SELECT try($$(SELECT count(*) FROM rrule_occurrences('FREQ=DAILY;COUNT=20000', '2026-01-01', 'UTC', exdates => ARRAY(SELECT timestamp '2026-01-01' + i * interval '2 days' FROM generate_series(10000, 1, -1) i)))$$),
	try($$(SELECT count(*) FROM rrule_occurrences('FREQ=DAILY;COUNT=1', '2026-01-01', 'UTC', rdates => ARRAY(SELECT timestamp '2026-01-01' + i * interval '2 days' FROM generate_series(10000, 0, -1) i)))$$);
SELECT try($$(SELECT count(*) FROM rrule_occurrences('FREQ=DAILY;COUNT=1', '2026-01-01', 'UTC', exdates => array_fill(timestamp '2026-01-01', ARRAY[1000001])))$$),
	try($$(SELECT count(*) FROM rrule_occurrences('FREQ=DAILY;COUNT=1', '2026-01-01', 'UTC', rdates => array_fill(timestamp '2026-01-01', ARRAY[1000001])))$$),
	try($$(SELECT count(*) FROM appointment_series('{"starts_at":"2026-01-01T00:00:00Z","time_zone":"UTC"}', 'FREQ=DAILY;COUNT=1', exdates => array_fill(timestamp '2026-01-01', ARRAY[1000001])))$$);
-- a value that cannot be repeated
SELECT a, try(format('(SELECT count(*) FROM appointment_series(%L, %L))', a, 'FREQ=DAILY;COUNT=2')) FROM unnest(ARRAY['{}', '{"starts_at":"2026-01-01T00:00:00Z"}', '{"time_zone":"UTC"}', '{"starts_at":"2026-01-01T00:00:00Z","time_zone":"very private"}']) a;
DROP TABLE good, secret, said;
DROP FUNCTION try(text), try(text, text), spoil(text, text[], jsonb), paths(jsonb, text[]);

-- ---------------------------------------------------------------------
-- arguments in each other's place: a document is no name, and is not shown
-- ---------------------------------------------------------------------

\set VERBOSITY default
CREATE FUNCTION swapped(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	detail text;
	hint text;
BEGIN
	EXECUTE 'SELECT ' || call INTO result;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS result = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', SQLSTATE || ': ' || result, nullif(detail, ''), nullif(hint, ''));
END $$;
SELECT call, result, result LIKE '%Rumpel%' AS shown FROM unnest(ARRAY[
	$$appointment_from_json('avon', DOC)$$, $$appointment_event_from_json('appointment_one', DOC)$$, $$appointment_to_json(DOC, DOC)$$,
	$$(appointment_list_from_json('avon', DOC)).ord$$, $$appointment_is_valid('avon', DOC)$$, $$(appointment_validate('avon', DOC)).path$$, $$appointment_new_id(DOC)$$,
	$$appointment_is_valid('{}', 'avon', DOC)$$, $$appointment_from_request('avon', DOC)$$, $$appointment_apply_request('{}', 'avon', DOC)$$, $$appointment_apply_request('{}', '{}', 'avon', DOC)$$,
	$$(appointment_read('avon', DOC)).ord$$, $$appointment_json_agg('{}', DOC)$$, $$'{}'::appointment -> DOC$$, $$'{}'::appointment ->> DOC$$, $$appointment_set('{}', DOC, 'null')$$,
	$$appointment_from_json('{}', 'avon', '{"Rumpelstilzchen, Jane":1}')$$, $$appointment_to_json('{}', 'savvycal', '{"time_zone":"Rumpelstilzchen, Jane"}')$$,
	$$appointment_occupancy('{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z"}', ARRAY[DOC], NULL, NULL)$$, $$DOC::occupancy$$, $$'Rumpelstilzchen'::occupancy$$,
	$$('[2024-01-01T10:00:00Z,' || repeat('Rumpelstilzchen', 20))::occupancy$$,
	$$appointment_transition('{"status":"scheduled"}', DOC)$$, $$appointment_transition('{"status":"{\"name\":\"Rumpelstilzchen\"}"}', 'scheduled')$$, $$appointment_transition('{"status":"scheduled"}', 'cancelled', lifecycle => DOC)$$,
	$$appointment_can_transition(DOC, 'cancelled')$$, $$appointment_can_transition('scheduled', DOC)$$, $$appointment_next_statuses(DOC)$$, $$appointment_next_statuses('scheduled', DOC)$$, $$appointment_lifecycle_diagram(DOC)$$,
	$$DOC::rrule$$, $$'FREQ=DAILY;Rumpelstilzchen, Jane=1'::rrule$$, $$'FREQ=DAILY;BYDAY=Rumpelstilzchen Jane'::rrule$$, $$zone_instant('2026-01-01', DOC)$$, $$zone_instant('2026-01-01', 'UTC', DOC)$$, $$(zone_transitions(DOC, '(,)')).at$$,
	$$rrule_next('FREQ=DAILY', '2026-01-01', DOC, '2026-01-01Z')$$, $$rrule_last('FREQ=DAILY', '2026-01-01', DOC)$$, $$rrule_occurrences('FREQ=DAILY', '2026-01-01', DOC)$$, $$appointment_series(jsonb_build_object('starts_at', '2026-01-01T00:00:00Z', 'time_zone', DOC)::appointment, 'FREQ=DAILY')$$,
	$$change_deadline('2024-01-01Z', '1 day', DOC)$$, $$appointment_deadline('{"status":"scheduled"}', DOC)$$, $$appointment_deadline('{"status":"scheduled"}', 'cancelled', DOC)$$,
	$$busy_from_ics(DOC, '[2026-01-01,2026-02-01)', 'UTC')$$, $$busy_from_ics('BEGIN:VCALENDAR', '[2026-01-01,2026-02-01)', DOC)$$, $$busy_from_ics('BEGIN:VCALENDAR', '[2026-01-01,2026-02-01)', 'UTC', DOC)$$,
	$$busy_from_ics('BEGIN:VCALENDAR', '[2026-01-01,2026-02-01)', NULL)$$, $$busy_from_ics('BEGIN:VCALENDAR', '[2026-01-01,)', 'UTC')$$, $$busy_from_ics('BEGIN:VCALENDAR' || repeat(E'\nBEGIN:' || DOC, 40), '[2026-01-01,2026-02-01)', 'UTC')$$,
	$$ics_problems(E'BEGIN:VCALENDAR\nEND:VCALENDAR\n' || DOC)$$, $$ics_problems('', DOC)$$,
	-- what can be a name is shown
	$$appointment_from_json('{}', 'ics')$$, $$'{}'::appointment -> 'start'$$, $$appointment_from_json('{}', 'avon', '{"unknown":1}')$$, $$appointment_transition('{"status":"scheduled"}', 'on hold')$$, $$appointment_transition('{"status":"scheduled"}', 'терпит')$$
]) WITH ORDINALITY AS c (template, ord), replace(template, 'DOC', $$'{"name":"Rumpelstilzchen","id":"a"}'$$) AS call, swapped(call) AS result ORDER BY ord;
-- nor is the name of a resource
SELECT swapped($$occupancy_seats('2024-01-01Z', '2024-01-02Z', 'Rumpelstilzchen', 2, 1)$$);
SELECT swapped($$occupancy_seats('2024-01-01Z', '2024-01-02Z', 'Rumpelstilzchen', 1, 2) + occupancy('2024-01-01Z', '2024-01-02Z', '{Rumpelstilzchen}')$$);
-- nor is a status column's
CREATE TABLE swapped_status (status text);
CREATE TRIGGER t BEFORE INSERT OR UPDATE ON swapped_status FOR EACH ROW EXECUTE FUNCTION appointment_enforce_lifecycle('status', 'savvycal', 'format=savvycal');
INSERT INTO swapped_status VALUES ('{"name":"Rumpelstilzchen"}');
INSERT INTO swapped_status VALUES ('on hold');
DROP TABLE swapped_status;
DROP FUNCTION swapped;
