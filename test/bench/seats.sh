#!/bin/bash
#
# seats.sh
#		Seats of classes with the guard, and any of many rooms with
#		occupancy_pick, against what is done by hand: a lock on the class's row
#		and a sum, and a table of slots that is made beforehand.
#
# Runs against the server and database of PGHOST, PGDATABASE, ... (in "make
# bench": the private server's), which needs the extension, in a schema of its
# own, and prints rows of the benchmarks' table.
#
#	SEATS_CLIENTS	16
#	SEATS_RUNS		5, of each way, alternately; the median counts
#	SEATS_BOOKINGS	12000 of a run; a quarter where each waits for the disk
#
# Both ways make the same bookings: the classes come one after the other, and
# each gets as many attempts as it has seats, so that nothing is refused and all
# clients want the same class most of the time.  That is checked after each run.
#
# A booking that somebody is told of has to outlive the server.  So the targets
# are for commits that wait for the disk, as is PostgreSQL's default: fsync is
# switched on for this time, if it is off.  What the disk takes is the same for
# both, but not how many share it.  The same without waiting stands beside.
set -eu

clients=${SEATS_CLIENTS:-16}
runs=${SEATS_RUNS:-5}
bookings=${SEATS_BOOKINGS:-12000}
scratch=$(mktemp -d)
run_psql() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }

# set_fsync COMMAND: and wait until everybody knows it
set_fsync()
{
	run_psql -c "ALTER SYSTEM $1" -c 'SELECT pg_reload_conf()' -c 'SELECT pg_sleep(0.2)' >/dev/null
}
fsync=$(run_psql -c 'SHOW fsync')
cleanup()
{
	rm -rf "$scratch"
	[ "$fsync" = on ] || set_fsync 'RESET fsync'
}
trap cleanup EXIT

run_psql >/dev/null <<'SQL'
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS seats CASCADE;
CREATE SCHEMA seats;
CREATE SEQUENCE seats.attempts MINVALUE 0;

-- ---------------------------------------------------------------------
-- seats of a class
-- ---------------------------------------------------------------------

CREATE TABLE seats.classes (id int PRIMARY KEY, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, capacity int NOT NULL);

CREATE TABLE seats.ours (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, class_id int NOT NULL,
	starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, seats int NOT NULL, capacity int NOT NULL);
CREATE INDEX ours_held ON seats.ours USING gist (occupancy_seats(starts_at, ends_at, class_id::text, seats, capacity));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON seats.ours FOR EACH ROW EXECUTE FUNCTION occupancy_guard('ours_held');

CREATE TABLE seats.theirs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, class_id int NOT NULL, seats int NOT NULL);
CREATE INDEX ON seats.theirs (class_id) INCLUDE (seats);
CREATE FUNCTION seats.book(class int, wanted int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	available int;
	taken bigint;
	booking bigint;
BEGIN
	SELECT capacity INTO STRICT available FROM seats.classes WHERE id = class FOR UPDATE;
	SELECT coalesce(sum(seats), 0) INTO taken FROM seats.theirs WHERE class_id = class;
	IF taken + wanted > available THEN
		RAISE 'the class is full';
	END IF;
	INSERT INTO seats.theirs (class_id, seats) VALUES (class, wanted) RETURNING id INTO booking;
	RETURN booking;
END $$;

-- ---------------------------------------------------------------------
-- any of 20 rooms
-- ---------------------------------------------------------------------

CREATE TABLE seats.rooms (id text PRIMARY KEY);
INSERT INTO seats.rooms SELECT 'room ' || n FROM generate_series(10, 29) n;

CREATE TABLE seats.stays (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, room_id text NOT NULL,
	starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL);
CREATE INDEX stays_held ON seats.stays USING gist (occupancy(starts_at, ends_at, ARRAY[room_id]));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON seats.stays FOR EACH ROW EXECUTE FUNCTION occupancy_guard('stays_held');

CREATE TABLE seats.slots (starts_at timestamptz, room_id text, ends_at timestamptz NOT NULL, booked_at timestamptz, PRIMARY KEY (starts_at, room_id))
	WITH (fillfactor = 70);
SQL

# The number of the class or hour that is booked just now
number="(SELECT (nextval('seats.attempts') / :per)::int AS number OFFSET 0) n"
hour="timestamptz '2030-01-01Z' + n.number * interval '1 hour' AS starts_at, timestamptz '2030-01-01Z' + (n.number + 1) * interval '1 hour' AS ends_at"
cat >"$scratch/ours" <<END
INSERT INTO seats.ours (class_id, starts_at, ends_at, seats, capacity)
	SELECT c.id, c.starts_at, c.ends_at, 1, c.capacity FROM $number JOIN seats.classes c ON c.id = n.number RETURNING id;
END
cat >"$scratch/theirs" <<END
SELECT seats.book(n.number, 1) FROM $number;
END
cat >"$scratch/pick" <<END
WITH wanted AS MATERIALIZED (SELECT $hour FROM $number),
	picked AS MATERIALIZED (SELECT w.*, occupancy_pick('seats.stays_held', (SELECT array_agg(id ORDER BY id) FROM seats.rooms), w.starts_at, w.ends_at) AS room FROM wanted w)
INSERT INTO seats.stays (room_id, starts_at, ends_at) SELECT room[1], starts_at, ends_at FROM picked WHERE room IS NOT NULL RETURNING room_id;
END
cat >"$scratch/slot" <<END
WITH wanted AS MATERIALIZED (SELECT $hour FROM $number),
	slot AS (SELECT s.starts_at, s.room_id FROM seats.slots s WHERE s.starts_at = (SELECT starts_at FROM wanted) AND s.booked_at IS NULL
		ORDER BY s.room_id LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE seats.slots s SET booked_at = now() FROM slot WHERE s.starts_at = slot.starts_at AND s.room_id = slot.room_id RETURNING s.room_id;
END

# prepare BOOKINGS PER: nothing is booked; each class has PER seats
prepare()
{
	run_psql -v bookings="$1" -v per="$2" <<-'SQL'
		ALTER SEQUENCE seats.attempts RESTART 0;
		TRUNCATE seats.classes, seats.ours, seats.theirs, seats.stays, seats.slots;
		INSERT INTO seats.classes SELECT n, timestamptz '2030-01-01Z' + n * interval '10 minutes', timestamptz '2030-01-01Z' + n * interval '10 minutes' + interval '1 hour', :per
			FROM generate_series(0, :bookings / :per) n;
		VACUUM ANALYZE seats.classes;
	SQL
}

# made WAY: how many bookings there are, and how much is booked too often
made()
{
	case $1 in
		ours) echo "SELECT count(*), (SELECT count(*) FROM (SELECT FROM seats.ours GROUP BY class_id, capacity HAVING sum(seats) > capacity) t) FROM seats.ours" ;;
		theirs) echo "SELECT count(*), (SELECT count(*) FROM (SELECT FROM seats.theirs t JOIN seats.classes c ON c.id = class_id GROUP BY class_id, capacity HAVING sum(seats) > capacity) t) FROM seats.theirs" ;;
		pick) echo "SELECT count(*), count(*) - count(DISTINCT (room_id, starts_at)) FROM seats.stays" ;;
		slot) echo "SELECT count(*), 0 FROM seats.slots WHERE booked_at IS NOT NULL" ;;
	esac | run_psql
}

# measure WAY BOOKINGS PER: bookings a second
measure()
{
	prepare "$2" "$3"
	if [ "$1" = slot ]; then
		run_psql -v bookings="$2" -v per="$3" <<-'SQL'
			INSERT INTO seats.slots SELECT timestamptz '2030-01-01Z' + n * interval '1 hour', r.id, timestamptz '2030-01-01Z' + (n + 1) * interval '1 hour'
				FROM generate_series(0, :bookings / :per) n, seats.rooms r ORDER BY n, r.id;
			VACUUM ANALYZE seats.slots;
		SQL
	fi
	pgbench -n -M prepared -c "$clients" -j 2 -t $(($2 / clients)) -D per="$3" -f "$scratch/$1" >"$scratch/out" 2>"$scratch/err" || {
		cat "$scratch/err" >&2
		exit 1
	}
	made=$(made "$1")
	if [ "$made" != "$2|0" ]; then
		echo "seats.sh: $1 should have made $2 bookings and none too many, and made $made" >&2
		exit 1
	fi
	sed -n 's/^tps = \([0-9]*\).*/\1/p' "$scratch/out" | head -n 1
}

median() { sort -n "$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# compare OURS THEIRS BOOKINGS PER: the medians of both, in $o and $t
compare()
{
	local run
	rm -f "$scratch"/tps.*
	for ((run = 1; run <= runs; run++)); do
		if ((run % 2)); then
			measure "$1" "$3" "$4" >>"$scratch/tps.ours"
			measure "$2" "$3" "$4" >>"$scratch/tps.theirs"
		else
			measure "$2" "$3" "$4" >>"$scratch/tps.theirs"
			measure "$1" "$3" "$4" >>"$scratch/tps.ours"
		fi
	done
	echo "seats.sh: $1 $4: $(paste -sd ' ' "$scratch/tps.ours"), $2: $(paste -sd ' ' "$scratch/tps.theirs")" >&2
	o=$(median "$scratch/tps.ours")
	t=$(median "$scratch/tps.theirs")
}

# row TEXT [TARGET]
row()
{
	awk -v text="$1" -v target="${2:-}" -v o="$o" -v t="$t" 'BEGIN {
		printf "| %s | %d/s | %d/s | %s | %s | %s |\n", text, o, t,
			(o >= t) ? sprintf("%.2f times faster", o / t) : sprintf("%.2f times slower", t / o),
			(target == "") ? "" : "at least " target " times faster", (target == "") ? "" : (o / t >= target) ? "yes" : "**no**" }'
}

# rows BOOKINGS COMMITS [TARGET-12 TARGET-500 TARGET-PICK]
rows()
{
	local o12 t12
	compare ours theirs $(($1 - $1 % clients)) 12
	row "class of 12 seats, $2: guard against \`FOR UPDATE\` of the class, \`sum(seats)\` and insert in plpgsql" "${3:-}"
	o12=$o
	t12=$t
	compare ours theirs $(($1 / 2 - $1 / 2 % clients)) 500
	row "event of 500 seats, $2: the same" "${4:-}"
	awk -v o12="$o12" -v o="$o" -v t12="$t12" -v t="$t" -v commits="$2" 'BEGIN {
		printf "| from 12 to 500 seats, %s: growth of the time | %.2f times | %.2f times | | | |\n", commits, o12 / o, t12 / t }'
	compare pick slot $(($1 - $1 % clients)) 16
	row "any of 20 rooms, $2: \`occupancy_pick\` and insert against \`FOR UPDATE SKIP LOCKED\` on a table of slots" "${5:-}"
}

[ "$fsync" = on ] || set_fsync 'SET fsync = on'
PGOPTIONS='-c synchronous_commit=on' rows $((bookings / 4)) "durable" 1.5 1 1
PGOPTIONS='-c synchronous_commit=off' rows "$bookings" "\`synchronous_commit\` off"

run_psql -c 'SET client_min_messages = warning' -c 'DROP SCHEMA seats CASCADE'
