/*-------------------------------------------------------------------------
 *
 * busy_walk.c
 *		What is taken, instant by instant: a walk over a busy value.
 *
 * It begins with a binary search, and works ahead no further than it is asked,
 * so that who wants the first free slot does not pay for all of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "availability/busy_walk.h"
#include "compat.h"

/* So many periods are looked at between two looks for a cancellation. */
#define PERIODS_BETWEEN_CHECKS	4096

typedef struct BusyHeapItem
{
	TimestampTz key;
	BusyHolding holding;
} BusyHeapItem;

/*----------------------------------------------------------
 * Heap
 *----------------------------------------------------------*/

static void
heap_push(BusyHeap *heap, TimestampTz key, const BusyHolding *holding)
{
	int			i = heap->count++;

	if (i == heap->allocated)
	{
		heap->allocated = Max(heap->allocated * 2, 16);
		heap->items = heap->items == NULL ?
			palloc_array(BusyHeapItem, heap->allocated) :
			repalloc_huge(heap->items,
						  heap->allocated * sizeof(BusyHeapItem));
	}
	while (i > 0 && heap->items[(i - 1) / 2].key > key)
	{
		heap->items[i] = heap->items[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	heap->items[i].key = key;
	heap->items[i].holding = *holding;
}

static BusyHolding
heap_pop(BusyHeap *heap)
{
	BusyHolding first = heap->items[0].holding;
	BusyHeapItem last = heap->items[--heap->count];
	int			i = 0;

	for (;;)
	{
		int			child = 2 * i + 1;

		if (child + 1 < heap->count &&
			heap->items[child + 1].key < heap->items[child].key)
			child++;
		if (child >= heap->count || heap->items[child].key >= last.key)
			break;
		heap->items[i] = heap->items[child];
		i = child;
	}
	heap->items[i] = last;
	return first;
}

/*----------------------------------------------------------
 * Periods with their buffers, in the order in which these begin
 *----------------------------------------------------------*/

/* The first period that may reach beyond an instant. */
static int32
first_period(const Busy *busy, TimestampTz from)
{
	TimestampTz start = from == DT_NOBEGIN || busy->reach == PG_INT64_MAX ?
	DT_NOBEGIN : busy_shift(from, -busy->reach);

	return busy_first_from(busy, start);
}

static inline BusyHolding
holding_of_period(const Busy *busy, int32 i)
{
	BusyHolding holding;

	holding.starts_at = busy->spans[i].starts_at;
	holding.ends_at = busy->spans[i].ends_at;
	holding.seats = busy->seats == NULL ? BUSY_ALL : busy->seats[i];
	if (busy->before != NULL)
	{
		holding.starts_at = busy_shift(holding.starts_at,
									   -(busy->before[i] * USECS_PER_MINUTE));
		holding.ends_at = busy_shift(holding.ends_at,
									 busy->after[i] * USECS_PER_MINUTE);
	}
	return holding;
}

/* The next period that reaches beyond the beginning; false if there is none. */
static inline bool
next_period(BusyWalk *walk, BusyHolding *holding)
{
	while (walk->next < walk->busy->count)
	{
		if (walk->next % PERIODS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
		*holding = holding_of_period(walk->busy, walk->next++);
		if (holding->ends_at > walk->from)
			return true;
	}
	return false;
}

/*
 * Go on to the next holding.  With buffers the periods that begin first may not
 * be those that reach back most: so many wait as the longest buffer asks for.
 */
static inline void
next_holding(BusyWalk *walk)
{
	const Busy *busy = walk->busy;
	BusyHolding holding;

	if (busy->max_before == 0)
	{
		walk->ahead = next_period(walk, &walk->holding);
		return;
	}
	while (walk->next < busy->count &&
		   (walk->waiting.count == 0 ||
			busy_shift(busy->spans[walk->next].starts_at,
					   -(busy->max_before * USECS_PER_MINUTE)) <=
			walk->waiting.items[0].key))
	{
		if (next_period(walk, &holding))
			heap_push(&walk->waiting, holding.starts_at, &holding);
	}
	walk->ahead = walk->waiting.count > 0;
	if (walk->ahead)
		walk->holding = heap_pop(&walk->waiting);
}

/*----------------------------------------------------------
 * Pieces
 *----------------------------------------------------------*/

/*
 * Begin with what is taken after an instant.  The pieces may begin earlier, but
 * are not all there is to say about that time.
 */
void
busy_walk_begin(BusyWalk *walk, const Busy *busy, TimestampTz from)
{
	memset(walk, 0, sizeof(BusyWalk));
	walk->busy = busy;
	walk->from = from;
	walk->next = first_period(busy, from);
	walk->at = DT_NOBEGIN;
	walk->all_until = DT_NOBEGIN;
	next_holding(walk);
}

/* Where all take all, pieces that touch are one. */
static bool
next_whole_piece(BusyWalk *walk, BusyPiece *piece)
{
	if (!walk->ahead)
		return false;
	piece->starts_at = walk->holding.starts_at;
	piece->ends_at = walk->holding.ends_at;
	piece->seats = 0;
	piece->all = true;
	for (;;)
	{
		next_holding(walk);
		if (!walk->ahead || walk->holding.starts_at > piece->ends_at)
			return true;
		piece->ends_at = Max(piece->ends_at, walk->holding.ends_at);
	}
}

/* Take in whatever has begun. */
static void
begin_holdings(BusyWalk *walk)
{
	while (walk->ahead && walk->holding.starts_at <= walk->at)
	{
		if (walk->holding.seats == BUSY_ALL)
			walk->all_until = Max(walk->all_until, walk->holding.ends_at);
		else
		{
			walk->seats += walk->holding.seats;
			heap_push(&walk->active, walk->holding.ends_at, &walk->holding);
		}
		next_holding(walk);
	}
}

static void
end_holdings(BusyWalk *walk)
{
	while (walk->active.count > 0 && walk->active.items[0].key <= walk->at)
		walk->seats -= heap_pop(&walk->active).seats;
}

/*
 * The next piece; false if there is none.
 */
bool
busy_walk_next(BusyWalk *walk, BusyPiece *piece)
{
	if (walk->busy->seats == NULL)
		return next_whole_piece(walk, piece);

	if (walk->active.count == 0 && walk->all_until <= walk->at)
	{
		if (!walk->ahead)
			return false;
		walk->at = Max(walk->at, walk->holding.starts_at);
	}
	begin_holdings(walk);
	piece->starts_at = walk->at;
	piece->seats = walk->seats;
	piece->all = walk->all_until > walk->at;
	piece->ends_at = DT_NOEND;
	if (walk->ahead)
		piece->ends_at = walk->holding.starts_at;
	if (walk->active.count > 0)
		piece->ends_at = Min(piece->ends_at, walk->active.items[0].key);
	if (piece->all)
		piece->ends_at = Min(piece->ends_at, walk->all_until);
	walk->at = piece->ends_at;
	end_holdings(walk);
	return true;
}
