/*-------------------------------------------------------------------------
 *
 * busy_io.c
 *		The text and the binary form of busy values.
 *
 *	{[2026-03-02T09:00:00Z,2026-03-02T09:30:00Z)-5+10(2),[2026-03-03T08:00:00Z,)}
 *
 * A set of periods.  A missing bound is no bound.  Behind a period stand the
 * minutes of its buffers, before it and after it, and its seats; without seats
 * it takes all.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "parser/scansup.h"

#include "availability/busy.h"
#include "base/instant.h"
#include "compat.h"

/* So many periods are read or written between two looks for a cancellation. */
#define PERIODS_BETWEEN_CHECKS	1024

/* State of the parser of the text form. */
typedef struct BusyParser
{
	const char *input;			/* all of it, for messages */
	const char *next;
	struct Node *escontext;
} BusyParser;

/*----------------------------------------------------------
 * Input
 *----------------------------------------------------------*/

/*
 * What is wrong at the place that the parser has come to.  The text itself is
 * not shown: it may be long, and something else altogether.
 */
static bool
syntax_error(BusyParser *parser, const char *detail)
{
	ereturn(parser->escontext, false,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("malformed busy literal at character %d",
					pg_mbstrlen_with_len(parser->input,
										 (int) (parser->next - parser->input)) + 1),
			 errdetail_internal("%s", detail)));
}

static void
skip_space(BusyParser *parser)
{
	while (scanner_isspace(*parser->next))
	{
		if ((parser->next - parser->input) % PERIODS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
		parser->next++;
	}
}

static bool
expect_char(BusyParser *parser, char wanted, const char *detail)
{
	skip_space(parser);
	if (*parser->next != wanted)
		return syntax_error(parser, detail);
	parser->next++;
	return true;
}

/* Read a bound up to what cannot be in a time; it may be missing. */
static bool
parse_bound(BusyParser *parser, TimestampTz missing, TimestampTz *bound)
{
	const char *text;
	size_t		len = 0;
	InstantStatus status;

	skip_space(parser);
	text = parser->next;
	while (text[len] != '\0' && strchr(",)]}", text[len]) == NULL &&
		   len <= INSTANT_MAXLEN)
		len++;
	while (len > 0 && scanner_isspace(text[len - 1]))
		len--;
	if (len == 0)
	{
		*bound = missing;
		return true;
	}
	status = instant_parse(text, len, bound);
	if (status == INSTANT_OUT_OF_RANGE)
		return syntax_error(parser, "There is no such time, or it is not within the years 0001 to 9999.");
	if (status != INSTANT_OK)
		return syntax_error(parser, "A time has a date and an offset, such as 2026-03-02T09:00:00Z.");
	parser->next += len;
	return true;
}

static bool
parse_number(BusyParser *parser, int32 *number)
{
	const char *start;
	int64		value = 0;

	skip_space(parser);
	start = parser->next;
	while (*parser->next >= '0' && *parser->next <= '9')
	{
		value = value * 10 + (*parser->next - '0');
		if (value > PG_INT32_MAX)
		{
			parser->next = start;
			return syntax_error(parser, "The number is too large.");
		}
		parser->next++;
	}
	if (parser->next == start)
		return syntax_error(parser, "A number is needed.");
	*number = (int32) value;
	return true;
}

/* Read what may stand behind a period. */
static bool
parse_extras(BusyParser *parser, BusyPeriod *period)
{
	skip_space(parser);
	if (*parser->next == '-')
	{
		parser->next++;
		if (!parse_number(parser, &period->before))
			return false;
		skip_space(parser);
	}
	if (*parser->next == '+')
	{
		parser->next++;
		if (!parse_number(parser, &period->after))
			return false;
		skip_space(parser);
	}
	if (*parser->next == '(')
	{
		const char *seats = ++parser->next;

		if (!parse_number(parser, &period->seats))
			return false;
		if (period->seats == BUSY_ALL)
		{
			parser->next = seats;
			return syntax_error(parser, "A period takes at least one seat.");
		}
		return expect_char(parser, ')', "\")\" is needed behind the seats.");
	}
	return true;
}

static bool
parse_period(BusyParser *parser, BusyPeriod *period)
{
	const char *start;
	bool		open;
	BusyFault	fault;

	*period = (BusyPeriod)
	{
		.seats = BUSY_ALL
	};
	skip_space(parser);
	start = parser->next;
	open = *start == '(';
	if (!open && *start != '[')
		return syntax_error(parser, "A period is needed, such as [2026-03-02T09:00:00Z,2026-03-02T09:30:00Z).");
	parser->next++;
	if (!parse_bound(parser, DT_NOBEGIN, &period->span.starts_at))
		return false;
	if (open && period->span.starts_at != DT_NOBEGIN)
	{
		parser->next = start;
		return syntax_error(parser, "A period includes its start: it begins with \"[\".");
	}
	if (!expect_char(parser, ',', "\",\" is needed between the start and the end of a period.") ||
		!parse_bound(parser, DT_NOEND, &period->span.ends_at) ||
		!expect_char(parser, ')', "\")\" is needed behind the end of a period, which is not part of it.") ||
		!parse_extras(parser, period))
		return false;
	fault = busy_fault(period);
	if (fault != BUSY_FINE)
	{
		parser->next = start;
		return syntax_error(parser, busy_fault_detail(fault));
	}
	return true;
}

static bool
parse_periods(BusyParser *parser, BusyBuilder *builder)
{
	BusyPeriod	period;

	if (!expect_char(parser, '{', "A value begins with \"{\"."))
		return false;
	skip_space(parser);
	if (*parser->next != '}')
	{
		for (;;)
		{
			if (!parse_period(parser, &period))
				return false;
			busy_builder_add(builder, &period);
			if (builder->count % PERIODS_BETWEEN_CHECKS == 0)
				CHECK_FOR_INTERRUPTS();
			skip_space(parser);
			if (*parser->next != ',')
				break;
			parser->next++;
		}
	}
	if (!expect_char(parser, '}', "\",\" or \"}\" is needed behind a period."))
		return false;
	skip_space(parser);
	if (*parser->next != '\0')
		return syntax_error(parser, "Nothing may stand behind \"}\".");
	return true;
}

APPOINTMENT_FUNCTION(busy_in);
Datum
busy_in(PG_FUNCTION_ARGS)
{
	BusyParser	parser;
	BusyBuilder builder;

	parser.input = PG_GETARG_CSTRING(0);
	parser.next = parser.input;
	parser.escontext = fcinfo->context;
	busy_builder_begin(&builder, CurrentMemoryContext);
	if (!parse_periods(&parser, &builder))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(busy_build(&builder));
}

/*----------------------------------------------------------
 * Output
 *----------------------------------------------------------*/

static void
append_bound(StringInfo text, TimestampTz bound)
{
	char		buf[INSTANT_MAXLEN];

	if (!TIMESTAMP_NOT_FINITE(bound))
		appendBinaryStringInfo(text, buf, instant_format(bound, 0, buf));
}

static void
append_period(StringInfo text, const BusyPeriod *period)
{
	appendStringInfoChar(text, period->span.starts_at == DT_NOBEGIN ? '(' : '[');
	append_bound(text, period->span.starts_at);
	appendStringInfoChar(text, ',');
	append_bound(text, period->span.ends_at);
	appendStringInfoChar(text, ')');
	if (period->before != 0)
		appendStringInfo(text, "-%d", period->before);
	if (period->after != 0)
		appendStringInfo(text, "+%d", period->after);
	if (period->seats != BUSY_ALL)
		appendStringInfo(text, "(%d)", period->seats);
}

APPOINTMENT_FUNCTION(busy_out);
Datum
busy_out(PG_FUNCTION_ARGS)
{
	Busy		busy;
	StringInfoData text;

	busy_open(PG_GETARG_BUSY(0), &busy);
	initStringInfo(&text);
	appendStringInfoChar(&text, '{');
	for (int32 i = 0; i < busy.count; i++)
	{
		BusyPeriod	period = busy_period_at(&busy, i);

		if (i > 0)
			appendStringInfoChar(&text, ',');
		append_period(&text, &period);
		if (i % PERIODS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
	}
	appendStringInfoChar(&text, '}');
	PG_RETURN_CSTRING(text.data);
}

/*----------------------------------------------------------
 * Binary form
 *
 * A version byte (1), flags, the number of periods in four bytes.  Then of each
 * period start and end in eight bytes each, the infinities for none; its seats
 * in four, with BUSY_SEATS, 0 for all; the minutes before and after in four
 * each, with BUSY_BUFFERS.
 *----------------------------------------------------------*/

static BusyPeriod
receive_period(StringInfo message, int flags)
{
	BusyPeriod	period = {.seats = BUSY_ALL};
	BusyFault	fault;

	period.span.starts_at = pq_getmsgint64(message);
	period.span.ends_at = pq_getmsgint64(message);
	if (flags & BUSY_SEATS)
		period.seats = (int32) pq_getmsgint(message, 4);
	if (flags & BUSY_BUFFERS)
	{
		period.before = (int32) pq_getmsgint(message, 4);
		period.after = (int32) pq_getmsgint(message, 4);
	}
	fault = busy_fault(&period);
	if (fault != BUSY_FINE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid period in an external \"busy\""),
				 errdetail_internal("%s", busy_fault_detail(fault))));
	return period;
}

APPOINTMENT_FUNCTION(busy_recv);
Datum
busy_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgbyte(message);
	int			flags = pq_getmsgbyte(message);
	BusyBuilder builder;
	int32		count;

	if (version != BUSY_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("unsupported version %d of an external \"busy\"",
						version)));
	if ((flags & ~BUSY_FLAGS) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid flags in an external \"busy\"")));
	count = (int32) pq_getmsgint(message, 4);
	if (count < 0 || count > (message->len - message->cursor) / (int) sizeof(BusySpan))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid number of periods in an external \"busy\"")));

	busy_builder_begin(&builder, CurrentMemoryContext);
	if (flags != 0)
		busy_builder_widen(&builder);
	busy_builder_reserve(&builder, count);
	for (int32 i = 0; i < count; i++)
	{
		BusyPeriod	period = receive_period(message, flags);

		busy_builder_add(&builder, &period);
		if (i % PERIODS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
	}
	PG_RETURN_POINTER(busy_build(&builder));
}

APPOINTMENT_FUNCTION(busy_send);
Datum
busy_send(PG_FUNCTION_ARGS)
{
	Busy		busy;
	StringInfoData message;

	busy_open(PG_GETARG_BUSY(0), &busy);
	pq_begintypsend(&message);
	pq_sendbyte(&message, BUSY_VERSION);
	pq_sendbyte(&message, (busy.seats != NULL ? BUSY_SEATS : 0) |
				(busy.before != NULL ? BUSY_BUFFERS : 0));
	pq_sendint32(&message, busy.count);
	for (int32 i = 0; i < busy.count; i++)
	{
		BusyPeriod	period = busy_period_at(&busy, i);

		pq_sendint64(&message, period.span.starts_at);
		pq_sendint64(&message, period.span.ends_at);
		if (busy.seats != NULL)
			pq_sendint32(&message, period.seats);
		if (busy.before != NULL)
		{
			pq_sendint32(&message, period.before);
			pq_sendint32(&message, period.after);
		}
		if (i % PERIODS_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
