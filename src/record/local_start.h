/*-------------------------------------------------------------------------
 *
 * local_start.h
 *		What the clock of its zone showed at the start of an appointment.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_LOCAL_START_H
#define APPOINTMENT_LOCAL_START_H

#include "pgtime.h"

#include "record/record_build.h"

extern void local_start_note(RecordBuilder *builder);
extern int64 local_start_drift(const pg_tz *zone, Timestamp local,
							   TimestampTz starts_at);
extern bool document_drift(const Record *record, TimestampTz starts_at,
						   int64 *drift);

#endif							/* APPOINTMENT_LOCAL_START_H */
