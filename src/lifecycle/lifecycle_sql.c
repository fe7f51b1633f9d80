/*-------------------------------------------------------------------------
 *
 * lifecycle_sql.c
 *		The SQL functions of the life cycle.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "document/document_type.h"
#include "lifecycle/actor.h"
#include "lifecycle/exemption.h"
#include "lifecycle/lifecycle_builder.h"
#include "lifecycle/lifecycle_cache.h"
#include "lifecycle/status_effects.h"
#include "record/history.h"
#include "record/local_start.h"
#include "record/notice.h"

/* What messages call an argument. */
#define START_OR_END	"start or end"
#define CHANGE_TIME		"time of the change"

/* ---------------------------------------------------------------------
 * arguments
 * ---------------------------------------------------------------------
 */

static Word
word_argument(FunctionCallInfo fcinfo, int arg)
{
	text	   *value;
	Word		word;

	if (PG_ARGISNULL(arg))
		return WORD_NONE;
	value = PG_GETARG_TEXT_PP(arg);
	word.data = VARDATA_ANY(value);
	word.len = VARSIZE_ANY_EXHDR(value);
	return word;
}

static void
check_not_null(FunctionCallInfo fcinfo, int arg, const char *name)
{
	if (PG_ARGISNULL(arg))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name)));
}

static void
check_in_range(TimestampTz instant, const char *what)
{
	if (!instant_in_range(instant))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is out of range", what)));
}

/* Who changes something: the argument, else the setting, else nobody knows. */
static Word
actor_argument(FunctionCallInfo fcinfo, int arg)
{
	Word		actor = word_argument(fcinfo, arg);

	return actor.data != NULL ? actor : actor_of_session();
}

/* The same by the argument alone; empty as the setting is for nobody. */
static Word
actor_given(FunctionCallInfo fcinfo, int arg)
{
	Word		actor = word_argument(fcinfo, arg);

	return actor.len == 0 ? WORD_NONE : actor;
}

/*
 * When a change happens.  A time that is given must not be before the last
 * change; now, which is the default, is moved there.
 */
static TimestampTz
change_time(FunctionCallInfo fcinfo, int arg, const RecordBuilder *builder)
{
	TimestampTz last;
	bool		known = builder_last_change(builder, &last);
	TimestampTz at;

	if (PG_ARGISNULL(arg))
	{
		at = instant_now();
		return known && last > at ? last : at;
	}
	at = PG_GETARG_TIMESTAMPTZ(arg);
	check_in_range(at, CHANGE_TIME);
	if (known && at < last)
	{
		char		text[INSTANT_MAXLEN];

		instant_format(last, 0, text);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time of the change is before the last change"),
				 errdetail("The last entry of the history is of %s.", text)));
	}
	return at;
}

/*
 * The same by the argument alone.  That is now() as a rule, when the transaction
 * began: another that began later may have made the last change.  So a time
 * before that is moved there, too.
 */
static TimestampTz
change_time_given(FunctionCallInfo fcinfo, int arg,
				  const RecordBuilder *builder)
{
	TimestampTz at;
	TimestampTz last;

	check_not_null(fcinfo, arg, CHANGE_TIME);
	at = PG_GETARG_TIMESTAMPTZ(arg);
	check_in_range(at, CHANGE_TIME);
	return builder_last_change(builder, &last) && last > at ? last : at;
}

/* The same to the microsecond, which is what deadlines are held against. */
static TimestampTz
asked_at(FunctionCallInfo fcinfo, int arg, TimestampTz at)
{
	return PG_ARGISNULL(arg) ?
		Max(at, GetCurrentTransactionStartTimestamp()) : at;
}

/* Whether the notices of the appointment do not count: only if that is said. */
static bool
exempt_argument(FunctionCallInfo fcinfo, int arg)
{
	return !PG_ARGISNULL(arg) && PG_GETARG_BOOL(arg);
}

static void
begin_change(FunctionCallInfo fcinfo, Record *record, RecordBuilder *builder)
{
	record_open(record, (struct varlena *) PG_GETARG_DOCUMENT(0));
	record_check_changeable(record, RECORD_APPOINTMENT);
	record_begin_from(builder, record);
}

/* ---------------------------------------------------------------------
 * changes
 * ---------------------------------------------------------------------
 */

/* A reason and a note go only with some statuses. */
static void
check_reason(Word status, Word reason, Word note)
{
	if ((reason.data != NULL || note.data != NULL) &&
		!status_takes_reason(status))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("status \"%.*s\" takes no reason and no note",
						(int) word_shown(status).len, word_shown(status).data),
				 errdetail("They tell why an appointment does not take place.")));
}

static void
add_reason(RecordBuilder *builder, Word reason, Word note)
{
	if (reason.data != NULL)
		record_add_text(builder, FIELD_CANCELLATION_REASON_ID, reason.data,
						reason.len);
	if (note.data != NULL)
		record_add_text(builder, FIELD_CANCELLATION_NOTE, note.data, note.len);
}

/* (appointment, status, at, actor, lifecycle, reason_id, note, exempt) -> appointment */
APPOINTMENT_FUNCTION(appointment_transition);
Datum
appointment_transition(PG_FUNCTION_ARGS)
{
	const Lifecycle *lifecycle;
	const LifecycleStep *step;
	Record		record;
	RecordBuilder builder;
	StatusChange change;
	Word		reason;
	Word		note;
	PackedDocument *result;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	check_not_null(fcinfo, 1, "status");
	begin_change(fcinfo, &record, &builder);
	change.from = builder_status(&builder);
	change.to = word_argument(fcinfo, 1);
	change.actor = actor_argument(fcinfo, 3);
	reason = word_argument(fcinfo, 5);
	note = word_argument(fcinfo, 6);

	lifecycle = lifecycle_argument(fcinfo, 4);
	step = lifecycle_step(lifecycle, change.from, change.to, NULL);
	check_reason(change.to, reason, note);
	change.at = change_time(fcinfo, 2, &builder);
	change.asked_at = asked_at(fcinfo, 2, change.at);

	lifecycle_change(&builder, &change, NULL);
	add_reason(&builder, reason, note);
	lifecycle_check(lifecycle, step, &record, &builder, &change, NULL);
	result = document_finish(&builder, RECORD_APPOINTMENT);
	if (!exempt_argument(fcinfo, 7) && !user_is_exempt(step->exempt))
		notice_check(&record, result, change.asked_at);
	PG_RETURN_POINTER(result);
}

/* Confirm, or take that back. */
static PackedDocument *
confirm(RecordBuilder *builder, bool confirmed, TimestampTz at, Word actor)
{
	lifecycle_confirm(builder, confirmed, at);
	record_add_instant(builder, FIELD_UPDATED_AT, at);
	lifecycle_record(builder, at, actor);
	return document_finish(builder, RECORD_APPOINTMENT);
}

/* (appointment, confirmed, at, actor) -> appointment */
APPOINTMENT_FUNCTION(appointment_confirm);
Datum
appointment_confirm(PG_FUNCTION_ARGS)
{
	Record		record;
	RecordBuilder builder;
	TimestampTz at;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	check_not_null(fcinfo, 1, "confirmed");
	begin_change(fcinfo, &record, &builder);
	at = change_time(fcinfo, 2, &builder);
	PG_RETURN_POINTER(confirm(&builder, PG_GETARG_BOOL(1), at,
							  actor_argument(fcinfo, 3)));
}

/*
 * The same changes by their arguments alone.  No life cycle is asked: that is
 * for the trigger of the table.
 *
 * (appointment, status, at, actor, reason_id, note) -> appointment
 */
APPOINTMENT_FUNCTION(appointment_change_status);
Datum
appointment_change_status(PG_FUNCTION_ARGS)
{
	Record		record;
	RecordBuilder builder;
	StatusChange change = {0};
	Word		reason = word_argument(fcinfo, 4);
	Word		note = word_argument(fcinfo, 5);

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	check_not_null(fcinfo, 1, "status");
	begin_change(fcinfo, &record, &builder);
	change.from = builder_status(&builder);
	change.to = word_argument(fcinfo, 1);
	change.actor = actor_given(fcinfo, 3);
	if (change.to.len == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("status must not be empty")));
	check_reason(change.to, reason, note);
	change.at = change_time_given(fcinfo, 2, &builder);

	lifecycle_change(&builder, &change, NULL);
	add_reason(&builder, reason, note);
	PG_RETURN_POINTER(document_finish(&builder, RECORD_APPOINTMENT));
}

/* (appointment, confirmed, at, actor) -> appointment */
APPOINTMENT_FUNCTION(appointment_change_confirmed);
Datum
appointment_change_confirmed(PG_FUNCTION_ARGS)
{
	Record		record;
	RecordBuilder builder;
	TimestampTz at;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	check_not_null(fcinfo, 1, "confirmed");
	begin_change(fcinfo, &record, &builder);
	at = change_time_given(fcinfo, 2, &builder);
	PG_RETURN_POINTER(confirm(&builder, PG_GETARG_BOOL(1), at,
							  actor_given(fcinfo, 3)));
}

/*
 * Whether an appointment is moved so that the clock of its zone shows what was
 * agreed on, which it does not any more because the zone has changed its rules,
 * and is as long as before.
 */
static bool
keeps_clock(FunctionCallInfo fcinfo, const Record *record)
{
	TimestampTz starts_at = PG_GETARG_TIMESTAMPTZ(1);
	TimestampTz old_start;
	TimestampTz old_end;
	int64		drift;

	if (!document_starts_at(record->document, &old_start) ||
		!document_drift(record, old_start, &drift) || drift == 0 ||
		!document_drift(record, starts_at, &drift) || drift != 0)
		return false;
	return PG_ARGISNULL(2) ||
		(document_ends_at(record->document, &old_end) &&
		 PG_GETARG_TIMESTAMPTZ(2) - starts_at == old_end - old_start);
}

/* (appointment, starts_at, ends_at, at, actor, exempt) -> appointment */
APPOINTMENT_FUNCTION(appointment_reschedule);
Datum
appointment_reschedule(PG_FUNCTION_ARGS)
{
	Record		record;
	RecordBuilder builder;
	TimestampTz starts_at;
	TimestampTz old_start;
	TimestampTz old_end;
	TimestampTz at;
	bool		same_clock;
	PackedDocument *result;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	check_not_null(fcinfo, 1, "start");
	starts_at = PG_GETARG_TIMESTAMPTZ(1);
	check_in_range(starts_at, START_OR_END);
	if (!PG_ARGISNULL(2))
		check_in_range(PG_GETARG_TIMESTAMPTZ(2), START_OR_END);
	begin_change(fcinfo, &record, &builder);
	at = change_time(fcinfo, 3, &builder);

	same_clock = keeps_clock(fcinfo, &record);
	record_add_instant(&builder, FIELD_STARTS_AT, starts_at);
	if (!same_clock)
		local_start_note(&builder);
	if (!PG_ARGISNULL(2))
	{
		record_add_instant(&builder, FIELD_ENDS_AT, PG_GETARG_TIMESTAMPTZ(2));
		record_remove(&builder, FIELD_DURATION);
	}
	else if (document_ends_at(record.document, &old_end))
	{
		if (!document_starts_at(record.document, &old_start))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("appointment has no length to keep"),
					 errhint("Give the new end, too.")));
		check_in_range(starts_at + (old_end - old_start), START_OR_END);
		record_add_instant(&builder, FIELD_ENDS_AT,
						   starts_at + (old_end - old_start));
	}
	/* what was agreed on was another time */
	if (!same_clock && record_has(&builder, FIELD_CONFIRMED))
		record_add_boolean(&builder, FIELD_CONFIRMED, false);
	if (!same_clock && record_has(&builder, FIELD_CONFIRMED_AT))
		record_add_null(&builder, FIELD_CONFIRMED_AT);
	record_add_instant(&builder, FIELD_UPDATED_AT, at);
	lifecycle_record(&builder, at, actor_argument(fcinfo, 4));
	result = document_finish(&builder, RECORD_APPOINTMENT);
	if (!exempt_argument(fcinfo, 5))
		notice_check(&record, result, asked_at(fcinfo, 3, at));
	PG_RETURN_POINTER(result);
}

/* ---------------------------------------------------------------------
 * questions
 * ---------------------------------------------------------------------
 */

/* A status that a life cycle does not know is no question to it. */
static void
check_known(const Lifecycle *lifecycle, Word status, Word from)
{
	char	   *next;

	if (status.data == NULL || lifecycle_knows(lifecycle, status))
		return;
	next = lifecycle_next(lifecycle, from, NULL);
	status = word_shown(status);
	from = word_shown(from);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("life cycle \"%s\" has no status \"%.*s\"",
					lifecycle->name, (int) status.len, status.data),
			 from.data == NULL ?
			 errhint("The first status is one of: %s.",
					 next == NULL ? "none" : next) :
			 next == NULL ?
			 errhint("Status \"%.*s\" is final.", (int) from.len, from.data) :
			 errhint("Status \"%.*s\" can be followed by: %s.",
					 (int) from.len, from.data, next)));
}

/* (from_status, to_status, lifecycle) -> whether the step exists */
APPOINTMENT_FUNCTION(appointment_can_transition);
Datum
appointment_can_transition(PG_FUNCTION_ARGS)
{
	const Lifecycle *lifecycle = lifecycle_argument(fcinfo, 2);
	Word		from = word_argument(fcinfo, 0);
	Word		to = word_argument(fcinfo, 1);

	check_known(lifecycle, from, WORD_NONE);
	check_known(lifecycle, to, from);
	if (to.data == NULL)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(lifecycle_find(lifecycle, from, to) != NULL);
}

/* (status, lifecycle) -> setof text */
APPOINTMENT_FUNCTION(appointment_next_statuses);
Datum
appointment_next_statuses(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const Lifecycle *lifecycle;
	Word		from;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	lifecycle = lifecycle_argument(fcinfo, 1);
	from = word_argument(fcinfo, 0);
	check_known(lifecycle, from, WORD_NONE);
	for (int i = 0; i < lifecycle->step_count; i++)
	{
		const LifecycleStep *step = &lifecycle->steps[i];
		bool		isnull = false;
		Datum		value;

		if (!word_same_status(step->from, from))
			continue;
		value = PointerGetDatum(cstring_to_text_with_len(step->to.data,
														 step->to.len));
		tuplestore_putvalues(result->setResult, result->setDesc, &value,
							 &isnull);
	}
	return (Datum) 0;
}

/* (appointment, instant) -> the status then, by the history */
APPOINTMENT_FUNCTION(appointment_status_at);
Datum
appointment_status_at(PG_FUNCTION_ARGS)
{
	TimestampTz instant = PG_GETARG_TIMESTAMPTZ(1);
	Record		record;
	FieldValue	value;
	PackedBlock history;

	record_open(&record, (struct varlena *) PG_GETARG_DOCUMENT(0));
	history_open(&record, &history);
	for (uint32 i = history.count; i-- > 0;)
	{
		FieldValue	item;
		Record		entry;
		Word		status;

		list_at(&history, i, &item);
		record_open_sub(&entry, &item);
		if (!record_find_value(&entry, FIELD_CHANGE_CHANGED_AT, &value) ||
			field_instant(&value) > instant)
			continue;
		if (!record_find_value(&entry, FIELD_CHANGE_STATUS, &value))
			continue;
		field_status_text(&value, &status.data, &status.len);
		PG_RETURN_TEXT_P(cstring_to_text_with_len(status.data, status.len));
	}
	PG_RETURN_NULL();
}
