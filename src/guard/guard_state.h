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

#include "guard/guard_description.h"
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
	GuardDescription *guard;	/* what the catalogs say of it */
	OccupancyIndex *index;		/* the guard's, with states of its expressions */
	MovingOccupancy *moving;	/* of the statement, in a partition; or NULL */

	/* a plain index of a partitioned table guards all its partitions */
	int			nothers;
	OccupancyIndex **others;	/* of the other partitions */
	MemoryContext beside;		/* for these */
	uint64		generation;		/* of the relation cache, when looked at */
	ExprState  *partition_check;	/* does a row stay in its own? or NULL */

	List	   *keys;			/* of UniqueKey, since the first new row */
	bool		keys_prepared;

	/* for a new row with its generated columns, since the first of them */
	ExprState **generated;		/* by column; NULL if none is generated */
	TupleTableSlot *complete;
	bool		generated_described;

	GuardBriefLocks *brief_locks;	/* of seats, for the statement; or NULL */
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
