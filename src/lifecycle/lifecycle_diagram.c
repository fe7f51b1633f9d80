/*-------------------------------------------------------------------------
 *
 * lifecycle_diagram.c
 *		A life cycle as a state diagram of Mermaid.
 *
 *	stateDiagram-v2
 *		state "pending" as s1
 *		state "cancelled" as s2
 *		[*] --> s1
 *		s1 --> s2 : requires cancellation_reason_id, 1 day before starts_at
 *		s2 --> [*]
 *
 * A status may be any text, so states have ids of their own, and what Mermaid
 * could take for its syntax, for Markdown or for HTML is written as a character
 * code, #35; for "#".
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "lifecycle/lifecycle_cache.h"

/* In the place of a state: the start or, where an arrow leads, the end. */
#define OUTSIDE	(-1)

typedef struct Arrow
{
	int			from;			/* number of a state, or OUTSIDE */
	int			to;
	const LifecycleStep *step;	/* NULL: none, it is the end */
} Arrow;

typedef struct Diagram
{
	const Lifecycle *lifecycle;
	int			state_count;
	Word	   *states;
	int			arrow_count;
	Arrow	   *arrows;
	bool	   *drawn;			/* of each step */
} Diagram;

/* The number of a state, which it gets if it is new. */
static int
diagram_state(Diagram *diagram, Word status)
{
	for (int i = 0; i < diagram->state_count; i++)
	{
		if (word_same_status(diagram->states[i], status))
			return i;
	}
	diagram->states[diagram->state_count] = status;
	return diagram->state_count++;
}

/* Add the steps from a state.  Returns whether there are any. */
static bool
add_arrows(Diagram *diagram, int from)
{
	Word		status = from == OUTSIDE ? WORD_NONE : diagram->states[from];
	bool		any = false;

	for (int i = 0; i < diagram->lifecycle->step_count; i++)
	{
		const LifecycleStep *step = &diagram->lifecycle->steps[i];

		CHECK_FOR_INTERRUPTS();
		if (diagram->drawn[i] || !word_same_status(step->from, status))
			continue;
		diagram->drawn[i] = true;
		diagram->arrows[diagram->arrow_count].from = from;
		diagram->arrows[diagram->arrow_count].to = diagram_state(diagram, step->to);
		diagram->arrows[diagram->arrow_count++].step = step;
		any = true;
	}
	return any;
}

/* A step that nothing leads to, or NULL. */
static const LifecycleStep *
next_undrawn(const Diagram *diagram)
{
	for (int i = 0; i < diagram->lifecycle->step_count; i++)
	{
		if (!diagram->drawn[i])
			return &diagram->lifecycle->steps[i];
	}
	return NULL;
}

/*
 * Put states and steps in the order in which an appointment can get to them,
 * and by the words where that leaves a choice.
 */
static void
lay_out(Diagram *diagram, const Lifecycle *lifecycle)
{
	int			count = lifecycle->step_count;

	diagram->lifecycle = lifecycle;
	diagram->state_count = 0;
	diagram->states = palloc_array(Word, 2 * count);
	diagram->arrow_count = 0;
	diagram->arrows = palloc_array(Arrow, 3 * count);
	diagram->drawn = palloc0_array(bool, count);

	(void) add_arrows(diagram, OUTSIDE);
	for (int i = 0;; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i == diagram->state_count)
		{
			const LifecycleStep *step = next_undrawn(diagram);

			if (step == NULL)
				break;
			(void) diagram_state(diagram, step->from);
		}
		if (!add_arrows(diagram, i))
		{
			Arrow	   *end = &diagram->arrows[diagram->arrow_count++];

			end->from = i;
			end->to = OUTSIDE;
			end->step = NULL;
		}
	}
}

/* Whether a character of a text is a letter or a digit, in any script. */
static inline bool
is_letter(const char *text, uint32 len, uint32 position)
{
	unsigned char c;

	if (position >= len)
		return false;
	c = (unsigned char) text[position];
	return IS_HIGHBIT_SET(c) || (c >= '0' && c <= '9') ||
		(c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/*
 * A text that is only shown.  Letters, digits and spaces mean nothing, and what
 * joins two letters as in "no_show" and "checked-in" does not, either.
 */
static void
append_shown(StringInfo out, const char *text, uint32 len)
{
	for (uint32 i = 0; i < len; i++)
	{
		bool		joins = (text[i] == '_' || text[i] == '-') && i > 0 &&
		is_letter(text, len, i - 1) && is_letter(text, len, i + 1);

		if (joins || (text[i] == ' ' && i > 0) || is_letter(text, len, i))
			appendStringInfoChar(out, text[i]);
		else
			appendStringInfo(out, "#%d;", (unsigned char) text[i]);
	}
}

/* How long before, whatever the setting IntervalStyle. */
static void
append_notice(StringInfo out, const Interval *notice)
{
	struct pg_itm itm;
	char		text[MAXDATELEN + 1] = "infinity";

	if (!INTERVAL_NOT_FINITE(notice))
	{
		interval2itm(*notice, &itm);
		EncodeInterval(&itm, INTSTYLE_POSTGRES, text);
	}
	append_shown(out, text, strlen(text));
}

/* What a step needs, as the label of its arrow. */
static void
append_label(StringInfo out, const LifecycleStep *step)
{
	const char *separator = " : requires ";

	for (int i = 0; i < step->required_count; i++)
	{
		appendStringInfoString(out, separator);
		append_shown(out, step->required[i], strlen(step->required[i]));
		separator = " and ";
	}
	separator = step->required_count == 0 ? " : " : ", ";
	if (step->not_after != FIELD_NONE)
	{
		const char *limit = field_by_number(step->not_after)->name;

		appendStringInfoString(out, separator);
		if (step->notice != NULL)
			append_notice(out, step->notice);
		appendStringInfo(out, "%s %s",
						 step->notice == NULL ? "not after" : " before", limit);
		separator = ", ";
	}
	if (step->exempt != NULL)
	{
		appendStringInfo(out, "%slater by ", separator);
		append_shown(out, step->exempt, strlen(step->exempt));
	}
}

static void
append_state(StringInfo out, int state)
{
	if (state == OUTSIDE)
		appendStringInfoString(out, "[*]");
	else
		appendStringInfo(out, "s%d", state + 1);
}

/* (lifecycle) -> text */
APPOINTMENT_FUNCTION(appointment_lifecycle_diagram);
Datum
appointment_lifecycle_diagram(PG_FUNCTION_ARGS)
{
	Diagram		diagram;
	StringInfoData out;

	lay_out(&diagram, lifecycle_argument(fcinfo, 0));
	initStringInfo(&out);
	appendStringInfoString(&out, "stateDiagram-v2\n");
	for (int i = 0; i < diagram.state_count; i++)
	{
		appendStringInfoString(&out, "    state \"");
		append_shown(&out, diagram.states[i].data, diagram.states[i].len);
		appendStringInfoString(&out, "\" as ");
		append_state(&out, i);
		appendStringInfoChar(&out, '\n');
	}
	for (int i = 0; i < diagram.arrow_count; i++)
	{
		const Arrow *arrow = &diagram.arrows[i];

		appendStringInfoString(&out, "    ");
		append_state(&out, arrow->from);
		appendStringInfoString(&out, " --> ");
		append_state(&out, arrow->to);
		if (arrow->step != NULL)
			append_label(&out, arrow->step);
		appendStringInfoChar(&out, '\n');
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}
