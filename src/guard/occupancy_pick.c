/*-------------------------------------------------------------------------
 *
 * occupancy_pick.c
 *		Any of several resources, or some of them: the first that are free.
 *
 * A candidate is taken with the guard's locks, so that nobody else books it
 * until the end of the transaction.  One whose locks somebody else has is passed
 * over, as by SKIP LOCKED: clients who want any room do not queue for the first.
 *
 * But the locks are on resources, whatever the time: somebody who books a room
 * for tomorrow keeps it from whoever wants it today, for a moment.  So before the
 * answer is that too few are free, it queues for the first that look free, as an
 * INSERT of all of them would, with their locks in the guard's order.  Where the
 * transaction has locks of a guard already, it does not wait, lest somebody wait
 * for those.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "compat.h"
#include "guard/guard_locks.h"
#include "guard/guard_locks_sql.h"
#include "guard/guard_of_index.h"
#include "guard/guard_search.h"
#include "occupancy/occupancy.h"
#include "occupancy/occupancy_sql.h"
#include "server/distributed_table.h"
#include "server/owner_rights.h"
#include "server/partition.h"

/* A table that is searched: the index's own, or a partition. */
typedef struct PickTable
{
	Relation	table;
	Relation	index;
	OccupancyIndex *guarded;
	TupleTableSlot *row;
} PickTable;

/* One call. */
typedef struct Pick
{
	/* what is wanted */
	TimestampTz starts_at;
	TimestampTz ends_at;
	uint8		flags;
	OccupancyName scope;
	OccupancyName *candidates;
	int			candidate_count;
	int			wanted;

	/* where */
	Oid			root;
	uint32		identity;
	PickTable  *tables;
	int			table_count;
	EState	   *estate;
	MemoryContext candidate_memory; /* for one candidate */

	/* what one look at all candidates has found in their way; or NULL */
	Datum		all;			/* an occupancy of all of them */
	OccupancyName **by_name;
	bool	   *busy;			/* by the number of the candidate */

	/* what is taken so far: numbers of candidates */
	int		   *picked;
	int			picked_count;
} Pick;

/*----------------------------------------------------------
 * The tables
 *----------------------------------------------------------*/

static void
open_table(Pick *pick, Relation table, Oid index_oid,
		   const GuardExpires *expires)
{
	PickTable  *entry = &pick->tables[pick->table_count++];

	entry->table = table;
	entry->index = index_open(occupancy_index_of(table, index_oid),
							  AccessShareLock);
	entry->guarded = occupancy_index_describe(table, entry->index);
	if (entry->guarded->nkeys > 1)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("occupancy_pick cannot use index \"%s\", which has other key columns than an occupancy",
						RelationGetRelationName(entry->index))));
	guard_expires_apply(expires, table, entry->guarded);
	entry->row = table_slot_create(table, NULL);
}

static void
open_tables(Pick *pick, Relation table, Oid index_oid)
{
	GuardExpires expires;
	List	   *tables;
	ListCell   *cell;

	guard_of_index_expires(table, index_oid, &expires);
	if (get_rel_relkind(index_oid) != RELKIND_PARTITIONED_INDEX)
	{
		pick->tables = palloc_array(PickTable, 1);
		open_table(pick, table, index_oid, &expires);
		return;
	}

	tables = find_all_inheritors(RelationGetRelid(table), AccessShareLock,
								 NULL);
	pick->tables = palloc_array(PickTable, list_length(tables));
	foreach(cell, tables)
	{
		if (get_rel_relkind(lfirst_oid(cell)) != RELKIND_PARTITIONED_TABLE)
			open_table(pick, table_open(lfirst_oid(cell), NoLock), index_oid,
					   &expires);
	}
}

static void
close_tables(Pick *pick, Relation table)
{
	for (int i = 0; i < pick->table_count; i++)
	{
		PickTable  *entry = &pick->tables[i];

		ExecDropSingleTupleTableSlot(entry->row);
		index_close(entry->index, NoLock);
		if (entry->table != table)
			table_close(entry->table, NoLock);
	}
}

/*----------------------------------------------------------
 * One candidate
 *----------------------------------------------------------*/

static Datum
occupancy_of(Pick *pick, int candidate)
{
	OccupancyResource resource = {.name = pick->candidates[candidate]};

	return PointerGetDatum(occupancy_build(pick->starts_at, pick->ends_at,
										   pick->flags, pick->scope,
										   &resource, 1));
}

static void
locks_of(Pick *pick, int candidate, GuardLocks *set)
{
	memset(set, 0, sizeof(GuardLocks));
	guard_locks_add(set, occupancy_of(pick, candidate));
}

/* Is nothing in the way of a candidate, be it committed or on its way? */
static bool
is_free(Pick *pick, int candidate)
{
	Datum		value = occupancy_of(pick, candidate);
	GuardSearchResult result = GUARD_FREE;

	for (int i = 0; result == GUARD_FREE && i < pick->table_count; i++)
	{
		PickTable  *entry = &pick->tables[i];
		GuardSearch search;

		ResetPerTupleExprContext(pick->estate);
		guard_search_for(&search, entry->guarded, pick->estate, entry->table,
						 &value, NULL);
		result = guard_search(&search, entry->row);
		guard_search_end(&search);
		ExecClearTuple(entry->row);
	}
	return result == GUARD_FREE;
}

static int
by_name_cmp(const void *a, const void *b)
{
	return occupancy_name_compare(*(OccupancyName *const *) a,
								  *(OccupancyName *const *) b);
}

/* A GuardMatch: the candidates that a row is in the way of.  It goes on. */
static bool
note_busy(void *arg, TupleTableSlot *row, Datum existing,
		  const GuardWriter *writer)
{
	Pick	   *pick = (Pick *) arg;
	Occupancy	o;
	Occupancy	wanted;
	OccupancyNames names;
	OccupancyName name;
	OccupancyName *key = &name;

	occupancy_open(occupancy_detoast(existing), &o);
	occupancy_open(occupancy_detoast(pick->all), &wanted);
	if (!occupancy_same_time_and_scope(&wanted, &o))
		return false;
	if (occupancy_is_all(&o))
		memset(pick->busy, true, pick->candidate_count * sizeof(bool));
	occupancy_names_start(&names, &o);
	while (occupancy_names_next(&names, &name))
	{
		OccupancyName **found = bsearch(&key, pick->by_name,
										pick->candidate_count,
										sizeof(OccupancyName *), by_name_cmp);

		if (found != NULL)
			pick->busy[*found - pick->candidates] = true;
	}
	return false;
}

/*
 * Look at all candidates at once, when one was not free: the others that are
 * not need no look of their own.  It is no more than a hint, without locks.
 */
static void
look_at_all(Pick *pick)
{
	OccupancyResource *resources;

	if (pick->candidate_count > OCCUPANCY_MAX_NAMES)
		return;
	resources = palloc0_array(OccupancyResource, pick->candidate_count);
	pick->by_name = palloc_array(OccupancyName *, pick->candidate_count);
	pick->busy = palloc0_array(bool, pick->candidate_count);
	for (int i = 0; i < pick->candidate_count; i++)
	{
		resources[i].name = pick->candidates[i];
		pick->by_name[i] = &pick->candidates[i];
	}
	qsort(pick->by_name, pick->candidate_count, sizeof(OccupancyName *),
		  by_name_cmp);
	pick->all = PointerGetDatum(occupancy_build(pick->starts_at, pick->ends_at,
												pick->flags, pick->scope,
												resources,
												pick->candidate_count));
	for (int i = 0; i < pick->table_count; i++)
	{
		PickTable  *entry = &pick->tables[i];
		GuardSearch search;
		bool		dead = false;

		ResetPerTupleExprContext(pick->estate);
		guard_search_for(&search, entry->guarded, pick->estate, entry->table,
						 &pick->all, NULL);
		search.match = note_busy;
		search.match_arg = pick;
		(void) guard_search_once(&search, NULL, entry->row, &dead);
		guard_search_end(&search);
		ExecClearTuple(entry->row);
	}
}

static bool
is_picked(Pick *pick, int candidate)
{
	for (int i = 0; i < pick->picked_count; i++)
	{
		if (occupancy_name_compare(&pick->candidates[pick->picked[i]],
								   &pick->candidates[candidate]) == 0)
			return true;
	}
	return false;
}

/*
 * Take a candidate, with its locks, if it is free.  *locked says whether these
 * could be had.
 */
static bool
take(Pick *pick, int candidate, bool *locked)
{
	GuardLocks	set;

	locks_of(pick, candidate, &set);
	*locked = guard_locks_try(&set, pick->root, pick->identity);
	if (!*locked)
		return false;
	if (is_free(pick, candidate))
		return true;
	guard_locks_release(&set, pick->root, pick->identity);
	return false;
}

static void
give_back(Pick *pick)
{
	while (pick->picked_count > 0)
	{
		GuardLocks	set;

		locks_of(pick, pick->picked[--pick->picked_count], &set);
		guard_locks_release(&set, pick->root, pick->identity);
	}
}

/*----------------------------------------------------------
 * All of them
 *----------------------------------------------------------*/

/* Take as many as are wanted; those that are locked are noted. */
static void
take_free_ones(Pick *pick, Bitmapset **locked_ones)
{
	for (int i = 0; i < pick->candidate_count &&
		 pick->picked_count < pick->wanted; i++)
	{
		MemoryContext old_context;
		bool		locked;
		bool		taken;

		CHECK_FOR_INTERRUPTS();
		if ((pick->busy != NULL && pick->busy[i]) || is_picked(pick, i))
			continue;
		MemoryContextReset(pick->candidate_memory);
		old_context = MemoryContextSwitchTo(pick->candidate_memory);
		taken = take(pick, i, &locked);
		MemoryContextSwitchTo(old_context);
		if (taken)
			pick->picked[pick->picked_count++] = i;
		else if (!locked)
			*locked_ones = bms_add_member(*locked_ones, i);
		else if (pick->busy == NULL)
			look_at_all(pick);
	}
}

/* The same as is_free(), and what it has allocated is given back. */
static bool
is_free_now(Pick *pick, int candidate)
{
	MemoryContext old_context;
	bool		result;

	MemoryContextReset(pick->candidate_memory);
	old_context = MemoryContextSwitchTo(pick->candidate_memory);
	result = is_free(pick, candidate);
	MemoryContextSwitchTo(old_context);
	return result;
}

/*
 * Take as many as are wanted of those that are locked or could be had, and look
 * free: with their locks together, waiting for them.  Who only waited, and then
 * tried again without waiting, would be passed by whoever waits behind him.
 * False if there are not so many; true also if they were not free any more when
 * the locks were had, and none is taken.
 */
static bool
queue_for_free_ones(Pick *pick, const Bitmapset *hopeful_ones)
{
	GuardLocks	set = {NULL, 0, 0};
	int			candidate = -1;
	bool		free = true;

	while (pick->picked_count < pick->wanted &&
		   (candidate = bms_next_member(hopeful_ones, candidate)) >= 0)
	{
		CHECK_FOR_INTERRUPTS();
		if (is_picked(pick, candidate) || !is_free_now(pick, candidate))
			continue;
		guard_locks_add(&set, occupancy_of(pick, candidate));
		pick->picked[pick->picked_count++] = candidate;
	}
	if (pick->picked_count < pick->wanted)
	{
		pick->picked_count = 0;
		return false;
	}

	(void) guard_locks_take(&set, pick->root, pick->identity, NULL, NULL);
	for (int i = 0; i < pick->wanted && free; i++)
		free = is_free_now(pick, pick->picked[i]);
	if (!free)
	{
		guard_locks_release(&set, pick->root, pick->identity);
		pick->picked_count = 0;
	}
	return true;
}

static void
pick_all(Pick *pick)
{
	bool		may_wait = !guard_locks_held();

	for (;;)
	{
		Bitmapset  *hopeful_ones = NULL;

		pick->busy = NULL;
		take_free_ones(pick, &hopeful_ones);
		if (pick->picked_count == pick->wanted)
			return;
		for (int i = 0; i < pick->picked_count; i++)
			hopeful_ones = bms_add_member(hopeful_ones, pick->picked[i]);
		give_back(pick);
		if (!may_wait || !queue_for_free_ones(pick, hopeful_ones) ||
			pick->picked_count == pick->wanted)
			return;
		bms_free(hopeful_ones);
	}
}

/*----------------------------------------------------------
 * The function
 *----------------------------------------------------------*/

/* The names of an array; nulls are passed over. */
static void
read_candidates(Pick *pick, ArrayType *array)
{
	Datum	   *elements;
	bool	   *nulls;
	int			count;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &count);
	pick->candidates = palloc_array(OccupancyName, Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		text	   *name;
		OccupancyName *candidate;

		if (nulls[i])
			continue;
		name = DatumGetTextPP(elements[i]);
		candidate = &pick->candidates[pick->candidate_count++];
		candidate->data = VARDATA_ANY(name);
		candidate->len = VARSIZE_ANY_EXHDR(name);
		occupancy_check_name_length(candidate->len);
	}
}

static void
read_arguments(Pick *pick, FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("index must not be null")));
	occupancy_require_bounds(!PG_ARGISNULL(2) && !PG_ARGISNULL(3));
	pick->starts_at = PG_GETARG_TIMESTAMPTZ(2);
	pick->ends_at = PG_GETARG_TIMESTAMPTZ(3);
	occupancy_check_period(pick->starts_at, pick->ends_at);
	if (PG_ARGISNULL(4) || PG_GETARG_INT32(4) < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number of resources to pick must be at least 1")));
	pick->wanted = PG_GETARG_INT32(4);
	pick->scope = occupancy_scope_argument(fcinfo, 5, &pick->flags);
	if (!PG_ARGISNULL(1))
		read_candidates(pick, PG_GETARG_ARRAYTYPE_P(1));
}

static Datum
picked_array(Pick *pick)
{
	Datum	   *elements = palloc_array(Datum, pick->picked_count);

	for (int i = 0; i < pick->picked_count; i++)
	{
		OccupancyName *name = &pick->candidates[pick->picked[i]];

		elements[i] = PointerGetDatum(cstring_to_text_with_len(name->data,
															   name->len));
	}
	return PointerGetDatum(construct_array(elements, pick->picked_count,
										   TEXTOID, -1, false, TYPALIGN_INT));
}

/*
 * (index regclass, candidates text[], starts_at timestamptz, ends_at
 * timestamptz, picks integer, scope text) -> text[]
 */
APPOINTMENT_FUNCTION(occupancy_pick);
Datum
occupancy_pick(PG_FUNCTION_ARGS)
{
	Pick		pick = {0};
	Oid			index_oid;
	Relation	table;
	OwnerRights before;

	read_arguments(&pick, fcinfo);
	index_oid = PG_GETARG_OID(0);
	table = occupancy_index_open_table(index_oid,
									   guard_writable_table(index_oid));
	(void) guard_writable_table(index_oid);
	refuse_distributed_table(RelationGetRelid(table), true);

	act_as_owner(&before, table);
	pick.root = partition_root(RelationGetRelid(table));
	pick.identity = guard_of_index_identity(table, index_oid);
	pick.estate = CreateExecutorState();
	pick.candidate_memory = AllocSetContextCreate(CurrentMemoryContext,
												  "occupancy_pick candidate",
												  ALLOCSET_DEFAULT_SIZES);
	open_tables(&pick, table, index_oid);
	if (pick.wanted <= pick.candidate_count)
	{
		pick.picked = palloc_array(int, pick.wanted);
		pick_all(&pick);
	}
	close_tables(&pick, table);
	FreeExecutorState(pick.estate);
	act_as_before(&before);
	table_close(table, AccessShareLock);

	if (pick.picked_count == 0)
		PG_RETURN_NULL();
	return picked_array(&pick);
}
