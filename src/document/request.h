/*-------------------------------------------------------------------------
 *
 * request.h
 *		The services' documented requests: create, update, cancel, reschedule.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_REQUEST_H
#define APPOINTMENT_REQUEST_H

#include "document/read_text.h"
#include "member/format.h"

extern const Request *request_argument(const Format *format,
									   const char *kind, size_t len);

/* A request as somebody makes it. */
typedef struct RequestCall
{
	const Format *format;
	const Request *request;
	const Record *target;		/* what it changes; NULL if it creates */
	const char *id;				/* of what it creates; or NULL */
	TimestampTz at;				/* when: to the millisecond */
	TimestampTz asked_at;		/* and exactly, as deadlines are */
	bool		exempt;			/* from the notices of the target */
} RequestCall;

extern PackedDocument *read_request(const DocumentText *text,
									const RequestCall *call,
									ProblemSink *sink);
extern PackedDocument *clone_event(const Record *event, TimestampTz starts_at,
								   ListBuilder *attendees, const char *id,
								   TimestampTz at);

#endif							/* APPOINTMENT_REQUEST_H */
