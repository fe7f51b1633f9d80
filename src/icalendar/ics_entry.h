/*-------------------------------------------------------------------------
 *
 * ics_entry.h
 *		One VEVENT or VFREEBUSY (RFC 5545 sections 3.6.1 and 3.6.4), property
 *		by property: when it is, and whether that time is taken.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_ENTRY_H
#define APPOINTMENT_ICS_ENTRY_H

#include "icalendar/ics_lines.h"
#include "icalendar/ics_period.h"
#include "icalendar/ics_problem.h"

/* EXDATE, RDATE and FREEBUSY of one component. */
#define ICS_MAX_DATES		1000000

/* The properties that anybody looks at: ICS_PROPERTY(symbol, name). */
#define ICS_PROPERTIES \
	ICS_PROPERTY(BEGIN, "BEGIN") \
	ICS_PROPERTY(END, "END") \
	ICS_PROPERTY(METHOD, "METHOD") \
	ICS_PROPERTY(UID, "UID") \
	ICS_PROPERTY(DTSTART, "DTSTART") \
	ICS_PROPERTY(DTEND, "DTEND") \
	ICS_PROPERTY(DURATION, "DURATION") \
	ICS_PROPERTY(RRULE, "RRULE") \
	ICS_PROPERTY(RDATE, "RDATE") \
	ICS_PROPERTY(EXDATE, "EXDATE") \
	ICS_PROPERTY(EXRULE, "EXRULE") \
	ICS_PROPERTY(RECURRENCE_ID, "RECURRENCE-ID") \
	ICS_PROPERTY(STATUS, "STATUS") \
	ICS_PROPERTY(TRANSP, "TRANSP") \
	ICS_PROPERTY(BUSYSTATUS, "X-MICROSOFT-CDO-BUSYSTATUS") \
	ICS_PROPERTY(FREEBUSY, "FREEBUSY") \
	ICS_PROPERTY(TZID, "TZID") \
	ICS_PROPERTY(TZOFFSETFROM, "TZOFFSETFROM") \
	ICS_PROPERTY(TZOFFSETTO, "TZOFFSETTO")

typedef enum IcsProperty
{
#define ICS_PROPERTY(symbol, name) ICS_##symbol,
	ICS_PROPERTIES
#undef ICS_PROPERTY
	ICS_PROPERTY_COUNT			/* any other */
} IcsProperty;

#define ICS_BIT(property)	(1U << (property))

typedef struct IcsEntry
{
	bool		is_event;		/* or VFREEBUSY */
	const char *start;			/* of its first line in the text */
	int			line;			/* and its number */
	bool		broken;			/* it is passed over */

	bool		has_uid;
	bool		has_start;
	bool		has_recurrence_id;
	bool		cancelled;
	bool		tentative;
	bool		transparent;
	uint64		uid;			/* a hash of it */
	IcsPeriod	period;
	IcsTime		recurrence_id;

	int			rule_count;
	int			added_count;	/* RDATE, or FREEBUSY */
	int			removed_count;	/* EXDATE */
	int			rules_allocated;
	int			added_allocated;
	int			removed_allocated;
	RRule	   *rules;
	IcsPeriod  *added;
	IcsTime    *removed;
} IcsEntry;

/* What an entry is read with. */
typedef struct IcsContext
{
	IcsProblems *problems;
	IcsZones	zones;
	bool		tentative;		/* does it take its time? */
	bool		stopped;		/* at a limit: nothing more is read */
} IcsContext;

extern IcsProperty ics_property_of(Word name);
extern const char *ics_property_name(IcsProperty property);

extern void ics_entry_begin(IcsEntry *entry, bool is_event, const char *start,
							int line);
extern void ics_entry_event_property(IcsContext *context, IcsEntry *entry,
									 IcsProperty property, const IcsLine *line);
extern void ics_entry_freebusy_property(IcsContext *context, IcsEntry *entry,
										const IcsLine *line);
extern void ics_entry_end_event(IcsContext *context, IcsEntry *entry);

#endif							/* APPOINTMENT_ICS_ENTRY_H */
