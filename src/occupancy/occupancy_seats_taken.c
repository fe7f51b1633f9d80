/*-------------------------------------------------------------------------
 *
 * occupancy_seats_taken.c
 *		The aggregate of the most seats of a resource that are taken at once.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "compat.h"
#include "occupancy/occupancy.h"
#include "occupancy/seat_load.h"
#include "server/aggregate.h"

/* A scope of rows. */
typedef struct TakenScope
{
	uint64		hash;
	OccupancyName name;
} TakenScope;

/* What a row holds of the resource. */
typedef struct TakenSeats
{
	TakenScope *scope;			/* or NULL; seats of different scopes are
								 * different */
	TimestampTz starts_at;
	TimestampTz ends_at;
	OccupancyShare share;
} TakenSeats;

typedef struct SeatsTakenState
{
	MemoryContext context;		/* of all of it */
	TakenSeats *rows;
	int64		count;
	int64		allocated;
} SeatsTakenState;

/* A copy of an occupancy's scope, which is often that of the row before. */
static TakenScope *
scope_of_row(SeatsTakenState *state, const Occupancy *o)
{
	OccupancyName name = occupancy_scope_of(o);
	TakenScope *scope;

	if (!occupancy_has_scope(o))
		return NULL;
	if (state->count > 0)
	{
		scope = state->rows[state->count - 1].scope;
		if (scope != NULL && scope->hash == o->scope_hash &&
			occupancy_name_compare(&scope->name, &name) == 0)
			return scope;
	}
	scope = MemoryContextAlloc(state->context,
							   sizeof(TakenScope) + name.len);
	scope->hash = o->scope_hash;
	scope->name.data = (char *) (scope + 1);
	scope->name.len = name.len;
	memcpy(scope + 1, name.data, name.len);
	return scope;
}

static void
add_row(SeatsTakenState *state, const Occupancy *o, OccupancyShare share)
{
	TakenScope *scope = scope_of_row(state, o);
	TakenSeats *row;

	if (state->count == state->allocated)
	{
		state->allocated *= 2;
		state->rows = repalloc_huge(state->rows,
									state->allocated * sizeof(TakenSeats));
	}
	row = &state->rows[state->count++];
	row->scope = scope;
	row->starts_at = o->starts_at;
	row->ends_at = o->ends_at;
	row->share = share;
}

/* (internal, occupancy, resource text) -> internal */
APPOINTMENT_FUNCTION(occupancy_seats_taken_transfn);
Datum
occupancy_seats_taken_transfn(PG_FUNCTION_ARGS)
{
	SeatsTakenState *state;
	MemoryContext aggregate = aggregate_context(fcinfo);

	if (PG_ARGISNULL(0))
	{
		state = MemoryContextAlloc(aggregate, sizeof(SeatsTakenState));
		state->context = aggregate;
		state->count = 0;
		state->allocated = 64;
		state->rows = MemoryContextAlloc(aggregate,
										 state->allocated * sizeof(TakenSeats));
	}
	else
		state = (SeatsTakenState *) PG_GETARG_POINTER(0);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		struct varlena *value = PG_GETARG_OCCUPANCY(1);
		text	   *resource = PG_GETARG_TEXT_PP(2);
		OccupancyName name = {VARDATA_ANY(resource), VARSIZE_ANY_EXHDR(resource)};
		OccupancyShare share = {0, 0};
		Occupancy	o;

		occupancy_open(value, &o);
		if (occupancy_is_all(&o) || occupancy_find(&o, &name, &share))
			add_row(state, &o, share);
		PG_FREE_IF_COPY(value, 1);
	}
	PG_RETURN_POINTER(state);
}

static int
scope_cmp(const void *a, const void *b, void *arg)
{
	const TakenScope *x = ((const TakenSeats *) a)->scope;
	const TakenScope *y = ((const TakenSeats *) b)->scope;

	if (x == y)
		return 0;
	if (x == NULL || y == NULL)
		return x == NULL ? -1 : 1;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return occupancy_name_compare(&x->name, &y->name);
}

/* The most seats that are taken at once by rows of one scope. */
static int64
most_taken(const TakenSeats *rows, int64 count)
{
	SeatLoad	load;
	SeatSweep	sweep;
	int64		most = 0;
	int32		all_seats = 1;

	/* who holds the resource alone takes as many seats as it has */
	for (int64 i = 0; i < count; i++)
		all_seats = Max(all_seats, rows[i].share.capacity);

	seat_load_start(&load, PG_INT64_MIN, PG_INT64_MAX);
	for (int64 i = 0; i < count; i++)
		seat_load_add(&load, rows[i].starts_at, rows[i].ends_at,
					  rows[i].share.capacity == 0 ? all_seats : rows[i].share.seats,
					  all_seats);
	seat_load_sweep(&load, &sweep);
	while (seat_sweep_next(&sweep))
		most = Max(most, sweep.seats);
	seat_sweep_end(&sweep);
	seat_load_end(&load);
	return most;
}

/* (internal) -> bigint: 0 where nobody holds a seat */
APPOINTMENT_FUNCTION(occupancy_seats_taken_finalfn);
Datum
occupancy_seats_taken_finalfn(PG_FUNCTION_ARGS)
{
	SeatsTakenState *state;
	int64		most = 0;

	if (PG_ARGISNULL(0))
		PG_RETURN_INT64(0);
	state = (SeatsTakenState *) PG_GETARG_POINTER(0);
	qsort_interruptible(state->rows, state->count, sizeof(TakenSeats),
						scope_cmp, NULL);
	for (int64 i = 0; i < state->count;)
	{
		int64		next = i + 1;

		while (next < state->count &&
			   scope_cmp(&state->rows[next], &state->rows[i], NULL) == 0)
			next++;
		most = Max(most, most_taken(&state->rows[i], next - i));
		i = next;
	}
	PG_RETURN_INT64(most);
}
