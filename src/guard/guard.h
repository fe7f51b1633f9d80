/*-------------------------------------------------------------------------
 *
 * guard.h
 *		The guard trigger, by which others know it.
 *
 *	guard.c				the trigger: which rows are looked at
 *	guard_admission.c	what lets a row in, in which order
 *	guard_setup.c		its arguments and its index
 *	guard_partitions.c	the partitions beside
 *	guard_locks.c		locks on resources; guard_locks_sql.c: for users
 *	guard_search.c		the search for a conflict
 *	guard_keys.c		rows with a unique key of the new row
 *	guard_generated.c	the new row with its generated columns
 *	guard_rights.c		what the user may learn of other rows, and keep from
 *						others: by privileges, by policies (guard_policies.c),
 *						and by views (guard_views.c)
 *	guard_report.c		the error
 *	guard_state.h		what they share
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_H
#define APPOINTMENT_GUARD_H

#include "fmgr.h"

extern PGDLLEXPORT Datum occupancy_guard(PG_FUNCTION_ARGS);

#endif							/* APPOINTMENT_GUARD_H */
