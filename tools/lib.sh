# shellcheck shell=bash
#
# lib.sh
#		What the scripts in this directory share.  Sourced, never run.
#
# Sourcing it changes into the checkout and takes everything out of the
# environment that could lead a client to another server, change a tool's
# language, or pass the calling make's flags to a make of ours.  A command that
# private_cluster.sh runs says "inside", and keeps the way to its server.

set -eu -o pipefail

unset CDPATH
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck disable=SC2034
top=$PWD

if [ "${1:-}" != inside ]; then
	for variable in $(compgen -e PG); do
		[ "$variable" = PG_CONFIG ] || unset "$variable"
	done
fi
unset variable LANGUAGE TZ PSQLRC POSIXLY_CORRECT TAR_OPTIONS DESTDIR VPATH
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL EXTRA_REGRESS_OPTS
export LC_ALL=C
umask 022

# say TEXT...: a line of progress, kept apart from results on stdout
say()
{
	printf '%s\n' "$*" >&2
}

# die TEXT...: say why, and give up
die()
{
	say "${0##*/}: $*"
	exit 1
}

# run COMMAND...: run it so that a signal's trap does not wait for its end,
# as bash does for a command in the foreground
run()
{
	"$@" &
	child=$!
	wait "$child" || {
		local status=$?
		child=
		return "$status"
	}
	child=
}
child=

# run_group COMMAND...: the same in a process group of its own, without the
# terminal, so that stop_child reaches all of it
run_group()
{
	set -m
	"$@" </dev/null &
	set +m
	child=$!
	child_group=$child
	wait "$child" || {
		local status=$?
		child=
		return "$status"
	}
	child=
}
child_group=

# stop_child: end what run or run_group started, if a signal came before
stop_child()
{
	[ -n "$child" ] || return 0
	kill -TERM -- "${child_group:+-}$child" 2>/dev/null || :
	wait "$child" 2>/dev/null || :
	if [ -n "$child_group" ]; then
		kill -KILL -- "-$child" 2>/dev/null || :
	fi
	child=
}

# on_exit FUNCTION: run it once however the script ends
on_exit()
{
	# shellcheck disable=SC2064
	trap "$1" EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}

# quietly LOG COMMAND...: show a command's output only if it fails
quietly()
{
	local log=$1
	shift
	run "$@" >"$log" 2>&1 || {
		local status=$?
		cat "$log" >&2
		return "$status"
	}
}

# report_server_log LOG: what is left of a server that crashed; 1 if it did
report_server_log()
{
	local crash='PANIC:|TRAP:|was terminated by signal'
	grep -qE "$crash" "$1" || return 0
	printf 'the server crashed:\n'
	grep -E -A 30 "$crash" "$1" | head -n 200
	return 1
}
