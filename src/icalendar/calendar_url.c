/*-------------------------------------------------------------------------
 *
 * calendar_url.c
 *		Pages of calendar services that add an appointment.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "compat.h"
#include "document/document.h"
#include "icalendar/ics_call.h"
#include "icalendar/uri_text.h"

/* How a service wants the times. */
typedef enum ServiceTimes
{
	TIMES_ONE,					/* 20260504T090000Z/20260504T093000Z */
	TIMES_BASIC,				/* 20260504T090000Z each */
	TIMES_EXTENDED,				/* 2026-05-04T09:00:00Z each */
} ServiceTimes;

typedef struct CalendarService
{
	const char *name;
	const char *page;			/* with the beginning of the query */
	const char *summary;
	ServiceTimes times;
	const char *start;
	const char *end;
	const char *description;
	const char *location;
} CalendarService;

static const CalendarService services[] = {
	{"google",
		"https://calendar.google.com/calendar/render?action=TEMPLATE",
	"text", TIMES_ONE, "dates", NULL, "details", "location"},
	{"outlook",
		"https://outlook.live.com/calendar/0/deeplink/compose?path=%2Fcalendar%2Faction%2Fcompose&rru=addevent",
	"subject", TIMES_EXTENDED, "startdt", "enddt", "body", "location"},
	{"office365",
		"https://outlook.office.com/calendar/0/deeplink/compose?path=%2Fcalendar%2Faction%2Fcompose&rru=addevent",
	"subject", TIMES_EXTENDED, "startdt", "enddt", "body", "location"},
	{"yahoo",
		"https://calendar.yahoo.com/?v=60",
	"title", TIMES_BASIC, "st", "et", "desc", "in_loc"},
};

static const CalendarService *
service_argument(const text * argument)
{
	const char *name = VARDATA_ANY(argument);
	size_t		len = VARSIZE_ANY_EXHDR(argument);
	StringInfoData known;

	for (int i = 0; i < (int) lengthof(services); i++)
	{
		if (word_is(services[i].name, name, len))
			return &services[i];
	}
	initStringInfo(&known);
	for (int i = 0; i < (int) lengthof(services); i++)
		appendStringInfo(&known, "%s%s", i == 0 ? "" : ", ", services[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown calendar service%s", quoted_name(name, len, "")),
			 errhint("The services are: %s.", known.data)));
	return NULL;				/* keep compiler quiet */
}

static void
append_parameter(ContentLines *url, const char *name, Word value)
{
	if (value.data == NULL)
		return;
	appendStringInfo(&url->out, "&%s=", name);
	uri_append_component(&url->out, value.data, value.len);
}

static void
append_extended(ContentLines *url, const char *name, TimestampTz instant)
{
	char		text[INSTANT_MAXLEN];
	Word		word = {text, instant_format(instant, 0, text)};

	append_parameter(url, name, word);
}

/* Whole seconds, so that there is no fraction to write. */
static void
append_times(ContentLines *url, const CalendarService *service,
			 const IcsEvent *event)
{
	TimestampTz starts_at = event->starts_at;
	TimestampTz ends_at = event->has_end ?
	content_second_after(event->ends_at) : starts_at;

	if (service->times == TIMES_EXTENDED)
	{
		starts_at = content_second_of(starts_at);
		if (!event->has_end)
			ends_at = starts_at;
		append_extended(url, service->start, starts_at);
		append_extended(url, service->end, ends_at);
		return;
	}
	appendStringInfo(&url->out, "&%s=", service->start);
	content_instant(url, starts_at);
	if (service->times == TIMES_ONE)
		content_literal(url, "/");
	else
		appendStringInfo(&url->out, "&%s=", service->end);
	content_instant(url, ends_at);
}

/* The description, and the page after it, which has no place of its own. */
static Word
described(const IcsEvent *event, const IcsOptions *options)
{
	Word		description = ics_event_description(event, options);
	Word		page = ics_event_url(event, options);
	StringInfoData both;

	if (page.data == NULL)
		return description;
	initStringInfo(&both);
	if (description.data != NULL)
	{
		appendBinaryStringInfo(&both, description.data, (int) description.len);
		appendStringInfoString(&both, "\n\n");
	}
	appendBinaryStringInfo(&both, page.data, (int) page.len);
	return (Word)
	{
		both.data, both.len
	};
}

/* (appointment, service, options) -> text */
APPOINTMENT_FUNCTION(appointment_calendar_url);
Datum
appointment_calendar_url(PG_FUNCTION_ARGS)
{
	const CalendarService *service;
	const IcsOptions *options;
	IcsEvent	event;
	ContentLines url;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	service = service_argument(PG_GETARG_TEXT_PP(1));
	options = ics_options_argument(fcinfo, 2);
	ics_event_open(&event, PG_GETARG_DOCUMENT(0));
	ics_check_start(&event);

	content_begin(&url, 256);
	content_raw(&url, service->page, strlen(service->page));
	append_parameter(&url, service->summary, ics_event_summary(&event, options));
	append_times(&url, service, &event);
	append_parameter(&url, service->description, described(&event, options));
	append_parameter(&url, service->location,
					 ics_event_location(&event, options));
	PG_RETURN_TEXT_P(content_result(&url));
}
