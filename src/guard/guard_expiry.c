/*-------------------------------------------------------------------------
 *
 * guard_expiry.c
 *		Until when a row's hold counts.
 *
 * A hold during check-out ends by the clock.  A row whose time has passed is in
 * nobody's way from that moment on, whether or not anybody has removed it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "guard/guard_expiry.h"
#include "record/record_read.h"

#define EXPIRY_FIELD	"hold_expires_at"

/* Is a column there, and of this type or a domain over it? */
static bool
column_is(Relation relation, const char *name, Oid type)
{
	AttrNumber	column = SPI_fnumber(RelationGetDescr(relation), name);

	return column > 0 &&
		getBaseType(SPI_gettypeid(RelationGetDescr(relation), column)) == type;
}

/*
 * Read the option's value.
 */
void
guard_expires_read(GuardExpires *expires, const TriggerArguments *arguments,
				   const char *value)
{
	Relation	relation = arguments->relation;
	Oid			value_type = trigger_own_type(arguments->trigger, "appointment");
	const char *dot = strrchr(value, '.');
	AttrNumber	column;

	expires->column = pstrdup(value);
	expires->in_value = false;
	if (dot != NULL && strcmp(dot + 1, EXPIRY_FIELD) == 0)
	{
		char	   *name = pnstrdup(value, dot - value);

		if (column_is(relation, name, value_type))
		{
			expires->column = name;
			expires->in_value = true;
		}
	}

	column = trigger_argument_column(arguments, expires->column);
	if (!expires->in_value && !column_is(relation, value, TIMESTAMPTZOID))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of relation \"%s\" is of type %s, not %s",
						value, RelationGetRelationName(relation),
						format_type_be(SPI_gettypeid(RelationGetDescr(relation), column)),
						format_type_be(TIMESTAMPTZOID)),
				 trigger_err_names(arguments->function,
								   arguments->trigger->tgname),
				 column_is(relation, value, value_type) ?
				 errhint("Write expires=%s.%s for the field of an appointment.",
						 value, EXPIRY_FIELD) : 0,
				 errtablecol(relation, column)));
}

/*
 * Let an index's rows of a table expire.  Partitions have their columns by
 * name, not by number.
 */
void
guard_expires_apply(const GuardExpires *expires, Relation table,
					OccupancyIndex *index)
{
	if (expires->column == NULL)
		return;
	index->expires = SPI_fnumber(RelationGetDescr(table), expires->column);
	index->expires_in_value = expires->in_value;
	if (index->expires <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" of relation \"%s\" does not exist",
						expires->column, RelationGetRelationName(table))));
}

/*
 * When what a row holds stops to count; DT_NOEND if it never does.
 */
TimestampTz
guard_expires_at(const OccupancyIndex *index, TupleTableSlot *row)
{
	Datum		datum;
	bool		isnull;
	struct varlena *detoasted;
	Record		record;
	FieldValue	value;
	TimestampTz result;

	if (index->expires == InvalidAttrNumber)
		return DT_NOEND;
	datum = slot_getattr(row, index->expires, &isnull);
	if (isnull)
		return DT_NOEND;
	if (!index->expires_in_value)
		return DatumGetTimestampTz(datum);

	detoasted = PG_DETOAST_DATUM(datum);
	record_open(&record, detoasted);
	result = record_find_value(&record, FIELD_HOLD_EXPIRES_AT, &value) ?
		field_instant(&value) : DT_NOEND;
	if ((void *) detoasted != DatumGetPointer(datum))
		pfree(detoasted);
	return result;
}
