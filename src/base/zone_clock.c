/*-------------------------------------------------------------------------
 *
 * zone_clock.c
 *		The clocks of a zone: what they show, and when they change.
 *
 * All of it asks pg_next_dst_boundary(), which knows the offset at an instant
 * and the next change.  The server's own way from a local time to an instant,
 * DetermineTimeZoneOffset(), takes the second where a time comes twice, and
 * looks at one change only.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/instant.h"
#include "base/zone_clock.h"

/* ---------------------------------------------------------------------
 * changes
 * ---------------------------------------------------------------------
 */

/* From an instant up to the next change, in seconds as the server has them. */
typedef struct ZonePeriod
{
	long		offset;			/* east of UTC */
	bool		changes;		/* or it lasts for ever, without what follows */
	pg_time_t	change;
	long		next_offset;
} ZonePeriod;

static ZonePeriod
zone_period(const pg_tz *zone, pg_time_t at)
{
	ZonePeriod	period = {0};
	long		offset;
	int			is_dst;
	int			next_is_dst;

	period.changes = pg_next_dst_boundary(&at, &period.offset, &is_dst,
										  &period.change, &period.next_offset,
										  &next_is_dst, zone) == 1;

	/*
	 * At the very instant of the last change in its table the server knows of
	 * no more, also of a zone whose rules go on; a second later it does.
	 */
	if (!period.changes)
	{
		at++;
		period.changes = pg_next_dst_boundary(&at, &offset, &is_dst,
											  &period.change,
											  &period.next_offset,
											  &next_is_dst, zone) == 1;
	}
	return period;
}

/*
 * The instant of a change, which may lie anywhere after what timestamps begin
 * with.  False if they end before.
 */
static bool
instant_of_change(pg_time_t change, TimestampTz *instant)
{
	if (change >= timestamptz_to_time_t(END_TIMESTAMP))
		return false;
	*instant = time_t_to_timestamptz(change);
	return true;
}

/*
 * The offset of a zone at an instant, in seconds east of UTC.
 *
 * pg_localtime has it, too, but works out the whole calendar first, which
 * takes longer than all the rest of instant_format_local.  The two look at
 * the same table.
 */
static long
zone_offset(TimestampTz instant, const pg_tz *zone)
{
	pg_time_t	seconds = instant_epoch_seconds(instant);
	long		before = 0;
	long		after;
	int			before_isdst;
	int			after_isdst;
	pg_time_t	boundary;

	(void) pg_next_dst_boundary(&seconds, &before, &before_isdst, &boundary,
								&after, &after_isdst, zone);
	return before;
}

/*
 * The next change of the clocks, or of what they are called, after an instant.
 * False if there is none.
 */
bool
zone_next_change(const pg_tz *zone, TimestampTz after, TimestampTz *change)
{
	ZonePeriod	period = zone_period(zone, instant_epoch_seconds(after));

	return period.changes && instant_of_change(period.change, change);
}

/*
 * What the clocks do at an instant.
 */
ZoneState
zone_state(const pg_tz *zone, TimestampTz instant)
{
	pg_time_t	seconds = instant_epoch_seconds(instant);
	const struct pg_tm *tm = pg_localtime(&seconds, zone);
	ZoneState	state = {0};

	if (tm != NULL)
	{
		state.offset = tm->tm_gmtoff;
		state.abbreviation = tm->tm_zone;
		state.is_dst = tm->tm_isdst > 0;
	}
	return state;
}

bool
zone_same_state(const ZoneState *a, const ZoneState *b)
{
	return a->offset == b->offset && a->is_dst == b->is_dst &&
		strcmp(a->abbreviation ? a->abbreviation : "",
			   b->abbreviation ? b->abbreviation : "") == 0;
}

/* ---------------------------------------------------------------------
 * local time
 * ---------------------------------------------------------------------
 */

/*
 * The wall clock of a zone at an instant.
 */
Timestamp
instant_to_local(TimestampTz instant, const pg_tz *zone)
{
	return instant + zone_offset(instant, zone) * USECS_PER_SEC;
}

/*
 * How often the clocks of a zone show a local time, and the first and the last
 * instant at which they do.  Of one that they leave out it is what it would
 * be with the offset after the change, and with that before it, which is later.
 * The infinities are themselves.
 */
ZoneShows
zone_read_local(const pg_tz *zone, Timestamp local,
				TimestampTz *earlier, TimestampTz *later)
{
	int64		wall = instant_epoch_seconds(local);
	pg_time_t	from = wall - SECS_PER_DAY;
	int			times = 0;
	long		first_offset = 0;
	long		last_offset = 0;

	*earlier = *later = local;
	if (TIMESTAMP_NOT_FINITE(local))
		return ZONE_SHOWS_ONCE;

	/*
	 * Walk over the changes from a day before to a day after: no offset is as
	 * large, so no other instant has this local time.
	 */
	for (;;)
	{
		ZonePeriod	period = zone_period(zone, from);
		pg_time_t	at = wall - period.offset;

		if (at >= from && (!period.changes || at < period.change))
		{
			if (times++ == 0)
				first_offset = period.offset;
			last_offset = period.offset;
		}
		else if (times == 0 && period.changes && at >= period.change &&
				 wall - period.next_offset < period.change)
		{
			/* this change leaves it out, unless it comes yet */
			first_offset = period.next_offset;
			last_offset = period.offset;
		}
		if (!period.changes || period.change > wall + SECS_PER_DAY)
			break;
		from = period.change;
	}
	*earlier -= first_offset * USECS_PER_SEC;
	*later -= last_offset * USECS_PER_SEC;
	return times == 0 ? ZONE_SHOWS_NEVER :
		times == 1 ? ZONE_SHOWS_ONCE : ZONE_SHOWS_TWICE;
}

/*
 * The instant of a local time.
 */
TimestampTz
zone_local_to_instant(const pg_tz *zone, Timestamp local, ZoneResolve how)
{
	TimestampTz earlier;
	TimestampTz later;
	ZoneShows	shows = zone_read_local(zone, local, &earlier, &later);

	if (how == ZONE_COMPATIBLE)
		return shows == ZONE_SHOWS_NEVER ? later : earlier;
	return how == ZONE_EARLIER ? earlier : later;
}

/*
 * Begin to turn many local times into instants.
 */
void
zone_clock_begin(ZoneClock *clock, const pg_tz *zone)
{
	ZonePeriod	period = zone_period(zone, timestamptz_to_time_t(MIN_TIMESTAMP));

	clock->zone = zone;
	clock->from = MIN_TIMESTAMP;
	clock->until = period.changes ? MIN_TIMESTAMP : END_TIMESTAMP;
	clock->offset = period.offset * USECS_PER_SEC;
}

/*
 * The instant of a local time that the clock does not know yet.  What it
 * learns holds from this time on, for most go forwards.
 */
bool
zone_clock_look_up(ZoneClock *clock, Timestamp local, TimestampTz *instant)
{
	TimestampTz later;
	TimestampTz change;
	ZonePeriod	period;

	if (zone_read_local(clock->zone, local, instant, &later) == ZONE_SHOWS_NEVER)
	{
		*instant = later;
		return false;
	}
	if (!TIMESTAMP_NOT_FINITE(local))
	{
		period = zone_period(clock->zone, instant_epoch_seconds(*instant));
		clock->offset = period.offset * USECS_PER_SEC;
		clock->from = local;
		clock->until = period.changes &&
			instant_of_change(period.change, &change) ?
			change + clock->offset : END_TIMESTAMP;
	}
	return true;
}

/* ---------------------------------------------------------------------
 * text
 * ---------------------------------------------------------------------
 */

/*
 * Write an instant as the wall clock of a zone with the zone's offset then.
 *
 * At the very edges of the years the local time may be outside them, where
 * four digits cannot write it: UTC then, which is the same instant.  So with
 * an offset beyond what the server and instant_parse_text take; no zone of
 * the tz database has one.
 */
int
instant_format_local(TimestampTz instant, const pg_tz *zone, char *buf)
{
	long		offset = 0;

	if (instant_in_range(instant))
		offset = zone_offset(instant, zone);
	if (labs(offset) >= TZDISP_LIMIT ||
		!instant_in_range(instant + offset * USECS_PER_SEC))
		offset = 0;
	return instant_format_offset(instant + offset * USECS_PER_SEC, (int) offset,
								 buf);
}
