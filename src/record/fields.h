/*-------------------------------------------------------------------------
 *
 * fields.h
 *		The catalogue of records and their fields, made from fields.def.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_FIELDS_H
#define APPOINTMENT_FIELDS_H

/*
 * What a field holds: how it stands in the packed record and in canonical
 * JSON.
 */
typedef enum FieldKind
{
	KIND_TEXT,					/* a string, in the server's encoding */
	KIND_ZONE,					/* the name of an IANA time zone: a string */
	KIND_STATUS,				/* a status word: a string */
	KIND_SOURCE,				/* the format of the source document */
	KIND_BOOLEAN,
	KIND_INTEGER,				/* int64 */
	KIND_INSTANT,				/* TimestampTz */
	KIND_DATE,					/* DateADT */
	KIND_LOCAL,					/* Timestamp, a wall clock's without its zone */
	KIND_TEXT_LIST,				/* a list of strings */
	KIND_RECORD,				/* a sub-record */
	KIND_RECORD_LIST,			/* a list of sub-records */
	KIND_JSON_OBJECT,			/* an object's exact source text */
	KIND_JSON_LIST,				/* an array's exact source text */
	KIND_UNKNOWN,				/* unknown members by format, see record.h */
} FieldKind;

/* The record types: the two documents, then the sub-records. */
typedef enum RecordType
{
#define RECORD(symbol) RECORD_##symbol,
#include "record/fields.def"
	RECORD_NONE,
} RecordType;

#define RECORD_TYPE_COUNT	RECORD_NONE

/* The fields by the number that stored values use. */
typedef enum FieldNumber
{
	FIELD_NONE = 0,
#define FIELD(symbol, number, name, kind, sub, personal, comment) \
	FIELD_##symbol = number,
#include "record/fields.def"
} FieldNumber;

/* The fields by their place in the catalogue, and each record's place. */
typedef enum FieldIndex
{
#define RECORD(symbol) \
	FIRST_INDEX_##symbol, BEFORE_FIRST_##symbol = FIRST_INDEX_##symbol - 1,
#define RECORD_END(symbol) \
	END_INDEX_##symbol, BEFORE_END_##symbol = END_INDEX_##symbol - 1,
#define FIELD(symbol, number, name, kind, sub, personal, comment) \
	INDEX_##symbol,
#include "record/fields.def"
	FIELD_COUNT,
} FieldIndex;

/* No field number of any record is larger. */
#define FIELD_NUMBER_MAX	255

/* No record has more fields. */
#define RECORD_FIELDS_MAX	96

typedef struct FieldInfo
{
	const char *name;
	const char *comment;
	FieldNumber number;
	FieldKind	kind;
	RecordType	sub;			/* of a sub-record or of a list's items */
	bool		personal;
} FieldInfo;

/*
 * A record's fields are field_catalogue[record_first[type]] up to, but not
 * with, field_catalogue[record_first[type + 1]].  The last of them takes the
 * members that the others do not.
 */
extern const FieldInfo field_catalogue[FIELD_COUNT];
extern const int record_first[RECORD_TYPE_COUNT + 1];

/* The SQL name of a document's type, for messages. */
#define DOCUMENT_TYPE_NAME(type) \
	((type) == RECORD_EVENT ? "appointment_event" : "appointment")

extern const FieldInfo *field_by_name(RecordType record,
									  const char *name, size_t len);
extern const FieldInfo *field_by_number(FieldNumber number);

/* The field that keeps the word of a status where the status alone would not. */
static inline FieldNumber
field_source_status(FieldNumber status)
{
	return status == FIELD_CHANGE_STATUS ? FIELD_CHANGE_SOURCE_STATUS :
		FIELD_SOURCE_STATUS;
}

#endif							/* APPOINTMENT_FIELDS_H */
