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

/*
 * A character of Crockford's base 32, which has no I, L, O and U.  Identifiers
 * are full of these at random, which no processor foresees, so this is a set, in
 * which bit n stands for '0' + n, instead of comparisons.
 */
#define BASE32_BIT(c)	(UINT64CONST(1) << ((c) - '0'))
#define BASE32_DIGITS	(BASE32_BIT('9' + 1) - BASE32_BIT('0'))
#define BASE32_LETTERS	(BASE32_BIT('Z' + 1) - BASE32_BIT('A'))
#define BASE32_MISSING \
	(BASE32_BIT('I') | BASE32_BIT('L') | BASE32_BIT('O') | BASE32_BIT('U'))

static inline bool
shape_is_base32(char c)
{
	unsigned int n = (unsigned char) c - (unsigned int) '0';

	return n < 64 &&
		((((BASE32_DIGITS | BASE32_LETTERS) & ~BASE32_MISSING) >> n) & 1) != 0;
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
