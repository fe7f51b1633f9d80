/*-------------------------------------------------------------------------
 *
 * record.h
 *		The packed record: what a value of type appointment or
 *		appointment_event is made of.  The bytes are specified in record.c.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_RECORD_H
#define APPOINTMENT_RECORD_H

#include "datatype/timestamp.h"
#include "utils/date.h"

#include "appointment.h"
#include "base/status.h"
#include "record/fields.h"

/* The fixed part of a document's record; see record.c. */
typedef AppointmentData PackedDocument;

#define PACKED_VERSION		APPOINTMENT_VERSION
#define PACKED_HAS_START	APPOINTMENT_HAS_START
#define PACKED_HAS_END		APPOINTMENT_HAS_END
#define PACKED_FLAGS		(PACKED_HAS_START | PACKED_HAS_END)

/* Bytes to slice from a TOASTed value that answer for the fixed part. */
#define PACKED_FIXED_SIZE \
	(offsetof(PackedDocument, block) - offsetof(PackedDocument, version))

/* What a directory entry says besides the field's number. */
#define TAG_NULL			0x1000	/* an explicit null */
#define TAG_TRUE			0x2000	/* of a boolean */
#define TAG_CODE			0x4000	/* a status: its code, not its word */
#define TAG_PLAIN			0x8000	/* text that JSON need not escape */
#define TAG_NUMBER_MASK		0x0FFF

/*
 * One field's value as it lies in a record.  The bytes are not aligned and
 * not terminated.
 */
typedef struct FieldValue
{
	const char *data;
	uint32		size;
	uint16		flags;			/* TAG_xxx */
} FieldValue;

/* An opened list, or the directory and values of an opened record. */
typedef struct PackedBlock
{
	const char *tags;			/* uint16 each, unaligned; NULL for a list */
	const char *ends;			/* uint16 or uint32 each, unaligned */
	const char *values;
	uint32		values_size;
	uint32		count;
	bool		wide;
} PackedBlock;

/* An opened record. */
typedef struct Record
{
	PackedBlock block;
	const PackedDocument *document; /* NULL for a sub-record */
} Record;

/* Where each field of a record lies, plus one; 0 if it is absent. */
typedef struct RecordIndex
{
	uint8		position[FIELD_NUMBER_MAX + 1];
} RecordIndex;

/* A field on its way into a record. */
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

/* reading */
extern void record_open(Record *record, const struct varlena *datum);
extern void record_check(const Record *record, RecordType type);
extern void record_open_sub(Record *record, const FieldValue *value);
extern bool record_find(const Record *record, FieldNumber number,
						FieldValue *value);
extern void record_at(const Record *record, uint32 position,
					  FieldNumber *number, FieldValue *value);
extern void record_make_index(const Record *record, RecordIndex *index);
extern void list_open(PackedBlock *list, const FieldValue *value);
extern void list_at(const PackedBlock *list, uint32 position, FieldValue *value);

extern int64 field_integer(const FieldValue *value);
extern TimestampTz field_instant(const FieldValue *value);
extern DateADT field_date(const FieldValue *value);
extern Status field_status(const FieldValue *value);
extern void field_status_text(const FieldValue *value,
							  const char **word, uint32 *len);
extern uint8 field_unknown(const FieldValue *item,
						   const char **members, uint32 *len);

extern bool document_starts_at(const PackedDocument *document,
							   TimestampTz *instant);
extern bool document_ends_at(const PackedDocument *document,
							 TimestampTz *instant);
extern void document_check_fixed(const PackedDocument *document);

/* building */
extern void record_begin(RecordBuilder *builder);
extern void record_begin_from(RecordBuilder *builder, const Record *record);
extern void record_add_null(RecordBuilder *builder, FieldNumber number);
extern void record_add_text(RecordBuilder *builder, FieldNumber number,
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
extern void record_add_list(RecordBuilder *builder, FieldNumber number,
							ListBuilder *list);
extern void record_add_record(RecordBuilder *builder, FieldNumber number,
							  RecordBuilder *sub);
extern void record_add_entry(RecordBuilder *builder, FieldNumber number,
							 const RecordEntry *entry);
extern void record_own(RecordBuilder *builder, FieldNumber number);
extern void record_remove(RecordBuilder *builder, FieldNumber number);
extern bool record_has(const RecordBuilder *builder, FieldNumber number);
extern const RecordEntry *record_entry(const RecordBuilder *builder,
									   FieldNumber number);
extern bool record_entry_instant(const RecordBuilder *builder,
								 FieldNumber number, TimestampTz *instant);

extern void list_begin(ListBuilder *list);
extern void list_add_text(ListBuilder *list, const char *text, size_t len);
extern void list_add_item(ListBuilder *list, const FieldValue *item);
extern void list_add_record(ListBuilder *list, RecordBuilder *item);
extern void list_add_unknown(ListBuilder *list, uint8 format_code,
							 const char *members, size_t len);

extern PackedDocument *record_build(RecordBuilder *builder, RecordType type);

/* comparing */
extern int	document_compare(const Record *a, const Record *b);
extern uint64 document_hash(const Record *record, uint64 seed);

/*
 * Find a field that has a value.  Returns false if it is absent or null.
 */
static inline bool
record_find_value(const Record *record, FieldNumber number, FieldValue *value)
{
	return record_find(record, number, value) && !(value->flags & TAG_NULL);
}

#endif							/* APPOINTMENT_RECORD_H */
