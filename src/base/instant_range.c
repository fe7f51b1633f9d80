/*-------------------------------------------------------------------------
 *
 * instant_range.c
 *		A tstzrange as two instants.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/typcache.h"

#include "base/instant_range.h"

/*
 * The instants of a range: from the first up to but not including the last.
 * Where it has no bound these are the infinities.  False if no instant is in
 * it.
 *
 * range_get_typcache() would take fn_extra, which a function that returns a
 * set has itself.
 */
bool
instant_range(const RangeType *range, TimestampTz *from, TimestampTz *to)
{
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	range_deserialize(lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO),
					  range, &lower, &upper, &empty);
	if (empty)
		return false;
	*from = lower.infinite ? DT_NOBEGIN : DatumGetTimestampTz(lower.val);
	*to = upper.infinite ? DT_NOEND : DatumGetTimestampTz(upper.val);
	if (!lower.infinite && !lower.inclusive && *from < DT_NOEND)
		*from += 1;
	if (!upper.infinite && upper.inclusive && *to < DT_NOEND)
		*to += 1;
	return *from < *to;
}
