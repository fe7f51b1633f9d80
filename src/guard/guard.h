/*-------------------------------------------------------------------------
 *
 * guard.h
 *		The guard trigger.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_H
#define APPOINTMENT_GUARD_H

#include "fmgr.h"

/* what tells our trigger from others */
extern PGDLLEXPORT Datum occupancy_guard(PG_FUNCTION_ARGS);

#endif							/* APPOINTMENT_GUARD_H */
