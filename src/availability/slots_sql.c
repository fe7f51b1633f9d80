/*-------------------------------------------------------------------------
 *
 * slots_sql.c
 *		SQL functions of free time and slots.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "availability/slot_arguments.h"
#include "availability/slot_reasons.h"
#include "base/instant.h"
#include "compat.h"
#include "server/row_source.h"

/*----------------------------------------------------------
 * Free periods
 *----------------------------------------------------------*/

typedef struct PeriodRows
{
	SlotSources sources;
	FreeTime	time;
	bool		in_opening;
} PeriodRows;

static void *
begin_periods(FunctionCallInfo fcinfo, bool copy)
{
	PeriodRows *state = palloc_object(PeriodRows);
	FreeWants	wants;
	TimestampTz from;
	TimestampTz to;

	slot_wants(fcinfo, 3, 4, 5, &wants);
	if (!slot_window(fcinfo, SLOT_ARG_DURING, &from, &to))
		return NULL;
	slot_check_window(&from, &to);
	slot_sources(fcinfo, copy, &state->sources);
	free_time_begin(&state->time, state->sources.hours, state->sources.taken,
					&wants, from, to);
	state->in_opening = false;
	return state;
}

static bool
next_period(void *rows, Datum *values, bool *nulls)
{
	PeriodRows *state = rows;
	FreeStretch stretch;

	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		if (state->in_opening && free_time_next_stretch(&state->time, &stretch))
			break;
		state->in_opening = free_time_next_opening(&state->time);
		if (!state->in_opening)
			return false;
	}
	free_time_forget(&state->time, stretch.starts_at);
	values[0] = TimestampTzGetDatum(stretch.starts_at);
	values[1] = TimestampTzGetDatum(stretch.ends_at);
	return true;
}

static const RowSource period_rows = {2, begin_periods, next_period};

/*
 * (open_hours, busy, during, buffer_before, buffer_after, seats)
 *		-> setof (starts_at, ends_at)
 */
APPOINTMENT_FUNCTION(free_periods);
Datum
free_periods(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, &period_rows);
}

/*----------------------------------------------------------
 * Slots
 *----------------------------------------------------------*/

typedef struct SlotRows
{
	SlotSources sources;
	SlotWalk	walk;
	Datum		names[SLOT_REFUSALS];	/* 0 until one is needed */
} SlotRows;

static void *
begin_slots(FunctionCallInfo fcinfo, bool copy, bool whole_grid)
{
	SlotRows   *state;
	SlotWishes	wishes;

	if (!slot_wishes_in_window(fcinfo, &wishes))
		return NULL;
	state = palloc_object(SlotRows);
	memset(state->names, 0, sizeof(state->names));
	slot_sources(fcinfo, copy, &state->sources);
	slots_begin(&state->walk, state->sources.hours, state->sources.taken,
				&wishes, whole_grid);
	return state;
}

static void *
begin_free_slots(FunctionCallInfo fcinfo, bool copy)
{
	return begin_slots(fcinfo, copy, false);
}

static void *
begin_grid(FunctionCallInfo fcinfo, bool copy)
{
	return begin_slots(fcinfo, copy, true);
}

static inline void
slot_columns(const Slot *slot, Datum *values)
{
	values[0] = TimestampTzGetDatum(slot->starts_at);
	values[1] = TimestampTzGetDatum(slot->ends_at);
	values[2] = Int32GetDatum(slot->seats_left);
}

static bool
next_free_slot(void *rows, Datum *values, bool *nulls)
{
	SlotRows   *state = rows;
	Slot		slot;

	if (!slots_next(&state->walk, &slot))
		return false;
	slot_columns(&slot, values);
	return true;
}

static bool
next_grid_slot(void *rows, Datum *values, bool *nulls)
{
	SlotRows   *state = rows;
	Slot		slot;

	CHECK_FOR_INTERRUPTS();
	if (!slots_next(&state->walk, &slot))
		return false;
	slot_columns(&slot, values);
	nulls[3] = slot.refusal == SLOT_FREE;
	if (!nulls[3])
	{
		if (state->names[slot.refusal] == 0)
			state->names[slot.refusal] =
				CStringGetTextDatum(slot_refusal_names[slot.refusal]);
		values[3] = state->names[slot.refusal];
	}
	return true;
}

static const RowSource free_slot_rows = {3, begin_free_slots, next_free_slot};
static const RowSource grid_rows = {4, begin_grid, next_grid_slot};

/* (open_hours, busy, during, ...) -> setof (starts_at, ends_at, seats_left) */
APPOINTMENT_FUNCTION(free_slots);
Datum
free_slots(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, &free_slot_rows);
}

/*
 * (open_hours, busy, during, ...)
 *		-> setof (starts_at, ends_at, seats_left, refusal)
 */
APPOINTMENT_FUNCTION(slots_of_window);
Datum
slots_of_window(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, &grid_rows);
}

/*----------------------------------------------------------
 * Refusals
 *----------------------------------------------------------*/

typedef struct ReasonRows
{
	SlotReasons reasons;
	SlotWishes	wishes;
	int			next;			/* reason */
} ReasonRows;

static void *
begin_reasons(FunctionCallInfo fcinfo, bool copy)
{
	ReasonRows *state = palloc_object(ReasonRows);
	SlotSources sources;
	TimestampTz starts_at;

	slot_wishes(fcinfo, &state->wishes);
	if (PG_ARGISNULL(SLOT_ARG_DURING))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("starts_at must not be null")));
	starts_at = PG_GETARG_TIMESTAMPTZ(SLOT_ARG_DURING);
	if (!instant_in_range(starts_at) ||
		!instant_in_range(starts_at + state->wishes.duration))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the slot is out of range"),
				 errdetail("It must lie within the years 0001 to 9999 in UTC.")));
	if (!slot_window(fcinfo, SLOT_ARG_WINDOW, &state->wishes.from,
					 &state->wishes.to))
		state->wishes.from = state->wishes.to = starts_at;
	slot_sources(fcinfo, false, &sources);
	slot_reasons(sources.hours, sources.taken, &state->wishes, starts_at,
				 &state->reasons);
	state->next = 0;
	return state;
}

/* A member of a detail whose value is text; the infinities are left out. */
static void
add_text(StringInfo detail, const char *key, const char *value)
{
	appendStringInfo(detail, "%s\"%s\": \"%s\"", detail->len > 1 ? ", " : "",
					 key, value);
}

static void
add_instant(StringInfo detail, const char *key, TimestampTz instant)
{
	char		buf[INSTANT_MAXLEN];

	if (!instant_in_range(instant))
		return;
	instant_format(instant, 0, buf);
	add_text(detail, key, buf);
}

static void
add_span(StringInfo detail, TimestampTz from, TimestampTz until)
{
	add_instant(detail, "from", from);
	add_instant(detail, "until", until);
}

static void
add_count(StringInfo detail, const char *key, int64 count)
{
	appendStringInfo(detail, "%s\"%s\": " INT64_FORMAT,
					 detail->len > 1 ? ", " : "", key, count);
}

static void
add_day(StringInfo detail, int32 day)
{
	char		buf[INSTANT_MAXLEN];

	date_format(day, buf);
	add_text(detail, "day", buf);
}

/* What there is to say of a reason. */
static Datum
detail_of(const ReasonRows *state, SlotRefusal reason)
{
	const SlotReasons *reasons = &state->reasons;
	const FreeLook *look = &reasons->look;
	const SlotWishes *wishes = &state->wishes;
	StringInfoData detail;

	initStringInfo(&detail);
	appendStringInfoChar(&detail, '{');
	switch (reason)
	{
		case SLOT_CLOSED:
			add_span(&detail, reasons->closed.starts_at, reasons->closed.ends_at);
			break;
		case SLOT_BUSY:
			add_span(&detail, look->busy_span.starts_at, look->busy_span.ends_at);
			break;
		case SLOT_FULL:
			add_span(&detail, look->full_span.starts_at, look->full_span.ends_at);
			add_count(&detail, "seats", wishes->wants.seats);
			add_count(&detail, "seats_left", look->full_left);
			add_count(&detail, "capacity", look->capacity);
			break;
		case SLOT_TOO_SOON:
			add_instant(&detail, "earliest", wishes->earliest);
			break;
		case SLOT_TOO_LATE:
			add_instant(&detail, "before", wishes->end);
			break;
		case SLOT_DAY_FULL:
			add_day(&detail, reasons->day.day);
			add_count(&detail, "bookings", reasons->day.bookings);
			add_count(&detail, "max_per_day", wishes->max_per_day);
			break;
		case SLOT_OFF_GRID:
			add_instant(&detail, "previous", reasons->previous);
			add_instant(&detail, "next", reasons->following);
			break;
		case SLOT_OUTSIDE_WINDOW:
			add_span(&detail, wishes->from, wishes->to);
			break;
		case SLOT_FREE:
			break;
	}
	appendStringInfoChar(&detail, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(detail.data));
}

static bool
next_reason(void *rows, Datum *values, bool *nulls)
{
	ReasonRows *state = rows;

	while (state->next < SLOT_REFUSALS && !state->reasons.refused[state->next])
		state->next++;
	if (state->next == SLOT_REFUSALS)
		return false;
	values[0] = CStringGetTextDatum(slot_refusal_names[state->next]);
	values[1] = detail_of(state, (SlotRefusal) state->next);
	state->next++;
	return true;
}

static const RowSource reason_rows = {2, begin_reasons, next_reason};

/* (open_hours, busy, starts_at, ..., during) -> setof (code, detail) */
APPOINTMENT_FUNCTION(slot_refusals);
Datum
slot_refusals(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, &reason_rows);
}
