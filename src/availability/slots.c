/*-------------------------------------------------------------------------
 *
 * slots.c
 *		Slots: the starts that a stretch of free time has.
 *
 * A slot costs a few additions.  The clock of a zone is looked at once a
 * stretch, and once a day where bookings of a day are counted.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "availability/slots.h"
#include "base/zone_clock.h"

/* So many starts are passed over between two looks for a cancellation. */
#define STARTS_BETWEEN_CHECKS	1024

const char *const slot_refusal_names[SLOT_REFUSALS] = {
	"closed", "busy", "full", "too_soon", "too_late", "day_full", "off_grid",
	"outside_window",
};

/*----------------------------------------------------------
 * Local time
 *----------------------------------------------------------*/

/* Let a clock know an instant. */
static void
clock_cover(SlotClock *clock, const pg_tz *zone, TimestampTz at)
{
	if (clock->zone == zone && at >= clock->from && at < clock->until)
		return;
	clock->zone = zone;
	clock->from = at;
	clock->offset = instant_to_local(at, zone) - at;
	if (!zone_next_change(zone, at, &clock->until))
		clock->until = DT_NOEND;
}

static inline int64
round_up(int64 value, int64 unit)
{
	return (value + unit - 1) / unit * unit;
}

/* The day of a local time, and the time of the day. */
static inline int64
split_local(Timestamp local, int64 *time_of_day)
{
	int64		day = local / USECS_PER_DAY;

	*time_of_day = local % USECS_PER_DAY;
	if (*time_of_day < 0)
	{
		*time_of_day += USECS_PER_DAY;
		day--;
	}
	return day;
}

/*
 * The first instant from "at" on when the clock of a zone shows a whole minute
 * that is a multiple of "align" from midnight; midnight is one.
 */
TimestampTz
slot_first_start(SlotClock *clock, const pg_tz *zone, TimestampTz at,
				 int64 align)
{
	for (;;)
	{
		int64		time_of_day;
		int64		day;
		TimestampTz start;

		clock_cover(clock, zone, at);
		day = split_local(at + clock->offset, &time_of_day);
		time_of_day = round_up(time_of_day, USECS_PER_MINUTE);
		if (align > 0)
			time_of_day = round_up(time_of_day, align);
		start = day * USECS_PER_DAY + Min(time_of_day, USECS_PER_DAY) -
			clock->offset;
		if (start < clock->until)
			return start;
		/* the clock shows another time by then */
		at = clock->until;
	}
}

/*----------------------------------------------------------
 * Bookings of a day
 *----------------------------------------------------------*/

/*
 * How many bookings start on a local day.  Those that take all are no bookings,
 * but somebody else's blocks.  A day may begin twice, where the clocks are set
 * back at midnight.
 */
static int64
bookings_of_day(const Busy *busy, const pg_tz *zone, int64 day)
{
	TimestampTz from = zone_local_to_instant(zone, day * USECS_PER_DAY,
											 ZONE_EARLIER);
	TimestampTz to = zone_local_to_instant(zone, (day + 1) * USECS_PER_DAY,
										   ZONE_LATER);
	SlotClock	clock = {0};
	int64		bookings = 0;
	int64		time_of_day;

	if (busy == NULL || busy->seats == NULL)
		return 0;
	for (int32 i = busy_first_from(busy, from);
		 i < busy->count && busy->spans[i].starts_at < to; i++)
	{
		if (i % STARTS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
		if (busy->seats[i] == BUSY_ALL)
			continue;
		clock_cover(&clock, zone, busy->spans[i].starts_at);
		if (split_local(busy->spans[i].starts_at + clock.offset,
						&time_of_day) == day)
			bookings++;
	}
	return bookings;
}

void
slot_day_look_up(SlotDay *day, SlotClock *clock, const Busy *busy,
				 const pg_tz *zone, TimestampTz at)
{
	int64		time_of_day;

	clock_cover(clock, zone, at);
	day->day = (int32) split_local(at + clock->offset, &time_of_day);
	day->zone = zone;
	day->from = at;
	day->until = Min(at - time_of_day + USECS_PER_DAY, clock->until);
	day->bookings = bookings_of_day(busy, zone, day->day);
}

static bool
day_is_full(SlotWalk *walk, const pg_tz *zone, TimestampTz at)
{
	SlotDay    *day = &walk->day;

	if (walk->wishes.max_per_day < 0)
		return false;
	if (day->zone != zone || at < day->from || at >= day->until)
		slot_day_look_up(day, &walk->clock, walk->busy, zone, at);
	return day->bookings >= walk->wishes.max_per_day;
}

/*----------------------------------------------------------
 * Starts
 *----------------------------------------------------------*/

void
slots_begin(SlotWalk *walk, const OpenHours *hours, const Busy *busy,
			const SlotWishes *wishes, bool whole_grid)
{
	TimestampTz to = wishes->to;

	memset(walk, 0, sizeof(SlotWalk));
	walk->wishes = *wishes;
	walk->busy = busy;
	walk->left = wishes->max_slots;
	walk->whole_grid = whole_grid;
	walk->next = DT_NOEND;
	walk->last = DT_NOBEGIN;
	if (!whole_grid)
	{
		to = Min(to, busy_shift(wishes->end, wishes->duration));
		if (wishes->earliest >= to)
			to = wishes->from;
	}
	free_time_begin(&walk->time, hours, busy, &wishes->wants, wishes->from, to);
}

/*
 * Go on to the next stretch of the opening that has a start; false if there is
 * none.
 */
static bool
next_stretch(SlotWalk *walk)
{
	const SlotWishes *wishes = &walk->wishes;
	FreeStretch stretch;

	walk->next = DT_NOEND;
	walk->last = DT_NOBEGIN;
	while (free_time_next_stretch(&walk->time, &stretch))
	{
		TimestampTz last = stretch.ends_at - wishes->duration;

		CHECK_FOR_INTERRUPTS();
		if (!walk->whole_grid)
			free_time_forget(&walk->time, stretch.starts_at);
		if (Max(stretch.starts_at, wishes->earliest) > last)
			continue;
		walk->next = slot_first_start(&walk->clock, stretch.zone,
									  Max(stretch.starts_at, wishes->earliest),
									  wishes->align);
		if (walk->next > last)
			continue;
		walk->zone = stretch.zone;
		walk->last = last;
		return true;
	}
	walk->next = DT_NOEND;
	return false;
}

/* The next start of a stretch, which is free. */
static inline void
take_start(SlotWalk *walk, Slot *slot)
{
	slot->starts_at = walk->next;
	slot->ends_at = slot->starts_at + walk->wishes.duration;
	slot->refusal = SLOT_FREE;
	walk->next += walk->wishes.step;
}

/* Only what can be booked. */
static bool
next_free_slot(SlotWalk *walk, Slot *slot)
{
	int			passed = 0;

	for (;;)
	{
		while (walk->next <= walk->last)
		{
			take_start(walk, slot);
			if (slot->starts_at >= walk->wishes.end)
				return false;
			if (++passed % STARTS_BETWEEN_CHECKS == 0)
				CHECK_FOR_INTERRUPTS();
			if (day_is_full(walk, walk->zone, slot->starts_at))
				continue;
			slot->seats_left = free_time_left(&walk->time, slot->starts_at,
											  slot->ends_at);
			return true;
		}
		if (walk->in_opening && next_stretch(walk))
			continue;
		walk->in_opening = free_time_next_opening(&walk->time);
		if (!walk->in_opening)
			return false;
		CHECK_FOR_INTERRUPTS();
	}
}

/* Why a start of the whole grid that is no start of a stretch is refused. */
static SlotRefusal
refusal_of_start(SlotWalk *walk, Slot *slot)
{
	FreeLook	look;

	free_time_look(&walk->time, slot->starts_at, slot->ends_at, &look);
	slot->seats_left = look.left;
	return look.busy ? SLOT_BUSY : look.full ? SLOT_FULL : SLOT_OFF_GRID;
}

/* Go on to the next opening with a start. */
static bool
next_opening(SlotWalk *walk)
{
	while (free_time_next_opening(&walk->time))
	{
		CHECK_FOR_INTERRUPTS();
		walk->grid = slot_first_start(&walk->clock,
									  walk->time.parts[0].zone,
									  free_time_opening_start(&walk->time),
									  walk->wishes.align);
		if (walk->grid + walk->wishes.duration <=
			free_time_opening_end(&walk->time))
		{
			next_stretch(walk);
			return true;
		}
	}
	return false;
}

/* All starts. */
static bool
next_slot(SlotWalk *walk, Slot *slot)
{
	const SlotWishes *wishes = &walk->wishes;
	const pg_tz *zone;

	if (walk->in_opening && walk->next > walk->last)
		next_stretch(walk);
	while (!walk->in_opening ||
		   (walk->next > walk->last &&
			walk->grid + wishes->duration > free_time_opening_end(&walk->time)))
	{
		walk->in_opening = next_opening(walk);
		if (!walk->in_opening)
			return false;
	}

	if (walk->next <= walk->last && walk->grid >= walk->next)
	{
		take_start(walk, slot);
		zone = walk->zone;
		slot->seats_left = free_time_left(&walk->time, slot->starts_at,
										  slot->ends_at);
	}
	else
	{
		slot->starts_at = walk->grid;
		slot->ends_at = slot->starts_at + wishes->duration;
		slot->refusal = refusal_of_start(walk, slot);
		zone = free_time_zone(&walk->time, slot->starts_at);
	}
	walk->grid = slot->starts_at + wishes->step;
	if (slot->refusal == SLOT_FREE || slot->refusal == SLOT_OFF_GRID)
	{
		if (slot->starts_at < wishes->earliest)
			slot->refusal = SLOT_TOO_SOON;
		else if (slot->starts_at >= wishes->end)
			slot->refusal = SLOT_TOO_LATE;
		else if (day_is_full(walk, zone, slot->starts_at))
			slot->refusal = SLOT_DAY_FULL;
	}
	return true;
}

/*
 * The next slot; false if there is none.
 */
bool
slots_next(SlotWalk *walk, Slot *slot)
{
	if (walk->left == 0)
		return false;
	if (!(walk->whole_grid ? next_slot(walk, slot) : next_free_slot(walk, slot)))
	{
		walk->left = 0;
		return false;
	}
	if (walk->left > 0 && slot->refusal == SLOT_FREE)
		walk->left--;
	return true;
}
