/*-------------------------------------------------------------------------
 *
 * instant.h
 *		Instants and dates as text and numbers, and back.
 *
 * Nothing here calls fmgr, reads a setting or depends on the session's zone
 * or DateStyle; nothing here raises an error.  An instant is the server's TimestampTz (microseconds
 * since 2000-01-01 UTC), limited to the years 0001 to 9999 in UTC, which is
 * what every documented format can write.
 *
 * The texts that are read need no terminator.  What a function returns
 * through a pointer is set only if the status is INSTANT_OK.  The functions
 * that write return the length and terminate the text; a value out of range,
 * which the caller should have refused, becomes the empty text, never a
 * wrong one.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_INSTANT_H
#define APPOINTMENT_INSTANT_H

#include "datatype/timestamp.h"
#include "utils/date.h"

/* 0001-01-01 and 10000-01-01, in days and microseconds since 2000-01-01. */
#define INSTANT_FIRST_DAY	(-730119)
#define INSTANT_END_DAY		2921940
#define INSTANT_FIRST		(INSTANT_FIRST_DAY * USECS_PER_DAY)
#define INSTANT_END			(INSTANT_END_DAY * USECS_PER_DAY)

/* Room for any text that the functions below write, with its terminator. */
#define INSTANT_MAXLEN		40

/* Minutes of all the years that an instant may have, and a bit. */
#define INSTANT_LENGTH_MAX	(INT64CONST(10000) * 366 * 24 * 60)

/* What became of a text that should be an instant or a date. */
typedef enum InstantStatus
{
	INSTANT_OK,
	INSTANT_MALFORMED,			/* not ISO 8601, or not such a number */
	INSTANT_NO_OFFSET,			/* a local time where an instant is needed */
	INSTANT_OUT_OF_RANGE,		/* no such day or time, or beyond the years */
	INSTANT_BAD_OFFSET,			/* of 16 hours or more, or of 60 minutes */
	INSTANT_TOO_PRECISE,		/* finer than a microsecond: the result is
								 * there, truncated */
} InstantStatus;

/* Whether there is an instant, to the microsecond. */
static inline bool
instant_is_known(InstantStatus status)
{
	return status == INSTANT_OK || status == INSTANT_TOO_PRECISE;
}

/* The unit of an epoch number. */
typedef enum InstantUnit
{
	INSTANT_SECONDS,
	INSTANT_MILLISECONDS,
} InstantUnit;

/* ISO 8601 text, as it was written. */
typedef struct InstantText
{
	bool		has_offset;		/* "Z" or a numeric offset stood there */
	int			offset;			/* seconds east of UTC, when has_offset */
	TimestampTz instant;		/* when has_offset; always in range */
	Timestamp	local;			/* the wall clock as written, always; with an
								 * offset up to a day out of range */
} InstantText;

/*
 * Is this an instant of the years 0001 to 9999 in UTC?  The infinities are
 * not.  An instant has to pass this before it is stored or written.
 */
static inline bool
instant_in_range(TimestampTz instant)
{
	return instant >= INSTANT_FIRST && instant < INSTANT_END;
}

/*
 * Of several faults the form (INSTANT_MALFORMED) is reported first, then
 * INSTANT_BAD_OFFSET, INSTANT_OUT_OF_RANGE, INSTANT_NO_OFFSET, and
 * INSTANT_TOO_PRECISE last.
 */
extern InstantStatus instant_parse_text(const char *text, size_t len,
										InstantText *result);
extern InstantStatus instant_parse(const char *text, size_t len,
								   TimestampTz *instant);
extern InstantStatus instant_parse_epoch(const char *number, size_t len,
										 InstantUnit unit,
										 TimestampTz *instant);

extern int	instant_format(TimestampTz instant, int min_digits, char *buf);
extern int	instant_format_wall_clock(Timestamp local, char *buf);
extern int	instant_format_offset(Timestamp local, int offset, char *buf);
extern int	instant_format_epoch(TimestampTz instant, InstantUnit unit,
								 char *buf);
extern int64 instant_epoch_seconds(TimestampTz instant);
extern TimestampTz instant_to_millis(TimestampTz instant);
extern TimestampTz instant_now(void);

extern InstantStatus date_parse(const char *text, size_t len, DateADT *date);
extern int	date_format(DateADT date, char *buf);

#endif							/* APPOINTMENT_INSTANT_H */
