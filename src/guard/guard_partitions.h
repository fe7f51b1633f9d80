/*-------------------------------------------------------------------------
 *
 * guard_partitions.h
 *		The partitions beside a guard's table.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_PARTITIONS_H
#define APPOINTMENT_GUARD_PARTITIONS_H

#include "guard/guard_state.h"

extern void guard_partitions_describe(GuardState *state, Relation table);
extern void guard_refresh_partitions(GuardState *state);
extern bool guard_leaves_partition(GuardState *state,
								   TupleTableSlot *new_row);

#endif							/* APPOINTMENT_GUARD_PARTITIONS_H */
