/*-------------------------------------------------------------------------
 *
 * format.c
 *		What is looked up in a format's tables.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "member/format.h"

/*
 * The member of a table that holds a field, or NULL.
 */
const Member *
format_member(const MemberTable *table, FieldNumber field)
{
	for (int i = 0; i < table->count; i++)
	{
		if (table->members[i].field == field)
			return &table->members[i];
	}
	return NULL;
}
