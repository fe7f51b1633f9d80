/*-------------------------------------------------------------------------
 *
 * ics_busy.c
 *		When the calendar of an iCalendar text is busy.
 *
 * The text is read once.  A series has to wait for what replaces its
 * occurrences, and a time for the VTIMEZONE of its zone, which may all stand
 * behind it; so of these only the place is kept, and they are read again in the
 * end.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/instant.h"
#include "compat.h"
#include "icalendar/ics_busy.h"
#include "icalendar/ics_occurrences.h"

#define FIRST_DEFERRED	64

/* Changes of the clocks are looked up until then, and a year after a window. */
#define PROBLEMS_UNTIL	(INT64CONST(36525) * USECS_PER_DAY)

/* An event that is read again in the end. */
typedef struct IcsDeferred
{
	const char *start;
	const char *end;
	int			line;
} IcsDeferred;

typedef struct IcsBusy
{
	IcsReader	reader;
	IcsOccurrences series;
	BusyBuilder builder;
	TimestampTz from;
	TimestampTz to;

	IcsDeferred *deferred;
	int			deferred_count;
	int			deferred_allocated;
} IcsBusy;

/*----------------------------------------------------------
 * One time
 *----------------------------------------------------------*/

/*
 * Can a period be in the window, whatever its zone?  This spares most of a long
 * feed the look at a zone.
 */
static bool
may_overlap(const IcsBusy *busy, const IcsPeriod *period)
{
	Timestamp	start = period->start.local;
	Timestamp	end = start;

	if (period->length == ICS_ENDS)
		end = period->end.local;
	else if (period->length == ICS_LASTS)
		end += period->duration.days * USECS_PER_DAY + period->duration.time;
	return start <= busy->to + ICS_CLOCK_SLACK && end >= busy->from - ICS_CLOCK_SLACK;
}

static bool
is_ready(const IcsPeriod *period)
{
	return ics_zone_is_known(period->start.zone) &&
		(period->length != ICS_ENDS || ics_zone_is_known(period->end.zone));
}

static void
add_period(IcsBusy *busy, const IcsPeriod *period)
{
	if (may_overlap(busy, period))
		ics_add_span(&busy->builder, ics_period_span(period), busy->from,
					 busy->to);
}

/*----------------------------------------------------------
 * Components
 *----------------------------------------------------------*/

static void
defer(IcsBusy *busy, const IcsEntry *entry)
{
	if (busy->deferred_count == busy->deferred_allocated)
	{
		busy->deferred_allocated = Max(busy->deferred_allocated * 2,
									   FIRST_DEFERRED);
		busy->deferred = busy->deferred == NULL ?
			palloc_array(IcsDeferred, busy->deferred_allocated) :
			repalloc_array(busy->deferred, IcsDeferred,
						   busy->deferred_allocated);
	}
	busy->deferred[busy->deferred_count].start = entry->start;
	busy->deferred[busy->deferred_count].end = busy->reader.lines.next;
	busy->deferred[busy->deferred_count].line = entry->line;
	busy->deferred_count++;
}

static void
put_event(IcsBusy *busy, const IcsEntry *entry)
{
	/* also one that takes no time of its own frees that of the occurrence */
	if (entry->has_recurrence_id && entry->has_uid)
		ics_occurrences_override(&busy->series, entry);
	if (entry->cancelled || entry->transparent ||
		(entry->tentative && !busy->reader.context.tentative))
		return;
	if (entry->rule_count > 0 || entry->added_count > 0)
		defer(busy, entry);
	else if (is_ready(&entry->period))
		add_period(busy, &entry->period);
	else if (may_overlap(busy, &entry->period))
		defer(busy, entry);
}

static void
put_freebusy(IcsBusy *busy, const IcsEntry *entry)
{
	for (int i = 0; i < entry->added_count; i++)
	{
		if (i % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
		add_period(busy, &entry->added[i]);
	}
}

/* What had to wait for the end of the text. */
static void
put_deferred(IcsBusy *busy)
{
	const IcsEntry *entry = &busy->reader.entry;

	for (int i = 0; i < busy->deferred_count; i++)
	{
		ics_reader_again(&busy->reader, busy->deferred[i].start,
						 busy->deferred[i].end, busy->deferred[i].line);
		if (!ics_reader_next(&busy->reader))
			continue;
		if (entry->rule_count > 0 || entry->added_count > 0)
			ics_occurrences_put(&busy->series, entry, &busy->builder, busy->from,
								busy->to);
		else
			add_period(busy, &entry->period);
	}
}

static void
no_calendar(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("text is not an iCalendar object"),
			 errdetail("It has no line BEGIN:VCALENDAR.")));
}

/*
 * The periods of a text that overlap a window, which is finite.
 */
struct varlena *
ics_busy(const char *text, size_t len, TimestampTz from, TimestampTz to,
		 const pg_tz *zone, bool tentative)
{
	IcsBusy    *busy = palloc_object(IcsBusy);
	IcsProblems problems;
	const IcsEntry *entry = &busy->reader.entry;

	ics_problems_begin(&problems, false);
	ics_reader_begin(&busy->reader, text, len, zone,
					 to + 366 * USECS_PER_DAY, tentative, &problems);
	ics_occurrences_begin(&busy->series, &busy->reader.context.zones);
	busy_builder_begin(&busy->builder, CurrentMemoryContext);
	busy->from = from;
	busy->to = to;
	busy->deferred = NULL;
	busy->deferred_count = 0;
	busy->deferred_allocated = 0;
	while (ics_reader_next(&busy->reader))
	{
		if (entry->is_event)
			put_event(busy, entry);
		else
			put_freebusy(busy, entry);
	}
	if (!busy->reader.any_calendar)
		no_calendar();
	ics_zones_settle(&busy->reader.context.zones, &problems);
	ics_occurrences_settle(&busy->series);
	put_deferred(busy);
	return busy_build(&busy->builder);
}

/*
 * What ics_busy() passes over, or has to guess.
 */
void
ics_find_problems(const char *text, size_t len, const pg_tz *zone,
				  IcsProblems *problems)
{
	IcsReader  *reader = palloc_object(IcsReader);

	ics_reader_begin(reader, text, len, zone, PROBLEMS_UNTIL, true, problems);
	while (ics_reader_next(reader))
		CHECK_FOR_INTERRUPTS();
	ics_zones_settle(&reader->context.zones, problems);
	if (!reader->any_calendar && !reader->context.stopped)
	{
		problems->line = 1;
		problems->component = WORD_NONE;
		problems->property = NULL;
		ics_error(problems, ICS_PROBLEM_NO_CALENDAR,
				  "the text has no line BEGIN:VCALENDAR");
	}
}
