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
	OccupancyCalls *calls;
	DetoastedArgument *argument;
	Datum		datum = PG_GETARG_DATUM(n);
	struct varlena *toasted = (struct varlena *) DatumGetPointer(datum);
	MemoryContext old_context;

	if (fcinfo->flinfo == NULL ||
		(VARATT_IS_EXTERNAL(toasted) && !VARATT_IS_EXTERNAL_ONDISK(toasted)))
		return occupancy_detoast(datum);
	calls = fcinfo->flinfo->fn_extra;
	if (calls == NULL)
	{
		calls = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
									   sizeof(OccupancyCalls));
		fcinfo->flinfo->fn_extra = calls;
	}
	argument = &calls->arguments[n];

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
		case OCCUPANCY_NO_SEATS:
			return "A shared resource must be held with at least one seat.";
		case OCCUPANCY_NO_CAPACITY:
			return "The capacity of a shared resource must be at least one seat.";
		case OCCUPANCY_SEATS_ABOVE_CAPACITY:
			return "More seats of a resource are held than its capacity.";
		case OCCUPANCY_ALONE_AND_SHARED:
			return "A resource is held alone and shared at once.";
	}
	return "";
}

/* What is wrong with so many seats of so many. */
OccupancyFault
occupancy_share_fault(int64 seats, int64 capacity)
{
	if (capacity < 1)
		return OCCUPANCY_NO_CAPACITY;
	if (seats < 1)
		return OCCUPANCY_NO_SEATS;
	if (seats > capacity)
		return OCCUPANCY_SEATS_ABOVE_CAPACITY;
	return OCCUPANCY_FINE;
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
occupancy_check_resources(OccupancyFault fault)
{
	if (fault != OCCUPANCY_FINE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid resources of an occupancy"),
				 errdetail_internal("%s", occupancy_fault_detail(fault)),
				 fault == OCCUPANCY_ALONE_AND_SHARED ?
				 errhint("If two resources have the same id, name them with resource_key().") : 0));
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
	bool		shared = false;

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
		OccupancyShare share = occupancy_share_at(&o, names.next - 1);

		Assert(name.len <= OCCUPANCY_MAX_NAME_LEN);
		Assert(previous.data == NULL ||
			   occupancy_name_compare(&previous, &name) < 0);
		previous = name;
		Assert((share.seats == 0 && share.capacity == 0) ||
			   occupancy_share_fault(share.seats, share.capacity) == OCCUPANCY_FINE);
		shared |= share.capacity > 0;
	}
	Assert(names.text == o.end);
	Assert(shared == ((o.flags & OCCUPANCY_SHARED) != 0));
}
#else
#define assert_invariants(value)	((void) 0)
#endif

/*----------------------------------------------------------
 * Building
 *----------------------------------------------------------*/

static int
resource_cmp(const void *a, const void *b)
{
	return occupancy_name_compare(&((const OccupancyResource *) a)->name,
								  &((const OccupancyResource *) b)->name);
}

/* Let "to" hold what both hold of one resource. */
static OccupancyFault
merge_share(OccupancyShare *to, OccupancyShare from)
{
	if (to->capacity == 0 && from.capacity == 0)
		return OCCUPANCY_FINE;
	if (to->capacity == 0 || from.capacity == 0)
		return OCCUPANCY_ALONE_AND_SHARED;
	to->capacity = Min(to->capacity, from.capacity);
	if ((int64) to->seats + from.seats > to->capacity)
		return OCCUPANCY_SEATS_ABOVE_CAPACITY;
	to->seats += from.seats;
	return OCCUPANCY_FINE;
}

/*
 * Sort resources, and make one of those that have the same name: its seats add
 * up, and its capacity is the smallest.
 */
OccupancyFault
occupancy_merge(OccupancyResource *resources, int *count)
{
	int			distinct = 0;

	if (*count > 1)
		qsort(resources, *count, sizeof(OccupancyResource), resource_cmp);
	for (int i = 0; i < *count; i++)
	{
		if (distinct > 0 &&
			resource_cmp(&resources[distinct - 1], &resources[i]) == 0)
		{
			OccupancyFault fault = merge_share(&resources[distinct - 1].share,
											   resources[i].share);

			if (fault != OCCUPANCY_FINE)
				return fault;
		}
		else
			resources[distinct++] = resources[i];
	}
	*count = distinct;
	return OCCUPANCY_FINE;
}

/*
 * Make a value of parts that were checked one by one.  The resources may come
 * in any order and with duplicates; the array is reordered.
 */
struct varlena *
occupancy_build(TimestampTz starts_at, TimestampTz ends_at, uint8 flags,
				OccupancyName scope, OccupancyResource *resources, int count)
{
	struct varlena *value;
	char	   *data;
	char	   *lengths;
	char	   *shares;
	char	   *text;
	uint64		few_hashes[32];
	uint64	   *hashes = few_hashes;
	uint64		scope_hash = 0;
	Size		size;
	uint16		short_count;
	uint16		len;

	occupancy_check_resources(occupancy_merge(resources, &count));

	if (count > (int) lengthof(few_hashes))
		hashes = palloc_array(uint64, count);
	size = VARHDRSZ + OCCUPANCY_HEADER_SIZE + count * sizeof(uint64) +
		(count + 1) * sizeof(uint16) + scope.len;
	flags &= ~OCCUPANCY_SHARED;
	for (int i = 0; i < count; i++)
	{
		OccupancyName *name = &resources[i].name;

		hashes[i] = occupancy_hash_name(name->data, name->len);
		size += name->len;
		if (resources[i].share.capacity > 0)
			flags |= OCCUPANCY_SHARED;
	}
	if (flags & OCCUPANCY_SHARED)
		size += count * sizeof(OccupancyShare);
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
	shares = lengths + (count + 1) * sizeof(uint16);
	text = shares;
	if (flags & OCCUPANCY_SHARED)
		text += count * sizeof(OccupancyShare);
	len = (uint16) scope.len;
	memcpy(lengths, &len, sizeof(uint16));
	if (scope.len > 0)
		memcpy(text, scope.data, scope.len);
	text += scope.len;
	for (int i = 0; i < count; i++)
	{
		OccupancyName *name = &resources[i].name;

		len = (uint16) name->len;
		memcpy(lengths + (i + 1) * sizeof(uint16), &len, sizeof(uint16));
		if (flags & OCCUPANCY_SHARED)
			memcpy(shares + i * sizeof(OccupancyShare), &resources[i].share,
				   sizeof(OccupancyShare));
		memcpy(text, name->data, name->len);
		text += name->len;
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
	Assert(occupancy_period_fault(starts_at, ends_at) == OCCUPANCY_FINE);
	return result;
}

/*
 * A value that another one is made of must be sound, also where the walk over
 * its names does not look.
 */
static void
check_stored(const Occupancy *o)
{
	if (occupancy_period_fault(o->starts_at, o->ends_at) != OCCUPANCY_FINE ||
		(occupancy_is_all(o) && o->count > 0) ||
		(!occupancy_has_scope(o) && occupancy_length_at(o, 0) > 0))
		occupancy_corrupt();
}

/* Add the resources of an occupancy to an array, which has room for them. */
static void
add_resources(OccupancyResource *resources, int *count, const Occupancy *o)
{
	OccupancyNames names;
	OccupancyName name;

	occupancy_names_start(&names, o);
	while (occupancy_names_next(&names, &name))
	{
		resources[*count].name = name;
		resources[(*count)++].share = occupancy_share_at(o, names.next - 1);
	}
}

/* The same resources without a scope. */
struct varlena *
occupancy_without_scope(const Occupancy *o)
{
	OccupancyName no_scope = {NULL, 0};
	OccupancyResource *resources = palloc_array(OccupancyResource,
												Max(o->count, 1));
	struct varlena *result;
	int			count = 0;

	check_stored(o);
	add_resources(resources, &count, o);
	result = occupancy_build(o->starts_at, o->ends_at,
							 o->flags & ~OCCUPANCY_SCOPED, no_scope,
							 resources, count);
	pfree(resources);
	return result;
}

/* How is a resource held?  False if it is not, by its name. */
bool
occupancy_find(const Occupancy *o, const OccupancyName *resource,
			   OccupancyShare *share)
{
	OccupancyNames names;
	OccupancyName name;

	occupancy_names_start(&names, o);
	while (occupancy_names_next(&names, &name))
	{
		if (occupancy_name_compare(&name, resource) == 0)
		{
			*share = occupancy_share_at(o, names.next - 1);
			return true;
		}
	}
	return false;
}

/* What is left of a resource for both of two who hold it: the lesser part. */
static OccupancyShare
common_share(OccupancyShare a, OccupancyShare b)
{
	if (a.capacity == 0)
		return b;
	if (b.capacity == 0)
		return a;
	a.seats = Min(a.seats, b.seats);
	a.capacity = Min(a.capacity, b.capacity);
	return a;
}

/*
 * What two occupancies conflict over, or NULL if they do not conflict.
 */
struct varlena *
occupancy_shared(const Occupancy *a, const Occupancy *b)
{
	TimestampTz starts_at = Max(a->starts_at, b->starts_at);
	TimestampTz ends_at = Min(a->ends_at, b->ends_at);
	OccupancyResource *resources;
	uint8		flags = a->flags & b->flags;
	int			count = 0;

	if (!occupancy_conflict(a, b))
		return NULL;
	check_stored(a);
	check_stored(b);

	resources = palloc_array(OccupancyResource,
							 Max(Max(a->count, b->count), 1));
	if (occupancy_is_all(a) || occupancy_is_all(b))
	{
		/* all and some make some */
		add_resources(resources, &count, occupancy_is_all(a) ? b : a);
	}
	else
	{
		OccupancyCommon common;

		occupancy_common_start(&common, a, b);
		while (occupancy_common_next(&common))
		{
			if (!occupancy_common_conflicts(&common))
				continue;
			resources[count].name = common.name;
			resources[count++].share =
				common_share(occupancy_share_at(a, common.a.next - 1),
							 occupancy_share_at(b, common.b.next - 1));
		}
	}

	return occupancy_build(starts_at, ends_at, flags, occupancy_scope_of(a),
						   resources, count);
}

/*
 * What two occupancies of one period and scope hold together.
 */
struct varlena *
occupancy_sum(const Occupancy *a, const Occupancy *b)
{
	OccupancyResource *resources;
	uint8		flags = a->flags | b->flags;
	int			count = 0;

	Assert(a->starts_at == b->starts_at && a->ends_at == b->ends_at &&
		   occupancy_same_scope(a, b));
	check_stored(a);
	check_stored(b);

	/* there may be twice as many as an occupancy has, before they are merged */
	resources = palloc_array(OccupancyResource, Max(a->count + b->count, 1));
	if ((flags & OCCUPANCY_ALL) == 0)
	{
		add_resources(resources, &count, a);
		add_resources(resources, &count, b);
		occupancy_check_resources(occupancy_merge(resources, &count));
		occupancy_check_name_count(count);
	}
	return occupancy_build(a->starts_at, a->ends_at, flags,
						   occupancy_scope_of(a), resources, count);
}

/* Is a share of a resource held by whoever holds another one? */
static bool
share_covers(OccupancyShare a, OccupancyShare b)
{
	if (a.capacity == 0)
		return true;
	return b.capacity >= a.capacity && b.seats <= a.seats;
}

/*
 * Does a hold all that b holds, and as strictly?  Then nobody whom a lets in is
 * in the way of b.
 */
bool
occupancy_covers(const Occupancy *a, const Occupancy *b)
{
	OccupancyCommon common;
	int			covered = 0;

	if (a->starts_at > b->starts_at || a->ends_at < b->ends_at ||
		!occupancy_same_scope(a, b))
		return false;
	if (occupancy_is_all(a) || occupancy_is_all(b))
		return occupancy_is_all(a);
	occupancy_common_start(&common, a, b);
	while (occupancy_common_next(&common))
	{
		if (!share_covers(occupancy_share_at(a, common.a.next - 1),
						  occupancy_share_at(b, common.b.next - 1)))
			return false;
		covered++;
	}
	return covered == b->count;
}

/*----------------------------------------------------------
 * Order
 *----------------------------------------------------------*/

static int
share_compare(OccupancyShare a, OccupancyShare b)
{
	if (a.seats != b.seats)
		return a.seats < b.seats ? -1 : 1;
	if (a.capacity != b.capacity)
		return a.capacity < b.capacity ? -1 : 1;
	return 0;
}

/*
 * By start, by end, by scope (none first), then every resource first, then by
 * the resources in their order: by name, alone first, by seats, by capacity.
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
		if (order == 0 && (a->shares != NULL || b->shares != NULL))
			order = share_compare(occupancy_share_at(a, a_names.next - 1),
								  occupancy_share_at(b, b_names.next - 1));
		if (order != 0)
			return order;
	}
}
