/*-------------------------------------------------------------------------
 *
 * exemption.h
 *		Who may do something later than others.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_EXEMPTION_H
#define APPOINTMENT_EXEMPTION_H

extern bool user_is_exempt(const char *role);

#endif							/* APPOINTMENT_EXEMPTION_H */
