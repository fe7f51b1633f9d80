/*-------------------------------------------------------------------------
 *
 * value_text.h
 *		A value of any type as text.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_VALUE_TEXT_H
#define APPOINTMENT_VALUE_TEXT_H

extern char *value_text(Oid type, Datum value);

#endif							/* APPOINTMENT_VALUE_TEXT_H */
