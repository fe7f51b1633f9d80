/*-------------------------------------------------------------------------
 *
 * slots_rows.c
 *		How many rows the functions of free time and slots return, for the
 *		planner.
 *
 * Opening hours and bookings mostly come from tables, so they are not known.  A
 * week of 168 hours is taken to have 42 that are open, half of them free; the
 * window, the step and the limit are mostly known.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "availability/slot_arguments.h"
#include "base/instant_range.h"
#include "compat.h"
#include "server/known_argument.h"

/* What of a window is open, and what of that is free. */
#define OPEN_SHARE		0.25
#define FREE_SHARE		0.5

/* Free periods of a day. */
#define PERIODS_A_DAY	3

/* A window and a step that are not known. */
#define USUAL_WINDOW	(30 * USECS_PER_DAY)
#define USUAL_STEP		(30 * USECS_PER_MINUTE)

static double
window_length(PlannerInfo *root, List *args)
{
	Datum		value;
	TimestampTz from;
	TimestampTz to;
	double		window = USUAL_WINDOW;
	bool		bounded;

	if (known_argument(root, args, SLOT_ARG_DURING, &value) != ARGUMENT_VALUE)
		return window;
	if (!instant_range(DatumGetRangeTypeP(value), &from, &to))
		return 0;
	bounded = from != DT_NOBEGIN && to != DT_NOEND;
	return bounded ? (double) to - (double) from : window;
}

/* The elapsed time of an argument; false if it is not known. */
static bool
known_elapsed(PlannerInfo *root, List *args, int n, double *elapsed)
{
	Datum		value;

	if (known_argument(root, args, n, &value) != ARGUMENT_VALUE ||
		DatumGetIntervalP(value)->time <= 0)
		return false;
	*elapsed = (double) DatumGetIntervalP(value)->time;
	return true;
}

static double
estimate_slots(PlannerInfo *root, List *args, double share)
{
	Datum		value;
	double		window = window_length(root, args);
	double		step = USUAL_STEP;
	double		horizon;
	double		slots;

	if (!known_elapsed(root, args, SLOT_ARG_STEP, &step))
		(void) known_elapsed(root, args, SLOT_ARG_DURATION, &step);
	if (known_elapsed(root, args, SLOT_ARG_HORIZON, &horizon))
		window = Min(window, horizon);
	slots = window / step * share;
	if (known_argument(root, args, SLOT_ARG_MAX_SLOTS, &value) == ARGUMENT_VALUE &&
		DatumGetInt32(value) >= 0)
		slots = Min(slots, DatumGetInt32(value));
	return slots;
}

/* One function supports all of them; their names tell which it is. */
static double
estimate_rows(PlannerInfo *root, Oid function, List *args)
{
	char	   *name = get_func_name(function);

	if (name == NULL)
		return -1;
	if (strcmp(name, "free_periods") == 0)
		return window_length(root, args) / USECS_PER_DAY * PERIODS_A_DAY;
	return estimate_slots(root, args, strcmp(name, "slots") == 0 ?
						  OPEN_SHARE : OPEN_SHARE * FREE_SHARE);
}

APPOINTMENT_FUNCTION(slots_support);
Datum
slots_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	SupportRequestRows *rows;
	double		estimate;

	if (!IsA(request, SupportRequestRows))
		PG_RETURN_POINTER(NULL);
	rows = (SupportRequestRows *) request;
	if (!is_funcclause(rows->node))
		PG_RETURN_POINTER(NULL);
	estimate = estimate_rows(rows->root, rows->funcid,
							 ((FuncExpr *) rows->node)->args);
	if (estimate < 0)
		PG_RETURN_POINTER(NULL);
	rows->rows = estimate;
	PG_RETURN_POINTER(request);
}
