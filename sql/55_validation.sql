-- ---------------------------------------------------------------------
-- validation
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_validate(doc text, format text,
		request text DEFAULT NULL,
		OUT path text, OUT code text, OUT severity text, OUT message text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_validate_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 10;
COMMENT ON FUNCTION appointment_validate(text, text, text) IS
	'all problems of a document of a format, or of a request (create, update, cancel, reschedule), one row each; severity is error or warning; no exception for any text';

CREATE FUNCTION appointment_validate(doc json, format text,
		request text DEFAULT NULL,
		OUT path text, OUT code text, OUT severity text, OUT message text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_validate_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 10;
COMMENT ON FUNCTION appointment_validate(json, text, text) IS
	'all problems of a document of a format, or of a request (create, update, cancel, reschedule), one row each; severity is error or warning; no exception for any text';

CREATE FUNCTION appointment_validate(doc jsonb, format text,
		request text DEFAULT NULL,
		OUT path text, OUT code text, OUT severity text, OUT message text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'appointment_validate_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50 ROWS 10;
COMMENT ON FUNCTION appointment_validate(jsonb, text, text) IS
	'all problems of a document of a format, or of a request (create, update, cancel, reschedule), one row each; severity is error or warning; no exception for any text';

CREATE FUNCTION appointment_is_valid(doc text, format text,
		request text DEFAULT NULL)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_is_valid_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_is_valid(text, text, text) IS
	'whether a document or request has no problem of severity error; NULL if the document or the format is NULL';

CREATE FUNCTION appointment_is_valid(doc json, format text,
		request text DEFAULT NULL)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_is_valid_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_is_valid(json, text, text) IS
	'whether a document or request has no problem of severity error; NULL if the document or the format is NULL';

CREATE FUNCTION appointment_is_valid(doc jsonb, format text,
		request text DEFAULT NULL)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_is_valid_jsonb'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION appointment_is_valid(jsonb, text, text) IS
	'whether a document or request has no problem of severity error; NULL if the document or the format is NULL';

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
