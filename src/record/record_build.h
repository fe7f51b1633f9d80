/*-------------------------------------------------------------------------
 *
 * record_build.h
 *		Building packed records.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_RECORD_BUILD_H
#define APPOINTMENT_RECORD_BUILD_H

#include "record/record.h"

/*
 * A field on its way into a record.  What is in it is record_build.c's alone:
 * record_entry_value() tells it.
 */
typedef struct RecordEntry
{
	uint16		tag;
	uint32		size;
	union
	{
		const char *data;		/* borrowed until the record is built */
		char		bytes[sizeof(int64)];	/* of a fixed-size value */
	}			value;
	bool		fixed;
} RecordEntry;

/* A record in the making.  Lives on the stack. */
typedef struct RecordBuilder
{
	uint64		present[(FIELD_NUMBER_MAX + 1) / 64];
	uint8		slot[FIELD_NUMBER_MAX + 1]; /* valid where present */
	uint8		source;			/* code of the source format, or 0 */
	int			used;
	RecordEntry entries[RECORD_FIELDS_MAX];
} RecordBuilder;

/* No list of more items is within the limits of canonical JSON. */
#define RECORD_LIST_MAX		100000

/* A list in the making. */
typedef struct ListBuilder
{
	int			count;
	int			allocated;
	FieldValue *items;
	bool		plain;			/* all the strings so far need no escape */
} ListBuilder;

extern void record_begin(RecordBuilder *builder);
extern void record_begin_from(RecordBuilder *builder, const Record *record);
extern void record_add_null(RecordBuilder *builder, FieldNumber number);
extern void record_add_text(RecordBuilder *builder, FieldNumber number,
							const char *text, size_t len);
extern void record_add_plain_text(RecordBuilder *builder, FieldNumber number,
								  const char *text, size_t len);
extern void record_add_json(RecordBuilder *builder, FieldNumber number,
							const char *text, size_t len);
extern void record_add_status(RecordBuilder *builder, FieldNumber number,
							  const char *word, size_t len);
extern void record_add_worded_status(RecordBuilder *builder,
									 FieldNumber number,
									 const char *word, size_t len);
extern void record_add_boolean(RecordBuilder *builder, FieldNumber number,
							   bool value);
extern void record_add_integer(RecordBuilder *builder, FieldNumber number,
							   int64 value);
extern void record_add_instant(RecordBuilder *builder, FieldNumber number,
							   TimestampTz value);
extern void record_add_date(RecordBuilder *builder, FieldNumber number,
							DateADT value);
extern void record_add_local(RecordBuilder *builder, FieldNumber number,
							 Timestamp value);
extern void record_add_list(RecordBuilder *builder, FieldNumber number,
							ListBuilder *list);
extern void record_add_record(RecordBuilder *builder, FieldNumber number,
							  RecordBuilder *sub);
extern void record_add_value(RecordBuilder *builder, FieldNumber number,
							 const FieldValue *value);
extern void record_append(RecordBuilder *builder, FieldNumber number,
						  const RecordBuilder *item);
extern void record_add_entry(RecordBuilder *builder, FieldNumber number,
							 const RecordEntry *entry);
extern void record_own(RecordBuilder *builder, FieldNumber number);
extern void record_remove(RecordBuilder *builder, FieldNumber number);
extern bool record_has(const RecordBuilder *builder, FieldNumber number);
extern const RecordEntry *record_entry(const RecordBuilder *builder,
									   FieldNumber number);
extern bool record_entry_value(const RecordBuilder *builder,
							   FieldNumber number, FieldValue *value);
extern bool record_entry_same(const RecordEntry *a, const RecordEntry *b);
extern bool record_entry_instant(const RecordBuilder *builder,
								 FieldNumber number, TimestampTz *instant);

extern void list_begin(ListBuilder *list);
extern void list_add_text(ListBuilder *list, const char *text, size_t len);
extern void list_add_item(ListBuilder *list, const FieldValue *item);
extern void list_add_record(ListBuilder *list, RecordBuilder *item);
extern void list_add_unknown(ListBuilder *list, uint8 format_code,
							 const char *members, size_t len);

extern PackedDocument *record_build(RecordBuilder *builder, RecordType type);

#endif							/* APPOINTMENT_RECORD_BUILD_H */
