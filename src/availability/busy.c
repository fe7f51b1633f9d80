/*-------------------------------------------------------------------------
 *
 * busy.c
 *		The type busy: its checks, its bytes, and their order.
 *
 * The bytes of a value are described in busy.h.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "availability/busy.h"
#include "base/instant.h"
#include "compat.h"

/* The fixed part of a value. */
typedef struct BusyHeader
{
	int32		vl_len_;
	uint8		version;
	uint8		flags;
	uint16		zero;
	int64		reach;
	int32		max_before;
	int32		count;
} BusyHeader;

/* Room in the beginning. */
#define FIRST_PERIODS	32

/* So many periods are looked at between two looks for a cancellation. */
#define PERIODS_BETWEEN_CHECKS	65536

#define ST_SORT sort_spans
#define ST_ELEMENT_TYPE BusySpan
#define ST_COMPARE(a, b) busy_compare_spans(a, b)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DECLARE
#define ST_DEFINE
#include "lib/sort_template.h"

#define ST_SORT sort_periods
#define ST_ELEMENT_TYPE BusyPeriod
#define ST_COMPARE(a, b) busy_compare_periods(a, b)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DECLARE
#define ST_DEFINE
#include "lib/sort_template.h"

pg_noreturn static void
busy_corrupt(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("stored busy value is corrupt, or of a later version")));
}

/*----------------------------------------------------------
 * Checks
 *----------------------------------------------------------*/

BusyFault
busy_fault(const BusyPeriod *period)
{
	TimestampTz starts_at = period->span.starts_at;
	TimestampTz ends_at = period->span.ends_at;

	if ((starts_at != DT_NOBEGIN && starts_at != DT_NOEND &&
		 !instant_in_range(starts_at)) ||
		(ends_at != DT_NOBEGIN && ends_at != DT_NOEND &&
		 !instant_in_range(ends_at)))
		return BUSY_OUT_OF_RANGE;
	if (starts_at > ends_at)
		return BUSY_REVERSED;
	if (starts_at == ends_at)
		return BUSY_EMPTY;
	if (period->seats < 0)
		return BUSY_NO_SEATS;
	if (period->before < 0 || period->after < 0)
		return BUSY_NEGATIVE_BUFFER;
	return BUSY_FINE;
}

const char *
busy_fault_detail(BusyFault fault)
{
	switch (fault)
	{
		case BUSY_FINE:
			break;
		case BUSY_OUT_OF_RANGE:
			return "The period must lie within the years 0001 to 9999 in UTC, or be without a start or an end.";
		case BUSY_REVERSED:
			return "The period ends before it starts.";
		case BUSY_EMPTY:
			return "The period is empty: it ends when it starts.";
		case BUSY_NO_SEATS:
			return "A period takes at least one seat, or all of them if none are given.";
		case BUSY_NEGATIVE_BUFFER:
			return "A buffer must not be negative.";
	}
	return "";
}

/*----------------------------------------------------------
 * Building
 *----------------------------------------------------------*/

void
busy_builder_begin(BusyBuilder *builder, MemoryContext context)
{
	builder->context = context;
	builder->count = 0;
	builder->allocated = FIRST_PERIODS;
	builder->wide = false;
	builder->sorted = true;
	builder->periods = NULL;
	builder->spans = MemoryContextAlloc(context,
										FIRST_PERIODS * sizeof(BusySpan));
}

static void
check_count(int64 count)
{
	if (count > BUSY_MAX_PERIODS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many busy periods"),
				 errdetail("The limit of a value is %d periods.",
						   BUSY_MAX_PERIODS)));
}

/* Make room for so many periods in all. */
void
busy_builder_reserve(BusyBuilder *builder, int64 count)
{
	check_count(count);
	if (count <= builder->allocated)
		return;
	if (builder->wide)
		builder->periods = repalloc(builder->periods,
									count * sizeof(BusyPeriod));
	else
		builder->spans = repalloc(builder->spans, count * sizeof(BusySpan));
	builder->allocated = (int32) count;
}

/* Make room for one more. */
void
busy_builder_grow(BusyBuilder *builder)
{
	check_count((int64) builder->allocated + 1);
	busy_builder_reserve(builder, Min((int64) builder->allocated * 2,
									  BUSY_MAX_PERIODS));
}

/* Make room for seats and buffers. */
void
busy_builder_widen(BusyBuilder *builder)
{
	BusyPeriod *periods;

	if (builder->wide)
		return;
	periods = MemoryContextAlloc(builder->context,
								 builder->allocated * sizeof(BusyPeriod));
	for (int32 i = 0; i < builder->count; i++)
		periods[i] = (BusyPeriod)
	{
		.span = builder->spans[i]
	};
	pfree(builder->spans);
	builder->spans = NULL;
	builder->periods = periods;
	builder->wide = true;
}

void
busy_builder_sort(BusyBuilder *builder)
{
	if (builder->sorted)
		return;
	if (builder->wide)
		sort_periods(builder->periods, builder->count);
	else
		sort_spans(builder->spans, builder->count);
	builder->sorted = true;
}

/* From a period's start to the end of its buffer. */
static inline int64
reach_of(const BusySpan *span, int32 after)
{
	if (TIMESTAMP_NOT_FINITE(span->starts_at) ||
		TIMESTAMP_NOT_FINITE(span->ends_at))
		return PG_INT64_MAX;
	return span->ends_at - span->starts_at + after * USECS_PER_MINUTE;
}

static Size
size_of_value(int32 count, uint8 flags)
{
	return sizeof(BusyHeader) + (Size) count * (sizeof(BusySpan) +
												((flags & BUSY_SEATS) ? sizeof(int32) : 0) +
												((flags & BUSY_BUFFERS) ? 2 * sizeof(int32) : 0));
}

/* Write the periods of a wide builder into a value's arrays. */
static void
write_wide(const BusyBuilder *builder, BusyHeader *value)
{
	BusySpan   *spans = (BusySpan *) (value + 1);
	int32	   *more = (int32 *) (spans + builder->count);
	int32		count = builder->count;

	for (int32 i = 0; i < count; i++)
	{
		const BusyPeriod *period = &builder->periods[i];

		spans[i] = period->span;
		value->reach = Max(value->reach,
						   reach_of(&period->span, period->after));
		value->max_before = Max(value->max_before, period->before);
	}
	if (value->flags & BUSY_SEATS)
	{
		for (int32 i = 0; i < count; i++)
			more[i] = builder->periods[i].seats;
		more += count;
	}
	if (value->flags & BUSY_BUFFERS)
	{
		for (int32 i = 0; i < count; i++)
		{
			more[i] = builder->periods[i].before;
			more[count + i] = builder->periods[i].after;
		}
	}
}

static uint8
flags_of(const BusyBuilder *builder)
{
	uint8		flags = 0;

	if (builder->wide)
	{
		for (int32 i = 0; i < builder->count; i++)
		{
			const BusyPeriod *period = &builder->periods[i];

			if (period->seats != BUSY_ALL)
				flags |= BUSY_SEATS;
			if (period->before != 0 || period->after != 0)
				flags |= BUSY_BUFFERS;
		}
	}
	return flags;
}

/*
 * The value of what a builder has; it can go on.
 */
struct varlena *
busy_build(BusyBuilder *builder)
{
	uint8		flags = flags_of(builder);
	Size		size = size_of_value(builder->count, flags);
	BusyHeader *value = palloc(size);
	BusySpan   *spans = (BusySpan *) (value + 1);

	busy_builder_sort(builder);
	SET_VARSIZE(value, size);
	value->version = BUSY_VERSION;
	value->flags = flags;
	value->zero = 0;
	value->reach = 0;
	value->max_before = 0;
	value->count = builder->count;
	if (builder->wide)
		write_wide(builder, value);
	else
	{
		memcpy(spans, builder->spans, builder->count * sizeof(BusySpan));
		for (int32 i = 0; i < builder->count; i++)
			value->reach = Max(value->reach, reach_of(&spans[i], 0));
	}
	return (struct varlena *) value;
}

/*
 * The periods of both.
 */
struct varlena *
busy_sum(const Busy *a, const Busy *b)
{
	BusyBuilder builder;
	int32		i = 0;
	int32		j = 0;

	busy_builder_begin(&builder, CurrentMemoryContext);
	if (a->seats != NULL || a->before != NULL || b->seats != NULL ||
		b->before != NULL)
		busy_builder_widen(&builder);
	busy_builder_reserve(&builder, (int64) a->count + b->count);
	while (i < a->count || j < b->count)
	{
		BusyPeriod	x = {0};
		BusyPeriod	y = {0};

		if ((i + j) % PERIODS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
		if (i < a->count)
			x = busy_period_at(a, i);
		if (j < b->count)
			y = busy_period_at(b, j);
		if (j == b->count || (i < a->count && busy_compare_periods(&x, &y) <= 0))
		{
			busy_builder_add(&builder, &x);
			i++;
		}
		else
		{
			busy_builder_add(&builder, &y);
			j++;
		}
	}
	return busy_build(&builder);
}

/*----------------------------------------------------------
 * Looking into a value
 *----------------------------------------------------------*/

/*
 * Look into a detoasted value.  Periods that are not in order, which only
 * damaged bytes have, give a wrong answer and do no harm.
 */
void
busy_open(const struct varlena *value, Busy *busy)
{
	const BusyHeader *header = (const BusyHeader *) value;
	const int32 *more;

	if (VARSIZE(value) < sizeof(BusyHeader) ||
		header->version != BUSY_VERSION ||
		(header->flags & ~BUSY_FLAGS) != 0 || header->zero != 0 ||
		header->count < 0 || header->count > BUSY_MAX_PERIODS ||
		header->reach < 0 || header->max_before < 0 ||
		VARSIZE(value) != size_of_value(header->count, header->flags))
		busy_corrupt();

	busy->count = header->count;
	busy->reach = header->reach;
	busy->max_before = header->max_before;
	busy->spans = (const BusySpan *) (header + 1);
	more = (const int32 *) (busy->spans + busy->count);
	busy->seats = NULL;
	busy->before = NULL;
	busy->after = NULL;
	if (header->flags & BUSY_SEATS)
	{
		busy->seats = more;
		more += busy->count;
	}
	if (header->flags & BUSY_BUFFERS)
	{
		busy->before = more;
		busy->after = more + busy->count;
	}
}

/*
 * The first period that starts at an instant or later.
 */
int32
busy_first_from(const Busy *busy, TimestampTz at)
{
	int32		low = 0;
	int32		high = busy->count;

	while (low < high)
	{
		int32		middle = low + (high - low) / 2;

		if (busy->spans[middle].starts_at < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Period by period; a value comes before one that goes on.
 */
int
busy_compare(const Busy *a, const Busy *b)
{
	for (int32 i = 0; i < a->count && i < b->count; i++)
	{
		BusyPeriod	x = busy_period_at(a, i);
		BusyPeriod	y = busy_period_at(b, i);
		int			order = busy_compare_periods(&x, &y);

		if (order != 0)
			return order;
		if (i % PERIODS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
	}
	return a->count < b->count ? -1 : a->count > b->count;
}

/*
 * Of the periods alone, so that a later layout can hash the same.  With seed 0
 * the low half is the plain hash, as hash_extended requires.
 */
uint64
busy_hash_value(const Busy *busy, uint64 seed)
{
	uint64		hash;

	hash = hash_bytes_extended((const unsigned char *) busy->spans,
							   (int) (busy->count * sizeof(BusySpan)), seed);
	if (busy->seats != NULL)
		hash = hash_combine64(hash, hash_bytes_extended((const unsigned char *) busy->seats,
														(int) (busy->count * sizeof(int32)), seed));
	if (busy->before != NULL)
		hash = hash_combine64(hash, hash_bytes_extended((const unsigned char *) busy->before,
														(int) (2 * busy->count * sizeof(int32)), seed));
	return hash;
}
