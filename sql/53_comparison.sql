-- ---------------------------------------------------------------------
-- comparison: by start, end, id, then content
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_eq(appointment, appointment)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_eq(appointment, appointment) IS
	'internal: implementation of = operator';

CREATE OPERATOR = (
	LEFTARG = appointment,
	RIGHTARG = appointment,
	FUNCTION = appointment_eq,
	COMMUTATOR = =,
	NEGATOR = <>,
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR = (appointment, appointment) IS
	'equal';

CREATE FUNCTION appointment_ne(appointment, appointment)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_ne(appointment, appointment) IS
	'internal: implementation of <> operator';

CREATE OPERATOR <> (
	LEFTARG = appointment,
	RIGHTARG = appointment,
	FUNCTION = appointment_ne,
	COMMUTATOR = <>,
	NEGATOR = =,
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (appointment, appointment) IS
	'not equal';

CREATE FUNCTION appointment_lt(appointment, appointment)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_lt(appointment, appointment) IS
	'internal: implementation of < operator';

CREATE OPERATOR < (
	LEFTARG = appointment,
	RIGHTARG = appointment,
	FUNCTION = appointment_lt,
	COMMUTATOR = >,
	NEGATOR = >=,
	RESTRICT = scalarltsel,
	JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (appointment, appointment) IS
	'less than';

CREATE FUNCTION appointment_le(appointment, appointment)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_le(appointment, appointment) IS
	'internal: implementation of <= operator';

CREATE OPERATOR <= (
	LEFTARG = appointment,
	RIGHTARG = appointment,
	FUNCTION = appointment_le,
	COMMUTATOR = >=,
	NEGATOR = >,
	RESTRICT = scalarlesel,
	JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (appointment, appointment) IS
	'less than or equal';

CREATE FUNCTION appointment_gt(appointment, appointment)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_gt(appointment, appointment) IS
	'internal: implementation of > operator';

CREATE OPERATOR > (
	LEFTARG = appointment,
	RIGHTARG = appointment,
	FUNCTION = appointment_gt,
	COMMUTATOR = <,
	NEGATOR = <=,
	RESTRICT = scalargtsel,
	JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (appointment, appointment) IS
	'greater than';

CREATE FUNCTION appointment_ge(appointment, appointment)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_ge(appointment, appointment) IS
	'internal: implementation of >= operator';

CREATE OPERATOR >= (
	LEFTARG = appointment,
	RIGHTARG = appointment,
	FUNCTION = appointment_ge,
	COMMUTATOR = <=,
	NEGATOR = <,
	RESTRICT = scalargesel,
	JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (appointment, appointment) IS
	'greater than or equal';

CREATE FUNCTION appointment_cmp(appointment, appointment)
	RETURNS integer
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_cmp(appointment, appointment) IS
	'internal: less than, equal, greater than: -1, 0, 1';

CREATE OPERATOR CLASS appointment_ops
	DEFAULT FOR TYPE appointment USING btree AS
		OPERATOR 1 <,
		OPERATOR 2 <=,
		OPERATOR 3 =,
		OPERATOR 4 >=,
		OPERATOR 5 >,
		FUNCTION 1 appointment_cmp(appointment, appointment);
COMMENT ON OPERATOR CLASS appointment_ops USING btree IS
	'by start, end, id (byte by byte), then content';
COMMENT ON OPERATOR FAMILY appointment_ops USING btree IS
	'by start, end, id (byte by byte), then content';

CREATE FUNCTION appointment_hash(appointment)
	RETURNS integer
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_hash(appointment) IS
	'internal: hash';

CREATE FUNCTION appointment_hash_extended(appointment, bigint)
	RETURNS bigint
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_hash_extended(appointment, bigint) IS
	'internal: hash with a seed';

CREATE OPERATOR CLASS appointment_ops
	DEFAULT FOR TYPE appointment USING hash AS
		OPERATOR 1 =,
		FUNCTION 1 appointment_hash(appointment),
		FUNCTION 2 appointment_hash_extended(appointment, bigint);
COMMENT ON OPERATOR CLASS appointment_ops USING hash IS
	'by content';
COMMENT ON OPERATOR FAMILY appointment_ops USING hash IS
	'by content';

CREATE FUNCTION appointment_event_eq(appointment_event, appointment_event)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_eq'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_eq(appointment_event, appointment_event) IS
	'internal: implementation of = operator';

CREATE OPERATOR = (
	LEFTARG = appointment_event,
	RIGHTARG = appointment_event,
	FUNCTION = appointment_event_eq,
	COMMUTATOR = =,
	NEGATOR = <>,
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR = (appointment_event, appointment_event) IS
	'equal';

CREATE FUNCTION appointment_event_ne(appointment_event, appointment_event)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_ne'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_ne(appointment_event, appointment_event) IS
	'internal: implementation of <> operator';

CREATE OPERATOR <> (
	LEFTARG = appointment_event,
	RIGHTARG = appointment_event,
	FUNCTION = appointment_event_ne,
	COMMUTATOR = <>,
	NEGATOR = =,
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (appointment_event, appointment_event) IS
	'not equal';

CREATE FUNCTION appointment_event_lt(appointment_event, appointment_event)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_lt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_lt(appointment_event, appointment_event) IS
	'internal: implementation of < operator';

CREATE OPERATOR < (
	LEFTARG = appointment_event,
	RIGHTARG = appointment_event,
	FUNCTION = appointment_event_lt,
	COMMUTATOR = >,
	NEGATOR = >=,
	RESTRICT = scalarltsel,
	JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (appointment_event, appointment_event) IS
	'less than';

CREATE FUNCTION appointment_event_le(appointment_event, appointment_event)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_le'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_le(appointment_event, appointment_event) IS
	'internal: implementation of <= operator';

CREATE OPERATOR <= (
	LEFTARG = appointment_event,
	RIGHTARG = appointment_event,
	FUNCTION = appointment_event_le,
	COMMUTATOR = >=,
	NEGATOR = >,
	RESTRICT = scalarlesel,
	JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (appointment_event, appointment_event) IS
	'less than or equal';

CREATE FUNCTION appointment_event_gt(appointment_event, appointment_event)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_gt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_gt(appointment_event, appointment_event) IS
	'internal: implementation of > operator';

CREATE OPERATOR > (
	LEFTARG = appointment_event,
	RIGHTARG = appointment_event,
	FUNCTION = appointment_event_gt,
	COMMUTATOR = <,
	NEGATOR = <=,
	RESTRICT = scalargtsel,
	JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (appointment_event, appointment_event) IS
	'greater than';

CREATE FUNCTION appointment_event_ge(appointment_event, appointment_event)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'appointment_ge'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_ge(appointment_event, appointment_event) IS
	'internal: implementation of >= operator';

CREATE OPERATOR >= (
	LEFTARG = appointment_event,
	RIGHTARG = appointment_event,
	FUNCTION = appointment_event_ge,
	COMMUTATOR = <=,
	NEGATOR = <,
	RESTRICT = scalargesel,
	JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (appointment_event, appointment_event) IS
	'greater than or equal';

CREATE FUNCTION appointment_event_cmp(appointment_event, appointment_event)
	RETURNS integer
	AS 'MODULE_PATHNAME', 'appointment_cmp'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_cmp(appointment_event, appointment_event) IS
	'internal: less than, equal, greater than: -1, 0, 1';

CREATE OPERATOR CLASS appointment_event_ops
	DEFAULT FOR TYPE appointment_event USING btree AS
		OPERATOR 1 <,
		OPERATOR 2 <=,
		OPERATOR 3 =,
		OPERATOR 4 >=,
		OPERATOR 5 >,
		FUNCTION 1 appointment_event_cmp(appointment_event, appointment_event);
COMMENT ON OPERATOR CLASS appointment_event_ops USING btree IS
	'by id (byte by byte), then content';
COMMENT ON OPERATOR FAMILY appointment_event_ops USING btree IS
	'by id (byte by byte), then content';

CREATE FUNCTION appointment_event_hash(appointment_event)
	RETURNS integer
	AS 'MODULE_PATHNAME', 'appointment_hash'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_hash(appointment_event) IS
	'internal: hash';

CREATE FUNCTION appointment_event_hash_extended(appointment_event, bigint)
	RETURNS bigint
	AS 'MODULE_PATHNAME', 'appointment_hash_extended'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION appointment_event_hash_extended(appointment_event, bigint) IS
	'internal: hash with a seed';

CREATE OPERATOR CLASS appointment_event_ops
	DEFAULT FOR TYPE appointment_event USING hash AS
		OPERATOR 1 =,
		FUNCTION 1 appointment_event_hash(appointment_event),
		FUNCTION 2 appointment_event_hash_extended(appointment_event, bigint);
COMMENT ON OPERATOR CLASS appointment_event_ops USING hash IS
	'by content';
COMMENT ON OPERATOR FAMILY appointment_event_ops USING hash IS
	'by content';
