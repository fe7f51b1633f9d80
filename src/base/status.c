/*-------------------------------------------------------------------------
 *
 * status.c
 *		The canonical statuses of an appointment.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/status.h"
#include "base/word.h"

static const char *const status_words[STATUS_COUNT] = {
	[STATUS_PENDING] = "pending",
	[STATUS_SCHEDULED] = "scheduled",
	[STATUS_ARRIVED] = "arrived",
	[STATUS_IN_PROGRESS] = "in_progress",
	[STATUS_COMPLETED] = "completed",
	[STATUS_NO_SHOW] = "no_show",
	[STATUS_CANCELLED] = "cancelled",
};

/* Other ways to spell a canonical word that are in use. */
static const struct
{
	const char *word;
	Status		status;
}			spellings[] =

{
	{"canceled", STATUS_CANCELLED},
	{"noshow", STATUS_NO_SHOW},
	{"no-show", STATUS_NO_SHOW},
};

/*
 * The statuses that hold no resource; the last three are FHIR's own.  Indexes
 * are built on this, so it can never change.
 */
static const char *const free_words[] = {
	"cancelled", "canceled", "no_show", "noshow", "no-show",
	"entered-in-error", "waitlist", "proposed",
};

/*
 * The canonical status of a word, in any spelling, or STATUS_NONE.
 */
Status
status_from_word(const char *word, size_t len)
{
	for (int status = STATUS_PENDING; status < STATUS_COUNT; status++)
	{
		if (word_is(status_words[status], word, len))
			return (Status) status;
	}
	for (int i = 0; i < (int) lengthof(spellings); i++)
	{
		if (word_is(spellings[i].word, word, len))
			return spellings[i].status;
	}
	return STATUS_NONE;
}

/*
 * The word of a canonical status, or NULL for STATUS_NONE.
 */
const char *
status_word(Status status)
{
	return status_words[status];
}

/*
 * Whether a word is a canonical status spelled another way.
 */
bool
status_is_respelled(const char *word, size_t len)
{
	Status		status = status_from_word(word, len);

	return status != STATUS_NONE && !word_is(status_words[status], word, len);
}

/*
 * Whether two words are one status, however they are spelled.
 */
bool
status_same(const char *a, size_t a_len, const char *b, size_t b_len)
{
	Status		status;

	if (a_len == b_len && memcmp(a, b, a_len) == 0)
		return true;
	status = status_from_word(a, a_len);
	return status != STATUS_NONE && status == status_from_word(b, b_len);
}

/*
 * The known word that a word, which is not known itself, is but for its case;
 * or NULL.
 */
const char *
status_ignoring_case(const char *word, size_t len)
{
	if (status_from_word(word, len) != STATUS_NONE)
		return NULL;
	for (int status = STATUS_PENDING; status < STATUS_COUNT; status++)
	{
		if (word_is_ignoring_case(status_words[status], word, len))
			return status_words[status];
	}
	for (int i = 0; i < (int) lengthof(spellings); i++)
	{
		if (word_is_ignoring_case(spellings[i].word, word, len))
			return spellings[i].word;
	}
	return NULL;
}

/*
 * Whether an appointment with this status holds its resources.  A word that
 * nobody knows does: that a slot is lost is seen sooner than that it is given
 * away twice.
 */
bool
status_holds(const char *word, size_t len)
{
	for (int i = 0; i < (int) lengthof(free_words); i++)
	{
		if (word_is(free_words[i], word, len))
			return false;
	}
	return true;
}
