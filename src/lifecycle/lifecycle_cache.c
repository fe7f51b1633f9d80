/*-------------------------------------------------------------------------
 *
 * lifecycle_cache.c
 *		The life cycles of table appointment_lifecycle.
 *
 * The table is read as a catalogue is, without SQL: no search_path, no
 * privilege and no row-level security comes between, and the rows are those
 * of the latest snapshot also where a transaction's own is older.  It is read
 * as a whole, once; what changes it sends a relcache invalidation for it (the
 * triggers below, or the server itself when it is truncated), so every
 * session reads it again when it next asks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "commands/trigger.h"
#include "executor/tuptable.h"
#include "replication/logicalworker.h"
#include "storage/proc.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "lifecycle/lifecycle_cache.h"

#define TABLE_NAME	"appointment_lifecycle"

/* The columns, in the order of the table. */
enum
{
	COLUMN_LIFECYCLE = 1,
	COLUMN_FROM_STATUS,
	COLUMN_TO_STATUS,
	COLUMN_REQUIRES,
	COLUMN_NOT_AFTER,
	COLUMN_SHIPPED,
};

static struct
{
	bool		registered;		/* the callback is */
	bool		valid;
	bool		provisional;	/* read with an older snapshot: */
	LocalTransactionId transaction;
	TransactionId xmax;
	uint32		running;
	CommandId	command;
	Oid			table;
	MemoryContext context;		/* of what follows */
	int			count;
	Lifecycle  *lifecycles;
}			cache;

/* ---------------------------------------------------------------------
 * reading the table
 * ---------------------------------------------------------------------
 */

static void
forget_lifecycles(Datum arg, Oid relation)
{
	if (relation == InvalidOid || relation == cache.table)
		cache.valid = false;
}

/* The extension's table: it is where its functions are. */
static Oid
lifecycle_table(Oid function)
{
	Oid			namespace = get_func_namespace(function);
	Oid			table = get_relname_relid(TABLE_NAME, namespace);

	if (!OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table \"%s\" is not in the extension's schema",
						TABLE_NAME)));
	return table;
}

/*
 * Its owner can alter it, but a column is never taken for one of another type.
 */
static void
check_columns(Relation relation)
{
	static const Oid types[] = {
		[COLUMN_LIFECYCLE] = TEXTOID,
		[COLUMN_FROM_STATUS] = TEXTOID,
		[COLUMN_TO_STATUS] = TEXTOID,
		[COLUMN_REQUIRES] = TEXTARRAYOID,
		[COLUMN_NOT_AFTER] = TEXTOID,
		[COLUMN_SHIPPED] = BOOLOID,
	};
	TupleDesc	desc = RelationGetDescr(relation);

	for (int column = COLUMN_LIFECYCLE; column <= COLUMN_SHIPPED; column++)
	{
		if (column > desc->natts ||
			TupleDescAttr(desc, column - 1)->atttypid != types[column])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
					 errmsg("table \"%s\" does not have the columns that the extension gave it",
							TABLE_NAME),
					 errtable(relation)));
	}
}

static Word
copy_word(Datum datum)
{
	text	   *value = DatumGetTextPP(datum);
	Word		word;
	char	   *copy;

	word.len = VARSIZE_ANY_EXHDR(value);
	copy = pnstrdup(VARDATA_ANY(value), word.len);
	word.data = copy;
	return word;
}

/* The life cycle of a row, made if it is the first. */
static Lifecycle *
lifecycle_of_row(Word name)
{
	Lifecycle  *lifecycle;

	for (int i = 0; i < cache.count; i++)
	{
		if (word_equal(word_of(cache.lifecycles[i].name), name))
			return &cache.lifecycles[i];
	}
	cache.lifecycles = cache.lifecycles == NULL ? palloc_array(Lifecycle, 1) :
		repalloc_array(cache.lifecycles, Lifecycle, cache.count + 1);
	lifecycle = &cache.lifecycles[cache.count++];
	lifecycle->name = name.data;
	lifecycle->step_count = 0;
	lifecycle->steps = NULL;
	return lifecycle;
}

static void
add_row(TupleTableSlot *slot)
{
	Lifecycle  *lifecycle;
	LifecycleStep *step;
	bool		isnull;
	Datum		datum;
	Datum		to;

	to = slot_getattr(slot, COLUMN_TO_STATUS, &isnull);
	if (isnull)
		return;					/* no step without NOT NULL */
	datum = slot_getattr(slot, COLUMN_LIFECYCLE, &isnull);
	if (isnull)
		return;
	lifecycle = lifecycle_of_row(copy_word(datum));
	lifecycle->steps = lifecycle->steps == NULL ?
		palloc_array(LifecycleStep, 1) :
		repalloc_array(lifecycle->steps, LifecycleStep,
					   lifecycle->step_count + 1);
	step = &lifecycle->steps[lifecycle->step_count++];
	memset(step, 0, sizeof(*step));

	datum = slot_getattr(slot, COLUMN_FROM_STATUS, &isnull);
	if (!isnull)
		step->from = copy_word(datum);
	step->to = copy_word(to);

	datum = slot_getattr(slot, COLUMN_REQUIRES, &isnull);
	if (!isnull)
	{
		Datum	   *elements;
		bool	   *nulls;
		int			count;

		deconstruct_array(DatumGetArrayTypeP(datum), TEXTOID, -1, false,
						  TYPALIGN_INT, &elements, &nulls, &count);
		step->required = palloc_array(const char *, count + 1);
		for (int i = 0; i < count; i++)
		{
			if (!nulls[i])
				step->required[step->required_count++] =
					copy_word(elements[i]).data;
		}
	}
	datum = slot_getattr(slot, COLUMN_NOT_AFTER, &isnull);
	if (!isnull)
	{
		Word		name = copy_word(datum);
		const FieldInfo *field = field_by_name(RECORD_APPOINTMENT, name.data,
											   name.len);

		if (field != NULL)
			step->not_after = field->number;
	}
}

/* In the order of the words, which messages and results keep. */
static int
compare_steps(const void *a, const void *b)
{
	const LifecycleStep *step_a = a;
	const LifecycleStep *step_b = b;
	int			result;

	if (step_a->from.data == NULL || step_b->from.data == NULL)
		result = (step_b->from.data == NULL) - (step_a->from.data == NULL);
	else
		result = strcmp(step_a->from.data, step_b->from.data);
	return result != 0 ? result : strcmp(step_a->to.data, step_b->to.data);
}

/* Which snapshot the rows are of: it sees more when one of these differs. */
static void
remember_snapshot(Snapshot snapshot)
{
	cache.transaction = MY_LOCAL_XID;
	cache.xmax = snapshot->xmax;
	cache.running = snapshot->xcnt;
	cache.command = snapshot->curcid;
}

/* Whether what was read in a parallel plan is good for this one. */
static bool
same_snapshot(void)
{
	Snapshot	snapshot;

	if (!IsInParallelMode())
		return false;
	snapshot = GetActiveSnapshot();
	return cache.transaction == MY_LOCAL_XID &&
		cache.xmax == snapshot->xmax && cache.running == snapshot->xcnt &&
		cache.command == snapshot->curcid;
}

static void
read_table(Oid function)
{
	Relation	relation;
	Snapshot	snapshot;
	TableScanDesc scan;
	TupleTableSlot *slot;
	MemoryContext old_context;

	if (!cache.registered)
	{
		CacheRegisterRelcacheCallback(forget_lifecycles, (Datum) 0);
		cache.registered = true;
	}
	if (cache.context == NULL)
		cache.context = AllocSetContextCreate(CacheMemoryContext,
											  "appointment life cycles",
											  ALLOCSET_SMALL_SIZES);
	cache.valid = false;
	cache.count = 0;
	cache.lifecycles = NULL;
	MemoryContextReset(cache.context);

	cache.table = lifecycle_table(function);
	relation = table_open(cache.table, AccessShareLock);
	check_columns(relation);

	/* What changes from here on is noticed. */
	cache.valid = true;
	/* A parallel plan has fixed what it sees; later it may be more. */
	cache.provisional = IsInParallelMode();
	if (cache.provisional)
		remember_snapshot(GetActiveSnapshot());
	snapshot = RegisterSnapshot(cache.provisional ? GetActiveSnapshot() :
								GetLatestSnapshot());
	slot = table_slot_create(relation, NULL);
	scan = table_beginscan_compat(relation, snapshot, 0, NULL);
	old_context = MemoryContextSwitchTo(cache.context);
	PG_TRY();
	{
		while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
			add_row(slot);
	}
	PG_CATCH();
	{
		cache.valid = false;
		PG_RE_THROW();
	}
	PG_END_TRY();
	for (int i = 0; i < cache.count; i++)
		qsort(cache.lifecycles[i].steps, cache.lifecycles[i].step_count,
			  sizeof(LifecycleStep), compare_steps);
	MemoryContextSwitchTo(old_context);
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	table_close(relation, AccessShareLock);
}

/*
 * The life cycle of a name, for a function of the extension.  Errors
 * (ERRCODE_INVALID_PARAMETER_VALUE) tell which there are.  It is good until
 * the next call.
 */
const Lifecycle *
lifecycle_by_name(Oid function, Word name)
{
	StringInfoData known;

	/* What others have committed counts at once, not at their next lock. */
	AcceptInvalidationMessages();
	if (unlikely(!cache.valid || (cache.provisional && !same_snapshot())))
		read_table(function);
	for (int i = 0; i < cache.count; i++)
	{
		if (word_equal(word_of(cache.lifecycles[i].name), name))
			return &cache.lifecycles[i];
	}

	initStringInfo(&known);
	for (int i = 0; i < cache.count; i++)
		appendStringInfo(&known, "%s%s", i == 0 ? "" : ", ",
						 cache.lifecycles[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 words_are_plausible(name.data, name.len) ?
			 errmsg("unknown life cycle \"%.*s\"", (int) name.len, name.data) :
			 errmsg("unknown life cycle"),
			 known.len == 0 ?
			 errhint("Table \"%s\" is empty.", TABLE_NAME) :
			 errhint("The life cycles are: %s.", known.data)));
	return NULL;				/* keep compiler quiet */
}

/* ---------------------------------------------------------------------
 * the table's triggers
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
						name, TABLE_NAME)));
	check_columns(trigger->tg_relation);
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
			 errmsg("life cycles that the extension ships are read-only") :
			 errmsg("life cycle \"%.*s\" is read-only: the extension ships it",
					(int) name.len, name.data),
			 errhint("Copy its rows under another name, and change the copy."),
			 errtable(relation)));
}

/* Whether rows of a life cycle were shipped. */
static bool
is_shipped(Relation relation, Datum name)
{
	Word		wanted = copy_word(name);
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	TupleTableSlot *slot = table_slot_create(relation, NULL);
	TableScanDesc scan = table_beginscan_compat(relation, snapshot, 0, NULL);
	bool		found = false;

	while (!found && table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		bool		isnull;

		Datum		datum = slot_getattr(slot, COLUMN_LIFECYCLE, &isnull);

		found = !isnull && word_equal(copy_word(datum), wanted) &&
			DatumGetBool(slot_getattr(slot, COLUMN_SHIPPED, &isnull));
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
		Datum		name = heap_getattr(tuples[i], COLUMN_LIFECYCLE, desc, &isnull);
		bool		no_name = isnull;
		Datum		shipped = heap_getattr(tuples[i], COLUMN_SHIPPED, desc, &isnull);

		if (replica)
		{
			if (IsLogicalWorker() && !isnull && DatumGetBool(shipped))
				return PointerGetDatum(NULL);
			continue;
		}
		if (no_name)
			continue;			/* refused by the column itself */
		if (is_shipped(trigger->tg_relation, name))
			refuse_shipped(trigger->tg_relation, copy_word(name));
		if (!isnull && DatumGetBool(shipped))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("column \"shipped\" is true only for rows that come with the extension"),
					 errtablecol(trigger->tg_relation, COLUMN_SHIPPED)));
	}
	return PointerGetDatum(tuples[1] != NULL ? tuples[1] : tuples[0]);
}
