/*-------------------------------------------------------------------------
 *
 * resource_key.h
 *		Names of resources, and of scopes: their limits, order and hashes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_RESOURCE_KEY_H
#define APPOINTMENT_RESOURCE_KEY_H

#include "common/hashfn.h"

/* A name or scope: not terminated. */
typedef struct OccupancyName
{
	const char *data;
	int			len;
} OccupancyName;

/* The limit of a name. */
#define OCCUPANCY_MAX_NAME_LEN	1024

/* Seed of the hashes of names.  They are stored: it can never change. */
#define OCCUPANCY_HASH_SEED		UINT64CONST(0x6f63637570616e63)

pg_noreturn extern void occupancy_refuse_name_length(int64 len) pg_attribute_cold;
extern int	occupancy_hash_cmp(const void *a, const void *b);

static inline void
occupancy_check_name_length(int64 len)
{
	if (len > OCCUPANCY_MAX_NAME_LEN)
		occupancy_refuse_name_length(len);
}

/*
 * The hash of a name or scope.  A test build makes equal hashes frequent.
 */
static inline uint64
occupancy_hash_name(const char *data, int len)
{
	uint64		hash = hash_bytes_extended((const unsigned char *) data, len,
										   OCCUPANCY_HASH_SEED);

#ifdef OCCUPANCY_FORCE_COLLISIONS
	hash &= UINT64CONST(0xC000000000000000);
#endif
	return hash;
}

/* Bytewise, as the names are kept. */
static inline int
occupancy_name_compare(const OccupancyName *a, const OccupancyName *b)
{
	int			result = memcmp(a->data, b->data, Min(a->len, b->len));

	return result != 0 ? result : a->len - b->len;
}

#endif							/* APPOINTMENT_RESOURCE_KEY_H */
