/*-------------------------------------------------------------------------
 *
 * uri_text.c
 *		URIs: mail addresses, pages, and texts in queries.
 *
 * What a URI cannot have is percent-encoded, as UTF-8 whatever the server's
 * encoding is (RFC 3986 section 2.5).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "icalendar/uri_text.h"

/* RFC 5321 section 4.5.3.1. */
#define MAIL_ADDRESS_MAX	254
#define LOCAL_PART_MAX		64

static inline bool
is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9');
}

/* What a URI has as it is anywhere: "unreserved" of RFC 3986. */
static inline bool
is_unreserved(char c)
{
	return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/* Append a text; "keep" are the other characters that stay as they are. */
static void
append_encoded(StringInfo out, const char *text, size_t len, const char *keep)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *utf8 = text;
	bool		ascii = true;

	for (size_t i = 0; i < len && ascii; i++)
		ascii = !IS_HIGHBIT_SET(text[i]);
	if (!ascii && GetDatabaseEncoding() != PG_UTF8)
	{
		utf8 = pg_server_to_any(text, (int) len, PG_UTF8);
		if (utf8 != text)
			len = strlen(utf8);
	}
	for (size_t i = 0; i < len; i++)
	{
		char		c = utf8[i];

		if (is_unreserved(c) || (c != '\0' && strchr(keep, c) != NULL))
			appendStringInfoCharMacro(out, c);
		else
		{
			appendStringInfoCharMacro(out, '%');
			appendStringInfoCharMacro(out, digits[(unsigned char) c >> 4]);
			appendStringInfoCharMacro(out, digits[c & 0x0F]);
		}
	}
	if (utf8 != text)
		pfree(unconstify(char *, utf8));
}

/* Dots between parts that are not empty. */
static bool
has_good_dots(const char *text, size_t len)
{
	if (len == 0 || text[0] == '.' || text[len - 1] == '.')
		return false;
	for (size_t i = 1; i < len; i++)
	{
		if (text[i] == '.' && text[i - 1] == '.')
			return false;
	}
	return true;
}

/*
 * Whether a text is a mail address that can be written to: RFC 5321, and
 * RFC 6531 for other scripts; without quoted names and literal hosts, which
 * nobody has.
 */
bool
mail_address_is_valid(const char *address, size_t len)
{
	const char *at = memchr(address, '@', len);
	size_t		local;

	if (at == NULL || len > MAIL_ADDRESS_MAX)
		return false;
	local = at - address;
	if (local > LOCAL_PART_MAX || !has_good_dots(address, local) ||
		!has_good_dots(at + 1, len - local - 1))
		return false;
	for (size_t i = 0; i < len; i++)
	{
		char		c = address[i];

		if (i == local || IS_HIGHBIT_SET(c) || is_alphanumeric(c) ||
			c == '.' || c == '-')
			continue;
		if (i > local || c == '\0' || strchr("!#$%&'*+/=?^_`{|}~", c) == NULL)
			return false;
	}
	return true;
}

/*
 * Append a mail address as a URI: RFC 6068 section 2.
 */
void
mail_address_append(StringInfo out, const char *address, size_t len)
{
	appendStringInfoString(out, "mailto:");
	append_encoded(out, address, len, "@!$'*+");
}

/*
 * Whether a text is a URI, which begins with a scheme.
 */
bool
uri_is_valid(const char *uri, size_t len)
{
	size_t		i = 0;

	while (i < len && (is_alphanumeric(uri[i]) || uri[i] == '+' ||
					   uri[i] == '-' || uri[i] == '.'))
		i++;
	return i > 1 && i + 1 < len && uri[i] == ':' &&
		!(uri[0] >= '0' && uri[0] <= '9') &&
		uri[0] != '+' && uri[0] != '-' && uri[0] != '.';
}

/*
 * Append a URI, with what it must not have percent-encoded; what is encoded
 * already stays so.
 */
void
uri_append(StringInfo out, const char *uri, size_t len)
{
	append_encoded(out, uri, len, "%:/?#[]@!$&'()*+,;=");
}

/*
 * Append a text as part of a query.
 */
void
uri_append_component(StringInfo out, const char *text, size_t len)
{
	append_encoded(out, text, len, "");
}
