/*-------------------------------------------------------------------------
 *
 * resource_key.c
 *		Names of resources: their limits, and names made of a kind and an id.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "compat.h"
#include "occupancy/resource_key.h"

void
occupancy_refuse_name_length(int64 len)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("name in an occupancy is too long"),
			 errdetail("It has %lld bytes; the limit is %d.",
					   (long long) len, OCCUPANCY_MAX_NAME_LEN)));
}

int
occupancy_hash_cmp(const void *a, const void *b)
{
	uint64		x = *(const uint64 *) a;
	uint64		y = *(const uint64 *) b;

	return x < y ? -1 : x > y ? 1 : 0;
}

/*
 * The name of a resource among several kinds: "room:7".  NULL for a null id,
 * which an occupancy passes over.
 */
static text *
make_resource_key(struct varlena *kind, const char *id, int id_len)
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
	PG_RETURN_TEXT_P(make_resource_key(kind, VARDATA_ANY(id), VARSIZE_ANY_EXHDR(id)));
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
	PG_RETURN_TEXT_P(make_resource_key(kind, id, strlen(id)));
}

APPOINTMENT_FUNCTION(resource_key_bigint);
Datum
resource_key_bigint(PG_FUNCTION_ARGS)
{
	text	   *kind = kind_argument(fcinfo);
	char		id[MAXINT8LEN + 1];

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(make_resource_key(kind, id, pg_lltoa(PG_GETARG_INT64(1), id)));
}
