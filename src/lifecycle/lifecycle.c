/*-------------------------------------------------------------------------
 *
 * lifecycle.c
 *		Statuses, the transitions between them, and their effects.
 *
 * The detail of an error is one line of JSON, for programs:
 *
 *	{"lifecycle": L, "from": S or null, "to": S or null, "next": [S, ...]}
 *		a step that the life cycle does not have, or a status that it does
 *		not know; "next" are those that can follow "from"
 *	{"lifecycle": L, "from": S or null, "to": S, "missing": field}
 *		a step that requires a field that is absent or null
 *	{"lifecycle": L, "from": S or null, "to": S, "not_after": field}
 *		a step that comes after that instant of the appointment
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/rel.h"

#include "compat.h"
#include "json/json_writer.h"
#include "lifecycle/lifecycle.h"
#include "record/history.h"

/* ---------------------------------------------------------------------
 * steps
 * ---------------------------------------------------------------------
 */

/*
 * The step between two statuses, or NULL.  The life cycle's own spelling is
 * as good as always the one that is asked for, and goes before others.
 */
const LifecycleStep *
lifecycle_find(const Lifecycle *lifecycle, Word from, Word to)
{
	for (int i = 0; i < lifecycle->step_count; i++)
	{
		const LifecycleStep *step = &lifecycle->steps[i];

		if (word_equal(step->to, to) && word_equal(step->from, from))
			return step;
	}
	for (int i = 0; i < lifecycle->step_count; i++)
	{
		const LifecycleStep *step = &lifecycle->steps[i];

		if (word_same_status(step->to, to) && word_same_status(step->from, from))
			return step;
	}
	return NULL;
}

/*
 * Whether a life cycle has a status at all.
 */
bool
lifecycle_knows(const Lifecycle *lifecycle, Word status)
{
	for (int i = 0; i < lifecycle->step_count; i++)
	{
		const LifecycleStep *step = &lifecycle->steps[i];

		if (word_same_status(step->to, status) ||
			word_same_status(step->from, status))
			return true;
	}
	return false;
}

/* ---------------------------------------------------------------------
 * errors
 * ---------------------------------------------------------------------
 */

/*
 * Say in an error where a trigger found it.  Called in ereport().
 */
int
lifecycle_err_place(const LifecyclePlace *place)
{
	if (place != NULL)
	{
		if (place->column > 0)
			errtablecol(place->relation, place->column);
		errtableconstraint(place->relation, place->trigger);
	}
	return 0;
}

/* A status as whoever meets the error knows it: in the words of the column. */
static Word
shown(Word word, const LifecyclePlace *place)
{
	Status		status;

	if (place == NULL || place->words == NULL || word.data == NULL)
		return word_shown(word);
	status = status_from_word(word.data, word.len);
	if (status == STATUS_NONE || place->words->written[status] == NULL)
		return word_shown(word);
	return word_of(place->words->written[status]);
}

static void
write_word(JsonWriter *writer, const char *key, Word word)
{
	json_write_key(writer, key, strlen(key));
	if (word.data == NULL)
		json_write_literal(writer, "null");
	else
		json_write_string(writer, word.data, word.len);
}

/*
 * The statuses that can follow one, each once; several may share a word.
 */
static int
next_words(const Lifecycle *lifecycle, Word from, const LifecyclePlace *place,
		   Word *words)
{
	int			count = 0;

	for (int i = 0; i < lifecycle->step_count; i++)
	{
		const LifecycleStep *step = &lifecycle->steps[i];
		bool		known = !word_same_status(step->from, from);

		for (int n = 0; n < count && !known; n++)
			known = word_equal(words[n], shown(step->to, place));
		if (!known)
			words[count++] = shown(step->to, place);
	}
	return count;
}

/*
 * The same in one text, or NULL if there are none.
 */
char *
lifecycle_next(const Lifecycle *lifecycle, Word from,
			   const LifecyclePlace *place)
{
	Word	   *words = palloc_array(Word, lifecycle->step_count + 1);
	int			count = next_words(lifecycle, from, place, words);
	StringInfoData next;

	if (count == 0)
		return NULL;
	initStringInfo(&next);
	for (int i = 0; i < count; i++)
		appendStringInfo(&next, "%s%.*s", i == 0 ? "" : ", ",
						 (int) words[i].len, words[i].data);
	return next.data;
}

/* The part that all details begin with. */
static void
begin_detail(JsonWriter *writer, const Lifecycle *lifecycle, Word from, Word to)
{
	json_writer_begin(writer, 128);
	json_open(writer, '{');
	write_word(writer, "lifecycle", word_of(lifecycle->name));
	write_word(writer, "from", from);
	write_word(writer, "to", to);
}

static char *
end_detail(JsonWriter *writer)
{
	json_close(writer, '}');
	return json_writer_cstring(writer);
}

static char *
next_detail(const Lifecycle *lifecycle, Word from, Word to,
			const LifecyclePlace *place)
{
	Word	   *words = palloc_array(Word, lifecycle->step_count + 1);
	int			count = next_words(lifecycle, from, place, words);
	JsonWriter	writer;

	begin_detail(&writer, lifecycle, shown(from, place), shown(to, place));
	json_write_key(&writer, "next", 4);
	json_open(&writer, '[');
	for (int i = 0; i < count; i++)
	{
		json_begin_item(&writer);
		json_write_string(&writer, words[i].data, words[i].len);
	}
	json_close(&writer, ']');
	return end_detail(&writer);
}

static int
next_hint(const Lifecycle *lifecycle, Word from, const LifecyclePlace *place)
{
	char	   *next = lifecycle_next(lifecycle, from, place);
	Word		word = shown(from, place);

	if (from.data == NULL)
		return errhint("In life cycle \"%s\" the first status is one of: %s.",
					   lifecycle->name, next == NULL ? "none" : next);
	if (next != NULL)
		return errhint("In life cycle \"%s\" status \"%.*s\" can be followed by: %s.",
					   lifecycle->name, (int) word.len, word.data, next);
	if (!lifecycle_knows(lifecycle, from))
	{
		next = lifecycle_next(lifecycle, WORD_NONE, place);
		return errhint("Life cycle \"%s\" does not know status \"%.*s\"; it begins with one of: %s.",
					   lifecycle->name, (int) word.len, word.data,
					   next == NULL ? "none" : next);
	}
	return errhint("In life cycle \"%s\" status \"%.*s\" is final.",
				   lifecycle->name, (int) word.len, word.data);
}

/*
 * The step between two statuses; from is none for a first status.  It is an
 * error if the life cycle does not have it: of an argument if a function was
 * given a status that the life cycle does not know, else of the rule.
 */
const LifecycleStep *
lifecycle_step(const Lifecycle *lifecycle, Word from, Word to,
			   const LifecyclePlace *place)
{
	const LifecycleStep *step;
	Word		old = shown(from, place);
	Word		new = shown(to, place);

	if (to.data == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("status must not be null"),
				 errdetail_internal("%s", next_detail(lifecycle, from, to, place)),
				 next_hint(lifecycle, from, place),
				 lifecycle_err_place(place)));
	step = lifecycle_find(lifecycle, from, to);
	if (likely(step != NULL))
		return step;

	if (!lifecycle_knows(lifecycle, to))
		ereport(ERROR,
				(errcode(place == NULL ? ERRCODE_INVALID_PARAMETER_VALUE :
						 ERRCODE_CHECK_VIOLATION),
				 errmsg("life cycle \"%s\" has no status \"%.*s\"",
						lifecycle->name, (int) new.len, new.data),
				 errdetail_internal("%s", next_detail(lifecycle, from, to, place)),
				 next_hint(lifecycle, from, place),
				 lifecycle_err_place(place)));
	if (from.data == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("status \"%.*s\" cannot be the first",
						(int) new.len, new.data),
				 errdetail_internal("%s", next_detail(lifecycle, from, to, place)),
				 next_hint(lifecycle, from, place),
				 lifecycle_err_place(place)));
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("status \"%.*s\" cannot be followed by \"%.*s\"",
					(int) old.len, old.data, (int) new.len, new.data),
			 errdetail_internal("%s", next_detail(lifecycle, from, to, place)),
			 next_hint(lifecycle, from, place),
			 lifecycle_err_place(place)));
	return NULL;				/* keep compiler quiet */
}

/*
 * A step requires a field that is not there.
 */
void
lifecycle_refuse_missing(const Lifecycle *lifecycle, const LifecycleStep *step,
						 const char *field, const LifecyclePlace *place)
{
	Word		to = shown(step->to, place);
	JsonWriter	writer;

	begin_detail(&writer, lifecycle, shown(step->from, place), to);
	write_word(&writer, "missing", word_of(field));
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("status \"%.*s\" requires \"%s\"",
					(int) to.len, to.data, field),
			 errdetail_internal("%s", end_detail(&writer)),
			 strcmp(field, "changed_by") == 0 ?
			 errhint("Say who changes the status, in the setting \"appointment.actor\" for example.") : 0,
			 lifecycle_err_place(place)));
}

/*
 * A step comes after the instant that it must not be after.
 */
void
lifecycle_refuse_late(const Lifecycle *lifecycle, const LifecycleStep *step,
					  const LifecyclePlace *place)
{
	const char *field = field_by_number(step->not_after)->name;
	Word		to = shown(step->to, place);
	JsonWriter	writer;

	begin_detail(&writer, lifecycle, shown(step->from, place), to);
	write_word(&writer, "not_after", word_of(field));
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("status \"%.*s\" cannot be taken after \"%s\"",
					(int) to.len, to.data, field),
			 errdetail_internal("%s", end_detail(&writer)),
			 lifecycle_err_place(place)));
}

/* ---------------------------------------------------------------------
 * effects
 * ---------------------------------------------------------------------
 */

/* What a status means: FHIR's words have a canonical meaning, too. */
static Status
status_meaning(Word word)
{
	static const struct
	{
		const char *word;
		Status		status;
	}			others[] = {
		{"proposed", STATUS_PENDING},
		{"waitlist", STATUS_PENDING},
		{"booked", STATUS_SCHEDULED},
		{"checked-in", STATUS_ARRIVED},
		{"fulfilled", STATUS_COMPLETED},
	};
	Status		status;

	if (word.data == NULL)
		return STATUS_NONE;
	status = status_from_word(word.data, word.len);
	for (int i = 0; status == STATUS_NONE && i < (int) lengthof(others); i++)
	{
		if (word_equal(word, word_of(others[i].word)))
			status = others[i].status;
	}
	return status;
}

/* Whether the slot is not taken any more. */
static inline bool
status_frees(Status status)
{
	return status == STATUS_CANCELLED || status == STATUS_NO_SHOW;
}

/* Whether it has begun. */
static inline bool
status_begun(Status status)
{
	return status == STATUS_IN_PROGRESS || status == STATUS_COMPLETED;
}

/*
 * Whether a reason and a note go with a status: unless it is known to occupy
 * the slot.
 */
bool
status_takes_reason(Word status)
{
	Status		meaning = status_meaning(status);

	return meaning == STATUS_NONE || status_frees(meaning);
}

/*
 * What a change of status is called in the change log.
 */
const char *
status_event(Word from, Word to)
{
	Status		old = status_meaning(from);
	Status		new = status_meaning(to);

	switch (new)
	{
		case STATUS_PENDING:
		case STATUS_SCHEDULED:
			return status_frees(old) ? "reinstated" :
				new == STATUS_PENDING ? "status_changed" : "scheduled";
		case STATUS_IN_PROGRESS:
			return "started";
		case STATUS_NONE:
			return "status_changed";
		default:
			return status_word(new);
	}
}

/*
 * What follows from a change of status.  Returns how many effects, at most
 * EFFECTS_MAX.  What a status has set is cleared when the status turns out to
 * be a mistake: the slot is taken again, or the appointment has not begun.
 */
int
status_effects(Word from, Word to, FieldEffect *effects)
{
	Status		old = status_meaning(from);
	Status		new = status_meaning(to);
	int			count = 0;

#define ADD_EFFECT(field_, kind_) \
	(effects[count++] = (FieldEffect) {FIELD_##field_, EFFECT_##kind_})

	ADD_EFFECT(UPDATED_AT, AT);
	if (new == STATUS_CANCELLED)
		ADD_EFFECT(CANCELLED_AT, AT);
	else if (status_frees(old) && !status_frees(new))
	{
		ADD_EFFECT(CANCELLED_AT, CLEAR);
		ADD_EFFECT(CANCELLATION_REASON_ID, CLEAR);
		ADD_EFFECT(CANCELLATION_NOTE, CLEAR);
	}

	if (new == STATUS_NO_SHOW)
		ADD_EFFECT(ATTENDEES, NO_SHOW);
	else if (old == STATUS_NO_SHOW)
		ADD_EFFECT(ATTENDEES, SHOW);

	if (new == STATUS_IN_PROGRESS)
	{
		if (old == STATUS_COMPLETED)
			ADD_EFFECT(ACTUAL_ENDS_AT, CLEAR);
		else
			ADD_EFFECT(ACTUAL_STARTS_AT, AT);
	}
	else if (new == STATUS_COMPLETED)
		ADD_EFFECT(ACTUAL_ENDS_AT, AT);
	else if (status_begun(old) && new != STATUS_NONE && !status_frees(new))
	{
		ADD_EFFECT(ACTUAL_STARTS_AT, CLEAR);
		ADD_EFFECT(ACTUAL_ENDS_AT, CLEAR);
	}
#undef ADD_EFFECT

	Assert(count <= EFFECTS_MAX);
	return count;
}

/* ---------------------------------------------------------------------
 * over a record in the making
 * ---------------------------------------------------------------------
 */

/* The value of a field in the making; it must not be fixed in the builder. */
static bool
builder_value(const RecordBuilder *builder, FieldNumber number,
			  FieldValue *value)
{
	const RecordEntry *entry = record_entry(builder, number);

	if (entry == NULL || entry->tag & TAG_NULL)
		return false;
	value->data = entry->fixed ? entry->value.bytes : entry->value.data;
	value->size = entry->size;
	value->flags = entry->tag & ~TAG_NUMBER_MASK;
	return true;
}

/*
 * The status of a record in the making, none if it has none.
 */
Word
builder_status(const RecordBuilder *builder)
{
	FieldValue	value;
	Word		word;

	if (!builder_value(builder, FIELD_STATUS, &value))
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

	if (!builder_value(builder, FIELD_STATUS_HISTORY, &value))
		return false;
	list_open(&history, &value);
	/* backwards: an entry need not have a time */
	for (uint32 i = history.count; i-- > 0;)
	{
		FieldValue	item;
		Record		entry;

		list_at(&history, i, &item);
		record_open_sub(&entry, &item);
		if (record_find(&entry, FIELD_CHANGE_CHANGED_AT, &value) &&
			!(value.flags & TAG_NULL))
		{
			*instant = field_instant(&value);
			return true;
		}
	}
	return false;
}

/* Whether a field was given another value than it had before. */
static bool
builder_gives(const RecordBuilder *builder, FieldNumber number,
			  const Record *before)
{
	FieldValue	given;
	FieldValue	old;

	if (!builder_value(builder, number, &given))
		return false;
	return !record_find(before, number, &old) || old.flags & TAG_NULL ||
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

	if (!builder_value(builder, FIELD_ATTENDEES, &value))
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
 * The field of an appointment that a step requires.
 */
const FieldInfo *
lifecycle_field(const Lifecycle *lifecycle, const char *name)
{
	const FieldInfo *field = field_by_name(RECORD_APPOINTMENT, name,
										   strlen(name));

	if (field == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("life cycle \"%s\" requires \"%s\", which type appointment does not have",
						lifecycle->name, name),
				 errhint("appointment_fields() lists the fields.")));
	return field;
}

/*
 * Check what a step demands of the appointment after it.
 */
void
lifecycle_check(const Lifecycle *lifecycle, const LifecycleStep *step,
				const RecordBuilder *builder, const StatusChange *change,
				const LifecyclePlace *place)
{
	TimestampTz limit;

	if (step->not_after != FIELD_NONE &&
		record_entry_instant(builder, step->not_after, &limit) &&
		change->at > limit)
		lifecycle_refuse_late(lifecycle, step, place);

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
 * Confirm an appointment, or take that back.
 */
void
lifecycle_confirm(RecordBuilder *builder, bool confirmed, TimestampTz at)
{
	record_add_boolean(builder, FIELD_CONFIRMED, confirmed);
	if (confirmed)
		record_add_instant(builder, FIELD_CONFIRMED_AT, at);
	else
		record_add_null(builder, FIELD_CONFIRMED_AT);
}
