/*-------------------------------------------------------------------------
 *
 * lifecycle.h
 *		Life cycles: statuses, and the steps between them.
 *
 * A life cycle is a list of steps.  Nothing here reads a table, the clock or
 * a setting, nor asks who the user is: the steps come from lifecycle_cache.c, the rest from the caller.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_LIFECYCLE_H
#define APPOINTMENT_LIFECYCLE_H

#include "access/attnum.h"
#include "datatype/timestamp.h"
#include "pgtime.h"
#include "utils/relcache.h"

#include "base/status.h"
#include "member/format.h"

/* One row of appointment_lifecycle. */
typedef struct LifecycleStep
{
	Word		from;			/* none: a row's first status */
	Word		to;
	FieldNumber not_after;		/* an instant that the step must not be after */
	int			required_count;
	const char **required;		/* names of what must be there then */
	const Interval *notice;		/* that it must be so long before; or NULL */
	const char *exempt;			/* role that may take it later; or NULL */
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
											  TimestampTz deadline,
											  const LifecyclePlace *place);
extern TimestampTz lifecycle_deadline(const LifecycleStep *step,
									  TimestampTz limit, const pg_tz *zone);
extern char *lifecycle_next(const Lifecycle *lifecycle, Word from,
							const LifecyclePlace *place);
extern const FieldInfo *lifecycle_field(const Lifecycle *lifecycle,
										const char *name);
extern int	lifecycle_err_place(const LifecyclePlace *place);

#endif							/* APPOINTMENT_LIFECYCLE_H */
