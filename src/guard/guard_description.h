/*-------------------------------------------------------------------------
 *
 * guard_description.h
 *		What the catalogs say of a guard.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_DESCRIPTION_H
#define APPOINTMENT_GUARD_DESCRIPTION_H

#include "commands/trigger.h"
#include "nodes/bitmapset.h"
#include "utils/rel.h"

#include "guard/guard_expiry.h"
#include "occupancy/occupancy_index.h"

/*
 * It refers to no relation, and nothing in it changes, but that the keys come
 * when they are asked for first.
 */
typedef struct GuardDescription
{
	MemoryContext context;		/* that it lies in */
	Oid			table;			/* that fires the trigger: a partition perhaps */
	OccupancyIndex *index;		/* of the table itself */

	Oid			named_index;	/* by the trigger, perhaps of an ancestor */
	Oid			top_table;		/* which that is an index of */

	/* what its locks are on, whichever partition fires it */
	Oid			root;			/* the topmost table */
	uint32		identity;		/* of the index, among those of the table */

	bool		skip_conflicts; /* on_conflict=skip */
	GuardExpires expires;		/* expires=COLUMN */
	bool		follows_guard;	/* another guard has had new rows before */

	/* for the keys of new rows, since the first of them */
	List	   *keys;			/* of UniqueKey, without states */
	Bitmapset  *key_columns;	/* of unique indexes, since the first update */
	bool		keys_described;
	bool		key_columns_known;

	/* while it is kept for the session */
	int			users;			/* statements that go by it */
	bool		stale;			/* the last of them deletes it */
} GuardDescription;

/* Describe a guard in the current memory context, or raise an error. */
typedef GuardDescription *(*GuardDescribe) (Relation table,
											const Trigger *trigger);

extern uint64 guard_generation(void);
extern GuardDescription *guard_description(Relation table,
										   const Trigger *trigger,
										   GuardDescribe describe,
										   MemoryContext statement);

#endif							/* APPOINTMENT_GUARD_DESCRIPTION_H */
