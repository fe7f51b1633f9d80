/*-------------------------------------------------------------------------
 *
 * ics_occurrences.c
 *		The occurrences of an event: RRULE, RDATE, EXDATE, and what
 *		RECURRENCE-ID replaces (RFC 5545 section 3.8.5).
 *
 * An occurrence is named by its key: an instant, or of a whole day the local
 * midnight with which it begins.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/instant.h"
#include "compat.h"
#include "icalendar/ics_occurrences.h"

#define FIRST_TIMES		64

/* Occurrences between two looks for a cancellation. */
#define STEPS_BETWEEN_CHECKS	1024

#define ST_SORT sort_overrides
#define ST_ELEMENT_TYPE IcsOverride
#define ST_COMPARE(a, b) ((a)->uid < (b)->uid ? -1 : (a)->uid > (b)->uid)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DECLARE
#define ST_DEFINE
#include "lib/sort_template.h"

#define ST_SORT sort_times
#define ST_ELEMENT_TYPE Timestamp
#define ST_COMPARE(a, b) (*(a) < *(b) ? -1 : *(a) > *(b))
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DECLARE
#define ST_DEFINE
#include "lib/sort_template.h"

#define ST_SORT sort_spans
#define ST_ELEMENT_TYPE BusySpan
#define ST_COMPARE(a, b) busy_compare_spans(a, b)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DECLARE
#define ST_DEFINE
#include "lib/sort_template.h"

void
ics_occurrences_begin(IcsOccurrences *this, IcsZones *zones)
{
	this->zones = zones;
	this->overrides = NULL;
	this->override_count = 0;
	this->overrides_allocated = 0;
	this->seen = 0;
	memset(&this->removed, 0, sizeof(IcsTimes));
	memset(&this->removed_days, 0, sizeof(IcsTimes));
}

/*----------------------------------------------------------
 * Periods
 *----------------------------------------------------------*/

/*
 * Add a period if it overlaps a window.  What goes on beyond the year 9999
 * ends with it.
 */
void
ics_add_span(BusyBuilder *builder, BusySpan span, TimestampTz from,
			 TimestampTz to)
{
	BusyPeriod	period = {.seats = BUSY_ALL};

	if (span.starts_at >= span.ends_at || span.starts_at >= to ||
		span.ends_at <= from)
		return;
	period.span.starts_at = Max(span.starts_at, INSTANT_FIRST);
	period.span.ends_at = Min(span.ends_at, INSTANT_END - 1);
	busy_builder_add(builder, &period);
}

/* A local time so many days later; not beyond what all can be asked for. */
static Timestamp
later_day(Timestamp local, int64 days)
{
	return Min(local + days * USECS_PER_DAY, INSTANT_END);
}

/*
 * The end of what starts at an instant, by its duration: days of the calendar
 * first.
 */
static TimestampTz
end_of_duration(IcsZone *zone, TimestampTz start, const IcsDuration *duration)
{
	TimestampTz end = start;

	if (duration->days != 0 && start < INSTANT_END)
		end = ics_zone_instant(zone, later_day(ics_zone_local(zone, start),
											   duration->days));
	return end + duration->time;
}

/* Days that a period of whole days has. */
static int64
days_of(const IcsPeriod *period)
{
	switch (period->length)
	{
		case ICS_NO_LENGTH:
			break;
		case ICS_ENDS:
			return (period->end.local - period->start.local) / USECS_PER_DAY;
		case ICS_LASTS:

			/* hours are not allowed there; they make a day */
			return period->duration.days +
				(period->duration.time + USECS_PER_DAY - 1) / USECS_PER_DAY;
	}
	return 1;
}

/* Whole days from a midnight. */
static BusySpan
days_span(IcsZone *zone, Timestamp midnight, int64 days)
{
	BusySpan	span;

	span.starts_at = ics_zone_day(zone, midnight);
	span.ends_at = ics_zone_day(zone, later_day(midnight, days));
	return span;
}

/*
 * From when to when.  A time without an end takes none.
 */
BusySpan
ics_period_span(const IcsPeriod *period)
{
	const IcsTime *start = &period->start;
	BusySpan	span;

	if (start->kind == ICS_DATE)
		return days_span(start->zone, start->local, days_of(period));
	span.starts_at = ics_zone_instant(start->zone, start->local);
	span.ends_at = span.starts_at;
	if (period->length == ICS_ENDS)
		span.ends_at = ics_zone_instant(period->end.zone, period->end.local);
	else if (period->length == ICS_LASTS)
		span.ends_at = end_of_duration(start->zone, span.starts_at,
									   &period->duration);
	return span;
}

/*----------------------------------------------------------
 * What is taken out
 *----------------------------------------------------------*/

/*
 * An entry replaces an occurrence of its UID's series.
 */
void
ics_occurrences_override(IcsOccurrences *this, const IcsEntry *entry)
{
	if (this->override_count == this->overrides_allocated)
	{
		this->overrides_allocated = Max(this->overrides_allocated * 2,
										FIRST_TIMES);
		this->overrides = this->overrides == NULL ?
			palloc_array(IcsOverride, this->overrides_allocated) :
			repalloc_array(this->overrides, IcsOverride,
						   this->overrides_allocated);
	}
	this->overrides[this->override_count].uid = entry->uid;
	this->overrides[this->override_count].at = entry->recurrence_id;
	this->override_count++;
}

/*
 * All of them are known.
 */
void
ics_occurrences_settle(IcsOccurrences *this)
{
	if (this->override_count > 1)
		sort_overrides(this->overrides, this->override_count);
}

static void
add_time(IcsTimes *times, Timestamp at)
{
	if (times->count == times->allocated)
	{
		times->allocated = Max(times->allocated * 2, FIRST_TIMES);
		times->at = times->at == NULL ?
			palloc_array(Timestamp, times->allocated) :
			repalloc_array(times->at, Timestamp, times->allocated);
	}
	times->at[times->count++] = at;
}

static bool
has_time(const IcsTimes *times, Timestamp at)
{
	int			low = 0;
	int			high = times->count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (times->at[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low < times->count && times->at[low] == at;
}

/* The zone of a time of a series: without one it has that of the start. */
static IcsZone *
zone_of(IcsOccurrences *this, const IcsEntry *entry, const IcsTime *time)
{
	return time->zone == &this->zones->argument ? entry->period.start.zone :
		time->zone;
}

/* The key of a time that stands in an event. */
static Timestamp
key_of(IcsOccurrences *this, const IcsEntry *entry, const IcsTime *time)
{
	if (entry->period.start.kind != ICS_DATE)
		return ics_zone_instant(zone_of(this, entry, time), time->local);
	if (time->kind == ICS_UTC)
		return ics_zone_date(&this->zones->argument, time->local);
	return ics_midnight(time->local);
}

/* So many more occurrences are looked at. */
static void
count_seen(IcsOccurrences *this, const IcsEntry *entry, int count)
{
	this->seen += count;
	if (this->seen > ICS_MAX_OCCURRENCES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("iCalendar text is beyond a limit"),
				 errdetail("Line %d: the events up to this one have more than %d occurrences that have to be looked at.",
						   entry->line, ICS_MAX_OCCURRENCES),
				 errhint("Ask for a shorter time.")));
}

/* A date among times means the whole day, as many write it. */
static void
remove_time(IcsOccurrences *this, const IcsEntry *entry, const IcsTime *time)
{
	if (time->kind == ICS_DATE && entry->period.start.kind != ICS_DATE)
		add_time(&this->removed_days, time->local);
	else
		add_time(&this->removed, key_of(this, entry, time));
}

static void
find_removed(IcsOccurrences *this, const IcsEntry *entry)
{
	int			low = 0;
	int			high = this->override_count;

	this->removed.count = 0;
	this->removed_days.count = 0;
	for (int i = 0; i < entry->removed_count; i++)
		remove_time(this, entry, &entry->removed[i]);
	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (this->overrides[middle].uid < entry->uid)
			low = middle + 1;
		else
			high = middle;
	}
	for (; entry->has_uid && low < this->override_count &&
		 this->overrides[low].uid == entry->uid; low++)
	{
		count_seen(this, entry, 1);
		remove_time(this, entry, &this->overrides[low].at);
	}
	if (this->removed.count > 1)
		sort_times(this->removed.at, this->removed.count);
	if (this->removed_days.count > 1)
		sort_times(this->removed_days.at, this->removed_days.count);
}

static bool
is_removed(const IcsOccurrences *this, const IcsEntry *entry, Timestamp key)
{
	return has_time(&this->removed, key) ||
		(this->removed_days.count > 0 &&
		 has_time(&this->removed_days,
				  ics_midnight(ics_zone_local(entry->period.start.zone, key))));
}

/*----------------------------------------------------------
 * Series
 *----------------------------------------------------------*/

/* An event's occurrences on their way into a value. */
typedef struct IcsTarget
{
	const IcsEntry *entry;
	BusyBuilder *builder;
	TimestampTz from;
	TimestampTz to;
	Timestamp	first;			/* the key of its own start */
	int64		days;			/* of whole days */
	int64		elapsed;		/* until DTEND */
} IcsTarget;

/* The occurrence of a key. */
static void
put_key(IcsOccurrences *this, const IcsTarget *target, Timestamp key)
{
	const IcsPeriod *period = &target->entry->period;
	BusySpan	span = {key, key};

	count_seen(this, target->entry, 1);
	if (period->start.kind == ICS_DATE)
	{
		if (key > target->to + ICS_CLOCK_SLACK ||
			later_day(key, target->days) < target->from - ICS_CLOCK_SLACK)
			return;
		span = days_span(period->start.zone, key, target->days);
	}
	else if (key >= target->to)
		return;
	else if (period->length == ICS_ENDS)
		span.ends_at = key + target->elapsed;
	else if (period->length == ICS_LASTS)
		span.ends_at = end_of_duration(period->start.zone, key,
									   &period->duration);
	if (!is_removed(this, target->entry, key))
		ics_add_span(target->builder, span, target->from, target->to);
}

/*
 * The longest that an occurrence may take, with what a change of the clocks
 * adds.
 */
static int64
longest(const IcsTarget *target)
{
	const IcsPeriod *period = &target->entry->period;
	int64		length = 0;

	if (period->start.kind == ICS_DATE)
		length = target->days * USECS_PER_DAY;
	else if (period->length == ICS_ENDS)
		length = target->elapsed;
	else if (period->length == ICS_LASTS)
		length = period->duration.days * USECS_PER_DAY + period->duration.time;
	return length + ICS_CLOCK_SLACK;
}

/* A rule ends with a window, so that nobody looks for what comes later. */
static void
bound_rule(RRule *rule, TimestampTz to)
{
	Timestamp	last = Min(to + ICS_CLOCK_SLACK, INSTANT_END - 1);

	if (rrule_has(rule, RRULE_UNTIL) && rule->until <= last)
		return;
	rule->parts |= RRULE_PART(RRULE_UNTIL);
	rule->until_kind = RRULE_UNTIL_LOCAL;
	rule->until = last;
}

/*
 * The times of a rule on the server's clocks.  One with COUNT is walked from
 * its start in any case, and each step counts.
 */
static void
walk_instants(IcsOccurrences *this, const IcsTarget *target, RRule *rule)
{
	const IcsTime *start = &target->entry->period.start;
	RRuleInstants *instants = &this->walk.instants;
	TimestampTz from = rrule_has(rule, RRULE_COUNT) ? PG_INT64_MIN :
	target->from - longest(target);
	TimestampTz instant;
	int			steps = 0;

	rrule_instants_begin(instants, rule, start->local,
						 unconstify(pg_tz *, start->zone->server), from,
						 target->to);
	while (rrule_instants_next(instants, &instant))
	{
		if (++steps % STEPS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
		if (instant != target->first)
			put_key(this, target, instant);
	}
}

/*
 * The times of a rule of whole days, or on the clocks of a zone that the text
 * describes.
 */
static void
walk_local(IcsOccurrences *this, const IcsTarget *target, RRule *rule,
		   TimestampTz until)
{
	const IcsTime *start = &target->entry->period.start;
	Timestamp	local;
	int			steps = 0;

	rrule_walk_begin(&this->walk.walk, rule, start->local,
					 target->from - longest(target) - ICS_CLOCK_SLACK);
	while (rrule_walk_next(&this->walk.walk, &local))
	{
		Timestamp	key = start->kind == ICS_DATE ? ics_midnight(local) :
		ics_zone_instant(start->zone, local);

		if (++steps % STEPS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
		if (key <= until && key != target->first)
			put_key(this, target, key);
	}
}

static void
put_rule(IcsOccurrences *this, const IcsTarget *target, RRule *rule)
{
	const IcsTime *start = &target->entry->period.start;
	TimestampTz until = PG_INT64_MAX;

	/* an instant as the end of whole days is the day that it is then */
	if (start->kind == ICS_DATE && rrule_has(rule, RRULE_UNTIL) &&
		rule->until_kind != RRULE_UNTIL_DATE)
	{
		if (rule->until_kind == RRULE_UNTIL_INSTANT)
			rule->until = ics_zone_date(start->zone, rule->until);
		rule->until = ics_midnight(rule->until);
		rule->until_kind = RRULE_UNTIL_DATE;
	}
	if (rrule_has(rule, RRULE_UNTIL) && rule->until_kind == RRULE_UNTIL_INSTANT)
		until = rule->until;
	bound_rule(rule, target->to);

	/* a rule without any time is searched, too, the longer the finer it is */
	count_seen(this, target->entry, rule->freq < RRULE_DAILY ? 10000 : 100);
	if (start->kind != ICS_DATE && start->zone->server != NULL)
		walk_instants(this, target, rule);
	else
		walk_local(this, target, rule, until);
}

/* A time or a period of RDATE. */
static void
put_added(IcsOccurrences *this, const IcsTarget *target,
		  const IcsPeriod *added)
{
	Timestamp	key = key_of(this, target->entry, &added->start);

	if (added->length == ICS_NO_LENGTH ||
		target->entry->period.start.kind == ICS_DATE)
	{
		if (key != target->first)
			put_key(this, target, key);
	}
	else if (!is_removed(this, target->entry, key))
	{
		IcsPeriod	period = *added;

		period.start.zone = zone_of(this, target->entry, &added->start);
		if (period.length == ICS_ENDS)
			period.end.zone = zone_of(this, target->entry, &added->end);
		ics_add_span(target->builder, ics_period_span(&period), target->from,
					 target->to);
	}
}

/* Of several rules and dates, each time counts once. */
static void
remove_repeated(BusyBuilder *builder, int first)
{
	BusySpan   *spans = builder->spans + first;
	int			count = builder->count - first;
	int			kept = 0;

	if (count < 2)
		return;
	sort_spans(spans, count);
	for (int i = 1; i < count; i++)
	{
		if (busy_compare_spans(&spans[kept], &spans[i]) != 0)
			spans[++kept] = spans[i];
	}
	builder->count = first + kept + 1;
	builder->sorted = false;
}

/*
 * The occurrences of an event that overlap a window.  Its start is the first of
 * them, whether its rule has it or not.
 */
void
ics_occurrences_put(IcsOccurrences *this, const IcsEntry *entry,
					BusyBuilder *builder, TimestampTz from, TimestampTz to)
{
	const IcsPeriod *period = &entry->period;
	int			first = builder->count;
	IcsTarget	target = {.entry = entry, .builder = builder, .from = from, .to = to};

	find_removed(this, entry);
	if (period->start.kind == ICS_DATE)
	{
		target.first = period->start.local;
		target.days = days_of(period);
	}
	else
	{
		BusySpan	span = ics_period_span(period);

		target.first = span.starts_at;
		target.elapsed = Max(0, span.ends_at - span.starts_at);
	}
	put_key(this, &target, target.first);
	for (int i = 0; i < entry->rule_count; i++)
		put_rule(this, &target, &entry->rules[i]);
	for (int i = 0; i < entry->added_count; i++)
		put_added(this, &target, &entry->added[i]);
	if (entry->rule_count > 1 || entry->added_count > 0)
		remove_repeated(builder, first);
}
