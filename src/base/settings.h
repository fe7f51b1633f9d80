/*-------------------------------------------------------------------------
 *
 * settings.h
 *		The settings.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_SETTINGS_H
#define APPOINTMENT_SETTINGS_H

/* A notice that nobody asks for. */
#define NOTICE_NONE		(-1)

/* What the guard does about a conflicting new row. */
typedef enum OnConflict
{
	ON_CONFLICT_TRIGGER,		/* as the trigger's option says */
	ON_CONFLICT_ERROR,
	ON_CONFLICT_SKIP,
} OnConflict;

extern char *appointment_base_url;
extern char *appointment_actor;
extern char *appointment_calendar_domain;
extern int	appointment_cancellation_notice;	/* minutes, or NOTICE_NONE */
extern int	appointment_rescheduling_notice;
extern int	appointment_on_conflict;	/* an OnConflict */

extern void settings_define(void);

#endif							/* APPOINTMENT_SETTINGS_H */
