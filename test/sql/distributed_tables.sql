-- A table that Citus distributes is an empty shell: what looks at the table
-- itself refuses it instead of finding nothing.  Citus is known by its catalog,
-- which is made here, and gone with the transaction.
CREATE SCHEMA regress_distributed_tables;
SET search_path = regress_distributed_tables, public;
SET TimeZone = 'UTC';

CREATE TABLE booking (id int PRIMARY KEY, room text, starts_at timestamptz, ends_at timestamptz);
CREATE INDEX booking_held ON booking USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION occupancy_guard('booking_held');
CREATE TABLE booking_102008 (LIKE booking);
CREATE INDEX booking_held_102008 ON booking_102008 USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
INSERT INTO booking_102008 VALUES (1, 'a', '2026-03-02 10:00Z', '2026-03-02 11:00Z'), (2, 'a', '2026-03-02 10:00Z', '2026-03-02 11:00Z');
CREATE TABLE visits (id int, room text, starts_at timestamptz, ends_at timestamptz) PARTITION BY RANGE (starts_at);
CREATE TABLE visits_one PARTITION OF visits DEFAULT;
CREATE INDEX visits_held ON visits USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
CREATE INDEX visits_one_held ON visits_one USING gist (occupancy(starts_at, ends_at, ARRAY[room]));

CREATE FUNCTION try(what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	hint text;
BEGIN
	EXECUTE 'SELECT string_agg(x::text, '','') FROM (SELECT ' || what || ' AS x) s' INTO result;
	RETURN coalesce(result, 'nothing');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', sqlstate || ' ' || sqlerrm, nullif(hint, ''));
END $$;
CREATE FUNCTION try_all(index text) RETURNS TABLE (f text, gives text) LANGUAGE sql AS $$
	SELECT substring(what FROM 'occupancy_[a-z]+'), try(what)
	FROM unnest(ARRAY[
		format('(occupancy_conflicts(%L)).row_a', index),
		format('(occupancy_overbooked(%L)).resource', index),
		format('occupancy_pick(%L, ARRAY[''a'', ''b''], ''2026-03-02 10:00Z'', ''2026-03-02 11:00Z'')', index),
		format('occupancy_lock(%L, occupancy(''2026-03-02 10:00Z'', ''2026-03-02 11:00Z'', ARRAY[''c'']))', index)]) AS what
$$;

-- without Citus
SELECT * FROM try_all('booking_held');

BEGIN;
SET LOCAL allow_system_table_mods = on;
CREATE TABLE pg_catalog.pg_dist_partition (
	logicalrelid regclass NOT NULL, partmethod "char" NOT NULL, partkey text, colocationid integer NOT NULL DEFAULT 0,
	repmodel "char" NOT NULL DEFAULT 'c', autoconverted boolean NOT NULL DEFAULT false);
CREATE UNIQUE INDEX pg_dist_partition_logical_relid_index ON pg_catalog.pg_dist_partition (logicalrelid);
CREATE INDEX pg_dist_partition_colocationid_index ON pg_catalog.pg_dist_partition (colocationid);
SET LOCAL allow_system_table_mods = off;

-- Citus is there, but the table is not distributed
SELECT * FROM try_all('booking_held');
-- it is: the shell is refused, its shard is not
INSERT INTO pg_catalog.pg_dist_partition (logicalrelid, partmethod) VALUES ('booking', 'h'), ('pg_class', 'n');
SELECT * FROM try_all('booking_held');
SELECT * FROM try_all('booking_held_102008');
-- so is the shell of a local table of Citus, and of a partitioned one
INSERT INTO pg_catalog.pg_dist_partition (logicalrelid, partmethod) VALUES ('visits', 'n'), ('visits_one', 'n');
SELECT * FROM try_all('visits_held');
SELECT * FROM try_all('visits_one_held');
DELETE FROM pg_catalog.pg_dist_partition WHERE logicalrelid = 'visits_one'::regclass;
SELECT * FROM try_all('visits_one_held');

-- it needs no right to read the catalog, and tells nothing to who may not use the table
CREATE ROLE regress_distributed_user;
REVOKE ALL ON pg_catalog.pg_dist_partition FROM PUBLIC;
GRANT USAGE ON SCHEMA regress_distributed_tables TO regress_distributed_user;
SET ROLE regress_distributed_user;
SELECT * FROM try_all('booking_held');
RESET ROLE;
GRANT SELECT, INSERT ON booking TO regress_distributed_user;
SET ROLE regress_distributed_user;
SELECT * FROM try_all('booking_held');
RESET ROLE;

-- without an index that could be used, it is read as a whole
DROP INDEX pg_catalog.pg_dist_partition_logical_relid_index;
CREATE INDEX some_only ON pg_catalog.pg_dist_partition (logicalrelid) WHERE partmethod = 'x';
SELECT * FROM try_all('booking_held');
SELECT * FROM try_all('booking_held_102008');
DROP INDEX some_only;
SAVEPOINT other_catalogs;
ALTER TABLE pg_catalog.pg_dist_partition ALTER COLUMN logicalrelid TYPE oid;
CREATE INDEX by_hash ON pg_catalog.pg_dist_partition USING hash (logicalrelid);
CREATE INDEX second ON pg_catalog.pg_dist_partition (partmethod, logicalrelid);
SELECT * FROM try_all('booking_held');

-- what is no catalog of Citus is left alone
ROLLBACK TO other_catalogs;
ALTER TABLE pg_catalog.pg_dist_partition ALTER COLUMN logicalrelid TYPE text USING logicalrelid::text;
SELECT * FROM try_all('booking_held');
ROLLBACK TO other_catalogs;
ALTER TABLE pg_catalog.pg_dist_partition DROP COLUMN logicalrelid;
SELECT * FROM try_all('booking_held');
ROLLBACK TO other_catalogs;
DROP TABLE pg_catalog.pg_dist_partition;
SET LOCAL allow_system_table_mods = on;
CREATE VIEW pg_catalog.pg_dist_partition AS SELECT 'booking'::regclass AS logicalrelid;
SET LOCAL allow_system_table_mods = off;
SELECT * FROM try_all('booking_held');
ROLLBACK;

-- nor is a table of that name elsewhere a catalog
CREATE TABLE pg_dist_partition AS SELECT 'booking'::regclass AS logicalrelid;
SELECT * FROM try_all('booking_held');

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA regress_distributed_tables CASCADE;
