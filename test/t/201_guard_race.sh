#!/bin/bash
#
# Single-row statements of many clients through guards that could get in each
# other's way: two of one table, foreign keys, partitions on two levels, an index
# without a name that is built again.  None deadlocks, and nothing is booked
# twice.

. test/lib/tap.sh
. test/lib/storm.sh

sql "CREATE EXTENSION appointment;
	CREATE FUNCTION period(hour int) RETURNS tstzrange LANGUAGE sql IMMUTABLE RETURN
		tstzrange(timestamptz '2024-01-01Z' + hour * interval '1 hour', timestamptz '2024-01-01Z' + (hour + 1) * interval '1 hour');
	-- runs one statement, and tells only of what is neither a refusal nor a key
	CREATE FUNCTION try(statement text) RETURNS void LANGUAGE plpgsql AS \$\$
	BEGIN
		EXECUTE statement;
	EXCEPTION WHEN exclusion_violation OR unique_violation OR foreign_key_violation THEN
		NULL;
	END \$\$" >/dev/null

# guard TABLE COLUMN [PREDICATE [EVENTS]]: an index over what the column names,
# held for the row's hour, and a guard of it
guard()
{
	sql "CREATE INDEX $1_$2 ON $1 USING gist (occupancy_from_range(period(hour), ARRAY[$2::text])) ${3:+WHERE ($3)};
		CREATE TRIGGER $2 BEFORE INSERT OR UPDATE ${4:-} ON $1 FOR EACH ROW EXECUTE FUNCTION occupancy_guard('$1_$2')" >/dev/null
}

# held_once DESCRIPTION INDEX...: in none of them is anything held twice
held_once()
{
	local description=$1 index
	shift
	for index; do
		is "$(sql "SELECT count(*) FROM occupancy_conflicts('$index')")" 0 "$description ($index)"
	done
}

# ------------------------------------------------------------------
# two guards
# ------------------------------------------------------------------

sql "CREATE TABLE lessons (id int PRIMARY KEY, teacher int, room int, hour int)" >/dev/null
guard lessons teacher
guard lessons room
storm "two guards" <<-'END'
	\set id random(1, 30)
	\set teacher random(1, 6)
	\set room random(1, 6)
	\set hour random(1, 6)
	\set what random(1, 4)
	\if :what = 1
		SELECT try(format('DELETE FROM lessons WHERE id = %s', :id));
	\elif :what = 2
		SELECT try(format('UPDATE lessons SET teacher = %s, room = %s, hour = %s WHERE id = %s', :teacher, :room, :hour, :id));
	\else
		SELECT try(format('INSERT INTO lessons VALUES (%s, %s, %s, %s)', :id, :teacher, :room, :hour));
	\endif
END
held_once "and nobody teaches or is taught twice at once" lessons_teacher lessons_room

# ------------------------------------------------------------------
# foreign keys
# ------------------------------------------------------------------

sql "CREATE TABLE rooms (id int PRIMARY KEY, version int);
	INSERT INTO rooms SELECT n, 0 FROM generate_series(1, 6) n;
	CREATE TABLE bookings (id int PRIMARY KEY, follows int REFERENCES bookings ON DELETE SET NULL, room int REFERENCES rooms ON UPDATE CASCADE ON DELETE CASCADE, hour int);
	CREATE INDEX ON bookings (follows)" >/dev/null
guard bookings room '' 'OR DELETE'
storm "foreign keys" <<-'END'
	\set id random(1, 40)
	\set follows random(1, 40)
	\set room random(1, 12)
	\set hour random(1, 12)
	\set fresh random(1000, 1000000000)
	\set what random(1, 12)
	\if :what = 1
		SELECT try(format('UPDATE rooms SET id = %s WHERE id = %s', :fresh, :room));
	\elif :what > 10
		SELECT try(format('INSERT INTO rooms VALUES (%s, 0)', :room));
	\elif :what = 2
		SELECT try(format('UPDATE rooms SET version = version + 1 WHERE id = %s', :room));
	\elif :what < 5
		SELECT try(format('DELETE FROM bookings WHERE id = %s', :id));
	\else
		SELECT try(format('INSERT INTO bookings VALUES (%s, NULL, %s, %s)', :id, :room, :hour));
	\endif
END
held_once "and no room is taken twice" bookings_room

# ------------------------------------------------------------------
# partitions on two levels
# ------------------------------------------------------------------

sql "CREATE TABLE visits (id int, region int, hour int, room int, status text) PARTITION BY LIST (region);
	CREATE TABLE visits_1 PARTITION OF visits FOR VALUES IN (1) PARTITION BY RANGE (hour);
	CREATE TABLE visits_1a PARTITION OF visits_1 FOR VALUES FROM (0) TO (4);
	CREATE TABLE visits_1b PARTITION OF visits_1 DEFAULT;
	CREATE TABLE visits_2 PARTITION OF visits DEFAULT" >/dev/null
guard visits room 'status IS NULL'
storm "partitions" <<-'END'
	\set id random(1, 60)
	\set region random(1, 2)
	\set hour random(0, 7)
	\set room random(1, 6)
	\set what random(1, 6)
	\if :what = 1
		SELECT try(format('UPDATE visits SET status = ''cancelled'' WHERE id = %s', :id));
	\elif :what = 2
		SELECT try(format('DELETE FROM visits WHERE id = %s', :id));
	\else
		SELECT try(format('INSERT INTO visits VALUES (%s, %s, %s, %s)', :client_id * 100 + :id, :region, :hour, :room));
	\endif
END
held_once "and no room is taken twice, in whichever partitions" visits_room

# ------------------------------------------------------------------
# a guard that names no index, which is built again and renamed meanwhile
# ------------------------------------------------------------------

sql "CREATE TABLE rentals (id int PRIMARY KEY, bike int, hour int);
	CREATE INDEX rentals_0 ON rentals USING gist (occupancy_from_range(period(hour), ARRAY[bike::text]));
	CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON rentals FOR EACH ROW EXECUTE FUNCTION occupancy_guard()" >/dev/null
(
	times=0
	while [ ! -e "$SCRATCH/enough" ] &&
		sql "REINDEX INDEX CONCURRENTLY rentals_$times" &&
		sql "ALTER INDEX rentals_$times RENAME TO rentals_$((times + 1))"; do
		times=$((times + 1))
	done >"$SCRATCH/reindex.log" 2>&1
	echo "$times" >"$SCRATCH/times"
) &
storm "a guard without a name" <<-'END'
	\set id random(1, 30)
	\set bike random(1, 6)
	\set hour random(1, 6)
	\set what random(1, 3)
	\if :what = 1
		SELECT try(format('DELETE FROM rentals WHERE id = %s', :id));
	\elif :what = 2
		SELECT try(format('UPDATE rentals SET bike = %s, hour = %s WHERE id = %s', :bike, :hour, :id));
	\else
		SELECT try(format('INSERT INTO rentals VALUES (%s, %s, %s)', :id, :bike, :hour));
	\endif
END
touch "$SCRATCH/enough"
wait
times=$(cat "$SCRATCH/times")
is "$(cat "$SCRATCH/reindex.log")" "" "the index is built again and renamed"
is "$((times > 2))" 1 "more than once"
held_once "and no bike is rented twice" "rentals_$times"

# ------------------------------------------------------------------
# picks of one or both of two rooms, at any time
# ------------------------------------------------------------------

sql "CREATE TABLE stays (room int, hour int)" >/dev/null
guard stays room
storm "picks" <<-'END'
	\set hour random(1, 1000000)
	\set rooms random(1, 2)
	WITH p AS (SELECT occupancy_pick('stays_room', '{1,2}', lower(period(:hour)), upper(period(:hour)), :rooms) AS room)
		INSERT INTO stays SELECT unnest(room)::int, :hour FROM p;
END
held_once "and no room is taken twice" stays_room
is "$(sql "SELECT count(*) > 200 FROM stays")" t "they wait for each other, and not for ever"

done_testing
