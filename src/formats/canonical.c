/*-------------------------------------------------------------------------
 *
 * canonical.c
 *		Canonical JSON: the text form of the types, made from the catalogue.
 *
 * Every field under its own name, in the order of the catalogue; what is
 * absent is left out.  A member that is not a field is an error: the text
 * form has to be read without loss.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"

#include "formats/registry.h"
#include "member/read_member.h"
#include "member/read_value.h"
#include "member/write_member.h"

/* ---------------------------------------------------------------------
 * the source
 * ---------------------------------------------------------------------
 */

/* The name of a format. */
static void
read_source(ReadContext *context, const Member *member, JsonNode *node,
			RecordBuilder *builder)
{
	const char *text;
	size_t		len;
	const Format *source;

	if (json_node_type(node) == JSON_TYPE_NULL)
	{
		builder->source = 0;
		return;
	}
	if (!read_string(context, node, &text, &len))
		return;
	source = format_by_name(text, len);
	if (source == NULL || source->record != context->format->record)
		problem_error_literal(context->sink, &node->path, PROBLEM_BAD_VALUE,
							  "must be the name of a format");
	else
		builder->source = source->code;
}

/* The format that the value was read from. */
static void
write_source(WriteContext *context, const Member *member,
			 const FieldValue *value)
{
	const Format *source =
	format_by_code(context->document->document->source);

	if (source == NULL)
		return;
	write_key(context, member);
	json_write_plain(context->writer, source->name, strlen(source->name));
}

/* ---------------------------------------------------------------------
 * unknown members
 * ---------------------------------------------------------------------
 */

/*
 * The table of a format that leaves over what a field of unknown members
 * takes, or NULL.
 */
static const MemberTable *
table_of_unknown(const MemberTable *table, FieldNumber unknown)
{
	if (table->unknown == unknown)
		return table;
	for (int i = 0; i < table->count; i++)
	{
		const MemberTable *found = NULL;

		if (table->members[i].members != NULL)
			found = table_of_unknown(table->members[i].members, unknown);
		if (found != NULL)
			return found;
	}
	return NULL;
}

/* {format: {member: value}}, as canonical JSON has it. */
static void
read_unknown(ReadContext *context, const Member *member, JsonNode *node,
			 RecordBuilder *builder)
{
	StringInfoData kept[UINT8_MAX + 1] = {0};
	JsonMembers by_format;
	JsonNode	of_format;
	ListBuilder list;

	if (json_node_type(node) == JSON_TYPE_NULL)
	{
		record_remove(builder, member->field);
		return;
	}
	if (json_node_type(node) != JSON_TYPE_OBJECT)
	{
		report_type(context, node, "must be an object");
		return;
	}
	json_members_begin(&by_format, node);
	while (json_members_next(&by_format, &of_format))
	{
		const Format *format = format_by_name(of_format.path.name,
											  strlen(of_format.path.name));
		const MemberTable *table;
		JsonMembers members;
		JsonNode	unknown;

		if (format == NULL)
		{
			problem_error_literal(context->sink, &of_format.path, PROBLEM_UNKNOWN_MEMBER,
								  "is not the name of a format");
			continue;
		}
		if (json_node_type(&of_format) != JSON_TYPE_OBJECT)
		{
			report_type(context, &of_format, "must be an object");
			continue;
		}
		table = table_of_unknown(format->table,
								 member->field == FIELD_STARTS_AT_UNKNOWN ||
								 member->field == FIELD_ENDS_AT_UNKNOWN ?
								 FIELD_ZONED_UNKNOWN : member->field);
		json_members_begin(&members, &of_format);
		while (json_members_next(&members, &unknown))
		{
			/*
			 * Or it would be written twice.  But a dump may come from a
			 * version that did not know the member.
			 */
			if (!context->restoring && table != NULL &&
				member_position(table, 0, unknown.path.name) >= 0)
				problem_error(context->sink, &unknown.path, PROBLEM_UNKNOWN_MEMBER,
							  "is a known key of the format");
			else
				read_unknown_member(context, &unknown, &kept[format->code]);
			CHECK_FOR_INTERRUPTS();
		}
	}

	/* by code, so that equal contents are equal values */
	list_begin(&list);
	for (int code = 0; code <= UINT8_MAX; code++)
	{
		if (kept[code].data != NULL)
			list_add_unknown(&list, (uint8) code, kept[code].data,
							 kept[code].len);
	}
	if (list.count > 0)
		record_add_list(builder, member->field, &list);
}

/* {format: {member: value}} */
static void
put_unknown(WriteContext *context, const FieldValue *value)
{
	JsonWriter *writer = context->writer;
	PackedBlock list;

	list_open(&list, value);
	json_open(writer, '{');
	for (uint32 i = 0; i < list.count; i++)
	{
		FieldValue	item;
		const char *members;
		uint32		len;
		const Format *format;

		list_at(&list, i, &item);
		format = format_by_code(field_unknown(&item, &members, &len));
		if (format == NULL)
			continue;			/* of a later version of the extension */
		json_write_key(writer, format->name, strlen(format->name));
		json_write_char(writer, '{');
		json_write_bytes(writer, members, len);
		json_write_char(writer, '}');
	}
	json_close(writer, '}');
}

/* ---------------------------------------------------------------------
 * the tables
 * ---------------------------------------------------------------------
 */

/* How canonical JSON has a kind of field. */
#define CANONICAL_TEXT			STYLE_TEXT
#define CANONICAL_ZONE			STYLE_ZONE
#define CANONICAL_STATUS		STYLE_STATUS
#define CANONICAL_SOURCE		STYLE_CUSTOM, .flags = MEMBER_READS_NULL, \
								.read = read_source, .write = write_source
#define CANONICAL_BOOLEAN		STYLE_BOOLEAN
#define CANONICAL_INTEGER		STYLE_INTEGER
#define CANONICAL_INSTANT		STYLE_INSTANT
#define CANONICAL_DATE			STYLE_DATE
#define CANONICAL_LOCAL			STYLE_LOCAL
#define CANONICAL_TEXT_LIST		STYLE_TEXT_LIST
#define CANONICAL_RECORD		STYLE_OBJECT
#define CANONICAL_RECORD_LIST	STYLE_OBJECT_LIST
#define CANONICAL_JSON_OBJECT	STYLE_JSON_OBJECT
#define CANONICAL_JSON_LIST		STYLE_JSON_LIST
#define CANONICAL_UNKNOWN		STYLE_CUSTOM, .flags = MEMBER_READS_NULL, \
								.read = read_unknown, .put = put_unknown

static const MemberTable tables[RECORD_TYPE_COUNT + 1];

static const Member members[FIELD_COUNT] = {
#define FIELD(symbol, number_, name_, kind, sub, personal, comment) \
	{.name = name_, .name_len = sizeof(name_) - 1, \
	.key = "\"" name_ "\":", .key_len = sizeof(name_) + 2, \
	.style = CANONICAL_##kind, .field = FIELD_##symbol, \
	.members = &tables[RECORD_##sub]},
#include "record/fields.def"
};

/* The last one, of RECORD_NONE, is empty. */
static const MemberTable tables[RECORD_TYPE_COUNT + 1] = {
#define RECORD(symbol) \
	{.members = &members[FIRST_INDEX_##symbol], \
	.count = END_INDEX_##symbol - FIRST_INDEX_##symbol},
#include "record/fields.def"
};

const Format format_canonical = {
	.name = "canonical",
	.record = RECORD_APPOINTMENT,
	.table = &tables[RECORD_APPOINTMENT],
	.absence = ABSENT_IS_LEFT_OUT,
	.strict = true,
};

const Format format_canonical_event = {
	.name = "canonical",
	.record = RECORD_EVENT,
	.table = &tables[RECORD_EVENT],
	.absence = ABSENT_IS_LEFT_OUT,
	.strict = true,
};
