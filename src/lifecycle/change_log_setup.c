/*-------------------------------------------------------------------------
 *
 * change_log_setup.c
 *		What the trigger of a change log logs, by its arguments.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/transam.h"
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/varlena.h"

#include "compat.h"
#include "document/document.h"
#include "lifecycle/change_log_setup.h"

const TriggerFunction change_log_function = {
	"appointment_log_changes",
	"Its arguments are a log table, a key column, and options such as status=status, starts_at=starts_at, confirmed=confirmed, actor=changed_by, format=caspen, values=room,price.",
	.timing = "AFTER",
	.before = false
};

/* Whether the option "values" names a column. */
static bool
values_have(const Logger *logger, const char *name)
{
	ListCell   *cell;

	foreach(cell, logger->values)
	{
		if (strcmp(lfirst(cell), name) == 0)
			return true;
	}
	return false;
}

/* The columns whose values are logged, by the option "values". */
static void
take_log_values(Logger *logger, const TriggerArguments *arguments,
				const char *value)
{
	ListCell   *cell;

	logger->all_values = strcmp(value, "*") == 0;
	if (logger->all_values)
		return;
	if (!SplitIdentifierString(pstrdup(value), ',', &logger->values))
		trigger_refuse_argument(arguments);
	foreach(cell, logger->values)
		(void) trigger_argument_column(arguments, lfirst(cell));
}

static void
take_log_option(Logger *logger, const TriggerArguments *arguments, Word option,
				const char *value)
{
	AttrNumber *column = NULL;

	if (word_equal(option, word_of("status")))
		column = &logger->status;
	else if (word_equal(option, word_of("starts_at")))
		column = &logger->starts_at;
	else if (word_equal(option, word_of("ends_at")))
		column = &logger->ends_at;
	else if (word_equal(option, word_of("confirmed")))
		column = &logger->confirmed;
	else if (word_equal(option, word_of("actor")))
		column = &logger->actor;
	else if (word_equal(option, word_of("format")))
		logger->format = format_argument(value, strlen(value),
										 RECORD_APPOINTMENT);
	else if (word_equal(option, word_of("values")))
		take_log_values(logger, arguments, value);
	else
		trigger_refuse_argument(arguments);

	if (column != NULL)
		*column = trigger_argument_column(arguments, value);
	if (column == &logger->status)
		logger->status_kind = status_column_type(arguments, logger->status);
}

/* How a type's values become JSON. */
static ValueStyle
value_style(Oid type)
{
	switch (getBaseType(type))
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
			return VALUE_NUMBER;
		case BOOLOID:
			return VALUE_BOOLEAN;
		case TIMESTAMPTZOID:
			return VALUE_INSTANT;
		case TIMESTAMPOID:
		case DATEOID:
			return VALUE_DATETIME;
		case JSONOID:
			return VALUE_JSON;
		case JSONBOID:
			return VALUE_JSONB;
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			return VALUE_TEXT;
		default:
			return VALUE_OTHER;
	}
}

/*
 * Whether writing a column's values may fail: JSON that jsonb cannot hold, and
 * what a type's output function may do.
 */
static bool
is_risky(ValueStyle style, Oid type)
{
	switch (style)
	{
		case VALUE_JSON:
		case VALUE_JSONB:
			return true;
		case VALUE_OTHER:
			return !(type_is_enum(type) ||
					 (type < FirstNormalObjectId && get_typlen(type) > 0));
		default:
			return false;
	}
}

/*
 * Whether a column's values may tell who somebody is.  Only what the
 * catalogue of fields knows is known not to, and JSON can have anything in it.
 */
static bool
is_personal(const Logger *logger, AttrNumber column, const char *name,
			ValueStyle style)
{
	const FieldInfo *field = field_by_name(RECORD_APPOINTMENT, name,
										   strlen(name));

	if (logger->all_values || column == logger->key ||
		column == logger->status || column == logger->starts_at ||
		column == logger->ends_at || column == logger->confirmed ||
		column == logger->actor)
		return false;
	if (values_have(logger, name))
		return false;
	return field == NULL || field->personal || style == VALUE_JSON ||
		style == VALUE_JSONB;
}

static void
add_columns(Logger *logger, TupleDesc desc)
{
	logger->columns = palloc_array(LogColumn, desc->natts);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);
		const char *name = NameStr(attribute->attname);
		LogColumn  *column;
		JsonWriter	key;
		bool		varlena;

		if (attribute->attisdropped ||
			(attribute->attnum == logger->status &&
			 logger->status_kind == STATUS_IN_VALUE))
			continue;
		column = &logger->columns[logger->column_count++];
		column->column = attribute->attnum;
		column->type = getBaseType(attribute->atttypid);
		column->style = value_style(attribute->atttypid);
		getTypeOutputInfo(attribute->atttypid, &column->output, &varlena);
		column->personal = is_personal(logger, attribute->attnum, name,
									   column->style);
		column->risky = !column->personal && is_risky(column->style,
													  column->type);
		logger->risky |= column->risky;
		json_writer_begin(&key, 64);
		json_write_key(&key, name, strlen(name));
		column->key = key.out.data;
		column->key_len = key.out.len;
	}
}

/*
 * What a trigger's arguments say, in the current memory context.
 */
Logger *
change_log_set_up(Relation relation, const Trigger *trigger, LOCKMODE lock)
{
	Logger	   *logger = palloc0(sizeof(Logger));
	TriggerArguments arguments;
	Word		option;
	const char *value;
	Relation	log;

	trigger_begin_arguments(&arguments, &change_log_function, relation, trigger,
							2);
	logger->log = change_log_find(&arguments,
								  trigger_next_argument(&arguments), lock,
								  &logger->log_owner);
	logger->parameter_count = change_log_parameter_count(logger->log);
	log = relation_open(logger->log, NoLock);
	change_log_check_columns(log, &arguments, logger->parameter_count);
	relation_close(log, NoLock);
	logger->key = trigger_next_column(&arguments);
	while (trigger_next_option(&arguments, &option, &value))
		take_log_option(logger, &arguments, option, value);
	trigger_end_arguments(&arguments);

	add_columns(logger, RelationGetDescr(relation));
	/* JSON of the services' own is among the personal fields */
	if (logger->all_values && logger->status != 0 &&
		logger->status_kind == STATUS_IN_VALUE)
		logger->risky = true;
	logger->trigger = trigger->tgoid;
	return logger;
}
