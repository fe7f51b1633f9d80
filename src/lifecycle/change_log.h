/*-------------------------------------------------------------------------
 *
 * change_log.h
 *		Whether the trigger that writes a log will work.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_CHANGE_LOG_H
#define APPOINTMENT_CHANGE_LOG_H

#include "utils/rel.h"
#include "utils/reltrigger.h"

extern void appointment_log_changes_check(Relation relation,
										  const Trigger *trigger);

#endif							/* APPOINTMENT_CHANGE_LOG_H */
