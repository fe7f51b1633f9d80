/*-------------------------------------------------------------------------
 *
 * near_name.c
 *		Which of some names is meant by one that is none of them.
 *
 * startsAt, starts-at and start_at are all starts_at: case and what divides
 * the words do not count, and beyond that two letters may be wrong, but no
 * more than one in three.  What was written is never repeated: it may be
 * anything.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/varlena.h"

#include "base/near_name.h"

#define DISTANCE_MAX	2

/* Copy the letters and digits, in lower case.  Returns how many, or -1. */
static int
copy_letters(char *target, const char *name, size_t len)
{
	int			count = 0;

	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) name[i];

		if (c == '_' || c == '-' || c == ' ')
			continue;
		/* of other letters there are none in the names */
		if (c < '0' || c >= 0x7F || count == NEAR_NAME_MAX)
			return -1;
		target[count++] = (char) pg_ascii_tolower(c);
	}
	return count;
}

/*
 * Begin to look for what is meant.
 */
void
near_name_begin(NearName *near, const char *written, size_t len)
{
	near->name = NULL;
	near->len = copy_letters(near->written, written, len);
	near->distance = Min(DISTANCE_MAX, near->len / 3) + 1;
}

/*
 * Is it this name?  Of several that are as near the first is taken.
 */
void
near_name_try(NearName *near, const char *name)
{
	char		letters[NEAR_NAME_MAX];
	int			len;
	int			distance;

	if (near->len <= 0 || near->distance == 0)
		return;
	len = copy_letters(letters, name, strlen(name));
	if (len <= 0)
		return;
	distance = varstr_levenshtein_less_equal(near->written, near->len,
											 letters, len, 1, 1, 1,
											 near->distance - 1, true);
	if (distance < near->distance)
	{
		near->name = name;
		near->distance = distance;
	}
}
