#!/bin/bash
#
# run_tests.sh
#		Run every test against the private server of private_cluster.sh, and
#		print the sum as the last line: "N passed, N failed".
#
# Three kinds: pg_regress and isolation tests as the Makefile lists them, and
# every executable of test/t, which prints TAP and runs as the server's user in
# a copy of the sources, with a database of its own.
#
# Fails if a test failed, if nothing ran, or if a test's file is forgotten.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh" inside

passed=0
failed=0
skipped=0

# fail TEXT: a failure that no test has reported itself
fail()
{
	failed=$((failed + 1))
	printf 'not ok - %s\n' "$1"
}

list()
{
	make -s -C "$BUILD_DIR" --no-print-directory "PG_CONFIG=$PG_CONFIG" \
		"print-$1"
}

# check_files VARIABLE INPUT-DIRECTORY SUFFIX EXPECTED-DIRECTORY: what is
# listed has its files, and what is there is listed, if only for some versions
check_files()
{
	local name file listed
	listed=$(list "$1")
	for name in $listed; do
		[ -e "$2/$name$3" ] || fail "$2/$name$3: listed in the Makefile, missing"
		if [ ! -e "$4/$name.out" ]; then
			fail "$4/$name.out: missing (to begin: touch it, run again, read the result)"
		fi
	done
	for file in "$2"/*"$3"; do
		[ -e "$file" ] || continue
		name=${file##*/}
		name=${name%"$3"}
		grep -qw -- "$name" Makefile ||
			fail "$file: not listed in the Makefile as one of $1"
	done
}

# pg_regress VARIABLE TARGET OUTPUT-DIRECTORY: count what it reports, in the
# form of 15 ("test x ... ok") or later ("ok 1 - x")
pg_regress()
{
	local log=$BUILD_DIR/$2.log ok not_ok status=0
	[ -n "$(list "$1")" ] || return 0
	rm -f "$BUILD_DIR/$3regression.diffs"
	make -s -C "$BUILD_DIR" --no-print-directory "PG_CONFIG=$PG_CONFIG" "$2" \
		2>&1 | tee "$log" |
		grep -vE '^(\+\+\+|=====|SET$|(CREATE|ALTER|DROP) |#? ?\(?using|make: | All |# All |1\.\.|$)' || :
	status=${PIPESTATUS[0]}
	ok=$(grep -cE '^(test .* ok( |$)|ok [0-9])' "$log") || :
	not_ok=$(grep -cE '^(test .* FAILED|not ok [0-9])' "$log") || :
	passed=$((passed + ok))
	failed=$((failed + not_ok))
	if [ "$status" != 0 ] && [ "$not_ok" = 0 ]; then
		fail "$2 ended with status $status: $(tail -n 5 "$log")"
	elif [ $((ok + not_ok)) = 0 ]; then
		fail "$2 ran nothing"
	fi
	if [ "$not_ok" != 0 ]; then
		cat "$BUILD_DIR/$3regression.diffs"
		printf 'results are in %s\n' "${BUILD_DIR#"$top"/}/$3results"
	fi
}

# tap FILE: a program that prints TAP; dying, a wrong plan or no test at all
# are failures of their own
tap()
{
	local name=${1##*/} ok not_ok plan status=0
	local log=$BUILD_DIR/tap_${name%.*}.log
	local database=tap_${name%.*}

	printf '# %s\n' "$1"
	createdb "$database"
	$AS_SERVER mkdir "$SCRATCH/${name%.*}"
	(
		cd "$SCRATCH/checkout"
		PGDATABASE=$database SCRATCH=$SCRATCH/${name%.*} $AS_SERVER "./$1"
	) 2>&1 | tee "$log" || :
	status=${PIPESTATUS[0]}
	ok=$(grep -E '^ok' "$log" | grep -civE '# *skip') || :
	skipped=$((skipped + $(grep -ciE '^ok.*# *skip' "$log" || :)))
	not_ok=$(grep -cE '^not ok' "$log") || :
	plan=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$log" | tail -n 1)
	passed=$((passed + ok))
	failed=$((failed + not_ok))
	if [ "$status" != 0 ] && [ "$not_ok" = 0 ]; then
		fail "$1 ended with status $status"
	elif [ -z "$plan" ]; then
		fail "$1 printed no plan"
	elif [ "$plan" != "$(grep -cE '^(not )?ok' "$log")" ]; then
		fail "$1 did not run the $plan tests that it planned"
	fi
	dropdb --force "$database" || fail "$1 left a database that cannot go"
}

check_files REGRESS test/sql .sql expected
check_files ISOLATION test/isolation/specs .spec test/isolation/expected

pg_regress REGRESS installcheck-regress ''
pg_regress ISOLATION installcheck-isolation output_iso/

# The server's user may not be able to enter the checkout.
$AS_SERVER mkdir "$SCRATCH/checkout"
tar -cf - -C "$BUILD_DIR" --exclude='*.o' --exclude='*.log' \
	--exclude=./results --exclude=./output_iso . |
	$AS_SERVER tar -xf - -C "$SCRATCH/checkout"
for file in test/t/*; do
	if [ -f "$file" ] && [ -x "$file" ]; then
		tap "$file"
	fi
done

report_server_log "$SERVER_LOG" || fail "the server crashed"
if [ "$failed" != 0 ] && [ "${CI:-}" = true ]; then
	printf "the end of the server's log:\n"
	tail -n 100 "$SERVER_LOG"
elif [ "$failed" != 0 ]; then
	printf "the server's log: %s\n" "${BUILD_DIR#"$top"/}/server.log"
fi
[ "$skipped" = 0 ] || printf '%s skipped\n' "$skipped"
[ $((passed + failed)) -gt 0 ] || printf 'nothing ran\n'
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
