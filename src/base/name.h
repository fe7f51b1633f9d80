/*-------------------------------------------------------------------------
 *
 * name.h
 *		What a message may quote of an argument.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_NAME_H
#define APPOINTMENT_NAME_H

extern bool name_is_plausible(const char *name, size_t len);
extern bool words_are_plausible(const char *words, size_t len);
extern const char *quoted_name(const char *name, size_t len,
							   const char *otherwise);

#endif							/* APPOINTMENT_NAME_H */
