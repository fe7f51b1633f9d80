/*-------------------------------------------------------------------------
 *
 * ics_zone.c
 *		The zones of an iCalendar text: by the server's names, or as the text
 *		itself describes them (VTIMEZONE, RFC 5545 section 3.6.5).
 *
 * The server's data is better than the text's: that is often of one year, and
 * taken as if it were always so.  A zone that neither knows may have a name of
 * Windows; else it is the one of the argument in the end.  A VTIMEZONE may stand
 * behind what names it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/instant.h"
#include "base/zone.h"
#include "compat.h"
#include "icalendar/ics_value.h"
#include "icalendar/ics_zone.h"
#include "icalendar/windows_zone.h"

#define FIRST_ZONES		8
#define FIRST_CHANGES	64

/* Of one zone, and of all. */
#define MAX_CHANGES		20000
#define MAX_ALL_CHANGES	1000000

#define ST_SORT sort_changes
#define ST_ELEMENT_TYPE IcsChange
#define ST_COMPARE(a, b) ((a)->at < (b)->at ? -1 : (a)->at > (b)->at)
#define ST_SCOPE static
#define ST_DECLARE
#define ST_DEFINE
#include "lib/sort_template.h"

/*----------------------------------------------------------
 * By name
 *----------------------------------------------------------*/

static void
use_server_zone(IcsZone *zone, const pg_tz *server)
{
	zone->server = server;
	zone_clock_begin(&zone->clock, server);
}

void
ics_zones_begin(IcsZones *zones, const pg_tz *argument, TimestampTz until)
{
	memset(zones, 0, sizeof(*zones));
	zones->allocated = FIRST_ZONES;
	zones->zones = palloc_array(IcsZone *, zones->allocated);
	use_server_zone(&zones->argument, argument);
	use_server_zone(&zones->utc, zone_argument("UTC", 3));
	zones->until = until;
}

/*
 * The server's zone of a name.  Others write the name of one behind their own:
 * /example.org/20260101_1/Europe/Berlin.
 */
static pg_tz *
server_zone(Word name)
{
	const char *p = name.data;
	const char *end = p + name.len;
	pg_tz	   *zone = instant_zone(p, name.len);

	if (zone != NULL || name.len == 0 || *p != '/')
		return zone;
	while (zone == NULL && (p = memchr(p, '/', end - p)) != NULL)
	{
		p++;
		zone = instant_zone(p, end - p);
	}
	return zone;
}

/*
 * The zone of a name, which a line uses if it has a number.  NULL if there are
 * too many.
 */
IcsZone *
ics_zone_of(IcsZones *zones, Word name, int line)
{
	IcsZone    *zone = zones->last;

	if (zone == NULL || !word_equal(zone->name, name))
	{
		zone = NULL;
		for (int i = 0; i < zones->count && zone == NULL; i++)
		{
			if (word_equal(zones->zones[i]->name, name))
				zone = zones->zones[i];
		}
	}
	if (zone == NULL)
	{
		pg_tz	   *server;

		if (zones->count == ICS_MAX_ZONES)
			return NULL;
		if (zones->count == zones->allocated)
		{
			zones->allocated *= 2;
			zones->zones = repalloc_array(zones->zones, IcsZone *,
										  zones->allocated);
		}
		zone = palloc0_object(IcsZone);
		zone->name.data = pnstrdup(name.data, name.len);
		zone->name.len = name.len;
		server = server_zone(name);
		if (server != NULL)
			use_server_zone(zone, server);
		zones->zones[zones->count++] = zone;
	}
	if (zone->line == 0)
		zone->line = line;
	zones->last = zone;
	return zone;
}

/*
 * All of the text was read: what is not known now is a zone of Windows, or the
 * argument's zone.
 */
void
ics_zones_settle(IcsZones *zones, IcsProblems *problems)
{
	for (int i = 0; i < zones->count; i++)
	{
		IcsZone    *zone = zones->zones[i];
		const pg_tz *server;

		if (ics_zone_is_known(zone))
			continue;
		server = windows_zone(zone->name);
		if (server == NULL && zone->line != 0)
		{
			problems->line = zone->line;
			problems->component = WORD_NONE;
			problems->property = "TZID";
			ics_warning(problems, ICS_PROBLEM_UNKNOWN_ZONE,
						"neither the server nor the text knows this time zone; its times are read in the zone of the argument");
		}
		use_server_zone(zone, server != NULL ? server : zones->argument.server);
	}
}

/*----------------------------------------------------------
 * VTIMEZONE
 *----------------------------------------------------------*/

void
ics_zone_begin(IcsZoneBuilder *builder)
{
	builder->name = WORD_NONE;
	builder->unneeded = false;
	builder->broken = false;
	builder->count = 0;
	if (builder->changes == NULL)
	{
		builder->allocated = FIRST_CHANGES;
		builder->changes = palloc_array(IcsChange, builder->allocated);
	}
}

/*
 * Its TZID, a text: without what escapes its characters.
 */
void
ics_zone_name(IcsZones *zones, IcsZoneBuilder *builder, Word name)
{
	char	   *copy = palloc(name.len + 1);
	const IcsZone *known;
	uint32		len = 0;

	for (uint32 i = 0; i < name.len; i++)
	{
		bool		escaped = name.data[i] == '\\' && i + 1 < name.len;

		if (escaped)
			i++;
		copy[len++] = escaped && (name.data[i] == 'n' || name.data[i] == 'N') ?
			'\n' : name.data[i];
	}
	builder->name.data = copy;
	builder->name.len = len;
	known = ics_zone_of(zones, builder->name, 0);
	builder->unneeded = known == NULL || ics_zone_is_known(known);
}

void
ics_observance_begin(IcsZoneBuilder *builder)
{
	IcsObservance *observance = &builder->observance;

	observance->has_start = false;
	observance->has_before = false;
	observance->has_after = false;
	observance->broken = false;
	observance->rule_count = 0;
}

/*
 * The clocks change at a local time, as they are before it.  Its offsets may
 * not be known yet: observance_end() puts them in.
 */
void
ics_observance_date(IcsZones *zones, IcsZoneBuilder *builder, Timestamp local)
{
	if (builder->unneeded || builder->broken)
		return;
	if (builder->count >= MAX_CHANGES || ++zones->changes > MAX_ALL_CHANGES)
	{
		builder->broken = true;
		return;
	}
	if (builder->count == builder->allocated)
	{
		builder->allocated *= 2;
		builder->changes = repalloc_array(builder->changes, IcsChange,
										  builder->allocated);
	}
	builder->changes[builder->count].at = local;
	builder->changes[builder->count].before = PG_INT64_MAX;
	builder->count++;
}

/* The times of a rule. */
static void
walk_rule(IcsZones *zones, IcsZoneBuilder *builder, RRule *rule)
{
	IcsObservance *observance = &builder->observance;
	Timestamp	until = PG_INT64_MAX;
	Timestamp	last = Min(zones->until, INSTANT_END - 1);
	Timestamp	local;

	/* nothing more counts, so that the count cannot overflow */
	if (builder->broken)
		return;
	if (rrule_has(rule, RRULE_UNTIL))
	{
		if (rule->until_kind == RRULE_UNTIL_INSTANT)
			until = rule->until + observance->before;
		else if (rule->until_kind == RRULE_UNTIL_DATE)
			until = rule->until + USECS_PER_DAY - 1;
		else
			until = rule->until;
	}
	rule->parts |= RRULE_PART(RRULE_UNTIL);
	rule->until_kind = RRULE_UNTIL_LOCAL;
	rule->until = Min(until, last);

	/* a rule without any time is searched, too, the longer the finer it is */
	zones->changes += rule->freq < RRULE_DAILY ? 10000 : 100;
	rrule_walk_begin(&builder->walk, rule, observance->starts_at,
					 observance->starts_at);
	while (!builder->broken && rrule_walk_next(&builder->walk, &local))
		ics_observance_date(zones, builder, local);
}

void
ics_observance_end(IcsZones *zones, IcsZoneBuilder *builder,
				   IcsProblems *problems)
{
	IcsObservance *observance = &builder->observance;

	if (builder->unneeded || builder->broken)
		return;
	/* Outlook for the Mac leaves it out where the clocks do not change */
	if (!observance->has_before && observance->has_after)
	{
		observance->before = observance->after;
		observance->has_before = true;
	}
	if (observance->broken || !observance->has_start ||
		!observance->has_before || !observance->has_after)
	{
		if (!observance->broken)
			ics_error(problems, ICS_PROBLEM_MISSING,
					  "DTSTART and TZOFFSETTO are needed");
		builder->broken = true;
		return;
	}
	ics_observance_date(zones, builder, observance->starts_at);
	for (int i = 0; i < observance->rule_count; i++)
		walk_rule(zones, builder, &observance->rules[i]);
	if (builder->broken)
		ics_error(problems, ICS_PROBLEM_TOO_MANY,
				  "the clocks change more often than is supported");
	for (int i = builder->count - 1;
		 i >= 0 && builder->changes[i].before == PG_INT64_MAX; i--)
	{
		builder->changes[i].at -= observance->before;
		builder->changes[i].before = observance->before;
		builder->changes[i].after = observance->after;
	}
}

void
ics_zone_end(IcsZones *zones, IcsZoneBuilder *builder, IcsProblems *problems)
{
	IcsZone    *zone;
	IcsChange  *changes;
	int			count = 0;

	if (builder->name.data == NULL)
	{
		ics_error(problems, ICS_PROBLEM_MISSING, "TZID is needed");
		return;
	}
	if (builder->unneeded || builder->broken)
		return;
	if (builder->count == 0)
	{
		ics_error(problems, ICS_PROBLEM_MISSING,
				  "STANDARD or DAYLIGHT is needed");
		return;
	}
	zone = ics_zone_of(zones, builder->name, 0);
	if (zone == NULL)
		return;
	sort_changes(builder->changes, builder->count);
	changes = palloc_array(IcsChange, builder->count);
	for (int i = 0; i < builder->count; i++)
	{
		/* one that stands in it twice, as its start and of a rule */
		if (count > 0 && changes[count - 1].at == builder->changes[i].at)
			count--;
		changes[count] = builder->changes[i];
		if (count > 0)
			changes[count].before = changes[count - 1].after;
		count++;
	}
	zone->changes = changes;
	zone->count = count;
}

/*----------------------------------------------------------
 * Local time
 *----------------------------------------------------------*/

/*
 * The instant of a local time of a zone that the text describes.
 */
TimestampTz
ics_zone_look_up(const IcsZone *zone, Timestamp local)
{
	int			low = 0;
	int			high = zone->count;

	/* the first change that the clocks, as they are before it, show later */
	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		const IcsChange *change = &zone->changes[middle];

		if (change->at + change->before <= local)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return local - zone->changes[0].before;
	/* a time that is left out is read with the offset before */
	if (local < zone->changes[low - 1].at + zone->changes[low - 1].after)
		return local - zone->changes[low - 1].before;
	return local - zone->changes[low - 1].after;
}

/*
 * The first instant of a day.  Where the clocks leave out its beginning it
 * begins when they change.
 */
TimestampTz
ics_zone_day(IcsZone *zone, Timestamp midnight)
{
	TimestampTz instant;
	TimestampTz earlier;
	TimestampTz later;
	TimestampTz change;

	if (zone->server == NULL)
		return ics_zone_look_up(zone, midnight);
	if (!zone_clock_read(&zone->clock, midnight, &instant) &&
		zone_read_local(zone->server, midnight, &earlier, &later) == ZONE_SHOWS_NEVER &&
		zone_next_change(zone->server, earlier - 1, &change) &&
		change <= later)
		instant = change;
	return instant;
}

Timestamp
ics_zone_local(const IcsZone *zone, TimestampTz instant)
{
	int			low = 0;
	int			high = zone->count;

	if (zone->server != NULL)
		return instant_to_local(instant, zone->server);
	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (zone->changes[middle].at <= instant)
			low = middle + 1;
		else
			high = middle;
	}
	return instant + (low == 0 ? zone->changes[0].before :
					  zone->changes[low - 1].after);
}

static inline bool
is_edge_of_day(Timestamp local)
{
	int64		into = local - ics_midnight(local);

	return into == 0 || into == USECS_PER_DAY - USECS_PER_SEC;
}

/*
 * The day, as its midnight, that somebody wrote as an instant.  Exchange writes
 * the midnight of the zone, others that of UTC, which west of Greenwich is the
 * day before; some write the last second of a day.
 */
Timestamp
ics_zone_date(const IcsZone *zone, TimestampTz instant)
{
	Timestamp	local = ics_zone_local(zone, instant);

	if (!is_edge_of_day(local) && is_edge_of_day(instant))
		local = instant;
	return ics_midnight(local);
}
