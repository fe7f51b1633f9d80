/*-------------------------------------------------------------------------
 *
 * zone.h
 *		Zones: their names, the changes of their clocks, local time.
 *
 * The names are those of the tz database only.  A zone lives as long as the
 * session.  Nothing here reads a setting or depends on the session's zone;
 * nothing raises an error, except instant_zone, which may run out of memory.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ZONE_H
#define APPOINTMENT_ZONE_H

#include "datatype/timestamp.h"
#include "pgtime.h"

extern pg_tz *instant_zone(const char *name, size_t len);
extern bool instant_zone_is_place(const char *name, size_t len);

/* The result of instant_from_local may be out of range. */
extern Timestamp instant_to_local(TimestampTz instant, pg_tz *zone);
extern TimestampTz instant_from_local(Timestamp local, pg_tz *zone);
extern bool instant_reads_as(TimestampTz instant, Timestamp local,
							 const pg_tz *zone);

/* As the functions of instant.h that write; the text is an instant again. */
extern int	instant_format_local(TimestampTz instant, pg_tz *zone, char *buf);

#endif							/* APPOINTMENT_ZONE_H */
