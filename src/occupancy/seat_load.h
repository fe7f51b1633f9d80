/*-------------------------------------------------------------------------
 *
 * seat_load.h
 *		How many seats of one resource are taken, instant by instant.
 *
 *	seat_load_start(&load, starts_at, ends_at);
 *	seat_load_add(&load, ..., seats, capacity);
 *	seat_load_sweep(&load, &sweep);
 *	while (seat_sweep_next(&sweep))
 *		... sweep.starts_at, .ends_at, .seats, .capacity
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_SEAT_LOAD_H
#define APPOINTMENT_SEAT_LOAD_H

#include "lib/pairingheap.h"

#include "occupancy/occupancy.h"

/* Seats that are held for a part of the time that is looked at. */
typedef struct SeatHolding
{
	TimestampTz starts_at;
	TimestampTz ends_at;
	int64		seats;
	int32		capacity;		/* at least so strict is whoever holds them */
} SeatHolding;

/* What is held within a period. */
typedef struct SeatLoad
{
	TimestampTz starts_at;
	TimestampTz ends_at;

	/* of those who hold their seats all the time: they are not kept */
	int64		seats;
	int32		capacity;		/* the smallest; PG_INT32_MAX of none */
	int64		always;			/* their number */

	/* of the others */
	MemoryContext memory;		/* where they are kept */
	SeatHolding *holdings;
	int64		count;
	int64		allocated;
} SeatLoad;

/* A walk over the stretches of time in which nothing changes. */
typedef struct SeatSweep
{
	/* the stretch: of those in which anybody holds a seat */
	TimestampTz starts_at;
	TimestampTz ends_at;
	int64		seats;
	int32		capacity;		/* the smallest of those who hold seats */

	SeatLoad   *load;
	TimestampTz at;				/* where the next stretch starts */
	int64		active;			/* who hold seats there */
	int64		next_start;
	int64		next_end;
	SeatHolding **by_end;
	struct SeatStrictness *strictness;	/* NULL where all are equally strict */
	pairingheap strictest;
} SeatSweep;

extern void seat_load_start(SeatLoad *load, TimestampTz starts_at,
							TimestampTz ends_at);
extern void seat_load_add(SeatLoad *load, TimestampTz starts_at,
						  TimestampTz ends_at, int64 seats, int32 capacity);
extern void seat_load_end(SeatLoad *load);
extern void seat_load_sweep(SeatLoad *load, SeatSweep *sweep);
extern bool seat_sweep_next(SeatSweep *sweep);
extern void seat_sweep_end(SeatSweep *sweep);

#endif							/* APPOINTMENT_SEAT_LOAD_H */
