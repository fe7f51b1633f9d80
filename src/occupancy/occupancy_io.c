/*-------------------------------------------------------------------------
 *
 * occupancy_io.c
 *		The text and the binary form of occupancies.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "parser/scansup.h"

#include "base/instant.h"
#include "compat.h"
#include "occupancy/occupancy.h"

/* State of the parser of the text form. */
typedef struct OccupancyParser
{
	const char *input;			/* all of it, for messages */
	const char *next;
	struct Node *escontext;
} OccupancyParser;

/*----------------------------------------------------------
 * Input
 *
 * [scope:][start,end){name,...}, or {*} for every resource.  Behind a name that
 * is shared stand its seats and its capacity: name(3/12).  A scope or name may
 * stand in double quotes, with a backslash before a quote or backslash.
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
		return syntax_error(parser, occupancy_fault_detail(OCCUPANCY_NOT_FINITE));

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

/*
 * Read a number of seats up to the character "stop", which is passed over.
 */
static bool
parse_number(OccupancyParser *parser, char stop, int32 *number)
{
	const char *detail = "A shared resource must have its seats and its capacity behind it, like class(3/12).";
	int64		result = 0;
	const char *start;

	skip_space(parser);
	start = parser->next;
	for (; isdigit((unsigned char) *parser->next); parser->next++)
	{
		CHECK_FOR_INTERRUPTS();
		result = result * 10 + (*parser->next - '0');
		if (result > PG_INT32_MAX)
			return syntax_error(parser, "Seats and capacity must be at most 2147483647.");
	}
	if (parser->next == start)
		return syntax_error(parser, detail);
	*number = (int32) result;
	return expect_char(parser, stop, detail);
}

/*
 * Read how a resource is held, behind its name.
 */
static bool
parse_share(OccupancyParser *parser, OccupancyShare *share)
{
	OccupancyFault fault;

	share->seats = share->capacity = 0;
	skip_space(parser);
	if (*parser->next != '(')
		return true;
	parser->next++;
	if (!parse_number(parser, '/', &share->seats) ||
		!parse_number(parser, ')', &share->capacity))
		return false;
	fault = occupancy_share_fault(share->seats, share->capacity);
	if (fault != OCCUPANCY_FINE)
		return syntax_error(parser, occupancy_fault_detail(fault));
	skip_space(parser);
	return true;
}

static bool
parse_resources(OccupancyParser *parser, OccupancyResource **resources,
				int *count, uint8 *flags)
{
	int			allocated = 16;

	*count = 0;
	*resources = palloc_array(OccupancyResource, allocated);
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
		OccupancyResource *resource;
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
			*resources = repalloc_array(*resources, OccupancyResource, allocated);
		}
		resource = &(*resources)[*count];
		name = &resource->name;
		if (!parse_name(parser, ",(}", name, &quoted) ||
			!parse_share(parser, &resource->share))
			return false;
		if (!quoted && name->len == 1 && name->data[0] == '*')
		{
			if (resource->share.capacity > 0)
				return syntax_error(parser, "\"*\" has no seats; a resource of that name must be quoted.");
			*flags |= OCCUPANCY_ALL;
		}
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
	OccupancyResource *resources;
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

	if (!parse_resources(&parser, &resources, &count, &flags))
		PG_RETURN_NULL();
	skip_space(&parser);
	if (*parser.next != '\0')
	{
		syntax_error(&parser, "Junk after \"}\".");
		PG_RETURN_NULL();
	}

	fault = occupancy_period_fault(starts_at, ends_at);
	if (fault == OCCUPANCY_FINE)
		fault = occupancy_merge(resources, &count);
	if (fault != OCCUPANCY_FINE)
	{
		syntax_error(&parser, occupancy_fault_detail(fault));
		PG_RETURN_NULL();
	}

	PG_RETURN_POINTER(occupancy_build(starts_at, ends_at, flags, scope,
									  resources, count));
}

/*
 * From bytes: version, flags, start, end, the scope if there is one, the
 * number of names and the names, each text with its length before it; and
 * behind each name its seats and its capacity, both 0 for a resource that is
 * held alone, if the flags say that there are shared ones.
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

static void
refuse_binary_resources(OccupancyFault fault)
{
	if (fault != OCCUPANCY_FINE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid resources in an external \"occupancy\""),
				 errdetail_internal("%s", occupancy_fault_detail(fault))));
}

static OccupancyShare
receive_share(StringInfo message)
{
	OccupancyShare share;

	share.seats = pq_getmsgint(message, 4);
	share.capacity = pq_getmsgint(message, 4);
	if (share.seats != 0 || share.capacity != 0)
		refuse_binary_resources(occupancy_share_fault(share.seats,
													  share.capacity));
	return share;
}

APPOINTMENT_FUNCTION(occupancy_recv);
Datum
occupancy_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	TimestampTz starts_at;
	TimestampTz ends_at;
	OccupancyName scope = {NULL, 0};
	OccupancyResource *resources;
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
	fault = occupancy_period_fault(starts_at, ends_at);
	if (fault != OCCUPANCY_FINE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid period in an external \"occupancy\""),
				 errdetail_internal("%s", occupancy_fault_detail(fault))));

	if (flags & OCCUPANCY_SCOPED)
		scope = receive_name(message);

	count = pq_getmsgint(message, 4);
	if (count < 0 || count > (message->len - message->cursor) / 4 ||
		(count > 0 && (flags & OCCUPANCY_ALL) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid number of names in an external \"occupancy\"")));
	occupancy_check_name_count(count);
	resources = palloc0_array(OccupancyResource, Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		resources[i].name = receive_name(message);
		if (flags & OCCUPANCY_SHARED)
			resources[i].share = receive_share(message);
	}
	refuse_binary_resources(occupancy_merge(resources, &count));

	PG_RETURN_POINTER(occupancy_build(starts_at, ends_at, (uint8) flags,
									  scope, resources, count));
}

/*----------------------------------------------------------
 * Output
 *----------------------------------------------------------*/

/*
 * Write a scope or a name, quoted if it could be read as something else.
 */
static void
append_occupancy_name(StringInfo out, OccupancyName name, bool is_scope)
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
	OccupancyShare share;
	StringInfoData out;
	char		instant[INSTANT_MAXLEN];
	bool		first = true;

	occupancy_open(value, &o);
	initStringInfo(&out);
	if (occupancy_has_scope(&o))
	{
		append_occupancy_name(&out, occupancy_scope_of(&o), true);
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
		append_occupancy_name(&out, name, false);
		share = occupancy_share_at(&o, names.next - 1);
		if (share.capacity > 0)
			appendStringInfo(&out, "(%d/%d)", share.seats, share.capacity);
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
	{
		send_name(&message, name);
		if (o.flags & OCCUPANCY_SHARED)
		{
			OccupancyShare share = occupancy_share_at(&o, names.next - 1);

			pq_sendint32(&message, share.seats);
			pq_sendint32(&message, share.capacity);
		}
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
