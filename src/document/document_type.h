/*-------------------------------------------------------------------------
 *
 * document_type.h
 *		The SQL functions that the two document types share, by record type.
 *
 *-------------------------------------------------------------------------
 */
#ifndef APPOINTMENT_DOCUMENT_TYPE_H
#define APPOINTMENT_DOCUMENT_TYPE_H

#include "document/document.h"

/* Define the SQL-callable function of one type. */
#define DOCUMENT_FUNCTION(name, implementation, type) \
	APPOINTMENT_FUNCTION(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		return implementation(fcinfo, type); \
	} \
	extern int	no_such_variable

/* Define the functions of one name for the three types of a document argument. */
#define DOCUMENT_FUNCTIONS(name, implementation, type) \
	APPOINTMENT_FUNCTION(name##_text); \
	APPOINTMENT_FUNCTION(name##_json); \
	APPOINTMENT_FUNCTION(name##_jsonb); \
	Datum \
	name##_text(PG_FUNCTION_ARGS) \
	{ \
		return implementation(fcinfo, type, ARGUMENT_TEXT); \
	} \
	Datum \
	name##_json(PG_FUNCTION_ARGS) \
	{ \
		return implementation(fcinfo, type, ARGUMENT_JSON); \
	} \
	Datum \
	name##_jsonb(PG_FUNCTION_ARGS) \
	{ \
		return implementation(fcinfo, type, ARGUMENT_JSONB); \
	} \
	extern int	no_such_variable

extern Datum document_in(FunctionCallInfo fcinfo, RecordType type);
extern Datum document_out(FunctionCallInfo fcinfo, RecordType type);
extern Datum document_recv(FunctionCallInfo fcinfo, RecordType type);
extern Datum document_send(FunctionCallInfo fcinfo, RecordType type);
extern Datum document_of_json(FunctionCallInfo fcinfo, RecordType type);
extern Datum document_from_jsonb(FunctionCallInfo fcinfo, RecordType type);
extern Datum document_as_json(FunctionCallInfo fcinfo, RecordType type);
extern Datum document_as_jsonb(FunctionCallInfo fcinfo, RecordType type);
extern Datum document_field(FunctionCallInfo fcinfo, RecordType type);
extern Datum document_field_text(FunctionCallInfo fcinfo, RecordType type);
extern Datum document_set(FunctionCallInfo fcinfo, RecordType type);
extern Datum document_erase(FunctionCallInfo fcinfo, RecordType type);
extern void document_erase_field(RecordBuilder *builder, FieldNumber number,
								 const FieldValue *value);

#endif							/* APPOINTMENT_DOCUMENT_TYPE_H */
