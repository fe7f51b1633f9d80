/*-------------------------------------------------------------------------
 *
 * ics_lines.c
 *		The content lines of an iCalendar text (RFC 5545 section 3.1), one by
 *		one: name, parameters, value.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "compat.h"
#include "icalendar/ics_lines.h"

#define FIRST_UNFOLDED	1024

/* Lines of one content line between two looks for a cancellation. */
#define LINES_BETWEEN_CHECKS	1024

/*
 * Begin with a text, whose first line has a number.
 */
void
ics_lines_begin(IcsLines *lines, const char *text, size_t len, int number)
{
	lines->next = text;
	lines->end = text + len;
	lines->lf = lines->cr = NULL;
	lines->number = number - 1;
	lines->unfolded = NULL;
	lines->unfolded_size = 0;
}

/* The next of a character; where it was found is remembered. */
static inline const char *
find_next(const IcsLines *lines, char c, const char **known)
{
	if (*known == NULL || *known < lines->next)
	{
		*known = memchr(lines->next, c, lines->end - lines->next);
		if (*known == NULL)
			*known = lines->end;
	}
	return *known;
}

/*
 * Read one line of the text; returns its end.  Behind several CR, which a
 * text has that was converted twice, one line ends.
 */
static inline const char *
read_line(IcsLines *lines)
{
	const char *lf = find_next(lines, '\n', &lines->lf);
	const char *cr = find_next(lines, '\r', &lines->cr);
	const char *end = Min(lf, cr);
	const char *next = end;

	while (next < lines->end && *next == '\r')
		next++;
	if (next < lines->end && *next == '\n')
		next++;
	lines->next = next;
	lines->number++;
	return end;
}

/* Does what is next continue the line before it? */
static inline bool
is_continuation(const IcsLines *lines)
{
	return lines->next < lines->end &&
		(*lines->next == ' ' || *lines->next == '\t');
}

/* Where a name ends; the end of the text if nothing ends it. */
static inline const char *
end_of_name(const char *p, const char *end)
{
	while (p < end && *p != ':' && *p != ';')
		p++;
	return p;
}

static inline void
set_name(IcsLine *line, const char *text, const char *end)
{
	line->rest = end_of_name(text, end);
	line->end = end;
	line->name.data = text;
	line->name.len = (uint32) (line->rest - text);
}

/*
 * Put a line that is folded together.
 */
static void
unfold(IcsLines *lines, IcsLine *line)
{
	const char *part = line->name.data;
	size_t		part_len = line->end - part;
	size_t		len = 0;
	int			count = 0;

	for (;;)
	{
		if (len + part_len > lines->unfolded_size)
		{
			size_t		size = Max(Max(lines->unfolded_size * 2, FIRST_UNFOLDED),
								   len + part_len);

			lines->unfolded = lines->unfolded == NULL ? palloc(size) :
				repalloc(lines->unfolded, size);
			lines->unfolded_size = size;
		}
		memcpy(lines->unfolded + len, part, part_len);
		len += part_len;
		if (!is_continuation(lines))
			break;
		if (++count % LINES_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
		part = lines->next + 1;
		part_len = read_line(lines) - part;
	}
	set_name(line, lines->unfolded, lines->unfolded + len);
	line->more = false;
}

/*
 * A mark of UTF-8 is no part of a line.  A text that was not converted has it,
 * too, or in the form that it has when it was read as LATIN1; and it stands
 * between files that were put together.
 */
static inline const char *
skip_mark(const char *start, const char *end)
{
	static const char *const marks[] = {
		"\xEF\xBB\xBF", "\xC3\xAF\xC2\xBB\xC2\xBF"
	};

	for (int i = 0; i < (int) lengthof(marks); i++)
	{
		size_t		len = strlen(marks[i]);

		if ((size_t) (end - start) >= len && memcmp(start, marks[i], len) == 0)
			return start + len;
	}
	return start;
}

/*
 * Go to the next content line, as far as its name; false at the end.  Empty
 * lines are passed over.
 */
bool
ics_lines_next(IcsLines *lines, IcsLine *line)
{
	int			count = 0;

	for (;;)
	{
		const char *start = lines->next;
		const char *end;

		if (start >= lines->end)
			return false;
		end = read_line(lines);
		if (++count % LINES_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
		if (end > start && IS_HIGHBIT_SET(*start))
			start = skip_mark(start, end);
		if (end == start)
			continue;
		line->number = lines->number;
		line->start = start;
		set_name(line, start, end);
		line->more = is_continuation(lines);
		if (unlikely(line->more && line->rest == end))
			unfold(lines, line);
		return true;
	}
}

/*
 * Skip what is left of a line that is folded.
 */
void
ics_line_skip(IcsLines *lines, IcsLine *line)
{
	int			count = 0;

	while (is_continuation(lines))
	{
		(void) read_line(lines);
		if (++count % LINES_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
	}
	line->more = false;
}

/*
 * Look into a line: what are its parameters, and its value?  False if it is
 * malformed.
 */
bool
ics_line_open(IcsLines *lines, IcsLine *line)
{
	bool		quoted = false;

	if (line->more)
		unfold(lines, line);
	line->parameters.data = line->rest;
	for (const char *p = line->rest; p < line->end; p++)
	{
		if (*p == '"')
			quoted = !quoted;
		else if (*p == ':' && !quoted)
		{
			line->parameters.len = (uint32) (p - line->rest);
			line->value.data = p + 1;
			line->value.len = (uint32) (line->end - (p + 1));
			return line->name.len > 0;
		}
	}
	return false;
}

/*
 * Of a line that was opened, whose value is times: no time has a ":", so the
 * last one is before the value.  Google writes TZID=GMT+05:30 without quotes.
 */
void
ics_line_of_times(IcsLine *line)
{
	for (const char *p = line->end; p > line->value.data; p--)
	{
		if (p[-1] != ':')
			continue;
		line->parameters.len = (uint32) (p - 1 - line->rest);
		line->value.data = p;
		line->value.len = (uint32) (line->end - p);
		return;
	}
}

/* Where a parameter ends: at a ";" that is not quoted. */
static const char *
end_of_parameter(const char *p, const char *end)
{
	bool		quoted = false;

	for (; p < end && (quoted || *p != ';'); p++)
	{
		if (*p == '"')
			quoted = !quoted;
	}
	return p;
}

/*
 * The value of a parameter of a line that was opened, without its quotes; false
 * if there is none.  Of several the first.
 */
bool
ics_line_parameter(const IcsLine *line, const char *name, Word *value)
{
	const char *p = line->parameters.data;
	const char *end = p + line->parameters.len;
	size_t		name_len = strlen(name);

	while (p < end)
	{
		const char *stop = end_of_parameter(++p, end);

		if ((size_t) (stop - p) > name_len && p[name_len] == '=' &&
			pg_strncasecmp(p, name, name_len) == 0)
		{
			p += name_len + 1;
			if (stop - p >= 2 && *p == '"' && stop[-1] == '"')
			{
				p++;
				stop--;
			}
			value->data = p;
			value->len = (uint32) (stop - p);
			return true;
		}
		p = stop;
	}
	return false;
}
