/*-------------------------------------------------------------------------
 *
 * word.h
 *		A word of a text, and which words are one status.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_WORD_H
#define APPOINTMENT_WORD_H

#include "base/name.h"
#include "base/status.h"

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

/* Whether two words are one status, however they are spelled. */
static inline bool
word_same_status(Word a, Word b)
{
	return word_equal(a, b) ||
		(a.data != NULL && b.data != NULL &&
		 status_same(a.data, a.len, b.data, b.len));
}

static inline Word
word_of(const char *text)
{
	Word		word = {text, text == NULL ? 0 : strlen(text)};

	return word;
}

#endif							/* APPOINTMENT_WORD_H */
