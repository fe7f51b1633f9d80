/*-------------------------------------------------------------------------
 *
 * change_log_setup.h
 *		What the trigger of a change log logs, by its arguments.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_CHANGE_LOG_SETUP_H
#define APPOINTMENT_CHANGE_LOG_SETUP_H

#include "lifecycle/change_log_table.h"
#include "lifecycle/status_column.h"
#include "member/format.h"
#include "server/trigger_args.h"

/* How a column's value becomes JSON. */
typedef enum ValueStyle
{
	VALUE_NUMBER,
	VALUE_BOOLEAN,
	VALUE_INSTANT,
	VALUE_DATETIME,
	VALUE_JSON,
	VALUE_JSONB,
	VALUE_TEXT,
	VALUE_OTHER,				/* its text form */
} ValueStyle;

typedef struct LogColumn
{
	AttrNumber	column;
	bool		personal;		/* its values are not logged */
	bool		risky;			/* to write them may fail */
	ValueStyle	style;
	Oid			type;
	Oid			output;
	char	   *key;			/* "name": as JSON */
	int			key_len;
} LogColumn;

/* The arguments of one trigger, kept in fn_extra. */
typedef struct Logger
{
	Oid			trigger;
	Oid			log;
	Oid			log_owner;
	int			parameter_count;
	AttrNumber	key;
	AttrNumber	status;			/* or 0, like the following */
	StatusColumn status_kind;
	AttrNumber	starts_at;
	AttrNumber	ends_at;
	AttrNumber	confirmed;
	AttrNumber	actor;
	const Format *format;
	List	   *values;			/* the option: names of columns */
	bool		all_values;
	bool		risky;			/* to write what changed may fail */
	int			column_count;
	LogColumn  *columns;
	MemoryContext context;		/* of the statement */
	struct MovedRow *moved;		/* of the statement, in a partition; or NULL */
} Logger;

extern const TriggerFunction change_log_function;

extern Logger *change_log_set_up(Relation relation, const Trigger *trigger,
								 LOCKMODE lock);

#endif							/* APPOINTMENT_CHANGE_LOG_SETUP_H */
