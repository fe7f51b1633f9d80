#!/bin/bash
#
# run_bench.sh
#		Run the benchmarks of test/bench on the private server, and print one
#		table in Markdown.
#
# Every *.sql but lib.sql, and every executable *.sh, each in a database with
# the extension and test/bench/lib.sql, prints rows of the table; a missed
# target is no failure, an error is.  BENCH_ROWS and BENCH_RUNS change the
# sizes, TESTS="name..." chooses.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh" inside

export BENCH_ROWS=${BENCH_ROWS:-200000} BENCH_RUNS=${BENCH_RUNS:-7}

psql_quiet()
{
	psql -X -q -A -t -v ON_ERROR_STOP=1 -v rows="$BENCH_ROWS" \
		-v runs="$BENCH_RUNS" "$@"
}

printf 'commit %s, %s, %s cores of %s\n' \
	"$(git describe --always --dirty 2>/dev/null || echo unknown)" \
	"$(psql_quiet -c "SELECT format('PostgreSQL %s',
		current_setting('server_version'))")" "$(getconf _NPROCESSORS_ONLN)" \
	"$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)"
printf '%s rows, median of %s runs, %s\n\n' "$BENCH_ROWS" "$BENCH_RUNS" \
	"$(psql_quiet -c "SELECT string_agg(name || ' ' || current_setting(name), ', ' ORDER BY name)
		FROM pg_settings WHERE name IN ('shared_buffers', 'work_mem', 'jit',
			'max_parallel_workers_per_gather', 'autovacuum')")"
printf '| measure | ours | theirs | ratio | target | met |\n'
printf '|---|---|---|---|---|---|\n'

status=0
files=0
for file in test/bench/*; do
	name=${file##*/}
	name=${name%.*}
	case $file in
		*/lib.sql) continue ;;
		*.sql) command=(psql_quiet -f "$file") ;;
		*.sh)
			[ -x "$file" ] || continue
			command=("./$file")
			;;
		*) continue ;;
	esac
	if [ -n "${TESTS:-}" ] && [[ " $TESTS " != *" $name "* ]]; then
		continue
	fi
	files=$((files + 1))
	export PGDATABASE=bench_$name
	psql_quiet -d postgres -c "CREATE DATABASE $PGDATABASE"
	psql_quiet -c 'CREATE EXTENSION appointment' -f test/bench/lib.sql -c \
		"ALTER DATABASE $PGDATABASE SET bench.runs = $BENCH_RUNS"
	"${command[@]}" || status=1
	psql_quiet -d postgres -c "DROP DATABASE $PGDATABASE"
done
[ "$files" -gt 0 ] || die "no benchmark${TESTS:+ of $TESTS}"
exit "$status"
