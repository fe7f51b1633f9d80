/*-------------------------------------------------------------------------
 *
 * host_name.c
 *		Names of hosts.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/host_name.h"

/* RFC 1123 section 2.1. */
#define HOST_NAME_MAX_LEN	255

/*
 * Whether a text is the name of a host: letters, digits, hyphens and dots, of
 * which none is at an end.  All of them are ASCII, whatever the encoding is:
 * other scripts have their names in Punycode.
 */
bool
host_name_is_valid(const char *name, size_t len)
{
	if (len == 0 || len > HOST_NAME_MAX_LEN ||
		strchr(".-", name[0]) != NULL || strchr(".-", name[len - 1]) != NULL)
		return false;
	for (size_t i = 0; i < len; i++)
	{
		char		c = name[i];

		if (c != '-' && c != '.' &&
			!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
			!(c >= '0' && c <= '9'))
			return false;
		if (c == '.' && name[i - 1] == '.')
			return false;
	}
	return true;
}
