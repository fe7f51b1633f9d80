/*-------------------------------------------------------------------------
 *
 * row.c
 *		A row of any table as a document: columns named like fields.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "base/zone.h"
#include "compat.h"
#include "document/document_type.h"
#include "document/read_document.h"
#include "formats/registry.h"
#include "record/notice.h"

/* How a column's value becomes a field's. */
typedef enum ColumnConversion
{
	COLUMN_IGNORED,				/* no field of that name */
	COLUMN_TEXT,				/* varlena text, as it is */
	COLUMN_CHAR,				/* without the padding, as cast to text */
	COLUMN_OUTPUT,				/* what the type's output function writes */
	COLUMN_BOOLEAN,
	COLUMN_INT2,
	COLUMN_INT4,
	COLUMN_INT8,
	COLUMN_NUMERIC,
	COLUMN_INTERVAL,			/* whole minutes */
	COLUMN_INSTANT,
	COLUMN_DATE,
	COLUMN_LOCAL,
	COLUMN_ARRAY,				/* of what the elements' output writes */
	COLUMN_JSON,
	COLUMN_JSONB,
} ColumnConversion;

typedef struct Column
{
	ColumnConversion conversion;
	const FieldInfo *field;
	FmgrInfo	output;
	Oid			element_type;	/* without its domains */
	int16		element_len;
	bool		element_byval;
	char		element_align;
} Column;

/* What depends only on the row's type, kept from one call to the next. */
typedef struct RowMap
{
	uint64		identifier;		/* of the row type as it was then */
	TupleDesc	descriptor;
	MemoryContext context;
	Column	   *columns;
	Datum	   *values;
	bool	   *nulls;
} RowMap;

/* A document in the making. */
typedef struct RowBuild
{
	RecordBuilder builder;
	RecordType	type;
	size_t		bytes;			/* of its texts so far */
} RowBuild;

/* A type whose values say by themselves what they are as text. */
static bool
is_textual(Oid type)
{
	char		category;
	bool		preferred;

	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case UUIDOID:
			return true;
		default:
			get_type_category_preferred(type, &category, &preferred);
			return category == TYPCATEGORY_STRING ||
				category == TYPCATEGORY_ENUM;
	}
}

static void
prepare_output(Column *column, Oid type, MemoryContext context)
{
	Oid			output;
	bool		varlena;

	getTypeOutputInfo(type, &output, &varlena);
	fmgr_info_cxt(output, &column->output, context);
}

/* Choose the conversion of a column.  False if there is none. */
static bool
prepare_column(Column *column, Oid type, MemoryContext context)
{
	Oid			element;

	switch (column->field->kind)
	{
		case KIND_TEXT:
		case KIND_ZONE:
		case KIND_STATUS:
		case KIND_SOURCE:
			if (type == TEXTOID || type == VARCHAROID)
				column->conversion = COLUMN_TEXT;
			else if (type == BPCHAROID)
				column->conversion = COLUMN_CHAR;
			else if (is_textual(type))
			{
				column->conversion = COLUMN_OUTPUT;
				prepare_output(column, type, context);
			}
			break;
		case KIND_BOOLEAN:
			if (type == BOOLOID)
				column->conversion = COLUMN_BOOLEAN;
			break;
		case KIND_INTEGER:
			if (type == INT2OID)
				column->conversion = COLUMN_INT2;
			else if (type == INT4OID)
				column->conversion = COLUMN_INT4;
			else if (type == INT8OID)
				column->conversion = COLUMN_INT8;
			else if (type == NUMERICOID)
				column->conversion = COLUMN_NUMERIC;
			else if (type == INTERVALOID &&
					 (column->field->number == FIELD_DURATION ||
					  column->field->number == FIELD_EVENT_DURATION ||
					  field_is_notice(column->field->number)))
				column->conversion = COLUMN_INTERVAL;
			break;
		case KIND_INSTANT:
			if (type == TIMESTAMPTZOID)
				column->conversion = COLUMN_INSTANT;
			break;
		case KIND_DATE:
			if (type == DATEOID)
				column->conversion = COLUMN_DATE;
			break;
		case KIND_LOCAL:
			if (type == TIMESTAMPOID)
				column->conversion = COLUMN_LOCAL;
			break;
		case KIND_TEXT_LIST:
			element = get_base_element_type(type);
			if (OidIsValid(element) && is_textual(getBaseType(element)))
			{
				column->conversion = COLUMN_ARRAY;
				column->element_type = getBaseType(element);
				get_typlenbyvalalign(element, &column->element_len,
									 &column->element_byval,
									 &column->element_align);
				prepare_output(column, element, context);
			}
			break;
		case KIND_RECORD:
		case KIND_RECORD_LIST:
		case KIND_JSON_OBJECT:
		case KIND_JSON_LIST:
		case KIND_UNKNOWN:
			break;
	}

	/* any list or object, and a list of texts as well, may come as JSON */
	if (column->conversion == COLUMN_IGNORED &&
		column->field->kind >= KIND_TEXT_LIST)
	{
		if (type == JSONOID)
			column->conversion = COLUMN_JSON;
		else if (type == JSONBOID)
			column->conversion = COLUMN_JSONB;
	}
	return column->conversion != COLUMN_IGNORED;
}

/* Whether two names are the same but for case and underscores. */
static bool
same_but_spelling(const char *a, const char *b)
{
	for (;;)
	{
		while (*a == '_')
			a++;
		while (*b == '_')
			b++;
		if (pg_ascii_tolower((unsigned char) *a) !=
			pg_ascii_tolower((unsigned char) *b))
			return false;
		if (*a == '\0')
			return true;
		a++;
		b++;
	}
}

/*
 * The field that a column's name is in camel case, as an ORM may make it; or
 * NULL.
 */
static const FieldInfo *
field_in_camel_case(RecordType type, const char *name)
{
	if (strpbrk(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL)
		return NULL;
	for (int i = record_first[type]; i < record_first[type + 1]; i++)
	{
		if (same_but_spelling(field_catalogue[i].name, name))
			return &field_catalogue[i];
	}
	return NULL;
}

/*
 * Make sure that no column is lost that was meant for a field: of two of one
 * name, one in camel case, or all of them.
 */
static void
check_names(const RowMap *map, TupleDesc descriptor, RecordType type)
{
	bool		seen[FIELD_NUMBER_MAX + 1] = {false};
	bool		any = false;

	for (int i = 0; i < descriptor->natts; i++)
	{
		const FieldInfo *field = map->columns[i].field;

		if (field == NULL)
			continue;
		if (seen[field->number])
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("row has more than one column \"%s\"", field->name),
					 errhint("Leave all but one of them out of the subquery, or give them other names.")));
		seen[field->number] = true;
		any = true;
	}
	for (int i = 0; i < descriptor->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
		const char *name = NameStr(attribute->attname);
		const FieldInfo *field;

		if (attribute->attisdropped || map->columns[i].field != NULL)
			continue;
		field = field_in_camel_case(type, name);
		if (field != NULL && !seen[field->number])
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("column \"%s\" of the row is not named like field \"%s\"",
							name, field->name),
					 errhint("Use \"%s\" AS %s in a subquery.",
							 name, field->name)));
	}
	if (!any)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("row has no column that is named like a field of type %s",
						DOCUMENT_TYPE_NAME(type)),
				 errhint("Name the columns in a subquery, such as (SELECT began AS starts_at FROM visit). %s_fields() lists the fields.",
						 DOCUMENT_TYPE_NAME(type))));
}

/*
 * Match the columns of a row type with the fields of a document.
 */
static RowMap *
make_map(FunctionCallInfo fcinfo, RecordType type, Oid row_type, int32 typmod,
		 uint64 identifier)
{
	RowMap	   *map = fcinfo->flinfo->fn_extra;
	MemoryContext old_context;
	TupleDesc	descriptor;
	int			natts;

	if (map == NULL)
	{
		map = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(RowMap));
		map->context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt,
											 "appointment row map",
											 ALLOCSET_SMALL_SIZES);
		fcinfo->flinfo->fn_extra = map;
	}
	map->descriptor = NULL;		/* what follows may raise an error */
	MemoryContextReset(map->context);
	old_context = MemoryContextSwitchTo(map->context);

	descriptor = lookup_rowtype_tupdesc_copy(row_type, typmod);
	natts = descriptor->natts;
	map->columns = palloc0_array(Column, Max(natts, 1));
	map->values = palloc_array(Datum, Max(natts, 1));
	map->nulls = palloc_array(bool, Max(natts, 1));
	for (int i = 0; i < natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
		const char *name = NameStr(attribute->attname);
		Oid			column_type;
		Column	   *column = &map->columns[i];

		if (attribute->attisdropped)
			continue;
		column->field = field_by_name(type, name, strlen(name));
		if (column->field == NULL)
			continue;
		column_type = getBaseType(attribute->atttypid);
		if (!prepare_column(column, column_type, map->context))
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of type %s cannot be field \"%s\" of type %s",
							name, format_type_be(attribute->atttypid), name,
							DOCUMENT_TYPE_NAME(type)),
					 column->field->kind == KIND_LOCAL ?
					 errhint("Its type must be timestamp without time zone.") :
					 column->field->kind != KIND_INSTANT ? 0 :
					 column_type == TIMESTAMPOID ?
					 errhint("A timestamp without time zone could be of any zone: use (column AT TIME ZONE 'zone') AS %s in a subquery.", name) :
					 errhint("Its type must be timestamp with time zone.")));
	}
	check_names(map, descriptor, type);
	map->identifier = identifier;
	map->descriptor = descriptor;
	MemoryContextSwitchTo(old_context);
	return map;
}

static pg_noinline void
report_value(const Column *column, const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("value of column \"%s\" %s", column->field->name, problem)));
}

static void
add_instant(RecordBuilder *builder, const Column *column, TimestampTz instant)
{
	if (!instant_in_range(instant))
		report_value(column, "is not in the years 0001 to 9999");
	record_add_instant(builder, column->field->number, instant);
}

/*
 * Count the bytes of texts: more than canonical JSON may have need not be put
 * together.
 */
static void
count_bytes(RowBuild *build, size_t len)
{
	build->bytes += len;
	if (build->bytes > canonical_limits.bytes)
		document_report_too_large(build->type, NULL);
}

static void
add_text(RowBuild *build, const Column *column, const char *text, size_t len)
{
	RecordBuilder *builder = &build->builder;
	FieldNumber number = column->field->number;
	const Format *source;

	count_bytes(build, len);
	switch (column->field->kind)
	{
		case KIND_STATUS:
			/* a column of that name says how the source had worded it */
			if (record_has(builder, field_source_status(number)))
				record_add_status(builder, number, text, len);
			else
				record_add_worded_status(builder, number, text, len);
			break;
		case KIND_SOURCE:
			source = format_by_name(text, len);
			if (source == NULL || source->record != build->type)
				report_value(column, build->type == RECORD_EVENT ?
							 "is not the name of a format of events" :
							 "is not the name of a format of appointments");
			builder->source = source->code;
			break;
		case KIND_ZONE:
			if (instant_zone(text, len) == NULL)
				report_value(column, "is not an IANA time zone");
			pg_fallthrough;
		default:
			record_add_text(builder, number, text, len);
			break;
	}
}

/* The text of character(n), as the server's own cast has it. */
static int
char_length(text * value)
{
	return bpchartruelen(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

static void
add_list(RowBuild *build, Column *column, Datum datum)
{
	ArrayType  *array = DatumGetArrayTypeP(datum);
	ListBuilder list;
	Datum	   *elements;
	bool	   *nulls;
	int			count;

	if (ARR_NDIM(array) > 1)
		report_value(column, "is an array of several dimensions");
	if (ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) > canonical_limits.values)
		document_report_too_large(build->type, NULL);
	deconstruct_array(array, column->element_type, column->element_len,
					  column->element_byval, column->element_align,
					  &elements, &nulls, &count);
	list_begin(&list);
	for (int i = 0; i < count; i++)
	{
		const char *element;
		size_t		len;

		if (nulls[i])
			continue;			/* nobody's name */
		CHECK_FOR_INTERRUPTS();
		if (column->element_type == TEXTOID ||
			column->element_type == VARCHAROID ||
			column->element_type == BPCHAROID)
		{
			text	   *value = DatumGetTextPP(elements[i]);

			element = VARDATA_ANY(value);
			len = column->element_type == BPCHAROID ? (size_t) char_length(value) :
				VARSIZE_ANY_EXHDR(value);
		}
		else
		{
			element = OutputFunctionCall(&column->output, elements[i]);
			len = strlen(element);
		}
		count_bytes(build, len);
		list_add_text(&list, element, len);
	}
	record_add_list(&build->builder, column->field->number, &list);
}

static void
add_json(RowBuild *build, const Column *column, Datum datum)
{
	RecordType	type = build->type;
	DocumentText text = document_argument(datum,
										  column->conversion == COLUMN_JSON ?
										  ARGUMENT_JSON : ARGUMENT_JSONB);
	ProblemSink sink;

	problem_sink_begin(&sink, false);
	read_field(&text, canonical_format(type), column->field->number,
			   &build->builder, &sink);
	if (sink.errors > 0)
		problem_raise(&sink, NULL, DOCUMENT_TYPE_NAME(type), NULL);
}

static void
add_interval(RecordBuilder *builder, const Column *column,
			 const Interval *interval)
{
	/* without months, days have 24 hours as in interval's own comparison */
	if (interval->month != 0 || interval->time % USECS_PER_MINUTE != 0)
		report_value(column, "is not a whole number of minutes");
	record_add_integer(builder, column->field->number,
					   interval->day * INT64CONST(1440) +
					   interval->time / USECS_PER_MINUTE);
}

static void
add_numeric(RecordBuilder *builder, const Column *column, Datum datum)
{
	const Numeric number = DatumGetNumeric(datum);
	char	   *text;
	char	   *end;
	int64		value;

	if (numeric_is_nan(number) || numeric_is_inf(number))
		report_value(column, "is not a whole number");
	text = numeric_normalize(number);
	if (strchr(text, '.') != NULL)
		report_value(column, "is not a whole number");
	errno = 0;
	value = strtoi64(text, &end, 10);
	if (errno != 0 || *end != '\0')
		report_value(column, "is out of range");
	record_add_integer(builder, column->field->number, value);
}

/* A notice from a column is as one from a document. */
static void
check_notice(const RecordBuilder *builder, const Column *column)
{
	FieldValue	value;

	if (record_entry_value(builder, column->field->number, &value) &&
		!notice_in_range(field_integer(&value)))
		report_value(column, "is not a number of minutes from 0 to 2147483647");
}

static void
add_column(RowBuild *build, Column *column, Datum datum)
{
	RecordBuilder *builder = &build->builder;
	FieldNumber number = column->field->number;

	switch (column->conversion)
	{
		case COLUMN_IGNORED:
			break;
		case COLUMN_TEXT:
			{
				text	   *value = DatumGetTextPP(datum);

				add_text(build, column, VARDATA_ANY(value),
						 VARSIZE_ANY_EXHDR(value));
				break;
			}
		case COLUMN_CHAR:
			{
				text	   *value = DatumGetTextPP(datum);

				add_text(build, column, VARDATA_ANY(value), char_length(value));
				break;
			}
		case COLUMN_OUTPUT:
			{
				char	   *value = OutputFunctionCall(&column->output, datum);

				add_text(build, column, value, strlen(value));
				break;
			}
		case COLUMN_BOOLEAN:
			record_add_boolean(builder, number, DatumGetBool(datum));
			break;
		case COLUMN_INT2:
			record_add_integer(builder, number, DatumGetInt16(datum));
			break;
		case COLUMN_INT4:
			record_add_integer(builder, number, DatumGetInt32(datum));
			break;
		case COLUMN_INT8:
			record_add_integer(builder, number, DatumGetInt64(datum));
			break;
		case COLUMN_NUMERIC:
			add_numeric(builder, column, datum);
			break;
		case COLUMN_INTERVAL:
			add_interval(builder, column, DatumGetIntervalP(datum));
			break;
		case COLUMN_INSTANT:
			add_instant(builder, column, DatumGetTimestampTz(datum));
			break;
		case COLUMN_DATE:
			{
				DateADT		date = DatumGetDateADT(datum);

				/* the days of the years that an instant may have */
				if (date < date2j(1, 1, 1) - POSTGRES_EPOCH_JDATE ||
					date > date2j(9999, 12, 31) - POSTGRES_EPOCH_JDATE)
					report_value(column, "is not a date of the years 0001 to 9999");
				record_add_date(builder, number, date);
				break;
			}
		case COLUMN_LOCAL:
			if (!instant_in_range(DatumGetTimestamp(datum)))
				report_value(column, "is not in the years 0001 to 9999");
			record_add_local(builder, number, DatumGetTimestamp(datum));
			break;
		case COLUMN_ARRAY:
			add_list(build, column, datum);
			break;
		case COLUMN_JSON:
		case COLUMN_JSONB:
			add_json(build, column, datum);
			break;
	}
}

/*
 * A row as a document.  Columns that are not named like a field are passed
 * over, and a NULL is an absent field.
 */
static Datum
document_from_row(FunctionCallInfo fcinfo, RecordType type)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	Oid			row_type = HeapTupleHeaderGetTypeId(row);
	int32		typmod = HeapTupleHeaderGetTypMod(row);
	RowMap	   *map = fcinfo->flinfo->fn_extra;
	uint64		identifier;
	RowBuild	build;
	HeapTupleData tuple;

	/* ALTER TABLE may change a type between two calls of one expression */
	identifier = assign_record_type_identifier(row_type, typmod);
	if (map == NULL || map->descriptor == NULL ||
		map->identifier != identifier)
		map = make_map(fcinfo, type, row_type, typmod, identifier);

	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	heap_deform_tuple(&tuple, map->descriptor, map->values, map->nulls);

	record_begin(&build.builder);
	build.type = type;
	build.bytes = 0;
	for (int i = 0; i < map->descriptor->natts; i++)
	{
		if (map->columns[i].conversion != COLUMN_IGNORED && !map->nulls[i])
		{
			add_column(&build, &map->columns[i], map->values[i]);
			if (field_is_notice(map->columns[i].field->number))
				check_notice(&build.builder, &map->columns[i]);
		}
	}
	PG_RETURN_POINTER(document_finish(&build.builder, type));
}

DOCUMENT_FUNCTION(appointment_from_row, document_from_row, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_event_from_row, document_from_row, RECORD_EVENT);
