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
	return !datum_image_eq(old_datum, new_datum, attribute->attbyval,
						   attribute->attlen);
}

#endif							/* APPOINTMENT_TUPLE_COLUMN_H */
