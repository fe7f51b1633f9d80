/*-------------------------------------------------------------------------
 *
 * lifecycle_table.c
 *		Table appointment_lifecycle: its columns, and its triggers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "commands/trigger.h"
#include "executor/tuptable.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "lifecycle/lifecycle_table.h"

/*
 * The extension's table: it is where its functions are.
 */
Oid
lifecycle_table(Oid function)
{
	Oid			namespace = get_func_namespace(function);
	Oid			table = get_relname_relid(LIFECYCLE_TABLE, namespace);

	if (!OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table \"%s\" is not in the extension's schema",
						LIFECYCLE_TABLE)));
	return table;
}

/*
 * Its owner can alter it, but a column is never taken for one of another type.
 */
void
lifecycle_check_table(Relation relation)
{
	static const Oid types[] = {
		[LIFECYCLE_COLUMN_NAME] = TEXTOID,
		[LIFECYCLE_COLUMN_FROM_STATUS] = TEXTOID,
		[LIFECYCLE_COLUMN_TO_STATUS] = TEXTOID,
		[LIFECYCLE_COLUMN_REQUIRES] = TEXTARRAYOID,
		[LIFECYCLE_COLUMN_NOT_AFTER] = TEXTOID,
		[LIFECYCLE_COLUMN_SHIPPED] = BOOLOID,
		[LIFECYCLE_COLUMN_NOTICE] = INTERVALOID,
		[LIFECYCLE_COLUMN_EXEMPT] = NAMEOID,
	};
	TupleDesc	desc = RelationGetDescr(relation);

	for (int column = LIFECYCLE_COLUMN_NAME; column <= LIFECYCLE_COLUMN_EXEMPT; column++)
	{
		if (column > desc->natts ||
			TupleDescAttr(desc, column - 1)->atttypid != types[column])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
					 errmsg("table \"%s\" does not have the columns that the extension gave it",
							LIFECYCLE_TABLE),
					 errtable(relation)));
	}
}

/*
 * A word of the table, copied.
 */
Word
lifecycle_copy_word(Datum datum)
{
	text	   *value = DatumGetTextPP(datum);
	Word		word;
	char	   *copy;

	word.len = VARSIZE_ANY_EXHDR(value);
	copy = pnstrdup(VARDATA_ANY(value), word.len);
	word.data = copy;
	return word;
}

/* ---------------------------------------------------------------------
 * triggers
 * ---------------------------------------------------------------------
 */

/*
 * The functions know the columns of their own table, and must not take
 * another's for them, whose trigger anybody can make.
 */
static const TriggerData *
table_trigger(FunctionCallInfo fcinfo, const char *name, bool before)
{
	const TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		TRIGGER_FIRED_BEFORE(trigger->tg_event) != before ||
		RelationGetRelid(trigger->tg_relation) !=
		lifecycle_table(fcinfo->flinfo->fn_oid))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" is for the triggers of table \"%s\" only",
						name, LIFECYCLE_TABLE)));
	lifecycle_check_table(trigger->tg_relation);
	return trigger;
}

/*
 * Tell every session that the table has changed.  Row changes alone do not;
 * the trigger is there for rows and for statements, because a subscriber
 * applies only rows.
 */
APPOINTMENT_FUNCTION(appointment_lifecycle_changed);
Datum
appointment_lifecycle_changed(PG_FUNCTION_ARGS)
{
	CacheInvalidateRelcache(table_trigger(fcinfo,
										  "appointment_lifecycle_changed",
										  false)->tg_relation);
	return PointerGetDatum(NULL);
}

static void
refuse_shipped(Relation relation, Word name)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 name.data == NULL ?
			 errmsg("life cycles that came with the extension are read-only") :
			 errmsg("life cycle \"%.*s\" came with the extension and is read-only",
					(int) name.len, name.data),
			 errhint("Copy its rows under another name, and change the copy."),
			 errtable(relation)));
}

/* Whether rows of a life cycle were shipped. */
static bool
is_shipped(Relation relation, Datum name)
{
	Word		wanted = lifecycle_copy_word(name);
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	TupleTableSlot *slot = table_slot_create(relation, NULL);
	TableScanDesc scan = table_beginscan_compat(relation, snapshot, 0, NULL);
	bool		found = false;

	while (!found && table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		bool		isnull;

		Datum		datum = slot_getattr(slot, LIFECYCLE_COLUMN_NAME, &isnull);

		found = !isnull && word_equal(lifecycle_copy_word(datum), wanted) &&
			DatumGetBool(slot_getattr(slot, LIFECYCLE_COLUMN_SHIPPED, &isnull));
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	return found;
}

/*
 * Keep the shipped rows as they are, and shipped life cycles complete: nobody
 * may change, remove or add to them but the extension's own scripts.
 *
 * A subscriber has them from its own scripts: a publisher's are passed over,
 * or the copy of a publication of all tables would stop at the first.
 */
APPOINTMENT_FUNCTION(appointment_lifecycle_protect);
Datum
appointment_lifecycle_protect(PG_FUNCTION_ARGS)
{
	const TriggerData *trigger =
	table_trigger(fcinfo, "appointment_lifecycle_protect", true);
	TupleDesc	desc = RelationGetDescr(trigger->tg_relation);
	HeapTuple	tuples[2] = {NULL, NULL};
	bool		replica = SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA;

	if (!TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
	{
		if (!creating_extension && !replica)
			refuse_shipped(trigger->tg_relation, WORD_NONE);
		return PointerGetDatum(NULL);
	}

	tuples[0] = trigger->tg_trigtuple;
	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		tuples[1] = trigger->tg_newtuple;
	for (int i = 0; i < 2 && tuples[i] != NULL && !creating_extension; i++)
	{
		bool		isnull;
		Datum		name = heap_getattr(tuples[i], LIFECYCLE_COLUMN_NAME, desc, &isnull);
		bool		no_name = isnull;
		Datum		shipped = heap_getattr(tuples[i], LIFECYCLE_COLUMN_SHIPPED, desc, &isnull);

		if (replica)
		{
			if (IsLogicalWorker() && !isnull && DatumGetBool(shipped))
				return PointerGetDatum(NULL);
			continue;
		}
		if (no_name)
			continue;			/* refused by the column itself */
		if (is_shipped(trigger->tg_relation, name))
			refuse_shipped(trigger->tg_relation, lifecycle_copy_word(name));
		if (!isnull && DatumGetBool(shipped))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("column \"shipped\" is true only for rows that come with the extension"),
					 errtablecol(trigger->tg_relation, LIFECYCLE_COLUMN_SHIPPED)));
	}
	return PointerGetDatum(tuples[1] != NULL ? tuples[1] : tuples[0]);
}
