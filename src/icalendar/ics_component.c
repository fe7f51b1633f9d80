/*-------------------------------------------------------------------------
 *
 * ics_component.c
 *		The components of an iCalendar text: its events and VFREEBUSYs one by
 *		one, while its zones become known.
 *
 * A component without an end is passed over.  What stands in VCALENDAR begins
 * there, whatever is open; so one END that is missing costs one component.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "compat.h"
#include "icalendar/ics_component.h"
#include "recurrence/rrule_io.h"

static const struct
{
	const char *name;
	IcsComponent kind;
}			components[] =

{
	{"VEVENT", ICS_VEVENT},
	{"VALARM", ICS_OTHER},
	{"VCALENDAR", ICS_VCALENDAR},
	{"VFREEBUSY", ICS_VFREEBUSY},
	{"VTIMEZONE", ICS_VTIMEZONE},
	{"STANDARD", ICS_STANDARD},
	{"DAYLIGHT", ICS_STANDARD},
	{"VTODO", ICS_OTHER_TOP},
	{"VJOURNAL", ICS_OTHER_TOP},
	{"VAVAILABILITY", ICS_OTHER_TOP},
};

/* The properties that are read in each. */
static const uint32 properties_of[] = {
	[ICS_VCALENDAR] = ICS_BIT(ICS_METHOD),
	[ICS_VEVENT] = ICS_BIT(ICS_UID) | ICS_BIT(ICS_DTSTART) | ICS_BIT(ICS_DTEND) |
	ICS_BIT(ICS_DURATION) | ICS_BIT(ICS_RRULE) | ICS_BIT(ICS_RDATE) |
	ICS_BIT(ICS_EXDATE) | ICS_BIT(ICS_EXRULE) | ICS_BIT(ICS_RECURRENCE_ID) |
	ICS_BIT(ICS_STATUS) | ICS_BIT(ICS_TRANSP) | ICS_BIT(ICS_BUSYSTATUS),
	[ICS_VFREEBUSY] = ICS_BIT(ICS_FREEBUSY),
	[ICS_VTIMEZONE] = ICS_BIT(ICS_TZID),
	[ICS_STANDARD] = ICS_BIT(ICS_DTSTART) | ICS_BIT(ICS_RRULE) |
	ICS_BIT(ICS_RDATE) | ICS_BIT(ICS_TZOFFSETFROM) | ICS_BIT(ICS_TZOFFSETTO),
	[ICS_OTHER_TOP] = 0,
	[ICS_OTHER] = 0,
};

/* Those whose values are times. */
#define TIMES_PROPERTIES	(ICS_BIT(ICS_DTSTART) | ICS_BIT(ICS_DTEND) | \
	ICS_BIT(ICS_RDATE) | ICS_BIT(ICS_EXDATE) | ICS_BIT(ICS_RECURRENCE_ID) | \
	ICS_BIT(ICS_FREEBUSY))

void
ics_reader_begin(IcsReader *reader, const char *text, size_t len,
				 const pg_tz *zone, TimestampTz until, bool tentative,
				 IcsProblems *problems)
{
	reader->context.problems = problems;
	reader->context.tentative = tentative;
	ics_zones_begin(&reader->context.zones, zone, until);
	ics_lines_begin(&reader->lines, text, len, 1);
	reader->method = ICS_METHOD_EVENTS;
	reader->any_calendar = false;
	reader->outside = false;
	reader->context.stopped = false;
	reader->depth = 0;
	memset(&reader->entry, 0, sizeof(reader->entry));
	reader->zone.changes = NULL;
}

/*
 * Begin again at an event that was read to its end before: it is what
 * ics_reader_next() reads next.  Nobody looks beyond that end, not for a
 * character that is nowhere in the text either.
 */
void
ics_reader_again(IcsReader *reader, const char *start, const char *end,
				 int line)
{
	IcsLines   *lines = &reader->lines;

	lines->next = start;
	lines->end = end;
	lines->lf = lines->cr = NULL;
	lines->number = line - 1;
	reader->method = ICS_METHOD_EVENTS;
	reader->context.stopped = false;
	reader->depth = 1;
	reader->frames[0].kind = ICS_VCALENDAR;
	reader->frames[0].len = 0;
}

static inline IcsFrame *
top(IcsReader *reader)
{
	return &reader->frames[reader->depth - 1];
}

/* Problems are the innermost component's, or one's. */
static void
place(IcsReader *reader, const IcsFrame *frame, int line)
{
	IcsProblems *problems = reader->context.problems;

	problems->line = line;
	problems->property = NULL;
	problems->component = WORD_NONE;
	if (frame != NULL)
	{
		problems->component.data = frame->name;
		problems->component.len = Min(frame->len, ICS_COMPONENT_NAME);
	}
}

static void
place_at_top(IcsReader *reader, int line)
{
	place(reader, reader->depth == 0 ? NULL : top(reader), line);
}

/*----------------------------------------------------------
 * Beginnings and ends
 *----------------------------------------------------------*/

/* Close components without an END until so many are open. */
static void
close_unclosed(IcsReader *reader, int depth)
{
	while (reader->depth > depth)
	{
		const IcsFrame *frame = top(reader);

		place(reader, frame, frame->line);
		ics_error(reader->context.problems, ICS_PROBLEM_UNCLOSED,
				  frame->kind == ICS_VCALENDAR ?
				  "the calendar has no END; what is complete of it counts" :
				  "the component has no END; it is passed over");
		if (frame->kind == ICS_STANDARD)
			reader->zone.broken = true;
		reader->depth--;
	}
}

/* The value of BEGIN and END, without spaces behind it. */
static Word
component_of_line(const IcsLine *line)
{
	Word		name = line->value;

	while (name.len > 0 && (name.data[name.len - 1] == ' ' ||
							name.data[name.len - 1] == '\t'))
		name.len--;
	return name;
}

static IcsComponent
component_kind(Word name)
{
	for (int i = 0; i < (int) lengthof(components); i++)
	{
		if (word_is_ignoring_case(components[i].name, name.data, name.len))
			return components[i].kind;
	}
	return ICS_OTHER;
}

/* Where a component may stand; elsewhere nobody looks into it. */
static IcsComponent
kind_here(const IcsReader *reader, IcsComponent kind)
{
	IcsComponent parent;

	if (kind == ICS_VCALENDAR)
		return kind;
	if (reader->depth == 0)
		return ICS_OTHER;
	parent = reader->frames[reader->depth - 1].kind;
	if (kind == ICS_STANDARD)
		return parent == ICS_VTIMEZONE ? kind : ICS_OTHER;
	return kind == ICS_OTHER || parent == ICS_VCALENDAR ? kind : ICS_OTHER;
}

/* False if it is nested too deep. */
static bool
begin_component(IcsReader *reader, const IcsLine *line)
{
	Word		name = component_of_line(line);
	IcsComponent kind = component_kind(name);
	IcsFrame   *frame;

	if (kind == ICS_VCALENDAR)
		close_unclosed(reader, 0);
	else if (kind != ICS_OTHER && kind != ICS_STANDARD && reader->depth > 0 &&
			 reader->frames[0].kind == ICS_VCALENDAR)
		close_unclosed(reader, 1);
	if (reader->depth == ICS_MAX_DEPTH)
		return false;
	kind = kind_here(reader, kind);
	reader->outside = false;
	frame = &reader->frames[reader->depth++];
	frame->kind = kind;
	frame->line = line->number;
	frame->len = name.len;
	memcpy(frame->name, name.data, Min(name.len, ICS_COMPONENT_NAME));
	place(reader, frame, line->number);
	if (reader->depth == 1 && kind != ICS_VCALENDAR)
		ics_error(reader->context.problems, ICS_PROBLEM_OUTSIDE,
				  "the component does not stand in a calendar; it is passed over");
	switch (kind)
	{
		case ICS_VCALENDAR:
			reader->any_calendar = true;
			reader->method = ICS_METHOD_EVENTS;
			break;
		case ICS_VEVENT:
		case ICS_VFREEBUSY:
			ics_entry_begin(&reader->entry, kind == ICS_VEVENT, line->start,
							line->number);
			break;
		case ICS_VTIMEZONE:
			ics_zone_begin(&reader->zone);
			break;
		case ICS_STANDARD:
			ics_observance_begin(&reader->zone);
			break;
		default:
			break;
	}
	return true;
}

/* True if an entry was read that counts. */
static bool
end_component(IcsReader *reader, const IcsLine *line)
{
	Word		name = component_of_line(line);
	int			depth = reader->depth;
	const IcsFrame *frame;
	IcsContext *context = &reader->context;

	while (depth > 0)
	{
		frame = &reader->frames[depth - 1];
		if (frame->len == name.len &&
			pg_strncasecmp(frame->name, name.data,
						   Min(name.len, ICS_COMPONENT_NAME)) == 0)
			break;
		depth--;
	}
	if (depth == 0)
	{
		place_at_top(reader, line->number);
		ics_warning(context->problems, ICS_PROBLEM_UNEXPECTED_END,
					"no such component is open; it is passed over");
		return false;
	}
	close_unclosed(reader, depth);
	frame = top(reader);
	place(reader, frame, frame->line);
	reader->depth--;
	switch (frame->kind)
	{
		case ICS_VEVENT:
			if (reader->method == ICS_METHOD_IGNORE)
				return false;
			reader->entry.cancelled |= reader->method == ICS_METHOD_CANCEL;
			ics_entry_end_event(context, &reader->entry);
			return !reader->entry.broken;
		case ICS_VFREEBUSY:
			return !reader->entry.broken;
		case ICS_VTIMEZONE:
			ics_zone_end(&context->zones, &reader->zone, context->problems);
			return false;
		case ICS_STANDARD:
			ics_observance_end(&context->zones, &reader->zone, context->problems);
			return false;
		default:
			return false;
	}
}

/*----------------------------------------------------------
 * Properties
 *----------------------------------------------------------*/

static void
read_method(IcsReader *reader, Word method)
{
	static const char *const ignored[] = {
		"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER", NULL
	};

	if (word_is_ignoring_case("CANCEL", method.data, method.len))
		reader->method = ICS_METHOD_CANCEL;
	for (const char *const *name = ignored; *name != NULL; name++)
	{
		if (!word_is_ignoring_case(*name, method.data, method.len))
			continue;
		reader->method = ICS_METHOD_IGNORE;
		ics_warning(reader->context.problems, ICS_PROBLEM_UNSUPPORTED,
					"this method is an answer or a question; its events are passed over");
	}
}

static void
observance_fault(IcsReader *reader, IcsProblemCode code, const char *message)
{
	reader->zone.observance.broken = true;
	ics_error(reader->context.problems, code, message);
}

/* A property of STANDARD or DAYLIGHT. */
static void
observance_property(IcsReader *reader, IcsProperty property,
					const IcsLine *line)
{
	IcsZoneBuilder *builder = &reader->zone;
	IcsObservance *observance = &builder->observance;
	Word		value = line->value;
	Word		item;
	Timestamp	local;
	IcsTimeKind kind;
	RRuleFault	fault;
	bool		good = true;

	if (builder->unneeded)
		return;
	switch (property)
	{
		case ICS_DTSTART:
			good = ics_parse_time(value.data, value.len, &observance->starts_at,
								  &kind);
			observance->has_start = true;
			break;
		case ICS_TZOFFSETFROM:
			good = ics_parse_offset(value.data, value.len, &observance->before);
			observance->has_before = true;
			break;
		case ICS_TZOFFSETTO:
			good = ics_parse_offset(value.data, value.len, &observance->after);
			observance->has_after = true;
			break;
		case ICS_RDATE:
			while (good && ics_next_item(&value, &item))
			{
				good = ics_parse_time(item.data, item.len, &local, &kind);
				if (good)
					ics_observance_date(&reader->context.zones, builder, local);
			}
			break;
		case ICS_RRULE:
			value = ics_plain_rule(value);
			if (value.len == 0)
				break;
			if (observance->rule_count == ICS_MAX_RULES)
				observance_fault(reader, ICS_PROBLEM_TOO_MANY,
								 "there are more rules than are supported");
			else if (rrule_parse(value.data, value.len,
								 &observance->rules[observance->rule_count],
								 &fault))
				observance->rule_count++;
			else
				observance_fault(reader, ICS_PROBLEM_BAD_RULE,
								 ics_rule_message(reader->context.problems, &fault));
			break;
		default:
			break;
	}
	if (!good)
		observance_fault(reader, ICS_PROBLEM_BAD_VALUE,
						 property == ICS_TZOFFSETFROM || property == ICS_TZOFFSETTO ?
						 "an offset is needed, such as +0100" :
						 "a time is needed, such as 20260302T090000");
}

/* A line that nobody needs: is it one? */
static void
check_line(IcsReader *reader, IcsLine *line)
{
	IcsProblems *problems = reader->context.problems;
	bool		good = ics_line_open(&reader->lines, line);

	place_at_top(reader, line->number);
	for (uint32 i = 0; i < line->name.len && good; i++)
	{
		char		c = line->name.data[i];

		good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			(c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
	}
	if (!good)
	{
		ics_warning(problems, ICS_PROBLEM_MALFORMED_LINE,
					"a line is a name, parameters and a value, such as SUMMARY:text, or begins with a space and continues the one before it; it is passed over");
		return;
	}
	for (const char *p = line->rest; p < line->end; p++)
	{
		unsigned char c = (unsigned char) *p;

		if ((c < ' ' && c != '\t') || c == 0x7F)
		{
			ics_warning(problems, ICS_PROBLEM_CONTROL_CHARACTER,
						"the line has a control character");
			return;
		}
	}
}

static void
read_property(IcsReader *reader, IcsProperty property, IcsLine *line)
{
	IcsContext *context = &reader->context;
	IcsFrame   *frame = top(reader);

	place(reader, frame, line->number);
	context->problems->property = ics_property_name(property);
	if (!ics_line_open(&reader->lines, line))
	{
		ics_warning(context->problems, ICS_PROBLEM_MALFORMED_LINE,
					"the line has no \":\" before its value; it is passed over");
		return;
	}
	if ((TIMES_PROPERTIES & ICS_BIT(property)) != 0)
		ics_line_of_times(line);
	switch (frame->kind)
	{
		case ICS_VCALENDAR:
			read_method(reader, line->value);
			break;
		case ICS_VEVENT:
			ics_entry_event_property(context, &reader->entry, property, line);
			break;
		case ICS_VFREEBUSY:
			ics_entry_freebusy_property(context, &reader->entry, line);
			break;
		case ICS_VTIMEZONE:
			if (reader->zone.name.data == NULL)
				ics_zone_name(&context->zones, &reader->zone, line->value);
			break;
		case ICS_STANDARD:
			observance_property(reader, property, line);
			break;
		default:
			break;
	}
}

/*
 * Read on to the next event or VFREEBUSY that counts; false at the end, or at
 * a limit.
 */
bool
ics_reader_next(IcsReader *reader)
{
	IcsProblems *problems = reader->context.problems;
	IcsLine		line;

	while (!reader->context.stopped && ics_lines_next(&reader->lines, &line))
	{
		IcsProperty property = ics_property_of(line.name);

		CHECK_FOR_INTERRUPTS();
		if (property <= ICS_END && ics_line_open(&reader->lines, &line))
		{
			if (property == ICS_END)
			{
				if (end_component(reader, &line))
					return true;
			}
			else if (!begin_component(reader, &line))
			{
				place(reader, NULL, line.number);
				ics_limit(problems, ICS_PROBLEM_TOO_DEEP,
						  "components are nested deeper than 32 levels");
				reader->context.stopped = true;
			}
		}
		else if (reader->depth > 0 && property < ICS_PROPERTY_COUNT &&
				 (properties_of[top(reader)->kind] & ICS_BIT(property)) != 0)
			read_property(reader, property, &line);
		else if (problems->collect)
		{
			if (reader->depth > 0)
				check_line(reader, &line);
			else if (!reader->outside)
			{
				reader->outside = true;
				place(reader, NULL, line.number);
				ics_warning(problems, ICS_PROBLEM_OUTSIDE,
							"from here on lines do not stand in a calendar; they are passed over");
			}
		}
		if (line.more)
			ics_line_skip(&reader->lines, &line);
	}
	if (!reader->context.stopped)
		close_unclosed(reader, 0);
	return false;
}
