/*-------------------------------------------------------------------------
 *
 * deadline.h
 *		Until when something can be done that needs a notice.
 *
 * Nothing here reads a setting or depends on the session's zone; nothing
 * raises an error.  What would be before all timestamps is -infinity: it can
 * never be done in time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_DEADLINE_H
#define APPOINTMENT_DEADLINE_H

#include "datatype/timestamp.h"
#include "pgtime.h"

extern TimestampTz deadline_before(TimestampTz instant, const Interval *notice,
								   const pg_tz *zone);
extern TimestampTz deadline_minutes_before(TimestampTz instant, int64 minutes);
extern bool notice_is_negative(const Interval *notice);

#endif							/* APPOINTMENT_DEADLINE_H */
