/*-------------------------------------------------------------------------
 *
 * busy_to_ics.c
 *		VFREEBUSY: when somebody is busy, as iCalendar.
 *
 * Whatever takes time counts, with its buffers, however many seats there are:
 * nobody is told more than that.  Periods that touch are one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "availability/busy_walk.h"
#include "availability/slot_arguments.h"
#include "base/instant_range.h"
#include "compat.h"
#include "icalendar/ics_call.h"

#define EXPECTED_SIZE	1024

/* The window: cut to what iCalendar can write, in whole seconds. */
static void
window_argument(const RangeType *range, TimestampTz *from, TimestampTz *to)
{
	if (instant_range(range, from, to))
		slot_check_window(from, to);
	else
		*from = *to = 0;
	if (*from >= *to)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("during is empty")));
	*to = content_second_after(*to);
}

/* UID: the same for the same window of the same organizer. */
static void
write_uid(ContentLines *lines, const IcsOptions *options, TimestampTz from,
		  TimestampTz to)
{
	Word		domain = ics_domain(options);

	content_plain(lines, "UID");
	content_literal(lines, "busy-");
	content_instant(lines, from);
	content_literal(lines, "-");
	content_instant(lines, to);
	if (options->organizer_address.data != NULL)
	{
		content_literal(lines, "-");
		content_text(lines, options->organizer_address.data,
					 options->organizer_address.len);
	}
	else if (domain.data != NULL)
	{
		content_literal(lines, "@");
		content_raw(lines, domain.data, domain.len);
	}
	content_end(lines);
}

static void
write_period(ContentLines *lines, TimestampTz from, TimestampTz to)
{
	content_literal(lines, "FREEBUSY;FBTYPE=BUSY:");
	content_instant(lines, from);
	content_literal(lines, "/");
	content_instant(lines, content_second_after(to));
	content_literal(lines, "\r\n");
}

/* The periods, joined and cut to the window. */
static void
write_periods(ContentLines *lines, const Busy *busy, TimestampTz from,
			  TimestampTz to)
{
	BusyWalk	walk;
	BusyPiece	piece;
	TimestampTz starts_at = to;
	TimestampTz ends_at = from;

	busy_walk_begin(&walk, busy, from);
	while (busy_walk_next(&walk, &piece) && piece.starts_at < to)
	{
		CHECK_FOR_INTERRUPTS();
		if (piece.ends_at <= from)
			continue;
		/* what touches in whole seconds is one, too */
		if (starts_at < to &&
			piece.starts_at <= content_second_after(ends_at))
		{
			ends_at = Max(ends_at, piece.ends_at);
			continue;
		}
		if (starts_at < to)
			write_period(lines, starts_at, ends_at);
		starts_at = Max(piece.starts_at, from);
		ends_at = piece.ends_at;
		if (ends_at > to)
			ends_at = to;
	}
	if (starts_at < to)
		write_period(lines, starts_at, Min(ends_at, to));
}

/* (busy, during, options) -> text */
APPOINTMENT_FUNCTION(busy_to_ics);
Datum
busy_to_ics(PG_FUNCTION_ARGS)
{
	const IcsOptions *options;
	ContentLines lines;
	TimestampTz from;
	TimestampTz to;
	Busy		busy;

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	options = ics_options_argument(fcinfo, 2);
	window_argument(PG_GETARG_RANGE_P(1), &from, &to);

	content_begin(&lines, EXPECTED_SIZE);
	ics_calendar_begin(&lines, ICS_PUBLISH, options);
	content_constant(&lines, "BEGIN:VFREEBUSY");
	write_uid(&lines, options, from, to);
	ics_write_stamp(&lines, options);
	content_literal(&lines, "DTSTART:");
	content_instant(&lines, from);
	content_literal(&lines, "\r\nDTEND:");
	content_instant(&lines, to);
	content_literal(&lines, "\r\n");
	ics_write_organizer(&lines, options);
	if (!PG_ARGISNULL(0))
	{
		busy_open(PG_GETARG_BUSY(0), &busy);
		write_periods(&lines, &busy, from, to);
	}
	content_constant(&lines, "END:VFREEBUSY");
	ics_calendar_end(&lines);
	PG_RETURN_TEXT_P(content_result(&lines));
}
