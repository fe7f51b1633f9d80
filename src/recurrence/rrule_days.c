/*-------------------------------------------------------------------------
 *
 * rrule_days.c
 *		The days of a month, week or year that a recurrence rule lets through.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "port/pg_bitutils.h"
#include "utils/datetime.h"

#include "recurrence/rrule_days.h"

/*----------------------------------------------------------
 * Calendar
 *----------------------------------------------------------*/

/* January 1 of a year, or of the leap year before the first. */
int32
rrule_first_day(int year)
{
	int			before = year - 1;

	if (year < 1)
		return -366;
	return 365 * before + before / 4 - before / 100 + before / 400;
}

void
rrule_set_month(RRuleMonth *month, int year, int number)
{
	static const int16 days_before[] = {
		0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
	};
	bool		leap = isleap(year);

	month->year = year;
	month->month = number;
	month->len = day_tab[leap][number - 1];
	month->first_day = rrule_first_day(year) + days_before[number - 1] +
		(leap && number > 2 ? 1 : 0);
}

/*
 * The month that a day is in.  The years begin with March here, so that the
 * leap day is their last.
 */
void
rrule_month_of_day(int32 day, RRuleMonth *month)
{
	uint32		quarter_days = 4 * ((uint32) day + 306) + 3;
	uint32		century = quarter_days / 146097;
	uint32		of_century = quarter_days % 146097 | 3;
	uint32		year = 100 * century + of_century / 1461;
	uint32		day_of_year = of_century % 1461 / 4;
	uint32		number = (5 * day_of_year + 2) / 153 + 3;

	if (number > MONTHS_PER_YEAR)
	{
		number -= MONTHS_PER_YEAR;
		year++;
	}
	rrule_set_month(month, (int) year, (int) number);
}

/* The day on which a day's week begins. */
int32
rrule_week_of_day(int32 day, int week_start)
{
	int			weekday = (day - week_start) % WEEKDAYS;

	return day - (weekday < 0 ? weekday + WEEKDAYS : weekday);
}

/*
 * The day on which week one of a year begins: the first with four days in the
 * year, which has January 4.
 */
int32
rrule_first_week(int year, int week_start)
{
	return rrule_week_of_day(rrule_first_day(year) + 3, week_start);
}

/* The year whose week a day is in. */
int
rrule_year_of_week(int32 day, int week_start)
{
	RRuleMonth	month;

	rrule_month_of_day(day, &month);
	if (day < rrule_first_week(month.year, week_start))
		return month.year - 1;
	if (day >= rrule_first_week(month.year + 1, week_start))
		return month.year + 1;
	return month.year;
}

/*----------------------------------------------------------
 * The filter of a rule
 *----------------------------------------------------------*/

/* The weekdays without ordinals, by month's first weekday, and ordinals. */
static void
begin_days(RRuleDayFilter *filter, const RRuleDays *days)
{
	for (int edge = 0; edge < WEEKDAYS; edge++)
	{
		for (int day = 0; day < WEEKDAYS; day++)
		{
			int			first = (day - edge + WEEKDAYS) % WEEKDAYS;
			int			last = (edge - day + WEEKDAYS) % WEEKDAYS;

			for (int n = 1; n <= 5; n++, first += WEEKDAYS, last += WEEKDAYS)
			{
				if (first < 31 && (days->plus[day] & (1 | UINT64CONST(1) << n)) != 0)
					filter->days[edge] |= (uint32) 1 << first;
				if (last < 31 && (days->minus[day] & UINT64CONST(1) << n) != 0)
					filter->days_back[edge] |= (uint32) 1 << (31 - last);
			}
		}
	}
}

/* What no part says is as the start has it. */
static void
begin_as_start(RRuleDayFilter *filter, const RRule *rule, int32 start_day)
{
	RRuleMonth	month;
	RRuleDays	days = {0};
	const uint32 day_parts = RRULE_PART(RRULE_BYDAY) |
	RRULE_PART(RRULE_BYMONTHDAY) | RRULE_PART(RRULE_BYYEARDAY);

	if (rule->freq < RRULE_WEEKLY || (rule->parts & day_parts) != 0)
		return;
	rrule_month_of_day(start_day, &month);
	if (rule->freq == RRULE_WEEKLY || rrule_has(rule, RRULE_BYWEEKNO))
	{
		filter->by_day = true;
		days.plus[start_day % WEEKDAYS] = 1;
		begin_days(filter, &days);
		return;
	}
	filter->by_monthday = true;
	filter->monthdays = (uint32) 1 << (start_day - month.first_day);
	if (rule->freq == RRULE_YEARLY && !rrule_has(rule, RRULE_BYMONTH))
		filter->months = (uint32) 1 << month.month;
}

/*
 * Begin with a rule and the day that it starts on.
 */
void
rrule_filter_begin(RRuleDayFilter *filter, const RRule *rule, int32 start_day)
{
	const RRuleNumbers *numbers = rrule_numbers(rule, RRULE_BYMONTHDAY);

	memset(filter, 0, sizeof(RRuleDayFilter));
	filter->week_start = rule->week_start;
	filter->months = rrule_has(rule, RRULE_BYMONTH) ?
		(uint32) rrule_numbers(rule, RRULE_BYMONTH)->plus[0] : ~(uint32) 0;
	if (rrule_has(rule, RRULE_BYMONTHDAY))
	{
		filter->by_monthday = true;
		filter->monthdays = (uint32) (numbers->plus[0] >> 1);
		for (int n = 1; n <= 31; n++)
		{
			if ((numbers->minus[0] >> n & 1) != 0)
				filter->monthdays_back |= (uint32) 1 << (32 - n);
		}
	}
	if (rrule_has(rule, RRULE_BYYEARDAY))
	{
		filter->by_yearday = true;
		filter->yeardays = *rrule_numbers(rule, RRULE_BYYEARDAY);
	}
	if (rrule_has(rule, RRULE_BYDAY))
	{
		if (rule->freq == RRULE_YEARLY && !rrule_has(rule, RRULE_BYMONTH) &&
			rrule_has_ordinals(rule))
		{
			filter->by_day_of_year = true;
			filter->days_of_year = rule->days;
		}
		else
		{
			filter->by_day = true;
			begin_days(filter, &rule->days);
		}
	}
	if (rrule_has(rule, RRULE_BYWEEKNO))
	{
		filter->weeks = rrule_numbers(rule, RRULE_BYWEEKNO)->plus[0];
		filter->weeks_back = rrule_numbers(rule, RRULE_BYWEEKNO)->minus[0];
	}
	begin_as_start(filter, rule, start_day);
	filter->all = filter->months == ~(uint32) 0 && !filter->by_monthday &&
		!filter->by_yearday && !filter->by_day && !filter->by_day_of_year;
}

/*----------------------------------------------------------
 * Days
 *----------------------------------------------------------*/

static inline void
set_day(uint64 *words, int day, int len)
{
	if (day >= 0 && day < len)
		words[day / 64] |= UINT64CONST(1) << (day % 64);
}

static void
add_yeardays(const RRuleNumbers *numbers, uint64 *words, int len)
{
	for (int i = 0; i < RRULE_WORDS; i++)
	{
		for (uint64 bits = numbers->plus[i]; bits != 0; bits &= bits - 1)
			set_day(words, i * 64 + pg_rightmost_one_pos64(bits) - 1, len);
		for (uint64 bits = numbers->minus[i]; bits != 0; bits &= bits - 1)
			set_day(words, len - (i * 64 + pg_rightmost_one_pos64(bits)), len);
	}
}

static void
add_days_of_year(const RRuleDays *days, uint64 *words, int first_weekday,
				 int len)
{
	int			last_weekday = (first_weekday + len - 1) % WEEKDAYS;

	for (int day = 0; day < WEEKDAYS; day++)
	{
		int			first = (day - first_weekday + WEEKDAYS) % WEEKDAYS;
		int			last = len - 1 - (last_weekday - day + WEEKDAYS) % WEEKDAYS;

		if ((days->plus[day] & 1) != 0)
		{
			for (int i = first; i < len; i += WEEKDAYS)
				set_day(words, i, len);
		}
		for (uint64 bits = days->plus[day] & ~UINT64CONST(1); bits != 0; bits &= bits - 1)
			set_day(words, first + (pg_rightmost_one_pos64(bits) - 1) * WEEKDAYS, len);
		for (uint64 bits = days->minus[day]; bits != 0; bits &= bits - 1)
			set_day(words, last - (pg_rightmost_one_pos64(bits) - 1) * WEEKDAYS, len);
	}
}

/* Find the days of a year, once a year. */
static void
fill_year(RRuleDayFilter *filter, int year)
{
	int			len = isleap(year) ? 366 : 365;
	uint64		others[RRULE_WORDS] = {0};

	memset(filter->year_days, 0, sizeof(filter->year_days));
	if (filter->by_yearday)
		add_yeardays(&filter->yeardays, filter->year_days, len);
	if (filter->by_day_of_year)
		add_days_of_year(&filter->days_of_year,
						 filter->by_yearday ? others : filter->year_days,
						 rrule_first_day(year) % WEEKDAYS, len);
	if (filter->by_yearday && filter->by_day_of_year)
	{
		for (int i = 0; i < RRULE_WORDS; i++)
			filter->year_days[i] &= others[i];
	}
	filter->year = year;
}

/*
 * The days of a month, bit 0 is day 1.
 */
uint32
rrule_days_of_month(RRuleDayFilter *filter, const RRuleMonth *month)
{
	uint32		days = (UINT64CONST(1) << month->len) - 1;
	int			unused = 32 - month->len;

	if ((filter->months >> month->month & 1) == 0)
		return 0;
	if (filter->by_monthday)
		days &= filter->monthdays | filter->monthdays_back >> unused;
	if (filter->by_day)
		days &= filter->days[month->first_day % WEEKDAYS] |
			filter->days_back[(month->first_day + month->len - 1) % WEEKDAYS] >> unused;
	if (days != 0 && (filter->by_yearday || filter->by_day_of_year))
	{
		int			at = month->first_day - rrule_first_day(month->year);
		uint64	   *word = &filter->year_days[at / 64];

		if (filter->year != month->year)
			fill_year(filter, month->year);
		days &= (uint32) (at % 64 == 0 ? word[0] :
						  word[0] >> (at % 64) | word[1] << (64 - at % 64));
	}
	return days;
}

/*
 * The days of a week, bit 0 is the first day, which before the year 1 may be
 * below 0.
 */
uint32
rrule_days_of_week(RRuleDayFilter *filter, int32 first_day)
{
	int			skipped = first_day < 0 ? -first_day : 0;
	RRuleMonth	month;
	uint64		days;
	int			left;

	if (skipped >= WEEKDAYS)
		return 0;
	rrule_month_of_day(first_day + skipped, &month);
	left = month.first_day + month.len - (first_day + skipped);
	days = rrule_days_of_month(filter, &month) >> (month.len - left);
	if (left < WEEKDAYS)
	{
		rrule_next_month(&month);
		days |= (uint64) rrule_days_of_month(filter, &month) << left;
	}
	return (uint32) (days << skipped) & 0x7F;
}

/*
 * The weeks of a year by BYWEEKNO, bit 1 is week one.
 */
uint64
rrule_weeks_of_year(const RRuleDayFilter *filter, int year)
{
	int			count = (rrule_first_week(year + 1, filter->week_start) -
						 rrule_first_week(year, filter->week_start)) / WEEKDAYS;
	uint64		weeks = filter->weeks;

	for (uint64 bits = filter->weeks_back; bits != 0; bits &= bits - 1)
	{
		int			week = count + 1 - pg_rightmost_one_pos64(bits);

		if (week >= 1)
			weeks |= UINT64CONST(1) << week;
	}
	return weeks & ((UINT64CONST(1) << (count + 1)) - 2);
}
