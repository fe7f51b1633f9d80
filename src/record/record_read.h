/*-------------------------------------------------------------------------
 *
 * record_read.h
 *		Reading packed records.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_RECORD_READ_H
#define APPOINTMENT_RECORD_READ_H

#include "compat.h"
#include "record/record.h"

pg_noreturn extern void record_report_corrupted(void);

extern void record_open(Record *record, const struct varlena *datum);
extern void record_open_sub(Record *record, const FieldValue *value);
extern bool record_find(const Record *record, FieldNumber number,
						FieldValue *value);
extern void record_at(const Record *record, uint32 position,
					  FieldNumber *number, FieldValue *value);
extern void record_make_index(const Record *record, RecordIndex *index);
extern void list_open(PackedBlock *list, const FieldValue *value);
extern void list_at(const PackedBlock *list, uint32 position, FieldValue *value);
extern uint32 list_values_size(const PackedBlock *list);
extern bool list_begins_with(const PackedBlock *list,
							 const PackedBlock *beginning);

extern int64 field_integer(const FieldValue *value);
extern TimestampTz field_instant(const FieldValue *value);
extern Timestamp field_local(const FieldValue *value);
extern DateADT field_date(const FieldValue *value);
extern Status field_status(const FieldValue *value);
extern void field_status_text(const FieldValue *value,
							  const char **word, uint32 *len);
extern uint8 field_unknown(const FieldValue *item,
						   const char **members, uint32 *len);

extern void document_check_fixed(const PackedDocument *document);

/*
 * Ask for the bytes of a value of which all are about to be read.  As good as
 * none of a table's is in the processor's cache, and fields are not written in
 * the order in which they lie: to wait for one line of the cache after the other
 * would take longer than the writing.  Of a large value the rest follows while
 * the first part is worked on.
 */
static inline void
record_prefetch(const PackedDocument *document)
{
#ifdef __GNUC__
	const char *bytes = (const char *) document;
	int			size = Min((int) VARSIZE(document), 1024);

	for (int line = 64; line < size; line += 64)
		__builtin_prefetch(bytes + line);
#endif
}

/* Nothing in a record is aligned. */
static inline int64
record_load_int64(const char *bytes)
{
	int64		value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static inline uint16
record_load_uint16(const char *bytes)
{
	uint16		value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static inline uint32
record_load_uint32(const char *bytes)
{
	uint32		value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

/* Where value number "position" ends. */
static inline uint32
record_block_end(const PackedBlock *block, uint32 position)
{
	return block->wide ?
		record_load_uint32(block->ends + position * sizeof(uint32)) :
		record_load_uint16(block->ends + position * sizeof(uint16));
}

/* Value number "position" of a list or of a record's directory. */
static inline void
record_block_value(const PackedBlock *block, uint32 position, FieldValue *value)
{
	uint32		start = position == 0 ? 0 : record_block_end(block, position - 1);
	uint32		end = record_block_end(block, position);

	if (unlikely(start > end || end > block->values_size))
		record_report_corrupted();
	value->data = block->values + start;
	value->size = end - start;
	value->flags = 0;
}

static inline uint16
record_tag(const Record *record, uint32 position)
{
	return record_load_uint16(record->block.tags + position * sizeof(uint16));
}

/*
 * The value of field number "position" of a record, which is this one.  The
 * instants of the fixed part look like any other value.
 */
static inline void
record_value_at(const Record *record, uint32 position, FieldNumber number,
				FieldValue *value)
{
	const PackedDocument *document = record->document;

	Assert(position < record->block.count);
	record_block_value(&record->block, position, value);
	value->flags = record_tag(record, position) & ~TAG_NUMBER_MASK;
	if (document == NULL || value->flags & TAG_NULL)
		return;

	switch (number)
	{
		case FIELD_STARTS_AT:
			value->data = document->starts_at;
			value->size = sizeof(TimestampTz);
			break;
		case FIELD_ENDS_AT:
			value->data = document->ends_at;
			value->size = sizeof(TimestampTz);
			break;
		case FIELD_STATUS:
			if (value->flags & TAG_CODE)
			{
				value->data = (const char *) &document->status;
				value->size = sizeof(uint8);
			}
			break;
		default:
			break;
	}
}

/*
 * Find a field that has a value.  Returns false if it is absent or null.
 */
static inline bool
record_find_value(const Record *record, FieldNumber number, FieldValue *value)
{
	return record_find(record, number, value) && !(value->flags & TAG_NULL);
}

/*
 * The start of an appointment, from the fixed part.  False if not known.
 */
static inline bool
document_starts_at(const PackedDocument *document, TimestampTz *instant)
{
	*instant = record_load_int64(document->starts_at);
	return (document->flags & PACKED_HAS_START) != 0;
}

/*
 * The end of an appointment, from the fixed part.  False if not known.
 */
static inline bool
document_ends_at(const PackedDocument *document, TimestampTz *instant)
{
	*instant = record_load_int64(document->ends_at);
	return (document->flags & PACKED_HAS_END) != 0;
}

#endif							/* APPOINTMENT_RECORD_READ_H */
