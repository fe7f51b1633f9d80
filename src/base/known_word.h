/*-------------------------------------------------------------------------
 *
 * known_word.h
 *		Whether a text, which has no terminator, is a word that we know.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_KNOWN_WORD_H
#define APPOINTMENT_KNOWN_WORD_H

static inline bool
word_is(const char *word, const char *text, size_t len)
{
	return strlen(word) == len && memcmp(word, text, len) == 0;
}

static inline bool
word_is_ignoring_case(const char *word, const char *text, size_t len)
{
	return strlen(word) == len && pg_strncasecmp(word, text, len) == 0;
}

/* Whether it is one of some words, with NULL at their end. */
static inline bool
word_is_among(const char *const *words, const char *text, size_t len)
{
	for (; *words != NULL; words++)
	{
		if (word_is(*words, text, len))
			return true;
	}
	return false;
}

#endif							/* APPOINTMENT_KNOWN_WORD_H */
