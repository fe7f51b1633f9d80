/*-------------------------------------------------------------------------
 *
 * recognise.c
 *		Which format a document looks like.
 *
 * The formats' tables answer: a document belongs to the format that knows the
 * most of its members, if that is more than half of them and more than any
 * other format knows.  No tree is needed for that, so a text of any size that
 * is JSON will do.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "document/recognise.h"
#include "formats/registry.h"

/* So few members are nobody's signature. */
#define MEMBERS_MIN		3

/* Find a member of an object in valid source text. */
static bool
find_value(const char *text, size_t len, const char *name, JsonSpan *value)
{
	JsonScan	scan;
	JsonChild	child;
	bool		found = false;

	if (json_scan_begin(&scan, text, len) != '{')
		return false;
	while (json_scan_next(&scan, true, &child))
	{
		CHECK_FOR_INTERRUPTS();
		if (json_key_is(&child.key, name))
		{
			*value = child.value;
			found = true;
		}
	}
	return found;
}

/* Of more members no table can know more than half. */
#define MEMBERS_MAX		(2 * RECORD_FIELDS_MAX)

/* The members of an object, as long as they can be somebody's. */
typedef struct ObjectMembers
{
	int			count;
	JsonChild	children[MEMBERS_MAX];
} ObjectMembers;

static bool
collect_members(const char *text, size_t len, ObjectMembers *members)
{
	JsonScan	scan;

	members->count = 0;
	json_scan_begin(&scan, text, len);
	while (members->count < MEMBERS_MAX &&
		   json_scan_next(&scan, true, &members->children[members->count]))
		members->count++;
	return members->count < MEMBERS_MAX;
}

/* How many members of an object the table knows; 0 if it contradicts. */
static int
count_known(const MemberTable *table, const ObjectMembers *members)
{
	int			known = 0;

	for (int n = 0; n < members->count; n++)
	{
		const JsonChild *child = &members->children[n];

		for (int i = 0; i < table->count; i++)
		{
			const Member *member = &table->members[i];

			if (!json_key_is(&child->key, member->name))
				continue;
			/* null is no contradiction: reading may take it */
			if (member->style == STYLE_CONSTANT &&
				child->value.start[0] != 'n' &&
				!json_key_is(&child->value, member->constant))
				return 0;
			known++;
			break;
		}
	}
	return known;
}

static const Format *
recognise_object(const char *text, size_t len)
{
	const Format *best = NULL;
	int			best_known = MEMBERS_MIN - 1;
	ObjectMembers members;

	if (!collect_members(text, len, &members))
		return NULL;
	for (int i = 0; i < format_count; i++)
	{
		int			known = count_known(formats[i]->table, &members);

		if (known * 2 <= members.count || known < best_known)
			continue;
		best = known > best_known ? formats[i] : NULL;
		best_known = known;
	}
	return best;
}

/* Whether an object has exactly the members of a list of none. */
static bool
is_empty_list(const ListEnvelope *list, const char *text, size_t len)
{
	JsonScan	scan;
	JsonChild	child;
	JsonSpan	object;
	int			expected = 0;
	int			found = 0;

	while (list->members[expected] != NULL)
		expected++;
	json_scan_begin(&scan, text, len);
	while (json_scan_next(&scan, true, &child))
	{
		int			i;

		for (i = 0; i < expected; i++)
		{
			if (json_key_is(&child.key, list->members[i]))
				break;
		}
		if (i == expected)
			return false;
		found++;
	}
	return found == expected &&
		(list->object == NULL ||
		 (find_value(text, len, "object", &object) &&
		  json_key_is(&object, list->object)));
}

/*
 * The format of the first item of a list that tells one.  *empty tells
 * whether there is none at all.
 */
static const Format *
recognise_items(const JsonSpan *items, bool *empty)
{
	JsonScan	scan;
	JsonChild	item;

	*empty = true;
	json_scan_begin(&scan, items->start, items->len);
	while (json_scan_next(&scan, false, &item))
	{
		const Format *format;

		CHECK_FOR_INTERRUPTS();
		*empty = false;
		if (item.value.start[0] != '{')
			continue;
		format = recognise_object(item.value.start, item.value.len);
		if (format != NULL)
			return format;
	}
	return NULL;
}

/*
 * The format that a text, which is JSON, looks like, or NULL.  *list tells
 * whether it is a list of such documents.
 */
const Format *
recognise(const char *text, size_t len, bool *list)
{
	const Format *format;
	const char *key = NULL;		/* of the items that were looked at */
	const Format *told = NULL;
	bool		has_items = false;
	bool		empty = false;
	JsonScan	scan;
	JsonSpan	inner;

	*list = false;
	if (json_scan_begin(&scan, text, len) != '{')
		return NULL;

	if (find_value(text, len, "data", &inner) && inner.start[0] == '{')
	{
		format = recognise_object(inner.start, inner.len);
		if (format != NULL)
			return format;
	}

	for (int i = 0; i < format_count; i++)
	{
		/* the analyzer cannot see that the table has no hole */
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
		const ListEnvelope *envelope = formats[i]->list;

		/* most formats have them in a member of the same name */
		if (key == NULL || strcmp(key, envelope->items) != 0)
		{
			key = envelope->items;
			has_items = find_value(text, len, key, &inner) &&
				inner.start[0] == '[';
			if (has_items)
				told = recognise_items(&inner, &empty);
		}
		if (has_items &&
			(empty ? is_empty_list(envelope, text, len) : told == formats[i]))
		{
			*list = true;
			return formats[i];
		}
	}

	return recognise_object(text, len);
}

/*
 * Whether a text, which is JSON, is to be read as a list of a format: it has
 * the array of items, and is no document, which may have a member of that
 * name, too.
 */
bool
is_list(const char *text, size_t len, const Format *format)
{
	JsonSpan	value;

	return find_value(text, len, format->list->items, &value) &&
		value.start[0] == '[' &&
		!(format->anchor != NULL &&
		  find_value(text, len, format->anchor, &value));
}

/*
 * The same for a node of a tree.
 */
const Format *
recognise_node(JsonNode *node, bool *list)
{
	const char *text;
	size_t		len;

	*list = false;
	return json_node_source(node, &text, &len) ?
		recognise(text, len, list) : NULL;
}

/*
 * Find out what a text holds: the format that it is to be read in, which is
 * the one that is given or else what it looks like, and whether it is a list.
 * Returns NULL if it is nothing of this type, which the sink knows.
 */
const Format *
read_what(const DocumentText *text, RecordType record, const Format *format,
		  bool *list, ProblemSink *sink)
{
	if (!check_text(text, &list_limits, sink))
		return NULL;
	if (format != NULL)
	{
		*list = is_list(text->data, text->len, format);
		return format;
	}
	format = recognise(text->data, text->len, list);
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
