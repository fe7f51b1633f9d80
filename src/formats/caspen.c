/*-------------------------------------------------------------------------
 *
 * caspen.c
 *		The format of Caspen's AppointmentResource.
 *
 * Source: the page of GET /appointments/{appointment} in Caspen's API
 * reference, which documents every member with its type, and by "| null"
 * which may be null.  Status is an open vocabulary of which the page shows
 * only "pending"; the other words are inferred.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/id.h"
#include "formats/registry.h"
#include "formats/shapes.h"

/* Three letters, an underscore, a ULID: app_01HQFQ9QWTNNPY58FZ8CB3FWWK. */
static bool
is_caspen_id(const char *text, size_t len)
{
	if (len != 30 || text[3] != '_')
		return false;
	for (int i = 0; i < 3; i++)
	{
		if (text[i] < 'a' || text[i] > 'z')
			return false;
	}
	for (int i = 4; i < 30; i++)
	{
		if (!shape_is_base32(text[i]))
			return false;
	}
	return true;
}

#define CASPEN_ID(name, field, flags_) \
	MEMBER(name, TEXT, field, .flags = flags_, .shape = is_caspen_id, \
		   .shape_name = "three letters, \"_\" and a ULID")

static const Member members[] = {
	CASPEN_ID("id", ID, MEMBER_NEVER_NULL),
	CASPEN_ID("location_id", LOCATION_ID, MEMBER_NEVER_NULL),
	CASPEN_ID("practitioner_id", PRACTITIONER_ID, MEMBER_NEVER_NULL),
	CASPEN_ID("service_id", SERVICE_ID, MEMBER_NEVER_NULL),
	CASPEN_ID("client_id", CLIENT_ID, MEMBER_NEVER_NULL),
	CASPEN_ID("client_package_id", CLIENT_PACKAGE_ID, 0),
	CASPEN_ID("case_id", CASE_ID, 0),
	MEMBER("starts_at", INSTANT, STARTS_AT, .flags = MEMBER_NEVER_NULL),
	MEMBER("ends_at", INSTANT, ENDS_AT, .flags = MEMBER_NEVER_NULL),
	MEMBER("duration", LENGTH, DURATION, .flags = MEMBER_NEVER_NULL),
	MEMBER("status", STATUS, STATUS, .flags = MEMBER_NEVER_NULL),
	MEMBER("confirmed", BOOLEAN, CONFIRMED),
	MEMBER("confirmed_at", INSTANT, CONFIRMED_AT),
	CASPEN_ID("room_id", ROOM_ID, 0),
	CASPEN_ID("vehicle_id", VEHICLE_ID, 0),
	MEMBER("resource_ids", TEXT_LIST, RESOURCE_IDS,
		   .flags = MEMBER_NEVER_NULL | MEMBER_EMPTY_LIST,
		   .shape = is_caspen_id,
		   .shape_name = "three letters, \"_\" and a ULID"),
	MEMBER("note", TEXT, NOTE),
	CASPEN_ID("cancellation_reason_id", CANCELLATION_REASON_ID, 0),
	MEMBER("cancellation_note", TEXT, CANCELLATION_NOTE),
	MEMBER("cancelled_at", INSTANT, CANCELLED_AT),
	MEMBER("created_at", INSTANT, CREATED_AT, .flags = MEMBER_NEVER_NULL),
};

static const MemberTable table =
MEMBER_TABLE(members, UNKNOWN);

static const StatusWord words[] = {
	{"pending", STATUS_PENDING},
	{"scheduled", STATUS_SCHEDULED},
	{"arrived", STATUS_ARRIVED},
	{"missed", STATUS_NO_SHOW},
	{"cancelled", STATUS_CANCELLED},
	{NULL}
};

static const StatusVocabulary statuses = {
	.words = words,
	.written = {
		[STATUS_PENDING] = "pending",
		[STATUS_SCHEDULED] = "pending",
		[STATUS_ARRIVED] = "arrived",
		[STATUS_IN_PROGRESS] = "arrived",
		[STATUS_COMPLETED] = "arrived",
		[STATUS_NO_SHOW] = "missed",
		[STATUS_CANCELLED] = "cancelled",
	},
};

/*
 * The update: PUT /appointments/{appointment}.  It has no status; a note has
 * at most 255 characters there, but not in a document.
 */
static const Member update_members[] = {
	CASPEN_ID("location_id", LOCATION_ID, MEMBER_NOT_NULL),
	CASPEN_ID("practitioner_id", PRACTITIONER_ID, MEMBER_NOT_NULL),
	CASPEN_ID("service_id", SERVICE_ID, MEMBER_NOT_NULL),
	CASPEN_ID("client_id", CLIENT_ID, MEMBER_NOT_NULL),
	CASPEN_ID("client_package_id", CLIENT_PACKAGE_ID, 0),
	CASPEN_ID("case_id", CASE_ID, 0),
	MEMBER("starts_at", INSTANT, STARTS_AT, .flags = MEMBER_NOT_NULL),
	MEMBER("ends_at", INSTANT, ENDS_AT, .flags = MEMBER_NOT_NULL),
	MEMBER("note", TEXT, NOTE, .max_length = 255),
	MEMBER("confirmed", BOOLEAN, CONFIRMED),
	CASPEN_ID("room_id", ROOM_ID, 0),
	CASPEN_ID("vehicle_id", VEHICLE_ID, 0),
	MEMBER("resource_ids", TEXT_LIST, RESOURCE_IDS, .flags = MEMBER_NOT_NULL),
};

static const MemberTable update = MEMBER_TABLE(update_members, UNKNOWN);

static const Request requests[] = {
	{.kind = "update", .table = &update},
	{NULL}
};

static void
caspen_make_id(StringInfo id)
{
	appendStringInfoString(id, "app_");
	id_append_ulid(id);
}

/* {"data": […], "links": {"prev", "next"}} */
static void
caspen_write_list_member(const char *name, const Options *options, int count,
						 JsonWriter *writer)
{
	if (options->links != NULL)
		json_write_bytes(writer, options->links, strlen(options->links));
	else
		json_write_literal(writer, "{\"prev\":null,\"next\":null}");
}

static const char *const list_members[] = {"data", "links", NULL};

static const ListEnvelope list = {
	.items = "data",
	.members = list_members,
	.write_member = caspen_write_list_member,
};

const Format format_caspen = {
	.name = "caspen",
	.service = "Caspen",
	.code = FORMAT_CODE_caspen,
	.record = RECORD_APPOINTMENT,
	.table = &table,
	.absence = ABSENT_IS_NULL,
	.anchor = "starts_at",
	.instants = "2024-01-01T10:00:00Z",
	.statuses = &statuses,
	.list = &list,
	.requests = requests,
	.make_id = caspen_make_id,
};
