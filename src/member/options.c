/*-------------------------------------------------------------------------
 *
 * options.c
 *		The options of reading and writing documents.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "base/zone.h"
#include "member/options.h"
#include "server/json_options.h"

static void
read_string(const JsonOption *option, const JsonbValue *value, void *options)
{
	*JSON_OPTION_MEMBER(option, options, const char *) =
		json_option_word(option, value, "a string").data;
}

static void
read_zone(const JsonOption *option, const JsonbValue *value, void *options)
{
	Word		name = json_option_word(option, value, "a string");

	/* in the spelling of the database of zones */
	*JSON_OPTION_MEMBER(option, options, const char *) =
		pstrdup(pg_get_timezone_name(zone_argument(name.data, name.len)));
}

static void
read_boolean(const JsonOption *option, const JsonbValue *value, void *options)
{
	*JSON_OPTION_MEMBER(option, options, int) =
		json_option_boolean(option, value) ? 1 : 0;
}

static void
read_minutes(const JsonOption *option, const JsonbValue *value, void *options)
{
	*JSON_OPTION_MEMBER(option, options, int) =
		(int) json_option_whole_number(option, value, 0, INT_MAX,
									   "a whole number of minutes");
}

static void
read_count(const JsonOption *option, const JsonbValue *value, void *options)
{
	*JSON_OPTION_MEMBER(option, options, int64) =
		json_option_whole_number(option, value, 0, PG_INT64_MAX,
								 "a whole number");
}

static void
read_unknown_words(const JsonOption *option, const JsonbValue *value,
				   void *options)
{
	static const char *const expected = "\"error\" or \"keep\"";
	Word		word = json_option_word(option, value, expected);

	if (!word_equal(word, word_of("keep")) &&
		!word_equal(word, word_of("error")))
		json_option_refuse(option, expected);
	*JSON_OPTION_MEMBER(option, options, bool) =
		word_equal(word, word_of("keep"));
}

/* The text of an object or array. */
static void
read_json(const JsonOption *option, const JsonbValue *value, void *options,
		  bool array, const char *expected)
{
	if (value->type != jbvBinary ||
		(JsonContainerIsArray(value->val.binary.data) && !array))
		json_option_refuse(option, expected);
	*JSON_OPTION_MEMBER(option, options, const char *) =
		JsonbToCString(NULL, value->val.binary.data, value->val.binary.len);
}

static void
read_object(const JsonOption *option, const JsonbValue *value, void *options)
{
	read_json(option, value, options, false, "an object");
}

static void
read_object_or_array(const JsonOption *option, const JsonbValue *value,
					 void *options)
{
	read_json(option, value, options, true, "an object or an array");
}

static const JsonOption known_options[] = {
	{"base_url", read_string, offsetof(Options, base_url)},
	{"account", read_string, offsetof(Options, account)},
	{"time_zone", read_zone, offsetof(Options, time_zone)},
	{"envelope", read_boolean, offsetof(Options, envelope)},
	{"cancellation_notice", read_minutes, offsetof(Options, cancellation_notice)},
	{"rescheduling_notice", read_minutes, offsetof(Options, rescheduling_notice)},
	{"unknown_words", read_unknown_words, offsetof(Options, keep_unknown_words)},
	{"links", read_object_or_array, offsetof(Options, links)},
	{"meta", read_object, offsetof(Options, meta)},
	{"total_count", read_count, offsetof(Options, total_count)},
};

void
options_begin(Options *options)
{
	memset(options, 0, sizeof(*options));
	options->envelope = -1;
	options->cancellation_notice = -1;
	options->rescheduling_notice = -1;
	options->total_count = -1;
}

/*
 * Read the options, in the current memory context.
 */
void
options_parse(Options *options, Jsonb *jsonb)
{
	json_options_read(jsonb, known_options, lengthof(known_options), options);
}
