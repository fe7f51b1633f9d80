/*-------------------------------------------------------------------------
 *
 * trigger_problems.h
 *		Whether triggers will work, before they fire.
 *
 * Each of our trigger functions has a check beside it: it does what a firing
 * does first, and raises what that would raise.  A fault that no firing would
 * notice is raised, too, with ERRCODE_WARNING.  It may be run on a partitioned
 * table, where no trigger fires but its partitions' are made from.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_TRIGGER_PROBLEMS_H
#define APPOINTMENT_TRIGGER_PROBLEMS_H

#include "catalog/pg_trigger.h"
#include "utils/rel.h"
#include "utils/reltrigger.h"

extern void appointment_enforce_lifecycle_check(Relation relation,
												const Trigger *trigger);
extern void appointment_log_changes_check(Relation relation,
										  const Trigger *trigger);

#endif							/* APPOINTMENT_TRIGGER_PROBLEMS_H */
