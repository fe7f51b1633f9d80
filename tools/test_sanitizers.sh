#!/bin/bash
#
# test_sanitizers.sh
#		The tests of "make test" with the extension built for AddressSanitizer
#		and UndefinedBehaviorSanitizer: a read or write outside of memory that
#		it has, and what C leaves undefined, ends the server and fails the run.
#
# Left out are those that call no function of ours that others do not call, too.
#
# The server is the one that is installed.  So what is checked is our code, and
# what anybody gives malloc, memcpy, strlen and their like; and palloc's chunks
# are parts of malloc's blocks: running over a chunk shows only at the end of
# the block.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. tools/sanitizers.sh

PG_CONFIG=$(tools/setup.sh build)
export PG_CONFIG
on_exit sanitizer_stop
sanitizer_start gcc libasan.so

export COPT="${COPT:-} $sanitizer_flags"
if [ -z "${TESTS:-}" ]; then
	export WITHOUT='001_documentation 002_meta 602_dump_restore_all 604_update 701_crash'
fi
run tools/private_cluster.sh -t -b sanitizers -x "$sanitizer_runner" \
	tools/run_tests.sh
