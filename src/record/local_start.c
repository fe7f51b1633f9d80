/*-------------------------------------------------------------------------
 *
 * local_start.c
 *		What the clock of its zone showed at the start of an appointment.
 *
 * People agree on a time of the wall clock, and a value has the instant that it
 * was by the zone data of that day.  When a zone changes its rules, the
 * instant stays and the clock shows another time then.  So whatever sets a
 * start in a zone keeps beside it what the clock showed, and the difference
 * can be told later.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/instant.h"
#include "base/zone.h"
#include "base/zone_clock.h"
#include "record/local_start.h"
#include "record/record_read.h"

/*
 * Note what the clock shows at the start of an appointment in the making; what
 * was noted goes, also if there is no zone that the server knows.
 */
void
local_start_note(RecordBuilder *builder)
{
	FieldValue	name;
	TimestampTz starts_at;
	Timestamp	local;
	pg_tz	   *zone;

	record_remove(builder, FIELD_LOCAL_STARTS_AT);
	if (!record_entry_value(builder, FIELD_TIME_ZONE, &name) ||
		!record_entry_instant(builder, FIELD_STARTS_AT, &starts_at))
		return;
	zone = instant_zone(name.data, name.size);
	if (zone == NULL)
		return;
	local = instant_to_local(starts_at, zone);
	/* at the edges of the years it may be outside them */
	if (instant_in_range(local))
		record_add_local(builder, FIELD_LOCAL_STARTS_AT, local);
}

/*
 * How much later than a start the clock of a zone shows a local time; nothing
 * if it does so at the start, which may be the second time.
 */
int64
local_start_drift(const pg_tz *zone, Timestamp local, TimestampTz starts_at)
{
	if (instant_to_local(starts_at, zone) == local)
		return 0;
	return zone_local_to_instant(zone, local, ZONE_COMPATIBLE) - starts_at;
}

/*
 * How much later than a start an appointment's clock shows what was noted.
 * False if that is not known.
 */
bool
document_drift(const Record *record, TimestampTz starts_at, int64 *drift)
{
	FieldValue	name;
	FieldValue	local;
	pg_tz	   *zone;

	if (!record_find_value(record, FIELD_LOCAL_STARTS_AT, &local) ||
		!record_find_value(record, FIELD_TIME_ZONE, &name))
		return false;
	zone = instant_zone(name.data, name.size);
	if (zone == NULL)
		return false;
	*drift = local_start_drift(zone, field_local(&local), starts_at);
	return true;
}
