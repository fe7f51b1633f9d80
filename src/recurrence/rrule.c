/*-------------------------------------------------------------------------
 *
 * rrule.c
 *		The type rrule: the names of its parts, which of them go together, its
 *		bytes and their order.
 *
 * The bytes of a value are described in rrule.h.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "recurrence/rrule.h"

const char *const rrule_part_names[RRULE_PARTS] = {
	"FREQ", "UNTIL", "COUNT", "INTERVAL", "BYSECOND", "BYMINUTE", "BYHOUR",
	"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS",
	"WKST",
};

const char *const rrule_frequency_names[RRULE_FREQUENCIES] = {
	"SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY",
};

const char *const rrule_day_names[WEEKDAYS] = {
	"MO", "TU", "WE", "TH", "FR", "SA", "SU",
};

void
rrule_corrupt(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("stored rrule is corrupt, or of a later version")));
}

/*----------------------------------------------------------
 * Checks
 *----------------------------------------------------------*/

/* Has BYDAY ordinals, as in -1FR? */
bool
rrule_has_ordinals(const RRule *rule)
{
	for (int day = 0; day < WEEKDAYS; day++)
	{
		if ((rule->days.plus[day] & ~UINT64CONST(1)) != 0 ||
			rule->days.minus[day] != 0)
			return true;
	}
	return false;
}

static bool
fault_of_part(RRuleFault *fault, RRulePart part, const char *detail)
{
	fault->part = rrule_part_names[part];
	fault->part_len = strlen(fault->part);
	fault->detail = detail;
	return false;
}

/*
 * Do the parts of a rule go together?  These are the "MUST NOT"s of RFC 5545.
 * If not, the fault names a part.
 */
bool
rrule_check(const RRule *rule, RRuleFault *fault)
{
	const uint32 by_parts = RRULE_PART(RRULE_BYSECOND) |
	RRULE_PART(RRULE_BYMINUTE) | RRULE_PART(RRULE_BYHOUR) |
	RRULE_PART(RRULE_BYDAY) | RRULE_PART(RRULE_BYMONTHDAY) |
	RRULE_PART(RRULE_BYYEARDAY) | RRULE_PART(RRULE_BYWEEKNO) |
	RRULE_PART(RRULE_BYMONTH);

	*fault = (RRuleFault)
	{
		0
	};
	if (!rrule_has(rule, RRULE_FREQ))
	{
		fault->detail = "A rule needs FREQ, such as FREQ=WEEKLY.";
		return false;
	}
	if (rrule_has(rule, RRULE_COUNT) && rrule_has(rule, RRULE_UNTIL))
		return fault_of_part(fault, RRULE_COUNT,
							 "A rule has COUNT or UNTIL, not both.");
	if (rule->freq != RRULE_MONTHLY && rule->freq != RRULE_YEARLY &&
		rrule_has_ordinals(rule))
		return fault_of_part(fault, RRULE_BYDAY,
							 "An ordinal before a weekday needs FREQ=MONTHLY or FREQ=YEARLY.");
	if (rrule_has(rule, RRULE_BYWEEKNO) && rrule_has_ordinals(rule))
		return fault_of_part(fault, RRULE_BYDAY,
							 "With BYWEEKNO there is no ordinal before a weekday.");
	if (rule->freq == RRULE_WEEKLY && rrule_has(rule, RRULE_BYMONTHDAY))
		return fault_of_part(fault, RRULE_BYMONTHDAY,
							 "BYMONTHDAY does not go with FREQ=WEEKLY.");
	if (rrule_has(rule, RRULE_BYYEARDAY) &&
		(rule->freq == RRULE_DAILY || rule->freq == RRULE_WEEKLY ||
		 rule->freq == RRULE_MONTHLY))
		return fault_of_part(fault, RRULE_BYYEARDAY,
							 "BYYEARDAY does not go with FREQ=DAILY, WEEKLY or MONTHLY.");
	if (rrule_has(rule, RRULE_BYWEEKNO) && rule->freq != RRULE_YEARLY)
		return fault_of_part(fault, RRULE_BYWEEKNO,
							 "BYWEEKNO needs FREQ=YEARLY.");
	if (rrule_has(rule, RRULE_BYSETPOS) && (rule->parts & by_parts) == 0)
		return fault_of_part(fault, RRULE_BYSETPOS,
							 "BYSETPOS needs another BY part to choose from.");
	return true;
}

/*----------------------------------------------------------
 * Bytes
 *----------------------------------------------------------*/

/*
 * The value of a canonical text.
 */
struct varlena *
rrule_build(const char *text, size_t len)
{
	struct varlena *value = palloc(VARHDRSZ + 1 + len);

	SET_VARSIZE(value, VARHDRSZ + 1 + len);
	VARDATA(value)[0] = RRULE_VERSION;
	memcpy(VARDATA(value) + 1, text, len);
	return value;
}

/*
 * The canonical text of a value; not terminated.
 */
const char *
rrule_text(const struct varlena *value, size_t *len)
{
	const char *data = VARDATA_ANY(value);
	size_t		size = VARSIZE_ANY_EXHDR(value);

	if (size < 1 || size > 1 + RRULE_TEXT_SIZE || data[0] != RRULE_VERSION)
		rrule_corrupt();
	*len = size - 1;
	return data + 1;
}

/*
 * By the canonical text, bytewise.
 */
int
rrule_compare(const struct varlena *a, const struct varlena *b)
{
	size_t		a_len;
	size_t		b_len;
	const char *a_text = rrule_text(a, &a_len);
	const char *b_text = rrule_text(b, &b_len);
	int			order = memcmp(a_text, b_text, Min(a_len, b_len));

	if (order == 0 && a_len != b_len)
		order = a_len < b_len ? -1 : 1;
	return order < 0 ? -1 : order > 0;
}

/*
 * The version byte is no part of the hash, so that a later layout can hash the
 * same.  With seed 0 the low half is the plain hash, as hash_extended requires.
 */
uint64
rrule_hash_value(const struct varlena *value, uint64 seed)
{
	size_t		len;
	const char *text = rrule_text(value, &len);

	return hash_bytes_extended((const unsigned char *) text, (int) len, seed);
}
