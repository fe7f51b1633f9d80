/*-------------------------------------------------------------------------
 *
 * owner_rights.h
 *		Acting as the owner of a table, while something of his choice runs.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OWNER_RIGHTS_H
#define APPOINTMENT_OWNER_RIGHTS_H

#include "utils/rel.h"

/* Who it was before. */
typedef struct OwnerRights
{
	Oid			user;
	int			security;
	int			nest_level;
} OwnerRights;

extern void act_as_owner(OwnerRights *before, Relation table);
extern void act_as_before(const OwnerRights *before);

#endif							/* APPOINTMENT_OWNER_RIGHTS_H */
