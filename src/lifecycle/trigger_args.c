/*-------------------------------------------------------------------------
 *
 * trigger_args.c
 *		The arguments of triggers: names of columns, and options name=value.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/sysattr.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "base/settings.h"
#include "compat.h"
#include "document/document.h"
#include "lifecycle/trigger_args.h"

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
 * What the status column is.  The type appointment is the one in the schema
 * of the trigger's own function.
 */
StatusColumn
trigger_status_column(const TriggerFunction *function, Relation relation,
					  AttrNumber column, Oid own_function)
{
	Oid			type = getBaseType(SPI_gettypeid(RelationGetDescr(relation),
												 column));
	Oid			own_type;

	own_type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
							   CStringGetDatum("appointment"),
							   ObjectIdGetDatum(get_func_namespace(own_function)));
	if (type == own_type)
		return STATUS_IN_VALUE;
	if (type == TEXTOID || type == VARCHAROID)
		return STATUS_IN_TEXT;
	if (type == BPCHAROID)
		return STATUS_IN_CHAR;
	if (type_is_enum(type))
		return STATUS_IN_ENUM;
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("column \"%s\" of relation \"%s\" is of type %s",
					SPI_fname(RelationGetDescr(relation), column),
					RelationGetRelationName(relation), format_type_be(type)),
			 errdetail("Trigger function %s() needs a column of type appointment, text or an enum.",
					   function->name),
			 errtablecol(relation, column)));
	return STATUS_IN_TEXT;		/* keep compiler quiet */
}

/*
 * The word of a status column that is not null.
 */
Word
trigger_status_word(StatusColumn column, Datum datum)
{
	Word		word;

	if (column == STATUS_IN_VALUE)
	{
		const PackedDocument *document = document_fixed_part(datum);
		Record		record;
		FieldValue	value;

		if (document->status != STATUS_NONE)
			return word_of(status_word((Status) document->status));
		record_open(&record, PG_DETOAST_DATUM(datum));
		if (!record_find(&record, FIELD_STATUS, &value) ||
			value.flags & TAG_NULL)
			return WORD_NONE;
		field_status_text(&value, &word.data, &word.len);
	}
	else if (column == STATUS_IN_TEXT || column == STATUS_IN_CHAR)
	{
		text	   *value = DatumGetTextPP(datum);

		word.data = VARDATA_ANY(value);
		word.len = VARSIZE_ANY_EXHDR(value);
		if (column == STATUS_IN_CHAR)
			word.len = bpchartruelen(unconstify(char *, word.data), word.len);
	}
	else
	{
		HeapTuple	tuple = SearchSysCache1(ENUMOID, datum);
		Form_pg_enum label;

		if (!HeapTupleIsValid(tuple))
			elog(ERROR, "cache lookup failed for enum value %u",
				 DatumGetObjectId(datum));
		label = (Form_pg_enum) GETSTRUCT(tuple);
		word = word_of(pstrdup(NameStr(label->enumlabel)));
		ReleaseSysCache(tuple);
	}
	return word;
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

/*
 * Who changes something, by the setting; none if it is empty.  It is a copy:
 * what runs next may change the setting.
 */
Word
trigger_actor(void)
{
	if (appointment_actor == NULL || appointment_actor[0] == '\0')
		return WORD_NONE;
	return word_of(pstrdup(appointment_actor));
}
