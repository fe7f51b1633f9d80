/*-------------------------------------------------------------------------
 *
 * history.h
 *		The status of an appointment and its history.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_HISTORY_H
#define APPOINTMENT_HISTORY_H

#include "record/record_build.h"

extern void history_open(const Record *record, PackedBlock *history);
extern bool history_last_change(const PackedBlock *history, uint32 count,
								TimestampTz *instant);
extern void history_forget_permissions(RecordBuilder *builder);
extern void history_cancel(RecordBuilder *builder, const Record *target,
						   TimestampTz at);
extern void history_append(RecordBuilder *builder,
						   const char *status, size_t status_len,
						   const char *changed_by, size_t changed_by_len,
						   TimestampTz changed_at);

#endif							/* APPOINTMENT_HISTORY_H */
