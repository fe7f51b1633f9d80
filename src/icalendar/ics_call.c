/*-------------------------------------------------------------------------
 *
 * ics_call.c
 *		The arguments of the SQL functions that write iCalendar.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "compat.h"
#include "icalendar/ics_call.h"

/*
 * The options of a call, kept from one call to the next.  They are a constant
 * as good as always, but that is checked each time.
 */
typedef struct CachedOptions
{
	IcsOptions	options;
	MemoryContext context;		/* of what follows */
	bool		valid;
	Jsonb	   *argument;		/* or NULL */
} CachedOptions;

static inline bool
same_argument(const Jsonb *a, const Jsonb *b)
{
	return a == b ||
		(a != NULL && b != NULL && VARSIZE(a) == VARSIZE(b) &&
		 memcmp(a, b, VARSIZE(a)) == 0);
}

/*
 * The options that a function was called with.  An argument that is missing or
 * null is no options.
 */
const IcsOptions *
ics_options_argument(FunctionCallInfo fcinfo, int arg)
{
	CachedOptions *cached = fcinfo->flinfo->fn_extra;
	Jsonb	   *argument = NULL;
	MemoryContext old_context;

	if (PG_NARGS() > arg && !PG_ARGISNULL(arg))
		argument = PG_GETARG_JSONB_P(arg);
	if (likely(cached != NULL && cached->valid &&
			   same_argument(cached->argument, argument)))
		return &cached->options;

	if (cached == NULL)
	{
		cached = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
										sizeof(CachedOptions));
		cached->context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt,
												"appointment calendar options",
												ALLOCSET_SMALL_SIZES);
		fcinfo->flinfo->fn_extra = cached;
	}
	cached->valid = false;		/* what follows may raise an error */
	MemoryContextReset(cached->context);
	old_context = MemoryContextSwitchTo(cached->context);
	ics_options_begin(&cached->options);
	cached->argument = NULL;
	if (argument != NULL)
	{
		ics_options_parse(&cached->options, argument);
		cached->argument = palloc(VARSIZE(argument));
		memcpy(cached->argument, argument, VARSIZE(argument));
	}
	MemoryContextSwitchTo(old_context);
	cached->valid = true;
	return &cached->options;
}

/*
 * The method that an argument names, in any case.
 */
IcsMethod
ics_method_argument(const text *method)
{
	const char *name = VARDATA_ANY(method);
	size_t		len = VARSIZE_ANY_EXHDR(method);

	if (word_is_ignoring_case("PUBLISH", name, len))
		return ICS_PUBLISH;
	if (word_is_ignoring_case("REQUEST", name, len))
		return ICS_REQUEST;
	if (word_is_ignoring_case("CANCEL", name, len))
		return ICS_CANCEL;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown method%s", quoted_name(name, len, "")),
			 errhint("The methods are: PUBLISH, REQUEST, CANCEL.")));
	return ICS_PUBLISH;			/* keep compiler quiet */
}

/*
 * Make sure that an appointment has a place in a calendar.
 */
void
ics_check_start(const IcsEvent *event)
{
	if (!event->has_start)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("appointment has no start"),
				 errhint("An event of a calendar needs one.")));
}
