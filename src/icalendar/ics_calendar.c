/*-------------------------------------------------------------------------
 *
 * ics_calendar.c
 *		VCALENDAR: what stands around components, and what is in all of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/settings.h"
#include "icalendar/ics_calendar.h"

#define PRODID	"-//appointment//appointment for PostgreSQL//EN"

static const char *const method_names[] = {
	[ICS_PUBLISH] = "PUBLISH",
	[ICS_REQUEST] = "REQUEST",
	[ICS_CANCEL] = "CANCEL",
};

/*
 * A property of type TEXT.
 */
void
ics_write_text(ContentLines *lines, const char *property, Word text)
{
	lines->line = lines->out.len;
	content_raw(lines, property, strlen(property));
	content_literal(lines, ":");
	content_text(lines, text.data, text.len);
	content_end(lines);
}

/*
 * The beginning of a calendar.
 *
 * RFC 5546 section 3.2.1 asks for an organizer in what is published.  Without
 * one there is no method: that is a calendar as RFC 5545 has it, which is
 * what people import.
 */
void
ics_calendar_begin(ContentLines *lines, IcsMethod method,
				   const IcsOptions *options)
{
	content_constant(lines, "BEGIN:VCALENDAR\r\nVERSION:2.0");
	if (options->prodid.len > 0)
		ics_write_text(lines, "PRODID", options->prodid);
	else
		content_constant(lines, "PRODID:" PRODID);
	if (method != ICS_PUBLISH || options->organizer.data != NULL)
	{
		content_plain(lines, "METHOD");
		content_raw(lines, method_names[method], strlen(method_names[method]));
		content_end(lines);
	}
	if (options->name.data != NULL)
	{
		ics_write_text(lines, "NAME", options->name);
		ics_write_text(lines, "X-WR-CALNAME", options->name);
	}
	if (options->refresh >= 0)
	{
		content_literal(lines, "REFRESH-INTERVAL;VALUE=DURATION:PT");
		content_integer(lines, options->refresh);
		content_literal(lines, "M\r\nX-PUBLISHED-TTL:PT");
		content_integer(lines, options->refresh);
		content_literal(lines, "M\r\n");
	}
}

void
ics_calendar_end(ContentLines *lines)
{
	content_constant(lines, "END:VCALENDAR");
}

/*
 * DTSTAMP: when the calendar is made.
 */
void
ics_write_stamp(ContentLines *lines, const IcsOptions *options)
{
	content_literal(lines, "DTSTAMP:");
	content_instant(lines, options->has_stamp ? options->stamp : instant_now());
	content_literal(lines, "\r\n");
}

/*
 * ORGANIZER, if there is one.
 */
void
ics_write_organizer(ContentLines *lines, const IcsOptions *options)
{
	if (options->organizer.data == NULL)
		return;
	content_property(lines, "ORGANIZER");
	if (options->organizer_name.data != NULL)
		content_parameter(lines, "CN", options->organizer_name.data,
						  options->organizer_name.len);
	content_value(lines);
	content_raw(lines, options->organizer.data, options->organizer.len);
	content_end(lines);
}

/*
 * The domain of identifiers: the option, else the setting, else none.
 */
Word
ics_domain(const IcsOptions *options)
{
	if (options->domain.data != NULL)
		return options->domain;
	return appointment_calendar_domain == NULL ||
		appointment_calendar_domain[0] == '\0' ? WORD_NONE :
		word_of(appointment_calendar_domain);
}
