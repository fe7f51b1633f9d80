/*-------------------------------------------------------------------------
 *
 * compat.h
 *		The one place for differences between PostgreSQL versions.
 *
 * Each entry names the version that made it necessary; an entry goes when
 * the last version that needs it is no longer supported.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_COMPAT_H
#define APPOINTMENT_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "appointment needs PostgreSQL 15 or later"
#endif

/*
 * PostgreSQL 16 builds extensions with hidden visibility and marks what the
 * server looks up; 15 leaves PGDLLEXPORT empty here.
 */
#if PG_VERSION_NUM < 160000
#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))
#endif

/*
 * Declare an SQL-callable function: like PG_FUNCTION_INFO_V1, but the
 * function itself is visible also where the macro does not say so (15).
 */
#define APPOINTMENT_FUNCTION(name) \
	PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
	PG_FUNCTION_INFO_V1(name)

/* Soft errors came with PostgreSQL 16: before it, an error is raised. */
#if PG_VERSION_NUM < 160000
#define errsave(context, ...) ereport(ERROR, __VA_ARGS__)
#define ereturn(context, dummy_value, ...) \
	do { ereport(ERROR, __VA_ARGS__); return dummy_value; } while (0)
#endif

#endif							/* APPOINTMENT_COMPAT_H */
