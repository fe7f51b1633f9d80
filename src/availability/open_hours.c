/*-------------------------------------------------------------------------
 *
 * open_hours.c
 *		The type open_hours: its bytes, how they are built and read, their order.
 *
 * The bytes of a value are described in open_hours.h.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "common/int.h"

#include "availability/open_hours.h"
#include "base/instant.h"

StaticAssertDecl(sizeof(OpenRule) == 48, "a stored rule has 48 bytes");
StaticAssertDecl(sizeof(OpenHoursHeader) == 16, "rules begin at byte 16");

/*----------------------------------------------------------
 * Rules
 *----------------------------------------------------------*/

#define COMPARE(field) \
	if (a->field != b->field) \
		return a->field < b->field ? -1 : 1

/*
 * The order of rules: as they are applied, then as people write them, without
 * dates first, and from Monday on.
 */
int
open_rule_compare(const OpenRule *a, const OpenRule *b)
{
	COMPARE(factor);
	COMPARE(priority);
	COMPARE(kind);
	COMPARE(zone);
	COMPARE(valid_from);
	COMPARE(valid_until);
	COMPARE(every);
	COMPARE(anchor);

	/* the one with the first weekday that the other lacks */
	if (a->days != b->days)
	{
		int			differs = a->days ^ b->days;

		return (a->days & differs & -differs) != 0 ? -1 : 1;
	}
	COMPARE(nth);
	COMPARE(capacity);
	COMPARE(opens);
	COMPARE(closes);
	return 0;
}

static int
compare_for_sort(const void *a, const void *b)
{
	return open_rule_compare(a, b);
}

/*
 * Give what says nothing its one value.
 */
void
open_rule_normalise(OpenRule *rule)
{
	/* beyond the years there is nothing */
	if (rule->valid_from < INSTANT_FIRST_DAY)
		rule->valid_from = OPEN_SINCE_EVER;
	if (rule->valid_until > INSTANT_END_DAY)
		rule->valid_until = OPEN_FOR_EVER;
	if (rule->valid_from >= rule->valid_until ||
		rule->valid_from >= INSTANT_END_DAY ||
		rule->valid_until <= INSTANT_FIRST_DAY)
		rule->valid_from = rule->valid_until = 0;

	/* 2000-01-03 was a Monday; no anchor is before the years */
	if (rule->every == 1)
		rule->anchor = 0;
	else
		rule->anchor -= (rule->anchor - INSTANT_FIRST_DAY) % 7;

	if ((rule->nth & OPEN_NTH_ALL) == OPEN_NTH_ALL ||
		(rule->nth & OPEN_NTH_LAST_ALL) == OPEN_NTH_LAST_ALL)
		rule->nth = 0;

	if (rule->kind == OPEN_NONE)
		rule->opens = rule->closes = 0;
	else if (rule->closes <= rule->opens)
		rule->closes += USECS_PER_DAY;
	if (rule->kind == OPEN_NONE || rule->kind == OPEN_CLOSED)
		rule->capacity = 1;
}

/* Can these be the dates of a rule? */
static bool
dates_are_sound(const OpenRule *rule)
{
	if (rule->valid_from == 0 && rule->valid_until == 0)
		return true;
	return rule->valid_from < rule->valid_until &&
		(rule->valid_from == OPEN_SINCE_EVER ||
		 (rule->valid_from >= INSTANT_FIRST_DAY &&
		  rule->valid_from < INSTANT_END_DAY)) &&
		(rule->valid_until == OPEN_FOR_EVER ||
		 (rule->valid_until > INSTANT_FIRST_DAY &&
		  rule->valid_until <= INSTANT_END_DAY));
}

/* Can these bytes be a rule? */
static bool
rule_is_sound(const OpenRule *rule, const OpenHoursHeader *header)
{
	return rule->opens >= 0 && rule->opens <= USECS_PER_DAY &&
		rule->closes >= rule->opens &&
		rule->closes - rule->opens <= USECS_PER_DAY &&
		dates_are_sound(rule) &&
		(rule->kind == OPEN_NONE ? rule->closes == 0 :
		 rule->closes > rule->opens || rule->opens == USECS_PER_DAY) &&
		(rule->kind == OPEN_NONE || rule->kind == OPEN_CLOSED ?
		 rule->capacity == 1 : rule->capacity > 0) &&
		(rule->every > 1 ? rule->anchor >= INSTANT_FIRST_DAY &&
		 rule->anchor < INSTANT_END_DAY &&
		 (rule->anchor - INSTANT_FIRST_DAY) % 7 == 0 :
		 rule->every == 1 && rule->anchor == 0) &&
		(rule->nth & ~(OPEN_NTH_ALL | OPEN_NTH_LAST_ALL)) == 0 &&
		(rule->nth & OPEN_NTH_ALL) != OPEN_NTH_ALL &&
		(rule->nth & OPEN_NTH_LAST_ALL) != OPEN_NTH_LAST_ALL &&
		rule->days != 0 && (rule->days & ~OPEN_EVERY_DAY) == 0 &&
		rule->kind < OPEN_KINDS &&
		rule->zone < header->zones && rule->factor < header->factors;
}

/*----------------------------------------------------------
 * Building
 *----------------------------------------------------------*/

/*
 * Begin with a value's first factor, without rules.  All memory comes from the
 * context.
 */
void
open_hours_begin(OpenHoursBuilder *builder, MemoryContext context)
{
	*builder = (OpenHoursBuilder)
	{
		.context = context,
			.factor_count = 1,
			.rule_room = 8,
			.zone_room = 2,
	};
	builder->rules = MemoryContextAlloc(context, 8 * sizeof(OpenRule));
	builder->zones = MemoryContextAlloc(context, 2 * sizeof(Word));
}

/*
 * The number of a zone by its name, which has at most 255 bytes.
 */
int
open_hours_zone(OpenHoursBuilder *builder, Word name)
{
	char	   *copy;

	for (int i = builder->zone_count; --i >= 0;)
	{
		if (word_equal(builder->zones[i], name))
			return i;
	}
	if (builder->zone_count == builder->zone_room)
	{
		builder->zone_room *= 2;
		builder->zones = repalloc_array(builder->zones, Word,
										builder->zone_room);
	}
	copy = MemoryContextAlloc(builder->context, name.len);
	memcpy(copy, name.data, name.len);
	builder->zones[builder->zone_count].data = copy;
	builder->zones[builder->zone_count].len = name.len;
	return builder->zone_count++;
}

/* Sort rules and leave each there once. */
static int
sort_rules(OpenRule *rules, int count)
{
	int			unique = 0;

	qsort(rules, count, sizeof(OpenRule), compare_for_sort);
	for (int i = 0; i < count; i++)
	{
		if (unique == 0 || open_rule_compare(&rules[unique - 1], &rules[i]) != 0)
			rules[unique++] = rules[i];
	}
	return unique;
}

/*
 * Add a rule, with its zone and factor as the builder numbers them.  False if
 * there are too many.
 */
bool
open_hours_add(OpenHoursBuilder *builder, const OpenRule *rule)
{
	if (builder->rule_count == builder->rule_room)
	{
		/* the same ones may have come again and again */
		if (builder->rule_room == 2 * OPEN_HOURS_MAX_RULES)
		{
			builder->rule_count = sort_rules(builder->rules,
											 builder->rule_count);
			if (builder->rule_count > OPEN_HOURS_MAX_RULES)
				return false;
		}
		else
		{
			builder->rule_room = Min(2 * builder->rule_room,
									 2 * OPEN_HOURS_MAX_RULES);
			builder->rules = repalloc_array(builder->rules, OpenRule,
											builder->rule_room);
		}
	}
	builder->rules[builder->rule_count++] = *rule;
	return true;
}

/*
 * Add the rules of a value: the first factor to the builder's last one, each
 * other as one more.
 */
bool
open_hours_add_all(OpenHoursBuilder *builder, const OpenHours *hours)
{
	int			base = builder->factor_count - 1;
	int		   *zones = palloc_array(int, hours->zone_count);

	for (int i = 0; i < hours->zone_count; i++)
		zones[i] = open_hours_zone(builder, hours->zones[i]);
	for (int i = 0; i < hours->rule_count; i++)
	{
		OpenRule	rule = hours->rules[i];

		rule.zone = (uint16) zones[rule.zone];
		rule.factor += (uint16) base;
		if (!open_hours_add(builder, &rule))
			return false;
	}
	builder->factor_count = base + hours->factor_count;
	pfree(zones);
	return true;
}

/* A zone of a builder, with its number there. */
typedef struct NumberedZone
{
	Word		name;
	int			number;
} NumberedZone;

static int
compare_names(Word a, Word b)
{
	int			order = memcmp(a.data, b.data, Min(a.len, b.len));

	return order != 0 ? order : (int) a.len - (int) b.len;
}

static int
compare_numbered_zones(const void *a, const void *b)
{
	return compare_names(((const NumberedZone *) a)->name,
						 ((const NumberedZone *) b)->name);
}

/*
 * Bring the zones that rules use into their order, and let the rules follow.
 * Returns how many these are.
 */
static int
sort_zones(const OpenHoursBuilder *builder, OpenRule *rules,
		   NumberedZone *zones)
{
	int		   *numbers = palloc0_array(int, builder->zone_count);
	int			count = 0;

	for (int i = 0; i < builder->rule_count; i++)
		numbers[rules[i].zone] = 1;
	for (int i = 0; i < builder->zone_count; i++)
	{
		if (numbers[i] != 0)
			zones[count++] = (NumberedZone)
		{
			builder->zones[i], i
		};
	}
	qsort(zones, count, sizeof(NumberedZone), compare_numbered_zones);
	for (int i = 0; i < count; i++)
		numbers[zones[i].number] = i;
	for (int i = 0; i < builder->rule_count; i++)
		rules[i].zone = (uint16) numbers[rules[i].zone];
	pfree(numbers);
	return count;
}

static bool
same_factors(const OpenRule *a, int a_count, const OpenRule *b, int b_count)
{
	if (a_count != b_count)
		return false;
	for (int i = 0; i < a_count; i++)
	{
		OpenRule	other = b[i];

		other.factor = a[i].factor;
		if (open_rule_compare(&a[i], &other) != 0)
			return false;
	}
	return true;
}

/*
 * Leave out each factor that is there already: twice the same restricts as
 * much as once.  Returns how many are left.
 */
static int
drop_same_factors(OpenRule *rules, int *rule_count)
{
	int			starts[OPEN_HOURS_MAX_FACTORS + 1];
	int			factors = 0;
	int			end;

	starts[0] = 0;
	for (int i = 0; i < *rule_count; i = end)
	{
		int			count;
		bool		known = false;

		for (end = i + 1; end < *rule_count; end++)
		{
			if (rules[end].factor != rules[i].factor)
				break;
		}
		count = end - i;
		for (int f = 0; f < factors && !known; f++)
			known = same_factors(&rules[starts[f]], starts[f + 1] - starts[f],
								 &rules[i], count);
		if (known)
			continue;
		memmove(&rules[starts[factors]], &rules[i], count * sizeof(OpenRule));
		for (int k = 0; k < count; k++)
			rules[starts[factors] + k].factor = (uint16) factors;
		starts[factors + 1] = starts[factors] + count;
		factors++;
	}
	*rule_count = starts[factors];
	return factors;
}

static struct varlena *
assemble(const OpenRule *rules, int rule_count, int factor_count,
		 const NumberedZone *zones, int zone_count)
{
	Size		size = sizeof(OpenHoursHeader) + rule_count * sizeof(OpenRule);
	OpenHoursHeader *header;
	char	   *p;

	for (int i = 0; i < zone_count; i++)
		size += 1 + zones[i].name.len;
	header = palloc0(size);
	SET_VARSIZE(header, size);
	header->version = OPEN_HOURS_VERSION;
	header->factors = (uint16) factor_count;
	header->rules = rule_count;
	header->zones = (uint16) zone_count;
	p = (char *) (header + 1);
	memcpy(p, rules, rule_count * sizeof(OpenRule));
	p += rule_count * sizeof(OpenRule);
	for (int i = 0; i < zone_count; i++)
	{
		*(uint8 *) p++ = (uint8) zones[i].name.len;
		memcpy(p, zones[i].name.data, zones[i].name.len);
		p += zones[i].name.len;
	}
	return (struct varlena *) header;
}

/*
 * The value of what was added; there is a rule in each factor.  NULL if it is
 * too much.
 */
struct varlena *
open_hours_value(const OpenHoursBuilder *builder)
{
	OpenRule   *rules = palloc_array(OpenRule, builder->rule_count);
	NumberedZone *zones = palloc_array(NumberedZone, builder->zone_count);
	int			rule_count = builder->rule_count;
	int			factor_count = builder->factor_count;
	int			zone_count;
	struct varlena *value;

	Assert(rule_count > 0);
	memcpy(rules, builder->rules, rule_count * sizeof(OpenRule));
	zone_count = sort_zones(builder, rules, zones);
	rule_count = sort_rules(rules, rule_count);
	if (rule_count > OPEN_HOURS_MAX_RULES ||
		factor_count > OPEN_HOURS_MAX_FACTORS)
		return NULL;
	if (factor_count > 1)
		factor_count = drop_same_factors(rules, &rule_count);
	value = assemble(rules, rule_count, factor_count, zones, zone_count);
	pfree(rules);
	pfree(zones);
	return value;
}

/*
 * The value of one rule.
 */
struct varlena *
open_hours_of_one(const OpenRule *rule, Word zone)
{
	NumberedZone named = {zone, 0};

	return assemble(rule, 1, 1, &named, 1);
}

/*----------------------------------------------------------
 * Reading
 *----------------------------------------------------------*/

pg_noreturn static void corrupt(void) pg_attribute_cold;

static void
corrupt(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("stored open_hours is corrupt, or of a later version")));
}

/* Can this be the name of a zone? */
static bool
zone_is_sound(Word name)
{
	for (uint32 i = 0; i < name.len; i++)
	{
		unsigned char c = (unsigned char) name.data[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			  (i > 0 && ((c >= '0' && c <= '9') || c == '_' || c == '+' ||
						 c == '-' || c == '/'))))
			return false;
	}
	return name.len > 0;
}

/* Is each zone used by a rule? */
static bool
zones_are_used(const OpenRule *rules, int rule_count, int zone_count)
{
	bool	   *used;
	int			count = 0;

	if (zone_count == 1)
		return true;
	used = palloc0_array(bool, zone_count);
	for (int i = 0; i < rule_count; i++)
	{
		if (!used[rules[i].zone])
			count++;
		used[rules[i].zone] = true;
	}
	pfree(used);
	return count == zone_count;
}

/*
 * Where the names of the zones lie.
 */
static const Word *
read_zones(const char *p, const char *end, int count)
{
	Word	   *zones = palloc_array(Word, count);

	for (int i = 0; i < count; i++)
	{
		uint8		len;

		if (p >= end)
			corrupt();
		len = *(const uint8 *) p++;
		if (len == 0 || len > end - p)
			corrupt();
		zones[i].data = p;
		zones[i].len = len;
		if (!zone_is_sound(zones[i]) ||
			(i > 0 && compare_names(zones[i - 1], zones[i]) >= 0))
			corrupt();
		p += len;
	}
	if (p != end)
		corrupt();
	return zones;
}

/*
 * Read a value, whose header has four bytes.
 */
void
open_hours_open(const struct varlena *value, OpenHours *hours)
{
	const OpenHoursHeader *header = (const OpenHoursHeader *) value;
	const char *end = (const char *) value + VARSIZE(value);
	const OpenRule *rules;
	int			factor = 0;

	if (VARSIZE(value) < sizeof(OpenHoursHeader) ||
		header->version != OPEN_HOURS_VERSION || header->reserved != 0 ||
		header->reserved2 != 0 || header->rules == 0 ||
		header->rules > OPEN_HOURS_MAX_RULES || header->factors == 0 ||
		header->factors > OPEN_HOURS_MAX_FACTORS || header->zones == 0 ||
		header->rules * sizeof(OpenRule) >
		VARSIZE(value) - sizeof(OpenHoursHeader))
		corrupt();

	if (PointerIsAligned(header + 1, int64))
		rules = (const OpenRule *) (header + 1);
	else
	{
		OpenRule   *copy = palloc_array(OpenRule, header->rules);

		memcpy(copy, header + 1, header->rules * sizeof(OpenRule));
		rules = copy;
	}
	for (uint32 i = 0; i < header->rules; i++)
	{
		if (!rule_is_sound(&rules[i], header) ||
			(rules[i].factor != factor && rules[i].factor != ++factor) ||
			(i > 0 && open_rule_compare(&rules[i - 1], &rules[i]) >= 0))
			corrupt();
	}
	if (rules[0].factor != 0 || factor != header->factors - 1 ||
		!zones_are_used(rules, (int) header->rules, header->zones))
		corrupt();

	hours->rules = rules;
	hours->rule_count = (int) header->rules;
	hours->factor_count = header->factors;
	hours->zone_count = header->zones;
	hours->zones = read_zones((const char *) (header + 1) +
							  header->rules * sizeof(OpenRule), end,
							  header->zones);
}

/*----------------------------------------------------------
 * Order
 *----------------------------------------------------------*/

/*
 * Rule by rule.  The zones' names are compared in place of their numbers.
 */
int
open_hours_compare(const struct varlena *a, const struct varlena *b)
{
	OpenHours	x;
	OpenHours	y;

	open_hours_open(a, &x);
	open_hours_open(b, &y);
	for (int i = 0; i < Min(x.rule_count, y.rule_count); i++)
	{
		OpenRule	mine = x.rules[i];
		OpenRule	other = y.rules[i];
		int			order = compare_names(x.zones[mine.zone],
										  y.zones[other.zone]);

		mine.zone = order > 0;
		other.zone = order < 0;
		order = open_rule_compare(&mine, &other);
		if (order != 0)
			return order;
	}
	return x.rule_count < y.rule_count ? -1 : x.rule_count > y.rule_count;
}

/*
 * The header is no part of the hash, so that a later layout can hash the same.
 * With seed 0 the low half is the plain hash, as hash_extended requires.
 */
uint64
open_hours_hash_value(const struct varlena *value, uint64 seed)
{
	OpenHours	hours;
	uint64		hash;

	open_hours_open(value, &hours);
	hash = hash_bytes_extended((const unsigned char *) hours.rules,
							   hours.rule_count * (int) sizeof(OpenRule), seed);
	for (int i = 0; i < hours.zone_count; i++)
		hash = hash_combine64(hash,
							  hash_bytes_extended((const unsigned char *) hours.zones[i].data,
												  (int) hours.zones[i].len, seed));
	return hash;
}
