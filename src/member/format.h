/*-------------------------------------------------------------------------
 *
 * format.h
 *		What a format is: a table of members, a vocabulary, a list envelope.
 *
 * Reading, validating and writing a document are walks over the same table,
 * so they cannot disagree.  What a table cannot say is in the hooks, which
 * live in the format's own file.  A format is one file and one line in
 * formats.def.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_FORMAT_H
#define APPOINTMENT_FORMAT_H

#include "base/instant.h"
#include "json/json_tree.h"
#include "json/json_writer.h"
#include "json/problem.h"
#include "member/options.h"
#include "record/fields.h"
#include "record/record_build.h"
#include "record/record_read.h"

typedef struct Format Format;
typedef struct Member Member;
typedef struct MemberTable MemberTable;
typedef struct Request Request;

/* ---------------------------------------------------------------------
 * the walks
 * ---------------------------------------------------------------------
 */

/* A document being read. */
typedef struct ReadContext
{
	const Format *format;
	const Options *options;
	ProblemSink *sink;
	JsonNode   *document;		/* without its envelope */
	bool		list_item;		/* of a list document, perhaps brief */
	bool		restoring;		/* a whole value, as it was written */
	bool		only_validate;	/* nobody wants the record */
	bool		skipped_time;	/* a local time was one that the clocks skip */

	/* of a request, which is not a document */
	const Request *request;
	const Record *target;		/* what it changes; NULL if it creates */
	TimestampTz at;				/* when */
} ReadContext;

/* A document being written. */
typedef struct WriteContext
{
	const Format *format;
	const Options *options;
	const Record *document;
	const Record *object;		/* the one being written: it or a part of it */
	JsonWriter *writer;
	bool		from_source;	/* the value was read from this very format */
	bool		brief;			/* an item of a list whose items are brief */
} WriteContext;

/*
 * Reads a member's value into a record in the making.  The value is not null,
 * but for MEMBER_READS_NULL.
 */
typedef void (*MemberReader) (ReadContext *context, const Member *member,
							  JsonNode *node, RecordBuilder *builder);

/*
 * Writes a member: key and value, or nothing.  The value is NULL if the
 * record does not have the field.
 */
typedef void (*MemberWriter) (WriteContext *context, const Member *member,
							  const FieldValue *value);

/* Writes a value that is not null. */
typedef void (*ValueWriter) (WriteContext *context, const FieldValue *value);

/* ---------------------------------------------------------------------
 * members
 * ---------------------------------------------------------------------
 */

/* How a member is written and read. */
typedef enum MemberStyle
{
	STYLE_TEXT,					/* "…" */
	STYLE_BOOLEAN,
	STYLE_INTEGER,				/* 60 */
	STYLE_DIGITS,				/* "60" */
	STYLE_INSTANT,				/* "2024-01-01T10:00:00Z", fraction as needed */
	STYLE_INSTANT_MILLIS,		/* "2024-01-01T10:00:00.000Z", or more */
	STYLE_EPOCH_MILLIS,			/* 1692370044000, fraction as needed */
	STYLE_EPOCH_SECONDS,		/* 1736461200 */
	STYLE_EPOCH_DIGITS,			/* "1484278495" */
	STYLE_DATE,					/* "2023-12-25" */
	STYLE_LOCAL,				/* "2024-01-01T10:00:00" */
	STYLE_ZONE,					/* "America/New_York" */
	STYLE_STATUS,				/* a word of the format's vocabulary */
	STYLE_TEXT_LIST,
	STYLE_OBJECT,				/* of member->members */
	STYLE_OBJECT_LIST,			/* of member->members */
	STYLE_JSON_OBJECT,			/* any object, to the letter */
	STYLE_JSON_LIST,			/* any array, to the letter */
	STYLE_CONSTANT,				/* member->constant; the field notes its
								 * absence */
	STYLE_LENGTH,				/* minutes from the start to the end */
	STYLE_CUSTOM,				/* member->read, and member->write or
								 * member->put */
} MemberStyle;

/* A missing member is an error, a null one is not. */
#define MEMBER_REQUIRED		0x01
/* A null is an error. */
#define MEMBER_NOT_NULL		0x02
/* A missing or null member is a warning. */
#define MEMBER_EXPECTED		0x04
/* What is absent is written as [], also by a format that writes null. */
#define MEMBER_EMPTY_LIST	0x08
/* The identifier's shape is documented: another one is an error. */
#define MEMBER_STRICT_SHAPE	0x10
/* Also an item of a list document has it. */
#define MEMBER_IN_LIST		0x20
/* Its hook reads a null, too. */
#define MEMBER_READS_NULL	0x40

#define MEMBER_NEVER_NULL	(MEMBER_REQUIRED | MEMBER_NOT_NULL)

/* Two cache lines: every member of every document is looked up among these. */
struct Member
{
	const char *name;
	char		key[JSON_KEY_SIZE]; /* "name": as JSON text */
	uint8		name_len;
	uint8		key_len;
	uint8		style;			/* MemberStyle */
	uint8		flags;			/* MEMBER_xxx */
	uint16		field;			/* FieldNumber */
	uint16		max_length;		/* of a text, in characters; 0: any */
	const MemberTable *members; /* of an object or of a list's items */
	const char *const *words;	/* a closed vocabulary, NULL at its end */
	const char *constant;
	bool		(*shape) (const char *text, size_t len);
	const char *shape_name;		/* reads on from "must be" */
	MemberReader read;			/* in place of the style's */
	MemberWriter write;
	ValueWriter put;			/* the value alone, of STYLE_CUSTOM */
};

StaticAssertDecl(sizeof(Member) <= 128, "a member takes two cache lines");

struct MemberTable
{
	const Member *members;
	int			count;
	FieldNumber unknown;		/* takes the members that the table lacks */
};

#define MEMBER(name_, style_, field_, ...) \
	{.name = name_, .name_len = sizeof(name_) - 1, \
	.key = "\"" name_ "\":", .key_len = sizeof(name_) + 2, \
	.style = STYLE_##style_, .field = FIELD_##field_, __VA_ARGS__}

#define MEMBER_TABLE(members_, unknown_) \
	{.members = members_, .count = lengthof(members_), \
	.unknown = FIELD_##unknown_}

/* ---------------------------------------------------------------------
 * formats
 * ---------------------------------------------------------------------
 */

/* What a member is written as that the value does not have. */
typedef enum Absence
{
	ABSENT_IS_NULL,
	ABSENT_IS_LEFT_OUT,
} Absence;

/* A service's word and what it means. */
typedef struct StatusWord
{
	const char *word;
	Status		status;
} StatusWord;

typedef struct StatusVocabulary
{
	const StatusWord *words;	/* how words are read; ends with NULL */
	const char *written[STATUS_COUNT];	/* how statuses are written */
	bool		closed;			/* no other words */
	const char *fallback;		/* of a closed one, for a status that it lacks */
} StatusVocabulary;

typedef struct ListEnvelope
{
	const char *items;			/* the member with the items */
	const char *const *members; /* all members, in order, NULL at the end */
	const char *object;			/* value of the member "object", or NULL */
	bool		brief_items;	/* items have only MEMBER_IN_LIST members */
	/* writes a member of the envelope other than those */
	void		(*write_member) (const char *name, const Options *options,
								 int count, JsonWriter *writer);
} ListEnvelope;

/* A documented request: its members, and what they do besides. */
struct Request
{
	const char *kind;			/* create, update, cancel, reschedule */
	const MemberTable *table;
	bool		creates;

	/*
	 * The request's members are in the builder, over the target's fields; all
	 * that were good, if the sink collects.
	 */
	void		(*apply) (ReadContext *context, RecordBuilder *builder);
};

/*
 * What may be missing says so.  The table of an appointment has a member for the
 * field ENDS_AT, which may be of STYLE_LENGTH.
 */
struct Format
{
	const char *name;
	const char *service;
	uint8		code;			/* what stored values call it */
	RecordType	record;
	const MemberTable *table;
	Absence		absence;
	bool		enveloped;		/* a single document stands in {"data": …} */
	bool		strict;			/* an unknown member is an error */
	bool		whole_millis;	/* instants have milliseconds, nothing finer */
	const char *anchor;			/* every document has this member */
	const char *instants;		/* how instants are written, in words */
	const StatusVocabulary *statuses;	/* NULL: status is any text */
	const ListEnvelope *list;	/* never NULL */
	/* adds what follows from several members; or NULL */
	void		(*finish) (ReadContext *context, RecordBuilder *builder);

	/*
	 * reports members that do not go together, by their names in a table; or
	 * NULL
	 */
	void		(*check) (const Record *record, const MemberTable *names,
						  ProblemSink *sink);
	const Request *requests;	/* ends with a kind of NULL; or NULL */
	/* appends a new identifier of the documented shape; never NULL */
	void		(*make_id) (StringInfo id);
};

extern const Member *format_member(const MemberTable *table,
								   FieldNumber field);

/*
 * The place in a table of the member of this name, or -1.  Documents have
 * their members in the order of the table as good as always, so the search
 * starts where the last one ended.
 */
static inline int
member_position(const MemberTable *table, int next, const char *name)
{
	size_t		len = strlen(name);

	for (int n = 0; n < table->count; n++)
	{
		int			i = next + n < table->count ? next + n :
		next + n - table->count;
		const Member *member = &table->members[i];

		if (member->name_len == len && memcmp(member->name, name, len) == 0)
			return i;
	}
	return -1;
}

#endif							/* APPOINTMENT_FORMAT_H */
