/*-------------------------------------------------------------------------
 *
 * occupancy_index.h
 *		An index over occupancies as a definition: which rows it covers, what
 *		it makes of a row, and which rows conflict.
 *
 * The guard and the search for conflicts take what they need to know of a
 * table from its index, so that it is said once.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OCCUPANCY_INDEX_H
#define APPOINTMENT_OCCUPANCY_INDEX_H

#include "nodes/execnodes.h"
#include "utils/rel.h"

typedef struct OccupancyIndex
{
	Oid			heap_oid;
	Oid			index_oid;
	bool		exclusion;		/* of a constraint, not a plain index */
	int			nkeys;			/* number of key columns */
	int			column;			/* which of them is the occupancy, from 0 */
	IndexInfo  *info;
	Oid			procs[INDEX_MAX_KEYS];	/* what makes two rows conflict */
	uint16		strategies[INDEX_MAX_KEYS];
	Oid			collations[INDEX_MAX_KEYS];

	/*
	 * a row counts until the time in this column of the table, if there is
	 * one
	 */
	AttrNumber	expires;
	bool		expires_in_value;	/* in a field of the value there */
} OccupancyIndex;

extern Oid	occupancy_index_table(Oid index);
extern Relation occupancy_index_open_table(Oid index, Oid table);
extern bool occupancy_index_is(Oid index);
extern void occupancy_index_check(Oid index);
extern Oid	occupancy_index_of(Relation table, Oid index);
extern OccupancyIndex *occupancy_index_describe(Relation heap, Relation index);
extern OccupancyIndex *occupancy_index_copy(const OccupancyIndex *index);
extern void occupancy_index_prepare(OccupancyIndex *index);
extern bool occupancy_index_form(OccupancyIndex *index, TupleTableSlot *row,
								 EState *estate, Datum *values);
extern bool occupancy_index_conflict(OccupancyIndex *index, Datum *a,
									 Datum *b);
extern bool occupancy_index_others_conflict(OccupancyIndex *index, Datum *a,
											Datum *b);

#endif							/* APPOINTMENT_OCCUPANCY_INDEX_H */
