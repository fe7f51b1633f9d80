/*-------------------------------------------------------------------------
 *
 * ics_zone.h
 *		The zones of an iCalendar text: by the server's names, or as the text
 *		itself describes them (VTIMEZONE, RFC 5545 section 3.6.5).
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_ZONE_H
#define APPOINTMENT_ICS_ZONE_H

#include "base/word.h"
#include "base/zone_clock.h"
#include "icalendar/ics_problem.h"
#include "recurrence/rrule_walk.h"

/* No text names more zones. */
#define ICS_MAX_ZONES		1000

/* Rules of one component; none needs more than one. */
#define ICS_MAX_RULES		16

/* A change of the clocks. */
typedef struct IcsChange
{
	TimestampTz at;
	int64		before;			/* offsets east of UTC, microseconds */
	int64		after;
} IcsChange;

typedef struct IcsZone
{
	Word		name;
	int			line;			/* that names it first, 0 if none does */
	const pg_tz *server;		/* or NULL */
	ZoneClock	clock;			/* of the server's */
	const IcsChange *changes;	/* or NULL; ascending */
	int			count;
} IcsZone;

typedef struct IcsZones
{
	IcsZone   **zones;
	int			count;
	int			allocated;
	IcsZone    *last;			/* that was looked for */
	IcsZone		argument;		/* of times without a zone */
	IcsZone		utc;
	TimestampTz until;			/* later changes are not needed */
	int			changes;		/* of all zones, also those of no use */
} IcsZones;

/* STANDARD or DAYLIGHT, as it is read. */
typedef struct IcsObservance
{
	bool		has_start;
	bool		has_before;
	bool		has_after;
	bool		broken;
	Timestamp	starts_at;
	int64		before;
	int64		after;
	int			rule_count;
	RRule		rules[ICS_MAX_RULES];
} IcsObservance;

/* VTIMEZONE, as it is read. */
typedef struct IcsZoneBuilder
{
	Word		name;			/* or none as yet */
	bool		unneeded;		/* the server has it, or it came already */
	bool		broken;
	IcsChange  *changes;
	int			count;
	int			allocated;
	IcsObservance observance;
	RRuleWalk	walk;
} IcsZoneBuilder;

extern void ics_zones_begin(IcsZones *zones, const pg_tz *argument,
							TimestampTz until);
extern IcsZone *ics_zone_of(IcsZones *zones, Word name, int line);
extern void ics_zones_settle(IcsZones *zones, IcsProblems *problems);

extern void ics_zone_begin(IcsZoneBuilder *builder);
extern void ics_zone_name(IcsZones *zones, IcsZoneBuilder *builder, Word name);
extern void ics_observance_begin(IcsZoneBuilder *builder);
extern void ics_observance_date(IcsZones *zones, IcsZoneBuilder *builder,
								Timestamp local);
extern void ics_observance_end(IcsZones *zones, IcsZoneBuilder *builder,
							   IcsProblems *problems);
extern void ics_zone_end(IcsZones *zones, IcsZoneBuilder *builder,
						 IcsProblems *problems);

extern TimestampTz ics_zone_look_up(const IcsZone *zone, Timestamp local);
extern TimestampTz ics_zone_day(IcsZone *zone, Timestamp midnight);
extern Timestamp ics_zone_local(const IcsZone *zone, TimestampTz instant);
extern Timestamp ics_zone_date(const IcsZone *zone, TimestampTz instant);

/* Can times of this zone be read yet? */
static inline bool
ics_zone_is_known(const IcsZone *zone)
{
	return zone->server != NULL || zone->changes != NULL;
}

/*
 * The instant of a local time, as RFC 5545 section 3.3.5 reads one that the
 * clocks show never or twice.
 */
static inline TimestampTz
ics_zone_instant(IcsZone *zone, Timestamp local)
{
	TimestampTz instant;

	if (zone->server == NULL)
		return ics_zone_look_up(zone, local);
	(void) zone_clock_read(&zone->clock, local, &instant);
	return instant;
}

#endif							/* APPOINTMENT_ICS_ZONE_H */
