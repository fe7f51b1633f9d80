/*-------------------------------------------------------------------------
 *
 * actor.c
 *		Who changes something, as the session says.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/settings.h"
#include "lifecycle/actor.h"

/*
 * Who changes something, by the setting; none if it is empty.  It is a copy:
 * what runs next may change the setting.
 */
Word
actor_of_session(void)
{
	if (appointment_actor == NULL || appointment_actor[0] == '\0')
		return WORD_NONE;
	return word_of(pstrdup(appointment_actor));
}
