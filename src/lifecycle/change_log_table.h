/*-------------------------------------------------------------------------
 *
 * change_log_table.h
 *		The table of a change log: made, found and checked.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_CHANGE_LOG_TABLE_H
#define APPOINTMENT_CHANGE_LOG_TABLE_H

#include "storage/lockdefs.h"

#include "server/trigger_args.h"

/* The columns of a log that are given. */
enum
{
	PARAMETER_ACTOR,
	PARAMETER_SESSION_ROLE,
	PARAMETER_OPERATION,
	PARAMETER_EVENT,
	PARAMETER_KEY,
	PARAMETER_CHANGES,
	PARAMETER_SYSTEM,			/* not in logs that do without */
	PARAMETER_COUNT,
};

extern const char *const log_parameters[PARAMETER_COUNT];
extern const Oid log_parameter_types[PARAMETER_COUNT];

extern int	change_log_parameter_count(Oid log);
extern Oid	change_log_find(const TriggerArguments *arguments,
							const char *argument, LOCKMODE lock, Oid *owner);
extern void change_log_check_columns(Relation log,
									 const TriggerArguments *arguments,
									 int count);
extern void change_log_check_writable(Oid table, Oid owner, int count);

#endif							/* APPOINTMENT_CHANGE_LOG_TABLE_H */
