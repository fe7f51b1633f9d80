/*-------------------------------------------------------------------------
 *
 * partition.c
 *		A partition's place among its ancestors, and rows that move between
 *		partitions.
 *
 * An UPDATE that moves a row to another partition is, for triggers, an UPDATE
 * and a DELETE of the partition that the row leaves, and an INSERT into the one
 * that takes it.  Whoever treats an INSERT otherwise than an UPDATE has to know
 * which it is.  His trigger remembers, when the row leaves, where it was; a row
 * that arrives in the same statement is that one if the server has marked the
 * old version as moved.
 *
 * What is remembered belongs to the statement: it lies in the statement's
 * memory and goes with it, whatever ends it.  Statements that a trigger runs
 * meanwhile remember rows of their own.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_inherits.h"
#include "executor/tuptable.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "partition.h"

/*
 * The parent of a partition, or InvalidOid if it has none any more.
 *
 * Core's functions pass over a parent from which the partition is just being
 * detached (DETACH PARTITION CONCURRENTLY), or raise an internal error.
 */
Oid
partition_parent(Oid partition)
{
	Relation	inherits = table_open(InheritsRelationId, AccessShareLock);
	Oid			parent = InvalidOid;
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&keys[0], Anum_pg_inherits_inhrelid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(partition));
	ScanKeyInit(&keys[1], Anum_pg_inherits_inhseqno, BTEqualStrategyNumber,
				F_INT4EQ, Int32GetDatum(1));
	scan = systable_beginscan(inherits, InheritsRelidSeqnoIndexId, true, NULL,
							  2, keys);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		parent = ((Form_pg_inherits) GETSTRUCT(tuple))->inhparent;
	systable_endscan(scan);
	table_close(inherits, AccessShareLock);
	return parent;
}

/*
 * The topmost relation, a table or an index, that a relation is a partition
 * of, or itself.
 *
 * A partition that is being detached concurrently still counts as one: sessions
 * that began before and after agree, and the end of it waits for all of them.
 */
Oid
partition_root(Oid relation)
{
	while (get_rel_relispartition(relation))
	{
		Oid			parent = partition_parent(relation);

		if (!OidIsValid(parent))
			break;
		relation = parent;
	}
	return relation;
}

/*----------------------------------------------------------
 * Rows that move
 *----------------------------------------------------------*/

typedef struct MovingEntry
{
	MovingRow	row;
	MemoryContext statement;
	uint64 owner;
	MemoryContextCallback callback;
	struct MovingEntry *next;
} MovingEntry;

static MovingEntry *moving_rows = NULL;

static void
forget(void *arg)
{
	for (MovingEntry **entry = &moving_rows; *entry != NULL;
		 entry = &(*entry)->next)
	{
		if (*entry == arg)
		{
			*entry = (*entry)->next;
			break;
		}
	}
}

static MovingEntry *
find_entry(MemoryContext statement, uint64 owner)
{
	MovingEntry *entry = moving_rows;

	while (entry != NULL &&
		   (entry->statement != statement || entry->owner != owner))
		entry = entry->next;
	return entry;
}

/*
 * Remember a row that is updated, and may so be leaving its partition, and a
 * copy of a value.  "statement" is the statement's memory context (fn_mcxt of
 * its triggers), "owner" says whose value it is.
 */
void
moving_row_leaves(MemoryContext statement, uint64 owner,
				  Relation partition, ItemPointer tid,
				  const void *value, Size size)
{
	MovingEntry *entry = find_entry(statement, owner);

	if (entry == NULL)
	{
		entry = MemoryContextAllocZero(statement, sizeof(MovingEntry));
		entry->statement = statement;
		entry->owner = owner;
		entry->callback.func = forget;
		entry->callback.arg = entry;
		MemoryContextRegisterResetCallback(statement, &entry->callback);
		entry->next = moving_rows;
		moving_rows = entry;
	}
	entry->row.partition = RelationGetRelid(partition);
	entry->row.tid = *tid;
	if (entry->row.value != NULL)
		pfree(entry->row.value);
	entry->row.value = NULL;
	if (value != NULL)
	{
		entry->row.value = MemoryContextAlloc(statement, size);
		memcpy(entry->row.value, value, size);
	}
}

/* Whether this transaction has moved the row away from where it was. */
static bool
has_left(const MovingRow *row)
{
	Relation	partition = try_relation_open(row->partition, AccessShareLock);
	TupleTableSlot *slot;
	ItemPointerData tid = row->tid;
	bool		left = false;

	if (partition == NULL)
		return false;
	slot = table_slot_create(partition, NULL);
	if (TTS_IS_BUFFERTUPLE(slot) &&
		table_tuple_fetch_row_version(partition, &tid, SnapshotAny, slot))
	{
		HeapTupleHeader header = ExecFetchSlotHeapTuple(slot, false, NULL)->t_data;

		left = HeapTupleHeaderIndicatesMovedPartitions(header) &&
			TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetUpdateXid(header));
	}
	ExecDropSingleTupleTableSlot(slot);
	relation_close(partition, NoLock);
	return left;
}

/*
 * Is the row that is being inserted the one that has just left?  If so, what is
 * remembered of it, which holds until the statement's next row leaves.
 */
MovingRow *
moving_row_arrives(MemoryContext statement, uint64 owner)
{
	MovingEntry *entry = find_entry(statement, owner);

	if (entry == NULL || !ItemPointerIsValid(&entry->row.tid) ||
		!has_left(&entry->row))
		return NULL;
	ItemPointerSetInvalid(&entry->row.tid);
	return &entry->row;
}
