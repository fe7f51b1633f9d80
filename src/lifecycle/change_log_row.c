/*-------------------------------------------------------------------------
 *
 * change_log_row.c
 *		A row before and after the change that is logged.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lifecycle/change_log_row.h"
#include "record/record_check.h"
#include "server/tuple_column.h"
#include "server/value_text.h"

/*
 * The value in a row's column of type appointment; none if there is none.
 */
void
change_open_value(const Change *change, HeapTuple tuple, Record *record)
{
	bool		isnull;
	Datum		datum;

	memset(record, 0, sizeof(*record));
	if (tuple == NULL || change->logger->status == 0 ||
		change->logger->status_kind != STATUS_IN_VALUE)
		return;
	datum = heap_getattr(tuple, change->logger->status, change->desc, &isnull);
	if (isnull)
		return;
	record_open(record, PG_DETOAST_DATUM(datum));
	record_check_changeable(record, RECORD_APPOINTMENT);
}

/*
 * Whether a column of the log's arguments, or 0, has another value than before.
 */
bool
change_column_differs(const Change *change, AttrNumber column)
{
	return column != 0 &&
		tuple_column_differs(change->old, change->new, column, change->desc);
}

/*
 * A column as text, NULL if it is null.
 */
char *
change_column_text(const Change *change, AttrNumber column)
{
	HeapTuple	tuple = change->new != NULL ? change->new : change->old;
	bool		isnull;
	Datum		datum = heap_getattr(tuple, column, change->desc, &isnull);

	if (isnull)
		return NULL;
	return value_text(TupleDescAttr(change->desc, column - 1)->atttypid, datum);
}
