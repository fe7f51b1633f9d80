/*-------------------------------------------------------------------------
 *
 * busy_walk.h
 *		What is taken, instant by instant: a walk over a busy value.
 *
 * The periods reach from their start minus the buffer before to their end plus
 * the buffer after.  Pieces of time in which nothing changes come in order;
 * those in which nothing is taken are left out.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_BUSY_WALK_H
#define APPOINTMENT_BUSY_WALK_H

#include "availability/busy.h"

typedef struct BusyPiece
{
	TimestampTz starts_at;
	TimestampTz ends_at;
	int64		seats;			/* of those that count them */
	bool		all;			/* does anybody take all? */
} BusyPiece;

/* A period with its buffers. */
typedef struct BusyHolding
{
	TimestampTz starts_at;
	TimestampTz ends_at;
	int32		seats;			/* or BUSY_ALL */
} BusyHolding;

/* Holdings, of which the first by an instant of theirs is in front. */
typedef struct BusyHeap
{
	struct BusyHeapItem *items;
	int			count;
	int			allocated;
} BusyHeap;

typedef struct BusyWalk
{
	const Busy *busy;
	TimestampTz from;			/* what ends before is passed over */
	int32		next;			/* period of the value */
	BusyHeap	waiting;		/* by their start: only if there are buffers */

	bool		ahead;			/* is there another holding? */
	BusyHolding holding;		/* that one */

	/* at the end of the last piece */
	TimestampTz at;
	TimestampTz all_until;
	int64		seats;
	BusyHeap	active;			/* those that count seats, by their end */
} BusyWalk;

extern void busy_walk_begin(BusyWalk *walk, const Busy *busy, TimestampTz from);
extern bool busy_walk_next(BusyWalk *walk, BusyPiece *piece);

#endif							/* APPOINTMENT_BUSY_WALK_H */
