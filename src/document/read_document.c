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

#include "document/finish_times.h"
#include "document/read_document.h"
#include "document/recognise.h"
#include "document/rules.h"
#include "formats/registry.h"
#include "member/read_member.h"
#include "record/notice.h"

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
	{
		read_finish_times(context, &builder);
		if (context->options != NULL)
		{
			notice_note(&builder, FIELD_CANCELLATION_NOTICE,
						context->options->cancellation_notice);
			notice_note(&builder, FIELD_RESCHEDULING_NOTICE,
						context->options->rescheduling_notice);
		}
	}
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

/*
 * Read a document.  Returns NULL if there were errors, which the sink has.
 */
PackedDocument *
read_document(const DocumentText *text, const Format *format,
			  const Options *options, ProblemSink *sink)
{
	DocumentWalk walk = {0};

	walk.context.format = format;
	walk.context.options = options;
	walk.context.sink = sink;
	walk.context.restoring = format->strict;
	read_text_tree(text, format->strict ? &canonical_limits : &document_limits,
				   sink, walk_document, &walk);
	return walk.result;
}

/*
 * Look for a document's problems only.
 */
void
validate_document(const DocumentText *text, const Format *format,
				  ProblemSink *sink)
{
	DocumentWalk walk = {0};
	Options		options;

	options_begin(&options);
	walk.context.format = format;
	walk.context.options = &options;
	walk.context.sink = sink;
	walk.context.only_validate = true;
	read_text_tree(text, &document_limits, sink, walk_document, &walk);
}

/*
 * Read one item of a list document.
 */
PackedDocument *
read_list_item(const DocumentText *text, const Format *format,
			   const Options *options, ProblemSink *sink)
{
	DocumentWalk walk = {0};

	walk.context.format = format;
	walk.context.options = options;
	walk.context.sink = sink;
	walk.context.list_item = true;
	read_text_tree(text, &document_limits, sink, walk_document, &walk);
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
read_field(const DocumentText *text, const Format *format, FieldNumber field,
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
	read_text_tree(text, &limits, sink, walk_field, &walk);
}
