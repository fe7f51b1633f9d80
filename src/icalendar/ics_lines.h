/*-------------------------------------------------------------------------
 *
 * ics_lines.h
 *		The content lines of an iCalendar text (RFC 5545 section 3.1), one by
 *		one: name, parameters, value.
 *
 * A line may end with CR LF, LF or CR, and be of any length.  One that nobody
 * looks into is not unfolded, and nothing is copied of one that is not folded.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_LINES_H
#define APPOINTMENT_ICS_LINES_H

#include "base/word.h"

typedef struct IcsLines
{
	const char *next;			/* what is not read yet */
	const char *end;
	const char *lf;				/* the next of each that is not before "next", */
	const char *cr;				/* or the end */
	int			number;			/* of the line before "next" */

	char	   *unfolded;		/* a line that was folded */
	size_t		unfolded_size;
} IcsLines;

/* A content line; it is there until the next one is. */
typedef struct IcsLine
{
	int			number;			/* of its first line, counted from 1 */
	const char *start;			/* of it in the text */
	Word		name;
	const char *rest;			/* from ":" or ";" */
	const char *end;			/* of what is there */
	bool		more;			/* is it folded, and not yet unfolded? */

	/* when it was opened */
	Word		parameters;		/* from ";", or empty */
	Word		value;
} IcsLine;

extern void ics_lines_begin(IcsLines *lines, const char *text, size_t len,
							int number);
extern bool ics_lines_next(IcsLines *lines, IcsLine *line);
extern void ics_line_skip(IcsLines *lines, IcsLine *line);
extern bool ics_line_open(IcsLines *lines, IcsLine *line);
extern void ics_line_of_times(IcsLine *line);
extern bool ics_line_parameter(const IcsLine *line, const char *name,
							   Word *value);

#endif							/* APPOINTMENT_ICS_LINES_H */
