/*-------------------------------------------------------------------------
 *
 * change_log_write.c
 *		The rows of a change log.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xlog.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "lifecycle/change_log_write.h"

/* How long a key may be, which is indexed. */
#define KEY_MAX				1024

/* The plans that insert into logs, for the session. */
typedef struct LogPlan
{
	Oid			log;			/* hash key */
	char		name[2 * NAMEDATALEN * 2 + 8];	/* as it is in the plan */
	int			count;			/* of its parameters */
	SPIPlanPtr	plan;
} LogPlan;

static HTAB *plans = NULL;

static SPIPlanPtr
insert_plan(Oid log, int count)
{
	char	   *table = get_rel_name(log);
	char	   *name;
	LogPlan    *plan;
	bool		found;

	if (table == NULL)
		elog(ERROR, "cache lookup failed for relation %u", log);
	name = quote_qualified_identifier(get_namespace_name(get_rel_namespace(log)),
									  table);
	if (plans == NULL)
	{
		HASHCTL		control = {0};

		control.keysize = sizeof(Oid);
		control.entrysize = sizeof(LogPlan);
		plans = hash_create("appointment log plans", 8, &control,
							HASH_ELEM | HASH_BLOBS);
	}
	plan = hash_search(plans, &log, HASH_ENTER, &found);
	if (!found)
		plan->plan = NULL;
	/* The table may have been renamed since, or got the column. */
	if (plan->plan == NULL || strcmp(plan->name, name) != 0 ||
		plan->count != count)
	{
		StringInfoData statement;
		Oid			types[PARAMETER_COUNT];
		SPIPlanPtr	prepared;

		initStringInfo(&statement);
		appendStringInfo(&statement, "INSERT INTO %s (", name);
		for (int i = 0; i < count; i++)
			appendStringInfo(&statement, "%s%s", i == 0 ? "" : ", ",
							 log_parameters[i]);
		appendStringInfoString(&statement, ") VALUES (");
		for (int i = 0; i < count; i++)
			appendStringInfo(&statement, "%s$%d", i == 0 ? "" : ", ", i + 1);
		appendStringInfoChar(&statement, ')');
		memcpy(types, log_parameter_types, sizeof(types));
		prepared = SPI_prepare(statement.data, count, types);
		if (prepared == NULL)
			elog(ERROR, "SPI_prepare failed: %s",
				 SPI_result_code_string(SPI_result));
		SPI_keepplan(prepared);
		if (plan->plan != NULL)
			SPI_freeplan(plan->plan);
		plan->plan = prepared;
		plan->count = count;
		strlcpy(plan->name, name, sizeof(plan->name));
	}
	return plan->plan;
}

/* The role that was authenticated, which may have been dropped since. */
static char *
session_role(void)
{
	char	   *name = GetUserNameFromId(GetSessionUserId(), true);

	return name != NULL ? name :
		psprintf("unknown (OID=%u)", GetSessionUserId());
}

/*
 * Write a row, as the log's owner and with a safe search_path.
 */
void
change_log_write(const Logger *logger, const LogRow *row)
{
	char	   *key = row->key;
	Datum		values[PARAMETER_COUNT];
	char		nulls[PARAMETER_COUNT + 1];
	Oid			user;
	int			security;
	int			nest_level;
	int			result;

	/* the log's index takes no more than a part of a page */
	if (key != NULL && strlen(key) > KEY_MAX)
		key[pg_mbcliplen(key, strlen(key), KEY_MAX)] = '\0';

	memset(nulls, ' ', sizeof(nulls));
	nulls[PARAMETER_COUNT] = '\0';
	values[PARAMETER_ACTOR] = row->actor == NULL ? (Datum) 0 :
		CStringGetTextDatum(row->actor);
	if (row->actor == NULL)
		nulls[PARAMETER_ACTOR] = 'n';
	values[PARAMETER_SESSION_ROLE] = CStringGetTextDatum(session_role());
	values[PARAMETER_OPERATION] = CStringGetTextDatum(row->operation);
	values[PARAMETER_EVENT] = CStringGetTextDatum(row->event);
	values[PARAMETER_KEY] = key == NULL ? (Datum) 0 : CStringGetTextDatum(key);
	if (key == NULL)
		nulls[PARAMETER_KEY] = 'n';
	values[PARAMETER_CHANGES] = row->changes != NULL ? JsonbPGetDatum(row->changes) :
		DirectFunctionCall1(jsonb_in, CStringGetDatum("{}"));
	values[PARAMETER_SYSTEM] = Int64GetDatum((int64) GetSystemIdentifier());

	/* what is raised restores the user and the setting by itself */
	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(logger->log_owner,
						   security | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_NOFORCE_RLS);
	nest_level = NewGUCNestLevel();
	RestrictSearchPath();
	SPI_connect();
	result = SPI_execute_plan(insert_plan(logger->log, logger->parameter_count),
							  values, nulls, false, 0);
	/* a rule of the log's may make something else of it, or nothing */
	if (result < 0)
		elog(ERROR, "SPI_execute_plan failed: %s",
			 SPI_result_code_string(result));
	SPI_finish();
	AtEOXact_GUC(false, nest_level);
	SetUserIdAndSecContext(user, security);
}
