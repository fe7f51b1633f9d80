/*-------------------------------------------------------------------------
 *
 * record.c
 *		The packed record: its layout, builder, reader and comparison.
 *
 * A value of type appointment or appointment_event is
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
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/memutils.h"

#include "compat.h"
#include "json/json_writer.h"
#include "record/record.h"

#define BLOCK_WIDE			0x8000
#define BLOCK_NARROW_COUNT	0x3FFF
#define BLOCK_NARROW_SIZE	0xFFFF
#define BLOCK_COUNT_MAX		0x00FFFFFF

static void block_open(PackedBlock *block, const char *data, uint32 size,
					   bool record);
static int	record_compare_fields(const Record *a, const Record *b);
static uint64 record_hash_fields(const Record *record, uint64 hash);

static bool record_is_sound(const Record *record, RecordType type);

/* ---------------------------------------------------------------------
 * unaligned loads
 * ---------------------------------------------------------------------
 */

static inline uint16
load_uint16(const char *bytes)
{
	uint16		value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static inline uint32
load_uint32(const char *bytes)
{
	uint32		value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static inline int64
load_int64(const char *bytes)
{
	int64		value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

/* What every check of a stored value ends in. */
pg_noreturn static pg_noinline void
report_corrupted(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("stored appointment is corrupted"),
			 errhint("Restore the row from a backup, or delete it.")));
}

/* ---------------------------------------------------------------------
 * reading
 * ---------------------------------------------------------------------
 */

/*
 * Check the fixed part, which may be all that was sliced from the value.
 */
void
document_check_fixed(const PackedDocument *document)
{
	if (VARSIZE(document) < offsetof(PackedDocument, block))
		report_corrupted();
	if (unlikely(document->version != PACKED_VERSION))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored appointment has version %d, which this version of the extension cannot read",
						document->version)));
	if (unlikely((document->flags & ~PACKED_FLAGS) != 0 ||
				 document->status >= STATUS_COUNT))
		report_corrupted();
}

/*
 * Open a detoasted document.
 */
void
record_open(Record *record, const struct varlena *datum)
{
	const PackedDocument *document = (const PackedDocument *) datum;

	document_check_fixed(document);
	record->document = document;
	block_open(&record->block, document->block,
			   VARSIZE(document) - offsetof(PackedDocument, block), true);
}

/*
 * Open a sub-record.
 */
void
record_open_sub(Record *record, const FieldValue *value)
{
	record->document = NULL;
	block_open(&record->block, value->data, value->size, true);
}

/*
 * Open a list.
 */
void
list_open(PackedBlock *list, const FieldValue *value)
{
	block_open(list, value->data, value->size, false);
}

static void
block_open(PackedBlock *block, const char *data, uint32 size, bool record)
{
	uint32		head_size = sizeof(uint16);
	uint64		directory;

	if (unlikely(size < sizeof(uint16)))
		report_corrupted();
	block->count = load_uint16(data);
	block->wide = block->count == BLOCK_WIDE;
	if (unlikely(block->wide))
	{
		head_size += sizeof(uint32);
		if (size < head_size)
			report_corrupted();
		block->count = load_uint32(data + sizeof(uint16));
	}
	else if (unlikely(block->count > BLOCK_NARROW_COUNT))
		report_corrupted();

	directory = (uint64) block->count *
		((record ? sizeof(uint16) : 0) +
		 (block->wide ? sizeof(uint32) : sizeof(uint16)));
	if (unlikely(directory > size - head_size ||
				 (record && block->count > RECORD_FIELDS_MAX)))
		report_corrupted();

	data += head_size;
	block->tags = record ? data : NULL;
	block->ends = record ? data + block->count * sizeof(uint16) : data;
	block->values = data + directory;
	block->values_size = size - head_size - (uint32) directory;
}

/* Where value number "position" ends. */
static inline uint32
block_end(const PackedBlock *block, uint32 position)
{
	return block->wide ?
		load_uint32(block->ends + position * sizeof(uint32)) :
		load_uint16(block->ends + position * sizeof(uint16));
}

/* Value number "position" of a list or of a record's directory. */
static inline void
block_value(const PackedBlock *block, uint32 position, FieldValue *value)
{
	uint32		start = position == 0 ? 0 : block_end(block, position - 1);
	uint32		end = block_end(block, position);

	if (unlikely(start > end || end > block->values_size))
		report_corrupted();
	value->data = block->values + start;
	value->size = end - start;
	value->flags = 0;
}

/*
 * Item number "position" of a list; the caller stays below the count.
 */
void
list_at(const PackedBlock *list, uint32 position, FieldValue *value)
{
	Assert(position < list->count);
	block_value(list, position, value);
}

static inline uint16
record_tag(const Record *record, uint32 position)
{
	return load_uint16(record->block.tags + position * sizeof(uint16));
}

/*
 * Field number "position" of a record; the caller stays below the count.
 * The instants of the fixed part look like any other value.
 */
void
record_at(const Record *record, uint32 position,
		  FieldNumber *number, FieldValue *value)
{
	uint16		tag = record_tag(record, position);

	Assert(position < record->block.count);
	block_value(&record->block, position, value);
	value->flags = tag & ~TAG_NUMBER_MASK;
	*number = (FieldNumber) (tag & TAG_NUMBER_MASK);
	if (unlikely(*number == FIELD_NONE || *number > FIELD_NUMBER_MAX))
		report_corrupted();

	if (record->document != NULL && !(value->flags & TAG_NULL))
	{
		const PackedDocument *document = record->document;

		switch (*number)
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
}

/*
 * Find a field of a record.  Returns false if it is absent; an explicit null
 * is found, with TAG_NULL.
 */
bool
record_find(const Record *record, FieldNumber number, FieldValue *value)
{
	uint32		low = 0;
	uint32		high = record->block.count;

	while (low < high)
	{
		uint32		middle = (low + high) / 2;
		uint16		found = record_tag(record, middle) & TAG_NUMBER_MASK;

		if (found == number)
		{
			FieldNumber same;

			record_at(record, middle, &same, value);
			return true;
		}
		if (found < number)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/*
 * Note where each field lies, for a caller that is about to ask for most of
 * them in another order.
 */
void
record_make_index(const Record *record, RecordIndex *index)
{
	memset(index, 0, sizeof(*index));
	for (uint32 i = 0; i < record->block.count; i++)
	{
		uint16		number = record_tag(record, i) & TAG_NUMBER_MASK;

		if (unlikely(number > FIELD_NUMBER_MAX))
			report_corrupted();
		index->position[number] = i + 1;
	}
}

int64
field_integer(const FieldValue *value)
{
	if (unlikely(value->size != sizeof(int64)))
		report_corrupted();
	return load_int64(value->data);
}

TimestampTz
field_instant(const FieldValue *value)
{
	return (TimestampTz) field_integer(value);
}

DateADT
field_date(const FieldValue *value)
{
	if (unlikely(value->size != sizeof(DateADT)))
		report_corrupted();
	return (DateADT) load_uint32(value->data);
}

/*
 * The canonical status of a status field, or STATUS_NONE if it holds another
 * word.
 */
Status
field_status(const FieldValue *value)
{
	uint8		code;

	if (!(value->flags & TAG_CODE))
		return STATUS_NONE;
	if (unlikely(value->size != sizeof(uint8)))
		report_corrupted();
	code = (uint8) *value->data;
	if (unlikely(code == STATUS_NONE || code >= STATUS_COUNT))
		report_corrupted();
	return (Status) code;
}

/*
 * The word of a status field.
 */
void
field_status_text(const FieldValue *value, const char **word, uint32 *len)
{
	Status		status = field_status(value);

	if (status == STATUS_NONE)
	{
		*word = value->data;
		*len = value->size;
	}
	else
	{
		*word = status_word(status);
		*len = strlen(*word);
	}
}

/*
 * Take an item of an unknown field apart: the code of the format, and the
 * members as text.
 */
uint8
field_unknown(const FieldValue *item, const char **members, uint32 *len)
{
	if (unlikely(item->size < 1))
		report_corrupted();
	*members = item->data + 1;
	*len = item->size - 1;
	return (uint8) item->data[0];
}

/*
 * The start of an appointment, from the fixed part.  False if not known.
 */
bool
document_starts_at(const PackedDocument *document, TimestampTz *instant)
{
	*instant = load_int64(document->starts_at);
	return (document->flags & PACKED_HAS_START) != 0;
}

/*
 * The end of an appointment, from the fixed part.  False if not known.
 */
bool
document_ends_at(const PackedDocument *document, TimestampTz *instant)
{
	*instant = load_int64(document->ends_at);
	return (document->flags & PACKED_HAS_END) != 0;
}

/* ---------------------------------------------------------------------
 * building
 * ---------------------------------------------------------------------
 */

void
record_begin(RecordBuilder *builder)
{
	memset(builder->present, 0, sizeof(builder->present));
	builder->source = 0;
	builder->used = 0;
}

bool
record_has(const RecordBuilder *builder, FieldNumber number)
{
	return (builder->present[number / 64] >> (number % 64)) & 1;
}

/*
 * The entry of a field, or NULL if it was not added.
 */
const RecordEntry *
record_entry(const RecordBuilder *builder, FieldNumber number)
{
	return record_has(builder, number) ?
		&builder->entries[builder->slot[number]] : NULL;
}

/*
 * The instant of a field that was added.  False if it was not, or is null.
 */
bool
record_entry_instant(const RecordBuilder *builder, FieldNumber number,
					 TimestampTz *instant)
{
	const RecordEntry *entry = record_entry(builder, number);

	if (entry == NULL || entry->tag & TAG_NULL)
		return false;
	*instant = load_int64(entry->fixed ? entry->value.bytes : entry->value.data);
	return true;
}

void
record_remove(RecordBuilder *builder, FieldNumber number)
{
	builder->present[number / 64] &= ~(UINT64CONST(1) << (number % 64));
}

/* The entry to fill in for a field: the last addition wins. */
static inline RecordEntry *
record_slot(RecordBuilder *builder, FieldNumber number, uint16 flags)
{
	RecordEntry *entry;

	if (record_has(builder, number))
		entry = &builder->entries[builder->slot[number]];
	else
	{
		/* A record that lost fields and takes new ones may run out. */
		if (unlikely(builder->used == RECORD_FIELDS_MAX))
			elog(ERROR, "too many fields in one record");
		builder->present[number / 64] |= UINT64CONST(1) << (number % 64);
		builder->slot[number] = builder->used;
		entry = &builder->entries[builder->used++];
	}
	entry->tag = (uint16) number | flags;
	return entry;
}

static inline void
record_add_bytes(RecordBuilder *builder, FieldNumber number, uint16 flags,
				 const char *data, size_t size)
{
	RecordEntry *entry = record_slot(builder, number, flags);

	entry->fixed = false;
	entry->value.data = data;
	entry->size = size;
}

static inline void
record_add_fixed(RecordBuilder *builder, FieldNumber number, uint16 flags,
				 const void *bytes, size_t size)
{
	RecordEntry *entry = record_slot(builder, number, flags);

	entry->fixed = true;
	memcpy(entry->value.bytes, bytes, size);
	entry->size = size;
}

void
record_add_null(RecordBuilder *builder, FieldNumber number)
{
	record_add_bytes(builder, number, TAG_NULL, NULL, 0);
}

/* The text stays the caller's until the record is built. */
void
record_add_text(RecordBuilder *builder, FieldNumber number,
				const char *text, size_t len)
{
	record_add_bytes(builder, number,
					 json_text_is_plain(text, len) ? TAG_PLAIN : 0, text, len);
}

/* The text stays the caller's until the record is built. */
void
record_add_json(RecordBuilder *builder, FieldNumber number,
				const char *text, size_t len)
{
	record_add_bytes(builder, number, 0, text, len);
}

/* The word stays the caller's until the record is built. */
void
record_add_status(RecordBuilder *builder, FieldNumber number,
				  const char *word, size_t len)
{
	Status		status = status_from_word(word, len);

	if (status == STATUS_NONE)
		record_add_text(builder, number, word, len);
	else
	{
		uint8		code = (uint8) status;

		record_add_fixed(builder, number, TAG_CODE, &code, sizeof(code));
	}
}

/*
 * The same as somebody worded it: another spelling than ours is kept, so that
 * it can be given back.
 */
void
record_add_worded_status(RecordBuilder *builder, FieldNumber number,
						 const char *word, size_t len)
{
	record_add_status(builder, number, word, len);
	if (status_is_respelled(word, len))
		record_add_text(builder, field_source_status(number), word, len);
}

void
record_add_boolean(RecordBuilder *builder, FieldNumber number, bool value)
{
	record_add_bytes(builder, number, value ? TAG_TRUE : 0, NULL, 0);
}

void
record_add_integer(RecordBuilder *builder, FieldNumber number, int64 value)
{
	record_add_fixed(builder, number, 0, &value, sizeof(value));
}

void
record_add_instant(RecordBuilder *builder, FieldNumber number,
				   TimestampTz value)
{
	record_add_fixed(builder, number, 0, &value, sizeof(value));
}

void
record_add_date(RecordBuilder *builder, FieldNumber number, DateADT value)
{
	record_add_fixed(builder, number, 0, &value, sizeof(value));
}

/* Add what another record in the making has, under another name. */
void
record_add_entry(RecordBuilder *builder, FieldNumber number,
				 const RecordEntry *entry)
{
	RecordEntry *copy = record_slot(builder, number, 0);
	uint16		tag = (uint16) number | (entry->tag & ~TAG_NUMBER_MASK);

	*copy = *entry;
	copy->tag = tag;
}

/* Make a field's borrowed bytes the builder's own. */
void
record_own(RecordBuilder *builder, FieldNumber number)
{
	RecordEntry *entry;
	char	   *copy;

	if (!record_has(builder, number))
		return;
	entry = &builder->entries[builder->slot[number]];
	if (entry->fixed || entry->size == 0)
		return;
	copy = palloc(entry->size);
	memcpy(copy, entry->value.data, entry->size);
	entry->value.data = copy;
}

void
list_begin(ListBuilder *list)
{
	list->count = 0;
	list->allocated = 0;
	list->items = NULL;
	list->plain = true;
}

static void
list_add(ListBuilder *list, const char *data, size_t size)
{
	if (list->count == list->allocated)
	{
		/* what comes from an array may be of any length */
		if (unlikely(list->count > RECORD_LIST_MAX))
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("appointment is too large"),
					 errdetail("A list has more than %d items.",
							   RECORD_LIST_MAX)));
		if (list->items == NULL)
		{
			list->allocated = 8;
			list->items = palloc_array(FieldValue, list->allocated);
		}
		else
		{
			list->allocated *= 2;
			list->items = repalloc_array(list->items, FieldValue,
										 list->allocated);
		}
	}
	list->items[list->count].data = data;
	list->items[list->count].size = size;
	list->count++;
}

/* The text stays the caller's until the list is added to a record. */
void
list_add_text(ListBuilder *list, const char *text, size_t len)
{
	list_add(list, text, len);
	list->plain = list->plain && json_text_is_plain(text, len);
}

/* An item of another list: a record. */
void
list_add_item(ListBuilder *list, const FieldValue *item)
{
	list_add(list, item->data, item->size);
	list->plain = false;
}

void
list_add_unknown(ListBuilder *list, uint8 format_code,
				 const char *members, size_t len)
{
	char	   *item = palloc(len + 1);

	item[0] = (char) format_code;
	memcpy(item + 1, members, len);
	list_add(list, item, len + 1);
}

/* Whether a block with so many values of such a total size is wide. */
static inline bool
block_is_wide(uint32 count, size_t values_size)
{
	return count > BLOCK_NARROW_COUNT || values_size > BLOCK_NARROW_SIZE;
}

/* Its size in bytes. */
static size_t
block_size(uint32 count, size_t values_size, bool record)
{
	bool		wide = block_is_wide(count, values_size);
	size_t		size = sizeof(uint16) + (wide ? sizeof(uint32) : 0) +
	count * ((record ? sizeof(uint16) : 0) +
			 (wide ? sizeof(uint32) : sizeof(uint16))) +
	values_size;

	if (unlikely(count > BLOCK_COUNT_MAX || size > MaxAllocSize / 2))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("appointment is too large")));
	return size;
}

/* Write the head of a block.  Returns where its directory begins. */
static inline char *
block_put_head(char *data, uint32 count, bool wide)
{
	uint16		head = wide ? BLOCK_WIDE : (uint16) count;

	memcpy(data, &head, sizeof(head));
	data += sizeof(head);
	if (wide)
	{
		memcpy(data, &count, sizeof(count));
		data += sizeof(count);
	}
	return data;
}

/* Write where a value ends.  Returns where the next one's end goes. */
static inline char *
block_put_end(char *end, uint32 offset, bool wide)
{
	if (wide)
	{
		memcpy(end, &offset, sizeof(uint32));
		return end + sizeof(uint32);
	}
	else
	{
		uint16		narrow = (uint16) offset;

		memcpy(end, &narrow, sizeof(uint16));
		return end + sizeof(uint16);
	}
}

/* Add a list as a field's value. */
void
record_add_list(RecordBuilder *builder, FieldNumber number, ListBuilder *list)
{
	size_t		values_size = 0;
	size_t		size;
	char	   *data;
	char	   *end;
	char	   *value;
	bool		wide;

	for (int i = 0; i < list->count; i++)
		values_size += list->items[i].size;
	wide = block_is_wide(list->count, values_size);
	size = block_size(list->count, values_size, false);

	data = palloc(size);
	end = block_put_head(data, list->count, wide);
	value = data + size - values_size;
	for (int i = 0; i < list->count; i++)
	{
		const FieldValue *item = &list->items[i];

		if (item->size > 0)
			memcpy(value, item->data, item->size);
		value += item->size;
		end = block_put_end(end, (uint32) (value - (data + size - values_size)),
							wide);
	}
	record_add_bytes(builder, number,
					 list->plain && list->count > 0 ? TAG_PLAIN : 0,
					 data, size);
}

/* Bytes of the values of a record in the making, and their number. */
static size_t
record_values_size(const RecordBuilder *builder, uint32 *count)
{
	size_t		size = 0;

	*count = 0;
	for (int w = 0; w < (int) lengthof(builder->present); w++)
	{
		uint64		bits = builder->present[w];

		for (; bits != 0; bits &= bits - 1)
		{
			int			number = w * 64 + pg_rightmost_one_pos64(bits);

			size += builder->entries[builder->slot[number]].size;
			(*count)++;
		}
	}
	return size;
}

/* Lay out the block of a record, fields ascending by their number. */
static void
record_fill(const RecordBuilder *builder, char *data, uint32 count,
			size_t values_size)
{
	bool		wide = block_is_wide(count, values_size);
	char	   *tag = block_put_head(data, count, wide);
	char	   *end = tag + count * sizeof(uint16);
	char	   *value = end + count * (wide ? sizeof(uint32) : sizeof(uint16));
	uint32		offset = 0;

	for (int w = 0; w < (int) lengthof(builder->present); w++)
	{
		uint64		bits = builder->present[w];

		for (; bits != 0; bits &= bits - 1)
		{
			int			number = w * 64 + pg_rightmost_one_pos64(bits);
			const RecordEntry *entry = &builder->entries[builder->slot[number]];

			memcpy(tag, &entry->tag, sizeof(uint16));
			tag += sizeof(uint16);
			if (entry->size > 0)
				memcpy(value + offset,
					   entry->fixed ? entry->value.bytes : entry->value.data,
					   entry->size);
			offset += entry->size;
			end = block_put_end(end, offset, wide);
		}
	}
}

/* The block of a record, allocated. */
static char *
record_block(const RecordBuilder *builder, size_t *size)
{
	uint32		count;
	size_t		values_size = record_values_size(builder, &count);
	char	   *data;

	*size = block_size(count, values_size, true);
	data = palloc(*size);
	record_fill(builder, data, count, values_size);
	return data;
}

/* Add a sub-record as a field's value. */
void
record_add_record(RecordBuilder *builder, FieldNumber number,
				  RecordBuilder *sub)
{
	size_t		size;
	char	   *data = record_block(sub, &size);

	record_add_bytes(builder, number, 0, data, size);
}

/* Add a sub-record as an item of a list. */
void
list_add_record(ListBuilder *list, RecordBuilder *item)
{
	size_t		size;
	char	   *data = record_block(item, &size);

	list_add(list, data, size);
	list->plain = false;
}

/*
 * Start from an existing record, to change some of its fields.  Its values
 * are borrowed, so it must live until the new one is built.
 */
void
record_begin_from(RecordBuilder *builder, const Record *record)
{
	record_begin(builder);
	for (uint32 i = 0; i < record->block.count; i++)
	{
		FieldNumber number;
		FieldValue	value;

		record_at(record, i, &number, &value);
		record_add_bytes(builder, number, value.flags, value.data, value.size);
	}
	if (record->document != NULL)
		builder->source = record->document->source;
}

/* Move a fixed-part field out of the values.  Returns whether it has one. */
static bool
take_fixed(RecordBuilder *builder, FieldNumber number, char *target,
		   size_t size)
{
	RecordEntry *entry;

	if (!record_has(builder, number))
		return false;
	entry = &builder->entries[builder->slot[number]];
	if (entry->tag & TAG_NULL)
		return false;
	Assert(entry->size == size);
	memcpy(target, entry->fixed ? entry->value.bytes : entry->value.data, size);
	entry->size = 0;
	return true;
}

/*
 * Build the value, of this type.  The builder is used up.
 */
PackedDocument *
record_build(RecordBuilder *builder, RecordType type)
{
	PackedDocument fixed;
	PackedDocument *document;
	const RecordEntry *status;
	uint32		count;
	size_t		values_size;
	size_t		size;

	memset(&fixed, 0, sizeof(fixed));
	fixed.version = PACKED_VERSION;
	fixed.source = builder->source;
	if (take_fixed(builder, FIELD_STARTS_AT, fixed.starts_at,
				   sizeof(fixed.starts_at)))
		fixed.flags |= PACKED_HAS_START;
	if (take_fixed(builder, FIELD_ENDS_AT, fixed.ends_at,
				   sizeof(fixed.ends_at)))
		fixed.flags |= PACKED_HAS_END;
	status = record_entry(builder, FIELD_STATUS);
	if (status != NULL && status->tag & TAG_CODE)
		take_fixed(builder, FIELD_STATUS, (char *) &fixed.status,
				   sizeof(fixed.status));

	values_size = record_values_size(builder, &count);
	size = offsetof(PackedDocument, block) +
		block_size(count, values_size, true);
	document = palloc(size);
	memcpy(document, &fixed, offsetof(PackedDocument, block));
	SET_VARSIZE(document, size);
	record_fill(builder, document->block, count, values_size);

#ifdef USE_ASSERT_CHECKING
	{
		Record		built;

		record_open(&built, (struct varlena *) document);
		Assert(record_is_sound(&built, type));
	}
#endif
	return document;
}

/* ---------------------------------------------------------------------
 * comparing
 *
 * What is compared is the content as the fields give it, not the bytes of
 * the layout, so that a later version of the layout compares equal.
 *
 * A damaged value may have a record in a record of its own type, as deep as
 * its size allows: the recursions check the stack.
 * ---------------------------------------------------------------------
 */

/* What two values of one field have to agree in besides their bytes. */
#define TAG_CONTENT		(TAG_NULL | TAG_TRUE | TAG_CODE)

static inline int
compare_bytes(const char *a, uint32 a_size, const char *b, uint32 b_size)
{
	int			result = memcmp(a, b, Min(a_size, b_size));

	if (result != 0)
		return result < 0 ? -1 : 1;
	return a_size < b_size ? -1 : a_size > b_size ? 1 : 0;
}

static FieldKind
kind_of_stored(FieldNumber number)
{
	const FieldInfo *field = field_by_number(number);

	if (unlikely(field == NULL))
		report_corrupted();
	return field->kind;
}

static int
compare_values(FieldKind kind, const FieldValue *a, const FieldValue *b)
{
	if (a->flags & TAG_NULL)
		return 0;
	switch (kind)
	{
		case KIND_RECORD:
			{
				Record		a_sub;
				Record		b_sub;

				record_open_sub(&a_sub, a);
				record_open_sub(&b_sub, b);
				return record_compare_fields(&a_sub, &b_sub);
			}
		case KIND_TEXT_LIST:
		case KIND_RECORD_LIST:
		case KIND_UNKNOWN:
			{
				PackedBlock a_list;
				PackedBlock b_list;

				list_open(&a_list, a);
				list_open(&b_list, b);
				for (uint32 i = 0; i < a_list.count && i < b_list.count; i++)
				{
					FieldValue	a_item;
					FieldValue	b_item;
					int			result;

					list_at(&a_list, i, &a_item);
					list_at(&b_list, i, &b_item);
					result = compare_values(kind == KIND_RECORD_LIST ?
											KIND_RECORD : KIND_TEXT,
											&a_item, &b_item);
					if (result != 0)
						return result;
				}
				return a_list.count < b_list.count ? -1 :
					a_list.count > b_list.count ? 1 : 0;
			}
		case KIND_INTEGER:
		case KIND_INSTANT:
			{
				int64		a_value = field_integer(a);
				int64		b_value = field_integer(b);

				return a_value < b_value ? -1 : a_value > b_value ? 1 : 0;
			}
		case KIND_DATE:
			{
				DateADT		a_value = field_date(a);
				DateADT		b_value = field_date(b);

				return a_value < b_value ? -1 : a_value > b_value ? 1 : 0;
			}
		default:
			return compare_bytes(a->data, a->size, b->data, b->size);
	}
}

static int
record_compare_fields(const Record *a, const Record *b)
{
	uint32		common = Min(a->block.count, b->block.count);

	check_stack_depth();
	for (uint32 i = 0; i < common; i++)
	{
		FieldNumber a_number;
		FieldNumber b_number;
		FieldValue	a_value;
		FieldValue	b_value;
		int			result;

		record_at(a, i, &a_number, &a_value);
		record_at(b, i, &b_number, &b_value);
		if (a_number != b_number)
			return a_number < b_number ? -1 : 1;
		if ((a_value.flags & TAG_CONTENT) != (b_value.flags & TAG_CONTENT))
			return (a_value.flags & TAG_CONTENT) <
				(b_value.flags & TAG_CONTENT) ? -1 : 1;
		result = compare_values(kind_of_stored(a_number), &a_value, &b_value);
		if (result != 0)
			return result;
	}
	return a->block.count < b->block.count ? -1 :
		a->block.count > b->block.count ? 1 : 0;
}

static inline int
compare_instants(bool a_known, TimestampTz a, bool b_known, TimestampTz b)
{
	if (a_known && b_known)
		return a < b ? -1 : a > b ? 1 : 0;
	/* not known comes last, as NULL does */
	return a_known ? -1 : b_known ? 1 : 0;
}

/*
 * Order two documents: by start, by end, by id byte for byte, and at last by
 * whatever else they hold.
 */
int
document_compare(const Record *a, const Record *b)
{
	const FieldNumber ids[] = {FIELD_ID, FIELD_EVENT_ID};
	TimestampTz a_instant;
	TimestampTz b_instant;
	bool		a_known;
	bool		b_known;
	int			result;

	a_known = document_starts_at(a->document, &a_instant);
	b_known = document_starts_at(b->document, &b_instant);
	result = compare_instants(a_known, a_instant, b_known, b_instant);
	if (result != 0)
		return result;

	a_known = document_ends_at(a->document, &a_instant);
	b_known = document_ends_at(b->document, &b_instant);
	result = compare_instants(a_known, a_instant, b_known, b_instant);
	if (result != 0)
		return result;

	for (int i = 0; i < (int) lengthof(ids); i++)
	{
		FieldValue	a_id;
		FieldValue	b_id;

		a_known = record_find_value(a, ids[i], &a_id);
		b_known = record_find_value(b, ids[i], &b_id);
		if (a_known && b_known)
			result = compare_bytes(a_id.data, a_id.size, b_id.data, b_id.size);
		else
			result = a_known ? -1 : b_known ? 1 : 0;
		if (result != 0)
			return result;
	}

	/* The source has no tag to compare below. */
	if (a->document->source != b->document->source)
		return a->document->source < b->document->source ? -1 : 1;
	return record_compare_fields(a, b);
}

static uint64
hash_value(FieldKind kind, const FieldValue *value, uint64 hash)
{
	switch (kind)
	{
		case KIND_RECORD:
			{
				Record		sub;

				record_open_sub(&sub, value);
				return record_hash_fields(&sub, hash);
			}
		case KIND_TEXT_LIST:
		case KIND_RECORD_LIST:
		case KIND_UNKNOWN:
			{
				PackedBlock list;

				list_open(&list, value);
				for (uint32 i = 0; i < list.count; i++)
				{
					FieldValue	item;

					list_at(&list, i, &item);
					hash = hash_value(kind == KIND_RECORD_LIST ?
									  KIND_RECORD : KIND_TEXT, &item, hash);
				}
				return hash_combine64(hash, list.count);
			}
		default:
			return hash_combine64(hash,
								  hash_bytes_extended((const unsigned char *) value->data,
													  value->size, 0));
	}
}

static uint64
record_hash_fields(const Record *record, uint64 hash)
{
	check_stack_depth();
	for (uint32 i = 0; i < record->block.count; i++)
	{
		FieldNumber number;
		FieldValue	value;

		record_at(record, i, &number, &value);
		hash = hash_combine64(hash, number | (value.flags & TAG_CONTENT));
		if (value.size > 0)
			hash = hash_value(kind_of_stored(number), &value, hash);
	}
	return hash;
}

/*
 * Hash a document: equal documents have equal hashes.
 */
uint64
document_hash(const Record *record, uint64 seed)
{
	uint64		hash = hash_combine64(seed, record->document->source);
	TimestampTz starts_at;
	TimestampTz ends_at;

	document_starts_at(record->document, &starts_at);
	document_ends_at(record->document, &ends_at);
	hash = hash_combine64(hash, (uint64) starts_at);
	hash = hash_combine64(hash, (uint64) ends_at);
	hash = record_hash_fields(record, hash);

	/* hash_combine64 alone disperses the low bits of few fields badly */
	return hash_bytes_extended((const unsigned char *) &hash, sizeof(hash),
							   seed);
}

/* ---------------------------------------------------------------------
 * the invariants of a record
 *
 * The readers check what they read, so that a corrupted value is an error at
 * worst; a builder relies on what it takes over, so that is checked before.
 * ---------------------------------------------------------------------
 */

static bool
value_is_sound(const FieldInfo *field, const FieldValue *value)
{
	switch (field->kind)
	{
		case KIND_TEXT:
		case KIND_ZONE:
			return ((value->flags & TAG_PLAIN) != 0) ==
				json_text_is_plain(value->data, value->size);
		case KIND_STATUS:
			(void) field_status(value);
			return true;
		case KIND_SOURCE:
			return false;
		case KIND_BOOLEAN:
			return value->size == 0;
		case KIND_INTEGER:
		case KIND_INSTANT:
			return value->size == sizeof(int64);
		case KIND_DATE:
			return value->size == sizeof(DateADT);
		case KIND_JSON_OBJECT:
			return value->size >= 2 && value->data[0] == '{' &&
				value->data[value->size - 1] == '}';
		case KIND_JSON_LIST:
			return value->size >= 2 && value->data[0] == '[' &&
				value->data[value->size - 1] == ']';
		case KIND_RECORD:
			{
				Record		sub;

				record_open_sub(&sub, value);
				return record_is_sound(&sub, field->sub);
			}
		case KIND_TEXT_LIST:
		case KIND_RECORD_LIST:
		case KIND_UNKNOWN:
			{
				PackedBlock list;

				list_open(&list, value);
				for (uint32 i = 0; i < list.count; i++)
				{
					FieldValue	item;
					Record		sub;

					list_at(&list, i, &item);
					if (field->kind == KIND_RECORD_LIST)
					{
						record_open_sub(&sub, &item);
						if (!record_is_sound(&sub, field->sub))
							return false;
					}
					else if (field->kind == KIND_UNKNOWN && item.size <= 1)
						return false;
				}
				return true;
			}
	}
	return false;				/* keep compiler quiet */
}

/* Everything that the readers and builders rely on. */
static bool
record_is_sound(const Record *record, RecordType type)
{
	FieldNumber previous = FIELD_NONE;

	check_stack_depth();
	for (uint32 i = 0; i < record->block.count; i++)
	{
		FieldNumber number;
		FieldValue	value;
		const FieldInfo *field;

		record_at(record, i, &number, &value);
		field = field_by_number(number);
		if (number <= previous || field == NULL ||
			field < &field_catalogue[record_first[type]] ||
			field >= &field_catalogue[record_first[type + 1]])
			return false;
		previous = number;
		if (value.flags & TAG_NULL ? value.size != 0 :
			!value_is_sound(field, &value))
			return false;
	}
	if (record->document != NULL)
	{
		FieldValue	value;
		TimestampTz instant;

		return document_starts_at(record->document, &instant) ==
			record_find_value(record, FIELD_STARTS_AT, &value) &&
			document_ends_at(record->document, &instant) ==
			record_find_value(record, FIELD_ENDS_AT, &value) &&
			record->document->status ==
			(record_find(record, FIELD_STATUS, &value) ?
			 field_status(&value) : STATUS_NONE);
	}
	return true;
}

/*
 * Check a value as a whole, before a builder takes its fields over.
 */
void
record_check(const Record *record, RecordType type)
{
	if (unlikely(!record_is_sound(record, type)))
		report_corrupted();
}
