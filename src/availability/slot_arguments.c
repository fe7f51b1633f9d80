/*-------------------------------------------------------------------------
 *
 * slot_arguments.c
 *		The arguments of the SQL functions of free time and slots.
 *
 * Null in an argument that has a default is the default.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/timestamp.h"

#include "availability/slot_arguments.h"
#include "base/instant.h"
#include "base/instant_range.h"

/* No window and no interval is longer. */
#define LONGEST		(INT64CONST(36525) * USECS_PER_DAY)

/*----------------------------------------------------------
 * Rules and bookings
 *----------------------------------------------------------*/

static struct varlena *
detoast(Datum datum, bool copy)
{
	return copy ? (struct varlena *) PG_DETOAST_DATUM_COPY(datum) :
		(struct varlena *) PG_DETOAST_DATUM(datum);
}

void
slot_sources(FunctionCallInfo fcinfo, bool copy, SlotSources *sources)
{
	sources->hours = NULL;
	sources->taken = NULL;
	if (!PG_ARGISNULL(SLOT_ARG_OPEN_HOURS))
	{
		open_hours_open(detoast(PG_GETARG_DATUM(SLOT_ARG_OPEN_HOURS), copy),
						&sources->open_hours);
		sources->hours = &sources->open_hours;
	}
	if (!PG_ARGISNULL(SLOT_ARG_BUSY))
	{
		busy_open(detoast(PG_GETARG_DATUM(SLOT_ARG_BUSY), copy),
				  &sources->busy);
		sources->taken = &sources->busy;
	}
}

/*----------------------------------------------------------
 * Elapsed time
 *----------------------------------------------------------*/

/*
 * The microseconds of argument n; false if it is null.
 */
static bool
elapsed_argument(FunctionCallInfo fcinfo, int n, const char *name,
				 int64 *elapsed)
{
	const Interval *interval;

	if (PG_ARGISNULL(n))
		return false;
	interval = PG_GETARG_INTERVAL_P(n);
	if (interval->month != 0 || interval->day != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not have days or months", name),
				 errdetail("It is elapsed time, and a day on which the clocks change is longer or shorter than others."),
				 errhint("Write '24 hours' for a day.")));
	if (interval->time < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be negative", name)));
	if (interval->time > LONGEST)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s is too long", name),
				 errdetail("The limit is 100 years.")));
	*elapsed = interval->time;
	return true;
}

/* The same, but more than nothing. */
static bool
length_argument(FunctionCallInfo fcinfo, int n, const char *name,
				int64 *elapsed)
{
	if (!elapsed_argument(fcinfo, n, name, elapsed))
		return false;
	if (*elapsed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be greater than zero", name)));
	return true;
}

/*
 * The largest of these that divides a step.
 */
int64
slot_default_align(int64 step)
{
	static const int minutes[] = {60, 30, 20, 15, 10, 5};

	for (int i = 0; i < (int) lengthof(minutes); i++)
	{
		if (step % (minutes[i] * USECS_PER_MINUTE) == 0)
			return minutes[i] * USECS_PER_MINUTE;
	}
	return 0;
}

static int64
align_argument(FunctionCallInfo fcinfo, int64 step)
{
	int64		align;

	if (!elapsed_argument(fcinfo, SLOT_ARG_ALIGN, "align", &align))
		return slot_default_align(step);
	if (align % USECS_PER_MINUTE != 0 || align > USECS_PER_DAY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("align must be whole minutes, and at most 24 hours")));
	return align;
}

/*----------------------------------------------------------
 * Numbers
 *----------------------------------------------------------*/

/* A number that is not negative, or -1 if it is null. */
static int64
limit_argument(FunctionCallInfo fcinfo, int n, const char *name)
{
	if (PG_ARGISNULL(n))
		return -1;
	if (PG_GETARG_INT32(n) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be negative", name)));
	return PG_GETARG_INT32(n);
}

void
slot_wants(FunctionCallInfo fcinfo, int buffer_before, int buffer_after,
		   int seats, FreeWants *wants)
{
	wants->buffer_before = 0;
	wants->buffer_after = 0;
	(void) elapsed_argument(fcinfo, buffer_before, "buffer_before",
							&wants->buffer_before);
	(void) elapsed_argument(fcinfo, buffer_after, "buffer_after",
							&wants->buffer_after);
	wants->seats = PG_ARGISNULL(seats) ? 1 : PG_GETARG_INT32(seats);
	if (wants->seats < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("seats must be at least 1")));
}

/*----------------------------------------------------------
 * Windows
 *----------------------------------------------------------*/

/*
 * The window that is argument n; null is no bound.  False if it is empty.
 */
bool
slot_window(FunctionCallInfo fcinfo, int n, TimestampTz *from, TimestampTz *to)
{
	*from = DT_NOBEGIN;
	*to = DT_NOEND;
	return PG_ARGISNULL(n) || instant_range(PG_GETARG_RANGE_P(n), from, to);
}

/*
 * A window is not endless.  Beyond the years 0001 to 9999 there is nothing.
 */
void
slot_check_window(TimestampTz *from, TimestampTz *to)
{
	if (*from == DT_NOBEGIN || *to == DT_NOEND)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("during has no %s",
						*from == DT_NOBEGIN ? "start" : "end"),
				 errhint("Give a range with a start and an end, such as tstzrange(now(), now() + '30 days').")));
	*from = Max(*from, INSTANT_FIRST);
	*to = Min(*to, INSTANT_END);
	if (*from < *to && *to - *from > LONGEST)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("during is too long"),
				 errdetail("The limit is 100 years.")));
}

/*----------------------------------------------------------
 * All of them
 *----------------------------------------------------------*/

/* Everything but the window. */
void
slot_wishes(FunctionCallInfo fcinfo, SlotWishes *wishes)
{
	TimestampTz at = PG_ARGISNULL(SLOT_ARG_AT) ?
	GetCurrentTransactionStartTimestamp() :
	PG_GETARG_TIMESTAMPTZ(SLOT_ARG_AT);
	int64		notice = 0;
	int64		horizon;

	slot_wants(fcinfo, SLOT_ARG_BUFFER_BEFORE, SLOT_ARG_BUFFER_AFTER,
			   SLOT_ARG_SEATS, &wishes->wants);
	if (!length_argument(fcinfo, SLOT_ARG_DURATION, "duration",
						 &wishes->duration))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("duration must not be null")));
	if (!length_argument(fcinfo, SLOT_ARG_STEP, "step", &wishes->step))
		wishes->step = wishes->duration;
	wishes->align = align_argument(fcinfo, wishes->step);
	(void) elapsed_argument(fcinfo, SLOT_ARG_NOTICE, "notice", &notice);
	wishes->earliest = busy_shift(at, notice);
	wishes->end = DT_NOEND;
	if (elapsed_argument(fcinfo, SLOT_ARG_HORIZON, "horizon", &horizon))
		wishes->end = busy_shift(at, horizon);
	wishes->max_per_day = limit_argument(fcinfo, SLOT_ARG_MAX_PER_DAY,
										 "max_per_day");
	wishes->max_slots = limit_argument(fcinfo, SLOT_ARG_MAX_SLOTS, "max_slots");
	wishes->from = INSTANT_FIRST;
	wishes->to = INSTANT_END;
}

/*
 * With the window; false if it is empty.  One without a start begins with the
 * earliest start, and one without an end goes on to the horizon.
 */
bool
slot_wishes_in_window(FunctionCallInfo fcinfo, SlotWishes *wishes)
{
	TimestampTz from;
	TimestampTz to;

	slot_wishes(fcinfo, wishes);
	if (!slot_window(fcinfo, SLOT_ARG_DURING, &from, &to))
		return false;
	if (from == DT_NOBEGIN)
		from = wishes->earliest;
	if (to == DT_NOEND)
		to = busy_shift(wishes->end, wishes->duration);
	if (from >= to)
		return false;
	slot_check_window(&from, &to);
	wishes->from = from;
	wishes->to = to;
	return true;
}
