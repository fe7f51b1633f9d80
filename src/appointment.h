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

typedef struct PackedDocument
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* PACKED_VERSION */
	uint8		source;			/* code of the source format, or 0 */
	uint8		status;			/* canonical status, or 0; see below */
	uint8		flags;			/* PACKED_HAS_START and so on */
	char		starts_at[sizeof(TimestampTz)]; /* unaligned: use memcpy */
	char		ends_at[sizeof(TimestampTz)];
	char		block[FLEXIBLE_ARRAY_MEMBER];
} PackedDocument;

#define PACKED_VERSION		1

/* Which of the two instants are known; the other bits are zero. */
#define PACKED_HAS_START	0x01
#define PACKED_HAS_END		0x02
#define PACKED_FLAGS		(PACKED_HAS_START | PACKED_HAS_END)

/* The canonical statuses.  A code is never changed. */
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

#endif							/* APPOINTMENT_H */
