/*-------------------------------------------------------------------------
 *
 * status.h
 *		The canonical statuses of an appointment.
 *
 * A status is text; these are the words that the extension understands.  A
 * stored value has the code in place of the word.  Where the word was spelled
 * another way, such as "canceled", the field source_status has it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_STATUS_H
#define APPOINTMENT_STATUS_H

#include "appointment.h"
#include "base/word.h"

typedef enum Status
{
	STATUS_NONE = 0,			/* no status, or a word that is not canonical */
	STATUS_PENDING = APPOINTMENT_STATUS_PENDING,
	STATUS_SCHEDULED = APPOINTMENT_STATUS_SCHEDULED,
	STATUS_ARRIVED = APPOINTMENT_STATUS_ARRIVED,
	STATUS_IN_PROGRESS = APPOINTMENT_STATUS_IN_PROGRESS,
	STATUS_COMPLETED = APPOINTMENT_STATUS_COMPLETED,
	STATUS_NO_SHOW = APPOINTMENT_STATUS_NO_SHOW,
	STATUS_CANCELLED = APPOINTMENT_STATUS_CANCELLED,
	STATUS_COUNT,
} Status;

extern Status status_from_word(const char *word, size_t len);
extern const char *status_word(Status status);
extern bool status_is_respelled(const char *word, size_t len);
extern bool status_same(const char *a, size_t a_len,
						const char *b, size_t b_len);
extern const char *status_ignoring_case(const char *word, size_t len);
extern bool status_holds(const char *word, size_t len);

/* Whether two words are one status, however they are spelled. */
static inline bool
word_same_status(Word a, Word b)
{
	return word_equal(a, b) ||
		(a.data != NULL && b.data != NULL &&
		 status_same(a.data, a.len, b.data, b.len));
}

#endif							/* APPOINTMENT_STATUS_H */
