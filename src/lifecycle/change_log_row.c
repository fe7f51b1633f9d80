/*-------------------------------------------------------------------------
 *
 * change_log_row.c
 *		A row before and after the change that is logged.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "utils/datum.h"

#include "compat.h"
#include "lifecycle/change_log_row.h"
#include "server/value_text.h"

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
	record_check(record, RECORD_APPOINTMENT);
}

bool
change_column_differs(const Change *change, AttrNumber column)
{
	Form_pg_attribute attribute;
	bool		old_null;
	bool		new_null;
	Datum		old;
	Datum		new;

	if (column == 0)
		return false;
	attribute = TupleDescAttr(change->desc, column - 1);
	old = heap_getattr(change->old, column, change->desc, &old_null);
	new = heap_getattr(change->new, column, change->desc, &new_null);
	if (old_null || new_null)
		return old_null != new_null;
	return !datum_image_eq(old, new, attribute->attbyval, attribute->attlen);
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
