/*-------------------------------------------------------------------------
 *
 * instant_range.h
 *		A tstzrange as two instants.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_INSTANT_RANGE_H
#define APPOINTMENT_INSTANT_RANGE_H

#include "utils/rangetypes.h"
#include "utils/timestamp.h"

extern bool instant_range(const RangeType *range, TimestampTz *from,
						  TimestampTz *to);

#endif							/* APPOINTMENT_INSTANT_RANGE_H */
