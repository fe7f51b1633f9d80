/*-------------------------------------------------------------------------
 *
 * compat.h
 *		The one place for differences between PostgreSQL versions.
 *
 * Each entry names the version that made it necessary; an entry goes when
 * the last version that needs it is no longer supported.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_COMPAT_H
#define APPOINTMENT_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "appointment needs PostgreSQL 15 or later"
#endif

/*
 * PostgreSQL 16 builds extensions with hidden visibility and marks what the
 * server looks up; 15 leaves PGDLLEXPORT empty here.
 */
#if PG_VERSION_NUM < 160000
#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))
#endif

/*
 * Declare an SQL-callable function: like PG_FUNCTION_INFO_V1, but the
 * function itself is visible also where the macro does not say so (15).
 */
#define APPOINTMENT_FUNCTION(name) \
	PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
	PG_FUNCTION_INFO_V1(name)

/* The varlena macros left postgres.h with PostgreSQL 16. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* Soft errors came with PostgreSQL 16: before it, an error is raised. */
#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#else
#define errsave(context, ...) ereport(ERROR, __VA_ARGS__)
#define ereturn(context, dummy_value, ...) \
	do { ereport(ERROR, __VA_ARGS__); return dummy_value; } while (0)
#endif

/*
 * The typed allocators came with PostgreSQL 16, and with later minor versions
 * of 15.
 */
#ifndef palloc_object
#define palloc_object(type) ((type *) palloc(sizeof(type)))
#endif
#ifndef palloc0_object
#define palloc0_object(type) ((type *) palloc0(sizeof(type)))
#endif
#ifndef palloc_array
#define palloc_array(type, count) \
	((type *) palloc(sizeof(type) * (count)))
#endif
#ifndef palloc0_array
#define palloc0_array(type, count) \
	((type *) palloc0(sizeof(type) * (count)))
#endif
#ifndef repalloc_array
#define repalloc_array(pointer, type, count) \
	((type *) repalloc(pointer, sizeof(type) * (count)))
#endif

/*
 * A lexer that only validates.  PostgreSQL 17 let the caller bring the
 * context, and gave it something to free.
 */
#if PG_VERSION_NUM >= 170000
#define make_json_lexer(text, len) \
	makeJsonLexContextCstringLen(NULL, text, len, GetDatabaseEncoding(), false)
#define free_json_lexer(lex) freeJsonLexContext(lex)
#else
#define make_json_lexer(text, len) \
	makeJsonLexContextCstringLen(unconstify(char *, text), (int) (len), \
								 GetDatabaseEncoding(), false)
#define free_json_lexer(lex) pfree(lex)
#endif

/*
 * What the JSON parser calls for each member and item: it can say no since
 * PostgreSQL 16.
 */
#if PG_VERSION_NUM >= 160000
#define JSON_ACTION_RESULT		JsonParseErrorType
#define JSON_ACTION_RETURN()	return JSON_SUCCESS
#else
#define JSON_ACTION_RESULT		void
#define JSON_ACTION_RETURN()	return
#endif

/* make_range() learned soft errors with PostgreSQL 16. */
#if PG_VERSION_NUM >= 160000
#define make_range_hard(type, lower, upper) \
	make_range(type, lower, upper, false, NULL)
#else
#define make_range_hard(type, lower, upper) \
	make_range(type, lower, upper, false)
#endif

/*
 * index_beginscan() takes a place for its counters since PostgreSQL 18; it and
 * table_beginscan() take flags since 19.
 */
#if PG_VERSION_NUM >= 190000
#define index_beginscan_compat(heap, index, snapshot, nkeys, norderbys) \
	index_beginscan(heap, index, snapshot, NULL, nkeys, norderbys, SO_NONE)
#define table_beginscan_compat(table, snapshot, nkeys, keys) \
	table_beginscan(table, snapshot, nkeys, keys, SO_NONE)
#elif PG_VERSION_NUM >= 180000
#define index_beginscan_compat(heap, index, snapshot, nkeys, norderbys) \
	index_beginscan(heap, index, snapshot, NULL, nkeys, norderbys)
#define table_beginscan_compat(table, snapshot, nkeys, keys) \
	table_beginscan(table, snapshot, nkeys, keys)
#else
#define index_beginscan_compat(heap, index, snapshot, nkeys, norderbys) \
	index_beginscan(heap, index, snapshot, nkeys, norderbys)
#define table_beginscan_compat(table, snapshot, nkeys, keys) \
	table_beginscan(table, snapshot, nkeys, keys)
#endif

/*
 * A walker of expression trees.  Until PostgreSQL 16 it is declared without
 * parameters, which to C23 is a function that has none.
 */
#if PG_VERSION_NUM >= 160000
#define TREE_WALKER(walker) (walker)
#else
#define TREE_WALKER(walker) ((bool (*) ()) (void *) (walker))
#endif

/* Permissions moved out of range table entries with PostgreSQL 16. */
#if PG_VERSION_NUM >= 160000
#define set_required_perms(query, rte, perms) \
	(addRTEPermissionInfo(&(query)->rteperminfos, rte)->requiredPerms = (perms))
#else
#define set_required_perms(query, rte, perms) \
	((rte)->requiredPerms = (perms))
#endif

/* pg_plan_query() takes the state of EXPLAIN since PostgreSQL 19. */
#if PG_VERSION_NUM >= 190000
#define pg_plan_query_compat(query, source, options, params) \
	pg_plan_query(query, source, options, params, NULL)
#else
#define pg_plan_query_compat(query, source, options, params) \
	pg_plan_query(query, source, options, params)
#endif

/* stringToQualifiedNameList() learned soft errors with PostgreSQL 16. */
#if PG_VERSION_NUM >= 160000
#define qualified_name_list(string) stringToQualifiedNameList(string, NULL)
#else
#define qualified_name_list(string) stringToQualifiedNameList(string)
#endif

/* RestrictSearchPath() came with PostgreSQL 17. */
#if PG_VERSION_NUM < 170000
#include "utils/guc.h"

static inline void
RestrictSearchPath(void)
{
	(void) set_config_option("search_path", "pg_catalog, pg_temp",
							 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
							 true, 0, false);
}
#endif

/* The number of the session's transaction moved with PostgreSQL 17. */
#if PG_VERSION_NUM >= 170000
#define MY_LOCAL_XID	(MyProc->vxid.lxid)
#else
#define MY_LOCAL_XID	(MyProc->lxid)
#endif

/*
 * Infinite intervals came with PostgreSQL 17.  The header that has them then
 * must be read first: it would define the macro again.
 */
#include "datatype/timestamp.h"
#ifndef INTERVAL_NOT_FINITE
#define INTERVAL_NOT_FINITE(interval) false
#endif

/* Virtual generated columns came with PostgreSQL 18. */
#ifndef ATTRIBUTE_GENERATED_VIRTUAL
#define ATTRIBUTE_GENERATED_VIRTUAL 'v'
#endif
#if PG_VERSION_NUM >= 180000
#define expand_virtual_columns(node, relation, varno) \
	expand_generated_columns_in_expr(node, relation, varno)
#else
#define expand_virtual_columns(node, relation, varno) (node)
#endif

/* The attribute moved before the declaration with PostgreSQL 18. */
#ifndef pg_noreturn
#define pg_noreturn pg_attribute_noreturn()
#endif

/*
 * pushJsonbValue() keeps what it builds in a state of its own since PostgreSQL
 * 19.
 */
#if PG_VERSION_NUM < 190000
typedef struct JsonbInState
{
	struct JsonbValue *result;
	struct JsonbParseState *parseState;
} JsonbInState;
#define push_jsonb_value(state, token, value) \
	((state)->result = pushJsonbValue(&(state)->parseState, token, value))
#else
#define push_jsonb_value(state, token, value) \
	pushJsonbValue(state, token, value)
#endif

/* A statement in the place of a comment since PostgreSQL 19. */
#ifndef pg_fallthrough
#define pg_fallthrough __attribute__((fallthrough))
#endif

#endif							/* APPOINTMENT_COMPAT_H */
