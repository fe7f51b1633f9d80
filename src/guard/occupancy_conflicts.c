/*-------------------------------------------------------------------------
 *
 * occupancy_conflicts.c
 *		What conflicts already, in a table or in an array: its rows, whose rights
 *		are asked, and what is told of a pair.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "utils/array.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "guard/guarded_rows.h"
#include "occupancy/occupancy.h"
#include "occupancy/occupancy_sweep.h"
#include "server/owner_rights.h"

/* Where pairs go. */
typedef struct ConflictResult
{
	OccupancyIndex *index;		/* of the first table; NULL for an array */
	ReturnSetInfo *rows;
} ConflictResult;

/* Where rows come from, and where they are kept. */
typedef struct Collection
{
	Sweep	   *sweep;
	ConflictResult *result;
	MemoryContext memory;
	bool		ignore_scope;
} Collection;

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

static void
put_rows(Sweep *sweep, Booking *a, Booking *b)
{
	ConflictResult *result = (ConflictResult *) sweep->arg;
	Datum		values[5];

	if (row_is_after(a, b))
		return put_rows(sweep, b, a);
	if (!occupancy_index_others_conflict(result->index, a->others, b->others))
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

/* A GuardedRow: keep what a row holds. */
static void
collect_row(void *arg, Relation table, OccupancyIndex *index,
			TupleTableSlot *row, Datum *values)
{
	Collection *collection = (Collection *) arg;
	MemoryContext old_context = MemoryContextSwitchTo(collection->memory);
	Booking    *booking;

	booking = sweep_add(collection->sweep,
						occupancy_detoast(values[index->column]),
						collection->ignore_scope);
	booking->table = RelationGetRelid(table);
	booking->tid = row->tts_tid;
	if (index->nkeys > 1)
	{
		booking->others = palloc_array(Datum, index->nkeys);
		for (int i = 0; i < index->nkeys; i++)
		{
			int16		length;
			bool		by_value;

			if (i == index->column)
				continue;
			get_typlenbyval(key_type(index, table, i), &length, &by_value);
			booking->others[i] = datumCopy(values[i], by_value, length);
		}
	}
	if (collection->result->index == NULL)
		collection->result->index = index;
	MemoryContextSwitchTo(old_context);
}

/*----------------------------------------------------------
 * Functions
 *----------------------------------------------------------*/

APPOINTMENT_FUNCTION(occupancy_conflicts);
Datum
occupancy_conflicts(PG_FUNCTION_ARGS)
{
	Oid			index_oid = PG_GETARG_OID(0);
	ConflictResult result = {.rows = (ReturnSetInfo *) fcinfo->resultinfo};
	Sweep		sweep = {.pair = put_rows, .arg = &result};
	Collection	collection = {
		.sweep = &sweep,
		.result = &result,
		.memory = CurrentMemoryContext,
		.ignore_scope = PG_GETARG_BOOL(1)
	};
	Relation	table = guarded_rows_open(index_oid, "conflicts");
	OwnerRights before;

	InitMaterializedSRF(fcinfo, 0);
	guarded_rows_read(table, index_oid, collect_row, &collection);

	/* the operators of a constraint are its owner's choice, too */
	act_as_owner(&before, table);
	sweep_pairs(&sweep);
	act_as_before(&before);

	table_close(table, AccessShareLock);
	return (Datum) 0;
}

APPOINTMENT_FUNCTION(occupancy_conflicts_in);
Datum
occupancy_conflicts_in(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	ConflictResult result = {.rows = (ReturnSetInfo *) fcinfo->resultinfo};
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
