/*-------------------------------------------------------------------------
 *
 * document_type.c
 *		The SQL functions that the two document types share.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "base/name.h"
#include "base/near_name.h"
#include "compat.h"
#include "document/document_type.h"
#include "document/read_document.h"
#include "document/write_document.h"
#include "formats/registry.h"
#include "record/history.h"

/* ---------------------------------------------------------------------
 * input and output
 * ---------------------------------------------------------------------
 */

static PackedDocument *
read_canonical(const char *text, size_t len, bool validated, RecordType type,
			   struct Node *escontext)
{
	DocumentText document = {text, len, validated};
	Options		options;

	options_begin(&options);
	return document_read(&document, canonical_format(type), &options,
						 escontext);
}

/*
 * Canonical JSON in.
 */
Datum
document_in(FunctionCallInfo fcinfo, RecordType type)
{
	char	   *text = PG_GETARG_CSTRING(0);
	PackedDocument *document;

	document = read_canonical(text, strlen(text), false, type,
							  fcinfo->context);
	if (document == NULL)
		PG_RETURN_NULL();		/* a soft error */
	PG_RETURN_POINTER(document);
}

/*
 * Canonical JSON out.
 */
Datum
document_out(FunctionCallInfo fcinfo, RecordType type)
{
	PG_RETURN_CSTRING(document_canonical_text(PG_GETARG_DOCUMENT(0), type));
}

/*
 * Binary input: the version, then what document_in() takes.
 */
Datum
document_recv(FunctionCallInfo fcinfo, RecordType type)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgint(message, 1);
	char	   *text;
	int			len;

	if (version != PACKED_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("unsupported version %d of type %s",
						version, DOCUMENT_TYPE_NAME(type))));
	text = pq_getmsgtext(message, message->len - message->cursor, &len);
	PG_RETURN_POINTER(read_canonical(text, len, false, type, NULL));
}

/*
 * Binary output.
 */
Datum
document_send(FunctionCallInfo fcinfo, RecordType type)
{
	StringInfoData message;
	char	   *text = document_canonical_text(PG_GETARG_DOCUMENT(0), type);

	pq_begintypsend(&message);
	pq_sendint8(&message, PACKED_VERSION);
	pq_sendtext(&message, text, strlen(text));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/* A cast from either type of JSON, softly if the caller can take that. */
static Datum
document_cast(FunctionCallInfo fcinfo, RecordType type, DocumentArgument kind)
{
	DocumentText text = document_argument(PG_GETARG_DATUM(0), kind);
	PackedDocument *document;

	document = read_canonical(text.data, text.len, text.validated, type,
							  fcinfo->context);
	if (document == NULL)
		PG_RETURN_NULL();		/* a soft error */
	PG_RETURN_POINTER(document);
}

/*
 * Cast from json: canonical JSON.
 */
Datum
document_of_json(FunctionCallInfo fcinfo, RecordType type)
{
	return document_cast(fcinfo, type, ARGUMENT_JSON);
}

/*
 * Cast from jsonb: canonical JSON.
 */
Datum
document_from_jsonb(FunctionCallInfo fcinfo, RecordType type)
{
	return document_cast(fcinfo, type, ARGUMENT_JSONB);
}

/*
 * Cast to json: canonical JSON.
 */
Datum
document_as_json(FunctionCallInfo fcinfo, RecordType type)
{
	PackedDocument *document = PG_GETARG_DOCUMENT(0);
	JsonWriter	writer;
	Options		options;
	Record		record;

	options_begin(&options);
	record_open(&record, (struct varlena *) document);
	json_writer_begin_text(&writer, VARSIZE(document) * 2 + 64);
	write_document(&record, canonical_format(type), &options, &writer);
	PG_RETURN_TEXT_P(json_writer_text(&writer));
}

/*
 * Cast to jsonb: canonical JSON.
 */
Datum
document_as_jsonb(FunctionCallInfo fcinfo, RecordType type)
{
	char	   *text = document_canonical_text(PG_GETARG_DOCUMENT(0), type);

	return DirectFunctionCall1(jsonb_in, CStringGetDatum(text));
}

/* ---------------------------------------------------------------------
 * fields
 * ---------------------------------------------------------------------
 */

/* The field of the last call, which is a constant as good as always. */
typedef struct CachedField
{
	const FieldInfo *field;
	int			len;
	char		name[NAMEDATALEN];
} CachedField;

/*
 * The field that an argument names.  A type's fields are fixed, so another
 * name is an error (ERRCODE_INVALID_PARAMETER_VALUE), as an unknown column is.
 */
static const FieldInfo *
field_argument(FunctionCallInfo fcinfo, int arg, RecordType type)
{
	CachedField *cached = fcinfo->flinfo->fn_extra;
	text	   *argument = PG_GETARG_TEXT_PP(arg);
	const char *name = VARDATA_ANY(argument);
	int			len = VARSIZE_ANY_EXHDR(argument);
	const FieldInfo *field;

	if (likely(cached != NULL && cached->len == len &&
			   memcmp(cached->name, name, len) == 0))
		return cached->field;

	field = field_by_name(type, name, len);
	if (field == NULL)
	{
		NearName	near;

		near_name_begin(&near, name, len);
		for (int i = record_first[type]; i < record_first[type + 1]; i++)
			near_name_try(&near, field_catalogue[i].name);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("type %s has no field%s", DOCUMENT_TYPE_NAME(type),
						quoted_name(name, len, " of that name")),
				 near.name == NULL ?
				 errhint("%s_fields() lists the fields.",
						 DOCUMENT_TYPE_NAME(type)) :
				 errhint("Perhaps \"%s\" is meant. %s_fields() lists the fields.",
						 near.name, DOCUMENT_TYPE_NAME(type))));
	}
	if (cached == NULL)
	{
		cached = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt,
									sizeof(CachedField));
		fcinfo->flinfo->fn_extra = cached;
	}
	Assert(len < NAMEDATALEN);
	cached->field = field;
	cached->len = len;
	memcpy(cached->name, name, len);
	return field;
}

/*
 * The length in minutes that follows from the two instants, if it is whole.
 */
static bool
derived_duration(const PackedDocument *document, int64 *minutes)
{
	TimestampTz start;
	TimestampTz end;

	if (!document_starts_at(document, &start) ||
		!document_ends_at(document, &end) ||
		(end - start) % USECS_PER_MINUTE != 0)
		return false;
	*minutes = (end - start) / USECS_PER_MINUTE;
	return true;
}

/* Operator ->: a field as jsonb, SQL NULL if it is absent. */
Datum
document_field(FunctionCallInfo fcinfo, RecordType type)
{
	PackedDocument *document = PG_GETARG_DOCUMENT(0);
	const FieldInfo *field = field_argument(fcinfo, 1, type);
	Record		record;
	FieldValue	value;
	JsonbValue	scalar;
	JsonWriter	writer;
	int64		minutes;

	record_open(&record, (struct varlena *) document);
	if (field->kind == KIND_SOURCE)
	{
		const Format *source = format_by_code(document->source);

		if (source == NULL)
			PG_RETURN_NULL();
		scalar.type = jbvString;
		scalar.val.string.val = unconstify(char *, source->name);
		scalar.val.string.len = strlen(source->name);
		PG_RETURN_JSONB_P(JsonbValueToJsonb(&scalar));
	}
	if (!record_find(&record, field->number, &value))
	{
		if (field->number != FIELD_DURATION ||
			!derived_duration(document, &minutes))
			PG_RETURN_NULL();
		scalar.type = jbvNumeric;
		scalar.val.numeric = int64_to_numeric(minutes);
		PG_RETURN_JSONB_P(JsonbValueToJsonb(&scalar));
	}

	if (!(value.flags & TAG_NULL) &&
		(field->kind == KIND_TEXT || field->kind == KIND_ZONE))
	{
		scalar.type = jbvString;
		scalar.val.string.val = unconstify(char *, value.data);
		scalar.val.string.len = value.size;
		PG_RETURN_JSONB_P(JsonbValueToJsonb(&scalar));
	}
	json_writer_begin(&writer, value.size * 2 + 64);
	write_field(&record, canonical_format(type), field->number, &writer);
	return DirectFunctionCall1(jsonb_in,
							   CStringGetDatum(json_writer_cstring(&writer)));
}

/*
 * Operator ->>: a field as text, SQL NULL if it is absent or null.  Strings
 * and instants come without quotes, lists and objects as JSON.
 */
Datum
document_field_text(FunctionCallInfo fcinfo, RecordType type)
{
	const FieldInfo *field = field_argument(fcinfo, 1, type);
	PackedDocument *document;
	Record		record;
	FieldValue	value;
	JsonWriter	writer;
	const char *text;
	uint32		len;
	char		buffer[INSTANT_MAXLEN];
	int64		minutes;

	/* what the fixed part knows needs no more of a TOASTed value */
	if (field->number == FIELD_STATUS)
	{
		document = document_fixed_part(PG_GETARG_DATUM(0));
		if (document->status != STATUS_NONE)
			PG_RETURN_TEXT_P(cstring_to_text(status_word((Status) document->status)));
	}
	else if (field->kind == KIND_SOURCE)
	{
		const Format *source;

		document = document_fixed_part(PG_GETARG_DATUM(0));
		source = format_by_code(document->source);
		if (source == NULL)
			PG_RETURN_NULL();
		PG_RETURN_TEXT_P(cstring_to_text(source->name));
	}

	document = PG_GETARG_DOCUMENT(0);
	record_open(&record, (struct varlena *) document);
	if (!record_find(&record, field->number, &value))
	{
		if (field->number != FIELD_DURATION ||
			!derived_duration(document, &minutes))
			PG_RETURN_NULL();
		len = pg_lltoa(minutes, buffer);
		PG_RETURN_TEXT_P(cstring_to_text_with_len(buffer, len));
	}
	if (value.flags & TAG_NULL)
		PG_RETURN_NULL();

	switch (field->kind)
	{
		case KIND_TEXT:
		case KIND_ZONE:
			text = value.data;
			len = value.size;
			break;
		case KIND_STATUS:
			field_status_text(&value, &text, &len);
			break;
		case KIND_INSTANT:
			len = instant_format(field_instant(&value), 0, buffer);
			text = buffer;
			break;
		case KIND_DATE:
			len = date_format(field_date(&value), buffer);
			text = buffer;
			break;
		case KIND_LOCAL:
			len = instant_format_wall_clock(field_local(&value), buffer);
			text = buffer;
			break;
		default:
			json_writer_begin_text(&writer, value.size * 2 + 64);
			write_field(&record, canonical_format(type), field->number,
						&writer);
			PG_RETURN_TEXT_P(json_writer_text(&writer));
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(text, len));
}

/*
 * Add a jsonb scalar as a field without a detour over text.  Returns false if
 * it is none, or not of the field's type.
 */
static bool
add_scalar(RecordBuilder *builder, const FieldInfo *field, Jsonb *jsonb)
{
	JsonbValue	scalar;
	TimestampTz instant;

	if (!JB_ROOT_IS_SCALAR(jsonb) ||
		!JsonbExtractScalar(&jsonb->root, &scalar))
		return false;
	if (scalar.type == jbvNull && field->kind != KIND_SOURCE &&
		field->kind != KIND_UNKNOWN)
		record_add_null(builder, field->number);
	else if (scalar.type == jbvBool && field->kind == KIND_BOOLEAN)
		record_add_boolean(builder, field->number, scalar.val.boolean);
	else if (scalar.type != jbvString)
		return false;
	else if (field->kind == KIND_TEXT)
		record_add_text(builder, field->number, scalar.val.string.val,
						scalar.val.string.len);
	else if (field->kind == KIND_STATUS && builder->source == 0)
	{
		/* what was worded otherwise is given back so, here as on input */
		record_remove(builder, field_source_status(field->number));
		record_add_worded_status(builder, field->number, scalar.val.string.val,
								 scalar.val.string.len);
	}
	else if (field->kind == KIND_STATUS)
		record_add_status(builder, field->number, scalar.val.string.val,
						  scalar.val.string.len);
	else if (field->kind == KIND_INSTANT &&
			 instant_is_known(instant_parse(scalar.val.string.val,
											scalar.val.string.len, &instant)))
		record_add_instant(builder, field->number, instant);
	else
		return false;
	return true;
}

/*
 * Set a field to a value as canonical JSON has it; SQL NULL removes it.  What
 * only told how the source had worded the old value goes with it.
 */
Datum
document_set(FunctionCallInfo fcinfo, RecordType type)
{
	PackedDocument *document;
	const FieldInfo *field;
	Record		record;
	RecordBuilder builder;
	RecordEntry before = {0};
	FieldValue	status;
	bool		had;
	bool		changed;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	document = PG_GETARG_DOCUMENT(0);
	field = field_argument(fcinfo, 1, type);

	record_open(&record, (struct varlena *) document);
	record_check_changeable(&record, type);
	record_begin_from(&builder, &record);
	had = record_has(&builder, field->number);
	if (had)
		before = *record_entry(&builder, field->number);
	if (PG_ARGISNULL(2) && field->kind == KIND_SOURCE)
		builder.source = 0;
	else if (PG_ARGISNULL(2))
		record_remove(&builder, field->number);
	else
	{
		Jsonb	   *jsonb = PG_GETARG_JSONB_P(2);

		if (!add_scalar(&builder, field, jsonb))
		{
			DocumentText text = document_argument(PG_GETARG_DATUM(2),
												  ARGUMENT_JSONB);
			ProblemSink sink;

			problem_sink_begin(&sink, false);
			read_field(&text, canonical_format(type), field->number, &builder,
					   &sink);
			if (sink.errors > 0)
				problem_raise(&sink, NULL, DOCUMENT_TYPE_NAME(type), NULL);
		}
	}

	/* what is kept beside the value holds as long as that does */
	changed = had != record_has(&builder, field->number) ||
		(had && !record_entry_same(&before,
								   record_entry(&builder, field->number)));
	switch (changed ? field->number : FIELD_NONE)
	{
		case FIELD_STATUS:
			/* without a source it is how this status was spelled */
			if (builder.source != 0 ||
				!record_entry_value(&builder, FIELD_STATUS, &status))
				record_remove(&builder, FIELD_SOURCE_STATUS);
			history_forget_permissions(&builder);
			break;
		case FIELD_TIME_ZONE:
			record_remove(&builder, FIELD_LOCAL_STARTS_AT);
			break;
		case FIELD_STARTS_AT:
			record_remove(&builder, FIELD_LOCAL_STARTS_AT);
			pg_fallthrough;
		case FIELD_ENDS_AT:
			/* but a length that waited for its start */
			if (document->flags & PACKED_HAS_START || document->flags & PACKED_HAS_END)
				record_remove(&builder, FIELD_DURATION);
			break;
		default:
			break;
	}
	PG_RETURN_POINTER(document_finish(&builder, type));
}

static void copy_impersonal(const Record *record, RecordBuilder *builder);

/*
 * Take what is personal out of a field of a record in the making, sub-records
 * included.
 */
void
document_erase_field(RecordBuilder *builder, FieldNumber number,
					 const FieldValue *value)
{
	const FieldInfo *field = field_by_number(number);
	Record		sub;
	RecordBuilder sub_builder;

	if (field == NULL || field->personal)
		record_remove(builder, number);
	else if (value->flags & TAG_NULL)
		record_add_null(builder, number);
	else if (field->kind == KIND_RECORD)
	{
		record_open_sub(&sub, value);
		copy_impersonal(&sub, &sub_builder);
		record_add_record(builder, number, &sub_builder);
	}
	else if (field->kind == KIND_RECORD_LIST)
	{
		ListBuilder list_builder;
		PackedBlock list;

		list_begin(&list_builder);
		list_open(&list, value);
		for (uint32 n = 0; n < list.count; n++)
		{
			FieldValue	item;

			list_at(&list, n, &item);
			record_open_sub(&sub, &item);
			copy_impersonal(&sub, &sub_builder);
			list_add_record(&list_builder, &sub_builder);
		}
		record_add_list(builder, number, &list_builder);
	}
}

/* Copy a record without its personal fields. */
static void
copy_impersonal(const Record *record, RecordBuilder *builder)
{
	check_stack_depth();
	record_begin_from(builder, record);
	for (uint32 i = 0; i < record->block.count; i++)
	{
		FieldNumber number;
		FieldValue	value;

		record_at(record, i, &number, &value);
		document_erase_field(builder, number, &value);
	}
}

/*
 * The value without its personal fields and unknown members.
 */
Datum
document_erase(FunctionCallInfo fcinfo, RecordType type)
{
	Record		record;
	RecordBuilder builder;

	record_open(&record, (struct varlena *) PG_GETARG_DOCUMENT(0));
	record_check(&record, type);
	copy_impersonal(&record, &builder);
	PG_RETURN_POINTER(record_build(&builder, type));
}
