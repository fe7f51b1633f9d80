/*-------------------------------------------------------------------------
 *
 * read_list.c
 *		A list document, item by item.
 *
 * Each item is handed on as text, so that a bad one does not stop the rest, and
 * so that no more than one is a tree at a time.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "document/read_list.h"
#include "document/recognise.h"

/* No list document may have more. */
#define LIST_ITEMS_MAX	100000

/* Report that a text is no list of the format. */
static void
report_no_list(const DocumentText *text, const Format *format, bool is_array,
			   ProblemSink *sink)
{
	const Format *other;
	bool		list;

	other = recognise(text->data, text->len, &list);
	if (other != NULL && (other != format || !list))
		problem_error(sink, NULL, PROBLEM_WRONG_DOCUMENT,
					  list ? "the document looks like a list of format \"%s\"" :
					  "the document looks like a single one of format \"%s\"",
					  other->name);
	else if (is_array)
		problem_error(sink, NULL, PROBLEM_WRONG_DOCUMENT,
					  "the document must be a list: its \"object\" must be \"%s\"",
					  format->list->object);
	else
		problem_error(sink, NULL, PROBLEM_WRONG_DOCUMENT,
					  "the document must be a list: an object with an array \"%s\"",
					  format->list->items);
}

/*
 * Find the items in the envelope.  False if there is no such list, which the
 * sink knows.
 */
static bool
find_items(const DocumentText *text, const Format *format, JsonSpan *items,
		   ProblemSink *sink)
{
	const ListEnvelope *list = format->list;
	JsonScan	scan;
	JsonChild	child;
	JsonSpan	object = {NULL, 0};
	bool		is_array;

	items->start = NULL;
	if (json_scan_begin(&scan, text->data, text->len) == '{')
	{
		while (json_scan_next(&scan, true, &child))
		{
			CHECK_FOR_INTERRUPTS();
			if (json_key_is(&child.key, list->items))
				*items = child.value;
			else if (json_key_is(&child.key, "object"))
				object = child.value;
		}
	}
	is_array = items->start != NULL && items->start[0] == '[';
	if (is_array &&
		(list->object == NULL || object.start == NULL ||
		 object.start[0] == 'n' || json_key_is(&object, list->object)))
		return true;
	report_no_list(text, format, is_array, sink);
	return false;
}

/*
 * Step through the items of a list document.  Returns false if the whole is
 * not a list of the format, which the sink knows.
 */
bool
read_list(const DocumentText *text, const Format *format, ProblemSink *sink,
		  ListItemReader reader, void *arg)
{
	JsonScan	scan;
	JsonChild	child;
	JsonSpan	items;
	int			count = 0;

	if (!check_text(text, &list_limits, sink) ||
		!find_items(text, format, &items, sink))
		return false;

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
