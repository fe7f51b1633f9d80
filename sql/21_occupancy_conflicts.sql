-- ---------------------------------------------------------------------
-- occupancy: what conflicts already
-- ---------------------------------------------------------------------

CREATE FUNCTION occupancy_conflicts(index regclass,
		ignore_scope boolean DEFAULT false,
		OUT row_a tid, OUT row_b tid, OUT shared occupancy,
		OUT table_a regclass, OUT table_b regclass)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 100000 ROWS 100;
COMMENT ON FUNCTION occupancy_conflicts(regclass, boolean) IS
	'pairs of rows of the index''s table, or of its partitions, that conflict, by its expression and predicate; needs SELECT on the table';

CREATE FUNCTION occupancy_conflicts_in(occupancies occupancy[],
		ignore_scope boolean DEFAULT false,
		OUT a integer, OUT b integer, OUT shared occupancy)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 100;
COMMENT ON FUNCTION occupancy_conflicts_in(occupancy[], boolean) IS
	'pairs of an array''s elements that conflict, by their places in it';

CREATE FUNCTION occupancy_overbooked(index regclass,
		OUT resource text, OUT starts_at timestamptz, OUT ends_at timestamptz,
		OUT seats bigint, OUT capacity integer, OUT scope text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION occupancy_overbooked(regclass) IS
	'shared resources of the index''s table, or of its partitions, that are too full already: from when until when, the most seats that are taken meanwhile, the smallest capacity, and the scope (tenant); needs SELECT on the table';
