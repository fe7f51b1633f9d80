/*-------------------------------------------------------------------------
 *
 * rrule_walk.h
 *		A walk over the occurrences of a recurrence rule on the wall clock.
 *
 * Nothing here knows a zone, calls fmgr or raises an error of its own; a walk
 * is one block of memory that may be copied.  Each long loop can be cancelled.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_RRULE_WALK_H
#define APPOINTMENT_RRULE_WALK_H

#include "recurrence/rrule.h"
#include "recurrence/rrule_days.h"

/* Days of the longest period: the weeks of a year. */
#define RRULE_MAX_DAYS		(53 * WEEKDAYS)

/* Numbers in ascending order. */
typedef struct RRuleTimes
{
	int			count;
	uint8		at[SECS_PER_MINUTE];
} RRuleTimes;

typedef struct RRuleWalk
{
	/* the rule, as the start completes it */
	RRuleFrequency freq;
	bool		done;
	bool		counts;
	bool		by_weeks;		/* YEARLY with BYWEEKNO */
	bool		by_position;	/* BYSETPOS */
	int64		interval;
	Timestamp	from;			/* none before it is given out */
	Timestamp	until;			/* nor one after it */
	RRuleDayFilter filter;

	/* the times in a day, or in an hour or minute: one of each */
	RRuleTimes	hours;
	RRuleTimes	minutes;
	RRuleTimes	seconds;
	int64		fraction;		/* of a second, the start's */
	int			times;			/* how many that makes */

	/* SECONDLY to HOURLY: what is let through, as bits */
	uint32		hour_bits;
	uint64		minute_bits;
	uint64		second_bits;

	/* where the walk is */
	int32		left;			/* of COUNT */
	int32		from_day;		/* days before it are not looked at */
	int32		last_day;		/* no period that begins later is */
	int32		first_day;		/* DAILY: of the walk */
	RRuleMonth	month;			/* DAILY, MONTHLY, YEARLY: the next one; below
								 * DAILY the month of "bits" */
	int64		week;			/* WEEKLY: the next one's first day */
	int64		year;			/* by weeks: whose weeks are next */
	uint64		weeks;			/* which are left of it */
	int64		slot;			/* below DAILY: the next hour, minute or
								 * second, counted from 0001-01-01 */
	int64		first_slot;		/* of the walk */
	int			unit;			/* seconds of a slot */
	uint32		week_bits;		/* WEEKLY: the days, if all weeks have the
								 * same */

	/* days that are left of a month or week, bit 0 is "day" */
	int32		day;
	uint32		bits;
	int64		period;			/* what they are of */

	/* times that are left of a day or slot */
	int64		base;			/* its first second */
	int			next;
	int			end;

	/* BYSETPOS: the numbers that are left, and the days of the period */
	RRuleNumbers positions;
	int			next_plus;
	int			next_minus;
	int			day_count;
	int32		days[RRULE_MAX_DAYS];	/* last: not cleared */
} RRuleWalk;

/*
 * From a start that is a wall clock's time of the years 0001 to 9999.  A walk
 * may begin later, which does not cost more, unless the rule has COUNT.
 */
extern void rrule_walk_begin(RRuleWalk *walk, const RRule *rule,
							 Timestamp starts_at, Timestamp from);
extern bool rrule_walk_next(RRuleWalk *walk, Timestamp *local);

#endif							/* APPOINTMENT_RRULE_WALK_H */
