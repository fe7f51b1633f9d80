/*-------------------------------------------------------------------------
 *
 * guard_setup.c
 *		What a guard trigger guards: its arguments and its index.
 *
 * The index belongs to the table that the trigger was created on, wherever it
 * fires: a partition's trigger is a copy, and the partition's own indexes may
 * have any name.
 *
 * Tables are locked before their indexes, as everywhere in the server.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/sysattr.h"
#include "catalog/index.h"
#include "catalog/partition.h"
#include "catalog/pg_trigger.h"
#include "executor/executor.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "compat.h"
#include "guard/guard_locks.h"
#include "guard/guard_partitions.h"
#include "guard/guard_rights.h"
#include "guard/guard_setup.h"
#include "server/partition.h"
#include "server/statement.h"

/*----------------------------------------------------------
 * Which index
 *----------------------------------------------------------*/

/* The index of this name on a table. */
static Oid
index_by_name(Oid table, const char *name)
{
	Oid			index = get_relname_relid(name, get_rel_namespace(table));

	if (OidIsValid(index) && IndexGetRelation(index, true) == table)
		return index;
	return InvalidOid;
}

/*
 * Find the index that the trigger's first argument names, on the table *top.
 */
static Oid
find_index(Relation table, const Trigger *trigger, Oid *top)
{
	const char *name = trigger->tgargs[0];
	Oid			index;

	*top = trigger_made_on(trigger, RelationGetRelid(table));
	index = index_by_name(*top, name);
	if (!OidIsValid(index) && table->rd_rel->relispartition)
	{
		ListCell   *cell;

		/* a partition's own trigger may name the index of an ancestor */
		foreach(cell, get_partition_ancestors(RelationGetRelid(table)))
		{
			*top = lfirst_oid(cell);
			index = index_by_name(*top, name);
			if (OidIsValid(index))
				break;
		}
	}
	if (!OidIsValid(index))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("index or constraint \"%s\" of table \"%s\" does not exist",
						name, RelationGetRelationName(table)),
				 errdetail("Trigger \"%s\" of the table names it.",
						   trigger->tgname),
				 errhint("If it was renamed or replaced, create the trigger again with the new name: CREATE OR REPLACE TRIGGER ... EXECUTE FUNCTION occupancy_guard('new_name').")));

	return index;
}

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

/*----------------------------------------------------------
 * All of it
 *----------------------------------------------------------*/

static bool
parse_options(const Trigger *trigger)
{
	bool		skip = false;

	if (trigger->tgnargs < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("occupancy_guard needs the name of an index or constraint"),
				 errhint("Create the trigger with EXECUTE FUNCTION occupancy_guard('name').")));
	for (int i = 1; i < trigger->tgnargs; i++)
	{
		const char *option = trigger->tgargs[i];

		if (strcmp(option, "on_conflict=skip") == 0)
			skip = true;
		else if (strcmp(option, "on_conflict=error") == 0)
			skip = false;
		else
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("unknown option \"%s\" of occupancy_guard", option),
					 errhint("Options are \"on_conflict=error\" and \"on_conflict=skip\".")));
	}
	return skip;
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
 * Describe what a trigger guards, or raise an error if it cannot.  The result
 * is in "statement", a memory context that lasts as long as it is used; its
 * executor state has to be freed with FreeExecutorState() if that is sooner
 * than the transaction's end.
 */
GuardState *
guard_describe(Relation table, const Trigger *trigger, MemoryContext statement)
{
	MemoryContext old_context = MemoryContextSwitchTo(statement);
	GuardState *state = (GuardState *) palloc0(sizeof(GuardState));
	Relation	index;
	Oid			top_table;
	Oid			top_index;

	state->table = RelationGetRelid(table);
	state->statement = statement;
	state->skip_conflicts = parse_options(trigger);
	state->follows_guard = follows_guard(table, trigger);

	top_index = find_index(table, trigger, &top_table);
	index = index_open(occupancy_index_of(table, top_index), RowExclusiveLock);
	refuse_deferrable(index);
	state->index = occupancy_index_describe(table, index);
	refuse_generated_columns(table, state->index);
	refuse_columns_without_trigger(table, state->index, trigger);
	index_close(index, NoLock);

	state->root = partition_root(state->table);
	state->identity = guard_identity(top_index);
	if (table->rd_rel->relispartition)
		state->moving = statement_keep(statement, &moving_owner, state->root,
									   trigger->tgname,
									   sizeof(MovingOccupancy));
	state->estate = CreateExecutorState();
	if (top_table != state->table && !state->index->exclusion)
		guard_partitions_describe(state, table, top_table, top_index);
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
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("occupancy_guard must be fired BEFORE, FOR EACH ROW")));
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
	Oid			top_table;

	guard_check_timing(TRIGGER_FOR_BEFORE(trigger->tgtype) &&
					   TRIGGER_FOR_ROW(trigger->tgtype));
	if (table->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
		(void) guard_describe(table, trigger, context);
	else
	{
		(void) parse_options(trigger);
		(void) find_index(table, trigger, &top_table);
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
