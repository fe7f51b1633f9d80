/*-------------------------------------------------------------------------
 *
 * rrule_instants.c
 *		The occurrences of a recurrence rule as instants of a zone, with the
 *		dates that are taken out (EXDATE) and added (RDATE), in a window.
 *
 * A local time that a change of the clocks leaves out is read with the offset
 * before it, RFC 5545 section 3.3.5: 02:30 is 03:30 daylight time.  So a rule
 * of hours or minutes has such times among later ones, or upon them, and two
 * walks are merged there: one over the times that are left out, and one over
 * those after them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/instant.h"
#include "recurrence/rrule_instants.h"

/* Occurrences without a result after which to look for a cancellation. */
#define STEPS_BETWEEN_CHECKS	1024

/* No clock is set forward by more. */
#define LONGEST_GAP		(2 * USECS_PER_DAY)

/*----------------------------------------------------------
 * The rule's instants
 *----------------------------------------------------------*/

/*
 * Go to a source's next occurrence.  Is its time one that is left out?
 */
static bool
source_next(RRuleInstants *instants, RRuleSource *source)
{
	source->more = rrule_walk_next(&source->walk, &source->local);
	return source->more &&
		!zone_clock_read(&instants->clock, source->local, &source->instant);
}

/*
 * Go to the main walk's next occurrence.  At a time that is left out it goes on
 * behind the gap, and a copy of it stays there.
 *
 * There is no second gap so soon.  If there were one, its instants would be
 * given out if they come after the last, and else not at all.
 */
static void
main_next(RRuleInstants *instants)
{
	RRuleSource *main = &instants->main;
	int			steps = 0;

	if (!source_next(instants, main) || instants->gap.more)
		return;
	instants->gap = *main;
	while (source_next(instants, main))
	{
		if (++steps % STEPS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
	}
	instants->gap_end = main->more ? main->local : INSTANT_END;
}

static void
gap_next(RRuleInstants *instants)
{
	RRuleSource *gap = &instants->gap;

	source_next(instants, gap);
	if (gap->more && gap->local >= instants->gap_end)
		gap->more = false;
}

/*
 * The rule's next instant; false if there is none.  It is still there for the
 * next call, until rule_advance().
 */
static inline bool
rule_peek(const RRuleInstants *instants, TimestampTz *instant)
{
	if (likely(!instants->gap.more))
		*instant = instants->main.instant;
	else
		*instant = instants->main.more ?
			Min(instants->gap.instant, instants->main.instant) :
			instants->gap.instant;
	return (instants->main.more || instants->gap.more) &&
		*instant <= instants->until;
}

static inline void
rule_advance(RRuleInstants *instants)
{
	if (likely(!instants->gap.more) ||
		(instants->main.more &&
		 instants->main.instant < instants->gap.instant))
		main_next(instants);
	else
		gap_next(instants);
}

/* Begin at a local time. */
static void
begin_at(RRuleInstants *instants, const RRule *rule, Timestamp starts_at,
		 pg_tz *zone, Timestamp from)
{
	zone_clock_begin(&instants->clock, zone);
	instants->until = rrule_has(rule, RRULE_UNTIL) &&
		rule->until_kind == RRULE_UNTIL_INSTANT ? rule->until : PG_INT64_MAX;
	instants->added = (RRuleDates)
	{
		0
	};
	instants->removed = (RRuleDates)
	{
		0
	};
	instants->from = PG_INT64_MIN;
	instants->to = PG_INT64_MAX;
	instants->has_last = false;
	instants->gap.more = false;
	rrule_walk_begin(&instants->main.walk, rule, starts_at, from);
	main_next(instants);
}

/*----------------------------------------------------------
 * In a window, with other dates
 *----------------------------------------------------------*/

/*
 * Begin with the instants of a rule in a window, which is all time from the
 * smallest to the largest number.
 */
void
rrule_instants_begin(RRuleInstants *instants, const RRule *rule,
					 Timestamp starts_at, pg_tz *zone, TimestampTz from,
					 TimestampTz to)
{
	Timestamp	local = starts_at;

	if (from > INSTANT_FIRST)
		local = instant_to_local(Min(from, INSTANT_END), zone) - LONGEST_GAP;
	begin_at(instants, rule, starts_at, zone, local);
	instants->from = from;
	instants->to = to;
}

/*
 * With dates that are added and removed; both ascend, and stay where they are.
 */
void
rrule_instants_dates(RRuleInstants *instants, RRuleDates added,
					 RRuleDates removed)
{
	instants->added = added;
	instants->removed = removed;
}

static bool
is_removed(RRuleDates *removed, TimestampTz instant)
{
	while (removed->next < removed->count &&
		   removed->dates[removed->next] < instant)
		removed->next++;
	return removed->next < removed->count &&
		removed->dates[removed->next] == instant;
}

/*
 * The next instant; false if there is none.
 */
bool
rrule_instants_next(RRuleInstants *instants, TimestampTz *instant)
{
	int			steps = 0;

	for (;;)
	{
		RRuleDates *added = &instants->added;
		bool		of_rule = rule_peek(instants, instant);

		if (added->next < added->count &&
			(!of_rule || added->dates[added->next] < *instant))
			*instant = added->dates[added->next++];
		else if (of_rule)
			rule_advance(instants);
		else
			return false;
		if (*instant >= instants->to)
			return false;
		if (*instant >= instants->from &&
			!(instants->has_last && *instant <= instants->last) &&
			!is_removed(&instants->removed, *instant))
		{
			instants->has_last = true;
			instants->last = *instant;
			return true;
		}
		if (++steps % STEPS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
	}
}

/*----------------------------------------------------------
 * The last one
 *----------------------------------------------------------*/

static bool
drain(RRuleInstants *instants, TimestampTz *instant)
{
	TimestampTz next;
	bool		found = false;
	int			steps = 0;

	while (rrule_instants_next(instants, &next))
	{
		*instant = next;
		found = true;
		if (++steps % STEPS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
	}
	return found;
}

/*
 * The last instant of a rule; false if it has none, or no end.  A rule with
 * COUNT is walked to its end; one with UNTIL backwards from there, in windows
 * that become longer.
 */
bool
rrule_instants_last(const RRule *rule, Timestamp starts_at, pg_tz *zone,
					TimestampTz *instant)
{
	static const int64 units[RRULE_FREQUENCIES] = {
		1, SECS_PER_MINUTE, SECS_PER_HOUR, SECS_PER_DAY,
		WEEKDAYS * SECS_PER_DAY, 31 * SECS_PER_DAY, 366 * SECS_PER_DAY
	};
	RRuleInstants *instants;
	int64		seconds = units[rule->freq] * rule->interval;
	int64		limit = (INSTANT_END - INSTANT_FIRST) / USECS_PER_SEC;
	bool		found = false;

	if (!rrule_has(rule, RRULE_COUNT) && !rrule_has(rule, RRULE_UNTIL))
		return false;
	instants = palloc(sizeof(RRuleInstants));
	if (rrule_has(rule, RRULE_COUNT))
		seconds = limit;
	while (!found)
	{
		Timestamp	from = rule->until - LONGEST_GAP -
		Min(seconds, limit) * USECS_PER_SEC;

		begin_at(instants, rule, starts_at, zone, from);
		found = drain(instants, instant);
		if (seconds >= limit || from <= starts_at)
			break;
		seconds *= 2;
	}
	pfree(instants);
	return found;
}
