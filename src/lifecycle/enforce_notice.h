/*-------------------------------------------------------------------------
 *
 * enforce_notice.h
 *		The notices of a row, for its trigger.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ENFORCE_NOTICE_H
#define APPOINTMENT_ENFORCE_NOTICE_H

#include "lifecycle/enforce_row.h"
#include "lifecycle/lifecycle_builder.h"
#include "record/record_read.h"

extern pg_tz *enforce_notice_zone(const Firing *firing, HeapTuple tuple);
extern void enforce_notice_of_cancelling(const Firing *firing,
										 const LifecycleStep *step,
										 const StatusChange *change);
extern bool enforce_notice_moves(const Firing *firing);
extern void enforce_notice_of_moving(const Firing *firing);
extern void enforce_notices_of_value(const Firing *firing,
									 const LifecycleStep *step,
									 const Record *before,
									 const PackedDocument *after);

#endif							/* APPOINTMENT_ENFORCE_NOTICE_H */
