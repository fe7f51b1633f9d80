-- ---------------------------------------------------------------------
-- rrule: recurrence rules of RFC 5545
-- ---------------------------------------------------------------------

CREATE TYPE rrule;

CREATE FUNCTION rrule_in(cstring)
	RETURNS rrule
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_in(cstring) IS
	'internal: input: RECUR of RFC 5545; 22P02 for anything else, 54000 beyond the limit';

CREATE FUNCTION rrule_out(rrule)
	RETURNS cstring
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_out(rrule) IS
	'internal: output: RECUR of RFC 5545, in the order of its grammar';

CREATE FUNCTION rrule_recv(internal)
	RETURNS rrule
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_recv(internal) IS
	'internal: binary input: a version byte (1), then the text form; 22P03 for another version';

CREATE FUNCTION rrule_send(rrule)
	RETURNS bytea
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_send(rrule) IS
	'internal: binary output: a version byte (1), then the text form';

CREATE TYPE rrule (
	INPUT = rrule_in,
	OUTPUT = rrule_out,
	RECEIVE = rrule_recv,
	SEND = rrule_send,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE rrule IS
	'a recurrence rule of RFC 5545: FREQ=WEEKLY;BYDAY=MO,WE';

-- ---------------------------------------------------------------------
-- occurrences
-- ---------------------------------------------------------------------

CREATE FUNCTION rrule_occurrences_support(request internal)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_occurrences_support(internal) IS
	'internal: planner support: how many rows rrule_occurrences returns';

CREATE FUNCTION rrule_occurrences(rule rrule, starts_at timestamp, zone text,
		during tstzrange DEFAULT NULL, exdates timestamp[] DEFAULT '{}',
		rdates timestamp[] DEFAULT '{}', max integer DEFAULT NULL)
	RETURNS SETOF timestamptz
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE ROWS 1000
	SUPPORT rrule_occurrences_support;
COMMENT ON FUNCTION rrule_occurrences(rrule, timestamp, text, tstzrange, timestamp[], timestamp[], int) IS
	'the instants of a rule that starts at a wall clock''s time in a zone, ascending, each once; 22023 for an unknown zone or a time out of range';

CREATE FUNCTION rrule_next(rule rrule, starts_at timestamp, zone text,
		after timestamptz)
	RETURNS timestamptz
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_next(rrule, timestamp, text, timestamptz) IS
	'the first instant of a rule after another one; null if there is none';

CREATE FUNCTION rrule_last(rule rrule, starts_at timestamp, zone text)
	RETURNS timestamptz
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_last(rrule, timestamp, text) IS
	'the last instant of a rule with COUNT or UNTIL; null for a rule without an end, or without an instant';

-- ---------------------------------------------------------------------
-- order and equality
-- ---------------------------------------------------------------------

CREATE FUNCTION rrule_eq(rrule, rrule)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_eq(rrule, rrule) IS
	'internal: implementation of = operator';

CREATE FUNCTION rrule_ne(rrule, rrule)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_ne(rrule, rrule) IS
	'internal: implementation of <> operator';

CREATE FUNCTION rrule_lt(rrule, rrule)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_lt(rrule, rrule) IS
	'internal: implementation of < operator';

CREATE FUNCTION rrule_le(rrule, rrule)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_le(rrule, rrule) IS
	'internal: implementation of <= operator';

CREATE FUNCTION rrule_gt(rrule, rrule)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_gt(rrule, rrule) IS
	'internal: implementation of > operator';

CREATE FUNCTION rrule_ge(rrule, rrule)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_ge(rrule, rrule) IS
	'internal: implementation of >= operator';

CREATE FUNCTION rrule_cmp(rrule, rrule)
	RETURNS integer
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_cmp(rrule, rrule) IS
	'internal: comparison: -1, 0 or 1';

CREATE FUNCTION rrule_hash(rrule)
	RETURNS integer
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_hash(rrule) IS
	'internal: hash';

CREATE FUNCTION rrule_hash_extended(rrule, bigint)
	RETURNS bigint
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rrule_hash_extended(rrule, bigint) IS
	'internal: hash with a seed';

CREATE OPERATOR = (
	LEFTARG = rrule,
	RIGHTARG = rrule,
	FUNCTION = rrule_eq,
	COMMUTATOR = =,
	NEGATOR = <>,
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR = (rrule, rrule) IS
	'equal';

CREATE OPERATOR <> (
	LEFTARG = rrule,
	RIGHTARG = rrule,
	FUNCTION = rrule_ne,
	COMMUTATOR = <>,
	NEGATOR = =,
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (rrule, rrule) IS
	'not equal';

CREATE OPERATOR < (
	LEFTARG = rrule,
	RIGHTARG = rrule,
	FUNCTION = rrule_lt,
	COMMUTATOR = >,
	NEGATOR = >=,
	RESTRICT = scalarltsel,
	JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (rrule, rrule) IS
	'less than';

CREATE OPERATOR <= (
	LEFTARG = rrule,
	RIGHTARG = rrule,
	FUNCTION = rrule_le,
	COMMUTATOR = >=,
	NEGATOR = >,
	RESTRICT = scalarlesel,
	JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (rrule, rrule) IS
	'less than or equal';

CREATE OPERATOR > (
	LEFTARG = rrule,
	RIGHTARG = rrule,
	FUNCTION = rrule_gt,
	COMMUTATOR = <,
	NEGATOR = <=,
	RESTRICT = scalargtsel,
	JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (rrule, rrule) IS
	'greater than';

CREATE OPERATOR >= (
	LEFTARG = rrule,
	RIGHTARG = rrule,
	FUNCTION = rrule_ge,
	COMMUTATOR = <=,
	NEGATOR = <,
	RESTRICT = scalargesel,
	JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (rrule, rrule) IS
	'greater than or equal';

CREATE OPERATOR CLASS rrule_ops
	DEFAULT FOR TYPE rrule USING btree AS
		OPERATOR 1 <,
		OPERATOR 2 <=,
		OPERATOR 3 =,
		OPERATOR 4 >=,
		OPERATOR 5 >,
		FUNCTION 1 rrule_cmp(rrule, rrule);
COMMENT ON OPERATOR CLASS rrule_ops USING btree IS
	'by the canonical text, bytewise';
COMMENT ON OPERATOR FAMILY rrule_ops USING btree IS
	'by the canonical text, bytewise';

CREATE OPERATOR CLASS rrule_ops
	DEFAULT FOR TYPE rrule USING hash AS
		OPERATOR 1 =,
		FUNCTION 1 rrule_hash(rrule),
		FUNCTION 2 rrule_hash_extended(rrule, bigint);
COMMENT ON OPERATOR CLASS rrule_ops USING hash IS
	'equality of rules';
COMMENT ON OPERATOR FAMILY rrule_ops USING hash IS
	'equality of rules';
