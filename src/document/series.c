/*-------------------------------------------------------------------------
 *
 * series.c
 *		A series of appointments: copies of one at the times of a rule.
 *
 * A copy is a new appointment of the same people, place and length.  What
 * belongs to the one that was copied, because it happened to it or leads to it,
 * does not go with it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/json.h"

#include "base/instant.h"
#include "base/word.h"
#include "base/zone.h"
#include "base/zone_clock.h"
#include "compat.h"
#include "document/document_type.h"
#include "formats/registry.h"
#include "record/history.h"
#include "record/local_start.h"
#include "record/record_check.h"
#include "recurrence/rrule.h"
#include "recurrence/rrule_sql.h"

/* What a copy begins without. */
static const FieldNumber own_fields[] = {
	FIELD_ID, FIELD_REFERENCE,
	FIELD_CANCELLED_AT, FIELD_CANCELLATION_REASON_ID, FIELD_CANCELLATION_NOTE,
	FIELD_ACTUAL_STARTS_AT, FIELD_ACTUAL_ENDS_AT,
	FIELD_STATUS_HISTORY, FIELD_VISIT_NOTE, FIELD_CHANGE_LOG,
	FIELD_GENERATED_FROM, FIELD_GENERATED_FROM_TYPE,
	FIELD_MEETING, FIELD_CANCELLATION, FIELD_RESCHEDULING,
	FIELD_URL, FIELD_ADD_TO_CALENDAR_URL, FIELD_CANCEL_URL, FIELD_ICS_URL,
	FIELD_RESCHEDULE_URL, FIELD_URLS,
	FIELD_STARTS_AT_UNKNOWN, FIELD_ENDS_AT_UNKNOWN,
};

/* The same of each attendee. */
static const FieldNumber own_attendee_fields[] = {
	FIELD_ATTENDEE_ATTENDANCE_STATUS, FIELD_ATTENDEE_NO_SHOW,
	FIELD_ATTENDEE_PAYMENT_STATUS, FIELD_ATTENDEE_UPDATED_AT,
};

/* A series in the making. */
typedef struct Series
{
	PackedDocument *first;		/* what is copied */
	RRuleOccurrences *occurrences;
	int64		length;
	bool		has_end;
	const struct varlena *rule;
	const Format *source;		/* or NULL */
	StringInfoData recurrence;	/* empty until the first copy has an id */
	TimestampTz starts_at;		/* of what is copied */
	TimestampTz first_reading;	/* of its local time; another instant, if that
								 * comes twice */
	TimestampTz at;				/* when they are made */
} Series;

/* {"is_recurring": true, "series": "...", "rule": "..."} */
static void
write_recurrence(Series *series, const char *id)
{
	size_t		rule_len;
	const char *rule = rrule_text(series->rule, &rule_len);

	appendStringInfoString(&series->recurrence, "{\"is_recurring\":true,");
	if (id != NULL)
	{
		appendStringInfoString(&series->recurrence, "\"series\":");
		escape_json(&series->recurrence, id);
		appendStringInfoChar(&series->recurrence, ',');
	}
	appendStringInfo(&series->recurrence, "\"rule\":\"%.*s\"}",
					 (int) rule_len, rule);
}

/* An argument in memory that stays: what it points to need not. */
static void *
lasting_copy(const void *argument)
{
	Size		size = VARSIZE_ANY(argument);

	return memcpy(palloc(size), argument, size);
}

/*
 * The occurrences, without those that are no appointments: one before the years
 * that an instant may have, or one that would end after them.
 */
static RRuleOccurrences *
begin_occurrences(FunctionCallInfo fcinfo, const Series *series,
				  Timestamp local, pg_tz *zone)
{
	RRuleOccurrences *occurrences =
	rrule_occurrences_begin(fcinfo, 2, series->rule, local, zone);

	if (occurrences != NULL)
	{
		RRuleInstants *instants = &occurrences->instants;

		instants->from = Max(instants->from, INSTANT_FIRST);
		instants->to = Min(instants->to, INSTANT_END - series->length);
	}
	return occurrences;
}

/* What the first call finds out; it stays for the others. */
static Series *
series_begin(FunctionCallInfo fcinfo)
{
	Series	   *series = palloc0_object(Series);
	Record		record;
	FieldValue	name;
	FieldValue	id;
	TimestampTz ends_at;
	Timestamp	local;
	pg_tz	   *zone;

	series->first = lasting_copy(PG_GETARG_DOCUMENT(0));
	record_open(&record, (struct varlena *) series->first);
	record_check(&record, RECORD_APPOINTMENT);
	if (!document_starts_at(series->first, &series->starts_at))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("appointment has no start"),
				 errdetail("A series begins with it.")));
	if (!record_find_value(&record, FIELD_TIME_ZONE, &name))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("appointment has no time zone"),
				 errdetail("A rule's times are those of a wall clock."),
				 errhint("Set the field \"time_zone\", such as to \"Europe/Berlin\".")));
	zone = zone_argument(name.data, name.size);
	local = instant_to_local(series->starts_at, zone);
	series->first_reading = zone_local_to_instant(zone, local, ZONE_COMPATIBLE);

	series->has_end = document_ends_at(series->first, &ends_at);
	if (series->has_end)
		series->length = ends_at - series->starts_at;
	series->rule = lasting_copy(PG_GETARG_RRULE(1));
	series->occurrences = begin_occurrences(fcinfo, series, local, zone);
	series->source = format_by_code(series->first->source);
	series->at = instant_now();
	initStringInfo(&series->recurrence);
	if (record_find_value(&record, FIELD_ID, &id))
		write_recurrence(series, pnstrdup(id.data, id.size));
	return series;
}

/* The attendees, each as at the beginning. */
static void
renew_attendees(RecordBuilder *builder)
{
	FieldValue	value;
	ListBuilder list;
	PackedBlock attendees;

	if (!record_entry_value(builder, FIELD_ATTENDEES, &value))
		return;
	list_begin(&list);
	list_open(&attendees, &value);
	for (uint32 i = 0; i < attendees.count; i++)
	{
		FieldValue	item;
		Record		attendee;
		RecordBuilder copy;

		CHECK_FOR_INTERRUPTS();
		list_at(&attendees, i, &item);
		record_open_sub(&attendee, &item);
		record_begin_from(&copy, &attendee);
		for (int j = 0; j < (int) lengthof(own_attendee_fields); j++)
			record_remove(&copy, own_attendee_fields[j]);
		list_add_record(&list, &copy);
	}
	record_add_list(builder, FIELD_ATTENDEES, &list);
}

/*
 * The status: what cannot be one of a new appointment is scheduled.  Where
 * there was a history, a new one begins.
 */
static void
renew_status(RecordBuilder *builder, const Series *series, bool has_history)
{
	Status		status = (Status) series->first->status;
	FieldValue	source_status;
	const char *word;

	if (record_has(builder, FIELD_CONFIRMED))
		record_add_boolean(builder, FIELD_CONFIRMED, false);
	if (record_has(builder, FIELD_CONFIRMED_AT))
		record_add_null(builder, FIELD_CONFIRMED_AT);
	if (status == STATUS_NONE)
		return;
	word = status_word(status == STATUS_PENDING ? status : STATUS_SCHEDULED);
	/* a service's word may tell what happened, such as "rescheduled" */
	if (record_entry_value(builder, FIELD_SOURCE_STATUS, &source_status) &&
		!word_is_ignoring_case(word, source_status.data, source_status.size))
		record_remove(builder, FIELD_SOURCE_STATUS);
	if (has_history)
		history_append(builder, word, strlen(word), NULL, 0, series->at);
	else if (status != STATUS_PENDING && status != STATUS_SCHEDULED)
	{
		record_remove(builder, FIELD_SOURCE_STATUS);
		record_add_status(builder, FIELD_STATUS, word, strlen(word));
	}
}

static PackedDocument *
series_copy(Series *series, TimestampTz starts_at)
{
	Record		record;
	RecordBuilder builder;
	StringInfoData id;
	TimestampTz expires;
	bool		has_history;

	record_open(&record, (struct varlena *) series->first);
	record_begin_from(&builder, &record);
	has_history = record_has(&builder, FIELD_STATUS_HISTORY);
	for (int i = 0; i < (int) lengthof(own_fields); i++)
		record_remove(&builder, own_fields[i]);
	/* a hold that is over would hold nothing from the beginning */
	if (record_entry_instant(&builder, FIELD_HOLD_EXPIRES_AT, &expires) &&
		expires <= series->at)
		record_remove(&builder, FIELD_HOLD_EXPIRES_AT);

	initStringInfo(&id);
	if (series->source != NULL && series->source->make_id != NULL)
	{
		series->source->make_id(&id);
		record_add_text(&builder, FIELD_ID, id.data, id.len);
	}
	if (series->recurrence.len == 0)
		write_recurrence(series, id.len > 0 ? id.data : NULL);
	record_add_json(&builder, FIELD_RECURRENCE, series->recurrence.data,
					series->recurrence.len);

	record_add_instant(&builder, FIELD_STARTS_AT, starts_at);
	if (series->has_end)
		record_add_instant(&builder, FIELD_ENDS_AT, starts_at + series->length);
	local_start_note(&builder);
	record_add_instant(&builder, FIELD_CREATED_AT, series->at);
	record_add_instant(&builder, FIELD_UPDATED_AT, series->at);
	renew_status(&builder, series, has_history);
	renew_attendees(&builder);
	return document_finish(&builder, RECORD_APPOINTMENT);
}

/* (a, rule, during, exdates, rdates, max) -> setof appointment, one by one */
APPOINTMENT_FUNCTION(appointment_series);
Datum
appointment_series(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	Series	   *series;
	TimestampTz starts_at;

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old_context;

		context = SRF_FIRSTCALL_INIT();
		old_context = MemoryContextSwitchTo(context->multi_call_memory_ctx);
		if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1))
			context->user_fctx = series_begin(fcinfo);
		MemoryContextSwitchTo(old_context);
	}
	context = SRF_PERCALL_SETUP();
	series = context->user_fctx;

	if (series == NULL ||
		!rrule_occurrences_next(series->occurrences, &starts_at))
		SRF_RETURN_DONE(context);
	/* what is copied may start at the second of two */
	if (starts_at == series->first_reading)
		starts_at = series->starts_at;
	SRF_RETURN_NEXT(context, PointerGetDatum(series_copy(series, starts_at)));
}
