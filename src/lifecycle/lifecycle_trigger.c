/*-------------------------------------------------------------------------
 *
 * lifecycle_trigger.c
 *		The trigger that makes a life cycle a rule of a table.
 *
 *	appointment_enforce_lifecycle('column', 'life cycle' [, 'option=value'...])
 *
 * A row trigger BEFORE INSERT OR UPDATE.  The column holds values of type
 * appointment, or only a status: a text or an enum.  A value has its history
 * and the fields for the effects in it; for a status, options name the
 * columns that take them, by the fields' names, and history=column.
 *
 * What the writer gave is kept, if it is allowed; what he did not is filled
 * in.  On an UPDATE a column or field counts as given if it changes.
 *
 *	lifecycle_trigger.c		the trigger, and rows that move to another partition
 *	enforce_setup.c			what is enforced, by its arguments
 *	enforce_row.c			a row's columns, and who changes them
 *	enforce_value.c			a column of type appointment
 *	enforce_status.c		a column that is only a status
 *	enforce_notice.c		until when a row can be cancelled or moved
 *	enforce_history.c		the history beside that
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_trigger.h"
#include "common/hashfn.h"
#include "utils/acl.h"
#include "utils/datum.h"
#include "utils/rel.h"

#include "compat.h"
#include "lifecycle/enforce_notice.h"
#include "lifecycle/enforce_status.h"
#include "lifecycle/enforce_value.h"
#include "lifecycle/lifecycle_cache.h"
#include "lifecycle/lifecycle_trigger.h"
#include "server/partition.h"
#include "server/statement.h"

/* The row that an UPDATE's trigger has let through last. */
typedef struct MovingStatus
{
	MovingRow	row;
	uint64		hash;			/* of its status */
} MovingStatus;

static const Enforcer *
begin_enforcer(FunctionCallInfo fcinfo, const TriggerData *data)
{
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	MemoryContext old_context = MemoryContextSwitchTo(context);
	Enforcer   *enforcer = enforce_set_up(data->tg_relation, data->tg_trigger);

	/* of each column with a life cycle there is one */
	if (data->tg_relation->rd_rel->relispartition)
		enforcer->moving = statement_keep(context, &enforce_function,
										  partition_root(RelationGetRelid(data->tg_relation)),
										  data->tg_trigger->tgargs[0],
										  sizeof(MovingStatus));
	fcinfo->flinfo->fn_extra = enforcer;
	MemoryContextSwitchTo(old_context);
	return enforcer;
}

/* ---------------------------------------------------------------------
 * rows that move to another partition
 *
 * An UPDATE that moves a row is an INSERT for the partition that takes it,
 * where its status need not be a first one.  The UPDATE trigger has seen the
 * row just before, and remembers for the statement what it let through and
 * where it was.  That the row has left is marked there; without that mark it is
 * not this row.
 * ---------------------------------------------------------------------
 */

static uint64
hash_status(const Firing *firing, HeapTuple tuple)
{
	Form_pg_attribute attribute = TupleDescAttr(firing->desc,
												firing->enforcer->column - 1);
	bool		isnull;
	Datum		datum = heap_getattr(tuple, firing->enforcer->column,
									 firing->desc, &isnull);
	struct varlena *value;

	if (isnull)
		return 0;
	if (attribute->attbyval)
		return hash_bytes_uint32_extended((uint32) datum, 1);
	value = PG_DETOAST_DATUM_PACKED(datum);
	return hash_bytes_extended((unsigned char *) VARDATA_ANY(value),
							   VARSIZE_ANY_EXHDR(value), 1);
}

static void
remember_row(const Firing *firing, HeapTuple tuple)
{
	MovingStatus *moving = firing->enforcer->moving;

	if (moving == NULL)
		return;
	moving_row_leaves(&moving->row, firing->data->tg_relation,
					  &firing->old->t_self);
	moving->hash = hash_status(firing, tuple);
}

static bool
is_moving(const Firing *firing)
{
	MovingStatus *moving = firing->enforcer->moving;

	return moving != NULL &&
		moving->hash == hash_status(firing, firing->new) &&
		moving_row_arrives(&moving->row);
}

/* ---------------------------------------------------------------------
 * the trigger
 * ---------------------------------------------------------------------
 */

/* Whether an UPDATE changes nothing that the trigger is about. */
static inline bool
is_untouched(const Firing *firing)
{
	const Enforcer *enforcer = firing->enforcer;
	AttrNumber	confirmed;

	if (firing_column_changes(firing, enforcer->column))
		return false;
	if (enforcer->kind == STATUS_IN_VALUE)
		return true;
	confirmed = enforcer_field_column(enforcer, FIELD_CONFIRMED);
	return (enforcer->history == 0 ||
			!firing_column_changes(firing, enforcer->history)) &&
		(confirmed == 0 || !firing_column_changes(firing, confirmed)) &&
		!enforce_notice_moves(firing);
}

APPOINTMENT_FUNCTION(appointment_enforce_lifecycle);
Datum
appointment_enforce_lifecycle(PG_FUNCTION_ARGS)
{
	const TriggerData *data = (TriggerData *) fcinfo->context;
	const Enforcer *enforcer;
	Firing		firing;
	HeapTuple	result;

	if (!CALLED_AS_TRIGGER(fcinfo))
		trigger_refuse_call(&enforce_function);
	if (!TRIGGER_FIRED_BEFORE(data->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(data->tg_event) ||
		!(TRIGGER_FIRED_BY_INSERT(data->tg_event) ||
		  TRIGGER_FIRED_BY_UPDATE(data->tg_event)))
		trigger_refuse_timing(&enforce_function);

	enforcer = fcinfo->flinfo->fn_extra;
	if (enforcer == NULL || enforcer->trigger != data->tg_trigger->tgoid)
		enforcer = begin_enforcer(fcinfo, data);

	firing.enforcer = enforcer;
	firing.data = data;
	firing.desc = RelationGetDescr(data->tg_relation);
	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
	{
		firing.old = data->tg_trigtuple;
		firing.new = data->tg_newtuple;
		if (is_untouched(&firing))
		{
			remember_row(&firing, firing.new);
			return PointerGetDatum(firing.new);
		}
	}
	else
	{
		firing.old = NULL;
		firing.new = data->tg_trigtuple;
		if (is_moving(&firing))
			return PointerGetDatum(firing.new);
	}
	firing.function = fcinfo->flinfo->fn_oid;
	firing.change_count = 0;
	firing.place.relation = data->tg_relation;
	firing.place.column = enforcer->column;
	firing.place.trigger = data->tg_trigger->tgname;
	firing.place.words = enforcer->format == NULL ? NULL :
		enforcer->format->statuses;

	result = enforcer->kind == STATUS_IN_VALUE ? enforce_value(&firing) :
		enforce_status(&firing);
	if (enforcer->domains)
		firing_check_domains(&firing);
	if (firing.old != NULL)
		remember_row(&firing, result);
	return PointerGetDatum(result);
}

/* ---------------------------------------------------------------------
 * whether it will work
 * ---------------------------------------------------------------------
 */

/* A role that may do something later than others, but does not exist. */
static void
check_role(const char *role, const char *detail)
{
	if (role == NULL || OidIsValid(get_role_oid(role, true)))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_WARNING),
			 errmsg("role \"%s\" does not exist", role),
			 errdetail_internal("%s", detail),
			 errhint("Nobody may do later what its members could.")));
}

/*
 * Raise what the trigger would raise when it fires, whatever the row, and what
 * it would raise at a step.
 */
void
appointment_enforce_lifecycle_check(Relation relation, const Trigger *trigger)
{
	const Enforcer *enforcer;
	const Lifecycle *lifecycle;

	if (!TRIGGER_FOR_BEFORE(trigger->tgtype) ||
		!TRIGGER_FOR_ROW(trigger->tgtype) ||
		TRIGGER_FOR_DELETE(trigger->tgtype))
		trigger_refuse_timing(&enforce_function);
	enforcer = enforce_set_up(relation, trigger);
	if (enforcer->record_only)
		return;
	lifecycle = lifecycle_by_name(trigger->tgfoid, enforcer->lifecycle);
	for (int i = 0; i < lifecycle->step_count; i++)
	{
		const LifecycleStep *step = &lifecycle->steps[i];

		for (int n = 0; n < step->required_count; n++)
		{
			if (strcmp(step->required[n], "changed_by") == 0)
				continue;
			if (enforcer->kind == STATUS_IN_VALUE)
				(void) lifecycle_field(lifecycle, step->required[n]);
			else
				(void) enforcer_required_column(enforcer, relation, trigger->tgname,
												lifecycle, step->required[n]);
		}
	}
	/* these are never asked for */
	for (int i = 0; i < lifecycle->step_count; i++)
	{
		FieldNumber field = lifecycle->steps[i].not_after;

		if (field != FIELD_NONE && enforcer->kind != STATUS_IN_VALUE &&
			enforcer_field_column(enforcer, field) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_WARNING),
					 errmsg("a rule of life cycle \"%s\" is not checked",
							lifecycle->name),
					 errdetail("It limits a status by \"%s\", and the arguments of the trigger name no column for that.",
							   field_by_number(field)->name),
					 errhint("Add the argument %s=column.",
							 field_by_number(field)->name)));
	}
	check_role(enforcer->exempt, "The arguments of the trigger name it.");
	for (int i = 0; i < lifecycle->step_count; i++)
		check_role(lifecycle->steps[i].exempt,
				   psprintf("Life cycle \"%s\" names it.", lifecycle->name));
	if (!TRIGGER_FOR_INSERT(trigger->tgtype) ||
		!TRIGGER_FOR_UPDATE(trigger->tgtype))
		ereport(ERROR,
				(errcode(ERRCODE_WARNING),
				 errmsg("the life cycle is checked only by %s",
						TRIGGER_FOR_INSERT(trigger->tgtype) ? "INSERT" : "UPDATE"),
				 errhint("Create the trigger BEFORE INSERT OR UPDATE.")));
}
