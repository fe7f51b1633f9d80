/*-------------------------------------------------------------------------
 *
 * known_argument.c
 *		What the planner knows of a function's arguments, for the functions that
 *		estimate how many rows another one returns.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "optimizer/optimizer.h"

#include "server/known_argument.h"

/*
 * The value of argument n, if it is known and not null.
 */
bool
known_argument(PlannerInfo *root, List *args, int n, Datum *value)
{
	Node	   *node;

	if (n >= list_length(args))
		return false;
	node = estimate_expression_value(root, (Node *) list_nth(args, n));
	if (!IsA(node, Const) || ((Const *) node)->constisnull)
		return false;
	*value = ((Const *) node)->constvalue;
	return true;
}
