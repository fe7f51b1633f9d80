/*-------------------------------------------------------------------------
 *
 * occupancy_overbooked.c
 *		Shared resources of a table that are too full already.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "common/hashfn.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "guard/guarded_rows.h"
#include "occupancy/occupancy.h"
#include "occupancy/seat_load.h"

/* One shared resource of a row. */
typedef struct SharedSeats
{
	uint64		hash;			/* of scope and name */
	const Occupancy *o;
	OccupancyName name;
	OccupancyShare share;
} SharedSeats;

/* All of them. */
typedef struct SharedRows
{
	SharedSeats *seats;
	int64		count;
	int64		allocated;
	MemoryContext memory;
} SharedRows;

static void
add_seats(SharedRows *rows, const Occupancy *o, int i, OccupancyName name)
{
	SharedSeats *seats;

	if (rows->count == rows->allocated)
	{
		rows->allocated = Max(256, 2 * rows->allocated);
		rows->seats = rows->seats == NULL ?
			palloc_array(SharedSeats, rows->allocated) :
			repalloc_huge(rows->seats, rows->allocated * sizeof(SharedSeats));
	}
	seats = &rows->seats[rows->count++];
	seats->hash = hash_combine64(o->scope_hash,
								 occupancy_hash_name(name.data, name.len));
	seats->o = o;
	seats->name = name;
	seats->share = occupancy_share_at(o, i);
}

/* A GuardedRow: keep what a row shares. */
static void
collect_row(void *arg, Relation table, OccupancyIndex *index,
			TupleTableSlot *row, Datum *values)
{
	SharedRows *rows = (SharedRows *) arg;
	struct varlena *value = occupancy_detoast(values[index->column]);
	MemoryContext old_context;
	struct varlena *copy;
	Occupancy  *o;
	OccupancyNames names;
	OccupancyName name;

	old_context = MemoryContextSwitchTo(rows->memory);
	o = palloc_object(Occupancy);
	occupancy_open(value, o);
	if (o->shares == NULL)
		pfree(o);
	else
	{
		copy = (struct varlena *) palloc(VARSIZE_ANY(value));
		memcpy(copy, value, VARSIZE_ANY(value));
		occupancy_open(copy, o);
		occupancy_names_start(&names, o);
		while (occupancy_names_next(&names, &name))
		{
			if (occupancy_share_at(o, names.next - 1).capacity > 0)
				add_seats(rows, o, names.next - 1, name);
		}
	}
	MemoryContextSwitchTo(old_context);
}

/* By hash, and where hashes are equal by what they are of. */
static int
seats_cmp(const void *a, const void *b, void *arg)
{
	const SharedSeats *x = (const SharedSeats *) a;
	const SharedSeats *y = (const SharedSeats *) b;
	OccupancyName x_scope;
	OccupancyName y_scope;
	int			order;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	order = occupancy_name_compare(&x->name, &y->name);
	if (order != 0)
		return order;
	if (occupancy_has_scope(x->o) != occupancy_has_scope(y->o))
		return occupancy_has_scope(x->o) ? 1 : -1;
	x_scope = occupancy_scope_of(x->o);
	y_scope = occupancy_scope_of(y->o);
	return occupancy_name_compare(&x_scope, &y_scope);
}

static void
put_stretch(ReturnSetInfo *result, const SharedSeats *of,
			const SeatSweep *stretch)
{
	Datum		values[6];
	bool		nulls[6] = {false};

	values[0] = PointerGetDatum(cstring_to_text_with_len(of->name.data,
														 of->name.len));
	values[1] = TimestampTzGetDatum(stretch->starts_at);
	values[2] = TimestampTzGetDatum(stretch->ends_at);
	values[3] = Int64GetDatum(stretch->seats);
	values[4] = Int32GetDatum(stretch->capacity);
	nulls[5] = !occupancy_has_scope(of->o);
	if (!nulls[5])
	{
		OccupancyName scope = occupancy_scope_of(of->o);

		values[5] = PointerGetDatum(cstring_to_text_with_len(scope.data,
															 scope.len));
	}
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/*
 * Put a row for each time in which a resource is too full without a break: with
 * the most seats that are taken then, and the smallest capacity.
 */
static void
put_resource(ReturnSetInfo *result, const SharedSeats *seats, int64 count)
{
	SeatLoad	load;
	SeatSweep	sweep;
	SeatSweep	full = {.seats = 0};

	seat_load_start(&load, PG_INT64_MIN, PG_INT64_MAX);
	for (int64 i = 0; i < count; i++)
		seat_load_add(&load, seats[i].o->starts_at, seats[i].o->ends_at,
					  seats[i].share.seats, seats[i].share.capacity);
	seat_load_sweep(&load, &sweep);
	while (seat_sweep_next(&sweep))
	{
		if (sweep.seats <= sweep.capacity)
			continue;
		if (full.seats > 0 && full.ends_at == sweep.starts_at)
		{
			full.ends_at = sweep.ends_at;
			full.seats = Max(full.seats, sweep.seats);
			full.capacity = Min(full.capacity, sweep.capacity);
			continue;
		}
		if (full.seats > 0)
			put_stretch(result, seats, &full);
		full = sweep;
	}
	if (full.seats > 0)
		put_stretch(result, seats, &full);
	seat_sweep_end(&sweep);
	seat_load_end(&load);
}

/*
 * Rows that do not conflict by the other columns would have to be counted apart,
 * and who conflicts with whom need not make groups.
 */
static void
refuse_other_columns(Oid index_oid)
{
	Relation	index;

	occupancy_index_check(index_oid);
	index = index_open(index_oid, AccessShareLock);
	if (IndexRelationGetNumberOfKeyAttributes(index) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("occupancy_overbooked cannot use index \"%s\", which has other key columns than an occupancy",
						RelationGetRelationName(index))));
	index_close(index, AccessShareLock);
}

/*
 * (index regclass) -> setof (resource, starts_at, ends_at, seats, capacity,
 * scope)
 */
APPOINTMENT_FUNCTION(occupancy_overbooked);
Datum
occupancy_overbooked(PG_FUNCTION_ARGS)
{
	Oid			index_oid = PG_GETARG_OID(0);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	SharedRows	rows = {.memory = CurrentMemoryContext};
	Relation	table = guarded_rows_open(index_oid, "overbooked resources");

	refuse_other_columns(index_oid);
	InitMaterializedSRF(fcinfo, 0);
	guarded_rows_read(table, index_oid, collect_row, &rows);
	table_close(table, AccessShareLock);

	qsort_interruptible(rows.seats, rows.count, sizeof(SharedSeats), seats_cmp,
						NULL);
	for (int64 i = 0; i < rows.count;)
	{
		int64		next = i + 1;

		CHECK_FOR_INTERRUPTS();
		while (next < rows.count &&
			   seats_cmp(&rows.seats[i], &rows.seats[next], NULL) == 0)
			next++;
		put_resource(result, &rows.seats[i], next - i);
		i = next;
	}
	return (Datum) 0;
}
