/*-------------------------------------------------------------------------
 *
 * guard_partitions.c
 *		The partitions beside a guard's table.
 *
 * A plain index of a partitioned table guards the whole table: a guard of one
 * partition searches the others, too.  (A constraint says itself, by the
 * partition key in it, that rows of other partitions do not conflict.)
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/partition.h"
#include "catalog/pg_inherits.h"
#include "executor/executor.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/partcache.h"
#include "utils/rel.h"

#include "compat.h"
#include "guard/guard_partitions.h"

/* Is the guard's index a plain one of a partitioned table? */
static bool
guards_others(const GuardDescription *guard)
{
	return guard->top_table != guard->table && !guard->index->exclusion;
}

/*
 * Describe the index for the other partitions.  A partition that is being
 * detached is a table of its own.
 */
static void
describe_partitions(GuardState *state)
{
	MemoryContext old_context;
	List	   *tables;
	ListCell   *cell;

	state->generation = guard_generation();
	state->nothers = 0;
	if (!list_member_oid(get_partition_ancestors(state->guard->table),
						 state->guard->top_table))
		return;

	tables = find_all_inheritors(state->guard->top_table, AccessShareLock, NULL);
	if (state->beside == NULL)
		state->beside = AllocSetContextCreate(state->statement,
											  "occupancy_guard partitions",
											  ALLOCSET_SMALL_SIZES);
	MemoryContextReset(state->beside);
	old_context = MemoryContextSwitchTo(state->beside);
	state->others = palloc_array(OccupancyIndex *, list_length(tables));
	foreach(cell, tables)
	{
		Relation	table;
		Relation	index;
		Oid			index_oid;

		if (lfirst_oid(cell) == state->guard->table ||
			get_rel_relkind(lfirst_oid(cell)) == RELKIND_PARTITIONED_TABLE)
			continue;
		table = table_open(lfirst_oid(cell), NoLock);
		index_oid = occupancy_index_of(table, state->guard->named_index);
		index = index_open(index_oid, AccessShareLock);
		state->others[state->nothers] = occupancy_index_describe(table, index);
		guard_expires_apply(&state->guard->expires, table,
							state->others[state->nothers]);
		occupancy_index_prepare(state->others[state->nothers++]);
		index_close(index, NoLock);
		table_close(table, NoLock);
	}
	MemoryContextSwitchTo(old_context);
	list_free(tables);
}

/*
 * Describe what is beside the table, if that is a partition whose guard goes by
 * the index of a partitioned table.
 */
void
guard_partitions_describe(GuardState *state, Relation table)
{
	List	   *bounds;

	if (!guards_others(state->guard))
		return;
	describe_partitions(state);
	bounds = RelationGetPartitionQual(table);
	if (bounds != NIL)
		state->partition_check = ExecPrepareCheck(bounds, state->estate);
}

/*
 * Look again which partitions there are, if anything may have changed since:
 * one may be attached while a statement runs.  Called with the locks on the
 * resources, so that whoever has written into a new partition has committed it.
 */
void
guard_refresh_partitions(GuardState *state)
{
	if (!guards_others(state->guard))
		return;
	AcceptInvalidationMessages();
	if (state->generation != guard_generation())
		describe_partitions(state);
}

/*
 * Will an update take the row to another partition, of those that are searched
 * one after the other?
 */
bool
guard_leaves_partition(GuardState *state, TupleTableSlot *new_row)
{
	ExprContext *econtext = GetPerTupleExprContext(state->estate);

	if (state->partition_check == NULL)
		return false;
	econtext->ecxt_scantuple = new_row;
	return !ExecCheck(state->partition_check, econtext);
}
