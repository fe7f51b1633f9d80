/*-------------------------------------------------------------------------
 *
 * trigger_args.c
 *		The arguments of triggers: names, then options name=value.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "replication/logicalworker.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "compat.h"
#include "server/trigger_args.h"

/* ---------------------------------------------------------------------
 * how a trigger function is called
 * ---------------------------------------------------------------------
 */

void
trigger_refuse_call(const TriggerFunction *function)
{
	ereport(ERROR,
			(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
			 errmsg("function \"%s\" was not called by trigger manager",
					function->name)));
}

void
trigger_refuse_timing(const TriggerFunction *function)
{
	ereport(ERROR,
			(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
			 errmsg("trigger function %s() must be fired %s, FOR EACH ROW",
					function->name, function->timing)));
}

/* ---------------------------------------------------------------------
 * arguments
 * ---------------------------------------------------------------------
 */

static void
describe_arguments(void *arg)
{
	TriggerArguments *arguments = arg;

	errcontext("arguments of trigger \"%s\" of table \"%s\"",
			   arguments->trigger->tgname,
			   RelationGetRelationName(arguments->relation));
}

/*
 * Begin to read a trigger's arguments, of which so many must be there.  What
 * is raised until trigger_end_arguments() is about them, and says which
 * trigger's.
 */
void
trigger_begin_arguments(TriggerArguments *arguments,
						const TriggerFunction *function, Relation relation,
						const Trigger *trigger, int required)
{
	arguments->function = function;
	arguments->relation = relation;
	arguments->trigger = trigger;
	arguments->next = 0;
	arguments->callback.callback = describe_arguments;
	arguments->callback.arg = arguments;
	arguments->callback.previous = error_context_stack;
	error_context_stack = &arguments->callback;
	if (trigger->tgnargs < required)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("trigger function %s() lacks an argument",
						function->name),
				 errhint("%s", function->usage)));
}

void
trigger_end_arguments(TriggerArguments *arguments)
{
	error_context_stack = arguments->callback.previous;
}

/*
 * Refuse the argument that was read last.
 */
void
trigger_refuse_argument(const TriggerArguments *arguments)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("trigger function %s() does not take argument \"%s\"",
					arguments->function->name,
					arguments->trigger->tgargs[arguments->next - 1]),
			 errhint("%s", arguments->function->usage)));
}

/*
 * The next argument, one of those that are required.
 */
const char *
trigger_next_argument(TriggerArguments *arguments)
{
	Assert(arguments->next < arguments->trigger->tgnargs);
	return arguments->trigger->tgargs[arguments->next++];
}

/*
 * The column that the next argument, one of those that are required, names.
 */
AttrNumber
trigger_next_column(TriggerArguments *arguments)
{
	return trigger_argument_column(arguments,
								   trigger_next_argument(arguments));
}

/*
 * Take the next option apart.  Returns false if there is none any more.
 */
bool
trigger_next_option(TriggerArguments *arguments, Word *name,
					const char **value)
{
	const char *argument;
	const char *equals;

	if (arguments->next >= arguments->trigger->tgnargs)
		return false;
	argument = trigger_next_argument(arguments);
	equals = strchr(argument, '=');
	if (equals == NULL)
		trigger_refuse_argument(arguments);
	name->data = argument;
	name->len = equals - argument;
	*value = equals + 1;
	return true;
}

/*
 * The column that an argument names.
 */
AttrNumber
trigger_argument_column(const TriggerArguments *arguments, const char *name)
{
	return trigger_column(arguments->function, arguments->relation,
						  arguments->trigger->tgname, name);
}

/*
 * Whether an option's value is the one word; it must be that or the other.
 */
bool
trigger_either(const TriggerArguments *arguments, const char *value,
			   const char *yes, const char *no)
{
	if (strcmp(value, yes) == 0)
		return true;
	if (strcmp(value, no) != 0)
		trigger_refuse_argument(arguments);
	return false;
}

/* ---------------------------------------------------------------------
 * columns
 * ---------------------------------------------------------------------
 */

/*
 * The type of this name of our own: in the schema of the trigger's function.
 */
Oid
trigger_own_type(const Trigger *trigger, const char *name)
{
	return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
						   CStringGetDatum(name),
						   ObjectIdGetDatum(get_func_namespace(trigger->tgfoid)));
}

/*
 * Say in an error which trigger names what is at fault.  Called in ereport().
 */
int
trigger_err_names(const TriggerFunction *function, const char *trigger)
{
	return errdetail("Trigger \"%s\" names it in the arguments of %s().",
					 trigger, function->name);
}

/*
 * The column of a name, which an argument gave.  A generated column that has
 * no value in the trigger is refused, lest its rules be silently passed over.
 */
AttrNumber
trigger_column(const TriggerFunction *function, Relation relation,
			   const char *trigger, const char *name)
{
	AttrNumber	column = SPI_fnumber(RelationGetDescr(relation), name);
	char		generated;

	if (column <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" of relation \"%s\" does not exist",
						name, RelationGetRelationName(relation)),
				 trigger_err_names(function, trigger),
				 errhint("Create the trigger again with the name that the column has."),
				 errtable(relation)));
	generated = TupleDescAttr(RelationGetDescr(relation), column - 1)->attgenerated;
	if (generated == ATTRIBUTE_GENERATED_VIRTUAL ||
		(generated != '\0' && function->before))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("trigger function %s() cannot use generated column \"%s\" of relation \"%s\"",
						function->name, name,
						RelationGetRelationName(relation)),
				 generated == ATTRIBUTE_GENERATED_VIRTUAL ?
				 errdetail("A virtual generated column has no value in a trigger.") :
				 errdetail("A generated column has no value yet when a BEFORE trigger runs."),
				 errtablecol(relation, column)));
	return column;
}

/*
 * Whether an UPDATE names a column, be it with the value that it had.  What
 * comes by replication names all of them.
 */
bool
trigger_sets_column(const TriggerData *data, AttrNumber column)
{
	return TRIGGER_FIRED_BY_UPDATE(data->tg_event) && !IsLogicalWorker() &&
		bms_is_member(column - FirstLowInvalidHeapAttributeNumber,
					  data->tg_updatedcols);
}
