/*-------------------------------------------------------------------------
 *
 * record_compare.c
 *		Packed records compared and hashed.
 *
 * What is compared is the content as the fields give it, not the bytes of
 * the layout, so that a later version of the layout compares equal.
 *
 * A damaged value may have a record in a record of its own type, as deep as
 * its size allows: the recursions check the stack.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"

#include "record/record_compare.h"
#include "record/record_read.h"

/* What two values of one field have to agree in besides their bytes. */
#define TAG_CONTENT		(TAG_NULL | TAG_TRUE | TAG_CODE)

static int	record_compare_fields(const Record *a, const Record *b);
static uint64 record_hash_fields(const Record *record, uint64 hash);

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
		record_report_corrupted();
	return field->kind;
}

static int
record_compare_values(FieldKind kind, const FieldValue *a, const FieldValue *b)
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
					result = record_compare_values(kind == KIND_RECORD_LIST ?
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
		case KIND_LOCAL:
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
		result = record_compare_values(kind_of_stored(a_number), &a_value, &b_value);
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
record_hash_value(FieldKind kind, const FieldValue *value, uint64 hash)
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
					hash = record_hash_value(kind == KIND_RECORD_LIST ?
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
			hash = record_hash_value(kind_of_stored(number), &value, hash);
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
