#!/bin/bash
#
# Rules, bookings and wishes made at random, most of them near a change of the
# clocks: open periods, free periods and slots are those that a brute force
# finds tick by tick, in Python with the server's zones.
#
# SEED= is another seed; COUNT=, how many cases; FIRST=, the number of the first
# one, so that COUNT=1 tries a single case again; SHOW=, how many differences.

. test/clients/lib.sh

need_zoneinfo

seed=${SEED:-20111230}
first=${FIRST:-1}
count=${COUNT:-2000}
printf '# seed %s, cases from %s on: %s\n' "$seed" "$first" "$count"

ok "the brute force finds them" python_with_zones test/clients/availability_oracle.py \
	"$seed" "$first" "$count" "$SCRATCH/cases"
export PGOPTIONS='-c timezone=UTC'
psql -X -q -v ON_ERROR_STOP=1 <<END
CREATE EXTENSION appointment;
CREATE TABLE statements (n int, statement text, expected text);
\copy statements FROM '$SCRATCH/cases' (NULL 'none')
CREATE TABLE results (n int, kind text, statement text, expected text, found text);
-- rows of one list that are not in another one, or in another order
CREATE FUNCTION missing(list text, other text) RETURNS text IMMUTABLE LANGUAGE sql AS
	\$\$ SELECT coalesce(string_agg(r, ' '), 'others in order') FROM regexp_split_to_table(list, '(?<=\)) (?=\()') r WHERE position(r IN other) = 0 OR r = '' \$\$;
DO \$\$
DECLARE
	s statements;
	found text;
BEGIN
	FOR s IN SELECT * FROM statements LOOP
		BEGIN
			EXECUTE format('SELECT coalesce(string_agg(format(''%%s'', f), '' ''), '''') FROM (%s) AS s (f)', s.statement) INTO found;
		EXCEPTION WHEN OTHERS THEN
			found := sqlstate || ': ' || sqlerrm;
		END;
		INSERT INTO results VALUES (s.n, substring(s.statement FROM '(open_periods|is_open|next_opening|free_periods|free_slots|slot_refusals|slots)\\('), s.statement, s.expected, found);
	END LOOP;
END \$\$;
END

# same KIND: each statement of a kind finds what the brute force has found
same()
{
	is "$(sql "SELECT format(E'case %s: %s;\n    found only:    %s\n    expected only: %s', n, statement, left(missing(found, expected), 300), left(missing(expected, found), 300))
		FROM (SELECT * FROM results WHERE kind = '$1' AND found IS DISTINCT FROM expected ORDER BY length(statement) LIMIT ${SHOW:-3}) s
		UNION ALL SELECT count(*) || ' differ' FROM results WHERE kind = '$1' AND found IS DISTINCT FROM expected HAVING count(*) > 0")" "" \
		"$1: $(sql "SELECT format('%s statements, %s rows', count(*), sum(cardinality(regexp_split_to_array(expected, '\) \('))) FILTER (WHERE expected <> ''))
			FROM results WHERE kind = '$1'")"
}
is "$(sql "SELECT count(DISTINCT n) FROM results")" "$count" "all cases were tried"
for kind in open_periods is_open next_opening free_periods free_slots slots slot_refusals; do
	same "$kind"
done
ok "the statements find something" test "$count" -lt 100 -o \
	"$(sql "SELECT min(c) FROM (SELECT count(*) FILTER (WHERE expected <> '') AS c FROM results GROUP BY kind) s")" -gt "$((count / 4))"

done_testing
