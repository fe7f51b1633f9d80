/*-------------------------------------------------------------------------
 *
 * read_document.h
 *		JSON text -> record, driven by a format's table.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_READ_DOCUMENT_H
#define APPOINTMENT_READ_DOCUMENT_H

#include "document/read_text.h"
#include "member/format.h"

extern PackedDocument *read_document(const DocumentText *text,
									 const Format *format,
									 const Options *options,
									 ProblemSink *sink);
extern void validate_document(const DocumentText *text, const Format *format,
							  ProblemSink *sink);
extern PackedDocument *read_list_item(const DocumentText *text,
									  const Format *format,
									  const Options *options,
									  ProblemSink *sink);
extern void read_field(const DocumentText *text, const Format *format,
					   FieldNumber field, RecordBuilder *builder,
					   ProblemSink *sink);

#endif							/* APPOINTMENT_READ_DOCUMENT_H */
