/*-------------------------------------------------------------------------
 *
 * rules.c
 *		Rules across the fields of an appointment.
 *
 * In a document a contradiction is a warning, because the services' own
 * examples contain them.  Over a value there are also the invariants of FHIR's
 * Appointment resource (app-2 to app-5 and app-7), which are errors, so that
 * a CHECK constraint can hold a table to them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/word.h"
#include "base/zone.h"
#include "document/rules.h"
#include "formats/registry.h"
#include "member/read_word.h"
#include "record/history.h"

/* 1980-01-01 and 2200-01-01: what is not between them is hardly meant so. */
#define EARLIEST_USUAL	(-7305 * USECS_PER_DAY)
#define LATEST_USUAL	(73049 * USECS_PER_DAY)

typedef struct RuleContext
{
	const Record *record;
	const Format *format;		/* its names are the paths */
	ProblemSink *sink;
} RuleContext;

/* The path of a field. */
static DocumentPath
field_path(const RuleContext *context, FieldNumber field)
{
	const Member *member = format_member(context->format->table, field);
	DocumentPath path = {0};

	path.name = member != NULL ? member->name : field_by_number(field)->name;
	return path;
}

/* Report a field, with a message that needs no arguments. */
static void
warn_of_field(const RuleContext *context, FieldNumber field, ProblemCode code,
			  const char *message)
{
	DocumentPath path = field_path(context, field);

	problem_warning_literal(context->sink, &path, code, message);
}

static bool
find_instant(const Record *record, FieldNumber field, TimestampTz *instant)
{
	FieldValue	value;

	if (!record_find_value(record, field, &value))
		return false;
	*instant = field_instant(&value);
	return true;
}

/* ---------------------------------------------------------------------
 * contradictions
 * ---------------------------------------------------------------------
 */

static void
order_mismatch(const RuleContext *context, FieldNumber field,
			   const char *message)
{
	warn_of_field(context, field, PROBLEM_ORDER_MISMATCH, message);
}

/* The instants of the appointment itself. */
static void
check_instants_order(const RuleContext *context)
{
	const Record *record = context->record;
	TimestampTz end = 0;
	TimestampTz earlier = 0;
	TimestampTz later = 0;
	bool		has_end = find_instant(record, FIELD_ENDS_AT, &end);

	if (has_end && find_instant(record, FIELD_CREATED_AT, &later) &&
		later > end)
		order_mismatch(context, FIELD_CREATED_AT, "is after the end");

	if (find_instant(record, FIELD_CONFIRMED_AT, &later))
	{
		if (find_instant(record, FIELD_CANCELLED_AT, &earlier) &&
			later > earlier)
			order_mismatch(context, FIELD_CONFIRMED_AT,
						   "is after the cancellation");
		else if (has_end && later > end)
			order_mismatch(context, FIELD_CONFIRMED_AT, "is after the end");
	}

	if (find_instant(record, FIELD_ACTUAL_STARTS_AT, &earlier) &&
		find_instant(record, FIELD_ACTUAL_ENDS_AT, &later) &&
		later <= earlier)
		order_mismatch(context, FIELD_ACTUAL_ENDS_AT,
					   "is not after the actual start");

	if (find_instant(record, FIELD_CREATED_AT, &earlier) &&
		find_instant(record, FIELD_UPDATED_AT, &later) && later < earlier)
		order_mismatch(context, FIELD_UPDATED_AT, "is before the creation");
}

/* When the meeting is, against when the appointment is. */
static void
check_meeting_order(const RuleContext *context)
{
	DocumentPath meeting_path;
	TimestampTz start;
	TimestampTz end;
	TimestampTz opening = 0;
	TimestampTz closing = 0;
	bool		has_opening;
	bool		has_closing;
	FieldValue	value;
	Record		meeting;

	if (!record_find_value(context->record, FIELD_MEETING, &value))
		return;
	record_open_sub(&meeting, &value);
	meeting_path = field_path(context, FIELD_MEETING);
	has_opening = find_instant(&meeting, FIELD_MEETING_START_DATE, &opening);
	has_closing = find_instant(&meeting, FIELD_MEETING_END_DATE, &closing);
	if ((has_opening && find_instant(context->record, FIELD_ENDS_AT, &end) &&
		 opening >= end) ||
		(has_closing && find_instant(context->record, FIELD_STARTS_AT, &start) &&
		 closing <= start))
	{
		DocumentPath path = {.parent = &meeting_path, .name = "start_date"};

		problem_warning_literal(context->sink, &path, PROBLEM_ORDER_MISMATCH,
								"is not when the appointment is");
	}
	if (has_opening && has_closing && closing <= opening)
	{
		DocumentPath path = {.parent = &meeting_path, .name = "end_date"};

		problem_warning_literal(context->sink, &path, PROBLEM_ORDER_MISMATCH,
								"is not after the start of the meeting");
	}
}

/* The changes of the status, one after the other. */
static void
check_history_order(const RuleContext *context)
{
	DocumentPath history_path;
	PackedBlock history;
	TimestampTz earlier = 0;
	bool		has_earlier = false;

	history_open(context->record, &history);
	if (history.count == 0)
		return;
	history_path = field_path(context, FIELD_STATUS_HISTORY);
	for (uint32 i = 0; i < history.count; i++)
	{
		DocumentPath entry = {.parent = &history_path, .index = (int) i};
		DocumentPath path = {.parent = &entry, .name = "changed_at"};
		FieldValue	item;
		Record		change;
		TimestampTz later;

		list_at(&history, i, &item);
		record_open_sub(&change, &item);
		if (!find_instant(&change, FIELD_CHANGE_CHANGED_AT, &later))
			continue;
		if (has_earlier && later < earlier)
			problem_warning_literal(context->sink, &path, PROBLEM_ORDER_MISMATCH,
									"is before the change that it follows");
		earlier = later;
		has_earlier = true;
	}
}

/* The order of the instants that a record has. */
static void
check_order(const RuleContext *context)
{
	check_instants_order(context);
	check_meeting_order(context);
	check_history_order(context);
}

/*
 * Seconds that were read as milliseconds are of January 1970, milliseconds
 * that were read as seconds of a year with five digits, or of one far away.
 */
static void
check_age(const RuleContext *context)
{
	static const FieldNumber times[] = {FIELD_STARTS_AT, FIELD_ENDS_AT};

	for (int i = 0; i < (int) lengthof(times); i++)
	{
		TimestampTz instant;

		if (!find_instant(context->record, times[i], &instant))
			continue;
		if (instant < EARLIEST_USUAL || instant >= LATEST_USUAL)
			warn_of_field(context, times[i], PROBLEM_OUT_OF_RANGE,
						  "is before 1980 or after 2199: seconds and milliseconds may be mixed up");
		return;					/* of the two, the start says it */
	}
}

/*
 * Zones that the server does not know, which only canonical JSON may bring: it
 * may come from a machine that does.
 */
static void
check_zones(const RuleContext *context)
{
	static const FieldNumber zones[] = {
		FIELD_TIME_ZONE, FIELD_ENDS_AT_TIME_ZONE
	};

	for (int i = 0; i < (int) lengthof(zones); i++)
	{
		FieldValue	value;

		if (!record_find_value(context->record, zones[i], &value))
			continue;
		if (instant_zone(value.data, value.size) == NULL)
			warn_of_field(context, zones[i], PROBLEM_BAD_ZONE,
						  "is no time zone that the server knows");
		else if (!instant_zone_is_place(value.data, value.size))
			warn_of_field(context, zones[i], PROBLEM_BAD_ZONE,
						  "should be the time zone of a place");
	}
}

/* A length that is not the distance of start and end. */
static void
check_duration(const RuleContext *context)
{
	TimestampTz instant;
	FieldValue	value;

	if (!record_find_value(context->record, FIELD_DURATION, &value) ||
		!find_instant(context->record, FIELD_STARTS_AT, &instant) ||
		!find_instant(context->record, FIELD_ENDS_AT, &instant))
		return;
	warn_of_field(context, FIELD_DURATION, PROBLEM_DURATION_MISMATCH,
				  "is not the minutes from the start to the end");
}

/* Warn of a status that would be known if it were written in another case. */
static void
check_status_word(const RuleContext *context, const DocumentPath *at,
				  const FieldValue *status)
{
	const char *word;
	uint32		len;

	field_status_text(status, &word, &len);
	check_status_case(context->sink, at, NULL, word, len);
}

/* The status, and those of the history. */
static void
check_status_words(const RuleContext *context)
{
	DocumentPath status_path = field_path(context, FIELD_STATUS);
	DocumentPath history_path = field_path(context, FIELD_STATUS_HISTORY);
	PackedBlock history;
	FieldValue	value;

	if (record_find_value(context->record, FIELD_STATUS, &value))
		check_status_word(context, &status_path, &value);
	history_open(context->record, &history);
	for (uint32 i = 0; i < history.count; i++)
	{
		DocumentPath entry = {.parent = &history_path, .index = (int) i};
		DocumentPath path = {.parent = &entry, .name = "status"};
		FieldValue	item;
		FieldValue	status;
		Record		change;

		list_at(&history, i, &item);
		record_open_sub(&change, &item);
		if (record_find_value(&change, FIELD_CHANGE_STATUS, &status))
			check_status_word(context, &path, &status);
	}
}

/* Whether a record has one of these statuses, NULL at the end. */
static bool
status_is_among(const Record *record, const char *const *words)
{
	FieldValue	status;
	const char *word;
	uint32		len;

	if (!record_find_value(record, FIELD_STATUS, &status))
		return false;
	field_status_text(&status, &word, &len);
	return word_is_among(words, word, len);
}

/* The statuses that a cancellation fits. */
static const char *const cancellable[] = {
	"cancelled", "no_show", NULL
};

/* The statuses that may be without a time; the last two are FHIR's own. */
static const char *const timeless[] = {
	"pending", "cancelled", "proposed", "waitlist", NULL
};

static const FieldNumber cancellation_fields[] = {
	FIELD_CANCELLED_AT, FIELD_CANCELLATION_REASON_ID, FIELD_CANCELLATION_NOTE
};

/*
 * A cancellation that the status does not know of.  One row stands for the
 * date, the reason and the note.
 */
static void
check_cancellation(const RuleContext *context)
{
	FieldValue	value;

	if (status_is_among(context->record, cancellable))
		return;
	for (int i = 0; i < (int) lengthof(cancellation_fields); i++)
	{
		if (!record_find_value(context->record, cancellation_fields[i],
							   &value))
			continue;
		warn_of_field(context, cancellation_fields[i], PROBLEM_STATUS_MISMATCH,
					  "is set, but the status is not cancelled");
		return;
	}
}

/*
 * Check the record that was read from a document.  All are warnings.
 */
void
check_document_rules(const Record *record, const Format *format,
					 ProblemSink *sink)
{
	RuleContext context = {record, format, sink};

	check_age(&context);
	check_duration(&context);
	check_cancellation(&context);
	check_order(&context);
	if (format->check != NULL)
		format->check(record, format->table, sink);
}

/* ---------------------------------------------------------------------
 * FHIR's invariants
 * ---------------------------------------------------------------------
 */

/* app-2 and app-3: the two ends of the time. */
static void
check_times(const RuleContext *context)
{
	const Record *record = context->record;
	TimestampTz instant;
	FieldValue	status;
	bool		has_start = find_instant(record, FIELD_STARTS_AT, &instant);
	bool		has_end = find_instant(record, FIELD_ENDS_AT, &instant);
	DocumentPath path = field_path(context, has_start && !has_end ?
								   FIELD_ENDS_AT : FIELD_STARTS_AT);

	if (has_start != has_end)
		problem_error(context->sink, &path, PROBLEM_MISSING,
					  "is missing although %s is known (FHIR app-2)",
					  has_start ? "the start" : "the end");
	else if (!has_start && record_find_value(record, FIELD_STATUS, &status) &&
			 !status_is_among(record, timeless))
		problem_error_literal(context->sink, &path, PROBLEM_MISSING,
							  "is missing, which only a pending or cancelled appointment may (FHIR app-3)");
}

/* app-4 and app-7: reason and date of a cancellation. */
static void
check_cancelled(const RuleContext *context)
{
	FieldValue	value;
	DocumentPath path;

	if (status_is_among(context->record, cancellable))
		return;
	for (int i = 0; i < (int) lengthof(cancellation_fields); i++)
	{
		if (!record_find_value(context->record, cancellation_fields[i], &value))
			continue;
		path = field_path(context, cancellation_fields[i]);
		problem_error(context->sink, &path, PROBLEM_STATUS_MISMATCH,
					  "is set, but the status is neither cancelled nor no_show (FHIR %s)",
					  cancellation_fields[i] == FIELD_CANCELLED_AT ?
					  "app-7" : "app-4");
	}
}

/*
 * Check a value.  The invariants are errors, the rest warnings.  That the end
 * is after the start (app-5) every value keeps, or it would not be one.
 */
void
check_value_rules(const Record *record, ProblemSink *sink)
{
	RuleContext context = {record, &format_canonical, sink};
	const Format *source = format_by_code(record->document->source);

	check_times(&context);
	check_cancelled(&context);
	if (sink->collect)
	{
		check_status_words(&context);
		check_zones(&context);
		check_age(&context);
	}
	check_duration(&context);
	check_order(&context);
	if (source != NULL && source->check != NULL)
		source->check(record, format_canonical.table, sink);
}
