/*-------------------------------------------------------------------------
 *
 * guard.c
 *		The guard trigger: a double booking is refused before the row is
 *		written, and without deadlocks.
 *
 * An exclusion constraint is checked after its row was written.  Two sessions
 * that race for a slot then wait for each other's row, and one of them has to
 * be killed as a deadlock (see the header of execIndexing.c).  The guard takes
 * locks on the resources first and searches for a conflict only then; so the
 * second one waits before it has written anything.
 *
 * What is promised.  At every isolation level, for every row that a session
 * with this trigger writes by INSERT, UPDATE, MERGE, COPY, an upsert or a move
 * between partitions:
 *
 * - No row comes into a place that conflicts with a committed row of the table
 *	 or, over a plain index, of any partition of the table.  Of a resource that
 *	 is shared, no more seats are taken at any instant than the smallest capacity
 *	 among those who hold it then.  A row that holds no more than it did before
 *	 comes into no place.
 *
 * - Who wants a seat waits for nobody's commit, unless the answer depends on it.
 *	 The locks on seats are given back at the end of the statement: from then on
 *	 the new row is counted, committed or not.
 *
 * - Who is in conflict with what is committed, and is not being changed, waits
 *	 for nobody to learn it: not for a lock on a resource, nor for who changes
 *	 another row that is in the way.  It is looked for at each lock that somebody
 *	 has, and with all of them; not again while one is waited for.  The lock on a
 *	 seat, and a row with a unique key of the new one, are waited for in any case.
 *
 * - With expires=, a row counts until the time that it names, by the clock when
 *	 the locks are held, and not longer.
 *
 * - Single-row statements in transactions of their own do not deadlock over the
 *	 guards of one table, however many it has.  All their locks on resources are
 *	 taken in one order: by the names of the triggers, then by tag.  A
 *	 session that waits for another session's row holds none of these locks for
 *	 its own row, so whoever holds locks never waits for it.  A session that has
 *	 written its row is past its guards.  What is given up takes no locks: a
 *	 DELETE or a cancellation never waits here.
 *
 *	 An upsert of a row that is there already holds none of its insertion's locks
 *	 when it comes to that row.  (If the row is only just being made, it does,
 *	 and may deadlock with who updates that row.)
 *
 * - A user learns no more of rows that he may not see, and keeps others from no
 *	 more of them, than with an exclusion constraint; see guard_rights.c.
 *
 * What is not promised is in doc/double-booking.md, with what to do about it.
 *
 * The files of the guard:
 *
 *	guard.c				the trigger: which rows are looked at
 *	guard_admission.c	what lets a row in, in which order
 *	guard_setup.c		its options, and what its index may be
 *	guard_description.c	keeps that for the session
 *	guard_index.c		which index that is
 *	guard_partitions.c	the partitions beside
 *	guard_locks.c		locks on resources; guard_locks_sql.c: for users
 *	guard_search.c		the search for a conflict
 *	guard_seats.c		the seats of shared resources
 *	guard_expiry.c		holds that expire
 *	guard_keys.c		rows with a unique key of the new row
 *	guard_generated.c	the new row with its generated columns
 *	guard_rights.c		what the user may learn of other rows, and keep from
 *						others: by privileges, by policies (guard_policies.c),
 *						and by views (guard_views.c)
 *	guard_report.c		the error
 *	guard_state.h		what they share
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "base/settings.h"
#include "compat.h"
#include "guard/guard.h"
#include "guard/guard_admission.h"
#include "guard/guard_keys.h"
#include "guard/guard_partitions.h"
#include "guard/guard_setup.h"
#include "guard/guard_state.h"
#include "occupancy/occupancy.h"
#include "server/partition.h"

/* Would the new row hold no more than what the old one does? */
static bool
holds_no_more(OccupancyIndex *guarded, Datum *old_values, Datum *new_values)
{
	Occupancy	a;
	Occupancy	b;

	if (guarded->nkeys > 1)
		return false;			/* other columns decide, too */
	occupancy_open(occupancy_detoast(old_values[0]), &a);
	occupancy_open(occupancy_detoast(new_values[0]), &b);
	return occupancy_covers(&a, &b);
}

/* Remember what a row held that may be leaving its partition. */
static void
remember_leaving(GuardState *state, Relation table, TupleTableSlot *old_row,
				 bool had, Datum *old_values, TimestampTz expires_at)
{
	MovingOccupancy *moving = state->moving;

	moving_row_leaves(&moving->row, table, &old_row->tts_tid);
	moving->index = state->guard->named_index;
	if (moving->held != NULL)
		pfree(moving->held);
	moving->held = NULL;
	moving->expires_at = expires_at;
	if (had && state->index->nkeys == 1)
	{
		struct varlena *value = occupancy_detoast(old_values[0]);

		moving->held = MemoryContextAlloc(state->statement, VARSIZE_ANY(value));
		memcpy(moving->held, value, VARSIZE_ANY(value));
	}
}

/* What has expired holds nothing, be it of the old row or of the new one. */
static void
forget_expired(GuardState *state, TupleTableSlot *new_row,
			   TimestampTz old_expires_at, bool *had, bool *has)
{
	TimestampTz now = GetCurrentTimestamp();

	*had = *had && old_expires_at > now;
	*has = *has && !guard_expired(state->index, new_row, now);
}

/* Where an error comes from that the index's expressions raise for a row */
static void
forming_context(void *arg)
{
	const TriggerData *data = (const TriggerData *) arg;

	errcontext("what the row holds, for trigger \"%s\" of table \"%s\"",
			   data->tg_trigger->tgname,
			   RelationGetRelationName(data->tg_relation));
}

static bool
form_new_row(GuardState *state, TriggerData *data, TupleTableSlot *row,
			 Datum *values)
{
	ErrorContextCallback context = {
		.previous = error_context_stack,
		.callback = forming_context,
		.arg = data
	};
	bool		has;

	error_context_stack = &context;
	has = occupancy_index_form(state->index, row, state->estate, values);
	error_context_stack = context.previous;
	return has;
}

static bool
skips_conflicts(const GuardState *state)
{
	switch (appointment_on_conflict)
	{
		case ON_CONFLICT_ERROR:
			return false;
		case ON_CONFLICT_SKIP:
			return true;
		case ON_CONFLICT_TRIGGER:
			break;
	}
	return state->guard->skip_conflicts;
}

static void
check_call(FunctionCallInfo fcinfo)
{
	TriggerData *data = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		trigger_refuse_call(&guard_function);
	guard_check_timing(TRIGGER_FIRED_BEFORE(data->tg_event) &&
					   TRIGGER_FIRED_FOR_ROW(data->tg_event));
}

/* What is known of the table, since the first row of the statement. */
static GuardState *
state_of(FmgrInfo *function, Relation table, const Trigger *trigger)
{
	GuardState *state = (GuardState *) function->fn_extra;

	if (state == NULL || state->guard->table != RelationGetRelid(table))
	{
		state = guard_begin(table, trigger, function->fn_mcxt);
		function->fn_extra = state;
	}
	return state;
}

APPOINTMENT_FUNCTION(occupancy_guard);
Datum
occupancy_guard(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	Relation	table;
	GuardState *state;
	TupleTableSlot *old_row = NULL;
	TupleTableSlot *new_row = NULL;
	HeapTuple	result;
	bool		moved = false;
	TimestampTz old_expires_at = DT_NOEND;
	Datum		old_values[INDEX_MAX_KEYS];
	Datum		new_values[INDEX_MAX_KEYS];
	bool		had;
	bool		has;
	bool		dropped = false;
	Relation	index;
	MemoryContext old_context;

	check_call(fcinfo);
	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
	{
		old_row = data->tg_trigslot;
		new_row = data->tg_newslot;
		result = data->tg_newtuple;
	}
	else if (TRIGGER_FIRED_BY_INSERT(data->tg_event))
	{
		new_row = data->tg_trigslot;
		result = data->tg_trigtuple;
	}
	else
		return PointerGetDatum(data->tg_trigtuple);

	table = data->tg_relation;
	state = state_of(fcinfo->flinfo, table, data->tg_trigger);
	index = index_open(state->index->index_oid, RowExclusiveLock);
	ResetPerTupleExprContext(state->estate);
	old_context = MemoryContextSwitchTo(GetPerTupleMemoryContext(state->estate));

	had = old_row != NULL &&
		occupancy_index_form(state->index, old_row, state->estate, old_values);
	if (had)
		old_expires_at = guard_expires_at(state->index, old_row);
	if (old_row == NULL && state->moving != NULL &&
		moving_row_arrives(&state->moving->row))
	{
		/* what another index says of a partition, it says of no other */
		moved = true;
		had = state->moving->held != NULL &&
			state->moving->index == state->guard->named_index;
		old_values[0] = PointerGetDatum(state->moving->held);
		old_expires_at = state->moving->expires_at;
	}
	has = form_new_row(state, data, new_row, new_values);
	if (state->guard->expires.column != NULL)
		forget_expired(state, new_row, old_expires_at, &had, &has);

	if (has)
	{
		GuardRow	row = {
			.state = state,
			.table = table,
			.new_row = new_row,
			.values = new_values,
			.held_until = DT_NOBEGIN,
			.inserted = old_row == NULL && !moved
		};

		row.skip = row.inserted && skips_conflicts(state);
		if (had && holds_no_more(state->index, old_values, new_values))
			row.held_until = old_expires_at;
		if (row.held_until < guard_expires_at(state->index, new_row))
			dropped = guard_let_in(&row, old_row != NULL ? &old_row->tts_tid : NULL);
		else if (old_row == NULL)
			guard_hold_still(&row); /* if a later trigger has made it move */
		else if (guard_leaves_partition(state, new_row) ||
				 guard_keys_change(state, table, old_row, new_row))
			guard_hold_still(&row); /* also from who inserts the key given up */
	}
	if (old_row != NULL && state->moving != NULL)
		remember_leaving(state, table, old_row, had, old_values,
						 old_expires_at);

	MemoryContextSwitchTo(old_context);
	index_close(index, NoLock);
	return PointerGetDatum(dropped ? NULL : result);
}
