/*-------------------------------------------------------------------------
 *
 * windows_zone.h
 *		The time zones of Windows, by their names.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_WINDOWS_ZONE_H
#define APPOINTMENT_WINDOWS_ZONE_H

#include "pgtime.h"

#include "base/word.h"

extern pg_tz *windows_zone(Word name);

#endif							/* APPOINTMENT_WINDOWS_ZONE_H */
