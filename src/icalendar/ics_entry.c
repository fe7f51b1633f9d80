/*-------------------------------------------------------------------------
 *
 * ics_entry.c
 *		One VEVENT or VFREEBUSY (RFC 5545 sections 3.6.1 and 3.6.4), property
 *		by property: when it is, and whether that time is taken.
 *
 * What says when it is must be right, or it is passed over: an error.  A date
 * that is to be taken out of a series and cannot be read stays in, which keeps
 * the time busy: a warning.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "compat.h"
#include "icalendar/ics_entry.h"
#include "recurrence/rrule_io.h"

#define FIRST_DATES		16

static const struct
{
	const char *name;
	uint32		len;
}			property_names[] =

{
#define ICS_PROPERTY(symbol, name) {name, sizeof(name) - 1},
	ICS_PROPERTIES
#undef ICS_PROPERTY
};

/*
 * The property of a name.
 */
IcsProperty
ics_property_of(Word name)
{
	char		first;

	if (name.len < 3)
		return ICS_PROPERTY_COUNT;
	first = (char) pg_ascii_toupper((unsigned char) name.data[0]);
	for (int i = 0; i < (int) lengthof(property_names); i++)
	{
		if (property_names[i].len == name.len &&
			property_names[i].name[0] == first &&
			pg_strncasecmp(property_names[i].name, name.data, name.len) == 0)
			return (IcsProperty) i;
	}
	return ICS_PROPERTY_COUNT;
}

/* NULL for any other. */
const char *
ics_property_name(IcsProperty property)
{
	return property < ICS_PROPERTY_COUNT ? property_names[property].name : NULL;
}

void
ics_entry_begin(IcsEntry *entry, bool is_event, const char *start, int line)
{
	entry->is_event = is_event;
	entry->start = start;
	entry->line = line;
	entry->broken = false;
	entry->has_uid = false;
	entry->has_start = false;
	entry->has_recurrence_id = false;
	entry->cancelled = false;
	entry->tentative = false;
	entry->transparent = false;
	entry->uid = 0;
	entry->period.length = ICS_NO_LENGTH;
	entry->rule_count = 0;
	entry->added_count = 0;
	entry->removed_count = 0;
}

static void
entry_error(IcsContext *context, IcsEntry *entry, IcsProblemCode code,
			const char *message)
{
	entry->broken = true;
	ics_error(context->problems, code, message);
}

static bool
word_means(Word word, const char *meaning)
{
	return word_is_ignoring_case(meaning, word.data, word.len);
}

/* A value without spaces about it. */
static Word
trimmed(Word value)
{
	while (value.len > 0 && *value.data == ' ')
	{
		value.data++;
		value.len--;
	}
	while (value.len > 0 && (value.data[value.len - 1] == ' ' ||
							 value.data[value.len - 1] == '\t'))
		value.len--;
	return value;
}

/*----------------------------------------------------------
 * Times
 *----------------------------------------------------------*/

/* A copy of a parameter's value, as RFC 6868 writes it: ^n, ^^ and ^'. */
static Word
decoded(Word value)
{
	char	   *copy = palloc(value.len);
	uint32		len = 0;

	for (uint32 i = 0; i < value.len; i++)
	{
		char		next = i + 1 < value.len ? value.data[i + 1] : '\0';

		copy[len] = value.data[i];
		if (value.data[i] == '^' &&
			(next == 'n' || next == '^' || next == '\''))
		{
			copy[len] = next == 'n' ? '\n' : next == '^' ? '^' : '"';
			i++;
		}
		len++;
	}
	return (Word)
	{
		copy, len
	};
}

/* The zone of a line's local times. */
static IcsZone *
zone_of_line(IcsContext *context, const IcsLine *line)
{
	Word		name;
	IcsZone    *zone;

	if (line->parameters.len == 0 ||
		!ics_line_parameter(line, "TZID", &name) || name.len == 0)
		return &context->zones.argument;
	if (memchr(name.data, '^', name.len) != NULL)
		name = decoded(name);
	zone = ics_zone_of(&context->zones, name, line->number);
	if (zone != NULL)
		return zone;
	ics_limit(context->problems, ICS_PROBLEM_TOO_MANY,
			  "the text names more than 1000 time zones");
	context->stopped = true;
	return &context->zones.argument;
}

/* A time of a line with a zone; false if it is none. */
static bool
read_time(IcsContext *context, Word text, IcsZone *zone, IcsTime *time)
{
	if (!ics_parse_time(text.data, text.len, &time->local, &time->kind))
		return false;
	time->zone = time->kind == ICS_LOCAL ? zone :
		time->kind == ICS_UTC ? &context->zones.utc : &context->zones.argument;
	return true;
}

/* A period: start/end or start/duration. */
static bool
read_period(IcsContext *context, Word text, IcsZone *zone, IcsPeriod *period)
{
	const char *slash = memchr(text.data, '/', text.len);
	Word		start = {text.data, slash == NULL ? text.len : (uint32) (slash - text.data)};
	Word		end;

	if (!read_time(context, start, zone, &period->start))
		return false;
	period->length = ICS_NO_LENGTH;
	if (slash == NULL)
		return true;
	end.data = slash + 1;
	end.len = (uint32) (text.data + text.len - end.data);
	if (period->start.kind == ICS_DATE)
		return false;
	if (ics_parse_duration(end.data, end.len, &period->duration))
		period->length = ICS_LASTS;
	else if (read_time(context, end, zone, &period->end) &&
			 period->end.kind != ICS_DATE)
		period->length = ICS_ENDS;
	else
		return false;
	return true;
}

/* The value of a line as a time of an event that has it once. */
static void
read_once(IcsContext *context, IcsEntry *entry, const IcsLine *line,
		  bool already, IcsTime *time)
{
	if (already)
		ics_warning(context->problems, ICS_PROBLEM_REPEATED,
					"only the first counts");
	else if (!read_time(context, trimmed(line->value),
						zone_of_line(context, line), time))
		entry_error(context, entry, ICS_PROBLEM_BAD_VALUE,
					"a date or a time of the years 0001 to 9999 is needed");
}

/* Room for one more; false if that is too many. */
static bool
grow(IcsContext *context, IcsEntry *entry, int count, int *allocated,
	 void **items, size_t size)
{
	if (count >= ICS_MAX_DATES)
	{
		if (!entry->broken)
			entry_error(context, entry, ICS_PROBLEM_TOO_MANY,
						"there are more dates than are supported");
		return false;
	}
	if (count < *allocated)
		return true;
	*allocated = Max(*allocated * 2, FIRST_DATES);
	*items = *items == NULL ? palloc(*allocated * size) :
		repalloc(*items, *allocated * size);
	return true;
}

static void
read_added(IcsContext *context, IcsEntry *entry, const IcsLine *line)
{
	Word		list = line->value;
	Word		item;
	IcsZone    *zone = zone_of_line(context, line);

	while (ics_next_item(&list, &item))
	{
		if (!grow(context, entry, entry->added_count, &entry->added_allocated,
				  (void **) &entry->added, sizeof(IcsPeriod)))
			return;
		if (read_period(context, item, zone, &entry->added[entry->added_count]))
			entry->added_count++;
		else
			ics_warning(context->problems, ICS_PROBLEM_BAD_VALUE,
						"a date, a time or a period is needed; it is passed over");
	}
}

static void
read_removed(IcsContext *context, IcsEntry *entry, const IcsLine *line)
{
	Word		list = line->value;
	Word		item;
	IcsZone    *zone = zone_of_line(context, line);

	while (ics_next_item(&list, &item))
	{
		if (!grow(context, entry, entry->removed_count,
				  &entry->removed_allocated, (void **) &entry->removed,
				  sizeof(IcsTime)))
			return;
		if (read_time(context, item, zone, &entry->removed[entry->removed_count]))
			entry->removed_count++;
		else
			ics_warning(context->problems, ICS_PROBLEM_BAD_VALUE,
						"a date or a time is needed; it is passed over");
	}
}

static void
read_rule(IcsContext *context, IcsEntry *entry, const IcsLine *line)
{
	RRuleFault	fault;
	Word		value = ics_plain_rule(line->value);

	if (value.len == 0)
	{
		ics_warning(context->problems, ICS_PROBLEM_BAD_RULE,
					"the rule is empty; it is passed over");
		return;
	}
	if (entry->rule_count == ICS_MAX_RULES)
	{
		entry_error(context, entry, ICS_PROBLEM_TOO_MANY,
					"there are more rules than are supported");
		return;
	}
	if (entry->rule_count == entry->rules_allocated)
	{
		entry->rules_allocated = entry->rules_allocated == 0 ? 1 : ICS_MAX_RULES;
		if (entry->rules == NULL)
			entry->rules = palloc_array(RRule, entry->rules_allocated);
		else
			entry->rules = repalloc_array(entry->rules, RRule,
										  entry->rules_allocated);
	}
	if (rrule_parse(value.data, value.len, &entry->rules[entry->rule_count],
					&fault))
		entry->rule_count++;
	else
		entry_error(context, entry, ICS_PROBLEM_BAD_RULE,
					ics_rule_message(context->problems, &fault));
}

/*----------------------------------------------------------
 * VEVENT
 *----------------------------------------------------------*/

/*
 * A property of an event.
 */
void
ics_entry_event_property(IcsContext *context, IcsEntry *entry, IcsProperty property,
						 const IcsLine *line)
{
	IcsPeriod  *period = &entry->period;
	Word		value = line->value;

	switch (property)
	{
		case ICS_UID:
			entry->uid = hash_bytes_extended((const unsigned char *) value.data,
											 (int) value.len, 0);
			entry->has_uid = value.len > 0;
			break;
		case ICS_DTSTART:
			read_once(context, entry, line, entry->has_start, &period->start);
			entry->has_start = true;
			break;
		case ICS_DTEND:
			read_once(context, entry, line, period->length == ICS_ENDS,
					  &period->end);
			period->length = ICS_ENDS;
			break;
		case ICS_DURATION:
			value = trimmed(value);
			if (period->length != ICS_NO_LENGTH)
				ics_warning(context->problems, ICS_PROBLEM_REPEATED,
							"DTEND or the first DURATION counts");
			else if (!ics_parse_duration(value.data, value.len, &period->duration))
				entry_error(context, entry, ICS_PROBLEM_BAD_VALUE,
							"a duration is needed, such as PT1H30M, that is not negative");
			else
				period->length = ICS_LASTS;
			break;
		case ICS_RRULE:
			read_rule(context, entry, line);
			break;
		case ICS_RDATE:
			read_added(context, entry, line);
			break;
		case ICS_EXDATE:
			read_removed(context, entry, line);
			break;
		case ICS_EXRULE:
			ics_warning(context->problems, ICS_PROBLEM_UNSUPPORTED,
						"EXRULE is no longer in the standard; what it takes out stays in");
			break;
		case ICS_RECURRENCE_ID:
			if (line->parameters.len > 0 &&
				ics_line_parameter(line, "RANGE", &value))
				ics_warning(context->problems, ICS_PROBLEM_UNSUPPORTED,
							"RANGE is not supported; only this occurrence is replaced");
			read_once(context, entry, line, entry->has_recurrence_id,
					  &entry->recurrence_id);
			entry->has_recurrence_id = true;
			break;
		case ICS_STATUS:
			value = trimmed(value);
			entry->cancelled |= word_means(value, "CANCELLED");
			entry->tentative |= word_means(value, "TENTATIVE");
			break;
		case ICS_TRANSP:
			entry->transparent |= word_means(trimmed(value), "TRANSPARENT");
			break;
		case ICS_BUSYSTATUS:
			value = trimmed(value);
			entry->transparent |= word_means(value, "FREE");
			entry->tentative |= word_means(value, "TENTATIVE");
			break;
		default:
			break;
	}
}

/*
 * The end of an event: what is missing, and what does not go together?
 */
void
ics_entry_end_event(IcsContext *context, IcsEntry *entry)
{
	IcsPeriod  *period = &entry->period;

	if (entry->broken)
		return;
	context->problems->line = entry->line;
	context->problems->property = NULL;
	if (!entry->has_uid)
	{
		context->problems->property = "UID";
		ics_warning(context->problems, ICS_PROBLEM_MISSING,
					"nothing can replace it, or one of its occurrences");
	}
	context->problems->property = "DTSTART";
	if (!entry->has_start)
	{
		entry_error(context, entry, ICS_PROBLEM_MISSING, "DTSTART is needed");
		return;
	}
	if (period->length == ICS_ENDS)
	{
		bool		whole_day = period->start.kind == ICS_DATE;

		ics_period_share_zone(&context->zones, period);
		context->problems->property = "DTEND";
		if (whole_day != (period->end.kind == ICS_DATE))
		{
			ics_warning(context->problems, ICS_PROBLEM_BAD_VALUE,
						"DTSTART and DTEND must both be dates, or both be times; the end is taken as what the start is");
			ics_period_fit_end(&context->zones, period);
		}
		if (ics_period_compare(period) < 0)
		{
			entry_error(context, entry, ICS_PROBLEM_ENDS_BEFORE_START,
						"it ends before it starts");
			return;
		}
		if (whole_day && period->end.local == period->start.local)
		{
			ics_warning(context->problems, ICS_PROBLEM_ENDS_BEFORE_START,
						"it ends on the day on which it starts, which is not part of it; it is taken as one day");
			period->length = ICS_NO_LENGTH;
		}
	}
	if (period->length == ICS_LASTS && period->start.kind == ICS_DATE &&
		period->duration.days == 0 && period->duration.time == 0)
	{
		context->problems->property = "DURATION";
		ics_warning(context->problems, ICS_PROBLEM_ENDS_BEFORE_START,
					"it ends on the day on which it starts, which is not part of it; it is taken as one day");
		period->length = ICS_NO_LENGTH;
	}
	if (entry->has_recurrence_id &&
		(entry->rule_count > 0 || entry->added_count > 0))
	{
		context->problems->property = "RECURRENCE-ID";
		ics_warning(context->problems, ICS_PROBLEM_UNSUPPORTED,
					"one occurrence has no rule or dates of its own; they are passed over");
		entry->rule_count = 0;
		entry->added_count = 0;
	}
}

/*----------------------------------------------------------
 * VFREEBUSY
 *----------------------------------------------------------*/

/*
 * A property FREEBUSY.
 */
void
ics_entry_freebusy_property(IcsContext *context, IcsEntry *entry,
							const IcsLine *line)
{
	Word		list = line->value;
	Word		item;
	IcsZone    *zone;

	if (line->parameters.len > 0 && ics_line_parameter(line, "FBTYPE", &item) &&
		(word_means(item, "FREE") ||
		 (!context->tentative && word_means(item, "BUSY-TENTATIVE"))))
		return;
	zone = zone_of_line(context, line);
	while (ics_next_item(&list, &item))
	{
		IcsPeriod  *period;

		if (!grow(context, entry, entry->added_count, &entry->added_allocated,
				  (void **) &entry->added, sizeof(IcsPeriod)))
			return;
		period = &entry->added[entry->added_count];
		if (!read_period(context, item, zone, period) ||
			period->length == ICS_NO_LENGTH)
			ics_warning(context->problems, ICS_PROBLEM_BAD_VALUE,
						"a period is needed, such as 20260302T090000Z/PT1H; it is passed over");
		else if (period->length == ICS_ENDS && ics_period_compare(period) < 0)
			ics_warning(context->problems, ICS_PROBLEM_ENDS_BEFORE_START,
						"a period ends before it starts; it is passed over");
		else
			entry->added_count++;
	}
}
