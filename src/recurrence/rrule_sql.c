/*-------------------------------------------------------------------------
 *
 * rrule_sql.c
 *		SQL functions of recurrence rules: their occurrences, and support for
 *		btree and hash.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "base/instant.h"
#include "base/instant_range.h"
#include "base/zone.h"
#include "compat.h"
#include "recurrence/rrule.h"
#include "recurrence/rrule_instants.h"
#include "recurrence/rrule_io.h"
#include "recurrence/rrule_sql.h"
#include "server/opclass_functions.h"

/* No array of dates has more. */
#define MAX_DATES	1000000

/*----------------------------------------------------------
 * Arguments
 *----------------------------------------------------------*/

static Timestamp
check_local(Timestamp local, const char *what)
{
	if (!instant_in_range(local))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of a recurrence is out of range", what),
				 errdetail("It must be finite, and of the years 0001 to 9999.")));
	return local;
}

static int
compare_instants(const void *a, const void *b)
{
	TimestampTz x = *(const TimestampTz *) a;
	TimestampTz y = *(const TimestampTz *) b;

	return x < y ? -1 : x > y;
}

/*
 * The instants of the local times in an array that is argument n, in order.
 * Nulls are passed over.
 */
static RRuleDates
dates_argument(FunctionCallInfo fcinfo, int n, pg_tz *zone, const char *what)
{
	RRuleDates	result = {0};
	ArrayType  *array;
	TimestampTz *instants;
	Datum	   *elements;
	bool	   *nulls;
	int			count;

	if (PG_ARGISNULL(n))
		return result;
	array = PG_GETARG_ARRAYTYPE_P(n);
	if (ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) > MAX_DATES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many dates of a recurrence"),
				 errdetail("The limit is %d dates.", MAX_DATES)));
	deconstruct_array(array, TIMESTAMPOID, sizeof(Timestamp),
					  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements, &nulls, &count);
	instants = palloc_array(TimestampTz, Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!nulls[i])
			instants[result.count++] =
				zone_local_to_instant(zone,
									  check_local(DatumGetTimestamp(elements[i]),
												  what),
									  ZONE_COMPATIBLE);
	}
	pfree(elements);
	pfree(nulls);
	qsort(instants, result.count, sizeof(TimestampTz), compare_instants);
	result.dates = instants;
	return result;
}

/* The window that is argument n; false if it is empty. */
static bool
window_argument(FunctionCallInfo fcinfo, int n, TimestampTz *from,
				TimestampTz *to)
{
	*from = DT_NOBEGIN;
	*to = DT_NOEND;
	return PG_ARGISNULL(n) || instant_range(PG_GETARG_RANGE_P(n), from, to);
}

/* How many rows at most; -1 for all. */
static int64
max_argument(FunctionCallInfo fcinfo, int n)
{
	if (PG_ARGISNULL(n))
		return -1;
	if (PG_GETARG_INT32(n) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max must not be negative")));
	return PG_GETARG_INT32(n);
}

/*----------------------------------------------------------
 * Occurrences
 *----------------------------------------------------------*/

RRuleOccurrences *
rrule_occurrences_begin(FunctionCallInfo fcinfo, int during_arg,
						const struct varlena *rule_value, Timestamp starts_at,
						pg_tz *zone)
{
	RRuleOccurrences *occurrences = palloc_object(RRuleOccurrences);
	RRule		rule;
	RRuleDates	added;
	RRuleDates	removed;
	TimestampTz from;
	TimestampTz to;

	rrule_open(rule_value, &rule);
	check_local(starts_at, "start");
	removed = dates_argument(fcinfo, during_arg + 1, zone, "excluded date");
	added = dates_argument(fcinfo, during_arg + 2, zone, "additional date");
	occurrences->left = max_argument(fcinfo, during_arg + 3);
	if (!window_argument(fcinfo, during_arg, &from, &to))
		return NULL;
	rrule_instants_begin(&occurrences->instants, &rule, starts_at, zone, from,
						 to);
	rrule_instants_dates(&occurrences->instants, added, removed);
	return occurrences;
}

bool
rrule_occurrences_next(RRuleOccurrences *occurrences, TimestampTz *instant)
{
	if (occurrences == NULL || occurrences->left == 0 ||
		!rrule_instants_next(&occurrences->instants, instant))
		return false;
	if (occurrences->left > 0)
		occurrences->left--;
	return true;
}

/*
 * One value per call: a LIMIT in a select list stops it.
 */
APPOINTMENT_FUNCTION(rrule_occurrences);
Datum
rrule_occurrences(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	TimestampTz instant;

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old_context;

		context = SRF_FIRSTCALL_INIT();
		old_context = MemoryContextSwitchTo(context->multi_call_memory_ctx);
		if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1) && !PG_ARGISNULL(2))
			context->user_fctx =
				rrule_occurrences_begin(fcinfo, 3, PG_GETARG_RRULE(0),
										PG_GETARG_TIMESTAMP(1),
										PG_GETARG_ZONE(2));
		MemoryContextSwitchTo(old_context);
	}
	context = SRF_PERCALL_SETUP();
	if (!rrule_occurrences_next(context->user_fctx, &instant))
		SRF_RETURN_DONE(context);
	SRF_RETURN_NEXT(context, TimestampTzGetDatum(instant));
}

APPOINTMENT_FUNCTION(rrule_next);
Datum
rrule_next(PG_FUNCTION_ARGS)
{
	RRule		rule;
	RRuleInstants *instants;
	Timestamp	starts_at = check_local(PG_GETARG_TIMESTAMP(1), "start");
	pg_tz	   *zone = PG_GETARG_ZONE(2);
	TimestampTz after = PG_GETARG_TIMESTAMPTZ(3);
	TimestampTz instant;
	bool		found;

	if (after == PG_INT64_MAX)
		PG_RETURN_NULL();
	rrule_open(PG_GETARG_RRULE(0), &rule);
	instants = palloc(sizeof(RRuleInstants));
	rrule_instants_begin(instants, &rule, starts_at, zone, after + 1,
						 PG_INT64_MAX);
	found = rrule_instants_next(instants, &instant);
	pfree(instants);
	if (!found)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(instant);
}

/* NULL if there is none, or no end. */
APPOINTMENT_FUNCTION(rrule_last);
Datum
rrule_last(PG_FUNCTION_ARGS)
{
	RRule		rule;
	Timestamp	starts_at = check_local(PG_GETARG_TIMESTAMP(1), "start");
	pg_tz	   *zone = PG_GETARG_ZONE(2);
	TimestampTz instant;

	rrule_open(PG_GETARG_RRULE(0), &rule);
	if (!rrule_instants_last(&rule, starts_at, zone, &instant))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(instant);
}

/*----------------------------------------------------------
 * Btree and hash
 *----------------------------------------------------------*/

static int
compare_rules(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_GETARG_RRULE(0);
	struct varlena *b = PG_GETARG_RRULE(1);
	int			order = rrule_compare(a, b);

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return order;
}

BTREE_FUNCTIONS(rrule, compare_rules);

static uint64
hash_rule(FunctionCallInfo fcinfo, uint64 seed)
{
	struct varlena *value = PG_GETARG_RRULE(0);
	uint64		hash = rrule_hash_value(value, seed);

	PG_FREE_IF_COPY(value, 0);
	return hash;
}

HASH_FUNCTIONS(rrule, hash_rule);
