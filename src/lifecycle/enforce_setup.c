/*-------------------------------------------------------------------------
 *
 * enforce_setup.c
 *		What the trigger of a life cycle enforces, by its arguments.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "compat.h"
#include "document/document.h"
#include "lifecycle/enforce_setup.h"
#include "lifecycle/lifecycle_cache.h"
#include "record/notice.h"

const TriggerFunction enforce_function = {
	"appointment_enforce_lifecycle",
	"Its arguments are a column, a life cycle, and options such as mode=record, format=caspen, actor=changed_by, history=status_history, cancelled_at=cancelled_on, starts_at=starts_at, cancellation_notice=notice.",
	.timing = "BEFORE INSERT OR UPDATE",
	.before = true
};

/* The columns of options are of the type that their values need. */
static void
check_type(const TriggerArguments *arguments, AttrNumber column, Oid type,
		   Oid needed)
{
	TupleDesc	desc = RelationGetDescr(arguments->relation);
	Form_pg_attribute attribute = TupleDescAttr(desc, column - 1);

	if (type != needed)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of relation \"%s\" is of type %s, not %s",
						NameStr(attribute->attname),
						RelationGetRelationName(arguments->relation),
						format_type_be(attribute->atttypid),
						format_type_be(needed)),
				 trigger_err_names(arguments->function,
								   arguments->trigger->tgname),
				 errtablecol(arguments->relation, column)));
}

static Oid
column_type(const TriggerArguments *arguments, AttrNumber column)
{
	return TupleDescAttr(RelationGetDescr(arguments->relation),
						 column - 1)->atttypid;
}

/* The column that an argument names, which may be changed. */
static AttrNumber
own_column(Enforcer *enforcer, const TriggerArguments *arguments,
		   const char *name)
{
	AttrNumber	column = trigger_argument_column(arguments, name);

	if (get_typtype(column_type(arguments, column)) == TYPTYPE_DOMAIN)
		enforcer->domains = true;
	return column;
}

static void
take_actor(Enforcer *enforcer, const TriggerArguments *arguments,
		   const char *name)
{
	TupleDesc	desc = RelationGetDescr(arguments->relation);

	enforcer->actor = own_column(enforcer, arguments, name);
	enforcer->actor_typmod = TupleDescAttr(desc, enforcer->actor - 1)->atttypmod;
	getTypeInputInfo(column_type(arguments, enforcer->actor),
					 &enforcer->actor_input, &enforcer->actor_param);
}

/* A column that stands for a field of an appointment. */
static void
take_field(Enforcer *enforcer, const TriggerArguments *arguments, Word option,
		   const char *name)
{
	const FieldInfo *field = field_by_name(RECORD_APPOINTMENT, option.data,
										   option.len);
	FieldColumn *mapped;
	Oid			type;

	if (field == NULL || field->number == FIELD_STATUS ||
		(field->kind != KIND_TEXT && field->kind != KIND_INSTANT &&
		 field->kind != KIND_BOOLEAN && field->kind != KIND_INTEGER) ||
		enforcer->field_count == RECORD_FIELDS_MAX)
		trigger_refuse_argument(arguments);
	mapped = &enforcer->fields[enforcer->field_count++];
	mapped->field = field->number;
	mapped->column = own_column(enforcer, arguments, name);
	type = getBaseType(column_type(arguments, mapped->column));
	if (field->kind == KIND_INSTANT)
		check_type(arguments, mapped->column, type, TIMESTAMPTZOID);
	if (field->kind == KIND_BOOLEAN)
		check_type(arguments, mapped->column, type, BOOLOID);
	/* minutes, or how long it is */
	if (field_is_notice(field->number) && type != INT2OID && type != INT8OID &&
		type != INTERVALOID)
		check_type(arguments, mapped->column, type, INT4OID);
}

/* The column of the zone whose days a notice counts. */
static void
take_zone(Enforcer *enforcer, const TriggerArguments *arguments,
		  const char *name)
{
	Oid			type;

	enforcer->zone = trigger_argument_column(arguments, name);
	type = getBaseType(column_type(arguments, enforcer->zone));
	if (type != VARCHAROID)
		check_type(arguments, enforcer->zone, type, TEXTOID);
}

static void
take_enforce_option(Enforcer *enforcer, const TriggerArguments *arguments,
					Word option, const char *value)
{
	if (word_equal(option, word_of("mode")))
		enforcer->record_only = trigger_either(arguments, value, "record",
											   "enforce");
	else if (word_equal(option, word_of("actor")))
		take_actor(enforcer, arguments, value);
	else if (word_equal(option, word_of("exempt")))
		enforcer->exempt = pstrdup(value);
	/* a value has its notices in it, a status has options for them */
	else if (enforcer->kind == STATUS_IN_VALUE &&
			 word_equal(option, word_of("notices")))
		enforcer->notices = trigger_either(arguments, value, "enforce",
										   "ignore");
	/* the rest is for a column that is only a status */
	else if (enforcer->kind == STATUS_IN_VALUE)
		trigger_refuse_argument(arguments);
	else if (word_equal(option, word_of("format")))
		enforcer->format = format_argument(value, strlen(value),
										   RECORD_APPOINTMENT);
	else if (word_equal(option, word_of("history")))
	{
		enforcer->history = own_column(enforcer, arguments, value);
		check_type(arguments, enforcer->history,
				   column_type(arguments, enforcer->history), JSONBOID);
	}
	else if (word_equal(option, word_of("time_zone")))
		take_zone(enforcer, arguments, value);
	else
		take_field(enforcer, arguments, option, value);
}

/* A notice is one before the start, lest it silently were none. */
static void
check_notices(const Enforcer *enforcer)
{
	for (int i = 0; i < enforcer->field_count; i++)
	{
		FieldNumber field = enforcer->fields[i].field;

		if (field_is_notice(field) &&
			enforcer_field_column(enforcer, FIELD_STARTS_AT) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("trigger function %s() needs the start for argument \"%s\"",
							enforce_function.name,
							field_by_number(field)->name),
					 errhint("Add the argument starts_at=column.")));
	}
}

/*
 * What a trigger's arguments say, in the current memory context.
 */
Enforcer *
enforce_set_up(Relation relation, const Trigger *trigger)
{
	Enforcer   *enforcer = palloc0(sizeof(Enforcer));
	TriggerArguments arguments;
	Word		option;
	const char *value;

	trigger_begin_arguments(&arguments, &enforce_function, relation, trigger,
							2);
	enforcer->column = own_column(enforcer, &arguments,
								  trigger_next_argument(&arguments));
	enforcer->kind = status_column_type(&arguments, enforcer->column);
	enforcer->lifecycle = word_of(pstrdup(trigger_next_argument(&arguments)));
	while (trigger_next_option(&arguments, &option, &value))
		take_enforce_option(enforcer, &arguments, option, value);
	check_notices(enforcer);
	/* an unknown one is an error now, not at the first transition */
	(void) lifecycle_by_name(trigger->tgfoid, enforcer->lifecycle);
	trigger_end_arguments(&arguments);
	enforcer->trigger = trigger->tgoid;
	return enforcer;
}

/*
 * The column that stands for a field, or 0.
 */
AttrNumber
enforcer_field_column(const Enforcer *enforcer, FieldNumber field)
{
	for (int i = 0; i < enforcer->field_count; i++)
	{
		if (enforcer->fields[i].field == field)
			return enforcer->fields[i].column;
	}
	return 0;
}

/*
 * The column that a step requires.
 */
AttrNumber
enforcer_required_column(const Enforcer *enforcer, Relation relation,
						 const char *trigger, const Lifecycle *lifecycle,
						 const char *name)
{
	const FieldInfo *field = field_by_name(RECORD_APPOINTMENT, name,
										   strlen(name));
	AttrNumber	column = field == NULL ? 0 :
	enforcer_field_column(enforcer, field->number);

	if (column != 0)
		return column;
	if (SPI_fnumber(RelationGetDescr(relation), name) <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" of relation \"%s\" does not exist",
						name, RelationGetRelationName(relation)),
				 errdetail("Life cycle \"%s\" requires it.", lifecycle->name),
				 field == NULL ?
				 errhint("Change the life cycle, or name another one in the arguments of trigger \"%s\".",
						 trigger) :
				 errhint("Name the column that stands for it in the arguments of trigger \"%s\": %s=column.",
						 trigger, name),
				 errtable(relation)));
	return trigger_column(&enforce_function, relation, trigger, name);
}
