/*-------------------------------------------------------------------------
 *
 * guard_policies.h
 *		The policies of row-level security, asked as the server would.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_POLICIES_H
#define APPOINTMENT_GUARD_POLICIES_H

#include "guard/guard_state.h"

extern void guard_check_policies(GuardRow *row);
extern bool guard_may_lock(GuardState *state, Relation table,
						   TupleTableSlot *existing);

#endif							/* APPOINTMENT_GUARD_POLICIES_H */
