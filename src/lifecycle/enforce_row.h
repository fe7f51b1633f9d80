/*-------------------------------------------------------------------------
 *
 * enforce_row.h
 *		A row on which a life cycle is enforced, whatever holds the status.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ENFORCE_ROW_H
#define APPOINTMENT_ENFORCE_ROW_H

#include "lifecycle/enforce_setup.h"
#include "server/tuple_column.h"

/* One firing. */
typedef struct Firing
{
	const Enforcer *enforcer;
	const TriggerData *data;
	Oid			function;
	TupleDesc	desc;
	HeapTuple	old;			/* NULL on INSERT */
	HeapTuple	new;
	LifecyclePlace place;

	/* what is to be replaced */
	int			change_count;
	int			columns[RECORD_FIELDS_MAX + 3];
	Datum		values[RECORD_FIELDS_MAX + 3];
	bool		nulls[RECORD_FIELDS_MAX + 3];
} Firing;

/* Whether a column has another value than before. */
static inline bool
firing_column_changes(const Firing *firing, AttrNumber column)
{
	return tuple_column_differs(firing->old, firing->new, column, firing->desc);
}

extern bool firing_column_given(const Firing *firing, AttrNumber column);
extern void firing_change_column(Firing *firing, AttrNumber column,
								 Datum value, bool isnull);
extern void firing_check_domains(const Firing *firing);
extern HeapTuple firing_finish_row(Firing *firing);
extern Word firing_actor(Firing *firing);
extern TimestampTz firing_asked_at(TimestampTz at);
extern const LifecycleStep *firing_step(const Firing *firing,
										const Lifecycle *lifecycle,
										Word from, Word to);
pg_noreturn extern void firing_refuse_history(const Firing *firing,
											  AttrNumber column,
											  const char *fault, uint32 entry);

#endif							/* APPOINTMENT_ENFORCE_ROW_H */
