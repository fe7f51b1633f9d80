/*-------------------------------------------------------------------------
 *
 * appointment_one.c
 *		The format of Appointment.one's event.
 *
 * Source: the page "API Event Details (GET)" of Appointment.one.  The event
 * is the bookable template that appointments are cloned from.  Its numbers
 * are strings of digits, and its attendees a string that holds a JSON list.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/id.h"
#include "base/word.h"
#include "formats/registry.h"
#include "member/write_member.h"

static void write_status(WriteContext *context, const Member *member,
						 const FieldValue *value);
static void write_links(WriteContext *context, const Member *member,
						const FieldValue *value);

static const char *const statuses[] = {"active", "disabled", "deleted", NULL};
static const char *const visibilities[] = {"public", "unlisted", NULL};

static const Member members[] = {
	MEMBER("id", TEXT, EVENT_ID, .flags = MEMBER_NEVER_NULL | MEMBER_IN_LIST),
	MEMBER("name", TEXT, EVENT_NAME,
		   .flags = MEMBER_NEVER_NULL | MEMBER_IN_LIST),
	MEMBER("status", TEXT, EVENT_STATUS, .flags = MEMBER_NEVER_NULL,
		   .words = statuses, .write = write_status),
	MEMBER("date_added", EPOCH_DIGITS, EVENT_DATE_ADDED,
		   .flags = MEMBER_NEVER_NULL),
	MEMBER("visibility", TEXT, EVENT_VISIBILITY, .flags = MEMBER_NEVER_NULL,
		   .words = visibilities),
	MEMBER("location", TEXT, EVENT_LOCATION, .flags = MEMBER_REQUIRED),
	MEMBER("bio", TEXT, EVENT_BIO, .flags = MEMBER_REQUIRED),
	MEMBER("url", TEXT, EVENT_URL, .flags = MEMBER_NEVER_NULL),
	MEMBER("attendees", TEXT, EVENT_ATTENDEES, .flags = MEMBER_NEVER_NULL),
	MEMBER("invitation_title", TEXT, EVENT_INVITATION_TITLE,
		   .flags = MEMBER_REQUIRED),
	MEMBER("invitation_body", TEXT, EVENT_INVITATION_BODY,
		   .flags = MEMBER_REQUIRED),
	MEMBER("description", TEXT, EVENT_DESCRIPTION, .flags = MEMBER_REQUIRED),
	MEMBER("duration", DIGITS, EVENT_DURATION, .flags = MEMBER_NEVER_NULL),
	MEMBER("free_busy_calendars", TEXT_LIST, EVENT_FREE_BUSY_CALENDARS,
		   .flags = MEMBER_NEVER_NULL),
	MEMBER("links", JSON_LIST, EVENT_LINKS, .flags = MEMBER_IN_LIST,
		   .write = write_links),
};

static const MemberTable table = MEMBER_TABLE(members, EVENT_UNKNOWN);

/*
 * The status; the vocabulary is closed, so a word of another origin is written
 * as disabled, which books nothing.
 */
static void
write_status(WriteContext *context, const Member *member,
			 const FieldValue *value)
{
	if (value != NULL && !(value->flags & TAG_NULL) &&
		!context->from_source &&
		!word_is_among(statuses, value->data, value->size))
	{
		write_key(context, member);
		json_write_literal(context->writer, "\"disabled\"");
	}
	else
		write_member(context, member, value);
}

/*
 * The links, as they were read or else derived.  The public page needs the
 * account's name, which is an option.
 */
static void
write_links(WriteContext *context, const Member *member,
			const FieldValue *value)
{
	JsonWriter *writer = context->writer;
	const char *account = context->options->account;
	FieldValue	id;

	if (value != NULL || context->from_source ||
		!record_find_value(context->document, FIELD_EVENT_ID, &id))
	{
		write_member(context, member, value);
		return;
	}
	write_key(context, member);
	json_write_literal(writer, "[{\"rel\":\"self\",\"href\":\"/api/v1/event/");
	json_write_uri_component(writer, id.data, id.size);
	json_write_literal(writer, "\",\"verbs\":[\"GET\",\"DELETE\"]}");
	if (account != NULL)
	{
		json_write_literal(writer, ",{\"rel\":\"public\",\"href\":\"https://www.appointment.one/");
		json_write_uri_component(writer, account, strlen(account));
		json_write_char(writer, '/');
		json_write_uri_component(writer, id.data, id.size);
		json_write_literal(writer, "\",\"verbs\":[\"GET\"]}");
	}
	json_write_char(writer, ']');
}

/* An event's id is a slug. */
static void
event_make_id(StringInfo id)
{
	id_append_random(id, ID_DIGITS ID_LOWER_CASE, 10);
}

/* {"events": […], "count", "total_count", "links"} */
static void
event_write_list_member(const char *name, const Options *options, int count,
						JsonWriter *writer)
{
	if (strcmp(name, "count") == 0)
		json_write_integer(writer, count);
	else if (strcmp(name, "total_count") == 0)
		json_write_integer(writer, options->total_count < 0 ? count :
						   options->total_count);
	else if (options->links != NULL)
		json_write_bytes(writer, options->links, strlen(options->links));
	else
		json_write_literal(writer, "[]");
}

static const char *const list_members[] = {
	"events", "count", "total_count", "links", NULL
};

static const ListEnvelope list = {
	.items = "events",
	.members = list_members,
	.brief_items = true,
	.write_member = event_write_list_member,
};

const Format format_appointment_one = {
	.name = "appointment_one",
	.service = "Appointment.one",
	.code = FORMAT_CODE_appointment_one,
	.record = RECORD_EVENT,
	.table = &table,
	.absence = ABSENT_IS_NULL,
	.anchor = "date_added",
	.instants = "\"1484278495\", digits: seconds since 1970",
	.list = &list,
	.make_id = event_make_id,
};
