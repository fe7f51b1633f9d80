/*-------------------------------------------------------------------------
 *
 * row_source.c
 *		Functions that return rows: all at once in FROM, one by one elsewhere.
 *
 * In FROM the rows go straight into the executor's tuplestore.  In a select
 * list they come one by one, and a LIMIT stops them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/tuplestore.h"

#include "server/row_source.h"

static bool
wants_all_rows(FunctionCallInfo fcinfo)
{
	const ReturnSetInfo *info = (const ReturnSetInfo *) fcinfo->resultinfo;

	return info != NULL && IsA(info, ReturnSetInfo) &&
		(info->allowedModes & SFRM_Materialize) != 0 &&
		(info->allowedModes & SFRM_Materialize_Preferred) != 0 &&
		info->expectedDesc != NULL;
}

/*
 * The rows are described by what the executor expects, which it has worked out
 * from the function's declaration: to look that up again at each call takes
 * longer than most calls do.
 */
static Datum
all_rows(FunctionCallInfo fcinfo, const RowSource *source)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	void	   *state = source->begin(fcinfo, false);
	MemoryContext old_context;
	Datum		values[ROW_SOURCE_MAX_COLUMNS];
	bool		nulls[ROW_SOURCE_MAX_COLUMNS] = {0};

	if (info->expectedDesc->natts != source->columns)
		elog(ERROR, "unexpected number of columns");
	old_context = MemoryContextSwitchTo(info->econtext->ecxt_per_query_memory);
	info->setResult =
		tuplestore_begin_heap((info->allowedModes & SFRM_Materialize_Random) != 0,
							  false, work_mem);
	MemoryContextSwitchTo(old_context);
	info->returnMode = SFRM_Materialize;
	info->setDesc = NULL;
	while (state != NULL && source->next(state, values, nulls))
	{
		CHECK_FOR_INTERRUPTS();
		tuplestore_putvalues(info->setResult, info->expectedDesc, values, nulls);
	}
	return (Datum) 0;
}

static Datum
one_row(FunctionCallInfo fcinfo, const RowSource *source)
{
	FuncCallContext *context;
	Datum		values[ROW_SOURCE_MAX_COLUMNS];
	bool		nulls[ROW_SOURCE_MAX_COLUMNS] = {0};

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old_context;
		TupleDesc	descriptor;

		context = SRF_FIRSTCALL_INIT();
		old_context = MemoryContextSwitchTo(context->multi_call_memory_ctx);
		if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		context->tuple_desc = BlessTupleDesc(descriptor);
		context->user_fctx = source->begin(fcinfo, true);
		MemoryContextSwitchTo(old_context);
	}
	context = SRF_PERCALL_SETUP();
	if (context->user_fctx != NULL)
	{
		/* the walk grows as it goes on */
		MemoryContext old_context =
		MemoryContextSwitchTo(context->multi_call_memory_ctx);
		bool		more = source->next(context->user_fctx, values, nulls);

		MemoryContextSwitchTo(old_context);
		if (more)
			SRF_RETURN_NEXT(context,
							HeapTupleGetDatum(heap_form_tuple(context->tuple_desc,
															  values, nulls)));
	}
	SRF_RETURN_DONE(context);
}

Datum
return_rows(FunctionCallInfo fcinfo, const RowSource *source)
{
	return wants_all_rows(fcinfo) ? all_rows(fcinfo, source) :
		one_row(fcinfo, source);
}
