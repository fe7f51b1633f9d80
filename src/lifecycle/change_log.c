/*-------------------------------------------------------------------------
 *
 * change_log.c
 *		Who changed what when: a table for the log, and the trigger that
 *		writes it.
 *
 *	appointment_log_changes('log', 'key column' [, 'option=value'...])
 *
 * A row trigger AFTER INSERT OR UPDATE OR DELETE.  Its options: status, a
 * column of type appointment or with a status; starts_at, ends_at, confirmed
 * and actor, columns; format, of the words in the status column; values, the
 * columns whose values are logged besides those that are known to be
 * impersonal, or * for all, personal fields included.
 *
 * What changed is one JSON object, a member for each field:
 *
 *	{"status": {"old": "pending", "new": "cancelled"}, "note": {"personal": true}}
 *
 * without "old" where there was nothing, and without "new" where there is
 * nothing now; a history has only the entries that are new, as "added".  With
 * a column of type appointment these are its fields, and the other columns are
 * in the member "row", likewise.
 *
 * The log never refuses a row that its table takes.  What jsonb cannot hold of
 * a json column is logged as a string, and values that take too much, or have
 * no text, are {"unlogged": true}.
 *
 * Who may write bookings need not be able to write the log, and so cannot
 * forge it: the owner of the table that changes must be.  What the log's own
 * triggers do is done as the log's owner, as a subscriber applies changes, and
 * with a safe search_path: else whoever may make a trigger could have a log of
 * his own run what he likes as the table's owner, and whoever may write could
 * lead the log's triggers to functions of his own.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "catalog/namespace.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/regproc.h"
#include "utils/syscache.h"
#include "utils/varlena.h"

#include "compat.h"
#include "document/diff.h"
#include "document/document.h"
#include "document/document_type.h"
#include "lifecycle/actor.h"
#include "lifecycle/change_log.h"
#include "lifecycle/lifecycle.h"
#include "lifecycle/status_column.h"
#include "server/attempt.h"
#include "server/partition.h"
#include "server/statement.h"
#include "server/trigger_args.h"
#include "server/value_text.h"

static const TriggerFunction log_function = {
	"appointment_log_changes",
	"Its arguments are a log table, a key column, and options such as status=status, starts_at=starts_at, confirmed=confirmed, actor=changed_by, format=caspen, values=room,price.",
	.timing = "AFTER",
	.before = false
};

/* How much JSON a change may be, and how long a key, which is indexed. */
#define CHANGES_MAX			(16 * 1024 * 1024)
#define KEY_MAX				1024

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

static const char *const parameters[PARAMETER_COUNT] = {
	"actor", "session_role", "operation", "event", "key", "changes",
	"system_identifier",
};

static const Oid parameter_types[PARAMETER_COUNT] = {
	TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, JSONBOID, INT8OID,
};

/* How many of them a log has. */
static int
parameter_count(Oid log)
{
	return get_attnum(log, parameters[PARAMETER_SYSTEM]) != InvalidAttrNumber ?
		PARAMETER_COUNT : PARAMETER_SYSTEM;
}

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

/* A row that has left for another partition, where it is not new. */
typedef struct MovedRow
{
	char	   *key;			/* NULL: none */
	char	   *actor;
	uint32		history_count;
} MovedRow;

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
	MovedRow   *moved;			/* of the statement, in a partition; or NULL */
} Logger;

/* One firing. */
typedef struct Change
{
	const Logger *logger;
	const TriggerData *data;
	TupleDesc	desc;
	HeapTuple	old;			/* NULL on INSERT */
	HeapTuple	new;			/* NULL on DELETE */
	Record		old_value;		/* of a column of type appointment */
	Record		new_value;
	bool		careful;		/* writing it has failed */
} Change;

/* ---------------------------------------------------------------------
 * the log table
 * ---------------------------------------------------------------------
 */

static void
run_utility(const char *statement)
{
	if (SPI_execute(statement, false, 0) != SPI_OK_UTILITY)
		elog(ERROR, "SPI_execute failed: %s", statement);
}

/* (name) -> regclass */
APPOINTMENT_FUNCTION(appointment_create_change_log);
Datum
appointment_create_change_log(PG_FUNCTION_ARGS)
{
	static const struct
	{
		const char *column;
		const char *comment;
	}			comments[] = {
		{"seq", "number of the row, with gaps, in the order of writing and not of commits"},
		{"xid", "transaction that wrote the row: what is below pg_snapshot_xmin(pg_current_snapshot()) is complete"},
		{"system_identifier", "cluster that wrote the row, by pg_control_system(): xid counts in it alone, and what another one wrote is complete"},
		{"at", "when the transaction began"},
		{"actor", "who changed it, as the application says: not authenticated"},
		{"session_role", "role that the session was authenticated as"},
		{"operation", "INSERT, UPDATE or DELETE"},
		{"event", "what happened, such as created, rescheduled, confirmed, cancelled"},
		{"key", "key of the row that changed"},
		{"changes", "changed fields, each with its old and new value; personal values are left out unless asked for"},
	};
	RangeVar   *name;
	char	   *quoted;
	Oid			namespace;
	Oid			log;

	name = makeRangeVarFromNameList(textToQualifiedNameList(PG_GETARG_TEXT_PP(0)));
	namespace = RangeVarGetCreationNamespace(name);
	quoted = quote_qualified_identifier(get_namespace_name(namespace),
										name->relname);
	SPI_connect();
	run_utility(psprintf("CREATE TABLE %s ("
						 "seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
						 "xid pg_catalog.xid8 NOT NULL DEFAULT pg_catalog.pg_current_xact_id(), "
						 "system_identifier pg_catalog.int8 NOT NULL DEFAULT (pg_catalog.pg_control_system()).system_identifier, "
						 "at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.now(), "
						 "actor pg_catalog.text, "
						 "session_role pg_catalog.text NOT NULL, "
						 "operation pg_catalog.text NOT NULL, "
						 "event pg_catalog.text NOT NULL, "
						 "key pg_catalog.text, "
						 "changes pg_catalog.jsonb NOT NULL)", quoted));
	run_utility(psprintf("CREATE INDEX ON %s (key, seq)", quoted));
	run_utility(psprintf("COMMENT ON TABLE %s IS 'who changed what when, written by appointment_log_changes()'",
						 quoted));
	for (int i = 0; i < (int) lengthof(comments); i++)
		run_utility(psprintf("COMMENT ON COLUMN %s.%s IS %s", quoted,
							 quote_identifier(comments[i].column),
							 quote_literal_cstr(comments[i].comment)));
	SPI_finish();
	log = get_relname_relid(name->relname, namespace);
	PG_RETURN_OID(log);
}

/* ---------------------------------------------------------------------
 * arguments
 * ---------------------------------------------------------------------
 */

/* The owner of the table that changes has to be one who may write the log. */
typedef struct LogCheck
{
	Oid			writer;
	Oid			owner;			/* of the log */
} LogCheck;

static void
check_log(const RangeVar *name, Oid log, Oid old_log, void *arg)
{
	LogCheck   *check = arg;
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(log));
	char		kind;

	if (!HeapTupleIsValid(tuple))
		return;					/* there is none, or not any more */
	check->owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	kind = ((Form_pg_class) GETSTRUCT(tuple))->relkind;
	ReleaseSysCache(tuple);
	if (check->owner == check->writer ||
		pg_class_aclcheck(log, check->writer, ACL_INSERT) == ACLCHECK_OK)
		return;
	for (int i = 0; i < PARAMETER_SYSTEM; i++)
	{
		AttrNumber	column = get_attnum(log, parameters[i]);

		if (column == InvalidAttrNumber ||
			pg_attribute_aclcheck(log, column, check->writer,
								  ACL_INSERT) != ACLCHECK_OK)
			aclcheck_error(ACLCHECK_NO_PRIV, get_relkind_objtype(kind),
						   name->relname);
	}
}

/*
 * The log table.  A name without a schema is in that of the table, never
 * where the session's search_path leads.  It is locked, so that what is
 * written is the table that was looked at; and looked for as the table's owner,
 * because who writes the table need not see the log.
 */
static Oid
find_log(const TriggerArguments *arguments, const char *argument,
		 LOCKMODE lock, Oid *owner)
{
	Relation	relation = arguments->relation;
	LogCheck	check = {relation->rd_rel->relowner, InvalidOid};
	RangeVar   *name;
	Oid			log;
	Oid			user;
	int			security;

	name = makeRangeVarFromNameList(qualified_name_list(argument));
	if (name->schemaname == NULL)
	{
		Oid			table = trigger_made_on(arguments->trigger,
											RelationGetRelid(relation));

		name->schemaname = get_namespace_name(get_rel_namespace(topmost_table(table)));
	}
	/* what is raised restores the user by itself */
	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(check.writer,
						   security | SECURITY_LOCAL_USERID_CHANGE);
	log = RangeVarGetRelidExtended(name, lock, RVR_MISSING_OK, check_log, &check);
	SetUserIdAndSecContext(user, security);
	if (!OidIsValid(log))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation \"%s.%s\" does not exist", name->schemaname,
						name->relname),
				 trigger_err_names(arguments->function,
								   arguments->trigger->tgname),
				 errhint("Create it with appointment_create_change_log(), or create the trigger again with the log's name.")));
	*owner = check.owner;
	return log;
}

/* Say in an error what the log is to a trigger.  Called in ereport(). */
static int
err_logs(const TriggerArguments *arguments)
{
	return errdetail("Trigger \"%s\" logs changes in it.",
					 arguments->trigger->tgname);
}

/*
 * A log has the columns that are written, and takes what is written to them.
 */
static void
check_log_columns(Relation log, const TriggerArguments *arguments, int count)
{
	TupleDesc	desc = RelationGetDescr(log);

	switch (log->rd_rel->relkind)
	{
		case RELKIND_RELATION:
		case RELKIND_PARTITIONED_TABLE:
		case RELKIND_FOREIGN_TABLE:
		case RELKIND_VIEW:
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_WRONG_OBJECT_TYPE),
					 errmsg("\"%s\" is no table to log changes in",
							RelationGetRelationName(log)),
					 trigger_err_names(arguments->function,
									   arguments->trigger->tgname)));
	}
	for (int i = 0; i < count; i++)
	{
		AttrNumber	column = get_attnum(RelationGetRelid(log), parameters[i]);
		Form_pg_attribute attribute;

		if (column <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("column \"%s\" of relation \"%s\" does not exist",
							parameters[i], RelationGetRelationName(log)),
					 err_logs(arguments),
					 errhint("appointment_create_change_log() creates a table that fits."),
					 errtable(log)));
		attribute = TupleDescAttr(desc, column - 1);
		if (attribute->attgenerated != '\0' ||
			attribute->attidentity == ATTRIBUTE_IDENTITY_ALWAYS)
			ereport(ERROR,
					(errcode(ERRCODE_GENERATED_ALWAYS),
					 errmsg("column \"%s\" of relation \"%s\" is generated always",
							parameters[i], RelationGetRelationName(log)),
					 err_logs(arguments),
					 errtablecol(log, column)));
		if (!can_coerce_type(1, &parameter_types[i], &attribute->atttypid,
							 COERCION_ASSIGNMENT))
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of relation \"%s\" is of type %s, not %s",
							parameters[i], RelationGetRelationName(log),
							format_type_be(attribute->atttypid),
							format_type_be(parameter_types[i])),
					 err_logs(arguments),
					 errtablecol(log, column)));
	}
}

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
take_values(Logger *logger, const TriggerArguments *arguments,
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
take_option(Logger *logger, const TriggerArguments *arguments, Word option,
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
		take_values(logger, arguments, value);
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

/* What a trigger's arguments say, in the current memory context. */
static Logger *
set_up(Relation relation, const Trigger *trigger, LOCKMODE lock)
{
	Logger	   *logger = palloc0(sizeof(Logger));
	TriggerArguments arguments;
	Word		option;
	const char *value;
	Relation	log;

	trigger_begin_arguments(&arguments, &log_function, relation, trigger, 2);
	logger->log = find_log(&arguments, trigger_next_argument(&arguments), lock,
						   &logger->log_owner);
	logger->parameter_count = parameter_count(logger->log);
	log = relation_open(logger->log, NoLock);
	check_log_columns(log, &arguments, logger->parameter_count);
	relation_close(log, NoLock);
	logger->key = trigger_next_column(&arguments);
	while (trigger_next_option(&arguments, &option, &value))
		take_option(logger, &arguments, option, value);
	trigger_end_arguments(&arguments);

	add_columns(logger, RelationGetDescr(relation));
	/* JSON of the services' own is among the personal fields */
	if (logger->all_values && logger->status != 0 &&
		logger->status_kind == STATUS_IN_VALUE)
		logger->risky = true;
	logger->trigger = trigger->tgoid;
	return logger;
}

static const Logger *
read_arguments(FunctionCallInfo fcinfo, const TriggerData *data)
{
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	MemoryContext old_context = MemoryContextSwitchTo(context);
	Logger	   *logger = set_up(data->tg_relation, data->tg_trigger,
								RowExclusiveLock);

	logger->context = context;
	if (data->tg_relation->rd_rel->relispartition)
		logger->moved = statement_keep(context, &log_function,
									   partition_root(RelationGetRelid(data->tg_relation)),
									   data->tg_trigger->tgname,
									   sizeof(MovedRow));
	fcinfo->flinfo->fn_extra = logger;
	MemoryContextSwitchTo(old_context);
	return logger;
}

/* ---------------------------------------------------------------------
 * what changed
 * ---------------------------------------------------------------------
 */

static void
write_column(JsonWriter *writer, const LogColumn *column, Datum datum)
{
	char		buffer[MAXDATELEN + 1];
	char	   *out;

	switch (column->style)
	{
		case VALUE_BOOLEAN:
			if (DatumGetBool(datum))
				json_write_literal(writer, "true");
			else
				json_write_literal(writer, "false");
			return;
		case VALUE_INSTANT:
			if (instant_in_range(DatumGetTimestampTz(datum)))
			{
				instant_format(DatumGetTimestampTz(datum), 0, buffer);
				json_write_string(writer, buffer, strlen(buffer));
				return;
			}
			pg_fallthrough;
		case VALUE_DATETIME:
			JsonEncodeDateTime(buffer, datum, column->type, NULL);
			json_write_string(writer, buffer, strlen(buffer));
			return;
		case VALUE_TEXT:
			{
				text	   *value = DatumGetTextPP(datum);

				json_write_string(writer, VARDATA_ANY(value),
								  VARSIZE_ANY_EXHDR(value));
				return;
			}
		case VALUE_JSONB:
			out = JsonbToCString(NULL, &DatumGetJsonbP(datum)->root, 64);
			json_write_bytes(writer, out, strlen(out));
			return;
		default:
			out = OidOutputFunctionCall(column->output, datum);
			/* no NaN and no Infinity */
			if (column->style == VALUE_JSON ||
				(column->style == VALUE_NUMBER &&
				 strspn(out, "0123456789.+-eE") == strlen(out)))
				json_write_bytes(writer, out, strlen(out));
			else
				json_write_string(writer, out, strlen(out));
	}
}

/* Begin what stands for one of the two values of a field. */
static inline void
begin_side(JsonWriter *writer, const char *side)
{
	json_write_key(writer, side, strlen(side));
}

/*
 * Forget what was written since a place, and say that it is not logged.
 */
static void
write_unlogged(JsonWriter *writer, int start)
{
	writer->out.len = start;
	writer->comma = false;
	json_write_literal(writer, "\"unlogged\":true");
}

/*
 * Whether jsonb takes what was written: an error if not.  It is looked at as
 * deep down as it will be.
 */
static void
attempt_jsonb(const JsonWriter *writer, bool members)
{
	JsonWriter	whole;

	if (writer->out.len > CHANGES_MAX)
		return;					/* it is left out for that */
	json_writer_begin(&whole, writer->out.len + 32);
	if (members)
		json_write_literal(&whole, "{\"\":{");
	else
		json_write_literal(&whole, "{\"\":{\"\":{\"\":");
	json_write_bytes(&whole, writer->out.data, writer->out.len);
	if (members)
		json_write_literal(&whole, "}}");
	else
		json_write_literal(&whole, "}}}");
	(void) DirectFunctionCall1(jsonb_in,
							   CStringGetDatum(json_writer_cstring(&whole)));
}

/* A column's value, to be written by itself. */
typedef struct ColumnAttempt
{
	const LogColumn *column;
	Datum		datum;
	bool		as_string;		/* that of the JSON in it */
	JsonWriter	writer;
} ColumnAttempt;

static void
attempt_column(void *arg)
{
	ColumnAttempt *this = arg;
	char	   *out;

	json_writer_begin(&this->writer, 64);
	if (this->as_string)
	{
		out = OidOutputFunctionCall(this->column->output, this->datum);
		json_write_string(&this->writer, out, strlen(out));
	}
	else
		write_column(&this->writer, this->column, this->datum);
	attempt_jsonb(&this->writer, false);
}

/*
 * Write one of the two values of a column.  Returns false if that cannot be;
 * then what it has written is of no use.
 */
static bool
write_side(JsonWriter *writer, const Change *change, const LogColumn *column,
		   const char *side, Datum datum)
{
	Form_pg_attribute attribute = TupleDescAttr(change->desc,
												column->column - 1);
	ColumnAttempt this = {.column = column, .datum = datum};

	/* before memory is spent on it */
	if (attribute->attlen == -1 &&
		toast_raw_datum_size(datum) + writer->out.len > CHANGES_MAX)
		return false;
	begin_side(writer, side);
	if (!change->careful || !column->risky)
		write_column(writer, column, datum);
	else
	{
		if (attempt(attempt_column, &this) != NULL)
		{
			if (column->style != VALUE_JSON)
				return false;
			this.as_string = true;
			if (attempt(attempt_column, &this) != NULL)
				return false;
		}
		json_write_bytes(writer, this.writer.out.data, this.writer.out.len);
	}
	writer->comma = true;
	return writer->out.len <= CHANGES_MAX;
}

/* Write the columns that differ.  Returns whether there are any. */
static bool
write_columns(JsonWriter *writer, const Change *change)
{
	const Logger *logger = change->logger;
	bool		any = false;

	for (int i = 0; i < logger->column_count; i++)
	{
		const LogColumn *column = &logger->columns[i];
		Form_pg_attribute attribute = TupleDescAttr(change->desc,
													column->column - 1);
		bool		old_null = true;
		bool		new_null = true;
		Datum		old = (Datum) 0;
		Datum		new = (Datum) 0;

		if (change->old != NULL)
			old = heap_getattr(change->old, column->column, change->desc,
							   &old_null);
		if (change->new != NULL)
			new = heap_getattr(change->new, column->column, change->desc,
							   &new_null);
		if ((old_null && new_null) ||
			(!old_null && !new_null &&
			 datum_image_eq(old, new, attribute->attbyval, attribute->attlen)))
			continue;

		any = true;
		json_begin_item(writer);
		json_write_bytes(writer, column->key, column->key_len);
		json_open(writer, '{');
		if (column->personal)
			json_write_literal(writer, "\"personal\":true");
		else
		{
			int			start = writer->out.len;

			if ((!old_null && !write_side(writer, change, column, "old", old)) ||
				(!new_null && !write_side(writer, change, column, "new", new)))
				write_unlogged(writer, start);
		}
		json_close(writer, '}');
	}
	return any;
}

/*
 * A field alone, without what is personal in it: unknown members are, wherever
 * they stand.
 */
static void
impersonal_field(const Record *from, const FieldInfo *field, Record *to)
{
	RecordBuilder builder;
	FieldValue	value;

	memset(to, 0, sizeof(*to));
	if (from->document == NULL || !record_find(from, field->number, &value))
		return;
	record_begin(&builder);
	document_erase_field(&builder, field->number, &value);
	record_open(to,
				(struct varlena *) record_build(&builder, RECORD_APPOINTMENT));
}

/*
 * Write the entries that were added to the history: those before are in
 * earlier rows of the log.  Returns false if it was not only added to.
 */
static bool
write_added_history(JsonWriter *writer, const Record *old_value,
					const Record *new_value)
{
	const FieldInfo *field = field_by_number(FIELD_STATUS_HISTORY);
	FieldValue	value;
	FieldValue	item;
	PackedBlock old;
	PackedBlock new;
	ListBuilder added;
	RecordBuilder builder;
	Record		record;

	if (old_value->document == NULL || new_value->document == NULL ||
		!record_find(old_value, FIELD_STATUS_HISTORY, &value) ||
		value.flags & TAG_NULL)
		return false;
	list_open(&old, &value);
	if (!record_find(new_value, FIELD_STATUS_HISTORY, &value) ||
		value.flags & TAG_NULL)
		return false;
	list_open(&new, &value);
	if (new.count <= old.count)
		return false;
	list_begin(&added);
	for (uint32 i = 0; i < new.count; i++)
	{
		list_at(&new, i, &item);
		if (i >= old.count)
			list_add_item(&added, &item);
		else
		{
			list_at(&old, i, &value);
			if (value.size != item.size ||
				memcmp(value.data, item.data, item.size) != 0)
				return false;
		}
	}
	record_begin(&builder);
	record_add_list(&builder, FIELD_STATUS_HISTORY, &added);
	record_open(&record,
				(struct varlena *) record_build(&builder, RECORD_APPOINTMENT));
	begin_side(writer, "added");
	appointment_write_field(&record, field, writer);
	return true;
}

/* One value of a field, as JSON or, if it cannot be that, as a string of it. */
static void
write_field_side(JsonWriter *writer, const char *side, const Record *record,
				 const FieldInfo *field, bool as_string)
{
	JsonWriter	value;

	json_writer_begin(&value, 64);
	if (!appointment_write_field(record, field, &value))
		return;
	begin_side(writer, side);
	if (as_string)
		json_write_string(writer, value.out.data, value.out.len);
	else
		json_write_bytes(writer, value.out.data, value.out.len);
	writer->comma = true;
}

/* The values of a field, to be written by themselves. */
typedef struct FieldAttempt
{
	const FieldInfo *field;
	const Record *old;
	const Record *new;
	bool		as_string;
	JsonWriter	writer;
} FieldAttempt;

static void
write_field_values(FieldAttempt *this)
{
	JsonWriter *writer = &this->writer;

	if (!this->as_string && this->field->number == FIELD_STATUS_HISTORY &&
		write_added_history(writer, this->old, this->new))
		return;
	write_field_side(writer, "old", this->old, this->field, this->as_string);
	write_field_side(writer, "new", this->new, this->field, this->as_string);
}

static void
attempt_field(void *arg)
{
	FieldAttempt *this = arg;

	json_writer_begin(&this->writer, 64);
	write_field_values(this);
	attempt_jsonb(&this->writer, true);
}

/* Write a field that differs. */
static void
write_field(JsonWriter *writer, const Change *change, const FieldInfo *field)
{
	FieldAttempt this = {.field = field, .old = &change->old_value,
	.new = &change->new_value};
	int			start = writer->out.len;
	Record		old;
	Record		new;

	if (!change->logger->all_values)
	{
		if (!field->personal && (field->kind == KIND_RECORD ||
								 field->kind == KIND_RECORD_LIST))
		{
			impersonal_field(this.old, field, &old);
			impersonal_field(this.new, field, &new);
			this.old = &old;
			this.new = &new;
		}
		if (field->personal ||
			!appointment_field_differs(this.old, this.new, field))
		{
			json_write_literal(writer, "\"personal\":true");
			return;
		}
	}
	if (change->careful)
	{
		if (attempt(attempt_field, &this) != NULL)
		{
			this.as_string = true;
			if (attempt(attempt_field, &this) != NULL)
			{
				write_unlogged(writer, start);
				return;
			}
		}
		json_write_bytes(writer, this.writer.out.data, this.writer.out.len);
	}
	else
	{
		this.writer = *writer;
		write_field_values(&this);
		*writer = this.writer;
	}
	if (writer->out.len > CHANGES_MAX)
		write_unlogged(writer, start);
}

/* Write the fields of the appointment that differ. */
static bool
write_fields(JsonWriter *writer, const Change *change)
{
	bool		any = false;

	for (int i = record_first[RECORD_APPOINTMENT];
		 i < record_first[RECORD_APPOINTMENT + 1]; i++)
	{
		const FieldInfo *field = &field_catalogue[i];

		if (!appointment_field_differs(&change->old_value, &change->new_value,
									   field))
			continue;
		any = true;
		json_write_key(writer, field->name, strlen(field->name));
		json_open(writer, '{');
		write_field(writer, change, field);
		json_close(writer, '}');
	}
	return any;
}

/* What changed, as JSON; NULL if nothing did. */
static char *
write_changes(const Change *change)
{
	JsonWriter	writer;
	JsonWriter	row;
	bool		any;

	json_writer_begin(&writer, 512);
	json_open(&writer, '{');
	if (change->old_value.document == NULL && change->new_value.document == NULL)
		any = write_columns(&writer, change);
	else
	{
		any = write_fields(&writer, change);
		json_writer_begin(&row, 256);
		json_open(&row, '{');
		if (write_columns(&row, change))
		{
			json_close(&row, '}');
			json_write_key(&writer, "row", 3);
			json_write_bytes(&writer, row.out.data, row.out.len);
			any = true;
		}
	}
	json_close(&writer, '}');
	return any ? json_writer_cstring(&writer) : NULL;
}

/* The same as jsonb; *changes is NULL if nothing changed. */
typedef struct ChangesAttempt
{
	const Change *change;
	Jsonb	   *changes;
} ChangesAttempt;

static void
attempt_changes(void *arg)
{
	ChangesAttempt *this = arg;
	char	   *text = write_changes(this->change);

	this->changes = text == NULL ? NULL :
		DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
}

/*
 * What changed; NULL if nothing did.  Where that may fail it is tried first,
 * and if it does each value by itself.
 */
static Jsonb *
changes_jsonb(Change *change)
{
	ChangesAttempt this = {change, NULL};

	if (!change->logger->risky)
		attempt_changes(&this);
	else if (attempt(attempt_changes, &this) != NULL)
	{
		change->careful = true;
		attempt_changes(&this);
	}
	return this.changes;
}

/* ---------------------------------------------------------------------
 * what happened
 * ---------------------------------------------------------------------
 */

static Word
tuple_status(const Change *change, HeapTuple tuple)
{
	const Logger *logger = change->logger;
	bool		isnull;
	Datum		datum;
	Word		word;

	if (logger->status == 0)
		return WORD_NONE;
	datum = heap_getattr(tuple, logger->status, change->desc, &isnull);
	if (isnull)
		return WORD_NONE;
	word = status_column_word(logger->status_kind, datum);
	if (logger->format != NULL && logger->format->statuses != NULL)
	{
		for (const StatusWord *known = logger->format->statuses->words;
			 known->word != NULL; known++)
		{
			if (word_equal(word_of(known->word), word))
				return word_of(status_word(known->status));
		}
	}
	return word;
}

static bool
column_differs(const Change *change, AttrNumber column)
{
	Form_pg_attribute attribute;
	bool		old_null;
	bool		new_null;
	Datum		old;
	Datum		new;

	if (column == 0)
		return false;
	attribute = TupleDescAttr(change->desc, column - 1);
	old = heap_getattr(change->old, column, change->desc, &old_null);
	new = heap_getattr(change->new, column, change->desc, &new_null);
	if (old_null || new_null)
		return old_null != new_null;
	return !datum_image_eq(old, new, attribute->attbyval, attribute->attlen);
}

static bool
value_differs(const Change *change, FieldNumber number)
{
	return appointment_field_differs(&change->old_value, &change->new_value,
									 field_by_number(number));
}

/* The event: the status before the times before the confirmation. */
static const char *
name_event(const Change *change)
{
	const Logger *logger = change->logger;
	bool		in_value = change->new_value.document != NULL;
	Word		old_status;
	Word		new_status;
	bool		confirmed = false;

	if (change->old == NULL)
		return "created";
	if (change->new == NULL)
		return "deleted";
	old_status = tuple_status(change, change->old);
	new_status = tuple_status(change, change->new);
	if (!word_same_status(old_status, new_status))
		return status_event(old_status, new_status);

	if (column_differs(change, logger->starts_at) ||
		column_differs(change, logger->ends_at) ||
		(in_value && (value_differs(change, FIELD_STARTS_AT) ||
					  value_differs(change, FIELD_ENDS_AT))))
		return "rescheduled";

	if (in_value && value_differs(change, FIELD_CONFIRMED))
	{
		FieldValue	value;

		confirmed = record_find(&change->new_value, FIELD_CONFIRMED, &value) &&
			(value.flags & TAG_TRUE) != 0;
	}
	else if (column_differs(change, logger->confirmed))
	{
		AttrNumber	column = logger->confirmed;
		bool		isnull;
		Datum		datum = heap_getattr(change->new, column, change->desc,
										 &isnull);

		/* a boolean, or the time when it was */
		confirmed = !isnull &&
			(getBaseType(TupleDescAttr(change->desc, column - 1)->atttypid) != BOOLOID ||
			 DatumGetBool(datum));
	}
	else
		return "updated";
	return confirmed ? "confirmed" : "unconfirmed";
}

/* A column as text, NULL if it is null. */
static char *
column_text(const Change *change, AttrNumber column)
{
	HeapTuple	tuple = change->new != NULL ? change->new : change->old;
	bool		isnull;
	Datum		datum = heap_getattr(tuple, column, change->desc, &isnull);

	if (isnull)
		return NULL;
	return value_text(TupleDescAttr(change->desc, column - 1)->atttypid, datum);
}

/* ---------------------------------------------------------------------
 * who did it
 * ---------------------------------------------------------------------
 */

/* The history of a value, empty if it has none. */
static void
open_history(const Record *record, PackedBlock *history)
{
	FieldValue	value;

	memset(history, 0, sizeof(*history));
	if (record->document != NULL &&
		record_find(record, FIELD_STATUS_HISTORY, &value) &&
		!(value.flags & TAG_NULL))
		list_open(history, &value);
}

/*
 * By the last entry that the history got, who changed the appointment; NULL if
 * it got none.
 */
static char *
history_actor(const Change *change, uint32 old_count)
{
	FieldValue	value;
	PackedBlock history;
	Record		entry;

	open_history(&change->new_value, &history);
	if (history.count <= old_count)
		return NULL;
	list_at(&history, history.count - 1, &value);
	record_open_sub(&entry, &value);
	if (!record_find(&entry, FIELD_CHANGE_CHANGED_BY, &value) ||
		value.flags & TAG_NULL)
		return NULL;
	return pnstrdup(value.data, value.size);
}

/* A row leaves for another partition: remember what is not new there. */
static void
remember_row(const Change *change, const char *key)
{
	const Logger *logger = change->logger;
	MovedRow   *moved = logger->moved;
	char	   *actor;
	PackedBlock history;

	if (moved == NULL || key == NULL || change->new != NULL ||
		!HeapTupleHeaderIndicatesMovedPartitions(change->old->t_data))
		return;
	actor = logger->actor == 0 ? NULL : column_text(change, logger->actor);
	open_history(&change->old_value, &history);
	if (moved->key != NULL)
		pfree(moved->key);
	if (moved->actor != NULL)
		pfree(moved->actor);
	moved->key = MemoryContextStrdup(logger->context, key);
	moved->actor = actor == NULL ? NULL :
		MemoryContextStrdup(logger->context, actor);
	moved->history_count = history.count;
}

/* The row that has just left another partition to come here, or NULL. */
static const MovedRow *
moved_row(const Change *change, const char *key)
{
	MovedRow   *moved = change->logger->moved;

	if (moved == NULL || change->old != NULL || moved->key == NULL ||
		key == NULL || strcmp(moved->key, key) != 0)
		return NULL;
	pfree(moved->key);
	moved->key = NULL;
	return moved;
}

/*
 * Who changed it: the actor's column if it changed, else the setting, else the
 * history's new entry, else the column if the statement set it to what it was.
 * What somebody else has left in the column tells nothing.
 */
static char *
name_actor(const Change *change, const char *key)
{
	AttrNumber	column = change->logger->actor;
	const MovedRow *moved = moved_row(change, key);
	Word		actor = actor_of_session();
	char	   *text = NULL;
	bool		changed;
	PackedBlock history;
	uint32		old_count;

	if (column != 0 && change->new != NULL)
		text = column_text(change, column);
	if (text != NULL)
	{
		if (moved != NULL)
			changed = moved->actor == NULL || strcmp(moved->actor, text) != 0;
		else
			changed = change->old == NULL || column_differs(change, column);
		if (changed)
			return text;
	}
	if (actor.data != NULL)
		return pnstrdup(actor.data, actor.len);

	open_history(&change->old_value, &history);
	old_count = moved != NULL ? moved->history_count : history.count;
	if (history_actor(change, old_count) != NULL)
		return history_actor(change, old_count);
	return text != NULL && trigger_sets_column(change->data, column) ? text : NULL;
}

/* ---------------------------------------------------------------------
 * the trigger
 * ---------------------------------------------------------------------
 */

/* The plans that insert into logs, for the session. */
typedef struct LogPlan
{
	Oid			log;			/* hash key */
	char		name[2 * NAMEDATALEN * 2 + 8];	/* as it is in the plan */
	int			count;			/* of its parameters */
	SPIPlanPtr	plan;
} LogPlan;

static HTAB *plans = NULL;

static SPIPlanPtr
insert_plan(Oid log, int count)
{
	char	   *table = get_rel_name(log);
	char	   *name;
	LogPlan    *plan;
	bool		found;

	if (table == NULL)
		elog(ERROR, "cache lookup failed for relation %u", log);
	name = quote_qualified_identifier(get_namespace_name(get_rel_namespace(log)),
									  table);
	if (plans == NULL)
	{
		HASHCTL		control = {0};

		control.keysize = sizeof(Oid);
		control.entrysize = sizeof(LogPlan);
		plans = hash_create("appointment log plans", 8, &control,
							HASH_ELEM | HASH_BLOBS);
	}
	plan = hash_search(plans, &log, HASH_ENTER, &found);
	if (!found)
		plan->plan = NULL;
	/* The table may have been renamed since, or got the column. */
	if (plan->plan == NULL || strcmp(plan->name, name) != 0 ||
		plan->count != count)
	{
		StringInfoData statement;
		Oid			types[PARAMETER_COUNT];
		SPIPlanPtr	prepared;

		initStringInfo(&statement);
		appendStringInfo(&statement, "INSERT INTO %s (", name);
		for (int i = 0; i < count; i++)
			appendStringInfo(&statement, "%s%s", i == 0 ? "" : ", ",
							 parameters[i]);
		appendStringInfoString(&statement, ") VALUES (");
		for (int i = 0; i < count; i++)
			appendStringInfo(&statement, "%s$%d", i == 0 ? "" : ", ", i + 1);
		appendStringInfoChar(&statement, ')');
		memcpy(types, parameter_types, sizeof(types));
		prepared = SPI_prepare(statement.data, count, types);
		if (prepared == NULL)
			elog(ERROR, "SPI_prepare failed: %s",
				 SPI_result_code_string(SPI_result));
		SPI_keepplan(prepared);
		if (plan->plan != NULL)
			SPI_freeplan(plan->plan);
		plan->plan = prepared;
		plan->count = count;
		strlcpy(plan->name, name, sizeof(plan->name));
	}
	return plan->plan;
}

/* The role that was authenticated, which may have been dropped since. */
static char *
session_role(void)
{
	char	   *name = GetUserNameFromId(GetSessionUserId(), true);

	return name != NULL ? name :
		psprintf("unknown (OID=%u)", GetSessionUserId());
}

static void
open_value(const Change *change, HeapTuple tuple, Record *record)
{
	bool		isnull;
	Datum		datum;

	memset(record, 0, sizeof(*record));
	if (tuple == NULL || change->logger->status == 0 ||
		change->logger->status_kind != STATUS_IN_VALUE)
		return;
	datum = heap_getattr(tuple, change->logger->status, change->desc, &isnull);
	if (isnull)
		return;
	record_open(record, PG_DETOAST_DATUM(datum));
	record_check(record, RECORD_APPOINTMENT);
}

APPOINTMENT_FUNCTION(appointment_log_changes);
Datum
appointment_log_changes(PG_FUNCTION_ARGS)
{
	const TriggerData *data = (TriggerData *) fcinfo->context;
	const Logger *logger;
	Change		change;
	const char *operation;
	const char *event;
	Jsonb	   *changes;
	char	   *actor;
	char	   *key;
	Datum		values[PARAMETER_COUNT];
	char		nulls[PARAMETER_COUNT + 1];
	Oid			user;
	int			security;
	int			nest_level;
	int			result;

	if (!CALLED_AS_TRIGGER(fcinfo))
		trigger_refuse_call(&log_function);
	if (!TRIGGER_FIRED_AFTER(data->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(data->tg_event))
		trigger_refuse_timing(&log_function);

	logger = fcinfo->flinfo->fn_extra;
	if (logger == NULL || logger->trigger != data->tg_trigger->tgoid)
		logger = read_arguments(fcinfo, data);
	change.logger = logger;
	change.data = data;
	change.desc = RelationGetDescr(data->tg_relation);
	change.old = data->tg_trigtuple;
	change.new = NULL;
	operation = "DELETE";
	if (TRIGGER_FIRED_BY_INSERT(data->tg_event))
	{
		change.old = NULL;
		change.new = data->tg_trigtuple;
		operation = "INSERT";
	}
	else if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
	{
		change.new = data->tg_newtuple;
		operation = "UPDATE";
	}
	open_value(&change, change.old, &change.old_value);
	open_value(&change, change.new, &change.new_value);

	change.careful = false;
	changes = changes_jsonb(&change);
	if (changes == NULL && TRIGGER_FIRED_BY_UPDATE(data->tg_event))
		return PointerGetDatum(NULL);
	event = name_event(&change);
	key = column_text(&change, logger->key);
	actor = name_actor(&change, key);
	remember_row(&change, key);
	/* the log's index takes no more than a part of a page */
	if (key != NULL && strlen(key) > KEY_MAX)
		key[pg_mbcliplen(key, strlen(key), KEY_MAX)] = '\0';

	memset(nulls, ' ', sizeof(nulls));
	nulls[PARAMETER_COUNT] = '\0';
	values[PARAMETER_ACTOR] = actor == NULL ? (Datum) 0 : CStringGetTextDatum(actor);
	if (actor == NULL)
		nulls[PARAMETER_ACTOR] = 'n';
	values[PARAMETER_SESSION_ROLE] = CStringGetTextDatum(session_role());
	values[PARAMETER_OPERATION] = CStringGetTextDatum(operation);
	values[PARAMETER_EVENT] = CStringGetTextDatum(event);
	values[PARAMETER_KEY] = key == NULL ? (Datum) 0 : CStringGetTextDatum(key);
	if (key == NULL)
		nulls[PARAMETER_KEY] = 'n';
	values[PARAMETER_CHANGES] = changes != NULL ? JsonbPGetDatum(changes) :
		DirectFunctionCall1(jsonb_in, CStringGetDatum("{}"));

	values[PARAMETER_SYSTEM] = Int64GetDatum((int64) GetSystemIdentifier());

	/* what is raised restores the user and the setting by itself */
	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(logger->log_owner,
						   security | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_NOFORCE_RLS);
	nest_level = NewGUCNestLevel();
	RestrictSearchPath();
	SPI_connect();
	result = SPI_execute_plan(insert_plan(logger->log, logger->parameter_count),
							  values, nulls, false, 0);
	/* a rule of the log's may make something else of it, or nothing */
	if (result < 0)
		elog(ERROR, "SPI_execute_plan failed: %s",
			 SPI_result_code_string(result));
	SPI_finish();
	AtEOXact_GUC(false, nest_level);
	SetUserIdAndSecContext(user, security);
	return PointerGetDatum(NULL);
}

/* ---------------------------------------------------------------------
 * whether it will work
 * ---------------------------------------------------------------------
 */

/*
 * Raise what the trigger would raise when it fires, whatever the row.  The log
 * is not locked as for writing, so that this can be asked of a standby, too.
 */
void
appointment_log_changes_check(Relation relation, const Trigger *trigger)
{
	const Logger *logger;
	Relation	log;
	TupleDesc	desc;

	if (!TRIGGER_FOR_AFTER(trigger->tgtype) || !TRIGGER_FOR_ROW(trigger->tgtype))
		trigger_refuse_timing(&log_function);
	logger = set_up(relation, trigger, AccessShareLock);

	/* the log's owner writes it, and may have taken that from himself */
	if (pg_class_aclcheck(logger->log, logger->log_owner, ACL_INSERT) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV,
					   get_relkind_objtype(get_rel_relkind(logger->log)),
					   get_rel_name(logger->log));

	/* columns that nobody gives a value, unless a trigger of the log does */
	log = relation_open(logger->log, NoLock);
	desc = RelationGetDescr(log);
	for (int i = 0; log->trigdesc == NULL && i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);
		bool		given = false;

		for (int n = 0; n < logger->parameter_count && !given; n++)
			given = strcmp(NameStr(attribute->attname), parameters[n]) == 0;
		if (!given && attribute->attnotnull && !attribute->atthasdef &&
			!attribute->attisdropped && attribute->attidentity == '\0')
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("column \"%s\" of relation \"%s\" must not be null, and nothing gives it a value",
							NameStr(attribute->attname),
							RelationGetRelationName(log)),
					 errhint("Give the column a default."),
					 errtablecol(log, attribute->attnum)));
	}
	relation_close(log, NoLock);
}
