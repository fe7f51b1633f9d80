/*-------------------------------------------------------------------------
 *
 * zone_clock.h
 *		The clocks of a zone: what they show, and when they change.
 *
 * A change of the clocks leaves out a local time when it puts them forward,
 * and lets one come twice when it sets them back.  So a local time is none, one
 * or two instants, and whoever asks says which of them is meant.
 *
 * Nothing here reads a setting or depends on the session's zone; nothing
 * raises an error.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ZONE_CLOCK_H
#define APPOINTMENT_ZONE_CLOCK_H

#include "datatype/timestamp.h"
#include "pgtime.h"

/* How often the clocks show a local time. */
typedef enum ZoneShows
{
	ZONE_SHOWS_NEVER,
	ZONE_SHOWS_ONCE,
	ZONE_SHOWS_TWICE,
} ZoneShows;

/* Which instant is meant by a local time that is none or two. */
typedef enum ZoneResolve
{
	ZONE_COMPATIBLE,			/* the first of two, or read with the offset
								 * before the gap: RFC 5545 section 3.3.5 */
	ZONE_EARLIER,				/* the first of two, or read with the offset
								 * after the gap */
	ZONE_LATER,					/* the second of two, or read with the offset
								 * before the gap */
} ZoneResolve;

/* The offset of a zone, as it was when it was looked up, and until when. */
typedef struct ZoneClock
{
	const pg_tz *zone;
	Timestamp	from;			/* local times from here to "until" come */
	Timestamp	until;			/* first, or only, with this offset */
	int64		offset;			/* microseconds east of UTC */
} ZoneClock;

/* What the clocks of a zone do at an instant. */
typedef struct ZoneState
{
	long		offset;			/* seconds east of UTC */
	const char *abbreviation;	/* of the zone's, or NULL */
	bool		is_dst;
} ZoneState;

extern Timestamp instant_to_local(TimestampTz instant, const pg_tz *zone);

/*
 * A timestamp's bounds are for the caller to check: an instant may be a day
 * beyond them.
 */
extern ZoneShows zone_read_local(const pg_tz *zone, Timestamp local,
								 TimestampTz *earlier, TimestampTz *later);
extern TimestampTz zone_local_to_instant(const pg_tz *zone, Timestamp local,
										 ZoneResolve how);
extern bool zone_next_change(const pg_tz *zone, TimestampTz after,
							 TimestampTz *change);
extern ZoneState zone_state(const pg_tz *zone, TimestampTz instant);
extern bool zone_same_state(const ZoneState *a, const ZoneState *b);

extern void zone_clock_begin(ZoneClock *clock, const pg_tz *zone);
extern bool zone_clock_look_up(ZoneClock *clock, Timestamp local,
							   TimestampTz *instant);

/* As the functions of instant.h that write; the text is an instant again. */
extern int	instant_format_local(TimestampTz instant, const pg_tz *zone,
								 char *buf);

/*
 * zone_local_to_instant(), compatible, for many local times that mostly
 * follow one another: one look at the zone for each change of its clocks.
 * False if the clocks do not show the time; the instant is there all the same.
 */
static inline bool
zone_clock_read(ZoneClock *clock, Timestamp local, TimestampTz *instant)
{
	if (likely(local >= clock->from && local < clock->until))
	{
		*instant = local - clock->offset;
		return true;
	}
	return zone_clock_look_up(clock, local, instant);
}

#endif							/* APPOINTMENT_ZONE_CLOCK_H */
