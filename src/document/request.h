/*-------------------------------------------------------------------------
 *
 * request.h
 *		The services' documented requests: create, update, cancel, reschedule.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_REQUEST_H
#define APPOINTMENT_REQUEST_H

#include "member/format.h"

extern const Request *request_argument(const Format *format,
									   const char *kind, size_t len);

extern PackedDocument *read_request(const char *text, size_t len,
									bool validated, const Format *format,
									const Request *request,
									const Record *target,
									const char *id, TimestampTz at,
									ProblemSink *sink);
extern PackedDocument *clone_event(const Record *event, TimestampTz starts_at,
								   ListBuilder *attendees, const char *id,
								   TimestampTz at);

#endif							/* APPOINTMENT_REQUEST_H */
