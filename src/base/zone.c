/*-------------------------------------------------------------------------
 *
 * zone.c
 *		Zones: their names, the changes of their clocks, local time.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"

#include "base/instant.h"
#include "base/word.h"
#include "base/zone.h"

/* The zones of the tz database with digits in their names, but for Etc/. */
static const char *const zones_with_digits[] = {
	"CST6CDT", "EST5EDT", "GMT+0", "GMT-0", "GMT0", "MST7MDT", "PST8PDT",
};

/* ---------------------------------------------------------------------
 * names
 * ---------------------------------------------------------------------
 */

/* Of Etc/GMT0, Etc/GMT+0 to Etc/GMT+12, Etc/GMT-0 to Etc/GMT-14: the end. */
static bool
is_etc_offset(const char *text, size_t len)
{
	int			limit = 0;
	int			hours = 0;

	if (text[0] == '+' || text[0] == '-')
	{
		limit = text[0] == '+' ? 12 : 14;
		text++;
		len--;
	}
	if (len < 1 || len > 2 || (len == 2 && text[0] == '0'))
		return false;
	for (size_t i = 0; i < len; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return false;
		hours = hours * 10 + (text[i] - '0');
	}
	return hours <= limit;
}

/*
 * Could this be the name of a zone in the tz database (RFC 6557)?
 *
 * The server's pg_tzset takes more: a POSIX specification ("XYZ5"), which
 * always has a digit, as few names in the database do; a leading colon; and
 * files that stand beside the zones on many systems.  This is asked first,
 * because whatever pg_tzset takes it keeps until the session ends, some 20 kB
 * each, and the names come from documents.
 */
static bool
is_zone_name(const char *name, size_t len)
{
	bool		plain = true;

	if (len == 0 || len > TZ_STRLEN_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
	{
		char		c = name[i];

		if ((c >= '0' && c <= '9') || c == '+')
			plain = false;
		else if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
				 c != '_' && c != '-' && c != '/')
			return false;
	}

	if (plain)
		return !(len == 9 && pg_strncasecmp(name, "localtime", 9) == 0) &&
			!(len == 10 && pg_strncasecmp(name, "posixrules", 10) == 0) &&
			!(len > 6 && pg_strncasecmp(name, "posix/", 6) == 0) &&
			!(len > 6 && pg_strncasecmp(name, "right/", 6) == 0);

	if (len > 7 && pg_strncasecmp(name, "Etc/GMT", 7) == 0)
		return is_etc_offset(name + 7, len - 7);

	for (size_t i = 0; i < lengthof(zones_with_digits); i++)
	{
		const char *zone = zones_with_digits[i];

		if (word_is_ignoring_case(zone, name, len))
			return true;
	}
	return false;
}

/*
 * The zone of this name, in any case as the server has it, or NULL if there
 * is none.
 *
 * This may raise an error where nothing else here does: a zone that the
 * session meets for the first time is read from its file and put into a hash
 * table, which takes memory and a file descriptor.
 *
 * The last zone is remembered, because documents mostly name the same one,
 * and to look it up takes longer than to write the time in it.  The server
 * keeps a zone as long as the session lives.
 */
pg_tz *
instant_zone(const char *name, size_t len)
{
	static char last_name[TZ_STRLEN_MAX + 1];
	static size_t last_len = 0;
	static pg_tz *last_zone = NULL;
	char		terminated[TZ_STRLEN_MAX + 1];
	pg_tz	   *zone;

	if (last_zone != NULL && len == last_len &&
		memcmp(name, last_name, len) == 0)
		return last_zone;

	if (!is_zone_name(name, len))
		return NULL;
	memcpy(terminated, name, len);
	terminated[len] = '\0';
	zone = pg_tzset(terminated);

	/* a zone that counts leap seconds would break all arithmetic */
	if (zone == NULL || !pg_tz_acceptable(zone))
		return NULL;

	memcpy(last_name, name, len);
	last_len = len;
	last_zone = zone;
	return zone;
}

/*
 * Does the name of a zone say where its clocks are?  The tz database has one
 * for machines that nobody has told yet.
 */
bool
instant_zone_is_place(const char *name, size_t len)
{
	return !(len == 7 && pg_strncasecmp(name, "Factory", 7) == 0);
}

/* ---------------------------------------------------------------------
 * clocks
 * ---------------------------------------------------------------------
 */

/*
 * The offset of a zone at an instant, in seconds east of UTC.
 *
 * pg_localtime has it, too, but works out the whole calendar first, which
 * takes longer than all the rest of instant_format_local.  The two look at
 * the same table.
 */
static long
zone_offset(TimestampTz instant, const pg_tz *zone)
{
	pg_time_t	seconds = instant_epoch_seconds(instant);
	long		before = 0;
	long		after;
	int			before_isdst;
	int			after_isdst;
	pg_time_t	boundary;

	(void) pg_next_dst_boundary(&seconds, &before, &before_isdst, &boundary,
								&after, &after_isdst, zone);
	return before;
}

/*
 * The wall clock of a zone at an instant.
 */
Timestamp
instant_to_local(TimestampTz instant, pg_tz *zone)
{
	return instant + zone_offset(instant, zone) * USECS_PER_SEC;
}

/*
 * The instant of a local time, as RFC 5545 section 3.3.5 decides: a local
 * time that occurs twice is the first of the two; one that does not occur,
 * because the clock skipped it, is read with the offset before the gap.
 *
 * The server's DetermineTimeZoneOffset takes the second of the two, and looks
 * at one change of the offset only.
 */
TimestampTz
instant_from_local(Timestamp local, pg_tz *zone)
{
	int64		wall;
	pg_time_t	from;

	/*
	 * What instant_parse_text returns is within a day of the years.  The
	 * caller checks the range of the result, so let the rest fail there.
	 */
	if (local < INSTANT_FIRST - USECS_PER_DAY ||
		local > INSTANT_END + USECS_PER_DAY)
		return local;

	/*
	 * Walk over the changes, beginning a day before: no offset is as large,
	 * so the local time cannot have occurred by then.
	 */
	wall = instant_epoch_seconds(local);
	from = wall - SECS_PER_DAY;
	for (;;)
	{
		long		before = 0;
		long		after = 0;
		int			before_isdst;
		int			after_isdst;
		pg_time_t	boundary = 0;

		/*
		 * It has not occurred before "from".  If with this offset it occurs
		 * before the next change, this is the first time.  If it does not,
		 * but with the next offset would have occurred before that change,
		 * the change skips it.
		 */
		if (pg_next_dst_boundary(&from, &before, &before_isdst, &boundary,
								 &after, &after_isdst, zone) != 1 ||
			wall - before < boundary ||
			wall - after < boundary)
			return local - before * USECS_PER_SEC;
		from = boundary;
	}
}

/*
 * Whether the clocks of a zone show the local time at an instant that was made
 * of it: not if they skip it.
 */
bool
instant_reads_as(TimestampTz instant, Timestamp local, const pg_tz *zone)
{
	return !instant_in_range(instant) ||
		instant + zone_offset(instant, zone) * USECS_PER_SEC == local;
}

/*
 * Write an instant as the wall clock of a zone with the zone's offset then.
 *
 * At the very edges of the years the local time may be outside them, where
 * four digits cannot write it: UTC then, which is the same instant.  So with
 * an offset beyond what the server and instant_parse_text take; no zone of
 * the tz database has one.
 */
int
instant_format_local(TimestampTz instant, pg_tz *zone, char *buf)
{
	long		offset = 0;

	if (instant_in_range(instant))
		offset = zone_offset(instant, zone);
	if (labs(offset) >= TZDISP_LIMIT ||
		!instant_in_range(instant + offset * USECS_PER_SEC))
		offset = 0;
	return instant_format_offset(instant + offset * USECS_PER_SEC, (int) offset,
								 buf);
}
