-- ---------------------------------------------------------------------
-- busy: periods in which somebody cannot be booked
-- ---------------------------------------------------------------------

CREATE TYPE busy;

CREATE FUNCTION busy_in(cstring)
	RETURNS busy
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_in(cstring) IS
	'internal: input: {[start,end)-before+after(seats),...}; 22P02 for anything else, 54000 beyond the limit';

CREATE FUNCTION busy_out(busy)
	RETURNS cstring
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_out(busy) IS
	'internal: output: {[start,end)-before+after(seats),...}, in UTC, in order';

CREATE FUNCTION busy_recv(internal)
	RETURNS busy
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_recv(internal) IS
	'internal: binary input: a version byte (1), flags, the number of periods, their starts, ends, seats and buffers; 22P03 for another version';

CREATE FUNCTION busy_send(busy)
	RETURNS bytea
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_send(busy) IS
	'internal: binary output: a version byte (1), flags, the number of periods, their starts, ends, seats and buffers';

CREATE TYPE busy (
	INPUT = busy_in,
	OUTPUT = busy_out,
	RECEIVE = busy_recv,
	SEND = busy_send,
	ALIGNMENT = double,
	STORAGE = extended
);
COMMENT ON TYPE busy IS
	'when somebody cannot be booked: periods with buffers and seats, {[start,end)-before+after(seats),...}; made by busy_agg';

-- ---------------------------------------------------------------------
-- aggregates
-- ---------------------------------------------------------------------

CREATE FUNCTION busy_agg_transfn(internal, timestamptz, timestamptz)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION busy_agg_transfn(internal, timestamptz, timestamptz) IS
	'internal: transition function of busy_agg';

CREATE FUNCTION busy_agg_buffers_transfn(internal, timestamptz, timestamptz,
		integer, integer)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION busy_agg_buffers_transfn(internal, timestamptz, timestamptz, integer, integer) IS
	'internal: transition function of busy_agg';

CREATE FUNCTION busy_agg_seats_transfn(internal, timestamptz, timestamptz,
		integer, integer, integer)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION busy_agg_seats_transfn(internal, timestamptz, timestamptz, integer, integer, integer) IS
	'internal: transition function of busy_agg';

CREATE FUNCTION busy_agg_range_transfn(internal, tstzrange)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION busy_agg_range_transfn(internal, tstzrange) IS
	'internal: transition function of busy_agg';

CREATE FUNCTION busy_agg_occupancy_transfn(internal, occupancy)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION busy_agg_occupancy_transfn(internal, occupancy) IS
	'internal: transition function of busy_agg';

CREATE FUNCTION busy_agg_resource_transfn(internal, occupancy, text)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION busy_agg_resource_transfn(internal, occupancy, text) IS
	'internal: transition function of busy_agg';

CREATE FUNCTION busy_agg_combinefn(internal, internal)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION busy_agg_combinefn(internal, internal) IS
	'internal: combine function of busy_agg';

CREATE FUNCTION busy_agg_serialfn(internal)
	RETURNS bytea
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_agg_serialfn(internal) IS
	'internal: serialization function of busy_agg';

CREATE FUNCTION busy_agg_deserialfn(bytea, internal)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_agg_deserialfn(bytea, internal) IS
	'internal: deserialization function of busy_agg';

CREATE FUNCTION busy_agg_finalfn(internal)
	RETURNS busy
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION busy_agg_finalfn(internal) IS
	'internal: final function of busy_agg';

CREATE AGGREGATE busy_agg(starts_at timestamptz, ends_at timestamptz) (
	SFUNC = busy_agg_transfn,
	STYPE = internal,
	FINALFUNC = busy_agg_finalfn,
	COMBINEFUNC = busy_agg_combinefn,
	SERIALFUNC = busy_agg_serialfn,
	DESERIALFUNC = busy_agg_deserialfn,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE busy_agg(timestamptz, timestamptz) IS
	'busy periods: a start or an end that is null is no bound, a row without both is skipped; an empty period is skipped, a reversed one is refused (22023)';

CREATE AGGREGATE busy_agg(starts_at timestamptz, ends_at timestamptz,
		before_minutes integer, after_minutes integer) (
	SFUNC = busy_agg_buffers_transfn,
	STYPE = internal,
	FINALFUNC = busy_agg_finalfn,
	COMBINEFUNC = busy_agg_combinefn,
	SERIALFUNC = busy_agg_serialfn,
	DESERIALFUNC = busy_agg_deserialfn,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE busy_agg(timestamptz, timestamptz, integer, integer) IS
	'busy periods: with minutes that are kept free before and after';

CREATE AGGREGATE busy_agg(starts_at timestamptz, ends_at timestamptz,
		before_minutes integer, after_minutes integer, seats integer) (
	SFUNC = busy_agg_seats_transfn,
	STYPE = internal,
	FINALFUNC = busy_agg_finalfn,
	COMBINEFUNC = busy_agg_combinefn,
	SERIALFUNC = busy_agg_serialfn,
	DESERIALFUNC = busy_agg_deserialfn,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE busy_agg(timestamptz, timestamptz, integer, integer, integer) IS
	'busy periods: and so many seats that each takes; null: all of them';

CREATE AGGREGATE busy_agg(during tstzrange) (
	SFUNC = busy_agg_range_transfn,
	STYPE = internal,
	FINALFUNC = busy_agg_finalfn,
	COMBINEFUNC = busy_agg_combinefn,
	SERIALFUNC = busy_agg_serialfn,
	DESERIALFUNC = busy_agg_deserialfn,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE busy_agg(tstzrange) IS
	'busy periods: of ranges; null and empty ones are skipped';

CREATE AGGREGATE busy_agg(o occupancy) (
	SFUNC = busy_agg_occupancy_transfn,
	STYPE = internal,
	FINALFUNC = busy_agg_finalfn,
	COMBINEFUNC = busy_agg_combinefn,
	SERIALFUNC = busy_agg_serialfn,
	DESERIALFUNC = busy_agg_deserialfn,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE busy_agg(occupancy) IS
	'busy periods: of the periods of occupancies, whatever they hold';

CREATE AGGREGATE busy_agg(o occupancy, resource text) (
	SFUNC = busy_agg_resource_transfn,
	STYPE = internal,
	FINALFUNC = busy_agg_finalfn,
	COMBINEFUNC = busy_agg_combinefn,
	SERIALFUNC = busy_agg_serialfn,
	DESERIALFUNC = busy_agg_deserialfn,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE busy_agg(occupancy, text) IS
	'busy periods: of the occupancies that hold a resource: its seats, or all if it is held alone or with {*}; the scope is not looked at';

-- ---------------------------------------------------------------------
-- operators and functions
-- ---------------------------------------------------------------------

CREATE FUNCTION busy_add(a busy, b busy)
	RETURNS busy
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION busy_add(busy, busy) IS
	'internal: implementation of + operator';

CREATE OPERATOR + (
	LEFTARG = busy,
	RIGHTARG = busy,
	FUNCTION = busy_add,
	COMMUTATOR = +
);
COMMENT ON OPERATOR + (busy, busy) IS
	'the periods of both; null is nobody busy';

CREATE FUNCTION busy_periods(busy busy, OUT starts_at timestamptz,
		OUT ends_at timestamptz, OUT before_minutes integer,
		OUT after_minutes integer, OUT seats integer)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION busy_periods(busy) IS
	'the periods of a value as rows, in order; a start or an end is null if there is none, seats are null if it takes all';

-- ---------------------------------------------------------------------
-- order and equality
-- ---------------------------------------------------------------------

CREATE FUNCTION busy_eq(busy, busy)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_eq(busy, busy) IS
	'internal: implementation of = operator';

CREATE FUNCTION busy_ne(busy, busy)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_ne(busy, busy) IS
	'internal: implementation of <> operator';

CREATE FUNCTION busy_lt(busy, busy)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_lt(busy, busy) IS
	'internal: implementation of < operator';

CREATE FUNCTION busy_le(busy, busy)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_le(busy, busy) IS
	'internal: implementation of <= operator';

CREATE FUNCTION busy_gt(busy, busy)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_gt(busy, busy) IS
	'internal: implementation of > operator';

CREATE FUNCTION busy_ge(busy, busy)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_ge(busy, busy) IS
	'internal: implementation of >= operator';

CREATE FUNCTION busy_cmp(busy, busy)
	RETURNS integer
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_cmp(busy, busy) IS
	'internal: comparison: -1, 0 or 1';

CREATE FUNCTION busy_hash(busy)
	RETURNS integer
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_hash(busy) IS
	'internal: hash';

CREATE FUNCTION busy_hash_extended(busy, bigint)
	RETURNS bigint
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION busy_hash_extended(busy, bigint) IS
	'internal: hash with a seed';

CREATE OPERATOR = (
	LEFTARG = busy,
	RIGHTARG = busy,
	FUNCTION = busy_eq,
	COMMUTATOR = =,
	NEGATOR = <>,
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR = (busy, busy) IS
	'equal';

CREATE OPERATOR <> (
	LEFTARG = busy,
	RIGHTARG = busy,
	FUNCTION = busy_ne,
	COMMUTATOR = <>,
	NEGATOR = =,
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (busy, busy) IS
	'not equal';

CREATE OPERATOR < (
	LEFTARG = busy,
	RIGHTARG = busy,
	FUNCTION = busy_lt,
	COMMUTATOR = >,
	NEGATOR = >=,
	RESTRICT = scalarltsel,
	JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (busy, busy) IS
	'less than';

CREATE OPERATOR <= (
	LEFTARG = busy,
	RIGHTARG = busy,
	FUNCTION = busy_le,
	COMMUTATOR = >=,
	NEGATOR = >,
	RESTRICT = scalarlesel,
	JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (busy, busy) IS
	'less than or equal';

CREATE OPERATOR > (
	LEFTARG = busy,
	RIGHTARG = busy,
	FUNCTION = busy_gt,
	COMMUTATOR = <,
	NEGATOR = <=,
	RESTRICT = scalargtsel,
	JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (busy, busy) IS
	'greater than';

CREATE OPERATOR >= (
	LEFTARG = busy,
	RIGHTARG = busy,
	FUNCTION = busy_ge,
	COMMUTATOR = <=,
	NEGATOR = <,
	RESTRICT = scalargesel,
	JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (busy, busy) IS
	'greater than or equal';

CREATE OPERATOR CLASS busy_ops
	DEFAULT FOR TYPE busy USING btree AS
		OPERATOR 1 <,
		OPERATOR 2 <=,
		OPERATOR 3 =,
		OPERATOR 4 >=,
		OPERATOR 5 >,
		FUNCTION 1 busy_cmp(busy, busy);
COMMENT ON OPERATOR CLASS busy_ops USING btree IS
	'period by period, by start, end, seats, buffers';
COMMENT ON OPERATOR FAMILY busy_ops USING btree IS
	'period by period, by start, end, seats, buffers';

CREATE OPERATOR CLASS busy_ops
	DEFAULT FOR TYPE busy USING hash AS
		OPERATOR 1 =,
		FUNCTION 1 busy_hash(busy),
		FUNCTION 2 busy_hash_extended(busy, bigint);
COMMENT ON OPERATOR CLASS busy_ops USING hash IS
	'equality of busy values';
COMMENT ON OPERATOR FAMILY busy_ops USING hash IS
	'equality of busy values';
