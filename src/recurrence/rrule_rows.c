/*-------------------------------------------------------------------------
 *
 * rrule_rows.c
 *		How many rows rrule_occurrences returns, for the planner.
 *
 * A rule that is known when the query is planned is walked over for a while, in
 * UTC; what comes after that is as dense.  One that is not known is taken as
 * daily, in a short window.  A window that is not known gives no answer: the
 * planner has its default then.  Other arguments that are not known are taken as
 * not given.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"

#include "base/instant.h"
#include "base/instant_range.h"
#include "compat.h"
#include "recurrence/rrule_io.h"
#include "recurrence/rrule_walk.h"
#include "server/known_argument.h"

/* So many occurrences are looked at. */
#define WALKED_OCCURRENCES	500

/* A longer window says nothing of a rule that is not known. */
#define MAX_DAILY_WINDOW	(1000 * USECS_PER_DAY)

/*
 * How many occurrences a rule has in a window.
 */
static double
estimate_occurrences(const RRule *rule, Timestamp starts_at, Timestamp from,
					 Timestamp to)
{
	RRuleWalk	walk;
	Timestamp	local;
	Timestamp	first = 0;
	Timestamp	last = 0;
	int			seen = 0;
	int			within = 0;
	double		distance;
	double		end;

	rrule_walk_begin(&walk, rule, starts_at, from);
	while (seen < WALKED_OCCURRENCES && rrule_walk_next(&walk, &local))
	{
		if (local >= to)
			return within;
		if (seen++ == 0)
			first = local;
		last = local;
		if (local >= from)
			within++;
	}
	if (seen < WALKED_OCCURRENCES)
		return within;

	/* those that come later, as far from each other */
	distance = (double) (last - first) / (seen - 1);
	end = (double) Min(to, walk.until);
	if (rrule_has(rule, RRULE_COUNT))
		end = Min(end, last + distance * (rule->count - seen));
	return within + Max(0, (end - (double) Max(last, from)) / distance);
}

/*
 * A rule that is not known is taken as daily, in a window that is.
 */
static double
estimate_rows(PlannerInfo *root, List *args)
{
	Datum		value;
	RRule		rule;
	Timestamp	starts_at;
	TimestampTz from = DT_NOBEGIN;
	TimestampTz to = DT_NOEND;
	KnownArgument during = known_argument(root, args, 3, &value);

	if (during == ARGUMENT_UNKNOWN)
		return -1;
	if (during == ARGUMENT_VALUE &&
		!instant_range(DatumGetRangeTypeP(value), &from, &to))
		return 0;
	/* the years are all that is walked over */
	from = Min(Max(from, INSTANT_FIRST), INSTANT_END);
	to = Min(Max(to, INSTANT_FIRST), INSTANT_END);
	if (known_argument(root, args, 0, &value) != ARGUMENT_VALUE)
		return to - from >= MAX_DAILY_WINDOW ? -1 :
			(double) (to - from) / USECS_PER_DAY;
	rrule_open((struct varlena *) PG_DETOAST_DATUM_PACKED(value), &rule);
	if (known_argument(root, args, 1, &value) == ARGUMENT_VALUE)
		starts_at = DatumGetTimestamp(value);
	else
		starts_at = from > INSTANT_FIRST ? from : 0;
	if (!instant_in_range(starts_at))
		return -1;
	return estimate_occurrences(&rule, starts_at, from, to);
}

APPOINTMENT_FUNCTION(rrule_occurrences_support);
Datum
rrule_occurrences_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	SupportRequestRows *rows;
	List	   *args;
	Datum		max;
	double		estimate;

	if (!IsA(request, SupportRequestRows))
		PG_RETURN_POINTER(NULL);
	rows = (SupportRequestRows *) request;
	if (!is_funcclause(rows->node))
		PG_RETURN_POINTER(NULL);
	args = ((FuncExpr *) rows->node)->args;
	estimate = estimate_rows(rows->root, args);
	if (known_argument(rows->root, args, 6, &max) == ARGUMENT_VALUE &&
		DatumGetInt32(max) >= 0 &&
		(estimate < 0 || estimate > DatumGetInt32(max)))
		estimate = DatumGetInt32(max);
	if (estimate < 0)
		PG_RETURN_POINTER(NULL);
	rows->rows = estimate;
	PG_RETURN_POINTER(request);
}
