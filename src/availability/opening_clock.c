/*-------------------------------------------------------------------------
 *
 * opening_clock.c
 *		The first instant at which a zone's clock shows a local time, or a later
 *		one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "availability/opening_clock.h"
#include "base/zone_clock.h"
#include "compat.h"

/*
 * So much around a window is known, too: no local time that a window needs is
 * further from it (two days of a rule, one of an offset, one of a change).
 */
#define MARGIN		(5 * USECS_PER_DAY)

void
opening_clock_begin(OpeningClock *clock, const pg_tz *zone)
{
	clock->zone = zone;
	clock->from = PG_INT64_MAX;
	clock->until = PG_INT64_MIN;
	clock->room = 4;
	clock->stretches = palloc_array(ClockStretch, clock->room);
}

static void
add_stretch(OpeningClock *clock, Timestamp until, bool is_change, int64 value)
{
	ClockStretch *last = clock->stretches + clock->count - 1;

	if (clock->count > 0 && !is_change && !last->is_change &&
		last->value == value)
	{
		last->until = until;
		return;
	}
	if (clock->count == clock->room)
	{
		clock->room *= 2;
		clock->stretches = repalloc_array(clock->stretches, ClockStretch,
										  clock->room);
	}
	clock->stretches[clock->count++] = (ClockStretch)
	{
		until, is_change, value
	};
}

/*
 * Walk over the changes from before the window until after it.  A local time
 * becomes known when the clock shows it for the first time, or jumps over it;
 * "shown" is what it has shown so far.
 */
void
opening_clock_look_up(OpeningClock *clock, TimestampTz from, TimestampTz to)
{
	TimestampTz at = from - MARGIN;
	TimestampTz end = to + MARGIN;
	int64		offset = instant_to_local(at, clock->zone) - at;
	Timestamp	shown = at + offset;
	TimestampTz change;
	bool		more;

	clock->from = from;
	clock->least = clock->greatest = offset;
	clock->count = 0;
	while ((more = zone_next_change(clock->zone, at, &change)))
	{
		if (change + offset > shown)
		{
			shown = change + offset;
			add_stretch(clock, shown, false, offset);
		}
		if (change > end)
			break;
		at = change;
		offset = instant_to_local(at, clock->zone) - at;
		if (at + offset > shown)
		{
			shown = at + offset;
			add_stretch(clock, shown, true, at);
		}
		clock->least = Min(clock->least, offset);
		clock->greatest = Max(clock->greatest, offset);
	}
	clock->until = more ? change - MARGIN : PG_INT64_MAX;

	/* nobody asks for what comes then */
	add_stretch(clock, PG_INT64_MAX, false, offset);
}
