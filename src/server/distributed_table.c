/*-------------------------------------------------------------------------
 *
 * distributed_table.c
 *		Tables of which Citus keeps the rows elsewhere.
 *
 * A table that Citus distributes is an empty shell, on the coordinator and on the
 * workers: its rows are in shards.  Queries are rewritten; but who opens the table
 * himself finds no row, and would say that all is well.
 *
 * Citus lists these tables in pg_catalog.pg_dist_partition, where only a superuser
 * can create a table.  Where Citus is not, it costs a look into the cache of
 * names.  Nobody's rights are needed to read it, as for any other catalog.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_am.h"
#include "catalog/pg_index.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "compat.h"
#include "server/distributed_table.h"

#define LIST_OF_TABLES	"pg_dist_partition"
#define TABLE_COLUMN	"logicalrelid"

/* An index to look a table up by, or InvalidOid: many may be listed. */
static Oid
index_by_table(Relation list, AttrNumber column)
{
	Oid			result = InvalidOid;
	ListCell   *cell;

	foreach(cell, RelationGetIndexList(list))
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);

		if (index->rd_rel->relam == BTREE_AM_OID &&
			index->rd_index->indisvalid &&
			index->rd_index->indkey.values[0] == column &&
			index->rd_opcintype[0] == OIDOID &&
			heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL))
			result = lfirst_oid(cell);
		index_close(index, AccessShareLock);
	}
	return result;
}

static bool
list_has(Relation list, AttrNumber column, Oid table)
{
	Oid			index = index_by_table(list, column);
	ScanKeyData key;
	SysScanDesc scan;
	bool		found;

	ScanKeyInit(&key, column, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(table));
	scan = systable_beginscan(list, index, OidIsValid(index), NULL, 1, &key);
	found = HeapTupleIsValid(systable_getnext(scan));
	systable_endscan(scan);
	return found;
}

static bool
is_distributed(Oid table)
{
	Oid			list_oid = get_relname_relid(LIST_OF_TABLES,
											 PG_CATALOG_NAMESPACE);
	AttrNumber	column;
	Oid			type;
	Relation	list;
	bool		found;

	if (!OidIsValid(list_oid) ||
		get_rel_relkind(list_oid) != RELKIND_RELATION)
		return false;
	column = get_attnum(list_oid, TABLE_COLUMN);
	if (column == InvalidAttrNumber)
		return false;
	type = get_atttype(list_oid, column);
	if (type != REGCLASSOID && type != OIDOID)
		return false;
	list = table_open(list_oid, AccessShareLock);
	found = list_has(list, column, table);
	table_close(list, AccessShareLock);
	return found;
}

/*
 * Raise an error if the rows of a table are elsewhere.  Called by functions that
 * read it, or that lock what is in it: to lock in a transaction of its own, as
 * run_command_on_shards() would, is of no use.
 */
void
refuse_distributed_table(Oid table, bool locks)
{
	if (is_distributed(table))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("table \"%s\" is distributed by Citus, and its rows are in shards",
						get_rel_name(table)),
				 locks ?
				 errhint("Name the index of the tenant's shard, in a function that Citus runs on its node: see create_distributed_function().") :
				 errhint("Call the function on the shards: see run_command_on_shards().")));
}
