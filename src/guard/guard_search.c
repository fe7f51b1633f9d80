/*-------------------------------------------------------------------------
 *
 * guard_search.c
 *		The guard's search for a row, at every isolation level by what is
 *		committed now.
 *
 * It is that of an exclusion constraint: a scan of the index with a dirty
 * snapshot.  It needs no privilege, and it is blind to row-level security.  A
 * writer in flight is the caller's to wait for, because he should hold nothing
 * that the writer may need.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "guard/guard_expiry.h"
#include "guard/guard_search.h"

/* Who has made this version of a row */
TransactionId
guard_xmin(TupleTableSlot *row)
{
	bool		isnull;
	Datum		xmin = slot_getsysattr(row, MinTransactionIdAttributeNumber,
									   &isnull);

	return isnull ? InvalidTransactionId : DatumGetTransactionId(xmin);
}

/*
 * Is this row one that the search is after?  "writer" is who is writing it, or
 * NULL.
 */
static bool
search_matches(GuardSearch *search, TupleTableSlot *row,
			   const GuardWriter *writer)
{
	OccupancyIndex *guarded = search->guarded;
	Datum		existing[INDEX_MAX_KEYS];

	if (guarded == NULL)
		return true;
	if (search->match != NULL)
		ResetPerTupleExprContext(search->estate);
	if (search->ignored != NULL &&
		ItemPointerEquals(&search->ignored->tid, &row->tts_tid) &&
		(!TransactionIdIsValid(search->ignored->xmin) ||
		 search->ignored->xmin == guard_xmin(row)))
		return false;
	if (guard_expired(guarded, row, search->now) ||
		!occupancy_index_form(guarded, row, search->estate, existing))
		return false;
	search->existing = existing[guarded->column];
	if (search->match == NULL)
		return occupancy_index_conflict(guarded, existing, search->values);
	return occupancy_index_others_conflict(guarded, existing, search->values) &&
		search->match(search->match_arg, row, search->existing, writer);
}

/* Is somebody writing the row that a dirty snapshot has just seen? */
static bool
note_writer(GuardSearch *search, SnapshotData *dirty, TupleTableSlot *row)
{
	GuardWriter *writer = &search->writer;

	writer->xid = TransactionIdIsValid(dirty->xmin) ? dirty->xmin : dirty->xmax;
	writer->speculative_token =
		TransactionIdIsValid(dirty->xmin) ? dirty->speculativeToken : 0;
	writer->table = RelationGetRelid(search->table);
	writer->tid = row->tts_tid;
	return TransactionIdIsValid(writer->xid);
}

/*
 * Wait until a writer has ended, or has given up his speculative insertion.
 * An error meanwhile names the row, unless "quietly".
 */
void
guard_wait(const GuardWriter *writer, bool quietly)
{
	Relation	table;
	ItemPointerData tid = writer->tid;

	if (writer->speculative_token != 0)
	{
		SpeculativeInsertionWait(writer->xid, writer->speculative_token);
		return;
	}
	if (quietly)
	{
		XactLockTableWait(writer->xid, NULL, NULL, XLTW_None);
		return;
	}
	table = table_open(writer->table, NoLock);
	XactLockTableWait(writer->xid, table, &tid, XLTW_RecheckExclusionConstr);
	table_close(table, NoLock);
}

/*
 * Scan the index for a row that matches: by a dirty snapshot, or by what
 * "visible", if not NULL, sees.  *dead becomes true if there are entries without
 * a row that the dirty snapshot sees.
 *
 * The scan itself goes by no MVCC snapshot: that would be a read of the
 * transaction, which under SERIALIZABLE may have to fail for it.
 */
GuardSearchResult
guard_search_once(GuardSearch *search, Snapshot visible, TupleTableSlot *row,
				  bool *dead)
{
	SnapshotData dirty;
	IndexScanDesc scan;
	GuardWriter in_the_way = {0};
	GuardSearchResult result = GUARD_FREE;

	InitDirtySnapshot(dirty);
	scan = index_beginscan_compat(search->table, search->index,
								  visible != NULL ? SnapshotAny : &dirty,
								  search->nkeys, 0);
	index_rescan(scan, search->keys, search->nkeys, NULL, 0);
	for (;;)
	{
		bool		more_versions = scan->xs_heap_continue;
		bool		in_flight = false;

		CHECK_FOR_INTERRUPTS();
		if (!more_versions &&
			index_getnext_tid(scan, ForwardScanDirection) == NULL)
			break;
		if (!index_fetch_heap(scan, row))
		{
			*dead |= !more_versions;
			continue;
		}
		if (visible != NULL &&
			!table_tuple_satisfies_snapshot(search->table, row, visible))
			continue;
		if (search->in_flight != IN_FLIGHT_COUNTS && visible == NULL)
			in_flight = note_writer(search, &dirty, row);
		if (in_flight && search->in_flight == IN_FLIGHT_PASS)
			continue;
		if (!search_matches(search, row, in_flight ? &search->writer : NULL))
		{
			/* a hold that is being confirmed: its next version may match */
			*dead |= in_flight;
			continue;
		}
		if (!in_flight)
		{
			result = GUARD_CONFLICT;
			break;
		}
		/* perhaps there is one that is not being written, which decides */
		result = GUARD_WAIT;
		in_the_way = search->writer;
	}
	index_endscan(scan);
	search->writer = in_the_way;
	return result;
}

/*
 * Is the row that a search has found still there, and nobody writing it?  Then
 * it has been there all the while: *row keeps its page from being cleaned, so
 * that no other can have come to its place.
 */
bool
guard_row_stands(Relation table, TupleTableSlot *row)
{
	ItemPointerData tid = row->tts_tid;
	SnapshotData dirty;

	InitDirtySnapshot(dirty);
	return table_tuple_fetch_row_version(table, &tid, &dirty, row) &&
		!TransactionIdIsValid(dirty.xmin) && !TransactionIdIsValid(dirty.xmax);
}

/*
 * What is committed at this instant, and what this very command has written
 * and removed.  The caller unregisters it.
 */
Snapshot
guard_latest_snapshot(void)
{
	Snapshot	latest = RegisterSnapshot(GetLatestSnapshot());

	latest->curcid = GetCurrentCommandId(false) + 1;
	return latest;
}

/*
 * Is there a row that matches?  With GUARD_CONFLICT, *row is the row.
 *
 * A dirty snapshot may miss a row that is updated meanwhile: it looks at the
 * old version when the update has committed, and the new one has its entry
 * where the scan has been already.  A snapshot of one instant always sees one
 * of the two.  So whenever there was a dead version, such a snapshot has the
 * last word: a row that has matched all the while is found.  (And nobody else
 * can have made a conflict since the locks were taken.)
 */
GuardSearchResult
guard_search(GuardSearch *search, TupleTableSlot *row)
{
	for (;;)
	{
		GuardSearchResult result;
		Snapshot	latest;
		bool		dead = false;

		result = guard_search_once(search, NULL, row, &dead);
		if (result != GUARD_FREE || !dead)
			return result;

		latest = guard_latest_snapshot();
		result = guard_search_once(search, latest, row, &dead);
		UnregisterSnapshot(latest);
		if (result == GUARD_FREE)
			return result;
	}
}

/*
 * Look for a row of the table that conflicts with the values, other than the
 * one to be ignored.  Called with the locks on what the values hold: the time
 * is now.  If one is found, search->existing is its occupancy.
 */
void
guard_search_for(GuardSearch *search, OccupancyIndex *guarded, EState *estate,
				 Relation table, Datum *values, GuardIgnored *ignored)
{
	memset(search, 0, sizeof(GuardSearch));
	search->table = table;
	search->index = index_open(guarded->index_oid, NoLock);
	search->nkeys = guarded->nkeys;
	search->guarded = guarded;
	search->estate = estate;
	search->values = values;
	search->ignored = ignored;
	if (guarded->expires != InvalidAttrNumber)
		search->now = GetCurrentTimestamp();
	for (int i = 0; i < guarded->nkeys; i++)
		ScanKeyEntryInitialize(&search->keys[i], 0, i + 1,
							   guarded->strategies[i], InvalidOid,
							   guarded->collations[i], guarded->procs[i],
							   values[i]);
}

/*
 * Show a visitor all keys of the index that the search may match, whatever has
 * become of their rows.  No row is looked at.
 */
void
guard_search_keys(GuardSearch *search, const OccupancyKeyVisitor *visitor)
{
	OccupancyCalls calls = {.visitor = visitor};
	IndexScanDesc scan = index_beginscan_compat(search->table, search->index,
												SnapshotAny, search->nkeys, 0);

	index_rescan(scan, search->keys, search->nkeys, NULL, 0);
	scan->keyData[search->guarded->column].sk_func.fn_extra = &calls;
	while (index_getnext_tid(scan, ForwardScanDirection) != NULL)
		CHECK_FOR_INTERRUPTS();
	index_endscan(scan);
}

void
guard_search_end(GuardSearch *search)
{
	index_close(search->index, NoLock);
}
