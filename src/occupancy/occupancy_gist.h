/*-------------------------------------------------------------------------
 *
 * occupancy_gist.h
 *		The GiST operator class of occupancies.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OCCUPANCY_GIST_H
#define APPOINTMENT_OCCUPANCY_GIST_H

#include "fmgr.h"

/* what tells our operator class from others */
extern PGDLLEXPORT Datum occupancy_gist_consistent(PG_FUNCTION_ARGS);

#endif							/* APPOINTMENT_OCCUPANCY_GIST_H */
