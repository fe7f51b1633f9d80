/*-------------------------------------------------------------------------
 *
 * notice.h
 *		The notices that were agreed on when an appointment was made.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_NOTICE_H
#define APPOINTMENT_NOTICE_H

#include "record/record_build.h"
#include "record/record_read.h"

/* A notice is so many minutes, as an option and a setting can be. */
#define NOTICE_MAX		PG_INT32_MAX

static inline bool
field_is_notice(FieldNumber number)
{
	return number == FIELD_CANCELLATION_NOTICE ||
		number == FIELD_RESCHEDULING_NOTICE;
}

static inline bool
notice_in_range(int64 minutes)
{
	return minutes >= 0 && minutes <= NOTICE_MAX;
}

extern void notice_note(RecordBuilder *builder, FieldNumber notice,
						int minutes);
extern bool notice_of(const Record *record, FieldNumber notice,
					  int64 *minutes);
extern bool notice_deadline(const Record *record, FieldNumber notice,
							TimestampTz *deadline);
extern bool notice_broken(const Record *before, const PackedDocument *after,
						  FieldNumber notice, TimestampTz at,
						  TimestampTz *deadline);
extern void notice_check(const Record *before, const PackedDocument *after,
						 TimestampTz at);
extern char *notice_late_message(FieldNumber notice, TimestampTz deadline);
extern char *notice_late_detail(FieldNumber notice, TimestampTz deadline);

#endif							/* APPOINTMENT_NOTICE_H */
