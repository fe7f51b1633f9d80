/*-------------------------------------------------------------------------
 *
 * seat_load.c
 *		How many seats of one resource are taken, instant by instant.
 *
 * What is held changes only where somebody's period starts or ends.  One sweep
 * over these instants, in their order, knows at each of them how many seats are
 * held and who of those who hold them is the strictest about the capacity.
 *
 * Most bookings of a class are for all of it.  Those are only added up.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "compat.h"
#include "occupancy/seat_load.h"

/* A holding among those that are active, by its capacity. */
typedef struct SeatStrictness
{
	pairingheap_node node;
	SeatHolding *holding;
} SeatStrictness;

/*----------------------------------------------------------
 * What is held
 *----------------------------------------------------------*/

void
seat_load_start(SeatLoad *load, TimestampTz starts_at, TimestampTz ends_at)
{
	memset(load, 0, sizeof(SeatLoad));
	load->starts_at = starts_at;
	load->ends_at = ends_at;
	load->capacity = PG_INT32_MAX;
	load->memory = CurrentMemoryContext;
}

/*
 * Add seats that are held, of which only the part within the load's period
 * matters.
 */
void
seat_load_add(SeatLoad *load, TimestampTz starts_at, TimestampTz ends_at,
			  int64 seats, int32 capacity)
{
	SeatHolding *holding;

	starts_at = Max(starts_at, load->starts_at);
	ends_at = Min(ends_at, load->ends_at);
	if (starts_at >= ends_at)
		return;
	if (starts_at == load->starts_at && ends_at == load->ends_at)
	{
		load->seats += seats;
		load->capacity = Min(load->capacity, capacity);
		load->always++;
		return;
	}

	if (load->count == load->allocated)
	{
		load->allocated = Max(16, 2 * load->allocated);
		load->holdings = load->holdings == NULL ?
			MemoryContextAlloc(load->memory,
							   load->allocated * sizeof(SeatHolding)) :
			repalloc_huge(load->holdings,
						  load->allocated * sizeof(SeatHolding));
	}
	holding = &load->holdings[load->count++];
	holding->starts_at = starts_at;
	holding->ends_at = ends_at;
	holding->seats = seats;
	holding->capacity = capacity;
}

void
seat_load_end(SeatLoad *load)
{
	if (load->holdings != NULL)
		pfree(load->holdings);
	load->holdings = NULL;
}

/*----------------------------------------------------------
 * The sweep
 *----------------------------------------------------------*/

static int
start_cmp(const void *a, const void *b, void *arg)
{
	TimestampTz x = ((const SeatHolding *) a)->starts_at;
	TimestampTz y = ((const SeatHolding *) b)->starts_at;

	return x < y ? -1 : x > y ? 1 : 0;
}

static int
end_cmp(const void *a, const void *b, void *arg)
{
	TimestampTz x = (*(SeatHolding *const *) a)->ends_at;
	TimestampTz y = (*(SeatHolding *const *) b)->ends_at;

	return x < y ? -1 : x > y ? 1 : 0;
}

/* The first of the heap is the strictest. */
static int
strictness_cmp(const pairingheap_node *a, const pairingheap_node *b, void *arg)
{
	int32		x = pairingheap_const_container(SeatStrictness, node, a)->holding->capacity;
	int32		y = pairingheap_const_container(SeatStrictness, node, b)->holding->capacity;

	return x < y ? 1 : x > y ? -1 : 0;
}

/*
 * Begin a sweep.  What is held must not be added to until it has ended.
 */
void
seat_load_sweep(SeatLoad *load, SeatSweep *sweep)
{
	bool		same = true;

	memset(sweep, 0, sizeof(SeatSweep));
	sweep->load = load;
	sweep->at = load->starts_at;
	sweep->seats = load->seats;
	sweep->active = load->always;
	sweep->capacity = load->capacity;
	if (load->count == 0)
		return;

	qsort_interruptible(load->holdings, load->count, sizeof(SeatHolding),
						start_cmp, NULL);
	sweep->by_end = MemoryContextAllocHuge(CurrentMemoryContext,
										   load->count * sizeof(SeatHolding *));
	for (int64 i = 0; i < load->count; i++)
	{
		sweep->by_end[i] = &load->holdings[i];
		same &= load->holdings[i].capacity == load->holdings[0].capacity;
	}
	qsort_interruptible(sweep->by_end, load->count, sizeof(SeatHolding *),
						end_cmp, NULL);
	if (!same)
	{
		sweep->strictness =
			MemoryContextAllocHuge(CurrentMemoryContext,
								   load->count * sizeof(SeatStrictness));
		sweep->strictest.ph_compare = strictness_cmp;
	}
}

/* Somebody's period starts. */
static void
take_seats(SeatSweep *sweep)
{
	SeatHolding *holding = &sweep->load->holdings[sweep->next_start];

	sweep->seats += holding->seats;
	sweep->active++;
	if (sweep->strictness != NULL)
	{
		SeatStrictness *strictness = &sweep->strictness[sweep->next_start];

		strictness->holding = holding;
		pairingheap_add(&sweep->strictest, &strictness->node);
	}
	sweep->next_start++;
}

/* The smallest capacity among those who hold seats at the sweep's place. */
static int32
smallest_capacity(SeatSweep *sweep)
{
	SeatLoad   *load = sweep->load;

	if (sweep->active == load->always)
		return load->capacity;
	if (sweep->strictness == NULL)
		return Min(load->capacity, load->holdings[0].capacity);
	for (;;)
	{
		SeatStrictness *first =
		pairingheap_container(SeatStrictness, node,
							  pairingheap_first(&sweep->strictest));

		/* who has ended leaves the heap when he comes to its top */
		if (first->holding->ends_at > sweep->at)
			return Min(load->capacity, first->holding->capacity);
		(void) pairingheap_remove_first(&sweep->strictest);
	}
}

/*
 * Go to the next stretch in which anybody holds seats; false if there is none.
 */
bool
seat_sweep_next(SeatSweep *sweep)
{
	SeatLoad   *load = sweep->load;

	do
	{
		TimestampTz until = load->ends_at;

		CHECK_FOR_INTERRUPTS();
		if (sweep->at >= load->ends_at)
			return false;
		while (sweep->next_end < load->count &&
			   sweep->by_end[sweep->next_end]->ends_at <= sweep->at)
		{
			sweep->seats -= sweep->by_end[sweep->next_end++]->seats;
			sweep->active--;
		}
		while (sweep->next_start < load->count &&
			   load->holdings[sweep->next_start].starts_at <= sweep->at)
			take_seats(sweep);

		if (sweep->next_start < load->count)
			until = Min(until, load->holdings[sweep->next_start].starts_at);
		if (sweep->next_end < load->count)
			until = Min(until, sweep->by_end[sweep->next_end]->ends_at);
		sweep->starts_at = sweep->at;
		sweep->ends_at = until;
		if (sweep->active > 0)
			sweep->capacity = smallest_capacity(sweep);
		sweep->at = until;
	} while (sweep->active == 0);
	return true;
}

void
seat_sweep_end(SeatSweep *sweep)
{
	if (sweep->by_end != NULL)
		pfree(sweep->by_end);
	if (sweep->strictness != NULL)
		pfree(sweep->strictness);
}
