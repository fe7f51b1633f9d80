#!/bin/bash
#
# herd.sh
#		A herd of clients wants the same few resources at the same times: what
#		each way to prevent double bookings does then.
#
# Runs against the server and database of PGHOST, PGDATABASE, ... (in "make
# bench": the private server's), which needs the extension, in a schema of its
# own, and prints rows of the benchmarks' table; the table of all ways and
# isolation levels goes to standard error.
#
#	HERD_CLIENTS	16
#	HERD_SECONDS	12, for each way and isolation level
#	HERD_WAYS		all of those below; the three of other tables at read committed
#					only, unless they are named here
#	HERD_LEVELS		read-committed repeatable-read serializable
#
# Every transaction tries to book two of six resources for half an hour.  The
# time moves on after some attempts, so that there is always a slot that
# everybody wants and soon nobody can have.  Of seats, each resource has three,
# and a booking takes one of either.  A refused booking is an answer,
# not a failure; a deadlock or a serialization failure is one.
set -eu

clients=${HERD_CLIENTS:-16}
seconds=${HERD_SECONDS:-12}
one_table="constraint do_nothing constraint_guard index_guard index_guard_skip advisory naive"
other_tables="two_guards partitions seats"
levels=${HERD_LEVELS:-"read-committed repeatable-read serializable"}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
run_psql() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }

run_psql >/dev/null <<'SQL'
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS herd CASCADE;
CREATE SCHEMA herd;
CREATE SEQUENCE herd.attempts CACHE 1;
CREATE SEQUENCE herd.ids;

-- The names are in order, as whoever takes advisory locks by hand needs them.
CREATE FUNCTION herd.wish(OUT starts_at timestamptz, OUT ends_at timestamptz, OUT resources text[])
LANGUAGE plpgsql AS $$
DECLARE
	first int := random() * 5;
	second int := (first + 1 + floor(random() * 5)::int) % 6;
BEGIN
	starts_at := timestamptz '2024-01-01Z' + nextval('herd.attempts') / 32 * interval '30 minutes'
		+ floor(random() * 30) * interval '1 minute';
	ends_at := starts_at + interval '30 minutes';
	resources := ARRAY['resource ' || least(first, second), 'resource ' || greatest(first, second)];
END $$;

CREATE FUNCTION herd.insert_it() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO herd.bookings (starts_at, ends_at, resources) SELECT * FROM herd.wish();
	RETURN FOUND;
EXCEPTION WHEN exclusion_violation THEN
	RETURN false;
END $$;

CREATE FUNCTION herd.insert_or_nothing() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO herd.bookings (starts_at, ends_at, resources) SELECT * FROM herd.wish() ON CONFLICT DO NOTHING;
	RETURN FOUND;
END $$;

CREATE FUNCTION herd.check_and_insert(with_locks boolean) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	w record;
	name text;
BEGIN
	SELECT * INTO w FROM herd.wish();
	IF with_locks THEN
		FOREACH name IN ARRAY w.resources LOOP
			PERFORM pg_advisory_xact_lock(hashtextextended(name, 0));
		END LOOP;
	END IF;
	PERFORM FROM herd.bookings b
	WHERE occupancy(b.starts_at, b.ends_at, b.resources) && occupancy(w.starts_at, w.ends_at, w.resources);
	IF FOUND THEN
		RETURN false;
	END IF;
	INSERT INTO herd.bookings (starts_at, ends_at, resources) VALUES (w.starts_at, w.ends_at, w.resources);
	RETURN true;
END $$;
SQL

columns="id bigint PRIMARY KEY DEFAULT nextval('herd.ids'), starts_at timestamptz, ends_at timestamptz, resources text[]"
held="occupancy(starts_at, ends_at, resources)"
held_first="occupancy(starts_at, ends_at, resources[1:1])"
held_second="occupancy(starts_at, ends_at, resources[2:2])"
held_seats="(occupancy_seats(starts_at, ends_at, resources[1], 1, 3) + occupancy_seats(starts_at, ends_at, resources[2], 1, 3))"
constraint="ALTER TABLE herd.bookings ADD CONSTRAINT held EXCLUDE USING gist ($held WITH &&)"

# index HELD [NAME]
index() { printf 'CREATE INDEX %s ON herd.bookings USING gist (%s)' "${2-held}" "$1"; }

# guard [INDEX [ARGUMENTS]]
guard()
{
	printf "CREATE TRIGGER guard_%s BEFORE INSERT OR UPDATE ON herd.bookings FOR EACH ROW EXECUTE FUNCTION occupancy_guard('%s'%s)" \
		"${1-held}" "${1-held}" "${2-}"
}

# prepare WAY: an empty table, and the script of the clients
prepare()
{
	run_psql -c 'SET client_min_messages = warning' -c 'DROP TABLE IF EXISTS herd.bookings'
	if [ "$1" = partitions ]; then
		run_psql -c "CREATE TABLE herd.bookings ($columns) PARTITION BY HASH (id)"
		for i in 0 1 2 3; do
			run_psql -c "CREATE TABLE herd.bookings_$i PARTITION OF herd.bookings FOR VALUES WITH (MODULUS 4, REMAINDER $i)"
		done
	else
		run_psql -c "CREATE TABLE herd.bookings ($columns)"
	fi
	case $1 in
		constraint)
			run_psql -c "$constraint"
			echo 'SELECT herd.insert_it();' ;;
		do_nothing)
			run_psql -c "$constraint"
			echo 'SELECT herd.insert_or_nothing();' ;;
		constraint_guard)
			run_psql -c "$constraint" -c "$(guard)"
			echo 'SELECT herd.insert_it();' ;;
		index_guard | partitions)
			run_psql -c "$(index "$held")" -c "$(guard)"
			echo 'SELECT herd.insert_it();' ;;
		index_guard_skip)
			run_psql -c "$(index "$held")" -c "$(guard held ", 'on_conflict=skip'")"
			echo 'SELECT herd.insert_it();' ;;
		advisory)
			run_psql -c "$(index "$held")"
			echo 'SELECT herd.check_and_insert(true);' ;;
		naive)
			run_psql -c "$(index "$held")"
			echo 'SELECT herd.check_and_insert(false);' ;;
		two_guards)
			run_psql -c "$(index "$held_first" first)" -c "$(guard first)" \
				-c "$(index "$held_second" second)" -c "$(guard second)"
			echo 'SELECT herd.insert_it();' ;;
		seats)
			run_psql -c "$(index "$held_seats")" -c "$(guard)"
			echo 'SELECT herd.insert_it();' ;;
		*)
			echo "herd.sh: unknown way $1" >&2
			exit 2 ;;
	esac >"$scratch/script.sql"
}

# pairs HELD: pairs of bookings that overlap
pairs()
{
	local bookings="(SELECT id, $1 AS held FROM herd.bookings)"
	printf '(SELECT count(*) FROM %s AS a JOIN %s AS b ON a.held && b.held AND a.id < b.id)' "$bookings" "$bookings"
}

# overlaps WAY: of seats, the bookings that begin when all are taken
overlaps()
{
	case $1 in
		two_guards)
			run_psql -c "SELECT $(pairs "$held_first") + $(pairs "$held_second")" ;;
		seats)
			run_psql -c "SELECT count(*) FROM (
				SELECT change, sum(change) OVER (PARTITION BY resource ORDER BY at, change ROWS UNBOUNDED PRECEDING) AS taken
				FROM herd.bookings, unnest(resources) AS resource, LATERAL (VALUES (starts_at, 1), (ends_at, -1)) AS moment (at, change)
			) AS s WHERE change > 0 AND taken > 3" ;;
		*)
			run_psql -c "SELECT $(pairs "$held")" ;;
	esac
}

# measure WAY LEVEL: "tps p99 worst deadlocks serialization overlaps booked",
# times in milliseconds
measure()
{
	local tps deadlocks serialization times overlaps booked

	prepare "$1"
	rm -f "$scratch"/log.*
	PGOPTIONS="-c default_transaction_isolation=${2/-/\\ } -c synchronous_commit=off" \
		pgbench -n -M prepared -c "$clients" -j 2 -T "$seconds" \
		--failures-detailed -l --log-prefix="$scratch/log" \
		-f "$scratch/script.sql" >"$scratch/out" 2>"$scratch/err" || {
		cat "$scratch/err" >&2
		exit 1
	}
	tps=$(sed -n 's/^tps = \([0-9]*\).*/\1/p' "$scratch/out" | head -n 1)
	deadlocks=$(sed -n 's/^number of deadlock failures: \([0-9]*\).*/\1/p' "$scratch/out")
	serialization=$(sed -n 's/^number of serialization failures: \([0-9]*\).*/\1/p' "$scratch/out")
	times=$(cat "$scratch"/log.* | awk '$3 ~ /^[0-9]+$/ {print $3}' | sort -n |
		awk '{t[NR] = $1} END {printf "%.1f %.1f", t[int(NR * 0.99 + 0.5)] / 1000, t[NR] / 1000}')
	overlaps=$(overlaps "$1")
	booked=$(run_psql -c 'SELECT count(*) FROM herd.bookings')
	echo "$tps $times $deadlocks $serialization $overlaps $booked"
}

{
	echo
	echo "$clients clients, $seconds s each, synchronous_commit off"
	echo
	echo '| isolation level | way | transactions/s | p99 ms | worst ms | deadlocks | serialization failures | overlaps | booked |'
	echo '|---|---|---|---|---|---|---|---|---|'
} >&2
for level in $levels; do
	default=$one_table
	if [ "$level" = read-committed ]; then
		default+=" $other_tables"
	fi
	for way in ${HERD_WAYS:-$default}; do
		result=$(measure "$way" "$level")
		echo "$result" >"$scratch/result.$level.$way"
		echo "| $level | $way | ${result// / | } |" >&2
	done
done
run_psql -c 'SET client_min_messages = warning' -c 'DROP SCHEMA herd CASCADE'

# The targets of the guard; on the same table, against advisory locks and a check
for level in $levels; do
	for way in constraint_guard index_guard $other_tables; do
		ours=$scratch/result.$level.$way
		theirs=$scratch/result.$level.advisory
		[[ " $other_tables " != *" $way "* ]] || theirs=/dev/null
		if [ ! -e "$ours" ] || [ ! -e "$theirs" ]; then
			continue
		fi
		paste -d' ' "$ours" "$theirs" | awk -v name="herd, $level, $way" '
			function row(what, o, t, ratio, target, met) {
				printf "| %s: %s | %s | %s | %s | %s | %s |\n", name, what, o, t, ratio, target, met ? "yes" : "**no**"
			}
			NF > 7 {
				row("transactions/s against advisory lock then check", $1, $8, sprintf("%.2f", $1 / $8), "at least 1.3", $1 / $8 >= 1.3)
				row("worst case", $3 " ms", $10 " ms", sprintf("%.2f", $3 / $10), "at most 2", $3 / $10 <= 2)
			}
			{
				row("overlaps and deadlocks", $6 + $4, NF > 7 ? $13 + $11 : "", "", "0", $6 + $4 == 0)
			}'
	done
done
