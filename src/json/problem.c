/*-------------------------------------------------------------------------
 *
 * problem.c
 *		Problems of a document, and the sink that they go to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "nodes/nodes.h"

#include "compat.h"
#include "json/json_writer.h"
#include "json/problem.h"

static const char *const code_names[] = {
#define PROBLEM(symbol, name) name,
	PROBLEM_CODES
#undef PROBLEM
};

void
problem_sink_begin(ProblemSink *sink, bool collect)
{
	memset(sink, 0, sizeof(*sink));
	sink->collect = collect;
}

const char *
problem_code_name(ProblemCode code)
{
	return code_names[code];
}

const char *
problem_severity_name(ProblemSeverity severity)
{
	return severity == PROBLEM_ERROR ? "error" : "warning";
}

/* The next problem, without its message. */
static Problem *
problem_add(ProblemSink *sink, const DocumentPath *at, ProblemCode code,
			ProblemSeverity severity)
{
	Problem    *problem;
	char	   *path;
	int			size;

	if (sink->count == sink->allocated)
	{
		if (sink->problems == NULL)
		{
			sink->allocated = sink->collect ? 8 : 1;
			sink->problems = palloc_array(Problem, sink->allocated);
		}
		else
		{
			sink->allocated *= 2;
			sink->problems = repalloc_array(sink->problems, Problem,
											sink->allocated);
		}
	}
	problem = &sink->problems[sink->count++];
	problem->code = code;
	problem->severity = severity;
	if (severity == PROBLEM_ERROR)
		sink->errors++;

	/* thousands of problems may be kept: no slack */
	if (sink->path.data == NULL)
		initStringInfo(&sink->path);
	else
		resetStringInfo(&sink->path);
	if (sink->prefix != NULL)
		appendStringInfoString(&sink->path, sink->prefix);
	path_append(&sink->path, at);
	size = VARHDRSZ + sink->path.len;
	problem->path_text = palloc(size + 1);
	SET_VARSIZE(problem->path_text, size);
	path = VARDATA(problem->path_text);
	memcpy(path, sink->path.data, sink->path.len + 1);
	problem->path = path;
	return problem;
}

static void problem_format(Problem *problem, const char *message, va_list args)
			pg_attribute_printf(2, 0);

static void
problem_format(Problem *problem, const char *message, va_list args)
{
	char		text[512];

	vsnprintf(text, sizeof(text), message, args);
	problem->message = pstrdup(text);
}

/*
 * Report an error at a node, or at the document if it is NULL.  The message
 * reads on from the path.
 */
void
problem_error(ProblemSink *sink, const DocumentPath *at, ProblemCode code,
			  const char *message,...)
{
	va_list		args;

	if (problem_stop(sink))
		return;
	va_start(args, message);
	problem_format(problem_add(sink, at, code, PROBLEM_ERROR), message, args);
	va_end(args);
}

/*
 * The same with a literal, which is neither formatted nor copied.
 */
void
problem_error_literal(ProblemSink *sink, const DocumentPath *at, ProblemCode code,
					  const char *message)
{
	if (!problem_stop(sink))
		problem_add(sink, at, code, PROBLEM_ERROR)->message = message;
}

/*
 * Report a warning, which only a sink that collects keeps.
 */
void
problem_warning(ProblemSink *sink, const DocumentPath *at, ProblemCode code,
				const char *message,...)
{
	va_list		args;

	if (!sink->collect)
		return;
	va_start(args, message);
	problem_format(problem_add(sink, at, code, PROBLEM_WARNING), message, args);
	va_end(args);
}

/*
 * The same with a literal.
 */
void
problem_warning_literal(ProblemSink *sink, const DocumentPath *at,
						ProblemCode code, const char *message)
{
	if (sink->collect)
		problem_add(sink, at, code, PROBLEM_WARNING)->message = message;
}

/*
 * A problem for programs, as one line of JSON: {"format", "path", "code"},
 * without "format" if that is NULL.
 */
char *
problem_detail(const Problem *problem, const char *format)
{
	const char *code = problem_code_name(problem->code);
	JsonWriter	detail;

	json_writer_begin(&detail, 128);
	json_open(&detail, '{');
	if (format != NULL)
	{
		json_write_key(&detail, "format", 6);
		json_write_string(&detail, format, strlen(format));
	}
	json_write_key(&detail, "path", 4);
	json_write_string(&detail, problem->path, strlen(problem->path));
	json_write_key(&detail, "code", 4);
	json_write_string(&detail, code, strlen(code));
	json_close(&detail, '}');
	return json_writer_cstring(&detail);
}

/*
 * Raise the first error, softly if the caller can take that, with
 * problem_detail() as its detail.  document tells what it is: "document" or
 * "update request" of a format, the name of the type for canonical JSON.
 */
void
problem_raise(const ProblemSink *sink, const char *format,
			  const char *document, struct Node *escontext)
{
	const Problem *problem = NULL;
	char	   *what;

	for (int i = 0; i < sink->count && problem == NULL; i++)
	{
		if (sink->problems[i].severity == PROBLEM_ERROR)
			problem = &sink->problems[i];
	}
	Assert(problem != NULL);

	what = format == NULL ? psprintf("input for type %s", document) :
		psprintf("%s %s", format, document);
	errsave(escontext,
			(errcode(problem->code == PROBLEM_TOO_LARGE ?
					 ERRCODE_PROGRAM_LIMIT_EXCEEDED :
					 ERRCODE_INVALID_TEXT_REPRESENTATION),
			 problem->path[0] == '\0' ?
			 errmsg("invalid %s: %s", what, problem->message) :
			 errmsg("invalid %s: \"%s\" %s", what, problem->path,
					problem->message),
			 errdetail_internal("%s", problem_detail(problem, format)),
			 sink->hint != NULL ? errhint("%s", sink->hint) : 0));
}
