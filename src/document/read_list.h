/*-------------------------------------------------------------------------
 *
 * read_list.h
 *		A list document, item by item.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_READ_LIST_H
#define APPOINTMENT_READ_LIST_H

#include "document/read_text.h"
#include "member/format.h"

/* Called for each item of a list document. */
typedef void (*ListItemReader) (int index, const char *text, size_t len,
								void *arg);

extern bool read_list(const DocumentText *text, const Format *format,
					  ProblemSink *sink, ListItemReader reader, void *arg);

#endif							/* APPOINTMENT_READ_LIST_H */
