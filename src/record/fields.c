/*-------------------------------------------------------------------------
 *
 * fields.c
 *		The catalogue of records and their fields.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "record/fields.h"

const FieldInfo field_catalogue[FIELD_COUNT] = {
#define FIELD(symbol, number, name, kind, sub, personal, comment) \
	{name, comment, FIELD_##symbol, KIND_##kind, RECORD_##sub, personal},
#include "record/fields.def"
};

const int	record_first[RECORD_TYPE_COUNT + 1] = {
#define RECORD(symbol) FIRST_INDEX_##symbol,
#include "record/fields.def"
	FIELD_COUNT
};

/* A number of the catalogue is unique, so that it can be a case label. */
static inline int
index_of_number(FieldNumber number)
{
	switch (number)
	{
#define FIELD(symbol, number, name, kind, sub, personal, comment) \
		case FIELD_##symbol: \
			return INDEX_##symbol;
#include "record/fields.def"
		case FIELD_NONE:
			break;
	}
	return -1;
}

/*
 * The field of a record that canonical JSON calls so, or NULL.
 */
const FieldInfo *
field_by_name(RecordType record, const char *name, size_t len)
{
	for (int i = record_first[record]; i < record_first[record + 1]; i++)
	{
		const FieldInfo *field = &field_catalogue[i];

		if (strncmp(field->name, name, len) == 0 && field->name[len] == '\0')
			return field;
	}
	return NULL;
}

/*
 * The field that stored values call so, or NULL: a later version of the
 * extension may have stored it.
 */
const FieldInfo *
field_by_number(FieldNumber number)
{
	int			index = index_of_number(number);

	return index < 0 ? NULL : &field_catalogue[index];
}
