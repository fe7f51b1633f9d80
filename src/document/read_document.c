/*-------------------------------------------------------------------------
 *
 * read_document.c
 *		JSON text -> record, driven by a format's table.
 *
 * The walk reports every fault to the problem sink and goes on; whether the
 * first one becomes an exception or all of them become rows is the sink's
 * business.  Reading is strict about shape and corrects nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "common/int.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "base/near_name.h"
#include "compat.h"
#include "document/read_document.h"
#include "document/recognise.h"
#include "document/rules.h"
#include "formats/registry.h"

/* Minutes of all the years that an instant may have, and a bit. */
#define LENGTH_MAX	(INT64CONST(10000) * 366 * 24 * 60)

const JsonLimits document_limits = {4 * 1024 * 1024, 64, 50000, false};
const JsonLimits canonical_limits = {16 * 1024 * 1024, JSON_TREE_DEPTH_MAX, RECORD_LIST_MAX, false};

static void read_member(ReadContext *context, const Member *member,
						const MemberTable *table, JsonNode *node,
						RecordBuilder *builder);

/* ---------------------------------------------------------------------
 * values
 * ---------------------------------------------------------------------
 */

static void
report_type(ReadContext *context, JsonNode *node, const char *message)
{
	problem_error_literal(context->sink, node, PROBLEM_WRONG_TYPE, message);
}

/*
 * The text of a string.  Reports what else it is and returns false.
 */
bool
read_string(ReadContext *context, JsonNode *node,
			const char **text, size_t *len)
{
	if (json_node_type(node) != JSON_TYPE_STRING)
	{
		report_type(context, node, "must be a string");
		return false;
	}
	if (!json_node_string(node, text, len))
	{
		problem_error_literal(context->sink, node, PROBLEM_MALFORMED,
							  "has a character that the database's encoding lacks");
		return false;
	}
	return true;
}

/*
 * A number's source text, exact whatever json-c made of it.
 */
static bool
read_number(ReadContext *context, JsonNode *node, const char *message,
			const char **text, size_t *len)
{
	if (json_node_type(node) != JSON_TYPE_NUMBER)
	{
		report_type(context, node, message);
		return false;
	}
	return json_node_source(node, text, len);
}

/*
 * Make an integer of a JSON number, such as 60, 60.0 or 6e1.  Returns false
 * if it is not whole; *overflow tells if it is, but too large.
 */
static bool
parse_integer(const char *text, size_t len, int64 *value, bool *overflow)
{
	const char *end = text + len;
	const char *p = text;
	bool		negative = false;
	int64		result = 0;
	int			fraction = 0;	/* digits read behind the point */
	int64		exponent = 0;
	const char *last = end;		/* end of the mantissa */

	*overflow = false;
	if (p < end && *p == '-')
	{
		negative = true;
		p++;
	}
	for (const char *e = p; e < end; e++)
	{
		if (*e == 'e' || *e == 'E')
		{
			bool		minus = e + 1 < end && e[1] == '-';

			last = e;
			for (e += (e + 1 < end && (e[1] == '-' || e[1] == '+')) ? 2 : 1;
				 e < end; e++)
				exponent = Min(exponent * 10 + (*e - '0'), 100000000);
			if (minus)
				exponent = -exponent;
			break;
		}
	}

	/* zeros at the end of the fraction say nothing, others are an exponent */
	if (memchr(p, '.', last - p) != NULL)
	{
		while (last[-1] == '0')
			last--;
	}
	else
	{
		for (; last - p > 1 && last[-1] == '0'; last--)
			exponent++;
	}
	for (bool point = false; p < last; p++)
	{
		if (*p == '.')
		{
			point = true;
			continue;
		}
		if (point)
			fraction++;
		if (pg_mul_s64_overflow(result, 10, &result) ||
			pg_sub_s64_overflow(result, *p - '0', &result))
			*overflow = true;	/* unless the exponent makes it smaller... */
	}
	exponent -= fraction;
	if (*overflow)
		return exponent >= 0;	/* ...then it has a fraction, as good as
								 * always */
	for (; exponent < 0 && result != 0; exponent++)
	{
		if (result % 10 != 0)
			return false;
		result /= 10;
	}
	for (; exponent > 0 && result != 0; exponent--)
	{
		if (pg_mul_s64_overflow(result, 10, &result))
		{
			*overflow = true;
			return true;
		}
	}
	/* collected as a negative number, which reaches one further */
	if (!negative && pg_mul_s64_overflow(result, -1, &result))
		*overflow = true;
	*value = result;
	return true;
}

/*
 * A whole number, in whatever way JSON spells it.
 */
bool
read_integer(ReadContext *context, JsonNode *node, int64 *value)
{
	const char *text;
	size_t		len;
	bool		overflow;

	if (json_node_integer(node, value))
		return true;
	if (!read_number(context, node, "must be a whole number", &text, &len))
		return false;
	if (!parse_integer(text, len, value, &overflow))
	{
		report_type(context, node, "must be a whole number");
		return false;
	}
	if (overflow)
		problem_error_literal(context->sink, node, PROBLEM_OUT_OF_RANGE,
							  "is out of range");
	return !overflow;
}

/* Digits without a zero that writing the number would not give back. */
static bool
is_digits(const char *text, size_t len)
{
	return len > 0 && strspn(text, "0123456789") == len &&
		(text[0] != '0' || len == 1);
}

/*
 * A string of digits, written as an integer would be.
 */
bool
read_digits(ReadContext *context, JsonNode *node, int64 *value)
{
	const char *text;
	size_t		len;
	bool		overflow;

	if (!read_string(context, node, &text, &len))
		return false;
	if (!is_digits(text, len))
	{
		problem_error_literal(context->sink, node, PROBLEM_BAD_VALUE,
							  "must be a string of digits");
		return false;
	}
	if (!parse_integer(text, len, value, &overflow) || overflow)
	{
		problem_error_literal(context->sink, node, PROBLEM_OUT_OF_RANGE,
							  "is out of range");
		return false;
	}
	return true;
}

static bool
report_instant(ReadContext *context, JsonNode *node, InstantStatus status,
			   bool number)
{
	switch (status)
	{
		case INSTANT_OK:
		case INSTANT_TOO_PRECISE:
			/* Go, Java and .NET send nine digits: nobody means the last three */
			return true;
		case INSTANT_MALFORMED:
			problem_error_literal(context->sink, node, PROBLEM_BAD_INSTANT,
								  number ? "must be an instant as seconds or milliseconds since 1970" :
								  "must be an ISO 8601 instant such as 2024-01-01T10:00:00Z");
			break;
		case INSTANT_NO_OFFSET:
			problem_error_literal(context->sink, node, PROBLEM_BAD_INSTANT,
								  "must have \"Z\" or an offset: without it the instant is not known");
			break;
		case INSTANT_OUT_OF_RANGE:
			problem_error_literal(context->sink, node,
								  number ? PROBLEM_OUT_OF_RANGE : PROBLEM_BAD_INSTANT,
								  "must be an instant that exists, in the years 0001 to 9999");
			break;
		case INSTANT_BAD_OFFSET:
			problem_error_literal(context->sink, node, PROBLEM_BAD_INSTANT,
								  "must have an offset from -15:59 to +15:59");
			break;
	}
	return false;
}

/*
 * An ISO 8601 string with an offset.
 */
bool
read_instant_text(ReadContext *context, JsonNode *node, TimestampTz *instant)
{
	const char *text;
	size_t		len;

	return read_string(context, node, &text, &len) &&
		report_instant(context, node, instant_parse(text, len, instant), false);
}

/*
 * A number of seconds or milliseconds since 1970.
 */
bool
read_instant_number(ReadContext *context, JsonNode *node, InstantUnit unit,
					TimestampTz *instant)
{
	const char *text;
	size_t		len;

	return read_number(context, node, "must be a number", &text, &len) &&
		report_instant(context, node,
					   instant_parse_epoch(text, len, unit, instant), true);
}

/* A string of digits: seconds since 1970, negative before that. */
static bool
read_instant_digits(ReadContext *context, JsonNode *node, TimestampTz *instant)
{
	const char *text;
	size_t		len;
	size_t		sign;

	if (!read_string(context, node, &text, &len))
		return false;
	sign = len > 1 && text[0] == '-' && text[1] != '0';
	if (!is_digits(text + sign, len - sign))
	{
		problem_error_literal(context->sink, node, PROBLEM_BAD_INSTANT,
							  "must be a string of digits: seconds since 1970");
		return false;
	}
	return report_instant(context, node,
						  instant_parse_epoch(text, len, INSTANT_SECONDS,
											  instant), true);
}

/*
 * Whether a text may be the name of a zone that this machine does not have.
 */
static bool
zone_is_plausible(const char *name, size_t len)
{
	return len > 0 && len <= 255 &&
		strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			   "0123456789/_+-") == len &&
		strspn(name, "0123456789/_+-") == 0;
}

/*
 * The name of a zone.  Canonical JSON may come from another machine, with
 * another time zone database: a restore must not fail for a zone that is gone.
 */
bool
read_zone(ReadContext *context, JsonNode *node, const char **name, size_t *len)
{
	if (!read_string(context, node, name, len))
		return false;
	if (instant_zone(*name, *len) == NULL &&
		!(context->restoring && zone_is_plausible(*name, *len)))
	{
		problem_error_literal(context->sink, node, PROBLEM_BAD_ZONE,
							  "must be an IANA time zone such as America/New_York");
		return false;
	}
	if (context->sink->collect && !instant_zone_is_place(*name, *len))
		problem_warning_literal(context->sink, node, PROBLEM_BAD_ZONE,
								"should be the time zone of a place");
	return true;
}

/* Report that a word is none of a closed vocabulary's, NULL at its end. */
static void
report_word(ReadContext *context, JsonNode *node, const char *const *words)
{
	StringInfoData known;

	initStringInfo(&known);
	for (int i = 0; words[i] != NULL; i++)
		appendStringInfo(&known, "%s\"%s\"",
						 i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ",
						 words[i]);
	problem_error(context->sink, node, PROBLEM_BAD_VALUE,
				  "must be %s", known.data);
}

/* A word of a closed vocabulary. */
static bool
check_word(ReadContext *context, JsonNode *node, const char *const *words,
		   const char *text, size_t len)
{
	if (context->options->keep_unknown_words)
		return true;
	for (int i = 0; words[i] != NULL; i++)
	{
		if (strlen(words[i]) == len && memcmp(words[i], text, len) == 0)
			return true;
	}
	report_word(context, node, words);
	return false;
}

/* A status that is none of a closed vocabulary's words. */
static void
report_status_word(ReadContext *context, JsonNode *node,
				   const StatusVocabulary *vocabulary)
{
	const char **words;
	int			count = 0;

	while (vocabulary->words[count].word != NULL)
		count++;
	words = palloc_array(const char *, count + 1);
	for (int i = 0; i < count; i++)
		words[i] = vocabulary->words[i].word;
	words[count] = NULL;
	report_word(context, node, words);
	pfree(words);
}

/*
 * Warn of a word that nobody knows, but for its case: whoever sent it meant
 * the other one.
 */
static void
check_status_case(ReadContext *context, JsonNode *node,
				  const StatusVocabulary *vocabulary,
				  const char *word, size_t len)
{
	const char *meant = NULL;

	for (const StatusWord *known = vocabulary->words;
		 known->word != NULL && meant == NULL; known++)
	{
		if (strlen(known->word) == len &&
			pg_strncasecmp(known->word, word, len) == 0)
			meant = known->word;
	}
	if (meant == NULL)
		meant = status_but_for_case(word, len);
	if (meant != NULL)
		problem_warning(context->sink, node, PROBLEM_BAD_VALUE,
						"differs from \"%s\" only in case",
						meant);
}

/*
 * Read a status in the format's words: the canonical status, and the word
 * itself where writing the status would not give it back.
 */
static void
read_status(ReadContext *context, const Member *member, JsonNode *node,
			RecordBuilder *builder)
{
	const StatusVocabulary *vocabulary = context->format->statuses;
	FieldNumber source_status = field_source_status(member->field);
	const char *word;
	size_t		len;
	bool		known;

	if (!read_string(context, node, &word, &len))
		return;
	if (vocabulary == NULL)
	{
		/* canonical JSON may say how the source had worded it */
		if (record_has(builder, source_status))
			record_add_status(builder, member->field, word, len);
		else
			record_add_worded_status(builder, member->field, word, len);
		return;
	}

	for (const StatusWord *found = vocabulary->words; found->word != NULL; found++)
	{
		const char *canonical;

		if (strlen(found->word) != len || memcmp(found->word, word, len) != 0)
			continue;
		canonical = status_word(found->status);
		record_add_status(builder, member->field, canonical, strlen(canonical));
		if (strcmp(vocabulary->written[found->status], found->word) != 0)
			record_add_text(builder, source_status, word, len);
		return;
	}

	if (vocabulary->closed && !context->options->keep_unknown_words)
	{
		report_status_word(context, node, vocabulary);
		return;
	}

	/*
	 * Not a word of the vocabulary: kept as it is.  A closed one has it only
	 * because this document has.
	 */
	known = status_from_word(word, len) != STATUS_NONE;
	record_add_status(builder, member->field, word, len);
	if (vocabulary->closed || known)
		record_add_text(builder, source_status, word, len);
	if (!known && context->sink->collect)
		check_status_case(context, node, vocabulary, word, len);
}

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
		problem_error(context->sink, node, PROBLEM_BAD_ID,
					  "must be %s", member->shape_name);
	else
		problem_warning(context->sink, node, PROBLEM_BAD_ID,
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
		problem_error(context->sink, node, PROBLEM_TOO_LONG,
					  "must not be longer than %d characters",
					  member->max_length);
	if (member->field != FIELD_NONE)
		record_add_text(builder, member->field, text, len);
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
		problem_error_literal(context->sink, node, PROBLEM_BAD_INSTANT,
							  "must be a date such as 2024-12-31");
	else
		record_add_date(builder, member->field, date);
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
				problem_error_literal(context->sink, node, PROBLEM_OUT_OF_RANGE,
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
		problem_error_literal(context->sink, node, PROBLEM_MALFORMED,
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
		(strlen(member->constant) != len ||
		 memcmp(member->constant, text, len) != 0))
		problem_error(context->sink, node, PROBLEM_BAD_VALUE,
					  "must be \"%s\"", member->constant);
}

static void
read_source(ReadContext *context, const Member *member, JsonNode *node,
			RecordBuilder *builder)
{
	const char *text;
	size_t		len;
	const Format *source;

	if (!read_string(context, node, &text, &len))
		return;
	source = format_by_name(text, len);
	if (source == NULL || source->record != context->format->record)
		problem_error_literal(context->sink, node, PROBLEM_BAD_VALUE,
							  "must be the name of a format");
	else
		builder->source = source->code;
}

/*
 * The member of this name.  Documents have their members in the order of the
 * table as good as always, so the search starts where the last one ended.
 */
static inline int
find_member(const MemberTable *table, int next, const char *name)
{
	size_t		len = strlen(name);

	for (int n = 0; n < table->count; n++)
	{
		int			i = next + n < table->count ? next + n :
		next + n - table->count;
		const Member *member = &table->members[i];

		if (member->name_len == len && memcmp(member->name, name, len) == 0)
			return i;
	}
	return -1;
}

/* ---------------------------------------------------------------------
 * unknown members
 * ---------------------------------------------------------------------
 */

/* Keep a member that no field takes, to the letter. */
static void
keep_unknown(ReadContext *context, JsonNode *node, StringInfo kept)
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
		problem_error_literal(context->sink, node, PROBLEM_MALFORMED,
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

	if (json_node_type(node) != JSON_TYPE_OBJECT)
	{
		report_type(context, node, "must be an object");
		return;
	}
	json_members_begin(&by_format, node);
	while (json_members_next(&by_format, &of_format))
	{
		const Format *format = format_by_name(of_format.name,
											  strlen(of_format.name));
		const MemberTable *table;
		JsonMembers members;
		JsonNode	unknown;

		if (format == NULL)
		{
			problem_error_literal(context->sink, &of_format, PROBLEM_UNKNOWN_MEMBER,
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
				find_member(table, 0, unknown.name) >= 0)
				problem_error(context->sink, &unknown, PROBLEM_UNKNOWN_MEMBER,
							  "is a known member of the format");
			else
				keep_unknown(context, &unknown, &kept[format->code]);
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

/* ---------------------------------------------------------------------
 * objects
 * ---------------------------------------------------------------------
 */

static void
read_member(ReadContext *context, const Member *member,
			const MemberTable *table, JsonNode *node, RecordBuilder *builder)
{
	int64		integer;
	TimestampTz instant;
	const char *text;
	size_t		len;

	if (json_node_type(node) == JSON_TYPE_NULL)
	{
		if (member->flags & MEMBER_NOT_NULL)
			problem_error_literal(context->sink, node, PROBLEM_NULL_NOT_ALLOWED,
								  "must not be null");
		else if (member->flags & MEMBER_EXPECTED)
			problem_warning_literal(context->sink, node, PROBLEM_NULL_NOT_ALLOWED,
									"should not be null");
		if (member->style == STYLE_SOURCE)
			builder->source = 0;
		else if (member->style == STYLE_UNKNOWN)
			record_remove(builder, member->field);
		else if (member->field != FIELD_NONE)
			record_add_null(builder, member->field);
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
			if (read_integer(context, node, &integer))
				record_add_integer(builder, member->field, integer);
			break;
		case STYLE_DIGITS:
			if (read_digits(context, node, &integer))
				record_add_integer(builder, member->field, integer);
			break;
		case STYLE_INSTANT:
		case STYLE_INSTANT_MILLIS:
			if (read_instant_text(context, node, &instant))
				record_add_instant(builder, member->field, instant);
			break;
		case STYLE_EPOCH_MILLIS:
			if (read_instant_number(context, node, INSTANT_MILLISECONDS,
									&instant))
				record_add_instant(builder, member->field, instant);
			break;
		case STYLE_EPOCH_SECONDS:
			if (read_instant_number(context, node, INSTANT_SECONDS, &instant))
				record_add_instant(builder, member->field, instant);
			break;
		case STYLE_EPOCH_DIGITS:
			if (read_instant_digits(context, node, &instant))
				record_add_instant(builder, member->field, instant);
			break;
		case STYLE_DATE:
			read_date(context, member, node, builder);
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
		case STYLE_LENGTH:
			/* read_finish_times() puts it where it belongs */
			if (!read_integer(context, node, &integer))
				break;
			if (integer < 0 || integer > LENGTH_MAX)
				problem_error_literal(context->sink, node, PROBLEM_OUT_OF_RANGE,
									  "is out of range");
			else
				record_add_integer(builder, FIELD_DURATION, integer);
			break;
		case STYLE_SOURCE:
			read_source(context, member, node, builder);
			break;
		case STYLE_UNKNOWN:
			read_unknown(context, member, node, builder);
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
		JsonNode	absent;

		if ((seen[i / 64] >> (i % 64)) & 1)
			continue;
		if (member->style == STYLE_CONSTANT && member->field != FIELD_NONE)
			record_add_boolean(builder, member->field, false);
		if (!(member->flags & (MEMBER_REQUIRED | MEMBER_EXPECTED)) ||
			(brief && !(member->flags & MEMBER_IN_LIST)))
			continue;
		json_node_absent(node, member->name, &absent);
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
	return near.name == NULL ? "is not a known member" :
		psprintf("is not a known member: perhaps \"%s\" is meant", near.name);
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
		int			found = find_member(table, next, child.name);

		if (found >= 0)
		{
			seen[found / 64] |= UINT64CONST(1) << (found % 64);
			next = found + 1 == table->count ? 0 : found + 1;
			read_member(context, &table->members[found], table, &child,
						builder);
		}
		else if (context->request != NULL && node == context->document &&
				 find_member(context->format->table, 0, child.name) >= 0)
			problem_error(context->sink, &child, PROBLEM_UNKNOWN_MEMBER,
						  "cannot be set by a request to %s",
						  context->request->kind);
		else if (context->format->strict || context->request != NULL)
			problem_error_literal(context->sink, &child, PROBLEM_UNKNOWN_MEMBER,
								  near_member(table, child.name));
		else
		{
			problem_warning_literal(context->sink, &child, PROBLEM_UNKNOWN_MEMBER,
									"is not a known member");
			keep_unknown(context, &child, &unknown);
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

/* ---------------------------------------------------------------------
 * documents
 * ---------------------------------------------------------------------
 */

/*
 * Bring start, end and length together: a length without an end gives it, one
 * that is the distance of the two is not kept, and the end has to be after the
 * start.
 */
void
read_finish_times(ReadContext *context, RecordBuilder *builder)
{
	const Member *end_member;
	const RecordEntry *duration = record_entry(builder, FIELD_DURATION);
	const RecordEntry *zone;
	const RecordEntry *end_zone;
	TimestampTz start;
	TimestampTz end;
	bool		has_start;
	bool		has_end;
	JsonNode	node;

	end_member = format_member(context->format->table, FIELD_ENDS_AT);
	if (context->document != NULL)
		json_node_absent(context->document, end_member->name, &node);
	else
	{
		memset(&node, 0, sizeof(node));
		node.name = end_member->name;
	}

	/* the end's zone is the start's, unless it is another one */
	zone = record_entry(builder, FIELD_TIME_ZONE);
	end_zone = record_entry(builder, FIELD_ENDS_AT_TIME_ZONE);
	if (zone != NULL && end_zone != NULL && zone->size == end_zone->size &&
		memcmp(zone->value.data, end_zone->value.data, zone->size) == 0)
		record_remove(builder, FIELD_ENDS_AT_TIME_ZONE);

	has_start = record_entry_instant(builder, FIELD_STARTS_AT, &start);
	has_end = record_entry_instant(builder, FIELD_ENDS_AT, &end);

	if (duration != NULL && !(duration->tag & TAG_NULL))
	{
		int64		minutes;
		int64		length;

		memcpy(&minutes, duration->fixed ? duration->value.bytes :
			   duration->value.data, sizeof(minutes));
		if (minutes < 0 || minutes > LENGTH_MAX)
		{
			node.name = "duration";
			problem_error(context->sink, &node, PROBLEM_OUT_OF_RANGE,
						  "is out of range");
			return;
		}
		if (!has_start)
		{
			/* a request may name the length alone */
			if (end_member->style == STYLE_LENGTH && minutes == 0)
				problem_error_literal(context->sink, &node, PROBLEM_ENDS_BEFORE_START,
									  "must be more than 0");
			return;
		}
		if (end_member->style == STYLE_LENGTH ||
			!record_has(builder, FIELD_ENDS_AT))
		{
			/* an end that is null is one that nobody knows */
			if (end_member->style != STYLE_LENGTH)
				node.name = "duration";
			if (pg_mul_s64_overflow(minutes, USECS_PER_MINUTE, &length) ||
				pg_add_s64_overflow(start, length, &end) ||
				!instant_in_range(end))
			{
				problem_error_literal(context->sink, &node, PROBLEM_OUT_OF_RANGE,
									  "is out of range");
				return;
			}
			has_end = true;
			record_add_instant(builder, FIELD_ENDS_AT, end);
			record_remove(builder, FIELD_DURATION);
		}
		else if (has_end && !pg_mul_s64_overflow(minutes, USECS_PER_MINUTE, &length) &&
				 end - start == length)
			record_remove(builder, FIELD_DURATION);
	}

	if (has_start && has_end && end <= start)
		problem_error_literal(context->sink, &node, PROBLEM_ENDS_BEFORE_START,
							  node.name != end_member->name ||
							  end_member->style == STYLE_LENGTH ?
							  "must be more than 0" : context->skipped_time ?
							  "must be after the start: a local time that the clocks of its zone skip is read as a later one" :
							  "must be after the start");
}

/*
 * What follows from several members of a document, for a record that came
 * about in another way.
 */
void
read_finish(const Format *format, RecordBuilder *builder, ProblemSink *sink)
{
	ReadContext context = {.format = format, .sink = sink};

	if (format->record == RECORD_APPOINTMENT)
		read_finish_times(&context, builder);
}

/* What one call of the walker works on. */
typedef struct DocumentWalk
{
	ReadContext context;
	const Member *member;		/* only this one, or NULL */
	RecordBuilder *builder;
	PackedDocument *result;
} DocumentWalk;

/*
 * Go into {"data": {…}}, if that is what stands there.  A document of its own
 * may have a member of that name, but then it has its anchor, too.
 */
static bool
open_envelope(ReadContext *context, JsonNode *root, JsonNode *document)
{
	JsonMembers members;
	JsonNode	member;
	JsonNode	anchor;
	bool		found = false;

	if (context->format->anchor == NULL ||
		json_node_member(root, context->format->anchor, &anchor))
		return false;
	json_members_begin(&members, root);
	while (json_members_next(&members, &member))
	{
		if (strcmp(member.name, "data") == 0 &&
			json_node_type(&member) == JSON_TYPE_OBJECT)
		{
			*document = member;
			document->path_root = true;
			found = true;
		}
	}
	if (!found)
		return false;

	json_members_begin(&members, root);
	while (json_members_next(&members, &member))
	{
		if (strcmp(member.name, "data") != 0)
			problem_warning_literal(context->sink, &member, PROBLEM_UNKNOWN_MEMBER,
									"stands beside the document and is not kept");
	}
	return true;
}

static void
walk_document(JsonNode *root, void *arg)
{
	DocumentWalk *walk = arg;
	ReadContext *context = &walk->context;
	const Format *format = context->format;
	ProblemSink *sink = context->sink;
	RecordBuilder builder;
	JsonNode	document;
	JsonNode	anchor;

	if (json_node_type(root) != JSON_TYPE_OBJECT)
	{
		problem_error_literal(sink, NULL, PROBLEM_WRONG_TYPE,
							  "the document must be a JSON object");
		return;
	}
	document = *root;
	if (!context->list_item && open_envelope(context, root, &document))
		root = &document;

	if (format->anchor != NULL &&
		!(context->list_item && format->list->brief_items) &&
		!json_node_member(root, format->anchor, &anchor))
	{
		const Format *other;
		bool		list;

		other = recognise_node(root, &list);
		if (other != NULL && (other != format || list))
		{
			problem_error(sink, NULL, PROBLEM_WRONG_DOCUMENT,
						  list ? "the document looks like a list of format \"%s\"" :
						  "the document looks like one of format \"%s\"",
						  other->name);
			return;
		}
	}

	context->document = root;
	record_begin(&builder);
	read_object(context, root, format->table, &builder);
	if (problem_stop(sink))
		return;
	if (format->finish != NULL)
		format->finish(context, &builder);
	if (format->record == RECORD_APPOINTMENT)
		read_finish_times(context, &builder);
	if (problem_stop(sink) || (context->only_validate && !sink->collect))
		return;

	if (format->code != 0)
		builder.source = format->code;
	walk->result = record_build(&builder, format->record);

	/* also what a document with errors holds is looked at as a whole */
	if (sink->collect && format->record == RECORD_APPOINTMENT)
	{
		Record		record;

		record_open(&record, (struct varlena *) walk->result);
		check_document_rules(&record, format, sink);
	}
	if (sink->errors > 0)
		walk->result = NULL;
}

/* Report why a text did not become a tree. */
static void
report_status(ProblemSink *sink, JsonStatus status, size_t position,
			  const JsonLimits *limits)
{
	switch (status)
	{
		case JSON_STATUS_OK:
			break;
		case JSON_STATUS_MALFORMED:
			problem_error(sink, NULL, PROBLEM_MALFORMED,
						  "the text is not JSON from byte %zu on", position + 1);
			break;
		case JSON_STATUS_BYTE_ORDER_MARK:
			problem_error_literal(sink, NULL, PROBLEM_MALFORMED,
								  "the text begins with a byte order mark, which is no part of JSON");
			break;
		case JSON_STATUS_NUL:
			problem_error(sink, NULL, PROBLEM_MALFORMED,
						  "\\u0000 at byte %zu cannot be kept as text", position + 1);
			break;
		case JSON_STATUS_SURROGATE:
			problem_error(sink, NULL, PROBLEM_MALFORMED,
						  "half of a Unicode surrogate pair at byte %zu", position + 1);
			break;
		case JSON_STATUS_ENCODING:
			problem_error_literal(sink, NULL, PROBLEM_MALFORMED,
								  "the text has a byte or character that UTF-8 lacks");
			break;
		case JSON_STATUS_TOO_LONG:
			problem_error(sink, NULL, PROBLEM_TOO_LARGE,
						  "the text is longer than %zu bytes", limits->bytes);
			break;
		case JSON_STATUS_TOO_DEEP:
			problem_error(sink, NULL, PROBLEM_TOO_LARGE,
						  "the text is nested deeper than %d levels", limits->depth);
			break;
		case JSON_STATUS_TOO_MANY:
			problem_error(sink, NULL, PROBLEM_TOO_LARGE,
						  "the text has more than %d values", limits->values);
			break;
		case JSON_STATUS_NO_MEMORY:
			/* malloc's failure is the machine's state, not the text's fault */
			ereport(ERROR,
					(errcode(ERRCODE_OUT_OF_MEMORY),
					 errmsg("out of memory"),
					 errdetail("json-c could not allocate memory for a document.")));
			break;
	}
}

/*
 * Check a text and walk it.  Returns false if it did not become a tree, which
 * the sink knows.
 */
bool
read_text_tree(const char *text, size_t len, bool validated,
			   const JsonLimits *limits, ProblemSink *sink,
			   JsonWalker walker, void *arg)
{
	JsonStatus	status;
	size_t		position;

	status = json_check(text, len, validated, limits, &position);
	if (status == JSON_STATUS_OK)
		status = json_tree_walk(text, len, walker, arg);
	report_status(sink, status, position, limits);
	return status == JSON_STATUS_OK;
}

/*
 * Read a document.  "validated" tells that the server knows the text to be
 * JSON.  Returns NULL if there were errors, which the sink has.
 */
PackedDocument *
read_document(const char *text, size_t len, bool validated,
			  const Format *format, const Options *options, ProblemSink *sink)
{
	DocumentWalk walk = {0};

	walk.context.format = format;
	walk.context.options = options;
	walk.context.sink = sink;
	walk.context.restoring = format->strict;
	read_text_tree(text, len, validated,
				   format->strict ? &canonical_limits : &document_limits,
				   sink, walk_document, &walk);
	return walk.result;
}

/*
 * Look for a document's problems only.
 */
void
validate_document(const char *text, size_t len, bool validated,
				  const Format *format, ProblemSink *sink)
{
	DocumentWalk walk = {0};
	Options		options;

	options_begin(&options);
	walk.context.format = format;
	walk.context.options = &options;
	walk.context.sink = sink;
	walk.context.only_validate = true;
	read_text_tree(text, len, validated, &document_limits, sink, walk_document,
				   &walk);
}

/*
 * Read one item of a list document, which is known to be JSON.
 */
PackedDocument *
read_list_item(const char *text, size_t len, const Format *format,
			   const Options *options, ProblemSink *sink)
{
	DocumentWalk walk = {0};

	walk.context.format = format;
	walk.context.options = options;
	walk.context.sink = sink;
	walk.context.list_item = true;
	read_text_tree(text, len, true, &document_limits, sink, walk_document,
				   &walk);
	return walk.result;
}

static void
walk_field(JsonNode *root, void *arg)
{
	DocumentWalk *walk = arg;
	JsonNode	node = *root;

	/* The path is the field's name. */
	node.name = walk->member->name;
	node.path_root = false;
	read_member(&walk->context, walk->member, walk->context.format->table,
				&node, walk->builder);

	/* the record is built when the tree is gone */
	record_own(walk->builder, walk->member->field);
}

/*
 * Read the value of one field, as canonical JSON has it, into a record in the
 * making.
 */
void
read_field(const char *text, size_t len, bool validated,
		   const Format *format, FieldNumber field,
		   RecordBuilder *builder, ProblemSink *sink)
{
	JsonLimits	limits = canonical_limits;
	Options		options;
	DocumentWalk walk = {0};

	limits.depth--;				/* in the value it stands one level deeper */
	options_begin(&options);
	walk.context.format = format;
	walk.context.options = &options;
	walk.context.sink = sink;
	walk.member = format_member(format->table, field);
	walk.builder = builder;
	Assert(walk.member != NULL);
	read_text_tree(text, len, validated, &limits, sink, walk_field, &walk);
}

/*
 * Step through the items of a list document.  Each is handed on as text, so
 * that a bad one does not stop the rest, and so that no more than one is a
 * tree at a time.  Returns false if the whole is not a list of the format.
 */
bool
read_list(const char *text, size_t len, bool validated, const Format *format,
		  ProblemSink *sink, ListItemReader reader, void *arg)
{
	/* an escape that is bad makes its item bad, not the list */
	JsonLimits	limits = {LIST_BYTES_MAX, JSON_TREE_DEPTH_MAX, INT_MAX, true};
	const ListEnvelope *list = format->list;
	JsonStatus	status;
	JsonScan	scan;
	JsonChild	child;
	JsonSpan	items = {NULL, 0};
	JsonSpan	object = {NULL, 0};
	bool		is_array;
	size_t		position;
	int			count = 0;

	status = json_check(text, len, validated, &limits, &position);
	report_status(sink, status, position, &limits);
	if (status != JSON_STATUS_OK)
		return false;

	if (json_scan_begin(&scan, text, len) == '{')
	{
		while (json_scan_next(&scan, true, &child))
		{
			CHECK_FOR_INTERRUPTS();
			if (json_key_is(&child.key, list->items))
				items = child.value;
			else if (json_key_is(&child.key, "object"))
				object = child.value;
		}
	}
	is_array = items.start != NULL && items.start[0] == '[';
	if (!is_array ||
		(list->object != NULL && object.start != NULL &&
		 object.start[0] != 'n' && !json_key_is(&object, list->object)))
	{
		const Format *other;
		bool		is_list;

		other = recognise(text, len, &is_list);
		if (other != NULL && (other != format || !is_list))
			problem_error(sink, NULL, PROBLEM_WRONG_DOCUMENT,
						  is_list ? "the document looks like a list of format \"%s\"" :
						  "the document looks like a single one of format \"%s\"",
						  other->name);
		else if (is_array)
			problem_error(sink, NULL, PROBLEM_WRONG_DOCUMENT,
						  "the document must be a list: its \"object\" must be \"%s\"",
						  list->object);
		else
			problem_error(sink, NULL, PROBLEM_WRONG_DOCUMENT,
						  "the document must be a list: an object with an array \"%s\"",
						  list->items);
		return false;
	}

	json_scan_begin(&scan, items.start, items.len);
	while (json_scan_next(&scan, false, &child))
	{
		CHECK_FOR_INTERRUPTS();
		if (++count > LIST_ITEMS_MAX)
		{
			problem_error(sink, NULL, PROBLEM_TOO_LARGE,
						  "the list has more than %d items", LIST_ITEMS_MAX);
			return false;
		}
	}

	json_scan_begin(&scan, items.start, items.len);
	for (int i = 0; json_scan_next(&scan, false, &child); i++)
	{
		CHECK_FOR_INTERRUPTS();
		reader(i, child.value.start, child.value.len, arg);
	}
	return true;
}

/*
 * Find out what a text holds: the format that it is to be read in, which is
 * the one that is given or else what it looks like, and whether it is a list.
 * Returns NULL if it is nothing of this type, which the sink knows.
 */
const Format *
read_what(const char *text, size_t len, bool validated, RecordType record,
		  const Format *format, bool *list, ProblemSink *sink)
{
	JsonLimits	limits = {LIST_BYTES_MAX, JSON_TREE_DEPTH_MAX, INT_MAX, true};
	JsonStatus	status;
	size_t		position;

	status = json_check(text, len, validated, &limits, &position);
	report_status(sink, status, position, &limits);
	if (status != JSON_STATUS_OK)
		return NULL;
	if (format != NULL)
	{
		*list = is_list(text, len, format);
		return format;
	}
	format = recognise(text, len, list);
	if (format == NULL)
		problem_error_literal(sink, NULL, PROBLEM_WRONG_DOCUMENT,
							  "the document looks like none of the known formats");
	else if (format->record != record)
	{
		problem_error(sink, NULL, PROBLEM_WRONG_DOCUMENT,
					  "the document looks like one of format \"%s\", which is of type %s",
					  format->name, DOCUMENT_TYPE_NAME(format->record));
		return NULL;
	}
	return format;
}
