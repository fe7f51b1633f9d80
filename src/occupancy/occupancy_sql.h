/*-------------------------------------------------------------------------
 *
 * occupancy_sql.h
 *		The operators of occupancies.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OCCUPANCY_SQL_H
#define APPOINTMENT_OCCUPANCY_SQL_H

#include "fmgr.h"

/* what tells our operator && from others */
extern PGDLLEXPORT Datum occupancy_conflicts_with(PG_FUNCTION_ARGS);

#endif							/* APPOINTMENT_OCCUPANCY_SQL_H */
