/*-------------------------------------------------------------------------
 *
 * enforce_status.h
 *		A life cycle as a rule of a column that is only a status.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ENFORCE_STATUS_H
#define APPOINTMENT_ENFORCE_STATUS_H

#include "lifecycle/enforce_row.h"

extern HeapTuple enforce_status(Firing *firing);

#endif							/* APPOINTMENT_ENFORCE_STATUS_H */
