-- ---------------------------------------------------------------------
-- rows of ordinary tables
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_from_row(r record)
	RETURNS appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_from_row(record) IS
	'a row of any table: columns named like fields become the fields, others are ignored, NULL is absent; 42804 for a type that the field cannot take, such as timestamp without time zone; 42703 if no column is named like a field, 42701 for two columns of one field';

CREATE FUNCTION appointment_event_from_row(r record)
	RETURNS appointment_event
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_from_row(record) IS
	'a row of any table: columns named like fields become the fields, others are ignored, NULL is absent; 42804 for a type that the field cannot take, such as timestamp without time zone; 42703 if no column is named like a field, 42701 for two columns of one field';
