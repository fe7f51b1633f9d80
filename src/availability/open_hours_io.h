/*-------------------------------------------------------------------------
 *
 * open_hours_io.h
 *		The text form of open_hours, written.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OPEN_HOURS_IO_H
#define APPOINTMENT_OPEN_HOURS_IO_H

#include "lib/stringinfo.h"

#include "availability/open_hours.h"

extern void open_hours_print(const OpenHours *hours, StringInfo buf);

#endif							/* APPOINTMENT_OPEN_HOURS_IO_H */
