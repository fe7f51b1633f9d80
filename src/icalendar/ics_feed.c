/*-------------------------------------------------------------------------
 *
 * ics_feed.c
 *		A feed: many appointments as one calendar.
 *
 * Most become an event at once.  With the option "series" those of a series
 * are kept until all are known; then those that follow the rule, and say the
 * same, are one event with that rule, from the first to the last of them.
 * What the rule has between them, and they have not, is left out of it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/int.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "compat.h"
#include "icalendar/ics_feed.h"
#include "icalendar/vtimezone.h"
#include "recurrence/rrule_instants.h"
#include "recurrence/rrule_io.h"

/* What most calendars have room in. */
#define EXPECTED_SIZE	4096

/* So many of the first rows are tried as the one that the others are like. */
#define MODELS_TRIED	4

/* A rule may have so many more times that are left out than that are there. */
#define MISSING_LEAST	10

/* A zone that events have times in. */
typedef struct FeedZone
{
	pg_tz	   *zone;
	TimestampTz from;
	TimestampTz to;
} FeedZone;

/* A calendar in the making. */
typedef struct FeedOutput
{
	const IcsOptions *options;
	ContentLines events;
	FeedZone   *zones;
	int			zone_count;
	int			zone_allocated;
	MemoryContext context;		/* of all that, while one is looked at */
} FeedOutput;

/* A row of the series that is looked at. */
typedef struct SeriesRow
{
	const FeedRow *row;
	IcsEvent	event;
	const char *body;			/* what the event says */
	int			body_len;
} SeriesRow;

/* How rows follow a rule. */
typedef struct SeriesMatch
{
	int			model;			/* the first of them */
	RRule		rule;			/* without an end */
	int			count;			/* of those that follow it */
	TimestampTz last;
	bool	   *follows;		/* of each row */
	Timestamp  *missing;		/* on the wall clock */
	int			missing_count;
	int			allocated;
} SeriesMatch;

/* ---------------------------------------------------------------------
 * collecting
 * ---------------------------------------------------------------------
 */

/*
 * Begin without appointments; the options may be NULL.
 */
IcsFeed *
ics_feed_begin(MemoryContext context, Jsonb *options)
{
	MemoryContext old_context = MemoryContextSwitchTo(context);
	IcsFeed    *feed = palloc0_object(IcsFeed);

	feed->context = context;
	ics_options_begin(&feed->options);
	if (options != NULL)
		ics_options_parse(&feed->options, options);
	content_begin(&feed->events, EXPECTED_SIZE);
	MemoryContextSwitchTo(old_context);
	return feed;
}

static Word
copy_word(Word word)
{
	if (word.data != NULL)
		word.data = pnstrdup(word.data, word.len);
	return word;
}

static void
keep_row(IcsFeed *feed, const IcsEvent *event, const IcsSeries *series)
{
	MemoryContext old_context = MemoryContextSwitchTo(feed->context);
	Size		size = VARSIZE(event->record.document);
	FeedRow    *row;

	if (feed->row_count == feed->row_allocated)
	{
		feed->row_allocated = Max(64, 2 * feed->row_allocated);
		feed->rows = feed->rows == NULL ?
			palloc_array(FeedRow, feed->row_allocated) :
			repalloc_huge(feed->rows,
						  feed->row_allocated * sizeof(FeedRow));
	}
	row = &feed->rows[feed->row_count];
	row->document = memcpy(palloc(size), event->record.document, size);
	row->series.id = copy_word(series->id);
	row->series.rule = copy_word(series->rule);
	row->series.zone = series->zone;
	row->starts_at = event->starts_at;
	row->length = event->has_end ? event->ends_at - event->starts_at : 0;
	row->cancelled = event->status == ICS_CANCELLED;
	row->order = feed->row_count++;
	MemoryContextSwitchTo(old_context);
}

/*
 * Add an appointment, unless no calendar can have it.
 */
void
ics_feed_add(IcsFeed *feed, const PackedDocument *document)
{
	IcsEvent	event;
	IcsSeries	series;

	ics_event_open(&event, document);
	if (!event.has_start || event.id.data == NULL)
		return;
	if (feed->options.series &&
		ics_series_of(&event, &feed->options, &series) && series.zone != NULL)
		keep_row(feed, &event, &series);
	else
		(void) ics_write_event(&feed->events, &event, ICS_PUBLISH,
							   &feed->options);
}

/* ---------------------------------------------------------------------
 * rows of one series
 * ---------------------------------------------------------------------
 */

/* By series, and then by start. */
static int
compare_series(const FeedRow *a, const FeedRow *b)
{
	int			order = word_compare(a->series.id, b->series.id);

	if (order == 0)
		order = word_compare(a->series.rule, b->series.rule);
	if (order == 0 && a->series.zone != b->series.zone)
		order = strcmp(pg_get_timezone_name(a->series.zone),
					   pg_get_timezone_name(b->series.zone));
	return order;
}

static int
compare_rows(const void *a, const void *b)
{
	const FeedRow *x = a;
	const FeedRow *y = b;
	int			order = compare_series(x, y);

	if (order == 0)
		order = (x->starts_at > y->starts_at) - (x->starts_at < y->starts_at);
	return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

static SeriesRow *
open_rows(const FeedRow *rows, int count, const IcsOptions *options)
{
	SeriesRow  *opened = palloc_array(SeriesRow, count);

	for (int i = 0; i < count; i++)
	{
		SeriesRow  *row = &opened[i];
		ContentLines body;

		CHECK_FOR_INTERRUPTS();
		row->row = &rows[i];
		ics_event_open(&row->event, rows[i].document);
		content_begin(&body, 256);
		ics_event_body(&body, &row->event, ICS_PUBLISH, options);
		row->body = body.out.data + VARHDRSZ;
		row->body_len = body.out.len - VARHDRSZ;
	}
	return opened;
}

static bool
is_like(const SeriesRow *row, const SeriesRow *model)
{
	return !row->row->cancelled && row->row->length == model->row->length &&
		row->body_len == model->body_len &&
		memcmp(row->body, model->body, row->body_len) == 0;
}

static void
add_missing(SeriesMatch *match, Timestamp local)
{
	if (match->missing_count == match->allocated)
	{
		match->allocated = Max(16, 2 * match->allocated);
		match->missing = match->missing == NULL ?
			palloc_array(Timestamp, match->allocated) :
			repalloc_array(match->missing, Timestamp, match->allocated);
	}
	match->missing[match->missing_count++] = local;
}

/*
 * What the rule says of an occurrence: where the clocks leave that time out,
 * it is not what they show.
 */
static Timestamp
rule_local(TimestampTz instant, Timestamp starts_at, pg_tz *zone)
{
	Timestamp	local = instant_to_local(instant, zone);
	int64		shift = (local - starts_at) % USECS_PER_DAY;

	for (Timestamp other = local - shift - USECS_PER_DAY;
		 shift != 0 && other <= local; other += USECS_PER_DAY)
	{
		if (zone_local_to_instant(zone, other, ZONE_COMPATIBLE) == instant)
			return other;
	}
	return local;
}

/*
 * Find the rows that are like one of them, and follow its rule from there.
 */
static void
match_rows(const SeriesRow *rows, int count, int model, SeriesMatch *match)
{
	const FeedRow *first = rows[model].row;
	pg_tz	   *zone = first->series.zone;
	RRuleInstants *instants;
	TimestampTz instant;
	TimestampTz last;
	Timestamp	local = instant_to_local(first->starts_at, zone);
	int			next = model;
	int			missing_until_last = 0;

	memset(match, 0, sizeof(*match));
	match->model = model;
	match->follows = palloc0_array(bool, count);
	if (first->cancelled ||
		!ics_series_begins(&rows[model].event, &first->series, &match->rule,
						   &last))
		return;
	match->rule.parts &= ~(RRULE_PART(RRULE_UNTIL) | RRULE_PART(RRULE_COUNT));
	match->rule.count = 0;

	instants = palloc_object(RRuleInstants);
	rrule_instants_begin(instants, &match->rule, local, zone, INSTANT_FIRST,
						 rows[count - 1].row->starts_at + 1);
	while (match->missing_count <= count + MISSING_LEAST &&
		   rrule_instants_next(instants, &instant))
	{
		bool		found = false;

		CHECK_FOR_INTERRUPTS();
		for (; next < count && rows[next].row->starts_at <= instant; next++)
		{
			if (found || rows[next].row->starts_at < instant ||
				!is_like(&rows[next], &rows[model]))
				continue;
			match->follows[next] = found = true;
			match->count++;
			match->last = instant;
			missing_until_last = match->missing_count;
		}
		if (!found)
			add_missing(match, rule_local(instant, local, zone));
	}
	match->missing_count = missing_until_last;
	pfree(instants);
}

/* ---------------------------------------------------------------------
 * writing
 * ---------------------------------------------------------------------
 */

static void
note_zone(FeedOutput *output, pg_tz *zone, TimestampTz from, TimestampTz to)
{
	FeedZone   *found = NULL;

	for (int i = 0; i < output->zone_count && found == NULL; i++)
	{
		if (output->zones[i].zone == zone ||
			strcmp(pg_get_timezone_name(output->zones[i].zone),
				   pg_get_timezone_name(zone)) == 0)
			found = &output->zones[i];
	}
	if (found != NULL)
	{
		found->from = Min(found->from, from);
		found->to = Max(found->to, to);
		return;
	}
	if (output->zone_count == output->zone_allocated)
	{
		MemoryContext old_context = MemoryContextSwitchTo(output->context);

		output->zone_allocated = Max(8, 2 * output->zone_allocated);
		output->zones = output->zones == NULL ?
			palloc_array(FeedZone, output->zone_allocated) :
			repalloc_array(output->zones, FeedZone, output->zone_allocated);
		MemoryContextSwitchTo(old_context);
	}
	output->zones[output->zone_count++] = (FeedZone)
	{
		zone, from, to
	};
}

/*
 * The state of a series is that of all its appointments: each change of one
 * is one of the series.
 */
static IcsRevision
series_revision(const SeriesRow *rows, int count, int model,
				const IcsOptions *options)
{
	IcsRevision revision = ics_event_revision(&rows[model].event, ICS_PUBLISH,
											  options);

	revision.prefix = ICS_SERIES_PREFIX;
	revision.id = rows[model].row->series.id;
	for (int i = 0; i < count; i++)
	{
		IcsRevision other = ics_event_revision(&rows[i].event, ICS_PUBLISH,
											   options);

		if (i == model)
			continue;
		if (options->sequence < 0 &&
			pg_add_s32_overflow(revision.sequence, other.sequence,
								&revision.sequence))
			revision.sequence = PG_INT32_MAX;
		if (other.has_updated &&
			(!revision.has_updated || other.updated_at > revision.updated_at))
		{
			revision.has_updated = true;
			revision.updated_at = other.updated_at;
		}
	}
	return revision;
}

/* The rows that follow a rule, as one event. */
static void
write_match(FeedOutput *output, const SeriesRow *rows, int count,
			SeriesMatch *match)
{
	const SeriesRow *model = &rows[match->model];
	IcsRevision revision = series_revision(rows, count, match->model,
										   output->options);
	pg_tz	   *zone = model->row->series.zone;

	match->rule.parts |= RRULE_PART(RRULE_UNTIL);
	match->rule.until_kind = RRULE_UNTIL_INSTANT;
	match->rule.until = match->last;
	ics_event_begin(&output->events, &revision, output->options);
	ics_series_times(&output->events, &model->event, zone, &match->rule,
					 match->missing, match->missing_count);
	content_raw(&output->events, model->body, model->body_len);
	ics_event_end(&output->events, &model->event, ICS_PUBLISH,
				  output->options);
	note_zone(output, zone, model->row->starts_at, match->last);
}

/*
 * A series.  The row that most others are like is looked for among the first:
 * the very first may have been changed.  True if rows became one event, which
 * they must not if another has the identifier of the series.
 */
static bool
write_series(FeedOutput *output, const FeedRow *feed_rows, int count,
			 bool is_taken)
{
	SeriesRow  *rows = open_rows(feed_rows, count, output->options);
	SeriesMatch best = {0};

	for (int i = 0; i < Min(count, MODELS_TRIED) && !is_taken; i++)
	{
		SeriesMatch match;

		match_rows(rows, count, i, &match);
		if (match.count > best.count)
			best = match;
		if (best.count > count / 2)
			break;
	}
	if (best.count > 1)
		write_match(output, rows, count, &best);
	for (int i = 0; i < count; i++)
	{
		if (best.count > 1 && (best.follows[i] || rows[i].row->cancelled))
			continue;
		(void) ics_write_event(&output->events, &rows[i].event, ICS_PUBLISH,
							   output->options);
	}
	return best.count > 1;
}

/*
 * All series; what is needed for one is freed before the next.  A series whose
 * rule was changed on the way is several, of which one event can have the
 * identifier.
 */
static void
write_all_series(FeedOutput *output, const IcsFeed *feed)
{
	Size		size = feed->row_count * sizeof(FeedRow);
	FeedRow    *rows = memcpy(MemoryContextAllocHuge(CurrentMemoryContext, size),
							  feed->rows, size);
	MemoryContext series_context;
	bool		is_taken = false;
	int			end;

	series_context = AllocSetContextCreate(CurrentMemoryContext,
										   "appointment series in a calendar",
										   ALLOCSET_DEFAULT_SIZES);
	qsort(rows, feed->row_count, sizeof(FeedRow), compare_rows);
	for (int i = 0; i < feed->row_count; i = end)
	{
		for (end = i + 1; end < feed->row_count; end++)
		{
			if (compare_series(&rows[i], &rows[end]) != 0)
				break;
		}
		if (i > 0 && word_compare(rows[i - 1].series.id, rows[i].series.id) != 0)
			is_taken = false;
		MemoryContextSwitchTo(series_context);
		if (write_series(output, &rows[i], end - i, is_taken))
			is_taken = true;
		MemoryContextSwitchTo(output->context);
		MemoryContextReset(series_context);
	}
	MemoryContextDelete(series_context);
	pfree(rows);
}

/*
 * The calendar.  What was collected stays as it is: of a window function more
 * may come.
 */
text *
ics_feed_text(const IcsFeed *feed)
{
	FeedOutput	output = {
		.options = &feed->options, .context = CurrentMemoryContext
	};
	ContentLines lines;
	Size		size = EXPECTED_SIZE + feed->events.out.len;

	content_begin(&output.events, EXPECTED_SIZE);
	if (feed->row_count > 0)
		write_all_series(&output, feed);

	content_begin(&lines, (int) Min(size + output.events.out.len,
									MaxAllocSize - EXPECTED_SIZE));
	ics_calendar_begin(&lines, ICS_PUBLISH, &feed->options);
	for (int i = 0; i < output.zone_count; i++)
		vtimezone_write(&lines, output.zones[i].zone, output.zones[i].from,
						output.zones[i].to);
	content_raw(&lines, feed->events.out.data + VARHDRSZ,
				feed->events.out.len - VARHDRSZ);
	content_raw(&lines, output.events.out.data + VARHDRSZ,
				output.events.out.len - VARHDRSZ);
	ics_calendar_end(&lines);
	return content_result(&lines);
}
