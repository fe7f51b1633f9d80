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

log=$(mktemp)
cleanup()
{
	rm -f "$log"
}
on_exit cleanup

# npm_packages: the versions of the lock file, whatever the user's settings; it
# names no registry.  They are brought once.
npm_packages()
{
	local stamp=test/clients/node_modules/.stamp sum
	sum=$(cat test/clients/package.json test/clients/package-lock.json | cksum)
	[ "$(cat "$stamp" 2>/dev/null)" != "$sum" ] || return 0
	quietly "$log" npm ci --prefix test/clients --no-audit --no-fund \
		--loglevel=error && printf '%s\n' "$sum" >"$stamp"
}
or_without "the packages of npm" npm_packages
cleanup

exec tools/private_cluster.sh -t tools/run_tests.sh test/clients
