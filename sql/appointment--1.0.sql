/* sql/appointment--1.0.sql */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION appointment" to load this file. \quit

-- The order of this file: the types, documents, fields, comparison, rows,
-- validation, requests, occupancies, the life cycle.
-- Everything that neither reads a setting, the clock or a table nor depends on
-- the session is IMMUTABLE; time zone names are looked up in the server's
-- database of zones, which counts as immutable as in the server itself.

-- ---------------------------------------------------------------------
-- type appointment
-- ---------------------------------------------------------------------

CREATE TYPE appointment;

CREATE FUNCTION appointment_in(cstring)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_in(cstring) IS
	'input: canonical JSON; 22P02 for anything else, 54000 beyond the limits';

CREATE FUNCTION appointment_out(appointment)
	RETURNS cstring
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_out(appointment) IS
	'output: canonical JSON, without loss';

CREATE FUNCTION appointment_recv(internal)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_recv(internal) IS
	'binary input: a version byte (1), then canonical JSON; 22P03 for another version';

CREATE FUNCTION appointment_send(appointment)
	RETURNS bytea
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_send(appointment) IS
	'binary output: a version byte (1), then canonical JSON';

CREATE TYPE appointment (
	INPUT = appointment_in,
	OUTPUT = appointment_out,
	RECEIVE = appointment_recv,
	SEND = appointment_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE appointment IS
	'one appointment: every field of the documented formats, unknown members kept; its text form is canonical JSON';

CREATE FUNCTION appointment_of_json(json)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_of_json(json) IS
	'cast from json: canonical JSON';

CREATE FUNCTION appointment_from_jsonb(jsonb)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_from_jsonb(jsonb) IS
	'cast from jsonb: canonical JSON';

CREATE FUNCTION appointment_as_json(appointment)
	RETURNS json
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_as_json(appointment) IS
	'cast to json: canonical JSON';

CREATE FUNCTION appointment_as_jsonb(appointment)
	RETURNS jsonb
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_as_jsonb(appointment) IS
	'cast to jsonb: canonical JSON';

-- By assignment, for drivers that say that a parameter is json; not implicit,
-- so that no expression means anything else than without them.
CREATE CAST (json AS appointment) WITH FUNCTION appointment_of_json(json) AS ASSIGNMENT;
COMMENT ON CAST (json AS appointment) IS 'reads canonical JSON';
CREATE CAST (jsonb AS appointment) WITH FUNCTION appointment_from_jsonb(jsonb) AS ASSIGNMENT;
COMMENT ON CAST (jsonb AS appointment) IS 'reads canonical JSON';
CREATE CAST (appointment AS json) WITH FUNCTION appointment_as_json(appointment);
COMMENT ON CAST (appointment AS json) IS 'writes canonical JSON';
CREATE CAST (appointment AS jsonb) WITH FUNCTION appointment_as_jsonb(appointment);
COMMENT ON CAST (appointment AS jsonb) IS 'writes canonical JSON';

-- ---------------------------------------------------------------------
-- type appointment_event
-- ---------------------------------------------------------------------

CREATE TYPE appointment_event;

CREATE FUNCTION appointment_event_in(cstring)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_in(cstring) IS
	'input: canonical JSON; 22P02 for anything else, 54000 beyond the limits';

CREATE FUNCTION appointment_event_out(appointment_event)
	RETURNS cstring
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_out(appointment_event) IS
	'output: canonical JSON, without loss';

CREATE FUNCTION appointment_event_recv(internal)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_recv(internal) IS
	'binary input: a version byte (1), then canonical JSON; 22P03 for another version';

CREATE FUNCTION appointment_event_send(appointment_event)
	RETURNS bytea
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_send(appointment_event) IS
	'binary output: a version byte (1), then canonical JSON';

CREATE TYPE appointment_event (
	INPUT = appointment_event_in,
	OUTPUT = appointment_event_out,
	RECEIVE = appointment_event_recv,
	SEND = appointment_event_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE appointment_event IS
	'a bookable template, from which appointments are cloned; its text form is canonical JSON';

CREATE FUNCTION appointment_event_of_json(json)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_of_json(json) IS
	'cast from json: canonical JSON';

CREATE FUNCTION appointment_event_from_jsonb(jsonb)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_from_jsonb(jsonb) IS
	'cast from jsonb: canonical JSON';

CREATE FUNCTION appointment_event_as_json(appointment_event)
	RETURNS json
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_as_json(appointment_event) IS
	'cast to json: canonical JSON';

CREATE FUNCTION appointment_event_as_jsonb(appointment_event)
	RETURNS jsonb
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_as_jsonb(appointment_event) IS
	'cast to jsonb: canonical JSON';

-- By assignment, for drivers that say that a parameter is json; not implicit,
-- so that no expression means anything else than without them.
CREATE CAST (json AS appointment_event) WITH FUNCTION appointment_event_of_json(json) AS ASSIGNMENT;
COMMENT ON CAST (json AS appointment_event) IS 'reads canonical JSON';
CREATE CAST (jsonb AS appointment_event) WITH FUNCTION appointment_event_from_jsonb(jsonb) AS ASSIGNMENT;
COMMENT ON CAST (jsonb AS appointment_event) IS 'reads canonical JSON';
CREATE CAST (appointment_event AS json) WITH FUNCTION appointment_event_as_json(appointment_event);
COMMENT ON CAST (appointment_event AS json) IS 'writes canonical JSON';
CREATE CAST (appointment_event AS jsonb) WITH FUNCTION appointment_event_as_jsonb(appointment_event);
COMMENT ON CAST (appointment_event AS jsonb) IS 'writes canonical JSON';

-- ---------------------------------------------------------------------
-- documents
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_from_json(doc text, format text, options jsonb DEFAULT NULL)
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_from_json_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_from_json(text, text, jsonb) IS
	'reads a document of a format (caspen, sqod, avon, savvycal), bare or in {"data": ...}; 22P02 names the first bad member, and has {"format","path","code"} as its detail; NULL for NULL';

CREATE FUNCTION appointment_from_json(doc json, format text, options jsonb DEFAULT NULL)
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_from_json_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_from_json(json, text, jsonb) IS
	'reads a document of a format (caspen, sqod, avon, savvycal), bare or in {"data": ...}; 22P02 names the first bad member, and has {"format","path","code"} as its detail; NULL for NULL';

CREATE FUNCTION appointment_from_json(doc jsonb, format text, options jsonb DEFAULT NULL)
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_from_json_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_from_json(jsonb, text, jsonb) IS
	'reads a document of a format (caspen, sqod, avon, savvycal), bare or in {"data": ...}; 22P02 names the first bad member, and has {"format","path","code"} as its detail; NULL for NULL';

CREATE FUNCTION appointment_to_json(a appointment, format text, options jsonb DEFAULT NULL)
	RETURNS json
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_to_json(appointment, text, jsonb) IS
	'writes a document of a format (caspen, sqod, avon, savvycal); reads settings and the clock for what the service computes; NULL for NULL';

CREATE FUNCTION appointment_list_from_json(list text, format text, options jsonb DEFAULT NULL,
		OUT ord integer, OUT appointment appointment, OUT problems jsonb, OUT doc json)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_list_from_json_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_list_from_json(text, text, jsonb) IS
	'reads a list document item by item: its place from 1, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the item as it was; 22P02 if the whole is no list of the format';

CREATE FUNCTION appointment_list_from_json(list json, format text, options jsonb DEFAULT NULL,
		OUT ord integer, OUT appointment appointment, OUT problems jsonb, OUT doc json)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_list_from_json_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_list_from_json(json, text, jsonb) IS
	'reads a list document item by item: its place from 1, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the item as it was; 22P02 if the whole is no list of the format';

CREATE FUNCTION appointment_list_from_json(list jsonb, format text, options jsonb DEFAULT NULL,
		OUT ord integer, OUT appointment appointment, OUT problems jsonb, OUT doc json)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_list_from_json_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_list_from_json(jsonb, text, jsonb) IS
	'reads a list document item by item: its place from 1, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the item as it was; 22P02 if the whole is no list of the format';

CREATE FUNCTION appointment_read(doc text, format text DEFAULT NULL, options jsonb DEFAULT NULL,
		OUT ord integer, OUT source text, OUT appointment appointment, OUT problems jsonb, OUT text text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_read_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_read(text, text, jsonb) IS
	'reads whatever a sender may send, a list, a document or neither, and raises no error over it: place from 1, the format that it was read in, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the text that it was';

CREATE FUNCTION appointment_read(doc json, format text DEFAULT NULL, options jsonb DEFAULT NULL,
		OUT ord integer, OUT source text, OUT appointment appointment, OUT problems jsonb, OUT text text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_read_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_read(json, text, jsonb) IS
	'reads whatever a sender may send, a list, a document or neither, and raises no error over it: place from 1, the format that it was read in, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the text that it was';

CREATE FUNCTION appointment_read(doc jsonb, format text DEFAULT NULL, options jsonb DEFAULT NULL,
		OUT ord integer, OUT source text, OUT appointment appointment, OUT problems jsonb, OUT text text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_read_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_read(jsonb, text, jsonb) IS
	'reads whatever a sender may send, a list, a document or neither, and raises no error over it: place from 1, the format that it was read in, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the text that it was';

CREATE FUNCTION appointment_list_to_json(list appointment[], format text, options jsonb DEFAULT NULL)
	RETURNS json
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_list_to_json(appointment[], text, jsonb) IS
	'writes a list document of a format; NULL elements are passed over';

CREATE FUNCTION appointment_json_agg_transfn(internal, appointment, text)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_json_agg_transfn(internal, appointment, text) IS
	'transition function of appointment_json_agg';

CREATE FUNCTION appointment_json_agg_transfn(internal, appointment, text, jsonb)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_json_agg_transfn(internal, appointment, text, jsonb) IS
	'transition function of appointment_json_agg';

CREATE FUNCTION appointment_json_agg_finalfn(internal)
	RETURNS json
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_json_agg_finalfn(internal) IS
	'final function of appointment_json_agg and appointment_event_json_agg';

CREATE AGGREGATE appointment_json_agg(appointment, text) (
	SFUNC = appointment_json_agg_transfn,
	STYPE = internal,
	FINALFUNC = appointment_json_agg_finalfn,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE appointment_json_agg(appointment, text) IS
	'a list document of the values, in the format (and with the options) of the first row; NULL values are passed over; NULL for no row';

CREATE AGGREGATE appointment_json_agg(appointment, text, jsonb) (
	SFUNC = appointment_json_agg_transfn,
	STYPE = internal,
	FINALFUNC = appointment_json_agg_finalfn,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE appointment_json_agg(appointment, text, jsonb) IS
	'a list document of the values, in the format (and with the options) of the first row; NULL values are passed over; NULL for no row';

CREATE FUNCTION appointment_event_from_json(doc text, format text, options jsonb DEFAULT NULL)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME', 'appointment_event_from_json_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_event_from_json(text, text, jsonb) IS
	'reads a document of a format (appointment_one), bare or in {"data": ...}; 22P02 names the first bad member, and has {"format","path","code"} as its detail; NULL for NULL';

CREATE FUNCTION appointment_event_from_json(doc json, format text, options jsonb DEFAULT NULL)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME', 'appointment_event_from_json_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_event_from_json(json, text, jsonb) IS
	'reads a document of a format (appointment_one), bare or in {"data": ...}; 22P02 names the first bad member, and has {"format","path","code"} as its detail; NULL for NULL';

CREATE FUNCTION appointment_event_from_json(doc jsonb, format text, options jsonb DEFAULT NULL)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME', 'appointment_event_from_json_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_event_from_json(jsonb, text, jsonb) IS
	'reads a document of a format (appointment_one), bare or in {"data": ...}; 22P02 names the first bad member, and has {"format","path","code"} as its detail; NULL for NULL';

CREATE FUNCTION appointment_event_to_json(a appointment_event, format text, options jsonb DEFAULT NULL)
	RETURNS json
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_to_json(appointment_event, text, jsonb) IS
	'writes a document of a format (appointment_one); NULL for NULL';

CREATE FUNCTION appointment_event_list_from_json(list text, format text, options jsonb DEFAULT NULL,
		OUT ord integer, OUT appointment_event appointment_event, OUT problems jsonb, OUT doc json)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_event_list_from_json_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_event_list_from_json(text, text, jsonb) IS
	'reads a list document item by item: its place from 1, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the item as it was; 22P02 if the whole is no list of the format';

CREATE FUNCTION appointment_event_list_from_json(list json, format text, options jsonb DEFAULT NULL,
		OUT ord integer, OUT appointment_event appointment_event, OUT problems jsonb, OUT doc json)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_event_list_from_json_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_event_list_from_json(json, text, jsonb) IS
	'reads a list document item by item: its place from 1, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the item as it was; 22P02 if the whole is no list of the format';

CREATE FUNCTION appointment_event_list_from_json(list jsonb, format text, options jsonb DEFAULT NULL,
		OUT ord integer, OUT appointment_event appointment_event, OUT problems jsonb, OUT doc json)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_event_list_from_json_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_event_list_from_json(jsonb, text, jsonb) IS
	'reads a list document item by item: its place from 1, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the item as it was; 22P02 if the whole is no list of the format';

CREATE FUNCTION appointment_event_read(doc text, format text DEFAULT NULL, options jsonb DEFAULT NULL,
		OUT ord integer, OUT source text, OUT appointment_event appointment_event, OUT problems jsonb, OUT text text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_event_read_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_event_read(text, text, jsonb) IS
	'reads whatever a sender may send, a list, a document or neither, and raises no error over it: place from 1, the format that it was read in, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the text that it was';

CREATE FUNCTION appointment_event_read(doc json, format text DEFAULT NULL, options jsonb DEFAULT NULL,
		OUT ord integer, OUT source text, OUT appointment_event appointment_event, OUT problems jsonb, OUT text text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_event_read_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_event_read(json, text, jsonb) IS
	'reads whatever a sender may send, a list, a document or neither, and raises no error over it: place from 1, the format that it was read in, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the text that it was';

CREATE FUNCTION appointment_event_read(doc jsonb, format text DEFAULT NULL, options jsonb DEFAULT NULL,
		OUT ord integer, OUT source text, OUT appointment_event appointment_event, OUT problems jsonb, OUT text text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_event_read_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_event_read(jsonb, text, jsonb) IS
	'reads whatever a sender may send, a list, a document or neither, and raises no error over it: place from 1, the format that it was read in, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the text that it was';

CREATE FUNCTION appointment_event_list_to_json(list appointment_event[], format text, options jsonb DEFAULT NULL)
	RETURNS json
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_list_to_json(appointment_event[], text, jsonb) IS
	'writes a list document of a format; NULL elements are passed over';

CREATE FUNCTION appointment_event_json_agg_transfn(internal, appointment_event, text)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_json_agg_transfn(internal, appointment_event, text) IS
	'transition function of appointment_event_json_agg';

CREATE FUNCTION appointment_event_json_agg_transfn(internal, appointment_event, text, jsonb)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_json_agg_transfn(internal, appointment_event, text, jsonb) IS
	'transition function of appointment_event_json_agg';

CREATE AGGREGATE appointment_event_json_agg(appointment_event, text) (
	SFUNC = appointment_event_json_agg_transfn,
	STYPE = internal,
	FINALFUNC = appointment_json_agg_finalfn,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE appointment_event_json_agg(appointment_event, text) IS
	'a list document of the values, in the format (and with the options) of the first row; NULL values are passed over; NULL for no row';

CREATE AGGREGATE appointment_event_json_agg(appointment_event, text, jsonb) (
	SFUNC = appointment_event_json_agg_transfn,
	STYPE = internal,
	FINALFUNC = appointment_json_agg_finalfn,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE appointment_event_json_agg(appointment_event, text, jsonb) IS
	'a list document of the values, in the format (and with the options) of the first row; NULL values are passed over; NULL for no row';

CREATE FUNCTION appointment_format(doc text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'appointment_format_text'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_format(text) IS
	'the format that a document or a list of documents looks like; NULL if none, or if the text is not JSON';

CREATE FUNCTION appointment_format(doc json)
	RETURNS text
	AS 'MODULE_PATHNAME', 'appointment_format_json'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_format(json) IS
	'the format that a document or a list of documents looks like; NULL if none, or if the text is not JSON';

CREATE FUNCTION appointment_format(doc jsonb)
	RETURNS text
	AS 'MODULE_PATHNAME', 'appointment_format_jsonb'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_format(jsonb) IS
	'the format that a document or a list of documents looks like; NULL if none, or if the text is not JSON';

CREATE FUNCTION appointment_formats(
		OUT format text, OUT service text, OUT document text, OUT statuses text[],
		OUT closed boolean, OUT instants text, OUT absent text,
		OUT enveloped boolean, OUT list_member text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 5;
COMMENT ON FUNCTION appointment_formats() IS
	'the formats: name, service, type of the document, status words and whether there are no others, how instants are written, what an absent member is written as, whether a single document stands in {"data": ...}, the member of a list that has the items';

-- ---------------------------------------------------------------------
-- fields
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_field(a appointment, field text)
	RETURNS jsonb
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_field(appointment, text) IS
	'implementation of -> operator';

CREATE OPERATOR -> (
	LEFTARG = appointment,
	RIGHTARG = text,
	FUNCTION = appointment_field
);
COMMENT ON OPERATOR -> (appointment, text) IS
	'a field as jsonb; NULL if it is absent, 22023 if the type has no such field';

CREATE FUNCTION appointment_field_text(a appointment, field text)
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_field_text(appointment, text) IS
	'implementation of ->> operator';

CREATE OPERATOR ->> (
	LEFTARG = appointment,
	RIGHTARG = text,
	FUNCTION = appointment_field_text
);
COMMENT ON OPERATOR ->> (appointment, text) IS
	'a field as text; NULL if it is absent or null, 22023 if the type has no such field';

CREATE FUNCTION appointment_set(a appointment, field text, value jsonb)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_set(appointment, text, jsonb) IS
	'the value with a field set as canonical JSON has it; SQL NULL removes the field, JSON null makes it null; 22P02 for a bad value, 23514 if the end would not be after the start';

CREATE FUNCTION appointment_erase(a appointment)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_erase(appointment) IS
	'the value without its personal fields and unknown members';

CREATE FUNCTION appointment_fields(
		OUT field text, OUT type text, OUT personal boolean, OUT comment text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 80;
COMMENT ON FUNCTION appointment_fields() IS
	'the fields of type appointment, in canonical order';

CREATE FUNCTION appointment_id(a appointment)
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_id(appointment) IS
	'the identifier, or NULL';

CREATE FUNCTION appointment_status(a appointment)
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_status(appointment) IS
	'the canonical status, or the word of an open vocabulary, or NULL';

CREATE FUNCTION appointment_starts_at(a appointment)
	RETURNS timestamptz
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_starts_at(appointment) IS
	'the start, or NULL';

CREATE FUNCTION appointment_ends_at(a appointment)
	RETURNS timestamptz
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_ends_at(appointment) IS
	'the end, which is not part of the appointment, or NULL';

CREATE FUNCTION appointment_during(a appointment)
	RETURNS tstzrange
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_during(appointment) IS
	'from the start up to, but not with, the end; NULL unless both are known';

CREATE FUNCTION appointment_starts_at_local(a appointment)
	RETURNS timestamp
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_starts_at_local(appointment) IS
	'the start on the wall clock of its time zone; of UTC if it has none that the server knows';

CREATE FUNCTION appointment_time_zone(a appointment)
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_time_zone(appointment) IS
	'the IANA time zone of the start, or NULL';

CREATE FUNCTION appointment_event_field(a appointment_event, field text)
	RETURNS jsonb
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_field(appointment_event, text) IS
	'implementation of -> operator';

CREATE OPERATOR -> (
	LEFTARG = appointment_event,
	RIGHTARG = text,
	FUNCTION = appointment_event_field
);
COMMENT ON OPERATOR -> (appointment_event, text) IS
	'a field as jsonb; NULL if it is absent, 22023 if the type has no such field';

CREATE FUNCTION appointment_event_field_text(a appointment_event, field text)
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_field_text(appointment_event, text) IS
	'implementation of ->> operator';

CREATE OPERATOR ->> (
	LEFTARG = appointment_event,
	RIGHTARG = text,
	FUNCTION = appointment_event_field_text
);
COMMENT ON OPERATOR ->> (appointment_event, text) IS
	'a field as text; NULL if it is absent or null, 22023 if the type has no such field';

CREATE FUNCTION appointment_event_set(a appointment_event, field text, value jsonb)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_set(appointment_event, text, jsonb) IS
	'the value with a field set as canonical JSON has it; SQL NULL removes the field, JSON null makes it null; 22P02 for a bad value';

CREATE FUNCTION appointment_event_erase(a appointment_event)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_erase(appointment_event) IS
	'the value without its personal fields and unknown members';

CREATE FUNCTION appointment_event_fields(
		OUT field text, OUT type text, OUT personal boolean, OUT comment text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 17;
COMMENT ON FUNCTION appointment_event_fields() IS
	'the fields of type appointment_event, in canonical order';

-- ---------------------------------------------------------------------
-- comparison: by start, end, id, then content
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_eq(appointment, appointment)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_eq'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_eq(appointment, appointment) IS 'implementation of = operator';

CREATE OPERATOR = (
	LEFTARG = appointment,
	RIGHTARG = appointment,
	FUNCTION = appointment_eq,
	COMMUTATOR = =,
	NEGATOR = <>,
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR = (appointment, appointment) IS 'equal';

CREATE FUNCTION appointment_ne(appointment, appointment)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_ne'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_ne(appointment, appointment) IS 'implementation of <> operator';

CREATE OPERATOR <> (
	LEFTARG = appointment,
	RIGHTARG = appointment,
	FUNCTION = appointment_ne,
	COMMUTATOR = <>,
	NEGATOR = =,
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (appointment, appointment) IS 'not equal';

CREATE FUNCTION appointment_lt(appointment, appointment)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_lt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_lt(appointment, appointment) IS 'implementation of < operator';

CREATE OPERATOR < (
	LEFTARG = appointment,
	RIGHTARG = appointment,
	FUNCTION = appointment_lt,
	COMMUTATOR = >,
	NEGATOR = >=,
	RESTRICT = scalarltsel,
	JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (appointment, appointment) IS 'less than';

CREATE FUNCTION appointment_le(appointment, appointment)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_le'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_le(appointment, appointment) IS 'implementation of <= operator';

CREATE OPERATOR <= (
	LEFTARG = appointment,
	RIGHTARG = appointment,
	FUNCTION = appointment_le,
	COMMUTATOR = >=,
	NEGATOR = >,
	RESTRICT = scalarlesel,
	JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (appointment, appointment) IS 'less than or equal';

CREATE FUNCTION appointment_gt(appointment, appointment)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_gt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_gt(appointment, appointment) IS 'implementation of > operator';

CREATE OPERATOR > (
	LEFTARG = appointment,
	RIGHTARG = appointment,
	FUNCTION = appointment_gt,
	COMMUTATOR = <,
	NEGATOR = <=,
	RESTRICT = scalargtsel,
	JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (appointment, appointment) IS 'greater than';

CREATE FUNCTION appointment_ge(appointment, appointment)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_ge'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_ge(appointment, appointment) IS 'implementation of >= operator';

CREATE OPERATOR >= (
	LEFTARG = appointment,
	RIGHTARG = appointment,
	FUNCTION = appointment_ge,
	COMMUTATOR = <=,
	NEGATOR = <,
	RESTRICT = scalargesel,
	JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (appointment, appointment) IS 'greater than or equal';

CREATE FUNCTION appointment_cmp(appointment, appointment)
	RETURNS integer
	AS 'MODULE_PATHNAME', 'appointment_cmp'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_cmp(appointment, appointment) IS
	'less than, equal, greater than: -1, 0, 1';

CREATE OPERATOR CLASS appointment_ops
	DEFAULT FOR TYPE appointment USING btree AS
		OPERATOR 1 <,
		OPERATOR 2 <=,
		OPERATOR 3 =,
		OPERATOR 4 >=,
		OPERATOR 5 >,
		FUNCTION 1 appointment_cmp(appointment, appointment);
COMMENT ON OPERATOR CLASS appointment_ops USING btree IS
	'by start, end, id (byte by byte), then content';
COMMENT ON OPERATOR FAMILY appointment_ops USING btree IS
	'by start, end, id (byte by byte), then content';

CREATE FUNCTION appointment_hash(appointment)
	RETURNS integer
	AS 'MODULE_PATHNAME', 'appointment_hash'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_hash(appointment) IS 'hash';

CREATE FUNCTION appointment_hash_extended(appointment, bigint)
	RETURNS bigint
	AS 'MODULE_PATHNAME', 'appointment_hash_extended'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_hash_extended(appointment, bigint) IS 'hash with a seed';

CREATE OPERATOR CLASS appointment_ops
	DEFAULT FOR TYPE appointment USING hash AS
		OPERATOR 1 =,
		FUNCTION 1 appointment_hash(appointment),
		FUNCTION 2 appointment_hash_extended(appointment, bigint);
COMMENT ON OPERATOR CLASS appointment_ops USING hash IS 'by content';
COMMENT ON OPERATOR FAMILY appointment_ops USING hash IS 'by content';

CREATE FUNCTION appointment_event_eq(appointment_event, appointment_event)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_eq'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_eq(appointment_event, appointment_event) IS 'implementation of = operator';

CREATE OPERATOR = (
	LEFTARG = appointment_event,
	RIGHTARG = appointment_event,
	FUNCTION = appointment_event_eq,
	COMMUTATOR = =,
	NEGATOR = <>,
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR = (appointment_event, appointment_event) IS 'equal';

CREATE FUNCTION appointment_event_ne(appointment_event, appointment_event)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_ne'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_ne(appointment_event, appointment_event) IS 'implementation of <> operator';

CREATE OPERATOR <> (
	LEFTARG = appointment_event,
	RIGHTARG = appointment_event,
	FUNCTION = appointment_event_ne,
	COMMUTATOR = <>,
	NEGATOR = =,
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (appointment_event, appointment_event) IS 'not equal';

CREATE FUNCTION appointment_event_lt(appointment_event, appointment_event)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_lt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_lt(appointment_event, appointment_event) IS 'implementation of < operator';

CREATE OPERATOR < (
	LEFTARG = appointment_event,
	RIGHTARG = appointment_event,
	FUNCTION = appointment_event_lt,
	COMMUTATOR = >,
	NEGATOR = >=,
	RESTRICT = scalarltsel,
	JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (appointment_event, appointment_event) IS 'less than';

CREATE FUNCTION appointment_event_le(appointment_event, appointment_event)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_le'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_le(appointment_event, appointment_event) IS 'implementation of <= operator';

CREATE OPERATOR <= (
	LEFTARG = appointment_event,
	RIGHTARG = appointment_event,
	FUNCTION = appointment_event_le,
	COMMUTATOR = >=,
	NEGATOR = >,
	RESTRICT = scalarlesel,
	JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (appointment_event, appointment_event) IS 'less than or equal';

CREATE FUNCTION appointment_event_gt(appointment_event, appointment_event)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_gt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_gt(appointment_event, appointment_event) IS 'implementation of > operator';

CREATE OPERATOR > (
	LEFTARG = appointment_event,
	RIGHTARG = appointment_event,
	FUNCTION = appointment_event_gt,
	COMMUTATOR = <,
	NEGATOR = <=,
	RESTRICT = scalargtsel,
	JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (appointment_event, appointment_event) IS 'greater than';

CREATE FUNCTION appointment_event_ge(appointment_event, appointment_event)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_ge'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_ge(appointment_event, appointment_event) IS 'implementation of >= operator';

CREATE OPERATOR >= (
	LEFTARG = appointment_event,
	RIGHTARG = appointment_event,
	FUNCTION = appointment_event_ge,
	COMMUTATOR = <=,
	NEGATOR = <,
	RESTRICT = scalargesel,
	JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (appointment_event, appointment_event) IS 'greater than or equal';

CREATE FUNCTION appointment_event_cmp(appointment_event, appointment_event)
	RETURNS integer
	AS 'MODULE_PATHNAME', 'appointment_cmp'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_cmp(appointment_event, appointment_event) IS
	'less than, equal, greater than: -1, 0, 1';

CREATE OPERATOR CLASS appointment_event_ops
	DEFAULT FOR TYPE appointment_event USING btree AS
		OPERATOR 1 <,
		OPERATOR 2 <=,
		OPERATOR 3 =,
		OPERATOR 4 >=,
		OPERATOR 5 >,
		FUNCTION 1 appointment_event_cmp(appointment_event, appointment_event);
COMMENT ON OPERATOR CLASS appointment_event_ops USING btree IS
	'by id (byte by byte), then content';
COMMENT ON OPERATOR FAMILY appointment_event_ops USING btree IS
	'by id (byte by byte), then content';

CREATE FUNCTION appointment_event_hash(appointment_event)
	RETURNS integer
	AS 'MODULE_PATHNAME', 'appointment_hash'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_hash(appointment_event) IS 'hash';

CREATE FUNCTION appointment_event_hash_extended(appointment_event, bigint)
	RETURNS bigint
	AS 'MODULE_PATHNAME', 'appointment_hash_extended'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_hash_extended(appointment_event, bigint) IS 'hash with a seed';

CREATE OPERATOR CLASS appointment_event_ops
	DEFAULT FOR TYPE appointment_event USING hash AS
		OPERATOR 1 =,
		FUNCTION 1 appointment_event_hash(appointment_event),
		FUNCTION 2 appointment_event_hash_extended(appointment_event, bigint);
COMMENT ON OPERATOR CLASS appointment_event_ops USING hash IS 'by content';
COMMENT ON OPERATOR FAMILY appointment_event_ops USING hash IS 'by content';

-- ---------------------------------------------------------------------
-- rows of ordinary tables
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_from_row(r record)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_from_row(record) IS
	'a row of any table: columns named like fields become the fields, others are passed over, NULL is absent; 42804 for a type that the field cannot take, such as timestamp without time zone';

CREATE FUNCTION appointment_event_from_row(r record)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_from_row(record) IS
	'a row of any table: columns named like fields become the fields, others are passed over, NULL is absent; 42804 for a type that the field cannot take, such as timestamp without time zone';

-- ---------------------------------------------------------------------
-- validation
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_validate(doc text, format text, request text DEFAULT NULL,
		OUT path text, OUT code text, OUT severity text, OUT message text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_validate_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 10;
COMMENT ON FUNCTION appointment_validate(text, text, text) IS
	'all problems of a document of a format, or of a request (create, update, cancel, reschedule), one row each; severity is error or warning; no exception for any text';

CREATE FUNCTION appointment_validate(doc json, format text, request text DEFAULT NULL,
		OUT path text, OUT code text, OUT severity text, OUT message text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_validate_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 10;
COMMENT ON FUNCTION appointment_validate(json, text, text) IS
	'all problems of a document of a format, or of a request (create, update, cancel, reschedule), one row each; severity is error or warning; no exception for any text';

CREATE FUNCTION appointment_validate(doc jsonb, format text, request text DEFAULT NULL,
		OUT path text, OUT code text, OUT severity text, OUT message text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_validate_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 10;
COMMENT ON FUNCTION appointment_validate(jsonb, text, text) IS
	'all problems of a document of a format, or of a request (create, update, cancel, reschedule), one row each; severity is error or warning; no exception for any text';

CREATE FUNCTION appointment_is_valid(doc text, format text, request text DEFAULT NULL)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_is_valid_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_is_valid(text, text, text) IS
	'whether a document or request has no problem of severity error; NULL for NULL';

CREATE FUNCTION appointment_is_valid(doc json, format text, request text DEFAULT NULL)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_is_valid_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_is_valid(json, text, text) IS
	'whether a document or request has no problem of severity error; NULL for NULL';

CREATE FUNCTION appointment_is_valid(doc jsonb, format text, request text DEFAULT NULL)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_is_valid_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_is_valid(jsonb, text, text) IS
	'whether a document or request has no problem of severity error; NULL for NULL';

CREATE FUNCTION appointment_problems(a appointment,
		OUT path text, OUT code text, OUT severity text, OUT message text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE ROWS 1;
COMMENT ON FUNCTION appointment_problems(appointment) IS
	'rules across the fields of a value: the invariants of FHIR''s Appointment (app-2 to app-5, app-7) are errors, other contradictions and zones that the server does not know warnings';

CREATE FUNCTION appointment_is_sound(a appointment)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_is_sound(appointment) IS
	'whether appointment_problems has no error, for CHECK constraints';

-- ---------------------------------------------------------------------
-- requests
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_new_id(format text)
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION appointment_new_id(text) IS
	'a new identifier of the shape that the service documents, from the strong random source; caspen''s sort in the order in which a session made them';

CREATE FUNCTION appointment_from_request(request text, format text, id text DEFAULT NULL,
		at timestamptz DEFAULT now())
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_from_request_text'
	LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 50;
COMMENT ON FUNCTION appointment_from_request(text, text, text, timestamptz) IS
	'the appointment that a create request of a format (sqod, avon) makes, with the id or a new one; 22P02 names the first bad member';

CREATE FUNCTION appointment_from_request(request json, format text, id text DEFAULT NULL,
		at timestamptz DEFAULT now())
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_from_request_json'
	LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 50;
COMMENT ON FUNCTION appointment_from_request(json, text, text, timestamptz) IS
	'the appointment that a create request of a format (sqod, avon) makes, with the id or a new one; 22P02 names the first bad member';

CREATE FUNCTION appointment_from_request(request jsonb, format text, id text DEFAULT NULL,
		at timestamptz DEFAULT now())
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_from_request_jsonb'
	LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 50;
COMMENT ON FUNCTION appointment_from_request(jsonb, text, text, timestamptz) IS
	'the appointment that a create request of a format (sqod, avon) makes, with the id or a new one; 22P02 names the first bad member';

CREATE FUNCTION appointment_apply_request(a appointment, request text, format text,
		kind text DEFAULT 'update', at timestamptz DEFAULT now())
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_apply_request_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_apply_request(appointment, text, text, text, timestamptz) IS
	'the appointment as a request of a format changes it (update: caspen, sqod, avon; cancel, reschedule: savvycal); touches only what the request names; 22P02 names the first member that is bad or cannot be set by it';

CREATE FUNCTION appointment_apply_request(a appointment, request json, format text,
		kind text DEFAULT 'update', at timestamptz DEFAULT now())
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_apply_request_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_apply_request(appointment, json, text, text, timestamptz) IS
	'the appointment as a request of a format changes it (update: caspen, sqod, avon; cancel, reschedule: savvycal); touches only what the request names; 22P02 names the first member that is bad or cannot be set by it';

CREATE FUNCTION appointment_apply_request(a appointment, request jsonb, format text,
		kind text DEFAULT 'update', at timestamptz DEFAULT now())
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_apply_request_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_apply_request(appointment, jsonb, text, text, timestamptz) IS
	'the appointment as a request of a format changes it (update: caspen, sqod, avon; cancel, reschedule: savvycal); touches only what the request names; 22P02 names the first member that is bad or cannot be set by it';

CREATE FUNCTION appointment_from_event(e appointment_event, starts_at timestamptz,
		attendees text[] DEFAULT '{}', id text DEFAULT NULL,
		at timestamptz DEFAULT now())
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_from_event(appointment_event, timestamptz, text[], text, timestamptz) IS
	'an appointment cloned from an active event: its title, body, location, duration and attendees, then those given; 23514 if the event is not active';

/*----------------------------------------------------------
 * Double booking: the type occupancy
 *----------------------------------------------------------*/

CREATE TYPE occupancy;

CREATE FUNCTION occupancy_in(cstring) RETURNS occupancy
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_in(cstring) IS
	'input: [scope:][start,end){name,...}; 22P02 for anything else, 54000 beyond the limits';

CREATE FUNCTION occupancy_out(occupancy) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_out(occupancy) IS
	'output: [scope:][start,end){name,...}, in UTC';

CREATE FUNCTION occupancy_recv(internal) RETURNS occupancy
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_recv(internal) IS
	'binary input: a version byte (1), flags, start, end, scope, names; 22P03 for another version';

CREATE FUNCTION occupancy_send(occupancy) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_send(occupancy) IS
	'binary output: a version byte (1), flags, start, end, scope, names';

CREATE TYPE occupancy (
	INPUT = occupancy_in,
	OUTPUT = occupancy_out,
	RECEIVE = occupancy_recv,
	SEND = occupancy_send,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE occupancy IS 'resources held for a period: [start,end){name,...}';

-- Constructors.  None is STRICT: what is missing must not slip past a constraint.

CREATE FUNCTION occupancy(starts_at timestamptz, ends_at timestamptz,
						  resources text[], scope text DEFAULT NULL)
	RETURNS occupancy
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'occupancy_construct';
COMMENT ON FUNCTION occupancy(timestamptz, timestamptz, text[], text) IS
	'these resources, held from a start until an end; null names are passed over';

CREATE FUNCTION occupancy_all(starts_at timestamptz, ends_at timestamptz,
							  scope text DEFAULT NULL)
	RETURNS occupancy
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_all(timestamptz, timestamptz, text) IS
	'every resource of the scope, held from a start until an end';

CREATE FUNCTION occupancy_from_range(during tstzrange, resources text[],
									 scope text DEFAULT NULL)
	RETURNS occupancy
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_from_range(tstzrange, text[], text) IS
	'these resources, held during a range with the bounds [)';

CREATE FUNCTION occupancy_buffer(o occupancy, before_minutes int, after_minutes int)
	RETURNS occupancy
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_buffer(occupancy, int, int) IS
	'the same resources, from minutes before until minutes after';

CREATE FUNCTION occupancy_buffer(o occupancy, minutes int) RETURNS occupancy
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'occupancy_buffer_both';
COMMENT ON FUNCTION occupancy_buffer(occupancy, int) IS
	'the same resources, from minutes before until as many after';

CREATE FUNCTION resource_key(kind text, id text) RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'resource_key_text';
COMMENT ON FUNCTION resource_key(text, text) IS
	'name of a resource among several kinds, "room:7"; null for a null id';

CREATE FUNCTION resource_key(kind text, id uuid) RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'resource_key_uuid';
COMMENT ON FUNCTION resource_key(text, uuid) IS
	'name of a resource among several kinds; null for a null id';

CREATE FUNCTION resource_key(kind text, id bigint) RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'resource_key_bigint';
COMMENT ON FUNCTION resource_key(text, bigint) IS
	'name of a resource among several kinds, "room:7"; null for a null id';

-- Accessors.

CREATE FUNCTION occupancy_during(o occupancy) RETURNS tstzrange
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_during(occupancy) IS 'period of an occupancy';

CREATE FUNCTION occupancy_resources(o occupancy) RETURNS text[]
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_resources(occupancy) IS
	'names of an occupancy''s resources, sorted bytewise; null for every resource';

CREATE FUNCTION occupancy_scope(o occupancy) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_scope(occupancy) IS 'scope of an occupancy, or null';

CREATE FUNCTION occupancy_is_all(o occupancy) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'occupancy_is_for_all';
COMMENT ON FUNCTION occupancy_is_all(occupancy) IS 'is it for every resource of its scope?';

-- Conflict.

CREATE FUNCTION occupancy_sel(root internal, operator oid, args internal, varrelid integer) RETURNS float8
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_sel(internal, oid, internal, integer) IS
	'restriction selectivity of occupancies in conflict';

CREATE FUNCTION occupancy_joinsel(root internal, operator oid, args internal, jointype smallint, sjinfo internal) RETURNS float8
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_joinsel(internal, oid, internal, smallint, internal) IS
	'join selectivity of occupancies in conflict';

CREATE FUNCTION occupancy_conflicts_with(a occupancy, b occupancy) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_conflicts_with(occupancy, occupancy) IS
	'implementation of && operator';

CREATE OPERATOR && (
	LEFTARG = occupancy, RIGHTARG = occupancy,
	FUNCTION = occupancy_conflicts_with,
	COMMUTATOR = &&,
	RESTRICT = occupancy_sel, JOIN = occupancy_joinsel
);
COMMENT ON OPERATOR && (occupancy, occupancy) IS
	'conflict: same scope, overlapping periods, a resource in common';

CREATE FUNCTION occupancy_intersection(a occupancy, b occupancy) RETURNS occupancy
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_intersection(occupancy, occupancy) IS
	'implementation of * operator';

CREATE OPERATOR * (
	LEFTARG = occupancy, RIGHTARG = occupancy,
	FUNCTION = occupancy_intersection,
	COMMUTATOR = *
);
COMMENT ON OPERATOR * (occupancy, occupancy) IS
	'what both hold; null without a conflict';

-- Order.

CREATE FUNCTION occupancy_eq(occupancy, occupancy) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_eq(occupancy, occupancy) IS 'implementation of = operator';

CREATE FUNCTION occupancy_ne(occupancy, occupancy) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_ne(occupancy, occupancy) IS 'implementation of <> operator';

CREATE FUNCTION occupancy_lt(occupancy, occupancy) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_lt(occupancy, occupancy) IS 'implementation of < operator';

CREATE FUNCTION occupancy_le(occupancy, occupancy) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_le(occupancy, occupancy) IS 'implementation of <= operator';

CREATE FUNCTION occupancy_gt(occupancy, occupancy) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_gt(occupancy, occupancy) IS 'implementation of > operator';

CREATE FUNCTION occupancy_ge(occupancy, occupancy) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_ge(occupancy, occupancy) IS 'implementation of >= operator';

CREATE FUNCTION occupancy_cmp(occupancy, occupancy) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_cmp(occupancy, occupancy) IS 'less-equal-greater';

CREATE FUNCTION occupancy_hash(occupancy) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_hash(occupancy) IS 'hash';

CREATE FUNCTION occupancy_hash_extended(occupancy, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_hash_extended(occupancy, bigint) IS 'hash with a seed';

CREATE OPERATOR = (
	LEFTARG = occupancy, RIGHTARG = occupancy, FUNCTION = occupancy_eq,
	COMMUTATOR = =, NEGATOR = <>,
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (occupancy, occupancy) IS 'equal';

CREATE OPERATOR <> (
	LEFTARG = occupancy, RIGHTARG = occupancy, FUNCTION = occupancy_ne,
	COMMUTATOR = <>, NEGATOR = =,
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (occupancy, occupancy) IS 'not equal';

CREATE OPERATOR < (
	LEFTARG = occupancy, RIGHTARG = occupancy, FUNCTION = occupancy_lt,
	COMMUTATOR = >, NEGATOR = >=,
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (occupancy, occupancy) IS 'less than';

CREATE OPERATOR <= (
	LEFTARG = occupancy, RIGHTARG = occupancy, FUNCTION = occupancy_le,
	COMMUTATOR = >=, NEGATOR = >,
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (occupancy, occupancy) IS 'less than or equal';

CREATE OPERATOR > (
	LEFTARG = occupancy, RIGHTARG = occupancy, FUNCTION = occupancy_gt,
	COMMUTATOR = <, NEGATOR = <=,
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (occupancy, occupancy) IS 'greater than';

CREATE OPERATOR >= (
	LEFTARG = occupancy, RIGHTARG = occupancy, FUNCTION = occupancy_ge,
	COMMUTATOR = <=, NEGATOR = <,
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (occupancy, occupancy) IS 'greater than or equal';

CREATE OPERATOR CLASS occupancy_btree_ops
	DEFAULT FOR TYPE occupancy USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 occupancy_cmp(occupancy, occupancy);
COMMENT ON OPERATOR CLASS occupancy_btree_ops USING btree IS
	'by start, end, scope, then names bytewise';
COMMENT ON OPERATOR FAMILY occupancy_btree_ops USING btree IS
	'by start, end, scope, then names bytewise';

CREATE OPERATOR CLASS occupancy_hash_ops
	DEFAULT FOR TYPE occupancy USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 occupancy_hash(occupancy),
	FUNCTION 2 occupancy_hash_extended(occupancy, bigint);
COMMENT ON OPERATOR CLASS occupancy_hash_ops USING hash IS 'equality of occupancies';
COMMENT ON OPERATOR FAMILY occupancy_hash_ops USING hash IS 'equality of occupancies';

/*----------------------------------------------------------
 * Double booking: the index
 *----------------------------------------------------------*/

CREATE TYPE occupancy_key;

CREATE FUNCTION occupancy_key_in(cstring) RETURNS occupancy_key
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_key_in(cstring) IS
	'input: 0A000, only the index makes keys';

CREATE FUNCTION occupancy_key_out(occupancy_key) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_key_out(occupancy_key) IS
	'output: what a key covers, without its hashes';

CREATE TYPE occupancy_key (
	INPUT = occupancy_key_in,
	OUTPUT = occupancy_key_out,
	ALIGNMENT = double,
	STORAGE = plain
);
COMMENT ON TYPE occupancy_key IS 'what an entry of an index of class occupancy_ops covers';

CREATE FUNCTION occupancy_gist_consistent(entry internal, query occupancy, strategy smallint,
										  subtype oid, recheck internal)
	RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_gist_consistent(internal, occupancy, smallint, oid, internal) IS
	'index support: may an entry conflict with a query';

CREATE FUNCTION occupancy_gist_union(entries internal, size internal) RETURNS occupancy_key
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_gist_union(internal, internal) IS
	'index support: the key of several entries';

CREATE FUNCTION occupancy_gist_compress(entry internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_gist_compress(internal) IS
	'index support: the key of a value';

CREATE FUNCTION occupancy_gist_penalty(original internal, inserted internal, penalty internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_gist_penalty(internal, internal, internal) IS
	'index support: what an insertion costs later searches';

CREATE FUNCTION occupancy_gist_picksplit(entries internal, split internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_gist_picksplit(internal, internal) IS
	'index support: divides a page by scope, then by time';

CREATE FUNCTION occupancy_gist_same(a occupancy_key, b occupancy_key, same internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_gist_same(occupancy_key, occupancy_key, internal) IS
	'index support: are two keys equal';

CREATE FUNCTION occupancy_gist_sortsupport(support internal) RETURNS void
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_gist_sortsupport(internal) IS
	'index support: the order of a sorted build';

CREATE OPERATOR CLASS occupancy_ops
	DEFAULT FOR TYPE occupancy USING gist AS
	OPERATOR 3 &&,
	FUNCTION 1 occupancy_gist_consistent(internal, occupancy, smallint, oid, internal),
	FUNCTION 2 occupancy_gist_union(internal, internal),
	FUNCTION 3 occupancy_gist_compress(internal),
	FUNCTION 5 occupancy_gist_penalty(internal, internal, internal),
	FUNCTION 6 occupancy_gist_picksplit(internal, internal),
	FUNCTION 7 occupancy_gist_same(occupancy_key, occupancy_key, internal),
	FUNCTION 11 occupancy_gist_sortsupport(internal),
	STORAGE occupancy_key;
COMMENT ON OPERATOR CLASS occupancy_ops USING gist IS 'conflicts of occupancies';
COMMENT ON OPERATOR FAMILY occupancy_ops USING gist IS 'conflicts of occupancies';

/*----------------------------------------------------------
 * Double booking: the guard
 *----------------------------------------------------------*/

CREATE FUNCTION occupancy_guard() RETURNS trigger
	LANGUAGE C AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_guard() IS
	'BEFORE trigger that refuses double bookings by an index or constraint, without deadlocks: occupancy_guard(''index or constraint'' [, ''on_conflict=error|skip''])';

CREATE FUNCTION occupancy_lock(index regclass, VARIADIC occupancies occupancy[]) RETURNS void
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_lock(regclass, occupancy[]) IS
	'takes the guard''s locks of several occupancies at once, until the end of the transaction';

/*----------------------------------------------------------
 * Double booking: what conflicts already
 *----------------------------------------------------------*/

CREATE FUNCTION occupancy_conflicts(index regclass, ignore_scope boolean DEFAULT false,
									OUT row_a tid, OUT row_b tid, OUT shared occupancy,
									OUT table_a regclass, OUT table_b regclass)
	RETURNS SETOF record
	LANGUAGE C STABLE STRICT PARALLEL RESTRICTED ROWS 100 COST 100000
	AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_conflicts(regclass, boolean) IS
	'pairs of rows of the index''s table, or of its partitions, that conflict, by its expression and predicate';

CREATE FUNCTION occupancy_conflicts_in(occupancies occupancy[], ignore_scope boolean DEFAULT false,
									   OUT a integer, OUT b integer, OUT shared occupancy)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100 COST 1000
	AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION occupancy_conflicts_in(occupancy[], boolean) IS
	'pairs of an array''s elements that conflict, by their places in it';

/*----------------------------------------------------------
 * Double booking: what an appointment holds
 *
 * Indexes keep what these functions return: they never change, and the
 * second one has no defaults, which an index would not keep.
 *----------------------------------------------------------*/

CREATE FUNCTION appointment_status_holds(status text) RETURNS boolean
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION appointment_status_holds(text) IS
	'whether an appointment with this status holds its resources: not if cancelled, no_show, entered-in-error, waitlist or proposed, in any spelling; else it does, also with a null status';

CREATE FUNCTION appointment_occupancy(a appointment) RETURNS occupancy
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION appointment_occupancy(appointment) IS
	'its practitioner, room, vehicle and resources; null without times or if appointment_status_holds() is false';

CREATE FUNCTION appointment_occupancy(a appointment, fields text[], free_statuses text[], scope text)
	RETURNS occupancy
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'appointment_occupancy_of';
COMMENT ON FUNCTION appointment_occupancy(appointment, text[], text[], text) IS
	'what these fields name, in a scope; null in these statuses or without times';

-- ---------------------------------------------------------------------
-- life cycle
-- ---------------------------------------------------------------------

CREATE TABLE appointment_lifecycle (
	lifecycle text NOT NULL CHECK (lifecycle <> ''),
	from_status text CHECK (from_status <> ''),
	to_status text NOT NULL CHECK (to_status <> ''),
	requires text[] NOT NULL DEFAULT '{}',
	not_after text CHECK (not_after IN ('starts_at', 'ends_at')),
	shipped boolean NOT NULL DEFAULT false,
	CHECK (from_status <> to_status),
	UNIQUE NULLS NOT DISTINCT (lifecycle, from_status, to_status)
);
COMMENT ON TABLE appointment_lifecycle IS
	'life cycles: one row a step that is allowed; rows of the extension are read-only, copy them under another name to change them';
COMMENT ON COLUMN appointment_lifecycle.lifecycle IS
	'name of the life cycle';
COMMENT ON COLUMN appointment_lifecycle.from_status IS
	'status before the step; NULL: a new row may have the status';
COMMENT ON COLUMN appointment_lifecycle.to_status IS
	'status after the step';
COMMENT ON COLUMN appointment_lifecycle.requires IS
	'fields that must be there after the step, such as cancellation_reason_id; changed_by is who takes it';
COMMENT ON COLUMN appointment_lifecycle.not_after IS
	'starts_at or ends_at: the step cannot be taken after that instant of the appointment';
COMMENT ON COLUMN appointment_lifecycle.shipped IS
	'whether the row came with the extension';

INSERT INTO appointment_lifecycle (lifecycle, from_status, to_status, not_after, shipped) VALUES
	('default', NULL, 'pending', NULL, true),
	('default', NULL, 'scheduled', NULL, true),
	('default', 'pending', 'scheduled', NULL, true),
	('default', 'pending', 'cancelled', NULL, true),
	('default', 'scheduled', 'arrived', NULL, true),
	('default', 'scheduled', 'in_progress', NULL, true),
	('default', 'scheduled', 'no_show', NULL, true),
	('default', 'scheduled', 'cancelled', NULL, true),
	('default', 'arrived', 'in_progress', NULL, true),
	('default', 'arrived', 'completed', NULL, true),
	('default', 'arrived', 'no_show', NULL, true),
	('default', 'arrived', 'cancelled', NULL, true),
	('default', 'in_progress', 'completed', NULL, true),
	('default', 'cancelled', 'pending', NULL, true),
	('default', 'cancelled', 'scheduled', NULL, true),
	('default', 'no_show', 'scheduled', NULL, true),
	('default', 'no_show', 'arrived', NULL, true),
	('caspen', NULL, 'pending', NULL, true),
	('caspen', 'pending', 'arrived', NULL, true),
	('caspen', 'pending', 'no_show', NULL, true),
	('caspen', 'pending', 'cancelled', 'ends_at', true),
	('caspen', 'arrived', 'no_show', NULL, true),
	('caspen', 'arrived', 'cancelled', 'ends_at', true),
	('caspen', 'no_show', 'arrived', NULL, true),
	('caspen', 'no_show', 'cancelled', 'ends_at', true),
	('caspen', 'cancelled', 'arrived', NULL, true),
	('caspen', 'cancelled', 'no_show', NULL, true),
	('sqod', NULL, 'scheduled', NULL, true),
	('sqod', 'scheduled', 'arrived', NULL, true),
	('sqod', 'scheduled', 'in_progress', NULL, true),
	('sqod', 'scheduled', 'cancelled', NULL, true),
	('sqod', 'arrived', 'in_progress', NULL, true),
	('sqod', 'arrived', 'no_show', NULL, true),
	('sqod', 'arrived', 'cancelled', NULL, true),
	('sqod', 'in_progress', 'completed', NULL, true),
	('avon', NULL, 'scheduled', NULL, true),
	('avon', 'scheduled', 'in_progress', NULL, true),
	('avon', 'scheduled', 'cancelled', NULL, true),
	('avon', 'in_progress', 'completed', NULL, true),
	('savvycal', NULL, 'scheduled', NULL, true),
	('savvycal', 'scheduled', 'cancelled', NULL, true),
	('event', NULL, 'active', NULL, true),
	('event', NULL, 'disabled', NULL, true),
	('event', 'active', 'disabled', NULL, true),
	('event', 'active', 'deleted', NULL, true),
	('event', 'disabled', 'active', NULL, true),
	('event', 'disabled', 'deleted', NULL, true),
	('fhir', NULL, 'proposed', NULL, true),
	('fhir', NULL, 'pending', NULL, true),
	('fhir', NULL, 'booked', NULL, true),
	('fhir', NULL, 'waitlist', NULL, true),
	('fhir', 'proposed', 'pending', NULL, true),
	('fhir', 'proposed', 'booked', NULL, true),
	('fhir', 'proposed', 'cancelled', NULL, true),
	('fhir', 'proposed', 'entered-in-error', NULL, true),
	('fhir', 'waitlist', 'proposed', NULL, true),
	('fhir', 'waitlist', 'pending', NULL, true),
	('fhir', 'waitlist', 'booked', NULL, true),
	('fhir', 'waitlist', 'cancelled', NULL, true),
	('fhir', 'waitlist', 'entered-in-error', NULL, true),
	('fhir', 'pending', 'booked', NULL, true),
	('fhir', 'pending', 'cancelled', NULL, true),
	('fhir', 'pending', 'entered-in-error', NULL, true),
	('fhir', 'booked', 'arrived', NULL, true),
	('fhir', 'booked', 'checked-in', NULL, true),
	('fhir', 'booked', 'fulfilled', NULL, true),
	('fhir', 'booked', 'noshow', NULL, true),
	('fhir', 'booked', 'cancelled', NULL, true),
	('fhir', 'booked', 'entered-in-error', NULL, true),
	('fhir', 'arrived', 'checked-in', NULL, true),
	('fhir', 'arrived', 'fulfilled', NULL, true),
	('fhir', 'arrived', 'noshow', NULL, true),
	('fhir', 'arrived', 'cancelled', NULL, true),
	('fhir', 'arrived', 'entered-in-error', NULL, true),
	('fhir', 'checked-in', 'fulfilled', NULL, true),
	('fhir', 'checked-in', 'noshow', NULL, true),
	('fhir', 'checked-in', 'cancelled', NULL, true),
	('fhir', 'checked-in', 'entered-in-error', NULL, true),
	('fhir', 'fulfilled', 'entered-in-error', NULL, true),
	('fhir', 'noshow', 'entered-in-error', NULL, true),
	('fhir', 'cancelled', 'entered-in-error', NULL, true);

-- Who installs the extension need not be a superuser, who then owns the table.
GRANT SELECT ON appointment_lifecycle TO PUBLIC;
GRANT INSERT, UPDATE, DELETE ON appointment_lifecycle TO @extowner@;
SELECT pg_catalog.pg_extension_config_dump('appointment_lifecycle', 'WHERE NOT shipped');

CREATE FUNCTION appointment_lifecycle_changed()
	RETURNS trigger
	AS 'MODULE_PATHNAME'
	LANGUAGE C;
COMMENT ON FUNCTION appointment_lifecycle_changed() IS
	'trigger of appointment_lifecycle: tells every session that the table has changed';

CREATE FUNCTION appointment_lifecycle_protect()
	RETURNS trigger
	AS 'MODULE_PATHNAME'
	LANGUAGE C;
COMMENT ON FUNCTION appointment_lifecycle_protect() IS
	'trigger of appointment_lifecycle: keeps the life cycles of the extension as they are';

CREATE TRIGGER changed_rows AFTER INSERT OR UPDATE OR DELETE ON appointment_lifecycle
	FOR EACH ROW EXECUTE FUNCTION appointment_lifecycle_changed();
COMMENT ON TRIGGER changed_rows ON appointment_lifecycle IS
	'tells every session that the table has changed, also on a subscriber';
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON appointment_lifecycle
	FOR EACH STATEMENT EXECUTE FUNCTION appointment_lifecycle_changed();
COMMENT ON TRIGGER changed ON appointment_lifecycle IS
	'tells every session that the table has changed';
CREATE TRIGGER protect BEFORE INSERT OR UPDATE OR DELETE ON appointment_lifecycle
	FOR EACH ROW EXECUTE FUNCTION appointment_lifecycle_protect();
COMMENT ON TRIGGER protect ON appointment_lifecycle IS
	'keeps the life cycles of the extension as they are';
CREATE TRIGGER protect_all BEFORE TRUNCATE ON appointment_lifecycle
	FOR EACH STATEMENT EXECUTE FUNCTION appointment_lifecycle_protect();
COMMENT ON TRIGGER protect_all ON appointment_lifecycle IS
	'keeps the life cycles of the extension as they are';
ALTER TABLE appointment_lifecycle ENABLE ALWAYS TRIGGER changed_rows;
ALTER TABLE appointment_lifecycle ENABLE ALWAYS TRIGGER changed;
ALTER TABLE appointment_lifecycle ENABLE ALWAYS TRIGGER protect;

-- No key can identify a row, and it may be in a publication of all tables.
ALTER TABLE appointment_lifecycle REPLICA IDENTITY FULL;

CREATE FUNCTION appointment_transition(a appointment, status text,
		at timestamptz DEFAULT NULL, actor text DEFAULT NULL,
		lifecycle text DEFAULT 'default', reason_id text DEFAULT NULL,
		note text DEFAULT NULL)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_transition(appointment, text, timestamptz, text, text, text, text) IS
	'the appointment with another status, its history entry and its effects; at is now by default, the actor the setting appointment.actor; 23514 for a step that the life cycle does not have';

CREATE FUNCTION appointment_confirm(a appointment, confirmed boolean DEFAULT true,
		at timestamptz DEFAULT NULL, actor text DEFAULT NULL)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_confirm(appointment, boolean, timestamptz, text) IS
	'the appointment, confirmed or not any more; its status stays';

CREATE FUNCTION appointment_reschedule(a appointment, starts_at timestamptz,
		ends_at timestamptz DEFAULT NULL, at timestamptz DEFAULT NULL,
		actor text DEFAULT NULL)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_reschedule(appointment, timestamptz, timestamptz, timestamptz, text) IS
	'the appointment at another time, as long as before unless the end is given, and not confirmed any more; its id and status stay';

CREATE FUNCTION appointment_can_transition(from_status text, to_status text,
		lifecycle text DEFAULT 'default')
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_can_transition(text, text, text) IS
	'whether a life cycle has the step; from NULL: whether the status can be the first';

CREATE FUNCTION appointment_next_statuses(status text, lifecycle text DEFAULT 'default')
	RETURNS SETOF text
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE ROWS 4;
COMMENT ON FUNCTION appointment_next_statuses(text, text) IS
	'the statuses that can follow one in a life cycle; those that can be the first for NULL';

CREATE FUNCTION appointment_status_at(a appointment, t timestamptz)
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_status_at(appointment, timestamptz) IS
	'the status at a time, by the history; NULL if that does not reach back so far';

CREATE FUNCTION appointment_diff(a appointment, b appointment,
		OUT field text, OUT old_value jsonb, OUT new_value jsonb)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 4;
COMMENT ON FUNCTION appointment_diff(appointment, appointment) IS
	'the fields in which two appointments differ, as canonical JSON; NULL where the field is absent, and NULL is an appointment without fields';

CREATE FUNCTION appointment_enforce_lifecycle()
	RETURNS trigger
	AS 'MODULE_PATHNAME'
	LANGUAGE C;
COMMENT ON FUNCTION appointment_enforce_lifecycle() IS
	'trigger BEFORE INSERT OR UPDATE FOR EACH ROW (column, life cycle, option...): refuses a step that the life cycle does not have (23514), keeps the history append-only, fills in what was not given';

CREATE FUNCTION appointment_create_change_log(name text)
	RETURNS regclass
	AS 'MODULE_PATHNAME'
	LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION appointment_create_change_log(text) IS
	'create the table that appointment_log_changes() writes; it is the user''s own';

CREATE FUNCTION appointment_log_changes()
	RETURNS trigger
	AS 'MODULE_PATHNAME'
	LANGUAGE C;
COMMENT ON FUNCTION appointment_log_changes() IS
	'trigger AFTER INSERT OR UPDATE OR DELETE FOR EACH ROW (log table, key column, option...): one row a change, written as the owner of the log; the owner of the table needs INSERT on it';

CREATE FUNCTION appointment_trigger_problems(table_name regclass,
		OUT relation regclass, OUT trigger name, OUT sqlstate text,
		OUT message text, OUT detail text, OUT hint text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C VOLATILE ROWS 4;
COMMENT ON FUNCTION appointment_trigger_problems(regclass) IS
	'what the triggers of the extension on a table and its partitions would raise when they fire, and what they would pass over (class 01); no row if all is well';
