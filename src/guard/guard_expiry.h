/*-------------------------------------------------------------------------
 *
 * guard_expiry.h
 *		Until when a row's hold counts.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_EXPIRY_H
#define APPOINTMENT_GUARD_EXPIRY_H

#include "executor/tuptable.h"

#include "occupancy/occupancy_index.h"
#include "server/trigger_args.h"

/* The option expires=COLUMN, or expires=COLUMN.hold_expires_at. */
typedef struct GuardExpires
{
	const char *column;			/* its name; NULL: no hold expires */
	bool		in_value;		/* it is of type appointment */
} GuardExpires;

extern void guard_expires_read(GuardExpires *expires,
							   const TriggerArguments *arguments,
							   const char *value);
extern void guard_expires_apply(const GuardExpires *expires, Relation table,
								OccupancyIndex *index);
extern TimestampTz guard_expires_at(const OccupancyIndex *index,
									TupleTableSlot *row);

/* Does what a row holds not count any more? */
static inline bool
guard_expired(const OccupancyIndex *index, TupleTableSlot *row,
			  TimestampTz now)
{
	return index->expires != InvalidAttrNumber &&
		guard_expires_at(index, row) <= now;
}

#endif							/* APPOINTMENT_GUARD_EXPIRY_H */
