/*-------------------------------------------------------------------------
 *
 * ics_feed.h
 *		A feed: many appointments as one calendar.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ICS_FEED_H
#define APPOINTMENT_ICS_FEED_H

#include "icalendar/ics_series.h"

/* An appointment of a series. */
typedef struct FeedRow
{
	const PackedDocument *document;
	IcsSeries	series;
	TimestampTz starts_at;
	int64		length;			/* 0 without an end */
	bool		cancelled;
	int			order;			/* among the rows */
} FeedRow;

typedef struct IcsFeed
{
	MemoryContext context;		/* of all that follows */
	IcsOptions	options;
	ContentLines events;		/* of those that are alone */
	FeedRow    *rows;			/* the others */
	int			row_count;
	int			row_allocated;
} IcsFeed;

extern IcsFeed *ics_feed_begin(MemoryContext context, Jsonb *options);
extern void ics_feed_add(IcsFeed *feed, const PackedDocument *document);
extern text *ics_feed_text(const IcsFeed *feed);

#endif							/* APPOINTMENT_ICS_FEED_H */
