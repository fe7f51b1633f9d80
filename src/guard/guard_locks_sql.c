/*-------------------------------------------------------------------------
 *
 * guard_locks_sql.c
 *		The guard's locks for whoever wants them before he writes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/objectaddress.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "compat.h"
#include "guard/guard_locks.h"
#include "guard/guard_locks_sql.h"
#include "guard/guard_of_index.h"
#include "occupancy/occupancy_index.h"
#include "server/distributed_table.h"
#include "server/partition.h"

/*
 * Who may write any row of a table may keep others from doing so; but where
 * row-level security tells whose rows are whose, nobody may keep others from
 * theirs.
 */
static void
require_write(Oid table)
{
	if (pg_class_aclmask(table, GetUserId(),
						 ACL_INSERT | ACL_UPDATE | ACL_DELETE,
						 ACLMASK_ANY) == 0)
		aclcheck_error(ACLCHECK_NO_PRIV,
					   get_relkind_objtype(get_rel_relkind(table)),
					   get_rel_name(table));
	if (check_enable_rls(table, InvalidOid, true) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("locks on table \"%s\" would be affected by row-level security",
						get_rel_name(table)),
				 errhint("Call it in a SECURITY DEFINER function of the table's owner, which looks whose resources they are.")));
}

/*
 * The table of an index over occupancies that the user may write to, or an
 * error.
 */
Oid
guard_writable_table(Oid index)
{
	Oid			table = occupancy_index_table(index);

	require_write(table);
	occupancy_index_check(index);
	return table;
}

APPOINTMENT_FUNCTION(occupancy_lock);
Datum
occupancy_lock(PG_FUNCTION_ARGS)
{
	Oid			index = PG_GETARG_OID(0);
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(1);
	Relation	table = occupancy_index_open_table(index,
												   guard_writable_table(index));
	GuardLocks	set = {NULL, 0, 0};
	Datum	   *occupancies;
	bool	   *nulls;
	int			count;
	Oid			root;
	uint32		identity;

	(void) guard_writable_table(index);
	refuse_distributed_table(RelationGetRelid(table), true);
	root = partition_root(RelationGetRelid(table));
	identity = guard_of_index_identity(table, index);
	/* who is waited for may want the table alone before he ends */
	table_close(table, AccessShareLock);

	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_INT,
					  &occupancies, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!nulls[i])
			guard_locks_add(&set, occupancies[i]);
	}
	(void) guard_locks_take(&set, root, identity, NULL, NULL);
	PG_RETURN_VOID();
}
