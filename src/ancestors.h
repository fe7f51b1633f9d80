/*-------------------------------------------------------------------------
 *
 * ancestors.h
 *		The tables that a partition belongs to.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ANCESTORS_H
#define APPOINTMENT_ANCESTORS_H

#include "utils/reltrigger.h"

extern Oid	topmost_table(Oid table);
extern Oid	trigger_parent(const Trigger *trigger);
extern Oid	trigger_made_on(const Trigger *trigger, Oid table);

#endif							/* APPOINTMENT_ANCESTORS_H */
