-- ---------------------------------------------------------------------
-- type appointment
-- ---------------------------------------------------------------------

CREATE TYPE appointment;

CREATE FUNCTION appointment_in(cstring)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_in(cstring) IS
	'internal: input: canonical JSON; 22P02 for anything else, 54000 beyond the limits';

CREATE FUNCTION appointment_out(appointment)
	RETURNS cstring
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_out(appointment) IS
	'internal: output: canonical JSON, without loss';

CREATE FUNCTION appointment_recv(internal)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_recv(internal) IS
	'internal: binary input: a version byte (1), then canonical JSON; 22P03 for another version';

CREATE FUNCTION appointment_send(appointment)
	RETURNS bytea
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_send(appointment) IS
	'internal: binary output: a version byte (1), then canonical JSON';

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
	'internal: cast from json: canonical JSON';

CREATE FUNCTION appointment_from_jsonb(jsonb)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_from_jsonb(jsonb) IS
	'internal: cast from jsonb: canonical JSON';

CREATE FUNCTION appointment_as_json(appointment)
	RETURNS json
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_as_json(appointment) IS
	'internal: cast to json: canonical JSON';

CREATE FUNCTION appointment_as_jsonb(appointment)
	RETURNS jsonb
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_as_jsonb(appointment) IS
	'internal: cast to jsonb: canonical JSON';

-- By assignment, for drivers that say that a parameter is json; not implicit,
-- so that no expression means anything else than without them.
CREATE CAST (json AS appointment) WITH FUNCTION appointment_of_json(json) AS ASSIGNMENT;
COMMENT ON CAST (json AS appointment) IS
	'reads canonical JSON';

CREATE CAST (jsonb AS appointment) WITH FUNCTION appointment_from_jsonb(jsonb) AS ASSIGNMENT;
COMMENT ON CAST (jsonb AS appointment) IS
	'reads canonical JSON';

CREATE CAST (appointment AS json) WITH FUNCTION appointment_as_json(appointment);
COMMENT ON CAST (appointment AS json) IS
	'writes canonical JSON';

CREATE CAST (appointment AS jsonb) WITH FUNCTION appointment_as_jsonb(appointment);
COMMENT ON CAST (appointment AS jsonb) IS
	'writes canonical JSON';

-- ---------------------------------------------------------------------
-- type appointment_event
-- ---------------------------------------------------------------------

CREATE TYPE appointment_event;

CREATE FUNCTION appointment_event_in(cstring)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_in(cstring) IS
	'internal: input: canonical JSON; 22P02 for anything else, 54000 beyond the limits';

CREATE FUNCTION appointment_event_out(appointment_event)
	RETURNS cstring
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_out(appointment_event) IS
	'internal: output: canonical JSON, without loss';

CREATE FUNCTION appointment_event_recv(internal)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_recv(internal) IS
	'internal: binary input: a version byte (1), then canonical JSON; 22P03 for another version';

CREATE FUNCTION appointment_event_send(appointment_event)
	RETURNS bytea
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_send(appointment_event) IS
	'internal: binary output: a version byte (1), then canonical JSON';

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
	'internal: cast from json: canonical JSON';

CREATE FUNCTION appointment_event_from_jsonb(jsonb)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_from_jsonb(jsonb) IS
	'internal: cast from jsonb: canonical JSON';

CREATE FUNCTION appointment_event_as_json(appointment_event)
	RETURNS json
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_as_json(appointment_event) IS
	'internal: cast to json: canonical JSON';

CREATE FUNCTION appointment_event_as_jsonb(appointment_event)
	RETURNS jsonb
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_as_jsonb(appointment_event) IS
	'internal: cast to jsonb: canonical JSON';

-- By assignment, for drivers that say that a parameter is json; not implicit,
-- so that no expression means anything else than without them.
CREATE CAST (json AS appointment_event) WITH FUNCTION appointment_event_of_json(json) AS ASSIGNMENT;
COMMENT ON CAST (json AS appointment_event) IS
	'reads canonical JSON';

CREATE CAST (jsonb AS appointment_event) WITH FUNCTION appointment_event_from_jsonb(jsonb) AS ASSIGNMENT;
COMMENT ON CAST (jsonb AS appointment_event) IS
	'reads canonical JSON';

CREATE CAST (appointment_event AS json) WITH FUNCTION appointment_event_as_json(appointment_event);
COMMENT ON CAST (appointment_event AS json) IS
	'writes canonical JSON';

CREATE CAST (appointment_event AS jsonb) WITH FUNCTION appointment_event_as_jsonb(appointment_event);
COMMENT ON CAST (appointment_event AS jsonb) IS
	'writes canonical JSON';
