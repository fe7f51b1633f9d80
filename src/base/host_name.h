/*-------------------------------------------------------------------------
 *
 * host_name.h
 *		Names of hosts.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_HOST_NAME_H
#define APPOINTMENT_HOST_NAME_H

extern bool host_name_is_valid(const char *name, size_t len);

#endif							/* APPOINTMENT_HOST_NAME_H */
