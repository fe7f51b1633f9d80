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

/* Nothing in a record is aligned. */
static inline int64
record_load_int64(const char *bytes)
{
	int64		value;

	memcpy(&value, bytes, sizeof(value));
	return value;
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
