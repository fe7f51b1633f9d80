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

#include "lib/qunique.h"
#include "miscadmin.h"

#include "base/id.h"
#include "base/word.h"
#include "compat.h"
#include "formats/registry.h"
#include "formats/shapes.h"
#include "member/read_value.h"
#include "member/write_member.h"
#include "record/attendees.h"
#include "record/history.h"

static void write_status_history(WriteContext *context, const Member *member,
								 const FieldValue *value);
static void write_no_show(WriteContext *context, const Member *member,
						  const FieldValue *value);

/* appt_ and 20 letters or digits. */
static bool
is_avon_id(const char *text, size_t len)
{
	return shape_is_prefixed(text, len, "appt_", 20, shape_is_alphanumeric);
}

static const char *const origins[] = {"rule", "override", NULL};
static const char *const interactions[] = {"video_call", "in_person", NULL};

static const Member attendee_members[] = {
	MEMBER("id", TEXT, ATTENDEE_ID),
	MEMBER("attendance_status", TEXT, ATTENDEE_ATTENDANCE_STATUS),
	MEMBER("no_show", BOOLEAN, ATTENDEE_NO_SHOW, .write = write_no_show),
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
MEMBER_TABLE(change_members, CHANGE_UNKNOWN);

static const Member members[] = {
	MEMBER("id", TEXT, ID, .flags = MEMBER_NEVER_NULL, .shape = is_avon_id,
		   .shape_name = "\"appt_\" and 20 letters or digits"),
	MEMBER("object", CONSTANT, HAS_OBJECT, .constant = "appointment"),
	MEMBER("generated_from_type", TEXT, GENERATED_FROM_TYPE, .words = origins),
	MEMBER("generated_from", TEXT, GENERATED_FROM),
	MEMBER("appointment_type", TEXT, SERVICE_ID),
	MEMBER("name", TEXT, NAME),
	MEMBER("description", TEXT, DESCRIPTION),
	MEMBER("group", BOOLEAN, IS_GROUP),
	MEMBER("internal", BOOLEAN, IS_INTERNAL),
	MEMBER("recurring", JSON_OBJECT, RECURRENCE),
	MEMBER("start_time", EPOCH_MILLIS, STARTS_AT, .flags = MEMBER_NEVER_NULL),
	MEMBER("end_time", EPOCH_MILLIS, ENDS_AT, .flags = MEMBER_NEVER_NULL),
	MEMBER("actual_start_time", EPOCH_MILLIS, ACTUAL_STARTS_AT),
	MEMBER("actual_end_time", EPOCH_MILLIS, ACTUAL_ENDS_AT),
	MEMBER("host", TEXT, PRACTITIONER_ID),
	MEMBER("attendees", OBJECT_LIST, ATTENDEES, .members = &attendee),
	MEMBER("reference_patients", TEXT_LIST, REFERENCE_PATIENTS),
	MEMBER("interaction_type", TEXT, INTERACTION_TYPE, .words = interactions),
	MEMBER("video_call", OBJECT, VIDEO_CALL, .members = &video_call),
	MEMBER("location", OBJECT, ADDRESS, .members = &address),
	MEMBER("status_history", OBJECT_LIST, STATUS_HISTORY, .members = &change,
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
last_status(const PackedBlock *history, FieldValue *status)
{
	FieldValue	item;
	Record		entry;

	if (history->count == 0)
		return false;
	list_at(history, history->count - 1, &item);
	record_open_sub(&entry, &item);
	return record_find_value(&entry, FIELD_CHANGE_STATUS, status);
}

/* Take the status from the history. */
static void
finish(ReadContext *context, RecordBuilder *builder)
{
	FieldValue	value;
	FieldValue	status;
	PackedBlock history;
	const char *word;
	uint32		len;

	if (!record_entry_value(builder, FIELD_STATUS_HISTORY, &value))
		return;
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
	PackedBlock block;
	const char *word;
	uint32		len;
	TimestampTz latest = 0;
	bool		known = false;

	record_begin(&builder);
	field_status_text(status, &word, &len);
	record_add_status(&builder, FIELD_CHANGE_STATUS, word, len);

	if (first && record_find_value(document, FIELD_CREATED_BY, &value))
		record_add_text(&builder, FIELD_CHANGE_CHANGED_BY,
						value.data, value.size);
	else
		record_add_null(&builder, FIELD_CHANGE_CHANGED_BY);

	for (int i = 0; i < (int) lengthof(times); i++)
	{
		TimestampTz instant;

		if (!record_find_value(document, times[i], &value))
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
	(void) record_entry_value(&builder, FIELD_STATUS_HISTORY, &value);
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
	PackedBlock history = {0};
	bool		has_history = value != NULL && !(value->flags & TAG_NULL);

	if (!record_find_value(context->document, FIELD_STATUS, &status))
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
	PackedBlock history;
	bool		no_show;

	no_show = record_find(context->document, FIELD_STATUS, &status) &&
		field_status(&status) == STATUS_NO_SHOW;

	/* unless the service said so in a word of its own */
	if (no_show && context->from_source &&
		record_find_value(context->document, FIELD_STATUS_HISTORY,
						  &history_value))
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

/* ---------------------------------------------------------------------
 * members that do not go together
 * ---------------------------------------------------------------------
 */

static void
not_applicable(const Record *record, const MemberTable *names,
			   FieldNumber field, const char *when, ProblemSink *sink)
{
	FieldValue	value;
	DocumentPath at = {.name = format_member(names, field)->name};

	if (!record_find_value(record, field, &value))
		return;
	problem_warning(sink, &at, PROBLEM_NOT_APPLICABLE,
					"applies only %s", when);
}

/* Whether recurring says so: {"is_recurring": true}. */
static bool
is_recurring(const Record *record)
{
	FieldValue	value;
	JsonScan	scan;
	JsonChild	child;
	bool		result = false;

	if (!record_find_value(record, FIELD_RECURRENCE, &value))
		return false;
	json_scan_begin(&scan, value.data, value.size);
	while (json_scan_next(&scan, true, &child))
	{
		if (json_key_is(&child.key, "is_recurring"))
			result = child.value.start[0] == 't';
	}
	return result;
}

/* "Only applies to…", as the page says. */
static void
check(const Record *record, const MemberTable *names, ProblemSink *sink)
{
	FieldValue	value;
	bool		internal;
	bool		video = false;
	bool		person = false;

	if (record_find_value(record, FIELD_IS_INTERNAL, &value))
	{
		internal = (value.flags & TAG_TRUE) != 0;
		if (internal)
			not_applicable(record, names, FIELD_SERVICE_ID,
						   "to external appointments", sink);
		else
			not_applicable(record, names, FIELD_REFERENCE_PATIENTS,
						   "to internal appointments", sink);
	}
	if (is_recurring(record))
	{
		not_applicable(record, names, FIELD_ACTUAL_STARTS_AT,
					   "to non-recurring appointments", sink);
		not_applicable(record, names, FIELD_ACTUAL_ENDS_AT,
					   "to non-recurring appointments", sink);
	}
	if (record_find_value(record, FIELD_INTERACTION_TYPE, &value))
	{
		video = word_is("video_call", value.data, value.size);
		person = word_is("in_person", value.data, value.size);
	}
	if (!video)
		not_applicable(record, names, FIELD_VIDEO_CALL,
					   "if interaction_type is \"video_call\"", sink);
	if (!person)
		not_applicable(record, names, FIELD_ADDRESS,
					   "if interaction_type is \"in_person\"", sink);
}

/* ---------------------------------------------------------------------
 * requests
 * ---------------------------------------------------------------------
 */

/*
 * The attendees who are known already.  They are named in the same order as
 * good as always, so the next one is looked at first; who is named out of it
 * is looked for among all, sorted by their identifiers.
 */
typedef struct KnownAttendee
{
	const char *id;
	uint32		len;
	uint32		position;
} KnownAttendee;

typedef struct KnownAttendees
{
	PackedBlock list;
	uint32		next;
	KnownAttendee *sorted;		/* NULL until needed; each identifier once */
	size_t		sorted_count;
} KnownAttendees;

static int
compare_id(const void *a, const void *b)
{
	const KnownAttendee *x = a;
	const KnownAttendee *y = b;
	int			order = memcmp(x->id, y->id, Min(x->len, y->len));

	if (order == 0)
		order = (x->len > y->len) - (x->len < y->len);
	return order;
}

static int
compare_id_and_position(const void *a, const void *b)
{
	const KnownAttendee *x = a;
	const KnownAttendee *y = b;
	int			order = compare_id(a, b);

	if (order == 0)
		order = (x->position > y->position) - (x->position < y->position);
	return order;
}

/* The attendee at a position, if there and with an identifier. */
static bool
known_attendee(const KnownAttendees *known, uint32 position, KnownAttendee *result)
{
	FieldValue	value;
	FieldValue	id;
	Record		record;

	if (position >= known->list.count)
		return false;
	list_at(&known->list, position, &value);
	record_open_sub(&record, &value);
	if (!record_find_value(&record, FIELD_ATTENDEE_ID, &id))
		return false;
	result->id = id.data;
	result->len = id.size;
	result->position = position;
	return true;
}

static bool
find_attendee(KnownAttendees *known, const char *id, size_t len,
			  FieldValue *found)
{
	KnownAttendee wanted = {id, len, 0};
	KnownAttendee candidate;
	KnownAttendee *match = &candidate;

	if (known->list.count == 0)
		return false;
	if (!known_attendee(known, known->next, &candidate) ||
		compare_id(&candidate, &wanted) != 0)
	{
		if (known->sorted == NULL)
		{
			known->sorted = palloc_array(KnownAttendee, known->list.count);
			for (uint32 i = 0; i < known->list.count; i++)
			{
				if (known_attendee(known, i, &known->sorted[known->sorted_count]))
					known->sorted_count++;
			}
			qsort(known->sorted, known->sorted_count, sizeof(KnownAttendee),
				  compare_id_and_position);
			known->sorted_count = qunique(known->sorted, known->sorted_count,
										  sizeof(KnownAttendee), compare_id);
		}
		match = bsearch(&wanted, known->sorted, known->sorted_count,
						sizeof(KnownAttendee), compare_id);
		if (match == NULL)
			return false;
	}
	known->next = match->position + 1;
	list_at(&known->list, match->position, found);
	return true;
}

/*
 * A request's attendees are identifiers.  Who stays keeps their state; who is
 * new is going.
 */
static void
read_attendees(ReadContext *context, const Member *member, JsonNode *node,
			   RecordBuilder *builder)
{
	ListBuilder list;
	FieldValue	value;
	KnownAttendees known = {0};
	int			length;

	if (json_node_type(node) != JSON_TYPE_ARRAY)
	{
		report_type(context, node, "must be a list of strings");
		return;
	}
	if (context->target != NULL &&
		record_find_value(context->target, FIELD_ATTENDEES, &value))
		list_open(&known.list, &value);
	list_begin(&list);
	length = json_node_length(node);
	for (int i = 0; i < length && !problem_stop(context->sink); i++)
	{
		JsonNode	item;
		RecordBuilder entry;
		FieldValue	old;
		const char *id;
		size_t		len;

		CHECK_FOR_INTERRUPTS();
		json_node_item(node, i, &item);
		if (!read_string(context, &item, &id, &len))
			continue;
		if (find_attendee(&known, id, len, &old))
		{
			list_add_item(&list, &old);
			continue;
		}
		record_begin(&entry);
		record_add_text(&entry, FIELD_ATTENDEE_ID, id, len);
		record_add_text(&entry, FIELD_ATTENDEE_ATTENDANCE_STATUS, "going", 5);
		record_add_boolean(&entry, FIELD_ATTENDEE_NO_SHOW, false);
		record_add_text(&entry, FIELD_ATTENDEE_PAYMENT_STATUS,
						"not_applicable", 14);
		record_add_instant(&entry, FIELD_ATTENDEE_UPDATED_AT, context->at);
		list_add_record(&list, &entry);
	}
	attendees_each_once(&list);
	record_add_list(builder, FIELD_ATTENDEES, &list);
}

static const Member create_members[] = {
	MEMBER("generated_from_type", TEXT, GENERATED_FROM_TYPE, .words = origins),
	MEMBER("generated_from", TEXT, GENERATED_FROM),
	MEMBER("appointment_type", TEXT, SERVICE_ID),
	MEMBER("name", TEXT, NAME, .flags = MEMBER_NEVER_NULL),
	MEMBER("description", TEXT, DESCRIPTION, .flags = MEMBER_NEVER_NULL),
	MEMBER("group", BOOLEAN, IS_GROUP, .flags = MEMBER_NEVER_NULL),
	MEMBER("internal", BOOLEAN, IS_INTERNAL, .flags = MEMBER_NEVER_NULL),
	MEMBER("start_time", EPOCH_MILLIS, STARTS_AT, .flags = MEMBER_NEVER_NULL),
	MEMBER("end_time", EPOCH_MILLIS, ENDS_AT, .flags = MEMBER_NEVER_NULL),
	MEMBER("host", TEXT, PRACTITIONER_ID, .flags = MEMBER_NEVER_NULL),
	MEMBER("attendees", CUSTOM, ATTENDEES, .flags = MEMBER_NEVER_NULL,
		   .read = read_attendees),
	MEMBER("reference_patients", TEXT_LIST, REFERENCE_PATIENTS),
	MEMBER("created_by", TEXT, CREATED_BY, .flags = MEMBER_NEVER_NULL),
};

static const MemberTable create = MEMBER_TABLE(create_members, UNKNOWN);

/* Who makes the change is no field of the appointment. */
static const Member update_members[] = {
	MEMBER("updated_by", TEXT, NONE, .flags = MEMBER_NEVER_NULL),
	MEMBER("name", TEXT, NAME),
	MEMBER("description", TEXT, DESCRIPTION),
	MEMBER("actual_start_time", EPOCH_MILLIS, ACTUAL_STARTS_AT),
	MEMBER("actual_end_time", EPOCH_MILLIS, ACTUAL_ENDS_AT),
	MEMBER("attendees", CUSTOM, ATTENDEES, .flags = MEMBER_NOT_NULL,
		   .read = read_attendees),
	MEMBER("reference_patients", TEXT_LIST, REFERENCE_PATIENTS),
};

static const MemberTable update = MEMBER_TABLE(update_members, UNKNOWN);

/* Whether a request has a member for a field, good or bad. */
static bool
given(ReadContext *context, FieldNumber field)
{
	JsonNode	node;

	return json_node_member(context->document,
							format_member(&table, field)->name, &node) &&
		json_node_type(&node) != JSON_TYPE_NULL;
}

static void
report_missing(ReadContext *context, FieldNumber field)
{
	DocumentPath at = {.name = format_member(&table, field)->name};

	problem_error_literal(context->sink, &at, PROBLEM_MISSING, "is missing");
}

/* "Only applies to…": what depends on other members, and what follows. */
static void
apply_create(ReadContext *context, RecordBuilder *builder)
{
	static const char not_recurring[] = "{\"is_recurring\":false}";
	FieldValue	internal;
	FieldValue	creator;

	if (record_entry_value(builder, FIELD_IS_INTERNAL, &internal) &&
		!(internal.flags & TAG_TRUE) &&
		!given(context, FIELD_SERVICE_ID))
		report_missing(context, FIELD_SERVICE_ID);
	if (given(context, FIELD_GENERATED_FROM) !=
		given(context, FIELD_GENERATED_FROM_TYPE))
		report_missing(context, given(context, FIELD_GENERATED_FROM) ?
					   FIELD_GENERATED_FROM_TYPE : FIELD_GENERATED_FROM);
	record_add_json(builder, FIELD_RECURRENCE, not_recurring,
					sizeof(not_recurring) - 1);
	if (record_entry_value(builder, FIELD_CREATED_BY, &creator))
		history_append(builder, "scheduled", 9, creator.data, creator.size,
					   context->at);
}

static const Request requests[] = {
	{.kind = "create", .table = &create, .creates = true, .apply = apply_create},
	{.kind = "update", .table = &update},
	{NULL}
};

static void
avon_make_id(StringInfo id)
{
	appendStringInfoString(id, "appt_");
	id_append_random(id, ID_DIGITS ID_UPPER_CASE ID_LOWER_CASE, 20);
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
	.whole_millis = true,
	.anchor = "start_time",
	.instants = "1692370044000, milliseconds since 1970",
	.statuses = &statuses,
	.list = &list,
	.finish = finish,
	.check = check,
	.requests = requests,
	.make_id = avon_make_id,
};
