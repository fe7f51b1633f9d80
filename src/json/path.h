/*-------------------------------------------------------------------------
 *
 * path.h
 *		Where something stands in a document.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_PATH_H
#define APPOINTMENT_PATH_H

#include "lib/stringinfo.h"

/*
 * A member of an object or an item of a list, and where that stands in turn.
 * Lives on the stack of whoever goes through the document, or the value.
 */
typedef struct DocumentPath
{
	const struct DocumentPath *parent;	/* NULL: the document */
	const char *name;			/* of a member, in UTF-8; NULL of an item */
	int			index;			/* position in the parent */
	bool		word;			/* the name is one of ours: a plain word */
	bool		root;			/* it is the document: paths start here */
} DocumentPath;

extern void path_append(StringInfo text, const DocumentPath *path);

#endif							/* APPOINTMENT_PATH_H */
