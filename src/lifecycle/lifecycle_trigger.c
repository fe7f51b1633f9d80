/*-------------------------------------------------------------------------
 *
 * lifecycle_trigger.c
 *		The trigger that makes a life cycle a rule of a table.
 *
 *	appointment_enforce_lifecycle('column', 'life cycle' [, 'option=value'...])
 *
 * A row trigger BEFORE INSERT OR UPDATE.  The column holds values of type
 * appointment, or only a status: a text or an enum.  A value has its history
 * and the fields for the effects in it; for a status, options name the
 * columns that take them, by the fields' names, and history=column.
 *
 * What the writer gave is kept, if it is allowed; what he did not is filled
 * in.  On an UPDATE a column or field counts as given if it changes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "document/document.h"
#include "lifecycle/actor.h"
#include "lifecycle/lifecycle_cache.h"
#include "lifecycle/lifecycle_trigger.h"
#include "lifecycle/status_column.h"
#include "record/history.h"
#include "server/partition.h"
#include "server/statement.h"
#include "server/trigger_args.h"
#include "server/value_text.h"

static const TriggerFunction enforce_function = {
	"appointment_enforce_lifecycle",
	"Its arguments are a column, a life cycle, and options such as mode=record, format=caspen, actor=changed_by, history=status_history, cancelled_at=cancelled_on.",
	.timing = "BEFORE INSERT OR UPDATE",
	.before = true
};

/* A field that a column of the table stands for. */
typedef struct FieldColumn
{
	FieldNumber field;
	AttrNumber	column;
} FieldColumn;

/* The row that an UPDATE's trigger has let through last. */
typedef struct MovingStatus
{
	MovingRow	row;
	uint64		hash;			/* of its status */
} MovingStatus;

/* The arguments of one trigger, kept in fn_extra. */
typedef struct Enforcer
{
	Oid			trigger;
	AttrNumber	column;
	StatusColumn kind;
	Word		lifecycle;
	const Format *format;		/* whose words the column holds; or NULL */
	bool		record_only;	/* an illegal step passes, and is recorded */
	AttrNumber	actor;			/* or 0 */
	Oid			actor_input;
	Oid			actor_param;
	int32		actor_typmod;
	AttrNumber	history;		/* or 0 */
	bool		domains;		/* a column that may be changed is of one */
	MovingStatus *moving;		/* of the statement, in a partition; or NULL */
	int			field_count;
	FieldColumn fields[RECORD_FIELDS_MAX];
} Enforcer;

/* One firing. */
typedef struct Firing
{
	const Enforcer *enforcer;
	const TriggerData *data;
	Oid			function;
	TupleDesc	desc;
	HeapTuple	old;			/* NULL on INSERT */
	HeapTuple	new;
	LifecyclePlace place;

	/* what is to be replaced */
	int			change_count;
	int			columns[RECORD_FIELDS_MAX + 3];
	Datum		values[RECORD_FIELDS_MAX + 3];
	bool		nulls[RECORD_FIELDS_MAX + 3];
} Firing;

/* ---------------------------------------------------------------------
 * arguments
 * ---------------------------------------------------------------------
 */

/* The columns of options are of the type that their values need. */
static void
check_type(const TriggerArguments *arguments, AttrNumber column, Oid type,
		   Oid needed)
{
	Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(arguments->relation),
												column - 1);

	if (type != needed)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of relation \"%s\" is of type %s, not %s",
						NameStr(attribute->attname),
						RelationGetRelationName(arguments->relation),
						format_type_be(attribute->atttypid),
						format_type_be(needed)),
				 trigger_err_names(arguments->function,
								   arguments->trigger->tgname),
				 errtablecol(arguments->relation, column)));
}

static Oid
column_type(const TriggerArguments *arguments, AttrNumber column)
{
	return TupleDescAttr(RelationGetDescr(arguments->relation),
						 column - 1)->atttypid;
}

/* The column that an argument names, which may be changed. */
static AttrNumber
own_column(Enforcer *enforcer, const TriggerArguments *arguments,
		   const char *name)
{
	AttrNumber	column = trigger_argument_column(arguments, name);

	if (get_typtype(column_type(arguments, column)) == TYPTYPE_DOMAIN)
		enforcer->domains = true;
	return column;
}

static void
take_actor(Enforcer *enforcer, const TriggerArguments *arguments,
		   const char *name)
{
	TupleDesc	desc = RelationGetDescr(arguments->relation);

	enforcer->actor = own_column(enforcer, arguments, name);
	enforcer->actor_typmod = TupleDescAttr(desc, enforcer->actor - 1)->atttypmod;
	getTypeInputInfo(column_type(arguments, enforcer->actor),
					 &enforcer->actor_input, &enforcer->actor_param);
}

/* A column that stands for a field of an appointment. */
static void
take_field(Enforcer *enforcer, const TriggerArguments *arguments, Word option,
		   const char *name)
{
	const FieldInfo *field = field_by_name(RECORD_APPOINTMENT, option.data,
										   option.len);
	FieldColumn *mapped;
	Oid			type;

	if (field == NULL || field->number == FIELD_STATUS ||
		(field->kind != KIND_TEXT && field->kind != KIND_INSTANT &&
		 field->kind != KIND_BOOLEAN && field->kind != KIND_INTEGER) ||
		enforcer->field_count == RECORD_FIELDS_MAX)
		trigger_refuse_argument(arguments);
	mapped = &enforcer->fields[enforcer->field_count++];
	mapped->field = field->number;
	mapped->column = own_column(enforcer, arguments, name);
	type = getBaseType(column_type(arguments, mapped->column));
	if (field->kind == KIND_INSTANT)
		check_type(arguments, mapped->column, type, TIMESTAMPTZOID);
	if (field->kind == KIND_BOOLEAN)
		check_type(arguments, mapped->column, type, BOOLOID);
}

static void
take_option(Enforcer *enforcer, const TriggerArguments *arguments, Word option,
			const char *value)
{
	if (word_equal(option, word_of("mode")))
		enforcer->record_only = trigger_either(arguments, value, "record",
											   "enforce");
	else if (word_equal(option, word_of("actor")))
		take_actor(enforcer, arguments, value);
	/* the rest is for a column that is only a status */
	else if (enforcer->kind == STATUS_IN_VALUE)
		trigger_refuse_argument(arguments);
	else if (word_equal(option, word_of("format")))
		enforcer->format = format_argument(value, strlen(value),
										   RECORD_APPOINTMENT);
	else if (word_equal(option, word_of("history")))
	{
		enforcer->history = own_column(enforcer, arguments, value);
		check_type(arguments, enforcer->history,
				   column_type(arguments, enforcer->history), JSONBOID);
	}
	else
		take_field(enforcer, arguments, option, value);
}

/* What a trigger's arguments say, in the current memory context. */
static Enforcer *
set_up(Relation relation, const Trigger *trigger)
{
	Enforcer   *enforcer = palloc0(sizeof(Enforcer));
	TriggerArguments arguments;
	Word		option;
	const char *value;

	trigger_begin_arguments(&arguments, &enforce_function, relation, trigger, 2);
	enforcer->column = own_column(enforcer, &arguments,
								  trigger_next_argument(&arguments));
	enforcer->kind = status_column_type(&arguments, enforcer->column);
	enforcer->lifecycle = word_of(pstrdup(trigger_next_argument(&arguments)));
	while (trigger_next_option(&arguments, &option, &value))
		take_option(enforcer, &arguments, option, value);
	/* an unknown one is an error now, not at the first transition */
	(void) lifecycle_by_name(trigger->tgfoid, enforcer->lifecycle);
	trigger_end_arguments(&arguments);
	enforcer->trigger = trigger->tgoid;
	return enforcer;
}

static const Enforcer *
read_arguments(FunctionCallInfo fcinfo, const TriggerData *data)
{
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	MemoryContext old_context = MemoryContextSwitchTo(context);
	Enforcer   *enforcer = set_up(data->tg_relation, data->tg_trigger);

	/* of each column with a life cycle there is one */
	if (data->tg_relation->rd_rel->relispartition)
		enforcer->moving = statement_keep(context, &enforce_function,
										  partition_root(RelationGetRelid(data->tg_relation)),
										  data->tg_trigger->tgargs[0],
										  sizeof(MovingStatus));
	fcinfo->flinfo->fn_extra = enforcer;
	MemoryContextSwitchTo(old_context);
	return enforcer;
}

/* ---------------------------------------------------------------------
 * rows that move to another partition
 *
 * An UPDATE that moves a row is an INSERT for the partition that takes it,
 * where its status need not be a first one.  The UPDATE trigger has seen the
 * row just before, and remembers for the statement what it let through and
 * where it was.  That the row has left is marked there; without that mark it is
 * not this row.
 * ---------------------------------------------------------------------
 */

static uint64
hash_status(const Firing *firing, HeapTuple tuple)
{
	Form_pg_attribute attribute = TupleDescAttr(firing->desc,
												firing->enforcer->column - 1);
	bool		isnull;
	Datum		datum = heap_getattr(tuple, firing->enforcer->column,
									 firing->desc, &isnull);
	struct varlena *value;

	if (isnull)
		return 0;
	if (attribute->attbyval)
		return hash_bytes_uint32_extended((uint32) datum, 1);
	value = PG_DETOAST_DATUM_PACKED(datum);
	return hash_bytes_extended((unsigned char *) VARDATA_ANY(value),
							   VARSIZE_ANY_EXHDR(value), 1);
}

static void
remember_row(const Firing *firing, HeapTuple tuple)
{
	MovingStatus *moving = firing->enforcer->moving;

	if (moving == NULL)
		return;
	moving_row_leaves(&moving->row, firing->data->tg_relation,
					  &firing->old->t_self);
	moving->hash = hash_status(firing, tuple);
}

static bool
is_moving(const Firing *firing)
{
	MovingStatus *moving = firing->enforcer->moving;

	return moving != NULL &&
		moving->hash == hash_status(firing, firing->new) &&
		moving_row_arrives(&moving->row);
}

/* ---------------------------------------------------------------------
 * a row's columns
 * ---------------------------------------------------------------------
 */

/* Whether a column has another value than before. */
static bool
column_changes(const Firing *firing, AttrNumber column)
{
	Form_pg_attribute attribute = TupleDescAttr(firing->desc, column - 1);
	bool		old_null;
	bool		new_null;
	Datum		old = heap_getattr(firing->old, column, firing->desc, &old_null);
	Datum		new = heap_getattr(firing->new, column, firing->desc, &new_null);

	if (old_null || new_null)
		return old_null != new_null;
	return !datum_image_eq(old, new, attribute->attbyval, attribute->attlen);
}

/* Whether the writer gave a column a value. */
static bool
column_given(const Firing *firing, AttrNumber column)
{
	if (heap_attisnull(firing->new, column, firing->desc))
		return false;
	return firing->old == NULL || column_changes(firing, column);
}

static void
change_column(Firing *firing, AttrNumber column, Datum value, bool isnull)
{
	int			n = 0;

	while (n < firing->change_count && firing->columns[n] != column)
		n++;
	if (n == firing->change_count)
		firing->change_count++;
	firing->columns[n] = column;
	firing->values[n] = value;
	firing->nulls[n] = isnull;
}

/*
 * What the trigger has put into columns has to be in their domains, too.  That
 * runs what is the user's, so it comes last.
 */
static void
check_domains(const Firing *firing)
{
	for (int i = 0; i < firing->change_count; i++)
	{
		Oid			type = TupleDescAttr(firing->desc,
										 firing->columns[i] - 1)->atttypid;

		if (get_typtype(type) == TYPTYPE_DOMAIN)
			domain_check(firing->values[i], firing->nulls[i], type, NULL, NULL);
	}
}

/* The new row as it is to be. */
static HeapTuple
finish_row(Firing *firing)
{
	HeapTuple	tuple = firing->new;

	if (firing->change_count > 0)
		tuple = heap_modify_tuple_by_cols(tuple, firing->desc,
										  firing->change_count,
										  firing->columns, firing->values,
										  firing->nulls);
	return tuple;
}

/* The column that stands for a field, or 0. */
static AttrNumber
field_column(const Enforcer *enforcer, FieldNumber field)
{
	for (int i = 0; i < enforcer->field_count; i++)
	{
		if (enforcer->fields[i].field == field)
			return enforcer->fields[i].column;
	}
	return 0;
}

/*
 * Who changes the row: the actor's column if it was given, else the setting,
 * else the column if the statement set it to what it was, else nobody knows:
 * what somebody else has left there tells nothing.  The setting goes into the
 * column, unless that was given.
 */
static Word
row_actor(Firing *firing)
{
	const Enforcer *enforcer = firing->enforcer;
	AttrNumber	column = enforcer->actor;
	Word		actor = actor_of_session();
	bool		given;

	if (column == 0)
		return actor;
	given = column_given(firing, column);
	if (actor.data != NULL && !given)
	{
		change_column(firing, column,
					  OidInputFunctionCall(enforcer->actor_input,
										   pnstrdup(actor.data, actor.len),
										   enforcer->actor_param,
										   enforcer->actor_typmod),
					  false);
		return actor;
	}
	if (given || (trigger_sets_column(firing->data, column) &&
				  !heap_attisnull(firing->new, column, firing->desc)))
	{
		bool		isnull;
		Datum		datum = heap_getattr(firing->new, column, firing->desc,
										 &isnull);

		return word_of(value_text(TupleDescAttr(firing->desc, column - 1)->atttypid,
								  datum));
	}
	return WORD_NONE;
}

/*
 * A history that was rewritten.  The detail is {"history": fault, "entry": n},
 * with the first entry at fault; the fault is missing, differs, backwards
 * (its time), status (is not that of the row), malformed (it is no entry), array
 * (the history must be one), or null.
 */
static void
refuse_history(const Firing *firing, AttrNumber column, const char *fault,
			   uint32 entry)
{
	LifecyclePlace place = firing->place;

	place.column = column;
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("history of the status can only be added to"),
			 errdetail_internal("{\"history\":\"%s\",\"entry\":%u}", fault, entry),
			 errhint("Change the status alone, and the entry is added."),
			 lifecycle_err_place(&place)));
}

/* ---------------------------------------------------------------------
 * a column of type appointment
 * ---------------------------------------------------------------------
 */

static void
open_history(const Record *record, PackedBlock *history)
{
	FieldValue	value;

	if (record_find(record, FIELD_STATUS_HISTORY, &value) &&
		!(value.flags & TAG_NULL))
		list_open(history, &value);
	else
		memset(history, 0, sizeof(*history));
}

/* Whether two entries are the same but for what appointment_erase() takes. */
static bool
same_entry(const FieldValue *old_item, const FieldValue *new_item)
{
	static const FieldNumber fields[] = {
		FIELD_CHANGE_STATUS, FIELD_CHANGE_SOURCE_STATUS,
		FIELD_CHANGE_CHANGED_BY, FIELD_CHANGE_CHANGED_AT,
	};
	Record		old;
	Record		new;

	if (old_item->size == new_item->size &&
		memcmp(old_item->data, new_item->data, new_item->size) == 0)
		return true;
	record_open_sub(&old, old_item);
	record_open_sub(&new, new_item);
	for (int i = 0; i < (int) lengthof(fields); i++)
	{
		FieldValue	a;
		FieldValue	b;
		bool		has_a = record_find(&old, fields[i], &a);
		bool		has_b = record_find(&new, fields[i], &b);

		if (has_a != has_b)
			return false;
		if (has_a && (a.flags != b.flags || a.size != b.size ||
					  memcmp(a.data, b.data, a.size) != 0))
			return false;
	}
	return true;
}

/* Take an entry of the history apart. */
static void
read_entry(const PackedBlock *history, uint32 position, StatusChange *change,
		   bool *has_time)
{
	FieldValue	item;
	FieldValue	value;
	Record		entry;

	list_at(history, position, &item);
	record_open_sub(&entry, &item);
	change->to = WORD_NONE;
	if (record_find(&entry, FIELD_CHANGE_STATUS, &value) &&
		!(value.flags & TAG_NULL))
		field_status_text(&value, &change->to.data, &change->to.len);
	change->actor = WORD_NONE;
	if (record_find(&entry, FIELD_CHANGE_CHANGED_BY, &value) &&
		!(value.flags & TAG_NULL))
	{
		change->actor.data = value.data;
		change->actor.len = value.size;
	}
	*has_time = record_find(&entry, FIELD_CHANGE_CHANGED_AT, &value) &&
		!(value.flags & TAG_NULL);
	if (*has_time)
		change->at = field_instant(&value);
}

/* When a change happens that nobody gave a time. */
static TimestampTz
next_time(bool known, TimestampTz last)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();

	return known && last > now ? last : now;
}

/* The same for a value, which has milliseconds. */
static TimestampTz
next_value_time(bool known, TimestampTz last)
{
	TimestampTz now = instant_now();

	return known && last > now ? last : now;
}

/* The step between two statuses; NULL if it is only recorded. */
static const LifecycleStep *
firing_step(const Firing *firing, const Lifecycle *lifecycle, Word from, Word to)
{
	return firing->enforcer->record_only ? NULL :
		lifecycle_step(lifecycle, from, to, &firing->place);
}

/* Confirmed, or not any more: then when. */
static bool
fill_confirmation(RecordBuilder *builder, const Record *before,
				  TimestampTz at)
{
	const RecordEntry *confirmed = record_entry(builder, FIELD_CONFIRMED);
	const RecordEntry *confirmed_at = record_entry(builder, FIELD_CONFIRMED_AT);
	bool		is = confirmed != NULL && (confirmed->tag & TAG_TRUE) != 0;
	bool		has_time = confirmed_at != NULL &&
	(confirmed_at->tag & TAG_NULL) == 0;
	FieldValue	value;
	bool		was = record_find(before, FIELD_CONFIRMED, &value) &&
	(value.flags & TAG_TRUE) != 0;

	if (is == was || confirmed == NULL || is == has_time)
		return false;
	lifecycle_confirm(builder, is, at);
	return true;
}

static HeapTuple
enforce_value(Firing *firing)
{
	const Enforcer *enforcer = firing->enforcer;
	const Lifecycle *lifecycle;
	const LifecycleStep *step;
	bool		old_null = true;
	bool		new_null;
	Datum		old_datum = (Datum) 0;
	Datum		new_datum;
	PackedDocument *new_document;
	Record		old;
	Record		new;
	PackedBlock old_history = {0};
	PackedBlock new_history;
	RecordBuilder builder;
	StatusChange change;
	Word		actor = WORD_NONE;
	TimestampTz last = 0;
	bool		known_last = false;
	bool		has_time;
	bool		dirty = false;

	memset(&old, 0, sizeof(old));
	new_datum = heap_getattr(firing->new, enforcer->column, firing->desc,
							 &new_null);
	if (firing->old != NULL)
		old_datum = heap_getattr(firing->old, enforcer->column, firing->desc,
								 &old_null);
	if (new_null)
	{
		if (!old_null)
			refuse_history(firing, enforcer->column, "null", 1);
		return firing->new;
	}

	new_document = (PackedDocument *) PG_DETOAST_DATUM(new_datum);
	record_open(&new, (struct varlena *) new_document);
	record_check(&new, RECORD_APPOINTMENT);
	record_begin_from(&builder, &new);
	open_history(&new, &new_history);
	if (!old_null)
	{
		record_open(&old, PG_DETOAST_DATUM(old_datum));
		record_check(&old, RECORD_APPOINTMENT);
		open_history(&old, &old_history);
	}

	/* The history that was is the beginning of the one that will be. */
	if (old_history.count > 0)
	{
		if (new_history.tags == NULL && new_history.ends == NULL)
		{
			ListBuilder list;

			list_begin(&list);
			for (uint32 i = 0; i < old_history.count; i++)
			{
				FieldValue	item;

				list_at(&old_history, i, &item);
				list_add_item(&list, &item);
			}
			record_add_list(&builder, FIELD_STATUS_HISTORY, &list);
			new_history = old_history;
			dirty = true;
		}
		else if (new_history.count < old_history.count)
			refuse_history(firing, enforcer->column, "missing",
						   new_history.count + 1);
		for (uint32 i = 0; i < old_history.count; i++)
		{
			FieldValue	old_item;
			FieldValue	new_item;
			StatusChange entry;

			list_at(&old_history, i, &old_item);
			list_at(&new_history, i, &new_item);
			if (!same_entry(&old_item, &new_item))
				refuse_history(firing, enforcer->column, "differs", i + 1);
			read_entry(&old_history, i, &entry, &has_time);
			if (has_time)
			{
				last = entry.at;
				known_last = true;
			}
		}
	}

	change.from = old_null ? WORD_NONE :
		status_column_word(STATUS_IN_VALUE, PointerGetDatum(old.document));
	change.to = builder_status(&builder);
	if (old_null || !word_equal(change.from, change.to))
		actor = row_actor(firing);
	/* good until others ask for one, so nothing of the user's may run now */
	lifecycle = lifecycle_by_name(firing->function, enforcer->lifecycle);

	if (old_null)
	{
		/* a new appointment: what its history tells was before */
		step = firing_step(firing, lifecycle, WORD_NONE, change.to);
		change.actor = actor;
		known_last = builder_last_change(&builder, &last);
		change.at = next_value_time(known_last, last);
		if (new_history.count == 0 && change.to.data != NULL)
		{
			lifecycle_record(&builder, change.at, change.actor);
			dirty = true;
		}
		else if (new_history.count > 0)
		{
			StatusChange entry;

			read_entry(&new_history, new_history.count - 1, &entry, &has_time);
			change.actor = entry.actor;
			if (!word_equal(entry.to, change.to))
				refuse_history(firing, enforcer->column, "status",
							   new_history.count);
		}
		if (!record_has(&builder, FIELD_CREATED_AT))
		{
			record_add_instant(&builder, FIELD_CREATED_AT, change.at);
			dirty = true;
		}
		if (step != NULL)
			lifecycle_check(lifecycle, step, &builder, &change, &firing->place);
	}
	else
	{
		Word		final = change.to;
		bool		changes = !word_equal(change.from, final);

		/* the entries that were given, in their order */
		for (uint32 i = old_history.count; i < new_history.count; i++)
		{
			read_entry(&new_history, i, &change, &has_time);
			if (has_time && known_last && change.at < last)
				refuse_history(firing, enforcer->column, "backwards", i + 1);
			if (!has_time)
				change.at = next_value_time(known_last, last);
			last = change.at;
			known_last = true;
			if (word_equal(change.from, change.to))
				continue;
			step = firing_step(firing, lifecycle, change.from, change.to);
			lifecycle_apply(&builder, &change, &old);
			dirty = true;
			if (step != NULL)
				lifecycle_check(lifecycle, step, &builder, &change,
								&firing->place);
			change.from = change.to;
		}
		if (new_history.count > old_history.count &&
			!word_equal(change.from, final))
			refuse_history(firing, enforcer->column, "status",
						   new_history.count);

		change.to = final;
		change.at = next_value_time(known_last, last);
		if (changes && new_history.count == old_history.count)
		{
			step = firing_step(firing, lifecycle, change.from, change.to);
			change.actor = actor;
			lifecycle_apply(&builder, &change, &old);
			if (change.to.data != NULL)
				lifecycle_record(&builder, change.at, change.actor);
			dirty = true;
			if (step != NULL)
				lifecycle_check(lifecycle, step, &builder, &change,
								&firing->place);
		}
		if (fill_confirmation(&builder, &old, change.at))
			dirty = true;
	}

	if (dirty)
		change_column(firing, enforcer->column,
					  PointerGetDatum(document_finish(&builder,
													  RECORD_APPOINTMENT)),
					  false);
	return finish_row(firing);
}

/* ---------------------------------------------------------------------
 * a status column
 * ---------------------------------------------------------------------
 */

/* The status that the life cycle knows, of the word in the column. */
static Word
canonical_status(const Firing *firing, Word word)
{
	const Format *format = firing->enforcer->format;

	if (word.data == NULL || format == NULL || format->statuses == NULL)
		return word;
	for (const StatusWord *known = format->statuses->words;
		 known->word != NULL; known++)
	{
		if (word_equal(word_of(known->word), word))
			return word_of(status_word(known->status));
	}
	if (format->statuses->closed && !firing->enforcer->record_only)
	{
		word = word_shown(word);
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("format \"%s\" has no status \"%.*s\"", format->name,
						(int) word.len, word.data),
				 lifecycle_err_place(&firing->place)));
	}
	return word;
}

static Word
row_status(const Firing *firing, HeapTuple tuple)
{
	bool		isnull;
	Datum		datum = heap_getattr(tuple, firing->enforcer->column,
									 firing->desc, &isnull);

	return isnull ? WORD_NONE :
		status_column_word(firing->enforcer->kind, datum);
}

/* The history in a column, NULL if there is none. */
static Jsonb *
row_history(const Firing *firing, HeapTuple tuple)
{
	bool		isnull;
	Datum		datum = heap_getattr(tuple, firing->enforcer->history,
									 firing->desc, &isnull);
	Jsonb	   *history;

	if (isnull)
		return NULL;
	history = DatumGetJsonbP(datum);
	if (!JB_ROOT_IS_ARRAY(history) || JB_ROOT_IS_SCALAR(history))
		refuse_history(firing, firing->enforcer->history, "array", 1);
	return history;
}

/* A member of an entry that is a string; none if it is absent or null. */
static bool
entry_word(JsonbContainer *entry, const char *name, Word *word)
{
	JsonbValue *value = getKeyJsonValueFromContainer(entry, name, strlen(name),
													 NULL);

	*word = WORD_NONE;
	if (value == NULL || value->type == jbvNull)
		return true;
	if (value->type != jbvString)
		return false;
	word->data = value->val.string.val;
	word->len = value->val.string.len;
	return true;
}

/*
 * Take an entry apart: an object with a status, and perhaps who took it and
 * when.  Returns false if it is none.
 */
static bool
read_json_entry(Jsonb *history, uint32 position, Word *status,
				StatusChange *change, bool *has_time)
{
	JsonbValue *item = getIthJsonbValueFromContainer(&history->root, position);
	JsonbContainer *entry;
	Word		at;

	*has_time = false;
	if (item->type != jbvBinary || !JsonContainerIsObject(item->val.binary.data))
		return false;
	entry = item->val.binary.data;
	if (!entry_word(entry, "status", status) || status->data == NULL ||
		!entry_word(entry, "changed_by", &change->actor) ||
		!entry_word(entry, "changed_at", &at))
		return false;
	*has_time = at.data != NULL;
	return !*has_time ||
		instant_is_known(instant_parse(at.data, at.len, &change->at));
}

/* When the last of so many entries was; what was there before may be odd. */
static bool
last_time(Jsonb *history, uint32 count, TimestampTz *at)
{
	StatusChange change;
	Word		status;
	bool		has_time;

	if (count == 0 || !read_json_entry(history, count - 1, &status, &change,
									   &has_time) || !has_time)
		return false;
	*at = change.at;
	return true;
}

/* The history that was is the beginning of the one that will be. */
static void
check_history(const Firing *firing, Jsonb *old, Jsonb *new)
{
	uint32		count = old == NULL ? 0 : JB_ROOT_COUNT(old);

	if (count > 0 && (new == NULL || JB_ROOT_COUNT(new) < count))
		refuse_history(firing, firing->enforcer->history, "missing",
					   new == NULL ? 1 : JB_ROOT_COUNT(new) + 1);
	for (uint32 i = 0; i < count; i++)
	{
		Jsonb	   *a = JsonbValueToJsonb(getIthJsonbValueFromContainer(&old->root, i));
		Jsonb	   *b = JsonbValueToJsonb(getIthJsonbValueFromContainer(&new->root, i));

		if (compareJsonbContainers(&a->root, &b->root) != 0)
			refuse_history(firing, firing->enforcer->history, "differs", i + 1);
	}
}

static void
push_member(JsonbInState *state, const char *name, Word word)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, name);
	value.val.string.len = strlen(name);
	push_jsonb_value(state, WJB_KEY, &value);
	if (word.data == NULL)
		value.type = jbvNull;
	else
	{
		value.val.string.val = unconstify(char *, word.data);
		value.val.string.len = word.len;
	}
	push_jsonb_value(state, WJB_VALUE, &value);
}

/*
 * A history with one entry more.  The entries that are there are copied as
 * they lie: taking them apart and building them again would take longer than
 * everything else that the trigger does.
 */
static Jsonb *
append_entry(Jsonb *history, Word status, const StatusChange *change)
{
	JsonbInState state = {0};
	char		at[INSTANT_MAXLEN];
	uint32		count = history == NULL ? 0 : JB_ROOT_COUNT(history);
	uint32		data_size = count == 0 ? 0 : getJsonbOffset(&history->root, count);
	uint32		padding = INTALIGN(data_size) - data_size;
	Jsonb	   *entry;
	uint32		entry_size;
	Jsonb	   *result;
	Size		size;
	JEntry	   *child;
	char	   *data;

	instant_format(change->at, 0, at);
	push_jsonb_value(&state, WJB_BEGIN_OBJECT, NULL);
	push_member(&state, "status", status);
	push_member(&state, "changed_by", change->actor);
	push_member(&state, "changed_at", word_of(at));
	push_jsonb_value(&state, WJB_END_OBJECT, NULL);
	entry = JsonbValueToJsonb(state.result);
	entry_size = VARSIZE(entry) - VARHDRSZ;

	if (data_size + padding + entry_size > JENTRY_OFFLENMASK ||
		count >= JB_CMASK)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("history of the status is too large")));
	size = offsetof(Jsonb, root) + offsetof(JsonbContainer, children) +
		(count + 1) * sizeof(JEntry) + data_size + padding + entry_size;
	result = palloc0(size);
	SET_VARSIZE(result, size);
	result->root.header = (count + 1) | JB_FARRAY;
	child = result->root.children;
	data = (char *) &child[count + 1];
	if (count > 0)
	{
		memcpy(child, history->root.children, count * sizeof(JEntry));
		memcpy(data, &history->root.children[count], data_size);
	}
	/* a length, but now and then an offset: see jsonb.h */
	child[count] = JENTRY_ISCONTAINER |
		(count % JB_OFFSET_STRIDE == 0 ?
		 JENTRY_HAS_OFF | (data_size + padding + entry_size) :
		 padding + entry_size);
	memcpy(data + data_size + padding, &entry->root, entry_size);
	return result;
}

/* Let a change of status have its effects on the columns. */
static void
change_columns(Firing *firing, const StatusChange *change)
{
	FieldEffect effects[EFFECTS_MAX];
	int			count = status_effects(change->from, change->to, effects);

	for (int i = 0; i < count; i++)
	{
		AttrNumber	column = field_column(firing->enforcer, effects[i].field);

		if (column == 0 || column_given(firing, column))
			continue;
		if (effects[i].kind == EFFECT_AT)
			change_column(firing, column, TimestampTzGetDatum(change->at), false);
		else if (effects[i].kind == EFFECT_CLEAR)
			change_column(firing, column, (Datum) 0, true);
	}
}

/* The column that a step requires. */
static AttrNumber
required_column(const Enforcer *enforcer, Relation relation,
				const char *trigger, const Lifecycle *lifecycle,
				const char *name)
{
	const FieldInfo *field = field_by_name(RECORD_APPOINTMENT, name,
										   strlen(name));
	AttrNumber	column = field == NULL ? 0 :
	field_column(enforcer, field->number);

	if (column != 0)
		return column;
	if (SPI_fnumber(RelationGetDescr(relation), name) <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" of relation \"%s\" does not exist",
						name, RelationGetRelationName(relation)),
				 errdetail("Life cycle \"%s\" requires it.", lifecycle->name),
				 field == NULL ?
				 errhint("Change the life cycle, or name another one in the arguments of trigger \"%s\".",
						 trigger) :
				 errhint("Name the column that stands for it in the arguments of trigger \"%s\": %s=column.",
						 trigger, name),
				 errtable(relation)));
	return trigger_column(&enforce_function, relation, trigger, name);
}

/* Check what a step demands of the row after it. */
static void
check_row(const Firing *firing, HeapTuple tuple, const Lifecycle *lifecycle,
		  const LifecycleStep *step, const StatusChange *change)
{
	for (int i = 0; i < step->required_count; i++)
	{
		const char *name = step->required[i];
		AttrNumber	column;

		if (strcmp(name, "changed_by") == 0)
		{
			if (change->actor.data == NULL)
				lifecycle_refuse_missing(lifecycle, step, name, &firing->place);
			continue;
		}
		column = required_column(firing->enforcer, firing->data->tg_relation,
								 firing->place.trigger, lifecycle, name);
		if (heap_attisnull(tuple, column, firing->desc))
			lifecycle_refuse_missing(lifecycle, step, name, &firing->place);
	}
	if (step->not_after != FIELD_NONE)
	{
		AttrNumber	column = field_column(firing->enforcer, step->not_after);
		bool		isnull = true;
		Datum		limit = (Datum) 0;

		if (column != 0)
			limit = heap_getattr(tuple, column, firing->desc, &isnull);
		if (!isnull && change->at > DatumGetTimestampTz(limit))
			lifecycle_refuse_late(lifecycle, step, &firing->place);
	}
}

/* Confirmed, or not any more: then when. */
static void
fill_confirmed_at(Firing *firing, TimestampTz at)
{
	AttrNumber	column = field_column(firing->enforcer, FIELD_CONFIRMED);
	AttrNumber	at_column = field_column(firing->enforcer, FIELD_CONFIRMED_AT);
	Datum		confirmed;
	bool		isnull;

	if (column == 0 || at_column == 0 ||
		(firing->old != NULL && !column_changes(firing, column)) ||
		column_given(firing, at_column))
		return;
	confirmed = heap_getattr(firing->new, column, firing->desc, &isnull);
	if (!isnull && DatumGetBool(confirmed))
		change_column(firing, at_column, TimestampTzGetDatum(at), false);
	else
		change_column(firing, at_column, (Datum) 0, true);
}

/*
 * The entries that were added to the history: each is a step from the one
 * before, and the last has the row's status.  What the history of a new row
 * tells was before, so it has no steps.  Returns when the last change was.
 */
static TimestampTz
check_added(Firing *firing, const Lifecycle *lifecycle, Jsonb *history,
			uint32 old_count, const StatusChange *whole, bool known_last,
			TimestampTz last)
{
	const Enforcer *enforcer = firing->enforcer;
	uint32		count = JB_ROOT_COUNT(history);
	Word		from = whole->from;
	Word		status = WORD_NONE;

	for (uint32 i = old_count; i < count; i++)
	{
		const LifecycleStep *step;
		StatusChange change;
		bool		has_time;

		CHECK_FOR_INTERRUPTS();
		if (!read_json_entry(history, i, &status, &change, &has_time))
			refuse_history(firing, enforcer->history, "malformed", i + 1);
		if (!has_time)
			change.at = next_time(known_last, last);
		else if (firing->old != NULL && known_last && change.at < last)
			refuse_history(firing, enforcer->history, "backwards", i + 1);
		last = change.at;
		known_last = true;
		if (firing->old == NULL)
			continue;
		change.from = from;
		change.to = from = canonical_status(firing, status);
		if (word_same_status(change.from, change.to))
			continue;
		if (change.actor.data == NULL)
			change.actor = whole->actor;
		step = firing_step(firing, lifecycle, change.from, change.to);
		change_columns(firing, &change);
		if (step != NULL)
			check_row(firing, finish_row(firing), lifecycle, step, &change);
	}
	if (!word_same_status(status, row_status(firing, firing->new)))
		refuse_history(firing, enforcer->history, "status", count);
	return last;
}

static HeapTuple
enforce_status(Firing *firing)
{
	const Enforcer *enforcer = firing->enforcer;
	const Lifecycle *lifecycle = NULL;
	const LifecycleStep *step = NULL;
	Word		new_word = row_status(firing, firing->new);
	Jsonb	   *old_history = NULL;
	Jsonb	   *new_history = NULL;
	uint32		old_count = 0;
	uint32		new_count = 0;
	StatusChange change;
	TimestampTz last = 0;
	bool		known_last;
	bool		changes;
	HeapTuple	result;

	change.actor = WORD_NONE;
	change.from = WORD_NONE;
	if (firing->old != NULL)
		change.from = canonical_status(firing, row_status(firing, firing->old));
	change.to = canonical_status(firing, new_word);
	changes = firing->old == NULL || !word_same_status(change.from, change.to);

	if (enforcer->history != 0)
	{
		new_history = row_history(firing, firing->new);
		new_count = new_history == NULL ? 0 : JB_ROOT_COUNT(new_history);
		if (firing->old != NULL)
		{
			old_history = row_history(firing, firing->old);
			old_count = old_history == NULL ? 0 : JB_ROOT_COUNT(old_history);
			if (column_changes(firing, enforcer->history))
				check_history(firing, old_history, new_history);
		}
	}
	known_last = last_time(old_history, old_count, &last);

	if (changes)
		change.actor = row_actor(firing);
	/* good until others ask for one, so nothing of the user's may run now */
	if (changes || new_count > old_count)
		lifecycle = lifecycle_by_name(firing->function, enforcer->lifecycle);
	change.at = new_count > old_count ?
		check_added(firing, lifecycle, new_history, old_count, &change,
					known_last, last) :
		next_time(known_last, last);

	if (firing->old == NULL)
	{
		AttrNumber	column = field_column(enforcer, FIELD_CREATED_AT);

		step = firing_step(firing, lifecycle, change.from, change.to);
		if (column != 0 && !column_given(firing, column))
			change_column(firing, column, TimestampTzGetDatum(change.at), false);
	}
	else if (changes && new_count == old_count)
	{
		step = firing_step(firing, lifecycle, change.from, change.to);
		change_columns(firing, &change);
	}
	if (changes && enforcer->history != 0 && new_count == old_count &&
		new_word.data != NULL)
		change_column(firing, enforcer->history,
					  JsonbPGetDatum(append_entry(new_history, new_word,
												  &change)), false);
	fill_confirmed_at(firing, change.at);

	result = finish_row(firing);
	if (step != NULL)
		check_row(firing, result, lifecycle, step, &change);
	return result;
}

/* ---------------------------------------------------------------------
 * the trigger
 * ---------------------------------------------------------------------
 */

/* Whether an UPDATE changes nothing that the trigger is about. */
static inline bool
is_untouched(const Firing *firing)
{
	const Enforcer *enforcer = firing->enforcer;
	AttrNumber	confirmed;

	if (column_changes(firing, enforcer->column))
		return false;
	if (enforcer->kind == STATUS_IN_VALUE)
		return true;
	confirmed = field_column(enforcer, FIELD_CONFIRMED);
	return (enforcer->history == 0 ||
			!column_changes(firing, enforcer->history)) &&
		(confirmed == 0 || !column_changes(firing, confirmed));
}

APPOINTMENT_FUNCTION(appointment_enforce_lifecycle);
Datum
appointment_enforce_lifecycle(PG_FUNCTION_ARGS)
{
	const TriggerData *data = (TriggerData *) fcinfo->context;
	const Enforcer *enforcer;
	Firing		firing;
	HeapTuple	result;

	if (!CALLED_AS_TRIGGER(fcinfo))
		trigger_refuse_call(&enforce_function);
	if (!TRIGGER_FIRED_BEFORE(data->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(data->tg_event) ||
		!(TRIGGER_FIRED_BY_INSERT(data->tg_event) ||
		  TRIGGER_FIRED_BY_UPDATE(data->tg_event)))
		trigger_refuse_timing(&enforce_function);

	enforcer = fcinfo->flinfo->fn_extra;
	if (enforcer == NULL || enforcer->trigger != data->tg_trigger->tgoid)
		enforcer = read_arguments(fcinfo, data);

	firing.enforcer = enforcer;
	firing.data = data;
	firing.desc = RelationGetDescr(data->tg_relation);
	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
	{
		firing.old = data->tg_trigtuple;
		firing.new = data->tg_newtuple;
		if (is_untouched(&firing))
		{
			remember_row(&firing, firing.new);
			return PointerGetDatum(firing.new);
		}
	}
	else
	{
		firing.old = NULL;
		firing.new = data->tg_trigtuple;
		if (is_moving(&firing))
			return PointerGetDatum(firing.new);
	}
	firing.function = fcinfo->flinfo->fn_oid;
	firing.change_count = 0;
	firing.place.relation = data->tg_relation;
	firing.place.column = enforcer->column;
	firing.place.trigger = data->tg_trigger->tgname;
	firing.place.words = enforcer->format == NULL ? NULL :
		enforcer->format->statuses;

	result = enforcer->kind == STATUS_IN_VALUE ? enforce_value(&firing) :
		enforce_status(&firing);
	if (enforcer->domains)
		check_domains(&firing);
	if (firing.old != NULL)
		remember_row(&firing, result);
	return PointerGetDatum(result);
}

/* ---------------------------------------------------------------------
 * whether it will work
 * ---------------------------------------------------------------------
 */

/*
 * Raise what the trigger would raise when it fires, whatever the row, and what
 * it would raise at a step.
 */
void
appointment_enforce_lifecycle_check(Relation relation, const Trigger *trigger)
{
	const Enforcer *enforcer;
	const Lifecycle *lifecycle;

	if (!TRIGGER_FOR_BEFORE(trigger->tgtype) ||
		!TRIGGER_FOR_ROW(trigger->tgtype) ||
		TRIGGER_FOR_DELETE(trigger->tgtype))
		trigger_refuse_timing(&enforce_function);
	enforcer = set_up(relation, trigger);
	if (enforcer->record_only)
		return;
	lifecycle = lifecycle_by_name(trigger->tgfoid, enforcer->lifecycle);
	for (int i = 0; i < lifecycle->step_count; i++)
	{
		const LifecycleStep *step = &lifecycle->steps[i];

		for (int n = 0; n < step->required_count; n++)
		{
			if (strcmp(step->required[n], "changed_by") == 0)
				continue;
			if (enforcer->kind == STATUS_IN_VALUE)
				(void) lifecycle_field(lifecycle, step->required[n]);
			else
				(void) required_column(enforcer, relation, trigger->tgname,
									   lifecycle, step->required[n]);
		}
	}
	/* these are never asked for */
	for (int i = 0; i < lifecycle->step_count; i++)
	{
		FieldNumber field = lifecycle->steps[i].not_after;

		if (field != FIELD_NONE && enforcer->kind != STATUS_IN_VALUE &&
			field_column(enforcer, field) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_WARNING),
					 errmsg("a rule of life cycle \"%s\" is not checked",
							lifecycle->name),
					 errdetail("It limits a status by \"%s\", and the arguments of the trigger name no column for that.",
							   field_by_number(field)->name),
					 errhint("Add the argument %s=column.",
							 field_by_number(field)->name)));
	}
	if (!TRIGGER_FOR_INSERT(trigger->tgtype) ||
		!TRIGGER_FOR_UPDATE(trigger->tgtype))
		ereport(ERROR,
				(errcode(ERRCODE_WARNING),
				 errmsg("the life cycle is checked only by %s",
						TRIGGER_FOR_INSERT(trigger->tgtype) ? "INSERT" : "UPDATE"),
				 errhint("Create the trigger BEFORE INSERT OR UPDATE.")));
}
