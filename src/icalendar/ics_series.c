/*-------------------------------------------------------------------------
 *
 * ics_series.c
 *		A series of appointments as one event with a recurrence rule.
 *
 * The event's times are those of a wall clock, as a rule's are.  Its
 * identifier is that of the series with a prefix: an appointment has the same
 * without it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "base/zone.h"
#include "compat.h"
#include "icalendar/ics_attendees.h"
#include "icalendar/ics_series.h"
#include "json/json_text.h"
#include "recurrence/rrule_instants.h"
#include "recurrence/rrule_io.h"

/* Of a rule with more occurrences nobody counts until when it goes. */
#define COUNT_MAX		1000

/* ---------------------------------------------------------------------
 * reading
 * ---------------------------------------------------------------------
 */

/* A string of JSON as a word, or none if it is another value. */
static Word
json_word(const JsonSpan *span)
{
	Word		word = WORD_NONE;
	char	   *buffer;

	if (span->len == 0 || span->start[0] != '"')
		return word;
	buffer = palloc(span->len);
	word.len = (uint32) json_unescape(span, buffer);
	/* an escape is undone as UTF-8 */
	if (pg_verify_mbstr(GetDatabaseEncoding(), buffer, (int) word.len, true))
		word.data = buffer;
	else
		word.len = 0;
	return word;
}

/*
 * The series that an appointment belongs to, if its recurrence is as
 * appointment_series() writes it.
 */
bool
ics_series_of(const IcsEvent *event, const IcsOptions *options,
			  IcsSeries *series)
{
	Word		recurrence = ics_event_text(event, FIELD_RECURRENCE);
	Word		zone;
	JsonScan	scan;
	JsonChild	child;

	if (recurrence.data == NULL ||
		json_scan_begin(&scan, recurrence.data, recurrence.len) != '{')
		return false;
	memset(series, 0, sizeof(*series));
	while (json_scan_next(&scan, true, &child))
	{
		if (json_key_is(&child.key, "rule"))
			series->rule = json_word(&child.value);
		else if (json_key_is(&child.key, "series"))
			series->id = json_word(&child.value);
	}
	if (series->rule.len == 0)
		return false;
	if (series->id.len == 0)
		series->id = event->id;

	zone = ics_event_text(event, FIELD_TIME_ZONE);
	if (zone.data != NULL)
		series->zone = instant_zone(zone.data, zone.len);
	if (series->zone == NULL)
		series->zone = options->time_zone;
	return true;
}

/*
 * UNTIL as an instant, as RFC 5545 section 3.3.10 wants it beside a start with
 * a zone.
 */
static void
rule_until_instant(RRule *rule, pg_tz *zone)
{
	Timestamp	local = rule->until;

	if (!rrule_has(rule, RRULE_UNTIL) || rule->until_kind == RRULE_UNTIL_INSTANT)
		return;
	if (rule->until_kind == RRULE_UNTIL_DATE)
		local += USECS_PER_DAY - USECS_PER_SEC;
	rule->until_kind = RRULE_UNTIL_INSTANT;
	rule->until = zone_local_to_instant(zone, local, ZONE_LATER);
	if (!instant_in_range(rule->until))
		rule->parts &= ~RRULE_PART(RRULE_UNTIL);
}

/*
 * Whether an appointment can be the first of its series: its rule is one, and
 * it starts by it.  Also until when the series goes, DT_NOEND if that is not
 * known.
 */
bool
ics_series_begins(const IcsEvent *event, const IcsSeries *series,
				  RRule *rule, TimestampTz *last)
{
	RRuleFault	fault;
	RRuleInstants *instants;
	TimestampTz instant;
	Timestamp	local;
	bool		begins;

	if (series->zone == NULL ||
		!rrule_parse(series->rule.data, series->rule.len, rule, &fault))
		return false;
	local = instant_to_local(event->starts_at, series->zone);
	if (!instant_in_range(local))
		return false;
	rule_until_instant(rule, series->zone);

	instants = palloc_object(RRuleInstants);
	rrule_instants_begin(instants, rule, local, series->zone, INSTANT_FIRST,
						 INSTANT_END);
	begins = rrule_instants_next(instants, &instant) &&
		instant == event->starts_at;
	*last = DT_NOEND;
	if (begins && rrule_has(rule, RRULE_UNTIL))
		*last = rule->until;
	else if (begins && rrule_has(rule, RRULE_COUNT) && rule->count <= COUNT_MAX)
	{
		while (rrule_instants_next(instants, &instant))
			 /* to the last one */ ;
		*last = instant;
	}
	pfree(instants);
	return begins;
}

/* ---------------------------------------------------------------------
 * writing
 * ---------------------------------------------------------------------
 */

/*
 * A length.  All of a series have the same, also where the clocks change
 * between start and end; so there is no end on the wall clock.
 */
static void
write_duration(ContentLines *lines, int64 length)
{
	int64		hours = length / SECS_PER_HOUR;
	int64		minutes = length / SECS_PER_MINUTE % MINS_PER_HOUR;
	int64		seconds = length % SECS_PER_MINUTE;

	content_literal(lines, "DURATION:PT");
	if (hours > 0)
	{
		content_integer(lines, hours);
		content_literal(lines, "H");
	}
	/* seconds follow minutes, if hours do not end it */
	if (minutes > 0 || (hours > 0 && seconds > 0))
	{
		content_integer(lines, minutes);
		content_literal(lines, "M");
	}
	if (seconds > 0 || length == 0)
	{
		content_integer(lines, seconds);
		content_literal(lines, "S");
	}
	content_literal(lines, "\r\n");
}

/* A property whose value is a time of a zone's wall clock. */
static void
write_zoned(ContentLines *lines, const char *property, const char *zone,
			Timestamp local)
{
	lines->line = lines->out.len;
	content_raw(lines, property, strlen(property));
	content_literal(lines, ";TZID=");
	content_raw(lines, zone, strlen(zone));
	content_literal(lines, ":");
	content_local(lines, local);
	content_end(lines);
}

/*
 * When a series takes place: the start and length of its first, the rule, and
 * what of it is left out.
 */
void
ics_series_times(ContentLines *lines, const IcsEvent *event, pg_tz *zone,
				 const RRule *rule, const Timestamp *exdates, int exdate_count)
{
	const char *name = pg_get_timezone_name(zone);
	char	   *text = palloc(RRULE_TEXT_SIZE);
	int			len = rrule_print(rule, text);

	write_zoned(lines, "DTSTART", name,
				instant_to_local(event->starts_at, zone));
	if (event->has_end)
		write_duration(lines, (content_second_after(event->ends_at) -
							   content_second_of(event->starts_at)) /
					   USECS_PER_SEC);
	content_plain(lines, "RRULE");
	content_raw(lines, text, len);
	content_end(lines);
	for (int i = 0; i < exdate_count; i++)
		write_zoned(lines, "EXDATE", name, exdates[i]);
	pfree(text);
}

static int
compare_times(const void *a, const void *b)
{
	Timestamp	x = *(const Timestamp *) a;
	Timestamp	y = *(const Timestamp *) b;

	return (x > y) - (x < y);
}

/* What the option leaves out, on the wall clock, each once. */
static Timestamp *
option_exdates(const IcsOptions *options, pg_tz *zone, int *count)
{
	Timestamp  *dates = palloc_array(Timestamp, Max(options->exdate_count, 1));
	int			kept = 0;

	for (int i = 0; i < options->exdate_count; i++)
	{
		const InstantText *time = &options->exdates[i];

		dates[i] = time->has_offset ? instant_to_local(time->instant, zone) :
			time->local;
	}
	qsort(dates, options->exdate_count, sizeof(Timestamp), compare_times);
	for (int i = 0; i < options->exdate_count; i++)
	{
		if (kept == 0 || dates[kept - 1] != dates[i])
			dates[kept++] = dates[i];
	}
	*count = kept;
	return dates;
}

/*
 * A whole series, by its first.  Returns how many people it is for.
 */
int
ics_write_series(ContentLines *lines, const IcsEvent *event,
				 const IcsSeries *series, const RRule *rule, IcsMethod method,
				 const IcsOptions *options)
{
	IcsRevision revision = ics_event_revision(event, method, options);
	int			exdate_count;
	Timestamp  *exdates = option_exdates(options, series->zone, &exdate_count);
	int			attendees;

	revision.prefix = ICS_SERIES_PREFIX;
	revision.id = series->id;
	ics_event_begin(lines, &revision, options);
	ics_series_times(lines, event, series->zone, rule, exdates, exdate_count);
	ics_event_body(lines, event, method, options);
	attendees = ics_write_attendees(lines, &event->record, method, options);
	ics_event_end(lines, event, method, options);
	return attendees;
}
