#!/bin/bash
#
# icalendar_others.sh
#		iCalendar against libical in C: an event is written, and a feed of 10,000
#		events read.  libical only parses the feed, as a tree of components;
#		busy_from_ics makes periods of it, with all occurrences of rules.
#
# Without libical (Debian: libical-dev) there are no rows.  Both are measured
# alternately, and the medians count.
set -eu

runs=${BENCH_RUNS:-7}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cat >"$scratch/others.c" <<'END'
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

/* The event that the statement below writes; its text is counted. */
static size_t
write_event(int n)
{
	time_t		at = 1704103200 + n * 420;
	char		uid[64];
	char		description[256];
	icalcomponent *calendar;
	icalproperty *organizer;
	char	   *text;
	size_t		len;

	snprintf(uid, sizeof(uid), "app_%026d@clinic.example", n);
	snprintf(description, sizeof(description), "Please bring your referral; wear comfortable clothes. The entrance is at the back of the building, %d. floor.\nCall us if you are late.", n % 9);
	organizer = icalproperty_new_organizer("mailto:desk@clinic.example");
	icalproperty_add_parameter(organizer, icalparameter_new_cn("Front desk"));
	calendar = icalcomponent_vanew(ICAL_VCALENDAR_COMPONENT,
								   icalproperty_new_version("2.0"),
								   icalproperty_new_prodid("-//appointment//appointment for PostgreSQL//EN"),
								   icalproperty_new_method(ICAL_METHOD_PUBLISH),
								   icalcomponent_vanew(ICAL_VEVENT_COMPONENT,
													   icalproperty_new_uid(uid),
													   icalproperty_new_dtstamp(icaltime_from_timet_with_zone(1767225600, 0, icaltimezone_get_utc_timezone())),
													   icalproperty_new_sequence(0),
													   icalproperty_new_created(icaltime_from_timet_with_zone(at - 86400, 0, icaltimezone_get_utc_timezone())),
													   icalproperty_new_lastmodified(icaltime_from_timet_with_zone(at - 3600, 0, icaltimezone_get_utc_timezone())),
													   icalproperty_new_dtstart(icaltime_from_timet_with_zone(at, 0, icaltimezone_get_utc_timezone())),
													   icalproperty_new_dtend(icaltime_from_timet_with_zone(at + 3600, 0, icaltimezone_get_utc_timezone())),
													   icalproperty_new_summary("Physiotherapy, first visit"),
													   icalproperty_new_description(description),
													   icalproperty_new_location("12 High Street, Springfield"),
													   icalproperty_new_url("https://clinic.example/appointments/app_01HZX3V9K2QW8R5T7Y1B4N6M0C"),
													   icalproperty_new_status(ICAL_STATUS_CONFIRMED),
													   icalproperty_new_transp(ICAL_TRANSP_OPAQUE),
													   organizer,
													   NULL),
								   NULL);
	text = icalcomponent_as_ical_string_r(calendar);
	len = strlen(text);
	icalmemory_free_buffer(text);
	icalcomponent_free(calendar);
	return len;
}

/* write COUNT, or parse FILE: milliseconds */
int
main(int argc, char **argv)
{
	double		start;

	(void) argc;
	if (strcmp(argv[1], "write") == 0)
	{
		size_t		len = 0;

		start = now();
		for (int n = atoi(argv[2]); n > 0; n--)
			len += write_event(n);
		printf("%.3f\n", now() - start);
		return len == 0;
	}
	else
	{
		FILE	   *file = fopen(argv[2], "r");
		char	   *text = malloc(64 << 20);
		icalcomponent *calendar;

		if (file == NULL || text == NULL)
			return 1;
		text[fread(text, 1, (64 << 20) - 1, file)] = '\0';
		start = now();
		calendar = icalparser_parse_string(text);
		printf("%.3f\n", now() - start);
		return calendar == NULL || icalcomponent_count_components(calendar, ICAL_VEVENT_COMPONENT) != 10000;
	}
}
END
# shellcheck disable=SC2046
"${CC:-gcc}" -O2 -o "$scratch/others" "$scratch/others.c" $(pkg-config --cflags --libs libical 2>/dev/null || echo -lical) 2>/dev/null || exit 0

psql_quiet()
{
	psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}

# median NUMBERS
median()
{
	# shellcheck disable=SC2086
	printf '%s\n' $1 | sort -n | sed -n "$(((runs + 1) / 2))p"
}

# compare MEASURE QUERY ARGUMENT...: a row of the table
compare()
{
	local measure=$1 query=$2 mine='' theirs='' run
	shift 2
	psql_quiet <<-END >/dev/null
		SET client_min_messages = warning;
		CREATE OR REPLACE FUNCTION bench.took() RETURNS numeric LANGUAGE plpgsql AS \$took\$
		DECLARE
			started timestamptz := clock_timestamp();
		BEGIN
			PERFORM $query;
			RETURN 1000 * extract(epoch FROM clock_timestamp() - started);
		END \$took\$;
		SELECT bench.took();
	END
	"$scratch/others" "$@" >/dev/null
	for ((run = 1; run <= runs; run++)); do
		if [ $((run % 2)) = 1 ]; then
			mine+=" $(psql_quiet -c 'SELECT bench.took()')"
			theirs+=" $("$scratch/others" "$@")"
		else
			theirs+=" $("$scratch/others" "$@")"
			mine+=" $(psql_quiet -c 'SELECT bench.took()')"
		fi
	done
	awk -v measure="$measure" -v mine="$(median "$mine")" -v theirs="$(median "$theirs")" 'BEGIN {
		printf "| iCalendar: %s | %.1f ms | %.1f ms | %.2f times faster | at least 2 times faster | %s |\n",
			measure, mine, theirs, theirs / mine, (theirs / mine >= 2 ? "yes" : "**no**") }'
}

# The events that the program writes; and feeds of 10,000 events in a year, as
# services write them: in a zone, with a text of several lines
psql_quiet <<'END'
SET TimeZone = 'UTC';
CREATE TABLE appointments AS SELECT jsonb_build_object('id', 'app_' || lpad(n::text, 26, '0'), 'starts_at', timestamptz '2024-01-01 10:00:00Z' + n * interval '7 minutes', 'ends_at', timestamptz '2024-01-01 11:00:00Z' + n * interval '7 minutes',
	'status', 'scheduled', 'created_at', timestamptz '2023-12-31 10:00:00Z' + n * interval '7 minutes', 'updated_at', timestamptz '2024-01-01 09:00:00Z' + n * interval '7 minutes', 'name', 'Physiotherapy, first visit',
	'description', format(E'Please bring your referral; wear comfortable clothes. The entrance is at the back of the building, %s. floor.\nCall us if you are late.', n % 9), 'location_text', '12 High Street, Springfield',
	'url', 'https://clinic.example/appointments/app_01HZX3V9K2QW8R5T7Y1B4N6M0C')::appointment AS a FROM generate_series(1, 10000) AS n;
CREATE TABLE feeds (name text, ics text);
ALTER TABLE feeds ALTER ics SET STORAGE EXTERNAL;
INSERT INTO feeds SELECT name, format(E'BEGIN:VCALENDAR\r\nPRODID:-//feed//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nX-WR-CALNAME:Practice\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nDTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\nBEGIN:STANDARD\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nDTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n%sEND:VCALENDAR\r\n',
	string_agg(format(E'BEGIN:VEVENT\r\nDTSTART;TZID=Europe/Berlin:%s\r\nDTEND;TZID=Europe/Berlin:%s\r\n%sDTSTAMP:20260101T000000Z\r\nUID:%s@feed.example\r\nCREATED:20251201T101112Z\r\nDESCRIPTION:Please bring your referral\\; wear comfortable clothes. The entr\r\n ance is at the back of the building\\, second floor.\r\nLAST-MODIFIED:20251202T101112Z\r\nLOCATION:12 High Street\\, Springfield\r\nSEQUENCE:%s\r\nSTATUS:CONFIRMED\r\nSUMMARY:Physiotherapy %s\r\nTRANSP:%s\r\nEND:VEVENT\r\n',
		to_char(at, 'YYYYMMDD"T"HH24MISS'), to_char(at + interval '45 minutes', 'YYYYMMDD"T"HH24MISS'), CASE WHEN n % every = 0 THEN E'RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR\r\n' END, md5(n::text), n % 3, n, CASE WHEN n % 7 = 0 THEN 'TRANSPARENT' ELSE 'OPAQUE' END), '' ORDER BY n))
	FROM (VALUES ('plain', 20000), ('tenth', 10), ('all', 1)) AS v (name, every), generate_series(1, 10000) AS n, LATERAL (SELECT timestamp '2026-01-05 08:00' + n * interval '50 minutes' AS at) AS s GROUP BY name;
END
compare "10,000 times \`appointment_to_ics\` against libical writing the same event" \
	"count(appointment_to_ics(a, 'PUBLISH', '{\"domain\":\"clinic.example\",\"organizer\":\"desk@clinic.example\",\"organizer_name\":\"Front desk\",\"personal\":true,\"stamp\":\"2026-01-01T00:00:00Z\"}')) FROM appointments" \
	write 10000
for name in plain tenth all; do
	psql_quiet -c "SELECT replace(ics, E'\\r', '') FROM feeds WHERE name = '$name'" >"$scratch/feed"
	case $name in
		plain) what='' ;;
		tenth) what=', each tenth weekly without end' ;;
		all) what=', all weekly without end' ;;
	esac
	compare "\`busy_from_ics\` of a feed of 10,000 events$what, for a month, against libical parsing it" \
		"count(busy_from_ics(ics, '[2026-06-01,2026-07-01)', 'Europe/Berlin')) FROM feeds WHERE name = '$name'" parse "$scratch/feed"
	[ "$name" != plain ] ||
		compare "the same, for all of the year" \
			"count(busy_from_ics(ics, '[2026-01-01,2027-01-01)', 'Europe/Berlin')) FROM feeds WHERE name = '$name'" parse "$scratch/feed"
done
