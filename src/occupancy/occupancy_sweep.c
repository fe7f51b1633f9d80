/*-------------------------------------------------------------------------
 *
 * occupancy_sweep.c
 *		All pairs among many occupancies that conflict.
 *
 * Every occupancy is entered once for each of its names; sorted by name and
 * start, one sweep meets all pairs that share a name.  It takes memory for all
 * occupancies, outside of any limit, and time for sorting them and for the
 * pairs that are found.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "compat.h"
#include "occupancy/occupancy_sweep.h"

/* One name of a booking; or, for whole bookings, its scope. */
typedef struct SweepItem
{
	uint64		key;			/* hash of scope and name */
	TimestampTz starts_at;
	TimestampTz ends_at;
	int64		booking;
} SweepItem;

/* Items that a sweep has met and that have not ended. */
typedef struct ActiveItems
{
	SweepItem **items;
	int64		count;
	int64		allocated;
} ActiveItems;

static void *
allocate(int64 count, Size size)
{
	return MemoryContextAllocHuge(CurrentMemoryContext, Max(count, 1) * size);
}

/*
 * Add a copy of an occupancy, without its scope if that is to be ignored.
 */
Booking *
sweep_add(Sweep *sweep, struct varlena *value, bool ignore_scope)
{
	Booking    *booking;
	Occupancy	o;
	struct varlena *copy;

	occupancy_open(value, &o);
	if (ignore_scope && occupancy_has_scope(&o))
		copy = occupancy_without_scope(&o);
	else
	{
		copy = (struct varlena *) palloc(VARSIZE_ANY(value));
		memcpy(copy, value, VARSIZE_ANY(value));
	}

	if (sweep->count == sweep->allocated)
	{
		sweep->allocated = Max(1024, 2 * sweep->allocated);
		sweep->bookings = sweep->bookings == NULL ?
			allocate(sweep->allocated, sizeof(Booking)) :
			repalloc_huge(sweep->bookings, sweep->allocated * sizeof(Booking));
	}
	booking = &sweep->bookings[sweep->count++];
	memset(booking, 0, sizeof(Booking));
	occupancy_open(copy, &booking->o);
	sweep->names += booking->o.count;
	sweep->has_all |= occupancy_is_all(&booking->o);
	return booking;
}

static int
item_cmp(const void *a, const void *b, void *arg)
{
	const SweepItem *x = (const SweepItem *) a;
	const SweepItem *y = (const SweepItem *) b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->starts_at != y->starts_at)
		return x->starts_at < y->starts_at ? -1 : 1;
	return 0;
}

static void
set_item(SweepItem *item, uint64 key, Sweep *sweep, int64 booking)
{
	item->key = key;
	item->starts_at = sweep->bookings[booking].o.starts_at;
	item->ends_at = sweep->bookings[booking].o.ends_at;
	item->booking = booking;
}

/* Forget what has ended.  All of them are of the sweep's key. */
static void
retire(ActiveItems *active, const SweepItem *now)
{
	int64		kept = 0;

	for (int64 i = 0; i < active->count; i++)
		if (active->items[i]->ends_at > now->starts_at)
			active->items[kept++] = active->items[i];
	active->count = kept;
}

static void
activate(ActiveItems *active, SweepItem *item)
{
	if (active->count == active->allocated)
	{
		active->allocated = Max(64, 2 * active->allocated);
		active->items = active->items == NULL ?
			allocate(active->allocated, sizeof(SweepItem *)) :
			repalloc_huge(active->items,
						  active->allocated * sizeof(SweepItem *));
	}
	active->items[active->count++] = item;
}

/*
 * Pairs that share a name.  One that shares several is met several times, and
 * counts when it is met by the first of the hashes.
 */
static void
sweep_names(Sweep *sweep)
{
	SweepItem  *items = allocate(sweep->names, sizeof(SweepItem));
	ActiveItems active = {NULL, 0, 0};
	int64		count = 0;

	for (int64 b = 0; b < sweep->count; b++)
	{
		Occupancy  *o = &sweep->bookings[b].o;

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < o->count; i++)
		{
			uint64		hash = occupancy_hash_at(o, i);

			if (i > 0 && hash == occupancy_hash_at(o, i - 1))
				continue;		/* two names with one hash */
			set_item(&items[count++], hash_combine64(o->scope_hash, hash),
					 sweep, b);
		}
	}
	qsort_interruptible(items, count, sizeof(SweepItem), item_cmp, NULL);

	for (int64 i = 0; i < count; i++)
	{
		Booking    *b = &sweep->bookings[items[i].booking];

		if (i > 0 && items[i].key != items[i - 1].key)
			active.count = 0;
		retire(&active, &items[i]);
		for (int64 j = 0; j < active.count; j++)
		{
			Booking    *a = &sweep->bookings[active.items[j]->booking];
			uint64		hash;

			CHECK_FOR_INTERRUPTS();
			if (occupancy_first_common_hash(&a->o, &b->o, &hash) &&
				hash_combine64(a->o.scope_hash, hash) == items[i].key)
				sweep->pair(sweep, a, b);
		}
		activate(&active, &items[i]);
		CHECK_FOR_INTERRUPTS();
	}
	pfree(items);
}

/*
 * Pairs of which one is for every resource.
 *
 * Those that are not are looked at only when one comes that is: each of them
 * then is half of a pair, or has ended and is met for the last time.  So the
 * time goes by what is sorted and found, however many overlap.
 */
static void
sweep_all(Sweep *sweep)
{
	SweepItem  *items = allocate(sweep->count, sizeof(SweepItem));
	ActiveItems all = {NULL, 0, 0};
	ActiveItems some = {NULL, 0, 0};

	for (int64 b = 0; b < sweep->count; b++)
		set_item(&items[b], sweep->bookings[b].o.scope_hash, sweep, b);
	qsort_interruptible(items, sweep->count, sizeof(SweepItem), item_cmp, NULL);

	for (int64 i = 0; i < sweep->count; i++)
	{
		Booking    *b = &sweep->bookings[items[i].booking];
		bool		is_all = occupancy_is_all(&b->o);

		CHECK_FOR_INTERRUPTS();
		if (i > 0 && items[i].key != items[i - 1].key)
			all.count = some.count = 0;
		retire(&all, &items[i]);
		for (int64 j = 0; j < all.count; j++)
			sweep->pair(sweep, &sweep->bookings[all.items[j]->booking], b);
		if (is_all)
		{
			retire(&some, &items[i]);
			for (int64 j = 0; j < some.count; j++)
				sweep->pair(sweep, &sweep->bookings[some.items[j]->booking], b);
		}
		activate(is_all ? &all : &some, &items[i]);
	}
	pfree(items);
}

/*
 * Give out every pair that conflicts, each once, in no order.
 */
void
sweep_pairs(Sweep *sweep)
{
	sweep_names(sweep);
	if (sweep->has_all)
		sweep_all(sweep);
}
