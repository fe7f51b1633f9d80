/*-------------------------------------------------------------------------
 *
 * change_log_event.h
 *		What a change is called in the log.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_CHANGE_LOG_EVENT_H
#define APPOINTMENT_CHANGE_LOG_EVENT_H

#include "lifecycle/change_log_row.h"

extern const char *change_log_event(const Change *change);

#endif							/* APPOINTMENT_CHANGE_LOG_EVENT_H */
