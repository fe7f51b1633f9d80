/*-------------------------------------------------------------------------
 *
 * guard_report.c
 *		The guard's error, and its detail for programs.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "base/instant.h"
#include "compat.h"
#include "guard/guard_report.h"
#include "guard/guard_rights.h"
#include "occupancy/occupancy.h"
#include "server/value_text.h"

/* The columns of the primary key, in the order of its index. */
static int
primary_key(Relation table, AttrNumber *columns)
{
	Relation	index;
	int			count = 0;

	list_free(RelationGetIndexList(table)); /* sets rd_pkindex */
	if (!OidIsValid(table->rd_pkindex))
		return 0;
	index = index_open(table->rd_pkindex, AccessShareLock);
	for (int i = 0; i < IndexRelationGetNumberOfKeyAttributes(index); i++)
		columns[count++] = index->rd_index->indkey.values[i];
	index_close(index, AccessShareLock);
	return count;
}

static void
append_json_name(StringInfo json, OccupancyName name)
{
	char	   *text = pnstrdup(name.data, name.len);

	escape_json(json, text);
	pfree(text);
}

/* The key of a row, null without a primary key. */
static void
append_json_key(StringInfo json, Relation table, AttrNumber *key, int nkey,
				TupleTableSlot *row)
{
	if (nkey == 0)
	{
		appendStringInfoString(json, "null");
		return;
	}
	for (int i = 0; i < nkey; i++)
	{
		Form_pg_attribute column = TupleDescAttr(RelationGetDescr(table),
												 key[i] - 1);
		bool		isnull;
		Datum		value = slot_getattr(row, key[i], &isnull);

		appendStringInfoChar(json, i == 0 ? '{' : ',');
		escape_json(json, NameStr(column->attname));
		appendStringInfoChar(json, ':');
		escape_json(json, value_text(column->atttypid, value));
	}
	appendStringInfoChar(json, '}');
}

/* A period and its scope, as members of the detail. */
static void
append_json_period(StringInfo json, const Occupancy *o, TimestampTz starts_at,
				   TimestampTz ends_at)
{
	char		instant[INSTANT_MAXLEN];

	appendStringInfoString(json, ",\"scope\":");
	if (occupancy_has_scope(o))
		append_json_name(json, occupancy_scope_of(o));
	else
		appendStringInfoString(json, "null");
	instant_format(starts_at, 0, instant);
	appendStringInfo(json, ",\"starts_at\":\"%s\"", instant);
	instant_format(ends_at, 0, instant);
	appendStringInfo(json, ",\"ends_at\":\"%s\"", instant);
}

/*
 * How many seats are left where both want a resource that one of them holds
 * alone: none, if seats of it are wanted.
 */
static const char *
seats_left_beside(const Occupancy *wanted, const Occupancy *shared)
{
	OccupancyCommon common;

	if (occupancy_is_all(shared))
		return "null";
	occupancy_common_start(&common, wanted, shared);
	while (occupancy_common_next(&common))
		if (occupancy_share_at(wanted, common.a.next - 1).capacity > 0)
			return "0";
	return "null";
}

/*
 * The conflict as a line of JSON, for programs: the key of the existing row,
 * and what both want.
 */
static char *
conflict_json(Relation table, AttrNumber *key, int nkey, TupleTableSlot *row,
			  Datum existing, Datum wanted)
{
	StringInfoData json;
	struct varlena *shared_value;
	Occupancy	a;
	Occupancy	b;
	Occupancy	shared;
	OccupancyNames names;
	OccupancyName name;
	bool		first = true;

	occupancy_open(occupancy_detoast(existing), &a);
	occupancy_open(occupancy_detoast(wanted), &b);
	shared_value = occupancy_shared(&a, &b);
	Assert(shared_value != NULL);
	occupancy_open(shared_value, &shared);

	initStringInfo(&json);
	appendStringInfoString(&json, "{\"key\":");
	append_json_key(&json, table, key, nkey, row);
	append_json_period(&json, &shared, shared.starts_at, shared.ends_at);
	appendStringInfoString(&json, ",\"resources\":");
	if (occupancy_is_all(&shared))
		appendStringInfoString(&json, "null");
	else
	{
		appendStringInfoChar(&json, '[');
		occupancy_names_start(&names, &shared);
		while (occupancy_names_next(&names, &name))
		{
			if (!first)
				appendStringInfoChar(&json, ',');
			first = false;
			append_json_name(&json, name);
		}
		appendStringInfoChar(&json, ']');
	}
	if (b.shares != NULL)
		appendStringInfo(&json, ",\"seats_left\":%s",
						 seats_left_beside(&b, &shared));
	appendStringInfoChar(&json, '}');
	return json.data;
}

/* The same where seats are too few: no single row is in the way. */
static char *
shortage_json(const Occupancy *wanted, const GuardShortage *shortage)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoString(&json, "{\"key\":null");
	append_json_period(&json, wanted, shortage->starts_at, shortage->ends_at);
	appendStringInfoString(&json, ",\"resources\":[");
	append_json_name(&json, shortage->resource);
	appendStringInfo(&json, "],\"seats_left\":" INT64_FORMAT "}",
					 shortage->seats_left);
	return json.data;
}

/* All members, of what the user may not see. */
static const char *
hidden_json(GuardRow *row)
{
	Occupancy	wanted;

	occupancy_open(occupancy_detoast(row->values[row->state->index->column]),
				   &wanted);
	return wanted.shares == NULL ?
		"{\"key\":null,\"scope\":null,\"starts_at\":null,\"ends_at\":null,\"resources\":null}" :
		"{\"key\":null,\"scope\":null,\"starts_at\":null,\"ends_at\":null,\"resources\":null,\"seats_left\":null}";
}

/* The column that the index is over, if it is one, as a field of the error. */
static int
err_occupancy_column(const OccupancyIndex *guarded)
{
	AttrNumber	column = guarded->info->ii_IndexAttrNumbers[guarded->column];

	return column == 0 ? 0 :
		err_generic_string(PG_DIAG_COLUMN_NAME,
						   get_attname(guarded->heap_oid, column, false));
}

/*
 * All members of the detail are there in any case, and null where the user may
 * not see the row.  Then the table is the one that the new row was for: of
 * another partition the name alone may tell whose the row is.
 */
void
guard_report(GuardRow *row, Relation table, OccupancyIndex *guarded,
			 TupleTableSlot *existing_row, Datum existing)
{
	AttrNumber	key[INDEX_MAX_KEYS];
	int			nkey = primary_key(table, key);
	const char *detail;
	char	   *index_name;

	if (guard_may_show(guarded, key, nkey))
		detail = conflict_json(table, key, nkey, existing_row, existing,
							   row->values[row->state->index->column]);
	else
	{
		detail = hidden_json(row);
		table = row->table;
		guarded = row->state->index;
	}
	index_name = get_rel_name(guarded->index_oid);

	ereport(ERROR,
			(errcode(ERRCODE_EXCLUSION_VIOLATION),
			 errmsg("double booking: conflict with an existing row of table \"%s\" by \"%s\"",
					RelationGetRelationName(table), index_name),
			 errdetail_internal("%s", detail),
			 errtableconstraint(table, index_name),
			 err_occupancy_column(guarded)));
}

/* May the user see what rows hold, in all tables that are searched? */
static bool
may_show_tables(GuardRow *row)
{
	GuardState *state = row->state;

	if (!guard_may_show(state->index, NULL, 0))
		return false;
	for (int i = 0; i < state->nothers; i++)
		if (!guard_may_show(state->others[i], NULL, 0))
			return false;
	return true;
}

/*
 * The same where the rows that share a resource leave too few seats.
 */
void
guard_report_shortage(GuardRow *row, const GuardShortage *shortage)
{
	OccupancyIndex *guarded = row->state->index;
	char	   *index_name = get_rel_name(guarded->index_oid);
	const char *detail;
	Occupancy	wanted;

	occupancy_open(occupancy_detoast(row->values[guarded->column]), &wanted);
	detail = may_show_tables(row) ? shortage_json(&wanted, shortage) :
		hidden_json(row);
	ereport(ERROR,
			(errcode(ERRCODE_EXCLUSION_VIOLATION),
			 errmsg("double booking: too few seats are left in table \"%s\" by \"%s\"",
					RelationGetRelationName(row->table), index_name),
			 errdetail_internal("%s", detail),
			 errtableconstraint(row->table, index_name),
			 err_occupancy_column(guarded)));
}
