/*-------------------------------------------------------------------------
 *
 * occupancy_gist.c
 *		The GiST operator class of occupancies.
 *
 * The index is searched once for every row that an exclusion constraint
 * checks, and that search is most of the cost of a row; so everything here
 * serves to look into few leaf pages.  Pages are clustered by scope first,
 * then by time.  What a key tells is in occupancy_key.h.
 *
 * A key has only a part of each hash.  So a match in a leaf is always rechecked
 * against the value in the heap, while a mismatch is exact.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/gist.h"
#include "access/stratnum.h"
#include "utils/sortsupport.h"

#include "compat.h"
#include "occupancy/occupancy.h"
#include "occupancy/occupancy_gist.h"
#include "occupancy/occupancy_key.h"

#define OCCUPANCY_CONFLICT_STRATEGY		RTOverlapStrategyNumber

/*
 * A query with so many times a key's names is searched for the names of the
 * key, not the other way round.
 */
#define MANY_NAMES				8

/*----------------------------------------------------------
 * Search
 *----------------------------------------------------------*/

/* Is a hash among those of the query's names, which ascend? */
static bool
query_has_hash(const Occupancy *query, uint32 hash)
{
	int			low = 0;
	int			high = query->count;

	while (low < high)
	{
		int			middle = (low + high) / 2;
		uint32		found = occupancy_short_hash(occupancy_hash_at(query, middle));

		if (found == hash)
			return true;
		if (found < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* Is one of the query's names among those of the key? */
static inline bool
names_may_meet(const OccupancyKey *key, const Occupancy *query)
{
	if (key->kind == KEY_SIGNATURE)
	{
		const uint64 *words = KEY_WORDS(key);

		for (int i = 0; i < query->count; i++)
		{
			uint32		hash = occupancy_short_hash(occupancy_hash_at(query, i));
			uint64		mask = occupancy_signature_mask(hash);

			if ((words[occupancy_signature_word(hash)] & mask) == mask)
				return true;
		}
	}
	else if (query->count > MANY_NAMES * key->count)
	{
		for (int i = 0; i < key->count; i++)
			if (query_has_hash(query, KEY_HASHES(key)[i]))
				return true;
	}
	else
	{
		for (int i = 0; i < query->count; i++)
			if (occupancy_hashes_have(KEY_HASHES(key), key->count,
									  occupancy_short_hash(occupancy_hash_at(query, i))))
				return true;
	}
	return false;
}

/* The period was looked at before. */
static inline bool
key_may_match(const OccupancyKey *key, const Occupancy *query)
{
	uint32		scope = occupancy_short_hash(query->scope_hash);

	if (scope < key->scope_lower || scope > key->scope_upper)
		return false;
	return key->kind == KEY_ANY || occupancy_is_all(query) ||
		names_may_meet(key, query);
}

/*
 * May the key's value (in a leaf) or a value below it conflict with the query?
 * A mismatch is exact, a match is not: two names may share 32 bits.
 */
APPOINTMENT_FUNCTION(occupancy_gist_consistent);
Datum
occupancy_gist_consistent(PG_FUNCTION_ARGS)
{
	GISTENTRY  *entry = (GISTENTRY *) PG_GETARG_POINTER(0);
	bool	   *recheck = (bool *) PG_GETARG_POINTER(4);
	OccupancyKey *key = occupancy_key_checked(entry->key);
	struct varlena *value = occupancy_argument(fcinfo, 1);
	OccupancyCalls *calls;
	Occupancy	query;
	bool		result;

	Assert(PG_GETARG_UINT16(2) == OCCUPANCY_CONFLICT_STRATEGY);
	*recheck = true;

	/* most keys of a page are of other times */
	occupancy_period(value, &query.starts_at, &query.ends_at);
	if (!occupancy_periods_overlap(key->lower, key->upper,
								   query.starts_at, query.ends_at))
		PG_RETURN_BOOL(false);

	occupancy_open(value, &query);
	result = key_may_match(key, &query);
	calls = (OccupancyCalls *) fcinfo->flinfo->fn_extra;
	if (unlikely(calls != NULL && calls->visitor != NULL) &&
		result && GIST_LEAF(entry))
	{
		calls->visitor->visit(calls->visitor->arg, key);
		result = false;
	}
	PG_RETURN_BOOL(result);
}

/*----------------------------------------------------------
 * Keys of values and of pages
 *----------------------------------------------------------*/

APPOINTMENT_FUNCTION(occupancy_gist_compress);
Datum
occupancy_gist_compress(PG_FUNCTION_ARGS)
{
	GISTENTRY  *entry = (GISTENTRY *) PG_GETARG_POINTER(0);
	GISTENTRY  *result;
	OccupancyKey *key;
	Occupancy	o;

	if (!entry->leafkey)
		PG_RETURN_POINTER(entry);

	occupancy_open(occupancy_detoast(entry->key), &o);
	key = occupancy_key_of(&o);
	result = (GISTENTRY *) palloc(sizeof(GISTENTRY));
	gistentryinit(*result, PointerGetDatum(key),
				  entry->rel, entry->page, entry->offset, false);
	PG_RETURN_POINTER(result);
}

APPOINTMENT_FUNCTION(occupancy_gist_union);
Datum
occupancy_gist_union(PG_FUNCTION_ARGS)
{
	GistEntryVector *entryvec = (GistEntryVector *) PG_GETARG_POINTER(0);
	int		   *size = (int *) PG_GETARG_POINTER(1);
	OccupancyKey **keys = palloc_array(OccupancyKey *, entryvec->n);
	OccupancyKey *result;

	for (int i = 0; i < entryvec->n; i++)
		keys[i] = occupancy_key_checked(entryvec->vector[i].key);

	/* an insertion asks at every level, and seldom changes the key */
	if (entryvec->n == 2 && occupancy_key_covers(keys[0], keys[1]))
		result = keys[0];
	else
		result = occupancy_key_union(keys, entryvec->n);
	*size = VARSIZE(result);
	PG_RETURN_POINTER(result);
}

APPOINTMENT_FUNCTION(occupancy_gist_same);
Datum
occupancy_gist_same(PG_FUNCTION_ARGS)
{
	OccupancyKey *a = occupancy_key_checked(PG_GETARG_DATUM(0));
	OccupancyKey *b = occupancy_key_checked(PG_GETARG_DATUM(1));
	bool	   *result = (bool *) PG_GETARG_POINTER(2);

	*result = VARSIZE(a) == VARSIZE(b) && memcmp(a, b, VARSIZE(a)) == 0;
	PG_RETURN_POINTER(result);
}

/*----------------------------------------------------------
 * Where a value goes
 *----------------------------------------------------------*/

/* Names below a key, more or less. */
static inline double
key_weight(const OccupancyKey *key)
{
	switch ((OccupancyKeyKind) key->kind)
	{
		case KEY_NAMES:
			return key->count;
		case KEY_SIGNATURE:
			return key->count / (double) KEY_BITS_PER_NAME;
		case KEY_ANY:
			break;
	}
	return KEY_SIGNATURE_FULL / (double) KEY_BITS_PER_NAME;
}

static inline double
key_seconds(TimestampTz lower, TimestampTz upper)
{
	return (upper - lower) / (double) USECS_PER_SEC;
}

/*
 * Penalty of inserting a key below another.  Its goals, from most to least
 * important:
 *
 * - Do not widen the range of scopes; if that must be, then least.
 * - Among keys that cover the scope, take the one with the narrowest range:
 *   one scope's pages are better than pages that it shares.
 * - Let the expected number of visits by later searches grow least.  A search
 *   for a period of about this length meets the key's period in proportion to
 *   the sum of both lengths, and one of its names with a chance in proportion
 *   to the number of names below the key.
 * - Among keys that need not grow, take the one with the fewest visits.
 */
APPOINTMENT_FUNCTION(occupancy_gist_penalty);
Datum
occupancy_gist_penalty(PG_FUNCTION_ARGS)
{
	OccupancyKey *key = occupancy_key_checked(((GISTENTRY *) PG_GETARG_POINTER(0))->key);
	OccupancyKey *new = occupancy_key_checked(((GISTENTRY *) PG_GETARG_POINTER(1))->key);
	float	   *penalty = (float *) PG_GETARG_POINTER(2);
	double		growth = 0;
	double		length;
	double		weight;
	double		visits;
	double		more_visits;

	if (new->scope_lower < key->scope_lower)
		growth += (double) key->scope_lower - new->scope_lower;
	if (new->scope_upper > key->scope_upper)
		growth += (double) new->scope_upper - key->scope_upper;
	if (growth > 0)
	{
		/* 1e25 to 1e35 */
		*penalty = (float) (1e25 * growth);
		PG_RETURN_POINTER(penalty);
	}
	if (key->scope_lower < key->scope_upper)
	{
		/* 1e15 to 1e25 */
		*penalty = (float) (1e15 * ((double) key->scope_upper - key->scope_lower));
		PG_RETURN_POINTER(penalty);
	}

	length = key_seconds(new->lower, new->upper);
	weight = key_weight(key);
	visits = (key_seconds(key->lower, key->upper) + length) * weight;
	if (new->kind == KEY_NAMES)
		weight += occupancy_key_missing(key, KEY_HASHES(new), new->count);
	else
		weight = Max(weight, key_weight(new));
	more_visits = (key_seconds(Min(key->lower, new->lower),
							   Max(key->upper, new->upper)) + length) * weight;
	*penalty = (float) Min(more_visits - visits + visits * 1e-6, 1e15);
	PG_RETURN_POINTER(penalty);
}

/*----------------------------------------------------------
 * Splitting a page
 *----------------------------------------------------------*/

/* An entry of a page that is split. */
typedef struct SplitEntry
{
	OccupancyKey *key;
	OffsetNumber offset;
} SplitEntry;

static int
split_cmp(const void *a, const void *b)
{
	const OccupancyKey *x = ((const SplitEntry *) a)->key;
	const OccupancyKey *y = ((const SplitEntry *) b)->key;
	TimestampTz x_centre;
	TimestampTz y_centre;

	if (x->scope_lower != y->scope_lower)
		return x->scope_lower < y->scope_lower ? -1 : 1;
	if (x->scope_upper != y->scope_upper)
		return x->scope_upper < y->scope_upper ? -1 : 1;
	x_centre = x->lower / 2 + x->upper / 2;
	y_centre = y->lower / 2 + y->upper / 2;
	if (x_centre != y_centre)
		return x_centre < y_centre ? -1 : 1;
	return 0;
}

/*
 * The entry that a page is split for, which stands behind those of the page.
 * Nobody knows it in a sorted build, which splits several pages at once, nor
 * where one half is split again, nor where there is no page, as in a test.
 */
static OffsetNumber
newest_entry(const GistEntryVector *entryvec)
{
	int			n = entryvec->n - 1;
	Page		page = entryvec->vector[FirstOffsetNumber].page;

	return page != NULL && n == (int) PageGetMaxOffsetNumber(page) + 1 ?
		n : InvalidOffsetNumber;
}

/*
 * Where to cut n sorted entries: between two scopes if there is such a place
 * that leaves no less than a fourth on either side.  Else in the middle, but
 * where the newest is the last and all are of one scope, bookings come in the
 * order of time: the left page will get no more of them, and is left nearly
 * full.
 */
static int
cut_place(const SplitEntry *entries, int n, OffsetNumber newest)
{
	int			middle = n / 2;

	for (int distance = 0; distance <= n / 4; distance++)
	{
		int			places[2] = {middle - distance, middle + distance};

		for (int i = 0; i < 2; i++)
		{
			int			place = places[i];

			if (place > 0 && place < n &&
				entries[place - 1].key->scope_upper < entries[place].key->scope_lower)
				return place;
		}
	}
	if (entries[n - 1].offset == newest &&
		entries[0].key->scope_lower == entries[n - 1].key->scope_upper)
		return n - Max(n / 10, 1);
	return middle;
}

static Datum
split_side(const SplitEntry *entries, int n, OffsetNumber *offsets)
{
	OccupancyKey **keys = palloc_array(OccupancyKey *, n);

	for (int i = 0; i < n; i++)
	{
		keys[i] = entries[i].key;
		offsets[i] = entries[i].offset;
	}
	return PointerGetDatum(occupancy_key_union(keys, n));
}

APPOINTMENT_FUNCTION(occupancy_gist_picksplit);
Datum
occupancy_gist_picksplit(PG_FUNCTION_ARGS)
{
	GistEntryVector *entryvec = (GistEntryVector *) PG_GETARG_POINTER(0);
	GIST_SPLITVEC *split = (GIST_SPLITVEC *) PG_GETARG_POINTER(1);
	int			n = entryvec->n - 1;
	SplitEntry *entries = palloc_array(SplitEntry, n);
	int			cut;

	for (int i = 0; i < n; i++)
	{
		OffsetNumber offset = FirstOffsetNumber + i;

		entries[i].key = occupancy_key_checked(entryvec->vector[offset].key);
		entries[i].offset = offset;
	}
	qsort(entries, n, sizeof(SplitEntry), split_cmp);
	cut = cut_place(entries, n, newest_entry(entryvec));

	split->spl_nleft = cut;
	split->spl_nright = n - cut;
	split->spl_left = palloc_array(OffsetNumber, n);
	split->spl_right = palloc_array(OffsetNumber, n);
	split->spl_ldatum = split_side(entries, cut, split->spl_left);
	split->spl_rdatum = split_side(entries + cut, n - cut, split->spl_right);
	PG_RETURN_POINTER(split);
}

/*----------------------------------------------------------
 * Sorted build
 *----------------------------------------------------------*/

static int
sort_cmp(Datum a, Datum b, SortSupport ssup)
{
	const OccupancyKey *x = DatumGetOccupancyKey(a);
	const OccupancyKey *y = DatumGetOccupancyKey(b);

	if (x->scope_lower != y->scope_lower)
		return x->scope_lower < y->scope_lower ? -1 : 1;
	if (x->lower != y->lower)
		return x->lower < y->lower ? -1 : 1;
	if (x->upper != y->upper)
		return x->upper < y->upper ? -1 : 1;
	return 0;
}

#if SIZEOF_DATUM == 8
/*
 * The scope and the upper half of the start, in steps of 2^27 microseconds
 * (134 s): 32 bits of them last for more than 18,000 years.
 */
static Datum
sort_abbreviate(Datum original, SortSupport ssup)
{
	const OccupancyKey *key = DatumGetOccupancyKey(original);
	uint64		start = (uint64) (key->lower - MIN_TIMESTAMP) >> 27;

	return UInt64GetDatum(((uint64) key->scope_lower << 32) |
						  Min(start, PG_UINT32_MAX));
}

/* It is hardly ever useless, and never costs much: do not give up on it. */
static bool
sort_abbreviate_abort(int memtupcount, SortSupport ssup)
{
	return false;
}
#endif

APPOINTMENT_FUNCTION(occupancy_gist_sortsupport);
Datum
occupancy_gist_sortsupport(PG_FUNCTION_ARGS)
{
	SortSupport ssup = (SortSupport) PG_GETARG_POINTER(0);

	ssup->comparator = sort_cmp;
#if SIZEOF_DATUM == 8
	if (ssup->abbreviate)
	{
		ssup->comparator = ssup_datum_unsigned_cmp;
		ssup->abbrev_converter = sort_abbreviate;
		ssup->abbrev_abort = sort_abbreviate_abort;
		ssup->abbrev_full_comparator = sort_cmp;
	}
#endif
	PG_RETURN_VOID();
}
