#!/bin/bash
#
# test_lint.sh
#		What cppcheck, clang-tidy, shellcheck and our own check of the layers
#		find by reading.  A finding is a failure; what is passed over is named
#		in .clang-tidy, .shellcheckrc and here, with the reason.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

PG_CONFIG=$(tools/setup.sh build)
tools/setup.sh lint
headers=$("$PG_CONFIG" --includedir-server)
jobs=$(nproc 2>/dev/null || echo 1)
passed=0
failed=0
work=$(mktemp -d)
log=$work/log
cleanup()
{
	stop_child
	rm -rf "$work"
}
on_exit cleanup

# check NAME COMMAND...: it succeeds and prints nothing on stdout
check()
{
	local name=$1 status=0
	shift
	run "$@" >"$log" || status=$?
	if [ "$status" = 0 ] && [ ! -s "$log" ]; then
		passed=$((passed + 1))
		printf 'ok - %s\n' "$name"
	else
		failed=$((failed + 1))
		printf 'not ok - %s\n' "$name"
		cat "$log"
	fi
}

# scripts: those of bash, by their first line
scripts()
{
	grep -rlE --exclude-dir='.git' --exclude-dir='tmp_*' \
		'^(#!/bin/bash|# shellcheck shell=bash)' tools test .ci
}

lint_shell()
{
	scripts | xargs -n 8 -P "$jobs" shellcheck
}

# cppcheck does without the server's headers, which would take it half an hour:
# it is told of the macros that matter to what follows them.
lint_cppcheck()
{
	cat >"$work/macros.h" <<-'END'
		#define ereport(level, ...) abort()
		#define foreach(cell, lst) for (cell = (lst); cell; cell++)
		#define pg_attribute_printf(f, a)
		#define PG_USED_FOR_ASSERTS_ONLY
	END
	# Not read before it is written: an array of which only the part that was
	# filled is copied (hashes, all); an initializer with designators (lower).
	cppcheck --quiet --enable=warning,performance,portability --std=c11 \
		-j "$jobs" -I src --inline-suppr --error-exitcode=1 \
		-DPG_VERSION_NUM=150000 -DSIZEOF_DATUM=8 \
		--include="$work/macros.h" \
		--suppress=missingInclude \
		--suppress=uninitvar:src/occupancy/occupancy_key.c \
		--suppress=legacyUninitvar:src/occupancy/occupancy_sql.c \
		--template='{file}:{line}: {severity}: {id}: {message}' src 2>&1
}

lint_clang_tidy()
{
	local json_c
	json_c=$(pkg-config --cflags json-c 2>/dev/null) || json_c=
	# how many warnings it did not show goes to stderr
	# shellcheck disable=SC2086
	printf '%s\n' src/*.c src/*/*.c | xargs -P "$jobs" -I{} \
		clang-tidy --quiet {} -- -std=gnu11 -Isrc -isystem "$headers" \
		$json_c -DUSE_ASSERT_CHECKING=1 2>/dev/null
}

check 'layers' tools/check_layers.sh
check 'shellcheck' lint_shell
check 'cppcheck' lint_cppcheck
check 'clang-tidy' lint_clang_tidy

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
