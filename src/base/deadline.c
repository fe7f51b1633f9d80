/*-------------------------------------------------------------------------
 *
 * deadline.c
 *		Until when something can be done that needs a notice.
 *
 * A notice is an interval.  Its months and days are the calendar's: one day
 * before 10:00 is 10:00, also across a change of the clocks, if there is a
 * zone whose clocks they are; without one a day has 24 hours.  Its hours,
 * minutes and seconds are those that pass.  An interval's own arithmetic would
 * do the same with the session's zone, which is nobody's here.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/int.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/deadline.h"
#include "base/zone_clock.h"
#include "compat.h"

/*
 * The local time so many months and days before one, where a month that is too
 * short has its last day.  False if there is none.
 */
static bool
local_before(Timestamp local, int64 months, int64 days, Timestamp *result)
{
	struct pg_tm tm;
	fsec_t		fsec;
	int64		month;
	int64		year;
	int64		day;

	if (timestamp2tm(local, NULL, &tm, &fsec, NULL, NULL) != 0)
		return false;
	month = tm.tm_year * INT64CONST(12) + tm.tm_mon - 1 - months;
	year = month >= 0 ? month / 12 : -((11 - month) / 12);
	month -= year * 12;
	if (year <= JULIAN_MINYEAR || year >= JULIAN_MAXYEAR)
		return false;
	tm.tm_year = (int) year;
	tm.tm_mon = (int) month + 1;
	tm.tm_mday = Min(tm.tm_mday, day_tab[isleap(tm.tm_year)][tm.tm_mon - 1]);
	day = date2j(tm.tm_year, tm.tm_mon, tm.tm_mday) - days;
	if (day < 0 || day > PG_INT32_MAX)
		return false;
	j2date((int) day, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	return tm2timestamp(&tm, fsec, NULL, result) == 0;
}

/*
 * The last instant that leaves a notice before another one; never after that.
 * Zone NULL: days have 24 hours.  Of a local time that comes twice it is the
 * first; one that the clocks leave out is read with the offset before.
 */
TimestampTz
deadline_before(TimestampTz instant, const Interval *notice, const pg_tz *zone)
{
	TimestampTz result = instant;
	Timestamp	local;

	if (TIMESTAMP_NOT_FINITE(instant))
		return instant;
	if (INTERVAL_NOT_FINITE(notice))
		return notice_is_negative(notice) ? instant : DT_NOBEGIN;
	if (notice->month != 0 || notice->day != 0)
	{
		local = zone == NULL ? instant : instant_to_local(instant, zone);
		if (!local_before(local, notice->month, notice->day, &local))
			return notice_is_negative(notice) ? instant : DT_NOBEGIN;
		result = zone == NULL ? local :
			zone_local_to_instant(zone, local, ZONE_COMPATIBLE);
	}
	if (pg_sub_s64_overflow(result, notice->time, &result))
		return notice->time < 0 ? instant : DT_NOBEGIN;
	if (result < MIN_TIMESTAMP)
		return DT_NOBEGIN;
	return Min(result, instant);
}

/*
 * The same for minutes that pass; fewer than none are none.
 */
TimestampTz
deadline_minutes_before(TimestampTz instant, int64 minutes)
{
	int64		length;
	TimestampTz result;

	if (TIMESTAMP_NOT_FINITE(instant) || minutes <= 0)
		return instant;
	if (pg_mul_s64_overflow(minutes, USECS_PER_MINUTE, &length) ||
		pg_sub_s64_overflow(instant, length, &result) ||
		result < MIN_TIMESTAMP)
		return DT_NOBEGIN;
	return result;
}

/*
 * Whether an interval is less than none, by the comparison of intervals.
 */
bool
notice_is_negative(const Interval *notice)
{
	int64		days = notice->month * INT64CONST(30) + notice->day;
	int64		rest = notice->time / USECS_PER_DAY;
	int64		within = notice->time % USECS_PER_DAY;

	days += rest;				/* far from the ends of an int64 */
	return days < 0 || (days == 0 && within < 0);
}
