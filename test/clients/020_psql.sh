#!/bin/bash
#
# psql: COPY in text, CSV and binary, out and in again, \copy, and variables.

. test/clients/lib.sh

make_tables

# Values that a format could spoil: quotes, backslashes, tabs, commas, text
# that looks like a NULL or an end of data, NULL itself
psql -X -q -v ON_ERROR_STOP=1 <<'END'
CREATE TABLE source (n int PRIMARY KEY, a appointment, e appointment_event, o occupancy, list appointment[], r rrule);
INSERT INTO source VALUES
	(1, '{"id":"\\N","note":"a\tb\\c\"d,''e''\r\nend","claimant":{"name":"Jürgen 😀"}}', '{"id":"x","name":"\\."}',
		'"ac me":[2026-03-02T09:00:00.000001Z,2026-03-02T10:00:00Z){"*","a \"b\" \\c","x,y","\\."}', '{NULL,"{\"id\":\"1\"}"}', 'FREQ=MONTHLY;UNTIL=20261231T120000Z;BYDAY=MO,-1FR'),
	(2, NULL, NULL, NULL, NULL, NULL),
	(3, '{}', '{}', '[0001-01-01T00:00:00Z,9999-12-31T00:00:00Z){*}', '{}', 'FREQ=DAILY');
\set avon `cat test/data/avon.json`
\set caspen `cat test/data/caspen.json`
\set savvycal `cat test/data/savvycal.json`
\set sqod `cat test/data/sqod.json`
\set event `cat test/data/appointment_one.json`
INSERT INTO source (n, a, o) SELECT 10 + ord, a, appointment_occupancy(a)
	FROM (VALUES (1, appointment_from_json(:'avon', 'avon')), (2, appointment_from_json(:'caspen', 'caspen')),
		(3, appointment_from_json(:'savvycal', 'savvycal')), (4, appointment_from_json(:'sqod', 'sqod'))) AS v (ord, a);
INSERT INTO source (n, e) VALUES (20, appointment_event_from_json(:'event', 'appointment_one'));
END
rows=$(sql "SELECT count(*) FROM source")
is "$rows" 8 "there is something to copy"

# same TABLE: it has the rows of source, to the letter
same()
{
	sql "SELECT count(*) FROM source AS s FULL JOIN $1 AS t USING (n)
		WHERE s::text IS DISTINCT FROM t::text OR s IS DISTINCT FROM t"
}

for format in text csv binary; do
	table=by_$format
	sql "CREATE TABLE $table (LIKE source)" >/dev/null

	# through standard output and input
	sql "COPY source TO STDOUT (FORMAT $format)" >"$SCRATCH/out.$format"
	sql "COPY $table FROM STDIN (FORMAT $format)" <"$SCRATCH/out.$format"
	is "$(same "$table")" 0 "COPY: $format, out and in"
	sql "COPY $table TO STDOUT (FORMAT $format)" >"$SCRATCH/again.$format"
	ok "COPY: $format, out again is the same file" \
		cmp "$SCRATCH/out.$format" "$SCRATCH/again.$format"

	# through a file of the client's
	sql "TRUNCATE $table"
	sql "\\copy (SELECT * FROM source ORDER BY n DESC) TO '$SCRATCH/copy.$format' (FORMAT $format)"
	sql "\\copy $table (n, a, e, o, list, r) FROM '$SCRATCH/copy.$format' (FORMAT $format)"
	is "$(same "$table")" 0 "\\copy: $format, out and in"

	# a file that ends in the middle, or is none
	sql "TRUNCATE $table"
	head -c $(($(wc -c <"$SCRATCH/out.$format") - 30)) "$SCRATCH/out.$format" >"$SCRATCH/cut"
	like "$(sql "COPY $table FROM STDIN (FORMAT $format)" <"$SCRATCH/cut")" \
		'^ERROR:  (22P04|22P03|22P02|08P01)' "COPY: $format, a cut file is an error"
	is "$(sql "SELECT count(*) FROM $table")" 0 "and nothing of it is stored"
done

# A CSV of another program: quoted by its rules, one bad line named by its
# number and column
printf '%s\n' 'a,note' '"{""id"": ""1"", ""note"": ""two,\nlines""}",x' \
	'"{""id"": 7}",y' >"$SCRATCH/other.csv"
sql "CREATE TABLE other (a appointment, note text)" >/dev/null
got=$(sql "\\copy other FROM '$SCRATCH/other.csv' (FORMAT csv, HEADER match)")
like "$got" '22P02: .*"id" must be a string' "a bad value in a CSV is told"
like "$got" 'DETAIL:  \{"path":"id","code":"wrong_type"\}' "with its path"
like "$got" 'COPY other, line 3, column a' "and the line"
sed -i 's/7/""7""/' "$SCRATCH/other.csv"
sql "\\copy other FROM '$SCRATCH/other.csv' (FORMAT csv, HEADER match)"
is "$(sql "SELECT string_agg(a ->> 'id', ' ' ORDER BY note) FROM other")" "1 7" \
	"the mended CSV is read"

# COPY meets constraint and guard as INSERT does, and stores all or nothing
printf '{blue}\t2026-03-02 09:00Z\t2026-03-02 10:00Z\n{blue}\t2026-03-02 09:30Z\t2026-03-02 10:30Z\n' \
	>"$SCRATCH/bookings"
got=$(sql "\\copy booking (resources, starts_at, ends_at) FROM '$SCRATCH/bookings'")
like "$got" '23P01: double booking' "COPY meets the guard"
like "$got" 'COPY booking, line 2' "which names the line"
is "$(sql "SELECT count(*) FROM booking")" 0 "and stores nothing"
printf '{"starts_at":"2026-03-02T09:00Z","ends_at":"2026-03-02T10:00Z","room_id":"blue","id":"%s"}\n' a b \
	>"$SCRATCH/diary"
like "$(sql "\\copy diary (a) FROM '$SCRATCH/diary'")" \
	'23P01: conflicting key value violates exclusion constraint "diary_no_overlap"' \
	"COPY meets the constraint"

# Variables: from the command line and from a row, quoted by psql
# shellcheck disable=SC2016
document='{"id":"appt_2UxtAULYUrX7GVsTKePy","start_time":0,"end_time":60000,"name":"it'\''s $1 \\ \"x\""}'
# shellcheck disable=SC2016
is "$(psql -X -q -A -t -v doc="$document" -v format=avon <<'END'
SELECT appointment_from_json(:'doc', :'format') ->> 'name';
END
)" 'it'\''s $1 \ "x"' "a variable of the command line"
is "$(psql -X -q -A -t <<'END'
SELECT a, appointment_starts_at(a) AS at FROM source WHERE n = 12 \gset
SELECT :'a'::appointment = a, :'at' = appointment_starts_at(a) FROM source WHERE n = 12;
END
)" 't|t' "a row's values as variables"
is "$(psql -X -q -A -t 2>/dev/null <<'END'
INSERT INTO diary (a) VALUES ('no document');
\echo :LAST_ERROR_SQLSTATE
INSERT INTO booking (resources, starts_at, ends_at) SELECT '{red}', '2026-03-02 09:00Z', '2026-03-02 10:00Z' FROM generate_series(1, 2);
\echo :SQLSTATE
END
)" $'22P02\n23P01' "a script reads the SQLSTATE of what failed"

done_testing
