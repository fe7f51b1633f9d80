/*-------------------------------------------------------------------------
 *
 * trigger_problems.c
 *		What is wrong with the triggers of a table, before they fire.
 *
 * Each trigger of ours is asked to do what it would do first when it fires, as
 * the table's owner and in a subtransaction.  So a problem has the words of the
 * error that a user would get.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "compat.h"
#include "guard/guard_setup.h"
#include "lifecycle/change_log.h"
#include "lifecycle/lifecycle_trigger.h"
#include "server/attempt.h"
#include "server/owner_rights.h"
#include "server/partition.h"

/*
 * Beside each of our trigger functions: it does what a firing does first, and
 * raises what that would raise.  A fault that no firing would notice is raised,
 * too, with ERRCODE_WARNING.  It may be run on a partitioned table, where no
 * trigger fires but its partitions' are made from.
 */
typedef void (*TriggerCheck) (Relation relation, const Trigger *trigger);

/* Our trigger functions, and what tells whether a trigger of each will work. */
static const struct
{
	const char *symbol;
	TriggerCheck check;
}			checkers[] = {

	{"appointment_enforce_lifecycle", appointment_enforce_lifecycle_check},
	{"appointment_log_changes", appointment_log_changes_check},
	{"occupancy_guard", occupancy_guard_check},
};

APPOINTMENT_FUNCTION(appointment_trigger_problems);

/* Whether a library is ours, by the address of a function of it. */
static bool
library_is_ours(const char *library)
{
	return load_external_function(library, "appointment_trigger_problems",
								  false, NULL) == appointment_trigger_problems;
}

/*
 * The check of a trigger's function, if it is ours: by its library, because
 * anybody may make another function of the name.
 */
static TriggerCheck
find_check(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	TriggerCheck check = NULL;
	char	   *symbol;
	char	   *library;
	bool		isnull;
	Datum		datum;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	if (((Form_pg_proc) GETSTRUCT(tuple))->prolang == ClanguageId)
	{
		datum = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull);
		symbol = TextDatumGetCString(datum);
		datum = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_probin, &isnull);
		library = isnull ? NULL : TextDatumGetCString(datum);
		for (int i = 0; i < (int) lengthof(checkers) && library != NULL; i++)
		{
			if (strcmp(symbol, checkers[i].symbol) == 0 &&
				library_is_ours(library))
				check = checkers[i].check;
		}
	}
	ReleaseSysCache(tuple);
	return check;
}

/* A problem on its way to the result. */
static void
put_problem(ReturnSetInfo *result, Relation relation, const Trigger *trigger,
			int sqlerrcode, const char *message, const char *detail,
			const char *hint)
{
	Datum		values[6];
	bool		nulls[6] = {0};
	NameData	name;

	namestrcpy(&name, trigger->tgname);
	values[0] = ObjectIdGetDatum(RelationGetRelid(relation));
	values[1] = NameGetDatum(&name);
	values[2] = CStringGetTextDatum(unpack_sql_state(sqlerrcode));
	values[3] = CStringGetTextDatum(message);
	nulls[4] = detail == NULL;
	if (detail != NULL)
		values[4] = CStringGetTextDatum(detail);
	nulls[5] = hint == NULL;
	if (hint != NULL)
		values[5] = CStringGetTextDatum(hint);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

typedef struct CheckAttempt
{
	TriggerCheck check;
	Relation	relation;
	const Trigger *trigger;
} CheckAttempt;

static void
attempt_check(void *arg)
{
	CheckAttempt *this = arg;

	this->check(this->relation, this->trigger);
}

/* The columns of UPDATE OF. */
static char *
column_list(Relation relation, const Trigger *trigger)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < trigger->tgnattr; i++)
		appendStringInfo(&list, "%s%s", i == 0 ? "" : ", ",
						 quote_identifier(get_attname(RelationGetRelid(relation),
													  trigger->tgattr[i], false)));
	return list.data;
}

/* A trigger that may change the row after this one has seen it, or NULL. */
static const Trigger *
changes_row_after(Relation relation, const Trigger *trigger)
{
	TriggerDesc *triggers = relation->trigdesc;

	for (int i = 0; i < triggers->numtriggers; i++)
	{
		const Trigger *other = &triggers->triggers[i];

		if (strcmp(other->tgname, trigger->tgname) > 0 &&
			other->tgfoid != trigger->tgfoid &&
			other->tgenabled != TRIGGER_DISABLED &&
			TRIGGER_FOR_BEFORE(other->tgtype) && TRIGGER_FOR_ROW(other->tgtype) &&
			(TRIGGER_FOR_INSERT(other->tgtype) || TRIGGER_FOR_UPDATE(other->tgtype)))
			return other;
	}
	return NULL;
}

/*
 * What is wrong with a trigger.  Returns whether anything is.
 */
static bool
put_trigger_problems(ReturnSetInfo *result, Relation relation,
					 const Trigger *trigger, TriggerCheck check)
{
	CheckAttempt this = {check, relation, trigger};
	ErrorData  *error = attempt(attempt_check, &this);
	bool		any = error != NULL;

	if (error != NULL)
		put_problem(result, relation, trigger, error->sqlerrcode,
					error->message, error->detail, error->hint);
	if (trigger->tgenabled == TRIGGER_DISABLED ||
		trigger->tgenabled == TRIGGER_FIRES_ON_REPLICA)
	{
		any = true;
		put_problem(result, relation, trigger, ERRCODE_WARNING,
					trigger->tgenabled == TRIGGER_DISABLED ?
					"trigger is disabled" : "trigger fires only where changes are applied as a replica",
					NULL,
					psprintf("ALTER TABLE %s ENABLE TRIGGER %s enables it.",
							 quote_qualified_identifier(get_namespace_name(RelationGetNamespace(relation)),
														RelationGetRelationName(relation)),
							 quote_identifier(trigger->tgname)));
	}
	if (trigger->tgnattr > 0)
	{
		any = true;
		put_problem(result, relation, trigger, ERRCODE_WARNING,
					"trigger does not fire for every UPDATE",
					psprintf("It fires for UPDATE OF %s, and passes over what other columns and other triggers change.",
							 column_list(relation, trigger)),
					"Create it without a list of columns.");
	}
	if (check == occupancy_guard_check)
	{
		const Trigger *later = changes_row_after(relation, trigger);

		if (later != NULL)
		{
			any = true;
			put_problem(result, relation, trigger, ERRCODE_WARNING,
						"trigger is not the last to see the row",
						psprintf("Trigger \"%s\" fires after it, and what that changes is not guarded.",
								 later->tgname),
						"Triggers fire in the order of their names: give the guard a name that comes last.");
		}
	}
	return any;
}

/*
 * Look at the triggers of a table, as its owner: what an index over expressions
 * runs is his.  What is raised restores the user and the settings.
 */
static void
put_problems_of(ReturnSetInfo *result, Oid table, List **bad)
{
	Relation	relation = relation_open(table, NoLock);

	/* the relation's own may change while the catalogs are read */
	TriggerDesc *triggers = CopyTriggerDesc(relation->trigdesc);
	OwnerRights before;

	act_as_owner(&before, relation);
	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		Trigger    *trigger = &triggers->triggers[i];
		TriggerCheck check;

		CHECK_FOR_INTERRUPTS();
		check = trigger->tgisinternal ? NULL : find_check(trigger->tgfoid);
		/* a copy is as its original is, until that is in order */
		if (check != NULL &&
			((trigger->tgisclone && list_member_oid(*bad, trigger_parent(trigger))) ||
			 put_trigger_problems(result, relation, trigger, check)))
			*bad = lappend_oid(*bad, trigger->tgoid);
	}
	act_as_before(&before);
	relation_close(relation, NoLock);
}

/* (regclass) -> setof (relation, trigger, sqlstate, message, detail, hint) */
Datum
appointment_trigger_problems(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Oid			table;
	Relation	relation;
	char		kind;
	List	   *tables;
	List	   *bad = NIL;
	ListCell   *cell;

	/* no row would say that all is well */
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("table must not be null")));
	table = PG_GETARG_OID(0);
	if (pg_class_aclmask(table, GetUserId(),
						 ACL_SELECT | ACL_INSERT | ACL_UPDATE | ACL_DELETE,
						 ACLMASK_ANY) == 0)
		aclcheck_error(ACLCHECK_NO_PRIV,
					   get_relkind_objtype(get_rel_relkind(table)),
					   get_rel_name(table));
	InitMaterializedSRF(fcinfo, 0);

	/* a table before its partitions */
	relation = relation_open(table, AccessShareLock);
	kind = relation->rd_rel->relkind;
	if (kind != RELKIND_RELATION && kind != RELKIND_PARTITIONED_TABLE &&
		kind != RELKIND_FOREIGN_TABLE && kind != RELKIND_VIEW)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a table",
						RelationGetRelationName(relation))));
	relation_close(relation, NoLock);
	tables = kind == RELKIND_PARTITIONED_TABLE ?
		find_all_inheritors(table, AccessShareLock, NULL) : list_make1_oid(table);
	foreach(cell, tables)
		put_problems_of(result, lfirst_oid(cell), &bad);
	return (Datum) 0;
}
