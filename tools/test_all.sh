#!/bin/bash
#
# test_all.sh [RELEASE...]
#		"make test" on every PostgreSQL version that is supported: each in the
#		Debian release that has it (roots.sh), by default all of them but
#		$SKIP_RELEASE.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. tools/roots.sh

# test_release RELEASE VERSION
test_release()
{
	local status=0
	open_root "$1"
	enter make -C /checkout --no-print-directory test 2>&1 || status=$?
	# The set-up is to bring the version that the release is here for.
	if [ "$(ls "$copy/usr/lib/postgresql")" != "$2" ]; then
		printf 'this was not PostgreSQL %s\n' "$2"
		status=1
	fi
	close_root
	return "$status"
}

run_in_releases test_release "$@"
