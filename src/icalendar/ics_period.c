/*-------------------------------------------------------------------------
 *
 * ics_period.c
 *		A time of an iCalendar text with an end: what goes together, and what
 *		is made to (RFC 5545 section 3.8.2.2).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "icalendar/ics_period.h"

/*
 * How the end compares to the start, if both are known: 0 if not.
 */
int
ics_period_compare(const IcsPeriod *period)
{
	TimestampTz start = period->start.local;
	TimestampTz end = period->end.local;

	if (period->start.zone != period->end.zone)
	{
		if (!ics_zone_is_known(period->start.zone) ||
			!ics_zone_is_known(period->end.zone))
			return 0;
		start = ics_zone_instant(period->start.zone, start);
		end = ics_zone_instant(period->end.zone, end);
	}
	return end < start ? -1 : end > start;
}

/*
 * Of two local times of which one has a zone, the other one has it, too.
 */
void
ics_period_share_zone(const IcsZones *zones, IcsPeriod *period)
{
	IcsTime    *start = &period->start;
	IcsTime    *end = &period->end;

	if (start->kind != ICS_LOCAL || end->kind != ICS_LOCAL)
		return;
	if (end->zone == &zones->argument)
		end->zone = start->zone;
	else if (start->zone == &zones->argument)
		start->zone = end->zone;
}

/*
 * Make the end a date if the start is one, or a time if that is one, as others
 * do.  Days end with the one in which the time is; a time ends with the midnight
 * before the date, or behind it if it starts on that day.
 */
void
ics_period_fit_end(const IcsZones *zones, IcsPeriod *period)
{
	const IcsTime *start = &period->start;
	IcsTime    *end = &period->end;
	Timestamp	day;

	if (start->kind == ICS_DATE)
	{
		if (end->kind == ICS_UTC)
			end->local = ics_zone_local(&zones->argument, end->local);
		day = ics_midnight(end->local);
		end->local = day < end->local ? day + USECS_PER_DAY : day;
	}
	else if (end->local == ics_midnight(start->local))
		end->local += USECS_PER_DAY;
	end->kind = start->kind;
	end->zone = start->zone;
}
