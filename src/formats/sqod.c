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

#include "formats/format.h"
#include "formats/shapes.h"

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
	MEMBER("data", OBJECT_LIST, CLAIMANT_DATA,.members = &datum),
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

static const Member members[] = {
	MEMBER("id", TEXT, ID,.flags = MEMBER_NEVER_NULL | MEMBER_STRICT_SHAPE,
		   .shape = is_uuid,.shape_name = "a UUID"),
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
	MEMBER("claimant", OBJECT, CLAIMANT, EXPECTED,.members = &claimant),
	MEMBER("meeting", OBJECT, MEETING,.members = &meeting),
	MEMBER("session_started_at", INSTANT_MILLIS, ACTUAL_STARTS_AT),
	MEMBER("session_ended_at", INSTANT_MILLIS, ACTUAL_ENDS_AT),
	MEMBER("features_call_recording_enable", BOOLEAN,
		   FEATURES_CALL_RECORDING_ENABLE, EXPECTED),
	MEMBER("features_breakout_room_enable", BOOLEAN,
		   FEATURES_BREAKOUT_ROOM_ENABLE, EXPECTED),
	MEMBER("features_webcam_access_agent_enable", BOOLEAN,
		   FEATURES_WEBCAM_ACCESS_AGENT_ENABLE, EXPECTED),
	MEMBER("features_webcam_access_claimant_enable", BOOLEAN,
		   FEATURES_WEBCAM_ACCESS_CLAIMANT_ENABLE, EXPECTED),
	MEMBER("features_webcam_background_blurring_enable", BOOLEAN,
		   FEATURES_WEBCAM_BACKGROUND_BLURRING_ENABLE, EXPECTED),
	MEMBER("features_microphone_access_enable", BOOLEAN,
		   FEATURES_MICROPHONE_ACCESS_ENABLE, EXPECTED),
	MEMBER("features_screen_sharing_enable", BOOLEAN,
		   FEATURES_SCREEN_SHARING_ENABLE, EXPECTED),
	MEMBER("features_messages_chat_enable", BOOLEAN,
		   FEATURES_MESSAGES_CHAT_ENABLE, EXPECTED),
	MEMBER("features_participant_list_enable", BOOLEAN,
		   FEATURES_PARTICIPANT_LIST_ENABLE, EXPECTED),
	MEMBER("features_bandwidth", TEXT, FEATURES_BANDWIDTH, EXPECTED,
		   .words = bandwidths),
	MEMBER("use_custom_post_call_redirect", BOOLEAN,
		   USE_CUSTOM_POST_CALL_REDIRECT, EXPECTED),
	MEMBER("custom_user_post_call_redirect_url", TEXT,
		   CUSTOM_USER_POST_CALL_REDIRECT_URL),
	MEMBER("custom_agent_post_call_redirect_url", TEXT,
		   CUSTOM_AGENT_POST_CALL_REDIRECT_URL),
};

static const MemberTable table =
MEMBER_TABLE(members, UNKNOWN,.source_status = FIELD_SOURCE_STATUS);

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
	.anchor = "appointment_at",
	.instants = "2021-01-01T00:00:00.000Z, in \"meeting\" without .000",
	.statuses = &statuses,
	.list = &list,
};
