/*-------------------------------------------------------------------------
 *
 * enforce_value.h
 *		A life cycle as a rule of a column of type appointment.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ENFORCE_VALUE_H
#define APPOINTMENT_ENFORCE_VALUE_H

#include "lifecycle/enforce_row.h"

extern HeapTuple enforce_value(Firing *firing);

#endif							/* APPOINTMENT_ENFORCE_VALUE_H */
