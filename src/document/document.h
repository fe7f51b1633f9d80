/*-------------------------------------------------------------------------
 *
 * document.h
 *		What the SQL functions of both document types have in common.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_DOCUMENT_H
#define APPOINTMENT_DOCUMENT_H

#include "fmgr.h"

#include "document/read_text.h"
#include "member/format.h"
#include "record/record_check.h"

/* How a document comes as an argument. */
typedef enum DocumentArgument
{
	ARGUMENT_TEXT,
	ARGUMENT_JSON,
	ARGUMENT_JSONB,
} DocumentArgument;

/* A format and options that came as arguments. */
typedef struct DocumentCall
{
	const Format *format;
	Options		options;
	int			growth;			/* expected, from a value to its text */
} DocumentCall;

extern const Format *canonical_format(RecordType record);
extern const Format *format_argument(const char *name, size_t len,
									 RecordType record);
extern const DocumentCall *document_call(FunctionCallInfo fcinfo,
										 int format_arg, int options_arg,
										 RecordType record);
extern DocumentText document_argument(Datum datum, DocumentArgument kind);

extern PackedDocument *document_read(const DocumentText *text,
									 const Format *format,
									 const Options *options,
									 struct Node *escontext);
extern PackedDocument *document_finish(RecordBuilder *builder,
									   RecordType record);
extern void document_check(const PackedDocument *document,
						   RecordType record);
extern void document_report_too_large(RecordType record,
									  struct Node *escontext);
extern bool document_is_restorable(const PackedDocument *document,
								   RecordType record);
extern char *document_canonical_text(const PackedDocument *document,
									 RecordType record);

#define PG_GETARG_DOCUMENT(n) \
	((PackedDocument *) PG_DETOAST_DATUM(PG_GETARG_DATUM(n)))

/* Only the fixed part of a value, which a slice of it answers for. */
static inline PackedDocument *
document_fixed_part(Datum datum)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);
	PackedDocument *document;

	if (!VARATT_IS_EXTENDED(value))
		document = (PackedDocument *) value;
	else
		document = (PackedDocument *)
			PG_DETOAST_DATUM_SLICE(datum, 0, PACKED_FIXED_SIZE);
	document_check_fixed(document);
	return document;
}

#endif							/* APPOINTMENT_DOCUMENT_H */
