/*-------------------------------------------------------------------------
 *
 * open_hours_sql.c
 *		SQL functions that make open_hours of rules, and support for btree and
 *		hash.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/rangetypes.h"

#include "availability/open_hours.h"
#include "base/instant.h"
#include "base/near_name.h"
#include "base/zone.h"
#include "server/aggregate.h"
#include "server/opclass_functions.h"

/*----------------------------------------------------------
 * Arguments of a rule
 *----------------------------------------------------------*/

static void
bad_argument(const char *message, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s", message),
			 hint != NULL ? errhint("%s", hint) : 0));
}

/*
 * The bits of an array's numbers from -max to max; 0 for a null array.
 */
static uint32
numbers_argument(FunctionCallInfo fcinfo, int n, int min, int max,
				 const char *message, const char *hint)
{
	ArrayType  *array;
	const int32 *numbers;
	int			count;
	uint32		bits = 0;

	if (PG_ARGISNULL(n))
		return 0;
	array = PG_GETARG_ARRAYTYPE_P(n);
	count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	if (count == 0 || array_contains_nulls(array))
		bad_argument(message, hint);
	numbers = (const int32 *) ARR_DATA_PTR(array);
	for (int i = 0; i < count; i++)
	{
		if (numbers[i] < min || numbers[i] > max || numbers[i] == 0)
			bad_argument(message, hint);
		bits |= OPEN_NTH(numbers[i]);
	}
	return bits;
}

static int32
positive_argument(FunctionCallInfo fcinfo, int n, const char *message)
{
	int32		number = PG_ARGISNULL(n) ? 1 : PG_GETARG_INT32(n);

	if (number < 1)
		bad_argument(message, NULL);
	return number;
}

static OpenKind
kind_argument(FunctionCallInfo fcinfo, int n)
{
	static const struct
	{
		const char *word;
		OpenKind	kind;
	}			kinds[] = {
		{"open", OPEN_OPEN},
		{"override", OPEN_OVERRIDE},
		{"closed", OPEN_CLOSED},
	};
	text	   *argument;
	const char *word;
	size_t		len;
	NearName	near;

	if (PG_ARGISNULL(n))
		return OPEN_OPEN;
	argument = PG_GETARG_TEXT_PP(n);
	word = VARDATA_ANY(argument);
	len = VARSIZE_ANY_EXHDR(argument);
	near_name_begin(&near, word, len);
	for (int i = 0; i < (int) lengthof(kinds); i++)
	{
		if (word_is(kinds[i].word, word, len))
			return kinds[i].kind;
		near_name_try(&near, kinds[i].word);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown kind%s of opening hours",
					quoted_name(word, len, "")),
			 errdetail("A kind is \"open\", \"override\" or \"closed\"."),
			 near.name != NULL ? errhint("Perhaps \"%s\" is meant.", near.name) : 0));
}

static void
valid_argument(FunctionCallInfo fcinfo, int n, OpenRule *rule)
{
	RangeType  *range;
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	rule->valid_from = OPEN_SINCE_EVER;
	rule->valid_until = OPEN_FOR_EVER;
	if (PG_ARGISNULL(n))
		return;
	range = PG_GETARG_RANGE_P(n);
	range_deserialize(range_get_typcache(fcinfo, RangeTypeGetOid(range)), range,
					  &lower, &upper, &empty);

	/* without a bound, or with an infinite one: as it is, but for "after" it */
	if (empty)
		rule->valid_from = rule->valid_until = 0;
	if (!empty && !lower.infinite)
		rule->valid_from = DatumGetDateADT(lower.val);
	if (!empty && !upper.infinite)
		rule->valid_until = DatumGetDateADT(upper.val);
}

/*
 * The date that "every" counts from.
 */
static void
anchor_argument(FunctionCallInfo fcinfo, int n, OpenRule *rule)
{
	if (rule->every == 1)
		return;
	if (!PG_ARGISNULL(n))
		rule->anchor = PG_GETARG_DATEADT(n);
	else if (rule->valid_from != OPEN_SINCE_EVER)
		rule->anchor = rule->valid_from;
	else
		bad_argument("opening hours of every so many weeks need an anchor",
					 "It is a date in a week that counts. By default it is the lower bound of \"valid\".");
	if (rule->anchor < INSTANT_FIRST_DAY || rule->anchor >= INSTANT_END_DAY)
		bad_argument("anchor of opening hours is out of range",
					 "It must be a date of the years 0001 to 9999.");
}

static void
hours_arguments(FunctionCallInfo fcinfo, int n, OpenRule *rule)
{
	if (PG_ARGISNULL(n) != PG_ARGISNULL(n + 1))
		bad_argument("opening hours have both \"opens\" and \"closes\", or neither",
					 "Without both, a rule is about the whole day. Midnight at the end of the day is 24:00.");
	if (!PG_ARGISNULL(n))
	{
		rule->opens = PG_GETARG_TIMEADT(n);
		rule->closes = PG_GETARG_TIMEADT(n + 1);
	}
	else if (rule->kind == OPEN_OVERRIDE)
		rule->kind = OPEN_NONE;
	else
		rule->closes = USECS_PER_DAY;
}

/*
 * (days, opens, closes, zone, valid, kind, priority, capacity, every, anchor,
 * nth) -> open_hours: one rule; null without a zone
 */
APPOINTMENT_FUNCTION(open_hours_of_rule);
Datum
open_hours_of_rule(PG_FUNCTION_ARGS)
{
	OpenRule	rule = {0};
	pg_tz	   *zone;

	if (PG_ARGISNULL(3))
		PG_RETURN_NULL();
	zone = PG_GETARG_ZONE(3);
	rule.days = (uint8) numbers_argument(fcinfo, 0, 1, 7,
										 "days of opening hours must be numbers from 1 to 7",
										 "Monday is 1, Sunday is 7. Every day is null.");
	if (rule.days == 0)
		rule.days = OPEN_EVERY_DAY;
	rule.kind = kind_argument(fcinfo, 5);
	hours_arguments(fcinfo, 1, &rule);
	valid_argument(fcinfo, 4, &rule);
	rule.priority = PG_ARGISNULL(6) ? 0 : PG_GETARG_INT32(6);
	rule.capacity = positive_argument(fcinfo, 7,
									  "capacity of opening hours must be at least 1");
	rule.every = positive_argument(fcinfo, 8,
								   "\"every\" of opening hours must be at least 1");
	anchor_argument(fcinfo, 9, &rule);
	rule.nth = (uint16) numbers_argument(fcinfo, 10, -OPEN_MAX_ORDINAL,
										 OPEN_MAX_ORDINAL,
										 "\"nth\" of opening hours must be numbers from 1 to 5, or from -1 to -5",
										 "The first of its weekday in the month is 1, the last is -1. Every one is null.");
	open_rule_normalise(&rule);
	PG_RETURN_POINTER(open_hours_of_one(&rule,
										word_of(pg_get_timezone_name(zone))));
}

/*----------------------------------------------------------
 * Several
 *----------------------------------------------------------*/

static void
check_added(bool added)
{
	if (!added)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many opening hours"),
				 errdetail("The limit is %d rules, and %d restrictions.",
						   OPEN_HOURS_MAX_RULES, OPEN_HOURS_MAX_FACTORS)));
}

static Datum
built_value(const OpenHoursBuilder *builder)
{
	struct varlena *value = open_hours_value(builder);

	check_added(value != NULL);
	PG_RETURN_POINTER(value);
}

/*
 * Rules of a restriction and others: which of them is restricted?
 */
static void
check_sum(const OpenHours *hours)
{
	if (hours->factor_count > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("restricted opening hours cannot be added to others"),
				 errhint("Add first, and restrict the sum: (a + b) * c.")));
}

/* open_hours + open_hours: the rules of both; null has none */
APPOINTMENT_FUNCTION(open_hours_sum);
Datum
open_hours_sum(PG_FUNCTION_ARGS)
{
	OpenHoursBuilder builder;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(PG_ARGISNULL(0) ? 1 : 0));

	open_hours_begin(&builder, CurrentMemoryContext);
	for (int n = 0; n < 2; n++)
	{
		OpenHours	hours;

		open_hours_open(PG_GETARG_OPEN_HOURS(n), &hours);
		check_sum(&hours);
		check_added(open_hours_add_all(&builder, &hours));
	}
	PG_RETURN_DATUM(built_value(&builder));
}

/* open_hours * open_hours: both must be open */
APPOINTMENT_FUNCTION(open_hours_restrict);
Datum
open_hours_restrict(PG_FUNCTION_ARGS)
{
	OpenHoursBuilder builder;
	OpenHours	a;
	OpenHours	b;

	open_hours_open(PG_GETARG_OPEN_HOURS(0), &a);
	open_hours_open(PG_GETARG_OPEN_HOURS(1), &b);
	open_hours_begin(&builder, CurrentMemoryContext);
	check_added(open_hours_add_all(&builder, &a));
	builder.factor_count++;
	check_added(open_hours_add_all(&builder, &b));
	PG_RETURN_DATUM(built_value(&builder));
}

/*----------------------------------------------------------
 * Aggregate
 *----------------------------------------------------------*/

static OpenHoursBuilder *
new_state(MemoryContext context)
{
	OpenHoursBuilder *state = MemoryContextAlloc(context,
												 sizeof(OpenHoursBuilder));

	open_hours_begin(state, context);
	return state;
}

/* (internal, open_hours) -> internal */
APPOINTMENT_FUNCTION(open_hours_agg_transfn);
Datum
open_hours_agg_transfn(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	OpenHoursBuilder *state = PG_ARGISNULL(0) ? NULL :
	(OpenHoursBuilder *) PG_GETARG_POINTER(0);
	OpenHours	hours;

	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	open_hours_open(PG_GETARG_OPEN_HOURS(1), &hours);
	check_sum(&hours);
	if (state == NULL)
		state = new_state(context);
	check_added(open_hours_add_all(state, &hours));
	PG_RETURN_POINTER(state);
}

/* (internal, internal) -> internal */
APPOINTMENT_FUNCTION(open_hours_agg_combinefn);
Datum
open_hours_agg_combinefn(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	OpenHoursBuilder *state = PG_ARGISNULL(0) ? NULL :
	(OpenHoursBuilder *) PG_GETARG_POINTER(0);
	OpenHoursBuilder *other = PG_ARGISNULL(1) ? NULL :
	(OpenHoursBuilder *) PG_GETARG_POINTER(1);

	if (other != NULL)
	{
		OpenHours	hours = {
			.rules = other->rules,
			.rule_count = other->rule_count,
			.factor_count = 1,
			.zone_count = other->zone_count,
			.zones = other->zones,
		};

		if (state == NULL)
			state = new_state(context);
		check_added(open_hours_add_all(state, &hours));
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

/* (internal) -> bytea: a value's bytes */
APPOINTMENT_FUNCTION(open_hours_agg_serialfn);
Datum
open_hours_agg_serialfn(PG_FUNCTION_ARGS)
{
	(void) aggregate_context(fcinfo);
	PG_RETURN_DATUM(built_value((OpenHoursBuilder *) PG_GETARG_POINTER(0)));
}

/* (bytea, internal) -> internal */
APPOINTMENT_FUNCTION(open_hours_agg_deserialfn);
Datum
open_hours_agg_deserialfn(PG_FUNCTION_ARGS)
{
	OpenHoursBuilder *state;
	OpenHours	hours;

	(void) aggregate_context(fcinfo);
	open_hours_open(PG_GETARG_OPEN_HOURS(0), &hours);
	state = new_state(CurrentMemoryContext);
	check_added(open_hours_add_all(state, &hours));
	PG_RETURN_POINTER(state);
}

/* (internal) -> open_hours: null without rules */
APPOINTMENT_FUNCTION(open_hours_agg_finalfn);
Datum
open_hours_agg_finalfn(PG_FUNCTION_ARGS)
{
	(void) aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(built_value((OpenHoursBuilder *) PG_GETARG_POINTER(0)));
}

/*----------------------------------------------------------
 * Btree and hash
 *----------------------------------------------------------*/

static int
compare_values(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_GETARG_OPEN_HOURS(0);
	struct varlena *b = PG_GETARG_OPEN_HOURS(1);
	int			order = open_hours_compare(a, b);

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return order;
}

BTREE_FUNCTIONS(open_hours, compare_values);

static uint64
hash_hours(FunctionCallInfo fcinfo, uint64 seed)
{
	struct varlena *value = PG_GETARG_OPEN_HOURS(0);
	uint64		hash = open_hours_hash_value(value, seed);

	PG_FREE_IF_COPY(value, 0);
	return hash;
}

HASH_FUNCTIONS(open_hours, hash_hours);
