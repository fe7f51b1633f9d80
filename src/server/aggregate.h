/*-------------------------------------------------------------------------
 *
 * aggregate.h
 *		Where the state of an aggregate lives.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_AGGREGATE_H
#define APPOINTMENT_AGGREGATE_H

#include "fmgr.h"

extern MemoryContext aggregate_context(FunctionCallInfo fcinfo);

#endif							/* APPOINTMENT_AGGREGATE_H */
