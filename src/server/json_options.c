/*-------------------------------------------------------------------------
 *
 * json_options.c
 *		The options of a call: a jsonb object whose members have known names.
 *
 * An option whose value is null is as good as not given, so that an
 * application can pass what it has.  An unknown option, and a value that one
 * cannot take, is an error (ERRCODE_INVALID_PARAMETER_VALUE), which never
 * quotes the value.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "compat.h"
#include "server/json_options.h"

/* An option's value is not what it takes. */
void
json_option_refuse(const JsonOption *option, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("option \"%s\" must be %s", option->name, expected)));
}

/* A string, also terminated. */
Word
json_option_word(const JsonOption *option, const JsonbValue *value,
				 const char *expected)
{
	Word		word;

	if (value->type != jbvString)
		json_option_refuse(option, expected);
	word.len = value->val.string.len;
	word.data = pnstrdup(value->val.string.val, word.len);
	return word;
}

/* A number without a fraction, from "min", which is not negative, to "max". */
int64
json_option_whole_number(const JsonOption *option, const JsonbValue *value,
						 int64 min, int64 max, const char *expected)
{
	int64		result = -1;

	if (value->type == jbvNumeric && !numeric_is_nan(value->val.numeric) &&
		!numeric_is_inf(value->val.numeric))
	{
		char	   *text = numeric_normalize(value->val.numeric);
		char	   *end;

		errno = 0;
		result = strtoi64(text, &end, 10);
		if (errno != 0 || *end != '\0')
			result = -1;
	}
	if (result < min || result > max)
		json_option_refuse(option, expected);
	return result;
}

bool
json_option_boolean(const JsonOption *option, const JsonbValue *value)
{
	if (value->type != jbvBool)
		json_option_refuse(option, "true or false");
	return value->val.boolean;
}

static pg_noinline void
report_unknown_option(const JsonbValue *key, const JsonOption *known,
					  int count)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < count; i++)
		appendStringInfo(&names, "%s%s", i == 0 ? "" : ", ", known[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown option%s",
					quoted_name(key->val.string.val, key->val.string.len, "")),
			 errhint("The options are: %s.", names.data)));
}

/*
 * Read the options into what "options" points to.
 */
void
json_options_read(Jsonb *jsonb, const JsonOption *known, int count,
				  void *options)
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

		for (i = 0; i < count; i++)
		{
			if (word_is(known[i].name, key.val.string.val, key.val.string.len))
				break;
		}
		if (i == count)
			report_unknown_option(&key, known, count);
		if (value.type != jbvNull)
			known[i].read(&known[i], &value, options);
	}
}
