/*-------------------------------------------------------------------------
 *
 * opening_clock.h
 *		The first instant at which a zone's clock shows a local time, or a later
 *		one.
 *
 * Of a time that the clocks leave out it is the change, and of one that comes
 * twice the first.  So it never goes back when the local time goes forward.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OPENING_CLOCK_H
#define APPOINTMENT_OPENING_CLOCK_H

#include "datatype/timestamp.h"
#include "pgtime.h"

/* Local times up to "until" are instants by one offset, or all one instant. */
typedef struct ClockStretch
{
	Timestamp	until;
	bool		is_change;
	int64		value;			/* the instant of the change, or microseconds
								 * east of UTC */
} ClockStretch;

/* What a clock shows in the days around a window. */
typedef struct OpeningClock
{
	const pg_tz *zone;
	TimestampTz from;			/* what follows holds from here */
	TimestampTz until;			/* up to here */
	int64		least;			/* of the offsets there */
	int64		greatest;
	ClockStretch *stretches;	/* ascending */
	int			count;
	int			room;
} OpeningClock;

extern void opening_clock_begin(OpeningClock *clock, const pg_tz *zone);
extern void opening_clock_look_up(OpeningClock *clock, TimestampTz from,
								  TimestampTz to);

/* Let a clock know the days around a window. */
static inline void
opening_clock_cover(OpeningClock *clock, TimestampTz from, TimestampTz to)
{
	if (from < clock->from || to > clock->until)
		opening_clock_look_up(clock, from, to);
}

/*
 * The instant of a local time that is at most a few days outside of the window
 * covered.
 */
static inline TimestampTz
opening_clock_read(const OpeningClock *clock, Timestamp local)
{
	const ClockStretch *stretch = clock->stretches;

	while (unlikely(local >= stretch->until))
		stretch++;
	return stretch->is_change ? stretch->value : local - stretch->value;
}

#endif							/* APPOINTMENT_OPENING_CLOCK_H */
