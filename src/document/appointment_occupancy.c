/*-------------------------------------------------------------------------
 *
 * appointment_occupancy.c
 *		What an appointment holds: the bridge from documents to occupancies.
 *
 * What these functions return is in indexes.  It can never change, for any
 * value that can be stored.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "base/name.h"
#include "compat.h"
#include "document/document.h"
#include "occupancy/occupancy.h"
#include "occupancy/occupancy_sql.h"

/* The names of resources on their way into an occupancy. */
typedef struct NameList
{
	OccupancyResource *names;
	int			count;
	int			allocated;
} NameList;

/*
 * Add a name.  An empty one is an id that was left empty: no resource.
 */
static void
add_name(NameList *list, const FieldValue *value)
{
	OccupancyResource *resource;

	if (value->size == 0)
		return;
	occupancy_check_name_length(value->size);
	if (list->count == list->allocated)
	{
		list->allocated = Max(8, 2 * list->allocated);
		list->names = list->names == NULL ?
			palloc_array(OccupancyResource, list->allocated) :
			repalloc_array(list->names, OccupancyResource, list->allocated);
	}
	occupancy_check_name_count(list->count + 1);
	resource = &list->names[list->count++];
	memset(resource, 0, sizeof(OccupancyResource));
	resource->name.data = value->data;
	resource->name.len = (int) value->size;
}

/* Add what a field names: one resource, a list of them, or none. */
static void
add_field(NameList *list, const Record *record, FieldNumber number,
		  FieldKind kind)
{
	FieldValue	value;

	if (!record_find_value(record, number, &value))
		return;
	if (kind == KIND_TEXT_LIST)
	{
		PackedBlock items;

		list_open(&items, &value);
		for (uint32 i = 0; i < items.count; i++)
		{
			FieldValue	item;

			list_at(&items, i, &item);
			add_name(list, &item);
		}
	}
	else
		add_name(list, &value);
}

static Datum
build(TimestampTz starts_at, TimestampTz ends_at, uint8 flags,
	  OccupancyName scope, NameList *list)
{
	occupancy_check_period(starts_at, ends_at);
	occupancy_check_name_count(list->count);
	return PointerGetDatum(occupancy_build(starts_at, ends_at, flags, scope,
										   list->names, list->count));
}

/*
 * Whether an appointment with this status holds its resources.  Without a
 * status it does, as with one that nobody knows.
 */
APPOINTMENT_FUNCTION(appointment_status_holds);
Datum
appointment_status_holds(PG_FUNCTION_ARGS)
{
	text	   *status;

	if (PG_ARGISNULL(0))
		PG_RETURN_BOOL(true);
	status = PG_GETARG_TEXT_PP(0);
	PG_RETURN_BOOL(status_holds(VARDATA_ANY(status), VARSIZE_ANY_EXHDR(status)));
}

/* The same of an opened value. */
static bool
record_holds(const Record *record)
{
	FieldValue	value;
	const char *word;
	uint32		len;

	if (!record_find_value(record, FIELD_STATUS, &value))
		return true;
	field_status_text(&value, &word, &len);
	return status_holds(word, len);
}

/*
 * Everything that is known to be a resource, unless the appointment is free.
 */
APPOINTMENT_FUNCTION(appointment_occupancy);
Datum
appointment_occupancy(PG_FUNCTION_ARGS)
{
	PackedDocument *document = PG_GETARG_DOCUMENT(0);
	Record		record;
	TimestampTz starts_at;
	TimestampTz ends_at;
	NameList	list = {NULL, 0, 0};
	OccupancyName no_scope = {NULL, 0};

	record_open(&record, (struct varlena *) document);
	if (!document_starts_at(document, &starts_at) ||
		!document_ends_at(document, &ends_at) ||
		!record_holds(&record))
		PG_RETURN_NULL();

	add_field(&list, &record, FIELD_PRACTITIONER_ID, KIND_TEXT);
	add_field(&list, &record, FIELD_ROOM_ID, KIND_TEXT);
	add_field(&list, &record, FIELD_VEHICLE_ID, KIND_TEXT);
	add_field(&list, &record, FIELD_RESOURCE_IDS, KIND_TEXT_LIST);
	return build(starts_at, ends_at, 0, no_scope, &list);
}

/* Is the appointment's status one of the array's words, in any spelling? */
static bool
has_status(const Record *record, ArrayType *words)
{
	FieldValue	value;
	const char *status;
	uint32		len;
	Datum	   *elements;
	bool	   *nulls;
	int			count;

	if (!record_find_value(record, FIELD_STATUS, &value))
		return false;
	field_status_text(&value, &status, &len);
	deconstruct_array(words, TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		struct varlena *word;

		if (nulls[i])
			continue;
		word = PG_DETOAST_DATUM_PACKED(elements[i]);
		if (status_same(status, len,
						VARDATA_ANY(word), VARSIZE_ANY_EXHDR(word)))
			return true;
	}
	return false;
}

/* The field that an argument names, which has to be one that names resources. */
static const FieldInfo *
resource_field(Datum element, bool isnull)
{
	const FieldInfo *field = NULL;
	struct varlena *name = NULL;

	if (!isnull)
	{
		name = PG_DETOAST_DATUM_PACKED(element);
		field = field_by_name(RECORD_APPOINTMENT, VARDATA_ANY(name),
							  VARSIZE_ANY_EXHDR(name));
	}
	if (field == NULL ||
		(field->kind != KIND_TEXT && field->kind != KIND_TEXT_LIST))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("field%s of an appointment cannot name resources",
						name == NULL ? " \"null\"" :
						quoted_name(VARDATA_ANY(name),
									VARSIZE_ANY_EXHDR(name), "")),
				 errhint("Fields of type text or text[] can; appointment_fields() lists them.")));
	return field;
}

/*
 * The same with everything said: which fields name resources, which statuses
 * hold nothing, which scope.
 */
APPOINTMENT_FUNCTION(appointment_occupancy_of);
Datum
appointment_occupancy_of(PG_FUNCTION_ARGS)
{
	PackedDocument *document;
	Record		record;
	TimestampTz starts_at;
	TimestampTz ends_at;
	NameList	list = {NULL, 0, 0};
	OccupancyName scope;
	uint8		flags = 0;
	Datum	   *elements;
	bool	   *nulls;
	int			count;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fields of an occupancy must not be null")));

	document = PG_GETARG_DOCUMENT(0);
	record_open(&record, (struct varlena *) document);
	if (!document_starts_at(document, &starts_at) ||
		!document_ends_at(document, &ends_at) ||
		(!PG_ARGISNULL(2) && has_status(&record, PG_GETARG_ARRAYTYPE_P(2))))
		PG_RETURN_NULL();

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false,
					  TYPALIGN_INT, &elements, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		const FieldInfo *field = resource_field(elements[i], nulls[i]);

		add_field(&list, &record, field->number, field->kind);
	}

	scope = occupancy_scope_argument(fcinfo, 3, &flags);
	return build(starts_at, ends_at, flags, scope, &list);
}
