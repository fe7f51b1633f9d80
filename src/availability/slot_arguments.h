/*-------------------------------------------------------------------------
 *
 * slot_arguments.h
 *		The arguments of the SQL functions of free time and slots.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_SLOT_ARGUMENTS_H
#define APPOINTMENT_SLOT_ARGUMENTS_H

#include "availability/slots.h"

/* Numbers of the arguments of free_slots(), slots() and slot_refusals(). */
#define SLOT_ARG_OPEN_HOURS		0
#define SLOT_ARG_BUSY			1
#define SLOT_ARG_DURING			2	/* of slot_refusals(): starts_at */
#define SLOT_ARG_DURATION		3
#define SLOT_ARG_STEP			4
#define SLOT_ARG_ALIGN			5
#define SLOT_ARG_BUFFER_BEFORE	6
#define SLOT_ARG_BUFFER_AFTER	7
#define SLOT_ARG_NOTICE			8
#define SLOT_ARG_HORIZON		9
#define SLOT_ARG_SEATS			10
#define SLOT_ARG_MAX_PER_DAY	11
#define SLOT_ARG_MAX_SLOTS		12
#define SLOT_ARG_AT				13
#define SLOT_ARG_WINDOW			14	/* of slot_refusals() */

/* Rules and bookings; NULL where they are null. */
typedef struct SlotSources
{
	OpenHours	open_hours;
	Busy		busy;
	const OpenHours *hours;
	const Busy *taken;
} SlotSources;

/*
 * What the sources point to is a copy in the current memory context if "copy"
 * says so; else it lives as long as the arguments.
 */
extern void slot_sources(FunctionCallInfo fcinfo, bool copy,
						 SlotSources *sources);
extern void slot_wants(FunctionCallInfo fcinfo, int buffer_before,
					   int buffer_after, int seats, FreeWants *wants);
extern bool slot_window(FunctionCallInfo fcinfo, int n, TimestampTz *from,
						TimestampTz *to);
extern void slot_check_window(TimestampTz *from, TimestampTz *to);
extern void slot_wishes(FunctionCallInfo fcinfo, SlotWishes *wishes);
extern bool slot_wishes_in_window(FunctionCallInfo fcinfo, SlotWishes *wishes);
extern int64 slot_default_align(int64 step);

#endif							/* APPOINTMENT_SLOT_ARGUMENTS_H */
