/*-------------------------------------------------------------------------
 *
 * guard_seats.c
 *		Counts the seats of the shared resources that a new row wants.
 *
 * Pairs do not tell whether a class is full.  So the search goes through all
 * rows that have a shared resource in common with the new one, adds up their
 * seats for each instant of its period, and compares them with the smallest
 * capacity that any of them names.
 *
 * A row that somebody is writing just now may come or go.  It is counted apart:
 * if the new row does not fit without those, it never will; if it fits with all
 * of them, with the old versions and the new ones, it fits however they end.
 * Only otherwise it has to wait for one of the writers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "guard/guard_seats.h"
#include "occupancy/seat_load.h"

/* What a row holds that somebody is writing. */
typedef struct InFlight
{
	int			name;			/* number of the name in what is wanted */
	SeatHolding holding;
	GuardWriter writer;
} InFlight;

/* A version of a row that was counted. */
typedef struct CountedRow
{
	Oid			table;
	ItemPointerData tid;
} CountedRow;

/* Begin to count for a row that wants this. */
GuardSeats *
guard_seats_start(Datum wanted)
{
	GuardSeats *seats = (GuardSeats *) palloc0(sizeof(GuardSeats));
	Occupancy  *o = &seats->wanted;
	OccupancyNames names;
	OccupancyName name;

	occupancy_open(occupancy_detoast(wanted), o);
	seats->loads = palloc_array(SeatLoad, Max(o->count, 1));
	seats->hashes = palloc_array(uint64, Max(o->count, 1));
	occupancy_names_start(&names, o);
	while (occupancy_names_next(&names, &name))
	{
		int			i = names.next - 1;
		OccupancyShare share = occupancy_share_at(o, i);

		seats->hashes[i] = occupancy_hash_name(name.data, name.len);

		seat_load_start(&seats->loads[i], o->starts_at, o->ends_at);
		seat_load_add(&seats->loads[i], o->starts_at, o->ends_at,
					  share.seats, share.capacity);
	}
	return seats;
}

static void
count_share(GuardSeats *seats, int name, const Occupancy *existing,
			OccupancyShare share, const GuardWriter *writer)
{
	InFlight   *in_flight;

	if (writer == NULL)
	{
		seat_load_add(&seats->loads[name], existing->starts_at,
					  existing->ends_at, share.seats, share.capacity);
		return;
	}

	if (seats->in_flight_count == seats->in_flight_allocated)
	{
		seats->in_flight_allocated = Max(8, 2 * seats->in_flight_allocated);
		seats->in_flight = seats->in_flight == NULL ?
			palloc_array(InFlight, seats->in_flight_allocated) :
			repalloc_array(seats->in_flight, InFlight,
						   seats->in_flight_allocated);
	}
	in_flight = &seats->in_flight[seats->in_flight_count++];
	in_flight->name = name;
	in_flight->holding.starts_at = existing->starts_at;
	in_flight->holding.ends_at = existing->ends_at;
	in_flight->holding.seats = share.seats;
	in_flight->holding.capacity = share.capacity;
	in_flight->writer = *writer;
}

/*
 * For an OccupancyKeyVisitor: count a key of a leaf.  Its row may be dead or
 * never committed, and another name may have the same hash: there are no more
 * seats taken than the keys say, but perhaps fewer.
 */
void
guard_seats_count_key(void *arg, const OccupancyKey *key)
{
	GuardSeats *seats = (GuardSeats *) arg;
	const OccupancyShare *shares = occupancy_key_shares(key);
	OccupancyNames names;
	OccupancyName name;

	if (key->kind != KEY_NAMES || shares == NULL)
	{
		seats->unsure = true;
		return;
	}
	occupancy_names_start(&names, &seats->wanted);
	while (occupancy_names_next(&names, &name) && !seats->unsure)
	{
		int			i = names.next - 1;
		uint32		hash = occupancy_short_hash(seats->hashes[i]);

		for (int k = 0; k < key->count; k++)
		{
			if (KEY_HASHES(key)[k] != hash)
				continue;
			if (shares[k].capacity <= 0 || shares[k].seats < 0 ||
				occupancy_share_at(&seats->wanted, i).capacity == 0)
				seats->unsure = true;
			else
				seat_load_add(&seats->loads[i], key->lower, key->upper,
							  shares[k].seats, shares[k].capacity);
		}
	}
}

/* Are there surely enough seats, by the keys? */
bool
guard_seats_fit(GuardSeats *seats)
{
	return !seats->unsure && !guard_seats_too_full(seats);
}

static int
counted_cmp(const void *a, const void *b)
{
	const CountedRow *x = (const CountedRow *) a;
	const CountedRow *y = (const CountedRow *) b;

	if (x->table != y->table)
		return x->table < y->table ? -1 : 1;
	return ItemPointerCompare(unconstify(ItemPointerData *, &x->tid),
							  unconstify(ItemPointerData *, &y->tid));
}

/* Remember a row, or, when counting again, see whether it has been counted. */
static bool
was_counted(GuardSeats *seats, TupleTableSlot *row)
{
	CountedRow	counted = {row->tts_tableOid, row->tts_tid};

	if (seats->again)
		return seats->row_count > 0 &&
			bsearch(&counted, seats->rows, seats->row_count,
					sizeof(CountedRow), counted_cmp) != NULL;
	if (seats->row_count == seats->row_allocated)
	{
		seats->row_allocated = Max(16, 2 * seats->row_allocated);
		seats->rows = seats->rows == NULL ?
			palloc_array(CountedRow, seats->row_allocated) :
			repalloc_huge(seats->rows,
						  seats->row_allocated * sizeof(CountedRow));
	}
	seats->rows[seats->row_count++] = counted;
	return false;
}

/*
 * A GuardMatch: count an existing row.  Returns true if it is in the way however
 * many seats there are: one of the two holds a resource alone.
 */
bool
guard_seats_count(void *arg, TupleTableSlot *row, Datum existing,
				  const GuardWriter *writer)
{
	GuardSeats *seats = (GuardSeats *) arg;
	Occupancy	o;
	OccupancyCommon common;

	occupancy_open(occupancy_detoast(existing), &o);
	if (!occupancy_same_time_and_scope(&seats->wanted, &o))
		return false;
	if (occupancy_is_all(&seats->wanted) || occupancy_is_all(&o))
		return true;
	if (!occupancy_hashes_meet(&seats->wanted, &o))
		return false;

	/* first whether it is in the way at all: then nothing is counted */
	occupancy_common_start(&common, &seats->wanted, &o);
	while (occupancy_common_next(&common))
	{
		if (occupancy_share_at(&seats->wanted, common.a.next - 1).capacity == 0 ||
			occupancy_share_at(&o, common.b.next - 1).capacity == 0)
			return true;
	}
	if (was_counted(seats, row))
		return false;
	occupancy_common_start(&common, &seats->wanted, &o);
	while (occupancy_common_next(&common))
		count_share(seats, common.a.next - 1, &o,
					occupancy_share_at(&o, common.b.next - 1), writer);
	return false;
}

/* Is a resource too full, and where? */
static bool
is_too_full(SeatLoad *load, int32 wanted_seats, GuardShortage *shortage)
{
	SeatSweep	sweep;
	int64		left = PG_INT32_MAX;
	bool		found = false;
	bool		goes_on = false;

	/* whoever is there only for a part of the time is added to the rest */
	if (load->count == 0 && load->seats <= load->capacity)
		return false;

	seat_load_sweep(load, &sweep);
	while (seat_sweep_next(&sweep))
	{
		bool		full = sweep.seats > sweep.capacity;

		left = Min(left, sweep.capacity - (sweep.seats - wanted_seats));
		if (full && !found)
		{
			found = goes_on = true;
			shortage->starts_at = sweep.starts_at;
		}
		goes_on &= full;
		if (goes_on)
			shortage->ends_at = sweep.ends_at;
	}
	seat_sweep_end(&sweep);
	shortage->seats_left = Max(left, 0);
	return found;
}

/* Is any of them, by what was counted?  Then seats->shortage tells which. */
bool
guard_seats_too_full(GuardSeats *seats)
{
	const Occupancy *wanted = &seats->wanted;
	OccupancyNames names;
	OccupancyName name;

	occupancy_names_start(&names, wanted);
	while (occupancy_names_next(&names, &name))
	{
		int			i = names.next - 1;
		OccupancyShare share = occupancy_share_at(wanted, i);

		if (share.capacity > 0 &&
			is_too_full(&seats->loads[i], share.seats, &seats->shortage))
		{
			seats->shortage.name = i;
			seats->shortage.resource = name;
			return true;
		}
	}
	return false;
}

/* One of those who are writing, without whom there may be no shortage. */
static const GuardWriter *
writer_in_shortage(const GuardSeats *seats)
{
	const GuardShortage *shortage = &seats->shortage;

	for (int i = 0; i < seats->in_flight_count; i++)
	{
		const InFlight *in_flight = &seats->in_flight[i];

		if (in_flight->name == shortage->name &&
			in_flight->holding.starts_at <= shortage->starts_at &&
			in_flight->holding.ends_at > shortage->starts_at)
			return &in_flight->writer;
	}
	Assert(false);				/* what is committed left enough seats */
	return &seats->in_flight[0].writer;
}

/*
 * What has come of counting.  After GUARD_WAIT, seats->writer is whom to wait
 * for; after GUARD_CONFLICT, seats->shortage tells what is too full.
 */
GuardSearchResult
guard_seats_verdict(GuardSeats *seats)
{
	if (guard_seats_too_full(seats))
		return GUARD_CONFLICT;
	if (seats->in_flight_count == 0)
		return GUARD_FREE;
	for (int i = 0; i < seats->in_flight_count; i++)
	{
		const InFlight *in_flight = &seats->in_flight[i];
		const SeatHolding *holding = &in_flight->holding;

		seat_load_add(&seats->loads[in_flight->name], holding->starts_at,
					  holding->ends_at, holding->seats, holding->capacity);
	}
	if (!guard_seats_too_full(seats))
		return GUARD_FREE;
	seats->writer = *writer_in_shortage(seats);
	return GUARD_WAIT;
}

/*
 * Go on to count the rows that another search sees and that the first one has
 * not seen.
 */
void
guard_seats_count_again(GuardSeats *seats)
{
	if (seats->row_count > 1)
		qsort(seats->rows, seats->row_count, sizeof(CountedRow), counted_cmp);
	seats->again = true;
}
