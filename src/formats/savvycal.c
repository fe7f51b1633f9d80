/*-------------------------------------------------------------------------
 *
 * savvycal.c
 *		The format of SavvyCal Appointments' PublicAppointment.
 *
 * Source: the page "PublicAppointment" in SavvyCal's API reference, which
 * documents every member as required, the pattern of id and the words of
 * status.
 *
 * Instants are objects: the wall clock, its zone and the same instant twice
 * more.  The value keeps the instant and the zone; the rest is derived again.
 * Of the start it keeps the wall clock, too, if the zone's shows the same.
 * What the service computes (pages, permissions) is written back if the value
 * carries it, and else computed here.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "lib/stringinfo.h"

#include "base/deadline.h"
#include "base/id.h"
#include "base/settings.h"
#include "base/zone.h"
#include "base/zone_clock.h"
#include "formats/registry.h"
#include "formats/shapes.h"
#include "member/read_member.h"
#include "member/read_value.h"
#include "member/write_member.h"
#include "record/history.h"
#include "record/local_start.h"
#include "record/notice.h"

static void read_zoned(ReadContext *context, const Member *member,
					   JsonNode *node, RecordBuilder *builder);
static void write_zoned(WriteContext *context, const Member *member,
						const FieldValue *value);
static void write_permission(WriteContext *context, const Member *member,
							 const FieldValue *value);
static void write_url(WriteContext *context, const Member *member,
					  const FieldValue *value);
static void write_urls(WriteContext *context, const Member *member,
					   const FieldValue *value);

/* ^appt_\w{12}$ */
static bool
is_savvycal_id(const char *text, size_t len)
{
	return shape_is_prefixed(text, len, "appt_", 12, shape_is_word);
}

static const Member zoned_members[] = {
	MEMBER("local", TEXT, ZONED_LOCAL),
	MEMBER("object", CONSTANT, NONE, .constant = "zoned_date_time"),
	MEMBER("time_zone", ZONE, ZONED_TIME_ZONE),
	MEMBER("unix_ts", EPOCH_SECONDS, ZONED_UNIX_TS),
	MEMBER("utc", INSTANT, ZONED_UTC),
};

static const MemberTable zoned = MEMBER_TABLE(zoned_members, ZONED_UNKNOWN);

static const Member permission_members[] = {
	MEMBER("allowed", BOOLEAN, PERMISSION_ALLOWED),
	MEMBER("disabled_message", TEXT, PERMISSION_DISABLED_MESSAGE),
};

static const MemberTable permission =
MEMBER_TABLE(permission_members, PERMISSION_UNKNOWN);

static const Member urls_members[] = {
	MEMBER("add_to_calendar", TEXT_LIST, URLS_ADD_TO_CALENDAR),
	MEMBER("add_to_google_calendar", TEXT_LIST, URLS_ADD_TO_GOOGLE_CALENDAR),
	MEMBER("cancel", TEXT_LIST, URLS_CANCEL),
	MEMBER("ics", TEXT_LIST, URLS_ICS),
	MEMBER("reschedule", TEXT_LIST, URLS_RESCHEDULE),
};

static const MemberTable urls = MEMBER_TABLE(urls_members, URLS_UNKNOWN);

/* The constant of a page's member is the last part of its address. */
#define PAGE(name, field, page) \
	MEMBER(name, TEXT, field, .flags = MEMBER_NEVER_NULL, .constant = page, \
		   .write = write_url)

static const Member members[] = {
	PAGE("add_to_calendar_url", ADD_TO_CALENDAR_URL, "add_to_calendar"),
	PAGE("cancel_url", CANCEL_URL, "cancel"),
	MEMBER("cancellation", OBJECT, CANCELLATION, .flags = MEMBER_NEVER_NULL,
		   .members = &permission, .write = write_permission),
	MEMBER("confirmed_at", INSTANT, CONFIRMED_AT, .flags = MEMBER_REQUIRED),
	MEMBER("end_at", CUSTOM, ENDS_AT, .flags = MEMBER_NEVER_NULL,
		   .members = &zoned, .read = read_zoned, .write = write_zoned),
	PAGE("ics_url", ICS_URL, "ics"),
	MEMBER("id", TEXT, ID, .flags = MEMBER_NEVER_NULL | MEMBER_STRICT_SHAPE,
		   .shape = is_savvycal_id,
		   .shape_name = "\"appt_\" and 12 letters, digits or underscores"),
	MEMBER("object", CONSTANT, NONE, .flags = MEMBER_NEVER_NULL,
		   .constant = "public_appointment"),
	PAGE("reschedule_url", RESCHEDULE_URL, "reschedule"),
	MEMBER("rescheduling", OBJECT, RESCHEDULING, .flags = MEMBER_NEVER_NULL,
		   .members = &permission, .write = write_permission),
	MEMBER("start_at", CUSTOM, STARTS_AT, .flags = MEMBER_NEVER_NULL,
		   .members = &zoned, .read = read_zoned, .write = write_zoned),
	MEMBER("status", STATUS, STATUS, .flags = MEMBER_NEVER_NULL),
	MEMBER("urls", OBJECT, URLS, .flags = MEMBER_NEVER_NULL, .members = &urls,
		   .write = write_urls),
};

static const MemberTable table =
MEMBER_TABLE(members, UNKNOWN);

static const StatusWord words[] = {
	{"scheduled", STATUS_SCHEDULED},
	{"canceled", STATUS_CANCELLED},
	{NULL}
};

static const StatusVocabulary statuses = {
	.words = words,
	.written = {
		[STATUS_PENDING] = "scheduled",
		[STATUS_SCHEDULED] = "scheduled",
		[STATUS_ARRIVED] = "scheduled",
		[STATUS_IN_PROGRESS] = "scheduled",
		[STATUS_COMPLETED] = "scheduled",
		[STATUS_NO_SHOW] = "scheduled",
		[STATUS_CANCELLED] = "canceled",
	},
	.closed = true,
	.fallback = "scheduled",
};

/* ---------------------------------------------------------------------
 * zoned_date_time
 * ---------------------------------------------------------------------
 */

/* What an object says of an instant. */
typedef struct ZonedTime
{
	bool		has_local;
	bool		has_utc;
	bool		has_unix_ts;
	FieldValue	local_text;
	InstantText local;
	TimestampTz utc;
	TimestampTz unix_ts;
	pg_tz	   *zone;			/* or NULL */
} ZonedTime;

/* Take the members of an object.  False if local is none, which is reported. */
static bool
take_zoned(ReadContext *context, JsonNode *node, const RecordBuilder *parts,
		   ZonedTime *zoned)
{
	FieldValue	name;
	DocumentPath at = {.parent = &node->path, .name = "local"};

	memset(zoned, 0, sizeof(*zoned));
	if (record_entry_value(parts, FIELD_ZONED_TIME_ZONE, &name))
		zoned->zone = instant_zone(name.data, name.size);
	zoned->has_utc = record_entry_instant(parts, FIELD_ZONED_UTC, &zoned->utc);
	zoned->has_unix_ts = record_entry_instant(parts, FIELD_ZONED_UNIX_TS,
											  &zoned->unix_ts);
	zoned->has_local = record_entry_value(parts, FIELD_ZONED_LOCAL,
										  &zoned->local_text);
	if (!zoned->has_local ||
		instant_is_known(instant_parse_text(zoned->local_text.data,
											zoned->local_text.size,
											&zoned->local)))
		return true;
	problem_error_literal(context->sink, &at, PROBLEM_BAD_INSTANT,
						  "must be an ISO 8601 time such as 2025-03-01T10:00:00-05:00");
	return false;
}

/* The instant of a local time, and note if there is no such time. */
static TimestampTz
read_local(ReadContext *context, Timestamp local, pg_tz *zone)
{
	TimestampTz earlier;
	TimestampTz later;

	if (zone_read_local(zone, local, &earlier, &later) != ZONE_SHOWS_NEVER)
		return earlier;
	context->skipped_time = true;
	return later;
}

/*
 * The instant: the first of local with an offset, utc, unix_ts, and local in
 * the zone decides.  False if none does, which is reported.
 */
static bool
zoned_instant(ReadContext *context, JsonNode *node, const ZonedTime *zoned,
			  TimestampTz *instant)
{
	if (zoned->has_local && zoned->local.has_offset)
		*instant = zoned->local.instant;
	else if (zoned->has_utc)
		*instant = zoned->utc;
	else if (zoned->has_unix_ts)
		*instant = zoned->unix_ts;
	else if (zoned->has_local && zoned->zone != NULL)
		*instant = read_local(context, zoned->local.local, zoned->zone);
	else
	{
		problem_error_literal(context->sink, &node->path, PROBLEM_BAD_INSTANT,
							  "must have local with an offset, utc or unix_ts");
		return false;
	}
	if (instant_in_range(*instant))
		return true;
	problem_error_literal(context->sink, &node->path, PROBLEM_BAD_INSTANT,
						  "must be a timestamp that exists, in the years 0001 to 9999");
	return false;
}

/* Add one of the values that disagree to a message. */
static void
append_claim(StringInfo message, const char *name, TimestampTz instant)
{
	char		text[INSTANT_MAXLEN];

	instant_format(instant, 0, text);
	appendStringInfo(message, "%s%s says %s",
					 message->len > 0 ? ", " : "", name, text);
}

/*
 * Whether all that an object says is the same instant.  *claims gets what it
 * says.
 */
static bool
zoned_agrees(const ZonedTime *zoned, TimestampTz instant, StringInfo claims)
{
	bool		agree = true;

	if (zoned->has_local)
	{
		TimestampTz claimed = zoned->local.instant;

		if (!zoned->local.has_offset)
			claimed = zoned->zone == NULL ? instant :
				zone_local_to_instant(zoned->zone, zoned->local.local,
									  ZONE_COMPATIBLE);
		agree = agree && claimed == instant;
		append_claim(claims, "local", claimed);
	}
	if (zoned->has_utc)
	{
		agree = agree && zoned->utc == instant;
		append_claim(claims, "utc", zoned->utc);
	}
	if (zoned->has_unix_ts)
	{
		agree = agree && instant_epoch_seconds(zoned->unix_ts) ==
			instant_epoch_seconds(instant);
		append_claim(claims, "unix_ts", zoned->unix_ts);
	}
	return agree;
}

/* Warn of an object that contradicts itself. */
static void
check_zoned(ReadContext *context, JsonNode *node, const ZonedTime *zoned,
			TimestampTz instant)
{
	StringInfoData claims;

	initStringInfo(&claims);
	if (!zoned_agrees(zoned, instant, &claims))
		problem_warning(context->sink, &node->path, PROBLEM_ZONED_MISMATCH,
						"contradicts itself: %s", claims.data);
	else if (zoned->has_local && zoned->local.has_offset && zoned->zone != NULL)
	{
		char		there[INSTANT_MAXLEN];
		InstantText wall;
		int			len = instant_format_local(instant, zoned->zone, there);

		if (instant_parse_text(there, len, &wall) == INSTANT_OK &&
			wall.offset != zoned->local.offset)
			problem_warning(context->sink, &node->path, PROBLEM_ZONED_MISMATCH,
							"contradicts itself: local says %.*s, which in time_zone is %s",
							(int) zoned->local_text.size, zoned->local_text.data,
							there);
	}
	pfree(claims.data);
}

/*
 * Read {local, time_zone, unix_ts, utc} as an instant and a zone.  If some of
 * it says another instant than what decides, that is a warning.
 */
static void
read_zoned(ReadContext *context, const Member *member, JsonNode *node,
		   RecordBuilder *builder)
{
	bool		is_start = member->field == FIELD_STARTS_AT;
	RecordBuilder parts;
	FieldValue	name;
	ZonedTime	zoned;
	TimestampTz instant;
	int			errors = context->sink->errors;

	if (json_node_type(node) != JSON_TYPE_OBJECT)
	{
		report_type(context, node, "must be an object");
		return;
	}
	record_begin(&parts);
	read_object(context, node, member->members, &parts);
	if (context->sink->errors > errors)
		return;

	if (record_entry_value(&parts, FIELD_ZONED_TIME_ZONE, &name))
		record_add_text(builder,
						is_start ? FIELD_TIME_ZONE : FIELD_ENDS_AT_TIME_ZONE,
						name.data, name.size);
	if (!take_zoned(context, node, &parts, &zoned) ||
		!zoned_instant(context, node, &zoned, &instant))
		return;
	record_add_instant(builder, member->field, instant);
	if (is_start && zoned.has_local && zoned.zone != NULL &&
		instant_in_range(zoned.local.local) &&
		local_start_drift(zoned.zone, zoned.local.local, instant) == 0)
		record_add_local(builder, FIELD_LOCAL_STARTS_AT, zoned.local.local);
	if (record_has(&parts, FIELD_ZONED_UNKNOWN))
		record_add_entry(builder, is_start ? FIELD_STARTS_AT_UNKNOWN :
						 FIELD_ENDS_AT_UNKNOWN,
						 record_entry(&parts, FIELD_ZONED_UNKNOWN));
	if (context->sink->collect)
		check_zoned(context, node, &zoned, instant);
}

/* The zone to write an instant in, and its name as the tz database spells it. */
static pg_tz *
written_zone(WriteContext *context, bool is_start, FieldValue *name)
{
	FieldNumber fields[] = {FIELD_ENDS_AT_TIME_ZONE, FIELD_TIME_ZONE};
	pg_tz	   *zone;

	for (int i = is_start ? 1 : 0; i < (int) lengthof(fields); i++)
	{
		if (record_find_value(context->document, fields[i], name))
		{
			/* it may be gone from the server's time zone database */
			zone = instant_zone(name->data, name->size);
			if (zone != NULL)
			{
				name->data = pg_get_timezone_name(zone);
				name->size = strlen(name->data);
				return zone;
			}
		}
	}
	name->data = context->options->time_zone;
	if (name->data == NULL)
		name->data = "UTC";
	name->size = strlen(name->data);
	name->flags = 0;
	return instant_zone(name->data, name->size);
}

/*
 * Write an instant as {local, object, time_zone, unix_ts, utc}.
 */
static void
write_zoned(WriteContext *context, const Member *member,
			const FieldValue *value)
{
	JsonWriter *writer = context->writer;
	bool		is_start = member->field == FIELD_STARTS_AT;
	TimestampTz instant;
	FieldValue	name;
	FieldValue	unknown;
	pg_tz	   *zone;
	char		text[INSTANT_MAXLEN];

	if (value == NULL || value->flags & TAG_NULL)
	{
		write_member(context, member, value);
		return;
	}
	instant = field_instant(value);
	zone = written_zone(context, is_start, &name);

	write_key(context, member);
	json_write_literal(writer, "{\"local\":");
	json_write_plain(writer, text, instant_format_local(instant, zone, text));
	json_write_literal(writer, ",\"object\":\"zoned_date_time\",\"time_zone\":");
	json_write_string(writer, name.data, name.size);
	json_write_literal(writer, ",\"unix_ts\":");
	json_write_integer(writer, instant_epoch_seconds(instant));
	json_write_literal(writer, ",\"utc\":");
	write_instant(context, instant, 0);
	writer->comma = true;
	if (record_find_value(context->document, is_start ? FIELD_STARTS_AT_UNKNOWN :
						  FIELD_ENDS_AT_UNKNOWN, &unknown))
		write_unknown_members(context, &unknown);
	json_close(writer, '}');
}

/* ---------------------------------------------------------------------
 * what the service computes
 * ---------------------------------------------------------------------
 */

/*
 * The notice in minutes, or NOTICE_NONE: the appointment's own, else the one
 * that the account asks for now.
 */
static int
asked_notice(const WriteContext *context, const Member *member)
{
	int64		own;

	if (notice_of(context->document, member->field == FIELD_CANCELLATION ?
				  FIELD_CANCELLATION_NOTICE : FIELD_RESCHEDULING_NOTICE, &own))
		return (int) own;
	if (member->field == FIELD_CANCELLATION)
		return context->options->cancellation_notice >= 0 ?
			context->options->cancellation_notice :
			appointment_cancellation_notice;
	return context->options->rescheduling_notice >= 0 ?
		context->options->rescheduling_notice :
		appointment_rescheduling_notice;
}

/*
 * Whether the client may cancel or reschedule.  What the value carries goes
 * stale, so it is computed anew where the notice is known.
 */
static void
write_permission(WriteContext *context, const Member *member,
				 const FieldValue *value)
{
	JsonWriter *writer = context->writer;
	const char *action = member->field == FIELD_CANCELLATION ?
	"Cancellation" : "Rescheduling";
	int			notice = asked_notice(context, member);
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	TimestampTz start;
	const char *over = NULL;
	bool		allowed;

	if (value != NULL && (notice == NOTICE_NONE || value->flags & TAG_NULL))
	{
		write_member(context, member, value);
		return;
	}

	/* what is over, or does not take place, cannot be changed any more */
	switch ((Status) context->document->document->status)
	{
		case STATUS_CANCELLED:
			over = "is cancelled";
			break;
		case STATUS_NO_SHOW:
			over = "was missed";
			break;
		case STATUS_COMPLETED:
			over = "is completed";
			break;
		default:
			break;
	}
	allowed = over == NULL &&
		(!document_starts_at(context->document->document, &start) ||
		 now <= deadline_minutes_before(start, notice));

	write_key(context, member);
	if (allowed)
		json_write_literal(writer, "{\"allowed\":true,\"disabled_message\":null");
	else
	{
		char		message[128];
		int			len;
		int			amount = notice % 60 == 0 ? notice / 60 : notice;
		const char *unit = notice % 60 == 0 ? "hour" : "minute";

		if (over != NULL)
			len = snprintf(message, sizeof(message),
						   "%s is not available because your appointment %s",
						   action, over);
		else if (notice > 0)
			len = snprintf(message, sizeof(message),
						   "%s is not available within %d %s%s of your appointment",
						   action, amount, unit, amount == 1 ? "" : "s");
		else
			len = snprintf(message, sizeof(message),
						   "%s is not available after the start of your appointment",
						   action);
		json_write_literal(writer, "{\"allowed\":false,\"disabled_message\":");
		json_write_plain(writer, message, len);
	}
	writer->comma = true;
	if (value != NULL)
	{
		Record		carried;
		FieldValue	unknown;

		record_open_sub(&carried, value);
		if (record_find(&carried, FIELD_PERMISSION_UNKNOWN, &unknown))
			write_unknown_members(context, &unknown);
	}
	json_close(writer, '}');
}

/* The base of the pages and the appointment's id.  False if not known. */
static bool
page_base(WriteContext *context, const char **base, size_t *len,
		  FieldValue *id)
{
	*base = context->options->base_url != NULL ?
		context->options->base_url : appointment_base_url;
	if (*base == NULL || **base == '\0' ||
		!record_find_value(context->document, FIELD_ID, id))
		return false;
	*len = strlen(*base);
	while (*len > 0 && (*base)[*len - 1] == '/')
		(*len)--;
	return true;
}

/* {base_url}/c/appointments/{id}/{page} */
static void
put_page(JsonWriter *writer, const char *base, size_t len,
		 const FieldValue *id, const char *page)
{
	static const char path[] = "/c/appointments/";
	JsonWriter	url;

	json_writer_begin(&url, (int) len + 128);
	json_write_bytes(&url, base, len);
	json_write_bytes(&url, path, sizeof(path) - 1);
	json_write_uri_component(&url, id->data, id->size);
	json_write_char(&url, '/');
	json_write_bytes(&url, page, strlen(page));
	json_write_string(writer, url.out.data, url.out.len);
	pfree(url.out.data);
}

static void
write_url(WriteContext *context, const Member *member,
		  const FieldValue *value)
{
	const char *base;
	size_t		len;
	FieldValue	id;

	if (value != NULL || !page_base(context, &base, &len, &id))
	{
		write_member(context, member, value);
		return;
	}
	write_key(context, member);
	put_page(context->writer, base, len, &id, member->constant);
}

static void
write_urls(WriteContext *context, const Member *member,
		   const FieldValue *value)
{
	JsonWriter *writer = context->writer;
	const char *base;
	size_t		len;
	FieldValue	id;

	if (value != NULL || !page_base(context, &base, &len, &id))
	{
		write_member(context, member, value);
		return;
	}
	write_key(context, member);
	json_open(writer, '{');
	for (int i = 0; i < urls.count; i++)
	{
		write_key(context, &urls.members[i]);
		json_write_char(writer, '[');
		put_page(writer, base, len, &id, urls.members[i].name);
		json_write_char(writer, ']');
	}
	json_close(writer, '}');
}

/* ---------------------------------------------------------------------
 * requests
 * ---------------------------------------------------------------------
 */

/* ^cr_\w{12}$ */
static bool
is_reason_id(const char *text, size_t len)
{
	return shape_is_prefixed(text, len, "cr_", 12, shape_is_word);
}

static const Member cancel_members[] = {
	MEMBER("cancellation_reason_id", TEXT, CANCELLATION_REASON_ID,
		   .flags = MEMBER_STRICT_SHAPE, .shape = is_reason_id,
		   .shape_name = "\"cr_\" and 12 letters, digits or underscores"),
	MEMBER("custom_reason_text", TEXT, CANCELLATION_NOTE),
};

static const MemberTable cancel = MEMBER_TABLE(cancel_members, UNKNOWN);

static void
apply_cancel(ReadContext *context, RecordBuilder *builder)
{
	history_cancel(builder, context->target, context->at);
}

/* A time with an offset, or a wall clock in the request's time_zone. */
static void
read_zoned_text(ReadContext *context, const Member *member, JsonNode *node,
				RecordBuilder *builder)
{
	InstantText clock;
	InstantStatus status;
	JsonNode	zone_node;
	const char *text;
	size_t		len;
	TimestampTz instant;

	if (!read_string(context, node, &text, &len))
		return;
	status = instant_parse_text(text, len, &clock);
	if (instant_is_known(status) && !clock.has_offset)
	{
		const char *name;
		size_t		name_len;
		pg_tz	   *zone;

		/* a bad zone is reported where it stands */
		if (!json_node_member(json_node_parent(node), "time_zone", &zone_node) ||
			json_node_type(&zone_node) != JSON_TYPE_STRING ||
			!json_node_string(&zone_node, &name, &name_len) ||
			(zone = instant_zone(name, name_len)) == NULL)
			return;
		instant = read_local(context, clock.local, zone);
		if (member->field == FIELD_STARTS_AT && instant_in_range(clock.local))
			record_add_local(builder, FIELD_LOCAL_STARTS_AT, clock.local);
	}
	else
		instant = clock.instant;
	if (!instant_is_known(status) || !instant_in_range(instant))
		problem_error_literal(context->sink, &node->path, PROBLEM_BAD_INSTANT,
							  "must be an ISO 8601 time such as 2025-03-01T10:00:00");
	else
		record_add_instant(builder, member->field, instant);
}

static const Member reschedule_members[] = {
	MEMBER("start_at", CUSTOM, STARTS_AT, .flags = MEMBER_NEVER_NULL,
		   .read = read_zoned_text),
	MEMBER("end_at", CUSTOM, ENDS_AT, .flags = MEMBER_NEVER_NULL,
		   .read = read_zoned_text),
	MEMBER("time_zone", ZONE, TIME_ZONE, .flags = MEMBER_NEVER_NULL),
};

static const MemberTable reschedule =
MEMBER_TABLE(reschedule_members, UNKNOWN);

/* Both ends are in the zone now. */
static void
apply_reschedule(ReadContext *context, RecordBuilder *builder)
{
	record_remove(builder, FIELD_ENDS_AT_TIME_ZONE);
}

static const Request requests[] = {
	{.kind = "cancel", .table = &cancel, .apply = apply_cancel},
	{.kind = "reschedule", .table = &reschedule, .apply = apply_reschedule},
	{NULL}
};

static void
savvycal_make_id(StringInfo id)
{
	appendStringInfoString(id, "appt_");
	id_append_random(id, ID_DIGITS ID_LOWER_CASE, 12);
}

/* ---------------------------------------------------------------------
 * lists
 * ---------------------------------------------------------------------
 */

/* {"data": […], "meta": {…}}: one page with everything, unless told. */
static void
savvycal_write_list_member(const char *name, const Options *options, int count,
						   JsonWriter *writer)
{
	int64		total = options->total_count < 0 ? count : options->total_count;

	if (options->meta != NULL)
	{
		json_write_bytes(writer, options->meta, strlen(options->meta));
		return;
	}
	json_write_literal(writer, "{\"current_page\":1,\"page_size\":");
	json_write_integer(writer, count);
	json_write_literal(writer, ",\"total_count\":");
	json_write_integer(writer, total);
	json_write_literal(writer, ",\"total_pages\":");
	json_write_integer(writer, count == 0 || total <= count ? 1 :
					   (total - 1) / count + 1);
	json_write_char(writer, '}');
}

static const char *const list_members[] = {"data", "meta", NULL};

static const ListEnvelope list = {
	.items = "data",
	.members = list_members,
	.write_member = savvycal_write_list_member,
};

const Format format_savvycal = {
	.name = "savvycal",
	.service = "SavvyCal",
	.code = FORMAT_CODE_savvycal,
	.record = RECORD_APPOINTMENT,
	.table = &table,
	.absence = ABSENT_IS_NULL,
	.anchor = "start_at",
	.instants = "an object {local, object, time_zone, unix_ts, utc}",
	.statuses = &statuses,
	.list = &list,
	.requests = requests,
	.make_id = savvycal_make_id,
};
