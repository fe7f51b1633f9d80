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
 * What is known of argument n; the value only if it is one.
 */
KnownArgument
known_argument(PlannerInfo *root, List *args, int n, Datum *value)
{
	Node	   *node;

	if (n >= list_length(args))
		return ARGUMENT_UNKNOWN;
	node = estimate_expression_value(root, (Node *) list_nth(args, n));
	if (!IsA(node, Const))
		return ARGUMENT_UNKNOWN;
	if (((Const *) node)->constisnull)
		return ARGUMENT_NULL;
	*value = ((Const *) node)->constvalue;
	return ARGUMENT_VALUE;
}
