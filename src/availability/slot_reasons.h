/*-------------------------------------------------------------------------
 *
 * slot_reasons.h
 *		Why one slot cannot be booked: every reason.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_SLOT_REASONS_H
#define APPOINTMENT_SLOT_REASONS_H

#include "availability/slots.h"

typedef struct SlotReasons
{
	bool		refused[SLOT_REFUSALS];

	BusySpan	closed;			/* the first time of the slot that is closed */
	FreeLook	look;			/* busy, full */
	SlotDay		day;			/* day_full */
	TimestampTz previous;		/* off_grid: the starts around, or DT_NOBEGIN */
	TimestampTz following;		/* and DT_NOEND */
} SlotReasons;

/*
 * The window of the wishes cuts off stretches as in slots_begin(), and keeps
 * nothing else from being looked at.
 */
extern void slot_reasons(const OpenHours *hours, const Busy *busy,
						 const SlotWishes *wishes, TimestampTz starts_at,
						 SlotReasons *reasons);

#endif							/* APPOINTMENT_SLOT_REASONS_H */
