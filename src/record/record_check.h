/*-------------------------------------------------------------------------
 *
 * record_check.h
 *		The invariants of a packed record.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_RECORD_CHECK_H
#define APPOINTMENT_RECORD_CHECK_H

#include "record/record.h"

extern bool record_is_sound(const Record *record, RecordType type);
extern bool record_is_changeable(const Record *record, RecordType type);
extern void record_check(const Record *record, RecordType type);
extern void record_check_changeable(const Record *record, RecordType type);

#endif							/* APPOINTMENT_RECORD_CHECK_H */
