/*-------------------------------------------------------------------------
 *
 * guard_index.h
 *		Which index a guard trigger goes by.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_INDEX_H
#define APPOINTMENT_GUARD_INDEX_H

#include "utils/rel.h"
#include "utils/reltrigger.h"

extern bool guard_names_index(const Trigger *trigger);
extern Oid	guard_index(Relation table, const Trigger *trigger, Oid *top);
extern Oid	guard_index_if_any(Relation table, const Trigger *trigger);
extern uint32 guard_trigger_identity(Relation table, const Trigger *trigger,
									 Oid index);

#endif							/* APPOINTMENT_GUARD_INDEX_H */
