/*-------------------------------------------------------------------------
 *
 * appointment.h
 *		What another module may know of a value of type appointment or
 *		appointment_event: its fixed part.  This header is installed.
 *
 * A value is a varlena: detoast it, or slice as many bytes as the fixed part
 * has.  Check the version before anything else.  The block behind the fixed
 * part is private; ask the SQL functions for its fields.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_H
#define APPOINTMENT_H

#include "datatype/timestamp.h"

typedef struct AppointmentData
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* APPOINTMENT_VERSION */
	uint8		source;			/* code of the source format, or 0 */
	uint8		status;			/* APPOINTMENT_STATUS_xxx, or 0 */
	uint8		flags;			/* APPOINTMENT_HAS_xxx, others are zero */
	char		starts_at[sizeof(TimestampTz)]; /* unaligned: use memcpy */
	char		ends_at[sizeof(TimestampTz)];
	char		block[FLEXIBLE_ARRAY_MEMBER];
} AppointmentData;

#define APPOINTMENT_VERSION				1

/* Which of the two instants are known. */
#define APPOINTMENT_HAS_START			0x01
#define APPOINTMENT_HAS_END				0x02

/* The canonical statuses; any other status is 0.  A code is never changed. */
#define APPOINTMENT_STATUS_PENDING		1
#define APPOINTMENT_STATUS_SCHEDULED	2
#define APPOINTMENT_STATUS_ARRIVED		3
#define APPOINTMENT_STATUS_IN_PROGRESS	4
#define APPOINTMENT_STATUS_COMPLETED	5
#define APPOINTMENT_STATUS_NO_SHOW		6
#define APPOINTMENT_STATUS_CANCELLED	7

#endif							/* APPOINTMENT_H */
