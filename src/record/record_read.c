/*-------------------------------------------------------------------------
 *
 * record_read.c
 *		Reading packed records.
 *
 * The reader trusts nothing: a value that is not laid out as record.h says is
 * an error (ERRCODE_DATA_CORRUPTED), never a read beyond its end.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "record/record_read.h"

static void block_open(PackedBlock *block, const char *data, uint32 size,
					   bool record);

/*
 * What every check of a stored value ends in.
 */
pg_noinline void
record_report_corrupted(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("stored appointment is corrupted"),
			 errhint("Restore the row from a backup, or delete it.")));
}

/*
 * Check the fixed part, which may be all that was sliced from the value.
 */
void
document_check_fixed(const PackedDocument *document)
{
	if (VARSIZE(document) < offsetof(PackedDocument, block))
		record_report_corrupted();
	if (unlikely(document->version != PACKED_VERSION))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored appointment has version %d, which this version of the extension cannot read",
						document->version)));
	if (unlikely((document->flags & ~PACKED_FLAGS) != 0 ||
				 document->status >= STATUS_COUNT))
		record_report_corrupted();
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
		record_report_corrupted();
	block->count = record_load_uint16(data);
	block->wide = block->count == BLOCK_WIDE;
	if (unlikely(block->wide))
	{
		head_size += sizeof(uint32);
		if (size < head_size)
			record_report_corrupted();
		block->count = record_load_uint32(data + sizeof(uint16));
	}
	else if (unlikely(block->count > BLOCK_NARROW_COUNT))
		record_report_corrupted();

	directory = (uint64) block->count *
		((record ? sizeof(uint16) : 0) +
		 (block->wide ? sizeof(uint32) : sizeof(uint16)));
	if (unlikely(directory > size - head_size ||
				 (record && block->count > RECORD_FIELDS_MAX)))
		record_report_corrupted();

	data += head_size;
	block->tags = record ? data : NULL;
	block->ends = record ? data + block->count * sizeof(uint16) : data;
	block->values = data + directory;
	block->values_size = size - head_size - (uint32) directory;
}

/*
 * Item number "position" of a list; the caller stays below the count.
 */
void
list_at(const PackedBlock *list, uint32 position, FieldValue *value)
{
	Assert(position < list->count);
	record_block_value(list, position, value);
}

/*
 * Bytes that the items of a list take.
 */
uint32
list_values_size(const PackedBlock *list)
{
	FieldValue	last;

	if (list->count == 0)
		return 0;
	list_at(list, list->count - 1, &last);
	return (uint32) (last.data - list->values) + last.size;
}

/*
 * Whether the first items of a list are those of another one, byte for byte.
 */
bool
list_begins_with(const PackedBlock *list, const PackedBlock *beginning)
{
	uint32		count = beginning->count;

	if (list->count < count)
		return false;
	if (count == 0)
		return true;
	if (likely(list->wide == beginning->wide))
	{
		uint32		size = list_values_size(beginning);

		return size <= list->values_size &&
			memcmp(list->ends, beginning->ends,
				   count * (list->wide ? sizeof(uint32) : sizeof(uint16))) == 0 &&
			memcmp(list->values, beginning->values, size) == 0;
	}
	for (uint32 i = 0; i < count; i++)
	{
		FieldValue	a;
		FieldValue	b;

		list_at(list, i, &a);
		list_at(beginning, i, &b);
		if (a.size != b.size || memcmp(a.data, b.data, a.size) != 0)
			return false;
	}
	return true;
}

/*
 * Field number "position" of a record; the caller stays below the count.
 */
void
record_at(const Record *record, uint32 position,
		  FieldNumber *number, FieldValue *value)
{
	*number = (FieldNumber) (record_tag(record, position) & TAG_NUMBER_MASK);
	if (unlikely(*number == FIELD_NONE || *number > FIELD_NUMBER_MAX))
		record_report_corrupted();
	record_value_at(record, position, *number, value);
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

		if (unlikely(number == FIELD_NONE || number > FIELD_NUMBER_MAX))
			record_report_corrupted();
		index->position[number] = i + 1;
	}
}

int64
field_integer(const FieldValue *value)
{
	if (unlikely(value->size != sizeof(int64)))
		record_report_corrupted();
	return record_load_int64(value->data);
}

TimestampTz
field_instant(const FieldValue *value)
{
	return (TimestampTz) field_integer(value);
}

Timestamp
field_local(const FieldValue *value)
{
	return (Timestamp) field_integer(value);
}

DateADT
field_date(const FieldValue *value)
{
	if (unlikely(value->size != sizeof(DateADT)))
		record_report_corrupted();
	return (DateADT) record_load_uint32(value->data);
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
		record_report_corrupted();
	code = (uint8) *value->data;
	if (unlikely(code == STATUS_NONE || code >= STATUS_COUNT))
		record_report_corrupted();
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
		record_report_corrupted();
	*members = item->data + 1;
	*len = item->size - 1;
	return (uint8) item->data[0];
}
