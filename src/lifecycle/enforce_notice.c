/*-------------------------------------------------------------------------
 *
 * enforce_notice.c
 *		The notices of a row, for its trigger.
 *
 * They are in ordinary columns, or in a value of type appointment.  What counts
 * is the row as it was before: who cancels cannot set the notice
 * lower, or the start later, in the same statement.  Who may set the notice
 * lower in a statement of its own is a matter of the privileges on the column.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "base/deadline.h"
#include "base/zone.h"
#include "compat.h"
#include "lifecycle/enforce_notice.h"
#include "lifecycle/exemption.h"
#include "lifecycle/status_effects.h"
#include "record/notice.h"

/*
 * The time zone of a row; NULL if there is none, or none that the server knows.
 */
pg_tz *
enforce_notice_zone(const Firing *firing, HeapTuple tuple)
{
	bool		isnull;
	Datum		datum;
	text	   *name;

	if (firing->enforcer->zone == 0)
		return NULL;
	datum = heap_getattr(tuple, firing->enforcer->zone, firing->desc, &isnull);
	if (isnull)
		return NULL;
	name = DatumGetTextPP(datum);
	return instant_zone(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
}

/* The instant that leaves the notice that a column says before a start. */
static TimestampTz
deadline_by_column(const Firing *firing, AttrNumber column, Datum notice,
				   TimestampTz starts_at)
{
	switch (getBaseType(TupleDescAttr(firing->desc, column - 1)->atttypid))
	{
		case INT2OID:
			return deadline_minutes_before(starts_at, DatumGetInt16(notice));
		case INT4OID:
			return deadline_minutes_before(starts_at, DatumGetInt32(notice));
		case INT8OID:
			return deadline_minutes_before(starts_at, DatumGetInt64(notice));
		default:
			break;
	}
	return deadline_before(starts_at, DatumGetIntervalP(notice),
						   enforce_notice_zone(firing, firing->old));
}

/*
 * Until when the notice of the row as it was lets something be done.  False if
 * there is no limit: no notice, or no start.
 */
static bool
row_deadline(const Firing *firing, FieldNumber field, TimestampTz *deadline)
{
	AttrNumber	column = enforcer_field_column(firing->enforcer, field);
	AttrNumber	start_column = enforcer_field_column(firing->enforcer,
													 FIELD_STARTS_AT);
	Datum		notice;
	Datum		starts_at;
	bool		isnull;

	if (column == 0 || start_column == 0)
		return false;
	notice = heap_getattr(firing->old, column, firing->desc, &isnull);
	if (isnull)
		return false;
	starts_at = heap_getattr(firing->old, start_column, firing->desc, &isnull);
	if (isnull)
		return false;
	*deadline = deadline_by_column(firing, column, notice,
								   DatumGetTimestampTz(starts_at));
	return true;
}

/* Refuse what comes after the deadline of a notice. */
static void
refuse_late(const Firing *firing, FieldNumber notice, TimestampTz deadline,
			const char *exempt)
{
	LifecyclePlace place = firing->place;

	if (notice == FIELD_RESCHEDULING_NOTICE &&
		firing->enforcer->kind != STATUS_IN_VALUE)
		place.column = enforcer_field_column(firing->enforcer, FIELD_STARTS_AT);
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg_internal("%s", notice_late_message(notice, deadline)),
			 errdetail_internal("%s", notice_late_detail(notice, deadline)),
			 exempt == NULL ? 0 :
			 errhint("Members of role \"%s\" may do it later.", exempt),
			 lifecycle_err_place(&place)));
}

/*
 * Check that a step that cancels is taken in time, or by who need not.
 */
void
enforce_notice_of_cancelling(const Firing *firing, const LifecycleStep *step,
							 const StatusChange *change)
{
	const char *exempt = firing->enforcer->exempt;
	TimestampTz deadline;

	if (firing->old == NULL || !status_cancels(change->to) ||
		!row_deadline(firing, FIELD_CANCELLATION_NOTICE, &deadline) ||
		change->asked_at <= deadline ||
		user_is_exempt(exempt) || user_is_exempt(step->exempt))
		return;
	refuse_late(firing, FIELD_CANCELLATION_NOTICE, deadline,
				exempt != NULL ? exempt : step->exempt);
}

/*
 * Whether an UPDATE moves an appointment that may have a notice for that.
 */
bool
enforce_notice_moves(const Firing *firing)
{
	const Enforcer *enforcer = firing->enforcer;
	AttrNumber	start = enforcer_field_column(enforcer, FIELD_STARTS_AT);
	AttrNumber	end = enforcer_field_column(enforcer, FIELD_ENDS_AT);

	if (enforcer_field_column(enforcer, FIELD_RESCHEDULING_NOTICE) == 0)
		return false;
	return firing_column_changes(firing, start) ||
		(end != 0 && firing_column_changes(firing, end));
}

/*
 * Check that an appointment that an UPDATE moves is moved in time, or by who
 * need not.
 */
void
enforce_notice_of_moving(const Firing *firing)
{
	const char *exempt = firing->enforcer->exempt;
	TimestampTz deadline;

	if (firing->old == NULL || firing->enforcer->record_only ||
		!enforce_notice_moves(firing) ||
		!row_deadline(firing, FIELD_RESCHEDULING_NOTICE, &deadline) ||
		firing_asked_at(DT_NOBEGIN) <= deadline || user_is_exempt(exempt))
		return;
	refuse_late(firing, FIELD_RESCHEDULING_NOTICE, deadline, exempt);
}

/*
 * Check the notices of a value that an UPDATE changes; step is the one that it
 * takes, or NULL.
 */
void
enforce_notices_of_value(const Firing *firing, const LifecycleStep *step,
						 const Record *before, const PackedDocument *after)
{
	const char *exempt = firing->enforcer->exempt;
	TimestampTz at = firing_asked_at(DT_NOBEGIN);
	TimestampTz deadline;

	if (notice_broken(before, after, FIELD_CANCELLATION_NOTICE, at, &deadline) &&
		!user_is_exempt(exempt) &&
		(step == NULL || !user_is_exempt(step->exempt)))
		refuse_late(firing, FIELD_CANCELLATION_NOTICE, deadline,
					exempt != NULL || step == NULL ? exempt : step->exempt);
	if (notice_broken(before, after, FIELD_RESCHEDULING_NOTICE, at, &deadline) &&
		!user_is_exempt(exempt))
		refuse_late(firing, FIELD_RESCHEDULING_NOTICE, deadline, exempt);
}
