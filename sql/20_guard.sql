-- ---------------------------------------------------------------------
-- the guard against double booking
-- ---------------------------------------------------------------------

CREATE FUNCTION occupancy_guard()
	RETURNS trigger
	AS 'MODULE_PATHNAME'
	LANGUAGE C;
COMMENT ON FUNCTION occupancy_guard() IS
	'trigger BEFORE INSERT OR UPDATE FOR EACH ROW (index or constraint [, on_conflict=error|skip]): refuses a double booking by the index (23P01), or leaves the new row out, without deadlocks';

CREATE FUNCTION occupancy_lock(index regclass,
		VARIADIC occupancies occupancy[])
	RETURNS void
	AS 'MODULE_PATHNAME'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION occupancy_lock(regclass, occupancy[]) IS
	'takes the guard''s locks of several occupancies at once, until the end of the transaction; needs INSERT, UPDATE or DELETE on the table';
