/*-------------------------------------------------------------------------
 *
 * open_periods_sql.c
 *		SQL functions that say when somebody is open.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "utils/rangetypes.h"

#include "availability/open_hours.h"
#include "availability/open_periods.h"
#include "base/instant.h"
#include "base/instant_range.h"
#include "compat.h"
#include "server/known_argument.h"
#include "server/row_source.h"

/*----------------------------------------------------------
 * Open periods
 *----------------------------------------------------------*/

/* The periods of (open_hours, tstzrange). */
static void *
begin_periods(FunctionCallInfo fcinfo, bool copy)
{
	OpenHours  *hours;
	TimestampTz from;
	TimestampTz to;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) ||
		!instant_range(PG_GETARG_RANGE_P(1), &from, &to))
		return NULL;
	if (TIMESTAMP_NOT_FINITE(from) || TIMESTAMP_NOT_FINITE(to))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the window of open periods must have both bounds")));
	if (to - from > OPEN_MAX_WINDOW)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the window of open periods is too long"),
				 errdetail("The limit is 100 years.")));
	hours = palloc_object(OpenHours);
	open_hours_open(copy ? PG_GETARG_OPEN_HOURS_COPY(0) :
					PG_GETARG_OPEN_HOURS(0), hours);
	return open_periods_begin(hours, from, to);
}

static bool
next_period(void *walk, Datum *values, bool *nulls)
{
	OpenPeriod	period;

	if (!open_periods_next_whole(walk, &period))
		return false;
	values[0] = TimestampTzGetDatum(period.starts_at);
	values[1] = TimestampTzGetDatum(period.ends_at);
	values[2] = Int32GetDatum(period.capacity);
	return true;
}

static const RowSource period_rows = {3, begin_periods, next_period};

/* (open_hours, during) -> setof (starts_at, ends_at, capacity) */
APPOINTMENT_FUNCTION(open_periods_sql);
Datum
open_periods_sql(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, &period_rows);
}

/*----------------------------------------------------------
 * At an instant
 *----------------------------------------------------------*/

APPOINTMENT_FUNCTION(is_open);
Datum
is_open(PG_FUNCTION_ARGS)
{
	OpenHours	hours;
	OpenPeriod	period;
	TimestampTz at;

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	at = PG_GETARG_TIMESTAMPTZ(1);
	if (PG_ARGISNULL(0) || !instant_in_range(at))
		PG_RETURN_BOOL(false);
	open_hours_open(PG_GETARG_OPEN_HOURS(0), &hours);
	PG_RETURN_BOOL(open_periods_next(open_periods_begin(&hours, at, at + 1),
									 &period));
}

APPOINTMENT_FUNCTION(next_opening);
Datum
next_opening(PG_FUNCTION_ARGS)
{
	OpenHours	hours;
	OpenPeriods *walk;
	OpenPeriod	period;
	TimestampTz after;
	TimestampTz open_until;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	after = PG_GETARG_TIMESTAMPTZ(1);
	if (after >= INSTANT_END - 1)
		PG_RETURN_NULL();

	/* whoever is open then has to close first */
	after = Max(after, INSTANT_FIRST - 1);
	open_hours_open(PG_GETARG_OPEN_HOURS(0), &hours);
	walk = open_periods_begin(&hours, after, open_periods_horizon(&hours, after));
	open_until = after;
	while (open_periods_next(walk, &period))
	{
		if (period.starts_at > open_until)
			PG_RETURN_TIMESTAMPTZ(period.starts_at);
		open_until = period.ends_at;
	}
	PG_RETURN_NULL();
}

/*----------------------------------------------------------
 * For the planner
 *----------------------------------------------------------*/

/* Most are open on five days of the week, before noon and after it. */
#define PERIODS_PER_DAY	(10.0 / 7)

/* So many periods are counted; what comes after them is as dense. */
#define COUNTED_PERIODS	200

static double
count_periods(Datum value, TimestampTz from, TimestampTz to)
{
	OpenHours	hours;
	OpenPeriods *walk;
	OpenPeriod	period;
	double		count = 0;

	open_hours_open((struct varlena *) PG_DETOAST_DATUM(value), &hours);
	walk = open_periods_begin(&hours, from, to);
	while (open_periods_next_whole(walk, &period))
	{
		if (++count == COUNTED_PERIODS)
			return count * (double) (to - from) /
				(double) (period.ends_at - from);
	}
	return count;
}

/*
 * How many rows open_periods returns.  Rules that are known when the query is
 * planned are looked at.
 */
APPOINTMENT_FUNCTION(open_periods_support);
Datum
open_periods_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	SupportRequestRows *rows;
	List	   *args;
	Datum		value;
	TimestampTz from;
	TimestampTz to;

	if (!IsA(request, SupportRequestRows))
		PG_RETURN_POINTER(NULL);
	rows = (SupportRequestRows *) request;
	if (!is_funcclause(rows->node))
		PG_RETURN_POINTER(NULL);
	args = ((FuncExpr *) rows->node)->args;
	if (list_length(args) != 2 ||
		known_argument(rows->root, args, 1, &value) != ARGUMENT_VALUE ||
		!instant_range(DatumGetRangeTypeP(value), &from, &to) ||
		TIMESTAMP_NOT_FINITE(from) || TIMESTAMP_NOT_FINITE(to) ||
		to - from > OPEN_MAX_WINDOW)
		PG_RETURN_POINTER(NULL);

	if (known_argument(rows->root, args, 0, &value) == ARGUMENT_VALUE)
		rows->rows = count_periods(value, from, to);
	else
		rows->rows = PERIODS_PER_DAY * (double) (to - from) / USECS_PER_DAY;
	PG_RETURN_POINTER(request);
}
