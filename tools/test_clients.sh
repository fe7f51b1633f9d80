#!/bin/bash
#
# test_clients.sh
#		Run the programs of test/clients against a private server: drivers,
#		poolers and tools that applications reach the extension by.
#
# What cannot be had is a failure in CI, and by hand a test that is skipped.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# or_without WHAT COMMAND...: only CI insists on it
or_without()
{
	local what=$1
	shift
	"$@" && return
	[ "${CI:-}" != true ] || die "no $what"
	say "without $what"
}

export PG_CONFIG
PG_CONFIG=$(tools/setup.sh build)
or_without "the clients' packages" tools/setup.sh clients

# The versions of the lock file, whatever the user's settings; it names no
# registry.
log=$(mktemp)
cleanup()
{
	rm -f "$log"
}
on_exit cleanup
or_without "the packages of npm" quietly "$log" \
	npm ci --prefix test/clients --no-audit --no-fund --loglevel=error
cleanup

exec tools/private_cluster.sh -t tools/run_tests.sh test/clients
