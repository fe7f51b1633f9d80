-- The guard on tables that are named as Citus names its shards, and the guard
-- that names no index.  No Citus is needed for that.
CREATE SCHEMA regress_occupancy_guard_shards;
SET search_path = regress_occupancy_guard_shards, public;
SET TimeZone = 'UTC';

-- what a name becomes on a shard, by SQL alone
CREATE FUNCTION on_shard(name text, shard bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
	SELECT CASE WHEN octet_length(name) + octet_length('_' || shard) < 64 THEN name || '_' || shard
		ELSE left(name, 54 - octet_length('_' || shard)) || '_' || lpad(to_hex(hashtext(name)), 8, '0') || '_' || shard END
$$;
-- a table as it is on a shard, with an index as it is there, and a trigger whose
-- argument is as it was before
CREATE FUNCTION make_shard(tab text, index text, shard bigint) RETURNS TABLE (what text, name text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TABLE %I (id int PRIMARY KEY, room text, starts_at timestamptz, ends_at timestamptz)', on_shard(tab, shard));
	EXECUTE format('CREATE INDEX %I ON %I USING gist (occupancy(starts_at, ends_at, ARRAY[room]))', on_shard(index, shard), on_shard(tab, shard));
	EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION occupancy_guard(%L)',
		on_shard('zz_guard', shard), on_shard(tab, shard), index);
	RETURN QUERY VALUES ('table', on_shard(tab, shard)), ('index', on_shard(index, shard));
END $$;
CREATE FUNCTION book(tab regclass, id int, room text, hour int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %s VALUES ($1, $2, $3, $3 + interval ''1 hour'')', tab)
		USING id, room, timestamptz '2026-03-02 00:00Z' + hour * interval '1 hour';
	RETURN 'booked';
EXCEPTION WHEN OTHERS THEN
	RETURN sqlstate || ' ' || sqlerrm;
END $$;
CREATE FUNCTION guard(tab regclass, VARIADIC arguments text[] DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION occupancy_guard(%s)',
		'zz_guard' || coalesce(substring(tab::text FROM '_[1-9][0-9]*$'), ''), tab, (SELECT string_agg(quote_literal(argument), ', ') FROM unnest(arguments) argument));
END $$;

-- ---------------------------------------------------------------------
-- by the name that the index has on a shard
-- ---------------------------------------------------------------------
SELECT * FROM make_shard('g1', 'g1_no_overlap', 102236);
SELECT book('g1_102236', 1, 'a', 10), book('g1_102236', 2, 'a', 10), book('g1_102236', 2, 'b', 10);
UPDATE g1_102236 SET room = 'a' WHERE id = 2;
SELECT * FROM appointment_trigger_problems('g1_102236');

-- the guard and occupancy_lock take the same locks, also after the index has
-- been given the name that the trigger has
BEGIN;
SELECT book('g1_102236', 3, 'c', 10);
SELECT occupancy_lock('g1_no_overlap_102236', occupancy('2026-03-02 10:00Z', '2026-03-02 11:00Z', '{c}'));
ALTER INDEX g1_no_overlap_102236 RENAME TO g1_no_overlap;
SELECT book('g1_102236', 4, 'c', 11);
SELECT occupancy_lock('g1_no_overlap', occupancy('2026-03-02 10:00Z', '2026-03-02 11:00Z', '{c}'));
SELECT mode, count(*) FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid() GROUP BY mode ORDER BY mode;
ROLLBACK;

-- names that are almost too long, and too long
SELECT * FROM make_shard(repeat('t', 50), repeat('i', 56), 102008);
SELECT book(to_regclass(on_shard(repeat('t', 50), 102008)), 1, 'a', 10), book(to_regclass(on_shard(repeat('t', 50), 102008)), 2, 'a', 10);
SELECT * FROM make_shard(repeat('t', 60), repeat('i', 57), 102008);
SELECT book(to_regclass(on_shard(repeat('t', 60), 102008)), 1, 'a', 10), book(to_regclass(on_shard(repeat('t', 60), 102008)), 2, 'a', 10);
SELECT * FROM make_shard(repeat('t', 63), repeat('long_index_', 5) || '12345678', 9223372036854775807);
SELECT book(to_regclass(on_shard(repeat('t', 63), 9223372036854775807)), 1, 'a', 10), book(to_regclass(on_shard(repeat('t', 63), 9223372036854775807)), 2, 'a', 10);
-- two that are cut to the same are told apart by their hashes
SELECT * FROM make_shard('twin', repeat('i', 56) || '_teacher', 102009);
SELECT guard('twin_102009', repeat('i', 56) || '_room');
SELECT book('twin_102009', 1, 'a', 10);
-- the name of an argument can be longer than any name
SELECT guard('twin_102009', repeat('i', 64)), book('twin_102009', 1, 'a', 10);

-- an index of the exact name comes first
SELECT * FROM make_shard('g2', 'g2_held', 102300);
CREATE INDEX g2_held ON g2_102300 USING gist (occupancy(starts_at, ends_at, '{all}'));
SELECT book('g2_102300', 1, 'a', 10), book('g2_102300', 2, 'b', 10);
-- but not one of another table
DROP INDEX g2_held;
CREATE TABLE other AS SELECT * FROM g2_102300;
CREATE INDEX g2_held ON other USING gist (occupancy(starts_at, ends_at, '{all}'));
SELECT book('g2_102300', 2, 'a', 10), book('g2_102300', 2, 'b', 10);
ALTER INDEX g2_held_102300 RENAME TO g2_held_102301;
SELECT book('g2_102300', 3, 'c', 10);
SELECT message, detail FROM appointment_trigger_problems('g2_102300');
DROP TABLE other;

-- what is no number of a shard
CREATE TABLE plain (id int PRIMARY KEY, room text, starts_at timestamptz, ends_at timestamptz);
SELECT guard('plain', 'held');
CREATE FUNCTION with_suffix(suffix text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE format('ALTER TABLE plain RENAME TO %I', 'plain' || suffix);
	EXECUTE format('ALTER TRIGGER zz_guard ON %I RENAME TO %I', 'plain' || suffix, 'zz_guard' || suffix);
	EXECUTE format('CREATE INDEX %I ON %I USING gist (occupancy(starts_at, ends_at, ARRAY[room]))', 'held' || suffix, 'plain' || suffix);
	result := book(format('%I', 'plain' || suffix)::regclass, 1, 'a', 10);
	RAISE EXCEPTION 'undone' USING DETAIL = result;
EXCEPTION WHEN raise_exception THEN
	GET STACKED DIAGNOSTICS result = PG_EXCEPTION_DETAIL;
	RETURN result;
END $$;
SELECT suffix, with_suffix(suffix) FROM unnest('{_1,_1234567890123456789}'::text[]) suffix;
SELECT suffix, with_suffix(suffix) FROM unnest('{_,1,_x,_01,_0,_1x,"_1 ",_-1,_12345678901234567890}'::text[]) suffix;

-- a table of a year is no shard, nor are its triggers: an index that looks alike
-- is not taken for one that is gone
CREATE TABLE visits_2024 (LIKE plain INCLUDING ALL);
CREATE INDEX held ON visits_2024 USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
CREATE INDEX held_2024 ON visits_2024 USING gist (occupancy(starts_at, ends_at, '{x}')) WHERE room = 'x';
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE ON visits_2024 FOR EACH ROW EXECUTE FUNCTION occupancy_guard('held');
CREATE TRIGGER zz_guard_x BEFORE INSERT OR UPDATE ON visits_2024 FOR EACH ROW EXECUTE FUNCTION occupancy_guard('held_2024');
SELECT book('visits_2024', 1, 'a', 10), book('visits_2024', 2, 'a', 10);
-- two guards have locks of their own, however alike their indexes look
BEGIN;
SELECT book('visits_2024', 3, 'x', 11);
SELECT mode, count(*), count(DISTINCT objid::bigint >> 10) AS guards FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid() GROUP BY mode ORDER BY mode;
ROLLBACK;
DROP INDEX held;
SELECT book('visits_2024', 2, 'a', 10);
SELECT trigger, message FROM appointment_trigger_problems('visits_2024');
DROP TABLE visits_2024;

-- the shards of a partitioned table
CREATE TABLE visits_102400 (id int, room text, starts_at timestamptz, ends_at timestamptz) PARTITION BY RANGE (starts_at);
CREATE TABLE visits_march_102410 PARTITION OF visits_102400 FOR VALUES FROM ('2026-03-01') TO ('2026-03-03');
CREATE INDEX visits_held_102400 ON visits_102400 USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
SELECT guard('visits_102400', 'visits_held');
CREATE TABLE visits_rest_102420 PARTITION OF visits_102400 DEFAULT;
SELECT book('visits_102400', 1, 'a', 47), book('visits_march_102410', 2, 'a', 47);
INSERT INTO visits_102400 VALUES (3, 'b', '2026-03-02 23:30Z', '2026-03-03 00:30Z');
SELECT book('visits_102400', 4, 'b', 24);
SELECT * FROM appointment_trigger_problems('visits_102400');
-- a partition's own trigger may name the index of the whole
DROP TRIGGER zz_guard_102400 ON visits_102400;
SELECT guard('visits_rest_102420', 'visits_held');
SELECT book('visits_rest_102420', 4, 'b', 24);

-- ---------------------------------------------------------------------
-- without a name
-- ---------------------------------------------------------------------
CREATE TABLE booking (id int PRIMARY KEY, room text, starts_at timestamptz, ends_at timestamptz, expires timestamptz, day date, span int4range);
CREATE INDEX ON booking USING gist (span);
CREATE INDEX ON booking USING hash (room);
SELECT guard('booking');
-- there is none
SELECT book('booking', 1, 'a', 10);
INSERT INTO booking VALUES (1);
SELECT * FROM appointment_trigger_problems('booking');
-- there is one
CREATE INDEX held ON booking USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
SELECT book('booking', 1, 'a', 10), book('booking', 2, 'a', 10), book('booking', 2, 'b', 10);
UPDATE booking SET room = 'a' WHERE id = 2;
SELECT * FROM appointment_trigger_problems('booking');
-- there are two, of whatever kind
CREATE INDEX for_searches ON booking USING gist (occupancy(starts_at, ends_at, '{x}')) WHERE room = 'x';
SELECT book('booking', 3, 'c', 10);
INSERT INTO booking VALUES (3, 'c', '2026-03-02 10:00Z', '2026-03-02 11:00Z');
SELECT sqlstate, message, detail, hint FROM appointment_trigger_problems('booking');
DROP INDEX for_searches;
ALTER TABLE booking ADD CONSTRAINT no_overlap EXCLUDE USING gist (occupancy(starts_at, ends_at, ARRAY[room]) WITH &&);
SELECT book('booking', 3, 'c', 10);
DROP INDEX held;
SELECT book('booking', 3, 'c', 10), book('booking', 4, 'c', 10);
-- a constraint with another column, as Citus wants it
CREATE EXTENSION btree_gist SCHEMA pg_catalog;
ALTER TABLE booking DROP CONSTRAINT no_overlap,
	ADD CONSTRAINT no_overlap EXCLUDE USING gist (day WITH =, occupancy(starts_at, ends_at, ARRAY[room]) WITH &&);
UPDATE booking SET day = '2026-03-02';
SELECT book('booking', 5, 'c', 10);
INSERT INTO booking VALUES (6, 'c', '2026-03-02 10:00Z', '2026-03-02 11:00Z', NULL, '2026-03-02');
INSERT INTO booking VALUES (6, 'c', '2026-03-02 10:00Z', '2026-03-02 11:00Z', NULL, '2026-03-03');
ALTER TABLE booking DROP CONSTRAINT no_overlap;
-- the only one must be one that can be guarded
CREATE INDEX held ON booking USING gist (day, occupancy(starts_at, ends_at, ARRAY[room]));
SELECT book('booking', 7, 'd', 10);
DROP INDEX held;
ALTER TABLE booking ADD CONSTRAINT no_overlap EXCLUDE USING gist (occupancy(starts_at, ends_at, ARRAY[id::text]) WITH &&) DEFERRABLE;
SELECT book('booking', 7, 'd', 10);
ALTER TABLE booking DROP CONSTRAINT no_overlap;
DELETE FROM booking;
DROP EXTENSION btree_gist;

-- the options are there without a name, too
CREATE INDEX held ON booking USING gist (occupancy_seats(starts_at, ends_at, room, 1, 1));
SELECT guard('booking', 'on_conflict=skip', 'expires=expires');
INSERT INTO booking VALUES (1, 'a', '2026-03-02 10:00Z', '2026-03-02 11:00Z', '2026-01-01 00:00Z'),
	(2, 'a', '2026-03-02 10:00Z', '2026-03-02 11:00Z', NULL),
	(3, 'a', '2026-03-02 10:00Z', '2026-03-02 11:00Z', NULL),
	(4, 'b', '2026-03-02 10:00Z', '2026-03-02 11:00Z', '2026-01-01 00:00Z') RETURNING id;
-- and whoever asks by the index is told of them: what has expired does not count
SELECT * FROM occupancy_overbooked('held');
SELECT * FROM occupancy_conflicts('held');
SELECT occupancy_pick('held', '{a,b}', '2026-03-02 10:00Z', '2026-03-02 11:00Z');
SELECT guard('booking', 'expires=expires', 'on_conflict=error');
SELECT book('booking', 3, 'a', 10), book('booking', 3, 'b', 10);
SELECT guard('booking', 'expires=nothing'), book('booking', 5, 'b', 12);
SELECT guard('booking', 'on_conflict=nothing'), book('booking', 5, 'b', 12);
-- what looks like another option is a name
SELECT guard('booking', 'expire=expires'), book('booking', 5, 'b', 12);
SELECT guard('booking', ''), book('booking', 5, 'b', 12);
-- a name comes first
SELECT guard('booking', 'expires=expires', 'held'), book('booking', 5, 'b', 12);
SELECT guard('booking', 'held', 'expires=expires'), book('booking', 5, 'b', 12);

-- the locks do not depend on the name of the index
SELECT guard('booking', 'expires=expires');
DROP INDEX held;
CREATE INDEX held ON booking USING gist (occupancy(starts_at, ends_at, ARRAY[room])) WHERE expires IS NULL;
DELETE FROM booking;
BEGIN;
SELECT book('booking', 10, 'c', 10);
SELECT occupancy_lock('held', occupancy('2026-03-02 10:00Z', '2026-03-02 11:00Z', '{c}'));
ALTER INDEX held RENAME TO kept;
SELECT book('booking', 11, 'c', 11);
SELECT occupancy_lock('kept', occupancy('2026-03-02 10:00Z', '2026-03-02 11:00Z', '{c}'));
SELECT occupancy_pick('kept', '{c,c}', '2026-03-02 12:00Z', '2026-03-02 13:00Z');
SELECT mode, count(*) FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid() GROUP BY mode ORDER BY mode;
ROLLBACK;
-- with a name they do, and so two guards of a table have locks of their own
BEGIN;
SELECT book('booking', 10, 'c', 10);
SELECT guard('booking', 'held'), book('booking', 11, 'c', 11);
SELECT mode, count(*) FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid() GROUP BY mode ORDER BY mode;
ROLLBACK;

-- but not if both guard the same, one by its name and one without, be it for
-- other events
CREATE OR REPLACE TRIGGER zz_guard BEFORE UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION occupancy_guard();
CREATE TRIGGER zz_guard_insert BEFORE INSERT ON booking FOR EACH ROW EXECUTE FUNCTION occupancy_guard('held');
SELECT book('booking', 12, 'd', 12);
BEGIN;
UPDATE booking SET starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour' WHERE id = 12;
SELECT count(*), count(DISTINCT objid) FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid();
SELECT book('booking', 13, 'd', 15);
SELECT occupancy_lock('held', occupancy('2026-03-02 10:00Z', '2026-03-02 11:00Z', '{d}'));
SELECT count(*), count(DISTINCT objid) FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid();
-- nor after it was renamed
ALTER INDEX held RENAME TO kept;
UPDATE booking SET starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour' WHERE id = 12;
SELECT occupancy_lock('kept', occupancy('2026-03-02 10:00Z', '2026-03-02 11:00Z', '{d}'));
SELECT count(*), count(DISTINCT objid) FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid();
ROLLBACK;
DROP TRIGGER zz_guard_insert ON booking;
DELETE FROM booking;
SELECT guard('booking');

-- an index that is not valid: beside one that is, it does not count
CREATE FUNCTION fail(id int) RETURNS text[] IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
	RETURN array_fill('x'::text, ARRAY[1 / (id - 1)]);
END $$;
INSERT INTO booking VALUES (1, 'a', '2026-03-02 10:00Z', '2026-03-02 11:00Z');
CREATE INDEX CONCURRENTLY broken ON booking USING gist (occupancy(starts_at, ends_at, fail(id)));
SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = 'booking'::regclass ORDER BY indexrelid::regclass::text;
SELECT book('booking', 2, 'a', 10), book('booking', 3, 'b', 10);
DELETE FROM booking WHERE id = 1;
DROP INDEX held;
-- alone, it is refused as by its name
SELECT book('booking', 2, 'a', 10);
SELECT guard('booking', 'broken'), book('booking', 2, 'a', 10);
DROP TABLE booking;

-- partitions: the only index of the table that the trigger was made on
CREATE TABLE calendar (id int, room text, starts_at timestamptz, ends_at timestamptz) PARTITION BY RANGE (starts_at);
CREATE TABLE calendar_one PARTITION OF calendar FOR VALUES FROM ('2026-03-01') TO ('2026-03-03') PARTITION BY LIST (room);
CREATE TABLE calendar_one_a PARTITION OF calendar_one FOR VALUES IN ('a');
CREATE TABLE calendar_one_b PARTITION OF calendar_one DEFAULT;
CREATE TABLE calendar_two PARTITION OF calendar DEFAULT;
SELECT guard('calendar');
SELECT sqlstate, relation, message FROM appointment_trigger_problems('calendar');
SELECT book('calendar', 1, 'a', 10);
-- of an index that does not cover a partition, the partition is told
CREATE INDEX calendar_some ON ONLY calendar USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
CREATE INDEX calendar_two_some ON calendar_two USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
ALTER INDEX calendar_some ATTACH PARTITION calendar_two_some;
INSERT INTO calendar VALUES (1, 'a', '2026-03-02 10:00Z', '2026-03-02 11:00Z');
SELECT sqlstate, relation, message FROM appointment_trigger_problems('calendar');
DROP INDEX calendar_some;
CREATE INDEX calendar_held ON calendar USING gist (occupancy(starts_at, ends_at, ARRAY[room]));
INSERT INTO calendar VALUES (1, 'a', '2026-03-02 23:00Z', '2026-03-03 01:00Z'), (2, 'b', '2026-03-02 23:00Z', '2026-03-03 01:00Z');
SELECT book('calendar', 3, 'a', 24), book('calendar_two', 3, 'b', 24), book('calendar_one', 3, 'b', 23), book('calendar_two', 3, 'c', 24);
UPDATE calendar SET starts_at = '2026-03-02 22:00Z', ends_at = '2026-03-03 00:30Z' WHERE id = 3;
UPDATE calendar SET starts_at = '2026-03-02 22:00Z', ends_at = '2026-03-03 00:30Z', room = 'a' WHERE id = 3;
SELECT sqlstate, relation, message FROM appointment_trigger_problems('calendar');
-- one that a partition has for itself is no index of the table
CREATE INDEX calendar_two_own ON calendar_two USING gist (occupancy(starts_at, ends_at, '{all}'));
SELECT book('calendar_two', 4, 'd', 24), book('calendar', 5, 'e', 24), book('calendar', 5, 'a', 24);
-- one that does not cover all partitions is not valid, and does not count beside one that is
CREATE INDEX calendar_only ON ONLY calendar USING gist (occupancy(starts_at, ends_at, '{all}'));
ALTER INDEX calendar_only ATTACH PARTITION calendar_two_own;
SELECT book('calendar_two', 6, 'd', 24), book('calendar', 6, 'f', 26);
-- two
DROP INDEX calendar_only;
CREATE INDEX calendar_again ON calendar USING gist (occupancy(starts_at, ends_at, '{all}'));
SELECT book('calendar_two', 7, 'g', 30), book('calendar', 7, 'g', 10);
SELECT sqlstate, relation, message FROM appointment_trigger_problems('calendar');
DROP INDEX calendar_again;
-- a trigger of a partition goes by the partition's own index, and by the
-- locks of the whole
SELECT guard('calendar', 'calendar_held');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON calendar_two FOR EACH ROW EXECUTE FUNCTION occupancy_guard();
SELECT book('calendar_two', 7, 'g', 30), book('calendar_two', 8, 'g', 30);
BEGIN;
SELECT book('calendar', 8, 'h', 30);
SELECT occupancy_lock('calendar_held', occupancy('2026-03-03 06:00Z', '2026-03-03 07:00Z', '{h}'));
SELECT mode, count(*) FROM pg_locks WHERE locktype = 'userlock' AND pid = pg_backend_pid() GROUP BY mode ORDER BY mode;
ROLLBACK;
-- a partition that has become a table of its own loses the copy of the trigger, not its own
ALTER TABLE calendar DETACH PARTITION calendar_two;
SELECT book('calendar_two', 9, 'g', 30), book('calendar_two', 9, 'i', 30);

-- a user with no rights but to write: the guard finds the index, and tells nothing
CREATE ROLE regress_shard_writer;
GRANT USAGE ON SCHEMA regress_occupancy_guard_shards TO regress_shard_writer;
GRANT INSERT ON g1_102236, calendar_two TO regress_shard_writer;
SET ROLE regress_shard_writer;
INSERT INTO g1_102236 VALUES (7, 'a', '2026-03-02 10:00Z', '2026-03-02 11:00Z');
INSERT INTO calendar_two VALUES (7, 'g', '2026-03-03 06:00Z', '2026-03-03 07:00Z');
RESET ROLE;

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA regress_occupancy_guard_shards CASCADE;
DROP ROLE regress_shard_writer;
