/*-------------------------------------------------------------------------
 *
 * status.h
 *		The canonical statuses of an appointment.
 *
 * A status is text; these are the words that the extension understands.  A
 * stored value has the code in place of the word, so a code is never changed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_STATUS_H
#define APPOINTMENT_STATUS_H

typedef enum Status
{
	STATUS_NONE = 0,			/* no status, or a word that is not canonical */
	STATUS_PENDING = 1,
	STATUS_SCHEDULED = 2,
	STATUS_ARRIVED = 3,
	STATUS_IN_PROGRESS = 4,
	STATUS_COMPLETED = 5,
	STATUS_NO_SHOW = 6,
	STATUS_CANCELLED = 7,
} Status;

#define STATUS_COUNT	8

extern Status status_from_word(const char *word, size_t len);
extern const char *status_word(Status status);

#endif							/* APPOINTMENT_STATUS_H */
