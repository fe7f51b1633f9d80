/*-------------------------------------------------------------------------
 *
 * enforce_value.c
 *		A life cycle as a rule of a column of type appointment.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"

#include "base/instant.h"
#include "compat.h"
#include "document/document.h"
#include "lifecycle/enforce_notice.h"
#include "lifecycle/enforce_value.h"
#include "lifecycle/lifecycle_builder.h"
#include "lifecycle/lifecycle_cache.h"
#include "record/history.h"

/* One firing, and what becomes of the value. */
typedef struct ValueFiring
{
	Firing	   *firing;
	const Lifecycle *lifecycle;
	Record		old;			/* without a document: there was none */
	PackedBlock old_history;
	const PackedDocument *given;	/* the new value as it was written */
	RecordBuilder builder;		/* and as it will be */
	PackedBlock new_history;
	bool		known_last;		/* when the last change was: */
	TimestampTz last;
	bool		dirty;			/* the new value has to be built */
} ValueFiring;

/* Whether two entries are the same but for what appointment_erase() takes. */
static bool
same_history_entry(const FieldValue *old_item, const FieldValue *new_item)
{
	static const FieldNumber fields[] = {
		FIELD_CHANGE_STATUS, FIELD_CHANGE_SOURCE_STATUS,
		FIELD_CHANGE_CHANGED_BY, FIELD_CHANGE_CHANGED_AT,
	};
	Record		old;
	Record		new;

	if (old_item->size == new_item->size &&
		memcmp(old_item->data, new_item->data, new_item->size) == 0)
		return true;
	record_open_sub(&old, old_item);
	record_open_sub(&new, new_item);
	for (int i = 0; i < (int) lengthof(fields); i++)
	{
		FieldValue	a;
		FieldValue	b;
		bool		has_a = record_find(&old, fields[i], &a);
		bool		has_b = record_find(&new, fields[i], &b);

		if (has_a != has_b)
			return false;
		if (has_a && (a.flags != b.flags || a.size != b.size ||
					  memcmp(a.data, b.data, a.size) != 0))
			return false;
	}
	return true;
}

/* Take an entry of the history apart. */
static void
read_history_entry(const PackedBlock *history, uint32 position,
				   StatusChange *change, bool *has_time)
{
	FieldValue	item;
	FieldValue	value;
	Record		entry;

	list_at(history, position, &item);
	record_open_sub(&entry, &item);
	change->to = WORD_NONE;
	if (record_find_value(&entry, FIELD_CHANGE_STATUS, &value))
		field_status_text(&value, &change->to.data, &change->to.len);
	change->actor = WORD_NONE;
	if (record_find_value(&entry, FIELD_CHANGE_CHANGED_BY, &value))
	{
		change->actor.data = value.data;
		change->actor.len = value.size;
	}
	*has_time = record_find_value(&entry, FIELD_CHANGE_CHANGED_AT, &value);
	if (*has_time)
		change->at = field_instant(&value);
}

/* When a change happens that nobody gave a time: a value has milliseconds. */
static TimestampTz
next_value_time(bool known, TimestampTz last)
{
	TimestampTz now = instant_now();

	return known && last > now ? last : now;
}

/* Confirmed, or not any more: then when. */
static bool
fill_confirmation(RecordBuilder *builder, const Record *before,
				  TimestampTz at)
{
	const RecordEntry *confirmed = record_entry(builder, FIELD_CONFIRMED);
	const RecordEntry *confirmed_at = record_entry(builder, FIELD_CONFIRMED_AT);
	bool		is = confirmed != NULL && (confirmed->tag & TAG_TRUE) != 0;
	bool		has_time = confirmed_at != NULL &&
	(confirmed_at->tag & TAG_NULL) == 0;
	FieldValue	value;
	bool		was = record_find(before, FIELD_CONFIRMED, &value) &&
	(value.flags & TAG_TRUE) != 0;

	if (is == was || confirmed == NULL || is == has_time)
		return false;
	lifecycle_confirm(builder, is, at);
	return true;
}

/*
 * Read the value that was and the one that will be, if there is one.
 */
static bool
open_values(Firing *firing, ValueFiring *value)
{
	AttrNumber	column = firing->enforcer->column;
	Record		new;
	bool		old_null = true;
	bool		new_null;
	Datum		old_datum = (Datum) 0;
	Datum		new_datum;

	new_datum = heap_getattr(firing->new, column, firing->desc, &new_null);
	if (firing->old != NULL)
		old_datum = heap_getattr(firing->old, column, firing->desc, &old_null);
	if (new_null)
	{
		if (!old_null)
			firing_refuse_history(firing, column, "null", 1);
		return false;
	}

	record_open(&new, PG_DETOAST_DATUM(new_datum));
	record_check_changeable(&new, RECORD_APPOINTMENT);
	value->given = new.document;
	record_begin_from(&value->builder, &new);
	history_open(&new, &value->new_history);

	memset(&value->old, 0, sizeof(value->old));
	memset(&value->old_history, 0, sizeof(value->old_history));
	if (!old_null)
	{
		record_open(&value->old, PG_DETOAST_DATUM(old_datum));
		record_check_changeable(&value->old, RECORD_APPOINTMENT);
		history_open(&value->old, &value->old_history);
	}
	value->firing = firing;
	value->lifecycle = NULL;
	value->known_last = false;
	value->last = 0;
	value->dirty = false;
	return true;
}

/* Give the new value the history that it lacks. */
static void
restore_history(ValueFiring *value)
{
	FieldValue	history;

	if (record_find_value(&value->old, FIELD_STATUS_HISTORY, &history))
		record_add_value(&value->builder, FIELD_STATUS_HISTORY, &history);
	value->new_history = value->old_history;
	value->dirty = true;
}

/* Compare the history that was with the beginning of the new one, by entries. */
static void
compare_histories(const ValueFiring *value)
{
	for (uint32 i = 0; i < value->old_history.count; i++)
	{
		FieldValue	old_item;
		FieldValue	new_item;

		list_at(&value->old_history, i, &old_item);
		list_at(&value->new_history, i, &new_item);
		if (!same_history_entry(&old_item, &new_item))
			firing_refuse_history(value->firing,
								  value->firing->enforcer->column,
								  "differs", i + 1);
	}
}

/*
 * The history that was is the beginning of the one that will be, and tells when
 * the last change was.
 */
static void
keep_history(ValueFiring *value)
{
	const Firing *firing = value->firing;
	AttrNumber	column = firing->enforcer->column;

	if (value->old_history.count == 0)
		return;
	if (value->new_history.tags == NULL && value->new_history.ends == NULL)
		restore_history(value);
	else if (value->new_history.count < value->old_history.count)
		firing_refuse_history(firing, column, "missing",
							  value->new_history.count + 1);
	/* as a rule it is there as it lies, and need not be taken apart */
	if (!list_begins_with(&value->new_history, &value->old_history))
		compare_histories(value);
	value->known_last = history_last_change(&value->old_history,
											value->old_history.count,
											&value->last);
}

/* Take a step, and add it to the history unless it is there. */
static void
take_step(ValueFiring *value, StatusChange *change, bool add)
{
	const LifecycleStep *step = firing_step(value->firing, value->lifecycle,
											change->from, change->to);

	lifecycle_apply(&value->builder, change, &value->old);
	if (add && change->to.data != NULL)
		lifecycle_record(&value->builder, change->at, change->actor);
	value->dirty = true;
	change->asked_at = firing_asked_at(change->at);
	if (step != NULL)
		lifecycle_check(value->lifecycle, step, &value->old, &value->builder,
						change, &value->firing->place);
}

/*
 * A new appointment: what its history tells was before.
 */
static void
enforce_new_value(ValueFiring *value, Word status, Word actor)
{
	const Firing *firing = value->firing;
	RecordBuilder *builder = &value->builder;
	uint32		count = value->new_history.count;
	const LifecycleStep *step = firing_step(firing, value->lifecycle,
											WORD_NONE, status);
	StatusChange change = {.from = WORD_NONE, .to = status, .actor = actor};

	value->known_last = builder_last_change(builder, &value->last);
	change.at = next_value_time(value->known_last, value->last);
	if (count == 0 && status.data != NULL)
	{
		lifecycle_record(builder, change.at, actor);
		value->dirty = true;
	}
	else if (count > 0)
	{
		StatusChange entry;
		bool		has_time;

		read_history_entry(&value->new_history, count - 1, &entry, &has_time);
		change.actor = entry.actor;
		if (!word_equal(entry.to, status))
			firing_refuse_history(firing, firing->enforcer->column, "status",
								  count);
	}
	if (!record_has(builder, FIELD_CREATED_AT))
	{
		record_add_instant(builder, FIELD_CREATED_AT, change.at);
		value->dirty = true;
	}
	change.asked_at = firing_asked_at(change.at);
	if (step != NULL)
		lifecycle_check(value->lifecycle, step, &value->old, builder, &change,
						&firing->place);
}

/*
 * An appointment that there was: the entries that were added to its history, in
 * their order, or else the change from one status to the other.
 */
static void
enforce_changed_value(ValueFiring *value, Word from, Word to, Word actor)
{
	const Firing *firing = value->firing;
	AttrNumber	column = firing->enforcer->column;
	bool		added = value->new_history.count > value->old_history.count;
	StatusChange change;

	change.from = from;
	for (uint32 i = value->old_history.count; i < value->new_history.count; i++)
	{
		bool		has_time;

		read_history_entry(&value->new_history, i, &change, &has_time);
		if (has_time && value->known_last && change.at < value->last)
			firing_refuse_history(firing, column, "backwards", i + 1);
		if (!has_time)
			change.at = next_value_time(value->known_last, value->last);
		value->last = change.at;
		value->known_last = true;
		if (word_equal(change.from, change.to))
			continue;
		take_step(value, &change, false);
		change.from = change.to;
	}
	if (added && !word_equal(change.from, to))
		firing_refuse_history(firing, column, "status",
							  value->new_history.count);

	change.to = to;
	change.at = next_value_time(value->known_last, value->last);
	if (!added && !word_equal(from, to))
	{
		change.actor = actor;
		take_step(value, &change, true);
	}
	if (fill_confirmation(&value->builder, &value->old, change.at))
		value->dirty = true;
}

/*
 * Enforce the life cycle on a row.  Returns the row as it is to be.
 */
HeapTuple
enforce_value(Firing *firing)
{
	ValueFiring value;
	Word		from = WORD_NONE;
	Word		to;
	Word		actor = WORD_NONE;
	bool		is_new;
	const PackedDocument *result;

	if (!open_values(firing, &value))
		return firing->new;
	keep_history(&value);

	is_new = value.old.document == NULL;
	if (!is_new)
		from = status_column_word(STATUS_IN_VALUE,
								  PointerGetDatum(value.old.document));
	to = builder_status(&value.builder);
	if (is_new || !word_equal(from, to))
		actor = firing_actor(firing);
	/* good until others ask for one, so nothing of the user's may run now */
	value.lifecycle = lifecycle_by_name(firing->function,
										firing->enforcer->lifecycle);
	if (is_new)
		enforce_new_value(&value, to, actor);
	else
		enforce_changed_value(&value, from, to, actor);

	result = value.given;
	if (value.dirty)
	{
		result = document_finish(&value.builder, RECORD_APPOINTMENT);
		firing_change_column(firing, firing->enforcer->column,
							 PointerGetDatum(result), false);
	}
	if (!is_new && firing->enforcer->notices && !firing->enforcer->record_only)
		enforce_notices_of_value(firing,
								 lifecycle_find(value.lifecycle, from, to),
								 &value.old, result);
	return firing_finish_row(firing);
}
