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
#include "lifecycle/enforce_notice.h"
#include "lifecycle/enforce_status.h"
#include "lifecycle/lifecycle_cache.h"
#include "lifecycle/status_effects.h"

/* One firing, and what its row tells. */
typedef struct StatusFiring
{
	Firing	   *firing;
	const Lifecycle *lifecycle; /* NULL: nothing changes */
	bool		changes;		/* the status does */
	StatusChange change;
	Jsonb	   *old_history;	/* or NULL */
	Jsonb	   *new_history;
	uint32		old_count;		/* of its entries */
	uint32		new_count;
	bool		known_last;		/* when the last change was: */
	TimestampTz last;
} StatusFiring;

/* The status that the life cycle knows, of the word in the column. */
static Word
canonical_status(const Firing *firing, Word word)
{
	const Format *format = firing->enforcer->format;

	if (word.data == NULL || format == NULL || format->statuses == NULL)
		return word;
	if (!status_column_canonical(format, &word) &&
		format->statuses->closed && !firing->enforcer->record_only)
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
		AttrNumber	column = enforcer_field_column(firing->enforcer,
												   effects[i].field);

		if (column == 0 || firing_column_given(firing, column))
			continue;
		if (effects[i].kind == EFFECT_AT)
			firing_change_column(firing, column,
								 TimestampTzGetDatum(change->at), false);
		else if (effects[i].kind == EFFECT_CLEAR)
			firing_change_column(firing, column, (Datum) 0, true);
	}
}

/*
 * Check that a step is taken in time.  Who cancels cannot move the appointment
 * away first, in the same statement, so that counts as it was before.
 */
static void
check_time(const Firing *firing, HeapTuple tuple, const Lifecycle *lifecycle,
		   const LifecycleStep *step, const StatusChange *change)
{
	AttrNumber	column = step->not_after == FIELD_NONE ? 0 :
	enforcer_field_column(firing->enforcer, step->not_after);
	bool		isnull;
	Datum		limit;

	if (column == 0)
		return;
	if (firing->old != NULL && status_cancels(change->to) &&
		!heap_attisnull(firing->old, column, firing->desc))
		tuple = firing->old;
	limit = heap_getattr(tuple, column, firing->desc, &isnull);
	if (!isnull)
		lifecycle_check_time(lifecycle, step, change,
							 lifecycle_deadline(step, DatumGetTimestampTz(limit),
												enforce_notice_zone(firing, tuple)),
							 &firing->place);
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
	check_time(firing, tuple, lifecycle, step, change);
	enforce_notice_of_cancelling(firing, step, change);
}

/* Confirmed, or not any more: then when. */
static void
fill_confirmed_at(Firing *firing, TimestampTz at)
{
	const Enforcer *enforcer = firing->enforcer;
	AttrNumber	column = enforcer_field_column(enforcer, FIELD_CONFIRMED);
	AttrNumber	at_column = enforcer_field_column(enforcer, FIELD_CONFIRMED_AT);
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

/* The histories before and after, and when the last change was. */
static void
read_histories(StatusFiring *row)
{
	const Firing *firing = row->firing;

	row->old_history = NULL;
	row->old_count = 0;
	row->new_history = NULL;
	row->new_count = 0;
	row->last = 0;
	if (firing->enforcer->history != 0)
	{
		row->new_history = enforce_history_of(firing, firing->new, &row->new_count);
		if (firing->old != NULL)
		{
			row->old_history = enforce_history_of(firing, firing->old,
												  &row->old_count);
			if (firing_column_changes(firing, firing->enforcer->history))
				enforce_history_check(firing, row->old_history, row->new_history);
		}
	}
	row->known_last = enforce_history_last(row->old_history, row->old_count,
										   &row->last);
}

/* Take a step that an entry of the history tells of. */
static void
take_told_step(StatusFiring *row, StatusChange *change)
{
	Firing	   *firing = row->firing;
	const LifecycleStep *step = firing_step(firing, row->lifecycle,
											change->from, change->to);

	change_columns(firing, change);
	change->asked_at = firing_asked_at(change->at);
	if (step != NULL)
		check_row(firing, firing_finish_row(firing), row->lifecycle, step,
				  change);
}

/*
 * The entries that were added to the history: each is a step from the one
 * before, and the last has the row's status.  What the history of a new row
 * tells was before, so it has no steps.
 */
static void
enforce_added(StatusFiring *row)
{
	Firing	   *firing = row->firing;
	AttrNumber	column = firing->enforcer->history;
	Word		from = row->change.from;
	Word		status = WORD_NONE;

	for (uint32 i = row->old_count; i < row->new_count; i++)
	{
		StatusChange change;
		bool		has_time;

		CHECK_FOR_INTERRUPTS();
		if (!enforce_history_entry(row->new_history, i, &status, &change,
								   &has_time))
			firing_refuse_history(firing, column, "malformed", i + 1);
		if (!has_time)
			change.at = next_time(row->known_last, row->last);
		else if (firing->old != NULL && row->known_last && change.at < row->last)
			firing_refuse_history(firing, column, "backwards", i + 1);
		row->last = change.at;
		row->known_last = true;
		if (firing->old == NULL)
			continue;
		change.from = from;
		change.to = from = canonical_status(firing, status);
		if (word_same_status(change.from, change.to))
			continue;
		if (change.actor.data == NULL)
			change.actor = row->change.actor;
		take_told_step(row, &change);
	}
	if (!word_same_status(status, row_status(firing, firing->new)))
		firing_refuse_history(firing, column, "status", row->new_count);
}

/* Fill in what follows from the new status, but for what it requires. */
static void
fill_columns(StatusFiring *row, Word word)
{
	Firing	   *firing = row->firing;
	const Enforcer *enforcer = firing->enforcer;
	bool		added = row->new_count > row->old_count;

	if (firing->old == NULL)
	{
		AttrNumber	created_at = enforcer_field_column(enforcer,
													   FIELD_CREATED_AT);

		if (created_at != 0 && !firing_column_given(firing, created_at))
			firing_change_column(firing, created_at,
								 TimestampTzGetDatum(row->change.at), false);
	}
	else if (row->changes && !added)
		change_columns(firing, &row->change);
	if (row->changes && enforcer->history != 0 && !added && word.data != NULL)
		firing_change_column(firing, enforcer->history,
							 JsonbPGetDatum(enforce_history_append(row->new_history,
																   word,
																   &row->change)),
							 false);
	fill_confirmed_at(firing, row->change.at);
}

/*
 * Enforce the life cycle on a row.  Returns the row as it is to be.
 */
HeapTuple
enforce_status(Firing *firing)
{
	StatusFiring row = {.firing = firing};
	StatusChange *change = &row.change;
	Word		word = row_status(firing, firing->new);
	const LifecycleStep *step = NULL;
	bool		added;
	HeapTuple	result;

	change->actor = WORD_NONE;
	change->from = WORD_NONE;
	if (firing->old != NULL)
		change->from = canonical_status(firing, row_status(firing, firing->old));
	change->to = canonical_status(firing, word);
	row.changes = firing->old == NULL ||
		!word_same_status(change->from, change->to);
	enforce_notice_of_moving(firing);
	read_histories(&row);
	added = row.new_count > row.old_count;

	if (row.changes)
		change->actor = firing_actor(firing);
	/* good until others ask for one, so nothing of the user's may run now */
	if (row.changes || added)
		row.lifecycle = lifecycle_by_name(firing->function,
										  firing->enforcer->lifecycle);
	if (added)
		enforce_added(&row);
	change->at = added ? row.last : next_time(row.known_last, row.last);
	if (firing->old == NULL || (row.changes && !added))
		step = firing_step(firing, row.lifecycle, change->from, change->to);
	fill_columns(&row, word);

	result = firing_finish_row(firing);
	change->asked_at = firing_asked_at(change->at);
	if (step != NULL)
		check_row(firing, result, row.lifecycle, step, change);
	return result;
}
