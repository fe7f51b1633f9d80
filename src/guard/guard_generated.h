/*-------------------------------------------------------------------------
 *
 * guard_generated.h
 *		The new row with its generated columns.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_GENERATED_H
#define APPOINTMENT_GUARD_GENERATED_H

#include "guard/guard_state.h"

extern TupleTableSlot *guard_complete_row(GuardState *state, Relation table,
										  TupleTableSlot *new_row);

#endif							/* APPOINTMENT_GUARD_GENERATED_H */
