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

#endif							/* APPOINTMENT_SHAPES_H */
