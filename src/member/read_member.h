/*-------------------------------------------------------------------------
 *
 * read_member.h
 *		JSON -> record: one member of a document, and objects of members.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_READ_MEMBER_H
#define APPOINTMENT_READ_MEMBER_H

#include "lib/stringinfo.h"

#include "member/format.h"

extern void read_member(ReadContext *context, const Member *member,
						JsonNode *node, RecordBuilder *builder);
extern void read_object(ReadContext *context, JsonNode *node,
						const MemberTable *table, RecordBuilder *builder);
extern void read_unknown_member(ReadContext *context, JsonNode *node,
								StringInfo kept);

#endif							/* APPOINTMENT_READ_MEMBER_H */
