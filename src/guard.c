/*-------------------------------------------------------------------------
 *
 * guard.c
 *		The guard trigger: a double booking is refused before the row is
 *		written, and without deadlocks.
 *
 * An exclusion constraint is checked after its row was written.  Two sessions
 * that race for a slot then wait for each other's row, and one of them has to
 * be killed as a deadlock (see the header of execIndexing.c).  The guard takes
 * locks on the resources first, always in the same order, and searches for a
 * conflict only then; so the second one waits before it has written anything.
 *
 * The search is that of an exclusion constraint: a scan of the index with a
 * dirty snapshot, waiting for rows in flight; see search_row() for where it
 * is not enough.  So it sees what is committed now at every isolation level, it
 * needs no privilege, and it is blind to row-level security.
 *
 * Single-row statements in transactions of their own never deadlock here: a
 * transaction holds all locks that its row needs before it waits for another
 * transaction's row, and that one, having written, is past its own guard.  An
 * upsert of a row that is there already holds none of its insertion's locks
 * when it comes to that row.  (If the row is only just being made, it does.)
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/partition.h"
#include "catalog/pg_am.h"
#include "catalog/pg_inherits.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "rewrite/rewriteHandler.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "instant.h"
#include "occupancy.h"
#include "occupancy_index.h"

/*
 * Locks are striped: a transaction that writes a million rows holds no more
 * than these, and two resources that share a stripe wait for each other's
 * transaction without need, which is rare and harmless.
 */
#define SCOPE_STRIPES			128
#define RESOURCE_STRIPES		1024

/* What a lock is on; in this order they are taken. */
typedef enum GuardLockClass
{
	GUARD_SCOPE,
	GUARD_RESOURCE,
} GuardLockClass;

typedef struct GuardLock
{
	uint16		class;			/* a GuardLockClass */
	uint16		stripe;
	LOCKMODE	mode;
} GuardLock;

typedef struct GuardLocks
{
	GuardLock  *locks;
	int			count;
	int			allocated;
} GuardLocks;

/* A unique key, by which ON CONFLICT may find a row. */
typedef struct UniqueKey
{
	Oid			index_oid;
	IndexInfo  *info;			/* with the operators of the key */
	ExprState  *predicate;
} UniqueKey;

/* What the guard keeps for the rest of a statement, in fn_extra. */
typedef struct GuardState
{
	Oid			table;			/* that fired it: a partition perhaps */
	Oid			root;			/* the table that the locks belong to */
	bool		skip_conflicts; /* on_conflict=skip */
	EState	   *estate;
	OccupancyIndex *index;		/* of the table itself */
	int			nothers;		/* of other partitions, for a plain index */
	OccupancyIndex **others;

	/* for the keys of new rows, since the first of them */
	bool		keys_described;
	List	   *keys;			/* of UniqueKey */
	ExprState **generated;		/* by column; NULL if none is generated */
	TupleTableSlot *complete;	/* a new row with its generated columns */
} GuardState;

/*----------------------------------------------------------
 * Locks
 *----------------------------------------------------------*/

/* In the order of taking; of one stripe, the strongest mode first. */
static int
lock_cmp(const void *a, const void *b)
{
	const GuardLock *x = (const GuardLock *) a;
	const GuardLock *y = (const GuardLock *) b;

	if (x->class != y->class)
		return x->class < y->class ? -1 : 1;
	if (x->stripe != y->stripe)
		return x->stripe < y->stripe ? -1 : 1;
	return y->mode - x->mode;
}

/* Sort the locks, and keep one of each stripe. */
static void
finish_locks(GuardLocks *set)
{
	int			kept = 0;

	qsort(set->locks, set->count, sizeof(GuardLock), lock_cmp);
	for (int i = 0; i < set->count; i++)
		if (kept == 0 ||
			set->locks[i].class != set->locks[kept - 1].class ||
			set->locks[i].stripe != set->locks[kept - 1].stripe)
			set->locks[kept++] = set->locks[i];
	set->count = kept;
}

static void
add_lock(GuardLocks *set, GuardLockClass class, uint64 hash, LOCKMODE mode)
{
	uint32		stripes = class == GUARD_SCOPE ? SCOPE_STRIPES : RESOURCE_STRIPES;
	GuardLock  *lock;

	/* however many names there are, there are no more locks than stripes */
	if (set->count >= 4 * (SCOPE_STRIPES + RESOURCE_STRIPES))
		finish_locks(set);
	if (set->count == set->allocated)
	{
		set->allocated = Max(16, 2 * set->allocated);
		set->locks = set->locks == NULL ?
			palloc(set->allocated * sizeof(GuardLock)) :
			repalloc(set->locks, set->allocated * sizeof(GuardLock));
	}
	lock = &set->locks[set->count++];
	lock->class = class;
	lock->stripe = (uint16) (hash % stripes);
	lock->mode = mode;
}

/*
 * The locks of an occupancy: its resources, and under them its scope, which
 * whoever holds every resource takes alone.
 */
static void
add_locks_of(GuardLocks *set, Datum occupancy)
{
	Occupancy	o;

	occupancy_open(occupancy_detoast(occupancy), &o);
	add_lock(set, GUARD_SCOPE, o.scope_hash,
			 occupancy_is_all(&o) ? ExclusiveLock : ShareLock);
	for (int i = 0; i < o.count; i++)
		add_lock(set, GUARD_RESOURCE,
				 hash_combine64(o.scope_hash, occupancy_hash_at(&o, i)),
				 ExclusiveLock);
}

/*
 * They are no advisory locks, which applications number as they like, but of a
 * kind that nothing else uses.
 */
static LOCKTAG
lock_tag(const GuardLock *lock, Oid root)
{
	LOCKTAG		tag;

	tag.locktag_field1 = MyDatabaseId;
	tag.locktag_field2 = root;
	tag.locktag_field3 = lock->stripe;
	tag.locktag_field4 = lock->class;
	tag.locktag_type = LOCKTAG_USERLOCK;
	tag.locktag_lockmethodid = DEFAULT_LOCKMETHOD;
	return tag;
}

/* Take the locks until the end of the transaction. */
static void
take_locks(GuardLocks *set, Oid root)
{
	finish_locks(set);
	for (int i = 0; i < set->count; i++)
	{
		LOCKTAG		tag = lock_tag(&set->locks[i], root);

		(void) LockAcquire(&tag, set->locks[i].mode, false, false);
	}
}

/*
 * Give back what the last take_locks() has taken; what the transaction had
 * before, it keeps.
 */
static void
release_locks(GuardLocks *set, Oid root)
{
	for (int i = set->count - 1; i >= 0; i--)
	{
		LOCKTAG		tag = lock_tag(&set->locks[i], root);

		(void) LockRelease(&tag, set->locks[i].mode, false);
	}
}

/* The topmost table that a table is a partition of, or itself. */
static Oid
root_of(Oid table)
{
	List	   *ancestors;

	if (!get_rel_relispartition(table))
		return table;
	ancestors = get_partition_ancestors(table);
	return ancestors == NIL ? table : llast_oid(ancestors);
}

/*----------------------------------------------------------
 * Which index, and what it must not be
 *----------------------------------------------------------*/

/* The index of this name on a table. */
static Oid
index_by_name(Oid table, const char *name)
{
	Oid			index = get_relname_relid(name, get_rel_namespace(table));

	if (OidIsValid(index) && IndexGetRelation(index, true) == table)
		return index;
	return InvalidOid;
}

/*
 * Find the index that the trigger's first argument names.  On a partition it
 * may be the name of a partitioned table's index; then *top is that index.
 */
static Oid
find_index(Relation table, const char *name, Oid *top)
{
	Oid			index = index_by_name(RelationGetRelid(table), name);

	*top = InvalidOid;
	if (!OidIsValid(index) && table->rd_rel->relispartition)
	{
		ListCell   *cell;

		foreach(cell, get_partition_ancestors(RelationGetRelid(table)))
		{
			*top = index_by_name(lfirst_oid(cell), name);
			if (OidIsValid(*top))
			{
				index = index_get_partition(table, *top);
				break;
			}
		}
	}

	if (!OidIsValid(index))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("index or constraint \"%s\" of table \"%s\" does not exist",
						name, RelationGetRelationName(table))));
	return index;
}

/*
 * A generated column has no value yet when a BEFORE trigger runs.
 */
static void
refuse_generated_columns(Relation table, Relation index)
{
	TupleDesc	columns = RelationGetDescr(table);
	Bitmapset  *used = NULL;
	int			attno = -1;

	if (columns->constr == NULL || !columns->constr->has_generated_stored)
		return;

	for (int i = 0; i < index->rd_index->indnatts; i++)
		if (index->rd_index->indkey.values[i] > 0)
			used = bms_add_member(used, index->rd_index->indkey.values[i] -
								  FirstLowInvalidHeapAttributeNumber);
	pull_varattnos((Node *) RelationGetIndexExpressions(index), 1, &used);
	pull_varattnos((Node *) RelationGetIndexPredicate(index), 1, &used);

	while ((attno = bms_next_member(used, attno)) >= 0)
	{
		int			column = attno + FirstLowInvalidHeapAttributeNumber;
		Form_pg_attribute attribute;

		/* a whole row has all of them */
		if (column == 0)
			while (TupleDescAttr(columns, column++)->attgenerated == '\0')
				;
		if (column < 0)
			continue;
		attribute = TupleDescAttr(columns, column - 1);
		if (attribute->attgenerated != '\0')
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("occupancy_guard cannot use index \"%s\", which has the generated column \"%s\"",
							RelationGetRelationName(index),
							NameStr(attribute->attname)),
					 errdetail("A generated column has no value yet when a BEFORE trigger runs."),
					 errhint("Index the expression instead of the column.")));
	}
}

static void
refuse_deferrable(Relation index)
{
	if (!index->rd_index->indimmediate)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("occupancy_guard cannot guard the deferrable constraint \"%s\"",
						RelationGetRelationName(index)),
				 errdetail("The guard refuses at once what a deferrable constraint would accept until it is checked.")));
}

/*----------------------------------------------------------
 * What is kept for a statement
 *----------------------------------------------------------*/

static bool
parse_options(Trigger *trigger)
{
	bool		skip = false;

	if (trigger->tgnargs < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("occupancy_guard needs the name of an index or constraint"),
				 errhint("Create the trigger with EXECUTE FUNCTION occupancy_guard('name').")));
	for (int i = 1; i < trigger->tgnargs; i++)
	{
		const char *option = trigger->tgargs[i];

		if (strcmp(option, "on_conflict=skip") == 0)
			skip = true;
		else if (strcmp(option, "on_conflict=error") == 0)
			skip = false;
		else
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("unknown option \"%s\" of occupancy_guard", option),
					 errhint("Options are \"on_conflict=error\" and \"on_conflict=skip\".")));
	}
	return skip;
}

/*
 * A plain index of a partitioned table guards the whole table: describe it
 * for the other partitions, too.  (A constraint says itself, by the partition
 * key in it, that rows of other partitions do not conflict.)
 */
static void
describe_other_partitions(GuardState *state, Oid top)
{
	List	   *indexes = find_all_inheritors(top, AccessShareLock, NULL);
	ListCell   *cell;

	state->others = palloc(list_length(indexes) * sizeof(OccupancyIndex *));
	foreach(cell, indexes)
	{
		Oid			index_oid = lfirst_oid(cell);
		Relation	table;
		Relation	index;

		if (index_oid == state->index->index_oid ||
			get_rel_relkind(index_oid) != RELKIND_INDEX)
			continue;
		table = table_open(IndexGetRelation(index_oid, false), AccessShareLock);
		index = index_open(index_oid, AccessShareLock);
		state->others[state->nothers++] = occupancy_index_describe(table, index);
		index_close(index, NoLock);
		table_close(table, NoLock);
	}
}

static GuardState *
guard_state(FunctionCallInfo fcinfo)
{
	TriggerData *trigger_data = (TriggerData *) fcinfo->context;
	Relation	table = trigger_data->tg_relation;
	GuardState *state = (GuardState *) fcinfo->flinfo->fn_extra;
	MemoryContext old_context;
	Relation	index;
	Oid			top;

	if (state != NULL && state->table == RelationGetRelid(table))
		return state;

	old_context = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	state = (GuardState *) palloc0(sizeof(GuardState));
	state->table = RelationGetRelid(table);
	state->root = root_of(state->table);
	state->skip_conflicts = parse_options(trigger_data->tg_trigger);

	index = index_open(find_index(table, trigger_data->tg_trigger->tgargs[0],
								  &top),
					   RowExclusiveLock);
	refuse_deferrable(index);
	refuse_generated_columns(table, index);
	state->index = occupancy_index_describe(table, index);
	index_close(index, NoLock);
	if (OidIsValid(top) && !state->index->exclusion)
		describe_other_partitions(state, top);
	state->estate = CreateExecutorState();
	MemoryContextSwitchTo(old_context);

	fcinfo->flinfo->fn_extra = state;
	return state;
}

/*----------------------------------------------------------
 * The search
 *----------------------------------------------------------*/

/*
 * Wait for whoever is writing the row that a scan has found, if somebody is.
 * Then the scan has ended, and has to be started again.
 */
static bool
wait_for_writer(SnapshotData *snapshot, IndexScanDesc scan, Relation table,
				TupleTableSlot *row)
{
	TransactionId writer = snapshot->xmin;

	if (!TransactionIdIsValid(writer))
		writer = snapshot->xmax;
	if (!TransactionIdIsValid(writer))
		return false;
	index_endscan(scan);
	if (snapshot->speculativeToken)
		SpeculativeInsertionWait(snapshot->xmin, snapshot->speculativeToken);
	else
		XactLockTableWait(writer, table, &row->tts_tid,
						  XLTW_RecheckExclusionConstr);
	return true;
}

/* What a search is after: a row that an index finds, and that matches. */
typedef struct Search
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
	ItemPointer self;			/* the row itself, if it is there */
	Datum		existing;		/* the occupancy that was found */
} Search;

static bool
search_matches(Search *search, TupleTableSlot *row)
{
	Datum		existing[INDEX_MAX_KEYS];

	if (search->guarded == NULL)
		return true;
	if (ItemPointerIsValid(search->self) &&
		ItemPointerEquals(search->self, &row->tts_tid))
		return false;
	if (!occupancy_index_form(search->guarded, row, search->estate, existing) ||
		!occupancy_index_conflict(search->guarded, existing, search->values))
		return false;
	search->existing = existing[search->guarded->column];
	return true;
}

/*
 * Scan the index for a row that matches.  With a dirty snapshot, wait for a
 * writer in flight and scan again.  *dead tells of entries without a row that
 * the snapshot sees.
 */
static bool
search_with_snapshot(Search *search, Snapshot snapshot, TupleTableSlot *row,
					 bool *dead)
{
	IndexScanDesc scan;
	bool		found = false;

retry:
	*dead = false;
	scan = index_beginscan_compat(search->table, search->index, snapshot,
								  search->nkeys, 0);
	index_rescan(scan, search->keys, search->nkeys, NULL, 0);
	for (;;)
	{
		bool		more_versions = scan->xs_heap_continue;

		CHECK_FOR_INTERRUPTS();
		if (!more_versions &&
			index_getnext_tid(scan, ForwardScanDirection) == NULL)
			break;
		if (!index_fetch_heap(scan, row))
		{
			*dead |= !more_versions;
			continue;
		}
		if (!search_matches(search, row))
			continue;
		if (search->wait && snapshot->snapshot_type == SNAPSHOT_DIRTY &&
			wait_for_writer(snapshot, scan, search->table, row))
			goto retry;
		found = true;
		break;
	}
	index_endscan(scan);
	return found;
}

/*
 * Is there a row that matches?  If so, *row is the row.
 *
 * A dirty snapshot may miss a row that is updated meanwhile: it looks at the
 * old version when the update has committed, and the new one has its entry
 * where the scan has been already.  A snapshot of one instant always sees one
 * of the two.  So whenever there was a dead version, such a snapshot has the
 * last word: a row that has matched all the while is found.  (And nobody else
 * can have made a conflict since the locks were taken.)
 */
static bool
search_row(Search *search, TupleTableSlot *row)
{
	SnapshotData dirty;

	InitDirtySnapshot(dirty);
	for (;;)
	{
		Snapshot	latest;
		bool		dead;
		bool		missed;

		if (search_with_snapshot(search, &dirty, row, &dead))
			return true;
		if (!dead)
			return false;

		/* what this very command has written and removed counts, too */
		latest = RegisterSnapshot(GetLatestSnapshot());
		latest->curcid = GetCurrentCommandId(false) + 1;
		missed = search_with_snapshot(search, latest, row, &dead);
		UnregisterSnapshot(latest);
		if (!missed)
			return false;
	}
}

/*
 * Is there a row that conflicts with the values, other than the row "self"?
 * If so, *found gets its occupancy, and *row is the row.
 */
static bool
find_conflict(OccupancyIndex *guarded, EState *estate, Relation table,
			  Datum *values, ItemPointer self, TupleTableSlot *row,
			  Datum *found)
{
	Search		search = {
		.table = table,
		.index = index_open(guarded->index_oid, NoLock),
		.nkeys = guarded->nkeys,
		.wait = true,
		.guarded = guarded,
		.estate = estate,
		.values = values,
		.self = self
	};
	bool		conflict;

	for (int i = 0; i < guarded->nkeys; i++)
		ScanKeyEntryInitialize(&search.keys[i], 0, i + 1,
							   guarded->strategies[i], InvalidOid,
							   guarded->collations[i], guarded->procs[i],
							   values[i]);
	conflict = search_row(&search, row);
	*found = search.existing;
	index_close(search.index, NoLock);
	return conflict;
}

/*----------------------------------------------------------
 * The keys of a new row
 *----------------------------------------------------------*/

/* Find the unique keys of a table, and its generated columns. */
static void
describe_keys(GuardState *state, Relation table)
{
	TupleDesc	columns = RelationGetDescr(table);
	MemoryContext old_context = MemoryContextSwitchTo(state->estate->es_query_cxt);
	List	   *indexes = RelationGetIndexList(table);
	ListCell   *cell;

	foreach(cell, indexes)
	{
		Relation	index = index_open(lfirst_oid(cell), RowExclusiveLock);

		if (index->rd_index->indisunique && index->rd_index->indimmediate &&
			index->rd_index->indisvalid && !index->rd_index->indisexclusion &&
			index->rd_rel->relam == BTREE_AM_OID)
		{
			UniqueKey  *key = palloc(sizeof(UniqueKey));

			key->index_oid = RelationGetRelid(index);
			key->info = BuildIndexInfo(index);
			BuildSpeculativeIndexInfo(index, key->info);
			key->predicate = ExecPrepareQual(key->info->ii_Predicate,
											 state->estate);
			state->keys = lappend(state->keys, key);
		}
		index_close(index, NoLock);
	}
	list_free(indexes);

	if (state->keys != NIL && columns->constr != NULL &&
		columns->constr->has_generated_stored)
	{
		state->generated = palloc0_array(ExprState *, columns->natts);
		for (int i = 0; i < columns->natts; i++)
			if (TupleDescAttr(columns, i)->attgenerated == ATTRIBUTE_GENERATED_STORED)
				state->generated[i] =
					ExecPrepareExpr((Expr *) build_column_default(table, i + 1),
									state->estate);
		state->complete = MakeSingleTupleTableSlot(CreateTupleDescCopy(columns),
												   &TTSOpsVirtual);
	}
	state->keys_described = true;
	MemoryContextSwitchTo(old_context);
}

/*
 * The row to be inserted with its generated columns, which a unique key may
 * have, and which have no value yet when a BEFORE trigger runs.
 */
static TupleTableSlot *
with_generated_columns(GuardState *state, TupleTableSlot *inserted)
{
	ExprContext *econtext = GetPerTupleExprContext(state->estate);
	TupleTableSlot *row = state->complete;

	if (state->generated == NULL)
		return inserted;
	ExecCopySlot(row, inserted);
	econtext->ecxt_scantuple = inserted;
	for (int i = 0; i < row->tts_tupleDescriptor->natts; i++)
		if (state->generated[i] != NULL)
			row->tts_values[i] =
				ExecEvalExprSwitchContext(state->generated[i], econtext,
										  &row->tts_isnull[i]);
	return row;
}

/*
 * Is there a row with this key of the row to be inserted?
 */
static bool
find_key(GuardState *state, UniqueKey *key, Relation table, Relation index,
		 TupleTableSlot *inserted, TupleTableSlot *row, bool keep)
{
	ExprContext *econtext = GetPerTupleExprContext(state->estate);
	Datum		values[INDEX_MAX_KEYS];
	bool		isnull[INDEX_MAX_KEYS];
	SnapshotData dirty;
	Search		search = {
		.table = table,
		.index = index,
		.nkeys = key->info->ii_NumIndexKeyAttrs,
		.wait = keep
	};

	econtext->ecxt_scantuple = inserted;
	if (!ExecQual(key->predicate, econtext))
		return false;
	FormIndexDatum(key->info, inserted, state->estate, values, isnull);

	for (int i = 0; i < search.nkeys; i++)
	{
		if (isnull[i] && !key->info->ii_NullsNotDistinct)
			return false;
		ScanKeyEntryInitialize(&search.keys[i],
							   isnull[i] ? SK_ISNULL | SK_SEARCHNULL : 0,
							   i + 1, key->info->ii_UniqueStrats[i], InvalidOid,
							   index->rd_indcollation[i],
							   key->info->ii_UniqueProcs[i], values[i]);
	}

	InitDirtySnapshot(dirty);
	while (search_row(&search, row))
	{
		ItemPointerData tid = row->tts_tid;
		TM_FailureData failure;
		TM_Result	result;

		if (!keep)
			return true;

		/*
		 * A key share lock would not do: it leaves free what a partial index
		 * or an expression makes a key of, and two who hold one deadlock when
		 * their upserts set the key.
		 */
		result = table_tuple_lock(table, &tid, &dirty, row,
								  GetCurrentCommandId(true),
								  LockTupleNoKeyExclusive, LockWaitBlock, 0,
								  &failure);
		/* TM_Invisible: this very statement has inserted it */
		if (result == TM_Ok || result == TM_Invisible)
			return true;
	}
	return false;
}

/*
 * Is there a row with a unique key of the row to be inserted?  With "keep", it
 * is locked, so that the insertion cannot take place; otherwise it is only
 * seen, and perhaps gone when one looks again.
 */
static bool
find_same_key(GuardState *state, Relation table, TupleTableSlot *inserted,
			  bool keep)
{
	TupleTableSlot *row;
	ListCell   *cell;
	bool		found = false;

	if (!state->keys_described)
		describe_keys(state, table);
	if (state->keys == NIL)
		return false;

	inserted = with_generated_columns(state, inserted);
	row = table_slot_create(table, NULL);
	foreach(cell, state->keys)
	{
		UniqueKey  *key = (UniqueKey *) lfirst(cell);
		Relation	index = index_open(key->index_oid, RowExclusiveLock);

		found = find_key(state, key, table, index, inserted, row, keep);
		index_close(index, NoLock);
		if (found)
			break;
	}
	ExecDropSingleTupleTableSlot(row);
	return found;
}

/*
 * Take the locks, unless the row is not going to be inserted because there is
 * one with its key: that is an error of the unique index, or the business of ON
 * CONFLICT.  Returns false then.
 *
 * Whoever updates that row has it before he waits for locks; who has locks and
 * waits for the row would deadlock with him.  So an upsert, too, comes to the
 * row without locks, and takes those of its update when it has the row.
 */
static bool
take_locks_of_new(GuardState *state, GuardLocks *set, Relation table,
				  TupleTableSlot *inserted)
{
	for (;;)
	{
		take_locks(set, state->root);
		if (!find_same_key(state, table, inserted, false))
			return true;
		release_locks(set, state->root);
		if (find_same_key(state, table, inserted, true))
			return false;
	}
}

/*----------------------------------------------------------
 * The report
 *----------------------------------------------------------*/

/* The columns of the primary key, in the order of its index. */
static int
primary_key(Relation table, AttrNumber *columns)
{
	Relation	index;
	int			count = 0;

	list_free(RelationGetIndexList(table)); /* sets rd_pkindex */
	if (!OidIsValid(table->rd_pkindex))
		return 0;
	index = index_open(table->rd_pkindex, AccessShareLock);
	for (int i = 0; i < IndexRelationGetNumberOfKeyAttributes(index); i++)
		columns[count++] = index->rd_index->indkey.values[i];
	index_close(index, AccessShareLock);
	return count;
}

/*
 * May the user see the row in conflict?  As core decides whether it shows the
 * keys: not under row-level security, and not without the privilege to read
 * the columns that the index uses and those that are shown.
 */
static bool
may_show(Relation table, OccupancyIndex *guarded, AttrNumber *key, int nkey)
{
	Oid			user = GetUserId();
	Bitmapset  *used = NULL;
	int			attno = -1;

	if (check_enable_rls(guarded->heap_oid, InvalidOid, true) == RLS_ENABLED)
		return false;
	if (pg_class_aclcheck(guarded->heap_oid, user, ACL_SELECT) == ACLCHECK_OK)
		return true;

	for (int i = 0; i < nkey; i++)
		used = bms_add_member(used, key[i] - FirstLowInvalidHeapAttributeNumber);
	for (int i = 0; i < guarded->nkeys; i++)
		if (guarded->info->ii_IndexAttrNumbers[i] != 0)
			used = bms_add_member(used,
								  guarded->info->ii_IndexAttrNumbers[i] -
								  FirstLowInvalidHeapAttributeNumber);
	pull_varattnos((Node *) guarded->info->ii_Expressions, 1, &used);
	while ((attno = bms_next_member(used, attno)) >= 0)
	{
		int			column = attno + FirstLowInvalidHeapAttributeNumber;

		if (column <= 0 ||
			pg_attribute_aclcheck(guarded->heap_oid, column, user,
								  ACL_SELECT) != ACLCHECK_OK)
			return false;
	}
	return true;
}

static void
append_json_name(StringInfo json, OccupancyName name)
{
	char	   *text = pnstrdup(name.data, name.len);

	escape_json(json, text);
	pfree(text);
}

/*
 * The conflict as a line of JSON, for programs: the key of the existing row
 * (null without a primary key), and what both want.
 */
static char *
conflict_json(Relation table, AttrNumber *key, int nkey, TupleTableSlot *row,
			  Datum existing, Datum wanted)
{
	StringInfoData json;
	struct varlena *shared_value;
	Occupancy	a;
	Occupancy	b;
	Occupancy	shared;
	OccupancyNames names;
	OccupancyName name;
	char		instant[INSTANT_MAXLEN];
	bool		first = true;

	occupancy_open(occupancy_detoast(existing), &a);
	occupancy_open(occupancy_detoast(wanted), &b);
	shared_value = occupancy_shared(&a, &b);
	Assert(shared_value != NULL);
	occupancy_open(shared_value, &shared);

	initStringInfo(&json);
	appendStringInfoString(&json, "{\"key\":");
	if (nkey == 0)
		appendStringInfoString(&json, "null");
	else
	{
		for (int i = 0; i < nkey; i++)
		{
			Form_pg_attribute column = TupleDescAttr(RelationGetDescr(table),
													 key[i] - 1);
			Oid			output;
			bool		is_varlena;
			bool		isnull;
			Datum		value = slot_getattr(row, key[i], &isnull);

			getTypeOutputInfo(column->atttypid, &output, &is_varlena);
			appendStringInfoChar(&json, i == 0 ? '{' : ',');
			escape_json(&json, NameStr(column->attname));
			appendStringInfoChar(&json, ':');
			escape_json(&json, OidOutputFunctionCall(output, value));
		}
		appendStringInfoChar(&json, '}');
	}

	appendStringInfoString(&json, ",\"scope\":");
	if (occupancy_has_scope(&shared))
		append_json_name(&json, occupancy_scope_of(&shared));
	else
		appendStringInfoString(&json, "null");
	instant_format(shared.starts_at, 0, instant);
	appendStringInfo(&json, ",\"starts_at\":\"%s\"", instant);
	instant_format(shared.ends_at, 0, instant);
	appendStringInfo(&json, ",\"ends_at\":\"%s\",\"resources\":", instant);
	if (occupancy_is_all(&shared))
		appendStringInfoString(&json, "null");
	else
	{
		appendStringInfoChar(&json, '[');
		occupancy_names_start(&names, &shared);
		while (occupancy_names_next(&names, &name))
		{
			if (!first)
				appendStringInfoChar(&json, ',');
			first = false;
			append_json_name(&json, name);
		}
		appendStringInfoChar(&json, ']');
	}
	appendStringInfoChar(&json, '}');
	return json.data;
}

/*
 * All members of the detail are there in any case, and null where the user may
 * not see the row.  Then the table is the one that the new row was for: of
 * another partition the name alone may tell whose the row is.
 */
static void
report_conflict(GuardState *state, Relation fired_for, Relation table,
				OccupancyIndex *guarded, TupleTableSlot *row,
				Datum existing, Datum wanted)
{
	AttrNumber	key[INDEX_MAX_KEYS];
	int			nkey = primary_key(table, key);
	const char *detail = "{\"key\":null,\"scope\":null,\"starts_at\":null,\"ends_at\":null,\"resources\":null}";
	char	   *index_name;
	AttrNumber	column;

	if (may_show(table, guarded, key, nkey))
		detail = conflict_json(table, key, nkey, row, existing, wanted);
	else
	{
		table = fired_for;
		guarded = state->index;
	}
	index_name = get_rel_name(guarded->index_oid);
	column = guarded->info->ii_IndexAttrNumbers[guarded->column];

	ereport(ERROR,
			(errcode(ERRCODE_EXCLUSION_VIOLATION),
			 errmsg("double booking: conflict with an existing row of table \"%s\" by \"%s\"",
					RelationGetRelationName(table), index_name),
			 errdetail_internal("%s", detail),
			 errtableconstraint(table, index_name),
			 column != 0 ?
			 err_generic_string(PG_DIAG_COLUMN_NAME,
								get_attname(guarded->heap_oid, column, false)) :
			 0));
}

/*----------------------------------------------------------
 * The trigger
 *----------------------------------------------------------*/

/* Would the new row hold what the old one does? */
static bool
unchanged(OccupancyIndex *guarded, Datum *old_values, Datum *new_values)
{
	Occupancy	a;
	Occupancy	b;

	if (guarded->nkeys > 1)
		return false;			/* other columns decide, too */
	occupancy_open(occupancy_detoast(old_values[0]), &a);
	occupancy_open(occupancy_detoast(new_values[0]), &b);
	return occupancy_compare(&a, &b) == 0;
}

/*
 * Search one table.  A conflict is reported, or, if it is to be passed over,
 * returned.
 */
static bool
conflict_in(GuardState *state, OccupancyIndex *guarded, Relation table,
			Relation fired_for, Datum *values, ItemPointer self, bool skip)
{
	TupleTableSlot *row = table_slot_create(table, NULL);
	Datum		existing;
	bool		conflict = find_conflict(guarded, state->estate, table, values,
										 self, row, &existing);

	if (conflict && !skip)
		report_conflict(state, fired_for, table, guarded, row, existing,
						values[guarded->column]);
	ExecDropSingleTupleTableSlot(row);
	return conflict;
}

/*
 * Search for the new row, once it has the slot to itself.  The scan keys come
 * from the table's own index; in other partitions they are the same values.
 */
static bool
conflict_of(GuardState *state, Relation table, Datum *values, ItemPointer self,
			bool skip)
{
	bool		conflict = conflict_in(state, state->index, table, table,
									   values, self, skip);

	for (int i = 0; !conflict && i < state->nothers; i++)
	{
		OccupancyIndex *guarded = state->others[i];
		Relation	other = table_open(guarded->heap_oid, AccessShareLock);
		Relation	index = index_open(guarded->index_oid, AccessShareLock);

		conflict = conflict_in(state, guarded, other, table, values, NULL,
							   skip);
		index_close(index, NoLock);
		table_close(other, NoLock);
	}
	return conflict;
}

APPOINTMENT_FUNCTION(occupancy_guard);
Datum
occupancy_guard(PG_FUNCTION_ARGS)
{
	TriggerData *trigger_data = (TriggerData *) fcinfo->context;
	TriggerEvent event;
	GuardState *state;
	TupleTableSlot *old_row = NULL;
	TupleTableSlot *new_row = NULL;
	HeapTuple	result;
	Datum		old_values[INDEX_MAX_KEYS];
	Datum		new_values[INDEX_MAX_KEYS];
	bool		had;
	bool		has;
	bool		skipped = false;
	GuardLocks	set = {NULL, 0, 0};
	Relation	index;
	MemoryContext old_context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("occupancy_guard must be called as a trigger")));
	event = trigger_data->tg_event;
	if (!TRIGGER_FIRED_BEFORE(event) || !TRIGGER_FIRED_FOR_ROW(event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("occupancy_guard must be fired BEFORE, FOR EACH ROW")));

	if (TRIGGER_FIRED_BY_UPDATE(event))
	{
		old_row = trigger_data->tg_trigslot;
		new_row = trigger_data->tg_newslot;
		result = trigger_data->tg_newtuple;
	}
	else if (TRIGGER_FIRED_BY_INSERT(event))
	{
		new_row = trigger_data->tg_trigslot;
		result = trigger_data->tg_trigtuple;
	}
	else
	{
		old_row = trigger_data->tg_trigslot;
		result = trigger_data->tg_trigtuple;
	}

	state = guard_state(fcinfo);
	index = index_open(state->index->index_oid, RowExclusiveLock);
	ResetPerTupleExprContext(state->estate);
	old_context = MemoryContextSwitchTo(GetPerTupleMemoryContext(state->estate));

	had = old_row != NULL &&
		occupancy_index_form(state->index, old_row, state->estate, old_values);
	has = new_row != NULL &&
		occupancy_index_form(state->index, new_row, state->estate, new_values);

	if (!(had && has && unchanged(state->index, old_values, new_values)))
	{
		/*
		 * The locks of what is given up, too: whoever waits for it then waits
		 * for a lock, and holds none that this transaction may still need.
		 */
		if (had)
			add_locks_of(&set, old_values[state->index->column]);
		if (has)
			add_locks_of(&set, new_values[state->index->column]);
		if (old_row != NULL || !has)
			take_locks(&set, state->root);
		else
			has = take_locks_of_new(state, &set, trigger_data->tg_relation,
									new_row);
		skipped = has &&
			conflict_of(state, trigger_data->tg_relation, new_values,
						old_row != NULL ? &old_row->tts_tid : NULL,
						old_row == NULL && state->skip_conflicts);
	}

	MemoryContextSwitchTo(old_context);
	index_close(index, NoLock);
	return PointerGetDatum(skipped ? NULL : result);
}

/*----------------------------------------------------------
 * Locks for several rows at once
 *----------------------------------------------------------*/

APPOINTMENT_FUNCTION(occupancy_lock);
Datum
occupancy_lock(PG_FUNCTION_ARGS)
{
	Oid			index = PG_GETARG_OID(0);
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(1);
	Oid			table = IndexGetRelation(index, true);
	GuardLocks	set = {NULL, 0, 0};
	Datum	   *occupancies;
	bool	   *nulls;
	int			count;

	if (!OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not an index",
						get_rel_name(index) ? get_rel_name(index) : "?")));

	/* whoever may write the table may keep others from it */
	if (pg_class_aclmask(table, GetUserId(),
						 ACL_INSERT | ACL_UPDATE | ACL_DELETE,
						 ACLMASK_ANY) == 0)
		aclcheck_error(ACLCHECK_NO_PRIV,
					   get_relkind_objtype(get_rel_relkind(table)),
					   get_rel_name(table));

	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_INT,
					  &occupancies, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!nulls[i])
			add_locks_of(&set, occupancies[i]);
	}
	take_locks(&set, root_of(table));
	PG_RETURN_VOID();
}
