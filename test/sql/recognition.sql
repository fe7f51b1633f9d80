--
-- Which format a document looks like.
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/lib/examples.sql'
\set ECHO none
\i :file
\set ECHO all

-- The formats, and what is to be known of them.
SELECT format, service, document, statuses, closed FROM appointment_formats();
SELECT format, instants, absent, enveloped, list_member FROM appointment_formats();
SELECT format FROM appointment_formats() WHERE document = 'appointment_event';

CREATE TEMP TABLE example (n int, format text, doc text);
INSERT INTO example VALUES (1, 'caspen', :'caspen'), (2, 'sqod', :'sqod'), (3, 'avon', :'avon'),
	(4, 'savvycal', :'savvycal'), (5, 'appointment_one', :'appointment_one');

-- Every example, as text, json and jsonb; bare, in an envelope, and as a list.
SELECT format, appointment_format(doc) = format AS text, appointment_format(doc::json) = format AS json,
	appointment_format(doc::jsonb) = format AS jsonb,
	appointment_format(coalesce(doc::json -> 'data', doc::json)) = format AS bare,
	appointment_format('{"data":' || coalesce(doc::json -> 'data', doc::json) || '}') = format AS enveloped,
	appointment_format(CASE format WHEN 'appointment_one' THEN '{"events":[' ELSE '{"data":[' END
		|| coalesce(doc::json -> 'data', doc::json) || ']}') = format AS list
FROM example ORDER BY n;
SELECT appointment_format(:'avon_list') AS avon_list;

-- What this extension writes it recognises again, whatever it came from...
SELECT f.format, string_agg(e.format, ' ' ORDER BY n) FILTER (WHERE appointment_format(
		appointment_to_json(appointment_from_json(e.doc, e.format), f.format)) = f.format) AS single,
	string_agg(e.format, ' ' ORDER BY n) FILTER (WHERE appointment_format(
		appointment_list_to_json(ARRAY[appointment_from_json(e.doc, e.format)], f.format)) = f.format) AS list
FROM example AS e, appointment_formats() AS f
WHERE f.document = 'appointment' AND e.format <> 'appointment_one'
GROUP BY f.format ORDER BY f.format;
SELECT appointment_format(appointment_event_to_json(e, 'appointment_one')) AS single,
	appointment_format(appointment_event_list_to_json(ARRAY[e], 'appointment_one')) AS list
FROM appointment_event_from_json(:'appointment_one', 'appointment_one') AS e;
-- ...and a list of none, unless it could be of several formats.
SELECT format, appointment_list_to_json('{}', format) AS none,
	appointment_format(appointment_list_to_json('{}', format)) AS looks_like
FROM appointment_formats() WHERE document = 'appointment';
SELECT appointment_event_list_to_json('{}', 'appointment_one') AS none,
	appointment_format(appointment_event_list_to_json('{}', 'appointment_one')) AS looks_like;
SELECT doc, appointment_format(doc)
FROM unnest(ARRAY['{"data":[]}', '{"data":[],"links":{"prev":null,"next":"n"}}', '{"links":{},"data":[]}',
	'{"object":"list","data":[]}', '{"object":"lists","data":[]}', '{"object":"list","data":[],"more":1}',
	'{"data":[],"meta":{}}', '{"events":[]}', '{"events":[],"count":0,"total_count":0,"links":[]}', '{"data":{}}']) AS doc;

-- A document with members of its own is still recognised; one with too few, or
-- with too many others, is not.
SELECT format, appointment_format(pg_temp.edit(d, 'x', '1', 'y', '{"starts_at":1}')) = format AS two_more,
	appointment_format('{"id":"1","status":"scheduled"}') AS two_only
FROM example, LATERAL coalesce(doc::json -> 'data', doc::json) AS d ORDER BY n;
SELECT doc, appointment_format(doc)
FROM unnest(ARRAY['{"starts_at":1,"ends_at":2,"client_id":3}', '{"starts_at":1,"ends_at":2}',
	'{"starts_at":1,"ends_at":2,"client_id":3,"a":4,"b":5}', '{"starts_at":1,"ends_at":2,"client_id":3,"a":4,"b":5,"c":6}',
	'{"starts_at":1,"start_time":2,"id":3}', '{"appointment_at":1,"duration_in_minutes":2,"reference":3}',
	'{"start_time":1,"end_time":2,"host":3}', '{"start_at":1,"end_at":2,"cancel_url":3}',
	'{"id":1,"date_added":1,"visibility":2}', '{"object":"list","id":1,"start_time":1,"end_time":2,"host":1}',
	'{"object":"appointment","id":1,"start_time":1,"end_time":2}', '{"object":"public_appointment","start_at":1,"end_at":2}',
	'{"object":null,"id":1,"start_time":1,"end_time":2}','{"object":1,"id":1,"start_time":1,"end_time":2}',
	'{"\u0073tarts_at":1,"ends\u005fat":2,"client_id":3}']) AS doc;

-- What is no document is none, and that is no error.
SELECT doc, appointment_format(doc)
FROM unnest(ARRAY['', ' ', '{', '{}', '[]', 'null', '1', '"id"', 'not json', '{"id":1,}', '[{"starts_at":1}]', NULL,
	'{"a":"\u0000"}', '{"a":"\ud800"}']) AS doc;
SELECT appointment_format(repeat('[', 100000)) AS not_closed,
	appointment_format(repeat('[', 100000) || repeat(']', 100000)) AS too_deep;
SELECT appointment_format('{"a":' || repeat('[', 60) || repeat(']', 60) || ',"starts_at":1,"ends_at":2,"client_id":3}') AS deep_inside;
SELECT appointment_format(NULL::text) IS NULL AS text, appointment_format(NULL::json) IS NULL AS json,
	appointment_format(NULL::jsonb) IS NULL AS jsonb;

-- Reading as a wrong format names the one that it looks like.
SELECT e.format AS document, f.format AS read_as, pg_temp.fails(e.doc, f.format) AS error
FROM example AS e, appointment_formats() AS f
WHERE e.format <> f.format ORDER BY n, f.format;
SELECT f.format AS read_as, pg_temp.fails(:'avon_list', f.format) AS error
FROM appointment_formats() AS f ORDER BY f.format;
SELECT f.format AS read_as, pg_temp.fails('{"events":[' || :'appointment_one' || ']}', f.format) AS error
FROM appointment_formats() AS f ORDER BY f.format;
-- One that looks like nothing lacks what it lacks.
SELECT f.format AS read_as, pg_temp.fails(doc, f.format) AS error
FROM appointment_formats() AS f, unnest(ARRAY['{}', '{"data":[]}', '[]', '{"data":{"a":1}}']) AS doc ORDER BY doc, f.format;
-- The document decides, not the format's name.
SELECT appointment_from_json(:'caspen', 'sqod');
SELECT appointment_from_json(:'caspen', 'Caspen');
SELECT appointment_from_json(:'caspen', '');
SELECT appointment_to_json('{}', 'canonical');
SELECT appointment_event_from_json(:'appointment_one', 'none');
SELECT appointment_list_to_json('{}', 'ics');
