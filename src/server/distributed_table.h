/*-------------------------------------------------------------------------
 *
 * distributed_table.h
 *		Tables of which Citus keeps the rows elsewhere.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_DISTRIBUTED_TABLE_H
#define APPOINTMENT_DISTRIBUTED_TABLE_H

extern void refuse_distributed_table(Oid table, bool locks);

#endif							/* APPOINTMENT_DISTRIBUTED_TABLE_H */
