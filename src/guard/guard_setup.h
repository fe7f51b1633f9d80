/*-------------------------------------------------------------------------
 *
 * guard_setup.h
 *		What a guard trigger guards.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_SETUP_H
#define APPOINTMENT_GUARD_SETUP_H

#include "commands/trigger.h"

#include "guard/guard_state.h"
#include "server/trigger_args.h"

extern const TriggerFunction guard_function;

/* What a trigger's options say. */
typedef struct GuardOptions
{
	bool		skip_conflicts;
	GuardExpires expires;
} GuardOptions;

extern void guard_read_options(Relation table, const Trigger *trigger,
							   GuardOptions *options);
extern void guard_check_timing(bool before_each_row);
extern GuardState *guard_begin(Relation table, const Trigger *trigger,
							   MemoryContext statement);
extern void occupancy_guard_check(Relation table, const Trigger *trigger);

#endif							/* APPOINTMENT_GUARD_SETUP_H */
