/*-------------------------------------------------------------------------
 *
 * json_tree.c
 *		JSON text as a tree: the one place that includes json-c.
 *
 * json-c's dangers, and what contains them here:
 *
 *	- Its parser takes single quotes, NaN and other texts that are not JSON,
 *	  and is not made for a malloc that fails: 0.16 then leaves out members
 *	  and items without a word, or crashes.  So the tree is built here, of a
 *	  text that the server's own parser has accepted, by calls that are all
 *	  checked.
 *	- A tree takes up to 259 times the text's size in memory outside the
 *	  server's contexts.  So json_check() refuses what is beyond the limits
 *	  before.
 *	- Its objects are reference-counted memory that no context frees.  So the
 *	  tree exists only inside json_tree_walk(), which frees it on every way
 *	  out, an error included.
 *	- It has no number but int64 and double, ends names at an embedded NUL and
 *	  keeps no source positions.  So NUL is refused by json_check(), and
 *	  json_node_source() finds the exact text of a value again.
 *	- It speaks UTF-8 only.  So the text is converted before, and what comes
 *	  out of the tree after.
 *
 * Nothing here raises an error for what a text may contain.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>
#include <json-c/json.h>

#include "common/int.h"
#include "miscadmin.h"
#include "utils/float.h"

#include "compat.h"
#include "json/json_tree.h"

/* What the nodes of one tree share. */
struct JsonTree
{
	JsonNode	root;
	JsonSpan	source;			/* the whole text, in UTF-8 */
	bool		all_fit;		/* no number is beyond numeric */
	bool		escapes;		/* there is a backslash in it */
};

static JsonSpan node_span(JsonNode *node);

/* ---------------------------------------------------------------------
 * the tree
 * ---------------------------------------------------------------------
 */

/* A tree while it is built. */
typedef struct TreeBuilder
{
	const char *next;			/* in the text */
	const char *end;
	char	   *names;			/* where the next name of a member goes */
	bool		escapes;		/* there is a backslash in the text */
	bool		all_fit;		/* no number was beyond numeric */
	struct json_object *volatile root;	/* for the error's way out, too */
} TreeBuilder;

/*
 * Put a value where it belongs, before it has children: so everything hangs
 * on the root, and is freed with it.
 */
static bool
add_value(TreeBuilder *builder, struct json_object *parent, const char *name,
		  struct json_object *value)
{
	int			failed = 0;

	if (parent == NULL)
		builder->root = value;
	else if (name == NULL)
		failed = json_object_array_add(parent, value);
	else
		failed = json_object_object_add_ex(parent, name, value,
										   JSON_C_OBJECT_KEY_IS_CONSTANT);
	if (failed != 0)
		json_object_put(value);
	return failed == 0;
}

/*
 * Go past the string that is next, with its quotes.  Returns whether it has an
 * escape; most texts have none at all, and are not looked through again.
 */
static inline bool
take_string(TreeBuilder *builder, JsonSpan *source)
{
	const char *end = builder->end;

	source->start = builder->next;
	if (builder->escapes)
		builder->next = json_skip_string(source->start, end);
	else
	{
		const char *quote = memchr(source->start + 1, '"',
								   end - source->start - 1);

		builder->next = quote == NULL ? end : quote + 1;
	}
	source->len = builder->next - source->start;
	return builder->escapes && memchr(source->start, '\\', source->len) != NULL;
}

static struct json_object *
make_string(TreeBuilder *builder)
{
	JsonSpan	source;
	struct json_object *string;
	char	   *buffer;

	if (!take_string(builder, &source))
		return json_object_new_string_len(source.start + 1,
										  (int) source.len - 2);

	buffer = palloc(source.len);
	string = json_object_new_string_len(buffer,
										(int) json_unescape(&source, buffer));
	pfree(buffer);
	return string;
}

/*
 * A member's name.  It is no longer than its source with the quotes, so all
 * names together are no longer than the text.
 */
static const char *
make_name(TreeBuilder *builder)
{
	JsonSpan	source;
	char	   *name = builder->names;
	size_t		len;

	if (!take_string(builder, &source))
	{
		len = source.len - 2;
		memcpy(name, source.start + 1, len);
	}
	else
		len = json_unescape(&source, name);
	name[len] = '\0';
	builder->names += len + 1;
	return name;
}

/*
 * A number.  If it is not an integer, or too big for one, its value is of no
 * use: the source has it.  One beyond numeric is infinite.
 */
static struct json_object *
make_number(TreeBuilder *builder)
{
	const char *start = builder->next;
	const char *p;
	bool		negative = *start == '-';
	int64		value = 0;		/* negative: there is one more of these */

	builder->next = json_skip_value(start, builder->end);
	for (p = start + negative; p < builder->next; p++)
	{
		bool		whole = *p >= '0' && *p <= '9';

		if (likely(whole) &&
			!pg_mul_s64_overflow(value, 10, &value) &&
			!pg_sub_s64_overflow(value, *p - '0', &value))
			continue;
		if (unlikely(!json_number_fits(start, builder->next - start)))
		{
			builder->all_fit = false;
			return json_object_new_double(get_float8_infinity());
		}
		return whole ? json_object_new_int64(PG_INT64_MIN) :
			json_object_new_double(0);
	}
	if (negative || value == PG_INT64_MIN)
		return json_object_new_int64(value);
	return json_object_new_int64(-value);
}

/*
 * Build the value that is next in the text.  False if there was no memory.
 */
static bool
build_value(TreeBuilder *builder, struct json_object *parent,
			const char *name)
{
	const char *end = builder->end;
	struct json_object *value;
	bool		is_object;

	builder->next = json_skip_blanks(builder->next, end);
	if (builder->next >= end)
		return true;
	switch (*builder->next)
	{
		case '{':
			value = json_object_new_object();
			break;
		case '[':
			value = json_object_new_array();
			break;
		case '"':
			value = make_string(builder);
			return value != NULL && add_value(builder, parent, name, value);
		case 't':
		case 'f':
			value = json_object_new_boolean(*builder->next == 't');
			builder->next = json_skip_value(builder->next, end);
			return value != NULL && add_value(builder, parent, name, value);
		case 'n':
			builder->next = json_skip_value(builder->next, end);
			return add_value(builder, parent, name, NULL);
		default:
			value = make_number(builder);
			return value != NULL && add_value(builder, parent, name, value);
	}

	if (value == NULL || !add_value(builder, parent, name, value))
		return false;
	check_stack_depth();
	is_object = *builder->next++ == '{';
	for (;;)
	{
		const char *child = NULL;

		builder->next = json_skip_blanks(builder->next, end);
		if (builder->next < end && *builder->next == ',')
			builder->next = json_skip_blanks(builder->next + 1, end);
		if (builder->next >= end)
			break;
		if (*builder->next == '}' || *builder->next == ']')
		{
			builder->next++;
			break;
		}
		if (is_object)
		{
			child = make_name(builder);
			builder->next = json_skip_blanks(builder->next, end);
			if (builder->next < end)
				builder->next++;	/* the colon */
		}
		if (!build_value(builder, value, child))
			return false;
	}

	/*
	 * json-c gives every array room for 32, and can take it back since 0.15;
	 * a failure would not matter.
	 */
#if JSON_C_VERSION_NUM >= 0x000F00
	if (!is_object)
		(void) json_object_array_shrink(value, 0);
#endif
	return true;
}

/*
 * Make a tree of a text that json_check() has passed, let the walker have it,
 * and free it, whatever happens.
 */
JsonStatus
json_tree_walk(const char *text, size_t len, JsonWalker walker, void *arg)
{
	JsonTree	tree;
	TreeBuilder builder;
	char	   *names;
	volatile bool complete = false;

	if (!json_to_utf8(&text, &len))
		return JSON_STATUS_ENCODING;

	names = palloc(len + 1);
	builder.next = text;
	builder.end = text + len;
	builder.names = names;
	builder.escapes = memchr(text, '\\', len) != NULL;
	builder.all_fit = true;
	builder.root = NULL;

	PG_TRY();
	{
		complete = build_value(&builder, NULL, NULL);
		if (complete)
		{
			memset(&tree, 0, sizeof(tree));
			tree.root.object = builder.root;
			tree.root.tree = &tree;
			tree.root.path.root = true;
			tree.source.start = text;
			tree.source.len = len;
			tree.all_fit = builder.all_fit;
			tree.escapes = builder.escapes;
			walker(&tree.root, arg);
		}
	}
	PG_FINALLY();
	{
		json_object_put(builder.root);
	}
	PG_END_TRY();
	pfree(names);
	return complete ? JSON_STATUS_OK : JSON_STATUS_NO_MEMORY;
}

JsonType
json_node_type(const JsonNode *node)
{
	switch (json_object_get_type(node->object))
	{
		case json_type_null:
			return JSON_TYPE_NULL;
		case json_type_boolean:
			return JSON_TYPE_BOOLEAN;
		case json_type_double:
		case json_type_int:
			return JSON_TYPE_NUMBER;
		case json_type_object:
			return JSON_TYPE_OBJECT;
		case json_type_array:
			return JSON_TYPE_ARRAY;
		case json_type_string:
			return JSON_TYPE_STRING;
	}
	return JSON_TYPE_NULL;		/* keep compiler quiet */
}

bool
json_node_boolean(const JsonNode *node)
{
	return json_object_get_boolean(node->object);
}

/*
 * The text of a string, which lives as long as the tree or the current memory
 * context.  Returns false if it cannot be had in the server's encoding.
 */
bool
json_node_string(const JsonNode *node, const char **text, size_t *len)
{
	*text = json_object_get_string(node->object);
	*len = json_object_get_string_len(node->object);
	return json_from_utf8(text, len);
}

/*
 * The value of a number that is an integer as it stands.  Returns false if it
 * is not, or if it may be too big: ask for the source then.
 */
bool
json_node_integer(const JsonNode *node, int64 *value)
{
	if (json_object_get_type(node->object) != json_type_int)
		return false;
	*value = json_object_get_int64(node->object);
	return *value != PG_INT64_MAX && *value != PG_INT64_MIN;
}

/*
 * Whether the strings of the node's tree are known to need no escape, as none
 * had one.
 */
bool
json_node_all_plain(const JsonNode *node)
{
	return !node->tree->escapes;
}

/* Whether a number is not beyond what the server's type numeric has. */
bool
json_node_fits(const JsonNode *node)
{
	return json_object_get_type(node->object) != json_type_double ||
		!isinf(json_object_get_double(node->object));
}

/* The same of every number in the node's tree, at no cost. */
bool
json_node_all_fit(const JsonNode *node)
{
	return node->tree->all_fit;
}

int
json_node_length(const JsonNode *array)
{
	return (int) json_object_array_length(array->object);
}

static inline void
make_child(JsonNode *child, JsonNode *parent, struct json_object *object,
		   const char *name, int index)
{
	child->path.parent = &parent->path;
	child->path.name = name;
	child->path.index = index;
	child->path.word = false;
	child->path.root = false;
	child->object = object;
	child->tree = parent->tree;
	child->children = NULL;
}

/*
 * Item number "index" of an array.
 */
void
json_node_item(JsonNode *array, int index, JsonNode *item)
{
	make_child(item, array, json_object_array_get_idx(array->object, index),
			   NULL, index);
}

void
json_members_begin(JsonMembers *members, JsonNode *object)
{
	members->object = object;
	members->next = lh_table_head(json_object_get_object(object->object));
	members->index = 0;
}

/*
 * The next member of an object, in the order of the text.  Of members of the
 * same name there is only the last.
 */
bool
json_members_next(JsonMembers *members, JsonNode *member)
{
	struct lh_entry *entry = members->next;

	if (entry == NULL)
		return false;
	make_child(member, members->object,
			   (struct json_object *) lh_entry_v(entry),
			   (const char *) lh_entry_k(entry), members->index++);
	members->next = lh_entry_next(entry);
	return true;
}

/*
 * A member of an object by its name, which is ASCII.  Its source cannot be
 * asked for.
 */
bool
json_node_member(JsonNode *object, const char *name, JsonNode *member)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object->object, name, &value))
		return false;
	make_child(member, object, value, name, -1);
	return true;
}

/* ---------------------------------------------------------------------
 * source text of the tree
 * ---------------------------------------------------------------------
 */

/* A member while those of the same name are brought together. */
typedef struct NamedChild
{
	JsonChild	child;
	char	   *name;
	size_t		len;
	int			position;
} NamedChild;

static int
compare_named(const void *left, const void *right)
{
	const NamedChild *a = left;
	const NamedChild *b = right;
	int			result = memcmp(a->name, b->name, Min(a->len, b->len));

	if (result != 0)
		return result;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return a->position - b->position;
}

static int
compare_position(const void *left, const void *right)
{
	return ((const NamedChild *) left)->position -
		((const NamedChild *) right)->position;
}

/*
 * Of members with the same name json-c keeps the place of the first and the
 * value of the last; make the source agree.  Returns how many are left.
 */
static int
merge_duplicates(JsonChild *children, int count)
{
	NamedChild *named = palloc_array(NamedChild, count);
	int			kept = 0;

	for (int i = 0; i < count; i++)
	{
		named[i].child = children[i];
		named[i].name = palloc(children[i].key.len);
		named[i].len = json_unescape(&children[i].key, named[i].name);
		named[i].position = i;
	}
	qsort(named, count, sizeof(NamedChild), compare_named);
	for (int i = 0; i < count; i++)
	{
		if (kept > 0 && named[kept - 1].len == named[i].len &&
			memcmp(named[kept - 1].name, named[i].name, named[i].len) == 0)
			named[kept - 1].child = named[i].child;
		else
			named[kept++] = named[i];
	}
	qsort(named, kept, sizeof(NamedChild), compare_position);
	for (int i = 0; i < kept; i++)
		children[i] = named[i].child;
	pfree(named);
	return kept;
}

/*
 * Find where all the children of an object or array stand in the source, in
 * one pass, so that asking for one after the other is not quadratic.
 */
static void
find_children(JsonNode *node)
{
	JsonSpan	span = node_span(node);
	JsonScan	scan;
	JsonChild	child;
	bool		object = json_node_type(node) == JSON_TYPE_OBJECT;
	int			expected;
	int			allocated;
	int			count = 0;

	expected = object ? json_object_object_length(node->object) :
		json_node_length(node);
	allocated = Max(expected, 1);
	node->children = palloc_array(JsonChild, allocated);

	json_scan_begin(&scan, span.start, span.len);
	while (json_scan_next(&scan, object, &child))
	{
		if (count == allocated)
		{
			allocated *= 2;
			node->children = repalloc_array(node->children, JsonChild,
											allocated);
		}
		node->children[count++] = child;
	}
	if (count > expected)
		count = merge_duplicates(node->children, count);
	/* both are of the same text */
	if (unlikely(count != expected))
		elog(ERROR, "source of JSON does not match its tree");
}

static const JsonChild *
node_child(JsonNode *node)
{
	JsonNode   *parent = json_node_parent(node);

	/* a member that was asked for by its name has no place */
	if (unlikely(node->path.index < 0))
		elog(ERROR, "source of a JSON member is not known");
	if (parent->children == NULL)
		find_children(parent);
	return &parent->children[node->path.index];
}

/* The source of a value, without the blanks around it. */
static JsonSpan
node_span(JsonNode *node)
{
	JsonSpan	span;

	check_stack_depth();
	if (node->path.parent != NULL)
		return node_child(node)->value;

	span = node->tree->source;
	while (span.len > 0 && strchr(" \t\n\r", span.start[0]) != NULL)
		span.start++, span.len--;
	while (span.len > 0 && strchr(" \t\n\r", span.start[span.len - 1]) != NULL)
		span.len--;
	return span;
}

/*
 * The exact source text of a value.  Returns false if it cannot be had in the
 * server's encoding.
 */
bool
json_node_source(JsonNode *node, const char **text, size_t *len)
{
	JsonSpan	span = node_span(node);

	*text = span.start;
	*len = span.len;
	return json_from_utf8(text, len);
}

/*
 * The exact source text of a member's key, quotes included, and value.
 */
bool
json_node_member_source(JsonNode *node, const char **key, size_t *key_len,
						const char **value, size_t *value_len)
{
	const JsonChild *child = node_child(node);

	*key = child->key.start;
	*key_len = child->key.len;
	*value = child->value.start;
	*value_len = child->value.len;
	return json_from_utf8(key, key_len) && json_from_utf8(value, value_len);
}
