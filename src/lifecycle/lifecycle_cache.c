/*-------------------------------------------------------------------------
 *
 * lifecycle_cache.c
 *		The life cycles of table appointment_lifecycle.
 *
 * The table is read as a catalogue is, without SQL: no search_path, no
 * privilege and no row-level security comes between, and the rows are those
 * of the latest snapshot also where a transaction's own is older.  It is read
 * as a whole, once; what changes it sends a relcache invalidation for it (its
 * triggers, or the server itself when it is truncated), so every session reads
 * it again when it next asks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "storage/proc.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "lifecycle/lifecycle_cache.h"
#include "lifecycle/lifecycle_table.h"

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

static void
forget_lifecycles(Datum arg, Oid relation)
{
	if (relation == InvalidOid || relation == cache.table)
		cache.valid = false;
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

	to = slot_getattr(slot, LIFECYCLE_COLUMN_TO_STATUS, &isnull);
	if (isnull)
		return;					/* no step without NOT NULL */
	datum = slot_getattr(slot, LIFECYCLE_COLUMN_NAME, &isnull);
	if (isnull)
		return;
	lifecycle = lifecycle_of_row(lifecycle_copy_word(datum));
	lifecycle->steps = lifecycle->steps == NULL ?
		palloc_array(LifecycleStep, 1) :
		repalloc_array(lifecycle->steps, LifecycleStep,
					   lifecycle->step_count + 1);
	step = &lifecycle->steps[lifecycle->step_count++];
	memset(step, 0, sizeof(*step));

	datum = slot_getattr(slot, LIFECYCLE_COLUMN_FROM_STATUS, &isnull);
	if (!isnull)
		step->from = lifecycle_copy_word(datum);
	step->to = lifecycle_copy_word(to);

	datum = slot_getattr(slot, LIFECYCLE_COLUMN_REQUIRES, &isnull);
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
					lifecycle_copy_word(elements[i]).data;
		}
	}
	datum = slot_getattr(slot, LIFECYCLE_COLUMN_NOT_AFTER, &isnull);
	if (!isnull)
	{
		Word		name = lifecycle_copy_word(datum);
		const FieldInfo *field = field_by_name(RECORD_APPOINTMENT, name.data,
											   name.len);

		if (field != NULL)
			step->not_after = field->number;
	}
	datum = slot_getattr(slot, LIFECYCLE_COLUMN_NOTICE, &isnull);
	if (!isnull)
	{
		Interval   *notice = palloc_object(Interval);

		*notice = *DatumGetIntervalP(datum);
		step->notice = notice;
	}
	datum = slot_getattr(slot, LIFECYCLE_COLUMN_EXEMPT, &isnull);
	if (!isnull)
		step->exempt = pstrdup(NameStr(*DatumGetName(datum)));
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
	lifecycle_check_table(relation);

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
			 errhint("Table \"%s\" is empty.", LIFECYCLE_TABLE) :
			 errhint("The life cycles are: %s.", known.data)));
	return NULL;				/* keep compiler quiet */
}

/*
 * The life cycle that an argument of an SQL function names.
 */
const Lifecycle *
lifecycle_argument(FunctionCallInfo fcinfo, int arg)
{
	text	   *value;
	Word		name;

	if (PG_ARGISNULL(arg))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("life cycle must not be null")));
	value = PG_GETARG_TEXT_PP(arg);
	name.data = VARDATA_ANY(value);
	name.len = VARSIZE_ANY_EXHDR(value);
	return lifecycle_by_name(fcinfo->flinfo->fn_oid, name);
}
