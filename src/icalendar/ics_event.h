/*-------------------------------------------------------------------------
 *
 * ics_event.h
 *		VEVENT: an appointment as an event.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_EVENT_H
#define APPOINTMENT_ICS_EVENT_H

#include "icalendar/ics_calendar.h"
#include "icalendar/ics_status.h"

/* An opened appointment: what calendars want of it. */
typedef struct IcsEvent
{
	Record		record;
	RecordIndex index;
	Word		id;				/* or none */
	bool		has_start;
	bool		has_end;		/* after the start */
	TimestampTz starts_at;
	TimestampTz ends_at;
	Word		status_word;	/* or none */
	IcsStatus	status;
} IcsEvent;

/* Which event it is, and which state of it. */
typedef struct IcsRevision
{
	const char *prefix;			/* of the identifier */
	Word		id;
	int			sequence;
	bool		has_created;
	bool		has_updated;
	TimestampTz created_at;
	TimestampTz updated_at;
} IcsRevision;

extern void ics_event_open(IcsEvent *event, const PackedDocument *document);
extern Word ics_event_text(const IcsEvent *event, FieldNumber number);

extern IcsRevision ics_event_revision(const IcsEvent *event, IcsMethod method,
									  const IcsOptions *options);
extern void ics_event_begin(ContentLines *lines, const IcsRevision *revision,
							const IcsOptions *options);
extern void ics_event_times(ContentLines *lines, const IcsEvent *event);
extern void ics_event_body(ContentLines *lines, const IcsEvent *event,
						   IcsMethod method, const IcsOptions *options);
extern void ics_event_end(ContentLines *lines, const IcsEvent *event,
						  IcsMethod method, const IcsOptions *options);
extern int	ics_write_event(ContentLines *lines, const IcsEvent *event,
							IcsMethod method, const IcsOptions *options);

/* What is said of an appointment in words, with what an option says instead. */
extern Word ics_event_summary(const IcsEvent *event,
							  const IcsOptions *options);
extern Word ics_event_description(const IcsEvent *event,
								  const IcsOptions *options);
extern Word ics_event_location(const IcsEvent *event,
							   const IcsOptions *options);
extern Word ics_event_url(const IcsEvent *event, const IcsOptions *options);

#endif							/* APPOINTMENT_ICS_EVENT_H */
