/*-------------------------------------------------------------------------
 *
 * enforce_history.c
 *		The history of a status, in a column of type jsonb.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "base/instant.h"
#include "compat.h"
#include "lifecycle/enforce_history.h"
#include "lifecycle/jsonb_history.h"

/*
 * The history in a column, NULL if there is none, and how many entries it has.
 */
Jsonb *
enforce_history_of(const Firing *firing, HeapTuple tuple, uint32 *count)
{
	bool		isnull;
	Datum		datum = heap_getattr(tuple, firing->enforcer->history,
									 firing->desc, &isnull);
	Jsonb	   *history;

	*count = 0;
	if (isnull)
		return NULL;
	history = DatumGetJsonbP(datum);
	if (!JB_ROOT_IS_ARRAY(history) || JB_ROOT_IS_SCALAR(history))
		firing_refuse_history(firing, firing->enforcer->history, "array", 1);
	*count = JB_ROOT_COUNT(history);
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
bool
enforce_history_entry(Jsonb *history, uint32 position, Word *status,
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

/*
 * When the last of so many entries was; what was there before may be odd.
 */
bool
enforce_history_last(Jsonb *history, uint32 count, TimestampTz *at)
{
	StatusChange change;
	Word		status;
	bool		has_time;

	if (count == 0 || !enforce_history_entry(history, count - 1, &status, &change,
											 &has_time) || !has_time)
		return false;
	*at = change.at;
	return true;
}

/*
 * The history that was is the beginning of the one that will be.
 */
void
enforce_history_check(const Firing *firing, Jsonb *old, Jsonb *new)
{
	uint32		count = old == NULL ? 0 : JB_ROOT_COUNT(old);

	if (count > 0 && (new == NULL || JB_ROOT_COUNT(new) < count))
		firing_refuse_history(firing, firing->enforcer->history, "missing",
							  new == NULL ? 1 : JB_ROOT_COUNT(new) + 1);
	if (count == 0 || jsonb_history_begins_with(new, old))
		return;
	for (uint32 i = 0; i < count; i++)
	{
		Jsonb	   *a = JsonbValueToJsonb(getIthJsonbValueFromContainer(&old->root, i));
		Jsonb	   *b = JsonbValueToJsonb(getIthJsonbValueFromContainer(&new->root, i));

		if (compareJsonbContainers(&a->root, &b->root) != 0)
			firing_refuse_history(firing, firing->enforcer->history, "differs", i + 1);
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
Jsonb *
enforce_history_append(Jsonb *history, Word status, const StatusChange *change)
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
