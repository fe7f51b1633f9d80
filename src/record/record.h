/*-------------------------------------------------------------------------
 *
 * record.h
 *		The packed record: what a value of type appointment or
 *		appointment_event is made of.
 *
 * A value is
 *
 *		varlena header		4 bytes
 *		version				1 byte, PACKED_VERSION
 *		source				1 byte, code of the format that it was read from
 *		status				1 byte, canonical status or 0
 *		flags				1 byte, which of the two instants are known;
 *							the other bits are zero
 *		starts_at, ends_at	8 bytes each, zero if not known
 *		block				the fields
 *
 * The fixed part comes first so that what queries ask most often needs no
 * more of a TOASTed value than its first bytes.
 *
 * A block is a record's fields or a list's items:
 *
 *		head				2 bytes: the count; or BLOCK_WIDE, and then 4 bytes
 *							with the count
 *		tags				of a record only: count times 2 bytes, the field's
 *							number and TAG_xxx flags, ascending by number
 *		ends				count times 2 bytes, or 4 if wide: where each value
 *							ends, counted from the first value
 *		values				one after the other, without padding
 *
 * A block is wide if it has more than 16,383 values or they take more than
 * 65,535 bytes, and only then, so that equal contents give equal bytes.
 * Nothing is aligned; integers are in the machine's byte order, as everywhere
 * in the server's files.  Values:
 *
 *		text, zone, JSON	the bytes, not terminated
 *		status				the word; if TAG_CODE, a byte with the Status, of a
 *							document the one of the fixed part
 *		boolean				nothing: TAG_TRUE
 *		integer, instant	8 bytes
 *		date				4 bytes
 *		list, sub-record	a block
 *		unknown				a block: of each item the first byte is the code
 *							of a format, the rest its members as JSON text,
 *							without the braces
 *
 * The instants and the status of the fixed part have a tag without bytes, the
 * source has not even a tag: a source of 0 is absent.  An absent field has no
 * tag; an explicit null has TAG_NULL and no bytes.
 *
 * A version once released stays readable for ever.  The reader trusts
 * nothing: a value that is not laid out like this is an error
 * (ERRCODE_DATA_CORRUPTED), never a read beyond its end.
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

/* The fixed part of a document's record. */
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

/* The head of a block. */
#define BLOCK_WIDE			0x8000
#define BLOCK_NARROW_COUNT	0x3FFF
#define BLOCK_NARROW_SIZE	0xFFFF
#define BLOCK_COUNT_MAX		0x00FFFFFF

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

#endif							/* APPOINTMENT_RECORD_H */
