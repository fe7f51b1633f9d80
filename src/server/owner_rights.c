/*-------------------------------------------------------------------------
 *
 * owner_rights.c
 *		Acting as the owner of a table, while something of his choice runs.
 *
 * What an index calls is the choice of its table's owner, and runs as when the
 * index is built: not with the rights of who asks, who may be anybody's
 * superuser, and not with his search_path.  Already reading the index's
 * definition runs some of it (functions of constants).  What is raised restores
 * both.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/guc.h"

#include "compat.h"
#include "server/owner_rights.h"

void
act_as_owner(OwnerRights *before, Relation table)
{
	GetUserIdAndSecContext(&before->user, &before->security);
	SetUserIdAndSecContext(table->rd_rel->relowner,
						   before->security | SECURITY_RESTRICTED_OPERATION);
	before->nest_level = NewGUCNestLevel();
	RestrictSearchPath();
}

void
act_as_before(const OwnerRights *before)
{
	AtEOXact_GUC(false, before->nest_level);
	SetUserIdAndSecContext(before->user, before->security);
}
