/*-------------------------------------------------------------------------
 *
 * slots.h
 *		Slots: the starts that a stretch of free time has, and what keeps a slot
 *		from being booked.
 *
 * The grid.  Each stretch has a first start: the latest of its beginning and
 * "earliest", rounded up to the next whole minute that is a multiple of "align"
 * from midnight on the clock of its zone.  Further ones follow by "step" of
 * elapsed time, as long as the slot ends in the stretch.
 *
 * The whole grid, with what cannot be booked: it begins in each opening as if
 * nobody were busy, and goes on by "step" as long as the slot ends in the
 * opening.  At the first start of a stretch that has one it begins anew.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_SLOTS_H
#define APPOINTMENT_SLOTS_H

#include "availability/free_time.h"

/* Why a slot cannot be booked, in the order in which reasons are given. */
typedef enum SlotRefusal
{
	SLOT_CLOSED,
	SLOT_BUSY,
	SLOT_FULL,
	SLOT_TOO_SOON,
	SLOT_TOO_LATE,
	SLOT_DAY_FULL,
	SLOT_OFF_GRID,
	SLOT_OUTSIDE_WINDOW,
	SLOT_FREE,
} SlotRefusal;

#define SLOT_REFUSALS	SLOT_FREE

/* What is asked for.  All times are microseconds. */
typedef struct SlotWishes
{
	FreeWants	wants;
	int64		duration;
	int64		step;
	int64		align;			/* whole minutes, 0 for none */
	TimestampTz earliest;		/* no start before */
	TimestampTz end;			/* no start from here on */
	int64		max_per_day;	/* -1 for no limit */
	int64		max_slots;		/* -1 for no limit */
	TimestampTz from;			/* the window */
	TimestampTz to;
} SlotWishes;

typedef struct Slot
{
	TimestampTz starts_at;
	TimestampTz ends_at;
	int32		seats_left;
	SlotRefusal refusal;
} Slot;

/* What a zone's clock shows, for instants that mostly follow one another. */
typedef struct SlotClock
{
	const pg_tz *zone;			/* what follows is of this one, */
	TimestampTz from;			/* and holds from here */
	TimestampTz until;
	int64		offset;			/* microseconds east of UTC */
} SlotClock;

/* A local day's bookings, while instants stay in it. */
typedef struct SlotDay
{
	const pg_tz *zone;
	TimestampTz from;			/* what follows holds from here */
	TimestampTz until;
	int32		day;			/* since 2000-01-01 */
	int64		bookings;		/* busy periods with seats that start on it */
} SlotDay;

typedef struct SlotWalk
{
	SlotWishes	wishes;
	FreeTime	time;
	const Busy *busy;			/* or NULL */
	SlotClock	clock;
	SlotDay		day;
	int64		left;			/* of max_slots */
	bool		whole_grid;
	bool		in_opening;

	/* the stretch */
	const pg_tz *zone;
	TimestampTz next;			/* the next start */
	TimestampTz last;			/* no start is later */

	TimestampTz grid;			/* the next start of the whole grid */
} SlotWalk;

extern const char *const slot_refusal_names[SLOT_REFUSALS];

extern void slots_begin(SlotWalk *walk, const OpenHours *hours,
						const Busy *busy, const SlotWishes *wishes,
						bool whole_grid);
extern bool slots_next(SlotWalk *walk, Slot *slot);

/* Also for who looks at one slot. */
extern TimestampTz slot_first_start(SlotClock *clock, const pg_tz *zone,
									TimestampTz at, int64 align);
extern void slot_day_look_up(SlotDay *day, SlotClock *clock, const Busy *busy,
							 const pg_tz *zone, TimestampTz at);

#endif							/* APPOINTMENT_SLOTS_H */
