/*-------------------------------------------------------------------------
 *
 * guard_policies.c
 *		The policies of row-level security, asked as the server would.
 *
 * A BEFORE trigger runs before the server has asked the policies of row-level
 * security whether the new row may be at all.  If the guard went by the rows
 * alone, whoever tried a row that is not for him would learn from the error, or
 * from waiting, whether somebody else's slot is taken.  So it asks the policies
 * itself, before it waits for others or tells of them: as the user, of the row
 * as it is, and with the expressions that the server would take.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tupconvert.h"
#include "executor/executor.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_relation.h"
#include "rewrite/rewriteHandler.h"
#include "rewrite/rewriteManip.h"
#include "rewrite/rowsecurity.h"
#include "tcop/dest.h"
#include "tcop/tcopprot.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "guard/guard_generated.h"
#include "guard/guard_policies.h"
#include "guard/guard_rights.h"
#include "guard/guard_views.h"

/* A policy of a relation, or several together, for a kind of row. */
typedef struct Policy
{
	Node	   *qual;
	char	   *name;			/* or NULL, as in the server's error */
} Policy;

static List *
add_policy(List *policies, Node *qual, char *name)
{
	Policy	   *policy = palloc(sizeof(Policy));

	policy->qual = qual;
	policy->name = name;
	return lappend(policies, policy);
}

/*
 * The policies of a relation: those that a new row has to satisfy, or those of
 * a row that is there and is to be updated.
 */
static List *
policies_of(Relation relation, CmdType command, bool existing)
{
	Query	   *query = makeNode(Query);
	RangeTblEntry *rte = makeNode(RangeTblEntry);
	List	   *quals = NIL;
	List	   *checks = NIL;
	List	   *result = NIL;
	bool		has_policies;
	bool		has_sublinks;
	ListCell   *cell;

	rte->rtekind = RTE_RELATION;
	rte->relid = RelationGetRelid(relation);
	rte->relkind = relation->rd_rel->relkind;
	rte->rellockmode = AccessShareLock;
	query->commandType = command;
	query->resultRelation = 1;
	query->rtable = list_make1(rte);
	set_required_perms(query, rte,
					   command == CMD_INSERT ? ACL_INSERT :
					   existing ? ACL_UPDATE | ACL_SELECT : ACL_UPDATE);
	get_row_security_policies(query, rte, 1, &quals, &checks, &has_policies,
							  &has_sublinks);
	if (existing)
	{
		foreach(cell, quals)
			result = add_policy(result, (Node *) lfirst(cell), NULL);
		return result;
	}
	foreach(cell, checks)
	{
		WithCheckOption *check = lfirst_node(WithCheckOption, cell);

		if (check->kind == WCO_RLS_INSERT_CHECK ||
			check->kind == WCO_RLS_UPDATE_CHECK)
			result = add_policy(result, check->qual, check->polname);
	}
	return result;
}

/*
 * Does a policy look at a system column of the row?  Of what the policy has of
 * other tables it is told apart by its level.
 */
static bool
uses_system_column_walker(Node *node, void *context)
{
	int		   *level = (int *) context;

	if (node == NULL)
		return false;
	if (IsA(node, Var))
		return ((Var *) node)->varattno < 0 &&
			(int) ((Var *) node)->varlevelsup == *level;
	if (IsA(node, Query))
	{
		bool		result;

		(*level)++;
		result = query_tree_walker((Query *) node,
								   TREE_WALKER(uses_system_column_walker),
								   level, 0);
		(*level)--;
		return result;
	}
	return expression_tree_walker(node, TREE_WALKER(uses_system_column_walker),
								  level);
}

static bool
uses_system_column(Node *qual)
{
	int			level = 0;

	return uses_system_column_walker(qual, &level);
}

/* SELECT policy, ... FROM the row of a relation */
static Query *
policies_query(Relation relation, List *policies, Datum row)
{
	TupleDesc	columns = RelationGetDescr(relation);
	Query	   *query = makeNode(Query);
	RangeTblEntry *rte = makeNode(RangeTblEntry);
	RangeTblFunction *function = makeNode(RangeTblFunction);
	RangeTblRef *reference = makeNode(RangeTblRef);
	List	   *names = NIL;
	ListCell   *cell;

	for (int i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(columns, i);

		names = lappend(names, makeString(column->attisdropped ? pstrdup("") :
										  pstrdup(NameStr(column->attname))));
	}
	function->funcexpr = (Node *) makeConst(relation->rd_rel->reltype, -1,
											InvalidOid, -1, row, false, false);
	function->funccolcount = columns->natts;
	rte->rtekind = RTE_FUNCTION;
	rte->functions = list_make1(function);
	rte->eref = makeAlias(RelationGetRelationName(relation), names);
	rte->inFromCl = true;
	reference->rtindex = 1;

	query->commandType = CMD_SELECT;
	query->querySource = QSRC_ORIGINAL;
	query->canSetTag = true;
	query->stmt_location = -1;
	query->rtable = list_make1(rte);
	query->jointree = makeFromExpr(list_make1(reference), NULL);
	foreach(cell, policies)
	{
		/* theirs are the relation's columns, under the same numbers */
		Node	   *qual = copyObject(((Policy *) lfirst(cell))->qual);

		query->hasSubLinks |= checkExprHasSubLink(qual);
		query->targetList =
			lappend(query->targetList,
					makeTargetEntry((Expr *) qual,
									list_length(query->targetList) + 1,
									psprintf("policy %d", list_length(query->targetList) + 1),
									false));
	}
	return query;
}

/*
 * Do the policies of a relation accept a row?  They are the user's to run, as
 * in his own statement, and a statement of his own is how they are asked: only
 * so are the tables in them looked at with his rights.  (It is no text: to read
 * names he would need rights on their schemas, which a policy does not ask for.)
 * Otherwise *refused gets the name of the first that does not, or NULL.
 */
static bool
policies_accept(Relation relation, CmdType command, bool existing,
				Datum row, char **refused)
{
	List	   *policies = NIL;
	const char *source = "policies of row-level security";
	MemoryContext caller = CurrentMemoryContext;
	Query	   *query;
	QueryDesc  *description;
	TupleTableSlot *result;
	bool		accepted = true;
	ListCell   *cell;

	*refused = NULL;
	foreach(cell, policies_of(relation, command, existing))
	{
		Policy	   *policy = (Policy *) lfirst(cell);
		Node	   *qual = expand_virtual_columns(policy->qual, relation, 1);

		/*
		 * A row that is not stored yet has no system columns: such a policy
		 * is not asked.  Nor is a row locked by it.
		 */
		if (!uses_system_column(qual))
			policies = add_policy(policies, qual, policy->name);
		else if (existing)
			return false;
	}
	if (policies == NIL)
		return true;

	query = policies_query(relation, policies, row);
	AcquireRewriteLocks(query, true, false);
	query = linitial_node(Query, QueryRewrite(query));
	description = CreateQueryDesc(pg_plan_query_compat(query, source, 0, NULL),
								  source, GetActiveSnapshot(), InvalidSnapshot,
								  None_Receiver, NULL, NULL, 0);
	ExecutorStart(description, 0);
	MemoryContextSwitchTo(description->estate->es_query_cxt);
	result = ExecProcNode(description->planstate);
	foreach(cell, policies)
	{
		Policy	   *policy = (Policy *) lfirst(cell);
		bool		isnull;
		Datum		value = slot_getattr(result,
										 foreach_current_index(cell) + 1,
										 &isnull);

		if (isnull || !DatumGetBool(value))
		{
			accepted = false;
			if (policy->name != NULL)
				*refused = MemoryContextStrdup(caller, policy->name);
			break;
		}
	}
	MemoryContextSwitchTo(caller);
	ExecutorFinish(description);
	ExecutorEnd(description);
	FreeQueryDesc(description);
	return accepted;
}

/* What refused a row: the first relation of the user's, and its policy. */
typedef struct Refusal
{
	char	   *relation;
	char	   *policy;
} Refusal;

/*
 * Do the policies of any relation that the statement may have named accept a
 * row of the table?  So they do if the user may write none of them.
 */
static bool
any_route_accepts(Relation table, CmdType command, bool existing,
				  TupleTableSlot *slot, Refusal *refusal)
{
	AclMode		right = command == CMD_INSERT ? ACL_INSERT : ACL_UPDATE;
	HeapTuple	tuple = ExecCopySlotHeapTuple(slot);
	bool		accepted = false;
	ListCell   *cell;

	memset(refusal, 0, sizeof(*refusal));
	foreach(cell, guard_routes(RelationGetRelid(table)))
	{
		Relation	relation;
		TupleConversionMap *map;
		HeapTuple	row = tuple;
		char	   *policy = NULL;

		if (!guard_has_right(lfirst_oid(cell), right))
			continue;
		relation = table_open(lfirst_oid(cell), AccessShareLock);
		map = convert_tuples_by_name(RelationGetDescr(table),
									 RelationGetDescr(relation));
		if (map != NULL)
			row = execute_attr_map_tuple(tuple, map);
		accepted = !guard_under_policies(RelationGetRelid(relation)) ||
			policies_accept(relation, command, existing,
							heap_copy_tuple_as_datum(row,
													 RelationGetDescr(relation)),
							&policy);
		if (refusal->relation == NULL)
		{
			refusal->relation = pstrdup(RelationGetRelationName(relation));
			refusal->policy = policy;
		}
		table_close(relation, NoLock);
		if (accepted)
			break;
	}
	return accepted || refusal->relation == NULL;
}

/*
 * Raise the server's error, to the letter, if row-level security does not allow
 * the new row.
 * Called before the guard waits for another transaction because of it, or tells
 * what is in its way.
 */
void
guard_check_policies(GuardRow *row)
{
	GuardState *state = row->state;
	Refusal		refusal;

	if (!state->has_policies || row->policies_checked)
		return;
	row->policies_checked = true;
	if (any_route_accepts(row->table, row->inserted ? CMD_INSERT : CMD_UPDATE,
						  false,
						  guard_complete_row(state, row->table, row->new_row),
						  &refusal) ||
		guard_comes_by_view(state->guard->table))
		return;
	if (refusal.policy != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("new row violates row-level security policy \"%s\" for table \"%s\"",
						refusal.policy, refusal.relation)));
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("new row violates row-level security policy for table \"%s\"",
					refusal.relation)));
}

/*
 * May the user keep others from a row that is there, as an update of his own
 * would?  An upsert does; ON CONFLICT DO NOTHING and a plain INSERT do not, and
 * the trigger is not told which it is.
 */
bool
guard_may_lock(GuardState *state, Relation table, TupleTableSlot *existing)
{
	Refusal		refusal;

	if (state->row_right == ROW_LOCK_UNKNOWN)
		guard_rights_describe(state, table);
	switch (state->row_right)
	{
		case ROW_LOCK_UNKNOWN:
			Assert(false);
			break;
		case ROW_LOCK_ALLOWED:
			return true;
		case ROW_LOCK_REFUSED:
			return false;
		case ROW_LOCK_BY_POLICY:
			break;
	}
	return any_route_accepts(table, CMD_UPDATE, true, existing, &refusal);
}
