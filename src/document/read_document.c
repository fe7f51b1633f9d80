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

#include "miscadmin.h"

#include "compat.h"
#include "document/finish_times.h"
#include "document/read_document.h"
#include "document/recognise.h"
#include "document/rules.h"
#include "formats/registry.h"
#include "member/read_member.h"

const JsonLimits document_limits = {4 * 1024 * 1024, 64, 50000, false};
const JsonLimits canonical_limits = {16 * 1024 * 1024, JSON_TREE_DEPTH_MAX, RECORD_LIST_MAX, false};

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
		if (strcmp(member.path.name, "data") == 0 &&
			json_node_type(&member) == JSON_TYPE_OBJECT)
		{
			*document = member;
			document->path.root = true;
			found = true;
		}
	}
	if (!found)
		return false;

	json_members_begin(&members, root);
	while (json_members_next(&members, &member))
	{
		if (strcmp(member.path.name, "data") != 0)
			problem_warning_literal(context->sink, &member.path, PROBLEM_UNKNOWN_MEMBER,
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
	node.path.name = walk->member->name;
	node.path.root = false;
	read_member(&walk->context, walk->member, &node, walk->builder);

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
