/*-------------------------------------------------------------------------
 *
 * trigger_args.h
 *		The arguments of triggers: names, then options name=value.
 *
 *	trigger_begin_arguments(&arguments, &function, relation, trigger, 2);
 *	column = trigger_next_column(&arguments);
 *	name = trigger_next_argument(&arguments);
 *	while (trigger_next_option(&arguments, &option, &value))
 *		if (word_equal(option, word_of("actor")))
 *			actor = trigger_argument_column(&arguments, value);
 *		else
 *			trigger_refuse_argument(&arguments);
 *	trigger_end_arguments(&arguments);
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
	const char *timing;			/* when it fires, in SQL's words */
	bool		before;			/* a BEFORE trigger */
} TriggerFunction;

/* While the arguments of a trigger are read. */
typedef struct TriggerArguments
{
	const TriggerFunction *function;
	Relation	relation;
	const Trigger *trigger;
	int			next;			/* number of the one that comes next */
	ErrorContextCallback callback;
} TriggerArguments;

/* how a trigger function is called */
pg_noreturn extern void trigger_refuse_call(const TriggerFunction *function);
pg_noreturn extern void trigger_refuse_timing(const TriggerFunction *function);

/* arguments */
extern void trigger_begin_arguments(TriggerArguments *arguments,
									const TriggerFunction *function,
									Relation relation, const Trigger *trigger,
									int required);
extern void trigger_end_arguments(TriggerArguments *arguments);
extern const char *trigger_next_argument(TriggerArguments *arguments);
extern AttrNumber trigger_next_column(TriggerArguments *arguments);
extern bool trigger_next_option(TriggerArguments *arguments, Word *name,
								const char **value);
extern AttrNumber trigger_argument_column(const TriggerArguments *arguments,
										  const char *name);
extern bool trigger_either(const TriggerArguments *arguments,
						   const char *value, const char *yes, const char *no);
pg_noreturn extern void trigger_refuse_argument(const TriggerArguments *arguments);

/* types */
extern Oid	trigger_own_type(const Trigger *trigger, const char *name);

/* columns */
extern AttrNumber trigger_column(const TriggerFunction *function,
								 Relation relation, const char *trigger,
								 const char *name);
extern int	trigger_err_names(const TriggerFunction *function,
							  const char *trigger);
extern bool trigger_sets_column(const TriggerData *data, AttrNumber column);

#endif							/* APPOINTMENT_TRIGGER_ARGS_H */
