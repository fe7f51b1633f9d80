/*-------------------------------------------------------------------------
 *
 * content_line.c
 *		The content lines of iCalendar, written: RFC 5545 section 3.1.
 *
 * All lines go into one buffer.  A line is written as if there were no limit,
 * and folded when it ends, if it is too long.
 *
 * What needs an escape is ASCII, and no character of an encoding that a server
 * may have contains ASCII, so texts can be looked at byte by byte.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/memutils.h"

#include "base/instant.h"
#include "compat.h"
#include "icalendar/content_line.h"

/*
 * Begin without lines.
 */
void
content_begin(ContentLines *lines, int size)
{
	initStringInfo(&lines->out);
	enlargeStringInfo(&lines->out, size);
	memset(lines->out.data, 0, VARHDRSZ);
	lines->out.len = VARHDRSZ;
	lines->line = VARHDRSZ;
}

/*
 * The lines as a text: the buffer itself.
 */
text *
content_result(ContentLines *lines)
{
	text	   *result = (text *) lines->out.data;

	SET_VARSIZE(result, lines->out.len);
	return result;
}

/* ---------------------------------------------------------------------
 * folding
 * ---------------------------------------------------------------------
 */

/*
 * How many octets of a line fit into so many, and end with a whole character.
 */
static size_t
whole_characters(const char *line, size_t len, size_t width)
{
	int			encoding = GetDatabaseEncoding();
	size_t		fits;

	Assert(len > width);
	if (pg_encoding_max_length(encoding) == 1)
		return width;
	if (encoding == PG_UTF8)
	{
		fits = width;
		while (fits > 0 && ((unsigned char) line[fits] & 0xC0) == 0x80)
			fits--;
	}
	else
	{
		size_t		next = 0;

		do
		{
			fits = next;
			next += pg_encoding_mblen(encoding, line + fits);
		} while (next <= width);
	}
	/* what is no text in the encoding is cut somewhere */
	return fits == 0 ? width : fits;
}

/*
 * Fold the line that is about to end: CRLF and a space, which counts, before
 * each further part.
 */
void
content_fold(ContentLines *lines)
{
	size_t		len = lines->out.len - lines->line;
	char	   *copy = palloc(len + MAX_MULTIBYTE_CHAR_LEN);
	const char *next = copy;
	size_t		width = CONTENT_LINE_MAX;

	memcpy(copy, lines->out.data + lines->line, len);
	memset(copy + len, 0, MAX_MULTIBYTE_CHAR_LEN);
	lines->out.len = lines->line;
	while (len > width)
	{
		size_t		part = whole_characters(next, len, width);

		content_raw(lines, next, part);
		content_literal(lines, "\r\n ");
		next += part;
		len -= part;
		width = CONTENT_LINE_MAX - 1;
	}
	content_raw(lines, next, len);
	pfree(copy);
}

/* ---------------------------------------------------------------------
 * values
 * ---------------------------------------------------------------------
 */

/* What a byte of a text is. */
typedef enum ByteClass
{
	BYTE_PLAIN,
	BYTE_ESCAPED,				/* with the escape character before it */
	BYTE_LINE_FEED,
	BYTE_RETURN,
	BYTE_CONTROL,				/* left out */
} ByteClass;

#define EIGHT_CONTROLS \
	BYTE_CONTROL, BYTE_CONTROL, BYTE_CONTROL, BYTE_CONTROL, \
	BYTE_CONTROL, BYTE_CONTROL, BYTE_CONTROL, BYTE_CONTROL

/* Of all control characters. */
#define CONTROL_CLASSES \
	EIGHT_CONTROLS, \
	BYTE_CONTROL, BYTE_PLAIN, BYTE_LINE_FEED, BYTE_CONTROL, \
	BYTE_CONTROL, BYTE_RETURN, BYTE_CONTROL, BYTE_CONTROL, \
	EIGHT_CONTROLS, \
	EIGHT_CONTROLS, \
	[0x7F] = BYTE_CONTROL

/* A value of type TEXT, RFC 5545 section 3.3.11. */
static const uint8 text_classes[256] = {
	CONTROL_CLASSES,
	[','] = BYTE_ESCAPED,
	[';'] = BYTE_ESCAPED,
	['\\'] = BYTE_ESCAPED,
};

/* A parameter in quotes, RFC 6868. */
static const uint8 parameter_classes[256] = {
	CONTROL_CLASSES,
	['^'] = BYTE_ESCAPED,
	['"'] = BYTE_ESCAPED,
};

/* Room for a text of which every byte may become two. */
static char *
reserve_twice(ContentLines *lines, size_t len)
{
	if (len > MaxAllocSize / 4)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("text is too large for a calendar")));
	enlargeStringInfo(&lines->out, (int) (2 * len));
	return lines->out.data + lines->out.len;
}

static inline void
advance_to(ContentLines *lines, char *end)
{
	*end = '\0';
	lines->out.len = (int) (end - lines->out.data);
}

/*
 * The end of a line becomes the escape character and n, however it is written;
 * other control characters are left out.
 */
static inline void
append_escaped(ContentLines *lines, const char *text, size_t len,
			   const uint8 *classes, char escape)
{
	char	   *out = reserve_twice(lines, len);

	for (size_t i = 0; i < len; i++)
	{
		switch ((ByteClass) classes[(unsigned char) text[i]])
		{
			case BYTE_PLAIN:
				*out++ = text[i];
				break;
			case BYTE_ESCAPED:
				*out++ = escape;
				*out++ = text[i] == '"' ? '\'' : text[i];
				break;
			case BYTE_LINE_FEED:
				if (i > 0 && text[i - 1] == '\r')
					break;
				pg_fallthrough;
			case BYTE_RETURN:
				*out++ = escape;
				*out++ = 'n';
				break;
			case BYTE_CONTROL:
				break;
		}
	}
	advance_to(lines, out);
}

/*
 * A value of type TEXT.
 */
void
content_text(ContentLines *lines, const char *text, size_t len)
{
	append_escaped(lines, text, len, text_classes, '\\');
}

/*
 * A parameter: always in quotes, RFC 5545 section 3.2.
 */
void
content_parameter(ContentLines *lines, const char *name,
				  const char *value, size_t len)
{
	content_literal(lines, ";");
	content_raw(lines, name, strlen(name));
	content_literal(lines, "=\"");
	append_escaped(lines, value, len, parameter_classes, '^');
	content_literal(lines, "\"");
}

static inline char *
two_digits(char *out, int number)
{
	out[0] = (char) ('0' + number / 10);
	out[1] = (char) ('0' + number % 10);
	return out + 2;
}

/*
 * A time of the wall clock, without its fraction of a second: 20260504T090000.
 */
void
content_local(ContentLines *lines, Timestamp local)
{
	int64		seconds = instant_epoch_seconds(local);
	int64		days = seconds / SECS_PER_DAY;
	int			rest = (int) (seconds % SECS_PER_DAY);
	int			year;
	int			month;
	int			day;
	char	   *out;

	if (rest < 0)
	{
		rest += SECS_PER_DAY;
		days--;
	}
	j2date((int) days + UNIX_EPOCH_JDATE, &year, &month, &day);
	year = Max(0, Min(year, 9999));

	enlargeStringInfo(&lines->out, 16);
	out = lines->out.data + lines->out.len;
	out = two_digits(out, year / 100);
	out = two_digits(out, year % 100);
	out = two_digits(out, month);
	out = two_digits(out, day);
	*out++ = 'T';
	out = two_digits(out, rest / SECS_PER_HOUR);
	out = two_digits(out, rest / SECS_PER_MINUTE % MINS_PER_HOUR);
	out = two_digits(out, rest % SECS_PER_MINUTE);
	advance_to(lines, out);
}

void
content_integer(ContentLines *lines, int64 number)
{
	char		digits[MAXINT8LEN + 1];

	content_raw(lines, digits, pg_lltoa(number, digits));
}

/*
 * The whole second that an instant is in.
 */
TimestampTz
content_second_of(TimestampTz instant)
{
	int64		fraction = instant % USECS_PER_SEC;

	return instant - (fraction < 0 ? fraction + USECS_PER_SEC : fraction);
}

/*
 * The whole second that an instant is, or that follows it: an end that is cut
 * off would be too early.
 */
TimestampTz
content_second_after(TimestampTz instant)
{
	TimestampTz second = content_second_of(instant);

	return instant == second || instant >= INSTANT_END - USECS_PER_SEC ?
		instant : second + USECS_PER_SEC;
}
