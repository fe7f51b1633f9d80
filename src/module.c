/*-------------------------------------------------------------------------
 *
 * module.c
 *		The loadable module: its magic and its settings.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/guc.h"

#include "compat.h"

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);

/*
 * Define the settings.  The prefix is reserved, so that a misspelled name in
 * postgresql.conf is reported instead of ignored.
 */
void
_PG_init(void)
{
	MarkGUCPrefixReserved("appointment");
}
