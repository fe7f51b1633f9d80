/*-------------------------------------------------------------------------
 *
 * occupancy.c
 *		The occupancy type: arguments, checks, building, and order.
 *
 * The bytes of a value are described in occupancy.h.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/instant.h"
#include "compat.h"
#include "occupancy/occupancy.h"

void
occupancy_corrupt(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("stored occupancy is corrupt, or of a later version")));
}

/*----------------------------------------------------------
 * Arguments
 *----------------------------------------------------------*/

/* An argument as it came, and what it is. */
typedef struct DetoastedArgument
{
	struct varlena *toasted;	/* a copy, or NULL */
	struct varlena *value;		/* or NULL, as long as it came only once */
} DetoastedArgument;

/*
 * Detoast argument n, which is compressed or stored elsewhere, once for all
 * calls in a row that get the same one: a large query is compared with each
 * key of an index's page, and with each row that the index finds.
 *
 * The same is what has the same bytes.  For a value that is stored elsewhere
 * these are the pointer to it, which whoever reads by it keeps valid; a scan
 * that starts again with another value has another pointer.  Pointers into
 * memory prove nothing.  A value is kept when it comes for the second time,
 * so that a column's values, each of them another, are not.
 */
struct varlena *
occupancy_detoast_once(FunctionCallInfo fcinfo, int n)
{
	DetoastedArgument *arguments;
	DetoastedArgument *argument;
	Datum		datum = PG_GETARG_DATUM(n);
	struct varlena *toasted = (struct varlena *) DatumGetPointer(datum);
	MemoryContext old_context;

	if (fcinfo->flinfo == NULL ||
		(VARATT_IS_EXTERNAL(toasted) && !VARATT_IS_EXTERNAL_ONDISK(toasted)))
		return occupancy_detoast(datum);
	arguments = fcinfo->flinfo->fn_extra;
	if (arguments == NULL)
	{
		arguments = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
										   2 * sizeof(DetoastedArgument));
		fcinfo->flinfo->fn_extra = arguments;
	}
	argument = &arguments[n];

	old_context = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	if (argument->toasted != NULL &&
		VARSIZE_ANY(argument->toasted) == VARSIZE_ANY(toasted) &&
		memcmp(argument->toasted, toasted, VARSIZE_ANY(toasted)) == 0)
	{
		if (argument->value == NULL)
			argument->value = occupancy_detoast(datum);
	}
	else
	{
		struct varlena *old_toasted = argument->toasted;
		struct varlena *old_value = argument->value;

		argument->toasted = NULL;
		argument->value = NULL;
		if (old_toasted != NULL)
			pfree(old_toasted);
		if (old_value != NULL)
			pfree(old_value);
		argument->toasted = palloc(VARSIZE_ANY(toasted));
		memcpy(argument->toasted, toasted, VARSIZE_ANY(toasted));
	}
	MemoryContextSwitchTo(old_context);
	return argument->value != NULL ? argument->value :
		occupancy_detoast(datum);
}

/*----------------------------------------------------------
 * Checks
 *----------------------------------------------------------*/

OccupancyFault
occupancy_period_fault(TimestampTz starts_at, TimestampTz ends_at)
{
	if (TIMESTAMP_NOT_FINITE(starts_at) || TIMESTAMP_NOT_FINITE(ends_at))
		return OCCUPANCY_NOT_FINITE;
	if (!instant_in_range(starts_at) || !instant_in_range(ends_at))
		return OCCUPANCY_OUT_OF_RANGE;
	if (starts_at == ends_at)
		return OCCUPANCY_EMPTY_PERIOD;
	if (starts_at > ends_at)
		return OCCUPANCY_REVERSED_PERIOD;
	return OCCUPANCY_FINE;
}

const char *
occupancy_fault_detail(OccupancyFault fault)
{
	switch (fault)
	{
		case OCCUPANCY_FINE:
			break;
		case OCCUPANCY_NOT_FINITE:
			return "The period must have a finite start and a finite end.";
		case OCCUPANCY_OUT_OF_RANGE:
			return "The period must lie within the years 0001 to 9999 in UTC.";
		case OCCUPANCY_EMPTY_PERIOD:
			return "The period is empty: it ends when it starts.";
		case OCCUPANCY_REVERSED_PERIOD:
			return "The period ends before it starts.";
	}
	return "";
}

/* The checks of whatever builds an occupancy of its arguments. */
void
occupancy_check_period(TimestampTz starts_at, TimestampTz ends_at)
{
	OccupancyFault fault = occupancy_period_fault(starts_at, ends_at);

	if (fault != OCCUPANCY_FINE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid period of an occupancy"),
				 errdetail_internal("%s", occupancy_fault_detail(fault))));
}

void
occupancy_check_name_count(int64 count)
{
	if (count > OCCUPANCY_MAX_NAMES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many names in an occupancy"),
				 errdetail("There are %lld names; the limit is %d.",
						   (long long) count, OCCUPANCY_MAX_NAMES)));
}

/*
 * Whether a value is as occupancy_build() makes it.
 */
#ifdef USE_ASSERT_CHECKING
static void
assert_invariants(const struct varlena *value)
{
	Occupancy	o;
	OccupancyName scope;
	OccupancyNames names;
	OccupancyName name;
	OccupancyName previous = {NULL, 0};

	occupancy_open(value, &o);
	Assert(occupancy_period_fault(o.starts_at, o.ends_at) == OCCUPANCY_FINE);
	Assert(!occupancy_is_all(&o) || o.count == 0);

	scope = occupancy_scope_of(&o);
	Assert(scope.len <= OCCUPANCY_MAX_NAME_LEN);
	Assert(occupancy_has_scope(&o) || scope.len == 0);
	Assert(o.scope_hash == (occupancy_has_scope(&o) ?
							occupancy_hash_name(scope.data, scope.len) : 0));

	for (int i = 1; i < o.count; i++)
		Assert(occupancy_hash_at(&o, i - 1) <= occupancy_hash_at(&o, i));

	occupancy_names_start(&names, &o);
	while (occupancy_names_next(&names, &name))
	{
		Assert(name.len <= OCCUPANCY_MAX_NAME_LEN);
		Assert(previous.data == NULL ||
			   occupancy_name_compare(&previous, &name) < 0);
		previous = name;
	}
	Assert(names.text == o.end);
}
#else
#define assert_invariants(value)	((void) 0)
#endif

/*----------------------------------------------------------
 * Building
 *----------------------------------------------------------*/

static int
name_cmp(const void *a, const void *b)
{
	return occupancy_name_compare((const OccupancyName *) a,
								  (const OccupancyName *) b);
}

/*
 * Make a value of parts that were checked.  The names may come in any order
 * and with duplicates; the array is reordered.
 */
struct varlena *
occupancy_build(TimestampTz starts_at, TimestampTz ends_at, uint8 flags,
				OccupancyName scope, OccupancyName *names, int count)
{
	struct varlena *value;
	char	   *data;
	char	   *lengths;
	char	   *text;
	uint64		few_hashes[32];
	uint64	   *hashes = few_hashes;
	uint64		scope_hash = 0;
	Size		size;
	uint16		short_count;
	uint16		len;
	int			distinct = 0;

	if (count > 1)
		qsort(names, count, sizeof(OccupancyName), name_cmp);
	for (int i = 0; i < count; i++)
	{
		if (distinct == 0 || name_cmp(&names[distinct - 1], &names[i]) != 0)
			names[distinct++] = names[i];
	}
	count = distinct;

	if (count > (int) lengthof(few_hashes))
		hashes = palloc_array(uint64, count);
	size = VARHDRSZ + OCCUPANCY_HEADER_SIZE + count * sizeof(uint64) +
		(count + 1) * sizeof(uint16) + scope.len;
	for (int i = 0; i < count; i++)
	{
		hashes[i] = occupancy_hash_name(names[i].data, names[i].len);
		size += names[i].len;
	}
	if (count > 1)
		qsort(hashes, count, sizeof(uint64), occupancy_hash_cmp);
	if (flags & OCCUPANCY_SCOPED)
		scope_hash = occupancy_hash_name(scope.data, scope.len);

	value = (struct varlena *) palloc(size);
	SET_VARSIZE(value, size);
	data = VARDATA(value);
	data[0] = OCCUPANCY_VERSION;
	data[1] = (char) flags;
	short_count = (uint16) count;
	memcpy(data + 2, &short_count, sizeof(uint16));
	memcpy(data + 4, &starts_at, sizeof(TimestampTz));
	memcpy(data + 12, &ends_at, sizeof(TimestampTz));
	memcpy(data + 20, &scope_hash, sizeof(uint64));
	if (count > 0)
		memcpy(data + OCCUPANCY_HEADER_SIZE, hashes, count * sizeof(uint64));

	lengths = data + OCCUPANCY_HEADER_SIZE + count * sizeof(uint64);
	text = lengths + (count + 1) * sizeof(uint16);
	len = (uint16) scope.len;
	memcpy(lengths, &len, sizeof(uint16));
	if (scope.len > 0)
		memcpy(text, scope.data, scope.len);
	text += scope.len;
	for (int i = 0; i < count; i++)
	{
		len = (uint16) names[i].len;
		memcpy(lengths + (i + 1) * sizeof(uint16), &len, sizeof(uint16));
		memcpy(text, names[i].data, names[i].len);
		text += names[i].len;
	}
	Assert(text == (char *) value + size);

	if (hashes != few_hashes)
		pfree(hashes);
	assert_invariants(value);
	return value;
}

/*
 * The same resources for another period, which was checked.
 */
struct varlena *
occupancy_with_period(const struct varlena *value, TimestampTz starts_at,
					  TimestampTz ends_at)
{
	struct varlena *result = (struct varlena *)
	palloc(VARSIZE_ANY_EXHDR(value) + VARHDRSZ);
	char	   *data = VARDATA(result);

	SET_VARSIZE(result, VARSIZE_ANY_EXHDR(value) + VARHDRSZ);
	memcpy(data, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	memcpy(data + 4, &starts_at, sizeof(TimestampTz));
	memcpy(data + 12, &ends_at, sizeof(TimestampTz));
	assert_invariants(result);
	return result;
}

/*
 * What two occupancies share, or NULL if they do not conflict.
 */
struct varlena *
occupancy_shared(const Occupancy *a, const Occupancy *b)
{
	TimestampTz starts_at = Max(a->starts_at, b->starts_at);
	TimestampTz ends_at = Min(a->ends_at, b->ends_at);
	OccupancyNames walk;
	OccupancyName name;
	OccupancyName *shared;
	uint8		flags = a->flags & b->flags;
	int			count = 0;

	if (!occupancy_conflict(a, b))
		return NULL;

	shared = palloc_array(OccupancyName, Max(Max(a->count, b->count), 1));
	if (occupancy_is_all(a) || occupancy_is_all(b))
	{
		/* all and some make some */
		occupancy_names_start(&walk, occupancy_is_all(a) ? b : a);
		while (occupancy_names_next(&walk, &name))
			shared[count++] = name;
	}
	else
	{
		OccupancyNames other_walk;
		OccupancyName other;
		bool		more;

		occupancy_names_start(&walk, a);
		occupancy_names_start(&other_walk, b);
		more = occupancy_names_next(&walk, &name) &&
			occupancy_names_next(&other_walk, &other);
		while (more)
		{
			int			order = occupancy_name_compare(&name, &other);

			if (order == 0)
				shared[count++] = name;
			more = order <= 0 ? occupancy_names_next(&walk, &name) :
				occupancy_names_next(&other_walk, &other);
		}
	}

	return occupancy_build(starts_at, ends_at, flags, occupancy_scope_of(a),
						   shared, count);
}

/*----------------------------------------------------------
 * Order
 *----------------------------------------------------------*/

/*
 * By start, by end, by scope (none first), then every resource first, then by
 * the names in their order.
 */
int
occupancy_compare(const Occupancy *a, const Occupancy *b)
{
	OccupancyName a_scope;
	OccupancyName b_scope;
	OccupancyNames a_names;
	OccupancyNames b_names;
	OccupancyName a_name;
	OccupancyName b_name;
	int			order;

	if (a->starts_at != b->starts_at)
		return a->starts_at < b->starts_at ? -1 : 1;
	if (a->ends_at != b->ends_at)
		return a->ends_at < b->ends_at ? -1 : 1;
	if (occupancy_has_scope(a) != occupancy_has_scope(b))
		return occupancy_has_scope(a) ? 1 : -1;
	a_scope = occupancy_scope_of(a);
	b_scope = occupancy_scope_of(b);
	order = occupancy_name_compare(&a_scope, &b_scope);
	if (order != 0)
		return order;
	if (occupancy_is_all(a) != occupancy_is_all(b))
		return occupancy_is_all(a) ? -1 : 1;

	occupancy_names_start(&a_names, a);
	occupancy_names_start(&b_names, b);
	for (;;)
	{
		bool		a_more = occupancy_names_next(&a_names, &a_name);
		bool		b_more = occupancy_names_next(&b_names, &b_name);

		if (!a_more || !b_more)
			return (int) a_more - (int) b_more;
		order = occupancy_name_compare(&a_name, &b_name);
		if (order != 0)
			return order;
	}
}
