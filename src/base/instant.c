/*-------------------------------------------------------------------------
 *
 * instant.c
 *		Instants and dates as text and numbers, and back.
 *
 * The texts are those of ISO 8601 and RFC 3339 that the documents use.  The
 * server's own input functions would take much more ("yesterday", "1 Jan
 * 2024 PST"), read the session's settings and raise errors, so the reading
 * is done here; calendar arithmetic and number output are the server's
 * wherever it exports them.
 *
 * Bytes are compared as ASCII, never by isdigit() and the like, which depend
 * on the locale and must not be given a negative char.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/instant.h"

/* Seconds from the Unix epoch to the server's. */
#define EPOCH_DIFFERENCE \
	((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

/* The largest power of ten that an epoch in microseconds can reach. */
#define MAX_EPOCH_POWER		17

/* An exponent as large as this no text is long enough to make up for. */
#define EXPONENT_LIMIT		(PG_INT64_MAX / 100)

/* "00" to "99". */
static const char digit_pairs[] =
"00010203040506070809" "10111213141516171819"
"20212223242526272829" "30313233343536373839"
"40414243444546474849" "50515253545556575859"
"60616263646566676869" "70717273747576777879"
"80818283848586878889" "90919293949596979899";

/* ---------------------------------------------------------------------
 * reading: each scan_* function takes what it knows from the front of
 * [*p, end), moves *p behind it and returns true, or returns false.
 * ---------------------------------------------------------------------
 */

/*
 * Is this byte an ASCII digit?
 */
static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Take one given byte.
 */
static inline bool
scan_byte(const char **p, const char *end, char expected)
{
	if (*p == end || **p != expected)
		return false;
	(*p)++;
	return true;
}

/*
 * Take exactly two digits, the way ISO 8601 writes all but the year.
 */
static inline bool
scan_pair(const char **p, const char *end, int *value)
{
	const char *s = *p;

	if (end - s < 2 || !is_digit(s[0]) || !is_digit(s[1]))
		return false;
	*value = (s[0] - '0') * 10 + (s[1] - '0');
	*p += 2;
	return true;
}

/*
 * Take YYYY-MM-DD (RFC 3339 section 5.6, full-date).  Whether there is such a
 * day is a question for later: an ill-formed text is reported as such first.
 */
static bool
scan_date(const char **p, const char *end, int *year, int *month, int *day)
{
	int			century;
	int			year_of_century;

	if (!scan_pair(p, end, &century) ||
		!scan_pair(p, end, &year_of_century) ||
		!scan_byte(p, end, '-') ||
		!scan_pair(p, end, month) ||
		!scan_byte(p, end, '-') ||
		!scan_pair(p, end, day))
		return false;
	*year = century * 100 + year_of_century;
	return true;
}

/*
 * Take the digits of a fraction of a second.  *too_precise tells whether any
 * digit past the sixth is other than zero.
 */
static bool
scan_fraction(const char **p, const char *end, int *usecs, bool *too_precise)
{
	int			unit = USECS_PER_SEC;
	const char *start = *p;

	*usecs = 0;
	*too_precise = false;
	for (; *p < end && is_digit(**p); (*p)++)
	{
		unit /= 10;
		*usecs += (**p - '0') * unit;
		if (unit == 0 && **p != '0')
			*too_precise = true;
	}
	return *p > start;
}

/*
 * Take "Z" or a numeric offset, if one stands there (RFC 3339 section 5.6,
 * time-offset; without the colon and with hours only as ISO 8601 has it; with
 * seconds as the server writes those of before about 1972).  Returns false
 * for something that began like an offset and is none.
 */
static bool
scan_offset(const char **p, const char *end,
			bool *has_offset, int *sign, int *hours, int *minutes,
			int *seconds)
{
	*has_offset = false;
	*sign = 1;
	*hours = *minutes = *seconds = 0;

	if (*p == end)
		return true;
	*has_offset = true;
	if (scan_byte(p, end, 'Z') || scan_byte(p, end, 'z'))
		return true;

	if (scan_byte(p, end, '-'))
		*sign = -1;
	else if (!scan_byte(p, end, '+'))
		return false;
	if (!scan_pair(p, end, hours))
		return false;
	if (scan_byte(p, end, ':'))
	{
		if (!scan_pair(p, end, minutes))
			return false;
		if (scan_byte(p, end, ':'))
			return scan_pair(p, end, seconds);
	}
	else if (*p < end)
		return scan_pair(p, end, minutes);
	return true;
}

/*
 * Is there such a day in the years 0001 to 9999 (proleptic Gregorian
 * calendar, as ISO 8601 and RFC 3339 require)?
 */
static inline bool
is_calendar_day(int year, int month, int day)
{
	return year >= 1 && month >= 1 && month <= 12 &&
		day >= 1 && day <= day_tab[isleap(year)][month - 1];
}

/* ---------------------------------------------------------------------
 * writing: each write_* function puts its text at p and returns the end of
 * it.  They know nothing of the buffer's size: the callers check the range,
 * and so bound the length.
 * ---------------------------------------------------------------------
 */

/*
 * Write two digits.
 */
static inline char *
write_pair(uint32 value, char *p)
{
	memcpy(p, digit_pairs + 2 * value, 2);
	return p + 2;
}

/*
 * Write a day, counted from 0001-01-01 as day 0, as YYYY-MM-DD.
 *
 * The server's j2date alone takes twice as long as all of this, and the rest
 * of an instant is quickly written.  The algorithm is the one of C. Neri and
 * L. Schneider, "Euclidean affine functions and their application to
 * calendar algorithms", Software: Practice and Experience 53 (2023), figure
 * 12: years begin with March, so that the leap day is their last, and
 * quotient and remainder come from one multiplication each.
 */
static inline char *
write_date(uint32 day, char *p)
{
	/* days since 0000-03-01; the century */
	uint32		n1 = 4 * (day + 306) + 3;
	uint32		century = n1 / 146097;

	/* the year of the century, and the day of that year */
	uint32		n2 = n1 % 146097 | 3;
	uint64		product = (uint64) 2939745 * n2;
	uint32		year = 100 * century + (uint32) (product >> 32);
	uint32		day_of_year = (uint32) product / 2939745 / 4;

	/* the month, 3 (March) to 14 (February), and the day of that month */
	uint32		n3 = 2141 * day_of_year + 197913;
	uint32		month = n3 >> 16;
	uint32		day_of_month = (n3 & 0xFFFF) / 2141 + 1;

	/* January and February belong to the next calendar year */
	if (day_of_year >= 306)
	{
		year++;
		month -= 12;
	}

	p = write_pair(year / 100, p);
	p = write_pair(year % 100, p);
	*p++ = '-';
	p = write_pair(month, p);
	*p++ = '-';
	return write_pair(day_of_month, p);
}

/*
 * Write a number of millionths as a decimal fraction with its point: as many
 * of the six digits as it needs but at least min_digits, and nothing at all
 * for none.
 */
static inline char *
write_fraction(uint32 millionths, int min_digits, char *p)
{
	int			digits = 6;

	if (millionths == 0 && min_digits == 0)
		return p;

	*p++ = '.';
	write_pair(millionths / 10000, p);
	write_pair(millionths / 100 % 100, p + 2);
	write_pair(millionths % 100, p + 4);
	while (digits > min_digits && p[digits - 1] == '0')
		digits--;
	return p + digits;
}

/*
 * Write YYYY-MM-DDTHH:MM:SS[.fraction], of a wall clock within the years 0001
 * to 9999.
 */
static inline char *
write_wall_clock(Timestamp local, int min_digits, char *p)
{
	uint64		usecs = (uint64) (local - INSTANT_FIRST);
	uint64		secs = usecs / USECS_PER_SEC;
	uint32		fraction = (uint32) (usecs - secs * USECS_PER_SEC);
	uint32		day = (uint32) (secs / SECS_PER_DAY);
	uint32		second = (uint32) (secs - (uint64) day * SECS_PER_DAY);
	uint32		minute = second / SECS_PER_MINUTE;

	p = write_date(day, p);
	*p++ = 'T';
	p = write_pair(minute / MINS_PER_HOUR, p);
	*p++ = ':';
	p = write_pair(minute % MINS_PER_HOUR, p);
	*p++ = ':';
	p = write_pair(second - minute * SECS_PER_MINUTE, p);
	return write_fraction(fraction, min_digits, p);
}

/*
 * Write an offset as ±hh:mm, with seconds only where it has some.
 */
static inline char *
write_offset(int offset, char *p)
{
	uint32		seconds = (uint32) abs(offset);
	uint32		minutes = seconds / SECS_PER_MINUTE;

	*p++ = offset < 0 ? '-' : '+';
	p = write_pair(minutes / MINS_PER_HOUR, p);
	*p++ = ':';
	p = write_pair(minutes % MINS_PER_HOUR, p);
	seconds %= SECS_PER_MINUTE;
	if (seconds != 0)
	{
		*p++ = ':';
		p = write_pair(seconds, p);
	}
	return p;
}

/* ---------------------------------------------------------------------
 * instants
 * ---------------------------------------------------------------------
 */

/*
 * The quotient rounded towards minus infinity, where C rounds towards zero.
 */
static inline int64
floor_divide(int64 dividend, int64 divisor)
{
	int64		quotient = dividend / divisor;

	return quotient - (dividend % divisor < 0 ? 1 : 0);
}

/*
 * Read ISO 8601 extended format: date and time of day as RFC 3339 section
 * 5.6 has them, where seconds may be left out, 24:00:00 is the end of the day
 * (ISO 8601) and the offset may be missing.  The wall clock of a text with an
 * offset may lie a day outside the years, as long as the instant does not.
 *
 * Of several faults the form is reported first, then the range.  What is
 * finer than a microsecond is cut off, which the result tells.
 */
InstantStatus
instant_parse_text(const char *text, size_t len, InstantText *result)
{
	const char *p = text;
	const char *end = text + len;
	int			year,
				month,
				day;
	int			hour,
				minute,
				second = 0,
				usecs = 0;
	bool		too_precise = false;
	bool		has_offset;
	int			offset_sign,
				offset_hours,
				offset_minutes,
				offset_seconds;
	int			offset;
	Timestamp	local;
	TimestampTz instant;

	/* the form */
	if (!scan_date(&p, end, &year, &month, &day))
		return INSTANT_MALFORMED;
	if (!scan_byte(&p, end, 'T') && !scan_byte(&p, end, 't') &&
		!scan_byte(&p, end, ' '))
		return INSTANT_MALFORMED;
	if (!scan_pair(&p, end, &hour) ||
		!scan_byte(&p, end, ':') ||
		!scan_pair(&p, end, &minute))
		return INSTANT_MALFORMED;
	if (scan_byte(&p, end, ':'))
	{
		if (!scan_pair(&p, end, &second))
			return INSTANT_MALFORMED;
		if ((scan_byte(&p, end, '.') || scan_byte(&p, end, ',')) &&
			!scan_fraction(&p, end, &usecs, &too_precise))
			return INSTANT_MALFORMED;
	}
	if (!scan_offset(&p, end, &has_offset, &offset_sign,
					 &offset_hours, &offset_minutes, &offset_seconds))
		return INSTANT_MALFORMED;
	if (p != end)
		return INSTANT_MALFORMED;

	if (offset_hours > MAX_TZDISP_HOUR ||
		offset_minutes > 59 || offset_seconds > 59)
		return INSTANT_BAD_OFFSET;

	/* the range; second 60 is a leap second */
	if (!is_calendar_day(year, month, day) ||
		minute > 59 || second > 60)
		return INSTANT_OUT_OF_RANGE;
	if (hour > 23 &&
		(hour > 24 || minute != 0 || second != 0 || usecs != 0 || too_precise))
		return INSTANT_OUT_OF_RANGE;

	local = (date2j(year, month, day) - POSTGRES_EPOCH_JDATE) * USECS_PER_DAY +
		((hour * MINS_PER_HOUR + minute) * SECS_PER_MINUTE + second) *
		USECS_PER_SEC + usecs;
	offset = offset_sign *
		((offset_hours * MINS_PER_HOUR + offset_minutes) * SECS_PER_MINUTE +
		 offset_seconds);
	instant = local - offset * USECS_PER_SEC;
	if (!instant_in_range(instant))
		return INSTANT_OUT_OF_RANGE;

	result->has_offset = has_offset;
	result->offset = offset;
	result->instant = instant;
	result->local = local;
	return too_precise ? INSTANT_TOO_PRECISE : INSTANT_OK;
}

/*
 * Read an instant, which a text without an offset is not (RFC 3339 requires
 * one).
 */
InstantStatus
instant_parse(const char *text, size_t len, TimestampTz *instant)
{
	InstantText result;
	InstantStatus status = instant_parse_text(text, len, &result);

	if (!instant_is_known(status))
		return status;
	if (!result.has_offset)
		return INSTANT_NO_OFFSET;
	*instant = result.instant;
	return status;
}

/*
 * Read a number of seconds or milliseconds since 1970: a JSON number (RFC
 * 8259 section 6), or digits as a string, which may begin with zeros.
 *
 * A double has 53 bits, which microseconds since 1970 outgrow in the year
 * 2255, and its rounding would hide digits that are too fine.  So only the
 * decimal digits count: each stands for a power of ten microseconds, and
 * those from the first to the last that is not zero decide everything.
 */
InstantStatus
instant_parse_epoch(const char *number, size_t len, InstantUnit unit,
					TimestampTz *instant)
{
	const char *p = number;
	const char *end = number + len;
	const char *digits;
	const char *point;
	const char *first;
	const char *last;
	bool		negative;
	bool		too_precise = false;
	int64		exponent = 0;
	int64		usecs = 0;

	/* the form */
	negative = scan_byte(&p, end, '-');
	digits = p;
	while (p < end && is_digit(*p))
		p++;
	point = p;
	if (point == digits)
		return INSTANT_MALFORMED;
	if (scan_byte(&p, end, '.'))
	{
		while (p < end && is_digit(*p))
			p++;
		if (p == point + 1)
			return INSTANT_MALFORMED;
	}
	first = digits;
	last = p - 1;
	if (scan_byte(&p, end, 'e') || scan_byte(&p, end, 'E'))
	{
		bool		negative_exponent = scan_byte(&p, end, '-');
		const char *exponent_digits;

		if (!negative_exponent)
			(void) scan_byte(&p, end, '+');
		exponent_digits = p;
		for (; p < end && is_digit(*p); p++)
		{
			/* beyond the limit its size makes no difference any more */
			if (exponent < EXPONENT_LIMIT)
				exponent = exponent * 10 + (*p - '0');
		}
		if (p == exponent_digits)
			return INSTANT_MALFORMED;
		if (negative_exponent)
			exponent = -exponent;
	}
	if (p != end)
		return INSTANT_MALFORMED;

	/* the value, unless it is zero */
	while (first <= last && (*first == '0' || *first == '.'))
		first++;
	if (first <= last)
	{
		int64		power;

		while (*last == '0' || *last == '.')
			last--;

		/* the power of ten of the first digit, in microseconds */
		power = (first < point ? point - 1 - first : point - first) +
			exponent + (unit == INSTANT_SECONDS ? 6 : 3);
		if (power > MAX_EPOCH_POWER)
			return INSTANT_OUT_OF_RANGE;

		/* so these two loops take at most 18 steps */
		for (; first <= last && power >= 0; first++)
		{
			if (*first == '.')
				continue;
			usecs = usecs * 10 + (*first - '0');
			power--;
		}
		for (; power >= 0; power--)
			usecs *= 10;
		if (negative)
			usecs = -usecs;

		/*
		 * What is left, but for the point, ends with a digit not zero.  It is
		 * cut off towards the past, before 1970, too.
		 */
		too_precise = first <= last;
		if (too_precise && negative)
			usecs--;
	}

	usecs -= EPOCH_DIFFERENCE * USECS_PER_SEC;
	if (!instant_in_range(usecs))
		return INSTANT_OUT_OF_RANGE;
	*instant = usecs;
	return too_precise ? INSTANT_TOO_PRECISE : INSTANT_OK;
}

/*
 * Write an instant in UTC, "2024-01-01T10:00:00Z", with a fraction of as many
 * digits as it needs but at least min_digits.
 */
int
instant_format(TimestampTz instant, int min_digits, char *buf)
{
	char	   *p = buf;

	Assert(min_digits >= 0 && min_digits <= 6);
	if (instant_in_range(instant))
	{
		p = write_wall_clock(instant, min_digits, p);
		*p++ = 'Z';
	}
	*p = '\0';
	return p - buf;
}

/*
 * Write a wall clock, "2024-01-01T10:00:00", with a fraction as needed.
 */
int
instant_format_wall_clock(Timestamp local, char *buf)
{
	char	   *p = buf;

	if (instant_in_range(local))
		p = write_wall_clock(local, 0, p);
	*p = '\0';
	return p - buf;
}

/*
 * Write the wall clock of an offset from UTC, in seconds, with the offset.
 */
int
instant_format_offset(Timestamp local, int offset, char *buf)
{
	char	   *p = buf;

	if (instant_in_range(local))
	{
		p = write_wall_clock(local, 0, p);
		p = write_offset(offset, p);
	}
	*p = '\0';
	return p - buf;
}

/*
 * Write an instant as a number since 1970: whole seconds, rounded towards
 * the past, or exact milliseconds with as many decimals as it needs.
 */
int
instant_format_epoch(TimestampTz instant, InstantUnit unit, char *buf)
{
	int64		usecs;
	char	   *p = buf;

	*p = '\0';
	if (!instant_in_range(instant))
		return 0;
	if (unit == INSTANT_SECONDS)
		return pg_lltoa(instant_epoch_seconds(instant), buf);

	usecs = instant + EPOCH_DIFFERENCE * USECS_PER_SEC;
	if (usecs < 0)
	{
		*p++ = '-';
		usecs = -usecs;
	}
	p += pg_ulltoa_n(usecs / 1000, p);
	p = write_fraction(usecs % 1000 * 1000, 0, p);
	*p = '\0';
	return p - buf;
}

/*
 * Whole seconds since 1970, rounded towards the past.
 */
int64
instant_epoch_seconds(TimestampTz instant)
{
	return floor_divide(instant, USECS_PER_SEC) + EPOCH_DIFFERENCE;
}

/*
 * An instant to the millisecond, truncated towards the past.
 */
TimestampTz
instant_to_millis(TimestampTz instant)
{
	return floor_divide(instant, 1000) * 1000;
}

/*
 * When the transaction began.  Values get it to the millisecond, which is
 * what the services have.
 */
TimestampTz
instant_now(void)
{
	return instant_to_millis(GetCurrentTransactionStartTimestamp());
}

/* ---------------------------------------------------------------------
 * dates
 * ---------------------------------------------------------------------
 */

/*
 * Read YYYY-MM-DD (RFC 3339 section 5.6, full-date).
 */
InstantStatus
date_parse(const char *text, size_t len, DateADT *date)
{
	const char *p = text;
	const char *end = text + len;
	int			year,
				month,
				day;

	if (!scan_date(&p, end, &year, &month, &day) || p != end)
		return INSTANT_MALFORMED;
	if (!is_calendar_day(year, month, day))
		return INSTANT_OUT_OF_RANGE;
	*date = date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
	return INSTANT_OK;
}

/*
 * Write a date as YYYY-MM-DD.
 */
int
date_format(DateADT date, char *buf)
{
	char	   *p = buf;

	if (date >= INSTANT_FIRST_DAY && date < INSTANT_END_DAY)
		p = write_date(date - INSTANT_FIRST_DAY, p);
	*p = '\0';
	return p - buf;
}
