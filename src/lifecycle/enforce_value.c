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
#include "lifecycle/enforce_value.h"
#include "lifecycle/lifecycle_builder.h"
#include "lifecycle/lifecycle_cache.h"

static void
open_history(const Record *record, PackedBlock *history)
{
	FieldValue	value;

	if (record_find(record, FIELD_STATUS_HISTORY, &value) &&
		!(value.flags & TAG_NULL))
		list_open(history, &value);
	else
		memset(history, 0, sizeof(*history));
}

/* Whether two entries are the same but for what appointment_erase() takes. */
static bool
same_entry(const FieldValue *old_item, const FieldValue *new_item)
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
read_entry(const PackedBlock *history, uint32 position, StatusChange *change,
		   bool *has_time)
{
	FieldValue	item;
	FieldValue	value;
	Record		entry;

	list_at(history, position, &item);
	record_open_sub(&entry, &item);
	change->to = WORD_NONE;
	if (record_find(&entry, FIELD_CHANGE_STATUS, &value) &&
		!(value.flags & TAG_NULL))
		field_status_text(&value, &change->to.data, &change->to.len);
	change->actor = WORD_NONE;
	if (record_find(&entry, FIELD_CHANGE_CHANGED_BY, &value) &&
		!(value.flags & TAG_NULL))
	{
		change->actor.data = value.data;
		change->actor.len = value.size;
	}
	*has_time = record_find(&entry, FIELD_CHANGE_CHANGED_AT, &value) &&
		!(value.flags & TAG_NULL);
	if (*has_time)
		change->at = field_instant(&value);
}

/* The same for a value, which has milliseconds. */
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

HeapTuple
enforce_value(Firing *firing)
{
	const Enforcer *enforcer = firing->enforcer;
	const Lifecycle *lifecycle;
	const LifecycleStep *step;
	bool		old_null = true;
	bool		new_null;
	Datum		old_datum = (Datum) 0;
	Datum		new_datum;
	PackedDocument *new_document;
	Record		old;
	Record		new;
	PackedBlock old_history = {0};
	PackedBlock new_history;
	RecordBuilder builder;
	StatusChange change;
	Word		actor = WORD_NONE;
	TimestampTz last = 0;
	bool		known_last = false;
	bool		has_time;
	bool		dirty = false;

	memset(&old, 0, sizeof(old));
	new_datum = heap_getattr(firing->new, enforcer->column, firing->desc,
							 &new_null);
	if (firing->old != NULL)
		old_datum = heap_getattr(firing->old, enforcer->column, firing->desc,
								 &old_null);
	if (new_null)
	{
		if (!old_null)
			firing_refuse_history(firing, enforcer->column, "null", 1);
		return firing->new;
	}

	new_document = (PackedDocument *) PG_DETOAST_DATUM(new_datum);
	record_open(&new, (struct varlena *) new_document);
	record_check(&new, RECORD_APPOINTMENT);
	record_begin_from(&builder, &new);
	open_history(&new, &new_history);
	if (!old_null)
	{
		record_open(&old, PG_DETOAST_DATUM(old_datum));
		record_check(&old, RECORD_APPOINTMENT);
		open_history(&old, &old_history);
	}

	/* The history that was is the beginning of the one that will be. */
	if (old_history.count > 0)
	{
		if (new_history.tags == NULL && new_history.ends == NULL)
		{
			ListBuilder list;

			list_begin(&list);
			for (uint32 i = 0; i < old_history.count; i++)
			{
				FieldValue	item;

				list_at(&old_history, i, &item);
				list_add_item(&list, &item);
			}
			record_add_list(&builder, FIELD_STATUS_HISTORY, &list);
			new_history = old_history;
			dirty = true;
		}
		else if (new_history.count < old_history.count)
			firing_refuse_history(firing, enforcer->column, "missing",
								  new_history.count + 1);
		for (uint32 i = 0; i < old_history.count; i++)
		{
			FieldValue	old_item;
			FieldValue	new_item;
			StatusChange entry;

			list_at(&old_history, i, &old_item);
			list_at(&new_history, i, &new_item);
			if (!same_entry(&old_item, &new_item))
				firing_refuse_history(firing, enforcer->column, "differs", i + 1);
			read_entry(&old_history, i, &entry, &has_time);
			if (has_time)
			{
				last = entry.at;
				known_last = true;
			}
		}
	}

	change.from = old_null ? WORD_NONE :
		status_column_word(STATUS_IN_VALUE, PointerGetDatum(old.document));
	change.to = builder_status(&builder);
	if (old_null || !word_equal(change.from, change.to))
		actor = firing_actor(firing);
	/* good until others ask for one, so nothing of the user's may run now */
	lifecycle = lifecycle_by_name(firing->function, enforcer->lifecycle);

	if (old_null)
	{
		/* a new appointment: what its history tells was before */
		step = firing_step(firing, lifecycle, WORD_NONE, change.to);
		change.actor = actor;
		known_last = builder_last_change(&builder, &last);
		change.at = next_value_time(known_last, last);
		if (new_history.count == 0 && change.to.data != NULL)
		{
			lifecycle_record(&builder, change.at, change.actor);
			dirty = true;
		}
		else if (new_history.count > 0)
		{
			StatusChange entry;

			read_entry(&new_history, new_history.count - 1, &entry, &has_time);
			change.actor = entry.actor;
			if (!word_equal(entry.to, change.to))
				firing_refuse_history(firing, enforcer->column, "status",
									  new_history.count);
		}
		if (!record_has(&builder, FIELD_CREATED_AT))
		{
			record_add_instant(&builder, FIELD_CREATED_AT, change.at);
			dirty = true;
		}
		if (step != NULL)
			lifecycle_check(lifecycle, step, &builder, &change, &firing->place);
	}
	else
	{
		Word		final = change.to;
		bool		changes = !word_equal(change.from, final);

		/* the entries that were given, in their order */
		for (uint32 i = old_history.count; i < new_history.count; i++)
		{
			read_entry(&new_history, i, &change, &has_time);
			if (has_time && known_last && change.at < last)
				firing_refuse_history(firing, enforcer->column, "backwards", i + 1);
			if (!has_time)
				change.at = next_value_time(known_last, last);
			last = change.at;
			known_last = true;
			if (word_equal(change.from, change.to))
				continue;
			step = firing_step(firing, lifecycle, change.from, change.to);
			lifecycle_apply(&builder, &change, &old);
			dirty = true;
			if (step != NULL)
				lifecycle_check(lifecycle, step, &builder, &change,
								&firing->place);
			change.from = change.to;
		}
		if (new_history.count > old_history.count &&
			!word_equal(change.from, final))
			firing_refuse_history(firing, enforcer->column, "status",
								  new_history.count);

		change.to = final;
		change.at = next_value_time(known_last, last);
		if (changes && new_history.count == old_history.count)
		{
			step = firing_step(firing, lifecycle, change.from, change.to);
			change.actor = actor;
			lifecycle_apply(&builder, &change, &old);
			if (change.to.data != NULL)
				lifecycle_record(&builder, change.at, change.actor);
			dirty = true;
			if (step != NULL)
				lifecycle_check(lifecycle, step, &builder, &change,
								&firing->place);
		}
		if (fill_confirmation(&builder, &old, change.at))
			dirty = true;
	}

	if (dirty)
		firing_change_column(firing, enforcer->column,
							 PointerGetDatum(document_finish(&builder,
															 RECORD_APPOINTMENT)),
							 false);
	return firing_finish_row(firing);
}
