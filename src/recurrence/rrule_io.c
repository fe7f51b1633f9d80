/*-------------------------------------------------------------------------
 *
 * rrule_io.c
 *		The text and the binary form of recurrence rules.
 *
 * The text is read without memory of its own: a list becomes bits, however
 * long it is.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "parser/scansup.h"
#include "port/pg_bitutils.h"
#include "utils/datetime.h"

#include "base/instant.h"
#include "base/name.h"
#include "base/near_name.h"
#include "base/word.h"
#include "compat.h"
#include "recurrence/rrule.h"
#include "recurrence/rrule_io.h"

/*----------------------------------------------------------
 * Reading
 *----------------------------------------------------------*/

/* A part of the text that is being read, and where what is wrong goes. */
typedef struct RRuleScan
{
	const char *name;
	size_t		name_len;
	const char *next;			/* in the value */
	const char *end;			/* of the value */
	bool		is_list;
	RRuleFault *fault;
} RRuleScan;

/* The numbers that a list may have, and what is said of others. */
typedef struct RRuleRange
{
	int			min;
	int			max;
	bool		is_signed;
	const char *detail;
} RRuleRange;

static const RRuleRange ranges[RRULE_LISTS] = {
	[RRULE_BYSECOND - RRULE_FIRST_LIST] =
	{0, 60, false, "BYSECOND has numbers from 0 to 60."},
	[RRULE_BYMINUTE - RRULE_FIRST_LIST] =
	{0, 59, false, "BYMINUTE has numbers from 0 to 59."},
	[RRULE_BYHOUR - RRULE_FIRST_LIST] =
	{0, 23, false, "BYHOUR has numbers from 0 to 23."},
	[RRULE_BYMONTHDAY - RRULE_FIRST_LIST] =
	{1, 31, true, "BYMONTHDAY has numbers from 1 to 31, or from -1 to -31, which count from the end."},
	[RRULE_BYYEARDAY - RRULE_FIRST_LIST] =
	{1, 366, true, "BYYEARDAY has numbers from 1 to 366, or from -1 to -366, which count from the end."},
	[RRULE_BYWEEKNO - RRULE_FIRST_LIST] =
	{1, 53, true, "BYWEEKNO has numbers from 1 to 53, or from -1 to -53, which count from the end."},
	[RRULE_BYMONTH - RRULE_FIRST_LIST] =
	{1, 12, false, "BYMONTH has numbers from 1 to 12."},
	[RRULE_BYSETPOS - RRULE_FIRST_LIST] =
	{1, 366, true, "BYSETPOS has numbers from 1 to 366, or from -1 to -366, which count from the end."},
};

/* What is wrong with the item that begins at "item". */
static bool
scan_fault(RRuleScan *scan, const char *item, const char *detail)
{
	const char *comma = scan->is_list ? memchr(item, ',', scan->end - item) : NULL;

	scan->fault->part = scan->name;
	scan->fault->part_len = scan->name_len;
	scan->fault->item = item;
	scan->fault->item_len = (comma != NULL ? comma : scan->end) - item;
	scan->fault->detail = detail;
	return false;
}

/* What is wrong with a part as such. */
static bool
part_fault(RRuleScan *scan, const char *detail)
{
	scan->fault->part = scan->name;
	scan->fault->part_len = scan->name_len;
	scan->fault->item = NULL;
	scan->fault->detail = detail;
	return false;
}

/*
 * Read digits, not more than a number up to "max" needs, but for zeros in
 * front.  Returns -1 if there are none, or it is more.
 */
static int64
scan_digits(RRuleScan *scan, int64 max)
{
	const char *start = scan->next;
	int64		number = 0;

	for (; scan->next < scan->end && *scan->next >= '0' && *scan->next <= '9';
		 scan->next++)
	{
		number = number * 10 + (*scan->next - '0');
		if (number > max)
			return -1;
	}
	return scan->next == start ? -1 : number;
}

/* Is the item at its end? */
static inline bool
at_end_of_item(const RRuleScan *scan)
{
	return scan->next == scan->end || *scan->next == ',';
}

/* Read a sign, if there is one: is it a minus? */
static inline bool
scan_minus(RRuleScan *scan)
{
	if (scan->next < scan->end && (*scan->next == '+' || *scan->next == '-'))
		return *scan->next++ == '-';
	return false;
}

/* Go on to the next item of a list; false if there is none. */
static inline bool
next_item(RRuleScan *scan)
{
	if (scan->next == scan->end)
		return false;
	scan->next++;
	return true;
}

static bool
scan_list(RRuleScan *scan, RRulePart part, RRuleNumbers *numbers)
{
	const RRuleRange *range = &ranges[part - RRULE_FIRST_LIST];

	scan->is_list = true;
	do
	{
		const char *item = scan->next;
		bool		minus = range->is_signed && scan_minus(scan);
		int64		number = scan_digits(scan, range->max);

		if (number < range->min || !at_end_of_item(scan))
			return scan_fault(scan, item, range->detail);
		(minus ? numbers->minus : numbers->plus)[number / 64] |=
			UINT64CONST(1) << (number % 64);
	} while (next_item(scan));
	return true;
}

/* Read a weekday; -1 if it is none. */
static int
scan_weekday(RRuleScan *scan)
{
	for (int day = 0; day < WEEKDAYS; day++)
	{
		if (scan->end - scan->next >= 2 &&
			pg_strncasecmp(scan->next, rrule_day_names[day], 2) == 0)
		{
			scan->next += 2;
			return day;
		}
	}
	return -1;
}

static bool
scan_days(RRuleScan *scan, RRuleDays *days)
{
	static const char detail[] = "BYDAY has weekdays MO, TU, WE, TH, FR, SA, SU, each alone or behind an ordinal from 1 to 53 or -1 to -53, such as -1FR.";

	scan->is_list = true;
	do
	{
		const char *item = scan->next;
		bool		minus = scan_minus(scan);
		bool		has_sign = scan->next != item;
		int64		ordinal = 0;
		int			day;

		if (has_sign ||
			(scan->next < scan->end && *scan->next >= '0' && *scan->next <= '9'))
		{
			ordinal = scan_digits(scan, RRULE_MAX_ORDINAL);
			if (ordinal < 1)
				return scan_fault(scan, item, detail);
		}
		day = scan_weekday(scan);
		if (day < 0 || !at_end_of_item(scan))
			return scan_fault(scan, item, detail);
		(minus ? days->minus : days->plus)[day] |= UINT64CONST(1) << ordinal;
	} while (next_item(scan));
	return true;
}

/* Two digits, or -1. */
static int
scan_two_digits(RRuleScan *scan)
{
	const char *p = scan->next;

	if (scan->end - p < 2 || p[0] < '0' || p[0] > '9' || p[1] < '0' ||
		p[1] > '9')
		return -1;
	scan->next += 2;
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/*
 * A date, or a date with a time, perhaps of UTC: 20261231, 20261231T235959Z.
 * A leap second is the one before it, RFC 5545 section 3.3.12.
 */
static bool
scan_until(RRuleScan *scan, RRule *rule)
{
	static const char detail[] = "UNTIL is a date or a time of the years 0001 to 9999, such as 20261231, 20261231T235959 or 20261231T235959Z.";
	const char *item = scan->next;
	int			century = scan_two_digits(scan);
	int			year = century < 0 ? -1 : scan_two_digits(scan);
	int			month = year < 0 ? -1 : scan_two_digits(scan);
	int			day = month < 0 ? -1 : scan_two_digits(scan);
	int			hour = 0;
	int			minute = 0;
	int			second = 0;

	if (day < 0)
		return scan_fault(scan, item, detail);
	year += century * 100;
	if (year < 1 || month < 1 || month > MONTHS_PER_YEAR || day < 1 ||
		day > day_tab[isleap(year)][month - 1])
		return scan_fault(scan, item, detail);

	rule->until_kind = RRULE_UNTIL_DATE;
	if (scan->next < scan->end)
	{
		if (pg_ascii_toupper(*scan->next++) != 'T' ||
			(hour = scan_two_digits(scan)) < 0 ||
			(minute = scan_two_digits(scan)) < 0 ||
			(second = scan_two_digits(scan)) < 0 ||
			hour > 23 || minute > 59 || second > 60)
			return scan_fault(scan, item, detail);
		rule->until_kind = RRULE_UNTIL_LOCAL;
		if (scan->next < scan->end && pg_ascii_toupper(*scan->next) == 'Z')
		{
			scan->next++;
			rule->until_kind = RRULE_UNTIL_INSTANT;
		}
	}
	if (scan->next != scan->end)
		return scan_fault(scan, item, detail);
	rule->until = (date2j(year, month, day) - POSTGRES_EPOCH_JDATE) * USECS_PER_DAY +
		((hour * MINS_PER_HOUR + minute) * SECS_PER_MINUTE + Min(second, 59)) *
		USECS_PER_SEC;
	return true;
}

static bool
scan_frequency(RRuleScan *scan, RRuleFrequency *freq)
{
	for (int i = 0; i < RRULE_FREQUENCIES; i++)
	{
		if (word_is_ignoring_case(rrule_frequency_names[i], scan->next,
								  scan->end - scan->next))
		{
			*freq = (RRuleFrequency) i;
			return true;
		}
	}
	return scan_fault(scan, scan->next,
					  "FREQ is SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY.");
}

static bool
scan_number(RRuleScan *scan, int32 *number, const char *detail)
{
	const char *item = scan->next;
	int64		value = scan_digits(scan, PG_INT32_MAX);

	if (value < 1 || scan->next != scan->end)
		return scan_fault(scan, item, detail);
	*number = (int32) value;
	return true;
}

/* The value of a part. */
static bool
scan_part(RRuleScan *scan, RRulePart part, RRule *rule)
{
	const char *item = scan->next;

	switch (part)
	{
		case RRULE_FREQ:
			return scan_frequency(scan, &rule->freq);
		case RRULE_UNTIL:
			return scan_until(scan, rule);
		case RRULE_COUNT:
			return scan_number(scan, &rule->count,
							   "COUNT is a number from 1 to 2147483647.");
		case RRULE_INTERVAL:
			return scan_number(scan, &rule->interval,
							   "INTERVAL is a number from 1 to 2147483647.");
		case RRULE_BYDAY:
			return scan_days(scan, &rule->days);
		case RRULE_WKST:
			rule->week_start = scan_weekday(scan);
			if (rule->week_start < 0 || scan->next != scan->end)
				return scan_fault(scan, item,
								  "WKST is a weekday: MO, TU, WE, TH, FR, SA or SU.");
			return true;
		default:
			return scan_list(scan, part,
							 &rule->lists[part - RRULE_FIRST_LIST]);
	}
}

/* The part of a name; -1 if there is none. */
static int
find_part(const char *name, size_t len)
{
	for (int part = 0; part < RRULE_PARTS; part++)
	{
		if (word_is_ignoring_case(rrule_part_names[part], name, len))
			return part;
	}
	return -1;
}

static bool
unknown_part(RRuleScan *scan)
{
	static const char *const later[] = {"RSCALE", "SKIP", NULL};
	static const char *const properties[] = {
		"DTSTART", "DTEND", "EXDATE", "EXRULE", "RDATE", NULL
	};

	for (const char *const *name = later; *name != NULL; name++)
	{
		if (word_is_ignoring_case(*name, scan->name, scan->name_len))
			return part_fault(scan, "RSCALE and SKIP (RFC 7529) are not supported.");
	}
	/* other libraries keep all lines of a recurrence in one text */
	for (const char *const *name = properties; *name != NULL; name++)
	{
		size_t		len = strlen(*name);

		if (scan->name_len >= len && pg_strncasecmp(scan->name, *name, len) == 0)
		{
			scan->name = *name;
			scan->name_len = len;
			return part_fault(scan, "A rule is what stands behind RRULE: alone. Its start and other dates are arguments.");
		}
	}
	return part_fault(scan, NULL);
}

/*
 * Read a rule: its parts in any order and either case, "RRULE:" before it or
 * not.
 */
bool
rrule_parse(const char *text, size_t len, RRule *rule, RRuleFault *fault)
{
	const char *next = text;
	const char *end = text + len;

	memset(rule, 0, sizeof(RRule));
	*fault = (RRuleFault)
	{
		0
	};
	rule->interval = 1;
	if (len > 6 && pg_strncasecmp(text, "RRULE:", 6) == 0)
		next += 6;
	for (;;)
	{
		const char *semicolon = memchr(next, ';', end - next);
		const char *part_end = semicolon != NULL ? semicolon : end;
		const char *equals = memchr(next, '=', part_end - next);
		RRuleScan	scan = {.name = next, .fault = fault};
		int			part;

		if (equals == NULL || equals == next)
		{
			fault->detail = "A rule has parts like NAME=value with \";\" between them, such as FREQ=WEEKLY;BYDAY=MO,WE.";
			return false;
		}
		scan.name_len = equals - next;
		scan.next = equals + 1;
		scan.end = part_end;
		part = find_part(scan.name, scan.name_len);
		if (part < 0)
			return unknown_part(&scan);
		if (rrule_has(rule, (RRulePart) part))
			return part_fault(&scan, "Each part stands once.");
		if (!scan_part(&scan, (RRulePart) part, rule))
			return false;
		rule->parts |= RRULE_PART(part);
		if (semicolon == NULL)
			return rrule_check(rule, fault);
		next = semicolon + 1;
	}
}

/*
 * Read a stored value.
 */
void
rrule_open(const struct varlena *value, RRule *rule)
{
	RRuleFault	fault;
	size_t		len;
	const char *text = rrule_text(value, &len);

	if (!rrule_parse(text, len, rule, &fault))
		rrule_corrupt();
}

/*----------------------------------------------------------
 * Writing
 *----------------------------------------------------------*/

static inline char *
print_text(const char *text, char *p)
{
	while (*text != '\0')
		*p++ = *text++;
	return p;
}

static char *
print_number(int64 number, char *p)
{
	char		digits[20];
	int			count = 0;

	if (number < 0)
	{
		*p++ = '-';
		number = -number;
	}
	do
	{
		digits[count++] = (char) ('0' + number % 10);
		number /= 10;
	} while (number > 0);
	while (count > 0)
		*p++ = digits[--count];
	return p;
}

/* A number with at least so many digits. */
static char *
print_digits(int number, int count, char *p)
{
	for (int i = count - 1; i >= 0; i--)
	{
		p[i] = (char) ('0' + number % 10);
		number /= 10;
	}
	return p + count;
}

/* Write a number of a list, which begins at "start". */
static inline char *
print_item(int number, char *start, char *p)
{
	if (p > start)
		*p++ = ',';
	return print_number(number, p);
}

static char *
print_list(const RRuleNumbers *numbers, char *p)
{
	char	   *start = p;

	for (int i = 0; i < RRULE_WORDS; i++)
	{
		for (uint64 bits = numbers->plus[i]; bits != 0; bits &= bits - 1)
			p = print_item(i * 64 + pg_rightmost_one_pos64(bits), start, p);
	}
	for (int i = RRULE_WORDS - 1; i >= 0; i--)
	{
		for (uint64 bits = numbers->minus[i]; bits != 0;)
		{
			int			bit = pg_leftmost_one_pos64(bits);

			p = print_item(-(i * 64 + bit), start, p);
			bits ^= UINT64CONST(1) << bit;
		}
	}
	return p;
}

/* The weekdays that have an ordinal, of bits for each weekday. */
static char *
print_days_of(const uint64 *days, int ordinal, bool minus, char *start, char *p)
{
	for (int day = 0; day < WEEKDAYS; day++)
	{
		if ((days[day] >> ordinal & 1) == 0)
			continue;
		if (p > start)
			*p++ = ',';
		if (ordinal != 0)
			p = print_number(minus ? -ordinal : ordinal, p);
		*p++ = rrule_day_names[day][0];
		*p++ = rrule_day_names[day][1];
	}
	return p;
}

/*
 * Weekdays by their ordinals: none, from the beginning, from the end.
 */
static char *
print_days(const RRuleDays *days, char *p)
{
	char	   *start = p;
	uint64		plus = 0;
	uint64		minus = 0;

	for (int day = 0; day < WEEKDAYS; day++)
	{
		plus |= days->plus[day];
		minus |= days->minus[day];
	}
	for (; plus != 0; plus &= plus - 1)
		p = print_days_of(days->plus, pg_rightmost_one_pos64(plus), false, start, p);
	while (minus != 0)
	{
		int			ordinal = pg_leftmost_one_pos64(minus);

		p = print_days_of(days->minus, ordinal, true, start, p);
		minus ^= UINT64CONST(1) << ordinal;
	}
	return p;
}

static char *
print_until(const RRule *rule, char *p)
{
	int64		days = (rule->until - INSTANT_FIRST) / USECS_PER_DAY;
	int			seconds = (int) ((rule->until - INSTANT_FIRST) % USECS_PER_DAY /
								 USECS_PER_SEC);
	int			year;
	int			month;
	int			day;

	j2date((int) days + INSTANT_FIRST_DAY + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	p = print_digits(year, 4, p);
	p = print_digits(month, 2, p);
	p = print_digits(day, 2, p);
	if (rule->until_kind == RRULE_UNTIL_DATE)
		return p;
	*p++ = 'T';
	p = print_digits(seconds / SECS_PER_HOUR, 2, p);
	p = print_digits(seconds / SECS_PER_MINUTE % MINS_PER_HOUR, 2, p);
	p = print_digits(seconds % SECS_PER_MINUTE, 2, p);
	if (rule->until_kind == RRULE_UNTIL_INSTANT)
		*p++ = 'Z';
	return p;
}

static char *
print_part(const RRule *rule, RRulePart part, char *p)
{
	switch (part)
	{
		case RRULE_FREQ:
			return print_text(rrule_frequency_names[rule->freq], p);
		case RRULE_UNTIL:
			return print_until(rule, p);
		case RRULE_COUNT:
			return print_number(rule->count, p);
		case RRULE_INTERVAL:
			return print_number(rule->interval, p);
		case RRULE_BYDAY:
			return print_days(&rule->days, p);
		case RRULE_WKST:
			return print_text(rrule_day_names[rule->week_start], p);
		default:
			return print_list(rrule_numbers(rule, part), p);
	}
}

/*
 * Write the canonical text into RRULE_TEXT_SIZE bytes; returns its length.  It
 * is not terminated.
 */
int
rrule_print(const RRule *rule, char *buf)
{
	char	   *p = buf;

	for (int part = 0; part < RRULE_PARTS; part++)
	{
		if (!rrule_has(rule, (RRulePart) part) ||
			(part == RRULE_INTERVAL && rule->interval == 1) ||
			(part == RRULE_WKST && rule->week_start == 0))
			continue;
		if (p > buf)
			*p++ = ';';
		p = print_text(rrule_part_names[part], p);
		*p++ = '=';
		p = print_part(rule, (RRulePart) part, p);
	}
	Assert(p - buf <= RRULE_TEXT_SIZE);
	return (int) (p - buf);
}

/*----------------------------------------------------------
 * SQL
 *----------------------------------------------------------*/

/* An item in a message is no longer. */
#define MAX_QUOTED_ITEM		30

/* May a message show an item?  It stands in a part that we know. */
static bool
item_is_plausible(const RRuleFault *fault)
{
	return fault->item != NULL && fault->item_len <= MAX_QUOTED_ITEM &&
		name_is_plausible(fault->item, fault->item_len);
}

static const char *
near_part(const RRuleFault *fault)
{
	NearName	near;

	near_name_begin(&near, fault->part, fault->part_len);
	for (int part = 0; part < RRULE_PARTS; part++)
		near_name_try(&near, rrule_part_names[part]);
	return near.name;
}

static void
report_fault(const RRuleFault *fault, struct Node *escontext)
{
	const char *near;

	if (fault->part == NULL)
		errsave(escontext,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("malformed recurrence rule"),
				 errdetail_internal("%s", fault->detail)));
	else if (fault->detail == NULL)
	{
		near = near_part(fault);
		errsave(escontext,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("unknown part%s of a recurrence rule",
						quoted_name(fault->part, fault->part_len, "")),
				 near != NULL ? errhint("Perhaps \"%s\" is meant.", near) : 0));
	}
	else if (fault->item == NULL)
		errsave(escontext,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid part \"%.*s\" of a recurrence rule",
						(int) fault->part_len, fault->part),
				 errdetail_internal("%s", fault->detail)));
	else
		errsave(escontext,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid part \"%.*s=%.*s\" of a recurrence rule",
						(int) fault->part_len, fault->part,
						item_is_plausible(fault) ? (int) fault->item_len : 3,
						item_is_plausible(fault) ? fault->item : "..."),
				 errdetail_internal("%s", fault->detail)));
}

/*
 * The value of a text, or NULL after a soft error.
 */
static struct varlena *
rrule_from_text(const char *text, size_t len, struct Node *escontext)
{
	RRule		rule;
	RRuleFault	fault;
	char		canonical[RRULE_TEXT_SIZE];

	if (len > RRULE_MAX_TEXT)
		ereturn(escontext, NULL,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("recurrence rule is too long"),
				 errdetail("The limit is %d bytes.", RRULE_MAX_TEXT)));
	while (len > 0 && scanner_isspace(text[0]))
	{
		text++;
		len--;
	}
	while (len > 0 && scanner_isspace(text[len - 1]))
		len--;
	if (!rrule_parse(text, len, &rule, &fault))
	{
		report_fault(&fault, escontext);
		return NULL;
	}
	return rrule_build(canonical, rrule_print(&rule, canonical));
}

APPOINTMENT_FUNCTION(rrule_in);
Datum
rrule_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	struct varlena *value = rrule_from_text(text, strlen(text),
											fcinfo->context);

	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(value);
}

APPOINTMENT_FUNCTION(rrule_out);
Datum
rrule_out(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_RRULE(0);
	RRule		rule;
	size_t		len;
	const char *text = rrule_text(value, &len);

	/* damaged bytes are no text */
	rrule_open(value, &rule);
	PG_RETURN_CSTRING(pnstrdup(text, len));
}

/*
 * From bytes: version, then the text.
 */
APPOINTMENT_FUNCTION(rrule_recv);
Datum
rrule_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgbyte(message);
	char	   *text;
	int			len;

	if (version != RRULE_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("unsupported version %d of an external \"rrule\"",
						version)));
	text = pq_getmsgtext(message, message->len - message->cursor, &len);
	PG_RETURN_POINTER(rrule_from_text(text, len, NULL));
}

APPOINTMENT_FUNCTION(rrule_send);
Datum
rrule_send(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_RRULE(0);
	StringInfoData message;
	RRule		rule;
	size_t		len;
	const char *text = rrule_text(value, &len);

	rrule_open(value, &rule);
	pq_begintypsend(&message);
	pq_sendbyte(&message, RRULE_VERSION);
	pq_sendtext(&message, text, (int) len);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
