#!/bin/bash
#
# Appointments made at random are written as iCalendar.  libical finds that they
# keep the rules of RFC 5546 for their method, and finds what is missing if it
# is removed; libical, python3-icalendar, python3-vobject and the package ical.js
# read the same texts, instants and attendees in them, and the occurrences of a
# series that rrule_occurrences has.  They have no zone but the VTIMEZONE in the
# calendar.
#
# SEED= is another seed; COUNT=, how many appointments; SHOW=, how many
# differences.

. test/clients/lib.sh

need_zoneinfo
need "libical" "${CC:-gcc}" -Wall -Wextra -O1 -o "$SCRATCH/icalendar_check" \
	test/clients/icalendar_check.c -lical

seed=${SEED:-5546}
count=${COUNT:-600}
printf '# seed %s, %s appointments\n' "$seed" "$count"

export PGOPTIONS='-c timezone=UTC'
python_with_zones -B test/clients/icalendar_random.py "$seed" "$count" >"$SCRATCH/cases"
psql -X -q -v ON_ERROR_STOP=1 <<END
CREATE EXTENSION appointment;
CREATE TABLE lines (j jsonb);
\copy lines FROM '$SCRATCH/cases' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
CREATE TABLE cases AS SELECT (j ->> 'n')::int AS n, (j -> 'appointment')::appointment AS a, j ->> 'method' AS method,
	j -> 'options' AS options, j -> 'expected' AS expected, nullif(j -> 'series', 'null') AS series, (j -> 'odd')::boolean AS odd FROM lines;
CREATE TABLE written (n int, kind text, ics text);
END

# What is written: n of each kind is of a case, or a number of its own
psql -X -q -v ON_ERROR_STOP=1 <<'END'
INSERT INTO written SELECT n, method, appointment_to_ics(a, method, options) FROM cases;
INSERT INTO written SELECT 100000 + n % 10, 'feed', appointment_ics_agg(a, '{"domain": "clinic.example", "organizer": "desk@clinic.example", "name": "Calendar; of, \\ me\n2", "refresh": 60, "personal": true}')
	FROM cases GROUP BY n % 10;
INSERT INTO written SELECT 100010, 'feed', appointment_ics_agg(a, '{"domain": "clinic.example"}') FROM cases WHERE false;
INSERT INTO written SELECT 100020 + n % 5, 'feed of series', appointment_ics_agg(copy, '{"domain": "clinic.example", "organizer": "desk@clinic.example", "series": true}')
	FROM cases, appointment_series(a, (series ->> 'rule')::rrule, exdates => ARRAY(SELECT jsonb_array_elements_text(series -> 'exdates')::timestamp), max => 40) copy
	WHERE series IS NOT NULL GROUP BY n % 5;
INSERT INTO written SELECT 100030, 'free', busy_to_ics(busy_agg(appointment_starts_at(a), appointment_ends_at(a)), '[2000-01-01,2090-01-01)', '{"domain": "clinic.example", "organizer": "desk@clinic.example"}') FROM cases;
INSERT INTO written SELECT 100031, 'free', busy_to_ics(NULL, '[2026-01-01,2026-02-01)', '{"domain": "clinic.example", "organizer": "desk@clinic.example"}');
END
is "$(sql "SELECT count(*) FROM written WHERE ics IS NOT NULL AND n < 100000")" "$count" "all are written"
is "$(sql "SELECT n, kind FROM written WHERE right(ics, 15) <> E'END:VCALENDAR\r\n' OR replace(ics, E'\r\n', '') ~ '[\\x01-\\x08\\x0a-\\x1f\\x7f]' LIMIT 5")" "" \
	"each line ends with CR and LF, and has no control character"
is "$(sql "SELECT n, kind, line FROM written, regexp_split_to_table(ics, E'\r\n') line WHERE octet_length(line) > 75 LIMIT 5")" "" \
	"no line has more than 75 octets"
is "$(sql "SELECT n, kind FROM written WHERE ics ~ 'secret' AND n < 100000 AND NOT (SELECT coalesce((options -> 'personal')::boolean, false) FROM cases WHERE cases.n = written.n) LIMIT 5")" "" \
	"what is personal is written only if it is asked for"
psql -X -q -v ON_ERROR_STOP=1 -c "COPY (SELECT n, encode(convert_to(ics, 'UTF8'), 'hex') FROM written ORDER BY n) TO STDOUT" >"$SCRATCH/written"
psql -X -q -v ON_ERROR_STOP=1 -c "COPY (SELECT n, encode(convert_to(ics, 'UTF8'), 'hex') FROM written JOIN cases USING (n) ORDER BY n) TO STDOUT" >"$SCRATCH/single"

# ---------------------------------------------------------------------
# the rules of RFC 5546
# ---------------------------------------------------------------------

# found ARGUMENT...: what libical says, as a table
found()
{
	"$SCRATCH/icalendar_check" "$@" <"$SCRATCH/written" >"$SCRATCH/found" || return
	psql -X -q -v ON_ERROR_STOP=1 <<-END
		SET client_min_messages = warning;
		DROP TABLE IF EXISTS found;
		CREATE TABLE found (n int, said text);
		\copy found FROM '$SCRATCH/found'
	END
}

ok "libical checks them" found check
is "$(sql "SELECT n, kind, said FROM written LEFT JOIN found USING (n) WHERE said IS DISTINCT FROM 'ok' LIMIT ${SHOW:-5}")" "" \
	"all keep the rules of their method: $(sql "SELECT string_agg(kind || ' ' || count, ', ') FROM (SELECT kind, count(*) FROM written GROUP BY kind ORDER BY kind) s")"
# (what a method does not need, and a calendar without a method, is passed by)
for missing in \
	'UID:REQUEST,CANCEL,PUBLISH,free' \
	'DTSTAMP:REQUEST,CANCEL,PUBLISH,free' \
	'DTSTART:REQUEST,PUBLISH,free' \
	'ORGANIZER:REQUEST,CANCEL,PUBLISH' \
	'ATTENDEE:REQUEST' \
	'SEQUENCE:CANCEL'; do
	name=${missing%%:*}
	ok "libical checks them without $name" found without "$name"
	is "$(sql "SELECT n, kind FROM written JOIN found USING (n) WHERE kind = ANY ('{${missing#*:}}') AND ics ~ 'METHOD:' AND said !~ '$name' LIMIT 5")" "" \
		"without $name they are no ${missing#*:}"
done

# ---------------------------------------------------------------------
# what others read
# ---------------------------------------------------------------------

# What rrule_occurrences has, in seconds, as many as the readers look for
psql -X -q -v ON_ERROR_STOP=1 <<'END'
CREATE TABLE occurrences AS SELECT n, (SELECT jsonb_agg(extract(epoch FROM t)::bigint ORDER BY t) FROM rrule_occurrences((series ->> 'rule')::rrule, (series ->> 'starts_at')::timestamp, series ->> 'zone',
	exdates => ARRAY(SELECT jsonb_array_elements_text(series -> 'exdates')::timestamp), max => 40) t) AS times
FROM cases WHERE series IS NOT NULL;
-- people by their addresses: [address, name]
CREATE FUNCTION people(jsonb) RETURNS jsonb IMMUTABLE LANGUAGE sql AS
	$$SELECT coalesce(jsonb_agg(jsonb_build_array(lower(p ->> 0), p ->> 1) ORDER BY lower(p ->> 0)), '[]') FROM jsonb_array_elements($1) p$$;
END

# compare READER COMMAND...: what it reads is what was written, but for what it
# is known to read differently: conditions on the text t that is expected, on
# the names of the attendees, and on series
compare()
{
	local reader=$1 key
	shift
	if ! "$@" <"$SCRATCH/single" >"$SCRATCH/read" 2>"$SCRATCH/read.log"; then
		fail "$reader reads them"
		tail -n 20 "$SCRATCH/read.log" | sed 's/^/#   /'
		return
	fi
	psql -X -q -v ON_ERROR_STOP=1 <<-END
		SET client_min_messages = warning;
		DROP TABLE IF EXISTS read;
		TRUNCATE lines;
		\copy lines FROM '$SCRATCH/read' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
		CREATE TABLE read AS SELECT (j ->> 'n')::int AS n, j -> 'events' AS events, j -> 'events' -> 0 AS event FROM lines;
	END
	is "$(sql "SELECT n FROM cases LEFT JOIN read USING (n) WHERE jsonb_array_length(events) IS DISTINCT FROM 1 LIMIT 5")" "" \
		"$reader reads one event in each"
	for key in starts ends uid summary description location url organizer status transp sequence; do
		is "$(sql "SELECT n, expected -> '$key', event -> '$key' FROM cases JOIN read USING (n), coalesce(expected ->> '$key', '') t
			WHERE coalesce(expected -> '$key', 'null') <> event -> '$key' AND ('$key' <> 'sequence' OR expected ? 'sequence') AND NOT coalesce($texts, false)
			ORDER BY length(t) LIMIT ${SHOW:-3}")" "" "$reader: the same $key"
	done
	is "$(sql "SELECT n, people(expected -> 'attendees'), people(event -> 'attendees') FROM cases JOIN read USING (n), coalesce(expected ->> 'attendees', '') t
		WHERE people(expected -> 'attendees') <> people(event -> 'attendees') AND NOT ($names) LIMIT ${SHOW:-3}")" "" "$reader: the same attendees"
	is "$(sql "SELECT n, series, jsonb_path_query_array(times, '\$[0 to 3]') AS ours, jsonb_path_query_array(event -> 'occurrences', '\$[0 to 3]') AS theirs, length(times::text), length((event -> 'occurrences')::text)
		FROM cases JOIN read USING (n) JOIN occurrences USING (n) WHERE times IS DISTINCT FROM event -> 'occurrences' AND NOT ($rules) ORDER BY length(series ->> 'rule') LIMIT ${SHOW:-3}")" "" \
		"$reader: the same occurrences of $(sql "SELECT count(*) FROM cases WHERE series IS NOT NULL AND NOT ($rules)") series"
}

# All read local times that the clock skips or shows twice otherwise than RFC 5545
# section 3.3.5, which says the offset before the change for both: most take the
# offset after it.
rules=odd
names=false

# Libical takes white space at the ends of a value away, which RFC 5545 section
# 3.1 counts as part of it.
texts="t ~ '^[ \\t]|[ \\t]\$'"
compare libical "$SCRATCH/icalendar_check" read

texts=false
if [ -e test/clients/node_modules/ical.js ]; then
	compare ical.js node test/clients/icalendar_read.js
else
	skip "ical.js" "the package is missing"
fi

# The packages of Python don't know the escapes of RFC 6868.
# Icalendar replaces one escape after the other, in place of from left to right:
# \\n, which is a backslash and n (RFC 5545 section 3.3.11), becomes the end of a
# line.
names="t ~ '\\^|\\\\\"|\\\\n'"
if /usr/bin/python3 -c 'import icalendar' 2>/dev/null; then
	texts="t ~ '\\\\[nN,;]'"
	compare icalendar python_with_zones -B test/clients/icalendar_read.py icalendar
else
	skip "icalendar" "python3-icalendar is missing"
fi
if /usr/bin/python3 -c 'import vobject' 2>/dev/null; then
	texts=false
	compare vobject python_with_zones -B test/clients/icalendar_read.py vobject
else
	skip "vobject" "python3-vobject is missing"
fi

done_testing
