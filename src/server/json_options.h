/*-------------------------------------------------------------------------
 *
 * json_options.h
 *		The options of a call: a jsonb object whose members have known names.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_JSON_OPTIONS_H
#define APPOINTMENT_JSON_OPTIONS_H

#include "utils/jsonb.h"

#include "base/word.h"
#include "compat.h"

typedef struct JsonOption JsonOption;

/* Reads a value that is not null into what the options of a call are. */
typedef void (*JsonOptionReader) (const JsonOption *option,
								  const JsonbValue *value, void *options);

struct JsonOption
{
	const char *name;
	JsonOptionReader read;
	size_t		offset;			/* of the member that it becomes */
};

#define JSON_OPTION_MEMBER(option, options, type) \
	((type *) ((char *) (options) + (option)->offset))

extern void json_options_read(Jsonb *jsonb, const JsonOption *known, int count,
							  void *options);

/* What readers need.  The memory is that of the current context. */
pg_noreturn extern void json_option_refuse(const JsonOption *option,
										   const char *expected);
extern Word json_option_word(const JsonOption *option, const JsonbValue *value,
							 const char *expected);
extern int64 json_option_whole_number(const JsonOption *option,
									  const JsonbValue *value,
									  int64 min, int64 max,
									  const char *expected);
extern bool json_option_boolean(const JsonOption *option,
								const JsonbValue *value);

#endif							/* APPOINTMENT_JSON_OPTIONS_H */
