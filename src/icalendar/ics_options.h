/*-------------------------------------------------------------------------
 *
 * ics_options.h
 *		The options of writing iCalendar: a jsonb object.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_OPTIONS_H
#define APPOINTMENT_ICS_OPTIONS_H

#include "pgtime.h"
#include "utils/jsonb.h"

#include "base/instant.h"
#include "base/word.h"

/* Somebody who is written to. */
typedef struct IcsPerson
{
	Word		id;				/* as the appointment has it, or none */
	Word		uri;			/* mailto: and the address */
	Word		name;			/* or none */
} IcsPerson;

/* A member that was not given is none, NULL, negative, or false. */
typedef struct IcsOptions
{
	Word		domain;
	Word		name;			/* of the calendar */
	Word		prodid;
	Word		summary;
	Word		description;
	Word		location;
	Word		url;
	Word		organizer;		/* mailto: and the address */
	Word		organizer_address;
	Word		organizer_name;
	bool		personal;
	bool		series;
	bool		has_stamp;
	bool		has_attendees;
	TimestampTz stamp;
	pg_tz	   *time_zone;
	int			sequence;
	int			refresh;		/* minutes */
	int			alarm;			/* minutes */
	IcsPerson  *attendees;
	int			attendee_count;
	InstantText *exdates;
	int			exdate_count;
} IcsOptions;

extern void ics_options_begin(IcsOptions *options);
extern void ics_options_parse(IcsOptions *options, Jsonb *jsonb);

#endif							/* APPOINTMENT_ICS_OPTIONS_H */
