/*-------------------------------------------------------------------------
 *
 * enforce_status.c
 *		A life cycle as a rule of a column that is only a status.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "lifecycle/enforce_history.h"
#include "lifecycle/enforce_status.h"
#include "lifecycle/lifecycle_cache.h"
#include "lifecycle/status_effects.h"

/* The status that the life cycle knows, of the word in the column. */
static Word
canonical_status(const Firing *firing, Word word)
{
	const Format *format = firing->enforcer->format;

	if (word.data == NULL || format == NULL || format->statuses == NULL)
		return word;
	for (const StatusWord *known = format->statuses->words;
		 known->word != NULL; known++)
	{
		if (word_equal(word_of(known->word), word))
			return word_of(status_word(known->status));
	}
	if (format->statuses->closed && !firing->enforcer->record_only)
	{
		word = word_shown(word);
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("format \"%s\" has no status \"%.*s\"", format->name,
						(int) word.len, word.data),
				 lifecycle_err_place(&firing->place)));
	}
	return word;
}

static Word
row_status(const Firing *firing, HeapTuple tuple)
{
	bool		isnull;
	Datum		datum = heap_getattr(tuple, firing->enforcer->column,
									 firing->desc, &isnull);

	return isnull ? WORD_NONE :
		status_column_word(firing->enforcer->kind, datum);
}

/* When a change happens that nobody gave a time. */
static TimestampTz
next_time(bool known, TimestampTz last)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();

	return known && last > now ? last : now;
}

/* Let a change of status have its effects on the columns. */
static void
change_columns(Firing *firing, const StatusChange *change)
{
	FieldEffect effects[EFFECTS_MAX];
	int			count = status_effects(change->from, change->to, effects);

	for (int i = 0; i < count; i++)
	{
		AttrNumber	column = enforcer_field_column(firing->enforcer, effects[i].field);

		if (column == 0 || firing_column_given(firing, column))
			continue;
		if (effects[i].kind == EFFECT_AT)
			firing_change_column(firing, column, TimestampTzGetDatum(change->at), false);
		else if (effects[i].kind == EFFECT_CLEAR)
			firing_change_column(firing, column, (Datum) 0, true);
	}
}

/* Check what a step demands of the row after it. */
static void
check_row(const Firing *firing, HeapTuple tuple, const Lifecycle *lifecycle,
		  const LifecycleStep *step, const StatusChange *change)
{
	for (int i = 0; i < step->required_count; i++)
	{
		const char *name = step->required[i];
		AttrNumber	column;

		if (strcmp(name, "changed_by") == 0)
		{
			if (change->actor.data == NULL)
				lifecycle_refuse_missing(lifecycle, step, name, &firing->place);
			continue;
		}
		column = enforcer_required_column(firing->enforcer, firing->data->tg_relation,
										  firing->place.trigger, lifecycle, name);
		if (heap_attisnull(tuple, column, firing->desc))
			lifecycle_refuse_missing(lifecycle, step, name, &firing->place);
	}
	if (step->not_after != FIELD_NONE)
	{
		AttrNumber	column = enforcer_field_column(firing->enforcer, step->not_after);
		bool		isnull = true;
		Datum		limit = (Datum) 0;

		if (column != 0)
			limit = heap_getattr(tuple, column, firing->desc, &isnull);
		if (!isnull && change->at > DatumGetTimestampTz(limit))
			lifecycle_refuse_late(lifecycle, step, &firing->place);
	}
}

/* Confirmed, or not any more: then when. */
static void
fill_confirmed_at(Firing *firing, TimestampTz at)
{
	AttrNumber	column = enforcer_field_column(firing->enforcer, FIELD_CONFIRMED);
	AttrNumber	at_column = enforcer_field_column(firing->enforcer, FIELD_CONFIRMED_AT);
	Datum		confirmed;
	bool		isnull;

	if (column == 0 || at_column == 0 ||
		(firing->old != NULL && !firing_column_changes(firing, column)) ||
		firing_column_given(firing, at_column))
		return;
	confirmed = heap_getattr(firing->new, column, firing->desc, &isnull);
	if (!isnull && DatumGetBool(confirmed))
		firing_change_column(firing, at_column, TimestampTzGetDatum(at), false);
	else
		firing_change_column(firing, at_column, (Datum) 0, true);
}

/*
 * The entries that were added to the history: each is a step from the one
 * before, and the last has the row's status.  What the history of a new row
 * tells was before, so it has no steps.  Returns when the last change was.
 */
static TimestampTz
check_added(Firing *firing, const Lifecycle *lifecycle, Jsonb *history,
			uint32 old_count, const StatusChange *whole, bool known_last,
			TimestampTz last)
{
	const Enforcer *enforcer = firing->enforcer;
	uint32		count = JB_ROOT_COUNT(history);
	Word		from = whole->from;
	Word		status = WORD_NONE;

	for (uint32 i = old_count; i < count; i++)
	{
		const LifecycleStep *step;
		StatusChange change;
		bool		has_time;

		CHECK_FOR_INTERRUPTS();
		if (!history_read_entry(history, i, &status, &change, &has_time))
			firing_refuse_history(firing, enforcer->history, "malformed", i + 1);
		if (!has_time)
			change.at = next_time(known_last, last);
		else if (firing->old != NULL && known_last && change.at < last)
			firing_refuse_history(firing, enforcer->history, "backwards", i + 1);
		last = change.at;
		known_last = true;
		if (firing->old == NULL)
			continue;
		change.from = from;
		change.to = from = canonical_status(firing, status);
		if (word_same_status(change.from, change.to))
			continue;
		if (change.actor.data == NULL)
			change.actor = whole->actor;
		step = firing_step(firing, lifecycle, change.from, change.to);
		change_columns(firing, &change);
		if (step != NULL)
			check_row(firing, firing_finish_row(firing), lifecycle, step, &change);
	}
	if (!word_same_status(status, row_status(firing, firing->new)))
		firing_refuse_history(firing, enforcer->history, "status", count);
	return last;
}

HeapTuple
enforce_status(Firing *firing)
{
	const Enforcer *enforcer = firing->enforcer;
	const Lifecycle *lifecycle = NULL;
	const LifecycleStep *step = NULL;
	Word		new_word = row_status(firing, firing->new);
	Jsonb	   *old_history = NULL;
	Jsonb	   *new_history = NULL;
	uint32		old_count = 0;
	uint32		new_count = 0;
	StatusChange change;
	TimestampTz last = 0;
	bool		known_last;
	bool		changes;
	HeapTuple	result;

	change.actor = WORD_NONE;
	change.from = WORD_NONE;
	if (firing->old != NULL)
		change.from = canonical_status(firing, row_status(firing, firing->old));
	change.to = canonical_status(firing, new_word);
	changes = firing->old == NULL || !word_same_status(change.from, change.to);

	if (enforcer->history != 0)
	{
		new_history = history_of_row(firing, firing->new);
		new_count = new_history == NULL ? 0 : JB_ROOT_COUNT(new_history);
		if (firing->old != NULL)
		{
			old_history = history_of_row(firing, firing->old);
			old_count = old_history == NULL ? 0 : JB_ROOT_COUNT(old_history);
			if (firing_column_changes(firing, enforcer->history))
				history_check(firing, old_history, new_history);
		}
	}
	known_last = history_last_time(old_history, old_count, &last);

	if (changes)
		change.actor = firing_actor(firing);
	/* good until others ask for one, so nothing of the user's may run now */
	if (changes || new_count > old_count)
		lifecycle = lifecycle_by_name(firing->function, enforcer->lifecycle);
	change.at = new_count > old_count ?
		check_added(firing, lifecycle, new_history, old_count, &change,
					known_last, last) :
		next_time(known_last, last);

	if (firing->old == NULL)
	{
		AttrNumber	column = enforcer_field_column(enforcer, FIELD_CREATED_AT);

		step = firing_step(firing, lifecycle, change.from, change.to);
		if (column != 0 && !firing_column_given(firing, column))
			firing_change_column(firing, column, TimestampTzGetDatum(change.at), false);
	}
	else if (changes && new_count == old_count)
	{
		step = firing_step(firing, lifecycle, change.from, change.to);
		change_columns(firing, &change);
	}
	if (changes && enforcer->history != 0 && new_count == old_count &&
		new_word.data != NULL)
		firing_change_column(firing, enforcer->history,
							 JsonbPGetDatum(history_with_entry(new_history, new_word,
															   &change)), false);
	fill_confirmed_at(firing, change.at);

	result = firing_finish_row(firing);
	if (step != NULL)
		check_row(firing, result, lifecycle, step, &change);
	return result;
}
