/*-------------------------------------------------------------------------
 *
 * attempt.h
 *		Something that may fail, and what it failed with.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ATTEMPT_H
#define APPOINTMENT_ATTEMPT_H

extern ErrorData *attempt(void (*function) (void *arg), void *arg);

#endif							/* APPOINTMENT_ATTEMPT_H */
