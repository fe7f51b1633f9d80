/*-------------------------------------------------------------------------
 *
 * slot_reasons.c
 *		Why one slot cannot be booked: every reason.
 *
 * It is the same sweep as that of the search, over the time around the slot.
 * Only whether a start is on the grid depends on where its stretch begins, which
 * may be long before: so it looks back further and further until it knows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "availability/slot_reasons.h"
#include "base/instant.h"

/* How far back it looks at first, and how much further each time. */
#define FIRST_LOOK_BACK		USECS_PER_DAY
#define FURTHER				8

/* No stretch is longer for us. */
#define LONGEST_STRETCH		(INT64CONST(100) * 366 * USECS_PER_DAY)

/* What is known of the time around a slot. */
typedef struct SlotPlace
{
	TimestampTz starts_at;
	TimestampTz ends_at;
	bool		closed;
	TimestampTz open_until;		/* of the slot, as far as it has been looked
								 * at */
	const pg_tz *zone;			/* of what is open at its start, or NULL */
	bool		in_stretch;		/* is its start? */
	FreeStretch stretch;
} SlotPlace;

/* Look at an opening that meets the slot. */
static void
look_at_opening(FreeTime *time, SlotPlace *place, SlotReasons *reasons)
{
	TimestampTz starts_at = free_time_opening_start(time);
	FreeStretch stretch;
	FreeLook	look;

	if (starts_at > place->open_until && !place->closed)
	{
		place->closed = true;
		reasons->closed = (BusySpan)
		{
			place->open_until, starts_at
		};
	}
	place->open_until = free_time_opening_end(time);
	if (starts_at <= place->starts_at)
	{
		place->zone = free_time_zone(time, place->starts_at);
		while (free_time_next_stretch(time, &stretch) &&
			   stretch.starts_at <= place->starts_at)
		{
			if (stretch.ends_at <= place->starts_at)
				continue;
			place->in_stretch = true;
			place->stretch = stretch;
			place->zone = stretch.zone;
			break;
		}
	}
	free_time_look(time, place->starts_at, place->ends_at, &look);
	if (!reasons->look.full)
		reasons->look = look;
}

/* Look at the slot, and at the time before it from "from" on. */
static void
look_at_slot(const OpenHours *hours, const Busy *busy,
			 const SlotWishes *wishes, TimestampTz from, SlotPlace *place,
			 SlotReasons *reasons)
{
	TimestampTz to = place->ends_at + wishes->step + wishes->align +
	USECS_PER_MINUTE;
	FreeTime	time;

	memset(reasons, 0, sizeof(SlotReasons));
	place->closed = false;
	place->open_until = place->starts_at;
	place->zone = NULL;
	place->in_stretch = false;
	free_time_begin(&time, hours, busy, &wishes->wants, from,
					Min(to, INSTANT_END));
	while (free_time_next_opening(&time) &&
		   free_time_opening_start(&time) < place->ends_at)
	{
		if (free_time_opening_end(&time) > place->starts_at)
			look_at_opening(&time, place, reasons);
	}
	if (place->open_until == place->starts_at)
		free_time_look(&time, place->starts_at, place->ends_at, &reasons->look);
	if (place->open_until < place->ends_at && !place->closed)
	{
		place->closed = true;
		reasons->closed = (BusySpan)
		{
			place->open_until, place->ends_at
		};
	}
}

/* How far back it may matter when the stretch of a slot began. */
static TimestampTz
earliest_look_back(const OpenHours *hours, const SlotWishes *wishes,
				   TimestampTz starts_at)
{
	TimestampTz limit = Max(wishes->from, INSTANT_FIRST);

	limit = Max(limit, starts_at - LONGEST_STRETCH);

	/* of several zones it is that of the real beginning */
	if (hours == NULL || hours->zone_count <= 1)
		limit = Max(limit, wishes->earliest);
	return Min(limit, starts_at);
}

/* Is the slot's start one of its stretch's?  If not, which are around it? */
static bool
is_off_grid(const SlotWishes *wishes, const SlotPlace *place,
			SlotReasons *reasons)
{
	TimestampTz begins = Max(Max(place->stretch.starts_at, wishes->from),
							 wishes->earliest);
	TimestampTz ends = Min(place->stretch.ends_at, wishes->to);
	TimestampTz last = Min(ends - wishes->duration, busy_shift(wishes->end, -1));
	SlotClock	clock = {0};
	TimestampTz first = slot_first_start(&clock, place->stretch.zone, begins,
										 wishes->align);
	int64		steps;

	reasons->previous = DT_NOBEGIN;
	reasons->following = DT_NOEND;
	if (place->starts_at < first)
	{
		if (first <= last)
			reasons->following = first;
		return true;
	}
	steps = (place->starts_at - first) / wishes->step;
	if (first + steps * wishes->step == place->starts_at)
		return false;
	if (first + steps * wishes->step <= last)
		reasons->previous = first + steps * wishes->step;
	if (first + (steps + 1) * wishes->step <= last)
		reasons->following = first + (steps + 1) * wishes->step;
	return true;
}

void
slot_reasons(const OpenHours *hours, const Busy *busy,
			 const SlotWishes *wishes, TimestampTz starts_at,
			 SlotReasons *reasons)
{
	TimestampTz limit = earliest_look_back(hours, wishes, starts_at);
	SlotPlace	place = {
		.starts_at = starts_at,
		.ends_at = starts_at + wishes->duration
	};
	bool	   *refused = reasons->refused;
	SlotClock	clock = {0};

	for (int64 back = FIRST_LOOK_BACK;; back *= FURTHER)
	{
		TimestampTz from = Max(limit, starts_at - back);

		look_at_slot(hours, busy, wishes, from, &place, reasons);
		if (from == limit || !place.in_stretch || place.stretch.starts_at > from)
			break;
	}

	refused[SLOT_CLOSED] = place.closed;
	refused[SLOT_BUSY] = reasons->look.busy;
	refused[SLOT_FULL] = reasons->look.full;
	refused[SLOT_TOO_SOON] = starts_at < wishes->earliest;
	refused[SLOT_TOO_LATE] = starts_at >= wishes->end;
	refused[SLOT_OUTSIDE_WINDOW] = starts_at < wishes->from ||
		place.ends_at > wishes->to;
	if (wishes->max_per_day >= 0 && place.zone != NULL)
	{
		slot_day_look_up(&reasons->day, &clock, busy, place.zone, starts_at);
		refused[SLOT_DAY_FULL] = reasons->day.bookings >= wishes->max_per_day;
	}
	if (place.in_stretch && !refused[SLOT_TOO_SOON] &&
		!refused[SLOT_OUTSIDE_WINDOW])
		refused[SLOT_OFF_GRID] = is_off_grid(wishes, &place, reasons);
}
