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
#include "utils/reltrigger.h"

extern Oid	partition_root(Oid relation);
extern Oid	topmost_table(Oid table);
extern Oid	trigger_parent(const Trigger *trigger);
extern Oid	trigger_made_on(const Trigger *trigger, Oid table);

/* Where a row was that an UPDATE may be taking to another partition. */
typedef struct MovingRow
{
	Oid			partition;		/* InvalidOid: none */
	ItemPointerData tid;
} MovingRow;

extern void moving_row_leaves(MovingRow *row, Relation partition,
							  ItemPointer tid);
extern bool moving_row_arrives(MovingRow *row);

#endif							/* APPOINTMENT_PARTITION_H */
