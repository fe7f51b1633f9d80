/*-------------------------------------------------------------------------
 *
 * status.c
 *		The canonical statuses of an appointment.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "status.h"

static const char *const status_words[STATUS_COUNT] = {
	[STATUS_PENDING] = "pending",
	[STATUS_SCHEDULED] = "scheduled",
	[STATUS_ARRIVED] = "arrived",
	[STATUS_IN_PROGRESS] = "in_progress",
	[STATUS_COMPLETED] = "completed",
	[STATUS_NO_SHOW] = "no_show",
	[STATUS_CANCELLED] = "cancelled",
};

/*
 * The canonical status of a word, or STATUS_NONE.
 */
Status
status_from_word(const char *word, size_t len)
{
	for (int status = STATUS_PENDING; status < STATUS_COUNT; status++)
	{
		const char *canonical = status_words[status];

		if (strncmp(canonical, word, len) == 0 && canonical[len] == '\0')
			return (Status) status;
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
