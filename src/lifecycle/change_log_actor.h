/*-------------------------------------------------------------------------
 *
 * change_log_actor.h
 *		Who made the change that is logged.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_CHANGE_LOG_ACTOR_H
#define APPOINTMENT_CHANGE_LOG_ACTOR_H

#include "lifecycle/change_log_row.h"

/* A row that has left for another partition, where it is not new. */
typedef struct MovedRow
{
	char	   *key;			/* NULL: none */
	char	   *actor;
	uint32		history_count;
} MovedRow;

extern void change_log_remember_row(const Change *change, const char *key);
extern char *change_log_actor(const Change *change, const char *key);

#endif							/* APPOINTMENT_CHANGE_LOG_ACTOR_H */
