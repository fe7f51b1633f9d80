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

#include "base/word.h"

/* The SQL name and the use of a trigger's function, for messages. */
typedef struct TriggerFunction
{
	const char *name;
	const char *usage;			/* a sentence */
	bool		before;			/* a BEFORE trigger */
} TriggerFunction;

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
extern bool trigger_sets_column(const TriggerData *data, AttrNumber column);

#endif							/* APPOINTMENT_TRIGGER_ARGS_H */
