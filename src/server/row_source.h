/*-------------------------------------------------------------------------
 *
 * row_source.h
 *		Functions that return rows: all at once in FROM, one by one elsewhere.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_ROW_SOURCE_H
#define APPOINTMENT_ROW_SOURCE_H

#include "fmgr.h"

#define ROW_SOURCE_MAX_COLUMNS	6

/* What gives the rows of a function. */
typedef struct RowSource
{
	int			columns;

	/*
	 * The state, in the current memory context, or NULL if there are no rows.
	 * With "copy" it must outlive the arguments.
	 */
	void	   *(*begin) (FunctionCallInfo fcinfo, bool copy);

	/* The next row; false if there is none.  The state's context is current. */
	bool		(*next) (void *state, Datum *values, bool *nulls);
} RowSource;

extern Datum return_rows(FunctionCallInfo fcinfo, const RowSource *source);

#endif							/* APPOINTMENT_ROW_SOURCE_H */
