/*-------------------------------------------------------------------------
 *
 * json_text.h
 *		JSON as text: checked, limited, stepped through, converted.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_JSON_TEXT_H
#define APPOINTMENT_JSON_TEXT_H

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
	JSON_STATUS_BYTE_ORDER_MARK,
	JSON_STATUS_NUL,			/* \u0000, which no text of the server holds */
	JSON_STATUS_SURROGATE,		/* half of a surrogate pair */
	JSON_STATUS_ENCODING,		/* not valid in the encoding, or not in UTF-8 */
	JSON_STATUS_TOO_LONG,
	JSON_STATUS_TOO_DEEP,
	JSON_STATUS_TOO_MANY,
	JSON_STATUS_NO_MEMORY,
} JsonStatus;

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

/* Stepping through valid source text, without a tree. */
typedef struct JsonScan
{
	const char *next;
	const char *end;
} JsonScan;

extern JsonStatus json_check(const char *text, size_t len, bool validated,
							 const JsonLimits *limits, size_t *position);

extern bool json_text_is_readable(const char *text, size_t len);
extern bool json_to_utf8(const char **text, size_t *len);
extern bool json_from_utf8(const char **text, size_t *len);

/*
 * What follows takes valid JSON only, so it needs no checks but for the end.
 */

static inline const char *
json_skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p;
}

extern const char *json_skip_string(const char *p, const char *end);
extern const char *json_skip_value(const char *p, const char *end);
extern bool json_number_fits(const char *text, size_t len);
extern size_t json_unescape(const JsonSpan *source, char *buffer);

extern char json_scan_begin(JsonScan *scan, const char *text, size_t len);
extern bool json_scan_next(JsonScan *scan, bool object, JsonChild *child);
extern bool json_key_is(const JsonSpan *key, const char *name);

#endif							/* APPOINTMENT_JSON_TEXT_H */
