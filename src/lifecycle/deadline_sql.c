/*-------------------------------------------------------------------------
 *
 * deadline_sql.c
 *		The SQL functions that tell until when something can be done.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/deadline.h"
#include "base/zone.h"
#include "compat.h"
#include "document/document_type.h"
#include "lifecycle/exemption.h"
#include "lifecycle/lifecycle_builder.h"
#include "lifecycle/lifecycle_cache.h"
#include "lifecycle/status_effects.h"
#include "record/notice.h"

/* (starts_at, notice, zone) -> timestamptz */
APPOINTMENT_FUNCTION(change_deadline);
Datum
change_deadline(PG_FUNCTION_ARGS)
{
	const Interval *notice;
	const pg_tz *zone;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	notice = PG_GETARG_INTERVAL_P(1);
	zone = PG_ARGISNULL(2) ? NULL : PG_GETARG_ZONE(2);
	if (notice_is_negative(notice))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("notice must not be negative")));
	PG_RETURN_TIMESTAMPTZ(deadline_before(PG_GETARG_TIMESTAMPTZ(0), notice,
										  zone));
}

/* Until when an appointment's own notice lets it be cancelled or moved. */
static TimestampTz
own_deadline(const Record *record, FieldNumber notice)
{
	TimestampTz deadline;

	return notice_deadline(record, notice, &deadline) ? deadline : DT_NOEND;
}

/* Until when the current user can take a step. */
static TimestampTz
step_deadline(const Record *record, const LifecycleStep *step, Word to)
{
	TimestampTz deadline = DT_NOEND;
	pg_tz	   *zone = NULL;
	FieldValue	value;

	if (user_is_exempt(step->exempt))
		return deadline;
	if (step->not_after != FIELD_NONE &&
		record_find_value(record, step->not_after, &value))
	{
		TimestampTz limit = field_instant(&value);

		if (record_find_value(record, FIELD_TIME_ZONE, &value))
			zone = instant_zone(value.data, value.size);
		deadline = lifecycle_deadline(step, limit, zone);
	}
	if (status_cancels(to))
		deadline = Min(deadline,
					   own_deadline(record, FIELD_CANCELLATION_NOTICE));
	return deadline;
}

/* (appointment, status, lifecycle) -> timestamptz */
APPOINTMENT_FUNCTION(appointment_deadline);
Datum
appointment_deadline(PG_FUNCTION_ARGS)
{
	const Lifecycle *lifecycle;
	const LifecycleStep *step;
	Record		record;
	FieldValue	value;
	Word		from = WORD_NONE;
	Word		to;
	text	   *status;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("status must not be null")));
	record_open(&record, (struct varlena *) PG_GETARG_DOCUMENT(0));
	status = PG_GETARG_TEXT_PP(1);
	to.data = VARDATA_ANY(status);
	to.len = VARSIZE_ANY_EXHDR(status);
	lifecycle = lifecycle_argument(fcinfo, 2);

	/* what the change log calls it, unless it is a status there */
	if (word_equal(to, word_of("rescheduled")) && !lifecycle_knows(lifecycle, to))
		PG_RETURN_TIMESTAMPTZ(own_deadline(&record, FIELD_RESCHEDULING_NOTICE));

	if (record_find_value(&record, FIELD_STATUS, &value))
		field_status_text(&value, &from.data, &from.len);
	if (!lifecycle_knows(lifecycle, to))
		lifecycle_step(lifecycle, from, to, NULL);	/* an error */
	step = lifecycle_find(lifecycle, from, to);
	if (step == NULL)
		PG_RETURN_TIMESTAMPTZ(DT_NOBEGIN);
	PG_RETURN_TIMESTAMPTZ(step_deadline(&record, step, to));
}
