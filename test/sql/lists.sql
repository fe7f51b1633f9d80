--
-- Lists of documents, both ways.
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/lib/examples.sql'
\set ECHO none
\i :file
\set ECHO all

SELECT (:'sqod'::json -> 'data')::text AS sqod \gset
CREATE TEMP TABLE example (n int, format text, doc json);
INSERT INTO example VALUES (1, 'caspen', :'caspen'), (2, 'sqod', :'sqod'), (3, 'avon', :'avon'), (4, 'savvycal', :'savvycal');

-- ---------------------------------------------------------------------
-- writing
-- ---------------------------------------------------------------------

-- Each format has an envelope of its own.
SELECT format, appointment_list_to_json('{}', format) AS none,
	regexp_replace(appointment_list_to_json(ARRAY[a, NULL, a], format)::text, '\{"(id|add_to_calendar_url)":.*\}(?=\])', '...') AS two
FROM example, appointment_from_json(doc, format) AS a ORDER BY n;
SELECT appointment_event_list_to_json('{}', 'appointment_one') AS none;
-- The items are the bare documents.
SELECT format, json_array_length(list -> 'data') AS items,
	bool_and(item::text = appointment_to_json(a, format, '{"envelope":false}')::text) AS as_single
FROM example, appointment_from_json(doc, format) AS a, appointment_list_to_json(ARRAY[a, a, NULL], format) AS list,
	json_array_elements(list -> 'data') AS item
GROUP BY n, format, list::text, list -> 'data' IS NULL, json_array_length(list -> 'data') ORDER BY n;
-- avon's list is on its page.
SELECT pg_temp.compact(appointment_list_to_json(array_agg(l.appointment ORDER BY ord), 'avon')) = pg_temp.compact(:'avon_list') AS same
FROM appointment_list_from_json(:'avon_list', 'avon') AS l;
-- An event's item is brief: its identifier, name and links.
SELECT appointment_event_list_to_json(ARRAY[e], 'appointment_one') AS brief
FROM CAST('{"id":"30min","name":"n","status":"active","duration":30}' AS appointment_event) AS e;
SELECT appointment_event_list_to_json(ARRAY[e], 'appointment_one', '{"account":"test"}')::jsonb #> '{events,0,links}'
	= :'appointment_one'::jsonb -> 'links' AS links
FROM CAST('{"id":"30min"}' AS appointment_event) AS e;

-- The array's shape does not count, and NULLs are passed over.
SELECT appointment_list_to_json(ARRAY[[a, NULL], [NULL, a]], 'sqod')::text
	= appointment_list_to_json(ARRAY[a, a], 'sqod')::text AS two_dimensions,
	appointment_list_to_json(ARRAY[NULL, NULL]::appointment[], 'sqod') AS nulls,
	appointment_list_to_json(NULL, 'sqod') IS NULL AS "null",
	appointment_list_to_json('{}', NULL) IS NULL AS null_format
FROM appointment_from_json(:'sqod', 'sqod') AS a;
-- Values of several formats make one list of any.
SELECT f.format, json_array_length(appointment_list_to_json(array_agg(appointment_from_json(doc, e.format)), f.format) -> 'data') AS items
FROM example AS e, (SELECT format FROM example) AS f GROUP BY f.format ORDER BY f.format;

-- ---------------------------------------------------------------------
-- what the caller knows: links, meta, total_count
-- ---------------------------------------------------------------------

SELECT appointment_list_to_json('{}', 'caspen', '{"links":{"prev":null,"next":"https://example.com/?page=2"}}') AS caspen,
	appointment_list_to_json('{}', 'caspen', '{"links":[]}') AS an_array,
	appointment_list_to_json('{}', 'caspen', '{"links":null}') AS none;
SELECT appointment_list_to_json('{}', 'savvycal', '{"meta":{"current_page":2,"page_size":10,"total_count":11,"total_pages":2}}') AS savvycal;
SELECT total, list -> 'meta' AS meta
FROM unnest(ARRAY[NULL, 0, 2, 3, 4, 5, 6, 7, 100]) AS total, CAST('{"id":"a"}' AS appointment) AS a,
	appointment_list_to_json(ARRAY[a, a, a], 'savvycal', jsonb_build_object('total_count', total)) AS list;
SELECT appointment_list_to_json('{}', 'savvycal', '{"total_count":5}') -> 'meta' AS empty_page;
SELECT appointment_event_list_to_json('{}', 'appointment_one', '{"total_count":7,"links":[{"rel":"next","href":"/?page=2","verbs":["GET"]}]}');
-- The formats that have no such member pass them over.
SELECT format, appointment_list_to_json('{}', format, '{"links":{},"meta":{},"total_count":3}')
FROM appointment_formats() WHERE document = 'appointment';
SELECT appointment_event_list_to_json('{}', 'appointment_one', '{"meta":{}}');
-- A list has one envelope, whatever the option says of single documents.
SELECT left(appointment_list_to_json(ARRAY[a], 'sqod', '{"envelope":true}')::text, 16) AS list
FROM appointment_from_json(:'sqod', 'sqod') AS a;

-- ---------------------------------------------------------------------
-- reading
-- ---------------------------------------------------------------------

SELECT format, ord, appointment = appointment_from_json(e.doc, format) AS equal,
	l.doc::text = coalesce(e.doc -> 'data', e.doc)::text AS text
FROM example AS e, appointment_list_from_json(format('{"links":1,"data":[%s , %s],"other":[]}',
	coalesce(e.doc -> 'data', e.doc), coalesce(e.doc -> 'data', e.doc)), format) AS l ORDER BY n, ord;
SELECT ord, appointment_event = e AS equal FROM appointment_event_from_json(:'appointment_one', 'appointment_one') AS e,
	appointment_event_list_from_json('{"events":[' || :'appointment_one' || ',' || :'appointment_one' || ']}', 'appointment_one');
-- As json and jsonb.
SELECT pg_typeof(ord) AS ord, pg_typeof(appointment) AS appointment, pg_typeof(problems) AS problems, pg_typeof(doc) AS doc
FROM appointment_list_from_json(:'avon_list'::json, 'avon');
SELECT (SELECT appointment FROM appointment_list_from_json(:'avon_list'::json, 'avon'))::jsonb
	= (SELECT appointment FROM appointment_list_from_json(:'avon_list'::jsonb, 'avon'))::jsonb AS equal;

-- Of none, of SQL NULL.
SELECT count(*) FROM appointment_list_from_json('{"data":[]}', 'caspen');
SELECT count(*) FROM appointment_list_from_json('{"object":"list","data":[ ]}', 'avon');
SELECT count(*) FROM appointment_list_from_json('{"data":[]}', 'avon');
SELECT count(*) FROM appointment_list_from_json('{"object":null,"data":[]}', 'avon');
SELECT count(*) FROM appointment_list_from_json('{"data":[],"meta":{}}', 'savvycal');
SELECT count(*) FROM appointment_event_list_from_json('{"events":[],"count":0,"total_count":0,"links":[]}', 'appointment_one');
SELECT count(*) FROM appointment_list_from_json(NULL::text, 'caspen');
SELECT count(*) FROM appointment_list_from_json('{"data":[{}]}', NULL);
-- The last member of a name counts.
SELECT count(*) FROM appointment_list_from_json('{"data":[{},{}],"\u0064ata":[{}]}', 'avon');

-- A bad item does not stop the others: it comes with its problems and its
-- text, to the letter.
SELECT ord, appointment_id(appointment) AS id, doc, p ->> 'path' AS path, p ->> 'code' AS code, p ->> 'severity' AS severity,
	p ->> 'message' AS message
FROM appointment_list_from_json('{"object":"list","data":[{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":1,"end_time":2},
	{"id":"b" , "start_time":2, "end_time":1}, [1, 2], null, "x", 5, {}, {"id":"c","start_time":1,"end_time":2,"new":1.50,"id":"d"},
	{"id":"e","start_time":1,"end_time":2,"attendees":[{},{"no_show":0},7]}]}', 'avon') AS l
	LEFT JOIN LATERAL jsonb_array_elements(problems) WITH ORDINALITY AS p (p, k) ON true ORDER BY ord, k;
-- Even a document that the service would send alone, or of another format.
SELECT ord, problems #>> '{0,code}' AS code, problems #>> '{0,path}' AS path, problems #>> '{0,message}' AS message
FROM appointment_list_from_json(format('{"data":[%s,%s,%s]}', :'avon', :'caspen', json_build_object('data', :'avon'::json)), 'avon') AS l;
-- So a list of another format is one in which nothing is right, if its items
-- are where this one's are.
SELECT ord, appointment, problems #>> '{0,message}' AS message FROM appointment_list_from_json(:'avon_list', 'caspen') AS l;
-- All problems of an item are told, not just the first.
SELECT jsonb_array_length(problems) AS problems FROM appointment_list_from_json('{"data":[{}]}', 'caspen');
SELECT jsonb_array_length(problems) AS problems FROM appointment_list_from_json('{"data":[{}]}', 'savvycal');

-- An event's item needs only its identifier and name; more may be there.
SELECT ord, appointment_event -> 'id' AS id, appointment_event -> 'duration' AS duration, problems #>> '{0,path}' AS path, problems #>> '{0,code}' AS code
FROM appointment_event_list_from_json('{"events":[{"id":"a","name":"n","links":[]},{"id":"b","name":"n"},{"id":"c"},
	{"id":"d","name":null},{"id":"e","name":"n","duration":"30"},{"id":"f","name":"n","duration":30},{"id":"g","name":"n","bio":null}],
	"count":7,"total_count":7,"links":[]}', 'appointment_one');
SELECT appointment_event_list_to_json(array_agg(appointment_event ORDER BY ord), 'appointment_one', '{"total_count":9}') AS again
FROM appointment_event_list_from_json('{"events":[{"id":"a","name":"n","links":[ ],"x":1.50},{"id":"b","name":"n"}]}', 'appointment_one');

-- Options hold for every item.
SELECT word, ord, appointment_status(appointment) AS status
FROM unnest(ARRAY['error', 'keep']) AS word, appointment_list_from_json(format('{"data":[%s,%s]}', :'savvycal',
	pg_temp.edit(:'savvycal', 'status', '"late"')), 'savvycal', jsonb_build_object('unknown_words', word));

-- What is no list is an error as a whole.
SELECT * FROM appointment_list_from_json('{"data":{}}', 'caspen');
SELECT * FROM appointment_list_from_json('{}', 'caspen');
SELECT * FROM appointment_list_from_json('[]', 'caspen');
SELECT * FROM appointment_list_from_json('{"events":[]}', 'caspen');
SELECT * FROM appointment_list_from_json('{"data":null}', 'sqod');
SELECT * FROM appointment_list_from_json('{"data":[1}', 'sqod');
SELECT * FROM appointment_list_from_json('', 'sqod');
SELECT * FROM appointment_list_from_json('{"object":"collection","data":[]}', 'avon');
SELECT * FROM appointment_list_from_json('{"object":"list","data":{}}', 'avon');
SELECT * FROM appointment_list_from_json(:'caspen', 'caspen');
SELECT * FROM appointment_list_from_json(:'caspen', 'avon');
SELECT * FROM appointment_list_from_json(:'sqod', 'savvycal');
SELECT * FROM appointment_event_list_from_json('{"data":[]}', 'appointment_one');
SELECT * FROM appointment_event_list_from_json(:'avon_list', 'appointment_one');
SELECT * FROM appointment_event_list_from_json(:'avon_list', 'avon');
SELECT * FROM appointment_list_from_json('{"data":[]}', 'none');
SELECT * FROM appointment_list_from_json('{"data":[]}', 'caspen', '{"none":1}');

-- ---------------------------------------------------------------------
-- aggregates
-- ---------------------------------------------------------------------

CREATE TEMP TABLE booking (n int, room text, a appointment);
INSERT INTO booking SELECT n, 'room ' || n % 3, jsonb_build_object('id', 'app_' || n, 'starts_at', '2024-01-01T10:00:00Z'::text)::appointment
FROM generate_series(1, 9) AS n;
INSERT INTO booking VALUES (10, 'room 0', NULL), (11, 'empty', NULL);

CREATE FUNCTION pg_temp.ids(list json) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(coalesce(item ->> 'id', '?'), ' ') FROM json_array_elements(coalesce(list -> 'data', list -> 'events')) AS item
$$;

-- The same as of an array.
SELECT appointment_json_agg(a, 'caspen' ORDER BY n)::text = appointment_list_to_json(array_agg(a ORDER BY n), 'caspen')::text AS same
FROM booking;
SELECT appointment_json_agg(a, 'savvycal', '{"total_count":99}' ORDER BY n)::text
	= appointment_list_to_json(array_agg(a ORDER BY n), 'savvycal', '{"total_count":99}')::text AS same
FROM booking;
SELECT room, pg_temp.ids(appointment_json_agg(a, 'avon' ORDER BY n)) FROM booking GROUP BY room ORDER BY room;
-- NULLs are passed over; of rows with nothing but NULL it is a list of none; of no row, NULL.
SELECT appointment_json_agg(a, 'caspen') AS nulls FROM booking WHERE a IS NULL;
SELECT appointment_json_agg(a, 'caspen') IS NULL AS no_row FROM booking WHERE false;
SELECT appointment_json_agg(a, 'caspen', '{}') IS NULL AS no_row FROM booking WHERE false;
SELECT appointment_json_agg(a, NULL) IS NULL AS null_format FROM booking;
SELECT pg_temp.ids(appointment_json_agg(a, 'sqod' ORDER BY appointment_id(a) DESC)) AS descending,
	pg_temp.ids(appointment_json_agg(a, 'sqod' ORDER BY n) FILTER (WHERE n > 6)) AS filtered,
	pg_temp.ids(appointment_json_agg(DISTINCT a, 'sqod')) AS distinct_ordered
FROM (SELECT * FROM booking UNION ALL SELECT * FROM booking) AS twice WHERE n <= 9 AND n <> 4;
SELECT n, pg_temp.ids(appointment_json_agg(a, 'avon') OVER (PARTITION BY room ORDER BY n)) AS so_far,
	pg_temp.ids(appointment_json_agg(a, 'avon', '{}') OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)) AS around
FROM booking WHERE n <= 9 ORDER BY n;
SELECT room, pg_temp.ids(appointment_json_agg(a, 'sqod' ORDER BY n))
FROM booking WHERE n <= 9 GROUP BY GROUPING SETS ((room), ()) ORDER BY room NULLS LAST;
SELECT pg_temp.ids(appointment_event_json_agg(e, 'appointment_one' ORDER BY n)) AS events,
	appointment_event_json_agg(e, 'appointment_one', '{"total_count":7}' ORDER BY n) ->> 'total_count' AS total
FROM (SELECT n, jsonb_build_object('id', 'e' || n, 'name', 'n')::appointment_event FROM generate_series(1, 3) AS n) AS v (n, e);
-- The format and options are those of the first row.
SELECT left(appointment_json_agg(a, CASE WHEN n = 1 THEN 'avon' ELSE 'caspen' END ORDER BY n)::text, 25) FROM booking;
-- The final result can be asked for again and again, and does not change.
SELECT count(DISTINCT j::text) FROM (SELECT appointment_json_agg(a, 'avon') OVER () AS j FROM booking) AS w;
SELECT appointment_json_agg(a, 'none') FROM booking;
SELECT appointment_json_agg(a, 'caspen', '{"none":1}') FROM booking;
SELECT appointment_json_agg(a, 'appointment_one') FROM booking;

-- ---------------------------------------------------------------------
-- big lists, and limits
-- ---------------------------------------------------------------------

CREATE TEMP TABLE big AS
	SELECT n, appointment_from_json(pg_temp.edit(:'caspen', 'id', to_json('app_' || n)::text), 'caspen') AS a
	FROM generate_series(1, 500) AS n;
INSERT INTO big SELECT n + 500 * k, appointment_set(a, 'id', to_jsonb('app_' || n + 500 * k)) FROM big, generate_series(1, 9) AS k;
SELECT count(*), count(DISTINCT a), min(ord), max(ord), bool_and(l.appointment = b.a) AS equal
FROM (SELECT appointment_json_agg(a, 'caspen' ORDER BY n)::text FROM big) AS j (list),
	appointment_list_from_json(list, 'caspen') AS l JOIN big AS b ON l.ord = b.n;
-- Every third is bad; all have their place.
SELECT problems IS NULL AS good, count(*), min(ord), max(ord), min(problems #>> '{0,code}') AS code
FROM (SELECT '{"data":[' || string_agg(CASE n % 3 WHEN 0 THEN '{"id":1}' ELSE '{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":1692370044000,"end_time":1692373642000}' END,
		',' ORDER BY n) || ']}' FROM generate_series(1, 5000) AS n) AS j (list),
	appointment_list_from_json(list, 'avon') AS l GROUP BY 1 ORDER BY 1;
-- The limits of a single document hold for each item.
SELECT ord, problems #>> '{0,code}' AS code, problems #>> '{0,message}' AS message, length(doc::text) AS length
FROM appointment_list_from_json('{"data":[{"x":' || repeat('[', 66) || repeat(']', 66) || '},{"x":"' || repeat('x', 4194304)
	|| '"},{"x":[' || repeat('1,', 50000) || '1]}]}', 'avon') AS l;
