/*-------------------------------------------------------------------------
 *
 * open_hours.h
 *		The type open_hours: the rules that say when somebody is open.
 *
 * A value is one or more factors, all of which must be open; a factor is one or
 * more rules.  What a rule means is worked out in open_periods.c.  Nothing here
 * knows appointments.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OPEN_HOURS_H
#define APPOINTMENT_OPEN_HOURS_H

#include "datatype/timestamp.h"
#include "fmgr.h"

#include "base/word.h"
#include "compat.h"

#define OPEN_HOURS_VERSION	1

/* What is beyond is refused. */
#define OPEN_HOURS_MAX_RULES	50000
#define OPEN_HOURS_MAX_FACTORS	64

/* In the order in which the rules of a level are applied. */
typedef enum OpenKind
{
	OPEN_OPEN,
	OPEN_OVERRIDE,
	OPEN_NONE,					/* an override without hours */
	OPEN_CLOSED,
} OpenKind;

#define OPEN_KINDS			4

/* Bits of weekdays, Monday is bit 0. */
#define OPEN_EVERY_DAY		0x7F

/*
 * Bits of the ordinals of a weekday in its month: 1 to 5 are bits 0 to 4, -1 to
 * -5 bits 8 to 12.
 */
#define OPEN_MAX_ORDINAL	5
#define OPEN_NTH(n)			((n) > 0 ? 1 << ((n) - 1) : 1 << (7 - (n)))
#define OPEN_NTH_ALL		0x1F
#define OPEN_NTH_LAST_ALL	0x1F00

/* Bounds of what "valid" leaves open. */
#define OPEN_SINCE_EVER		PG_INT32_MIN
#define OPEN_FOR_EVER		PG_INT32_MAX

/*
 * A rule, as it is stored, too.  What says nothing has one value only
 * (open_rule_normalise), so equal rules have equal bytes.
 */
typedef struct OpenRule
{
	int64		opens;			/* since midnight, 0 to 24 hours */
	int64		closes;			/* since the same midnight, up to 48 hours */
	int32		valid_from;		/* a date; OPEN_SINCE_EVER */
	int32		valid_until;	/* the day after the last; OPEN_FOR_EVER. Both
								 * are 0 if there is no day */
	int32		priority;
	int32		capacity;
	int32		every;			/* weeks */
	int32		anchor;			/* the Monday of a week that counts; 0 */
	uint16		nth;			/* 0 is every one */
	uint8		days;
	uint8		kind;			/* OpenKind */
	uint16		zone;			/* which of the value's */
	uint16		factor;			/* which of the value's */
} OpenRule;

/*
 * A value's bytes.  The rules are in the order of open_rule_compare(), each
 * once, those of the first factor first.  The zones' names are in the order of
 * their bytes, each once, used by a rule, with their length in a byte before
 * them.
 */
typedef struct OpenHoursHeader
{
	int32		vl_len_;
	uint8		version;
	uint8		reserved;		/* 0 */
	uint16		factors;
	uint32		rules;
	uint16		zones;
	uint16		reserved2;		/* 0 */
	/* OpenRule[rules], then the names */
} OpenHoursHeader;

/* A value, read.  What it points to lies in the value, or beside it. */
typedef struct OpenHours
{
	const OpenRule *rules;
	int			rule_count;
	int			factor_count;
	int			zone_count;
	const Word *zones;
} OpenHours;

/* Rules that become a value. */
typedef struct OpenHoursBuilder
{
	MemoryContext context;
	OpenRule   *rules;
	int			rule_count;
	int			rule_room;
	int			factor_count;
	Word	   *zones;
	int			zone_count;
	int			zone_room;
} OpenHoursBuilder;

extern int	open_rule_compare(const OpenRule *a, const OpenRule *b);
extern void open_rule_normalise(OpenRule *rule);
extern void open_hours_begin(OpenHoursBuilder *builder, MemoryContext context);
extern int	open_hours_zone(OpenHoursBuilder *builder, Word name);
extern bool open_hours_add(OpenHoursBuilder *builder, const OpenRule *rule);
extern bool open_hours_add_all(OpenHoursBuilder *builder,
							   const OpenHours *hours);
extern struct varlena *open_hours_value(const OpenHoursBuilder *builder);
extern struct varlena *open_hours_of_one(const OpenRule *rule, Word zone);
extern void open_hours_open(const struct varlena *value, OpenHours *hours);
extern int	open_hours_compare(const struct varlena *a,
							   const struct varlena *b);
extern uint64 open_hours_hash_value(const struct varlena *value, uint64 seed);

#define PG_GETARG_OPEN_HOURS(n) \
	((struct varlena *) PG_DETOAST_DATUM(PG_GETARG_DATUM(n)))
#define PG_GETARG_OPEN_HOURS_COPY(n) \
	((struct varlena *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(n)))

#endif							/* APPOINTMENT_OPEN_HOURS_H */
