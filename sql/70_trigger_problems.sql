-- ---------------------------------------------------------------------
-- what is wrong with the triggers of a table
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_trigger_problems(table_name regclass,
		OUT relation regclass, OUT trigger name, OUT sqlstate text,
		OUT message text, OUT detail text, OUT hint text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C VOLATILE ROWS 4;
COMMENT ON FUNCTION appointment_trigger_problems(regclass) IS
	'what the triggers of the extension on a table and its partitions would raise when they fire, and what they would pass over (class 01); no row if all is well';
