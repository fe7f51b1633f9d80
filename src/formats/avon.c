/*-------------------------------------------------------------------------
 *
 * avon.c
 *		The format of Avon Health's Appointment.
 *
 * Source: the page "Appointment" in Avon Health's API reference.  Members
 * that its example lacks stand where its list of properties has them.  What
 * does not apply is left out in the example and null in newer responses: both
 * come back as they were.
 *
 * The document has no status of its own: the last entry of status_history is
 * the status.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "formats/format.h"
#include "formats/shapes.h"

static void write_status_history(WriteContext *context, const Member *member,
								 const FieldValue *value);
static void write_no_show(WriteContext *context, const Member *member,
						  const FieldValue *value);

/* appt_ and 20 letters or digits. */
static bool
is_avon_id(const char *text, size_t len)
{
	if (len != 25 || memcmp(text, "appt_", 5) != 0)
		return false;
	for (int i = 5; i < 25; i++)
	{
		if (!shape_is_alphanumeric(text[i]))
			return false;
	}
	return true;
}

static const char *const origins[] = {"rule", "override", NULL};
static const char *const interactions[] = {"video_call", "in_person", NULL};

static const Member attendee_members[] = {
	MEMBER("id", TEXT, ATTENDEE_ID),
	MEMBER("attendance_status", TEXT, ATTENDEE_ATTENDANCE_STATUS),
	MEMBER("no_show", BOOLEAN, ATTENDEE_NO_SHOW,.write = write_no_show),
	MEMBER("payment_status", TEXT, ATTENDEE_PAYMENT_STATUS),
	MEMBER("last_updated_at", EPOCH_MILLIS, ATTENDEE_UPDATED_AT),
};

static const MemberTable attendee =
MEMBER_TABLE(attendee_members, ATTENDEE_UNKNOWN);

static const Member video_call_members[] = {
	MEMBER("join_url", TEXT, VIDEO_CALL_JOIN_URL),
	MEMBER("meeting_id", TEXT, VIDEO_CALL_MEETING_ID),
};

static const MemberTable video_call =
MEMBER_TABLE(video_call_members, VIDEO_CALL_UNKNOWN);

static const Member address_members[] = {
	MEMBER("line1", TEXT, ADDRESS_LINE1),
	MEMBER("line2", TEXT, ADDRESS_LINE2),
	MEMBER("city", TEXT, ADDRESS_CITY),
	MEMBER("state", TEXT, ADDRESS_STATE),
	MEMBER("postal_code", TEXT, ADDRESS_POSTAL_CODE),
};

static const MemberTable address =
MEMBER_TABLE(address_members, ADDRESS_UNKNOWN);

static const Member change_members[] = {
	MEMBER("status", STATUS, CHANGE_STATUS),
	MEMBER("changed_by", TEXT, CHANGE_CHANGED_BY),
	MEMBER("changed_at", EPOCH_MILLIS, CHANGE_CHANGED_AT),
};

static const MemberTable change =
MEMBER_TABLE(change_members, CHANGE_UNKNOWN,
			 .source_status = FIELD_CHANGE_SOURCE_STATUS);

static const Member members[] = {
	MEMBER("id", TEXT, ID,.flags = MEMBER_NEVER_NULL,.shape = is_avon_id,
		   .shape_name = "\"appt_\" and 20 letters or digits"),
	MEMBER("object", CONSTANT, HAS_OBJECT,.constant = "appointment"),
	MEMBER("generated_from_type", TEXT, GENERATED_FROM_TYPE,.words = origins),
	MEMBER("generated_from", TEXT, GENERATED_FROM),
	MEMBER("appointment_type", TEXT, SERVICE_ID),
	MEMBER("name", TEXT, NAME),
	MEMBER("description", TEXT, DESCRIPTION),
	MEMBER("group", BOOLEAN, IS_GROUP),
	MEMBER("internal", BOOLEAN, IS_INTERNAL),
	MEMBER("recurring", JSON_OBJECT, RECURRENCE),
	MEMBER("start_time", EPOCH_MILLIS, STARTS_AT,.flags = MEMBER_NEVER_NULL),
	MEMBER("end_time", EPOCH_MILLIS, ENDS_AT,.flags = MEMBER_NEVER_NULL),
	MEMBER("actual_start_time", EPOCH_MILLIS, ACTUAL_STARTS_AT),
	MEMBER("actual_end_time", EPOCH_MILLIS, ACTUAL_ENDS_AT),
	MEMBER("host", TEXT, PRACTITIONER_ID),
	MEMBER("attendees", OBJECT_LIST, ATTENDEES,.members = &attendee),
	MEMBER("reference_patients", TEXT_LIST, REFERENCE_PATIENTS),
	MEMBER("interaction_type", TEXT, INTERACTION_TYPE,.words = interactions),
	MEMBER("video_call", OBJECT, VIDEO_CALL,.members = &video_call),
	MEMBER("location", OBJECT, ADDRESS,.members = &address),
	MEMBER("status_history", OBJECT_LIST, STATUS_HISTORY,.members = &change,
		   .write = write_status_history),
	MEMBER("visit_note", TEXT, VISIT_NOTE),
	MEMBER("change_log", TEXT, CHANGE_LOG),
	MEMBER("created_by", TEXT, CREATED_BY),
	MEMBER("created_at", EPOCH_MILLIS, CREATED_AT),
	MEMBER("last_updated_at", EPOCH_MILLIS, UPDATED_AT),
};

static const MemberTable table = MEMBER_TABLE(members, UNKNOWN);

static const StatusWord words[] = {
	{"pending", STATUS_PENDING},
	{"scheduled", STATUS_SCHEDULED},
	{"rescheduled", STATUS_SCHEDULED},
	{"started", STATUS_IN_PROGRESS},
	{"in_progress", STATUS_IN_PROGRESS},
	{"completed", STATUS_COMPLETED},
	{"cancelled", STATUS_CANCELLED},
	{NULL}
};

static const StatusVocabulary statuses = {
	.words = words,
	.written = {
		[STATUS_PENDING] = "scheduled",
		[STATUS_SCHEDULED] = "scheduled",
		[STATUS_ARRIVED] = "scheduled",
		[STATUS_IN_PROGRESS] = "in_progress",
		[STATUS_COMPLETED] = "completed",
		[STATUS_NO_SHOW] = "scheduled",
		[STATUS_CANCELLED] = "cancelled",
	},
};

/* The status of an opened history's last entry.  False if it has none. */
static bool
last_status(const Block *history, FieldValue *status)
{
	FieldValue	item;
	Record		entry;

	if (history->count == 0)
		return false;
	list_at(history, history->count - 1, &item);
	record_open_sub(&entry, &item);
	return record_find(&entry, FIELD_CHANGE_STATUS, status) &&
		!(status->flags & TAG_NULL);
}

/* Take the status from the history. */
static void
finish(ReadContext *context, RecordBuilder *builder)
{
	const RecordEntry *entry = record_entry(builder, FIELD_STATUS_HISTORY);
	FieldValue	value;
	FieldValue	status;
	Block		history;
	const char *word;
	uint32		len;

	if (entry == NULL || entry->tag & TAG_NULL)
		return;
	value.data = entry->value.data;
	value.size = entry->size;
	list_open(&history, &value);
	if (!last_status(&history, &status))
		return;
	field_status_text(&status, &word, &len);
	record_add_status(builder, FIELD_STATUS, word, len);
}

/* Whether two status values are the same. */
static bool
same_status(const FieldValue *a, const FieldValue *b)
{
	const char *a_word;
	const char *b_word;
	uint32		a_len;
	uint32		b_len;

	field_status_text(a, &a_word, &a_len);
	field_status_text(b, &b_word, &b_len);
	return a_len == b_len && memcmp(a_word, b_word, a_len) == 0;
}

/*
 * Add the entry that a value lacks whose history does not tell its status.
 * Who created the appointment gave it its first status; nobody knows who
 * changed it later.
 */
static void
write_status_change(WriteContext *context, const FieldValue *status,
					bool first)
{
	static const FieldNumber times[] = {
		FIELD_CANCELLED_AT, FIELD_UPDATED_AT, FIELD_CREATED_AT
	};
	const Record *document = context->document;
	RecordBuilder builder;
	ListBuilder list;
	FieldValue	value;
	FieldValue	item;
	Record		entry;
	Block		block;
	const char *word;
	uint32		len;
	TimestampTz latest = 0;
	bool		known = false;

	record_begin(&builder);
	field_status_text(status, &word, &len);
	record_add_status(&builder, FIELD_CHANGE_STATUS, word, len);

	if (first && record_find(document, FIELD_CREATED_BY, &value) &&
		!(value.flags & TAG_NULL))
		record_add_text(&builder, FIELD_CHANGE_CHANGED_BY,
						value.data, value.size);
	else
		record_add_null(&builder, FIELD_CHANGE_CHANGED_BY);

	for (int i = 0; i < (int) lengthof(times); i++)
	{
		TimestampTz instant;

		if (!record_find(document, times[i], &value) ||
			value.flags & TAG_NULL)
			continue;
		instant = field_instant(&value);
		if (!known || instant > latest)
			latest = instant;
		known = true;
	}
	if (known)
		record_add_instant(&builder, FIELD_CHANGE_CHANGED_AT, latest);
	else
		record_add_null(&builder, FIELD_CHANGE_CHANGED_AT);

	list_begin(&list);
	list_add_record(&list, &builder);
	record_begin(&builder);
	record_add_list(&builder, FIELD_STATUS_HISTORY, &list);
	value.data = record_entry(&builder, FIELD_STATUS_HISTORY)->value.data;
	value.size = record_entry(&builder, FIELD_STATUS_HISTORY)->size;
	list_open(&block, &value);
	list_at(&block, 0, &item);
	record_open_sub(&entry, &item);
	json_begin_item(context->writer);
	write_object(context, &change, &entry);
}

/*
 * The history, whose last entry is the status.
 */
static void
write_status_history(WriteContext *context, const Member *member,
					 const FieldValue *value)
{
	JsonWriter *writer = context->writer;
	FieldValue	status;
	FieldValue	last;
	FieldValue	item;
	Record		entry;
	Block		history = {0};
	bool		has_history = value != NULL && !(value->flags & TAG_NULL);

	if (!record_find(context->document, FIELD_STATUS, &status) ||
		status.flags & TAG_NULL)
	{
		write_member(context, member, value);
		return;
	}

	if (has_history)
		list_open(&history, value);
	write_key(context, member);
	json_open(writer, '[');
	for (uint32 i = 0; i < history.count; i++)
	{
		list_at(&history, i, &item);
		record_open_sub(&entry, &item);
		json_begin_item(writer);
		write_object(context, &change, &entry);
	}
	if (!last_status(&history, &last) || !same_status(&last, &status))
		write_status_change(context, &status, history.count == 0);
	json_close(writer, ']');
}

/*
 * Of an appointment that nobody came to, every attendee is a no-show: the
 * service has no status for it.
 */
static void
write_no_show(WriteContext *context, const Member *member,
			  const FieldValue *value)
{
	FieldValue	status;
	FieldValue	history_value;
	FieldValue	last;
	Block		history;
	bool		no_show;

	no_show = record_find(context->document, FIELD_STATUS, &status) &&
		field_status(&status) == STATUS_NO_SHOW;

	/* unless the service said so in a word of its own */
	if (no_show && context->from_source &&
		record_find(context->document, FIELD_STATUS_HISTORY, &history_value) &&
		!(history_value.flags & TAG_NULL))
	{
		list_open(&history, &history_value);
		no_show = !last_status(&history, &last) || !same_status(&last, &status);
	}

	if (no_show)
	{
		write_key(context, member);
		json_write_literal(context->writer, "true");
	}
	else
		write_member(context, member, value);
}

static const char *const list_members[] = {"object", "data", NULL};

static const ListEnvelope list = {
	.items = "data",
	.members = list_members,
	.object = "list",
};

const Format format_avon = {
	.name = "avon",
	.service = "Avon Health",
	.code = FORMAT_CODE_avon,
	.record = RECORD_APPOINTMENT,
	.table = &table,
	.absence = ABSENT_IS_LEFT_OUT,
	.anchor = "start_time",
	.instants = "1692370044000, milliseconds since 1970",
	.statuses = &statuses,
	.list = &list,
	.finish = finish,
};
