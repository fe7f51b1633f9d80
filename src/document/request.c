/*-------------------------------------------------------------------------
 *
 * request.c
 *		The services' documented requests: create, update, cancel, reschedule.
 *
 * A request is a table of members like a document's, and a hook for what the
 * table cannot say; both are in the file of its format.  What is read lies
 * over the fields of the appointment that it changes, so that a request
 * touches only what it names.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/name.h"
#include "base/settings.h"
#include "base/word.h"
#include "compat.h"
#include "document/finish_times.h"
#include "document/request.h"
#include "member/read_member.h"
#include "record/attendees.h"
#include "record/history.h"
#include "record/local_start.h"
#include "record/notice.h"

/*
 * The request of a kind that a format documents.  Errors
 * (ERRCODE_INVALID_PARAMETER_VALUE) tell which there are.
 */
const Request *
request_argument(const Format *format, const char *kind, size_t len)
{
	StringInfoData known;

	initStringInfo(&known);
	for (const Request *request = format->requests;
		 request != NULL && request->kind != NULL; request++)
	{
		if (word_is(request->kind, kind, len))
			return request;
		appendStringInfo(&known, "%s%s", known.len == 0 ? "" : ", ",
						 request->kind);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("format \"%s\" has no request%s", format->name,
					quoted_name(kind, len, " of that name")),
			 known.len == 0 ?
			 errhint("It has no requests.") :
			 errhint("Its requests are: %s.", known.data)));
	return NULL;				/* keep compiler quiet */
}

typedef struct RequestWalk
{
	ReadContext context;
	const char *id;
	PackedDocument *result;
} RequestWalk;

/*
 * Lay what a request names over what there was.  Returns whether there is a
 * length that the request does not name: it is put aside in *kept, so that the
 * end does not follow from it.
 */
static bool
lay_over(const ReadContext *context, const RecordBuilder *named,
		 RecordBuilder *builder, RecordEntry *kept)
{
	bool		keeps = false;

	if (context->target != NULL)
		record_begin_from(builder, context->target);
	else
		record_begin(builder);
	if (record_has(named, FIELD_STATUS))
		record_remove(builder, FIELD_SOURCE_STATUS);
	if (record_has(named, FIELD_STARTS_AT) || record_has(named, FIELD_ENDS_AT))
	{
		/* but a length that waited for its start */
		if (context->target == NULL ||
			context->target->document->flags & PACKED_FLAGS)
			record_remove(builder, FIELD_DURATION);
	}
	else if (!record_has(named, FIELD_DURATION) &&
			 record_has(builder, FIELD_DURATION))
	{
		*kept = *record_entry(builder, FIELD_DURATION);
		keeps = true;
		record_remove(builder, FIELD_DURATION);
	}
	for (int number = 1; number <= FIELD_NUMBER_MAX; number++)
	{
		if (record_has(named, (FieldNumber) number))
			record_add_entry(builder, (FieldNumber) number,
							 record_entry(named, (FieldNumber) number));
	}

	/* a service's own word is that of the format that the value is from */
	if (record_has(named, FIELD_STATUS) &&
		builder->source != context->format->code)
		record_remove(builder, FIELD_SOURCE_STATUS);
	return keeps;
}

/* Does a request name another value of a field than there was? */
static bool
names_another(const ReadContext *context, const RecordBuilder *named,
			  FieldNumber number)
{
	FieldValue	before;
	FieldValue	after;

	if (!record_has(named, number))
		return false;
	return context->target == NULL ||
		!record_find_value(context->target, number, &before) ||
		!record_entry_value(named, number, &after) ||
		before.size != after.size ||
		memcmp(before.data, after.data, before.size) != 0;
}

/*
 * Note what the clock shows at the start, unless the request names that itself,
 * or repeats the start and the zone: what was noted may be of older zone data.
 */
static void
note_local_start(const ReadContext *context, const RecordBuilder *named,
				 RecordBuilder *builder)
{
	if (record_has(named, FIELD_LOCAL_STARTS_AT) ||
		(!record_has(named, FIELD_STARTS_AT) &&
		 !record_has(named, FIELD_TIME_ZONE)))
		return;
	if (names_another(context, named, FIELD_STARTS_AT) ||
		names_another(context, named, FIELD_TIME_ZONE) ||
		!record_has(builder, FIELD_LOCAL_STARTS_AT))
		local_start_note(builder);
}

/* The policy as it is goes with a new appointment. */
static void
note_policy(RecordBuilder *builder)
{
	notice_note(builder, FIELD_CANCELLATION_NOTICE,
				appointment_cancellation_notice);
	notice_note(builder, FIELD_RESCHEDULING_NOTICE,
				appointment_rescheduling_notice);
}

static void
walk_request(JsonNode *root, void *arg)
{
	RequestWalk *walk = arg;
	ReadContext *context = &walk->context;
	const Request *request = context->request;
	ProblemSink *sink = context->sink;
	RecordBuilder named;
	RecordBuilder builder;
	RecordEntry kept_duration;
	bool		keeps_duration;

	if (json_node_type(root) != JSON_TYPE_OBJECT)
	{
		problem_error_literal(sink, NULL, PROBLEM_WRONG_TYPE,
							  "the request must be a JSON object");
		return;
	}
	context->document = root;
	record_begin(&named);
	read_object(context, root, request->table, &named);
	if (problem_stop(sink))
		return;

	keeps_duration = lay_over(context, &named, &builder, &kept_duration);
	if (request->creates)
	{
		if (walk->id != NULL)
			record_add_text(&builder, FIELD_ID, walk->id, strlen(walk->id));
		record_add_status(&builder, FIELD_STATUS, "scheduled", 9);
		record_add_instant(&builder, FIELD_CREATED_AT, context->at);
		note_policy(&builder);
	}
	record_add_instant(&builder, FIELD_UPDATED_AT, context->at);
	if (request->apply != NULL)
		request->apply(context, &builder);
	note_local_start(context, &named, &builder);
	read_finish_times(context, &builder);
	if (keeps_duration)
		record_add_entry(&builder, FIELD_DURATION, &kept_duration);
	if (problem_stop(sink))
		return;
	walk->result = record_build(&builder, RECORD_APPOINTMENT);

	/* what a new appointment holds should go together */
	if (sink->collect && request->creates && context->format->check != NULL)
	{
		Record		record;

		record_open(&record, (struct varlena *) walk->result);
		context->format->check(&record, context->format->table, sink);
	}
	if (sink->errors > 0)
		walk->result = NULL;
}

/*
 * Read a request and apply it to an appointment, or create one.  Returns NULL
 * if there were errors, which the sink has.
 */
PackedDocument *
read_request(const DocumentText *text, const RequestCall *call,
			 ProblemSink *sink)
{
	RequestWalk walk = {0};
	Options		options;

	options_begin(&options);
	walk.context.format = call->format;
	walk.context.options = &options;
	walk.context.sink = sink;
	walk.context.request = call->request;
	walk.context.target = call->target;
	walk.context.at = call->at;
	walk.id = call->id;
	read_text_tree(text, &document_limits, sink, walk_request, &walk);

	/* what it does counts, whatever the kind of request */
	if (walk.result != NULL && call->target != NULL && !call->exempt)
		notice_check(call->target, walk.result, call->asked_at);
	return walk.result;
}

/* ---------------------------------------------------------------------
 * an appointment cloned from an event
 * ---------------------------------------------------------------------
 */

/* Copy a text field that has a value.  Returns whether it says anything. */
static bool
clone_text(const Record *event, FieldNumber from,
		   RecordBuilder *builder, FieldNumber to)
{
	FieldValue	value;

	if (!record_find_value(event, from, &value))
		return false;
	record_add_text(builder, to, value.data, value.size);
	return value.size > 0;
}

static void
add_attendee(ListBuilder *list, const char *address, size_t len)
{
	RecordBuilder attendee;

	record_begin(&attendee);
	record_add_text(&attendee, FIELD_ATTENDEE_ID, address, len);
	list_add_record(list, &attendee);
}

typedef struct AttendeesWalk
{
	ListBuilder *list;
	bool		bad;
} AttendeesWalk;

/* The event's attendees: a JSON list of addresses. */
static void
walk_attendees(JsonNode *root, void *arg)
{
	AttendeesWalk *walk = arg;
	int			length;

	if (json_node_type(root) != JSON_TYPE_ARRAY)
	{
		walk->bad = true;
		return;
	}
	length = json_node_length(root);
	for (int i = 0; i < length; i++)
	{
		JsonNode	item;
		const char *address;
		size_t		len;

		json_node_item(root, i, &item);
		if (json_node_type(&item) != JSON_TYPE_STRING ||
			!json_node_string(&item, &address, &len))
		{
			walk->bad = true;
			return;
		}
		add_attendee(walk->list, address, len);
	}
}

/*
 * Clone an appointment from an event, which is to be active.  Its attendees
 * come before those that are given.
 */
PackedDocument *
clone_event(const Record *event, TimestampTz starts_at,
			ListBuilder *attendees, const char *id, TimestampTz at)
{
	RecordBuilder builder;
	ListBuilder list;
	ProblemSink sink;
	FieldValue	value;
	int64		minutes;

	if (!record_find(event, FIELD_EVENT_STATUS, &value) ||
		!word_is("active", value.data, value.size))
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("event is not active"),
				 errdetail("Only an active event can be booked.")));
	if (!record_find_value(event, FIELD_EVENT_DURATION, &value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("event has no duration")));
	minutes = field_integer(&value);

	record_begin(&builder);
	if (id != NULL)
		record_add_text(&builder, FIELD_ID, id, strlen(id));
	record_add_instant(&builder, FIELD_STARTS_AT, starts_at);
	if (minutes < 1 || minutes > INSTANT_LENGTH_MAX ||
		!instant_in_range(starts_at) ||
		!instant_in_range(starts_at + minutes * USECS_PER_MINUTE))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("start or duration of the event is out of range")));
	record_add_instant(&builder, FIELD_ENDS_AT,
					   starts_at + minutes * USECS_PER_MINUTE);
	record_add_status(&builder, FIELD_STATUS, "scheduled", 9);
	record_add_instant(&builder, FIELD_CREATED_AT, at);
	record_add_instant(&builder, FIELD_UPDATED_AT, at);
	note_policy(&builder);
	if (!clone_text(event, FIELD_EVENT_INVITATION_TITLE, &builder, FIELD_NAME))
		clone_text(event, FIELD_EVENT_NAME, &builder, FIELD_NAME);
	clone_text(event, FIELD_EVENT_INVITATION_BODY, &builder, FIELD_DESCRIPTION);
	clone_text(event, FIELD_EVENT_LOCATION, &builder, FIELD_LOCATION_TEXT);

	list_begin(&list);
	if (record_find_value(event, FIELD_EVENT_ATTENDEES, &value) && value.size > 0)
	{
		AttendeesWalk walk = {&list, false};
		DocumentText text = {value.data, value.size, false};

		problem_sink_begin(&sink, false);
		if (!read_text_tree(&text, &document_limits, &sink, walk_attendees,
							&walk) || walk.bad)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("attendees of the event are not a JSON list of strings")));
	}
	for (int i = 0; i < attendees->count; i++)
		add_attendee(&list, attendees->items[i].data, attendees->items[i].size);
	attendees_each_once(&list);
	record_add_list(&builder, FIELD_ATTENDEES, &list);
	return record_build(&builder, RECORD_APPOINTMENT);
}
