/*-------------------------------------------------------------------------
 *
 * rrule_io.h
 *		The text form of recurrence rules, read and written.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_RRULE_IO_H
#define APPOINTMENT_RRULE_IO_H

#include "recurrence/rrule.h"

extern bool rrule_parse(const char *text, size_t len, RRule *rule,
						RRuleFault *fault);
extern int	rrule_print(const RRule *rule, char *buf);
extern void rrule_open(const struct varlena *value, RRule *rule);

#endif							/* APPOINTMENT_RRULE_IO_H */
