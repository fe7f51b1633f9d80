/*-------------------------------------------------------------------------
 *
 * guard_locks.c
 *		The guard's locks: on resources, and under them on scopes.
 *
 * They are transaction locks of the server's lock manager, in the order of
 * their tags, so that whoever takes those of several resources at once waits
 * for nobody who waits for him.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "guard/guard_locks.h"
#include "occupancy/occupancy.h"
#include "server/partition.h"

/*
 * Locks are striped: a transaction that writes a million rows holds no more
 * than these, and two resources that share a stripe wait for each other's
 * transaction without need, which is rare and harmless.
 */
#define SCOPE_STRIPES			128
#define RESOURCE_STRIPE_BITS	10
#define RESOURCE_STRIPES		(1 << RESOURCE_STRIPE_BITS)

/* What a lock is on; in this order they are taken. */
typedef enum GuardLockClass
{
	GUARD_SCOPE,
	GUARD_RESOURCE,
} GuardLockClass;

struct GuardLock
{
	uint16		class;			/* a GuardLockClass */
	uint16		stripe;
	LOCKMODE	mode;
};

/* In the order of taking; of one stripe, the strongest mode first. */
static int
lock_cmp(const void *a, const void *b)
{
	const GuardLock *x = (const GuardLock *) a;
	const GuardLock *y = (const GuardLock *) b;

	if (x->class != y->class)
		return x->class < y->class ? -1 : 1;
	if (x->stripe != y->stripe)
		return x->stripe < y->stripe ? -1 : 1;
	return y->mode - x->mode;
}

/* Sort the locks, and keep one of each stripe. */
static void
finish_locks(GuardLocks *set)
{
	int			kept = 0;

	qsort(set->locks, set->count, sizeof(GuardLock), lock_cmp);
	for (int i = 0; i < set->count; i++)
		if (kept == 0 ||
			set->locks[i].class != set->locks[kept - 1].class ||
			set->locks[i].stripe != set->locks[kept - 1].stripe)
			set->locks[kept++] = set->locks[i];
	set->count = kept;
}

static void
add_lock(GuardLocks *set, GuardLockClass class, uint64 hash, LOCKMODE mode)
{
	uint32		stripes = class == GUARD_SCOPE ? SCOPE_STRIPES : RESOURCE_STRIPES;
	GuardLock  *lock;

	/* however many names there are, there are no more locks than stripes */
	if (set->count >= 4 * (SCOPE_STRIPES + RESOURCE_STRIPES))
		finish_locks(set);
	if (set->count == set->allocated)
	{
		set->allocated = Max(16, 2 * set->allocated);
		set->locks = set->locks == NULL ?
			palloc_array(GuardLock, set->allocated) :
			repalloc_array(set->locks, GuardLock, set->allocated);
	}
	lock = &set->locks[set->count++];
	lock->class = class;
	lock->stripe = (uint16) (hash % stripes);
	lock->mode = mode;
}

/*
 * Add the locks of an occupancy: its resources, and under them its scope, which
 * whoever holds every resource takes alone.
 */
void
guard_locks_add(GuardLocks *set, Datum occupancy)
{
	Occupancy	o;

	occupancy_open(occupancy_detoast(occupancy), &o);
	add_lock(set, GUARD_SCOPE, o.scope_hash,
			 occupancy_is_all(&o) ? ExclusiveLock : ShareLock);
	for (int i = 0; i < o.count; i++)
		add_lock(set, GUARD_RESOURCE,
				 hash_combine64(o.scope_hash, occupancy_hash_at(&o, i)),
				 ExclusiveLock);
}

/*
 * What tells an index from the others of its table.  It is made of the topmost
 * index, which all partitions share.  Of a partitioned one it is the oid: to
 * rename it stops nobody who is writing into a partition.  Of another it is the
 * name: the oid changes when the index is built again concurrently, and with
 * another name it is not found.  Two that look the same wait for each other
 * without need, and no more.
 */
uint32
guard_identity(Oid index)
{
	Oid			top = partition_root(index);
	char	   *name;
	uint32		hash;

	if (get_rel_relkind(top) == RELKIND_PARTITIONED_INDEX)
		hash = murmurhash32(top);
	else
	{
		name = get_rel_name(top);
		hash = name == NULL ? 0 :
			hash_bytes((unsigned char *) name, strlen(name));
	}
	return hash >> RESOURCE_STRIPE_BITS;
}

/*
 * They are no advisory locks, which applications number as they like, but of a
 * kind that nothing else uses.
 *
 * Each guard of a table has its own: triggers fire one after the other, so
 * that the locks of two could not be taken in one order if they were the same.
 */
static LOCKTAG
lock_tag(const GuardLock *lock, Oid root, uint32 identity)
{
	LOCKTAG		tag;

	tag.locktag_field1 = MyDatabaseId;
	tag.locktag_field2 = root;
	tag.locktag_field3 = identity << RESOURCE_STRIPE_BITS | lock->stripe;
	tag.locktag_field4 = lock->class;
	tag.locktag_type = LOCKTAG_USERLOCK;
	tag.locktag_lockmethodid = DEFAULT_LOCKMETHOD;
	return tag;
}

/*----------------------------------------------------------
 * How many of these locks the transaction has taken
 *
 * One that a subtransaction has lost by its failure is still counted.
 *----------------------------------------------------------*/

static LocalTransactionId counted_transaction = InvalidLocalTransactionId;
static int64 locks_taken = 0;

static void
count_lock(int change)
{
	if (counted_transaction != MyLocalTransactionId)
	{
		counted_transaction = MyLocalTransactionId;
		locks_taken = 0;
	}
	locks_taken += change;
}

/* Might the transaction hold any of them? */
bool
guard_locks_held(void)
{
	return counted_transaction == MyLocalTransactionId && locks_taken > 0;
}

/* Take one; false if it is not to be waited for and somebody else has it. */
static bool
take_lock(const GuardLock *lock, Oid root, uint32 identity, bool wait)
{
	LOCKTAG		tag = lock_tag(lock, root, identity);

	if (LockAcquire(&tag, lock->mode, false, !wait) == LOCKACQUIRE_NOT_AVAIL)
		return false;
	count_lock(1);
	return true;
}

static void
release_locks(GuardLocks *set, int count, Oid root, uint32 identity)
{
	for (int i = count - 1; i >= 0; i--)
	{
		LOCKTAG		tag = lock_tag(&set->locks[i], root, identity);

		(void) LockRelease(&tag, set->locks[i].mode, false);
		count_lock(-1);
	}
}

/*----------------------------------------------------------
 * Sets of them
 *----------------------------------------------------------*/

/*
 * Take the locks until the end of the transaction.  "before_waiting", if not
 * NULL, is called before each wait, and may raise an error.
 */
void
guard_locks_take(GuardLocks *set, Oid root, uint32 identity,
				 void (*before_waiting) (void *arg), void *arg)
{
	finish_locks(set);
	for (int i = 0; i < set->count; i++)
	{
		if (before_waiting != NULL)
		{
			if (take_lock(&set->locks[i], root, identity, false))
				continue;
			before_waiting(arg);
		}
		(void) take_lock(&set->locks[i], root, identity, true);
	}
}

/*
 * The same without waiting: all of them, or none if somebody else has one.
 */
bool
guard_locks_try(GuardLocks *set, Oid root, uint32 identity)
{
	finish_locks(set);
	for (int i = 0; i < set->count; i++)
	{
		if (!take_lock(&set->locks[i], root, identity, false))
		{
			release_locks(set, i, root, identity);
			return false;
		}
	}
	return true;
}

/*
 * Make of a set that was added to what was taken of it.
 */
void
guard_locks_sort(GuardLocks *set)
{
	finish_locks(set);
}

/*
 * Give back what the last guard_locks_take() has taken; what the transaction
 * had before, it keeps.
 */
void
guard_locks_release(GuardLocks *set, Oid root, uint32 identity)
{
	release_locks(set, set->count, root, identity);
}
