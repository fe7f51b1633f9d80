/*-------------------------------------------------------------------------
 *
 * statement.c
 *		What a trigger keeps for a statement, for all partitions together.
 *
 * A trigger has fn_extra of its own in each partition.  What one of them has
 * to tell another is found here, by the memory context that the executor has
 * for the statement, which is fn_mcxt of all its triggers, and lies in it: it
 * goes with the statement, however that ends, and a statement within it, of a
 * trigger or a function, has its own.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "server/statement.h"

typedef struct Kept
{
	struct Kept *next;
	MemoryContext statement;
	const void *owner;			/* any address that is the caller's own */
	Oid			table;
	NameData	name;
	MemoryContextCallback forget;
	void	   *data;
} Kept;

static Kept *first_kept = NULL;

static void
forget_kept(void *arg)
{
	Kept	  **link = &first_kept;

	while (*link != NULL && *link != arg)
		link = &(*link)->next;
	if (*link != NULL)
		*link = (*link)->next;
}

/*
 * Memory of the statement for a table, an owner and a name: zero when it is
 * first asked for.
 */
void *
statement_keep(MemoryContext statement, const void *owner, Oid table,
			   const char *name, Size size)
{
	Kept	   *kept;

	for (kept = first_kept; kept != NULL; kept = kept->next)
	{
		if (kept->statement == statement && kept->owner == owner &&
			kept->table == table && strcmp(NameStr(kept->name), name) == 0)
			return kept->data;
	}
	kept = MemoryContextAllocZero(statement, sizeof(Kept));
	kept->data = MemoryContextAllocZero(statement, size);
	kept->statement = statement;
	kept->owner = owner;
	kept->table = table;
	namestrcpy(&kept->name, name);
	kept->forget.func = forget_kept;
	kept->forget.arg = kept;
	MemoryContextRegisterResetCallback(statement, &kept->forget);
	kept->next = first_kept;
	first_kept = kept;
	return kept->data;
}
