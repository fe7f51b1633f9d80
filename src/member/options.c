/*-------------------------------------------------------------------------
 *
 * options.c
 *		The options of one call: a jsonb object.
 *
 * An option whose value is null is as good as not given, so that an
 * application can pass what it has.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "base/name.h"
#include "base/word.h"
#include "base/zone.h"
#include "compat.h"
#include "member/options.h"

typedef void (*OptionReader) (Options *options, const char *name,
							  const JsonbValue *value);

static void read_base_url(Options *options, const char *name,
						  const JsonbValue *value);
static void read_account(Options *options, const char *name,
						 const JsonbValue *value);
static void read_time_zone(Options *options, const char *name,
						   const JsonbValue *value);
static void read_envelope(Options *options, const char *name,
						  const JsonbValue *value);
static void read_cancellation_notice(Options *options, const char *name,
									 const JsonbValue *value);
static void read_rescheduling_notice(Options *options, const char *name,
									 const JsonbValue *value);
static void read_unknown_words(Options *options, const char *name,
							   const JsonbValue *value);
static void read_links(Options *options, const char *name,
					   const JsonbValue *value);
static void read_meta(Options *options, const char *name,
					  const JsonbValue *value);
static void read_total_count(Options *options, const char *name,
							 const JsonbValue *value);

static const struct
{
	const char *name;
	OptionReader read;
}			known_options[] =

{
	{"base_url", read_base_url},
	{"account", read_account},
	{"time_zone", read_time_zone},
	{"envelope", read_envelope},
	{"cancellation_notice", read_cancellation_notice},
	{"rescheduling_notice", read_rescheduling_notice},
	{"unknown_words", read_unknown_words},
	{"links", read_links},
	{"meta", read_meta},
	{"total_count", read_total_count},
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

static void
report_bad_option(const char *name, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("option \"%s\" must be %s", name, expected)));
}

static char *
option_string(const char *name, const JsonbValue *value)
{
	if (value->type != jbvString)
		report_bad_option(name, "a string");
	return pnstrdup(value->val.string.val, value->val.string.len);
}

static int64
option_count(const char *name, const JsonbValue *value, int64 max,
			 const char *expected)
{
	Numeric		number;
	int64		result = -1;

	if (value->type == jbvNumeric)
	{
		number = value->val.numeric;
		if (!numeric_is_nan(number) && !numeric_is_inf(number))
		{
			char	   *text = numeric_normalize(number);
			char	   *end;

			errno = 0;
			result = strtoi64(text, &end, 10);
			if (errno != 0 || *end != '\0' || result > max)
				result = -1;
		}
	}
	if (result < 0)
		report_bad_option(name, expected);
	return result;
}

static void
read_base_url(Options *options, const char *name, const JsonbValue *value)
{
	options->base_url = option_string(name, value);
}

static void
read_account(Options *options, const char *name, const JsonbValue *value)
{
	options->account = option_string(name, value);
}

static void
read_time_zone(Options *options, const char *name, const JsonbValue *value)
{
	char	   *zone_name = option_string(name, value);
	pg_tz	   *zone = zone_argument(zone_name, strlen(zone_name));

	/* in the spelling of the database of zones */
	options->time_zone = pstrdup(pg_get_timezone_name(zone));
}

static void
read_envelope(Options *options, const char *name, const JsonbValue *value)
{
	if (value->type != jbvBool)
		report_bad_option(name, "true or false");
	options->envelope = value->val.boolean ? 1 : 0;
}

static void
read_cancellation_notice(Options *options, const char *name,
						 const JsonbValue *value)
{
	options->cancellation_notice =
		(int) option_count(name, value, INT_MAX, "a whole number of minutes");
}

static void
read_rescheduling_notice(Options *options, const char *name,
						 const JsonbValue *value)
{
	options->rescheduling_notice =
		(int) option_count(name, value, INT_MAX, "a whole number of minutes");
}

static void
read_unknown_words(Options *options, const char *name,
				   const JsonbValue *value)
{
	char	   *word = value->type == jbvString ? option_string(name, value) : "";

	if (strcmp(word, "keep") == 0)
		options->keep_unknown_words = true;
	else if (strcmp(word, "error") == 0)
		options->keep_unknown_words = false;
	else
		report_bad_option(name, "\"error\" or \"keep\"");
}

/* The text of an object or array. */
static char *
option_json(const char *name, const JsonbValue *value, bool array,
			const char *expected)
{
	bool		is_array;

	if (value->type != jbvBinary)
		report_bad_option(name, expected);
	is_array = (value->val.binary.data->header & JB_FARRAY) != 0;
	if (is_array && !array)
		report_bad_option(name, expected);
	return JsonbToCString(NULL, value->val.binary.data, value->val.binary.len);
}

static void
read_links(Options *options, const char *name, const JsonbValue *value)
{
	options->links = option_json(name, value, true, "an object or an array");
}

static void
read_meta(Options *options, const char *name, const JsonbValue *value)
{
	options->meta = option_json(name, value, false, "an object");
}

static void
read_total_count(Options *options, const char *name, const JsonbValue *value)
{
	options->total_count = option_count(name, value, PG_INT64_MAX,
										"a whole number");
}

static pg_noinline void
report_unknown_option(const JsonbValue *key)
{
	StringInfoData known;

	initStringInfo(&known);
	for (int i = 0; i < (int) lengthof(known_options); i++)
		appendStringInfo(&known, "%s%s", i == 0 ? "" : ", ",
						 known_options[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown option%s",
					quoted_name(key->val.string.val, key->val.string.len, "")),
			 errhint("The options are: %s.", known.data)));
}

/*
 * Read the options, in the current memory context.  An unknown option or a
 * value that it cannot take is an error (ERRCODE_INVALID_PARAMETER_VALUE).
 */
void
options_parse(Options *options, Jsonb *jsonb)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	key;

	if (!JB_ROOT_IS_OBJECT(jsonb))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options must be a JSON object")));

	iterator = JsonbIteratorInit(&jsonb->root);
	while ((token = JsonbIteratorNext(&iterator, &key, true)) != WJB_DONE)
	{
		JsonbValue	value;
		int			i;

		if (token != WJB_KEY)
			continue;
		(void) JsonbIteratorNext(&iterator, &value, true);

		for (i = 0; i < (int) lengthof(known_options); i++)
		{
			if (word_is(known_options[i].name, key.val.string.val,
						key.val.string.len))
				break;
		}
		if (i == lengthof(known_options))
			report_unknown_option(&key);
		if (value.type != jbvNull)
			known_options[i].read(options, known_options[i].name, &value);
	}
}
