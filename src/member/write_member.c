/*-------------------------------------------------------------------------
 *
 * write_member.c
 *		Record -> JSON: one member of a document, and objects of members.
 *
 * Writing never fails.  A member that the value lacks is left out where the
 * value was read from the same format, and else written as the format writes
 * what is absent.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/word.h"
#include "member/write_member.h"

/* ---------------------------------------------------------------------
 * values
 * ---------------------------------------------------------------------
 */

static inline void
put_text(WriteContext *context, const FieldValue *value)
{
	if (value->flags & TAG_PLAIN)
		json_write_plain(context->writer, value->data, value->size);
	else
		json_write_string(context->writer, value->data, value->size);
}

/*
 * An instant as the format has it: truncated to what its service documents,
 * unless it is a document of that service that is given back.
 */
static inline TimestampTz
written_instant(const WriteContext *context, TimestampTz instant)
{
	return context->format->whole_millis && !context->from_source ?
		instant_to_millis(instant) : instant;
}

/* The end: it stays after the start. */
static TimestampTz
written_end(const WriteContext *context, TimestampTz instant)
{
	TimestampTz end = written_instant(context, instant);
	TimestampTz start;

	if (end != instant &&
		document_starts_at(context->document->document, &start) &&
		end <= instant_to_millis(start) &&
		instant_in_range(instant_to_millis(start) + 1000))
		end = instant_to_millis(start) + 1000;
	return end;
}

/*
 * An instant as a string, with as many digits of the second as needed, but at
 * least so many.
 */
void
write_instant(WriteContext *context, TimestampTz instant, int min_digits)
{
	char	   *to = json_reserve(context->writer, INSTANT_MAXLEN + 2);
	int			len = instant_format(written_instant(context, instant),
									 min_digits, to + 1);

	to[0] = '"';
	to[len + 1] = '"';
	context->writer->out.len += len + 2;
}

static void
put_text_list(WriteContext *context, const FieldValue *value)
{
	JsonWriter *writer = context->writer;
	PackedBlock list;
	FieldValue	item;

	list_open(&list, value);
	json_open(writer, '[');
	for (uint32 i = 0; i < list.count; i++)
	{
		list_at(&list, i, &item);
		item.flags |= value->flags & TAG_PLAIN;
		json_begin_item(writer);
		put_text(context, &item);
	}
	json_close(writer, ']');
}

static void
put_record_list(WriteContext *context, const MemberTable *table,
				const FieldValue *value)
{
	JsonWriter *writer = context->writer;
	PackedBlock list;
	FieldValue	item;
	Record		record;

	list_open(&list, value);
	json_open(writer, '[');
	for (uint32 i = 0; i < list.count; i++)
	{
		list_at(&list, i, &item);
		record_open_sub(&record, &item);
		json_begin_item(writer);
		write_object(context, table, &record);
	}
	json_close(writer, ']');
}

/*
 * Whether a source's word stands for a status in canonical JSON, too: it is
 * what canonical JSON, or a row, had in its place.
 */
static bool
is_respelled(const FieldValue *source_word, Status status)
{
	return status != STATUS_NONE &&
		status_from_word(source_word->data, source_word->size) == status &&
		status_is_respelled(source_word->data, source_word->size);
}

/*
 * A status: the word that it was read with, as long as that stands for it,
 * else the word that the format has for it.  Returns whether it was the first.
 */
static bool
put_status(WriteContext *context, FieldNumber source_status,
		   const FieldValue *value)
{
	const StatusVocabulary *vocabulary = context->format->statuses;
	FieldValue	source_word;
	Status		status = field_status(value);

	if (context->from_source && source_status != FIELD_NONE &&
		record_find_value(context->object, source_status, &source_word) &&
		(vocabulary != NULL || is_respelled(&source_word, status)))
	{
		put_text(context, &source_word);
		return true;
	}
	if (status != STATUS_NONE)
	{
		const char *word = vocabulary == NULL ? status_word(status) :
		vocabulary->written[status];

		json_write_plain(context->writer, word, strlen(word));
	}
	else if (vocabulary != NULL && vocabulary->closed)
		json_write_plain(context->writer, vocabulary->fallback,
						 strlen(vocabulary->fallback));
	else
		put_text(context, value);
	return false;
}

/*
 * The members of an object that no field took, to the letter.
 */
void
write_unknown_members(WriteContext *context, const FieldValue *value)
{
	PackedBlock list;

	list_open(&list, value);
	for (uint32 i = 0; i < list.count; i++)
	{
		FieldValue	item;
		const char *members;
		uint32		len;

		list_at(&list, i, &item);
		if (field_unknown(&item, &members, &len) != context->format->code)
			continue;
		json_begin_item(context->writer);
		json_write_bytes(context->writer, members, len);
	}
}

/* ---------------------------------------------------------------------
 * members
 * ---------------------------------------------------------------------
 */

/*
 * The comma that may be due, and the key.
 */
void
write_key(WriteContext *context, const Member *member)
{
	json_begin_member(context->writer, member->key, member->key_len);
}

static void
put_null(WriteContext *context, const Member *member)
{
	write_key(context, member);
	json_write_literal(context->writer, "null");
}

static void
put_empty_list(WriteContext *context, const Member *member)
{
	write_key(context, member);
	json_write_literal(context->writer, "[]");
}

/*
 * A member that the value does not have.
 */
void
write_absent(WriteContext *context, const Member *member)
{
	if (context->from_source && !(member->flags & MEMBER_REQUIRED))
		return;
	if (member->flags & MEMBER_EMPTY_LIST)
		put_empty_list(context, member);
	else if (context->format->absence == ABSENT_IS_NULL)
		put_null(context, member);
}

/*
 * The minutes from the start to the end, as they were given or as they are,
 * rounded to the nearest.  What takes place takes a minute at least: none is
 * what a service, and our own reading of its format, refuses.
 */
static void
write_length(WriteContext *context, const Member *member,
			 const FieldValue *value)
{
	FieldValue	duration;
	TimestampTz start;
	TimestampTz end;
	int64		minutes;

	if (member->field == FIELD_DURATION && value != NULL &&
		!(value->flags & TAG_NULL))
		minutes = field_integer(value);
	else if (document_starts_at(context->document->document, &start) &&
			 document_ends_at(context->document->document, &end))
		minutes = Max((end - start + USECS_PER_MINUTE / 2) / USECS_PER_MINUTE, 1);
	else if (record_find_value(context->document, FIELD_DURATION, &duration))
		minutes = Max(field_integer(&duration), 1);
	else
	{
		if (value != NULL)
			put_null(context, member);
		else
			write_absent(context, member);
		return;
	}
	write_key(context, member);
	json_write_integer(context->writer, minutes);
}

/* The field of a constant tells that its document left it out, or null. */
static void
write_constant(WriteContext *context, const Member *member,
			   const FieldValue *value)
{
	if (value != NULL && context->from_source && !(value->flags & TAG_TRUE))
	{
		if (value->flags & TAG_NULL)
			put_null(context, member);
		return;
	}
	write_key(context, member);
	json_write_plain(context->writer, member->constant,
					 strlen(member->constant));
}

/* A value whose text is made first, and needs no escape. */
static void
put_formatted(WriteContext *context, const Member *member,
			  const FieldValue *value)
{
	char		text[INSTANT_MAXLEN];
	int			len = 0;

	switch ((MemberStyle) member->style)
	{
		case STYLE_EPOCH_DIGITS:
			len = instant_format_epoch(field_instant(value), INSTANT_SECONDS,
									   text);
			break;
		case STYLE_DATE:
			len = date_format(field_date(value), text);
			break;
		case STYLE_LOCAL:
			len = instant_format_wall_clock(field_local(value), text);
			break;
		default:
			Assert(false);
			break;
	}
	json_write_plain(context->writer, text, len);
}

static void
put_epoch_millis(WriteContext *context, const Member *member,
				 const FieldValue *value)
{
	char		text[INSTANT_MAXLEN];
	TimestampTz instant = field_instant(value);
	int			len;

	instant = member->field == FIELD_ENDS_AT ? written_end(context, instant) :
		written_instant(context, instant);
	len = instant_format_epoch(instant, INSTANT_MILLISECONDS, text);
	json_write_bytes(context->writer, text, len);
}

static void
put_record(WriteContext *context, const MemberTable *table,
		   const FieldValue *value)
{
	Record		record;

	record_open_sub(&record, value);
	write_object(context, table, &record);
}

/*
 * A member that the value has, by its style.  What needs room of its own is in
 * functions of their own, so that this one, which is called for nearly every
 * member, has no stack to guard.
 */
static inline void
write_value(WriteContext *context, const Member *member,
			const FieldValue *value)
{
	JsonWriter *writer = context->writer;

	switch ((MemberStyle) member->style)
	{
		case STYLE_TEXT:
		case STYLE_ZONE:
			put_text(context, value);
			break;
		case STYLE_BOOLEAN:
			if (value->flags & TAG_TRUE)
				json_write_literal(writer, "true");
			else
				json_write_literal(writer, "false");
			break;
		case STYLE_INTEGER:
			json_write_integer(writer, field_integer(value));
			break;
		case STYLE_DIGITS:
			json_write_char(writer, '"');
			json_write_integer(writer, field_integer(value));
			json_write_char(writer, '"');
			break;
		case STYLE_INSTANT:
			write_instant(context, field_instant(value), 0);
			break;
		case STYLE_INSTANT_MILLIS:
			write_instant(context, field_instant(value), 3);
			break;
		case STYLE_EPOCH_MILLIS:
			put_epoch_millis(context, member, value);
			break;
		case STYLE_EPOCH_SECONDS:
			json_write_integer(writer,
							   instant_epoch_seconds(field_instant(value)));
			break;
		case STYLE_EPOCH_DIGITS:
		case STYLE_DATE:
		case STYLE_LOCAL:
			put_formatted(context, member, value);
			break;
		case STYLE_STATUS:
		case STYLE_CONSTANT:
		case STYLE_LENGTH:
			Assert(false);		/* write_member() or a hook did them */
			break;
		case STYLE_TEXT_LIST:
			put_text_list(context, value);
			break;
		case STYLE_OBJECT:
			put_record(context, member->members, value);
			break;
		case STYLE_OBJECT_LIST:
			put_record_list(context, member->members, value);
			break;
		case STYLE_JSON_OBJECT:
		case STYLE_JSON_LIST:
			json_write_bytes(writer, value->data, value->size);
			break;
		case STYLE_CUSTOM:
			Assert(member->put != NULL);
			member->put(context, value);
			break;
	}
}

/*
 * Whether a word is one of a closed vocabulary's.  What other formats say it
 * keeps to itself, where it may have nothing to say.
 */
static bool
is_writable(const WriteContext *context, const Member *member,
			const FieldValue *value)
{
	if (member->words == NULL || context->from_source ||
		member->flags & MEMBER_NOT_NULL || value->flags & TAG_NULL)
		return true;
	return word_is_among(member->words, value->data, value->size);
}

/*
 * Write a member by its style, whatever hooks it has.  The value is NULL if
 * the record does not have the field.
 */
void
write_member(WriteContext *context, const Member *member,
			 const FieldValue *value)
{
	if (member->style == STYLE_LENGTH)
		write_length(context, member, value);
	else if (member->style == STYLE_CONSTANT)
		write_constant(context, member, value);
	else if (value == NULL || !is_writable(context, member, value))
		write_absent(context, member);
	else if (value->flags & TAG_NULL)
	{
		if (member->flags & MEMBER_EMPTY_LIST)
			put_empty_list(context, member);
		else
			put_null(context, member);
	}
	else
	{
		write_key(context, member);
		write_value(context, member, value);
	}
}

/*
 * Write the value of a member alone, which the record has; an explicit null is
 * null.
 */
void
write_member_value(WriteContext *context, const Member *member,
				   const FieldValue *value)
{
	if (value->flags & TAG_NULL)
		json_write_literal(context->writer, "null");
	else if (member->style == STYLE_STATUS)
		put_status(context, FIELD_NONE, value);
	else
		write_value(context, member, value);
}

/*
 * Write a member of the two kinds that are most of every document: a text that is
 * taken as it is, and an instant.  Returns false if it is another one.
 */
static inline bool
write_common(WriteContext *context, const Member *member,
			 const FieldValue *value)
{
	if (member->write != NULL || value->flags & TAG_NULL)
		return false;
	if (member->style == STYLE_TEXT && value->flags & TAG_PLAIN &&
		member->words == NULL)
	{
		json_write_plain_member(context->writer, member->key, member->key_len,
								value->data, value->size);
		return true;
	}
	if (member->style == STYLE_INSTANT)
	{
		write_key(context, member);
		write_instant(context, field_instant(value), 0);
		return true;
	}
	return false;
}

/*
 * Write an object by a table.
 */
void
write_object(WriteContext *context, const MemberTable *table,
			 const Record *record)
{
	const Record *outer = context->object;
	JsonWriter *writer = context->writer;
	bool		brief = context->brief && record == context->document;
	RecordIndex index;
	FieldValue	value;

	check_stack_depth();
	context->object = record;
	record_make_index(record, &index);
	json_open(writer, '{');
	for (int i = 0; i < table->count; i++)
	{
		const Member *member = &table->members[i];
		int			position = index.position[member->field];
		const FieldValue *found = NULL;

		if (brief && !(member->flags & MEMBER_IN_LIST))
			continue;
		if (position > 0)
		{
			record_value_at(record, position - 1, member->field, &value);
			if (write_common(context, member, &value))
				continue;

			/* another format's null is nothing here, however that is written */
			if (!(value.flags & TAG_NULL) || context->from_source ||
				context->format->strict || record != context->document)
				found = &value;
		}
		if (member->write != NULL)
			member->write(context, member, found);
		else if (member->style == STYLE_STATUS && found != NULL &&
				 !(value.flags & TAG_NULL))
		{
			FieldNumber source_status = field_source_status(member->field);

			/* a word that is given back needs no member of its own */
			write_key(context, member);
			if (put_status(context, source_status, found))
				index.position[source_status] = 0;
		}
		else
			write_member(context, member, found);
	}
	if (table->unknown != FIELD_NONE && index.position[table->unknown] > 0)
	{
		record_value_at(record, index.position[table->unknown] - 1,
						table->unknown, &value);
		if (!(value.flags & TAG_NULL))
			write_unknown_members(context, &value);
	}
	json_close(writer, '}');
	context->object = outer;
}
