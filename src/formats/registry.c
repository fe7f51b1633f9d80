/*-------------------------------------------------------------------------
 *
 * registry.c
 *		The list of formats.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "formats/registry.h"

const Format *const formats[] = {
#define FORMAT(code, symbol) &format_##symbol,
#include "formats/formats.def"
#undef FORMAT
};

const int	format_count = lengthof(formats);

/*
 * The format of this name, or NULL.
 */
const Format *
format_by_name(const char *name, size_t len)
{
	for (int i = 0; i < format_count; i++)
	{
		if (strncmp(formats[i]->name, name, len) == 0 &&
			formats[i]->name[len] == '\0')
			return formats[i];
	}
	return NULL;
}

/*
 * The format that stored values call so, or NULL.
 */
const Format *
format_by_code(uint8 code)
{
	for (int i = 0; i < format_count; i++)
	{
		if (formats[i]->code == code)
			return formats[i];
	}
	return NULL;
}
