/*-------------------------------------------------------------------------
 *
 * sqod.c
 *		The format of SQOD's Appointment.
 *
 * Source: the page of GET /api/v1/appointments/{appointment} in SQOD's API
 * reference.  It says that a required member always has a value and that an
 * optional one may be null or absent, but not which are required; the ones
 * that are expected here are inferred, so missing one is only a warning.
 * The document has no end: it has a length in minutes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/id.h"
#include "formats/registry.h"
#include "formats/shapes.h"
#include "member/read_member.h"
#include "member/read_value.h"
#include "record/history.h"

/* 8-4-4-4-12 hexadecimal digits, of any version. */
static bool
is_uuid(const char *text, size_t len)
{
	if (len != 36)
		return false;
	for (int i = 0; i < 36; i++)
	{
		bool		hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (hyphen ? text[i] != '-' : !shape_is_hexadecimal(text[i]))
			return false;
	}
	return true;
}

static const char *const bandwidths[] = {"low", "medium", "high", NULL};

static const Member department_members[] = {
	MEMBER("id", INTEGER, DEPARTMENT_ID),
	MEMBER("name", TEXT, DEPARTMENT_NAME),
};

static const MemberTable department =
MEMBER_TABLE(department_members, DEPARTMENT_UNKNOWN);

static const Member datum_members[] = {
	MEMBER("id", TEXT, DATUM_ID),
	MEMBER("value", TEXT, DATUM_VALUE),
	MEMBER("name", TEXT, DATUM_NAME),
	MEMBER("type", TEXT, DATUM_TYPE),
	MEMBER("required", BOOLEAN, DATUM_REQUIRED),
};

static const MemberTable datum = MEMBER_TABLE(datum_members, DATUM_UNKNOWN);

static const Member claimant_members[] = {
	MEMBER("name", TEXT, CLAIMANT_NAME),
	MEMBER("phone_number", TEXT, CLAIMANT_PHONE_NUMBER),
	MEMBER("email", TEXT, CLAIMANT_EMAIL),
	MEMBER("date_of_birth", DATE, CLAIMANT_DATE_OF_BIRTH),
	MEMBER("data", OBJECT_LIST, CLAIMANT_DATA, .members = &datum),
};

static const MemberTable claimant =
MEMBER_TABLE(claimant_members, CLAIMANT_UNKNOWN);

static const Member meeting_members[] = {
	MEMBER("id", INTEGER, MEETING_ID),
	MEMBER("room_name", TEXT, MEETING_ROOM_NAME),
	MEMBER("room_url", TEXT, MEETING_ROOM_URL),
	MEMBER("start_date", INSTANT, MEETING_START_DATE),
	MEMBER("end_date", INSTANT, MEETING_END_DATE),
};

static const MemberTable meeting =
MEMBER_TABLE(meeting_members, MEETING_UNKNOWN);

#define EXPECTED .flags = MEMBER_EXPECTED

/* What documents and requests end with. */
#define SETTINGS(flags_) \
	MEMBER("features_call_recording_enable", BOOLEAN, \
		   FEATURES_CALL_RECORDING_ENABLE, .flags = flags_), \
	MEMBER("features_breakout_room_enable", BOOLEAN, \
		   FEATURES_BREAKOUT_ROOM_ENABLE, .flags = flags_), \
	MEMBER("features_webcam_access_agent_enable", BOOLEAN, \
		   FEATURES_WEBCAM_ACCESS_AGENT_ENABLE, .flags = flags_), \
	MEMBER("features_webcam_access_claimant_enable", BOOLEAN, \
		   FEATURES_WEBCAM_ACCESS_CLAIMANT_ENABLE, .flags = flags_), \
	MEMBER("features_webcam_background_blurring_enable", BOOLEAN, \
		   FEATURES_WEBCAM_BACKGROUND_BLURRING_ENABLE, .flags = flags_), \
	MEMBER("features_microphone_access_enable", BOOLEAN, \
		   FEATURES_MICROPHONE_ACCESS_ENABLE, .flags = flags_), \
	MEMBER("features_screen_sharing_enable", BOOLEAN, \
		   FEATURES_SCREEN_SHARING_ENABLE, .flags = flags_), \
	MEMBER("features_messages_chat_enable", BOOLEAN, \
		   FEATURES_MESSAGES_CHAT_ENABLE, .flags = flags_), \
	MEMBER("features_participant_list_enable", BOOLEAN, \
		   FEATURES_PARTICIPANT_LIST_ENABLE, .flags = flags_), \
	MEMBER("features_bandwidth", TEXT, FEATURES_BANDWIDTH, \
		   .flags = flags_, .words = bandwidths), \
	MEMBER("use_custom_post_call_redirect", BOOLEAN, \
		   USE_CUSTOM_POST_CALL_REDIRECT, .flags = flags_), \
	MEMBER("custom_user_post_call_redirect_url", TEXT, \
		   CUSTOM_USER_POST_CALL_REDIRECT_URL), \
	MEMBER("custom_agent_post_call_redirect_url", TEXT, \
		   CUSTOM_AGENT_POST_CALL_REDIRECT_URL)

static const Member members[] = {
	MEMBER("id", TEXT, ID, .flags = MEMBER_NEVER_NULL | MEMBER_STRICT_SHAPE,
		   .shape = is_uuid, .shape_name = "a UUID"),
	MEMBER("reference", INTEGER, REFERENCE, EXPECTED),
	MEMBER("appointment_at", INSTANT_MILLIS, STARTS_AT,
		   .flags = MEMBER_NEVER_NULL),
	MEMBER("duration_in_minutes", LENGTH, ENDS_AT, EXPECTED),
	MEMBER("is_interpreter_needed", BOOLEAN, IS_INTERPRETER_NEEDED),
	MEMBER("interpreter_language", TEXT, INTERPRETER_LANGUAGE),
	MEMBER("status", STATUS, STATUS, EXPECTED),
	MEMBER("url", TEXT, URL, EXPECTED),
	MEMBER("created_at", INSTANT_MILLIS, CREATED_AT, EXPECTED),
	MEMBER("cancelled_at", INSTANT_MILLIS, CANCELLED_AT),
	MEMBER("cancellation_reason", TEXT, CANCELLATION_NOTE),
	MEMBER("department", OBJECT, DEPARTMENT, EXPECTED,
		   .members = &department),
	MEMBER("claimant", OBJECT, CLAIMANT, EXPECTED, .members = &claimant),
	MEMBER("meeting", OBJECT, MEETING, .members = &meeting),
	MEMBER("session_started_at", INSTANT_MILLIS, ACTUAL_STARTS_AT),
	MEMBER("session_ended_at", INSTANT_MILLIS, ACTUAL_ENDS_AT),
	SETTINGS(MEMBER_EXPECTED),
};

static const MemberTable table =
MEMBER_TABLE(members, UNKNOWN);

static const StatusWord words[] = {
	{"pending", STATUS_PENDING},
	{"scheduled", STATUS_SCHEDULED},
	{"waiting", STATUS_ARRIVED},
	{"in_progress", STATUS_IN_PROGRESS},
	{"completed", STATUS_COMPLETED},
	{"missed", STATUS_NO_SHOW},
	{"cancelled", STATUS_CANCELLED},
	{NULL}
};

static const StatusVocabulary statuses = {
	.words = words,
	.written = {
		[STATUS_PENDING] = "scheduled",
		[STATUS_SCHEDULED] = "scheduled",
		[STATUS_ARRIVED] = "waiting",
		[STATUS_IN_PROGRESS] = "in_progress",
		[STATUS_COMPLETED] = "completed",
		[STATUS_NO_SHOW] = "missed",
		[STATUS_CANCELLED] = "cancelled",
	},
};

/* ---------------------------------------------------------------------
 * requests
 *
 * The update sends only what changes, inside nested objects too; a required
 * member can be left out, but not set to null.
 * ---------------------------------------------------------------------
 */

/* department_id becomes a department, whose name is not known. */
static void
read_department_id(ReadContext *context, const Member *member,
				   JsonNode *node, RecordBuilder *builder)
{
	RecordBuilder sub;
	int64		id;

	if (!read_integer(context, node, &id))
		return;
	record_begin(&sub);
	if (context->target != NULL)
	{
		FieldValue	value;
		FieldValue	old_id;
		Record		old;

		/* the same department keeps its name */
		if (record_find_value(context->target, FIELD_DEPARTMENT, &value))
		{
			record_open_sub(&old, &value);
			if (record_find_value(&old, FIELD_DEPARTMENT_ID, &old_id) &&
				field_integer(&old_id) == id)
				record_begin_from(&sub, &old);
		}
	}
	record_add_integer(&sub, FIELD_DEPARTMENT_ID, id);
	record_add_record(builder, FIELD_DEPARTMENT, &sub);
}

/* What the claimant of an update does not name stays. */
static void
read_claimant(ReadContext *context, const Member *member,
			  JsonNode *node, RecordBuilder *builder)
{
	RecordBuilder sub;
	FieldValue	value;
	Record		old;

	if (json_node_type(node) != JSON_TYPE_OBJECT)
	{
		report_type(context, node, "must be an object");
		return;
	}
	record_begin(&sub);
	if (context->target != NULL &&
		record_find_value(context->target, FIELD_CLAIMANT, &value))
	{
		record_open_sub(&old, &value);
		record_begin_from(&sub, &old);
	}
	read_object(context, node, member->members, &sub);
	record_add_record(builder, FIELD_CLAIMANT, &sub);
}

/* reference: a string of digits, or the number that a document has. */
static void
read_reference(ReadContext *context, const Member *member,
			   JsonNode *node, RecordBuilder *builder)
{
	int64		reference;

	if (json_node_type(node) == JSON_TYPE_NUMBER ?
		read_integer(context, node, &reference) :
		read_digits(context, node, &reference))
		record_add_integer(builder, FIELD_REFERENCE, reference);
}

static const Member create_members[] = {
	MEMBER("reference", DIGITS, REFERENCE, EXPECTED),
	MEMBER("appointment_at", INSTANT_MILLIS, STARTS_AT,
		   .flags = MEMBER_NEVER_NULL),
	MEMBER("duration_in_minutes", LENGTH, ENDS_AT, .flags = MEMBER_NEVER_NULL),
	MEMBER("department_id", CUSTOM, DEPARTMENT, EXPECTED,
		   .read = read_department_id),
	MEMBER("is_interpreter_needed", BOOLEAN, IS_INTERPRETER_NEEDED),
	MEMBER("interpreter_language", TEXT, INTERPRETER_LANGUAGE),
	MEMBER("claimant", OBJECT, CLAIMANT, EXPECTED, .members = &claimant),
	SETTINGS(0),
};

static const MemberTable create = MEMBER_TABLE(create_members, UNKNOWN);

#define NOT_NULL .flags = MEMBER_NOT_NULL

static const Member update_members[] = {
	MEMBER("reference", CUSTOM, REFERENCE, NOT_NULL, .read = read_reference),
	MEMBER("appointment_at", INSTANT_MILLIS, STARTS_AT, NOT_NULL),
	MEMBER("duration_in_minutes", LENGTH, ENDS_AT, NOT_NULL),
	MEMBER("department_id", CUSTOM, DEPARTMENT, NOT_NULL,
		   .read = read_department_id),
	MEMBER("is_interpreter_needed", BOOLEAN, IS_INTERPRETER_NEEDED),
	MEMBER("interpreter_language", TEXT, INTERPRETER_LANGUAGE),
	MEMBER("status", STATUS, STATUS, NOT_NULL),
	MEMBER("claimant", CUSTOM, CLAIMANT, NOT_NULL, .members = &claimant,
		   .read = read_claimant),
	SETTINGS(MEMBER_NOT_NULL),
};

static const MemberTable update =
MEMBER_TABLE(update_members, UNKNOWN);

/*
 * What follows from a new status: the request names no time and no reason of
 * a cancellation, so they come and go with it.
 */
static void
apply_status(ReadContext *context, RecordBuilder *builder)
{
	static const FieldNumber cancellation[] = {
		FIELD_CANCELLED_AT, FIELD_CANCELLATION_REASON_ID,
		FIELD_CANCELLATION_NOTE
	};
	const RecordEntry *source = record_entry(builder, FIELD_SOURCE_STATUS);
	RecordEntry source_entry = {0};
	FieldValue	status;
	FieldValue	old;
	const char *word;
	const char *old_word;
	uint32		len;
	uint32		old_len;

	if (!record_entry_value(builder, FIELD_STATUS, &status))
		return;
	field_status_text(&status, &word, &len);
	if (record_find_value(context->target, FIELD_STATUS, &old))
	{
		field_status_text(&old, &old_word, &old_len);
		if (len == old_len && memcmp(word, old_word, len) == 0)
			return;
	}

	if (source != NULL)
		source_entry = *source;
	if (status_from_word(word, len) == STATUS_CANCELLED)
		history_cancel(builder, context->target, context->at);
	else
	{
		history_append(builder, word, len, NULL, 0, context->at);
		for (int i = 0; i < (int) lengthof(cancellation) &&
			 context->target->document->status == STATUS_CANCELLED; i++)
		{
			if (record_has(builder, cancellation[i]))
				record_add_null(builder, cancellation[i]);
		}
	}
	/* the word is of the request, not of what there was */
	if (source != NULL)
		record_add_entry(builder, FIELD_SOURCE_STATUS, &source_entry);
}

/* The document has a length: moving the start moves the end. */
static void
apply_update(ReadContext *context, RecordBuilder *builder)
{
	TimestampTz start;
	TimestampTz old_start;
	TimestampTz old_end;

	if (context->target != NULL)
		apply_status(context, builder);
	if (context->target == NULL || record_has(builder, FIELD_DURATION) ||
		!record_entry_instant(builder, FIELD_STARTS_AT, &start) ||
		!document_starts_at(context->target->document, &old_start) ||
		!document_ends_at(context->target->document, &old_end))
		return;
	if (!instant_in_range(start + (old_end - old_start)))
	{
		DocumentPath at = {.name = "appointment_at"};

		problem_error_literal(context->sink, &at, PROBLEM_OUT_OF_RANGE,
							  "puts the end out of range");
	}
	else
		record_add_instant(builder, FIELD_ENDS_AT,
						   start + (old_end - old_start));
}

static const Request requests[] = {
	{.kind = "create", .table = &create, .creates = true},
	{.kind = "update", .table = &update, .apply = apply_update},
	{NULL}
};

static const char *const list_members[] = {"data", NULL};

static const ListEnvelope list = {
	.items = "data",
	.members = list_members,
};

const Format format_sqod = {
	.name = "sqod",
	.service = "SQOD",
	.code = FORMAT_CODE_sqod,
	.record = RECORD_APPOINTMENT,
	.table = &table,
	.absence = ABSENT_IS_NULL,
	.enveloped = true,
	.whole_millis = true,
	.anchor = "appointment_at",
	.instants = "2021-01-01T00:00:00.000Z, in \"meeting\" without .000",
	.statuses = &statuses,
	.list = &list,
	.requests = requests,
	.make_id = id_append_uuid,
};
