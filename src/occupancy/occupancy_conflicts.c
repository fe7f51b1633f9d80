/*-------------------------------------------------------------------------
 *
 * occupancy_conflicts.c
 *		What conflicts already, in a table or in an array: its rows, whose rights
 *		are asked, and what is told of a pair.
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
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "occupancy/occupancy.h"
#include "occupancy/occupancy_index.h"
#include "occupancy/occupancy_sweep.h"

/* Where pairs go. */
typedef struct ConflictResult
{
	OccupancyIndex *index;		/* of the first table; NULL for an array */
	ReturnSetInfo *rows;
} ConflictResult;

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

/* Put a row of what the pair is, and what it shares, if more than hashes. */
static void
put_pair(ConflictResult *result, Booking *a, Booking *b, Datum *values)
{
	bool		nulls[5] = {false};
	struct varlena *shared;

	CHECK_FOR_INTERRUPTS();
	shared = occupancy_shared(&a->o, &b->o);
	if (shared == NULL)
		return;					/* only hashes were equal */
	values[2] = PointerGetDatum(shared);
	tuplestore_putvalues(result->rows->setResult, result->rows->setDesc,
						 values, nulls);
	pfree(shared);
}

/* Do two rows conflict by the other columns of the index, too? */
static bool
others_conflict(OccupancyIndex *index, Booking *a, Booking *b)
{
	for (int i = 0; i < index->nkeys; i++)
		if (i != index->column &&
			!DatumGetBool(OidFunctionCall2Coll(index->procs[i],
											   index->collations[i],
											   a->others[i], b->others[i])))
			return false;
	return true;
}

static void
put_rows(Sweep *sweep, Booking *a, Booking *b)
{
	ConflictResult *result = (ConflictResult *) sweep->arg;
	Datum		values[5];

	if (row_is_after(a, b))
		return put_rows(sweep, b, a);
	if (!others_conflict(result->index, a, b))
		return;
	values[0] = PointerGetDatum(&a->tid);
	values[1] = PointerGetDatum(&b->tid);
	values[3] = ObjectIdGetDatum(a->table);
	values[4] = ObjectIdGetDatum(b->table);
	put_pair(result, a, b, values);
}

static void
put_positions(Sweep *sweep, Booking *a, Booking *b)
{
	Datum		values[3];

	if (a->position > b->position)
		return put_positions(sweep, b, a);
	values[0] = Int32GetDatum(a->position);
	values[1] = Int32GetDatum(b->position);
	put_pair((ConflictResult *) sweep->arg, a, b, values);
}

/*----------------------------------------------------------
 * The rows of a table
 *----------------------------------------------------------*/

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
		booking = sweep_add(sweep, occupancy_detoast(values[index->column]),
							ignore_scope);
		booking->table = RelationGetRelid(heap);
		booking->tid = row->tts_tid;
		if (index->nkeys > 1)
		{
			booking->others = palloc_array(Datum, index->nkeys);
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
	ConflictResult *result = (ConflictResult *) sweep->arg;
	OwnersRights saved;
	Relation	index;
	OccupancyIndex *described;

	act_as_owner(&saved, table);
	index = index_open(occupancy_index_of(table, index_oid), AccessShareLock);
	described = occupancy_index_describe(table, index);
	if (result->index == NULL)
		result->index = described;
	collect_rows(sweep, table, described, ignore_scope);
	index_close(index, AccessShareLock);
	act_as_before(&saved);
}

/*----------------------------------------------------------
 * Functions
 *----------------------------------------------------------*/

APPOINTMENT_FUNCTION(occupancy_conflicts);
Datum
occupancy_conflicts(PG_FUNCTION_ARGS)
{
	Oid			index_oid = PG_GETARG_OID(0);
	bool		ignore_scope = PG_GETARG_BOOL(1);
	Oid			table_oid = occupancy_index_table(index_oid);
	ConflictResult result = {NULL, (ReturnSetInfo *) fcinfo->resultinfo};
	Sweep		sweep = {.pair = put_rows, .arg = &result};
	OwnersRights saved;
	Relation	table;
	ListCell   *cell;

	require_read(table_oid);

	/* the index may have gone, or be another's, before its table is locked */
	table = table_open(table_oid, AccessShareLock);
	if (IndexGetRelation(index_oid, true) != table_oid)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("index with OID %u does not exist any more", index_oid)));
	require_read(table_oid);

	InitMaterializedSRF(fcinfo, 0);
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
	sweep_pairs(&sweep);
	act_as_before(&saved);

	table_close(table, AccessShareLock);
	return (Datum) 0;
}

APPOINTMENT_FUNCTION(occupancy_conflicts_in);
Datum
occupancy_conflicts_in(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	ConflictResult result = {NULL, (ReturnSetInfo *) fcinfo->resultinfo};
	Sweep		sweep = {.pair = put_positions, .arg = &result};
	Datum	   *elements;
	bool	   *nulls;
	int			count;

	InitMaterializedSRF(fcinfo, 0);
	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_INT,
					  &elements, &nulls, &count);
	for (int i = 0; i < count; i++)
		if (!nulls[i])
			sweep_add(&sweep, occupancy_detoast(elements[i]),
					  PG_GETARG_BOOL(1))->position = i + 1;
	sweep_pairs(&sweep);
	return (Datum) 0;
}
