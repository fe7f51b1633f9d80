/*-------------------------------------------------------------------------
 *
 * vtimezone.h
 *		VTIMEZONE: the clocks of a zone, as the server knows them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_VTIMEZONE_H
#define APPOINTMENT_VTIMEZONE_H

#include "pgtime.h"

#include "icalendar/content_line.h"

extern void vtimezone_write(ContentLines *lines, pg_tz *zone,
							TimestampTz from, TimestampTz to);

#endif							/* APPOINTMENT_VTIMEZONE_H */
