-- ---------------------------------------------------------------------
-- open_hours: when somebody is open
-- ---------------------------------------------------------------------

CREATE TYPE open_hours;

CREATE FUNCTION open_hours_in(cstring)
	RETURNS open_hours
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_in(cstring) IS
	'internal: input: the text form; 22P02 with the position for anything else and for an unknown zone, 54000 beyond the limit';

CREATE FUNCTION open_hours_out(open_hours)
	RETURNS cstring
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_out(open_hours) IS
	'internal: output: the canonical text form';

CREATE FUNCTION open_hours_recv(internal)
	RETURNS open_hours
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_recv(internal) IS
	'internal: binary input: a version byte (1), then the text form; 22P03 for another version';

CREATE FUNCTION open_hours_send(open_hours)
	RETURNS bytea
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_send(open_hours) IS
	'internal: binary output: a version byte (1), then the text form';

CREATE TYPE open_hours (
	INPUT = open_hours_in,
	OUTPUT = open_hours_out,
	RECEIVE = open_hours_recv,
	SEND = open_hours_send,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE open_hours IS
	'when somebody is open: Europe/Berlin Mo-Fr 09:00-12:00,13:00-17:00; 2026-12-24/2026-12-31 off';

CREATE FUNCTION open_hours(days integer[], opens time, closes time, zone text,
		valid daterange DEFAULT NULL, kind text DEFAULT 'open',
		priority integer DEFAULT 0, capacity integer DEFAULT 1,
		every integer DEFAULT 1, anchor date DEFAULT NULL,
		nth integer[] DEFAULT NULL)
	RETURNS open_hours
	AS 'MODULE_PATHNAME', 'open_hours_of_rule'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION open_hours(int[], time, time, text, daterange, text, int, int, int, date, int[]) IS
	'one rule: from opens to closes (both null: the whole day; not after opens: the next day) on weekdays (1 is Monday; null: every day) in a zone; null without a zone; 22023 for what is no rule';

CREATE FUNCTION open_hours_add(a open_hours, b open_hours)
	RETURNS open_hours
	AS 'MODULE_PATHNAME', 'open_hours_sum'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_add(open_hours, open_hours) IS
	'internal: implementation of + operator';

CREATE FUNCTION open_hours_restrict(a open_hours, b open_hours)
	RETURNS open_hours
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_restrict(open_hours, open_hours) IS
	'internal: implementation of * operator';

CREATE OPERATOR + (
	LEFTARG = open_hours,
	RIGHTARG = open_hours,
	FUNCTION = open_hours_add,
	COMMUTATOR = +
);
COMMENT ON OPERATOR + (open_hours, open_hours) IS
	'the rules of both; null has none';

CREATE OPERATOR * (
	LEFTARG = open_hours,
	RIGHTARG = open_hours,
	FUNCTION = open_hours_restrict
);
COMMENT ON OPERATOR * (open_hours, open_hours) IS
	'open where both are, with the smaller capacity; null is never open';

CREATE FUNCTION open_hours_agg_transfn(internal, open_hours)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_agg_transfn(internal, open_hours) IS
	'internal: transition function of open_hours_agg';

CREATE FUNCTION open_hours_agg_combinefn(internal, internal)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_agg_combinefn(internal, internal) IS
	'internal: combine function of open_hours_agg';

CREATE FUNCTION open_hours_agg_serialfn(internal)
	RETURNS bytea
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_agg_serialfn(internal) IS
	'internal: serialization function of open_hours_agg';

CREATE FUNCTION open_hours_agg_deserialfn(bytea, internal)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_agg_deserialfn(bytea, internal) IS
	'internal: deserialization function of open_hours_agg';

CREATE FUNCTION open_hours_agg_finalfn(internal)
	RETURNS open_hours
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_agg_finalfn(internal) IS
	'internal: final function of open_hours_agg';

CREATE AGGREGATE open_hours_agg(hours open_hours) (
	SFUNC = open_hours_agg_transfn,
	STYPE = internal,
	FINALFUNC = open_hours_agg_finalfn,
	COMBINEFUNC = open_hours_agg_combinefn,
	SERIALFUNC = open_hours_agg_serialfn,
	DESERIALFUNC = open_hours_agg_deserialfn,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE open_hours_agg(open_hours) IS
	'the rules of all; null without any';

-- ---------------------------------------------------------------------
-- open periods
-- ---------------------------------------------------------------------

CREATE FUNCTION open_periods_support(request internal)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_periods_support(internal) IS
	'internal: planner support: how many rows open_periods returns';

CREATE FUNCTION open_periods(hours open_hours, during tstzrange,
		OUT starts_at timestamptz, OUT ends_at timestamptz,
		OUT capacity integer)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'open_periods_sql'
	LANGUAGE C STABLE PARALLEL SAFE ROWS 100
	SUPPORT open_periods_support;
COMMENT ON FUNCTION open_periods(open_hours, tstzrange) IS
	'when somebody is open in a window, ascending, cut where the capacity changes; 22023 for a window without both bounds, 54000 for one of more than 100 years';

CREATE FUNCTION is_open(hours open_hours, at timestamptz)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION is_open(open_hours, timestamptz) IS
	'is somebody open at an instant?  Null hours are closed';

CREATE FUNCTION next_opening(hours open_hours, after timestamptz)
	RETURNS timestamptz
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION next_opening(open_hours, timestamptz) IS
	'the first instant after another one at which somebody opens who was closed before it; null if there is none';

-- ---------------------------------------------------------------------
-- order and equality
-- ---------------------------------------------------------------------

CREATE FUNCTION open_hours_eq(open_hours, open_hours)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_eq(open_hours, open_hours) IS
	'internal: implementation of = operator';

CREATE FUNCTION open_hours_ne(open_hours, open_hours)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_ne(open_hours, open_hours) IS
	'internal: implementation of <> operator';

CREATE FUNCTION open_hours_lt(open_hours, open_hours)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_lt(open_hours, open_hours) IS
	'internal: implementation of < operator';

CREATE FUNCTION open_hours_le(open_hours, open_hours)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_le(open_hours, open_hours) IS
	'internal: implementation of <= operator';

CREATE FUNCTION open_hours_gt(open_hours, open_hours)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_gt(open_hours, open_hours) IS
	'internal: implementation of > operator';

CREATE FUNCTION open_hours_ge(open_hours, open_hours)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_ge(open_hours, open_hours) IS
	'internal: implementation of >= operator';

CREATE FUNCTION open_hours_cmp(open_hours, open_hours)
	RETURNS integer
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_cmp(open_hours, open_hours) IS
	'internal: comparison: -1, 0 or 1';

CREATE FUNCTION open_hours_hash(open_hours)
	RETURNS integer
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_hash(open_hours) IS
	'internal: hash';

CREATE FUNCTION open_hours_hash_extended(open_hours, bigint)
	RETURNS bigint
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_hours_hash_extended(open_hours, bigint) IS
	'internal: hash with a seed';

CREATE OPERATOR = (
	LEFTARG = open_hours,
	RIGHTARG = open_hours,
	FUNCTION = open_hours_eq,
	COMMUTATOR = =,
	NEGATOR = <>,
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR = (open_hours, open_hours) IS
	'equal';

CREATE OPERATOR <> (
	LEFTARG = open_hours,
	RIGHTARG = open_hours,
	FUNCTION = open_hours_ne,
	COMMUTATOR = <>,
	NEGATOR = =,
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (open_hours, open_hours) IS
	'not equal';

CREATE OPERATOR < (
	LEFTARG = open_hours,
	RIGHTARG = open_hours,
	FUNCTION = open_hours_lt,
	COMMUTATOR = >,
	NEGATOR = >=,
	RESTRICT = scalarltsel,
	JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (open_hours, open_hours) IS
	'less than';

CREATE OPERATOR <= (
	LEFTARG = open_hours,
	RIGHTARG = open_hours,
	FUNCTION = open_hours_le,
	COMMUTATOR = >=,
	NEGATOR = >,
	RESTRICT = scalarlesel,
	JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (open_hours, open_hours) IS
	'less than or equal';

CREATE OPERATOR > (
	LEFTARG = open_hours,
	RIGHTARG = open_hours,
	FUNCTION = open_hours_gt,
	COMMUTATOR = <,
	NEGATOR = <=,
	RESTRICT = scalargtsel,
	JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (open_hours, open_hours) IS
	'greater than';

CREATE OPERATOR >= (
	LEFTARG = open_hours,
	RIGHTARG = open_hours,
	FUNCTION = open_hours_ge,
	COMMUTATOR = <=,
	NEGATOR = <,
	RESTRICT = scalargesel,
	JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (open_hours, open_hours) IS
	'greater than or equal';

CREATE OPERATOR CLASS open_hours_ops
	DEFAULT FOR TYPE open_hours USING btree AS
		OPERATOR 1 <,
		OPERATOR 2 <=,
		OPERATOR 3 =,
		OPERATOR 4 >=,
		OPERATOR 5 >,
		FUNCTION 1 open_hours_cmp(open_hours, open_hours);
COMMENT ON OPERATOR CLASS open_hours_ops USING btree IS
	'rule by rule, as they are applied';
COMMENT ON OPERATOR FAMILY open_hours_ops USING btree IS
	'rule by rule, as they are applied';

CREATE OPERATOR CLASS open_hours_ops
	DEFAULT FOR TYPE open_hours USING hash AS
		OPERATOR 1 =,
		FUNCTION 1 open_hours_hash(open_hours),
		FUNCTION 2 open_hours_hash_extended(open_hours, bigint);
COMMENT ON OPERATOR CLASS open_hours_ops USING hash IS
	'equality of opening hours';
COMMENT ON OPERATOR FAMILY open_hours_ops USING hash IS
	'equality of opening hours';
