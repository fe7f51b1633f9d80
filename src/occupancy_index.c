/*-------------------------------------------------------------------------
 *
 * occupancy_index.c
 *		An index over occupancies as a definition.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/gist.h"
#include "access/stratnum.h"
#include "catalog/index.h"
#include "catalog/pg_am.h"
#include "executor/executor.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "occupancy.h"
#include "occupancy_index.h"

/*
 * The key column that our operator class indexes, or -1.  The class is known
 * by its function: names and schemas may have been changed.
 */
static int
find_occupancy_column(Relation index)
{
	if (index->rd_rel->relam != GIST_AM_OID)
		return -1;
	for (int i = 0; i < IndexRelationGetNumberOfKeyAttributes(index); i++)
	{
		FmgrInfo   *consistent = index_getprocinfo(index, i + 1,
												   GIST_CONSISTENT_PROC);

		if (consistent->fn_addr == occupancy_gist_consistent)
			return i;
	}
	return -1;
}

/*
 * Describe an index, or raise an error if it cannot tell which rows conflict.
 * The result is in the current memory context and holds no reference to the
 * relations.
 */
OccupancyIndex *
occupancy_index_describe(Relation heap, Relation index)
{
	OccupancyIndex *result = (OccupancyIndex *) palloc0(sizeof(OccupancyIndex));

	result->heap_oid = RelationGetRelid(heap);
	result->index_oid = RelationGetRelid(index);
	result->exclusion = index->rd_index->indisexclusion;
	result->nkeys = IndexRelationGetNumberOfKeyAttributes(index);
	result->column = find_occupancy_column(index);

	if (result->column < 0)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("index \"%s\" is not a GiST index over occupancies",
						RelationGetRelationName(index))));
	if (!index->rd_index->indisvalid)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("index \"%s\" is not valid",
						RelationGetRelationName(index)),
				 errhint("Build it again with REINDEX INDEX CONCURRENTLY.")));
	if (!result->exclusion && result->nkeys > 1)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("index \"%s\" has other key columns than an occupancy",
						RelationGetRelationName(index)),
				 errdetail("Without an exclusion constraint nothing tells how they conflict.")));

	result->info = BuildIndexInfo(index);
	for (int i = 0; i < result->nkeys; i++)
		result->collations[i] = index->rd_indcollation[i];
	if (result->exclusion)
	{
		memcpy(result->procs, result->info->ii_ExclusionProcs,
			   result->nkeys * sizeof(Oid));
		memcpy(result->strategies, result->info->ii_ExclusionStrats,
			   result->nkeys * sizeof(uint16));
	}
	else
	{
		Oid			type = index->rd_opcintype[0];

		result->strategies[0] = RTOverlapStrategyNumber;
		result->procs[0] =
			get_opcode(get_opfamily_member(index->rd_opfamily[0], type, type,
										   RTOverlapStrategyNumber));
	}
	return result;
}

/*
 * Form what the index has for a row.  False if it does not cover the row, or
 * if a null keeps the row out of every conflict.  The values last as long as
 * the executor state's context for a tuple.
 */
bool
occupancy_index_form(OccupancyIndex *index, TupleTableSlot *row,
					 EState *estate, Datum *values)
{
	IndexInfo  *info = index->info;
	ExprContext *econtext = GetPerTupleExprContext(estate);
	bool		isnull[INDEX_MAX_KEYS];

	econtext->ecxt_scantuple = row;
	if (info->ii_Predicate != NIL)
	{
		if (info->ii_PredicateState == NULL)
			info->ii_PredicateState = ExecPrepareQual(info->ii_Predicate,
													  estate);
		if (!ExecQual(info->ii_PredicateState, econtext))
			return false;
	}
	FormIndexDatum(info, row, estate, values, isnull);
	for (int i = 0; i < index->nkeys; i++)
		if (isnull[i])
			return false;
	return true;
}

/* Do two rows conflict, by what was formed of them? */
bool
occupancy_index_conflict(OccupancyIndex *index, Datum *a, Datum *b)
{
	for (int i = 0; i < index->nkeys; i++)
		if (!DatumGetBool(OidFunctionCall2Coll(index->procs[i],
											   index->collations[i],
											   a[i], b[i])))
			return false;
	return true;
}
