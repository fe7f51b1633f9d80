/*-------------------------------------------------------------------------
 *
 * change_log_event.c
 *		What a change is called in the log.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "document/diff.h"
#include "lifecycle/change_log_event.h"
#include "lifecycle/status_effects.h"

/* The status of a row, as a canonical word where the format has one. */
static Word
tuple_status(const Change *change, HeapTuple tuple)
{
	const Logger *logger = change->logger;
	bool		isnull;
	Datum		datum;
	Word		word;

	if (logger->status == 0)
		return WORD_NONE;
	datum = heap_getattr(tuple, logger->status, change->desc, &isnull);
	if (isnull)
		return WORD_NONE;
	word = status_column_word(logger->status_kind, datum);
	(void) status_column_canonical(logger->format, &word);
	return word;
}

static bool
value_differs(const Change *change, FieldNumber number)
{
	return appointment_field_differs(&change->old_value, &change->new_value,
									 field_by_number(number));
}

/*
 * The event: the status before the times before the confirmation.
 */
const char *
change_log_event(const Change *change)
{
	const Logger *logger = change->logger;
	bool		in_value = change->new_value.document != NULL;
	Word		old_status;
	Word		new_status;
	bool		confirmed = false;

	if (change->old == NULL)
		return "created";
	if (change->new == NULL)
		return "deleted";
	old_status = tuple_status(change, change->old);
	new_status = tuple_status(change, change->new);
	if (!word_same_status(old_status, new_status))
		return status_event(old_status, new_status);

	if (change_column_differs(change, logger->starts_at) ||
		change_column_differs(change, logger->ends_at) ||
		(in_value && (value_differs(change, FIELD_STARTS_AT) ||
					  value_differs(change, FIELD_ENDS_AT))))
		return "rescheduled";

	if (in_value && value_differs(change, FIELD_CONFIRMED))
	{
		FieldValue	value;

		confirmed = record_find(&change->new_value, FIELD_CONFIRMED, &value) &&
			(value.flags & TAG_TRUE) != 0;
	}
	else if (change_column_differs(change, logger->confirmed))
	{
		AttrNumber	column = logger->confirmed;
		bool		isnull;
		Datum		datum = heap_getattr(change->new, column, change->desc,
										 &isnull);

		/* a boolean, or the time when it was */
		confirmed = !isnull &&
			(getBaseType(TupleDescAttr(change->desc, column - 1)->atttypid) != BOOLOID ||
			 DatumGetBool(datum));
	}
	else
		return "updated";
	return confirmed ? "confirmed" : "unconfirmed";
}
