/*-------------------------------------------------------------------------
 *
 * occupancy_sql.c
 *		Constructors, accessors and operators of occupancies, and support for
 *		btree and hash.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/tupmacs.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "compat.h"
#include "occupancy/occupancy.h"
#include "occupancy/occupancy_sql.h"
#include "server/opclass_functions.h"

/*----------------------------------------------------------
 * Constructors
 *
 * None of them is strict: a null would slip past a constraint.
 *----------------------------------------------------------*/

void
occupancy_require_bounds(bool present)
{
	if (!present)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid period of an occupancy"),
				 errdetail("The period must have a start and an end, not null."),
				 errhint("Leave rows without a period out of the index by its WHERE clause.")));
}

/*
 * The scope that is argument n; without one if it is null.
 */
OccupancyName
occupancy_scope_argument(FunctionCallInfo fcinfo, int n, uint8 *flags)
{
	OccupancyName scope = {NULL, 0};

	if (!PG_ARGISNULL(n))
	{
		text	   *value = PG_GETARG_TEXT_PP(n);

		*flags |= OCCUPANCY_SCOPED;
		scope.data = VARDATA_ANY(value);
		scope.len = VARSIZE_ANY_EXHDR(value);
		occupancy_check_name_length(scope.len);
	}
	return scope;
}

/*
 * The names in the array that is argument n.  Null elements are passed over:
 * a room that was not chosen holds nothing.  So the array may have more than
 * the limit; it is not deconstructed, which would take memory for all of it.
 */
static OccupancyResource *
names_argument(FunctionCallInfo fcinfo, int n, int *count)
{
	ArrayType  *array;
	OccupancyResource *names;
	const bits8 *nulls;
	char	   *next;
	int			nelements;
	int64		total = 0;

	*count = 0;
	if (PG_ARGISNULL(n))
		return NULL;
	array = PG_GETARG_ARRAYTYPE_P(n);
	nelements = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	nulls = ARR_NULLBITMAP(array);
	next = ARR_DATA_PTR(array);
	names = palloc0_array(OccupancyResource,
						  Max(Min(nelements, OCCUPANCY_MAX_NAMES), 1));
	for (int i = 0; i < nelements; i++)
	{
		struct varlena *element;

		CHECK_FOR_INTERRUPTS();
		if (nulls != NULL && (nulls[i / 8] & (1 << (i % 8))) == 0)
			continue;
		if (++total > OCCUPANCY_MAX_NAMES)
			continue;			/* counted for the message */
		element = PG_DETOAST_DATUM_PACKED(PointerGetDatum(next));
		names[*count].name.data = VARDATA_ANY(element);
		names[*count].name.len = VARSIZE_ANY_EXHDR(element);
		occupancy_check_name_length(names[*count].name.len);
		++*count;
		next = att_addlength_pointer(next, -1, next);
		next = (char *) att_align_nominal(next, TYPALIGN_INT);
	}
	occupancy_check_name_count(total);
	return names;
}

APPOINTMENT_FUNCTION(occupancy_construct);
Datum
occupancy_construct(PG_FUNCTION_ARGS)
{
	TimestampTz starts_at;
	TimestampTz ends_at;
	OccupancyName scope;
	OccupancyResource *names;
	uint8		flags = 0;
	int			count;

	occupancy_require_bounds(!PG_ARGISNULL(0) && !PG_ARGISNULL(1));
	starts_at = PG_GETARG_TIMESTAMPTZ(0);
	ends_at = PG_GETARG_TIMESTAMPTZ(1);
	occupancy_check_period(starts_at, ends_at);
	names = names_argument(fcinfo, 2, &count);
	scope = occupancy_scope_argument(fcinfo, 3, &flags);
	PG_RETURN_POINTER(occupancy_build(starts_at, ends_at, flags, scope,
									  names, count));
}

APPOINTMENT_FUNCTION(occupancy_all);
Datum
occupancy_all(PG_FUNCTION_ARGS)
{
	TimestampTz starts_at;
	TimestampTz ends_at;
	OccupancyName scope;
	uint8		flags = OCCUPANCY_ALL;

	occupancy_require_bounds(!PG_ARGISNULL(0) && !PG_ARGISNULL(1));
	starts_at = PG_GETARG_TIMESTAMPTZ(0);
	ends_at = PG_GETARG_TIMESTAMPTZ(1);
	occupancy_check_period(starts_at, ends_at);
	scope = occupancy_scope_argument(fcinfo, 2, &flags);
	PG_RETURN_POINTER(occupancy_build(starts_at, ends_at, flags, scope,
									  NULL, 0));
}

APPOINTMENT_FUNCTION(occupancy_from_range);
Datum
occupancy_from_range(PG_FUNCTION_ARGS)
{
	RangeType  *range;
	RangeBound	lower;
	RangeBound	upper;
	OccupancyName scope;
	OccupancyResource *names;
	uint8		flags = 0;
	int			count;
	bool		empty;

	occupancy_require_bounds(!PG_ARGISNULL(0));
	range = PG_GETARG_RANGE_P(0);
	range_deserialize(range_get_typcache(fcinfo, RangeTypeGetOid(range)),
					  range, &lower, &upper, &empty);
	if (empty)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid period of an occupancy"),
				 errdetail("The range is empty.")));
	if (lower.infinite || upper.infinite)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid period of an occupancy"),
				 errdetail_internal("%s", occupancy_fault_detail(OCCUPANCY_NOT_FINITE))));
	if (!lower.inclusive || upper.inclusive)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid period of an occupancy"),
				 errdetail("The bounds are \"%c%c\": the start must be part of the period, and its end must not.",
						   lower.inclusive ? '[' : '(',
						   upper.inclusive ? ']' : ')'),
				 errhint("Write the bounds as \"[)\".")));
	occupancy_check_period(DatumGetTimestampTz(lower.val),
						   DatumGetTimestampTz(upper.val));
	names = names_argument(fcinfo, 1, &count);
	scope = occupancy_scope_argument(fcinfo, 2, &flags);
	PG_RETURN_POINTER(occupancy_build(DatumGetTimestampTz(lower.val),
									  DatumGetTimestampTz(upper.val),
									  flags, scope, names, count));
}

/*
 * Some seats of a resource that is shared.  A null resource is passed over, as
 * in an array.
 */
APPOINTMENT_FUNCTION(occupancy_seats);
Datum
occupancy_seats(PG_FUNCTION_ARGS)
{
	TimestampTz starts_at;
	TimestampTz ends_at;
	OccupancyName scope;
	OccupancyResource resource;
	uint8		flags = 0;
	int			count = 0;

	occupancy_require_bounds(!PG_ARGISNULL(0) && !PG_ARGISNULL(1));
	starts_at = PG_GETARG_TIMESTAMPTZ(0);
	ends_at = PG_GETARG_TIMESTAMPTZ(1);
	occupancy_check_period(starts_at, ends_at);
	if (!PG_ARGISNULL(2))
	{
		text	   *name = PG_GETARG_TEXT_PP(2);

		resource.name.data = VARDATA_ANY(name);
		resource.name.len = VARSIZE_ANY_EXHDR(name);
		occupancy_check_name_length(resource.name.len);
		if (PG_ARGISNULL(3) || PG_ARGISNULL(4))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("invalid resources of an occupancy"),
					 errdetail("A shared resource must have its seats and its capacity, not null.")));
		resource.share.seats = PG_GETARG_INT32(3);
		resource.share.capacity = PG_GETARG_INT32(4);
		occupancy_check_resources(occupancy_share_fault(resource.share.seats,
														resource.share.capacity));
		count = 1;
	}
	scope = occupancy_scope_argument(fcinfo, 5, &flags);
	PG_RETURN_POINTER(occupancy_build(starts_at, ends_at, flags, scope,
									  &resource, count));
}

/*
 * What two hold together, in one period and scope.  Strict: what is not held,
 * like a cancelled appointment's occupancy, holds nothing with another, either.
 */
APPOINTMENT_FUNCTION(occupancy_add);
Datum
occupancy_add(PG_FUNCTION_ARGS)
{
	struct varlena *a_value = PG_GETARG_OCCUPANCY(0);
	struct varlena *b_value = PG_GETARG_OCCUPANCY(1);
	Occupancy	a;
	Occupancy	b;

	occupancy_open(a_value, &a);
	occupancy_open(b_value, &b);
	if (a.starts_at != b.starts_at || a.ends_at != b.ends_at)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot add occupancies of different periods")));
	if (!occupancy_same_scope(&a, &b))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot add occupancies of different scopes")));
	PG_RETURN_POINTER(occupancy_sum(&a, &b));
}

/*
 * The same resources for a longer period.  A null buffer is none; a null
 * occupancy stays null.
 */
static Datum
buffer_occupancy(FunctionCallInfo fcinfo, int before_arg, int after_arg)
{
	struct varlena *value;
	Occupancy	o;
	int32		before = PG_ARGISNULL(before_arg) ? 0 : PG_GETARG_INT32(before_arg);
	int32		after = PG_ARGISNULL(after_arg) ? 0 : PG_GETARG_INT32(after_arg);

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (before < 0 || after < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("buffer of an occupancy must not be negative")));

	value = PG_GETARG_OCCUPANCY(0);
	occupancy_open(value, &o);

	/* no overflow: the years 0001 to 9999 leave room for any int32 */
	o.starts_at -= before * USECS_PER_MINUTE;
	o.ends_at += after * USECS_PER_MINUTE;
	occupancy_check_period(o.starts_at, o.ends_at);

	PG_RETURN_POINTER(occupancy_with_period(value, o.starts_at, o.ends_at));
}

APPOINTMENT_FUNCTION(occupancy_buffer);
Datum
occupancy_buffer(PG_FUNCTION_ARGS)
{
	return buffer_occupancy(fcinfo, 1, 2);
}

/* A single number of minutes is for both sides. */
APPOINTMENT_FUNCTION(occupancy_buffer_both);
Datum
occupancy_buffer_both(PG_FUNCTION_ARGS)
{
	return buffer_occupancy(fcinfo, 1, 1);
}

/*----------------------------------------------------------
 * Accessors
 *----------------------------------------------------------*/

APPOINTMENT_FUNCTION(occupancy_during);
Datum
occupancy_during(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_OCCUPANCY(0);
	Occupancy	o;
	RangeBound	lower = {.inclusive = true, .lower = true};
	RangeBound	upper = {.inclusive = false, .lower = false};

	occupancy_open(value, &o);
	lower.val = TimestampTzGetDatum(o.starts_at);
	upper.val = TimestampTzGetDatum(o.ends_at);
	PG_RETURN_RANGE_P(make_range_hard(range_get_typcache(fcinfo, TSTZRANGEOID),
									  &lower, &upper));
}

/* NULL for every resource. */
APPOINTMENT_FUNCTION(occupancy_resources);
Datum
occupancy_resources(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_OCCUPANCY(0);
	Occupancy	o;
	OccupancyNames names;
	OccupancyName name;
	Datum	   *elements;
	int			count = 0;

	occupancy_open(value, &o);
	if (occupancy_is_all(&o))
		PG_RETURN_NULL();
	elements = palloc_array(Datum, Max(o.count, 1));
	occupancy_names_start(&names, &o);
	while (occupancy_names_next(&names, &name))
		elements[count++] =
			PointerGetDatum(cstring_to_text_with_len(name.data, name.len));
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, count, TEXTOID, -1, false,
										  TYPALIGN_INT));
}

APPOINTMENT_FUNCTION(occupancy_scope);
Datum
occupancy_scope(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_OCCUPANCY(0);
	Occupancy	o;
	OccupancyName scope;

	occupancy_open(value, &o);
	if (!occupancy_has_scope(&o))
		PG_RETURN_NULL();
	scope = occupancy_scope_of(&o);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(scope.data, scope.len));
}

APPOINTMENT_FUNCTION(occupancy_is_for_all);
Datum
occupancy_is_for_all(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_OCCUPANCY(0);
	Occupancy	o;

	occupancy_open(value, &o);
	PG_RETURN_BOOL(occupancy_is_all(&o));
}

/*----------------------------------------------------------
 * Conflict
 *----------------------------------------------------------*/

APPOINTMENT_FUNCTION(occupancy_conflicts_with);
Datum
occupancy_conflicts_with(PG_FUNCTION_ARGS)
{
	struct varlena *a_value = occupancy_argument(fcinfo, 0);
	struct varlena *b_value = occupancy_argument(fcinfo, 1);
	Occupancy	a;
	Occupancy	b;

	occupancy_open(a_value, &a);
	occupancy_open(b_value, &b);
	PG_RETURN_BOOL(occupancy_conflict(&a, &b));
}

APPOINTMENT_FUNCTION(occupancy_intersection);
Datum
occupancy_intersection(PG_FUNCTION_ARGS)
{
	struct varlena *a_value = PG_GETARG_OCCUPANCY(0);
	struct varlena *b_value = PG_GETARG_OCCUPANCY(1);
	struct varlena *shared;
	Occupancy	a;
	Occupancy	b;

	occupancy_open(a_value, &a);
	occupancy_open(b_value, &b);
	shared = occupancy_shared(&a, &b);
	if (shared == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(shared);
}

/*----------------------------------------------------------
 * Btree and hash
 *----------------------------------------------------------*/

static int
compare_occupancies(FunctionCallInfo fcinfo)
{
	struct varlena *a_value = PG_GETARG_OCCUPANCY(0);
	struct varlena *b_value = PG_GETARG_OCCUPANCY(1);
	Occupancy	a;
	Occupancy	b;
	int			order;

	occupancy_open(a_value, &a);
	occupancy_open(b_value, &b);
	order = occupancy_compare(&a, &b);
	PG_FREE_IF_COPY(a_value, 0);
	PG_FREE_IF_COPY(b_value, 1);
	return order;
}

BTREE_FUNCTIONS(occupancy, compare_occupancies);

/*
 * Hash what equality compares.  The version byte is no part of it, so that a
 * later layout can hash the same; the stored hashes follow from the names.
 * With seed 0 the low half is the plain hash, as hash_extended requires.
 */
static uint64
hash_occupancy(FunctionCallInfo fcinfo, uint64 seed)
{
	struct varlena *value = PG_GETARG_OCCUPANCY(0);
	Occupancy	o;
	uint64		hash;
	char		head[2 * sizeof(TimestampTz) + 1];

	occupancy_open(value, &o);
	memcpy(head, &o.starts_at, sizeof(TimestampTz));
	memcpy(head + sizeof(TimestampTz), &o.ends_at, sizeof(TimestampTz));
	head[sizeof(head) - 1] = (char) o.flags;
	hash = hash_bytes_extended((const unsigned char *) head, sizeof(head),
							   seed);
	hash = hash_bytes_extended((const unsigned char *) o.lengths,
							   o.end - o.lengths, hash);
	PG_FREE_IF_COPY(value, 0);
	return hash;
}

HASH_FUNCTIONS(occupancy, hash_occupancy);
