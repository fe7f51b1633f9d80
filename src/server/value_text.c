/*-------------------------------------------------------------------------
 *
 * value_text.c
 *		A value of any type as text.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "server/value_text.h"

/*
 * A value as its type's output function writes it, but character(n) without
 * its padding, as a cast to text gives it.  So it is equal to column::text.
 */
char *
value_text(Oid type, Datum value)
{
	Oid			output;
	bool		varlena;
	char	   *text;

	getTypeOutputInfo(type, &output, &varlena);
	text = OidOutputFunctionCall(output, value);
	if (getBaseType(type) == BPCHAROID)
		text[bpchartruelen(text, strlen(text))] = '\0';
	return text;
}
