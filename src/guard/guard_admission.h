/*-------------------------------------------------------------------------
 *
 * guard_admission.h
 *		Whether a new row may come in, and what it waits for.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_ADMISSION_H
#define APPOINTMENT_GUARD_ADMISSION_H

#include "storage/itemptr.h"

#include "guard/guard_state.h"

extern bool guard_let_in(GuardRow *row, ItemPointer self);
extern void guard_hold_still(GuardRow *row);

#endif							/* APPOINTMENT_GUARD_ADMISSION_H */
