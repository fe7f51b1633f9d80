/*-------------------------------------------------------------------------
 *
 * free_time.h
 *		When something more can be booked: open periods against what is taken.
 *
 * A booking with its buffers holds its seats from "buffer_before" before its
 * start until "buffer_after" after its end, and so do those that are there, with
 * buffers of their own.  It fits if at no instant of this time the seats of all
 * are more than the capacity, and if its own time, without the buffers, is open.
 * So an instant is blocked if what is taken around it, within these buffers, is
 * too much.
 *
 * An opening is a longest period that is open, whatever the capacity; it
 * consists of parts, each with its capacity.  A stretch is a longest period of
 * an opening of which no instant is blocked.  Both come as streams:
 *
 *	free_time_begin(&time, ...);
 *	while (free_time_next_opening(&time))
 *		while (free_time_next_stretch(&time, &stretch))
 *			... free_time_look(&time, starts_at, ends_at, &look)
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_FREE_TIME_H
#define APPOINTMENT_FREE_TIME_H

#include "availability/busy_walk.h"
#include "availability/open_periods.h"

/* What a booking needs besides its time. */
typedef struct FreeWants
{
	int64		buffer_before;	/* microseconds */
	int64		buffer_after;
	int32		seats;			/* at least 1 */
} FreeWants;

typedef struct FreeStretch
{
	TimestampTz starts_at;
	TimestampTz ends_at;
	const pg_tz *zone;			/* of the rule that is open at its start */
} FreeStretch;

/* What is in the way of a booking, and how many seats are left. */
typedef struct FreeLook
{
	int32		left;			/* the least, 0 if all are taken */
	bool		busy;			/* somebody takes all */
	bool		full;			/* those who count their seats take too many */

	/* the first time of the booking that is blocked for this reason */
	BusySpan	busy_span;
	BusySpan	full_span;
	int32		capacity;		/* where it is full */
	int32		full_left;
} FreeLook;

typedef struct FreeTime
{
	FreeWants	wants;
	OpenPeriods *open;			/* NULL: never */
	bool		ahead;			/* is there another open period? */
	OpenPeriod	next_period;	/* that one */
	BusyWalk	taken;
	bool		taken_end;		/* has its walk come to an end? */

	/* the opening */
	OpenPeriod *parts;
	int			part_count;
	int			parts_allocated;
	int			part;			/* the first that ends after "at" */
	TimestampTz at;				/* where the last stretch ended */

	/* pieces of what is taken, as far as the walk had to go */
	BusyPiece  *pieces;
	int			first_piece;	/* those before are forgotten */
	int			blocking_piece; /* those before do not block after "at" */
	int			piece_count;
	int			pieces_allocated;

	int			look_part;		/* the first that free_time_look() needs */
} FreeTime;

/*
 * NULL for the rules is never open, and for "busy" nobody busy.  Both must live
 * as long as the walk.
 */
extern void free_time_begin(FreeTime *time, const OpenHours *hours,
							const Busy *busy, const FreeWants *wants,
							TimestampTz from, TimestampTz to);
extern bool free_time_next_opening(FreeTime *time);
extern bool free_time_next_stretch(FreeTime *time, FreeStretch *stretch);

/*
 * Look at a booking, whose start must not go back from call to call.  Seats are
 * counted where it lies within the opening.
 */
extern void free_time_look(FreeTime *time, TimestampTz starts_at,
						   TimestampTz ends_at, FreeLook *look);
extern int32 free_time_count(FreeTime *time, TimestampTz starts_at,
							 TimestampTz ends_at);
extern const pg_tz *free_time_zone(FreeTime *time, TimestampTz at);
extern void free_time_forget(FreeTime *time, TimestampTz before);

static inline TimestampTz
free_time_opening_start(const FreeTime *time)
{
	return time->parts[0].starts_at;
}

static inline TimestampTz
free_time_opening_end(const FreeTime *time)
{
	return time->parts[time->part_count - 1].ends_at;
}

/*
 * How many seats are left for a booking that lies in a stretch.  Where nobody
 * counts seats, nothing is taken there.
 */
static inline int32
free_time_left(FreeTime *time, TimestampTz starts_at, TimestampTz ends_at)
{
	if (time->part_count == 1 && time->taken.busy->seats == NULL)
		return time->parts[0].capacity;
	return free_time_count(time, starts_at, ends_at);
}

#endif							/* APPOINTMENT_FREE_TIME_H */
