/*-------------------------------------------------------------------------
 *
 * occupancy_sql.h
 *		Arguments and operators of occupancies.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OCCUPANCY_SQL_H
#define APPOINTMENT_OCCUPANCY_SQL_H

#include "fmgr.h"

#include "occupancy/resource_key.h"

extern void occupancy_require_bounds(bool present);
extern OccupancyName occupancy_scope_argument(FunctionCallInfo fcinfo, int n,
											  uint8 *flags);

/* what tells our operator && from others */
extern PGDLLEXPORT Datum occupancy_conflicts_with(PG_FUNCTION_ARGS);

#endif							/* APPOINTMENT_OCCUPANCY_SQL_H */
