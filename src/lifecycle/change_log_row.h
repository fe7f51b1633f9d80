/*-------------------------------------------------------------------------
 *
 * change_log_row.h
 *		A row before and after the change that is logged.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_CHANGE_LOG_ROW_H
#define APPOINTMENT_CHANGE_LOG_ROW_H

#include "access/htup.h"

#include "lifecycle/change_log_setup.h"
#include "record/record.h"

/* One firing. */
typedef struct Change
{
	const Logger *logger;
	const TriggerData *data;
	TupleDesc	desc;
	HeapTuple	old;			/* NULL on INSERT */
	HeapTuple	new;			/* NULL on DELETE */
	Record		old_value;		/* of a column of type appointment */
	Record		new_value;
	bool		careful;		/* writing it has failed */
} Change;

extern void change_open_value(const Change *change, HeapTuple tuple,
							  Record *record);
extern bool change_column_differs(const Change *change, AttrNumber column);
extern char *change_column_text(const Change *change, AttrNumber column);

#endif							/* APPOINTMENT_CHANGE_LOG_ROW_H */
