/*-------------------------------------------------------------------------
 *
 * read_document.h
 *		JSON text -> record, driven by a format's table.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_READ_DOCUMENT_H
#define APPOINTMENT_READ_DOCUMENT_H

#include "member/format.h"

/*
 * The limits.  A value's canonical JSON may take more than the document that
 * it was read from: it has to be read again by a restore.
 */
extern const JsonLimits document_limits;
extern const JsonLimits canonical_limits;

/* A list document, and each of its items, is held to limits of its own. */
#define LIST_BYTES_MAX	(64 * 1024 * 1024)
#define LIST_ITEMS_MAX	100000

/* Called for each item of a list document. */
typedef void (*ListItemReader) (int index, const char *text, size_t len,
								void *arg);

extern PackedDocument *read_document(const char *text, size_t len,
									 bool validated, const Format *format,
									 const Options *options,
									 ProblemSink *sink);
extern void validate_document(const char *text, size_t len, bool validated,
							  const Format *format, ProblemSink *sink);
extern PackedDocument *read_list_item(const char *text, size_t len,
									  const Format *format,
									  const Options *options,
									  ProblemSink *sink);
extern bool read_list(const char *text, size_t len, bool validated,
					  const Format *format, ProblemSink *sink,
					  ListItemReader reader, void *arg);
extern const Format *read_what(const char *text, size_t len, bool validated,
							   RecordType record, const Format *format,
							   bool *list, ProblemSink *sink);
extern void read_field(const char *text, size_t len, bool validated,
					   const Format *format, FieldNumber field,
					   RecordBuilder *builder, ProblemSink *sink);
extern bool read_text_tree(const char *text, size_t len, bool validated,
						   const JsonLimits *limits, ProblemSink *sink,
						   JsonWalker walker, void *arg);

#endif							/* APPOINTMENT_READ_DOCUMENT_H */
