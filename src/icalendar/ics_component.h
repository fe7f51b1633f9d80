/*-------------------------------------------------------------------------
 *
 * ics_component.h
 *		The components of an iCalendar text: its events and VFREEBUSYs one by
 *		one, while its zones become known.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_COMPONENT_H
#define APPOINTMENT_ICS_COMPONENT_H

#include "icalendar/ics_entry.h"

/* No text is nested deeper, which it has no reason to be. */
#define ICS_MAX_DEPTH		32

/* No text is longer. */
#define ICS_MAX_TEXT		(64 * 1024 * 1024)

typedef enum IcsComponent
{
	ICS_VCALENDAR,
	ICS_VEVENT,
	ICS_VFREEBUSY,
	ICS_VTIMEZONE,
	ICS_STANDARD,				/* or DAYLIGHT */
	ICS_OTHER_TOP,				/* another one that stands in VCALENDAR */
	ICS_OTHER,
} IcsComponent;

/* The longest name of a component that a message shows, or that counts. */
#define ICS_COMPONENT_NAME	64

typedef struct IcsFrame
{
	IcsComponent kind;
	int			line;			/* of its BEGIN */
	uint32		len;
	char		name[ICS_COMPONENT_NAME];
} IcsFrame;

/* What becomes of the events of a calendar, by its METHOD. */
typedef enum IcsMethodKind
{
	ICS_METHOD_EVENTS,
	ICS_METHOD_CANCEL,
	ICS_METHOD_IGNORE,
} IcsMethodKind;

typedef struct IcsReader
{
	IcsContext	context;
	IcsLines	lines;
	IcsMethodKind method;
	bool		any_calendar;
	bool		outside;		/* was a line outside of calendars, the last? */
	int			depth;
	IcsFrame	frames[ICS_MAX_DEPTH];
	IcsEntry	entry;			/* that was read, or is being read */
	IcsZoneBuilder zone;
} IcsReader;

extern void ics_reader_begin(IcsReader *reader, const char *text, size_t len,
							 const pg_tz *zone, TimestampTz until,
							 bool tentative, IcsProblems *problems);
extern bool ics_reader_next(IcsReader *reader);
extern void ics_reader_again(IcsReader *reader, const char *start,
							 const char *end, int line);

#endif							/* APPOINTMENT_ICS_COMPONENT_H */
