/*-------------------------------------------------------------------------
 *
 * ics_calendar.h
 *		VCALENDAR: what stands around components, and what is in all of them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_CALENDAR_H
#define APPOINTMENT_ICS_CALENDAR_H

#include "icalendar/content_line.h"
#include "icalendar/ics_options.h"

/* What is done with a calendar, RFC 5546 section 1.4. */
typedef enum IcsMethod
{
	ICS_PUBLISH,
	ICS_REQUEST,
	ICS_CANCEL,
} IcsMethod;

extern void ics_calendar_begin(ContentLines *lines, IcsMethod method,
							   const IcsOptions *options);
extern void ics_calendar_end(ContentLines *lines);
extern void ics_write_text(ContentLines *lines, const char *property,
						   Word text);
extern void ics_write_stamp(ContentLines *lines, const IcsOptions *options);
extern void ics_write_organizer(ContentLines *lines,
								const IcsOptions *options);
extern Word ics_domain(const IcsOptions *options);

#endif							/* APPOINTMENT_ICS_CALENDAR_H */
