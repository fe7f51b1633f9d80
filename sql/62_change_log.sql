-- ---------------------------------------------------------------------
-- the log of changes
-- ---------------------------------------------------------------------

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
	'trigger AFTER INSERT OR UPDATE OR DELETE FOR EACH ROW (log table, key column [, option=value ...]): one row a change, written as the owner of the log; the owner of the table needs INSERT on the log; options: status=COLUMN, starts_at=COLUMN, ends_at=COLUMN, confirmed=COLUMN, actor=COLUMN, format=FORMAT, values=COLUMN,...|*';
