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
#	HERD_WAYS		all of those below
#	HERD_LEVELS		read-committed repeatable-read serializable
#
# Every transaction tries to book two of six resources for half an hour.  The
# time moves on after some attempts, so that there is always a slot that
# everybody wants and soon nobody can have.  A refused booking is an answer,
# not a failure; a deadlock or a serialization failure is one.
set -eu

clients=${HERD_CLIENTS:-16}
seconds=${HERD_SECONDS:-12}
ways=${HERD_WAYS:-"constraint do_nothing constraint_guard index_guard index_guard_skip advisory naive"}
levels=${HERD_LEVELS:-"read-committed repeatable-read serializable"}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
run_psql() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }

run_psql >/dev/null <<'SQL'
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS herd CASCADE;
CREATE SCHEMA herd;
CREATE SEQUENCE herd.attempts CACHE 1;
CREATE TABLE herd.bookings (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	starts_at timestamptz, ends_at timestamptz, resources text[]);

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

constraint="ALTER TABLE herd.bookings ADD CONSTRAINT held EXCLUDE USING gist (occupancy(starts_at, ends_at, resources) WITH &&)"
index="CREATE INDEX held ON herd.bookings USING gist (occupancy(starts_at, ends_at, resources))"
guard() { printf "CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON herd.bookings FOR EACH ROW EXECUTE FUNCTION occupancy_guard('held'%s)" "${1-}"; }

# prepare WAY: an empty table, and the script of the clients
prepare()
{
	run_psql -c 'TRUNCATE herd.bookings' \
		-c 'DROP TRIGGER IF EXISTS guard ON herd.bookings' \
		-c 'ALTER TABLE herd.bookings DROP CONSTRAINT IF EXISTS held' \
		-c 'DROP INDEX IF EXISTS herd.held' 2>/dev/null
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
		index_guard)
			run_psql -c "$index" -c "$(guard)"
			echo 'SELECT herd.insert_it();' ;;
		index_guard_skip)
			run_psql -c "$index" -c "$(guard ", 'on_conflict=skip'")"
			echo 'SELECT herd.insert_it();' ;;
		advisory)
			run_psql -c "$index"
			echo 'SELECT herd.check_and_insert(true);' ;;
		naive)
			run_psql -c "$index"
			echo 'SELECT herd.check_and_insert(false);' ;;
		*)
			echo "herd.sh: unknown way $1" >&2
			exit 2 ;;
	esac >"$scratch/script.sql"
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
	overlaps=$(run_psql -c "SELECT count(*) FROM herd.bookings a JOIN herd.bookings b
		ON occupancy(a.starts_at, a.ends_at, a.resources) && occupancy(b.starts_at, b.ends_at, b.resources) AND a.id < b.id")
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
	for way in $ways; do
		result=$(measure "$way" "$level")
		echo "$result" >"$scratch/result.$level.$way"
		echo "| $level | $way | ${result// / | } |" >&2
	done
done
run_psql -c 'SET client_min_messages = warning' -c 'DROP SCHEMA herd CASCADE'

# The targets of the guard, against advisory locks and a check
for level in $levels; do
	for way in constraint_guard index_guard; do
		ours=$scratch/result.$level.$way
		theirs=$scratch/result.$level.advisory
		if [ ! -e "$ours" ] || [ ! -e "$theirs" ]; then
			continue
		fi
		paste -d' ' "$ours" "$theirs" | awk -v name="herd, $level, $way" '
			function row(what, o, t, ratio, target, met) {
				printf "| %s: %s | %s | %s | %s | %s | %s |\n", name, what, o, t, ratio, target, met ? "yes" : "**no**"
			}
			{
				row("transactions/s against advisory lock then check", $1, $8, sprintf("%.2f", $1 / $8), "at least 0.9", $1 / $8 >= 0.9)
				row("worst case", $3 " ms", $10 " ms", sprintf("%.2f", $3 / $10), "at most 2", $3 / $10 <= 2)
				row("overlaps and deadlocks", $6 + $4, $13 + $11, "", "0", $6 + $4 == 0)
			}'
	done
done
