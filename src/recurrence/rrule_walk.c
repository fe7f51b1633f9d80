/*-------------------------------------------------------------------------
 *
 * rrule_walk.c
 *		A walk over the occurrences of a recurrence rule on the wall clock.
 *
 * From DAILY on, a walk goes from one month or week to the next, and takes the
 * days that the filter lets through (rrule_days.h), each with all its times.
 * Below, it goes from one hour, minute or second, here a slot, to the next
 * that is let through.  With BYSETPOS the days of a period, or its slot, come
 * together first.  All is arithmetic: to begin late costs the same.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "base/instant.h"
#include "recurrence/rrule_walk.h"

/* Steps without a result after which to look for a cancellation. */
#define STEPS_BETWEEN_CHECKS	1024

/* A year beyond all that is walked over. */
#define YEAR_BEYOND		10002

static inline int32
day_of(Timestamp local)
{
	return (int32) ((local - INSTANT_FIRST) / USECS_PER_DAY);
}

/*----------------------------------------------------------
 * Times of a day or slot
 *----------------------------------------------------------*/

/* The numbers of a part, or one. */
static void
set_times(RRuleTimes *times, const RRule *rule, RRulePart part, bool expands,
		  int one)
{
	uint64		bits = UINT64CONST(1) << one;

	if (expands && rrule_has(rule, part))
		bits = rrule_numbers(rule, part)->plus[0];
	/* a leap second is the one before it, RFC 5545 section 3.3.12 */
	if ((bits >> 60 & 1) != 0)
		bits |= UINT64CONST(1) << 59;
	bits &= (UINT64CONST(1) << 60) - 1;
	times->count = 0;
	for (; bits != 0; bits &= bits - 1)
		times->at[times->count++] = (uint8) pg_rightmost_one_pos64(bits);
}

static uint64
limit_bits(const RRule *rule, RRulePart part, bool limits)
{
	uint64		bits = ~UINT64CONST(0);

	if (limits && rrule_has(rule, part))
	{
		bits = rrule_numbers(rule, part)->plus[0];
		if ((bits >> 60 & 1) != 0)
			bits |= UINT64CONST(1) << 59;
	}
	return bits & ((UINT64CONST(1) << 60) - 1);
}

static void
begin_times(RRuleWalk *walk, const RRule *rule, int second_of_day)
{
	bool		hours = rule->freq > RRULE_HOURLY;
	bool		minutes = rule->freq > RRULE_MINUTELY;
	bool		seconds = rule->freq > RRULE_SECONDLY;

	set_times(&walk->hours, rule, RRULE_BYHOUR, hours,
			  hours ? second_of_day / SECS_PER_HOUR : 0);
	set_times(&walk->minutes, rule, RRULE_BYMINUTE, minutes,
			  minutes ? second_of_day / SECS_PER_MINUTE % MINS_PER_HOUR : 0);
	set_times(&walk->seconds, rule, RRULE_BYSECOND, seconds,
			  seconds ? second_of_day % SECS_PER_MINUTE : 0);
	walk->times = walk->hours.count * walk->minutes.count * walk->seconds.count;
	walk->hour_bits = (uint32) limit_bits(rule, RRULE_BYHOUR, !hours) & 0xFFFFFF;
	walk->minute_bits = limit_bits(rule, RRULE_BYMINUTE, !minutes);
	walk->second_bits = limit_bits(rule, RRULE_BYSECOND, !seconds);
}

/* The second of time n in its day or slot. */
static inline int
time_at(const RRuleWalk *walk, int n)
{
	int			minute = n / walk->seconds.count;

	return walk->hours.at[minute / walk->minutes.count] * SECS_PER_HOUR +
		walk->minutes.at[minute % walk->minutes.count] * SECS_PER_MINUTE +
		walk->seconds.at[n % walk->seconds.count];
}

/*
 * The first second of a day, from one on, whose hour, minute and second are
 * let through; the end of the day if there is none.
 */
static int
next_limited(const RRuleWalk *walk, int at)
{
	while (at < SECS_PER_DAY)
	{
		int			hour = at / SECS_PER_HOUR;
		int			minute = at / SECS_PER_MINUTE % MINS_PER_HOUR;
		int			second = at % SECS_PER_MINUTE;
		uint32		hours = walk->hour_bits >> hour;
		uint64		minutes = walk->minute_bits >> minute;
		uint64		seconds = walk->second_bits >> second;

		if (hours == 0)
			break;
		if ((hours & 1) == 0)
			at = (hour + pg_rightmost_one_pos32(hours)) * SECS_PER_HOUR;
		else if (minutes == 0)
			at = (hour + 1) * SECS_PER_HOUR;
		else if ((minutes & 1) == 0)
			at = hour * SECS_PER_HOUR +
				(minute + pg_rightmost_one_pos64(minutes)) * SECS_PER_MINUTE;
		else if (seconds == 0)
			at = hour * SECS_PER_HOUR + (minute + 1) * SECS_PER_MINUTE;
		else
			return at + pg_rightmost_one_pos64(seconds);
	}
	return SECS_PER_DAY;
}

/*----------------------------------------------------------
 * Slots: SECONDLY, MINUTELY, HOURLY
 *----------------------------------------------------------*/

/* The first slot that the interval reaches, from one on. */
static inline int64
align_slot(const RRuleWalk *walk, int64 slot)
{
	int64		beyond = (slot - walk->first_slot) % walk->interval;

	return beyond == 0 ? slot : slot + walk->interval - beyond;
}

/*
 * Does the interval ever reach a time of day that is let through?  If not, the
 * rule never happens, which no walk of seconds should have to find out.
 */
static bool
reaches_limited(const RRuleWalk *walk)
{
	int			slots = SECS_PER_DAY / walk->unit;
	int			a = slots;
	int			b = (int) (walk->interval % slots);

	while (b != 0)
	{
		int			rest = a % b;

		a = b;
		b = rest;
	}
	for (int slot = (int) (walk->first_slot % a); slot < slots; slot += a)
	{
		if (next_limited(walk, slot * walk->unit) == slot * walk->unit)
			return true;
	}
	return false;
}

static void
begin_slots(RRuleWalk *walk, Timestamp starts_at)
{
	int64		from_second = (walk->from - INSTANT_FIRST) / USECS_PER_SEC;

	walk->unit = walk->freq == RRULE_HOURLY ? SECS_PER_HOUR :
		walk->freq == RRULE_MINUTELY ? SECS_PER_MINUTE : 1;
	walk->first_slot = (starts_at - INSTANT_FIRST) / USECS_PER_SEC / walk->unit;
	walk->slot = walk->first_slot;
	if (from_second / walk->unit > walk->first_slot)
		walk->slot += (from_second / walk->unit - walk->first_slot) /
			walk->interval * walk->interval;
	rrule_month_of_day((int32) (walk->slot * walk->unit / SECS_PER_DAY),
					   &walk->month);
	walk->bits = rrule_days_of_month(&walk->filter, &walk->month);
	if (!reaches_limited(walk))
		walk->done = true;
}

/* The first day that the filter lets through, from one on; -1 for none. */
static int32
next_filtered_day(RRuleWalk *walk, int32 day)
{
	int			steps = 0;

	for (;;)
	{
		uint32		bits;

		if (day > walk->last_day)
			return -1;
		if (day >= walk->month.first_day + walk->month.len)
		{
			rrule_month_of_day(day, &walk->month);
			walk->bits = rrule_days_of_month(&walk->filter, &walk->month);
		}
		bits = walk->bits >> (day - walk->month.first_day);
		if (bits != 0)
			return day + pg_rightmost_one_pos32(bits);
		day = walk->month.first_day + walk->month.len;
		if (++steps % STEPS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
	}
}

/*
 * Go to the next slot that is let through.
 */
static bool
next_slot(RRuleWalk *walk)
{
	int			slots = SECS_PER_DAY / walk->unit;
	int64		slot = walk->slot;
	int			steps = 0;

	for (;;)
	{
		int32		day = (int32) Min(slot / slots, PG_INT32_MAX);
		int			second;
		int			next;

		if (++steps % STEPS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
		if (day > walk->last_day)
			return false;
		if (!walk->filter.all)
		{
			int32		next_day = next_filtered_day(walk, day);

			if (next_day < 0)
				return false;
			if (next_day > day)
			{
				slot = align_slot(walk, (int64) next_day * slots);
				continue;
			}
		}
		second = (int) (slot % slots) * walk->unit;
		next = next_limited(walk, second);
		if (next == second)
			break;
		slot = align_slot(walk, (int64) day * slots + next / walk->unit);
	}
	walk->base = slot * walk->unit;
	walk->slot = slot + walk->interval;
	return true;
}

/*----------------------------------------------------------
 * Days: DAILY, WEEKLY, MONTHLY, YEARLY
 *----------------------------------------------------------*/

static void
begin_days(RRuleWalk *walk, const RRule *rule, int32 start_day)
{
	int32		from_day = walk->from_day;
	int64		interval = walk->interval;
	RRuleMonth	start;
	int64		passed;

	rrule_month_of_day(start_day, &start);
	rrule_month_of_day(from_day, &walk->month);
	switch (walk->freq)
	{
		case RRULE_DAILY:
			walk->first_day = start_day;
			break;
		case RRULE_WEEKLY:
			start_day = rrule_week_of_day(start_day, rule->week_start);
			from_day = rrule_week_of_day(from_day, rule->week_start);
			passed = (from_day - start_day) / WEEKDAYS / interval * interval;
			walk->week = start_day + passed * WEEKDAYS;
			/* any week, but for its months */
			if (walk->filter.months == ~(uint32) 0)
				walk->week_bits = rrule_days_of_week(&walk->filter,
													 start_day + 10 * WEEKDAYS);
			break;
		case RRULE_MONTHLY:
			passed = (walk->month.year - start.year) * MONTHS_PER_YEAR +
				walk->month.month - start.month;
			passed = passed / interval * interval + start.month - 1;
			rrule_set_month(&walk->month,
							start.year + (int) (passed / MONTHS_PER_YEAR),
							(int) (passed % MONTHS_PER_YEAR) + 1);
			break;
		default:
			walk->by_weeks = rrule_has(rule, RRULE_BYWEEKNO);
			if (walk->by_weeks)
			{
				start.year = rrule_year_of_week(start_day, rule->week_start);
				walk->month.year = rrule_year_of_week(from_day, rule->week_start);
			}
			walk->year = start.year +
				(walk->month.year - start.year) / interval * interval;
			walk->weeks = rrule_weeks_of_year(&walk->filter, (int) walk->year);
			rrule_set_month(&walk->month, (int) walk->year, 1);
			break;
	}
}

/* Of the days of a month those that DAILY's interval reaches. */
static uint32
reached_days(const RRuleWalk *walk, const RRuleMonth *month)
{
	int64		beyond = (month->first_day - walk->first_day) % walk->interval;
	int64		first = beyond <= 0 ? -beyond : walk->interval - beyond;
	uint32		days = 0;

	for (int64 i = first; i < month->len; i += walk->interval)
		days |= (uint32) 1 << i;
	return days;
}

static void
load_daily(RRuleWalk *walk)
{
	walk->day = walk->month.first_day;
	walk->bits = rrule_days_of_month(&walk->filter, &walk->month);
	if (walk->interval > 1)
		walk->bits &= reached_days(walk, &walk->month);
	rrule_next_month(&walk->month);
}

static void
load_weekly(RRuleWalk *walk)
{
	walk->day = (int32) Min(walk->week, PG_INT32_MAX / 2);
	walk->bits = walk->filter.months == ~(uint32) 0 || walk->day > walk->last_day ?
		walk->week_bits : rrule_days_of_week(&walk->filter, walk->day);
	walk->period = walk->week;
	walk->week += walk->interval * WEEKDAYS;
}

/* Go to a month some months later; beyond the years it is out of sight. */
static void
advance_month(RRuleMonth *month, int64 months)
{
	int64		number = month->month - 1 + months;
	int64		year = month->year + number / MONTHS_PER_YEAR;

	rrule_set_month(month, (int) Min(year, YEAR_BEYOND),
					(int) (number % MONTHS_PER_YEAR) + 1);
}

static void
load_monthly(RRuleWalk *walk)
{
	walk->day = walk->month.first_day;
	walk->bits = rrule_days_of_month(&walk->filter, &walk->month);
	walk->period = walk->day;
	if (walk->interval == 1)
		rrule_next_month(&walk->month);
	else
		advance_month(&walk->month, walk->interval);
}

static void
load_yearly(RRuleWalk *walk)
{
	/* from January on, without what is no month */
	uint32		months = walk->filter.months >> 1 & 0xFFF;
	uint32		rest = months >> walk->month.month;
	int64		year = walk->month.year;

	walk->day = walk->month.first_day;
	walk->bits = rrule_days_of_month(&walk->filter, &walk->month);
	walk->period = year;
	if (rest != 0)
		rrule_set_month(&walk->month, (int) year,
						walk->month.month + 1 + pg_rightmost_one_pos32(rest));
	else
		rrule_set_month(&walk->month, (int) Min(year + walk->interval, YEAR_BEYOND),
						1 + pg_rightmost_one_pos32(months));
}

/* The next week that BYWEEKNO has. */
static void
load_week_of_year(RRuleWalk *walk)
{
	int			week;

	if (walk->weeks == 0)
	{
		walk->bits = 0;
		walk->year = Min(walk->year + walk->interval, YEAR_BEYOND);
		walk->day = rrule_first_week((int) walk->year, walk->filter.week_start);
		walk->weeks = rrule_weeks_of_year(&walk->filter, (int) walk->year);
		return;
	}
	week = pg_rightmost_one_pos64(walk->weeks);
	walk->weeks &= walk->weeks - 1;
	walk->day = rrule_first_week((int) walk->year, walk->filter.week_start) +
		(week - 1) * WEEKDAYS;
	walk->bits = rrule_days_of_week(&walk->filter, walk->day);
	walk->period = walk->year;
}

/*
 * Go to the next month or week that has days.  Without BYSETPOS none before the
 * walk's beginning count.
 */
static bool
next_days(RRuleWalk *walk)
{
	int			steps = 0;

	do
	{
		switch (walk->freq)
		{
			case RRULE_DAILY:
				load_daily(walk);
				break;
			case RRULE_WEEKLY:
				load_weekly(walk);
				break;
			case RRULE_MONTHLY:
				load_monthly(walk);
				break;
			default:
				if (walk->by_weeks)
					load_week_of_year(walk);
				else
					load_yearly(walk);
				break;
		}
		if (walk->day > walk->last_day)
		{
			walk->bits = 0;
			return false;
		}
		if (walk->day < walk->from_day &&
			(!walk->by_position || walk->freq == RRULE_DAILY))
			walk->bits = walk->from_day - walk->day < 32 ?
				walk->bits >> (walk->from_day - walk->day) << (walk->from_day - walk->day) : 0;
		if (++steps % STEPS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
	} while (walk->bits == 0);
	return true;
}

/* Take a day of those that are left. */
static inline int32
take_day(RRuleWalk *walk)
{
	int			bit = pg_rightmost_one_pos32(walk->bits);

	walk->bits &= walk->bits - 1;
	return walk->day + bit;
}

/*
 * Go to the next day or slot.
 */
static inline bool
next_base(RRuleWalk *walk)
{
	if (walk->freq < RRULE_DAILY)
	{
		if (!next_slot(walk))
			return false;
	}
	else
	{
		if (walk->bits == 0 && !next_days(walk))
			return false;
		walk->base = (int64) take_day(walk) * SECS_PER_DAY;
	}
	walk->next = 0;
	return true;
}

/*----------------------------------------------------------
 * Positions: BYSETPOS
 *----------------------------------------------------------*/

static inline bool
has_position(const uint64 *words, int n)
{
	return (words[n / 64] >> (n % 64) & 1) != 0;
}

/* Can a period have as many as one of the numbers asks for? */
static bool
reaches_position(const RRuleWalk *walk)
{
	int			days = walk->freq <= RRULE_DAILY ? 1 :
	walk->freq == RRULE_WEEKLY ? WEEKDAYS :
	walk->freq == RRULE_MONTHLY ? 31 : RRULE_MAX_DAYS;

	for (int n = 1; n <= Min(days * walk->times, RRULE_MAX_NUMBER); n++)
	{
		if (has_position(walk->positions.plus, n) ||
			has_position(walk->positions.minus, n))
			return true;
	}
	return false;
}

/* Go to the next number from the beginning, or from the end of so many. */
static inline void
next_plus(RRuleWalk *walk, int total)
{
	do
		walk->next_plus++;
	while (walk->next_plus <= Min(total, RRULE_MAX_NUMBER) &&
		   !has_position(walk->positions.plus, walk->next_plus));
}

static inline void
next_minus(RRuleWalk *walk)
{
	do
		walk->next_minus--;
	while (walk->next_minus > 0 &&
		   !has_position(walk->positions.minus, walk->next_minus));
}

/* Gather a period's days. */
static bool
next_period(RRuleWalk *walk)
{
	int64		period;

	walk->day_count = 0;
	if (walk->freq < RRULE_DAILY)
	{
		if (!next_slot(walk))
			return false;
		walk->day_count = 1;
	}
	else
	{
		if (walk->bits == 0 && !next_days(walk))
			return false;
		if (walk->freq == RRULE_DAILY)
			walk->days[walk->day_count++] = take_day(walk);
		else
		{
			period = walk->period;
			do
			{
				while (walk->bits != 0)
					walk->days[walk->day_count++] = take_day(walk);
			} while (walk->freq == RRULE_YEARLY && next_days(walk) &&
					 walk->period == period);
		}
	}
	walk->end = walk->day_count * walk->times;
	walk->next_plus = 0;
	next_plus(walk, walk->end);
	walk->next_minus = Min(walk->end, RRULE_MAX_NUMBER) + 1;
	next_minus(walk);
	return true;
}

/*
 * Go to the next one that BYSETPOS chooses: the smaller of those that are next
 * from the beginning and from the end.
 */
static bool
next_chosen(RRuleWalk *walk, int64 *second)
{
	int			steps = 0;
	int			chosen;

	for (;;)
	{
		int			plus = walk->next_plus <= Min(walk->end, RRULE_MAX_NUMBER) ?
		walk->next_plus - 1 : PG_INT32_MAX;
		int			minus = walk->next_minus > 0 ?
		walk->end - walk->next_minus : PG_INT32_MAX;

		chosen = Min(plus, minus);
		if (chosen < PG_INT32_MAX)
		{
			if (chosen == plus)
				next_plus(walk, walk->end);
			if (chosen == minus)
				next_minus(walk);
			break;
		}
		if (!next_period(walk))
			return false;
		if (++steps % STEPS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
	}
	if (walk->freq >= RRULE_DAILY)
		walk->base = (int64) walk->days[chosen / walk->times] * SECS_PER_DAY;
	*second = walk->base + time_at(walk, chosen % walk->times);
	return true;
}

/*----------------------------------------------------------
 * The walk
 *----------------------------------------------------------*/

/* The last local time that a rule lets through. */
static Timestamp
last_time(const RRule *rule)
{
	if (!rrule_has(rule, RRULE_UNTIL))
		return INSTANT_END - 1;
	switch (rule->until_kind)
	{
		case RRULE_UNTIL_DATE:
			return rule->until + USECS_PER_DAY - 1;
		case RRULE_UNTIL_LOCAL:
			return rule->until;
		case RRULE_UNTIL_INSTANT:
			break;
	}
	/* the zone decides; no clock is as far from UTC */
	return Min(rule->until + 2 * USECS_PER_DAY, INSTANT_END - 1);
}

void
rrule_walk_begin(RRuleWalk *walk, const RRule *rule, Timestamp starts_at,
				 Timestamp from)
{
	int32		start_day = day_of(starts_at);
	int64		second = (starts_at - INSTANT_FIRST) / USECS_PER_SEC;

	Assert(instant_in_range(starts_at));
	memset(walk, 0, offsetof(RRuleWalk, days));
	walk->freq = rule->freq;
	walk->interval = rule->interval;
	walk->counts = rrule_has(rule, RRULE_COUNT);
	walk->left = rule->count;
	walk->from = walk->counts ? starts_at : Max(starts_at, from);
	walk->until = last_time(rule);
	if (walk->from > walk->until)
	{
		walk->done = true;
		return;
	}
	walk->from_day = day_of(walk->from);
	walk->last_day = day_of(walk->until);
	walk->fraction = (starts_at - INSTANT_FIRST) % USECS_PER_SEC;
	begin_times(walk, rule, (int) (second % SECS_PER_DAY));
	rrule_filter_begin(&walk->filter, rule, start_day);
	if (walk->freq < RRULE_DAILY)
		begin_slots(walk, starts_at);
	else
		begin_days(walk, rule, start_day);
	if (rrule_has(rule, RRULE_BYSETPOS))
	{
		walk->by_position = true;
		walk->next_plus = 1;	/* of no day there is none */
		walk->positions = *rrule_numbers(rule, RRULE_BYSETPOS);
		/* the last period is needed as a whole */
		walk->last_day += RRULE_MAX_DAYS;
		if (!reaches_position(walk))
			walk->done = true;
	}
	else
		walk->end = walk->times;
	walk->next = walk->end;
}

/*
 * The next occurrence; false if there is none.
 */
bool
rrule_walk_next(RRuleWalk *walk, Timestamp *local)
{
	Timestamp	at;

	if (walk->done)
		return false;
	do
	{
		int64		second;

		if (walk->by_position)
		{
			if (!next_chosen(walk, &second))
				break;
		}
		else
		{
			if (walk->next == walk->end && !next_base(walk))
				break;
			second = walk->base + time_at(walk, walk->next++);
		}
		at = INSTANT_FIRST + second * USECS_PER_SEC + walk->fraction;
		if (at > walk->until)
			break;
		if (at < walk->from)
			continue;
		if (walk->counts && walk->left-- == 0)
			break;
		*local = at;
		return true;
	} while (true);
	walk->done = true;
	return false;
}
