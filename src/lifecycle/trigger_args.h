/*-------------------------------------------------------------------------
 *
 * trigger_args.h
 *		The arguments of triggers: names of columns, and options name=value.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_TRIGGER_ARGS_H
#define APPOINTMENT_TRIGGER_ARGS_H

#include "commands/trigger.h"

#include "lifecycle/lifecycle.h"

/* The SQL name and the use of a trigger's function, for messages. */
typedef struct TriggerFunction
{
	const char *name;
	const char *usage;			/* a sentence */
	bool		before;			/* a BEFORE trigger */
} TriggerFunction;

/* What type a status column has. */
typedef enum StatusColumn
{
	STATUS_IN_VALUE,			/* appointment */
	STATUS_IN_TEXT,
	STATUS_IN_CHAR,				/* character(n), which is padded */
	STATUS_IN_ENUM,
} StatusColumn;

/* While the arguments of a trigger are read. */
typedef struct TriggerArguments
{
	ErrorContextCallback callback;
	Relation	relation;
	const Trigger *trigger;
} TriggerArguments;

extern void trigger_begin_arguments(TriggerArguments *arguments,
									Relation relation,
									const Trigger *trigger);
extern void trigger_end_arguments(TriggerArguments *arguments);
pg_noreturn extern void trigger_refuse_argument(const TriggerFunction *function,
												const char *argument);
extern const char *trigger_option(const char *argument, Word *name);
extern AttrNumber trigger_column(const TriggerFunction *function,
								 Relation relation, const char *trigger,
								 const char *name);
extern StatusColumn trigger_status_column(const TriggerFunction *function,
										  Relation relation,
										  AttrNumber column, Oid own_function);
extern Word trigger_status_word(StatusColumn column, Datum datum);
extern bool trigger_sets_column(const TriggerData *data, AttrNumber column);
extern Word trigger_actor(void);

#endif							/* APPOINTMENT_TRIGGER_ARGS_H */
