/*-------------------------------------------------------------------------
 *
 * read_text.c
 *		A text becomes a tree of JSON, within limits.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "document/read_text.h"
#include "record/record_build.h"

const JsonLimits document_limits = {4 * 1024 * 1024, 64, 50000, false};
const JsonLimits canonical_limits = {16 * 1024 * 1024, JSON_TREE_DEPTH_MAX, RECORD_LIST_MAX, false};
const JsonLimits list_limits = {64 * 1024 * 1024, JSON_TREE_DEPTH_MAX, INT_MAX, true};

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
 * Check that a text is JSON within limits.  Returns false if it is not, which
 * the sink knows.
 */
bool
check_text(const DocumentText *text, const JsonLimits *limits,
		   ProblemSink *sink)
{
	JsonStatus	status;
	size_t		position;

	status = json_check(text->data, text->len, text->validated, limits,
						&position);
	report_status(sink, status, position, limits);
	return status == JSON_STATUS_OK;
}

/*
 * Check a text and walk it.  Returns false if it did not become a tree, which
 * the sink knows.
 */
bool
read_text_tree(const DocumentText *text, const JsonLimits *limits,
			   ProblemSink *sink, JsonWalker walker, void *arg)
{
	JsonStatus	status;
	size_t		position;

	status = json_check(text->data, text->len, text->validated, limits,
						&position);
	if (status == JSON_STATUS_OK)
		status = json_tree_walk(text->data, text->len, walker, arg);
	report_status(sink, status, position, limits);
	return status == JSON_STATUS_OK;
}
