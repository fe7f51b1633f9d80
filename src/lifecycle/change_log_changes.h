/*-------------------------------------------------------------------------
 *
 * change_log_changes.h
 *		What changed in a row, as JSON.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_CHANGE_LOG_CHANGES_H
#define APPOINTMENT_CHANGE_LOG_CHANGES_H

#include "utils/jsonb.h"

#include "lifecycle/change_log_row.h"

extern Jsonb *change_log_changes(Change *change);

#endif							/* APPOINTMENT_CHANGE_LOG_CHANGES_H */
