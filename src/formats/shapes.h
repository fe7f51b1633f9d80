/*-------------------------------------------------------------------------
 *
 * shapes.h
 *		Shapes of identifiers that the services document.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_SHAPES_H
#define APPOINTMENT_SHAPES_H

static inline bool
shape_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
shape_is_alphanumeric(char c)
{
	return shape_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A character of Crockford's base 32, which has no I, L, O and U. */
static inline bool
shape_is_base32(char c)
{
	return shape_is_digit(c) ||
		(c >= 'A' && c <= 'Z' && c != 'I' && c != 'L' && c != 'O' && c != 'U');
}

static inline bool
shape_is_hexadecimal(char c)
{
	return shape_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* \w of the services' patterns, which is ASCII. */
static inline bool
shape_is_word(char c)
{
	return shape_is_alphanumeric(c) || c == '_';
}

/* A prefix, and then so many characters of a kind. */
static inline bool
shape_is_prefixed(const char *text, size_t len, const char *prefix,
				  size_t count, bool (*is_kind) (char c))
{
	size_t		prefix_len = strlen(prefix);

	if (len != prefix_len + count || memcmp(text, prefix, prefix_len) != 0)
		return false;
	for (size_t i = prefix_len; i < len; i++)
	{
		if (!is_kind(text[i]))
			return false;
	}
	return true;
}

#endif							/* APPOINTMENT_SHAPES_H */
