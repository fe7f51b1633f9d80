/*-------------------------------------------------------------------------
 *
 * jsonb_history.c
 *		A history that is an array in jsonb.
 *
 * It grows with each change, so it is compared as it lies, all at once: its
 * entries are taken apart only where that does not tell.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lifecycle/jsonb_history.h"

/*
 * Whether the first elements of an array are those of another one, byte for
 * byte.  An element that has not moved is told by the same JEntry.
 */
bool
jsonb_history_begins_with(const Jsonb *array, const Jsonb *beginning)
{
	const JsonbContainer *a = &array->root;
	const JsonbContainer *b = &beginning->root;
	uint32		count = JsonContainerSize(b);

	return JsonContainerSize(a) >= count &&
		memcmp(a->children, b->children, count * sizeof(JEntry)) == 0 &&
		memcmp(&a->children[JsonContainerSize(a)], &b->children[count],
			   getJsonbOffset(b, count)) == 0;
}

static bool
is_array(const Jsonb *value)
{
	return JB_ROOT_IS_ARRAY(value) && !JB_ROOT_IS_SCALAR(value);
}

/*
 * The elements that were added to an array at its end; NULL if that is not all
 * that was done, or one of the two is no array.
 */
Jsonb *
jsonb_history_added(const Jsonb *old, const Jsonb *new)
{
	JsonbInState state = {0};

	if (!is_array(old) || !is_array(new) ||
		JB_ROOT_COUNT(new) <= JB_ROOT_COUNT(old) ||
		!jsonb_history_begins_with(new, old))
		return NULL;
	push_jsonb_value(&state, WJB_BEGIN_ARRAY, NULL);
	for (uint32 i = JB_ROOT_COUNT(old); i < JB_ROOT_COUNT(new); i++)
		push_jsonb_value(&state, WJB_ELEM,
						 getIthJsonbValueFromContainer(unconstify(JsonbContainer *, &new->root),
													   i));
	push_jsonb_value(&state, WJB_END_ARRAY, NULL);
	return JsonbValueToJsonb(state.result);
}
