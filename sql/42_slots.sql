-- ---------------------------------------------------------------------
-- free time and slots
-- ---------------------------------------------------------------------

CREATE FUNCTION slots_support(request internal)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION slots_support(internal) IS
	'internal: planner support: how many rows free_periods, free_slots and slots return';

CREATE FUNCTION free_periods(hours open_hours, busy busy, during tstzrange,
		buffer_before interval DEFAULT '0', buffer_after interval DEFAULT '0',
		seats integer DEFAULT 1,
		OUT starts_at timestamptz, OUT ends_at timestamptz)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE ROWS 100
	SUPPORT slots_support;
COMMENT ON FUNCTION free_periods(open_hours, busy, tstzrange, interval, interval, integer) IS
	'the longest periods of a window at every instant of which so many seats are free, ascending';

CREATE FUNCTION free_slots(hours open_hours, busy busy, during tstzrange,
		duration interval, step interval DEFAULT NULL,
		align interval DEFAULT NULL, buffer_before interval DEFAULT '0',
		buffer_after interval DEFAULT '0', notice interval DEFAULT '0',
		horizon interval DEFAULT NULL, seats integer DEFAULT 1,
		max_per_day integer DEFAULT NULL, max_slots integer DEFAULT NULL,
		at timestamptz DEFAULT now(),
		OUT starts_at timestamptz, OUT ends_at timestamptz,
		OUT seats_left integer)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE ROWS 200
	SUPPORT slots_support;
COMMENT ON FUNCTION free_slots(open_hours, busy, tstzrange, interval, interval, interval, interval, interval, interval, interval, integer, integer, integer, timestamptz) IS
	'the slots of a window that can be booked, ascending, and how many seats are left in each';

CREATE FUNCTION slots(hours open_hours, busy busy, during tstzrange,
		duration interval, step interval DEFAULT NULL,
		align interval DEFAULT NULL, buffer_before interval DEFAULT '0',
		buffer_after interval DEFAULT '0', notice interval DEFAULT '0',
		horizon interval DEFAULT NULL, seats integer DEFAULT 1,
		max_per_day integer DEFAULT NULL, max_slots integer DEFAULT NULL,
		at timestamptz DEFAULT now(),
		OUT starts_at timestamptz, OUT ends_at timestamptz,
		OUT seats_left integer, OUT refusal text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'slots_of_window'
	LANGUAGE C STABLE PARALLEL SAFE ROWS 400
	SUPPORT slots_support;
COMMENT ON FUNCTION slots(open_hours, busy, tstzrange, interval, interval, interval, interval, interval, interval, interval, integer, integer, integer, timestamptz) IS
	'all slots of a window, ascending; those that cannot be booked with the first reason, of busy, full, too_soon, too_late, day_full, off_grid';

CREATE FUNCTION slot_refusals(hours open_hours, busy busy,
		starts_at timestamptz,
		duration interval, step interval DEFAULT NULL,
		align interval DEFAULT NULL, buffer_before interval DEFAULT '0',
		buffer_after interval DEFAULT '0', notice interval DEFAULT '0',
		horizon interval DEFAULT NULL, seats integer DEFAULT 1,
		max_per_day integer DEFAULT NULL, max_slots integer DEFAULT NULL,
		at timestamptz DEFAULT now(), during tstzrange DEFAULT NULL,
		OUT code text, OUT detail jsonb)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE ROWS 2;
COMMENT ON FUNCTION slot_refusals(open_hours, busy, timestamptz, interval, interval, interval, interval, interval, interval, interval, integer, integer, integer, timestamptz, tstzrange) IS
	'every reason why a slot cannot be booked: closed, busy, full, too_soon, too_late, day_full, off_grid, outside_window; no row if it can; max_slots is not looked at';
