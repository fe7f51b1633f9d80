/*-------------------------------------------------------------------------
 *
 * occupancy.h
 *		The occupancy type: resources held for a period.
 *
 * The predicates stand here as static inline functions, so that the SQL
 * operators, the index and the guard share them and cannot disagree.
 *
 * Nothing here knows appointments.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OCCUPANCY_H
#define APPOINTMENT_OCCUPANCY_H

#include "datatype/timestamp.h"
#include "fmgr.h"

#include "occupancy/resource_key.h"

/*
 * An occupancy's bytes, after the varlena header (of one byte or four):
 *
 *	offset	bytes
 *	0		1		version, 1
 *	1		1		flags, OCCUPANCY_ALL and the like; others are zero
 *	2		2		n, the number of names
 *	4		8		start of the period, a TimestampTz
 *	12		8		its end, later than the start and not part of the period
 *	20		8		hash of the scope, 0 without a scope
 *	28		8 * n	the hashes of the names, ascending; two names may share one
 *	..		2		length of the scope, 0 without a scope
 *	..		2 * n	lengths of the names
 *	..		8 * n	only with OCCUPANCY_SHARED: the seats that are held of each
 *					name and its capacity, int32 each; both 0 if it is held alone
 *	..				the scope, the names; not terminated
 *
 * The names ascend bytewise and are distinct, and OCCUPANCY_SHARED is set only
 * if one of them is shared.  So equal occupancies have equal bytes.  All
 * integers are in the machine's byte order, like those of the server's own
 * types, and unaligned: a value with a short varlena header is read where it
 * lies.
 */
#define OCCUPANCY_VERSION		1

#define OCCUPANCY_ALL			0x01	/* every resource; n is 0 */
#define OCCUPANCY_SCOPED		0x02	/* has a scope, perhaps an empty one */
#define OCCUPANCY_SHARED		0x04	/* some of the resources are shared */
#define OCCUPANCY_FLAGS			(OCCUPANCY_ALL | OCCUPANCY_SCOPED | OCCUPANCY_SHARED)

#define OCCUPANCY_HEADER_SIZE	28

/* The limit of a value. */
#define OCCUPANCY_MAX_NAMES		32767

/*
 * How a resource is held: so many of so many seats; or alone, if both are 0.
 * 1 <= seats <= capacity otherwise.
 */
typedef struct OccupancyShare
{
	int32		seats;
	int32		capacity;
} OccupancyShare;

/* A resource on its way into an occupancy. */
typedef struct OccupancyResource
{
	OccupancyName name;
	OccupancyShare share;
} OccupancyResource;

/* An occupancy's parts, where they lie in the value; nothing is copied. */
typedef struct Occupancy
{
	TimestampTz starts_at;
	TimestampTz ends_at;
	uint64		scope_hash;
	uint8		flags;
	int			count;			/* number of names */
	const char *hashes;			/* use occupancy_hash_at() */
	const char *lengths;		/* of the scope and the names, uint16 each */
	const char *shares;			/* of the names, or NULL if all are held
								 * alone; use occupancy_share_at() */
	const char *text;			/* the scope, then the names */
	const char *end;			/* of the value */
} Occupancy;

/* Walks over the names of an occupancy. */
typedef struct OccupancyNames
{
	const Occupancy *o;
	int			next;			/* number of names that were given out */
	const char *text;			/* where the next one starts */
} OccupancyNames;

/*
 * What is wrong with parts that should make an occupancy.  Text, bytes and
 * constructors raise the same faults with their own SQLSTATE.
 */
typedef enum OccupancyFault
{
	OCCUPANCY_FINE,
	OCCUPANCY_NOT_FINITE,
	OCCUPANCY_OUT_OF_RANGE,
	OCCUPANCY_EMPTY_PERIOD,
	OCCUPANCY_REVERSED_PERIOD,
	OCCUPANCY_NO_SEATS,
	OCCUPANCY_NO_CAPACITY,
	OCCUPANCY_SEATS_ABOVE_CAPACITY,
	OCCUPANCY_ALONE_AND_SHARED,
} OccupancyFault;

/* An argument as it came, and what it is. */
typedef struct DetoastedArgument
{
	struct varlena *toasted;	/* a copy, or NULL */
	struct varlena *value;		/* or NULL, as long as it came only once */
} DetoastedArgument;

/*
 * What functions of occupancies keep between calls, in fn_extra; all zero, or
 * NULL, in the beginning.
 */
typedef struct OccupancyCalls
{
	DetoastedArgument arguments[2];

	/* for occupancy_gist_consistent(): see occupancy_key.h */
	const struct OccupancyKeyVisitor *visitor;
} OccupancyCalls;

#define PG_GETARG_OCCUPANCY(n)	occupancy_detoast(PG_GETARG_DATUM(n))

pg_noreturn extern void occupancy_corrupt(void) pg_attribute_cold;
extern struct varlena *occupancy_detoast_once(FunctionCallInfo fcinfo, int n);
extern OccupancyFault occupancy_period_fault(TimestampTz starts_at,
											 TimestampTz ends_at);
extern const char *occupancy_fault_detail(OccupancyFault fault);
extern void occupancy_check_period(TimestampTz starts_at, TimestampTz ends_at);
extern OccupancyFault occupancy_share_fault(int64 seats, int64 capacity);
extern void occupancy_check_name_count(int64 count);
extern OccupancyFault occupancy_merge(OccupancyResource *resources,
									  int *count);
extern void occupancy_check_resources(OccupancyFault fault);
extern struct varlena *occupancy_build(TimestampTz starts_at,
									   TimestampTz ends_at, uint8 flags,
									   OccupancyName scope,
									   OccupancyResource *resources,
									   int count);
extern struct varlena *occupancy_shared(const Occupancy *a,
										const Occupancy *b);
extern struct varlena *occupancy_sum(const Occupancy *a, const Occupancy *b);
extern bool occupancy_find(const Occupancy *o, const OccupancyName *resource,
						   OccupancyShare *share);
extern bool occupancy_covers(const Occupancy *a, const Occupancy *b);
extern struct varlena *occupancy_with_period(const struct varlena *value,
											 TimestampTz starts_at,
											 TimestampTz ends_at);
extern struct varlena *occupancy_without_scope(const Occupancy *o);
extern int	occupancy_compare(const Occupancy *a, const Occupancy *b);

static inline uint64
occupancy_hash_at(const Occupancy *o, int i)
{
	uint64		hash;

	memcpy(&hash, o->hashes + i * sizeof(uint64), sizeof(uint64));
	return hash;
}

static inline int
occupancy_length_at(const Occupancy *o, int i)
{
	uint16		len;

	memcpy(&len, o->lengths + i * sizeof(uint16), sizeof(uint16));
	return len;
}

/* How resource i is held. */
static inline OccupancyShare
occupancy_share_at(const Occupancy *o, int i)
{
	OccupancyShare share = {0, 0};

	if (o->shares == NULL)
		return share;
	memcpy(&share, o->shares + i * sizeof(OccupancyShare),
		   sizeof(OccupancyShare));
	if (share.seats < 0 || share.seats > share.capacity ||
		(share.seats == 0 && share.capacity != 0))
		occupancy_corrupt();
	return share;
}

static inline bool
occupancy_is_all(const Occupancy *o)
{
	return (o->flags & OCCUPANCY_ALL) != 0;
}

static inline bool
occupancy_has_scope(const Occupancy *o)
{
	return (o->flags & OCCUPANCY_SCOPED) != 0;
}

/*
 * A value that can be opened: of either kind of varlena header, in place
 * unless it is compressed or stored elsewhere.  A search calls this for every
 * tuple of a page, hence inline.  What gets the same value in each call of a
 * scan uses occupancy_argument().
 */
static inline struct varlena *
occupancy_detoast(Datum datum)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);

	if (VARATT_IS_COMPRESSED(value) || VARATT_IS_EXTERNAL(value))
		return pg_detoast_datum(value);
	return value;
}

/*
 * The same for argument n, 0 or 1, of a function that is called again and
 * again with one value there.
 */
static inline struct varlena *
occupancy_argument(FunctionCallInfo fcinfo, int n)
{
	Datum		datum = fcinfo->args[n].value;
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);

	if (VARATT_IS_COMPRESSED(value) || VARATT_IS_EXTERNAL(value))
		return occupancy_detoast_once(fcinfo, n);
	return value;
}

/*
 * The period of a detoasted value, for those who may need no more of it.
 */
static inline void
occupancy_period(const struct varlena *value, TimestampTz *starts_at,
				 TimestampTz *ends_at)
{
	const char *data = VARDATA_ANY(value);

	if (VARSIZE_ANY_EXHDR(value) < OCCUPANCY_HEADER_SIZE + sizeof(uint16) ||
		data[0] != OCCUPANCY_VERSION)
		occupancy_corrupt();
	memcpy(starts_at, data + 4, sizeof(TimestampTz));
	memcpy(ends_at, data + 12, sizeof(TimestampTz));
}

/*
 * Look into a detoasted value.
 */
static inline void
occupancy_open(const struct varlena *value, Occupancy *o)
{
	const char *data = VARDATA_ANY(value);
	uint16		count;

	occupancy_period(value, &o->starts_at, &o->ends_at);
	o->flags = (uint8) data[1];
	memcpy(&count, data + 2, sizeof(uint16));
	o->count = count;
	memcpy(&o->scope_hash, data + 20, sizeof(uint64));
	o->hashes = data + OCCUPANCY_HEADER_SIZE;
	o->lengths = o->hashes + count * sizeof(uint64);
	o->text = o->lengths + (count + 1) * sizeof(uint16);
	o->shares = NULL;
	if (o->flags & OCCUPANCY_SHARED)
	{
		o->shares = o->text;
		o->text += count * sizeof(OccupancyShare);
	}
	o->end = data + VARSIZE_ANY_EXHDR(value);

	if (o->text > o->end || (o->flags & ~OCCUPANCY_FLAGS) != 0)
		occupancy_corrupt();
}

static inline OccupancyName
occupancy_scope_of(const Occupancy *o)
{
	OccupancyName scope;

	scope.data = o->text;
	scope.len = occupancy_length_at(o, 0);
	if (scope.len > o->end - scope.data)
		occupancy_corrupt();
	return scope;
}

static inline void
occupancy_names_start(OccupancyNames *names, const Occupancy *o)
{
	OccupancyName scope = occupancy_scope_of(o);

	names->o = o;
	names->next = 0;
	names->text = scope.data + scope.len;
}

/* The next name; false if there is none. */
static inline bool
occupancy_names_next(OccupancyNames *names, OccupancyName *name)
{
	if (names->next >= names->o->count)
		return false;
	name->data = names->text;
	name->len = occupancy_length_at(names->o, ++names->next);
	if (name->len > names->o->end - name->data)
		occupancy_corrupt();
	names->text += name->len;
	return true;
}

/*
 * The predicates.
 */
static inline bool
occupancy_periods_overlap(TimestampTz a_starts_at, TimestampTz a_ends_at,
						  TimestampTz b_starts_at, TimestampTz b_ends_at)
{
	return a_starts_at < b_ends_at && b_starts_at < a_ends_at;
}

static inline bool
occupancy_same_scope(const Occupancy *a, const Occupancy *b)
{
	OccupancyName a_scope;
	OccupancyName b_scope;

	if (a->scope_hash != b->scope_hash ||
		occupancy_has_scope(a) != occupancy_has_scope(b))
		return false;
	a_scope = occupancy_scope_of(a);
	b_scope = occupancy_scope_of(b);
	return occupancy_name_compare(&a_scope, &b_scope) == 0;
}

/* The first hash of a name that two have in common, if there is one */
static inline bool
occupancy_first_common_hash(const Occupancy *a, const Occupancy *b,
							uint64 *hash)
{
	int			i = 0;
	int			j = 0;

	while (i < a->count && j < b->count)
	{
		uint64		a_hash = occupancy_hash_at(a, i);
		uint64		b_hash = occupancy_hash_at(b, j);

		if (a_hash == b_hash)
		{
			*hash = a_hash;
			return true;
		}
		if (a_hash < b_hash)
			i++;
		else
			j++;
	}
	return false;
}

/* Might they have a name in common, by the hashes? */
static inline bool
occupancy_hashes_meet(const Occupancy *a, const Occupancy *b)
{
	uint64		hash;

	return occupancy_first_common_hash(a, b, &hash);
}

/*
 * Do two shares of one resource conflict?  They do if either is all of it, or
 * if they have more seats together than the stricter one of them allows.
 */
static inline bool
occupancy_shares_conflict(OccupancyShare a, OccupancyShare b)
{
	return a.capacity == 0 || b.capacity == 0 ||
		(int64) a.seats + b.seats > Min(a.capacity, b.capacity);
}

/*
 * A walk over the names that two have in common.  Exact; the hashes only spare
 * the work.
 */
typedef struct OccupancyCommon
{
	OccupancyNames a;
	OccupancyNames b;
	OccupancyName name;
} OccupancyCommon;

static inline void
occupancy_common_start(OccupancyCommon *common, const Occupancy *a,
					   const Occupancy *b)
{
	occupancy_names_start(&common->a, a);
	occupancy_names_start(&common->b, b);
}

/* The next name in common; false if there is none. */
static inline bool
occupancy_common_next(OccupancyCommon *common)
{
	OccupancyName b_name;
	bool		more = occupancy_names_next(&common->a, &common->name) &&
	occupancy_names_next(&common->b, &b_name);

	while (more)
	{
		int			order = occupancy_name_compare(&common->name, &b_name);

		if (order == 0)
			return true;
		more = order < 0 ? occupancy_names_next(&common->a, &common->name) :
			occupancy_names_next(&common->b, &b_name);
	}
	return false;
}

/* Do they conflict over the name that the walk has come to? */
static inline bool
occupancy_common_conflicts(const OccupancyCommon *common)
{
	const Occupancy *a = common->a.o;
	const Occupancy *b = common->b.o;

	return a->shares == NULL || b->shares == NULL ||
		occupancy_shares_conflict(occupancy_share_at(a, common->a.next - 1),
								  occupancy_share_at(b, common->b.next - 1));
}

/* Do they conflict over a name? */
static inline bool
occupancy_names_conflict(const Occupancy *a, const Occupancy *b)
{
	OccupancyCommon common;

	if (!occupancy_hashes_meet(a, b))
		return false;
	occupancy_common_start(&common, a, b);
	while (occupancy_common_next(&common))
		if (occupancy_common_conflicts(&common))
			return true;
	return false;
}

/* Is there an instant at which both hold something in one scope? */
static inline bool
occupancy_same_time_and_scope(const Occupancy *a, const Occupancy *b)
{
	return occupancy_periods_overlap(a->starts_at, a->ends_at,
									 b->starts_at, b->ends_at) &&
		occupancy_same_scope(a, b);
}

/* The operator &&. */
static inline bool
occupancy_conflict(const Occupancy *a, const Occupancy *b)
{
	return occupancy_same_time_and_scope(a, b) &&
		(occupancy_is_all(a) || occupancy_is_all(b) ||
		 occupancy_names_conflict(a, b));
}

#endif							/* APPOINTMENT_OCCUPANCY_H */
