/*-------------------------------------------------------------------------
 *
 * recognise.h
 *		Which format a document looks like.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_RECOGNISE_H
#define APPOINTMENT_RECOGNISE_H

#include "document/read_text.h"
#include "member/format.h"

extern const Format *recognise(const char *text, size_t len, bool *list);
extern bool is_list(const char *text, size_t len, const Format *format);
extern const Format *recognise_node(JsonNode *node, bool *list);
extern const Format *read_what(const DocumentText *text, RecordType record,
							   const Format *format, bool *list,
							   ProblemSink *sink);

#endif							/* APPOINTMENT_RECOGNISE_H */
