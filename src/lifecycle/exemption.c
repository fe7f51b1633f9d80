/*-------------------------------------------------------------------------
 *
 * exemption.c
 *		Who may do something later than others.
 *
 * A life cycle or a trigger names a role.  What counts is whether the current
 * user has its privileges, which the server knows; what the application says
 * of the actor does not, because anybody can say it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/acl.h"

#include "lifecycle/exemption.h"

/*
 * Whether the current user may do it later than others.  If there is no such
 * role nobody may, not even a superuser: a name that was misspelled or whose
 * role is gone opens nothing.
 */
bool
user_is_exempt(const char *role)
{
	Oid			oid;

	if (role == NULL)
		return false;
	oid = get_role_oid(role, true);
	return OidIsValid(oid) && has_privs_of_role(GetUserId(), oid);
}
