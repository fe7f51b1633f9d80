#!/bin/bash
#
# Recurrence rules made at random: what rrule_occurrences finds in local time is
# what libical 3 and the package rrule of Node.js find, where these are right.
# What they read differently is left out by class, each named below; most of it
# python-dateutil reads as we do, so it is compared with that (100_dateutil.sh).
#
# SEED= is another seed; COUNT=, how many rules are tried.

. test/clients/lib.sh

need "Python" /usr/bin/python3 --version

seed=${SEED:-5545}
count=${COUNT:-2000}
printf '# seed %s\n' "$seed"
/usr/bin/python3 -B test/clients/rrule_random.py "$seed" "$count" >"$SCRATCH/rules"
psql -X -q -v ON_ERROR_STOP=1 <<'END'
CREATE EXTENSION appointment;
CREATE FUNCTION has_ordinals_and_none(rule text) RETURNS boolean LANGUAGE sql AS
	$$SELECT count(DISTINCT day ~ '[0-9]') > 1 FROM regexp_split_to_table(substring(rule FROM 'BYDAY=([^;]*)'), ',') day$$;
END

# compare NAME COMMAND: with what an engine has written; the rules that it
# reads differently are those of "differently"
compare()
{
	local name=$1 enough
	shift
	ok "$name reads the rules" "$@"
	psql -X -q -v ON_ERROR_STOP=1 <<-END
		SET client_min_messages = warning;
		DROP TABLE IF EXISTS rules;
		CREATE TABLE rules (n int PRIMARY KEY, rule rrule, starts_at timestamp, times timestamp[]);
		\copy rules FROM '$SCRATCH/times'
		DELETE FROM rules WHERE rule::text ~ '$differently' OR has_ordinals_and_none(rule::text);
		-- as long as the engine's years go
		CREATE FUNCTION pg_temp.found(rules) RETURNS timestamp[] LANGUAGE sql AS
			'SELECT ARRAY(SELECT t AT TIME ZONE ''UTC'' FROM rrule_occurrences(\$1.rule, \$1.starts_at, ''UTC'', ''(,2400-01-01)'', max => 40) AS t)';
		CREATE TABLE $name AS SELECT n, rule, starts_at, times[:3] AS theirs, (pg_temp.found(r))[:3] AS ours FROM rules r
			WHERE ARRAY(SELECT t FROM unnest(times) t WHERE t < '2400-01-01') <> pg_temp.found(r);
	END
	enough=$((count / 10))
	ok "$name: enough were compared: $(sql "SELECT count(*) FROM rules")" \
		test "$(sql "SELECT count(*) FROM rules")" -gt "$enough"
	is "$(sql "SELECT rule, starts_at, theirs, ours FROM $name ORDER BY length(rule::text) LIMIT 12")" "" \
		"$name finds the same occurrences"
}

# BYSETPOS: positions that a period does not have are not left out, and the
# period is cut.  BYWEEKNO: see doc/recurrence.md, and weeks of other years.
# BYYEARDAY, BYMONTHDAY from the end, BYMONTHDAY of each month: read otherwise.
# Below a day it begins a new period at the start's minute or second.  Weeks
# begin on Sunday where WKST is not said.
libical()
{
	"$SCRATCH/rrule_libical" <"$SCRATCH/rules" >"$SCRATCH/times"
}
differently='BYSETPOS|BYWEEKNO|BYYEARDAY|BYMONTHDAY=[^;]*-|YEARLY.*BYMONTHDAY|(HOURLY|MINUTELY|SECONDLY).*;BY(HOUR|MINUTE|SECOND)|WEEKLY.*INTERVAL'
if "${CC:-gcc}" -Wall -Wextra -O1 -o "$SCRATCH/rrule_libical" test/clients/rrule_libical.c -lical 2>/dev/null; then
	compare libical libical
else
	skip "libical" "libical-dev is missing"
fi

# BYSETPOS, BYWEEKNO, weekdays with and without ordinals: as python-dateutil,
# which it was made of.  Below a day its steps leave the grid of INTERVAL when
# it jumps over days or hours.
js()
{
	node test/clients/rrule_js.js <"$SCRATCH/rules" >"$SCRATCH/times"
}
differently='BYSETPOS|BYWEEKNO|(MINUTELY|SECONDLY).*;BY'
if node -e 'require("./test/clients/node_modules/rrule")' 2>/dev/null; then
	compare js js
else
	skip "Node's rrule" "the package is missing"
fi

done_testing
