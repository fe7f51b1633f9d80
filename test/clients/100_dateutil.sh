#!/bin/bash
#
# Recurrence rules made at random: what rrule_occurrences finds is what
# python-dateutil finds, but for what the two read differently, which
# rrule_dateutil.py names.  Then that a window and rrule_next find the same.
#
# SEED= is another seed; COUNT=, how many rules are tried.

. test/clients/lib.sh

need "Python with dateutil" /usr/bin/python3 -c 'import dateutil, zoneinfo'

seed=${SEED:-5545}
count=${COUNT:-5000}
printf '# seed %s\n' "$seed"

ok "$count rules are made" /usr/bin/python3 test/clients/rrule_dateutil.py \
	"$seed" "$count" "$SCRATCH/rules"
sed -n 's/^/# /p' "$SCRATCH/rules.log"
psql -X -q -v ON_ERROR_STOP=1 <<END
CREATE EXTENSION appointment;
CREATE TABLE rules (n int PRIMARY KEY, rule rrule, starts_at timestamp, zone text, instants timestamptz[], complete boolean);
\copy rules FROM '$SCRATCH/rules'
CREATE FUNCTION found(rules) RETURNS timestamptz[] STABLE LANGUAGE sql AS
	'SELECT ARRAY(SELECT rrule_occurrences(\$1.rule, \$1.starts_at, \$1.zone, max => CASE WHEN NOT \$1.complete THEN cardinality(\$1.instants) END))';
END

enough=$((count / 2))
ok "enough were compared: $(sql "SELECT count(*) FROM rules"), with $(sql "SELECT sum(cardinality(instants)) FROM rules") occurrences" \
	test "$(sql "SELECT count(*) FROM rules")" -gt "$enough"
is "$(sql "SELECT rule, starts_at, zone, instants[:5], (found(rules))[:5] FROM rules WHERE found(rules) <> instants ORDER BY length(rule::text) LIMIT 5")" "" \
	"they have the same occurrences"
is "$(sql "SELECT rule, starts_at, zone, i FROM rules, generate_series(2, 12, 5) AS i WHERE instants[i] IS NOT NULL
	AND ARRAY(SELECT rrule_occurrences(rule, starts_at, zone, tstzrange(instants[i], instants[i + 3], '[]'))) <> instants[i:i + 3] AND instants[i + 3] IS NOT NULL LIMIT 5")" "" \
	"a window has those that lie in it"
is "$(sql "SELECT rule, starts_at, zone, i FROM rules, generate_series(1, 12, 4) AS i WHERE instants[i + 1] IS NOT NULL
	AND rrule_next(rule, starts_at, zone, instants[i]) IS DISTINCT FROM instants[i + 1] LIMIT 5")" "" \
	"rrule_next finds the one after another"
is "$(sql "SELECT rule, starts_at, zone FROM rules WHERE complete AND rule::text ~ 'UNTIL|COUNT'
	AND rrule_last(rule, starts_at, zone) IS DISTINCT FROM instants[cardinality(instants)] LIMIT 5")" "" \
	"rrule_last finds the last one"
is "$(sql "SELECT count(*) FROM rules WHERE rule::text::rrule <> rule")" 0 "the rules come back from their text"

done_testing
