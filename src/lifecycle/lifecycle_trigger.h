/*-------------------------------------------------------------------------
 *
 * lifecycle_trigger.h
 *		Whether the trigger of a life cycle will work.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_LIFECYCLE_TRIGGER_H
#define APPOINTMENT_LIFECYCLE_TRIGGER_H

#include "utils/rel.h"
#include "utils/reltrigger.h"

extern void appointment_enforce_lifecycle_check(Relation relation,
												const Trigger *trigger);

#endif							/* APPOINTMENT_LIFECYCLE_TRIGGER_H */
