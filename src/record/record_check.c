/*-------------------------------------------------------------------------
 *
 * record_check.c
 *		The invariants of a packed record.
 *
 * The readers check what they read, so that a corrupted value is an error at
 * worst; a builder relies on what it takes over, so that is checked before.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/json_writer.h"
#include "record/record_check.h"
#include "record/record_read.h"

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
		case KIND_LOCAL:
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

/* A list of records of which only the last is looked at. */
static bool
last_is_sound(const FieldInfo *field, const FieldValue *value)
{
	PackedBlock list;
	FieldValue	item;
	Record		sub;

	list_open(&list, value);
	if (list.count == 0)
		return true;
	list_at(&list, list.count - 1, &item);
	record_open_sub(&sub, &item);
	return record_is_sound(&sub, field->sub);
}

static bool
fields_are_sound(const Record *record, RecordType type, bool whole_history)
{
	FieldNumber previous = FIELD_NONE;

	check_stack_depth();
	for (uint32 i = 0; i < record->block.count; i++)
	{
		FieldNumber number;
		FieldValue	value;
		const FieldInfo *field;
		bool		sound;

		record_at(record, i, &number, &value);
		field = field_by_number(number);
		if (number <= previous || field == NULL ||
			field < &field_catalogue[record_first[type]] ||
			field >= &field_catalogue[record_first[type + 1]])
			return false;
		previous = number;
		if (value.flags & TAG_NULL)
			sound = value.size == 0;
		else if (number == FIELD_STATUS_HISTORY && !whole_history)
			sound = last_is_sound(field, &value);
		else
			sound = value_is_sound(field, &value);
		if (!sound)
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
 * Everything that the readers and builders rely on.
 */
bool
record_is_sound(const Record *record, RecordType type)
{
	return fields_are_sound(record, type, true);
}

/*
 * Everything that a builder relies on which adds to the history at most: that
 * grows with each change of the appointment, so its entries are not looked at
 * each time.  What reads an entry checks it.
 */
bool
record_is_changeable(const Record *record, RecordType type)
{
	return fields_are_sound(record, type, false);
}

/*
 * Check a value as a whole, before a builder takes its fields over.
 */
void
record_check(const Record *record, RecordType type)
{
	if (unlikely(!record_is_sound(record, type)))
		record_report_corrupted();
}

/*
 * The same before a builder that adds to the history at most.
 */
void
record_check_changeable(const Record *record, RecordType type)
{
	if (unlikely(!record_is_changeable(record, type)))
		record_report_corrupted();
}
