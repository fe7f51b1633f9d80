/*-------------------------------------------------------------------------
 *
 * write_document.h
 *		Record -> JSON text, driven by a format's table.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_WRITE_DOCUMENT_H
#define APPOINTMENT_WRITE_DOCUMENT_H

#include "member/format.h"

/* Begins, continues and ends a list document. */
typedef struct ListWriter
{
	const Format *format;
	const Options *options;
	JsonWriter	items;
	int			count;
} ListWriter;

extern void write_document(const Record *record, const Format *format,
						   const Options *options, JsonWriter *writer);
extern int	expected_growth(const Format *format);
extern bool write_field(const Record *record, const Format *format,
						FieldNumber field, JsonWriter *writer);

extern void list_writer_begin(ListWriter *list, const Format *format,
							  const Options *options);
extern void list_writer_add(ListWriter *list, const Record *record);
extern void list_writer_end(const ListWriter *list, JsonWriter *writer);

#endif							/* APPOINTMENT_WRITE_DOCUMENT_H */
