/*-------------------------------------------------------------------------
 *
 * change_log_changes.c
 *		What changed in a row, as JSON.
 *
 * What changed is one JSON object, a member for each field:
 *
 *	{"status": {"old": "pending", "new": "cancelled"}, "note": {"personal": true}}
 *
 * without "old" where there was nothing, and without "new" where there is
 * nothing now.  A history that was only added to, and so any array of jsonb,
 * has its new entries instead, as "added": else the log of a life would grow
 * with the square of it.  With
 * a column of type appointment these are its fields, and the other columns are
 * in the member "row", likewise.
 *
 * The log never refuses a row that its table takes.  What jsonb cannot hold of
 * a json column is logged as a string, and values that take too much, or have
 * no text, are {"unlogged": true}.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/htup_details.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/datum.h"
#include "utils/json.h"
#include "utils/jsonb.h"

#include "compat.h"
#include "document/diff.h"
#include "document/document_type.h"
#include "lifecycle/change_log_changes.h"
#include "lifecycle/jsonb_history.h"
#include "record/history.h"
#include "server/attempt.h"
#include "server/tuple_column.h"

/* How much JSON a change may be. */
#define CHANGES_MAX			(16 * 1024 * 1024)

/* ---------------------------------------------------------------------
 * columns
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

/*
 * Write what was added to an array.  Returns false, and writes nothing, if it
 * was not only added to.
 */
static bool
write_added_elements(JsonWriter *writer, const Change *change,
					 const LogColumn *column, Datum old, Datum new)
{
	int			start = writer->out.len;
	Jsonb	   *added;

	/* before memory is spent on it */
	if (toast_raw_datum_size(old) >= toast_raw_datum_size(new) ||
		toast_raw_datum_size(new) > CHANGES_MAX)
		return false;
	added = jsonb_history_added(DatumGetJsonbP(old), DatumGetJsonbP(new));
	if (added == NULL)
		return false;
	if (!write_side(writer, change, column, "added", JsonbPGetDatum(added)))
		write_unlogged(writer, start);
	return true;
}

/* Write a column that differs. */
static void
write_changed_column(JsonWriter *writer, const Change *change,
					 const LogColumn *column, const NullableDatum *old,
					 const NullableDatum *new)
{
	int			start = writer->out.len;

	if (column->style == VALUE_JSONB && !old->isnull && !new->isnull &&
		write_added_elements(writer, change, column, old->value, new->value))
		return;
	if ((!old->isnull &&
		 !write_side(writer, change, column, "old", old->value)) ||
		(!new->isnull &&
		 !write_side(writer, change, column, "new", new->value)))
		write_unlogged(writer, start);
}

/* Write the columns that differ.  Returns whether there are any. */
static bool
write_changed_columns(JsonWriter *writer, const Change *change)
{
	const Logger *logger = change->logger;
	bool		any = false;

	for (int i = 0; i < logger->column_count; i++)
	{
		const LogColumn *column = &logger->columns[i];
		Form_pg_attribute attribute = TupleDescAttr(change->desc,
													column->column - 1);
		NullableDatum old = {.isnull = true};
		NullableDatum new = {.isnull = true};

		if (change->old != NULL)
			old.value = heap_getattr(change->old, column->column, change->desc,
									 &old.isnull);
		if (change->new != NULL)
			new.value = heap_getattr(change->new, column->column, change->desc,
									 &new.isnull);
		if ((old.isnull && new.isnull) ||
			(!old.isnull && !new.isnull &&
			 tuple_column_same(attribute, old.value, new.value)))
			continue;

		any = true;
		json_begin_item(writer);
		json_write_bytes(writer, column->key, column->key_len);
		json_open(writer, '{');
		if (column->personal)
			json_write_literal(writer, "\"personal\":true");
		else
			write_changed_column(writer, change, column, &old, &new);
		json_close(writer, '}');
	}
	return any;
}

/* ---------------------------------------------------------------------
 * fields of an appointment
 * ---------------------------------------------------------------------
 */

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
 * A record of the entries that were added to the history: those before are in
 * earlier rows of the log.  Returns false if it was not only added to.
 */
static bool
added_history(const Record *old_value, const Record *new_value, Record *added)
{
	FieldValue	value;
	PackedBlock old;
	PackedBlock new;
	ListBuilder list;
	RecordBuilder builder;

	if (old_value->document == NULL || new_value->document == NULL ||
		!record_find_value(old_value, FIELD_STATUS_HISTORY, &value))
		return false;
	list_open(&old, &value);
	history_open(new_value, &new);
	if (new.count <= old.count || !list_begins_with(&new, &old))
		return false;
	list_begin(&list);
	for (uint32 i = old.count; i < new.count; i++)
	{
		list_at(&new, i, &value);
		list_add_item(&list, &value);
	}
	record_begin(&builder);
	record_add_list(&builder, FIELD_STATUS_HISTORY, &list);
	record_open(added,
				(struct varlena *) record_build(&builder, RECORD_APPOINTMENT));
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
	const Record *added;		/* instead of these; or NULL */
	bool		as_string;
	JsonWriter	writer;
} FieldAttempt;

static void
write_field_values(FieldAttempt *this)
{
	JsonWriter *writer = &this->writer;

	if (this->added != NULL)
	{
		write_field_side(writer, "added", this->added, this->field,
						 this->as_string);
		return;
	}
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
write_changed_field(JsonWriter *writer, const Change *change,
					const FieldInfo *field)
{
	FieldAttempt this = {.field = field, .old = &change->old_value,
	.new = &change->new_value};
	int			start = writer->out.len;
	Record		old;
	Record		new;
	Record		added;
	Record		impersonal;

	if (field->number == FIELD_STATUS_HISTORY &&
		added_history(this.old, this.new, &added))
		this.added = &added;
	if (!change->logger->all_values && this.added != NULL)
	{
		impersonal_field(this.added, field, &impersonal);
		this.added = &impersonal;
	}
	else if (!change->logger->all_values)
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
		/* what differed before may have been personal */
		if (field->number == FIELD_STATUS_HISTORY &&
			added_history(this.old, this.new, &added))
			this.added = &added;
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
write_changed_fields(JsonWriter *writer, const Change *change)
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
		write_changed_field(writer, change, field);
		json_close(writer, '}');
	}
	return any;
}

/* ---------------------------------------------------------------------
 * both
 * ---------------------------------------------------------------------
 */

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
		any = write_changed_columns(&writer, change);
	else
	{
		any = write_changed_fields(&writer, change);
		json_writer_begin(&row, 256);
		json_open(&row, '{');
		if (write_changed_columns(&row, change))
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
Jsonb *
change_log_changes(Change *change)
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
