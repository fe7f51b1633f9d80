/*-------------------------------------------------------------------------
 *
 * guard_search.h
 *		The guard's search for a row.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_SEARCH_H
#define APPOINTMENT_GUARD_SEARCH_H

#include "access/skey.h"
#include "executor/tuptable.h"
#include "nodes/execnodes.h"

#include "occupancy/occupancy_index.h"

/* A writer that a search has met: it has to be waited for. */
typedef struct GuardWriter
{
	TransactionId xid;
	uint32		speculative_token;
	Oid			table;
	ItemPointerData tid;
} GuardWriter;

typedef enum GuardSearchResult
{
	GUARD_FREE,
	GUARD_CONFLICT,
	GUARD_WAIT,					/* for a writer in flight, and search again */
} GuardSearchResult;

/* A row that does not count: its place may be taken by another meanwhile. */
typedef struct GuardIgnored
{
	ItemPointerData tid;
	TransactionId xmin;			/* of the version; invalid: any */
} GuardIgnored;

/* What a search is after: a row that an index finds, and that matches. */
typedef struct GuardSearch
{
	Relation	table;
	Relation	index;
	ScanKeyData keys[INDEX_MAX_KEYS];
	int			nkeys;
	bool		wait;			/* for a writer in flight */

	/* a conflict with these values, if not NULL */
	OccupancyIndex *guarded;
	EState	   *estate;
	Datum	   *values;
	GuardIgnored *ignored;		/* a row that does not count, or NULL */
	Datum		existing;		/* the occupancy that was found */

	GuardWriter writer;
} GuardSearch;

extern GuardSearchResult guard_search(GuardSearch *search, TupleTableSlot *row);
extern GuardSearchResult guard_find_conflict(OccupancyIndex *guarded,
											 EState *estate, Relation table,
											 Datum *values,
											 GuardIgnored *ignored,
											 TupleTableSlot *row,
											 Datum *existing,
											 GuardWriter *writer);
extern TransactionId guard_xmin(TupleTableSlot *row);
extern void guard_wait(const GuardWriter *writer, bool quietly);

#endif							/* APPOINTMENT_GUARD_SEARCH_H */
