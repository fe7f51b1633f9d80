/*-------------------------------------------------------------------------
 *
 * ics_value.h
 *		Values of iCalendar properties: dates, times, durations, offsets
 *		(RFC 5545 section 3.3).
 *
 * Nothing here knows a zone, or raises an error.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_VALUE_H
#define APPOINTMENT_ICS_VALUE_H

#include "datatype/timestamp.h"

#include "base/word.h"

typedef enum IcsTimeKind
{
	ICS_DATE,					/* a whole day */
	ICS_LOCAL,					/* a time of the wall clock */
	ICS_UTC,
} IcsTimeKind;

/* A duration: days of the calendar, and elapsed time. */
typedef struct IcsDuration
{
	int64		days;
	int64		time;			/* microseconds */
} IcsDuration;

extern bool ics_parse_time(const char *text, size_t len, Timestamp *local,
						   IcsTimeKind *kind);
extern bool ics_parse_duration(const char *text, size_t len,
							   IcsDuration *duration);
extern bool ics_parse_offset(const char *text, size_t len, int64 *offset);
extern Word ics_plain_rule(Word value);
extern bool ics_next_item(Word *list, Word *item);

/* The midnight with which the day of a local time begins. */
static inline Timestamp
ics_midnight(Timestamp local)
{
	int64		into = local % USECS_PER_DAY;

	return local - (into < 0 ? into + USECS_PER_DAY : into);
}

#endif							/* APPOINTMENT_ICS_VALUE_H */
