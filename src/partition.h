/*-------------------------------------------------------------------------
 *
 * partition.h
 *		A partition's place among its ancestors, and rows that move between
 *		partitions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_PARTITION_H
#define APPOINTMENT_PARTITION_H

#include "storage/itemptr.h"
#include "utils/rel.h"

extern Oid	partition_parent(Oid partition);
extern Oid	partition_root(Oid relation);

/* A row that an UPDATE may be taking to another partition. */
typedef struct MovingRow
{
	Oid			partition;		/* where it was */
	ItemPointerData tid;
	void	   *value;			/* the caller's, of the old row; or NULL */
} MovingRow;

extern void moving_row_leaves(MemoryContext statement, uint64 owner,
							  Relation partition, ItemPointer tid,
							  const void *value, Size size);
extern MovingRow *moving_row_arrives(MemoryContext statement,
									 uint64 owner);

#endif							/* APPOINTMENT_PARTITION_H */
