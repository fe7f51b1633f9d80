/*-------------------------------------------------------------------------
 *
 * write_document.c
 *		Record -> JSON text, driven by a format's table.
 *
 * Writing never fails.  A member that the value lacks is left out where the
 * value was read from the same format, and else written as the format writes
 * what is absent.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "document/write_document.h"
#include "member/write_member.h"

/* ---------------------------------------------------------------------
 * documents
 * ---------------------------------------------------------------------
 */

static void
context_begin(WriteContext *context, const Record *record,
			  const Format *format, const Options *options,
			  JsonWriter *writer)
{
	context->format = format;
	context->options = options;
	context->document = record;
	context->object = NULL;
	context->writer = writer;
	context->from_source = record->document->source == format->code;
	context->brief = false;
}

/*
 * A guess at how much larger than the value its text is, so that the buffer
 * seldom has to grow.
 */
int
expected_growth(const Format *format)
{
	int			size = 64;

	for (int i = 0; i < format->table->count; i++)
		size += format->table->members[i].key_len + 16;
	return size;
}

/*
 * Write a document, in its envelope if that is asked for.
 */
void
write_document(const Record *record, const Format *format,
			   const Options *options, JsonWriter *writer)
{
	WriteContext context;
	bool		enveloped = options->envelope < 0 ? format->enveloped :
	options->envelope != 0;

	context_begin(&context, record, format, options, writer);
	if (enveloped)
		json_write_literal(writer, "{\"data\":");
	write_object(&context, format->table, record);
	if (enveloped)
		json_write_char(writer, '}');
}

/*
 * Write the value of one field.  Returns false if the record does not have
 * it; an explicit null is null.
 */
bool
write_field(const Record *record, const Format *format, FieldNumber field,
			JsonWriter *writer)
{
	WriteContext context;
	Options		options;
	FieldValue	value;

	if (!record_find(record, field, &value))
		return false;
	options_begin(&options);
	context_begin(&context, record, format, &options, writer);
	context.object = record;
	write_member_value(&context, format_member(format->table, field), &value);
	return true;
}

/* ---------------------------------------------------------------------
 * lists
 * ---------------------------------------------------------------------
 */

/*
 * Begin a list document.  The format and options are borrowed.
 */
void
list_writer_begin(ListWriter *list, const Format *format,
				  const Options *options)
{
	list->format = format;
	list->options = options;
	list->count = 0;
	json_writer_begin(&list->items, 1024);
}

/*
 * Add a document.
 */
void
list_writer_add(ListWriter *list, const Record *record)
{
	const Format *format = list->format;
	WriteContext context;

	context_begin(&context, record, format, list->options, &list->items);
	context.brief = format->list->brief_items;
	json_begin_item(&list->items);
	write_object(&context, format->table, record);
	list->count++;
}

/*
 * Write the whole list.  What was added can be added to afterwards.
 */
void
list_writer_end(const ListWriter *list, JsonWriter *writer)
{
	const ListEnvelope *envelope = list->format->list;

	json_open(writer, '{');
	for (int i = 0; envelope->members[i] != NULL; i++)
	{
		const char *name = envelope->members[i];

		json_write_key(writer, name, strlen(name));
		if (strcmp(name, envelope->items) == 0)
		{
			json_write_char(writer, '[');
			json_write_bytes(writer, list->items.out.data, list->items.out.len);
			json_write_char(writer, ']');
		}
		else if (envelope->object != NULL && strcmp(name, "object") == 0)
			json_write_plain(writer, envelope->object,
							 strlen(envelope->object));
		else
			envelope->write_member(name, list->options, list->count, writer);
	}
	json_close(writer, '}');
}
