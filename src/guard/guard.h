/*-------------------------------------------------------------------------
 *
 * guard.h
 *		The guard trigger, by which others know it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_H
#define APPOINTMENT_GUARD_H

#include "fmgr.h"

extern PGDLLEXPORT Datum occupancy_guard(PG_FUNCTION_ARGS);

#endif							/* APPOINTMENT_GUARD_H */
