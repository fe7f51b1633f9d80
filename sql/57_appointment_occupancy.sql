-- ---------------------------------------------------------------------
-- what an appointment holds
--
-- Indexes keep what these functions return: they never change, and the second
-- appointment_occupancy() has no defaults, which an index would not keep.
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_status_holds(status text)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_status_holds(text) IS
	'whether an appointment with this status holds its resources: not if cancelled, no_show, entered-in-error, waitlist or proposed, nor with another spelling of these in lower case (canceled, noshow, no-show); else it does, also with a null status';

CREATE FUNCTION appointment_occupancy(a appointment)
	RETURNS occupancy
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_occupancy(appointment) IS
	'its practitioner, room, vehicle and resources; null without times or if appointment_status_holds() is false';

CREATE FUNCTION appointment_occupancy(a appointment, fields text[],
		free_statuses text[], scope text)
	RETURNS occupancy
	AS 'MODULE_PATHNAME', 'appointment_occupancy_of'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION appointment_occupancy(appointment, text[], text[], text) IS
	'what these fields name, in a scope (tenant); null with one of the free statuses, or without start and end; 22023 for a field that cannot name resources';
