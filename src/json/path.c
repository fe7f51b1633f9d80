/*-------------------------------------------------------------------------
 *
 * path.c
 *		Where something stands in a document.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "json/json_text.h"
#include "json/json_writer.h"
#include "json/path.h"

/* A name in a path is cut here: it comes from the document. */
#define PATH_NAME_MAX	100

/* Append a name that is a plain word: a.b */
static void
path_append_word(StringInfo path, const char *name, size_t len)
{
	if (path->len > 0)
		appendStringInfoChar(path, '.');
	appendBinaryStringInfo(path, name, (int) len);
}

/*
 * Append a member's name to a path: a.b, or a["b c"] where the name is not a
 * plain word.
 */
static void
path_append_name(StringInfo path, const char *name)
{
	size_t		len = strlen(name);
	bool		word;

	if (!json_from_utf8(&name, &len))
	{
		name = "?";
		len = 1;
	}
	word = len > 0 && len <= PATH_NAME_MAX;
	for (size_t i = 0; i < len && word; i++)
		word = name[i] == '_' || (name[i] >= '0' && name[i] <= '9') ||
			((name[i] | 0x20) >= 'a' && (name[i] | 0x20) <= 'z');

	if (word)
		path_append_word(path, name, len);
	else
	{
		JsonWriter	writer;

		if (len > PATH_NAME_MAX)
			len = pg_mbcliplen(name, (int) len, PATH_NAME_MAX);
		json_writer_begin(&writer, (int) len + 8);
		json_write_char(&writer, '[');
		json_write_string(&writer, name, len);
		json_write_char(&writer, ']');
		appendBinaryStringInfo(path, writer.out.data, writer.out.len);
		pfree(writer.out.data);
	}
}

/*
 * Append a path to a text: claimant.data[2].required.
 */
void
path_append(StringInfo text, const DocumentPath *path)
{
	if (path == NULL || path->root)
		return;
	check_stack_depth();
	path_append(text, path->parent);
	if (path->word)
		path_append_word(text, path->name, strlen(path->name));
	else if (path->name != NULL)
		path_append_name(text, path->name);
	else
	{
		appendStringInfoChar(text, '[');
		enlargeStringInfo(text, MAXINT8LEN + 1);
		text->len += pg_ltoa(path->index, text->data + text->len);
		appendStringInfoChar(text, ']');
	}
}
