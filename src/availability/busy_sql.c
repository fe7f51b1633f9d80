/*-------------------------------------------------------------------------
 *
 * busy_sql.c
 *		SQL functions of busy values: the aggregates that make them, their sum,
 *		their periods, and support for btree and hash.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "availability/busy.h"
#include "base/instant_range.h"
#include "compat.h"
#include "occupancy/occupancy.h"
#include "server/aggregate.h"
#include "server/opclass_functions.h"
#include "server/row_source.h"

/*----------------------------------------------------------
 * Aggregates
 *----------------------------------------------------------*/

/* The state, which the first row makes. */
static inline BusyBuilder *
builder_of_state(FunctionCallInfo fcinfo)
{
	BusyBuilder *builder;
	MemoryContext aggregate;

	if (likely(!PG_ARGISNULL(0)))
	{
		(void) aggregate_context(fcinfo);
		return (BusyBuilder *) PG_GETARG_POINTER(0);
	}
	aggregate = aggregate_context(fcinfo);
	builder = MemoryContextAlloc(aggregate, sizeof(BusyBuilder));
	busy_builder_begin(builder, aggregate);
	return builder;
}

/* An empty period keeps nobody busy. */
static inline void
add_period(BusyBuilder *builder, const BusyPeriod *period)
{
	BusyFault	fault = busy_fault(period);

	if (likely(fault == BUSY_FINE))
		busy_builder_add(builder, period);
	else if (fault != BUSY_EMPTY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid busy period"),
				 errdetail_internal("%s", busy_fault_detail(fault))));
}

/*
 * The period of arguments 1 and 2.  One that is missing is no bound; if both
 * are, there is no period: so a row of an outer join that found nothing is
 * passed over.
 */
static inline bool
period_arguments(FunctionCallInfo fcinfo, BusyPeriod *period)
{
	*period = (BusyPeriod)
	{
		.seats = BUSY_ALL
	};
	if (PG_ARGISNULL(1) && PG_ARGISNULL(2))
		return false;
	period->span.starts_at = PG_ARGISNULL(1) ? DT_NOBEGIN :
		PG_GETARG_TIMESTAMPTZ(1);
	period->span.ends_at = PG_ARGISNULL(2) ? DT_NOEND :
		PG_GETARG_TIMESTAMPTZ(2);
	return true;
}

static inline void
buffer_arguments(FunctionCallInfo fcinfo, BusyPeriod *period)
{
	period->before = PG_ARGISNULL(3) ? 0 : PG_GETARG_INT32(3);
	period->after = PG_ARGISNULL(4) ? 0 : PG_GETARG_INT32(4);
}

/* (internal, starts_at, ends_at) -> internal */
APPOINTMENT_FUNCTION(busy_agg_transfn);
Datum
busy_agg_transfn(PG_FUNCTION_ARGS)
{
	BusyBuilder *builder = builder_of_state(fcinfo);
	BusyPeriod	period;

	if (period_arguments(fcinfo, &period))
		add_period(builder, &period);
	PG_RETURN_POINTER(builder);
}

/* (internal, starts_at, ends_at, before, after) -> internal */
APPOINTMENT_FUNCTION(busy_agg_buffers_transfn);
Datum
busy_agg_buffers_transfn(PG_FUNCTION_ARGS)
{
	BusyBuilder *builder = builder_of_state(fcinfo);
	BusyPeriod	period;

	if (period_arguments(fcinfo, &period))
	{
		buffer_arguments(fcinfo, &period);
		add_period(builder, &period);
	}
	PG_RETURN_POINTER(builder);
}

/* (internal, starts_at, ends_at, before, after, seats) -> internal */
APPOINTMENT_FUNCTION(busy_agg_seats_transfn);
Datum
busy_agg_seats_transfn(PG_FUNCTION_ARGS)
{
	BusyBuilder *builder = builder_of_state(fcinfo);
	BusyPeriod	period;

	if (period_arguments(fcinfo, &period))
	{
		buffer_arguments(fcinfo, &period);
		if (!PG_ARGISNULL(5))
		{
			/* 0 is not "all of them" here */
			int32		seats = PG_GETARG_INT32(5);

			period.seats = seats == 0 ? -1 : seats;
		}
		add_period(builder, &period);
	}
	PG_RETURN_POINTER(builder);
}

/* (internal, tstzrange) -> internal */
APPOINTMENT_FUNCTION(busy_agg_range_transfn);
Datum
busy_agg_range_transfn(PG_FUNCTION_ARGS)
{
	BusyBuilder *builder = builder_of_state(fcinfo);
	BusyPeriod	period = {.seats = BUSY_ALL};

	if (!PG_ARGISNULL(1) &&
		instant_range(PG_GETARG_RANGE_P(1), &period.span.starts_at,
					  &period.span.ends_at))
		add_period(builder, &period);
	PG_RETURN_POINTER(builder);
}

static void
add_occupancy(BusyBuilder *builder, const Occupancy *o, OccupancyShare share)
{
	BusyPeriod	period = {
		.span = {o->starts_at, o->ends_at},
		.seats = share.seats
	};

	add_period(builder, &period);
}

/* (internal, occupancy) -> internal */
APPOINTMENT_FUNCTION(busy_agg_occupancy_transfn);
Datum
busy_agg_occupancy_transfn(PG_FUNCTION_ARGS)
{
	BusyBuilder *builder = builder_of_state(fcinfo);

	if (!PG_ARGISNULL(1))
	{
		struct varlena *value = PG_GETARG_OCCUPANCY(1);
		OccupancyShare all = {0, 0};
		Occupancy	o;

		occupancy_open(value, &o);
		add_occupancy(builder, &o, all);
		PG_FREE_IF_COPY(value, 1);
	}
	PG_RETURN_POINTER(builder);
}

/*
 * (internal, occupancy, resource text) -> internal: of those that hold the
 * resource, its seats, or all of it if it is held alone.
 */
APPOINTMENT_FUNCTION(busy_agg_resource_transfn);
Datum
busy_agg_resource_transfn(PG_FUNCTION_ARGS)
{
	BusyBuilder *builder = builder_of_state(fcinfo);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		struct varlena *value = PG_GETARG_OCCUPANCY(1);
		text	   *resource = PG_GETARG_TEXT_PP(2);
		OccupancyName name = {VARDATA_ANY(resource), VARSIZE_ANY_EXHDR(resource)};
		OccupancyShare share = {0, 0};
		Occupancy	o;

		occupancy_open(value, &o);
		if (occupancy_is_all(&o) || occupancy_find(&o, &name, &share))
			add_occupancy(builder, &o, share);
		PG_FREE_IF_COPY(value, 1);
	}
	PG_RETURN_POINTER(builder);
}

/* (internal, internal) -> internal */
APPOINTMENT_FUNCTION(busy_agg_combinefn);
Datum
busy_agg_combinefn(PG_FUNCTION_ARGS)
{
	BusyBuilder *builder;
	BusyBuilder *other;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_POINTER(PG_GETARG_POINTER(0));
	}
	builder = builder_of_state(fcinfo);
	other = (BusyBuilder *) PG_GETARG_POINTER(1);
	if (other->wide)
		busy_builder_widen(builder);
	busy_builder_reserve(builder, (int64) builder->count + other->count);
	for (int32 i = 0; i < other->count; i++)
	{
		BusyPeriod	period = {.seats = BUSY_ALL};

		if (other->wide)
			period = other->periods[i];
		else
			period.span = other->spans[i];
		busy_builder_add(builder, &period);
	}
	PG_RETURN_POINTER(builder);
}

/* (internal) -> bytea: a value of the type, which only its own server reads */
APPOINTMENT_FUNCTION(busy_agg_serialfn);
Datum
busy_agg_serialfn(PG_FUNCTION_ARGS)
{
	(void) aggregate_context(fcinfo);
	PG_RETURN_POINTER(busy_build((BusyBuilder *) PG_GETARG_POINTER(0)));
}

/* (bytea, internal) -> internal */
APPOINTMENT_FUNCTION(busy_agg_deserialfn);
Datum
busy_agg_deserialfn(PG_FUNCTION_ARGS)
{
	BusyBuilder *builder = palloc_object(BusyBuilder);
	Busy		busy;

	(void) aggregate_context(fcinfo);
	busy_open(PG_GETARG_BUSY(0), &busy);
	busy_builder_begin(builder, CurrentMemoryContext);
	if (busy.seats != NULL || busy.before != NULL)
		busy_builder_widen(builder);
	busy_builder_reserve(builder, busy.count);
	for (int32 i = 0; i < busy.count; i++)
	{
		BusyPeriod	period = busy_period_at(&busy, i);

		busy_builder_add(builder, &period);
	}
	PG_RETURN_POINTER(builder);
}

/* (internal) -> busy: nobody is busy where there is no row */
APPOINTMENT_FUNCTION(busy_agg_finalfn);
Datum
busy_agg_finalfn(PG_FUNCTION_ARGS)
{
	BusyBuilder none;

	if (!PG_ARGISNULL(0))
		PG_RETURN_POINTER(busy_build((BusyBuilder *) PG_GETARG_POINTER(0)));
	busy_builder_begin(&none, CurrentMemoryContext);
	PG_RETURN_POINTER(busy_build(&none));
}

/*----------------------------------------------------------
 * Operators and functions
 *----------------------------------------------------------*/

/* (busy, busy) -> busy: not strict, for null is nobody busy */
APPOINTMENT_FUNCTION(busy_add);
Datum
busy_add(PG_FUNCTION_ARGS)
{
	Busy		a;
	Busy		b;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_POINTER(PG_GETARG_BUSY(PG_ARGISNULL(0) ? 1 : 0));
	busy_open(PG_GETARG_BUSY(0), &a);
	busy_open(PG_GETARG_BUSY(1), &b);
	PG_RETURN_POINTER(busy_sum(&a, &b));
}

typedef struct BusyRows
{
	Busy		busy;
	int32		next;
} BusyRows;

static void *
begin_periods(FunctionCallInfo fcinfo, bool copy)
{
	BusyRows   *rows = palloc0_object(BusyRows);

	busy_open(copy ?
			  (struct varlena *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0)) :
			  PG_GETARG_BUSY(0), &rows->busy);
	return rows;
}

static bool
next_period(void *state, Datum *values, bool *nulls)
{
	BusyRows   *rows = state;
	BusyPeriod	period;

	if (rows->next == rows->busy.count)
		return false;
	period = busy_period_at(&rows->busy, rows->next++);
	values[0] = TimestampTzGetDatum(period.span.starts_at);
	values[1] = TimestampTzGetDatum(period.span.ends_at);
	values[2] = Int32GetDatum(period.before);
	values[3] = Int32GetDatum(period.after);
	values[4] = Int32GetDatum(period.seats);
	nulls[0] = period.span.starts_at == DT_NOBEGIN;
	nulls[1] = period.span.ends_at == DT_NOEND;
	nulls[4] = period.seats == BUSY_ALL;
	return true;
}

static const RowSource period_rows = {5, begin_periods, next_period};

/* (busy) -> setof (starts_at, ends_at, before_minutes, after_minutes, seats) */
APPOINTMENT_FUNCTION(busy_periods);
Datum
busy_periods(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, &period_rows);
}

/*----------------------------------------------------------
 * Btree and hash
 *----------------------------------------------------------*/

static int
compare_values(FunctionCallInfo fcinfo)
{
	struct varlena *x = PG_GETARG_BUSY(0);
	struct varlena *y = PG_GETARG_BUSY(1);
	Busy		a;
	Busy		b;
	int			order;

	busy_open(x, &a);
	busy_open(y, &b);
	order = busy_compare(&a, &b);
	PG_FREE_IF_COPY(x, 0);
	PG_FREE_IF_COPY(y, 1);
	return order;
}

BTREE_FUNCTIONS(busy, compare_values);

static uint64
hash_of_argument(FunctionCallInfo fcinfo, uint64 seed)
{
	struct varlena *value = PG_GETARG_BUSY(0);
	Busy		busy;
	uint64		hash;

	busy_open(value, &busy);
	hash = busy_hash_value(&busy, seed);
	PG_FREE_IF_COPY(value, 0);
	return hash;
}

HASH_FUNCTIONS(busy, hash_of_argument);
