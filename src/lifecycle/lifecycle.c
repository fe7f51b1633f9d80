/*-------------------------------------------------------------------------
 *
 * lifecycle.c
 *		Life cycles: statuses, and the steps between them.
 *
 * The detail of an error is one line of JSON, for programs:
 *
 *	{"lifecycle": L, "from": S or null, "to": S or null, "next": [S, ...]}
 *		a step that the life cycle does not have, or a status that it does
 *		not know; "next" are those that can follow "from"
 *	{"lifecycle": L, "from": S or null, "to": S, "missing": field}
 *		a step that requires a field that is absent or null
 *	{"lifecycle": L, "from": S or null, "to": S, "not_after": field,
 *			"deadline": instant or null, "code": "too_late"}
 *		a step that comes after that instant of the appointment, or not so
 *		long before it as the life cycle asks; null is before the year 1
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/rel.h"

#include "base/deadline.h"
#include "base/instant.h"
#include "compat.h"
#include "json/json_writer.h"
#include "lifecycle/lifecycle.h"

/* ---------------------------------------------------------------------
 * steps
 * ---------------------------------------------------------------------
 */

/*
 * The step between two statuses, or NULL.  The life cycle's own spelling is
 * as good as always the one that is asked for, and goes before others.
 */
const LifecycleStep *
lifecycle_find(const Lifecycle *lifecycle, Word from, Word to)
{
	for (int i = 0; i < lifecycle->step_count; i++)
	{
		const LifecycleStep *step = &lifecycle->steps[i];

		if (word_equal(step->to, to) && word_equal(step->from, from))
			return step;
	}
	for (int i = 0; i < lifecycle->step_count; i++)
	{
		const LifecycleStep *step = &lifecycle->steps[i];

		if (word_same_status(step->to, to) && word_same_status(step->from, from))
			return step;
	}
	return NULL;
}

/*
 * Whether a life cycle has a status at all.
 */
bool
lifecycle_knows(const Lifecycle *lifecycle, Word status)
{
	for (int i = 0; i < lifecycle->step_count; i++)
	{
		const LifecycleStep *step = &lifecycle->steps[i];

		if (word_same_status(step->to, status) ||
			word_same_status(step->from, status))
			return true;
	}
	return false;
}

/* ---------------------------------------------------------------------
 * errors
 * ---------------------------------------------------------------------
 */

/*
 * Say in an error where a trigger found it.  Called in ereport().
 */
int
lifecycle_err_place(const LifecyclePlace *place)
{
	if (place != NULL)
	{
		if (place->column > 0)
			errtablecol(place->relation, place->column);
		errtableconstraint(place->relation, place->trigger);
	}
	return 0;
}

/* A status as whoever meets the error knows it: in the words of the column. */
static Word
shown(Word word, const LifecyclePlace *place)
{
	Status		status;

	if (place == NULL || place->words == NULL || word.data == NULL)
		return word_shown(word);
	status = status_from_word(word.data, word.len);
	if (status == STATUS_NONE || place->words->written[status] == NULL)
		return word_shown(word);
	return word_of(place->words->written[status]);
}

static void
write_word(JsonWriter *writer, const char *key, Word word)
{
	json_write_key(writer, key, strlen(key));
	if (word.data == NULL)
		json_write_literal(writer, "null");
	else
		json_write_string(writer, word.data, word.len);
}

/*
 * The statuses that can follow one, each once; several may share a word.
 */
static int
next_words(const Lifecycle *lifecycle, Word from, const LifecyclePlace *place,
		   Word *words)
{
	int			count = 0;

	for (int i = 0; i < lifecycle->step_count; i++)
	{
		const LifecycleStep *step = &lifecycle->steps[i];
		bool		known = !word_same_status(step->from, from);

		for (int n = 0; n < count && !known; n++)
			known = word_equal(words[n], shown(step->to, place));
		if (!known)
			words[count++] = shown(step->to, place);
	}
	return count;
}

/*
 * The same in one text, or NULL if there are none.
 */
char *
lifecycle_next(const Lifecycle *lifecycle, Word from,
			   const LifecyclePlace *place)
{
	Word	   *words = palloc_array(Word, lifecycle->step_count + 1);
	int			count = next_words(lifecycle, from, place, words);
	StringInfoData next;

	if (count == 0)
		return NULL;
	initStringInfo(&next);
	for (int i = 0; i < count; i++)
		appendStringInfo(&next, "%s%.*s", i == 0 ? "" : ", ",
						 (int) words[i].len, words[i].data);
	return next.data;
}

/* The part that all details begin with. */
static void
begin_detail(JsonWriter *writer, const Lifecycle *lifecycle, Word from, Word to)
{
	json_writer_begin(writer, 128);
	json_open(writer, '{');
	write_word(writer, "lifecycle", word_of(lifecycle->name));
	write_word(writer, "from", from);
	write_word(writer, "to", to);
}

static char *
end_detail(JsonWriter *writer)
{
	json_close(writer, '}');
	return json_writer_cstring(writer);
}

static char *
next_detail(const Lifecycle *lifecycle, Word from, Word to,
			const LifecyclePlace *place)
{
	Word	   *words = palloc_array(Word, lifecycle->step_count + 1);
	int			count = next_words(lifecycle, from, place, words);
	JsonWriter	writer;

	begin_detail(&writer, lifecycle, shown(from, place), shown(to, place));
	json_write_key(&writer, "next", 4);
	json_open(&writer, '[');
	for (int i = 0; i < count; i++)
	{
		json_begin_item(&writer);
		json_write_string(&writer, words[i].data, words[i].len);
	}
	json_close(&writer, ']');
	return end_detail(&writer);
}

static int
next_hint(const Lifecycle *lifecycle, Word from, const LifecyclePlace *place)
{
	char	   *next = lifecycle_next(lifecycle, from, place);
	Word		word = shown(from, place);

	if (from.data == NULL)
		return errhint("In life cycle \"%s\" the first status is one of: %s.",
					   lifecycle->name, next == NULL ? "none" : next);
	if (next != NULL)
		return errhint("In life cycle \"%s\" status \"%.*s\" can be followed by: %s.",
					   lifecycle->name, (int) word.len, word.data, next);
	if (!lifecycle_knows(lifecycle, from))
	{
		next = lifecycle_next(lifecycle, WORD_NONE, place);
		return errhint("Life cycle \"%s\" does not know status \"%.*s\"; it begins with one of: %s.",
					   lifecycle->name, (int) word.len, word.data,
					   next == NULL ? "none" : next);
	}
	return errhint("In life cycle \"%s\" status \"%.*s\" is final.",
				   lifecycle->name, (int) word.len, word.data);
}

/*
 * The step between two statuses; from is none for a first status.  It is an
 * error if the life cycle does not have it: of an argument if a function was
 * given a status that the life cycle does not know, else of the rule.
 */
const LifecycleStep *
lifecycle_step(const Lifecycle *lifecycle, Word from, Word to,
			   const LifecyclePlace *place)
{
	const LifecycleStep *step;
	Word		old = shown(from, place);
	Word		new = shown(to, place);

	if (to.data == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("status must not be null"),
				 errdetail_internal("%s", next_detail(lifecycle, from, to, place)),
				 next_hint(lifecycle, from, place),
				 lifecycle_err_place(place)));
	step = lifecycle_find(lifecycle, from, to);
	if (likely(step != NULL))
		return step;

	if (!lifecycle_knows(lifecycle, to))
		ereport(ERROR,
				(errcode(place == NULL ? ERRCODE_INVALID_PARAMETER_VALUE :
						 ERRCODE_CHECK_VIOLATION),
				 errmsg("life cycle \"%s\" has no status \"%.*s\"",
						lifecycle->name, (int) new.len, new.data),
				 errdetail_internal("%s", next_detail(lifecycle, from, to, place)),
				 next_hint(lifecycle, from, place),
				 lifecycle_err_place(place)));
	if (from.data == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("status \"%.*s\" cannot be the first",
						(int) new.len, new.data),
				 errdetail_internal("%s", next_detail(lifecycle, from, to, place)),
				 next_hint(lifecycle, from, place),
				 lifecycle_err_place(place)));
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("status \"%.*s\" cannot be followed by \"%.*s\"",
					(int) old.len, old.data, (int) new.len, new.data),
			 errdetail_internal("%s", next_detail(lifecycle, from, to, place)),
			 next_hint(lifecycle, from, place),
			 lifecycle_err_place(place)));
	return NULL;				/* keep compiler quiet */
}

/*
 * A step requires a field that is not there.
 */
void
lifecycle_refuse_missing(const Lifecycle *lifecycle, const LifecycleStep *step,
						 const char *field, const LifecyclePlace *place)
{
	Word		to = shown(step->to, place);
	JsonWriter	writer;

	begin_detail(&writer, lifecycle, shown(step->from, place), to);
	write_word(&writer, "missing", word_of(field));
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("status \"%.*s\" requires \"%s\"",
					(int) to.len, to.data, field),
			 errdetail_internal("%s", end_detail(&writer)),
			 strcmp(field, "changed_by") == 0 ?
			 errhint("Say who changes the status, in the setting \"appointment.actor\" for example.") : 0,
			 lifecycle_err_place(place)));
}

/*
 * The last instant at which a step can be taken, by the instant that it must
 * not be after, in the zone whose days its notice counts.
 */
TimestampTz
lifecycle_deadline(const LifecycleStep *step, TimestampTz limit,
				   const pg_tz *zone)
{
	return step->notice == NULL ? limit :
		deadline_before(limit, step->notice, zone);
}

/* What is late, and until when it was not. */
static int
late_message(const LifecycleStep *step, Word to, const char *deadline)
{
	if (step->notice == NULL)
		return errmsg("status \"%.*s\" cannot be taken after \"%s\"",
					  (int) to.len, to.data,
					  field_by_number(step->not_after)->name);
	if (deadline == NULL)
		return errmsg("status \"%.*s\" can at no time be taken",
					  (int) to.len, to.data);
	return errmsg("status \"%.*s\" could be taken until %s",
				  (int) to.len, to.data, deadline);
}

/*
 * A step comes after its deadline.
 */
void
lifecycle_refuse_late(const Lifecycle *lifecycle, const LifecycleStep *step,
					  TimestampTz deadline, const LifecyclePlace *place)
{
	Word		to = shown(step->to, place);
	Word		until = WORD_NONE;
	char		text[INSTANT_MAXLEN];
	JsonWriter	writer;

	if (instant_in_range(deadline))
	{
		instant_format(deadline, 0, text);
		until = word_of(text);
	}
	begin_detail(&writer, lifecycle, shown(step->from, place), to);
	write_word(&writer, "not_after",
			   word_of(field_by_number(step->not_after)->name));
	write_word(&writer, "deadline", until);
	write_word(&writer, "code", word_of("too_late"));
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 late_message(step, to, until.data),
			 errdetail_internal("%s", end_detail(&writer)),
			 step->exempt == NULL ? 0 :
			 errhint("Members of role \"%s\" may take it later.",
					 step->exempt),
			 lifecycle_err_place(place)));
}

/*
 * The field of an appointment that a step requires.
 */
const FieldInfo *
lifecycle_field(const Lifecycle *lifecycle, const char *name)
{
	const FieldInfo *field = field_by_name(RECORD_APPOINTMENT, name,
										   strlen(name));

	if (field == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("life cycle \"%s\" requires \"%s\", which type appointment does not have",
						lifecycle->name, name),
				 errhint("appointment_fields() lists the fields.")));
	return field;
}
