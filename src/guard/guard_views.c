/*-------------------------------------------------------------------------
 *
 * guard_views.c
 *		Views by which the user may write into a guard's table.
 *
 * Through a view the server asks the view's owner's rights.  Who has no right
 * to insert into any relation that a statement may have named (guard_rights.c)
 * can only come by a view (or by a function that runs as somebody else, who is
 * the user then), and no policy is asked for him.  Who has rights on both may have come by the view, and is not
 * refused here: otherwise a row that the server accepts would be refused, or
 * not, by what other sessions do.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_rewrite.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "compat.h"
#include "guard/guard_rights.h"
#include "guard/guard_views.h"

/* The relation of a rule, or InvalidOid. */
static Oid
relation_of_rule(Oid rule)
{
	Relation	rules = table_open(RewriteRelationId, AccessShareLock);
	Oid			result = InvalidOid;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_rewrite_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(rule));
	scan = systable_beginscan(rules, RewriteOidIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		result = ((Form_pg_rewrite) GETSTRUCT(tuple))->ev_class;
	systable_endscan(scan);
	table_close(rules, AccessShareLock);
	return result;
}

/*
 * May the user write into the relation through a view that does it with its
 * owner's rights?  The views over it, and over these, are looked at once each.
 */
static bool
writes_by_view(Oid relation, List **seen)
{
	Relation	dependencies = table_open(DependRelationId, AccessShareLock);
	bool		result = false;
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	check_stack_depth();
	ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(RelationRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relation));
	scan = systable_beginscan(dependencies, DependReferenceIndexId, true, NULL,
							  2, keys);
	while (!result && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend dependency = (Form_pg_depend) GETSTRUCT(tuple);
		Relation	view;
		Oid			view_oid;

		if (dependency->classid != RewriteRelationId)
			continue;
		view_oid = relation_of_rule(dependency->objid);
		if (list_member_oid(*seen, view_oid) ||
			get_rel_relkind(view_oid) != RELKIND_VIEW)
			continue;
		*seen = lappend_oid(*seen, view_oid);
		view = try_table_open(view_oid, AccessShareLock);
		if (view == NULL)
			continue;
		result = (!RelationHasSecurityInvoker(view) &&
				  (guard_has_right(view_oid, ACL_INSERT) ||
				   guard_has_right(view_oid, ACL_UPDATE))) ||
			writes_by_view(view_oid, seen);
		table_close(view, NoLock);
	}
	systable_endscan(scan);
	table_close(dependencies, AccessShareLock);
	return result;
}

bool
guard_comes_by_view(Oid table)
{
	List	   *seen = NIL;
	ListCell   *cell;

	foreach(cell, guard_routes(table))
	{
		if (writes_by_view(lfirst_oid(cell), &seen))
			return true;
	}
	return false;
}
