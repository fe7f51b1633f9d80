/*-------------------------------------------------------------------------
 *
 * json_tree.h
 *		JSON text as a tree of json-c's: made, walked, freed.
 *
 * The tree lives only while json_tree_walk runs; what a walker wants to keep
 * it copies.  Texts are in the server's encoding on both sides.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_JSON_TREE_H
#define APPOINTMENT_JSON_TREE_H

#include "json/json_text.h"
#include "json/path.h"

struct json_object;

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

/*
 * A value of the tree and how one came to it.  Lives on the walker's stack.
 */
typedef struct JsonNode
{
	DocumentPath path;			/* its parent is that of a node, too */
	struct json_object *object; /* json-c's; NULL is null */
	JsonTree   *tree;
	JsonChild  *children;		/* made when the source is asked for */
} JsonNode;

StaticAssertDecl(offsetof(JsonNode, path) == 0,
				 "a path of a node is where the node is");

/* The object or array that a node stands in; NULL of the whole. */
static inline JsonNode *
json_node_parent(const JsonNode *node)
{
	return (JsonNode *) unconstify(DocumentPath *, node->path.parent);
}

/* Steps through the members of an object. */
typedef struct JsonMembers
{
	JsonNode   *object;
	void	   *next;			/* json-c's */
	int			index;
} JsonMembers;

typedef void (*JsonWalker) (JsonNode *root, void *arg);

extern JsonStatus json_tree_walk(const char *text, size_t len,
								 JsonWalker walker, void *arg);

extern JsonType json_node_type(const JsonNode *node);
extern bool json_node_boolean(const JsonNode *node);
extern bool json_node_string(const JsonNode *node,
							 const char **text, size_t *len);
extern bool json_node_integer(const JsonNode *node, int64 *value);
extern bool json_node_fits(const JsonNode *node);
extern bool json_node_all_fit(const JsonNode *node);
extern bool json_node_all_plain(const JsonNode *node);
extern bool json_node_source(JsonNode *node, const char **text, size_t *len);
extern bool json_node_member_source(JsonNode *node, const char **key,
									size_t *key_len, const char **value,
									size_t *value_len);

extern int	json_node_length(const JsonNode *array);
extern void json_node_item(JsonNode *array, int index, JsonNode *item);
extern bool json_node_member(JsonNode *object, const char *name,
							 JsonNode *member);
extern void json_members_begin(JsonMembers *members, JsonNode *object);
extern bool json_members_next(JsonMembers *members, JsonNode *member);

#endif							/* APPOINTMENT_JSON_TREE_H */
