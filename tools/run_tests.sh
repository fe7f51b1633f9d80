#!/bin/bash
#
# run_tests.sh
#		Run every test against the private server of private_cluster.sh, and
#		print the sum as the last line: "N passed, N failed".
#
# Three kinds: pg_regress and isolation tests as the Makefile finds them, and
# every script of test/t, which prints TAP and runs as the server's user in a
# copy of the sources, with a database of its own.  DIRECTORY has tests of the
# third kind.
#
# The scripts of test/t are numbered by what they are about:
#	0..	the project's own papers
#	1..	values: text, bytes, encodings
#	2..	double booking
#	3..	the life cycle and its log
#	4..	rights, attacks, what the planner is promised
#	5..	memory, faults, cancellation
#	6..	dump and restore, update, removal
#	7..	crashes, replication, several servers
#
# Fails if a test failed, if nothing ran, or if a file is forgotten: expected
# output without a test, a script that cannot be executed, a version's exception
# that is none.  TESTS="name..." runs only these, WITHOUT="name..." leaves these
# out.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh" inside

tap_directory=${1:-test/t}
passed=0
failed=0
skipped=0

# fail TEXT: a failure that no test has reported itself
fail()
{
	failed=$((failed + 1))
	printf 'not ok - %s\n' "$1"
}

# wanted NAME: neither TESTS nor WITHOUT leaves it out
wanted()
{
	{ [ -z "${TESTS:-}" ] || [[ " $TESTS " == *" $1 "* ]]; } &&
		[[ " ${WITHOUT:-} " != *" $1 "* ]]
}

make_tests()
{
	make -s -C "$BUILD_DIR" --no-print-directory "PG_CONFIG=$PG_CONFIG" "$@"
}

# pg_regress VARIABLE TARGET INPUT-DIRECTORY SUFFIX EXPECTED-DIRECTORY
# OUTPUT-DIRECTORY: run what the Makefile finds, and count what is reported, in
# the form of 15 ("test x ... ok") or later ("ok 1 - x")
pg_regress()
{
	local variable=$1 target=$2 input=$3 suffix=$4 expected=$5 output=$6
	local name file ok not_ok status=0 names=''
	local log=$BUILD_DIR/$target.log

	for file in "$expected"/*.out; do
		name=${file##*/}
		name=${name%.out}
		# NAME_1.out is another output of the same test
		if [ ! -e "$input/$name$suffix" ] && [ ! -e "$input/${name%_[0-9]}$suffix" ]; then
			fail "$file is of no test in $input"
		fi
	done
	for name in $(make_tests "print-$variable"); do
		wanted "$name" || continue
		names+=" $name"
		# or the whole run would stop there
		if [ ! -e "$expected/$name.out" ]; then
			printf '# %s is missing\n' "$expected/$name.out"
			mkdir -p "$BUILD_DIR/$expected"
			: >"$BUILD_DIR/$expected/$name.out"
		fi
	done
	[ -n "$names" ] || return 0

	rm -f "$BUILD_DIR/${output}regression.diffs"
	make_tests "$target" "$variable=$names" 2>&1 | tee "$log" |
		grep -vE '^((# )?\+\+\+|=====|SET$|(CREATE|ALTER|DROP) |#? ?\(?using|make: | All |# All |1\.\.|$)' || :
	status=${PIPESTATUS[0]}
	ok=$(grep -cE '^(test .* ok( |$)|ok [0-9])' "$log") || :
	not_ok=$(grep -cE '^(test .* FAILED|not ok [0-9])' "$log") || :
	passed=$((passed + ok))
	failed=$((failed + not_ok))
	if [ "$status" != 0 ] && [ "$not_ok" = 0 ]; then
		fail "$target ended with status $status"
	elif [ $((ok + not_ok)) != "$(wc -w <<<"$names")" ]; then
		fail "$target did not run all of$names"
	fi
	if [ -e "$BUILD_DIR/${output}regression.diffs" ]; then
		cat "$BUILD_DIR/${output}regression.diffs"
		printf '# the results are in %s\n' "${BUILD_DIR#"$top"/}/${output}results"
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

if [ $# = 0 ]; then
	pg_regress REGRESS installcheck-regress test/sql .sql expected ''
	pg_regress ISOLATION installcheck-isolation \
		test/isolation/specs .spec test/isolation/expected output_iso/
	while read -r name; do
		[ -e "test/sql/$name.sql" ] || [ -e "test/isolation/specs/$name.spec" ] ||
			fail "there is no test \"$name\", which the Makefile leaves out of a version"
	done < <(sed -n 's/^NOT_IN_[0-9]* = //p' Makefile | tr ' ' '\n')
fi

# The server's user may not be able to enter the checkout.
$AS_SERVER mkdir "$SCRATCH/checkout"
tar -cf - -C "$BUILD_DIR" --exclude='*.o' --exclude='*.log' \
	--exclude=./results --exclude=./output_iso . |
	$AS_SERVER tar -xf - -C "$SCRATCH/checkout"
# What npm has brought is too much to be copied for the other tests.
if [ -d "$tap_directory/node_modules" ]; then
	tar -cf - "$tap_directory/node_modules" |
		$AS_SERVER tar -xf - -C "$SCRATCH/checkout"
fi
for file in "$tap_directory"/*; do
	name=${file##*/}
	if [ -f "$file" ] && [ -x "$file" ]; then
		! wanted "${name%.*}" || tap "$file"
	elif [[ $file == test/t/* ]]; then
		fail "$file cannot be executed"
	fi
done

# A name that is none would pass by itself among others.
for name in ${TESTS:-} ${WITHOUT:-}; do
	files=("$tap_directory/$name".*)
	[ $# != 0 ] || files+=("test/sql/$name.sql" "test/isolation/specs/$name.spec")
	found=
	for file in "${files[@]}"; do
		[ ! -e "$file" ] || found=yes
	done
	[ -n "$found" ] || fail "there is no test \"$name\""
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
