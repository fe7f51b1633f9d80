/*-------------------------------------------------------------------------
 *
 * open_hours_io.c
 *		The text form of open_hours, written, and the functions of the type.
 *
 * The grammar stands in open_hours_scan.c.  What is written is canonical: the
 * rules in their order, and in each rule the zone (where it changes), dates,
 * every, weekdays, override, hours, off, capacity, priority.  Of rules that have
 * nothing but other hours one is written, with all the hours.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "availability/open_hours.h"
#include "availability/open_hours_io.h"
#include "availability/open_hours_scan.h"
#include "base/instant.h"

/*----------------------------------------------------------
 * Writing
 *----------------------------------------------------------*/

static void
print_date(int32 date, StringInfo buf)
{
	char		text[INSTANT_MAXLEN];

	appendBinaryStringInfo(buf, text, date_format(date, text));
}

static void
print_dates(const OpenRule *rule, StringInfo buf)
{
	if (rule->valid_from == OPEN_SINCE_EVER &&
		rule->valid_until == OPEN_FOR_EVER)
		return;
	if (rule->valid_from == rule->valid_until)
	{
		appendStringInfoString(buf, "never ");
		return;
	}
	if (rule->valid_from != OPEN_SINCE_EVER)
		print_date(rule->valid_from, buf);
	if (rule->valid_from == OPEN_SINCE_EVER ||
		rule->valid_until != rule->valid_from + 1)
	{
		appendStringInfoChar(buf, '/');
		if (rule->valid_until != OPEN_FOR_EVER)
			print_date(rule->valid_until - 1, buf);
	}
	appendStringInfoChar(buf, ' ');
}

static void
print_ordinals(const OpenRule *rule, StringInfo buf)
{
	char		separator = '[';

	if (rule->nth == 0)
		return;
	for (int sign = 1; sign >= -1; sign -= 2)
	{
		for (int n = 1; n <= OPEN_MAX_ORDINAL; n++)
		{
			if ((rule->nth & (OPEN_NTH(sign * n))) != 0)
			{
				appendStringInfo(buf, "%c%d", separator, sign * n);
				separator = ',';
			}
		}
	}
	appendStringInfoChar(buf, ']');
}

/* Three weekdays in a row and more are written with a hyphen. */
static void
print_days(const OpenRule *rule, StringInfo buf)
{
	static const char names[][3] = {
		"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su",
	};
	char		separator = 0;

	if (rule->days == OPEN_EVERY_DAY && rule->nth == 0)
		return;
	for (int day = 0; day < (int) lengthof(names); day++)
	{
		int			last = day;

		if ((rule->days & (1 << day)) == 0)
			continue;
		while (last + 1 < (int) lengthof(names) &&
			   (rule->days & (1 << (last + 1))) != 0)
			last++;
		if (separator != 0)
			appendStringInfoChar(buf, separator);
		appendStringInfoString(buf, names[day]);
		if (last - day >= 2)
		{
			appendStringInfo(buf, "-%s", names[last]);
			day = last;
		}
		print_ordinals(rule, buf);
		separator = ',';
	}
	appendStringInfoChar(buf, ' ');
}

static char *
print_two_digits(int number, char *p)
{
	*p++ = (char) ('0' + number / 10);
	*p++ = (char) ('0' + number % 10);
	return p;
}

static void
print_time(int64 time, StringInfo buf)
{
	char		text[16];
	char	   *p = text;
	int			fraction = (int) (time % USECS_PER_SEC);
	int			seconds = (int) (time / USECS_PER_SEC);

	p = print_two_digits(seconds / 3600, p);
	*p++ = ':';
	p = print_two_digits(seconds / 60 % 60, p);
	if (seconds % 60 != 0 || fraction != 0)
	{
		*p++ = ':';
		p = print_two_digits(seconds % 60, p);
	}
	appendBinaryStringInfo(buf, text, (int) (p - text));
	if (fraction != 0)
	{
		int			len = buf->len;

		appendStringInfo(buf, ".%06d", fraction);
		while (buf->len > len && buf->data[buf->len - 1] == '0')
			buf->len--;
	}
}

/*
 * What closes on the next day is written with a time that is not after the one
 * that opens.
 */
static void
print_hours(const OpenRule *rule, StringInfo buf)
{
	bool		next_day = rule->closes > USECS_PER_DAY ||
	rule->opens == USECS_PER_DAY;

	print_time(rule->opens, buf);
	appendStringInfoChar(buf, '-');
	print_time(rule->closes - (next_day ? USECS_PER_DAY : 0), buf);
}

/* Do two rules, of which one follows the other, differ in their hours only? */
static bool
only_hours_differ(const OpenRule *a, const OpenRule *b)
{
	OpenRule	other = *b;

	other.opens = a->opens;
	other.closes = a->closes;
	return open_rule_compare(a, &other) == 0;
}

/*
 * Write a rule and those that follow it with other hours; returns how many
 * these are.
 */
static int
print_rule(const OpenRule *rule, int count, StringInfo buf)
{
	int			hours = 1;

	while (hours < count && only_hours_differ(rule, &rule[hours]))
		hours++;

	print_dates(rule, buf);
	if (rule->every > 1)
	{
		appendStringInfo(buf, "every %d weeks from ", rule->every);
		print_date(rule->anchor, buf);
		appendStringInfoChar(buf, ' ');
	}
	print_days(rule, buf);
	if (rule->kind == OPEN_OVERRIDE || rule->kind == OPEN_NONE)
		appendStringInfoString(buf, "override ");
	if (rule->kind == OPEN_NONE)
		appendStringInfoString(buf, "none ");
	else if (rule->kind != OPEN_CLOSED || hours > 1 || rule->opens != 0 ||
			 rule->closes != USECS_PER_DAY)
	{
		for (int i = 0; i < hours; i++)
		{
			print_hours(&rule[i], buf);
			appendStringInfoChar(buf, i + 1 < hours ? ',' : ' ');
		}
	}
	if (rule->kind == OPEN_CLOSED)
		appendStringInfoString(buf, "off ");
	if (rule->capacity != 1)
		appendStringInfo(buf, "capacity %d ", rule->capacity);
	if (rule->priority != 0)
		appendStringInfo(buf, "priority %d ", rule->priority);
	buf->len--;					/* the last space */
	return hours;
}

/*
 * Write the canonical text; it is terminated.
 */
void
open_hours_print(const OpenHours *hours, StringInfo buf)
{
	const OpenRule *rules = hours->rules;
	int			printed;

	for (int i = 0; i < hours->rule_count; i += printed)
	{
		bool		begins = i == 0 || rules[i].factor != rules[i - 1].factor;

		CHECK_FOR_INTERRUPTS();
		if (begins && hours->factor_count > 1)
			appendStringInfoString(buf, i == 0 ? "(" : ") * (");
		else if (i > 0)
			appendStringInfoString(buf, "; ");
		if (begins || rules[i].zone != rules[i - 1].zone)
		{
			const Word *zone = &hours->zones[rules[i].zone];

			appendBinaryStringInfo(buf, zone->data, (int) zone->len);
			appendStringInfoChar(buf, ' ');
		}
		printed = print_rule(&rules[i], hours->rule_count - i, buf);
	}
	if (hours->factor_count > 1)
		appendStringInfoChar(buf, ')');
	buf->data[buf->len] = '\0';
}

/*----------------------------------------------------------
 * SQL
 *----------------------------------------------------------*/

static void
report_fault(const OpenHoursFault *fault, const char *text,
			 struct Node *escontext)
{
	if (fault->what == NULL)
		errsave(escontext,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many opening hours"),
				 errdetail("The limit is %d rules, and %d restrictions.",
						   OPEN_HOURS_MAX_RULES, OPEN_HOURS_MAX_FACTORS)));
	else
		errsave(escontext,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid %s%s of opening hours at position %d",
						fault->what,
						fault->item_len == 0 ? "" :
						quoted_name(fault->item, fault->item_len, ""),
						pg_mbstrlen_with_len(text,
											 (int) (fault->item - text)) + 1),
				 errdetail_internal("%s", fault->detail)));
}

/*
 * The value of a text, or NULL after a soft error.
 */
static struct varlena *
open_hours_from_text(const char *text, size_t len, struct Node *escontext)
{
	OpenHoursBuilder builder;
	OpenHoursFault fault = {0};
	struct varlena *value = NULL;

	open_hours_begin(&builder, CurrentMemoryContext);
	if (open_hours_scan(text, len, &builder, &fault))
		value = open_hours_value(&builder);
	if (value == NULL)
		report_fault(&fault, text, escontext);
	return value;
}

APPOINTMENT_FUNCTION(open_hours_in);
Datum
open_hours_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	struct varlena *value = open_hours_from_text(text, strlen(text),
												 fcinfo->context);

	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(value);
}

APPOINTMENT_FUNCTION(open_hours_out);
Datum
open_hours_out(PG_FUNCTION_ARGS)
{
	OpenHours	hours;
	StringInfoData buf;

	open_hours_open(PG_GETARG_OPEN_HOURS(0), &hours);
	initStringInfo(&buf);
	open_hours_print(&hours, &buf);
	PG_RETURN_CSTRING(buf.data);
}

/*
 * From bytes: version, then the text.
 */
APPOINTMENT_FUNCTION(open_hours_recv);
Datum
open_hours_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgbyte(message);
	char	   *text;
	int			len;

	if (version != OPEN_HOURS_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("unsupported version %d of an external \"open_hours\"",
						version)));
	text = pq_getmsgtext(message, message->len - message->cursor, &len);
	PG_RETURN_POINTER(open_hours_from_text(text, len, NULL));
}

APPOINTMENT_FUNCTION(open_hours_send);
Datum
open_hours_send(PG_FUNCTION_ARGS)
{
	OpenHours	hours;
	StringInfoData text;
	StringInfoData message;

	open_hours_open(PG_GETARG_OPEN_HOURS(0), &hours);
	initStringInfo(&text);
	open_hours_print(&hours, &text);
	pq_begintypsend(&message);
	pq_sendbyte(&message, OPEN_HOURS_VERSION);
	pq_sendtext(&message, text.data, text.len);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
