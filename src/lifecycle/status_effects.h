/*-------------------------------------------------------------------------
 *
 * status_effects.h
 *		What a status means, and what follows from a change of it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_STATUS_EFFECTS_H
#define APPOINTMENT_STATUS_EFFECTS_H

#include "base/status.h"
#include "record/fields.h"

/* What a change of status does to a field besides. */
typedef enum EffectKind
{
	EFFECT_AT,					/* the instant of the change */
	EFFECT_CLEAR,				/* null, if it was there */
	EFFECT_NO_SHOW,				/* the attendees did not come */
	EFFECT_SHOW,				/* that was a mistake */
} EffectKind;

typedef struct FieldEffect
{
	FieldNumber field;
	EffectKind	kind;
} FieldEffect;

#define EFFECTS_MAX		8

extern int	status_effects(Word from, Word to, FieldEffect *effects);
extern bool status_takes_reason(Word status);
extern bool status_cancels(Word status);
extern const char *status_event(Word from, Word to);

#endif							/* APPOINTMENT_STATUS_EFFECTS_H */
