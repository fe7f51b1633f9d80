/*-------------------------------------------------------------------------
 *
 * occupancy_key.c
 *		Keys of the GiST index over occupancies: of a value, and of a page.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/int.h"
#include "port/pg_bitutils.h"

#include "compat.h"
#include "occupancy/occupancy_key.h"

/*
 * A page is searched from end to end, and so is every page of the path to a
 * leaf: a few keys on each of more levels are found sooner than many keys on
 * few levels.  A page is as dear as some ten keys, so about ten keys to a page
 * are best.  Keys above the leaves are padded to this size, of which 25 fill a
 * page; they are so few that the index grows by a fiftieth.
 */
#define MIN_INNER_KEY_SIZE		300

void
occupancy_key_corrupt(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED),
			 errmsg("index over occupancies is corrupt, or of a later version"),
			 errhint("Please REINDEX it.")));
}

static OccupancyKey *
make_key(OccupancyKeyKind kind, int count, Size min_size)
{
	Size		size = Max(occupancy_key_size(kind, count), min_size);
	OccupancyKey *key = (OccupancyKey *) palloc0(size);

	SET_VARSIZE(key, size);
	key->version = KEY_VERSION;
	key->kind = kind;
	key->count = count;
	return key;
}

/*----------------------------------------------------------
 * Signatures
 *----------------------------------------------------------*/

static void
signature_add(uint64 *words, const uint32 *hashes, int count)
{
	for (int i = 0; i < count; i++)
		words[occupancy_signature_word(hashes[i])] |= occupancy_signature_mask(hashes[i]);
}

/*
 * Count the bits of a finished signature; a full one becomes KEY_ANY.
 */
static void
finish_signature(OccupancyKey *key, Size min_size)
{
	uint64		bits = pg_popcount((const char *) KEY_WORDS(key),
								   KEY_SIGNATURE_WORDS * sizeof(uint64));

	if (bits > KEY_SIGNATURE_FULL)
	{
		Size		size = Max(occupancy_key_size(KEY_ANY, 0), min_size);

		key->kind = KEY_ANY;
		bits = 0;
		SET_VARSIZE(key, size);
		memset(key + 1, 0, size - sizeof(OccupancyKey));
	}
	key->count = (uint16) bits;
}

/*----------------------------------------------------------
 * Keys of values and of pages
 *----------------------------------------------------------*/

/* A name of a value, on its way into the key of a leaf. */
typedef struct SharedName
{
	uint32		hash;
	OccupancyShare share;
} SharedName;

static int
shared_name_cmp(const void *a, const void *b)
{
	uint32		x = ((const SharedName *) a)->hash;
	uint32		y = ((const SharedName *) b)->hash;

	return x < y ? -1 : x > y ? 1 : 0;
}

/*
 * The key of a value with few names of which some are shared: it tells how they
 * are held, so that seats can be counted without a look at the rows.  Of names
 * that share a hash, it tells what is held of all of them at most.
 */
static OccupancyKey *
key_with_shares(const Occupancy *o)
{
	SharedName	shared[KEY_MAX_LEAF_NAMES];
	OccupancyNames names;
	OccupancyName name;
	OccupancyKey *key;
	OccupancyShare *shares;
	int			count = 0;

	occupancy_names_start(&names, o);
	while (occupancy_names_next(&names, &name))
	{
		shared[names.next - 1].hash =
			occupancy_short_hash(occupancy_hash_name(name.data, name.len));
		shared[names.next - 1].share = occupancy_share_at(o, names.next - 1);
	}
	qsort(shared, o->count, sizeof(SharedName), shared_name_cmp);
	for (int i = 0; i < o->count; i++)
	{
		OccupancyShare share = shared[i].share;
		OccupancyShare *merged;

		if (count == 0 || shared[count - 1].hash != shared[i].hash)
		{
			shared[count++] = shared[i];
			continue;
		}
		merged = &shared[count - 1].share;
		if (merged->capacity == 0 || share.capacity == 0 ||
			pg_add_s32_overflow(merged->seats, share.seats, &merged->seats))
			merged->seats = merged->capacity = 0;
		else
			merged->capacity = Min(merged->capacity, share.capacity);
	}

	key = make_key(KEY_NAMES, count,
				   occupancy_key_size(KEY_NAMES, count) +
				   count * sizeof(OccupancyShare));
	shares = (OccupancyShare *) (KEY_HASHES(key) + count);
	for (int i = 0; i < count; i++)
	{
		KEY_HASHES(key)[i] = shared[i].hash;
		shares[i] = shared[i].share;
	}
	return key;
}

/*
 * The key of a value, for a leaf.
 */
OccupancyKey *
occupancy_key_of(const Occupancy *o)
{
	OccupancyKey *key;

	if (occupancy_is_all(o))
		key = make_key(KEY_ANY, 0, 0);
	else if (o->count > KEY_MAX_LEAF_NAMES)
	{
		key = make_key(KEY_SIGNATURE, 0, 0);
		for (int i = 0; i < o->count; i++)
		{
			uint32		hash = occupancy_short_hash(occupancy_hash_at(o, i));

			signature_add(KEY_WORDS(key), &hash, 1);
		}
		finish_signature(key, 0);
	}
	else if (o->shares != NULL)
		key = key_with_shares(o);
	else
	{
		uint32		hashes[KEY_MAX_LEAF_NAMES];
		int			count = 0;

		/* two names may share a hash, but a list has each hash once */
		for (int i = 0; i < o->count; i++)
		{
			uint32		hash = occupancy_short_hash(occupancy_hash_at(o, i));

			if (count == 0 || hashes[count - 1] != hash)
				hashes[count++] = hash;
		}
		key = make_key(KEY_NAMES, count, 0);
		memcpy(KEY_HASHES(key), hashes, count * sizeof(uint32));
	}
	key->lower = o->starts_at;
	key->upper = o->ends_at;
	key->scope_lower = key->scope_upper = occupancy_short_hash(o->scope_hash);
	return key;
}

/* Does a key cover what another one covers? */
bool
occupancy_key_covers(const OccupancyKey *key, const OccupancyKey *other)
{
	if (key->lower > other->lower || key->upper < other->upper ||
		key->scope_lower > other->scope_lower ||
		key->scope_upper < other->scope_upper)
		return false;
	if (key->kind == KEY_ANY)
		return true;
	return other->kind == KEY_NAMES &&
		occupancy_key_missing(key, KEY_HASHES(other), other->count) == 0;
}

/*
 * All the hashes of n lists of names, or NULL if they are too many.
 */
static OccupancyKey *
union_names(OccupancyKey **keys, int n)
{
	uint32		all[2 * KEY_MAX_NAMES];
	OccupancyKey *result;
	int			count = 0;

	for (int k = 0; k < n; k++)
	{
		const uint32 *more = KEY_HASHES(keys[k]);
		int			nmore = keys[k]->count;
		int			i = count - 1;
		int			j = nmore - 1;
		int			free;

		count += occupancy_hashes_missing(all, count, more, nmore);
		if (count > KEY_MAX_NAMES)
			return NULL;

		/* merge from the end, in place */
		for (free = count - 1; j >= 0; free--)
		{
			if (unlikely(free < 0))
				occupancy_key_corrupt();	/* hashes that do not ascend */
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

			for (int w = 0; w < KEY_SIGNATURE_WORDS; w++)
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
OccupancyKey *
occupancy_key_union(OccupancyKey **keys, int n)
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
	OccupancyKey *key = occupancy_key_checked(PG_GETARG_DATUM(0));
	const char *kind = (key->kind == KEY_NAMES ? "names" :
						key->kind == KEY_SIGNATURE ? "bits" : "any");

	PG_RETURN_CSTRING(psprintf("scope %08x-%08x, " INT64_FORMAT " - " INT64_FORMAT ", %d %s",
							   key->scope_lower, key->scope_upper,
							   key->lower, key->upper, key->count, kind));
}
