/*-------------------------------------------------------------------------
 *
 * guard_of_index.h
 *		What the guard of an index says, for whoever asks by the index.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_OF_INDEX_H
#define APPOINTMENT_GUARD_OF_INDEX_H

#include "utils/rel.h"

#include "guard/guard_expiry.h"

extern void guard_of_index_expires(Relation table, Oid index,
								   GuardExpires *expires);
extern uint32 guard_of_index_identity(Relation table, Oid index);

#endif							/* APPOINTMENT_GUARD_OF_INDEX_H */
