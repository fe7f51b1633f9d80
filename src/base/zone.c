/*-------------------------------------------------------------------------
 *
 * zone.c
 *		Zones by their names.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/name.h"
#include "base/word.h"
#include "base/zone.h"
#include "compat.h"

/* The zones of the tz database with digits in their names, but for Etc/. */
static const char *const zones_with_digits[] = {
	"CST6CDT", "EST5EDT", "GMT+0", "GMT-0", "GMT0", "MST7MDT", "PST8PDT",
};

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
 * The zone that an argument names.
 */
pg_tz *
zone_argument(const char *name, size_t len)
{
	pg_tz	   *zone = instant_zone(name, len);

	if (zone == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone%s not recognized",
						quoted_name(name, len, "")),
				 errhint("The name of an IANA time zone is needed, such as \"Europe/Berlin\".")));
	return zone;
}

pg_tz *
zone_text_argument(const text * name)
{
	return zone_argument(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
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
