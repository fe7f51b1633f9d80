/*-------------------------------------------------------------------------
 *
 * read_member.c
 *		JSON -> record: one member of a document, and objects of members.
 *
 * The walk reports every fault to the problem sink and goes on; whether the
 * first one becomes an exception or all of them become rows is the sink's
 * business.  Reading is strict about shape and corrects nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "base/near_name.h"
#include "base/word.h"
#include "member/read_member.h"
#include "member/read_value.h"
#include "member/read_word.h"
#include "record/notice.h"

/* ---------------------------------------------------------------------
 * values
 * ---------------------------------------------------------------------
 */

/* The documented shape of an identifier. */
static inline void
check_shape(ReadContext *context, const Member *member, JsonNode *node,
			const char *text, size_t len)
{
	bool		strict = (member->flags & MEMBER_STRICT_SHAPE) != 0;

	if (member->shape == NULL || !(strict || context->sink->collect) ||
		member->shape(text, len))
		return;
	if (strict)
		problem_error(context->sink, &node->path, PROBLEM_BAD_ID,
					  "must be %s", member->shape_name);
	else
		problem_warning(context->sink, &node->path, PROBLEM_BAD_ID,
						"should be %s", member->shape_name);
}

static void
read_text(ReadContext *context, const Member *member, JsonNode *node,
		  RecordBuilder *builder)
{
	const char *text;
	size_t		len;

	if (!read_string(context, node, &text, &len))
		return;
	if (member->words != NULL &&
		!check_word(context, node, member->words, text, len))
		return;
	check_shape(context, member, node, text, len);
	if (member->max_length > 0 && (int) len > member->max_length &&
		pg_mbstrlen_with_len(text, (int) len) > member->max_length)
		problem_error(context->sink, &node->path, PROBLEM_TOO_LONG,
					  "must not be longer than %d characters",
					  member->max_length);
	if (member->field == FIELD_NONE)
		return;
	if (json_node_all_plain(node))
		record_add_plain_text(builder, member->field, text, len);
	else
		record_add_text(builder, member->field, text, len);
}

static void
read_null(ReadContext *context, const Member *member, JsonNode *node,
		  RecordBuilder *builder)
{
	if (member->flags & MEMBER_NOT_NULL)
		problem_error_literal(context->sink, &node->path, PROBLEM_NULL_NOT_ALLOWED,
							  "must not be null");
	else if (member->flags & MEMBER_EXPECTED)
		problem_warning_literal(context->sink, &node->path, PROBLEM_NULL_NOT_ALLOWED,
								"should not be null");
	if (member->field != FIELD_NONE)
		record_add_null(builder, member->field);
}

static void
read_whole_number(ReadContext *context, const Member *member, JsonNode *node,
				  RecordBuilder *builder)
{
	int64		value;

	if (member->style == STYLE_DIGITS ?
		!read_digits(context, node, &value) :
		!read_integer(context, node, &value))
		return;
	if (field_is_notice(member->field) && !notice_in_range(value))
		problem_error_literal(context->sink, &node->path, PROBLEM_OUT_OF_RANGE,
							  "is out of range");
	else if (member->style != STYLE_LENGTH)
		record_add_integer(builder, member->field, value);
	else if (value < 0 || value > INSTANT_LENGTH_MAX)
		problem_error_literal(context->sink, &node->path, PROBLEM_OUT_OF_RANGE,
							  "is out of range");
	else
	{
		/* the end follows from it when all members are read */
		record_add_integer(builder, FIELD_DURATION, value);
	}
}

static void
read_instant(ReadContext *context, const Member *member, JsonNode *node,
			 RecordBuilder *builder)
{
	TimestampTz instant;
	bool		good;

	switch ((MemberStyle) member->style)
	{
		case STYLE_EPOCH_MILLIS:
			good = read_instant_number(context, node, INSTANT_MILLISECONDS,
									   &instant);
			break;
		case STYLE_EPOCH_SECONDS:
			good = read_instant_number(context, node, INSTANT_SECONDS,
									   &instant);
			break;
		case STYLE_EPOCH_DIGITS:
			good = read_instant_digits(context, node, &instant);
			break;
		default:
			good = read_instant_text(context, node, &instant);
			break;
	}
	if (good)
		record_add_instant(builder, member->field, instant);
}

static void
read_date(ReadContext *context, const Member *member, JsonNode *node,
		  RecordBuilder *builder)
{
	const char *text;
	size_t		len;
	DateADT		date;

	if (!read_string(context, node, &text, &len))
		return;
	if (date_parse(text, len, &date) != INSTANT_OK)
		problem_error_literal(context->sink, &node->path, PROBLEM_BAD_INSTANT,
							  "must be a date such as 2024-12-31");
	else
		record_add_date(builder, member->field, date);
}

static void
read_local(ReadContext *context, const Member *member, JsonNode *node,
		   RecordBuilder *builder)
{
	const char *text;
	size_t		len;
	InstantText clock;

	if (!read_string(context, node, &text, &len))
		return;
	if (!instant_is_known(instant_parse_text(text, len, &clock)) ||
		clock.has_offset || !instant_in_range(clock.local))
		problem_error_literal(context->sink, &node->path, PROBLEM_BAD_INSTANT,
							  "must be a local time such as 2024-01-01T10:00:00");
	else
		record_add_local(builder, member->field, clock.local);
}

static void
read_text_list(ReadContext *context, const Member *member, JsonNode *node,
			   RecordBuilder *builder)
{
	ListBuilder list;
	int			length;

	if (json_node_type(node) != JSON_TYPE_ARRAY)
	{
		report_type(context, node, "must be a list of strings");
		return;
	}
	list_begin(&list);
	length = json_node_length(node);
	for (int i = 0; i < length && !problem_stop(context->sink); i++)
	{
		JsonNode	item;
		const char *text;
		size_t		len;

		json_node_item(node, i, &item);
		if (read_string(context, &item, &text, &len))
		{
			check_shape(context, member, &item, text, len);
			list_add_text(&list, text, len);
		}
	}
	record_add_list(builder, member->field, &list);
}

static void
read_record(ReadContext *context, const Member *member, JsonNode *node,
			RecordBuilder *builder)
{
	RecordBuilder sub;

	if (json_node_type(node) != JSON_TYPE_OBJECT)
	{
		report_type(context, node, "must be an object");
		return;
	}
	record_begin(&sub);
	read_object(context, node, member->members, &sub);
	record_add_record(builder, member->field, &sub);
}

static void
read_record_list(ReadContext *context, const Member *member, JsonNode *node,
				 RecordBuilder *builder)
{
	ListBuilder list;
	int			length;

	if (json_node_type(node) != JSON_TYPE_ARRAY)
	{
		report_type(context, node, "must be a list of objects");
		return;
	}
	list_begin(&list);
	length = json_node_length(node);
	for (int i = 0; i < length && !problem_stop(context->sink); i++)
	{
		JsonNode	item;
		RecordBuilder sub;

		json_node_item(node, i, &item);
		if (json_node_type(&item) != JSON_TYPE_OBJECT)
		{
			report_type(context, &item, "must be an object");
			continue;
		}
		record_begin(&sub);
		read_object(context, &item, member->members, &sub);
		list_add_record(&list, &sub);
	}
	record_add_list(builder, member->field, &list);
}

/*
 * What is kept to the letter has to be something that jsonb can have, or the
 * value could not be cast, or its fields asked for, later.  Reports numbers
 * beyond numeric, and returns whether there was none.
 */
static bool
check_kept(ReadContext *context, JsonNode *node)
{
	JsonMembers members;
	JsonNode	child;
	bool		result = true;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (json_node_all_fit(node) || problem_stop(context->sink))
		return true;
	switch (json_node_type(node))
	{
		case JSON_TYPE_NUMBER:
			result = json_node_fits(node);
			if (!result)
				problem_error_literal(context->sink, &node->path, PROBLEM_OUT_OF_RANGE,
									  "is out of range");
			break;
		case JSON_TYPE_ARRAY:
			for (int i = 0; i < json_node_length(node); i++)
			{
				json_node_item(node, i, &child);
				result = check_kept(context, &child) && result;
			}
			break;
		case JSON_TYPE_OBJECT:
			json_members_begin(&members, node);
			while (json_members_next(&members, &child))
				result = check_kept(context, &child) && result;
			break;
		default:
			break;
	}
	return result;
}

/* An object or array whose members are nobody's business but the service's. */
static void
read_json(ReadContext *context, const Member *member, JsonNode *node,
		  RecordBuilder *builder)
{
	bool		array = member->style == STYLE_JSON_LIST;
	const char *text;
	size_t		len;

	if (json_node_type(node) != (array ? JSON_TYPE_ARRAY : JSON_TYPE_OBJECT))
		report_type(context, node, array ? "must be a list" : "must be an object");
	else if (!check_kept(context, node))
		return;
	else if (!json_node_source(node, &text, &len))
		problem_error_literal(context->sink, &node->path, PROBLEM_MALFORMED,
							  "has a character that the database's encoding lacks");
	else
		record_add_json(builder, member->field, text, len);
}

static void
read_constant(ReadContext *context, const Member *member, JsonNode *node)
{
	const char *text;
	size_t		len;

	if (read_string(context, node, &text, &len) &&
		!word_is(member->constant, text, len))
		problem_error(context->sink, &node->path, PROBLEM_BAD_VALUE,
					  "must be \"%s\"", member->constant);
}

/* ---------------------------------------------------------------------
 * unknown members
 * ---------------------------------------------------------------------
 */

/*
 * Keep a member that no field takes, to the letter.
 */
void
read_unknown_member(ReadContext *context, JsonNode *node, StringInfo kept)
{
	const char *key;
	const char *value;
	size_t		key_len;
	size_t		value_len;

	if (!check_kept(context, node))
		return;
	/* in UTF-8 there is nothing else to find wrong with it */
	if (context->only_validate && GetDatabaseEncoding() == PG_UTF8)
		return;
	if (!json_node_member_source(node, &key, &key_len, &value, &value_len))
	{
		problem_error_literal(context->sink, &node->path, PROBLEM_MALFORMED,
							  "has a character that the database's encoding lacks");
		return;
	}
	if (kept->data == NULL)
		initStringInfo(kept);
	else
		appendStringInfoChar(kept, ',');
	appendBinaryStringInfo(kept, key, (int) key_len);
	appendStringInfoChar(kept, ':');
	appendBinaryStringInfo(kept, value, (int) value_len);
}

/* ---------------------------------------------------------------------
 * objects
 * ---------------------------------------------------------------------
 */

/*
 * Read a member of an object, by its style.
 */
void
read_member(ReadContext *context, const Member *member, JsonNode *node,
			RecordBuilder *builder)
{
	const char *text;
	size_t		len;

	if (json_node_type(node) == JSON_TYPE_NULL &&
		!(member->flags & MEMBER_READS_NULL))
	{
		read_null(context, member, node, builder);
		return;
	}
	if (member->read != NULL)
	{
		member->read(context, member, node, builder);
		return;
	}

	switch ((MemberStyle) member->style)
	{
		case STYLE_TEXT:
			read_text(context, member, node, builder);
			break;
		case STYLE_BOOLEAN:
			if (json_node_type(node) != JSON_TYPE_BOOLEAN)
				report_type(context, node, "must be true or false");
			else
				record_add_boolean(builder, member->field,
								   json_node_boolean(node));
			break;
		case STYLE_INTEGER:
		case STYLE_DIGITS:
		case STYLE_LENGTH:
			read_whole_number(context, member, node, builder);
			break;
		case STYLE_INSTANT:
		case STYLE_INSTANT_MILLIS:
		case STYLE_EPOCH_MILLIS:
		case STYLE_EPOCH_SECONDS:
		case STYLE_EPOCH_DIGITS:
			read_instant(context, member, node, builder);
			break;
		case STYLE_DATE:
			read_date(context, member, node, builder);
			break;
		case STYLE_LOCAL:
			read_local(context, member, node, builder);
			break;
		case STYLE_ZONE:
			if (read_zone(context, node, &text, &len))
				record_add_text(builder, member->field, text, len);
			break;
		case STYLE_STATUS:
			read_status(context, member, node, builder);
			break;
		case STYLE_TEXT_LIST:
			read_text_list(context, member, node, builder);
			break;
		case STYLE_OBJECT:
			read_record(context, member, node, builder);
			break;
		case STYLE_OBJECT_LIST:
			read_record_list(context, member, node, builder);
			break;
		case STYLE_JSON_OBJECT:
		case STYLE_JSON_LIST:
			read_json(context, member, node, builder);
			break;
		case STYLE_CONSTANT:
			read_constant(context, member, node);
			break;
		case STYLE_CUSTOM:
			Assert(false);
			break;
	}
}

/* Report what an object has to have, and does not. */
static void
check_missing(ReadContext *context, JsonNode *node, const MemberTable *table,
			  const uint64 *seen, RecordBuilder *builder)
{
	bool		brief = context->list_item && node == context->document &&
	context->format->list->brief_items;

	for (int i = 0; i < table->count; i++)
	{
		const Member *member = &table->members[i];
		DocumentPath absent = {
			.parent = &node->path,
			.name = member->name,
			.word = true
		};

		if ((seen[i / 64] >> (i % 64)) & 1)
			continue;
		if (member->style == STYLE_CONSTANT && member->field != FIELD_NONE)
			record_add_boolean(builder, member->field, false);
		if (!(member->flags & (MEMBER_REQUIRED | MEMBER_EXPECTED)) ||
			(brief && !(member->flags & MEMBER_IN_LIST)))
			continue;
		if (member->flags & MEMBER_REQUIRED)
			problem_error_literal(context->sink, &absent, PROBLEM_MISSING,
								  "is missing");
		else
			problem_warning_literal(context->sink, &absent, PROBLEM_MISSING,
									"should not be missing");
	}
}

/* That a name is none of a table's, and which one may be meant. */
static const char *
near_member(const MemberTable *table, const char *name)
{
	NearName	near;

	near_name_begin(&near, name, strlen(name));
	for (int i = 0; i < table->count; i++)
		near_name_try(&near, table->members[i].name);
	return near.name == NULL ? "is not a known key" :
		psprintf("is not a known key: perhaps \"%s\" is meant", near.name);
}

/*
 * Read an object by a table.
 */
void
read_object(ReadContext *context, JsonNode *node, const MemberTable *table,
			RecordBuilder *builder)
{
	StringInfoData unknown = {0};
	JsonMembers members;
	JsonNode	child;
	uint64		seen[(RECORD_FIELDS_MAX + 63) / 64] = {0};
	int			next = 0;

	check_stack_depth();
	json_members_begin(&members, node);
	while (!problem_stop(context->sink) && json_members_next(&members, &child))
	{
		int			found = member_position(table, next, child.path.name);

		if (found >= 0)
		{
			seen[found / 64] |= UINT64CONST(1) << (found % 64);
			next = found + 1 == table->count ? 0 : found + 1;
			child.path.word = true;
			read_member(context, &table->members[found], &child, builder);
		}
		else if (context->request != NULL && node == context->document &&
				 member_position(context->format->table, 0, child.path.name) >= 0)
			problem_error(context->sink, &child.path, PROBLEM_UNKNOWN_MEMBER,
						  "cannot be set by a request to %s",
						  context->request->kind);
		else if (context->format->strict || context->request != NULL)
			problem_error_literal(context->sink, &child.path, PROBLEM_UNKNOWN_MEMBER,
								  near_member(table, child.path.name));
		else
		{
			problem_warning_literal(context->sink, &child.path, PROBLEM_UNKNOWN_MEMBER,
									"is not a known key");
			read_unknown_member(context, &child, &unknown);
		}
		CHECK_FOR_INTERRUPTS();
	}
	if (problem_stop(context->sink))
		return;

	check_missing(context, node, table, seen, builder);
	if (unknown.data != NULL)
	{
		ListBuilder list;

		list_begin(&list);
		list_add_unknown(&list, context->format->code, unknown.data,
						 unknown.len);
		record_add_list(builder, table->unknown, &list);
	}
}
