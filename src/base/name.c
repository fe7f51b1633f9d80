/*-------------------------------------------------------------------------
 *
 * name.c
 *		What a message may quote of an argument.
 *
 * Arguments get swapped, and where a name should stand is somebody's document
 * then.  Messages end in logs that others read, so they quote only what can be
 * a name.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/name.h"

/* No name of ours is longer. */
#define NAME_MAX_LEN	63

/*
 * Whether a text can be the name of a format, field, option, zone and so on.
 */
bool
name_is_plausible(const char *name, size_t len)
{
	if (len > NAME_MAX_LEN)
		return false;
	for (size_t i = 0; i < len; i++)
	{
		char		c = name[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+' ||
			  c == '.' || c == ',' || c == ':' || c == '/'))
			return false;
	}
	return true;
}

/*
 * Whether a text can be a word, or a few, in anybody's language: a status, or
 * the name of a life cycle.
 */
bool
words_are_plausible(const char *words, size_t len)
{
	if (len > NAME_MAX_LEN)
		return false;
	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) words[i];

		if (c < ' ' || c == 0x7F || strchr("\"\\{}[]<>@:;=", c) != NULL)
			return false;
	}
	return true;
}

/*
 * A name in double quotes, with a space before it, to read on from what it
 * names; something else if it can be no name.
 */
const char *
quoted_name(const char *name, size_t len, const char *otherwise)
{
	return name_is_plausible(name, len) ?
		psprintf(" \"%.*s\"", (int) len, name) : otherwise;
}
