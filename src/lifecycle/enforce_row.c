/*-------------------------------------------------------------------------
 *
 * enforce_row.c
 *		A row on which a life cycle is enforced, whatever holds the status.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "lifecycle/actor.h"
#include "lifecycle/enforce_row.h"
#include "server/value_text.h"

/*
 * Whether the writer gave a column a value.
 */
bool
firing_column_given(const Firing *firing, AttrNumber column)
{
	if (heap_attisnull(firing->new, column, firing->desc))
		return false;
	return firing->old == NULL || firing_column_changes(firing, column);
}

void
firing_change_column(Firing *firing, AttrNumber column, Datum value,
					 bool isnull)
{
	int			n = 0;

	while (n < firing->change_count && firing->columns[n] != column)
		n++;
	if (n == firing->change_count)
		firing->change_count++;
	firing->columns[n] = column;
	firing->values[n] = value;
	firing->nulls[n] = isnull;
}

/*
 * What the trigger has put into columns has to be in their domains, too.  That
 * runs what is the user's, so it comes last.
 */
void
firing_check_domains(const Firing *firing)
{
	for (int i = 0; i < firing->change_count; i++)
	{
		Oid			type = TupleDescAttr(firing->desc,
										 firing->columns[i] - 1)->atttypid;

		if (get_typtype(type) == TYPTYPE_DOMAIN)
			domain_check(firing->values[i], firing->nulls[i], type, NULL, NULL);
	}
}

/*
 * The new row as it is to be.
 */
HeapTuple
firing_finish_row(Firing *firing)
{
	HeapTuple	tuple = firing->new;

	if (firing->change_count > 0)
		tuple = heap_modify_tuple_by_cols(tuple, firing->desc,
										  firing->change_count,
										  firing->columns, firing->values,
										  firing->nulls);
	return tuple;
}

/*
 * Who changes the row: the actor's column if it was given, else the setting,
 * else the column if the statement set it to what it was, else nobody knows:
 * what somebody else has left there tells nothing.  The setting goes into the
 * column, unless that was given.
 */
Word
firing_actor(Firing *firing)
{
	const Enforcer *enforcer = firing->enforcer;
	AttrNumber	column = enforcer->actor;
	Word		actor = actor_of_session();
	bool		given;

	if (column == 0)
		return actor;
	given = firing_column_given(firing, column);
	if (actor.data != NULL && !given)
	{
		firing_change_column(firing, column,
							 OidInputFunctionCall(enforcer->actor_input,
												  pnstrdup(actor.data, actor.len),
												  enforcer->actor_param,
												  enforcer->actor_typmod),
							 false);
		return actor;
	}
	if (given || (trigger_sets_column(firing->data, column) &&
				  !heap_attisnull(firing->new, column, firing->desc)))
	{
		bool		isnull;
		Datum		datum = heap_getattr(firing->new, column, firing->desc,
										 &isnull);

		return word_of(value_text(TupleDescAttr(firing->desc, column - 1)->atttypid,
								  datum));
	}
	return WORD_NONE;
}

/*
 * What a deadline is held against for a change at a time, which the writer may
 * have told: not before the transaction has begun.
 */
TimestampTz
firing_asked_at(TimestampTz at)
{
	return Max(at, GetCurrentTransactionStartTimestamp());
}

/*
 * The step between two statuses; NULL if it is only recorded.
 */
const LifecycleStep *
firing_step(const Firing *firing, const Lifecycle *lifecycle, Word from, Word to)
{
	return firing->enforcer->record_only ? NULL :
		lifecycle_step(lifecycle, from, to, &firing->place);
}

/*
 * A history that was rewritten.  The detail is {"history": fault, "entry": n},
 * with the first entry at fault; the fault is missing, differs, backwards
 * (its time), status (is not that of the row), malformed (it is no entry), array
 * (the history must be one), or null.
 */
void
firing_refuse_history(const Firing *firing, AttrNumber column, const char *fault,
					  uint32 entry)
{
	LifecyclePlace place = firing->place;

	place.column = column;
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("history of the status can only be added to"),
			 errdetail_internal("{\"history\":\"%s\",\"entry\":%u}", fault, entry),
			 errhint("Change the status alone, and the entry is added."),
			 lifecycle_err_place(&place)));
}
