/*-------------------------------------------------------------------------
 *
 * lifecycle_builder.h
 *		A change of status in an appointment in the making.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_LIFECYCLE_BUILDER_H
#define APPOINTMENT_LIFECYCLE_BUILDER_H

#include "lifecycle/lifecycle.h"

/* A change of status. */
typedef struct StatusChange
{
	Word		from;
	Word		to;
	TimestampTz at;
	Word		actor;			/* none: nobody knows */
	TimestampTz asked_at;		/* what a deadline is held against: what was
								 * asked for may be told with another time */
} StatusChange;

extern Word builder_status(const RecordBuilder *builder);
extern bool builder_last_change(const RecordBuilder *builder,
								TimestampTz *instant);
extern void lifecycle_apply(RecordBuilder *builder, const StatusChange *change,
							const Record *before);
extern void lifecycle_change(RecordBuilder *builder, const StatusChange *change,
							 const Record *before);
extern void lifecycle_check(const Lifecycle *lifecycle,
							const LifecycleStep *step,
							const Record *before,
							const RecordBuilder *builder,
							const StatusChange *change,
							const LifecyclePlace *place);
extern void lifecycle_check_time(const Lifecycle *lifecycle,
								 const LifecycleStep *step,
								 const StatusChange *change,
								 TimestampTz deadline,
								 const LifecyclePlace *place);
extern void lifecycle_record(RecordBuilder *builder, TimestampTz at,
							 Word actor);
extern void lifecycle_confirm(RecordBuilder *builder, bool confirmed,
							  TimestampTz at);

#endif							/* APPOINTMENT_LIFECYCLE_BUILDER_H */
