/*-------------------------------------------------------------------------
 *
 * problem.h
 *		Problems of a document: path, code, severity, message; and the sink
 *		that they go to.
 *
 * Whoever walks a document reports what it finds and goes on.  The sink
 * either keeps the first error, for an exception, or everything, for rows.
 * A message never quotes a value: it may be somebody's name.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_PROBLEM_H
#define APPOINTMENT_PROBLEM_H

#include "lib/stringinfo.h"

#include "json/path.h"

struct Node;

/*
 * The codes, for programs: PROBLEM(symbol, name).
 */
#define PROBLEM_CODES \
	PROBLEM(MALFORMED, "malformed") \
	PROBLEM(TOO_LARGE, "too_large") \
	PROBLEM(WRONG_DOCUMENT, "wrong_document") \
	PROBLEM(MISSING, "missing") \
	PROBLEM(NULL_NOT_ALLOWED, "null_not_allowed") \
	PROBLEM(WRONG_TYPE, "wrong_type") \
	PROBLEM(OUT_OF_RANGE, "out_of_range") \
	PROBLEM(BAD_INSTANT, "bad_instant") \
	PROBLEM(BAD_ZONE, "bad_zone") \
	PROBLEM(BAD_ID, "bad_id") \
	PROBLEM(BAD_VALUE, "bad_value") \
	PROBLEM(TOO_LONG, "too_long") \
	PROBLEM(UNKNOWN_MEMBER, "unknown_member") \
	PROBLEM(ENDS_BEFORE_START, "ends_before_start") \
	PROBLEM(DURATION_MISMATCH, "duration_mismatch") \
	PROBLEM(ZONED_MISMATCH, "zoned_mismatch") \
	PROBLEM(STATUS_MISMATCH, "status_mismatch") \
	PROBLEM(ORDER_MISMATCH, "order_mismatch") \
	PROBLEM(NOT_APPLICABLE, "not_applicable")

typedef enum ProblemCode
{
#define PROBLEM(symbol, name) PROBLEM_##symbol,
	PROBLEM_CODES
#undef PROBLEM
	PROBLEM_CODE_COUNT
} ProblemCode;

typedef enum ProblemSeverity
{
	PROBLEM_ERROR,
	PROBLEM_WARNING,
} ProblemSeverity;

typedef struct Problem
{
	struct varlena *path_text;	/* claimant.data[2].required; "" is the
								 * document; a value of type text... */
	const char *path;			/* ...and where it begins there, terminated */
	const char *message;		/* reads on from the path: must be a boolean */
	ProblemCode code;
	ProblemSeverity severity;
} Problem;

typedef struct ProblemSink
{
	bool		collect;		/* everything, or only the first error */
	const char *prefix;			/* of all paths, such as data[3]; or NULL */
	int			errors;
	int			count;
	int			allocated;
	Problem    *problems;
	const char *hint;			/* of an exception, or NULL */
	StringInfoData path;		/* one in the making */
} ProblemSink;

extern void problem_sink_begin(ProblemSink *sink, bool collect);
extern void problem_error(ProblemSink *sink, const DocumentPath *at,
						  ProblemCode code, const char *message,...)
			pg_attribute_printf(4, 5);
extern void problem_error_literal(ProblemSink *sink, const DocumentPath *at,
								  ProblemCode code, const char *message);
extern void problem_warning_literal(ProblemSink *sink, const DocumentPath *at,
									ProblemCode code, const char *message);
extern void problem_warning(ProblemSink *sink, const DocumentPath *at,
							ProblemCode code, const char *message,...)
			pg_attribute_printf(4, 5);
extern char *problem_detail(const Problem *problem, const char *format);
extern void problem_raise(const ProblemSink *sink, const char *format,
						  const char *document, struct Node *escontext);
extern const char *problem_code_name(ProblemCode code);
extern const char *problem_severity_name(ProblemSeverity severity);

/* Whether a walker may stop: the exception is certain. */
static inline bool
problem_stop(const ProblemSink *sink)
{
	return sink->errors > 0 && !sink->collect;
}

#endif							/* APPOINTMENT_PROBLEM_H */
