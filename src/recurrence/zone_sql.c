/*-------------------------------------------------------------------------
 *
 * zone_sql.c
 *		The SQL functions of zones: local times, and changes of the clocks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/instant.h"
#include "base/instant_range.h"
#include "base/name.h"
#include "base/word.h"
#include "base/zone.h"
#include "base/zone_clock.h"
#include "compat.h"
#include "server/row_source.h"

/* ---------------------------------------------------------------------
 * local times
 * ---------------------------------------------------------------------
 */

/* What an argument says of a local time that is none or two. */
typedef struct ResolveWord
{
	const char *word;
	bool		error;			/* or else: */
	ZoneResolve resolve;
} ResolveWord;

static const ResolveWord resolve_words[] = {
	{"compatible", false, ZONE_COMPATIBLE},
	{"earlier", false, ZONE_EARLIER},
	{"later", false, ZONE_LATER},
	{"error", true, ZONE_COMPATIBLE},
};

static const ResolveWord *
resolve_argument(const text * argument)
{
	const char *word = VARDATA_ANY(argument);
	size_t		len = VARSIZE_ANY_EXHDR(argument);

	for (int i = 0; i < (int) lengthof(resolve_words); i++)
	{
		if (word_is(resolve_words[i].word, word, len))
			return &resolve_words[i];
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown way%s to resolve a local time",
					quoted_name(word, len, "")),
			 errhint("It is one of: compatible, earlier, later, error.")));
	return NULL;				/* keep compiler quiet */
}

/* Make sure that the clocks of a zone show a local time once. */
static void
check_once(const pg_tz *zone, Timestamp local)
{
	TimestampTz earlier;
	TimestampTz later;

	switch (zone_read_local(zone, local, &earlier, &later))
	{
		case ZONE_SHOWS_ONCE:
			break;
		case ZONE_SHOWS_NEVER:
			ereport(ERROR,
					(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
					 errmsg("local time does not exist in time zone \"%s\"",
							pg_get_timezone_name(unconstify(pg_tz *, zone))),
					 errdetail("Its clocks are put forward over this time."),
					 errhint("The way 'compatible' reads it with the offset before the change.")));
			break;
		case ZONE_SHOWS_TWICE:
			ereport(ERROR,
					(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
					 errmsg("local time comes twice in time zone \"%s\"",
							pg_get_timezone_name(unconstify(pg_tz *, zone))),
					 errdetail("Its clocks are set back over this time."),
					 errhint("The ways 'earlier' and 'later' choose.")));
			break;
	}
}

/* (local, zone, resolve) -> timestamptz */
APPOINTMENT_FUNCTION(zone_instant);
Datum
zone_instant(PG_FUNCTION_ARGS)
{
	Timestamp	local = PG_GETARG_TIMESTAMP(0);
	const ResolveWord *word = resolve_argument(PG_GETARG_TEXT_PP(2));
	pg_tz	   *zone = PG_GETARG_ZONE(1);
	TimestampTz instant;

	if (word->error)
		check_once(zone, local);
	instant = zone_local_to_instant(zone, local, word->resolve);
	if (!TIMESTAMP_NOT_FINITE(instant) && !IS_VALID_TIMESTAMP(instant))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	PG_RETURN_TIMESTAMPTZ(instant);
}

/* ---------------------------------------------------------------------
 * changes of the clocks
 * ---------------------------------------------------------------------
 */

/* Where a walk over the changes stands. */
typedef struct TransitionWalk
{
	const pg_tz *zone;
	TimestampTz after;			/* the next one is after this */
	TimestampTz end;			/* and before this */

	/* what the last row points to */
	Interval	offset;
	union
	{
		int32		align;
		char		text[VARHDRSZ + TZ_STRLEN_MAX];
	}			abbreviation;
} TransitionWalk;

/*
 * Begin a walk over a range.  Without a lower bound it begins with the first
 * change that there is; without an upper one it ends with the year 9999, because
 * the rules of many zones have no end.
 */
static void
transitions_begin(TransitionWalk *walk, const RangeType *range)
{
	TimestampTz from;
	TimestampTz to;

	walk->after = MIN_TIMESTAMP;
	walk->end = MIN_TIMESTAMP;
	if (!instant_range(range, &from, &to))
		return;
	if (from > MIN_TIMESTAMP)
		walk->after = from - 1;
	walk->end = to == DT_NOEND ? INSTANT_END : to;
}

/* The next change in the range that is one: *state is what it changes to. */
static bool
transitions_next(TransitionWalk *walk, TimestampTz *at, ZoneState *state)
{
	ZoneState	before;

	while (zone_next_change(walk->zone, walk->after, at))
	{
		if (*at >= walk->end)
			break;
		walk->after = *at;
		before = zone_state(walk->zone, *at - 1);
		*state = zone_state(walk->zone, *at);
		if (!zone_same_state(&before, state))
			return true;
		CHECK_FOR_INTERRUPTS();
	}
	walk->end = MIN_TIMESTAMP;
	return false;
}

static void *
begin_transitions(FunctionCallInfo fcinfo, bool copy)
{
	TransitionWalk *walk = palloc_object(TransitionWalk);

	walk->zone = PG_GETARG_ZONE(0);
	transitions_begin(walk, PG_GETARG_RANGE_P(1));
	return walk;
}

static bool
next_transition(void *state, Datum *values, bool *nulls)
{
	TransitionWalk *walk = state;
	TimestampTz at;
	ZoneState	zone;
	size_t		len;

	if (!transitions_next(walk, &at, &zone))
		return false;
	walk->offset = (Interval)
	{
		.time = zone.offset * USECS_PER_SEC
	};
	nulls[2] = zone.abbreviation == NULL;
	len = nulls[2] ? 0 : strnlen(zone.abbreviation, TZ_STRLEN_MAX);
	SET_VARSIZE(&walk->abbreviation, VARHDRSZ + len);
	if (len > 0)
		memcpy(walk->abbreviation.text + VARHDRSZ, zone.abbreviation, len);
	values[0] = TimestampTzGetDatum(at);
	values[1] = IntervalPGetDatum(&walk->offset);
	values[2] = PointerGetDatum(&walk->abbreviation);
	values[3] = BoolGetDatum(zone.is_dst);
	return true;
}

static const RowSource transition_rows = {4, begin_transitions, next_transition};

/* (zone, during) -> setof (at, utc_offset, abbreviation, is_dst) */
APPOINTMENT_FUNCTION(zone_transitions);
Datum
zone_transitions(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, &transition_rows);
}
