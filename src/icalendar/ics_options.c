/*-------------------------------------------------------------------------
 *
 * ics_options.c
 *		The options of writing iCalendar: a jsonb object.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "miscadmin.h"

#include "base/host_name.h"
#include "base/zone.h"
#include "compat.h"
#include "icalendar/ics_options.h"
#include "icalendar/uri_text.h"
#include "server/json_options.h"

/* An alarm or a refresh is at most a year away. */
#define MINUTES_MAX		(366 * 24 * 60)

static void
read_text(const JsonOption *option, const JsonbValue *value, void *options)
{
	*JSON_OPTION_MEMBER(option, options, Word) =
		json_option_word(option, value, "a string");
}

static void
read_boolean(const JsonOption *option, const JsonbValue *value, void *options)
{
	*JSON_OPTION_MEMBER(option, options, bool) =
		json_option_boolean(option, value);
}

static void
read_number(const JsonOption *option, const JsonbValue *value, void *options)
{
	*JSON_OPTION_MEMBER(option, options, int) =
		(int) json_option_whole_number(option, value, 0, INT_MAX,
									   "a whole number");
}

static void
read_minutes(const JsonOption *option, const JsonbValue *value, void *options)
{
	*JSON_OPTION_MEMBER(option, options, int) =
		(int) json_option_whole_number(option, value, 0, MINUTES_MAX,
									   "a whole number of minutes, at most a year");
}

static void
read_positive_minutes(const JsonOption *option, const JsonbValue *value,
					  void *options)
{
	*JSON_OPTION_MEMBER(option, options, int) =
		(int) json_option_whole_number(option, value, 1, MINUTES_MAX,
									   "a whole number of minutes from 1, at most a year");
}

static void
read_zone(const JsonOption *option, const JsonbValue *value, void *options)
{
	Word		name = json_option_word(option, value, "a string");

	((IcsOptions *) options)->time_zone = zone_argument(name.data, name.len);
}

static void
read_stamp(const JsonOption *option, const JsonbValue *value, void *arg)
{
	static const char *const expected =
	"an instant with its offset, such as \"2026-05-04T09:00:00Z\"";
	IcsOptions *options = arg;
	Word		text = json_option_word(option, value, expected);

	if (!instant_is_known(instant_parse(text.data, text.len, &options->stamp)))
		json_option_refuse(option, expected);
	options->has_stamp = true;
}

static void
read_domain(const JsonOption *option, const JsonbValue *value, void *options)
{
	static const char *const expected = "the name of a host";
	Word		text = json_option_word(option, value, expected);

	if (!host_name_is_valid(text.data, text.len))
		json_option_refuse(option, expected);
	((IcsOptions *) options)->domain = text;
}

static void
read_url(const JsonOption *option, const JsonbValue *value, void *options)
{
	static const char *const expected = "a URL";
	Word		text = json_option_word(option, value, expected);
	StringInfoData uri;

	if (!uri_is_valid(text.data, text.len))
		json_option_refuse(option, expected);
	initStringInfo(&uri);
	uri_append(&uri, text.data, text.len);
	((IcsOptions *) options)->url = (Word)
	{
		uri.data, uri.len
	};
}

/* A mail address as a URI. */
static Word
address_uri(const JsonOption *option, Word address, const char *expected)
{
	StringInfoData uri;

	if (!mail_address_is_valid(address.data, address.len))
		json_option_refuse(option, expected);
	initStringInfo(&uri);
	mail_address_append(&uri, address.data, address.len);
	return (Word)
	{
		uri.data, uri.len
	};
}

static void
read_organizer(const JsonOption *option, const JsonbValue *value, void *arg)
{
	static const char *const expected = "a mail address";
	IcsOptions *options = arg;

	options->organizer_address = json_option_word(option, value, expected);
	options->organizer = address_uri(option, options->organizer_address,
									 expected);
}

/* ---------------------------------------------------------------------
 * arrays
 * ---------------------------------------------------------------------
 */

/* The items of an array, to read in turn; *count is how many they are. */
static JsonbIterator *
array_items(const JsonOption *option, const JsonbValue *value,
			const char *expected, int *count)
{
	JsonbIterator *iterator;
	JsonbValue	array;

	if (value->type != jbvBinary ||
		!JsonContainerIsArray(value->val.binary.data))
		json_option_refuse(option, expected);
	iterator = JsonbIteratorInit(value->val.binary.data);
	(void) JsonbIteratorNext(&iterator, &array, true);
	*count = array.val.array.nElems;
	return iterator;
}

static const char *const people_expected =
"an array of mail addresses, or of objects with \"id\", \"email\" and \"name\"";

/* {"id": ..., "email": ..., "name": ...}; false without an address. */
static bool
read_person(const JsonOption *option, const JsonbValue *value,
			IcsPerson *person)
{
	JsonbIterator *iterator = JsonbIteratorInit(value->val.binary.data);
	JsonbIteratorToken token;
	JsonbValue	key;
	Word		email = WORD_NONE;

	while ((token = JsonbIteratorNext(&iterator, &key, true)) != WJB_DONE)
	{
		JsonbValue	member;
		Word	   *word;

		if (token != WJB_KEY)
			continue;
		(void) JsonbIteratorNext(&iterator, &member, true);
		if (word_is("id", key.val.string.val, key.val.string.len))
			word = &person->id;
		else if (word_is("name", key.val.string.val, key.val.string.len))
			word = &person->name;
		else if (word_is("email", key.val.string.val, key.val.string.len))
			word = &email;
		else
			json_option_refuse(option, people_expected);
		if (member.type != jbvNull)
			*word = json_option_word(option, &member, people_expected);
	}
	if (email.data == NULL)
		return false;
	person->uri = address_uri(option, email, people_expected);
	if (person->id.data == NULL)
		person->id = email;
	return true;
}

/* Who has no address is left out. */
static void
read_people(const JsonOption *option, const JsonbValue *value, void *arg)
{
	IcsOptions *options = arg;
	int			count;
	JsonbIterator *iterator = array_items(option, value, people_expected,
										  &count);
	JsonbValue	item;

	options->has_attendees = true;
	options->attendees = palloc_array(IcsPerson, Max(count, 1));
	options->attendee_count = 0;
	while (JsonbIteratorNext(&iterator, &item, true) == WJB_ELEM)
	{
		IcsPerson  *person = &options->attendees[options->attendee_count];

		CHECK_FOR_INTERRUPTS();
		memset(person, 0, sizeof(*person));
		if (item.type == jbvNull)
			continue;
		if (item.type == jbvBinary &&
			JsonContainerIsObject(item.val.binary.data))
		{
			if (read_person(option, &item, person))
				options->attendee_count++;
			continue;
		}
		person->id = json_option_word(option, &item, people_expected);
		person->uri = address_uri(option, person->id, people_expected);
		options->attendee_count++;
	}
}

static void
read_exdates(const JsonOption *option, const JsonbValue *value, void *arg)
{
	static const char *const expected =
	"an array of local times, such as \"2026-05-04T09:00:00\"";
	IcsOptions *options = arg;
	int			count;
	JsonbIterator *iterator = array_items(option, value, expected, &count);
	JsonbValue	item;

	options->exdates = palloc_array(InstantText, Max(count, 1));
	options->exdate_count = 0;
	while (JsonbIteratorNext(&iterator, &item, true) == WJB_ELEM)
	{
		InstantText *time = &options->exdates[options->exdate_count];

		CHECK_FOR_INTERRUPTS();
		if (item.type == jbvNull)
			continue;
		if (item.type != jbvString ||
			!instant_is_known(instant_parse_text(item.val.string.val,
												 item.val.string.len, time)))
			json_option_refuse(option, expected);
		options->exdate_count++;
	}
}

/* ---------------------------------------------------------------------
 * all of them
 * ---------------------------------------------------------------------
 */

static const JsonOption known_options[] = {
#define OPTION(name, read)	{#name, read, offsetof(IcsOptions, name)}
	OPTION(domain, read_domain),
	OPTION(name, read_text),
	OPTION(prodid, read_text),
	OPTION(personal, read_boolean),
	OPTION(summary, read_text),
	OPTION(description, read_text),
	OPTION(location, read_text),
	OPTION(url, read_url),
	OPTION(organizer, read_organizer),
	OPTION(organizer_name, read_text),
	OPTION(attendees, read_people),
	OPTION(sequence, read_number),
	OPTION(stamp, read_stamp),
	OPTION(time_zone, read_zone),
	OPTION(series, read_boolean),
	OPTION(exdates, read_exdates),
	OPTION(refresh, read_positive_minutes),
	OPTION(alarm, read_minutes),
#undef OPTION
};

void
ics_options_begin(IcsOptions *options)
{
	memset(options, 0, sizeof(*options));
	options->sequence = -1;
	options->refresh = -1;
	options->alarm = -1;
}

/*
 * Read the options, in the current memory context.
 */
void
ics_options_parse(IcsOptions *options, Jsonb *jsonb)
{
	json_options_read(jsonb, known_options, lengthof(known_options), options);
}
