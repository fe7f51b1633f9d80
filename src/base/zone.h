/*-------------------------------------------------------------------------
 *
 * zone.h
 *		Zones by their names.
 *
 * The names are those of the tz database only.  A zone lives as long as the
 * session.  Nothing here reads a setting or depends on the session's zone;
 * nothing raises an error, except instant_zone, which may run out of memory,
 * and zone_argument, which does if there is no such zone (22023).
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ZONE_H
#define APPOINTMENT_ZONE_H

#include "fmgr.h"
#include "pgtime.h"

extern pg_tz *instant_zone(const char *name, size_t len);
extern pg_tz *zone_argument(const char *name, size_t len);
extern pg_tz *zone_text_argument(const text *name);
extern bool instant_zone_is_place(const char *name, size_t len);

#define PG_GETARG_ZONE(n)	zone_text_argument(PG_GETARG_TEXT_PP(n))

#endif							/* APPOINTMENT_ZONE_H */
