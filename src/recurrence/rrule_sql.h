/*-------------------------------------------------------------------------
 *
 * rrule_sql.h
 *		What SQL functions that go over a rule's instants have in common.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_RRULE_SQL_H
#define APPOINTMENT_RRULE_SQL_H

#include "recurrence/rrule_instants.h"

/* What such a function goes on with from call to call. */
typedef struct RRuleOccurrences
{
	RRuleInstants instants;
	int64		left;			/* of "max" */
} RRuleOccurrences;

/*
 * Begin with (during, exdates, rdates, max), of which the first is an argument's
 * number.  NULL if there is nothing to be found.
 */
extern RRuleOccurrences *rrule_occurrences_begin(FunctionCallInfo fcinfo,
												 int during_arg,
												 const struct varlena *rule,
												 Timestamp starts_at,
												 pg_tz *zone);
extern bool rrule_occurrences_next(RRuleOccurrences *occurrences,
								   TimestampTz *instant);

#endif							/* APPOINTMENT_RRULE_SQL_H */
