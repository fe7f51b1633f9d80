/*-------------------------------------------------------------------------
 *
 * json_text.c
 *		JSON as text: checked, limited, stepped through, converted.
 *
 * Nothing here raises an error for what a text may contain.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "common/jsonapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "compat.h"
#include "json/json_text.h"

/* What numeric has room for; core has the limits in numeric.c only. */
#define NUMERIC_DIGITS_BEFORE	131072
#define NUMERIC_DIGITS_BEHIND	16383

/* ---------------------------------------------------------------------
 * encodings
 * ---------------------------------------------------------------------
 */

/*
 * Convert between encodings without raising an error.  Returns false if the
 * text has no equivalent.
 */
static bool
convert_encoding(const char *text, size_t len, int from, int to,
				 const char **result, size_t *result_len)
{
	Oid			function;
	char	   *buffer;
	int			converted;

	function = FindDefaultConversionProc(from, to);
	if (!OidIsValid(function))
		return false;
	buffer = palloc(len * MAX_CONVERSION_GROWTH + 1);
	converted = pg_do_encoding_conversion_buf(function, from, to,
											  (unsigned char *) unconstify(char *, text), (int) len,
											  (unsigned char *) buffer,
											  (int) (len * MAX_CONVERSION_GROWTH + 1),
											  true);
	if (converted != (int) len)
		return false;
	*result = buffer;
	*result_len = strlen(buffer);
	return true;
}

/*
 * Whether a text is the same in every encoding of a server, as all of them
 * have ASCII as it is.  Nearly all texts are, and a search for a conversion
 * takes longer than converting.
 */
static bool
is_ascii(const char *text, size_t len)
{
	const uint64 highs = UINT64CONST(0x8080808080808080);

	for (; len >= sizeof(uint64); text += sizeof(uint64), len -= sizeof(uint64))
	{
		uint64		word;

		memcpy(&word, text, sizeof(word));
		if (word & highs)
			return false;
	}
	for (; len > 0; text++, len--)
	{
		if (*text & 0x80)
			return false;
	}
	return true;
}

/* Whether the server's texts are UTF-8 as they are. */
static inline bool
server_speaks_utf8(void)
{
	return GetDatabaseEncoding() == PG_UTF8;
}

/*
 * From the server's encoding.  SQL_ASCII says nothing about the bytes: they
 * are taken as UTF-8 if that is what they are.
 */
bool
json_to_utf8(const char **text, size_t *len)
{
	if (server_speaks_utf8())
		return true;
	if (GetDatabaseEncoding() == PG_SQL_ASCII)
		return pg_verify_mbstr(PG_UTF8, *text, (int) *len, true);
	if (is_ascii(*text, *len))
		return true;
	return convert_encoding(*text, *len, GetDatabaseEncoding(), PG_UTF8,
							text, len);
}

/*
 * Whether a text of the server's could be read at all.  Where the server's
 * encoding has more than UTF-8 has, or knows nothing of its bytes, a text may
 * come by another way than through here.
 */
bool
json_text_is_readable(const char *text, size_t len)
{
	return json_to_utf8(&text, &len);
}

/* To the server's encoding. */
bool
json_from_utf8(const char **text, size_t *len)
{
	if (server_speaks_utf8() || GetDatabaseEncoding() == PG_SQL_ASCII ||
		is_ascii(*text, *len))
		return true;
	return convert_encoding(*text, *len, PG_UTF8, GetDatabaseEncoding(),
							text, len);
}

/* ---------------------------------------------------------------------
 * checking
 * ---------------------------------------------------------------------
 */

/* The value of four hexadecimal digits, or -1. */
static int
parse_hex4(const char *digits, const char *end)
{
	int			value = 0;

	if (end - digits < 4)
		return -1;
	for (int i = 0; i < 4; i++)
	{
		char		c = digits[i];

		if (c >= '0' && c <= '9')
			value = value * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value * 16 + (c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			value = value * 16 + (c - 'A' + 10);
		else
			return -1;
	}
	return value;
}

static inline bool
is_high_surrogate(int code)
{
	return code >= 0xD800 && code <= 0xDBFF;
}

static inline bool
is_low_surrogate(int code)
{
	return code >= 0xDC00 && code <= 0xDFFF;
}

/*
 * Skip a string behind its opening quote.  Returns where its closing quote
 * is, or the end if it has none.  *status tells what an escape was wrong with;
 * an escape that is not even JSON is left to the parser.
 */
static const char *
check_string(const char *p, const char *end, bool any_escape,
			 JsonStatus *status)
{
	while (p < end && *p != '"')
	{
		int			code;

		if (*p++ != '\\')
			continue;
		if (p >= end)
			break;
		if (*p++ != 'u' || any_escape)
			continue;
		code = parse_hex4(p, end);
		if (code == 0)
		{
			*status = JSON_STATUS_NUL;
			break;
		}
		if (is_high_surrogate(code) && end - p >= 6 &&
			p[4] == '\\' && p[5] == 'u' &&
			is_low_surrogate(parse_hex4(p + 6, end)))
			p += 10;
		else if (is_high_surrogate(code) || is_low_surrogate(code))
		{
			*status = JSON_STATUS_SURROGATE;
			break;
		}
	}
	return p;
}

/* A long text has to be interruptible while the server's parser is at it. */
static JSON_ACTION_RESULT
check_member(void *state, char *name, bool isnull)
{
	CHECK_FOR_INTERRUPTS();
	JSON_ACTION_RETURN();
}

static JSON_ACTION_RESULT
check_item(void *state, bool isnull)
{
	CHECK_FOR_INTERRUPTS();
	JSON_ACTION_RETURN();
}

/*
 * Check a text: within the limits, and JSON.  "validated" tells that the
 * server has already parsed it, as it has a value of type json or jsonb.  On
 * failure *position is the offset in bytes.
 *
 * The limits come first, in one pass that takes no memory and is at ease with
 * any bytes.  Values are counted by the commas and brackets.
 */
JsonStatus
json_check(const char *text, size_t len, bool validated,
		   const JsonLimits *limits, size_t *position)
{
	const char *end = text + len;
	const char *p;
	bool		escapes;
	int			depth = 0;
	int			values = 1;

	*position = 0;
	if (len > limits->bytes)
		return JSON_STATUS_TOO_LONG;

	escapes = memchr(text, '\\', len) != NULL;
	for (p = text; p < end; p++)
	{
		switch (*p)
		{
			case '"':
				if (likely(!escapes))
				{
					p = memchr(p + 1, '"', end - p - 1);
					if (p == NULL)
						p = end;
				}
				else
				{
					JsonStatus	status = JSON_STATUS_OK;

					p = check_string(p + 1, end, limits->any_escape, &status);
					if (status != JSON_STATUS_OK)
					{
						*position = p - text;
						return status;
					}
				}
				break;
			case '{':
			case '[':
				values++;
				if (++depth > limits->depth)
				{
					*position = p - text;
					return JSON_STATUS_TOO_DEEP;
				}
				break;
			case '}':
			case ']':
				depth--;
				break;
			case ',':
				CHECK_FOR_INTERRUPTS();
				if (++values > limits->values)
				{
					*position = p - text;
					return JSON_STATUS_TOO_MANY;
				}
				break;
			default:
				break;
		}
	}
	if (values > limits->values)
		return JSON_STATUS_TOO_MANY;

	if (!validated)
	{
		JsonSemAction actions = nullSemAction;
		JsonLexContext *lex;
		JsonParseErrorType error;

		actions.object_field_start = check_member;
		actions.array_element_start = check_item;
		lex = make_json_lexer(text, len);
		error = pg_parse_json(lex, &actions);
		/* at the end of the text there is no token */
		*position = lex->token_start != NULL ?
			(size_t) (lex->token_start - lex->input) : len;
		free_json_lexer(lex);
		if (error != JSON_SUCCESS)
			return server_speaks_utf8() && len >= 3 &&
				memcmp(text, "\xEF\xBB\xBF", 3) == 0 ?
				JSON_STATUS_BYTE_ORDER_MARK : JSON_STATUS_MALFORMED;
	}
	return JSON_STATUS_OK;
}

/* ---------------------------------------------------------------------
 * source text
 *
 * The text is known to be valid JSON here, so skipping needs no checks but
 * for the end.
 * ---------------------------------------------------------------------
 */

/*
 * Skip a string, quotes included.  The C library looks at many bytes at once.
 * A quote is looked for again only behind one that was escaped, so the time
 * goes by the length, whatever is escaped.
 */
const char *
json_skip_string(const char *p, const char *end)
{
	const char *quote;

	p++;
	quote = memchr(p, '"', end - p);
	while (quote != NULL)
	{
		const char *backslash = memchr(p, '\\', quote - p);

		if (backslash == NULL)
			return quote + 1;
		p = backslash + 2;
		if (p > quote)
			quote = memchr(p, '"', end - p);
	}
	return end;
}

/* Skip a value of any kind. */
const char *
json_skip_value(const char *p, const char *end)
{
	int			depth = 0;

	if (p < end && *p == '"')
		return json_skip_string(p, end);
	if (p < end && (*p == '{' || *p == '['))
	{
		while (p < end)
		{
			switch (*p)
			{
				case '"':
					p = json_skip_string(p, end);
					continue;
				case '{':
				case '[':
					depth++;
					break;
				case '}':
				case ']':
					if (--depth == 0)
						return p + 1;
					break;
				default:
					break;
			}
			p++;
		}
		return end;
	}
	while (p < end && strchr(",]} \t\n\r", *p) == NULL)
		p++;
	return p;
}

/*
 * Whether a number is one that the server's type numeric has, and so jsonb:
 * with up to 131,072 digits before the point and 16,383 behind it.
 */
bool
json_number_fits(const char *text, size_t len)
{
	const char *end = text + len;
	const char *p = text;
	int64		whole = 0;		/* digits before the point */
	int64		fraction = 0;	/* and behind it */
	int64		leading = -1;	/* zeros before the first other digit */
	int64		exponent = 0;
	bool		point = false;

	if (len < NUMERIC_DIGITS_BEHIND && memchr(text, 'e', len) == NULL &&
		memchr(text, 'E', len) == NULL)
		return true;

	if (p < end && *p == '-')
		p++;
	for (; p < end && *p != 'e' && *p != 'E'; p++)
	{
		if (*p == '.')
		{
			point = true;
			continue;
		}
		if (leading < 0 && *p != '0')
			leading = whole + fraction;
		if (point)
			fraction++;
		else
			whole++;
	}
	if (p < end)
	{
		bool		minus = *++p == '-';

		if (minus || *p == '+')
			p++;
		for (; p < end; p++)
			exponent = Min(exponent * 10 + (*p - '0'), PG_INT32_MAX);
		/* PostgreSQL 15 reads no larger exponent, not even of a zero */
		if (exponent >= PG_INT32_MAX / 2)
			return false;
		if (minus)
			exponent = -exponent;
	}
	return fraction - exponent <= NUMERIC_DIGITS_BEHIND &&
		(leading < 0 || whole - leading + exponent <= NUMERIC_DIGITS_BEFORE);
}

/* Undo the escapes of a string's source.  Returns the length. */
size_t
json_unescape(const JsonSpan *source, char *buffer)
{
	const char *p = source->start + 1;
	const char *end = source->start + source->len - 1;
	char	   *out = buffer;

	while (p < end)
	{
		int			code;

		if (*p != '\\')
		{
			*out++ = *p++;
			continue;
		}
		p++;
		switch (*p++)
		{
			case 'b':
				*out++ = '\b';
				break;
			case 'f':
				*out++ = '\f';
				break;
			case 'n':
				*out++ = '\n';
				break;
			case 'r':
				*out++ = '\r';
				break;
			case 't':
				*out++ = '\t';
				break;
			case 'u':
				code = parse_hex4(p, end);
				p += 4;
				if (is_high_surrogate(code))
				{
					code = surrogate_pair_to_codepoint(code,
													   parse_hex4(p + 2, end));
					p += 6;
				}
				unicode_to_utf8(code, (unsigned char *) out);
				out += pg_utf_mblen((unsigned char *) out);
				break;
			default:
				*out++ = p[-1];
				break;
		}
	}
	return out - buffer;
}

/*
 * Begin to step through the members or items of an object or array.  Returns
 * its opening bracket, or '\0' if the text is a scalar.
 */
char
json_scan_begin(JsonScan *scan, const char *text, size_t len)
{
	scan->end = text + len;
	scan->next = json_skip_blanks(text, scan->end);
	if (scan->next < scan->end && (*scan->next == '{' || *scan->next == '['))
		return *scan->next++;
	return '\0';
}

/*
 * The next member or item.
 */
bool
json_scan_next(JsonScan *scan, bool object, JsonChild *child)
{
	const char *end = scan->end;
	const char *p = json_skip_blanks(scan->next, end);

	if (p < end && *p == ',')
		p = json_skip_blanks(p + 1, end);
	if (p >= end || *p == '}' || *p == ']')
		return false;
	if (object)
	{
		child->key.start = p;
		p = json_skip_string(p, end);
		child->key.len = p - child->key.start;
		p = json_skip_blanks(p, end);
		if (p < end)
			p++;				/* the colon */
		p = json_skip_blanks(p, end);
	}
	child->value.start = p;
	p = json_skip_value(p, end);
	child->value.len = p - child->value.start;
	scan->next = p;
	return true;
}

/*
 * Whether a member's key, as the source has it, is this name.
 */
bool
json_key_is(const JsonSpan *key, const char *name)
{
	size_t		len = strlen(name);
	char	   *buffer;
	bool		result;

	if (memchr(key->start, '\\', key->len) == NULL)
		return key->len == len + 2 && memcmp(key->start + 1, name, len) == 0;

	buffer = palloc(key->len);
	result = json_unescape(key, buffer) == len && memcmp(buffer, name, len) == 0;
	pfree(buffer);
	return result;
}
