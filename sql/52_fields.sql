-- ---------------------------------------------------------------------
-- fields
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_field(a appointment, field text)
	RETURNS jsonb
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_field(appointment, text) IS
	'internal: implementation of -> operator';

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
	'internal: implementation of ->> operator';

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

CREATE FUNCTION appointment_zone_drift(a appointment)
	RETURNS interval
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_zone_drift(appointment) IS
	'how far the server''s zone data of today would move the start, so that the clock of its zone shows local_starts_at; NULL where that is not known';

CREATE FUNCTION appointment_event_field(a appointment_event, field text)
	RETURNS jsonb
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_field(appointment_event, text) IS
	'internal: implementation of -> operator';

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
	'internal: implementation of ->> operator';

CREATE OPERATOR ->> (
	LEFTARG = appointment_event,
	RIGHTARG = text,
	FUNCTION = appointment_event_field_text
);
COMMENT ON OPERATOR ->> (appointment_event, text) IS
	'a field as text; NULL if it is absent or null, 22023 if the type has no such field';

CREATE FUNCTION appointment_event_set(a appointment_event, field text,
		value jsonb)
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
