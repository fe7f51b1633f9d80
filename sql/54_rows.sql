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
