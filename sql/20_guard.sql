-- ---------------------------------------------------------------------
-- the guard against double booking
-- ---------------------------------------------------------------------

CREATE FUNCTION occupancy_guard()
	RETURNS trigger
	AS 'MODULE_PATHNAME'
	LANGUAGE C;
COMMENT ON FUNCTION occupancy_guard() IS
	'trigger BEFORE INSERT OR UPDATE FOR EACH ROW ([index or constraint] [, on_conflict=error|skip] [, expires=column|column.hold_expires_at]): refuses a double booking by the index, or more seats than the capacity (23P01), or leaves the new row out, without deadlocks; over a plain index, a row whose time of expiry has passed is not in the way; without a name, the index is the only one over occupancies that the table has';

CREATE FUNCTION occupancy_lock(index regclass,
		VARIADIC occupancies occupancy[])
	RETURNS void
	AS 'MODULE_PATHNAME'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION occupancy_lock(regclass, occupancy[]) IS
	'takes the guard''s locks of several occupancies at once, until the end of the transaction; needs INSERT, UPDATE or DELETE on the table';

CREATE FUNCTION occupancy_pick(index regclass, candidates text[],
		starts_at timestamptz, ends_at timestamptz, picks integer DEFAULT 1,
		scope text DEFAULT NULL)
	RETURNS text[]
	AS 'MODULE_PATHNAME'
	LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION occupancy_pick(regclass, text[], timestamptz, timestamptz, integer, text) IS
	'the first so many candidates, in their order, that nobody holds in the period, with the guard''s locks until the end of the transaction; passes over those that another transaction is booking; NULL, without locks, if fewer are free; needs INSERT, UPDATE or DELETE on the table';
