/*-------------------------------------------------------------------------
 *
 * write_member.h
 *		Record -> JSON: one member of a document, and objects of members.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_WRITE_MEMBER_H
#define APPOINTMENT_WRITE_MEMBER_H

#include "member/format.h"

extern void write_key(WriteContext *context, const Member *member);
extern void write_absent(WriteContext *context, const Member *member);
extern void write_member(WriteContext *context, const Member *member,
						 const FieldValue *value);
extern void write_member_value(WriteContext *context, const Member *member,
							   const FieldValue *value);
extern void write_object(WriteContext *context, const MemberTable *table,
						 const Record *record);
extern void write_instant(WriteContext *context, TimestampTz instant,
						  int min_digits);
extern void write_unknown_members(WriteContext *context,
								  const FieldValue *value);

#endif							/* APPOINTMENT_WRITE_MEMBER_H */
