/*-------------------------------------------------------------------------
 *
 * instant_test.c
 *		The functions of src/base/instant.c, zone.c and zone_clock.c for SQL, to
 *		test them alone.
 *
 * The extension exports none of them, so the sources are included.  Every text
 * is handed over in a block of its exact size without a terminator, so that
 * valgrind or AddressSanitizer sees a byte read too many.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"

#include "../../../src/compat.h"
#include "../../../src/base/instant.c"
#include "../../../src/base/name.c"
#include "../../../src/base/zone.c"
#include "../../../src/base/zone_clock.c"

PG_MODULE_MAGIC;

APPOINTMENT_FUNCTION(test_parse_text);
APPOINTMENT_FUNCTION(test_parse);
APPOINTMENT_FUNCTION(test_parse_epoch);
APPOINTMENT_FUNCTION(test_parse_date);
APPOINTMENT_FUNCTION(test_format);
APPOINTMENT_FUNCTION(test_format_local);
APPOINTMENT_FUNCTION(test_format_epoch);
APPOINTMENT_FUNCTION(test_format_date);
APPOINTMENT_FUNCTION(test_zone);
APPOINTMENT_FUNCTION(test_from_local);
APPOINTMENT_FUNCTION(test_mutations);

static const char *const status_names[] = {
	[INSTANT_OK] = "ok",
	[INSTANT_MALFORMED] = "malformed",
	[INSTANT_NO_OFFSET] = "no offset",
	[INSTANT_OUT_OF_RANGE] = "out of range",
	[INSTANT_BAD_OFFSET] = "bad offset",
	[INSTANT_TOO_PRECISE] = "too precise",
};

/*
 * A copy of a text argument in a block of its own and of its exact size.
 */
static char *
exact_copy(text *argument, size_t *len)
{
	char	   *copy;

	*len = VARSIZE_ANY_EXHDR(argument);
	copy = malloc(*len);
	if (copy == NULL && *len > 0)
		elog(ERROR, "out of memory");
	if (*len > 0)
		memcpy(copy, VARDATA_ANY(argument), *len);
	return copy;
}

/*
 * The server's text of an instant, or the name of a status.
 */
static Datum
instant_result(InstantStatus status, TimestampTz instant)
{
	const char *result = status_names[status];

	if (status == INSTANT_OK)
		result = DatumGetCString(DirectFunctionCall1(timestamptz_out,
													 TimestampTzGetDatum(instant)));
	PG_RETURN_TEXT_P(cstring_to_text(result));
}

/*
 * What was written, after a check of its length and terminator.
 */
static Datum
written(const char *buf, int len)
{
	if (len < 0 || len >= INSTANT_MAXLEN || strlen(buf) != (size_t) len)
		elog(ERROR, "wrong length %d", len);
	PG_RETURN_TEXT_P(cstring_to_text(buf));
}

/*
 * The zone that an argument names.
 */
static pg_tz *
named_zone(text *argument)
{
	pg_tz	   *zone = instant_zone(VARDATA_ANY(argument),
									VARSIZE_ANY_EXHDR(argument));

	if (zone == NULL)
		elog(ERROR, "no zone \"%s\"", text_to_cstring(argument));
	return zone;
}

/*
 * The unit that an argument names: s or ms.
 */
static InstantUnit
unit_argument(text *argument)
{
	return strcmp(text_to_cstring(argument), "s") == 0 ?
		INSTANT_SECONDS : INSTANT_MILLISECONDS;
}

/*
 * Read ISO 8601: the local time, with its offset in seconds if it has one.
 */
Datum
test_parse_text(PG_FUNCTION_ARGS)
{
	size_t		len;
	char	   *copy = exact_copy(PG_GETARG_TEXT_PP(0), &len);
	InstantText result;
	InstantStatus status = instant_parse_text(copy, len, &result);
	char	   *local;

	free(copy);
	if (status != INSTANT_OK)
		PG_RETURN_TEXT_P(cstring_to_text(status_names[status]));
	local = DatumGetCString(DirectFunctionCall1(timestamp_out,
												TimestampGetDatum(result.local)));
	if (!result.has_offset)
		PG_RETURN_TEXT_P(cstring_to_text(local));
	if (!instant_in_range(result.instant) ||
		result.local - result.instant != result.offset * USECS_PER_SEC)
		elog(ERROR, "instant, local time and offset do not agree");
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("%s %d", local, result.offset)));
}

/*
 * Read an instant.
 */
Datum
test_parse(PG_FUNCTION_ARGS)
{
	size_t		len;
	char	   *copy = exact_copy(PG_GETARG_TEXT_PP(0), &len);
	TimestampTz instant = 0;
	InstantStatus status = instant_parse(copy, len, &instant);

	free(copy);
	return instant_result(status, instant);
}

/*
 * Read an epoch number.
 */
Datum
test_parse_epoch(PG_FUNCTION_ARGS)
{
	size_t		len;
	char	   *copy = exact_copy(PG_GETARG_TEXT_PP(0), &len);
	TimestampTz instant = 0;
	InstantStatus status;

	status = instant_parse_epoch(copy, len,
								 unit_argument(PG_GETARG_TEXT_PP(1)),
								 &instant);
	free(copy);
	return instant_result(status, instant);
}

/*
 * Read a date.
 */
Datum
test_parse_date(PG_FUNCTION_ARGS)
{
	size_t		len;
	char	   *copy = exact_copy(PG_GETARG_TEXT_PP(0), &len);
	DateADT		date = 0;
	InstantStatus status = date_parse(copy, len, &date);
	const char *result = status_names[status];

	free(copy);
	if (status == INSTANT_OK)
		result = DatumGetCString(DirectFunctionCall1(date_out,
													 DateADTGetDatum(date)));
	PG_RETURN_TEXT_P(cstring_to_text(result));
}

/*
 * Write an instant in UTC.
 */
Datum
test_format(PG_FUNCTION_ARGS)
{
	char		buf[INSTANT_MAXLEN];
	int			len = instant_format(PG_GETARG_TIMESTAMPTZ(0),
									 PG_GETARG_INT32(1), buf);

	return written(buf, len);
}

/*
 * Write an instant in a zone.
 */
Datum
test_format_local(PG_FUNCTION_ARGS)
{
	char		buf[INSTANT_MAXLEN];
	int			len = instant_format_local(PG_GETARG_TIMESTAMPTZ(0),
										   named_zone(PG_GETARG_TEXT_PP(1)),
										   buf);

	return written(buf, len);
}

/*
 * Write an epoch number.
 */
Datum
test_format_epoch(PG_FUNCTION_ARGS)
{
	char		buf[INSTANT_MAXLEN];
	int			len = instant_format_epoch(PG_GETARG_TIMESTAMPTZ(0),
										   unit_argument(PG_GETARG_TEXT_PP(1)),
										   buf);

	return written(buf, len);
}

/*
 * Write a date.
 */
Datum
test_format_date(PG_FUNCTION_ARGS)
{
	char		buf[INSTANT_MAXLEN];
	int			len = date_format(PG_GETARG_DATEADT(0), buf);

	return written(buf, len);
}

/*
 * The zone's own spelling of a name, or NULL if there is no such zone.
 */
Datum
test_zone(PG_FUNCTION_ARGS)
{
	size_t		len;
	char	   *copy = exact_copy(PG_GETARG_TEXT_PP(0), &len);
	pg_tz	   *zone = instant_zone(copy, len);

	free(copy);
	if (zone == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(pg_get_timezone_name(zone)));
}

/*
 * The instant of a local time.
 */
Datum
test_from_local(PG_FUNCTION_ARGS)
{
	Timestamp	local = PG_GETARG_TIMESTAMP(0);
	pg_tz	   *zone = named_zone(PG_GETARG_TEXT_PP(1));
	ZoneClock	clock;
	TimestampTz instant = zone_local_to_instant(zone, local, ZONE_COMPATIBLE);
	TimestampTz same = 0;

	zone_clock_begin(&clock, zone);
	for (int i = 0; i < 2; i++)
	{
		if (zone_clock_read(&clock, local, &same) !=
			(instant_to_local(instant, zone) == local) || same != instant)
			elog(ERROR, "a clock says another instant");
	}
	PG_RETURN_TIMESTAMPTZ(instant);
}

/*
 * Change the text at random, any number of times, and give every version to
 * every reader.  What one takes must be in range and come back the same from
 * the writer.  Returns how many were taken.
 */
Datum
test_mutations(PG_FUNCTION_ARGS)
{
	static const char likely[] = "0123456789012345678924-+:.,TZ eE/\0\377";
	text	   *original = PG_GETARG_TEXT_PP(0);
	int			count = PG_GETARG_INT32(1);
	uint64		state = PG_GETARG_INT32(2);
	int64		taken = 0;

#define RANDOM(n) \
	(state = state * UINT64CONST(6364136223846793005) + 1442695040888963407, \
	 (size_t) (state >> 33) % (n))

	for (int i = 0; i < count; i++)
	{
		size_t		len;
		char	   *copy = exact_copy(original, &len);
		size_t		new_len = RANDOM(4) == 0 ? RANDOM(len + 1) : len;
		char	   *text = malloc(new_len);
		char		buf[INSTANT_MAXLEN];
		InstantText result;
		TimestampTz instant = 0;
		TimestampTz again = 0;
		DateADT		date;

		if (new_len > 0)
			memcpy(text, copy, new_len);
		free(copy);
		for (size_t n = new_len > 0 ? RANDOM(4) : 0; n > 0; n--)
			text[RANDOM(new_len)] = RANDOM(4) == 0 ? (char) RANDOM(256) :
				likely[RANDOM(sizeof(likely) - 1)];

		if (instant_parse_text(text, new_len, &result) == INSTANT_OK)
		{
			len = instant_format(result.instant, 0, buf);
			if (instant_parse(buf, len, &again) != INSTANT_OK ||
				again != result.instant)
				elog(ERROR, "does not come back: %s", buf);
			taken++;
		}
		for (int unit = INSTANT_SECONDS; unit <= INSTANT_MILLISECONDS; unit++)
		{
			if (instant_parse_epoch(text, new_len, unit, &instant) != INSTANT_OK)
				continue;
			len = instant_format_epoch(instant, INSTANT_MILLISECONDS, buf);
			if (instant_parse_epoch(buf, len, INSTANT_MILLISECONDS,
									&again) != INSTANT_OK ||
				again != instant)
				elog(ERROR, "does not come back: %s", buf);
			taken++;
		}
		if (date_parse(text, new_len, &date) == INSTANT_OK)
		{
			len = date_format(date, buf);
			if (len != new_len || memcmp(buf, text, len) != 0)
				elog(ERROR, "does not come back: %s", buf);
			taken++;
		}
		if (is_zone_name(text, new_len))
			taken++;
		free(text);
		CHECK_FOR_INTERRUPTS();
	}
	PG_RETURN_INT64(taken);
}
