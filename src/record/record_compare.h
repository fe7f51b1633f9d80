/*-------------------------------------------------------------------------
 *
 * record_compare.h
 *		Packed records compared and hashed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_RECORD_COMPARE_H
#define APPOINTMENT_RECORD_COMPARE_H

#include "record/record.h"

extern int	document_compare(const Record *a, const Record *b);
extern uint64 document_hash(const Record *record, uint64 seed);

#endif							/* APPOINTMENT_RECORD_COMPARE_H */
