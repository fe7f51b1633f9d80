/*-------------------------------------------------------------------------
 *
 * shard_name.c
 *		The names of tables and indexes on a shard.
 *
 * Citus keeps the rows of a table in shards, which are ordinary tables.  It adds
 * the number of the shard to the names of the table, its indexes, constraints
 * and triggers: "_102008".  A name that would be too long for that is cut, and
 * gets a hash of the whole one: "_1c2d3e4f_102008".  What it does not change is
 * the arguments of triggers.
 *
 * Nothing here depends on Citus being there.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "mb/pg_wchar.h"

#include "compat.h"
#include "server/shard_name.h"

/* "_", eight hexadecimal digits */
#define HASH_LENGTH		9

/* numbers of shards are positive and of 64 bits */
#define MAX_DIGITS		19

/*
 * The end of a name that can be the number of a shard, with the underscore, or
 * NULL.
 */
const char *
shard_suffix(const char *name)
{
	const char *suffix = strrchr(name, '_');
	size_t		digits;

	if (suffix == NULL || suffix == name || suffix[1] == '0')
		return NULL;
	digits = strspn(suffix + 1, "0123456789");
	return digits > 0 && digits <= MAX_DIGITS && suffix[1 + digits] == '\0' ?
		suffix : NULL;
}

/*
 * What a name becomes on the shard with this suffix, or NULL if it is no name
 * of anything.
 */
char *
name_on_shard(const char *name, const char *suffix)
{
	int			length = strlen(name);
	int			room = NAMEDATALEN - 1 - strlen(suffix);

	if (length >= NAMEDATALEN)
		return NULL;
	if (length <= room)
		return psprintf("%s%s", name, suffix);
	return psprintf("%.*s_%08x%s",
					pg_mbcliplen(name, length, room - HASH_LENGTH), name,
					hash_bytes((const unsigned char *) name, length), suffix);
}
