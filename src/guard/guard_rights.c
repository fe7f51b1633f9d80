/*-------------------------------------------------------------------------
 *
 * guard_rights.c
 *		What the user may learn of other rows, and keep from others.
 *
 * A BEFORE trigger runs before the server has asked the policies of row-level
 * security.  This file knows whether there is anything to ask, by privileges;
 * guard_policies.c asks the policies, and guard_views.c looks for views.
 *
 * Which relation the statement names, the trigger is not told: the partition or
 * one of its ancestors.  What one of these would let pass, the user may do.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "catalog/partition.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "compat.h"
#include "guard/guard_rights.h"

/* The relations that a statement may have named, from the top. */
List *
guard_routes(Oid table)
{
	List	   *result = list_make1_oid(table);

	if (get_rel_relispartition(table))
	{
		ListCell   *cell;

		foreach(cell, get_partition_ancestors(table))
			result = lcons_oid(lfirst_oid(cell), result);
	}
	return result;
}

/* May the user do this to any column? */
bool
guard_has_right(Oid relation, AclMode right)
{
	Oid			user = GetUserId();

	return pg_class_aclcheck(relation, user, right) == ACLCHECK_OK ||
		pg_attribute_aclcheck_all(relation, user, right,
								  ACLMASK_ANY) == ACLCHECK_OK;
}

bool
guard_under_policies(Oid relation)
{
	return check_enable_rls(relation, InvalidOid, true) == RLS_ENABLED;
}

/* Find out what has to be asked for each row. */
void
guard_rights_describe(GuardState *state, Relation table)
{
	bool		writes = false;
	bool		freely = false;
	bool		updates = false;
	bool		updates_freely = false;
	ListCell   *cell;

	foreach(cell, guard_routes(RelationGetRelid(table)))
	{
		Oid			relation = lfirst_oid(cell);
		bool		policies = guard_under_policies(relation);
		bool		may_update = guard_has_right(relation, ACL_UPDATE);

		if (may_update || guard_has_right(relation, ACL_INSERT))
		{
			writes = true;
			freely |= !policies;
		}
		updates |= may_update;
		updates_freely |= may_update && !policies;
	}
	state->has_policies = writes && !freely;
	if (!writes || updates_freely)
		state->row_right = ROW_LOCK_ALLOWED;
	else
		state->row_right = updates ? ROW_LOCK_BY_POLICY : ROW_LOCK_REFUSED;
}

/*
 * May the user see the row in conflict?  As core decides whether it shows the
 * keys: not under row-level security, and not without the privilege to read
 * the columns that the index uses and those that are shown.
 */
bool
guard_may_show(OccupancyIndex *guarded, AttrNumber *key, int nkey)
{
	Oid			user = GetUserId();
	Bitmapset  *used = NULL;
	int			attno = -1;

	if (guard_under_policies(guarded->heap_oid))
		return false;
	if (pg_class_aclcheck(guarded->heap_oid, user, ACL_SELECT) == ACLCHECK_OK)
		return true;

	for (int i = 0; i < nkey; i++)
		used = bms_add_member(used, key[i] - FirstLowInvalidHeapAttributeNumber);
	for (int i = 0; i < guarded->nkeys; i++)
		if (guarded->info->ii_IndexAttrNumbers[i] != 0)
			used = bms_add_member(used,
								  guarded->info->ii_IndexAttrNumbers[i] -
								  FirstLowInvalidHeapAttributeNumber);
	pull_varattnos((Node *) guarded->info->ii_Expressions, 1, &used);
	while ((attno = bms_next_member(used, attno)) >= 0)
	{
		int			column = attno + FirstLowInvalidHeapAttributeNumber;

		if (column <= 0 ||
			pg_attribute_aclcheck(guarded->heap_oid, column, user,
								  ACL_SELECT) != ACLCHECK_OK)
			return false;
	}
	return true;
}
