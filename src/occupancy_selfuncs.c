/*-------------------------------------------------------------------------
 *
 * occupancy_selfuncs.c
 *		Selectivity of the conflict operator of occupancies.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

#include "compat.h"

APPOINTMENT_FUNCTION(occupancy_sel);
Datum
occupancy_sel(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(0.0005);
}

APPOINTMENT_FUNCTION(occupancy_joinsel);
Datum
occupancy_joinsel(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(0.0005);
}
