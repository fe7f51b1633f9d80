/*-------------------------------------------------------------------------
 *
 * rrule.h
 *		The type rrule: a recurrence rule, RECUR of RFC 5545 section 3.3.10.
 *
 * A rule knows neither its start nor a zone.  Nothing here knows appointments.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_RRULE_H
#define APPOINTMENT_RRULE_H

#include "datatype/timestamp.h"
#include "fmgr.h"

#include "compat.h"

#define WEEKDAYS	7

/*
 * A rule's bytes, after the varlena header (of one byte or four):
 *
 *	offset	bytes
 *	0		1		version, 1
 *	1				the canonical text, not terminated
 *
 * The canonical text has the parts in the order of RFC 5545's grammar, in
 * upper case, the numbers of a list in ascending order (those that count from
 * the end behind the others), each once, without signs or zeros that say
 * nothing, and without INTERVAL=1 and WKST=MO.  So equal rules have equal
 * bytes.
 */
#define RRULE_VERSION		1

/* A longer text is refused; no canonical text is as long. */
#define RRULE_MAX_TEXT		16384

/* Room for any canonical text. */
#define RRULE_TEXT_SIZE		RRULE_MAX_TEXT

typedef enum RRuleFrequency
{
	RRULE_SECONDLY,
	RRULE_MINUTELY,
	RRULE_HOURLY,
	RRULE_DAILY,
	RRULE_WEEKLY,
	RRULE_MONTHLY,
	RRULE_YEARLY,
} RRuleFrequency;

#define RRULE_FREQUENCIES	7

/* The parts, in the order of the canonical text. */
typedef enum RRulePart
{
	RRULE_FREQ,
	RRULE_UNTIL,
	RRULE_COUNT,
	RRULE_INTERVAL,
	RRULE_BYSECOND,
	RRULE_BYMINUTE,
	RRULE_BYHOUR,
	RRULE_BYDAY,
	RRULE_BYMONTHDAY,
	RRULE_BYYEARDAY,
	RRULE_BYWEEKNO,
	RRULE_BYMONTH,
	RRULE_BYSETPOS,
	RRULE_WKST,
} RRulePart;

#define RRULE_PARTS			14
#define RRULE_PART(part)	(1U << (part))

/* What UNTIL is. */
typedef enum RRuleUntil
{
	RRULE_UNTIL_DATE,			/* until that day is over, on the wall clock */
	RRULE_UNTIL_LOCAL,			/* a time of the wall clock */
	RRULE_UNTIL_INSTANT,		/* with Z: an instant */
} RRuleUntil;

/*
 * The numbers of a list as bits: n is bit n of plus, -n bit n of minus.  No
 * list has more than those of days in a year.
 */
#define RRULE_WORDS			6
#define RRULE_MAX_NUMBER	366

typedef struct RRuleNumbers
{
	uint64		plus[RRULE_WORDS];
	uint64		minus[RRULE_WORDS];
} RRuleNumbers;

/*
 * Weekdays, 0 is Monday, with their ordinals as bits; bit 0 of plus is the
 * weekday without an ordinal.
 */
#define RRULE_MAX_ORDINAL	53

typedef struct RRuleDays
{
	uint64		plus[WEEKDAYS];
	uint64		minus[WEEKDAYS];
} RRuleDays;

/* The numbers of BYSECOND to BYSETPOS but BYDAY, by part. */
#define RRULE_FIRST_LIST	RRULE_BYSECOND
#define RRULE_LISTS			(RRULE_BYSETPOS - RRULE_FIRST_LIST + 1)

/* A rule, read. */
typedef struct RRule
{
	uint32		parts;			/* RRULE_PART() of those that are there */
	RRuleFrequency freq;
	RRuleUntil	until_kind;
	Timestamp	until;			/* of a date its midnight */
	int32		count;			/* 0 without COUNT */
	int32		interval;
	int			week_start;		/* 0 is Monday */
	RRuleDays	days;
	RRuleNumbers lists[RRULE_LISTS];
} RRule;

static inline bool
rrule_has(const RRule *rule, RRulePart part)
{
	return (rule->parts & RRULE_PART(part)) != 0;
}

static inline const RRuleNumbers *
rrule_numbers(const RRule *rule, RRulePart part)
{
	return &rule->lists[part - RRULE_FIRST_LIST];
}

/*
 * What is wrong with a text, or with parts that stand together: the part and
 * the item in it, where they lie in the text, or NULL.
 */
typedef struct RRuleFault
{
	const char *part;
	size_t		part_len;
	const char *item;
	size_t		item_len;
	const char *detail;			/* a sentence */
} RRuleFault;

extern const char *const rrule_part_names[RRULE_PARTS];
extern const char *const rrule_frequency_names[RRULE_FREQUENCIES];
extern const char *const rrule_day_names[WEEKDAYS];

pg_noreturn extern void rrule_corrupt(void) pg_attribute_cold;
extern bool rrule_has_ordinals(const RRule *rule);
extern bool rrule_check(const RRule *rule, RRuleFault *fault);
extern struct varlena *rrule_build(const char *text, size_t len);
extern const char *rrule_text(const struct varlena *value, size_t *len);
extern int	rrule_compare(const struct varlena *a, const struct varlena *b);
extern uint64 rrule_hash_value(const struct varlena *value, uint64 seed);

#define PG_GETARG_RRULE(n) \
	((struct varlena *) PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(n)))

#endif							/* APPOINTMENT_RRULE_H */
