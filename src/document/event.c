/*-------------------------------------------------------------------------
 *
 * event.c
 *		The type appointment_event: its functions; those that
 *		compare are type appointment's.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "document/document_type.h"

DOCUMENT_FUNCTION(appointment_event_in, document_in, RECORD_EVENT);
DOCUMENT_FUNCTION(appointment_event_out, document_out, RECORD_EVENT);
DOCUMENT_FUNCTION(appointment_event_recv, document_recv, RECORD_EVENT);
DOCUMENT_FUNCTION(appointment_event_send, document_send, RECORD_EVENT);
DOCUMENT_FUNCTION(appointment_event_of_json, document_of_json, RECORD_EVENT);
DOCUMENT_FUNCTION(appointment_event_from_jsonb, document_from_jsonb, RECORD_EVENT);
DOCUMENT_FUNCTION(appointment_event_as_json, document_as_json, RECORD_EVENT);
DOCUMENT_FUNCTION(appointment_event_as_jsonb, document_as_jsonb, RECORD_EVENT);
DOCUMENT_FUNCTION(appointment_event_field, document_field, RECORD_EVENT);
DOCUMENT_FUNCTION(appointment_event_field_text, document_field_text, RECORD_EVENT);
DOCUMENT_FUNCTION(appointment_event_set, document_set, RECORD_EVENT);
DOCUMENT_FUNCTION(appointment_event_erase, document_erase, RECORD_EVENT);
