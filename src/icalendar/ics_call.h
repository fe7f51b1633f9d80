/*-------------------------------------------------------------------------
 *
 * ics_call.h
 *		The arguments of the SQL functions that write iCalendar.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_CALL_H
#define APPOINTMENT_ICS_CALL_H

#include "fmgr.h"

#include "icalendar/ics_event.h"

extern const IcsOptions *ics_options_argument(FunctionCallInfo fcinfo, int arg);
extern IcsMethod ics_method_argument(const text *method);
extern void ics_check_start(const IcsEvent *event);

#endif							/* APPOINTMENT_ICS_CALL_H */
