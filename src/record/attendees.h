/*-------------------------------------------------------------------------
 *
 * attendees.h
 *		Lists of attendees in the making.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ATTENDEES_H
#define APPOINTMENT_ATTENDEES_H

#include "record/record_build.h"

extern void attendees_each_once(ListBuilder *list);

#endif							/* APPOINTMENT_ATTENDEES_H */
