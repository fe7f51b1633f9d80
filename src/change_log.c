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

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
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

#include "ancestors.h"
#include "compat.h"
#include "document.h"
#include "trigger_args.h"

static const TriggerFunction log_function = {
	"appointment_log_changes",
	"Its arguments are a log table, a key column, and options such as status=status, starts_at=starts_at, confirmed=confirmed, actor=changed_by, format=caspen, values=room,price.",
	.before = false
};

/* The columns of a log that are given. */
enum
{
	PARAMETER_ACTOR,
	PARAMETER_SESSION_ROLE,
	PARAMETER_OPERATION,
	PARAMETER_EVENT,
	PARAMETER_KEY,
	PARAMETER_CHANGES,
	PARAMETER_COUNT,
};

static const char *const parameters[PARAMETER_COUNT] = {
	"actor", "session_role", "operation", "event", "key", "changes",
};

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
	int			column_count;
	LogColumn  *columns;
} Logger;

/* One firing. */
typedef struct Change
{
	const Logger *logger;
	TupleDesc	desc;
	HeapTuple	old;			/* NULL on INSERT */
	HeapTuple	new;			/* NULL on DELETE */
	Record		old_value;		/* of a column of type appointment */
	Record		new_value;
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
	for (int i = 0; i < PARAMETER_COUNT; i++)
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
 * written is the table that was looked at.
 */
static Oid
find_log(const TriggerData *data, const char *argument, Oid *owner)
{
	Relation	relation = data->tg_relation;
	LogCheck	check = {relation->rd_rel->relowner, InvalidOid};
	RangeVar   *name;
	Oid			log;

	name = makeRangeVarFromNameList(qualified_name_list(argument));
	if (name->schemaname == NULL)
	{
		Oid			table = trigger_made_on(data->tg_trigger,
											RelationGetRelid(relation));

		name->schemaname = get_namespace_name(get_rel_namespace(topmost_table(table)));
	}
	log = RangeVarGetRelidExtended(name, RowExclusiveLock, 0, check_log, &check);
	*owner = check.owner;
	return log;
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

static void
add_option(Logger *logger, const TriggerData *data, const char *argument,
		   Oid function)
{
	Word		name;
	const char *value = trigger_option(argument, &name);
	AttrNumber *column = NULL;

	if (value == NULL)
		trigger_refuse_argument(&log_function, argument);
	if (word_equal(name, word_of("status")))
		column = &logger->status;
	else if (word_equal(name, word_of("starts_at")))
		column = &logger->starts_at;
	else if (word_equal(name, word_of("ends_at")))
		column = &logger->ends_at;
	else if (word_equal(name, word_of("confirmed")))
		column = &logger->confirmed;
	else if (word_equal(name, word_of("actor")))
		column = &logger->actor;
	else if (word_equal(name, word_of("format")))
		logger->format = format_argument(value, strlen(value),
										 RECORD_APPOINTMENT);
	else if (word_equal(name, word_of("values")))
	{
		ListCell   *cell;

		logger->all_values = strcmp(value, "*") == 0;
		if (!logger->all_values)
		{
			if (!SplitIdentifierString(pstrdup(value), ',', &logger->values))
				trigger_refuse_argument(&log_function, argument);
			foreach(cell, logger->values)
				trigger_column(&log_function, data->tg_relation, lfirst(cell));
		}
	}
	else
		trigger_refuse_argument(&log_function, argument);

	if (column != NULL)
		*column = trigger_column(&log_function, data->tg_relation, value);
	if (column == &logger->status)
		logger->status_kind = trigger_status_column(&log_function,
													data->tg_relation,
													logger->status, function);
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
 * Whether a column's values may tell who somebody is.  Only what the
 * catalogue of fields knows is known not to.
 */
static bool
is_personal(const Logger *logger, AttrNumber column, const char *name)
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
	return field == NULL || field->personal || field->kind == KIND_JSON_OBJECT;
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
		column->personal = is_personal(logger, attribute->attnum, name);
		json_writer_begin(&key, 64);
		json_write_key(&key, name, strlen(name));
		column->key = key.out.data;
		column->key_len = key.out.len;
	}
}

static const Logger *
read_arguments(FunctionCallInfo fcinfo, const TriggerData *data)
{
	const Trigger *trigger = data->tg_trigger;
	MemoryContext old_context = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	Logger	   *logger = palloc0(sizeof(Logger));

	if (trigger->tgnargs < 2)
		trigger_refuse_argument(&log_function, NULL);
	logger->log = find_log(data, trigger->tgargs[0], &logger->log_owner);
	logger->key = trigger_column(&log_function, data->tg_relation,
								 trigger->tgargs[1]);
	for (int i = 2; i < trigger->tgnargs; i++)
		add_option(logger, data, trigger->tgargs[i], fcinfo->flinfo->fn_oid);
	add_columns(logger, RelationGetDescr(data->tg_relation));
	logger->trigger = trigger->tgoid;
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
			if (!old_null)
			{
				begin_side(writer, "old");
				write_column(writer, column, old);
				writer->comma = true;
			}
			if (!new_null)
			{
				begin_side(writer, "new");
				write_column(writer, column, new);
			}
		}
		json_close(writer, '}');
	}
	return any;
}

/*
 * Write the entries that were added to the history: those before are in
 * earlier rows of the log.  Returns false if it was not only added to.
 */
static bool
write_added_history(JsonWriter *writer, const Change *change)
{
	const FieldInfo *field = field_by_number(FIELD_STATUS_HISTORY);
	FieldValue	value;
	FieldValue	item;
	PackedBlock old;
	PackedBlock new;
	ListBuilder added;
	RecordBuilder builder;
	Record		record;

	if (change->old_value.document == NULL ||
		change->new_value.document == NULL ||
		!record_find(&change->old_value, FIELD_STATUS_HISTORY, &value) ||
		value.flags & TAG_NULL)
		return false;
	list_open(&old, &value);
	if (!record_find(&change->new_value, FIELD_STATUS_HISTORY, &value) ||
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

/* Write the fields of the appointment that differ. */
static bool
write_fields(JsonWriter *writer, const Change *change)
{
	bool		any = false;

	for (int i = record_first[RECORD_APPOINTMENT];
		 i < record_first[RECORD_APPOINTMENT + 1]; i++)
	{
		const FieldInfo *field = &field_catalogue[i];
		JsonWriter	value;

		if (!appointment_field_differs(&change->old_value, &change->new_value,
									   field))
			continue;
		any = true;
		json_write_key(writer, field->name, strlen(field->name));
		json_open(writer, '{');
		if (field->personal && !change->logger->all_values)
			json_write_literal(writer, "\"personal\":true");
		else if (field->number != FIELD_STATUS_HISTORY ||
				 !write_added_history(writer, change))
		{
			json_writer_begin(&value, 64);
			if (appointment_write_field(&change->old_value, field, &value))
			{
				begin_side(writer, "old");
				json_write_bytes(writer, value.out.data, value.out.len);
				writer->comma = true;
			}
			json_writer_begin(&value, 64);
			if (appointment_write_field(&change->new_value, field, &value))
			{
				begin_side(writer, "new");
				json_write_bytes(writer, value.out.data, value.out.len);
			}
		}
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
	word = trigger_status_word(logger->status_kind, datum);
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
	Oid			output;
	bool		varlena;

	if (isnull)
		return NULL;
	getTypeOutputInfo(TupleDescAttr(change->desc, column - 1)->atttypid,
					  &output, &varlena);
	return OidOutputFunctionCall(output, datum);
}

/* By the new entry of the history, who changed the appointment. */
static char *
history_actor(const Change *change)
{
	FieldValue	value;
	PackedBlock history;
	Record		entry;

	if (change->new_value.document == NULL ||
		!value_differs(change, FIELD_STATUS_HISTORY) ||
		!record_find(&change->new_value, FIELD_STATUS_HISTORY, &value) ||
		value.flags & TAG_NULL)
		return NULL;
	list_open(&history, &value);
	if (history.count == 0)
		return NULL;
	list_at(&history, history.count - 1, &value);
	record_open_sub(&entry, &value);
	if (!record_find(&entry, FIELD_CHANGE_CHANGED_BY, &value) ||
		value.flags & TAG_NULL)
		return NULL;
	return pnstrdup(value.data, value.size);
}

/*
 * Who changed it: the setting, else the actor's column, else the history,
 * else nobody knows.
 */
static char *
name_actor(const Change *change)
{
	Word		actor = trigger_actor();
	char	   *text = NULL;

	if (actor.data != NULL)
		return pnstrdup(actor.data, actor.len);
	if (change->logger->actor != 0)
		text = column_text(change, change->logger->actor);
	return text != NULL ? text : history_actor(change);
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
	SPIPlanPtr	plan;
} LogPlan;

static HTAB *plans = NULL;

static SPIPlanPtr
insert_plan(Oid log)
{
	Oid			types[PARAMETER_COUNT];
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
	/* The table may have been renamed since. */
	if (plan->plan == NULL || strcmp(plan->name, name) != 0)
	{
		SPIPlanPtr	prepared;

		for (int i = 0; i < PARAMETER_COUNT; i++)
			types[i] = i == PARAMETER_CHANGES ? JSONBOID : TEXTOID;
		prepared = SPI_prepare(psprintf("INSERT INTO %s (actor, session_role, operation, event, key, changes) VALUES ($1, $2, $3, $4, $5, $6)",
										name),
							   PARAMETER_COUNT, types);
		if (prepared == NULL)
			elog(ERROR, "SPI_prepare failed: %s",
				 SPI_result_code_string(SPI_result));
		SPI_keepplan(prepared);
		if (plan->plan != NULL)
			SPI_freeplan(plan->plan);
		plan->plan = prepared;
		strlcpy(plan->name, name, sizeof(plan->name));
	}
	return plan->plan;
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
	if (!isnull)
		record_open(record, PG_DETOAST_DATUM(datum));
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
	char	   *changes;
	char	   *actor;
	char	   *key;
	Datum		values[PARAMETER_COUNT];
	char		nulls[PARAMETER_COUNT + 1];
	Oid			user;
	int			security;
	int			nest_level;
	int			result;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager",
						log_function.name)));
	if (!TRIGGER_FIRED_AFTER(data->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(data->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger function %s() must be fired AFTER, FOR EACH ROW",
						log_function.name)));

	logger = fcinfo->flinfo->fn_extra;
	if (logger == NULL || logger->trigger != data->tg_trigger->tgoid)
		logger = read_arguments(fcinfo, data);
	change.logger = logger;
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

	changes = write_changes(&change);
	if (changes == NULL && TRIGGER_FIRED_BY_UPDATE(data->tg_event))
		return PointerGetDatum(NULL);
	event = name_event(&change);
	actor = name_actor(&change);
	key = column_text(&change, logger->key);

	memset(nulls, ' ', sizeof(nulls));
	nulls[PARAMETER_COUNT] = '\0';
	values[PARAMETER_ACTOR] = actor == NULL ? (Datum) 0 : CStringGetTextDatum(actor);
	if (actor == NULL)
		nulls[PARAMETER_ACTOR] = 'n';
	values[PARAMETER_SESSION_ROLE] =
		CStringGetTextDatum(GetUserNameFromId(GetSessionUserId(), false));
	values[PARAMETER_OPERATION] = CStringGetTextDatum(operation);
	values[PARAMETER_EVENT] = CStringGetTextDatum(event);
	values[PARAMETER_KEY] = key == NULL ? (Datum) 0 : CStringGetTextDatum(key);
	if (key == NULL)
		nulls[PARAMETER_KEY] = 'n';
	values[PARAMETER_CHANGES] =
		DirectFunctionCall1(jsonb_in, CStringGetDatum(changes == NULL ? "{}" : changes));

	/* what is raised restores the user and the setting by itself */
	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(logger->log_owner,
						   security | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_NOFORCE_RLS);
	nest_level = NewGUCNestLevel();
	RestrictSearchPath();
	SPI_connect();
	result = SPI_execute_plan(insert_plan(logger->log), values, nulls, false, 0);
	if (result != SPI_OK_INSERT)
		elog(ERROR, "SPI_execute_plan failed: %s",
			 SPI_result_code_string(result));
	SPI_finish();
	AtEOXact_GUC(false, nest_level);
	SetUserIdAndSecContext(user, security);
	return PointerGetDatum(NULL);
}
