/*-------------------------------------------------------------------------
 *
 * guard_of_index.c
 *		What the guard of an index says, for whoever asks by the index.
 *
 * An index does not tell that holds expire, nor which locks are taken: its table's
 * guard does.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/partition.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "commands/trigger.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "compat.h"
#include "guard/guard.h"
#include "guard/guard_index.h"
#include "guard/guard_locks.h"
#include "guard/guard_of_index.h"
#include "guard/guard_setup.h"

/*
 * Is a trigger's function ours?  Names can be given again: the address decides.
 * What is no C function of this name is not loaded for that.
 */
static bool
is_guard(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	FmgrInfo	info;
	bool		may_be = false;

	if (!HeapTupleIsValid(tuple))
		return false;
	if (((Form_pg_proc) GETSTRUCT(tuple))->prolang == ClanguageId)
	{
		bool		isnull;
		Datum		symbol = SysCacheGetAttr(PROCOID, tuple,
											 Anum_pg_proc_prosrc, &isnull);

		may_be = !isnull &&
			strcmp(TextDatumGetCString(symbol), "occupancy_guard") == 0;
	}
	ReleaseSysCache(tuple);
	if (!may_be)
		return false;
	fmgr_info(function, &info);
	return info.fn_addr == occupancy_guard;
}

/* A copy of the first guard of this index that the table has, or NULL. */
static const Trigger *
find_guard(Relation table, Oid index)
{
	/* the relation's own may change while the catalogs are read */
	const TriggerDesc *triggers = CopyTriggerDesc(table->trigdesc);
	List	   *ancestors = NIL;

	if (get_rel_relispartition(index))
		ancestors = get_partition_ancestors(index);
	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		const Trigger *trigger = &triggers->triggers[i];
		Oid			guarded;

		if (!is_guard(trigger->tgfoid))
			continue;
		guarded = guard_index_if_any(table, trigger);
		if (guarded == index || list_member_oid(ancestors, guarded))
			return trigger;
	}
	return NULL;
}

/*
 * How holds expire.
 */
void
guard_of_index_expires(Relation table, Oid index, GuardExpires *expires)
{
	const Trigger *guard = find_guard(table, index);
	GuardOptions options;

	memset(expires, 0, sizeof(GuardExpires));
	if (guard == NULL)
		return;
	guard_read_options(table, guard, &options);
	*expires = options.expires;
}

/*
 * What the guard's locks are told by from those of others of the table.
 */
uint32
guard_of_index_identity(Relation table, Oid index)
{
	const Trigger *guard = find_guard(table, index);

	return guard == NULL ? guard_identity(index, get_rel_name(index)) :
		guard_trigger_identity(table, guard, index);
}
