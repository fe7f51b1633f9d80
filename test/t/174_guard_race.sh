#!/bin/bash
#
# Single-row statements of many clients through guards that could get in each
# other's way: two of one table, foreign keys, partitions on two levels.  None
# deadlocks, and nothing is booked twice.

. test/tap.sh

# storm NAME: 8 clients run the script of the input; what it refuses itself it
# passes over, anything else is a failure
storm()
{
	local status=0 log=$SCRATCH/$1.log count
	cat >"$SCRATCH/$1.sql"
	pgbench -n -c 8 -j 2 -T "${SECONDS_EACH:-4}" --random-seed=1 -f "$SCRATCH/$1.sql" >"$log" 2>&1 || status=$?
	count=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$log")
	is "$status $(sed -n 's/^number of failed transactions: \([0-9]*\).*/\1/p' "$log")" "0 0" "$1: none of $count fails"
	grep -m 5 -iE 'error|deadlock' "$log" | sed 's/^/# /'
}

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

# ------------------------------------------------------------------
# two guards
# ------------------------------------------------------------------

sql "CREATE TABLE lessons (id int PRIMARY KEY, teacher int, room int, hour int);
	CREATE INDEX lessons_teacher ON lessons USING gist (occupancy_from_range(period(hour), ARRAY[teacher::text]));
	CREATE INDEX lessons_room ON lessons USING gist (occupancy_from_range(period(hour), ARRAY[room::text]));
	CREATE TRIGGER a BEFORE INSERT OR UPDATE ON lessons FOR EACH ROW EXECUTE FUNCTION occupancy_guard('lessons_teacher');
	CREATE TRIGGER b BEFORE INSERT OR UPDATE ON lessons FOR EACH ROW EXECUTE FUNCTION occupancy_guard('lessons_room')" >/dev/null
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
is "$(sql "SELECT count(*) FROM occupancy_conflicts('lessons_teacher')") $(sql "SELECT count(*) FROM occupancy_conflicts('lessons_room')")" "0 0" \
	"and nobody teaches or is taught twice at once"

# ------------------------------------------------------------------
# foreign keys
# ------------------------------------------------------------------

sql "CREATE TABLE rooms (id int PRIMARY KEY, version int);
	INSERT INTO rooms SELECT n, 0 FROM generate_series(1, 6) n;
	CREATE TABLE bookings (id int PRIMARY KEY, follows int REFERENCES bookings ON DELETE SET NULL, room int REFERENCES rooms ON UPDATE CASCADE ON DELETE CASCADE, hour int);
	CREATE INDEX ON bookings (follows);
	CREATE INDEX bookings_held ON bookings USING gist (occupancy_from_range(period(hour), ARRAY[room::text]));
	CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON bookings FOR EACH ROW EXECUTE FUNCTION occupancy_guard('bookings_held')" >/dev/null
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
is "$(sql "SELECT count(*) FROM occupancy_conflicts('bookings_held')")" 0 "and no room is taken twice"

# ------------------------------------------------------------------
# partitions on two levels
# ------------------------------------------------------------------

sql "CREATE TABLE visits (id int, region int, hour int, room int, status text) PARTITION BY LIST (region);
	CREATE TABLE visits_1 PARTITION OF visits FOR VALUES IN (1) PARTITION BY RANGE (hour);
	CREATE TABLE visits_1a PARTITION OF visits_1 FOR VALUES FROM (0) TO (4);
	CREATE TABLE visits_1b PARTITION OF visits_1 DEFAULT;
	CREATE TABLE visits_2 PARTITION OF visits DEFAULT;
	CREATE INDEX visits_held ON visits USING gist (occupancy_from_range(period(hour), ARRAY[room::text])) WHERE (status IS NULL);
	CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_held')" >/dev/null
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
is "$(sql "SELECT count(*) FROM occupancy_conflicts('visits_held')")" 0 "and no room is taken twice, in whichever partitions"

done_testing
