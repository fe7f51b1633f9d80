/*-------------------------------------------------------------------------
 *
 * ics_occurrences.h
 *		The occurrences of an event: RRULE, RDATE, EXDATE, and what
 *		RECURRENCE-ID replaces (RFC 5545 section 3.8.5).
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_OCCURRENCES_H
#define APPOINTMENT_ICS_OCCURRENCES_H

#include "availability/busy.h"
#include "icalendar/ics_entry.h"
#include "recurrence/rrule_instants.h"

/* No text has more of them that have to be looked at (a fuzzer's, fewer). */
#ifndef ICS_MAX_OCCURRENCES
#define ICS_MAX_OCCURRENCES	10000000
#endif

/* How far a local time may be from UTC, and a change of the clocks beside. */
#define ICS_CLOCK_SLACK		(2 * USECS_PER_DAY)

/* An occurrence that another component replaces. */
typedef struct IcsOverride
{
	uint64		uid;
	IcsTime		at;
} IcsOverride;

/* Times in order. */
typedef struct IcsTimes
{
	Timestamp  *at;
	int			count;
	int			allocated;
} IcsTimes;

typedef struct IcsOccurrences
{
	IcsZones   *zones;
	IcsOverride *overrides;
	int			override_count;
	int			overrides_allocated;
	int64		seen;			/* occurrences, of all events */

	/* of the event at hand: what is taken out */
	IcsTimes	removed;		/* occurrences */
	IcsTimes	removed_days;	/* all of a day, by its midnight */
	union
	{
		RRuleInstants instants;
		RRuleWalk	walk;
	}			walk;
} IcsOccurrences;

extern void ics_occurrences_begin(IcsOccurrences *this, IcsZones *zones);
extern void ics_occurrences_override(IcsOccurrences *this,
									 const IcsEntry *entry);
extern void ics_occurrences_settle(IcsOccurrences *this);
extern void ics_occurrences_put(IcsOccurrences *this, const IcsEntry *entry,
								BusyBuilder *builder, TimestampTz from,
								TimestampTz to);

extern BusySpan ics_period_span(const IcsPeriod *period);
extern void ics_add_span(BusyBuilder *builder, BusySpan span,
						 TimestampTz from, TimestampTz to);

#endif							/* APPOINTMENT_ICS_OCCURRENCES_H */
