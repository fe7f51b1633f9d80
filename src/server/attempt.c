/*-------------------------------------------------------------------------
 *
 * attempt.c
 *		Something that may fail, and what it failed with.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "compat.h"
#include "server/attempt.h"

/*
 * Call a function in a subtransaction of its own, as PL/pgSQL does for a block
 * with EXCEPTION.  Returns the error that it raised, or NULL; what it has done
 * until then is undone.  A cancel is not for us.  The function runs in the
 * caller's memory context, where its result may lie.
 */
ErrorData *
attempt(void (*function) (void *arg), void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData  *volatile error = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		function(arg);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;

	if (error != NULL && (error->sqlerrcode == ERRCODE_QUERY_CANCELED ||
						  error->sqlerrcode == ERRCODE_ASSERT_FAILURE))
		ReThrowError(error);
	return error;
}
