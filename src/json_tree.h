/*-------------------------------------------------------------------------
 *
 * json_tree.h
 *		JSON text as a tree: checked, limited, parsed by json-c, walked, freed.
 *
 * The tree lives only while json_tree_walk runs; what a walker wants to keep
 * it copies.  Texts are in the server's encoding on both sides.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_JSON_TREE_H
#define APPOINTMENT_JSON_TREE_H

struct json_object;

/*
 * What a text may take.  json-c needs up to 259 times the size of a text in
 * memory that no server setting bounds, so this is checked before it runs.
 */
typedef struct JsonLimits
{
	size_t		bytes;
	int			depth;			/* levels of objects and arrays */
	int			values;			/* scalars, objects and arrays, roughly */
	bool		any_escape;		/* what no text can hold is for later */
} JsonLimits;

/* No limit on depth may be larger. */
#define JSON_TREE_DEPTH_MAX		72

/* Why a text did not become a tree. */
typedef enum JsonStatus
{
	JSON_STATUS_OK,
	JSON_STATUS_MALFORMED,
	JSON_STATUS_NUL,			/* \u0000, which no text of the server holds */
	JSON_STATUS_SURROGATE,		/* half of a surrogate pair */
	JSON_STATUS_ENCODING,		/* not valid in the encoding, or not in UTF-8 */
	JSON_STATUS_TOO_LONG,
	JSON_STATUS_TOO_DEEP,
	JSON_STATUS_TOO_MANY,
	JSON_STATUS_NO_MEMORY,
} JsonStatus;

typedef enum JsonType
{
	JSON_TYPE_NULL,
	JSON_TYPE_BOOLEAN,
	JSON_TYPE_NUMBER,
	JSON_TYPE_STRING,
	JSON_TYPE_ARRAY,
	JSON_TYPE_OBJECT,
} JsonType;

typedef struct JsonTree JsonTree;

/* A piece of the source text. */
typedef struct JsonSpan
{
	const char *start;
	size_t		len;
} JsonSpan;

/* Where a child of an object or array stands in the source text. */
typedef struct JsonChild
{
	JsonSpan	key;			/* with its quotes; of an object's member */
	JsonSpan	value;
} JsonChild;

/*
 * A value of the tree and how one came to it, so that it is the path for
 * messages, too.  Lives on the walker's stack.
 */
typedef struct JsonNode
{
	struct json_object *object; /* json-c's; NULL is null */
	struct JsonNode *parent;
	const char *name;			/* of an object's member, as the tree has it */
	int			index;			/* position in the parent */
	bool		path_root;		/* paths start here */
	JsonTree   *tree;
	JsonChild  *children;		/* made when the source is asked for */
} JsonNode;

/* Steps through the members of an object. */
typedef struct JsonMembers
{
	JsonNode   *object;
	void	   *next;			/* json-c's */
	int			index;
} JsonMembers;

typedef void (*JsonWalker) (JsonNode *root, void *arg);

extern JsonStatus json_check(const char *text, size_t len, bool validated,
							 const JsonLimits *limits, size_t *position);
extern bool json_text_is_readable(const char *text, size_t len);
extern JsonStatus json_tree_walk(const char *text, size_t len,
								 JsonWalker walker, void *arg);

extern JsonType json_node_type(const JsonNode *node);
extern bool json_node_boolean(const JsonNode *node);
extern bool json_node_string(const JsonNode *node,
							 const char **text, size_t *len);
extern bool json_node_integer(const JsonNode *node, int64 *value);
extern bool json_node_source(JsonNode *node, const char **text, size_t *len);
extern bool json_node_member_source(JsonNode *node, const char **key,
									size_t *key_len, const char **value,
									size_t *value_len);
extern bool json_node_name(const JsonNode *node,
						   const char **name, size_t *len);

extern int	json_node_length(const JsonNode *array);
extern void json_node_item(JsonNode *array, int index, JsonNode *item);
extern bool json_node_member(JsonNode *object, const char *name,
							 JsonNode *member);
extern void json_node_absent(JsonNode *object, const char *name,
							 JsonNode *member);
extern void json_members_begin(JsonMembers *members, JsonNode *object);
extern bool json_members_next(JsonMembers *members, JsonNode *member);

/* Stepping through valid source text, without a tree. */
typedef struct JsonScan
{
	const char *next;
	const char *end;
} JsonScan;

extern char json_scan_begin(JsonScan *scan, const char *text, size_t len);
extern bool json_scan_next(JsonScan *scan, bool object, JsonChild *child);
extern bool json_key_is(const JsonSpan *key, const char *name);

#endif							/* APPOINTMENT_JSON_TREE_H */
