-- ---------------------------------------------------------------------
-- time zones: local times, and changes of the clocks
--
-- What reads the server's zone data is STABLE: an update of it changes what
-- these functions say.
-- ---------------------------------------------------------------------

CREATE FUNCTION zone_instant(local timestamp, zone text,
		resolve text DEFAULT 'compatible')
	RETURNS timestamptz
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION zone_instant(timestamp, text, text) IS
	'the instant of a local time; of one that a change of the clocks leaves out or shows twice the one that resolve says: compatible (RFC 5545), earlier, later or error';

CREATE FUNCTION zone_transitions(zone text, during tstzrange,
		OUT at timestamptz, OUT utc_offset interval, OUT abbreviation text,
		OUT is_dst boolean)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION zone_transitions(text, tstzrange) IS
	'the changes of a zone''s clocks in a period, and what holds from each of them on; without an upper bound until the year 9999';
