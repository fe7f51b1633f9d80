/*-------------------------------------------------------------------------
 *
 * jsonb_history.h
 *		A history that is an array in jsonb.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_JSONB_HISTORY_H
#define APPOINTMENT_JSONB_HISTORY_H

#include "utils/jsonb.h"

extern bool jsonb_history_begins_with(const Jsonb *array,
									  const Jsonb *beginning);
extern Jsonb *jsonb_history_added(const Jsonb *old, const Jsonb *new);

#endif							/* APPOINTMENT_JSONB_HISTORY_H */
