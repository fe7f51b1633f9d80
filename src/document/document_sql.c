/*-------------------------------------------------------------------------
 *
 * document_sql.c
 *		The SQL functions that read, write, list and recognise documents.
 *
 * Each has a twin for type appointment_event, and one for every type that a
 * document may come as: an untyped literal is text then.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "document/document_type.h"
#include "document/read_document.h"
#include "document/read_list.h"
#include "document/recognise.h"
#include "document/write_document.h"
#include "formats/registry.h"
#include "server/aggregate.h"

/* ---------------------------------------------------------------------
 * one document
 * ---------------------------------------------------------------------
 */

/* (doc, format, options) -> value */
static Datum
document_from_json(FunctionCallInfo fcinfo, RecordType type, DocumentArgument kind)
{
	const DocumentCall *call;
	DocumentText text;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	call = document_call(fcinfo, 1, 2, type);
	text = document_argument(PG_GETARG_DATUM(0), kind);
	PG_RETURN_POINTER(document_read(&text, call->format, &call->options, NULL));
}

DOCUMENT_FUNCTIONS(appointment_from_json, document_from_json, RECORD_APPOINTMENT);
DOCUMENT_FUNCTIONS(appointment_event_from_json, document_from_json, RECORD_EVENT);

/* (value, format, options) -> json */
static Datum
document_to_json(FunctionCallInfo fcinfo, RecordType type)
{
	const DocumentCall *call;
	PackedDocument *document;
	Record		record;
	JsonWriter	writer;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	document = PG_GETARG_DOCUMENT(0);
	record_prefetch(document);
	call = document_call(fcinfo, 1, 2, type);
	record_open(&record, (struct varlena *) document);
	json_writer_begin_text(&writer, VARSIZE(document) + call->growth);
	write_document(&record, call->format, &call->options, &writer);
	PG_RETURN_TEXT_P(json_writer_text(&writer));
}

DOCUMENT_FUNCTION(appointment_to_json, document_to_json, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_event_to_json, document_to_json, RECORD_EVENT);

/* (doc) -> the name of the format that it looks like, or NULL */
static Datum
document_format(FunctionCallInfo fcinfo, RecordType type,
				DocumentArgument kind)
{
	DocumentText text = document_argument(PG_GETARG_DATUM(0), kind);
	const Format *format;
	size_t		position;
	bool		list;

	if (json_check(text.data, text.len, text.validated, &list_limits,
				   &position) != JSON_STATUS_OK)
		PG_RETURN_NULL();
	format = recognise(text.data, text.len, &list);
	if (format == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(format->name));
}

DOCUMENT_FUNCTIONS(appointment_format, document_format, RECORD_NONE);

/* ---------------------------------------------------------------------
 * lists
 * ---------------------------------------------------------------------
 */

/* What the reader of a list's items works on. */
typedef struct ListRead
{
	const Format *format;
	const Options *options;
	ReturnSetInfo *result;
	MemoryContext item_context;
	bool		with_source;	/* a column for the format, too */
} ListRead;

/* Problems as a jsonb array of {path, code, severity, message}, or NULL. */
static Datum
problems_datum(const ProblemSink *sink, bool *isnull)
{
	JsonWriter	writer;

	*isnull = sink->count == 0;
	if (*isnull)
		return (Datum) 0;
	json_writer_begin(&writer, 1024);
	json_open(&writer, '[');
	for (int i = 0; i < sink->count; i++)
	{
		const Problem *problem = &sink->problems[i];
		const char *code = problem_code_name(problem->code);
		const char *severity = problem_severity_name(problem->severity);

		json_begin_item(&writer);
		json_open(&writer, '{');
		json_write_key(&writer, "path", 4);
		json_write_string(&writer, problem->path, strlen(problem->path));
		json_write_key(&writer, "code", 4);
		json_write_string(&writer, code, strlen(code));
		json_write_key(&writer, "severity", 8);
		json_write_string(&writer, severity, strlen(severity));
		json_write_key(&writer, "message", 7);
		json_write_string(&writer, problem->message, strlen(problem->message));
		json_close(&writer, '}');
	}
	json_close(&writer, ']');
	return DirectFunctionCall1(jsonb_in,
							   CStringGetDatum(json_writer_cstring(&writer)));
}

/* The document, unless it is too large to be restored: that is a problem, too. */
static PackedDocument *
restorable_or_problem(PackedDocument *document, const Format *format,
					  ProblemSink *sink)
{
	if (document == NULL || document_is_restorable(document, format->record))
		return document;
	problem_error_literal(sink, NULL, PROBLEM_TOO_LARGE,
						  "the value is too large to be kept");
	return NULL;
}

/* One row: what was read, if anything was, and the text that it was read from. */
static void
put_row(const ListRead *read, int ord, const PackedDocument *document,
		const ProblemSink *sink, const char *text, size_t len)
{
	Datum		values[5] = {0};
	bool		nulls[5] = {0};
	int			n = 0;

	values[n++] = Int32GetDatum(ord);
	if (read->with_source)
	{
		nulls[n] = read->format == NULL;
		if (read->format != NULL)
			values[n] = CStringGetTextDatum(read->format->name);
		n++;
	}
	nulls[n] = document == NULL;
	values[n++] = PointerGetDatum(document);
	values[n] = problems_datum(sink, &nulls[n]);
	n++;
	values[n] = PointerGetDatum(cstring_to_text_with_len(text, len));
	tuplestore_putvalues(read->result->setResult, read->result->setDesc,
						 values, nulls);
}

static void
put_list_item(int index, const char *text, size_t len, void *arg)
{
	const ListRead *read = arg;
	const Format *format = read->format;
	DocumentText item = {text, len, true};
	MemoryContext old_context = MemoryContextSwitchTo(read->item_context);
	ProblemSink sink;
	PackedDocument *document;

	problem_sink_begin(&sink, true);
	sink.prefix = psprintf("%s[%d]", format->list->items, index);
	document = read_list_item(&item, format, read->options, &sink);
	document = restorable_or_problem(document, format, &sink);
	put_row(read, index + 1, document, &sink, text, len);
	MemoryContextSwitchTo(old_context);
	MemoryContextReset(read->item_context);
}

static void
begin_rows(ListRead *read, FunctionCallInfo fcinfo)
{
	read->result = (ReturnSetInfo *) fcinfo->resultinfo;
	read->item_context = AllocSetContextCreate(CurrentMemoryContext,
											   "appointment list item",
											   ALLOCSET_DEFAULT_SIZES);
}

/* (doc, format, options) -> setof (ord, value, problems, doc) */
static Datum
document_list_from_json(FunctionCallInfo fcinfo, RecordType type,
						DocumentArgument kind)
{
	ListRead	read = {0};
	const DocumentCall *call;
	DocumentText text;
	ProblemSink sink;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;

	call = document_call(fcinfo, 1, 2, type);
	read.format = call->format;
	read.options = &call->options;
	begin_rows(&read, fcinfo);
	text = document_argument(PG_GETARG_DATUM(0), kind);
	problem_sink_begin(&sink, false);
	if (!read_list(&text, read.format, &sink, put_list_item, &read))
		problem_raise(&sink, read.format->name, "list", NULL);
	MemoryContextDelete(read.item_context);
	return (Datum) 0;
}

DOCUMENT_FUNCTIONS(appointment_list_from_json, document_list_from_json, RECORD_APPOINTMENT);
DOCUMENT_FUNCTIONS(appointment_event_list_from_json, document_list_from_json, RECORD_EVENT);

/*
 * (doc, format, options) -> setof (ord, source, value, problems, doc)
 *
 * Whatever a sender may send: a list, a document, or neither.  What the text
 * holds never raises an error, so that nobody's mistake keeps others out.
 */
static Datum
document_read_any(FunctionCallInfo fcinfo, RecordType type,
				  DocumentArgument kind)
{
	ListRead	read = {.with_source = true};
	Options		options;
	DocumentText input;
	ProblemSink sink;
	PackedDocument *document = NULL;
	bool		list = false;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;

	if (!PG_ARGISNULL(1))
	{
		text	   *name = PG_GETARG_TEXT_PP(1);

		read.format = format_argument(VARDATA_ANY(name),
									  VARSIZE_ANY_EXHDR(name), type);
	}
	options_begin(&options);
	if (!PG_ARGISNULL(2))
		options_parse(&options, PG_GETARG_JSONB_P(2));
	read.options = &options;
	begin_rows(&read, fcinfo);

	input = document_argument(PG_GETARG_DATUM(0), kind);
	problem_sink_begin(&sink, true);
	read.format = read_what(&input, type, read.format, &list, &sink);
	if (read.format != NULL && list)
	{
		/* that it is JSON is known by now */
		DocumentText json = {input.data, input.len, true};

		if (read_list(&json, read.format, &sink, put_list_item, &read))
		{
			MemoryContextDelete(read.item_context);
			return (Datum) 0;
		}
	}
	if (read.format != NULL && !list)
	{
		document = read_document(&input, read.format, &options, &sink);
		document = restorable_or_problem(document, read.format, &sink);
	}
	put_row(&read, 1, document, &sink, input.data, input.len);
	MemoryContextDelete(read.item_context);
	return (Datum) 0;
}

DOCUMENT_FUNCTIONS(appointment_read, document_read_any, RECORD_APPOINTMENT);
DOCUMENT_FUNCTIONS(appointment_event_read, document_read_any, RECORD_EVENT);

/* (value[], format, options) -> json; null elements are passed over */
static Datum
document_list_to_json(FunctionCallInfo fcinfo, RecordType type)
{
	const DocumentCall *call;
	ArrayType  *array;
	ArrayIterator iterator;
	ListWriter	list;
	JsonWriter	writer;
	Datum		element;
	bool		isnull;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	call = document_call(fcinfo, 1, 2, type);
	array = PG_GETARG_ARRAYTYPE_P(0);

	list_writer_begin(&list, call->format, &call->options);
	iterator = array_create_iterator(array, 0, NULL);
	while (array_iterate(iterator, &element, &isnull))
	{
		Record		record;

		CHECK_FOR_INTERRUPTS();
		if (isnull)
			continue;
		record_open(&record, PG_DETOAST_DATUM(element));
		list_writer_add(&list, &record);
	}
	array_free_iterator(iterator);

	json_writer_begin_text(&writer, list.items.out.len + 128);
	list_writer_end(&list, &writer);
	PG_RETURN_TEXT_P(json_writer_text(&writer));
}

DOCUMENT_FUNCTION(appointment_list_to_json, document_list_to_json, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_event_list_to_json, document_list_to_json, RECORD_EVENT);

/* The state of the aggregate: what its first row asked for, and the items. */
typedef struct AggregateState
{
	DocumentCall call;
	ListWriter	list;
} AggregateState;

/* (state, value, format, options) -> state; a null value is passed over */
static Datum
document_agg_transfn(FunctionCallInfo fcinfo, RecordType type)
{
	AggregateState *state;
	MemoryContext context = aggregate_context(fcinfo);
	MemoryContext old_context;
	Record		record;

	state = PG_ARGISNULL(0) ? NULL : (AggregateState *) PG_GETARG_POINTER(0);
	if (state == NULL)
	{
		text	   *format;

		if (PG_ARGISNULL(2))
			PG_RETURN_NULL();
		format = PG_GETARG_TEXT_PP(2);
		old_context = MemoryContextSwitchTo(context);
		state = palloc0_object(AggregateState);
		state->call.format = format_argument(VARDATA_ANY(format),
											 VARSIZE_ANY_EXHDR(format), type);
		options_begin(&state->call.options);
		if (PG_NARGS() > 3 && !PG_ARGISNULL(3))
			options_parse(&state->call.options, PG_GETARG_JSONB_P_COPY(3));
		list_writer_begin(&state->list, state->call.format,
						  &state->call.options);
		MemoryContextSwitchTo(old_context);
	}
	if (!PG_ARGISNULL(1))
	{
		PackedDocument *document = PG_GETARG_DOCUMENT(1);

		record_prefetch(document);
		record_open(&record, (struct varlena *) document);
		list_writer_add(&state->list, &record);
	}
	PG_RETURN_POINTER(state);
}

DOCUMENT_FUNCTION(appointment_json_agg_transfn, document_agg_transfn, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_event_json_agg_transfn, document_agg_transfn, RECORD_EVENT);

/* (state) -> json; NULL if there was no row, for no row told the format */
static Datum
document_agg_finalfn(FunctionCallInfo fcinfo, RecordType type)
{
	AggregateState *state;
	JsonWriter	writer;

	(void) aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (AggregateState *) PG_GETARG_POINTER(0);
	json_writer_begin_text(&writer, state->list.items.out.len + 128);
	list_writer_end(&state->list, &writer);
	PG_RETURN_TEXT_P(json_writer_text(&writer));
}

DOCUMENT_FUNCTION(appointment_json_agg_finalfn, document_agg_finalfn, RECORD_NONE);

/* ---------------------------------------------------------------------
 * catalogues
 * ---------------------------------------------------------------------
 */

/* The words of a format's status, as a text array. */
static Datum
status_words_datum(const Format *format, bool *closed)
{
	Datum	   *words;
	int			count = 0;

	if (format->statuses != NULL)
	{
		int			allocated = 0;

		while (format->statuses->words[allocated].word != NULL)
			allocated++;
		words = palloc_array(Datum, allocated);
		*closed = format->statuses->closed;
		for (const StatusWord *word = format->statuses->words;
			 word->word != NULL; word++)
			words[count++] = CStringGetTextDatum(word->word);
	}
	else
	{
		const Member *status = format_member(format->table, FIELD_EVENT_STATUS);

		int			allocated = 0;

		*closed = status->words != NULL;
		while (*closed && status->words[allocated] != NULL)
			allocated++;
		words = palloc_array(Datum, allocated);
		for (int i = 0; status->words != NULL && status->words[i] != NULL; i++)
			words[count++] = CStringGetTextDatum(status->words[i]);
	}
	return PointerGetDatum(construct_array(words, count, TEXTOID, -1, false,
										   TYPALIGN_INT));
}

/* setof (format, service, document, statuses, closed, instants, ...) */
APPOINTMENT_FUNCTION(appointment_formats);
Datum
appointment_formats(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < format_count; i++)
	{
		const Format *format = formats[i];
		Datum		values[9];
		bool		nulls[9] = {0};
		bool		closed;

		values[0] = CStringGetTextDatum(format->name);
		values[1] = CStringGetTextDatum(format->service);
		values[2] = CStringGetTextDatum(DOCUMENT_TYPE_NAME(format->record));
		values[3] = status_words_datum(format, &closed);
		values[4] = BoolGetDatum(closed);
		values[5] = CStringGetTextDatum(format->instants);
		values[6] = CStringGetTextDatum(format->absence == ABSENT_IS_NULL ?
										"null" : "left out");
		values[7] = BoolGetDatum(format->enveloped);
		values[8] = CStringGetTextDatum(format->list->items);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* What SQL may call a field's type. */
static const char *
field_type_name(const FieldInfo *field)
{
	switch (field->kind)
	{
		case KIND_TEXT:
		case KIND_ZONE:
		case KIND_STATUS:
		case KIND_SOURCE:
			return "text";
		case KIND_BOOLEAN:
			return "boolean";
		case KIND_INTEGER:
			return "bigint";
		case KIND_INSTANT:
			return "timestamp with time zone";
		case KIND_DATE:
			return "date";
		case KIND_LOCAL:
			return "timestamp without time zone";
		case KIND_TEXT_LIST:
			return "text[]";
		case KIND_RECORD:
		case KIND_JSON_OBJECT:
		case KIND_UNKNOWN:
			return "object";
		case KIND_RECORD_LIST:
		case KIND_JSON_LIST:
			return "list";
	}
	return NULL;				/* keep compiler quiet */
}

/* setof (field, type, personal, comment) */
static Datum
document_fields(FunctionCallInfo fcinfo, RecordType type)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = record_first[type]; i < record_first[type + 1]; i++)
	{
		const FieldInfo *field = &field_catalogue[i];
		Datum		values[4];
		bool		nulls[4] = {0};

		values[0] = CStringGetTextDatum(field->name);
		values[1] = CStringGetTextDatum(field_type_name(field));
		values[2] = BoolGetDatum(field->personal);
		values[3] = CStringGetTextDatum(field->comment);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

DOCUMENT_FUNCTION(appointment_fields, document_fields, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_event_fields, document_fields, RECORD_EVENT);
