/*-------------------------------------------------------------------------
 *
 * near_name.h
 *		Which of some names is meant by one that is none of them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_NEAR_NAME_H
#define APPOINTMENT_NEAR_NAME_H

/* No name that is looked for is longer. */
#define NEAR_NAME_MAX	64

typedef struct NearName
{
	const char *name;			/* the nearest so far, or NULL */
	int			distance;
	int			len;			/* of what was written, without what is alike */
	char		written[NEAR_NAME_MAX];
} NearName;

extern void near_name_begin(NearName *near, const char *written, size_t len);
extern void near_name_try(NearName *near, const char *name);

#endif							/* APPOINTMENT_NEAR_NAME_H */
