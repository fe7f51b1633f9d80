/*-------------------------------------------------------------------------
 *
 * trigger_args.c
 *		The arguments of triggers: names of columns, and options name=value.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "executor/spi.h"
#include "replication/logicalworker.h"
#include "utils/rel.h"

#include "compat.h"
#include "server/trigger_args.h"

void
trigger_refuse_argument(const TriggerFunction *function, const char *argument)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 argument == NULL ?
			 errmsg("trigger function %s() lacks an argument", function->name) :
			 errmsg("trigger function %s() does not take argument \"%s\"",
					function->name, argument),
			 errhint("%s", function->usage)));
}

static void
describe_arguments(void *arg)
{
	TriggerArguments *arguments = arg;

	errcontext("arguments of trigger \"%s\" of table \"%s\"",
			   arguments->trigger->tgname,
			   RelationGetRelationName(arguments->relation));
}

/*
 * What is raised until trigger_end_arguments() is about a trigger's arguments,
 * and says which trigger's.
 */
void
trigger_begin_arguments(TriggerArguments *arguments, Relation relation,
						const Trigger *trigger)
{
	arguments->relation = relation;
	arguments->trigger = trigger;
	arguments->callback.callback = describe_arguments;
	arguments->callback.arg = arguments;
	arguments->callback.previous = error_context_stack;
	error_context_stack = &arguments->callback;
}

void
trigger_end_arguments(TriggerArguments *arguments)
{
	error_context_stack = arguments->callback.previous;
}

/*
 * Take an option apart: its name, and its value, which is returned.  NULL if
 * there is no "=".
 */
const char *
trigger_option(const char *argument, Word *name)
{
	const char *equals = strchr(argument, '=');

	if (equals == NULL)
		return NULL;
	name->data = argument;
	name->len = equals - argument;
	return equals + 1;
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
				 errdetail("Trigger \"%s\" names it in the arguments of %s().",
						   trigger, function->name),
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
