/*-------------------------------------------------------------------------
 *
 * aggregate.c
 *		Where the state of an aggregate lives.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "server/aggregate.h"

/*
 * The memory of the aggregate that calls.  Nobody else can: an argument of type
 * internal is nothing that SQL has.
 */
MemoryContext
aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	return context;
}
