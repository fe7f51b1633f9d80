/*-------------------------------------------------------------------------
 *
 * guarded_rows.h
 *		The rows of a table, of all its partitions, as an index over
 *		occupancies has them.
 *
 *	table = guarded_rows_open(index_oid, "conflicts");
 *	guarded_rows_read(table, index_oid, take_row, arg);
 *	table_close(table, AccessShareLock);
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARDED_ROWS_H
#define APPOINTMENT_GUARDED_ROWS_H

#include "executor/tuptable.h"
#include "utils/rel.h"

#include "occupancy/occupancy_index.h"

/* A row that counts, and what the index has for it; both last for the call. */
typedef void (*GuardedRow) (void *arg, Relation table, OccupancyIndex *index,
							TupleTableSlot *row, Datum *values);

extern Relation guarded_rows_open(Oid index_oid, const char *what);
extern void guarded_rows_read(Relation table, Oid index_oid,
							  GuardedRow take_row, void *arg);

#endif							/* APPOINTMENT_GUARDED_ROWS_H */
