/*-------------------------------------------------------------------------
 *
 * status_effects.c
 *		What a status means, and what follows from a change of it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lifecycle/status_effects.h"

/* What a status means: FHIR's words have a canonical meaning, too. */
static Status
status_meaning(Word word)
{
	static const struct
	{
		const char *word;
		Status		status;
	}			others[] = {
		{"proposed", STATUS_PENDING},
		{"waitlist", STATUS_PENDING},
		{"booked", STATUS_SCHEDULED},
		{"checked-in", STATUS_ARRIVED},
		{"fulfilled", STATUS_COMPLETED},
	};
	Status		status;

	if (word.data == NULL)
		return STATUS_NONE;
	status = status_from_word(word.data, word.len);
	for (int i = 0; status == STATUS_NONE && i < (int) lengthof(others); i++)
	{
		if (word_equal(word, word_of(others[i].word)))
			status = others[i].status;
	}
	return status;
}

/* Whether the slot is not taken any more. */
static inline bool
status_frees(Status status)
{
	return status == STATUS_CANCELLED || status == STATUS_NO_SHOW;
}

/* Whether it has begun. */
static inline bool
status_begun(Status status)
{
	return status == STATUS_IN_PROGRESS || status == STATUS_COMPLETED;
}

/*
 * Whether a reason and a note go with a status: unless it is known to occupy
 * the slot.
 */
bool
status_takes_reason(Word status)
{
	Status		meaning = status_meaning(status);

	return meaning == STATUS_NONE || status_frees(meaning);
}

/*
 * Whether a status is that of an appointment that was cancelled.
 */
bool
status_cancels(Word status)
{
	return status_meaning(status) == STATUS_CANCELLED;
}

/*
 * What a change of status is called in the change log.
 */
const char *
status_event(Word from, Word to)
{
	Status		old = status_meaning(from);
	Status		new = status_meaning(to);

	switch (new)
	{
		case STATUS_PENDING:
		case STATUS_SCHEDULED:
			return status_frees(old) ? "reinstated" :
				new == STATUS_PENDING ? "status_changed" : "scheduled";
		case STATUS_IN_PROGRESS:
			return "started";
		case STATUS_NONE:
			return "status_changed";
		default:
			return status_word(new);
	}
}

/*
 * What follows from a change of status.  Returns how many effects, at most
 * EFFECTS_MAX.  What a status has set is cleared when the status turns out to
 * be a mistake: the slot is taken again, or the appointment has not begun.
 */
int
status_effects(Word from, Word to, FieldEffect *effects)
{
	Status		old = status_meaning(from);
	Status		new = status_meaning(to);
	int			count = 0;

#define ADD_EFFECT(field_, kind_) \
	(effects[count++] = (FieldEffect) {FIELD_##field_, EFFECT_##kind_})

	ADD_EFFECT(UPDATED_AT, AT);
	if (new == STATUS_CANCELLED)
		ADD_EFFECT(CANCELLED_AT, AT);
	else if (status_frees(old) && !status_frees(new))
	{
		ADD_EFFECT(CANCELLED_AT, CLEAR);
		ADD_EFFECT(CANCELLATION_REASON_ID, CLEAR);
		ADD_EFFECT(CANCELLATION_NOTE, CLEAR);
	}

	if (new == STATUS_NO_SHOW)
		ADD_EFFECT(ATTENDEES, NO_SHOW);
	else if (old == STATUS_NO_SHOW)
		ADD_EFFECT(ATTENDEES, SHOW);

	if (new == STATUS_IN_PROGRESS)
	{
		if (old == STATUS_COMPLETED)
			ADD_EFFECT(ACTUAL_ENDS_AT, CLEAR);
		else
			ADD_EFFECT(ACTUAL_STARTS_AT, AT);
	}
	else if (new == STATUS_COMPLETED)
		ADD_EFFECT(ACTUAL_ENDS_AT, AT);
	else if (status_begun(old) && new != STATUS_NONE && !status_frees(new))
	{
		ADD_EFFECT(ACTUAL_STARTS_AT, CLEAR);
		ADD_EFFECT(ACTUAL_ENDS_AT, CLEAR);
	}
#undef ADD_EFFECT

	Assert(count <= EFFECTS_MAX);
	return count;
}
