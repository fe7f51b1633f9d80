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
#include "utils/snapshot.h"

#include "occupancy/occupancy_index.h"
#include "occupancy/occupancy_key.h"

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

/* What a search makes of a row that somebody else is writing just now. */
typedef enum GuardInFlight
{
	IN_FLIGHT_WAIT,				/* he has to be waited for */
	IN_FLIGHT_COUNTS,			/* as if he had committed */
	IN_FLIGHT_PASS,				/* as if there were no such row */
} GuardInFlight;

/* A row that does not count: its place may be taken by another meanwhile. */
typedef struct GuardIgnored
{
	ItemPointerData tid;
	TransactionId xmin;			/* of the version; invalid: any */
} GuardIgnored;

/*
 * Is a row in the way that holds this?  "writer" is who is writing it just now,
 * or NULL.
 */
typedef bool (*GuardMatch) (void *arg, TupleTableSlot *row, Datum existing,
							const GuardWriter *writer);

/*
 * What a search is after: a row that an index finds, and that matches.
 *
 *	guard_search_for(&search, guarded, estate, table, values, ignored);
 *	result = guard_search(&search, row);
 *	guard_search_end(&search);
 */
typedef struct GuardSearch
{
	Relation	table;
	Relation	index;
	ScanKeyData keys[INDEX_MAX_KEYS];
	int			nkeys;
	GuardInFlight in_flight;

	/* a conflict with these values, if not NULL */
	OccupancyIndex *guarded;
	EState	   *estate;
	Datum	   *values;
	GuardIgnored *ignored;		/* a row that does not count, or NULL */
	TimestampTz now;			/* what has expired by then does not count */
	GuardMatch	match;			/* instead of the conflict of a pair; or NULL.
								 * "estate" is for one row then */
	void	   *match_arg;
	Datum		existing;		/* the occupancy that was found */

	GuardWriter writer;
} GuardSearch;

extern GuardSearchResult guard_search(GuardSearch *search, TupleTableSlot *row);
extern GuardSearchResult guard_search_once(GuardSearch *search,
										   Snapshot visible,
										   TupleTableSlot *row, bool *dead);
extern Snapshot guard_latest_snapshot(void);
extern void guard_search_for(GuardSearch *search, OccupancyIndex *guarded,
							 EState *estate, Relation table, Datum *values,
							 GuardIgnored *ignored);
extern void guard_search_keys(GuardSearch *search,
							  const OccupancyKeyVisitor *visitor);
extern void guard_search_end(GuardSearch *search);
extern bool guard_row_stands(Relation table, TupleTableSlot *row);
extern TransactionId guard_xmin(TupleTableSlot *row);
extern void guard_wait(const GuardWriter *writer, bool quietly);

#endif							/* APPOINTMENT_GUARD_SEARCH_H */
