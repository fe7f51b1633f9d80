/*-------------------------------------------------------------------------
 *
 * guard_views.h
 *		Views by which the user may write into a guard's table.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_VIEWS_H
#define APPOINTMENT_GUARD_VIEWS_H

extern bool guard_comes_by_view(Oid table);

#endif							/* APPOINTMENT_GUARD_VIEWS_H */
