/*-------------------------------------------------------------------------
 *
 * notice.c
 *		The notices that were agreed on when an appointment was made.
 *
 * How long before the start a client may still cancel or move an appointment
 * is an account's policy, and a policy changes.  So a value has its own, and
 * that holds: it is what the document for the client says, what the function
 * that tells the deadline says, and what is refused.
 *
 * Errors (ERRCODE_CHECK_VIOLATION) have one line of JSON, for programs:
 *
 *	{"action": "cancel" or "reschedule", "deadline": instant, "code": "too_late"}
 *		the deadline is null if it is before the year 1
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/deadline.h"
#include "base/instant.h"
#include "base/status.h"
#include "compat.h"
#include "record/local_start.h"
#include "record/notice.h"

/*
 * Note a notice in an appointment in the making that has none; less than none
 * is one that nobody asks for.
 */
void
notice_note(RecordBuilder *builder, FieldNumber notice, int minutes)
{
	if (minutes >= 0 && !record_has(builder, notice))
		record_add_integer(builder, notice, minutes);
}

/*
 * The notice that goes with an appointment.  False if there is none.
 */
bool
notice_of(const Record *record, FieldNumber notice, int64 *minutes)
{
	FieldValue	value;

	if (!record_find_value(record, notice, &value))
		return false;
	*minutes = field_integer(&value);
	return true;
}

/*
 * Until when a notice lets an appointment be cancelled or moved: that instant
 * is the last.  False if there is no limit: no notice, or no start.
 */
bool
notice_deadline(const Record *record, FieldNumber notice, TimestampTz *deadline)
{
	TimestampTz starts_at;
	int64		minutes;

	if (!document_starts_at(record->document, &starts_at) ||
		!notice_of(record, notice, &minutes))
		return false;
	*deadline = deadline_minutes_before(starts_at, minutes);
	return true;
}

/*
 * The primary message of what comes too late.
 */
char *
notice_late_message(FieldNumber notice, TimestampTz deadline)
{
	const char *done = notice == FIELD_CANCELLATION_NOTICE ?
	"cancelled" : "rescheduled";
	char		text[INSTANT_MAXLEN];

	if (!instant_in_range(deadline))
		return psprintf("appointment can at no time be %s", done);
	instant_format(deadline, 0, text);
	return psprintf("appointment could be %s until %s", done, text);
}

/*
 * The detail of what comes too late.
 */
char *
notice_late_detail(FieldNumber notice, TimestampTz deadline)
{
	const char *action = notice == FIELD_CANCELLATION_NOTICE ?
	"cancel" : "reschedule";
	char		text[INSTANT_MAXLEN];

	if (!instant_in_range(deadline))
		return psprintf("{\"action\":\"%s\",\"deadline\":null,\"code\":\"too_late\"}",
						action);
	instant_format(deadline, 0, text);
	return psprintf("{\"action\":\"%s\",\"deadline\":\"%s\",\"code\":\"too_late\"}",
					action, text);
}

/*
 * Whether an appointment is moved: it has another start or end, and is not
 * only brought back to the time of the clock that was agreed on, from which a
 * change of its zone's rules has taken it.
 */
static bool
is_moved(const Record *before, const PackedDocument *after)
{
	TimestampTz old_start;
	TimestampTz old_end;
	TimestampTz start;
	TimestampTz end;
	bool		had_end = document_ends_at(before->document, &old_end);
	bool		has_end = document_ends_at(after, &end);
	int64		drift;

	if (!document_starts_at(before->document, &old_start))
		return false;
	if (!document_starts_at(after, &start))
		return true;
	if (start == old_start)
		return had_end != has_end || (has_end && end != old_end);
	return !document_drift(before, start, &drift) || drift != 0 ||
		had_end != has_end || (has_end && end - start != old_end - old_start);
}

/*
 * Whether a change cancels an appointment, or moves it as the notice says, and
 * comes too late for that notice: the one that the appointment had before.
 */
bool
notice_broken(const Record *before, const PackedDocument *after,
			  FieldNumber notice, TimestampTz at, TimestampTz *deadline)
{
	bool		applies;

	if (!notice_deadline(before, notice, deadline) || at <= *deadline)
		return false;
	if (notice == FIELD_CANCELLATION_NOTICE)
		applies = after->status == STATUS_CANCELLED &&
			before->document->status != STATUS_CANCELLED;
	else
		applies = is_moved(before, after);
	return applies;
}

/*
 * Refuse a change of an appointment that comes too late for its own notices.
 */
void
notice_check(const Record *before, const PackedDocument *after, TimestampTz at)
{
	static const FieldNumber notices[] = {
		FIELD_CANCELLATION_NOTICE, FIELD_RESCHEDULING_NOTICE
	};
	TimestampTz deadline;

	for (int i = 0; i < (int) lengthof(notices); i++)
	{
		if (notice_broken(before, after, notices[i], at, &deadline))
			ereport(ERROR,
					(errcode(ERRCODE_CHECK_VIOLATION),
					 errmsg_internal("%s", notice_late_message(notices[i], deadline)),
					 errdetail_internal("%s", notice_late_detail(notices[i], deadline)),
					 errhint("The notice was agreed on when the appointment was made. Who may do it later says exempt => true.")));
	}
}
