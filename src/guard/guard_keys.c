/*-------------------------------------------------------------------------
 *
 * guard_keys.c
 *		Is there a row with a unique key of the row to be inserted?
 *
 * Then the insertion is an error of the unique index, or the business of ON
 * CONFLICT, which a BEFORE trigger cannot see.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/sysattr.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/pg_am.h"
#include "executor/executor.h"
#include "optimizer/optimizer.h"
#include "rewrite/rewriteHandler.h"
#include "utils/datum.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "guard/guard_generated.h"
#include "guard/guard_keys.h"
#include "guard/guard_search.h"

/* A unique key, by which ON CONFLICT may find a row. */
typedef struct UniqueKey
{
	Oid			index_oid;
	IndexInfo  *info;			/* with the operators of the key */
	ExprState  *predicate;
} UniqueKey;

/* Find the unique keys of a table. */
static void
describe_keys(GuardDescription *guard, Relation table)
{
	MemoryContext old_context = MemoryContextSwitchTo(guard->context);
	List	   *indexes = RelationGetIndexList(table);
	List	   *keys = NIL;
	ListCell   *cell;

	foreach(cell, indexes)
	{
		Relation	index = index_open(lfirst_oid(cell), RowExclusiveLock);

		if (index->rd_index->indisunique && index->rd_index->indimmediate &&
			index->rd_index->indisvalid && !index->rd_index->indisexclusion &&
			index->rd_rel->relam == BTREE_AM_OID)
		{
			UniqueKey  *key = palloc0_object(UniqueKey);

			key->index_oid = RelationGetRelid(index);
			key->info = BuildIndexInfo(index);
			BuildSpeculativeIndexInfo(index, key->info);
			keys = lappend(keys, key);
		}
		index_close(index, NoLock);
	}
	list_free(indexes);
	guard->keys = keys;
	guard->keys_described = true;
	MemoryContextSwitchTo(old_context);
}

/* Give the keys states for the statement, where they need any. */
static void
prepare_keys(GuardState *state)
{
	MemoryContext old_context = MemoryContextSwitchTo(state->statement);
	ListCell   *cell;

	foreach(cell, state->guard->keys)
	{
		UniqueKey  *key = (UniqueKey *) lfirst(cell);

		if (key->info->ii_Expressions != NIL || key->info->ii_Predicate != NIL)
		{
			UniqueKey  *described = key;

			key = palloc_object(UniqueKey);
			key->index_oid = described->index_oid;
			key->info = palloc_object(IndexInfo);
			*key->info = *described->info;
			key->predicate = ExecPrepareQual(key->info->ii_Predicate,
											 state->estate);
		}
		state->keys = lappend(state->keys, key);
	}
	state->keys_prepared = true;
	MemoryContextSwitchTo(old_context);
}

/* Does the table have a key that ON CONFLICT may find a row by? */
bool
guard_has_keys(GuardState *state, Relation table)
{
	if (!state->guard->keys_described)
		describe_keys(state->guard, table);
	if (!state->keys_prepared)
		prepare_keys(state);
	return state->keys != NIL;
}

/* Is there a row with this key of the row to be inserted? */
static GuardKeyResult
find_key(GuardState *state, UniqueKey *key, Relation table, Relation index,
		 TupleTableSlot *inserted, GuardKeyMode mode, TupleTableSlot *found)
{
	ExprContext *econtext = GetPerTupleExprContext(state->estate);
	Datum		values[INDEX_MAX_KEYS];
	bool		isnull[INDEX_MAX_KEYS];
	SnapshotData dirty;
	GuardSearch search = {
		.table = table,
		.index = index,
		.nkeys = key->info->ii_NumIndexKeyAttrs,
		.in_flight = mode == KEY_SEE ? IN_FLIGHT_COUNTS : IN_FLIGHT_WAIT
	};

	econtext->ecxt_scantuple = inserted;
	if (!ExecQual(key->predicate, econtext))
		return KEY_IS_NEW;
	FormIndexDatum(key->info, inserted, state->estate, values, isnull);

	for (int i = 0; i < search.nkeys; i++)
	{
		if (isnull[i] && !key->info->ii_NullsNotDistinct)
			return KEY_IS_NEW;
		ScanKeyEntryInitialize(&search.keys[i],
							   isnull[i] ? SK_ISNULL | SK_SEARCHNULL : 0,
							   i + 1, key->info->ii_UniqueStrats[i], InvalidOid,
							   index->rd_indcollation[i],
							   key->info->ii_UniqueProcs[i], values[i]);
	}

	InitDirtySnapshot(dirty);
	for (;;)
	{
		ItemPointerData tid;
		TM_FailureData failure;
		TM_Result	result;

		switch (guard_search(&search, found))
		{
			case GUARD_FREE:
				return KEY_IS_NEW;
			case GUARD_WAIT:
				guard_wait(&search.writer, state->has_policies);
				continue;
			case GUARD_CONFLICT:
				break;
		}
		if (mode == KEY_SEE)
			return KEY_IS_THERE;

		/*
		 * A key share lock would not do: it leaves free what a partial index
		 * or an expression makes a key of, and two who hold one deadlock when
		 * their upserts set the key.
		 */
		tid = found->tts_tid;
		result = table_tuple_lock(table, &tid, &dirty, found,
								  GetCurrentCommandId(true),
								  LockTupleNoKeyExclusive,
								  mode == KEY_TRY ? LockWaitSkip : LockWaitBlock,
								  0, &failure);
		/* TM_Invisible: this very statement has inserted it */
		if (result == TM_Ok || result == TM_Invisible)
			return KEY_IS_KEPT;
		if (result == TM_WouldBlock)
			return KEY_IS_BUSY;
	}
}

/*
 * Is there a row with a unique key of the row to be inserted?  If it is locked,
 * the insertion cannot take place.  *found is the row.
 */
GuardKeyResult
guard_find_same_key(GuardState *state, Relation table, TupleTableSlot *new_row,
					GuardKeyMode mode, TupleTableSlot *found)
{
	ListCell   *cell;

	if (!guard_has_keys(state, table))
		return KEY_IS_NEW;

	new_row = guard_complete_row(state, table, new_row);
	foreach(cell, state->keys)
	{
		UniqueKey  *key = (UniqueKey *) lfirst(cell);
		Relation	index = index_open(key->index_oid, RowExclusiveLock);
		GuardKeyResult result = find_key(state, key, table, index, new_row,
										 mode, found);

		index_close(index, NoLock);
		if (result != KEY_IS_NEW)
			return result;
	}
	return KEY_IS_NEW;
}

/*
 * Add the columns of an index if it is a unique key.  One of plain columns, as
 * most are, need not be opened for that.
 */
static Bitmapset *
add_key_columns(Bitmapset *columns, Oid index_oid)
{
	HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index_oid));
	Form_pg_index form;

	if (!HeapTupleIsValid(tuple))
		return columns;
	form = (Form_pg_index) GETSTRUCT(tuple);
	if (form->indisunique && form->indimmediate)
	{
		for (int i = 0; i < form->indnkeyatts; i++)
			if (form->indkey.values[i] != 0)
				columns = bms_add_member(columns, form->indkey.values[i] -
										 FirstLowInvalidHeapAttributeNumber);
		if (!heap_attisnull(tuple, Anum_pg_index_indexprs, NULL) ||
			!heap_attisnull(tuple, Anum_pg_index_indpred, NULL))
		{
			Relation	index = index_open(index_oid, RowExclusiveLock);

			pull_varattnos((Node *) RelationGetIndexExpressions(index), 1,
						   &columns);
			pull_varattnos((Node *) RelationGetIndexPredicate(index), 1,
						   &columns);
			index_close(index, NoLock);
		}
	}
	ReleaseSysCache(tuple);
	return columns;
}

/* The columns of unique keys, and what these make of columns; 0 is a whole row */
static Bitmapset *
key_columns_of(Relation table)
{
	List	   *indexes = RelationGetIndexList(table);
	TupleDesc	columns = RelationGetDescr(table);
	Bitmapset  *result = NULL;
	ListCell   *cell;
	int			member = -1;

	foreach(cell, indexes)
		result = add_key_columns(result, lfirst_oid(cell));
	list_free(indexes);

	/* a generated column has no value yet: what it is generated from counts */
	while ((member = bms_next_member(result, member)) >= 0)
	{
		AttrNumber	column = member + FirstLowInvalidHeapAttributeNumber;

		if (column > 0 &&
			TupleDescAttr(columns, column - 1)->attgenerated != '\0')
			pull_varattnos(build_column_default(table, column), 1, &result);
	}
	return result;
}

/*
 * May an update change a unique key?  It does if it changes any column of one,
 * or a column that one is made from.
 */
bool
guard_keys_change(GuardState *state, Relation table, TupleTableSlot *old_row,
				  TupleTableSlot *new_row)
{
	GuardDescription *guard = state->guard;
	TupleDesc	columns = RelationGetDescr(table);
	bool		all;

	if (!guard->key_columns_known)
	{
		MemoryContext old_context = MemoryContextSwitchTo(guard->context);

		guard->key_columns = key_columns_of(table);
		guard->key_columns_known = true;
		MemoryContextSwitchTo(old_context);
	}
	if (guard->key_columns == NULL)
		return false;
	all = bms_is_member(0 - FirstLowInvalidHeapAttributeNumber,
						guard->key_columns);
	for (int i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(columns, i);
		bool		old_null;
		bool		new_null;
		Datum		old_value;
		Datum		new_value;

		if (attribute->attisdropped || attribute->attgenerated != '\0' ||
			!(all ||
			  bms_is_member(i + 1 - FirstLowInvalidHeapAttributeNumber,
							guard->key_columns)))
			continue;
		old_value = slot_getattr(old_row, i + 1, &old_null);
		new_value = slot_getattr(new_row, i + 1, &new_null);
		if (old_null != new_null ||
			(!old_null &&
			 !datum_image_eq(old_value, new_value, attribute->attbyval,
							 attribute->attlen)))
			return true;
	}
	return false;
}
