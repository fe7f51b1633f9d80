/*-------------------------------------------------------------------------
 *
 * lifecycle_builder.c
 *		A change of status in an appointment in the making.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/zone.h"
#include "compat.h"
#include "lifecycle/exemption.h"
#include "lifecycle/lifecycle_builder.h"
#include "lifecycle/status_effects.h"
#include "record/history.h"
#include "record/record_read.h"

/*
 * The status of a record in the making, none if it has none.
 */
Word
builder_status(const RecordBuilder *builder)
{
	FieldValue	value;
	Word		word;

	if (!record_entry_value(builder, FIELD_STATUS, &value))
		return WORD_NONE;
	field_status_text(&value, &word.data, &word.len);
	return word;
}

/*
 * When the status last changed, by the history.
 */
bool
builder_last_change(const RecordBuilder *builder, TimestampTz *instant)
{
	FieldValue	value;
	PackedBlock history;

	if (!record_entry_value(builder, FIELD_STATUS_HISTORY, &value))
		return false;
	list_open(&history, &value);
	return history_last_change(&history, history.count, instant);
}

/* Whether a field was given another value than it had before. */
static bool
builder_gives(const RecordBuilder *builder, FieldNumber number,
			  const Record *before)
{
	FieldValue	given;
	FieldValue	old;

	if (!record_entry_value(builder, number, &given))
		return false;
	return !record_find_value(before, number, &old) ||
		old.size != given.size ||
		memcmp(old.data, given.data, given.size) != 0;
}

/* Mark all the attendees, or take the marks back. */
static void
mark_attendees(RecordBuilder *builder, bool no_show, TimestampTz at)
{
	FieldValue	value;
	PackedBlock attendees;
	ListBuilder list;
	bool		changed = false;

	if (!record_entry_value(builder, FIELD_ATTENDEES, &value))
		return;
	list_open(&attendees, &value);
	list_begin(&list);
	for (uint32 i = 0; i < attendees.count; i++)
	{
		FieldValue	item;
		FieldValue	mark;
		Record		attendee;
		RecordBuilder marked;

		list_at(&attendees, i, &item);
		record_open_sub(&attendee, &item);
		if ((record_find(&attendee, FIELD_ATTENDEE_NO_SHOW, &mark) &&
			 (mark.flags & TAG_TRUE) != 0) == no_show)
		{
			list_add_item(&list, &item);
			continue;
		}
		record_begin_from(&marked, &attendee);
		record_add_boolean(&marked, FIELD_ATTENDEE_NO_SHOW, no_show);
		record_add_instant(&marked, FIELD_ATTENDEE_UPDATED_AT, at);
		list_add_record(&list, &marked);
		changed = true;
	}
	if (changed)
		record_add_list(builder, FIELD_ATTENDEES, &list);
}

/*
 * Let a change of status have its effects on a record in the making.  A field
 * that differs from what it was before was given, and is kept; if before is
 * NULL none was.
 */
void
lifecycle_apply(RecordBuilder *builder, const StatusChange *change,
				const Record *before)
{
	FieldEffect effects[EFFECTS_MAX];
	int			count = status_effects(change->from, change->to, effects);

	for (int i = 0; i < count; i++)
	{
		FieldNumber field = effects[i].field;

		if (before != NULL && builder_gives(builder, field, before))
			continue;
		switch (effects[i].kind)
		{
			case EFFECT_AT:
				record_add_instant(builder, field, change->at);
				break;
			case EFFECT_CLEAR:
				if (record_has(builder, field))
					record_add_null(builder, field);
				break;
			case EFFECT_NO_SHOW:
			case EFFECT_SHOW:
				mark_attendees(builder, effects[i].kind == EFFECT_NO_SHOW,
							   change->at);
				break;
		}
	}
}

/*
 * Change the status of a record in the making, with its history and effects.
 * The texts of the change are borrowed until the record is built.
 */
void
lifecycle_change(RecordBuilder *builder, const StatusChange *change,
				 const Record *before)
{
	lifecycle_apply(builder, change, before);
	history_append(builder, change->to.data, change->to.len,
				   change->actor.data, change->actor.len, change->at);
}

/*
 * What a step must not be after, and the zone, or NULL.  False if there is no
 * such instant.  Who cancels cannot move the appointment away first, in the same
 * change, so that counts as it was before.
 */
static bool
step_limit(const LifecycleStep *step, const Record *before,
		   const RecordBuilder *builder, const StatusChange *change,
		   TimestampTz *limit, pg_tz **zone)
{
	FieldValue	value;

	*zone = NULL;
	if (step->not_after == FIELD_NONE)
		return false;
	if (status_cancels(change->to) && before->document != NULL &&
		record_find_value(before, step->not_after, &value))
	{
		*limit = field_instant(&value);
		if (record_find_value(before, FIELD_TIME_ZONE, &value))
			*zone = instant_zone(value.data, value.size);
		return true;
	}
	if (step->notice != NULL &&
		record_entry_value(builder, FIELD_TIME_ZONE, &value))
		*zone = instant_zone(value.data, value.size);
	return record_entry_instant(builder, step->not_after, limit);
}

/*
 * Check what a step demands of the appointment after it; before is what it was,
 * without a document if it is new.
 */
void
lifecycle_check(const Lifecycle *lifecycle, const LifecycleStep *step,
				const Record *before, const RecordBuilder *builder,
				const StatusChange *change, const LifecyclePlace *place)
{
	TimestampTz limit;
	pg_tz	   *zone;

	if (step_limit(step, before, builder, change, &limit, &zone))
		lifecycle_check_time(lifecycle, step, change,
							 lifecycle_deadline(step, limit, zone), place);

	for (int i = 0; i < step->required_count; i++)
	{
		const char *name = step->required[i];
		const FieldInfo *field;
		const RecordEntry *entry;

		if (strcmp(name, "changed_by") == 0)
		{
			if (change->actor.data == NULL)
				lifecycle_refuse_missing(lifecycle, step, name, place);
			continue;
		}
		field = lifecycle_field(lifecycle, name);
		entry = record_entry(builder, field->number);
		if (entry == NULL || entry->tag & TAG_NULL)
			lifecycle_refuse_missing(lifecycle, step, name, place);
	}
}

/*
 * Check that a step is not taken after its deadline, or by who may do that.  A
 * notice is not kept by who tells an earlier time.
 */
void
lifecycle_check_time(const Lifecycle *lifecycle, const LifecycleStep *step,
					 const StatusChange *change, TimestampTz deadline,
					 const LifecyclePlace *place)
{
	TimestampTz at = step->notice == NULL ? change->at : change->asked_at;

	if (at > deadline && !user_is_exempt(step->exempt))
		lifecycle_refuse_late(lifecycle, step, deadline, place);
}

/*
 * Add the status as it is to the history.
 */
void
lifecycle_record(RecordBuilder *builder, TimestampTz at, Word actor)
{
	Word		status = builder_status(builder);
	const RecordEntry *worded = record_entry(builder, FIELD_SOURCE_STATUS);
	RecordEntry kept;

	if (status.data == NULL)
		return;
	if (worded != NULL)
		kept = *worded;
	history_append(builder, status.data, status.len, actor.data, actor.len, at);
	if (worded != NULL)
		record_add_entry(builder, FIELD_SOURCE_STATUS, &kept);
}

/*
 * Confirm an appointment, or take that back.  What is confirmed is no hold any
 * more.
 */
void
lifecycle_confirm(RecordBuilder *builder, bool confirmed, TimestampTz at)
{
	record_add_boolean(builder, FIELD_CONFIRMED, confirmed);
	if (confirmed)
	{
		record_add_instant(builder, FIELD_CONFIRMED_AT, at);
		if (record_has(builder, FIELD_HOLD_EXPIRES_AT))
			record_add_null(builder, FIELD_HOLD_EXPIRES_AT);
	}
	else
		record_add_null(builder, FIELD_CONFIRMED_AT);
}
