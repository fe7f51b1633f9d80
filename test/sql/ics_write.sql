--
-- iCalendar: appointments and busy time, written
--
CREATE SCHEMA regress_ics_write;
SET search_path = regress_ics_write, public;
SET TimeZone = 'UTC';
\pset format unaligned
\pset tuples_only on

-- A calendar to read: every line ends with CRLF, has at most 75 octets and
-- whole characters, or what is wrong stands there.  The CR is not shown.
CREATE FUNCTION shown(ics text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg('WRONG: ' || line, E'\n'), replace(ics, E'\r', ''))
	FROM string_to_table(ics, E'\r\n') AS line, (SELECT right(ics, 2) <> E'\r\n' AS open OFFSET 0) AS last
	WHERE line ~ E'[\\x01-\\x08\\x0a-\\x1f\\x7f]' OR octet_length(line) > 75 OR open
		OR convert_from(convert_to(line, 'UTF8'), 'UTF8') <> line
$$;
-- The lines of some properties, unfolded
CREATE FUNCTION property(ics text, VARIADIC names text[]) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT line FROM string_to_table(replace(ics, E'\r\n ', ''), E'\r\n') WITH ORDINALITY AS l(line, n)
	WHERE split_part(split_part(line, ':', 1), ';', 1) = ANY (names) ORDER BY n
$$;
-- What becomes of a statement: its result, or all that its error says.
CREATE FUNCTION try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	detail text;
	hint text;
BEGIN
	EXECUTE 'SELECT (' || statement || ')::text' INTO result;
	RETURN coalesce(replace(result, E'\r', ''), 'NULL');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS result = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', SQLSTATE || ': ' || result, nullif(detail, ''), nullif(hint, ''));
END $$;

CREATE TABLE sample AS SELECT '{"id":"app_1","starts_at":"2026-05-04T09:00:00Z","ends_at":"2026-05-04T09:30:00Z","status":"scheduled",
	"time_zone":"Europe/Berlin","created_at":"2026-01-01T08:00:00.123Z","updated_at":"2026-01-02T08:00:00Z","practitioner_id":"pra_1",
	"name":"Check-up, Ana","description":"Bring the letter;\nand time","note":"first visit",
	"attendees":[{"id":"ana@example.com","attendance_status":"going"},{"id":"cli_7"},{"id":"ben@example.com"}],
	"video_call":{"join_url":"https://call.example.com/1"},"address":{"line1":"Street 1","line2":"","city":"Berlin","postal_code":"10115"},
	"url":"https://example.com/app_1"}'::appointment AS a;

-- ---------------------------------------------------------------------
-- one appointment
-- ---------------------------------------------------------------------

SELECT shown(appointment_to_ics(a, options => '{"stamp":"2026-02-01T00:00:00Z"}')) FROM sample;
SELECT shown(appointment_to_ics(a, 'PUBLISH', '{"stamp":"2026-02-01T00:00:00Z","personal":true,"organizer":"desk@example.com","organizer_name":"The \"desk\": A^B\nx","domain":"example.com",
	"name":"Feed, mine","refresh":60,"alarm":15,"prodid":"-//me//x//EN"}')) FROM sample;
SELECT shown(appointment_to_ics(a, 'REQUEST', '{"stamp":"2026-02-01T00:00:00Z","organizer":"desk@example.com","alarm":0}')) FROM sample;
SELECT shown(appointment_to_ics(a, 'cancel', '{"stamp":"2026-02-01T00:00:00Z","organizer":"desk@example.com","alarm":15,"personal":true}')) FROM sample;
-- what an option says instead, without anything personal
SELECT property(appointment_to_ics(a, 'PUBLISH', '{"summary":"Visit","description":"d","location":"l","url":"https://example.com/ä b?x=1,2;3"}'), 'SUMMARY', 'DESCRIPTION', 'LOCATION', 'URL') FROM sample;
-- an empty text is none; pages that are none are left out; the call's page is the event's if that has none
SELECT property(appointment_to_ics('{"id":"1","starts_at":"2026-05-04T09:00:00Z","name":"","note":"n","description":"","url":"not a page","location_text":"here","address":{"city":"there"},"meeting":{"room_url":"https://call.example.com/2"}}', 'PUBLISH', '{"personal":true}'),
	'SUMMARY', 'DESCRIPTION', 'LOCATION', 'URL', 'CONFERENCE');

-- identifiers
SELECT translate(id, E'\r\n\x01\x7f', '????') AS id, domain, property(appointment_to_ics(appointment_set('{"starts_at":"2026-05-04T09:00:00Z"}', 'id', to_jsonb(id)), 'PUBLISH', jsonb_build_object('domain', domain)), 'UID')
FROM (VALUES ('a'), (E'\x01'), (E'a\r\nb\x7f'), ('a@b'), ('a;b,c\d'), ('ä')) i(id), (VALUES (NULL), ('example.com')) d(domain);
SET appointment.calendar_domain = 'clinic.example';
SELECT property(appointment_to_ics(a), 'UID') FROM sample;
SELECT property(appointment_to_ics(a, 'PUBLISH', '{"domain":"other.example"}'), 'UID') FROM sample;
SELECT property(appointment_to_ics(a, 'PUBLISH', '{"domain":null}'), 'UID') FROM sample;
SET appointment.calendar_domain = 'a b';
SET appointment.calendar_domain = '.example';
SET appointment.calendar_domain = 'bücher.example';
SET appointment.calendar_domain = '';
SELECT property(appointment_to_ics(a), 'UID') FROM sample;
RESET appointment.calendar_domain;

-- status and time that is taken
SELECT status, string_agg(line, ' ') FROM unnest('{pending,scheduled,arrived,in_progress,completed,no_show,cancelled,canceled,booked,proposed,waitlist,requested,held,tentative,entered-in-error,unheard-of}'::text[]) WITH ORDINALITY s(status, n),
	property(appointment_to_ics(jsonb_build_object('id', 1::text, 'starts_at', '2026-05-04T09:00:00Z', 'status', status)::text::appointment), 'STATUS', 'TRANSP') line GROUP BY n, status ORDER BY n;
SELECT property(appointment_to_ics('{"id":"1","starts_at":"2026-05-04T09:00:00Z"}'), 'STATUS', 'TRANSP');
SELECT property(appointment_to_ics('{"id":"1","starts_at":"2026-05-04T09:00:00Z","status":"scheduled","hold_expires_at":"2026-05-01T00:00:00Z"}'), 'STATUS', 'TRANSP');
SELECT property(appointment_to_ics('{"id":"1","starts_at":"2026-05-04T09:00:00Z","status":"pending","confirmed":true}'), 'STATUS', 'TRANSP');
SELECT property(appointment_to_ics('{"id":"1","starts_at":"2026-05-04T09:00:00Z","status":"scheduled","confirmed":false,"hold_expires_at":null}'), 'STATUS', 'TRANSP');

-- how often it changed: moves, cancellation, confirmation count; arrivals and notes do not
CREATE TABLE changing (n int, what text, a appointment);
INSERT INTO changing SELECT 0, 'made', '{"id":"1","starts_at":"2026-05-04T09:00:00Z","status":"pending","created_at":"2026-01-01T00:00:00Z","status_history":[{"status":"pending","changed_by":null,"changed_at":"2026-01-01T00:00:00Z"}]}';
INSERT INTO changing SELECT 1, 'scheduled', appointment_transition(a, 'scheduled', '2026-01-02') FROM changing WHERE n = 0;
INSERT INTO changing SELECT 2, 'moved', appointment_reschedule(a, '2026-05-05T09:00:00Z', at => '2026-01-03') FROM changing WHERE n = 1;
INSERT INTO changing SELECT 3, 'note', appointment_set(a, 'note', '"x"') FROM changing WHERE n = 2;
INSERT INTO changing SELECT 4, 'arrived', appointment_transition(a, 'arrived', '2026-01-04') FROM changing WHERE n = 3;
INSERT INTO changing SELECT 5, 'cancelled', appointment_transition(a, 'cancelled', '2026-01-05') FROM changing WHERE n = 4;
INSERT INTO changing SELECT 6, 'reinstated', appointment_transition(a, 'scheduled', '2026-01-06') FROM changing WHERE n = 5;
SELECT what, property(appointment_to_ics(a), 'SEQUENCE') FROM changing ORDER BY n;
-- a cancellation that is not in the history yet is a change, too; it stays one when it is there
SELECT property(appointment_to_ics(a, 'CANCEL', '{"organizer":"a@example.com","attendees":["b@example.com"]}'), 'SEQUENCE', 'STATUS') FROM changing WHERE n = 4;
SELECT property(appointment_to_ics(a, 'CANCEL', '{"organizer":"a@example.com","attendees":["b@example.com"]}'), 'SEQUENCE', 'STATUS') FROM changing WHERE n = 5;
SELECT property(appointment_to_ics(a, 'PUBLISH', '{"sequence":7}'), 'SEQUENCE') FROM changing WHERE n = 5;
-- without a history, and with one that begins with a change
SELECT property(appointment_to_ics('{"id":"1","starts_at":"2026-05-04T09:00:00Z","status":"scheduled"}'), 'SEQUENCE');
SELECT property(appointment_to_ics('{"id":"1","starts_at":"2026-05-04T09:00:00Z","status":"cancelled"}'), 'SEQUENCE');
SELECT property(appointment_to_ics(appointment_reschedule('{"id":"1","starts_at":"2026-05-04T09:00:00Z","status":"scheduled"}', '2026-05-05T09:00:00Z')), 'SEQUENCE');
SELECT property(appointment_to_ics(appointment_reschedule('{"id":"1","starts_at":"2026-05-04T09:00:00Z","status":"scheduled","created_at":"2026-01-01T00:00:00Z"}', '2026-05-05T09:00:00Z')), 'SEQUENCE');

-- times: whole seconds; no end; other settings of the session
SELECT s, property(appointment_to_ics(format('{"id":"1","starts_at":"%s"%s}', s, ', "ends_at":"' || e || '"')::appointment), 'DTSTART', 'DTEND')
FROM (VALUES ('2026-05-04T09:00:00.999999Z', '2026-05-04T09:59:59.000001Z'), ('2026-05-04T09:00:00Z', NULL),
	('1969-12-31T23:59:59.5Z', '1970-01-01T00:00:00.5Z'), ('0001-01-01T00:00:00Z', '0001-01-01T00:00:01Z'), ('9999-12-31T23:59:58.5Z', '9999-12-31T23:59:59.5Z'),
	('2026-05-04T09:00:00+05:45', '2026-05-05T09:00:00-03:30'), ('2024-02-29T23:59:59Z', '2024-03-01T00:00:00Z')) t(s, e);
SET TimeZone = 'Asia/Kathmandu'; SET DateStyle = 'German'; SET IntervalStyle = 'sql_standard';
SELECT property(appointment_to_ics(a, 'PUBLISH', '{"stamp":"2026-02-01T00:00:00+01:00"}'), 'DTSTAMP', 'CREATED', 'LAST-MODIFIED', 'DTSTART', 'DTEND') FROM sample;
RESET DateStyle; RESET IntervalStyle; SET TimeZone = 'UTC';
-- the stamp is the transaction's time
SELECT property(appointment_to_ics(a), 'DTSTAMP') = to_char(now(), '"DTSTAMP:"YYYYMMDD"T"HH24MISS"Z"') FROM sample;

-- ---------------------------------------------------------------------
-- texts
-- ---------------------------------------------------------------------

SELECT property(appointment_to_ics(appointment_set(a, 'name', to_jsonb(name)), 'PUBLISH', '{"personal":true}'), 'SUMMARY') FROM sample, unnest(ARRAY[
	'a;b,c\d:e"f^g', E'one\ntwo\r\nthree\rfour\n\n', E'tab\tkept', E'bell\x07 escape\x1b[0m delete\x7f gone', '\n', 'ä 世界 😀', '   ', E'\n\r', 'END:VEVENT', E'x\r\nEND:VEVENT\r\nBEGIN:VALARM']) name;
SELECT property(appointment_to_ics(a, 'PUBLISH', jsonb_build_object('organizer', 'a@example.com', 'organizer_name', name)), 'ORGANIZER') FROM sample, unnest(ARRAY[
	'a;b,c:d"e^f', E'one\ntwo\r\nthree\rfour', E'bell\x07 tab\t', 'O''Neil', '', 'Ärztin']) name;
-- folding: a character of four, three and two bytes at each place
SELECT c, count(*), bool_and(shown(ics) NOT LIKE 'WRONG%') AS fine, bool_and((SELECT property(ics, 'SUMMARY')) = 'SUMMARY:' || name) AS same, max(length(ics) - length(replace(ics, E'\r\n ', ''))) AS most
FROM unnest(ARRAY['😀', '世', 'ü']) WITH ORDINALITY u(c, o), generate_series(0, 240) n, LATERAL (SELECT repeat('x', n) || repeat(c, 3) || 'y' || repeat(c, 40) AS name) s,
	LATERAL (SELECT appointment_to_ics('{"id":"1","starts_at":"2026-05-04T09:00:00Z"}', 'PUBLISH', jsonb_build_object('summary', name)) AS ics) i GROUP BY c, o ORDER BY o;
-- exactly 75 octets need no fold, 76 one
SELECT n, shown(appointment_to_ics('{"id":"1","starts_at":"2026-05-04T09:00:00Z"}', 'PUBLISH', jsonb_build_object('stamp', '2026-02-01T00:00:00Z', 'summary', repeat('x', n)))) FROM unnest('{67,68,141,142}'::int[]) n;
-- also of parameters, identifiers and pages
SELECT shown(appointment_to_ics(appointment_set(a, 'id', to_jsonb(repeat('ü', 80))), 'REQUEST', jsonb_build_object('stamp', '2026-02-01T00:00:00Z', 'organizer', 'a@example.com', 'organizer_name', repeat('ü', 80), 'url', 'https://example.com/' || repeat('ü', 30)))) FROM sample;
-- a megabyte
SELECT length(ics), shown(ics) LIKE 'WRONG%', (SELECT property(ics, 'DESCRIPTION')) = 'DESCRIPTION:' || repeat('😀\n', 200000)
FROM (SELECT appointment_to_ics('{"id":"1","starts_at":"2026-05-04T09:00:00Z"}', 'PUBLISH', jsonb_build_object('description', repeat(E'😀\n', 200000))) AS ics) i;

-- ---------------------------------------------------------------------
-- people
-- ---------------------------------------------------------------------

-- what they answered; who has no address is left out
SELECT property(appointment_to_ics('{"id":"1","starts_at":"2026-05-04T09:00:00Z","attendees":[{"id":"a@example.com","attendance_status":"going"},{"id":"b@example.com","attendance_status":"not_going"},
	{"id":"c@example.com","attendance_status":"maybe"},{"id":"d@example.com","attendance_status":"?"},{"id":"e@example.com","attendance_status":null},{"id":"cli_1","attendance_status":"going"},
	{"id":"@"},{"id":"a@"},{"id":"@b"},{"id":"a b@example.com"},{"id":"a@b@c"},{"id":"a@b\r\nX:y"},{"id":""},{"id":"a..b@example.com"},{"id":"a@.example"},{"attendance_status":"going"},
	{"id":"o''neil+x&y=%/?#@example.com"},{"id":"jürgen@müller.example"}]}', 'REQUEST', '{"organizer":"o@example.com"}'), 'ATTENDEE');
-- those of the option, with what the appointment knows of them
SELECT property(appointment_to_ics(a, m, '{"organizer":"o@example.com","attendees":["x@example.com",{"id":"cli_7","email":"seven@example.com","name":"Seven \"7\""},{"id":"ana@example.com","email":"ana@home.example"},
	{"email":"ana@example.com","name":null},{"id":"nobody","email":null,"name":"n"},null]}'), 'ATTENDEE') FROM sample, unnest('{REQUEST,CANCEL,PUBLISH}'::text[]) m;
-- a thousand
SELECT count(*), count(DISTINCT line), max(line) FROM property(appointment_to_ics(appointment_set((SELECT a FROM sample), 'attendees', (SELECT jsonb_agg(jsonb_build_object('id', 'attendee' || n || '@example.com', 'attendance_status', 'going')) FROM generate_series(1, 1000) n)), 'REQUEST', '{"organizer":"o@example.com"}'), 'ATTENDEE') line;
SELECT count(*), count(DISTINCT line), count(*) FILTER (WHERE line LIKE '%ACCEPTED%') FROM property(appointment_to_ics(appointment_set((SELECT a FROM sample), 'attendees', (SELECT jsonb_agg(jsonb_build_object('id', 'cli_' || n, 'attendance_status', 'going')) FROM generate_series(500, 999) n)), 'REQUEST',
	jsonb_build_object('organizer', 'o@example.com', 'attendees', (SELECT jsonb_agg(jsonb_build_object('id', 'cli_' || n, 'email', n || '@example.com', 'name', 'Name ' || n)) FROM generate_series(1, 1000) n))), 'ATTENDEE') line;

-- ---------------------------------------------------------------------
-- what is refused
-- ---------------------------------------------------------------------

SELECT try(format('appointment_to_ics(%L, %L, %L)', a, method, options)) FROM (VALUES
	('{"starts_at":"2026-05-04T09:00:00Z"}', 'PUBLISH', NULL), ('{"id":"","starts_at":"2026-05-04T09:00:00Z"}', 'PUBLISH', NULL), ('{"id":null,"starts_at":"2026-05-04T09:00:00Z"}', 'PUBLISH', NULL),
	('{"id":"1"}', 'PUBLISH', NULL), ('{"id":"1","ends_at":"2026-05-04T09:00:00Z"}', 'PUBLISH', NULL), ('{}', 'PUBLISH', NULL),
	('{"id":"1","starts_at":"2026-05-04T09:00:00Z"}', 'REPLY', NULL), ('{"id":"1","starts_at":"2026-05-04T09:00:00Z"}', '', NULL), ('{"id":"1","starts_at":"2026-05-04T09:00:00Z"}', 'Ana Miller, born 1980', NULL),
	('{"id":"1","starts_at":"2026-05-04T09:00:00Z"}', 'REQUEST', NULL), ('{"id":"1","starts_at":"2026-05-04T09:00:00Z"}', 'REQUEST', '{"attendees":["a@example.com"]}'), ('{"id":"1","starts_at":"2026-05-04T09:00:00Z"}', 'CANCEL', '{"attendees":["a@example.com"]}'),
	('{"id":"1","starts_at":"2026-05-04T09:00:00Z"}', 'REQUEST', '{"organizer":"a@example.com"}'), ('{"id":"1","starts_at":"2026-05-04T09:00:00Z","attendees":[{"id":"cli_1"}]}', 'CANCEL', '{"organizer":"a@example.com"}'),
	('{"id":"1","starts_at":"2026-05-04T09:00:00Z"}', 'REQUEST', '{"organizer":"a@example.com","attendees":[]}'), ('{"id":"1","starts_at":"2026-05-04T09:00:00Z","attendees":[{"id":"a@example.com"}]}', 'REQUEST', '{"organizer":"a@example.com","attendees":[null,{"id":"x"}]}'),
	('{"id":"1","starts_at":"2026-05-04T09:00:00Z","status":"cancelled"}', 'REQUEST', '{"organizer":"a@example.com","attendees":["b@example.com"]}')) v(a, method, options);
SELECT options, try(format('appointment_to_ics(%L, %L, %L)', '{"id":"1","starts_at":"2026-05-04T09:00:00Z"}', 'PUBLISH', options)) FROM unnest(ARRAY[
	'[]', '1', '"x"', '{"nothing":1}', '{"Domain":"x"}', '{"a secret: x":1}', '{"domain":1}', '{"domain":""}', '{"domain":"a b"}', '{"domain":"a@b"}', '{"domain":"a..b"}', '{"domain":"-a"}', '{"domain":"a\r\nb"}', '{"name":1}', '{"name":["x"]}',
	'{"personal":"yes"}', '{"personal":1}', '{"summary":true}', '{"url":"nothing"}', '{"url":":x"}', '{"url":"1a:b"}', '{"url":""}', '{"organizer":"desk"}', '{"organizer":"mailto:a@example.com"}', '{"organizer":""}', '{"organizer":"a@b\r\nc"}', '{"organizer":["a@example.com"]}', '{"organizer_name":1}',
	'{"attendees":"a@example.com"}', '{"attendees":{}}', '{"attendees":["nobody"]}', '{"attendees":[1]}', '{"attendees":[["a@example.com"]]}', '{"attendees":[{"email":"x"}]}', '{"attendees":[{"email":1}]}', '{"attendees":[{"mail":"a@example.com"}]}',
	'{"sequence":-1}', '{"sequence":1.5}', '{"sequence":2147483648}', '{"sequence":"1"}', '{"stamp":"now"}', '{"stamp":"2026-02-01"}', '{"stamp":"2026-02-01T00:00:00"}', '{"stamp":1}', '{"stamp":"infinity"}',
	'{"time_zone":"Nowhere"}', '{"time_zone":1}', '{"series":1}', '{"exdates":"2026-05-04T09:00:00"}', '{"exdates":["2026-05-04"]}', '{"exdates":[1]}', '{"refresh":0}', '{"refresh":527041}', '{"refresh":"1 hour"}', '{"alarm":-1}', '{"alarm":1e9}', '{"alarm":[5]}']) options;
-- null is not given, also for an option that asks for much
SELECT shown(appointment_to_ics(a, 'PUBLISH', '{"stamp":"2026-02-01T00:00:00Z","domain":null,"name":null,"prodid":"","personal":null,"summary":null,"description":null,"location":null,"url":null,"organizer":null,"organizer_name":null,"attendees":null,"sequence":null,"time_zone":null,"series":null,"exdates":null,"refresh":null,"alarm":null}')) FROM sample;
SELECT appointment_to_ics(NULL) IS NULL, appointment_to_ics(a, NULL) IS NULL, appointment_to_ics(a, 'PUBLISH', NULL) = appointment_to_ics(a) FROM sample;
-- options that change from row to row, one of them bad
SELECT property(appointment_to_ics(a, 'PUBLISH', o), 'SUMMARY') FROM sample, unnest(ARRAY['{"summary":"1"}', NULL, '{"summary":"2"}', '{}', '{"summary":"2"}']::jsonb[]) o;
SELECT try(format('(SELECT string_agg(appointment_to_ics(a, ''PUBLISH'', o), '''') FROM sample, unnest(%L::jsonb[]) o)', ARRAY['{"summary":"1"}', '{"summary":1}']));

-- ---------------------------------------------------------------------
-- a feed
-- ---------------------------------------------------------------------

SELECT shown(appointment_ics_agg(a, '{"stamp":"2026-02-01T00:00:00Z","name":"Room 1","refresh":30}' ORDER BY a)) FROM unnest(ARRAY[
	'{"id":"2","starts_at":"2026-05-04T10:00:00Z","status":"cancelled"}', NULL, '{"id":"1","starts_at":"2026-05-04T09:00:00Z","attendees":[{"id":"a@example.com"}]}', '{"id":"3"}', '{"starts_at":"2026-05-04T09:00:00Z"}']::appointment[]) a;
SELECT shown(appointment_ics_agg(a)) FROM sample WHERE false;
SELECT shown(appointment_ics_agg(a, '{"name":"x"}')) FROM sample WHERE false;
SELECT shown(appointment_ics_agg(NULL, '{"name":"x","organizer":"o@example.com"}'));
SELECT shown(appointment_ics_agg(NULL::appointment));
-- the options of the first row count
SELECT property(appointment_ics_agg(a, o ORDER BY n), 'X-WR-CALNAME', 'SUMMARY') FROM sample, (VALUES (1, '{"name":"one","summary":"x"}'::jsonb), (2, '{"name":"two"}'), (3, '{"bad":1}')) v(n, o);
SELECT try('(SELECT appointment_ics_agg(a, ''{"bad":1}'') FROM sample)');
-- as a window function more may come after the first result
SELECT n, (SELECT count(*) FROM property(ics, 'UID')) FROM (SELECT n, appointment_ics_agg(appointment_set(a, 'id', to_jsonb(n::text)), '{"series":true}') OVER (ORDER BY n) AS ics FROM sample, generate_series(1, 3) n) w ORDER BY n;

-- ---------------------------------------------------------------------
-- busy time
-- ---------------------------------------------------------------------

SELECT shown(busy_to_ics('{[2026-05-03T22:00:00Z,2026-05-04T01:00:00Z),[2026-05-04T09:00:00Z,2026-05-04T10:00:00Z),[2026-05-04T10:00:00Z,2026-05-04T10:30:00Z)-5+10(2),[2026-05-04T10:15:00Z,2026-05-04T10:20:00Z),[2026-05-04T12:00:00.5Z,2026-05-04T12:00:00.7Z),[2026-05-04T12:00:00.8Z,2026-05-04T12:30:00Z),[2026-05-04T23:00:00Z,)}',
	'[2026-05-04,2026-05-05)', '{"stamp":"2026-02-01T00:00:00Z","organizer":"ana@example.com","organizer_name":"Ana"}'));
SELECT shown(busy_to_ics(NULL, '[2026-05-04,2026-05-05)', '{"stamp":"2026-02-01T00:00:00Z","domain":"example.com","name":"Ana"}'));
SELECT property(busy_to_ics('{(,2026-05-04T06:00:00Z),[2026-05-06T00:00:00Z,2026-05-07T00:00:00Z)}', r), 'DTSTART', 'DTEND', 'FREEBUSY') FROM unnest('{"[2026-05-04,2026-05-06)","(2026-05-04 05:59:59.5,2026-05-06 00:00:00.5]"}'::tstzrange[]) r;
SELECT property(busy_to_ics('{(,)}', '[2026-05-04,2026-05-05)'), 'FREEBUSY');
SELECT r, try(format('busy_to_ics(NULL, %L)', r)) FROM unnest('{"[2026-05-04,)","(,2026-05-04)","(,)","[2026-05-04,infinity)","[-infinity,2026-05-04)",empty,"[2026-05-04,2127-05-05)"}'::tstzrange[]) r;
SELECT busy_to_ics('{}', NULL) IS NULL, busy_to_ics(NULL, NULL) IS NULL;
SELECT try($$busy_to_ics(NULL, '[2026-05-04,2026-05-05)', '{"x":1}')$$);

-- ---------------------------------------------------------------------
-- pages that add an appointment
-- ---------------------------------------------------------------------

SELECT appointment_calendar_url(a, service, '{"personal":true}') FROM sample, unnest('{google,outlook,office365,yahoo}'::text[]) service;
SELECT appointment_calendar_url(a, service) FROM sample, unnest('{google,outlook,office365,yahoo}'::text[]) service;
SELECT appointment_calendar_url('{"starts_at":"2026-05-04T09:00:00.9Z"}', service, '{"summary":"50% off & more? = ä世😀+\"<>\u007f\n","location":"a/b","url":"https://example.com/?a=b"}') FROM unnest('{google,outlook,office365,yahoo}'::text[]) service;
SELECT try(format('appointment_calendar_url(%L, %L)', a, service)) FROM (VALUES ('{"starts_at":"2026-05-04T09:00:00Z"}', 'Google'), ('{"starts_at":"2026-05-04T09:00:00Z"}', ''), ('{"starts_at":"2026-05-04T09:00:00Z"}', 'born 1980, Ana'), ('{"id":"1"}', 'google')) v(a, service);
SELECT appointment_calendar_url(NULL, 'google') IS NULL, appointment_calendar_url(a, NULL) IS NULL, appointment_calendar_url(a, 'google', NULL) = appointment_calendar_url(a, 'google') FROM sample;
