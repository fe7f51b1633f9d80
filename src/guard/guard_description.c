/*-------------------------------------------------------------------------
 *
 * guard_description.c
 *		What the catalogs say of a guard, kept for the session.
 *
 * A statement that writes one row would take a tenth of its guard's time to
 * look it up anew.
 *
 * Whatever it depends on - the trigger and its arguments, the table's columns
 * and ancestors, the indexes and their names - the relation cache is told of a
 * change of it.  The change of any relation makes all descriptions stale: that
 * is rare where rows are written, and leaves nothing to be forgotten.  A
 * statement asks for changes when its first row comes here: of some of them the
 * table's lock has not told it, as that was taken by an earlier statement and
 * stops nobody who makes them.  It goes by one description until its end, as it
 * does by one plan.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/memutils.h"

#include "compat.h"
#include "guard/guard_description.h"

/* With more triggers than these, which partitions have, the others' are not. */
#define MAX_KEPT_DESCRIPTIONS	1000

/* A description that is kept, by its trigger */
typedef struct KeptDescription
{
	Oid			trigger;
	GuardDescription *description;
} KeptDescription;

/* A statement that goes by one */
typedef struct DescriptionUse
{
	MemoryContextCallback at_end;
	GuardDescription *description;
} DescriptionUse;

static HTAB *kept_descriptions = NULL;

/* The generation that they are of */
static uint64 kept_generation = 0;

/* Counts what the relation cache has been told of changes. */
static uint64 relation_generation = 0;

static void
count_invalidation(Datum arg, Oid relation)
{
	relation_generation++;
}

/*
 * It is another one whenever any relation may have changed.
 */
uint64
guard_generation(void)
{
	static bool counting = false;

	if (!counting)
	{
		CacheRegisterRelcacheCallback(count_invalidation, (Datum) 0);
		counting = true;
	}
	return relation_generation;
}

static void
forget_stale_descriptions(void)
{
	HASH_SEQ_STATUS status;
	KeptDescription *kept;

	if (kept_generation == relation_generation)
		return;
	hash_seq_init(&status, kept_descriptions);
	while ((kept = (KeptDescription *) hash_seq_search(&status)) != NULL)
	{
		GuardDescription *description = kept->description;

		hash_search(kept_descriptions, &kept->trigger, HASH_REMOVE, NULL);
		description->stale = true;
		if (description->users == 0)
			MemoryContextDelete(description->context);
	}
	kept_generation = relation_generation;
}

static void
end_use(void *arg)
{
	GuardDescription *description = ((DescriptionUse *) arg)->description;

	description->users--;
	if (description->stale && description->users == 0)
		MemoryContextDelete(description->context);
}

static void
begin_use(GuardDescription *description, MemoryContext statement)
{
	DescriptionUse *use = MemoryContextAlloc(statement, sizeof(DescriptionUse));

	use->description = description;
	use->at_end.func = end_use;
	use->at_end.arg = use;
	MemoryContextRegisterResetCallback(statement, &use->at_end);
	description->users++;
}

/*
 * Is a trigger as the relation cache has it now?  A statement goes by a copy,
 * which is older if the statement itself replaces its trigger, or if its lock
 * on the table stops nobody who does.
 */
static bool
is_current(Relation table, const Trigger *trigger)
{
	const Trigger *now = NULL;

	for (int i = 0; table->trigdesc != NULL && i < table->trigdesc->numtriggers; i++)
		if (table->trigdesc->triggers[i].tgoid == trigger->tgoid)
			now = &table->trigdesc->triggers[i];
	if (now == NULL || now->tgfoid != trigger->tgfoid ||
		strcmp(now->tgname, trigger->tgname) != 0 ||
		now->tgnargs != trigger->tgnargs || now->tgnattr != trigger->tgnattr)
		return false;
	for (int i = 0; i < trigger->tgnargs; i++)
		if (strcmp(now->tgargs[i], trigger->tgargs[i]) != 0)
			return false;
	for (int i = 0; i < trigger->tgnattr; i++)
		if (now->tgattr[i] != trigger->tgattr[i])
			return false;
	return true;
}

/* Keep a description that has just been made, of a generation that lasts. */
static void
keep_description(const Trigger *trigger, GuardDescription *description)
{
	KeptDescription *kept = hash_search(kept_descriptions, &trigger->tgoid,
										HASH_ENTER, NULL);

	kept->description = description;
	MemoryContextSetParent(description->context, CacheMemoryContext);
}

/*
 * The description of a guard: one that is kept, or one that "describe" makes.
 * It lasts as long as the statement.
 */
GuardDescription *
guard_description(Relation table, const Trigger *trigger,
				  GuardDescribe describe, MemoryContext statement)
{
	uint64		generation;
	KeptDescription *kept;
	GuardDescription *result;
	MemoryContext context;
	MemoryContext old_context;

	if (kept_descriptions == NULL)
	{
		HASHCTL		info = {
			.keysize = sizeof(Oid),
			.entrysize = sizeof(KeptDescription),
			.hcxt = CacheMemoryContext
		};

		kept_descriptions = hash_create("occupancy_guard descriptions", 16,
										&info,
										HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	AcceptInvalidationMessages();
	generation = guard_generation();
	forget_stale_descriptions();
	kept = hash_search(kept_descriptions, &trigger->tgoid, HASH_FIND, NULL);
	if (kept != NULL && kept->description->table == RelationGetRelid(table))
	{
		begin_use(kept->description, statement);
		return kept->description;
	}

	context = AllocSetContextCreate(statement, "occupancy_guard description",
									ALLOCSET_SMALL_SIZES);
	old_context = MemoryContextSwitchTo(context);
	result = describe(table, trigger);
	result->context = context;
	MemoryContextSwitchTo(old_context);
	if (kept == NULL && generation == relation_generation &&
		is_current(table, trigger) &&
		hash_get_num_entries(kept_descriptions) < MAX_KEPT_DESCRIPTIONS)
	{
		/* in this order: an error leaves no use of what has gone with it */
		keep_description(trigger, result);
		begin_use(result, statement);
	}
	return result;
}
