/*-------------------------------------------------------------------------
 *
 * ics_write_sql.c
 *		The SQL functions that write appointments as iCalendar.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "compat.h"
#include "document/document.h"
#include "icalendar/ics_call.h"
#include "icalendar/ics_feed.h"
#include "icalendar/vtimezone.h"
#include "server/aggregate.h"

/* What most calendars of one appointment have room in. */
#define EXPECTED_SIZE	1024

/* ---------------------------------------------------------------------
 * one appointment
 * ---------------------------------------------------------------------
 */

/* Make sure that what is sent to people says from whom and what of. */
static void
check_message(const IcsEvent *event, IcsMethod method,
			  const IcsOptions *options)
{
	const char *name = method == ICS_REQUEST ? "REQUEST" : "CANCEL";

	if (options->organizer.data == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method %s needs an organizer", name),
				 errdetail("RFC 5546 asks for one."),
				 errhint("Give the option \"organizer\", a mail address.")));
	if (method == ICS_REQUEST && event->status == ICS_CANCELLED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a cancelled appointment cannot be requested"),
				 errhint("Use the method CANCEL.")));
}

static void
check_attendees(IcsMethod method, int count)
{
	if (count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method %s needs an attendee",
						method == ICS_REQUEST ? "REQUEST" : "CANCEL"),
				 errdetail("RFC 5546 asks for one."),
				 errhint("Give the option \"attendees\", an array of mail addresses. Without it they are the attendees whose id is one.")));
}

/*
 * A whole series, by its first; an appointment that is not at a time of its
 * rule was moved, and stands alone.
 */
static int
write_series(ContentLines *lines, const IcsEvent *event,
			 const IcsSeries *series, IcsMethod method,
			 const IcsOptions *options)
{
	RRule		rule;
	TimestampTz last;

	if (series->zone == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("appointment has no time zone"),
				 errdetail("A rule's times are those of a wall clock."),
				 errhint("Give the option \"time_zone\", such as \"Europe/Berlin\".")));
	if (!ics_series_begins(event, series, &rule, &last))
		return ics_write_event(lines, event, method, options);
	vtimezone_write(lines, series->zone, event->starts_at, last);
	return ics_write_series(lines, event, series, &rule, method, options);
}

/* (appointment, method, options) -> text */
APPOINTMENT_FUNCTION(appointment_to_ics);
Datum
appointment_to_ics(PG_FUNCTION_ARGS)
{
	const IcsOptions *options;
	IcsMethod	method;
	IcsEvent	event;
	IcsSeries	series;
	ContentLines lines;
	int			attendees;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	method = ics_method_argument(PG_GETARG_TEXT_PP(1));
	options = ics_options_argument(fcinfo, 2);
	ics_event_open(&event, PG_GETARG_DOCUMENT(0));
	ics_check_start(&event);
	if (event.id.data == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("appointment has no id"),
				 errdetail("A calendar knows by it which event to change or to remove."),
				 errhint("Set the field \"id\".")));
	if (method != ICS_PUBLISH)
		check_message(&event, method, options);

	content_begin(&lines, EXPECTED_SIZE);
	ics_calendar_begin(&lines, method, options);
	if (options->series && ics_series_of(&event, options, &series))
		attendees = write_series(&lines, &event, &series, method, options);
	else
		attendees = ics_write_event(&lines, &event, method, options);
	if (method != ICS_PUBLISH)
		check_attendees(method, attendees);
	ics_calendar_end(&lines);
	PG_RETURN_TEXT_P(content_result(&lines));
}

/* ---------------------------------------------------------------------
 * a feed
 * ---------------------------------------------------------------------
 */

/* (state, value [, options]) -> state */
APPOINTMENT_FUNCTION(appointment_ics_agg_transfn);
Datum
appointment_ics_agg_transfn(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	IcsFeed    *feed;

	feed = PG_ARGISNULL(0) ? NULL : (IcsFeed *) PG_GETARG_POINTER(0);
	if (feed == NULL)
		feed = ics_feed_begin(context, PG_NARGS() > 2 && !PG_ARGISNULL(2) ?
							  PG_GETARG_JSONB_P(2) : NULL);
	if (!PG_ARGISNULL(1))
		ics_feed_add(feed, PG_GETARG_DOCUMENT(1));
	PG_RETURN_POINTER(feed);
}

/* (state) -> text; a feed without events is a calendar, too */
APPOINTMENT_FUNCTION(appointment_ics_agg_finalfn);
Datum
appointment_ics_agg_finalfn(PG_FUNCTION_ARGS)
{
	(void) aggregate_context(fcinfo);
	PG_RETURN_TEXT_P(ics_feed_text(PG_ARGISNULL(0) ?
								   ics_feed_begin(CurrentMemoryContext, NULL) :
								   (IcsFeed *) PG_GETARG_POINTER(0)));
}
