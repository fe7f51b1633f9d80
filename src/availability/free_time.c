/*-------------------------------------------------------------------------
 *
 * free_time.c
 *		When something more can be booked: open periods against what is taken.
 *
 * This is the one sweep for all that is said of free time, so that a list of
 * free slots and the reason why a slot is none cannot disagree.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "availability/free_time.h"
#include "compat.h"

/* So many pieces are looked at between two looks for a cancellation. */
#define PIECES_BETWEEN_CHECKS	4096

/* So many forgotten pieces are kept at least before the others move up. */
#define FORGOTTEN_PIECES	256

static const Busy nobody = {0};

/*----------------------------------------------------------
 * What is taken
 *----------------------------------------------------------*/

/* Piece i, which the walk may have to fetch; NULL if there is none. */
static inline const BusyPiece *
piece_at(FreeTime *time, int i)
{
	if (likely(i < time->piece_count))
		return &time->pieces[i];
	if (time->taken_end)
		return NULL;
	if (time->piece_count == time->pieces_allocated)
	{
		time->pieces_allocated *= 2;
		time->pieces = repalloc_huge(time->pieces,
									 time->pieces_allocated * sizeof(BusyPiece));
	}
	if (!busy_walk_next(&time->taken, &time->pieces[i]))
	{
		time->taken_end = true;
		return NULL;
	}
	if (i % PIECES_BETWEEN_CHECKS == 0)
		CHECK_FOR_INTERRUPTS();
	time->piece_count++;
	return &time->pieces[i];
}

/* From and until when a booking's own time meets a piece. */
static inline TimestampTz
piece_start(const FreeTime *time, const BusyPiece *piece)
{
	return busy_shift(piece->starts_at, -time->wants.buffer_after);
}

static inline TimestampTz
piece_end(const FreeTime *time, const BusyPiece *piece)
{
	return busy_shift(piece->ends_at, time->wants.buffer_before);
}

static inline bool
piece_blocks(const FreeTime *time, const BusyPiece *piece, int32 capacity)
{
	return piece->all || piece->seats + time->wants.seats > capacity;
}

/*
 * Nobody will look at a booking that starts before this instant.
 */
void
free_time_forget(FreeTime *time, TimestampTz before)
{
	int			first = time->first_piece;

	while (first < time->blocking_piece &&
		   piece_end(time, &time->pieces[first]) <= before)
		first++;
	if (first >= FORGOTTEN_PIECES && first > time->piece_count / 2)
	{
		memmove(time->pieces, time->pieces + first,
				(time->piece_count - first) * sizeof(BusyPiece));
		time->piece_count -= first;
		time->blocking_piece -= first;
		first = 0;
	}
	time->first_piece = first;
}

/*----------------------------------------------------------
 * Openings and stretches
 *----------------------------------------------------------*/

void
free_time_begin(FreeTime *time, const OpenHours *hours, const Busy *busy,
				const FreeWants *wants, TimestampTz from, TimestampTz to)
{
	memset(time, 0, sizeof(FreeTime));
	time->wants = *wants;
	time->parts_allocated = 4;
	time->parts = palloc_array(OpenPeriod, time->parts_allocated);
	time->pieces_allocated = 16;
	time->pieces = palloc_array(BusyPiece, time->pieces_allocated);
	busy_walk_begin(&time->taken, busy != NULL ? busy : &nobody,
					busy_shift(from, -wants->buffer_before));
	if (hours != NULL && from < to)
	{
		time->open = open_periods_begin(hours, from, to);
		time->ahead = open_periods_next(time->open, &time->next_period);
	}
}

/* Add the next open period to the opening. */
static void
add_part(FreeTime *time)
{
	const OpenPeriod *period = &time->next_period;
	OpenPeriod *last = &time->parts[time->part_count - 1];

	if (time->part_count > 0 && last->capacity == period->capacity &&
		last->zone == period->zone)
		last->ends_at = period->ends_at;
	else
	{
		if (time->part_count == time->parts_allocated)
		{
			time->parts_allocated *= 2;
			time->parts = repalloc_huge(time->parts,
										time->parts_allocated * sizeof(OpenPeriod));
		}
		time->parts[time->part_count++] = *period;
	}
	time->ahead = open_periods_next(time->open, &time->next_period);
}

/*
 * Go on to the next opening; false if there is none.
 */
bool
free_time_next_opening(FreeTime *time)
{
	time->part_count = 0;
	if (!time->ahead)
		return false;
	add_part(time);
	while (time->ahead &&
		   time->next_period.starts_at == free_time_opening_end(time))
		add_part(time);
	time->part = 0;
	time->look_part = 0;
	time->at = free_time_opening_start(time);
	return true;
}

/*
 * The first piece that blocks something of a part after "at", or NULL.
 */
static const BusyPiece *
next_blocking_piece(FreeTime *time, const OpenPeriod *part)
{
	const BusyPiece *piece;

	while ((piece = piece_at(time, time->blocking_piece)) != NULL &&
		   piece_end(time, piece) <= time->at)
		time->blocking_piece++;
	for (int i = time->blocking_piece; (piece = piece_at(time, i)) != NULL; i++)
	{
		if (piece_start(time, piece) >= part->ends_at)
			break;
		if (piece_blocks(time, piece, part->capacity) &&
			piece_end(time, piece) > time->at)
			return piece;
	}
	return NULL;
}

/* Go on to an instant, which may be after the opening. */
static void
go_on(FreeTime *time, TimestampTz at)
{
	time->at = at;
	while (time->part < time->part_count &&
		   time->parts[time->part].ends_at <= at)
		time->part++;
}

/*
 * Until when is it free from "at" on, in the part there?
 */
static TimestampTz
free_until(FreeTime *time, TimestampTz *blocked_until)
{
	const OpenPeriod *part = &time->parts[time->part];
	const BusyPiece *piece;

	*blocked_until = part->ends_at;
	if (time->wants.seats > part->capacity)
		return time->at;
	piece = next_blocking_piece(time, part);
	if (piece == NULL)
		return part->ends_at;
	/* another part may have room for what is too much here */
	*blocked_until = Min(piece_end(time, piece), part->ends_at);
	return Max(piece_start(time, piece), time->at);
}

/*
 * The next stretch of the opening; false if there is none.
 */
bool
free_time_next_stretch(FreeTime *time, FreeStretch *stretch)
{
	bool		found = false;

	while (time->part < time->part_count)
	{
		TimestampTz part_end = time->parts[time->part].ends_at;
		TimestampTz blocked_until;
		TimestampTz until = free_until(time, &blocked_until);

		if (until > time->at)
		{
			if (!found)
			{
				stretch->starts_at = time->at;
				stretch->zone = time->parts[time->part].zone;
				found = true;
			}
			stretch->ends_at = until;
			go_on(time, until);
			if (until < part_end)
				break;
		}
		else if (found)
			break;
		else
			go_on(time, blocked_until);
	}
	return found;
}

/*----------------------------------------------------------
 * Bookings
 *----------------------------------------------------------*/

/* The first part that is not before an instant. */
static int
part_from(FreeTime *time, TimestampTz at)
{
	while (time->look_part < time->part_count &&
		   time->parts[time->look_part].ends_at <= at)
		time->look_part++;
	return time->look_part;
}

/*
 * The zone of the rule that is open at an instant of the opening, which must
 * not go back from call to call.
 */
const pg_tz *
free_time_zone(FreeTime *time, TimestampTz at)
{
	return time->parts[Min(part_from(time, at), time->part_count - 1)].zone;
}

/*
 * The seats that are left for a booking: the least of its parts, 0 if they are
 * all taken.
 */
int32
free_time_count(FreeTime *time, TimestampTz starts_at, TimestampTz ends_at)
{
	int64		left = PG_INT32_MAX;

	free_time_forget(time, starts_at);
	for (int i = part_from(time, starts_at);
		 i < time->part_count && time->parts[i].starts_at < ends_at; i++)
	{
		const OpenPeriod *part = &time->parts[i];
		TimestampTz from = Max(starts_at, part->starts_at);
		TimestampTz to = Min(ends_at, part->ends_at);
		const BusyPiece *piece;

		left = Min(left, part->capacity);
		for (int j = time->first_piece; (piece = piece_at(time, j)) != NULL; j++)
		{
			if (piece_start(time, piece) >= to)
				break;
			if (piece_end(time, piece) > from)
				left = Min(left, piece->all ? 0 : part->capacity - piece->seats);
		}
	}
	return (int32) Max(left, 0);
}

/* What is blocked from a start to an end goes on, or begins if "is" is false. */
static void
add_blocked(bool *is, BusySpan *span, TimestampTz starts_at,
			TimestampTz ends_at)
{
	if (!*is)
	{
		span->starts_at = starts_at;
		span->ends_at = ends_at;
	}
	else if (starts_at <= span->ends_at)
		span->ends_at = Max(span->ends_at, ends_at);
	*is = true;
}

/* From here to there are not as many seats left as wanted. */
static void
add_full(FreeLook *look, const OpenPeriod *part, int64 taken,
		 TimestampTz starts_at, TimestampTz ends_at)
{
	int32		left = (int32) Max(0, part->capacity - taken);

	if (!look->full || left < look->full_left)
	{
		look->full_left = left;
		look->capacity = part->capacity;
	}
	add_blocked(&look->full, &look->full_span, starts_at, ends_at);
}

/* Where too many seats are counted, in one part. */
static void
look_at_part(FreeTime *time, const OpenPeriod *part, TimestampTz from,
			 TimestampTz to, FreeLook *look)
{
	const BusyPiece *piece;

	if (time->wants.seats > part->capacity)
		add_full(look, part, 0, from, to);
	for (int i = time->first_piece; (piece = piece_at(time, i)) != NULL; i++)
	{
		if (piece_start(time, piece) >= to)
			break;
		if (piece_end(time, piece) > from && piece->seats > 0 &&
			piece->seats + time->wants.seats > part->capacity)
			add_full(look, part, piece->seats,
					 Max(piece_start(time, piece), from),
					 Min(piece_end(time, piece), to));
	}
}

void
free_time_look(FreeTime *time, TimestampTz starts_at, TimestampTz ends_at,
			   FreeLook *look)
{
	const BusyPiece *piece;

	memset(look, 0, sizeof(FreeLook));
	look->left = free_time_count(time, starts_at, ends_at);
	for (int i = time->first_piece; (piece = piece_at(time, i)) != NULL; i++)
	{
		if (piece_start(time, piece) >= ends_at)
			break;
		if (piece->all && piece_end(time, piece) > starts_at)
			add_blocked(&look->busy, &look->busy_span,
						Max(piece_start(time, piece), starts_at),
						Min(piece_end(time, piece), ends_at));
	}
	for (int i = part_from(time, starts_at);
		 i < time->part_count && time->parts[i].starts_at < ends_at; i++)
		look_at_part(time, &time->parts[i],
					 Max(starts_at, time->parts[i].starts_at),
					 Min(ends_at, time->parts[i].ends_at), look);
}
