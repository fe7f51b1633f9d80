/*-------------------------------------------------------------------------
 *
 * module.h
 *		The settings.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_MODULE_H
#define APPOINTMENT_MODULE_H

/* A notice that nobody asks for. */
#define NOTICE_NONE		(-1)

extern char *appointment_base_url;
extern char *appointment_actor;
extern int	appointment_cancellation_notice;	/* minutes, or NOTICE_NONE */
extern int	appointment_rescheduling_notice;

#endif							/* APPOINTMENT_MODULE_H */
