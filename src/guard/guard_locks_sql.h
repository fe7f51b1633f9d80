/*-------------------------------------------------------------------------
 *
 * guard_locks_sql.h
 *		The guard's locks for whoever wants them before he writes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_LOCKS_SQL_H
#define APPOINTMENT_GUARD_LOCKS_SQL_H

extern Oid	guard_writable_table(Oid index);

#endif							/* APPOINTMENT_GUARD_LOCKS_SQL_H */
