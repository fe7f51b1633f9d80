-- ---------------------------------------------------------------------
-- occupancy: resources held for a period
-- ---------------------------------------------------------------------

CREATE TYPE occupancy;

CREATE FUNCTION occupancy_in(cstring)
	RETURNS occupancy
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_in(cstring) IS
	'internal: input: [scope:][start,end){name,...}, a shared resource as name(seats/capacity); 22P02 for anything else, 54000 beyond the limits';

CREATE FUNCTION occupancy_out(occupancy)
	RETURNS cstring
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_out(occupancy) IS
	'internal: output: [scope:][start,end){name,...}, in UTC, a shared resource as name(seats/capacity)';

CREATE FUNCTION occupancy_recv(internal)
	RETURNS occupancy
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_recv(internal) IS
	'internal: binary input: a version byte (1), flags, start, end, scope, names with their seats; 22P03 for another version';

CREATE FUNCTION occupancy_send(occupancy)
	RETURNS bytea
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_send(occupancy) IS
	'internal: binary output: a version byte (1), flags, start, end, scope, names with their seats';

CREATE TYPE occupancy (
	INPUT = occupancy_in,
	OUTPUT = occupancy_out,
	RECEIVE = occupancy_recv,
	SEND = occupancy_send,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE occupancy IS
	'resources held for a period, each alone or so many of so many seats: [start,end){name,name(seats/capacity),...}';

-- ---------------------------------------------------------------------
-- constructors
--
-- None is STRICT: what is missing must not slip past a constraint.
-- ---------------------------------------------------------------------

CREATE FUNCTION occupancy(starts_at timestamptz, ends_at timestamptz,
		resources text[], scope text DEFAULT NULL)
	RETURNS occupancy
	AS 'MODULE_PATHNAME', 'occupancy_construct'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION occupancy(timestamptz, timestamptz, text[], text) IS
	'these resources, held from a start until an end; null names are ignored; 22023 without a start or an end';

CREATE FUNCTION occupancy_all(starts_at timestamptz, ends_at timestamptz,
		scope text DEFAULT NULL)
	RETURNS occupancy
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_all(timestamptz, timestamptz, text) IS
	'every resource of the scope (tenant), held from a start until an end; 22023 without them';

CREATE FUNCTION occupancy_from_range(during tstzrange, resources text[],
		scope text DEFAULT NULL)
	RETURNS occupancy
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_from_range(tstzrange, text[], text) IS
	'these resources, held during a range with the bounds [); 22023 without bounds';

CREATE FUNCTION occupancy_seats(starts_at timestamptz, ends_at timestamptz,
		resource text, seats integer, capacity integer,
		scope text DEFAULT NULL)
	RETURNS occupancy
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_seats(timestamptz, timestamptz, text, integer, integer, text) IS
	'so many of so many seats of a shared resource, held from a start until an end; a null resource is ignored; 22023 without a start, an end, seats or a capacity, or unless 1 <= seats <= capacity';

CREATE FUNCTION occupancy_buffer(o occupancy, before_minutes integer,
		after_minutes integer)
	RETURNS occupancy
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_buffer(occupancy, int, int) IS
	'the same resources, from before_minutes before until after_minutes after; NULL is 0; 22023 if negative';

CREATE FUNCTION occupancy_buffer(o occupancy, minutes integer)
	RETURNS occupancy
	AS 'MODULE_PATHNAME', 'occupancy_buffer_both'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_buffer(occupancy, int) IS
	'the same resources, from so many minutes before until as many after; NULL is 0; 22023 if negative';

CREATE FUNCTION resource_key(kind text, id text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'resource_key_text'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION resource_key(text, text) IS
	'name of a resource among several kinds, "room:7"; null for a null id';

CREATE FUNCTION resource_key(kind text, id uuid)
	RETURNS text
	AS 'MODULE_PATHNAME', 'resource_key_uuid'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION resource_key(text, uuid) IS
	'name of a resource among several kinds; null for a null id';

CREATE FUNCTION resource_key(kind text, id bigint)
	RETURNS text
	AS 'MODULE_PATHNAME', 'resource_key_bigint'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION resource_key(text, bigint) IS
	'name of a resource among several kinds, "room:7"; null for a null id';

-- ---------------------------------------------------------------------
-- accessors
-- ---------------------------------------------------------------------

CREATE FUNCTION occupancy_during(o occupancy)
	RETURNS tstzrange
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_during(occupancy) IS
	'period of an occupancy';

CREATE FUNCTION occupancy_resources(o occupancy)
	RETURNS text[]
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_resources(occupancy) IS
	'names of an occupancy''s resources, sorted bytewise; null for every resource';

CREATE FUNCTION occupancy_scope(o occupancy)
	RETURNS text
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_scope(occupancy) IS
	'scope (tenant) of an occupancy, or null';

CREATE FUNCTION occupancy_is_all(o occupancy)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'occupancy_is_for_all'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_is_all(occupancy) IS
	'whether it holds every resource of its scope (tenant)';

-- ---------------------------------------------------------------------
-- conflict
-- ---------------------------------------------------------------------

CREATE FUNCTION occupancy_sel(root internal, operator oid, args internal,
		varrelid integer)
	RETURNS float8
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_sel(internal, oid, internal, integer) IS
	'internal: restriction selectivity of occupancies in conflict';

CREATE FUNCTION occupancy_joinsel(root internal, operator oid, args internal,
		jointype smallint, sjinfo internal)
	RETURNS float8
	AS 'MODULE_PATHNAME'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_joinsel(internal, oid, internal, smallint, internal) IS
	'internal: join selectivity of occupancies in conflict';

CREATE FUNCTION occupancy_conflicts_with(a occupancy, b occupancy)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_conflicts_with(occupancy, occupancy) IS
	'internal: implementation of && operator';

CREATE OPERATOR && (
	LEFTARG = occupancy,
	RIGHTARG = occupancy,
	FUNCTION = occupancy_conflicts_with,
	COMMUTATOR = &&,
	RESTRICT = occupancy_sel,
	JOIN = occupancy_joinsel
);
COMMENT ON OPERATOR && (occupancy, occupancy) IS
	'conflict: same scope, overlapping periods, and a resource in common that one of them holds alone or of which they hold more seats together than the smaller of their capacities';

CREATE FUNCTION occupancy_intersection(a occupancy, b occupancy)
	RETURNS occupancy
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_intersection(occupancy, occupancy) IS
	'internal: implementation of * operator';

CREATE OPERATOR * (
	LEFTARG = occupancy,
	RIGHTARG = occupancy,
	FUNCTION = occupancy_intersection,
	COMMUTATOR = *
);
COMMENT ON OPERATOR * (occupancy, occupancy) IS
	'what they conflict over; null without a conflict';

CREATE FUNCTION occupancy_add(a occupancy, b occupancy)
	RETURNS occupancy
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_add(occupancy, occupancy) IS
	'internal: implementation of + operator';

CREATE OPERATOR + (
	LEFTARG = occupancy,
	RIGHTARG = occupancy,
	FUNCTION = occupancy_add,
	COMMUTATOR = +
);
COMMENT ON OPERATOR + (occupancy, occupancy) IS
	'what both hold together; the seats of a resource add up; null if either is null; 22023 for different periods or scopes, or a resource that is held alone and shared';

-- ---------------------------------------------------------------------
-- seats
-- ---------------------------------------------------------------------

CREATE FUNCTION occupancy_seats_taken_transfn(internal, occupancy, text)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_seats_taken_transfn(internal, occupancy, text) IS
	'internal: transition function of occupancy_seats_taken';

CREATE FUNCTION occupancy_seats_taken_finalfn(internal)
	RETURNS bigint
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_seats_taken_finalfn(internal) IS
	'internal: final function of occupancy_seats_taken';

CREATE AGGREGATE occupancy_seats_taken(o occupancy, resource text) (
	SFUNC = occupancy_seats_taken_transfn,
	STYPE = internal,
	FINALFUNC = occupancy_seats_taken_finalfn,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE occupancy_seats_taken(occupancy, text) IS
	'the most seats of a resource that are taken at one instant, 0 if none is; who holds it alone takes all its seats, 1 if no row tells how many it has; the most of one scope (tenant)';

-- ---------------------------------------------------------------------
-- order and equality
-- ---------------------------------------------------------------------

CREATE FUNCTION occupancy_eq(occupancy, occupancy)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_eq(occupancy, occupancy) IS
	'internal: implementation of = operator';

CREATE FUNCTION occupancy_ne(occupancy, occupancy)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_ne(occupancy, occupancy) IS
	'internal: implementation of <> operator';

CREATE FUNCTION occupancy_lt(occupancy, occupancy)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_lt(occupancy, occupancy) IS
	'internal: implementation of < operator';

CREATE FUNCTION occupancy_le(occupancy, occupancy)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_le(occupancy, occupancy) IS
	'internal: implementation of <= operator';

CREATE FUNCTION occupancy_gt(occupancy, occupancy)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_gt(occupancy, occupancy) IS
	'internal: implementation of > operator';

CREATE FUNCTION occupancy_ge(occupancy, occupancy)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_ge(occupancy, occupancy) IS
	'internal: implementation of >= operator';

CREATE FUNCTION occupancy_cmp(occupancy, occupancy)
	RETURNS integer
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_cmp(occupancy, occupancy) IS
	'internal: comparison: -1, 0 or 1';

CREATE FUNCTION occupancy_hash(occupancy)
	RETURNS integer
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_hash(occupancy) IS
	'internal: hash';

CREATE FUNCTION occupancy_hash_extended(occupancy, bigint)
	RETURNS bigint
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_hash_extended(occupancy, bigint) IS
	'internal: hash with a seed';

CREATE OPERATOR = (
	LEFTARG = occupancy,
	RIGHTARG = occupancy,
	FUNCTION = occupancy_eq,
	COMMUTATOR = =,
	NEGATOR = <>,
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR = (occupancy, occupancy) IS
	'equal';

CREATE OPERATOR <> (
	LEFTARG = occupancy,
	RIGHTARG = occupancy,
	FUNCTION = occupancy_ne,
	COMMUTATOR = <>,
	NEGATOR = =,
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (occupancy, occupancy) IS
	'not equal';

CREATE OPERATOR < (
	LEFTARG = occupancy,
	RIGHTARG = occupancy,
	FUNCTION = occupancy_lt,
	COMMUTATOR = >,
	NEGATOR = >=,
	RESTRICT = scalarltsel,
	JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (occupancy, occupancy) IS
	'less than';

CREATE OPERATOR <= (
	LEFTARG = occupancy,
	RIGHTARG = occupancy,
	FUNCTION = occupancy_le,
	COMMUTATOR = >=,
	NEGATOR = >,
	RESTRICT = scalarlesel,
	JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (occupancy, occupancy) IS
	'less than or equal';

CREATE OPERATOR > (
	LEFTARG = occupancy,
	RIGHTARG = occupancy,
	FUNCTION = occupancy_gt,
	COMMUTATOR = <,
	NEGATOR = <=,
	RESTRICT = scalargtsel,
	JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (occupancy, occupancy) IS
	'greater than';

CREATE OPERATOR >= (
	LEFTARG = occupancy,
	RIGHTARG = occupancy,
	FUNCTION = occupancy_ge,
	COMMUTATOR = <=,
	NEGATOR = <,
	RESTRICT = scalargesel,
	JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (occupancy, occupancy) IS
	'greater than or equal';

CREATE OPERATOR CLASS occupancy_ops
	DEFAULT FOR TYPE occupancy USING btree AS
		OPERATOR 1 <,
		OPERATOR 2 <=,
		OPERATOR 3 =,
		OPERATOR 4 >=,
		OPERATOR 5 >,
		FUNCTION 1 occupancy_cmp(occupancy, occupancy);
COMMENT ON OPERATOR CLASS occupancy_ops USING btree IS
	'by start, end, scope, then names bytewise and seats';
COMMENT ON OPERATOR FAMILY occupancy_ops USING btree IS
	'by start, end, scope, then names bytewise and seats';

CREATE OPERATOR CLASS occupancy_ops
	DEFAULT FOR TYPE occupancy USING hash AS
		OPERATOR 1 =,
		FUNCTION 1 occupancy_hash(occupancy),
		FUNCTION 2 occupancy_hash_extended(occupancy, bigint);
COMMENT ON OPERATOR CLASS occupancy_ops USING hash IS
	'equality of occupancies';
COMMENT ON OPERATOR FAMILY occupancy_ops USING hash IS
	'equality of occupancies';
