#!/bin/bash
#
# run_soak.sh SECONDS
#		The soak against the private server of private_cluster.sh, which is
#		killed meanwhile; see test_soak.sh.
#
# In the last quarter, or the last five minutes, nothing is killed, so that
# connections live long enough to see whether their memory grows.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh" inside

seconds=$1
clients=${SOAK_CLIENTS:-24}
seed=${SEED:-20240101}
data=$SCRATCH/data
journals=$SCRATCH/journals
passed=0
failed=0

# result DESCRIPTION COMMAND...: what the command says counts
result()
{
	local description=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		printf 'ok - %s\n' "$description"
	else
		failed=$((failed + 1))
		printf 'not ok - %s\n' "$description"
	fi
}

# server COMMAND...: a command of the server's user
server()
{
	# shellcheck disable=SC2086
	(cd / && $AS_SERVER "$@")
}

postmaster()
{
	sed -n 1p "$data/postmaster.pid" 2>/dev/null
}

# leftovers: the processes of this server, by its program
leftovers()
{
	local process
	for process in /proc/[0-9]*; do
		if [ "$(readlink "$process/exe" 2>/dev/null)" = "$PG_BINDIR/postgres" ]; then
			printf '%s\n' "${process#/proc/}"
		fi
	done
}

# start_again: after a postmaster's death its children may still be there, and
# one that waits for nothing does not notice; an init system would end it
start_again()
{
	local try pid
	for try in $(seq 120); do
		if server "$PG_BINDIR/pg_ctl" -D "$data" -l "$SERVER_LOG" -w -t 120 start \
			>/dev/null 2>&1; then
			return
		fi
		if [ $((try % 20)) = 0 ]; then
			for pid in $(leftovers); do
				printf '# left over: %s\n' "$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)"
				kill -KILL "$pid" 2>/dev/null || :
			done
		fi
		sleep 0.5
	done
	die "the server does not start again"
}

# wait_ready: until connections are accepted, after a restart by itself
wait_ready()
{
	for _ in $(seq 1200); do
		if [ "$(psql -X -q -A -t -d postgres -c 'SELECT 1' 2>/dev/null)" = 1 ]; then
			return
		fi
		sleep 0.1
	done
	die "the server does not recover"
}

# a number below $1, by the seed; in $number
RANDOM=$((seed % 32768))
choose()
{
	number=$((RANDOM % $1))
}

declare -A kills=([immediate]=0 [backend]=0 [postmaster]=0 [fast]=0)

kill_something()
{
	local pid how
	choose 10
	case $number in
		[0-3]) how=immediate ;;
		[4-6]) how=backend ;;
		[7-8]) how=postmaster ;;
		*) how=fast ;;
	esac
	case $how in
		immediate | fast)
			server "$PG_BINDIR/pg_ctl" -D "$data" -m "$how" -w -t 60 stop >/dev/null 2>&1 ||
				die "the server does not stop"
			start_again
			;;
		backend)
			choose "$clients"
			pid=$(psql -X -q -A -t -d soak -c "SELECT pid FROM pg_stat_activity WHERE application_name = 'soak' ORDER BY pid OFFSET $number LIMIT 1" 2>/dev/null) || return 0
			[ -n "$pid" ] && kill -KILL "$pid" || return 0
			wait_ready
			;;
		postmaster)
			kill -KILL "$(postmaster)"
			start_again
			;;
	esac
	kills[$how]=$((kills[$how] + 1))
}

include=$("$PG_CONFIG" --includedir)
[ -e "$include/libpq-fe.h" ] || include=/usr/include/postgresql
"${CC:-gcc}" -O2 -Wall -Wextra -Wno-unused-parameter -Werror -I"$include" -o "$BUILD_DIR/soak" \
	test/soak/soak.c -L"$("$PG_CONFIG" --libdir)" -lpq

mkdir "$journals"
createdb soak
psql -X -q -d soak -f test/soak/tables.sql
export PGDATABASE=soak

calm=$((seconds / 4 < 300 ? seconds / 4 : 300))
printf 'soak for %s s, the last %s s without a crash; %s clients, seed %s\n' \
	"$seconds" "$calm" "$clients" "$seed"
"$BUILD_DIR/soak" "$clients" "$seconds" "$seed" "$journals" >"$SCRATCH/report" &
driver=$!
while [ "$SECONDS" -lt $((seconds - calm)) ] && kill -0 "$driver" 2>/dev/null; do
	choose 30
	sleep "$((2 + number / 10)).$((number % 10))"
	kill_something
done
status=0
wait "$driver" || status=$?
cat "$SCRATCH/report"
printf 'crashes: %s immediate stops, %s backends and %s postmasters killed; %s fast restarts\n' \
	"${kills[immediate]}" "${kills[backend]}" "${kills[postmaster]}" "${kills[fast]}"

# figure NAME: of the driver's report
figure()
{
	awk -v name="$1" '$1 == name { print $2 }' "$SCRATCH/report"
}
crashes=$((kills[immediate] + kills[backend] + kills[postmaster]))
result "no error that is not expected, no deadlock under the guard" \
	test "$status" = 0
result "the server was killed ($crashes times)" test "$crashes" -gt 0
result "no reader saw an overlap" test "$(figure overlaps_seen)" = 0
result "connections lived long enough to measure ($(figure measured_connections) of them, up to $(figure longest_connection) transactions)" \
	test "$(figure measured_connections)" -gt 0
result "none has grown by 4 MB ($(figure grown_kb) kB at most)" \
	test "$(figure grown_kb)" -lt 4096

# One more crash, so that what is checked was read from the disk
kill -KILL "$(postmaster)"
start_again
checks_start=$SECONDS
psql -X -q -F ' ' -v journals="$journals" -f test/soak/check.sql \
	>"$SCRATCH/checks" 2>&1 || echo "check.sql 1" >>"$SCRATCH/checks"
while read -r name value; do
	case $name in
		'#') printf '# %s\n' "$value" ;;
		*) result "$name: $value" test "$value" = 0 ;;
	esac
done <"$SCRATCH/checks"
printf '# the checks took %s s\n' "$((SECONDS - checks_start))"

# not_in_log PATTERN: in no line of the server's log; those that are, are shown
not_in_log()
{
	! grep -nE -A 5 "$1" "$SERVER_LOG" | head -n 100 | grep .
}

# log_line_prefix has the SQLSTATE; those of the clients' own statements the
# driver has looked at
result "no internal error in the server's log" \
	not_in_log ' (XX000|XX001|XX002) '
result "no failed assertion, no PANIC, no signal but those sent" \
	not_in_log 'TRAP:|PANIC:|terminated by signal ([0-8]|[1-9][0-9])[^0-9]'

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
