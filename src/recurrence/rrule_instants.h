/*-------------------------------------------------------------------------
 *
 * rrule_instants.h
 *		The occurrences of a recurrence rule as instants of a zone, with the
 *		dates that are taken out (EXDATE) and added (RDATE), in a window.
 *
 * Instants ascend, and each is given out once.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_RRULE_INSTANTS_H
#define APPOINTMENT_RRULE_INSTANTS_H

#include "base/zone_clock.h"
#include "recurrence/rrule_walk.h"

/* A walk, and its next occurrence. */
typedef struct RRuleSource
{
	RRuleWalk	walk;
	bool		more;			/* is there one? */
	Timestamp	local;
	TimestampTz instant;
} RRuleSource;

/* Instants in order, and the next of them. */
typedef struct RRuleDates
{
	const TimestampTz *dates;
	int			count;
	int			next;
} RRuleDates;

typedef struct RRuleInstants
{
	ZoneClock	clock;
	RRuleSource main;
	RRuleSource gap;			/* times that a change of the clocks leaves
								 * out */
	Timestamp	gap_end;
	TimestampTz until;			/* the last instant that the rule may have */
	RRuleDates	added;
	RRuleDates	removed;
	TimestampTz from;			/* none before it is given out */
	TimestampTz to;				/* nor this one, or one after it */
	bool		has_last;
	TimestampTz last;			/* that was given out */
} RRuleInstants;

extern void rrule_instants_begin(RRuleInstants *instants, const RRule *rule,
								 Timestamp starts_at, pg_tz *zone,
								 TimestampTz from, TimestampTz to);
extern void rrule_instants_dates(RRuleInstants *instants,
								 RRuleDates added, RRuleDates removed);
extern bool rrule_instants_next(RRuleInstants *instants, TimestampTz *instant);
extern bool rrule_instants_last(const RRule *rule, Timestamp starts_at,
								pg_tz *zone, TimestampTz *instant);

#endif							/* APPOINTMENT_RRULE_INSTANTS_H */
