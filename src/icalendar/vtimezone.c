/*-------------------------------------------------------------------------
 *
 * vtimezone.c
 *		VTIMEZONE: the clocks of a zone, as the server knows them.
 *
 * The changes of the clocks are looked at from two years before the first time
 * to some decades after it, or until the server knows of no others.  Those that come once a year by one rule become
 * one observance with that rule; each other one is an observance of its own,
 * which all readers understand, as they do not several dates (RDATE) in one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/datetime.h"

#include "base/instant.h"
#include "base/zone_clock.h"
#include "compat.h"
#include "icalendar/vtimezone.h"
#include "recurrence/rrule.h"

#define LONG_YEAR		(INT64CONST(366) * USECS_PER_DAY)

/* What is before a time that still tells what the clocks show then. */
#define YEARS_BEFORE	2

/* Every rule shows in so many years: the calendar repeats in 28 of them. */
#define YEARS_LEAST		30
#define YEARS_MOST		60

/* The server's data name each change until 2038; from then on they repeat. */
#define NAMED_UNTIL		(INT64CONST(13880) * USECS_PER_DAY)

/* Less than that is no rule. */
#define RULE_LEAST		3

/* How a date comes again each year, while more than one way is possible. */
#define BY_DATE			0x01	/* the same day of the month */
#define BY_LAST			0x02	/* the last such weekday */
#define BY_NUMBER		0x04	/* the first, second, ... such weekday */
#define BY_WEEK			0x08	/* such a weekday, in seven days */
#define BY_ANY			0x0F

/* A change of the clocks. */
typedef struct Onset
{
	TimestampTz at;
	Timestamp	local;			/* what the clocks show before they change */
	long		before;			/* seconds east of UTC */
	ZoneState	state;			/* what follows */
	int			year;
	int			month;
	int			day;
	int			weekday;		/* 0 is Monday */
	int64		time;			/* of the day */
	bool		written;		/* or known not to be needed */
} Onset;

/* Changes of the same kind, year after year: no zone has any before 1840. */
#define RUN_MOST		200

typedef struct Run
{
	int			members[RUN_MOST];	/* numbers of onsets */
	int			count;
	int			ways;			/* BY_... */
	int			min_day;
} Run;

typedef struct Onsets
{
	const pg_tz *zone;
	Onset	   *onsets;
	int			count;
	int			allocated;
	TimestampTz end;			/* none is known from here on */
} Onsets;

/* ---------------------------------------------------------------------
 * the changes
 * ---------------------------------------------------------------------
 */

static void
add_onset(Onsets *all, TimestampTz at, const ZoneState *before,
		  const ZoneState *after)
{
	Onset	   *onset;
	int64		days;

	if (all->count == all->allocated)
	{
		all->allocated *= 2;
		all->onsets = repalloc_array(all->onsets, Onset, all->allocated);
	}
	onset = &all->onsets[all->count++];
	onset->at = at;
	onset->before = before->offset;
	onset->state = *after;
	onset->local = at + before->offset * USECS_PER_SEC;
	onset->time = onset->local;
	days = onset->local / USECS_PER_DAY;
	onset->time -= days * USECS_PER_DAY;
	if (onset->time < 0)
	{
		onset->time += USECS_PER_DAY;
		days--;
	}
	j2date((int) days + POSTGRES_EPOCH_JDATE, &onset->year, &onset->month,
		   &onset->day);
	/* Julian day 0 is a Monday */
	onset->weekday = ((int) days + POSTGRES_EPOCH_JDATE) % WEEKDAYS;
	onset->written = false;
}

/* All changes from an instant on. */
static void
collect_onsets(Onsets *all, TimestampTz after)
{
	TimestampTz at;

	all->count = 0;
	all->allocated = 128;
	all->onsets = palloc_array(Onset, all->allocated);
	while (zone_next_change(all->zone, after, &at) && at < all->end)
	{
		ZoneState	before = zone_state(all->zone, at - 1);
		ZoneState	state = zone_state(all->zone, at);

		CHECK_FOR_INTERRUPTS();
		after = at;
		if (!zone_same_state(&before, &state))
			add_onset(all, at, &before, &state);
	}
}

/* ---------------------------------------------------------------------
 * rules
 * ---------------------------------------------------------------------
 */

static bool
is_last_of_month(const Onset *onset)
{
	return onset->day + WEEKDAYS > day_tab[isleap(onset->year)][onset->month - 1];
}

/* In which ways a change can be the one of the next year. */
static int
ways_to_follow(const Run *run, const Onset *first, const Onset *last,
			   const Onset *onset)
{
	int			ways = run->ways;

	if (onset->year != last->year + 1 || onset->month != first->month ||
		onset->time != first->time || onset->before != first->before ||
		!zone_same_state(&onset->state, &first->state))
		return 0;
	if (onset->day != first->day)
		ways &= ~BY_DATE;
	if (onset->weekday != first->weekday)
		return ways & BY_DATE;
	if (!is_last_of_month(onset))
		ways &= ~BY_LAST;
	if ((onset->day - 1) / WEEKDAYS != (first->day - 1) / WEEKDAYS)
		ways &= ~BY_NUMBER;
	return ways;
}

/* The changes that follow one by a rule; it alone if there is none. */
static void
find_run(const Onsets *all, int first, Run *run)
{
	const Onset *begin = &all->onsets[first];
	const Onset *last = begin;
	int			max_day = begin->day;

	run->members[0] = first;
	run->count = 1;
	run->ways = is_last_of_month(begin) ? BY_ANY : BY_ANY & ~BY_LAST;
	run->min_day = begin->day;
	for (int i = first + 1; i < all->count && run->count < RUN_MOST; i++)
	{
		const Onset *onset = &all->onsets[i];
		int			ways;

		if (onset->year > last->year + 1)
			break;
		if (onset->written)
			continue;
		ways = ways_to_follow(run, begin, last, onset);
		if (Max(max_day, onset->day) - Min(run->min_day, onset->day) >= WEEKDAYS)
			ways &= ~BY_WEEK;
		if (ways == 0)
			continue;
		run->members[run->count++] = i;
		run->ways = ways;
		run->min_day = Min(run->min_day, onset->day);
		max_day = Max(max_day, onset->day);
		last = onset;
	}
	if (run->count < RULE_LEAST)
		run->count = 1;
}

/* ---------------------------------------------------------------------
 * writing
 * ---------------------------------------------------------------------
 */

static void
write_offset(ContentLines *lines, long offset)
{
	long		size = labs(offset);

	appendStringInfo(&lines->out, "%c%02ld%02ld", offset < 0 ? '-' : '+',
					 size / SECS_PER_HOUR, size / SECS_PER_MINUTE % MINS_PER_HOUR);
	if (size % SECS_PER_MINUTE != 0)
		appendStringInfo(&lines->out, "%02ld", size % SECS_PER_MINUTE);
	content_literal(lines, "\r\n");
}

/* An observance up to its rule. */
static void
begin_observance(ContentLines *lines, Timestamp local, long before,
				 const ZoneState *state)
{
	if (state->is_dst)
		content_constant(lines, "BEGIN:DAYLIGHT");
	else
		content_constant(lines, "BEGIN:STANDARD");
	content_literal(lines, "DTSTART:");
	content_local(lines, local);
	content_literal(lines, "\r\nTZOFFSETFROM:");
	write_offset(lines, before);
	content_literal(lines, "TZOFFSETTO:");
	write_offset(lines, state->offset);
	if (state->abbreviation != NULL)
	{
		content_plain(lines, "TZNAME");
		content_text(lines, state->abbreviation, strlen(state->abbreviation));
		content_end(lines);
	}
}

static void
end_observance(ContentLines *lines, const ZoneState *state)
{
	if (state->is_dst)
		content_constant(lines, "END:DAYLIGHT");
	else
		content_constant(lines, "END:STANDARD");
}

/*
 * The rule of a run, which ends with it unless the run goes on for ever.  A
 * widespread reader takes the end for a local time, and would lose the last
 * change; there is none in the day after it.
 */
static void
write_rule(ContentLines *lines, const Run *run, const Onset *first,
		   const Onset *last, bool ends)
{
	StringInfo	out = &lines->out;
	const char *weekday = rrule_day_names[first->weekday];

	content_property(lines, "RRULE");
	content_literal(lines, ":FREQ=YEARLY");
	if (ends)
	{
		content_literal(lines, ";UNTIL=");
		content_instant(lines, last->at + USECS_PER_DAY);
	}
	appendStringInfo(out, ";BYMONTH=%d", first->month);
	if (run->ways & BY_LAST)
		appendStringInfo(out, ";BYDAY=-1%s", weekday);
	else if (run->ways & BY_NUMBER)
		appendStringInfo(out, ";BYDAY=%d%s", (first->day - 1) / WEEKDAYS + 1,
						 weekday);
	else if (run->ways & BY_WEEK)
	{
		appendStringInfo(out, ";BYDAY=%s;BYMONTHDAY=", weekday);
		for (int i = 0; i < WEEKDAYS; i++)
			appendStringInfo(out, "%s%d", i == 0 ? "" : ",", run->min_day + i);
	}
	else
		appendStringInfo(out, ";BYMONTHDAY=%d", first->day);
	content_end(lines);
}

/*
 * A change, with those that follow it by a rule, unless all of that is over
 * before the first time, or comes after the last.
 */
static void
write_run(ContentLines *lines, Onsets *all, int i, TimestampTz from,
		  TimestampTz to)
{
	const Onset *first = &all->onsets[i];
	const Onset *last;
	Run			run;

	find_run(all, i, &run);
	for (int j = 0; j < run.count; j++)
		all->onsets[run.members[j]].written = true;
	last = &all->onsets[run.members[run.count - 1]];
	if (first->at > to ||
		(run.count == 1 && i + 1 < all->count && first[1].at <= from))
		return;
	begin_observance(lines, first->local, first->before, &first->state);
	if (run.count > 1)
		write_rule(lines, &run, first, last,
				   all->end - last->at > LONG_YEAR + WEEKDAYS * USECS_PER_DAY);
	end_observance(lines, &first->state);
}

/*
 * The clocks of a zone from the first to the last time that is written with
 * them; DT_NOEND is none.
 */
void
vtimezone_write(ContentLines *lines, pg_tz *zone, TimestampTz from,
				TimestampTz to)
{
	const char *name = pg_get_timezone_name(zone);
	Onsets		all;

	all.zone = zone;
	all.end = Min(INSTANT_END, Max(from + YEARS_LEAST * LONG_YEAR,
								   Min(to, Max(from + YEARS_MOST * LONG_YEAR,
											   NAMED_UNTIL))));
	collect_onsets(&all, from - YEARS_BEFORE * LONG_YEAR);

	content_constant(lines, "BEGIN:VTIMEZONE");
	content_plain(lines, "TZID");
	content_raw(lines, name, strlen(name));
	content_end(lines);
	if (all.count == 0 || all.onsets[0].at > from)
	{
		/* the clocks have not changed for long */
		ZoneState	state = zone_state(zone, from);
		Timestamp	epoch = (UNIX_EPOCH_JDATE - POSTGRES_EPOCH_JDATE) *
		USECS_PER_DAY;

		if (epoch > from - USECS_PER_DAY)
			epoch = Max(from - LONG_YEAR, INSTANT_FIRST);
		begin_observance(lines, epoch, state.offset, &state);
		end_observance(lines, &state);
	}
	for (int i = 0; i < all.count; i++)
	{
		if (!all.onsets[i].written)
			write_run(lines, &all, i, from, to);
	}
	content_constant(lines, "END:VTIMEZONE");
	pfree(all.onsets);
}
