/*-------------------------------------------------------------------------
 *
 * record_build.c
 *		Building packed records.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "port/pg_bitutils.h"
#include "utils/memutils.h"

#include "compat.h"
#include "json/json_writer.h"
#include "record/record_build.h"
#include "record/record_check.h"
#include "record/record_read.h"

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

static inline const char *
entry_data(const RecordEntry *entry)
{
	return entry->fixed ? entry->value.bytes : entry->value.data;
}

/*
 * The value of a field that was added, as it will lie in the record; it is
 * good until the field is added again.  False if it was not added, or is null.
 */
bool
record_entry_value(const RecordBuilder *builder, FieldNumber number,
				   FieldValue *value)
{
	const RecordEntry *entry = record_entry(builder, number);

	if (entry == NULL || entry->tag & TAG_NULL)
		return false;
	value->data = entry_data(entry);
	value->size = entry->size;
	value->flags = entry->tag & ~TAG_NUMBER_MASK;
	return true;
}

/*
 * The instant of a field that was added.  False if it was not, or is null.
 */
bool
record_entry_instant(const RecordBuilder *builder, FieldNumber number,
					 TimestampTz *instant)
{
	FieldValue	value;

	if (!record_entry_value(builder, number, &value))
		return false;
	*instant = field_instant(&value);
	return true;
}

/*
 * Whether two fields in the making have the same value.
 */
bool
record_entry_same(const RecordEntry *a, const RecordEntry *b)
{
	return ((a->tag ^ b->tag) & ~TAG_NUMBER_MASK) == 0 && a->size == b->size &&
		(a->size == 0 ||
		 memcmp(entry_data(a), entry_data(b), a->size) == 0);
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

/* The same of a text that is known to need no escape in JSON. */
void
record_add_plain_text(RecordBuilder *builder, FieldNumber number,
					  const char *text, size_t len)
{
	Assert(json_text_is_plain(text, len));
	record_add_bytes(builder, number, TAG_PLAIN, text, len);
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

void
record_add_local(RecordBuilder *builder, FieldNumber number, Timestamp value)
{
	record_add_fixed(builder, number, 0, &value, sizeof(value));
}

/* Add what another record has; it must live until this one is built. */
void
record_add_value(RecordBuilder *builder, FieldNumber number,
				 const FieldValue *value)
{
	record_add_bytes(builder, number, value->flags, value->data, value->size);
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
				memcpy(value + offset, entry_data(entry), entry->size);
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

/*
 * Add a sub-record at the end of a list of them, or begin one with it.  The
 * items that are there are copied as they lie, all at once: how many they are
 * matters little.
 */
void
record_append(RecordBuilder *builder, FieldNumber number,
			  const RecordBuilder *item)
{
	FieldValue	value;
	PackedBlock list = {0};
	uint32		fields;
	size_t		fields_size = record_values_size(item, &fields);
	size_t		item_size = block_size(fields, fields_size, true);
	uint32		old_size;
	size_t		values_size;
	size_t		size;
	bool		wide;
	char	   *data;
	char	   *end;

	if (record_entry_value(builder, number, &value))
		list_open(&list, &value);
	old_size = list_values_size(&list);
	values_size = old_size + item_size;
	wide = block_is_wide(list.count + 1, values_size);
	size = block_size(list.count + 1, values_size, false);

	data = palloc(size);
	end = block_put_head(data, list.count + 1, wide);
	if (wide == list.wide && list.count > 0)
	{
		/* the directory is nothing but the ends */
		size_t		ends_size = list.values - list.ends;

		memcpy(end, list.ends, ends_size);
		end += ends_size;
	}
	else
	{
		for (uint32 i = 0; i < list.count; i++)
		{
			list_at(&list, i, &value);
			end = block_put_end(end, (uint32) (value.data - list.values) +
								value.size, wide);
		}
	}
	end = block_put_end(end, (uint32) values_size, wide);
	Assert(end == data + size - values_size);
	if (list.values != NULL)
		memcpy(end, list.values, old_size);
	record_fill(item, end + old_size, fields, fields_size);
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
	memcpy(target, entry_data(entry), size);
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
		Assert(record_is_changeable(&built, type));
	}
#endif
	return document;
}
