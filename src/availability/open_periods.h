/*-------------------------------------------------------------------------
 *
 * open_periods.h
 *		The periods of a window that the rules of a value open.
 *
 * They come as a stream, which works ahead a few weeks of local days at a time:
 * who takes only the first pays for these weeks, however long the window is.
 *
 * The periods are half-open, ascending and disjoint.  One may end where the
 * next begins: where the capacity changes or another zone's rule goes on, and
 * where the stream went on to the next weeks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OPEN_PERIODS_H
#define APPOINTMENT_OPEN_PERIODS_H

#include "pgtime.h"

#include "availability/open_hours.h"

typedef struct OpenPeriod
{
	TimestampTz starts_at;
	TimestampTz ends_at;
	int32		capacity;
	const pg_tz *zone;			/* of the rule that opens it; of a
								 * restriction, of the rule in its first
								 * factor */
} OpenPeriod;

typedef struct OpenPeriods OpenPeriods;

/* A window of a function that returns rows is not longer: 100 years. */
#define OPEN_MAX_WINDOW		(INT64CONST(36525) * USECS_PER_DAY)

/*
 * All that is open in [from, to), and in the years 0001 to 9999.  The walk and
 * its memory are in the current memory context; the value must live as long as
 * the walk.  An unknown zone is an error (22023).
 */
extern OpenPeriods *open_periods_begin(const OpenHours *hours,
									   TimestampTz from, TimestampTz to);
extern bool open_periods_next(OpenPeriods *walk, OpenPeriod *period);

/* The same, but periods that touch and have one capacity are one. */
extern bool open_periods_next_whole(OpenPeriods *walk, OpenPeriod *period);

/*
 * The instant from which on nothing opens that does not open before, or has
 * done so for 400 years, in which the calendar repeats itself.
 */
extern TimestampTz open_periods_horizon(const OpenHours *hours,
										TimestampTz after);

#endif							/* APPOINTMENT_OPEN_PERIODS_H */
