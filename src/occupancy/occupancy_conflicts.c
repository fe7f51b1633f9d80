/*-------------------------------------------------------------------------
 *
 * occupancy_conflicts.c
 *		The pairs that conflict already, in a table or in an array.
 *
 * Every occupancy is entered once for each of its names; sorted by name and
 * start, one sweep meets all pairs that share a name.  It takes memory for all
 * occupancies, outside of any limit, and time for sorting them and for the
 * pairs that are found.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/index.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_inherits.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "occupancy/occupancy.h"
#include "occupancy/occupancy_index.h"

/* An occupancy. */
typedef struct Booking
{
	Oid			table;			/* of its row, a partition perhaps, */
	ItemPointerData tid;		/* and where it is there; or */
	int32		position;		/* its place in the array, from 1 */
	Occupancy	o;
	Datum	   *others;			/* values of the index's other key columns */
} Booking;

/* One name of a booking; or, for whole bookings, its scope. */
typedef struct SweepItem
{
	uint64		key;			/* hash of scope and name */
	TimestampTz starts_at;
	TimestampTz ends_at;
	int64		booking;
} SweepItem;

/* All of them, and where the pairs go. */
typedef struct Sweep
{
	Booking    *bookings;
	int64		count;
	int64		allocated;
	int64		names;			/* of all bookings together */
	bool		has_all;		/* one of them is for every resource */
	OccupancyIndex *index;		/* of the first table; NULL for an array */
	ReturnSetInfo *result;
} Sweep;

/* Items that a sweep has met and that have not ended. */
typedef struct ActiveItems
{
	SweepItem **items;
	int64		count;
	int64		allocated;
} ActiveItems;

/*----------------------------------------------------------
 * Collecting
 *----------------------------------------------------------*/

static void *
allocate(int64 count, Size size)
{
	return MemoryContextAllocHuge(CurrentMemoryContext, Max(count, 1) * size);
}

/*
 * Add a copy of an occupancy, without its scope if that is to be ignored.
 */
static Booking *
add_booking(Sweep *sweep, struct varlena *value, bool ignore_scope)
{
	Booking    *booking;
	Occupancy	o;
	struct varlena *copy;

	occupancy_open(value, &o);
	if (ignore_scope && occupancy_has_scope(&o))
	{
		OccupancyName no_scope = {NULL, 0};
		OccupancyName *names = palloc((o.count + 1) * sizeof(OccupancyName));
		OccupancyNames walk;
		int			count = 0;

		occupancy_names_start(&walk, &o);
		while (occupancy_names_next(&walk, &names[count]))
			count++;
		copy = occupancy_build(o.starts_at, o.ends_at,
							   o.flags & ~OCCUPANCY_SCOPED, no_scope,
							   names, count);
		pfree(names);
	}
	else
	{
		copy = (struct varlena *) palloc(VARSIZE_ANY(value));
		memcpy(copy, value, VARSIZE_ANY(value));
	}

	if (sweep->count == sweep->allocated)
	{
		sweep->allocated = Max(1024, 2 * sweep->allocated);
		sweep->bookings = sweep->bookings == NULL ?
			allocate(sweep->allocated, sizeof(Booking)) :
			repalloc_huge(sweep->bookings, sweep->allocated * sizeof(Booking));
	}
	booking = &sweep->bookings[sweep->count++];
	memset(booking, 0, sizeof(Booking));
	occupancy_open(copy, &booking->o);
	sweep->names += booking->o.count;
	sweep->has_all |= occupancy_is_all(&booking->o);
	return booking;
}

/* The type of an index's key column, as its values are formed. */
static Oid
key_type(OccupancyIndex *index, Relation heap, int column)
{
	ListCell   *cell = list_head(index->info->ii_Expressions);

	for (int i = 0; i < column; i++)
		if (index->info->ii_IndexAttrNumbers[i] == 0)
			cell = lnext(index->info->ii_Expressions, cell);
	if (index->info->ii_IndexAttrNumbers[column] == 0)
		return exprType((Node *) lfirst(cell));
	return TupleDescAttr(RelationGetDescr(heap),
						 index->info->ii_IndexAttrNumbers[column] - 1)->atttypid;
}

static void
collect_rows(Sweep *sweep, Relation heap, OccupancyIndex *index,
			 bool ignore_scope)
{
	EState	   *estate = CreateExecutorState();
	TupleTableSlot *row = table_slot_create(heap, NULL);
	TableScanDesc scan = table_beginscan_compat(heap, GetActiveSnapshot(), 0, NULL);
	int16		lengths[INDEX_MAX_KEYS] = {0};
	bool		by_value[INDEX_MAX_KEYS] = {0};

	for (int i = 0; i < index->nkeys; i++)
		get_typlenbyval(key_type(index, heap, i), &lengths[i], &by_value[i]);

	while (table_scan_getnextslot(scan, ForwardScanDirection, row))
	{
		Datum		values[INDEX_MAX_KEYS];
		Booking    *booking;

		CHECK_FOR_INTERRUPTS();
		ResetPerTupleExprContext(estate);
		if (!occupancy_index_form(index, row, estate, values))
			continue;
		booking = add_booking(sweep, occupancy_detoast(values[index->column]),
							  ignore_scope);
		booking->table = RelationGetRelid(heap);
		booking->tid = row->tts_tid;
		if (index->nkeys > 1)
		{
			booking->others = palloc(index->nkeys * sizeof(Datum));
			for (int i = 0; i < index->nkeys; i++)
				if (i != index->column)
					booking->others[i] = datumCopy(values[i], by_value[i],
												   lengths[i]);
		}
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(row);
	FreeExecutorState(estate);
}

/*----------------------------------------------------------
 * Pairs
 *----------------------------------------------------------*/

static bool
row_is_after(Booking *a, Booking *b)
{
	if (a->table != b->table)
		return a->table > b->table;
	return ItemPointerCompare(&a->tid, &b->tid) > 0;
}

static void
put_pair(Sweep *sweep, Booking *a, Booking *b)
{
	Datum		values[5];
	bool		nulls[5] = {false};
	struct varlena *shared;

	if (sweep->index != NULL)
	{
		if (row_is_after(a, b))
			return put_pair(sweep, b, a);
		for (int i = 0; i < sweep->index->nkeys; i++)
			if (i != sweep->index->column &&
				!DatumGetBool(OidFunctionCall2Coll(sweep->index->procs[i],
												   sweep->index->collations[i],
												   a->others[i], b->others[i])))
				return;
		values[0] = PointerGetDatum(&a->tid);
		values[1] = PointerGetDatum(&b->tid);
		values[3] = ObjectIdGetDatum(a->table);
		values[4] = ObjectIdGetDatum(b->table);
	}
	else
	{
		if (a->position > b->position)
			return put_pair(sweep, b, a);
		values[0] = Int32GetDatum(a->position);
		values[1] = Int32GetDatum(b->position);
	}

	CHECK_FOR_INTERRUPTS();
	shared = occupancy_shared(&a->o, &b->o);
	if (shared == NULL)
		return;					/* only hashes were equal */
	values[2] = PointerGetDatum(shared);
	tuplestore_putvalues(sweep->result->setResult, sweep->result->setDesc,
						 values, nulls);
	pfree(shared);
}

/* The first hash of a name that two occupancies have in common. */
static uint64
first_common_hash(const Occupancy *a, const Occupancy *b)
{
	int			i = 0;
	int			j = 0;

	while (i < a->count && j < b->count)
	{
		uint64		a_hash = occupancy_hash_at(a, i);
		uint64		b_hash = occupancy_hash_at(b, j);

		if (a_hash == b_hash)
			return a_hash;
		if (a_hash < b_hash)
			i++;
		else
			j++;
	}
	return 0;
}

static int
item_cmp(const void *a, const void *b, void *arg)
{
	const SweepItem *x = (const SweepItem *) a;
	const SweepItem *y = (const SweepItem *) b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->starts_at != y->starts_at)
		return x->starts_at < y->starts_at ? -1 : 1;
	return 0;
}

static void
set_item(SweepItem *item, uint64 key, Sweep *sweep, int64 booking)
{
	item->key = key;
	item->starts_at = sweep->bookings[booking].o.starts_at;
	item->ends_at = sweep->bookings[booking].o.ends_at;
	item->booking = booking;
}

/* Forget what has ended, or all of it when the sweep comes to another key. */
static void
retire(ActiveItems *active, const SweepItem *now)
{
	int64		kept = 0;

	for (int64 i = 0; i < active->count; i++)
		if (active->items[i]->key == now->key &&
			active->items[i]->ends_at > now->starts_at)
			active->items[kept++] = active->items[i];
	active->count = kept;
}

static void
activate(ActiveItems *active, SweepItem *item)
{
	if (active->count == active->allocated)
	{
		active->allocated = Max(64, 2 * active->allocated);
		active->items = active->items == NULL ?
			allocate(active->allocated, sizeof(SweepItem *)) :
			repalloc_huge(active->items,
						  active->allocated * sizeof(SweepItem *));
	}
	active->items[active->count++] = item;
}

/*
 * Pairs that share a name.  One that shares several is met several times, and
 * counts when it is met by the first of the hashes.
 */
static void
sweep_names(Sweep *sweep)
{
	SweepItem  *items = allocate(sweep->names, sizeof(SweepItem));
	ActiveItems active = {NULL, 0, 0};
	int64		count = 0;

	for (int64 b = 0; b < sweep->count; b++)
	{
		Occupancy  *o = &sweep->bookings[b].o;

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < o->count; i++)
		{
			uint64		hash = occupancy_hash_at(o, i);

			if (i > 0 && hash == occupancy_hash_at(o, i - 1))
				continue;		/* two names with one hash */
			set_item(&items[count++], hash_combine64(o->scope_hash, hash),
					 sweep, b);
		}
	}
	qsort_interruptible(items, count, sizeof(SweepItem), item_cmp, NULL);

	for (int64 i = 0; i < count; i++)
	{
		Booking    *b = &sweep->bookings[items[i].booking];

		retire(&active, &items[i]);
		for (int64 j = 0; j < active.count; j++)
		{
			Booking    *a = &sweep->bookings[active.items[j]->booking];

			CHECK_FOR_INTERRUPTS();
			if (hash_combine64(a->o.scope_hash,
							   first_common_hash(&a->o, &b->o)) == items[i].key)
				put_pair(sweep, a, b);
		}
		activate(&active, &items[i]);
		CHECK_FOR_INTERRUPTS();
	}
	pfree(items);
}

/*
 * Pairs of which one is for every resource.
 */
static void
sweep_all(Sweep *sweep)
{
	SweepItem  *items = allocate(sweep->count, sizeof(SweepItem));
	ActiveItems all = {NULL, 0, 0};
	ActiveItems some = {NULL, 0, 0};

	for (int64 b = 0; b < sweep->count; b++)
		set_item(&items[b], sweep->bookings[b].o.scope_hash, sweep, b);
	qsort_interruptible(items, sweep->count, sizeof(SweepItem), item_cmp, NULL);

	for (int64 i = 0; i < sweep->count; i++)
	{
		Booking    *b = &sweep->bookings[items[i].booking];
		bool		is_all = occupancy_is_all(&b->o);

		CHECK_FOR_INTERRUPTS();
		retire(&all, &items[i]);
		retire(&some, &items[i]);
		for (int64 j = 0; j < all.count; j++)
			put_pair(sweep, &sweep->bookings[all.items[j]->booking], b);
		for (int64 j = 0; is_all && j < some.count; j++)
			put_pair(sweep, &sweep->bookings[some.items[j]->booking], b);
		activate(is_all ? &all : &some, &items[i]);
	}
	pfree(items);
}

static void
sweep_both(Sweep *sweep)
{
	sweep_names(sweep);
	if (sweep->has_all)
		sweep_all(sweep);
}

/*----------------------------------------------------------
 * Functions
 *----------------------------------------------------------*/

/* Only who may read the table, all of it, learns what is in it. */
static void
require_read(Oid table)
{
	AclResult	acl = pg_class_aclcheck(table, GetUserId(), ACL_SELECT);

	if (acl != ACLCHECK_OK)
		aclcheck_error(acl, get_relkind_objtype(get_rel_relkind(table)),
					   get_rel_name(table));
	if (check_enable_rls(table, InvalidOid, false) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("conflicts of table \"%s\" would be affected by row-level security",
						get_rel_name(table))));
}

/*
 * What an index calls is the choice of its table's owner, and runs as when the
 * index is built: not with the rights of who asks, who may be anybody's
 * superuser, and not with his search_path.  Already reading the index's
 * definition runs some of it (functions of constants), so this comes first.
 * What is raised restores both.
 */
typedef struct OwnersRights
{
	Oid			user;
	int			security;
	int			nest_level;
} OwnersRights;

static void
act_as_owner(OwnersRights *saved, Relation table)
{
	GetUserIdAndSecContext(&saved->user, &saved->security);
	SetUserIdAndSecContext(table->rd_rel->relowner,
						   saved->security | SECURITY_RESTRICTED_OPERATION);
	saved->nest_level = NewGUCNestLevel();
	RestrictSearchPath();
}

static void
act_as_before(const OwnersRights *saved)
{
	AtEOXact_GUC(false, saved->nest_level);
	SetUserIdAndSecContext(saved->user, saved->security);
}

/* Collect what is in a table, or in one partition of the index's table. */
static void
collect_table(Sweep *sweep, Relation table, Oid index_oid, bool ignore_scope)
{
	OwnersRights saved;
	Relation	index;
	OccupancyIndex *described;

	act_as_owner(&saved, table);
	index = index_open(occupancy_index_of(table, index_oid), AccessShareLock);
	described = occupancy_index_describe(table, index);
	if (sweep->index == NULL)
		sweep->index = described;
	collect_rows(sweep, table, described, ignore_scope);
	index_close(index, AccessShareLock);
	act_as_before(&saved);
}

APPOINTMENT_FUNCTION(occupancy_conflicts);
Datum
occupancy_conflicts(PG_FUNCTION_ARGS)
{
	Oid			index_oid = PG_GETARG_OID(0);
	bool		ignore_scope = PG_GETARG_BOOL(1);
	Oid			table_oid = IndexGetRelation(index_oid, true);
	Sweep		sweep = {0};
	OwnersRights saved;
	Relation	table;
	ListCell   *cell;

	if (!OidIsValid(table_oid))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not an index",
						get_rel_name(index_oid) ? get_rel_name(index_oid) : "?")));
	require_read(table_oid);

	/* the index may have gone, or be another's, before its table is locked */
	table = table_open(table_oid, AccessShareLock);
	if (IndexGetRelation(index_oid, true) != table_oid)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("index with OID %u does not exist any more", index_oid)));
	require_read(table_oid);

	InitMaterializedSRF(fcinfo, 0);
	sweep.result = (ReturnSetInfo *) fcinfo->resultinfo;
	if (get_rel_relkind(index_oid) != RELKIND_PARTITIONED_INDEX)
		collect_table(&sweep, table, index_oid, ignore_scope);
	else
	{
		foreach(cell, find_all_inheritors(table_oid, AccessShareLock, NULL))
		{
			Relation	partition;

			if (get_rel_relkind(lfirst_oid(cell)) == RELKIND_PARTITIONED_TABLE)
				continue;
			partition = table_open(lfirst_oid(cell), NoLock);
			collect_table(&sweep, partition, index_oid, ignore_scope);
			table_close(partition, NoLock);
		}
	}

	/* the operators of a constraint are its owner's choice, too */
	act_as_owner(&saved, table);
	sweep_both(&sweep);
	act_as_before(&saved);

	table_close(table, AccessShareLock);
	return (Datum) 0;
}

APPOINTMENT_FUNCTION(occupancy_conflicts_in);
Datum
occupancy_conflicts_in(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	Sweep		sweep = {0};
	Datum	   *elements;
	bool	   *nulls;
	int			count;

	InitMaterializedSRF(fcinfo, 0);
	sweep.result = (ReturnSetInfo *) fcinfo->resultinfo;
	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_INT,
					  &elements, &nulls, &count);
	for (int i = 0; i < count; i++)
		if (!nulls[i])
			add_booking(&sweep, occupancy_detoast(elements[i]),
						PG_GETARG_BOOL(1))->position = i + 1;
	sweep_both(&sweep);
	return (Datum) 0;
}
