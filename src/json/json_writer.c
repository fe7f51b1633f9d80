/*-------------------------------------------------------------------------
 *
 * json_writer.c
 *		Append-only JSON text on a StringInfo.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "compat.h"
#include "json/json_writer.h"

/*
 * Begin a text, in the current memory context.  The expected size need only
 * be a good guess.
 */
void
json_writer_begin(JsonWriter *writer, int expected_size)
{
	writer->out.data = palloc(expected_size);
	writer->out.maxlen = expected_size;
	writer->out.len = 0;
	writer->out.cursor = 0;
	writer->comma = false;
}

/*
 * Begin a text that will be a varlena: its header is in place from the start,
 * so that the result need not be copied.
 */
void
json_writer_begin_text(JsonWriter *writer, int expected_size)
{
	json_writer_begin(writer, expected_size + VARHDRSZ);
	writer->out.len = VARHDRSZ;
}

/* The finished varlena. */
struct varlena *
json_writer_text(JsonWriter *writer)
{
	SET_VARSIZE(writer->out.data, writer->out.len);
	return (struct varlena *) writer->out.data;
}

/* The finished C string. */
char *
json_writer_cstring(JsonWriter *writer)
{
	enlargeStringInfo(&writer->out, 1);
	writer->out.data[writer->out.len] = '\0';
	return writer->out.data;
}

/*
 * Whether JSON takes the text as it is: no control character, quote or
 * backslash.  Every server encoding is a superset of ASCII, so bytes will do.
 */
bool
json_text_is_plain(const char *text, size_t len)
{
	const uint64 ones = UINT64CONST(0x0101010101010101);
	const uint64 highs = UINT64CONST(0x8080808080808080);

	for (; len >= sizeof(uint64); text += sizeof(uint64), len -= sizeof(uint64))
	{
		uint64		word;
		uint64		quote;
		uint64		backslash;

		memcpy(&word, text, sizeof(word));
		quote = word ^ (ones * '"');
		backslash = word ^ (ones * '\\');
		if ((((word - ones * 0x20) & ~word) |
			 ((quote - ones) & ~quote) |
			 ((backslash - ones) & ~backslash)) & highs)
			return false;
	}
	for (; len > 0; text++, len--)
	{
		if ((unsigned char) *text < 0x20 || *text == '"' || *text == '\\')
			return false;
	}
	return true;
}

/*
 * Write a string.  Runs that need no escape are copied whole.
 */
void
json_write_string(JsonWriter *writer, const char *text, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	const char *end = text + len;
	const char *run = text;

	if (json_text_is_plain(text, len))
	{
		json_write_plain(writer, text, len);
		return;
	}

	json_write_char(writer, '"');
	for (const char *p = text; p < end; p++)
	{
		unsigned char c = (unsigned char) *p;
		char		escape[6] = {'\\'};
		int			escape_len = 2;

		if (likely(c >= 0x20 && c != '"' && c != '\\'))
			continue;
		switch (c)
		{
			case '"':
			case '\\':
				escape[1] = (char) c;
				break;
			case '\b':
				escape[1] = 'b';
				break;
			case '\f':
				escape[1] = 'f';
				break;
			case '\n':
				escape[1] = 'n';
				break;
			case '\r':
				escape[1] = 'r';
				break;
			case '\t':
				escape[1] = 't';
				break;
			default:
				escape[1] = 'u';
				escape[2] = escape[3] = '0';
				escape[4] = hex[c >> 4];
				escape[5] = hex[c & 0xF];
				escape_len = 6;
				break;
		}
		json_write_bytes(writer, run, p - run);
		json_write_bytes(writer, escape, escape_len);
		run = p + 1;
	}
	json_write_bytes(writer, run, end - run);
	json_write_char(writer, '"');
}

void
json_write_integer(JsonWriter *writer, int64 value)
{
	char		digits[MAXINT8LEN + 1];
	int			len = pg_lltoa(value, digits);

	json_write_bytes(writer, digits, len);
}

/* Begin a member whose name is not a constant. */
void
json_write_key(JsonWriter *writer, const char *name, size_t len)
{
	json_begin_item(writer);
	json_write_string(writer, name, len);
	json_write_char(writer, ':');
}

/*
 * Part of a URI inside a JSON string: RFC 3986's unreserved characters as they
 * are, all others as %xx of their bytes in UTF-8, whatever the database has.
 */
void
json_write_uri_component(JsonWriter *writer, const char *text, size_t len)
{
	static const char hex[] = "0123456789ABCDEF";
	char	   *utf8 = pg_server_to_any(text, (int) len, PG_UTF8);

	if (utf8 != text)
	{
		text = utf8;
		len = strlen(utf8);
	}
	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			(c >= 'a' && c <= 'z') || (c != '\0' && strchr("-._~", c) != NULL))
			json_write_char(writer, (char) c);
		else
		{
			char		escape[3] = {'%', hex[c >> 4], hex[c & 0xF]};

			json_write_bytes(writer, escape, sizeof(escape));
		}
	}
}
