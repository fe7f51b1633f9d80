/*-------------------------------------------------------------------------
 *
 * opclass_functions.h
 *		The SQL functions of a type's btree and hash operator classes, from one
 *		that compares and one that hashes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_OPCLASS_FUNCTIONS_H
#define APPOINTMENT_OPCLASS_FUNCTIONS_H

#include "fmgr.h"

#include "compat.h"

#define OPCLASS_FUNCTION(name, result) \
	APPOINTMENT_FUNCTION(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		return result; \
	} \
	extern int	no_such_variable

/*
 * TYPE_cmp, TYPE_eq and so on, from a function of the call that returns less
 * than, equal to or greater than 0.
 */
#define BTREE_FUNCTIONS(type, compare) \
	OPCLASS_FUNCTION(type##_cmp, Int32GetDatum(compare(fcinfo))); \
	OPCLASS_FUNCTION(type##_eq, BoolGetDatum(compare(fcinfo) == 0)); \
	OPCLASS_FUNCTION(type##_ne, BoolGetDatum(compare(fcinfo) != 0)); \
	OPCLASS_FUNCTION(type##_lt, BoolGetDatum(compare(fcinfo) < 0)); \
	OPCLASS_FUNCTION(type##_le, BoolGetDatum(compare(fcinfo) <= 0)); \
	OPCLASS_FUNCTION(type##_gt, BoolGetDatum(compare(fcinfo) > 0)); \
	OPCLASS_FUNCTION(type##_ge, BoolGetDatum(compare(fcinfo) >= 0))

/*
 * TYPE_hash and TYPE_hash_extended, from a function of the call and a seed.
 * With seed 0 the low half is the plain hash, as hash_extended requires.
 */
#define HASH_FUNCTIONS(type, hash) \
	OPCLASS_FUNCTION(type##_hash, Int32GetDatum((int32) hash(fcinfo, 0))); \
	OPCLASS_FUNCTION(type##_hash_extended, \
					 Int64GetDatum((int64) hash(fcinfo, PG_GETARG_INT64(1))))

#endif							/* APPOINTMENT_OPCLASS_FUNCTIONS_H */
