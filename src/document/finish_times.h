/*-------------------------------------------------------------------------
 *
 * finish_times.h
 *		Start, end and length of an appointment in the making, together.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_FINISH_TIMES_H
#define APPOINTMENT_FINISH_TIMES_H

#include "member/format.h"

extern void read_finish_times(ReadContext *context, RecordBuilder *builder);
extern void read_finish(const Format *format, RecordBuilder *builder,
						ProblemSink *sink);

#endif							/* APPOINTMENT_FINISH_TIMES_H */
