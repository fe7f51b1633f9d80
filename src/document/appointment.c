/*-------------------------------------------------------------------------
 *
 * appointment.c
 *		The type appointment: input and output, accessors, operators.
 *
 * The functions that are the same for type appointment_event, because both
 * are packed records, are shared by name: appointment_eq and so on.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "base/zone.h"
#include "base/zone_clock.h"
#include "compat.h"
#include "document/document_type.h"
#include "record/local_start.h"
#include "record/record_compare.h"

DOCUMENT_FUNCTION(appointment_in, document_in, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_out, document_out, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_recv, document_recv, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_send, document_send, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_of_json, document_of_json, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_from_jsonb, document_from_jsonb, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_as_json, document_as_json, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_as_jsonb, document_as_jsonb, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_field, document_field, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_field_text, document_field_text, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_set, document_set, RECORD_APPOINTMENT);
DOCUMENT_FUNCTION(appointment_erase, document_erase, RECORD_APPOINTMENT);

APPOINTMENT_FUNCTION(appointment_id);
APPOINTMENT_FUNCTION(appointment_status);
APPOINTMENT_FUNCTION(appointment_starts_at);
APPOINTMENT_FUNCTION(appointment_ends_at);
APPOINTMENT_FUNCTION(appointment_starts_at_local);
APPOINTMENT_FUNCTION(appointment_during);
APPOINTMENT_FUNCTION(appointment_time_zone);
APPOINTMENT_FUNCTION(appointment_zone_drift);
APPOINTMENT_FUNCTION(appointment_eq);
APPOINTMENT_FUNCTION(appointment_ne);
APPOINTMENT_FUNCTION(appointment_lt);
APPOINTMENT_FUNCTION(appointment_le);
APPOINTMENT_FUNCTION(appointment_gt);
APPOINTMENT_FUNCTION(appointment_ge);
APPOINTMENT_FUNCTION(appointment_cmp);
APPOINTMENT_FUNCTION(appointment_hash);
APPOINTMENT_FUNCTION(appointment_hash_extended);

/* ---------------------------------------------------------------------
 * accessors
 * ---------------------------------------------------------------------
 */

/* A text field, or NULL. */
static Datum
text_field(FunctionCallInfo fcinfo, FieldNumber number)
{
	Record		record;
	FieldValue	value;

	record_open(&record, (struct varlena *) PG_GETARG_DOCUMENT(0));
	if (!record_find_value(&record, number, &value))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(value.data, value.size));
}

Datum
appointment_id(PG_FUNCTION_ARGS)
{
	return text_field(fcinfo, FIELD_ID);
}

Datum
appointment_time_zone(PG_FUNCTION_ARGS)
{
	return text_field(fcinfo, FIELD_TIME_ZONE);
}

Datum
appointment_status(PG_FUNCTION_ARGS)
{
	const PackedDocument *document = document_fixed_part(PG_GETARG_DATUM(0));

	if (document->status != STATUS_NONE)
		PG_RETURN_TEXT_P(cstring_to_text(status_word((Status) document->status)));
	return text_field(fcinfo, FIELD_STATUS);
}

Datum
appointment_starts_at(PG_FUNCTION_ARGS)
{
	TimestampTz instant;

	if (!document_starts_at(document_fixed_part(PG_GETARG_DATUM(0)), &instant))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(instant);
}

Datum
appointment_ends_at(PG_FUNCTION_ARGS)
{
	TimestampTz instant;

	if (!document_ends_at(document_fixed_part(PG_GETARG_DATUM(0)), &instant))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(instant);
}

/*
 * The start on the wall clock of its zone, or of UTC if it has none that the
 * server knows: a report must not fail over one name.
 */
Datum
appointment_starts_at_local(PG_FUNCTION_ARGS)
{
	PackedDocument *document = PG_GETARG_DOCUMENT(0);
	Record		record;
	FieldValue	name;
	TimestampTz instant;
	pg_tz	   *zone = NULL;

	record_open(&record, (struct varlena *) document);
	if (!document_starts_at(document, &instant))
		PG_RETURN_NULL();
	if (record_find_value(&record, FIELD_TIME_ZONE, &name))
		zone = instant_zone(name.data, name.size);
	PG_RETURN_TIMESTAMP(zone == NULL ? instant : instant_to_local(instant, zone));
}

/*
 * How far the zone data of today would move the start, so that the clock of its
 * zone shows what it showed when that was set; NULL if it is not known.
 */
Datum
appointment_zone_drift(PG_FUNCTION_ARGS)
{
	PackedDocument *document = PG_GETARG_DOCUMENT(0);
	Record		record;
	TimestampTz starts_at;
	Interval   *result;

	record_open(&record, (struct varlena *) document);
	result = palloc0_object(Interval);
	if (!document_starts_at(document, &starts_at) ||
		!document_drift(&record, starts_at, &result->time))
		PG_RETURN_NULL();
	PG_RETURN_INTERVAL_P(result);
}

/* From the start up to, but not with, the end; NULL unless both are known. */
Datum
appointment_during(PG_FUNCTION_ARGS)
{
	const PackedDocument *document = document_fixed_part(PG_GETARG_DATUM(0));
	TypeCacheEntry *range_type = fcinfo->flinfo->fn_extra;
	TimestampTz starts_at;
	TimestampTz ends_at;
	RangeBound	lower = {0};
	RangeBound	upper = {0};

	if (!document_starts_at(document, &starts_at) ||
		!document_ends_at(document, &ends_at))
		PG_RETURN_NULL();

	if (range_type == NULL)
	{
		range_type = lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO);
		fcinfo->flinfo->fn_extra = range_type;
	}
	lower.val = TimestampTzGetDatum(starts_at);
	lower.inclusive = true;
	lower.lower = true;
	upper.val = TimestampTzGetDatum(ends_at);
	PG_RETURN_RANGE_P(make_range_hard(range_type, &lower, &upper));
}

/* ---------------------------------------------------------------------
 * comparison
 * ---------------------------------------------------------------------
 */

static int
document_compare_arguments(FunctionCallInfo fcinfo)
{
	PackedDocument *a = PG_GETARG_DOCUMENT(0);
	PackedDocument *b = PG_GETARG_DOCUMENT(1);
	Record		a_record;
	Record		b_record;
	int			result;

	record_open(&a_record, (struct varlena *) a);
	record_open(&b_record, (struct varlena *) b);
	result = document_compare(&a_record, &b_record);
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return result;
}

Datum
appointment_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(document_compare_arguments(fcinfo) == 0);
}

Datum
appointment_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(document_compare_arguments(fcinfo) != 0);
}

Datum
appointment_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(document_compare_arguments(fcinfo) < 0);
}

Datum
appointment_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(document_compare_arguments(fcinfo) <= 0);
}

Datum
appointment_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(document_compare_arguments(fcinfo) > 0);
}

Datum
appointment_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(document_compare_arguments(fcinfo) >= 0);
}

Datum
appointment_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(document_compare_arguments(fcinfo));
}

Datum
appointment_hash(PG_FUNCTION_ARGS)
{
	PackedDocument *document = PG_GETARG_DOCUMENT(0);
	Record		record;
	uint64		hash;

	record_open(&record, (struct varlena *) document);
	hash = document_hash(&record, 0);
	PG_FREE_IF_COPY(document, 0);
	PG_RETURN_UINT32((uint32) hash);
}

/* The low half of it for seed 0 is appointment_hash(), as the server asks. */
Datum
appointment_hash_extended(PG_FUNCTION_ARGS)
{
	PackedDocument *document = PG_GETARG_DOCUMENT(0);
	Record		record;
	uint64		hash;

	record_open(&record, (struct varlena *) document);
	hash = document_hash(&record, (uint64) PG_GETARG_INT64(1));
	PG_FREE_IF_COPY(document, 0);
	PG_RETURN_UINT64(hash);
}
