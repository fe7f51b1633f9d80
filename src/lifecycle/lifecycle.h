/*-------------------------------------------------------------------------
 *
 * lifecycle.h
 *		Statuses, the transitions between them, and their effects.
 *
 * A life cycle is a list of steps.  Nothing here reads a table, the clock or
 * a setting: the steps come from lifecycle_cache.c, the rest from the caller.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_LIFECYCLE_H
#define APPOINTMENT_LIFECYCLE_H

#include "access/attnum.h"
#include "utils/relcache.h"

#include "base/word.h"
#include "member/format.h"

/* One row of appointment_lifecycle. */
typedef struct LifecycleStep
{
	Word		from;			/* none: a row's first status */
	Word		to;
	FieldNumber not_after;		/* an instant that the step must not be after */
	int			required_count;
	const char **required;		/* names of what must be there then */
} LifecycleStep;

typedef struct Lifecycle
{
	const char *name;
	int			step_count;
	LifecycleStep *steps;
} Lifecycle;

/* Where a trigger found a fault; for functions NULL stands in its place. */
typedef struct LifecyclePlace
{
	Relation	relation;
	AttrNumber	column;
	const char *trigger;
	const StatusVocabulary *words;	/* that the column holds; or NULL */
} LifecyclePlace;

/* A change of status. */
typedef struct StatusChange
{
	Word		from;
	Word		to;
	TimestampTz at;
	Word		actor;			/* none: nobody knows */
} StatusChange;

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

/* steps */
extern const LifecycleStep *lifecycle_find(const Lifecycle *lifecycle,
										   Word from, Word to);
extern bool lifecycle_knows(const Lifecycle *lifecycle, Word status);
extern const LifecycleStep *lifecycle_step(const Lifecycle *lifecycle,
										   Word from, Word to,
										   const LifecyclePlace *place);
pg_noreturn extern void lifecycle_refuse_missing(const Lifecycle *lifecycle,
												 const LifecycleStep *step,
												 const char *field,
												 const LifecyclePlace *place);
pg_noreturn extern void lifecycle_refuse_late(const Lifecycle *lifecycle,
											  const LifecycleStep *step,
											  const LifecyclePlace *place);
extern char *lifecycle_next(const Lifecycle *lifecycle, Word from,
							const LifecyclePlace *place);
extern int	lifecycle_err_place(const LifecyclePlace *place);

/* effects */
extern int	status_effects(Word from, Word to, FieldEffect *effects);
extern bool status_takes_reason(Word status);
extern const char *status_event(Word from, Word to);

/* over a record in the making */
extern Word builder_status(const RecordBuilder *builder);
extern bool builder_last_change(const RecordBuilder *builder,
								TimestampTz *instant);
extern void lifecycle_apply(RecordBuilder *builder, const StatusChange *change,
							const Record *before);
extern void lifecycle_change(RecordBuilder *builder, const StatusChange *change,
							 const Record *before);
extern const FieldInfo *lifecycle_field(const Lifecycle *lifecycle,
										const char *name);
extern void lifecycle_check(const Lifecycle *lifecycle,
							const LifecycleStep *step,
							const RecordBuilder *builder,
							const StatusChange *change,
							const LifecyclePlace *place);
extern void lifecycle_record(RecordBuilder *builder, TimestampTz at,
							 Word actor);
extern void lifecycle_confirm(RecordBuilder *builder, bool confirmed,
							  TimestampTz at);

#endif							/* APPOINTMENT_LIFECYCLE_H */
