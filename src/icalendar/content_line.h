/*-------------------------------------------------------------------------
 *
 * content_line.h
 *		The content lines of iCalendar, written: RFC 5545 section 3.1.
 *
 *	content_begin(&lines, 1024);
 *	content_property(&lines, "SUMMARY");
 *	content_parameter(&lines, "LANGUAGE", "en", 2);
 *	content_value(&lines);
 *	content_text(&lines, text, len);
 *	content_end(&lines);
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_CONTENT_LINE_H
#define APPOINTMENT_CONTENT_LINE_H

#include "datatype/timestamp.h"
#include "lib/stringinfo.h"

/* A line has no more octets, without its end. */
#define CONTENT_LINE_MAX	75

/* All lines in one buffer, which begins with room for a text's header. */
typedef struct ContentLines
{
	StringInfoData out;
	int			line;			/* where the last one begins */
} ContentLines;

extern void content_begin(ContentLines *lines, int size);
extern text * content_result(ContentLines *lines);

extern void content_fold(ContentLines *lines);
extern void content_text(ContentLines *lines, const char *text, size_t len);
extern void content_parameter(ContentLines *lines, const char *name,
							  const char *value, size_t len);
extern void content_local(ContentLines *lines, Timestamp local);
extern void content_integer(ContentLines *lines, int64 number);
extern TimestampTz content_second_of(TimestampTz instant);
extern TimestampTz content_second_after(TimestampTz instant);

/* What needs no escape; a literal's length is known to the compiler. */
static inline void
content_raw(ContentLines *lines, const char *text, size_t len)
{
	appendBinaryStringInfo(&lines->out, text, (int) len);
}

#define content_literal(lines, literal) \
	content_raw(lines, "" literal, sizeof(literal) - 1)

/* A whole line that needs no fold. */
#define content_constant(lines, literal) \
	content_literal(lines, literal "\r\n")

/* Begin a line. */
#define content_property(lines, name) \
	((lines)->line = (lines)->out.len, content_literal(lines, name))

/* Begin a line without parameters. */
#define content_plain(lines, name)	content_property(lines, name ":")

/* After the parameters. */
#define content_value(lines)		content_literal(lines, ":")

/* The line ends. */
static inline void
content_end(ContentLines *lines)
{
	if (unlikely(lines->out.len - lines->line > CONTENT_LINE_MAX))
		content_fold(lines);
	content_literal(lines, "\r\n");
}

static inline void
content_instant(ContentLines *lines, TimestampTz instant)
{
	content_local(lines, instant);
	content_literal(lines, "Z");
}

#endif							/* APPOINTMENT_CONTENT_LINE_H */
