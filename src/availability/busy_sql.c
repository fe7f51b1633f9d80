/*-------------------------------------------------------------------------
 *
 * busy_sql.c
 *		SQL functions of busy values: the aggregates that make them, their sum,
 *		their periods, and support for btree and hash.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"

#include "availability/busy.h"
#include "base/instant_range.h"
#include "compat.h"
#include "occupancy/occupancy.h"

/*----------------------------------------------------------
 * Aggregates
 *----------------------------------------------------------*/

static MemoryContext
aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext aggregate;

	if (!AggCheckCallContext(fcinfo, &aggregate))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("%s must be called by an aggregate", "busy_agg")));
	return aggregate;
}

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

/* A period as a row. */
static HeapTuple
row_of_period(TupleDesc descriptor, const BusyPeriod *period)
{
	Datum		values[5];
	bool		nulls[5] = {0};

	values[0] = TimestampTzGetDatum(period->span.starts_at);
	values[1] = TimestampTzGetDatum(period->span.ends_at);
	values[2] = Int32GetDatum(period->before);
	values[3] = Int32GetDatum(period->after);
	values[4] = Int32GetDatum(period->seats);
	nulls[0] = period->span.starts_at == DT_NOBEGIN;
	nulls[1] = period->span.ends_at == DT_NOEND;
	nulls[4] = period->seats == BUSY_ALL;
	return heap_form_tuple(descriptor, values, nulls);
}

/* (busy) -> setof (starts_at, ends_at, before_minutes, after_minutes, seats) */
APPOINTMENT_FUNCTION(busy_periods);
Datum
busy_periods(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	Busy	   *busy;

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old_context;
		TupleDesc	descriptor;

		context = SRF_FIRSTCALL_INIT();
		old_context = MemoryContextSwitchTo(context->multi_call_memory_ctx);
		busy = palloc_object(Busy);
		busy_open((struct varlena *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0)),
				  busy);
		if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		context->tuple_desc = BlessTupleDesc(descriptor);
		context->user_fctx = busy;
		MemoryContextSwitchTo(old_context);
	}

	context = SRF_PERCALL_SETUP();
	busy = context->user_fctx;
	/* there is none after an error of the first call */
	if (busy != NULL && context->call_cntr < (uint64) busy->count)
	{
		BusyPeriod	period = busy_period_at(busy, (int32) context->call_cntr);

		SRF_RETURN_NEXT(context,
						HeapTupleGetDatum(row_of_period(context->tuple_desc,
														&period)));
	}
	SRF_RETURN_DONE(context);
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

APPOINTMENT_FUNCTION(busy_cmp);
Datum
busy_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_values(fcinfo));
}

APPOINTMENT_FUNCTION(busy_eq);
Datum
busy_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_values(fcinfo) == 0);
}

APPOINTMENT_FUNCTION(busy_ne);
Datum
busy_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_values(fcinfo) != 0);
}

APPOINTMENT_FUNCTION(busy_lt);
Datum
busy_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_values(fcinfo) < 0);
}

APPOINTMENT_FUNCTION(busy_le);
Datum
busy_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_values(fcinfo) <= 0);
}

APPOINTMENT_FUNCTION(busy_gt);
Datum
busy_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_values(fcinfo) > 0);
}

APPOINTMENT_FUNCTION(busy_ge);
Datum
busy_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_values(fcinfo) >= 0);
}

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

APPOINTMENT_FUNCTION(busy_hash);
Datum
busy_hash(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32((int32) hash_of_argument(fcinfo, 0));
}

APPOINTMENT_FUNCTION(busy_hash_extended);
Datum
busy_hash_extended(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) hash_of_argument(fcinfo, PG_GETARG_INT64(1)));
}
