/*-------------------------------------------------------------------------
 *
 * word.h
 *		A word that lies in a text, without a terminator.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_WORD_H
#define APPOINTMENT_WORD_H

#include "base/name.h"

/* A word that lies somewhere, not terminated; data is NULL for none. */
typedef struct Word
{
	const char *data;
	uint32		len;
} Word;

#define WORD_NONE	((Word) {NULL, 0})

static inline bool
word_equal(Word a, Word b)
{
	return a.data == NULL || b.data == NULL ? a.data == b.data :
		a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* By the bytes; neither is none. */
static inline int
word_compare(Word a, Word b)
{
	int			order = memcmp(a.data, b.data, Min(a.len, b.len));

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* What a message may show of a word, which is somebody's argument or column. */
static inline Word
word_shown(Word word)
{
	return word.data == NULL || words_are_plausible(word.data, word.len) ?
		word : (Word)
	{
		"...", 3
	};
}

static inline Word
word_of(const char *text)
{
	Word		word = {text, text == NULL ? 0 : strlen(text)};

	return word;
}

/* Whether a text is a word that we know. */
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

#endif							/* APPOINTMENT_WORD_H */
