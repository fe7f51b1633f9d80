/*-------------------------------------------------------------------------
 *
 * status_column.h
 *		A column that holds a status, whatever its type.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_STATUS_COLUMN_H
#define APPOINTMENT_STATUS_COLUMN_H

#include "base/status.h"
#include "member/format.h"
#include "server/trigger_args.h"

/* What type a status column has. */
typedef enum StatusColumn
{
	STATUS_IN_VALUE,			/* appointment */
	STATUS_IN_TEXT,
	STATUS_IN_CHAR,				/* character(n), which is padded */
	STATUS_IN_ENUM,
} StatusColumn;

extern StatusColumn status_column_type(const TriggerArguments *arguments,
									   AttrNumber column);
extern Word status_column_word(StatusColumn column, Datum datum);
extern bool status_column_canonical(const Format *format, Word *word);

#endif							/* APPOINTMENT_STATUS_COLUMN_H */
