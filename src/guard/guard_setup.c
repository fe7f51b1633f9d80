/*-------------------------------------------------------------------------
 *
 * guard_setup.c
 *		What a guard trigger guards: its options, and what its index may be.
 *
 * Tables are locked before their indexes, as everywhere in the server.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/sysattr.h"
#include "catalog/pg_trigger.h"
#include "executor/executor.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "compat.h"
#include "guard/guard_index.h"
#include "guard/guard_partitions.h"
#include "guard/guard_rights.h"
#include "guard/guard_setup.h"
#include "server/partition.h"
#include "server/statement.h"

/*----------------------------------------------------------
 * What it must not be
 *----------------------------------------------------------*/

/*
 * The columns that an index uses, numbered as by pull_varattnos().  As they are
 * described: to read the index's expressions anew would evaluate constant parts
 * of them again.
 */
static Bitmapset *
columns_of(OccupancyIndex *index)
{
	Bitmapset  *used = NULL;

	for (int i = 0; i < index->info->ii_NumIndexAttrs; i++)
		if (index->info->ii_IndexAttrNumbers[i] > 0)
			used = bms_add_member(used, index->info->ii_IndexAttrNumbers[i] -
								  FirstLowInvalidHeapAttributeNumber);
	pull_varattnos((Node *) index->info->ii_Expressions, 1, &used);
	pull_varattnos((Node *) index->info->ii_Predicate, 1, &used);
	return used;
}

/*
 * A generated column has no value yet when a BEFORE trigger runs.
 */
static void
refuse_generated_columns(Relation table, OccupancyIndex *index)
{
	TupleDesc	columns = RelationGetDescr(table);
	Bitmapset  *used;
	int			attno = -1;

	if (columns->constr == NULL || !columns->constr->has_generated_stored)
		return;

	used = columns_of(index);
	while ((attno = bms_next_member(used, attno)) >= 0)
	{
		int			column = attno + FirstLowInvalidHeapAttributeNumber;
		Form_pg_attribute attribute;

		/* a whole row has all of them */
		if (column == 0)
			while (TupleDescAttr(columns, column++)->attgenerated == '\0')
				;
		if (column < 0)
			continue;
		attribute = TupleDescAttr(columns, column - 1);
		if (attribute->attgenerated != '\0')
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("occupancy_guard cannot use index \"%s\", which has the generated column \"%s\"",
							get_rel_name(index->index_oid),
							NameStr(attribute->attname)),
					 errdetail("A generated column has no value yet when a BEFORE trigger runs."),
					 errhint("Index the expression instead of the column.")));
	}
}

/*
 * A trigger with a list of columns does not see what a cancelled row does when
 * another column brings it back.
 */
static void
refuse_columns_without_trigger(Relation table, OccupancyIndex *index,
							   const Trigger *trigger)
{
	Bitmapset  *used;
	int			attno = -1;

	if (trigger->tgnattr == 0)
		return;
	used = columns_of(index);
	if (index->expires != InvalidAttrNumber)
		used = bms_add_member(used, index->expires -
							  FirstLowInvalidHeapAttributeNumber);
	while ((attno = bms_next_member(used, attno)) >= 0)
	{
		int			column = attno + FirstLowInvalidHeapAttributeNumber;
		bool		fires = false;

		for (int i = 0; i < trigger->tgnattr && !fires; i++)
			fires = trigger->tgattr[i] == column;
		if (fires || column < 0)
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("trigger \"%s\" of table \"%s\" does not fire for every update that index \"%s\" depends on",
						trigger->tgname, RelationGetRelationName(table),
						get_rel_name(index->index_oid)),
				 column == 0 ?
				 errdetail("The index uses the whole row.") :
				 column == index->expires ?
				 errdetail("Holds expire by column \"%s\", which is not in the trigger's list.",
						   get_attname(RelationGetRelid(table), column, false)) :
				 errdetail("The index uses column \"%s\", which is not in the trigger's list.",
						   get_attname(RelationGetRelid(table), column, false)),
				 errhint("Create the trigger without a list of columns.")));
	}
}

static void
refuse_deferrable(Relation index)
{
	if (!index->rd_index->indimmediate)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("occupancy_guard cannot guard the deferrable constraint \"%s\"",
						RelationGetRelationName(index)),
				 errdetail("The guard refuses at once what a deferrable constraint would accept until it is checked.")));
}

/* A constraint knows no clock. */
static void
refuse_constraint_with_expires(Relation index, const GuardExpires *expires)
{
	if (index->rd_index->indisexclusion && expires->column != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("occupancy_guard cannot let holds expire over the exclusion constraint \"%s\"",
						RelationGetRelationName(index)),
				 errdetail("The constraint would still refuse what the expired hold is in the way of."),
				 errhint("Replace the constraint by a GiST index with the same expression and WHERE clause.")));
}

/*----------------------------------------------------------
 * All of it
 *----------------------------------------------------------*/

const TriggerFunction guard_function = {
	"occupancy_guard",
	"Its arguments are the name of an index or constraint, unless the table has only one over occupancies, and options: on_conflict=error, on_conflict=skip, expires=hold_expires_at.",
	.timing = "BEFORE INSERT OR UPDATE",
	.before = true
};

/*
 * Read a trigger's arguments.
 */
void
guard_read_options(Relation table, const Trigger *trigger, GuardOptions *options)
{
	TriggerArguments arguments;
	Word		option;
	const char *value;

	memset(options, 0, sizeof(GuardOptions));
	trigger_begin_arguments(&arguments, &guard_function, table, trigger, 0);
	if (guard_names_index(trigger))
		(void) trigger_next_argument(&arguments);	/* guard_index() reads it */
	while (trigger_next_option(&arguments, &option, &value))
	{
		if (word_equal(option, word_of("on_conflict")))
			options->skip_conflicts = trigger_either(&arguments, value,
													 "skip", "error");
		else if (word_equal(option, word_of("expires")))
			guard_expires_read(&options->expires, &arguments, value);
		else
			trigger_refuse_argument(&arguments);
	}
	trigger_end_arguments(&arguments);
}

/* Whose the rows are that statement_keep() keeps. */
static const char moving_owner = 0;

/* Does another guard of the table see new rows before this one? */
static bool
follows_guard(Relation table, const Trigger *trigger)
{
	for (int i = 0; table->trigdesc != NULL && i < table->trigdesc->numtriggers; i++)
	{
		const Trigger *other = &table->trigdesc->triggers[i];

		if (other->tgoid == trigger->tgoid)
			return false;
		if (other->tgfoid == trigger->tgfoid &&
			TRIGGER_FOR_INSERT(other->tgtype) &&
			other->tgenabled != TRIGGER_DISABLED)
			return true;
	}
	return false;
}

/*
 * Describe what a trigger guards in the current memory context, or raise an
 * error if it cannot.
 */
static GuardDescription *
describe(Relation table, const Trigger *trigger)
{
	GuardDescription *result = palloc0_object(GuardDescription);
	GuardOptions options;
	Relation	index;

	result->table = RelationGetRelid(table);
	guard_read_options(table, trigger, &options);
	result->skip_conflicts = options.skip_conflicts;
	result->expires = options.expires;
	result->follows_guard = follows_guard(table, trigger);

	result->named_index = guard_index(table, trigger, &result->top_table);
	index = index_open(occupancy_index_of(table, result->named_index),
					   RowExclusiveLock);
	refuse_deferrable(index);
	refuse_constraint_with_expires(index, &result->expires);
	result->index = occupancy_index_describe(table, index);
	guard_expires_apply(&result->expires, table, result->index);
	refuse_generated_columns(table, result->index);
	refuse_columns_without_trigger(table, result->index, trigger);
	index_close(index, NoLock);

	result->root = partition_root(result->table);
	result->identity = guard_trigger_identity(table, trigger,
											  result->named_index);
	return result;
}

/*
 * What a statement needs to guard a table, or an error if the trigger cannot.
 * The result is in "statement", a memory context that lasts as long as it.
 */
GuardState *
guard_begin(Relation table, const Trigger *trigger, MemoryContext statement)
{
	GuardDescription *guard = guard_description(table, trigger, describe,
												statement);
	MemoryContext old_context = MemoryContextSwitchTo(statement);
	GuardState *state = palloc0_object(GuardState);

	state->statement = statement;
	state->guard = guard;
	state->index = occupancy_index_copy(guard->index);
	if (table->rd_rel->relispartition)
		state->moving = statement_keep(statement, &moving_owner, guard->root,
									   trigger->tgname,
									   sizeof(MovingOccupancy));
	state->estate = CreateExecutorState();
	guard_partitions_describe(state, table);
	/* others are described when there is a row with a key: guard_may_lock() */
	if (table->rd_rel->relrowsecurity || table->rd_rel->relispartition)
		guard_rights_describe(state, table);
	MemoryContextSwitchTo(old_context);
	return state;
}

/* A trigger of another kind comes too late, or sees no row. */
void
guard_check_timing(bool before_each_row)
{
	if (!before_each_row)
		trigger_refuse_timing(&guard_function);
}

/*
 * Raise the error that a trigger would when it fires first.  That of a
 * partitioned table never fires itself; its partitions have copies.
 */
void
occupancy_guard_check(Relation table, const Trigger *trigger)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "guard that is only checked",
												  ALLOCSET_SMALL_SIZES);
	GuardOptions options;
	Oid			top_table;

	guard_check_timing(TRIGGER_FOR_BEFORE(trigger->tgtype) &&
					   TRIGGER_FOR_ROW(trigger->tgtype));
	if (table->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
		(void) guard_begin(table, trigger, context);
	else
	{
		Relation	index;

		guard_read_options(table, trigger, &options);
		index = index_open(guard_index(table, trigger, &top_table),
						   AccessShareLock);
		refuse_constraint_with_expires(index, &options.expires);
		index_close(index, NoLock);
	}
	MemoryContextDelete(context);
	if (!TRIGGER_FOR_INSERT(trigger->tgtype) ||
		!TRIGGER_FOR_UPDATE(trigger->tgtype))
		ereport(ERROR,
				(errcode(ERRCODE_WARNING),
				 errmsg("double bookings are looked for only by %s",
						TRIGGER_FOR_INSERT(trigger->tgtype) ? "INSERT" : "UPDATE"),
				 errhint("Create the trigger BEFORE INSERT OR UPDATE.")));
}
