/*-------------------------------------------------------------------------
 *
 * guard_rights.h
 *		What the user may learn of other rows, and keep from others.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_RIGHTS_H
#define APPOINTMENT_GUARD_RIGHTS_H

#include "nodes/parsenodes.h"

#include "guard/guard_state.h"

extern List *guard_routes(Oid table);
extern bool guard_has_right(Oid relation, AclMode right);
extern bool guard_under_policies(Oid relation);
extern void guard_rights_describe(GuardState *state, Relation table);
extern bool guard_may_show(OccupancyIndex *guarded, AttrNumber *key,
						   int nkey);

#endif							/* APPOINTMENT_GUARD_RIGHTS_H */
