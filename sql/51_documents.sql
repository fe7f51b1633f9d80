-- ---------------------------------------------------------------------
-- documents: read, write, recognise
--
-- Everything that neither reads a setting, the clock or a table nor depends on
-- the session is IMMUTABLE.  Time zone names are looked up in the server's
-- database of zones, which counts as immutable as in the server itself.
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_from_json(doc text, format text,
		options jsonb DEFAULT NULL)
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_from_json_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_from_json(text, text, jsonb) IS
	'reads a document of a format (caspen, sqod, avon, savvycal), bare or in {"data": ...}; 22P02 names the first bad key, with {"format","path","code"} as its detail; 54000 beyond the limits; 22023 for an unknown format or option; NULL if the document or the format is NULL';

CREATE FUNCTION appointment_from_json(doc json, format text,
		options jsonb DEFAULT NULL)
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_from_json_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_from_json(json, text, jsonb) IS
	'reads a document of a format (caspen, sqod, avon, savvycal), bare or in {"data": ...}; 22P02 names the first bad key, with {"format","path","code"} as its detail; 54000 beyond the limits; 22023 for an unknown format or option; NULL if the document or the format is NULL';

CREATE FUNCTION appointment_from_json(doc jsonb, format text,
		options jsonb DEFAULT NULL)
	RETURNS appointment
	AS 'MODULE_PATHNAME', 'appointment_from_json_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_from_json(jsonb, text, jsonb) IS
	'reads a document of a format (caspen, sqod, avon, savvycal), bare or in {"data": ...}; 22P02 names the first bad key, with {"format","path","code"} as its detail; 54000 beyond the limits; 22023 for an unknown format or option; NULL if the document or the format is NULL';

CREATE FUNCTION appointment_to_json(a appointment, format text,
		options jsonb DEFAULT NULL)
	RETURNS json
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_to_json(appointment, text, jsonb) IS
	'writes a document of a format (caspen, sqod, avon, savvycal); reads settings and the clock for what the service computes; 22023 for an unknown format or option; NULL if the appointment or the format is NULL';

CREATE FUNCTION appointment_list_from_json(list text, format text,
		options jsonb DEFAULT NULL,
		OUT ord integer, OUT appointment appointment, OUT problems jsonb,
		OUT doc json)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_list_from_json_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_list_from_json(text, text, jsonb) IS
	'reads a list document item by item: its place from 1, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the item as it was; 22P02 if the whole is no list of the format';

CREATE FUNCTION appointment_list_from_json(list json, format text,
		options jsonb DEFAULT NULL,
		OUT ord integer, OUT appointment appointment, OUT problems jsonb,
		OUT doc json)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_list_from_json_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_list_from_json(json, text, jsonb) IS
	'reads a list document item by item: its place from 1, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the item as it was; 22P02 if the whole is no list of the format';

CREATE FUNCTION appointment_list_from_json(list jsonb, format text,
		options jsonb DEFAULT NULL,
		OUT ord integer, OUT appointment appointment, OUT problems jsonb,
		OUT doc json)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_list_from_json_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_list_from_json(jsonb, text, jsonb) IS
	'reads a list document item by item: its place from 1, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the item as it was; 22P02 if the whole is no list of the format';

CREATE FUNCTION appointment_read(doc text, format text DEFAULT NULL,
		options jsonb DEFAULT NULL,
		OUT ord integer, OUT source text, OUT appointment appointment,
		OUT problems jsonb, OUT text text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_read_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_read(text, text, jsonb) IS
	'reads whatever a sender may send, a list, a document or neither, and raises no error over it: place from 1, the format that it was read in, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the text that it was';

CREATE FUNCTION appointment_read(doc json, format text DEFAULT NULL,
		options jsonb DEFAULT NULL,
		OUT ord integer, OUT source text, OUT appointment appointment,
		OUT problems jsonb, OUT text text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_read_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_read(json, text, jsonb) IS
	'reads whatever a sender may send, a list, a document or neither, and raises no error over it: place from 1, the format that it was read in, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the text that it was';

CREATE FUNCTION appointment_read(doc jsonb, format text DEFAULT NULL,
		options jsonb DEFAULT NULL,
		OUT ord integer, OUT source text, OUT appointment appointment,
		OUT problems jsonb, OUT text text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_read_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_read(jsonb, text, jsonb) IS
	'reads whatever a sender may send, a list, a document or neither, and raises no error over it: place from 1, the format that it was read in, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the text that it was';

CREATE FUNCTION appointment_list_to_json(list appointment[], format text,
		options jsonb DEFAULT NULL)
	RETURNS json
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_list_to_json(appointment[], text, jsonb) IS
	'writes a list document of a format; NULL elements are skipped';

CREATE FUNCTION appointment_json_agg_transfn(internal, appointment, text)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_json_agg_transfn(internal, appointment, text) IS
	'internal: transition function of appointment_json_agg';

CREATE FUNCTION appointment_json_agg_transfn(internal, appointment, text,
		jsonb)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_json_agg_transfn(internal, appointment, text, jsonb) IS
	'internal: transition function of appointment_json_agg';

CREATE FUNCTION appointment_json_agg_finalfn(internal)
	RETURNS json
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_json_agg_finalfn(internal) IS
	'internal: final function of appointment_json_agg and appointment_event_json_agg';

CREATE AGGREGATE appointment_json_agg(appointment, text) (
	SFUNC = appointment_json_agg_transfn,
	STYPE = internal,
	FINALFUNC = appointment_json_agg_finalfn,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE appointment_json_agg(appointment, text) IS
	'a list document of the values, in the format (and with the options) of the first row that has a format; rows with a NULL value or format are skipped; NULL for no row';

CREATE AGGREGATE appointment_json_agg(appointment, text, jsonb) (
	SFUNC = appointment_json_agg_transfn,
	STYPE = internal,
	FINALFUNC = appointment_json_agg_finalfn,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE appointment_json_agg(appointment, text, jsonb) IS
	'a list document of the values, in the format (and with the options) of the first row that has a format; rows with a NULL value or format are skipped; NULL for no row';

CREATE FUNCTION appointment_event_from_json(doc text, format text,
		options jsonb DEFAULT NULL)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME', 'appointment_event_from_json_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_event_from_json(text, text, jsonb) IS
	'reads a document of a format (appointment_one), bare or in {"data": ...}; 22P02 names the first bad key, with {"format","path","code"} as its detail; 54000 beyond the limits; 22023 for an unknown format or option; NULL if the document or the format is NULL';

CREATE FUNCTION appointment_event_from_json(doc json, format text,
		options jsonb DEFAULT NULL)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME', 'appointment_event_from_json_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_event_from_json(json, text, jsonb) IS
	'reads a document of a format (appointment_one), bare or in {"data": ...}; 22P02 names the first bad key, with {"format","path","code"} as its detail; 54000 beyond the limits; 22023 for an unknown format or option; NULL if the document or the format is NULL';

CREATE FUNCTION appointment_event_from_json(doc jsonb, format text,
		options jsonb DEFAULT NULL)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME', 'appointment_event_from_json_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_event_from_json(jsonb, text, jsonb) IS
	'reads a document of a format (appointment_one), bare or in {"data": ...}; 22P02 names the first bad key, with {"format","path","code"} as its detail; 54000 beyond the limits; 22023 for an unknown format or option; NULL if the document or the format is NULL';

CREATE FUNCTION appointment_event_to_json(a appointment_event, format text,
		options jsonb DEFAULT NULL)
	RETURNS json
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_to_json(appointment_event, text, jsonb) IS
	'writes a document of a format (appointment_one); 22023 for an unknown format or option; NULL if the event or the format is NULL';

CREATE FUNCTION appointment_event_list_from_json(list text, format text,
		options jsonb DEFAULT NULL,
		OUT ord integer, OUT appointment_event appointment_event,
		OUT problems jsonb, OUT doc json)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_event_list_from_json_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_event_list_from_json(text, text, jsonb) IS
	'reads a list document item by item: its place from 1, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the item as it was; 22P02 if the whole is no list of the format';

CREATE FUNCTION appointment_event_list_from_json(list json, format text,
		options jsonb DEFAULT NULL,
		OUT ord integer, OUT appointment_event appointment_event,
		OUT problems jsonb, OUT doc json)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_event_list_from_json_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_event_list_from_json(json, text, jsonb) IS
	'reads a list document item by item: its place from 1, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the item as it was; 22P02 if the whole is no list of the format';

CREATE FUNCTION appointment_event_list_from_json(list jsonb, format text,
		options jsonb DEFAULT NULL,
		OUT ord integer, OUT appointment_event appointment_event,
		OUT problems jsonb, OUT doc json)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_event_list_from_json_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_event_list_from_json(jsonb, text, jsonb) IS
	'reads a list document item by item: its place from 1, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the item as it was; 22P02 if the whole is no list of the format';

CREATE FUNCTION appointment_event_read(doc text, format text DEFAULT NULL,
		options jsonb DEFAULT NULL,
		OUT ord integer, OUT source text,
		OUT appointment_event appointment_event, OUT problems jsonb,
		OUT text text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_event_read_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_event_read(text, text, jsonb) IS
	'reads whatever a sender may send, a list, a document or neither, and raises no error over it: place from 1, the format that it was read in, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the text that it was';

CREATE FUNCTION appointment_event_read(doc json, format text DEFAULT NULL,
		options jsonb DEFAULT NULL,
		OUT ord integer, OUT source text,
		OUT appointment_event appointment_event, OUT problems jsonb,
		OUT text text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_event_read_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_event_read(json, text, jsonb) IS
	'reads whatever a sender may send, a list, a document or neither, and raises no error over it: place from 1, the format that it was read in, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the text that it was';

CREATE FUNCTION appointment_event_read(doc jsonb, format text DEFAULT NULL,
		options jsonb DEFAULT NULL,
		OUT ord integer, OUT source text,
		OUT appointment_event appointment_event, OUT problems jsonb,
		OUT text text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_event_read_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 100;
COMMENT ON FUNCTION appointment_event_read(jsonb, text, jsonb) IS
	'reads whatever a sender may send, a list, a document or neither, and raises no error over it: place from 1, the format that it was read in, the value or NULL, the problems [{"path","code","severity","message"}] or NULL, the text that it was';

CREATE FUNCTION appointment_event_list_to_json(list appointment_event[],
		format text, options jsonb DEFAULT NULL)
	RETURNS json
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_list_to_json(appointment_event[], text, jsonb) IS
	'writes a list document of a format; NULL elements are skipped';

CREATE FUNCTION appointment_event_json_agg_transfn(internal, appointment_event,
		text)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_json_agg_transfn(internal, appointment_event, text) IS
	'internal: transition function of appointment_event_json_agg';

CREATE FUNCTION appointment_event_json_agg_transfn(internal, appointment_event,
		text, jsonb)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_json_agg_transfn(internal, appointment_event, text, jsonb) IS
	'internal: transition function of appointment_event_json_agg';

CREATE AGGREGATE appointment_event_json_agg(appointment_event, text) (
	SFUNC = appointment_event_json_agg_transfn,
	STYPE = internal,
	FINALFUNC = appointment_json_agg_finalfn,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE appointment_event_json_agg(appointment_event, text) IS
	'a list document of the values, in the format (and with the options) of the first row that has a format; rows with a NULL value or format are skipped; NULL for no row';

CREATE AGGREGATE appointment_event_json_agg(appointment_event, text, jsonb) (
	SFUNC = appointment_event_json_agg_transfn,
	STYPE = internal,
	FINALFUNC = appointment_json_agg_finalfn,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE appointment_event_json_agg(appointment_event, text, jsonb) IS
	'a list document of the values, in the format (and with the options) of the first row that has a format; rows with a NULL value or format are skipped; NULL for no row';

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
		OUT format text, OUT service text, OUT document text,
		OUT statuses text[], OUT closed boolean, OUT instants text,
		OUT absent text, OUT enveloped boolean, OUT list_member text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 5;
COMMENT ON FUNCTION appointment_formats() IS
	'the formats: name, service, type of the document, status words and whether there are no others, how instants are written, what an absent member is written as, whether a single document stands in {"data": ...}, the member of a list that has the items';
