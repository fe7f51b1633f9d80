/*-------------------------------------------------------------------------
 *
 * ics_status.c
 *		What calendars know of an appointment's status and of its history.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "icalendar/ics_status.h"
#include "lifecycle/status_effects.h"
#include "record/history.h"

/* The words of what is asked for, or kept free, and not agreed on yet. */
static const char *const tentative_words[] = {
	"pending", "proposed", "waitlist", "requested", "tentative", "held",
	"hold", "unconfirmed", NULL
};

/* What a status word means to a calendar. */
static IcsStatus
status_of_word(Word status)
{
	if (status.data == NULL)
		return ICS_CONFIRMED;
	if (status_cancels(status) ||
		word_is("entered-in-error", status.data, status.len))
		return ICS_CANCELLED;
	if (word_is_among(tentative_words, status.data, status.len))
		return ICS_TENTATIVE;
	return ICS_CONFIRMED;
}

/*
 * STATUS, RFC 5545 section 3.8.1.11.  What is only held is tentative; what was
 * confirmed is not, whatever its status is.
 */
IcsStatus
ics_status(const Record *record, Word status)
{
	IcsStatus	result = status_of_word(status);
	FieldValue	value;

	if (result == ICS_CONFIRMED &&
		record_find_value(record, FIELD_HOLD_EXPIRES_AT, &value))
		return ICS_TENTATIVE;
	if (result == ICS_TENTATIVE &&
		record_find_value(record, FIELD_CONFIRMED, &value) &&
		(value.flags & TAG_TRUE) != 0)
		return ICS_CONFIRMED;
	return result;
}

/* The status word of an entry of the history. */
static Word
entry_status(const Record *entry)
{
	FieldValue	value;
	Word		word = WORD_NONE;

	if (record_find_value(entry, FIELD_CHANGE_STATUS, &value))
		field_status_text(&value, &word.data, &word.len);
	return word;
}

/* Whether the first entry tells of something else than how it began. */
static bool
is_change(const Record *record, const Record *entry)
{
	FieldValue	created_at;
	FieldValue	changed_at;

	return record_find_value(entry, FIELD_CHANGE_CHANGED_AT, &changed_at) &&
		!(record_find_value(record, FIELD_CREATED_AT, &created_at) &&
		  field_instant(&changed_at) <= field_instant(&created_at));
}

/*
 * SEQUENCE, RFC 5545 section 3.8.7.4: how often the appointment changed in a
 * way that people have to be told of.
 *
 * Those are the entries of the history that bring another STATUS, and those
 * that repeat the status of the one before: the appointment was moved or
 * confirmed then, which is written so.  That people arrive, or that there is a
 * note, changes nothing.  The first entry does not count if it tells how it
 * began, which it does if it is as old as the appointment; that the
 * appointment was cancelled counts at any rate, for it was on somebody's
 * calendar before.  So does the status itself if the history does not end in
 * it.
 *
 * A history only becomes longer, so the number never decreases.
 */
int
ics_sequence(const Record *record, Word status)
{
	PackedBlock history;
	Word		before = WORD_NONE;
	IcsStatus	before_status = ICS_CONFIRMED;
	int			sequence = 0;

	history_open(record, &history);
	for (uint32 i = 0; i < history.count; i++)
	{
		FieldValue	item;
		Record		entry;
		Word		word;
		IcsStatus	entry_meaning;

		list_at(&history, i, &item);
		record_open_sub(&entry, &item);
		word = entry_status(&entry);
		entry_meaning = status_of_word(word);
		if (i == 0 ?
			entry_meaning == ICS_CANCELLED || is_change(record, &entry) :
			entry_meaning != before_status || word_same_status(word, before))
			sequence++;
		before = word;
		before_status = entry_meaning;
	}
	if (history.count == 0 ? status_of_word(status) == ICS_CANCELLED :
		status_of_word(status) != before_status)
		sequence++;
	return sequence;
}
