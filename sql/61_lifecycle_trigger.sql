-- ---------------------------------------------------------------------
-- the life cycle, by a trigger
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_enforce_lifecycle()
	RETURNS trigger
	AS 'MODULE_PATHNAME'
	LANGUAGE C;
COMMENT ON FUNCTION appointment_enforce_lifecycle() IS
	'trigger BEFORE INSERT OR UPDATE FOR EACH ROW (column, life cycle [, option=value ...]): refuses a transition that the life cycle does not have (23514), keeps the history append-only, fills in what was not given; options: mode=enforce|record, actor=COLUMN, exempt=ROLE, for a value notices=enforce|ignore, and for a status in an ordinary column format=FORMAT, history=COLUMN, FIELD=COLUMN, and for notices cancellation_notice=COLUMN, rescheduling_notice=COLUMN, starts_at=COLUMN, time_zone=COLUMN';
