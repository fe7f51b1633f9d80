/*-------------------------------------------------------------------------
 *
 * guard_report.h
 *		The guard's error.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_GUARD_REPORT_H
#define APPOINTMENT_GUARD_REPORT_H

#include "guard/guard_seats.h"
#include "guard/guard_state.h"

pg_noreturn extern void guard_report(GuardRow *row, Relation table,
									 OccupancyIndex *guarded,
									 TupleTableSlot *existing_row,
									 Datum existing);
pg_noreturn extern void guard_report_shortage(GuardRow *row,
											  const GuardShortage *shortage);

#endif							/* APPOINTMENT_GUARD_REPORT_H */
