/*-------------------------------------------------------------------------
 *
 * change_log_actor.c
 *		Who made the change that is logged.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "utils/memutils.h"

#include "compat.h"
#include "lifecycle/actor.h"
#include "lifecycle/change_log_actor.h"
#include "record/history.h"

/*
 * By the last entry that the history got, who changed the appointment; NULL if
 * it got none.
 */
static char *
history_actor(const Change *change, uint32 old_count)
{
	FieldValue	value;
	PackedBlock history;
	Record		entry;

	history_open(&change->new_value, &history);
	if (history.count <= old_count)
		return NULL;
	list_at(&history, history.count - 1, &value);
	record_open_sub(&entry, &value);
	if (!record_find_value(&entry, FIELD_CHANGE_CHANGED_BY, &value))
		return NULL;
	return pnstrdup(value.data, value.size);
}

/*
 * A row leaves for another partition: remember what is not new there.
 */
void
change_log_remember_row(const Change *change, const char *key)
{
	const Logger *logger = change->logger;
	MovedRow   *moved = logger->moved;
	char	   *actor;
	PackedBlock history;

	if (moved == NULL || key == NULL || change->new != NULL ||
		!HeapTupleHeaderIndicatesMovedPartitions(change->old->t_data))
		return;
	actor = logger->actor == 0 ? NULL : change_column_text(change, logger->actor);
	history_open(&change->old_value, &history);
	if (moved->key != NULL)
		pfree(moved->key);
	if (moved->actor != NULL)
		pfree(moved->actor);
	moved->key = MemoryContextStrdup(logger->context, key);
	moved->actor = actor == NULL ? NULL :
		MemoryContextStrdup(logger->context, actor);
	moved->history_count = history.count;
}

/* The row that has just left another partition to come here, or NULL. */
static const MovedRow *
moved_row(const Change *change, const char *key)
{
	MovedRow   *moved = change->logger->moved;

	if (moved == NULL || change->old != NULL || moved->key == NULL ||
		key == NULL || strcmp(moved->key, key) != 0)
		return NULL;
	pfree(moved->key);
	moved->key = NULL;
	return moved;
}

/*
 * Who changed it: the actor's column if it changed, else the setting, else the
 * history's new entry, else the column if the statement set it to what it was.
 * What somebody else has left in the column tells nothing.
 */
char *
change_log_actor(const Change *change, const char *key)
{
	AttrNumber	column = change->logger->actor;
	const MovedRow *moved = moved_row(change, key);
	Word		actor = actor_of_session();
	char	   *text = NULL;
	bool		changed;
	PackedBlock history;
	uint32		old_count;

	if (column != 0 && change->new != NULL)
		text = change_column_text(change, column);
	if (text != NULL)
	{
		if (moved != NULL)
			changed = moved->actor == NULL || strcmp(moved->actor, text) != 0;
		else
			changed = change->old == NULL || change_column_differs(change, column);
		if (changed)
			return text;
	}
	if (actor.data != NULL)
		return pnstrdup(actor.data, actor.len);

	history_open(&change->old_value, &history);
	old_count = moved != NULL ? moved->history_count : history.count;
	if (history_actor(change, old_count) != NULL)
		return history_actor(change, old_count);
	return text != NULL && trigger_sets_column(change->data, column) ? text : NULL;
}
