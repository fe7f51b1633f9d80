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

extern Jsonb *enforce_history_of(const Firing *firing, HeapTuple tuple,
								 uint32 *count);
extern bool enforce_history_entry(Jsonb *history, uint32 position, Word *status,
								  StatusChange *change, bool *has_time);
extern bool enforce_history_last(Jsonb *history, uint32 count, TimestampTz *at);
extern void enforce_history_check(const Firing *firing, Jsonb *old, Jsonb *new);
extern Jsonb *enforce_history_append(Jsonb *history, Word status,
									 const StatusChange *change);

#endif							/* APPOINTMENT_ENFORCE_HISTORY_H */
