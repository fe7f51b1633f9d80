/*-------------------------------------------------------------------------
 *
 * change_log.c
 *		Who changed what when: the trigger that writes a log.
 *
 *	appointment_log_changes('log', 'key column' [, 'option=value'...])
 *
 * A row trigger AFTER INSERT OR UPDATE OR DELETE.  Its options: status, a
 * column of type appointment or with a status; starts_at, ends_at, confirmed
 * and actor, columns; format, of the words in the status column; values, the
 * columns whose values are logged besides those that are known to be
 * impersonal, or * for all, personal fields included.
 *
 * Who may write bookings need not be able to write the log, and so cannot
 * forge it: the owner of the table that changes must be.  What the log's own
 * triggers do is done as the log's owner, as a subscriber applies changes, and
 * with a safe search_path: else whoever may make a trigger could have a log of
 * his own run what he likes as the table's owner, and whoever may write could
 * lead the log's triggers to functions of his own.
 *
 *	change_log.c			the trigger
 *	change_log_table.c		the log's table: made, found and checked
 *	change_log_setup.c		what is logged, by the trigger's arguments
 *	change_log_row.c		a row before and after its change
 *	change_log_changes.c	what changed, as JSON
 *	change_log_event.c		what the change is called
 *	change_log_actor.c		who made it
 *	change_log_write.c		the rows of the log
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_trigger.h"
#include "utils/rel.h"

#include "compat.h"
#include "lifecycle/change_log.h"
#include "lifecycle/change_log_actor.h"
#include "lifecycle/change_log_changes.h"
#include "lifecycle/change_log_event.h"
#include "lifecycle/change_log_write.h"
#include "server/partition.h"
#include "server/statement.h"

static const Logger *
begin_logger(FunctionCallInfo fcinfo, const TriggerData *data)
{
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	MemoryContext old_context = MemoryContextSwitchTo(context);
	Logger	   *logger = change_log_set_up(data->tg_relation, data->tg_trigger,
										   RowExclusiveLock);

	logger->context = context;
	if (data->tg_relation->rd_rel->relispartition)
		logger->moved = statement_keep(context, &change_log_function,
									   partition_root(RelationGetRelid(data->tg_relation)),
									   data->tg_trigger->tgname,
									   sizeof(MovedRow));
	fcinfo->flinfo->fn_extra = logger;
	MemoryContextSwitchTo(old_context);
	return logger;
}

/* ---------------------------------------------------------------------
 * the trigger
 * ---------------------------------------------------------------------
 */

APPOINTMENT_FUNCTION(appointment_log_changes);
Datum
appointment_log_changes(PG_FUNCTION_ARGS)
{
	const TriggerData *data = (TriggerData *) fcinfo->context;
	const Logger *logger;
	Change		change;
	LogRow		row;

	if (!CALLED_AS_TRIGGER(fcinfo))
		trigger_refuse_call(&change_log_function);
	if (!TRIGGER_FIRED_AFTER(data->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(data->tg_event))
		trigger_refuse_timing(&change_log_function);

	logger = fcinfo->flinfo->fn_extra;
	if (logger == NULL || logger->trigger != data->tg_trigger->tgoid)
		logger = begin_logger(fcinfo, data);
	change.logger = logger;
	change.data = data;
	change.desc = RelationGetDescr(data->tg_relation);
	change.old = data->tg_trigtuple;
	change.new = NULL;
	row.operation = "DELETE";
	if (TRIGGER_FIRED_BY_INSERT(data->tg_event))
	{
		change.old = NULL;
		change.new = data->tg_trigtuple;
		row.operation = "INSERT";
	}
	else if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
	{
		change.new = data->tg_newtuple;
		row.operation = "UPDATE";
	}
	change_open_value(&change, change.old, &change.old_value);
	change_open_value(&change, change.new, &change.new_value);

	change.careful = false;
	row.changes = change_log_changes(&change);
	if (row.changes == NULL && TRIGGER_FIRED_BY_UPDATE(data->tg_event))
		return PointerGetDatum(NULL);
	row.event = change_log_event(&change);
	row.key = change_column_text(&change, logger->key);
	row.actor = change_log_actor(&change, row.key);
	change_log_remember_row(&change, row.key);
	change_log_write(logger, &row);
	return PointerGetDatum(NULL);
}

/* ---------------------------------------------------------------------
 * whether it will work
 * ---------------------------------------------------------------------
 */

/*
 * Raise what the trigger would raise when it fires, whatever the row.  The log
 * is not locked as for writing, so that this can be asked of a standby, too.
 */
void
appointment_log_changes_check(Relation relation, const Trigger *trigger)
{
	const Logger *logger;

	if (!TRIGGER_FOR_AFTER(trigger->tgtype) || !TRIGGER_FOR_ROW(trigger->tgtype))
		trigger_refuse_timing(&change_log_function);
	logger = change_log_set_up(relation, trigger, AccessShareLock);
	change_log_check_writable(logger->log, logger->log_owner,
							  logger->parameter_count);
}
