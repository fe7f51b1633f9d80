/*-------------------------------------------------------------------------
 *
 * statement.h
 *		What a trigger keeps for a statement, for all partitions together.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_STATEMENT_H
#define APPOINTMENT_STATEMENT_H

extern void *statement_keep(MemoryContext statement, const void *owner,
							Oid table, const char *name, Size size);

#endif							/* APPOINTMENT_STATEMENT_H */
