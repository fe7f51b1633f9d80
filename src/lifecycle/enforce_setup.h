/*-------------------------------------------------------------------------
 *
 * enforce_setup.h
 *		What the trigger of a life cycle enforces, by its arguments.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ENFORCE_SETUP_H
#define APPOINTMENT_ENFORCE_SETUP_H

#include "lifecycle/lifecycle.h"
#include "lifecycle/status_column.h"
#include "member/format.h"
#include "server/trigger_args.h"

/* A field that a column of the table stands for. */
typedef struct FieldColumn
{
	FieldNumber field;
	AttrNumber	column;
} FieldColumn;

/* The arguments of one trigger, kept in fn_extra. */
typedef struct Enforcer
{
	Oid			trigger;
	AttrNumber	column;
	StatusColumn kind;
	Word		lifecycle;
	const Format *format;		/* whose words the column holds; or NULL */
	bool		record_only;	/* an illegal step passes, and is recorded */
	AttrNumber	actor;			/* or 0 */
	Oid			actor_input;
	Oid			actor_param;
	int32		actor_typmod;
	AttrNumber	history;		/* or 0 */
	AttrNumber	zone;			/* of the time zone, or 0 */
	bool		domains;		/* a column that may be changed is of one */
	bool		notices;		/* a value's own are enforced */
	const char *exempt;			/* role that need not keep notices; or NULL */
	struct MovingStatus *moving;	/* of the statement, in a partition; or
									 * NULL */
	int			field_count;
	FieldColumn fields[RECORD_FIELDS_MAX];
} Enforcer;

extern const TriggerFunction enforce_function;

extern Enforcer *enforce_set_up(Relation relation, const Trigger *trigger);
extern AttrNumber enforcer_field_column(const Enforcer *enforcer,
										FieldNumber field);
extern AttrNumber enforcer_required_column(const Enforcer *enforcer,
										   Relation relation,
										   const char *trigger,
										   const Lifecycle *lifecycle,
										   const char *name);

#endif							/* APPOINTMENT_ENFORCE_SETUP_H */
