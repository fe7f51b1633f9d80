/*-------------------------------------------------------------------------
 *
 * occupancy_selfuncs.c
 *		Selectivity of the conflict operator of occupancies.
 *
 * The statistics are the standard ones.  Occupancies are ordered by start, so
 * a histogram of them is a sample with even distances in time, and its values
 * are complete: they tell the ends, the scopes and the names, too.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_statistic.h"
#include "nodes/nodeFuncs.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"

#include "compat.h"
#include "occupancy/occupancy.h"
#include "occupancy/occupancy_sql.h"

/* Without statistics: a small part, so that the index is chosen. */
#define DEFAULT_CONFLICT_SEL	0.0005

/* How many values stand for one that is not known at planning time. */
#define MAX_PROBES				20

/* Things that are counted in the sample. */
typedef struct Frequencies
{
	uint64	   *hashes;			/* ascending */
	int			count;
	double		average;		/* part of the rows that have a rare one */
} Frequencies;

/* What is known of a column. */
typedef struct OccupancyStats
{
	double		null_fraction;
	AttStatsSlot mcv;
	AttStatsSlot histogram;
	double		histogram_fraction; /* part of the rows that it stands for */
	TimestampTz *starts;		/* of the histogram's values, ascending */
	TimestampTz *ends;			/* likewise */
	Frequencies scopes;
	Frequencies names;			/* each with its scope */
	bool		has_shared;		/* some of them are shared */
} OccupancyStats;

/*----------------------------------------------------------
 * Statistics of a column
 *----------------------------------------------------------*/

static int
timestamp_cmp(const void *a, const void *b)
{
	TimestampTz x = *(const TimestampTz *) a;
	TimestampTz y = *(const TimestampTz *) b;

	return x < y ? -1 : x > y ? 1 : 0;
}

/*
 * Sort what was counted, and estimate how frequent one is that the sample has
 * not or only once: by the estimator of distinct values that ANALYZE uses
 * (Duj1 of Haas and Stokes).
 */
static void
finish_frequencies(Frequencies *f, double nsample, double nrows)
{
	double		distinct = 0;
	double		single = 0;
	double		n = f->count;
	double		total;

	qsort(f->hashes, f->count, sizeof(uint64), occupancy_hash_cmp);
	for (int i = 0; i < f->count;)
	{
		int			next = i + 1;

		while (next < f->count && f->hashes[next] == f->hashes[i])
			next++;
		distinct++;
		single += next == i + 1;
		i = next;
	}
	if (n == 0)
	{
		f->average = 0;
		return;
	}
	total = Max(nrows * n / nsample, n);
	distinct = Max(distinct, n * distinct / (n - single + single * n / total));
	f->average = n / nsample / distinct;
}

/* The part of the rows that have it. */
static double
frequency(const Frequencies *f, uint64 hash, double nsample)
{
	int			low = 0;
	int			high = f->count;
	int			found = 0;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (f->hashes[middle] < hash)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + found < f->count && f->hashes[low + found] == hash)
		found++;
	return found > 1 ? found / nsample : Min(f->average, 1.0);
}

/*
 * Take apart the histogram's values.
 */
static void
open_histogram(OccupancyStats *stats, double nrows)
{
	int			n = stats->histogram.nvalues;
	int			nnames = 0;

	stats->histogram_fraction = Max(stats->histogram_fraction, 0);
	stats->starts = palloc_array(TimestampTz, n);
	stats->ends = palloc_array(TimestampTz, n);
	stats->scopes.hashes = palloc_array(uint64, n);
	stats->scopes.count = n;
	for (int i = 0; i < n; i++)
	{
		Occupancy	o;

		occupancy_open(occupancy_detoast(stats->histogram.values[i]), &o);
		stats->starts[i] = o.starts_at;
		stats->ends[i] = o.ends_at;
		stats->scopes.hashes[i] = o.scope_hash;
		stats->has_shared |= o.shares != NULL;
		nnames += o.count;
	}
	qsort(stats->starts, n, sizeof(TimestampTz), timestamp_cmp);
	qsort(stats->ends, n, sizeof(TimestampTz), timestamp_cmp);
	finish_frequencies(&stats->scopes, n, nrows);

	stats->names.hashes = palloc_array(uint64, Max(nnames, 1));
	for (int i = 0; i < n; i++)
	{
		Occupancy	o;

		occupancy_open(occupancy_detoast(stats->histogram.values[i]), &o);
		for (int j = 0; j < o.count; j++)
			stats->names.hashes[stats->names.count++] =
				hash_combine64(o.scope_hash, occupancy_hash_at(&o, j));
	}
	finish_frequencies(&stats->names, n, nrows);
}

/*
 * Get what is known of a variable; false if that is nothing.
 */
static bool
get_stats(VariableStatData *variable, OccupancyStats *stats)
{
	double		nrows = 1000;

	memset(stats, 0, sizeof(OccupancyStats));
	if (!HeapTupleIsValid(variable->statsTuple))
		return false;
	stats->null_fraction =
		((Form_pg_statistic) GETSTRUCT(variable->statsTuple))->stanullfrac;
	stats->histogram_fraction = 1.0 - stats->null_fraction;
	if (variable->rel != NULL && variable->rel->tuples > 0)
		nrows = variable->rel->tuples;

	if (get_attstatsslot(&stats->mcv, variable->statsTuple,
						 STATISTIC_KIND_MCV, InvalidOid,
						 ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS))
	{
		/* statistics that were restored may be anything */
		stats->mcv.nvalues = Min(stats->mcv.nvalues, stats->mcv.nnumbers);
		for (int i = 0; i < stats->mcv.nvalues; i++)
			stats->histogram_fraction -= stats->mcv.numbers[i];
	}
	if (!get_attstatsslot(&stats->histogram, variable->statsTuple,
						  STATISTIC_KIND_HISTOGRAM, InvalidOid,
						  ATTSTATSSLOT_VALUES))
	{
		stats->histogram_fraction = 0;
		return stats->mcv.nvalues > 0;
	}

	open_histogram(stats, nrows);
	return true;
}

static void
free_stats(OccupancyStats *stats)
{
	free_attstatsslot(&stats->mcv);
	free_attstatsslot(&stats->histogram);
}

/*----------------------------------------------------------
 * Selectivity
 *----------------------------------------------------------*/

/* The part of n ascending instants that is before another, interpolated. */
static double
part_before(const TimestampTz *instants, int n, TimestampTz instant)
{
	int			low = 0;
	int			high = n;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (instants[middle] < instant)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return 0.0;
	if (low == n)
		return 1.0;
	return (low - 1 + ((double) instant - instants[low - 1]) /
			((double) instants[low] - instants[low - 1])) / (n - 1);
}

/*
 * Those who share a resource seldom conflict.  So for a value that shares some,
 * take the part of those in the sample that have a name in common, whenever it
 * is, that would conflict if it were at one time.  A value that holds all its
 * names alone conflicts with each of them.
 */
static double
shared_selectivity(OccupancyStats *stats, const Occupancy *o)
{
	int			meet = 0;
	int			conflict = 0;

	for (int i = 0; i < stats->histogram.nvalues; i++)
	{
		Occupancy	other;

		occupancy_open(occupancy_detoast(stats->histogram.values[i]), &other);
		if (occupancy_hashes_meet(o, &other))
		{
			meet++;
			conflict += occupancy_names_conflict(o, &other);
		}
	}
	/* at least as many as in a sample of twice the size */
	return meet > 0 ? Max(conflict, 0.5) / meet : 1.0;
}

/*
 * The part of a column's rows that conflict with a value.
 */
static double
conflict_selectivity(OccupancyStats *stats, Datum value)
{
	Occupancy	o;
	double		result = 0;

	occupancy_open(occupancy_detoast(value), &o);
	for (int i = 0; i < stats->mcv.nvalues; i++)
	{
		Occupancy	common;

		occupancy_open(occupancy_detoast(stats->mcv.values[i]), &common);
		if (occupancy_conflict(&o, &common))
			result += stats->mcv.numbers[i];
	}

	if (stats->histogram.nvalues > 1)
	{
		int			n = stats->histogram.nvalues;
		double		overlap;
		double		scope = frequency(&stats->scopes, o.scope_hash, n);
		double		resources = 0;

		/* those that have started, without those that have ended */
		overlap = part_before(stats->starts, n, o.ends_at) -
			part_before(stats->ends, n, o.starts_at);
		if (occupancy_is_all(&o))
			resources = scope;
		for (int i = 0; i < o.count; i++)
			resources += frequency(&stats->names,
								   hash_combine64(o.scope_hash,
												  occupancy_hash_at(&o, i)), n);
		resources = Min(resources, scope);
		if (stats->has_shared && o.shares != NULL)
			resources *= shared_selectivity(stats, &o);
		result += stats->histogram_fraction * Max(overlap, 0.0) * resources;
	}

	CLAMP_PROBABILITY(result);
	return result;
}

/*
 * The same on average for the values of a column, perhaps the same one.
 */
static double
average_selectivity(OccupancyStats *stats, AttStatsSlot *probes)
{
	double		result = 0;
	int			step = Max(1, probes->nvalues / MAX_PROBES);
	int			count = 0;

	for (int i = step / 2; i < probes->nvalues; i += step)
	{
		result += conflict_selectivity(stats, probes->values[i]);
		count++;
	}
	return count > 0 ? result / count : DEFAULT_CONFLICT_SEL;
}

static AttStatsSlot *
probes_of(OccupancyStats *stats)
{
	return stats->histogram.nvalues > 0 ? &stats->histogram : &stats->mcv;
}

/*
 * The type of occupancies, if the operator is the one of conflicts, else
 * InvalidOid.  Anybody may let an operator of his own name our estimators,
 * whose operands are then no occupancies.  Ours is known by its function, as
 * names and schemas may have been changed.
 */
static Oid
occupancy_type_of(Oid operator)
{
	FmgrInfo	function;
	Oid			type;
	Oid			same_type;

	op_input_types(operator, &type, &same_type);
	if (type != same_type)
		return InvalidOid;
	fmgr_info(get_opcode(operator), &function);
	return function.fn_addr == occupancy_conflicts_with ? type : InvalidOid;
}

APPOINTMENT_FUNCTION(occupancy_sel);
Datum
occupancy_sel(PG_FUNCTION_ARGS)
{
	PlannerInfo *root = (PlannerInfo *) PG_GETARG_POINTER(0);
	Oid			operator = PG_GETARG_OID(1);
	List	   *args = (List *) PG_GETARG_POINTER(2);
	int			varRelid = PG_GETARG_INT32(3);
	VariableStatData variable;
	Node	   *other;
	bool		var_on_left;
	OccupancyStats stats;
	double		result = DEFAULT_CONFLICT_SEL;
	Oid			type = occupancy_type_of(operator);

	if (!OidIsValid(type))
		PG_RETURN_FLOAT8(DEFAULT_CONFLICT_SEL);
	if (!get_restriction_variable(root, args, varRelid, &variable, &other,
								  &var_on_left))
		PG_RETURN_FLOAT8(DEFAULT_CONFLICT_SEL);

	/* a polymorphic wrapper or a cast may bring something else */
	if (getBaseType(exprType(other)) != type ||
		getBaseType(variable.atttype) != type)
		result = DEFAULT_CONFLICT_SEL;
	else if (IsA(other, Const) && ((Const *) other)->constisnull)
		result = 0.0;			/* the operator is strict */
	else if (get_stats(&variable, &stats))
	{
		if (IsA(other, Const))
			result = conflict_selectivity(&stats,
										  ((Const *) other)->constvalue);
		else
			result = average_selectivity(&stats, probes_of(&stats));
		free_stats(&stats);
	}

	ReleaseVariableStats(variable);
	PG_RETURN_FLOAT8(result);
}

APPOINTMENT_FUNCTION(occupancy_joinsel);
Datum
occupancy_joinsel(PG_FUNCTION_ARGS)
{
	PlannerInfo *root = (PlannerInfo *) PG_GETARG_POINTER(0);
	Oid			operator = PG_GETARG_OID(1);
	List	   *args = (List *) PG_GETARG_POINTER(2);
	SpecialJoinInfo *sjinfo = (SpecialJoinInfo *) PG_GETARG_POINTER(4);
	VariableStatData left;
	VariableStatData right;
	bool		reversed;
	OccupancyStats left_stats;
	OccupancyStats right_stats;
	bool		left_known;
	bool		right_known;
	double		result = DEFAULT_CONFLICT_SEL;
	Oid			type = occupancy_type_of(operator);

	if (!OidIsValid(type))
		PG_RETURN_FLOAT8(DEFAULT_CONFLICT_SEL);
	get_join_variables(root, args, sjinfo, &left, &right, &reversed);
	if (getBaseType(left.atttype) == type && getBaseType(right.atttype) == type)
	{
		left_known = get_stats(&left, &left_stats);
		right_known = get_stats(&right, &right_stats);
		if (left_known && right_known)
			result = average_selectivity(&left_stats, probes_of(&right_stats)) *
				(1.0 - right_stats.null_fraction);
		else if (left_known)
			result = average_selectivity(&left_stats, probes_of(&left_stats));
		else if (right_known)
			result = average_selectivity(&right_stats, probes_of(&right_stats));
		free_stats(&left_stats);
		free_stats(&right_stats);
	}
	ReleaseVariableStats(left);
	ReleaseVariableStats(right);
	CLAMP_PROBABILITY(result);
	PG_RETURN_FLOAT8(result);
}
