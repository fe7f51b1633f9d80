/*-------------------------------------------------------------------------
 *
 * guard_index.c
 *		Which index a guard trigger goes by: the one that it names, or the only
 *		one over occupancies.
 *
 * The index belongs to the table that the trigger was created on, wherever it
 * fires: a partition's trigger is a copy, and the partition's own indexes may
 * have any name.
 *
 * On a shard of Citus, the index has the number of the shard in its name, as the
 * table and the trigger have; the trigger's argument has not
 * (server/shard_name.c).  Where only the table has a number, it may be any: an
 * index that looks alike is not taken for one that is gone.
 *
 * A trigger that names no index goes by the only one that its table has.  If
 * there were two, nobody could know which of them is to be guarded: it is an
 * error.  Indexes that are not valid do not count beside one that is, so that
 * it can be built again concurrently.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/index.h"
#include "catalog/partition.h"
#include "catalog/pg_index.h"
#include "commands/trigger.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "compat.h"
#include "guard/guard_index.h"
#include "guard/guard_locks.h"
#include "occupancy/occupancy_index.h"
#include "server/partition.h"
#include "server/shard_name.h"

/* What there is, where the trigger names no index. */
typedef struct OnlyIndex
{
	Oid			index;			/* the first of those that count */
	int			count;			/* how many of them there are */
	bool		valid;			/* they are */
} OnlyIndex;

/*
 * Does a trigger name its index?  Its first argument does, unless it is an
 * option.
 */
bool
guard_names_index(const Trigger *trigger)
{
	static const char *const options[] = {"on_conflict=", "expires="};

	if (trigger->tgnargs == 0)
		return false;
	for (int i = 0; i < (int) lengthof(options); i++)
		if (strncmp(trigger->tgargs[0], options[i], strlen(options[i])) == 0)
			return false;
	return true;
}

/*----------------------------------------------------------
 * By its name
 *----------------------------------------------------------*/

/* The index of this name on a table. */
static Oid
index_named(Oid table, const char *name)
{
	Oid			index = get_relname_relid(name, get_rel_namespace(table));

	if (OidIsValid(index) && IndexGetRelation(index, true) == table)
		return index;
	return InvalidOid;
}

/* The number of a shard at the end of a table's name, or NULL. */
static const char *
suffix_of_table(Oid table)
{
	const char *name = get_rel_name(table);

	return name == NULL ? NULL : shard_suffix(name);
}

/* Is it a trigger of a shard, of this table? */
static bool
is_on_shard(const Trigger *trigger, Oid table)
{
	const char *suffix = shard_suffix(trigger->tgname);
	const char *of_table = suffix == NULL ? NULL : suffix_of_table(table);

	return of_table != NULL && strcmp(suffix, of_table) == 0;
}

/* The index of this name, or, on a shard, of what the name is there. */
static Oid
index_by_name(Oid table, const char *name, bool on_shard)
{
	Oid			index = index_named(table, name);
	const char *suffix;

	if (OidIsValid(index) || !on_shard)
		return index;
	suffix = suffix_of_table(table);
	name = suffix == NULL ? NULL : name_on_shard(name, suffix);
	return name == NULL ? InvalidOid : index_named(table, name);
}

static Oid
named_index(Relation table, const Trigger *trigger, Oid *top)
{
	const char *name = trigger->tgargs[0];
	bool		on_shard = is_on_shard(trigger, *top);
	Oid			index = index_by_name(*top, name, on_shard);

	if (!OidIsValid(index) && table->rd_rel->relispartition)
	{
		ListCell   *cell;

		/* a partition's own trigger may name the index of an ancestor */
		foreach(cell, get_partition_ancestors(RelationGetRelid(table)))
		{
			*top = lfirst_oid(cell);
			index = index_by_name(*top, name, on_shard);
			if (OidIsValid(index))
				break;
		}
	}
	return index;
}

/*----------------------------------------------------------
 * The only one
 *----------------------------------------------------------*/

/* As get_index_isvalid(), but one that has just been dropped is no error. */
static bool
is_valid(Oid index)
{
	HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
	bool		result;

	if (!HeapTupleIsValid(tuple))
		return false;
	result = ((Form_pg_index) GETSTRUCT(tuple))->indisvalid;
	ReleaseSysCache(tuple);
	return result;
}

/* What an index of a partition is a part of, on the ancestor "top". */
static Oid
index_on_ancestor(Oid index, Oid top)
{
	ListCell   *cell;

	if (get_rel_relispartition(index))
	{
		foreach(cell, get_partition_ancestors(index))
		{
			if (IndexGetRelation(lfirst_oid(cell), true) == top)
				return lfirst_oid(cell);
		}
	}
	return InvalidOid;
}

/*
 * Look for the indexes over occupancies of the table "top", which is the table
 * itself or an ancestor.  An ancestor is not opened, and so not locked after its
 * partition: its indexes are found by their parts.
 */
static void
find_only_index(Relation table, Oid top, OnlyIndex *only)
{
	ListCell   *cell;

	memset(only, 0, sizeof(OnlyIndex));
	foreach(cell, RelationGetIndexList(table))
	{
		Oid			index = lfirst_oid(cell);
		bool		valid;

		if (top != RelationGetRelid(table))
			index = index_on_ancestor(index, top);
		if (!OidIsValid(index) || !occupancy_index_is(index))
			continue;
		valid = is_valid(index);
		if (valid && !only->valid)
			only->count = 0;	/* it replaces those that are not */
		if (valid < only->valid)
			continue;
		if (only->count++ == 0)
			only->index = index;
		only->valid = valid;
	}
}

pg_noreturn static void
refuse_no_only_index(Relation relation, Oid top, const Trigger *trigger,
					 const OnlyIndex *only)
{
	const char *table = get_rel_name(top);

	/* the table may have one that does not cover this partition */
	if (only->count == 0 && top != RelationGetRelid(relation))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("no index or constraint over occupancies of table \"%s\" covers partition \"%s\"",
						table, RelationGetRelationName(relation)),
				 errdetail("Trigger \"%s\" of the table names no index, and so needs exactly one.",
						   trigger->tgname),
				 errhint("Create a GiST index or an exclusion constraint over an occupancy; or attach the partition's own to that of the table, with ALTER INDEX ... ATTACH PARTITION.")));
	if (only->count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("table \"%s\" has no index or constraint over occupancies",
						table),
				 errdetail("Trigger \"%s\" of the table names no index, and so needs exactly one.",
						   trigger->tgname),
				 errhint("Create a GiST index or an exclusion constraint over an occupancy.")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("table \"%s\" has several indexes or constraints over occupancies",
					table),
			 errdetail("Trigger \"%s\" of the table does not say which of them it guards.",
					   trigger->tgname),
			 errhint("Name one in the trigger's arguments: CREATE OR REPLACE TRIGGER ... EXECUTE FUNCTION occupancy_guard('name').")));
}

/*----------------------------------------------------------
 * Either
 *----------------------------------------------------------*/

/*
 * The index that a trigger guards, on the table *top, or InvalidOid.  Where the
 * trigger names none, *only is what there is.
 *
 * While an index is being exchanged, what the caches tell of the old one and of
 * the new one may be of two instants.  So an answer that would be an error is
 * asked for again.
 */
static Oid
find_index(Relation table, const Trigger *trigger, Oid *top, OnlyIndex *only)
{
	*top = trigger_made_on(trigger, RelationGetRelid(table));
	if (guard_names_index(trigger))
		return named_index(table, trigger, top);
	find_only_index(table, *top, only);
	if (only->count != 1 || !only->valid)
	{
		AcceptInvalidationMessages();
		find_only_index(table, *top, only);
	}
	return only->count == 1 ? only->index : InvalidOid;
}

/*
 * The index that a trigger guards, or InvalidOid: that of the table which the
 * trigger was made on.
 */
Oid
guard_index_if_any(Relation table, const Trigger *trigger)
{
	Oid			top;
	OnlyIndex	only;

	return find_index(table, trigger, &top, &only);
}

/*
 * The same, but it is an error if there is none.  *top is its table.
 */
Oid
guard_index(Relation table, const Trigger *trigger, Oid *top)
{
	OnlyIndex	only = {0};
	Oid			index = find_index(table, trigger, top, &only);

	if (OidIsValid(index))
		return index;
	if (!guard_names_index(trigger))
		refuse_no_only_index(table, *top, trigger, &only);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("index or constraint \"%s\" of table \"%s\" does not exist",
					trigger->tgargs[0], RelationGetRelationName(table)),
			 errdetail("Trigger \"%s\" of the table names it.",
					   trigger->tgname),
			 errhint("If it was renamed or replaced, create the trigger again with the new name: CREATE OR REPLACE TRIGGER ... EXECUTE FUNCTION occupancy_guard('new_name').")));
}

/*
 * The name that another guard of the table has for an index, or NULL.  If none
 * finds it, a name by which one did: the index may just have been renamed, by
 * which nobody who is writing is stopped.
 */
static const char *
name_by_other(Relation table, const Trigger *trigger, Oid index)
{
	/* the relation's own may change while the catalogs are read */
	const TriggerDesc *triggers = CopyTriggerDesc(table->trigdesc);
	const char *name = NULL;

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		const Trigger *other = &triggers->triggers[i];

		if (other->tgfoid != trigger->tgfoid || !guard_names_index(other))
			continue;
		if (guard_index_if_any(table, other) == index)
			return other->tgargs[0];
		if (name == NULL)
			name = other->tgargs[0];
	}
	return name;
}

/*
 * What tells the locks of this trigger from those of others of its table that
 * guard another index.  One for INSERT and one for UPDATE may guard the same,
 * by its name and without: they need the same locks.
 */
uint32
guard_trigger_identity(Relation table, const Trigger *trigger, Oid index)
{
	return guard_identity(index, guard_names_index(trigger) ?
						  trigger->tgargs[0] :
						  name_by_other(table, trigger, index));
}
