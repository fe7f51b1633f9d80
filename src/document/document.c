/*-------------------------------------------------------------------------
 *
 * document.c
 *		What the SQL functions of both document types have in common.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/name.h"
#include "compat.h"
#include "document/document.h"
#include "document/finish_times.h"
#include "document/read_document.h"
#include "document/recognise.h"
#include "document/write_document.h"
#include "formats/registry.h"

/*
 * A value of no more bytes is within the limits of canonical JSON.  What
 * json_check() counts is at most two for each three bytes, as in "[],[],"; no
 * byte of a value becomes as many as 128 of JSON; and the depth was checked
 * when it was read.
 */
#define SURELY_SMALL	(128 * 1024)

const Format *
canonical_format(RecordType record)
{
	return record == RECORD_EVENT ? &format_canonical_event : &format_canonical;
}

/* ---------------------------------------------------------------------
 * arguments
 * ---------------------------------------------------------------------
 */

/*
 * The format that an argument names, for the type, or for any if that is
 * RECORD_NONE.  Errors (ERRCODE_INVALID_PARAMETER_VALUE) tell which there are.
 */
const Format *
format_argument(const char *name, size_t len, RecordType record)
{
	const Format *format = format_by_name(name, len);
	StringInfoData known;

	if (format != NULL && (record == RECORD_NONE || format->record == record))
		return format;
	if (format != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("format \"%s\" is not for type %s", format->name,
						DOCUMENT_TYPE_NAME(record)),
				 errhint("Use the functions of type %s.",
						 DOCUMENT_TYPE_NAME(format->record))));

	initStringInfo(&known);
	for (int i = 0; i < format_count; i++)
	{
		if (record == RECORD_NONE || formats[i]->record == record)
			appendStringInfo(&known, "%s%s", known.len == 0 ? "" : ", ",
							 formats[i]->name);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown format%s", quoted_name(name, len, "")),
			 !name_is_plausible(name, len) ?
			 errhint("What is read or written comes first, then the name of its format: %s.",
					 known.data) :
			 record == RECORD_NONE ?
			 errhint("The formats are: %s.", known.data) :
			 errhint("The formats of type %s are: %s.",
					 DOCUMENT_TYPE_NAME(record), known.data)));
	return NULL;				/* keep compiler quiet */
}

/*
 * The format and options of a call, kept from one call to the next.  They are
 * constants as good as always, but that is checked each time.
 */
typedef struct CachedCall
{
	DocumentCall call;
	MemoryContext context;		/* of what follows */
	struct varlena *format;
	Jsonb	   *options;		/* or NULL */
} CachedCall;

static inline bool
same_bytes(const struct varlena *a, const struct varlena *b)
{
	return a == b ||
		(a != NULL && b != NULL && VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		 memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0);
}

/*
 * The format and options that a function was called with.  An argument that
 * is missing or null is no options; the format is not null.
 */
const DocumentCall *
document_call(FunctionCallInfo fcinfo, int format_arg, int options_arg,
			  RecordType record)
{
	CachedCall *cached = fcinfo->flinfo->fn_extra;
	struct varlena *format;
	Jsonb	   *options = NULL;
	MemoryContext old_context;

	format = PG_GETARG_VARLENA_PP(format_arg);
	if (PG_NARGS() > options_arg && !PG_ARGISNULL(options_arg))
		options = PG_GETARG_JSONB_P(options_arg);

	if (likely(cached != NULL && cached->format != NULL &&
			   same_bytes(cached->format, format) &&
			   same_bytes((struct varlena *) cached->options,
						  (struct varlena *) options)))
		return &cached->call;

	if (cached == NULL)
	{
		cached = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
										sizeof(CachedCall));
		cached->context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt,
												"appointment options",
												ALLOCSET_SMALL_SIZES);
		fcinfo->flinfo->fn_extra = cached;
	}
	cached->format = NULL;		/* what follows may raise an error */
	MemoryContextReset(cached->context);
	old_context = MemoryContextSwitchTo(cached->context);
	cached->call.format = format_argument(VARDATA_ANY(format),
										  VARSIZE_ANY_EXHDR(format), record);
	cached->call.growth = expected_growth(cached->call.format);
	options_begin(&cached->call.options);
	cached->options = NULL;
	if (options != NULL)
	{
		options_parse(&cached->call.options, options);
		cached->options = palloc(VARSIZE(options));
		memcpy(cached->options, options, VARSIZE(options));
	}
	cached->format = palloc(VARSIZE_ANY(format));
	memcpy(cached->format, format, VARSIZE_ANY(format));
	MemoryContextSwitchTo(old_context);
	return &cached->call;
}

/*
 * The text of a document argument.
 */
DocumentText
document_argument(Datum datum, DocumentArgument kind)
{
	DocumentText text;

	if (kind == ARGUMENT_JSONB)
	{
		Jsonb	   *jsonb = DatumGetJsonbP(datum);
		StringInfoData out;

		initStringInfo(&out);
		JsonbToCString(&out, &jsonb->root, VARSIZE(jsonb));
		text.data = out.data;
		text.len = out.len;
	}
	else
	{
		struct varlena *value = PG_DETOAST_DATUM_PACKED(datum);

		text.data = VARDATA_ANY(value);
		text.len = VARSIZE_ANY_EXHDR(value);
	}
	text.validated = kind != ARGUMENT_TEXT;
	return text;
}

/* ---------------------------------------------------------------------
 * values
 * ---------------------------------------------------------------------
 */

/*
 * A value that could not be restored, because its canonical JSON is beyond
 * the limits.
 */
void
document_report_too_large(RecordType record, struct Node *escontext)
{
	errsave(escontext,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("%s is too large", DOCUMENT_TYPE_NAME(record)),
			 errdetail("Its canonical JSON may have %zu bytes, %d levels and %d values.",
					   canonical_limits.bytes, canonical_limits.depth,
					   canonical_limits.values)));
}

/*
 * Whether a restore can read the value again: its canonical JSON has to be
 * within the limits.
 */
bool
document_is_restorable(const PackedDocument *document, RecordType record)
{
	JsonWriter	writer;
	Options		options;
	Record		opened;
	size_t		position;
	bool		result;

	if (VARSIZE(document) <= SURELY_SMALL)
		return true;
	/* what is far too large need not be written to know it */
	if (VARSIZE(document) / 2 > canonical_limits.bytes)
		return false;
	options_begin(&options);
	record_open(&opened, (const struct varlena *) document);
	json_writer_begin(&writer, SURELY_SMALL);
	write_document(&opened, canonical_format(record), &options, &writer);
	result = json_check(writer.out.data, writer.out.len, true,
						&canonical_limits, &position) == JSON_STATUS_OK;
	pfree(writer.out.data);
	return result;
}

/* The same, raising an error, softly if the caller can take that. */
static bool
document_check_size(const PackedDocument *document, RecordType record,
					struct Node *escontext)
{
	if (document_is_restorable(document, record))
		return true;
	document_report_too_large(record, escontext);
	return false;
}

/*
 * A service's document was taken for canonical JSON: say what reads it.
 */
static void
hint_at_format(const DocumentText *text, ProblemSink *sink)
{
	const Format *format;
	bool		list;

	/* it is JSON, then; and canonical JSON has members like some format's */
	if (sink->problems[0].code != PROBLEM_UNKNOWN_MEMBER)
		return;
	format = recognise(text->data, text->len, &list);
	if (format == NULL || format->strict)
		return;
	sink->hint = psprintf("It looks like a %s of format \"%s\", which %s%s_from_json(doc, '%s') reads.",
						  list ? "list" : "document", format->name,
						  DOCUMENT_TYPE_NAME(format->record),
						  list ? "_list" : "", format->name);
}

/*
 * Read a document, raising its first error, softly if the caller can take
 * that; then the result is NULL.
 */
PackedDocument *
document_read(const DocumentText *text, const Format *format,
			  const Options *options, struct Node *escontext)
{
	ProblemSink sink;
	PackedDocument *document;

	problem_sink_begin(&sink, false);
	document = read_document(text, format, options, &sink);
	if (document == NULL && format->strict)
		hint_at_format(text, &sink);
	if (document == NULL)
		problem_raise(&sink, format->strict ? NULL : format->name,
					  format->strict ? DOCUMENT_TYPE_NAME(format->record) :
					  "document", escontext);
	else if (!document_check_size(document, format->record, escontext))
		document = NULL;
	return document;
}

/*
 * The same for its encoding, where texts came from elsewhere than JSON: what
 * is read has to have an equivalent in UTF-8.
 */
static void
document_check_encoding(const PackedDocument *document, RecordType record)
{
	char	   *text;

	if (GetDatabaseEncoding() == PG_UTF8)
		return;
	text = document_canonical_text(document, record);
	if (!json_text_is_readable(text, strlen(text)))
		ereport(ERROR,
				(errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
				 errmsg("invalid value of type %s: a text has a byte or character that UTF-8 lacks",
						DOCUMENT_TYPE_NAME(record))));
	pfree(text);
}

/*
 * Make sure that a value can be restored whose texts came from elsewhere than
 * a document.
 */
void
document_check(const PackedDocument *document, RecordType record)
{
	document_check_size(document, record, NULL);
	document_check_encoding(document, record);
}

/*
 * Build a value from a record that came about in another way than by reading
 * a document: the same rules hold (ERRCODE_CHECK_VIOLATION).
 */
PackedDocument *
document_finish(RecordBuilder *builder, RecordType record)
{
	ProblemSink sink;
	PackedDocument *document;

	problem_sink_begin(&sink, false);
	read_finish(canonical_format(record), builder, &sink);
	if (sink.errors > 0)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("invalid value of type %s: \"%s\" %s",
						DOCUMENT_TYPE_NAME(record), sink.problems[0].path,
						sink.problems[0].message),
				 errdetail_internal("%s",
									problem_detail(&sink.problems[0], NULL))));
	document = record_build(builder, record);
	document_check(document, record);
	return document;
}

/*
 * The canonical JSON of a value, as a C string.
 */
char *
document_canonical_text(const PackedDocument *document, RecordType record)
{
	JsonWriter	writer;
	Options		options;
	Record		opened;

	options_begin(&options);
	record_open(&opened, (const struct varlena *) document);
	json_writer_begin(&writer, VARSIZE(document) * 2 + 64);
	write_document(&opened, canonical_format(record), &options, &writer);
	return json_writer_cstring(&writer);
}
