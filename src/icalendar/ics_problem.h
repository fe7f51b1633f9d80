/*-------------------------------------------------------------------------
 *
 * ics_problem.h
 *		Problems of an iCalendar text: where, code, severity, message; and
 *		the sink that they go to.
 *
 * A reader keeps the place where it is in the sink.  A message never quotes
 * what stands in the text: it may be somebody's name.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_PROBLEM_H
#define APPOINTMENT_ICS_PROBLEM_H

#include "base/word.h"
#include "recurrence/rrule.h"

/* The codes, for programs: ICS_PROBLEM(symbol, name). */
#define ICS_PROBLEM_CODES \
	ICS_PROBLEM(NO_CALENDAR, "no_calendar") \
	ICS_PROBLEM(TOO_LARGE, "too_large") \
	ICS_PROBLEM(TOO_DEEP, "too_deep") \
	ICS_PROBLEM(TOO_MANY, "too_many") \
	ICS_PROBLEM(MALFORMED_LINE, "malformed_line") \
	ICS_PROBLEM(CONTROL_CHARACTER, "control_character") \
	ICS_PROBLEM(UNCLOSED, "unclosed") \
	ICS_PROBLEM(UNEXPECTED_END, "unexpected_end") \
	ICS_PROBLEM(OUTSIDE, "outside") \
	ICS_PROBLEM(MISSING, "missing") \
	ICS_PROBLEM(REPEATED, "repeated") \
	ICS_PROBLEM(BAD_VALUE, "bad_value") \
	ICS_PROBLEM(BAD_RULE, "bad_rule") \
	ICS_PROBLEM(ENDS_BEFORE_START, "ends_before_start") \
	ICS_PROBLEM(UNKNOWN_ZONE, "unknown_zone") \
	ICS_PROBLEM(UNSUPPORTED, "unsupported")

typedef enum IcsProblemCode
{
#define ICS_PROBLEM(symbol, name) ICS_PROBLEM_##symbol,
	ICS_PROBLEM_CODES
#undef ICS_PROBLEM
	ICS_PROBLEM_CODE_COUNT
} IcsProblemCode;

typedef struct IcsProblem
{
	int			line;			/* counted from 1 */
	const char *component;		/* or NULL */
	const char *property;
	IcsProblemCode code;
	bool		is_error;		/* or a warning */
	const char *message;
} IcsProblem;

/* No text has more; the last one says so. */
#define ICS_MAX_PROBLEMS	10000

typedef struct IcsProblems
{
	bool		collect;		/* or forget all of them */

	/* where the reader is */
	int			line;
	Word		component;		/* in the text; data is NULL for none */
	const char *property;		/* or NULL */

	int			count;
	int			allocated;
	IcsProblem *problems;
} IcsProblems;

extern void ics_problems_begin(IcsProblems *sink, bool collect);
extern void ics_add_problem(IcsProblems *sink, IcsProblemCode code,
							bool is_error, const char *message);
extern void ics_problems_sort(IcsProblems *sink);
extern void ics_limit(IcsProblems *sink, IcsProblemCode code,
					  const char *message);
extern const char *ics_rule_message(const IcsProblems *sink,
									const RRuleFault *fault);
extern const char *ics_problem_code_name(IcsProblemCode code);

/*
 * An error: what it is in is passed over.  A warning: it counts, as far as it
 * can be read.
 */
static inline void
ics_error(IcsProblems *sink, IcsProblemCode code, const char *message)
{
	if (sink->collect)
		ics_add_problem(sink, code, true, message);
}

static inline void
ics_warning(IcsProblems *sink, IcsProblemCode code, const char *message)
{
	if (sink->collect)
		ics_add_problem(sink, code, false, message);
}

#endif							/* APPOINTMENT_ICS_PROBLEM_H */
