/*-------------------------------------------------------------------------
 *
 * json_fault.c
 *		Let json-c run out of memory: preloaded into a server (LD_PRELOAD), it
 *		counts what json-c allocates, and refuses the allocation that SQL asks
 *		it to.
 *
 * It is a module of the server, too, so that its counters can be set and read
 * by SQL.  Nothing but the calls of libjson-c and of the extension, which
 * calls no allocator itself, is counted: a function of json-c may jump into
 * one with its caller's return address.
 *
 * When it is preloaded into other programs, the server's functions are not
 * there.  So it may call them (lazily bound), but not use the server's data.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include "postgres.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>

#include "fmgr.h"

PG_MODULE_MAGIC;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
extern void __libc_free(void *pointer);

typedef struct Range
{
	uintptr_t	start;
	uintptr_t	end;
} Range;

static Range ranges[2];			/* code of json-c and of the extension */
static int64 asked;				/* allocations since the last json_fault() */
static int64 fail_at;			/* the one to refuse, or 0 */
static int64 refused;
static int64 live;				/* allocations that were not freed */

static bool
is_counted(void *caller)
{
	uintptr_t	address = (uintptr_t) caller;

	for (int i = 0; i < 2; i++)
		if (address >= ranges[i].start && address < ranges[i].end)
			return true;
	return false;
}

static bool
is_refused(void)
{
	if (++asked != fail_at)
		return false;
	refused++;
	errno = ENOMEM;
	return true;
}

PGDLLEXPORT void *
malloc(size_t size)
{
	void	   *result;

	if (!is_counted(__builtin_return_address(0)))
		return __libc_malloc(size);
	if (is_refused())
		return NULL;
	result = __libc_malloc(size);
	live += result != NULL;
	return result;
}

PGDLLEXPORT void *
calloc(size_t count, size_t size)
{
	void	   *result;

	if (!is_counted(__builtin_return_address(0)))
		return __libc_calloc(count, size);
	if (is_refused())
		return NULL;
	result = __libc_calloc(count, size);
	live += result != NULL;
	return result;
}

PGDLLEXPORT void *
realloc(void *pointer, size_t size)
{
	void	   *result;

	if (!is_counted(__builtin_return_address(0)))
		return __libc_realloc(pointer, size);
	if (is_refused())
		return NULL;
	result = __libc_realloc(pointer, size);
	live += result != NULL && pointer == NULL;
	return result;
}

PGDLLEXPORT char *
strdup(const char *string)
{
	size_t		size = strlen(string) + 1;
	bool		counted = is_counted(__builtin_return_address(0));
	char	   *result;

	if (counted && is_refused())
		return NULL;
	result = __libc_malloc(size);
	if (result == NULL)
		return NULL;
	live += counted;
	return memcpy(result, string, size);
}

PGDLLEXPORT void
free(void *pointer)
{
	if (pointer != NULL && is_counted(__builtin_return_address(0)))
		live--;
	__libc_free(pointer);
}

static int
find_range(struct dl_phdr_info *info, size_t size, void *arg)
{
	Range	   *range;

	if (strstr(info->dlpi_name, "/libjson-c.") != NULL)
		range = &ranges[0];
	else if (strstr(info->dlpi_name, "/appointment.so") != NULL)
		range = &ranges[1];
	else
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD &&
			(info->dlpi_phdr[i].p_flags & PF_X) != 0)
		{
			range->start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
			range->end = range->start + info->dlpi_phdr[i].p_memsz;
		}
	return 0;
}

/*
 * json_fault(n): begin to count, and refuse allocation number n; 0 for none.
 * Fails if json-c is not there.
 */
PG_FUNCTION_INFO_V1(json_fault);
Datum
json_fault(PG_FUNCTION_ARGS)
{
	if (ranges[1].end == 0)
		dl_iterate_phdr(find_range, NULL);
	asked = 0;
	refused = 0;
	live = 0;
	fail_at = PG_GETARG_INT64(0);
	PG_RETURN_BOOL(ranges[0].end != 0 && ranges[1].end != 0);
}

/* Allocations since then */
PG_FUNCTION_INFO_V1(json_fault_asked);
Datum
json_fault_asked(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(asked);
}

/* Those that were refused: 0 or 1 */
PG_FUNCTION_INFO_V1(json_fault_refused);
Datum
json_fault_refused(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(refused);
}

/* Allocations since then that nobody has freed */
PG_FUNCTION_INFO_V1(json_fault_live);
Datum
json_fault_live(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(live);
}
