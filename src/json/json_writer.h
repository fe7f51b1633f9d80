/*-------------------------------------------------------------------------
 *
 * json_writer.h
 *		Append-only JSON text on a StringInfo.
 *
 * The writer puts down the pieces in the order in which they are given; it
 * remembers only whether a comma is due.  Text is in the server's encoding.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_JSON_WRITER_H
#define APPOINTMENT_JSON_WRITER_H

#include "lib/stringinfo.h"

typedef struct JsonWriter
{
	StringInfoData out;
	bool		comma;			/* a value stands before this place */
} JsonWriter;

extern void json_write_string(JsonWriter *writer, const char *text, size_t len);

/*
 * Make room, and return where the next byte goes; the buffer seldom has to
 * grow.
 */
static inline char *
json_reserve(JsonWriter *writer, size_t len)
{
	StringInfo	out = &writer->out;

	if (unlikely((size_t) (out->maxlen - out->len) <= len))
		enlargeStringInfo(out, (int) len);
	return out->data + out->len;
}

/* Append bytes. */
static inline void
json_write_bytes(JsonWriter *writer, const char *bytes, size_t len)
{
	memcpy(json_reserve(writer, len), bytes, len);
	writer->out.len += (int) len;
}

static inline void
json_write_char(JsonWriter *writer, char c)
{
	json_write_bytes(writer, &c, 1);
}

/* Begin an item of an array: the comma that may be due. */
static inline void
json_begin_item(JsonWriter *writer)
{
	if (writer->comma)
		json_write_char(writer, ',');
	writer->comma = true;
}

/*
 * Begin a member.  The key is its name as JSON text with the colon, in an array
 * of a fixed size, so that copying it takes a few moves and no call.
 */
#define JSON_KEY_SIZE	48

/* The comma that may be due and the key; returns where they end. */
static inline char *
json_put_key(char *to, bool comma, const char *key, size_t len)
{
	*to = ',';
	to += comma;
	memcpy(to, key, JSON_KEY_SIZE);
	return to + len;
}

static inline void
json_begin_member(JsonWriter *writer, const char *key, size_t len)
{
	char	   *to = json_reserve(writer, JSON_KEY_SIZE + 1);

	to = json_put_key(to, writer->comma, key, len);
	writer->out.len = (int) (to - writer->out.data);
	writer->comma = true;
}

static inline void
json_open(JsonWriter *writer, char bracket)
{
	json_write_char(writer, bracket);
	writer->comma = false;
}

static inline void
json_close(JsonWriter *writer, char bracket)
{
	json_write_char(writer, bracket);
	writer->comma = true;
}

/*
 * A string that needs no escape; returns where it ends.  Most are identifiers of
 * 16 to 32 bytes, which two overlapping moves copy without a call.
 */
static inline char *
json_put_plain(char *to, const char *text, size_t len)
{
	*to++ = '"';
	if (len >= 16 && len <= 32)
	{
		memcpy(to, text, 16);
		memcpy(to + len - 16, text + len - 16, 16);
	}
	else
		memcpy(to, text, len);
	to[len] = '"';
	return to + len + 1;
}

/* A string that is known to need no escape. */
static inline void
json_write_plain(JsonWriter *writer, const char *text, size_t len)
{
	char	   *to = json_reserve(writer, len + 2);

	to = json_put_plain(to, text, len);
	writer->out.len = (int) (to - writer->out.data);
}

/* A member whose value is such a string, as those of most members are. */
static inline void
json_write_plain_member(JsonWriter *writer, const char *key, size_t key_len,
						const char *text, size_t len)
{
	char	   *to = json_reserve(writer, JSON_KEY_SIZE + 1 + len + 2);

	to = json_put_key(to, writer->comma, key, key_len);
	to = json_put_plain(to, text, len);
	writer->out.len = (int) (to - writer->out.data);
	writer->comma = true;
}

extern bool json_text_is_plain(const char *text, size_t len);
extern void json_writer_begin(JsonWriter *writer, int expected_size);
extern void json_writer_begin_text(JsonWriter *writer, int expected_size);
extern struct varlena *json_writer_text(JsonWriter *writer);
extern char *json_writer_cstring(JsonWriter *writer);
extern void json_write_integer(JsonWriter *writer, int64 value);
extern void json_write_key(JsonWriter *writer, const char *name, size_t len);
extern void json_write_uri_component(JsonWriter *writer, const char *text,
									 size_t len);

#define json_write_literal(writer, literal) \
	json_write_bytes(writer, literal, sizeof(literal) - 1)

#endif							/* APPOINTMENT_JSON_WRITER_H */
