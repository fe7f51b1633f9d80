/*-------------------------------------------------------------------------
 *
 * ics_status.h
 *		What calendars know of an appointment's status and of its history.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_STATUS_H
#define APPOINTMENT_ICS_STATUS_H

#include "base/word.h"
#include "record/record_read.h"

typedef enum IcsStatus
{
	ICS_TENTATIVE,
	ICS_CONFIRMED,
	ICS_CANCELLED,
} IcsStatus;

extern IcsStatus ics_status(const Record *record, Word status);
extern int	ics_sequence(const Record *record, Word status);

#endif							/* APPOINTMENT_ICS_STATUS_H */
