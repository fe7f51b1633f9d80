/*-------------------------------------------------------------------------
 *
 * icalendar_check.c
 *		What libical says to calendars, and what it reads in them.
 *
 * Reads lines of a number and a calendar in hexadecimal, separated by a tab.
 *
 * check		prints "NUMBER<tab>ok", or in place of ok what is wrong: a line
 *				that libical could not parse, or a rule of RFC 5546 for the
 *				calendar's method that icalrestriction_check() finds broken
 * without NAME	the same, after all properties NAME of the inner components
 *				are removed
 * read			prints an object of JSON for each: its events with texts, times
 *				and attendees, and the first occurrences of a series.  Local
 *				times are read by the VTIMEZONE of the calendar alone.
 *
 *-------------------------------------------------------------------------
 */
#include <libical/ical.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST	40				/* occurrences */

static int
compare_times(const void *a, const void *b)
{
	time_t		x = *(const time_t *) a;
	time_t		y = *(const time_t *) b;

	return x < y ? -1 : x > y;
}

/* The bytes of hexadecimal digits, in their place. */
static void
unhex(char *text)
{
	char	   *to = text;

	for (unsigned byte; sscanf(text, "%2x", &byte) == 1; text += 2)
		*to++ = (char) byte;
	*to = '\0';
}

/* ---------------------------------------------------------------------
 * restrictions
 * ---------------------------------------------------------------------
 */

static void
remove_properties(icalcomponent *outer, icalproperty_kind kind)
{
	for (icalcomponent *inner = icalcomponent_get_first_component(outer, ICAL_ANY_COMPONENT);
		 inner != NULL;
		 inner = icalcomponent_get_next_component(outer, ICAL_ANY_COMPONENT))
	{
		icalproperty *property;

		while ((property = icalcomponent_get_first_property(inner, kind)) != NULL)
		{
			icalcomponent_remove_property(inner, property);
			icalproperty_free(property);
		}
	}
}

/* Both the parser and the check leave what they find as X-LIC-ERROR. */
static int
print_errors(icalcomponent *component)
{
	int			errors = 0;

	for (icalproperty *property = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY);
		 property != NULL;
		 property = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY))
	{
		printf("%s%s", errors++ > 0 ? "; " : "", icalproperty_get_xlicerror(property));
	}
	for (icalcomponent *inner = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
		 inner != NULL;
		 inner = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT))
		errors += print_errors(inner);
	return errors;
}

static void
check(icalcomponent *calendar)
{
	int			errors;

	if (calendar == NULL)
	{
		printf("no calendar");
		return;
	}
	if (!icalrestriction_check(calendar))
		printf("restriction: ");
	errors = print_errors(calendar);
	if (errors == 0)
		printf("ok");
}

/* ---------------------------------------------------------------------
 * reading
 * ---------------------------------------------------------------------
 */

static void
print_string(const char *text)
{
	if (text == NULL)
	{
		printf("null");
		return;
	}
	putchar('"');
	for (; *text != '\0'; text++)
	{
		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if ((unsigned char) *text < ' ')
			printf("\\u%04x", *text);
		else
			putchar(*text);
	}
	putchar('"');
}

static const icaltimezone *
zone_of(icalcomponent *calendar, icalproperty *property)
{
	icalparameter *tzid = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
	icaltimezone *zone;

	if (tzid == NULL)
		return icaltimezone_get_utc_timezone();
	zone = icalcomponent_get_timezone(calendar, icalparameter_get_tzid(tzid));
	if (zone == NULL)
	{
		fprintf(stderr, "no VTIMEZONE for \"%s\"\n", icalparameter_get_tzid(tzid));
		exit(1);
	}
	return zone;
}

static time_t
instant(icalcomponent *calendar, icalproperty *property, struct icaltimetype time)
{
	return icaltime_as_timet_with_zone(time, zone_of(calendar, property));
}

static void
print_times(icalcomponent *calendar, icalcomponent *event)
{
	icalproperty *start = icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY);
	icalproperty *end = icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY);
	icalproperty *duration = icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY);
	long long	starts_at = instant(calendar, start, icalproperty_get_dtstart(start));

	printf(",\"starts\":%lld,\"ends\":", starts_at);
	if (end != NULL)
		printf("%lld", (long long) instant(calendar, end, icalproperty_get_dtend(end)));
	else if (duration != NULL)
		printf("%lld", starts_at + icaldurationtype_as_int(icalproperty_get_duration(duration)));
	else
		printf("null");
}

static void
print_text(const char *name, icalcomponent *event, icalproperty_kind kind)
{
	icalproperty *property = icalcomponent_get_first_property(event, kind);

	printf(",\"%s\":", name);
	if (property == NULL)
		printf("null");
	else if (icalvalue_isa(icalproperty_get_value(property)) == ICAL_TEXT_VALUE)
		print_string(icalvalue_get_text(icalproperty_get_value(property)));
	else
		print_string(icalvalue_as_ical_string(icalproperty_get_value(property)));
}

static void
print_occurrences(icalcomponent *calendar, icalcomponent *event)
{
	icalproperty *start = icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY);
	icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
	const icaltimezone *zone = zone_of(calendar, start);
	struct icaltimetype local = icalproperty_get_dtstart(start);
	struct icalrecurrencetype parts;
	icalrecur_iterator *walk;
	time_t		until = 0;
	time_t		times[MOST];
	int			count = 0;

	if (rule == NULL)
	{
		printf(",\"occurrences\":null");
		return;
	}

	/*
	 * On the wall clock, for with a zone the walk is an hour late after a
	 * time that the clock skips.  UNTIL is an instant, RFC 5545 section
	 * 3.3.10.
	 */
	parts = icalproperty_get_rrule(rule);
	if (!icaltime_is_null_time(parts.until))
	{
		if (!icaltime_is_utc(parts.until))
		{
			printf(",\"occurrences\":\"UNTIL is not in UTC\"");
			return;
		}
		until = icaltime_as_timet(parts.until);
		parts.until = icaltime_null_time();
	}
	walk = icalrecur_iterator_new(parts, local);
	if (walk == NULL)
	{
		printf(",\"occurrences\":\"refused\"");
		return;
	}
	while (count < MOST)
	{
		bool		left_out = false;

		local = icalrecur_iterator_next(walk);
		if (icaltime_is_null_time(local))
			break;
		times[count] = icaltime_as_timet_with_zone(local, zone);
		if (until != 0 && times[count] > until)
			break;
		for (icalproperty *exdate = icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY);
			 exdate != NULL;
			 exdate = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY))
			if (instant(calendar, exdate, icalproperty_get_exdate(exdate)) == times[count])
				left_out = true;
		if (!left_out)
			count++;
	}
	icalrecur_iterator_free(walk);
	qsort(times, count, sizeof(time_t), compare_times);
	printf(",\"occurrences\":[");
	for (int i = 0; i < count; i++)
		printf("%s%lld", i > 0 ? "," : "", (long long) times[i]);
	printf("]");
}

static void
print_attendees(icalcomponent *event)
{
	bool		first = true;

	printf(",\"attendees\":[");
	for (icalproperty *attendee = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
		 attendee != NULL;
		 attendee = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY))
	{
		icalparameter *name = icalproperty_get_first_parameter(attendee, ICAL_CN_PARAMETER);

		printf(first ? "[" : ",[");
		first = false;
		print_string(icalproperty_get_attendee(attendee));
		printf(",");
		print_string(name ? icalparameter_get_cn(name) : NULL);
		printf(",");
		print_string(icalproperty_get_parameter_as_string(attendee, "PARTSTAT"));
		printf("]");
	}
	printf("]");
}

static void
print_event(icalcomponent *calendar, icalcomponent *event)
{
	icalproperty *sequence = icalcomponent_get_first_property(event, ICAL_SEQUENCE_PROPERTY);

	printf("{\"uid\":");
	print_string(icalcomponent_get_uid(event));
	print_times(calendar, event);
	print_text("summary", event, ICAL_SUMMARY_PROPERTY);
	print_text("description", event, ICAL_DESCRIPTION_PROPERTY);
	print_text("location", event, ICAL_LOCATION_PROPERTY);
	print_text("url", event, ICAL_URL_PROPERTY);
	print_text("status", event, ICAL_STATUS_PROPERTY);
	print_text("transp", event, ICAL_TRANSP_PROPERTY);
	print_text("organizer", event, ICAL_ORGANIZER_PROPERTY);
	printf(",\"sequence\":");
	if (sequence == NULL)
		printf("null");
	else
		printf("%d", icalproperty_get_sequence(sequence));
	print_attendees(event);
	print_occurrences(calendar, event);
	printf("}");
}

static void
print_calendar(const char *number, icalcomponent *calendar)
{
	bool		first = true;

	printf("{\"n\":%s,\"events\":[", number);
	for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
		 event != NULL;
		 event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
	{
		if (!first)
			printf(",");
		first = false;
		print_event(calendar, event);
	}
	printf("]}");
}

int
main(int argc, char **argv)
{
	char	   *line = NULL;
	size_t		size = 0;
	bool		reading = argc == 2 && strcmp(argv[1], "read") == 0;
	icalproperty_kind without = ICAL_NO_PROPERTY;

	if (argc == 3 && strcmp(argv[1], "without") == 0)
		without = icalproperty_string_to_kind(argv[2]);
	else if (!reading && !(argc == 2 && strcmp(argv[1], "check") == 0))
		return 2;
	icalerror_set_errors_are_fatal(0);
	while (getline(&line, &size, stdin) > 0)
	{
		char	   *tab = strchr(line, '\t');
		icalcomponent *calendar;

		if (tab == NULL)
			return 2;
		*tab = '\0';
		unhex(tab + 1);
		calendar = icalparser_parse_string(tab + 1);
		if (reading && calendar != NULL)
			print_calendar(line, calendar);
		else if (!reading)
		{
			printf("%s\t", line);
			if (without != ICAL_NO_PROPERTY && calendar != NULL)
				remove_properties(calendar, without);
			check(calendar);
		}
		printf("\n");
		if (calendar != NULL)
			icalcomponent_free(calendar);
	}
	free(line);
	return 0;
}
