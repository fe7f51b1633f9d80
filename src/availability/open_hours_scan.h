/*-------------------------------------------------------------------------
 *
 * open_hours_scan.h
 *		The text form of open_hours, read.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OPEN_HOURS_SCAN_H
#define APPOINTMENT_OPEN_HOURS_SCAN_H

#include "availability/open_hours.h"

/* What is wrong with a text, and where it lies there. */
typedef struct OpenHoursFault
{
	const char *what;			/* "time", and so on; NULL if it is too much */
	const char *item;
	size_t		item_len;
	const char *detail;			/* a sentence */
} OpenHoursFault;

extern bool open_hours_scan(const char *text, size_t len,
							OpenHoursBuilder *builder, OpenHoursFault *fault);

#endif							/* APPOINTMENT_OPEN_HOURS_SCAN_H */
