/*-------------------------------------------------------------------------
 *
 * open_periods.c
 *		The periods of a window that the rules of a value open.
 *
 * Each factor goes through its window in chunks of some weeks.  The rules of a
 * chunk are applied level by level to the shifts that they begin on its dates:
 * an override drops the shifts of its dates, whatever is left of them; a closing
 * takes its time away from all.  What is left is put in order, and where
 * shifts overlap, the larger capacity counts.  A restriction is what is in all
 * factors.
 *
 * A date is the same date for the rules of all zones, as they write it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/datetime.h"

#include "availability/open_hours.h"
#include "availability/open_periods.h"
#include "availability/opening_clock.h"
#include "base/instant.h"
#include "base/zone.h"
#include "compat.h"

/* Days of a chunk; with those around it they fit into the bits of a word. */
#define CHUNK_DAYS		32
#define MAX_DATES		64

/*
 * Shifts of a chunk.  All rules together, each on all dates, are fewer; but
 * each closing may cut each of them.
 */
#define MAX_SHIFTS		(4 * 1024 * 1024)

/* No zone is further from UTC. */
#define MAX_OFFSET		(16 * USECS_PER_HOUR)

/* What a rule opens, or is left of it. */
typedef struct Shift
{
	TimestampTz starts_at;
	TimestampTz ends_at;
	int32		date;			/* to which it belongs */
	int32		capacity;
	uint16		zone;
} Shift;

typedef struct Shifts
{
	Shift	   *shifts;
	int			count;
	int			room;
} Shifts;

/* The walk over a factor. */
typedef struct FactorWalk
{
	const OpenRule *rules;
	int			rule_count;
	int			spill;			/* days after its own that a shift may reach */
	TimestampTz from;			/* where the next chunk begins */
	Shifts		shifts;			/* of this chunk, in their order */
	Shifts		spare;			/* closings, and room to sort */
	Shift	  **heap;			/* of those that overlap */
	int			heap_room;
	OpenPeriod *periods;		/* of this chunk */
	int			period_count;
	int			period_room;
	int			next;			/* of them */
} FactorWalk;

struct OpenPeriods
{
	const OpenHours *hours;
	TimestampTz to;
	OpeningClock *clocks;		/* of the zones */
	FactorWalk *factors;
	int			factor_count;
	OpenPeriod *current;		/* of each factor, for a restriction */
	OpenPeriod	ahead;			/* read by open_periods_next_whole */
	bool		has_ahead;
};

/*----------------------------------------------------------
 * Dates
 *----------------------------------------------------------*/

/* 0 is Monday; 2000-01-03 was one, and 0001-01-01. */
static inline int
weekday_of(int32 date)
{
	return (int) ((uint32) (date - INSTANT_FIRST_DAY) % 7);
}

/* Is this date one of the ordinals that a rule wants? */
static bool
ordinal_matches(const OpenRule *rule, int32 date)
{
	int			year;
	int			month;
	int			day;
	int			from_end;

	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	from_end = (day_tab[isleap(year)][month - 1] - day) / 7 + 1;
	return (rule->nth & (OPEN_NTH((day - 1) / 7 + 1) | OPEN_NTH(-from_end))) != 0;
}

/*
 * The first date from "date" on at which a rule may match by its weeks.
 */
static inline int64
next_week_that_counts(const OpenRule *rule, int64 date)
{
	int64		span = (int64) rule->every * 7;
	int64		days = (date - rule->anchor) % span;

	if (days < 0)
		days += span;
	return days < 7 ? date : date + span - days;
}

/*
 * The first date from "date" up to "last" that a rule matches; false if there
 * is none.
 */
static inline bool
next_match(const OpenRule *rule, int32 *date, int32 last)
{
	for (; *date <= last; ++*date)
	{
		if (rule->every > 1)
		{
			int64		week = next_week_that_counts(rule, *date);

			if (week > last)
				return false;
			*date = (int32) week;
		}
		if ((rule->days & (1 << weekday_of(*date))) != 0 &&
			(rule->nth == 0 || ordinal_matches(rule, *date)))
			return true;
	}
	return false;
}

/*----------------------------------------------------------
 * Shifts
 *----------------------------------------------------------*/

static inline Shift *
new_shift(Shifts *shifts)
{
	if (shifts->count == shifts->room)
	{
		if (shifts->room >= MAX_SHIFTS)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("too many closings within open hours"),
					 errdetail("The limit is %d open periods of rules in %d days.",
							   MAX_SHIFTS, CHUNK_DAYS)));
		shifts->room *= 2;
		shifts->shifts = repalloc_array(shifts->shifts, Shift, shifts->room);
	}
	return &shifts->shifts[shifts->count++];
}

static void
begin_shifts(Shifts *shifts)
{
	shifts->count = 0;
	shifts->room = 64;
	shifts->shifts = palloc_array(Shift, shifts->room);
}

/*
 * Add the shifts of a rule on its dates from "first" to "last", but those whose
 * bit is in "without".
 */
static void
add_shifts(const OpenRule *rule, const OpeningClock *clock, int32 first,
		   int32 last, uint64 without, Shifts *shifts)
{
	int32		date = Max(first, rule->valid_from);

	last = Min(last, rule->valid_until - 1);
	for (; next_match(rule, &date, last); date++)
	{
		Timestamp	midnight = date * USECS_PER_DAY;
		TimestampTz starts_at;
		TimestampTz ends_at;
		Shift	   *shift;

		if ((without & (UINT64CONST(1) << (date - first))) != 0)
			continue;
		starts_at = opening_clock_read(clock, midnight + rule->opens);
		ends_at = opening_clock_read(clock, midnight + rule->closes);
		if (starts_at >= ends_at)
			continue;			/* the clocks leave it out */
		shift = new_shift(shifts);
		shift->starts_at = starts_at;
		shift->ends_at = ends_at;
		shift->date = date;
		shift->capacity = rule->capacity;
		shift->zone = rule->zone;
	}
}

/* The dates that a rule matches, as bits. */
static uint64
matching_dates(const OpenRule *rule, int32 first, int32 last)
{
	int32		date = Max(first, rule->valid_from);
	uint64		dates = 0;

	last = Min(last, rule->valid_until - 1);
	for (; next_match(rule, &date, last); date++)
		dates |= UINT64CONST(1) << (date - first);
	return dates;
}

/* Drop the shifts of these dates. */
static void
drop_dates(Shifts *shifts, int32 first, uint64 dates)
{
	int			kept = 0;

	for (int i = 0; i < shifts->count; i++)
	{
		if ((dates & (UINT64CONST(1) << (shifts->shifts[i].date - first))) == 0)
			shifts->shifts[kept++] = shifts->shifts[i];
	}
	shifts->count = kept;
}

/*
 * Which of two shifts comes first.  Of those that begin together it is the
 * larger one, then the one of the rule that comes first.
 */
static inline bool
shift_is_before(const Shift *a, const Shift *b)
{
	if (a->starts_at != b->starts_at)
		return a->starts_at < b->starts_at;
	return a->capacity > b->capacity;
}

/*
 * Sort shifts: those of each rule are in their order already, so runs of them
 * are merged.  "spare" is overwritten.
 */
static void
sort_shifts(Shifts *shifts, Shifts *spare)
{
	for (;;)
	{
		int			runs = 0;
		int			i = 0;
		Shifts		merged;

		if (spare->room < shifts->count)
		{
			spare->room = shifts->room;
			spare->shifts = repalloc_array(spare->shifts, Shift, spare->room);
		}
		spare->count = 0;
		while (i < shifts->count)
		{
			const Shift *from = shifts->shifts;
			int			middle = i + 1;
			int			end;
			int			k;

			while (middle < shifts->count &&
				   !shift_is_before(&from[middle], &from[middle - 1]))
				middle++;
			if (i == 0 && middle == shifts->count)
				return;
			end = Min(middle + 1, shifts->count);
			while (end < shifts->count &&
				   !shift_is_before(&from[end], &from[end - 1]))
				end++;
			for (k = middle; i < middle || k < end;)
			{
				if (k == end || (i < middle && !shift_is_before(&from[k], &from[i])))
					spare->shifts[spare->count++] = from[i++];
				else
					spare->shifts[spare->count++] = from[k++];
			}
			i = end;
			runs++;
		}
		merged = *spare;
		*spare = *shifts;
		*shifts = merged;
		if (runs <= 1)
			return;
	}
}

/*----------------------------------------------------------
 * Closings
 *----------------------------------------------------------*/

/* Make one of closings that touch; they are in their order. */
static void
join_closings(Shifts *closings)
{
	int			last = 0;

	for (int i = 1; i < closings->count; i++)
	{
		const Shift *shift = &closings->shifts[i];

		if (shift->starts_at <= closings->shifts[last].ends_at)
			closings->shifts[last].ends_at =
				Max(closings->shifts[last].ends_at, shift->ends_at);
		else
			closings->shifts[++last] = *shift;
	}
	closings->count = Min(closings->count, last + 1);
}

/* The first of some closings that ends after an instant. */
static int
find_closing(const Shifts *closings, TimestampTz instant)
{
	int			low = 0;
	int			high = closings->count;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (closings->shifts[middle].ends_at <= instant)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Take the closings, joined, away from the shifts.
 */
static void
close_shifts(Shifts *shifts, const Shifts *closings)
{
	int			count = shifts->count;
	int			kept = 0;

	for (int i = 0; i < count; i++)
	{
		Shift		shift = shifts->shifts[i];
		int			c = find_closing(closings, shift.starts_at);
		bool		stays = false;

		CHECK_FOR_INTERRUPTS();

		/* what is left before a closing, but for the last part, goes behind */
		for (; c < closings->count; c++)
		{
			const Shift *closing = &closings->shifts[c];

			if (closing->starts_at >= shift.ends_at)
				break;
			if (closing->starts_at > shift.starts_at)
			{
				Shift	   *part = new_shift(shifts);

				*part = shift;
				part->ends_at = closing->starts_at;
			}
			shift.starts_at = closing->ends_at;
			if (shift.starts_at >= shift.ends_at)
				break;
		}
		stays = shift.starts_at < shift.ends_at;
		if (stays)
			shifts->shifts[kept++] = shift;
	}

	/* close the gap to what went behind */
	memmove(&shifts->shifts[kept], &shifts->shifts[count],
			(shifts->count - count) * sizeof(Shift));
	shifts->count -= count - kept;
}

/*----------------------------------------------------------
 * Overlaps
 *----------------------------------------------------------*/

static void
add_period(OpenPeriods *walk, FactorWalk *factor, TimestampTz starts_at,
		   TimestampTz ends_at, const Shift *shift)
{
	const pg_tz *zone = walk->clocks[shift->zone].zone;
	OpenPeriod *period;

	if (starts_at >= ends_at)
		return;
	if (factor->period_count > 0)
	{
		period = &factor->periods[factor->period_count - 1];
		if (period->ends_at == starts_at && period->zone == zone &&
			period->capacity == shift->capacity)
		{
			period->ends_at = ends_at;
			return;
		}
	}
	if (factor->period_count == factor->period_room)
	{
		factor->period_room *= 2;
		factor->periods = repalloc_array(factor->periods, OpenPeriod,
										 factor->period_room);
	}
	period = &factor->periods[factor->period_count++];
	period->starts_at = starts_at;
	period->ends_at = ends_at;
	period->capacity = shift->capacity;
	period->zone = zone;
}

/*
 * Which of two shifts that overlap counts: the larger one, then the one that
 * began first.
 */
static inline bool
shift_counts_before(const Shift *a, const Shift *b)
{
	if (a->capacity != b->capacity)
		return a->capacity > b->capacity;
	return a < b;				/* they are in their order */
}

static void
heap_push(FactorWalk *factor, int *count, Shift *shift)
{
	int			i = (*count)++;

	if (*count > factor->heap_room)
	{
		factor->heap_room *= 2;
		factor->heap = repalloc_array(factor->heap, Shift *,
									  factor->heap_room);
	}
	for (; i > 0; i = (i - 1) / 2)
	{
		Shift	   *parent = factor->heap[(i - 1) / 2];

		if (!shift_counts_before(shift, parent))
			break;
		factor->heap[i] = parent;
	}
	factor->heap[i] = shift;
}

static void
heap_pop(FactorWalk *factor, int *count)
{
	Shift	   *last = factor->heap[--*count];
	int			i = 0;

	for (;;)
	{
		int			child = 2 * i + 1;

		if (child >= *count)
			break;
		if (child + 1 < *count &&
			shift_counts_before(factor->heap[child + 1], factor->heap[child]))
			child++;
		if (!shift_counts_before(factor->heap[child], last))
			break;
		factor->heap[i] = factor->heap[child];
		i = child;
	}
	factor->heap[i] = last;
}

/*
 * Make periods of the shifts, which are in their order, as far as they lie
 * within [from, to).  What counts at an instant is on top of the heap.
 */
static void
make_periods(OpenPeriods *walk, FactorWalk *factor, TimestampTz from,
			 TimestampTz to)
{
	Shift	   *shift = factor->shifts.shifts;
	Shift	   *end = shift + factor->shifts.count;
	TimestampTz at = from;
	int			open = 0;

	factor->period_count = 0;
	factor->next = 0;
	while (at < to)
	{
		TimestampTz until;

		while (open > 0 && factor->heap[0]->ends_at <= at)
			heap_pop(factor, &open);
		if (open == 0)
		{
			if (shift == end)
				break;
			at = Max(at, shift->starts_at);

			/* most overlap with nothing */
			if (shift + 1 == end || shift[1].starts_at >= shift->ends_at)
			{
				add_period(walk, factor, at, Min(shift->ends_at, to), shift);
				at = Max(at, shift->ends_at);
				shift++;
				continue;
			}
		}
		while (shift < end && shift->starts_at <= at)
			heap_push(factor, &open, shift++);
		while (open > 0 && factor->heap[0]->ends_at <= at)
			heap_pop(factor, &open);
		if (open == 0)
			continue;
		until = Min(factor->heap[0]->ends_at, to);
		if (shift < end)
			until = Min(until, shift->starts_at);
		add_period(walk, factor, at, until, factor->heap[0]);
		at = until;
	}
}

/*----------------------------------------------------------
 * Factors
 *----------------------------------------------------------*/

/*
 * Apply the rules of one priority, which begin with the number "rule"; returns
 * where the next level begins.
 */
static int
apply_level(OpenPeriods *walk, FactorWalk *factor, int rule, int32 first,
			int32 last)
{
	const OpenRule *rules = factor->rules;
	int32		priority = rules[rule].priority;
	Shifts	   *closings = &factor->spare;
	uint64		overridden = 0;
	int			end;
	int			closing_rule;

	CHECK_FOR_INTERRUPTS();
	for (end = rule; end < factor->rule_count; end++)
	{
		if (rules[end].priority != priority)
			break;
		if (rules[end].kind == OPEN_OVERRIDE || rules[end].kind == OPEN_NONE)
			overridden |= matching_dates(&rules[end], first, last);
	}
	if (overridden != 0 && factor->shifts.count > 0)
		drop_dates(&factor->shifts, first, overridden);

	for (closing_rule = rule;
		 closing_rule < end && rules[closing_rule].kind != OPEN_CLOSED;
		 closing_rule++)
	{
		const OpenRule *r = &rules[closing_rule];

		if (r->kind != OPEN_NONE)
			add_shifts(r, &walk->clocks[r->zone], first, last,
					   r->kind == OPEN_OPEN ? overridden : 0, &factor->shifts);
	}

	closings->count = 0;
	if (factor->shifts.count > 0)
	{
		for (; closing_rule < end; closing_rule++)
			add_shifts(&rules[closing_rule],
					   &walk->clocks[rules[closing_rule].zone], first, last, 0,
					   closings);
	}
	if (closings->count > 0)
	{
		Shifts		room;

		begin_shifts(&room);
		sort_shifts(closings, &room);
		pfree(room.shifts);
		join_closings(closings);
		close_shifts(&factor->shifts, closings);
	}
	return end;
}

/*
 * The first date from "date" on at which a rule of this factor may open
 * something; false if none ever does.
 */
static bool
next_date_that_opens(const FactorWalk *factor, int32 *date)
{
	int64		next = INSTANT_END_DAY;

	for (int i = 0; i < factor->rule_count && next > *date; i++)
	{
		const OpenRule *rule = &factor->rules[i];
		int64		first = Max(*date, rule->valid_from);

		if (rule->kind == OPEN_NONE || rule->kind == OPEN_CLOSED)
			continue;
		if (rule->every > 1)
			first = next_week_that_counts(rule, first);
		if (first < rule->valid_until)
			next = Min(next, first);
	}
	*date = (int32) next;
	return next < INSTANT_END_DAY;
}

/*
 * The dates whose shifts may lie in [from, to), by the clocks of all zones.
 * Midnight of a date is at the earliest when the zone that is furthest ahead
 * shows it.
 */
static void
dates_of_window(OpenPeriods *walk, const FactorWalk *factor, TimestampTz from,
				TimestampTz to, int32 *first, int32 *last)
{
	int64		least = PG_INT64_MAX;
	int64		greatest = PG_INT64_MIN;

	for (int i = 0; i < walk->hours->zone_count; i++)
	{
		OpeningClock *clock = &walk->clocks[i];

		opening_clock_cover(clock, from, to);
		least = Min(least, clock->least);
		greatest = Max(greatest, clock->greatest);
	}

	/* dividing positive numbers rounds down */
	*first = (int32) ((from + least - INSTANT_FIRST + USECS_PER_DAY) /
					  USECS_PER_DAY) + INSTANT_FIRST_DAY - 1 - factor->spill;
	*last = (int32) ((to - 1 + greatest - INSTANT_FIRST + USECS_PER_DAY) /
					 USECS_PER_DAY) + INSTANT_FIRST_DAY - 1;
	*first = Max(*first, INSTANT_FIRST_DAY);
	*last = Min(*last, INSTANT_END_DAY - 1);
}

/*
 * Make the periods of the next chunk; false if there is no more.
 */
static bool
next_chunk(OpenPeriods *walk, FactorWalk *factor)
{
	TimestampTz from = factor->from;
	TimestampTz to;
	int32		first;
	int32		last;

	CHECK_FOR_INTERRUPTS();
	if (from >= walk->to)
		return false;

	/* pass over what is before the first rule */
	first = (int32) ((from - MAX_OFFSET - INSTANT_FIRST + 2 * USECS_PER_DAY) /
					 USECS_PER_DAY) + INSTANT_FIRST_DAY - 2 - factor->spill;
	if (!next_date_that_opens(factor, &first))
		from = walk->to;
	else
		from = Max(from, first * USECS_PER_DAY - MAX_OFFSET);
	to = walk->to - from > CHUNK_DAYS * USECS_PER_DAY ?
		from + CHUNK_DAYS * USECS_PER_DAY : walk->to;
	factor->from = to;
	if (from >= to)
		return false;

	dates_of_window(walk, factor, from, to, &first, &last);
	Assert(last - first < MAX_DATES);
	factor->shifts.count = 0;
	for (int rule = 0; rule < factor->rule_count;)
		rule = apply_level(walk, factor, rule, first, last);
	sort_shifts(&factor->shifts, &factor->spare);
	make_periods(walk, factor, from, to);
	return true;
}

static bool
factor_next(OpenPeriods *walk, FactorWalk *factor, OpenPeriod *period)
{
	while (factor->next == factor->period_count)
	{
		if (!next_chunk(walk, factor))
			return false;
	}
	*period = factor->periods[factor->next++];
	return true;
}

static void
factor_begin(OpenPeriods *walk, FactorWalk *factor, const OpenRule *rules,
			 int rule_count, TimestampTz from)
{
	factor->rules = rules;
	factor->rule_count = rule_count;
	factor->from = from;
	factor->spill = 0;
	for (int i = 0; i < rule_count; i++)
	{
		if (rules[i].closes > USECS_PER_DAY)
			factor->spill = 1;
	}
	begin_shifts(&factor->shifts);
	begin_shifts(&factor->spare);
	factor->heap_room = 16;
	factor->heap = palloc_array(Shift *, factor->heap_room);
	factor->period_room = 64;
	factor->periods = palloc_array(OpenPeriod, factor->period_room);
	factor->period_count = 0;
	factor->next = 0;
}

/*----------------------------------------------------------
 * The walk
 *----------------------------------------------------------*/

OpenPeriods *
open_periods_begin(const OpenHours *hours, TimestampTz from, TimestampTz to)
{
	OpenPeriods *walk = palloc0_object(OpenPeriods);
	int			rule = 0;

	walk->hours = hours;
	from = Max(from, INSTANT_FIRST);
	walk->to = Min(to, INSTANT_END);
	walk->clocks = palloc_array(OpeningClock, hours->zone_count);
	for (int i = 0; i < hours->zone_count; i++)
		opening_clock_begin(&walk->clocks[i],
							zone_argument(hours->zones[i].data,
										  hours->zones[i].len));

	walk->factor_count = hours->factor_count;
	walk->factors = palloc_array(FactorWalk, hours->factor_count);
	for (int i = 0; i < hours->factor_count; i++)
	{
		int			begin = rule;

		while (rule < hours->rule_count && hours->rules[rule].factor == i)
			rule++;
		factor_begin(walk, &walk->factors[i], &hours->rules[begin],
					 rule - begin, from);
	}
	if (walk->factor_count > 1)
	{
		walk->current = palloc0_array(OpenPeriod, walk->factor_count);
		for (int i = 0; i < walk->factor_count; i++)
			walk->current[i].ends_at = PG_INT64_MIN;
	}
	return walk;
}

/*
 * Let a factor of a restriction go on until its period ends after an instant.
 * False if there is none.
 */
static bool
advance(OpenPeriods *walk, int f, TimestampTz after)
{
	FactorWalk *factor = &walk->factors[f];

	while (walk->current[f].ends_at <= after)
	{
		/* another factor may be far ahead */
		if (factor->next == factor->period_count)
			factor->from = Max(factor->from, Min(after, walk->to));
		if (!factor_next(walk, factor, &walk->current[f]))
			return false;
	}
	return true;
}

/*
 * The next period that is in all factors.
 */
static bool
next_of_all(OpenPeriods *walk, OpenPeriod *period)
{
	TimestampTz after = PG_INT64_MIN;

	for (;;)
	{
		TimestampTz starts_at = PG_INT64_MIN;
		TimestampTz ends_at = PG_INT64_MAX;
		int32		capacity = PG_INT32_MAX;

		for (int f = 0; f < walk->factor_count; f++)
		{
			if (!advance(walk, f, after))
				return false;
			starts_at = Max(starts_at, walk->current[f].starts_at);
			ends_at = Min(ends_at, walk->current[f].ends_at);
			capacity = Min(capacity, walk->current[f].capacity);
		}
		if (starts_at < ends_at)
		{
			period->starts_at = starts_at;
			period->ends_at = ends_at;
			period->capacity = capacity;
			period->zone = walk->current[0].zone;

			/* the first that ends makes room for the next */
			for (int f = 0; f < walk->factor_count; f++)
			{
				if (walk->current[f].ends_at == ends_at)
					walk->current[f].ends_at = PG_INT64_MIN;
			}
			return true;
		}
		after = starts_at;
	}
}

bool
open_periods_next(OpenPeriods *walk, OpenPeriod *period)
{
	if (walk->factor_count == 1)
		return factor_next(walk, &walk->factors[0], period);
	return next_of_all(walk, period);
}

bool
open_periods_next_whole(OpenPeriods *walk, OpenPeriod *period)
{
	if (!walk->has_ahead && !open_periods_next(walk, &walk->ahead))
		return false;
	*period = walk->ahead;
	for (;;)
	{
		walk->has_ahead = open_periods_next(walk, &walk->ahead);
		if (!walk->has_ahead || walk->ahead.starts_at != period->ends_at ||
			walk->ahead.capacity != period->capacity)
			return true;
		period->ends_at = walk->ahead.ends_at;
	}
}

/* Years in which dates, weekdays and changes of the clocks repeat themselves. */
#define CALENDAR_CYCLE	(INT64CONST(146097) * USECS_PER_DAY)

/* The rules of all zones that are not for ever regular have become so. */
#define ZONES_ARE_REGULAR	(INT64CONST(36525) * USECS_PER_DAY)

/*
 * A rule of every so many weeks may need more than a cycle to meet an override
 * on each of its dates, so there is no horizon then but the last year.
 */
TimestampTz
open_periods_horizon(const OpenHours *hours, TimestampTz after)
{
	TimestampTz horizon = Max(after, ZONES_ARE_REGULAR);

	for (int i = 0; i < hours->rule_count; i++)
	{
		const OpenRule *rule = &hours->rules[i];

		if (rule->every > 1)
			return INSTANT_END;
		if (rule->valid_from != OPEN_SINCE_EVER)
			horizon = Max(horizon, rule->valid_from * USECS_PER_DAY);
		if (rule->valid_until != OPEN_FOR_EVER)
			horizon = Max(horizon, rule->valid_until * USECS_PER_DAY);
	}
	return Min(horizon, INSTANT_END - CALENDAR_CYCLE) + CALENDAR_CYCLE;
}
