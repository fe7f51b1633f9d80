/*-------------------------------------------------------------------------
 *
 * ics_period.h
 *		A time of an iCalendar text, and one with an end.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_PERIOD_H
#define APPOINTMENT_ICS_PERIOD_H

#include "icalendar/ics_value.h"
#include "icalendar/ics_zone.h"

/* A time, and the zone in which it is read: of a date the argument's. */
typedef struct IcsTime
{
	Timestamp	local;
	IcsTimeKind kind;
	IcsZone    *zone;
} IcsTime;

/* How long something takes. */
typedef enum IcsLengthKind
{
	ICS_NO_LENGTH,				/* it is not said */
	ICS_ENDS,					/* until a time */
	ICS_LASTS,					/* a duration */
} IcsLengthKind;

/* A time, perhaps with an end. */
typedef struct IcsPeriod
{
	IcsTime		start;
	IcsLengthKind length;
	IcsTime		end;
	IcsDuration duration;
} IcsPeriod;

extern int	ics_period_compare(const IcsPeriod *period);
extern void ics_period_share_zone(const IcsZones *zones, IcsPeriod *period);
extern void ics_period_fit_end(const IcsZones *zones, IcsPeriod *period);

#endif							/* APPOINTMENT_ICS_PERIOD_H */
