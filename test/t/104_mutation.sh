#!/bin/bash
#
# Literals that were changed at random, through SQL: text and JSON by the types'
# input, the readers and the validation, binary values by the types' receive
# functions.  Every error is one of those that the README names, and the server
# lives.  Then the inputs that libFuzzer begins with, and those that once broke
# something (test/fuzz).
#
# SEED= is another seed; COUNT=, how many mutations of each literal are tried.

. test/lib/tap.sh

seed=${SEED:-20240229}
count=${COUNT:-500}
# where every read and write is checked, a tenth of it will do
[ -z "${SERVER_RUNNER:-}" ] || count=$((count / 10))
printf '# seed %s\n' "$seed"

module=$PWD/test/fuzz
ok "the module builds" make -s -C "$module" "PG_CONFIG=$PG_CONFIG" with_llvm=no
psql -X -q -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION appointment' \
	-v "library=$module/fuzz" -f "$module/setup.sql" \
	-f "$module/mutation.sql"

# load KIND NAME EXPRESSION
load()
{
	sql "INSERT INTO literal SELECT '$1', '$2', $3"
}

for format in caspen sqod avon savvycal appointment_one; do
	type=appointment
	[ "$format" != appointment_one ] || type=appointment_event
	document="pg_read_file('$PWD/test/data/$format.json')"
	value="${type}_from_json($document, '$format')"
	load document "$format" "pg_read_binary_file('$PWD/test/data/$format.json')"
	load text "$type" "convert_to($value::text, 'UTF8')"
	load binary "$type" "${type}_send($value)"
done
for o in '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){pra_1,rom_2}' \
	'acme:[2024-01-01T10:00:00Z,2024-01-01T11:00:00.5Z){*}' \
	'"a b":[0001-01-01T00:00:00Z,9999-12-31T23:59:59Z){"x,y","z\"","é"}' \
	'[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){class_77(3/12),trainer_1}' \
	'x:[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){"a(1/2)"(1/2147483647),a(2/2),"*"(1/9)}'; do
	load text occupancy "convert_to('$o', 'UTF8')"
	load binary occupancy "occupancy_send('$o')"
done
for r in 'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20261231T235959Z;WKST=SU' 'FREQ=YEARLY;COUNT=10;BYDAY=-1FR,2MO;BYMONTH=1,12;BYHOUR=9;BYSETPOS=1,-1'; do
	load text rrule "convert_to('$r', 'UTF8')"
	load binary rrule "rrule_send('$r')"
done
for h in 'Europe/Berlin Mo-Fr 09:00-12:00,22:00-02:00:30.5 capacity 3; Sa[1,-1] 10:00-14:00; 2026-12-24/2026-12-31 off priority 2' \
	'(UTC every 2 weeks from 2026-03-02 Mo 24/7; /2026-12-24 override none) * (Asia/Kolkata 2026-01-01/ override 09:00-24:00)'; do
	load text open_hours "convert_to('$h', 'UTF8')"
	load binary open_hours "open_hours_send('$h')"
done
for b in '{[2026-03-02T09:00:00Z,2026-03-02T09:30:00Z)-5+10(2),[2026-03-03T08:00:00Z,)}' '{(,2026-03-02T09:00:00.5Z),[0001-01-01T00:00:00Z,9999-12-31T23:59:59Z)}'; do
	load text busy "convert_to('$b', 'UTF8')"
	load binary busy "busy_send('$b')"
done
for i in test/fuzz/corpus/icalendar/*; do
	load text icalendar "substr(pg_read_binary_file('$PWD/$i'), 4)"
done
is "$(sql "SELECT count(*) FROM literal")" 41 "the literals to be changed"

for kind in text binary document; do
	ok "$kind: the server lives" psql -X -q -v ON_ERROR_STOP=1 \
		-c "SELECT setseed(0.$seed)" -c "CALL try_all('$kind', $count)"
	is "$(sql "SELECT name, state, min(message), count(*) FROM outcome WHERE kind = '$kind'
		AND state NOT IN ('ok', '22P02', '22P03', '22007', '22008', '22021', '54000', '08P01', '22023')
		GROUP BY 1, 2 ORDER BY 1, 2")" "" "$kind: every error is a clean one"
	ok "$kind: some are accepted, most are not" test "$(sql "SELECT
		count(*) FILTER (WHERE state = 'ok') BETWEEN 1 AND count(*) / 2 FROM outcome WHERE kind = '$kind'")" = t
	sql "SELECT '#   ' || sum(n) || ' mutations: ' || string_agg(n || ' ' || state, ', ' ORDER BY n DESC)
		FROM (SELECT state, count(*) AS n FROM outcome WHERE kind = '$kind' GROUP BY 1) s"
done

# What libFuzzer begins with
for target in test/fuzz/corpus/*; do
	target=${target##*/}
	for file in test/fuzz/corpus/"$target"/* test/fuzz/regressions/"$target"/*; do
		[ -e "$file" ] || continue
		printf "SELECT fuzz_one('%s', pg_read_binary_file('%s'));\n" \
			"$target" "$PWD/$file"
	done >"$SCRATCH/replay.sql"
	ok "the kept inputs of $target ($(wc -l <"$SCRATCH/replay.sql"))" \
		psql -X -q -v ON_ERROR_STOP=1 -f "$SCRATCH/replay.sql"
done
is "$(sql "SELECT 1")" 1 "the server lives"

done_testing
