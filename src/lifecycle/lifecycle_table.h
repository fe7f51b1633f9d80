/*-------------------------------------------------------------------------
 *
 * lifecycle_table.h
 *		Table appointment_lifecycle: its columns, and its triggers.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_LIFECYCLE_TABLE_H
#define APPOINTMENT_LIFECYCLE_TABLE_H

#include "utils/relcache.h"

#include "base/word.h"

#define LIFECYCLE_TABLE	"appointment_lifecycle"

/* The columns, in the order of the table. */
enum
{
	LIFECYCLE_COLUMN_NAME = 1,
	LIFECYCLE_COLUMN_FROM_STATUS,
	LIFECYCLE_COLUMN_TO_STATUS,
	LIFECYCLE_COLUMN_REQUIRES,
	LIFECYCLE_COLUMN_NOT_AFTER,
	LIFECYCLE_COLUMN_SHIPPED,
	LIFECYCLE_COLUMN_NOTICE,
	LIFECYCLE_COLUMN_EXEMPT,
};

extern Oid	lifecycle_table(Oid function);
extern void lifecycle_check_table(Relation relation);
extern Word lifecycle_copy_word(Datum datum);

#endif							/* APPOINTMENT_LIFECYCLE_TABLE_H */
