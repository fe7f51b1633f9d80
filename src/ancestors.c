/*-------------------------------------------------------------------------
 *
 * ancestors.c
 *		The tables that a partition belongs to.
 *
 * While a partition's DETACH ... CONCURRENTLY is pending, which may be for
 * ever, it has relispartition but no ancestors, or only those below the one
 * that it leaves.  So nothing here takes a list of them for not empty.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/partition.h"
#include "catalog/pg_trigger.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "ancestors.h"
#include "compat.h"

/*
 * The topmost table that a table is a partition of, or itself.
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
