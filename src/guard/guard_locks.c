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
#include "utils/memutils.h"
#include "utils/resowner.h"

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
	bool		brief;			/* not needed after the statement */
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
	{
		if (kept == 0 ||
			set->locks[i].class != set->locks[kept - 1].class ||
			set->locks[i].stripe != set->locks[kept - 1].stripe)
			set->locks[kept++] = set->locks[i];
		else
			set->locks[kept - 1].brief &= set->locks[i].brief;
	}
	set->count = kept;
}

static void
add_lock(GuardLocks *set, GuardLockClass class, uint64 hash, LOCKMODE mode,
		 bool brief)
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
	lock->brief = brief;
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
			 occupancy_is_all(&o) ? ExclusiveLock : ShareLock, false);
	if (o.shares == NULL)
	{
		for (int i = 0; i < o.count; i++)
			add_lock(set, GUARD_RESOURCE,
					 hash_combine64(o.scope_hash, occupancy_hash_at(&o, i)),
					 ExclusiveLock, false);
	}
	else
	{
		OccupancyNames names;
		OccupancyName name;

		/* the hashes do not tell which of the names are shared */
		occupancy_names_start(&names, &o);
		while (occupancy_names_next(&names, &name))
			add_lock(set, GUARD_RESOURCE,
					 hash_combine64(o.scope_hash,
									occupancy_hash_name(name.data, name.len)),
					 ExclusiveLock,
					 occupancy_share_at(&o, names.next - 1).capacity > 0);
	}
}

/*
 * What tells a guard from the others of its table.  It is made of the topmost
 * index, which all partitions share.  If that is a partitioned one it is the oid:
 * to rename it stops nobody who is writing into a partition.  Else it is the name
 * by which the guard finds its index, whatever that is called at the time (on a
 * shard it may have the number of the shard): the oid changes when the index is
 * built again concurrently.  Where no guard names the index, there is no other to
 * tell it from: the name is NULL.
 */
uint32
guard_identity(Oid index, const char *name)
{
	Oid			top = partition_root(index);
	uint32		hash = 0;

	if (get_rel_relkind(top) == RELKIND_PARTITIONED_INDEX)
		hash = murmurhash32(top);
	else if (name != NULL)
		hash = hash_bytes((const unsigned char *) name, strlen(name));
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
	if (counted_transaction != MY_LOCAL_XID)
	{
		counted_transaction = MY_LOCAL_XID;
		locks_taken = 0;
	}
	locks_taken += change;
}

/* Might the transaction hold any of them? */
bool
guard_locks_held(void)
{
	return counted_transaction == MY_LOCAL_XID && locks_taken > 0;
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
 * Take the locks until the end of the transaction.  "worth_waiting", if not
 * NULL, is asked before each wait, also whether it is for the lock on a seat, and
 * may raise an error.  If it says no, what was taken is given back, and the result
 * is false.
 */
bool
guard_locks_take(GuardLocks *set, Oid root, uint32 identity,
				 bool (*worth_waiting) (bool for_seat, void *arg),
				 void *arg)
{
	finish_locks(set);
	for (int i = 0; i < set->count; i++)
	{
		if (worth_waiting != NULL)
		{
			if (take_lock(&set->locks[i], root, identity, false))
				continue;
			if (!worth_waiting(set->locks[i].brief, arg))
			{
				release_locks(set, i, root, identity);
				return false;
			}
		}
		(void) take_lock(&set->locks[i], root, identity, true);
	}
	return true;
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
 * Give back what the last guard_locks_take() has taken; what the transaction
 * had before, it keeps.
 */
void
guard_locks_release(GuardLocks *set, Oid root, uint32 identity)
{
	finish_locks(set);
	release_locks(set, set->count, root, identity);
}

/*----------------------------------------------------------
 * Locks for a statement
 *
 * Who wants a resource alone waits for whoever has taken it until it is known
 * how that ends: nothing else could come of it.  Who wants a seat need not wait
 * for each of those who take another one.  From the end of the statement on,
 * their rows are in the index, where a search with a dirty snapshot counts them
 * before they are committed.
 *----------------------------------------------------------*/

struct GuardBriefLocks
{
	GuardBriefLocks *next;		/* of other statements, or guards */
	MemoryContextCallback at_end;
	ResourceOwner owner;		/* of the locks */
	Oid			root;
	uint32		identity;
	uint64		stripes[RESOURCE_STRIPES / 64]; /* a bit for each */
};

/* Those that have not been given back, and whose owner is there. */
static GuardBriefLocks *brief_locks = NULL;

static void
forget_brief_locks(GuardBriefLocks *brief)
{
	GuardBriefLocks **place = &brief_locks;

	while (*place != NULL && *place != brief)
		place = &(*place)->next;
	if (*place != NULL)
		*place = brief->next;
	brief->owner = NULL;
}

static void
release_brief_locks(GuardBriefLocks *brief)
{
	ResourceOwner before = CurrentResourceOwner;

	CurrentResourceOwner = brief->owner;
	for (int i = 0; i < RESOURCE_STRIPES; i++)
	{
		GuardLock	lock = {GUARD_RESOURCE, i, ExclusiveLock, true};
		GuardLocks	set = {&lock, 1, 1};

		if (brief->stripes[i / 64] & (UINT64CONST(1) << (i % 64)))
			release_locks(&set, 1, brief->root, brief->identity);
	}
	CurrentResourceOwner = before;
	forget_brief_locks(brief);
}

/* The memory of the statement goes: its rows are written. */
static void
brief_locks_at_end(void *arg)
{
	GuardBriefLocks *brief = (GuardBriefLocks *) arg;

	if (brief->owner != NULL)
		release_brief_locks(brief);
}

/*
 * The owner of locks goes: a statement's memory may last longer.  If it fails,
 * its locks go without us.
 */
static void
brief_locks_owner_goes(ResourceReleasePhase phase, bool isCommit,
					   bool isTopLevel, void *arg)
{
	GuardBriefLocks *next;

	if (phase != RESOURCE_RELEASE_BEFORE_LOCKS)
		return;
	for (GuardBriefLocks *brief = brief_locks; brief != NULL; brief = next)
	{
		next = brief->next;
		if (brief->owner != CurrentResourceOwner)
			continue;
		if (isCommit && !isTopLevel)
			release_brief_locks(brief);
		else
			forget_brief_locks(brief);
	}
}

static GuardBriefLocks *
make_brief_locks(Oid root, uint32 identity, MemoryContext statement)
{
	static bool registered = false;
	GuardBriefLocks *brief;

	if (!registered)
	{
		RegisterResourceReleaseCallback(brief_locks_owner_goes, NULL);
		registered = true;
	}
	brief = MemoryContextAllocZero(statement, sizeof(GuardBriefLocks));
	brief->owner = CurrentResourceOwner;
	brief->root = root;
	brief->identity = identity;
	brief->at_end.func = brief_locks_at_end;
	brief->at_end.arg = brief;
	MemoryContextRegisterResetCallback(statement, &brief->at_end);
	brief->next = brief_locks;
	brief_locks = brief;
	return brief;
}

/*
 * Of locks that guard_locks_take() has taken, give those on seats back at the
 * end of the statement, whose memory is given, not at that of the transaction.
 */
void
guard_locks_keep_briefly(GuardLocks *set, Oid root, uint32 identity,
						 GuardBriefLocks **brief, MemoryContext statement)
{
	for (int i = 0; i < set->count; i++)
	{
		GuardLock  *lock = &set->locks[i];
		GuardLocks	one = {lock, 1, 1};
		uint64		bit = UINT64CONST(1) << (lock->stripe % 64);

		if (!lock->brief)
			continue;
		if (*brief == NULL)
			*brief = make_brief_locks(root, identity, statement);
		if ((*brief)->owner != CurrentResourceOwner)
			continue;
		/* once is enough for all rows of the statement */
		if ((*brief)->stripes[lock->stripe / 64] & bit)
			release_locks(&one, 1, root, identity);
		(*brief)->stripes[lock->stripe / 64] |= bit;
	}
}
