/*-------------------------------------------------------------------------
 *
 * enforce_history.h
 *		The history of a status, in a column of type jsonb.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ENFORCE_HISTORY_H
#define APPOINTMENT_ENFORCE_HISTORY_H

#include "utils/jsonb.h"

#include "lifecycle/enforce_row.h"
#include "lifecycle/lifecycle_builder.h"

extern Jsonb *history_of_row(const Firing *firing, HeapTuple tuple,
							 uint32 *count);
extern bool history_read_entry(Jsonb *history, uint32 position, Word *status,
							   StatusChange *change, bool *has_time);
extern bool history_last_time(Jsonb *history, uint32 count, TimestampTz *at);
extern void history_check(const Firing *firing, Jsonb *old, Jsonb *new);
extern Jsonb *history_with_entry(Jsonb *history, Word status,
								 const StatusChange *change);

#endif							/* APPOINTMENT_ENFORCE_HISTORY_H */
