/*-------------------------------------------------------------------------
 *
 * request_sql.c
 *		The SQL functions that validate documents and carry out requests.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "document/document_type.h"
#include "document/read_document.h"
#include "document/request.h"
#include "document/rules.h"

/* ---------------------------------------------------------------------
 * validation
 * ---------------------------------------------------------------------
 */

/* Walk (doc, format, request), whatever the document is. */
static void
validate_arguments(FunctionCallInfo fcinfo, RecordType type,
				   DocumentArgument kind, ProblemSink *sink)
{
	text	   *name = PG_GETARG_TEXT_PP(1);
	const Format *format = format_argument(VARDATA_ANY(name),
										   VARSIZE_ANY_EXHDR(name), type);
	const Request *request = NULL;
	DocumentText document;

	if (PG_NARGS() > 2 && !PG_ARGISNULL(2))
	{
		name = PG_GETARG_TEXT_PP(2);
		request = request_argument(format, VARDATA_ANY(name),
								   VARSIZE_ANY_EXHDR(name));
	}
	document = document_argument(PG_GETARG_DATUM(0), kind);
	if (request != NULL)
	{
		RequestCall call = {.format = format, .request = request};

		read_request(&document, &call, sink);
	}
	else
		validate_document(&document, format, sink);
}

/*
 * Begin a set of problems.  The executor knows its columns as good as always,
 * which is a good deal cheaper than to look them up in the catalogue.
 */
static void
document_begin_problems(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, result != NULL && IsA(result, ReturnSetInfo) &&
						result->expectedDesc != NULL ?
						MAT_SRF_USE_EXPECTED_DESC : 0);
}

/* The problems as rows (path, code, severity, message). */
static void
document_put_problems(FunctionCallInfo fcinfo, const ProblemSink *sink)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum		codes[PROBLEM_CODE_COUNT] = {0};
	Datum		severities[PROBLEM_WARNING + 1] = {0};
	const char *message = NULL;
	Datum		message_text = 0;

	for (int i = 0; i < sink->count; i++)
	{
		const Problem *problem = &sink->problems[i];
		Datum	   *code = &codes[problem->code];
		Datum	   *severity = &severities[problem->severity];
		Datum		values[4];
		bool		nulls[4] = {0};

		if (*code == 0)
			*code = CStringGetTextDatum(problem_code_name(problem->code));
		if (*severity == 0)
			*severity = CStringGetTextDatum(problem_severity_name(problem->severity));
		/* of problems that follow one another many have the same literal */
		if (message != problem->message)
		{
			message = problem->message;
			message_text = CStringGetTextDatum(message);
		}
		values[0] = PointerGetDatum(problem->path_text);
		values[1] = *code;
		values[2] = *severity;
		values[3] = message_text;
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		CHECK_FOR_INTERRUPTS();
	}
}

/* (doc, format, request) -> setof (path, code, severity, message) */
static Datum
document_validate(FunctionCallInfo fcinfo, RecordType type, DocumentArgument kind)
{
	ProblemSink sink;

	document_begin_problems(fcinfo);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	problem_sink_begin(&sink, true);
	validate_arguments(fcinfo, type, kind, &sink);
	document_put_problems(fcinfo, &sink);
	return (Datum) 0;
}

DOCUMENT_FUNCTIONS(appointment_validate, document_validate, RECORD_NONE);

/* (doc, format, request) -> whether there is no error */
static Datum
document_is_valid(FunctionCallInfo fcinfo, RecordType type, DocumentArgument kind)
{
	ProblemSink sink;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	problem_sink_begin(&sink, false);
	validate_arguments(fcinfo, type, kind, &sink);
	PG_RETURN_BOOL(sink.errors == 0);
}

DOCUMENT_FUNCTIONS(appointment_is_valid, document_is_valid, RECORD_NONE);

static void
check_value(FunctionCallInfo fcinfo, ProblemSink *sink, bool collect)
{
	Record		record;

	problem_sink_begin(sink, collect);
	record_open(&record, (struct varlena *) PG_GETARG_DOCUMENT(0));
	check_value_rules(&record, sink);
}

/* (appointment) -> setof (path, code, severity, message) */
APPOINTMENT_FUNCTION(appointment_problems);
Datum
appointment_problems(PG_FUNCTION_ARGS)
{
	ProblemSink sink;

	document_begin_problems(fcinfo);
	check_value(fcinfo, &sink, true);
	document_put_problems(fcinfo, &sink);
	return (Datum) 0;
}

/* (appointment) -> whether it has no problem of severity error */
APPOINTMENT_FUNCTION(appointment_is_sound);
Datum
appointment_is_sound(PG_FUNCTION_ARGS)
{
	ProblemSink sink;

	check_value(fcinfo, &sink, false);
	PG_RETURN_BOOL(sink.errors == 0);
}

/* ---------------------------------------------------------------------
 * requests
 * ---------------------------------------------------------------------
 */

/* An id of the shape that the service documents. */
static char *
new_id(const Format *format)
{
	StringInfoData id;

	initStringInfo(&id);
	format->make_id(&id);
	return id.data;
}

/* (format) -> an id of the service's shape */
APPOINTMENT_FUNCTION(appointment_new_id);
Datum
appointment_new_id(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);

	PG_RETURN_TEXT_P(cstring_to_text(new_id(format_argument(VARDATA_ANY(name),
															VARSIZE_ANY_EXHDR(name),
															RECORD_NONE))));
}

static TimestampTz
instant_argument(FunctionCallInfo fcinfo, int arg)
{
	TimestampTz instant = PG_GETARG_TIMESTAMPTZ(arg);

	if (!instant_in_range(instant))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time of the request must be in the years 0001 to 9999")));
	return instant;
}

/* When something is done: to the millisecond, which is what services have. */
static TimestampTz
time_argument(FunctionCallInfo fcinfo, int arg)
{
	return instant_to_millis(instant_argument(fcinfo, arg));
}

static Datum
carry_out(const DocumentText *document, const RequestCall *call)
{
	ProblemSink sink;
	PackedDocument *result;

	problem_sink_begin(&sink, false);
	result = read_request(document, call, &sink);
	if (result == NULL)
		problem_raise(&sink, call->format->name,
					  psprintf("%s request", call->request->kind), NULL);
	document_check(result, RECORD_APPOINTMENT);
	return PointerGetDatum(result);
}

/* An identifier that a caller gives, of the shape that is documented. */
static char *
id_argument(FunctionCallInfo fcinfo, int arg, const Format *format)
{
	const Member *member = format_member(format->table, FIELD_ID);
	char	   *id = text_to_cstring(PG_GETARG_TEXT_PP(arg));

	if (member->flags & MEMBER_STRICT_SHAPE && !member->shape(id, strlen(id)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("id must be %s", member->shape_name)));
	return id;
}

/* (request, format, id, at) -> appointment */
static Datum
document_from_request(FunctionCallInfo fcinfo, RecordType type,
					  DocumentArgument kind)
{
	text	   *name;
	RequestCall call = {0};
	DocumentText document;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	name = PG_GETARG_TEXT_PP(1);
	call.format = format_argument(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name),
								  type);
	call.request = request_argument(call.format, "create", 6);
	document = document_argument(PG_GETARG_DATUM(0), kind);
	call.id = PG_ARGISNULL(2) ? new_id(call.format) :
		id_argument(fcinfo, 2, call.format);
	call.at = time_argument(fcinfo, 3);
	return carry_out(&document, &call);
}

DOCUMENT_FUNCTIONS(appointment_from_request, document_from_request, RECORD_APPOINTMENT);

/* (appointment, request, format, kind, at, exempt) -> appointment */
static Datum
document_apply_request(FunctionCallInfo fcinfo, RecordType type,
					   DocumentArgument kind)
{
	text	   *name;
	RequestCall call = {0};
	DocumentText document;
	Record		target;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) ||
		PG_ARGISNULL(3) || PG_ARGISNULL(4))
		PG_RETURN_NULL();
	name = PG_GETARG_TEXT_PP(2);
	call.format = format_argument(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name),
								  type);
	name = PG_GETARG_TEXT_PP(3);
	call.request = request_argument(call.format, VARDATA_ANY(name),
									VARSIZE_ANY_EXHDR(name));
	if (call.request->creates)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("request \"%s\" makes a new appointment", call.request->kind),
				 errhint("Use appointment_from_request().")));
	record_open(&target, (struct varlena *) PG_GETARG_DOCUMENT(0));
	record_check_changeable(&target, type);
	document = document_argument(PG_GETARG_DATUM(1), kind);
	call.target = &target;
	call.at = time_argument(fcinfo, 4);
	call.asked_at = PG_GETARG_TIMESTAMPTZ(4);
	call.exempt = !PG_ARGISNULL(5) && PG_GETARG_BOOL(5);
	return carry_out(&document, &call);
}

DOCUMENT_FUNCTIONS(appointment_apply_request, document_apply_request, RECORD_APPOINTMENT);

/* (event, starts_at, attendees, id, at) -> appointment */
APPOINTMENT_FUNCTION(appointment_from_event);
Datum
appointment_from_event(PG_FUNCTION_ARGS)
{
	Record		event;
	ListBuilder attendees;
	PackedDocument *result;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(4))
		PG_RETURN_NULL();
	record_open(&event, (struct varlena *) PG_GETARG_DOCUMENT(0));
	record_check(&event, RECORD_EVENT);

	list_begin(&attendees);
	if (!PG_ARGISNULL(2))
	{
		ArrayType  *array = PG_GETARG_ARRAYTYPE_P(2);
		Datum	   *elements;
		bool	   *nulls;
		int			count;

		/* limits before memory is spent; what is left over is checked below */
		if (ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) > canonical_limits.values ||
			VARSIZE(array) / 2 > canonical_limits.bytes)
			document_report_too_large(RECORD_APPOINTMENT, NULL);
		deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT,
						  &elements, &nulls, &count);
		for (int i = 0; i < count; i++)
		{
			text	   *element;

			if (nulls[i])
				continue;
			CHECK_FOR_INTERRUPTS();
			element = DatumGetTextPP(elements[i]);
			list_add_text(&attendees, VARDATA_ANY(element),
						  VARSIZE_ANY_EXHDR(element));
		}
	}
	result = clone_event(&event, instant_argument(fcinfo, 1), &attendees,
						 PG_ARGISNULL(3) ? NULL :
						 text_to_cstring(PG_GETARG_TEXT_PP(3)),
						 time_argument(fcinfo, 4));
	document_check(result, RECORD_APPOINTMENT);
	PG_RETURN_POINTER(result);
}
