/*-------------------------------------------------------------------------
 *
 * read_text.h
 *		A text becomes a tree of JSON, within limits.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_READ_TEXT_H
#define APPOINTMENT_READ_TEXT_H

#include "json/json_tree.h"
#include "json/problem.h"

/* A document's text; "validated" if the server knows it to be JSON. */
typedef struct DocumentText
{
	const char *data;
	size_t		len;
	bool		validated;
} DocumentText;

/*
 * The limits.  A value's canonical JSON may take more than the document that
 * it was read from: it has to be read again by a restore.  A list document,
 * and each of its items, is held to limits of its own; an escape that is bad
 * makes its item bad, not the list.
 */
extern const JsonLimits document_limits;
extern const JsonLimits canonical_limits;
extern const JsonLimits list_limits;

extern bool check_text(const DocumentText *text, const JsonLimits *limits,
					   ProblemSink *sink);
extern bool read_text_tree(const DocumentText *text, const JsonLimits *limits,
						   ProblemSink *sink, JsonWalker walker, void *arg);

#endif							/* APPOINTMENT_READ_TEXT_H */
