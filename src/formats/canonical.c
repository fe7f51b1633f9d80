/*-------------------------------------------------------------------------
 *
 * canonical.c
 *		Canonical JSON: the text form of the types, made from the catalogue.
 *
 * Every field under its own name, in the order of the catalogue; what is
 * absent is left out.  A member that is not a field is an error: the text
 * form has to be read without loss.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "formats/registry.h"
#include "member/format.h"

/* How canonical JSON writes a kind of field. */
#define CANONICAL_TEXT			STYLE_TEXT
#define CANONICAL_ZONE			STYLE_ZONE
#define CANONICAL_STATUS		STYLE_STATUS
#define CANONICAL_SOURCE		STYLE_SOURCE
#define CANONICAL_BOOLEAN		STYLE_BOOLEAN
#define CANONICAL_INTEGER		STYLE_INTEGER
#define CANONICAL_INSTANT		STYLE_INSTANT
#define CANONICAL_DATE			STYLE_DATE
#define CANONICAL_TEXT_LIST		STYLE_TEXT_LIST
#define CANONICAL_RECORD		STYLE_OBJECT
#define CANONICAL_RECORD_LIST	STYLE_OBJECT_LIST
#define CANONICAL_JSON_OBJECT	STYLE_JSON_OBJECT
#define CANONICAL_JSON_LIST		STYLE_JSON_LIST
#define CANONICAL_UNKNOWN		STYLE_UNKNOWN

static const MemberTable tables[RECORD_TYPE_COUNT + 1];

static const Member members[FIELD_COUNT] = {
#define FIELD(symbol, number_, name_, kind, sub, personal, comment) \
	{.name = name_, .name_len = sizeof(name_) - 1, \
	.key = "\"" name_ "\":", .key_len = sizeof(name_) + 2, \
	.style = CANONICAL_##kind, .field = FIELD_##symbol, \
	.members = &tables[RECORD_##sub]},
#include "record/fields.def"
};

/* The last one, of RECORD_NONE, is empty. */
static const MemberTable tables[RECORD_TYPE_COUNT + 1] = {
#define RECORD(symbol) \
	{.members = &members[FIRST_INDEX_##symbol], \
	.count = END_INDEX_##symbol - FIRST_INDEX_##symbol},
#include "record/fields.def"
};

const Format format_canonical = {
	.name = "canonical",
	.record = RECORD_APPOINTMENT,
	.table = &tables[RECORD_APPOINTMENT],
	.absence = ABSENT_IS_LEFT_OUT,
	.strict = true,
};

const Format format_canonical_event = {
	.name = "canonical",
	.record = RECORD_EVENT,
	.table = &tables[RECORD_EVENT],
	.absence = ABSENT_IS_LEFT_OUT,
	.strict = true,
};
