#!/bin/bash
#
# recurrence_others.sh
#		An occurrence of a recurrence rule against python-dateutil and libical in
#		C, on the same rules and in local time.
#
# What is not installed (Debian: python3-dateutil, libical-dev) has no row.  The
# times are of one occurrence: the best of five runs over 20,000 of them, or 2,000
# for libical, of whose calendar 20,000 months are too many.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

rules=('FREQ=DAILY' 'FREQ=WEEKLY;BYDAY=MO,WE,FR' 'FREQ=MONTHLY;BYDAY=-1FR'
	'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2')
many=20000
few=2000

cat >"$scratch/others.py" <<'END'
import datetime, itertools, sys, time
import dateutil.rrule
rule, most = sys.argv[1], int(sys.argv[2])
best = 1e9
for run in range(5):
    start = time.perf_counter()
    walk = dateutil.rrule.rrulestr(rule, dtstart=datetime.datetime(1990, 1, 1, 9))
    count = sum(1 for _ in itertools.islice(walk, most))
    best = min(best, (time.perf_counter() - start) / count)
print(f"{best * 1e9:.1f}")
END
cat >"$scratch/others.c" <<'END'
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int
main(int argc, char **argv)
{
	int			most = atoi(argv[2]);
	double		best = 1e18;

	(void) argc;
	for (int run = 0; run < 5; run++)
	{
		struct timespec a;
		struct timespec b;
		int			count = 0;
		double		took;

		clock_gettime(CLOCK_MONOTONIC, &a);
		struct icalrecurrencetype rule = icalrecurrencetype_from_string(argv[1]);
		struct icaltimetype start = icaltime_from_string("19900101T090000");
		icalrecur_iterator *walk = icalrecur_iterator_new(rule, start);

		while (count < most && !icaltime_is_null_time(icalrecur_iterator_next(walk)))
			count++;
		icalrecur_iterator_free(walk);
		clock_gettime(CLOCK_MONOTONIC, &b);
		took = ((b.tv_sec - a.tv_sec) * 1e9 + (b.tv_nsec - a.tv_nsec)) / count;
		if (took < best)
			best = took;
	}
	printf("%.1f\n", best);
	return 0;
}
END
have_dateutil=
! /usr/bin/python3 -c 'import dateutil' 2>/dev/null || have_dateutil=yes
have_libical=
# shellcheck disable=SC2046
! "${CC:-gcc}" -O2 -o "$scratch/others" "$scratch/others.c" $(pkg-config --cflags --libs libical 2>/dev/null || echo -lical) 2>/dev/null || have_libical=yes

# ours RULE MOST: nanoseconds of an occurrence, one call for all of them
ours()
{
	psql -X -q -A -t -v ON_ERROR_STOP=1 <<-END
		SET client_min_messages = warning;
		CREATE OR REPLACE FUNCTION pg_temp.took() RETURNS numeric LANGUAGE plpgsql AS \$\$
		DECLARE
			started timestamptz := clock_timestamp();
		BEGIN
			PERFORM rrule_last('$1;COUNT=$2', '1990-01-01 09:00', 'UTC') FROM generate_series(1, 50);
			RETURN extract(epoch FROM clock_timestamp() - started) * 1e9 / (50 * $2);
		END \$\$;
		SELECT round(min(pg_temp.took()), 1) FROM generate_series(1, 5);
	END
}

# compare RULE MOST NAME COMMAND...: a row of the table
compare()
{
	local rule=$1 most=$2 name=$3 mine theirs
	shift 3
	mine=$(ours "$rule" "$most")
	theirs=$("$@" "$rule" "$most")
	awk -v rule="$rule" -v name="$name" -v mine="$mine" -v theirs="$theirs" 'BEGIN {
		printf "| recurrence: an occurrence of `%s` against %s | %s ns | %s ns | %.1f times faster | at least 10 times faster | %s |\n",
			rule, name, mine, theirs, theirs / mine, (theirs / mine >= 10 ? "yes" : "**no**") }'
}

for rule in "${rules[@]}"; do
	[ -z "$have_dateutil" ] ||
		compare "$rule" "$many" python-dateutil /usr/bin/python3 "$scratch/others.py"
	[ -z "$have_libical" ] ||
		compare "$rule" "$few" libical "$scratch/others"
done
