--
-- Whatever a sender may send: nothing of it is lost, and nothing of it keeps
-- the rest out.
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/lib/examples.sql'
\set ECHO none
\i :file
\set ECHO all

-- ---------------------------------------------------------------------
-- which format a list is in
-- ---------------------------------------------------------------------

-- the first item that tells decides, not the first one
SELECT list, appointment_format(list) AS format, appointment_format(list::jsonb) AS of_jsonb FROM unnest(ARRAY[
	'{"object":"list","data":[null,{"id":"a","start_time":1692370044000,"end_time":1692373642000}]}',
	'{"object":"list","data":["",[],{},{"id":1},5,{"id":"a","start_time":1692370044000,"end_time":1692373642000},{"starts_at":1,"ends_at":2,"client_id":3}]}',
	'{"data":[{"x":1},{"starts_at":1,"ends_at":2,"client_id":3},{"id":"a","start_time":1,"end_time":2}]}',
	'{"events":[null,{"id":"a","name":"b","links":[]}]}',
	'{"events":[null,{"id":"a","start_time":1,"end_time":2}]}', '{"data":[null,{"id":"a","name":"b","links":[]}]}',
	'{"object":"list","data":[null]}', '{"object":"list","data":[{}]}', '{"data":[[{"starts_at":1,"ends_at":2,"client_id":3}]]}']) AS list;

-- ---------------------------------------------------------------------
-- appointment_read
-- ---------------------------------------------------------------------

-- each example as a document, bare, in an envelope and in a list
CREATE TEMP TABLE example (n int, format text, doc text);
INSERT INTO example VALUES (1, 'caspen', :'caspen'), (2, 'sqod', :'sqod'), (3, 'avon', :'avon'),
	(4, 'savvycal', :'savvycal'), (5, 'appointment_one', :'appointment_one');
SELECT n, form, ord, source, appointment = appointment_from_json(doc, format) AS same, problems -> 0 ->> 'code' AS code, text = t AS text
FROM example, LATERAL coalesce(doc::json -> 'data', doc::json) AS d,
	LATERAL (VALUES (1, 'as it is', doc), (2, 'bare', d::text), (3, 'enveloped', '{"data":' || d || '}'),
		(4, 'list', '{"data":[' || d || ']}'), (5, 'array', '[' || d || ']')) AS f (m, form, t), appointment_read(t)
WHERE n < 5 ORDER BY n, m;
SELECT ord, source, appointment, problems, text = :'appointment_one' AS text FROM appointment_read(:'appointment_one');
SELECT ord, source, appointment_event ->> 'id' AS id, problems FROM appointment_event_read(:'appointment_one');
SELECT ord, source, appointment_event ->> 'id' AS id, problems, text FROM appointment_event_read('{"events":[{"id":"a","name":"b","links":[]},{"id":5,"name":"c","links":[]}]}');
SELECT ord, source, appointment_event, problems FROM appointment_event_read('{"starts_at":1,"ends_at":2,"client_id":3}');

-- by json and jsonb, by a format that is given, with options
SELECT * FROM appointment_read('{"data" : [{"id": "a", "start_time": 1, "end_time": 2}]}'::json);
SELECT * FROM appointment_read('{"data" : [{"id": "a", "start_time": 1, "end_time": 2}]}'::jsonb);
SELECT ord, source, appointment, problems, text FROM appointment_read('{"id":"a"}'), LATERAL (SELECT 1) AS x;
SELECT ord, source, appointment, problems FROM appointment_read('{"id":"a"}', 'avon');
SELECT ord, source, appointment, problems FROM appointment_read('{"data":[{"id":"a"}]}', 'avon');
SELECT ord, source, appointment, problems FROM appointment_read('{"data":[]}', 'avon');
SELECT ord, source, appointment, problems FROM appointment_read('{"data":[],"id":"a","start_time":1692370044000,"end_time":1692373642000}', 'avon');
SELECT ord, source, appointment, problems FROM appointment_read('{"object":"lists","data":[{"id":"a"}]}', 'avon');
SELECT problems -> 0 ->> 'path' AS path, problems -> 0 ->> 'code' AS code FROM appointment_read('{"id":"appt_d2f3g4h5j6k7","status":"late","start_at":{},"end_at":{}}', 'savvycal') UNION ALL
SELECT problems -> 0 ->> 'path', problems -> 0 ->> 'code' FROM appointment_read('{"id":"appt_d2f3g4h5j6k7","status":"late","start_at":{},"end_at":{}}', 'savvycal', '{"unknown_words": "keep"}');
SELECT count(*) FROM appointment_read(NULL);
\set VERBOSITY terse
SELECT * FROM appointment_read('{}', 'ics');
SELECT * FROM appointment_read('{}', 'appointment_one');
SELECT * FROM appointment_read('{}', 'avon', '{"what":1}');
\set VERBOSITY default

-- a value that could not be restored is a problem of its item alone
SELECT ord, appointment IS NULL AS bad, problems -> 0 ->> 'code' AS code FROM appointment_read('{"data":[{"id":"a","start_time":1,"end_time":2},'
	|| '{"id":"b","start_time":1,"end_time":2,"resource_ids":[' || repeat('"",', 60000) || '""]}]}', 'avon');

-- ---------------------------------------------------------------------
-- the inbox of the README, with every kind of bad input at once, twice
-- ---------------------------------------------------------------------

CREATE TABLE inbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, received_at timestamptz NOT NULL DEFAULT now(), taken_at timestamptz, kind text, doc text NOT NULL);
CREATE TABLE stored (source text NOT NULL GENERATED ALWAYS AS (a ->> 'source') STORED, ref text NOT NULL GENERATED ALWAYS AS (appointment_id(a)) STORED,
	a appointment NOT NULL, PRIMARY KEY (source, ref));
CREATE TABLE rejected (inbox_id bigint REFERENCES inbox, ord int, problems jsonb, doc text NOT NULL, PRIMARY KEY (inbox_id, ord));
PREPARE take AS
WITH taken AS (
    UPDATE inbox SET taken_at = now() WHERE taken_at IS NULL RETURNING id, doc
), item AS MATERIALIZED (
    SELECT taken.id, i.*, appointment IS NOT NULL AND octet_length(appointment_id(appointment)) <= 200 AS good
    FROM taken, appointment_read(taken.doc) AS i
), kept AS (
    INSERT INTO stored (a)
        SELECT DISTINCT ON (source, appointment_id(appointment)) appointment FROM item WHERE good
        ORDER BY source, appointment_id(appointment), id DESC, ord DESC
    ON CONFLICT (source, ref) DO UPDATE SET a = EXCLUDED.a
)
INSERT INTO rejected SELECT id, ord, problems, text FROM item WHERE NOT good;

CREATE FUNCTION pg_temp.avon(id text, name text) RETURNS text LANGUAGE sql AS $$
	SELECT format('{"id":"%s","start_time":1692370044000,"end_time":1692373642000,"name":"%s"}', id, name) $$;
INSERT INTO inbox (kind, doc) SELECT format, doc FROM example ORDER BY n;
INSERT INTO inbox (kind, doc) VALUES
	('list, one item bad', format('{"object":"list","data":[%s,{"id":"b","start_time":"soon"},%s]}', pg_temp.avon('a', 'first'), pg_temp.avon('c', 'only'))),
	('list, first item null', format('{"object":"list","data":[null,%s]}', pg_temp.avon('d', 'only'))),
	('list, one id twice', format('{"data":[%s,%s]}', pg_temp.avon('e', 'first'), pg_temp.avon('e', 'second'))),
	('the same id in another document', pg_temp.avon('a', 'second')),
	('and once more', format('{"data":[%s]}', pg_temp.avon('a', 'third'))),
	('list, one item with a character that text lacks', format('{"data":[%s,%s]}', pg_temp.avon('f', 'only'), pg_temp.avon('g', 'nul \u0000'))),
	('list, one item with half a pair', format('{"data":[%s,%s]}', pg_temp.avon('h', 'only'), pg_temp.avon('i', 'half \ud800'))),
	('list, one item too deep', format('{"data":[%s,{"id":"j","start_time":1,"end_time":2,"x":%s}]}', pg_temp.avon('k', 'only'), repeat('[', 66) || repeat(']', 66))),
	('list, one item of another format', format('{"data":[%s,{"starts_at":1,"ends_at":2,"client_id":3}]}', pg_temp.avon('l', 'only'))),
	('list, one item without an id', format('{"data":[%s,{"start_time":1,"end_time":2,"host":"h"}]}', pg_temp.avon('m', 'only'))),
	('list, one id too long for an index', format('{"data":[%s,%s]}', pg_temp.avon('n', 'only'), pg_temp.avon((SELECT string_agg(md5(i::text), '') FROM generate_series(1, 300) AS i), 'long'))),
	('list of none', '{"object":"list","data":[]}'),
	('list of nothing that tells', '{"object":"list","data":[null,{}]}'),
	('bare array', format('[%s]', pg_temp.avon('o', 'only'))),
	('an error of the service', '{"error":{"code":429,"message":"slow down"}}'),
	('an error page', '<html><title>502 Bad Gateway</title></html>'),
	('nothing', ''), ('spaces', ' '), ('null', 'null'), ('a word', 'OK'), ('a byte order mark', chr(65279) || pg_temp.avon('p', 'only')),
	('cut off', left(pg_temp.avon('q', 'only'), 40)), ('too deep', repeat('[', 100000)), ('escape', '{"a":"\u0000"}'),
	('ends before it starts', '{"id":"r","start_time":2,"end_time":1}'),
	('a good one', pg_temp.avon('s', 'only'));
EXECUTE take;
SELECT source, ref, a ->> 'name' AS name FROM stored ORDER BY source, ref COLLATE "C";
SELECT kind, ord, p ->> 'path' AS path, p ->> 'code' AS code, left(r.doc, 30) AS doc
FROM rejected AS r JOIN inbox ON id = inbox_id LEFT JOIN jsonb_array_elements(problems) AS p ON true ORDER BY id, ord, path;
-- nothing is lost: of each document each item is stored or rejected
SELECT kind FROM inbox WHERE taken_at IS NULL OR
	(SELECT count(*) FROM appointment_read(doc)) <> (SELECT count(*) FROM appointment_read(doc) WHERE EXISTS (SELECT FROM stored WHERE ref = appointment_id(appointment)) OR EXISTS (SELECT FROM rejected WHERE inbox_id = id AND rejected.ord = appointment_read.ord));
-- a second run takes nothing twice
CREATE TEMP TABLE before AS SELECT source, ref, a::text FROM stored UNION ALL SELECT inbox_id::text, ord::text, doc FROM rejected;
EXECUTE take;
SELECT count(*) = (SELECT count(*) FROM before) AS same, count(*) - (SELECT count(*) FROM before) AS more
FROM (SELECT source, ref, a::text FROM stored UNION ALL SELECT inbox_id::text, ord::text, doc FROM rejected) AS after;
-- and if all of it came again, the values would be those that they are
UPDATE inbox SET taken_at = NULL;
TRUNCATE rejected;
EXECUTE take;
SELECT count(*) AS differences FROM (SELECT source, ref, a::text FROM stored UNION ALL SELECT inbox_id::text, ord::text, doc FROM rejected EXCEPT SELECT * FROM before) AS d;
-- the later one wins, also over what was stored before
INSERT INTO inbox (kind, doc) VALUES ('later', pg_temp.avon('a', 'fourth'));
EXECUTE take;
SELECT ref, a ->> 'name' AS name FROM stored WHERE ref = 'a';
DEALLOCATE take;
DROP TABLE inbox, stored, rejected;
