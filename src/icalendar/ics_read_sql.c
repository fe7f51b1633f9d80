/*-------------------------------------------------------------------------
 *
 * ics_read_sql.c
 *		SQL functions that read iCalendar texts.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/detoast.h"
#include "utils/builtins.h"

#include "availability/slot_arguments.h"
#include "base/zone.h"
#include "compat.h"
#include "icalendar/ics_busy.h"
#include "server/json_options.h"
#include "server/row_source.h"

/* The options of a call. */
typedef struct ReadOptions
{
	bool		tentative;		/* does what is tentative take its time? */
} ReadOptions;

static void
read_boolean(const JsonOption *option, const JsonbValue *value, void *options)
{
	*JSON_OPTION_MEMBER(option, options, bool) =
		json_option_boolean(option, value);
}

static const JsonOption known_options[] = {
	{"tentative", read_boolean, offsetof(ReadOptions, tentative)},
};

static ReadOptions
options_argument(FunctionCallInfo fcinfo, int n)
{
	ReadOptions options = {.tentative = true};

	if (!PG_ARGISNULL(n))
		json_options_read(PG_GETARG_JSONB_P(n), known_options,
						  lengthof(known_options), &options);
	return options;
}

/* NULL is no zone, and no answer either: nobody would be busy. */
static pg_tz *
zone_of_argument(FunctionCallInfo fcinfo, int n)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("zone must not be null"),
				 errhint("The name of an IANA time zone is needed, such as \"Europe/Berlin\".")));
	return PG_GETARG_ZONE(n);
}

static bool
is_too_large(Datum text)
{
	return toast_raw_datum_size(text) > (Size) ICS_MAX_TEXT + VARHDRSZ;
}

/* (ics, during, zone, options) -> busy */
APPOINTMENT_FUNCTION(busy_from_ics);
Datum
busy_from_ics(PG_FUNCTION_ARGS)
{
	TimestampTz from;
	TimestampTz to;
	pg_tz	   *zone;
	ReadOptions options;
	bool		empty;
	text	   *ics;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	zone = zone_of_argument(fcinfo, 2);
	options = options_argument(fcinfo, 3);
	empty = !slot_window(fcinfo, 1, &from, &to);
	if (empty)
		from = to = 0;
	else
		slot_check_window(&from, &to);
	if (is_too_large(PG_GETARG_DATUM(0)))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("iCalendar text is beyond a limit"),
				 errdetail("The limit is %d bytes.", ICS_MAX_TEXT)));
	ics = PG_GETARG_TEXT_PP(0);
	PG_RETURN_POINTER(ics_busy(VARDATA_ANY(ics), VARSIZE_ANY_EXHDR(ics), from,
							   to, zone, options.tentative));
}

/*----------------------------------------------------------
 * Problems
 *----------------------------------------------------------*/

typedef struct ProblemRows
{
	IcsProblems problems;
	int			next;
} ProblemRows;

static void *
begin_problems(FunctionCallInfo fcinfo, bool copy)
{
	ProblemRows *state;
	pg_tz	   *zone;

	if (PG_ARGISNULL(0))
		return NULL;
	zone = zone_of_argument(fcinfo, 1);
	state = palloc_object(ProblemRows);
	state->next = 0;
	ics_problems_begin(&state->problems, true);
	if (is_too_large(PG_GETARG_DATUM(0)))
		ics_error(&state->problems, ICS_PROBLEM_TOO_LARGE,
				  psprintf("the text is longer than %d bytes", ICS_MAX_TEXT));
	else
	{
		text	   *ics = PG_GETARG_TEXT_PP(0);

		ics_find_problems(VARDATA_ANY(ics), VARSIZE_ANY_EXHDR(ics), zone,
						  &state->problems);
	}
	ics_problems_sort(&state->problems);
	return state;
}

static bool
next_problem(void *rows, Datum *values, bool *nulls)
{
	ProblemRows *state = rows;
	const IcsProblem *problem;

	if (state->next == state->problems.count)
		return false;
	problem = &state->problems.problems[state->next++];
	nulls[0] = problem->line == 0;
	values[0] = Int32GetDatum(problem->line);
	nulls[1] = problem->component == NULL;
	if (!nulls[1])
		values[1] = CStringGetTextDatum(problem->component);
	nulls[2] = problem->property == NULL;
	if (!nulls[2])
		values[2] = CStringGetTextDatum(problem->property);
	values[3] = CStringGetTextDatum(ics_problem_code_name(problem->code));
	values[4] = CStringGetTextDatum(problem->is_error ? "error" : "warning");
	values[5] = CStringGetTextDatum(problem->message);
	return true;
}

static const RowSource problem_rows = {6, begin_problems, next_problem};

/* (ics, zone) -> setof (line, component, property, code, severity, message) */
APPOINTMENT_FUNCTION(ics_problems);
Datum
ics_problems(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, &problem_rows);
}
