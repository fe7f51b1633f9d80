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
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "catalog/index.h"
#include "catalog/partition.h"
#include "catalog/pg_am.h"
#include "executor/executor.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "occupancy/occupancy_gist.h"
#include "occupancy/occupancy_index.h"

/*
 * The table of what a user has named as an index.
 */
Oid
occupancy_index_table(Oid index)
{
	Oid			table = IndexGetRelation(index, true);

	if (!OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not an index",
						get_rel_name(index) ? get_rel_name(index) : "?")));
	return table;
}

/*
 * Lock and open the table of an index.  Before it is locked, the index may have
 * gone, or be another table's; and the caller looks at the user's rights again.
 */
Relation
occupancy_index_open_table(Oid index, Oid table)
{
	Relation	result = table_open(table, AccessShareLock);

	if (IndexGetRelation(index, true) != table)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("index with OID %u does not exist any more", index)));
	return result;
}

pg_noreturn static void
refuse_other_index(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("index \"%s\" is not a GiST index over occupancies",
					name)));
}

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
 * Is this operator class ours, by the catalogs?  What has our function there is
 * no class of another access method.
 */
static bool
is_occupancy_class(Oid opclass)
{
	Oid			family;
	Oid			type;
	Oid			consistent;
	FmgrInfo	function;

	if (!get_opclass_opfamily_and_input_type(opclass, &family, &type))
		return false;
	consistent = get_opfamily_proc(family, type, type, GIST_CONSISTENT_PROC);
	if (!OidIsValid(consistent))
		return false;
	fmgr_info(consistent, &function);
	return function.fn_addr == occupancy_gist_consistent;
}

/*
 * Is an index over occupancies?  It goes by the catalogs: the index is not
 * opened, and so not locked.
 */
bool
occupancy_index_is(Oid index)
{
	HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
	int			nkeys = 0;

	if (HeapTupleIsValid(tuple))
	{
		nkeys = ((Form_pg_index) GETSTRUCT(tuple))->indnkeyatts;
		ReleaseSysCache(tuple);
	}
	for (int i = 1; i <= nkeys; i++)
		if (is_occupancy_class(get_index_column_opclass(index, i)))
			return true;
	return false;
}

/* Raise an error if it is not. */
void
occupancy_index_check(Oid index)
{
	if (!occupancy_index_is(index))
		refuse_other_index(get_rel_name(index) ? get_rel_name(index) : "?");
}

/* The part of a partitioned index that belongs to a partition, or InvalidOid. */
static Oid
index_of_partition(Relation partition, Oid index)
{
	List	   *indexes = RelationGetIndexList(partition);
	Oid			result = InvalidOid;
	ListCell   *cell;

	foreach(cell, indexes)
	{
		if (get_rel_relispartition(lfirst_oid(cell)) &&
			list_member_oid(get_partition_ancestors(lfirst_oid(cell)), index))
		{
			result = lfirst_oid(cell);
			break;
		}
	}
	list_free(indexes);
	return result;
}

/*
 * What an index is for a table: itself, or, if it is that of a partitioned
 * table, the part that belongs to the partition "table".  A partition without
 * one is an error: what looks at all rows by the index would pass over its
 * rows.
 */
Oid
occupancy_index_of(Relation table, Oid index)
{
	Oid			result;

	if (get_rel_relkind(index) != RELKIND_PARTITIONED_INDEX)
		return index;
	if (table->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("index \"%s\" does not cover partition \"%s\"",
						get_rel_name(index), RelationGetRelationName(table)),
				 errdetail("The partition is a foreign table, whose rows cannot be searched and locked.")));
	result = index_of_partition(table, index);
	if (!OidIsValid(result))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("index \"%s\" is not valid", get_rel_name(index)),
				 errdetail("No index of partition \"%s\" is attached to it.",
						   RelationGetRelationName(table)),
				 errhint("Create the partition's index with CREATE INDEX CONCURRENTLY, then attach it with ALTER INDEX ... ATTACH PARTITION.")));
	return result;
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
		refuse_other_index(RelationGetRelationName(index));

	/*
	 * REINDEX CONCURRENTLY may have made it valid since it was opened first,
	 * which need not have been said to this session: its lock is not new.
	 */
	if (!index->rd_index->indisvalid)
		AcceptInvalidationMessages();
	if (!index->rd_index->indisvalid)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("index \"%s\" is not valid",
						RelationGetRelationName(index)),
				 errdetail("It is an index of table \"%s\".",
						   RelationGetRelationName(heap)),
				 errhint("Build it again with REINDEX INDEX CONCURRENTLY.")));
	if (!result->exclusion && result->nkeys > 1)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("index \"%s\" has other key columns than an occupancy",
						RelationGetRelationName(index)),
				 errdetail("Without an exclusion constraint it is not known how they conflict.")));

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
 * A copy of a description, whose expressions are prepared for itself.  What they
 * consist of is that of the original.
 */
OccupancyIndex *
occupancy_index_copy(const OccupancyIndex *index)
{
	OccupancyIndex *result = palloc_object(OccupancyIndex);

	*result = *index;
	result->info = palloc_object(IndexInfo);
	*result->info = *index->info;
	return result;
}

/*
 * Prepare an index's expressions in the current memory context, to go with the
 * description.  Otherwise occupancy_index_form() does it in the executor state.
 */
void
occupancy_index_prepare(OccupancyIndex *index)
{
	index->info->ii_PredicateState = ExecInitQual(index->info->ii_Predicate,
												  NULL);
	index->info->ii_ExpressionsState =
		ExecInitExprList(index->info->ii_Expressions, NULL);
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

static bool
column_conflicts(OccupancyIndex *index, int i, Datum *a, Datum *b)
{
	return DatumGetBool(OidFunctionCall2Coll(index->procs[i],
											 index->collations[i],
											 a[i], b[i]));
}

/* Do two rows conflict, by what was formed of them? */
bool
occupancy_index_conflict(OccupancyIndex *index, Datum *a, Datum *b)
{
	for (int i = 0; i < index->nkeys; i++)
		if (!column_conflicts(index, i, a, b))
			return false;
	return true;
}

/* Do they conflict by the other columns than the occupancy? */
bool
occupancy_index_others_conflict(OccupancyIndex *index, Datum *a, Datum *b)
{
	for (int i = 0; i < index->nkeys; i++)
		if (i != index->column && !column_conflicts(index, i, a, b))
			return false;
	return true;
}
