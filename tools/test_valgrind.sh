#!/bin/bash
#
# test_valgrind.sh
#		Tests of "make test" with the server run by valgrind's memcheck: what
#		uses memory that was never written, that is not there any more, or that
#		json-c has left behind.
#
# By default a few tests that go through most of the code; TESTS= (empty) runs
# all of them, which takes hours, and TESTS="name..." others.
#
# The server is the one that is installed, not built to tell valgrind of its
# memory contexts: to memcheck, palloc's chunks are parts of malloc's blocks.  A
# read beyond a block, or of what nobody has written since malloc, is seen; a
# read of a chunk that pfree has taken back is not.  What the server itself does
# is not counted: a report is one of ours if a function of ours is on its stack,
# a leak if json-c is.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

quick='caspen sqod avon savvycal appointment_one lists requests types rows'
quick+=' lifecycle occupancy occupancy_constraint'
export TESTS=${TESTS-$quick}

tools/setup.sh valgrind
log=$(mktemp)
reports=$(mktemp -d "${TMPDIR:-/tmp}/appointment_valgrind.XXXXXX")
chmod 1777 "$reports"

cleanup()
{
	stop_child
	rm -rf "$log" "$reports"
}
on_exit cleanup

options="--quiet --error-limit=no --num-callers=40 --read-var-info=no"
options+=" --leak-check=full --show-leak-kinds=definite"
# where the server's user can read it
cp tools/valgrind.supp "$reports/"
options+=" --suppressions=$reports/valgrind.supp"
status=0
exec 3> >(tee "$log")
tee=$!
run tools/private_cluster.sh -t -c authentication_timeout=600 \
	-x "valgrind $options --log-file=$reports/%p.log" tools/run_tests.sh \
	>&3 3>&- || status=$?
exec 3>&-
wait "$tee"

# The reports that have a function of ours on their stack, or are a leak of
# json-c's; each stack once
names=$(printf '%s\n' src/*.c src/*/*.c | sed 's,.*/,,; s/\./\\./' | paste -sd '|')
found=$(cat "$reports"/*.log | NAMES=$names perl -e '
	local $/;
	my %seen;
	foreach my $report (split(/^==\d+== *\n/m, <STDIN>))
	{
		next if $report !~ /\((?:$ENV{NAMES}):\d+\)/ &&
			$report !~ /definitely lost.*json_(?:object|tokener)/s;
		$report =~ s/^==\d+== ?//mg;
		(my $stack = $report) =~ s/0x[0-9A-F]+|\d+ \(.*?\) bytes|loss record.*|\d[\d,]* bytes in [\d,]+ blocks//g;
		print "$report\n" if !$seen{$stack}++;
	}')
read -r passed _ failed _ <<<"$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)"
passed=${passed:-0}
failed=${failed:-1}
logs=$(find "$reports" -name '*.log' | wc -l)
if [ -n "$found" ]; then
	printf 'not ok - valgrind has nothing to say\n%s\n' "$found"
	failed=$((failed + 1))
elif [ "$logs" -lt 10 ]; then
	printf 'not ok - only %d processes ran under valgrind\n' "$logs"
	failed=$((failed + 1))
else
	printf 'ok - valgrind has nothing to say of us in %d processes\n' "$logs"
	passed=$((passed + 1))
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$status" = 0 ] && [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
