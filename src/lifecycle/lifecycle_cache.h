/*-------------------------------------------------------------------------
 *
 * lifecycle_cache.h
 *		The life cycles of table appointment_lifecycle.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_LIFECYCLE_CACHE_H
#define APPOINTMENT_LIFECYCLE_CACHE_H

#include "fmgr.h"

#include "lifecycle/lifecycle.h"

extern const Lifecycle *lifecycle_by_name(Oid function, Word name);
extern const Lifecycle *lifecycle_argument(FunctionCallInfo fcinfo, int arg);

#endif							/* APPOINTMENT_LIFECYCLE_CACHE_H */
