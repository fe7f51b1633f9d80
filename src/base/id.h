/*-------------------------------------------------------------------------
 *
 * id.h
 *		New identifiers, from the server's strong random source.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ID_H
#define APPOINTMENT_ID_H

#include "lib/stringinfo.h"

#define ID_DIGITS		"0123456789"
#define ID_LOWER_CASE	"abcdefghijklmnopqrstuvwxyz"
#define ID_UPPER_CASE	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"

extern void id_append_random(StringInfo id, const char *alphabet, int len);
extern void id_append_ulid(StringInfo id);
extern void id_append_uuid(StringInfo id);

#endif							/* APPOINTMENT_ID_H */
