/*-------------------------------------------------------------------------
 *
 * read_value.c
 *		What a JSON value is: a string, a number, an instant, a zone.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/int.h"

#include "base/zone.h"
#include "member/read_value.h"

/*
 * Report that a value is of another type than it has to be.
 */
void
report_type(ReadContext *context, JsonNode *node, const char *message)
{
	problem_error_literal(context->sink, &node->path, PROBLEM_WRONG_TYPE, message);
}

/*
 * The text of a string.  Reports what else it is and returns false.
 */
bool
read_string(ReadContext *context, JsonNode *node,
			const char **text, size_t *len)
{
	if (json_node_type(node) != JSON_TYPE_STRING)
	{
		report_type(context, node, "must be a string");
		return false;
	}
	if (!json_node_string(node, text, len))
	{
		problem_error_literal(context->sink, &node->path, PROBLEM_MALFORMED,
							  "has a character that the database's encoding lacks");
		return false;
	}
	return true;
}

/*
 * A number's source text, exact whatever json-c made of it.
 */
static bool
read_number(ReadContext *context, JsonNode *node, const char *message,
			const char **text, size_t *len)
{
	if (json_node_type(node) != JSON_TYPE_NUMBER)
	{
		report_type(context, node, message);
		return false;
	}
	return json_node_source(node, text, len);
}

/*
 * Make an integer of a JSON number, such as 60, 60.0 or 6e1.  Returns false
 * if it is not whole; *overflow tells if it is, but too large.
 */
static bool
parse_integer(const char *text, size_t len, int64 *value, bool *overflow)
{
	const char *end = text + len;
	const char *p = text;
	bool		negative = false;
	int64		result = 0;
	int			fraction = 0;	/* digits read behind the point */
	int64		exponent = 0;
	const char *last = end;		/* end of the mantissa */

	*overflow = false;
	if (p < end && *p == '-')
	{
		negative = true;
		p++;
	}
	for (const char *e = p; e < end; e++)
	{
		if (*e == 'e' || *e == 'E')
		{
			bool		minus = e + 1 < end && e[1] == '-';

			last = e;
			for (e += (e + 1 < end && (e[1] == '-' || e[1] == '+')) ? 2 : 1;
				 e < end; e++)
				exponent = Min(exponent * 10 + (*e - '0'), 100000000);
			if (minus)
				exponent = -exponent;
			break;
		}
	}

	/* zeros at the end of the fraction say nothing, others are an exponent */
	if (memchr(p, '.', last - p) != NULL)
	{
		while (last[-1] == '0')
			last--;
	}
	else
	{
		for (; last - p > 1 && last[-1] == '0'; last--)
			exponent++;
	}
	for (bool point = false; p < last; p++)
	{
		if (*p == '.')
		{
			point = true;
			continue;
		}
		if (point)
			fraction++;
		if (pg_mul_s64_overflow(result, 10, &result) ||
			pg_sub_s64_overflow(result, *p - '0', &result))
			*overflow = true;	/* unless the exponent makes it smaller... */
	}
	exponent -= fraction;
	if (*overflow)
		return exponent >= 0;	/* ...then it has a fraction, as good as
								 * always */
	for (; exponent < 0 && result != 0; exponent++)
	{
		if (result % 10 != 0)
			return false;
		result /= 10;
	}
	for (; exponent > 0 && result != 0; exponent--)
	{
		if (pg_mul_s64_overflow(result, 10, &result))
		{
			*overflow = true;
			return true;
		}
	}
	/* collected as a negative number, which reaches one further */
	if (!negative && pg_mul_s64_overflow(result, -1, &result))
		*overflow = true;
	*value = result;
	return true;
}

/*
 * A whole number, in whatever way JSON spells it.
 */
bool
read_integer(ReadContext *context, JsonNode *node, int64 *value)
{
	const char *text;
	size_t		len;
	bool		overflow;

	if (json_node_integer(node, value))
		return true;
	if (!read_number(context, node, "must be a whole number", &text, &len))
		return false;
	if (!parse_integer(text, len, value, &overflow))
	{
		report_type(context, node, "must be a whole number");
		return false;
	}
	if (overflow)
		problem_error_literal(context->sink, &node->path, PROBLEM_OUT_OF_RANGE,
							  "is out of range");
	return !overflow;
}

/* Digits without a zero that writing the number would not give back. */
static bool
is_digits(const char *text, size_t len)
{
	return len > 0 && strspn(text, "0123456789") == len &&
		(text[0] != '0' || len == 1);
}

/*
 * A string of digits, written as an integer would be.
 */
bool
read_digits(ReadContext *context, JsonNode *node, int64 *value)
{
	const char *text;
	size_t		len;
	bool		overflow;

	if (!read_string(context, node, &text, &len))
		return false;
	if (!is_digits(text, len))
	{
		problem_error_literal(context->sink, &node->path, PROBLEM_BAD_VALUE,
							  "must be a string of digits");
		return false;
	}
	if (!parse_integer(text, len, value, &overflow) || overflow)
	{
		problem_error_literal(context->sink, &node->path, PROBLEM_OUT_OF_RANGE,
							  "is out of range");
		return false;
	}
	return true;
}

static bool
report_instant(ReadContext *context, JsonNode *node, InstantStatus status,
			   bool number)
{
	switch (status)
	{
		case INSTANT_OK:
		case INSTANT_TOO_PRECISE:
			/* Go, Java and .NET send nine digits: nobody means the last three */
			return true;
		case INSTANT_MALFORMED:
			problem_error_literal(context->sink, &node->path, PROBLEM_BAD_INSTANT,
								  number ? "must be a timestamp in seconds or milliseconds since 1970" :
								  "must be an ISO 8601 timestamp such as 2024-01-01T10:00:00Z");
			break;
		case INSTANT_NO_OFFSET:
			problem_error_literal(context->sink, &node->path, PROBLEM_BAD_INSTANT,
								  "must have \"Z\" or an offset: without it the time is not known");
			break;
		case INSTANT_OUT_OF_RANGE:
			problem_error_literal(context->sink, &node->path,
								  number ? PROBLEM_OUT_OF_RANGE : PROBLEM_BAD_INSTANT,
								  "must be a timestamp that exists, in the years 0001 to 9999");
			break;
		case INSTANT_BAD_OFFSET:
			problem_error_literal(context->sink, &node->path, PROBLEM_BAD_INSTANT,
								  "must have an offset from -15:59 to +15:59");
			break;
	}
	return false;
}

/*
 * An ISO 8601 string with an offset.
 */
bool
read_instant_text(ReadContext *context, JsonNode *node, TimestampTz *instant)
{
	const char *text;
	size_t		len;

	return read_string(context, node, &text, &len) &&
		report_instant(context, node, instant_parse(text, len, instant), false);
}

/*
 * A number of seconds or milliseconds since 1970.
 */
bool
read_instant_number(ReadContext *context, JsonNode *node, InstantUnit unit,
					TimestampTz *instant)
{
	const char *text;
	size_t		len;

	return read_number(context, node, "must be a number", &text, &len) &&
		report_instant(context, node,
					   instant_parse_epoch(text, len, unit, instant), true);
}

/*
 * A string of digits: seconds since 1970, negative before that.
 */
bool
read_instant_digits(ReadContext *context, JsonNode *node, TimestampTz *instant)
{
	const char *text;
	size_t		len;
	size_t		sign;

	if (!read_string(context, node, &text, &len))
		return false;
	sign = len > 1 && text[0] == '-' && text[1] != '0';
	if (!is_digits(text + sign, len - sign))
	{
		problem_error_literal(context->sink, &node->path, PROBLEM_BAD_INSTANT,
							  "must be a string of digits: seconds since 1970");
		return false;
	}
	return report_instant(context, node,
						  instant_parse_epoch(text, len, INSTANT_SECONDS,
											  instant), true);
}

/*
 * Whether a text may be the name of a zone that this machine does not have.
 */
static bool
zone_is_plausible(const char *name, size_t len)
{
	return len > 0 && len <= 255 &&
		strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			   "0123456789/_+-") == len &&
		strspn(name, "0123456789/_+-") == 0;
}

/*
 * The name of a zone.  Canonical JSON may come from another machine, with
 * another time zone database: a restore must not fail for a zone that is gone.
 */
bool
read_zone(ReadContext *context, JsonNode *node, const char **name, size_t *len)
{
	if (!read_string(context, node, name, len))
		return false;
	if (instant_zone(*name, *len) == NULL &&
		!(context->restoring && zone_is_plausible(*name, *len)))
	{
		problem_error_literal(context->sink, &node->path, PROBLEM_BAD_ZONE,
							  "must be an IANA time zone such as America/New_York");
		return false;
	}
	if (context->sink->collect && !instant_zone_is_place(*name, *len))
		problem_warning_literal(context->sink, &node->path, PROBLEM_BAD_ZONE,
								"should be the time zone of a place");
	return true;
}
