/*-------------------------------------------------------------------------
 *
 * attendees.c
 *		Lists of attendees in the making.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "record/attendees.h"
#include "record/record_read.h"

/* Who attends, and the place in the list. */
typedef struct ListedAttendee
{
	const char *id;
	uint32		len;
	int			position;
} ListedAttendee;

static int
compare_listed(const void *a, const void *b)
{
	const ListedAttendee *x = a;
	const ListedAttendee *y = b;
	int			order = memcmp(x->id, y->id, Min(x->len, y->len));

	if (order == 0)
		order = (x->len > y->len) - (x->len < y->len);
	if (order == 0)
		order = (x->position > y->position) - (x->position < y->position);
	return order;
}

/*
 * Leave each attendee only once in a list: nobody attends twice, whoever named
 * them again.  The first entry stays.
 */
void
attendees_each_once(ListBuilder *list)
{
	ListedAttendee *listed;
	bool	   *repeated;
	int			count = 0;
	int			kept = 0;

	if (list->count < 2)
		return;
	listed = palloc_array(ListedAttendee, list->count);
	repeated = palloc0_array(bool, list->count);
	for (int i = 0; i < list->count; i++)
	{
		Record		attendee;
		FieldValue	id;

		record_open_sub(&attendee, &list->items[i]);
		if (!record_find_value(&attendee, FIELD_ATTENDEE_ID, &id))
			continue;
		listed[count].id = id.data;
		listed[count].len = id.size;
		listed[count].position = i;
		count++;
	}
	qsort(listed, count, sizeof(ListedAttendee), compare_listed);
	for (int i = 1; i < count; i++)
	{
		if (listed[i].len == listed[i - 1].len &&
			memcmp(listed[i].id, listed[i - 1].id, listed[i].len) == 0)
			repeated[listed[i].position] = true;
	}
	for (int i = 0; i < list->count; i++)
	{
		if (!repeated[i])
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
	pfree(listed);
	pfree(repeated);
}
