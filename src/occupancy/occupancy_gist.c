/*-------------------------------------------------------------------------
 *
 * occupancy_gist.c
 *		The GiST operator class of occupancies.
 *
 * The index is searched once for every row that an exclusion constraint
 * checks, and that search is most of the cost of a row; so everything here
 * serves to look into few leaf pages.  Pages are clustered by scope first,
 * then by time.  A key tells the period that it covers, the range of its
 * scopes, and which resources are below it: exactly while they are few, by a
 * signature while they are some, and no more when they are many, which leaves
 * the upper pages, where a signature would be full, with small keys.
 *
 * Scopes and names are present as 32 bits of their hash.  So a match in a
 * leaf is always rechecked against the value in the heap, while a mismatch is
 * exact.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/gist.h"
#include "access/stratnum.h"
#include "lib/stringinfo.h"
#include "port/pg_bitutils.h"
#include "utils/sortsupport.h"

#include "compat.h"
#include "occupancy/occupancy.h"
#include "occupancy/occupancy_gist.h"

#define OCCUPANCY_CONFLICT_STRATEGY		RTOverlapStrategyNumber

/* What a key knows of the resources below it. */
typedef enum KeyKind
{
	KEY_NAMES = 1,				/* the hashes of all, ascending and distinct */
	KEY_SIGNATURE,				/* a filter of their hashes */
	KEY_ANY,					/* nothing: any resource may be there */
} KeyKind;

/*
 * A key, of a leaf or not.  Its type has plain storage and so never a short
 * varlena header: a search reads it in place, without a call to detoast.
 */
typedef struct OccupancyKey
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KEY_VERSION */
	uint8		kind;			/* a KeyKind */
	uint16		count;			/* of names, or of bits set in the signature */
	TimestampTz lower;			/* the earliest start */
	TimestampTz upper;			/* the latest end */
	uint32		scope_lower;	/* the range of hashes of scopes */
	uint32		scope_upper;
	/* followed by the hashes (uint32) or the signature (uint64) */
} OccupancyKey;

#define KEY_VERSION				1

#define KEY_HASHES(key)			((uint32 *) ((key) + 1))
#define KEY_WORDS(key)			((uint64 *) ((key) + 1))

/*
 * A list of names turns into a signature above MAX_NAMES, and a leaf with
 * more than MAX_LEAF_NAMES has a signature.  A signature that is fuller than
 * SIGNATURE_FULL lets nearly everything pass and is dropped.
 */
#define MAX_NAMES				128
#define MAX_LEAF_NAMES			64
#define SIGNATURE_WORDS			128
#define SIGNATURE_BITS			(SIGNATURE_WORDS * 64)
#define SIGNATURE_FULL			((SIGNATURE_BITS * 6) / 10)

/*
 * A page is searched from end to end, and so is every page of the path to a
 * leaf: a few keys on each of more levels are found sooner than many keys on
 * few levels.  A page is as dear as some ten keys, so about ten keys to a page
 * are best.  Keys above the leaves are padded to this size, of which 25 fill a
 * page; they are so few that the index grows by a fiftieth.
 */
#define MIN_INNER_KEY_SIZE		300

/*
 * A query with so many times a key's names is searched for the names of the
 * key, not the other way round.
 */
#define MANY_NAMES				8

/* Bits that one name sets: all in one word, so that one load tests them. */
#define BITS_PER_NAME			4

#define DatumGetKey(datum)		((OccupancyKey *) DatumGetPointer(datum))

/*----------------------------------------------------------
 * Parts of a key
 *----------------------------------------------------------*/

static inline uint32
short_hash(uint64 hash)
{
	return (uint32) (hash >> 32);
}

/* Where the bits of a name are in a signature. */
static inline int
signature_word(uint32 hash)
{
	return (int) (((uint64) hash * SIGNATURE_WORDS) >> 32);
}

static inline uint64
signature_mask(uint32 hash)
{
	/* the top bits of the hash chose the word: mix before choosing bits */
	uint64		mixed = (uint64) hash * UINT64CONST(0x9E3779B97F4A7C15);

	return (UINT64CONST(1) << ((mixed >> 58) & 63)) |
		(UINT64CONST(1) << ((mixed >> 52) & 63)) |
		(UINT64CONST(1) << ((mixed >> 46) & 63)) |
		(UINT64CONST(1) << ((mixed >> 40) & 63));
}

static inline Size
key_size(KeyKind kind, int count)
{
	switch (kind)
	{
		case KEY_NAMES:
			return sizeof(OccupancyKey) + count * sizeof(uint32);
		case KEY_SIGNATURE:
			return sizeof(OccupancyKey) + SIGNATURE_WORDS * sizeof(uint64);
		case KEY_ANY:
			break;
	}
	return sizeof(OccupancyKey);
}

static OccupancyKey *
make_key(KeyKind kind, int count, Size min_size)
{
	Size		size = Max(key_size(kind, count), min_size);
	OccupancyKey *key = (OccupancyKey *) palloc0(size);

	SET_VARSIZE(key, size);
	key->version = KEY_VERSION;
	key->kind = kind;
	key->count = count;
	return key;
}

pg_noreturn static void
key_corrupt(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED),
			 errmsg("index over occupancies is corrupt, or of a later version"),
			 errhint("Please REINDEX it.")));
}

/*
 * A key of an index's page, which may be damaged: what it counts is there.
 * Whether hashes ascend is not looked at; who relies on it must check.
 */
static inline OccupancyKey *
checked_key(Datum datum)
{
	OccupancyKey *key = DatumGetKey(datum);

	if (key->version != KEY_VERSION ||
		key->kind < KEY_NAMES || key->kind > KEY_ANY ||
		(key->kind == KEY_NAMES && key->count > MAX_NAMES) ||
		VARSIZE(key) < key_size(key->kind, key->count))
		key_corrupt();
	return key;
}

static void
signature_add(uint64 *words, const uint32 *hashes, int count)
{
	for (int i = 0; i < count; i++)
		words[signature_word(hashes[i])] |= signature_mask(hashes[i]);
}

/*
 * Count the bits of a finished signature; a full one becomes KEY_ANY.
 */
static void
finish_signature(OccupancyKey *key, Size min_size)
{
	uint64		bits = pg_popcount((const char *) KEY_WORDS(key),
								   SIGNATURE_WORDS * sizeof(uint64));

	if (bits > SIGNATURE_FULL)
	{
		Size		size = Max(key_size(KEY_ANY, 0), min_size);

		key->kind = KEY_ANY;
		bits = 0;
		SET_VARSIZE(key, size);
		memset(key + 1, 0, size - sizeof(OccupancyKey));
	}
	key->count = (uint16) bits;
}

/*
 * Is a hash among n ascending ones?  Hashes are spread evenly: look where it
 * ought to be, and go on from there.
 */
static inline bool
has_hash(const uint32 *hashes, int n, uint32 hash)
{
	int			i = (int) (((uint64) hash * (uint64) n) >> 32);

	if (n == 0)
		return false;
	if (hashes[i] < hash)
	{
		do
			i++;
		while (i < n && hashes[i] < hash);
		return i < n && hashes[i] == hash;
	}
	while (i > 0 && hashes[i] > hash)
		i--;
	return hashes[i] == hash;
}

/* How many of some hashes are not among those present? */
static inline int
count_missing_in(const uint32 *present, int npresent,
				 const uint32 *hashes, int count)
{
	int			missing = 0;

	for (int i = 0; i < count; i++)
		missing += !has_hash(present, npresent, hashes[i]);
	return missing;
}

/* How many are not below a key? */
static int
count_missing(const OccupancyKey *key, const uint32 *hashes, int count)
{
	const uint64 *words = KEY_WORDS(key);
	int			missing = 0;

	switch ((KeyKind) key->kind)
	{
		case KEY_NAMES:
			return count_missing_in(KEY_HASHES(key), key->count,
									hashes, count);
		case KEY_SIGNATURE:
			for (int i = 0; i < count; i++)
			{
				uint64		mask = signature_mask(hashes[i]);

				missing += (words[signature_word(hashes[i])] & mask) != mask;
			}
			break;
		case KEY_ANY:
			break;
	}
	return missing;
}

/*----------------------------------------------------------
 * The key type
 *----------------------------------------------------------*/

APPOINTMENT_FUNCTION(occupancy_key_in);
Datum
occupancy_key_in(PG_FUNCTION_ARGS)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot accept a value of type %s", "occupancy_key")));

	PG_RETURN_VOID();			/* keep compiler quiet */
}

/* For whoever looks into the index: what a key holds, without its hashes. */
APPOINTMENT_FUNCTION(occupancy_key_out);
Datum
occupancy_key_out(PG_FUNCTION_ARGS)
{
	OccupancyKey *key = checked_key(PG_GETARG_DATUM(0));
	const char *kind = (key->kind == KEY_NAMES ? "names" :
						key->kind == KEY_SIGNATURE ? "bits" : "any");

	PG_RETURN_CSTRING(psprintf("scope %08x-%08x, " INT64_FORMAT " - " INT64_FORMAT ", %d %s",
							   key->scope_lower, key->scope_upper,
							   key->lower, key->upper, key->count, kind));
}

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
		uint32		found = short_hash(occupancy_hash_at(query, middle));

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
			uint32		hash = short_hash(occupancy_hash_at(query, i));
			uint64		mask = signature_mask(hash);

			if ((words[signature_word(hash)] & mask) == mask)
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
			if (has_hash(KEY_HASHES(key), key->count,
						 short_hash(occupancy_hash_at(query, i))))
				return true;
	}
	return false;
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
	OccupancyKey *key = checked_key(entry->key);
	Occupancy	query;
	uint32		scope;

	Assert(PG_GETARG_UINT16(2) == OCCUPANCY_CONFLICT_STRATEGY);
	occupancy_open(occupancy_argument(fcinfo, 1), &query);
	*recheck = true;

	if (!occupancy_periods_overlap(key->lower, key->upper,
								   query.starts_at, query.ends_at))
		PG_RETURN_BOOL(false);
	scope = short_hash(query.scope_hash);
	if (scope < key->scope_lower || scope > key->scope_upper)
		PG_RETURN_BOOL(false);
	if (key->kind == KEY_ANY || occupancy_is_all(&query))
		PG_RETURN_BOOL(true);
	PG_RETURN_BOOL(names_may_meet(key, &query));
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
	if (occupancy_is_all(&o))
		key = make_key(KEY_ANY, 0, 0);
	else if (o.count > MAX_LEAF_NAMES)
	{
		key = make_key(KEY_SIGNATURE, 0, 0);
		for (int i = 0; i < o.count; i++)
		{
			uint32		hash = short_hash(occupancy_hash_at(&o, i));

			signature_add(KEY_WORDS(key), &hash, 1);
		}
		finish_signature(key, 0);
	}
	else
	{
		uint32		hashes[MAX_LEAF_NAMES];
		int			count = 0;

		/* two names may share a hash, but a list has each hash once */
		for (int i = 0; i < o.count; i++)
		{
			uint32		hash = short_hash(occupancy_hash_at(&o, i));

			if (count == 0 || hashes[count - 1] != hash)
				hashes[count++] = hash;
		}
		key = make_key(KEY_NAMES, count, 0);
		memcpy(KEY_HASHES(key), hashes, count * sizeof(uint32));
	}
	key->lower = o.starts_at;
	key->upper = o.ends_at;
	key->scope_lower = key->scope_upper = short_hash(o.scope_hash);

	result = (GISTENTRY *) palloc(sizeof(GISTENTRY));
	gistentryinit(*result, PointerGetDatum(key),
				  entry->rel, entry->page, entry->offset, false);
	PG_RETURN_POINTER(result);
}

/* Does a key cover what another one covers? */
static bool
key_covers(const OccupancyKey *key, const OccupancyKey *other)
{
	if (key->lower > other->lower || key->upper < other->upper ||
		key->scope_lower > other->scope_lower ||
		key->scope_upper < other->scope_upper)
		return false;
	if (key->kind == KEY_ANY)
		return true;
	return other->kind == KEY_NAMES &&
		count_missing(key, KEY_HASHES(other), other->count) == 0;
}

/*
 * All the hashes of n lists of names, or NULL if they are too many.
 */
static OccupancyKey *
union_names(OccupancyKey **keys, int n)
{
	uint32		all[2 * MAX_NAMES];
	OccupancyKey *result;
	int			count = 0;

	for (int k = 0; k < n; k++)
	{
		const uint32 *more = KEY_HASHES(keys[k]);
		int			nmore = keys[k]->count;
		int			i = count - 1;
		int			j = nmore - 1;
		int			free;

		count += count_missing_in(all, count, more, nmore);
		if (count > MAX_NAMES)
			return NULL;

		/* merge from the end, in place */
		for (free = count - 1; j >= 0; free--)
		{
			if (unlikely(free < 0))
				key_corrupt();	/* hashes that do not ascend */
			if (i >= 0 && all[i] > more[j])
				all[free] = all[i--];
			else
			{
				if (i >= 0 && all[i] == more[j])
					i--;
				all[free] = more[j--];
			}
		}
	}

	result = make_key(KEY_NAMES, count, MIN_INNER_KEY_SIZE);
	memcpy(KEY_HASHES(result), all, count * sizeof(uint32));
	return result;
}

static OccupancyKey *
union_signatures(OccupancyKey **keys, int n)
{
	OccupancyKey *result = make_key(KEY_SIGNATURE, 0, MIN_INNER_KEY_SIZE);
	uint64	   *words = KEY_WORDS(result);

	for (int i = 0; i < n; i++)
	{
		if (keys[i]->kind == KEY_SIGNATURE)
		{
			const uint64 *more = KEY_WORDS(keys[i]);

			for (int w = 0; w < SIGNATURE_WORDS; w++)
				words[w] |= more[w];
		}
		else
			signature_add(words, KEY_HASHES(keys[i]), keys[i]->count);
	}
	finish_signature(result, MIN_INNER_KEY_SIZE);
	return result;
}

/*
 * The key of what n keys cover together.  Where scopes differ, the scope tells
 * most, and the names below would be many: they are not kept.
 */
static OccupancyKey *
union_keys(OccupancyKey **keys, int n)
{
	OccupancyKey *result = NULL;
	TimestampTz lower = keys[0]->lower;
	TimestampTz upper = keys[0]->upper;
	uint32		scope_lower = keys[0]->scope_lower;
	uint32		scope_upper = keys[0]->scope_upper;
	bool		any = false;
	bool		signature = false;

	for (int i = 0; i < n; i++)
	{
		OccupancyKey *key = keys[i];

		lower = Min(lower, key->lower);
		upper = Max(upper, key->upper);
		scope_lower = Min(scope_lower, key->scope_lower);
		scope_upper = Max(scope_upper, key->scope_upper);
		any |= key->kind == KEY_ANY;
		signature |= key->kind == KEY_SIGNATURE;
	}

	if (any || scope_lower != scope_upper)
		result = make_key(KEY_ANY, 0, MIN_INNER_KEY_SIZE);
	else if (!signature)
		result = union_names(keys, n);
	if (result == NULL)
		result = union_signatures(keys, n);

	result->lower = lower;
	result->upper = upper;
	result->scope_lower = scope_lower;
	result->scope_upper = scope_upper;
	return result;
}

APPOINTMENT_FUNCTION(occupancy_gist_union);
Datum
occupancy_gist_union(PG_FUNCTION_ARGS)
{
	GistEntryVector *entryvec = (GistEntryVector *) PG_GETARG_POINTER(0);
	int		   *size = (int *) PG_GETARG_POINTER(1);
	OccupancyKey **keys = palloc(entryvec->n * sizeof(OccupancyKey *));
	OccupancyKey *result;

	for (int i = 0; i < entryvec->n; i++)
		keys[i] = checked_key(entryvec->vector[i].key);

	/* an insertion asks at every level, and seldom changes the key */
	if (entryvec->n == 2 && key_covers(keys[0], keys[1]))
		result = keys[0];
	else
		result = union_keys(keys, entryvec->n);
	*size = VARSIZE(result);
	PG_RETURN_POINTER(result);
}

APPOINTMENT_FUNCTION(occupancy_gist_same);
Datum
occupancy_gist_same(PG_FUNCTION_ARGS)
{
	OccupancyKey *a = checked_key(PG_GETARG_DATUM(0));
	OccupancyKey *b = checked_key(PG_GETARG_DATUM(1));
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
	switch ((KeyKind) key->kind)
	{
		case KEY_NAMES:
			return key->count;
		case KEY_SIGNATURE:
			return key->count / (double) BITS_PER_NAME;
		case KEY_ANY:
			break;
	}
	return SIGNATURE_FULL / (double) BITS_PER_NAME;
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
	OccupancyKey *key = checked_key(((GISTENTRY *) PG_GETARG_POINTER(0))->key);
	OccupancyKey *new = checked_key(((GISTENTRY *) PG_GETARG_POINTER(1))->key);
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
		weight += count_missing(key, KEY_HASHES(new), new->count);
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
 * Where to cut n sorted entries: between two scopes if there is such a place
 * that leaves no less than a fourth on either side, else in the middle.
 */
static int
cut_place(const SplitEntry *entries, int n)
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
	return middle;
}

static Datum
split_side(const SplitEntry *entries, int n, OffsetNumber *offsets)
{
	OccupancyKey **keys = palloc(n * sizeof(OccupancyKey *));

	for (int i = 0; i < n; i++)
	{
		keys[i] = entries[i].key;
		offsets[i] = entries[i].offset;
	}
	return PointerGetDatum(union_keys(keys, n));
}

APPOINTMENT_FUNCTION(occupancy_gist_picksplit);
Datum
occupancy_gist_picksplit(PG_FUNCTION_ARGS)
{
	GistEntryVector *entryvec = (GistEntryVector *) PG_GETARG_POINTER(0);
	GIST_SPLITVEC *split = (GIST_SPLITVEC *) PG_GETARG_POINTER(1);
	int			n = entryvec->n - 1;
	SplitEntry *entries = palloc(n * sizeof(SplitEntry));
	int			cut;

	for (int i = 0; i < n; i++)
	{
		OffsetNumber offset = FirstOffsetNumber + i;

		entries[i].key = checked_key(entryvec->vector[offset].key);
		entries[i].offset = offset;
	}
	qsort(entries, n, sizeof(SplitEntry), split_cmp);
	cut = cut_place(entries, n);

	split->spl_nleft = cut;
	split->spl_nright = n - cut;
	split->spl_left = palloc(n * sizeof(OffsetNumber));
	split->spl_right = palloc(n * sizeof(OffsetNumber));
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
	const OccupancyKey *x = DatumGetKey(a);
	const OccupancyKey *y = DatumGetKey(b);

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
	const OccupancyKey *key = DatumGetKey(original);
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
