/*-------------------------------------------------------------------------
 *
 * ics_value.c
 *		Values of iCalendar properties: dates, times, durations, offsets
 *		(RFC 5545 section 3.3).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"

#include "base/instant.h"
#include "icalendar/ics_value.h"

/* No duration has more of anything, so that all of them can be added. */
#define MAX_AMOUNT	INT64CONST(1000000000)

/* So many digits as a number, or -1. */
static inline int
digits(const char *text, int count)
{
	int			number = 0;

	for (int i = 0; i < count; i++)
	{
		unsigned int digit = (unsigned char) text[i] - '0';

		if (digit > 9)
			return -1;
		number = number * 10 + (int) digit;
	}
	return number;
}

/*
 * A date or a time: 20260302, 20260302T090000, 20260302T090000Z.  Its own form
 * says which.  A leap second is the one before it.
 */
bool
ics_parse_time(const char *text, size_t len, Timestamp *local,
			   IcsTimeKind *kind)
{
	int			year;
	int			month;
	int			day;
	int			hour = 0;
	int			minute = 0;
	int			second = 0;

	if (len != 8 && len != 15 && len != 16)
		return false;
	year = digits(text, 4);
	month = digits(text + 4, 2);
	day = digits(text + 6, 2);
	if (year < 1 || month < 1 || month > MONTHS_PER_YEAR || day < 1 ||
		day > day_tab[isleap(year)][month - 1])
		return false;
	*kind = ICS_DATE;
	if (len > 8)
	{
		if (text[8] != 'T' && text[8] != 't')
			return false;
		hour = digits(text + 9, 2);
		minute = digits(text + 11, 2);
		second = digits(text + 13, 2);
		if (hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
			second < 0 || second > 60)
			return false;
		if (len == 16 && text[15] != 'Z' && text[15] != 'z')
			return false;
		*kind = len == 16 ? ICS_UTC : ICS_LOCAL;
	}
	*local = (date2j(year, month, day) - POSTGRES_EPOCH_JDATE) * USECS_PER_DAY +
		((hour * MINS_PER_HOUR + minute) * SECS_PER_MINUTE + Min(second, 59)) *
		USECS_PER_SEC;
	return true;
}

/*
 * A duration: P15DT5H0M20S, P7W; with a sign, but it must not be negative.
 * Units stand in their order; W may stand with others, as some write it.
 */
bool
ics_parse_duration(const char *text, size_t len, IcsDuration *duration)
{
	static const struct
	{
		char		unit;
		bool		is_time;
		int64		days;
		int64		time;
	}			units[] = {

		{'W', false, 7, 0},
		{'D', false, 1, 0},
		{'H', true, 0, USECS_PER_HOUR},
		{'M', true, 0, USECS_PER_MINUTE},
		{'S', true, 0, USECS_PER_SEC},
	};
	const char *p = text;
	const char *end = text + len;
	bool		in_time = false;
	int			next = 0;		/* unit that may stand here */

	duration->days = 0;
	duration->time = 0;
	if (p < end && *p == '+')
		p++;
	if (p >= end || pg_ascii_toupper((unsigned char) *p++) != 'P' || p == end)
		return false;
	while (p < end)
	{
		int64		number = 0;
		const char *start;

		if (!in_time && (*p == 'T' || *p == 't'))
		{
			in_time = true;
			if (++p == end)
				return false;
		}
		start = p;
		for (; p < end && *p >= '0' && *p <= '9'; p++)
		{
			number = number * 10 + (*p - '0');
			if (number > MAX_AMOUNT)
				return false;
		}
		if (p == start || p == end)
			return false;
		while (next < (int) lengthof(units) &&
			   (units[next].unit != (char) pg_ascii_toupper((unsigned char) *p) ||
				units[next].is_time != in_time))
			next++;
		if (next == lengthof(units))
			return false;
		duration->days += number * units[next].days;
		duration->time += number * units[next].time;
		next++;
		p++;
	}
	/* more than all the years would overflow later */
	return duration->days <= INSTANT_END_DAY - INSTANT_FIRST_DAY &&
		duration->time <= INSTANT_END - INSTANT_FIRST;
}

/*
 * An offset east of UTC, in microseconds: +0100, -023000.
 */
bool
ics_parse_offset(const char *text, size_t len, int64 *offset)
{
	int			hours;
	int			minutes;
	int			seconds = 0;

	if ((len != 5 && len != 7) || (text[0] != '+' && text[0] != '-'))
		return false;
	hours = digits(text + 1, 2);
	minutes = digits(text + 3, 2);
	if (len == 7)
		seconds = digits(text + 5, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 ||
		seconds < 0 || seconds > 59)
		return false;
	*offset = ((hours * MINS_PER_HOUR + minutes) * SECS_PER_MINUTE + seconds) *
		USECS_PER_SEC;
	if (text[0] == '-')
		*offset = -*offset;
	return true;
}

static inline bool
is_padding(char c)
{
	return c == ' ' || c == '\t' || c == '"';
}

/*
 * A rule as RFC 5545 has it.  Exchange writes spaces behind the commas, others
 * a ";" before the first part or behind the last one, or quotes; all programs
 * read that.  The result is a copy if there is any of it.
 */
Word
ics_plain_rule(Word value)
{
	bool		plain = true;
	char		before = ';';
	char	   *copy;
	uint32		len = 0;

	for (uint32 i = 0; i < value.len && plain; i++)
	{
		plain = !is_padding(value.data[i]) &&
			(value.data[i] != ';' || before != ';');
		before = value.data[i];
	}
	if (plain && before != ';')
		return value;

	copy = palloc(value.len + 1);
	for (uint32 i = 0; i < value.len; i++)
	{
		char		c = value.data[i];

		if (!is_padding(c) && (c != ';' || (len > 0 && copy[len - 1] != ';')))
			copy[len++] = c;
	}
	if (len > 0 && copy[len - 1] == ';')
		len--;
	return (Word)
	{
		copy, len
	};
}

/*
 * Take the next item of a list with commas; false if there is none.  Spaces
 * about it do not count.
 */
bool
ics_next_item(Word *list, Word *item)
{
	const char *comma;
	const char *start = list->data;
	const char *end;

	if (list->data == NULL)
		return false;
	end = list->data + list->len;
	comma = memchr(list->data, ',', list->len);
	if (comma == NULL)
		*list = WORD_NONE;
	else
	{
		list->data = comma + 1;
		list->len = (uint32) (end - list->data);
		end = comma;
	}
	while (start < end && *start == ' ')
		start++;
	while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	item->data = start;
	item->len = (uint32) (end - start);
	return true;
}
