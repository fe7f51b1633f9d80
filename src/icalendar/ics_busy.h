/*-------------------------------------------------------------------------
 *
 * ics_busy.h
 *		When the calendar of an iCalendar text is busy.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_BUSY_H
#define APPOINTMENT_ICS_BUSY_H

#include "availability/busy.h"
#include "icalendar/ics_component.h"

extern void ics_find_problems(const char *text, size_t len, const pg_tz *zone,
							  IcsProblems *problems);
extern struct varlena *ics_busy(const char *text, size_t len,
								TimestampTz from, TimestampTz to,
								const pg_tz *zone, bool tentative);

#endif							/* APPOINTMENT_ICS_BUSY_H */
