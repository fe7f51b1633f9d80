/*-------------------------------------------------------------------------
 *
 * occupancy_sweep.h
 *		All pairs among many occupancies that conflict.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OCCUPANCY_SWEEP_H
#define APPOINTMENT_OCCUPANCY_SWEEP_H

#include "nodes/execnodes.h"
#include "storage/itemptr.h"

#include "occupancy/occupancy.h"

/* An occupancy. */
typedef struct Booking
{
	Oid			table;			/* of its row, a partition perhaps, */
	ItemPointerData tid;		/* and where it is there; or */
	int32		position;		/* its place in the array, from 1 */
	Occupancy	o;
	Datum	   *others;			/* values of the index's other key columns */
} Booking;

typedef struct Sweep Sweep;

/*
 * What to do with a pair: their periods overlap, and by the hashes they are of
 * one scope and share a name, or one of them is for every resource.
 */
typedef void (*SweepPair) (Sweep *sweep, Booking *a, Booking *b);

/* All of them, and where the pairs go. */
struct Sweep
{
	Booking    *bookings;
	int64		count;
	int64		allocated;
	int64		names;			/* of all bookings together */
	bool		has_all;		/* one of them is for every resource */
	SweepPair	pair;
	void	   *arg;			/* what it needs besides */
};

extern Booking *sweep_add(Sweep *sweep, struct varlena *value,
						  bool ignore_scope);
extern void sweep_pairs(Sweep *sweep);

#endif							/* APPOINTMENT_OCCUPANCY_SWEEP_H */
