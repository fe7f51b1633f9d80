/*-------------------------------------------------------------------------
 *
 * read_value.h
 *		What a JSON value is: a string, a number, an instant, a zone.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_READ_VALUE_H
#define APPOINTMENT_READ_VALUE_H

#include "member/format.h"

extern void report_type(ReadContext *context, JsonNode *node,
						const char *message);
extern bool read_string(ReadContext *context, JsonNode *node,
						const char **text, size_t *len);
extern bool read_integer(ReadContext *context, JsonNode *node, int64 *value);
extern bool read_digits(ReadContext *context, JsonNode *node, int64 *value);
extern bool read_instant_text(ReadContext *context, JsonNode *node,
							  TimestampTz *instant);
extern bool read_instant_number(ReadContext *context, JsonNode *node,
								InstantUnit unit, TimestampTz *instant);
extern bool read_instant_digits(ReadContext *context, JsonNode *node,
								TimestampTz *instant);
extern bool read_zone(ReadContext *context, JsonNode *node,
					  const char **name, size_t *len);

#endif							/* APPOINTMENT_READ_VALUE_H */
