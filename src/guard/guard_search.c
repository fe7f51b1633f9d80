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
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
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

static bool
search_matches(GuardSearch *search, TupleTableSlot *row)
{
	Datum		existing[INDEX_MAX_KEYS];

	if (search->guarded == NULL)
		return true;
	if (search->ignored != NULL &&
		ItemPointerEquals(&search->ignored->tid, &row->tts_tid) &&
		(!TransactionIdIsValid(search->ignored->xmin) ||
		 search->ignored->xmin == guard_xmin(row)))
		return false;
	if (!occupancy_index_form(search->guarded, row, search->estate, existing) ||
		!occupancy_index_conflict(search->guarded, existing, search->values))
		return false;
	search->existing = existing[search->guarded->column];
	return true;
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
 * "visible", if not NULL, sees.  *dead tells of entries without a row that the
 * dirty snapshot sees.
 *
 * The scan itself goes by no MVCC snapshot: that would be a read of the
 * transaction, which under SERIALIZABLE may have to fail for it.
 */
static GuardSearchResult
search_once(GuardSearch *search, Snapshot visible, TupleTableSlot *row,
			bool *dead)
{
	SnapshotData dirty;
	IndexScanDesc scan;
	GuardSearchResult result = GUARD_FREE;

	InitDirtySnapshot(dirty);
	*dead = false;
	scan = index_beginscan_compat(search->table, search->index,
								  visible != NULL ? SnapshotAny : &dirty,
								  search->nkeys, 0);
	index_rescan(scan, search->keys, search->nkeys, NULL, 0);
	for (;;)
	{
		bool		more_versions = scan->xs_heap_continue;

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
		if (!search_matches(search, row))
			continue;
		if (search->wait && visible == NULL && note_writer(search, &dirty, row))
			result = GUARD_WAIT;
		else
			result = GUARD_CONFLICT;
		break;
	}
	index_endscan(scan);
	return result;
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
		bool		dead;

		result = search_once(search, NULL, row, &dead);
		if (result != GUARD_FREE || !dead)
			return result;

		/* what this very command has written and removed counts, too */
		latest = RegisterSnapshot(GetLatestSnapshot());
		latest->curcid = GetCurrentCommandId(false) + 1;
		result = search_once(search, latest, row, &dead);
		UnregisterSnapshot(latest);
		if (result == GUARD_FREE)
			return result;
	}
}

/*
 * Is there a row that conflicts with the values, other than the one to be
 * ignored?  If so, *existing gets its occupancy, and *row is the row.
 */
GuardSearchResult
guard_find_conflict(OccupancyIndex *guarded, EState *estate, Relation table,
					Datum *values, GuardIgnored *ignored,
					TupleTableSlot *row,
					Datum *existing, GuardWriter *writer)
{
	GuardSearch search = {
		.table = table,
		.index = index_open(guarded->index_oid, NoLock),
		.nkeys = guarded->nkeys,
		.wait = true,
		.guarded = guarded,
		.estate = estate,
		.values = values,
		.ignored = ignored
	};
	GuardSearchResult result;

	for (int i = 0; i < guarded->nkeys; i++)
		ScanKeyEntryInitialize(&search.keys[i], 0, i + 1,
							   guarded->strategies[i], InvalidOid,
							   guarded->collations[i], guarded->procs[i],
							   values[i]);
	result = guard_search(&search, row);
	*existing = search.existing;
	*writer = search.writer;
	index_close(search.index, NoLock);
	return result;
}
