/*-------------------------------------------------------------------------
 *
 * guard_seats.h
 *		Counts the seats of the shared resources that a new row wants.
 *
 *	seats = guard_seats_start(wanted);
 *	search.match = guard_seats_count;
 *	search.match_arg = seats;
 *	... the search
 *	result = guard_seats_verdict(seats);
 *
 * or, if it suffices to know that there are enough,
 *
 *	visitor.visit = guard_seats_count_key;
 *	visitor.arg = seats;
 *	guard_search_keys(&search, &visitor);
 *	result = guard_seats_fit(seats) ...
 *
 * and after GUARD_FREE, if another search may see more rows,
 *
 *	guard_seats_count_again(seats);
 *	... the other search
 *	result = guard_seats_too_full(seats) ...
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_SEATS_H
#define APPOINTMENT_GUARD_SEATS_H

#include "guard/guard_search.h"
#include "occupancy/occupancy.h"

/* What does not fit: too few seats are left of a resource. */
typedef struct GuardShortage
{
	int			name;			/* number of the resource in what is wanted */
	OccupancyName resource;
	TimestampTz starts_at;		/* the first stretch of the new row's period */
	TimestampTz ends_at;		/* in which they are too few */
	int64		seats_left;		/* that would fit in all of its period */
} GuardShortage;

typedef struct GuardSeats
{
	Occupancy	wanted;
	struct SeatLoad *loads;		/* by the number of the name in "wanted" */
	uint64	   *hashes;			/* likewise */
	struct InFlight *in_flight; /* what somebody is writing just now */
	int			in_flight_count;
	int			in_flight_allocated;
	struct CountedRow *rows;	/* that were counted */
	int64		row_count;
	int64		row_allocated;
	bool		again;			/* those do not count any more */
	bool		unsure;			/* keys do not tell what is held */
	GuardWriter writer;			/* one of those who do */
	GuardShortage shortage;
} GuardSeats;

extern GuardSeats *guard_seats_start(Datum wanted);
extern void guard_seats_count_key(void *seats, const OccupancyKey *key);
extern bool guard_seats_fit(GuardSeats *seats);
extern bool guard_seats_count(void *seats, TupleTableSlot *row,
							  Datum existing, const GuardWriter *writer);
extern GuardSearchResult guard_seats_verdict(GuardSeats *seats);
extern void guard_seats_count_again(GuardSeats *seats);
extern bool guard_seats_too_full(GuardSeats *seats);

#endif							/* APPOINTMENT_GUARD_SEATS_H */
