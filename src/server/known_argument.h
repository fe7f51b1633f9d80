/*-------------------------------------------------------------------------
 *
 * known_argument.h
 *		What the planner knows of a function's arguments.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_KNOWN_ARGUMENT_H
#define APPOINTMENT_KNOWN_ARGUMENT_H

#include "nodes/pathnodes.h"

typedef enum KnownArgument
{
	ARGUMENT_UNKNOWN,
	ARGUMENT_NULL,
	ARGUMENT_VALUE,
} KnownArgument;

extern KnownArgument known_argument(PlannerInfo *root, List *args, int n,
									Datum *value);

#endif							/* APPOINTMENT_KNOWN_ARGUMENT_H */
