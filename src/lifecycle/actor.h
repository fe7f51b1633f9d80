/*-------------------------------------------------------------------------
 *
 * actor.h
 *		Who changes something, as the session says.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ACTOR_H
#define APPOINTMENT_ACTOR_H

#include "base/word.h"

extern Word actor_of_session(void);

#endif							/* APPOINTMENT_ACTOR_H */
