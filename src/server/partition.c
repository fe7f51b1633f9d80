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
 * What is remembered belongs to the statement: it is kept by statement_keep(),
 * and statements that a trigger runs meanwhile have their own.
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
#include "catalog/partition.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "executor/tuptable.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "server/partition.h"

/*
 * The parent of a partition, or InvalidOid if it has none any more.
 *
 * Core's functions pass over a parent from which the partition is just being
 * detached (DETACH PARTITION CONCURRENTLY), or raise an internal error.
 */
static Oid
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

/*
 * The topmost table that a table is a partition of for its own session now, or
 * itself.  Core's list of ancestors may be empty, or end below a table from
 * which a partition is being detached.
 */
Oid
topmost_table(Oid table)
{
	List	   *ancestors;
	Oid			topmost = table;

	if (!get_rel_relispartition(table))
		return table;
	ancestors = get_partition_ancestors(table);
	if (ancestors != NIL)
		topmost = llast_oid(ancestors);
	list_free(ancestors);
	return topmost;
}

/* What pg_trigger says of a trigger's table and original. */
static void
look_up_trigger(Relation triggers, Oid trigger, Oid *table, Oid *parent)
{
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_trigger_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(trigger));
	scan = systable_beginscan(triggers, TriggerOidIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	*parent = InvalidOid;
	if (HeapTupleIsValid(tuple))
	{
		*table = ((Form_pg_trigger) GETSTRUCT(tuple))->tgrelid;
		*parent = ((Form_pg_trigger) GETSTRUCT(tuple))->tgparentid;
	}
	systable_endscan(scan);
}

/*
 * The trigger that a partition's copy was made from, or InvalidOid.
 */
Oid
trigger_parent(const Trigger *trigger)
{
	Relation	triggers;
	Oid			table;
	Oid			parent;

	if (!trigger->tgisclone)
		return InvalidOid;
	triggers = table_open(TriggerRelationId, AccessShareLock);
	look_up_trigger(triggers, trigger->tgoid, &table, &parent);
	table_close(triggers, AccessShareLock);
	return parent;
}

/*
 * The table that a trigger was made on: for a partition's copy that is the one
 * with the original, also while the partition is being detached.
 */
Oid
trigger_made_on(const Trigger *trigger, Oid table)
{
	Relation	triggers;
	Oid			next = trigger->tgoid;

	if (!trigger->tgisclone)
		return table;
	triggers = table_open(TriggerRelationId, AccessShareLock);
	while (OidIsValid(next))
		look_up_trigger(triggers, next, &table, &next);
	table_close(triggers, AccessShareLock);
	return table;
}

/* ---------------------------------------------------------------------
 * rows that move
 * ---------------------------------------------------------------------
 */

/*
 * Remember a row that is updated, and may so be leaving its partition.
 */
void
moving_row_leaves(MovingRow *row, Relation partition, ItemPointer tid)
{
	row->partition = RelationGetRelid(partition);
	row->tid = *tid;
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
 * Is the row that is being inserted the one that has just left?  Then it has
 * arrived, and the next one is another.
 */
bool
moving_row_arrives(MovingRow *row)
{
	if (!OidIsValid(row->partition) || !has_left(row))
		return false;
	row->partition = InvalidOid;
	return true;
}
