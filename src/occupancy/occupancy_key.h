/*-------------------------------------------------------------------------
 *
 * occupancy_key.h
 *		A key of the GiST index over occupancies, and what a search asks of it.
 *
 * A key tells the period that it covers, the range of its scopes, and which
 * resources are below it: exactly while they are few, by a signature while
 * they are some, and no more when they are many, which leaves the upper pages,
 * where a signature would be full, with small keys.
 *
 * Scopes and names are present as 32 bits of their hash.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OCCUPANCY_KEY_H
#define APPOINTMENT_OCCUPANCY_KEY_H

#include "datatype/timestamp.h"
#include "fmgr.h"

#include "occupancy/occupancy.h"

/* What a key knows of the resources below it. */
typedef enum OccupancyKeyKind
{
	KEY_NAMES = 1,				/* the hashes of all, ascending and distinct */
	KEY_SIGNATURE,				/* a filter of their hashes */
	KEY_ANY,					/* nothing: any resource may be there */
} OccupancyKeyKind;

/*
 * A key, of a leaf or not.  Its type has plain storage and so never a short
 * varlena header: a search reads it in place, without a call to detoast.
 */
typedef struct OccupancyKey
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KEY_VERSION */
	uint8		kind;			/* an OccupancyKeyKind */
	uint16		count;			/* of names, or of bits set in the signature */
	TimestampTz lower;			/* the earliest start */
	TimestampTz upper;			/* the latest end */
	uint32		scope_lower;	/* the range of hashes of scopes */
	uint32		scope_upper;

	/*
	 * followed by the hashes (uint32) or the signature (uint64); in a leaf,
	 * if some of its names are shared, the hashes by an OccupancyShare for
	 * each
	 */
} OccupancyKey;

#define KEY_VERSION				1

#define KEY_HASHES(key)			((uint32 *) ((key) + 1))
#define KEY_WORDS(key)			((uint64 *) ((key) + 1))

/*
 * A list of names turns into a signature above KEY_MAX_NAMES, and a leaf with
 * more than KEY_MAX_LEAF_NAMES has a signature.  A signature that is fuller than
 * KEY_SIGNATURE_FULL lets nearly everything pass and is dropped.
 */
#define KEY_MAX_NAMES				128
#define KEY_MAX_LEAF_NAMES			64
#define KEY_SIGNATURE_WORDS			128
#define KEY_SIGNATURE_BITS			(KEY_SIGNATURE_WORDS * 64)
#define KEY_SIGNATURE_FULL			((KEY_SIGNATURE_BITS * 6) / 10)

/* Of a list that is no longer, each hash is compared. */
#define FEW_HASHES					16

/* Bits that one name sets: all in one word, so that one load tests them. */
#define KEY_BITS_PER_NAME			4

/*
 * Looks at the keys of all leaves that a search may match, instead of the rows:
 * the search itself finds nothing then.
 */
typedef struct OccupancyKeyVisitor
{
	void		(*visit) (void *arg, const OccupancyKey *key);
	void	   *arg;
} OccupancyKeyVisitor;

#define DatumGetOccupancyKey(datum)		((OccupancyKey *) DatumGetPointer(datum))

pg_noreturn extern void occupancy_key_corrupt(void) pg_attribute_cold;
extern OccupancyKey *occupancy_key_of(const Occupancy *o);
extern bool occupancy_key_covers(const OccupancyKey *key,
								 const OccupancyKey *other);
extern OccupancyKey *occupancy_key_union(OccupancyKey **keys, int n);

static inline uint32
occupancy_short_hash(uint64 hash)
{
	return (uint32) (hash >> 32);
}

/* Where the bits of a name are in a signature. */
static inline int
occupancy_signature_word(uint32 hash)
{
	return (int) (((uint64) hash * KEY_SIGNATURE_WORDS) >> 32);
}

static inline uint64
occupancy_signature_mask(uint32 hash)
{
	/* the top bits of the hash chose the word: mix before choosing bits */
	uint64		mixed = (uint64) hash * UINT64CONST(0x9E3779B97F4A7C15);

	return (UINT64CONST(1) << ((mixed >> 58) & 63)) |
		(UINT64CONST(1) << ((mixed >> 52) & 63)) |
		(UINT64CONST(1) << ((mixed >> 46) & 63)) |
		(UINT64CONST(1) << ((mixed >> 40) & 63));
}

static inline Size
occupancy_key_size(OccupancyKeyKind kind, int count)
{
	switch (kind)
	{
		case KEY_NAMES:
			return sizeof(OccupancyKey) + count * sizeof(uint32);
		case KEY_SIGNATURE:
			return sizeof(OccupancyKey) + KEY_SIGNATURE_WORDS * sizeof(uint64);
		case KEY_ANY:
			break;
	}
	return sizeof(OccupancyKey);
}

/*
 * A key of an index's page, which may be damaged: what it counts is there.
 * Whether hashes ascend is not looked at; who relies on it must check.
 */
static inline OccupancyKey *
occupancy_key_checked(Datum datum)
{
	OccupancyKey *key = DatumGetOccupancyKey(datum);

	if (key->version != KEY_VERSION ||
		key->kind < KEY_NAMES || key->kind > KEY_ANY ||
		(key->kind == KEY_NAMES && key->count > KEY_MAX_NAMES) ||
		VARSIZE(key) < occupancy_key_size(key->kind, key->count))
		occupancy_key_corrupt();
	return key;
}

/*
 * How the names of a leaf's key are held, in the order of their hashes; NULL if
 * all are held alone.
 */
static inline const OccupancyShare *
occupancy_key_shares(const OccupancyKey *key)
{
	Size		size = occupancy_key_size(KEY_NAMES, key->count);

	if (VARSIZE(key) < size + key->count * sizeof(OccupancyShare))
		return NULL;
	return (const OccupancyShare *) ((const char *) key + size);
}

/*
 * Is a hash among n ascending ones?  Of a few, all are looked at: there is no
 * branch to guess wrong.  Hashes are spread evenly: of many, look where it ought
 * to be, and go on from there.
 */
static inline bool
occupancy_hashes_have(const uint32 *hashes, int n, uint32 hash)
{
	int			i;

	if (n <= FEW_HASHES)
	{
		bool		found = false;

		for (i = 0; i < n; i++)
			found |= hashes[i] == hash;
		return found;
	}
	i = (int) (((uint64) hash * (uint64) n) >> 32);
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
occupancy_hashes_missing(const uint32 *present, int npresent,
						 const uint32 *hashes, int count)
{
	int			missing = 0;

	for (int i = 0; i < count; i++)
		missing += !occupancy_hashes_have(present, npresent, hashes[i]);
	return missing;
}

/* How many are not below a key? */
static inline int
occupancy_key_missing(const OccupancyKey *key, const uint32 *hashes, int count)
{
	const uint64 *words = KEY_WORDS(key);
	int			missing = 0;

	switch ((OccupancyKeyKind) key->kind)
	{
		case KEY_NAMES:
			return occupancy_hashes_missing(KEY_HASHES(key), key->count,
											hashes, count);
		case KEY_SIGNATURE:
			for (int i = 0; i < count; i++)
			{
				uint64		mask = occupancy_signature_mask(hashes[i]);

				missing += (words[occupancy_signature_word(hashes[i])] & mask) != mask;
			}
			break;
		case KEY_ANY:
			break;
	}
	return missing;
}

#endif							/* APPOINTMENT_OCCUPANCY_KEY_H */
