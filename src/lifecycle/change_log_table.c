/*-------------------------------------------------------------------------
 *
 * change_log_table.c
 *		The table of a change log: made, found and checked.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/regproc.h"
#include "utils/syscache.h"
#include "utils/varlena.h"

#include "compat.h"
#include "lifecycle/change_log_table.h"
#include "server/partition.h"

const char *const log_parameters[PARAMETER_COUNT] = {
	"actor", "session_role", "operation", "event", "key", "changes",
	"system_identifier",
};

const Oid	log_parameter_types[PARAMETER_COUNT] = {
	TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, JSONBOID, INT8OID,
};

/*
 * How many of the columns that are given a log has.
 */
int
change_log_parameter_count(Oid log)
{
	return get_attnum(log, log_parameters[PARAMETER_SYSTEM]) != InvalidAttrNumber ?
		PARAMETER_COUNT : PARAMETER_SYSTEM;
}

static void
run_utility(const char *statement)
{
	if (SPI_execute(statement, false, 0) != SPI_OK_UTILITY)
		elog(ERROR, "SPI_execute failed: %s", statement);
}

/* (name) -> regclass */
APPOINTMENT_FUNCTION(appointment_create_change_log);
Datum
appointment_create_change_log(PG_FUNCTION_ARGS)
{
	static const struct
	{
		const char *column;
		const char *comment;
	}			comments[] = {
		{"seq", "number of the row, with gaps, in the order of writing and not of commits"},
		{"xid", "transaction that wrote the row: what is below pg_snapshot_xmin(pg_current_snapshot()) is complete"},
		{"system_identifier", "cluster that wrote the row, by pg_control_system(): xid counts in it alone, and what another one wrote is complete"},
		{"at", "when the transaction began"},
		{"actor", "who changed it, as the application says: not authenticated"},
		{"session_role", "role that the session was authenticated as"},
		{"operation", "INSERT, UPDATE or DELETE"},
		{"event", "what happened, such as created, rescheduled, confirmed, cancelled"},
		{"key", "key of the row that changed"},
		{"changes", "changed fields, each with its old and new value, or what was added to it; personal values are left out unless asked for"},
	};
	RangeVar   *name;
	char	   *quoted;
	Oid			namespace;
	Oid			log;

	name = makeRangeVarFromNameList(textToQualifiedNameList(PG_GETARG_TEXT_PP(0)));
	namespace = RangeVarGetCreationNamespace(name);
	quoted = quote_qualified_identifier(get_namespace_name(namespace),
										name->relname);
	SPI_connect();
	run_utility(psprintf("CREATE TABLE %s ("
						 "seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
						 "xid pg_catalog.xid8 NOT NULL DEFAULT pg_catalog.pg_current_xact_id(), "
						 "system_identifier pg_catalog.int8 NOT NULL DEFAULT (pg_catalog.pg_control_system()).system_identifier, "
						 "at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.now(), "
						 "actor pg_catalog.text, "
						 "session_role pg_catalog.text NOT NULL, "
						 "operation pg_catalog.text NOT NULL, "
						 "event pg_catalog.text NOT NULL, "
						 "key pg_catalog.text, "
						 "changes pg_catalog.jsonb NOT NULL)", quoted));
	run_utility(psprintf("CREATE INDEX ON %s (key, seq)", quoted));
	run_utility(psprintf("COMMENT ON TABLE %s IS 'who changed what when, written by appointment_log_changes()'",
						 quoted));
	for (int i = 0; i < (int) lengthof(comments); i++)
		run_utility(psprintf("COMMENT ON COLUMN %s.%s IS %s", quoted,
							 quote_identifier(comments[i].column),
							 quote_literal_cstr(comments[i].comment)));
	SPI_finish();
	log = get_relname_relid(name->relname, namespace);
	PG_RETURN_OID(log);
}

/* The owner of the table that changes has to be one who may write the log. */
typedef struct LogCheck
{
	Oid			writer;
	Oid			owner;			/* of the log */
} LogCheck;

static void
check_log(const RangeVar *name, Oid log, Oid old_log, void *arg)
{
	LogCheck   *check = arg;
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(log));
	char		kind;

	if (!HeapTupleIsValid(tuple))
		return;					/* there is none, or not any more */
	check->owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	kind = ((Form_pg_class) GETSTRUCT(tuple))->relkind;
	ReleaseSysCache(tuple);
	if (check->owner == check->writer ||
		pg_class_aclcheck(log, check->writer, ACL_INSERT) == ACLCHECK_OK)
		return;
	for (int i = 0; i < PARAMETER_SYSTEM; i++)
	{
		AttrNumber	column = get_attnum(log, log_parameters[i]);

		if (column == InvalidAttrNumber ||
			pg_attribute_aclcheck(log, column, check->writer,
								  ACL_INSERT) != ACLCHECK_OK)
			aclcheck_error(ACLCHECK_NO_PRIV, get_relkind_objtype(kind),
						   name->relname);
	}
}

/*
 * The log table.  A name without a schema is in that of the table, never
 * where the session's search_path leads.  It is locked, so that what is
 * written is the table that was looked at; and looked for as the table's owner,
 * because who writes the table need not see the log.
 */
Oid
change_log_find(const TriggerArguments *arguments, const char *argument,
				LOCKMODE lock, Oid *owner)
{
	Relation	relation = arguments->relation;
	LogCheck	check = {relation->rd_rel->relowner, InvalidOid};
	RangeVar   *name;
	Oid			log;
	Oid			user;
	int			security;

	name = makeRangeVarFromNameList(qualified_name_list(argument));
	if (name->schemaname == NULL)
	{
		Oid			table = trigger_made_on(arguments->trigger,
											RelationGetRelid(relation));

		name->schemaname = get_namespace_name(get_rel_namespace(topmost_table(table)));
	}
	/* what is raised restores the user by itself */
	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(check.writer,
						   security | SECURITY_LOCAL_USERID_CHANGE);
	log = RangeVarGetRelidExtended(name, lock, RVR_MISSING_OK, check_log, &check);
	SetUserIdAndSecContext(user, security);
	if (!OidIsValid(log))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation \"%s.%s\" does not exist", name->schemaname,
						name->relname),
				 trigger_err_names(arguments->function,
								   arguments->trigger->tgname),
				 errhint("Create it with appointment_create_change_log(), or create the trigger again with the log's name.")));
	*owner = check.owner;
	return log;
}

/* Say in an error what the log is to a trigger.  Called in ereport(). */
static int
err_logs(const TriggerArguments *arguments)
{
	return errdetail("Trigger \"%s\" logs changes in it.",
					 arguments->trigger->tgname);
}

/*
 * A log has the columns that are written, and takes what is written to them.
 */
void
change_log_check_columns(Relation log, const TriggerArguments *arguments,
						 int count)
{
	TupleDesc	desc = RelationGetDescr(log);

	switch (log->rd_rel->relkind)
	{
		case RELKIND_RELATION:
		case RELKIND_PARTITIONED_TABLE:
		case RELKIND_FOREIGN_TABLE:
		case RELKIND_VIEW:
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_WRONG_OBJECT_TYPE),
					 errmsg("\"%s\" is not a table",
							RelationGetRelationName(log)),
					 trigger_err_names(arguments->function,
									   arguments->trigger->tgname)));
	}
	for (int i = 0; i < count; i++)
	{
		AttrNumber	column = get_attnum(RelationGetRelid(log), log_parameters[i]);
		Form_pg_attribute attribute;

		if (column <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("column \"%s\" of relation \"%s\" does not exist",
							log_parameters[i], RelationGetRelationName(log)),
					 err_logs(arguments),
					 errhint("appointment_create_change_log() creates a table that fits."),
					 errtable(log)));
		attribute = TupleDescAttr(desc, column - 1);
		if (attribute->attgenerated != '\0' ||
			attribute->attidentity == ATTRIBUTE_IDENTITY_ALWAYS)
			ereport(ERROR,
					(errcode(ERRCODE_GENERATED_ALWAYS),
					 errmsg("column \"%s\" of relation \"%s\" is generated always",
							log_parameters[i], RelationGetRelationName(log)),
					 err_logs(arguments),
					 errtablecol(log, column)));
		if (!can_coerce_type(1, &log_parameter_types[i], &attribute->atttypid,
							 COERCION_ASSIGNMENT))
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of relation \"%s\" is of type %s, not %s",
							log_parameters[i], RelationGetRelationName(log),
							format_type_be(attribute->atttypid),
							format_type_be(log_parameter_types[i])),
					 err_logs(arguments),
					 errtablecol(log, column)));
	}
}

/*
 * Check what the columns do not say: the log's owner may write it, and nothing
 * else has to be written.
 */
void
change_log_check_writable(Oid table, Oid owner, int count)
{
	Relation	log;
	TupleDesc	desc;

	/* the log's owner writes it, and may have taken that from himself */
	if (pg_class_aclcheck(table, owner, ACL_INSERT) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV,
					   get_relkind_objtype(get_rel_relkind(table)),
					   get_rel_name(table));

	/* columns that nobody gives a value, unless a trigger of the log does */
	log = relation_open(table, NoLock);
	desc = RelationGetDescr(log);
	for (int i = 0; log->trigdesc == NULL && i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);
		bool		given = false;

		for (int n = 0; n < count && !given; n++)
			given = strcmp(NameStr(attribute->attname), log_parameters[n]) == 0;
		if (!given && attribute->attnotnull && !attribute->atthasdef &&
			!attribute->attisdropped && attribute->attidentity == '\0')
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("column \"%s\" of relation \"%s\" must not be null, and nothing gives it a value",
							NameStr(attribute->attname),
							RelationGetRelationName(log)),
					 errhint("Give the column a default."),
					 errtablecol(log, attribute->attnum)));
	}
	relation_close(log, NoLock);
}
