/*-------------------------------------------------------------------------
 *
 * history.c
 *		The status of an appointment and its history.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "record/history.h"
#include "record/record_read.h"

/*
 * Open the history of an appointment: empty if it has none, or if the record is
 * all zero.
 */
void
history_open(const Record *record, PackedBlock *history)
{
	FieldValue	value;

	if (record_find_value(record, FIELD_STATUS_HISTORY, &value))
		list_open(history, &value);
	else
		memset(history, 0, sizeof(*history));
}

/*
 * When the last of the first so many changes was.  False if none tells.
 */
bool
history_last_change(const PackedBlock *history, uint32 count,
					TimestampTz *instant)
{
	/* backwards: an entry need not have a time */
	while (count-- > 0)
	{
		FieldValue	item;
		FieldValue	value;
		Record		entry;

		list_at(history, count, &item);
		record_open_sub(&entry, &item);
		if (record_find_value(&entry, FIELD_CHANGE_CHANGED_AT, &value))
		{
			*instant = field_instant(&value);
			return true;
		}
	}
	return false;
}

/* Whether a record in the making has a status, however that is spelled. */
static bool
builder_has_status(const RecordBuilder *builder, const char *status, size_t len)
{
	FieldValue	value;
	const char *word;
	uint32		word_len;

	if (!record_entry_value(builder, FIELD_STATUS, &value))
		return false;
	field_status_text(&value, &word, &word_len);
	return status_same(word, word_len, status, len);
}

/*
 * Forget whether the client may cancel or reschedule, which a service computed
 * for another status: it is computed anew when it is written.
 */
void
history_forget_permissions(RecordBuilder *builder)
{
	record_remove(builder, FIELD_CANCELLATION);
	record_remove(builder, FIELD_RESCHEDULING);
}

/*
 * Give a record in the making another status, and its history the entry that
 * tells of it.  The word that a source had for the old status goes.  changed_by
 * may be NULL: nobody knows.  The texts are borrowed until the record is built.
 */
void
history_append(RecordBuilder *builder, const char *status, size_t status_len,
			   const char *changed_by, size_t changed_by_len,
			   TimestampTz changed_at)
{
	RecordBuilder change;

	/* what the client may do was told of the old status */
	if (!builder_has_status(builder, status, status_len))
		history_forget_permissions(builder);

	/* another spelling is given back, but a service gets its own words */
	record_begin(&change);
	record_remove(builder, FIELD_SOURCE_STATUS);
	if (builder->source == 0)
	{
		record_add_worded_status(&change, FIELD_CHANGE_STATUS, status, status_len);
		record_add_worded_status(builder, FIELD_STATUS, status, status_len);
	}
	else
	{
		record_add_status(&change, FIELD_CHANGE_STATUS, status, status_len);
		record_add_status(builder, FIELD_STATUS, status, status_len);
	}
	if (changed_by != NULL)
		record_add_text(&change, FIELD_CHANGE_CHANGED_BY, changed_by,
						changed_by_len);
	else
		record_add_null(&change, FIELD_CHANGE_CHANGED_BY);
	record_add_instant(&change, FIELD_CHANGE_CHANGED_AT, changed_at);
	record_append(builder, FIELD_STATUS_HISTORY, &change);
}

/*
 * Cancel an appointment that a request changes.  One that was cancelled before
 * keeps the time of that.
 */
void
history_cancel(RecordBuilder *builder, const Record *target, TimestampTz at)
{
	const char *word = status_word(STATUS_CANCELLED);
	FieldValue	cancelled_at;

	if (target != NULL && target->document->status == STATUS_CANCELLED)
	{
		if (!record_entry_value(builder, FIELD_CANCELLED_AT, &cancelled_at))
			record_add_instant(builder, FIELD_CANCELLED_AT, at);
		return;
	}
	history_append(builder, word, strlen(word), NULL, 0, at);
	record_add_instant(builder, FIELD_CANCELLED_AT, at);
}
