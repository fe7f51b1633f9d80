#!/bin/bash
#
# Memory: json-c allocates outside the server's memory contexts, so what a
# read leaves behind shows only in the size of the process.  A hundred thousand
# reads of every kind in one session, bad and good, must not make it grow; and
# what the limits refuse must cost nothing.

. test/lib/tap.sh

# A sanitizer or valgrind keeps back what is freed, and more beside each block:
# what a read leaves behind is seen without one, and fewer reads do.
allowance=0
reads=100000
if [ -n "${SERVER_RUNNER:-}" ]; then
	allowance=131072
	reads=10000
fi

psql -X -q -v ON_ERROR_STOP=1 <<'END'
CREATE EXTENSION appointment;
\i test/lib/private_memory.sql

-- Try a statement n times; how many times it failed.
CREATE FUNCTION repeatedly(statement text, n int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	failed int := 0;
BEGIN
	FOR i IN 1 .. n LOOP
		BEGIN
			EXECUTE statement;
		EXCEPTION WHEN data_exception OR program_limit_exceeded OR check_violation THEN
			failed := failed + 1;
		END;
	END LOOP;
	RETURN failed;
END $$;

CREATE TABLE example (format text, doc json);
CREATE TABLE work (n serial, what text, statement text, fails bool);
END

for format in caspen sqod avon savvycal; do
	sql "INSERT INTO example SELECT '$format', pg_read_file('$PWD/test/data/$format.json')::json" >/dev/null
done

# What is read is a good document, then something is wrong at its end: json-c's
# tree is whole when the error is raised.
psql -X -q -v ON_ERROR_STOP=1 <<'END'
INSERT INTO work (what, statement, fails) VALUES
	('an open bracket', $$SELECT '{"id":"x"'::appointment$$, true),
	('an unknown member', $$SELECT '{"id":"x","note":"n","resource_ids":["a","b"],"nothing":[1,2,{"a":"b"}]}'::appointment$$, true),
	('a wrong type', $$SELECT '{"id":"x","claimant":{"data":[{},{},{"required":1}]}}'::appointment$$, true),
	('a bad instant', $$SELECT '{"id":"x","starts_at":"2024-02-30T00:00:00Z"}'::appointment$$, true),
	('the end before the start', $$SELECT '{"starts_at":"2024-01-02T00:00:00Z","ends_at":"2024-01-01T00:00:00Z"}'::appointment$$, true),
	('half a surrogate pair', $$SELECT '{"id":"\ud800"}'::appointment$$, true),
	('10,000 levels', $$SELECT repeat('[', 10000)::appointment$$, true),
	('what appointment_set refuses', $$SELECT appointment_set('{}', 'attendees', '[{"id":"u"},{"id":1}]')$$, true),
	('what a row refuses', $$SELECT appointment_from_row(r) FROM (SELECT '{"name":1}'::jsonb AS claimant) r$$, true),
	('an unknown option', $$SELECT appointment_from_json(doc, 'avon', '{"nothing":1}') FROM example WHERE format = 'avon'$$, true);
INSERT INTO work (what, statement, fails)
	SELECT format || ' read as ' || other, format('SELECT appointment_from_json(doc, %L) FROM example WHERE format = %L', other, format), format <> other
	FROM example, unnest('{caspen,sqod,avon,savvycal}'::text[]) other;
INSERT INTO work (what, statement, fails)
	SELECT format || ' without its end', format('SELECT appointment_from_json(left(doc::text, -20), %L) FROM example WHERE format = %L', format, format), true FROM example;
INSERT INTO work (what, statement, fails)
	SELECT format || ' written as ' || other, format('SELECT appointment_to_json(appointment_from_json(doc, %L), %L) FROM example WHERE format = %L', format, other, format), false
	FROM example, unnest('{caspen,sqod,avon,savvycal}'::text[]) other;
INSERT INTO work (what, statement, fails) VALUES
	('its text', $$SELECT appointment_from_json(doc, 'avon')::text::appointment FROM example WHERE format = 'avon'$$, false),
	('a list with bad items', $$SELECT count(*) FROM appointment_list_from_json('{"object":"list","data":[{"id":1},{"id":"x","start_time":1,"end_time":2},7,{"id":"\u0000"}]}', 'avon')$$, false),
	('no list', $$SELECT count(*) FROM appointment_list_from_json('{"data":{}}', 'avon')$$, true),
	('recognition', $$SELECT appointment_format(doc) FROM example$$, false);
END

# Enough of each before the first measurement for caches to fill up.
each=$((reads / $(sql "SELECT count(*) FROM work WHERE fails")))
output=$(psql -X -q -A -t <<END
SET client_min_messages = error;
DO \$\$ BEGIN PERFORM repeatedly(statement, 300) FROM work; END \$\$;
SELECT private_memory() AS before \gset
CREATE TEMP TABLE failed AS SELECT what, fails, repeatedly(statement, $each) AS times FROM work;
SELECT 'total ' || sum(times) FROM failed;
SELECT 'odd ' || what || ' ' || times FROM failed WHERE times <> CASE WHEN fails THEN $each ELSE 0 END;
SELECT 'grown ' || private_memory() - :before;
END
)
is "$(grep -c ^odd <<<"$output")" 0 "what should fail fails, and nothing else"
grep ^odd <<<"$output" | sed 's/^/#   /'
total=$(sed -n 's/^total //p' <<<"$output")
ok "$total reads failed" test "$total" -gt $((reads * 98 / 100))
grown=$(sed -n 's/^grown //p' <<<"$output")
ok "after that the session has grown by less than $(((4096 + allowance) / 1024)) MB ($grown kB)" \
	test "$grown" -lt $((4096 + allowance))

# measure STATEMENT COUNT: kB that a session grows while it is repeated inside
# one statement, after a first time
measure()
{
	psql -X -q -A -t <<-END | tail -n 1
		SET max_parallel_workers_per_gather = 0;
		$1;
		SELECT private_memory() AS before \gset
		$1;
		$1;
		SELECT private_memory() - :before;
	END
}
grown=$(measure "SELECT sum(length(appointment_to_json(appointment_from_json(doc, format), 'savvycal')::text)) FROM example, generate_series(1, $((reads / 4)))")
ok "$reads documents in one query, read and written ($grown kB)" test "$grown" -lt $((4096 + allowance))
grown=$(measure "SELECT count(*) FILTER (WHERE appointment_from_row(r) = appointment_set(appointment_from_row(r), 'note', '\"n\"')) FROM (SELECT i::text AS id, 'n' AS note, now() AS starts_at, '[{\"id\":\"u\"}]'::json AS attendees FROM generate_series(1, $reads) i) r")
ok "$reads rows ($grown kB)" test "$grown" -lt $((4096 + allowance))
grown=$(measure "SELECT count(*) FROM appointment_list_from_json((SELECT '{\"object\":\"list\",\"data\":[' || string_agg(CASE i % 2 WHEN 0 THEN (SELECT doc::text FROM example WHERE format = 'avon') ELSE '{\"id\":1}' END, ',') || ']}' FROM generate_series(1, 20000) i), 'avon')")
ok "a list of 20,000, half of them bad ($grown kB)" test "$grown" -lt $((65536 + allowance))
grown=$(measure "SELECT length(appointment_json_agg(appointment_from_json(doc, 'avon'), 'avon')::text) FROM example, generate_series(1, 20000) WHERE format = 'avon'")
ok "a list written of 20,000 ($grown kB)" test "$grown" -lt $((65536 + allowance))

# Recurrence rules and time zones, in a session that lives for weeks: each
# function as many times, as one statement and as many.  A zone that was looked
# at stays with the server, so all of them are looked at before.
rules="(ARRAY['FREQ=WEEKLY;BYDAY=MO,WE,FR', 'FREQ=MONTHLY;BYDAY=-1FR;COUNT=20', 'FREQ=YEARLY;BYWEEKNO=20;UNTIL=20301231', 'FREQ=HOURLY;INTERVAL=5;COUNT=100'])[1 + i % 4]"
zones="(ARRAY['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'])[1 + i % 4]"
value="jsonb_build_object('id', 'x', 'source', 'caspen', 'starts_at', '2026-03-01T09:00:00Z', 'ends_at', '2026-03-01T10:00:00Z', 'local_starts_at', '2026-03-01T09:00:00', 'time_zone', $zones)::appointment"
while IFS='|' read -r what expression; do
	grown=$(measure "SELECT count($expression) FROM (SELECT i, $zones AS zone, timestamp '2026-01-01 09:00' + i * interval '1 hour' AS local, ($rules || ';WKST=SU')::rrule AS rule FROM generate_series(1, $reads) AS i) AS x")
	ok "$reads times $what ($grown kB)" test "$grown" -lt $((4096 + allowance))
done <<END
reading a rule|($rules || ';BYMONTH=' || 1 + i % 12)::rrule
a rule's bytes|rrule_send(rule)
comparing rules|rule = 'FREQ=DAILY'
a rule's hash|rrule_hash_extended(rule, i)
rrule_occurrences|(SELECT count(t) FROM rrule_occurrences(rule, local, zone, max => 3, exdates => ARRAY[local], rdates => ARRAY[local + interval '1 minute']) AS t)
rrule_occurrences, stopped early|(SELECT rrule_occurrences(rule, local, zone, exdates => ARRAY[local], rdates => ARRAY[local + interval '1 minute']) LIMIT 1)
rrule_next|rrule_next(rule, local, zone, '2026-06-01 00:00Z')
rrule_last|rrule_last(rule, local, zone)
zone_instant|zone_instant(local, zone, 'later')
zone_transitions|(SELECT count(at) FROM zone_transitions(zone, '[2026-01-01,2027-01-01)'))
appointment_series|(SELECT count(a) FROM appointment_series($value, rule, max => 2) AS a)
appointment_series, stopped early|(SELECT appointment_series($value, rule) LIMIT 1)
appointment_zone_drift|appointment_zone_drift($value)
END
grown=$(psql -X -q -A -t <<END
SET client_min_messages = error;
CREATE TEMP TABLE lately AS SELECT statement FROM unnest(ARRAY[
	'SELECT rrule_occurrences(''FREQ=DAILY'', ''2026-01-01 09:00'', ''Europe/Berlin'', exdates => ''{2026-01-01 09:00}'') LIMIT 2',
	'SELECT count(*) FROM rrule_occurrences(''FREQ=DAILY;COUNT=3'', ''2026-01-01 09:00'', ''Europe/Berlin'')',
	'SELECT count(*) FROM rrule_occurrences(''FREQ=DAILY'', ''infinity'', ''Europe/Berlin'')',
	'SELECT count(*) FROM rrule_occurrences(''FREQ=DAILY'', ''2026-01-01 09:00'', ''Mars/Olympus'')',
	'SELECT ''FREQ=DAILY;BYDAY=XX''::rrule',
	'SELECT zone_instant(''2026-03-29 02:30'', ''Europe/Berlin'', ''error'')',
	'SELECT zone_transitions(''Europe/Berlin'', ''(,)'') LIMIT 2',
	'SELECT appointment_series(''{"starts_at":"2026-03-01T09:00:00Z","time_zone":"Europe/Berlin"}'', ''FREQ=DAILY'') LIMIT 2',
	'SELECT appointment_series(''{"starts_at":"2026-03-01T09:00:00Z"}'', ''FREQ=DAILY'')']) AS statement;
DO \$\$ BEGIN PERFORM repeatedly(statement, 300) FROM lately; END \$\$;
SELECT private_memory() AS before \gset
SELECT sum(repeatedly(statement, $((reads / 10)))) FROM lately \g /dev/null
SELECT private_memory() - :before;
END
)
ok "$((reads / 10)) statements of each kind, good and bad ($grown kB)" test "$grown" -lt $((4096 + allowance))

# What the limits refuse takes no memory beyond the text, and no time.
refused=$(psql -X -q -A -t <<'END'
\timing on
SET client_min_messages = error;
CREATE TEMP TABLE big AS SELECT '[' || repeat('{},', 1000000) || '{}]' AS small, '{"id":"x","z":[' || repeat('{},', 33333333) || '{}]}' AS big;
SELECT length(small), length(big) FROM big;
SELECT private_memory() AS before \gset
SELECT 'failed ' || repeatedly('SELECT appointment_from_json(small, ''caspen'') FROM big', 3) FROM big;
SELECT 'failed ' || repeatedly('SELECT appointment_from_json(big, ''caspen'') FROM big', 3) FROM big;
SELECT 'failed ' || repeatedly('SELECT big::appointment FROM big', 3) FROM big;
SELECT 'failed ' || repeatedly('SELECT count(*) FROM (SELECT (appointment_list_from_json(big, ''avon'')).* FROM big) s', 3) FROM big;
SELECT 'null ' || count(*) FILTER (WHERE appointment_format(big) IS NULL) FROM big;
SELECT 'grown ' || private_memory() - :before;
END
)
is "$(grep -c '^failed 3$' <<<"$refused")" 4 "3 MB and 100 MB of [{},{},...] are refused"
is "$(grep '^null' <<<"$refused")" "null 1" "and are not recognised as anything"
grown=$(sed -n 's/^grown //p' <<<"$refused")
ok "the session has grown by no more than the text twice ($grown kB)" test "$grown" -lt 220000
like "$(sql "SET statement_timeout = '20s'; SELECT appointment_from_json('[' || repeat('{},', 33333333) || '{}]', 'caspen')")" \
	"54000: invalid caspen document: the text is longer than" "100 MB have the error of the limits"
like "$(sql "SELECT count(*) FROM appointment_list_from_json('{\"data\":[' || repeat('{},', 33333333) || '{}]}', 'avon')")" \
	"54000: invalid avon list: the text is longer than" "also as a list"
like "$(sql "SELECT count(*) FROM appointment_list_from_json('{\"data\":[' || repeat('{},', 1000000) || '{}]}', 'avon')")" \
	"54000: invalid avon list: \"data\" has more than|54000: invalid avon list: the list has more than" "a list has a number of items at most"

# The text of an occupancy, and an array of names, have no limit of their own.
psql -X -q -v ON_ERROR_STOP=1 <<'END'
CREATE TABLE long_literal (what text, literal text, elements text[]);
ALTER TABLE long_literal ALTER literal SET STORAGE EXTERNAL, ALTER elements SET STORAGE EXTERNAL;
INSERT INTO long_literal (what, literal) VALUES
	('names', '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){' || repeat('r,', 60000000) || 'r}'),
	('name', '[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){' || repeat('r', 120000000) || '}'),
	('scope', '"' || repeat('\"', 60000000) || '":[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){r}'),
	('nonsense', repeat('{', 120000000));
INSERT INTO long_literal (what, elements) VALUES ('array', array_fill('r'::text, ARRAY[15000000]));
END
refused=$(psql -X -q -A -t <<'END'
SET client_min_messages = error;
SET max_parallel_workers_per_gather = 0;
CREATE FUNCTION pg_temp.peak() RETURNS bigint LANGUAGE sql AS
	$$SELECT substring(pg_read_file('/proc/' || pg_backend_pid() || '/status', 0, 4000) FROM 'VmHWM:\s*(\d+)')::bigint$$;
SELECT pg_temp.peak() AS before \gset
SELECT 'failed ' || what || ' ' || repeatedly(format('SELECT literal::occupancy FROM long_literal WHERE what = %L', what), 3)
FROM long_literal WHERE literal IS NOT NULL;
SELECT 'failed array ' || repeatedly($$SELECT occupancy('2024-01-01Z', '2024-01-02Z', elements) FROM long_literal WHERE what = 'array'$$, 3);
SELECT 'failed row ' || repeatedly($$SELECT appointment_from_row(r) FROM (SELECT elements AS resource_ids FROM long_literal WHERE what = 'array') r$$, 3);
SELECT 'grown ' || pg_temp.peak() - :before;
END
)
is "$(grep ^failed <<<"$refused")" "failed names 3
failed name 3
failed scope 3
failed nonsense 3
failed array 3
failed row 3" "literals of 120 MB and an array of 15,000,000 are no occupancy, nor is the array in a row"
grown=$(sed -n 's/^grown //p' <<<"$refused")
ok "the session has never had much more than a text and its copies ($grown kB)" test "$grown" -lt $((500000 + allowance))
sql "DROP TABLE long_literal" >/dev/null

# A long list can be stopped, and the session goes on without a leak.
psql -X -q -c "CREATE TABLE long AS SELECT '{\"object\":\"list\",\"data\":[' || string_agg(doc::text, ',') || ']}' AS doc FROM example, generate_series(1, 60000) WHERE format = 'avon'"
stopped=$(psql -X -q -A -t 2>&1 <<'END'
\set VERBOSITY sqlstate
SET statement_timeout = '100ms';
SELECT count(*) FROM long, appointment_list_from_json(doc, 'avon');
SELECT count(*) FROM long, appointment_list_from_json(doc, 'avon');
SELECT count(*) FROM long, appointment_list_from_json(doc, 'avon');
SELECT private_memory() AS before \gset
SELECT format('SELECT count(*) FROM long, appointment_list_from_json(doc, %L)', 'avon') FROM generate_series(1, 20) \gexec
SELECT 'alive ' || appointment_id('{"id":"x"}');
SELECT 'grown ' || private_memory() - :before;
END
)
is "$(grep -c '^ERROR:  57014' <<<"$stopped")" 23 "statement_timeout stops a list"
is "$(grep '^alive' <<<"$stopped")" "alive x" "the session goes on"
grown=$(sed -n 's/^grown //p' <<<"$stopped")
ok "nothing is left of what was stopped ($grown kB)" test "$grown" -lt 100000
before=$EPOCHREALTIME
psql -X -q -c "SET application_name = 'to be cancelled'" -c "SELECT count(*) FROM long, generate_series(1, 100), appointment_list_from_json(doc, 'avon')" >"$SCRATCH/cancelled" 2>&1 &
sleep 1
sql "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'to be cancelled'" >/dev/null
wait $!
like "$(cat "$SCRATCH/cancelled")" "canceling statement due to user request" "pg_cancel_backend stops one"
after=$EPOCHREALTIME
printf '# cancelled after %s microseconds\n' $((${after/./} - ${before/./}))

done_testing
