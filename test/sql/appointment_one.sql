--
-- The format "appointment_one": Appointment.one's event, the template that
-- appointments are cloned from.
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/lib/examples.sql'
\set ECHO none
\i :file
\set ECHO all

\set example :appointment_one

-- ---------------------------------------------------------------------
-- the documented example
-- ---------------------------------------------------------------------

SELECT pg_temp.again(:'example', 'appointment_one');
SELECT appointment_event_to_json(e, 'appointment_one')::jsonb = :'example'::jsonb AS equal
FROM appointment_event_from_json(:'example', 'appointment_one') AS e;
-- Nothing is wrong with it.
SELECT * FROM appointment_validate(:'example', 'appointment_one');
-- Its numbers are numbers, its instant is one, the list of attendees is the
-- text that it was.
SELECT jsonb_pretty(e::jsonb - 'links') AS canonical
FROM appointment_event_from_json(:'example', 'appointment_one') AS e;

SELECT appointment_event_from_json('{"data":' || :'example' || '}', 'appointment_one') = e AS equal,
	appointment_event_from_json(:'example'::json, 'appointment_one') = e AS json,
	left(appointment_event_to_json(e, 'appointment_one')::text, 13) AS by_default,
	left(appointment_event_to_json(e, 'appointment_one', '{"envelope":true}')::text, 21) AS asked_for
FROM appointment_event_from_json(:'example', 'appointment_one') AS e;
-- jsonb has another order of members inside links, which are kept as given.
SELECT appointment_event_to_json(appointment_event_from_json(:'example'::jsonb, 'appointment_one'), 'appointment_one')::jsonb
	= :'example'::jsonb AS equal;

-- An event is no appointment, nor the other way round.
SELECT appointment_from_json(:'example', 'appointment_one');
SELECT appointment_event_from_json(:'caspen', 'caspen');
SELECT appointment_to_json('{}', 'appointment_one');
SELECT appointment_event_to_json('{}', 'savvycal');

-- ---------------------------------------------------------------------
-- absent, null, empty
-- ---------------------------------------------------------------------

-- All but the links have to be there; five and the links may be null.
SELECT key AS member, pg_temp.fails(pg_temp.edit(:'example', key, NULL)::text, 'appointment_one') AS absent
FROM json_object_keys(:'example') AS key;
SELECT key AS member, pg_temp.fails(pg_temp.edit(:'example', key, 'null')::text, 'appointment_one') AS "null"
FROM json_object_keys(:'example') AS key;
SELECT pg_temp.again_with(:'example', 'appointment_one', 'location', 'null', 'bio', 'null', 'description', 'null',
		'invitation_title', '"t"', 'invitation_body', '"b"') AS "null",
	pg_temp.again_with(:'example', 'appointment_one', 'location', '""', 'bio', '""', 'description', '""',
		'invitation_title', '""', 'invitation_body', '""', 'name', '""', 'attendees', '""', 'id', '""', 'url', '""',
		'free_busy_calendars', '[]', 'links', '[]') AS empty,
	pg_temp.again_with(:'example', 'appointment_one', 'links', 'null') AS null_links,
	pg_temp.again_with(:'example', 'appointment_one', 'links', NULL) AS absent_links;

-- ---------------------------------------------------------------------
-- digits
-- ---------------------------------------------------------------------

SELECT value, pg_temp.fails(pg_temp.edit(:'example', 'duration', value)::text, 'appointment_one') AS duration,
	pg_temp.fails(pg_temp.edit(:'example', 'date_added', value)::text, 'appointment_one') AS date_added
FROM unnest(ARRAY['"30"', '"0"', '"-0"', '30', '""', '" 30"', '"30 "', '"+30"', '"3e1"', '"30.0"', '"030"', '"0x1E"', '"-5"', '"-"', '"--5"',
	'"5-"', '"99999999999999999999"', '"253402300800"', '"٣٠"', '"-05"', 'true']) AS value;
SELECT value, pg_temp.again_with(:'example', 'appointment_one', 'date_added', value) AS again, e ->> 'date_added' AS canonical
FROM unnest(ARRAY['"1484278495"', '"0"', '"-1"', '"253402300799"', '"-62135596800"']) AS value,
	LATERAL appointment_event_from_json(pg_temp.edit(:'example', 'date_added', value), 'appointment_one') AS e;
SELECT value, pg_temp.again_with(:'example', 'appointment_one', 'duration', value) AS again, e -> 'duration' AS canonical
FROM unnest(ARRAY['"1"', '"0"', '"525600"', '"9223372036854775807"']) AS value,
	LATERAL appointment_event_from_json(pg_temp.edit(:'example', 'duration', value), 'appointment_one') AS e;
-- Seconds are floored.
SELECT date_added, appointment_event_to_json(jsonb_build_object('date_added', date_added)::appointment_event,
	'appointment_one') ->> 'date_added' AS written
FROM unnest(ARRAY['1970-01-01T00:00:01.999999Z', '1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59Z']) AS date_added;

-- ---------------------------------------------------------------------
-- attendees: a text that holds a list
-- ---------------------------------------------------------------------

SELECT value, pg_temp.again_with(:'example', 'appointment_one', 'attendees', value) AS again, e ->> 'attendees' AS canonical
FROM unnest(ARRAY['"[]"', '"[ \"a@example.com\" ,\"b@example.com\"]"', '"not a list"']) AS value,
	LATERAL appointment_event_from_json(pg_temp.edit(:'example', 'attendees', value), 'appointment_one') AS e;
SELECT pg_temp.fails(pg_temp.edit(:'example', 'attendees', '["a@example.com"]')::text, 'appointment_one');

-- ---------------------------------------------------------------------
-- closed vocabularies and types
-- ---------------------------------------------------------------------

SELECT member, value, pg_temp.fails(doc, 'appointment_one') AS strict,
	pg_temp.again(doc, 'appointment_one', '{"unknown_words":"keep"}') AS kept
FROM (VALUES ('status', '"active"'), ('status', '"disabled"'), ('status', '"deleted"'), ('status', '"scheduled"'), ('status', '""'),
	('visibility', '"public"'), ('visibility', '"unlisted"'), ('visibility', '"private"')) AS v (member, value),
	LATERAL CAST(pg_temp.edit(:'example', member, value) AS text) AS doc;
-- A status from elsewhere is written as disabled, which books nothing.
SELECT status, appointment_event_to_json(jsonb_build_object('status', status)::appointment_event, 'appointment_one') ->> 'status' AS written
FROM unnest(ARRAY['active', 'disabled', 'deleted', 'scheduled', 'cancelled', 'Active', '', NULL]) AS status;
SELECT member, value, pg_temp.fails(pg_temp.edit(:'example', member, value)::text, 'appointment_one')
FROM (VALUES ('id', '30'), ('name', '[]'), ('bio', 'true'), ('free_busy_calendars', '"[]"'), ('free_busy_calendars', '[1]'),
	('links', '{}'), ('links', '"self"'), ('status', '1')) AS v (member, value);

-- ---------------------------------------------------------------------
-- links
-- ---------------------------------------------------------------------

-- As given: whatever they are, to the letter.
SELECT appointment_event_to_json(appointment_event_from_json(pg_temp.edit(:'example', 'links',
	'[ {"rel" : "self", "n":1.50}, 7 ]'), 'appointment_one'), 'appointment_one', '{"account":"other"}') -> 'links' AS links;
-- Else derived; the public one needs the account.
SELECT appointment_event_to_json(e, 'appointment_one') -> 'links' AS links,
	appointment_event_to_json(e, 'appointment_one', '{"account":"test"}') -> 'links' AS with_account
FROM CAST('{"id":"30min"}' AS appointment_event) AS e;
SELECT appointment_event_to_json((:'example'::jsonb || '{"date_added":"2017-01-13T03:34:55Z","duration":30}'::jsonb - 'links')::appointment_event,
	'appointment_one', '{"account":"test"}')::jsonb = :'example'::jsonb AS as_the_service_does;
-- An identifier is quoted where a URL needs it.
SELECT appointment_event_to_json('{"id":"a/b c?é\"\\%"}', 'appointment_one', '{"account":"ä b"}') -> 'links' AS links;
-- Of nothing there is no link.
SELECT appointment_event_to_json('{}', 'appointment_one', '{"account":"test"}') -> 'links' AS absent,
	appointment_event_to_json('{"id":null}', 'appointment_one', '{"account":"test"}') -> 'links' AS "null";

-- ---------------------------------------------------------------------
-- unknown members
-- ---------------------------------------------------------------------

SELECT pg_temp.again_with(:'example', 'appointment_one', 'x', '{"b":1.50, "a":[1e2,-0,123456789012345678901234567890,"\u00e9\/"]}',
	'data', '{}', 'starts_at', 'null');
SELECT * FROM pg_temp.problems(pg_temp.edit(:'example', 'x', '1')::text, 'appointment_one');
SELECT appointment_event_from_json(pg_temp.edit(:'example', 'x', '1.0'), 'appointment_one') -> 'unknown' AS unknown;

-- ---------------------------------------------------------------------
-- a value from elsewhere
-- ---------------------------------------------------------------------

SELECT * FROM json_each(appointment_event_to_json('{}', 'appointment_one'));
SELECT * FROM json_each(appointment_event_to_json('{"source":"appointment_one"}', 'appointment_one'));
