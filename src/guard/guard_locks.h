/*-------------------------------------------------------------------------
 *
 * guard_locks.h
 *		The guard's locks on resources.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_LOCKS_H
#define APPOINTMENT_GUARD_LOCKS_H

/* A set of locks; all zero is an empty one. */
typedef struct GuardLock GuardLock;
typedef struct GuardLocks
{
	GuardLock  *locks;
	int			count;
	int			allocated;
} GuardLocks;

/* Locks that a statement gives back at its end; they last as long as it. */
typedef struct GuardBriefLocks GuardBriefLocks;

extern uint32 guard_identity(Oid index, const char *name);
extern void guard_locks_add(GuardLocks *set, Datum occupancy);
extern bool guard_locks_take(GuardLocks *set, Oid root, uint32 identity,
							 bool (*worth_waiting) (bool for_seat, void *arg),
							 void *arg);
extern bool guard_locks_try(GuardLocks *set, Oid root, uint32 identity);
extern void guard_locks_keep_briefly(GuardLocks *set, Oid root,
									 uint32 identity, GuardBriefLocks **brief,
									 MemoryContext statement);
extern bool guard_locks_held(void);
extern void guard_locks_release(GuardLocks *set, Oid root, uint32 identity);

#endif							/* APPOINTMENT_GUARD_LOCKS_H */
