/*-------------------------------------------------------------------------
 *
 * ics_attendees.h
 *		ATTENDEE: who is written to.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_ATTENDEES_H
#define APPOINTMENT_ICS_ATTENDEES_H

#include "icalendar/ics_calendar.h"
#include "record/record_read.h"

extern int	ics_write_attendees(ContentLines *lines, const Record *record,
								IcsMethod method, const IcsOptions *options);

#endif							/* APPOINTMENT_ICS_ATTENDEES_H */
