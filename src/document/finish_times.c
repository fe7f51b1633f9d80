/*-------------------------------------------------------------------------
 *
 * finish_times.c
 *		Start, end and length of an appointment in the making, together.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/int.h"

#include "document/finish_times.h"

/* The end's zone is the start's, unless it is another one. */
static void
drop_same_zone(RecordBuilder *builder)
{
	const RecordEntry *zone = record_entry(builder, FIELD_TIME_ZONE);
	const RecordEntry *end_zone = record_entry(builder, FIELD_ENDS_AT_TIME_ZONE);

	if (zone != NULL && end_zone != NULL && record_entry_same(zone, end_zone))
		record_remove(builder, FIELD_ENDS_AT_TIME_ZONE);
}

/* Put the end where the length says.  False if there is no such instant. */
static bool
end_by_length(RecordBuilder *builder, TimestampTz start, int64 minutes)
{
	int64		length;
	TimestampTz end;

	if (pg_mul_s64_overflow(minutes, USECS_PER_MINUTE, &length) ||
		pg_add_s64_overflow(start, length, &end) ||
		!instant_in_range(end))
		return false;
	record_add_instant(builder, FIELD_ENDS_AT, end);
	record_remove(builder, FIELD_DURATION);
	return true;
}

/*
 * Bring start, end and length together: a length without an end gives it, one
 * that is the distance of the two is not kept, and the end has to be after the
 * start.
 */
void
read_finish_times(ReadContext *context, RecordBuilder *builder)
{
	const Member *end_member = format_member(context->format->table,
											 FIELD_ENDS_AT);
	bool		is_length = end_member->style == STYLE_LENGTH;
	DocumentPath end_path = {.name = end_member->name};
	DocumentPath length_path = {.name = "duration"};
	const DocumentPath *at = &end_path; /* what says where the end is */
	FieldValue	duration;
	TimestampTz start;
	TimestampTz end;
	bool		has_start;

	drop_same_zone(builder);
	has_start = record_entry_instant(builder, FIELD_STARTS_AT, &start);
	if (record_entry_value(builder, FIELD_DURATION, &duration))
	{
		int64		minutes = field_integer(&duration);

		if (minutes < 0 || minutes > INSTANT_LENGTH_MAX)
		{
			problem_error_literal(context->sink, &length_path,
								  PROBLEM_OUT_OF_RANGE, "is out of range");
			return;
		}
		if (!has_start)
		{
			/* a request may name the length alone */
			if (is_length && minutes == 0)
				problem_error_literal(context->sink, &end_path,
									  PROBLEM_ENDS_BEFORE_START,
									  "must be more than 0");
			return;
		}
		if (is_length || !record_has(builder, FIELD_ENDS_AT))
		{
			/* an end that is null is one that nobody knows */
			if (!is_length)
				at = &length_path;
			if (!end_by_length(builder, start, minutes))
			{
				problem_error_literal(context->sink, at, PROBLEM_OUT_OF_RANGE,
									  "is out of range");
				return;
			}
		}
		else if (record_entry_instant(builder, FIELD_ENDS_AT, &end) &&
				 end - start == minutes * USECS_PER_MINUTE)
			record_remove(builder, FIELD_DURATION);
	}

	if (has_start && record_entry_instant(builder, FIELD_ENDS_AT, &end) &&
		end <= start)
		problem_error_literal(context->sink, at, PROBLEM_ENDS_BEFORE_START,
							  is_length || at == &length_path ?
							  "must be more than 0" : context->skipped_time ?
							  "must be after the start: a local time that the clocks of its zone skip is read as a later one" :
							  "must be after the start");
}

/*
 * What follows from several members of a document, for a record that came
 * about in another way.
 */
void
read_finish(const Format *format, RecordBuilder *builder, ProblemSink *sink)
{
	ReadContext context = {.format = format, .sink = sink};

	if (format->record == RECORD_APPOINTMENT)
		read_finish_times(&context, builder);
}
