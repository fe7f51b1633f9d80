/*-------------------------------------------------------------------------
 *
 * occupancy.c
 *		The occupancy type: input and output, constructors, accessors,
 *		operators, and support for btree and hash.
 *
 * The bytes of a value are described in occupancy.h.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/tupmacs.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "parser/scansup.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "base/instant.h"
#include "compat.h"
#include "occupancy/occupancy.h"

#define PG_GETARG_OCCUPANCY(n)	occupancy_detoast(PG_GETARG_DATUM(n))

/*
 * What is wrong with parts that should make an occupancy.  Text, bytes and
 * constructors raise the same faults with their own SQLSTATE.
 */
typedef enum OccupancyFault
{
	OCCUPANCY_FINE,
	OCCUPANCY_NOT_FINITE,
	OCCUPANCY_OUT_OF_RANGE,
	OCCUPANCY_EMPTY_PERIOD,
	OCCUPANCY_REVERSED_PERIOD,
} OccupancyFault;

/* State of the parser of the text form. */
typedef struct OccupancyParser
{
	const char *input;			/* all of it, for messages */
	const char *next;
	struct Node *escontext;
} OccupancyParser;

void
occupancy_corrupt(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("stored occupancy is corrupt, or of a later version")));
}

/*----------------------------------------------------------
 * Arguments
 *----------------------------------------------------------*/

/* An argument as it came, and what it is. */
typedef struct DetoastedArgument
{
	struct varlena *toasted;	/* a copy, or NULL */
	struct varlena *value;		/* or NULL, as long as it came only once */
} DetoastedArgument;

/*
 * Detoast argument n, which is compressed or stored elsewhere, once for all
 * calls in a row that get the same one: a large query is compared with each
 * key of an index's page, and with each row that the index finds.
 *
 * The same is what has the same bytes.  For a value that is stored elsewhere
 * these are the pointer to it, which whoever reads by it keeps valid; a scan
 * that starts again with another value has another pointer.  Pointers into
 * memory prove nothing.  A value is kept when it comes for the second time,
 * so that a column's values, each of them another, are not.
 */
struct varlena *
occupancy_detoast_once(FunctionCallInfo fcinfo, int n)
{
	DetoastedArgument *arguments;
	DetoastedArgument *argument;
	Datum		datum = PG_GETARG_DATUM(n);
	struct varlena *toasted = (struct varlena *) DatumGetPointer(datum);
	MemoryContext old_context;

	if (fcinfo->flinfo == NULL ||
		(VARATT_IS_EXTERNAL(toasted) && !VARATT_IS_EXTERNAL_ONDISK(toasted)))
		return occupancy_detoast(datum);
	arguments = fcinfo->flinfo->fn_extra;
	if (arguments == NULL)
	{
		arguments = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
										   2 * sizeof(DetoastedArgument));
		fcinfo->flinfo->fn_extra = arguments;
	}
	argument = &arguments[n];

	old_context = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	if (argument->toasted != NULL &&
		VARSIZE_ANY(argument->toasted) == VARSIZE_ANY(toasted) &&
		memcmp(argument->toasted, toasted, VARSIZE_ANY(toasted)) == 0)
	{
		if (argument->value == NULL)
			argument->value = occupancy_detoast(datum);
	}
	else
	{
		struct varlena *old_toasted = argument->toasted;
		struct varlena *old_value = argument->value;

		argument->toasted = NULL;
		argument->value = NULL;
		if (old_toasted != NULL)
			pfree(old_toasted);
		if (old_value != NULL)
			pfree(old_value);
		argument->toasted = palloc(VARSIZE_ANY(toasted));
		memcpy(argument->toasted, toasted, VARSIZE_ANY(toasted));
	}
	MemoryContextSwitchTo(old_context);
	return argument->value != NULL ? argument->value :
		occupancy_detoast(datum);
}

/*----------------------------------------------------------
 * Checks
 *----------------------------------------------------------*/

static OccupancyFault
check_period(TimestampTz starts_at, TimestampTz ends_at)
{
	if (TIMESTAMP_NOT_FINITE(starts_at) || TIMESTAMP_NOT_FINITE(ends_at))
		return OCCUPANCY_NOT_FINITE;
	if (!instant_in_range(starts_at) || !instant_in_range(ends_at))
		return OCCUPANCY_OUT_OF_RANGE;
	if (starts_at == ends_at)
		return OCCUPANCY_EMPTY_PERIOD;
	if (starts_at > ends_at)
		return OCCUPANCY_REVERSED_PERIOD;
	return OCCUPANCY_FINE;
}

static const char *
fault_detail(OccupancyFault fault)
{
	switch (fault)
	{
		case OCCUPANCY_FINE:
			break;
		case OCCUPANCY_NOT_FINITE:
			return "The period must have a finite start and a finite end.";
		case OCCUPANCY_OUT_OF_RANGE:
			return "The period must lie within the years 0001 to 9999 in UTC.";
		case OCCUPANCY_EMPTY_PERIOD:
			return "The period is empty: it ends when it starts.";
		case OCCUPANCY_REVERSED_PERIOD:
			return "The period ends before it starts.";
	}
	return "";
}

/* The checks of whatever builds an occupancy of its arguments. */
void
occupancy_check_period(TimestampTz starts_at, TimestampTz ends_at)
{
	OccupancyFault fault = check_period(starts_at, ends_at);

	if (fault != OCCUPANCY_FINE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid period of an occupancy"),
				 errdetail_internal("%s", fault_detail(fault))));
}

static void
require_bounds_present(bool present)
{
	if (!present)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid period of an occupancy"),
				 errdetail("The period must have a start and an end, not null."),
				 errhint("Leave rows without a period out of the index by its WHERE clause.")));
}

void
occupancy_check_name_length(int64 len)
{
	if (len > OCCUPANCY_MAX_NAME_LEN)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("name in an occupancy is too long"),
				 errdetail("It has %lld bytes; the limit is %d.",
						   (long long) len, OCCUPANCY_MAX_NAME_LEN)));
}

void
occupancy_check_name_count(int64 count)
{
	if (count > OCCUPANCY_MAX_NAMES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many names in an occupancy"),
				 errdetail("There are %lld names; the limit is %d.",
						   (long long) count, OCCUPANCY_MAX_NAMES)));
}

/*
 * Whether a value is as occupancy_build() makes it.
 */
#ifdef USE_ASSERT_CHECKING
static void
assert_invariants(const struct varlena *value)
{
	Occupancy	o;
	OccupancyName scope;
	OccupancyNames names;
	OccupancyName name;
	OccupancyName previous = {NULL, 0};

	occupancy_open(value, &o);
	Assert(check_period(o.starts_at, o.ends_at) == OCCUPANCY_FINE);
	Assert(!occupancy_is_all(&o) || o.count == 0);

	scope = occupancy_scope_of(&o);
	Assert(scope.len <= OCCUPANCY_MAX_NAME_LEN);
	Assert(occupancy_has_scope(&o) || scope.len == 0);
	Assert(o.scope_hash == (occupancy_has_scope(&o) ?
							occupancy_hash_name(scope.data, scope.len) : 0));

	for (int i = 1; i < o.count; i++)
		Assert(occupancy_hash_at(&o, i - 1) <= occupancy_hash_at(&o, i));

	occupancy_names_start(&names, &o);
	while (occupancy_names_next(&names, &name))
	{
		Assert(name.len <= OCCUPANCY_MAX_NAME_LEN);
		Assert(previous.data == NULL ||
			   occupancy_name_compare(&previous, &name) < 0);
		previous = name;
	}
	Assert(names.text == o.end);
}
#else
#define assert_invariants(value)	((void) 0)
#endif

/*----------------------------------------------------------
 * Building
 *----------------------------------------------------------*/

static int
name_cmp(const void *a, const void *b)
{
	return occupancy_name_compare((const OccupancyName *) a,
								  (const OccupancyName *) b);
}

static int
hash_cmp(const void *a, const void *b)
{
	uint64		x = *(const uint64 *) a;
	uint64		y = *(const uint64 *) b;

	return x < y ? -1 : x > y ? 1 : 0;
}

/*
 * Make a value of parts that were checked.  The names may come in any order
 * and with duplicates; the array is reordered.
 */
struct varlena *
occupancy_build(TimestampTz starts_at, TimestampTz ends_at, uint8 flags,
				OccupancyName scope, OccupancyName *names, int count)
{
	struct varlena *value;
	char	   *data;
	char	   *lengths;
	char	   *text;
	uint64		few_hashes[32];
	uint64	   *hashes = few_hashes;
	uint64		scope_hash = 0;
	Size		size;
	uint16		short_count;
	uint16		len;
	int			distinct = 0;

	if (count > 1)
		qsort(names, count, sizeof(OccupancyName), name_cmp);
	for (int i = 0; i < count; i++)
	{
		if (distinct == 0 || name_cmp(&names[distinct - 1], &names[i]) != 0)
			names[distinct++] = names[i];
	}
	count = distinct;

	if (count > (int) lengthof(few_hashes))
		hashes = palloc(count * sizeof(uint64));
	size = VARHDRSZ + OCCUPANCY_HEADER_SIZE + count * sizeof(uint64) +
		(count + 1) * sizeof(uint16) + scope.len;
	for (int i = 0; i < count; i++)
	{
		hashes[i] = occupancy_hash_name(names[i].data, names[i].len);
		size += names[i].len;
	}
	if (count > 1)
		qsort(hashes, count, sizeof(uint64), hash_cmp);
	if (flags & OCCUPANCY_SCOPED)
		scope_hash = occupancy_hash_name(scope.data, scope.len);

	value = (struct varlena *) palloc(size);
	SET_VARSIZE(value, size);
	data = VARDATA(value);
	data[0] = OCCUPANCY_VERSION;
	data[1] = (char) flags;
	short_count = (uint16) count;
	memcpy(data + 2, &short_count, sizeof(uint16));
	memcpy(data + 4, &starts_at, sizeof(TimestampTz));
	memcpy(data + 12, &ends_at, sizeof(TimestampTz));
	memcpy(data + 20, &scope_hash, sizeof(uint64));
	if (count > 0)
		memcpy(data + OCCUPANCY_HEADER_SIZE, hashes, count * sizeof(uint64));

	lengths = data + OCCUPANCY_HEADER_SIZE + count * sizeof(uint64);
	text = lengths + (count + 1) * sizeof(uint16);
	len = (uint16) scope.len;
	memcpy(lengths, &len, sizeof(uint16));
	if (scope.len > 0)
		memcpy(text, scope.data, scope.len);
	text += scope.len;
	for (int i = 0; i < count; i++)
	{
		len = (uint16) names[i].len;
		memcpy(lengths + (i + 1) * sizeof(uint16), &len, sizeof(uint16));
		memcpy(text, names[i].data, names[i].len);
		text += names[i].len;
	}
	Assert(text == (char *) value + size);

	if (hashes != few_hashes)
		pfree(hashes);
	assert_invariants(value);
	return value;
}

/*
 * What two occupancies share, or NULL if they do not conflict.
 */
struct varlena *
occupancy_shared(const Occupancy *a, const Occupancy *b)
{
	TimestampTz starts_at = Max(a->starts_at, b->starts_at);
	TimestampTz ends_at = Min(a->ends_at, b->ends_at);
	OccupancyNames walk;
	OccupancyName name;
	OccupancyName *shared;
	uint8		flags = a->flags & b->flags;
	int			count = 0;

	if (!occupancy_conflict(a, b))
		return NULL;

	shared = palloc(Max(Max(a->count, b->count), 1) * sizeof(OccupancyName));
	if (occupancy_is_all(a) || occupancy_is_all(b))
	{
		/* all and some make some */
		occupancy_names_start(&walk, occupancy_is_all(a) ? b : a);
		while (occupancy_names_next(&walk, &name))
			shared[count++] = name;
	}
	else
	{
		OccupancyNames other_walk;
		OccupancyName other;
		bool		more;

		occupancy_names_start(&walk, a);
		occupancy_names_start(&other_walk, b);
		more = occupancy_names_next(&walk, &name) &&
			occupancy_names_next(&other_walk, &other);
		while (more)
		{
			int			order = occupancy_name_compare(&name, &other);

			if (order == 0)
				shared[count++] = name;
			more = order <= 0 ? occupancy_names_next(&walk, &name) :
				occupancy_names_next(&other_walk, &other);
		}
	}

	return occupancy_build(starts_at, ends_at, flags, occupancy_scope_of(a),
						   shared, count);
}

/*----------------------------------------------------------
 * Input
 *
 * [scope:][start,end){name,...}, or {*} for every resource.  A scope or name
 * may stand in double quotes, with a backslash before a quote or backslash.
 *
 * A literal may be as long as any text.  So its names stay where they are in
 * it unless they have a backslash, and what is beyond the limits is refused
 * as soon as it is seen.
 *----------------------------------------------------------*/

/* A longer text is not shown. */
#define MAX_QUOTED_LITERAL	200

static void
skip_space(OccupancyParser *parser)
{
	while (scanner_isspace(*parser->next))
	{
		CHECK_FOR_INTERRUPTS();
		parser->next++;
	}
}

/* Whether a text was meant for an occupancy: a message shows no document. */
static bool
is_plausible_literal(const char *text)
{
	const char *period = strchr(text, '[');
	const char *names = strchr(text, '{');

	return strnlen(text, MAX_QUOTED_LITERAL + 1) <= MAX_QUOTED_LITERAL && period != NULL &&
		(names == NULL || period < names);
}

static bool
syntax_error(OccupancyParser *parser, const char *detail)
{
	ereturn(parser->escontext, false,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 is_plausible_literal(parser->input) ?
			 errmsg("malformed occupancy literal: \"%s\"", parser->input) :
			 errmsg("malformed occupancy literal"),
			 errdetail_internal("%s", detail)));
}

static bool
expect_char(OccupancyParser *parser, char wanted, const char *detail)
{
	skip_space(parser);
	if (*parser->next != wanted)
		return syntax_error(parser, detail);
	parser->next++;
	return true;
}

static bool
name_too_long(OccupancyParser *parser)
{
	ereturn(parser->escontext, false,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("name in an occupancy is too long"),
			 errdetail("The limit is %d bytes.", OCCUPANCY_MAX_NAME_LEN)));
}

/*
 * Read a quoted scope or name behind its opening quote.
 */
static bool
parse_quoted_name(OccupancyParser *parser, OccupancyName *name)
{
	const char *start = parser->next;
	bool		escapes = false;

	name->len = 0;
	while (*parser->next != '"')
	{
		if (*parser->next == '\\')
		{
			escapes = true;
			parser->next++;
		}
		if (*parser->next == '\0')
			return syntax_error(parser, "Unexpected end of input in a quoted name.");
		parser->next++;
		if (++name->len > OCCUPANCY_MAX_NAME_LEN)
			return name_too_long(parser);
	}
	name->data = start;
	if (escapes)
	{
		char	   *copy = palloc(name->len);

		name->data = copy;
		for (const char *p = start; p < parser->next; p++)
		{
			if (*p == '\\')
				p++;
			*copy++ = *p;
		}
	}
	parser->next++;
	return true;
}

/*
 * Read a scope or a name up to one of the characters in "stop".
 */
static bool
parse_name(OccupancyParser *parser, const char *stop, OccupancyName *name,
		   bool *quoted)
{
	CHECK_FOR_INTERRUPTS();
	skip_space(parser);
	*quoted = *parser->next == '"';
	if (*quoted)
	{
		parser->next++;
		return parse_quoted_name(parser, name);
	}

	name->data = parser->next;
	name->len = 0;
	for (; *parser->next != '\0' && strchr(stop, *parser->next) == NULL;
		 parser->next++)
	{
		if (strchr("\"\\[](){}", *parser->next) != NULL)
			return syntax_error(parser, "A name with a special character must be quoted.");
		/* white space behind a name is not part of it */
		if (scanner_isspace(*parser->next))
		{
			CHECK_FOR_INTERRUPTS();
			continue;
		}
		if (parser->next - name->data >= OCCUPANCY_MAX_NAME_LEN)
			return name_too_long(parser);
		name->len = (int) (parser->next - name->data) + 1;
	}
	if (name->len == 0)
		return syntax_error(parser, "An empty name must be quoted.");
	return true;
}

/*
 * Read an instant up to the character "stop", which is passed over.
 */
static bool
parse_instant(OccupancyParser *parser, char stop, TimestampTz *instant)
{
	const char *start;
	const char *end;
	InstantStatus status;

	skip_space(parser);
	start = parser->next;
	end = strchr(start, stop);
	if (end == NULL)
		return syntax_error(parser, stop == ',' ?
							"Missing comma after the start." :
							"The period must end with \")\": its end is not part of it.");
	parser->next = end + 1;
	while (end > start && scanner_isspace(end[-1]))
		end--;

	if (end == start ||
		(end - start == 8 && pg_strncasecmp(start, "infinity", 8) == 0) ||
		(end - start == 9 && pg_strncasecmp(start, "-infinity", 9) == 0))
		return syntax_error(parser, fault_detail(OCCUPANCY_NOT_FINITE));

	status = instant_parse(start, end - start, instant);
	switch (status)
	{
		case INSTANT_OK:
			return true;
		case INSTANT_NO_OFFSET:
			return syntax_error(parser, "A time must have \"Z\" or an offset from UTC.");
		case INSTANT_OUT_OF_RANGE:
			return syntax_error(parser, "A time does not exist, or is beyond the years 0001 to 9999 in UTC.");
		case INSTANT_BAD_OFFSET:
			return syntax_error(parser, "An offset from UTC must be from -15:59 to +15:59.");
		case INSTANT_TOO_PRECISE:
			return syntax_error(parser, "A time is finer than a microsecond.");
		case INSTANT_MALFORMED:
			break;
	}
	return syntax_error(parser, "A time must be in ISO 8601 format, like 2024-01-01T10:00:00Z.");
}

static bool
parse_names(OccupancyParser *parser, OccupancyName **names, int *count,
			uint8 *flags)
{
	int			allocated = 16;

	*count = 0;
	*names = palloc_array(OccupancyName, allocated);
	if (!expect_char(parser, '{', "Missing \"{\" before the names."))
		return false;
	skip_space(parser);
	if (*parser->next == '}')
	{
		parser->next++;
		return true;
	}

	for (;;)
	{
		OccupancyName *name;
		bool		quoted;

		if (*count == OCCUPANCY_MAX_NAMES)
			ereturn(parser->escontext, false,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("too many names in an occupancy"),
					 errdetail("The limit is %d names.", OCCUPANCY_MAX_NAMES)));
		if (*count == allocated)
		{
			allocated *= 2;
			*names = repalloc_array(*names, OccupancyName, allocated);
		}
		name = &(*names)[*count];
		if (!parse_name(parser, ",}", name, &quoted))
			return false;
		skip_space(parser);
		if (!quoted && name->len == 1 && name->data[0] == '*')
			*flags |= OCCUPANCY_ALL;
		++*count;
		if (*parser->next == '}')
			break;
		if (*parser->next != ',')
			return syntax_error(parser, "Expected \",\" or \"}\" after a name.");
		parser->next++;
	}
	parser->next++;

	if (*flags & OCCUPANCY_ALL)
	{
		if (*count > 1)
			return syntax_error(parser, "\"*\" stands alone; a resource of that name must be quoted.");
		*count = 0;
	}
	return true;
}

APPOINTMENT_FUNCTION(occupancy_in);
Datum
occupancy_in(PG_FUNCTION_ARGS)
{
	char	   *input = PG_GETARG_CSTRING(0);
	OccupancyParser parser = {input, input, fcinfo->context};
	TimestampTz starts_at = 0;	/* keep the analyzer quiet */
	TimestampTz ends_at = 0;
	OccupancyName scope = {NULL, 0};
	OccupancyName *names;
	OccupancyFault fault;
	uint8		flags = 0;
	int			count;
	bool		quoted;

	skip_space(&parser);
	if (*parser.next != '[')
	{
		if (*parser.next == '(')
		{
			syntax_error(&parser, "The period must start with \"[\": its start is part of it.");
			PG_RETURN_NULL();
		}
		if (!parse_name(&parser, ":", &scope, &quoted) ||
			!expect_char(&parser, ':', "Missing \":\" after the scope."))
			PG_RETURN_NULL();
		flags |= OCCUPANCY_SCOPED;
	}
	if (!expect_char(&parser, '[', "Missing \"[\" before the period.") ||
		!parse_instant(&parser, ',', &starts_at) ||
		!parse_instant(&parser, ')', &ends_at))
		PG_RETURN_NULL();

	if (!parse_names(&parser, &names, &count, &flags))
		PG_RETURN_NULL();
	skip_space(&parser);
	if (*parser.next != '\0')
	{
		syntax_error(&parser, "Junk after \"}\".");
		PG_RETURN_NULL();
	}

	fault = check_period(starts_at, ends_at);
	if (fault != OCCUPANCY_FINE)
	{
		syntax_error(&parser, fault_detail(fault));
		PG_RETURN_NULL();
	}

	PG_RETURN_POINTER(occupancy_build(starts_at, ends_at, flags, scope,
									  names, count));
}

/*
 * From bytes: version, flags, start, end, the scope if there is one, the
 * number of names and the names, each text with its length before it.
 */
static OccupancyName
receive_name(StringInfo message)
{
	OccupancyName name;
	int32		wire_len = pq_getmsgint(message, 4);

	if (wire_len < 0 || wire_len > message->len - message->cursor)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid length of a name in an external \"occupancy\"")));
	name.data = pq_getmsgtext(message, wire_len, &name.len);
	occupancy_check_name_length(name.len);
	if (memchr(name.data, '\0', name.len) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid name in an external \"occupancy\"")));
	return name;
}

APPOINTMENT_FUNCTION(occupancy_recv);
Datum
occupancy_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	TimestampTz starts_at;
	TimestampTz ends_at;
	OccupancyName scope = {NULL, 0};
	OccupancyName *names;
	OccupancyFault fault;
	int			version = pq_getmsgbyte(message);
	int			flags = pq_getmsgbyte(message);
	int32		count;

	if (version != OCCUPANCY_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("unsupported version %d of an external \"occupancy\"",
						version)));
	if ((flags & ~OCCUPANCY_FLAGS) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid flags in an external \"occupancy\"")));

	starts_at = pq_getmsgint64(message);
	ends_at = pq_getmsgint64(message);
	fault = check_period(starts_at, ends_at);
	if (fault != OCCUPANCY_FINE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid period in an external \"occupancy\""),
				 errdetail_internal("%s", fault_detail(fault))));

	if (flags & OCCUPANCY_SCOPED)
		scope = receive_name(message);

	count = pq_getmsgint(message, 4);
	if (count < 0 || count > (message->len - message->cursor) / 4 ||
		(count > 0 && (flags & OCCUPANCY_ALL) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid number of names in an external \"occupancy\"")));
	occupancy_check_name_count(count);
	names = palloc(Max(count, 1) * sizeof(OccupancyName));
	for (int i = 0; i < count; i++)
		names[i] = receive_name(message);

	PG_RETURN_POINTER(occupancy_build(starts_at, ends_at, (uint8) flags,
									  scope, names, count));
}

/*----------------------------------------------------------
 * Output
 *----------------------------------------------------------*/

/*
 * Write a scope or a name, quoted if it could be read as something else.
 */
static void
append_name(StringInfo out, OccupancyName name, bool is_scope)
{
	bool		quote = name.len == 0 || (name.len == 1 && name.data[0] == '*');

	for (int i = 0; i < name.len && !quote; i++)
		quote = strchr("\"\\[](){},", name.data[i]) != NULL ||
			scanner_isspace(name.data[i]) ||
			(is_scope && name.data[i] == ':');

	if (!quote)
	{
		appendBinaryStringInfo(out, name.data, name.len);
		return;
	}
	appendStringInfoChar(out, '"');
	for (int i = 0; i < name.len; i++)
	{
		if (name.data[i] == '"' || name.data[i] == '\\')
			appendStringInfoChar(out, '\\');
		appendStringInfoChar(out, name.data[i]);
	}
	appendStringInfoChar(out, '"');
}

APPOINTMENT_FUNCTION(occupancy_out);
Datum
occupancy_out(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_OCCUPANCY(0);
	Occupancy	o;
	OccupancyNames names;
	OccupancyName name;
	StringInfoData out;
	char		instant[INSTANT_MAXLEN];
	bool		first = true;

	occupancy_open(value, &o);
	initStringInfo(&out);
	if (occupancy_has_scope(&o))
	{
		append_name(&out, occupancy_scope_of(&o), true);
		appendStringInfoChar(&out, ':');
	}
	appendStringInfoChar(&out, '[');
	instant_format(o.starts_at, 0, instant);
	appendStringInfoString(&out, instant);
	appendStringInfoChar(&out, ',');
	instant_format(o.ends_at, 0, instant);
	appendStringInfoString(&out, instant);
	appendStringInfoString(&out, "){");
	if (occupancy_is_all(&o))
		appendStringInfoChar(&out, '*');
	occupancy_names_start(&names, &o);
	while (occupancy_names_next(&names, &name))
	{
		if (!first)
			appendStringInfoChar(&out, ',');
		first = false;
		append_name(&out, name, false);
	}
	appendStringInfoChar(&out, '}');
	PG_RETURN_CSTRING(out.data);
}

static void
send_name(StringInfo message, OccupancyName name)
{
	char	   *converted = pg_server_to_client(name.data, name.len);
	int			len = converted == name.data ? name.len : (int) strlen(converted);

	pq_sendint32(message, len);
	pq_sendbytes(message, converted, len);
}

APPOINTMENT_FUNCTION(occupancy_send);
Datum
occupancy_send(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_OCCUPANCY(0);
	Occupancy	o;
	OccupancyNames names;
	OccupancyName name;
	StringInfoData message;

	occupancy_open(value, &o);
	pq_begintypsend(&message);
	pq_sendbyte(&message, OCCUPANCY_VERSION);
	pq_sendbyte(&message, o.flags);
	pq_sendint64(&message, o.starts_at);
	pq_sendint64(&message, o.ends_at);
	if (occupancy_has_scope(&o))
		send_name(&message, occupancy_scope_of(&o));
	pq_sendint32(&message, o.count);
	occupancy_names_start(&names, &o);
	while (occupancy_names_next(&names, &name))
		send_name(&message, name);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/*----------------------------------------------------------
 * Constructors
 *
 * None of them is strict: a null would slip past a constraint.
 *----------------------------------------------------------*/

/*
 * The scope that is argument n; without one if it is null.
 */
static OccupancyName
scope_argument(FunctionCallInfo fcinfo, int n, uint8 *flags)
{
	OccupancyName scope = {NULL, 0};

	if (!PG_ARGISNULL(n))
	{
		text	   *value = PG_GETARG_TEXT_PP(n);

		*flags |= OCCUPANCY_SCOPED;
		scope.data = VARDATA_ANY(value);
		scope.len = VARSIZE_ANY_EXHDR(value);
		occupancy_check_name_length(scope.len);
	}
	return scope;
}

/*
 * The names in the array that is argument n.  Null elements are passed over:
 * a room that was not chosen holds nothing.  So the array may have more than
 * the limit; it is not deconstructed, which would take memory for all of it.
 */
static OccupancyName *
names_argument(FunctionCallInfo fcinfo, int n, int *count)
{
	ArrayType  *array;
	OccupancyName *names;
	const bits8 *nulls;
	char	   *next;
	int			nelements;
	int64		total = 0;

	*count = 0;
	if (PG_ARGISNULL(n))
		return NULL;
	array = PG_GETARG_ARRAYTYPE_P(n);
	nelements = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	nulls = ARR_NULLBITMAP(array);
	next = ARR_DATA_PTR(array);
	names = palloc_array(OccupancyName,
						 Max(Min(nelements, OCCUPANCY_MAX_NAMES), 1));
	for (int i = 0; i < nelements; i++)
	{
		struct varlena *element;

		CHECK_FOR_INTERRUPTS();
		if (nulls != NULL && (nulls[i / 8] & (1 << (i % 8))) == 0)
			continue;
		if (++total > OCCUPANCY_MAX_NAMES)
			continue;			/* counted for the message */
		element = PG_DETOAST_DATUM_PACKED(PointerGetDatum(next));
		names[*count].data = VARDATA_ANY(element);
		names[*count].len = VARSIZE_ANY_EXHDR(element);
		occupancy_check_name_length(names[*count].len);
		++*count;
		next = att_addlength_pointer(next, -1, next);
		next = (char *) att_align_nominal(next, TYPALIGN_INT);
	}
	occupancy_check_name_count(total);
	return names;
}

APPOINTMENT_FUNCTION(occupancy_construct);
Datum
occupancy_construct(PG_FUNCTION_ARGS)
{
	TimestampTz starts_at;
	TimestampTz ends_at;
	OccupancyName scope;
	OccupancyName *names;
	uint8		flags = 0;
	int			count;

	require_bounds_present(!PG_ARGISNULL(0) && !PG_ARGISNULL(1));
	starts_at = PG_GETARG_TIMESTAMPTZ(0);
	ends_at = PG_GETARG_TIMESTAMPTZ(1);
	occupancy_check_period(starts_at, ends_at);
	names = names_argument(fcinfo, 2, &count);
	scope = scope_argument(fcinfo, 3, &flags);
	PG_RETURN_POINTER(occupancy_build(starts_at, ends_at, flags, scope,
									  names, count));
}

APPOINTMENT_FUNCTION(occupancy_all);
Datum
occupancy_all(PG_FUNCTION_ARGS)
{
	TimestampTz starts_at;
	TimestampTz ends_at;
	OccupancyName scope;
	uint8		flags = OCCUPANCY_ALL;

	require_bounds_present(!PG_ARGISNULL(0) && !PG_ARGISNULL(1));
	starts_at = PG_GETARG_TIMESTAMPTZ(0);
	ends_at = PG_GETARG_TIMESTAMPTZ(1);
	occupancy_check_period(starts_at, ends_at);
	scope = scope_argument(fcinfo, 2, &flags);
	PG_RETURN_POINTER(occupancy_build(starts_at, ends_at, flags, scope,
									  NULL, 0));
}

APPOINTMENT_FUNCTION(occupancy_from_range);
Datum
occupancy_from_range(PG_FUNCTION_ARGS)
{
	RangeType  *range;
	RangeBound	lower;
	RangeBound	upper;
	OccupancyName scope;
	OccupancyName *names;
	uint8		flags = 0;
	int			count;
	bool		empty;

	require_bounds_present(!PG_ARGISNULL(0));
	range = PG_GETARG_RANGE_P(0);
	range_deserialize(range_get_typcache(fcinfo, RangeTypeGetOid(range)),
					  range, &lower, &upper, &empty);
	if (empty)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid period of an occupancy"),
				 errdetail("The range is empty.")));
	if (lower.infinite || upper.infinite)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid period of an occupancy"),
				 errdetail_internal("%s", fault_detail(OCCUPANCY_NOT_FINITE))));
	if (!lower.inclusive || upper.inclusive)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid period of an occupancy"),
				 errdetail("The bounds are \"%c%c\": the start must be part of the period, and its end must not.",
						   lower.inclusive ? '[' : '(',
						   upper.inclusive ? ']' : ')'),
				 errhint("Write the bounds as \"[)\".")));
	occupancy_check_period(DatumGetTimestampTz(lower.val),
						   DatumGetTimestampTz(upper.val));
	names = names_argument(fcinfo, 1, &count);
	scope = scope_argument(fcinfo, 2, &flags);
	PG_RETURN_POINTER(occupancy_build(DatumGetTimestampTz(lower.val),
									  DatumGetTimestampTz(upper.val),
									  flags, scope, names, count));
}

/*
 * The same resources for a longer period.  A null buffer is none; a null
 * occupancy stays null.
 */
static Datum
buffer_occupancy(FunctionCallInfo fcinfo, int before_arg, int after_arg)
{
	struct varlena *value;
	struct varlena *result;
	Occupancy	o;
	int32		before = PG_ARGISNULL(before_arg) ? 0 : PG_GETARG_INT32(before_arg);
	int32		after = PG_ARGISNULL(after_arg) ? 0 : PG_GETARG_INT32(after_arg);
	char	   *data;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (before < 0 || after < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("buffer of an occupancy must not be negative")));

	value = PG_GETARG_OCCUPANCY(0);
	occupancy_open(value, &o);

	/* no overflow: the years 0001 to 9999 leave room for any int32 */
	o.starts_at -= before * USECS_PER_MINUTE;
	o.ends_at += after * USECS_PER_MINUTE;
	occupancy_check_period(o.starts_at, o.ends_at);

	result = (struct varlena *) palloc(VARSIZE_ANY_EXHDR(value) + VARHDRSZ);
	SET_VARSIZE(result, VARSIZE_ANY_EXHDR(value) + VARHDRSZ);
	data = VARDATA(result);
	memcpy(data, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	memcpy(data + 4, &o.starts_at, sizeof(TimestampTz));
	memcpy(data + 12, &o.ends_at, sizeof(TimestampTz));
	assert_invariants(result);
	PG_RETURN_POINTER(result);
}

APPOINTMENT_FUNCTION(occupancy_buffer);
Datum
occupancy_buffer(PG_FUNCTION_ARGS)
{
	return buffer_occupancy(fcinfo, 1, 2);
}

/* A single number of minutes is for both sides. */
APPOINTMENT_FUNCTION(occupancy_buffer_both);
Datum
occupancy_buffer_both(PG_FUNCTION_ARGS)
{
	return buffer_occupancy(fcinfo, 1, 1);
}

/*
 * The name of a resource among several kinds: "room:7".  NULL for a null id,
 * which an occupancy passes over.
 */
static text *
make_key(struct varlena *kind, const char *id, int id_len)
{
	int			kind_len = VARSIZE_ANY_EXHDR(kind);
	text	   *result;
	char	   *data;

	occupancy_check_name_length((int64) kind_len + 1 + id_len);
	result = (text *) palloc(VARHDRSZ + kind_len + 1 + id_len);
	data = VARDATA(result);
	SET_VARSIZE(result, VARHDRSZ + kind_len + 1 + id_len);
	memcpy(data, VARDATA_ANY(kind), kind_len);
	data[kind_len] = ':';
	memcpy(data + kind_len + 1, id, id_len);
	return result;
}

static text *
kind_argument(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("kind of a resource must not be null")));
	return PG_GETARG_TEXT_PP(0);
}

APPOINTMENT_FUNCTION(resource_key_text);
Datum
resource_key_text(PG_FUNCTION_ARGS)
{
	text	   *kind = kind_argument(fcinfo);
	text	   *id;

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	id = PG_GETARG_TEXT_PP(1);
	PG_RETURN_TEXT_P(make_key(kind, VARDATA_ANY(id), VARSIZE_ANY_EXHDR(id)));
}

APPOINTMENT_FUNCTION(resource_key_uuid);
Datum
resource_key_uuid(PG_FUNCTION_ARGS)
{
	text	   *kind = kind_argument(fcinfo);
	char	   *id;

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	id = DatumGetCString(DirectFunctionCall1(uuid_out, PG_GETARG_DATUM(1)));
	PG_RETURN_TEXT_P(make_key(kind, id, strlen(id)));
}

APPOINTMENT_FUNCTION(resource_key_bigint);
Datum
resource_key_bigint(PG_FUNCTION_ARGS)
{
	text	   *kind = kind_argument(fcinfo);
	char		id[MAXINT8LEN + 1];

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(make_key(kind, id, pg_lltoa(PG_GETARG_INT64(1), id)));
}

/*----------------------------------------------------------
 * Accessors
 *----------------------------------------------------------*/

APPOINTMENT_FUNCTION(occupancy_during);
Datum
occupancy_during(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_OCCUPANCY(0);
	Occupancy	o;
	RangeBound	lower = {.inclusive = true, .lower = true};
	RangeBound	upper = {.inclusive = false, .lower = false};

	occupancy_open(value, &o);
	lower.val = TimestampTzGetDatum(o.starts_at);
	upper.val = TimestampTzGetDatum(o.ends_at);
	PG_RETURN_RANGE_P(make_range_hard(range_get_typcache(fcinfo, TSTZRANGEOID),
									  &lower, &upper));
}

/* NULL for every resource. */
APPOINTMENT_FUNCTION(occupancy_resources);
Datum
occupancy_resources(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_OCCUPANCY(0);
	Occupancy	o;
	OccupancyNames names;
	OccupancyName name;
	Datum	   *elements;
	int			count = 0;

	occupancy_open(value, &o);
	if (occupancy_is_all(&o))
		PG_RETURN_NULL();
	elements = palloc(Max(o.count, 1) * sizeof(Datum));
	occupancy_names_start(&names, &o);
	while (occupancy_names_next(&names, &name))
		elements[count++] =
			PointerGetDatum(cstring_to_text_with_len(name.data, name.len));
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, count, TEXTOID, -1, false,
										  TYPALIGN_INT));
}

APPOINTMENT_FUNCTION(occupancy_scope);
Datum
occupancy_scope(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_OCCUPANCY(0);
	Occupancy	o;
	OccupancyName scope;

	occupancy_open(value, &o);
	if (!occupancy_has_scope(&o))
		PG_RETURN_NULL();
	scope = occupancy_scope_of(&o);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(scope.data, scope.len));
}

APPOINTMENT_FUNCTION(occupancy_is_for_all);
Datum
occupancy_is_for_all(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_OCCUPANCY(0);
	Occupancy	o;

	occupancy_open(value, &o);
	PG_RETURN_BOOL(occupancy_is_all(&o));
}

/*----------------------------------------------------------
 * Conflict
 *----------------------------------------------------------*/

APPOINTMENT_FUNCTION(occupancy_conflicts_with);
Datum
occupancy_conflicts_with(PG_FUNCTION_ARGS)
{
	struct varlena *a_value = occupancy_argument(fcinfo, 0);
	struct varlena *b_value = occupancy_argument(fcinfo, 1);
	Occupancy	a;
	Occupancy	b;

	occupancy_open(a_value, &a);
	occupancy_open(b_value, &b);
	PG_RETURN_BOOL(occupancy_conflict(&a, &b));
}

APPOINTMENT_FUNCTION(occupancy_intersection);
Datum
occupancy_intersection(PG_FUNCTION_ARGS)
{
	struct varlena *a_value = PG_GETARG_OCCUPANCY(0);
	struct varlena *b_value = PG_GETARG_OCCUPANCY(1);
	struct varlena *shared;
	Occupancy	a;
	Occupancy	b;

	occupancy_open(a_value, &a);
	occupancy_open(b_value, &b);
	shared = occupancy_shared(&a, &b);
	if (shared == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(shared);
}

/*----------------------------------------------------------
 * Order, btree and hash
 *----------------------------------------------------------*/

/*
 * By start, by end, by scope (none first), then every resource first, then by
 * the names in their order.
 */
int
occupancy_compare(const Occupancy *a, const Occupancy *b)
{
	OccupancyName a_scope;
	OccupancyName b_scope;
	OccupancyNames a_names;
	OccupancyNames b_names;
	OccupancyName a_name;
	OccupancyName b_name;
	int			order;

	if (a->starts_at != b->starts_at)
		return a->starts_at < b->starts_at ? -1 : 1;
	if (a->ends_at != b->ends_at)
		return a->ends_at < b->ends_at ? -1 : 1;
	if (occupancy_has_scope(a) != occupancy_has_scope(b))
		return occupancy_has_scope(a) ? 1 : -1;
	a_scope = occupancy_scope_of(a);
	b_scope = occupancy_scope_of(b);
	order = occupancy_name_compare(&a_scope, &b_scope);
	if (order != 0)
		return order;
	if (occupancy_is_all(a) != occupancy_is_all(b))
		return occupancy_is_all(a) ? -1 : 1;

	occupancy_names_start(&a_names, a);
	occupancy_names_start(&b_names, b);
	for (;;)
	{
		bool		a_more = occupancy_names_next(&a_names, &a_name);
		bool		b_more = occupancy_names_next(&b_names, &b_name);

		if (!a_more || !b_more)
			return (int) a_more - (int) b_more;
		order = occupancy_name_compare(&a_name, &b_name);
		if (order != 0)
			return order;
	}
}

static int
compare_arguments(FunctionCallInfo fcinfo)
{
	struct varlena *a_value = PG_GETARG_OCCUPANCY(0);
	struct varlena *b_value = PG_GETARG_OCCUPANCY(1);
	Occupancy	a;
	Occupancy	b;
	int			order;

	occupancy_open(a_value, &a);
	occupancy_open(b_value, &b);
	order = occupancy_compare(&a, &b);
	PG_FREE_IF_COPY(a_value, 0);
	PG_FREE_IF_COPY(b_value, 1);
	return order;
}

APPOINTMENT_FUNCTION(occupancy_cmp);
Datum
occupancy_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_arguments(fcinfo));
}

APPOINTMENT_FUNCTION(occupancy_eq);
Datum
occupancy_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) == 0);
}

APPOINTMENT_FUNCTION(occupancy_ne);
Datum
occupancy_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) != 0);
}

APPOINTMENT_FUNCTION(occupancy_lt);
Datum
occupancy_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) < 0);
}

APPOINTMENT_FUNCTION(occupancy_le);
Datum
occupancy_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) <= 0);
}

APPOINTMENT_FUNCTION(occupancy_gt);
Datum
occupancy_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) > 0);
}

APPOINTMENT_FUNCTION(occupancy_ge);
Datum
occupancy_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) >= 0);
}

/*
 * Hash what equality compares.  The version byte is no part of it, so that a
 * later layout can hash the same; the stored hashes follow from the names.
 * With seed 0 the low half is the plain hash, as hash_extended requires.
 */
static uint64
hash_value(FunctionCallInfo fcinfo, uint64 seed)
{
	struct varlena *value = PG_GETARG_OCCUPANCY(0);
	Occupancy	o;
	uint64		hash;
	char		head[2 * sizeof(TimestampTz) + 1];

	occupancy_open(value, &o);
	memcpy(head, &o.starts_at, sizeof(TimestampTz));
	memcpy(head + sizeof(TimestampTz), &o.ends_at, sizeof(TimestampTz));
	head[sizeof(head) - 1] = (char) o.flags;
	hash = hash_bytes_extended((const unsigned char *) head, sizeof(head),
							   seed);
	hash = hash_bytes_extended((const unsigned char *) o.lengths,
							   o.end - o.lengths, hash);
	PG_FREE_IF_COPY(value, 0);
	return hash;
}

APPOINTMENT_FUNCTION(occupancy_hash);
Datum
occupancy_hash(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32((int32) hash_value(fcinfo, 0));
}

APPOINTMENT_FUNCTION(occupancy_hash_extended);
Datum
occupancy_hash_extended(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) hash_value(fcinfo, PG_GETARG_INT64(1)));
}
