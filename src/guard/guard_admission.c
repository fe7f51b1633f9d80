/*-------------------------------------------------------------------------
 *
 * guard_admission.c
 *		Whether a new row may come in, and what it waits for: the locks on its
 *		resources, its unique key, and the search for a conflict.
 *
 * The order of these is what the promises in the header of guard.c rest on.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "executor/executor.h"
#include "storage/lmgr.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "guard/guard_admission.h"
#include "guard/guard_keys.h"
#include "guard/guard_locks.h"
#include "guard/guard_partitions.h"
#include "guard/guard_policies.h"
#include "guard/guard_report.h"
#include "guard/guard_search.h"
#include "guard/guard_seats.h"
#include "occupancy/occupancy.h"

/* With more names, to look for each of them in each key would take long. */
#define MAX_NAMES_BY_KEYS		16

/* How the tables of a row are searched. */
typedef struct Look
{
	GuardIgnored *ignored;		/* or NULL */
	GuardSeats *seats;			/* what is wanted is counted, or NULL */
	Snapshot	visible;		/* only when counting: of one instant; or NULL */
	bool		dead;			/* when counting: of guard_search_once() */
	TupleTableSlot *same_key;	/* at a busy lock: for a row with a key, or
								 * NULL */
	bool		at_lock;		/* only what is committed is looked for */
	GuardWriter writer;			/* after GUARD_WAIT */
} Look;

/*
 * Counting goes through many rows: what is formed of one of them must not stay
 * until the new row is in, as what is formed of that does.
 */
static EState *
estate_for_counting(GuardState *state)
{
	if (state->counted == NULL)
	{
		MemoryContext old_context = MemoryContextSwitchTo(state->statement);

		state->counted = CreateExecutorState();
		MemoryContextSwitchTo(old_context);
	}
	return state->counted;
}

/*
 * Is a conflict that is committed an answer, before there are the locks?  Not if
 * there is a row with a unique key of the new row: that may be an upsert's, and
 * be the very row in conflict.  "existing" has to stand while there is none.
 */
static bool
conflict_is_answer(GuardRow *row, const Look *look, Relation table,
				   TupleTableSlot *existing)
{
	return look->same_key == NULL ||
		(guard_find_same_key(row->state, row->table, row->new_row, KEY_SEE,
							 look->same_key) == KEY_IS_NEW &&
		 guard_row_stands(table, existing));
}

/*
 * Search one table.  A conflict is reported, unless the row is to be dropped
 * for it, or it is only a second look.
 */
static GuardSearchResult
look_at_table(GuardRow *row, OccupancyIndex *guarded, Relation table,
			  Look *look, GuardIgnored *ignored)
{
	TupleTableSlot *existing_row = table_slot_create(table, NULL);
	GuardSearch search;
	GuardSearchResult result;

	guard_search_for(&search, guarded,
					 look->seats == NULL ? row->state->estate :
					 estate_for_counting(row->state),
					 table, row->values, ignored);
	if (look->seats != NULL)
	{
		search.match = guard_seats_count;
		search.match_arg = look->seats;
	}
	if (look->at_lock)
	{
		search.in_flight = IN_FLIGHT_PASS;
		result = guard_search_once(&search, NULL, existing_row, &look->dead);
		if (result == GUARD_CONFLICT &&
			!conflict_is_answer(row, look, table, existing_row))
			result = GUARD_WAIT;
	}
	else if (look->seats == NULL)
		result = guard_search(&search, existing_row);
	else
		result = guard_search_once(&search, look->visible, existing_row,
								   &look->dead);
	if (result == GUARD_CONFLICT && look->visible == NULL)
	{
		guard_check_policies(row);
		if (!row->skip)
			guard_report(row, table, guarded, existing_row, search.existing);
	}
	if (result == GUARD_WAIT)
		look->writer = search.writer;
	guard_search_end(&search);
	ExecDropSingleTupleTableSlot(existing_row);
	return result;
}

/*
 * Search all of them.  The scan keys come from the table's own index; in other
 * partitions they are the same values.  After GUARD_WAIT of one, another may
 * have a conflict that decides.
 */
static GuardSearchResult
look_at_tables(GuardRow *row, Look *look)
{
	GuardState *state = row->state;
	GuardSearchResult result = look_at_table(row, state->index, row->table,
											 look, look->ignored);

	for (int i = 0; result != GUARD_CONFLICT && i < state->nothers; i++)
	{
		OccupancyIndex *guarded = state->others[i];
		Relation	other = table_open(guarded->heap_oid, AccessShareLock);
		Relation	index = index_open(guarded->index_oid, AccessShareLock);
		GuardSearchResult found = look_at_table(row, guarded, other, look, NULL);

		if (found != GUARD_FREE)
			result = found;
		index_close(index, NoLock);
		table_close(other, NoLock);
	}
	return result;
}

/*
 * Are there seats enough even if every entry of the indexes stands for a row
 * that takes its own?  Then none of the rows need be looked at.
 */
static bool
fits_by_keys(GuardRow *row, Datum wanted)
{
	GuardState *state = row->state;
	GuardSeats *seats = guard_seats_start(wanted);
	OccupancyKeyVisitor visitor = {guard_seats_count_key, seats};

	if (seats->wanted.count > MAX_NAMES_BY_KEYS)
		return false;
	for (int i = -1; i < state->nothers && !seats->unsure; i++)
	{
		OccupancyIndex *guarded = i < 0 ? state->index : state->others[i];
		Relation	table = row->table;
		GuardSearch search;

		if (i >= 0)
			table = table_open(guarded->heap_oid, AccessShareLock);
		LockRelationOid(guarded->index_oid, AccessShareLock);
		guard_search_for(&search, guarded, state->estate, table, row->values,
						 NULL);
		guard_search_keys(&search, &visitor);
		guard_search_end(&search);
		if (i >= 0)
			table_close(table, NoLock);
	}
	return guard_seats_fit(seats);
}

/*
 * The same for a row that wants seats of shared resources.  All tables are gone
 * through before it is known whether they are there.
 *
 * As in guard_search(), a snapshot of one instant has the last word, of all
 * tables together: where a version was dead, and where seats are too few.
 *
 * It does not see who is writing just now.  So where there are seats, it adds to
 * what was counted, and a row that has been updated meanwhile may be counted
 * twice.  So it may be by the dirty snapshot, before the update and after it:
 * where seats are too few, the rows of one instant are counted anew.  Whatever
 * else comes of that is only another attempt.
 */
static GuardSearchResult
count_in_tables(GuardRow *row, Datum wanted, Look *look)
{
	for (;;)
	{
		Look		again = {.ignored = look->ignored};
		GuardSearchResult result;
		bool		agreed;

		look->dead = false;
		look->seats = guard_seats_start(wanted);
		result = look_at_tables(row, look);
		if (result != GUARD_FREE)
			return result;
		result = guard_seats_verdict(look->seats);
		look->writer = look->seats->writer;
		if (result == GUARD_WAIT || (result == GUARD_FREE && !look->dead))
			return result;

		again.seats = look->seats;
		if (result == GUARD_FREE)
			guard_seats_count_again(again.seats);
		else
			again.seats = guard_seats_start(wanted);
		again.visible = guard_latest_snapshot();
		agreed = look_at_tables(row, &again) == GUARD_FREE &&
			guard_seats_too_full(again.seats) == (result == GUARD_CONFLICT);
		UnregisterSnapshot(again.visible);
		if (!agreed)
			continue;
		if (result == GUARD_CONFLICT)
		{
			guard_check_policies(row);
			if (!row->skip)
				guard_report_shortage(row, &again.seats->shortage);
		}
		return result;
	}
}

/*
 * Search for what is in the way of the new row, once it has the slot to itself.
 */
static GuardSearchResult
conflict_of(GuardRow *row, GuardIgnored *ignored, GuardWriter *writer)
{
	Datum		wanted = row->values[row->state->index->column];
	Look		look = {.ignored = ignored};
	GuardSearchResult result;
	Occupancy	o;

	occupancy_open(occupancy_detoast(wanted), &o);
	if (o.shares == NULL)
		result = look_at_tables(row, &look);
	else if (fits_by_keys(row, wanted))
		result = GUARD_FREE;
	else
		result = count_in_tables(row, wanted, &look);
	*writer = look.writer;
	return result;
}

/* Does the row hold what it wants, from before? */
static bool
holds_already(const GuardRow *row)
{
	return row->held_until > DT_NOBEGIN &&
		GetCurrentTimestamp() < row->held_until;
}

/* A new row on its way to its locks */
typedef struct Waiting
{
	GuardRow   *row;
	GuardIgnored *ignored;		/* or NULL */
	TupleTableSlot *same_key;	/* as of a Look */
} Waiting;

/*
 * The callback of guard_locks_take(), where somebody else has a lock.
 *
 * If what is committed is in the way, and nobody is about to change it, he can
 * do nothing about it: the row need not wait for him to be refused, and whoever
 * waits for locks that it has already gets them sooner.  That is so even if he
 * is about to: the row comes before him then.
 *
 * Not so for the lock on a seat, which those who take seats have briefly, and so
 * often that a search each time would cost more than it saves.
 */
static bool
worth_waiting(bool for_seat, void *arg)
{
	Waiting    *waiting = (Waiting *) arg;
	GuardRow   *row = waiting->row;
	Look		look = {
		.ignored = waiting->ignored,
		.same_key = waiting->same_key,
		.at_lock = true
	};
	Datum		wanted = row->values[row->state->index->column];
	Occupancy	o;

	guard_check_policies(row);
	if (for_seat || holds_already(row))
		return true;
	occupancy_open(occupancy_detoast(wanted), &o);
	if (o.shares != NULL)
		look.seats = guard_seats_start(wanted);
	guard_refresh_partitions(row->state);
	return look_at_tables(row, &look) != GUARD_CONFLICT;
}

static bool
check_policies(bool for_seat, void *arg)
{
	guard_check_policies((GuardRow *) arg);
	return true;
}

/* The locks have done what they were for, but for those until the end. */
static void
keep_locks(GuardRow *row, GuardLocks *set)
{
	GuardState *state = row->state;

	guard_locks_keep_briefly(set, state->guard->root, state->guard->identity,
							 &state->brief_locks, state->statement);
}

static void
release_locks(GuardRow *row, GuardLocks *set)
{
	const GuardDescription *guard = row->state->guard;

	guard_locks_release(set, guard->root, guard->identity);
}

/*
 * Is the insertion the business of its unique key?  Called with the locks.
 * They are given back before the first guard locks the row with the key, or has
 * to begin again (KEY_IS_THERE); otherwise they stay.
 *
 * If there is a row with a key of the one to be inserted, that is an error of
 * the unique index, or the business of ON CONFLICT.  Whoever updates that row
 * has it before he waits for locks; who has locks and waits for the row would
 * deadlock with him.  So an upsert, too, comes to the row without locks, and
 * takes those of its update when it has the row.
 *
 * A user who could not update the row gets no lock on it.  And a guard that is
 * not the first does not wait for it, with the first one's locks: the row was
 * only just made.  Then the row only does not count as a conflict (KEY_IS_BUSY),
 * and the locks on the resources stay: if it goes, or gets another key (see
 * below), the insertion has been looked at all the same.
 */
static GuardKeyResult
look_for_key(GuardRow *row, GuardLocks *set, TupleTableSlot *existing)
{
	GuardState *state = row->state;
	GuardKeyResult result = guard_find_same_key(state, row->table, row->new_row,
												KEY_SEE, existing);

	if (result == KEY_IS_NEW)
		return result;
	if (!guard_may_lock(state, row->table, existing))
		return KEY_IS_BUSY;
	if (state->guard->follows_guard)
		return guard_find_same_key(state, row->table, row->new_row, KEY_TRY,
								   existing);

	release_locks(row, set);
	guard_check_policies(row);
	result = guard_find_same_key(state, row->table, row->new_row, KEY_KEEP,
								 existing);
	if (result == KEY_IS_NEW)
		return KEY_IS_THERE;	/* it was: begin again */
	return result;
}

/*
 * Let the new row come in, or not: take its locks, and search.  "self" is the
 * row itself, if it is there.  If it holds already what it wants, it need not be
 * searched for until then.  Returns true if the row is to be dropped.
 */
bool
guard_let_in(GuardRow *row, ItemPointer self)
{
	GuardState *state = row->state;
	GuardLocks	set = {NULL, 0, 0};
	GuardIgnored ignored = {.xmin = InvalidTransactionId};
	TupleTableSlot *same_key = NULL;
	Waiting		waiting = {.row = row};
	GuardSearchResult result;

	if (self != NULL)
	{
		ignored.tid = *self;
		waiting.ignored = &ignored;
	}
	if (row->inserted && guard_has_keys(state, row->table))
		waiting.same_key = same_key = table_slot_create(row->table, NULL);
	guard_locks_add(&set, row->values[state->index->column]);
	for (;;)
	{
		GuardWriter writer;
		bool		ignores = self != NULL;

		if (!guard_locks_take(&set, state->guard->root, state->guard->identity,
							  worth_waiting, &waiting))
		{
			result = GUARD_CONFLICT;
			break;
		}

		/*
		 * nobody who holds these locks can have taken a hold that still
		 * counts
		 */
		if (holds_already(row))
		{
			result = GUARD_FREE;
			keep_locks(row, &set);
			break;
		}
		guard_refresh_partitions(state);
		if (same_key != NULL)
		{
			GuardKeyResult key = look_for_key(row, &set, same_key);

			if (key == KEY_IS_THERE)
				continue;
			if (key == KEY_IS_KEPT)
			{
				result = GUARD_FREE;
				break;
			}
			if (key == KEY_IS_BUSY)
			{
				ignores = true;
				ignored.tid = same_key->tts_tid;
				ignored.xmin = guard_xmin(same_key);
			}
		}
		result = conflict_of(row, ignores ? &ignored : NULL, &writer);
		if (result == GUARD_FREE)
		{
			keep_locks(row, &set);
			break;
		}
		release_locks(row, &set);
		if (result == GUARD_CONFLICT)
			break;				/* what is dropped needs none */
		guard_check_policies(row);
		guard_wait(&writer, state->has_policies);
	}
	if (same_key != NULL)
		ExecDropSingleTupleTableSlot(same_key);
	return result == GUARD_CONFLICT;
}

/*
 * Keep what the row holds already, and goes on holding, from who is looking for
 * it just now: he may be past where it comes to, and not yet where it was.  Whom
 * it waits for holds no locks while he waits for the row.
 */
void
guard_hold_still(GuardRow *row)
{
	GuardState *state = row->state;
	GuardLocks	set = {NULL, 0, 0};

	guard_locks_add(&set, row->values[state->index->column]);
	(void) guard_locks_take(&set, state->guard->root, state->guard->identity,
							state->has_policies ? check_policies : NULL, row);
	keep_locks(row, &set);
}
