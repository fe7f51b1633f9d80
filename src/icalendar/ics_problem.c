/*-------------------------------------------------------------------------
 *
 * ics_problem.c
 *		Problems of an iCalendar text: where, code, severity, message; and
 *		the sink that they go to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "icalendar/ics_problem.h"

#define FIRST_PROBLEMS	16

void
ics_problems_begin(IcsProblems *sink, bool collect)
{
	memset(sink, 0, sizeof(*sink));
	sink->collect = collect;
	if (collect)
	{
		sink->allocated = FIRST_PROBLEMS;
		sink->problems = palloc_array(IcsProblem, sink->allocated);
	}
}

/* The name of a component as others write it, if it can be one. */
static const char *
component_name(Word name)
{
	char	   *copy;

	if (name.data == NULL)
		return NULL;
	if (name.len == 0 || !name_is_plausible(name.data, name.len))
		return "...";
	copy = pnstrdup(name.data, name.len);
	for (char *p = copy; *p != '\0'; p++)
		*p = (char) pg_ascii_toupper((unsigned char) *p);
	return copy;
}

/*
 * Add a problem at the place where the reader is.  The message is not copied.
 */
void
ics_add_problem(IcsProblems *sink, IcsProblemCode code, bool is_error,
				const char *message)
{
	IcsProblem *problem;

	if (sink->count >= ICS_MAX_PROBLEMS)
		return;
	if (sink->count == sink->allocated)
	{
		sink->allocated *= 2;
		sink->problems = repalloc_array(sink->problems, IcsProblem,
										sink->allocated);
	}
	problem = &sink->problems[sink->count++];
	problem->line = sink->line;
	if (sink->count == ICS_MAX_PROBLEMS)
	{
		problem->component = NULL;
		problem->property = NULL;
		problem->code = ICS_PROBLEM_TOO_MANY;
		problem->is_error = true;
		problem->message = "there are more problems, which are not listed";
		return;
	}
	problem->component = component_name(sink->component);
	problem->property = sink->property;
	problem->code = code;
	problem->is_error = is_error;
	problem->message = message;
}

/*
 * A limit is reached, and nothing more is read: a problem where problems are
 * wanted, or else an exception.
 */
void
ics_limit(IcsProblems *sink, IcsProblemCode code, const char *message)
{
	if (!sink->collect)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("iCalendar text is beyond a limit"),
				 sink->line > 0 ?
				 errdetail("Line %d: %s.", sink->line, message) :
				 errdetail("%s.", message)));
	ics_error(sink, code, message);
}

/* What is wrong with a rule. */
const char *
ics_rule_message(const IcsProblems *sink, const RRuleFault *fault)
{
	if (!sink->collect || fault->detail == NULL)
		return "the rule has a part that is not known";
	return psprintf("the rule cannot be read: %s", fault->detail);
}

/* By line; the one that says that there are more comes last. */
static int
compare_problems(const IcsProblem *a, const IcsProblem *b)
{
	bool		a_last = a->code == ICS_PROBLEM_TOO_MANY && a->component == NULL;
	bool		b_last = b->code == ICS_PROBLEM_TOO_MANY && b->component == NULL;

	if (a_last != b_last)
		return a_last ? 1 : -1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->code < b->code ? -1 : a->code > b->code;
}

#define ST_SORT sort_problems
#define ST_ELEMENT_TYPE IcsProblem
#define ST_COMPARE(a, b) compare_problems(a, b)
#define ST_SCOPE static
#define ST_DECLARE
#define ST_DEFINE
#include "lib/sort_template.h"

void
ics_problems_sort(IcsProblems *sink)
{
	if (sink->count > 1)
		sort_problems(sink->problems, sink->count);
}

const char *
ics_problem_code_name(IcsProblemCode code)
{
	static const char *const names[ICS_PROBLEM_CODE_COUNT] = {
#define ICS_PROBLEM(symbol, name) [ICS_PROBLEM_##symbol] = (name),
		ICS_PROBLEM_CODES
#undef ICS_PROBLEM
	};

	return names[code];
}
