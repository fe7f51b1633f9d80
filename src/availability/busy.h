/*-------------------------------------------------------------------------
 *
 * busy.h
 *		The type busy: periods in which somebody cannot be booked.
 *
 * A period may have buffers, and seats: it takes so many of what there is, or
 * all.  The same period may stand in a value more than once, for it is two
 * bookings then.
 *
 * Nothing here knows appointments.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_BUSY_H
#define APPOINTMENT_BUSY_H

#include "common/int.h"
#include "datatype/timestamp.h"
#include "fmgr.h"

/*
 * A value's bytes, after the varlena header of four bytes:
 *
 *	offset	bytes
 *	4		1		version, 1
 *	5		1		flags, BUSY_SEATS and the like; others are zero
 *	6		2		zero
 *	8		8		reach: the longest time from a period's start, without its
 *					buffer, to its end, with it; the largest number of one that
 *					has no start or no end
 *	16		4		the longest buffer before a period, in minutes
 *	20		4		n, the number of periods
 *	24		16 * n	start and end, TimestampTz each; the infinities of one
 *					without them
 *	..		4 * n	only with BUSY_SEATS: seats, an int32, 0 for all
 *	..		8 * n	only with BUSY_BUFFERS: n times the minutes before, n times the
 *					minutes after, an int32 each
 *
 * The periods ascend by start, end, seats (all of them last), before, after.  A
 * flag is set only if a period has such a thing.  So equal values have equal
 * bytes.  All integers are in the machine's byte order, and aligned.
 */
#define BUSY_VERSION		1

#define BUSY_SEATS			0x01
#define BUSY_BUFFERS		0x02
#define BUSY_FLAGS			(BUSY_SEATS | BUSY_BUFFERS)

/* The limit of a value, whose bytes palloc can always give. */
#define BUSY_MAX_PERIODS	30000000

/* Takes all seats. */
#define BUSY_ALL			0

/* A period without its buffers. */
typedef struct BusySpan
{
	TimestampTz starts_at;		/* DT_NOBEGIN: always was */
	TimestampTz ends_at;		/* not part of it; DT_NOEND: will ever be */
} BusySpan;

typedef struct BusyPeriod
{
	BusySpan	span;
	int32		seats;			/* or BUSY_ALL */
	int32		before;			/* minutes */
	int32		after;
} BusyPeriod;

/* A value's parts, where they lie; nothing is copied. */
typedef struct Busy
{
	const BusySpan *spans;
	const int32 *seats;			/* or NULL: all of them take all */
	const int32 *before;		/* or NULL: none has buffers */
	const int32 *after;
	int32		count;
	int32		max_before;
	int64		reach;
} Busy;

/* Periods that become a value.  Those without seats and buffers stay small. */
typedef struct BusyBuilder
{
	MemoryContext context;
	BusySpan   *spans;			/* of one that is not wide */
	BusyPeriod *periods;		/* of one that is */
	int32		count;
	int32		allocated;
	bool		wide;
	bool		sorted;			/* as yet */
} BusyBuilder;

/* What is wrong with a period. */
typedef enum BusyFault
{
	BUSY_FINE,
	BUSY_OUT_OF_RANGE,
	BUSY_REVERSED,
	BUSY_EMPTY,
	BUSY_NO_SEATS,
	BUSY_NEGATIVE_BUFFER,
} BusyFault;

#define DatumGetBusyP(datum)	((struct varlena *) PG_DETOAST_DATUM(datum))
#define PG_GETARG_BUSY(n)		DatumGetBusyP(PG_GETARG_DATUM(n))

extern BusyFault busy_fault(const BusyPeriod *period);
extern const char *busy_fault_detail(BusyFault fault);

extern void busy_builder_begin(BusyBuilder *builder, MemoryContext context);
extern void busy_builder_reserve(BusyBuilder *builder, int64 count);
extern void busy_builder_grow(BusyBuilder *builder);
extern void busy_builder_widen(BusyBuilder *builder);
extern void busy_builder_sort(BusyBuilder *builder);
extern struct varlena *busy_build(BusyBuilder *builder);
extern struct varlena *busy_sum(const Busy *a, const Busy *b);

extern void busy_open(const struct varlena *value, Busy *busy);
extern int32 busy_first_from(const Busy *busy, TimestampTz at);
extern int	busy_compare(const Busy *a, const Busy *b);
extern uint64 busy_hash_value(const Busy *busy, uint64 seed);

/* Period i of a value. */
static inline BusyPeriod
busy_period_at(const Busy *busy, int32 i)
{
	BusyPeriod	period;

	period.span = busy->spans[i];
	period.seats = busy->seats == NULL ? BUSY_ALL : busy->seats[i];
	period.before = busy->before == NULL ? 0 : busy->before[i];
	period.after = busy->after == NULL ? 0 : busy->after[i];
	return period;
}

/* An instant so much earlier or later; the infinities stay what they are. */
static inline TimestampTz
busy_shift(TimestampTz instant, int64 by)
{
	TimestampTz shifted;

	if (TIMESTAMP_NOT_FINITE(instant))
		return instant;
	if (unlikely(pg_add_s64_overflow(instant, by, &shifted)))
		return by < 0 ? DT_NOBEGIN : DT_NOEND;
	return shifted;
}

static inline int
busy_compare_spans(const BusySpan *a, const BusySpan *b)
{
	if (a->starts_at != b->starts_at)
		return a->starts_at < b->starts_at ? -1 : 1;
	return a->ends_at < b->ends_at ? -1 : a->ends_at > b->ends_at;
}

static inline int
busy_compare_periods(const BusyPeriod *a, const BusyPeriod *b)
{
	int			order = busy_compare_spans(&a->span, &b->span);

	if (order != 0)
		return order;
	if (a->seats != b->seats)
	{
		/* all of them is the largest number */
		return a->seats == BUSY_ALL ? 1 : b->seats == BUSY_ALL ? -1 :
			a->seats < b->seats ? -1 : 1;
	}
	if (a->before != b->before)
		return a->before < b->before ? -1 : 1;
	return a->after < b->after ? -1 : a->after > b->after;
}

/*
 * Add a period, which has been checked.  An aggregate calls this for every
 * row, hence inline.
 */
static inline void
busy_builder_add(BusyBuilder *builder, const BusyPeriod *period)
{
	if (unlikely(!builder->wide &&
				 (period->seats != BUSY_ALL || period->before != 0 ||
				  period->after != 0)))
		busy_builder_widen(builder);
	if (unlikely(builder->count == builder->allocated))
		busy_builder_grow(builder);
	if (builder->wide)
	{
		BusyPeriod *next = &builder->periods[builder->count];

		if (builder->count > 0 && busy_compare_periods(next - 1, period) > 0)
			builder->sorted = false;
		*next = *period;
	}
	else
	{
		BusySpan   *next = &builder->spans[builder->count];

		if (builder->count > 0 && busy_compare_spans(next - 1, &period->span) > 0)
			builder->sorted = false;
		*next = period->span;
	}
	builder->count++;
}

#endif							/* APPOINTMENT_BUSY_H */
