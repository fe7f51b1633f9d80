# shellcheck shell=bash
#
# tap.sh
#		What the TAP tests of test/t share.  Sourced, never run.
#
# A test runs as the server's user, in a copy of the checkout, connected (by
# PGHOST and so on) to a superuser of an empty database of its own; SCRATCH is
# a directory of its own, and PG_BINDIR has the programs of a server that knows
# the extension.  It ends with done_testing.

set -u -o pipefail

tap_count=0
tap_failed=0
tap_servers=()

trap tap_stop_servers EXIT

tap_stop_servers()
{
	local data
	for data in ${tap_servers[@]+"${tap_servers[@]}"}; do
		"$PG_BINDIR/pg_ctl" -D "$data" -m immediate stop >/dev/null 2>&1
	done
}

# pass DESCRIPTION; fail DESCRIPTION
pass()
{
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s\n' "$tap_count" "$1"
}

fail()
{
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' "$tap_count" "$1"
}

# skip DESCRIPTION REASON
skip()
{
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

# ok DESCRIPTION COMMAND...: the command succeeds
ok()
{
	local description=$1 output
	shift
	if output=$("$@" 2>&1); then
		pass "$description"
	else
		fail "$description"
		printf '%s\n' "$output" | sed 's/^/#   /'
	fi
}

# is GOT EXPECTED DESCRIPTION
is()
{
	if [ "$1" = "$2" ]; then
		pass "$3"
	else
		fail "$3"
		printf '%s\n' "$1" | sed 's/^/#   got:      /'
		printf '%s\n' "$2" | sed 's/^/#   expected: /'
	fi
}

# like GOT REGULAR-EXPRESSION DESCRIPTION
like()
{
	if [[ $1 =~ $2 ]]; then
		pass "$3"
	else
		fail "$3"
		printf '%s\n' "$1" | sed 's/^/#   got:     /'
		printf '#   pattern: %s\n' "$2"
	fi
}

# need WHAT COMMAND...: without it there is no test, which CI does not accept
need()
{
	local what=$1
	shift
	"$@" >/dev/null 2>&1 && return
	if [ "${CI:-}" = true ]; then
		fail "$what is there"
	else
		skip "everything" "$what is missing"
	fi
	done_testing
}

# sql STATEMENT [PSQL-OPTION...]: bare values, and errors with their SQLSTATE
sql()
{
	local statement=$1
	shift
	psql -X -q -A -t -v ON_ERROR_STOP=1 -v VERBOSITY=verbose "$@" \
		-c "$statement" 2>&1
}

# new_server NAME [SETTING=VALUE...]: start another server, and connect to it
# from here on; it stops when the test ends
new_server()
{
	local data=$SCRATCH/$1 setting
	shift
	"$PG_BINDIR/initdb" -D "$data" -U postgres -A trust -E UTF8 --no-locale \
		--no-sync >/dev/null || return
	{
		printf '%s\n' "listen_addresses = ''" "port = 65432" "fsync = off" \
			"unix_socket_directories = '$data'" "wal_level = logical"
		for setting; do
			printf "%s = '%s'\n" "${setting%%=*}" "${setting#*=}"
		done
	} >>"$data/postgresql.conf"
	start_server "$data"
}

# start_server DATA-DIRECTORY: one whose sockets are in its data directory
start_server()
{
	tap_servers+=("$1")
	"$PG_BINDIR/pg_ctl" -D "$1" -l "$1.log" -w start >/dev/null || {
		sed 's/^/# /' "$1.log"
		return 1
	}
	export PGHOST=$1 PGPORT=65432 PGDATABASE=postgres
}

done_testing()
{
	printf '1..%d\n' "$tap_count"
	[ "$tap_failed" = 0 ]
	exit
}
