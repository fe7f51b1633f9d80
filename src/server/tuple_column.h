/*-------------------------------------------------------------------------
 *
 * tuple_column.h
 *		Whether two versions of a row differ in a column.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_TUPLE_COLUMN_H
#define APPOINTMENT_TUPLE_COLUMN_H

#include "access/htup_details.h"
#include "utils/datum.h"

/*
 * Whether two values of a column are the same, by their bytes.  Those that lie
 * in the same place out of line are, and need not be fetched for that.
 */
static inline bool
tuple_column_same(Form_pg_attribute attribute, Datum a, Datum b)
{
	if (attribute->attlen == -1 &&
		VARSIZE_ANY(DatumGetPointer(a)) == VARSIZE_ANY(DatumGetPointer(b)) &&
		memcmp(DatumGetPointer(a), DatumGetPointer(b),
			   VARSIZE_ANY(DatumGetPointer(a))) == 0)
		return true;
	return datum_image_eq(a, b, attribute->attbyval, attribute->attlen);
}

/* By the bytes, whatever the type calls equal. */
static inline bool
tuple_column_differs(HeapTuple old, HeapTuple new, AttrNumber column,
					 TupleDesc desc)
{
	Form_pg_attribute attribute = TupleDescAttr(desc, column - 1);
	bool		old_null;
	bool		new_null;
	Datum		old_datum = heap_getattr(old, column, desc, &old_null);
	Datum		new_datum = heap_getattr(new, column, desc, &new_null);

	if (old_null || new_null)
		return old_null != new_null;
	return !tuple_column_same(attribute, old_datum, new_datum);
}

#endif							/* APPOINTMENT_TUPLE_COLUMN_H */
