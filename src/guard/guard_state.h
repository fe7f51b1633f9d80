/*-------------------------------------------------------------------------
 *
 * guard_state.h
 *		What a guard knows: of its table for the rest of a statement, and of the
 *		row at hand.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_STATE_H
#define APPOINTMENT_GUARD_STATE_H

#include "nodes/execnodes.h"

#include "guard/guard_expiry.h"
#include "guard/guard_locks.h"
#include "occupancy/occupancy_index.h"
#include "server/partition.h"

/* Whether a user may lock a row that has a unique key of his. */
typedef enum GuardRowRight
{
	ROW_LOCK_UNKNOWN,			/* nobody has asked yet */
	ROW_LOCK_ALLOWED,
	ROW_LOCK_REFUSED,
	ROW_LOCK_BY_POLICY,
} GuardRowRight;

/* The row that an UPDATE's trigger has let through last, and what it held. */
typedef struct MovingOccupancy
{
	MovingRow	row;
	Oid			index;			/* what named_index was of its guard */
	struct varlena *held;		/* or NULL; in the statement's memory */
	TimestampTz expires_at;		/* until then */
} MovingOccupancy;

/* What the guard keeps for the rest of a statement, in fn_extra. */
typedef struct GuardState
{
	MemoryContext statement;	/* as long as the statement */
	EState	   *estate;
	EState	   *counted;		/* for one of the rows that are counted; or
								 * NULL */
	OccupancyIndex *index;		/* of the table itself */
	MovingOccupancy *moving;	/* of the statement, in a partition; or NULL */
	Oid			table;			/* that fired it: a partition perhaps */

	Oid			named_index;	/* by the trigger, perhaps of an ancestor */

	/* what its locks are on, whichever partition fires it */
	Oid			root;			/* the topmost table */
	uint32		identity;		/* of the index, among those of the table */

	/* a plain index of a partitioned table guards all its partitions */
	Oid			top_table;		/* or InvalidOid */
	Oid			top_index;
	int			nothers;
	OccupancyIndex **others;	/* of the other partitions */
	MemoryContext beside;		/* for these */
	uint64		generation;		/* of the relation cache, when looked at */
	ExprState  *partition_check;	/* does a row stay in its own? or NULL */

	/* for the keys of new rows, since the first of them */
	List	   *keys;			/* of UniqueKey */
	Bitmapset  *key_columns;	/* of unique indexes, since the first update */
	bool		keys_described;
	bool		key_columns_known;

	/* for a new row with its generated columns, since the first of them */
	ExprState **generated;		/* by column; NULL if none is generated */
	TupleTableSlot *complete;
	bool		generated_described;

	GuardBriefLocks *brief_locks;	/* of seats, for the statement; or NULL */
	bool		skip_conflicts; /* on_conflict=skip */
	GuardExpires expires;		/* expires=COLUMN */
	bool		follows_guard;	/* another guard has had new rows before */
	bool		has_policies;	/* row-level security may refuse the row */
	GuardRowRight row_right;
} GuardState;

/* One row on its way into the table. */
typedef struct GuardRow
{
	GuardState *state;
	Relation	table;
	TupleTableSlot *new_row;
	Datum	   *values;			/* what the index has for it */
	TimestampTz held_until;		/* it holds these values already, until then;
								 * DT_NOBEGIN if not */
	bool		inserted;		/* by an INSERT, not an UPDATE that moves it */
	bool		skip;			/* it is dropped if there is a conflict */
	bool		policies_checked;
} GuardRow;

#endif							/* APPOINTMENT_GUARD_STATE_H */
