/*-------------------------------------------------------------------------
 *
 * status.h
 *		The canonical statuses of an appointment.
 *
 * A status is text; these are the words that the extension understands.  A
 * stored value has the code in place of the word.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_STATUS_H
#define APPOINTMENT_STATUS_H

#include "appointment.h"

extern Status status_from_word(const char *word, size_t len);
extern const char *status_word(Status status);

#endif							/* APPOINTMENT_STATUS_H */
