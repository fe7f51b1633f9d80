/*-------------------------------------------------------------------------
 *
 * guard_keys.h
 *		Rows with a unique key of the new row.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_KEYS_H
#define APPOINTMENT_GUARD_KEYS_H

#include "guard/guard_state.h"

/* What there is with a unique key of the row to be inserted. */
typedef enum GuardKeyResult
{
	KEY_IS_NEW,
	KEY_IS_THERE,
	KEY_IS_KEPT,				/* there, and locked */
	KEY_IS_BUSY,				/* there, and somebody else has it locked */
} GuardKeyResult;

/* How it is looked for. */
typedef enum GuardKeyMode
{
	KEY_SEE,					/* perhaps it is gone when one looks again */
	KEY_TRY,					/* lock it, if nobody else has it */
	KEY_KEEP,					/* lock it */
} GuardKeyMode;

extern bool guard_has_keys(GuardState *state, Relation table);
extern GuardKeyResult guard_find_same_key(GuardState *state, Relation table,
										  TupleTableSlot *new_row,
										  GuardKeyMode mode,
										  TupleTableSlot *found);
extern bool guard_keys_change(GuardState *state, Relation table,
							  TupleTableSlot *old_row, TupleTableSlot *new_row);

#endif							/* APPOINTMENT_GUARD_KEYS_H */
