/*-------------------------------------------------------------------------
 *
 * guard_of_index.c
 *		What the guard of an index says, for whoever asks by the index.
 *
 * An index does not tell that holds expire: its table's guard does.
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

/*
 * How holds expire, by the first guard of this index that the table has.
 */
void
guard_of_index_expires(Relation table, Oid index, GuardExpires *expires)
{
	/* the relation's own may change while the catalogs are read */
	const TriggerDesc *triggers = CopyTriggerDesc(table->trigdesc);
	List	   *ancestors = NIL;

	memset(expires, 0, sizeof(GuardExpires));
	if (get_rel_relispartition(index))
		ancestors = get_partition_ancestors(index);
	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		const Trigger *trigger = &triggers->triggers[i];
		Oid			guarded;

		if (!is_guard(trigger->tgfoid))
			continue;
		guarded = guard_trigger_index(table, trigger);
		if (guarded == index || list_member_oid(ancestors, guarded))
		{
			GuardOptions options;

			guard_read_options(table, trigger, &options);
			*expires = options.expires;
			return;
		}
	}
}
