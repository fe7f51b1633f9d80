/*-------------------------------------------------------------------------
 *
 * change_log_write.h
 *		The rows of a change log.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_CHANGE_LOG_WRITE_H
#define APPOINTMENT_CHANGE_LOG_WRITE_H

#include "utils/jsonb.h"

#include "lifecycle/change_log_setup.h"

/* One row, but for what the log itself adds. */
typedef struct LogRow
{
	const char *operation;
	const char *event;
	char	   *actor;			/* or NULL: nobody knows */
	char	   *key;			/* or NULL */
	Jsonb	   *changes;		/* or NULL: none */
} LogRow;

extern void change_log_write(const Logger *logger, const LogRow *row);

#endif							/* APPOINTMENT_CHANGE_LOG_WRITE_H */
