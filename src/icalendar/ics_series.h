/*-------------------------------------------------------------------------
 *
 * ics_series.h
 *		A series of appointments as one event with a recurrence rule.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_SERIES_H
#define APPOINTMENT_ICS_SERIES_H

#include "icalendar/ics_event.h"
#include "recurrence/rrule.h"

/* The identifier of a series is not that of an appointment. */
#define ICS_SERIES_PREFIX	"series-"

/* The series that an appointment belongs to, by its recurrence. */
typedef struct IcsSeries
{
	Word		id;				/* or none */
	Word		rule;			/* its text */
	pg_tz	   *zone;			/* or NULL */
} IcsSeries;

extern bool ics_series_of(const IcsEvent *event, const IcsOptions *options,
						  IcsSeries *series);
extern bool ics_series_begins(const IcsEvent *event, const IcsSeries *series,
							  RRule *rule, TimestampTz *last);
extern void ics_series_times(ContentLines *lines, const IcsEvent *event,
							 pg_tz *zone, const RRule *rule,
							 const Timestamp *exdates, int exdate_count);
extern int	ics_write_series(ContentLines *lines, const IcsEvent *event,
							 const IcsSeries *series, const RRule *rule,
							 IcsMethod method, const IcsOptions *options);

#endif							/* APPOINTMENT_ICS_SERIES_H */
