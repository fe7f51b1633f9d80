/*-------------------------------------------------------------------------
 *
 * options.h
 *		The options of one call: a jsonb object.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OPTIONS_H
#define APPOINTMENT_OPTIONS_H

#include "utils/jsonb.h"

/* A member that was not given is NULL, negative, or false. */
typedef struct Options
{
	const char *base_url;
	const char *account;
	const char *time_zone;		/* a known zone */
	int			envelope;		/* 1, 0, or -1: as the format does */
	int			cancellation_notice;	/* minutes */
	int			rescheduling_notice;
	bool		keep_unknown_words;
	const char *links;			/* JSON text, written as it is */
	const char *meta;
	int64		total_count;
} Options;

extern void options_begin(Options *options);
extern void options_parse(Options *options, Jsonb *jsonb);

#endif							/* APPOINTMENT_OPTIONS_H */
