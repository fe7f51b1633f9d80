/*-------------------------------------------------------------------------
 *
 * diff.c
 *		What differs between two appointments.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "document/diff.h"
#include "document/document_type.h"
#include "document/write_document.h"
#include "formats/registry.h"

/*
 * Write a field as canonical JSON has it, and nothing if it is absent.  Returns
 * whether it is there.
 */
bool
appointment_write_field(const Record *record, const FieldInfo *field,
						JsonWriter *writer)
{
	const Format *source;
	FieldValue	value;

	if (record->document == NULL)
		return false;
	if (field->kind == KIND_SOURCE)
	{
		source = format_by_code(record->document->source);
		if (source == NULL)
			return false;
		json_write_string(writer, source->name, strlen(source->name));
	}
	else
	{
		if (!record_find(record, field->number, &value))
			return false;
		write_field(record, &format_canonical, field->number, writer);
	}
	return true;
}

static bool
field_as_jsonb(const Record *record, const FieldInfo *field, Datum *jsonb)
{
	JsonWriter	writer;

	json_writer_begin(&writer, 64);
	if (!appointment_write_field(record, field, &writer))
		return false;
	*jsonb = DirectFunctionCall1(jsonb_in,
								 CStringGetDatum(json_writer_cstring(&writer)));
	return true;
}

/*
 * Whether two appointments differ in a field.  A record that is not there,
 * for a NULL, has no field.
 */
bool
appointment_field_differs(const Record *a, const Record *b,
						  const FieldInfo *field)
{
	FieldValue	value_a;
	FieldValue	value_b;
	bool		found_a;
	bool		found_b;

	if (field->kind == KIND_SOURCE)
		return (a->document == NULL ? 0 : a->document->source) !=
			(b->document == NULL ? 0 : b->document->source);
	found_a = a->document != NULL && record_find(a, field->number, &value_a);
	found_b = b->document != NULL && record_find(b, field->number, &value_b);
	if (!found_a || !found_b)
		return found_a != found_b;
	return value_a.flags != value_b.flags || value_a.size != value_b.size ||
		memcmp(value_a.data, value_b.data, value_a.size) != 0;
}

/* (appointment, appointment) -> setof (field, old_value, new_value) */
APPOINTMENT_FUNCTION(appointment_diff);
Datum
appointment_diff(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Record		records[2];

	InitMaterializedSRF(fcinfo, 0);
	memset(records, 0, sizeof(records));
	for (int i = 0; i < 2; i++)
	{
		if (!PG_ARGISNULL(i))
			record_open(&records[i], (struct varlena *) PG_GETARG_DOCUMENT(i));
	}
	for (int i = record_first[RECORD_APPOINTMENT];
		 i < record_first[RECORD_APPOINTMENT + 1]; i++)
	{
		const FieldInfo *field = &field_catalogue[i];
		Datum		values[3];
		bool		nulls[3] = {0};

		if (!appointment_field_differs(&records[0], &records[1], field))
			continue;
		values[0] = CStringGetTextDatum(field->name);
		nulls[1] = !field_as_jsonb(&records[0], field, &values[1]);
		nulls[2] = !field_as_jsonb(&records[1], field, &values[2]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
