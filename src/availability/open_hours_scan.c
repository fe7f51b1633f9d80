/*-------------------------------------------------------------------------
 *
 * open_hours_scan.c
 *		The text form of open_hours, read.
 *
 *	value	= rules | "(" rules ")" { "*" "(" rules ")" }
 *	rules	= rule { ";" rule }
 *	rule	= [ zone ] { item }			each item once, in any order
 *	zone	= the name of an IANA time zone; it holds for the rules that follow,
 *			  and the first rule needs one
 *	item	= dates | every | days | hours | kind | capacity | priority
 *	dates	= date [ "/" [ date ] ] | "/" date | "never"
 *	every	= "every" number ( "week" | "weeks" ) [ "from" date ]
 *	days	= weekdays { "," weekdays }
 *	weekdays	= weekday [ "-" weekday ] [ "[" ordinals { "," ordinals } "]" ]
 *	weekday	= "Mo" | "Tu" | "We" | "Th" | "Fr" | "Sa" | "Su"
 *	ordinals	= [ "-" ] digit | digit "-" digit
 *	hours	= "24/7" | time "-" time { "," time "-" time }
 *	time	= hour ":" minute [ ":" second [ "." fraction ] ]
 *	kind	= "off" | "closed" | "override" | "override" "none"
 *	capacity	= "capacity" number
 *	priority	= "priority" [ "-" ] number
 *	date	= year "-" month "-" day
 *
 * Words are read in either case.  White space may stand between all of these,
 * but for those from weekdays to time, and date; and it may stand behind a comma.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "parser/scansup.h"

#include "availability/open_hours_scan.h"
#include "base/instant.h"
#include "base/zone.h"

#define WEEKDAYS	7

static const char weekday_names[WEEKDAYS][3] = {
	"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su",
};

static const char date_detail[] = "A date is written as 2026-12-24, several as 2026-12-24/2026-12-31, without an end as 2026-12-24/.";
static const char days_detail[] = "Weekdays are Mo, Tu, We, Th, Fr, Sa, Su, written as Mo-Fr,Su, or as Sa[1,3] for some of a month.";
static const char nth_detail[] = "Ordinals of a weekday in its month are 1 to 5, or -1 to -5, which count from the end: Sa[1,3], Fr[-1].";
static const char time_detail[] = "Hours are written as 09:00-17:00 or 09:00-12:00,13:00-17:00; times go up to 24:00, and what closes before it opens closes on the next day.";
static const char rule_detail[] = "A rule has dates (2026-12-24), weekdays (Mo, Tu, We, Th, Fr, Sa, Su; Mo-Fr), hours (09:00-17:00), \"off\", \"override\", \"every\", \"capacity\" or \"priority\", each once.";
static const char zone_detail[] = "The first rule begins with the name of an IANA time zone, such as Europe/Berlin.";

/* The items of a rule that stand there once. */
typedef enum RuleItem
{
	ITEM_DATES = 1 << 0,
	ITEM_EVERY = 1 << 1,
	ITEM_DAYS = 1 << 2,
	ITEM_HOURS = 1 << 3,
	ITEM_OFF = 1 << 4,
	ITEM_OVERRIDE = 1 << 5,
	ITEM_NONE = 1 << 6,
	ITEM_CAPACITY = 1 << 7,
	ITEM_PRIORITY = 1 << 8,
} RuleItem;

/* Weekdays with the same ordinals. */
typedef struct DayGroup
{
	uint8		days;
	uint16		nth;
} DayGroup;

typedef struct HoursOfDay
{
	int64		opens;
	int64		closes;
} HoursOfDay;

/* A text that is being read, and the rule in it. */
typedef struct HoursScan
{
	const char *next;
	const char *end;
	OpenHoursBuilder *builder;
	OpenHoursFault *fault;
	int			zone;			/* -1 before the first */
	uint32		items;
	OpenRule	rule;
	bool		has_anchor;
	DayGroup   *groups;
	int			group_count;
	int			group_room;
	HoursOfDay *hours;
	int			hours_count;
	int			hours_room;
} HoursScan;

/*----------------------------------------------------------
 * Characters and words
 *----------------------------------------------------------*/

static inline bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_at(const HoursScan *scan, char c)
{
	return scan->next < scan->end && *scan->next == c;
}

/* Read a character, if it is there. */
static inline bool
take(HoursScan *scan, char c)
{
	if (!is_at(scan, c))
		return false;
	scan->next++;
	return true;
}

static void
skip_space(HoursScan *scan)
{
	while (scan->next < scan->end && scanner_isspace(*scan->next))
		scan->next++;
}

/*
 * What is wrong at a place: all that stands there up to white space, or to
 * what ends a rule.
 */
static bool
fault_at(HoursScan *scan, const char *at, const char *what, const char *detail)
{
	const char *end = at;

	while (end < scan->end && !scanner_isspace(*end) &&
		   strchr(";()*", *end) == NULL)
		end++;
	scan->fault->what = what;
	scan->fault->item = at;
	scan->fault->item_len = end - at;
	scan->fault->detail = detail;
	return false;
}

static bool
too_much(HoursScan *scan, const char *detail)
{
	scan->fault->what = NULL;
	scan->fault->item = scan->next;
	scan->fault->item_len = 0;
	scan->fault->detail = detail;
	return false;
}

/* An item stands once. */
static bool
begin_item(HoursScan *scan, RuleItem item, const char *at)
{
	if ((scan->items & item) != 0)
		return fault_at(scan, at, "rule", rule_detail);
	scan->items |= item;
	return true;
}

/* The length of the word that begins here. */
static size_t
word_length(const HoursScan *scan)
{
	const char *end = scan->next;

	while (end < scan->end && is_letter(*end))
		end++;
	return end - scan->next;
}

/* Read a word, if it is there. */
static bool
take_word(HoursScan *scan, const char *word)
{
	size_t		len = word_length(scan);

	if (!word_is_ignoring_case(word, scan->next, len))
		return false;
	scan->next += len;
	return true;
}

/*
 * Read a number up to "max"; -1 if there is none, or it is more.
 */
static int64
scan_digits(HoursScan *scan, int64 max)
{
	const char *start = scan->next;
	int64		number = 0;

	for (; scan->next < scan->end && is_digit(*scan->next); scan->next++)
	{
		number = number * 10 + (*scan->next - '0');
		if (number > max)
			return -1;
	}
	return scan->next == start ? -1 : number;
}

/*----------------------------------------------------------
 * Items
 *----------------------------------------------------------*/

static bool
scan_date(HoursScan *scan, int32 *date)
{
	const char *at = scan->next;

	if (scan->end - at < 10 || date_parse(at, 10, date) != INSTANT_OK ||
		(scan->end - at > 10 && is_digit(at[10])))
		return fault_at(scan, at, "date", date_detail);
	scan->next += 10;
	return true;
}

static bool
scan_dates(HoursScan *scan)
{
	const char *at = scan->next;
	int32		last;

	if (!begin_item(scan, ITEM_DATES, at))
		return false;
	if (!is_at(scan, '/'))
	{
		if (!scan_date(scan, &scan->rule.valid_from))
			return false;
		if (!is_at(scan, '/'))
		{
			scan->rule.valid_until = scan->rule.valid_from + 1;
			return true;
		}
		if (scan->end - scan->next < 2 || !is_digit(scan->next[1]))
		{
			scan->next++;
			return true;
		}
	}
	scan->next++;
	if (!scan_date(scan, &last))
		return false;
	if (last < scan->rule.valid_from)
		return fault_at(scan, at, "date", "The last date is before the first.");
	scan->rule.valid_until = last + 1;
	return true;
}

static bool
scan_every(HoursScan *scan, const char *at)
{
	static const char detail[] = "It is written as every 2 weeks, or every 2 weeks from 2026-03-02.";
	const char *end;
	int64		number;

	if (!begin_item(scan, ITEM_EVERY, at))
		return false;
	skip_space(scan);
	number = scan_digits(scan, PG_INT32_MAX);
	if (number < 1)
		return fault_at(scan, at, "rule", detail);
	skip_space(scan);
	if (!take_word(scan, "weeks") && !take_word(scan, "week"))
		return fault_at(scan, at, "rule", detail);
	scan->rule.every = (int32) number;
	end = scan->next;
	skip_space(scan);
	if (!take_word(scan, "from"))
	{
		scan->next = end;
		return true;
	}
	skip_space(scan);
	scan->has_anchor = true;
	return scan_date(scan, &scan->rule.anchor);
}

/* Read a weekday; -1 if there is none. */
static int
scan_weekday(HoursScan *scan)
{
	if (word_length(scan) != 2)
		return -1;
	for (int day = 0; day < WEEKDAYS; day++)
	{
		if (pg_strncasecmp(scan->next, weekday_names[day], 2) == 0)
		{
			scan->next += 2;
			return day;
		}
	}
	return -1;
}

/* Read what stands between brackets. */
static bool
scan_ordinals(HoursScan *scan, uint16 *nth)
{
	const char *at = scan->next;

	do
	{
		bool		minus;
		int			first;
		int			last;

		skip_space(scan);
		minus = take(scan, '-');
		first = (int) scan_digits(scan, OPEN_MAX_ORDINAL);
		last = first;
		if (first > 0 && !minus && take(scan, '-'))
			last = (int) scan_digits(scan, OPEN_MAX_ORDINAL);
		if (first < 1 || last < first)
			return fault_at(scan, at, "weekday", nth_detail);
		if (minus)
			*nth |= OPEN_NTH(-first);
		else
			*nth |= (1 << last) - (1 << (first - 1));
	} while (take(scan, ','));
	if (!take(scan, ']'))
		return fault_at(scan, at, "weekday", nth_detail);
	return true;
}

/* Keep weekdays, those with the same ordinals together. */
static void
add_days(HoursScan *scan, uint8 days, uint16 nth)
{
	for (int i = 0; i < scan->group_count; i++)
	{
		if (scan->groups[i].nth == nth)
		{
			scan->groups[i].days |= days;
			return;
		}
	}
	if (scan->group_count == scan->group_room)
	{
		scan->group_room *= 2;
		scan->groups = repalloc_array(scan->groups, DayGroup, scan->group_room);
	}
	scan->groups[scan->group_count++] = (DayGroup)
	{
		days, nth
	};
}

static bool
scan_days(HoursScan *scan)
{
	if (!begin_item(scan, ITEM_DAYS, scan->next))
		return false;
	do
	{
		const char *at;
		int			first;
		int			last;
		uint8		days = 0;
		uint16		nth = 0;

		skip_space(scan);
		at = scan->next;
		first = last = scan_weekday(scan);
		if (first >= 0 && take(scan, '-'))
			last = scan_weekday(scan);
		if (first < 0 || last < 0)
			return fault_at(scan, at, "weekday", days_detail);
		for (int day = first;; day = (day + 1) % WEEKDAYS)
		{
			days |= 1 << day;
			if (day == last)
				break;
		}
		if (take(scan, '[') && !scan_ordinals(scan, &nth))
			return false;
		add_days(scan, days, nth);
	} while (take(scan, ','));
	return true;
}

/* Two digits up to a number, or -1. */
static int
scan_two_digits(HoursScan *scan, int max)
{
	const char *p = scan->next;
	int			number;

	if (scan->end - p < 2 || !is_digit(p[0]) || !is_digit(p[1]))
		return -1;
	number = (p[0] - '0') * 10 + (p[1] - '0');
	scan->next += 2;
	return number > max ? -1 : number;
}

/* Read what follows the point of seconds, in microseconds. */
static int
scan_fraction(HoursScan *scan)
{
	int			fraction = 0;
	int			unit = 1000000;

	while (scan->next < scan->end && is_digit(*scan->next) && unit > 1)
	{
		unit /= 10;
		fraction += (*scan->next++ - '0') * unit;
	}
	return unit == 1000000 ? -1 : fraction;
}

static bool
scan_time(HoursScan *scan, int64 *time)
{
	int			hour;
	int			minute = -1;
	int			second = 0;
	int			fraction = 0;

	hour = (int) scan_digits(scan, 24);
	if (hour >= 0 && take(scan, ':'))
		minute = scan_two_digits(scan, 59);
	if (minute >= 0 && take(scan, ':'))
	{
		second = scan_two_digits(scan, 59);
		if (second >= 0 && take(scan, '.'))
			fraction = scan_fraction(scan);
	}
	if (minute < 0 || second < 0 || fraction < 0)
		return false;
	*time = ((hour * 60 + minute) * 60 + second) * USECS_PER_SEC + fraction;
	return *time <= USECS_PER_DAY;
}

static void
add_hours(HoursScan *scan, int64 opens, int64 closes)
{
	if (scan->hours_count == scan->hours_room)
	{
		scan->hours_room *= 2;
		scan->hours = repalloc_array(scan->hours, HoursOfDay, scan->hours_room);
	}
	scan->hours[scan->hours_count++] = (HoursOfDay)
	{
		opens, closes
	};
}

static bool
scan_hours(HoursScan *scan)
{
	if (!begin_item(scan, ITEM_HOURS, scan->next))
		return false;
	if (scan->end - scan->next >= 4 && memcmp(scan->next, "24/7", 4) == 0)
	{
		scan->next += 4;
		add_hours(scan, 0, USECS_PER_DAY);
		return true;
	}
	do
	{
		const char *at;
		int64		opens;
		int64		closes;

		if (scan->hours_count > OPEN_HOURS_MAX_RULES)
			return too_much(scan, NULL);
		skip_space(scan);
		at = scan->next;
		if (!scan_time(scan, &opens) || !take(scan, '-') ||
			!scan_time(scan, &closes))
			return fault_at(scan, at, "time", time_detail);
		add_hours(scan, opens, closes);
	} while (take(scan, ','));
	return true;
}

static bool
scan_capacity(HoursScan *scan, const char *at)
{
	const char *start;
	int64		number;

	skip_space(scan);
	start = scan->next;
	number = scan_digits(scan, PG_INT32_MAX);
	if (number < 1)
		return fault_at(scan, start, "capacity",
						"A capacity is a number from 1 to 2147483647: capacity 3.");
	scan->rule.capacity = (int32) number;
	return begin_item(scan, ITEM_CAPACITY, at);
}

static bool
scan_priority(HoursScan *scan, const char *at)
{
	const char *start;
	bool		minus;
	int64		number;

	skip_space(scan);
	start = scan->next;
	minus = take(scan, '-');
	number = scan_digits(scan, (int64) PG_INT32_MAX + (minus ? 1 : 0));
	if (number < 0)
		return fault_at(scan, start, "priority",
						"A priority is a number from -2147483648 to 2147483647: priority 10.");
	scan->rule.priority = (int32) (minus ? -number : number);
	return begin_item(scan, ITEM_PRIORITY, at);
}

/*----------------------------------------------------------
 * Rules
 *----------------------------------------------------------*/

/* A zone, which is kept as the tz database writes it. */
static bool
scan_zone(HoursScan *scan)
{
	const char *at = scan->next;
	pg_tz	   *zone;

	while (scan->next < scan->end &&
		   (is_letter(*scan->next) || is_digit(*scan->next) ||
			strchr("_+-/", *scan->next) != NULL))
		scan->next++;
	zone = instant_zone(at, scan->next - at);
	if (zone == NULL)
		return fault_at(scan, at, "word or time zone",
						scan->zone < 0 ? zone_detail : rule_detail);
	scan->zone = open_hours_zone(scan->builder,
								 word_of(pg_get_timezone_name(zone)));
	return true;
}

/* An item that begins with a letter. */
static bool
scan_word_item(HoursScan *scan, bool first)
{
	static const struct
	{
		const char *word;
		RuleItem	item;
	}			words[] = {
		{"off", ITEM_OFF},
		{"closed", ITEM_OFF},
		{"override", ITEM_OVERRIDE},
		{"none", ITEM_NONE},
	};
	const char *at = scan->next;

	if (scan_weekday(scan) >= 0)
	{
		scan->next = at;
		return scan_days(scan);
	}
	for (int i = 0; i < (int) lengthof(words); i++)
	{
		if (take_word(scan, words[i].word))
			return begin_item(scan, words[i].item, at);
	}
	if (take_word(scan, "never"))
	{
		scan->rule.valid_from = scan->rule.valid_until = 0;
		return begin_item(scan, ITEM_DATES, at);
	}
	if (take_word(scan, "every"))
		return scan_every(scan, at);
	if (take_word(scan, "capacity"))
		return scan_capacity(scan, at);
	if (take_word(scan, "priority"))
		return scan_priority(scan, at);
	if (first)
		return scan_zone(scan);
	return fault_at(scan, at, "word", rule_detail);
}

static bool
scan_item(HoursScan *scan, bool first)
{
	const char *next = scan->next;

	if (is_letter(*next))
		return scan_word_item(scan, first);
	if (*next == '/' ||
		(scan->end - next > 4 && next[4] == '-' && is_digit(next[0]) &&
		 is_digit(next[1]) && is_digit(next[2]) && is_digit(next[3])))
		return scan_dates(scan);
	if (is_digit(*next))
		return scan_hours(scan);
	return fault_at(scan, next, "rule", rule_detail);
}

/*
 * Do the items of a rule go together?
 */
static bool
check_items(HoursScan *scan, const char *at)
{
	uint32		items = scan->items;
	OpenRule   *rule = &scan->rule;

	if (scan->zone < 0)
		return fault_at(scan, at, "rule", zone_detail);
	if ((items & ITEM_OFF) != 0 && (items & (ITEM_OVERRIDE | ITEM_NONE)) != 0)
		return fault_at(scan, at, "rule",
						"\"off\" closes whatever is open then, \"override none\" what the dates would have otherwise; a rule is one of them.");
	if ((items & ITEM_NONE) != 0 &&
		(items & (ITEM_OVERRIDE | ITEM_HOURS)) != ITEM_OVERRIDE)
		return fault_at(scan, at, "rule",
						"\"none\" stands behind \"override\", in place of hours.");
	if ((items & (ITEM_HOURS | ITEM_OFF | ITEM_NONE)) == 0)
		return fault_at(scan, at, "rule",
						"A rule needs hours, such as 09:00-17:00 or 00:00-24:00, or \"off\", or \"override none\".");
	if ((items & ITEM_CAPACITY) != 0 && (items & (ITEM_OFF | ITEM_NONE)) != 0)
		return fault_at(scan, at, "rule",
						"Only a rule that opens has a capacity.");
	if (rule->every > 1 && !scan->has_anchor)
	{
		if (rule->valid_from == OPEN_SINCE_EVER ||
			rule->valid_from == rule->valid_until)
			return fault_at(scan, at, "rule",
							"Without a first date \"every\" needs one to count from: every 2 weeks from 2026-03-02.");
		rule->anchor = rule->valid_from;
	}
	rule->kind = (items & ITEM_OFF) != 0 ? OPEN_CLOSED :
		(items & ITEM_NONE) != 0 ? OPEN_NONE :
		(items & ITEM_OVERRIDE) != 0 ? OPEN_OVERRIDE : OPEN_OPEN;
	return true;
}

/*
 * Add the rules of what was read: one for each of the hours, and for weekdays
 * with each of their ordinals.
 */
static bool
add_rules(HoursScan *scan)
{
	if (scan->hours_count == 0)
		add_hours(scan, 0, USECS_PER_DAY);
	if (scan->group_count == 0)
		add_days(scan, OPEN_EVERY_DAY, 0);
	scan->rule.zone = (uint16) scan->zone;
	scan->rule.factor = (uint16) (scan->builder->factor_count - 1);
	for (int g = 0; g < scan->group_count; g++)
	{
		for (int h = 0; h < scan->hours_count; h++)
		{
			OpenRule	rule = scan->rule;

			rule.days = scan->groups[g].days;
			rule.nth = scan->groups[g].nth;
			rule.opens = scan->hours[h].opens;
			rule.closes = scan->hours[h].closes;
			open_rule_normalise(&rule);
			if (!open_hours_add(scan->builder, &rule))
				return too_much(scan, NULL);
		}
	}
	return true;
}

static bool
scan_rule(HoursScan *scan)
{
	const char *at;
	bool		first = true;

	CHECK_FOR_INTERRUPTS();
	scan->items = 0;
	scan->rule = (OpenRule)
	{
		.valid_from = OPEN_SINCE_EVER,
			.valid_until = OPEN_FOR_EVER,
			.capacity = 1,
			.every = 1,
	};
	scan->has_anchor = false;
	scan->group_count = 0;
	scan->hours_count = 0;
	skip_space(scan);
	at = scan->next;
	while (scan->next < scan->end && strchr(";)*", *scan->next) == NULL)
	{
		const char *item = scan->next;

		if (!scan_item(scan, first))
			return false;

		/* what follows an item stands apart from it */
		if (scan->next < scan->end && !scanner_isspace(*scan->next) &&
			strchr(";)*", *scan->next) == NULL)
			return fault_at(scan, item, "rule", rule_detail);
		skip_space(scan);
		if (scan->items == 0)
			at = scan->next;	/* behind the zone */
		first = false;
	}
	return check_items(scan, at) && add_rules(scan);
}

static bool
scan_rules(HoursScan *scan)
{
	scan->zone = -1;
	do
	{
		if (!scan_rule(scan))
			return false;
	} while (take(scan, ';'));
	return true;
}

/*
 * Read a text into a builder.
 */
bool
open_hours_scan(const char *text, size_t len, OpenHoursBuilder *builder,
				OpenHoursFault *fault)
{
	static const char detail[] = "Rules stand in parentheses if there is a \"*\" between them: (...) * (...).";
	HoursScan	scan = {
		.next = text,
		.end = text + len,
		.builder = builder,
		.fault = fault,
		.group_room = WEEKDAYS,
		.hours_room = 4,
	};

	scan.groups = palloc_array(DayGroup, scan.group_room);
	scan.hours = palloc_array(HoursOfDay, scan.hours_room);
	skip_space(&scan);
	if (!is_at(&scan, '('))
	{
		if (!scan_rules(&scan))
			return false;
	}
	else
	{
		for (;;)
		{
			if (!take(&scan, '('))
				return fault_at(&scan, scan.next, "rule", detail);
			if (!scan_rules(&scan))
				return false;
			if (!take(&scan, ')'))
				return fault_at(&scan, scan.next, "rule", detail);
			skip_space(&scan);
			if (!take(&scan, '*'))
				break;
			if (++builder->factor_count > OPEN_HOURS_MAX_FACTORS)
				return too_much(&scan, NULL);
			skip_space(&scan);
		}
	}
	if (scan.next != scan.end)
		return fault_at(&scan, scan.next, "rule", detail);
	return true;
}
