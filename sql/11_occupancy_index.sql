-- ---------------------------------------------------------------------
-- occupancy: the index
-- ---------------------------------------------------------------------

CREATE TYPE occupancy_key;

CREATE FUNCTION occupancy_key_in(cstring)
	RETURNS occupancy_key
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_key_in(cstring) IS
	'internal: input: 0A000, only the index makes keys';

CREATE FUNCTION occupancy_key_out(occupancy_key)
	RETURNS cstring
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_key_out(occupancy_key) IS
	'internal: output: what a key covers, without its hashes';

CREATE TYPE occupancy_key (
	INPUT = occupancy_key_in,
	OUTPUT = occupancy_key_out,
	ALIGNMENT = double,
	STORAGE = plain
);
COMMENT ON TYPE occupancy_key IS
	'internal: what an entry of an index of class occupancy_ops covers';

CREATE FUNCTION occupancy_gist_consistent(entry internal, query occupancy,
		strategy smallint, subtype oid, recheck internal)
	RETURNS boolean
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_gist_consistent(internal, occupancy, smallint, oid, internal) IS
	'internal: index support: may an entry conflict with a query';

CREATE FUNCTION occupancy_gist_union(entries internal, size internal)
	RETURNS occupancy_key
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_gist_union(internal, internal) IS
	'internal: index support: the key of several entries';

CREATE FUNCTION occupancy_gist_compress(entry internal)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_gist_compress(internal) IS
	'internal: index support: the key of a value';

CREATE FUNCTION occupancy_gist_penalty(original internal, inserted internal,
		penalty internal)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_gist_penalty(internal, internal, internal) IS
	'internal: index support: what an insertion costs later searches';

CREATE FUNCTION occupancy_gist_picksplit(entries internal, split internal)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_gist_picksplit(internal, internal) IS
	'internal: index support: divides a page by scope, then by time';

CREATE FUNCTION occupancy_gist_same(a occupancy_key, b occupancy_key,
		same internal)
	RETURNS internal
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_gist_same(occupancy_key, occupancy_key, internal) IS
	'internal: index support: are two keys equal';

CREATE FUNCTION occupancy_gist_sortsupport(support internal)
	RETURNS void
	AS 'MODULE_PATHNAME'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION occupancy_gist_sortsupport(internal) IS
	'internal: index support: the order of a sorted build';

CREATE OPERATOR CLASS occupancy_ops
	DEFAULT FOR TYPE occupancy USING gist AS
		OPERATOR 3 &&,
		FUNCTION 1 occupancy_gist_consistent(internal, occupancy, smallint, oid, internal),
		FUNCTION 2 occupancy_gist_union(internal, internal),
		FUNCTION 3 occupancy_gist_compress(internal),
		FUNCTION 5 occupancy_gist_penalty(internal, internal, internal),
		FUNCTION 6 occupancy_gist_picksplit(internal, internal),
		FUNCTION 7 occupancy_gist_same(occupancy_key, occupancy_key, internal),
		FUNCTION 11 occupancy_gist_sortsupport(internal),
		STORAGE occupancy_key;
COMMENT ON OPERATOR CLASS occupancy_ops USING gist IS
	'conflicts of occupancies';
COMMENT ON OPERATOR FAMILY occupancy_ops USING gist IS
	'conflicts of occupancies';
