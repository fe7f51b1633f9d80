#!/bin/bash
#
# test_fuzz.sh [TARGET...]
#		Let libFuzzer look for inputs that break the extension: the targets of
#		test/fuzz/fuzz.c, by default all of them.
#
# Without TIME it is a test: 200,000 inputs of each target, from the same seed
# each time, so that it does not fail for what another run has not seen.  With
# TIME it is a search, for so many seconds in all, from a seed of its own.
#
# The extension is built by clang with coverage, AddressSanitizer,
# UndefinedBehaviorSanitizer and assertions, libFuzzer linked into it.  Each
# target runs in a server process of its own without a postmaster ("postgres
# --single"), so that a crash ends this one target, and many run at a time.
#
# It begins with test/fuzz/corpus (inputs that were made from the examples) and
# test/fuzz/regressions (what once broke something); a word that a format knows
# may be anywhere in an input.  What it finds on the way stays in
# tmp_check/fuzz/corpus, for the next run; an input that breaks something, in
# tmp_check/fuzz/findings.  SEED= repeats a run, but for the addresses that
# libFuzzer's choices go by, too.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

work=$top/tmp_check/fuzz

if [ "${1:-}" != inside ]; then
	. tools/sanitizers.sh
	tools/setup.sh fuzz
	on_exit sanitizer_stop
	sanitizer_start clang libclang_rt.asan-x86_64.so
	fuzzer=$(clang -print-file-name=libclang_rt.fuzzer_no_main-x86_64.a)

	# The functions that record coverage must be libFuzzer's, not those that
	# the sanitizer has in their place: -Bsymbolic.
	export COPT="${COPT:-} $sanitizer_flags -fsanitize=fuzzer-no-link"
	COPT+=" -shared-libasan -DUSE_ASSERT_CHECKING=1"
	COPT+=" -DExceptionalCondition=fuzz_assertion_failed"
	# a short text may be a long calendar: 10 million occurrences take a minute
	COPT+=" -DICS_MAX_OCCURRENCES=20000"
	# gcc's, that the server's makefiles have
	COPT+=" -Wno-unknown-warning-option -Wno-ignored-optimization-argument"
	COPT+=" -Wno-ignored-attributes"
	json_c=$(pkg-config --libs json-c 2>/dev/null || echo -ljson-c)
	run tools/private_cluster.sh -b fuzz -m CC=clang -x "$sanitizer_runner" \
		-m "JSONC_LIBS=$json_c -Wl,-Bsymbolic -Wl,--whole-archive $fuzzer -Wl,--no-whole-archive -l:libstdc++.so.6" \
		tools/test_fuzz.sh inside "$@"
	exit
fi

# ------------------------------------------------------------------
# As a client of the server
# ------------------------------------------------------------------

shift
targets=("$@")
if [ ${#targets[@]} = 0 ]; then
	# shellcheck disable=SC2207
	targets=($(sed -n 's/^	{"\([a-z]*\)", target_.*/\1/p' test/fuzz/fuzz.c))
fi
jobs=$(nproc 2>/dev/null || echo 1)
rounds=$(((${#targets[@]} + jobs - 1) / jobs))
if [ -n "${TIME:-}" ]; then
	inputs=-1
	each=$((TIME / rounds))
	[ "$each" -gt 0 ] || each=1
	seed=${SEED:-$((RANDOM * 32768 + RANDOM + 1))}
	say "${#targets[@]} targets, $each s each, $jobs at a time, seed $seed"
else
	inputs=200000
	each=120
	seed=${SEED:-20240101}
	say "${#targets[@]} targets, $inputs inputs or $each s each, $jobs at a time, seed $seed"
fi

# The module is not what is tested: no sanitizer, and gcc.
env -u COPT make -s -C "$BUILD_DIR/test/fuzz" "PG_CONFIG=$PG_CONFIG" \
	with_llvm=no >&2
cp "$BUILD_DIR/test/fuzz/fuzz.so" "$SCRATCH/"

# Words for the fuzzer to put into an input
grep -ohE '"[A-Za-z0-9_]+"' src/formats/*.[ch] src/*/fields.def |
	sort -u | sed 's/^"\(.*\)"$/"\\"\1\\""/' >"$SCRATCH/words.dict"
cat test/fuzz/json.dict test/fuzz/rrule.dict test/fuzz/open_hours.dict \
	test/fuzz/busy.dict test/fuzz/icalendar.dict \
	>>"$SCRATCH/words.dict"

createdb fuzz
psql -X -q -v ON_ERROR_STOP=1 -d fuzz -c "LOAD '$SCRATCH/fuzz'" \
	-c 'CREATE EXTENSION appointment' -v "library=$SCRATCH/fuzz" -f test/fuzz/setup.sql
$AS_SERVER "$PG_BINDIR/pg_ctl" -D "$SCRATCH/data" -m fast -w stop >/dev/null

# fuzz TARGET: run it; its words go to the target's log
fuzz()
{
	local target=$1 room=$SCRATCH/$1
	mkdir "$room" "$room/new" "$room/kept" "$room/findings"
	cp -a "$SCRATCH/data" "$room/data"
	cp test/fuzz/corpus/"$target"/* "$room/kept/" 2>/dev/null || :
	cp test/fuzz/regressions/"$target"/* "$room/kept/" 2>/dev/null || :
	mkdir -p "$work/corpus/$target" "$work/findings/$target"
	[ "$inputs" -gt 0 ] ||
		find "$work/corpus/$target" -type f -exec cp -t "$room/new" {} +
	[ "$(id -u)" != 0 ] || chown -R --reference="$SCRATCH/data" "$room"
	# the inputs that are kept can be much longer than what it makes up
	$AS_SERVER timeout -k 10 $((each + 120)) \
		"$PG_BINDIR/postgres" --single -D "$room/data" \
		-c "shared_preload_libraries=$SCRATCH/fuzz" fuzz >"$work/$target.log" 2>&1 <<-END || :
		SELECT fuzz_run('$target', '-runs=$inputs', '-max_total_time=$each', '-seed=$seed', '-max_len=4096', '-len_control=20', '-timeout=25', '-report_slow_units=25', '-rss_limit_mb=0', '-malloc_limit_mb=0', '-detect_leaks=0', '-print_final_stats=1', '-use_value_profile=0', '-dict=$SCRATCH/words.dict', '-artifact_prefix=$room/findings/', '$room/new', '$room/kept')
	END
	find "$room/new" -type f -exec cp -t "$work/corpus/$target" {} +
	find "$room/findings" -type f -exec cp -t "$work/findings/$target" {} +
	rm -rf "$room"
}

# figure NAME LOG: of libFuzzer's final statistics
figure()
{
	sed -n "s/^stat::$1: *//p" "$2" | tail -n 1
}

rm -rf "$work/findings"
mkdir -p "$work"
for ((i = 0; i < ${#targets[@]}; i += jobs)); do
	for target in "${targets[@]:i:jobs}"; do
		fuzz "$target" &
	done
	wait
done

passed=0
failed=0
total=0
for target in "${targets[@]}"; do
	log=$work/$target.log
	executed=$(figure number_of_executed_units "$log")
	covered=$(sed -n 's/.* cov: \([0-9]*\) ft: .*/\1/p' "$log" | tail -n 1)
	seeds=$(find "test/fuzz/corpus/$target" -type f 2>/dev/null | wc -l)
	if [ -z "$(find "$work/findings/$target" -type f | head -n 1)" ] &&
		[ "${executed:-0}" -gt "$seeds" ] && [ "${covered:-0}" -gt 100 ]; then
		passed=$((passed + 1))
		total=$((total + executed))
		printf 'ok - %s: %d inputs, %d a second, %d edges\n' "$target" \
			"$executed" "$(figure average_exec_per_sec "$log")" "$covered"
	else
		failed=$((failed + 1))
		printf 'not ok - %s\n' "$target"
		grep -E -m 1 -A 20 'FINDING:|ERROR:|runtime error' "$log" || tail -n 40 "$log"
		# whoever has only this output can make the input again
		while read -r input; do
			printf '#   input: %s, in base64:\n' "${input#"$top/"}"
			base64 "$input" | head -n 100
		done < <(find "$work/findings/$target" -type f)
	fi
done
printf '%d inputs, seed %d\n' "$total" "$seed"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
