/*-------------------------------------------------------------------------
 *
 * guard_generated.c
 *		The new row with its generated columns.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/executor.h"
#include "rewrite/rewriteHandler.h"
#include "utils/rel.h"

#include "compat.h"
#include "guard/guard_generated.h"

/* Prepare the expressions of a table's generated columns. */
static void
describe_generated(GuardState *state, Relation table)
{
	TupleDesc	columns = RelationGetDescr(table);
	MemoryContext old_context = MemoryContextSwitchTo(state->estate->es_query_cxt);

	if (columns->constr != NULL && columns->constr->has_generated_stored)
	{
		state->generated = palloc0_array(ExprState *, columns->natts);
		for (int i = 0; i < columns->natts; i++)
			if (TupleDescAttr(columns, i)->attgenerated == ATTRIBUTE_GENERATED_STORED)
				state->generated[i] =
					ExecPrepareExpr((Expr *) build_column_default(table, i + 1),
									state->estate);
		state->complete = MakeSingleTupleTableSlot(CreateTupleDescCopy(columns),
												   &TTSOpsVirtual);
	}
	state->generated_described = true;
	MemoryContextSwitchTo(old_context);
}

/*
 * The new row with its generated columns, which a unique key or a policy may
 * have, and which have no value yet when a BEFORE trigger runs.
 */
TupleTableSlot *
guard_complete_row(GuardState *state, Relation table, TupleTableSlot *new_row)
{
	ExprContext *econtext = GetPerTupleExprContext(state->estate);
	TupleTableSlot *row;

	if (!state->generated_described)
		describe_generated(state, table);
	if (state->generated == NULL)
		return new_row;
	row = state->complete;
	ExecCopySlot(row, new_row);
	econtext->ecxt_scantuple = new_row;
	for (int i = 0; i < row->tts_tupleDescriptor->natts; i++)
		if (state->generated[i] != NULL)
			row->tts_values[i] =
				ExecEvalExprSwitchContext(state->generated[i], econtext,
										  &row->tts_isnull[i]);
	return row;
}
