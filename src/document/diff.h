/*-------------------------------------------------------------------------
 *
 * diff.h
 *		What differs between two appointments.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_DIFF_H
#define APPOINTMENT_DIFF_H

#include "json/json_writer.h"
#include "record/record.h"

extern bool appointment_write_field(const Record *record,
									const FieldInfo *field,
									JsonWriter *writer);
extern bool appointment_field_differs(const Record *a, const Record *b,
									  const FieldInfo *field);

#endif							/* APPOINTMENT_DIFF_H */
