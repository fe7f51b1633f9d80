/*-------------------------------------------------------------------------
 *
 * guarded_rows.c
 *		The rows of a table, of all its partitions, as an index over
 *		occupancies has them.
 *
 * Only who may read all of the table may ask for them.  What the index runs to
 * form its values runs as the table's owner.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_inherits.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "guard/guard_of_index.h"
#include "guard/guarded_rows.h"
#include "server/distributed_table.h"
#include "server/owner_rights.h"

/* Only who may read the table, all of it, learns what is in it. */
static void
require_read(Oid table, const char *what)
{
	AclResult	acl = pg_class_aclcheck(table, GetUserId(), ACL_SELECT);

	if (acl != ACLCHECK_OK)
		aclcheck_error(acl, get_relkind_objtype(get_rel_relkind(table)),
					   get_rel_name(table));
	if (check_enable_rls(table, InvalidOid, false) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("%s of table \"%s\" would be affected by row-level security",
						what, get_rel_name(table))));
}

/*
 * Lock and open the table of an index.  "what" is what is asked for, in the
 * plural.
 */
Relation
guarded_rows_open(Oid index_oid, const char *what)
{
	Oid			table_oid = occupancy_index_table(index_oid);
	Relation	table;

	require_read(table_oid, what);
	table = occupancy_index_open_table(index_oid, table_oid);
	require_read(table_oid, what);
	refuse_distributed_table(table_oid, false);
	return table;
}

static void
read_table(Relation table, OccupancyIndex *index, GuardedRow take_row,
		   void *arg)
{
	EState	   *estate = CreateExecutorState();
	TupleTableSlot *row = table_slot_create(table, NULL);
	TableScanDesc scan = table_beginscan_compat(table, GetActiveSnapshot(),
												0, NULL);
	TimestampTz now = GetCurrentTimestamp();

	while (table_scan_getnextslot(scan, ForwardScanDirection, row))
	{
		Datum		values[INDEX_MAX_KEYS];

		CHECK_FOR_INTERRUPTS();
		ResetPerTupleExprContext(estate);
		if (occupancy_index_form(index, row, estate, values) &&
			!guard_expired(index, row, now))
			take_row(arg, table, index, row, values);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(row);
	FreeExecutorState(estate);
}

/* Read a table, or one partition of the index's table. */
static void
read_partition(Relation table, Oid index_oid, const GuardExpires *expires,
			   GuardedRow take_row, void *arg)
{
	OwnerRights before;
	Relation	index;
	OccupancyIndex *described;

	act_as_owner(&before, table);
	index = index_open(occupancy_index_of(table, index_oid), AccessShareLock);
	described = occupancy_index_describe(table, index);
	guard_expires_apply(expires, table, described);
	read_table(table, described, take_row, arg);
	index_close(index, AccessShareLock);
	act_as_before(&before);
}

/*
 * Give every row that the index covers to a function.  Rows whose hold has
 * expired are left out.
 */
void
guarded_rows_read(Relation table, Oid index_oid, GuardedRow take_row,
				  void *arg)
{
	GuardExpires expires;
	ListCell   *cell;

	guard_of_index_expires(table, index_oid, &expires);
	if (get_rel_relkind(index_oid) != RELKIND_PARTITIONED_INDEX)
	{
		read_partition(table, index_oid, &expires, take_row, arg);
		return;
	}
	foreach(cell, find_all_inheritors(RelationGetRelid(table),
									  AccessShareLock, NULL))
	{
		Relation	partition;

		if (get_rel_relkind(lfirst_oid(cell)) == RELKIND_PARTITIONED_TABLE)
			continue;
		partition = table_open(lfirst_oid(cell), NoLock);
		read_partition(partition, index_oid, &expires, take_row, arg);
		table_close(partition, NoLock);
	}
}
