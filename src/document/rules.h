/*-------------------------------------------------------------------------
 *
 * rules.h
 *		Rules across the fields of an appointment.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_RULES_H
#define APPOINTMENT_RULES_H

#include "member/format.h"

extern void check_document_rules(const Record *record, const Format *format,
								 ProblemSink *sink);
extern void check_value_rules(const Record *record, ProblemSink *sink);

#endif							/* APPOINTMENT_RULES_H */
