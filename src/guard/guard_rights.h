/*-------------------------------------------------------------------------
 *
 * guard_rights.h
 *		What the user may learn of other rows, and keep from others.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_RIGHTS_H
#define APPOINTMENT_GUARD_RIGHTS_H

#include "guard/guard_state.h"

extern void guard_rights_describe(GuardState *state, Relation table);
extern void guard_check_policies(GuardRow *row);
extern bool guard_may_lock(GuardState *state, Relation table,
						   TupleTableSlot *existing);
extern bool guard_may_show(Relation table, OccupancyIndex *guarded,
						   AttrNumber *key, int nkey);

#endif							/* APPOINTMENT_GUARD_RIGHTS_H */
