/*-------------------------------------------------------------------------
 *
 * rrule_days.h
 *		The days of a month, week or year that a recurrence rule lets through.
 *
 * RFC 5545 says of each BY part of days whether it expands or limits.  Of one
 * period both are the same: of all its days those are taken that every part
 * lets through.  What no part says is as the start has it, which the filter
 * then has as if a part said so.
 *
 * Days are counted from 0001-01-01, a Monday, as day 0.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_RRULE_DAYS_H
#define APPOINTMENT_RRULE_DAYS_H

#include "recurrence/rrule.h"

typedef struct RRuleMonth
{
	int			year;
	int			month;			/* 1 to 12 */
	int			len;			/* days of it */
	int32		first_day;
} RRuleMonth;

typedef struct RRuleDayFilter
{
	bool		all;			/* lets all days through */

	uint32		months;			/* bit 1 is January */
	bool		by_monthday;
	uint32		monthdays;		/* bit 0 is day 1 */
	uint32		monthdays_back; /* bit 31 is the last day */

	/* BYDAY within the month, by the weekday that it begins or ends with */
	bool		by_day;
	uint32		days[WEEKDAYS]; /* bit 0 is day 1 */
	uint32		days_back[WEEKDAYS];	/* bit 31 is the last day */

	/* what counts within the year: BYYEARDAY, and ordinals without BYMONTH */
	bool		by_yearday;
	bool		by_day_of_year;
	RRuleNumbers yeardays;
	RRuleDays	days_of_year;
	int			year;			/* whose days these are; bit 0 is January 1 */
	uint64		year_days[RRULE_WORDS + 1];

	/* BYWEEKNO, for who goes by weeks: bit 1 is the first or the last one */
	int			week_start;
	uint64		weeks;
	uint64		weeks_back;
} RRuleDayFilter;

extern int32 rrule_first_day(int year);
extern void rrule_month_of_day(int32 day, RRuleMonth *month);
extern void rrule_set_month(RRuleMonth *month, int year, int number);

extern int32 rrule_week_of_day(int32 day, int week_start);
extern int32 rrule_first_week(int year, int week_start);
extern int	rrule_year_of_week(int32 day, int week_start);

extern void rrule_filter_begin(RRuleDayFilter *filter, const RRule *rule,
							   int32 start_day);
extern uint32 rrule_days_of_month(RRuleDayFilter *filter,
								  const RRuleMonth *month);
extern uint32 rrule_days_of_week(RRuleDayFilter *filter, int32 first_day);
extern uint64 rrule_weeks_of_year(const RRuleDayFilter *filter, int year);

/* The month after a month. */
static inline void
rrule_next_month(RRuleMonth *month)
{
	if (month->month == MONTHS_PER_YEAR)
		rrule_set_month(month, month->year + 1, 1);
	else
		rrule_set_month(month, month->year, month->month + 1);
}

#endif							/* APPOINTMENT_RRULE_DAYS_H */
