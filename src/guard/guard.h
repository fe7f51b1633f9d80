/*-------------------------------------------------------------------------
 *
 * guard.h
 *		What the files of the guard trigger share.
 *
 *	guard.c			the trigger: which rows are looked at, and in what order
 *	guard_setup.c	its arguments, its index, the partitions beside
 *	guard_locks.c	locks on resources
 *	guard_search.c	the search for a conflict
 *	guard_keys.c	rows with a unique key of the new row
 *	guard_rights.c	what the user may learn of other rows, and keep from others
 *	guard_report.c	the error
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_H
#define APPOINTMENT_GUARD_H

#include "access/skey.h"
#include "commands/trigger.h"
#include "nodes/execnodes.h"
#include "storage/lock.h"
#include "utils/snapshot.h"

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
	struct varlena *held;		/* or NULL; in the statement's memory */
} MovingOccupancy;

/* What the guard keeps for the rest of a statement, in fn_extra. */
typedef struct GuardState
{
	MemoryContext statement;	/* as long as the statement */
	EState	   *estate;
	OccupancyIndex *index;		/* of the table itself */
	MovingOccupancy *moving;	/* of the statement, in a partition; or NULL */
	Oid			table;			/* that fired it: a partition perhaps */

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
	ExprState **generated;		/* by column; NULL if none is generated */
	TupleTableSlot *complete;	/* a new row with its generated columns */
	Bitmapset  *key_columns;	/* of unique indexes, since the first update */
	bool		keys_described;
	bool		key_columns_known;

	bool		skip_conflicts; /* on_conflict=skip */
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
	bool		inserted;		/* by an INSERT, not an UPDATE that moves it */
	bool		skip;			/* it is dropped if there is a conflict */
	bool		policies_checked;
} GuardRow;

/* A writer that a search has met: it has to be waited for. */
typedef struct GuardWriter
{
	TransactionId xid;
	uint32		speculative_token;
	Oid			table;
	ItemPointerData tid;
} GuardWriter;

typedef enum GuardSearchResult
{
	GUARD_FREE,
	GUARD_CONFLICT,
	GUARD_WAIT,					/* for a writer in flight, and search again */
} GuardSearchResult;

/* A row that does not count: its place may be taken by another meanwhile. */
typedef struct GuardIgnored
{
	ItemPointerData tid;
	TransactionId xmin;			/* of the version; invalid: any */
} GuardIgnored;

/* What a search is after: a row that an index finds, and that matches. */
typedef struct GuardSearch
{
	Relation	table;
	Relation	index;
	ScanKeyData keys[INDEX_MAX_KEYS];
	int			nkeys;
	bool		wait;			/* for a writer in flight */

	/* a conflict with these values, if not NULL */
	OccupancyIndex *guarded;
	EState	   *estate;
	Datum	   *values;
	GuardIgnored *ignored;		/* a row that does not count, or NULL */
	Datum		existing;		/* the occupancy that was found */

	GuardWriter writer;
} GuardSearch;

/* What there is with a unique key of the row to be inserted. */
typedef enum GuardKeyResult
{
	KEY_IS_NEW,
	KEY_IS_THERE,
	KEY_IS_KEPT,				/* there, and locked */
	KEY_IS_BUSY,				/* there, and somebody else has it locked */
} GuardKeyResult;

/* How it is looked for. */
typedef enum GuardKeyMode
{
	KEY_SEE,					/* perhaps it is gone when one looks again */
	KEY_TRY,					/* lock it, if nobody else has it */
	KEY_KEEP,					/* lock it */
} GuardKeyMode;

/* A set of locks; all zero is an empty one. */
typedef struct GuardLock GuardLock;
typedef struct GuardLocks
{
	GuardLock  *locks;
	int			count;
	int			allocated;
} GuardLocks;

/* in guard.c */
pg_noreturn extern void guard_refuse_timing(void);

/* in guard_setup.c */
extern GuardState *guard_describe(Relation table, const Trigger *trigger,
								  MemoryContext statement);
extern void guard_refresh_partitions(GuardState *state);
extern void occupancy_guard_check(Relation table, const Trigger *trigger);

/* in guard_locks.c */
extern uint32 guard_identity(Oid index);
extern void guard_locks_add(GuardLocks *set, Datum occupancy);
extern void guard_locks_take(GuardLocks *set, Oid root, uint32 identity,
							 void (*before_waiting) (void *arg), void *arg);
extern void guard_locks_release(GuardLocks *set, Oid root, uint32 identity);

/* in guard_search.c */
extern GuardSearchResult guard_search(GuardSearch *search, TupleTableSlot *row);
extern GuardSearchResult guard_find_conflict(OccupancyIndex *guarded,
											 EState *estate, Relation table,
											 Datum *values,
											 GuardIgnored *ignored,
											 TupleTableSlot *row,
											 Datum *existing,
											 GuardWriter *writer);
extern TransactionId guard_xmin(TupleTableSlot *row);
extern void guard_wait(const GuardWriter *writer, bool quietly);

/* in guard_keys.c */
extern bool guard_has_keys(GuardState *state, Relation table);
extern TupleTableSlot *guard_complete_row(GuardState *state, Relation table,
										  TupleTableSlot *new_row);
extern GuardKeyResult guard_find_same_key(GuardState *state, Relation table,
										  TupleTableSlot *new_row,
										  GuardKeyMode mode,
										  TupleTableSlot *found);
extern bool guard_keys_change(GuardState *state, Relation table,
							  TupleTableSlot *old_row, TupleTableSlot *new_row);

/* in guard_rights.c */
extern void guard_rights_describe(GuardState *state, Relation table);
extern void guard_check_policies(GuardRow *row);
extern bool guard_may_lock(GuardState *state, Relation table,
						   TupleTableSlot *existing);
extern bool guard_may_show(Relation table, OccupancyIndex *guarded,
						   AttrNumber *key, int nkey);

/* in guard_report.c */
pg_noreturn extern void guard_report(GuardRow *row, Relation table,
									 OccupancyIndex *guarded,
									 TupleTableSlot *existing_row,
									 Datum existing);

#endif							/* APPOINTMENT_GUARD_H */
